//! When the department acts, and who does.

use crate::calendar::Pattern;
use crate::error::{Error, Result};
use crate::ledger::refuse_person;
use crate::units::{Cents, Level, LineId};
use serde::Deserialize;

/// One `[[norm]]` of `prognose.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Norm {
    /// What it holds for, as in the scope of `beleid.toml`: products, taakvelden, an act or `totaal`.
    pub lines: Vec<String>,
    /// The share of the budget that the expected disadvantage may come to.
    #[serde(default)]
    pub above: Option<f64>,
    /// The euros that it may come to.
    #[serde(default)]
    pub euros: Option<f64>,
    /// It passes only with at least this chance of a disadvantage, 0 to 1.
    #[serde(default)]
    pub chance: Option<f64>,
    /// The role that acts.
    pub who: String,
    /// What that role does.
    pub act: String,
}

impl Norm {
    /// Refuses a norm whose parts can not be true together.
    ///
    /// # Errors
    /// No line, neither or both of share and euros, a number out of range, or a text that is empty or holds what
    /// looks like a person's data.
    pub fn check(&self) -> Result<()> {
        let refuse = |what: &str, advice: &str| Err(Error::input(what).advice(advice));
        if self.lines.is_empty() {
            return refuse("a norm without lines", "name them, as in lines = [\"Jeugd/6.76*\"]");
        }
        match (self.above, self.euros) {
            (Some(limit), None) | (None, Some(limit)) if limit >= 0.0 && limit.is_finite() => {}
            (Some(_), None) | (None, Some(_)) => {
                return refuse(
                    "a norm below zero",
                    "write above = 0.05 for 5 %, or euros = 100000",
                );
            }
            _ => {
                return refuse(
                    "a norm is a share of the budget or an amount in euros, one of the two",
                    "write above = 0.05 for 5 %, or euros = 100000; write two [[norm]]s for both",
                );
            }
        }
        if self.above.is_some_and(|above| above > 1.0) {
            return refuse("above is more than the whole budget", "write above = 0.05 for 5 %");
        }
        if self.chance.is_some_and(|chance| !(0.0..=1.0).contains(&chance)) {
            return refuse("chance is not between 0 and 1", "write chance = 0.8 for 8 of 10");
        }
        for (key, text) in [("who", &self.who), ("act", &self.act)] {
            if text.trim().is_empty() {
                return refuse(&format!("{key} is empty"), "say which role acts, and what it does");
            }
            refuse_person(text, key)?;
        }
        Ok(())
    }

    /// Whether it holds for the row of `level` that `line` belongs to: only for the rows that it names.
    #[must_use]
    pub fn is_for(&self, line: &LineId, level: Level) -> bool {
        self.lines.iter().any(|lines| Pattern::of(lines).level(line) == Some(level))
    }

    /// Whether a disadvantage of this size passes it. `chance` is that of any disadvantage.
    #[must_use]
    pub fn is_passed(&self, disadvantage: Cents, budget: Cents, chance: Option<f64>) -> bool {
        let size = disadvantage.euros();
        let limit = self.euros.or(self.above.map(|share| share * budget.abs().euros()));
        let likely = self.chance.is_none_or(|least| chance.is_some_and(|chance| chance >= least));
        size > 0.0 && likely && limit.is_some_and(|limit| size > limit)
    }
}

#[cfg(test)]
impl Norm {
    /// Five per cent on these lines.
    pub(crate) fn made_up(lines: &str) -> Self {
        Self {
            lines: vec![lines.into()],
            above: Some(0.05),
            euros: None,
            chance: None,
            who: "de controller".into(),
            act: "Bespreek dit met inkoop.".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Side, Wet};

    #[test]
    fn is_passed_above_its_limit_and_with_its_chance() {
        let share = Norm::made_up("Wmo");
        let (budget, euros) = (Cents::from_euros(1000.0), Cents::from_euros);
        assert!(share.is_passed(euros(51.0), budget, None));
        assert!(!share.is_passed(euros(50.0), budget, None));
        assert!(!share.is_passed(euros(-900.0), budget, None));
        let amount = Norm { above: None, euros: Some(10.0), chance: Some(0.8), ..share };
        assert!(amount.is_passed(euros(11.0), budget, Some(0.8)));
        assert!(!amount.is_passed(euros(11.0), budget, Some(0.79)));
        assert!(!amount.is_passed(euros(11.0), budget, None));
        let nil = Norm { above: Some(0.0), euros: None, chance: None, ..amount };
        assert!(!nil.is_passed(Cents::ZERO, Cents::ZERO, None));
    }

    #[test]
    fn holds_for_the_rows_it_names() {
        let line = LineId {
            wet: Wet::Jeugd,
            taakveld: "6.762".into(),
            product: "Pleegzorg".into(),
            side: Side::Lasten,
        };
        let levels = |lines: &str| {
            let norm = Norm::made_up(lines);
            let all = [Level::Totaal, Level::Wet, Level::Taakveld, Level::Product, Level::Brug];
            all.into_iter().filter(|&level| norm.is_for(&line, level)).collect::<Vec<_>>()
        };
        assert_eq!(levels("Jeugd/6.76*"), [Level::Taakveld]);
        assert_eq!(levels("pleegzorg"), [Level::Product]);
        assert_eq!(levels("Jeugd"), [Level::Wet]);
        assert_eq!(levels("totaal"), [Level::Totaal]);
        assert_eq!(levels("Wmo"), []);
    }

    #[test]
    fn refuses_what_can_not_be_used() {
        let ok = || Norm::made_up("Wmo");
        ok().check().unwrap();
        for (norm, told) in [
            (Norm { lines: Vec::new(), ..ok() }, "without lines"),
            (Norm { euros: Some(1.0), ..ok() }, "one of the two"),
            (Norm { above: None, ..ok() }, "one of the two"),
            (Norm { above: Some(5.0), ..ok() }, "whole budget"),
            (Norm { above: Some(f64::NAN), ..ok() }, "below zero"),
            (Norm { chance: Some(80.0), ..ok() }, "between 0 and 1"),
            (Norm { who: " ".into(), ..ok() }, "who is empty"),
            (Norm { act: "mail jan@voorbeeld.nl".into(), ..ok() }, "act looks like"),
        ] {
            let error = norm.check().unwrap_err().to_string();
            assert!(error.contains(told) && error.contains("what to do"), "{told}: {error}");
        }
    }
}
