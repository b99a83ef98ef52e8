//! The delay pattern of a line: which share of a service month is booked at each age, and how far
//! off that usually is.
//!
//! ```text
//! l_k = mean ln(C_{k+1} / C_k)                 over the last W service months of that age
//! p_k = exp(−Σ_{j≥k} l_j)                      the share that is booked at age k
//! V_k = mean min(1, ln(C_k / (p_k' C))²)       over the last 36 finished months; p' after slips
//! ```
//!
//! A mean of logarithms holds better than a ratio of sums where single months swing; a line with
//! months without money has no logarithms and gets the ratio of sums (the chain ladder). W is 12, 24
//! or 36: what would have told the last half year of bookings best. A link that was seen n times, fewer
//! than twelve, counts n/(n + 1): beside what it was before the line was invoiced another way, or else
//! beside the mean of the lines of its taakveld.

use super::slip::{Slips, slipped};
use crate::panel::{Pattern, RunOff};
use crate::units::{LineId, Month, Months};
use std::collections::BTreeMap;

/// The windows that are tried, the usual one first.
const WINDOWS: [usize; 3] = [24, 12, 36];
/// Another window than the usual must be better by this part.
const BETTER: f64 = 0.95;
/// The youngest bookings, in months, that choose it, and the ages they are looked at.
const TESTED: usize = 6;
const TESTED_AGES: usize = 12;
/// A link that was seen so often needs no other lines.
const ENOUGH: usize = 12;
/// A service month of this age counts as finished; its last bit is completed.
const FINISHED: usize = 12;
/// The finished months that errors are averaged over.
const LOOKED_AT: usize = 36;
/// A squared error counts for at most so much.
const LARGEST: f64 = 1.0;
/// With no finished month nothing is known of the errors of a pattern.
const UNKNOWN: f64 = 0.25;
/// A share outside this range is no pattern: money that comes and goes.
const RANGE: (f64, f64) = (0.01, 3.0);
/// So many of so many months must have money at both ages for a mean of logarithms.
const OFTEN: (usize, usize) = (4, 5);
/// What a month without money is lifted by, as a share of the mean month.
const LIFT: f64 = 0.25;
/// A month counts as at least this part of what it became where logarithms are taken.
const LEAST: f64 = 1e-3;

/// l by age, and how often each was seen.
struct Links(Vec<(f64, usize)>);

/// p by age of every line; `changed` gives the month since which a line is invoiced another way.
pub(super) fn paid(
    run_offs: &BTreeMap<LineId, RunOff>,
    changed: &dyn Fn(&LineId) -> Option<Month>,
) -> Vec<Vec<f64>> {
    let links: Vec<Links> = run_offs.values().map(|run_off| Links::of(run_off, None)).collect();
    let names: Vec<&LineId> = run_offs.keys().collect();
    let share = |(at, run_off): (usize, &RunOff)| {
        if let Some(since) = changed(names[at]) {
            return Links::of(run_off, Some(since)).paid(&[&links[at]]);
        }
        let place = |line: &LineId| (line.wet, line.taakveld.clone(), line.side);
        let alike = |&other: &usize| other != at && place(names[other]) == place(names[at]);
        let mates: Vec<&Links> =
            (0..names.len()).filter(alike).map(|other| &links[other]).collect();
        links[at].paid(&mates)
    };
    run_offs.values().enumerate().map(share).collect()
}

impl Links {
    /// Of the service months from `since` on.
    fn of(run_off: &RunOff, since: Option<Month>) -> Self {
        let first = since.map_or(0, |since| (since - run_off.start).count());
        let growth = Growth::of(run_off);
        let window = if growth.logs.is_empty() { WINDOWS[0] } else { growth.window() };
        Self((0..run_off.oldest()).map(|age| growth.link(first, age, 0, window)).collect())
    }

    fn paid(&self, others: &[&Links]) -> Vec<f64> {
        let mut sum = 0.0;
        let mut paid = vec![1.0; self.0.len() + 1];
        for age in (0..self.0.len()).rev() {
            sum += self.pooled(age, others);
            paid[age] = (-sum).exp().clamp(RANGE.0, RANGE.1);
        }
        paid
    }

    fn pooled(&self, age: usize, others: &[&Links]) -> f64 {
        let (own, seen) = self.0[age];
        let known = others.iter().map(|other| other.0[age]).filter(|link| link.1 >= ENOUGH);
        let known: Vec<f64> = known.map(|link| link.0).collect();
        if seen >= ENOUGH || known.is_empty() {
            return own;
        }
        (real(seen) * own + mean(&known)) / (real(seen) + 1.0)
    }
}

/// How the money of a line grows.
struct Growth<'a> {
    run_off: &'a RunOff,
    /// The logarithms that l is the mean of, by age, the youngest service month first; `None` where an amount
    /// is missing. Empty for a line with months without money.
    logs: Vec<Vec<Option<f64>>>,
}

