//! The ladder: what each step of [`Step`] missed on equal year totals, and whether reports are too high.

use super::value::{Said, Step, real};
use crate::outlook::NodeName;
use crate::score::{Efficiency, Test, efficiency, quantile, sign_test, signed_ranks};
use crate::units::{Cents, Level, Measure, Month};
use std::collections::{BTreeMap, BTreeSet};

/// One step of the ladder over all years.
#[derive(Clone, Debug, PartialEq)]
pub struct Rung {
    /// Which step.
    pub step: Step,
    /// Forecasts.
    pub count: usize,
    /// Years.
    pub years: usize,
    /// The mean absolute error, in euros.
    pub mae: f64,
    /// Σ|error| ÷ Σ|outcome|.
    pub wape: f64,
    /// Σ error ÷ Σ|outcome|: above 0 when too high.
    pub bias: f64,
    /// Of how many forecasts the error is smaller than that of the seasonal naive rule.
    pub better: usize,
}

/// The ladder beside one report, at one level.
#[derive(Clone, Debug, PartialEq)]
pub struct Ladder {
    /// The name of the report.
    pub report: String,
    /// The level.
    pub level: Level,
    /// Lasten or baten.
    pub measure: Measure,
    /// The steps, on the forecasts that all of them made.
    pub rungs: Vec<Rung>,
    /// Whether the report is too high.
    pub bias: Bias,
}

/// Whether a report is too high, over all its years; those that share a year count once.
#[derive(Clone, Debug, PartialEq)]
pub struct Bias {
    /// The years.
    pub years: usize,
    /// The mean over the years of (forecast − outcome) ÷ outcome.
    pub mean: f64,
    /// Its interval of 90 % by Student's *t*; `None` of a single year.
    pub interval: Option<(f64, f64)>,
    /// Whether as many years are too low as too high.
    pub sign: Test,
    /// The same by the sizes of the errors.
    pub ranks: Test,
    /// Whether outcomes follow the forecasts one to one, both over the outcome of the year before.
    pub efficiency: Option<Efficiency>,
    /// The middle of where the report lay in the bands of the model.
    pub place: Option<f64>,
}

/// The ladders beside every report, per level and measure.
#[must_use]
pub fn ladders(said: &[Said]) -> Vec<Ladder> {
    let mut groups: BTreeMap<(&str, Level, Measure), Vec<&Said>> = BTreeMap::new();
    for row in said {
        groups.entry((&row.report, row.node.level, row.measure)).or_default().push(row);
    }
    let ladder = |((report, level, measure), rows): ((&str, Level, Measure), Vec<&Said>)| Ladder {
        report: report.to_owned(),
        level,
        measure,
        rungs: rungs(&rows),
        bias: bias(&rows),
    };
    groups.into_iter().map(ladder).collect()
}

/// The steps on those year totals of which all have said something. The rule, the model and the report decide which
/// those may be; another step that is there for less than half of them is left out.
fn rungs(rows: &[&Said]) -> Vec<Rung> {
    let mut targets: BTreeMap<(Month, &NodeName, i32), BTreeMap<Step, &Said>> = BTreeMap::new();
    for row in rows {
        targets.entry((row.made, &row.node, row.year)).or_default().insert(row.step, row);
    }
    let asked = [Step::Rule(0), Step::Model, Step::Report];
    targets.retain(|_, said| asked.iter().all(|step| said.contains_key(step)));
    let mut steps: BTreeSet<Step> = targets.values().flat_map(BTreeMap::keys).copied().collect();
    let there = |step: &Step| targets.values().filter(|said| said.contains_key(step)).count();
    steps.retain(|step| 2 * there(step) >= targets.len());
    targets.retain(|_, said| steps.iter().all(|step| said.contains_key(step)));
    if targets.is_empty() {
        return Vec::new();
    }
    let error = |row: &Said| (row.amount - row.actual).euros();
    let of_step = |step: Step| {
        let said: Vec<&Said> = targets.values().map(|said| said[&step]).collect();
        let size: f64 = said.iter().map(|row| row.actual.euros().abs()).sum();
        let size = size.max(f64::MIN_POSITIVE);
        let missed: f64 = said.iter().map(|row| error(row).abs()).sum();
        let better = targets.values().filter(|said| {
            let naive = said.get(&Step::Rule(0));
            naive.is_some_and(|naive| error(said[&step]).abs() < error(naive).abs())
        });
        Rung {
            step,
            count: said.len(),
            years: said.iter().map(|row| row.year).collect::<BTreeSet<_>>().len(),
            mae: missed / real(said.len()),
            wape: missed / size,
            bias: said.iter().map(|row| error(row)).sum::<f64>() / size,
            better: better.count(),
        }
    };
    steps.into_iter().map(of_step).collect()
}

