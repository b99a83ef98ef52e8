//! Dynamic optimised Theta (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler 2016).
//!
//! ```text
//! ŷ_{t+1} = ℓ_t + w ((1−α)ᵗ A_t + (1 − (1−α)^{t+1})/α · B_t)      w = 1 − 1/θ
//! ℓ_t = ℓ_{t−1} + α (y_t − ℓ_{t−1})
//! A_t, B_t: intercept and slope of the line through y_1 … y_t
//! ```
//!
//! .05 ≤ α ≤ .99, 1 ≤ θ ≤ 1000. The errors from the fourth value on are linear in ℓ₀ and w, so
//! only α is searched.

use super::{SmoothParameters, best_alpha};
use serde::{Deserialize, Serialize};

/// The range of α.
const LOWEST: f64 = 0.05;
const HIGHEST: f64 = 0.99;
/// The largest weight of the line: θ = 1000.
const FULL: f64 = 0.999;
/// The first errors say little: the line has hardly begun.
const SKIPPED: usize = 3;
/// A pivot this small says that the initial level makes no difference any more.
const NO_DIFFERENCE: f64 = 1e-12;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Dot {
    alpha: f64,
    /// w = 1 − 1/θ.
    weight: f64,
    level: f64,
    line: Line,
    /// (1 − α)ᵗ after t values.
    faded: f64,
}

/// The line through the values so far, and their mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Line {
    count: f64,
    mean: f64,
    slope: f64,
}

impl Line {
    fn add(&mut self, y: f64) {
        let t = self.count;
        if t > 0.0 {
            let gained = 6.0 * (y - self.mean) / (t + 1.0);
            self.slope = ((t - 1.0) * self.slope + gained) / (t + 2.0);
        }
        self.mean = (t * self.mean + y) / (t + 1.0);
        self.count += 1.0;
    }

    fn intercept(&self) -> f64 {
        self.mean - self.slope * (self.count + 1.0) / 2.0
    }

    /// What the line adds to the level for the next value.
    fn pull(&self, alpha: f64, faded: f64) -> f64 {
        pull(self.intercept(), self.slope, alpha, faded)
    }
}

fn pull(intercept: f64, slope: f64, alpha: f64, faded: f64) -> f64 {
    faded * intercept + (1.0 - faded * (1.0 - alpha)) / alpha * slope
}

impl Dot {
    pub(super) fn fit(y: &[f64]) -> Self {
        let mut line = Line::default();
        let before = |&y: &f64| {
            let before = (line.intercept(), line.slope);
            line.add(y);
            before
        };
        let lines: Vec<(f64, f64)> = y.iter().map(before).collect();
        let cost = |alpha: f64| Sums::new(y, &lines, alpha).best().0;
        let alpha = best_alpha(cost, LOWEST, HIGHEST);
        let (_, level, weight) = Sums::new(y, &lines, alpha).best();
        Self { alpha, weight, level, line: Line::default(), faded: 1.0 }
    }

    /// A series that lies `centre` higher has lines that do, with weight w; ℓ₀ makes up for the rest.
    pub(super) fn parameters(&self, centre: f64, size: f64) -> SmoothParameters {
        SmoothParameters {
            alpha: self.alpha,
            beta: 0.0,
            phi: 1.0,
            theta: 1.0 / (1.0 - self.weight),
            level: (1.0 - self.weight) * centre + size * self.level,
            trend: 0.0,
        }
    }

    /// Before the first value there is no line.
    pub(super) fn expected(&self) -> f64 {
        self.level + self.weight * self.line.pull(self.alpha, self.faded)
    }

    pub(super) fn observe(&mut self, y: f64) {
        self.level += self.alpha * (y - self.level);
        self.faded *= 1.0 - self.alpha;
        self.line.add(y);
    }
}

/// Inner products of d (the errors from ℓ₀ = 0 and w = 0), r (what ℓ₀ adds) and p (the pull of the
/// line).
#[derive(Default)]
struct Sums {
    dd: f64,
    dr: f64,
    rr: f64,
    dp: f64,
    rp: f64,
    pp: f64,
}

impl Sums {
    /// `lines` are intercept and slope before each value.
    fn new(y: &[f64], lines: &[(f64, f64)], alpha: f64) -> Self {
        let mut sums = Self::default();
        let (mut level, mut faded) = (0.0, 1.0);
        for (t, (&y, &(intercept, slope))) in y.iter().zip(lines).enumerate() {
            let d = y - level;
            if t >= SKIPPED {
                sums.add(d, faded, pull(intercept, slope, alpha, faded));
            }
            level += alpha * d;
            faded *= 1.0 - alpha;
        }
        sums
    }

    fn add(&mut self, d: f64, r: f64, p: f64) {
        self.dd += d * d;
        self.dr += d * r;
        self.rr += r * r;
        self.dp += d * p;
        self.rp += r * p;
        self.pp += p * p;
    }

    /// Least Σ(d − ℓ₀r − wp)² with 0 ≤ w ≤ [`FULL`], and those ℓ₀ and w.
    fn best(&self) -> (f64, f64, f64) {
        let free = self.rr > NO_DIFFERENCE;
        let share = if free { self.rp / self.rr } else { 0.0 };
        let pivot = self.pp - share * self.rp;
        let weight = if pivot > NO_DIFFERENCE * self.pp {
            ((self.dp - share * self.dr) / pivot).clamp(0.0, FULL)
        } else {
            0.0
        };
        let level = if free { (self.dr - weight * self.rp) / self.rr } else { 0.0 };
        let fitted = 2.0 * (level * self.dr + weight * self.dp)
            - level * level * self.rr
            - 2.0 * level * weight * self.rp
            - weight * weight * self.pp;
        (self.dd - fitted, level, weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_line_through_what_it_saw() {
        let mut line = Line::default();
        for y in [3.0, 5.0, 10.0] {
            line.add(y);
        }
        // Slope (−1·3 + 1·10)/2 = 3.5 through the mean 6 at t = 2.
        assert!((line.slope - 3.5).abs() < 1e-12 && (line.intercept() + 1.0).abs() < 1e-12);
    }

    #[test]
    fn follows_a_straight_line() {
        let y: Vec<f64> = (0..40).map(|t| 2.0 * f64::from(t)).collect();
        let mut dot = Dot::fit(&y);
        for &y in &y {
            dot.observe(y);
        }
        let first = dot.expected();
        dot.observe(first);
        assert!((first - 80.0).abs() < 0.2 && (dot.expected() - 82.0).abs() < 0.2, "{first}");
    }
}
