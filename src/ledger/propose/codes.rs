//! The codes of a file, and which line each is, as far as the file tells.

use super::columns::Columns;
use super::words;
use crate::ledger::layout::is_like;
use crate::units::{UNCLASSIFIED, Wet};
use std::collections::BTreeMap;

/// A row for the line table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProposedCode {
    /// The code as it stands in the file.
    pub code: String,
    /// The act of its taakveld; *Gezamenlijk* when that is not known.
    pub wet: Wet,
    /// The taakveld; *niet ingedeeld* when the file does not tell.
    pub taakveld: String,
    /// Its name, or else the code.
    pub product: String,
}

impl ProposedCode {
    fn new(code: &str, taakveld: Option<&str>, name: &str) -> Self {
        let wet = taakveld.and_then(words::wet);
        let taakveld = taakveld.filter(|_| wet.is_some()).unwrap_or(UNCLASSIFIED);
        let product = if name.is_empty() { code } else { name };
        Self {
            code: code.to_owned(),
            wet: wet.unwrap_or(Wet::Gezamenlijk),
            taakveld: taakveld.to_owned(),
            product: product.to_owned(),
        }
    }

    /// Whether the file told which line the code is.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.taakveld != UNCLASSIFIED
    }
}

/// The codes of a ledger with the taakveld and the name that most of their rows have.
pub(super) fn of_ledger(
    columns: &Columns,
    code: usize,
    taakveld: Option<usize>,
    name: Option<usize>,
    without: &[String],
) -> Vec<ProposedCode> {
    let text = |at: usize, row: usize| columns.table.columns[at].text(row);
    let mut counted: BTreeMap<&str, BTreeMap<(&str, &str), usize>> = BTreeMap::new();
    for row in 0..columns.table.rows.len() {
        let code = text(code, row);
        if code.is_empty() || without.iter().any(|pattern| is_like(code, pattern)) {
            continue;
        }
        let told = (taakveld.map_or("", |at| text(at, row)), name.map_or("", |at| text(at, row)));
        *counted.entry(code).or_default().entry(told).or_default() += 1;
    }
    let proposed = counted.into_iter().map(|(code, told)| {
        let (taakveld, name) = most(told);
        (code, words::taakveld(taakveld), name)
    });
    let elsewhere = |taakveld: &Option<String>| {
        taakveld.as_ref().is_some_and(|taakveld| words::wet(taakveld).is_none())
    };
    // A code that only looks like a taakveld of another domain may be a product.
    proposed
        .filter(|(_, taakveld, _)| !elsewhere(taakveld))
        .map(|(code, taakveld, name)| {
            let taakveld = taakveld.or_else(|| words::taakveld(code));
            ProposedCode::new(code, taakveld.as_deref(), name)
        })
        .collect()
}

/// What most rows tell; the last by name of equals.
fn most<'a>(told: BTreeMap<(&'a str, &'a str), usize>) -> (&'a str, &'a str) {
    told.into_iter().max_by_key(|(_, rows)| *rows).map(|(told, _)| told).unwrap_or_default()
}

/// The taakvelden of both acts in a column, each as a line of its own.
pub(super) fn of_taakvelden(columns: &Columns, taakveld: usize) -> Vec<ProposedCode> {
    let texts = columns.table.columns[taakveld].values.iter().map(|value| &*value.text);
    let ours = texts.filter_map(|text| {
        let code = words::taakveld(text).filter(|code| words::wet(code).is_some())?;
        Some(ProposedCode::new(&code, Some(&code), text[code.len()..].trim()))
    });
    let mut codes: Vec<ProposedCode> = ours.collect();
    codes.sort();
    codes.dedup_by(|a, b| a.code == b.code);
    codes
}
