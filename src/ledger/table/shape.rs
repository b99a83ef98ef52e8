//! Tables that are not one amount a row: made into one.
//!
//! Every step takes rows, never their texts: a row keeps the number it has in the file, and an amount
//! the column it stood in.

use super::heads::{self, Head};
use super::{Column, Table, Value};
use crate::error::{Error, Place, Result};
use crate::ledger::layout::is_like;
use crate::ledger::options::{Field, Source};
use crate::ledger::parse;
use std::collections::BTreeMap;

/// A table with one amount a row.
#[derive(Debug)]
pub(in crate::ledger) struct Shaped {
    pub(in crate::ledger) table: Table,
    pub(in crate::ledger) fields: BTreeMap<Field, usize>,
    /// The rows that a pattern leaves out.
    pub(in crate::ledger) left_out: Option<Table>,
    /// The rows of others, and those without a figure.
    pub(in crate::ledger) skipped: usize,
    /// When amounts of several columns became one: from which of its texts on each column goes, in order.
    pub(in crate::ledger) stood_in: Vec<(u32, String)>,
}

/// A column of amounts that becomes rows.
struct Amounts {
    column: usize,
    /// An amount that is taken off.
    credit: bool,
    /// What its header says, for the fields it says it of.
    says: Vec<(Field, String)>,
}

/// The columns of a wide file that hold amounts; none of another file.
pub(in crate::ledger) fn amount_columns(
    table: &Table,
    fields: &BTreeMap<Field, usize>,
    source: &Source,
) -> Vec<usize> {
    let Some(wide) = source.layout.wide else { return Vec::new() };
    let says = |header: &str| match wide {
        Field::Year => heads::year(header).is_some(),
        _ => heads::month(header).is_some(),
    };
    let is_mapped = |at: usize| fields.values().any(|&mapped| mapped == at);
    let columns = table.columns.iter().enumerate();
    columns
        .filter(|(at, column)| !is_mapped(*at) && says(&column.header))
        .map(|(at, _)| at)
        .collect()
}

/// Makes the table that the rooms above read, by the layout of the source.
pub(in crate::ledger) fn shape(
    table: Table,
    mut fields: BTreeMap<Field, usize>,
    source: &Source,
    at: &Place,
) -> Result<Shaped> {
    let layout = &source.layout;
    if layout.is_plain() && !fields.contains_key(&Field::Credit) {
        return Ok(Shaped { table, fields, left_out: None, skipped: 0, stood_in: Vec::new() });
    }
    let ours = ours(&table, &fields, source, at)?;
    let skipped = table.rows.len() - ours.len();
    let amounts = amounts(&table, &fields, source, at)?;
    let stood_in = starts(&table, &amounts);
    let (left, kept) = parted(&table, &fields, ours, source);
    let left = (!left.is_empty()).then(|| taken(&table, &left));
    let kept = if kept.len() == table.rows.len() { table } else { taken(&table, &kept) };
    set_fields(&mut fields, kept.columns.len(), &amounts, source);
    let table = one_per_row(kept, &amounts, source);
    let left_out = left.map(|left| one_per_row(left, &amounts, source));
    Ok(Shaped { table, fields, left_out, skipped, stood_in })
}

/// Rows to leave out, and the others. Amounts are no texts.
fn parted(
    table: &Table,
    fields: &BTreeMap<Field, usize>,
    rows: Vec<usize>,
    source: &Source,
) -> (Vec<usize>, Vec<usize>) {
    let patterns = &source.layout.leave_out;
    if patterns.is_empty() {
        return (Vec::new(), rows);
    }
    let mut amounts = amount_columns(table, fields, source);
    amounts.extend([Field::Amount, Field::Credit].iter().filter_map(|field| fields.get(field)));
    let texts = table.columns.iter().enumerate().filter(|(at, _)| !amounts.contains(at));
    let like = |value: &Value| patterns.iter().any(|pattern| is_like(&value.text, pattern));
    let like: Vec<(&Column, Vec<bool>)> =
        texts.map(|(_, column)| (column, column.values.iter().map(like).collect())).collect();
    rows.into_iter()
        .partition(|&row| like.iter().any(|(column, like)| like[column.cells[row] as usize]))
}

/// A table with its columns of amounts as rows, and with what is fixed.
fn one_per_row(table: Table, amounts: &[Amounts], source: &Source) -> Table {
    let mut table = if amounts.is_empty() { table } else { spread(&table, amounts, source) };
    for (field, text) in &source.layout.fixed {
        let rows = table.rows.len();
        table.columns.push(constant(field.name(), text, rows));
    }
    table
}

