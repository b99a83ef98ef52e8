//! The rows of every node and measure. Many are made of the same leaves (a taakveld of one product, a saldo
//! without baten): what those come to is worked out once.

use super::leaf::YearOf;
use super::types::{LateRow, MonthRow, NodeName, StepRow, YearRow};
use super::{View, late, steps};
use crate::panel::Node;
use crate::units::{Cents, Measure};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The rows of one node and measure.
pub(super) struct Rows {
    pub(super) years: Vec<YearRow>,
    pub(super) months: Vec<MonthRow>,
    pub(super) steps: Vec<StepRow>,
    pub(super) late: Option<LateRow>,
}

/// Those of every node and measure, in reading order.
pub(super) fn rows(view: &View<'_>, years: &RangeInclusive<i32>) -> Vec<Rows> {
    let parts = view.parts();
    let mut alike: BTreeMap<Vec<(usize, i8)>, Vec<usize>> = BTreeMap::new();
    for (at, (node, measure)) in parts.iter().enumerate() {
        let leaves = node.weighted(&view.tree.leaves, *measure).collect();
        alike.entry(leaves).or_default().push(at);
    }
    let of_leaf = |leaf| years.clone().map(|year| view.leaves.year(leaf, year)).collect();
    let of_leaves: Vec<Vec<YearOf>> =
        (0..view.tree.leaves.len()).into_par_iter().map(of_leaf).collect();
    let made = |(leaves, places): (&Vec<(usize, i8)>, &Vec<usize>)| {
        let parts: Vec<(&Node, Measure)> = places.iter().map(|&at| parts[at]).collect();
        places.clone().into_iter().zip(made_of(view, leaves, &parts, years, &of_leaves))
    };
    let mut rows: Vec<(usize, Rows)> = alike.par_iter().flat_map_iter(made).collect();
    rows.sort_by_key(|(at, _)| *at);
    rows.into_iter().map(|(_, rows)| rows).collect()
}

/// The rows of `parts`, all made of `leaves`.
fn made_of(
    view: &View<'_>,
    leaves: &[(usize, i8)],
    parts: &[(&Node, Measure)],
    years: &RangeInclusive<i32>,
    of_leaves: &[Vec<YearOf>],
) -> Vec<Rows> {
    let mut told: Vec<Vec<YearRow>> = vec![Vec::new(); parts.len()];
    for (at, year) in years.clone().enumerate() {
        let sum = view.sum(leaves, year, |leaf| &of_leaves[leaf][at]);
        for (rows, &(node, measure)) in told.iter_mut().zip(parts) {
            rows.push(view.year(node, measure, year, &sum));
        }
    }
    let (node, measure) = parts[0];
    // A line that ended with last year can still wait for invoices.
    let late = late::row(view, (node, measure), leaves, &told[0][0]);
    let (mut months, mut steps) = (Vec::new(), Vec::new());
    if told.iter().flatten().any(says_something) {
        months = view.months(node, measure, leaves);
        steps = steps::rows(view, (node, measure), leaves, *years.end());
    }
    let all = Rows { years: Vec::new(), months, steps, late };
    parts
        .iter()
        .zip(told)
        .map(|(&(node, measure), years)| all.of(view, node, measure, years))
        .collect()
}

impl Rows {
    /// The same under another name, with years of its own; late invoices alone when those say nothing.
    fn of(&self, view: &View<'_>, node: &Node, measure: Measure, years: Vec<YearRow>) -> Self {
        let name = NodeName::of(node);
        let late = self.late.clone().map(|row| LateRow { node: name.clone(), measure, ..row });
        if !years.iter().any(says_something) {
            return Self { years: Vec::new(), months: Vec::new(), steps: Vec::new(), late };
        }
        let model = view.model(node, measure);
        let month = |row: &MonthRow| MonthRow {
            node: name.clone(),
            measure,
            model: model.clone(),
            ..row.clone()
        };
        let step = |row: &StepRow| StepRow { node: name.clone(), measure, ..row.clone() };
        Self {
            years,
            months: self.months.iter().map(month).collect(),
            steps: self.steps.iter().map(step).collect(),
            late,
        }
    }
}

fn says_something(row: &YearRow) -> bool {
    row.budget.is_some_and(|budget| budget != Cents::ZERO)
        || row.booked != Cents::ZERO
        || row.expected != Cents::ZERO
}
