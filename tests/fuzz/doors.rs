//! The parsers, each behind one door that takes any bytes. The fuzzer and the test of the corpus open the same
//! doors, which are the ones that the commands use. Any answer will do, as long as it is one: a panic, a sum that
//! does not fit or memory without end is a finding.

use prognose::archive::Chain;
use prognose::ledger::{Content, Files, Ledger, Rows, propose};
use prognose::model::SavedModels;
use prognose::units::sha256;
use prognose::workspace::{Config, TEXTS, check_text};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What divides the files of one input.
const NEXT: &str = "\n%%\n";

/// Hands the bytes to the parser of that name.
pub(crate) fn open(target: &str, data: &[u8]) {
    match target {
        "archive_files" => archive_files(data),
        "csv_mapping" => csv_mapping(data),
        "iv3_json" => iv3_json(data),
        "months_and_amounts" => months_and_amounts(data),
        "proposals" => proposals(data),
        "saved_models" => saved_models(data),
        "toml_files" => toml_files(data),
        "workbooks" => workbooks(data),
        _ => panic!("no target {target}"),
    }
}

/// The fuzzer ends at any panic, but our readers catch those of polars and calamine and make an error of them. With
/// this only a panic that nobody caught ends it.
#[allow(dead_code, reason = "the test of the corpus has no need of it")]
pub(crate) fn tell_panics() {
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
}

fn bytes(text: &str) -> Content {
    Content::Bytes(text.as_bytes().to_vec())
}

/// Reads the ledger of a workspace; both outcomes are fine.
fn read(files: &Files) {
    if let Ok(config) = Config::read(files)
        && let Err(error) = Ledger::read(files, &config.ledger)
    {
        assert!(!error.to_string().is_empty());
    }
}

/// `prognose.toml`, the line table and the ledger.
fn csv_mapping(data: &[u8]) {
    let mut parts = data.splitn(3, |&byte| byte == b'%');
    let mut next = || parts.next().unwrap_or_default().to_vec();
    let (config, lines) = (next(), next());
    let files = [("prognose.toml", config), ("indeling.csv", lines), ("grootboek.csv", next())];
    read(
        &files.map(|(name, bytes)| (name.to_owned(), Content::Bytes(bytes))).into_iter().collect(),
    );
}

const CONFIG: &str = r#"
[organisation]
name = "Gemeente Klein"
model_owner = "afdeling"
[[source]]
kind = "ledger"
files = "grootboek.*"
decimal = ","
[source.columns]
booked = "boekmaand"
service = "maand"
code = "product"
side = "soort"
amount = "bedrag"
[lines]
table = "indeling.csv"
"#;
const LINES: &str = "code,geldig_van,geldig_tot,wet,taakveld,product\n1,,,Wmo,6.711,Hulp\n";
const HEADER: [&str; 5] = ["boekmaand", "maand", "product", "soort", "bedrag"];

/// One row of a ledger: two months, a side and an amount, with either decimal mark.
fn months_and_amounts(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut cells = text.split('|');
    let mut next = || cells.next().unwrap_or_default();
    let (booked, service, side, amount) = (next(), next(), next(), next());
    for decimal in [",", "."] {
        let mut rows = Rows::new(HEADER);
        rows.push([booked, service, "1", side, amount]);
        let config = CONFIG.replacen("decimal = \",\"", &format!("decimal = \"{decimal}\""), 1);
        let files = [
            ("prognose.toml", bytes(&config)),
            ("indeling.csv", bytes(LINES)),
            ("grootboek.csv", Content::Rows(rows)),
        ];
        read(&files.map(|(name, content)| (name.to_owned(), content)).into_iter().collect());
    }
}

const IV3: &str = r#"
[[source]]
kind = "control_total"
files = "iv3.json"
[source.columns]
year = "boekjaar"
quarter = "periode"
taakveld = "taakveld"
side = "kant"
amount = "bedrag"
"#;
const LEDGER: &str = "boekmaand;maand;product;soort;bedrag\n2025-01;2025-01;1;lasten;5,00\n";

