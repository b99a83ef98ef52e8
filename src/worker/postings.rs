//! Batches of rows to municipalities.

use crate::error::{Error, Result};
use crate::ledger::{Content, Files, Rows};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const TOWN: &str = "gemeente";
const FILE: &str = "bestand";
const TEXT: &str = "tekst";

/// Which column is what.
#[derive(Debug)]
pub(super) struct Columns {
    town: usize,
    file: usize,
    text: Option<usize>,
    /// The columns of postings: place and header.
    cells: Vec<(usize, String)>,
}

impl Columns {
    /// # Errors
    /// When a column is missing or holds no text.
    pub(super) fn of(schema: &Schema) -> Result<Self> {
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let place = |wanted: &str| names.iter().position(|name| *name == wanted);
        let needed = |wanted: &str| {
            place(wanted).ok_or_else(|| {
                Error::input(format!("has no column {wanted:?}; it has: {}", names.join(", ")))
                    .file("stdin")
                    .advice("give every row gemeente and bestand, as the guide describes")
            })
        };
        let texts = [DataType::Utf8, DataType::LargeUtf8, DataType::Utf8View];
        let bytes = [DataType::Binary, DataType::LargeBinary];
        let fits = |field: &&Arc<Field>| {
            let kind = field.data_type();
            texts.contains(kind) || field.name() == TEXT && bytes.contains(kind)
        };
        if let Some(other) = schema.fields().iter().find(|field| !fits(field)) {
            return Err(Error::input(format!("holds {}, not text", other.data_type()))
                .file("stdin")
                .column(other.name())
                .advice("cast the column to a string: cells are read as those of a CSV file are"));
        }
        let (town, file, text) = (needed(TOWN)?, needed(FILE)?, place(TEXT));
        let ours = |at: &usize| *at != town && *at != file && Some(*at) != text;
        let cells = (0..names.len()).filter(ours).map(|at| (at, names[at].to_owned())).collect();
        Ok(Self { town, file, text, cells })
    }
}

/// The rows of one municipality.
#[derive(Debug)]
pub(super) struct Town {
    pub(super) name: String,
    wholes: BTreeMap<String, Vec<u8>>,
    rows: BTreeMap<String, Rows>,
    /// What is wrong with its rows; the others need not suffer for it.
    fault: Option<Error>,
}

impl Town {
    fn new(name: &str) -> Self {
        let (wholes, rows) = (BTreeMap::new(), BTreeMap::new());
        Self { name: name.to_owned(), wholes, rows, fault: None }
    }

    /// The municipality as a workspace.
    ///
    /// # Errors
    /// When its rows can not be one.
    pub(super) fn files(self) -> Result<Files> {
        if let Some(both) = self.rows.keys().find(|file| self.wholes.contains_key(*file)) {
            return Err(wrong("comes both whole and in rows").file(both));
        }
        let wholes = self.wholes.into_iter().map(|(name, bytes)| (name, Content::Bytes(bytes)));
        let rows = self.rows.into_iter().map(|(name, rows)| (name, Content::Rows(rows)));
        self.fault.map_or_else(|| Ok(wholes.chain(rows).collect()), Err)
    }

    /// Adds a file that comes whole.
    fn add(&mut self, file: &str, whole: &[u8]) {
        if self.wholes.insert(file.to_owned(), whole.to_owned()).is_some() {
            self.fault(wrong("comes twice").file(file));
        }
    }

    /// Keeps what was wrong first.
    fn fault(&mut self, error: Error) {
        self.fault.get_or_insert(error);
    }
}

/// Municipalities as they come by.
pub(super) struct Towns<'a> {
    columns: &'a Columns,
    /// The one whose rows are coming in.
    now: Option<Town>,
    seen: BTreeSet<String>,
}

impl<'a> Towns<'a> {
    pub(super) fn new(columns: &'a Columns) -> Self {
        Self { columns, now: None, seen: BTreeSet::new() }
    }

    /// Takes a batch in, and gives the municipalities that are whole by now.
    pub(super) fn take(&mut self, batch: &RecordBatch) -> Result<Vec<Town>> {
        let columns = self.columns;
        let text = |at: usize| Texts::of(batch.column(at));
        let (towns, files, texts) =
            (text(columns.town), text(columns.file), columns.text.map(text));
        let cells: Vec<Texts<'_>> = columns.cells.iter().map(|(at, _)| text(*at)).collect();
        let headers = || columns.cells.iter().map(|(_, header)| header.as_str());
        let mut whole = Vec::new();
        for row in 0..batch.num_rows() {
            let Some(town) = towns.text(row) else {
                return Err(Error::input("a row names no gemeente")
                    .file("stdin")
                    .advice("fill in gemeente in every row"));
            };
            whole.extend(self.turn_to(town)?);
            let now = self.now.as_mut().expect("a town was turned to");
            let Some(file) = files.text(row) else {
                now.fault(wrong("has a row that names no bestand"));
                continue;
            };
            if let Some(bytes) = texts.as_ref().and_then(|texts| texts.bytes(row)) {
                now.add(file, bytes);
                continue;
            }
            if !now.rows.contains_key(file) {
                now.rows.insert(file.to_owned(), Rows::new(headers()));
            }
            let rows = now.rows.get_mut(file).expect("it was just put in");
            rows.push(cells.iter().map(|cell| cell.text(row).unwrap_or("")));
        }
        Ok(whole)
    }

    /// The municipality whose rows came last.
    pub(super) fn last(self) -> Option<Town> {
        self.now
    }

    /// Makes `name` the municipality whose rows come in; gives the one before it.
    fn turn_to(&mut self, name: &str) -> Result<Option<Town>> {
        if self.now.as_ref().is_some_and(|now| now.name == name) {
            return Ok(None);
        }
        if !self.seen.insert(name.to_owned()) {
            return Err(Error::input(format!("the rows of {name:?} do not stand together"))
                .file("stdin")
                .advice("sort the stream by gemeente"));
        }
        Ok(self.now.replace(Town::new(name)))
    }
}

fn wrong(what: &str) -> Error {
    Error::input(what).advice("hand every file over once, whole or in rows that name it")
}

/// A column of texts or bytes in any of the forms that Arrow has for them.
enum Texts<'a> {
    Short(&'a arrow_array::StringArray),
    Long(&'a arrow_array::LargeStringArray),
    Views(&'a arrow_array::StringViewArray),
    Bytes(&'a arrow_array::BinaryArray),
    LongBytes(&'a arrow_array::LargeBinaryArray),
}

impl<'a> Texts<'a> {
    /// The columns were looked at before.
    fn of(array: &'a ArrayRef) -> Self {
        match array.data_type() {
            DataType::LargeUtf8 => Self::Long(array.as_string()),
            DataType::Utf8View => Self::Views(array.as_string_view()),
            DataType::Binary => Self::Bytes(array.as_binary()),
            DataType::LargeBinary => Self::LongBytes(array.as_binary()),
            _ => Self::Short(array.as_string()),
        }
    }

    /// `None` where there is nothing, and in a column of bytes.
    fn text(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Short(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Long(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Views(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Bytes(_) | Self::LongBytes(_) => None,
        }
    }

    fn bytes(&self, row: usize) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(array) => array.is_valid(row).then(|| array.value(row)),
            Self::LongBytes(array) => array.is_valid(row).then(|| array.value(row)),
            _ => self.text(row).map(str::as_bytes),
        }
    }
}
