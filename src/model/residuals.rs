//! One-step errors of a fitted model and the shocks drawn from them.

use super::innovations::mixed;
use super::normal::normal_quantiles;
use super::{MEMORY, mean, real};
use crate::panel::{Innovations, Series};
use crate::units::{Month, Months};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// With fewer errors than this nothing is known of their spread.
const FEWEST: usize = 3;
/// The spread assumed then, as a share of the level: an assumption, wide on purpose.
const ASSUMED_SPREAD: f64 = 0.2;

/// The normal quantiles of each number of months that can be drawn.
static QUANTILES: LazyLock<Vec<Vec<f64>>> =
    LazyLock::new(|| (0..=MEMORY.count()).map(normal_quantiles).collect());

/// One-step errors in euros with their months. The mean of those that are drawn is taken out, so
/// that the draws lie around the forecast without shocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Residuals {
    start: Month,
    values: Vec<f64>,
}

impl Residuals {
    /// Errors of consecutive months from `start` on. `level` is the usual size of the series,
    /// whose share stands in when there are too few errors.
    pub(super) fn new(start: Month, errors: Vec<f64>, level: f64) -> Self {
        if errors.len() < FEWEST {
            let spread = ASSUMED_SPREAD * level.abs();
            return Self { start, values: vec![-spread, spread] };
        }
        let mean = mean(&errors[errors.len().saturating_sub(MEMORY.count())..]);
        Self { start, values: errors.into_iter().map(|error| error - mean).collect() }
    }

    /// The normal scores of errors: the standard normal quantiles of their ranks among the last
    /// months, so that only their order counts.
    pub(super) fn scores(start: Month, errors: &[f64]) -> Self {
        let old = errors.len().saturating_sub(MEMORY.count());
        let recent = &errors[old..];
        let mut order: Vec<(f64, usize)> = recent.iter().copied().zip(0..).collect();
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut values = vec![0.0; recent.len()];
        for (quantile, (_, at)) in QUANTILES[recent.len()].iter().zip(order) {
            values[at] = *quantile;
        }
        Self { start: start + Months::of(old), values }
    }

    /// The same errors, widened for the `parameters` that were fitted to them: × √(n/(n−k)).
    pub(super) fn widened(mut self, parameters: usize) -> Self {
        let n = real(self.values.len());
        let factor = (n / (n - real(parameters)).max(1.0)).sqrt();
        self.values.iter_mut().for_each(|value| *value *= factor);
        self
    }

    /// The errors with their months.
    pub(super) fn series(&self) -> Series {
        Series::settled(self.start, self.values.clone())
    }

    /// The mean square of those that are drawn.
    pub(super) fn variance(&self) -> f64 {
        let drawn = &self.values[self.values.len().saturating_sub(MEMORY.count())..];
        mean(&drawn.iter().map(|error| error * error).collect::<Vec<_>>())
    }

    /// The shocks of each draw for `first` through the last month of `innovations`.
    pub(super) fn shocks(&self, innovations: &Innovations, first: Month) -> Array2<f64> {
        let (draws, columns) = innovations.dates.dim();
        let end = innovations.start + Months::of(columns);
        let mut shocks = Array2::zeros((draws, (end - first).count()));
        for (k, mut column) in shocks.columns_mut().into_iter().enumerate() {
            let month = self.shocks_of(innovations, first + Months::of(k));
            column.iter_mut().zip(month).for_each(|(cell, shock)| *cell = shock);
        }
        shocks
    }

    /// The shock of each draw for one month. Before the first month of `innovations` no month is
    /// shared.
    pub(super) fn shocks_of(
        &self,
        innovations: &Innovations,
        month: Month,
    ) -> impl Iterator<Item = f64> {
        let column = usize::try_from((month - innovations.start).0).ok();
        let dates = column.map(|column| innovations.dates.column(column));
        (0..innovations.seeds.len()).map(move |draw| {
            let shared = dates.as_ref().and_then(|dates| self.on(dates[draw]));
            shared.unwrap_or_else(|| self.own(innovations.seeds[draw], month))
        })
    }

    /// The error of the shared month, if the line has one.
    fn on(&self, date: Month) -> Option<f64> {
        let at = usize::try_from((date - self.start).0).ok()?;
        self.values.get(at).copied()
    }

    /// An error of the line itself, the same for the same draw and month.
    fn own(&self, seed: u64, month: Month) -> f64 {
        let count = (month - Month::january(2000)).0.cast_unsigned();
        let drawn = mixed(seed ^ mixed(u64::from(count))) >> 32;
        self.values[usize::try_from(drawn).unwrap_or(0) % self.values.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn takes_the_error_of_the_shared_month_or_one_of_its_own() {
        let start = Month::january(2025);
        // Mean 2 taken out: −1, 0, 1.
        let residuals = Residuals::new(start, vec![1.0, 2.0, 3.0], 0.0);
        let dates = array![[start, start + Months(2), start + Months(9)]];
        let (common, own) = (Array2::zeros((1, 3)), Array2::zeros((1, 3)));
        let innovations =
            Innovations { start: start + Months(3), dates, seeds: vec![5], common, own };
        let shocks = residuals.shocks(&innovations, start + Months(3));
        assert_eq!((shocks[(0, 0)], shocks[(0, 1)]), (-1.0, 1.0));
        assert!([-1.0, 0.0, 1.0].contains(&shocks[(0, 2)]));
        assert_eq!(residuals.shocks(&innovations, start + Months(4)).dim(), (1, 2));
        assert_eq!(residuals.shocks(&innovations, start + Months(9)).dim(), (1, 0));
    }

    #[test]
    fn assumes_a_spread_when_nothing_is_known() {
        let residuals = Residuals::new(Month::january(2025), vec![], 100.0);
        assert_eq!(residuals.values, [-20.0, 20.0]);
    }
}
