//! Files with an amount per year: budgets and control totals, among them those of Iv3.

use super::columns::{
    Columns, is_code, is_month, is_quarter, is_taakveld, is_text, is_wet, is_year,
};
use super::draft::Draft;
use super::words;
use super::{Findings, codes, kind_name, ledger, notes, ours, totals, towns};
use crate::error::{Error, Place, Result};
use crate::ledger::options::{Field, SourceKind};
use crate::ledger::table::{Table, heads};
use crate::units::Cents;
use serde_json::json;

/// Proposes a budget or control totals.
pub(super) fn propose(
    columns: &mut Columns,
    layout: &Draft,
    town: &str,
    at: &Place,
) -> Result<Findings> {
    let mut found = Findings::default();
    let mut draft = layout.clone();
    let is_planned = words::is_planned(&at.file)
        || columns.table.columns.iter().any(|column| words::is_planned(&column.header));
    let is_budget = is_planned || columns.best(words::VERSION, is_text).is_some();
    if !is_budget {
        let note = "nothing says that this is a budget: the amounts are read as totals of the books (key: kind)";
        found.notes.push(note.to_owned());
    }
    columns.planned = is_budget;
    let kind = if is_budget { SourceKind::Budget } else { SourceKind::ControlTotal };
    draft.set("kind", json!(kind_name(kind)), "there is no month in it");
    let year = year(columns, &mut draft, at)?;
    let is_forecast = versions(columns, &mut draft, &mut found);
    if !is_forecast && is_budget {
        adopted(columns, &mut draft);
    } else if !is_forecast {
        quarter(columns, &mut draft, &mut found);
    }
    let is_published = towns::of_figures(columns, town, &mut draft, &mut found);
    let side = ledger::side(columns, &mut draft, &mut found);
    let wet = columns.take(words::WET, is_wet);
    let taakveld = columns.take(words::TAAKVELD, is_taakveld);
    let code = match taakveld {
        None if is_budget || is_forecast => columns.take(words::CODE, is_code),
        _ => None,
    };
    let columns = &*columns;
    let money = totals::money(columns, &[], None, None);
    // CBS publishes no sums of taakvelden under the code of one.
    if let Some(taakveld) = taakveld.filter(|_| !is_published) {
        found.notes.extend(notes::parents(columns, taakveld, year, &money));
    }
    let named = (taakveld, code.or_else(|| columns.best(words::CODE, is_code)));
    let without = kept(columns, named, &money, at, &mut draft, &mut found);
    parts(columns, [wet, taakveld, code], &without, &mut draft, &mut found);
    amounts(columns, draft, side, &mut found, at)?;
    Ok(found)
}

/// The rows that count once: those of the acts and, of these, no totals. Gives the patterns of totals.
fn kept(
    columns: &Columns,
    (taakveld, code): (Option<usize>, Option<usize>),
    money: &dyn Fn(usize) -> Cents,
    at: &Place,
    draft: &mut Draft,
    found: &mut Findings,
) -> Vec<String> {
    let others = taakveld.and_then(|taakveld| Some((taakveld, ours(columns.table, taakveld)?)));
    if let Some((taakveld, patterns)) = others {
        found.notes.extend(notes::kept_out(columns, taakveld, &patterns, money));
        draft.put("only", columns.header(taakveld), json!(patterns), "those of Wmo and Jeugd");
        return Vec::new();
    }
    let Some(named) = taakveld.or(code) else { return Vec::new() };
    totals::find(columns, named, &[], money, at).put(draft, found)
}

/// What the amounts are for.
fn parts(
    columns: &Columns,
    [wet, taakveld, code]: [Option<usize>; 3],
    without: &[String],
    draft: &mut Draft,
    found: &mut Findings,
) {
    let are_names = |at: usize| {
        columns.table.columns[at].values.iter().all(|value| value.text.parse::<u64>().is_err())
    };
    let mut wet = wet;
    if let Some(taakveld) = taakveld {
        let why = "a name behind the code is no harm";
        draft.column(Field::Taakveld, columns.header(taakveld), why);
        found.codes = codes::of_taakvelden(columns, taakveld);
    } else if let Some(product) = code.filter(|&code| wet.is_some() && are_names(code)) {
        draft.column(Field::Product, columns.header(product), "a name in indeling.csv");
    } else if let Some(code) = code {
        // It tells the act as well, and the reader takes one of the two.
        wet = None;
        draft.column(Field::Code, columns.header(code), "looked up in indeling.csv");
        found.codes = codes::of_ledger(columns, code, None, None, without);
    }
    if let Some(wet) = wet {
        draft.column(Field::Wet, columns.header(wet), "");
    }
}

/// The column with the year of a row, or else that of the whole file.
fn year(columns: &mut Columns, draft: &mut Draft, at: &Place) -> Result<Option<usize>> {
    if let Some(year) = columns.take(words::BOOKED_YEAR, is_year) {
        draft.column(Field::Year, columns.header(year), "");
        return Ok(Some(year));
    }
    if let Some(year) = heads::year_in_name(&at.file) {
        draft.fixed(Field::Year, &year.to_string(), "from the name of the file");
        columns.year = Some(year);
        return Ok(None);
    }
    Err(Error::input("no column is a month or a year, and the name of the file has no year")
        .at(at.clone())
        .advice("give the file a name such as begroting-2026.csv, or map the columns in prognose.toml by hand"))
}

