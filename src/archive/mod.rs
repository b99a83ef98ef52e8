//! Forecasts of record: what was said, kept as it was said, and set beside what came true.
//!
//! Each forecast is one file ([`Record`]) that nothing changes any more. [`keep`] adds it to the chain of a
//! folder: every file holds the fingerprint of the one before it and `HEAD` that of the newest, so
//! [`read`] can tell what was changed, lost or added. [`beside`] compares a record with the [`Truth`] on the
//! line table that was in force when it was made.

mod beside;
mod chain;
mod record;
mod shelf;
#[cfg(test)]
mod tests;
mod whole;

pub use beside::{Scored, Standing, Tally, Target, Truth, beside, tally};
pub use chain::{Chain, Entry};
pub use record::{Definition, Made, MonthFigures, Part, Record, SCHEMA, YearFigures};
pub use shelf::{Kept, exclusive, keep, read};
pub use whole::{between_files, replace};
