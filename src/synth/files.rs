//! A municipality as the files of a workspace. The headers are a contract with the demo's readers.

use super::lines::Trait;
use super::prices::{FINAL_THROUGH, INDICES, PROVISIONAL_THROUGH, WAGES};
use super::town::DEMO;
use super::{Entry, SPECIFICATION, Town};
use crate::ledger::PostingKind;
use crate::units::{Cents, Side};
use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

/// The header of `grootboek/*.csv`.
const LEDGER: &str = "boekjaar;periode;prestatiemaand;product;taakveld;soort;boekingssoort;bedrag";
const BUDGET: &str = "jaar;product;soort;bedrag;versie;vastgesteld";
const REPORTS: &str = "jaar;wet;soort;bedrag;gemaakt;rapport";
const CONTROLS: &str = "jaar;soort;bedrag";
const LINES: &str = "code,geldig_van,geldig_tot,wet,taakveld,product";
const TRUTH: &str = "code,prestatiemaand,bedrag,verwachting";
const EVENTS: &str = "code,soort,maand,grootte";

/// Every file of the workspace: its path relative to the folder, with `/`, and its bytes.
#[must_use]
pub fn files(town: &Town) -> Vec<(String, Vec<u8>)> {
    let mut files = [
        ("LEESMIJ.md", readme(town)),
        ("begroting.csv", budget(town)),
        ("beleid.toml", policy(town)),
        ("beleidsrapportages.csv", reports(town)),
        ("controletotalen.csv", controls(town)),
        ("indeling.csv", lines(town)),
        ("prijzen.toml", prices(town)),
        ("prognose.toml", settings(town)),
        ("waarheid/LEESMIJ.md", TRUTH_README.to_owned()),
        ("waarheid/gebeurtenissen.csv", events(town)),
        ("waarheid/maanden.csv", truth(town)),
    ]
    .map(|(path, text)| (path.to_owned(), text.into_bytes()))
    .to_vec();
    if town.code == DEMO {
        files.push(("duiding.toml".to_owned(), remarks(town).into_bytes()));
    }
    files.extend(ledger(town));
    files.sort();
    files
}

/// A table as text: the header and one line per row.
fn table<T: Display>(header: &str, rows: impl IntoIterator<Item = T>) -> String {
    let mut text = format!("{header}\n");
    for row in rows {
        writeln!(text, "{row}").expect("a string takes all text");
    }
    text
}

/// An amount with a decimal comma.
fn comma(amount: Cents) -> String {
    amount.to_string().replace('.', ",")
}

/// One file per booking year.
fn ledger(town: &Town) -> Vec<(String, Vec<u8>)> {
    let mut years: BTreeMap<i32, Vec<String>> = BTreeMap::new();
    for entry in &town.entries {
        years.entry(entry.year).or_default().push(ledger_row(town, entry));
    }
    let file = |(year, rows)| (format!("grootboek/{year}.csv"), table(LEDGER, rows).into_bytes());
    years.into_iter().map(file).collect()
}

fn ledger_row(town: &Town, entry: &Entry) -> String {
    let Entry { kind, service, year, period, amount, .. } = *entry;
    let product = town.lines[entry.line].product;
    let kind = match kind {
        PostingKind::Regular => "regulier",
        PostingKind::Accrual => "transitorisch",
        PostingKind::Closing => "afsluiting",
    };
    let taakveld = product.taakveld_in(service.year());
    format!(
        "{year};{period};{service};{};{taakveld};{};{kind};{}",
        product.code,
        product.side,
        comma(amount)
    )
}

fn budget(town: &Town) -> String {
    let rows = town.budgets.iter().map(|budget| {
        let product = town.lines[budget.line].product;
        let amount = comma(budget.amount);
        format!(
            "{};{};{};{amount};{};{}",
            budget.year, product.code, product.side, budget.version, budget.adopted
        )
    });
    table(BUDGET, rows)
}

fn reports(town: &Town) -> String {
    let rows = town.reports.iter().map(|report| {
        let amount = comma(report.amount);
        format!(
            "{};{};{};{amount};{};{}",
            report.year, report.wet, report.side, report.made, report.name
        )
    });
    table(REPORTS, rows)
}

