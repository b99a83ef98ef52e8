//! Any file as a table of text, each column with its distinct texts kept once.
//!
//! A ledger of half a million rows has few distinct months, codes and sides. So the guard looks at
//! each text once, each text is parsed once, and a row is a handful of indices.

mod amount;
pub(super) mod heads;
mod iv3;
mod limited;
mod parquet;
pub(super) mod peek;
mod plain;
mod shape;
mod text;
mod workbook;
mod zipped;

pub(super) use shape::{Shaped, amount_columns, shape};

pub(super) use amount::held;

use super::options::Source;
use crate::error::{Error, Place, Result};
use std::collections::HashMap;

/// The rows of one file or sheet below its header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// The sheet of a workbook; else empty.
    pub(super) sheet: String,
    pub(super) columns: Vec<Column>,
    /// The number of each row as a person counts it in the file: the header is row 1.
    pub(super) rows: Vec<u32>,
}

/// A column: its distinct texts and which of them stands in each row, or the amount itself ([`held`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) header: String,
    pub(super) values: Vec<Value>,
    pub(super) cells: Vec<u32>,
}

/// The text of a cell, without spaces around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) text: Box<str>,
    /// Whether the file held a number, so that a point in the text is its decimal mark.
    pub(super) number: bool,
}

impl Column {
    /// The text in a row; not for a column of amounts.
    pub(super) fn text(&self, row: usize) -> &str {
        &self.values[self.cells[row] as usize].text
    }
}

/// Reads the bytes of a file by its extension.
pub(super) fn read(bytes: &[u8], source: &Source, at: &Place) -> Result<Table> {
    if bytes.is_empty() {
        return Err(Error::input("the file is empty")
            .at(at.clone())
            .advice("export it again, or take it out"));
    }
    let table = match extension(&at.file).as_str() {
        "csv" => text::read(bytes, source, at),
        "xlsx" => workbook::read(bytes, source, at),
        "parquet" => parquet::read(bytes, at),
        "json" => iv3::read(bytes, at),
        _ => Err(unsupported(at)),
    }?;
    if table.rows.is_empty() {
        return Err(Error::input("has a header but no rows")
            .at(at.clone())
            .advice("export it again, or take it out"));
    }
    Ok(table)
}

/// A header of two rows as one: the upper text, also over the empty cells behind it, and the lower.
fn joined(mut upper: Vec<String>, lower: &[String]) -> Vec<String> {
    upper.resize(upper.len().max(lower.len()), String::new());
    let mut above = String::new();
    let texts = upper.into_iter().enumerate().map(|(at, text)| {
        if !text.trim().is_empty() {
            text.trim().clone_into(&mut above);
        }
        let below = lower.get(at).map_or("", |text| text.trim());
        format!("{above} {below}").trim().to_owned()
    });
    texts.collect()
}

/// The row that was to be the header holds nothing.
fn no_header(row: u32, at: &Place) -> Error {
    Error::input("the header is to stand here, and the row is empty or does not exist")
        .at(Place { row: Some(row as usize), ..at.clone() })
        .advice("set header to the row in which the names of the columns stand")
}

fn extension(file: &str) -> String {
    file.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default()
}

fn unsupported(at: &Place) -> Error {
    Error::input("is not a kind of file that can be read").at(at.clone()).advice(
        "save it as .csv, .xlsx, .parquet or Iv3 in .json, or name the files more narrowly, as in \"map/*.csv\"",
    )
}

/// Collects cells into a [`Table`].
#[derive(Clone, Debug)]
pub(super) struct Builder {
    pub(super) columns: Vec<Distinct>,
    pub(super) rows: Vec<u32>,
}

/// A column while it grows.
#[derive(Clone, Debug, Default)]
pub(super) struct Distinct {
    header: String,
    texts: HashMap<Box<str>, u32>,
    numbers: HashMap<Box<str>, u32>,
    cells: Vec<u32>,
    /// The decimal mark of amounts that a cell may hold by itself.
    mark: Option<u8>,
    /// Texts that were seen before, each in the place that its end gives.
    recent: Vec<Recent>,
}

/// A text and its index.
#[derive(Clone, Debug, Default)]
struct Recent {
    text: String,
    number: bool,
    index: Option<u32>,
}

/// The places for recent texts.
const RECENT: usize = 256;

impl Distinct {
    pub(super) fn push(&mut self, text: &str, number: bool) {
        let text = trimmed(text);
        let written = self.mark.filter(|_| !number).and_then(|mark| amount::written(text, mark));
        let cell = written.unwrap_or_else(|| self.index(text, number));
        self.cells.push(cell);
    }

    /// The index of a text, found among the recent ones or in the map of all.
    fn index(&mut self, text: &str, number: bool) -> u32 {
        if self.recent.is_empty() {
            self.recent.resize_with(RECENT, Recent::default);
        }
        let at = place(text);
        if let Recent { index: Some(index), text: seen, number: kind } = &self.recent[at]
            && seen == text
            && *kind == number
        {
            return *index;
        }
        let index = self.look_up(text, number);
        let recent = &mut self.recent[at];
        recent.text.clear();
        recent.text.push_str(text);
        (recent.number, recent.index) = (number, Some(index));
        index
    }

    fn look_up(&mut self, text: &str, number: bool) -> u32 {
        let next = self.texts.len() + self.numbers.len();
        let next = u32::try_from(next).ok().filter(|&next| held(next).is_none());
        let next = next.expect("a file has fewer than 2^31 rows");
        let seen = if number { &mut self.numbers } else { &mut self.texts };
        seen.get(text).copied().unwrap_or_else(|| {
            seen.insert(text.into(), next);
            next
        })
    }

