//! Why the prognosis is another than a month ago.
//!
//! The prognosis of a month ago is made again from what was known then, and walks to that of today one
//! cause at a time. Each step is a difference of amounts in cents, so the causes add up.

use super::leaf::Leaves;
use super::months_of;
use super::types::{Cause, ChangeRow, NodeName};
use crate::panel::{Bridge, Forecast, Hierarchy, Node, Panel};
use crate::units::{Cents, LineId, Measure, Month};
use std::collections::BTreeMap;

/// A forecast and the panel it was made on.
#[derive(Clone, Copy, Debug)]
pub struct Stage<'a> {
    /// What was known.
    pub panel: &'a Panel,
    /// The paths and the scenario rows.
    pub forecast: &'a Forecast,
}

/// The stations between two months.
#[derive(Clone, Copy, Debug)]
pub struct Stages<'a> {
    /// A month ago.
    pub before: Stage<'a>,
    /// The same with the scenario rows known today.
    pub with_policy: Stage<'a>,
    /// What is known today, with the models of a month ago.
    pub with_books: Stage<'a>,
    /// Today.
    pub after: Stage<'a>,
}

/// The causes per node, measure and year of `years`. Rows in which nothing changed are left out.
#[must_use]
pub fn changes(
    stages: Stages<'_>,
    bridges: &[Bridge],
    years: std::ops::RangeInclusive<i32>,
) -> Vec<ChangeRow> {
    let leaves = Walk::new(stages);
    let tree = Hierarchy::new(leaves.names(), bridges);
    let mut of_leaves: BTreeMap<(usize, i32), Change> = BTreeMap::new();
    for (at, line) in tree.leaves.iter().enumerate() {
        for year in years.clone() {
            of_leaves.insert((at, year), leaves.change(line, year));
        }
    }
    let row = |node: &Node, measure, year| {
        let mut sum = Change::default();
        for (leaf, weight) in node.weighted(&tree.leaves, measure) {
            sum.add(&of_leaves[&(leaf, year)], weight);
        }
        let Change { before, causes, after } = sum;
        let row = ChangeRow { node: NodeName::of(node), measure, year, before, causes, after };
        (sum.causes != [Cents::ZERO; 6] || before != after).then_some(row)
    };
    let mut rows = Vec::new();
    for node in &tree.nodes {
        for measure in Measure::ALL {
            rows.extend(years.clone().filter_map(|year| row(node, measure, year)));
        }
    }
    rows
}

#[derive(Clone, Default)]
struct Change {
    before: Cents,
    causes: [Cents; 6],
    after: Cents,
}

impl Change {
    fn add(&mut self, other: &Self, weight: i8) {
        self.before += other.before.times(weight);
        self.after += other.after.times(weight);
        for (sum, part) in self.causes.iter_mut().zip(other.causes) {
            *sum += part.times(weight);
        }
    }

    fn put(&mut self, cause: Cause, cents: Cents) {
        self.causes[cause as usize] += cents;
    }
}

/// The leaves of each station.
struct Walk<'a> {
    stages: Stages<'a>,
    before: Leaves<'a>,
    with_policy: Leaves<'a>,
    with_books: Leaves<'a>,
    after: Leaves<'a>,
    month: Month,
}

impl<'a> Walk<'a> {
    fn new(stages: Stages<'a>) -> Self {
        let leaves = |stage: Stage<'a>| Leaves::new(stage.panel, stage.forecast, &[]);
        Self {
            before: leaves(stages.before),
            with_policy: leaves(stages.with_policy),
            with_books: leaves(stages.with_books),
            after: leaves(stages.after),
            month: stages.after.panel.as_of,
            stages,
        }
    }

    fn names(&self) -> Vec<LineId> {
        self.before.names().chain(self.after.names()).cloned().collect()
    }