/// Where the columns are that stand behind the `width` columns of the file.
fn set_fields(
    fields: &mut BTreeMap<Field, usize>,
    width: usize,
    amounts: &[Amounts],
    source: &Source,
) {
    if let Some(credit) = fields.get_mut(&Field::Credit) {
        *credit = width;
    }
    let says = amounts.first().map(|part| part.says.iter().map(|(field, _)| *field));
    let made = says.into_iter().flat_map(|says| [Field::Amount].into_iter().chain(says));
    fields.extend(made.chain(source.layout.fixed.keys().copied()).zip(width..));
}

/// The rows that are ours and hold a figure.
fn ours(
    table: &Table,
    fields: &BTreeMap<Field, usize>,
    source: &Source,
    at: &Place,
) -> Result<Vec<usize>> {
    let layout = &source.layout;
    let mut keep = vec![true; table.rows.len()];
    for (header, values) in &layout.only {
        let column = column(table, header, at)?;
        let like = |value: &Value| values.iter().any(|pattern| is_like(&value.text, pattern));
        let ours: Vec<bool> = column.values.iter().map(like).collect();
        if !column.cells.iter().any(|&cell| ours[cell as usize]) {
            return Err(none_of(column, values, at));
        }
        keep.iter_mut().zip(&column.cells).for_each(|(keep, &cell)| *keep &= ours[cell as usize]);
    }
    // Beside a credit column, and in a wide file, an amount that is missing makes no row of its own.
    let single = fields.get(&Field::Amount).filter(|_| !fields.contains_key(&Field::Credit));
    if let Some(&amount) = single.filter(|_| !layout.missing.is_empty()) {
        let column = &table.columns[amount];
        let figure: Vec<bool> =
            column.values.iter().map(|value| !layout.missing.contains(&*value.text)).collect();
        keep.iter_mut().zip(&column.cells).for_each(|(keep, &cell)| *keep &= figure[cell as usize]);
    }
    let rows: Vec<usize> = (0..keep.len()).filter(|&row| keep[row]).collect();
    if rows.is_empty() {
        return Err(Error::input("has no row that [source.only] keeps and that holds a figure")
            .at(at.clone())
            .advice("check [source.only] and missing of this source"));
    }
    Ok(rows)
}

fn column<'a>(table: &'a Table, header: &str, at: &Place) -> Result<&'a Column> {
    table.columns.iter().find(|column| column.header == header.trim()).ok_or_else(|| {
        let headers: Vec<&str> =
            table.columns.iter().map(|column| column.header.as_str()).collect();
        Error::input(format!(
            "has no column {header:?} for [source.only]; it has: {}",
            headers.join(", ")
        ))
        .at(at.clone())
        .advice("name a column as it stands in the header")
    })
}

fn none_of(column: &Column, values: &[String], at: &Place) -> Error {
    let some: Vec<&str> = column.values.iter().map(|value| &*value.text).take(5).collect();
    Error::input(format!(
        "no row has {}; it holds, for instance: {}",
        values.join(" or "),
        some.join(", ")
    ))
    .at(Place { column: column.header.clone(), ..at.clone() })
    .advice("write under [source.only] what stands in your rows; * stands for any text")
}

/// Some rows of a table, in the order given.
fn taken(table: &Table, rows: &[usize]) -> Table {
    let column = |column: &Column| Column {
        header: column.header.clone(),
        values: column.values.clone(),
        cells: rows.iter().map(|&row| column.cells[row]).collect(),
    };
    Table {
        sheet: table.sheet.clone(),
        columns: table.columns.iter().map(column).collect(),
        rows: rows.iter().map(|&row| table.rows[row]).collect(),
    }
}

/// A column with one text in every row.
fn constant(header: &str, text: &str, rows: usize) -> Column {
    let value = Value { text: text.trim().into(), number: false };
    Column { header: header.to_owned(), values: vec![value], cells: vec![0; rows] }
}

