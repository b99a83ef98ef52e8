//! When the world has changed under the model: what is tested every month, and what each test found.
//!
//! The detectors work on plain numbers and are public: [`effect`] tests an event whose date is known, [`watch`]
//! sums one-step errors until they say enough, [`changes`] finds the levels of a history. [`drift`] puts them
//! to work on all lines of a panel and gives one row per test made, flagged or not; [`regimes`] says of each line
//! since when it is the line it is now. What a flag asks of people stands in the guide.

mod cusum;
mod events;
mod inside;
mod least;
mod line;
mod monitor;
mod newest;
mod regime;
mod segments;
mod step;
mod tested;
mod yearly;

pub use cusum::{ALLOWANCE, Alarm, LEAST, LIMIT, REFERENCE, cusum, watch};
pub use monitor::WATCHED;
pub use regime::{Regime, Why, regimes};
pub use segments::{Change, Cost, breaks, changes};
pub use step::{Effect, Regression, effect, regress};
pub use tested::{Status, Tested, Tier};

use crate::backtest::OneStep;
use crate::calendar::Event;
use crate::panel::Panel;
use crate::units::{LineId, Month, Months};

#[cfg(test)]
mod tests;

/// A flag is shown, and its event is tested, for so long.
pub const RECENT: Months = Months(24);
/// An event may be what a flag is about when it lies at most so far from it.
const NEAR: Months = Months(3);
/// The share of false alarms among the flags of one month and one kind of test that is put up with.
const FALSE: f64 = 0.10;
/// A month of a line is known no better than to this part of it: contracts are rounded and indexed, and a
/// smaller change is no news.
const EXACT: f64 = 0.005;
/// The median absolute value of normal noise, in standard deviations.
const MEDIAN: f64 = 0.674_489_75;

/// What the tests look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What is known at the as-of month.
    pub panel: &'a Panel,
    /// All policy events.
    pub events: &'a [Event],
    /// What was expected of past months one month before, in any order.
    pub steps: &'a [OneStep],
}

/// Every test of the month: known events, one-step errors, the yearly look at levels, the newest invoices, and
/// whether bands held.
#[must_use]
pub fn drift(facts: &Facts<'_>) -> Vec<Tested> {
    let mut tests = events::tests(facts);
    tests.extend(monitor::tests(facts));
    tests.extend(yearly::tests(facts));
    tests.extend(newest::tests(facts));
    tests.extend(inside::tests(facts));
    tests
}

impl<'a> Facts<'a> {
    /// The lines that still bring something new.
    fn lines(&self) -> impl Iterator<Item = &'a LineId> {
        let ended = &self.panel.ended;
        self.panel.series.keys().filter(|line| !ended.contains_key(*line))
    }

    /// The known events at work or past on a line.
    fn events_of(&self, line: &LineId) -> impl Iterator<Item = &'a Event> {
        let as_of = self.panel.as_of;
        self.events
            .iter()
            .filter(move |event| event.is_known(as_of) && event.date <= as_of && event.covers(line))
    }

    /// The event of a line that lies nearest to a month, if it lies near.
    fn event_near(&self, line: &LineId, month: Month) -> Option<String> {
        let away = |event: &&Event| (event.date - month).0.abs();
        let near = self.events_of(line).filter(|event| away(event) <= NEAR.0);
        near.min_by_key(away).map(|event| event.id.clone())
    }

    /// Whether a month is so short ago that what began in it is still told.
    fn is_recent(&self, month: Month) -> bool {
        month > self.panel.as_of - RECENT
    }
}

/// A count as a real number.
#[expect(clippy::cast_precision_loss, reason = "counts of months and tests")]
fn real(count: usize) -> f64 {
    count as f64
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / real(values.len().max(1))
}

/// The middle one; 0 of nothing.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |k: usize| sorted.get(k).copied().unwrap_or(0.0);
    let half = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) {
        f64::midpoint(at(half.max(1) - 1), at(half))
    } else {
        at(half)
    }
}

/// The standard deviation of normal noise, by the median distance from the median.
fn robust_deviation(values: &[f64]) -> f64 {
    let centre = median(values);
    let away: Vec<f64> = values.iter().map(|value| (value - centre).abs()).collect();
    median(&away) / MEDIAN
}
