//! CSV: bytes to text by the stated encoding, text to records.
//!
//! Read with the csv crate and not with polars: a person must find the row, so every record keeps
//! its physical line, and a record that is too short is an error where polars fills it with nulls.

use super::limited::{LONGEST, Limited};
use super::{Builder, Table, joined, no_header};
use crate::error::{Error, Place, Result};
use crate::ledger::options::{Encoding, Source};
use crate::ledger::problems::Problems;
use csv::{ReaderBuilder, StringRecord};
use std::borrow::Cow;
use std::io::Read;

/// A record no file holds. It is put behind the text: when it does not come back as a record of its
/// own, a quote was never closed and has swallowed it.
const END: &str = "\n\u{1e}\n";

const DELIMITERS: [char; 4] = [';', ',', '\t', '|'];

/// Reads any CSV file, record by record.
pub(super) fn read(bytes: &[u8], source: &Source, at: &Place) -> Result<Table> {
    let text = decode(bytes, source.encoding, at)?;
    let delimiter = source.delimiter.unwrap_or_else(|| detect(&text));
    let mut records = Records::new(&text, delimiter);
    let header = header(&mut records, source.layout.header, at)?;
    let mut builder = Builder::of_source(header.iter().map(String::as_str), source);
    let width = builder.columns.len();
    let mut ragged = Problems::default();
    while let Some(row) = records.next(at)? {
        let record = &records.record;
        if record.len() == width {
            builder.row(row);
            record
                .iter()
                .zip(&mut builder.columns)
                .for_each(|(cell, column)| column.push(cell, false));
        } else {
            ragged.add(|| too_long_or_short(record.len(), width, row, at));
        }
    }
    ragged.finish().map(|()| builder.finish(""))
}

/// The header: the rows of the source, or else the first that holds anything.
fn header(records: &mut Records, rows: Option<(u32, u32)>, at: &Place) -> Result<Vec<String>> {
    let Some((first, last)) = rows else {
        let Some(row) = records.next(at)? else {
            return Err(Error::input("the file is empty")
                .at(at.clone())
                .advice("export it again, or take it out"));
        };
        check_delimiter(&records.record, row, at)?;
        return Ok(records.texts());
    };
    records.reach(first, at)?;
    check_delimiter(&records.record, first, at)?;
    let upper = records.texts();
    if last == first {
        return Ok(upper);
    }
    records.reach(last, at)?;
    Ok(joined(upper, &records.texts()))
}

fn too_long_or_short(cells: usize, expected: usize, row: u32, at: &Place) -> Error {
    Error::input(format!("has {cells} cells where the header has {expected}"))
        .at(Place { row: Some(row as usize), ..at.clone() })
        .advice(
            "put quotes around a cell that holds the delimiter, and check that the row is whole",
        )
}

/// Semicolon when the first line has one, else comma.
fn detect(text: &str) -> u8 {
    if text.lines().next().is_some_and(|line| line.contains(';')) { b';' } else { b',' }
}

fn check_delimiter(header: &StringRecord, row: u32, at: &Place) -> Result<()> {
    let only = if header.len() == 1 { &header[0] } else { "" };
    match DELIMITERS.into_iter().find(|&delimiter| only.contains(delimiter)) {
        None => Ok(()),
        Some(delimiter) => Err(Error::input("the header is a single column")
            .at(Place { row: Some(row as usize), ..at.clone() })
            .advice(format!("set delimiter = {:?} for this source", delimiter.to_string()))),
    }
}

