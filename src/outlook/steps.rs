//! How each year follows from the one before it.
//!
//! ```text
//! one-offs   months of this year beyond what their neighbours allow, taken off
//! price      next year − next year at the tariffs of this one, month by month
//! volume     next year at those tariffs · (1 − 1/(1 + g)), g the growth of the year after it
//! full year  the rest: what changed during this year works all of the next
//! ```
//!
//! Of later years price is the same and the rest is volume. It is done per leaf, in cents; a node adds
//! up its leaves.

use super::View;
use super::leaf::MonthOf;
use super::months_of;
use super::types::{NodeName, StepRow};
use crate::panel::Node;
use crate::units::{Cents, Measure, Months};

/// Growth beyond this is another kind of change.
const FASTEST: f64 = 0.1;

/// The years of a node made of `leaves` after that of the as-of month, through `last`.
pub(super) fn rows(
    view: &View<'_>,
    (node, measure): (&Node, Measure),
    leaves: &[(usize, i8)],
    last: i32,
) -> Vec<StepRow> {
    let years = view.as_of.year() + 1..=last;
    let row = |year| {
        let mut row = StepRow {
            node: NodeName::of(node),
            measure,
            year,
            previous: Cents::ZERO,
            one_offs: Cents::ZERO,
            full_year: Cents::ZERO,
            volume: Cents::ZERO,
            price: Cents::ZERO,
            baseline: Cents::ZERO,
            policy: Cents::ZERO,
            lasting: Cents::ZERO,
            expected: Cents::ZERO,
        };
        for &(leaf, weight) in leaves {
            row.add(&step(view, leaf, year, last), weight);
        }
        row
    };
    years.map(row).collect()
}

/// The step of one leaf.
struct Step {
    previous: Cents,
    one_offs: Cents,
    volume: Cents,
    price: Cents,
    baseline: Cents,
    policy: Cents,
    lasting: Cents,
}

impl StepRow {
    fn add(&mut self, step: &Step, weight: i8) {
        let full_year = step.baseline - step.previous - step.one_offs - step.volume - step.price;
        for (sum, part) in [
            (&mut self.previous, step.previous),
            (&mut self.one_offs, step.one_offs),
            (&mut self.full_year, full_year),
            (&mut self.volume, step.volume),
            (&mut self.price, step.price),
            (&mut self.baseline, step.baseline),
            (&mut self.policy, step.policy),
            (&mut self.lasting, step.lasting),
            (&mut self.expected, step.baseline + step.policy),
        ] {
            *sum += part.times(weight);
        }
    }
}

fn step(view: &View<'_>, leaf: usize, year: i32, last: i32) -> Step {
    let (previous, now) = (year_of(view, leaf, year - 1), year_of(view, leaf, year));
    let first = year == view.as_of.year() + 1;
    let one_offs = if first { -view.leaves.one_offs(leaf, year - 1) } else { Cents::ZERO };
    let growth = if now.volume > 0.0 && year < last {
        (year_of(view, leaf, year + 1).volume / now.volume - 1.0).clamp(-FASTEST, FASTEST)
    } else {
        0.0
    };
    let old_prices = now.at_old_prices;
    let volume = if first {
        Cents::from_euros(old_prices * (1.0 - 1.0 / (1.0 + growth)))
    } else {
        Cents::from_euros(old_prices) - previous.baseline
    };
    let price = now.baseline - Cents::from_euros(old_prices);
    Step {
        previous: previous.baseline,
        one_offs,
        volume,
        price,
        baseline: now.baseline,
        policy: now.policy,
        lasting: now.lasting,
    }
}

/// One year of one leaf.
struct YearOf {
    /// Without scenario rows.
    baseline: Cents,
    policy: Cents,
    lasting: Cents,
    /// Σ month ÷ tariff, in euros.
    volume: f64,
    /// Σ month · tariff of a year ago ÷ tariff, in euros.
    at_old_prices: f64,
}