/// The columns of amounts that become rows: of a wide file, or debit and credit.
fn amounts(
    table: &Table,
    fields: &BTreeMap<Field, usize>,
    source: &Source,
    at: &Place,
) -> Result<Vec<Amounts>> {
    let plain = |credit| move |&column: &usize| Amounts { column, credit, says: Vec::new() };
    if let Some(credit) = fields.get(&Field::Credit) {
        let debit = fields.get(&Field::Amount).map(plain(false));
        return Ok(debit.into_iter().chain([plain(true)(credit)]).collect());
    }
    let Some(wide) = source.layout.wide else { return Ok(Vec::new()) };
    let columns = amount_columns(table, fields, source);
    if columns.is_empty() {
        return Err(no_heads(table, wide, at));
    }
    let header = |&column: &usize| table.columns[column].header.as_str();
    let says: Vec<Vec<(Field, String)>> = if wide == Field::Year {
        let year = |column| heads::year(header(column)).map(|year| year.to_string());
        columns
            .iter()
            .map(|column| year(column).map(|year| (wide, year)).into_iter().collect())
            .collect()
    } else {
        let heads: Vec<Head> =
            columns.iter().filter_map(|column| heads::month(header(column))).collect();
        months(&heads, fields, source, at)?
    };
    let twice = (1..says.len()).find(|&later| says[..later].contains(&says[later]));
    if let Some(later) = twice {
        return Err(Error::input("the header is the same month or year as an earlier column")
            .at(Place { column: header(&columns[later]).to_owned(), ..at.clone() })
            .advice("keep one of them, or give the other a header with another word in it"));
    }
    let found = columns.into_iter().zip(says);
    Ok(found.map(|(column, says)| Amounts { column, credit: false, says }).collect())
}

/// What the headers say: all have their year, or none has and it stands elsewhere.
fn months(
    heads: &[Head],
    fields: &BTreeMap<Field, usize>,
    source: &Source,
    at: &Place,
) -> Result<Vec<Vec<(Field, String)>>> {
    let (wide, year) = (source.layout.wide.unwrap_or(Field::Booked), source.layout.year_field());
    let has_year = fields.contains_key(&year) || source.layout.fixed.contains_key(&year);
    let wrong = |what: &str, advice: String| Err(Error::input(what).at(at.clone()).advice(advice));
    let period = match wide {
        Field::Booked => Field::BookedPeriod,
        Field::Service => Field::ServicePeriod,
        _ => Field::Month,
    };
    let with_year = heads.iter().filter(|head| !matches!(head, Head::Period(_))).count();
    if with_year == heads.len() {
        if has_year {
            let advice = format!("take {:?} out of this source", year.name());
            return wrong("the months in the header have their year already", advice);
        }
        return Ok(with_own_year(heads, wide, year, period));
    }
    if with_year > 0 {
        let advice = "give all of them a year, as in 2025-01, or none".to_owned();
        return wrong("some months in the header have a year and some have none", advice);
    }
    let of_name = heads::year_in_name(&at.file).filter(|_| !has_year);
    if of_name.is_none() && !has_year {
        let name = year.name();
        let advice = format!(
            "write {name} = \"2025\" under [source.fixed], or map a column with {name} = \"…\" under [source.columns]"
        );
        return wrong(
            "the months in the header have no year, and the name of the file has not one",
            advice,
        );
    }
    let says = |head: &Head| {
        let number = if let Head::Period(number) = head { *number } else { 0 };
        let year = of_name.map(|of_name| (year, of_name.to_string()));
        [(period, number.to_string())].into_iter().chain(year).collect()
    };
    Ok(heads.iter().map(says).collect())
}

/// Months; beside a closing of the year all are periods of it, and so are those of control totals.
fn with_own_year(
    heads: &[Head],
    wide: Field,
    year: Field,
    period: Field,
) -> Vec<Vec<(Field, String)>> {
    let closes = wide == Field::Month || heads.iter().any(|head| matches!(head, Head::Closing(..)));
    let in_year =
        |of_year: i32, number: u32| vec![(period, number.to_string()), (year, of_year.to_string())];
    let says = |head: &Head| match *head {
        Head::Month(month) if closes => in_year(month.year(), month.of_year()),
        Head::Month(month) => vec![(wide, month.to_string())],
        Head::Closing(of_year, number) => in_year(of_year, number),
        Head::Period(_) => Vec::new(),
    };
    heads.iter().map(says).collect()
}

fn no_heads(table: &Table, wide: Field, at: &Place) -> Error {
    let headers: Vec<&str> = table.columns.iter().map(|column| column.header.as_str()).collect();
    let (what, forms) = match wide {
        Field::Year => ("year", "2025"),
        _ => ("month", "2025-01, jan-25, januari, Periode 1 or P01"),
    };
    Error::input(format!("no column is a {what}; it has: {}", headers.join(", ")))
        .at(at.clone())
        .advice(format!("write headers such as {forms}, or take wide out of this source"))
}

