//! How wide the band of one line is: features of its history, and the size of errors they predict.
//!
//! ```text
//! v = 1, ln mean|Δa|, ln mean|a − local line|, ln mean|x_t − x_{t−12}|, ln n,
//!     ln mean|ln ratio of 12-month sums a year apart|, ln mean|Δa| of the last 24,
//!     ln disagreement of the smoothers
//! ln s_h = β · [v, v · (ln h − 1.9)]        an error h months ahead, relative to ŷ
//! ln s_Σ = γ · v                            an error of the sum of the next twelve
//! ```
//!
//! a is prepared but not clipped, x only on its scale. β and γ are learned over all lines
//! ([`super::Calibration`]). On levels every difference counts relative to the size of the line.

use super::prepare::{Preparation, Scale, local_line};
use super::{mean, mean_of, real};
use crate::panel::Series;
use serde::{Deserialize, Serialize};

/// The number of features.
pub(super) const FEATURES: usize = 8;
/// Added before a logarithm is taken, so that a constant line has one.
const OFFSET: f64 = 1e-4;
const OFFSET_DISAGREEMENT: f64 = 1e-3;
/// ln h at the middle of the horizons that were learned from.
const MIDDLE: f64 = 1.9;
/// An error larger than the forecast itself is no error of scale any more.
const WIDEST: f64 = 1.0;
/// The recent months, and a year.
const RECENT: usize = 24;
const YEAR: usize = 12;
/// Below so many changes over a year the distances from the mean stand in for them.
const FEW: usize = 3;

/// v.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Features(pub(super) [f64; FEATURES]);

impl Features {
    pub(super) fn of(preparation: &Preparation, history: &Series, disagreement: f64) -> Self {
        let Series { start, values, .. } = history;
        let scale = preparation.scale;
        let unit = scale.unit(values);
        let a = preparation.unclipped(values, *start);
        let changes: Vec<f64> = a.windows(2).map(|pair| (pair[1] - pair[0]).abs() / unit).collect();
        let line = local_line(&a);
        let rough = a.iter().zip(&line).map(|(a, line)| (a - line).abs() / unit);
        let x: Vec<f64> = values.iter().map(|&y| scale.apply(y) / unit).collect();
        let yearly = over_a_year(&x);
        let sums = change_of_sums(scale, values).map_or(yearly, |change| change / unit);
        let ln = |value: f64| (value + OFFSET).ln();
        Self([
            1.0,
            ln(mean(&changes)),
            ln(mean_of(rough)),
            ln(yearly),
            real(values.len()).ln(),
            ln(sums),
            ln(mean(&changes[changes.len().saturating_sub(RECENT)..])),
            (disagreement / unit + OFFSET_DISAGREEMENT).ln(),
        ])
    }

    /// The mean change of a prepared month, relative.
    pub(super) fn change(&self) -> f64 {
        self.0[1].exp() - OFFSET
    }

    /// The features and what they do to the growth of errors with the horizon.
    pub(super) fn with_horizon(&self, ln_h: f64) -> [f64; 2 * FEATURES] {
        std::array::from_fn(|k| match k.checked_sub(FEATURES) {
            None => self.0[k],
            Some(k) => self.0[k] * (ln_h - MIDDLE),
        })
    }

    /// `s_h` for h = 1 … `months`, never falling.
    pub(super) fn monthly(&self, beta: &[f64; 2 * FEATURES], months: usize) -> Vec<f64> {
        let mut widest: f64 = 0.0;
        let size = |h: usize| {
            widest = widest.max(size_of(dot(beta, &self.with_horizon(real(h).ln()))));
            widest
        };
        (1..=months).map(size).collect()
    }

    /// `s_Σ`.
    pub(super) fn yearly(&self, gamma: &[f64; FEATURES]) -> f64 {
        size_of(dot(gamma, &self.0))
    }
}

fn size_of(logarithm: f64) -> f64 {
    logarithm.exp().clamp(OFFSET, WIDEST)
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The mean change over a year; for a short series the distance from its mean.
fn over_a_year(x: &[f64]) -> f64 {
    let changes = x.iter().skip(YEAR).zip(x).map(|(now, then)| (now - then).abs());
    if changes.len() >= FEW {
        return mean_of(changes);
    }
    let centre = mean(x);
    mean_of(x.iter().map(|x| (x - centre).abs()))
}

/// The mean change over a year of the sum of twelve months, as the scale measures it; `None` below
/// two years.
fn change_of_sums(scale: Scale, values: &[f64]) -> Option<f64> {
    let sums: Vec<f64> = values.windows(YEAR).map(|year| scale.average(year)).collect();
    let changes =
        sums.iter().skip(YEAR).zip(&sums).map(|(&now, &then)| scale.apart(now, then).abs());
    (changes.len() > 0).then(|| mean_of(changes))
}
