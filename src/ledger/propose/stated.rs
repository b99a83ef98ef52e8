//! Files with an amount per year: budgets and control totals, among them those of Iv3.

use super::columns::{Columns, is_code, is_month, is_side, is_taakveld, is_text, is_wet, is_year};
use super::draft::Draft;
use super::words;
use super::{Findings, codes, kind_name, ledger, name, notes, ours, totals};
use crate::error::{Error, Place, Result};
use crate::ledger::layout::is_like;
use crate::ledger::options::{Field, SourceKind};
use crate::ledger::table::{Table, heads};
use serde_json::json;
use std::collections::BTreeSet;

/// Words of budgets, in names of files and columns.
const BUDGET: [&str; 4] = ["begroting", "budget", "raming", "begroot"];

/// Proposes a budget or control totals.
pub(super) fn propose(
    columns: &mut Columns,
    layout: &Draft,
    town: &str,
    at: &Place,
) -> Result<Findings> {
    let mut found = Findings::default();
    let mut draft = layout.clone();
    let headers: Vec<String> =
        columns.table.columns.iter().map(|column| column.header.to_lowercase()).collect();
    let file = at.file.to_lowercase();
    let has_word = |word: &&str| file.contains(word) || headers.iter().any(|h| h.contains(*word));
    let is_budget = columns.best(words::VERSION, is_text).is_some() || BUDGET.iter().any(has_word);
    if !is_budget {
        let note = "nothing says that this is a budget: the amounts are read as totals of the books (key: kind)";
        found.notes.push(note.to_owned());
    }
    let kind = if is_budget { SourceKind::Budget } else { SourceKind::ControlTotal };
    draft.set("kind", json!(kind_name(kind)), "there is no month in it");
    year(columns, &mut draft, at)?;
    let is_forecast = versions(columns, &mut draft, &mut found);
    if !is_forecast && is_budget {
        adopted(columns, &mut draft);
    }
    towns(columns, town, &mut draft, &mut found);
    if let Some(side) = columns.take(words::SIDE, is_side) {
        draft.column(name(Field::Side), columns.header(side), "");
    }
    if let Some(wet) = columns.take(words::WET, is_wet) {
        draft.column(name(Field::Wet), columns.header(wet), "");
    }
    if let Some(taakveld) = columns.take(words::TAAKVELD, is_taakveld) {
        draft.column(
            name(Field::Taakveld),
            columns.header(taakveld),
            "a name behind the code is no harm",
        );
        if let Some(patterns) = ours(columns.table, taakveld) {
            let money = totals::money(columns, &[], None, None);
            found.notes.push(notes::kept_out(columns, taakveld, &patterns, &money));
            draft.put("only", columns.header(taakveld), json!(patterns), "those of Wmo and Jeugd");
        }
        found.codes = codes::of_taakvelden(columns, taakveld);
    } else if (is_budget || is_forecast)
        && let Some(code) = columns.take(words::CODE, is_code)
    {
        draft.column(name(Field::Code), columns.header(code), "looked up in indeling.csv");
        found.codes = codes::of_ledger(columns, code, None, None, &[]);
    }
    amounts(columns, draft, is_budget, &mut found, at)?;
    Ok(found)
}

/// The year of a row, or that of the whole file.
fn year(columns: &mut Columns, draft: &mut Draft, at: &Place) -> Result<()> {
    if let Some(year) = columns.take(words::BOOKED_YEAR, is_year) {
        draft.column(name(Field::Year), columns.header(year), "");
        return Ok(());
    }
    if let Some(year) = heads::year_in_name(&at.file) {
        draft.fixed(name(Field::Year), &year.to_string(), "from the name of the file");
        return Ok(());
    }
    Err(Error::input("no column is a month or a year, and the name of the file has no year")
        .at(at.clone())
        .advice("give the file a name such as begroting-2026.csv, or map the columns in prognose.toml by hand"))
}

