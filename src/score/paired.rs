//! Is one set of forecasts better than another, and are forecasts too high? Tests of paired numbers.

use super::student::{below, f_above, normal_below, two_sided};

/// What a test found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Test {
    /// The statistic.
    pub statistic: f64,
    /// The numbers it rests on.
    pub count: usize,
    /// The chance of a statistic at least so far off when there is nothing to find.
    pub two_sided: f64,
    /// The chance of one at least so low.
    pub low: f64,
}

/// A variance below this part of that of independent numbers is rounding.
const NOTHING: f64 = 1e-9;

/// Whether losses of one model are lower than those of another, by Diebold and Mariano (1995) with the
/// small-sample factor of Harvey, Leybourne and Newbold (1997).
///
/// `differences` are the losses of ours less theirs, in order of time; those up to `horizon` − 1 apart may
/// hang together. `None` with fewer than three times the horizon, or numbers that leave no variance: they
/// can not say what is luck.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of origins are small")]
pub fn diebold_mariano(differences: &[f64], horizon: usize) -> Option<Test> {
    let (count, horizon) = (differences.len(), horizon.max(1));
    if count < 3 * horizon {
        return None;
    }
    let n = count as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let covariance = |lag: usize| {
        let pairs = differences.iter().zip(&differences[lag..]);
        pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / n
    };
    let own = covariance(0);
    let variance = (own + 2.0 * (1..horizon).map(covariance).sum::<f64>()) / n;
    let h = horizon as f64;
    let factor = ((n + 1.0 - 2.0 * h + h * (h - 1.0) / n) / n).max(0.0).sqrt();
    let statistic = factor * mean / variance.sqrt();
    // What rounding leaves of nothing is no variance.
    let told = variance > NOTHING * own / n && statistic.is_finite();
    told.then(|| Test {
        statistic,
        count,
        two_sided: two_sided(statistic, n - 1.0),
        low: below(statistic, n - 1.0),
    })
}

/// Whether numbers lie as often above 0 as below it: the exact sign test. The statistic is how many lie above;
/// zeros are left out.
#[must_use]
pub fn sign_test(values: &[f64]) -> Test {
    let above = values.iter().filter(|&&value| value > 0.0).count();
    let count = above + values.iter().filter(|&&value| value < 0.0).count();
    let at_most = |k: usize| (0..=k).map(|k| chance_of(k, count)).sum::<f64>().min(1.0);
    let rare = above.min(count - above);
    Test {
        statistic: f64::from(u32::try_from(above).unwrap_or(u32::MAX)),
        count,
        two_sided: (2.0 * at_most(rare)).min(1.0),
        low: at_most(above),
    }
}

/// C(n, k) ÷ 2ⁿ.
#[expect(clippy::cast_precision_loss, reason = "counts of years are small")]
fn chance_of(k: usize, n: usize) -> f64 {
    let choose = (1..=k).map(|i| ((n - k + i) as f64 / i as f64).ln()).sum::<f64>();
    (choose - n as f64 * 2.0_f64.ln()).exp()
}

/// So many numbers at most are ranked exactly.
const EXACT: usize = 25;

/// Whether numbers lie around 0 with equal weight on both sides: the signed ranks of Wilcoxon (1945), exact up
/// to 25 numbers without ties, by the normal distribution beyond. The statistic is the sum of the ranks
/// above 0; zeros are left out.
#[must_use]
pub fn signed_ranks(values: &[f64]) -> Test {
    let mut kept: Vec<f64> = values.iter().copied().filter(|value| value.abs() > 0.0).collect();
    kept.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    let ranks = ranks(&kept);
    let above: f64 =
        kept.iter().zip(&ranks).filter(|(value, _)| **value > 0.0).map(|(_, r)| r).sum();
    let tied = ranks.windows(2).any(|pair| pair[1] - pair[0] < 0.75);
    let low = |statistic: f64| {
        if kept.len() <= EXACT && !tied {
            exactly(statistic, kept.len())
        } else {
            nearly(statistic, &ranks)
        }
    };
    let all: f64 = ranks.iter().sum();
    let rare = above.min(all - above);
    Test {
        statistic: above,
        count: kept.len(),
        two_sided: (2.0 * low(rare)).min(1.0),
        low: low(above),
    }
}

