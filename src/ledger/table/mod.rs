//! Any file as a table of text, each column with its distinct texts kept once.
//!
//! A ledger of half a million rows has few distinct months, codes and sides. So the guard looks at
//! each text once, each text is parsed once, and a row is a handful of indices.

mod parquet;
mod text;
mod workbook;

use super::options::Source;
use crate::error::{Error, Place, Result};
use std::collections::HashMap;

/// The rows of one file or sheet below its header.
#[derive(Debug)]
pub(super) struct Table {
    /// The sheet of a workbook; else empty.
    pub(super) sheet: String,
    pub(super) columns: Vec<Column>,
    /// The number of each row as a person counts it in the file: the header is row 1.
    pub(super) rows: Vec<u32>,
}

/// A column: its distinct texts and which of them stands in each row.
#[derive(Debug)]
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
    /// The text in a row.
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
        "xlsx" => workbook::read(bytes, source.sheet.as_deref(), at),
        "parquet" => parquet::read(bytes, at),
        _ => Err(unsupported(at)),
    }?;
    if table.rows.is_empty() {
        return Err(Error::input("has a header but no rows")
            .at(at.clone())
            .advice("export it again, or take it out"));
    }
    Ok(table)
}

fn extension(file: &str) -> String {
    file.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default()
}

fn unsupported(at: &Place) -> Error {
    Error::input("is not a kind of file that can be read").at(at.clone()).advice(
        "save it as .csv, .xlsx or .parquet, or name the files more narrowly, as in \"map/*.csv\"",
    )
}

/// Collects cells into a [`Table`].
struct Builder {
    columns: Vec<Distinct>,
    rows: Vec<u32>,
}

#[derive(Default)]
struct Distinct {
    header: String,
    texts: HashMap<Box<str>, u32>,
    numbers: HashMap<Box<str>, u32>,
    cells: Vec<u32>,
    /// The cell above, which is often the same.
    last: (String, bool),
}

impl Distinct {
    fn push(&mut self, text: &str, number: bool) {
        let text = text.trim();
        match self.cells.last() {
            Some(&above) if self.last.0 == text && self.last.1 == number => self.cells.push(above),
            _ => self.push_new(text, number),
        }
    }

    fn push_new(&mut self, text: &str, number: bool) {
        self.last.0.clear();
        self.last.0.push_str(text);
        self.last.1 = number;
        let next = u32::try_from(self.texts.len() + self.numbers.len())
            .expect("a file has fewer than 2^32 rows");
        let seen = if number { &mut self.numbers } else { &mut self.texts };
        let index = seen.get(text).copied().unwrap_or_else(|| {
            seen.insert(text.into(), next);
            next
        });
        self.cells.push(index);
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
    fn new<'a>(headers: impl IntoIterator<Item = &'a str>) -> Self {
        let column =
            |header: &str| Distinct { header: header.trim().to_owned(), ..Distinct::default() };
        Self { columns: headers.into_iter().map(column).collect(), rows: Vec::new() }
    }

    fn row(&mut self, row: u32) {
        self.rows.push(row);
    }

    fn finish(self, sheet: &str) -> Table {
        let columns = self.columns.into_iter().map(Distinct::finish).collect();
        Table { sheet: sheet.to_owned(), columns, rows: self.rows }
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
            for (file, bytes) in [("a.csv", text.as_bytes()), ("a.csv", &junk), ("a.xlsx", &junk), ("a.parquet", &junk)] {
                let at = Place { file: file.into(), ..Place::default() };
                let _ = read(bytes, &Source::line_table("x"), &at);
            }
        }
    }
}
