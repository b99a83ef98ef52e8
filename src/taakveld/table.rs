//! Which taakvelden there are in which months.

use crate::units::{Month, Wet};
use std::fmt;
use std::sync::LazyLock;

const SOURCE: &str = include_str!("../../data/taakvelden.csv");

/// One of the schemes, in order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Through December 2022.
    Before2023,
    /// January 2023 through December 2024.
    Of2023,
    /// From January 2025 on.
    Of2025,
}

/// A taakveld of one scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taakveld {
    /// The scheme.
    pub scheme: Scheme,
    /// The code, for instance `6.71a`.
    pub code: String,
    /// The name, without the code.
    pub name: String,
    /// The act; `Gezamenlijk` for access that serves both.
    pub wet: Wet,
}

static ALL: LazyLock<Vec<Taakveld>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(SOURCE.as_bytes());
    let records = reader.records().map(|record| record.expect("data/taakvelden.csv is CSV"));
    records.map(|record| taakveld(&record)).collect()
});

fn taakveld(record: &csv::StringRecord) -> Taakveld {
    let first = record[0].parse().ok();
    Taakveld {
        scheme: first.map_or(Scheme::Before2023, Scheme::of),
        code: record[2].to_owned(),
        name: record[3].to_owned(),
        wet: record[4].parse().expect("a taakveld has an act"),
    }
}

impl Scheme {
    /// In order of time.
    pub const ALL: [Self; 3] = [Self::Before2023, Self::Of2023, Self::Of2025];

    /// The scheme of a month.
    #[must_use]
    pub fn of(month: Month) -> Self {
        match month.year() {
            ..=2022 => Self::Before2023,
            2023..=2024 => Self::Of2023,
            _ => Self::Of2025,
        }
    }
}

/// The years, as a Dutch sentence has them: `tot en met 2022`, `2023 en 2024`, `vanaf 2025`.
impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Before2023 => "tot en met 2022",
            Self::Of2023 => "2023 en 2024",
            Self::Of2025 => "vanaf 2025",
        })
    }
}

/// The code in a text that starts with one, as the tables write it: `6.71A Hulp bij het huishouden` has `6.71a`. `None`
/// when the first word is no figure, a point, figures and at most one letter.
#[must_use]
pub fn code_of(text: &str) -> Option<String> {
    let word = text.split_whitespace().next()?.to_lowercase();
    let (chapter, rest) = word.split_once('.')?;
    let number = rest.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(rest);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (digits(chapter) && digits(number)).then_some(word)
}

/// The taakveld of a scheme that a text names: by its code in any spelling, with or without a name behind it.
#[must_use]
pub fn find(scheme: Scheme, text: &str) -> Option<&'static Taakveld> {
    let code = code_of(text)?;
    ALL.iter().find(|one| one.scheme == scheme && one.code == code)
}

/// The schemes that have the taakveld a text names, in order of time; none for one of another domain, or that never was.
#[must_use]
pub fn schemes_of(text: &str) -> Vec<Scheme> {
    Scheme::ALL.into_iter().filter(|&scheme| find(scheme, text).is_some()).collect()
}

/// Every taakveld of every scheme.
#[must_use]
pub fn all() -> &'static [Taakveld] {
    &ALL
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_month_has_a_scheme() {
        let of = |month: &str| Scheme::of(month.parse().unwrap());
        assert_eq!(of("2016-01"), Scheme::Before2023);
        assert_eq!((of("2022-12"), of("2023-01")), (Scheme::Before2023, Scheme::Of2023));
        assert_eq!((of("2024-12"), of("2025-01")), (Scheme::Of2023, Scheme::Of2025));
    }

    #[test]
    fn a_taakveld_ends_with_its_scheme() {
        for record in csv::Reader::from_reader(SOURCE.as_bytes()).records() {
            let record = record.unwrap();
            let last = record[1].parse().ok().map_or(Scheme::Of2025, Scheme::of);
            assert_eq!(taakveld(&record).scheme, last, "{record:?}");
        }
    }

    #[test]
    fn any_spelling_is_found() {
        for text in
            ["6.71a", "6.71A", " 6.71a Hulp bij het huishouden", "6.71a\u{a0}Huishoudelijke hulp"]
        {
            let found = find(Scheme::Of2023, text).unwrap();
            assert_eq!((found.code.as_str(), found.wet), ("6.71a", Wet::Wmo), "{text}");
        }
        assert_eq!(find(Scheme::Of2025, "6.711").unwrap().name, "Hulp bij het huishouden (WMO)");
        for text in ["", "Wmo", "6", "6.", "6.7.1", "6.71ab", "a.1", "6.71-a", "niet ingedeeld"] {
            assert_eq!(code_of(text), None, "{text}");
        }
        assert_eq!(code_of("0.10 Mutaties reserves").as_deref(), Some("0.10"));
    }

    #[test]
    fn codes_belong_to_their_years() {
        assert_eq!(schemes_of("6.2"), [Scheme::Before2023, Scheme::Of2023]);
        assert_eq!(schemes_of("6.72a"), [Scheme::Of2023]);
        for code in ["6.751", "6.792", "6.91", "6.60", "6.21"] {
            assert_eq!(schemes_of(code), [Scheme::Of2025], "{code}");
        }
        assert!(schemes_of("6.3").is_empty() && schemes_of("6.755").is_empty());
    }

    #[test]
    fn five_became_nineteen() {
        // IBI-nieuwsbrief 110: five taakvelden of single provisions became nineteen; 6.2 is access, beside them.
        let count = |scheme| ALL.iter().filter(|one| one.scheme == scheme).count();
        assert_eq!(count(Scheme::Before2023), 1 + 5);
        assert_eq!(count(Scheme::Of2023), 1 + 19);
        assert_eq!(count(Scheme::Of2025), 22);
        let mut keys: Vec<_> = ALL.iter().map(|one| (one.scheme, &one.code)).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), ALL.len());
        assert!(ALL.iter().all(|one| code_of(&one.code).as_ref() == Some(&one.code)));
    }

    proptest! {
        #[test]
        fn any_text_may_be_looked_up(text in ".{0,20}") {
            for scheme in schemes_of(&text) {
                prop_assert!(find(scheme, &text).is_some());
            }
        }
    }
}
