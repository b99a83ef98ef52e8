//! Whether the basis is in order (*basis op orde*): may a prognosis be built on this data, criterion by criterion?
//! It lists; a person decides.

use super::finding::{Finding, Severity};
use crate::ledger::{Ledger, PostingKind, Reconciliation};
use crate::units::{Cents, LineId, Month, Side, euro, maand};

/// A model needs two of every month of the year to tell season from change (the guide, drift).
const MONTHS: i32 = 24;
/// At most so much of the money of the year may stand on codes without a line, in hundredths of a per cent.
const UNCLASSIFIED: i64 = 100;

/// So much of the rows must have a service month, in per cent: the few others hardly move what is still expected.
const DATED: usize = 95;

/// What the criteria look at.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// What was known at the as-of month.
    pub known: &'a Ledger,
    /// What is odd about it.
    pub findings: &'a [Finding],
    /// The first month of any line.
    pub first: Month,
    /// The as-of month.
    pub as_of: Month,
    /// The role that answers for the model; may be empty.
    pub model_owner: &'a str,
    /// The role that answers for the data; may be empty.
    pub data_owner: &'a str,
    /// The role that answers for the process; may be empty.
    pub process_owner: &'a str,
}

/// One criterion and what was found, in plain Dutch, since a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// What is asked.
    pub asked: &'static str,
    /// What was found.
    pub found: String,
    /// What that comes to.
    pub standing: Standing,
    /// What to do when it does not hold.
    pub todo: &'static str,
}

/// What became of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// Only the organisation can tell, and has not.
    Undeclared,
}

impl Standing {
    fn of(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }
}

/// Every criterion, in the order to solve them.
#[must_use]
pub fn basis(facts: &Basis<'_>) -> Vec<Criterion> {
    vec![
        denied(facts),
        reconciled(&facts.known.reconciliation),
        history(facts),
        classified(facts),
        service_months(facts),
        budget(facts),
        owner(
            "Er is een eigenaar van de gegevens.",
            facts.data_owner,
            "Vul data_owner in bij [account] in prognose.toml.",
        ),
        owner(
            "Er is een eigenaar van het proces.",
            facts.process_owner,
            "Vul process_owner in bij [account] in prognose.toml.",
        ),
        owner(
            "Er is een eigenaar van het model.",
            facts.model_owner,
            "Vul model_owner in bij [organisation] in prognose.toml.",
        ),
    ]
}

fn denied(facts: &Basis) -> Criterion {
    let count = |severity| facts.findings.iter().filter(|found| found.severity == severity).count();
    let [denied, warnings, info] = [Severity::Denied, Severity::Warning, Severity::Info].map(count);
    Criterion {
        asked: "De controles keuren niets af.",
        found: format!("{denied} afgekeurd, {warnings} om na te kijken, {info} ter informatie"),
        standing: Standing::of(denied == 0),
        todo: "Herstel de gegevens, of geef met een reden een andere ernst bij [checks].",
    }
}

fn reconciled(rows: &[Reconciliation]) -> Criterion {
    let gap: Cents = rows.iter().map(|row| row.difference().abs()).sum();
    let read: Cents = rows.iter().map(|row| row.read.abs()).sum();
    Criterion {
        asked: "De aansluiting met het grootboek klopt tot op de cent.",
        found: format!("{} gelezen, {} verschil", euro(read), euro(gap)),
        standing: Standing::of(!rows.is_empty() && gap == Cents::ZERO),
        todo: "Gebruik de cijfers niet voordat het verschil is verklaard.",
    }
}

fn history(facts: &Basis) -> Criterion {
    let months = (facts.as_of - facts.first).0 + 1;
    let word = if months == 1 { "maand" } else { "maanden" };
    Criterion {
        asked: "Er zijn ten minste 24 maanden bekend.",
        found: format!("{months} {word}, vanaf {}", maand(facts.first)),
        standing: Standing::of(months >= MONTHS),
        todo: "Lever oudere jaren van het grootboek aan. Terugtoetsen kan vanaf 36 maanden.",
    }
}

/// Of the service year of the as-of month.
fn classified(facts: &Basis) -> Criterion {
    let lost = [Side::Lasten, Side::Baten].map(LineId::unclassified);
    let of_year = facts.known.postings.iter().filter(|posting| {
        posting.service.year() == facts.as_of.year() && posting.kind != PostingKind::Accrual
    });
    let (mut all, mut without) = (Cents::ZERO, Cents::ZERO);
    for posting in of_year {
        all += posting.amount.abs();
        if lost.contains(&facts.known.lines[posting.line as usize]) {
            without += posting.amount.abs();
        }
    }
    Criterion {
        asked: "Hoogstens 1% van het geld van dit jaar heeft geen plaats in de indeling.",
        found: format!("{} van {}", euro(without), euro(all)),
        standing: Standing::of(
            i128::from(without.0) * 10_000 <= i128::from(all.0) * i128::from(UNCLASSIFIED),
        ),
        todo: "Vul de codes aan in de indeling. De bevinding unmapped-code noemt ze.",
    }
}

