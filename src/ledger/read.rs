//! Sources → ledger, with the account of every cent.

use super::lines::{self, LineTable, Valid};
use super::options::{Field, LedgerOptions, Source, SourceKind};
use super::postings::{Columns, Entry, Time};
use super::problems::Problems;
use super::sheet::{self, Sheet};
use super::stated::{self, Budgets, origin};
use super::types::{
    DuplicateRow, Ledger, Origin, Posting, PostingKind, Reconciliation, SourceFile, UnmappedCode,
};
use crate::error::{Error, Result};
use crate::units::{Cents, LineId, Side};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// So many repeated rows are listed.
const DUPLICATES: usize = 1000;

impl Ledger {
    /// Reads every file the options name, relative to the workspace `root`. The line table is the
    /// first of [`Ledger::files`], then the sources follow in their order, files sorted by name.
    ///
    /// # Errors
    /// When a file can not be read in full, with all its problems; when one seems to hold personal
    /// data, and then with nothing else. Nothing is returned in part.
    pub fn read(root: &Path, options: &LedgerOptions) -> Result<Self> {
        if !options.sources.iter().any(|source| source.kind == SourceKind::Ledger) {
            let advice =
                "add a [[source]] with kind = \"ledger\" and the files of the general ledger";
            return Err(Error::input("there is no source of kind ledger")
                .file("prognose.toml")
                .advice(advice));
        }
        let lines = LineTable::read(root, &options.lines.table, &options.privacy)?;
        let mut reader = Reader::new(options, &lines);
        let mut errors = Vec::new();
        for source in &options.sources {
            match sheet::paths(root, &source.files) {
                Ok(paths) => errors
                    .extend(paths.iter().filter_map(|path| reader.file(root, path, source).err())),
                Err(error) => errors.push(error),
            }
        }
        if errors.iter().any(Error::is_personal_data) {
            errors.retain(Error::is_personal_data);
        }
        match Error::all(errors) {
            Some(error) => Err(error),
            None => reader.finish(),
        }
    }
}

/// The kind, sheet and bytes of a file and the header of each field: one file with two columns of
/// amounts may be read once for each.
type Seen = (SourceKind, String, String, Vec<(Field, String)>);

/// The ledger while it grows.
struct Reader<'a> {
    options: &'a LedgerOptions,
    lines: &'a LineTable,
    /// Leaves in order of appearance; postings index them until the end.
    leaves: BTreeMap<LineId, u32>,
    budgets: Budgets,
    unmapped: BTreeMap<String, UnmappedCode>,
    /// Files by what was read of them.
    seen: BTreeMap<Seen, String>,
    ledger: Ledger,
}

/// The leaves of one code: lasten and baten, per row of the line table and when it has none.
struct Leaves<'a> {
    valid: &'a [Valid],
    ids: Vec<[u32; 2]>,
}

impl<'a> Reader<'a> {
    fn new(options: &'a LedgerOptions, lines: &'a LineTable) -> Self {
        let ledger = Ledger { files: vec![lines.file.clone()], ..Ledger::default() };
        Self {
            options,
            lines,
            leaves: BTreeMap::new(),
            budgets: Budgets::default(),
            unmapped: BTreeMap::new(),
            seen: BTreeMap::new(),
            ledger,
        }
    }

    fn file(&mut self, root: &Path, path: &Path, source: &Source) -> Result<()> {
        let mut sheet = Sheet::open(root, path, source, &self.options.privacy)?;
        // One file may hold two amounts; without another amount it would only count twice.
        let money = |field: &Field| matches!(field, Field::Amount | Field::Code | Field::Side);
        let headers = source.headers().into_iter().filter(|(field, _)| money(field));
        let headers = headers.map(|(field, name)| (field, name.to_owned()));
        let SourceFile { sheet: name, sha256, .. } = &sheet.file;
        let key = (source.kind, name.clone(), sha256.clone(), headers.collect());
        sheet.file.duplicate_of = self.seen.get(&key).cloned();
        self.seen.entry(key).or_insert_with(|| sheet.file.file.clone());
        let file =
            u32::try_from(self.ledger.files.len()).expect("a workspace has fewer than 2^32 files");
        self.ledger.files.push(sheet.file.clone());
        let is_new = sheet.file.duplicate_of.is_none();
        match source.kind {
            SourceKind::Ledger => self.postings(file, &sheet, source),
            SourceKind::Declarations => check_declarations(&sheet, source, self.options),
            SourceKind::Budget if is_new => self.budgets.read(file, &sheet, source, self.lines),
            SourceKind::HumanForecast if is_new => stated::human_forecasts(
                &mut self.ledger.human_forecasts,
                &sheet,
                source,
                self.lines,
            ),
            SourceKind::ControlTotal if is_new => {
                stated::controls(file, &sheet, source, self.lines)
                    .map(|totals| self.ledger.controls.extend(totals))
            }
            _ => Ok(()),
        }
    }

