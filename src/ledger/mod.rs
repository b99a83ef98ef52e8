//! Files → guard against personal data → [`Ledger`] of postings, as known at any month.

mod guard;
mod lines;
mod options;
mod panel;
mod parse;
mod postings;
mod problems;
mod read;
mod sheet;
mod stated;
mod table;
mod types;

pub use options::{Closing, LedgerOptions, Lines, Privacy, Source, SourceKind};
pub use types::{
    BudgetRow, ControlTotal, DuplicateRow, HumanForecast, Ledger, Origin, Posting, PostingKind,
    Reconciliation, Scope, SourceFile, UnmappedCode,
};

#[cfg(test)]
mod tests;
