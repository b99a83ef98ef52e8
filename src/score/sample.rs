//! Scores and quantiles of a forecast that is a set of draws, sorted.

/// The continuous ranked probability score of `sorted` draws: mean|*x* − *y*| − Σ|*xᵢ* − *xⱼ*| ÷ 2*m*², in the
/// unit of the draws (Gneiting and Raftery 2007, eq. 21). Lower is better; of one draw it is the absolute error.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of draws are small")]
pub fn crps(sorted: &[f64], outcome: f64) -> f64 {
    let m = sorted.len().max(1) as f64;
    let away = sorted.iter().map(|x| (x - outcome).abs()).sum::<f64>() / m;
    // Of sorted draws Σᵢⱼ|xᵢ − xⱼ| = 2·Σ(2i − m + 1)·xᵢ.
    let weighed = sorted.iter().enumerate().map(|(i, x)| (2.0 * i as f64 - m + 1.0) * x);
    away - weighed.sum::<f64>() / (m * m)
}

/// The shares of `sorted` draws below the outcome, and at most it: where the outcome lies in the forecast. The
/// two differ where draws equal the outcome.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of draws are small")]
pub fn place(sorted: &[f64], outcome: f64) -> (f64, f64) {
    let m = sorted.len().max(1) as f64;
    let share = |count: usize| count as f64 / m;
    (
        share(sorted.partition_point(|&x| x < outcome)),
        share(sorted.partition_point(|&x| x <= outcome)),
    )
}

/// The histogram of [`place`]s in bins of equal width, as shares: flat when forecasts are as sure as
/// they should be. A place that is a stretch is laid out over it, in the way of Czado, Gneiting and Held (2009).
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of bins and outcomes are small")]
pub fn pit_histogram<const BINS: usize>(places: &[(f64, f64)]) -> [f64; BINS] {
    let mut bins = [0.0; BINS];
    let edge = |bin: usize| bin as f64 / BINS as f64;
    for &(low, high) in places {
        for (at, bin) in bins.iter_mut().enumerate() {
            let (first, last) = (edge(at), edge(at + 1));
            *bin += if high > low {
                (last.min(high) - first.max(low)).max(0.0) / (high - low)
            } else {
                let inside = low >= first && (low < last || at + 1 == BINS);
                f64::from(u8::from(inside))
            };
        }
    }
    bins.map(|count| count / places.len().max(1) as f64)
}

/// The pinball loss of the quantile at `level`: (*y* − *q*)·(level − 1 where *y* lies below *q*) (Koenker and Bassett 1978).
#[must_use]
pub fn pinball(level: f64, quantile: f64, outcome: f64) -> f64 {
    let below = f64::from(u8::from(outcome < quantile));
    (outcome - quantile) * (level - below)
}

/// The quantile of sorted values by linear interpolation between order statistics (type 7 of
/// Hyndman and Fan 1996); 0 without values.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank lies between 0 and the number of draws"
)]
#[must_use]
pub fn interpolated(sorted: &[f64], level: f64) -> f64 {
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
    fn crps_equals_the_oracle() {
        // METHODS §4: {1, 2, 4, 7} and y = 3 give .75.
        assert!((crps(&[1.0, 2.0, 4.0, 7.0], 3.0) - 0.75).abs() < 1e-12);
        assert!((crps(&[5.0], 3.0) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn pinball_punishes_the_rare_side() {
        // .9·(12 − 10) and .1·(10 − 7).
        assert!((pinball(0.9, 10.0, 12.0) - 1.8).abs() < 1e-12);
        assert!((pinball(0.9, 10.0, 7.0) - 0.3).abs() < 1e-12);
    }

    #[test]
    fn places_fill_their_bins() {
        assert_eq!(place(&[1.0, 2.0, 2.0, 7.0], 2.0), (0.25, 0.75));
        assert_eq!(place(&[1.0, 2.0], 9.0), (1.0, 1.0));
        // A stretch over the second and third quarter, the top and a point in the first.
        let found: [f64; 4] = pit_histogram(&[(0.25, 0.75), (1.0, 1.0), (0.1, 0.1), (0.0, 0.0)]);
        let expected = [0.5, 0.125, 0.125, 0.25];
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }
}
