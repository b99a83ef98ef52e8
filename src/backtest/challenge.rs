//! Whether a challenger replaces the champion: the gate of METHODS §5 of the design notes, on year totals of
//! lines that both forecast at the same origins.
//!
//! The last year is kept out of all criteria but its own, so that a challenger that was tuned on the others still
//! has to show itself once.

use super::{CHALLENGER, CHAMPION, Forecasted, Target, versus::luck};
use crate::outlook::NodeName;
use crate::score::{Test, coverage};
use crate::units::{Level, Measure, Month};
use std::collections::BTreeMap;

const ORIGINS: usize = 24;
const RATIO: f64 = 0.95;
const CHANCE: f64 = 0.10;
const BETTER: f64 = 0.60;
const COVERAGE: (f64, f64) = (0.70, 0.90);
/// So many of the largest lines may not get worse by more than a tenth.
const LARGEST: usize = 10;
const WORSE: f64 = 1.10;
/// In the year that was kept apart the challenger may not be worse.
const FROZEN: f64 = 1.0;

/// One thing a challenger must show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// What is looked at.
    pub what: String,
    /// What is asked.
    pub asked: String,
    /// What was found.
    pub found: String,
    /// Whether that is enough.
    pub passed: bool,
}

/// The line of a forecast.
type Line = (NodeName, Measure);

/// A year total that both forecast.
struct Pair<'a> {
    champion: &'a Forecasted,
    challenger: &'a Forecasted,
}

/// What the challenger of a replay must show, and what it showed. It wins when all passed.
#[must_use]
pub fn challenge(rows: &[Forecasted]) -> Vec<Criterion> {
    let all = pairs(rows);
    let last = all.iter().map(|pair| pair.champion.year).max().unwrap_or_default();
    let (frozen, pairs): (Vec<Pair>, Vec<Pair>) =
        all.into_iter().partition(|pair| pair.champion.year == last);
    let mut origins: BTreeMap<Month, f64> = BTreeMap::new();
    let mut lines: BTreeMap<Line, [f64; 3]> = BTreeMap::new();
    for pair in &pairs {
        let [ours, theirs] = pair.scores();
        *origins.entry(pair.champion.origin).or_default() += theirs - ours;
        let line = (pair.champion.node.clone(), pair.champion.measure);
        let sums = lines.entry(line).or_default();
        for (sum, more) in sums.iter_mut().zip([ours, theirs, pair.champion.actual.euros().abs()]) {
            *sum += more;
        }
    }
    vec![
        enough(origins.len()),
        at_most("WIS ÷ that of the champion", ratio(&pairs), RATIO),
        surer(&origins, &lines),
        covered(&pairs),
        no_large_line_worse(&lines),
        at_most(&format!("the same in {last}, kept apart"), ratio(&frozen), FROZEN),
    ]
}

fn pairs(rows: &[Forecasted]) -> Vec<Pair<'_>> {
    let counts = |row: &&Forecasted| {
        row.settled
            && row.target() == Target::Jaar
            && row.node.level == Level::Product
            && row.measure != Measure::Saldo
    };
    let key = |row: &Forecasted| (row.origin, row.year, row.node.clone(), row.measure);
    let of = |model: &'static str| {
        rows.iter().filter(counts).filter(move |row| row.model == model).map(|row| (key(row), row))
    };
    let challengers: BTreeMap<_, &Forecasted> = of(CHALLENGER).collect();
    let pair = |(key, champion)| Some(Pair { champion, challenger: challengers.get(&key)? });
    of(CHAMPION).filter_map(pair).collect()
}

impl Pair<'_> {
    /// The weighted interval scores of the champion and the challenger.
    fn scores(&self) -> [f64; 2] {
        [self.champion.wis(), self.challenger.wis()]
    }
}

