//! Models of one line: fit on what is known, refilter on new months, simulate what comes.
//!
//! [`Spec`] says which model with which options; [`fit`] turns it and a [`Series`] into a
//! [`FittedModel`], which is plain data: it saves as JSON ([`SavedModels`]), takes up new months
//! with the same parameters ([`FittedModel::refilter`]), and turns the shared [`Innovations`] into
//! paths in euros ([`FittedModel::simulate`]). A line that is too short or too odd for the model
//! asked for gets a simpler one, with the reason kept; one bad line never stops a run.

mod baseline;
mod calibration;
mod champion;
mod ets;
mod growth;
mod innovations;
mod ladder;
mod linear;
mod normal;
mod one_offs;
mod optimum;
mod pace;
mod paths;
mod policy;
mod prepare;
mod regression;
mod residuals;
mod saved;
mod shape;
mod smooth;
mod smoothed;
mod spread;

pub use baseline::Rule;
pub use calibration::Calibration;
pub use ets::{ErrorKind, EtsSpec, FittedEts, Season, Smoothing, Trend};
pub use growth::shared_growth;
pub use innovations::{MEMORY, innovations, shuffled};
pub use linear::ridge;
pub use normal::normal_quantiles;
pub use one_offs::one_offs;
pub use pace::{Pace, pace};
pub use regression::{Coefficient, Cycle, RegressionSpec, Regressor, Slope};
pub use saved::{SCHEMA, SavedLine, SavedModels};
pub use shape::Shape;
pub use smooth::{Smooth, SmoothParameters};

use crate::calendar::Event;
use crate::error::{Error, Result};
use crate::panel::{Innovations, Panel, Series};
use crate::units::{LineId, Month, Months};
use baseline::FittedRule;
use champion::FittedChampion;
use ndarray::Array2;
use rayon::prelude::*;
use regression::FittedRegression;
use residuals::Residuals;
use serde::{Deserialize, Serialize};
use smoothed::FittedSmooth;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Which model, with its options. In TOML a table with the key `model`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "model", rename_all = "kebab-case")]
pub enum Spec {
    /// A simple rule (*vuistregel*).
    #[serde(rename = "vuistregel")]
    Rule {
        /// Which.
        rule: Rule,
    },
    /// One smoother.
    #[serde(rename = "gladstrijker")]
    Smooth {
        /// Which.
        smoother: Smooth,
        /// Whether the values are smoothed as they are: no logarithm, season or outlier.
        #[serde(default)]
        as_they_are: bool,
    },
    /// Exponential smoothing; the least `AICc` chooses among its forms.
    Ets(EtsSpec),
    /// Elastic net on the calendar and the policy events, with AR(1) errors.
    #[serde(rename = "regressie")]
    Regression(RegressionSpec),
    /// The champion: the blend in use.
    #[default]
    Kampioen,
}

/// What is known beside the history of one line.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The policy events that are known and cover the line. Working days need no data.
    pub events: Vec<&'a Event>,
    /// The growth that the lines of the panel share, as seen 0, 1, … months ago
    /// ([`shared_growth`]); none when empty.
    pub growth: &'a [f64],
    /// How wide the bands of the champion are.
    pub calibration: &'a Calibration,
    /// Sets the line's own random numbers apart from those of other lines.
    pub stream: u64,
    /// The first month whose draws are asked for; all when `None`. The champion leaves out those before it.
    pub asked_from: Option<Month>,
}

/// The models of all lines of a panel, and what they taught together.
#[derive(Clone, Debug)]
pub struct FittedPanel {
    /// Per line.
    pub models: BTreeMap<LineId, FittedModel>,
    /// The bands of the champion.
    pub calibration: Calibration,
}

/// A model with its parameters and its state at the end of what it has seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FittedModel {
    kind: Kind,
    reason: Option<String>,
    nonnegative: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Rule(FittedRule),
    Ets(FittedEts),
    Regression(FittedRegression),
    Smooth(FittedSmooth),
    Champion(FittedChampion),
}

