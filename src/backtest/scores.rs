//! Scores of a backtest: per model, level and measure, over all and split up in several ways.

use super::Forecasted;
use crate::outlook::{NodeName, Quantiles};
use crate::score::{self, Coverage};
use crate::units::{Level, Measure};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What was forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// The total of a year.
    Jaar,
    /// One month.
    Maand,
}

/// Which forecasts a score is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Split {
    /// All together.
    All,
    /// Those of a year of which so many months were known.
    MonthsKnown(u32),
    /// Those of a month so many months ahead.
    Horizon(u32),
    /// Those of one year.
    Year(i32),
    /// Those of one node.
    Line(NodeName),
}

/// The scores of one model at one level. Errors and scores are parts of the size of outcomes, where they
/// are not in euros: Σ ÷ Σ|outcome|, and 0 where every outcome is nil.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Years or months.
    pub target: Target,
    /// The level.
    pub level: Level,
    /// Lasten, baten or saldo.
    pub measure: Measure,
    /// The model.
    pub model: String,
    /// Which forecasts.
    pub split: Split,
    /// The number of forecasts.
    pub count: usize,
    /// The number of different years: how many independent outcomes stand behind the figures.
    pub years: usize,
    /// The mean absolute outcome, in euros.
    pub size: f64,
    /// The mean absolute error, in euros.
    pub mae: f64,
    /// The weighted absolute percentage error.
    pub wape: f64,
    /// The mean of [`score::relative_error`]; 0 when every outcome is nil.
    pub relative: f64,
    /// The mean absolute error, each divided by its [`Scale`](super::Scale); `None` without scales.
    pub mase: Option<f64>,
    /// The root of the mean square error, each divided by its scale.
    pub rmsse: Option<f64>,
    /// Above 0 when forecasts are too high.
    pub bias: f64,
    /// The mean pinball loss of the nine quantiles.
    pub pinball: f64,
    /// The continuous ranked probability score; `None` when draws were not judged.
    pub crps: Option<f64>,
    /// The weighted interval score of the bands of 50, 80 and 95 %.
    pub wis: f64,
    /// The mean interval score of the band of 95 %, each divided by its scale.
    pub msis: Option<f64>,
    /// Outcomes inside the 80 % band, with the exact limits as if they were independent.
    pub coverage80: Coverage,
    /// Outcomes inside the 95 % band.
    pub coverage95: Coverage,
}

impl Forecasted {
    /// Whether it is about a year or a month.
    #[must_use]
    pub fn target(&self) -> Target {
        if self.month.is_some() { Target::Maand } else { Target::Jaar }
    }

    /// The weighted interval score of the bands of 50, 80 and 95 %, in euros.
    #[must_use]
    pub fn wis(&self) -> f64 {
        let at = |index: usize| self.quantiles.0[index].euros();
        let bands = [(0.5, at(3), at(5)), (0.2, at(2), at(6)), (0.05, at(0), at(8))];
        score::wis(self.actual.euros(), at(4), &bands)
    }

    /// The splits it counts in.
    fn splits(&self) -> Vec<Split> {
        let by_time = match self.month {
            Some(_) => Split::Horizon(self.horizon()),
            None => Split::MonthsKnown(self.months_known()),
        };
        let mut splits = vec![Split::All, by_time, Split::Year(self.year)];
        // The total has but one node.
        splits.extend((self.node.level != Level::Totaal).then(|| Split::Line(self.node.clone())));
        splits
    }
}

type Group<'a> = (Target, Level, Measure, &'a str, Split);

/// Scores every model at every level and measure, over all and in every [`Split`], on outcomes that are
/// final.
#[must_use]
pub fn scores(rows: &[Forecasted]) -> Vec<Score> {
    let mut groups: BTreeMap<Group<'_>, Vec<&Forecasted>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.settled) {
        for split in row.splits() {
            let group = (row.target(), row.node.level, row.measure, row.model.as_str(), split);
            groups.entry(group).or_default().push(row);
        }
    }
    groups.into_iter().map(|(group, rows)| score_of(group, &rows)).collect()
}

