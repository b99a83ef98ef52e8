//! Tier D: whether invoices on earlier months came in as they do.

use super::Facts;
use super::tested::{Status, Tested, Tier};
use crate::panel::{Diagonal, LateLine};
use crate::score::normal_below;
use crate::units::LineId;

/// One row for each line whose service months are known.
pub(super) fn tests(facts: &Facts<'_>) -> Vec<Tested> {
    facts.lines().filter_map(|line| Some(test(facts, line, facts.panel.late.of(line)?))).collect()
}

fn test(facts: &Facts<'_>, line: &LineId, late: &LateLine) -> Tested {
    let as_of = facts.panel.as_of;
    let row = Tested::new(Tier::Invoices, Some(line), late.run_off.rows());
    let Some(newest) = late.newest else { return row };
    let Diagonal { booked, expected, z } = newest;
    let tariff = facts.panel.indices.get(line).map_or(1.0, |index| index.at(as_of));
    let flag = newest.surprising();
    Tested {
        status: if flag { Status::Signal } else { Status::Quiet },
        since: Some(as_of),
        seen: Some(as_of),
        per_month: Some((booked - expected) * tariff),
        lasting: false,
        z: Some(z),
        chance: Some(2.0 * normal_below(-z.abs())),
        event: flag.then(|| facts.event_near(line, as_of)).flatten(),
        ..row
    }
}
