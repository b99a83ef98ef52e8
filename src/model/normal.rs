//! The standard normal distribution, summed once over a fine grid.

use super::real;
use std::f64::consts::TAU;
use std::sync::LazyLock;

/// How far the grid reaches, and its steps per deviation.
const REACH: f64 = 8.0;
const FINE: f64 = 1000.0;

/// Φ on the grid, from −[`REACH`] on. The rule of Simpson in each step is exact to 1e-15.
static SHARES: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let density = |z: f64| (-0.5 * z * z).exp() / TAU.sqrt();
    let step = |k: u32| {
        let z = f64::from(k) / FINE - REACH;
        let half = 0.5 / FINE;
        (density(z) + 4.0 * density(z + half) + density(z + 2.0 * half)) / (6.0 * FINE)
    };
    let mut below = 0.0;
    let mut shares = vec![below];
    for k in 0..16_000 {
        below += step(k);
        shares.push(below);
    }
    shares
});

/// Φ(z): the share of a standard normal variable below `z`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the grid")]
pub(super) fn normal_share(z: f64) -> f64 {
    let place = ((z.clamp(-REACH, REACH)) + REACH) * FINE;
    let at = (place as usize).min(SHARES.len() - 2);
    SHARES[at] + (place - real(at)) * (SHARES[at + 1] - SHARES[at])
}

/// The standard normal quantiles of (k − ½)/n, k = 1 … n.
#[must_use]
pub fn normal_quantiles(n: usize) -> Vec<f64> {
    (0..n).map(|k| quantile((real(k) + 0.5) / real(n))).collect()
}

fn quantile(share: f64) -> f64 {
    let above = SHARES.partition_point(|&below| below < share).clamp(1, SHARES.len() - 1);
    let (low, high) = (SHARES[above - 1], SHARES[above]);
    let inside = if high > low { (share - low) / (high - low) } else { 0.0 };
    (real(above - 1) + inside) / FINE - REACH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_tables() {
        // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.1.
        for (z, share) in [(0.0, 0.5), (1.0, 0.841_345), (1.96, 0.975_002), (-1.96, 0.024_998)] {
            assert!((normal_share(z) - share).abs() < 1e-6, "{z}");
        }
        let quartiles = normal_quantiles(2);
        assert!(
            (quartiles[1] - 0.674_490).abs() < 1e-6 && (quartiles[0] + quartiles[1]).abs() < 1e-9
        );
        assert!(normal_quantiles(1)[0].abs() < 1e-9);
        assert!(normal_share(f64::INFINITY) > 1.0 - 1e-12);
    }
}
