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
use crate::units::sha256;
use rayon::prelude::*;
use std::collections::HashMap;
use std::io::{Cursor, Read, Seek};
use std::path::Path;

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
    open(&mut Cursor::new(bytes), source, at).map(|(table, _)| table)
}

/// Reads a file by its extension; gives its SHA-256 too. Plain CSV is never held whole.
pub(super) fn open(
    stream: &mut (impl Read + Seek + Send),
    source: &Source,
    at: &Place,
) -> Result<(Table, String)> {
    let failed = |error| Error::io(Path::new(&at.file), &error);
    let is_csv = extension(&at.file) == "csv";
    let plain = if is_csv { plain::read(stream, source).map_err(failed)? } else { None };
    let (table, sha256) = match plain {
        Some(read) => read,
        None => of_bytes(&whole(stream).map_err(failed)?, source, at)?,
    };
    if table.rows.is_empty() {
        return Err(Error::input("has a header but no rows")
            .at(at.clone())
            .advice("export it again, or take it out"));
    }
    Ok((table, sha256))
}

/// All of a file, from its start.
pub(super) fn whole(stream: &mut (impl Read + Seek)) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.rewind()?;
    stream.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn of_bytes(bytes: &[u8], source: &Source, at: &Place) -> Result<(Table, String)> {
    if bytes.is_empty() {
        return Err(Error::input("the file is empty")
            .at(at.clone())
            .advice("export it again, or take it out"));
    }
    let read = || match extension(&at.file).as_str() {
        "csv" => text::read(bytes, source, at),
        "xlsx" => workbook::read(bytes, source, at),
        "parquet" => parquet::read(bytes, at),
        "json" => iv3::read(bytes, at),
        _ => Err(unsupported(at)),
    };
    let (table, sha256) = rayon::join(read, || sha256(bytes));
    Ok((table?, sha256))
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

pub(super) fn extension(file: &str) -> String {
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
    /// Texts that were seen before, each in the place that its ends give.
    recent: Vec<Recent>,
    /// Those of them that their ends do not tell whole.
    long: Vec<String>,
}

/// A text that was seen before, and its index. Small, so that the places of all columns stay near at hand.
#[derive(Clone, Copy, Debug)]
struct Recent {
    ends: Ends,
    index: u32,
}

/// The length of a text, whether it was a number, and its first and last four bytes: all of a text of at most eight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ends {
    word: u64,
    length: u32,
}

/// The places for recent texts: a number of ten bits.
const RECENT: usize = 1 << 10;

impl Distinct {
    pub(super) fn push(&mut self, text: &str, number: bool) {
        let text = trimmed(text);
        let written = self.mark.filter(|_| !number).and_then(|mark| amount::written(text, mark));
        let cell = written.unwrap_or_else(|| self.index(text, number));
        self.cells.push(cell);
    }

    /// The index of a text, found among the recent ones or in the map of all.
    fn index(&mut self, text: &str, number: bool) -> u32 {
        let ends = Ends::of(text, number);
        let place = ends.place();
        if let Some(recent) = self.recent.get(place)
            && recent.ends == ends
            && (ends.are_all() || self.long[place] == text)
        {
            return recent.index;
        }
        let index = self.look_up(text, number);
        if self.recent.is_empty() {
            self.recent = vec![Recent { ends: Ends::NONE, index }; RECENT];
        }
        if !ends.are_all() {
            self.long.resize(RECENT, String::new());
            text.clone_into(&mut self.long[place]);
        }
        self.recent[place] = Recent { ends, index };
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
    fn append(&mut self, column: &Column) {
        let values = column.values.iter();
        let indices: Vec<u32> =
            values.map(|value| self.look_up(&value.text, value.number)).collect();
        let cell = |&cell: &u32| if held(cell).is_some() { cell } else { indices[cell as usize] };
        self.cells.extend(column.cells.iter().map(cell));
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

    /// Puts the rows of tables of the same headers below, in their order; the columns at once.
    fn append(&mut self, tables: &[Table]) {
        for table in tables {
            self.rows.extend(&table.rows);
        }
        self.columns.par_iter_mut().enumerate().for_each(|(at, column)| {
            for table in tables {
                column.append(&table.columns[at]);
            }
        });
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

impl Ends {
    const NONE: Self = Self { word: 0, length: u32::MAX };

    fn of(text: &str, number: bool) -> Self {
        let bytes = text.as_bytes();
        let word = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(&first), Some(&last)) => {
                u64::from(u32::from_le_bytes(first)) << 32 | u64::from(u32::from_le_bytes(last))
            }
            _ => bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)),
        };
        let length = u32::try_from(bytes.len() << 1 | usize::from(number));
        Self { word, length: length.expect("a text is shorter than 2 GiB") }
    }

    fn are_all(self) -> bool {
        self.length >> 1 <= 8
    }

    /// The place among the recent texts (Fibonacci hashing).
    fn place(self) -> usize {
        (self.word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54) as usize
    }
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
