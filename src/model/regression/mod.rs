//! Regression on the calendar and the policy events, by linfa's elastic net, with AR(1) errors.
//!
//! ```text
//! x_t = a + Σ w z_t + u_t     u_t = ρ u_{t−1} + e_t     x = ln y, or y
//! w: least Σ m_t e_t²/2n + λ (κ Σ|w| + (1−κ)/2 Σw²)     m_t ∝ μ^(n−t)
//! ```
//!
//! The columns z ([`Regressor`]) are a trend, the season, working days, level shifts, policy events
//! and lags of x. The weights are first sought for ρ = 0; ρ is the first autocorrelation of what
//! they leave, without its bias; then they are sought again with every month whitened. λ counts for
//! whitened columns and values of deviation 1. Paths also carry how uncertain the weights are.

mod columns;
mod net;
mod spec;
mod uncertainty;

pub use columns::Regressor;
pub use spec::{Cycle, RegressionSpec, Slope};

use super::innovations::mixed;
use super::residuals::Residuals;
use super::{Context, Member, from_start, mean};
use crate::error::Result;
use crate::panel::{Innovations, Series};
use crate::units::{Month, Months};
use columns::{Moment, regressors};
use ndarray::{Array2, ArrayViewMut1};
use net::Design;
use serde::{Deserialize, Serialize};
use uncertainty::{dot, factor, normals};

/// The months below which no regression is tried: two of each month of the year.
pub(super) const NEEDS: usize = 24;
/// A line with a month below this share of its mean is not put on the scale of ln: such a month
/// would weigh as much as all others. Nor does a later month count for less.
const LEAST: f64 = 0.01;
/// On the scale of ln no month is forecast above so many times the largest seen.
const MOST: f64 = 1000.0;

/// What a fitted regression says of one column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coefficient {
    /// What the column measures.
    pub regressor: Regressor,
    /// What one more of it adds: euros, or ln euros (× e^weight).
    pub weight: f64,
    /// The standard error of the weight.
    pub standard_error: f64,
    /// Whether the weight is in ln euros.
    pub logarithm: bool,
}

/// In what the values are explained.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Scale {
    Euros,
    /// ln euros, within bounds.
    Logarithm {
        low: f64,
        high: f64,
    },
}

/// A column in use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Column {
    regressor: Regressor,
    mean: f64,
    weight: f64,
    /// Its row of the factor of the covariance of the weights.
    spread: Vec<f64>,
}

/// A regression with its weights and its last error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FittedRegression {
    start: Month,
    end: Month,
    scale: Scale,
    trend: Slope,
    /// The level first.
    columns: Vec<Column>,
    rho: f64,
    /// u of the last month.
    last: f64,
    /// The last values, as many as the lags ask for.
    seen: Vec<f64>,
    residuals: Residuals,
}

impl Scale {
    fn of(spec: &RegressionSpec, values: &[f64]) -> Self {
        let low = LEAST * mean(values);
        if spec.logarithm && low > 0.0 && values.iter().all(|&value| value >= low) {
            let largest = values.iter().copied().fold(low, f64::max);
            Self::Logarithm { low, high: MOST * largest }
        } else {
            Self::Euros
        }
    }

    fn put(self, euros: f64) -> f64 {
        match self {
            Self::Euros => euros,
            Self::Logarithm { low, high } => euros.clamp(low, high).ln(),
        }
    }

    fn euros(self, value: f64) -> f64 {
        match self {
            Self::Euros => value,
            Self::Logarithm { high, .. } => value.exp().min(high),
        }
    }
}

/// The columns that vary over the months of `x`, and what is regressed on what.
fn designed(
    spec: &RegressionSpec,
    history: &Series,
    x: &[f64],
    context: &Context,
) -> (Vec<Column>, Design) {
    let regressors = regressors(spec, history, context);
    let skip = regressors.iter().map(Regressor::back).max().unwrap_or(0);
    let mut design = Design::new(x[skip..].to_vec(), spec.memory);
    let mut columns = Vec::new();
    for regressor in regressors {
        let value = |t: usize| {
            let moment = Moment { t, start: history.start, n: x.len(), seen: &x[..t] };
            regressor.at(&moment, spec.trend, context)
        };
        let values = (skip..x.len()).map(value).collect();
        if let Some(mean) = design.add(values, regressor.burden(spec), regressor.is_slow()) {
            columns.push(Column { regressor, mean, weight: 0.0, spread: Vec::new() });
        }
    }
    (columns, design)
}

