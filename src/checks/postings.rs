//! Rules on rows: their months, their code and whether they repeat.

use super::rules::{Facts, Odd, largest_first, listed, rijen};
use crate::ledger::{DuplicateRow, Posting, PostingKind, UnmappedCode};
use crate::units::{Cents, Months, Side, euro, maand};
use std::collections::BTreeMap;

/// Care further ahead of its booking than this is a typing error.
const AHEAD: Months = Months(12);
/// Claims lapse after five years (article 3:307 of the civil code), so an invoice for older care is
/// more likely a typing error.
const BEHIND: Months = Months(60);
/// A line on which more than one row in so many is paid ahead is paid ahead as a rule.
const RARE: usize = 20;

/// Service months that lie more than a year after the booking month.
pub(super) fn future_month(facts: &Facts) -> Vec<Odd> {
    rows(
        facts,
        |ahead| ahead > AHEAD,
        |posting| {
            let (service, booked) = (maand(posting.service), maand(posting.booked));
            format!(
                "De prestatiemaand {service} ligt meer dan een jaar na de boekmaand {booked}. Verbeter de \
             maand in de bron als het een typefout is."
            )
        },
    )
}

/// Service months that lie more than five years before the booking month.
pub(super) fn service_long_ago(facts: &Facts) -> Vec<Odd> {
    rows(
        facts,
        |ahead| Months(-ahead.0) > BEHIND,
        |posting| {
            let (service, booked) = (maand(posting.service), maand(posting.booked));
            format!(
                "De prestatiemaand {service} ligt meer dan vijf jaar voor de boekmaand {booked}. Verbeter \
             de maand in de bron als het een typefout is."
            )
        },
    )
}

/// Care booked ahead on a line where that is rare: one finding per line, at its largest row.
pub(super) fn booked_before_service(facts: &Facts) -> Vec<Odd> {
    let mut rows_of = vec![0; facts.ledger.lines.len()];
    let mut ahead: BTreeMap<u32, Vec<&Posting>> = BTreeMap::new();
    let regular = |kind| kind == PostingKind::Regular;
    for sum in facts.known_sums().filter(|sum| regular(sum.kind)) {
        rows_of[sum.line as usize] += sum.rows;
    }
    let is_ahead = |posting: &&Posting| posting.booked < posting.service && regular(posting.kind);
    for posting in facts.known().filter(is_ahead) {
        ahead.entry(posting.line).or_default().push(posting);
    }
    let rare = |line: u32, count: usize| count * RARE <= rows_of[line as usize];
    let odd = |(line, postings): (u32, Vec<&Posting>)| {
        rare(line, postings.len()).then(|| paid_ahead(facts, &postings))
    };
    largest_first(ahead.into_iter().filter_map(odd).collect())
}

fn paid_ahead(facts: &Facts, postings: &[&Posting]) -> (Cents, Odd) {
    let largest = largest(postings);
    let amount: Cents = postings.iter().map(|posting| posting.amount).sum();
    let message = format!(
        "{}: {}, samen {}, geboekt voor de maand van de zorg, terwijl dat op deze regel \
         bijna nooit gebeurt. De grootste: prestatiemaand {}, geboekt in {}. Controleer of de maanden \
         kloppen.",
        facts.line(largest),
        rijen(postings.len()),
        euro(amount),
        maand(largest.service),
        maand(largest.booked),
    );
    (amount, Odd::at(facts.ledger.place(largest.origin), largest.service.to_string(), message))
}

