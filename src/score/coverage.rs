//! How often outcomes fell inside a band, and what that proves.

use serde::{Deserialize, Serialize};

/// The share of outcomes inside a band with its exact 95 % confidence limits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Inside ÷ all; 0 when there are none.
    pub share: f64,
    /// The lower limit.
    pub low: f64,
    /// The upper limit.
    pub high: f64,
}

/// The probability that each limit leaves outside.
const TAIL: f64 = 0.025;

/// The coverage of `inside` out of `count` independent outcomes, with the limits of Clopper and
/// Pearson (1934): those shares at which so few or so many would have a chance of 2.5 %.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of outcomes are small")]
pub fn coverage(inside: usize, count: usize) -> Coverage {
    if count == 0 {
        return Coverage { share: 0.0, low: 0.0, high: 1.0 };
    }
    let at_least = |p: f64| if inside == 0 { 1.0 } else { 1.0 - at_most(inside - 1, count, p) };
    Coverage {
        share: inside as f64 / count as f64,
        low: if inside == 0 { 0.0 } else { share_at(|p| at_least(p) < TAIL) },
        high: if inside == count { 1.0 } else { share_at(|p| at_most(inside, count, p) > TAIL) },
    }
}

/// The fewest outcomes inside, out of `count`, at which a band that is meant to hold a share `meant` may still do so by
/// the limits of [`coverage`]; from one fewer on it is too narrow.
#[must_use]
pub fn fewest(count: usize, meant: f64) -> usize {
    (0..=count).find(|&inside| coverage(inside, count).high >= meant).unwrap_or(count)
}

/// The share up to which `holds` is true, by bisection.
fn share_at(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        *(if holds(middle) { &mut low } else { &mut high }) = middle;
    }
    f64::midpoint(low, high)
}

/// The chance of at most `k` out of `n` when each has the chance `p`: summed in logs, so that large `n` does
/// not underflow.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of outcomes are small")]
pub fn at_most(k: usize, n: usize, p: f64) -> f64 {
    let mut log_choose = 0.0;
    let mut sum = 0.0;
    for x in 0..=k {
        if x > 0 {
            log_choose += ((n - x + 1) as f64 / x as f64).ln();
        }
        sum += (log_choose + x as f64 * p.ln() + (n - x) as f64 * (-p).ln_1p()).exp();
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_equal_the_oracles() {
        // METHODS §4: 10/12 → .516–.979; 48/60 → .677–.892; 96/120 → .717–.867.
        for (inside, count, low, high) in
            [(10, 12, 0.516, 0.979), (48, 60, 0.677, 0.892), (96, 120, 0.717, 0.867)]
        {
            let found = coverage(inside, count);
            assert!(
                (found.low - low).abs() < 6e-4 && (found.high - high).abs() < 6e-4,
                "{found:?}"
            );
        }
    }

    #[test]
    fn too_few_are_told_from_few() {
        // Upper limits: 2 of 7 .710 and 3 of 7 .816; 12 of 21 .782 and 13 of 21 .819.
        assert_eq!((fewest(7, 0.8), fewest(21, 0.8)), (3, 13));
        // One miss of one is no proof, nor two of two (.842).
        assert_eq!((fewest(0, 0.8), fewest(1, 0.8), fewest(2, 0.8)), (0, 0, 0));
    }

    #[test]
    fn nothing_and_everything_have_open_limits() {
        assert_eq!(coverage(0, 0), Coverage { share: 0.0, low: 0.0, high: 1.0 });
        assert!(coverage(0, 9).low.abs() < 1e-12 && (coverage(9, 9).high - 1.0).abs() < 1e-12);
        assert!(coverage(4000, 5000).low > 0.78);
    }
}