impl FittedRegression {
    /// Finds the weights on `history`.
    pub(super) fn fit(spec: &RegressionSpec, history: &Series, context: &Context) -> Result<Self> {
        let scale = Scale::of(spec, &history.values);
        let x: Vec<f64> = history.values.iter().map(|&euros| scale.put(euros)).collect();
        let (candidates, design) = designed(spec, history, &x, context);
        let solution = design.solve(spec)?;
        let in_use = |k: &usize| {
            solution.weights[*k] != 0.0 || matches!(candidates[*k].regressor, Regressor::Event(_))
        };
        let used: Vec<usize> = (0..candidates.len()).filter(in_use).collect();
        let spreads = factor(&design, &solution, &used, spec);
        let level = Column {
            regressor: Regressor::Level,
            mean: 0.0,
            weight: solution.level,
            spread: Vec::new(),
        };
        let of = |&k: &usize| Column { weight: solution.weights[k], ..candidates[k].clone() };
        let columns = std::iter::once(level).chain(used.iter().map(of));
        let with = |(column, spread)| Column { spread, ..column };
        let model = Self {
            start: history.start,
            end: history.end(),
            scale,
            trend: spec.trend,
            columns: columns.zip(spreads).map(with).collect(),
            rho: solution.rho,
            last: 0.0,
            seen: Vec::new(),
            residuals: Residuals::new(history.start, Vec::new(), 0.0),
        };
        Ok(model.filtered(history, context))
    }

    /// The same weights on new months.
    pub(super) fn refilter(&self, series: &Series, context: &Context) -> Result<Self> {
        Ok(self.clone().filtered(&from_start(series, self.start)?, context))
    }

    fn filtered(mut self, history: &Series, context: &Context) -> Self {
        let x: Vec<f64> = history.values.iter().map(|&euros| self.scale.put(euros)).collect();
        let skip = self.back().min(x.len());
        self.end = history.end();
        let u: Vec<f64> =
            (skip..x.len()).map(|t| x[t] - self.explained(t, &x[..t], context)).collect();
        let errors = u.windows(2).map(|pair| pair[1] - self.rho * pair[0]).collect();
        let size = if self.scale == Scale::Euros { mean(&history.values) } else { 1.0 };
        let first = history.start + Months::of(skip + 1);
        self.residuals = Residuals::new(first, errors, size).widened(self.columns.len() + 1);
        self.last = u.last().copied().unwrap_or(0.0);
        self.seen = x[x.len().saturating_sub(skip + 1)..].to_vec();
        self
    }

    /// How far back the furthest lag looks.
    fn back(&self) -> usize {
        self.columns.iter().map(|column| column.regressor.back()).max().unwrap_or(0)
    }

    /// The columns in month `t` since the start, after `seen`.
    fn values(&self, t: usize, seen: &[f64], context: &Context) -> Vec<f64> {
        let moment = Moment { t, start: self.start, n: self.months(), seen };
        let value =
            |column: &Column| column.regressor.at(&moment, self.trend, context) - column.mean;
        self.columns.iter().map(value).collect()
    }

    fn explained(&self, t: usize, seen: &[f64], context: &Context) -> f64 {
        dot(&self.weights(), &self.values(t, seen, context))
    }

    fn weights(&self) -> Vec<f64> {
        self.columns.iter().map(|column| column.weight).collect()
    }

    fn months(&self) -> usize {
        (self.end - self.start).count()
    }

    /// Each weight with its standard error.
    pub(super) fn coefficients(&self) -> Vec<Coefficient> {
        let of = |column: &Column| Coefficient {
            regressor: column.regressor.clone(),
            weight: column.weight,
            standard_error: dot(&column.spread, &column.spread).sqrt(),
            logarithm: self.scale != Scale::Euros,
        };
        self.columns.iter().map(of).collect()
    }

