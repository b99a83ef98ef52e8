//! How money grows from one age to the next: the links of a chain ladder.

use crate::panel::RunOff;
use ndarray::Axis;
use std::iter::once;

/// A sum of cancelling amounts counts as zero below this share of their sizes: rounding leaves less.
const NOTHING: f64 = 1e-9;
/// A tail goes on for so many periods after the last age, as in chainladder's `TailCurve`.
const TAIL_PERIODS: usize = 100;

/// From one age to the next, in the notation of Mack (1993), "Distribution-free calculation of the
/// standard error of chain ladder reserve estimates", ASTIN Bulletin 23, pages 213–225.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// *fₖ* = Σ*Cₖ₊₁* ÷ Σ*Cₖ*: what stands at the next age for every euro at this one. It is 1 when
    /// Σ*Cₖ* is zero, and when no row has reached the next age.
    pub factor: f64,
    /// *σₖ*, in √euro: a row's next amount has the variance *σₖ*²·|*Cₖ*|.
    pub sigma: f64,
    /// The standard error of *fₖ*: *σₖ*·√Σ|*Cₖ*| ÷ |Σ*Cₖ*|.
    pub standard_error: f64,
    /// Whether the money starts here: nothing stands at this age and something at the next, so
    /// that no factor can tell how it grows.
    pub starts: bool,
}

impl Link {
    /// Chosen and not estimated: for what comes after the last age (Mack 1999, "The standard error
    /// of chain ladder reserve estimates: recursive calculation and inclusion of a tail factor",
    /// ASTIN Bulletin 29, pages 361–366).
    #[must_use]
    pub fn tail(factor: f64, sigma: f64, standard_error: f64) -> Self {
        Self { factor, sigma, standard_error, starts: false }
    }
}

/// What *σₖ* is where fewer than two rows tell. Programs choose differently here, which is why they
/// give different standard errors for the same triangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigmaRule {
    /// *σₖ*² = min(*σₖ₋₁*⁴ ÷ *σₖ₋₂*², *σₖ₋₂*², *σₖ₋₁*²), as in Mack (1993).
    Mack,
    /// ln *σₖ* on a straight line in *k* through those that are known and above zero, however well
    /// it fits. With fewer than two of those it is the rule of Mack.
    LogLinear,
}

/// The links from every age to the next, each weighted by volume over the last `window` rows that
/// have reached the next age, or over all of them.
///
/// *σₖ*² = Σ(*Cₖ₊₁* − *fₖCₖ*)² ÷ |*Cₖ*| ÷ (*n* − 1), over the *n* rows with something at this age.
#[must_use]
pub fn links(run_off: &RunOff, window: Option<usize>, rule: SigmaRule) -> Vec<Link> {
    let ages = 0..run_off.oldest();
    let sums: Vec<Sums> = ages.map(|age| Sums::of(&pairs(run_off, age, window))).collect();
    let mut variances: Vec<Option<f64>> = sums.iter().map(|sums| sums.variance).collect();
    let line = (rule == SigmaRule::LogLinear).then(|| log_line(&variances)).flatten();
    for age in 0..variances.len() {
        let guess = || match line {
            Some((level, slope)) => (2.0 * (level + slope * real(age))).exp(),
            None => mack(&variances[..age]),
        };
        variances[age] = Some(variances[age].unwrap_or_else(guess));
    }
    sums.iter().zip(variances).map(|(sums, variance)| sums.link(variance.unwrap_or(0.0))).collect()
}

/// *pₖ* per age, the share of all money that stands there: 1 ÷ ∏*fⱼ* over the links from that age
/// on, and 0 where none stands yet or all of it is undone. That of the last age is 1, or 1 ÷ the tail.
#[must_use]
pub fn shares(links: &[Link]) -> Vec<f64> {
    let before = |share: &mut f64, link: &Link| {
        let undone = link.starts || link.factor == 0.0;
        *share = if undone { 0.0 } else { *share / link.factor };
        Some(*share)
    };
    let mut shares: Vec<f64> = once(1.0).chain(links.iter().rev().scan(1.0, before)).collect();
    shares.reverse();
    shares
}

