//! What a workbook holds when it is unpacked, looked at before anything of it is kept.
//!
//! A workbook is a ZIP file of XML, so a small file can hold a very large one, and the sizes it states may be
//! wrong. So it is unpacked once and thrown away, and refused as soon as there is too much. Nothing is ever written
//! under a name that stands in the file.

use crate::error::{Error, Place, Result};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Bytes after unpacking. A sheet that is filled to its last row, the 1,048,576th, with ten columns takes half
/// of this.
const LARGEST: u64 = 1 << 30;
/// Times the size of the file. Sheets of postings take 5 to 20; deflate can reach 1032. Apache POI refuses the same.
const RATIO: u64 = 100;
/// Bytes below which the ratio says nothing: few different rows pack very well.
const SMALL: u64 = 64 << 20;
/// Bytes between two marks of XML. Excel holds 32,767 characters in a cell.
const LONGEST: usize = 1 << 20;
/// Texts a workbook may say that it shares: memory is set apart for what it says.
const SHARED: u64 = 50_000_000;
/// So much of a mark is looked at.
const HEAD: usize = 4096;

/// The limits, so that tests can do with little.
struct Limits {
    largest: u64,
    small: u64,
    longest: usize,
}

const LIMITS: Limits = Limits { largest: LARGEST, small: SMALL, longest: LONGEST };

/// Refuses a workbook that is made to exhaust memory. One that can not be unpacked passes: its reader tells why.
pub(super) fn check(bytes: &[u8], at: &Place) -> Result<()> {
    within(bytes, &LIMITS).map_err(|what| {
        Error::input(what).at(at.clone()).advice(
            "it is no workbook of a spreadsheet program as it stands; save its rows as CSV, or ask where it came from",
        )
    })
}

fn within(bytes: &[u8], limits: &Limits) -> Result<(), String> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(()) };
    let allowed = limits.largest.min(limits.small.max(RATIO * bytes.len() as u64));
    let mut total = 0;
    for at in 0..archive.len() {
        let Ok(mut part) = archive.by_index(at) else { continue };
        let named = |name: &str| name.to_lowercase().ends_with("sharedstrings.xml");
        // A name that is no text may be any.
        let shared = part.name().map_or(true, |name| named(&name));
        let mut marks = Marks { longest: limits.longest, shared, length: 0, head: Vec::new() };
        let mut chunk = vec![0; 1 << 16];
        while let Ok(count @ 1..) = part.read(&mut chunk) {
            total += count as u64;
            if total > allowed {
                return Err(format!(
                    "unpacks to more than {allowed} bytes from {}: it may be a ZIP bomb",
                    bytes.len()
                ));
            }
            marks.read(&chunk[..count])?;
        }
    }
    Ok(())
}

/// The stretches between one `<` and the next.
struct Marks {
    longest: usize,
    /// Whether these are the shared texts.
    shared: bool,
    length: usize,
    /// How the stretch begins, without zeros: a text in UTF-16 is no way around.
    head: Vec<u8>,
}

impl Marks {
    fn read(&mut self, chunk: &[u8]) -> Result<(), String> {
        for (at, stretch) in chunk.split(|&byte| byte == b'<').enumerate() {
            if at > 0 {
                self.head.clear();
                self.length = 0;
            }
            self.length += stretch.len();
            if self.length > self.longest {
                return Err(format!("holds a cell of more than {} bytes", self.longest));
            }
            if self.shared {
                let room = HEAD.saturating_sub(self.head.len());
                self.head.extend(stretch.iter().filter(|&&byte| byte != 0).take(room));
                self.check_shared()?;
            }
        }
        Ok(())
    }

    /// The mark that opens the shared texts says how many there are.
    fn check_shared(&self) -> Result<(), String> {
        let name = self.head.split(|byte| byte.is_ascii_whitespace() || *byte == b'>').next();
        if !name.is_some_and(|name| name == b"sst" || name.ends_with(b":sst")) {
            return Ok(());
        }
        let numbers = self.head.split(|byte| !byte.is_ascii_digit()).filter(|n| !n.is_empty());
        let value = |digits: &[u8]| std::str::from_utf8(digits).ok()?.parse::<u64>().ok();
        let too_many = |digits: &[u8]| value(digits).is_none_or(|value| value > SHARED);
        if self.head.len() == HEAD || numbers.into_iter().any(too_many) {
            return Err(format!("says that it shares more than {SHARED} texts"));
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    /// A ZIP file of these parts.
    pub(in crate::ledger::table) fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn told(name: &str, bytes: &[u8]) -> String {
        let limits = Limits { largest: 1 << 20, small: 1 << 16, longest: 1000 };
        within(&zipped(&[(name, bytes)]), &limits).err().unwrap_or_default()
    }

    #[test]
    fn too_much_from_too_little_is_refused() {
        let cells = "<v>1</v>".repeat(8000);
        assert_eq!(told("xl/worksheets/sheet1.xml", cells.as_bytes()), "");
        // Twice 64,000 bytes from a few hundred is more than 100 times as much.
        let bomb = told("xl/worksheets/sheet1.xml", cells.repeat(2).as_bytes());
        assert!(bomb.contains("unpacks to more than"), "{bomb}");
        let many: Vec<(String, Vec<u8>)> =
            (0..3).map(|n| (format!("xl/{n}.xml"), cells.clone().into_bytes())).collect();
        let many: Vec<(&str, &[u8])> =
            many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let limits = Limits { largest: 1 << 17, small: 1 << 16, longest: 1000 };
        assert!(within(&zipped(&many), &limits).is_err(), "parts count together");
    }

    #[test]
    fn a_giant_cell_is_refused_wherever_it_stands() {
        for (open, close) in [("<t>", "</t>"), ("<is><t>", "</t></is>"), ("<c r=\"", "\"/>")] {
            let text = |length| format!("<row/>{open}{}{close}<row/>", "x".repeat(length));
            assert_eq!(told("xl/sharedStrings.xml", text(900).as_bytes()), "");
            let giant = told("xl/worksheets/sheet1.xml", text(1001).as_bytes());
            assert_eq!(giant, "holds a cell of more than 1000 bytes");
        }
    }

    #[test]
    fn memory_for_texts_that_are_not_there_is_refused() {
        let text = |count: &str| {
            format!(
                "<?xml version=\"1.0\"?><sst xmlns=\"http://x/2006/main\" uniqueCount=\"{count}\"><si/></sst>"
            )
        };
        let part = "xl/SharedStrings.xml";
        assert_eq!(told(part, text("50000000").as_bytes()), "");
        let wide: Vec<u8> = text("50000001").bytes().flat_map(|byte| [byte, 0]).collect();
        let prefixed = text("99999999999999999999999").replace("<sst", "<x:sst");
        let long = text("1").replace("<sst", &format!("<sst a=\"{}\"", "b".repeat(900)));
        assert_eq!(told(part, long.as_bytes()), "");
        for bytes in [text("50000001").as_bytes(), &wide, prefixed.as_bytes()] {
            assert!(told(part, bytes).starts_with("says that it shares more"));
        }
    }

    #[test]
    fn what_is_no_zip_is_left_to_its_reader() {
        assert!(check(b"PK no zip", &Place::default()).is_ok());
    }
}
