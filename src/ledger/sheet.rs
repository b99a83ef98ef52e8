//! One file or sheet: read, passed by the guard, its columns found under our names.

use super::files::{Files, Read};
use super::guard;
use super::options::{Field, Privacy, Source, SourceKind};
use super::parse::Cell;
use super::problems::Problems;
use super::table::{self, Shaped, Table, Value, peek};
use super::types::SourceFile;
use crate::error::{Error, Place, Result};
use crate::units::{Cents, Side, near};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor};

/// A file whose columns are known.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) file: SourceFile,
    pub(super) table: Table,
    fields: BTreeMap<Field, usize>,
    /// The money of the rows that a pattern leaves out, and how many they are: lasten and baten.
    pub(super) left_out: [(usize, Cents); 2],
    /// In a wide file: from which text of the amounts on each column of the file goes.
    stood_in: Vec<(u32, String)>,
    /// The headers in the file of the columns of money that are read, which tell one reading of a file from another: it may
    /// hold two amounts, and is then read for each; with one of them in common it would count twice.
    pub(super) amounts: BTreeSet<String>,
}

/// A column of which every distinct text was parsed once.
pub(super) struct Parsed<'a, T> {
    header: &'a str,
    cells: &'a [u32],
    values: Vec<Cell<T>>,
}

impl Sheet {
    /// Reads and guards the file and finds its columns.
    pub(super) fn open(
        files: &Files,
        name: String,
        source: &Source,
        privacy: &Privacy,
    ) -> Result<Self> {
        match files.read(&name)? {
            Read::File(file) => Self::of_stream(name, file, source, privacy),
            Read::Bytes(bytes) => Self::of_bytes(name, bytes, source, privacy),
            Read::Table(table, sha256) => Self::of_table(name, table, sha256, source, privacy),
        }
    }

    /// The same from the bytes of a file of that name.
    pub(super) fn of_bytes(
        name: String,
        bytes: &[u8],
        source: &Source,
        privacy: &Privacy,
    ) -> Result<Self> {
        Self::of_stream(name, Cursor::new(bytes), source, privacy)
    }

    fn of_stream(
        name: String,
        mut stream: impl io::Read + io::Seek + Send,
        source: &Source,
        privacy: &Privacy,
    ) -> Result<Self> {
        let at = Place { file: name.clone(), ..Place::default() };
        let sheet = table::open(&mut stream, source, &at)
            .and_then(|(table, sha256)| Self::of_table(name, table, sha256, source, privacy));
        // A title above the header explains what else is wrong; personal data stands above all.
        sheet.map_err(|error| {
            let bytes =
                if error.is_personal_data() { None } else { table::whole(&mut stream).ok() };
            bytes.and_then(|bytes| titles(&bytes, source, &at)).unwrap_or(error)
        })
    }

    fn of_table(
        name: String,
        table: Table,
        sha256: String,
        source: &Source,
        privacy: &Privacy,
    ) -> Result<Self> {
        let at = Place { file: name.clone(), sheet: table.sheet.clone(), ..Place::default() };
        let fields = found(&table, source);
        let amounts = table::amount_columns(&table, &fields, source);
        let transactions = source.kind.is_transactions();
        let ignored_columns = guard::check(&table, &fields, &amounts, privacy, transactions, &at)?;
        let file = SourceFile {
            file: name,
            sheet: table.sheet.clone(),
            sha256,
            rows: table.rows.len(),
            duplicate_of: None,
            ignored_columns,
            skipped: 0,
        };
        Self::shaped(file, table, fields, source, &at)
    }

    fn shaped(
        mut file: SourceFile,
        table: Table,
        fields: BTreeMap<Field, usize>,
        source: &Source,
        at: &Place,
    ) -> Result<Self> {
        choices(&table, source, at)?;
        let amounts = amounts(&table, &fields, source);
        let shaped = table::shape(table, fields, source, at)?;
        file.skipped = shaped.skipped;
        let Shaped { table, fields, left_out, stood_in, .. } = shaped;
        let set_aside = left_out.map(|left| money(&left, &fields, source)).unwrap_or_default();
        let sheet = Self { file, table, fields, left_out: set_aside, stood_in, amounts };
        sheet.check_columns(source).map(|()| sheet)
    }