/// Figures of CBS hold all municipalities, in thousands.
fn towns(columns: &mut Columns, town: &str, draft: &mut Draft, found: &mut Findings) {
    let Some(at) = columns.take(words::TOWN, is_text) else { return };
    let column = &columns.table.columns[at];
    if column.values.len() < 2 {
        return;
    }
    draft.set("unit", json!(1000), "Iv3 as CBS publishes it is in thousands");
    found.notes.push(
        "the file holds many municipalities, as CBS publishes Iv3: its amounts are read as thousands (key: unit)"
            .to_owned(),
    );
    let ours =
        column.values.iter().find(|value| is_like(&value.text, town) && !value.text.is_empty());
    let value = ours.map_or("…", |value| &*value.text);
    draft.put("only", columns.header(at), json!(value), "which municipality is yours");
    match ours {
        Some(value) => found.organisation = Some((format!("Gemeente {}", value.text), String::new())),
        None => found.notes.push(format!(
            "which municipality is yours can not be seen: write it under [source.only], {:?}; or give the folder \
             its name",
            columns.header(at)
        )),
    }
}

fn amounts(
    columns: &Columns,
    draft: Draft,
    is_budget: bool,
    found: &mut Findings,
    at: &Place,
) -> Result<()> {
    if let Some((lasten, baten)) = columns.both_sides() {
        let mut draft = draft;
        thousands(columns, lasten, &mut draft);
        found.drafts = ledger::sides_apart(columns, &draft, lasten, baten);
        return Ok(());
    }
    let all = &columns.table.columns;
    let is_planned = |at: &usize| {
        let header = all[*at].header.to_lowercase();
        columns.is_amount(&all[*at]) && BUDGET.iter().any(|word| header.contains(word))
    };
    let planned: Vec<usize> = (0..all.len()).filter(is_planned).collect();
    let (plan, spent) = (planned.first().copied(), columns.best(words::AMOUNT, Columns::is_amount));
    let best = if is_budget { plan.or(spent) } else { spent.or(plan) };
    let Some(best) = best else {
        return Err(Error::input("no column looks like an amount")
            .at(at.clone())
            .advice("make a workspace without --from, and map the columns in prognose.toml"));
    };
    let mut draft = draft;
    draft.column(name(Field::Amount), columns.header(best), "");
    let others = planned.into_iter().chain(columns.amounts()).filter(|&at| at != best);
    let others: BTreeSet<String> = others.map(|at| format!("{:?}", columns.header(at))).collect();
    if !others.is_empty() {
        found.notes.push(format!(
            "{:?} is read as the amount, not {} (key: amount)",
            columns.header(best),
            others.into_iter().collect::<Vec<_>>().join(", ")
        ));
    }
    thousands(columns, best, &mut draft);
    found.drafts = vec![draft];
    Ok(())
}

fn thousands(columns: &Columns, amount: usize, draft: &mut Draft) {
    if words::in_thousands(columns.header(amount)) {
        draft.set("unit", json!(1000), "the header says so");
    }
}

/// When a budget or a forecast by people was made, and its name; whether it is a forecast.
fn versions(columns: &mut Columns, draft: &mut Draft, found: &mut Findings) -> bool {
    let made = columns.take(words::MADE, is_month);
    let report = made.and_then(|_| columns.take(words::REPORT, is_text));
    if let (Some(made), Some(report)) = (made, report) {
        draft.column(name(Field::Made), columns.header(made), "");
        draft.column(name(Field::Name), columns.header(report), "");
        draft.set("kind", json!(kind_name(SourceKind::HumanForecast)), "it says when it was made");
        found.notes.clear();
        return true;
    }
    false
}

/// The version of a budget and the month it was adopted in.
fn adopted(columns: &mut Columns, draft: &mut Draft) {
    if let Some(version) = columns.take(words::VERSION, is_text) {
        draft.column(name(Field::Version), columns.header(version), "");
    }
    if let Some(adopted) = columns.take(words::ADOPTED, is_month) {
        draft.column(name(Field::Adopted), columns.header(adopted), "");
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
        draft.column(name(field), header, "");
    }
    if is_quarter {
        draft.column(name(Field::Quarter), "periode", "what was booked from January through it");
    }
    let columns = Columns::new(table);
    let mut found = Findings::default();
    if let Some(taakveld) = columns.best(words::TAAKVELD, is_taakveld) {
        if let Some(patterns) = ours(table, taakveld) {
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
