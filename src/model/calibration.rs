//! What earlier forecasts teach about the bands of the champion, over all lines of a panel.
//!
//! The champion is fitted anew as of 3, 6, …, 36 months back, with at least two years left, and its
//! errors are laid beside what came true. Three things are learned, each held to shipped values as
//! far as the panel is small:
//!
//! 1. β and γ of [`super::spread`], by ridge regression of ln|error| on the features;
//! 2. the shape: quantiles of z = error ÷ s over all lines and horizons, mixed N : 15 with shipped
//!    ones, where N is the number of lines;
//! 3. per horizon, how much wider z is there than over all.
//!
//! The mean of a path is ŷ: E exp(s·z) = 1, and the quantiles are those of (error + ln E) ÷ s.
//! Shipped values were learned on the training parts of the M1 and M3 development files.

use super::champion::FittedChampion;
use super::linear::ridge;
use super::shape::Shape;
use super::spread::{FEATURES, Features};
use super::{Context, mean, real};
use crate::panel::Series;
use crate::units::Months;
use serde::{Deserialize, Serialize};

/// How far back the champion is fitted anew.
const BACK: std::ops::RangeInclusive<usize> = 3..=36;
const STEP: usize = 3;
/// The history that a refit needs.
const HISTORY: usize = 24;
/// The horizon that errors are learned to.
const HORIZON: usize = 18;
/// Refits as recent as this give the shape: older ones lean on shorter histories.
const RECENT: usize = 18;
const YEAR: usize = 12;
/// The horizons whose errors are averaged before their logarithm is taken.
const GROUPS: [std::ops::Range<usize>; 5] = [0..2, 2..5, 5..9, 9..13, 13..18];
/// Added to an error before its logarithm is taken: a month, and a sum.
const OFFSET: f64 = 0.002;
const OFFSET_SUM: f64 = 0.005;
/// The weight of the shipped coefficients, and of the shipped intercept.
const PENALTY: (f64, f64) = (200.0, 10.0);
const PENALTY_SUM: (f64, f64) = (60.0, 3.0);
/// A line whose prepared months change by less, as a share, teaches nothing about the others.
const QUIET: f64 = 0.005;
/// A shift of another order is no error of scale: what lies further out, in units of s, is left out.
const FAR: f64 = 8.0;
/// The weight of the shipped shape, in lines.
const LINES: f64 = 15.0;
/// With fewer errors the width per horizon is not learned; and its weight per horizon.
const MANY: usize = 300;
const SOME: usize = 30;
const HORIZON_WEIGHT: f64 = 100.0;
const MONTHLY: [f64; 2 * FEATURES] = [
    0.838, -0.381, 0.640, 0.200, -0.206, 0.045, 0.274, 0.060, 0.203, -0.183, 0.115, 0.193, -0.029,
    -0.001, -0.145, -0.005,
];
const YEARLY: [f64; FEATURES] = [-0.171, -0.771, 0.848, 0.168, -0.167, 0.118, 0.227, 0.093];
const SHAPE: Shape = Shape([-3.08, -1.65, 0.0, 1.80, 2.94]);
const SHAPE_SUM: Shape = Shape([-3.17, -1.66, 0.0, 2.08, 3.57]);

/// The bands of the champion, learned over all lines of a panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// β.
    monthly: [f64; 2 * FEATURES],
    /// γ.
    yearly: [f64; FEATURES],
    shape: Shape,
    shape_of_sums: Shape,
    /// How much wider than `shape` each horizon is.
    widths: Vec<f64>,
    /// The errors that the shape rests on.
    pub errors: usize,
    /// The lines they come from.
    pub lines: usize,
}

/// One refit of one line and what it got wrong.
#[derive(Clone, Debug)]
pub(super) struct Refit {
    back: usize,
    features: Features,
    logarithmic: bool,
    /// Relative errors for h = 1, 2, ….
    errors: Vec<f64>,
    /// Of the sum of the first twelve.
    sum: Option<f64>,
}

