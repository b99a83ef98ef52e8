//! Means and counts.

/// The mean, 0 for nothing.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0.0), |(sum, n), value| (sum + value, n + 1.0));
    if n > 0.0 { sum / n } else { 0.0 }
}

/// A count as a real number.
#[expect(clippy::cast_precision_loss, reason = "counts of months, lines, draws and errors")]
pub(super) fn real(count: usize) -> f64 {
    count as f64
}