    fn postings(&mut self, file: u32, sheet: &Sheet, source: &Source) -> Result<()> {
        let columns = Columns::new(sheet, source, self.options.closing);
        let refused = sheet.file.duplicate_of.is_some();
        let leaves = self.leaves(sheet);
        let mut problems = Problems::default();
        let mut tallies = [Reconciliation::default(), Reconciliation::default()];
        for row in 0..sheet.table.rows.len() {
            let Some(entry) = columns.entry(row, &mut problems) else { continue };
            let tally = &mut tallies[entry.side as usize];
            tally.rows += 1;
            tally.read += entry.amount;
            match entry.time {
                _ if refused => tally.refused += entry.amount,
                None => tally.left_out += entry.amount,
                Some(time) => {
                    let (line, mapped) = leaves[sheet.cell(Field::Code, row)].line(&entry, time);
                    *bucket(tally, entry.kind, mapped) += entry.amount;
                    let origin = origin(file, sheet, row);
                    if !mapped && entry.kind != PostingKind::Accrual {
                        self.unmapped(sheet.text(Field::Code, row), &entry, origin);
                    }
                    self.post(line, &entry, time, origin);
                }
            }
        }
        self.ledger.has_service_months |= columns.has_service();
        if !refused {
            self.duplicates(file, sheet, &columns);
        }
        self.reconcile(sheet, tallies);
        problems.finish()
    }

    /// Lists the rows that repeat an earlier one.
    fn duplicates(&mut self, file: u32, sheet: &Sheet, columns: &Columns) {
        let room = DUPLICATES.saturating_sub(self.ledger.duplicates.len());
        for (later, first) in repeats(sheet).into_iter().take(room) {
            let [row, of] = [later, first].map(|row| origin(file, sheet, row));
            // A bad row is told of elsewhere.
            if let Some(Entry { amount, .. }) = columns.entry(later, &mut Problems::default()) {
                self.ledger.duplicates.push(DuplicateRow { row, of, amount });
            }
        }
    }

    /// The leaves each distinct code of a file may have.
    fn leaves(&mut self, sheet: &Sheet) -> Vec<Leaves<'a>> {
        let lines = self.lines;
        let Some(column) = sheet.column(Field::Code) else { return Vec::new() };
        let unclassified = LineId::unclassified(Side::Lasten);
        let mut of = |value: &super::table::Value| {
            let valid = lines.find(&value.text);
            let names = valid.iter().map(|valid| &valid.line).chain([&unclassified]);
            Leaves {
                valid,
                ids: names
                    .map(|line| [Side::Lasten, Side::Baten].map(|side| self.leaf(line, side)))
                    .collect(),
            }
        };
        column.values.iter().map(&mut of).collect()
    }

    fn leaf(&mut self, line: &LineId, side: Side) -> u32 {
        let next = u32::try_from(self.leaves.len()).expect("a ledger has fewer than 2^32 lines");
        *self.leaves.entry(LineId { side, ..line.clone() }).or_insert(next)
    }

    fn unmapped(&mut self, code: &str, entry: &Entry, first: Origin) {
        if !self.unmapped.contains_key(code) {
            let new = UnmappedCode { code: code.to_owned(), rows: 0, amount: Cents::ZERO, first };
            self.unmapped.insert(code.to_owned(), new);
        }
        if let Some(seen) = self.unmapped.get_mut(code) {
            seen.rows += 1;
            seen.amount += if entry.side == Side::Lasten { entry.amount } else { -entry.amount };
        }
    }

    fn post(&mut self, line: u32, entry: &Entry, time: Time, origin: Origin) {
        let Time { service, booked, assumed } = time;
        self.ledger.rows_without_service += usize::from(assumed);
        let Entry { kind, amount, .. } = *entry;
        self.ledger.postings.push(Posting { line, kind, service, booked, amount, origin });
    }

    fn reconcile(&mut self, sheet: &Sheet, tallies: [Reconciliation; 2]) {
        let file = match sheet.file.sheet.as_str() {
            "" => sheet.file.file.clone(),
            name => format!("{}#{name}", sheet.file.file),
        };
        let with_rows = tallies
            .into_iter()
            .zip([Side::Lasten, Side::Baten])
            .filter(|(tally, _)| tally.rows > 0);
        let named = with_rows.map(|(tally, side)| Reconciliation {
            file: file.clone(),
            side: Some(side),
            ..tally
        });
        self.ledger.reconciliation.extend(named);
    }

    fn finish(self) -> Result<Ledger> {
        let mut ledger = self.ledger;
        ledger.budgets = self.budgets.finish();
        ledger.unmapped = self.unmapped.into_values().collect();
        ledger.human_forecasts.sort_by(|a, b| {
            (a.year, a.made, &a.name, &a.scope, a.side)
                .cmp(&(b.year, b.made, &b.name, &b.scope, b.side))
        });
        sort(&mut ledger, self.leaves, self.lines);
        let ends = |line: &LineId| Some((line.clone(), self.lines.valid_through(line)?));
        ledger.valid_through = ledger.lines.iter().filter_map(ends).collect();
        check_control_files(&ledger).map(|()| ledger)
    }
}

