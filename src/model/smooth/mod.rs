//! Smoothers: three small models of a prepared series.
//!
//! Each knows what it expects next ([`Smoother::expected`]) and takes in what came
//! ([`Smoother::observe`]). A forecast takes in its own expectation; a path takes in that plus a
//! shock. The parameters are the least squares of the one-step errors: what the errors are linear
//! in is found exactly, and the rest is searched.

mod damped;
mod dot;
mod theta;

use super::{mean, mean_of, real};
use damped::Damped;
use dot::Dot;
use serde::{Deserialize, Serialize};
use theta::Theta;

/// Below this length the last value is all there is to say.
const FEWEST: usize = 4;
/// The values of α that are looked at before the search, as quantiles of a smooth likelihood.
const LOOK: [f64; 8] = [0.06, 0.12, 0.2, 0.32, 0.46, 0.62, 0.78, 0.92];

/// Which smoother.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Smooth {
    /// Dynamic optimised Theta.
    Dot,
    /// The Theta method.
    Theta,
    /// A level with a trend that dies out.
    #[serde(rename = "gedempte-trend")]
    Damped,
}

/// What a smoother was found to be. The states are those before the first value, in the unit of what
/// was smoothed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmoothParameters {
    /// How far the level follows an error.
    pub alpha: f64,
    /// How far the trend follows an error: αβ of the damped trend, 0 for another.
    pub beta: f64,
    /// What is left of the trend each month: φ of the damped trend, 1 for another.
    pub phi: f64,
    /// θ of `dot`, 2 for `theta`, 1 for a smoother without a line.
    pub theta: f64,
    /// ℓ₀.
    pub level: f64,
    /// b₀ of the damped trend; of `theta` the drift ½ b; 0 for another.
    pub trend: f64,
}

/// A smoother with its parameters, in the state after the last value taken in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Smoother {
    /// What was taken out before the parameters were sought, and the size of what was left.
    centre: f64,
    size: f64,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// The last value again.
    Last {
        value: f64,
    },
    Dot(Dot),
    Theta(Theta),
    Damped(Damped),
}

impl Smooth {
    /// All, in the order of the blend.
    pub const ALL: [Self; 3] = [Self::Dot, Self::Theta, Self::Damped];

    /// The name in files and output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dot => "dot",
            Self::Theta => "theta",
            Self::Damped => "gedempte-trend",
        }
    }
}

impl Smoother {
    /// Finds the parameters on `a` and gives the state before its first value.
    pub(super) fn fit(smooth: Smooth, a: &[f64]) -> Self {
        Self::found(&Standard::of(a), smooth, None)
    }

    /// All, in the order of the blend. `near` are the same fitted on almost the same values, from which the
    /// search is short.
    pub(super) fn fit_all(a: &[f64], near: Option<&[Self]>) -> Vec<Self> {
        let standard = Standard::of(a);
        let fit = |(at, &smooth): (usize, &Smooth)| {
            Self::found(&standard, smooth, near.map(|near| &near[at]))
        };
        Smooth::ALL.iter().enumerate().map(fit).collect()
    }

    fn found(standard: &Standard, smooth: Smooth, near: Option<&Self>) -> Self {
        let Standard { centre, size, z } = standard;
        let kind = match (z.as_slice(), smooth) {
            (&[value], _) => Kind::Last { value },
            (z, Smooth::Dot) => Kind::Dot(Dot::fit(z)),
            (z, Smooth::Theta) => Kind::Theta(Theta::fit(z)),
            (z, Smooth::Damped) => Kind::Damped(Damped::fit(z, near.and_then(Self::damped))),
        };
        Self { centre: *centre, size: *size, kind }
    }

    /// The parameters, and the states it is in; `None` for a line that never moved.
    pub(super) fn parameters(&self) -> Option<SmoothParameters> {
        let found = match &self.kind {
            Kind::Last { .. } => return None,
            Kind::Dot(dot) => dot.parameters(self.centre, self.size),
            Kind::Theta(theta) => theta.parameters(self.centre, self.size),
            Kind::Damped(damped) => damped.parameters(self.centre, self.size),
        };
        Some(found)
    }

    fn damped(&self) -> Option<&Damped> {
        match &self.kind {
            Kind::Damped(damped) => Some(damped),
            _ => None,
        }
    }

    /// Takes in `a` and gives the one-step errors.
    pub(super) fn filter(&mut self, a: &[f64]) -> Vec<f64> {
        let error = |&a: &f64| {
            let error = a - self.expected();
            self.observe(a);
            error
        };
        a.iter().map(error).collect()
    }

    /// What comes after the values taken in, `months` long.
    pub(super) fn forecast(&self, months: usize) -> Vec<f64> {
        let mut state = self.clone();
        let next = |_| {
            let expected = state.expected();
            state.observe(expected);
            expected
        };
        (0..months).map(next).collect()
    }

    /// The next value, as far as it can be known.
    pub(super) fn expected(&self) -> f64 {
        let z = match &self.kind {
            Kind::Last { value } => *value,
            Kind::Dot(dot) => dot.expected(),
            Kind::Theta(theta) => theta.expected(),
            Kind::Damped(damped) => damped.expected(),
        };
        self.centre + self.size * z
    }

    /// Takes in the next value.
    pub(super) fn observe(&mut self, a: f64) {
        let z = (a - self.centre) / self.size;
        match &mut self.kind {
            Kind::Last { value } => *value = z,
            Kind::Dot(dot) => dot.observe(z),
            Kind::Theta(theta) => theta.observe(z),
            Kind::Damped(damped) => damped.observe(z),
        }
    }
}

/// Values with mean 0 and deviation 1; of a series that is short or never moved the last value alone, as it is.
struct Standard {
    centre: f64,
    size: f64,
    z: Vec<f64>,
}

impl Standard {
    fn of(a: &[f64]) -> Self {
        let centre = mean(a);
        let size = mean_of(a.iter().map(|a| (a - centre).powi(2))).sqrt();
        let usual = mean_of(a.iter().map(|a| a.abs()));
        if a.len() < FEWEST || size <= 1e-12 * usual {
            return Self { centre: 0.0, size: 1.0, z: vec![a.last().copied().unwrap_or(0.0)] };
        }
        Self { centre, size, z: a.iter().map(|a| (a - centre) / size).collect() }
    }
}

/// The slope of the least-squares line through `y`.
fn slope(y: &[f64]) -> f64 {
    let middle = real(y.len() - 1) / 2.0;
    let centre = mean(y);
    let products = y.iter().enumerate().map(|(t, y)| (real(t) - middle) * (y - centre));
    let squares: f64 = (0..y.len()).map(|t| (real(t) - middle).powi(2)).sum();
    if squares > 0.0 { products.sum::<f64>() / squares } else { 0.0 }
}

/// The lowest point of `cost` over α in `low` to `high`: a look at several, then a search around
/// the best.
fn best_alpha(cost: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let looked: Vec<f64> = LOOK.iter().map(|&alpha| cost(alpha)).collect();
    let best = (0..LOOK.len()).min_by(|&i, &j| looked[i].total_cmp(&looked[j])).unwrap_or(0);
    let from = if best == 0 { low } else { LOOK[best - 1] };
    let to = LOOK.get(best + 1).copied().unwrap_or(high);
    super::optimum::minimise_between(cost, from, to)
}
