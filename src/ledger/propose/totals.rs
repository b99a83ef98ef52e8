//! Rows that add up others: which they are, and patterns that take them and no other row.

use super::Findings;
use super::columns::{Columns, is_empty};
use super::draft::Draft;
use crate::error::{Error, Place};
use crate::ledger::layout::is_like;
use crate::units::Cents;
use serde_json::json;
use std::collections::BTreeSet;

/// The patterns that are tried before the texts of the rows themselves.
const TOTALS: [&str; 6] =
    ["Totaal*", "Subtotaal*", "Eindtotaal*", "Total*", "Grand total*", "Saldo*"];
/// The words that rows of totals start with.
const WORDS: [&str; 8] =
    ["totaal", "subtotaal", "eindtotaal", "totalen", "total", "subtotal", "grand", "saldo"];
/// What may stand behind such a word in a code: of what, and of when. Else it may be the name of a product.
const OF: [&str; 12] = [
    "wmo", "jeugd", "lasten", "baten", "generaal", "alles", "total", "totaal", "jaar", "sociaal",
    "domein", "kosten",
];
/// So many texts of rows are tried: each looks at the whole file.
const TRIED: usize = 100;
/// So many rows are named.
const NAMED: usize = 5;

/// What is left out, and what is said of it.
#[derive(Debug, Default)]
pub(super) struct Totals {
    patterns: Vec<String>,
    notes: Vec<String>,
    /// Rows that add up others and that no text tells from them.
    problem: Option<Error>,
}

impl Totals {
    /// Proposes to leave them out; gives the patterns.
    pub(super) fn put(self, draft: &mut Draft, found: &mut Findings) -> Vec<String> {
        if !self.patterns.is_empty() {
            draft.set("leave_out", json!(self.patterns), "rows that add up others");
        }
        found.notes.extend(self.notes);
        found.problem = self.problem;
        self.patterns
    }
}

/// Looks for rows of totals by their words and, in a wide file, by what they add up to. `money`: of a row.
pub(super) fn find(
    columns: &Columns,
    code: usize,
    months: &[usize],
    money: &dyn Fn(usize) -> Cents,
    at: &Place,
) -> Totals {
    let mut totals = Totals::default();
    let (mut rows, doubtful) = by_words(columns, code);
    let doubtful = if months.is_empty() {
        doubtful
    } else {
        by_sums(columns, code, months, &mut rows, doubtful)
    };
    let left = choose(columns, code, months, &rows, money, &mut totals);
    if !left.is_empty() {
        totals.problem = Some(twice(columns, &left, money, at));
    }
    if !doubtful.is_empty() {
        totals.notes.push(doubt(columns, &doubtful, money));
    }
    totals
}

/// Chooses patterns that take these rows and no other; gives the rows that none takes.
fn choose(
    columns: &Columns,
    code: usize,
    months: &[usize],
    rows: &BTreeSet<usize>,
    money: &dyn Fn(usize) -> Cents,
    totals: &mut Totals,
) -> BTreeSet<usize> {
    let mut left = rows.clone();
    let mut take = |pattern: &str, left: &mut BTreeSet<usize>| {
        let taken = taken(columns, months, pattern);
        if !taken.is_subset(rows) || !taken.iter().any(|row| left.contains(row)) {
            return;
        }
        let sum: Cents = taken.iter().map(|&row| money(row)).sum();
        totals.notes.push(format!(
            "rows like {pattern} add up others and are left out: {} rows, {sum} (key: leave_out)",
            taken.len()
        ));
        left.retain(|row| !taken.contains(row));
        totals.patterns.push(pattern.to_owned());
    };
    for pattern in TOTALS.into_iter().filter(|_| !rows.is_empty()) {
        take(pattern, &mut left);
    }
    let telling = telling(columns, code, months);
    let mut tried = BTreeSet::new();
    for &row in rows {
        for &column in &telling {
            let text = columns.table.columns[column].text(row);
            let is_new = left.contains(&row)
                && tried.len() < TRIED
                && !text.is_empty()
                && !text.contains('*');
            if is_new && tried.insert(text) {
                take(text, &mut left);
            }
        }
    }
    left
}

/// The rows whose code is a word of totals alone, or who have no code and such a word elsewhere; and those whose code
/// starts with such a word and may be a product.
fn by_words(columns: &Columns, code: usize) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let table = columns.table;
    let starts: Vec<Vec<bool>> = table
        .columns
        .iter()
        .map(|column| column.values.iter().map(|value| is_total(&value.text)).collect())
        .collect();
    let has = |at: usize, row: usize| starts[at][table.columns[at].cells[row] as usize];
    let (mut sure, mut doubtful) = (BTreeSet::new(), BTreeSet::new());
    for row in 0..table.rows.len() {
        let text = table.columns[code].text(row);
        let elsewhere = text.is_empty() && (0..starts.len()).any(|at| has(at, row));
        if elsewhere || (has(code, row) && is_alone(text)) {
            sure.insert(row);
        } else if has(code, row) {
            doubtful.insert(row);
        }
    }
    (sure, doubtful)
}