    /// The columns of the last month and of `months` months ahead; lags stand at 0, since they
    /// depend on the path.
    fn ahead(&self, months: usize, context: &Context) -> Vec<Vec<f64>> {
        let n = self.months();
        let nothing = vec![0.0; self.back()];
        let mut rows: Vec<Vec<f64>> =
            (n..n + months).map(|t| self.values(t, &nothing, context)).collect();
        let before = &self.seen[..self.seen.len().saturating_sub(1)];
        rows.insert(0, self.values(n.saturating_sub(1), before, context));
        rows
    }

    /// Turns the shocks of one draw into values, with weights that differ by `moved`.
    fn path(&self, row: ArrayViewMut1<f64>, ahead: &[Vec<f64>], moved: &[f64]) {
        let weights: Vec<f64> = self.weights().iter().zip(moved).map(|(a, b)| a + b).collect();
        let lags: Vec<(f64, usize)> = self.lags(&weights).collect();
        let mut seen = self.seen.clone();
        let mut u = self.last - dot(moved, &ahead[0]);
        for (shock, values) in row.into_iter().zip(&ahead[1..]) {
            u = self.rho * u + *shock;
            let lagged: f64 =
                lags.iter().map(|(weight, lag)| weight * seen[seen.len() - lag]).sum();
            let value = dot(&weights, values) + lagged + u;
            if !lags.is_empty() {
                seen.push(value);
            }
            *shock = value;
        }
    }

    /// The weight of each lag.
    fn lags<'a>(&'a self, weights: &'a [f64]) -> impl Iterator<Item = (f64, usize)> + 'a {
        let back = self.columns.iter().map(|column| column.regressor.back());
        weights.iter().copied().zip(back).filter(|(_, back)| *back > 0)
    }

    /// The variance of a path around the forecast without shocks, month by month: of the shocks
    /// and of the weights, as far as lags do not multiply the latter.
    fn variances(&self, ahead: &[Vec<f64>]) -> Vec<f64> {
        let weights = self.weights();
        let shock = self.residuals.variance();
        let mut answers: Vec<f64> = Vec::new();
        let mut sum = 0.0;
        let mut fading = 1.0;
        let mut variances = Vec::new();
        for values in &ahead[1..] {
            // ψ_h = ρ^h + Σ w_l ψ_{h−l}: what a shock still does h months later.
            let earlier = |lag: usize| answers.len().checked_sub(lag).map_or(0.0, |at| answers[at]);
            let lagged: f64 = self.lags(&weights).map(|(weight, lag)| weight * earlier(lag)).sum();
            answers.push(fading + lagged);
            sum += (fading + lagged).powi(2);
            fading *= self.rho;
            let moved: Vec<f64> =
                values.iter().zip(&ahead[0]).map(|(now, last)| now - fading * last).collect();
            variances.push(shock * sum + self.spread(&moved));
        }
        variances
    }

    /// The variance that the weights give to a sum of columns.
    fn spread(&self, values: &[f64]) -> f64 {
        let along = |j: usize| -> f64 {
            self.columns.iter().zip(values).map(|(column, value)| column.spread[j] * value).sum()
        };
        (0..self.columns.len()).map(|j| along(j).powi(2)).sum()
    }

    /// How far the weights of a draw lie from those that were found, by a number of its own.
    fn moved(&self, seed: u64) -> Vec<f64> {
        let normals = normals(seed, self.columns.len());
        self.columns.iter().map(|column| dot(&column.spread, &normals)).collect()
    }
}

impl Member for FittedRegression {
    fn end(&self) -> Month {
        self.end
    }

    fn residuals(&self) -> &Residuals {
        &self.residuals
    }

    fn run(&self, rows: &mut Array2<f64>, context: &Context) {
        let ahead = self.ahead(rows.ncols(), context);
        let still = vec![0.0; self.columns.len()];
        for row in rows.rows_mut() {
            self.path(row, &ahead, &still);
        }
        rows.mapv_inplace(|value| self.scale.euros(value));
    }

