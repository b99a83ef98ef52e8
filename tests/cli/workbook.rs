//! `report.xlsx` read back: every cell of every sheet is the value of its data set.

use crate::demo::{self, OUT};
use crate::support::{Workdir, rows};
use calamine::{Data, Reader, Xlsx, open_workbook};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

type Book = Xlsx<BufReader<File>>;

/// Each sheet and its data set; the two of the years divide `outlook`.
const SHEETS: [(&str, &str); 22] = [
    ("Dit jaar", "outlook"),
    ("Latere jaren", "outlook"),
    ("Van jaar op jaar", "meerjaren"),
    ("Maanden", "forecast"),
    ("Verloop", "verloop"),
    ("Nog te ontvangen", "late"),
    ("Sinds vorige maand", "verschil"),
    ("Beleid", "beleid"),
    ("Behoedzaam", "voorzichtig"),
    ("Uitleg", "uitleg"),
    ("Duiding", "duiding"),
    ("Signalen", "drift"),
    ("Bevindingen", "findings"),
    ("Terugblik", "hindsight"),
    ("Terugblik samen", "terugblik"),
    ("Betrouwbaarheid", "betrouwbaarheid"),
    ("Toets", "toets"),
    ("Regels", "regels"),
    ("Grondslag", "grondslag"),
    ("Aansluiting", "aansluiting"),
    ("Bestanden", "bestanden"),
    ("Kolommen", "kolommen"),
];

fn book(folder: &Path) -> Book {
    open_workbook(folder.join("report.xlsx")).unwrap()
}

fn records(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// What each column holds, by table and column.
fn kinds(dir: &Workdir) -> BTreeMap<(String, String), String> {
    let rows = rows(&dir.read(&format!("{OUT}/kolommen.csv")));
    rows.iter()
        .map(|row| ((row["tabel"].clone(), row["kolom"].clone()), row["soort"].clone()))
        .collect()
}

/// The number by which Excel knows the first day of a month: days since 30 December 1899.
fn serial(month: &str) -> String {
    let (year, month): (i32, usize) = (month[..4].parse().unwrap(), month[5..].parse().unwrap());
    let leap = |year: i32| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let years: i32 = (1900..year).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let days = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    (years + days[..month - 1].iter().sum::<i32>() + 2).to_string()
}

fn is_same(cell: &Data, field: &str, kind: &str) -> bool {
    match (cell, kind) {
        (Data::Empty, _) => field.is_empty(),
        (Data::String(text), "tekst" | "ja/nee") => text == field,
        (Data::DateTime(day), "maand") => day.as_f64().to_string() == serial(field),
        (Data::Float(number), "jaar" | "aantal" | "getal" | "euro" | "aandeel") => {
            field.parse() == Ok(*number)
        }
        _ => false,
    }
}

#[test]
fn every_cell_is_the_value_of_its_data_set() {
    let (dir, _) = demo::demo();
    let kinds = kinds(dir);
    let mut book = book(&dir.path().join(OUT));
    let mut names = vec!["Leeswijzer".to_owned(), "Figuren".to_owned()];
    names.extend(SHEETS.map(|(name, _)| name.to_owned()));
    assert_eq!(book.sheet_names(), names);
    for (sheet, table) in SHEETS {
        let csv = records(&dir.read(&format!("{OUT}/{table}.csv")));
        let kinds: Vec<&String> =
            csv[0].iter().map(|column| &kinds[&(table.to_owned(), column.clone())]).collect();
        let keep = |record: &&Vec<String>| match sheet {
            "Dit jaar" => record[1] == "2026",
            "Latere jaren" => record[1] != "2026",
            _ => true,
        };
        let expected: Vec<_> = csv[1..].iter().filter(keep).collect();
        let range = book.worksheet_range(sheet).unwrap();
        assert_eq!(range.height(), expected.len() + 1, "{sheet}");
        for (at, column) in csv[0].iter().enumerate() {
            assert_eq!(range.get((0, at)).unwrap(), &Data::String(column.clone()), "{sheet}");
        }
        for (row, record) in expected.iter().enumerate() {
            for (at, field) in record.iter().enumerate() {
                let cell = range.get((row + 1, at)).unwrap_or(&Data::Empty);
                let place = format!("{sheet}, row {}, {}", row + 2, csv[0][at]);
                assert!(is_same(cell, field, kinds[at]), "{place}: {cell:?} is not {field:?}");
            }
        }
    }
}

#[test]
fn figures_and_names_are_amounts_of_the_year() {
    let (dir, _) = demo::demo();
    let mut book = book(&dir.path().join(OUT));
    let outlook = rows(&dir.read(&format!("{OUT}/outlook.csv")));
    let of = |name: &str, wet: &str| -> f64 {
        let level = if wet == "Samen" { "totaal" } else { "wet" };
        let mut found = outlook.iter().filter(|row| {
            row["jaar"] == "2026" && row["niveau"] == level && row["soort"] == "lasten"
        });
        let row = found.find(|row| level == "totaal" || row["wet"] == wet).unwrap();
        row[name].parse().unwrap()
    };
    let figures = book.worksheet_range("Figuren").unwrap();
    assert_eq!(figures.height(), 5);
    for row in 1..5 {
        let wet = figures.get((row, 0)).unwrap().to_string();
        for (at, name) in ["begroting", "verwacht", "p10", "p90"].iter().enumerate() {
            assert_eq!(figures.get((row, at + 1)), Some(&Data::Float(of(name, &wet))), "{wet}");
        }
    }
    let names = book.defined_names().to_vec();
    let this_year = book.worksheet_range("Dit jaar").unwrap();
    for (name, wet) in [("totaal", "Samen"), ("wmo", "Wmo"), ("jeugd", "Jeugd")] {
        for column in ["begroting", "verwacht", "p90"] {
            let wanted = format!("{column}_{name}_lasten");
            let place = &names.iter().find(|(known, _)| *known == wanted).unwrap().1;
            let (_, cell) = place.split_once("!$").unwrap();
            let (letter, row) = cell.split_once('$').unwrap();
            let at = usize::from(letter.as_bytes()[0] - b'A');
            let row: usize = row.parse().unwrap();
            assert_eq!(
                this_year.get((row - 1, at)),
                Some(&Data::Float(of(column, wet))),
                "{wanted}"
            );
        }
    }
}

/// A code that starts like a formula stays text, in every sheet that shows it, with the mark that CSV needs.
#[test]
fn no_text_becomes_a_formula() {
    let evil = ["=1+1", "+x", "-x", "@SUM(A1)"];
    for name in evil {
        let dir = Workdir::small();
        dir.edit("grootboek.csv", "2025-08;4401", &format!("2025-08;{name}"));
        let ran = dir.run("run", &[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let mut book = book(&dir.path().join("out/2025-08"));
        let mut seen = 0;
        for sheet in book.sheet_names() {
            let formulas = book.worksheet_formula(&sheet).unwrap();
            assert_eq!(formulas.used_cells().count(), 0, "{sheet}");
            let range = book.worksheet_range(&sheet).unwrap();
            let same = |cell: &&Data| **cell == Data::String(format!("'{name}"));
            seen += range.rows().flatten().filter(same).count();
        }
        assert!(seen > 0, "{name}");
    }
}
