//! Tier B: whether the one-step errors of a line moved away from what they were.

use super::cusum::{Alarm, LEAST, REFERENCE, watch};
use super::line::{outcome, unsure};
use super::tested::{Status, Tested, Tier};
use super::{EXACT, Facts, mean};
use crate::backtest::OneStep;
use crate::panel::Panel;
use crate::units::{LineId, Month, Months};

/// The months that are watched, at most: those before them say what is usual.
pub const WATCHED: usize = 24;

/// An alarm in the same direction whose sum left nil so soon after another tells of the same change.
const ON: usize = 3;

/// The errors of one line, one a month, without gaps.
#[derive(Debug)]
struct Errors {
    start: Month,
    /// Logarithms of outcome ÷ expected where both are always above 0; else shares of a usual month.
    values: Vec<f64>,
    variances: Vec<f64>,
    /// Expected euros.
    expected: Vec<f64>,
    logs: bool,
    size: f64,
}

/// One row for each line, or one for each change that was seen.
pub(super) fn tests(facts: &Facts<'_>) -> Vec<Tested> {
    facts.lines().flat_map(|line| of_line(facts, line)).collect()
}

fn of_line(facts: &Facts<'_>, line: &LineId) -> Vec<Tested> {
    let errors = Errors::of(facts, line);
    let months = errors.values.len();
    let row = Tested::new(Tier::Monitor, Some(line), months);
    let reference = months.saturating_sub(WATCHED).clamp(LEAST, REFERENCE);
    let alarms = watch(&errors.values, &errors.variances, reference, EXACT);
    let Some(alarms) = alarms.filter(|_| months > reference) else { return vec![row] };
    let quiet = Tested { status: Status::Quiet, ..row };
    if alarms.is_empty() {
        return vec![quiet];
    }
    let flag = |alarm: Alarm| {
        let since = errors.start + Months::of(alarm.from);
        Tested {
            status: Status::Signal,
            since: Some(since),
            seen: Some(errors.start + Months::of(alarm.at)),
            per_month: Some(errors.euros(alarm.size, alarm.from, alarm.at)),
            z: Some(alarm.size / alarm.error),
            event: facts.event_near(line, since),
            ..quiet.clone()
        }
    };
    changes(alarms).into_iter().map(flag).collect()
}

/// Alarms without those that say the same again: the sums start anew, and what goes on alarms anew.
fn changes(alarms: Vec<Alarm>) -> Vec<Alarm> {
    let mut told: Vec<Alarm> = Vec::new();
    let mut last: Option<Alarm> = None;
    for alarm in alarms {
        let goes_on = last.is_some_and(|last| {
            alarm.from - last.at <= ON
                && alarm.size.is_sign_positive() == last.size.is_sign_positive()
        });
        if !goes_on {
            told.push(alarm);
        }
        last = Some(alarm);
    }
    told
}

impl Errors {
    fn of(facts: &Facts<'_>, line: &LineId) -> Self {
        let known = known(facts.panel, facts.steps, line);
        let start = known.first().map_or(facts.panel.as_of, |(step, _)| step.month);
        let size = mean(&known.iter().map(|(_, outcome)| outcome.abs()).collect::<Vec<_>>());
        let logs = known.iter().all(|(step, outcome)| step.mean > 0.0 && *outcome > 0.0);
        let error = |(step, outcome): &(&OneStep, f64)| match logs {
            true => (outcome / step.mean).ln(),
            false if size > 0.0 => (outcome - step.mean) / size,
            false => 0.0,
        };
        let variance = |(step, outcome): &(&OneStep, f64)| {
            let share = match logs {
                true => 1.0,
                false if size > 0.0 => (outcome / size).powi(2),
                false => 0.0,
            };
            unsure(facts.panel, line, step.month) * share + EXACT.powi(2)
        };
        Self {
            start,
            values: known.iter().map(error).collect(),
            variances: known.iter().map(variance).collect(),
            expected: known.iter().map(|(step, _)| step.mean).collect(),
            logs,
            size,
        }
    }

    /// A shift of the errors in euros of the day per month.
    fn euros(&self, shift: f64, from: usize, at: usize) -> f64 {
        if self.logs { shift.exp_m1() * mean(&self.expected[from..=at]) } else { shift * self.size }
    }
}

/// The expectations of a line and what came of them, month after month, the last of them in the last month
/// that has both; as many as are watched and tell what is usual.
fn known<'a>(panel: &Panel, steps: &'a [OneStep], line: &LineId) -> Vec<(&'a OneStep, f64)> {
    let own = steps.iter().filter(|step| step.line == *line && step.month <= panel.as_of);
    let mut pairs: Vec<(&OneStep, f64)> =
        own.filter_map(|step| Some((step, outcome(panel, line, step.month)?))).collect();
    // What was recorded when it was made comes before what is made now.
    pairs.sort_by_key(|(step, _)| (step.month, !step.recorded));
    pairs.dedup_by_key(|(step, _)| step.month);
    let gap = pairs.windows(2).rposition(|pair| pair[1].0.month - pair[0].0.month != Months(1));
    let most = pairs.len().saturating_sub(REFERENCE + WATCHED);
    pairs.split_off(gap.map_or(0, |at| at + 1).max(most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::tests::{line, panel};

    fn alarm(from: usize, at: usize, size: f64) -> Alarm {
        Alarm { at, from, size, error: 1.0, deviations: size }
    }

    #[test]
    fn what_goes_on_is_one_change() {
        let (first, on) = (alarm(50, 53, 2.0), alarm(55, 58, 1.5));
        let (back, later) = (alarm(60, 62, -1.0), alarm(69, 71, -1.0));
        assert_eq!(changes(vec![first, on, back, later]), [first, back, later]);
    }

    #[test]
    fn what_was_recorded_comes_first_and_a_gap_ends_what_is_known() {
        let id = line("a");
        let values: Vec<f64> = (0..10).map(f64::from).collect();
        let panel = panel(&[(&id, &values)]);
        let step = |t: i32, mean: f64, recorded: bool| OneStep {
            line: id.clone(),
            month: panel.first() + Months(t),
            mean,
            p10: 0.0,
            p90: 9.0,
            recorded,
        };
        let steps = [
            step(9, 1.0, false),
            step(9, 2.0, true),
            step(8, 3.0, false),
            step(6, 4.0, false),
            step(12, 5.0, true),
        ];
        let found: Vec<(f64, f64)> =
            known(&panel, &steps, &id).iter().map(|(step, y)| (step.mean, *y)).collect();
        assert_eq!(found, [(3.0, 8.0), (2.0, 9.0)]);
    }
}
