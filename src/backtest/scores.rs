//! Scores of a backtest: per model, level, measure and number of months known.

use super::Forecasted;
use crate::outlook::Quantiles;
use crate::score::{self, Coverage};
use crate::units::{Level, Measure};
use std::collections::BTreeMap;

/// The scores of one model at one level.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The level.
    pub level: Level,
    /// Lasten, baten or saldo.
    pub measure: Measure,
    /// The model.
    pub model: String,
    /// The months of the year known at the origin; `None` for all together.
    pub months_known: Option<u32>,
    /// The number of year ends: nodes × years.
    pub count: usize,
    /// The number of different years: how many independent outcomes stand behind the figures.
    pub years: usize,
    /// Sum of absolute errors over the sum of absolute outcomes.
    pub wape: f64,
    /// The mean of [`score::relative_error`]; 0 when every outcome is nil.
    pub relative: f64,
    /// Sum of errors (forecast − outcome) over the sum of absolute outcomes.
    pub bias: f64,
    /// The share of outcomes inside the 80 % band.
    pub coverage80: f64,
    /// The exact 95 % confidence limits of that share, as if year ends were independent.
    pub coverage80_limits: (f64, f64),
    /// The share of outcomes inside the 95 % band.
    pub coverage95: f64,
    /// The mean weighted interval score over the mean absolute outcome.
    pub wis: f64,
}

type Group = (Level, Measure, String);

/// Scores every model at every level and measure, per number of months known and over all.
#[must_use]
pub fn scores(rows: &[Forecasted]) -> Vec<Score> {
    let mut groups: BTreeMap<Group, Vec<&Forecasted>> = BTreeMap::new();
    for row in rows {
        let group = (row.node.level, row.measure, row.model.clone());
        groups.entry(group).or_default().push(row);
    }
    groups.into_iter().flat_map(|(group, rows)| of_group(&group, &rows)).collect()
}

fn of_group(group: &Group, rows: &[&Forecasted]) -> Vec<Score> {
    let mut by_months: BTreeMap<Option<u32>, Vec<&Forecasted>> = BTreeMap::new();
    for &row in rows {
        by_months.entry(Some(row.months_known())).or_default().push(row);
        by_months.entry(None).or_default().push(row);
    }
    by_months.into_iter().map(|(months, rows)| score_of(group, months, &rows)).collect()
}

fn score_of(
    (level, measure, model): &Group,
    months_known: Option<u32>,
    rows: &[&Forecasted],
) -> Score {
    let means: Vec<f64> = rows.iter().map(|row| row.mean.euros()).collect();
    let actuals: Vec<f64> = rows.iter().map(|row| row.actual.euros()).collect();
    let coverage80 = covered(rows, 2, 6);
    let years: std::collections::BTreeSet<i32> = rows.iter().map(|row| row.year).collect();
    Score {
        level: *level,
        measure: *measure,
        model: model.clone(),
        months_known,
        count: rows.len(),
        years: years.len(),
        wape: score::wape(&means, &actuals),
        relative: mean_relative_error(&means, &actuals),
        bias: score::bias(&means, &actuals),
        coverage80: coverage80.share,
        coverage80_limits: (coverage80.low, coverage80.high),
        coverage95: covered(rows, 0, 8).share,
        wis: relative_wis(rows, &actuals),
    }
}

/// How often the outcome lay between two of the [`Quantiles`], given by their places.
fn covered(rows: &[&Forecasted], low: usize, high: usize) -> Coverage {
    let inside = rows
        .iter()
        .filter(|row| (row.quantiles.0[low]..=row.quantiles.0[high]).contains(&row.actual));
    score::coverage(inside.count(), rows.len())
}

#[expect(clippy::cast_precision_loss, reason = "counts of year ends are small")]
fn mean_relative_error(means: &[f64], actuals: &[f64]) -> f64 {
    let pairs = means.iter().zip(actuals);
    let errors: Vec<f64> =
        pairs.filter_map(|(mean, actual)| score::relative_error(*mean, *actual)).collect();
    errors.iter().sum::<f64>() / errors.len().max(1) as f64
}

/// The mean weighted interval score of the 50, 80 and 95 % bands over the mean absolute outcome.
fn relative_wis(rows: &[&Forecasted], actuals: &[f64]) -> f64 {
    let sum: f64 = rows.iter().map(|row| wis(&row.quantiles, row.actual.euros())).sum();
    sum / actuals.iter().map(|actual| actual.abs()).sum::<f64>().max(f64::MIN_POSITIVE)
}

fn wis(quantiles: &Quantiles, actual: f64) -> f64 {
    let at = |index: usize| quantiles.0[index].euros();
    let bands = [(0.5, at(3), at(5)), (0.2, at(2), at(6)), (0.05, at(0), at(8))];
    score::wis(actual, at(4), &bands)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook::NodeName;
    use crate::units::{Cents, Month};

    #[test]
    fn bands_and_errors_are_those_of_the_rows() {
        // The quantiles 90, 92, … 106: the 95 % band holds 91, and both bands 94.
        let row = |month: u32, actual: i64| Forecasted {
            origin: Month::new(2020, month).unwrap(),
            year: 2020,
            node: NodeName { level: Level::Totaal, wet: None, taakveld: None, product: None },
            measure: Measure::Lasten,
            model: "kampioen".into(),
            mean: Cents(100),
            quantiles: Quantiles([90, 92, 94, 96, 98, 100, 102, 104, 106].map(Cents)),
            actual: Cents(actual),
            settled: true,
        };
        let found = scores(&[row(3, 91), row(6, 94), row(9, 0)]);
        let whole = found.iter().find(|score| score.months_known.is_none()).unwrap();
        assert!((whole.coverage80 - 1.0 / 3.0).abs() < 1e-12, "{whole:?}");
        assert!((whole.coverage95 - 2.0 / 3.0).abs() < 1e-12);
        // An outcome of nil has no relative error.
        let expected = f64::midpoint(9.0 / 91.0, 6.0 / 94.0);
        assert!((whole.relative - expected).abs() < 1e-12);
        assert_eq!((found.len(), whole.count, whole.years), (4, 3, 1));
    }
}
