//! Joint paths over all lines: one shared draw, so that every sum is made inside a draw.
//!
//! The same past months are drawn for all lines (METHODS §4 of the design notes: residual blocks),
//! which keeps what moved together together and makes every level add up by construction. Months
//! that wait for invoices are part of it: [`Books::as_of`] completes the older ones, `filter.rs` lets
//! each younger one move the forecast as far as it can be relied on, and [`Bands`] say how wide the
//! total of the year is.

mod bands;
mod bridge;
mod expect;
mod filter;
mod indices;
mod known;
mod mint;
mod numbers;
mod paths;
mod reconcile;
mod regime;
mod replays;
mod scenarios;

pub use bands::{Ahead, Bands};
pub use known::Books;
pub use mint::{Reconciliation, shrunk_covariance};
pub use reconcile::simulate_reconciled;
pub use regime::{NEEDED, widening};
pub use scenarios::{PolicyChoice, layers};

use crate::calendar::Event;
use crate::error::Result;
use crate::model::{Context, FittedPanel, MEMORY, innovations, normal_quantiles, shared_growth};
use crate::panel::{Bridge, Forecast, Innovations, Panel, Paths};
use crate::units::{LineId, Month, Months};
use bridge::{Surer, share_out};
use expect::{Prospect, expect};
use ndarray::{Array2, Array3, Axis};
use paths::Known;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

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
/// there holds its own value in every draw. With `bands` the year that the month after the as-of month
/// lies in gets their width, and later years as far as they were learned; where the chart of accounts
/// moved, `bridges` then say what new lines can not know.
///
/// # Errors
/// When a model can not be brought up to date with its series.
pub fn simulate(
    panel: &Panel,
    fitted: &FittedPanel,
    bands: Option<&Bands>,
    events: &[Event],
    bridges: &[Bridge],
    last: Month,
    draws: Draws,
) -> Result<Forecast> {
    let stage = Stage::new(panel, fitted, bands, events, bridges, last, draws)?;
    Ok(stage.forecast(stage.drawn(), bands))
}

/// The same without bands and bridges, for who asks for some `months` only: what the paths hold of months before
/// those means nothing.
///
/// # Errors
/// As [`simulate`].
pub fn simulate_months(
    panel: &Panel,
    fitted: &FittedPanel,
    events: &[Event],
    months: RangeInclusive<Month>,
    draws: Draws,
) -> Result<Forecast> {
    let mut stage = Stage::new(panel, fitted, None, events, &[], *months.end(), draws)?;
    stage.asked_from = Some(*months.start());
    Ok(stage.forecast(stage.drawn(), None))
}

/// What the paths of all lines rest on.
struct Stage<'a> {
    panel: &'a Panel,
    fitted: &'a FittedPanel,
    events: &'a [Event],
    growth: Vec<f64>,
    prospects: BTreeMap<LineId, Prospect>,
    surer: Surer,
    shared: Innovations,
    normals: Vec<f64>,
    asked_from: Option<Month>,
    lines: Vec<&'a LineId>,
}

impl<'a> Stage<'a> {
    fn new(
        panel: &'a Panel,
        fitted: &'a FittedPanel,
        bands: Option<&Bands>,
        events: &'a [Event],
        bridges: &[Bridge],
        last: Month,
        draws: Draws,
    ) -> Result<Self> {
        let growth = shared_growth(panel);
        let mut prospects = expect(panel, &fitted.models, events, last);
        let surer = match bands {
            Some(bands) => share_out(panel, &mut prospects, bridges, bands, events, last)?,
            None => Surer::new(),
        };
        let shared = shared_innovations(panel, panel.open_from(), last, draws);
        let normals = normal_quantiles(draws.count);
        let lines = panel.series.keys().collect();
        Ok(Self {
            panel,
            fitted,
            events,
            growth,
            prospects,
            surer,
            shared,
            normals,
            asked_from: None,
            lines,
        })
    }

    fn context(&self, line: &LineId) -> Context<'_> {
        let context = Context::new(self.events, line, self.panel.as_of)
            .growing(&self.growth)
            .calibrated(&self.fitted.calibration);
        Context { asked_from: self.asked_from, ..context }
    }

    fn known(&self, line: &LineId) -> Known<'_> {
        Known {
            series: &self.panel.series[line],
            booked: &self.panel.booked[line],
            index: self.panel.indices.get(line),
            ended: self.panel.ended.get(line).copied(),
            late: self.panel.late.of(line),
            prospect: &self.prospects[line],
            normals: &self.normals,
        }
    }

    /// What the model of every line draws, in the unit of its series.
    fn drawn(&self) -> Vec<Array2<f64>> {
        let of = |line: &&LineId| {
            let model = &self.fitted.models[*line];
            self.known(line).drawn(model, &self.shared, &self.context(line))
        };
        self.lines.par_iter().map(of).collect()
    }

    /// The forecast from draws of every line.
    fn forecast(&self, leaves: Vec<Array2<f64>>, bands: Option<&Bands>) -> Forecast {
        let finish = |(line, paths): (&&LineId, Array2<f64>)| {
            let surer = self.surer.get(*line).copied().unwrap_or(1.0);
            let last = self.shared.start + Months::of(self.shared.dates.ncols()) - Months(1);
            let years = bands.map_or_else(Vec::new, |bands| {
                bands.years(self.panel, line, &self.prospects[*line], surer, last.year())
            });
            let stream = self.context(line).stream;
            self.known(line).finished(paths, &years, &self.shared, stream)
        };
        let (draws, months) = self.shared.dates.dim();
        let lines = self.lines.par_iter().zip(leaves);
        let finished: Vec<Array2<f64>> = lines.map(finish).collect();
        // The draws of a month lie side by side.
        let values = Array3::zeros((self.lines.len(), months, draws));
        let mut values = values.permuted_axes([0, 2, 1]);
        for (leaf, paths) in finished.into_iter().enumerate() {
            values.index_axis_mut(Axis(0), leaf).assign(&paths);
        }
        let models = || self.lines.iter().map(|line| &self.fitted.models[*line]);
        Forecast {
            leaves: self.lines.iter().map(|&line| line.clone()).collect(),
            paths: Paths { start: self.shared.start, values },
            models: models().map(|model| model.name().to_owned()).collect(),
            reasons: models().map(|model| model.reason().map(str::to_owned)).collect(),
            layers: Vec::new(),
        }
    }
}

/// With less than two years of history the months drawn lie partly before it: a line has no
/// residual there, and takes one of its own.
fn shared_innovations(panel: &Panel, start: Month, last: Month, draws: Draws) -> Innovations {
    let known = start - panel.first();
    let first =
        if known < SHORT { start - SHORT } else { (panel.first() + WARM_UP).max(start - MEMORY) };
    innovations(start, start.through(last).len(), draws.count, draws.seed, first..start)
}
