//! Which forms there are, and which are tried.

use super::NEEDS_SEASON;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// How an error works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// In euros: y = μ + e.
    Additive,
    /// As a share of what was expected: y = μ (1 + e). For lines that are always above zero.
    Multiplicative,
}

/// How the trend runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trend {
    /// There is none.
    None,
    /// Straight on.
    Additive,
    /// Levelling off.
    Damped,
}

/// How the season runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Season {
    /// There is none.
    None,
    /// The same euros every year, but for what γ takes up.
    Additive,
    /// The same share of the level every year. Only with multiplicative errors.
    Multiplicative,
}

/// The forms of an ETS model that are tried; the least `AICc` decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EtsSpec {
    /// The errors to try; both by default. A line that is not always above zero gets additive
    /// errors and seasons instead of multiplicative ones.
    pub errors: Vec<ErrorKind>,
    /// The trends to try; all by default.
    pub trends: Vec<Trend>,
    /// The seasons to try; all by default. With less than two years none is tried.
    pub seasons: Vec<Season>,
}

/// A form: with these the parameters mean something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Form {
    pub(super) errors: ErrorKind,
    pub(super) trend: Trend,
    pub(super) season: Season,
}

/// Which parts a form has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) trend: bool,
    pub(super) season: bool,
}

impl Default for EtsSpec {
    /// All fifteen forms.
    fn default() -> Self {
        Self {
            errors: vec![ErrorKind::Additive, ErrorKind::Multiplicative],
            trends: vec![Trend::None, Trend::Additive, Trend::Damped],
            seasons: vec![Season::None, Season::Additive, Season::Multiplicative],
        }
    }
}

impl EtsSpec {
    pub(in crate::model) fn check(&self) -> Result<()> {
        if self.errors.is_empty() || self.trends.is_empty() || self.seasons.is_empty() {
            return Err(Error::input("an ETS model without an error, trend or season to try")
                .advice("name at least one of each, as in trends = [\"none\"]"));
        }
        let only_shares = self.seasons.iter().all(|&season| season == Season::Multiplicative);
        if only_shares && !self.errors.contains(&ErrorKind::Multiplicative) {
            return Err(Error::input("a multiplicative season without multiplicative errors")
                .advice("add \"multiplicative\" to errors, or another season"));
        }
        Ok(())
    }

    /// The forms to try on `n` months that are all above zero, or not.
    pub(super) fn forms(&self, n: usize, positive: bool) -> Vec<Form> {
        let mut forms = Vec::new();
        for &season in &self.seasons {
            for &trend in &self.trends {
                for &errors in &self.errors {
                    let form = Form { errors, trend, season }.suited(n, positive);
                    if form.exists() && form.parameters() + 1 < n && !forms.contains(&form) {
                        forms.push(form);
                    }
                }
            }
        }
        forms
    }
}

impl Form {
    /// The nearest form that fits such a line.
    fn suited(self, n: usize, positive: bool) -> Self {
        let errors = if positive { self.errors } else { ErrorKind::Additive };
        let season = match self.season {
            _ if n < NEEDS_SEASON => Season::None,
            Season::Multiplicative if !positive => Season::Additive,
            season => season,
        };
        Self { errors, season, ..self }
    }

    /// Additive errors make a multiplicative season divide by what may be nothing (Hyndman et al.
    /// 2008, §4.2).
    fn exists(self) -> bool {
        self.errors == ErrorKind::Multiplicative || self.season != Season::Multiplicative
    }

    /// Smoothing parameters, initial states and the variance.
    pub(super) fn parameters(self) -> usize {
        let of_trend = match self.trend {
            Trend::None => 0,
            Trend::Additive => 2,
            Trend::Damped => 3,
        };
        3 + of_trend + if self.parts().season { 12 } else { 0 }
    }

    pub(super) fn parts(self) -> Parts {
        Parts { trend: self.trend != Trend::None, season: self.season != Season::None }
    }

    /// In the usual letters: `ETS(A,Ad,A)`.
    pub(super) fn letters(self) -> String {
        let errors = match self.errors {
            ErrorKind::Additive => "A",
            ErrorKind::Multiplicative => "M",
        };
        let trend = match self.trend {
            Trend::None => "N",
            Trend::Additive => "A",
            Trend::Damped => "Ad",
        };
        let season = match self.season {
            Season::None => "N",
            Season::Additive => "A",
            Season::Multiplicative => "M",
        };
        format!("ETS({errors},{trend},{season})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_fifteen_forms_of_which_six_suit_a_line_with_zeros() {
        let spec = EtsSpec::default();
        let counts = [(99, true), (99, false), (23, true), (23, false)]
            .map(|(n, positive)| spec.forms(n, positive).len());
        assert_eq!(counts, [15, 6, 6, 3]);
    }

    #[test]
    fn a_line_that_does_not_suit_still_has_a_form() {
        let errors = vec![ErrorKind::Multiplicative];
        let spec = EtsSpec { errors, seasons: vec![Season::Multiplicative], ..EtsSpec::default() };
        let letters: Vec<String> = spec.forms(99, false).into_iter().map(Form::letters).collect();
        assert_eq!(letters, ["ETS(A,N,A)", "ETS(A,A,A)", "ETS(A,Ad,A)"]);
    }
}