/// One part of a forecast that is a blend.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The name of the model that says it.
    pub name: &'static str,
    /// Its weight; the weights of a forecast are 1 together.
    pub weight: f64,
    /// What it says of each month, in euros, from [`FittedModel::end`] on, before policy events are put back.
    pub ahead: Vec<f64>,
}

/// What every kind but the champion offers.
trait Member {
    /// The month after the last used.
    fn end(&self) -> Month;
    /// One-step errors.
    fn residuals(&self) -> &Residuals;
    /// Turns each row of shocks for `end()`, `end() + 1`, … into euros.
    fn run(&self, rows: &mut Array2<f64>, context: &Context);
    /// Simulated euros, draws × months, from `end()` on.
    fn simulate(&self, innovations: &Innovations, context: &Context) -> Array2<f64> {
        let mut rows = self.residuals().shocks(innovations, self.end());
        self.run(&mut rows, context);
        rows
    }
}

static SHIPPED: LazyLock<Calibration> = LazyLock::new(Calibration::default);

impl Default for Context<'_> {
    /// No events, and the calibration that is shipped.
    fn default() -> Self {
        Self { events: Vec::new(), growth: &[], calibration: &SHIPPED, stream: 0, asked_from: None }
    }
}

impl Spec {
    /// Every model with its default options: the rules, the members and the champion last.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let rules = Rule::ALL.map(|rule| Self::Rule { rule });
        let models = [Self::Ets(EtsSpec::default()), Self::Regression(RegressionSpec::default())];
        let smoothers = Smooth::ALL.map(|smoother| Self::Smooth { smoother, as_they_are: false });
        rules.into_iter().chain(models).chain(smoothers).chain([Self::Kampioen]).collect()
    }

    /// The name in output files.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Rule { rule } => rule.name(),
            Self::Smooth { smoother, .. } => smoother.name(),
            Self::Ets(_) => "ets",
            Self::Regression(_) => "regressie",
            Self::Kampioen => "kampioen",
        }
    }

    /// The months of history below which the model is not tried.
    fn needs(&self) -> usize {
        match self {
            Self::Rule { rule } => rule.needs(),
            Self::Smooth { .. } => smoothed::NEEDS,
            Self::Ets(_) => ets::NEEDS,
            Self::Regression(_) => regression::NEEDS,
            Self::Kampioen => champion::NEEDS,
        }
    }

    /// Refuses options that can not work.
    ///
    /// # Errors
    /// No trend or season to try, a penalty below 0, a share outside 0 to 1.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Rule { .. } | Self::Smooth { .. } | Self::Kampioen => Ok(()),
            Self::Ets(ets) => ets.check(),
            Self::Regression(regression) => regression.check(),
        }
    }
}

impl<'a> Context<'a> {
    /// What is known at the end of `as_of` about the future of `line`. An event that is a scenario then
    /// is none of the model's business.
    #[must_use]
    pub fn new(events: &'a [Event], line: &LineId, as_of: Month) -> Self {
        let concerns = |event: &&Event| {
            event.is_known(as_of) && !event.is_scenario(as_of) && event.covers(line)
        };
        let events = events.iter().filter(concerns).collect();
        Self { events, stream: stream_of(line), ..Self::default() }
    }

    /// What was known `back` months ago, when the last month known was that before `month`.
    fn earlier(&self, back: usize, month: Month) -> Self {
        let mut then = self.clone();
        then.events.retain(|event| event.is_known(month - Months(1)));
        then.growth = self.growth.get(back..).unwrap_or(&[]);
        then
    }

    /// Whether the draws of a month are asked for.
    #[must_use]
    pub fn asks_for(&self, month: Month) -> bool {
        self.asked_from.is_none_or(|first| month >= first)
    }

    /// Whether the line is one of a panel, whose lines are added up.
    fn is_panel(&self) -> bool {
        !self.growth.is_empty()
    }

    /// The same in a panel that grows so.
    #[must_use]
    pub fn growing(self, growth: &'a [f64]) -> Self {
        Self { growth, ..self }
    }

    /// The same with bands that were learned.
    #[must_use]
    pub fn calibrated(self, calibration: &'a Calibration) -> Self {
        Self { calibration, ..self }
    }
}

