//! Tier C: where the level of a line changed, in all its years through the last December.

use super::line::Line;
use super::segments::{Change, changes};
use super::tested::{Status, Tested, Tier};
use super::{EXACT, Facts};
use crate::units::{LineId, Month, Months};

/// A history shorter than this says too little of seasons and trend.
const LEAST: usize = 48;

/// One row for each line, or one for each recent change of its level.
pub(super) fn tests(facts: &Facts<'_>) -> Vec<Tested> {
    let of = |id| Some(of_line(facts, id, &Line::of(facts.panel, id)?));
    facts.lines().filter_map(of).flatten().collect()
}

fn of_line(facts: &Facts<'_>, id: &LineId, line: &Line) -> Vec<Tested> {
    let year = Month::january((facts.panel.as_of + Months(1)).year());
    let values = line.scaled(line.start(), line.end().min(year));
    let row = Tested::new(Tier::Yearly, Some(id), values.len());
    let Some(changes) = changes(&values, EXACT).filter(|_| values.len() >= LEAST) else {
        return vec![row];
    };
    let quiet = Tested { status: Status::Quiet, ..row };
    let flag = |change: Change| {
        let since = line.start() + Months::of(change.at);
        facts.is_recent(since).then(|| Tested {
            status: Status::Signal,
            since: Some(since),
            seen: Some(line.end().min(year) - Months(1)),
            per_month: Some(line.euros(change.size, since)),
            z: Some(change.size / change.error),
            chance: Some(change.chance),
            event: facts.event_near(id, since),
            ..quiet.clone()
        })
    };
    let flags: Vec<Tested> = changes.into_iter().filter_map(flag).collect();
    if flags.is_empty() { vec![quiet] } else { flags }
}
