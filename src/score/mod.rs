//! Pure scores of forecasts against outcomes, and the quantiles they look at. Amounts in euros, shares as fractions.

mod coverage;
mod error;
mod interval;
mod multiple;
mod paired;
mod sample;
mod student;

pub use coverage::{Coverage, at_most, coverage, fewest};
pub use error::{bias, relative_error, wape};
pub use interval::{interval_score, wis};
pub use multiple::benjamini_hochberg;
pub use paired::{Efficiency, Test, diebold_mariano, efficiency, sign_test, signed_ranks};
pub use sample::{crps, interpolated, pinball, pit_histogram, place};
pub use student::{below, f_above, normal_below, quantile, two_sided};
