//! Year totals against the budget, from joint paths: sums inside a draw, quantiles last.

mod budget;
mod changes;
mod cumulative;
mod explain;
mod late;
mod leaf;
mod norms;
mod policy;
mod quantile;
mod rows;
mod steps;
mod types;

use crate::ledger::BudgetRow;
use crate::panel::{Bridge, Forecast, Hierarchy, Node, Panel};
use crate::score::interpolated;
use crate::units::{Cents, Level, LineId, Measure, Month, Months};
use leaf::{Leaves, MonthOf, YearOf};
use rayon::prelude::*;
use std::collections::BTreeMap;

pub use changes::{Stage, Stages, changes};
pub use explain::{Explained, ExplainedMonth, ExplainedPart, FileShare, Steps, explained};
pub use norms::{Passed, passed};
pub use types::{
    Cause, ChangeRow, Cumulative, LatePart, LateRow, MonthRow, NamedQuantile, NodeName, Outlook,
    PolicyRow, Quantiles, Status, StepRow, YearRow,
};

/// A node has no budget when lines without one hold more than a tenth of its money.
const UNBUDGETED: i64 = 10;
/// The model named in a row that is a sum of leaves.
const SUM: &str = "som";

/// Year totals, months and running totals of every node, as of the panel's month.
///
/// `budgets` are the rows in force at that month; the horizon is the current year and
/// `years_ahead` more. A line that has nothing left to say (no budget, nothing booked or expected
/// in the whole horizon) gets no rows.
#[must_use]
pub fn outlook(
    panel: &Panel,
    forecast: &Forecast,
    bridges: &[Bridge],
    budgets: &[&BudgetRow],
    named: &[NamedQuantile],
    years_ahead: i32,
) -> Outlook {
    let leaves = Leaves::new(panel, forecast, budgets).with_one_offs(panel);
    let tree = Hierarchy::new(leaves.names().cloned(), bridges);
    let view = View { leaves: &leaves, tree: &tree, budgets, named, as_of: panel.as_of };
    let years = panel.as_of.year()..=panel.as_of.year() + years_ahead;
    let mut outlook = Outlook {
        as_of: panel.as_of,
        years: Vec::new(),
        months: Vec::new(),
        cumulative: cumulative::running_totals(&view),
        late: Vec::new(),
        policy: policy::rows(forecast, years.clone()),
        steps: Vec::new(),
        named: named.to_vec(),
    };
    for rows in rows::rows(&view, &years) {
        outlook.years.extend(rows.years);
        outlook.months.extend(rows.months);
        outlook.steps.extend(rows.steps);
        outlook.late.extend(rows.late);
    }
    outlook
}

/// The lasten of months, of all together and of each act: what a look back needs.
#[must_use]
pub fn month_totals(panel: &Panel, forecast: &Forecast, months: &[Month]) -> Vec<MonthRow> {
    let leaves = Leaves::new(panel, forecast, &[]);
    let tree = Hierarchy::new(leaves.names().cloned(), &[]);
    let view = View { leaves: &leaves, tree: &tree, budgets: &[], named: &[], as_of: panel.as_of };
    let lasten = Measure::Lasten;
    let high = |(node, measure): &(&Node, Measure)| {
        *measure == lasten && matches!(node.level, Level::Totaal | Level::Wet)
    };
    let rows = |(node, _): (&Node, Measure)| -> Vec<MonthRow> {
        let leaves: Vec<(usize, i8)> = node.weighted(&tree.leaves, lasten).collect();
        months.iter().map(|&month| view.month(node, lasten, &leaves, month)).collect()
    };
    view.parts().into_iter().filter(high).flat_map(rows).collect()
}

/// The total of months in a row of one node: what a backtest judges.
#[derive(Clone, Copy, Debug)]
pub struct Drawn<'a> {
    /// What it is about.
    pub node: &'a NodeName,
    /// Lasten, baten or saldo.
    pub measure: Measure,
    /// The first month.
    pub first: Month,
    /// The last month.
    pub last: Month,
    /// The mean: as `outlook` has it, to the cent.
    pub mean: Cents,
    /// The total in every draw, in euros, sorted.
    pub draws: &'a [f64],
}

impl Drawn<'_> {
    /// The quantiles of the draws.
    #[must_use]
    pub fn quantiles(&self) -> Quantiles {
        quantile::of_sorted(self.draws)
    }
}

