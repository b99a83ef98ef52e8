//! Is one model better than the best of others, and how sure is that?

use super::Forecasted;
use crate::score::relative_error;
use crate::units::{Level, Measure};
use rand::RngExt;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use std::collections::BTreeMap;

/// One model against the best of others, over all origins together.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The other model with the lowest mean error.
    pub rule: String,
    /// The mean over the months known of the champion's error.
    pub champion: f64,
    /// The same of the other.
    pub best: f64,
    /// The 90 % bootstrap interval of champion − best, groups resampled whole.
    pub interval: (f64, f64),
    /// The same of champion ÷ best.
    pub ratio_interval: (f64, f64),
    /// The number of groups.
    pub groups: usize,
}

impl Comparison {
    /// Champion ÷ best: below 1 when the champion is better.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        ratio(self.champion, self.best)
    }
}

/// How the errors of many year totals become one figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yardstick {
    /// Sum of absolute errors over the sum of absolute outcomes: every euro counts the same.
    Wape,
    /// The mean of [`relative_error`]: every year total counts the same.
    Relative,
}

const RESAMPLES: usize = 2000;
const SEED: u64 = 1;

/// Compares `champion` with the best of `rules` on `measure` at `level`; `None` when either is
/// absent. The year ends of one year share what happened in it, so years are resampled whole.
#[must_use]
pub fn against_best_rule(
    rows: &[Forecasted],
    champion: &str,
    rules: &[&str],
    level: Level,
    measure: Measure,
) -> Option<Comparison> {
    let asked = |row: &&Forecasted| {
        row.settled && row.month.is_none() && row.node.level == level && row.measure == measure
    };
    let by_year = rows.iter().filter(asked).map(|row| (row.year, row));
    against_best(by_year, champion, rules, Yardstick::Wape)
}

/// Compares `champion` with the best of `others` on `rows`, each with its group: what shares its
/// luck, and is therefore resampled whole. `None` when either is absent.
#[must_use]
pub fn against_best<'a, G: Ord + Copy>(
    rows: impl IntoIterator<Item = (G, &'a Forecasted)>,
    champion: &str,
    others: &[&str],
    yardstick: Yardstick,
) -> Option<Comparison> {
    let mut models: BTreeMap<&str, Errors<G>> = BTreeMap::new();
    for (group, row) in rows {
        models.entry(&row.model).or_default().add(group, row, yardstick);
    }
    let ours = models.get(champion)?;
    let theirs = others.iter().filter_map(|&other| Some((other, models.get(other)?)));
    let mean = |errors: &Errors<G>| errors.mean(&errors.all());
    let (rule, best) = theirs.min_by(|a, b| mean(a.1).total_cmp(&mean(b.1)))?;
    let (interval, ratio_interval) = intervals(ours, best);
    Some(Comparison {
        rule: rule.to_owned(),
        champion: mean(ours),
        best: mean(best),
        interval,
        ratio_interval,
        groups: ours.groups.len(),
    })
}

impl Yardstick {
    /// What one forecast adds to the sum of errors and to what that is divided by.
    fn parts(self, row: &Forecasted) -> (f64, f64) {
        let (mean, actual) = (row.mean.euros(), row.actual.euros());
        match self {
            Self::Wape => ((mean - actual).abs(), actual.abs()),
            Self::Relative => relative_error(mean, actual).map_or((0.0, 0.0), |error| (error, 1.0)),
        }
    }
}

/// Per group and months known: the sum of errors and what it is divided by.
struct Errors<G> {
    groups: BTreeMap<G, BTreeMap<u32, (f64, f64)>>,
}

impl<G> Default for Errors<G> {
    fn default() -> Self {
        Self { groups: BTreeMap::new() }
    }
}

impl<G: Ord + Copy> Errors<G> {
    fn add(&mut self, group: G, row: &Forecasted, yardstick: Yardstick) {
        let (error, size) = yardstick.parts(row);
        let months = self.groups.entry(group).or_default();
        let sums = months.entry(row.months_known()).or_default();
        sums.0 += error;
        sums.1 += size;
    }

    fn all(&self) -> Vec<G> {
        self.groups.keys().copied().collect()
    }

    /// The mean over the months known of the error over `groups`, which may repeat.
    #[expect(clippy::cast_precision_loss, reason = "at most twelve months")]
    fn mean(&self, groups: &[G]) -> f64 {
        let mut sums: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
        for (months, (error, size)) in
            groups.iter().filter_map(|group| self.groups.get(group)).flatten()
        {
            let sum = sums.entry(*months).or_default();
            sum.0 += error;
            sum.1 += size;
        }
        let errors = sums.values().map(|&(error, size)| ratio(error, size));
        errors.sum::<f64>() / sums.len().max(1) as f64
    }
}

