//! What the provisional months say: each moves the forecast as far as it can be relied on.
//!
//! ```text
//! w = s² / (s² + V_k)                e = ln(C/p' ÷ F), at most .7 either way
//! month = F · exp(δ + w(e − δ));     δ += .7 · α · w(e − δ);     the future = F · exp(δ)
//! ```
//!
//! from the oldest month on, δ = 0 at first. F is what the model expects from the months before, C
//! what is booked, p' the share that usually is (after the slip of the as-of month), V its error at
//! that age; s and α are the pace of the line (LATE.md of the design notes, steps 2 and 5).

use super::expect::Prospect;
use super::numbers::{mean, real};
use crate::model::Pace;
use crate::nowcast::{AGES, share_booked, slipped};
use crate::panel::{LateLine, Panel, Series, Slip};
use crate::units::{LineId, Month, Months};
use std::collections::BTreeMap;

/// A month is not moved by more, in logarithms.
const LARGEST: f64 = 0.7;
/// The part of what a month says that its successors take over, beside α.
const GAIN: f64 = 0.7;
/// The variance of a line's own slip.
const OWN: f64 = 0.0025;
/// So few lines say nothing together.
const FEW: usize = 3;
/// What a line booked counts for at most so many times what was expected.
const MOST: f64 = 3.0;

/// The months of a line that its model forecasts: provisional ones first, then the future.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    /// The first month: that after the last the model has seen.
    pub(super) start: Month,
    /// What the model alone expects, in euros.
    pub(super) prior: Vec<f64>,
    /// What is expected, late invoices included.
    pub(super) mean: Vec<f64>,
    /// 1 − w: the part of what is unknown of a month by itself that booking leaves unknown; 1 in
    /// the future.
    pub(super) unknown: Vec<f64>,
    /// Σ w V over the provisional months.
    pub(super) completion: f64,
    /// What both are lifted by where logarithms are taken.
    pub(super) lift: f64,
}

impl Expected {
    pub(super) fn new(start: Month, prior: Vec<f64>) -> Self {
        let (mean, unknown) = (prior.clone(), vec![1.0; prior.len()]);
        Self { start, prior, mean, unknown, completion: 0.0, lift: 0.0 }
    }

    /// The sum of `first` through `last`, as far as it is within.
    pub(super) fn sum(&self, first: Month, last: Month) -> f64 {
        let months = self.start.max(first).through(last);
        months.filter_map(|month| self.mean.get((month - self.start).count())).sum()
    }

    /// What is expected of a month; `None` when it is not to be forecast.
    pub(super) fn at(&self, month: Month) -> Option<f64> {
        self.mean.get(usize::try_from((month - self.start).0).ok()?).copied()
    }

    /// Expects so much more of a month, but never less than nothing where it was not.
    pub(super) fn add(&mut self, month: Month, euros: f64) {
        let at = usize::try_from((month - self.start).0).ok();
        if let Some(mean) = at.and_then(|at| self.mean.get_mut(at)) {
            *mean = if *mean < 0.0 { *mean + euros } else { (*mean + euros).max(0.0) };
        }
    }

    /// Takes in what is booked of the provisional months.
    pub(super) fn filter(&mut self, late: &LateLine, pace: Pace, slip: f64) {
        let LateLine { run_off, pattern, .. } = late;
        let slip = if pattern.is_delayed() { slip } else { 0.0 };
        let open = (run_off.as_of + Months(1) - self.start).count().min(self.mean.len());
        let own = pace.error * pace.error;
        self.lift = pattern.lift;
        let mut shift = 0.0;
        for at in 0..open {
            let month = self.start + Months::of(at);
            let Some(row) = run_off.row(month) else { continue };
            let age = run_off.age(row).unwrap_or(0);
            let expected = self.prior[at] + pattern.lift;
            let found = run_off.latest(row) / slipped(&pattern.paid, age, slip) + pattern.lift;
            let weight = own / (own + pattern.error[age]);
            let moved = weight * (surprise(found, expected) - shift);
            let mean = expected * (shift + moved).exp() - pattern.lift;
            let back = i32::try_from(age).unwrap_or(i32::MAX);
            let booked = run_off.latest(row);
            let least = if booked > 0.0 { pattern.least(booked, back) } else { mean };
            self.mean[at] = mean.max(least);
            self.unknown[at] = 1.0 - weight;
            self.completion += weight * pattern.error[age];
            shift += GAIN * pace.weight * moved;
        }
        for mean in &mut self.mean[open..] {
            let moved = (*mean + pattern.lift) * shift.exp() - pattern.lift;
            *mean = if *mean < 0.0 { moved } else { moved.max(0.0) };
        }
    }
}

/// e; the largest of its sign when one of both has no logarithm.
fn surprise(found: f64, expected: f64) -> f64 {
    if found > 0.0 && expected > 0.0 {
        (found / expected).ln().clamp(-LARGEST, LARGEST)
    } else if found > expected {
        LARGEST
    } else {
        -LARGEST
    }
}

