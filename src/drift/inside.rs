//! Tier E: whether outcomes lie inside the bands they were given.

use super::line::outcome;
use super::tested::{Status, Tested, Tier, judge};
use super::{FALSE, Facts, mean, real};
use crate::backtest::OneStep;
use crate::score::at_most;
use crate::units::{LineId, Month};
use std::collections::BTreeMap;

/// The bands are meant to hold this share.
const MEANT: f64 = 0.80;
/// With fewer earlier outcomes than this, of all lines together, nothing is known of what they held.
const ENOUGH: usize = 100;
/// The months of a line that are counted.
const YEAR: usize = 12;
/// A month is held against at least so many others, and at most so many (`NannyML` asks for as many chunks).
const CHUNKS: usize = 6;
const MOST: usize = 36;
/// A month with fewer lines says nothing of all of them.
const LINES: usize = 5;
/// A share so many standard deviations below its reference is a flag.
const LIMIT: f64 = 3.0;

/// Per month of a line, whether its outcome lay inside its band.
type Held = BTreeMap<Month, bool>;

/// One row for each line, by its last twelve outcomes, and one for all lines in the last month.
pub(super) fn tests(facts: &Facts<'_>) -> Vec<Tested> {
    let mut held: BTreeMap<&LineId, Held> = facts.lines().map(|line| (line, Held::new())).collect();
    for step in facts.steps {
        if let (Some(inside), Some(months)) = (inside(facts, step), held.get_mut(&step.line)) {
            months.insert(step.month, inside);
        }
    }
    let usual = usual(&held);
    let of = |(line, months): (&&LineId, &Held)| of_line(line, months, usual);
    let mut tests: Vec<Tested> = held.iter().map(of).collect();
    judge(&mut tests, FALSE);
    tests.push(of_all(&held));
    tests
}

/// Whether the outcome of a month that is complete enough to learn from lay in its band. A line that brought
/// nothing where nothing was expected proves nothing.
fn inside(facts: &Facts<'_>, step: &OneStep) -> Option<bool> {
    let thin = facts.panel.series.get(&step.line)?.thin_from;
    if thin.is_some_and(|thin| step.month >= thin) {
        return None;
    }
    let outcome = outcome(facts.panel, &step.line, step.month)?;
    let says_something = outcome != 0.0 || step.p90 > step.p10;
    says_something.then(|| (step.p10..=step.p90).contains(&outcome))
}

/// The share that the bands of all lines held before their last twelve outcomes, at most the one that is meant: the
/// test is of a loss, and bands that were always too narrow are for a backtest to tell.
fn usual(held: &BTreeMap<&LineId, Held>) -> f64 {
    let before = held.values().flat_map(|months| months.values().rev().skip(YEAR));
    let (inside, all) =
        before.fold((0, 0), |(inside, all), held| (inside + usize::from(*held), all + 1));
    if all < ENOUGH { MEANT } else { (real(inside) / real(all)).min(MEANT) }
}

/// The share that the bands of one line held before its last twelve outcomes, drawn to that of all lines: bands of some
/// lines were always narrower, which is no loss.
fn usual_of(months: &Held, usual: f64) -> f64 {
    let before: Vec<bool> = months.values().rev().skip(YEAR).copied().collect();
    let inside = before.iter().filter(|inside| **inside).count();
    let weight = real(YEAR);
    ((real(inside) + weight * usual) / (real(before.len()) + weight)).min(MEANT)
}

fn of_line(line: &LineId, months: &Held, usual: f64) -> Tested {
    let last: Vec<bool> = months.values().rev().take(YEAR).copied().collect();
    let row = Tested::new(Tier::Bands, Some(line), last.len());
    if last.len() < YEAR {
        return row;
    }
    let inside = last.iter().filter(|inside| **inside).count();
    let first = months.keys().rev().nth(YEAR - 1).copied();
    Tested { since: first, chance: Some(at_most(inside, YEAR, usual_of(months, usual))), ..row }
}

fn of_all(held: &BTreeMap<&LineId, Held>) -> Tested {
    let mut counts: BTreeMap<Month, (usize, usize)> = BTreeMap::new();
    for (month, inside) in held.values().flatten() {
        let (all, within) = counts.entry(*month).or_default();
        *all += 1;
        *within += usize::from(*inside);
    }
    counts.retain(|_, (all, _)| *all >= LINES);
    let shares: Vec<f64> =
        counts.values().map(|(all, within)| real(*within) / real(*all)).collect();
    let row = Tested::new(Tier::Bands, None, shares.len().min(MOST + 1));
    let Some((newest, before)) = shares.split_last().filter(|(_, all)| all.len() >= CHUNKS) else {
        return row;
    };
    let before = &before[before.len().saturating_sub(MOST)..];
    let usual = mean(before);
    let squares: f64 = before.iter().map(|share| (share - usual).powi(2)).sum();
    let spread = (squares / real(before.len() - 1)).sqrt().max(luck(&counts));
    let z = (newest - usual) / spread;
    let month = counts.keys().next_back().copied();
    Tested {
        status: if z < -LIMIT { Status::Signal } else { Status::Quiet },
        since: month,
        seen: month,
        z: Some(z),
        ..row
    }
}

