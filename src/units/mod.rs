//! The small types every other room speaks in: months, money and the names of lines.
//!
//! Each kind of quantity has a type of its own, so that a month can not be added to a month and
//! cents can not be mistaken for euros. Estimates are plain `f64` in euros and say so in their docs.

mod dutch;
mod formula;
mod hash;
mod line;
mod money;
mod month;
mod spelling;

pub use dutch::{MAANDEN, euro, exact, grouped, maand};
pub use formula::harmless;
pub use hash::{Hash, sha256};
pub use line::{Level, LineId, Measure, Side, UNCLASSIFIED, Wet};
pub use money::Cents;
pub use month::{Month, Months};
pub use spelling::{closest, near};
