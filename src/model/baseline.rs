//! The simple rules every model is compared with.
//!
//! Each rule says what comes next from what it has seen; a longer forecast takes its own values
//! as seen, and a path adds a shock at every step. So every rule behaves in every month of the
//! year, and its paths spread the way the rule itself would have followed them.

use super::residuals::Residuals;
use super::{Member, from_start, mean, real};
use crate::error::Result;
use crate::panel::Series;
use crate::units::{Month, Months};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// Full years that make a usual year (*uitputtingsprofiel*).
const USUAL_YEARS: usize = 3;
/// Below this usual share of the year (half an even month) what is booked so far says too little.
const SMALL_SHARE: f64 = 1.0 / 24.0;
/// The shares of an even year.
const EVEN: [f64; 12] = [1.0 / 12.0; 12];

/// A simple rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The last month again.
    #[serde(rename = "naief")]
    Naive,
    /// The same month a year ago; the mean while there is no such month.
    #[serde(rename = "seizoensnaief")]
    SeasonalNaive,
    /// The mean of all months.
    #[serde(rename = "gemiddelde")]
    Mean,
    /// The last month plus the mean change so far.
    Drift,
    /// Run rate: booked so far this calendar year ÷ months elapsed, for every month to come. With
    /// no month of the year known: the mean of the last twelve months.
    #[serde(rename = "tempo")]
    RunRate,
    /// Booked so far ÷ the usual share of the year by now gives the year; its months by the usual
    /// shares (mean of the last three full years). With no month of the year known, a usual share
    /// below half an even month, or in later years: the total of the last twelve months, so that
    /// one odd January never decides a year.
    Uitputtingsprofiel,
    /// The months of the last full calendar year again, in every year to come.
    #[serde(rename = "vorig-jaar")]
    LastYear,
}

/// A rule with what it has seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FittedRule {
    pub(super) rule: Rule,
    history: Series,
    residuals: Residuals,
}

/// What was observed when a forecast starts, with the usual shares of the year where they matter.
struct Known<'a> {
    start: Month,
    values: &'a [f64],
    shares: [f64; 12],
}

impl<'a> Known<'a> {
    fn new(rule: Rule, start: Month, values: &'a [f64]) -> Self {
        let profiled = rule == Rule::Uitputtingsprofiel;
        let shares = if profiled { usual_shares(start, values) } else { EVEN };
        Self { start, values, shares }
    }
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 7] = [
        Self::Naive,
        Self::SeasonalNaive,
        Self::Mean,
        Self::Drift,
        Self::RunRate,
        Self::Uitputtingsprofiel,
        Self::LastYear,
    ];

    /// The name in files and output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Naive => "naief",
            Self::SeasonalNaive => "seizoensnaief",
            Self::Mean => "gemiddelde",
            Self::Drift => "drift",
            Self::RunRate => "tempo",
            Self::Uitputtingsprofiel => "uitputtingsprofiel",
            Self::LastYear => "vorig-jaar",
        }
    }

    /// The months below which the rule falls back on a mean.
    pub(super) fn needs(self) -> usize {
        match self {
            Self::Naive | Self::Mean | Self::RunRate => 1,
            Self::Drift => 2,
            Self::SeasonalNaive | Self::Uitputtingsprofiel | Self::LastYear => 12,
        }
    }

    /// What comes after `seen`: the months known and those forecast or drawn since.
    fn next(self, known: &Known, seen: &[f64]) -> f64 {
        let t = seen.len();
        let Some(&last) = seen.last() else { return 0.0 };
        let month = known.start + Months::of(t);
        match self {
            Self::Naive => last,
            Self::SeasonalNaive if t >= 12 => seen[t - 12],
            Self::SeasonalNaive | Self::Mean => mean(seen),
            Self::Drift => last + (last - seen[0]) / real((t - 1).max(1)),
            Self::RunRate => mean(&seen[t - so_far(month, t)..]),
            Self::Uitputtingsprofiel => {
                let this_year = (known.start + Months::of(known.values.len())).year();
                let total = if month.year() == this_year {
                    year_total(month, seen, &known.shares)
                } else {
                    last_twelve(seen)
                };
                total * known.shares[month.index()]
            }
            Self::LastYear => last_year(known, month),
        }
    }
}

