//! Which months of the past a backtest stands in.

use crate::error::{Error, Result};
use crate::units::{Month, Months};

/// So many months of history an origin needs.
pub const HISTORY: Months = Months(36);
/// Without other options a backtest stands at the end of these months of each year.
const USUAL: [u32; 3] = [3, 6, 9];

/// The origins a user asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// The first origin; the first that has history enough when `None`.
    pub from: Option<Month>,
    /// The last origin; the last whose year is complete when `None`.
    pub to: Option<Month>,
    /// A step in months; the months 3, 6 and 9 of each year when `None`.
    pub every: Option<u32>,
}

/// The month from which on a ledger that begins in `first` can be tested: the end of the first year with a usual
/// origin.
#[must_use]
pub fn testable_from(first: Month) -> Month {
    let earliest = first + HISTORY - Months(1);
    let late = USUAL.iter().all(|&month| month < earliest.of_year());
    Month::december(earliest.year() + i32::from(late))
}

impl Origins {
    /// The origins between the first and last month of a ledger. The year of every origin is
    /// complete, or nothing could be compared.
    ///
    /// # Errors
    /// When no origin is left, with the reason.
    pub fn months(self, first: Month, latest: Month) -> Result<Vec<Month>> {
        let earliest = first + HISTORY - Months(1);
        let complete =
            Month::december(if latest.of_year() == 12 { latest.year() } else { latest.year() - 1 });
        let from = self.from.map_or(earliest, |from| from.max(earliest));
        let to = self.to.map_or(complete, |to| to.min(complete));
        let wanted = |&month: &Month| match self.every {
            Some(step) => (month - from).0.unsigned_abs().is_multiple_of(step.max(1)),
            None => USUAL.contains(&month.of_year()),
        };
        let months: Vec<Month> =
            from.through(to).filter(|month| month.of_year() < 12).filter(wanted).collect();
        if months.is_empty() {
            let what = format!(
                "no month between {from} and {to} can be an origin: the ledger runs from {first} to {latest}"
            );
            let advice = format!(
                "an origin needs {} months of history and a year that is complete since",
                HISTORY.0
            );
            return Err(Error::input(what).advice(advice));
        }
        Ok(months)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn usual_origins_have_history_and_a_complete_year() {
        let months = Origins::default().months(month("2020-01"), month("2024-11")).unwrap();
        // 36 months are there at the end of 2022-12, and 2024 is not complete.
        assert_eq!(months, ["2023-03", "2023-06", "2023-09"].map(month));
    }

    #[test]
    fn a_test_waits_for_the_end_of_the_first_year_with_an_origin() {
        // 36 months are there at the end of 2022-12, after its last usual origin; or at that of 2022-09.
        assert_eq!(testable_from(month("2020-01")), month("2023-12"));
        assert_eq!(testable_from(month("2019-10")), month("2022-12"));
        for first in ["2020-01", "2019-10", "2019-11"].map(month) {
            let from = testable_from(first);
            assert!(Origins::default().months(first, from).is_ok());
            assert!(Origins::default().months(first, from - Months(1)).is_err());
        }
    }

    #[test]
    fn steps_from_the_first_origin() {
        let asked = Origins { from: Some(month("2023-02")), to: None, every: Some(4) };
        let months = asked.months(month("2020-01"), month("2024-12")).unwrap();
        assert_eq!(months[..3], ["2023-02", "2023-06", "2023-10"].map(month));
        assert!(Origins::default().months(month("2023-01"), month("2024-12")).is_err());
    }
}
