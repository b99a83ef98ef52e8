//! CSV of the plain kind, fast: pieces of the file at once, each line by itself.
//!
//! Whatever needs more than a line to be understood, or is wrong, is left to the reader of `text.rs`: it
//! knows how to say it. Where this one reads a file, both make the same table of it.

use super::limited::LONGEST;
use super::{Builder, Table, trimmed};
use crate::ledger::options::{Encoding, Source};
use crate::units::Hash;
use rayon::prelude::*;
use std::io::{Read, Result};

/// The bytes of a piece, about: so few that the memory for it is used again for the next.
const PIECE: usize = 1 << 19;
/// So many pieces are read at once, while as many come in. No more of a file is held.
const AT_ONCE: usize = 8;
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a file, and takes its SHA-256 beside that; `None` when it is not plain.
///
/// # Errors
/// When the system can not read on.
pub(super) fn read(
    stream: &mut (impl Read + Send),
    source: &Source,
) -> Result<Option<(Table, String)>> {
    read_in(stream, source, PIECE)
}

fn read_in(
    stream: &mut (impl Read + Send),
    source: &Source,
    piece: usize,
) -> Result<Option<(Table, String)>> {
    let Some(delimiter) = source.delimiter.filter(|_| source.layout.header.is_none()) else {
        return Ok(None);
    };
    let mut plain = Plain { source, delimiter, piece, row: 0, empty: None, all: None };
    let mut hash = Hash::default();
    let mut blocks = Blocks { stream, size: piece * AT_ONCE, cut: Vec::new(), ended: false };
    let (mut next, mut spare) = (blocks.next(Vec::new())?, Vec::new());
    while let Some(block) = next {
        let add = || rayon::join(|| hash.add(&block), || plain.add(&block)).1;
        let (added, following) = rayon::join(add, || blocks.next(spare));
        if added.is_none() {
            return Ok(None);
        }
        (next, spare) = (following?, block);
    }
    Ok(plain.all.map(|builder| (builder.finish(""), hash.finish())))
}

/// A file by blocks of whole lines.
struct Blocks<'a, R> {
    stream: &'a mut R,
    size: usize,
    /// The start of a line of which the rest is still to come.
    cut: Vec<u8>,
    ended: bool,
}

impl<R: Read> Blocks<'_, R> {
    /// The next block, in memory that was used before. A line that is too long stays in, and is the last.
    fn next(&mut self, mut block: Vec<u8>) -> Result<Option<Vec<u8>>> {
        if self.ended {
            return Ok(None);
        }
        block.clear();
        block.append(&mut self.cut);
        let more = self.stream.take(self.size as u64).read_to_end(&mut block)?;
        let lines = end_of_lines(&block);
        if more == self.size && block.len() - lines <= LONGEST {
            self.cut = block.split_off(lines);
        } else {
            self.ended = true;
        }
        Ok(Some(block))
    }
}

/// A plain file while it is read.
struct Plain<'a> {
    source: &'a Source,
    delimiter: u8,
    piece: usize,
    /// The lines that were read.
    row: u32,
    /// The columns, once the header is known.
    empty: Option<Builder>,
    all: Option<Builder>,
}

impl Plain<'_> {
    /// Reads on with whole lines.
    fn add(&mut self, mut bytes: &[u8]) -> Option<()> {
        if self.source.encoding == Encoding::Windows1252 && !bytes.is_ascii() {
            return None;
        }
        if self.row == 0 {
            bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
            if bytes.starts_with(MARK) {
                return None;
            }
        }
        while self.empty.is_none() && !bytes.is_empty() {
            let (line, rest) = bytes.split_at(end_of_line(bytes, 0));
            (bytes, self.row) = (rest, self.row + 1);
            self.header(line)?;
        }
        let (Some(empty), Some(all)) = (&self.empty, &mut self.all) else { return Some(()) };
        let tables: Option<Vec<(Table, u32)>> = pieces(bytes, self.piece)
            .par_iter()
            .map(|piece| table(piece, self.delimiter, empty.clone()))
            .collect();
        let counted = |(mut table, lines): (Table, u32)| {
            table.rows.iter_mut().for_each(|number| *number += self.row);
            self.row += lines;
            table
        };
        let tables: Vec<Table> = tables?.into_iter().map(counted).collect();
        all.append(&tables);
        Some(())
    }

    /// Takes a line for the header, unless it is empty.
    fn header(&mut self, line: &[u8]) -> Option<()> {
        let mut headers = Vec::new();
        let line = if line.len() > LONGEST { None } else { text(line) };
        cells(line?, self.delimiter, &mut headers)?;
        if headers.iter().all(|header| header.trim().is_empty()) {
            return Some(());
        }
        // A single column is most likely another delimiter.
        let builder = (headers.len() > 1).then(|| Builder::of_source(headers, self.source))?;
        (self.empty, self.all) = (Some(builder.clone()), Some(builder));
        Some(())
    }
}

