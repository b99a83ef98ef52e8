//! Quantiles of draws.

use super::types::Quantiles;
use crate::units::Cents;

/// The quantiles of the output files, in cents; `draws` is left sorted.
pub(super) fn of(draws: &mut [f64]) -> Quantiles {
    draws.sort_unstable_by(f64::total_cmp);
    of_sorted(draws)
}

/// The same of draws that are sorted.
pub(super) fn of_sorted(draws: &[f64]) -> Quantiles {
    Quantiles(Quantiles::LEVELS.map(|level| Cents::from_euros(interpolated(draws, level))))
}

/// The quantile of sorted values by linear interpolation between order statistics (type 7 of
/// Hyndman and Fan 1996); 0 without values.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank lies between 0 and the number of draws"
)]
pub(super) fn interpolated(sorted: &[f64], level: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let rank = level * last as f64;
    let below = rank.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (rank - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolates_between_order_statistics() {
        // Rank .25 × 4 = 1 of {1, 2, 4, 8, 16}; rank .9 × 4 = 3.6 → 8 + .6 × 8.
        let sorted = [1.0, 2.0, 4.0, 8.0, 16.0];
        assert!((interpolated(&sorted, 0.25) - 2.0).abs() < 1e-12);
        assert!((interpolated(&sorted, 0.9) - 12.8).abs() < 1e-12);
        assert!(interpolated(&[], 0.5).abs() < 1e-12);
    }

    #[test]
    fn are_ordered() {
        let mut draws: Vec<f64> = (0..100).map(|n| f64::from((n * 37) % 100)).collect();
        let Quantiles(values) = of(&mut draws);
        assert!(values.is_sorted());
    }
}
