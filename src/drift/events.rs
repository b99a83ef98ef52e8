//! Tier A: whether an event whose date is known did anything to the lines in its scope.

use super::line::Line;
use super::step::effect;
use super::tested::{Status, Tested, Tier, judge};
use super::{FALSE, Facts};
use crate::calendar::Event;
use crate::units::{LineId, Months};

/// An event is tested when exactly so many months after it are known, and so when they say most.
const AFTER: [Months; 2] = [Months(12), Months(6)];
/// The months of a test, and those it needs from before the event.
const WINDOW: Months = Months(72);
const BEFORE: Months = Months(24);

/// One row for each event of the last two years and each line in its scope.
pub(super) fn tests(facts: &Facts<'_>) -> Vec<Tested> {
    let lines: Vec<(&LineId, Line)> =
        facts.lines().filter_map(|id| Some((id, Line::of(facts.panel, id)?))).collect();
    let mut tests = Vec::new();
    for (id, line) in &lines {
        let recent = facts.events_of(id).filter(|event| facts.is_recent(event.date));
        let began = recent.filter(|event| event.date > line.start());
        tests.extend(began.map(|event| test(facts, id, line, event)));
    }
    judge(&mut tests, FALSE);
    tests
}

fn test(facts: &Facts<'_>, id: &LineId, line: &Line, event: &Event) -> Tested {
    let months = (line.end() - event.date).count();
    let early = Tested {
        since: Some(event.date),
        event: Some(event.id.clone()),
        lasting: event.form.lasts(),
        ..Tested::new(Tier::Event, Some(id), months)
    };
    let enough = |after: &Months| line.end() - event.date >= *after;
    let after = AFTER.into_iter().find(enough).filter(|_| event.date - line.start() >= BEFORE);
    let Some(after) = after else { return early };
    let end = event.date + after;
    let first = line.start().max(end - WINDOW);
    let shape = |event: &Event| -> Vec<f64> {
        first.through(end - Months(1)).map(|month| event.regressor(month)).collect()
    };
    let others: Vec<Vec<f64>> = facts
        .events_of(id)
        .filter(|other| other.id != event.id && other.date < end)
        .map(shape)
        .collect();
    let Some(found) = effect(&line.scaled(first, end), &shape(event), &others) else {
        return early;
    };
    Tested {
        status: Status::Quiet,
        months: after.count(),
        seen: Some(end - Months(1)),
        per_month: Some(line.euros(found.estimate, event.date)),
        z: Some(found.estimate / found.error),
        chance: Some(found.chance),
        smallest: Some(line.euros(found.smallest, event.date).abs()),
        ..early
    }
}
