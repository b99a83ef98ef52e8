//! Small files that unpack to large ones, and cells without end.

use crate::support::Workdir;
use std::io::{Cursor, Write};
use std::time::{Duration, Instant};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const BOOK: &str = "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
const START: &str = "<Relationships><Relationship Type=\"x/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const LINKS: &str = "<Relationships><Relationship Id=\"rId1\" Type=\"x/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"x/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>";

/// A workbook of one sheet and the texts it shares.
fn workbook(sheet: &str, shared: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("_rels/.rels", START),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", LINKS),
        ("xl/sharedStrings.xml", shared),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn sheet(cells: &str) -> String {
    format!("<worksheet><sheetData><row r=\"1\">{cells}</row></sheetData></worksheet>")
}

fn cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// Refused with exit code 2, the name of the file and these words, and soon.
fn refused(file: &str, bytes: &[u8], words: &[&str]) {
    let dir = Workdir::small();
    std::fs::remove_file(dir.path().join("grootboek.csv")).unwrap();
    dir.write_bytes(file, bytes);
    dir.edit("prognose.toml", "grootboek.csv", file);
    #[expect(clippy::disallowed_methods, reason = "a bomb is refused before it costs time")]
    let start = Instant::now();
    let ran = dir.run("check", &[]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for word in [file, "what to do"].iter().chain(words) {
        assert!(ran.stderr.contains(word), "no {word:?} in {}", ran.stderr);
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{file} took {:?}", start.elapsed());
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused() {
    let bomb = sheet(&"<v>1</v>".repeat(16 << 20));
    let bytes = workbook(&bomb, "<sst/>");
    assert!(bytes.len() < 1 << 20, "{} bytes hold {}", bytes.len(), bomb.len());
    refused("bom.xlsx", &bytes, &["unpacks to more than", "ZIP bomb"]);
    let texts = format!("<sst uniqueCount=\"9\">{}</sst>", "<si/>".repeat(24 << 20));
    refused("bom.xlsx", &workbook(&sheet(""), &texts), &["unpacks to more than"]);
}

#[test]
fn a_cell_without_end_is_refused() {
    let giant = "x".repeat(3 << 20);
    let shared = format!("<sst uniqueCount=\"1\"><si><t>{giant}</t></si></sst>");
    refused(
        "cel.xlsx",
        &workbook(&sheet(&cell("A1", &giant)), "<sst/>"),
        &["holds a cell of more"],
    );
    refused("cel.xlsx", &workbook(&sheet(""), &shared), &["holds a cell of more than 1048576"]);
    let long = cell("A1", &"x".repeat(200_000));
    refused("cel.xlsx", &workbook(&sheet(&long), "<sst/>"), &["more than 32767 characters"]);
}

#[test]
fn cells_and_texts_that_can_not_be_are_refused() {
    let book = |cells: &str| workbook(&sheet(cells), "<sst/>");
    refused("ver.xlsx", &book(&cell("XFE1", "x")), &["lies outside"]);
    refused("ver.xlsx", &book(&cell("A1048577", "x")), &["lies outside"]);
    refused("ver.xlsx", &book(&cell("ZZZZZZZZZ1", "x")), &["not a readable XLSX"]);
    refused("ver.xlsx", &book(&cell("A99999999999", "x")), &["not a readable XLSX"]);
    let claim = "<sst uniqueCount=\"999999999999999\"><si><t>x</t></si></sst>";
    refused("ver.xlsx", &workbook(&sheet(&cell("A1", "x")), claim), &["shares more than"]);
}

/// A header in the last column makes every row 16,384 cells wide.
#[test]
fn few_cells_in_many_columns_are_refused() {
    let head = ["A1", "B1", "XFD1"].map(|place| cell(place, place)).concat();
    let row = |row: usize| format!("</row><row>{}", cell(&format!("A{row}"), "1"));
    let rows = (2..10_002).map(row).collect::<Vec<_>>().concat();
    let bytes = workbook(&sheet(&format!("{head}{rows}")), "<sst/>");
    refused("breed.xlsx", &bytes, &["10000 rows of 16384 columns", "far to the right"]);
}

#[test]
fn two_cells_in_one_place_are_refused() {
    let twice = sheet(&["A1", "B1", "A2", "B2", "B2"].map(|place| cell(place, "1")).concat());
    refused("dubbel.xlsx", &workbook(&twice, "<sst/>"), &["row 2", "two cells in one place"]);
}

/// Names in XML that stand for more names: they are never filled in.
#[test]
fn a_bomb_of_entities_does_not_go_off() {
    let twice = |n: u32| format!("<!ENTITY a{n} \"&a{0};&a{0};\">", n - 1);
    let names = (1..30).map(twice).collect::<Vec<_>>().concat();
    let text = format!("<!DOCTYPE x [<!ENTITY a0 \"ha\">{names}]>{}", sheet(&cell("A1", "&a29;")));
    refused("naam.xlsx", &workbook(&text, "<sst/>"), &[]);
}

#[test]
fn a_record_of_csv_without_end_is_refused() {
    let line = "x".repeat(3 << 20);
    refused("lijn.csv", line.as_bytes(), &["row 1", "longer than 1048576 bytes"]);
    let quote = format!("boekmaand;product;soort;bedrag\n2020-01;\"{}", "4401;1\n".repeat(300_000));
    refused("aanhaling.csv", quote.as_bytes(), &["row 2", "close the quote"]);
}
