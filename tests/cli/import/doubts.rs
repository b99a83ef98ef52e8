//! What a review found `init --from` to get wrong without a word: read right now, or told.

use super::{init, told};
use crate::support::{Workdir, prognose};
use rust_xlsxwriter::Workbook;

/// A wide file of twelve months, each row with one amount in all of them.
fn wide(header: &str, rows: &[(&str, &str)]) -> String {
    let months: Vec<String> = (1..=12).map(|month| format!("2025-{month:02}")).collect();
    let row = |(texts, amount): &(&str, &str)| format!("{texts};{}\n", [*amount; 12].join(";"));
    format!("{header};{}\n{}", months.join(";"), rows.iter().map(row).collect::<Vec<_>>().concat())
}

/// A file of a row per month.
fn long(header: &str, rows: &[&str]) -> String {
    let month = |month: u32| rows.iter().map(move |row| format!("2025{month:02};{row}\n"));
    format!("{header}\n{}", (1..=12).flat_map(month).collect::<Vec<_>>().concat())
}

/// Runs it on one file: the proposed `prognose.toml`, the sums and what was said.
fn tried(name: &str, text: &str) -> (String, Vec<(i32, String, i64)>, String) {
    let dir = Workdir::empty();
    let ran = init(&dir, "nieuw", &[(name, text.as_bytes())]);
    assert_eq!(ran.code, 0, "{name}: {}{}", ran.stdout, ran.stderr);
    (dir.read("nieuw/prognose.toml"), told(&ran), ran.stderr)
}

#[test]
fn a_cell_writes_no_key_and_a_name_of_two_lines_is_refused() {
    let cell = "\"Som\n[privacy]\nignore_columns = [\"\"IBAN\"\"]\r\u{2028}#\"";
    let text = wide("Product", &[("HH", "1,00"), ("Beg", "2,00"), (cell, "3,00")]);
    let (toml, sums, said) = tried("a.csv", &text);
    assert!(!toml.lines().any(|line| line.trim_start().starts_with("[privacy]")), "{toml}");
    assert!(!said.lines().any(|line| line.starts_with("[privacy]")), "{said}");
    assert_eq!(sums, [(2025, "lasten".to_owned(), 3_600)]);
    let dir = Workdir::empty();
    let ran = init(&dir, "nieuw", &[("a\nseed = 2\n#.csv", text.as_bytes())]);
    assert!(ran.code == 2 && ran.stderr.contains("line break"), "{}", ran.stderr);
}

#[test]
fn a_pattern_takes_totals_and_no_product() {
    let package = wide(
        "Product;Omschrijving",
        &[("P1;Ambulant", "100,00"), ("P2;Totaalpakket jeugd", "900,00"), ("Totaal;", "1000,00")],
    );
    let (toml, sums, said) = tried("a.csv", &package);
    assert_eq!(sums, [(2025, "lasten".to_owned(), 1_200_000)], "{toml}");
    assert!(
        said.contains("rows like Totaal add up others") && said.contains("1 rows, 12000.00"),
        "{said}"
    );
    let acts = wide(
        "Wet;Product",
        &[
            ("Wmo;HH", "1,00"),
            ("Wmo;Begeleiding", "2,00"),
            ("Wmo;Wmo", "3,00"),
            ("Jeugd;Ambulant", "4,00"),
            ("Jeugd;Jeugd", "4,00"),
        ],
    );
    let (toml, _, said) = tried("b.csv", &acts);
    assert!(!toml.contains("leave_out = ") && said.contains("2 (row 4, 6; 84.00)"), "{toml}{said}");
    let empty = wide("Code;Product", &[("A;HH", "1,00"), ("B;Beg", "2,00"), (";", "3,00")]);
    let (_, _, said) = tried("c.csv", &empty);
    assert!(said.contains("not right yet") && said.contains("(row 4; 36.00)"), "{said}");
    let balance = wide(
        "Product;L/B",
        &[("HH;lasten", "9,00"), ("HH;baten", "-1,00"), ("Saldo;lasten", "8,00")],
    );
    let (toml, sums, _) = tried("d.csv", &balance);
    assert_eq!(
        sums,
        [(2025, "baten".to_owned(), 1_200), (2025, "lasten".to_owned(), 10_800)],
        "{toml}"
    );
    let product =
        long("Periode;Product;Bedrag", &["A;1,00", "Totaalzorg;2,00", "Totaal arrangement;3,00"]);
    let (toml, sums, said) = tried("e.csv", &product);
    assert_eq!(sums[0].2, 7_200, "{toml}");
    assert!(said.contains("are read as products: 12"), "{said}");
}

