//! Scores of bands: narrow is good, missing the outcome is not.

/// The interval score of a band meant to miss a share `alpha`: width + 2/α × the distance by which
/// the outcome lies outside (Gneiting and Raftery 2007, eq. 43). Lower is better.
#[must_use]
pub fn interval_score(outcome: f64, alpha: f64, low: f64, high: f64) -> f64 {
    let outside = (low - outcome).max(0.0) + (outcome - high).max(0.0);
    high - low + 2.0 / alpha * outside
}

/// The weighted interval score of a median and `bands` of (α, low, high):
/// [½|y − median| + Σ(α/2)·IS] ÷ (K + ½) (Bracher et al. 2021, eq. 1). Lower is better.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a handful of bands")]
pub fn wis(outcome: f64, median: f64, bands: &[(f64, f64, f64)]) -> f64 {
    let scores = bands
        .iter()
        .map(|&(alpha, low, high)| alpha / 2.0 * interval_score(outcome, alpha, low, high));
    (0.5 * (outcome - median).abs() + scores.sum::<f64>()) / (bands.len() as f64 + 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_the_oracle() {
        // y = 12, median 10, 50 % [9, 11], 80 % [7, 13]: [1 + .25·(2 + 4) + .1·6] ÷ 2.5 = 1.24.
        let score = wis(12.0, 10.0, &[(0.5, 9.0, 11.0), (0.2, 7.0, 13.0)]);
        assert!((score - 1.24).abs() < 1e-12, "{score}");
    }
}