impl Leaves<'_> {
    /// The leaf of an entry, and whether the line table knows it.
    fn line(&self, entry: &Entry, time: Time) -> (u32, bool) {
        let at = lines::at(self.valid, time.service);
        (self.ids[at.unwrap_or(self.valid.len())][entry.side as usize], at.is_some())
    }
}

fn bucket(tally: &mut Reconciliation, kind: PostingKind, mapped: bool) -> &mut Cents {
    match kind {
        PostingKind::Accrual => &mut tally.accruals,
        PostingKind::Regular | PostingKind::Closing if mapped => &mut tally.mapped,
        PostingKind::Regular | PostingKind::Closing => &mut tally.unmapped,
    }
}

/// Declarations are read and checked as postings are; their amounts never count.
fn check_declarations(sheet: &Sheet, source: &Source, options: &LedgerOptions) -> Result<()> {
    let columns = Columns::new(sheet, source, options.closing);
    let mut problems = Problems::default();
    for row in 0..sheet.table.rows.len() {
        columns.entry(row, &mut problems);
    }
    problems.finish()
}

/// Sorts lines and postings: leaves with a posting, and each line of the table that has none.
fn sort(ledger: &mut Ledger, leaves: BTreeMap<LineId, u32>, table: &LineTable) {
    let mut used = vec![false; leaves.len()];
    ledger.postings.iter().for_each(|posting| used[posting.line as usize] = true);
    let mut lines: BTreeSet<LineId> =
        leaves.iter().filter(|&(_, &id)| used[id as usize]).map(|(line, _)| line.clone()).collect();
    let idle = |line: &&LineId| {
        !lines.contains(line) && !lines.contains(&LineId { side: Side::Baten, ..(*line).clone() })
    };
    let idle: Vec<LineId> = table.lines().filter(idle).cloned().collect();
    lines.extend(idle);
    ledger.lines = lines.into_iter().collect();
    let mut moved = vec![u32::MAX; leaves.len()];
    for (line, id) in leaves {
        if let Ok(at) = ledger.lines.binary_search(&line) {
            moved[id as usize] = u32::try_from(at).expect("a ledger has fewer than 2^32 lines");
        }
    }
    ledger.postings.iter_mut().for_each(|posting| posting.line = moved[posting.line as usize]);
    ledger
        .postings
        .sort_unstable_by_key(|p| (p.line, p.service, p.booked, p.kind, p.amount, p.origin));
}

/// A control total for a file nobody read would never be compared.
fn check_control_files(ledger: &Ledger) -> Result<()> {
    let read = |name: &String| ledger.files.iter().any(|file| file.file == *name);
    let wrong = ledger.controls.iter().filter_map(|total| {
        let name = total.of_file.as_ref().filter(|name| !read(name))?;
        let what = format!("{name:?} is not a file that was read");
        Some(
            Error::input(what)
                .at(ledger.place(total.origin))
                .advice("write its path as in the reconciliation table"),
        )
    });
    Error::all(wrong.collect()).map_or(Ok(()), Err)
}

/// Rows that repeat an earlier one in every column in use, each with the first of its like, in order.
fn repeats(sheet: &Sheet) -> Vec<(usize, usize)> {
    let columns = sheet.mapped();
    let same = |a: usize, b: usize| columns.iter().all(|column| column.cells[a] == column.cells[b]);
    let mut hashed: Vec<(u64, usize)> =
        (0..sheet.table.rows.len()).map(|row| (row_hash(&columns, row), row)).collect();
    hashed.sort_unstable();
    let alike = hashed.chunk_by(|a, b| a.0 == b.0);
    let mut found: Vec<(usize, usize)> = alike
        .flat_map(|rows| rows[1..].iter().map(|&(_, later)| (later, rows[0].1)))
        .filter(|&(later, first)| same(later, first))
        .collect();
    found.sort_unstable();
    found
}

/// Mixes the cells of a row (FNV-1a over whole cells); rows with equal hashes are compared after.
fn row_hash(columns: &[&super::table::Column], row: usize) -> u64 {
    columns.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, column| {
        (hash ^ u64::from(column.cells[row])).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
    })
}
