//! Files → guard against personal data → [`Ledger`] of postings, as known at any month.

mod codes;
mod declared;
mod guard;
mod lines;
mod options;
mod panel;
mod parse;
mod postings;
mod problems;
mod read;
mod row;
mod sheet;
mod snapshots;
mod stated;
mod table;
mod types;

pub use guard::{refuse_person, refuse_personal_text};
pub use options::{Closing, LedgerOptions, Lines, Privacy, Source, SourceKind};
pub use types::{
    BudgetRow, ControlTotal, Counted, Declarations, DeclaredLine, DuplicateRow, HumanForecast,
    Ledger, Origin, Posting, PostingKind, Reconciliation, Scope, Snapshot, SourceFile,
    UnmappedCode,
};

#[cfg(test)]
mod tests;