/// Rows of one file that are the same in every column: one finding per file, at its largest row.
pub(super) fn duplicate_rows(facts: &Facts) -> Vec<Odd> {
    let mut per_file: BTreeMap<u32, Vec<&DuplicateRow>> = BTreeMap::new();
    for duplicate in &facts.ledger.duplicates {
        per_file.entry(duplicate.row.file).or_default().push(duplicate);
    }
    let odd = |mut rows: Vec<&DuplicateRow>| {
        rows.sort_by_key(|duplicate| (-duplicate.amount.abs().0, duplicate.row));
        let amount: Cents = rows.iter().map(|duplicate| duplicate.amount).sum();
        let pair =
            |duplicate: &&DuplicateRow| format!("{} = {}", duplicate.row.row, duplicate.of.row);
        let message = format!(
            "{} met in alle kolommen hetzelfde als een eerdere rij van dit bestand, samen {}. Ze \
             tellen mee, want twee gelijke facturen kunnen echt zijn. Ga na of een factuur dubbel is \
             geboekt. Rijen: {}.",
            rijen(rows.len()),
            euro(amount),
            listed(&rows.iter().map(pair).collect::<Vec<_>>()),
        );
        let place = facts.ledger.place(rows[0].row);
        (amount, Odd::at(place, euro(rows[0].amount), message))
    };
    largest_first(per_file.into_values().map(odd).collect())
}

/// Codes that are not in the line table at their service month.
pub(super) fn unmapped_code(facts: &Facts) -> Vec<Odd> {
    let odd = |unmapped: &UnmappedCode| {
        let message = format!(
            "Code {} staat niet in de indeling voor de maand van de zorg: {}, lasten min baten {}. \
             Het bedrag staat op de regel 'niet ingedeeld'. Voeg de code toe aan de indeling of \
             verruim de geldigheid.",
            unmapped.code,
            rijen(unmapped.rows),
            euro(unmapped.amount),
        );
        let place = facts.ledger.place(unmapped.first);
        (unmapped.amount, Odd::at(place, unmapped.code.clone(), message))
    };
    largest_first(facts.ledger.unmapped.iter().map(odd).collect())
}

/// Rows booked after the as-of month: in the files, but not known yet.
pub(super) fn booked_after_as_of(facts: &Facts) -> Vec<Odd> {
    let later = facts.sums.iter().filter(|sum| sum.booked > facts.as_of);
    let count = later.map(|sum| sum.rows).sum();
    let message = format!(
        "{} geboekt na de peilmaand {}: dat doet nog niet mee. Laat --as-of weg om alles \
         mee te nemen.",
        rijen(count),
        maand(facts.as_of),
    );
    if count == 0 { Vec::new() } else { vec![Odd::general(count.to_string(), message)] }
}

/// Money of the closing periods: its service month is December. One finding per side.
pub(super) fn closing_periods(facts: &Facts) -> Vec<Odd> {
    let odd = |side: Side| {
        let mut years: BTreeMap<i32, Cents> = BTreeMap::new();
        let closing = facts.known_sums().filter(|sum| sum.kind == PostingKind::Closing);
        for sum in closing.filter(|sum| facts.ledger.lines[sum.line as usize].side == side) {
            *years.entry(sum.service.year()).or_default() += sum.amount;
        }
        let total = euro(years.values().sum());
        let year = |(year, amount): (&i32, &Cents)| format!("{year} {}", euro(*amount));
        let message = format!(
            "In afsluitperioden (13 en hoger) is {total} aan {side} geboekt. Dat telt mee in december van \
             het jaar: {}.",
            listed(&years.iter().rev().map(year).collect::<Vec<_>>()),
        );
        (!years.is_empty()).then(|| Odd::general(total, message))
    };
    [Side::Lasten, Side::Baten].into_iter().filter_map(odd).collect()
}

/// A finding for each known row whose care lies oddly far from its booking.
fn rows(facts: &Facts, odd: fn(Months) -> bool, message: fn(&Posting) -> String) -> Vec<Odd> {
    if !facts.known_sums().any(|sum| odd(sum.service - sum.booked)) {
        return Vec::new();
    }
    let at = |posting: &Posting| {
        let place = facts.ledger.place(posting.origin);
        (posting.amount, Odd::at(place, posting.service.to_string(), message(posting)))
    };
    largest_first(
        facts.known().filter(|posting| odd(posting.service - posting.booked)).map(at).collect(),
    )
}

