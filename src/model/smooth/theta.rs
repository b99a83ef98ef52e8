//! The Theta method (Assimakopoulos and Nikolopoulos 2000): simple smoothing plus half the slope
//! of the whole series, in the form of Hyndman and Billah (2003).
//!
//! ```text
//! ŷ_{n+1} = ℓ_n + ½ b (1 − (1−α)ⁿ)/α      b: slope of the line through the series
//! ℓ_t = ℓ_{t−1} + α (y_t − ℓ_{t−1})        α: least Σ(y_t − ℓ_{t−1})², .01 ≤ α ≤ .99
//! ```

use super::{SmoothParameters, best_alpha, slope};
use serde::{Deserialize, Serialize};

/// The range of α.
const LOWEST: f64 = 0.01;
const HIGHEST: f64 = 0.99;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Theta {
    alpha: f64,
    /// ½ b.
    drift: f64,
    level: f64,
    /// (1 − α)ᵗ after t values.
    faded: f64,
}

impl Theta {
    pub(super) fn fit(y: &[f64]) -> Self {
        let alpha = best_alpha(|alpha| smoothing(y, alpha).0, LOWEST, HIGHEST);
        let (_, level) = smoothing(y, alpha);
        Self { alpha, drift: slope(y) / 2.0, level, faded: 1.0 }
    }

    pub(super) fn parameters(&self, centre: f64, size: f64) -> SmoothParameters {
        SmoothParameters {
            alpha: self.alpha,
            beta: 0.0,
            phi: 1.0,
            theta: 2.0,
            level: centre + size * self.level,
            trend: size * self.drift,
        }
    }

    pub(super) fn expected(&self) -> f64 {
        self.level + self.drift * (1.0 - self.faded) / self.alpha
    }

    pub(super) fn observe(&mut self, y: f64) {
        self.level += self.alpha * (y - self.level);
        self.faded *= 1.0 - self.alpha;
    }
}

/// Least Σ(`y_t − ℓ_{t−1}`)² over the initial level, and that level: the errors from a level of 0
/// less ℓ₀ times (1−α)ᵗ.
fn smoothing(y: &[f64], alpha: f64) -> (f64, f64) {
    let (mut level, mut faded) = (0.0, 1.0);
    let (mut dd, mut dr, mut rr) = (0.0, 0.0, 0.0);
    for &y in y {
        let d = y - level;
        dd += d * d;
        dr += d * faded;
        rr += faded * faded;
        level += alpha * d;
        faded *= 1.0 - alpha;
    }
    (dd - dr * dr / rr, dr / rr)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_level_that_fits_best() {
        // α = ½ on 2, 4: errors 2 − ℓ and 3 − ℓ/2, least at ℓ = 2.8, with .64 + 2.56 = 3.2.
        let (sse, level) = smoothing(&[2.0, 4.0], 0.5);
        assert!((level - 2.8).abs() < 1e-12 && (sse - 3.2).abs() < 1e-12, "{sse} {level}");
    }

    #[test]
    fn follows_half_the_slope() {
        let y: Vec<f64> = (0..40).map(|t| 2.0 * f64::from(t)).collect();
        let mut theta = Theta::fit(&y);
        for &y in &y {
            theta.observe(y);
        }
        let first = theta.expected();
        theta.observe(first);
        assert!((theta.expected() - first - 1.0).abs() < 0.05);
    }
}
