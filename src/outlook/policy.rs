//! What each scenario row does to the years.

use super::types::PolicyRow;
use super::{months_of, quantile, share};
use crate::panel::{Forecast, Layer};
use crate::units::{Cents, Measure};
use std::ops::RangeInclusive;

/// Every row, year and measure in which it does anything.
pub(super) fn rows(forecast: &Forecast, years: RangeInclusive<i32>) -> Vec<PolicyRow> {
    let of_year = |layer, year| Measure::ALL.map(|measure| row(forecast, layer, year, measure));
    let rows = forecast
        .layers
        .iter()
        .flat_map(|layer| years.clone().flat_map(move |year| of_year(layer, year)).flatten());
    rows.collect()
}

/// `None` when the row does nothing here.
fn row(forecast: &Forecast, layer: &Layer, year: i32, measure: Measure) -> Option<PolicyRow> {
    let mut draws = vec![0.0; layer.goes.len()];
    let mut touched = false;
    for (line, effect) in &layer.effects {
        let weight = f64::from(measure.weight(line.side));
        let months = months_of(year).filter_map(|month| {
            usize::try_from((month - forecast.paths.start).0).ok().filter(|&at| at < effect.ncols())
        });
        for at in months.filter(|_| weight != 0.0) {
            let column = effect.column(at);
            touched |= column.iter().any(|&euros| euros != 0.0);
            draws.iter_mut().zip(column).for_each(|(sum, euros)| *sum += weight * euros);
        }
    }
    let mean = |draws: &[f64]| Cents::from_euros(super::mean(draws.iter()));
    let going = layer.goes.iter().zip(&draws).filter(|(goes, _)| **goes);
    let mut going: Vec<f64> = going.map(|(_, &euros)| euros).collect();
    let when_it_goes = mean(&going);
    let quantiles = quantile::of(&mut going);
    touched.then(|| PolicyRow {
        event: layer.event.clone(),
        inside: layer.inside,
        year,
        measure,
        goes: share(going.len(), draws.len()),
        expected: mean(&draws),
        when_it_goes,
        p10: quantiles.p10(),
        p90: quantiles.p90(),
    })
}
