//! One file or sheet: read, passed by the guard, its columns found under our names.

use super::guard;
use super::options::{Field, Privacy, Source, SourceKind};
use super::parse::Cell;
use super::problems::Problems;
use super::table::{self, Table, Value};
use super::types::SourceFile;
use crate::error::{Error, Place, Result};
use crate::units::sha256;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file whose columns are known.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) file: SourceFile,
    pub(super) table: Table,
    fields: BTreeMap<Field, usize>,
}

/// A column of which every distinct text was parsed once.
pub(super) struct Parsed<'a, T> {
    header: &'a str,
    cells: &'a [u32],
    values: Vec<Cell<T>>,
}

/// The files a source names, sorted. A source that names none is an error.
pub(super) fn paths(root: &Path, pattern: &str) -> Result<Vec<PathBuf>> {
    let advice =
        "paths in prognose.toml are relative to its folder; * stands for any part of a name";
    let wrong = |what: String| Error::input(what).file(pattern).advice(advice);
    // Joined and not written side by side, so that a root of "" stays the current folder.
    let whole = Path::new(&glob::Pattern::escape(&root.display().to_string())).join(pattern);
    let found = glob::glob(&whole.display().to_string())
        .map_err(|error| wrong(format!("is not a file pattern ({})", error.msg)))?;
    let mut paths = Vec::new();
    for path in found {
        paths.push(path.map_err(|e| Error::io(e.path(), e.error()))?);
    }
    paths.sort();
    if paths.is_empty() { Err(wrong("matches no file".to_owned())) } else { Ok(paths) }
}

impl Sheet {
    /// Reads and guards the file and finds its columns.
    pub(super) fn open(
        root: &Path,
        path: &Path,
        source: &Source,
        privacy: &Privacy,
    ) -> Result<Self> {
        let name = shown(root, path);
        let at = Place { file: name.clone(), ..Place::default() };
        if path.is_dir() {
            return Err(Error::input("is a folder")
                .at(at)
                .advice(format!("name the files in it, as in \"{name}/*.csv\"")));
        }
        let bytes = std::fs::read(path).map_err(|error| Error::io(Path::new(&name), &error))?;
        Self::of_bytes(name, &bytes, source, privacy)
    }

    /// The same from the bytes of a file of that name.
    pub(super) fn of_bytes(
        name: String,
        bytes: &[u8],
        source: &Source,
        privacy: &Privacy,
    ) -> Result<Self> {
        let at = Place { file: name.clone(), ..Place::default() };
        let table = table::read(bytes, source, &at)?;
        let at = Place { sheet: table.sheet.clone(), ..at };
        let fields = found(&table, source);
        let ignored_columns =
            guard::check(&table, &fields, privacy, source.kind.is_transactions(), &at)?;
        let file = SourceFile {
            file: name,
            sheet: table.sheet.clone(),
            sha256: sha256(bytes),
            rows: table.rows.len(),
            duplicate_of: None,
            ignored_columns,
        };
        let sheet = Self { file, table, fields };
        sheet.check_columns(source).map(|()| sheet)
    }

    /// The place of the file, or of one row in it.
    pub(super) fn place(&self, row: Option<usize>) -> Place {
        Place {
            file: self.file.file.clone(),
            sheet: self.file.sheet.clone(),
            row: row.map(|row| self.table.rows[row] as usize),
            column: String::new(),
        }
    }

    /// The place of a cell.
    pub(super) fn cell_place(&self, field: Field, row: usize) -> Place {
        let header = self.column(field).map_or(field.name(), |column| &column.header);
        Place { column: header.to_owned(), ..self.place(Some(row)) }
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.fields.contains_key(&field)
    }

    /// The text of a cell; empty when the file has no such column.
    pub(super) fn text(&self, field: Field, row: usize) -> &str {
        self.fields.get(&field).map_or("", |&at| self.table.columns[at].text(row))
    }

    /// Which of the distinct texts of a column stands in a row; 0 when the file has no such column.
    pub(super) fn cell(&self, field: Field, row: usize) -> usize {
        self.fields.get(&field).map_or(0, |&at| self.table.columns[at].cells[row] as usize)
    }

    /// The distinct texts of a column and which of them stands in each row.
    pub(super) fn column(&self, field: Field) -> Option<&table::Column> {
        self.fields.get(&field).map(|&at| &self.table.columns[at])
    }

