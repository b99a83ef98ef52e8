//! The run-off of one line: what of each service month is booked at which age.

use crate::units::{Month, Months};
use ndarray::{Array2, ArrayView1, Axis, Slice};

/// Euros per service month (row) and age (column), as known at the end of a month. The age of a
/// booking is its month minus the service month; what is booked ahead has age 0, and what comes later
/// than the last age is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunOff {
    /// The service month of the first row.
    pub start: Month,
    /// Booked up to and with each age. A cell of an age that lies after `as_of` is not known: it
    /// repeats the one before it.
    pub cumulative: Array2<f64>,
    /// What is booked later is not known.
    pub as_of: Month,
}

impl RunOff {
    /// The service months.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.cumulative.nrows()
    }

    /// The last age.
    #[must_use]
    pub fn oldest(&self) -> usize {
        self.cumulative.ncols().saturating_sub(1)
    }

    /// The service month of a row.
    #[must_use]
    pub fn month(&self, row: usize) -> Month {
        self.start + Months::of(row)
    }

    /// The row of a service month, if there is one.
    #[must_use]
    pub fn row(&self, month: Month) -> Option<usize> {
        usize::try_from((month - self.start).0).ok().filter(|&row| row < self.rows())
    }

    /// The age that a row has reached, at most the last; `None` when its month is still to come.
    #[must_use]
    pub fn age(&self, row: usize) -> Option<usize> {
        let age = usize::try_from((self.as_of - self.month(row)).0).ok()?;
        Some(age.min(self.oldest()))
    }

    /// How many rows have reached an age: those of the oldest months.
    #[must_use]
    pub fn aged(&self, age: usize) -> usize {
        let months = (self.as_of + Months(1) - self.start).count().min(self.rows() + age);
        if age > self.oldest() { 0 } else { months.saturating_sub(age) }
    }

    /// What is known of a row: its cumulative euros from age 0 to the age it has reached.
    #[must_use]
    pub fn known(&self, row: usize) -> ArrayView1<'_, f64> {
        let ages = self.age(row).map_or(0, |age| age + 1);
        self.cumulative.row(row).split_at(Axis(0), ages).0
    }

    /// The latest cumulative euros of a row.
    #[must_use]
    pub fn latest(&self, row: usize) -> f64 {
        self.known(row).last().copied().unwrap_or(0.0)
    }

    /// Both together, known at the end of the same month.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let start = self.start.min(other.start);
        let end = |of: &Self| of.month(of.rows());
        let rows = (end(self).max(end(other)) - start).count();
        let ages = self.cumulative.ncols().max(other.cumulative.ncols());
        let mut cumulative = Array2::zeros((rows, ages));
        for part in [self, other] {
            for row in 0..part.rows() {
                let at = (part.month(row) - start).count();
                let cells = part.cumulative.row(row);
                let last = cells.last().copied().unwrap_or(0.0);
                let cells = cells.iter().copied().chain(std::iter::repeat(last));
                cumulative.row_mut(at).iter_mut().zip(cells).for_each(|(sum, x)| *sum += x);
            }
        }
        Self { start, cumulative, as_of: self.as_of }
    }

    /// The same as it was known at the end of an earlier month.
    #[must_use]
    pub fn back_to(&self, as_of: Month) -> Self {
        let months = usize::try_from((as_of - self.start).0 + 1).unwrap_or(0);
        let rows = Slice::from(..months.min(self.rows()));
        let cumulative = self.cumulative.slice_axis(Axis(0), rows).to_owned();
        let mut earlier = Self { start: self.start, cumulative, as_of: as_of.min(self.as_of) };
        for row in 0..earlier.rows() {
            let (age, latest) = (earlier.age(row).unwrap_or(0), earlier.latest(row));
            let mut cells = earlier.cumulative.row_mut(row);
            cells.iter_mut().skip(age).for_each(|cell| *cell = latest);
        }
        earlier
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn adds_up_by_month_and_age() {
        let start = Month::january(2024);
        let of = |from: i32, cumulative| RunOff {
            start: start + Months(from),
            cumulative,
            as_of: start + Months(2),
        };
        let sum = of(1, array![[1.0, 2.0, 3.0]]).plus(&of(0, array![[10.0, 20.0], [30.0, 40.0]]));
        assert_eq!(sum, of(0, array![[10.0, 20.0, 20.0], [31.0, 42.0, 43.0]]));
    }

    #[test]
    fn forgets_what_came_later() {
        let start = Month::january(2024);
        let now = RunOff {
            start,
            cumulative: array![[1.0, 3.0, 4.0], [2.0, 5.0, 5.0], [7.0, 7.0, 7.0]],
            as_of: start + Months(2),
        };
        assert_eq!([0, 1, 2].map(|row| now.age(row)), [Some(2), Some(1), Some(0)]);
        assert_eq!(now.known(1), array![2.0, 5.0]);
        assert_eq!([0, 1, 2, 3].map(|age| now.aged(age)), [3, 2, 1, 0]);
        let then = now.back_to(start + Months(1));
        assert_eq!(then.cumulative, array![[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]]);
        assert_eq!((then.latest(0), then.latest(1), then.age(1)), (3.0, 2.0, Some(0)));
        assert_eq!(now.back_to(now.as_of), now);
    }
}
