//! Looks at a file and proposes how to read it: `[[source]]` tables, and what the codes in it are.
//!
//! Detection proposes options and nothing else: the same reader that reads a workspace reads the file
//! with them, the guard against personal data first. What can not be seen is said.

mod codes;
mod columns;
mod draft;
mod extracts;
mod head;
mod ledger;
mod notes;
mod preview;
mod private;
mod stated;
mod totals;
mod towns;
mod words;

pub use codes::ProposedCode;
pub use draft::plain;
pub use extracts::extracts;
pub use preview::PreviewRow;

use super::options::{Encoding, Privacy, Source, SourceKind};
use super::sheet::Sheet;
use super::table::{self, Table, peek};
use crate::error::{Error, Place, Result};
use crate::units::{Cents, Month, Side};
use columns::Columns;
use draft::Draft;
use serde_json::json;
use std::collections::BTreeMap;

/// How a file may be read.
#[derive(Debug)]
pub struct Proposal {
    /// The `[[source]]` tables, as they stand in `prognose.toml`.
    pub sources: String,
    /// What was seen and what was not, a sentence each.
    pub notes: Vec<String>,
    /// The codes in the file, sorted.
    pub codes: Vec<ProposedCode>,
    /// The name and the CBS code of the organisation, when the file tells.
    pub organisation: Option<(String, String)>,
    /// The first rows as they would be read.
    pub rows: Vec<PreviewRow>,
    /// The money per year of service and side.
    pub sums: BTreeMap<(i32, Side), Cents>,
    /// Why the file can not be read this way yet.
    pub problem: Option<Error>,
    /// The file as it may be copied, when that is not as it is: Iv3 without its contact.
    pub copy: Option<Vec<u8>>,
    /// The first and the last month of booking of a ledger.
    booked: Option<(Month, Month)>,
}

/// What was found out of a file, before it is read with it.
#[derive(Debug, Default)]
struct Findings {
    drafts: Vec<Draft>,
    notes: Vec<String>,
    codes: Vec<ProposedCode>,
    organisation: Option<(String, String)>,
    problem: Option<Error>,
}

/// Proposes how to read the bytes of a file that is or will be `file` in the workspace. `town` may tell which of many
/// municipalities is meant.
///
/// # Errors
/// When the file holds what looks like personal data, is of no kind that can be read, or when nothing in it
/// looks like a header.
pub fn propose(file: &str, bytes: &[u8], town: &str) -> Result<Proposal> {
    let at = Place { file: file.to_owned(), ..Place::default() };
    let (base, layout, mut notes) = base(bytes, &at)?;
    let copy = is_json(file).then(|| private::without_contact(bytes)).flatten();
    let bytes = copy.as_deref().unwrap_or(bytes);
    private::check(bytes, &base, &at)?;
    let table = table::read(bytes, &base, &at)?;
    let mut found = if is_json(file) {
        stated::of_iv3(&table, &layout, &at)?
    } else {
        found(&table, &layout, town, &at)?
    };
    notes.append(&mut found.notes);
    if !is_json(file) {
        notes.extend(notes::few_texts(&table, &found.drafts));
    }
    let text: Vec<String> = found.drafts.iter().map(Draft::toml).collect();
    if copy.is_some() {
        notes.push("what stands under contact was left out of the copy".to_owned());
    }
    let mut proposal = Proposal {
        sources: text.join("\n"),
        notes,
        codes: found.codes,
        organisation: found.organisation,
        rows: Vec::new(),
        sums: BTreeMap::new(),
        problem: found.problem,
        booked: None,
        copy: None,
    };
    for draft in &found.drafts {
        let done = match draft.source() {
            Ok(source) => read(file, bytes, &source, &mut proposal),
            // Nothing was read with it, so the guard did not look either.
            Err(error) => private::table(&table, &at).and(Err(error.at(at.clone()))),
        };
        match done {
            Err(error) if error.is_personal_data() => return Err(error),
            Err(error) => {
                proposal.problem =
                    Error::all(proposal.problem.into_iter().chain([error]).collect());
            }
            Ok(()) => {}
        }
    }
    proposal.copy = copy;
    Ok(proposal)
}

fn read(file: &str, bytes: &[u8], source: &Source, proposal: &mut Proposal) -> Result<()> {
    let sheet = Sheet::of_bytes(file.to_owned(), bytes, source, &Privacy::default())?;
    preview::add(&sheet, source, proposal)
}