fn ratio(of: f64, to: f64) -> f64 {
    of / to.max(f64::MIN_POSITIVE)
}

/// The 90 % intervals of the difference and of the ratio.
fn intervals<G: Ord + Copy>(ours: &Errors<G>, best: &Errors<G>) -> ((f64, f64), (f64, f64)) {
    let groups = ours.all();
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let resample = |_| {
        let drawn: Vec<G> =
            groups.iter().map(|_| groups[random.random_range(0..groups.len())]).collect();
        let (ours, best) = (ours.mean(&drawn), best.mean(&drawn));
        (ours - best, ratio(ours, best))
    };
    let (differences, ratios) = (0..RESAMPLES).map(resample).unzip();
    (middle(differences), middle(ratios))
}

/// The bounds of the middle 90 % of one value per resample.
fn middle(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_unstable_by(f64::total_cmp);
    (values[RESAMPLES / 20], values[RESAMPLES - 1 - RESAMPLES / 20])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook::{NodeName, Quantiles};
    use crate::units::Cents;

    /// A forecast at the end of `month` of 2020 for an outcome of 100 or 1,000.
    fn row(model: &str, month: &str, mean: i64, actual: i64) -> Forecasted {
        Forecasted {
            origin: month.parse().unwrap(),
            year: 2020,
            month: None,
            node: NodeName { level: Level::Totaal, wet: None, taakveld: None, product: None },
            measure: Measure::Lasten,
            model: model.into(),
            mean: Cents(100 * mean),
            quantiles: Quantiles::default(),
            actual: Cents(100 * actual),
            settled: true,
            judged: None,
        }
    }

    /// Two towns, two months. The champion is 5 and 20 off, then 5 and 40; a rule twice that; a
    /// worse one 50 everywhere.
    fn towns() -> Vec<(u32, Forecasted)> {
        let of_town = |town: u32, actual: i64, month: &'static str, off: i64| {
            let row = move |model, off| (town, row(model, month, actual + off, actual));
            [row("kampioen", off), row("run-rate", -2 * off), row("vorig-jaar", 50)]
        };
        [
            of_town(1, 100, "2020-03", 5),
            of_town(2, 1000, "2020-03", 20),
            of_town(1, 100, "2020-06", 5),
            of_town(2, 1000, "2020-06", 40),
        ]
        .concat()
    }

    fn compared(rows: &[(u32, Forecasted)], yardstick: Yardstick) -> Option<Comparison> {
        let rows = rows.iter().map(|(town, row)| (*town, row));
        against_best(rows, "kampioen", &["vorig-jaar", "run-rate", "geen"], yardstick)
    }

    #[test]
    fn the_yardsticks_weigh_euros_or_year_totals() {
        let wape = compared(&towns(), Yardstick::Wape).unwrap();
        // Sums per month 25 and 45 on 1100: the mean is 35 on 1100.
        assert!((wape.champion - 35.0 / 1100.0).abs() < 1e-12, "{wape:?}");
        assert_eq!((wape.rule.as_str(), wape.groups), ("run-rate", 2));
        let relative = compared(&towns(), Yardstick::Relative).unwrap();
        // Means per month (.05 + .02)/2 and (.05 + .04)/2.
        assert!((relative.champion - 0.04).abs() < 1e-12, "{relative:?}");
        assert_eq!(relative.rule, "run-rate");
    }

    #[test]
    fn what_is_paired_leaves_no_doubt() {
        // Twice the error in every group: the ratio is one half however they are drawn.
        let found = compared(&towns(), Yardstick::Wape).unwrap();
        assert!((found.ratio() - 0.5).abs() < 1e-12);
        let (low, high) = found.ratio_interval;
        assert!((low - 0.5).abs() < 1e-12 && (high - 0.5).abs() < 1e-12, "{found:?}");
        // The difference depends on the town that is drawn: 5 % of one, 2 and 4 % of the other.
        assert!((found.interval.0 + 0.05).abs() < 1e-12, "{found:?}");
        assert!((found.interval.1 + 0.03).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn needs_both_sides() {
        let rows = towns();
        let only = |model: &str| -> Vec<(u32, Forecasted)> {
            rows.iter().filter(|(_, row)| row.model == model).cloned().collect()
        };
        assert_eq!(compared(&only("kampioen"), Yardstick::Wape), None);
        assert_eq!(compared(&only("run-rate"), Yardstick::Wape), None);
    }
}
