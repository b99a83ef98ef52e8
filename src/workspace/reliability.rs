//! The test of the model on earlier years, kept for the reports and the model cards of the months after it: two files
//! of one test, by one rule.

use super::backtest::Tested;
use super::job::Job;
use super::write::{kept, write_all};
use crate::backtest::{Origins, Reliability, Trust, testable_from};
use crate::error::{Error, Result};
use crate::model::Spec;
use crate::units::Month;

/// The file in `state/` that holds the test that was made last.
const KEPT: &str = "reliability.json";

impl Job {
    /// What a report may say of its reliability, by the test that was kept.
    #[must_use]
    pub fn trust(&self) -> Trust {
        let kept = self.kept_test();
        let why_not = match &kept {
            None => Some(Trust::Never),
            Some(kept) if kept.spec != self.champion.spec => Some(Trust::Other),
            Some(kept) if !self.serves(&kept.spec, kept.as_of, &kept.origins) => Some(Trust::Never),
            Some(kept) if kept.as_of > self.as_of => Some(Trust::Newer(kept.as_of)),
            Some(_) => None,
        };
        match (why_not, kept) {
            (None, Some(kept)) => Trust::Tested(kept),
            _ if !self.testable() => Trust::TooYoung(testable_from(self.panel.first())),
            (why_not, _) => why_not.unwrap_or(Trust::Never),
        }
    }

    /// Whether a test can be made and would be kept, and the report and the model card have none of this model that was made
    /// in the calendar year of the as-of month.
    #[must_use]
    pub fn lacks_test(&self) -> bool {
        let report = match self.trust() {
            Trust::Tested(kept) => Some(kept.as_of),
            _ => None,
        };
        let card = self.last_test().map(|kept| kept.as_of);
        let tested =
            report == card && report.is_some_and(|as_of| as_of.year() == self.as_of.year());
        !tested && !self.has_later_test() && self.testable()
    }

    /// Keeps a test for later reports and model cards. Gives why it was not, when it was not: a look at other months says
    /// less than the page of the report tells how to check, and a look at the past is no reason to know less.
    ///
    /// # Errors
    /// When the requirements can not be read, or it can not be written.
    pub fn keep_test(&self, tested: &Tested) -> Result<Option<&'static str>> {
        let found = &tested.reliability;
        if !self.serves(&found.spec, found.as_of, &found.origins) {
            return Ok(Some("it does not stand in the usual months"));
        }
        if self.has_later_test() {
            return Ok(Some("a later backtest is kept"));
        }
        let bytes = serde_json::to_vec(found).map_err(|error| Error::input(error.to_string()))?;
        let files = [(KEPT.to_owned(), bytes), self.for_card(tested)?];
        write_all(&self.root.join("state"), &files)?;
        Ok(None)
    }

    /// The one rule for a test that is kept: it is of the model in use, and stands where a backtest of its as-of month
    /// stands without other options.
    pub(super) fn serves(&self, spec: &Spec, as_of: Month, origins: &[Month]) -> bool {
        let usual = Origins::default().months(self.panel.first(), as_of);
        *spec == self.champion.spec && usual.is_ok_and(|usual| usual == origins)
    }

    /// Whether a test that serves later months is kept, in either file.
    fn has_later_test(&self) -> bool {
        let card = self.kept_for_card().is_some_and(|kept| kept.as_of > self.as_of);
        card || matches!(self.trust(), Trust::Newer(_))
    }

    fn testable(&self) -> bool {
        self.origins(Origins::default()).is_ok()
    }

    /// One that can not be read is none: it is made anew.
    fn kept_test(&self) -> Option<Reliability> {
        kept(&self.files, KEPT)
    }
}
