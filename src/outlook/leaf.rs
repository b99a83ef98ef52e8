//! What is known and drawn of each leaf.

use super::months_of;
use crate::ledger::BudgetRow;
use crate::panel::{Booked, Forecast, Panel};
use crate::units::{Cents, LineId, Month, Months};
use ndarray::{Array2, ArrayView1, Axis};
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
    /// Draw × month; `None` without postings.
    paths: Option<Array2<f64>>,
    model: String,
}

/// The total of one year of one leaf.
pub(super) struct YearOf {
    pub(super) booked: Cents,
    pub(super) to_receive: Cents,
    pub(super) to_come: Cents,
    pub(super) draws: Vec<f64>,
}

/// One month of one leaf.
pub(super) enum MonthOf<'a> {
    Settled(Cents),
    Open(ArrayView1<'a, f64>),
}

impl MonthOf<'_> {
    /// The amount itself, or the mean over the draws.
    pub(super) fn mean(&self) -> Cents {
        match self {
            Self::Settled(cents) => *cents,
            Self::Open(paths) => Cents::from_euros(paths.mean().unwrap_or(0.0)),
        }
    }
}

impl Leaves {
    pub(super) fn new(panel: &Panel, forecast: &Forecast, budgets: &[&BudgetRow]) -> Self {
        let mut by_name: BTreeMap<LineId, Leaf> = BTreeMap::new();
        for (at, line) in forecast.leaves.iter().enumerate() {
            let leaf = Leaf {
                booked: panel.booked[line].clone(),
                open_from: panel.series[line].provisional_from.unwrap_or(panel.as_of + Months(1)),
                paths: Some(forecast.paths.values.index_axis(Axis(0), at).to_owned()),
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
            (Some(at), Some(paths)) => MonthOf::Open(paths.column(at)),
            _ => MonthOf::Settled(leaf.booked.get(month)),
        }
    }

    /// The year total: what is settled, and the open months inside each draw.
    pub(super) fn year(&self, at: usize, year: i32) -> YearOf {
        let booked = &self.leaf(at).booked;
        let (mut late, mut ahead, mut settled) = (Cents::ZERO, Cents::ZERO, 0.0);
        let mut draws = self.no_draws();
        for month in months_of(year) {
            let found = self.month(at, month);
            let rest = found.mean() - booked.get(month);
            match found {
                MonthOf::Settled(cents) => settled += cents.euros(),
                MonthOf::Open(paths) => {
                    *(if month <= self.as_of { &mut late } else { &mut ahead }) += rest;
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
            draws,
        }
    }
}