    /// Each draw has weights of its own. On the scale of ln half the variance is taken off, so that
    /// the mean of the draws is the forecast without shocks.
    fn simulate(&self, innovations: &Innovations, context: &Context) -> Array2<f64> {
        let mut rows = self.residuals.shocks(innovations, self.end);
        let ahead = self.ahead(rows.ncols(), context);
        for (row, &seed) in rows.rows_mut().into_iter().zip(&innovations.seeds) {
            let moved = self.moved(mixed(seed ^ context.stream));
            self.path(row, &ahead, &moved);
        }
        if self.scale != Scale::Euros {
            for (mut column, variance) in rows.columns_mut().into_iter().zip(self.variances(&ahead))
            {
                column.mapv_inplace(|value| value - variance / 2.0);
            }
        }
        rows.mapv_into(|value| self.scale.euros(value))
    }
}

#[cfg(test)]
mod tests {
    use super::super::innovations;
    use super::super::real;
    use super::super::tests::money;
    use super::*;
    use crate::calendar::{Event, Form};
    use ndarray::Axis;

    fn fitted(spec: &RegressionSpec, series: &Series) -> FittedRegression {
        FittedRegression::fit(spec, series, &Context::default()).unwrap()
    }

    fn ahead(model: &FittedRegression) -> Vec<f64> {
        let mut rows = Array2::zeros((1, 12));
        model.run(&mut rows, &Context::default());
        rows.into_raw_vec_and_offset().0
    }

    fn drawn(model: &FittedRegression, draws: usize) -> Array2<f64> {
        let past = model.end - super::super::MEMORY..model.end;
        let innovations = innovations(model.end, 12, draws, 1, past);
        model.simulate(&innovations, &Context::default())
    }

    fn step(date: Month) -> Event {
        Event::made_up(Form::Step, date, None)
    }

    /// Six years with a season, growth and errors of deviation 4 and ρ = .3; a step of 10 works in
    /// the last `worked` months.
    fn stepped(seed: u64, worked: usize) -> Series {
        let (n, rho) = (72, 0.3);
        let normals = normals(seed, n);
        let mut u = 4.0 * normals[0];
        let value = |(t, normal): (usize, &f64)| {
            u = rho * u + 4.0 * (1.0_f64 - rho * rho).sqrt() * normal;
            let season = 5.0 * (real(t) / 12.0 * std::f64::consts::TAU).sin();
            let step = if t + worked >= n { 10.0 } else { 0.0 };
            100.0 + 0.1 * real(t) + season + step + u
        };
        Series::settled(Month::january(2016), normals.iter().enumerate().map(value).collect())
    }

    /// How often of 300 times ± 1.2816 standard errors hold the true step, which is 80 % when all is
    /// well; chance alone makes that 75 to 85, and 70 to 90 is what we ask.
    #[test]
    fn the_errors_of_a_step_are_honest() {
        let spec = RegressionSpec { logarithm: false, ..RegressionSpec::default() };
        for worked in [6, 12, 24] {
            let holds = |&seed: &u64| {
                let series = stepped(seed, worked);
                let event = step(series.end() - Months::of(worked));
                let context = Context { events: vec![&event], ..Context::default() };
                let model = FittedRegression::fit(&spec, &series, &context).unwrap();
                let found = model.coefficients().pop().unwrap();
                assert_eq!(found.regressor, Regressor::Event("e".into()));
                (found.weight - 10.0).abs() < 1.2816 * found.standard_error
            };
            let held = (0..300).filter(holds).count();
            assert!((210..=270).contains(&held), "{worked} months: {held} of 300");
        }
    }

    #[test]
    fn an_event_counts_from_its_third_month_and_not_once_it_is_unknown() {
        let series = stepped(1, 3);
        let events = [3, 2].map(|worked| step(series.end() - Months(worked)));
        let spec = RegressionSpec::default();
        let [counts, not] = events.each_ref().map(|event| {
            let context = Context { events: vec![event], ..Context::default() };
            let model = FittedRegression::fit(&spec, &series, &context).unwrap();
            let is_event = |column: &Column| matches!(column.regressor, Regressor::Event(_));
            model.columns.iter().any(is_event)
        });
        assert!(counts && !not);
    }

