//! Paths of the champion: ŷ times the exponential of an error whose size, shape and persistence
//! are calibrated, so that months, sums of months and the mean agree inside the draws.
//!
//! ```text
//! y_h = ŷ_h · lift · exp(s_h z(ε_h)) ÷ its mean over the draws      on levels: ŷ_h + unit · s_h z(ε_h), centred
//! ε_h = √κ · noise_h + √(1−κ) · level_h
//! level_h = Σ_{j≤h} δ_j N_j ÷ s_h,   δ_j² = s_j² − s_{j−1}²    a walk: later months keep what came
//! ```
//!
//! Noise is the normal score of the line's own error in the past month drawn, the same month for
//! all lines. κ is such that the 80 % band of the next twelve months together is the calibrated
//! one: with weights w of the months, κ = `(B − s_Σ²)/(B − A)`, A = Σ w²s² for independent months and
//! B = ΣΣ w w min(s, s)² for a pure walk.

use super::Context;
use super::champion::FittedChampion;
use super::prepare::Scale;
use crate::panel::Innovations;
use crate::units::{Month, Months};
use ndarray::{Array2, ArrayViewMut1, Axis, ShapeBuilder};

/// ŷ lies nearer to the middle of the draws than to their mean, and sums over lines need means. In a
/// panel the mean is lifted by half of what lies between them, but by no more than this: on rough
/// lines the mean of an exponential is all tail.
const LARGEST_LIFT: f64 = 1.02;
const YEAR: usize = 12;

/// The draws of `model` for its end and later, through the last month of `innovations`.
pub(super) fn paths(
    model: &FittedChampion,
    innovations: &Innovations,
    context: &Context,
    nonnegative: bool,
) -> Array2<f64> {
    let last = innovations.start + Months::of(innovations.dates.ncols());
    let months = (last - model.end()).count();
    let calibration = context.calibration;
    let ahead = model.ahead(months.max(YEAR), context);
    let sizes = calibration.monthly(&model.features, months.max(YEAR));
    let share = noise_share(&ahead, &sizes, calibration.yearly(&model.features));
    let mut walk = Walk::new(innovations, model.end(), context.stream);
    let mut draws = Array2::zeros((innovations.seeds.len(), months).f());
    for (k, mut column) in draws.axis_iter_mut(Axis(1)).enumerate() {
        let month = model.end() + Months::of(k);
        let level = walk.step(k, sizes[k]);
        if !context.asks_for(month) {
            continue;
        }
        let noise = model.residuals.shocks_of(innovations, month);
        let (own, kept) = (share.sqrt(), (1.0 - share).sqrt() / sizes[k]);
        for ((cell, noise), level) in column.iter_mut().zip(noise).zip(level) {
            *cell = own * noise + kept * level;
        }
        let mean = spread(&mut column, ahead[k], sizes[k], model, context);
        if nonnegative {
            hold_above_zero(&mut column, mean.max(0.0));
        }
    }
    draws
}

/// κ.
fn noise_share(ahead: &[f64], sizes: &[f64], yearly: f64) -> f64 {
    let total: f64 = ahead[..YEAR].iter().map(|y| y.abs()).sum::<f64>().max(f64::MIN_POSITIVE);
    let weights: Vec<f64> = ahead[..YEAR].iter().map(|y| y.abs() / total).collect();
    let (mut apart, mut together) = (0.0, 0.0);
    for h in 0..YEAR {
        apart += (weights[h] * sizes[h]).powi(2);
        for k in 0..YEAR {
            together += weights[h] * weights[k] * sizes[h.min(k)].powi(2);
        }
    }
    ((together - yearly * yearly) / (together - apart).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0)
}

/// The walk of a line's level in every draw: the same numbers for all lines, but in another order of
/// the draws. What lines have in common in a year total is for the forecast of the panel.
struct Walk<'a> {
    innovations: &'a Innovations,
    first: usize,
    order: Vec<usize>,
    level: Vec<f64>,
    size: f64,
}

impl<'a> Walk<'a> {
    fn new(innovations: &'a Innovations, first: Month, stream: u64) -> Self {
        let draws = innovations.seeds.len();
        let part = |bits: u64| usize::try_from(bits % draws.max(1) as u64).unwrap_or(0);
        let (from, wanted) = (part(stream & 0xFFFF_FFFF), part(stream >> 32).max(1));
        let coprime = |step: &usize| greatest_common_divisor(*step, draws) == 1;
        let step = (wanted..=wanted + draws).find(coprime).unwrap_or(1);
        Self {
            innovations,
            first: (first - innovations.start).count(),
            order: (0..draws).map(|draw| (from + step * draw) % draws).collect(),
            level: vec![0.0; draws],
            size: 0.0,
        }
    }

