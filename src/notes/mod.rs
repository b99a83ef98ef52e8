//! What the department itself says of the figures: remarks per line and month with their answers, and the norms
//! that say when it acts.
//!
//! A remark is written once, in `duiding.toml`, and is carried into every report until it is closed. It names
//! people by their role and refuses what looks like personal data.

mod norm;
mod note;
mod written;

pub use norm::Norm;
pub use note::{Answer, Kind, Note, explanation, known};
pub use written::{Notebook, Status, Written};
