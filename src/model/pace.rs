//! How fast a line moves: what completing its late invoices needs to know of it.

use super::prepare::Preparation;
use super::{mean, real};
use crate::panel::Series;
use serde::{Deserialize, Serialize};

/// The smoothing weights that are tried, and the range that is believed.
const WEIGHTS: [f64; 7] = [0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8];
const BELIEVED: (f64, f64) = (0.1, 0.6);
/// The first months give the level.
const WARM_UP: usize = 6;
/// The least error, as a share of a month: no line is known exactly.
const LEAST: f64 = 1e-3;
/// With fewer errors than this they are mixed with the usual error of a line.
const ENOUGH: f64 = 12.0;
const USUAL: f64 = 0.08;

/// Simple smoothing of the prepared line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// The part of an error that stays: the smoothing weight.
    pub weight: f64,
    /// The standard deviation of a one-step error, as a share of a month.
    pub error: f64,
}

/// Finds the weight with the least one-step errors.
#[must_use]
pub fn pace(series: &Series) -> Pace {
    let (preparation, a) = Preparation::learn(&series.values, series.start);
    let unit = preparation.scale.unit(&series.values);
    let tried = WEIGHTS.map(|weight| Pace { weight, error: error(&a, weight) / unit });
    let best = tried.into_iter().min_by(|a, b| a.error.total_cmp(&b.error)).unwrap_or(tried[0]);
    let own = (real(a.len().saturating_sub(WARM_UP)) / ENOUGH).min(1.0);
    let error = (own * best.error.powi(2) + (1.0 - own) * USUAL.powi(2)).sqrt();
    Pace { weight: best.weight.clamp(BELIEVED.0, BELIEVED.1), error: error.max(LEAST) }
}

fn error(a: &[f64], weight: f64) -> f64 {
    let first = WARM_UP.min(a.len());
    let mut level = mean(&a[..first]);
    let mut squares = 0.0;
    for (t, a) in a.iter().enumerate() {
        let error = a - level;
        level += weight * error;
        if t >= WARM_UP {
            squares += error * error;
        }
    }
    (squares / real(a.len().saturating_sub(WARM_UP).max(1))).sqrt()
}

#[cfg(test)]
mod tests {
    use super::super::tests::money;
    use super::*;
    use crate::units::Month;

    #[test]
    fn is_slow_where_errors_do_not_stay_and_fast_where_they_do() {
        let series = |values: Vec<f64>| Series::settled(Month::january(2016), values);
        let noise = |t: usize| 100.0 * (0.02 * (real(t * 37 % 11) - 5.0)).exp();
        let steps = |t: usize| 100.0 * (0.1 * (real(t / 7 * 37 % 11) - 5.0)).exp();
        let (still, moving) =
            (series((0..90).map(noise).collect()), series((0..90).map(steps).collect()));
        assert!(pace(&still).weight <= 0.1 && pace(&moving).weight >= 0.45);
        assert!(pace(&still).error < pace(&moving).error);
        let doubled = series(still.values.iter().map(|y| 2.0 * y).collect());
        assert!((pace(&doubled).error / pace(&still).error - 1.0).abs() < 1e-9);
    }

    #[test]
    fn of_a_young_line_is_the_usual_one_as_far_as_nothing_is_known() {
        let young = |months| pace(&money(months)).error;
        assert!((young(WARM_UP) - USUAL).abs() < 1e-12);
        assert!(young(12) < USUAL && young(12) > young(WARM_UP + 12));
        let constant = Series::settled(Month::january(2016), vec![100.0; 60]);
        assert!((pace(&constant).error - LEAST).abs() < 1e-12);
    }
}
