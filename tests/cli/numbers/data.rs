//! The data sets of a run, to look a value up by its key.

use crate::demo::OUT;
use crate::dutch::{self, cents};
use crate::support::{Workdir, rows};
use std::collections::BTreeMap;

pub(crate) type Row = BTreeMap<String, String>;

pub(crate) struct DataSets {
    tables: BTreeMap<String, Vec<Row>>,
}

/// What a row is about: level, act, taakveld, product and measure.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Node {
    pub(crate) level: String,
    pub(crate) wet: String,
    pub(crate) taakveld: String,
    pub(crate) product: String,
    pub(crate) measure: String,
}

/// The year of the demo's as-of month.
pub(crate) const YEAR: &str = "2026";

impl DataSets {
    pub(crate) fn read(dir: &Workdir) -> Self {
        let files = dir.hashes(OUT).into_keys();
        let named = files.filter_map(|file| file.strip_suffix(".csv").map(str::to_owned));
        let read = |name: String| {
            let rows = rows(&dir.read(&format!("{OUT}/{name}.csv")));
            (name, rows)
        };
        Self { tables: named.map(read).collect() }
    }

    pub(crate) fn table(&self, name: &str) -> &[Row] {
        self.tables.get(name).unwrap_or_else(|| panic!("there is no {name}.csv"))
    }

    /// The one row whose columns have these values.
    #[track_caller]
    pub(crate) fn row(&self, table: &str, keys: &[(&str, &str)]) -> &Row {
        let mut found = self.table(table).iter().filter(|row| has(row, keys));
        let row = found.next().unwrap_or_else(|| panic!("{table}.csv has no {keys:?}"));
        assert!(found.next().is_none(), "{table}.csv has more than one {keys:?}");
        row
    }

    #[track_caller]
    pub(crate) fn of(&self, table: &str, node: &Node, more: &[(&str, &str)]) -> &Row {
        let Node { level, wet, taakveld, product, measure } = node;
        let keys = [
            ("niveau", level.as_str()),
            ("wet", wet),
            ("taakveld", taakveld),
            ("product", product),
            ("soort", measure),
        ];
        self.row(table, &[&keys, more].concat())
    }

    /// Whether an act has a taakveld of that code.
    pub(crate) fn has_taakveld(&self, code: &str) -> bool {
        self.table("outlook").iter().any(|row| row["taakveld"] == code)
    }
}

pub(crate) fn has(row: &Row, keys: &[(&str, &str)]) -> bool {
    keys.iter().all(|(column, value)| row[*column] == *value)
}

/// A cell in the form of a table × € 1.000, by what it shows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell {
    Thousands(&'static str),
    Change(&'static str),
    Band(&'static str, &'static str),
    Gap,
    Chance,
    Percent(&'static str),
    Count(&'static str),
    Month(&'static str),
    Text(&'static str),
    /// A drawing, of which the other cells hold the numbers.
    Drawing,
}

impl Cell {
    /// What the cell of a row should say.
    pub(crate) fn says(self, row: &Row) -> String {
        let none = || "–".to_owned();
        let field = |name: &str| Some(row[name].as_str()).filter(|field| !field.is_empty());
        let amount = |name: &str| field(name).map(cents);
        match self {
            Self::Thousands(name) => amount(name).map_or_else(none, dutch::thousands),
            Self::Change(name) => dutch::change(cents(&row[name])),
            Self::Band(low, high) => dutch::band(cents(&row[low]), cents(&row[high])),
            Self::Gap => gap(row),
            Self::Chance => chance(row),
            Self::Percent(name) => dutch::percent(row[name].parse().unwrap()),
            Self::Count(name) => {
                field(name).map_or_else(none, |n| dutch::whole(n.parse().unwrap()))
            }
            Self::Month(name) => field(name).map_or_else(none, dutch::month_short),
            Self::Text(name) => field(name).map_or_else(none, str::to_owned),
            Self::Drawing => String::new(),
        }
    }
}

/// `1.148 V`, from the row alone.
pub(crate) fn gap(row: &Row) -> String {
    match Some(&row["afwijking"]).filter(|gap| !gap.is_empty()).map(|gap| cents(gap)) {
        Some(gap) if dutch::steps(gap, 100_000) != 0 => {
            format!("{} {}", dutch::thousands(gap.abs()), row["v_n"])
        }
        _ => "–".to_owned(),
    }
}

fn chance(row: &Row) -> String {
    if row["afwijking"].is_empty() {
        return "–".to_owned();
    }
    let width = cents(&row["p90"]) - cents(&row["p10"]);
    let fixed = dutch::steps(cents(&row["afwijking"]), 100_000) == 0;
    if fixed && width * 100 < cents(&row["verwacht"]).abs() {
        return "vast bedrag".to_owned();
    }
    cases(row["kans_nadeel"].parse().unwrap())
}

/// `6 van 10`, by the one rule for chances.
pub(crate) fn cases(share: f64) -> String {
    match share {
        share if share >= 0.95 => "> 19 van 20".to_owned(),
        share if share < 0.05 => "< 1 van 20".to_owned(),
        share => format!("{} van 10", (share * 10.0).round().clamp(1.0, 9.0)),
    }
}

/// Compares the cells behind the first one with what they should say.
#[track_caller]
pub(crate) fn same(id: &str, cells: &[String], expected: &[String]) {
    assert_eq!(cells[1..], *expected, "table {id}, row {:?}", cells[0]);
}
