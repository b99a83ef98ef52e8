//! `MinT`: forecasts of sums and of their parts that are made to agree, each moved as far as its errors
//! say that it may be (Wickramasuriya, Athanasopoulos and Hyndman 2019).
//!
//! ```text
//! ỹ = ŷ − W U (U'WU)⁻¹ U'ŷ                U' = [I −A]: a sum less its parts
//! W: covariance of one-step errors; off the diagonal × (1 − λ), on it 2e-8 at least
//! λ = Σ var(r) ÷ Σ r², within 0 and 1     r: the correlation of each pair (Schäfer and Strimmer 2005)
//! ```
//!
//! This is ỹ = S (S'W⁻¹S)⁻¹ S'W⁻¹ ŷ, but no W has to be inverted, and there are only as many equations
//! as sums.

use super::numbers::real;
use crate::error::{Error, Result};
use linfa_linalg::cholesky::SolveCInplace;
use ndarray::{Array2, ArrayViewMut1, Axis, concatenate};

/// The least variance: that of a line that never moved.
const FLOOR: f64 = 2e-8;

/// The shrunk covariance of errors, node × month, and λ. An error is not a number in a month without
/// one; such a month weakens the correlations of its node, as if the error were the usual one.
///
/// With fewer than three months, correlations can not be told from chance and are none.
#[must_use]
pub fn shrunk_covariance(errors: &Array2<f64>) -> (Array2<f64>, f64) {
    let months = real(errors.ncols());
    let mut scores = errors.clone();
    let sizes: Vec<f64> = scores.rows_mut().into_iter().map(standardise).collect();
    let correlations = scores.dot(&scores.t()) / months.max(1.0);
    let squares = scores.mapv(|score| score * score);
    let squares = squares.dot(&squares.t());
    let (mut doubt, mut strength) = (0.0, 0.0);
    for ((i, j), r) in correlations.indexed_iter().filter(|((i, j), _)| i > j) {
        doubt += (squares[(i, j)] - months * r * r) / (months * (months - 1.0));
        strength += r * r;
    }
    let told = months > 2.0 && strength > 0.0;
    let lambda = if told { (doubt / strength).clamp(0.0, 1.0) } else { 1.0 };
    let covariance = |(i, j)| {
        let product: f64 = sizes[i] * sizes[j];
        if i == j { product.max(FLOOR) } else { (1.0 - lambda) * correlations[(i, j)] * product }
    };
    (Array2::from_shape_fn(correlations.dim(), covariance), lambda)
}

/// Turns errors into distances from their mean in standard deviations, 0 where there is none, and
/// gives their standard deviation. Errors that do not differ by more than the floor are all 0.
fn standardise(mut errors: ArrayViewMut1<f64>) -> f64 {
    let there = || errors.iter().copied().filter(|error| error.is_finite());
    let count = real(there().count());
    let mean = there().sum::<f64>() / count.max(1.0);
    let squares: f64 = there().map(|error| (error - mean).powi(2)).sum();
    let variance = squares / (count - 1.0).max(1.0);
    if variance <= FLOOR {
        errors.fill(0.0);
        return 0.0;
    }
    let deviation = (squares / count).sqrt();
    let score = |error: f64| if error.is_finite() { (error - mean) / deviation } else { 0.0 };
    errors.mapv_inplace(score);
    variance.sqrt()
}

/// How far every part moves for each euro that a sum lies above its parts.
#[derive(Clone, Debug)]
pub struct Reconciliation {
    /// Sum × part: 1 for a part of the sum.
    sums: Array2<f64>,
    /// Part × sum.
    moves: Array2<f64>,
}

impl Reconciliation {
    /// `sums` is sum × part, 1 where a part belongs to a sum and else 0; `covariance` is W, of the sums
    /// first and then the parts.
    ///
    /// # Errors
    /// When W does not have the size of both together, or is not positive definite.
    pub fn new(sums: Array2<f64>, covariance: &Array2<f64>) -> Result<Self> {
        let (above, below) = sums.dim();
        if covariance.dim() != (above + below, above + below) {
            let (rows, columns) = covariance.dim();
            return Err(Error::input(format!(
                "a covariance of {rows} × {columns} for {above} sums and {below} parts"
            )));
        }
        let odd = |error| Error::input(format!("the covariance of errors has no inverse: {error}"));
        let gaps = concatenate![Axis(1), Array2::eye(above), -&sums];
        let rows = gaps.dot(covariance);
        let solved = rows.dot(&gaps.t()).solvec_into(rows).map_err(odd)?;
        let (_, of_parts) = solved.view().split_at(Axis(1), above);
        let moves = -of_parts.t().to_owned();
        Ok(Self { sums, moves })
    }