/// The months of this year before `month` that are seen; the last twelve when there are none.
fn so_far(month: Month, seen: usize) -> usize {
    if month.index() == 0 { 12.min(seen) } else { month.index().min(seen) }
}

/// The same month of the last calendar year that `known` holds whole; the mean without one.
fn last_year(known: &Known, month: Month) -> f64 {
    let end = known.start + Months::of(known.values.len());
    let same = Month::january(end.year() - 1) + Months::of(month.index());
    let at = usize::try_from((same - known.start).0).ok();
    at.and_then(|at| known.values.get(at)).copied().unwrap_or_else(|| mean(known.values))
}

/// The usual share of each calendar month in its year: the mean over the last three full years
/// that have a profile, else the last twelve months, else even.
fn usual_shares(start: Month, seen: &[f64]) -> [f64; 12] {
    let first_january = (12 - start.index()) % 12;
    let years = seen.get(first_january..).unwrap_or(&[]).chunks_exact(12);
    let usual: Vec<&[f64]> =
        years.rev().filter(|year| has_profile(year)).take(USUAL_YEARS).collect();
    if !usual.is_empty() {
        let share = |k: usize| usual.iter().map(move |year| year[k] / year.iter().sum::<f64>());
        return std::array::from_fn(|k| share(k).sum::<f64>() / real(usual.len()));
    }
    let recent = &seen[seen.len().saturating_sub(12)..];
    if recent.len() < 12 || !has_profile(recent) {
        return EVEN;
    }
    let total: f64 = recent.iter().sum();
    let offset = (start + Months::of(seen.len())).index();
    std::array::from_fn(|k| recent[(12 + k - offset) % 12] / total)
}

/// Whether a year has a total to take shares of: credit notes do not eat half of its money.
fn has_profile(year: &[f64]) -> bool {
    let size: f64 = year.iter().map(|value| value.abs()).sum();
    year.iter().sum::<f64>().abs() > 0.5 * size
}

/// The total of the year of `month`: booked so far ÷ the usual share of those months.
fn year_total(month: Month, seen: &[f64], shares: &[f64; 12]) -> f64 {
    let k = month.index();
    let elapsed = k.min(seen.len());
    let booked: f64 = seen[seen.len() - elapsed..].iter().sum();
    let share: f64 = shares[k - elapsed..k].iter().sum();
    if share > SMALL_SHARE && booked > 0.0 {
        return booked / share;
    }
    last_twelve(seen)
}

/// The total of the last twelve months, or as much for twelve as the months there are.
fn last_twelve(seen: &[f64]) -> f64 {
    12.0 * mean(&seen[seen.len().saturating_sub(12)..])
}

impl FittedRule {
    /// Remembers `history` and the one-step errors the rule made in it.
    pub(super) fn fit(rule: Rule, history: &Series) -> Self {
        let Series { start, values, .. } = history;
        let first = rule.needs().min(values.len());
        let error = |t: usize| {
            let seen = &values[..t];
            values[t] - rule.next(&Known::new(rule, *start, seen), seen)
        };
        let errors = (first..values.len()).map(error).collect();
        let residuals = Residuals::new(*start + Months::of(first), errors, mean(values));
        Self { rule, history: history.clone(), residuals }
    }

    /// The same rule on new months.
    pub(super) fn refilter(&self, series: &Series) -> Result<Self> {
        Ok(Self::fit(self.rule, &from_start(series, self.history.start)?))
    }
}

impl Member for FittedRule {
    fn end(&self) -> Month {
        self.history.end()
    }

    fn residuals(&self) -> &Residuals {
        &self.residuals
    }