    /// The columns in use, each once.
    pub(super) fn mapped(&self) -> Vec<&table::Column> {
        let mut at: Vec<usize> = self.fields.values().copied().collect();
        at.sort_unstable();
        at.dedup();
        at.into_iter().map(|at| &self.table.columns[at]).collect()
    }

    /// Parses a column; `None` when the file has no such column.
    pub(super) fn parsed<T>(
        &self,
        field: Field,
        parse: impl Fn(&str) -> Cell<T>,
    ) -> Option<Parsed<'_, T>> {
        self.parsed_values(field, |value| parse(&value.text))
    }

    /// Parses a column whose numbers differ from texts.
    pub(super) fn parsed_values<T>(
        &self,
        field: Field,
        parse: impl Fn(&Value) -> Cell<T>,
    ) -> Option<Parsed<'_, T>> {
        let column = self.column(field)?;
        let values = column.values.iter().map(parse).collect();
        Some(Parsed { header: &column.header, cells: &column.cells, values })
    }

    /// The value of a cell; a bad one becomes a problem. `None` also when there is no such column.
    pub(super) fn take<T: Copy>(
        &self,
        column: Option<&Parsed<'_, T>>,
        row: usize,
        problems: &mut Problems,
    ) -> Option<T> {
        let column = column?;
        match &column.values[column.cells[row] as usize] {
            Ok(value) => Some(*value),
            Err(bad) => {
                problems.add(|| {
                    let place = Place { column: column.header.to_owned(), ..self.place(Some(row)) };
                    Error::input(&bad.what).at(place).advice(&bad.advice)
                });
                None
            }
        }
    }

    fn check_columns(&self, source: &Source) -> Result<()> {
        let needed = |field: Field| {
            source.columns.contains_key(&field) || source.kind.required().contains(&field)
        };
        let missing =
            source.headers().into_iter().filter(|&(field, _)| needed(field) && !self.has(field));
        let mut errors: Vec<Error> =
            missing.map(|(field, header)| self.missing(field, header, source.kind)).collect();
        errors.extend(self.fields.values().filter_map(|&at| self.twice(at)));
        Error::all(errors).map_or(Ok(()), Err)
    }

    fn missing(&self, field: Field, header: &str, kind: SourceKind) -> Error {
        let headers: Vec<&str> =
            self.table.columns.iter().map(|column| column.header.as_str()).collect();
        let guess = closest(header, &headers)
            .map(|guess| format!("did you mean {guess:?}? "))
            .unwrap_or_default();
        let ours =
            if header == field.name() { String::new() } else { format!(" for {:?}", field.name()) };
        let what = format!("has no column {header:?}{ours}; it has: {}", headers.join(", "));
        let advice = match kind {
            SourceKind::Lines => "give the column this header".to_owned(),
            _ => format!("say which column it is: {} = \"…\" under [source.columns]", field.name()),
        };
        Error::input(what).at(self.place(None)).advice(format!("{guess}{advice}"))
    }

    fn twice(&self, at: usize) -> Option<Error> {
        let header = &self.table.columns[at].header;
        let count = self.table.columns.iter().filter(|column| column.header == *header).count();
        (count > 1).then(|| {
            Error::input(format!("the column {header:?} stands {count} times in the header"))
                .at(self.place(None))
                .advice("keep one, or give each its own name")
        })
    }
}

/// The path relative to the workspace, with `/`.
pub(super) fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string().replace('\\', "/")
}

fn found(table: &Table, source: &Source) -> BTreeMap<Field, usize> {
    let at = |header: &str| table.columns.iter().position(|column| column.header == header.trim());
    source.headers().into_iter().filter_map(|(field, header)| Some((field, at(header)?))).collect()
}

/// The header most like the wanted one, when at most a third of its letters differ.
fn closest<'a>(wanted: &str, headers: &[&'a str]) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    let distances =
        headers.iter().map(|header| (distance(&wanted, &header.to_lowercase()), *header));
    let (distance, header) = distances.min()?;
    (distance * 3 <= wanted.chars().count()).then_some(header)
}

/// The fewest letters to add, drop or change to get from one word to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in to.iter().enumerate() {
            let change = corner + usize::from(letter != *other);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_a_header() {
        assert_eq!(distance("bedrag", "bedrg"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(closest("bedrag", &["maand", "Bedrag", "code"]), Some("Bedrag"));
        assert_eq!(closest("bedrag", &["maand", "code"]), None);
    }
}