/// The records that hold anything, each with its physical line.
pub(super) struct Records<'a> {
    text: &'a str,
    reader: csv::Reader<Limited<std::io::Chain<&'a [u8], &'static [u8]>>>,
    record: StringRecord,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a str, delimiter: u8) -> Self {
        let reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(Limited::new(text.as_bytes().chain(END.as_bytes())));
        Self { text, reader, record: StringRecord::new() }
    }

    pub(super) fn texts(&self) -> Vec<String> {
        self.record.iter().map(str::to_owned).collect()
    }

    /// Reads on to the record of a line.
    fn reach(&mut self, line: u32, at: &Place) -> Result<()> {
        loop {
            match self.next(at)? {
                Some(row) if row < line => {}
                Some(row) if row == line => return Ok(()),
                _ => return Err(no_header(line, at)),
            }
        }
    }

    /// Reads the next record and gives its line; `None` at the end.
    pub(super) fn next(&mut self, at: &Place) -> Result<Option<u32>> {
        loop {
            let row = self.row();
            self.reader.get_mut().grant();
            // Text in memory can be read: only its length can be wrong.
            let more = self.reader.read_record(&mut self.record).map_err(|_| {
                Error::input(format!(
                    "the record that starts in this row is longer than {LONGEST} bytes"
                ))
                .at(Place { row: Some(row as usize), ..at.clone() })
                .advice("export it again with line ends, or close the quote that opens in this row")
            })?;
            let record = &self.record;
            if record.len() == 1 && record[0] == *END.trim_matches('\n') {
                return Ok(None);
            }
            if !more || record.iter().any(|cell| cell.contains(END.trim_matches('\n'))) {
                return Err(Error::input("a quote that opens in this row is never closed")
                    .at(Place { row: Some(row as usize), ..at.clone() })
                    .advice("close the quote, or write a quote inside a cell twice"));
            }
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(Some(row));
            }
        }
    }

    /// The line on which the next record starts: past the line ends and empty lines before it.
    fn row(&self) -> u32 {
        let position = self.reader.position();
        let from = usize::try_from(position.byte()).unwrap_or(usize::MAX).min(self.text.len());
        let gap = self.text.as_bytes()[from..].iter().take_while(|&&b| b == b'\n' || b == b'\r');
        let lines = position.line() + gap.filter(|&&b| b == b'\n').map(|_| 1).sum::<u64>();
        u32::try_from(lines).unwrap_or(u32::MAX)
    }
}

/// The text of the bytes. A byte order mark decides over the stated encoding.
pub(super) fn decode<'a>(bytes: &'a [u8], encoding: Encoding, at: &Place) -> Result<Cow<'a, str>> {
    let wrong = |offset: usize, what: &str, advice: &str| {
        let row = bytes[..offset].split(|&b| b == b'\n').count();
        Err(Error::input(what).at(Place { row: Some(row), ..at.clone() }).advice(advice))
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return wrong(0, "is written in UTF-16", "save it as CSV UTF-8");
    }
    if let Some(offset) = bytes.iter().position(|&b| b == 0) {
        return wrong(
            offset,
            "is not a text file",
            "save it as CSV; a workbook must be named .xlsx",
        );
    }
    let utf8 = bytes.strip_prefix(b"\xef\xbb\xbf");
    let text = match (encoding, std::str::from_utf8(utf8.unwrap_or(bytes))) {
        (Encoding::Windows1252, Ok(text)) if utf8.is_none() && !text.is_ascii() => {
            let offset = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(0);
            return wrong(
                offset,
                "is written in UTF-8, not in windows-1252",
                "set encoding = \"utf-8\" for this source",
            );
        }
        (_, Ok(text)) => Cow::Borrowed(text),
        (Encoding::Windows1252, Err(_)) if utf8.is_none() => {
            match bytes.iter().position(|b| UNUSED.contains(b)) {
                Some(offset) => {
                    return wrong(offset, "is not valid windows-1252", "save it as CSV UTF-8");
                }
                None => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
            }
        }
        (_, Err(error)) => {
            let advice =
                "set encoding = \"windows-1252\" for this source, or save the file as CSV UTF-8";
            return wrong(error.valid_up_to(), "is not valid UTF-8", advice);
        }
    };
    Ok(with_line_feeds(text))
}

