//! The real program in temporary folders: one module per subject.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop, and says when it skips"
)]

mod archive;
mod council;
mod demo;
mod drift;
mod help;
mod sources;
mod support;
mod verbs;
mod wrong_inputs;
