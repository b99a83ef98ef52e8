//! Levels at which money can be compared across schemes.

use super::code_of;
use std::sync::LazyLock;

const SOURCE: &str = include_str!("../../data/taakvelden-bruggen.csv");

/// A set of taakvelden that holds the same care in every scheme, as closely as taakvelden can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeLevel {
    /// Its name, for instance `Jeugd totaal`.
    pub name: String,
    /// Taakvelden and patterns that end in `*`, as a `[[lines.bridge]]` takes them.
    pub lines: Vec<String>,
}

static ALL: LazyLock<Vec<BridgeLevel>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(SOURCE.as_bytes());
    let records =
        reader.records().map(|record| record.expect("data/taakvelden-bruggen.csv is CSV"));
    let level = |record: csv::StringRecord| BridgeLevel {
        name: record[0].to_owned(),
        lines: record[1].split(' ').map(str::to_owned).collect(),
    };
    records.map(level).collect()
});

/// Every level, the narrow ones first.
#[must_use]
pub fn levels() -> &'static [BridgeLevel] {
    &ALL
}

impl BridgeLevel {
    /// The level with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|level| level.name == name)
    }

    /// Whether the taakveld that a text names, in any spelling, belongs to it.
    #[must_use]
    pub fn holds(&self, taakveld: &str) -> bool {
        let Some(code) = code_of(taakveld) else { return false };
        self.lines.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => code.starts_with(start),
            None => code == *pattern,
        })
    }

    /// What to write in `prognose.toml` to have it as a bridge: `name = "…", lines = […]`.
    #[must_use]
    pub fn as_toml(&self) -> String {
        format!("name = {:?}, lines = {:?}", self.name, self.lines)
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::all;
    use super::*;
    use crate::units::Wet;

    #[test]
    fn a_level_holds_codes_in_any_spelling() {
        let youth = BridgeLevel::named("Jeugd totaal").unwrap();
        for code in ["6.72", "6.72A Jeugdhulp begeleiding", "6.763", "6.792", "6.822"] {
            assert!(youth.holds(code), "{code}");
        }
        for code in ["6.71a", "6.791", "6.22", "Jeugd"] {
            assert!(!youth.holds(code), "{code}");
        }
        assert_eq!(
            BridgeLevel::named("Beschermd wonen en opvang").unwrap().as_toml(),
            "name = \"Beschermd wonen en opvang\", lines = [\"6.81*\"]"
        );
        assert_eq!(BridgeLevel::named("Alles"), None);
    }

    #[test]
    fn every_taakveld_has_a_level() {
        for one in all() {
            assert!(levels().iter().any(|level| level.holds(&one.code)), "{}", one.code);
        }
        let youth = BridgeLevel::named("Jeugd totaal").unwrap();
        let held = all().iter().filter(|one| youth.holds(&one.code));
        assert!(held.into_iter().all(|one| one.wet == Wet::Jeugd));
    }
}
