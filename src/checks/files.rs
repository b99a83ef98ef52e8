//! Rules on whole files: what was refused, left out or kept apart, to the cent.

use super::rules::{Facts, Odd, listed, rijen};
use crate::error::Place;
use crate::ledger::{Reconciliation, SourceFile};
use crate::units::{Cents, Side, euro};

/// A file of the same bytes as one that was read before: its money is refused.
pub(super) fn duplicate_file(facts: &Facts) -> Vec<Odd> {
    let odd = |file: &SourceFile| {
        let first = file.duplicate_of.as_ref()?;
        // Budgets and totals have no account.
        let refused = match &*moved(facts, file, |row| row.refused) {
            "" => String::new(),
            refused => format!(" ({refused})"),
        };
        let message = if *first == file.file {
            format!(
                "Twee [[source]]s in prognose.toml lezen uit dit bestand dezelfde kolom met bedragen. De \
                 tweede telt niet mee{refused}. Haal een van beide weg, of geef ze elk hun eigen rijen \
                 met [source.only]."
            )
        } else {
            format!(
                "Dit bestand is precies gelijk aan {first}. Het telt niet mee{refused}. Verwijder een \
                 van beide, of lever het juiste bestand aan."
            )
        };
        Some(Odd::at(place(file), first, message))
    };
    facts.ledger.files.iter().filter_map(odd).collect()
}

/// Columns that the privacy guard was told to skip.
pub(super) fn ignored_columns(facts: &Facts) -> Vec<Odd> {
    let odd = |file: &SourceFile| {
        let columns = listed(&file.ignored_columns);
        let message = format!(
            "Niet gelezen en niet gecontroleerd op persoonsgegevens, omdat prognose.toml dat vraagt \
             (ignore_columns): {columns}. Beter is een bestand zonder deze kolommen."
        );
        (!columns.is_empty()).then(|| Odd::at(place(file), columns, message))
    };
    facts.ledger.files.iter().filter_map(odd).collect()
}

/// Money of the opening period and of rows that `leave_out` names, which are left out by rule.
pub(super) fn opening_period(facts: &Facts) -> Vec<Odd> {
    set_aside(
        facts,
        |row| row.left_out,
        |amount, side, files| {
            format!(
                "{amount} aan {side} staat in de openingsperiode (periode 0), of in rijen die prognose.toml \
             weglaat (leave_out). Dat telt volgens afspraak niet mee: {files}. Klopt dat niet, boek het dan \
             in een gewone maand, of pas leave_out aan."
            )
        },
    )
}

/// Accruals and their reversals, which are kept out of the service months.
pub(super) fn accruals_apart(facts: &Facts) -> Vec<Odd> {
    set_aside(
        facts,
        |row| row.accruals,
        |amount, side, files| {
            format!(
                "Per saldo {amount} aan {side} is transitorisch: de raming van nog te ontvangen facturen en \
             de terugboeking daarvan. De echte facturen tellen al mee, dus dit niet. Vergelijk het \
             bedrag met de balans. Per bestand: {files}."
            )
        },
    )
}

/// One finding per side with the money that is set aside, and its files.
fn set_aside(
    facts: &Facts,
    part: fn(&Reconciliation) -> Cents,
    message: fn(String, Side, String) -> String,
) -> Vec<Odd> {
    let odd = |side: Side| {
        let rows = facts.ledger.reconciliation.iter();
        let mut rows: Vec<&Reconciliation> =
            rows.filter(|row| row.side == Some(side) && part(row) != Cents::ZERO).collect();
        rows.sort_by_key(|row| -part(row).abs().0);
        let amount = euro(rows.iter().map(|row| part(row)).sum());
        let file = |row: &&Reconciliation| format!("{} {}", row.file, euro(part(row)));
        let files = listed(&rows.iter().map(file).collect::<Vec<_>>());
        (!rows.is_empty()).then(|| Odd::general(amount.clone(), message(amount, side, files)))
    };
    [Side::Lasten, Side::Baten].into_iter().filter_map(odd).collect()
}

/// No source gives service months, so late invoices can not be completed.
pub(super) fn service_months_absent(facts: &Facts) -> Vec<Odd> {
    if facts.ledger.has_service_months {
        return Vec::new();
    }
    let message = "Geen enkel bestand noemt de prestatiemaand. De boekmaand telt als maand van de zorg \
                   en late facturen worden niet bijgeschat. Geef [source.columns] service op als de \
                   boekhouding de prestatiemaand kent, of voeg declaraties toe (kind = \"declarations\"). Zijn de \
                   laatste maanden nog niet compleet, laat ze dan buiten beschouwing met [forecast] \
                   drop_months = 3.";
    vec![Odd::general("", message)]
}

