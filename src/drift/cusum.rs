//! Whether the errors of a line moved away from where they were: two-sided cumulative sums (Page 1954).
//!
//! *S⁺ₜ* = max(0, *S⁺ₜ₋₁* + *zₜ* − *k*), an alarm above *h*, and the same downwards. With *k* = ½ and *h* = 6 pure noise
//! alarms once in 1,276 months; a shift of two standard deviations is seen after 4.7 on average (METHODS §2 of the
//! design notes).

use super::{mean, median, real, robust_deviation};

/// What a month takes off its *z*: half of the shift that is looked for.
pub const ALLOWANCE: f64 = 0.5;
/// The sum that alarms.
pub const LIMIT: f64 = 6.0;
/// The months that say what is usual. From 48 the false alarms and the delay are those of the guide; from
/// fewer the spread is too uncertain to see two standard deviations within half a year.
pub const REFERENCE: usize = 48;
/// Fewer say too little.
pub const LEAST: usize = 36;
/// Errors that remember more than this of the month before are cleared of it.
const REMEMBERS: f64 = 0.2;
/// Above this a shift would be cleared away with it.
const MOST: f64 = 0.9;
/// An error counts for at most so many robust deviations: one month, however odd, is no shift.
const HELD: f64 = 4.0;

/// An alarm, by place in the errors it was found in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alarm {
    /// The month the sum passed the limit.
    pub at: usize,
    /// The first month of the shift, as far as the sum tells: that after the last month it stood at nil.
    pub from: usize,
    /// The mean error since then, less the usual one, in the unit of the errors.
    pub size: f64,
    /// Its standard error.
    pub error: f64,
    /// The size in standard deviations of a usual month.
    pub deviations: f64,
}

/// What is usual: mean and spread of errors cleared of what they remember.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Usual {
    /// How much of the error of the month before is in each; 0 when that is little.
    remembers: f64,
    /// The mean of the errors themselves.
    mean: f64,
    /// The standard deviation of what is cleared.
    spread: f64,
    /// The number of months it rests on.
    months: f64,
}

/// Watches errors for a shift, given what is usual in the first `reference` of them. `variances` are those
/// of what is uncertain of each month itself: invoices that are still to come. `exact` is the smallest spread that
/// counts, so that an amount that was always the same is watched too. After an alarm the sums start
/// anew. `None` when nothing is usual: fewer than three months, or errors that never vary and no `exact`.
#[must_use]
pub fn watch(
    errors: &[f64],
    variances: &[f64],
    reference: usize,
    exact: f64,
) -> Option<Vec<Alarm>> {
    let held = held(errors, reference, exact)?;
    let usual = usual(&held[..reference], exact)?;
    let z: Vec<f64> =
        (reference..errors.len()).map(|t| usual.standardised(&held, variances, t)).collect();
    let found = cusum(&z, ALLOWANCE, LIMIT).into_iter();
    Some(found.map(|(from, at)| usual.alarm(errors, reference + from, reference + at)).collect())
}

/// The alarms of standardised errors: the first month of each shift and the month it is seen.
#[must_use]
pub fn cusum(z: &[f64], allowance: f64, limit: f64) -> Vec<(usize, usize)> {
    let (mut sums, mut since) = ([0.0_f64; 2], [0; 2]);
    let mut alarms = Vec::new();
    for (t, z) in z.iter().enumerate() {
        for (side, sign) in [1.0, -1.0].into_iter().enumerate() {
            if sums[side] <= 0.0 {
                since[side] = t;
            }
            sums[side] = (sums[side] + sign * z - allowance).max(0.0);
        }
        if let Some(side) = (0..2).find(|&side| sums[side] > limit) {
            alarms.push((since[side], t));
            sums = [0.0; 2];
        }
    }
    alarms
}

/// Errors held within what the first `reference` of them allow.
fn held(errors: &[f64], reference: usize, exact: f64) -> Option<Vec<f64>> {
    let first = errors.get(..reference)?;
    let (centre, deviation) = (median(first), robust_deviation(first).max(exact));
    let most = if deviation > 0.0 { HELD * deviation } else { f64::INFINITY };
    Some(errors.iter().map(|error| error.clamp(centre - most, centre + most)).collect())
}

/// What is usual in a stretch of errors; `None` for fewer than three, and for a spread of nil.
fn usual(errors: &[f64], exact: f64) -> Option<Usual> {
    if errors.len() < 3 {
        return None;
    }
    let mean = mean(errors);
    let product = |lag: usize| {
        let pairs = errors.iter().zip(&errors[lag..]);
        pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>()
    };
    let n = real(errors.len());
    let first = product(1) / product(0);
    // The autocorrelation of a short stretch is too low by about (1 + 3ρ)/n (Kendall 1954).
    let unbiased = first + (1.0 + 3.0 * first) / n;
    // What errors too small to count remember would only hide a shift.
    let counts = product(0) > n * exact.powi(2) && unbiased.abs() > REMEMBERS;
    let remembers = if counts { unbiased.clamp(-MOST, MOST) } else { 0.0 };
    let cleared: Vec<f64> = errors.windows(2).map(|w| w[1] - remembers * w[0]).collect();
    let cleared = if remembers == 0.0 { errors } else { &cleared };
    let months = real(cleared.len());
    let centre = cleared.iter().sum::<f64>() / months;
    let squares: f64 = cleared.iter().map(|value| (value - centre).powi(2)).sum();
    let spread = (squares / (months - 1.0)).sqrt().max(exact);
    let mean = centre / (1.0 - remembers);
    (spread > 0.0).then_some(Usual { remembers, mean, spread, months })
}