impl<'a> Growth<'a> {
    fn of(run_off: &'a RunOff) -> Self {
        let cells = &run_off.cumulative;
        let log = |row: usize, age: usize| {
            let (from, to) = (cells[(row, age)], cells[(row, age + 1)]);
            (from > 0.0 && to > 0.0).then(|| (to / from).ln())
        };
        // No window reaches further.
        let youngest = WINDOWS[2] + TESTED;
        let of_age = |age: usize| {
            (0..run_off.aged(age + 1)).rev().take(youngest).map(|row| log(row, age)).collect()
        };
        let ages = if has_money_always(run_off) { run_off.oldest() } else { 0 };
        Self { run_off, logs: (0..ages).map(of_age).collect() }
    }

    /// l from `age` to the next as it was `back` months ago, over at most `window` service months from
    /// row `first` on, and their number.
    fn link(&self, first: usize, age: usize, back: usize, window: usize) -> (f64, usize) {
        let told = self.run_off.aged(age + back + 1);
        let seen = window.min(told.saturating_sub(first));
        if let Some(logs) = self.logs.get(age) {
            let logs = logs.iter().skip(back).take(seen).flatten();
            let (sum, n) = logs.fold((0.0, 0), |(sum, n), log| (sum + log, n + 1));
            if OFTEN.1 * n >= OFTEN.0 * seen {
                return (sum / real(n.max(1)), n);
            }
        }
        let cells = &self.run_off.cumulative;
        let rows = (told - seen..told).rev();
        let (from, to) = rows.fold((0.0, 0.0), |(from, to), row| {
            (from + cells[(row, age)], to + cells[(row, age + 1)])
        });
        let ratio: f64 = to / from;
        if ratio.is_finite() && ratio > 0.0 { (ratio.ln(), seen) } else { (0.0, 0) }
    }

    /// The window that tells the youngest bookings best.
    fn window(&self) -> usize {
        let mut errors = WINDOWS.map(|_| 0.0);
        for age in 0..TESTED_AGES {
            for back in 0..TESTED {
                let (found, one) = self.link(0, age, back, 1);
                for (error, window) in errors.iter_mut().zip(WINDOWS) {
                    let (expected, seen) = self.link(0, age, back + 1, window);
                    if seen > 0 && one > 0 {
                        *error += (found - expected).powi(2);
                    }
                }
            }
        }
        let tried = WINDOWS.into_iter().zip(errors).skip(1);
        let best = tried.min_by(|a, b| a.1.total_cmp(&b.1));
        best.filter(|best| best.1 < BETTER * errors[0]).map_or(WINDOWS[0], |best| best.0)
    }
}

/// Whether every finished month has money.
fn has_money_always(run_off: &RunOff) -> bool {
    let finished = |row: &usize| run_off.age(*row) >= Some(FINISHED);
    (0..run_off.rows()).filter(finished).all(|row| run_off.latest(row) > 0.0)
}

/// The pattern with its errors in the service months `since` its last change, once the slips of earlier
/// booking months are known.
pub(super) fn with_errors(
    run_off: &RunOff,
    paid: Vec<f64>,
    since: Option<Month>,
    slips: &Slips,
) -> Pattern {
    let first = since.map_or(0, |since| (since - run_off.start).count());
    let finished: Vec<usize> = (first..run_off.rows())
        .rev()
        .filter(|&row| run_off.age(row) >= Some(FINISHED))
        .take(LOOKED_AT)
        .collect();
    let became = |row: &usize| run_off.latest(*row) / paid[run_off.age(*row).unwrap_or(0)];
    let finals: Vec<f64> = finished.iter().map(became).collect();
    let mut pattern = Pattern { lift: lift(&finals), error: vec![UNKNOWN; paid.len()], paid };
    if !finished.is_empty() {
        let months = run_off.start.through(run_off.as_of + Months::of(run_off.oldest()));
        let slip = |month| if pattern.is_delayed() { slips.usual(month) } else { 0.0 };
        let slips: Vec<f64> = months.map(slip).collect();
        let error = |age: usize| {
            let of = |(&row, &last): (&usize, &f64)| {
                square(&pattern, run_off, (row, age), last, slips[row + age])
            };
            let squares: f64 = finished.iter().zip(&finals).map(of).sum();
            squares / real(finished.len())
        };
        pattern.error = (0..pattern.paid.len()).map(error).collect();
    }
    pattern
}

/// The squared error of the pattern in one finished month, in whose booking month a part `slip` was put off:
/// what V is the mean of.
fn square(
    pattern: &Pattern,
    run_off: &RunOff,
    (row, age): (usize, usize),
    last: f64,
    slip: f64,
) -> f64 {
    let share = slipped(&pattern.paid, age, slip);
    let expected = (share * last + pattern.lift).max(f64::MIN_POSITIVE);
    let booked = run_off.cumulative[(row, age)] + pattern.lift;
    (booked.max(LEAST * (last + pattern.lift)) / expected).ln().powi(2).min(LARGEST)
}

fn lift(finals: &[f64]) -> f64 {
    let size = mean(&finals.iter().map(|y| y.abs()).collect::<Vec<_>>());
    let lowest = finals.iter().copied().fold(f64::INFINITY, f64::min);
    if finals.is_empty() || lowest > 0.0 { 0.0 } else { LIFT * size - lowest }
}

/// The mean, 0 for nothing.
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / real(values.len().max(1))
}

#[expect(clippy::cast_precision_loss, reason = "some dozens of months")]
pub(super) fn real(count: usize) -> f64 {
    count as f64
}
