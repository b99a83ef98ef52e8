//! Lines in a situation that the model has not known for long: what it learned before is of less use,
//! and their bands are wider.
//!
//! ```text
//! width of a line × (1 + 1.5 ÷ m)        m: the known months of its regime, below 24
//! ```
//!
//! Measured on made-up towns (`cargo bench --bench regimes`, and the guide on drift): what the band of a year
//! total had to be multiplied by to hold 80 % fell from 1.7 in the first three months to 1.2 at seven to nine and
//! 1.0 after a year. A line in its own first months has a rule of its own (`bands.rs`).

use super::Bands;
use crate::units::{LineId, Months};

/// A model needs so many months of what it forecasts: two of every month of the year.
pub const NEEDED: Months = Months(24);
/// How much wider a band is in the first month.
const FIRST: f64 = 1.5;

/// What the band of a line is multiplied by when so many months of its regime are known; 1 from 24 on.
#[must_use]
pub fn widening(known: Months) -> f64 {
    if known >= NEEDED { 1.0 } else { 1.0 + FIRST / f64::from(known.0.max(1)) }
}

impl Bands {
    /// The same bands, wider for lines of whose regime so many months are known.
    #[must_use]
    pub fn widened(mut self, regimes: impl IntoIterator<Item = (LineId, Months)>) -> Self {
        self.wider = regimes.into_iter().map(|(line, known)| (line, widening(known))).collect();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_narrow_as_a_regime_grows_old() {
        let found: Vec<f64> = [0, 1, 3, 12, 23].map(|m| widening(Months(m))).to_vec();
        assert!((found[0] - 2.5).abs() < 1e-12 && (found[1] - 2.5).abs() < 1e-12);
        assert!((found[2] - 1.5).abs() < 1e-12 && (found[3] - 1.125).abs() < 1e-12);
        assert!(found.is_sorted_by(|a, b| a >= b));
        assert!((widening(NEEDED) - 1.0).abs() < 1e-12);
    }
}