/// From which text on, in the one column of amounts, each of the columns goes.
fn starts(table: &Table, amounts: &[Amounts]) -> Vec<(u32, String)> {
    let mut next = 0;
    let start = |part: &Amounts| {
        let column = &table.columns[part.column];
        let start = next;
        next += u32::try_from(column.values.len()).expect("a file has fewer than 2^32 texts");
        (start, column.header.clone())
    };
    amounts.iter().map(start).collect()
}

/// One row per amount. Empty cells, zeros and what is missing make none.
fn spread(table: &Table, amounts: &[Amounts], source: &Source) -> Table {
    let starts = starts(table, amounts);
    let is_amount = |at: usize| amounts.iter().any(|part| part.column == at);
    let counts: Vec<Vec<bool>> = amounts
        .iter()
        .map(|part| {
            let values = table.columns[part.column].values.iter();
            values.map(|v| !is_nothing(v) && !source.layout.missing.contains(&*v.text)).collect()
        })
        .collect();
    let cell = |row: usize, part: usize| table.columns[amounts[part].column].cells[row];
    let all = (0..table.rows.len()).flat_map(|row| (0..amounts.len()).map(move |part| (row, part)));
    let made: Vec<(usize, usize)> =
        all.filter(|&(row, part)| counts[part][cell(row, part) as usize]).collect();
    let column = |(at, column): (usize, &Column)| {
        // A column of amounts keeps its place, empty, so that others keep theirs.
        if is_amount(at) {
            return constant(&column.header, "", made.len());
        }
        let cells = made.iter().map(|&(row, _)| column.cells[row]).collect();
        Column { cells, ..column.clone() }
    };
    let mut columns: Vec<Column> = table.columns.iter().enumerate().map(column).collect();
    let values = amounts.iter().flat_map(|part| {
        let values = table.columns[part.column].values.iter();
        values.map(|value| if part.credit { negated(value) } else { value.clone() })
    });
    columns.push(Column {
        header: Field::Amount.name().to_owned(),
        values: values.collect(),
        cells: made.iter().map(|&(row, part)| starts[part].0 + cell(row, part)).collect(),
    });
    for (at, (field, _)) in amounts[0].says.iter().enumerate() {
        let text = |part: &Amounts| Value { text: part.says[at].1.as_str().into(), number: false };
        columns.push(Column {
            header: field.name().to_owned(),
            values: amounts.iter().map(text).collect(),
            cells: made.iter().map(|&(_, part)| u32::try_from(part).unwrap_or(u32::MAX)).collect(),
        });
    }
    let rows = made.iter().map(|&(row, _)| table.rows[row]).collect();
    Table { sheet: table.sheet.clone(), columns, rows }
}

/// An empty cell, a zero in any form, or the dash that spreadsheets show for it.
fn is_nothing(value: &Value) -> bool {
    let signs = |c: char| c.is_whitespace() || "0.,-−€+".contains(c);
    value.text.chars().all(signs)
}

/// The amount with the other sign. What is no amount stays the text it is, so that its error is told of that text.
fn negated(value: &Value) -> Value {
    let text = match parse::without_sign(&value.text) {
        // A sign among the digits, or a number with an exponent.
        Some((_, body)) if body.contains(['-', '−']) && !value.number => return value.clone(),
        Some((true, body)) => body.to_owned(),
        Some((false, body)) => format!("-{body}"),
        None => return value.clone(),
    };
    Value { text: text.into(), number: value.number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_in_any_form_make_no_row_and_words_do() {
        let value = |text: &str| Value { text: text.into(), number: false };
        for text in ["", "0", "0,00", "-", "€ 0.00", "− "] {
            assert!(is_nothing(&value(text)), "{text}");
        }
        for text in ["0,01", "n.v.t.", "x"] {
            assert!(!is_nothing(&value(text)), "{text}");
        }
    }

    #[test]
    fn an_amount_that_is_taken_off_has_the_other_sign() {
        let shown = |text: &str| negated(&Value { text: text.into(), number: false }).text;
        for (text, expected) in [
            ("12,30", "-12,30"),
            ("-12,30", "12,30"),
            ("12,30-", "12,30"),
            ("(5)", "5"),
            ("€ 5", "-5"),
            ("€ -5,00", "5,00"),
            ("+5", "-5"),
            // No amounts, with either sign.
            ("12-5", "12-5"),
            ("--5", "--5"),
            ("(-5)", "(-5)"),
            ("-5-", "-5-"),
            ("x", "x"),
        ] {
            assert_eq!(&*shown(text), expected);
        }
    }
}
