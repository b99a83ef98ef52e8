//! The report for everybody: lines that could be traced to a person are left out, and stay inside their taakveld.

use super::facts::{Facts, LineNote};
use crate::calendar::Event;
use crate::checks::Finding;
use crate::drift::{Regime, Tested};
use crate::outlook::{ChangeRow, Explained, NodeName, Outlook};
use crate::units::{Cents, Level, LineId};
use std::collections::BTreeSet;

/// What may be told to everybody, owned.
#[derive(Debug)]
pub struct Public {
    /// What is left out: the lines that are not public, and those that would give them away.
    pub withheld: BTreeSet<LineId>,
    /// Those that can not be hidden: the total of their taakveld is theirs.
    pub alone: BTreeSet<LineId>,
    outlook: Outlook,
    findings: Vec<Finding>,
    lines: Vec<LineNote>,
    explained: Vec<Explained>,
    changes: Vec<ChangeRow>,
    drift: Vec<Tested>,
    regimes: Vec<Regime>,
    events: Vec<Event>,
}

impl Public {
    /// Leaves out all that is about one of the lines `not_public`. A taakveld with only one of them would give it away
    /// as what is left of the total, so another line of that side is left out as well. Bridges are left out, since
    /// they may hold one line of a taakveld and not another; postings, since their rows point at one invoice; remarks
    /// and norms, since they are for the organisation itself.
    #[must_use]
    pub fn of(facts: &Facts, not_public: &BTreeSet<LineId>) -> Self {
        let withheld = with_cover(facts, not_public);
        let kept = |line: &LineId| !withheld.iter().any(|other| same_product(other, line));
        let shown = |node: &NodeName| !is_withheld(node, &withheld);
        let events = told_events(facts, &kept);
        let mut outlook = facts.outlook.clone();
        outlook.years.retain(|row| shown(&row.node));
        outlook.months.retain(|row| shown(&row.node));
        outlook.late.retain(|row| shown(&row.node));
        outlook.steps.retain(|row| shown(&row.node));
        outlook.policy.retain(|row| events.iter().any(|event| event.id == row.event));
        let secret = |finding: &Finding| {
            let event = facts.events.iter().find(|event| event.id == finding.value);
            event.is_some_and(|event| !events.contains(event))
        };
        let told = |finding: &&Finding| tells_nobody(finding, &withheld) && !secret(finding);
        let findings = facts.findings.iter().filter(told).cloned().collect();
        let of_line = |line: Option<&LineId>| line.is_none_or(kept);
        let drift = facts.drift.iter().filter(|test| of_line(test.line.as_ref()));
        Self {
            findings,
            lines: facts.lines.iter().filter(|note| kept(&note.line)).cloned().collect(),
            explained: facts.explained.iter().filter(|one| kept(&one.line)).cloned().collect(),
            changes: facts.changes.iter().filter(|row| shown(&row.node)).cloned().collect(),
            drift: drift.cloned().collect(),
            regimes: facts.regimes.iter().filter(|one| kept(&one.line)).cloned().collect(),
            alone: withheld.iter().filter(|line| is_alone(facts, line)).cloned().collect(),
            events,
            outlook,
            withheld,
        }
    }

    /// The facts of the report for everybody.
    #[must_use]
    pub fn facts<'a>(&'a self, facts: &Facts<'a>) -> Facts<'a> {
        Facts {
            outlook: &self.outlook,
            findings: &self.findings,
            lines: &self.lines,
            explained: &self.explained,
            changes: &self.changes,
            drift: &self.drift,
            regimes: &self.regimes,
            events: &self.events,
            withheld: Some(self.withheld.len() - self.alone.len()),
            backtest_page: false,
            notes: &[],
            passed: &[],
            ..*facts
        }
    }
}

/// What a line comes to this year, without sign; nought when it says nothing.
fn size(facts: &Facts, line: &LineId) -> Cents {
    let own = facts.explained.iter().find(|one| one.line == *line);
    own.map_or(Cents::ZERO, |one| one.year.expected.abs())
}

/// Whether two lines are on the same side of the same taakveld.
fn beside(one: &LineId, other: &LineId) -> bool {
    (one.wet, &one.taakveld, one.side) == (other.wet, &other.taakveld, other.side)
}

fn same_product(one: &LineId, other: &LineId) -> bool {
    (one.wet, &one.taakveld, &one.product) == (other.wet, &other.taakveld, &other.product)
}

/// Whether a line is all that its side of the taakveld holds this year: the total of the taakveld tells it.
fn is_alone(facts: &Facts, line: &LineId) -> bool {
    let others = facts.explained.iter().filter(|one| beside(line, &one.line) && one.line != *line);
    size(facts, line) != Cents::ZERO
        && others.map(|one| one.year.expected).all(|e| e == Cents::ZERO)
}