fn largest<'a>(postings: &[&'a Posting]) -> &'a Posting {
    let largest = postings.iter().max_by_key(|posting| (posting.amount.abs(), posting.origin));
    largest.expect("a line is only in the map with a posting")
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, found, month};
    use super::*;
    use crate::ledger::Origin;

    #[test]
    fn finds_months_too_far_from_the_booking() {
        let sample = Sample::new()
            .with("Hulp", &[100; 24])
            .posted("Hulp", month(16), month(3), Cents(5))
            .posted("Hulp", month(15), month(3), Cents(6))
            .posted("Hulp", month(0) - Months(50), month(11), Cents(7));
        let future = found(&sample, "future-month");
        assert_eq!(future.len(), 1);
        assert_eq!((future[0].place.row, &*future[0].value), (Some(26), "2021-05"));
        assert_eq!(found(&sample, "service-long-ago").len(), 1);
    }

    #[test]
    fn paying_ahead_is_odd_only_where_it_is_rare() {
        // One row of 25 is 4 %.
        let rare =
            Sample::new().with("Hulp", &[100; 24]).posted("Hulp", month(9), month(6), Cents(5));
        let findings = found(&rare, "booked-before-service");
        assert_eq!((findings.len(), findings[0].place.row), (1, Some(26)));
        // Two of 26 are 8 %.
        let usual = rare.posted("Hulp", month(9), month(6), Cents(5));
        assert!(found(&usual, "booked-before-service").is_empty());
    }

    #[test]
    fn lists_repeated_rows_per_file() {
        let mut sample = Sample::new().with("Hulp", &[100; 3]);
        let at = |row| Origin { file: 0, row };
        let repeated =
            |row, of, amount| DuplicateRow { row: at(row), of: at(of), amount: Cents(amount) };
        sample.ledger.duplicates = vec![repeated(3, 2, 100), repeated(9, 4, -900)];
        let findings = found(&sample, "duplicate-rows");
        assert_eq!((findings.len(), findings[0].place.row), (1, Some(9)));
        assert!(findings[0].message.contains("samen €\u{a0}−8,00"), "{}", findings[0].message);
        assert!(findings[0].message.contains("Rijen: 9 = 4; 3 = 2."), "{}", findings[0].message);
    }

    #[test]
    fn puts_the_largest_unmapped_code_first() {
        let mut sample = Sample::new().with("Hulp", &[100; 3]);
        let unmapped = |code: &str, amount| UnmappedCode {
            code: code.into(),
            rows: 2,
            amount: Cents(amount),
            first: Origin { file: 0, row: 17 },
        };
        sample.ledger.unmapped = vec![unmapped("K1", 5), unmapped("K2", -50)];
        let findings = found(&sample, "unmapped-code");
        assert_eq!(findings.iter().map(|f| &*f.value).collect::<Vec<_>>(), ["K2", "K1"]);
        assert_eq!(findings[0].place.row, Some(17));
    }

    #[test]
    fn counts_what_is_not_known_yet() {
        let mut sample = Sample::new().with("Hulp", &[100; 24]);
        assert!(found(&sample, "booked-after-as-of").is_empty());
        sample.as_of = month(20);
        assert_eq!(found(&sample, "booked-after-as-of")[0].value, "3");
    }

    #[test]
    fn sums_the_closing_periods_of_a_year() {
        let mut sample = Sample::new().with("Hulp", &[100; 24]);
        sample.ledger.postings[11].kind = PostingKind::Closing;
        let findings = found(&sample, "closing-periods");
        assert_eq!((findings.len(), &*findings[0].value), (1, "€\u{a0}100,00"));
        assert!(findings[0].message.contains("2020 €\u{a0}100,00."), "{}", findings[0].message);
    }
}