/// The share of the as-of month's bookings that slipped: the guess of the calendar, and what all
/// delayed lines show against what was to be expected of them.
pub(super) fn slip_today(panel: &Panel, prospects: &BTreeMap<LineId, Prospect>) -> f64 {
    let of = |(line, prospect): (&LineId, &Prospect)| {
        ratio(panel.late.of(line)?, &prospect.expected, &panel.series[line])
    };
    let goes_on = |(line, _): &(&LineId, &Prospect)| !panel.ended.contains_key(*line);
    let ratios: Vec<f64> = prospects.iter().filter(goes_on).filter_map(of).collect();
    let Slip { mean: guess, variance } = panel.late.slip;
    if ratios.len() < FEW {
        return guess;
    }
    let n = real(ratios.len());
    let mean = mean(ratios.iter().copied());
    let spread = ratios.iter().map(|ratio| (ratio - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let found = (spread + OWN) / n;
    (guess / variance + (1.0 - mean) / found) / (1.0 / variance + 1.0 / found)
}

/// What was booked in the as-of month for young service months, over what was to be expected.
fn ratio(late: &LateLine, expected: &Expected, series: &Series) -> Option<f64> {
    let LateLine { run_off, pattern, .. } = late;
    if !pattern.is_delayed() || pattern.lift > 0.0 {
        return None;
    }
    let share = |age: usize| {
        let month = run_off.as_of - Months::of(age);
        let whole = if month < expected.start {
            series.get(month)?
        } else {
            *expected.prior.get((month - expected.start).count())?
        };
        let row = run_off.row(month).filter(|_| whole > 0.0)?;
        Some(share_booked(run_off, row, age, whole))
    };
    let shares: f64 = (0..AGES).map(share).sum::<Option<f64>>()?;
    Some((shares / pattern.paid[AGES - 1]).clamp(0.0, MOST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::{Pattern, RunOff};
    use ndarray::array;

    fn start() -> Month {
        Month::january(2021)
    }

    /// Three months: 100, then 90 of which 80 % is in, then 20 of which 50 % is in.
    fn late(error: f64) -> LateLine {
        let pattern =
            Pattern { paid: vec![0.5, 0.8, 1.0], error: vec![4.0 * error, error, 0.0], lift: 0.0 };
        let cumulative = array![[50.0, 80.0, 100.0], [60.0, 72.0, 72.0], [20.0, 20.0, 20.0]];
        let run_off = RunOff { start: start(), cumulative, as_of: start() + Months(2) };
        LateLine { run_off, pattern, newest: None }
    }

    #[test]
    fn each_month_moves_the_forecast_as_far_as_it_can_be_relied_on() {
        // s² = .01 and V = .01 at age 1, .04 at age 0: w = .5 and .2.
        let pace = Pace { weight: 0.5, error: 0.1 };
        let mut expected = Expected::new(start() + Months(1), vec![100.0; 4]);
        expected.filter(&late(0.01), pace, 0.0);
        let first = 0.5 * 0.9_f64.ln();
        let shift = 0.7 * 0.5 * first;
        // 20 ÷ .5 = 40 lies further than .7 from 100.
        let second = 0.2 * (-0.7 - shift);
        let after = shift + 0.7 * 0.5 * second;
        let wanted = [first, shift + second, after, after].map(|log| 100.0 * log.exp());
        for (found, wanted) in expected.mean.iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
        }
        let unknown = expected.unknown.iter().zip([0.5, 0.8, 1.0, 1.0]);
        assert!(unknown.into_iter().all(|(found, wanted)| (found - wanted).abs() < 1e-12));
        assert!((expected.completion - (0.5 * 0.01 + 0.2 * 0.04)).abs() < 1e-12);
        let all = expected.sum(start(), start() + Months(9));
        assert!((all - expected.mean.iter().sum::<f64>()).abs() < 1e-9);
        assert!((expected.sum(start(), start() + Months(1)) - expected.mean[0]).abs() < 1e-9);
    }

    #[test]
    fn what_is_known_to_the_cent_is_taken_as_it_is() {
        let mut expected = Expected::new(start() + Months(1), vec![100.0; 2]);
        expected.filter(&late(0.0), Pace { weight: 0.5, error: 0.1 }, 0.0);
        assert!((expected.mean[0] - 90.0).abs() < 1e-9 && expected.unknown[0].abs() < 1e-12);
    }

    #[test]
    fn a_slow_month_of_booking_is_no_sign_of_less_care() {
        let pace = Pace { weight: 0.5, error: 0.1 };
        let mean = |slip: f64| {
            let mut expected = Expected::new(start() + Months(1), vec![100.0; 2]);
            expected.filter(&late(0.01), pace, slip);
            expected.mean[0]
        };
        // With a third slipped, .8 − .3/3 = .7 is usual of the month before last: 72 is more.
        assert!(mean(1.0 / 3.0) > 100.0 && mean(0.0) < 100.0);
    }
}
