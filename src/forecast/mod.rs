//! Joint paths over all lines: one shared draw, so that every sum is made inside a draw.
//!
//! The same past months are drawn for all lines (METHODS §4 of the design notes: residual blocks),
//! which keeps what moved together together and makes every level add up by construction. Late
//! invoices enter the same way: a month that is not settled yet is simulated like a future month,
//! and never falls below what is already booked for it.

use crate::calendar::Event;
use crate::error::Result;
use crate::model::{Context, FittedModel, FittedPanel, MEMORY, innovations, shared_growth};
use crate::panel::{Booked, Forecast, Innovations, Panel, Paths, Series};
use crate::units::{LineId, Month, Months};
use ndarray::{Array2, Array3, Axis, Slice};
use rayon::prelude::*;

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
/// there holds its own value in every draw.
///
/// # Errors
/// When a model can not be brought up to date with its series.
pub fn simulate(
    panel: &Panel,
    fitted: &FittedPanel,
    events: &[Event],
    last: Month,
    draws: Draws,
) -> Result<Forecast> {
    let start = panel.open_from();
    let shared = shared_innovations(panel, start, last, draws);
    let growth = shared_growth(panel);
    let months = start.through(last).len();
    let leaves: Vec<LineId> = panel.series.keys().cloned().collect();
    let simulated: Vec<Array2<f64>> = leaves
        .par_iter()
        .map(|line| {
            let known = Known {
                series: &panel.series[line],
                booked: &panel.booked[line],
                ended: panel.ended.get(line).copied(),
            };
            let context = Context::new(events, line, panel.as_of)
                .growing(&growth)
                .calibrated(&fitted.calibration);
            known.paths(&fitted.models[line], &shared, &context)
        })
        .collect();
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

/// What is known of one line.
struct Known<'a> {
    series: &'a Series,
    booked: &'a Booked,
    ended: Option<Month>,
}

impl Known<'_> {
    /// Draw × month from the start of `shared`: settled months as they are, the others simulated.
    fn paths(&self, model: &FittedModel, shared: &Innovations, context: &Context) -> Array2<f64> {
        let settled = (model.end() - shared.start).count();
        let (draws, months) = shared.dates.dim();
        let mut paths = Array2::zeros((draws, months));
        for (at, month) in shared.start.through(model.end() - Months(1)).enumerate() {
            paths.column_mut(at).fill(self.series.get(month).unwrap_or(0.0));
        }
        let simulated = model.simulate(shared, context);
        paths.slice_axis_mut(Axis(1), Slice::from(settled..)).assign(&simulated);
        self.hold_above_booked(&mut paths, shared.start + Months::of(settled), settled);
        self.stop_where_it_ended(&mut paths, shared.start);
        paths
    }

    /// After the last month of its codes a line brings nothing but what is booked on it: its
    /// successor has a line of its own.
    fn stop_where_it_ended(&self, paths: &mut Array2<f64>, first: Month) {
        for (at, mut column) in paths.columns_mut().into_iter().enumerate() {
            let month = first + Months::of(at);
            if self.ended.is_some_and(|ended| month > ended) {
                column.fill(self.booked.get(month).euros());
            }
        }
    }

    /// What is booked for an open month stays booked: the path of a month never ends below it.
    fn hold_above_booked(&self, paths: &mut Array2<f64>, first: Month, settled: usize) {
        for (at, mut column) in paths.columns_mut().into_iter().enumerate().skip(settled) {
            let booked = self.booked.get(first + Months::of(at - settled)).euros();
            if booked > 0.0 {
                column.mapv_inplace(|value| value.max(booked));
            }
        }
    }
}