#[test]
fn what_tells_rows_apart_and_has_no_key_yet_is_told() {
    for (name, text, expected) in [
        (
            "a.csv",
            long("Periode;Product;Soort;Bedrag", &["A;Werkelijk;1,00", "A;Begroting;2,00"]),
            "what was planned",
        ),
        (
            "b.csv",
            long("Periode;Product;D_C;Bedrag", &["A;D;1,00", "A;C;2,00"]),
            "the sign of an amount",
        ),
        (
            "c.csv",
            long("Periode;Product;Bedrag", &["A;5,00", "B;-1,00"]),
            "12 rows are below zero (-12.00)",
        ),
        (
            "d.csv",
            long(
                "Periode;Product;Taakveld;Bedrag",
                &["A;6.711;1,00", "B;;2,00", "C;0.4 Overhead;3,00"],
            ),
            "12 rows without a taakveld, 24.00",
        ),
        (
            "e.csv",
            long("Periode;Product;Taakveld;Bedrag", &["A;6.71b;1,00", "A;6.21;2,00"]),
            "1 codes have more than one taakveld (A)",
        ),
        (
            "f.csv",
            long("Bedragen x EUR 1.000\n\nPeriode;Product;Bedrag", &["A;1"]),
            "in thousands (key: unit)",
        ),
        ("cumulatief.csv", long("Periode;Product;Bedrag", &["A;1,00"]), "added up from January on"),
        (
            "realisatie_2025.csv",
            "Taakveld;Begroting;Realisatie\n6.711;5,00;4,00\n".to_owned(),
            "\"Begroting\" is read as the amount, not \"Realisatie\"",
        ),
    ] {
        let (toml, _, said) = tried(name, &text);
        assert!(
            said.contains(expected) && toml.contains(expected),
            "{name}: no {expected:?} in {said}{toml}"
        );
    }
}

#[test]
fn dates_with_slashes_and_points_are_read() {
    let text = "Boekdatum;Product;Bedrag\n28/01/2025;A;1,00\n03.02.2025;A;2,00\n";
    let (toml, sums, _) = tried("a.csv", text);
    assert_eq!(sums, [(2025, "lasten".to_owned(), 300)], "{toml}");
}

#[test]
fn dated_extracts_count_once() {
    let header = "Boekmaand;Prestatiemaand;Product;Bedrag\n";
    let (january, february) = ("202501;202501;HH;1,00\n", "202502;202502;HH;2,00\n");
    let (one, two) = (format!("{header}{january}"), format!("{header}{january}{february}"));
    let dir = Workdir::empty();
    let files = [("stand-2025-01.csv", one.as_bytes()), ("stand-2025-02.csv", two.as_bytes())];
    let ran = init(&dir, "nieuw", &files);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let toml = dir.read("nieuw/prognose.toml");
    assert!(toml.contains("snapshots = true") && toml.matches("[[source]]").count() == 1, "{toml}");
    let checked = prognose(&["check", dir.path().join("nieuw").to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    let ran = init(&dir, "zonder", &[("a.csv", one.as_bytes()), ("b.csv", two.as_bytes())]);
    assert!(ran.stderr.contains("have the same columns and months in common"), "{}", ran.stderr);
}

#[test]
fn what_is_copied_and_not_read_holds_no_person() {
    let title = "Overzicht BSN 111222333\n\nPeriode;Product;Bedrag\n202501;A;1,00\n";
    let iv3 = r#"{"metadata": {"overheidsnummer": "0164", "boekjaar": 2025, "periode": 0},
        "contact": {"email": "j@x.example"}, "data": {"lasten": [{"taakveld": "6.711", "categorie": "1.1", "bedrag": 5}], "baten": []}}"#;
    let dir = Workdir::empty();
    let ran = init(&dir, "nieuw", &[("a.csv", title.as_bytes())]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stderr.contains("looks like") && !ran.stderr.contains("111222333"),
        "{}",
        ran.stderr
    );
    assert!(!dir.path().join("nieuw").exists());
    let ran = init(&dir, "iv3", &[("iv3.json", iv3.as_bytes())]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let contact = r#"{"email": "j@x.example"}"#;
    assert_eq!(dir.read("iv3/bronnen/iv3.json"), iv3.replace(contact, "{}"));
}

/// A workbook of a ledger and a second sheet.
fn book(second: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let ledger: &[&[&str]] = &[
        &["Boekmaand", "Product", "Bedrag"],
        &["2025-01", "A", "1,00"],
        &["2025-02", "B", "2,00"],
    ];
    for rows in [ledger, second] {
        let sheet = book.add_worksheet();
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(*cells) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn every_sheet_of_a_workbook_passes_the_guard() {
    for (code, said, sheet) in [
        (0, "not \"Sheet2\"", [["Product", "Naam"], ["6711HV", "Hulp"]]),
        (1, "Sheet2", [["x", "BSN"], ["a", ""]]),
        (1, "looks like", [["x", "Opmerking"], ["a", "mail j@x.example"]]),
    ] {
        let dir = Workdir::empty();
        let rows: Vec<&[&str]> = sheet.iter().map(<[&str; 2]>::as_slice).collect();
        let ran = init(&dir, "nieuw", &[("boek.xlsx", &book(&rows))]);
        assert_eq!(ran.code, code, "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
        assert_eq!(dir.path().join("nieuw").exists(), code == 0);
    }
}
