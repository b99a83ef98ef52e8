//! A level with a trend that dies out (Gardner and `McKenzie` 1985).
//!
//! ```text
//! ŷ_{t+1} = ℓ_t + φ b_t
//! ℓ_t = ŷ_t + α e_t
//! b_t = φ b_{t−1} + αβ e_t      .01 ≤ α ≤ .99, 0 < β ≤ .99, .8 ≤ φ ≤ .98
//! ```
//!
//! All five are searched together, from a slow and a quick start of α, β and φ with the ℓ₀ and b₀
//! that suit them best.

use super::SmoothParameters;
use crate::model::optimum::{Local, Search, descend};
use serde::{Deserialize, Serialize};

/// α, β, φ, ℓ₀ and b₀.
type Point = [f64; 5];

/// The ranges of α, β and φ; ℓ₀ and b₀ are free.
const BOUNDS: [(f64, f64); 5] = [
    (0.01, 0.99),
    (1e-4, 0.99),
    (0.8, 0.98),
    (f64::NEG_INFINITY, f64::INFINITY),
    (f64::NEG_INFINITY, f64::INFINITY),
];
/// A slow and a quick start of the search.
const STARTS: [[f64; 3]; 2] = [[0.15, 0.1, 0.92], [0.6, 0.1, 0.92]];
/// The search ends when a step promises less of Σe²/n, on values of deviation 1.
const ENOUGH: f64 = 1e-9;
const STEPS: u32 = 100;
/// A pivot this small says that an initial state makes no difference.
const NO_DIFFERENCE: f64 = 1e-10;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Damped {
    alpha: f64,
    beta: f64,
    phi: f64,
    level: f64,
    trend: f64,
}

impl Damped {
    /// Searches from both starts, or only from `near`, the parameters of almost the same series.
    pub(super) fn fit(y: &[f64], near: Option<&Self>) -> Self {
        let found = if let Some(near) = near {
            search(y, [near.alpha, near.beta, near.phi])
        } else {
            let [slow, quick] = STARTS.map(|start| search(y, start));
            if quick.1 < slow.1 { quick } else { slow }
        };
        let [alpha, beta, phi, level, trend] = found.0;
        Self { alpha, beta, phi, level, trend }
    }

    pub(super) fn parameters(&self, centre: f64, size: f64) -> SmoothParameters {
        SmoothParameters {
            alpha: self.alpha,
            beta: self.alpha * self.beta,
            phi: self.phi,
            theta: 1.0,
            level: centre + size * self.level,
            trend: size * self.trend,
        }
    }

    pub(super) fn expected(&self) -> f64 {
        self.level + self.phi * self.trend
    }

    pub(super) fn observe(&mut self, y: f64) {
        let expected = self.expected();
        let error = y - expected;
        self.level = expected + self.alpha * error;
        self.trend = self.phi * self.trend + self.alpha * self.beta * error;
    }
}

/// The lowest Σe²/n near these α, β and φ.
fn search(y: &[f64], parameters: [f64; 3]) -> (Point, f64) {
    let (_, [level, trend]) = concentrated(y, parameters);
    let [alpha, beta, phi] = parameters;
    let search =
        Search { bounds: BOUNDS, enough: ENOUGH, hope: 1.0, hopeless: f64::INFINITY, steps: STEPS };
    descend(|point| look(y, point), [alpha, beta, phi, level, trend], search)
}

/// Σe²/n at a point, and the slopes of what is expected: those of level and trend follow the same
/// recursion as level and trend. The error stands behind its slopes, so that one table of products holds all.
fn look(y: &[f64], &[alpha, beta, phi, level, trend]: &Point) -> Local<5> {
    let (mut level, mut trend) = (level, trend);
    let mut by_level = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let mut by_trend = [0.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    let mut products = [[0.0; 6]; 6];
    let gain = alpha * beta;
    for &y in y {
        let expected = level + phi * trend;
        let error = y - expected;
        let faded: [f64; 6] = std::array::from_fn(|k| phi * by_trend[k]);
        let mut slope: [f64; 6] = std::array::from_fn(|k| by_level[k] + faded[k]);
        slope[2] += trend;
        by_level = slope.map(|slope| (1.0 - alpha) * slope);
        by_trend = std::array::from_fn(|k| faded[k] - gain * slope[k]);
        by_level[0] += error;
        by_trend[0] += beta * error;
        by_trend[1] += alpha * error;
        by_trend[2] += trend;
        slope[5] = error;
        for k in 0..6 {
            for j in k..6 {
                products[k][j] += slope[k] * slope[j];
            }
        }
        level = expected + alpha * error;
        trend = phi * trend + gain * error;
    }
    let gram = std::array::from_fn(|k| std::array::from_fn(|j| products[k.min(j)][k.max(j)]));
    let pull = std::array::from_fn(|k| products[k][5]);
    let n = super::real(y.len());
    Local { cost: products[5][5] / n, scale: 2.0 / n, gram, pull }
}

/// Least Σe² over ℓ₀ and b₀, and those two. Three recursions run beside each other: the series from
/// zero states, and a unit of each state without a series.
fn concentrated(y: &[f64], [alpha, beta, phi]: [f64; 3]) -> (f64, [f64; 2]) {
    let mut level = [0.0, 1.0, 0.0];
    let mut trend = [0.0, 0.0, 1.0];
    let mut sums = [0.0; 6];
    let gain = alpha * beta;
    for &y in y {
        let mut e = [y, 0.0, 0.0];
        for k in 0..3 {
            trend[k] *= phi;
            level[k] += trend[k];
            e[k] -= level[k];
            level[k] += alpha * e[k];
            trend[k] += gain * e[k];
        }
        let products =
            [e[0] * e[0], e[0] * e[1], e[0] * e[2], e[1] * e[1], e[1] * e[2], e[2] * e[2]];
        sums.iter_mut().zip(products).for_each(|(sum, product)| *sum += product);
    }
    least(sums)
}

/// Least Σ(e + ℓ₀u + b₀v)² from the inner products ee, eu, ev, uu, uv, vv.
fn least([ee, eu, ev, uu, uv, vv]: [f64; 6]) -> (f64, [f64; 2]) {
    let share = uv / uu;
    let pivot = vv - share * uv;
    let trend = if pivot > NO_DIFFERENCE * vv { -(ev - share * eu) / pivot } else { 0.0 };
    let level = -(eu + trend * uv) / uu;
    (ee + level * eu + trend * ev, [level, trend])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_slopes() {
        let y: Vec<f64> = (0..30).map(|t| f64::from((t * 7) % 11) - 5.0).collect();
        let at = [0.3, 0.2, 0.9, 1.0, 0.5];
        let here = look(&y, &at);
        for k in 0..5 {
            let mut moved = at;
            moved[k] += 1e-6;
            let slope = (look(&y, &moved).cost - here.cost) / 1e-6;
            assert!((slope + here.scale * here.pull[k]).abs() < 1e-3, "{k}: {slope}");
        }
    }

    #[test]
    fn fits_a_damped_line_exactly() {
        // ℓ₀ = 1, b₀ = 2, φ = .9 and no noise.
        let mut truth = Damped { alpha: 0.3, beta: 0.2, phi: 0.9, level: 1.0, trend: 2.0 };
        let next = |_| {
            let y = truth.expected();
            truth.observe(y);
            y
        };
        let y: Vec<f64> = (0..20).map(next).collect();
        let (sse, [level, trend]) = concentrated(&y, [0.3, 0.2, 0.9]);
        assert!(sse.abs() < 1e-10 && (level - 1.0).abs() < 1e-9 && (trend - 2.0).abs() < 1e-9);
    }
}
