//! The walk: every number that a page of the report shows is a value of the data sets beside it, in its
//! Dutch form.

mod counts;
mod data;
mod nodes;
mod others;
mod self_test;
mod sentences;
mod taakveld;
mod values;

use crate::demo::{self, OUT};
use crate::html::{self, Shown};
use data::DataSets;
use std::collections::BTreeSet;
use std::path::Path;

/// Compares a table with its data set.
type Walk = fn(&Shown, &DataSets);

/// The tables that are walked, by the start of their id, and how.
const TABLES: [(&str, Walk); 20] = [
    ("stippen-tabel", nodes::years),
    ("onderdelen-tabel", nodes::years),
    ("producten-", nodes::years),
    ("facturen-", nodes::late),
    ("stap-tabel", nodes::steps),
    ("veranderd-tabel", others::changes),
    ("veranderd-", nodes::changes),
    ("meerjaren-tabel", nodes::horizon),
    ("raming-", nodes::plan),
    ("verloop-", others::course),
    ("terugblik-tabel", others::tallies),
    ("terugblik-", others::hindsight),
    ("signalen-", others::signals),
    ("regimes", others::regimes),
    ("beleid-tabel", others::policy),
    ("aansluiting", others::reconciliation),
    ("bevindingen-", others::findings),
    ("modellen", others::models),
    ("voorbeeld-maand", self_test::example),
    ("grenzen", self_test::limits),
];

/// The pages of the report. Those in `account/` and `backtest/` are products of their own, about the model and
/// not about the month.
fn pages() -> Vec<(String, String)> {
    let (dir, _) = demo::demo();
    let html = |name: &str| Path::new(name).extension().is_some_and(|end| end == "html");
    let of_report = |name: &str| name == "report.html" || name.starts_with("report/");
    let names = dir.hashes(OUT).into_keys().filter(|name| of_report(name) && html(name));
    names.map(|name| (name.clone(), dir.read(&format!("{OUT}/{name}")))).collect()
}

#[test]
fn every_table_shows_its_data_set() {
    let data = DataSets::read(&demo::demo().0);
    let mut explained = 0;
    for (page, html) in pages() {
        let tables = html::tables(&html);
        explained += tables.iter().filter(|shown| shown.id.starts_with("stappen-")).count();
        assert!(page != "report.html" || tables.len() > 30, "{page}: {}", tables.len());
        for shown in tables {
            if shown.id == "invoer" {
                others::inputs(&shown, &data);
                continue;
            }
            assert!(!shown.rows.is_empty(), "{page}: {}", shown.id);
            if let Some(here) = taakveld::of(&page) {
                taakveld::walk(&shown, &data, &here);
                continue;
            }
            let known = TABLES.iter().find(|(start, _)| shown.id.starts_with(start));
            let (_, walk) =
                known.unwrap_or_else(|| panic!("{page}: nobody walks table {}", shown.id));
            walk(&shown, &data);
        }
    }
    let names = ["wet", "taakveld", "product", "soort"];
    let lines = data.table("uitleg").iter().map(|row| names.map(|name| &row[name]));
    assert_eq!(explained, lines.collect::<BTreeSet<_>>().len(), "lines that are explained");
}

#[test]
fn every_number_in_a_sentence_or_drawing_is_in_a_data_set() {
    let data = DataSets::read(&demo::demo().0);
    let mut strange = Vec::new();
    for (page, html) in pages() {
        let about = taakveld::of(&page).map(|here| format!("{} ", here.taakveld));
        let found = sentences::strange(&html, &data, about.as_deref());
        strange.extend(found.into_iter().map(|s| format!("{page}: {s}")));
    }
    assert!(strange.is_empty(), "\n{}", strange.join("\n"));
}

/// A check that can not fail is no check.
#[test]
fn a_wrong_amount_in_a_sentence_is_mostly_seen() {
    let data = DataSets::read(&demo::demo().0);
    // The small amounts of one taakveld are more often equal to another value of it, in millions.
    for (page, at_least, tenths) in [("report.html", 40, 7), ("report/jeugd-6.752.html", 5, 5)] {
        let about = taakveld::of(page).map(|here| format!("{} ", here.taakveld));
        let html = demo::demo().0.read(&format!("{OUT}/{page}"));
        let (tried, seen) = sentences::seen(&html, &data, about.as_deref());
        assert!(tried > at_least && 10 * seen > tenths * tried, "{page}: {seen} of {tried}");
    }
}
