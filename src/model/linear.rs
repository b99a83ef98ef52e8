//! Least squares with a prior, for the few coefficients that are learned over all lines.

use super::optimum::eliminated;

/// Least Σ(y − x·b)² + Σ pₖ (bₖ − priorₖ)², by elimination of the normal equations. Every penalty
/// must be above 0.
#[must_use]
pub fn ridge<const K: usize>(
    rows: &[([f64; K], f64)],
    prior: &[f64; K],
    penalty: &[f64; K],
) -> [f64; K] {
    let mut matrix = [[0.0; K]; K];
    let mut right = [0.0; K];
    for k in 0..K {
        matrix[k][k] = penalty[k];
    }
    for (x, y) in rows {
        let left = y - x.iter().zip(prior).map(|(x, b)| x * b).sum::<f64>();
        for i in 0..K {
            right[i] += x[i] * left;
            for j in 0..K {
                matrix[i][j] += x[i] * x[j];
            }
        }
    }
    let change = eliminated(matrix, right);
    std::array::from_fn(|k| prior[k] + change[k])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_from_the_prior_as_far_as_the_data_say() {
        // Σ(y − b)² + p(b − 1)² with y = 3, 3 and p = 2: b = (3 + 3 + 2)/4 = 2.
        let rows = [([1.0], 3.0), ([1.0], 3.0)];
        assert!((ridge(&rows, &[1.0], &[2.0])[0] - 2.0).abs() < 1e-12);
        // Next to no penalty: the line through (0, 1), (1, 3), (2, 5).
        let rows = [([1.0, 0.0], 1.0), ([1.0, 1.0], 3.0), ([1.0, 2.0], 5.0)];
        let [intercept, slope] = ridge(&rows, &[0.0, 0.0], &[1e-9, 1e-9]);
        assert!((intercept - 1.0).abs() < 1e-6 && (slope - 2.0).abs() < 1e-6);
    }
}