fn is_json(file: &str) -> bool {
    table::extension(file) == "json"
}

/// The keys that say where the table is and how it is written; also as a source without columns.
fn base(bytes: &[u8], at: &Place) -> Result<(Source, Draft, Vec<String>)> {
    let mut source = Source::line_table(&at.file);
    let (mut draft, mut notes) = (Draft::default(), Vec::new());
    draft.set("kind", json!("ledger"), "");
    draft.set("files", json!(glob::Pattern::escape(&at.file)), "");
    let is_csv = table::extension(&at.file) == "csv";
    if is_csv && peek::encoding(bytes) == Encoding::Windows1252 {
        source.encoding = Encoding::Windows1252;
        draft.set("encoding", json!("windows-1252"), "the bytes are no UTF-8");
    }
    if !is_csv && table::extension(&at.file) != "xlsx" {
        return Ok((source, draft, notes));
    }
    let Some(start) = head::start(bytes, &source, at)? else {
        let what = "no row looks like a header: no cell of the first 40 rows is a word such as bedrag, periode or product";
        return Err(Error::input(what)
            .at(at.clone())
            .advice("make a workspace without --from, and fill in the columns in prognose.toml"));
    };
    if is_csv {
        source.delimiter = Some(start.delimiter);
        draft.set("delimiter", json!(char::from(start.delimiter).to_string()), "");
    }
    if !start.others.is_empty() {
        source.sheet = Some(start.sheet.clone());
        draft.set("sheet", json!(start.sheet), "the sheet whose header was found");
        notes.push(format!(
            "the workbook has several sheets; {:?} is read (key: sheet), not {}: add a [[source]] for each that is to be read too",
            start.sheet,
            start.others.join(", ")
        ));
    }
    titles(&start, at, &mut draft, &mut notes);
    if start.last > start.first {
        source.layout.header = Some((start.first, start.last));
        draft.set(
            "header",
            json!([start.first, start.last]),
            "two rows; the upper text is repeated",
        );
    } else if start.titles {
        source.layout.header = Some((start.first, start.last));
        draft.set("header", json!(start.first), "titles stand above it");
    }
    Ok((source, draft, notes))
}

/// What the titles above a table say of its amounts.
fn titles(start: &head::Start, at: &Place, draft: &mut Draft, notes: &mut Vec<String>) {
    if start.above.iter().any(|title| words::in_thousands(title)) {
        draft.set("unit", json!(1000), "a title says so");
        notes.push("a title says that the amounts are in thousands (key: unit)".to_owned());
    }
    if start.above.iter().chain([&at.file]).any(|text| text.to_lowercase().contains("cumul")) {
        notes.push(notes::CUMULATIVE.to_owned());
    }
}

/// What the columns of a table are: postings, or amounts per year.
fn found(table: &Table, layout: &Draft, town: &str, at: &Place) -> Result<Findings> {
    let mut columns = Columns::new(table);
    let mut layout = layout.clone();
    if columns.decimal == ',' && table::extension(&at.file) != "parquet" {
        layout.set("decimal", json!(","), "");
    }
    match ledger::propose(&mut columns, &layout, town, at) {
        Some(findings) => Ok(findings),
        // Anew: columns that were given a meaning in a ledger may have another one here.
        None => stated::propose(&mut Columns::new(table), &layout, town, at),
    }
}

/// The taakvelden of both acts as patterns, when a column holds others as well.
fn ours(table: &Table, taakveld: usize) -> Option<Vec<&'static str>> {
    let values = || table.columns[taakveld].values.iter().filter(|value| !value.text.is_empty());
    let is_ours =
        |text: &str| words::taakveld(text).is_some_and(|code| words::wet(&code).is_some());
    if values().all(|value| is_ours(&value.text)) {
        return None;
    }
    let held = |pattern: &&str| values().any(|v| super::layout::is_like(&v.text, pattern));
    Some(words::OURS.into_iter().filter(held).collect())
}

/// The name of a kind of source in `prognose.toml`.
fn kind_name(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Budget => "budget",
        SourceKind::ControlTotal => "control_total",
        SourceKind::HumanForecast => "human_forecast",
        SourceKind::Declarations => "declarations",
        SourceKind::Ledger | SourceKind::Lines => "ledger",
    }
}
