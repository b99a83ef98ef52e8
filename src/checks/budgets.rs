//! Rules on budgets and stated totals.

use super::rules::{Facts, Odd, largest_first, listed};
use crate::ledger::{BudgetRow, ControlTotal, Posting, PostingKind};
use crate::units::{Cents, LineId, Month, Months, Side, euro, maand};
use std::collections::BTreeMap;

/// Lines with money in the current year and no budget for it; all of them are one finding per side.
pub(super) fn no_budget(facts: &Facts) -> Vec<Odd> {
    let year = facts.as_of.year();
    let rows: Vec<&BudgetRow> = adopted(facts).filter(|row| row.year == year).collect();
    if rows.is_empty() {
        return vec![Odd::general(
            year.to_string(),
            format!(
                "Voor {year} is nog geen begroting ingelezen. Zonder begroting is er geen afwijking. Lever \
             haar aan als bron (kind = \"budget\")."
            ),
        )];
    }
    [Side::Lasten, Side::Baten]
        .into_iter()
        .filter_map(|side| unbudgeted(facts, &rows, side))
        .collect()
}

fn unbudgeted(facts: &Facts, rows: &[&BudgetRow], side: Side) -> Option<Odd> {
    let year = facts.as_of.year();
    let covered = |line: &LineId| rows.iter().any(|row| row.side == side && row.scope.holds(line));
    let booked = facts.panel.booked.iter().filter(|(line, _)| line.side == side && !covered(line));
    let spent = booked.map(|(line, booked)| (booked.sum(Month::january(year), facts.as_of), line));
    let mut spent: Vec<(Cents, &LineId)> =
        spent.filter(|(amount, _)| *amount != Cents::ZERO).collect();
    spent.sort_by_key(|(amount, _)| -amount.abs().0);
    let total: Cents = spent.iter().map(|(amount, _)| *amount).sum();
    let line = |(amount, line): &(Cents, &LineId)| format!("{line} {}", euro(*amount));
    let message = format!(
        "Voor {year} is er geen begroting voor {} van de regels met {side}, samen tot nu toe {}: {}. Vul \
         de begroting aan, of controleer de code in de begroting.",
        spent.len(),
        euro(total),
        listed(&spent.iter().map(line).collect::<Vec<_>>()),
    );
    (!spent.is_empty()).then(|| Odd::general(year.to_string(), message))
}

/// The last year with a budget, when it is nearer than the years ahead.
pub(super) fn budget_ends(facts: &Facts) -> Vec<Odd> {
    let year = facts.as_of.year();
    let last = adopted(facts).map(|row| row.year).max();
    let near = last.filter(|last| (year..year + facts.years_ahead).contains(last));
    let odd = |last: i32| {
        let message = format!(
            "De begroting loopt tot en met {last}. Voor latere jaren staat er geen afwijking in het \
             overzicht."
        );
        Odd::general(last.to_string(), message)
    };
    near.map(odd).into_iter().collect()
}

/// Budget rows for a part of the hierarchy without lines. A row for one leaf counts also when nothing
/// is booked on it.
pub(super) fn budget_without_line(facts: &Facts) -> Vec<Odd> {
    let held = |row: &BudgetRow| {
        facts.ledger.lines.iter().any(|line| line.side == row.side && row.scope.holds(line))
    };
    let odd = |row: &BudgetRow| {
        let scope = &row.scope;
        let wet = scope.wet.map(|wet| wet.to_string());
        let named = [wet, scope.taakveld.clone(), scope.product.clone()];
        let named = named.into_iter().flatten().collect::<Vec<_>>().join(" / ");
        let message = format!(
            "De begroting {} van {} aan {} ({named}) hoort bij geen enkele regel en telt niet mee. \
             Controleer de schrijfwijze, of voeg de regel toe aan de indeling.",
            row.year,
            euro(row.amount),
            row.side,
        );
        (row.amount, Odd::at(facts.ledger.place(row.origin), named, message))
    };
    largest_first(
        adopted(facts).filter(|row| row.leaf().is_none() && !held(row)).map(odd).collect(),
    )
}

/// The budget rows known at the as-of month.
fn adopted<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a BudgetRow> {
    let as_of = facts.as_of;
    facts.ledger.budgets.iter().filter(move |row| row.adopted <= as_of)
}