    fn run(&self, rows: &mut Array2<f64>, _: &super::Context) {
        let known = Known::new(self.rule, self.history.start, &self.history.values);
        let mut seen = self.history.values.clone();
        for mut row in rows.rows_mut() {
            seen.truncate(known.values.len());
            for shock in &mut row {
                *shock += self.rule.next(&known, &seen);
                seen.push(*shock);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Context;
    use super::*;

    fn forecast(rule: Rule, start: Month, values: &[f64], months: usize) -> Vec<f64> {
        let fitted = FittedRule::fit(rule, &Series::settled(start, values.to_vec()));
        let mut rows = Array2::zeros((1, months));
        fitted.run(&mut rows, &Context::default());
        rows.into_iter().collect()
    }

    fn near(left: &[f64], right: &[f64]) -> bool {
        left.len() == right.len() && left.iter().zip(right).all(|(a, b)| (a - b).abs() < 1e-9)
    }

    #[test]
    fn follows_the_simple_rules() {
        let start = Month::january(2025);
        assert_eq!(forecast(Rule::Naive, start, &[1.0, 4.0], 2), [4.0, 4.0]);
        assert_eq!(forecast(Rule::Mean, start, &[1.0, 4.0], 2), [2.5, 2.5]);
        assert_eq!(forecast(Rule::Drift, start, &[1.0, 2.0, 5.0], 2), [7.0, 9.0]);
        assert_eq!(forecast(Rule::SeasonalNaive, start, &[1.0, 3.0], 2), [2.0, 2.0]);
        let year: Vec<f64> = (1..=14).map(f64::from).collect();
        assert_eq!(forecast(Rule::SeasonalNaive, start, &year, 2), [3.0, 4.0]);
    }

    #[test]
    fn repeats_the_last_calendar_year() {
        let start = Month::january(2024);
        let months: Vec<f64> = (1..=14).map(f64::from).collect();
        let ahead = forecast(Rule::LastYear, start, &months, 12);
        // 2025 is known to February: March is that of 2024, and so is January 2026.
        assert!(near(&[ahead[0], ahead[9], ahead[10]], &[3.0, 12.0, 1.0]));
    }

    #[test]
    fn keeps_the_pace_of_the_year() {
        let start = Month::january(2024);
        let mut months = vec![1.0; 12];
        assert!(near(&forecast(Rule::RunRate, start, &months, 14), &[1.0; 14]));
        // January 5: the pace is 5; January 5 and February 7: it is 6, in the next year too.
        months.push(5.0);
        assert!(near(&forecast(Rule::RunRate, start, &months, 14), &[5.0; 14]));
        months.push(7.0);
        assert!(near(&forecast(Rule::RunRate, start, &months, 14), &[6.0; 14]));
    }

    #[test]
    fn fills_the_year_by_its_usual_shares() {
        let start = Month::january(2024);
        // Shares 1/78 … 12/78. With 2025 doubled, three months hold 12 of 6 · 2.
        let year: Vec<f64> = (1..=12).map(f64::from).collect();
        let rest: Vec<f64> = (4..=12).map(|k| 2.0 * f64::from(k)).collect();
        let mut months = year.clone();
        months.extend([2.0, 4.0, 6.0]);
        let ahead = forecast(Rule::Uitputtingsprofiel, start, &months, 21);
        assert!(near(&ahead[..9], &rest));
        assert!((ahead[9..].iter().sum::<f64>() - 156.0).abs() < 1e-9, "the next year alike");
        // With no month of the year, or only January (1/78 < 1/24): the last twelve months.
        assert!(near(&forecast(Rule::Uitputtingsprofiel, start, &year, 12), &year));
        months.truncate(13);
        let february = forecast(Rule::Uitputtingsprofiel, start, &months, 1)[0];
        assert!((february - 79.0 * 2.0 / 78.0).abs() < 1e-9);
    }

    #[test]
    fn behaves_in_every_month_of_the_year() {
        for rule in Rule::ALL {
            for n in 0..40 {
                let values: Vec<f64> = (0..n).map(|k| 10.0 + f64::from(k % 5)).collect();
                let ahead = forecast(rule, "2023-05".parse().unwrap(), &values, 30);
                assert!(ahead.iter().all(|x| (0.0..60.0).contains(x)), "{rule:?} {n}: {ahead:?}");
            }
        }
    }
}
