//! Regression on the calendar and the policy events, by linfa's elastic net, with AR(1) errors.
//!
//! ```text
//! y_t = a + Σ w z_t + u_t     u_t = ρ u_{t−1} + e_t
//! w: least Σu²/2n + λ (κ Σ|w| + (1−κ)/2 Σw²)
//! ```
//!
//! The columns z are a straight trend, eleven months of the year, working days and policy events,
//! each with mean 0 and deviation 1 over the history; so is y while the weights are sought. Then ρ
//! is the first autocorrelation of u, held within 0 to .95. The trend is extrapolated straight.
//! linfa gives no uncertainty of the weights, and none is used.

use super::residuals::Residuals;
use super::{Context, Member, from_start, mean};
use crate::calendar::working_days;
use crate::error::{Error, Result};
use crate::panel::Series;
use crate::units::{Month, Months};
use linfa::Dataset;
use linfa::traits::Fit;
use linfa_elasticnet::ElasticNet;
use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

/// The months below which no regression is tried: two of each month of the year.
pub(super) const NEEDS: usize = 24;
/// A policy step is estimated once it has worked so long: what a first look at it takes (METHODS
/// §2, tier A).
const EVENT_MONTHS: i32 = 3;
/// The bound of ρ, so that an error always fades.
const PERSISTENCE: f64 = 0.95;
/// The change of a weight at which the descent stops, and the rounds after which it does anyway.
const TOLERANCE: f64 = 1e-6;
const ROUNDS: u32 = 2000;

/// The options of the regression.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RegressionSpec {
    /// λ, on standardised columns and values.
    pub penalty: f64,
    /// κ, the share of the penalty on |w|, 0 to 1.
    pub l1_ratio: f64,
}

/// What a column measures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Regressor {
    /// Months since the start.
    Trend,
    /// Whether it is this month of the year, 0 for January.
    Month(usize),
    WorkingDays,
    /// A policy event by its id. One that is no longer known has no effect.
    Event(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Column {
    regressor: Regressor,
    mean: f64,
    deviation: f64,
    /// Euros per deviation.
    weight: f64,
}

/// A regression with its weights and its last error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FittedRegression {
    start: Month,
    end: Month,
    intercept: f64,
    columns: Vec<Column>,
    rho: f64,
    last: f64,
    residuals: Residuals,
}

impl Default for RegressionSpec {
    fn default() -> Self {
        Self { penalty: 0.02, l1_ratio: 0.5 }
    }
}

impl RegressionSpec {
    pub(super) fn check(&self) -> Result<()> {
        if !(0.0..f64::INFINITY).contains(&self.penalty) {
            return Err(Error::input(format!("penalty {} of the regression", self.penalty))
                .advice("write a number of 0 or more"));
        }
        if !(0.0..=1.0).contains(&self.l1_ratio) {
            return Err(Error::input(format!("l1_ratio {} of the regression", self.l1_ratio))
                .advice("write a number from 0 to 1"));
        }
        Ok(())
    }
}

impl Regressor {
    fn at(&self, month: Month, start: Month, context: &Context) -> f64 {
        match self {
            Self::Trend => f64::from((month - start).0),
            Self::Month(index) => f64::from(u8::from(month.index() == *index)),
            Self::WorkingDays => f64::from(working_days(month)),
            Self::Event(id) => {
                let event = context.events.iter().find(|event| event.id == *id);
                event.map_or(0.0, |event| event.regressor(month))
            }
        }
    }
}

/// All regressors of a series through `end`, events only once they have worked a while.
fn regressors(end: Month, context: &Context) -> Vec<Regressor> {
    let worked = context.events.iter().filter(|event| (end - event.date).0 >= EVENT_MONTHS);
    let events = worked.map(|event| Regressor::Event(event.id.clone()));
    let months = (1..12).map(Regressor::Month);
    [Regressor::Trend, Regressor::WorkingDays].into_iter().chain(months).chain(events).collect()
}

/// Mean and deviation.
fn moments(values: &[f64]) -> (f64, f64) {
    let centre = mean(values);
    let squares: Vec<f64> = values.iter().map(|value| (value - centre).powi(2)).collect();
    (centre, mean(&squares).sqrt())
}