/// Where the last whole line ends, its line feed taken along.
fn end_of_lines(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |feed| feed + 1)
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
    let mut rest = text(piece)?;
    let mut row = 0;
    while !rest.is_empty() {
        row += 1;
        found.clear();
        let after = cells(rest, delimiter, &mut found)?;
        if rest.len() - after.len() > LONGEST {
            return None;
        }
        rest = after;
        if found.iter().all(|cell| trimmed(cell).is_empty()) {
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

/// The cells of the first line, and the text behind it. A quote that closes in another line, or is written twice, is
/// not plain. A carriage return stands before a line feed or at the end only: [`text`] saw to it.
fn cells<'a>(mut rest: &'a str, delimiter: u8, cells: &mut Vec<&'a str>) -> Option<&'a str> {
    loop {
        let (cell, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let end = quoted.find(['"', '\n']).filter(|&end| quoted.as_bytes()[end] == b'"')?;
                (&quoted[..end], quoted[end + 1..].trim_start_matches('\r'))
            }
            None => rest.split_at(end_of_cell(rest.as_bytes(), delimiter)),
        };
        let Some(&next) = after.as_bytes().first() else {
            cells.push(cell.trim_end_matches('\r'));
            return Some("");
        };
        if next == delimiter {
            cells.push(cell);
        } else if next == b'\n' {
            cells.push(cell.trim_end_matches('\r'));
            return Some(&after[1..]);
        } else {
            return None;
        }
        rest = &after[1..];
    }
}

fn end_of_cell(bytes: &[u8], delimiter: u8) -> usize {
    let ends = |&byte: &u8| byte == delimiter || byte == b'\n';
    bytes.iter().position(ends).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;
    use crate::ledger::table::text;
    use crate::units::sha256;
    use proptest::prelude::*;

    fn source(encoding: &str) -> Source {
        let json = format!(
            r#"{{"kind": "ledger", "files": "a.csv", "delimiter": ";", "decimal": ",",
                "encoding": "{encoding}", "columns": {{"booked": "a", "code": "b", "amount": "c"}}}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    /// The table of a text that is read in small pieces.
    fn small(mut bytes: &[u8], source: &Source, piece: usize) -> Option<Table> {
        let hashed = sha256(bytes);
        let (table, hash) = read_in(&mut bytes, source, piece).unwrap()?;
        assert_eq!(hash, hashed);
        Some(table)
    }

    /// The other reader's table, when it makes one.
    fn other(bytes: &[u8], source: &Source) -> Option<Table> {
        text::read(bytes, source, &Place::default()).ok()
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
                let table = small(text.as_bytes(), &source, size);
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
            assert_eq!(small(text.as_bytes(), &source(encoding), PIECE), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn never_differs_from_the_other_reader(
            rows in "\u{feff}{0,2}a;b;c\r?\n([01é ]{0,2};[0\" ]{0,3};-?[01]{1,2},[05]{2}\r?\n|[a1;\"\r\n ]{0,6}){0,8}",
            size in 1..10_usize,
        ) {
            for encoding in ["utf-8", "windows-1252"] {
                let source = source(encoding);
                if let Some(table) = small(rows.as_bytes(), &source, size) {
                    prop_assert_eq!(Some(table), other(rows.as_bytes(), &source));
                }
            }
        }
    }
}
