//! What an event of which the date is known did to a line: regression with errors that remember the
//! month before.
//!
//! *yₜ* = *xₜ*'*b* + *uₜ*, *uₜ* = *ρuₜ₋₁* + *εₜ*. Given *ρ*, generalised least squares as Prais and Winsten
//! (1954) make it: *y₁*√(1−*ρ²*), then *yₜ* − *ρyₜ₋₁*. Least squares alone calls every third month of autocorrelated
//! money a step, and so does the sandwich of Newey and West, for the step absorbs the months it is told
//! from (METHODS §2 of the design notes).

use super::least::{Least, least};
use super::real;
use crate::score::{quantile, two_sided};

/// *ρ* is sought between these.
const RHO: f64 = 0.95;
/// In so many steps, and then finer.
const GRID: u32 = 38;
/// Halvings of the interval by the golden section: to 1e-6.
const HALVINGS: usize = 24;
/// A smallest effect is seen with this chance, in a test that is wrong with this one.
const POWER: f64 = 0.80;
const SIZE: f64 = 0.05;

/// A regression with AR(1) errors.
#[derive(Clone, Debug, PartialEq)]
pub struct Regression {
    /// Per column.
    pub coefficients: Vec<f64>,
    /// Their standard errors.
    pub errors: Vec<f64>,
    /// How much of the error of a month is that of the month before.
    pub rho: f64,
    /// Values less columns.
    pub freedom: f64,
}

/// What one column does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// In the unit of the values.
    pub estimate: f64,
    /// Its standard error.
    pub error: f64,
    /// The chance of one so far from 0 when there is none: Student's *t* on `freedom`.
    pub chance: f64,
    /// The effect that would be seen with a chance of 80 % in a test at 5 %.
    pub smallest: f64,
}

/// Regresses values on columns, with *ρ* of the largest restricted likelihood (REML), which takes into
/// account what the columns absorb: the autocorrelation of residuals is too low, and their plain
/// likelihood with it. `None` when the columns are not independent, or nothing is left to judge by.
#[must_use]
pub fn regress(values: &[f64], columns: &[Vec<f64>]) -> Option<Regression> {
    let rho = likeliest(|rho| likelihood(values, columns, rho))?;
    let Least { coefficients, inverse, left, freedom, .. } = whitened(values, columns, rho)?;
    let variance = left / freedom;
    (variance > 0.0).then(|| Regression {
        coefficients,
        errors: inverse.iter().map(|cell| (cell * variance).sqrt()).collect(),
        rho,
        freedom,
    })
}

/// What `shape` does to monthly values beside level, trend, one harmonic and `others`. Of those, one that
/// can not be told from the rest is left out.
#[must_use]
pub fn effect(values: &[f64], shape: &[f64], others: &[Vec<f64>]) -> Option<Effect> {
    let mut columns = usual(values.len());
    columns.insert(0, shape.to_vec());
    for other in others {
        columns.push(other.clone());
        if least(values, &columns).is_none() {
            columns.pop();
        }
    }
    let found = regress(values, &columns)?;
    let (estimate, error) = (found.coefficients[0], found.errors[0]);
    let seen = quantile(1.0 - SIZE / 2.0, found.freedom) + quantile(POWER, found.freedom);
    let chance = two_sided(estimate / error, found.freedom);
    Some(Effect { estimate, error, chance, smallest: seen * error })
}

/// Level, trend and one harmonic of so many months. The trend runs from −1 to 1, which keeps elimination
/// exact.
fn usual(months: usize) -> Vec<Vec<f64>> {
    let turn = |t: usize| std::f64::consts::TAU * real(t) / 12.0;
    let of = |f: &dyn Fn(usize) -> f64| (0..months).map(f).collect();
    let trend = |t: usize| 2.0 * real(t) / real(months - 1).max(1.0) - 1.0;
    vec![of(&|_| 1.0), of(&trend), of(&|t| turn(t).sin()), of(&|t| turn(t).cos())]
}

