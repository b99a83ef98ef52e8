//! Many tests at once.

/// The chances of many tests, adjusted so that those below *q* hold at most a share *q* of false alarms
/// (Benjamini and Hochberg 1995): *p*₍ᵢ₎·*m*/*i*, made monotone from the largest down. In the order given.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of tests are small")]
pub fn benjamini_hochberg(chances: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by(|&a, &b| chances[b].total_cmp(&chances[a]));
    let mut adjusted = vec![1.0; chances.len()];
    let (count, mut least) = (chances.len() as f64, 1.0_f64);
    for (above, at) in order.into_iter().enumerate() {
        least = least.min(chances[at] * count / (count - above as f64));
        adjusted[at] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_the_oracle() {
        // METHODS §2; the same as R's p.adjust(method = "BH").
        let chances = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216];
        let expected = [0.010, 0.040, 0.084, 0.084, 0.084, 0.100, 0.1057, 0.216, 0.216, 0.216];
        let found = benjamini_hochberg(&chances);
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 5e-5, "{found} {expected}");
        }
        let mut turned = chances;
        turned.reverse();
        let mut found_turned = benjamini_hochberg(&turned);
        found_turned.reverse();
        assert_eq!(found, found_turned);
        assert!(benjamini_hochberg(&[]).is_empty());
    }
}