/// Fits the champion anew as of earlier months of `history`.
pub(super) fn refits(history: &Series, context: &Context) -> Vec<Refit> {
    let n = history.values.len();
    let back = BACK.step_by(STEP).take_while(|back| n >= HISTORY + back);
    let mut near: Option<FittedChampion> = None;
    let refit = |back: usize| {
        let then = history.end() - Months::of(back);
        let context = context.earlier(back, then);
        let model = FittedChampion::fit(&history.before(then), &context, near.as_ref());
        let refit = Refit::new(history, back, &model, &context);
        near = Some(model);
        refit
    };
    back.map(refit).collect()
}

impl Default for Calibration {
    /// The shipped values.
    fn default() -> Self {
        Self {
            monthly: MONTHLY,
            yearly: YEARLY,
            shape: SHAPE,
            shape_of_sums: SHAPE_SUM,
            widths: vec![1.0],
            errors: 0,
            lines: 0,
        }
    }
}

impl Calibration {
    /// Learns from the refits of each line.
    pub(super) fn learn(lines: &[Vec<Refit>]) -> Self {
        let all: Vec<&Refit> = lines.iter().flatten().filter(|refit| refit.is_telling()).collect();
        let mut learned = Self {
            monthly: coefficients(&monthly_rows(&all), &MONTHLY, PENALTY),
            yearly: coefficients(&yearly_rows(&all), &YEARLY, PENALTY_SUM),
            lines: lines.iter().filter(|refits| !refits.is_empty()).count(),
            ..Self::default()
        };
        let weight = real(learned.lines) / (real(learned.lines) + LINES);
        let recent: Vec<&Refit> = all.into_iter().filter(|refit| refit.back <= RECENT).collect();
        let by_horizon = learned.scores(&recent);
        let mut scores = by_horizon.concat();
        learned.errors = scores.len();
        learned.shape = SHAPE.mixed(&mut scores, weight);
        learned.widths = learned.widths_of(by_horizon);
        let mut sums = learned.scores_of_sums(&recent);
        learned.shape_of_sums = SHAPE_SUM.mixed(&mut sums, weight);
        learned
    }

    /// `s_h` of a line for h = 1 … `months`.
    pub(super) fn monthly(&self, features: &Features, months: usize) -> Vec<f64> {
        let plain = features.monthly(&self.monthly, months);
        let last = self.widths.len() - 1;
        let wide = |(h, s): (usize, f64)| s * self.widths[h.min(last)];
        plain.into_iter().enumerate().map(wide).collect()
    }

    /// `s_Σ` of a line, in the units of `shape`: what makes its 80 % band as wide as that of sums.
    pub(super) fn yearly(&self, features: &Features) -> f64 {
        let wider = self.shape_of_sums.width() / self.shape.width();
        features.yearly(&self.yearly) * wider
    }

    pub(super) fn shape(&self) -> &Shape {
        &self.shape
    }

    /// z per horizon, with the mean of the path on ŷ.
    fn scores(&self, refits: &[&Refit]) -> Vec<Vec<f64>> {
        let mut scores = vec![Vec::new(); HORIZON];
        for refit in refits {
            let sizes = self.monthly(&refit.features, HORIZON);
            for (h, (&error, s)) in refit.errors.iter().zip(sizes).enumerate().take(HORIZON) {
                scores[h].extend(refit.score(error, s, &self.shape));
            }
        }
        scores
    }

    fn scores_of_sums(&self, refits: &[&Refit]) -> Vec<f64> {
        let score = |refit: &&Refit| {
            let s = refit.features.yearly(&self.yearly);
            refit.sum.and_then(|error| refit.score(error, s, &self.shape_of_sums))
        };
        refits.iter().filter_map(score).collect()
    }