/// Fits `spec` on the settled months of `series`, or something simpler when they do not allow it.
///
/// # Errors
/// Options that can not work, or a value that is not a number.
pub fn fit(spec: &Spec, series: &Series, context: &Context) -> Result<FittedModel> {
    fit_near(spec, series, context, None)
}

/// The same, with a shorter search `near` a model of almost the same history.
///
/// # Errors
/// As [`fit`].
pub fn fit_near(
    spec: &Spec,
    series: &Series,
    context: &Context,
    near: Option<&FittedModel>,
) -> Result<FittedModel> {
    spec.check()?;
    if series.values.iter().any(|value| !value.is_finite()) {
        return Err(Error::input("a series holds a value that is not a number"));
    }
    let step = ladder::step(spec, series);
    let nonnegative = step.history.values.iter().all(|&value| value >= 0.0);
    let kind = fit_kind(&step.spec, &step.history, context, near)?;
    Ok(FittedModel { kind, reason: step.reason, nonnegative })
}

/// Fits every line of `panel`, with the events known at its as-of month, and learns the bands of the
/// champion from all of them.
///
/// # Errors
/// As [`fit`].
pub fn fit_all(panel: &Panel, spec: &Spec, events: &[Event]) -> Result<FittedPanel> {
    let growth = shared_growth(panel);
    let context = |line: &LineId| Context::new(events, line, panel.as_of).growing(&growth);
    let fit_line =
        |(line, series): (&LineId, &Series)| Ok((line.clone(), fit(spec, series, &context(line))?));
    let models = panel.series.par_iter().map(fit_line).collect::<Result<_>>()?;
    let calibration = if *spec == Spec::Kampioen {
        let goes_on = |(line, _): &(&LineId, &Series)| !panel.ended.contains_key(line);
        let known = |(line, series)| (series, context(line));
        calibrate(&panel.series.iter().filter(goes_on).map(known).collect::<Vec<_>>())
    } else {
        Calibration::default()
    };
    Ok(FittedPanel { models, calibration })
}

/// Learns the bands of the champion from the settled months of lines, each with what is known
/// beside them.
#[must_use]
pub fn calibrate(lines: &[(&Series, Context)]) -> Calibration {
    let refits = |(series, context): &(&Series, Context)| {
        let step = ladder::step(&Spec::Kampioen, series);
        let refits = || calibration::refits(&step.history, context);
        (step.spec == Spec::Kampioen).then(refits).unwrap_or_default()
    };
    Calibration::learn(&lines.par_iter().map(refits).collect::<Vec<_>>())
}

/// A number that belongs to the line (FNV-1a of its name).
fn stream_of(line: &LineId) -> u64 {
    let name = format!("{}/{}/{}/{:?}", line.wet, line.taakveld, line.product, line.side);
    let hash = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    innovations::mixed(hash)
}

fn fit_kind(
    spec: &Spec,
    history: &Series,
    context: &Context,
    near: Option<&FittedModel>,
) -> Result<Kind> {
    Ok(match spec {
        Spec::Rule { rule } => Kind::Rule(FittedRule::fit(*rule, history)),
        Spec::Ets(ets) => Kind::Ets(FittedEts::fit(ets, history)?),
        Spec::Regression(regression) => {
            Kind::Regression(FittedRegression::fit(regression, history, context)?)
        }
        Spec::Smooth { smoother, as_they_are } => {
            Kind::Smooth(FittedSmooth::fit(*smoother, *as_they_are, history))
        }
        Spec::Kampioen => {
            let near = near.and_then(|near| match &near.kind {
                Kind::Champion(champion) => Some(champion),
                _ => None,
            });
            Kind::Champion(FittedChampion::fit(history, context, near))
        }
    })
}

