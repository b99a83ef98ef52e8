//! How the rows of a file are laid out, where they are not one amount each below a header in the first row.

use super::options::{Field, SourceKind};
use super::parse;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The keys of `[[source]]` that say how a file differs from a plain table.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// The first and last row of the header; `None`: the first filled row.
    pub(super) header: Option<(u32, u32)>,
    /// One text for every row, for a field without a column.
    pub(super) fixed: BTreeMap<Field, String>,
    /// What the header of a column of amounts says: booked, service, month or year.
    pub(super) wide: Option<Field>,
    /// Rows with a cell like this are left out, and their money is told.
    pub(super) leave_out: Vec<String>,
    /// Only rows of which the column of this header has one of these values are ours.
    pub(super) only: BTreeMap<String, Vec<String>>,
    /// The power of ten that the amounts are in: 3 for thousands.
    pub(super) places: usize,
    /// Texts that stand for no figure.
    pub(super) missing: BTreeSet<String>,
}

/// One text, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Names {
    One(String),
    Several(Vec<String>),
}

impl Names {
    pub(super) fn list(self) -> Vec<String> {
        match self {
            Self::One(name) => vec![name],
            Self::Several(names) => names,
        }
    }
}

/// `header = 4`, or `header = [4, 5]`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Header {
    Row(u32),
    Rows([u32; 2]),
}

impl TryFrom<Header> for (u32, u32) {
    type Error = String;
    fn try_from(header: Header) -> Result<Self, String> {
        let (first, last) = match header {
            Header::Row(row) => (row, row),
            Header::Rows([first, last]) => (first, last),
        };
        let follows = last == first || last == first.saturating_add(1);
        if first == 0 || !follows {
            return Err(format!(
                "header = {first}, {last} can not be used; write header = 4, or header = [4, 5] for two rows \
                 that follow each other"
            ));
        }
        Ok((first, last))
    }
}

/// The fields that one text for a whole file can hold.
const FIXED: [Field; 13] = [
    Field::Side,
    Field::Code,
    Field::Kind,
    Field::BookedYear,
    Field::ServiceYear,
    Field::Year,
    Field::Wet,
    Field::Taakveld,
    Field::Product,
    Field::Version,
    Field::Adopted,
    Field::Made,
    Field::Name,
];

impl Layout {
    /// Whether the rows of a file are taken as they stand.
    pub(super) fn is_plain(&self) -> bool {
        self.fixed.is_empty()
            && self.wide.is_none()
            && self.leave_out.is_empty()
            && self.only.is_empty()
            && self.missing.is_empty()
    }

    /// The fields that the headers of a wide file give, beside the amount.
    pub(super) fn spread_fields(&self) -> &'static [Field] {
        use Field as F;
        match self.wide {
            Some(F::Booked) => &[F::Booked, F::BookedPeriod],
            Some(F::Service) => &[F::Service, F::ServicePeriod],
            Some(F::Month) => &[F::Month],
            Some(_) => &[F::Year],
            None => &[],
        }
    }

    /// The field of the year of a wide file whose headers have none.
    pub(super) fn year_field(&self) -> Field {
        match self.wide {
            Some(Field::Booked) => Field::BookedYear,
            Some(Field::Service) => Field::ServiceYear,
            _ => Field::Year,
        }
    }

    /// Whether no row can be of both.
    pub(super) fn is_apart_from(&self, other: &Self) -> bool {
        self.only.iter().any(|(column, values)| {
            let plain = |values: &[String]| values.iter().all(|value| !value.contains('*'));
            other.only.get(column).is_some_and(|others| {
                let shares =
                    |value: &String| others.iter().any(|other| is_like(value.trim(), other));
                plain(values) && plain(others) && !values.iter().any(shares)
            })
        })
    }

    /// Checks the keys against the kind of the source and its columns.
    pub(super) fn check(
        &self,
        kind: SourceKind,
        mapped: &dyn Fn(Field) -> bool,
    ) -> Result<(), String> {
        for (&field, text) in &self.fixed {
            check_fixed(field, text, kind)?;
            if mapped(field) {
                let name = field.name();
                return Err(format!(
                    "{name:?} stands under [source.columns] and under [source.fixed]; keep one"
                ));
            }
        }
        if self.leave_out.iter().any(|pattern| pattern.trim_matches(['*', ' ']).is_empty()) {
            return Err("leave_out holds a pattern that every row is like; write a word, as in \
                        \"Totaal*\""
                .into());
        }
        if let Some((column, _)) = self.only.iter().find(|(_, values)| values.is_empty()) {
            return Err(format!("[source.only] {column:?} keeps no row; name a value"));
        }
        self.check_wide(kind, mapped)
    }

    fn check_wide(&self, kind: SourceKind, mapped: &dyn Fn(Field) -> bool) -> Result<(), String> {
        let Some(wide) = self.wide else { return Ok(()) };
        let known: &[Field] = match kind {
            SourceKind::Ledger | SourceKind::Declarations => &[Field::Booked, Field::Service],
            SourceKind::ControlTotal => &[Field::Month, Field::Year],
            _ => &[Field::Year],
        };
        if !known.contains(&wide) {
            let known: Vec<String> =
                known.iter().map(|field| format!("{:?}", field.name())).collect();
            return Err(format!(
                "wide = {:?} does not belong to a source of this kind; write {}",
                wide.name(),
                known.join(" or ")
            ));
        }
        let given = [Field::Amount, Field::Credit];
        let given = given.iter().chain(self.spread_fields());
        given.copied().find(|&field| mapped(field)).map_or(Ok(()), |field| {
            Err(format!(
                "wide = {:?} takes amounts and months from the headers; take {:?} out of [source.columns]",
                wide.name(),
                field.name()
            ))
        })
    }
}