fn year_of(view: &View<'_>, leaf: usize, year: i32) -> YearOf {
    let mut sum = YearOf {
        baseline: Cents::ZERO,
        policy: Cents::ZERO,
        lasting: view.leaves.lasting(leaf, year),
        volume: 0.0,
        at_old_prices: 0.0,
    };
    for month in months_of(year) {
        let baseline = match view.leaves.month(leaf, month) {
            MonthOf::Settled(cents) => cents,
            MonthOf::Open { baseline, policy, .. } => {
                sum.policy += policy;
                baseline
            }
        };
        // Policy at work is in the months behind us; of the months ahead it is a layer.
        let worked = Cents::from_euros(baseline.euros() * view.leaves.worked(leaf, month));
        let baseline = baseline - worked;
        sum.policy += worked;
        sum.lasting += worked;
        let tariff = view.leaves.tariff(leaf, month);
        sum.baseline += baseline;
        sum.volume += baseline.euros() / tariff;
        sum.at_old_prices +=
            baseline.euros() * view.leaves.tariff(leaf, month - Months(12)) / tariff;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::leaf::Leaves;
    use super::*;
    use crate::panel::{Booked, Forecast, Hierarchy, Index, Late, Panel, Paths, Series};
    use crate::units::{LineId, Month, Side, Wet};
    use ndarray::Array3;
    use std::collections::BTreeMap;

    /// A line of 100 a month in 2025, a tariff of 5 % a year, and 2 % more care in 2027 and 2028.
    fn rows() -> Vec<StepRow> {
        let (start, as_of) = (Month::january(2025), Month::december(2025));
        let line = LineId {
            wet: Wet::Wmo,
            taakveld: "6.711".into(),
            product: "Hulp".into(),
            side: Side::Lasten,
        };
        let tariff = |month: Month| 1.05_f64.powi(month.year() - 2025);
        let index = Index {
            start,
            tariff: start.through(Month::december(2028)).map(tariff).collect(),
            policy: Vec::new(),
            unsure: BTreeMap::new(),
        };
        let panel = Panel {
            as_of,
            series: [(line.clone(), Series::settled(start, vec![100.0; 12]))].into(),
            booked: [(line.clone(), Booked { start, cents: vec![Cents(10_000); 12] })].into(),
            ended: BTreeMap::new(),
            late: Late::default(),
            indices: [(line.clone(), index)].into(),
        };
        let first = as_of + Months(1);
        // Care that rose to 110 during 2025 works all of 2026.
        let euros = |at: usize| {
            let month = first + Months::of(at);
            110.0 * 1.02_f64.powi(month.year() - 2026) * tariff(month)
        };
        let forecast = Forecast {
            leaves: vec![line],
            paths: Paths {
                start: first,
                values: Array3::from_shape_fn((1, 1, 36), |at| euros(at.2)),
            },
            models: vec![String::new()],
            reasons: vec![None],
            layers: Vec::new(),
        };
        let leaves = Leaves::new(&panel, &forecast, &[]).with_one_offs(&panel);
        let tree = Hierarchy::new(leaves.names().cloned(), &[]);
        let view = View { leaves: &leaves, tree: &tree, budgets: &[], named: &[], as_of };
        let part = (&tree.nodes[0], Measure::Lasten);
        let leaves: Vec<(usize, i8)> = part.0.weighted(&tree.leaves, part.1).collect();
        super::rows(&view, part, &leaves, 2028)
    }

    #[test]
    fn a_year_is_the_last_one_with_what_changed() {
        let rows = rows();
        let near = |found: Cents, wanted: f64| (found.euros() - wanted).abs() < 0.1;
        let [first, second, _] = rows.as_slice() else { panic!("three years ahead") };
        // 1200 → 1320 at old tariffs, of which 1320 (1 − 1/1.02) = 25.88 goes on growing.
        assert!(near(first.previous, 1200.0) && near(first.volume, 25.88), "{first:?}");
        assert!(near(first.full_year, 94.12) && near(first.price, 66.0), "{first:?}");
        // 1386 → 1386 · 1.02 at old tariffs, · 1.05 with new ones.
        assert!(near(second.previous, 1386.0) && near(second.volume, 27.72), "{second:?}");
        assert!(near(second.full_year, 0.0) && near(second.price, 70.69), "{second:?}");
        for row in &rows {
            let sum = row.previous + row.one_offs + row.full_year + row.volume + row.price;
            assert_eq!((sum, row.expected), (row.baseline, row.baseline + row.policy));
        }
    }
}
