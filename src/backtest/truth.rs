//! What came true, on the latest vintage.

use super::{Forecasted, Judged, Replay, Scales};
use crate::outlook::{Drawn, NodeName};
use crate::panel::{Hierarchy, Panel};
use crate::score;
use crate::units::{Cents, Measure, Month};
use std::collections::BTreeMap;

/// An outcome of which at most this part is still to be received is final.
const FINAL: f64 = 0.02;

/// The outcomes of every node.
#[derive(Debug)]
pub(super) struct Truth {
    /// What is booked, and the series completed, in euros of the day.
    panel: Panel,
    /// The leaves below a node, by name: a line may have come after the origin.
    nodes: BTreeMap<(NodeName, Measure), Vec<(usize, i8)>>,
    tree: Hierarchy,
}

impl Truth {
    pub(super) fn new(replay: &Replay<'_>) -> Self {
        let panel = replay.books.as_of(replay.latest).in_euros_of_the_day();
        let tree = Hierarchy::new(panel.booked.keys().cloned(), replay.bridges);
        let parts = tree.nodes.iter().flat_map(|node| Measure::ALL.map(|measure| (node, measure)));
        let weighted = |(node, measure): (&crate::panel::Node, Measure)| {
            ((NodeName::of(node), measure), node.weighted(&tree.leaves, measure).collect())
        };
        let nodes = parts.map(weighted).collect();
        Self { panel, nodes, tree }
    }

    /// A forecast beside what came true. Nothing for the saldo of a month: it is that of its sides.
    pub(super) fn beside(
        &self,
        origin: Month,
        model: &str,
        drawn: &Drawn<'_>,
        scales: &Scales,
    ) -> Option<Forecasted> {
        let &Drawn { measure, first, last, draws, .. } = drawn;
        let name = (drawn.node.clone(), measure);
        let leaves = self.nodes.get(&name).map_or(&[][..], Vec::as_slice);
        let actual = self.sum(leaves, first, last);
        let row = Forecasted::new(origin, model, drawn, actual);
        if row.month.is_some() && measure == Measure::Saldo {
            return None;
        }
        let judged = Judged {
            crps: score::crps(draws, actual.euros()),
            place: score::place(draws, actual.euros()),
            scale: scales.of(&name, row.month.is_none()),
        };
        let settled = self.is_final(leaves, first, last);
        Some(Forecasted { settled, judged: Some(judged), ..row })
    }

    pub(super) fn first(&self) -> Month {
        self.panel.first()
    }

    /// What a year came to; `None` for a node or a year that is not there, or not final.
    pub(super) fn year(&self, node: &NodeName, measure: Measure, year: i32) -> Option<Cents> {
        let leaves = self.nodes.get(&(node.clone(), measure))?;
        let (first, last) = (Month::january(year), Month::december(year));
        let there = first >= self.first() && self.is_final(leaves, first, last);
        there.then(|| self.sum(leaves, first, last))
    }

    fn sum(&self, leaves: &[(usize, i8)], first: Month, last: Month) -> Cents {
        let of = |&(leaf, weight): &(usize, i8)| {
            self.panel.booked[&self.tree.leaves[leaf]].sum(first, last).times(weight)
        };
        leaves.iter().map(of).sum()
    }

    /// Whether the months are over and next to nothing is still to be received; what comes and what goes back do not
    /// cancel.
    fn is_final(&self, leaves: &[(usize, i8)], first: Month, last: Month) -> bool {
        let (mut open, mut all) = (0.0, 0.0);
        for line in leaves.iter().map(|&(leaf, _)| &self.tree.leaves[leaf]) {
            let booked = &self.panel.booked[line];
            let series = self.panel.series.get(line);
            for month in first.through(last) {
                let booked = booked.get(month).euros();
                let whole = series.and_then(|series| series.get(month)).unwrap_or(booked);
                open += (whole - booked).abs();
                all += whole.abs();
            }
        }
        last <= self.panel.as_of && open <= FINAL * all
    }
}

/// What is known of years at a month, late invoices expected.
pub(super) struct Completed {
    panel: Panel,
    tree: Hierarchy,
}

impl Completed {
    pub(super) fn new(panel: &Panel) -> Self {
        let panel = panel.in_euros_of_the_day();
        Self { tree: Hierarchy::new(panel.series.keys().cloned(), &[]), panel }
    }

    /// The total of a year of a node; `None` for a node or a whole year that is not there.
    pub(super) fn year(&self, node: &NodeName, measure: Measure, year: i32) -> Option<f64> {
        let (first, last) = (Month::january(year), Month::december(year));
        let node = self.tree.nodes.iter().find(|other| NodeName::of(other) == *node)?;
        let of = |(leaf, weight): (usize, i8)| {
            let series = &self.panel.series[&self.tree.leaves[leaf]];
            let months = first.through(last).filter_map(|month| series.get(month));
            months.sum::<f64>() * f64::from(weight)
        };
        let there = first >= self.panel.first() && last <= self.panel.as_of;
        there.then(|| node.weighted(&self.tree.leaves, measure).map(of).sum())
    }
}