/// Stated totals that the ledger does not add up to, to the cent. They are about what was read, so
/// the as-of month plays no part.
pub(super) fn control_total(facts: &Facts) -> Vec<Odd> {
    if facts.ledger.controls.is_empty() {
        return Vec::new();
    }
    let sums = Sums::of(facts);
    let odd = |control: &ControlTotal| {
        let (read, accruals) = match control.quarter {
            Some(quarter) => (booked_through(facts, control, quarter), Cents::ZERO),
            None => sums.within(facts, control),
        };
        let difference = read - control.amount;
        let explained = control.quarter.is_none() && -difference == accruals;
        let hint =
            if explained { "Het verschil is precies wat transitorisch is geboekt. " } else { "" };
        let message = format!(
            "Het controletotaal voor {} ({}) is {}, maar gelezen is {}: een verschil van {}. {hint}Ga na \
             of een bestand ontbreekt of dubbel is, en of het controletotaal hetzelfde omvat.",
            period(control),
            control.side,
            euro(control.amount),
            euro(read),
            euro(difference),
        );
        let place = facts.ledger.place(control.origin);
        (difference != Cents::ZERO).then(|| (difference, Odd::at(place, euro(difference), message)))
    };
    largest_first(facts.ledger.controls.iter().filter_map(odd).collect())
}

fn period(control: &ControlTotal) -> String {
    let ControlTotal { year, month, quarter, .. } = control;
    match (quarter, month.and_then(|month| Month::new(*year, month))) {
        (Some(quarter), _) => format!("kwartaal {quarter} van {year}, geboekt sinds januari"),
        (None, Some(month)) => maand(month),
        (None, None) => year.to_string(),
    }
}

/// All that was booked from January through a quarter, whatever it is for: so Iv3 of a quarter is made.
fn booked_through(facts: &Facts, control: &ControlTotal, quarter: u32) -> Cents {
    let ledger = facts.ledger;
    let end = Month::january(control.year) + Months(3 * quarter.cast_signed() - 1);
    let within = |posting: &&Posting| {
        let (line, origin) = (&ledger.lines[posting.line as usize], posting.origin.file);
        (Month::january(control.year)..=end).contains(&posting.booked)
            && line.side == control.side
            && control.scope.holds(line)
            && control
                .of_file
                .as_ref()
                .is_none_or(|name| *name == ledger.files[origin as usize].file)
    };
    ledger.postings.iter().filter(within).map(|posting| posting.amount).sum()
}

/// What was read per file, line and service month: what counts, and the accruals beside it.
struct Sums(BTreeMap<(u32, u32, Month), (Cents, Cents)>);

impl Sums {
    fn of(facts: &Facts) -> Self {
        let mut sums: BTreeMap<_, (Cents, Cents)> = BTreeMap::new();
        for posting in &facts.ledger.postings {
            let sum = sums.entry((posting.origin.file, posting.line, posting.service)).or_default();
            match posting.kind {
                PostingKind::Accrual => sum.1 += posting.amount,
                PostingKind::Regular | PostingKind::Closing => sum.0 += posting.amount,
            }
        }
        Self(sums)
    }

    /// What counts within a control total, and the accruals beside it.
    fn within(&self, facts: &Facts, control: &ControlTotal) -> (Cents, Cents) {
        let ledger = facts.ledger;
        let file = |at: u32| {
            control.of_file.as_ref().is_none_or(|name| *name == ledger.files[at as usize].file)
        };
        let line = |at: u32| {
            let line = &ledger.lines[at as usize];
            line.side == control.side && control.scope.holds(line)
        };
        let month = |month: Month| {
            month.year() == control.year && control.month.is_none_or(|m| m == month.of_year())
        };
        let within = self.0.iter().filter(|((f, l, m), _)| month(*m) && file(*f) && line(*l));
        within
            .fold(Default::default(), |(read, accruals), (_, sum)| (read + sum.0, accruals + sum.1))
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, found};
    use super::*;
    use crate::ledger::{Origin, Scope};
    use crate::units::Wet;

    fn budget(year: i32, product: Option<&str>, adopted: Month) -> BudgetRow {
        BudgetRow {
            year,
            scope: Scope { product: product.map(Into::into), ..Scope::default() },
            side: Side::Lasten,
            amount: Cents(100),
            version: "primitief".into(),
            adopted,
            origin: Origin { file: 0, row: 4 },
        }
    }

