//! Files → guard against personal data → [`Ledger`] of postings, as known at any month.

mod codes;
mod crossing;
mod declared;
mod files;
mod guard;
mod inside;
mod layout;
mod lines;
mod options;
mod panel;
mod parse;
mod postings;
mod problems;
mod propose;
mod published;
mod read;
mod repeats;
mod row;
mod sheet;
mod snapshots;
mod sorting;
mod stated;
mod stretch;
mod table;
mod types;

pub use files::{Content, Files, Rows};
pub use guard::{refuse_person, refuse_personal_text};
pub use inside::{refuse_climbing, refuse_leading_out};
pub use options::{Closing, LedgerOptions, Lines, Privacy, Source, SourceKind};
pub use propose::{PreviewRow, Proposal, ProposedCode, extracts, plain, propose};
pub use published::{Municipality, Published};
pub use types::{
    BudgetRow, ControlTotal, Counted, Declarations, DeclaredLine, DuplicateRow, HumanForecast,
    Ledger, Origin, Posting, PostingKind, Reconciliation, Scope, Snapshot, SourceFile, Sum,
    UnmappedCode,
};

#[cfg(test)]
mod tests;