fn score_of(group: Group<'_>, rows: &[&Forecasted]) -> Score {
    let (target, level, measure, model, split) = group;
    let means: Vec<f64> = rows.iter().map(|row| row.mean.euros()).collect();
    let actuals: Vec<f64> = rows.iter().map(|row| row.actual.euros()).collect();
    let size = actuals.iter().map(|actual| actual.abs()).sum::<f64>();
    let part = |of: &dyn Fn(&Forecasted) -> f64| {
        let sum = rows.iter().map(|row| of(row)).sum::<f64>();
        if size > 0.0 { sum / size } else { 0.0 }
    };
    let years: BTreeSet<i32> = rows.iter().map(|row| row.year).collect();
    let relative = means.iter().zip(&actuals).filter_map(|(f, y)| score::relative_error(*f, *y));
    let drawn = rows.iter().all(|row| row.judged.is_some());
    Score {
        target,
        level,
        measure,
        model: model.to_owned(),
        split,
        count: rows.len(),
        years: years.len(),
        size: mean(actuals.iter().map(|actual| actual.abs())).unwrap_or(0.0),
        mae: mean(rows.iter().map(|row| row.error().abs())).unwrap_or(0.0),
        wape: score::wape(&means, &actuals),
        relative: mean(relative).unwrap_or(0.0),
        mase: mean(scaled(rows, |row| row.error().abs(), |scale| scale.absolute)),
        rmsse: mean(scaled(rows, |row| row.error().powi(2), |scale| scale.square)).map(f64::sqrt),
        bias: score::bias(&means, &actuals),
        pinball: part(&|row| pinball(&row.quantiles, row.actual.euros())),
        crps: drawn.then(|| part(&|row| row.judged.map_or(0.0, |judged| judged.crps))),
        wis: part(&Forecasted::wis),
        msis: mean(scaled(rows, interval95, |scale| scale.absolute)),
        coverage80: covered(rows, 2, 6),
        coverage95: covered(rows, 0, 8),
    }
}

/// A score of every row that has a scale, divided by it.
fn scaled<'a>(
    rows: &'a [&Forecasted],
    of: fn(&Forecasted) -> f64,
    by: fn(super::Scale) -> f64,
) -> impl Iterator<Item = f64> + 'a {
    rows.iter().filter_map(move |row| Some(of(row) / by(row.judged?.scale?)))
}

fn interval95(row: &Forecasted) -> f64 {
    let (low, high) = (row.quantiles.0[0].euros(), row.quantiles.0[8].euros());
    score::interval_score(row.actual.euros(), 0.05, low, high)
}

/// The mean pinball loss of the quantiles.
fn pinball(quantiles: &Quantiles, actual: f64) -> f64 {
    let losses = Quantiles::LEVELS.into_iter().zip(quantiles.0);
    mean(losses.map(|(level, quantile)| score::pinball(level, quantile.euros(), actual)))
        .unwrap_or(0.0)
}

/// The mean; `None` of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts of forecasts are small")]
fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.fold((0_usize, 0.0), |(count, sum), value| (count + 1, sum + value));
    (count > 0).then(|| sum / count as f64)
}

/// How often the outcome lay between two of the [`Quantiles`], given by their places.
fn covered(rows: &[&Forecasted], low: usize, high: usize) -> Coverage {
    let inside = rows
        .iter()
        .filter(|row| (row.quantiles.0[low]..=row.quantiles.0[high]).contains(&row.actual));
    score::coverage(inside.count(), rows.len())
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Jaar => "jaar",
            Self::Maand => "maand",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Judged, Scale};
    use super::*;
    use crate::units::{Cents, Month};

    #[test]
    fn bands_and_errors_are_those_of_the_rows() {
        // The quantiles 90, 92, … 106: the 95 % band holds 91, and both bands 94.
        let row = |month: u32, actual: i64| Forecasted {
            origin: Month::new(2020, month).unwrap(),
            year: 2020,
            month: None,
            node: NodeName { level: Level::Totaal, wet: None, taakveld: None, product: None },
            measure: Measure::Lasten,
            model: "kampioen".into(),
            mean: Cents(100),
            quantiles: Quantiles([90, 92, 94, 96, 98, 100, 102, 104, 106].map(Cents)),
            actual: Cents(actual),
            settled: true,
            judged: Some(Judged {
                crps: 0.02,
                place: (0.5, 0.5),
                scale: (month < 9).then_some(Scale { absolute: 0.05, square: 0.0025 }),
            }),
        };
        let found = scores(&[row(3, 91), row(6, 94), row(9, 0)]);
        let whole = found.iter().find(|score| score.split == Split::All).unwrap();
        assert!((whole.coverage80.share - 1.0 / 3.0).abs() < 1e-12, "{whole:?}");
        assert!((whole.coverage95.share - 2.0 / 3.0).abs() < 1e-12);
        // An outcome of nil has no relative error.
        let expected = f64::midpoint(9.0 / 91.0, 6.0 / 94.0);
        assert!((whole.relative - expected).abs() < 1e-12);
        // All, three times so many months known, and one year.
        assert_eq!((found.len(), whole.count, whole.years), (5, 3, 1));
        // Errors of .09 and .06 on a scale of .05, and (.0081 + .0036)/.0025/2 under the root.
        assert!((whole.mase.unwrap() - 1.5).abs() < 1e-12);
        assert!((whole.rmsse.unwrap() - 2.34_f64.sqrt()).abs() < 1e-12);
        // Three times .02 on outcomes of .91 + .94.
        assert!((whole.crps.unwrap() - 0.06 / 1.85).abs() < 1e-12);
        // .16 wide, and the scale is .05 twice.
        assert!((whole.msis.unwrap() - 3.2).abs() < 1e-12, "{whole:?}");
    }
}