    fn control(month: Option<u32>, amount: i64) -> ControlTotal {
        ControlTotal {
            year: 2020,
            month,
            quarter: None,
            side: Side::Lasten,
            scope: Scope::default(),
            of_file: None,
            amount: Cents(amount),
            origin: Origin { file: 0, row: 2 },
        }
    }

    #[test]
    fn asks_for_a_budget_that_was_known() {
        let mut sample = Sample::new().with("Hulp", &[10; 6]).with("Dag", &[20; 6]);
        assert!(found(&sample, "no-budget")[0].message.contains("nog geen begroting"));
        sample.ledger.budgets = vec![budget(2020, Some("Hulp"), Month::january(2020))];
        let findings = found(&sample, "no-budget");
        assert_eq!(findings.len(), 1);
        assert!(findings[0].message.contains("Wmo / 6.711 / Dag / lasten €\u{a0}120,00"));
        sample.ledger.budgets.push(budget(2020, None, Month::december(2020)));
        assert_eq!(found(&sample, "no-budget").len(), 1);
        sample.ledger.budgets.push(budget(2020, None, Month::january(2020)));
        assert!(found(&sample, "no-budget").is_empty());
    }

    #[test]
    fn tells_where_the_budget_ends() {
        let mut sample = Sample::new().with("Hulp", &[10; 6]);
        assert!(found(&sample, "budget-ends").is_empty());
        sample.ledger.budgets = vec![budget(2022, None, Month::january(2020))];
        assert_eq!(found(&sample, "budget-ends")[0].value, "2022");
        sample.years_ahead = 2;
        assert!(found(&sample, "budget-ends").is_empty());
    }

    #[test]
    fn finds_a_budget_of_no_line() {
        let mut sample = Sample::new().with("Hulp", &[10; 6]);
        sample.ledger.budgets = vec![budget(2020, Some("Hulpp"), Month::january(2020))];
        let findings = found(&sample, "budget-without-line");
        assert_eq!((findings[0].place.row, &*findings[0].value), (Some(4), "Hulpp"));
        // The budget of one leaf counts, though nothing is booked on it.
        let scope = &mut sample.ledger.budgets[0].scope;
        (scope.wet, scope.taakveld) = (Some(Wet::Wmo), Some("6.711".into()));
        assert!(found(&sample, "budget-without-line").is_empty());
    }

    #[test]
    fn adds_up_to_the_cent() {
        // Six months of 10,00 euros.
        let mut sample = Sample::new().with("Hulp", &[10; 6]);
        sample.ledger.controls = vec![control(None, 6000), control(Some(3), 1000)];
        assert!(found(&sample, "control-total-differs").is_empty());
        sample.ledger.controls = vec![control(None, 6001), control(Some(7), 1000)];
        let findings = found(&sample, "control-total-differs");
        let values: Vec<&str> = findings.iter().map(|finding| &*finding.value).collect();
        assert_eq!(values, ["€\u{a0}−10,00", "€\u{a0}−0,01"]);
    }

    #[test]
    fn a_quarter_is_what_was_booked_since_january() {
        // Six months of 10,00 euros, each booked in its own month; one of them is an accrual.
        let mut sample = Sample::new().with("Hulp", &[10; 6]);
        sample.ledger.postings[4].kind = PostingKind::Accrual;
        let quarter =
            |quarter, amount| ControlTotal { quarter: Some(quarter), ..control(None, amount) };
        sample.ledger.controls = vec![quarter(1, 3000), quarter(2, 6000)];
        assert!(found(&sample, "control-total-differs").is_empty());
        sample.ledger.controls = vec![quarter(1, 3100)];
        let findings = found(&sample, "control-total-differs");
        assert!(
            findings[0].message.contains("kwartaal 1 van 2020, geboekt sinds januari (lasten)")
        );
    }

    #[test]
    fn knows_when_the_accruals_are_the_difference() {
        let mut sample = Sample::new().with("Hulp", &[10; 6]);
        sample.ledger.postings[5].kind = PostingKind::Accrual;
        sample.ledger.controls = vec![control(None, 6000)];
        let findings = found(&sample, "control-total-differs");
        assert!(
            findings[0].message.contains("precies wat transitorisch"),
            "{}",
            findings[0].message
        );
    }
}
