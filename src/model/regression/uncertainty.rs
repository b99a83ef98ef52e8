//! How certain the weights are, which linfa does not tell for penalised ones.
//!
//! With X the whitened columns that are in use (ones for the level first), each month t counted
//! with weight m:
//!
//! ```text
//! cov w = σ² A⁻¹ B A⁻¹,   A = X'X + n λ (1−κ) D,   B = Σ m x x'
//! ```
//!
//! D holds the squared sizes of the columns times their burdens (0 for the level): the sandwich of
//! a ridge regression. σ² is the weighted mean square of the whitened errors × n*/(n* − k*), with
//! n* = (Σm)²/Σm² months that count and k* = tr(A⁻¹X'X) weights. That a column was chosen is taken
//! as certain, and so is ρ.

use super::RegressionSpec;
use super::net::{Design, Solution, size};
use crate::model::real;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::f64::consts::TAU;

/// A pivot below this share of the diagonal is rounding: the column adds nothing.
const SINGULAR: f64 = 1e-10;

type Matrix = Vec<Vec<f64>>;

/// F with cov w = F F', a row for the level and for each of the columns `used`.
pub(super) fn factor(
    design: &Design,
    solution: &Solution,
    used: &[usize],
    spec: &RegressionSpec,
) -> Matrix {
    let white = design.whiten(solution.rho);
    let columns: Matrix =
        std::iter::once(white.ones).chain(used.iter().map(|&k| white.columns[k].clone())).collect();
    let sizes: Vec<f64> =
        columns.iter().map(|column| size(column).max(f64::MIN_POSITIVE)).collect();
    let unit: Matrix = columns
        .iter()
        .zip(&sizes)
        .map(|(column, size)| column.iter().map(|value| value / size).collect())
        .collect();
    let n = real(design.y.len());
    let moments = products(&unit, None);
    let mut bread = moments.clone();
    for (k, &at) in used.iter().enumerate() {
        let burden = design.burdens[at];
        bread[k + 1][k + 1] += n * spec.penalty * (1.0 - spec.l1_ratio) * burden * burden;
    }
    let root = cholesky(&bread);
    let solve = |column: &[f64]| backward(&root, forward(&root, column));
    let weights: f64 = (0..unit.len()).map(|k| solve(&moments[k])[k]).sum();
    let sigma = deviation(design, solution, weights);
    let meat = cholesky(&products(&unit, Some(&design.memory)));
    let columns: Matrix = (0..meat.len())
        .map(|j| solve(&meat.iter().map(|row| row[j]).collect::<Vec<_>>()))
        .collect();
    let row = |k: usize| columns.iter().map(|column| sigma * column[k] / sizes[k]).collect();
    (0..unit.len()).map(row).collect()
}

/// The root of σ², for `weights` that are estimated.
fn deviation(design: &Design, solution: &Solution, weights: f64) -> f64 {
    let errors = design.whitened(&design.errors(solution), solution.rho);
    let n = real(design.y.len());
    let months = n * n / dot(&design.memory, &design.memory);
    size(&errors) * (months / (months - weights).max(1.0)).sqrt()
}

/// Σ m x x' over the months, with m = 1 without `memory`.
fn products(columns: &[Vec<f64>], memory: Option<&[f64]>) -> Matrix {
    let product = |a: &[f64], b: &[f64]| -> f64 {
        let plain = a.iter().zip(b).map(|(a, b)| a * b);
        match memory {
            None => plain.sum(),
            Some(memory) => plain.zip(memory).map(|(product, weight)| product * weight).sum(),
        }
    };
    columns.iter().map(|a| columns.iter().map(|b| product(a, b)).collect()).collect()
}

/// L with LL' = `matrix`; a row that depends on those before it has 0 on the diagonal.
fn cholesky(matrix: &Matrix) -> Matrix {
    let n = matrix.len();
    let mut root = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let left: f64 = (0..j).map(|k| root[i][k] * root[j][k]).sum();
            let rest = matrix[i][j] - left;
            root[i][j] = if i == j {
                if rest > SINGULAR * matrix[i][i] { rest.sqrt() } else { 0.0 }
            } else if root[j][j] > 0.0 {
                rest / root[j][j]
            } else {
                0.0
            };
        }
    }
    root
}

/// x with Lx = b, 0 where L has no pivot.
fn forward(root: &Matrix, b: &[f64]) -> Vec<f64> {
    let mut x = vec![0.0; b.len()];
    for i in 0..b.len() {
        let left: f64 = (0..i).map(|k| root[i][k] * x[k]).sum();
        x[i] = if root[i][i] > 0.0 { (b[i] - left) / root[i][i] } else { 0.0 };
    }
    x
}

/// x with L'x = b, 0 where L has no pivot.
fn backward(root: &Matrix, b: Vec<f64>) -> Vec<f64> {
    let mut x = b;
    for i in (0..x.len()).rev() {
        let left: f64 = (i + 1..x.len()).map(|k| root[k][i] * x[k]).sum();
        x[i] = if root[i][i] > 0.0 { (x[i] - left) / root[i][i] } else { 0.0 };
    }
    x
}

/// `count` draws from the standard normal distribution (Box and Muller 1958).
pub(super) fn normals(seed: u64, count: usize) -> Vec<f64> {
    let mut rng = Pcg64::seed_from_u64(seed);
    let mut pair = || {
        let (u, v): (f64, f64) = (1.0 - rng.random::<f64>(), rng.random());
        let radius = (-2.0 * u.ln()).sqrt();
        [radius * (TAU * v).cos(), radius * (TAU * v).sin()]
    };
    (0..count.div_ceil(2)).flat_map(|_| pair()).take(count).collect()
}

/// a · b.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
