//! When the level of a line changed, with no date given: the divisions of its history that leave the least.
//!
//! Among all divisions into stretches of at least six months: the least Σ of squares around the mean of each
//! stretch + penalty × the number of breaks, found exactly (Jackson et al. 2005). The pruning of PELT (Killick,
//! Fearnhead and Eckley 2012) finds the same division and spares no time with a few hundred months.

use super::step::regress;
use super::{median, real, robust_deviation};
use crate::score::two_sided;

/// The shortest stretch.
const SHORTEST: usize = 6;
/// The penalty of a break is this × σ² × ln *n*: of white noise over 72 months none is broken in 10,000, where
/// 2 breaks 12 % and the defaults of other programs more (METHODS §2 of the design notes).
const BETA: f64 = 4.0;
/// A break is believed when a step as large would come up with at most this chance: its month was sought among
/// all months.
const SURE: f64 = 0.001;
/// The memory of errors is held within these before it is taken out.
const MEMORY: std::ops::RangeInclusive<f64> = 0.0..=0.8;
/// Months of a year.
const YEAR: usize = 12;

/// A history without trend, season and memory, in which only the level can change.
#[derive(Clone, Debug, PartialEq)]
struct Prepared {
    /// Values without trend and season, about 0.
    flat: Vec<f64>,
    /// *flatₜ* − *ρ·flatₜ₋₁* from the second month on.
    cleared: Vec<f64>,
}

/// A change of level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The first month of the new level.
    pub at: usize,
    /// How much higher it is.
    pub size: f64,
    /// Its standard error.
    pub error: f64,
    /// The chance of one so large at this month when there is none.
    pub chance: f64,
}

/// Sums of squares around a mean, of any stretch.
#[derive(Clone, Debug)]
pub struct Cost {
    sums: Vec<(f64, f64)>,
}

impl Cost {
    /// Of these values.
    #[must_use]
    pub fn new(values: &[f64]) -> Self {
        // Around the mean, or large levels would drown small changes.
        let mean = values.iter().sum::<f64>() / real(values.len().max(1));
        let mut sums = vec![(0.0, 0.0)];
        for value in values.iter().map(|value| value - mean) {
            let (sum, squares) = sums[sums.len() - 1];
            sums.push((sum + value, squares + value * value));
        }
        Self { sums }
    }

    /// The sum of squares of values `from` up to, not including, `to` around their mean.
    #[must_use]
    pub fn of(&self, from: usize, to: usize) -> f64 {
        let ((a, aa), (b, bb)) = (self.sums[from], self.sums[to]);
        (bb - aa - (b - a).powi(2) / real(to - from).max(1.0)).max(0.0)
    }
}

/// The changes of level of monthly values that are known no better than `exact`. `None` with less than three
/// years.
///
/// What [`breaks`] finds without trend, season and memory is tried together, as steps beside level and trend with errors that
/// remember ([`regress`]), and the least sure is left out until all are sure: medians leave some trend behind,
/// which divides a history that has no break in one of nine.
#[must_use]
pub fn changes(values: &[f64], exact: f64) -> Option<Vec<Change>> {
    let Prepared { flat, cleared } = prepare(values)?;
    // The first month has no month before it to be cleared of.
    let mut found: Vec<usize> =
        breaks(&cleared, penalty(&cleared, exact)).iter().map(|at| at + 1).collect();
    while !found.is_empty() {
        let tried = tried(&flat, &found, exact);
        let surest = |change: &Change| change.chance <= SURE;
        if tried.iter().all(surest) {
            return Some(tried);
        }
        let worst = tried.iter().max_by(|a, b| a.chance.total_cmp(&b.chance))?.at;
        found.retain(|at| *at != worst);
    }
    Some(Vec::new())
}