/// The score of the challenger over that of the champion; not a number where there is nothing.
fn ratio(pairs: &[Pair<'_>]) -> f64 {
    let scores = pairs.iter().map(Pair::scores);
    let [ours, theirs] = scores.fold([0.0; 2], |sum, pair| [sum[0] + pair[0], sum[1] + pair[1]]);
    theirs / ours
}

fn enough(origins: usize) -> Criterion {
    Criterion {
        what: "common origins".into(),
        asked: format!("at least {ORIGINS}"),
        found: origins.to_string(),
        passed: origins >= ORIGINS,
    }
}

fn at_most(what: &str, found: f64, limit: f64) -> Criterion {
    Criterion {
        what: what.into(),
        asked: format!("at most {limit:.2}"),
        found: format!("{found:.3}"),
        passed: found <= limit,
    }
}

/// The difference is no luck, or most lines agree.
#[expect(clippy::cast_precision_loss, reason = "counts of lines are small")]
fn surer(origins: &BTreeMap<Month, f64>, lines: &BTreeMap<Line, [f64; 3]>) -> Criterion {
    let chance = luck(origins, 0).map_or(1.0, |Test { low, .. }| low);
    let better = lines.values().filter(|[ours, theirs, _]| theirs < ours).count();
    let share = better as f64 / lines.len().max(1) as f64;
    Criterion {
        what: "chance that it is luck (Diebold–Mariano), or lines that are better".into(),
        asked: format!("below {CHANCE:.2}, or at least {:.0} %", 100.0 * BETTER),
        found: format!("{chance:.3}; {better} of {} lines, {:.0} %", lines.len(), 100.0 * share),
        passed: chance < CHANCE || share >= BETTER,
    }
}

fn covered(pairs: &[Pair<'_>]) -> Criterion {
    let inside = |pair: &&Pair| {
        let quantiles = &pair.challenger.quantiles;
        (quantiles.p10()..=quantiles.p90()).contains(&pair.challenger.actual)
    };
    let share = coverage(pairs.iter().filter(inside).count(), pairs.len()).share;
    Criterion {
        what: "inside the band of 80 %".into(),
        asked: format!("{:.2} to {:.2}", COVERAGE.0, COVERAGE.1),
        found: format!("{share:.3} of {}", pairs.len()),
        passed: (COVERAGE.0..=COVERAGE.1).contains(&share),
    }
}

fn no_large_line_worse(lines: &BTreeMap<Line, [f64; 3]>) -> Criterion {
    let mut largest: Vec<(&Line, &[f64; 3])> = lines.iter().collect();
    largest.sort_by(|(_, a), (_, b)| b[2].total_cmp(&a[2]));
    largest.truncate(LARGEST);
    let ratio = |&(line, [ours, theirs, _]): &(&Line, &[f64; 3])| (theirs / ours, name(line));
    let worst = largest.iter().map(ratio).max_by(|(a, _), (b, _)| a.total_cmp(b));
    let (found, line) = worst.unwrap_or((f64::NAN, String::new()));
    let criterion = at_most(&format!("the worst of the {LARGEST} largest lines"), found, WORSE);
    Criterion { found: format!("{} {line}", criterion.found), ..criterion }
}

fn name((node, measure): &Line) -> String {
    let parts = [node.taakveld.as_deref(), node.product.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    format!("({} / {measure})", parts.join(" / "))
}

#[cfg(test)]
mod tests {
    use super::super::tests::forecast;
    use super::*;
    use crate::outlook::Quantiles;
    use crate::units::{Cents, Wet};

    /// Year totals of `lines` lines of 100 euros in 2020 to 2024, of which the challenger misses `off(line, year)` times
    /// as much as the champion, who misses 10. Both have bands of 15 around what they expect.
    fn rows(lines: usize, off: impl Fn(usize, i32) -> f64) -> Vec<Forecasted> {
        let mut rows = Vec::new();
        for year in 2020..=2024 {
            for month in 1..=6 {
                for line in 0..lines {
                    let sign = if (line + month) % 2 == 0 { 1 } else { -1 };
                    for (model, miss) in [(CHAMPION, 10.0), (CHALLENGER, 10.0 * off(line, year))] {
                        let origin = format!("{year}-{month:02}");
                        let mut row = forecast(model, &origin, 0, 100);
                        row.mean = Cents::from_euros(100.0 + f64::from(sign) * miss);
                        let around = [-30, -20, -15, -8, 0, 8, 15, 20, 30];
                        row.quantiles = Quantiles(around.map(|k| Cents(row.mean.0 + 100 * k)));
                        row.node.level = Level::Product;
                        row.node.wet = Some(Wet::Wmo);
                        row.node.product = Some(format!("lijn {line}"));
                        rows.push(row);
                    }
                }
            }
        }
        rows
    }

    fn passed(rows: &[Forecasted]) -> Vec<bool> {
        challenge(rows).into_iter().map(|criterion| criterion.passed).collect()
    }

    /// The same, but one in six outcomes falls outside the bands.
    fn missing(mut rows: Vec<Forecasted>) -> Vec<Forecasted> {
        for row in rows.iter_mut().filter(|row| row.origin.of_year() == 3) {
            row.mean += Cents(2500);
            row.quantiles = Quantiles(row.quantiles.0.map(|quantile| quantile + Cents(2500)));
        }
        rows
    }

    #[test]
    fn a_challenger_that_is_better_everywhere_wins() {
        let found = challenge(&missing(rows(12, |_, _| 0.5)));
        assert!(found.iter().all(|criterion| criterion.passed), "{found:#?}");
        // 4 years of 6 origins, the fifth kept apart.
        assert_eq!((found[0].found.as_str(), found[0].asked.as_str()), ("24", "at least 24"));
        assert!(found[2].found.ends_with("12 of 12 lines, 100 %"), "{found:#?}");
        assert!(found[3].found.ends_with("of 288"), "{found:#?}");
        assert!(found[5].what.contains("2024"));
    }

    #[test]
    fn each_criterion_can_stop_it() {
        let better = missing(rows(12, |_, _| 0.5));
        let short: Vec<Forecasted> =
            better.iter().filter(|row| row.origin.to_string() != "2021-02").cloned().collect();
        assert_eq!(passed(&short), [false, true, true, true, true, true]);
        // Hardly better: 1 % of the error.
        assert!(!passed(&missing(rows(12, |_, _| 0.99)))[1]);
        // Of 12 lines 5 are far better, and 7 a little worse, in years that alternate.
        let luck = |line: usize, year: i32| match (line < 5, year % 2) {
            (true, 0) => 0.0,
            (true, _) => 1.2,
            _ => 1.01,
        };
        assert!(!passed(&rows(12, luck))[2]);
        // Every outcome lies within the band: too wide.
        assert_eq!(passed(&rows(12, |_, _| 0.5)), [true, true, true, false, true, true]);
        let one_line = |line: usize, _: i32| if line == 3 { 3.0 } else { 0.2 };
        let found = challenge(&rows(9, one_line));
        assert!(!found[4].passed && found[4].found.contains("lijn 3"), "{found:#?}");
        let frozen = |_: usize, year: i32| if year == 2024 { 1.5 } else { 0.5 };
        assert_eq!(passed(&missing(rows(12, frozen))), [true, true, true, true, true, false]);
        assert!(passed(&[]).iter().all(|passed| !passed));
    }

    #[test]
    fn sums_saldo_and_months_are_no_lines() {
        let mut rows = missing(rows(12, |_, _| 0.5));
        let expected = challenge(&rows);
        let more = [Level::Totaal, Level::Brug].map(|level| {
            let mut row = rows[1].clone();
            row.node.level = level;
            row
        });
        let saldo = Forecasted { measure: Measure::Saldo, ..rows[1].clone() };
        let month = Forecasted { month: Some(rows[1].origin), ..rows[1].clone() };
        rows.extend(more.into_iter().chain([saldo, month]));
        assert_eq!(challenge(&rows), expected);
    }
}