impl FittedModel {
    /// The name in output files: that of the model used, which may be simpler than the one asked.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match &self.kind {
            Kind::Rule(rule) => rule.rule.name(),
            Kind::Ets(_) => "ets",
            Kind::Regression(_) => "regressie",
            Kind::Smooth(smooth) => smooth.smooth.name(),
            Kind::Champion(_) => "kampioen",
        }
    }

    /// Why it is not the model asked for, in Dutch for the report; `None` when it is.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The month after the last used: the first that [`FittedModel::mean`] tells.
    #[must_use]
    pub fn end(&self) -> Month {
        match &self.kind {
            Kind::Champion(champion) => champion.end(),
            _ => self.member().end(),
        }
    }

    /// The ETS model inside, if it is one.
    #[must_use]
    pub fn as_ets(&self) -> Option<&FittedEts> {
        match &self.kind {
            Kind::Ets(ets) => Some(ets),
            _ => None,
        }
    }

    /// What the smoother inside was found to be, if it is one and its line ever moved.
    #[must_use]
    pub fn as_smooth(&self) -> Option<SmoothParameters> {
        match &self.kind {
            Kind::Smooth(smooth) => smooth.parameters(),
            _ => None,
        }
    }

    /// The weights of a regression with their standard errors, the level first; none of another
    /// model.
    #[must_use]
    pub fn coefficients(&self) -> Vec<Coefficient> {
        match &self.kind {
            Kind::Regression(regression) => regression.coefficients(),
            _ => Vec::new(),
        }
    }

    /// The same parameters, run over the settled months of `series`.
    ///
    /// # Errors
    /// When `series` does not reach back to the month the model starts at.
    pub fn refilter(&self, series: &Series, context: &Context) -> Result<Self> {
        let settled = series.learnable();
        let kind = match &self.kind {
            Kind::Rule(rule) => Kind::Rule(rule.refilter(&settled)?),
            Kind::Ets(ets) => Kind::Ets(ets.refilter(&settled)?),
            Kind::Regression(regression) => {
                Kind::Regression(regression.refilter(&settled, context)?)
            }
            Kind::Smooth(smooth) => Kind::Smooth(smooth.refilter(&settled)?),
            Kind::Champion(champion) => Kind::Champion(champion.refilter(&settled, context)?),
        };
        let nonnegative = self.nonnegative && settled.values.iter().all(|&value| value >= 0.0);
        Ok(Self { kind, reason: self.reason.clone(), nonnegative })
    }

    /// The forecast without shocks, in euros, for `end()`, `end() + 1`, … `months` long. In a panel the
    /// mean of the champion's paths lies up to 2 % above it.
    #[must_use]
    pub fn mean(&self, months: usize, context: &Context) -> Vec<f64> {
        if let Kind::Champion(champion) = &self.kind {
            let ahead = champion.ahead(months, context);
            return ahead.into_iter().map(|value| self.clipped(value)).collect();
        }
        let mut rows = Array2::zeros((1, months));
        self.member().run(&mut rows, context);
        rows.into_iter().map(|value| self.clipped(value)).collect()
    }

    /// The parts that [`FittedModel::mean`] is a blend of; one of weight 1 for a model that is none.
    #[must_use]
    pub fn parts(&self, months: usize, context: &Context) -> Vec<Part> {
        match &self.kind {
            Kind::Champion(champion) => champion.parts(months),
            _ => vec![Part { name: self.name(), weight: 1.0, ahead: self.mean(months, context) }],
        }
    }

    /// Simulated euros, draws × months, from `end()` through the last month of `innovations`.
    #[must_use]
    pub fn simulate(&self, innovations: &Innovations, context: &Context) -> Array2<f64> {
        if let Kind::Champion(champion) = &self.kind {
            return paths::paths(champion, innovations, context, self.nonnegative);
        }
        let rows = self.member().simulate(innovations, context);
        rows.mapv_into(|value| self.clipped(value))
    }

    /// What the settled months of `series` that it was fitted on cost beside what the month before said
    /// of them, in euros. A line with fewer than three gets two that are as far from 0 as is assumed
    /// of it.
    ///
    /// # Errors
    /// When `series` does not reach back to the month the model starts at.
    pub fn errors(&self, series: &Series, context: &Context) -> Result<Series> {
        match &self.kind {
            Kind::Champion(champion) => champion.errors(&series.learnable(), context),
            _ => Ok(self.member().residuals().series()),
        }
    }

    /// Whether the line was never negative, and so does not become so.
    #[must_use]
    pub fn is_nonnegative(&self) -> bool {
        self.nonnegative
    }

    fn member(&self) -> &dyn Member {
        match &self.kind {
            Kind::Rule(rule) => rule,
            Kind::Ets(ets) => ets,
            Kind::Regression(regression) => regression,
            Kind::Smooth(smooth) => smooth,
            Kind::Champion(_) => unreachable!("the champion is asked before the members"),
        }
    }

    /// A line that never was negative does not become so.
    fn clipped(&self, value: f64) -> f64 {
        if self.nonnegative { value.max(0.0) } else { value }
    }
}

