//! Files with an amount per month: postings.

use super::columns::{
    self, Columns, is_code, is_month, is_period, is_side, is_taakveld, is_text, is_year,
};
use super::draft::Draft;
use super::words::{self, weight};
use super::{Findings, codes, notes, ours, totals, towns};
use crate::error::Place;
use crate::ledger::options::Field;
use crate::ledger::parse;
use crate::ledger::table::Column;
use crate::ledger::table::heads::{self, Head};
use crate::units::{Cents, Side};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// A header that says *booked* in so many words stands above a year and a period beside it.
const SURE: i32 = 8;
/// So many columns of months make a wide file.
const WIDE: usize = 3;

/// Proposes sources of kind ledger; `None` when no column and no header is a month.
pub(super) fn propose(
    columns: &mut Columns,
    layout: &Draft,
    town: &str,
    at: &Place,
) -> Option<Findings> {
    let mut found = Findings::default();
    let mut draft = layout.clone();
    let mut months = columns.months();
    months.truncate(if months.len() >= WIDE { months.len() } else { 0 });
    let taakveld = columns.best(words::TAAKVELD, is_taakveld);
    let side = side(columns, &mut draft, &mut found);
    if !months.is_empty() {
        wide(columns, &months, &mut draft, &mut found);
    } else if !times(columns, &mut draft, &mut found) {
        return None;
    }
    let debit = columns.take(words::DEBIT, Columns::is_amount);
    let credit = debit.and_then(|_| columns.take(words::CREDIT, Columns::is_amount));
    let code = columns.take(words::CODE, is_code);
    towns::of_ledger(columns, town, &mut draft, &mut found);
    let columns = &*columns;
    let money = totals::money(columns, &months, debit, credit);
    match side {
        Some(side) => flips(columns, side, &money, &mut draft, &mut found),
        None => found.notes.extend(notes::one_side(columns, &money)),
    }
    let Some(code) = code else {
        found
            .notes
            .push("no column looks like a product, kostenplaats or code: map code".to_owned());
        amounts(columns, draft, &months, debit.zip(credit), &mut found);
        return Some(found);
    };
    draft.column(Field::Code, columns.header(code), "looked up in indeling.csv");
    kinds(columns, &mut draft, &mut found);
    let totals = totals::find(columns, code, &months, &money, at);
    let without = totals.put(&mut draft, &mut found);
    if let Some((at, patterns)) = taakveld.and_then(|at| Some((at, ours(columns.table, at)?))) {
        found.notes.extend(notes::kept_out(columns, at, &patterns, &money));
        let why = "taakvelden of Wmo and Jeugd; the file has others";
        draft.put("only", columns.header(at), json!(patterns), why);
    }
    found.notes.extend(taakveld.and_then(|at| notes::moved(columns, code, at)));
    found.notes.extend(notes::cumulative(columns, &months));
    let names = columns.best(words::NAME, |columns, column| {
        is_text(columns, column) && depends(columns, column, code)
    });
    found.codes = codes::of_ledger(columns, code, taakveld, names, &without);
    amounts(columns, draft, &months, debit.zip(credit), &mut found);
    Some(found)
}

/// The column that tells lasten from baten, when there is one.
pub(super) fn side(
    columns: &mut Columns,
    draft: &mut Draft,
    found: &mut Findings,
) -> Option<usize> {
    let at = columns.take(words::SIDE, is_side)?;
    draft.column(Field::Side, columns.header(at), "");
    let values: BTreeSet<&str> =
        columns.table.columns[at].values.iter().map(|value| &*value.text).collect();
    for value in values.iter().filter(|value| parse::side(value).is_err()) {
        if let Some(side) = words::side(value) {
            draft.put("sides", value, json!(side), "");
            found.notes.push(format!("{value:?} is read as {side} ([source.sides])"));
        }
    }
    Some(at)
}

/// Sees whether income is booked as negative amounts.
pub(super) fn flips(
    columns: &Columns,
    side: usize,
    money: &dyn Fn(usize) -> Cents,
    draft: &mut Draft,
    found: &mut Findings,
) {
    let column = &columns.table.columns[side];
    let is_baten = |row: usize| {
        let text = column.text(row);
        parse::side(text).ok().or_else(|| words::side(text)) == Some(Side::Baten)
    };
    let rows = (0..columns.table.rows.len()).filter(|&row| is_baten(row));
    let sum: Cents = rows.map(money).sum();
    turn(sum, draft, found);
}

/// Turns baten when their sum is below zero.
fn turn(baten: Cents, draft: &mut Draft, found: &mut Findings) {
    if baten < Cents::ZERO {
        draft.set("baten_sign", json!(-1), "income stands as negative amounts");
        found
            .notes
            .push("baten are negative in the file and are turned (key: baten_sign)".to_owned());
    }
}

/// Estimates of invoices to come, when a column with few words names them.
fn kinds(columns: &Columns, draft: &mut Draft, found: &mut Findings) {
    let is_accrual = |text: &str| {
        let text = text.to_lowercase();
        text.contains("transitor") || text.contains("accrual")
    };
    let few = |column: &&Column| {
        column.values.len() <= 20 && column.values.iter().any(|value| is_accrual(&value.text))
    };
    let Some(column) = columns.table.columns.iter().find(few) else { return };
    draft.column(Field::Kind, &column.header, "");
    for value in column.values.iter().filter(|value| !value.text.is_empty()) {
        let kind = match &*value.text {
            text if is_accrual(text) => "accrual",
            text if text.to_lowercase().contains("afsluit") => "closing",
            _ => "regular",
        };
        draft.put("kinds", &value.text, json!(kind), "");
    }
    let header = &column.header;
    found.notes.push(format!(
        "{header:?} names transitorische posten, which never count in a month of care"
    ));
}