/// The standard deviation that the share of the newest month has by luck alone: √(*u*(1 − *u*) ÷ lines), *u* the part
/// that was inside in the months before it, as if one outcome more had been outside.
fn luck(counts: &BTreeMap<Month, (usize, usize)>) -> f64 {
    let mut newest_first = counts.values().rev();
    let lines = newest_first.next().map_or(1, |(all, _)| *all);
    let sum =
        |(all, within): (usize, usize), month: &(usize, usize)| (all + month.0, within + month.1);
    let (all, within) = newest_first.take(MOST).fold((0, 0), sum);
    let u = real(within) / real(all + 1);
    (u * (1.0 - u) / real(lines)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::tests::line;
    use crate::units::Months;

    /// Five lines, of which by turns four and five are inside, and `newest` in the last month.
    fn of_five(months: usize, newest: usize) -> Tested {
        let lines: Vec<LineId> = ["a", "b", "c", "d", "e"].map(line).to_vec();
        let inside = |at: usize, month: usize| {
            if month + 1 == months { at < newest } else { at < 4 + month % 2 }
        };
        let held = |at: usize| -> Held {
            (0..months).map(|t| (Month::january(2025) + Months::of(t), inside(at, t))).collect()
        };
        of_all(&lines.iter().enumerate().map(|(at, line)| (line, held(at))).collect())
    }

    #[test]
    fn a_line_is_held_against_its_own_past() {
        // Twelve of 24 inside, and twelve months of .8 beside them: 21.6 of 36. The last twelve do not count.
        let held: Held = (0..36)
            .map(|t| (Month::january(2023) + Months::of(t), t >= 24 || t % 2 == 0))
            .collect();
        assert!((usual_of(&held, 0.8) - 0.6).abs() < 1e-12);
        let good: Held = held.keys().map(|month| (*month, true)).collect();
        assert!((usual_of(&good, 0.8) - MEANT).abs() < 1e-12);
    }

    #[test]
    fn a_month_with_few_inside_is_told_of_all_lines() {
        // Seven months before it: .8 four times and 1 three times: mean .8857, deviation .1069. Then 2 of 5. By luck
        // alone a month varies more: 31 of 35 + 1 is .8611, and √(.8611 × .1389 ÷ 5) = .1547.
        let found = of_five(8, 2);
        assert!(found.is_flag() && (found.z.unwrap() + 3.1405).abs() < 1e-3, "{found:?}");
        assert_eq!(found.since, Some(Month::january(2025) + Months(7)));
        assert_eq!(of_five(8, 4).status, Status::Quiet);
        assert_eq!(of_five(6, 0).status, Status::Early);
    }

    #[test]
    fn months_without_a_miss_leave_room_for_one() {
        let counts = |newest: usize| -> BTreeMap<Month, (usize, usize)> {
            let within = |t: usize| if t < 9 { 10 } else { newest };
            (0..10).map(|t| (Month::january(2025) + Months::of(t), (10, within(t)))).collect()
        };
        // 90 of 90 + 1: √(.989 × .011 ÷ 10) = .033, and one of ten is three of those.
        assert!((luck(&counts(9)) - (90.0_f64 / 8281.0 / 10.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn a_line_is_held_against_what_bands_held_before() {
        let id = line("a");
        // Two of three inside, 39 months; then none of twelve.
        let month = |t: usize| Month::january(2020) + Months::of(t);
        let months: Held = (0..51).map(|t| (month(t), t < 39 && t % 3 > 0)).collect();
        let lines: Vec<LineId> = ["a", "b", "c"].map(line).to_vec();
        let held: BTreeMap<&LineId, Held> =
            lines.iter().map(|line| (line, months.clone())).collect();
        assert!((usual(&held) - 2.0 / 3.0).abs() < 1e-12);
        // (1/3)^12.
        let found = of_line(&id, &months, usual(&held));
        assert!((found.chance.unwrap() * 3.0_f64.powi(12) - 1.0).abs() < 1e-9, "{found:?}");
        assert_eq!(found.since, Some(month(39)));
        // Of one line alone 39 outcomes are too few to know.
        let one = [(&id, months)].into_iter().collect();
        assert!((usual(&one) - MEANT).abs() < 1e-12);
    }
}
