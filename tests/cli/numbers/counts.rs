//! The counts that a page may speak of: rows of the data sets, by what they have in common.

use super::data::{DataSets, Row, YEAR, has};
use crate::dutch::{cents, steps, whole};
use std::collections::BTreeSet;

/// Numbers of things: rows of data sets, and what the figures rest on.
pub(super) fn counts(data: &DataSets) -> BTreeSet<String> {
    let mut found: BTreeSet<usize> = BTreeSet::new();
    let tables = ["regels", "bestanden", "findings", "terugblik", "beleid"];
    found.extend(tables.map(|table| data.table(table).len()));
    let columns = [
        ("findings", "ernst"),
        ("findings", "code"),
        ("drift", "toets"),
        ("drift", "status"),
        ("regels", "model"),
    ];
    for (table, column) in columns {
        let values: BTreeSet<&String> = data.table(table).iter().map(|row| &row[column]).collect();
        for value in values {
            let rows = data.table(table).iter();
            let same = rows.filter(|row| row[column] == *value).count();
            // `en nog 9` counts the others of the same kind.
            found.extend([same, same - 1]);
        }
    }
    for (table, column) in [
        ("terugblik", "maanden"),
        ("terugblik", "binnen_band"),
        ("grondslag", "waarde"),
        ("aansluiting", "regels"),
        ("bestanden", "rijen"),
    ] {
        let numbers =
            || data.table(table).iter().filter_map(|row| row[column].parse::<usize>().ok());
        found.extend(numbers());
        found.insert(numbers().sum());
    }
    found.extend(lines(data));
    let whole = |n: usize| whole(i64::try_from(n).unwrap());
    found.into_iter().map(whole).collect()
}

/// Lines per act and measure, of this year and of what is late; those that are new; measures of policy.
fn lines(data: &DataSets) -> Vec<usize> {
    let mut found = Vec::new();
    let open = |row: &Row| row.get("leeftijd").is_none_or(|age| age == "alle");
    for table in ["outlook", "late"] {
        for wet in ["Wmo", "Jeugd", "Gezamenlijk"] {
            for soort in ["lasten", "baten"] {
                let keys = [("niveau", "product"), ("wet", wet), ("soort", soort)];
                let rows = data.table(table).iter().filter(|row| has(row, &keys) && open(row));
                let rows = rows.filter(|row| row.get("jaar").is_none_or(|year| year == YEAR));
                let shows = |row: &&Row| {
                    let names =
                        ["begroting", "geboekt", "verwacht", "nog_te_ontvangen", "p10", "p90"];
                    let fields = names.iter().filter_map(|name| row.get(*name));
                    let known = fields.filter(|field| !field.is_empty());
                    known.into_iter().any(|field| {
                        steps(cents(field), if table == "late" { 100_000 } else { 1 }) != 0
                    })
                };
                found.push(rows.filter(shows).count());
            }
        }
    }
    let regimes = || data.table("regels").iter().filter(|row| !row["regime_maanden"].is_empty());
    let new = || regimes().filter(|row| row["regime_maanden"].parse::<i32>().unwrap() < 24);
    found.extend([regimes().count(), new().count()]);
    found.push(new().filter(|row| !row["band_breder"].is_empty()).count());
    found.extend(data.table("findings").iter().flat_map(|row| numbers(&row["melding"])));
    let measures = |inside: &[&str]| {
        let rows = data
            .table("beleid")
            .iter()
            .filter(|row| row["soort"] != "saldo" && inside.contains(&row["in_verwacht"].as_str()));
        rows.map(|row| (&row["gebeurtenis"], &row["soort"])).collect::<BTreeSet<_>>().len()
    };
    found.extend([measures(&["ja"]), measures(&["ja", "nee"])]);
    let signals: Vec<&Row> =
        data.table("drift").iter().filter(|row| row["status"] == "signaal").collect();
    let on: BTreeSet<_> = signals
        .iter()
        .map(|row| (&row["wet"], &row["taakveld"], &row["product"], &row["soort"]))
        .collect();
    found.extend([on.len(), signals.len(), signals.len().saturating_sub(8)]);
    found.extend(
        data.table("drift").iter().map(|row| &row["toets"]).collect::<BTreeSet<_>>().iter().map(
            |toets| {
                data.table("drift")
                    .iter()
                    .filter(|row| row["toets"] == **toets && row["status"] != "te vroeg")
                    .count()
            },
        ),
    );
    found
}

fn numbers(text: &str) -> Vec<usize> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
}
