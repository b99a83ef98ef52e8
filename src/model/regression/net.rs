//! The weights: elastic net by linfa on months that are whitened for AR(1) errors and weigh less
//! the older they are.

use super::RegressionSpec;
use crate::error::{Error, Result};
use crate::model::{mean, real};
use linfa::Dataset;
use linfa::traits::Fit;
use linfa_elasticnet::ElasticNet;
use ndarray::{Array1, Array2};

/// The bound of ρ, so that an error always fades.
const PERSISTENCE: f64 = 0.98;
/// The change of a weight at which the descent stops, and the rounds after which it does anyway.
const TOLERANCE: f64 = 1e-6;
const ROUNDS: u32 = 2000;
/// A column whose deviation is below this share of its size does not vary.
const CONSTANT: f64 = 1e-9;

/// What is regressed on what.
pub(super) struct Design {
    /// The values to explain.
    pub(super) y: Vec<f64>,
    /// Per column its values, with mean 0.
    pub(super) columns: Vec<Vec<f64>>,
    /// Per column, how many times heavier its penalty is.
    pub(super) burdens: Vec<f64>,
    /// Per column whether it stays on one side of its mean for long.
    pub(super) slow: Vec<bool>,
    /// Per month its weight, 1 on average.
    pub(super) memory: Vec<f64>,
}

/// The weights of a design, and ρ.
pub(super) struct Solution {
    pub(super) level: f64,
    pub(super) weights: Vec<f64>,
    pub(super) rho: f64,
}

/// A design with its months whitened: minus ρ times the month before, times √(their weight).
pub(super) struct Whitened {
    pub(super) ones: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) columns: Vec<Vec<f64>>,
}

impl Design {
    /// Nothing yet to explain `y` by; months weigh less by a factor `memory` a month.
    pub(super) fn new(y: Vec<f64>, memory: f64) -> Self {
        let raw: Vec<f64> = (0..y.len()).rev().map(|age| memory.powf(real(age))).collect();
        let centre = mean(&raw);
        let memory = raw.into_iter().map(|weight| weight / centre).collect();
        Self { y, columns: Vec::new(), burdens: Vec::new(), slow: Vec::new(), memory }
    }

    /// Takes up a column if it varies, and tells its mean.
    pub(super) fn add(&mut self, mut values: Vec<f64>, burden: f64, slow: bool) -> Option<f64> {
        let (centre, before) = (mean(&values), size(&values));
        for value in &mut values {
            *value -= centre;
        }
        if size(&values) <= CONSTANT * before {
            return None;
        }
        self.columns.push(values);
        self.burdens.push(burden);
        self.slow.push(slow);
        Some(centre)
    }

    /// The weights for errors without memory, ρ of what they leave, and the weights for that ρ.
    pub(super) fn solve(&self, spec: &RegressionSpec) -> Result<Solution> {
        let first = self.solve_for(0.0, spec)?;
        let used =
            self.slow.iter().zip(&first.weights).filter(|&(&slow, &weight)| slow && weight != 0.0);
        let rho = persistence(&self.errors(&first), 1 + used.count());
        self.solve_for(rho, spec)
    }

    fn solve_for(&self, rho: f64, spec: &RegressionSpec) -> Result<Solution> {
        let Whitened { ones, y, columns } = self.whiten(rho);
        let (base, y) = without(&ones, y);
        let scale = divisor(&y, size(&self.y));
        let (bases, columns): (Vec<f64>, Vec<Vec<f64>>) =
            columns.into_iter().map(|column| without(&ones, column)).unzip();
        let sizes: Vec<f64> = (0..columns.len())
            .map(|k| divisor(&columns[k], size(&self.columns[k])) * self.burdens[k])
            .collect();
        let records =
            Array2::from_shape_fn((y.len(), columns.len()), |(t, k)| columns[k][t] / sizes[k]);
        let found = net(spec, records, y.iter().map(|y| y / scale).collect())?;
        let weights: Vec<f64> =
            found.iter().zip(&sizes).map(|(weight, size)| weight * scale / size).collect();
        let in_columns: f64 = weights.iter().zip(&bases).map(|(weight, base)| weight * base).sum();
        Ok(Solution { level: base - in_columns, weights, rho })
    }

    /// u: what the weights leave, month by month.
    pub(super) fn errors(&self, solution: &Solution) -> Vec<f64> {
        let explained = |t: usize| -> f64 {
            self.columns
                .iter()
                .zip(&solution.weights)
                .map(|(column, weight)| weight * column[t])
                .sum()
        };
        (0..self.y.len()).map(|t| self.y[t] - solution.level - explained(t)).collect()
    }

    pub(super) fn whiten(&self, rho: f64) -> Whitened {
        Whitened {
            ones: self.whitened(&vec![1.0; self.y.len()], rho),
            y: self.whitened(&self.y, rho),
            columns: self.columns.iter().map(|column| self.whitened(column, rho)).collect(),
        }
    }