    #[test]
    fn draws_weights_around_those_found_the_same_for_the_same_seed() {
        let model = fitted(&RegressionSpec::default(), &money(60));
        assert_ne!(model.scale, Scale::Euros);
        assert_eq!(drawn(&model, 50), drawn(&model, 50));
        let draws = 4000;
        let moved: Vec<Vec<f64>> = (0..draws).map(|seed| model.moved(seed)).collect();
        for (k, found) in model.coefficients().iter().enumerate() {
            let mean = mean(&moved.iter().map(|moved| moved[k]).collect::<Vec<_>>());
            let square = mean_square(moved.iter().map(|moved| moved[k]));
            assert!(mean.abs() < 0.06 * found.standard_error, "{found:?}: {mean}");
            assert!((square.sqrt() / found.standard_error - 1.0).abs() < 0.05, "{found:?}");
        }
        let paths = drawn(&model, 4000).mean_axis(Axis(0)).unwrap();
        for (mean, without) in paths.iter().zip(ahead(&model)) {
            assert!((mean / without - 1.0).abs() < 0.01, "{mean} {without}");
        }
    }

    fn mean_square(values: impl Iterator<Item = f64>) -> f64 {
        mean(&values.map(|value| value * value).collect::<Vec<_>>())
    }

    #[test]
    fn the_weights_widen_the_paths_by_as_much_as_they_say() {
        for logarithm in [false, true] {
            let spec = RegressionSpec { logarithm, ..RegressionSpec::default() };
            let model = fitted(&spec, &stepped(3, 0));
            let rows = model.ahead(12, &Context::default());
            let said = model.variances(&rows)[11];
            let paths = drawn(&model, 4000).column(11).mapv(|y| model.scale.put(y));
            let seen = paths.var(0.0);
            // The shocks are drawn in blocks, which do not have exactly ρ.
            assert!((0.7..1.4).contains(&(seen / said)), "{logarithm}: {seen}, said {said}");
        }
    }

    #[test]
    fn a_lag_follows_the_path() {
        // 100, 60, 100, 60, …: the lag of 1 with weight −1 says it all.
        let values: Vec<f64> = (0..48).map(|t| if t % 2 == 0 { 100.0 } else { 60.0 }).collect();
        let spec = RegressionSpec {
            penalty: 0.0,
            lags: vec![1],
            trend: Slope::None,
            season: Cycle::None,
            working_days: false,
            shifts: 0,
            logarithm: false,
            ..RegressionSpec::default()
        };
        let model = fitted(&spec, &Series::settled(Month::january(2016), values));
        let found = ahead(&model);
        assert!((found[0] - 100.0).abs() < 1e-3 && (found[11] - 60.0).abs() < 1e-3, "{found:?}");
        let far = fitted(&RegressionSpec { lags: vec![60], ..spec }, &money(48));
        assert_eq!(far.back(), 0, "a lag without enough months to learn from is left out");
    }

    #[test]
    fn takes_the_scale_the_line_allows() {
        let scale = |values: &[f64]| Scale::of(&RegressionSpec::default(), values);
        assert_ne!(scale(&[100.0, 60.0, 2.0]), Scale::Euros);
        assert_eq!(scale(&[100.0, 60.0, 0.5]), Scale::Euros);
        assert_eq!(scale(&[100.0, -60.0]), Scale::Euros);
        assert_eq!(scale(&[0.0, 0.0]), Scale::Euros);
    }

    #[test]
    fn stands_odd_lines() {
        let zeros = [money(36).values, vec![0.0; 24]].concat();
        let huge: Vec<f64> = money(24).values.iter().map(|y| 1e12 * y).collect();
        let below: Vec<f64> = money(40).values.iter().map(|y| 100.0 - y).collect();
        let flat = vec![5.0; 30];
        for values in [zeros, huge, below, flat] {
            let size = values.iter().fold(0.0, |most: f64, y| most.max(y.abs()));
            let model =
                fitted(&RegressionSpec::default(), &Series::settled(Month::january(2016), values));
            assert!(ahead(&model).iter().all(|y| y.abs() <= 2.0 * size), "{:?}", ahead(&model));
            assert!(drawn(&model, 200).iter().all(|y| y.abs() <= 20.0 * size));
        }
        // A positive line that ends: the new months count as one hundredth, and nothing breaks.
        let mut series = money(48);
        let model = fitted(&RegressionSpec::default(), &series);
        series.values.extend([0.0, -5.0]);
        let later = model.refilter(&series, &Context::default()).unwrap();
        assert!(ahead(&later).iter().all(|y| (0.0..200.0).contains(y)));
    }
}