/// Ranks from 1, the mean of them where numbers are equally far from 0.
#[expect(clippy::cast_precision_loss, reason = "counts of years are small")]
fn ranks(sorted: &[f64]) -> Vec<f64> {
    let same = |a: &f64, b: &f64| (a.abs() - b.abs()).abs() <= 1e-12 * a.abs();
    let (mut ranks, mut before) = (Vec::new(), 0);
    for alike in sorted.chunk_by(same) {
        let rank = before as f64 + f64::midpoint(alike.len() as f64, 1.0);
        ranks.extend(alike.iter().map(|_| rank));
        before += alike.len();
    }
    ranks
}

/// P(V ≤ v): of all 2ⁿ ways to give the ranks a sign, the share with such a sum.
#[expect(clippy::cast_precision_loss, reason = "counts of ways are sums of halves")]
fn exactly(v: f64, n: usize) -> f64 {
    let mut ways = vec![0.0; n * (n + 1) / 2 + 1];
    ways[0] = 1.0;
    for rank in 1..=n {
        for sum in (rank..ways.len()).rev() {
            ways[sum] += ways[sum - rank];
        }
    }
    let low = ways.iter().enumerate().take_while(|(sum, _)| *sum as f64 <= v + 0.25);
    low.map(|(_, ways)| ways).sum::<f64>() / 2.0_f64.powi(i32::try_from(n).unwrap_or(i32::MAX))
}

/// The same by the normal distribution, with half a rank to spare; ties make the variance Σr²/4 smaller.
fn nearly(v: f64, ranks: &[f64]) -> f64 {
    let mean = ranks.iter().sum::<f64>() / 2.0;
    let spread = (ranks.iter().map(|rank| rank * rank).sum::<f64>() / 4.0).sqrt();
    if spread > 0.0 { normal_below((v - mean + 0.5) / spread) } else { 1.0 }
}

/// Whether outcomes follow forecasts one to one: outcome = *a* + *b*·forecast (Mincer and Zarnowitz 1969).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Efficiency {
    /// *a*; 0 when forecasts are right on average.
    pub intercept: f64,
    /// *b*; 1 when large forecasts are as right as small ones.
    pub slope: f64,
    /// The chance of such *a* and *b* when forecasts are right: an *F* test of both.
    pub chance: f64,
    /// The groups it rests on.
    pub groups: usize,
}