/// The months of a file with a row per amount; whether there are any.
fn times(columns: &mut Columns, draft: &mut Draft, found: &mut Findings) -> bool {
    let service = columns.take(words::SERVICE, is_month);
    let booked = columns.best(words::BOOKED, is_month);
    let year = columns.best(words::BOOKED_YEAR, is_year);
    let period = columns.best(words::BOOKED_PERIOD, is_period);
    let sure = booked.is_some_and(|at| weight(columns.header(at), words::BOOKED) >= SURE);
    match (booked, year.zip(period)) {
        (_, Some((year, period))) if !sure => {
            draft.column(Field::BookedYear, columns.header(year), "");
            draft.column(Field::BookedPeriod, columns.header(period), "0 is left out, 13 and up close the year");
            columns.take(words::BOOKED_YEAR, is_year);
            columns.take(words::BOOKED_PERIOD, is_period);
        }
        (Some(_), _) => {
            let at = columns.take(words::BOOKED, is_month).unwrap_or_default();
            draft.column(Field::Booked, columns.header(at), "");
        }
        _ if service.is_some() => found.notes.push(
            "no column says when an amount was booked: map booked, or set snapshots = true when each file is a \
             whole extract"
                .to_owned(),
        ),
        _ => return false,
    }
    match service {
        Some(at) => draft.column(Field::Service, columns.header(at), ""),
        None => found.notes.push(
            "no column says for which month the care was: late invoices can not be completed (key: service, or \
             a source of kind declarations)"
                .to_owned(),
        ),
    }
    true
}

/// A column per month.
fn wide(columns: &mut Columns, months: &[usize], draft: &mut Draft, found: &mut Findings) {
    draft.set("wide", json!("booked"), "a column per month");
    found.notes.push(
        "there is a column per month; they are read as the month of booking (if they are the month of care: wide \
         = \"service\", with a booking month or snapshots = true)"
            .to_owned(),
    );
    let has_year = |&at: &usize| {
        matches!(heads::month(columns.header(at)), Some(Head::Month(_) | Head::Closing(..)))
    };
    if !months.iter().any(has_year)
        && let Some(year) = columns.take(words::BOOKED_YEAR, is_year)
    {
        draft.column(Field::BookedYear, columns.header(year), "");
    }
}

/// The columns of amounts: of months, debit and credit, lasten and baten, or one.
fn amounts(
    columns: &Columns,
    mut draft: Draft,
    months: &[usize],
    debit_and_credit: Option<(usize, usize)>,
    found: &mut Findings,
) {
    if !months.is_empty() {
        found.drafts = vec![draft];
        return;
    }
    if let Some((debit, credit)) = debit_and_credit {
        draft.column(Field::Amount, columns.header(debit), "");
        draft.column(Field::Credit, columns.header(credit), "taken off");
        thousands(columns, debit, &mut draft);
        found.drafts = vec![draft];
        return;
    }
    if let Some((lasten, baten)) = columns.both_sides() {
        sides_apart(columns, &draft, lasten, baten, found);
        return;
    }
    let Some(best) = columns.amount() else {
        found.notes.push("no column looks like an amount: map amount".to_owned());
        found.drafts = vec![draft];
        return;
    };
    amount(columns, best, &mut draft, found);
    if columns::has_empty(&columns.table.columns[best]) {
        draft.set("missing", json!([""]), "some rows have no amount");
    }
    found.drafts = vec![draft];
}

/// The one column of amounts.
pub(super) fn amount(columns: &Columns, at: usize, draft: &mut Draft, found: &mut Findings) {
    draft.column(Field::Amount, columns.header(at), "");
    found.notes.extend(notes::not_read(columns, &[at]));
    thousands(columns, at, draft);
}

/// A source for each of two columns of amounts.
pub(super) fn sides_apart(
    columns: &Columns,
    draft: &Draft,
    lasten: usize,
    baten: usize,
    found: &mut Findings,
) {
    let side = |at: usize, side: &str| {
        let mut draft = draft.clone();
        draft.column(Field::Amount, columns.header(at), "");
        draft.fixed(Field::Side, side, "this source reads one of the two columns");
        thousands(columns, at, &mut draft);
        if columns::has_empty(&columns.table.columns[at]) {
            draft.set("missing", json!([""]), "rows with the other amount only");
        }
        draft
    };
    let mut drafts = vec![side(lasten, "lasten"), side(baten, "baten")];
    let sum: Cents = (0..columns.table.rows.len()).map(|row| columns.cents(baten, row)).sum();
    turn(sum, &mut drafts[1], found);
    found.notes.extend(notes::not_read(columns, &[lasten, baten]));
    found.drafts = drafts;
}

fn thousands(columns: &Columns, amount: usize, draft: &mut Draft) {
    if words::in_thousands(columns.header(amount)) {
        draft.set("unit", json!(1000), "the header says so");
    }
}

/// Whether a text is the same in nearly all rows of a code, so that it names the code and not the row.
fn depends(columns: &Columns, column: &Column, code: usize) -> bool {
    let codes = &columns.table.columns[code].cells;
    let mut named: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (&code, &name) in codes.iter().zip(&column.cells) {
        named.entry(code).or_default().insert(name);
    }
    let single = named.values().filter(|names| names.len() == 1).count();
    single * 10 >= named.len() * 9
}