/// The quarter of a control total.
fn quarter(columns: &mut Columns, draft: &mut Draft, found: &mut Findings) {
    if let Some(at) = columns.take(words::QUARTER, is_quarter) {
        draft.column(Field::Quarter, columns.header(at), "what was booked from January through it");
        found.notes.push(
            "the amounts of a quarter are read as what was booked from January through its end"
                .to_owned(),
        );
    } else if let Some(at) = columns.take(words::QUARTER, is_text) {
        found.notes.push(format!(
            "{:?} holds quarters that can not be read, and all rows are added up: write 1 to 4, and map quarter",
            columns.header(at)
        ));
    }
}

fn amounts(
    columns: &Columns,
    draft: Draft,
    side: Option<usize>,
    found: &mut Findings,
    at: &Place,
) -> Result<()> {
    if let Some((lasten, baten)) = columns.both_sides() {
        ledger::sides_apart(columns, &draft, lasten, baten, found);
        return Ok(());
    }
    let Some(best) = columns.amount() else {
        return Err(Error::input("no column looks like an amount")
            .at(at.clone())
            .advice("make a workspace without --from, and map the columns in prognose.toml"));
    };
    let mut draft = draft;
    let money = |row| columns.cents(best, row);
    match side {
        Some(side) => ledger::flips(columns, side, &money, &mut draft, found),
        None if words::has_word(columns.header(best), "lasten") => {}
        None => found.notes.extend(notes::one_side(columns, &money)),
    }
    ledger::amount(columns, best, &mut draft, found);
    found.drafts = vec![draft];
    Ok(())
}

/// When a budget or a forecast by people was made, and its name; whether it is a forecast.
fn versions(columns: &mut Columns, draft: &mut Draft, found: &mut Findings) -> bool {
    let made = columns.take(words::MADE, is_month);
    let report = made.and_then(|_| columns.take(words::REPORT, is_text));
    if let (Some(made), Some(report)) = (made, report) {
        draft.column(Field::Made, columns.header(made), "");
        draft.column(Field::Name, columns.header(report), "");
        draft.set("kind", json!(kind_name(SourceKind::HumanForecast)), "it says when it was made");
        found.notes.clear();
        return true;
    }
    false
}

/// The version of a budget and the month it was adopted in.
fn adopted(columns: &mut Columns, draft: &mut Draft) {
    if let Some(version) = columns.take(words::VERSION, is_text) {
        draft.column(Field::Version, columns.header(version), "");
    }
    if let Some(adopted) = columns.take(words::ADOPTED, is_month) {
        draft.column(Field::Adopted, columns.header(adopted), "");
    }
}

/// Iv3 in JSON: its own words say what it is.
pub(super) fn of_iv3(table: &Table, layout: &Draft, at: &Place) -> Result<Findings> {
    let text = |header: &str| {
        let column = table.columns.iter().find(|column| column.header == header);
        column.map_or("", |column| column.text(0))
    };
    let kind = match text("periode") {
        "0" => SourceKind::Budget,
        "1" | "2" | "3" | "4" | "5" => SourceKind::ControlTotal,
        period => {
            let what = format!("is Iv3 of period {period}, which is none");
            return Err(Error::input(what).at(at.clone()).advice(
                "give the delivery of the budget (0), of a quarter (1 to 4) or of the accounts (5)",
            ));
        }
    };
    let is_quarter = !matches!(text("periode"), "0" | "5");
    let mut draft = layout.clone();
    draft.set("kind", json!(kind_name(kind)), "by the period of the delivery");
    let fields = [
        (Field::Year, "boekjaar"),
        (Field::Taakveld, "taakveld"),
        (Field::Side, "kant"),
        (Field::Amount, "bedrag"),
    ];
    for (field, header) in fields {
        draft.column(field, header, "");
    }
    if is_quarter {
        draft.column(Field::Quarter, "periode", "what was booked from January through it");
    }
    let columns = Columns::new(table);
    let mut found = Findings::default();
    if let Some(taakveld) = columns.best(words::TAAKVELD, is_taakveld) {
        if let Some(patterns) = ours(table, taakveld) {
            let money = totals::money(&columns, &[], None, None);
            found.notes.extend(notes::kept_out(&columns, taakveld, &patterns, &money));
            draft.put("only", "taakveld", json!(patterns), "those of Wmo and Jeugd");
        }
        found.codes = codes::of_taakvelden(&columns, taakveld);
    }
    let number = text("overheidsnummer").trim_start_matches("GM");
    let named = (format!("Gemeente {}", text("overheidsnaam")), format!("GM{number:0>4}"));
    found.organisation = Some(named).filter(|_| !text("overheidsnaam").is_empty());
    found.notes.push("the balance and the contact of the delivery are left aside".to_owned());
    found.drafts = vec![draft];
    Ok(found)
}