/// What still comes after the last age, when ln(*fₖ* − 1) goes on along its line in *k* for 100
/// periods; only factors above 1 are on the line. It is 1 when the line does not fall.
#[must_use]
pub fn tail_factor(links: &[Link]) -> f64 {
    let grows = |link: &Link| link.factor > 1.0;
    let points = links.iter().enumerate().filter(|(_, link)| grows(link));
    let points: Vec<_> = points.map(|(age, link)| (real(age), (link.factor - 1.0).ln())).collect();
    let Some((level, slope)) = line(&points).filter(|&(_, slope)| slope < 0.0) else {
        return 1.0;
    };
    let later = links.len()..links.len() + TAIL_PERIODS;
    later.map(|age| 1.0 + (level + slope * real(age)).exp()).product()
}

/// What the rows that tell hold at an age and at the next.
fn pairs(run_off: &RunOff, age: usize, window: Option<usize>) -> Vec<(f64, f64)> {
    let told = run_off.aged(age + 1);
    let first = told.saturating_sub(window.unwrap_or(told));
    let column = |age| run_off.cumulative.index_axis(Axis(1), age);
    let (now, next) = (column(age), column(age + 1));
    (first..told).map(|row| (now[row], next[row])).collect()
}

/// What a link is made of.
struct Sums {
    factor: f64,
    /// √Σ|*Cₖ*| ÷ |Σ*Cₖ*|.
    leverage: f64,
    /// `None` when fewer than two rows tell.
    variance: Option<f64>,
    starts: bool,
}

impl Sums {
    fn of(pairs: &[(f64, f64)]) -> Self {
        let size: f64 = pairs.iter().map(|(now, _)| now.abs()).sum();
        let now: f64 = pairs.iter().map(|(now, _)| now).sum();
        let next: f64 = pairs.iter().map(|(_, next)| next).sum();
        if now.abs() <= NOTHING * size {
            return Self { factor: 1.0, leverage: 0.0, variance: Some(0.0), starts: next != 0.0 };
        }
        let factor = next / now;
        let filled = || pairs.iter().filter(|(now, _)| *now != 0.0);
        let spread: f64 =
            filled().map(|(now, next)| (next - factor * now).powi(2) / now.abs()).sum();
        let freedom = filled().count() - 1;
        let variance = (freedom > 0).then(|| spread / real(freedom));
        Self { factor, leverage: size.sqrt() / now.abs(), variance, starts: false }
    }

    fn link(&self, variance: f64) -> Link {
        let sigma = variance.sqrt();
        Link {
            factor: self.factor,
            sigma,
            standard_error: sigma * self.leverage,
            starts: self.starts,
        }
    }
}

/// The rule of Mack after these; the last one alone when it has none before it.
fn mack(before: &[Option<f64>]) -> f64 {
    match *before {
        [.., Some(earlier), Some(last)] if earlier > 0.0 => {
            (last * last / earlier).min(earlier).min(last)
        }
        [.., Some(_), Some(_)] | [] => 0.0,
        [.., last] => last.unwrap_or(0.0),
    }
}

/// Level and slope of ln *σ* over the ages.
fn log_line(variances: &[Option<f64>]) -> Option<(f64, f64)> {
    let known = |(age, variance): (usize, &Option<f64>)| {
        let variance = variance.filter(|&variance| variance > 0.0)?;
        Some((real(age), variance.ln() / 2.0))
    };
    line(&variances.iter().enumerate().filter_map(known).collect::<Vec<_>>())
}

/// Level and slope of the least-squares line through at least two points.
fn line(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let n = real(points.len());
    let x = points.iter().map(|(x, _)| x).sum::<f64>() / n;
    let y = points.iter().map(|(_, y)| y).sum::<f64>() / n;
    let squares: f64 = points.iter().map(|(at, _)| (at - x).powi(2)).sum();
    let products: f64 = points.iter().map(|(at, value)| (at - x) * (value - y)).sum();
    let slope = products / squares;
    (points.len() > 1).then_some((y - slope * x, slope))
}

