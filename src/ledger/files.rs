//! The files of a workspace: in a folder, or handed over in memory.

use super::inside::refuse_unreadable;
use super::table::{Builder, Table};
use crate::error::{Error, Result};
use crate::units::sha256;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where the files of a workspace are. They are named relative to it, with `/`.
#[derive(Clone, Debug)]
pub struct Files(Kept);

#[derive(Clone, Debug)]
enum Kept {
    Folder(PathBuf),
    Memory(BTreeMap<String, Content>),
}

/// What a file in memory holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// The bytes, as they would stand on disk.
    Bytes(Vec<u8>),
    /// Rows that were never a file: they are read as a CSV file of the same cells would be, whatever the
    /// name says.
    Rows(Rows),
}

/// Rows of texts below a header.
#[derive(Clone, Debug)]
pub struct Rows {
    cells: Builder,
    /// The rows that were added, those without any text too.
    count: u32,
}

impl Rows {
    /// No rows yet, below these headers.
    pub fn new<'a>(headers: impl IntoIterator<Item = &'a str>) -> Self {
        Self { cells: Builder::new(headers), count: 0 }
    }

    /// Adds a row. A cell that the row lacks is empty; one that has no header is left out, and so are a row and, in the
    /// end, a column without any text.
    ///
    /// # Panics
    /// Beyond 2³² rows.
    pub fn push<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        self.count = self.count.checked_add(1).expect("a file has fewer than 2^32 rows");
        let cells: Vec<&str> = cells.into_iter().collect();
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        // A header stands in row 1.
        self.cells.row(self.count + 1);
        for (at, column) in self.cells.columns.iter_mut().enumerate() {
            column.push(cells.get(at).unwrap_or(&""), false);
        }
    }

    /// The table, and a fingerprint of its cells that the order of the rows does not change: a cluster keeps none.
    fn table(&self) -> (Table, String) {
        let mut table = self.cells.clone().finish("");
        table.columns.retain(|column| column.values.iter().any(|value| !value.text.is_empty()));
        let joined =
            |cells: &mut dyn Iterator<Item = &str>| cells.collect::<Vec<_>>().join("\u{1f}");
        let of_row = |row: usize| joined(&mut table.columns.iter().map(|column| column.text(row)));
        let mut rows: Vec<String> = (0..table.rows.len()).map(of_row).collect();
        rows.sort_unstable();
        rows.push(joined(&mut table.columns.iter().map(|column| column.header.as_str())));
        let fingerprint = sha256(rows.join("\u{1e}").as_bytes());
        (table, fingerprint)
    }
}

impl FromIterator<(String, Content)> for Files {
    /// A workspace in memory: the name of each file and what it holds.
    fn from_iter<I: IntoIterator<Item = (String, Content)>>(files: I) -> Self {
        Self(Kept::Memory(files.into_iter().collect()))
    }
}

/// What a source is read from.
pub(super) enum Read<'a> {
    File(std::fs::File),
    Bytes(&'a [u8]),
    Table(Table, String),
}

impl Files {
    /// The files in a folder.
    #[must_use]
    pub fn in_folder(root: &Path) -> Self {
        Self(Kept::Folder(root.to_owned()))
    }

    /// The folder; none for files in memory.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.0 {
            Kept::Folder(root) => Some(root),
            Kept::Memory(_) => None,
        }
    }

    /// Where a file is, for a message: its path, or its name in memory.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        match &self.0 {
            Kept::Folder(root) => root.join(name),
            Kept::Memory(_) => PathBuf::from(name),
        }
    }

    /// Whether there is a file of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        match &self.0 {
            Kept::Folder(root) => root.join(name).is_file(),
            Kept::Memory(files) => files.contains_key(name),
        }
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// When there is no such file, it can not be read or was never a file, or a link puts it elsewhere.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.path(name);
        match &self.0 {
            Kept::Folder(root) => {
                refuse_unreadable(root, &path)?;
                std::fs::read(&path).map_err(|error| Error::io(&path, &error))
            }
            Kept::Memory(files) => in_memory(files, name).map(<[u8]>::to_vec),
        }
    }

    /// The names that fit a pattern, sorted. A pattern that fits none is an error.
    pub(super) fn matching(&self, pattern: &str) -> Result<Vec<String>> {
        let advice =
            "paths in prognose.toml are relative to its folder; * stands for any part of a name";
        let wrong = |what: String| Error::input(what).file(pattern).advice(advice);
        let bad =
            |error: glob::PatternError| wrong(format!("is not a file pattern ({})", error.msg));
        let names = match &self.0 {
            Kept::Folder(root) => in_folder(root, pattern, bad)?,
            Kept::Memory(files) => {
                let pattern = glob::Pattern::new(pattern).map_err(bad)?;
                files
                    .keys()
                    .filter(|name| pattern.matches_with(name, AS_IN_A_FOLDER))
                    .cloned()
                    .collect()
            }
        };
        if names.is_empty() { Err(wrong("matches no file".to_owned())) } else { Ok(names) }
    }

    /// Opens a file of rows. Its name is where it is, for a message.
    pub(super) fn read(&self, name: &str) -> Result<Read<'_>> {
        match &self.0 {
            Kept::Folder(root) => {
                let path = root.join(name);
                refuse_unreadable(root, &path)?;
                if path.is_dir() {
                    return Err(Error::input("is a folder")
                        .file(name)
                        .advice(format!("name the files in it, as in \"{name}/*.csv\"")));
                }
                let opened = std::fs::File::open(path);
                opened.map(Read::File).map_err(|error| Error::io(Path::new(name), &error))
            }
            Kept::Memory(files) => match files.get(name) {
                Some(Content::Rows(rows)) => {
                    let (table, sha256) = rows.table();
                    Ok(Read::Table(table, sha256))
                }
                _ => in_memory(files, name).map(Read::Bytes),
            },
        }
    }
}

