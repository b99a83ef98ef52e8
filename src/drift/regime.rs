//! Since when a line is the line it is now.

use super::Facts;
use super::tested::{Tested, Tier};
use crate::calendar::{Event, Form};
use crate::forecast::NEEDED;
use crate::units::{LineId, Month, Months};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The months of the regime a line is in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regime {
    /// The line.
    pub line: LineId,
    /// Its first month.
    pub since: Month,
    /// The months of it that are known, through the as-of month.
    pub months: Months,
    /// What it began with.
    pub why: Why,
}

/// What a regime began with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// The line itself.
    Start,
    /// A known event: its id.
    Event(String),
    /// A change that a test found.
    Flag(Tier),
}

impl Regime {
    /// Whether the model does not know this situation yet (*model kent deze situatie niet*).
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.months < NEEDED
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.pad("begin van de lijn"),
            Self::Event(id) => f.pad(&format!("gebeurtenis {id}")),
            Self::Flag(tier) => f.pad(&format!("signaal {}", tier.letter())),
        }
    }
}

/// The regime of every line that still brings something new: it began with the latest of its first month, its
/// last event that changes what it is (a step, another way of invoicing, another place in the books), and the
/// last change that was flagged.
#[must_use]
pub fn regimes(facts: &Facts<'_>, tests: &[Tested]) -> Vec<Regime> {
    let of = |line: &LineId| {
        let start = (facts.panel.series[line].start, Why::Start);
        let events = facts.events_of(line).filter(|event| renews(event));
        let events = events.map(|event| (event.date, Why::Event(event.id.clone())));
        let flags = tests.iter().filter(|test| test.line.as_ref() == Some(line) && breaks(test));
        let flags = flags.filter_map(|test| Some((test.since?, Why::Flag(test.tier))));
        let latest = events.chain(flags).fold(start, |a, b| if b.0 > a.0 { b } else { a });
        let (since, why) = latest;
        let months = facts.panel.as_of + Months(1) - since;
        Regime { line: line.clone(), since, months, why }
    };
    facts.lines().map(of).collect()
}

fn renews(event: &Event) -> bool {
    matches!(event.form, Form::Step | Form::Billing | Form::Recode)
}

/// Whether a test found that the line itself changed: late invoices and bands do not say that.
fn breaks(test: &Tested) -> bool {
    test.is_flag() && matches!(test.tier, Tier::Event | Tier::Monitor | Tier::Yearly)
}