/// Steps at these months, all together.
fn tried(flat: &[f64], at: &[usize], exact: f64) -> Vec<Change> {
    let step = |from: usize| -> Vec<f64> {
        (0..flat.len()).map(|t| f64::from(u8::from(t >= from))).collect()
    };
    let trend = (0..flat.len()).map(|t| real(t) / real(flat.len()) - 0.5).collect();
    let columns: Vec<Vec<f64>> =
        at.iter().map(|&at| step(at)).chain([vec![1.0; flat.len()], trend]).collect();
    let unknown = |at: &usize| Change { at: *at, size: 0.0, error: 0.0, chance: 1.0 };
    let Some(found) = regress(flat, &columns) else { return at.iter().map(unknown).collect() };
    let change = |(place, &at): (usize, &usize)| {
        let (size, error) = (found.coefficients[place], found.errors[place].max(exact));
        Change { at, size, error, chance: two_sided(size / error, found.freedom) }
    };
    at.iter().enumerate().map(change).collect()
}

/// The first month of each new level, given what a break costs.
#[must_use]
pub fn breaks(values: &[f64], penalty: f64) -> Vec<usize> {
    let cost = Cost::new(values);
    // Per end, the least of all before it, and where the last stretch begins.
    let mut best = vec![(-penalty, 0)];
    for end in 1..=values.len() {
        let whole =
            (0..=end.saturating_sub(SHORTEST)).filter(|&from| from == 0 || from >= SHORTEST);
        let of = |from: usize| (best[from].0 + cost.of(from, end) + penalty, from);
        let least = whole.map(of).min_by(|a, b| a.0.total_cmp(&b.0));
        best.push(least.unwrap_or((f64::INFINITY, 0)));
    }
    let (mut found, mut end) = (Vec::new(), values.len());
    while best[end].1 > 0 {
        end = best[end].1;
        found.push(end);
    }
    found.reverse();
    found
}

/// The penalty of a break in values that are white but for breaks, and known no better than `exact`.
fn penalty(values: &[f64], exact: f64) -> f64 {
    BETA * spread(values).max(exact).powi(2) * real(values.len()).max(1.0).ln()
}

/// The standard deviation of noise around levels, by the median absolute deviation of differences, which
/// breaks hardly move.
fn spread(values: &[f64]) -> f64 {
    let differences: Vec<f64> = values.windows(2).map(|w| w[1] - w[0]).collect();
    robust_deviation(&differences) / std::f64::consts::SQRT_2
}

/// Takes trend, season and memory out of monthly values, each by medians, so that breaks stay in. `None` with
/// less than three years.
///
/// Trend: the median of yearly changes ÷ 12. Season: per calendar month the median of what a value differs from
/// the mean of the year around it. Memory: *ρ* = med(*yₜ₊₂ − yₜ*)² ÷ med(*yₜ₊₁ − yₜ*)² − 1, in absolute
/// values (Chakar et al. 2017), since breaks make every other estimate too high.
fn prepare(values: &[f64]) -> Option<Prepared> {
    if values.len() < 3 * YEAR {
        return None;
    }
    let yearly: Vec<f64> = values.iter().zip(&values[YEAR..]).map(|(a, b)| b - a).collect();
    let slope = median(&yearly) / real(YEAR);
    let level: Vec<f64> = values.iter().enumerate().map(|(t, y)| y - slope * real(t)).collect();
    let season = season(&level);
    let seasonless: Vec<f64> =
        level.iter().enumerate().map(|(t, y)| y - season[t % YEAR]).collect();
    let centre = median(&seasonless);
    let flat: Vec<f64> = seasonless.iter().map(|y| y - centre).collect();
    let change = |lag: usize| -> f64 {
        let changes = flat.iter().zip(&flat[lag..]).map(|(a, b)| (b - a).abs());
        median(&changes.collect::<Vec<_>>()).powi(2)
    };
    let (one, two) = (change(1), change(2));
    let rho = if one > 0.0 { two / one - 1.0 } else { 0.0 };
    let rho = rho.clamp(*MEMORY.start(), *MEMORY.end());
    let cleared = flat.windows(2).map(|w| w[1] - rho * w[0]).collect();
    Some(Prepared { flat, cleared })
}

