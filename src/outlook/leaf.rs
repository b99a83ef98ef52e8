//! What is known and drawn of each leaf.

use super::months_of;
use crate::ledger::BudgetRow;
use crate::model::one_offs;
use crate::panel::{Booked, Forecast, Index, Panel};
use crate::units::{Cents, LineId, Month, Months};
use ndarray::{Array2, ArrayView1, ArrayView2, Axis};
use std::collections::BTreeMap;

/// A leaf that has a budget or money booked ahead, and no history.
const NO_MODEL: &str = "geen";

/// All leaves: those of the forecast, and those that only have a budget or money booked ahead.
pub(super) struct Leaves {
    by_name: BTreeMap<LineId, Leaf>,
    /// The names in order, so that an index finds a leaf.
    order: Vec<LineId>,
    start: Month,
    months: usize,
    draws: usize,
    as_of: Month,
}

struct Leaf {
    booked: Booked,
    /// The first month that is not settled.
    open_from: Month,
    /// Draw × month, policy inside; `None` without postings.
    paths: Option<Array2<f64>>,
    /// The mean of each month of the paths without policy, and what policy adds to it.
    means: Vec<(Cents, Cents)>,
    /// The mean of what lasting policy adds, per month.
    lasting: Vec<Cents>,
    /// Euros of the day per unit of the series, if they are not the same.
    index: Option<Index>,
    /// Months that stand out, in euros of the day.
    one_offs: Vec<(Month, Cents)>,
    model: String,
}

/// The total of one year of one leaf.
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
        paths: ArrayView1<'a, f64>,
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

impl Leaves {
    pub(super) fn new(panel: &Panel, forecast: &Forecast, budgets: &[&BudgetRow]) -> Self {
        let mut by_name: BTreeMap<LineId, Leaf> = BTreeMap::new();
        for (at, line) in forecast.leaves.iter().enumerate() {
            let baseline = forecast.paths.values.index_axis(Axis(0), at);
            let policy = forecast.policy(line);
            let leaf = Leaf {
                booked: panel.booked[line].clone(),
                open_from: panel.series[line].provisional_from.unwrap_or(panel.as_of + Months(1)),
                means: means(&baseline, policy.as_ref()),
                lasting: lasting(forecast, line),
                index: panel.indices.get(line).cloned(),
                one_offs: once(panel, line),
                paths: Some(
                    policy.map_or_else(|| baseline.to_owned(), |policy| &baseline + &policy),
                ),
                model: forecast.models[at].clone(),
            };
            by_name.insert(line.clone(), leaf);
        }
        let nothing = Booked { start: panel.as_of, cents: Vec::new() };
        let budgeted = budgets.iter().filter_map(|row| row.leaf());
        for line in panel.booked.keys().cloned().chain(budgeted) {
            let booked = panel.booked.get(&line).unwrap_or(&nothing).clone();
            by_name.entry(line).or_insert_with(|| Leaf {
                booked,
                open_from: panel.as_of + Months(1),
                paths: None,
                means: Vec::new(),
                lasting: Vec::new(),
                index: None,
                one_offs: Vec::new(),
                model: NO_MODEL.to_owned(),
            });
        }
        let (_, draws, months) = forecast.paths.values.dim();
        let order = by_name.keys().cloned().collect();
        Self { by_name, order, start: forecast.paths.start, months, draws, as_of: panel.as_of }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &LineId> {
        self.order.iter()
    }

    /// The index of a line, if it is there.
    pub(super) fn place(&self, line: &LineId) -> Option<usize> {
        self.order.binary_search(line).ok()
    }

    pub(super) fn no_draws(&self) -> Vec<f64> {
        vec![0.0; self.draws]
    }

    pub(super) fn last_month(&self) -> Month {
        self.start + Months::of(self.months) - Months(1)
    }

    pub(super) fn model(&self, leaf: usize) -> &str {
        &self.leaf(leaf).model
    }

    pub(super) fn booked(&self, leaf: usize, month: Month) -> Cents {
        self.leaf(leaf).booked.get(month)
    }

    /// The first month that is not settled.
    pub(super) fn open_from(&self, leaf: usize) -> Month {
        self.leaf(leaf).open_from
    }

    /// The tariff of a month; 1 without.
    pub(super) fn tariff(&self, leaf: usize, month: Month) -> f64 {
        self.leaf(leaf).index.as_ref().map_or(1.0, |index| index.tariff(month))
    }

    /// The part of a month that policy at work made.
    pub(super) fn worked(&self, leaf: usize, month: Month) -> f64 {
        let index = self.leaf(leaf).index.as_ref();
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
        self.by_name.values().map(|leaf| leaf.booked.start).min().unwrap_or(self.as_of)
    }

    fn leaf(&self, at: usize) -> &Leaf {
        &self.by_name[&self.order[at]]
    }

    pub(super) fn month(&self, leaf: usize, month: Month) -> MonthOf<'_> {
        let leaf = self.leaf(leaf);
        let at = usize::try_from((month - self.start).0).ok().filter(|&at| at < self.months);
        let at = at.filter(|_| month >= leaf.open_from);
        match (at, &leaf.paths) {
            (Some(at), Some(paths)) => {
                let (baseline, policy) = leaf.means[at];
                MonthOf::Open { paths: paths.column(at), baseline, policy }
            }
            _ => MonthOf::Settled(leaf.booked.get(month)),
        }
    }

    /// The year total: what is settled, and the open months inside each draw.
    pub(super) fn year(&self, at: usize, year: i32) -> YearOf {
        let booked = &self.leaf(at).booked;
        let (mut late, mut ahead, mut settled) = (Cents::ZERO, Cents::ZERO, 0.0);
        let (mut added, mut draws) = (Cents::ZERO, self.no_draws());
        for month in months_of(year) {
            match self.month(at, month) {
                MonthOf::Settled(cents) => settled += cents.euros(),
                MonthOf::Open { paths, baseline, policy } => {
                    let rest = baseline - booked.get(month);
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
            booked: booked.sum(Month::january(year), Month::december(year)),
            to_receive: late,
            to_come: ahead,
            policy: added,
            draws,
        }
    }
}

/// The mean of what lasting policy inside what is expected adds to each month.
fn lasting(forecast: &Forecast, line: &LineId) -> Vec<Cents> {
    let lasting = forecast.layers.iter().filter(|layer| layer.inside && layer.lasting);
    let mut sums = Vec::new();
    for effect in lasting.filter_map(|layer| layer.effects.get(line)) {
        sums.resize(effect.ncols(), 0.0);
        sums.iter_mut()
            .zip(effect.columns())
            .for_each(|(sum, draws)| *sum += draws.mean().unwrap_or(0.0));
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
    let mean = |draws: ArrayView1<f64>| Cents::from_euros(draws.mean().unwrap_or(0.0));
    let added = |at| policy.map_or(Cents::ZERO, |policy| mean(policy.column(at)));
    baseline.columns().into_iter().enumerate().map(|(at, draws)| (mean(draws), added(at))).collect()
}