/// The part of the ledger rows with a service month of their own or by declarations, in whole per cent rounded down, so that
/// 100 is all of them; `None` when service months are not known. Rows of files that do not count are left out.
#[must_use]
pub fn dated_percent(known: &Ledger) -> Option<usize> {
    let counts =
        |row: &&Reconciliation| row.superseded == Cents::ZERO && row.refused == Cents::ZERO;
    let rows: usize = known.reconciliation.iter().filter(counts).map(|row| row.rows).sum();
    let without = known.rows_without_service + known.declarations.kept.rows;
    let with = rows.saturating_sub(without);
    known.has_service_months.then(|| (100 * with).checked_div(rows).unwrap_or(100))
}

fn service_months(facts: &Basis) -> Criterion {
    let dated = dated_percent(facts.known);
    let found = match dated {
        Some(100) => "De maand van de zorg is bekend; late facturen worden geschat.".to_owned(),
        Some(share) => format!(
            "Van {share}% van de rijen is de maand van de zorg bekend; late facturen worden daarmee geschat."
        ),
        None => {
            "De maand van de zorg is niet bekend; late facturen worden niet geschat.".to_owned()
        }
    };
    Criterion {
        asked: "Van facturen is bekend voor welke maand ze zijn.",
        found,
        standing: Standing::of(dated.is_some_and(|share| share >= DATED)),
        todo: "Lever de prestatiemaand mee, of declaraties, of gedateerde standen van het grootboek.",
    }
}

fn budget(facts: &Basis) -> Criterion {
    let year = facts.as_of.year();
    let rows = facts.known.budgets_as_of(facts.as_of);
    let count = rows.iter().filter(|row| row.year == year).count();
    let word = if count == 1 { "regel" } else { "regels" };
    Criterion {
        asked: "Er is een begroting voor dit jaar.",
        found: format!("{count} {word} begroting voor {year}"),
        standing: Standing::of(count > 0),
        todo: "Lever de begroting aan als bron (kind = \"budget\").",
    }
}

fn owner(asked: &'static str, role: &str, todo: &'static str) -> Criterion {
    let declared = !role.trim().is_empty();
    Criterion {
        asked,
        found: if declared { role.trim().to_owned() } else { "niet opgegeven".to_owned() },
        standing: if declared { Standing::Holds } else { Standing::Undeclared },
        todo,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, month};
    use super::Standing::{Fails, Holds, Undeclared};
    use super::*;

    fn judged(sample: &Sample, owner: &str) -> Vec<Standing> {
        let facts = Basis {
            known: &sample.ledger,
            findings: &sample.findings(),
            first: month(0),
            as_of: sample.as_of,
            model_owner: "team",
            data_owner: owner,
            process_owner: " ",
        };
        basis(&facts).iter().map(|criterion| criterion.standing).collect()
    }

    #[test]
    fn tells_what_holds_what_does_not_and_what_nobody_said() {
        let mut sample = Sample::new().with("Hulp", &[100; 24]);
        sample.as_of = month(23);
        sample.ledger.has_service_months = true;
        sample.ledger.reconciliation =
            vec![Reconciliation { read: Cents(5), mapped: Cents(5), ..Reconciliation::default() }];
        let standings = judged(&sample, "team");
        assert_eq!(standings[1..5], [Holds; 4]);
        assert_eq!(standings[5..], [Fails, Holds, Undeclared, Holds]);
        sample.ledger.reconciliation[0].mapped = Cents(4);
        sample.ledger.has_service_months = false;
        sample.as_of = month(22);
        let standings = judged(&sample, "");
        assert_eq!(standings[1..5], [Fails, Fails, Holds, Fails]);
        assert_eq!(standings[6], Undeclared);
    }

    #[test]
    fn rows_without_a_service_month_count() {
        let mut known = Ledger { has_service_months: true, ..Ledger::default() };
        let rows =
            |rows, superseded| Reconciliation { rows, superseded, ..Reconciliation::default() };
        known.reconciliation = vec![rows(60, Cents(0)), rows(140, Cents(0)), rows(900, Cents(1))];
        assert_eq!(dated_percent(&known), Some(100));
        known.rows_without_service = 1;
        assert_eq!(dated_percent(&known), Some(99));
        known.declarations.kept.rows = 179;
        assert_eq!(dated_percent(&known), Some(10));
        known.has_service_months = false;
        assert_eq!(dated_percent(&known), None);
        // One row in twenty without it is the most.
        for (without, standing) in [(5, Standing::Holds), (6, Standing::Fails)] {
            let mut sample = Sample::new().with("Hulp", &[100; 2]);
            sample.ledger.reconciliation = vec![rows(100, Cents(0))];
            sample.ledger.rows_without_service = without;
            sample.as_of = month(1);
            assert_eq!(judged(&sample, "team")[4], standing, "{without}");
        }
    }

    #[test]
    fn more_than_a_hundredth_without_a_line_is_too_much() {
        let lost = crate::units::UNCLASSIFIED;
        for (cents, standing) in [(200, Standing::Holds), (201, Standing::Fails)] {
            let mut sample = Sample::new().with("Hulp", &[99; 2]);
            sample.as_of = month(1);
            sample = sample.posted(lost, month(1), month(1), Cents(cents));
            assert_eq!(judged(&sample, "team")[3], Standing::Holds, "a line like any other");
            let at = sample.ledger.lines.iter().position(|line| line.product == lost).unwrap();
            sample.ledger.lines[at] = LineId::unclassified(Side::Lasten);
            assert_eq!(judged(&sample, "team")[3], standing, "{cents}");
        }
    }
}