impl Column {
    /// The column over `history` with its values; `None` when it does not vary.
    fn new(regressor: Regressor, history: &Series, context: &Context) -> Option<(Self, Vec<f64>)> {
        let months = history.iter().map(|(month, _)| month);
        let raw: Vec<f64> =
            months.map(|month| regressor.at(month, history.start, context)).collect();
        let (mean, deviation) = moments(&raw);
        let values = raw.iter().map(|value| (value - mean) / deviation).collect();
        (deviation > 0.0).then_some((Self { regressor, mean, deviation, weight: 0.0 }, values))
    }
}

impl FittedRegression {
    /// Finds the weights on `history`.
    pub(super) fn fit(spec: &RegressionSpec, history: &Series, context: &Context) -> Result<Self> {
        let (centre, size) = moments(&history.values);
        let size = if size > 0.0 { size } else { 1.0 };
        let (mut columns, values): (Vec<Column>, Vec<Vec<f64>>) =
            regressors(history.end(), context)
                .into_iter()
                .filter_map(|regressor| Column::new(regressor, history, context))
                .unzip();
        let n = history.values.len();
        let records = Array2::from_shape_fn((n, columns.len()), |(t, k)| values[k][t]);
        let target: Array1<f64> = history.values.iter().map(|y| (y - centre) / size).collect();
        let fitted = ElasticNet::params()
            .penalty(spec.penalty)
            .l1_ratio(spec.l1_ratio)
            .tolerance(TOLERANCE)
            .max_iterations(ROUNDS)
            .fit(&Dataset::new(records, target))
            .map_err(|error| Error::input(format!("the regression has no solution: {error}")))?;
        for (column, weight) in columns.iter_mut().zip(fitted.hyperplane()) {
            column.weight = weight * size;
        }
        let mut model = Self {
            start: history.start,
            end: history.end(),
            intercept: centre,
            columns,
            rho: 0.0,
            last: 0.0,
            residuals: Residuals::new(history.start, Vec::new(), 0.0),
        };
        model.rho = autocorrelation(&model.errors(history, context));
        Ok(model.filtered(history, context))
    }

    /// The same weights on new months.
    pub(super) fn refilter(&self, series: &Series, context: &Context) -> Result<Self> {
        Ok(self.clone().filtered(&from_start(series, self.start)?, context))
    }

    fn filtered(mut self, history: &Series, context: &Context) -> Self {
        let u = self.errors(history, context);
        let errors = u.windows(2).map(|pair| pair[1] - self.rho * pair[0]).collect();
        let used = self.columns.iter().filter(|column| column.weight != 0.0).count();
        self.residuals = Residuals::new(history.start + Months(1), errors, mean(&history.values))
            .widened(used + 2);
        self.last = u.last().copied().unwrap_or(0.0);
        self.end = history.end();
        self
    }

    /// u: what the columns leave.
    fn errors(&self, history: &Series, context: &Context) -> Vec<f64> {
        history.iter().map(|(month, y)| y - self.expected(month, context)).collect()
    }

    fn expected(&self, month: Month, context: &Context) -> f64 {
        let part = |column: &Column| {
            let value = column.regressor.at(month, self.start, context);
            column.weight * (value - column.mean) / column.deviation
        };
        self.intercept + self.columns.iter().map(part).sum::<f64>()
    }
}

/// The first autocorrelation, held within 0 and [`PERSISTENCE`].
fn autocorrelation(u: &[f64]) -> f64 {
    let products: f64 = u.windows(2).map(|pair| pair[0] * pair[1]).sum();
    let squares: f64 = u.iter().map(|u| u * u).sum();
    if squares > 0.0 { (products / squares).clamp(0.0, PERSISTENCE) } else { 0.0 }
}

impl Member for FittedRegression {
    fn end(&self) -> Month {
        self.end
    }

    fn residuals(&self) -> &Residuals {
        &self.residuals
    }

    fn run(&self, rows: &mut Array2<f64>, context: &Context) {
        let months = (0..rows.ncols()).map(|k| self.end + Months::of(k));
        let expected: Vec<f64> = months.map(|month| self.expected(month, context)).collect();
        for mut row in rows.rows_mut() {
            let mut u = self.last;
            for (shock, expected) in row.iter_mut().zip(&expected) {
                u = self.rho * u + *shock;
                *shock = expected + u;
            }
        }
    }
}
