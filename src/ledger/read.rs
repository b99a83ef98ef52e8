//! Sources → ledger, with the account of every cent.

use super::codes::{self, Codes};
use super::declared::{self, Declared, Mix};
use super::lines::LineTable;
use super::options::{Field, LedgerOptions, Source, SourceKind};
use super::postings::{Columns, Entry, Time};
use super::problems::Problems;
use super::row::Row;
use super::sheet::{self, Sheet};
use super::snapshots::{self, Snapshots};
use super::stated::{self, Budgets, origin};
use super::types::{
    Counted, DuplicateRow, Ledger, Posting, PostingKind, Reconciliation, SourceFile, UnmappedCode,
};
use crate::error::{Error, Result};
use crate::units::{Cents, LineId, Month, Side};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

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
        Self::read_on(root, options, &lines)
    }

    /// Reads the postings once more on the line table of another time, as [`Ledger::line_table`] kept it. Sources
    /// that name lines of today (budgets, forecasts by people, control totals) are left out.
    ///
    /// # Errors
    /// As [`Ledger::read`]; also when `line_table` is none.
    pub fn read_on_lines(root: &Path, options: &LedgerOptions, line_table: &str) -> Result<Self> {
        let mut options = options.clone();
        let counts =
            |source: &Source| matches!(source.kind, SourceKind::Ledger | SourceKind::Declarations);
        options.sources.retain(counts);
        Self::read_on(root, &options, &LineTable::of_text(line_table)?)
    }

    fn read_on(root: &Path, options: &LedgerOptions, lines: &LineTable) -> Result<Self> {
        let mut reader = Reader::new(options, lines);
        let mut errors = Vec::new();
        for source in &options.sources {
            match sheet::paths(root, &source.files) {
                Ok(paths) => errors.extend(reader.source(root, &paths, source)),
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

/// The kind, sheet and bytes of a file, the header of each field and the month of a snapshot: one file
/// with two columns of amounts may be read once for each, and two snapshots may be the same.
type Seen = (SourceKind, String, String, Vec<(Field, String)>, Option<Month>);

/// The ledger while it grows.
struct Reader<'a> {
    options: &'a LedgerOptions,
    lines: &'a LineTable,
    codes: Codes<'a>,
    budgets: Budgets,
    unmapped: BTreeMap<u32, UnmappedCode>,
    declared: Declared,
    /// Declared codes that are not in the line table.
    unknown: BTreeMap<u32, UnmappedCode>,
    /// Rows without a service month, until all declarations are read.
    undated: Vec<Row>,
    /// Of the source that is being read.
    snapshots: Snapshots,
    /// Files by what was read of them.
    seen: BTreeMap<Seen, String>,
    ledger: Ledger,
}

impl<'a> Reader<'a> {
    fn new(options: &'a LedgerOptions, lines: &'a LineTable) -> Self {
        let (files, line_table) = (vec![lines.file.clone()], lines.text());
        let ledger = Ledger { files, line_table, ..Ledger::default() };
        Self {
            options,
            lines,
            codes: Codes::new(lines),
            budgets: Budgets::default(),
            unmapped: BTreeMap::new(),
            declared: Declared::default(),
            unknown: BTreeMap::new(),
            undated: Vec::new(),
            snapshots: Snapshots::default(),
            seen: BTreeMap::new(),
            ledger,
        }
    }

    /// Reads all files of a source; those that can not be read are told.
    fn source(&mut self, root: &Path, paths: &[PathBuf], source: &Source) -> Vec<Error> {
        let mut file = |path: &PathBuf| {
            let month = source.snapshots.then(|| snapshots::month_of(root, path)).transpose()?;
            self.file(root, path, source, month)
        };
        let errors = paths.iter().filter_map(|path| file(path).err()).collect();
        self.post_differences();
        errors
    }

    fn file(
        &mut self,
        root: &Path,
        path: &Path,
        source: &Source,
        snapshot: Option<Month>,
    ) -> Result<()> {
        let mut sheet = Sheet::open(root, path, source, &self.options.privacy)?;
        // One file may hold two amounts; without another amount it would only count twice.
        let money = |field: &Field| matches!(field, Field::Amount | Field::Code | Field::Side);
        let headers = source.headers().into_iter().filter(|(field, _)| money(field));
        let headers = headers.map(|(field, name)| (field, name.to_owned()));
        let SourceFile { sheet: name, sha256, .. } = &sheet.file;
        let key = (source.kind, name.clone(), sha256.clone(), headers.collect(), snapshot);
        sheet.file.duplicate_of = self.seen.get(&key).cloned();
        self.seen.entry(key).or_insert_with(|| sheet.file.file.clone());
        let file =
            u32::try_from(self.ledger.files.len()).expect("a workspace has fewer than 2^32 files");
        self.ledger.files.push(sheet.file.clone());
        let is_new = sheet.file.duplicate_of.is_none();
        match source.kind {
            SourceKind::Ledger => self.postings(file, &sheet, source, snapshot),
            SourceKind::Declarations => self.declarations(file, &sheet, source),
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

    fn postings(
        &mut self,
        file: u32,
        sheet: &Sheet,
        source: &Source,
        snapshot: Option<Month>,
    ) -> Result<()> {
        let columns = Columns::new(sheet, source, self.options.closing, snapshot);
        let refused = sheet.file.duplicate_of.is_some();
        let codes = self.codes.of(sheet);
        let account = self.accounts(sheet);
        let mut problems = Problems::default();
        let mut rows = Vec::new();
        for at in 0..sheet.table.rows.len() {
            let Some(entry) = columns.entry(at, &mut problems) else { continue };
            let tally = &mut self.ledger.reconciliation[account + entry.side as usize];
            tally.rows += 1;
            tally.read += entry.amount;
            match entry.time {
                _ if refused => tally.refused += entry.amount,
                None => tally.left_out += entry.amount,
                Some(time) => {
                    let code = codes[sheet.cell(Field::Code, at)];
                    let row = Row::new(&self.codes, code, &entry, time, origin(file, sheet, at));
                    let row = Row {
                        undated: !columns.has_service() && row.kind == PostingKind::Regular,
                        ..row
                    };
                    *bucket(tally, row.kind, row.mapped) += entry.amount;
                    rows.push(row);
                }
            }
        }
        self.ledger.has_service_months |= columns.has_service();
        let repeated = if refused { Vec::new() } else { duplicates(file, sheet, &columns) };
        if let Some(month) = snapshot.filter(|_| !refused) {
            let state = self.snapshots.file(month, file, account);
            for row in &rows {
                state.add(row, columns.has_booked());
            }
            state.duplicates.extend(repeated);
        } else {
            self.post_all(rows);
            self.repeated(repeated);
        }
        problems.finish()
    }

    /// Opens the account of a file, lasten and then baten, and gives its place.
    fn accounts(&mut self, sheet: &Sheet) -> usize {
        let file = match sheet.file.sheet.as_str() {
            "" => sheet.file.file.clone(),
            name => format!("{}#{name}", sheet.file.file),
        };
        let account = |side| Reconciliation {
            file: file.clone(),
            side: Some(side),
            ..Reconciliation::default()
        };
        let at = self.ledger.reconciliation.len();
        self.ledger.reconciliation.extend([Side::Lasten, Side::Baten].map(account));
        at
    }

    /// Posts what became known with each snapshot of a source. In the account the last one counts.
    fn post_differences(&mut self) {
        let snapshots = std::mem::take(&mut self.snapshots);
        for at in snapshots.replaced().flat_map(|state| &state.accounts) {
            self.ledger.reconciliation[*at..][..2].iter_mut().for_each(Reconciliation::supersede);
        }
        let (rows, told) = snapshots.differences();
        self.post_all(rows);
        self.ledger.snapshots.extend(told);
        self.repeated(snapshots.into_duplicates());
    }

    /// Lists repeated rows, as long as there is room.
    fn repeated(&mut self, rows: Vec<DuplicateRow>) {
        let room = DUPLICATES.saturating_sub(self.ledger.duplicates.len());
        self.ledger.duplicates.extend(rows.into_iter().take(room));
    }

    fn post_all(&mut self, rows: Vec<Row>) {
        for row in rows {
            if !row.mapped && row.kind != PostingKind::Accrual {
                self.codes.tell(&mut self.unmapped, &row);
            }
            self.ledger.rows_without_service += usize::from(row.time.assumed);
            if row.undated {
                self.undated.push(row);
            } else {
                self.ledger.postings.push(row.posting());
            }
        }
    }

    /// Declarations are read and checked as postings are; their amounts never count. Accruals and
    /// rows without a service month say nothing.
    fn declarations(&mut self, file: u32, sheet: &Sheet, source: &Source) -> Result<()> {
        let columns = Columns::new(sheet, source, self.options.closing, None);
        let codes = self.codes.of(sheet);
        let mut problems = Problems::default();
        for at in 0..sheet.table.rows.len() {
            let Some(entry) = columns.entry(at, &mut problems) else { continue };
            if sheet.file.duplicate_of.is_some() {
                continue;
            }
            self.ledger.declarations.rows += 1;
            let says = |time: &Time| !time.assumed && entry.kind != PostingKind::Accrual;
            let Some(time) = entry.time.filter(says) else { continue };
            let row = Row::new(
                &self.codes,
                codes[sheet.cell(Field::Code, at)],
                &entry,
                time,
                origin(file, sheet, at),
            );
            self.declare(&row);
        }
        problems.finish()
    }

    /// The ledger rows that a declaration divides have only their booking month to find their line, so
    /// a declaration is for the line of its code in that month.
    fn declare(&mut self, row: &Row) {
        let Time { service, booked, .. } = row.time;
        let line = |month| self.codes.line(row.code, month, row.side);
        match line(booked).or_else(|| line(service)) {
            Some(line) => self.declared.add(line, booked, service, row.amount),
            None => self.codes.tell(&mut self.unknown, row),
        }
    }

    /// Gives the rows without a service month theirs, as far as declarations tell.
    fn divide(&mut self) {
        let mut rows = std::mem::take(&mut self.undated);
        rows.sort_by_key(|row| (row.line, row.declared));
        let mut since = None;
        for rows in rows.chunk_by(|a, b| (a.line, a.declared) == (b.line, b.declared)) {
            let mix = self.declared.mix(rows[0].line, rows[0].declared);
            let amount = rows.iter().map(|row| row.amount).sum();
            let counted = Counted { rows: rows.len(), amount };
            self.declared.count(rows[0].line, &mix, counted);
            *self.ledger.declarations.counted(&mix) += counted;
            if mix != Mix::Unknown {
                since = rows.iter().map(|row| row.time.booked).chain(since).min();
            }
            for row in rows {
                self.post_divided(row, mix.shares());
            }
        }
        if !self.ledger.has_service_months {
            self.ledger.declarations.since = since;
            self.ledger.has_service_months = since.is_some();
        }
    }

    /// Posts a row in its shares, if it has any. Each part is on the line that its code is in the month
    /// of the care; where the code is none then, on that of the row.
    fn post_divided(&mut self, row: &Row, shares: &[(Month, Cents)]) {
        let postings = &mut self.ledger.postings;
        if shares.is_empty() || row.amount == Cents::ZERO {
            postings.push(row.posting());
        }
        let line = |month| self.codes.line(row.code, month, row.side).filter(|_| row.mapped);
        postings.extend(declared::divided(row.amount, shares).into_iter().map(
            |(service, amount)| Posting {
                line: line(service).unwrap_or(row.line),
                service,
                amount,
                ..row.posting()
            },
        ));
    }

    fn finish(mut self) -> Result<Ledger> {
        self.divide();
        let mut ledger = self.ledger;
        let leaves = self.codes.into_leaves();
        ledger.declarations.lines = self.declared.finish(&leaves);
        ledger.declarations.unknown = codes::sorted(self.unknown);
        ledger.unmapped = codes::sorted(self.unmapped);
        ledger.reconciliation.retain(|account| account.rows > 0);
        ledger.budgets = self.budgets.finish();
        ledger.human_forecasts.sort_by(|a, b| {
            (a.year, a.made, &a.name, &a.scope, a.side)
                .cmp(&(b.year, b.made, &b.name, &b.scope, b.side))
        });
        sort(&mut ledger, leaves, self.lines);
        let ends = |line: &LineId| Some((line.clone(), self.lines.valid_through(line)?));
        ledger.valid_through = ledger.lines.iter().filter_map(ends).collect();
        let hidden = ledger.lines.iter().filter(|line| !self.lines.is_public(line));
        ledger.not_public = hidden.cloned().collect();
        check_control_files(&ledger).map(|()| ledger)
    }
}

fn bucket(tally: &mut Reconciliation, kind: PostingKind, mapped: bool) -> &mut Cents {
    match kind {
        PostingKind::Accrual => &mut tally.accruals,
        PostingKind::Regular | PostingKind::Closing if mapped => &mut tally.mapped,
        PostingKind::Regular | PostingKind::Closing => &mut tally.unmapped,
    }
}

/// The rows of a file that repeat an earlier one, as many as are listed.
fn duplicates(file: u32, sheet: &Sheet, columns: &Columns) -> Vec<DuplicateRow> {
    let duplicate = |(later, first)| {
        let [row, of] = [later, first].map(|row| origin(file, sheet, row));
        // A bad row is told of elsewhere.
        let Entry { amount, .. } = columns.entry(later, &mut Problems::default())?;
        Some(DuplicateRow { row, of, amount })
    };
    repeats(sheet).into_iter().filter_map(duplicate).take(DUPLICATES).collect()
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

/// A control total for a file nobody read would never be compared; nor would one for a snapshot, of
/// which only the differences with the one before it are postings.
fn check_control_files(ledger: &Ledger) -> Result<()> {
    let read = |name: &String| ledger.files.iter().any(|file| file.file == *name);
    let snapshots = ledger.snapshots.iter().flat_map(|snapshot| &snapshot.files);
    let is_snapshot =
        |name: &String| snapshots.clone().any(|&file| ledger.files[file as usize].file == *name);
    let wrong = ledger.controls.iter().filter_map(|total| {
        let name = total.of_file.as_ref()?;
        let (what, advice) = if !read(name) {
            ("is not a file that was read", "write its path as in the reconciliation table")
        } else if is_snapshot(name) {
            (
                "is a snapshot",
                "leave the file empty: all that counts is compared, the last snapshot",
            )
        } else {
            return None;
        };
        Some(Error::input(format!("{name:?} {what}")).at(ledger.place(total.origin)).advice(advice))
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