    /// Puts a column of the same header behind this one.
    fn append(&mut self, column: Column) {
        let values = column.values.iter();
        let indices: Vec<u32> =
            values.map(|value| self.look_up(&value.text, value.number)).collect();
        let cell = |cell: u32| if held(cell).is_some() { cell } else { indices[cell as usize] };
        self.cells.extend(column.cells.into_iter().map(cell));
    }

    fn finish(self) -> Column {
        let mut values =
            vec![Value { text: "".into(), number: false }; self.texts.len() + self.numbers.len()];
        let mut place = |text, index: u32, number| values[index as usize] = Value { text, number };
        self.texts.into_iter().for_each(|(text, index)| place(text, index, false));
        self.numbers.into_iter().for_each(|(text, index)| place(text, index, true));
        Column { header: self.header, values, cells: self.cells }
    }
}

impl Builder {
    pub(super) fn new<'a>(headers: impl IntoIterator<Item = &'a str>) -> Self {
        let column =
            |header: &str| Distinct { header: header.trim().to_owned(), ..Distinct::default() };
        Self { columns: headers.into_iter().map(column).collect(), rows: Vec::new() }
    }

    /// A table of a source: its amounts stand in the cells where they can.
    fn of_source<'a>(headers: impl IntoIterator<Item = &'a str>, source: &Source) -> Self {
        let mut builder = Self::new(headers);
        if let Some((header, mark)) = source.amounts() {
            let is_amount = |column: &&mut Distinct| column.header == header;
            builder
                .columns
                .iter_mut()
                .filter(is_amount)
                .for_each(|column| column.mark = Some(mark));
        }
        builder
    }

    /// Puts the rows of a table of the same headers below, their numbers counted on from `row`.
    fn append(&mut self, table: Table, row: u32) {
        self.rows.extend(table.rows.into_iter().map(|number| row + number));
        let columns = self.columns.iter_mut().zip(table.columns);
        columns.for_each(|(column, more)| column.append(more));
    }

    pub(super) fn row(&mut self, row: u32) {
        self.rows.push(row);
    }

    pub(super) fn finish(self, sheet: &str) -> Table {
        let columns = self.columns.into_iter().map(Distinct::finish).collect();
        Table { sheet: sheet.to_owned(), columns, rows: self.rows }
    }
}

/// A text without spaces around it, most of which have none.
fn trimmed(text: &str) -> &str {
    let has_none = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if has_none(bytes.first()) && has_none(bytes.last()) { text } else { text.trim() }
}

/// The place of a text among the recent ones: its first and last four bytes, mixed (Fibonacci hashing).
fn place(text: &str) -> usize {
    let bytes = text.as_bytes();
    let word = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(&first), Some(&last)) => {
            u64::from(u32::from_le_bytes(first)) << 32 | u64::from(u32::from_le_bytes(last))
        }
        _ => bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    };
    (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A table of texts, for tests of the rooms above.
    pub(in crate::ledger) fn table(headers: &[&str], rows: &[Vec<String>]) -> Table {
        let mut builder = Builder::new(headers.iter().copied());
        for (number, cells) in (2..).zip(rows) {
            builder.row(number);
            cells
                .iter()
                .zip(&mut builder.columns)
                .for_each(|(cell, column)| column.push(cell, false));
        }
        builder.finish("")
    }

    #[test]
    fn keeps_each_text_once_and_numbers_apart() {
        let mut builder = Builder::new([" a "]);
        for (text, number) in [("1.5", false), ("1.5", true), (" 1.5\u{a0}", false), ("", false)] {
            builder.columns[0].push(text, number);
        }
        let column = builder.finish("").columns.remove(0);
        assert_eq!(
            (column.header.as_str(), column.cells.as_slice()),
            ("a", [0, 1, 0, 2].as_slice())
        );
        assert_eq!(
            (column.values.len(), column.values[1].number, column.text(2)),
            (3, true, "1.5")
        );
    }

    #[test]
    fn a_header_of_two_rows_repeats_the_upper_one() {
        let row = |texts: [&str; 4]| texts.map(str::to_owned);
        let upper = row(["Product", "", "Bedrag", ""]).to_vec();
        let lower = row(["code", " naam", "", "baten"]);
        assert_eq!(
            joined(upper, &lower),
            ["Product code", "Product naam", "Bedrag", "Bedrag baten"]
        );
    }

    #[test]
    fn refuses_other_kinds_of_files() {
        let source = Source::line_table("x");
        for (file, bytes, expected) in [
            ("a.pdf", "x", "is not a kind of file"),
            ("zonder", "x", "is not a kind of file"),
            ("a.csv", "", "the file is empty"),
            ("a.csv", "a;b\n", "has a header but no rows"),
            ("a.CSV", "a;b\n\n", "has a header but no rows"),
        ] {
            let at = Place { file: file.into(), ..Place::default() };
            let message = read(bytes.as_bytes(), &source, &at).unwrap_err().to_string();
            assert!(message.starts_with(&format!("{file}: {expected}")), "{message}");
            assert!(message.contains("what to do"), "{message}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(text in "[ab1;,\"\n\r é\t]{0,60}", junk in prop::collection::vec(any::<u8>(), 0..60)) {
            for (file, bytes) in [("a.csv", text.as_bytes()), ("a.csv", &junk), ("a.xlsx", &junk), ("a.parquet", &junk), ("a.json", &junk)] {
                let at = Place { file: file.into(), ..Place::default() };
                let _ = read(bytes, &Source::line_table("x"), &at);
            }
        }
    }
}