    /// The months minus ρ times the month before (Prais and Winsten 1954), times √(their weight).
    pub(super) fn whitened(&self, values: &[f64], rho: f64) -> Vec<f64> {
        let first = values.first().map(|value| (1.0 - rho * rho).sqrt() * value);
        let later = values.windows(2).map(|pair| pair[1] - rho * pair[0]);
        let months = first.into_iter().chain(later);
        months.zip(&self.memory).map(|(value, weight)| value * weight.sqrt()).collect()
    }
}

/// The weights on columns and values of deviation 1.
fn net(spec: &RegressionSpec, records: Array2<f64>, target: Array1<f64>) -> Result<Array1<f64>> {
    let fitted = ElasticNet::params()
        .penalty(spec.penalty)
        .l1_ratio(spec.l1_ratio)
        .with_intercept(false)
        .tolerance(TOLERANCE)
        .max_iterations(ROUNDS)
        .fit(&Dataset::new(records, target))
        .map_err(|error| Error::input(format!("the regression has no solution: {error}")))?;
    Ok(fitted.hyperplane().clone())
}

/// How much of `ones` is in `values`, and `values` without it.
fn without(ones: &[f64], values: Vec<f64>) -> (f64, Vec<f64>) {
    let product = |a: &[f64]| a.iter().zip(ones).map(|(a, b)| a * b).sum::<f64>();
    let share = product(&values) / product(ones);
    (share, values.into_iter().zip(ones).map(|(value, one)| value - share * one).collect())
}

/// The root of the mean square.
pub(super) fn size(values: &[f64]) -> f64 {
    (values.iter().map(|value| value * value).sum::<f64>() / real(values.len())).sqrt()
}

/// By what a value is divided to have deviation 1; 1 for what does not vary.
fn divisor(values: &[f64], before: f64) -> f64 {
    let size = size(values);
    if size > CONSTANT * before { size } else { 1.0 }
}

/// ρ, held within 0 and [`PERSISTENCE`]: the first autocorrelation r without its bias,
/// r + (2r + q(1 + r))/n.
///
/// For a level alone, q = 1, that is the (1 + 3ρ)/n of Marriott and Pope (1954). Every further slow
/// column (trend, shift, step) takes a slow wave out of the errors, which is (1 + ρ)/n once more; a
/// full season takes as much from fast as from slow waves.
fn persistence(u: &[f64], slow: usize) -> f64 {
    let products: f64 = u.windows(2).map(|pair| pair[0] * pair[1]).sum();
    let squares: f64 = u.iter().map(|u| u * u).sum();
    let r = products / squares;
    if !r.is_finite() {
        return 0.0;
    }
    (r + (2.0 * r + real(slow) * (1.0 + r)) / real(u.len())).clamp(0.0, PERSISTENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(y: Vec<f64>, column: Vec<f64>) -> Design {
        let mut design = Design::new(y, 1.0);
        design.add(column, 1.0, false);
        design
    }

    #[test]
    fn shrinks_one_column_as_the_formula_says() {
        // Column and values of deviation 1, y = z: w = (1 − λκ)/(1 + λ(1−κ)) = .9/1.1.
        let z = vec![-1.0, 1.0, 1.0, -1.0];
        let spec = RegressionSpec { penalty: 0.2, l1_ratio: 0.5, ..RegressionSpec::default() };
        let found = design(z.clone(), z).solve_for(0.0, &spec).unwrap();
        assert!((found.weights[0] - 0.9 / 1.1).abs() < 1e-9, "{:?}", found.weights);
        assert!(found.level.abs() < 1e-9);
    }

    #[test]
    fn finds_level_and_weight_without_a_penalty_whatever_rho() {
        let z: Vec<f64> = (0..20).map(|t| f64::from(t % 7)).collect();
        let y = z.iter().map(|z| 5.0 + 3.0 * z).collect();
        let spec = RegressionSpec { penalty: 0.0, ..RegressionSpec::default() };
        let design = design(y, z);
        for rho in [0.0, 0.5, 0.9] {
            let found = design.solve_for(rho, &spec).unwrap();
            assert!(
                (found.level - 5.0 - 3.0 * 2.85).abs() < 1e-5
                    && (found.weights[0] - 3.0).abs() < 1e-6
            );
        }
    }

    #[test]
    fn estimates_rho_without_its_bias() {
        // 1, 1, −1, −1: products 1 − 1 + 1 = 1, squares 4: r = .25; + 1.75/4.
        assert!((persistence(&[1.0, 1.0, -1.0, -1.0], 1) - 0.6875).abs() < 1e-12);
        assert!(persistence(&[0.0, 0.0], 1) < 1e-12 && persistence(&[1.0, -1.0, 1.0], 1) < 1e-12);
    }
}
