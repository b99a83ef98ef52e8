//! Files that hold several municipalities, of which one is ours.

use super::Findings;
use super::columns::{Columns, is_text};
use super::draft::Draft;
use super::words;
use crate::ledger::layout::is_like;
use crate::ledger::table::Column;
use serde_json::json;

/// Figures of CBS hold all municipalities, in thousands. Gives whether these are such.
pub(super) fn of_figures(
    columns: &mut Columns,
    town: &str,
    draft: &mut Draft,
    found: &mut Findings,
) -> bool {
    let Some(at) = columns.take(words::TOWN, is_text) else { return false };
    let column = &columns.table.columns[at];
    if column.values.len() < 2 {
        return false;
    }
    draft.set("unit", json!(1000), "Iv3 as CBS publishes it is in thousands");
    found.notes.push(
        "the file holds many municipalities, as CBS publishes Iv3: its amounts are read as thousands (key: unit)"
            .to_owned(),
    );
    let ours = ours(column, town);
    draft.put("only", &column.header, json!(ours.unwrap_or("…")), "which municipality is yours");
    match ours {
        Some(ours) => found.organisation = Some((format!("Gemeente {ours}"), String::new())),
        None => found.notes.push(format!(
            "which municipality is yours can not be seen: write it under [source.only], {:?}; or give the folder \
             its name",
            column.header
        )),
    }
    true
}

/// The books of several municipalities in one file. The column may also be of another thing, such as where a provider
/// is: only a name that is known to be ours is kept without asking.
pub(super) fn of_ledger(
    columns: &mut Columns,
    town: &str,
    draft: &mut Draft,
    found: &mut Findings,
) {
    let are_several = |_: &Columns, column: &Column| {
        let is_name = words::TOWN.iter().any(|(word, _)| words::has_word(&column.header, word));
        is_name && names(column).count() > 1
    };
    let Some(at) = columns.take(words::TOWN, are_several) else { return };
    let column = &columns.table.columns[at];
    let (header, count) = (&column.header, names(column).count());
    let Some(ours) = ours(column, town) else {
        found.notes.push(format!(
            "column {header:?} holds {count} municipalities, whose amounts are added up: write which is yours under \
             [source.only], {header:?}; or give the folder its name"
        ));
        return;
    };
    draft.put("only", header, json!(ours), "which municipality is yours");
    found.organisation = Some((format!("Gemeente {ours}"), String::new()));
    found.notes.push(format!(
        "of the {count} municipalities in column {header:?} only {ours:?} is read ([source.only])"
    ));
}

fn names(column: &Column) -> impl Iterator<Item = &str> {
    column.values.iter().map(|value| &*value.text).filter(|text| !text.is_empty())
}

fn ours<'a>(column: &'a Column, town: &str) -> Option<&'a str> {
    names(column).find(|name| is_like(name, town))
}
