//! Least squares with as many columns as asked for, and what they leave.

use super::real;

/// A pivot below this part of what it was says that a column is made of the others.
const SINGULAR: f64 = 1e-9;

/// Least squares of values on columns.
#[derive(Clone, Debug)]
pub(super) struct Least {
    /// Per column.
    pub(super) coefficients: Vec<f64>,
    /// The diagonal of (*X'X*)⁻¹.
    pub(super) inverse: Vec<f64>,
    /// ln |*X'X*|.
    pub(super) log_determinant: f64,
    /// The sum of squares that is left.
    pub(super) left: f64,
    /// Values less columns.
    pub(super) freedom: f64,
}

/// Least squares by elimination of the normal equations; `None` when the columns are not independent,
/// or there are no more values than columns.
pub(super) fn least(values: &[f64], columns: &[Vec<f64>]) -> Option<Least> {
    let k = columns.len();
    if values.len() <= k {
        return None;
    }
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    // Each row: X'X, X'y, and the identity that becomes the inverse.
    let row = |i: usize| -> Vec<f64> {
        let products = columns.iter().map(|column| dot(&columns[i], column));
        let unit = (0..k).map(|j| f64::from(u8::from(i == j)));
        products.chain([dot(&columns[i], values)]).chain(unit).collect()
    };
    let mut rows: Vec<Vec<f64>> = (0..k).map(row).collect();
    let sizes: Vec<f64> = (0..k).map(|i| rows[i][i]).collect();
    let mut log_determinant = 0.0;
    for i in 0..k {
        let pivot = rows[i][i];
        if pivot.is_nan() || pivot <= SINGULAR * sizes[i] {
            return None;
        }
        log_determinant += pivot.ln();
        rows[i].iter_mut().for_each(|cell| *cell /= pivot);
        let done = rows[i].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(j, _)| *j != i) {
            let factor = row[i];
            row.iter_mut().zip(&done).for_each(|(cell, done)| *cell -= factor * done);
        }
    }
    let coefficients: Vec<f64> = rows.iter().map(|row| row[k]).collect();
    let fitted = |t: usize| columns.iter().zip(&coefficients).map(|(x, b)| x[t] * b).sum::<f64>();
    let left = values.iter().enumerate().map(|(t, value)| (value - fitted(t)).powi(2)).sum();
    let inverse = rows.iter().enumerate().map(|(i, row)| row[k + 1 + i]).collect();
    let freedom = real(values.len() - k);
    Some(Least { coefficients, inverse, log_determinant, left, freedom })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_a_line_and_says_how_sure() {
        // (0, 1), (1, 3), (2, 4): slope 3/2, intercept 8/3 − 3/2; left (−1/6)² + (1/3)² + (−1/6)².
        // X'X = [[3, 3], [3, 5]]: determinant 6, inverse diagonal 5/6 and 3/6.
        let columns = [vec![1.0; 3], vec![0.0, 1.0, 2.0]];
        let found = least(&[1.0, 3.0, 4.0], &columns).unwrap();
        let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(near(found.coefficients[0], 7.0 / 6.0) && near(found.coefficients[1], 1.5));
        assert!(near(found.inverse[0], 5.0 / 6.0) && near(found.inverse[1], 0.5));
        assert!(near(found.left, 1.0 / 6.0) && near(found.log_determinant, 6.0_f64.ln()));
        assert!(near(found.freedom, 1.0));
    }

    #[test]
    fn refuses_a_column_made_of_others() {
        let columns = [vec![1.0; 4], vec![0.0, 1.0, 2.0, 3.0], vec![5.0, 7.0, 9.0, 11.0]];
        assert!(least(&[1.0, 3.0, 4.0, 2.0], &columns).is_none());
        assert!(least(&[1.0, 3.0], &columns[..2]).is_none());
    }
}