/// Per place in the year, what values usually differ from the year around them.
fn season(level: &[f64]) -> [f64; YEAR] {
    let half = YEAR / 2;
    // Twelve months around a month: half of the first and of the thirteenth.
    let around = |t: usize| {
        let inner: f64 = level[t + 1 - half..t + half].iter().sum();
        (inner + f64::midpoint(level[t - half], level[t + half])) / real(YEAR)
    };
    std::array::from_fn(|place| {
        let inside = (half..level.len() - half).filter(|t| t % YEAR == place);
        median(&inside.map(|t| level[t] - around(t)).collect::<Vec<_>>())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn finds_a_change_of_level_and_no_other() {
        let values: Vec<f64> =
            (0..30).map(|t| f64::from(t % 2) + if t < 17 { 0.0 } else { 5.0 }).collect();
        assert_eq!(breaks(&values, 10.0), [17]);
        assert!(breaks(&values, 1e9).is_empty());
        assert!(breaks(&values[..8], 0.1).is_empty());
        assert!(breaks(&[], 1.0).is_empty());
    }

    #[test]
    fn costs_are_sums_of_squares() {
        // Of 1, 2, 6 around 3: 4 + 1 + 9; of 2, 6 around 4: 8.
        let cost = Cost::new(&[1.0, 2.0, 6.0]);
        assert!((cost.of(0, 3) - 14.0).abs() < 1e-12 && (cost.of(1, 3) - 8.0).abs() < 1e-12);
    }

    #[test]
    fn preparation_leaves_only_the_level() {
        let noise = |t: i32| (f64::from(t + 1) * 12.9898).sin() * 43_758.545_3 % 1.0 * 5.0;
        let season = |t: i32| 3.0 * f64::from(t % 12 / 6);
        let value = |t: i32| 0.5 * f64::from(t) + season(t) + noise(t) + 20.0 * f64::from(t / 60);
        let values: Vec<f64> = (0..96).map(value).collect();
        let found = prepare(&values).unwrap();
        let change = |part: &[f64]| part.iter().sum::<f64>() / real(part.len());
        let size = change(&found.flat[60..]) - change(&found.flat[..60]);
        assert!((size - 20.0).abs() < 3.0, "{size}");
        let broken = breaks(&found.cleared, penalty(&found.cleared, 0.0));
        assert!(broken.len() == 1 && broken[0].abs_diff(59) <= 1, "{broken:?}");
        assert_eq!(prepare(&values[..35]), None);
        let changes = changes(&values, 0.0).unwrap();
        assert!((changes[0].size - 20.0).abs() < 3.0 * changes[0].error, "{changes:?}");
        assert!(changes.len() == 1 && changes[0].at.abs_diff(60) <= 1, "{changes:?}");
    }

    /// All divisions, one by one.
    fn by_hand(values: &[f64], penalty: f64) -> f64 {
        fn least(cost: &Cost, from: usize, n: usize, penalty: f64) -> f64 {
            let more = (from + SHORTEST..=n.saturating_sub(SHORTEST))
                .map(|to| cost.of(from, to) + penalty + least(cost, to, n, penalty));
            more.fold(cost.of(from, n), f64::min)
        }
        least(&Cost::new(values), 0, values.len(), penalty)
    }

    proptest! {
        #[test]
        fn no_division_is_better(values in prop::collection::vec(-9.0..9.0_f64, 12..32), penalty in 1.0..60.0_f64) {
            let found = breaks(&values, penalty);
            let cost = Cost::new(&values);
            let ends: Vec<usize> = [0].into_iter().chain(found.clone()).chain([values.len()]).collect();
            let ours: f64 = ends.windows(2).map(|w| cost.of(w[0], w[1])).sum::<f64>() + penalty * real(found.len());
            prop_assert!((ours - by_hand(&values, penalty)).abs() < 1e-9);
            prop_assert!(ends.windows(2).all(|w| w[1] - w[0] >= SHORTEST));
        }
    }
}
