//! The champion (*kampioen*): three smoothers of the prepared series, and a flat recent level that
//! takes over as a line gets rougher or its history shorter.
//!
//! ```text
//! ŷ = (1 − c) · (DOT + Theta + damped trend)/3 + c · ((1 − w) · (DOT + Theta)/2 + w · flat)
//! flat = average of the means of the last 9 and the last 12 months, with its season, growing as
//!        the lines of the panel do together
//! c = how far R · √(60/n) lies from .03 to .10, 0 to 1 (√ at least 1)
//! R = mean distance of the prepared months from a local line
//! w = ½, and ¾ below 25 months
//! ```
//!
//! All in euros, month by month. On a quiet line c is 0 and the smoothers follow its trend; on a
//! lumpy one a trend is mostly chance. Beyond the 18 months that were tested the trend of every
//! smoother dies out by 5 % a month.

use super::policy::{Clean, Effects};
use super::prepare::{Preparation, Scale, ceiling, local_line};
use super::residuals::Residuals;
use super::smooth::{Smooth, Smoother};
use super::spread::Features;
use super::{Context, Part, from_start, mean, mean_of, real};
use crate::error::Result;
use crate::panel::Series;
use crate::units::{Month, Months};
use serde::{Deserialize, Serialize};

/// The months below which the champion is not tried: a year, and one that is seen twice.
pub(super) const NEEDS: usize = 13;
/// The name of the flat level.
const RECENT_LEVEL: &str = "recent-niveau";
/// The windows of the flat level.
const RECENT: [usize; 2] = [9, 12];
/// The roughness at which the flat level comes in, and at which it has its full weight.
const ROUGH: (f64, f64) = (0.03, 0.10);
/// The length from which on roughness counts as it is.
const LONG: f64 = 60.0;
/// The weight of the flat level on a rough line, and on a short one.
const FLAT: f64 = 0.5;
const FLAT_SHORT: f64 = 0.75;
/// A line shorter than this has no full season to estimate.
const SHORT: usize = 25;
/// Beyond this horizon nothing was tested, and so much of the trend is left each month.
const TESTED: usize = 18;
const DAMPING: f64 = 0.95;

/// The champion, fitted on one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FittedChampion {
    start: Month,
    end: Month,
    effects: Effects,
    preparation: Preparation,
    /// Before the first month, to take up new ones later.
    fitted: Vec<Smoother>,
    /// After the last month.
    now: Vec<Smoother>,
    /// The recent level, prepared, and its growth a month: that of all lines.
    flat: f64,
    growth: f64,
    /// No smoother goes further than this on either side of 0, in euros.
    ceiling: f64,
    /// c.
    roughness: f64,
    /// w.
    weight: f64,
    /// What relative errors are relative to.
    unit: f64,
    pub(super) features: Features,
    /// One-step errors of the smoothers' average, prepared.
    pub(super) residuals: Residuals,
}

impl FittedChampion {
    /// Fits on what is left of `history` without the events of `context`. The search is shorter
    /// `near` a champion of almost the same history.
    pub(super) fn fit(history: &Series, context: &Context, near: Option<&Self>) -> Self {
        let Clean { effects, history, preparation, prepared: a } = Effects::learn(history, context);
        let fitted = Smoother::fit_all(&a, near.map(|near| near.fitted.as_slice()));
        Self::filtered(effects, preparation, fitted, &history, &a).growing(context)
    }

    /// The same parameters on new months.
    pub(super) fn refilter(&self, series: &Series, context: &Context) -> Result<Self> {
        let history = self.effects.without(&from_start(series, self.start)?, context);
        let a = self.preparation.prepare(&history.values, history.start);
        let (effects, fitted) = (self.effects.clone(), self.fitted.clone());
        Ok(Self::filtered(effects, self.preparation, fitted, &history, &a).growing(context))
    }

    fn filtered(
        effects: Effects,
        preparation: Preparation,
        fitted: Vec<Smoother>,
        history: &Series,
        a: &[f64],
    ) -> Self {
        let mut now = fitted.clone();
        let errors: Vec<Vec<f64>> = now.iter_mut().map(|smoother| smoother.filter(a)).collect();
        let average = |t: usize| mean_of(errors.iter().map(|errors| errors[t]));
        let residuals: Vec<f64> = (0..a.len()).map(average).collect();
        let short = a.len() < SHORT;
        let mut model = Self {
            start: history.start,
            end: history.end(),
            flat: flat(preparation.scale, a),
            growth: 0.0,
            roughness: roughness(preparation.scale, a, &history.values),
            ceiling: ceiling(&history.values),
            unit: preparation.scale.unit(&history.values),
            weight: if short { FLAT_SHORT } else { FLAT },
            features: Features::default(),
            residuals: Residuals::scores(history.start, &residuals),
            effects,
            preparation,
            fitted,
            now,
        };
        model.features = Features::of(&model.preparation, history, model.disagreement());
        model
    }