/// What `judge` makes of the total of every node over each of `spans` (first and last month), in reading
/// order; what it passes over is left out. The draws last as long as the call.
pub fn judged<T: Send>(
    panel: &Panel,
    forecast: &Forecast,
    bridges: &[Bridge],
    spans: &[(Month, Month)],
    judge: impl Fn(Drawn<'_>) -> Option<T> + Sync,
) -> Vec<T> {
    let leaves = Leaves::new(panel, forecast, &[]);
    let tree = Hierarchy::new(leaves.names().cloned(), bridges);
    let view = View { leaves: &leaves, tree: &tree, budgets: &[], named: &[], as_of: panel.as_of };
    let of_part = |&(node, measure): &(&Node, Measure)| -> Vec<T> {
        let name = NodeName::of(node);
        let of_span = |&(first, last): &(Month, Month)| {
            let (mean, draws) = view.span(node, measure, first, last);
            judge(Drawn { node: &name, measure, first, last, mean, draws: &draws })
        };
        spans.iter().filter_map(of_span).collect()
    };
    view.parts().par_iter().flat_map_iter(of_part).collect()
}

/// The budget of every node and measure that has one for `year`, of the lines of `panel`; as in [`outlook`],
/// none where lines without one hold more than a tenth of the money, here that of the year so far (of the last
/// twelve months before it began).
#[must_use]
pub fn budgets_of(
    panel: &Panel,
    bridges: &[Bridge],
    budgets: &[&BudgetRow],
    year: i32,
) -> BTreeMap<(NodeName, Measure), Cents> {
    let tree = Hierarchy::new(panel.booked.keys().cloned(), bridges);
    let parts = tree.nodes.iter().flat_map(|node| Measure::ALL.map(|measure| (node, measure)));
    let january = Month::january(year);
    let start = if january <= panel.as_of { january } else { panel.as_of - Months(11) };
    let money = |line: &LineId| panel.booked[line].sum(start, panel.as_of).abs();
    let of = |(node, measure): (&Node, Measure)| {
        let budget = budget::of(budgets, &tree, node, measure, year)?;
        let lines = || node.weighted(&tree.leaves, measure).map(|(leaf, _)| &tree.leaves[leaf]);
        let all: Cents = lines().map(money).sum();
        let without = lines().filter(|line| !budget::covers(budgets, line, year));
        let whole = without.map(money).sum::<Cents>().0 <= all.0 / UNBUDGETED;
        whole.then(|| ((NodeName::of(node), measure), budget))
    };
    parts.filter_map(of).collect()
}

/// Everything a row is made from.
struct View<'a> {
    leaves: &'a Leaves<'a>,
    tree: &'a Hierarchy,
    budgets: &'a [&'a BudgetRow],
    named: &'a [NamedQuantile],
    as_of: Month,
}

/// The total of one year of some leaves, its draws sorted.
struct YearSum {
    of: YearOf,
    quantiles: Quantiles,
    /// Whether next to all of the money lies on lines with a budget.
    budgeted: bool,
}