/// Whether the report is too high: what happened in one year happened to all of its figures, so years are
/// what is counted.
fn bias(rows: &[&Said]) -> Bias {
    let reports: Vec<&&Said> = rows.iter().filter(|row| row.step == Step::Report).collect();
    let mut years: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
    for row in reports.iter().filter(|row| row.actual != Cents::ZERO) {
        let error = (row.amount - row.actual).euros() / row.actual.euros().abs();
        years.entry(row.year).or_default().push(error);
    }
    let mean_of = |values: &[f64]| values.iter().sum::<f64>() / real(values.len().max(1));
    let means: Vec<f64> = years.values().map(|errors| mean_of(errors)).collect();
    let (mean, n) = (mean_of(&means), real(means.len()));
    let variance = means.iter().map(|error| (error - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let half = quantile(0.95, n - 1.0) * (variance / n).sqrt();
    let pairs: Vec<(i32, f64, f64)> = reports
        .iter()
        .filter_map(|row| {
            let before = row.before.map(Cents::euros).filter(|before| before.abs() > 0.0)?;
            Some((row.year, row.amount.euros() / before, row.actual.euros() / before))
        })
        .collect();
    let mut places: Vec<f64> = reports.iter().filter_map(|row| row.place).collect();
    places.sort_unstable_by(f64::total_cmp);
    Bias {
        years: means.len(),
        mean,
        interval: (means.len() > 1).then_some((mean - half, mean + half)),
        sign: sign_test(&means),
        ranks: signed_ranks(&means),
        efficiency: efficiency(&pairs),
        place: (!places.is_empty())
            .then(|| f64::midpoint(places[(places.len() - 1) / 2], places[places.len() / 2])),
    }
}

#[cfg(test)]
mod tests {
    use super::super::value::tests::years;
    use super::*;

    #[test]
    fn five_years_too_high_are_told_with_their_doubt() {
        let found = ladders(&years());
        let Ladder { rungs, bias, .. } = &found[0];
        let names: Vec<Step> = rungs.iter().map(|rung| rung.step).collect();
        assert_eq!(names, [Step::Rule(0), Step::Model, Step::Report]);
        assert!((rungs[0].wape - 0.1).abs() < 1e-12 && (rungs[1].bias + 0.02).abs() < 1e-12);
        assert_eq!((rungs[1].better, rungs[2].better, rungs[0].better), (5, 5, 0));
        // 4, 5, 6, 7 and 8 % too high: mean 6, s.d. 1.58, t of 4 degrees at .95 is 2.132.
        assert!((bias.mean - 0.06).abs() < 1e-12 && bias.years == 5);
        let (low, high) = bias.interval.unwrap();
        assert!((low - (0.06 - 2.1318 * 0.015_811 / 5.0_f64.sqrt())).abs() < 1e-5, "{low} {high}");
        assert!((bias.sign.two_sided - 0.0625).abs() < 1e-12);
        assert!((bias.place.unwrap() - 0.8).abs() < 1e-12);
    }
}
