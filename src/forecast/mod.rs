//! Joint paths over all lines: one shared draw, so that every sum is made inside a draw.
//!
//! The same past months are drawn for all lines (METHODS §4 of the design notes: residual blocks),
//! which keeps what moved together together and makes every level add up by construction. Late
//! invoices enter the same way: a month that is not settled yet is simulated like a future month,
//! and never falls below what is already booked for it.

use crate::calendar::Event;
use crate::error::Result;
use crate::model::{Context, FittedModel, MEMORY, innovations};
use crate::panel::{Booked, Forecast, Innovations, Panel, Paths, Series};
use crate::units::{LineId, Month, Months};
use ndarray::{Array2, Array3, ArrayViewMut1, Axis, Slice};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::f64::consts::TAU;

/// How the paths are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draws {
    /// The number of draws.
    pub count: usize,
    /// The seed: the same seed gives the same bytes.
    pub seed: u64,
    /// How much wider than the models' own errors the paths lie around their mean. One factor for
    /// every line and month, so that what adds up inside a draw still does.
    pub spread: f64,
}

/// The first year of a ledger teaches a model its seasons; its residuals are not drawn.
const WARM_UP: Months = Months(12);
/// The share of a line's variance that all lines of a municipality have in common, beyond what the
/// shared months carry over: indexation, demand and policy move every line. Measured on replays of
/// 40 simulated municipalities of another generator (mean within-date cross-product of standardised
/// year errors: 0.22).
const IN_COMMON: f64 = 0.22;
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
    models: &BTreeMap<LineId, FittedModel>,
    events: &[Event],
    last: Month,
    draws: Draws,
) -> Result<Forecast> {
    let start = panel.open_from();
    let shared = shared_innovations(panel, start, last, draws);
    let common = standard_normals(draws);
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
            let context = Context::new(events, line, panel.as_of);
            known.paths(&models[line], &shared, &context, &|paths| {
                widen(paths, draws.spread, &common);
            })
        })
        .collect();
    let mut values = Array3::zeros((leaves.len(), draws.count, months));
    for (leaf, paths) in simulated.into_iter().enumerate() {
        values.index_axis_mut(Axis(0), leaf).assign(&paths);
    }
    let models_of = |line: &LineId| models[line].name().to_owned();
    let reasons_of = |line: &LineId| models[line].reason().map(str::to_owned);
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
    fn paths(
        &self,
        model: &FittedModel,
        shared: &Innovations,
        context: &Context,
        spread: &dyn Fn(&mut Array2<f64>),
    ) -> Array2<f64> {
        let settled = (model.end() - shared.start).count();
        let (draws, months) = shared.dates.dim();
        let mut paths = Array2::zeros((draws, months));
        for (at, month) in shared.start.through(model.end() - Months(1)).enumerate() {
            paths.column_mut(at).fill(self.series.get(month).unwrap_or(0.0));
        }
        let mut simulated = model.simulate(shared, context);
        spread(&mut simulated);
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

/// One standard normal per draw, the same for all lines (Box and Muller 1958).
fn standard_normals(draws: Draws) -> Vec<f64> {
    let mut random = Pcg64::seed_from_u64(draws.seed);
    let normal = |_| {
        let (u, v): (f64, f64) = (random.random(), random.random());
        (-2.0 * (1.0 - u).ln()).sqrt() * (TAU * v).cos()
    };
    (0..draws.count).map(normal).collect()
}

/// Lets a part of the variance of each month be the same for all lines, and moves every path away
/// from the mean of its month by `factor`. The mean stays, and what was never negative stays so.
fn widen(paths: &mut Array2<f64>, factor: f64, common: &[f64]) {
    let positive = paths.iter().all(|&value| value >= 0.0);
    let (own, shared) = ((1.0 - IN_COMMON).sqrt(), IN_COMMON.sqrt());
    for mut column in paths.columns_mut() {
        let mean = column.mean().unwrap_or(0.0);
        let deviation = column.std(0.0);
        for (value, z) in column.iter_mut().zip(common) {
            *value = mean + factor * (own * (*value - mean) + shared * deviation * z);
        }
        if positive {
            hold_above_zero(&mut column, mean);
        }
    }
}

/// Cuts off what is below zero and brings the mean back to where it was.
fn hold_above_zero(column: &mut ArrayViewMut1<'_, f64>, mean: f64) {
    column.mapv_inplace(|value| value.max(0.0));
    let lifted = column.mean().unwrap_or(0.0);
    if lifted > 0.0 {
        column.mapv_inplace(|value| value * mean / lifted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn widens_around_the_mean_and_keeps_the_sign() {
        let close = |paths: &Array2<f64>, expected: &Array2<f64>| {
            (paths - expected).iter().all(|difference| difference.abs() < 1e-12)
        };
        let own = (1.0 - IN_COMMON).sqrt();
        let mut paths = array![[1.0, -3.0], [3.0, 5.0]];
        widen(&mut paths, 2.0, &[0.0, 0.0]);
        // Means 2 and 1, deviations 1 and 4; a value below zero lets all of the line be so.
        assert!(close(
            &paths,
            &array![[2.0 - 2.0 * own, 1.0 - 8.0 * own], [2.0 + 2.0 * own, 1.0 + 8.0 * own]]
        ));
        let mut positive = array![[1.0], [3.0]];
        widen(&mut positive, 5.0, &[0.0, 0.0]);
        // Cut off at zero, and back to the mean of 2.
        assert!(close(&positive, &array![[0.0], [4.0]]));
    }

    #[test]
    fn what_is_common_moves_lines_together_and_keeps_the_variance() {
        let common = standard_normals(Draws { count: 4000, seed: 3, spread: 1.0 });
        let line = |seed| {
            let noise = standard_normals(Draws { count: 4000, seed, spread: 1.0 });
            let mut paths = Array2::from_shape_vec((4000, 1), noise).unwrap();
            widen(&mut paths, 1.0, &common);
            paths
        };
        let (a, b) = (line(4), line(5));
        let covariance = (&a * &b).mean().unwrap();
        assert!((a.std(0.0) - 1.0).abs() < 0.05, "{}", a.std(0.0));
        assert!((covariance - IN_COMMON).abs() < 0.05, "{covariance}");
    }
}
