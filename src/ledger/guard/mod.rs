//! The guard against personal data: it looks at every column of every file before a value is kept.
//!
//! A file is refused when a header or the values of a column look like a BSN, IBAN, e-mail address,
//! birth date, postcode, a person's name, neighbourhood, age or a person's income. The message names
//! file and column and never repeats a value. Headers decide by whole words: *afwijking* is no
//! *wijk*, *inkomsten* no *inkomen*, *productnaam* no person's name, *aantal cliënten* a count.
//!
//! **BSN by value.** One nine-digit number in eleven passes the eleven test by chance, so a single
//! number under an innocent header says nothing. Of the `n` different nine-digit numbers of a
//! column, `k` pass. The column is refused when at least half pass and that many would pass by
//! chance in fewer than 1 of 1000 columns, P(X ≥ k) < 0.001 with X binomial (n, 1/11): 3 of 3
//! (0.00075), 4 of 5 (0.0003), 5 of 8 (0.0003), 6 of 10 (0.00009); from 21 numbers on half always is
//! enough (11 of 21: 0.0000005). Two numbers never are (1 in 121 columns would trip). So invoice
//! numbers, product codes and cost centres pass, and a column of BSNs, even one mixed half and half
//! with other numbers, does not. The amount column is exempt; numbers with decimals are no
//! candidates; a text in which the word BSN stands beside a number that passes is refused at once.
//!
//! **IBAN and e-mail.** One is enough, also inside a longer text: an IBAN needs a known country, its
//! length, groups of four and the remainder 1 of 97; an address needs a name, `@`, and a domain that
//! ends in letters.
//!
//! **Postcode.** One whole word of four digits (the first not 0), a space and two capitals is
//! enough, and so is a cell that holds nothing else, in any form. Not telling are two letters that
//! are a common word or abbreviation (`2000 BV`, `1250 PM`). Half telling are numbers that read as a
//! year (`2024 NL`) and words without the space inside a longer text: they count when three
//! different pairs of letters stand in one column. The columns of codes, taakvelden and products are
//! exempt: a code such as `6711HV` is looked up in the line table.
//!
//! **Birth date.** An unmapped column of dates is refused when at least three differ, half of its
//! rows lie more than five years before the booking year of the row, and the dates spread over more
//! than ten years (first to last tenth) or lie more than 25 years back. Invoice, contract and
//! decision dates stay close to their booking; people do not.

mod header;
mod prose;
mod value;

pub use prose::refuse_personal_text;

use super::options::{Field, Privacy};
use super::parse;
use super::table::{Column, Table};
use crate::error::{Error, Place, Result};
use std::collections::BTreeMap;
use std::fmt;

/// What a column seems to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Personal {
    Bsn,
    Iban,
    Email,
    BirthDate,
    Postcode,
    Name,
    Neighbourhood,
    Age,
    Income,
}

impl fmt::Display for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bsn => "a citizen service number (BSN)",
            Self::Iban => "a bank account (IBAN)",
            Self::Email => "an e-mail address",
            Self::BirthDate => "a birth date",
            Self::Postcode => "a postcode",
            Self::Name => "a person (name or number)",
            Self::Neighbourhood => "a neighbourhood (wijk, buurt)",
            Self::Age => "an age (leeftijd)",
            Self::Income => "a person's income (inkomen)",
        })
    }
}

/// What the guard needs to know of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Unmapped,
    Amount,
    Code,
    Period,
    Name,
    Other,
}

impl From<Field> for Role {
    fn from(field: Field) -> Self {
        use Field as F;
        match field {
            F::Amount | F::Credit => Self::Amount,
            F::Code | F::Taakveld | F::Product => Self::Code,
            F::Name => Self::Name,
            F::Side | F::Kind | F::Wet | F::Version | F::File | F::Public => Self::Other,
            F::Booked
            | F::BookedYear
            | F::BookedPeriod
            | F::Service
            | F::ServiceYear
            | F::ServicePeriod
            | F::Year
            | F::Month
            | F::Quarter
            | F::Adopted
            | F::Made
            | F::ValidFrom
            | F::ValidTo => Self::Period,
        }
    }
}

/// Refuses a table that seems to hold personal data; gives the headers of the columns it was told to
/// skip. `amounts`: the columns of a wide file that hold amounts; `transactions`: a row is a transaction,
/// so that a column *naam* names a party.
pub(super) fn check(
    table: &Table,
    fields: &BTreeMap<Field, usize>,
    amounts: &[usize],
    privacy: &Privacy,
    transactions: bool,
    at: &Place,
) -> Result<Vec<String>> {
    let mut ignored = Vec::new();
    let mut refused = Vec::new();
    for (number, column) in table.columns.iter().enumerate() {
        let role = fields
            .iter()
            .find(|&(_, &at)| at == number)
            .map_or(Role::Unmapped, |(&field, _)| field.into());
        let role = if amounts.contains(&number) { Role::Amount } else { role };
        let skip = role == Role::Unmapped
            && privacy.ignore_columns.iter().any(|name| name.trim() == column.header);
        let found = bsn(column, role)
            .or_else(|| (!skip).then(|| other(column, role, transactions)).flatten())
            .or_else(|| {
                (!skip && role == Role::Unmapped)
                    .then(|| birth_date(table, fields, column))
                    .flatten()
            });
        if let Some((what, how)) = found {
            refused.push(refusal(what, how, number, column, role, at));
        } else if skip {
            ignored.push(column.header.clone());
        }
    }
    Error::all(refused).map_or(Ok(ignored), Err)
}