fn parts(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

pub(super) fn is_total(text: &str) -> bool {
    let first = text.trim_start();
    // Most texts are none, and there are many.
    first.starts_with(['t', 'T', 's', 'S', 'e', 'E', 'g', 'G'])
        && parts(first).first().is_some_and(|word| WORDS.contains(&word.as_str()))
}

/// Whether nothing stands behind the word but of what and of when it is the total.
fn is_alone(text: &str) -> bool {
    let is_of =
        |part: &String| OF.contains(&part.as_str()) || part.bytes().all(|b| b.is_ascii_digit());
    parts(text).iter().skip(1).all(is_of)
}

/// Adds the rows of a wide file that are in every month the sum of all rows above them, or of two and more since the
/// last such row. Gives the doubtful rows that are not.
fn by_sums(
    columns: &Columns,
    code: usize,
    months: &[usize],
    rows: &mut BTreeSet<usize>,
    doubtful: BTreeSet<usize>,
) -> BTreeSet<usize> {
    let (mut all, mut since) = (vec![Cents::ZERO; months.len()], vec![Cents::ZERO; months.len()]);
    let (mut count, mut run) = (0, 0);
    for row in 0..columns.table.rows.len() {
        let amounts: Vec<Cents> = months.iter().map(|&at| columns.cents(at, row)).collect();
        let filled = amounts.iter().filter(|&&amount| amount != Cents::ZERO).count();
        // Of one row it is the sum only when it is named after what it adds up, as Jeugd of Jeugd.
        let run_is_sum =
            amounts == since && (run > 1 || (run == 1 && is_named_after(columns, code, row)));
        let adds_up = (count > 1 && amounts == all) || run_is_sum;
        if rows.contains(&row) || (filled > 1 && adds_up) {
            rows.insert(row);
            (run, since) = (0, vec![Cents::ZERO; months.len()]);
            continue;
        }
        (count, run) = (count + 1, run + 1);
        for (at, amount) in amounts.into_iter().enumerate() {
            all[at] += amount;
            since[at] += amount;
        }
    }
    doubtful.into_iter().filter(|row| !rows.contains(row)).collect()
}

/// Whether another column of the row has the text of its code, and the row above has it there too.
fn is_named_after(columns: &Columns, code: usize, row: usize) -> bool {
    let all = &columns.table.columns;
    let text = all[code].text(row);
    row > 0
        && !text.is_empty()
        && (0..all.len())
            .any(|at| at != code && all[at].text(row) == text && all[at].text(row - 1) == text)
}

/// The columns whose texts may tell a row from others, the code first.
fn telling(columns: &Columns, code: usize, months: &[usize]) -> Vec<usize> {
    let all = &columns.table.columns;
    let is_text = |at: &usize| *at != code && !months.contains(at) && !columns.is_amount(&all[*at]);
    [code].into_iter().chain((0..all.len()).filter(is_text)).collect()
}

/// The rows that a pattern takes, as the reader leaves them out.
fn taken(columns: &Columns, months: &[usize], pattern: &str) -> BTreeSet<usize> {
    let mut rows = BTreeSet::new();
    let table = columns.table;
    for (at, column) in table.columns.iter().enumerate() {
        if months.contains(&at) || is_empty(column) {
            continue;
        }
        let like: Vec<bool> =
            column.values.iter().map(|value| is_like(&value.text, pattern)).collect();
        rows.extend((0..table.rows.len()).filter(|&row| like[column.cells[row] as usize]));
    }
    rows
}

/// The numbers of some rows, how many they are and their money.
fn told(columns: &Columns, rows: &BTreeSet<usize>, money: &dyn Fn(usize) -> Cents) -> String {
    let some: Vec<String> =
        rows.iter().take(NAMED).map(|&row| columns.table.rows[row].to_string()).collect();
    let more = if rows.len() > NAMED { " and more" } else { "" };
    let sum: Cents = rows.iter().map(|&row| money(row)).sum();
    format!("{} (row {}{more}; {sum})", rows.len(), some.join(", "))
}

fn twice(
    columns: &Columns,
    rows: &BTreeSet<usize>,
    money: &dyn Fn(usize) -> Cents,
    at: &Place,
) -> Error {
    let what = format!(
        "rows that add up others and that no text tells from the others: {}; their money counts twice",
        told(columns, rows, money)
    );
    Error::input(what).at(at.clone()).advice(
        "take these rows out of the file, or write a text such as Totaal in them and set leave_out = [\"Totaal*\"]",
    )
}

fn doubt(columns: &Columns, rows: &BTreeSet<usize>, money: &dyn Fn(usize) -> Cents) -> String {
    format!(
        "rows whose code starts with a word of totals are read as products: {}; if they add up others, leave them out \
         (key: leave_out)",
        told(columns, rows, money)
    )
}

/// The money of a row, before it is known which side it is: the months, debit minus credit, or the amount.
pub(super) fn money<'a>(
    columns: &'a Columns,
    months: &'a [usize],
    debit: Option<usize>,
    credit: Option<usize>,
) -> impl Fn(usize) -> Cents + 'a {
    let single = debit.or_else(|| columns.both_sides().map(|(lasten, _)| lasten));
    let single = single.or_else(|| columns.amount());
    let single = single.filter(|_| months.is_empty());
    move |row| {
        let of = |at: usize| columns.cents(at, row);
        let months: Cents = months.iter().map(|&at| of(at)).sum();
        months + single.map_or(Cents::ZERO, of) - credit.map_or(Cents::ZERO, of)
    }
}
