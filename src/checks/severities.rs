//! How serious a workspace takes each finding.

use super::{RULES, Rule, Severity};
use crate::units::closest;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The severities that a workspace chose, by code; for the other codes the default of the rule
/// holds. An unknown code is refused when it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "BTreeMap<String, Severity>")]
pub struct Severities(BTreeMap<String, Severity>);

impl Severities {
    /// The severity of the findings of `rule`.
    #[must_use]
    pub fn of(&self, rule: &Rule) -> Severity {
        self.0.get(rule.code).copied().unwrap_or(rule.severity)
    }
}

impl TryFrom<BTreeMap<String, Severity>> for Severities {
    type Error = String;
    fn try_from(chosen: BTreeMap<String, Severity>) -> Result<Self, String> {
        let known = |code: &str| RULES.iter().any(|rule| rule.code == code);
        match chosen.keys().find(|code| !known(code)) {
            Some(code) => {
                let known = RULES.iter().map(|rule| rule.code);
                let meant = closest(code, known).unwrap_or_default();
                Err(format!("{code:?} is no finding; did you mean {meant:?}?"))
            }
            None => Ok(Self(chosen)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Severities, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn a_choice_replaces_the_default() {
        let chosen = read(r#"{"line-stops": "denied"}"#).unwrap();
        let of = |code: &str| chosen.of(RULES.iter().find(|rule| rule.code == code).unwrap());
        assert_eq!(of("line-stops"), Severity::Denied);
        assert_eq!(of("duplicate-file"), Severity::Warning);
    }

    #[test]
    fn an_unknown_code_names_the_closest() {
        let error = read(r#"{"line-stop": "info"}"#).unwrap_err();
        assert!(error.contains("did you mean \"line-stops\"?"), "{error}");
        assert!(read(r#"{"line-stops": "mild"}"#).is_err());
    }
}
