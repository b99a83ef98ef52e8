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
mod steps;
mod types;

use crate::ledger::BudgetRow;
use crate::panel::{Bridge, Forecast, Hierarchy, Node, Panel};
use crate::units::{Cents, Level, LineId, Measure, Month, Months};
use leaf::{Leaves, MonthOf};
use ndarray::ArrayView1;
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
    let leaves = Leaves::new(panel, forecast, budgets);
    let tree = Hierarchy::new(leaves.names().cloned(), bridges);
    let view = View { leaves: &leaves, tree: &tree, budgets, named, as_of: panel.as_of };
    let years = panel.as_of.year()..=panel.as_of.year() + years_ahead;
    let rows_of = |&(node, measure): &(&Node, Measure)| {
        let mut of_years: Vec<YearRow> =
            years.clone().map(|year| view.year(node, measure, year)).collect();
        // A line that ended with last year can still wait for invoices.
        let late = late::row(&view, node, measure, &of_years[0]);
        let (mut of_months, mut steps) = (Vec::new(), Vec::new());
        if of_years.iter().any(says_something) {
            of_months = view.months(node, measure);
            steps = steps::rows(&view, node, measure, *years.end());
        } else {
            of_years.clear();
        }
        (of_years, of_months, steps, late)
    };
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
    for (years, months, steps, late) in view.parts().par_iter().map(rows_of).collect::<Vec<_>>() {
        outlook.years.extend(years);
        outlook.months.extend(months);
        outlook.steps.extend(steps);
        outlook.late.extend(late);
    }
    outlook
}

/// The lasten of one month, of all together and of each act: what a look back needs.
#[must_use]
pub fn month_totals(panel: &Panel, forecast: &Forecast, month: Month) -> Vec<MonthRow> {
    let leaves = Leaves::new(panel, forecast, &[]);
    let tree = Hierarchy::new(leaves.names().cloned(), &[]);
    let view = View { leaves: &leaves, tree: &tree, budgets: &[], named: &[], as_of: panel.as_of };
    let lasten = Measure::Lasten;
    let high = |(node, measure): &(&Node, Measure)| {
        *measure == lasten && matches!(node.level, Level::Totaal | Level::Wet)
    };
    let row = |(node, _): (&Node, Measure)| {
        let leaves: Vec<(usize, i8)> = node.weighted(&tree.leaves, lasten).collect();
        view.month(node, lasten, &leaves, month)
    };
    view.parts().into_iter().filter(high).map(row).collect()
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

fn says_something(row: &YearRow) -> bool {
    row.budget.is_some_and(|budget| budget != Cents::ZERO)
        || row.booked != Cents::ZERO
        || row.expected != Cents::ZERO
}

/// Everything a row is made from.
struct View<'a> {
    leaves: &'a Leaves,
    tree: &'a Hierarchy,
    budgets: &'a [&'a BudgetRow],
    named: &'a [NamedQuantile],
    as_of: Month,
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

    fn year(&self, node: &Node, measure: Measure, year: i32) -> YearRow {
        let mut row = YearRow {
            year,
            node: NodeName::of(node),
            measure,
            budget: budget::of(self.budgets, self.tree, node, measure, year),
            booked: Cents::ZERO,
            to_receive: Cents::ZERO,
            to_come: Cents::ZERO,
            policy: Cents::ZERO,
            expected: Cents::ZERO,
            quantiles: Quantiles::default(),
            named: Vec::new(),
            chance_of_disadvantage: None,
            model: self.model(node, measure),
        };
        let mut draws = self.leaves.no_draws();
        let (mut all, mut unbudgeted) = (Cents::ZERO, Cents::ZERO);
        for (leaf, weight) in node.weighted(&self.tree.leaves, measure) {
            let total = self.leaves.year(leaf, year);
            let size = (total.booked + total.to_receive + total.to_come).abs();
            all += size;
            if !budget::covers(self.budgets, &self.tree.leaves[leaf], year) {
                unbudgeted += size;
            }
            row.booked += total.booked.times(weight);
            row.to_receive += total.to_receive.times(weight);
            row.to_come += total.to_come.times(weight);
            row.policy += total.policy.times(weight);
            add(&mut draws, &total.draws, weight);
        }
        row.expected = row.booked + row.to_receive + row.to_come + row.policy;
        // A budget for part of the money says nothing about the whole.
        row.budget = row.budget.filter(|_| unbudgeted.0 <= all.0 / UNBUDGETED);
        row.chance_of_disadvantage = row.budget.map(|budget| chance(&draws, budget, measure));
        row.quantiles = quantile::of(&mut draws);
        let named = |named: &NamedQuantile| quantile::interpolated(&draws, named.level(measure));
        row.named = self.named.iter().map(|quantile| Cents::from_euros(named(quantile))).collect();
        row
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
                    MonthOf::Open { paths, .. } => add_column(&mut draws, paths, weight),
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
    fn months(&self, node: &Node, measure: Measure) -> Vec<MonthRow> {
        let first = Month::january(self.as_of.year() - 1);
        let leaves: Vec<(usize, i8)> = node.weighted(&self.tree.leaves, measure).collect();
        let row = |month| self.month(node, measure, &leaves, month);
        first.through(self.leaves.last_month()).map(row).collect()
    }

    fn month(
        &self,
        node: &Node,
        measure: Measure,
        leaves: &[(usize, i8)],
        month: Month,
    ) -> MonthRow {
        let mut mean = Cents::ZERO;
        let mut draws = self.leaves.no_draws();
        let mut open = false;
        for &(leaf, weight) in leaves {
            let found = self.leaves.month(leaf, month);
            mean += found.mean().times(weight);
            match found {
                MonthOf::Settled(cents) => {
                    let euros = cents.euros() * f64::from(weight);
                    for sum in &mut draws {
                        *sum += euros;
                    }
                }
                MonthOf::Open { paths, .. } => {
                    open = true;
                    add_column(&mut draws, paths, weight);
                }
            }
        }
        let status = match (month > self.as_of, open) {
            (true, _) => Status::Verwacht,
            (false, true) => Status::Voorlopig,
            (false, false) => Status::Gerealiseerd,
        };
        // A settled month is exact: rounding sums of floats must not show.
        let quantiles = if open { quantile::of(&mut draws) } else { Quantiles([mean; 9]) };
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

#[expect(clippy::cast_precision_loss, reason = "counts of draws are small")]
fn mean(draws: &[f64]) -> f64 {
    draws.iter().sum::<f64>() / draws.len().max(1) as f64
}

fn add(sum: &mut [f64], draws: &[f64], weight: i8) {
    sum.iter_mut().zip(draws).for_each(|(sum, x)| *sum += x * f64::from(weight));
}

fn add_column(sum: &mut [f64], draws: ArrayView1<'_, f64>, weight: i8) {
    sum.iter_mut().zip(draws).for_each(|(sum, x)| *sum += x * f64::from(weight));
}

/// The months from January through December of a year.
fn months_of(year: i32) -> impl Iterator<Item = Month> {
    Month::january(year).through(Month::january(year) + Months(11))
}
