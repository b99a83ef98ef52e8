//! Scores of a backtest: per model, level, measure and number of months known.

use super::Forecasted;
use crate::outlook::Quantiles;
use crate::score;
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
    /// Sum of errors (forecast − outcome) over the sum of absolute outcomes.
    pub bias: f64,
    /// The share of outcomes inside the 80 % band.
    pub coverage80: f64,
    /// The exact 95 % confidence limits of that share, as if year ends were independent.
    pub coverage80_limits: (f64, f64),
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
    let inside = rows
        .iter()
        .filter(|row| row.quantiles.p10() <= row.actual && row.actual <= row.quantiles.p90());
    let coverage = score::coverage(inside.count(), rows.len());
    let years: std::collections::BTreeSet<i32> = rows.iter().map(|row| row.year).collect();
    Score {
        level: *level,
        measure: *measure,
        model: model.clone(),
        months_known,
        count: rows.len(),
        years: years.len(),
        wape: score::wape(&means, &actuals),
        bias: score::bias(&means, &actuals),
        coverage80: coverage.share,
        coverage80_limits: (coverage.low, coverage.high),
        wis: relative_wis(rows, &actuals),
    }
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
