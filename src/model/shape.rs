//! The shape of errors: their quantiles in units of their size.

use super::normal::normal_share;
use crate::score::interpolated;
use serde::{Deserialize, Serialize};

/// The probabilities of the shape, and the standard normal quantiles at them.
const PROBABILITIES: [f64; 5] = [0.025, 0.1, 0.5, 0.9, 0.975];
const NORMAL: [f64; 5] = [-1.959_964, -1.281_552, 0.0, 1.281_552, 1.959_964];

/// z at 2.5, 10, 50, 90 and 97.5 %; straight between them over the normal quantile, and beyond.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape(pub [f64; 5]);

impl Shape {
    /// The quantiles of `scores`, which are sorted.
    #[must_use]
    pub fn of(scores: &mut [f64]) -> Self {
        scores.sort_unstable_by(f64::total_cmp);
        Self(PROBABILITIES.map(|p| interpolated(scores, p)))
    }

    /// This shape, with `weight` on that of `scores`.
    pub(super) fn mixed(self, scores: &mut [f64], weight: f64) -> Self {
        if scores.is_empty() {
            return self;
        }
        let own = Self::of(scores).0;
        Self(std::array::from_fn(|k| weight * own[k] + (1.0 - weight) * self.0[k]))
    }

    /// The median.
    #[must_use]
    pub fn middle(&self) -> f64 {
        self.0[2]
    }

    /// The width of the 80 % band.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.0[3] - self.0[1]
    }

    /// z at a standard normal quantile.
    #[must_use]
    pub fn at(&self, normal: f64) -> f64 {
        let k = NORMAL[1..4].iter().filter(|&&knot| normal > knot).count();
        let share = (normal - NORMAL[k]) / (NORMAL[k + 1] - NORMAL[k]);
        self.0[k] + share * (self.0[k + 1] - self.0[k])
    }

    /// ln E exp(s·z): with z = a + bx between two knots, ∫ exp(s(a + bx)) φ(x) dx is
    /// exp(sa + s²b²/2) (Φ(right − sb) − Φ(left − sb)).
    pub(super) fn log_mean(&self, s: f64) -> f64 {
        let piece = |k: usize| {
            let left = if k == 0 { f64::NEG_INFINITY } else { NORMAL[k] };
            let right = if k == 3 { f64::INFINITY } else { NORMAL[k + 1] };
            let slope = s * (self.0[k + 1] - self.0[k]) / (NORMAL[k + 1] - NORMAL[k]);
            let level = s * self.0[k] - slope * NORMAL[k];
            let inside = normal_share(right - slope) - normal_share(left - slope);
            (level + slope * slope / 2.0).exp() * inside
        };
        (0..4).map(piece).sum::<f64>().ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape([-3.08, -1.65, 0.0, 1.80, 2.94]);

    #[test]
    fn reads_its_shape_and_the_mean_it_gives() {
        for (normal, z) in NORMAL.into_iter().zip(SHAPE.0) {
            assert!((SHAPE.at(normal) - z).abs() < 1e-12, "{normal}");
        }
        // A normal shape of deviation 2: ln E exp(s·z) = (2s)²/2.
        let normal = Shape(NORMAL.map(|normal| 2.0 * normal));
        for s in [0.01, 0.1, 0.5] {
            assert!((normal.log_mean(s) - 2.0 * s * s).abs() < 1e-6, "{s}");
        }
    }

    #[test]
    fn leans_on_the_shipped_shape_as_far_as_lines_are_few() {
        // One line beside fifteen shipped ones; z held within the middle half of the shape.
        let mut scores = vec![-0.1, 0.0, 0.1];
        let mixed = SHAPE.mixed(&mut scores, 1.0 / 16.0);
        assert!((mixed.width() - (0.16 + 15.0 * SHAPE.width()) / 16.0).abs() < 1e-9);
    }
}
