//! CSV of the plain kind, fast: pieces of the file at once, each line by itself.
//!
//! Whatever needs more than a line to be understood, or is wrong, is left to the reader of `text.rs`: it
//! knows how to say it. Where this one reads a file, both make the same table of it.

use super::limited::LONGEST;
use super::{Builder, Table};
use crate::ledger::options::{Encoding, Source};
use rayon::prelude::*;

/// The bytes of a piece, about: so few that the memory for it is used again for the next.
const PIECE: usize = 1 << 19;
/// So many pieces are read before they are put together, to hold little twice.
const AT_ONCE: usize = 32;
const MARK: &[u8] = b"\xef\xbb\xbf";
/// Reads a file; `None` when it is not plain.
pub(super) fn read(bytes: &[u8], source: &Source) -> Option<Table> {
    read_in(bytes, source, PIECE)
}

fn read_in(bytes: &[u8], source: &Source, size: usize) -> Option<Table> {
    let delimiter = source.delimiter.filter(|_| source.layout.header.is_none())?;
    if source.encoding == Encoding::Windows1252 && !bytes.is_ascii() {
        return None;
    }
    let mut bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    if bytes.starts_with(MARK) {
        return None;
    }
    let mut row = 0;
    let mut builder = loop {
        let (line, rest) = bytes.split_at(end_of_line(bytes, 0));
        (bytes, row) = (rest, row + 1);
        if line.len() > LONGEST {
            return None;
        }
        let mut headers = Vec::new();
        cells(text(line)?, delimiter, &mut headers)?;
        if headers.iter().any(|header| !header.trim().is_empty()) {
            // A single column is most likely another delimiter.
            break (headers.len() > 1).then(|| Builder::of_source(headers, source))?;
        } else if line.is_empty() {
            return None;
        }
    };
    let empty = builder.clone();
    for pieces in pieces(bytes, size).chunks(AT_ONCE) {
        let tables: Option<Vec<(Table, u32)>> =
            pieces.par_iter().map(|piece| table(piece, delimiter, empty.clone())).collect();
        for (table, lines) in tables? {
            builder.append(table, row);
            row += lines;
        }
    }
    Some(builder.finish(""))
}

/// Cuts behind line ends.
fn pieces(mut bytes: &[u8], size: usize) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let (piece, rest) = bytes.split_at(end_of_line(bytes, size));
        pieces.push(piece);
        bytes = rest;
    }
    pieces
}

/// Where the line ends that goes on at `from`, its line feed taken along.
fn end_of_line(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let feed = rest.iter().position(|&byte| byte == b'\n');
    feed.map_or(bytes.len(), |feed| from + feed + 1)
}

/// The rows of a piece, counted from 1, and its lines.
fn table(piece: &[u8], delimiter: u8, mut builder: Builder) -> Option<(Table, u32)> {
    let width = builder.columns.len();
    let mut found = Vec::with_capacity(width);
    let mut row = 0;
    for line in text(piece)?.split_inclusive('\n') {
        row += 1;
        if line.len() > LONGEST {
            return None;
        }
        found.clear();
        cells(line, delimiter, &mut found)?;
        if found.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if found.len() != width {
            return None;
        }
        builder.row(row);
        found.iter().zip(&mut builder.columns).for_each(|(cell, column)| column.push(cell, false));
    }
    Some((builder.finish(""), row))
}

/// The text of whole lines, unless the other reader must look at it: it knows how to refuse these signs.
fn text(bytes: &[u8]) -> Option<&str> {
    // Without a way out the compiler looks at many bytes at once.
    let odd = bytes.iter().fold(false, |odd, byte| odd | matches!(byte, 0 | 0x1e | b'\r'));
    let is_lone = |pair: &[u8]| pair[0] == b'\r' && pair[1] != b'\n';
    let refused =
        odd && (bytes.iter().any(|byte| matches!(byte, 0 | 0x1e)) || bytes.windows(2).any(is_lone));
    std::str::from_utf8(bytes).ok().filter(|_| !refused)
}

/// The cells of a line. A quote that closes in another line, or is written twice, is not plain.
fn cells<'a>(line: &'a str, delimiter: u8, cells: &mut Vec<&'a str>) -> Option<()> {
    let line = line.strip_suffix('\n').unwrap_or(line);
    let mut rest = line.strip_suffix('\r').unwrap_or(line);
    loop {
        let (cell, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let end = quoted.find('"')?;
                (&quoted[..end], &quoted[end + 1..])
            }
            None => rest.split_at(end_of_cell(rest.as_bytes(), delimiter)),
        };
        cells.push(cell);
        match after.as_bytes() {
            [] => return Some(()),
            [first, ..] if *first == delimiter => rest = &after[1..],
            _ => return None,
        }
    }
}

fn end_of_cell(bytes: &[u8], delimiter: u8) -> usize {
    bytes.iter().position(|&byte| byte == delimiter).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;
    use crate::ledger::table::text;
    use proptest::prelude::*;

    fn source(encoding: &str) -> Source {
        let json = format!(
            r#"{{"kind": "ledger", "files": "a.csv", "delimiter": ";", "decimal": ",",
                "encoding": "{encoding}", "columns": {{"booked": "a", "code": "b", "amount": "c"}}}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    /// The other reader's table, when it makes one.
    fn other(bytes: &[u8], source: &Source) -> Option<Table> {
        text::records(bytes, source, &Place::default()).ok()
    }

    #[test]
    fn reads_what_is_plain_as_the_other_reader_does() {
        for text in [
            "a;b;c\n2026;K1;1,00\n2026;K1;2,50\n",
            "\u{feff}a;b;c\r\n\r\n2026;é ;-1,00\r\n;;\r\n2026;\"x;y\";-1,00",
            "\n;;\na;b;c\n1;2;x",
            "a;b\n1;2\"\n",
        ] {
            for size in [1, 12, 1000] {
                let source = source("utf-8");
                let table = read_in(text.as_bytes(), &source, size);
                assert!(table.is_some(), "{text:?} is plain");
                assert_eq!(table, other(text.as_bytes(), &source), "{text:?} in {size}");
            }
        }
    }

    #[test]
    fn leaves_the_rest_to_the_other_reader() {
        for (text, encoding) in [
            ("", "utf-8"),
            ("a\n1\n", "utf-8"),
            ("a;b\n1\n", "utf-8"),
            ("a;b\n\"1;2\n3\";4\n", "utf-8"),
            ("a;b\n\"1\"\"2\";3\n", "utf-8"),
            ("a;b\r1;2\r", "utf-8"),
            ("a;b\n1;\0\n", "utf-8"),
            ("a;b\n1;é\n", "windows-1252"),
        ] {
            assert_eq!(read(text.as_bytes(), &source(encoding)), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn never_differs_from_the_other_reader(
            rows in "\u{feff}{0,2}a;b;c\r?\n([01é ]{0,2};[0\" ]{0,3};-?[01]{1,2},[05]{2}\r?\n|[a1;\"\r\n ]{0,6}){0,8}",
            size in 1..40_usize,
        ) {
            for encoding in ["utf-8", "windows-1252"] {
                let source = source(encoding);
                if let Some(table) = read_in(rows.as_bytes(), &source, size) {
                    prop_assert_eq!(Some(table), other(rows.as_bytes(), &source));
                }
            }
        }
    }
}