    /// The header of the column of the file in which a cell stands.
    fn header_of<'a>(&'a self, header: &'a str, cell: u32) -> &'a str {
        let is_amount = self.column(Field::Amount).is_some_and(|amount| amount.header == header);
        let before = self.stood_in.partition_point(|(start, _)| *start <= cell);
        match before.checked_sub(1).filter(|_| is_amount) {
            Some(at) => &self.stood_in[at].1,
            None => header,
        }
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
                    let header = self.header_of(column.header, column.cells[row]).to_owned();
                    let place = Place { column: header, ..self.place(Some(row)) };
                    Error::input(&bad.what).at(place).advice(&bad.advice)
                });
                None
            }
        }
    }

    /// The amount of a cell, which may hold it by itself; a bad one becomes a problem.
    pub(super) fn amount(
        &self,
        column: Option<&Parsed<'_, Cents>>,
        row: usize,
        problems: &mut Problems,
    ) -> Option<Cents> {
        table::held(column?.cells[row]).or_else(|| self.take(column, row, problems))
    }

    fn check_columns(&self, source: &Source) -> Result<()> {
        let needed = |field: Field| {
            source.columns.contains_key(&field) || source.kind.required().contains(&field)
        };
        let missing =
            source.headers().into_iter().filter(|&(field, _)| needed(field) && !self.has(field));
        let mut errors: Vec<Error> =
            missing.map(|(field, names)| self.missing(field, &names, source.kind)).collect();
        errors.extend(self.fields.values().filter_map(|&at| self.twice(at)));
        Error::all(errors).map_or(Ok(()), Err)
    }

    fn missing(&self, field: Field, names: &[&str], kind: SourceKind) -> Error {
        let header = names[0];
        let headers: Vec<&str> =
            self.table.columns.iter().map(|column| column.header.as_str()).collect();
        let guess = near(header, headers.iter().copied())
            .map(|guess| format!("did you mean {guess:?}? "))
            .unwrap_or_default();
        let ours =
            if header == field.name() { String::new() } else { format!(" for {:?}", field.name()) };
        let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
        let names = names.join(" or ");
        let what = format!("has no column {names}{ours}; it has: {}", headers.join(", "));
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

/// The column of each field: of the headers it may stand under, the first that the file has.
fn found(table: &Table, source: &Source) -> BTreeMap<Field, usize> {
    let at = |header: &str| table.columns.iter().position(|column| column.header == header);
    let first = |names: Vec<&str>| names.into_iter().find_map(at);
    source.headers().into_iter().filter_map(|(field, names)| Some((field, first(names)?))).collect()
}

/// The headers of the columns of money, as the file has them.
fn amounts(table: &Table, fields: &BTreeMap<Field, usize>, source: &Source) -> BTreeSet<String> {
    let mut columns = table::amount_columns(table, fields, source);
    columns.extend([Field::Amount, Field::Credit].iter().filter_map(|field| fields.get(field)));
    columns.into_iter().map(|at| table.columns[at].header.clone()).collect()
}

/// Refuses a file that has two of the headers that one field may stand under.
fn choices(table: &Table, source: &Source, at: &Place) -> Result<()> {
    let has = |name: &&str| table.columns.iter().any(|column| column.header == *name);
    for (field, names) in source.headers() {
        let present: Vec<&str> = names.into_iter().filter(has).collect();
        if let [first, second, ..] = present.as_slice() {
            let what = format!("has both {first:?} and {second:?} for {:?}", field.name());
            return Err(Error::input(what).at(at.clone()).advice(
                "give these files a [[source]] of their own that names one of the columns",
            ));
        }
    }
    Ok(())
}

/// The money of rows that are left out. A cell that is no amount is no money: such rows are often titles.
fn money(left: &Table, fields: &BTreeMap<Field, usize>, source: &Source) -> [(usize, Cents); 2] {
    let column = |field| fields.get(&field).map(|&at: &usize| &left.columns[at]);
    let value =
        |column: &table::Column, row: usize| column.values[column.cells[row] as usize].clone();
    let mut sums = [(0, Cents::ZERO); 2];
    let Some(amounts) = column(Field::Amount) else { return sums };
    for row in 0..left.rows.len() {
        let Ok(amount) = source.amount(&value(amounts, row)) else { continue };
        let side = column(Field::Side).and_then(|side| source.side(&value(side, row).text).ok());
        let side = side.unwrap_or(Side::Lasten);
        let flips = source.flips_baten && side == Side::Baten;
        let sum = &mut sums[side as usize];
        *sum = (sum.0 + 1, sum.1 + if flips { -amount } else { amount });
    }
    sums
}

/// The error of a file whose header seems to stand in another row than the source says.
fn titles(bytes: &[u8], source: &Source, at: &Place) -> Option<Error> {
    let delimiter = source.delimiter.unwrap_or(b';');
    let peeks = peek::peek(bytes, source, delimiter, at).ok()?;
    let is_ours = |peek: &&peek::Peek| {
        source.sheet.as_ref().is_none_or(|sheet| peek.sheet.is_empty() || peek.sheet == *sheet)
    };
    let peek = peeks.iter().find(is_ours)?;
    let wanted: Vec<Vec<&str>> = source.headers().into_iter().map(|(_, names)| names).collect();
    let row = peek::likely_header(peek, &wanted)?;
    let first = peek.rows.first()?.0;
    let (from, to) = source.layout.header.unwrap_or((first, first));
    let at = Place { row: Some(from as usize), sheet: peek.sheet.clone(), ..at.clone() };
    (row < from || row > to).then(|| {
        Error::input("is not the header of the table")
            .at(at)
            .advice(format!("row {row} looks like the header: set header = {row} for this source"))
    })
}
