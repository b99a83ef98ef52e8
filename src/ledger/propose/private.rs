//! What is copied into a workspace but not read: titles, other sheets, the contact of Iv3. The guard looks at it too.

use super::{head, words};
use crate::error::{Error, Place, Result};
use crate::ledger::guard;
use crate::ledger::options::{Field, Privacy, Source};
use crate::ledger::table::heads;
use crate::ledger::table::peek::{self, Peek};
use crate::ledger::table::{Builder, Table};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The year a title is thought to be of when it and the name of the file tell none: it decides only which dates are
/// long ago.
const YEAR: i32 = 2025;

/// Refuses a file that holds what looks like personal data outside the table that is read.
pub(super) fn check(bytes: &[u8], source: &Source, at: &Place) -> Result<()> {
    if super::is_json(&at.file) {
        return contact(bytes, at);
    }
    let peeks = if at.file.to_lowercase().ends_with(".xlsx") {
        peek::unread_rows(bytes, source, at)?
    } else {
        peek::peek(bytes, source, source.delimiter.unwrap_or(b','), at)?
    };
    for peek in &peeks {
        let at = Place { sheet: peek.sheet.clone(), ..at.clone() };
        let header = if source.reads(&peek.sheet) {
            source.layout.header.map(|(first, _)| first)
        } else {
            sheet(peek, &at)?;
            head::header_of(peek)
        };
        titles(peek, header.unwrap_or(0), &at)?;
    }
    Ok(())
}

/// The rows above a header, as texts that people wrote.
fn titles(peek: &Peek, header: u32, at: &Place) -> Result<()> {
    for (row, cells) in peek.rows.iter().take_while(|(row, _)| *row < header) {
        let year = cells.iter().find_map(|cell| heads::year_in_name(cell));
        let year = year.or_else(|| heads::year_in_name(&at.file)).unwrap_or(YEAR);
        for cell in cells.iter().filter(|cell| !cell.trim().is_empty()) {
            guard::refuse_personal_text(cell, "the title", year)
                .map_err(|error| error.at(Place { row: Some(*row as usize), ..at.clone() }))?;
        }
    }
    Ok(())
}

/// A sheet that is not read, with the header it seems to have.
fn sheet(peek: &Peek, at: &Place) -> Result<()> {
    let header = head::header_of(peek).or_else(|| peek.rows.first().map(|(row, _)| *row));
    let width = peek.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let of_header = peek.rows.iter().find(|(row, _)| Some(*row) == header);
    let headers = of_header.map_or(&[][..], |(_, cells)| cells);
    let mut builder = Builder::new((0..width).map(|at| cell(headers, at)));
    peek.rows.iter().for_each(|(row, _)| builder.row(*row));
    for (at, column) in builder.columns.iter_mut().enumerate() {
        peek.rows.iter().for_each(|(_, cells)| column.push(cell(cells, at), false));
    }
    table(&builder.finish(&peek.sheet), at)
}

/// A table without a mapping.
pub(super) fn table(table: &Table, at: &Place) -> Result<()> {
    // Codes may look like a postcode, here as in the table that is read.
    let is_code = |at: &usize| words::weight(&table.columns[*at].header, words::CODE) > 0;
    let codes = [Field::Code, Field::Product, Field::Taakveld];
    let fields: BTreeMap<Field, usize> =
        codes.into_iter().zip((0..table.columns.len()).filter(is_code)).collect();
    guard::check(table, &fields, &[], &Privacy::default(), false, at).map(|_| ())
}

/// The text of a cell of a row, which may be shorter.
fn cell(cells: &[String], at: usize) -> &str {
    cells.get(at).map_or("", String::as_str)
}

/// The contact of Iv3 in JSON: a number or an address of a person.
fn contact(bytes: &[u8], at: &Place) -> Result<()> {
    let text = String::from_utf8_lossy(bytes);
    // What is no JSON is refused by its reader.
    let Ok(whole) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) else {
        return Ok(());
    };
    let mut texts = Vec::new();
    collect(&whole["contact"], &mut texts);
    for text in texts {
        guard::refuse_personal_text(&text, "the contact of the delivery", YEAR).map_err(
            |error| {
                Error::at(error, at.clone()).advice("empty the texts under contact in the file")
            },
        )?;
    }
    Ok(())
}

/// An Iv3 delivery with nothing under contact, every other byte as it was; `None` when nothing stands there.
pub(super) fn without_contact(bytes: &[u8]) -> Option<Vec<u8>> {
    const KEY: &str = "\"contact\"";
    let text = std::str::from_utf8(bytes).ok()?;
    let parsed =
        |text: &str| serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')).ok();
    let mut whole = parsed(text)?;
    let mut told = Vec::new();
    collect(whole.get("contact")?, &mut told);
    if told.iter().all(String::is_empty) {
        return None;
    }
    whole["contact"] = json!({});
    text.match_indices(KEY).find_map(|(at, _)| {
        let value = text[at + KEY.len()..].trim_start().strip_prefix(':')?.trim_start();
        let start = text.len() - value.len();
        let mut values = serde_json::Deserializer::from_str(value).into_iter::<Value>();
        values.next()?.ok()?;
        let copy = format!("{}{{}}{}", &text[..start], &value[values.byte_offset()..]);
        // The word may also stand elsewhere in the file.
        (parsed(&copy)? == whole).then(|| copy.into_bytes())
    })
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Number(number) => texts.push(number.to_string()),
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, texts)),
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contact_alone_is_left_out_of_iv3() {
        let of = |text: &str| {
            without_contact(text.as_bytes()).map(|copy| String::from_utf8(copy).unwrap())
        };
        let text = r#"{"a": "\"contact\": {}", "b": {"contact": 1}, "contact" : {"naam": "x", "c": [{}]}, "bedrag": 1.50}"#;
        let copy =
            r#"{"a": "\"contact\": {}", "b": {"contact": 1}, "contact" : {}, "bedrag": 1.50}"#;
        assert_eq!(of(text).as_deref(), Some(copy));
        for text in ["{", "[]", "{}", r#"{"contact": {}}"#, r#"{"contact": {"naam": ""}}"#] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
