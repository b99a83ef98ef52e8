//! The Iv3 taakvelden of Wmo and Jeugd in the three schemes there were, and how money crosses from one to another.
//!
//! Two changes matter. In 2023 five taakvelden became nineteen; in 2025 all were renumbered, and youth care was cut anew by
//! who buys it (local, regional, national). What cannot be followed code by code is a [`Refusal`] that names the
//! [`BridgeLevel`] at which it can. The tables are files in `data/`; [`crate::guide::taakvelden`] tells what they rest on.

mod cross;
mod level;
mod table;

pub use cross::{Crossing, Refusal, Relation, Target, cross};
pub use level::{BridgeLevel, levels};
pub use table::{Scheme, Taakveld, all, code_of, find, schemes_of};
