//! Calendar months. No day exists anywhere in the program.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

/// A calendar month, counted from January of the year 0. Prints and reads as `2026-10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Month(i32);

/// A number of months: the difference of two [`Month`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Months(pub i32);

/// The years a month may have. Outside them a value is a typing error, not a date.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

impl Month {
    /// The month `month` (1 to 12) of `year` (1900 to 2200), or `None` when there is no such month.
    #[must_use]
    pub fn new(year: i32, month: u32) -> Option<Self> {
        let month = i32::try_from(month).ok()?;
        (YEARS.contains(&year) && (1..=12).contains(&month)).then(|| Self(year * 12 + month - 1))
    }

    /// January of `year`, held within 1900 to 2200.
    #[must_use]
    pub fn january(year: i32) -> Self {
        Self(year.clamp(*YEARS.start(), *YEARS.end()) * 12)
    }

    /// December of `year`, held within 1900 to 2200.
    #[must_use]
    pub fn december(year: i32) -> Self {
        Self::january(year) + Months(11)
    }

    /// The calendar year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The month of the year, 1 to 12.
    #[must_use]
    pub fn of_year(self) -> u32 {
        self.0.rem_euclid(12).unsigned_abs() + 1
    }

    /// The place of the month in its year, 0 for January to 11 for December.
    #[must_use]
    pub fn index(self) -> usize {
        self.0.rem_euclid(12).unsigned_abs() as usize
    }

    /// How many days it has.
    #[must_use]
    pub fn days(self) -> u32 {
        let year = self.year();
        match self.of_year() {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// All months from this one through `last`; none when `last` is earlier.
    #[must_use]
    pub fn through(self, last: Self) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator {
        let n = usize::try_from((last.0 - self.0 + 1).max(0)).unwrap_or(0);
        (0..n).map(move |k| self + Months::of(k))
    }
}

impl Months {
    /// A count as a number of months.
    ///
    /// # Panics
    /// When the count does not fit an `i32`: no series in memory is that long.
    #[must_use]
    pub fn of(count: usize) -> Self {
        Self(i32::try_from(count).expect("a series is shorter than 2^31 months"))
    }

    /// The number of months as a count, 0 when negative.
    #[must_use]
    pub fn count(self) -> usize {
        usize::try_from(self.0).unwrap_or(0)
    }
}

impl Add<Months> for Month {
    type Output = Self;
    fn add(self, months: Months) -> Self {
        Self(self.0 + months.0)
    }
}

impl Sub<Months> for Month {
    type Output = Self;
    fn sub(self, months: Months) -> Self {
        Self(self.0 - months.0)
    }
}

impl Sub for Month {
    type Output = Months;
    fn sub(self, earlier: Self) -> Months {
        Months(self.0 - earlier.0)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Padding by the formatter keeps `{:>10}` working in tables.
        f.pad(&format!("{:04}-{:02}", self.year(), self.of_year()))
    }
}

impl FromStr for Month {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text
            .split_once('-')
            .filter(|(y, m)| y.len() == 4 && m.len() == 2)
            .and_then(|(y, m)| Self::new(y.parse().ok()?, m.parse().ok()?));
        parsed.ok_or_else(|| format!("{text:?} is not a month; write year-month, as in 2026-10"))
    }
}

impl TryFrom<String> for Month {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_reads_and_counts() {
        let october: Month = "2026-10".parse().unwrap();
        assert_eq!((october.year(), october.of_year(), october.index()), (2026, 10, 9));
        assert_eq!(october.to_string(), "2026-10");
        assert_eq!(october + Months(3), Month::january(2027));
        assert_eq!(Month::january(2027) - october, Months(3));
        assert_eq!(Month::january(2026).through(Month::december(2026)).len(), 12);
        assert_eq!(october.through(Month::january(2026)).len(), 0);
    }

    #[test]
    fn february_has_a_day_more_in_a_leap_year() {
        let days = |year, month| Month::new(year, month).unwrap().days();
        assert_eq!([1900, 2000, 2024, 2025].map(|year| days(year, 2)), [28, 29, 29, 28]);
        assert_eq!((1..=12).map(|month| days(2025, month)).sum::<u32>(), 365);
    }

    #[test]
    fn refuses_what_is_not_a_month() {
        for bad in ["2026-13", "2026-00", "26-10", "2026-1", "1026-10", "2026/10", ""] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }
}
