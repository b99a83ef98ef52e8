//! What the columns of a file hold, by their headers and by their values.

use super::totals;
use super::words::{self, Words};
use crate::ledger::parse;
use crate::ledger::table::heads;
use crate::ledger::table::{Column, Table, Value};
use crate::units::{Cents, Wet};

/// The columns of a table that were given a meaning.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    pub(super) table: &'a Table,
    pub(super) decimal: char,
    /// Whether amounts of a budget are meant.
    pub(super) planned: bool,
    /// The year that is meant, when the rows do not tell it.
    pub(super) year: Option<i32>,
    taken: Vec<usize>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(table: &'a Table) -> Self {
        Self { table, decimal: decimal(table), planned: false, year: None, taken: Vec::new() }
    }

    /// The column that is most this: its header weighs and nearly all its values are such.
    pub(super) fn best(
        &self,
        words: Words,
        fits: impl Fn(&Self, &Column) -> bool,
    ) -> Option<usize> {
        let columns = self.table.columns.iter().enumerate();
        let weighed = columns
            .filter(|(at, column)| !self.taken.contains(at) && !column.header.is_empty())
            .map(|(at, column)| (words::weight(&column.header, words), at))
            .filter(|&(weight, at)| weight > 0 && fits(self, &self.table.columns[at]));
        // The first of equals: exports put the key before what explains it.
        weighed.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, at)| at)
    }

    /// The same, and no other meaning may have the column then.
    pub(super) fn take(
        &mut self,
        words: Words,
        fits: impl Fn(&Self, &Column) -> bool,
    ) -> Option<usize> {
        let found = self.best(words, fits)?;
        self.taken.push(found);
        Some(found)
    }

    pub(super) fn header(&self, at: usize) -> &'a str {
        &self.table.columns[at].header
    }

    /// Every column of amounts that no other meaning has, in order.
    pub(super) fn amounts(&self) -> Vec<usize> {
        let columns = self.table.columns.iter().enumerate();
        let free = columns.filter(|(at, column)| {
            let is_meant = self.is_planned(*at) || words::weight(&column.header, words::AMOUNT) > 0;
            !self.taken.contains(at) && is_meant && self.is_amount(column)
        });
        free.map(|(at, _)| at).collect()
    }

    /// Of these, the one that is most what is meant.
    pub(super) fn amount(&self) -> Option<usize> {
        self.likeliest(&|_| true)
    }

    /// Of these, one whose header has the word lasten and one with baten.
    pub(super) fn both_sides(&self) -> Option<(usize, usize)> {
        let of = |word: &str| self.likeliest(&|header| words::has_word(header, word));
        of("lasten").zip(of("baten"))
    }

    /// The amount that is planned, when that is meant, of the year that is meant, before others; the first of equals.
    fn likeliest(&self, is: &dyn Fn(&str) -> bool) -> Option<usize> {
        let rank = |at: usize| {
            let header = self.header(at);
            let of_year = self.year.is_some_and(|year| header.contains(&year.to_string()));
            (self.is_planned(at), of_year, words::weight(header, words::AMOUNT))
        };
        let all = self.amounts().into_iter().filter(|&at| is(self.header(at)));
        all.reduce(|best, next| if rank(next) > rank(best) { next } else { best })
    }

    fn is_planned(&self, at: usize) -> bool {
        self.planned && words::is_planned(self.header(at))
    }

    pub(super) fn is_amount(&self, column: &Column) -> bool {
        nearly_all(column, |value| parse::amount(value, self.decimal, 0).is_ok())
    }

    pub(super) fn cents(&self, at: usize, row: usize) -> Cents {
        let column = &self.table.columns[at];
        let value = &column.values[column.cells[row] as usize];
        parse::amount(value, self.decimal, 0).unwrap_or_default()
    }

    /// The columns whose header is a month and that hold amounts.
    pub(super) fn months(&self) -> Vec<usize> {
        let columns = self.table.columns.iter().enumerate();
        let months = columns.filter(|(_, column)| heads::month(&column.header).is_some());
        months
            .filter(|(_, column)| is_empty(column) || self.is_amount(column))
            .map(|(at, _)| at)
            .collect()
    }
}

pub(super) fn is_month(_: &Columns, column: &Column) -> bool {
    nearly_all(column, |value| parse::month(&value.text).is_ok())
}

pub(super) fn is_year(_: &Columns, column: &Column) -> bool {
    nearly_all(column, |value| value.text.len() == 4 && parse::year(&value.text).is_ok())
}

pub(super) fn is_period(_: &Columns, column: &Column) -> bool {
    nearly_all(column, |value| parse::period(&value.text).is_ok_and(|period| period <= 16))
}

pub(super) fn is_quarter(_: &Columns, column: &Column) -> bool {
    nearly_all(column, |value| parse::optional_quarter(&value.text).is_ok())
}

pub(super) fn is_side(_: &Columns, column: &Column) -> bool {
    nearly_all(column, |value| {
        parse::side(&value.text).is_ok() || words::side(&value.text).is_some()
    })
}

pub(super) fn is_wet(_: &Columns, column: &Column) -> bool {
    nearly_all(column, |value| value.text.parse::<Wet>().is_ok())
}

pub(super) fn is_taakveld(_: &Columns, column: &Column) -> bool {
    let is_total = |value: &Value| totals::is_total(&value.text);
    nearly_all(column, |value| words::taakveld(&value.text).is_some() || is_total(value))
}

/// A column that may hold codes: it is filled, and not with a text of its own in each row of a large file.
pub(super) fn is_code(_: &Columns, column: &Column) -> bool {
    !is_empty(column) && column.values.len() <= 5_000
}

pub(super) fn is_text(_: &Columns, column: &Column) -> bool {
    !is_empty(column)
}

pub(super) fn is_empty(column: &Column) -> bool {
    column.values.iter().all(|value| value.text.is_empty())
}

/// Whether any row of the column is empty.
pub(super) fn has_empty(column: &Column) -> bool {
    column.cells.iter().any(|&cell| column.values[cell as usize].text.is_empty())
}

/// Whether nine in ten of the distinct filled values pass. Totals and footers may be among them.
fn nearly_all(column: &Column, test: impl Fn(&Value) -> bool) -> bool {
    let filled: Vec<&Value> = column.values.iter().filter(|value| !value.text.is_empty()).collect();
    let passing = filled.iter().filter(|value| test(value)).count();
    passing > 0 && passing * 10 >= filled.len() * 9
}

/// The decimal mark with which most columns of a file read as amounts; a comma when both do.
fn decimal(table: &Table) -> char {
    let reads = |mark: char| {
        let amount = |column: &&Column| {
            let weighs = words::weight(&column.header, words::AMOUNT) != 0
                || words::weight(&column.header, words::DEBIT) > 0
                || words::weight(&column.header, words::CREDIT) > 0
                || heads::month(&column.header).is_some();
            weighs && nearly_all(column, |value| parse::amount(value, mark, 0).is_ok())
        };
        table.columns.iter().filter(amount).count()
    };
    if reads('.') > reads(',') { '.' } else { ',' }
}
