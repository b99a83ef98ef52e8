//! What a person has to know of a file before the proposal is right, a sentence each.

use super::columns::Columns;
use super::draft::Draft;
use super::words;
use crate::ledger::layout::is_like;
use crate::ledger::table::{Column, Table};
use crate::units::Cents;
use std::collections::{BTreeMap, BTreeSet};

/// A column with at most so many texts may tell kinds of rows apart.
const FEW: usize = 5;
/// Texts that tell the sign of an amount, as the systems write them.
const SIGNS: [&str; 8] = ["d", "c", "s", "h", "debet", "credit", "debit", "dr"];
/// Texts that tell what was spent from what was planned.
const STATES: [&str; 13] = [
    "werkelijk",
    "realisatie",
    "actual",
    "actuals",
    "begroting",
    "begroot",
    "budget",
    "raming",
    "verplichting",
    "verplichtingen",
    "commitment",
    "forecast",
    "prognose",
];
/// So many are named.
const NAMED: usize = 3;
/// Of amounts that are added up from January on.
pub(super) const CUMULATIVE: &str = "the amounts may be added up from January on, which can not be read: export what was booked per month";

/// Columns without a meaning whose few texts tell rows apart that do not add up.
pub(super) fn few_texts(table: &Table, drafts: &[Draft]) -> Vec<String> {
    let is_free = |column: &&Column| !drafts.iter().any(|draft| draft.names(&column.header));
    table.columns.iter().filter(is_free).filter_map(told_apart).collect()
}

fn told_apart(column: &Column) -> Option<String> {
    let texts: Vec<&str> = column
        .values
        .iter()
        .map(|value| &*value.text)
        .filter(|text| !text.is_empty())
        .take(FEW + 1)
        .collect();
    let are =
        |known: &[&str]| texts.iter().any(|text| known.contains(&text.to_lowercase().as_str()));
    if !(2..=FEW).contains(&texts.len()) {
        return None;
    }
    let (what, key) = if texts.iter().all(|text| SIGNS.contains(&text.to_lowercase().as_str())) {
        (
            "may tell the sign of an amount",
            "all amounts are added up as they stand; if one of them is to be taken off, export debit and credit in \
             columns of their own (keys: amount and credit), or map side and set [source.sides] and baten_sign",
        )
    } else if are(&STATES) {
        (
            "tells what was spent from what was planned",
            "all rows are added up; keep those that were spent with [source.only]",
        )
    } else {
        return None;
    };
    let texts: Vec<String> = texts.iter().map(|text| format!("{text:?}")).collect();
    Some(format!("column {:?} holds {} and {what}: {key}", column.header, texts.join(", ")))
}

/// No column tells lasten from baten; rows below zero may be baten.
pub(super) fn one_side(columns: &Columns, money: &dyn Fn(usize) -> Cents) -> Option<String> {
    if columns.both_sides().is_some() {
        return None;
    }
    let below = (0..columns.table.rows.len()).map(money).filter(|&sum| sum < Cents::ZERO);
    let (count, sum) = below.fold((0, Cents::ZERO), |(count, sum), next| (count + 1, sum + next));
    let below = match count {
        0 => String::new(),
        _ => format!("; {count} rows are below zero ({sum}) and may be baten"),
    };
    Some(format!(
        "no column tells lasten from baten: all is read as lasten{below} (key: side, under [source.columns] or \
         [source.fixed])"
    ))
}

/// The rows that are not kept, because their taakveld is of neither act or empty.
pub(super) fn kept_out(
    columns: &Columns,
    taakveld: usize,
    patterns: &[&str],
    money: &dyn Fn(usize) -> Cents,
) -> Option<String> {
    let column = &columns.table.columns[taakveld];
    let kept = |text: &str| patterns.iter().any(|pattern| is_like(text, pattern));
    let kept: Vec<bool> = column.values.iter().map(|value| kept(&value.text)).collect();
    let (mut empty, mut other) = ((0, Cents::ZERO), (0, Cents::ZERO));
    for row in (0..columns.table.rows.len()).filter(|&row| !kept[column.cells[row] as usize]) {
        let of = if column.text(row).is_empty() { &mut empty } else { &mut other };
        *of = (of.0 + 1, of.1 + money(row));
    }
    let mut told = Vec::new();
    if other.0 > 0 {
        let what = "rows with another taakveld than those of Wmo and Jeugd";
        told.push(format!("{} {what}, {},", other.0, other.1));
    }
    if empty.0 > 0 {
        told.push(format!("{} rows without a taakveld, {},", empty.0, empty.1));
    }
    let fill = if empty.0 > 0 { "; fill the taakveld in, or put \"\" in the list" } else { "" };
    let header = &column.header;
    (!told.is_empty())
        .then(|| format!("{} are kept out ([source.only], {header:?}){fill}", told.join(" and ")))
}

