//! How serious a workspace takes each finding.

use super::{RULES, Rule, Severity};
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
            Some(code) => Err(format!("{code:?} is no finding; did you mean {:?}?", closest(code))),
            None => Ok(Self(chosen)),
        }
    }
}

fn closest(code: &str) -> &'static str {
    let nearest = RULES.iter().min_by_key(|rule| distance(rule.code, code));
    nearest.map_or("", |rule| rule.code)
}

/// The least number of letters to put in, take out or change to make `a` into `b` (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut above: Vec<usize> = (0..=b.chars().count()).collect();
    for (row, from) in a.chars().enumerate() {
        let mut here = vec![row + 1];
        for (at, to) in b.chars().enumerate() {
            let change = above[at] + usize::from(from != to);
            here.push(change.min(above[at + 1] + 1).min(here[at] + 1));
        }
        above = here;
    }
    above.last().copied().unwrap_or(0)
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

    #[test]
    fn counts_changes() {
        assert_eq!(distance("jump", "jumps"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kat", "mat"), 1);
    }
}