    /// The same in a panel that grows as `context` says.
    fn growing(self, context: &Context) -> Self {
        Self { growth: context.growth.first().copied().unwrap_or(0.0), ..self }
    }

    pub(super) fn end(&self) -> Month {
        self.end
    }

    /// The scale that errors are relative to.
    pub(super) fn scale(&self) -> Scale {
        self.preparation.scale
    }

    /// What a relative error of 1 is: a ratio of e on logarithms, so many euros on levels.
    pub(super) fn unit(&self) -> f64 {
        self.unit
    }

    /// ŷ in euros for the months from `end` on.
    pub(super) fn ahead(&self, months: usize, context: &Context) -> Vec<f64> {
        let paths = self.smoothed(months);
        let month = |k: usize| {
            let said = [paths[0][k], paths[1][k], paths[2][k]];
            let month = self.end + Months::of(k);
            let flat = self.restore(month, self.flat + self.grown(k));
            self.effects.put_back(month, self.blend(said, flat), context)
        };
        (0..months).map(month).collect()
    }

    /// What each part of the blend says of the months from `end` on, in euros without events, with its weight in ŷ:
    /// the smoothers, then the flat level. The weights are 1 together.
    pub(super) fn parts(&self, months: usize) -> Vec<Part> {
        let (c, w) = (self.roughness, self.weight);
        let [moving, level] = [(1.0 - c) / 3.0 + c * (1.0 - w) / 2.0, (1.0 - c) / 3.0];
        let flat = |k: usize| self.restore(self.end + Months::of(k), self.flat + self.grown(k));
        let names = Smooth::ALL.map(Smooth::name).into_iter().chain([RECENT_LEVEL]);
        let ahead = self.smoothed(months).into_iter().chain([(0..months).map(flat).collect()]);
        let weights = [moving, moving, level, c * w];
        let part = |((name, weight), ahead)| Part { name, weight, ahead };
        names.zip(weights).zip(ahead).map(part).collect()
    }

    /// ŷ from what the smoothers and the flat level say.
    fn blend(&self, [dot, theta, damped]: [f64; 3], flat: f64) -> f64 {
        let (c, w) = (self.roughness, self.weight);
        (1.0 - c) * (dot + theta + damped) / 3.0 + c * ((1.0 - w) * (dot + theta) / 2.0 + w * flat)
    }

    /// What each month of `series` it was fitted on cost beside what the month before would have
    /// said of it with the same parameters, in euros without the events; from the second month on.
    pub(super) fn errors(&self, series: &Series, context: &Context) -> Result<Series> {
        let history = self.effects.without(&from_start(series, self.start)?, context);
        let a = self.preparation.prepare(&history.values, history.start);
        let mut smoothers = self.fitted.clone();
        let mut error = |(t, &now): (usize, &f64)| {
            let month = history.start + Months::of(t);
            let said = [0, 1, 2].map(|at: usize| self.restore(month, smoothers[at].expected()));
            for smoother in &mut smoothers {
                smoother.observe(now);
            }
            let flat = flat(self.preparation.scale, &a[..t]) + self.grown(0);
            history.values[t] - self.blend(said, self.restore(month, flat))
        };
        let errors: Vec<f64> = a.iter().enumerate().map(&mut error).skip(1).collect();
        Ok(Series::settled(history.start + Months(1), errors))
    }

    /// What each smoother says, in euros.
    fn smoothed(&self, months: usize) -> Vec<Vec<f64>> {
        let path = |smoother: &Smoother| {
            let mut a = smoother.forecast(months);
            die_out(&mut a);
            let euros = |(k, a)| self.restore(self.end + Months::of(k), a);
            a.into_iter().enumerate().map(euros).collect()
        };
        self.now.iter().map(path).collect()
    }

    /// What shared growth adds to the flat level, from the middle of its windows on.
    fn grown(&self, ahead: usize) -> f64 {
        let months = mean(&RECENT.map(|window| f64::midpoint(real(window), 1.0)));
        self.growth * (months + real(ahead)) * self.unit
    }

    fn restore(&self, month: Month, a: f64) -> f64 {
        let euros = self.preparation.restore(month, a);
        euros.max(-self.ceiling).min(self.ceiling)
    }

