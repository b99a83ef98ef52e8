//! Slow booking: the share of a month's bookings that slips to the next month, over all lines.
//!
//! ```text
//! γ_b = 1 − mean over delayed lines of (bookings of ages 0–5 ÷ expected), each line scaled to mean 1
//! γ_c = mean of the γ_b of calendar month c · n/(n + S/B)      S within, B between months
//! p'_k = p_k − γ (p_k − p_{k−1})                               never below .3 p_k
//! ```

use super::pattern::{mean, real};
use crate::panel::{RunOff, Slip};
use crate::units::{Month, Months};
use std::collections::{BTreeMap, BTreeSet};

/// The ages whose bookings tell of a slip: from 0 on.
pub const AGES: usize = 6;
/// The booking months that are looked at; the first year has no usual and the youngest no end.
const LOOKED_AT: Months = Months(72);
const FIRST: Months = Months(12);
const YOUNGEST: Months = Months(3);
/// So many booking months are needed to tell the calendar from chance.
const ENOUGH: usize = 13;
/// What is booked at one age counts for a share within this range.
const RANGE: (f64, f64) = (-0.5, 1.5);
/// A booking month counts for at most so many times what was expected.
const MOST: f64 = 3.0;
/// The part of a slip that was seen, beside the calendar, that explains the errors of a pattern.
const SEEN: f64 = 0.7;
/// A slipped share is at least this part of the usual one.
const LEAST: f64 = 0.3;
/// The least variance of slips within a calendar month and between them.
const LEAST_WITHIN: f64 = 1e-6;
const LEAST_BETWEEN: f64 = 1e-9;
/// With nothing seen a slip may be anything.
const UNKNOWN: f64 = 1.0;

/// What slipped in earlier booking months.
#[derive(Clone, Debug)]
pub(super) struct Slips {
    /// γ of each booking month.
    seen: BTreeMap<Month, f64>,
    /// γ per calendar month, January first, and the variance within one.
    calendar: [f64; 12],
    variance: f64,
}

/// p' at `age` when a part `slip` of this month's bookings slipped to the next.
#[must_use]
pub fn slipped(paid: &[f64], age: usize, slip: f64) -> f64 {
    let before = if age == 0 { 0.0 } else { paid[age - 1] };
    (paid[age] - slip * (paid[age] - before)).max(LEAST * paid[age])
}

/// The share of `whole` that was booked at `age` alone.
#[must_use]
pub fn share_booked(run_off: &RunOff, row: usize, age: usize, whole: f64) -> f64 {
    let before = if age == 0 { 0.0 } else { run_off.cumulative[(row, age - 1)] };
    ((run_off.cumulative[(row, age)] - before) / whole).clamp(RANGE.0, RANGE.1)
}

impl Slips {
    /// Learns from the delayed lines, with their patterns.
    pub(super) fn learn(lines: &[(&RunOff, &[f64])], as_of: Month) -> Self {
        let lines = lines.iter().filter_map(|(run_off, paid)| ratios(run_off, paid, as_of));
        let lines: Vec<BTreeMap<Month, f64>> = lines.collect();
        let months: BTreeSet<Month> = lines.iter().flat_map(BTreeMap::keys).copied().collect();
        let slip = |month: Month| {
            let ratios = lines.iter().filter_map(|line| line.get(&month));
            1.0 - mean(&ratios.map(|ratio| ratio.clamp(0.0, MOST)).collect::<Vec<_>>())
        };
        let seen: BTreeMap<Month, f64> =
            months.into_iter().map(|month| (month, slip(month))).collect();
        let (calendar, variance) = calendar(&seen);
        Self { seen, calendar, variance }
    }

    /// What to expect of the bookings of `month` before they are seen.
    pub(super) fn guess(&self, month: Month) -> Slip {
        Slip { mean: self.calendar[month.index()], variance: self.variance }
    }

    /// What slipped in `month`, as far as it explains what a line did.
    pub(super) fn usual(&self, month: Month) -> f64 {
        let calendar = self.calendar[month.index()];
        self.seen.get(&month).map_or(calendar, |seen| calendar + SEEN * (seen - calendar))
    }
}

/// Per booking month the bookings of young service months over what was to be expected, with mean 1
/// over the months; `None` with too few months, or when a month has no money to expect.
fn ratios(run_off: &RunOff, paid: &[f64], as_of: Month) -> Option<BTreeMap<Month, f64>> {
    let first = (run_off.start + FIRST).max(as_of - LOOKED_AT);
    let months = first.through(as_of - YOUNGEST - Months(1));
    let ratio = |month: Month| Some((month, ratio(run_off, paid, month)?));
    let ratios: BTreeMap<Month, f64> = months.map(ratio).collect::<Option<_>>()?;
    let centre = mean(&ratios.values().copied().collect::<Vec<_>>());
    let scaled = ratios.iter().map(|(&month, ratio)| (month, ratio / centre)).collect();
    (ratios.len() >= ENOUGH && centre > 0.0).then_some(scaled)
}

fn ratio(run_off: &RunOff, paid: &[f64], booked: Month) -> Option<f64> {
    let share = |age: usize| {
        let row = run_off.row(booked - Months::of(age))?;
        let whole = run_off.latest(row) / paid[run_off.age(row)?];
        (whole > 0.0).then(|| share_booked(run_off, row, age, whole))
    };
    let shares = (0..AGES).map(share).sum::<Option<f64>>()?;
    Some(shares / paid[AGES - 1])
}

/// The shrunk mean per calendar month, and the variance within one.
fn calendar(seen: &BTreeMap<Month, f64>) -> ([f64; 12], f64) {
    if seen.is_empty() {
        return ([0.0; 12], UNKNOWN);
    }
    let of = |index: usize| -> Vec<f64> {
        seen.iter().filter(|(month, _)| month.index() == index).map(|(_, &slip)| slip).collect()
    };
    let groups: [Vec<f64>; 12] = std::array::from_fn(of);
    let means = groups.each_ref().map(|group| mean(group));
    let counts = groups.each_ref().map(|group| real(group.len()));
    let square = |group: &[f64], centre: f64| -> f64 {
        group.iter().map(|slip| (slip - centre).powi(2)).sum()
    };
    let within: f64 = groups.iter().zip(means).map(|(group, mean)| square(group, mean)).sum();
    let free: f64 = counts.iter().map(|n| (n - 1.0).max(0.0)).sum();
    let within = (within / free.max(1.0)).max(LEAST_WITHIN);
    let between = square(&means, mean(&means)) / 11.0 - within / mean(&counts);
    let ratio = within / between.max(LEAST_BETWEEN);
    (std::array::from_fn(|c| means[c] * counts[c] / (counts[c] + ratio)), within)
}