#[expect(clippy::cast_precision_loss, reason = "counts of ages and rows are far below 2^53")]
pub(super) fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Month, Months};
    use ndarray::{Array2, array};

    /// The last row is of the last month known.
    fn triangle(cumulative: Array2<f64>) -> RunOff {
        let start = Month::january(2024);
        let as_of = start + Months::of(cumulative.nrows()) - Months(1);
        RunOff { start, cumulative, as_of }
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
    }

    /// f₀ = (30 + 10) ÷ (10 + 10) = 2, σ₀² = ((30 − 20)² + (10 − 20)²) ÷ 10 ÷ 1 = 20, standard
    /// error √20 · √20 ÷ 20 = 1. f₁ = 36 ÷ 30, told by one row: σ₁ = σ₀.
    #[test]
    fn links_of_a_small_triangle() {
        let run_off = triangle(array![[10., 30., 36.], [10., 10., 10.], [5., 5., 5.]]);
        let [first, last] = links(&run_off, None, SigmaRule::Mack)[..] else { panic!("two links") };
        close(first.factor, 2.0);
        close(first.sigma, 20_f64.sqrt());
        close(first.standard_error, 1.0);
        close(last.factor, 1.2);
        close(last.sigma, 20_f64.sqrt());
        close(last.standard_error, (20.0 / 30.0_f64).sqrt());
        assert_eq!(links(&run_off, None, SigmaRule::LogLinear)[1], last);
        let [youngest, _] = links(&run_off, Some(1), SigmaRule::Mack)[..] else { panic!("two") };
        assert_eq!(youngest, Link::tail(1.0, 0.0, 0.0));
    }

    #[test]
    fn both_rules_go_on_where_rows_are_few() {
        let before = |variances: &[f64]| variances.iter().copied().map(Some).collect::<Vec<_>>();
        close(mack(&before(&[9.0, 8.0, 4.0])), 2.0);
        close(mack(&before(&[4.0, 8.0])), 4.0);
        close(mack(&before(&[0.0, 8.0])), 0.0);
        close(mack(&before(&[8.0])), 8.0);
        close(mack(&[]), 0.0);
        let (level, slope) = log_line(&[Some(16.0), None, Some(0.0), Some(2.0)]).unwrap();
        close(level, 4_f64.ln());
        close(slope, -2_f64.ln() / 2.0);
        assert_eq!(log_line(&before(&[3.0, 0.0])), None);
    }

    /// Nothing is booked in the month itself, all within the next, and no row is older than that.
    #[test]
    fn money_that_starts_later_has_no_share_before() {
        let mut run_off = triangle(array![[0., 8., 8., 8.], [0., 7., 7., 7.], [0., 0., 0., 0.]]);
        run_off.cumulative.column_mut(3).fill(0.0);
        let links = links(&run_off, None, SigmaRule::LogLinear);
        assert_eq!(links[0], Link { starts: true, ..Link::tail(1.0, 0.0, 0.0) });
        assert_eq!(links[1..], [Link::tail(1.0, 0.0, 0.0); 2]);
        assert_eq!(shares(&links), [0.0, 1.0, 1.0, 1.0]);
        assert_eq!(shares(&[Link::tail(4.0, 0.0, 0.0), links[0], links[1]]), [0.0, 0.0, 1.0, 1.0]);
        assert_eq!(
            shares(&[Link::tail(2.0, 1.0, 1.0), Link::tail(1.25, 1.0, 1.0)])[..2],
            [0.4, 0.8]
        );
    }

    /// Amounts that cancel but for rounding, and one that does not stand at the first age.
    #[test]
    fn what_cancels_is_nothing() {
        let cancels = Sums::of(&[(0.1, 1.0), (0.2, 1.0), (-0.3, 1.0)]);
        assert_eq!((cancels.factor, cancels.variance, cancels.starts), (1.0, Some(0.0), true));
        let credit = Sums::of(&[(-10.0, -12.0), (30.0, 32.0), (0.0, 2.0)]);
        close(credit.factor, 1.1);
        close(credit.variance.unwrap(), 1.0 / 10.0 + 1.0 / 30.0);
        close(credit.leverage, 40_f64.sqrt() / 20.0);
    }

    /// f − 1 is 1, ½, ¼, so what follows is ⅛, ¹⁄₁₆ and so on.
    #[test]
    fn the_tail_goes_on_as_the_factors_do() {
        let mut links = [2.0, 1.5, 1.25].map(|factor| Link::tail(factor, 0.0, 0.0));
        let expected: f64 = (3..103).map(|k| 1.0 + 0.5_f64.powi(k)).product();
        close(tail_factor(&links), expected);
        links.reverse();
        close(tail_factor(&links), 1.0);
        close(tail_factor(&links[..1]), 1.0);
    }
}