fn in_memory<'a>(files: &'a BTreeMap<String, Content>, name: &str) -> Result<&'a [u8]> {
    match files.get(name) {
        Some(Content::Bytes(bytes)) => Ok(bytes),
        Some(Content::Rows(_)) => Err(Error::input("holds rows where a text is needed")
            .file(name)
            .advice("hand the whole file over as one text")),
        None => Err(Error::input("is not among the files that were handed over")
            .file(name)
            .advice("hand it over, or take it out of prognose.toml")),
    }
}

/// As a pattern works on a folder: `*` does not reach into the folders in it.
const AS_IN_A_FOLDER: glob::MatchOptions = glob::MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

fn in_folder(
    root: &Path,
    pattern: &str,
    bad: impl FnOnce(glob::PatternError) -> Error,
) -> Result<Vec<String>> {
    // Joined and not written side by side, so that a root of "" stays the current folder.
    let whole = Path::new(&glob::Pattern::escape(&root.display().to_string())).join(pattern);
    let mut paths = Vec::new();
    for path in glob::glob(&whole.display().to_string()).map_err(bad)? {
        paths.push(path.map_err(|e| Error::io(e.path(), e.error()))?);
    }
    paths.sort();
    Ok(paths.iter().map(|path| shown(root, path)).collect())
}

/// The path relative to the workspace, with `/`.
fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(names: &[&str]) -> Files {
        names.iter().map(|&name| (name.to_owned(), Content::Bytes(b"x".to_vec()))).collect()
    }

    #[test]
    fn patterns_work_in_memory_as_they_do_in_a_folder() {
        let names = ["a.csv", "grootboek/2025.csv", "grootboek/2026.csv", "grootboek/oud/2020.csv"];
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        let (folder, memory) = (Files::in_folder(folder.path()), memory(&names));
        for pattern in ["*.csv", "grootboek/*.csv", "grootboek/**/*.csv", "grootboek/2026.csv"] {
            assert_eq!(
                memory.matching(pattern).unwrap(),
                folder.matching(pattern).unwrap(),
                "{pattern}"
            );
        }
        for pattern in ["x*.csv", "grootboek/2027.csv", "a[.csv"] {
            let told = |files: &Files| files.matching(pattern).unwrap_err().to_string();
            assert_eq!(told(&memory), told(&folder));
        }
        assert!(memory.has("a.csv") && !memory.has("b.csv") && !folder.has("b.csv"));
        assert!(memory.bytes("b.csv").unwrap_err().to_string().contains("handed over"));
    }

    #[test]
    fn rows_are_a_table_with_a_fingerprint() {
        let rows = |cells: &[&str]| {
            let mut rows = Rows::new(["a", "b"]);
            rows.push(cells.iter().copied());
            rows
        };
        let (table, one) = rows(&["x", "1"]).table();
        assert_eq!((table.rows.as_slice(), table.columns[1].text(0)), ([2].as_slice(), "1"));
        let (table, other) = rows(&["x"]).table();
        assert_eq!(table.columns.len(), 1, "a column without text is none");
        assert!(one != other && one == rows(&["x", "1"]).table().1);
        let several = |order: [&str; 3]| {
            let mut rows = Rows::new(["a"]);
            for cell in order {
                rows.push([cell]);
            }
            rows.table()
        };
        let ((table, first), (_, second)) = (several(["x", "", "y"]), several(["y", "x", ""]));
        assert_eq!((table.rows.as_slice(), first), ([2, 4].as_slice(), second));
    }
}
