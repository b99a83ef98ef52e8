//! Errors of point forecasts, relative to the size of the outcomes.

/// Weighted absolute percentage error: Σ|forecast − outcome| ÷ Σ|outcome|; 0 when every outcome is
/// zero.
#[must_use]
pub fn wape(forecasts: &[f64], outcomes: &[f64]) -> f64 {
    relative(forecasts, outcomes, f64::abs)
}

/// Σ(forecast − outcome) ÷ Σ|outcome|: above 0 when forecasts are too high.
#[must_use]
pub fn bias(forecasts: &[f64], outcomes: &[f64]) -> f64 {
    relative(forecasts, outcomes, |error| error)
}

/// |forecast − outcome| ÷ |outcome|, at most 1, so that a line that nearly stops does not outweigh all
/// others; `None` for an outcome of zero.
#[must_use]
pub fn relative_error(forecast: f64, outcome: f64) -> Option<f64> {
    let size = outcome.abs();
    (size > 0.0).then(|| ((forecast - outcome).abs() / size).min(1.0))
}

fn relative(forecasts: &[f64], outcomes: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    let errors: f64 = forecasts.iter().zip(outcomes).map(|(f, y)| of(f - y)).sum();
    let size: f64 = outcomes.iter().map(|outcome| outcome.abs()).sum();
    if size > 0.0 { errors / size } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_relative_to_the_outcomes() {
        // Errors 2 and −1 on outcomes 10 and 20.
        let (forecasts, outcomes) = ([12.0, 19.0], [10.0, 20.0]);
        assert!((wape(&forecasts, &outcomes) - 0.1).abs() < 1e-12);
        assert!((bias(&forecasts, &outcomes) - 1.0 / 30.0).abs() < 1e-12);
        assert!(wape(&[1.0], &[0.0]).abs() < 1e-12);
    }

    #[test]
    fn one_error_counts_for_at_most_all_of_its_outcome() {
        assert!((relative_error(12.0, -10.0).unwrap() - 1.0).abs() < 1e-12);
        assert!((relative_error(9.0, 10.0).unwrap() - 0.1).abs() < 1e-12);
        assert_eq!(relative_error(1.0, 0.0), None);
    }
}
