//! The codes of all files, and the leaves each may be.

use super::lines::{self, LineTable, Valid};
use super::options::Field;
use super::row::Row;
use super::sheet::Sheet;
use super::types::UnmappedCode;
use crate::units::{Cents, LineId, Month, Side};
use std::collections::BTreeMap;

/// Every distinct code that was read, numbered in order of appearance, and every leaf they may be.
pub(super) struct Codes<'a> {
    table: &'a LineTable,
    /// Leaves in order of appearance; postings index them until the end.
    leaves: BTreeMap<LineId, u32>,
    numbers: BTreeMap<String, u32>,
    known: Vec<Code<'a>>,
}

struct Code<'a> {
    /// As it stands in the file.
    name: String,
    valid: &'a [Valid],
    /// Lasten and baten, per row of the line table, and last of all when it has none.
    leaves: Vec<[u32; 2]>,
}

impl<'a> Codes<'a> {
    pub(super) fn new(table: &'a LineTable) -> Self {
        Self { table, leaves: BTreeMap::new(), numbers: BTreeMap::new(), known: Vec::new() }
    }

    /// The numbers of the distinct codes of a file.
    pub(super) fn of(&mut self, sheet: &Sheet) -> Vec<u32> {
        let Some(column) = sheet.column(Field::Code) else { return Vec::new() };
        column.values.iter().map(|value| self.number(&value.text)).collect()
    }

    fn number(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = u32::try_from(self.known.len()).expect("there are fewer than 2^32 codes");
        let table = self.table;
        let valid = table.find(name);
        let unclassified = LineId::unclassified(Side::Lasten);
        let lines = valid.iter().map(|valid| &valid.line).chain([&unclassified]);
        let leaves =
            lines.map(|line| [Side::Lasten, Side::Baten].map(|side| self.leaf(line, side)));
        let leaves = leaves.collect();
        self.known.push(Code { name: name.to_owned(), valid, leaves });
        self.numbers.insert(name.to_owned(), number);
        number
    }

    fn leaf(&mut self, line: &LineId, side: Side) -> u32 {
        let next = u32::try_from(self.leaves.len()).expect("a ledger has fewer than 2^32 lines");
        *self.leaves.entry(LineId { side, ..line.clone() }).or_insert(next)
    }

    /// The leaf of a code in a month; `None` when the line table does not know it then.
    pub(super) fn line(&self, code: u32, month: Month, side: Side) -> Option<u32> {
        let code = &self.known[code as usize];
        lines::at(code.valid, month).map(|at| code.leaves[at][side as usize])
    }

    /// The leaf of money without a line.
    pub(super) fn unclassified(&self, code: u32, side: Side) -> u32 {
        let code = &self.known[code as usize];
        code.leaves[code.valid.len()][side as usize]
    }

    /// Adds a row to the list of codes without a line.
    pub(super) fn tell(&self, list: &mut BTreeMap<u32, UnmappedCode>, row: &Row) {
        let told = list.entry(row.code).or_insert_with(|| UnmappedCode {
            code: self.known[row.code as usize].name.clone(),
            rows: 0,
            amount: Cents::ZERO,
            first: row.origin,
        });
        told.rows += 1;
        told.amount += if row.side == Side::Lasten { row.amount } else { -row.amount };
    }

    /// Every leaf with its number.
    pub(super) fn into_leaves(self) -> BTreeMap<LineId, u32> {
        self.leaves
    }
}

/// Codes without a line, by their names.
pub(super) fn sorted(list: BTreeMap<u32, UnmappedCode>) -> Vec<UnmappedCode> {
    let mut codes: Vec<UnmappedCode> = list.into_values().collect();
    codes.sort_by(|a, b| a.code.cmp(&b.code));
    codes
}
