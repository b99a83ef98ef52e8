//! Joint paths over all lines: one shared draw, so that every sum is made inside a draw.
//!
//! The same past months are drawn for all lines (METHODS §4 of the design notes: residual blocks),
//! which keeps what moved together together and makes every level add up by construction. Months
//! that wait for invoices are part of it: [`Books::as_of`] completes the older ones, `filter.rs` lets
//! each younger one move the forecast as far as it can be relied on, and [`Bands`] say how wide the
//! total of the year is.

mod bands;
mod expect;
mod filter;
mod known;
mod numbers;
mod paths;
mod replays;

pub use bands::Bands;
pub use known::Books;

use crate::calendar::Event;
use crate::error::Result;
use crate::model::{Context, FittedPanel, MEMORY, innovations, shared_growth};
use crate::panel::{Forecast, Innovations, Panel, Paths};
use crate::units::{LineId, Month, Months};
use expect::expect;
use ndarray::{Array2, Array3, Axis};
use paths::{Known, Year};
use rayon::prelude::*;

#[cfg(test)]
mod tests;

/// How the paths are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draws {
    /// The number of draws.
    pub count: usize,
    /// The seed: the same seed gives the same bytes.
    pub seed: u64,
}

/// The first year of a ledger teaches a model its seasons; its residuals are not drawn.
const WARM_UP: Months = Months(12);
/// Below this much history there are too few shared months to draw from.
const SHORT: Months = Months(24);

/// Simulates every line of the panel through `last`, on shared draws.
///
/// The paths start at the first month that is not settled for some line; a line that is settled
/// there holds its own value in every draw. With `bands` the total of the year that the month
/// after the as-of month lies in gets their width.
///
/// # Errors
/// When a model can not be brought up to date with its series.
pub fn simulate(
    panel: &Panel,
    fitted: &FittedPanel,
    bands: Option<&Bands>,
    events: &[Event],
    last: Month,
    draws: Draws,
) -> Result<Forecast> {
    let start = panel.open_from();
    let shared = shared_innovations(panel, start, last, draws);
    let growth = shared_growth(panel);
    let prospects = expect(panel, &fitted.models, events, last);
    let months = start.through(last).len();
    let leaves: Vec<LineId> = panel.series.keys().cloned().collect();
    let paths = |line: &LineId| {
        let prospect = &prospects[line];
        let known = Known {
            series: &panel.series[line],
            booked: &panel.booked[line],
            ended: panel.ended.get(line).copied(),
            late: panel.late.of(line),
            prospect,
        };
        let year = bands.map(|bands| Year {
            of: (panel.as_of + Months(1)).year(),
            bands,
            size: bands.size(panel, line, prospect),
        });
        let context = Context::new(events, line, panel.as_of)
            .growing(&growth)
            .calibrated(&fitted.calibration);
        known.paths(&fitted.models[line], year.as_ref(), &shared, &context)
    };
    let simulated: Vec<Array2<f64>> = leaves.par_iter().map(paths).collect();
    let mut values = Array3::zeros((leaves.len(), draws.count, months));
    for (leaf, paths) in simulated.into_iter().enumerate() {
        values.index_axis_mut(Axis(0), leaf).assign(&paths);
    }
    let models_of = |line: &LineId| fitted.models[line].name().to_owned();
    let reasons_of = |line: &LineId| fitted.models[line].reason().map(str::to_owned);
    Ok(Forecast {
        models: leaves.iter().map(models_of).collect(),
        reasons: leaves.iter().map(reasons_of).collect(),
        leaves,
        paths: Paths { start, values },
    })
}

/// With less than two years of history the months drawn lie partly before it: a line has no
/// residual there, and takes one of its own.
fn shared_innovations(panel: &Panel, start: Month, last: Month, draws: Draws) -> Innovations {
    let known = start - panel.first();
    let first =
        if known < SHORT { start - SHORT } else { (panel.first() + WARM_UP).max(start - MEMORY) };
    innovations(start, start.through(last).len(), draws.count, draws.seed, first..start)
}