    /// How far the smoothers lie apart: the mean of ln(highest ÷ lowest) over the horizon.
    fn disagreement(&self) -> f64 {
        let paths: Vec<Vec<f64>> =
            self.now.iter().map(|smoother| smoother.forecast(TESTED)).collect();
        let apart = |k: usize| {
            let values = paths.iter().map(|path| path[k]);
            let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), a| {
                (low.min(a), high.max(a))
            });
            high - low
        };
        mean_of((0..TESTED).map(apart))
    }
}

/// Lets the trend beyond [`TESTED`] months die out.
fn die_out(a: &mut [f64]) {
    let mut left = 1.0;
    let mut before = a.get(TESTED - 1).copied().unwrap_or(0.0);
    for k in TESTED..a.len() {
        left *= DAMPING;
        let step = a[k] - before;
        before = a[k];
        a[k] = a[k - 1] + left * step;
    }
}

/// The flat level: an average in euros without season, back on the scale.
fn flat(scale: Scale, a: &[f64]) -> f64 {
    let level = |months: usize| {
        let recent = &a[a.len().saturating_sub(months)..];
        mean_of(recent.iter().map(|&a| scale.restore(a)))
    };
    scale.apply(mean(&RECENT.map(level)))
}

/// c: 0 for a quiet line, 1 for a rough or short one. On levels, distances count relative to the
/// size of the line.
fn roughness(scale: Scale, a: &[f64], values: &[f64]) -> f64 {
    let distances = a.iter().zip(local_line(a)).map(|(a, line)| (a - line).abs());
    let relative = mean_of(distances) / scale.unit(values);
    let longer = (LONG / real(a.len())).sqrt().max(1.0);
    ((relative * longer - ROUGH.0) / (ROUGH.1 - ROUGH.0)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::super::tests::money;
    use super::*;

    fn champion(values: Vec<f64>, context: &Context) -> FittedChampion {
        FittedChampion::fit(&Series::settled(Month::january(2016), values), context, None)
    }

    #[test]
    fn counts_on_a_recent_level_as_a_line_gets_rougher_or_shorter() {
        let rough = |t: usize| 100.0 + 40.0 * real(t * 7 % 5) - 80.0;
        let quiet = champion((0..84).map(|t| 100.0 + 0.3 * real(t)).collect(), &Context::default());
        let lumpy = champion((0..84).map(rough).collect(), &Context::default());
        assert!(quiet.roughness < 0.1 && lumpy.roughness > 0.9);
        let (short, long) = (money(20), money(84));
        let of = |series: Series| champion(series.values, &Context::default());
        assert!(of(short).weight > of(long).weight);
    }

    #[test]
    fn grows_with_the_panel_on_a_rough_line() {
        let rough: Vec<f64> = (0..84).map(|t| 60.0 + 20.0 * real(t * 7 % 5)).collect();
        let grown = |growth: &[f64]| {
            let context = Context { growth, ..Context::default() };
            champion(rough.clone(), &context).ahead(12, &context).iter().sum::<f64>()
        };
        assert!(grown(&[0.01]) > 1.02 * grown(&[]) && grown(&[-0.01]) < 0.98 * grown(&[]));
    }

    #[test]
    fn errs_by_what_the_month_before_did_not_say() {
        // No month is an outlier, so that all are prepared alike without the last one.
        let rough = (0..60).map(|t| 60.0 + 20.0 * real(t * 7 % 5)).collect();
        let quiet = (0..60).map(|t| 100.0 + 0.5 * real(t)).collect();
        for values in [rough, quiet, vec![40.0; 30]] {
            let series = Series::settled(Month::january(2016), values);
            let model = FittedChampion::fit(&series, &Context::default(), None);
            let errors = model.errors(&series, &Context::default()).unwrap();
            assert_eq!((errors.start, errors.end()), (series.start + Months(1), series.end()));
            // The last month, foretold by the same parameters on the months before it.
            let before = series.before(series.end() - Months(1));
            let known = model.refilter(&before, &Context::default()).unwrap();
            let known = FittedChampion { roughness: model.roughness, ..known };
            let said = known.ahead(1, &Context::default())[0];
            let last = series.values.last().unwrap() - errors.values.last().unwrap();
            assert!((last / said - 1.0).abs() < 1e-9, "{last} {said}");
        }
    }

    #[test]
    fn lets_a_trend_die_out_beyond_what_was_tested() {
        let mut a: Vec<f64> = (0..40).map(real).collect();
        die_out(&mut a);
        assert!((a[TESTED - 1] - 17.0).abs() < 1e-12 && (a[TESTED] - 17.95).abs() < 1e-12);
        assert!(a[39] < 17.0 + DAMPING / (1.0 - DAMPING) && a.is_sorted());
    }
}