/// The lines that are not public and, where one would stand alone, another beside it: the smallest that is at least half
/// as large, since one much smaller would hide little; else the largest there is.
fn with_cover(facts: &Facts, not_public: &BTreeSet<LineId>) -> BTreeSet<LineId> {
    let mut withheld = not_public.clone();
    for line in not_public {
        let own = size(facts, line);
        let hides = |other: &LineId| {
            other != line && beside(line, other) && size(facts, other).0 * 2 >= own.0
        };
        if own == Cents::ZERO || withheld.iter().any(hides) {
            continue;
        }
        let others = facts.explained.iter().map(|one| &one.line);
        let others = others.filter(|other| beside(line, other) && *other != line);
        let (cover, small): (Vec<&LineId>, Vec<&LineId>) = others.partition(|other| hides(other));
        let cover = cover.into_iter().min_by_key(|other| size(facts, other));
        let small = small.into_iter().filter(|other| size(facts, other) != Cents::ZERO);
        let cover = cover.or_else(|| small.max_by_key(|other| size(facts, other)));
        withheld.extend(cover.cloned());
    }
    withheld
}

fn is_withheld(node: &NodeName, withheld: &BTreeSet<LineId>) -> bool {
    let names = |line: &LineId| {
        node.wet == Some(line.wet)
            && node.taakveld.as_ref() == Some(&line.taakveld)
            && node.product.as_ref() == Some(&line.product)
    };
    match node.level {
        Level::Product => withheld.iter().any(names),
        Level::Brug => !withheld.is_empty(),
        Level::Totaal | Level::Wet | Level::Taakveld => false,
    }
}

/// The events that are about more than lines that are withheld.
fn told_events(facts: &Facts, kept: &impl Fn(&LineId) -> bool) -> Vec<Event> {
    let told = |event: &&Event| {
        let lines = facts.lines.iter().map(|note| &note.line);
        let mut covered = lines.filter(|line| event.covers(line)).peekable();
        covered.peek().is_none() || covered.any(kept)
    };
    facts.events.iter().filter(told).cloned().collect()
}

/// Findings about remarks and norms tell what those say.
const INTERNAL: &str = "note-without-line";

/// Whether a finding names no posting, no remark and no line that is withheld.
fn tells_nobody(finding: &Finding, withheld: &BTreeSet<LineId>) -> bool {
    let text = format!("{} {}", finding.value, finding.message);
    finding.place.row.is_none()
        && finding.code != INTERNAL
        && !withheld.iter().any(|line| text.contains(&line.product))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{example, pages};
    use crate::units::{Side, Wet};

    fn line(taakveld: &str, product: &str) -> LineId {
        LineId {
            wet: Wet::Wmo,
            taakveld: taakveld.into(),
            product: product.into(),
            side: Side::Lasten,
        }
    }

    #[test]
    fn what_is_not_public_is_on_no_page_and_still_in_the_totals() {
        let example = example::example();
        let facts = example.facts();
        let public = Public::of(&facts, &[line("6.713", "Vervoer dagbesteding")].into());
        // The smallest other product of the taakveld that is at least half as large goes with it.
        let cover = line("6.713", "Dagbesteding zwaar");
        assert_eq!(
            public.withheld,
            [cover, line("6.713", "Vervoer dagbesteding")].into_iter().collect()
        );
        let told = public.facts(&facts);
        for (path, page) in pages(&told) {
            assert!(!page.contains("Vervoer dagbesteding"), "{path}");
            assert!(!page.contains("Dagbesteding zwaar"), "{path}");
        }
        let total = |facts: &Facts| facts.acts().iter().map(|row| row.expected).collect::<Vec<_>>();
        assert_eq!(total(&told), total(&facts));
        assert!(pages(&told)[0].1.contains("Niet apart getoond: 2\u{a0}producten"));
        assert!(!pages(&facts)[0].1.contains("Niet apart getoond"));
    }

    #[test]
    fn a_line_without_money_covers_nothing_and_one_alone_is_told() {
        let example = example::example();
        let facts = example.facts();
        let idle = line("6.713", "Oude code");
        let public =
            Public::of(&facts, &[idle.clone(), line("6.713", "Vervoer dagbesteding")].into());
        assert!(public.withheld.contains(&line("6.713", "Dagbesteding zwaar")));
        assert!(public.alone.is_empty());
        let alone = line("6.714", "Kortdurend verblijf");
        let public = Public::of(&facts, &[alone.clone()].into());
        assert_eq!(public.alone, [alone].into());
        assert_eq!(public.facts(&facts).withheld, Some(0));
    }

    #[test]
    fn two_in_a_taakveld_cover_each_other() {
        let example = example::example();
        let two = [line("6.713", "Dagbesteding basis"), line("6.713", "Dagbesteding zwaar")];
        let public = Public::of(&example.facts(), &two.clone().into());
        assert_eq!(public.withheld, two.into_iter().collect());
    }
}