    /// Whether the line was there a month ago and still is.
    fn goes_on(&self, line: &LineId) -> bool {
        let there = |stage: Stage<'_>| {
            stage.panel.series.contains_key(line) && !stage.panel.ended.contains_key(line)
        };
        there(self.stages.before) == there(self.stages.after)
    }

    fn change(&self, line: &LineId, year: i32) -> Change {
        let total = |leaves: &Leaves| -> Cents {
            months_of(year).map(|month| mean(leaves, line, month)).sum()
        };
        let mut change =
            Change { before: total(&self.before), after: total(&self.after), ..Change::default() };
        if !self.goes_on(line) {
            change.put(Cause::Indeling, change.after - change.before);
            return change;
        }
        change.put(Cause::Model, change.after - total(&self.with_books));
        for month in months_of(year) {
            let with_policy = mean(&self.with_policy, line, month);
            let with_prices = self.at_new_prices(line, month, with_policy);
            let with_books = mean(&self.with_books, line, month);
            change.put(Cause::Beleid, with_policy - mean(&self.before, line, month));
            change.put(Cause::Prijs, with_prices - with_policy);
            let cause = if month < self.month { Cause::Nakomend } else { Cause::Realisatie };
            change.put(cause, with_books - with_prices);
        }
        change
    }

    /// A month as it was expected, at the tariff that is known today.
    fn at_new_prices(&self, line: &LineId, month: Month, euros: Cents) -> Cents {
        let tariff = |stage: Stage<'_>| {
            stage.panel.indices.get(line).map_or(1.0, |index| index.tariff(month))
        };
        if month < self.month {
            return euros;
        }
        Cents::from_euros(euros.euros() * tariff(self.stages.after) / tariff(self.stages.before))
    }
}

/// The mean of a month of a line; nothing of a line that is not there.
fn mean(leaves: &Leaves, line: &LineId, month: Month) -> Cents {
    leaves.place(line).map_or(Cents::ZERO, |leaf| leaves.month(leaf, month).mean())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::{Booked, Late, Paths, Series};
    use crate::units::{Side, Wet};
    use ndarray::Array3;

    /// One line, one draw: so many euros in every month of 2026 that is not settled by then.
    fn stage(as_of: Month, product: &str, booked: &[i64], euros: f64) -> (Panel, Forecast) {
        let start = Month::january(2026);
        let line = LineId {
            wet: Wet::Wmo,
            taakveld: "6.711".into(),
            product: product.into(),
            side: Side::Lasten,
        };
        let cents: Vec<Cents> = booked.iter().map(|&euros| Cents(100 * euros)).collect();
        let mut series = Series::settled(start, cents.iter().map(|cents| cents.euros()).collect());
        // The as-of month itself waits for invoices.
        series.provisional_from = Some(as_of);
        let panel = Panel {
            as_of,
            series: [(line.clone(), series)].into(),
            booked: [(line.clone(), Booked { start, cents })].into(),
            ended: BTreeMap::new(),
            late: Late::default(),
            indices: BTreeMap::new(),
        };
        let months = as_of.through(Month::december(2026)).len();
        let forecast = Forecast {
            leaves: vec![line],
            paths: Paths { start: as_of, values: Array3::from_elem((1, 1, months), euros) },
            models: vec![String::new()],
            reasons: vec![None],
            layers: Vec::new(),
        };
        (panel, forecast)
    }

    fn told(stages: [&(Panel, Forecast); 4]) -> ChangeRow {
        let [before, with_policy, with_books, after] =
            stages.map(|(panel, forecast)| Stage { panel, forecast });
        let rows = changes(Stages { before, with_policy, with_books, after }, &[], 2026..=2026);
        rows.into_iter().next().unwrap()
    }

    #[test]
    fn each_step_has_its_cause() {
        let (february, march) = ("2026-02".parse().unwrap(), "2026-03".parse().unwrap());
        // January 90; ten a month dearer with policy; February came in at 130; then models say 120.
        let before = stage(february, "Hulp", &[90, 50], 100.0);
        let with_policy = stage(february, "Hulp", &[90, 50], 110.0);
        let with_books = stage(march, "Hulp", &[90, 130, 60], 115.0);
        let after = stage(march, "Hulp", &[90, 130, 60], 120.0);
        let row = told([&before, &with_policy, &with_books, &after]);
        let euros = |cents: Cents| cents.0 / 100;
        assert_eq!((euros(row.before), euros(row.after)), (1190, 90 + 130 + 1200));
        // Policy 11 × 10; March to December 10 × 5; February 130 for 110; the models 10 × 5.
        assert_eq!(row.causes.map(euros), [0, 110, 0, 50, 20, 50]);
    }

    #[test]
    fn a_line_that_came_is_another_layout() {
        let march = "2026-03".parse().unwrap();
        let (old, new) =
            (stage(march, "Oud", &[1, 1, 1], 1.0), stage(march, "Nieuw", &[2, 2, 2], 2.0));
        let row = told([&old, &old, &new, &new]);
        assert_eq!(row.causes[Cause::Indeling as usize], Cents(1200));
        assert_eq!(row.after - row.before, Cents(1200));
    }
}
