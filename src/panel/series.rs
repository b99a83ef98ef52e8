//! Monthly series on one calendar.

use super::{Index, Late};
use crate::units::{Cents, LineId, Month, Months};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Monthly amounts in euros, one per month from `start` on, without gaps (an empty month is 0).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The month of the first value.
    pub start: Month,
    /// Euros per service month.
    pub values: Vec<f64>,
    /// From this month on invoices are still to come; `None` when every month is settled.
    pub provisional_from: Option<Month>,
    /// From this month on so little is in that a model may not take it, completed or not; `None` when
    /// every month may be taken.
    pub thin_from: Option<Month>,
}

/// Exact amounts per service month from `start` on. May run past the as-of month, where money is
/// booked ahead (prepaid care).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// The month of the first amount.
    pub start: Month,
    /// Cents per service month.
    pub cents: Vec<Cents>,
}

/// All leaf lines on one calendar, as known at the end of `as_of`.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// What was known: postings booked through this month.
    pub as_of: Month,
    /// Per line, what a model may learn from: service months through `as_of`.
    pub series: BTreeMap<LineId, Series>,
    /// Per line, what is booked, exactly.
    pub booked: BTreeMap<LineId, Booked>,
    /// Lines whose codes ended before the as-of month: the last month they are valid; nothing new is
    /// expected after it.
    pub ended: BTreeMap<LineId, Month>,
    /// What is known of invoices still to come.
    pub late: Late,
    /// Per line with a tariff or policy at work, what its series and run-off are multiplied by to get
    /// euros of the day. `booked` holds those.
    pub indices: BTreeMap<LineId, Index>,
}

impl Panel {
    /// The first month that is not settled for every line; at the latest the one after `as_of`.
    #[must_use]
    pub fn open_from(&self) -> Month {
        let ahead = self.as_of + Months(1);
        self.series.values().filter_map(|series| series.provisional_from).fold(ahead, Month::min)
    }

    /// Whether the tariff of any line is known.
    #[must_use]
    pub fn has_tariffs(&self) -> bool {
        let moves =
            |index: &Index| index.tariff.iter().any(|tariff| (tariff - 1.0).abs() > f64::EPSILON);
        self.indices.values().any(moves)
    }

    /// The same panel with its series in euros of the day.
    #[must_use]
    pub fn in_euros_of_the_day(&self) -> Self {
        let mut panel = self.clone();
        for (line, index) in std::mem::take(&mut panel.indices) {
            if let Some(series) = panel.series.get_mut(&line) {
                let months = series.start.through(self.as_of);
                months.zip(&mut series.values).for_each(|(month, value)| *value *= index.at(month));
            }
        }
        panel
    }

    /// The first month of any line; `as_of` for an empty panel.
    #[must_use]
    pub fn first(&self) -> Month {
        self.series.values().map(|series| series.start).min().unwrap_or(self.as_of)
    }
}

impl Series {
    /// A series whose months are all settled.
    #[must_use]
    pub fn settled(start: Month, values: Vec<f64>) -> Self {
        Self { start, values, provisional_from: None, thin_from: None }
    }

    /// The month after the last value.
    #[must_use]
    pub fn end(&self) -> Month {
        self.start + Months::of(self.values.len())
    }

    /// The value of `month`, `None` outside the series.
    #[must_use]
    pub fn get(&self, month: Month) -> Option<f64> {
        let at = usize::try_from((month - self.start).0).ok()?;
        self.values.get(at).copied()
    }

    /// The part before `month`.
    #[must_use]
    pub fn before(&self, month: Month) -> Self {
        let keep = (month - self.start).count().min(self.values.len());
        let within = |from: &Month| *from < month;
        Self {
            start: self.start,
            values: self.values[..keep].to_vec(),
            provisional_from: self.provisional_from.filter(within),
            thin_from: self.thin_from.filter(within),
        }
    }

    /// What a model may learn from: the months that are complete, or as good as completed.
    #[must_use]
    pub fn learnable(&self) -> Self {
        self.thin_from.map_or_else(|| self.clone(), |from| self.before(from))
    }

    /// The months that wait for no invoices.
    #[must_use]
    pub fn complete(&self) -> Self {
        self.provisional_from.map_or_else(|| self.clone(), |from| self.before(from))
    }

    /// The months with their values.
    pub fn iter(&self) -> impl Iterator<Item = (Month, f64)> + '_ {
        self.start.through(self.end() - Months(1)).zip(self.values.iter().copied())
    }
}

impl Booked {
    /// The amount of `month`; nothing is booked outside the range.
    #[must_use]
    pub fn get(&self, month: Month) -> Cents {
        let at = usize::try_from((month - self.start).0).ok();
        at.and_then(|at| self.cents.get(at)).copied().unwrap_or(Cents::ZERO)
    }

    /// The sum over `first` through `last`.
    #[must_use]
    pub fn sum(&self, first: Month, last: Month) -> Cents {
        first.through(last).map(|month| self.get(month)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_and_looks_up() {
        let start = Month::january(2025);
        let mut series = Series::settled(start, vec![1.0, 2.0, 3.0]);
        series.thin_from = Some(start + Months(2));
        assert_eq!(series.learnable(), Series::settled(start, vec![1.0, 2.0]));
        assert_eq!(series.get(start + Months(2)), Some(3.0));
        assert_eq!(series.get(start - Months(1)), None);
        assert_eq!(series.before(start - Months(5)).values, Vec::<f64>::new());
    }

    #[test]
    fn sums_exactly_and_knows_nothing_outside() {
        let start = Month::january(2025);
        let booked = Booked { start, cents: vec![Cents(1), Cents(2)] };
        assert_eq!(booked.sum(start - Months(3), start + Months(9)), Cents(3));
    }
}
