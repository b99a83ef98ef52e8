//! The first rows of a file, before anybody knows which of them is the header.

use super::text::{self, Records};
use super::workbook;
use crate::error::{Place, Result};
use crate::ledger::options::{Encoding, Source};

/// So many rows are looked at: titles are shorter.
const ROWS: usize = 40;

/// The first rows of a sheet, or of a CSV file.
#[derive(Debug)]
pub(in crate::ledger) struct Peek {
    pub(in crate::ledger) sheet: String,
    /// The number of each row that holds anything, and its cells.
    pub(in crate::ledger) rows: Vec<(u32, Vec<String>)>,
}

/// The first rows of each sheet of a workbook, or of a CSV file with this delimiter; none of other files.
pub(in crate::ledger) fn peek(
    bytes: &[u8],
    source: &Source,
    delimiter: u8,
    at: &Place,
) -> Result<Vec<Peek>> {
    match super::extension(&at.file).as_str() {
        "xlsx" => workbook::first_rows(bytes, |_| ROWS, at),
        "csv" => {
            let text = text::decode(bytes, source.encoding, at)?;
            Ok(vec![Peek { sheet: String::new(), rows: records(&text, delimiter, at) }])
        }
        _ => Ok(Vec::new()),
    }
}

/// Every row of the sheets of a workbook that a source does not read, and the first of those that it does.
pub(in crate::ledger) fn unread_rows(
    bytes: &[u8],
    source: &Source,
    at: &Place,
) -> Result<Vec<Peek>> {
    let count = |sheet: &str| if source.reads(sheet) { ROWS } else { usize::MAX };
    workbook::first_rows(bytes, count, at)
}

/// The encoding of a CSV file: UTF-8 when it can be.
pub(in crate::ledger) fn encoding(bytes: &[u8]) -> Encoding {
    if std::str::from_utf8(bytes).is_ok() { Encoding::Utf8 } else { Encoding::Windows1252 }
}

/// The row most cells of which are wanted: at least two, and half of what is wanted.
pub(in crate::ledger) fn likely_header(peek: &Peek, wanted: &[Vec<&str>]) -> Option<u32> {
    let has = |cells: &[String], names: &[&str]| {
        names.iter().any(|name| cells.iter().any(|cell| cell.trim().eq_ignore_ascii_case(name)))
    };
    let count = |cells: &[String]| wanted.iter().filter(|names| has(cells, names)).count();
    let counted = peek.rows.iter().map(|(row, cells)| (count(cells), *row));
    let best = counted.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.filter(|(count, _)| *count >= 2 && count * 2 >= wanted.len()).map(|(_, row)| row)
}

/// The records up to the first that can not be read, which a reader of the whole file tells of.
fn records(text: &str, delimiter: u8, at: &Place) -> Vec<(u32, Vec<String>)> {
    let mut records = Records::new(text, delimiter);
    let mut rows = Vec::new();
    while rows.len() < ROWS {
        let Ok(Some(row)) = records.next(at) else { break };
        rows.push((row, records.texts()));
    }
    rows
}
