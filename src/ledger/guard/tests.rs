//! The guard over whole tables.

use super::*;
use crate::ledger::table::tests::table;
use proptest::prelude::*;

fn at() -> Place {
    Place { file: "a.csv".into(), ..Place::default() }
}

/// A ledger of `rows`, whose first column is the booking month and second the amount.
fn guard(header: &str, values: &[&str], ignore: &[&str]) -> Result<Vec<String>, String> {
    let rows: Vec<Vec<String>> = values
        .iter()
        .map(|value| vec!["2026-10".into(), "1,00".into(), (*value).to_owned()])
        .collect();
    let table = table(&["maand", "bedrag", header], &rows);
    let fields = BTreeMap::from([(Field::Booked, 0), (Field::Amount, 1)]);
    let privacy = Privacy { ignore_columns: ignore.iter().map(|&name| name.to_owned()).collect() };
    check(&table, &fields, &[], &privacy, true, &at()).map_err(|error| {
        assert_eq!((error.is_personal_data(), error.exit_code()), (true, 1));
        error.to_string()
    })
}

const BSNS: [&str; 3] = ["123456782", "111222333", "100000009"];

#[test]
fn names_file_and_column_and_no_value() {
    let message = guard("kenmerk", &BSNS, &[]).unwrap_err();
    assert_eq!(
        message,
        "a.csv, column kenmerk: looks like a citizen service number (BSN), by its values; the file is refused\n  \
         what to do: deliver the file without it; this column can not be ignored"
    );
    for (header, value) in [
        ("tekst", "jan@voorbeeld.nl"),
        ("tekst", "NL91ABNA0417164300"),
        ("tekst", "7551 AB"),
        ("Cliënt", "Jansen"),
    ] {
        let message = guard(header, &[value], &[]).unwrap_err();
        assert!(!message.contains(value), "{message}");
    }
}

#[test]
fn an_ignored_column_is_skipped_unless_it_holds_bsns() {
    assert_eq!(guard("iban", &["NL91ABNA0417164300"], &["iban"]), Ok(vec!["iban".to_owned()]));
    assert_eq!(guard("iban", &["x"], &["bedrag"]).unwrap_err().lines().count(), 2);
    assert!(guard("kenmerk", &BSNS, &["kenmerk"]).unwrap_err().contains("BSN"));
    assert!(guard("bsn", &["x"], &["bsn"]).unwrap_err().contains("by its header"));
}

#[test]
fn a_header_that_is_a_value_is_not_repeated() {
    for header in ["jan@voorbeeld.nl", "123456782"] {
        let message =
            guard(header, &[BSNS[0], BSNS[1], BSNS[2], "jan@voorbeeld.nl"], &[]).unwrap_err();
        assert!(message.starts_with("a.csv, column number 3: looks like"), "{message}");
    }
}

#[test]
fn amounts_and_codes_do_not_trip() {
    // The amount column in cents: three of three pass the eleven test.
    let rows: Vec<Vec<String>> =
        BSNS.iter().map(|value| vec![(*value).to_owned(), "6711HV".into()]).collect();
    let table = table(&["bedrag", "product"], &rows);
    let fields = BTreeMap::from([(Field::Amount, 0), (Field::Code, 1)]);
    assert_eq!(check(&table, &fields, &[], &Privacy::default(), true, &at()), Ok(Vec::new()));
    assert_eq!(guard("factuurnummer", &BSNS[..2], &[]), Ok(Vec::new()));
    assert_eq!(guard("omschrijving", &["hulp 2024 WMO", "Zorg 2000 BV"], &[]), Ok(Vec::new()));
}

#[test]
fn birth_dates_spread_and_dates_of_a_ledger_do_not() {
    let born = ["1948-03-12", "1961-11-30", "1939-01-05"];
    assert!(guard("datum", &born, &[]).unwrap_err().contains("birth date, by its values"));
    let children: Vec<String> =
        (2008..2026).map(|year| format!("{:02}-05-{year}", year - 2000)).collect();
    let children: Vec<&str> = children.iter().map(String::as_str).collect();
    assert!(guard("datum", &children, &[]).unwrap_err().contains("birth date"));
    for dates in [
        ["2026-09-30", "2026-10-01", "2024-01-15"],
        ["2019-01-01", "2022-01-01", "9999-12-31"],
        ["01-01-1900", "2026-10-01", "2026-10-02"],
        ["2015-01", "1999-01", "1950-01"],
    ] {
        assert_eq!(guard("datum", &dates, &[]), Ok(Vec::new()), "{dates:?}");
    }
}

#[test]
fn invoice_dates_of_a_long_ledger_pass() {
    // Twenty years of bookings, each with an invoice date two months earlier.
    let rows: Vec<Vec<String>> = (2006..2026)
        .map(|year| vec![format!("{year}-03"), "1".into(), format!("{year}-01-15")])
        .collect();
    let table = table(&["maand", "bedrag", "factuurdatum"], &rows);
    let fields = BTreeMap::from([(Field::Booked, 0), (Field::Amount, 1)]);
    assert_eq!(check(&table, &fields, &[], &Privacy::default(), true, &at()), Ok(Vec::new()));
}

#[test]
fn a_name_is_a_party_only_in_transactions() {
    let table = table(&["naam", "bedrag"], &[vec!["1e beleidsrapportage".into(), "1".into()]]);
    let check = |transactions| {
        check(&table, &BTreeMap::new(), &[], &Privacy::default(), transactions, &at())
    };
    assert!(check(true).is_err());
    assert!(check(false).is_ok());
}

#[test]
fn a_role_is_no_person() {
    assert!(refuse_person("afdeling Ondersteuning & Zorg, team 2026", "--by").is_ok());
    for text in ["j.jansen@hengelo.nl", "medewerker 123456782", "NL91ABNA0417164300"] {
        let error = refuse_person(text, "--by").unwrap_err();
        assert_eq!((error.is_personal_data(), error.exit_code()), (true, 1));
        assert!(!error.to_string().contains(text), "{error}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(texts in prop::collection::vec("[0-9A-Za-zé@., -]{0,24}|\\PC*", 3), header in "\\PC*") {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let _ = guard(&header, &texts, &[]);
    }
}
