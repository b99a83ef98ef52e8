//! What is known and drawn of each leaf.

use super::{mean, months_of};
use crate::ledger::BudgetRow;
use crate::model::one_offs;
use crate::panel::{Booked, Forecast, Index, Panel};
use crate::units::{Cents, LineId, Month, Months};
use ndarray::{Array2, ArrayView1, ArrayView2, Axis};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A leaf that has a budget or money booked ahead, and no history.
const NO_MODEL: &str = "geen";

/// All leaves: those of the forecast, and those that only have a budget or money booked ahead.
pub(super) struct Leaves<'a> {
    /// By the order of their names.
    in_order: Vec<(LineId, Leaf<'a>)>,
    start: Month,
    months: usize,
    draws: usize,
    as_of: Month,
}

struct Leaf<'a> {
    booked: Option<&'a Booked>,
    /// The first month that is not settled.
    open_from: Month,
    /// The draws of each month, one month after the other, policy inside; `None` without postings.
    paths: Option<Cow<'a, [f64]>>,
    /// The mean of each month of the paths without policy, and what policy adds to it.
    means: Vec<(Cents, Cents)>,
    /// The mean of what lasting policy adds, per month.
    lasting: Vec<Cents>,
    /// Euros of the day per unit of the series, if they are not the same.
    index: Option<&'a Index>,
    /// Months that stand out, in euros of the day; none unless [`Leaves::with_one_offs`] looked for them.
    one_offs: Vec<(Month, Cents)>,
    model: &'a str,
}

/// The total of one year of one leaf.
#[derive(Default)]
pub(super) struct YearOf {
    pub(super) booked: Cents,
    pub(super) to_receive: Cents,
    pub(super) to_come: Cents,
    pub(super) policy: Cents,
    pub(super) draws: Vec<f64>,
}

/// One month of one leaf.
pub(super) enum MonthOf<'a> {
    Settled(Cents),
    Open {
        /// Policy inside.
        paths: &'a [f64],
        /// The mean without policy.
        baseline: Cents,
        /// The mean of what policy adds.
        policy: Cents,
    },
}

impl MonthOf<'_> {
    /// The amount itself, or the mean over the draws.
    pub(super) fn mean(&self) -> Cents {
        match self {
            Self::Settled(cents) => *cents,
            Self::Open { baseline, policy, .. } => *baseline + *policy,
        }
    }
}

impl<'a> Leaves<'a> {
    pub(super) fn new(panel: &'a Panel, forecast: &'a Forecast, budgets: &[&BudgetRow]) -> Self {
        let mut by_name: BTreeMap<LineId, Leaf> = BTreeMap::new();
        for (at, line) in forecast.leaves.iter().enumerate() {
            let baseline = forecast.paths.values.index_axis(Axis(0), at);
            let policy = forecast.policy(line);
            let leaf = Leaf {
                booked: panel.booked.get(line),
                open_from: panel.series[line].provisional_from.unwrap_or(panel.as_of + Months(1)),
                means: means(&baseline, policy.as_ref()),
                lasting: lasting(forecast, line),
                index: panel.indices.get(line),
                one_offs: Vec::new(),
                paths: Some(by_month(baseline, policy.as_ref())),
                model: &forecast.models[at],
            };
            by_name.insert(line.clone(), leaf);
        }
        let budgeted = budgets.iter().filter_map(|row| row.leaf());
        for line in panel.booked.keys().cloned().chain(budgeted) {
            let booked = panel.booked.get(&line);
            by_name.entry(line).or_insert_with(|| Leaf {
                booked,
                open_from: panel.as_of + Months(1),
                paths: None,
                means: Vec::new(),
                lasting: Vec::new(),
                index: None,
                one_offs: Vec::new(),
                model: NO_MODEL,
            });
        }
        let (_, draws, months) = forecast.paths.values.dim();
        let in_order = by_name.into_iter().collect();
        Self { in_order, start: forecast.paths.start, months, draws, as_of: panel.as_of }
    }