/// Per service year and side what the books hold, without accruals.
fn controls(town: &Town) -> String {
    let mut totals: BTreeMap<(i32, Side), Cents> = BTreeMap::new();
    for entry in town.entries.iter().filter(|entry| entry.kind != PostingKind::Accrual) {
        let side = town.lines[entry.line].product.side;
        *totals.entry((entry.service.year(), side)).or_default() += entry.amount;
    }
    let row =
        |((year, side), amount): ((i32, Side), Cents)| format!("{year};{side};{}", comma(amount));
    table(CONTROLS, totals.into_iter().map(row))
}

fn lines(town: &Town) -> String {
    let rows = town.lines.iter().map(|line| {
        let traits = line.product.traits;
        let from = traits.iter().any(|t| matches!(t, Trait::Starts(_)));
        let from = if from { line.first.to_string() } else { String::new() };
        let to = line.valid_through().map_or_else(String::new, |last| last.to_string());
        format!(
            "{},{from},{to},{},{},{}",
            line.code, line.id.wet, line.id.taakveld, line.id.product
        )
    });
    table(LINES, rows)
}

fn truth(town: &Town) -> String {
    let months = town.lines.iter().flat_map(|line| {
        let figures = line.truth.iter().zip(&line.expected);
        line.first.through(line.last).zip(figures).map(move |(month, (amount, expected))| {
            format!("{},{month},{amount},{expected:.2}", line.code)
        })
    });
    table(TRUTH, months)
}

fn events(town: &Town) -> String {
    let row = |event: &super::Event| {
        format!("{},{},{},{:.4}", event.code, event.kind, event.month, event.size)
    };
    table(EVENTS, town.events.iter().map(row))
}

fn made_up(town: &Town) -> String {
    format!(
        "# VERZONNEN: alle cijfers in deze map zijn gemaakt door `prognose synth` (specificatie {SPECIFICATION}, seed {}).\n",
        town.seed
    )
}

fn settings(town: &Town) -> String {
    let Town { name, code, .. } = town;
    format!(
        "{}\n[organisation]\nname = \"{name}\"\ncode = \"{code}\"\n{}",
        made_up(town),
        include_str!("texts/prognose.toml")
    )
}

/// The text of `beleid.toml`: the policy events of a municipality.
#[must_use]
pub fn policy(town: &Town) -> String {
    let lump = town.lines.iter().any(|line| line.product.is(Trait::PoolWmo));
    let own = if lump { include_str!("texts/basisondersteuning.toml") } else { "" };
    format!("{}{}{own}", made_up(town), include_str!("texts/beleid.toml"))
}

/// The text of `duiding.toml`: what the department of the demo says of its figures.
fn remarks(town: &Town) -> String {
    made_up(town) + include_str!("texts/duiding.toml")
}

/// The text of `prijzen.toml`: the indices as they are published, and the weights of the tariffs.
///
/// # Panics
/// Never: a string takes all text.
#[must_use]
pub fn prices(town: &Town) -> String {
    let mut text = made_up(town);
    for index in INDICES.iter().filter(|index| index.year <= PROVISIONAL_THROUGH) {
        for (name, [provisional, last]) in [("OVA", index.ova), ("ppc", index.ppc)] {
            let last = if index.year <= FINAL_THROUGH {
                format!("final = {last:.2}\n")
            } else {
                String::new()
            };
            let year = index.year;
            write!(text, "\n[[index]]\nname = \"{name}\"\nyear = {year}\nprovisional = {provisional:.2}\n{last}")
                .expect("a string takes all text");
        }
    }
    let rest = 1.0 - WAGES;
    text + &format!("\n[[weight]]\nlines = [\"*\"]\nova = {WAGES:.1}\nppc = {rest:.1}\n")
}

fn readme(town: &Town) -> String {
    format!(
        "# {}\n\nAlle cijfers in deze map zijn verzonnen. Ze zijn gemaakt door `prognose synth` (specificatie {SPECIFICATION}, \
         seed {}) en gaan over geen enkele bestaande gemeente.\n{}",
        town.name,
        town.seed,
        include_str!("texts/leesmij.md")
    )
}

const TRUTH_README: &str = include_str!("texts/waarheid.md");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_amounts_with_a_comma() {
        assert_eq!(comma(Cents(-1_234_567)), "-12345,67");
    }
}