/// The part of `series` from `start` on, for a model that began there.
fn from_start(series: &Series, start: Month) -> Result<Series> {
    let skip = usize::try_from((start - series.start).0).ok();
    let values = skip.and_then(|skip| series.values.get(skip..)).map(<[f64]>::to_vec);
    let values = values.ok_or_else(|| {
        Error::input(format!("the model starts in {start}, outside the months it is given"))
            .advice("train again")
    })?;
    Ok(Series::settled(start, values))
}

/// A count as a real number.
#[expect(clippy::cast_precision_loss, reason = "counts of months are far below 2^53")]
fn real(count: usize) -> f64 {
    count as f64
}

/// The mean, 0 for nothing.
fn mean(values: &[f64]) -> f64 {
    mean_of(values.iter().copied())
}

/// The same without a place to keep them.
fn mean_of(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = real(values.len().max(1));
    values.sum::<f64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Form;
    use proptest::prelude::*;

    /// Made-up money from 2016 on: a season, some growth and noise that repeats after 29 months.
    pub(super) fn money(months: usize) -> Series {
        let value = |t: usize| {
            let season = (real(t) / 12.0 * std::f64::consts::TAU).sin();
            100.0 + 0.2 * real(t) + 8.0 * season + 0.5 * (real((t * 17) % 29) - 14.0)
        };
        Series::settled(Month::january(2016), (0..months).map(value).collect())
    }

    fn fitted(spec: &Spec, series: &Series) -> FittedModel {
        fit(spec, series, &Context::default()).unwrap()
    }

    fn drawn(series: &Series, draws: usize) -> Innovations {
        innovations(series.end(), 12, draws, 1, series.start..series.end())
    }

    #[test]
    fn knows_its_models_by_name() {
        let names: Vec<&str> = Spec::all().iter().map(Spec::name).collect();
        let smoothers = ["dot", "theta", "gedempte-trend"];
        assert_eq!(names[7..], [&["ets", "regressie"][..], &smoothers, &["kampioen"]].concat());
        for spec in Spec::all() {
            let text = serde_json::to_string(&spec).unwrap();
            assert_eq!(serde_json::from_str::<Spec>(&text).unwrap(), spec);
            assert_eq!(fitted(&spec, &money(60)).name(), spec.name());
        }
        assert!(serde_json::from_str::<Spec>(r#"{"model":"ets","trend":"none"}"#).is_err());
    }

    #[test]
    fn refilters_without_change_on_the_same_months_and_moves_on_with_new_ones() {
        for spec in Spec::all() {
            let model = fitted(&spec, &money(60));
            let again = model.refilter(&money(60), &Context::default()).unwrap();
            assert_eq!(again, model, "{}", spec.name());
            let later = model.refilter(&money(63), &Context::default()).unwrap();
            assert_eq!(later.end(), model.end() + Months(3));
            let late = Series::settled(Month::january(2018), money(60).values);
            assert!(model.refilter(&late, &Context::default()).is_err());
        }
    }

    #[test]
    fn draws_around_its_mean() {
        let series = money(60);
        for spec in Spec::all() {
            let model = fitted(&spec, &series);
            let paths = model.simulate(&drawn(&series, 4000), &Context::default());
            let mean = model.mean(12, &Context::default());
            assert_eq!(paths.dim(), (4000, 12));
            let total = paths.sum() / 4000.0;
            let expected: f64 = mean.iter().sum();
            assert!((total / expected - 1.0).abs() < 0.02, "{}: {total} {expected}", spec.name());
        }
    }

    #[test]
    fn sees_a_known_event_end() {
        let mut values = vec![100.0; 42];
        values.extend([150.0; 6]);
        for (t, value) in values.iter_mut().enumerate() {
            *value += real(t % 5);
        }
        let series = Series::settled(Month::january(2016), values);
        let event = Event::made_up(Form::Pulse, series.start + Months(42), Some(6));
        let spec = Spec::Regression(RegressionSpec::default());
        let ahead = |context: &Context| fit(&spec, &series, context).unwrap().mean(1, context)[0];
        let known = ahead(&Context { events: vec![&event], ..Context::default() });
        let unknown = ahead(&Context::default());
        assert!(known < 112.0 && unknown > 125.0, "{known} {unknown}");
    }

    #[test]
    fn refuses_specs_and_values_that_can_not_be() {
        let refused = |spec: &str| serde_json::from_str::<Spec>(spec).unwrap().check().is_err();
        assert!(refused(r#"{"model":"regressie","penalty":-1.0}"#));
        assert!(refused(r#"{"model":"ets","trends":[]}"#));
        let series = Series::settled(Month::january(2016), vec![1.0, f64::NAN]);
        assert!(fit(&Spec::default(), &series, &Context::default()).is_err());
    }

    fn odd_series() -> impl Strategy<Value = Vec<f64>> {
        let any = prop::collection::vec(-1e6..1e6, 1..60);
        let constant = (-1e9..1e9, 1usize..60).prop_map(|(value, n)| vec![value; n]);
        let spike = (1usize..60, 0usize..60, -1e12..1e12).prop_map(|(n, at, value)| {
            let mut values = vec![0.0; n];
            values[at % n] = value;
            values
        });
        let huge = prop::collection::vec(0.9e12..1.1e12, 1..60);
        let late = (0usize..30, prop::collection::vec(1.0..1e5, 0..40))
            .prop_map(|(zeros, tail)| [vec![0.0; zeros], tail].concat());
        prop_oneof![any, constant, spike, huge, late]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn is_always_finite(values in odd_series(), start in 0..24) {
            let largest = values.iter().fold(1.0, |most: f64, x| most.max(x.abs()));
            let series = Series::settled(Month::january(2018) + Months(start), values);
            for spec in Spec::all() {
                let model = fitted(&spec, &series);
                let paths = model.simulate(&drawn(&series, 20), &Context::default());
                let bound = 1e4 * largest;
                prop_assert!(paths.iter().all(|x| x.abs() < bound), "{}", spec.name());
            }
        }

        #[test]
        fn does_not_go_below_zero_unless_it_was(values in prop::collection::vec(0.0..1e4, 1..60)) {
            let series = Series::settled(Month::january(2018), values);
            for spec in Spec::all() {
                let paths = fitted(&spec, &series).simulate(&drawn(&series, 20), &Context::default());
                prop_assert!(paths.iter().all(|&x| x >= 0.0), "{}", spec.name());
            }
        }

        #[test]
        fn scales_with_its_data(values in prop::collection::vec(50.0..150.0_f64, 1..60), by in 0.01_f64..1e4) {
            let series = Series::settled(Month::january(2018), values);
            let scaled = series.values.iter().map(|x| x * by).collect();
            let scaled = Series::settled(series.start, scaled);
            for spec in Spec::all() {
                let one = fitted(&spec, &series).mean(12, &Context::default());
                let other = fitted(&spec, &scaled).mean(12, &Context::default());
                for (a, b) in one.iter().zip(&other) {
                    prop_assert!((a * by - b).abs() < 0.05 * by, "{}: {a} {b}", spec.name());
                }
            }
        }

        #[test]
        fn knows_no_calendar_year(values in prop::collection::vec(50.0..150.0_f64, 1..60)) {
            let series = Series::settled(Month::january(2018), values);
            let later = Series { start: series.start + Months(12), ..series.clone() };
            let free = |spec: &Spec| matches!(spec, Spec::Rule { .. } | Spec::Ets(_));
            for spec in Spec::all().into_iter().filter(free) {
                let one = fitted(&spec, &series).mean(12, &Context::default());
                let other = fitted(&spec, &later).mean(12, &Context::default());
                prop_assert_eq!(one, other);
            }
        }
    }
}
