//! Rules on the months of the whole ledger.

use super::rules::{Facts, Odd, rijen};
use crate::ledger::{PostingKind, Sum};
use crate::units::{Cents, Month, Months, euro, maand};
use std::collections::{BTreeMap, BTreeSet};

/// An end of the ledger is compared with so many months beside it.
const BESIDE: usize = 6;

/// Months between the first booking and the as-of month in which nothing at all is booked.
pub(super) fn missing_months(facts: &Facts) -> Vec<Odd> {
    let silent: Vec<Month> = silent(facts).into_iter().collect();
    let odd = |months: Vec<Month>| {
        let message = format!(
            "In {} is helemaal niets geboekt. Waarschijnlijk ontbreekt een bestand: lever het aan, of \
             controleer het bestandspatroon in prognose.toml.",
            words(&months),
        );
        Odd::general(months[0].to_string(), message)
    };
    runs(&silent).into_iter().map(odd).collect()
}

/// The first or last month holds less than half of a usual month; or care from before the first
/// booking month is only partly in the ledger.
///
/// At the front service months are compared, since the first booking months lack the late invoices
/// of earlier care; at the end booking months, since the last service months still wait for theirs.
pub(super) fn partial_month(facts: &Facts) -> Vec<Odd> {
    let booked: Vec<(Month, Cents)> = sums(facts, |sum| sum.booked).into_iter().collect();
    let Some(&(books, _)) = booked.first() else { return Vec::new() };
    let served = sums(facts, |sum| sum.service).split_off(&books);
    let first = half_empty(served.into_iter()).map(|(month, found)| {
        let advice = "Lever de hele maand aan, of laat haar weg uit het bestand.";
        Odd::general(month.to_string(), format!("De eerste maand {found}. {advice}"))
    });
    let last = half_empty(booked.into_iter().rev()).map(|(month, found)| {
        let before = month - Months(1);
        let advice = format!("Lever de hele maand aan, of reken met --as-of {before}.");
        Odd::general(month.to_string(), format!("De laatste maand {found}. {advice}"))
    });
    first.into_iter().chain(last).chain(before_the_books(facts, books)).collect()
}

/// The first month and what is odd about it, when it holds less than half of the median of the
/// months after it.
fn half_empty(mut sums: impl Iterator<Item = (Month, Cents)>) -> Option<(Month, String)> {
    let (month, amount) = sums.next()?;
    let mut beside: Vec<Cents> = sums.take(BESIDE).map(|(_, amount)| amount).collect();
    beside.sort();
    let usual = beside.get(BESIDE / 2).copied().filter(|_| beside.len() == BESIDE)?;
    let found = format!(
        "({}) is niet compleet: er is {} geboekt, tegen {} in een gewone maand daarnaast",
        maand(month),
        euro(amount),
        euro(usual),
    );
    (amount.0 * 2 < usual.0).then_some((month, found))
}

fn before_the_books(facts: &Facts, books: Month) -> Option<Odd> {
    let early: Vec<&Sum> = facts.known_sums().filter(|sum| sum.service < books).collect();
    let message = format!(
        "{}, samen {}, over zorg van voor {}, de eerste boekmaand. Van die maanden ontbreken de \
         eerdere facturen. Lever oudere jaren aan om ze te gebruiken.",
        rijen(early.iter().map(|sum| sum.rows).sum()),
        euro(early.iter().map(|sum| sum.amount).sum()),
        maand(books),
    );
    (!early.is_empty()).then(|| Odd::general(books.to_string(), message))
}

/// The months from the first booking through the as-of month without a regular booking.
pub(super) fn silent(facts: &Facts) -> BTreeSet<Month> {
    let booked = sums(facts, |sum| sum.booked);
    let first = booked.keys().next().copied();
    let all = first.into_iter().flat_map(|first| first.through(facts.as_of));
    all.filter(|month| !booked.contains_key(month)).collect()
}

/// The money of each month, closing entries apart.
fn sums(facts: &Facts, month: fn(&Sum) -> Month) -> BTreeMap<Month, Cents> {
    let mut sums = BTreeMap::new();
    for sum in facts.known_sums().filter(|sum| sum.kind == PostingKind::Regular) {
        *sums.entry(month(sum)).or_insert(Cents::ZERO) += sum.amount;
    }
    sums
}

/// Months in words, neighbours joined: `mei 2024`, `juli 2024 t/m oktober 2024`.
pub(super) fn spans(months: &[Month]) -> Vec<String> {
    runs(months).iter().map(|run| words(run)).collect()
}

/// Neighbouring months in words.
fn words(run: &[Month]) -> String {
    match run {
        [first, .., last] => format!("{} t/m {}", maand(*first), maand(*last)),
        one => one.iter().copied().map(maand).collect(),
    }
}

/// Splits ascending months where they are not neighbours.
fn runs(months: &[Month]) -> Vec<Vec<Month>> {
    let neighbours = |a: &Month, b: &Month| *b - *a == Months(1);
    months.chunk_by(neighbours).map(<[Month]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, found, month};
    use super::*;

    #[test]
    fn finds_months_without_any_booking() {
        let mut sample = Sample::new().with("Hulp", &[9, 9, 0, 0, 9, 0, 9]);
        let findings = found(&sample, "missing-months");
        assert_eq!(findings.iter().map(|f| &*f.value).collect::<Vec<_>>(), ["2020-03", "2020-06"]);
        assert!(
            findings[0].message.contains("maart 2020 t/m april 2020"),
            "{}",
            findings[0].message
        );
        sample.as_of = month(8);
        assert_eq!(found(&sample, "missing-months").len(), 3);
    }

    #[test]
    fn finds_a_half_month_at_both_ends() {
        // The months beside hold 100, so less than 50 is partial.
        let sample = Sample::new().with("Hulp", &[49, 100, 100, 100, 100, 100, 100, 100, 10]);
        let findings = found(&sample, "partial-month");
        assert_eq!(findings.iter().map(|f| &*f.value).collect::<Vec<_>>(), ["2020-01", "2020-09"]);
        assert!(findings[1].message.contains("--as-of 2020-08"), "{}", findings[1].message);
        let whole = Sample::new().with("Hulp", &[50, 100, 100, 100, 100, 100, 100, 100, 60]);
        assert!(found(&whole, "partial-month").is_empty());
    }

    #[test]
    fn a_short_ledger_has_nothing_to_compare_with() {
        assert!(found(&Sample::new().with("Hulp", &[1, 100, 100]), "partial-month").is_empty());
        assert!(found(&Sample::new(), "partial-month").is_empty());
    }

    #[test]
    fn late_invoices_make_no_month_partial() {
        // 30 in the month of the care and 70 in the month after: 30 and 100 booked.
        let mut sample = Sample::new();
        for at in 0..10 {
            sample = sample.posted("Hulp", month(at), month(at), Cents(30));
            sample = sample.posted("Hulp", month(at), month(at + 1), Cents(70));
        }
        sample.as_of = month(9);
        assert!(found(&sample, "partial-month").is_empty());
    }

    #[test]
    fn finds_care_from_before_the_books() {
        let early = month(0) - Months(2);
        let sample =
            Sample::new().with("Hulp", &[9; 3]).posted("Hulp", early, month(1), Cents(700));
        let findings = found(&sample, "partial-month");
        assert_eq!(findings.len(), 1);
        assert!(findings[0].message.starts_with("1 rij, samen €\u{a0}7,00"));
    }
}