/// The bytes that stand for no character in windows-1252.
const UNUSED: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/// Lines that end in a lone carriage return, as old Macintosh programs write them, get a line feed.
fn with_line_feeds(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\r') && !text.contains('\n') { text.replace('\r', "\n").into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(encoding: Encoding) -> Source {
        Source { encoding, ..Source::line_table("a.csv") }
    }

    fn try_read(bytes: &[u8], encoding: Encoding) -> Result<Table, String> {
        let at = Place { file: "a.csv".into(), ..Place::default() };
        read(bytes, &source(encoding), &at).map_err(|error| error.to_string())
    }

    fn column(table: &Table, at: usize) -> Vec<&str> {
        (0..table.rows.len()).map(|row| table.columns[at].text(row)).collect()
    }

    #[test]
    fn reads_both_encodings_and_a_mark() {
        for (bytes, encoding) in [
            ("a;b\né;1\n".as_bytes(), Encoding::Utf8),
            ("\u{feff}a;b\né;1".as_bytes(), Encoding::Utf8),
            ("\u{feff}a;b\né;1".as_bytes(), Encoding::Windows1252),
            (b"a;b\r\n\xe9;1\r\n", Encoding::Windows1252),
        ] {
            let table = try_read(bytes, encoding).unwrap();
            assert_eq!((table.columns[0].header.as_str(), column(&table, 0)), ("a", vec!["é"]));
        }
    }

    #[test]
    fn tells_the_row_of_a_wrong_byte() {
        for (bytes, encoding, expected) in [
            (b"a;b\n1;2\n\xe9;1".as_slice(), Encoding::Utf8, "a.csv, row 3: is not valid UTF-8"),
            (b"a;b\n\x81;1", Encoding::Windows1252, "a.csv, row 2: is not valid windows-1252"),
            ("a;b\né;1".as_bytes(), Encoding::Windows1252, "a.csv, row 2: is written in UTF-8"),
            (b"\xff\xfea\0", Encoding::Utf8, "a.csv, row 1: is written in UTF-16"),
            (b"PK\0\x03", Encoding::Utf8, "a.csv, row 1: is not a text file"),
        ] {
            let message = try_read(bytes, encoding).unwrap_err();
            assert!(message.starts_with(expected), "{message}");
        }
    }

    #[test]
    fn counts_rows_as_a_person_does() {
        // Row 2 holds a quoted line end, so the next record is row 4; rows 5 and 6 are empty.
        for end in ["\n", "\r\n"] {
            let text = ["a;b", "\"x", "y\";1", "z;2", "", ";", "w;3"].join(end);
            let table = try_read(text.as_bytes(), Encoding::Utf8).unwrap();
            assert_eq!(table.rows, [2, 4, 7], "{end:?}");
            assert_eq!(column(&table, 1), ["1", "2", "3"]);
        }
        let table = try_read(b"a;b\r1;2\r3;4\r", Encoding::Utf8).unwrap();
        assert_eq!(table.rows, [2, 3]);
    }

    #[test]
    fn refuses_ragged_rows_and_open_quotes() {
        let message = try_read(b"a;b\n1;2\n\n1\n1;2;3\n", Encoding::Utf8).unwrap_err();
        assert!(
            message.starts_with("a.csv, row 4: has 1 cells where the header has 2"),
            "{message}"
        );
        assert!(message.contains("a.csv, row 5: has 3 cells where the header has 2"), "{message}");
        let message = try_read(b"a;b\n1;2\n1;\"2\n3;4\n", Encoding::Utf8).unwrap_err();
        assert!(
            message.starts_with("a.csv, row 3: a quote that opens in this row is never closed"),
            "{message}"
        );
    }

    #[test]
    fn titles_stand_above_the_header() {
        let with = |header, text: &str| {
            let layout = crate::ledger::layout::Layout { header, ..Default::default() };
            let at = Place { file: "a.csv".into(), ..Place::default() };
            read(text.as_bytes(), &Source { layout, ..source(Encoding::Utf8) }, &at)
        };
        let titled = "Boeken;;\n\nProduct;;Bedrag\na;b;c\n1;2;3\n";
        let table = with(Some((4, 4)), titled).unwrap();
        assert_eq!((table.columns[2].header.as_str(), &*table.rows), ("c", [5].as_slice()));
        let table = with(Some((3, 4)), titled).unwrap();
        let headers: Vec<&str> = table.columns.iter().map(|c| c.header.as_str()).collect();
        assert_eq!(headers, ["Product a", "Product b", "Bedrag c"]);
        for header in [(2, 2), (9, 9)] {
            let message = with(Some(header), titled).unwrap_err().to_string();
            assert!(message.contains(&format!("row {}: the header is to stand here", header.0)));
        }
    }

    #[test]
    fn detects_the_delimiter_of_a_line_table_only() {
        assert_eq!(try_read(b"a,b\n1,2\n", Encoding::Utf8).unwrap().columns.len(), 2);
        let comma = Source { delimiter: Some(b','), ..source(Encoding::Utf8) };
        let message = read(b"a;b\n1;2\n", &comma, &Place::default()).unwrap_err().to_string();
        assert!(message.ends_with("set delimiter = \";\" for this source"), "{message}");
    }
}