/// The restricted log likelihood of *ρ*, up to a constant.
fn likelihood(values: &[f64], columns: &[Vec<f64>], rho: f64) -> Option<f64> {
    let found = whitened(values, columns, rho)?;
    let spread = found.freedom * found.left.ln() + found.log_determinant;
    Some(0.5 * ((-rho * rho).ln_1p() - spread))
}

fn whitened(values: &[f64], columns: &[Vec<f64>], rho: f64) -> Option<Least> {
    let white = |series: &[f64]| -> Vec<f64> {
        let first = series.first().map(|value| value * (1.0 - rho * rho).sqrt());
        first.into_iter().chain(series.windows(2).map(|w| w[1] - rho * w[0])).collect()
    };
    let columns: Vec<Vec<f64>> = columns.iter().map(|column| white(column)).collect();
    least(&white(values), &columns)
}

/// Where `height` is largest: on a grid, and then by the golden section around the best of it.
fn likeliest(height: impl Fn(f64) -> Option<f64>) -> Option<f64> {
    let step = 2.0 * RHO / f64::from(GRID);
    let grid = (0..=GRID).map(|k| f64::from(k).mul_add(step, -RHO));
    let heights = grid.filter_map(|rho| Some((rho, height(rho)?)));
    let (best, _) = heights.max_by(|a, b| a.1.total_cmp(&b.1))?;
    let (mut low, mut high) = ((best - step).max(-RHO), (best + step).min(RHO));
    let part = (5.0_f64.sqrt() - 1.0) / 2.0;
    for _ in 0..HALVINGS {
        let (left, right) = (high - part * (high - low), low + part * (high - low));
        if height(left)? > height(right)? {
            high = right;
        } else {
            low = left;
        }
    }
    Some(f64::midpoint(low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Errors that remember .3, the same every time.
    fn noise(months: usize) -> Vec<f64> {
        let mut last = 0.0;
        let next = |t: usize| {
            last = 0.3 * last + real(t * 37 % 23) / 11.0 - 1.0;
            last
        };
        (0..months).map(next).collect()
    }

    #[test]
    fn a_step_is_found_beside_trend_and_season() {
        let step: Vec<f64> = (0..72).map(|t| f64::from(u8::from(t >= 60))).collect();
        let line = |(t, noise): (usize, f64)| {
            10.0 + 0.1 * real(t) + 2.0 * (std::f64::consts::TAU * real(t) / 12.0).cos() + noise
        };
        let without: Vec<f64> = noise(72).into_iter().enumerate().map(line).collect();
        let with: Vec<f64> = without.iter().zip(&step).map(|(y, s)| y + 5.0 * s).collect();
        let (none, some) = (effect(&without, &step, &[]), effect(&with, &step, &[]));
        let (none, some) = (none.unwrap(), some.unwrap());
        assert!((some.estimate - none.estimate - 5.0).abs() < 1e-6, "{some:?} {none:?}");
        assert!(none.chance > 0.05 && some.chance < 1e-3, "{some:?} {none:?}");
        // t of 97.5 % and of 80 % on 72 − 5 degrees: 1.996 + .847.
        assert!((some.smallest / some.error - 2.843).abs() < 1e-3, "{some:?}");
    }

    #[test]
    fn what_can_not_be_told_apart_is_left_out() {
        let step: Vec<f64> = (0..72).map(|t| f64::from(u8::from(t >= 60))).collect();
        let values = noise(72);
        let other: Vec<f64> = (0..72).map(|t| f64::from(u8::from(t >= 20))).collect();
        let alone = effect(&values, &step, &[]);
        assert_eq!(effect(&values, &step, std::slice::from_ref(&step)), alone);
        assert_ne!(effect(&values, &step, &[other]), alone);
        assert_eq!(effect(&values[..4], &step[..4], &[]), None);
        assert_eq!(effect(&[1.0; 72], &step, &[]), None);
    }
}
