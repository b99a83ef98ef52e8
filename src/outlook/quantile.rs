//! Quantiles of draws.

use super::types::Quantiles;
use crate::score::interpolated;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_ordered() {
        let mut draws: Vec<f64> = (0..100).map(|n| f64::from((n * 37) % 100)).collect();
        let Quantiles(values) = of(&mut draws);
        assert!(values.is_sorted());
    }
}