/// Rows without a service month in files that have them.
pub(super) fn service_month_missing(facts: &Facts) -> Vec<Odd> {
    let rows = facts.ledger.rows_without_service;
    if rows == 0 {
        return Vec::new();
    }
    let rows = rijen(rows);
    let message = format!(
        "{rows} zonder prestatiemaand, in bestanden die haar wel kennen. De boekmaand telt daar als \
         maand van de zorg, zodat late facturen te laat in de tijd staan. Vul de prestatiemaand aan in \
         de boekhouding als zij bekend is."
    );
    vec![Odd::general(rows, message)]
}

/// What happened to the money of `file`, lasten and baten apart.
fn moved(facts: &Facts, file: &SourceFile, part: fn(&Reconciliation) -> Cents) -> String {
    let name = place(file);
    let rows = facts.ledger.reconciliation.iter().filter(|row| named(row) == name);
    let amount =
        |row: &Reconciliation| format!("{} {}", row.side.unwrap_or(Side::Lasten), euro(part(row)));
    listed(&rows.map(amount).collect::<Vec<_>>())
}

fn place(file: &SourceFile) -> Place {
    Place { file: file.file.clone(), sheet: file.sheet.clone(), ..Place::default() }
}

/// The place of a reconciliation row, which writes the sheet after a `#`.
fn named(row: &Reconciliation) -> Place {
    let (file, sheet) = row.file.rsplit_once('#').unwrap_or((&row.file, ""));
    Place { file: file.to_owned(), sheet: sheet.to_owned(), ..Place::default() }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, found};
    use super::*;

    fn ledger() -> Sample {
        let mut sample = Sample::new();
        let ledger = &mut sample.ledger;
        ledger.files[0].ignored_columns = vec!["leverancier_iban".into()];
        ledger.files.push(SourceFile {
            file: "kopie.xlsx".into(),
            sheet: "Blad1".into(),
            sha256: String::new(),
            rows: 1,
            duplicate_of: Some("grootboek.csv".into()),
            ignored_columns: Vec::new(),
            skipped: 0,
        });
        ledger.reconciliation = vec![
            Reconciliation {
                file: "grootboek.csv".into(),
                side: Some(Side::Baten),
                accruals: Cents(100),
                left_out: Cents(-250),
                ..Reconciliation::default()
            },
            Reconciliation {
                file: "kopie.xlsx#Blad1".into(),
                side: Some(Side::Lasten),
                refused: Cents(99_900),
                ..Reconciliation::default()
            },
        ];
        sample
    }

    #[test]
    fn names_what_was_refused() {
        let findings = found(&ledger(), "duplicate-file");
        assert_eq!(findings.len(), 1);
        assert_eq!((&*findings[0].place.file, &*findings[0].place.sheet), ("kopie.xlsx", "Blad1"));
        assert!(findings[0].message.contains("lasten €\u{a0}999,00"), "{}", findings[0].message);
        let mut twice = ledger();
        twice.ledger.files.last_mut().unwrap().duplicate_of = Some("kopie.xlsx".into());
        let findings = found(&twice, "duplicate-file");
        assert!(findings[0].message.starts_with("Twee [[source]]s"), "{}", findings[0].message);
        twice.ledger.reconciliation.clear();
        let findings = found(&twice, "duplicate-file");
        assert!(findings[0].message.contains("telt niet mee. Haal"), "{}", findings[0].message);
    }

    #[test]
    fn shows_what_is_left_out_kept_apart_or_skipped() {
        let ledger = ledger();
        assert_eq!(found(&ledger, "opening-period")[0].value, "€\u{a0}−2,50");
        assert_eq!(found(&ledger, "accruals-apart")[0].value, "€\u{a0}1,00");
        assert_eq!(found(&ledger, "ignored-columns")[0].value, "leverancier_iban");
        assert!(found(&Sample::new(), "opening-period").is_empty());
    }

    #[test]
    fn says_that_late_invoices_are_not_estimated() {
        let mut sample = Sample::new();
        sample.ledger.has_service_months = false;
        assert_eq!(found(&sample, "service-months-absent").len(), 1);
        assert!(found(&ledger(), "service-months-absent").is_empty());
    }

    #[test]
    fn counts_the_rows_without_a_service_month() {
        let mut sample = Sample::new();
        assert!(found(&sample, "service-month-missing").is_empty());
        sample.ledger.rows_without_service = 1200;
        assert_eq!(found(&sample, "service-month-missing")[0].value, "1.200 rijen");
    }
}
