//! Rules on a ledger and its panel → findings: the data is odd, and we go on.
//!
//! [`RULES`] is the one list of rules; [`check`] runs them all and [`Severities`] holds what a
//! workspace wants to be stricter or milder about. What each code means and what to do about it
//! stands in [`crate::guide::findings`].

mod basis;
mod budgets;
mod files;
mod finding;
mod lines;
mod months;
mod notes;
mod policy;
mod postings;
mod prices;
mod rules;
#[cfg(test)]
mod sample;
mod severities;
mod sources;
mod taakvelden;

pub use basis::{Basis, Criterion, Standing, basis, dated_percent};
pub use finding::{Finding, Severity, refuse_denied};
pub use rules::{Facts, RULES, Rule, check};
pub use severities::Severities;