/// The regression of outcomes on forecasts, with errors that hang together inside a group (a year): the
/// sandwich over groups with the factor *G*/(*G*−1)·(*n*−1)/(*n*−2), and *F* with 2 and *G* − 1 degrees of freedom.
/// `pairs` hold a forecast and an outcome. `None` with fewer than four groups or forecasts that do not differ.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of years are small")]
pub fn efficiency<G: Ord>(pairs: &[(G, f64, f64)]) -> Option<Efficiency> {
    let n = pairs.len() as f64;
    let mean = |of: fn(&(G, f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (x, y) = (mean(|pair| pair.1), mean(|pair| pair.2));
    let square = pairs.iter().map(|pair| (pair.1 - x).powi(2)).sum::<f64>();
    let slope = pairs.iter().map(|pair| (pair.1 - x) * (pair.2 - y)).sum::<f64>() / square;
    let intercept = y - slope * x;
    // The scores of a group, on the mean and on the slope: these two do not hang together.
    let mut groups: std::collections::BTreeMap<&G, (f64, f64)> = std::collections::BTreeMap::new();
    for (group, forecast, outcome) in pairs {
        let error = outcome - intercept - slope * forecast;
        let sums = groups.entry(group).or_default();
        sums.0 += error;
        sums.1 += error * (forecast - x);
    }
    let count = groups.len() as f64;
    let factor = count / (count - 1.0) * (n - 1.0) / (n - 2.0);
    let sum = |of: fn(&(f64, f64)) -> f64| factor * groups.values().map(of).sum::<f64>();
    let (mm, ms, ss) = (
        sum(|sums| sums.0 * sums.0) / (n * n),
        sum(|sums| sums.0 * sums.1) / (n * square),
        sum(|sums| sums.1 * sums.1) / (square * square),
    );
    // Right on average at the mean forecast, and a slope of 1.
    let (level, tilt) = (y - x, slope - 1.0);
    let wald =
        (level * level * ss - 2.0 * level * tilt * ms + tilt * tilt * mm) / (mm * ss - ms * ms);
    let chance = f_above(wald / 2.0, 2.0, count - 1.0);
    (groups.len() > 3 && wald.is_finite()).then_some(Efficiency {
        intercept,
        slope,
        chance,
        groups: groups.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_years_all_high_prove_little() {
        // METHODS §5: two-sided p = .0625.
        let found = sign_test(&[1.0, 2.0, 0.5, 3.0, 0.1, 0.0]);
        assert_eq!((found.count, found.statistic), (5, 5.0));
        assert!((found.two_sided - 0.0625).abs() < 1e-12 && (found.low - 1.0).abs() < 1e-12);
        assert!((sign_test(&[]).two_sided - 1.0).abs() < 1e-12);
        // One of four low: P(X ≤ 1) = 5/16.
        assert!((sign_test(&[-1.0, -2.0, -3.0, 4.0]).low - 5.0 / 16.0).abs() < 1e-12);
    }

    #[test]
    fn signed_ranks_equal_r() {
        // R 4.2.2 wilcox.test(c(1.1, 2.2, -0.3, 4, 5)): V = 14, p = .125.
        let found = signed_ranks(&[1.1, 2.2, -0.3, 4.0, 5.0]);
        assert_eq!((found.count, found.statistic), (5, 14.0));
        assert!((found.two_sided - 0.125).abs() < 1e-12, "{found:?}");
        // Ties: ranks 1.5, 1.5, 3; V = 4.5, mean 3, variance (2.25 + 2.25 + 9)/4; the sum of the rest is 1.5.
        let tied = signed_ranks(&[1.0, -1.0, 2.0]);
        let z = (1.5 - 3.0 + 0.5) / 3.375_f64.sqrt();
        assert!((tied.two_sided - 2.0 * normal_below(z)).abs() < 1e-12, "{tied:?}");
    }

    #[test]
    fn diebold_mariano_by_hand() {
        // d = 1, 2, 3, 4: mean 2.5, variance (2.25 + .25)·2/4/4 = .3125; factor √((4 + 1 − 2)/4).
        let found = diebold_mariano(&[1.0, 2.0, 3.0, 4.0], 1).unwrap();
        let expected = 2.5 / 0.3125_f64.sqrt() * 0.75_f64.sqrt();
        assert!((found.statistic - expected).abs() < 1e-12, "{found:?}");
        assert!((found.low + found.two_sided / 2.0 - 1.0).abs() < 1e-12);
        assert_eq!(diebold_mariano(&[1.0, 1.0], 1), None);
        assert_eq!(diebold_mariano(&[0.0; 9], 1), None);
        // Numbers that hang together say less, and too few of them nothing.
        let long: Vec<f64> = (0..12).map(|t| [1.0, 1.2, 3.0, 3.2][t % 4]).collect();
        let statistic = |horizon| diebold_mariano(&long, horizon).map(|test| test.statistic);
        assert!(statistic(2).unwrap() < statistic(1).unwrap(), "{:?}", statistic(2));
        assert_eq!(statistic(5), None);
    }

    #[test]
    fn forecasts_that_are_right_are_efficient() {
        let noise = [0.1, -0.2, 0.15, -0.05, 0.02, -0.02];
        let pair = |(year, e): (i32, &f64)| (year, f64::from(year), f64::from(year) + e);
        let right: Vec<(i32, f64, f64)> = (1..).zip(&noise).map(pair).collect();
        let found = efficiency(&right).unwrap();
        assert!(found.chance > 0.2 && (found.slope - 1.0).abs() < 0.1, "{found:?}");
        let high: Vec<_> = right.iter().map(|&(year, f, a)| (year, f + 1.0, a)).collect();
        assert!(efficiency(&high).unwrap().chance < 0.01);
        assert_eq!(efficiency(&right[..3]), None);
    }
}