/// Refuses a text that says who does something when it holds what looks like a person's data. A name can not be
/// told from a role: the guide asks for a role.
///
/// # Errors
/// An e-mail address, a bank account, a postcode or a number that passes the test of a BSN.
pub fn refuse_person(text: &str, what: &str) -> Result<()> {
    let bsn = value::has_bsn(text).then_some(Personal::Bsn);
    match bsn.or_else(|| value::kind([text].into_iter())) {
        None => Ok(()),
        Some(found) => Err(Error::personal_data(format!("{what} looks like {found}"))
            .advice("name a role, as in \"afdeling Ondersteuning & Zorg\"")),
    }
}

/// How the column gave itself away.
type How = &'static str;
const BY_HEADER: How = "by its header";
const BY_VALUES: How = "by its values";

fn bsn(column: &Column, role: Role) -> Option<(Personal, How)> {
    if header::kind(&column.header, false) == Some(Personal::Bsn) {
        return Some((Personal::Bsn, BY_HEADER));
    }
    let values = column.values.iter().map(|value| &*value.text);
    (role != Role::Amount && value::hold_bsns(values)).then_some((Personal::Bsn, BY_VALUES))
}

fn other(column: &Column, role: Role, transactions: bool) -> Option<(Personal, How)> {
    let by_header = header::kind(&column.header, transactions && role != Role::Name)
        .map(|what| (what, BY_HEADER));
    let by_values = || {
        let texts = || column.values.iter().map(|value| &*value.text);
        let header = value::kind([column.header.as_str()].into_iter());
        header
            .or_else(|| value::kind(texts()))
            .filter(|&what| what != Personal::Postcode || role != Role::Code)
    };
    by_header.or_else(|| by_values().map(|what| (what, BY_VALUES)))
}

fn refusal(
    what: Personal,
    how: How,
    number: usize,
    column: &Column,
    role: Role,
    at: &Place,
) -> Error {
    // In a file without a header the first row is data, and the header may be a value itself.
    let is_value = value::kind([column.header.as_str()].into_iter()).is_some()
        || value::has_bsn(&column.header);
    let shown = if is_value { format!("number {}", number + 1) } else { column.header.clone() };
    let advice = if what == Personal::Bsn || role != Role::Unmapped {
        "deliver the file without it; this column can not be ignored".to_owned()
    } else {
        "deliver the file without it, or name it in [privacy] ignore_columns when it is no personal data".to_owned()
    };
    Error::personal_data(format!("looks like {what}, {how}; the file is refused"))
        .at(Place { column: shown, ..at.clone() })
        .advice(advice)
}

/// The years of a date that tell a birth date from the dates of a ledger.
const BEFORE_BOOKING: i32 = 5;
const SPREAD: i32 = 10;
const LONG_AGO: i32 = 25;

fn birth_date(
    table: &Table,
    fields: &BTreeMap<Field, usize>,
    column: &Column,
) -> Option<(Personal, How)> {
    let years: Vec<Option<i32>> =
        column.values.iter().map(|value| birth_year(&value.text)).collect();
    let filled = column.values.iter().filter(|value| !value.text.is_empty()).count();
    let mut dates: Vec<i32> = years.iter().copied().flatten().collect();
    if dates.len() < 3 || dates.len() * 10 < filled * 9 {
        return None;
    }
    dates.sort_unstable();
    let (last, tenth) = (dates.len() - 1, (dates.len() - 1) / 10);
    let spread = dates[last - tenth] - dates[tenth];
    let booked = booking_years(table, fields).unwrap_or_default();
    let booked = |row: usize| booked.get(row).copied().flatten().unwrap_or(dates[last]);
    let cells = column.cells.iter().enumerate();
    let mut ages: Vec<i32> =
        cells.filter_map(|(row, &cell)| Some(booked(row) - years[cell as usize]?)).collect();
    ages.sort_unstable();
    let typical = ages[(ages.len().checked_sub(1)?) / 2];
    let telling = typical > LONG_AGO || (typical > BEFORE_BOOKING && spread > SPREAD);
    telling.then_some((Personal::BirthDate, BY_VALUES))
}

/// The year of a full date; the ends of time that stand for "no date" are none.
fn birth_year(text: &str) -> Option<i32> {
    let (month, day) = parse::date(&text.replace('/', "-"))?;
    (day.is_some() && month.year() > 1900).then(|| month.year())
}

fn booking_years(table: &Table, fields: &BTreeMap<Field, usize>) -> Option<Vec<Option<i32>>> {
    let at = [Field::Booked, Field::BookedYear, Field::Year]
        .iter()
        .find_map(|field| fields.get(field))?;
    let column = &table.columns[*at];
    let year = |text: &str| parse::year(text).ok().or_else(|| Some(parse::date(text)?.0.year()));
    let years: Vec<Option<i32>> = column.values.iter().map(|value| year(&value.text)).collect();
    Some(column.cells.iter().map(|&cell| years[cell as usize]).collect())
}

#[cfg(test)]
mod tests;