impl Usual {
    /// The error of month `t` as a standard normal number.
    fn standardised(&self, errors: &[f64], variances: &[f64], t: usize) -> f64 {
        let of = |t: usize| (errors[t] - self.mean, variances.get(t).copied().unwrap_or(0.0));
        let ((now, unsure), (before, unsure_before)) = (of(t), of(t.max(1) - 1));
        let centred = now - self.remembers * before;
        let own = self.spread.powi(2) * (1.0 + 1.0 / self.months);
        let variance = own + unsure + self.remembers.powi(2) * unsure_before;
        normal(centred / variance.sqrt(), self.months - 1.0).clamp(-HELD, HELD)
    }

    fn alarm(&self, errors: &[f64], from: usize, at: usize) -> Alarm {
        let since = &errors[from..=at];
        let size = mean(since) - self.mean;
        let memory = self.remembers;
        // The mean of n months that remember ρ varies by about σ²/(n(1−ρ)²), of innovations σ².
        let error = self.spread / (real(since.len()).sqrt() * (1.0 - memory));
        let deviation = self.spread / (1.0 - memory * memory).sqrt();
        Alarm { at, from, size, error, deviations: size / deviation }
    }
}

/// A number with Student's *t* distribution as a standard normal one that is as rare, by Wallace (1959): the
/// spread is itself an estimate, and large errors are commoner than it says.
fn normal(t: f64, freedom: f64) -> f64 {
    let nearer = (8.0 * freedom + 1.0) / (8.0 * freedom + 3.0);
    (nearer * (freedom * (t * t / freedom).ln_1p()).sqrt()).copysign(t)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{below, normal_below};

    #[test]
    fn a_sum_alarms_says_since_when_and_starts_anew() {
        // From the third month 2 − .5 a month: 1.5, 3, 4.5, 6, 7.5: above 6 at the fifth of them.
        let z = [0.0, -1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 0.0, -3.0, -3.0, -3.0];
        assert_eq!(cusum(&z, 0.5, 6.0), [(2, 6), (8, 10)]);
        assert!(cusum(&[6.4, 0.0, 0.7], 0.5, 6.0).is_empty());
        assert!(cusum(&[], 0.5, 6.0).is_empty());
    }

    #[test]
    fn a_shift_is_told_from_what_is_usual() {
        // 1, 1, −1, 0, −1 over and over: mean 0, squares 4 of 5, neighbours 1 − 1 + 0 + 0 − 1 = −1 of 4.
        let mut errors: Vec<f64> = [1.0, 1.0, -1.0, 0.0, -1.0].repeat(12)[..56].to_vec();
        assert_eq!(watch(&errors, &[], 48, 0.0).unwrap(), []);
        let mut odd = errors.clone();
        odd[50] = 90.0;
        assert_eq!(watch(&odd, &[], 48, 0.0).unwrap(), []);
        errors[48..].fill(4.0);
        let found = watch(&errors, &[], 48, 0.0).unwrap();
        assert_eq!((found[0].from, found[0].at), (48, 49));
        assert!((found[0].size - 4.0).abs() < 0.1, "{found:?}");
        // An invoice that may be missing hides it.
        assert_eq!(watch(&errors, &[400.0; 56], 48, 0.0).unwrap(), []);
        assert_eq!(watch(&[1.0; 60], &[], 48, 0.0), None);
        assert_eq!(watch(&[1.0; 6], &[], 48, 1.0), None);
    }

    #[test]
    fn errors_that_hardly_vary_are_watched_with_the_smallest_spread_that_counts() {
        assert_eq!(watch(&[1.0; 60], &[], 48, 0.1).unwrap(), []);
        // They remember all of the month before, and none of it counts.
        let tiny: Vec<f64> = (0..60).map(|t| if t / 12 % 2 == 0 { 1e-9 } else { -1e-9 }).collect();
        assert_eq!(watch(&tiny, &[], 48, 0.1).unwrap(), []);
        for mut errors in [vec![0.0; 60], tiny] {
            errors[48..].fill(0.5);
            // Held at .4, four of .1: z = .4 ÷ (.1·√(49/48)) = 3.96, of a t with 47 degrees 3.66. Each adds 3.16.
            let found = watch(&errors, &[], 48, 0.1).unwrap();
            assert_eq!((found[0].from, found[0].at), (48, 49));
            assert!((found[0].size - 0.5).abs() < 1e-6, "{found:?}");
        }
    }

    #[test]
    fn what_is_usual_is_cleared_of_memory() {
        let errors = [1.0, 1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0];
        // Lag one: 1 −1 1 −1 1 −1 1 = 1 of 8: .125 + (1 + .375)/8 = .296875.
        let found = usual(&errors, 0.0).unwrap();
        assert!((found.remembers - 0.296_875).abs() < 1e-12, "{found:?}");
        assert!((found.months - 7.0).abs() < 1e-12);
    }

    #[test]
    fn a_rare_t_is_a_rare_normal() {
        for freedom in [20.0, 35.0, 47.0] {
            for t in [-4.0, -2.0, 0.5, 1.0, 3.0] {
                let (wanted, found) = (below(t, freedom), normal_below(normal(t, freedom)));
                let off = (found - wanted).abs() / wanted.min(1.0 - wanted);
                assert!(off < 0.01, "{t} {freedom}: {found} {wanted}");
            }
        }
    }
}
