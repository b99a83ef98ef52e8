//! What every column of every data set means: `kolommen.csv`, of which Parquet and the workbook take
//! their types.

use super::table::{Layout, Table};
use super::{
    backtests, basis, datasets, drift, explained, peer_sets, remark_set, scored, trust_sets,
    year_sets,
};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// `tabel,kolom,soort,eenheid,omschrijving`; a column of `*` means the same in every table that does not
/// describe it itself.
const SOURCE: &str = include_str!("kolommen.csv");
const ANY: &str = "*";

pub(super) const COLUMNS: Layout =
    Layout { name: "kolommen", header: "tabel,kolom,soort,eenheid,omschrijving" };

/// Every data set there is.
pub(super) const LAYOUTS: [Layout; 30] = [
    datasets::OUTLOOK,
    datasets::FORECAST,
    datasets::LATE,
    year_sets::CHANGES,
    year_sets::STEPS,
    year_sets::POLICY,
    year_sets::NAMED,
    drift::DRIFT,
    datasets::FINDINGS,
    datasets::HINDSIGHT,
    explained::EXPLAINED,
    remark_set::REMARKS,
    trust_sets::TOLD,
    trust_sets::TRIED,
    basis::TALLIES,
    basis::COURSE,
    basis::LINES,
    basis::BASIS,
    basis::FILES,
    basis::RECONCILIATION,
    scored::SCORE,
    peer_sets::MUNICIPALITIES,
    peer_sets::TOGETHER,
    backtests::FORECASTS,
    backtests::SCORES,
    backtests::VERSUS,
    backtests::SAID,
    backtests::LADDERS,
    backtests::BIASES,
    COLUMNS,
];

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// `ja` or `nee`.
    YesNo,
    /// `2026-10`.
    Month,
    Year,
    /// A whole number.
    Count,
    Number,
    Euros,
    /// A part of one.
    Share,
}

impl Kind {
    /// Whether its fields are numbers.
    pub(super) fn is_number(self) -> bool {
        !matches!(self, Self::Text | Self::YesNo | Self::Month)
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "tekst" => Self::Text,
            "ja/nee" => Self::YesNo,
            "maand" => Self::Month,
            "jaar" => Self::Year,
            "aantal" => Self::Count,
            "getal" => Self::Number,
            "euro" => Self::Euros,
            "aandeel" => Self::Share,
            _ => return None,
        })
    }
}

/// One line of the dictionary.
struct Entry {
    kind: Kind,
    /// `soort,eenheid,omschrijving`.
    fields: [String; 3],
}

/// The lines by table and column.
static ENTRIES: LazyLock<BTreeMap<(String, String), Entry>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(SOURCE.as_bytes());
    let records = reader.records().map(|record| record.expect("the dictionary is CSV"));
    let entry = |record: csv::StringRecord| {
        let fields = [2, 3, 4].map(|at| record[at].to_owned());
        let kind = Kind::named(&fields[0]).expect("the dictionary knows its kinds");
        ((record[0].to_owned(), record[1].to_owned()), Entry { kind, fields })
    };
    records.map(entry).collect()
});

fn entry(table: &str, column: &str) -> &'static Entry {
    let of = |table: &str| ENTRIES.get(&(table.to_owned(), column.to_owned()));
    of(table)
        .or_else(|| of(ANY))
        .expect("a test finds every column of every table in the dictionary")
}

/// What a column of a table holds.
pub(super) fn kind(table: &str, column: &str) -> Kind {
    entry(table, column).kind
}

/// `kolommen.csv`: every column of every data set, also of those that a run did not write.
#[must_use]
pub fn columns_table() -> Table {
    let record = |layout: Layout| {
        layout.columns().map(move |column| {
            let mut record = vec![layout.name.to_owned(), column.to_owned()];
            record.extend(entry(layout.name, column).fields.iter().cloned());
            record
        })
    };
    Table::new(COLUMNS, LAYOUTS.into_iter().flat_map(record))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn describes_every_column_once_and_none_too_many() {
        let mut used = BTreeSet::new();
        for layout in LAYOUTS {
            for column in layout.columns() {
                let own = (layout.name.to_owned(), column.to_owned());
                let any = (ANY.to_owned(), column.to_owned());
                let key = if ENTRIES.contains_key(&own) { own } else { any };
                assert!(ENTRIES.contains_key(&key), "{}: {column} is not described", layout.name);
                used.insert(key);
            }
        }
        let idle: Vec<_> = ENTRIES.keys().filter(|key| !used.contains(*key)).collect();
        assert!(idle.is_empty(), "no table has {idle:?}");
        assert_eq!(SOURCE.lines().count(), ENTRIES.len() + 1, "a column is described twice");
    }

    #[test]
    fn says_something_in_one_plain_sentence() {
        for ((table, column), entry) in ENTRIES.iter() {
            let [kind, unit, meaning] = &entry.fields;
            assert!(meaning.ends_with('.') && meaning.len() > 15, "{table} {column}: {meaning}");
            let euros = kind == "euro";
            assert_eq!(euros, unit == "euro", "{table} {column}: {unit}");
        }
        let names: BTreeSet<&str> = LAYOUTS.iter().map(|layout| layout.name).collect();
        assert_eq!(names.len(), LAYOUTS.len());
    }
}