    /// Per horizon the width of z relative to all, weighed by its number and smoothed over five.
    fn widths_of(&self, by_horizon: Vec<Vec<f64>>) -> Vec<f64> {
        if self.errors < MANY {
            return vec![1.0];
        }
        let one = |mut scores: Vec<f64>| {
            let n = real(scores.len());
            if scores.len() < SOME {
                return 1.0;
            }
            let width = Shape::of(&mut scores).width() / self.shape.width();
            (width * n + HORIZON_WEIGHT) / (n + HORIZON_WEIGHT)
        };
        let rough: Vec<f64> = by_horizon.into_iter().map(one).collect();
        let around = |h: usize| mean(&rough[h.saturating_sub(2)..(h + 3).min(rough.len())]);
        (0..rough.len()).map(around).collect()
    }
}

impl Refit {
    /// What `model`, fitted `back` months before the end of `history`, got wrong.
    fn new(history: &Series, back: usize, model: &FittedChampion, context: &Context) -> Self {
        let (known, came) = history.values.split_at(history.values.len() - back);
        let ahead = model.ahead(HORIZON, context);
        let scale = model.scale();
        let unit = scale.unit(known);
        let apart =
            |now: &[f64], then: &[f64]| scale.apart(scale.average(now), scale.average(then)) / unit;
        let errors = came.iter().zip(&ahead).map(|(&y, &expected)| apart(&[y], &[expected]));
        Self {
            back,
            features: model.features,
            logarithmic: scale.is_logarithmic(),
            errors: errors.collect(),
            sum: (back >= YEAR).then(|| apart(&came[..YEAR], &ahead[..YEAR])),
        }
    }

    /// A line that hardly moves (a lump sum, a prepaid quarter) either makes no error or one of
    /// another kind: a new contract. It would teach the others nothing.
    fn is_telling(&self) -> bool {
        self.features.change() > QUIET
    }

    /// (error + ln E) ÷ s; `None` beyond [`FAR`].
    fn score(&self, error: f64, s: f64, shape: &Shape) -> Option<f64> {
        let lift = if self.logarithmic { shape.log_mean(s) } else { 0.0 };
        Some((error + lift) / s).filter(|z| z.abs() < FAR)
    }
}

fn coefficients<const K: usize>(
    rows: &[([f64; K], f64)],
    shipped: &[f64; K],
    (penalty, intercept): (f64, f64),
) -> [f64; K] {
    let penalties = std::array::from_fn(|k| if k == 0 { intercept } else { penalty });
    ridge(rows, shipped, &penalties)
}

/// Features and ln(mean|e| + offset), per group of horizons of the refits that reach them all.
fn monthly_rows(refits: &[&Refit]) -> Vec<([f64; 2 * FEATURES], f64)> {
    let row = |refit: &Refit, group: std::ops::Range<usize>| {
        let ln_h = mean(&group.clone().map(|h| real(h + 1).ln()).collect::<Vec<_>>());
        let size = mean(&refit.errors[group].iter().map(|e| e.abs()).collect::<Vec<_>>());
        (refit.features.with_horizon(ln_h), (size + OFFSET).ln())
    };
    let long = refits.iter().filter(|refit| refit.back >= HORIZON);
    long.flat_map(|refit| GROUPS.map(|group| row(refit, group))).collect()
}

fn yearly_rows(refits: &[&Refit]) -> Vec<([f64; FEATURES], f64)> {
    let row = |refit: &&Refit| Some((refit.features.0, (refit.sum?.abs() + OFFSET_SUM).ln()));
    refits.iter().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::money;
    use super::*;

    #[test]
    fn learns_nothing_from_nothing_and_from_a_line_that_does_not_move() {
        assert_eq!(Calibration::learn(&[]), Calibration::default());
        let flat = Series::settled(money(1).start, vec![100.0; 80]);
        let still = Calibration::learn(&[refits(&flat, &Context::default())]);
        assert_eq!((still.shape, still.errors), (SHAPE, 0));
    }

    #[test]
    fn looks_back_as_far_as_two_years_are_left() {
        let backs = |months| -> Vec<usize> {
            refits(&money(months), &Context::default()).iter().map(|refit| refit.back).collect()
        };
        assert_eq!(backs(26), Vec::<usize>::new());
        assert_eq!(backs(33), [3, 6, 9]);
        assert_eq!(backs(90).len(), 12);
    }
}