/// A delivery of Iv3 as totals of a quarter.
fn iv3_json(data: &[u8]) {
    let config = CONFIG.replacen("decimal", "delimiter = \";\"\ndecimal", 1) + IV3;
    let files = [
        ("prognose.toml", bytes(&config)),
        ("indeling.csv", bytes(LINES)),
        ("grootboek.csv", bytes(LEDGER)),
        ("iv3.json", Content::Bytes(data.to_vec())),
    ];
    read(&files.map(|(name, content)| (name.to_owned(), content)).into_iter().collect());
}

/// A file that a workspace is proposed from; the first byte says which kind it is.
fn proposals(data: &[u8]) {
    let Some((which, data)) = data.split_first() else { return };
    let name = ["boek.csv", "begroting_2025.csv", "iv3.json", "boek.xlsx"][usize::from(*which) % 4];
    if let Err(error) = propose(name, data, "Klein") {
        assert!(error.to_string().contains("what to do"), "{error}");
    }
}

/// The first byte says which of the files it is.
fn toml_files(data: &[u8]) {
    let Some((which, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let name = TEXTS[usize::from(*which) % TEXTS.len()];
    if let Err(error) = check_text(name, text) {
        assert!(error.to_string().contains("what to do"), "{error}");
    }
}

/// What can be read can be written and is the same when read again.
fn saved_models(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(models) = SavedModels::from_json(text, "models.json") {
        let text = models.to_json().expect("what came from JSON goes into JSON");
        assert_eq!(SavedModels::from_json(&text, "models.json").as_ref(), Ok(&models));
    }
}

/// `HEAD` and files as they are, and the first as the content of a file whose name fits it.
fn archive_files(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut parts = text.split(NEXT);
    let head = parts.next().unwrap_or_default();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (at, part) in parts.enumerate() {
        let value: serde_json::Value = serde_json::from_str(part).unwrap_or_default();
        let as_of = value["content"]["as_of"].as_str().or(value["as_of"].as_str());
        let as_of = as_of.unwrap_or("2025-01");
        let name = |content: &str| format!("{as_of}-{}.json", &sha256(content.as_bytes())[..16]);
        files.push((name(part), part.as_bytes().to_vec()));
        let previous = files.last().filter(|_| at > 0).map(|(_, bytes)| sha256(bytes));
        let (number, previous) = (at + 1, previous.unwrap_or_default());
        let whole =
            format!("{{\"number\":{number},\"previous\":\"{previous}\",\"content\":{part}}}\n");
        files.push((name(part), whole.into_bytes()));
    }
    let chain = Chain::of(files, Some(head.as_bytes()));
    for entry in &chain.entries {
        let record = &entry.record;
        let _ = (record.headline(), record.is_of_record(), record.made.definition.version());
    }
    assert_eq!(chain.verify().is_ok(), chain.faults.is_empty());
}

/// The parts of a workbook that a reader looks at: which sheets there are, where they are, the shared texts and
/// the first sheet; what is not given is as it should be. An input that is a ZIP file is one already.
fn workbooks(data: &[u8]) {
    let book = if data.starts_with(b"PK") { data.to_vec() } else { zipped(data) };
    let files = [
        ("prognose.toml", bytes(CONFIG)),
        ("indeling.csv", bytes(LINES)),
        ("grootboek.xlsx", Content::Bytes(book)),
    ];
    read(&files.map(|(name, content)| (name.to_owned(), content)).into_iter().collect());
}

const START: &str = "<Relationships><Relationship Type=\"x/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";

const PARTS: [(&str, &str); 4] = [
    ("xl/worksheets/sheet1.xml", ""),
    (
        "xl/sharedStrings.xml",
        "<sst uniqueCount=\"2\"><si><t>boekmaand</t></si><si><t>bedrag</t></si></sst>",
    ),
    (
        "xl/workbook.xml",
        "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"rId1\" Type=\"x/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"x/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>",
    ),
];

fn zipped(data: &[u8]) -> Vec<u8> {
    let mut given = data.split(|&byte| byte == b'%');
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, usual) in PARTS.into_iter().chain([("_rels/.rels", START)]) {
        let part = given.next().filter(|part| !part.is_empty()).unwrap_or(usual.as_bytes());
        writer.start_file(name, SimpleFileOptions::default()).expect("memory takes a file");
        writer.write_all(part).expect("memory takes a part");
    }
    writer.finish().expect("memory takes a directory").into_inner()
}
