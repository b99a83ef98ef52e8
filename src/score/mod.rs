//! Pure scores of forecasts against outcomes. Amounts in euros, shares as fractions.

mod coverage;
mod error;
mod interval;

pub use coverage::{Coverage, coverage};
pub use error::{bias, relative_error, wape};
pub use interval::{interval_score, wis};