    /// One month on, to a deviation of `size`.
    fn step(&mut self, ahead: usize, size: f64) -> &[f64] {
        let own = &self.innovations.own;
        let own = own.column((self.first + ahead).min(own.ncols() - 1));
        let change = (size * size - self.size * self.size).max(0.0).sqrt();
        for (level, &draw) in self.level.iter_mut().zip(&self.order) {
            *level += change * own[draw];
        }
        self.size = size.max(self.size);
        &self.level
    }
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// Turns ε into euros, and gives the mean of the draws: `expected`, or a little more where lines are
/// added up.
fn spread(
    column: &mut ArrayViewMut1<f64>,
    expected: f64,
    size: f64,
    model: &FittedChampion,
    context: &Context,
) -> f64 {
    let shape = context.calibration.shape();
    standardise(column);
    match model.scale() {
        Scale::Log { shift } => {
            column.mapv_inplace(|normal| (size * shape.at(normal)).exp());
            let drawn = column.mean().unwrap_or(1.0);
            let lift = if context.is_panel() { drawn.sqrt().clamp(1.0, LARGEST_LIFT) } else { 1.0 };
            let mean = (expected + shift) * lift;
            column.mapv_inplace(|factor| mean * factor / drawn - shift);
            mean - shift
        }
        Scale::Level => {
            column.mapv_inplace(|normal| shape.at(normal));
            let drawn = column.mean().unwrap_or(0.0);
            column.mapv_inplace(|z| expected + model.unit() * size * (z - drawn));
            expected
        }
    }
}

/// Mean 0 and deviation 1 over the draws.
fn standardise(column: &mut ArrayViewMut1<f64>) {
    let mean = column.mean().unwrap_or(0.0);
    let deviation = column.std(0.0);
    if deviation > 0.0 {
        column.mapv_inplace(|value| (value - mean) / deviation);
    }
}

/// Cuts off what is below zero and brings the mean back to where it was.
fn hold_above_zero(column: &mut ArrayViewMut1<'_, f64>, mean: f64) {
    column.mapv_inplace(|value| value.max(0.0));
    let lifted = column.mean().unwrap_or(0.0);
    if lifted > 0.0 {
        column.mapv_inplace(|value| value * mean / lifted);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::money;
    use super::super::{fit, innovations};
    use super::*;
    use crate::model::Spec;
    use crate::panel::Series;

    fn width(mut values: Vec<f64>) -> f64 {
        values.sort_unstable_by(f64::total_cmp);
        values[values.len() * 9 / 10] - values[values.len() / 10]
    }

    #[test]
    fn knows_what_part_is_noise() {
        // Months of one size: A = s²/12, B = s².
        let (ahead, sizes) = ([100.0; YEAR], [0.12; YEAR]);
        assert!(noise_share(&ahead, &sizes, 0.12).abs() < 1e-9, "a pure walk");
        let apart = 0.12 / 12.0_f64.sqrt();
        assert!((noise_share(&ahead, &sizes, apart) - 1.0).abs() < 1e-9, "independent months");
    }

    #[test]
    fn agree_with_the_mean_and_with_the_band_of_the_year() {
        let series = money(96);
        let past = series.end() - Months(60)..series.end();
        let shared = innovations(series.end(), YEAR, 4000, 3, past);
        let context = Context { stream: 0x5DEE_CE66_D1CE_4E5B, ..Context::default() };
        let model = FittedChampion::fit(&series, &context, None);
        let draws = paths(&model, &shared, &context, true);
        let ahead = model.ahead(YEAR, &context);
        for (column, expected) in draws.columns().into_iter().zip(&ahead) {
            assert!((column.mean().unwrap() / expected - 1.0).abs() < 1e-9);
        }
        let total: f64 = ahead.iter().sum();
        let calibration = context.calibration;
        let wanted = calibration.yearly(&model.features) * calibration.shape().width() * total;
        let found = width(draws.rows().into_iter().map(|row| row.sum()).collect());
        assert!((found / wanted - 1.0).abs() < 0.1, "{found} {wanted}");
    }

    #[test]
    fn lift_the_mean_a_little_in_a_panel() {
        let series = Series { values: money(96).values, ..money(96) };
        let shared =
            innovations(series.end(), YEAR, 500, 3, series.start + Months(36)..series.end());
        let alone = fit(&Spec::Kampioen, &series, &Context::default()).unwrap();
        let panel = Context { growth: &[0.0], ..Context::default() };
        let sum = |context: &Context| alone.simulate(&shared, context).sum();
        let lift = sum(&panel) / sum(&Context::default());
        assert!(lift > 1.0 && lift <= LARGEST_LIFT, "{lift}");
    }
}
