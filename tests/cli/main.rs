//! The real program in temporary folders: one module per subject.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop, and says when it skips"
)]

mod abuse;
mod account;
mod archive;
mod corpus;
mod council;
mod country;
mod demo;
mod drift;
mod dutch;
mod explain;
mod help;
mod html;
mod import;
mod note;
mod numbers;
mod peers;
mod public;
mod reliable;
mod sources;
mod support;
mod verbs;
mod workbook;
mod wrong_inputs;