    /// Moves the forecasts of parts, part × draw, to where they agree with those of the sums, sum × draw;
    /// the reconciled sums are those of the parts.
    pub fn reconcile(&self, sums: &Array2<f64>, parts: &mut Array2<f64>) {
        let gaps = sums - &self.sums.dot(parts);
        *parts += &self.moves.dot(&gaps);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};
    use proptest::prelude::*;

    #[test]
    fn errors_that_always_move_together_are_not_shrunk() {
        // r = 1 in a way that leaves no doubt: every product of scores is 1.
        let (covariance, lambda) =
            shrunk_covariance(&array![[1.0, -1.0, 1.0, -1.0], [3.0, -3.0, 3.0, -3.0]]);
        // Variances 4/3 and 12, covariance 4.
        assert!(lambda.abs() < 1e-12 && (covariance[(0, 1)] - 4.0).abs() < 1e-12);
        assert!((covariance[(1, 1)] - 12.0).abs() < 1e-12, "{covariance}");
    }

    #[test]
    fn what_never_moves_has_the_least_variance_and_no_part_in_others() {
        let (covariance, lambda) =
            shrunk_covariance(&array![[1.0, -1.0, 2.0], [5.0, 5.0, 5.0], [f64::NAN; 3]]);
        let wanted = [7.0 / 3.0, FLOOR, FLOOR];
        assert_eq!(lambda.to_bits(), 1.0_f64.to_bits());
        for ((i, j), found) in covariance.indexed_iter() {
            let wanted = if i == j { wanted[i] } else { 0.0 };
            assert!((found - wanted).abs() < 1e-12, "{covariance}");
        }
    }

    #[test]
    fn a_month_without_an_error_weakens_what_is_shared() {
        let whole = array![[1.0, -1.0, 1.0, -1.0], [1.0, -1.0, 1.0, -1.0]];
        let mut part = whole.clone();
        part[(1, 2)] = f64::NAN;
        part[(1, 3)] = f64::NAN;
        // Half of the products are 1 and half 0: r = ½, var = (2 − 4/4)/(4 · 3), λ = 1/12 ÷ 1/4.
        let (covariance, lambda) = shrunk_covariance(&part);
        assert!((lambda - 1.0 / 3.0).abs() < 1e-12, "{lambda}");
        // Variances 4/3 and 2.
        let wanted = 2.0 / 3.0 * 0.5 * (4.0_f64 / 3.0 * 2.0).sqrt();
        assert!((covariance[(0, 1)] - wanted).abs() < 1e-12, "{covariance}");
    }

    #[test]
    fn two_months_show_no_correlation() {
        let (covariance, lambda) = shrunk_covariance(&array![[1.0, -1.0], [1.0, -1.0]]);
        assert!(lambda > 0.999 && covariance[(0, 1)].abs() < 1e-12);
    }

    #[test]
    fn a_covariance_of_another_size_or_without_inverse_is_refused() {
        let of = |covariance: &Array2<f64>| Reconciliation::new(array![[1.0, 1.0]], covariance);
        assert!(of(&Array2::eye(2)).unwrap_err().to_string().contains("2 × 2 for 1 sums and 2"));
        assert!(of(&Array2::zeros((3, 3))).unwrap_err().to_string().contains("has no inverse"));
    }

    proptest! {
        /// What agrees already stays; what does not agrees afterwards with the sum as it is moved by the
        /// projection: reconciling twice changes nothing.
        #[test]
        fn is_a_projection(
            errors in prop::collection::vec(-10.0..10.0_f64, 40),
            parts in prop::collection::vec(-100.0..100.0_f64, 3),
            gap in -50.0..50.0_f64,
        ) {
            let errors = Array2::from_shape_vec((4, 10), errors).unwrap();
            let (covariance, _) = shrunk_covariance(&errors);
            prop_assume!(covariance.diag().iter().all(|&variance| variance > 0.1));
            let sums = array![[1.0, 1.0, 1.0]];
            let reconciliation = Reconciliation::new(sums, &covariance).unwrap();
            let total = Array2::from_elem((1, 1), parts.iter().sum::<f64>());
            let parts = Array1::from_vec(parts).insert_axis(Axis(1));
            let mut same = parts.clone();
            reconciliation.reconcile(&total, &mut same);
            prop_assert!((&same - &parts).iter().all(|moved| moved.abs() < 1e-9));
            let mut moved = parts.clone();
            reconciliation.reconcile(&(&total + gap), &mut moved);
            let again = Array2::from_elem((1, 1), moved.sum());
            let mut twice = moved.clone();
            reconciliation.reconcile(&again, &mut twice);
            prop_assert!((&twice - &moved).iter().all(|moved| moved.abs() < 1e-9));
        }
    }
}