impl View<'_> {
    /// Every node with each measure it has: those of its sides, and the saldo.
    fn parts(&self) -> Vec<(&Node, Measure)> {
        let parts =
            self.tree.nodes.iter().flat_map(|node| Measure::ALL.map(|measure| (node, measure)));
        let has = |(node, measure): &(&Node, Measure)| {
            node.weighted(&self.tree.leaves, *measure).next().is_some()
        };
        parts.filter(has).collect()
    }

    /// What leaves come to in a year.
    fn sum<'t>(
        &self,
        leaves: &[(usize, i8)],
        year: i32,
        total: impl Fn(usize) -> &'t YearOf,
    ) -> YearSum {
        let mut of = YearOf { draws: self.leaves.no_draws(), ..YearOf::default() };
        let (mut all, mut unbudgeted) = (Cents::ZERO, Cents::ZERO);
        for &(leaf, weight) in leaves {
            let total = total(leaf);
            let size = (total.booked + total.to_receive + total.to_come).abs();
            all += size;
            if !budget::covers(self.budgets, &self.tree.leaves[leaf], year) {
                unbudgeted += size;
            }
            of.booked += total.booked.times(weight);
            of.to_receive += total.to_receive.times(weight);
            of.to_come += total.to_come.times(weight);
            of.policy += total.policy.times(weight);
            add(&mut of.draws, &total.draws, weight);
        }
        let quantiles = quantile::of(&mut of.draws);
        // A budget for part of the money says nothing about the whole.
        YearSum { of, quantiles, budgeted: unbudgeted.0 <= all.0 / UNBUDGETED }
    }

    fn year(&self, node: &Node, measure: Measure, year: i32, sum: &YearSum) -> YearRow {
        let YearOf { booked, to_receive, to_come, policy, ref draws } = sum.of;
        let budget = budget::of(self.budgets, self.tree, node, measure, year);
        let budget = budget.filter(|_| sum.budgeted);
        let named = |named: &NamedQuantile| interpolated(draws, named.level(measure));
        YearRow {
            year,
            node: NodeName::of(node),
            measure,
            budget,
            booked,
            to_receive,
            to_come,
            policy,
            expected: booked + to_receive + to_come + policy,
            quantiles: sum.quantiles,
            named: self.named.iter().map(|quantile| Cents::from_euros(named(quantile))).collect(),
            chance_of_disadvantage: budget.map(|budget| chance(draws, budget, measure)),
            model: self.model(node, measure),
        }
    }

    /// The mean and the sorted draws of months in a row.
    fn span(&self, node: &Node, measure: Measure, first: Month, last: Month) -> (Cents, Vec<f64>) {
        let (mut mean, mut draws, mut settled) = (Cents::ZERO, self.leaves.no_draws(), Cents::ZERO);
        for (leaf, weight) in node.weighted(&self.tree.leaves, measure) {
            for month in first.through(last) {
                let found = self.leaves.month(leaf, month);
                mean += found.mean().times(weight);
                match found {
                    MonthOf::Settled(cents) => settled += cents.times(weight),
                    MonthOf::Open { paths, .. } => add(&mut draws, paths, weight),
                }
            }
        }
        for sum in &mut draws {
            *sum += settled.euros();
        }
        draws.sort_unstable_by(f64::total_cmp);
        (mean, draws)
    }

    /// The months of a node, from January of last year to the end of the paths.
    fn months(&self, node: &Node, measure: Measure, leaves: &[(usize, i8)]) -> Vec<MonthRow> {
        let first = Month::january(self.as_of.year() - 1);
        let row = |month| self.month(node, measure, leaves, month);
        first.through(self.leaves.last_month()).map(row).collect()
    }

    fn month(
        &self,
        node: &Node,
        measure: Measure,
        leaves: &[(usize, i8)],
        month: Month,
    ) -> MonthRow {
        let found =
            || leaves.iter().map(|&(leaf, weight)| (self.leaves.month(leaf, month), weight));
        let mean = found().map(|(month, weight)| month.mean().times(weight)).sum();
        let open = found().any(|(month, _)| matches!(month, MonthOf::Open { .. }));
        let status = match (month > self.as_of, open) {
            (true, _) => Status::Verwacht,
            (false, true) => Status::Voorlopig,
            (false, false) => Status::Gerealiseerd,
        };
        // A settled month is exact: rounding sums of floats must not show.
        let quantiles = if open { self.quantiles(found()) } else { Quantiles([mean; 9]) };
        MonthRow {
            month,
            status,
            node: NodeName::of(node),
            measure,
            mean,
            quantiles,
            model: self.model(node, measure),
        }
    }

    /// The quantiles of leaves together, each with its weight.
    fn quantiles<'m>(&self, months: impl Iterator<Item = (MonthOf<'m>, i8)>) -> Quantiles {
        let mut draws = self.leaves.no_draws();
        for (month, weight) in months {
            match month {
                MonthOf::Settled(cents) => {
                    let euros = cents.euros() * f64::from(weight);
                    for sum in &mut draws {
                        *sum += euros;
                    }
                }
                MonthOf::Open { paths, .. } => add(&mut draws, paths, weight),
            }
        }
        quantile::of(&mut draws)
    }

    fn model(&self, node: &Node, measure: Measure) -> String {
        let mut leaves = node.weighted(&self.tree.leaves, measure);
        match (node.level, leaves.next(), leaves.next()) {
            (Level::Product, Some((leaf, _)), None) => self.leaves.model(leaf).to_owned(),
            _ => SUM.to_owned(),
        }
    }
}

/// The share of draws on the side of a disadvantage: lasten or saldo above the budget, baten below.
fn chance(draws: &[f64], budget: Cents, measure: Measure) -> f64 {
    let budget = budget.euros();
    let bad =
        |&&total: &&f64| if measure == Measure::Baten { total < budget } else { total > budget };
    share(draws.iter().filter(bad).count(), draws.len())
}

#[expect(clippy::cast_precision_loss, reason = "counts of draws are small")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// The mean, added up one after the other however the draws lie.
#[expect(clippy::cast_precision_loss, reason = "counts of draws are small")]
fn mean<'a>(draws: impl ExactSizeIterator<Item = &'a f64>) -> f64 {
    let count = draws.len().max(1) as f64;
    draws.sum::<f64>() / count
}

fn add(sum: &mut [f64], draws: &[f64], weight: i8) {
    sum.iter_mut().zip(draws).for_each(|(sum, x)| *sum += x * f64::from(weight));
}

/// The months from January through December of a year.
fn months_of(year: i32) -> impl Iterator<Item = Month> {
    Month::january(year).through(Month::january(year) + Months(11))
}
