//! Sources → ledger, with the account of every cent.

use super::codes::{self, Codes};
use super::declared::{self, Declared, Mix};
use super::files::Files;
use super::layout::Layout;
use super::lines::LineTable;
use super::options::{Field, LedgerOptions, Source, SourceKind};
use super::postings::{Columns, Entry, Time};
use super::problems::Problems;
use super::repeats::repeats;
use super::row::Row;
use super::sheet::Sheet;
use super::snapshots::{self, Snapshots};
use super::sorting::{Posted, sort};
use super::stated::{self, Budgets, origin};
use super::stretch;
use super::types::{
    Counted, DuplicateRow, Ledger, Posting, PostingKind, Reconciliation, SourceFile, UnmappedCode,
};
use crate::error::{Error, Result};
use crate::units::{Cents, LineId, Month, Side};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// So many files are opened at once: more would be held in memory together.
const FILES: usize = 2;
/// So many repeated rows are listed.
const DUPLICATES: usize = 1000;

impl Ledger {
    /// Reads every file the options name. The line table is the
    /// first of [`Ledger::files`], then the sources follow in their order, files sorted by name.
    ///
    /// # Errors
    /// When a file can not be read in full, with all its problems; when one seems to hold personal
    /// data, and then with nothing else. Nothing is returned in part.
    pub fn read(files: &Files, options: &LedgerOptions) -> Result<Self> {
        if !options.sources.iter().any(|source| source.kind == SourceKind::Ledger) {
            let advice =
                "add a [[source]] with kind = \"ledger\" and the files of the general ledger";
            return Err(Error::input("there is no source of kind ledger")
                .file("prognose.toml")
                .advice(advice));
        }
        let lines = LineTable::read(files, &options.lines.table, &options.privacy)?;
        Self::read_on(files, options, &lines)
    }

    /// Reads the postings once more on the line table of another time, as [`Ledger::line_table`] kept it. Sources
    /// that name lines of today (budgets, forecasts by people, control totals) are left out.
    ///
    /// # Errors
    /// As [`Ledger::read`]; also when `line_table` is none.
    pub fn read_on_lines(files: &Files, options: &LedgerOptions, line_table: &str) -> Result<Self> {
        let mut options = options.clone();
        let counts =
            |source: &Source| matches!(source.kind, SourceKind::Ledger | SourceKind::Declarations);
        options.sources.retain(counts);
        Self::read_on(files, &options, &LineTable::of_text(line_table)?)
    }

    fn read_on(files: &Files, options: &LedgerOptions, lines: &LineTable) -> Result<Self> {
        let mut reader = Reader::new(options, lines);
        let mut errors = Vec::new();
        for source in &options.sources {
            match files.matching(&source.files) {
                Ok(names) => errors.extend(reader.source(files, &names, source)),
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

/// The kind, sheet and bytes of a file and the month of a snapshot: two snapshots may be the same.
type Seen = (SourceKind, String, String, Option<Month>);

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
    /// Files, the columns of money that were read of them and how they are laid out: two sources may take other
    /// columns or other rows of one.
    seen: BTreeMap<Seen, Vec<(String, BTreeSet<String>, Layout)>>,
    posted: Posted,
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
            posted: Posted::default(),
            ledger,
        }
    }

    /// Reads all files of a source; those that can not be read are told. While the rows of some are posted the next
    /// are opened.
    fn source(&mut self, files: &Files, names: &[String], source: &Source) -> Vec<Error> {
        let privacy = &self.options.privacy;
        let open = |names: &[String]| -> Vec<(String, Result<Sheet>)> {
            let open = |name: &String| Sheet::open(files, name.clone(), source, privacy);
            names.par_iter().map(|name| (name.clone(), open(name))).collect()
        };
        let mut names = names.chunks(FILES);
        let mut next = names.next().map(open);
        let mut errors = Vec::new();
        while let Some(opened) = next {
            let mut post = |(name, sheet): (String, Result<Sheet>)| {
                let month = source.snapshots.then(|| snapshots::month_of(&name)).transpose();
                month.and_then(|month| self.file(sheet?, source, month)).err()
            };
            let post = || opened.into_iter().filter_map(&mut post).collect::<Vec<_>>();
            let (wrong, opened) = rayon::join(post, || names.next().map(open));
            errors.extend(wrong);
            next = opened;
        }
        self.post_differences();
        errors
    }

    fn file(&mut self, mut sheet: Sheet, source: &Source, snapshot: Option<Month>) -> Result<()> {
        let SourceFile { sheet: name, sha256, .. } = &sheet.file;
        let key = (source.kind, name.clone(), sha256.clone(), snapshot);
        let seen = self.seen.entry(key).or_default();
        let same = seen.iter().find(|(_, amounts, layout)| {
            !amounts.is_disjoint(&sheet.amounts) && !layout.is_apart_from(&source.layout)
        });
        sheet.file.duplicate_of = same.map(|(file, ..)| file.clone());
        if same.is_none() {
            seen.push((sheet.file.file.clone(), sheet.amounts.clone(), source.layout.clone()));
        }
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
        let numbers = self.codes.of(sheet);
        let account = self.accounts(sheet);
        self.set_aside(account, sheet, refused);
        let mut problems = Problems::default();
        let mut rows = Vec::new();
        let Ledger { reconciliation, rows_without_service, .. } = &mut self.ledger;
        stretch::Rows {
            file,
            sheet,
            columns: &columns,
            numbers: &numbers,
            refused,
            snapshot: snapshot.is_some(),
        }
        .read(&self.codes, |stretch| {
            let tallies = reconciliation[account..].iter_mut().zip(&stretch.tallies);
            tallies.for_each(|(tally, more)| tally.add(more));
            problems.append(stretch.problems);
            *rows_without_service += stretch.assumed;
            self.posted.extend(stretch.postings);
            rows.extend(stretch.rows);
        });
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

    /// Accounts for the rows that the source leaves out.
    fn set_aside(&mut self, account: usize, sheet: &Sheet, refused: bool) {
        for (tally, (rows, amount)) in
            self.ledger.reconciliation[account..].iter_mut().zip(sheet.left_out)
        {
            tally.rows += rows;
            tally.read += amount;
            *(if refused { &mut tally.refused } else { &mut tally.left_out }) += amount;
        }
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
                self.posted.extend([row.posting()]);
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
        if shares.is_empty() || row.amount == Cents::ZERO {
            self.posted.extend([row.posting()]);
        }
        let line = |month| self.codes.line(row.code, month, row.side).filter(|_| row.mapped);
        self.posted.extend(declared::divided(row.amount, shares).into_iter().map(
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
        sort(&mut ledger, self.posted, leaves, self.lines);
        let ends = |line: &LineId| Some((line.clone(), self.lines.valid_through(line)?));
        ledger.valid_through = ledger.lines.iter().filter_map(ends).collect();
        let hidden = ledger.lines.iter().filter(|line| !self.lines.is_public(line));
        ledger.not_public = hidden.cloned().collect();
        check_control_files(&ledger).map(|()| ledger)
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