/// The amounts that are not read beside those that are.
pub(super) fn not_read(columns: &Columns, read: &[usize]) -> Option<String> {
    let header = |at: usize| format!("{:?}", columns.header(at));
    let others = columns.amounts().into_iter().filter(|at| !read.contains(at));
    let others: Vec<String> = others.map(header).collect();
    let are = if read.len() == 1 { "is read as the amount" } else { "are read as the amounts" };
    let read: Vec<String> = read.iter().copied().map(header).collect();
    (!others.is_empty())
        .then(|| format!("{} {are}, not {} (key: amount)", read.join(" and "), others.join(", ")))
}

/// Taakvelden of a budget that may add up others beside them, whose code they begin: each of one year.
pub(super) fn parents(
    columns: &Columns,
    taakveld: usize,
    year: Option<usize>,
    money: &dyn Fn(usize) -> Cents,
) -> Option<String> {
    let column = &columns.table.columns[taakveld];
    let of_act = |text: &&str| words::OURS.iter().any(|pattern| is_like(text, pattern));
    let code = |text| Some(text).filter(of_act).and_then(words::taakveld);
    let known: Vec<Option<String>> = column.values.iter().map(|value| code(&*value.text)).collect();
    let mut codes: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for (row, &cell) in column.cells.iter().enumerate() {
        let year = year.map_or("", |at| columns.table.columns[at].text(row));
        if let Some(code) = known[cell as usize].as_ref().filter(|_| money(row) != Cents::ZERO) {
            codes.entry(year).or_default().insert(code, column.text(row));
        }
    }
    let parents = |codes: &BTreeMap<&str, &str>| -> Vec<String> {
        let begins =
            |code: &str| codes.keys().any(|&other| other != code && other.starts_with(code));
        let parents = codes.iter().filter(|(code, _)| begins(code));
        parents.map(|(_, text)| format!("{text:?}")).collect()
    };
    let parents: BTreeSet<String> = codes.values().flat_map(parents).collect();
    let parents = parents.into_iter().collect::<Vec<_>>().join(", ");
    (!parents.is_empty()).then(|| {
        format!(
            "{parents} may add up taakvelden whose codes begin alike, and their money counts twice then: leave these rows \
             out (leave_out = [{parents}])"
        )
    })
}

/// Codes that have another taakveld in other rows: the one of most rows is proposed.
pub(super) fn moved(columns: &Columns, code: usize, taakveld: usize) -> Option<String> {
    let (codes, taakvelden) = (&columns.table.columns[code], &columns.table.columns[taakveld]);
    let mut told: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (&code, &taakveld) in codes.cells.iter().zip(&taakvelden.cells) {
        let text = &taakvelden.values[taakveld as usize].text;
        let of_act = || words::taakveld(text).is_some_and(|found| words::wet(&found).is_some());
        if !told.get(&code).is_some_and(|seen| seen.contains(&taakveld)) && of_act() {
            told.entry(code).or_default().insert(taakveld);
        }
    }
    let several = told.into_iter().filter(|(_, taakvelden)| taakvelden.len() > 1);
    let several: BTreeSet<&str> =
        several.map(|(code, _)| &*codes.values[code as usize].text).collect();
    let some: Vec<&str> = several.iter().copied().take(NAMED).collect();
    (!several.is_empty()).then(|| {
        format!(
            "{} codes have more than one taakveld ({}): indeling.csv has the one of most rows; give the newest, or one \
             row for each with geldig_van and geldig_tot",
            several.len(),
            some.join(", ")
        )
    })
}

/// Months that seem to be added up from January on: no row of some size ever goes down, and nearly all go up.
pub(super) fn cumulative(columns: &Columns, months: &[usize]) -> Option<String> {
    let (mut rising, mut filled) = (0, 0);
    for row in 0..columns.table.rows.len() {
        let mut amounts: Vec<Cents> = months.iter().map(|&at| columns.cents(at, row)).collect();
        // Months to come are empty.
        while amounts.last() == Some(&Cents::ZERO) {
            amounts.pop();
        }
        if amounts.len() < 4 {
            continue;
        }
        filled += 1;
        rising += usize::from(amounts.windows(2).all(|pair| pair[0] < pair[1]));
    }
    (rising > 0 && rising * 10 >= filled * 9)
        .then(|| format!("the amounts of nearly every row rise month after month; {CUMULATIVE}"))
}
