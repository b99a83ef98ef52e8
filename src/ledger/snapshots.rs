//! Dated snapshots: files that each hold the whole of the books at the end of a month.
//!
//! What a snapshot holds and the one before it did not became known in its month. So the differences
//! are the postings, and the ledger as of the month of a snapshot is that snapshot, to the cent.

use super::postings::Time;
use super::row::Row;
use super::types::{DuplicateRow, PostingKind, Snapshot};
use crate::error::{Error, Result};
use crate::units::{Cents, Month};
use std::collections::BTreeMap;
use std::path::Path;

/// The snapshots of one source.
#[derive(Debug, Default)]
pub(super) struct Snapshots {
    months: BTreeMap<Month, State>,
}

/// What the files of one month hold.
#[derive(Debug, Default)]
pub(super) struct State {
    cells: BTreeMap<Cell, Row>,
    /// Its files, in reading order.
    files: Vec<u32>,
    /// The places of the accounts of its files.
    pub(super) accounts: Vec<usize>,
    /// Repeated rows of its files.
    pub(super) duplicates: Vec<DuplicateRow>,
}

/// What two snapshots are compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    line: u32,
    kind: PostingKind,
    service: Month,
    /// `None` when the file has no booking months.
    booked: Option<Month>,
    /// Only where the line does not say all: it has no line, or may move when it is divided.
    code: Option<u32>,
    assumed: bool,
}

/// The month in the name of a snapshot file.
///
/// # Errors
/// When there is none.
pub(super) fn month_of(name: &str) -> Result<Month> {
    let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
    month_in(&stem).ok_or_else(|| {
        let advice = "the source has snapshots = true: name each of its files after the month whose \
                      end it shows, as in grootboek-2026-03.csv, or take snapshots out";
        Error::input(format!("{stem:?} has no month in it")).file(name).advice(advice)
    })
}

/// The first `YYYY-MM` or `YYYYMM` in a name; a day may follow. Longer numbers are no month.
fn month_in(name: &str) -> Option<Month> {
    let mut rest = name;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = &rest[start..];
        let (number, after) = digits(rest);
        let month = match number.len() {
            6 | 8 => month(&number[..4], &number[4..6]),
            4 => after.strip_prefix('-').and_then(|next| month(number, digits(next).0)),
            _ => None,
        };
        if month.is_some() {
            return month;
        }
        rest = after;
    }
    None
}

/// The digits that a text starts with, and the rest.
fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn month(year: &str, month: &str) -> Option<Month> {
    (month.len() == 2).then(|| Month::new(year.parse().ok()?, month.parse().ok()?))?
}

impl Snapshots {
    /// The snapshot of a month, to which a file is added.
    pub(super) fn file(&mut self, month: Month, file: u32, account: usize) -> &mut State {
        let state = self.months.entry(month).or_default();
        state.files.push(file);
        state.accounts.push(account);
        state
    }

    /// The repeated rows of the last snapshot, which is what counts in the end.
    pub(super) fn into_duplicates(self) -> Vec<DuplicateRow> {
        self.months.into_values().next_back().map(|state| state.duplicates).unwrap_or_default()
    }

    /// The snapshots that a later one replaced.
    pub(super) fn replaced(&self) -> impl Iterator<Item = &State> {
        self.months.values().rev().skip(1)
    }

    /// What became known with each snapshot, and how much of it was a revision.
    pub(super) fn differences(&self) -> (Vec<Row>, Vec<Snapshot>) {
        let mut rows = Vec::new();
        let mut told = Vec::new();
        let mut before: Option<(Month, &State)> = None;
        for (&month, state) in &self.months {
            let mut snapshot = Snapshot {
                files: state.files.clone(),
                month,
                total: state.cells.values().map(|row| row.amount.abs()).sum(),
                revised_cells: 0,
                revised: Cents::ZERO,
            };
            for change in changes(before.map(|(_, state)| state), state) {
                if before.is_some_and(|(last, _)| change.revises(last)) {
                    snapshot.revised_cells += 1;
                    snapshot.revised += change.amount().abs();
                }
                rows.push(change.row(before.map(|(last, _)| last), month));
            }
            told.push(snapshot);
            before = Some((month, state));
        }
        (rows, told)
    }
}

impl State {
    /// Adds a row; rows of one cell add up under the first of them.
    pub(super) fn add(&mut self, row: &Row, has_booked: bool) {
        let Time { service, booked, assumed } = row.time;
        let cell = Cell {
            line: row.line,
            kind: row.kind,
            service,
            booked: has_booked.then_some(booked),
            code: (row.undated || !row.mapped).then_some(row.code),
            assumed,
        };
        let amount = row.amount;
        let held = self.cells.entry(cell).or_insert(Row { amount: Cents::ZERO, ..*row });
        held.amount += amount;
    }
}

/// A cell that is not as it was.
struct Change<'a> {
    cell: &'a Cell,
    /// The first row of the cell; of the earlier snapshot when it vanished.
    row: &'a Row,
    before: Cents,
    now: Cents,
}

/// The cells that changed, in order; those that vanished come last.
fn changes<'a>(
    before: Option<&'a State>,
    now: &'a State,
) -> impl Iterator<Item = Change<'a>> + use<'a> {
    let earlier = move |cell: &Cell| before.and_then(|state| state.cells.get(cell));
    let held = now.cells.iter().map(move |(cell, row)| Change {
        cell,
        row,
        before: earlier(cell).map_or(Cents::ZERO, |row| row.amount),
        now: row.amount,
    });
    let vanished = before.into_iter().flat_map(|state| &state.cells);
    let vanished = vanished
        .filter(|(cell, _)| !now.cells.contains_key(cell))
        .map(|(cell, row)| Change { cell, row, before: row.amount, now: Cents::ZERO });
    held.chain(vanished).filter(|change| change.before != change.now)
}

impl Change<'_> {
    fn amount(&self) -> Cents {
        self.now - self.before
    }

    /// Whether something that was told before was taken back or told anew. With booking months that
    /// is any change in a month that the snapshot of `last` held in full. Without them late invoices
    /// are added to older service months all the time, so only money that went away is a revision.
    fn revises(&self, last: Month) -> bool {
        let shrank =
            self.now.abs() < self.before.abs() || self.now.0.signum() == -self.before.0.signum();
        self.cell.booked.map_or(shrank && self.before != Cents::ZERO, |booked| booked <= last)
    }

    /// The difference as a row that became known after the snapshot of `last` and not after `month`:
    /// in its own booking month when that lies there, and else with the snapshot.
    fn row(&self, last: Option<Month>, month: Month) -> Row {
        let fits = |booked: &Month| last.is_none_or(|last| *booked > last) && *booked <= month;
        let booked = self.cell.booked.filter(fits).unwrap_or(month);
        let time = Time { booked, ..self.row.time };
        Row { amount: self.amount(), time, declared: self.row.declared.min(booked), ..*self.row }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_month_in_a_name() {
        for (name, expected) in [
            ("2025-03", Some("2025-03")),
            ("GM0164_grootboek_202503_v2", Some("2025-03")),
            ("stand 2025-03-31", Some("2025-03")),
            ("20250331", Some("2025-03")),
            ("100200-2025-03-2025-04", Some("2025-03")),
            ("boekjaar2024-2025-03", Some("2025-03")),
            ("2025-13", None),
            ("2025-3", None),
            ("2025-031", None),
            ("grootboek2025", None),
            ("1234567", None),
            ("", None),
        ] {
            assert_eq!(
                month_in(name).map(|month| month.to_string()).as_deref(),
                expected,
                "{name}"
            );
        }
    }
}