fn check_fixed(field: Field, text: &str, kind: SourceKind) -> Result<(), String> {
    if !FIXED.contains(&field) || !kind.fields().contains(&field) {
        let known = FIXED.iter().filter(|field| kind.fields().contains(field));
        let known: Vec<&str> = known.map(|field| field.name()).collect();
        return Err(format!(
            "[source.fixed] can not hold {:?} for a source of this kind; it may hold: {}",
            field.name(),
            known.join(", ")
        ));
    }
    let parsed = match field {
        Field::Year | Field::BookedYear | Field::ServiceYear => parse::year(text).err(),
        Field::Adopted | Field::Made => parse::month(text).err(),
        _ if text.trim().is_empty() => Some(parse::bad("the text is empty", "fill it in")),
        _ => None,
    };
    parsed.map_or(Ok(()), |bad| {
        Err(format!("[source.fixed] {}: {}; {}", field.name(), bad.what, bad.advice))
    })
}

/// The power of ten of a unit.
pub(super) fn places(unit: u64) -> Result<usize, String> {
    let known = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
    known.iter().position(|&power| power == unit).ok_or_else(|| {
        format!("unit = {unit} can not be used; write 1, or 1000 for amounts in thousands")
    })
}

/// Whether a text is like a pattern, in which `*` stands for any text; capitals do not matter.
pub(super) fn is_like(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.to_lowercase(), pattern.trim().to_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_hold_any_text_for_a_star() {
        for (text, pattern, expected) in [
            ("Totaal 2025", "totaal*", true),
            ("Subtotaal", "totaal*", false),
            ("Subtotaal", "*totaal", true),
            ("totaal", "Totaal", true),
            ("totaal Wmo", "Totaal", false),
            ("6.71a Hulp bij", "6.7*a*bij", true),
            ("aa", "a*a*a", false),
            ("x", "*", true),
        ] {
            assert_eq!(is_like(text, pattern), expected, "{text} {pattern}");
        }
    }

    #[test]
    fn units_and_headers_that_can_not_be_meant_are_told() {
        assert_eq!((places(1), places(1000)), (Ok(0), Ok(3)));
        assert!(places(500).unwrap_err().contains("1000 for amounts in thousands"));
        let rows = |header| <(u32, u32)>::try_from(header);
        assert_eq!(rows(Header::Rows([4, 5])), Ok((4, 5)));
        assert!(rows(Header::Row(0)).is_err() && rows(Header::Rows([4, 7])).is_err());
    }

    #[test]
    fn sources_with_other_values_share_no_row() {
        let only = |value: &str| Layout {
            only: BTreeMap::from([("soort".to_owned(), vec![value.to_owned()])]),
            ..Layout::default()
        };
        assert!(only("a").is_apart_from(&only("b")));
        assert!(!only("a").is_apart_from(&only("a")) && !only("a*").is_apart_from(&only("b")));
        assert!(!only("a").is_apart_from(&Layout::default()));
        assert!(!only("Hengelo").is_apart_from(&only(" hengelo ")));
    }
}
