//! Is the champion better than the best simple rule, and how sure is that?

use super::Forecasted;
use crate::units::{Level, Measure};
use rand::RngExt;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use std::collections::BTreeMap;

/// The champion against the best single rule at one level, over all origins together.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The rule with the lowest mean error.
    pub rule: String,
    /// The mean over the months known of the champion's WAPE.
    pub champion: f64,
    /// The same of the rule.
    pub best: f64,
    /// The 90 % bootstrap interval of champion − rule, years resampled whole.
    pub interval: (f64, f64),
    /// The number of different years.
    pub years: usize,
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
    let errors = |model: &str| Errors::of(rows, model, level, measure);
    let ours = errors(champion);
    let theirs = rules
        .iter()
        .map(|&rule| (rule, errors(rule)))
        .filter(|(_, errors)| !errors.years.is_empty());
    let (rule, best) =
        theirs.min_by(|a, b| a.1.mean_wape(&a.1.all()).total_cmp(&b.1.mean_wape(&b.1.all())))?;
    if ours.years.is_empty() {
        return None;
    }
    let all = ours.all();
    Some(Comparison {
        rule: rule.to_owned(),
        champion: ours.mean_wape(&all),
        best: best.mean_wape(&all),
        interval: interval(&ours, &best),
        years: all.len(),
    })
}

/// Per year and months known: the sum of absolute errors and of absolute outcomes.
struct Errors {
    years: BTreeMap<i32, BTreeMap<u32, (f64, f64)>>,
}

impl Errors {
    fn of(rows: &[Forecasted], model: &str, level: Level, measure: Measure) -> Self {
        let mut years: BTreeMap<i32, BTreeMap<u32, (f64, f64)>> = BTreeMap::new();
        let ours = |row: &&Forecasted| {
            row.model == model && row.node.level == level && row.measure == measure
        };
        for row in rows.iter().filter(ours) {
            let sums = years.entry(row.year).or_default().entry(row.months_known()).or_default();
            sums.0 += (row.mean - row.actual).abs().euros();
            sums.1 += row.actual.abs().euros();
        }
        Self { years }
    }

    fn all(&self) -> Vec<i32> {
        self.years.keys().copied().collect()
    }

    /// The mean over the months known of the WAPE over `years`, which may repeat.
    #[expect(clippy::cast_precision_loss, reason = "at most twelve months")]
    fn mean_wape(&self, years: &[i32]) -> f64 {
        let mut sums: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
        for (months, (error, actual)) in
            years.iter().filter_map(|year| self.years.get(year)).flatten()
        {
            let sum = sums.entry(*months).or_default();
            sum.0 += error;
            sum.1 += actual;
        }
        let wapes = sums.values().map(|(error, actual)| error / actual.max(f64::MIN_POSITIVE));
        wapes.sum::<f64>() / sums.len().max(1) as f64
    }
}

fn interval(ours: &Errors, best: &Errors) -> (f64, f64) {
    let years = ours.all();
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let mut differences: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let drawn: Vec<i32> =
                years.iter().map(|_| years[random.random_range(0..years.len())]).collect();
            ours.mean_wape(&drawn) - best.mean_wape(&drawn)
        })
        .collect();
    differences.sort_unstable_by(f64::total_cmp);
    (differences[RESAMPLES / 20], differences[RESAMPLES - 1 - RESAMPLES / 20])
}