    /// The same with the months of each line that stand out.
    pub(super) fn with_one_offs(mut self, panel: &Panel) -> Self {
        for (line, leaf) in self.in_order.iter_mut().filter(|(_, leaf)| leaf.paths.is_some()) {
            leaf.one_offs = once(panel, line);
        }
        self
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &LineId> {
        self.in_order.iter().map(|(line, _)| line)
    }

    /// The index of a line, if it is there.
    pub(super) fn place(&self, line: &LineId) -> Option<usize> {
        self.in_order.binary_search_by(|(name, _)| name.cmp(line)).ok()
    }

    pub(super) fn no_draws(&self) -> Vec<f64> {
        vec![0.0; self.draws]
    }

    pub(super) fn last_month(&self) -> Month {
        self.start + Months::of(self.months) - Months(1)
    }

    pub(super) fn model(&self, leaf: usize) -> &str {
        self.leaf(leaf).model
    }

    pub(super) fn booked(&self, leaf: usize, month: Month) -> Cents {
        self.leaf(leaf).booked.map_or(Cents::ZERO, |booked| booked.get(month))
    }

    /// The first month that is not settled.
    pub(super) fn open_from(&self, leaf: usize) -> Month {
        self.leaf(leaf).open_from
    }

    /// The tariff of a month; 1 without.
    pub(super) fn tariff(&self, leaf: usize, month: Month) -> f64 {
        self.leaf(leaf).index.map_or(1.0, |index| index.tariff(month))
    }

    /// The part of a month that policy at work made.
    pub(super) fn worked(&self, leaf: usize, month: Month) -> f64 {
        let index = self.leaf(leaf).index;
        index.map_or(0.0, |index| 1.0 - index.tariff(month) / index.at(month))
    }

    /// What stands out in a year.
    pub(super) fn one_offs(&self, leaf: usize, year: i32) -> Cents {
        let of_year = self.leaf(leaf).one_offs.iter().filter(|(month, _)| month.year() == year);
        of_year.map(|(_, cents)| *cents).sum()
    }

    /// What lasting policy adds to a year.
    pub(super) fn lasting(&self, leaf: usize, year: i32) -> Cents {
        let at = |month: Month| usize::try_from((month - self.start).0).ok();
        let lasting = &self.leaf(leaf).lasting;
        months_of(year).filter_map(|month| lasting.get(at(month)?).copied()).sum()
    }

    /// The first service month of any line.
    pub(super) fn first_booked(&self) -> Month {
        let start = |leaf: &Leaf| leaf.booked.map_or(self.as_of, |booked| booked.start);
        self.in_order.iter().map(|(_, leaf)| start(leaf)).min().unwrap_or(self.as_of)
    }

    fn leaf(&self, at: usize) -> &Leaf<'a> {
        &self.in_order[at].1
    }

    pub(super) fn month(&self, at: usize, month: Month) -> MonthOf<'_> {
        let leaf = self.leaf(at);
        let column = usize::try_from((month - self.start).0).ok();
        let column = column.filter(|&column| column < self.months && month >= leaf.open_from);
        match (column, &leaf.paths) {
            (Some(column), Some(paths)) => {
                let (baseline, policy) = leaf.means[column];
                let paths = &paths[column * self.draws..][..self.draws];
                MonthOf::Open { paths, baseline, policy }
            }
            _ => MonthOf::Settled(self.booked(at, month)),
        }
    }

    /// The year total: what is settled, and the open months inside each draw.
    pub(super) fn year(&self, at: usize, year: i32) -> YearOf {
        let (mut late, mut ahead, mut settled) = (Cents::ZERO, Cents::ZERO, 0.0);
        let (mut added, mut draws) = (Cents::ZERO, self.no_draws());
        for month in months_of(year) {
            match self.month(at, month) {
                MonthOf::Settled(cents) => settled += cents.euros(),
                MonthOf::Open { paths, baseline, policy } => {
                    let rest = baseline - self.booked(at, month);
                    *(if month <= self.as_of { &mut late } else { &mut ahead }) += rest;
                    added += policy;
                    draws.iter_mut().zip(paths).for_each(|(sum, x)| *sum += x);
                }
            }
        }
        for sum in &mut draws {
            *sum += settled;
        }
        YearOf {
            booked: months_of(year).map(|month| self.booked(at, month)).sum(),
            to_receive: late,
            to_come: ahead,
            policy: added,
            draws,
        }
    }
}

/// The draws of each month with what policy adds, one month after the other.
fn by_month<'a>(baseline: ArrayView2<'a, f64>, policy: Option<&Array2<f64>>) -> Cow<'a, [f64]> {
    let baseline = baseline.reversed_axes();
    if let Some(policy) = policy {
        return baseline.iter().zip(policy.t()).map(|(euros, added)| euros + added).collect();
    }
    baseline.to_slice().map_or_else(|| baseline.iter().copied().collect(), Cow::Borrowed)
}

/// The mean of what lasting policy inside what is expected adds to each month.
fn lasting(forecast: &Forecast, line: &LineId) -> Vec<Cents> {
    let lasting = forecast.layers.iter().filter(|layer| layer.inside && layer.lasting);
    let mut sums = Vec::new();
    for effect in lasting.filter_map(|layer| layer.effects.get(line)) {
        sums.resize(effect.ncols(), 0.0);
        sums.iter_mut().zip(effect.columns()).for_each(|(sum, draws)| *sum += mean(draws.iter()));
    }
    sums.into_iter().map(Cents::from_euros).collect()
}

/// The complete months of a line that stand out, in euros of the day.
fn once(panel: &Panel, line: &LineId) -> Vec<(Month, Cents)> {
    let worth = |month| panel.indices.get(line).map_or(1.0, |index| index.at(month));
    let found = one_offs(&panel.series[line].complete());
    found
        .into_iter()
        .map(|(month, value)| (month, Cents::from_euros(value * worth(month))))
        .collect()
}

/// The mean of every month without policy, and of what policy adds.
fn means(baseline: &ArrayView2<f64>, policy: Option<&Array2<f64>>) -> Vec<(Cents, Cents)> {
    let mean = |draws: ArrayView1<f64>| Cents::from_euros(mean(draws.iter()));
    let added = |at| policy.map_or(Cents::ZERO, |policy| mean(policy.column(at)));
    baseline.columns().into_iter().enumerate().map(|(at, draws)| (mean(draws), added(at))).collect()
}
