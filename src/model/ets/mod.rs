//! Exponential smoothing with additive error (ETS), after Hyndman, Koehler, Ord and Snyder (2008).
//!
//! With level ℓ, trend b, a season s of twelve months and error e:
//!
//! ```text
//! y_t = ℓ_{t−1} + φ b_{t−1} + s_{t−12} + e_t
//! ℓ_t = ℓ_{t−1} + φ b_{t−1} + α e_t
//! b_t = φ b_{t−1} + β e_t
//! s_t = s_{t−12} + γ e_t
//! ```
//!
//! No trend: b = 0; additive: φ = 1; damped: .8 ≤ φ ≤ .98; no season: s = 0. Ranges: 0 < α < 1,
//! 0 < β < α, 0 < γ < 1 − α, and the recursion forgets its start. The form is chosen by the least
//! `AICc` = n ln Σe² + 2k + 2k(k+1)/(n−k−1), where k counts smoothing parameters, initial states and
//! the variance.

mod likelihood;

use super::residuals::Residuals;
use super::{Member, from_start, mean, optimum::minimise, real};
use crate::error::{Error, Result};
use crate::panel::Series;
use crate::units::Month;
use likelihood::{Parts, concentrated, is_admissible};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// The months below which no ETS model is tried.
pub(super) const NEEDS: usize = 10;
/// The months below which no season is tried: two of each.
const NEEDS_SEASON: usize = 24;
/// The range of α; the other smoothing parameters keep the same distance from their bounds.
const LOWEST: f64 = 1e-4;
const HIGHEST: f64 = 1.0 - LOWEST;
/// The range of φ. Above it the damping can not be told from none (Hyndman et al. 2008, §2.3.1).
const DAMPING: (f64, f64) = (0.8, 0.98);

/// How the trend runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trend {
    /// There is none.
    None,
    /// Straight on.
    Additive,
    /// Levelling off.
    Damped,
}

/// How the season runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Season {
    /// There is none.
    None,
    /// The same euros every year, but for what γ takes up.
    Additive,
}

/// The forms of an ETS model that are tried; the least `AICc` decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EtsSpec {
    /// The trends to try; all by default.
    pub trends: Vec<Trend>,
    /// The seasons to try; both by default. With less than two years none is tried.
    pub seasons: Vec<Season>,
}

/// A form: with these the parameters mean something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Form {
    trend: Trend,
    season: Season,
}

/// The smoothing parameters; 0 (φ: 1) for a part the model does not have.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Smoothing {
    /// How far the level follows an error.
    pub alpha: f64,
    /// How far the trend does.
    pub beta: f64,
    /// How far the season does.
    pub gamma: f64,
    /// What is left of the trend each month.
    pub phi: f64,
}

/// A level, a trend and twelve seasons, of which `season[t % 12]` is used `t` months after start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct State {
    level: f64,
    trend: f64,
    season: [f64; 12],
}

/// An ETS model with its parameters and states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FittedEts {
    form: Form,
    smoothing: Smoothing,
    start: Month,
    initial: State,
    months: usize,
    state: State,
    residuals: Residuals,
    sse: f64,
}

/// A form with its parameters, while the forms are compared.
struct Candidate {
    form: Form,
    smoothing: Smoothing,
    states: [f64; 14],
    aicc: f64,
}

impl Default for EtsSpec {
    fn default() -> Self {
        Self {
            trends: vec![Trend::None, Trend::Additive, Trend::Damped],
            seasons: vec![Season::None, Season::Additive],
        }
    }
}

impl EtsSpec {
    pub(super) fn check(&self) -> Result<()> {
        if self.trends.is_empty() || self.seasons.is_empty() {
            return Err(Error::input("an ETS model without a trend or season to try")
                .advice("name at least one of each, as in trends = [\"none\"]"));
        }
        Ok(())
    }

    /// The forms to try on `n` months.
    fn forms(&self, n: usize) -> Vec<Form> {
        let short = n < NEEDS_SEASON;
        let seasons = if short { &[Season::None][..] } else { &self.seasons };
        let with = |&trend: &Trend| seasons.iter().map(move |&season| Form { trend, season });
        self.trends.iter().flat_map(with).filter(|form| form.parameters() + 1 < n).collect()
    }
}

impl Form {
    /// What the form has, for the likelihood.
    fn parts(self) -> Parts {
        Parts { trend: self.trend != Trend::None, season: self.season == Season::Additive }
    }

    /// Smoothing parameters, initial states and the variance.
    fn parameters(self) -> usize {
        let of_trend = match self.trend {
            Trend::None => 0,
            Trend::Additive => 2,
            Trend::Damped => 3,
        };
        3 + of_trend + if self.season == Season::Additive { 12 } else { 0 }
    }

    /// The smoothing parameters at an unbounded point: α, then β and φ of a trend, then γ.
    fn smoothing(self, point: &[f64]) -> Smoothing {
        let mut shares = point.iter().copied().map(logistic);
        let mut between = |low: f64, high: f64| low + (high - low) * shares.next().unwrap_or(0.0);
        let Parts { trend, season } = self.parts();
        let alpha = between(LOWEST, HIGHEST);
        let beta = if trend { between(LOWEST, alpha) } else { 0.0 };
        let damped = self.trend == Trend::Damped;
        let phi = if damped { between(DAMPING.0, DAMPING.1) } else { 1.0 };
        let gamma = if season { between(LOWEST, 1.0 - alpha) } else { 0.0 };
        Smoothing { alpha, beta, gamma, phi }
    }

    /// Points worth a first look, by region: trends and seasons that stand still or move. The
    /// likelihood often has a peak in several.
    fn starts(self) -> Vec<Vec<Vec<f64>>> {
        let Parts { trend, season } = self.parts();
        let trends: &[&[f64]] = if trend { &[&[-5.0], &[-1.5, 2.0]] } else { &[&[]] };
        let seasons: &[&[f64]] = if season { &[&[-4.0], &[0.0, 2.0]] } else { &[&[]] };
        let damping: &[f64] = if self.trend == Trend::Damped { &[-1.5, 1.5] } else { &[] };
        let mut regions = Vec::new();
        for trend in trends {
            for season in seasons {
                regions.push(grid(&[&[-3.0, -1.0, 1.0, 3.0], trend, damping, season]));
            }
        }
        regions
    }
}

/// All points with one value of each axis; an empty axis is none.
fn grid(axes: &[&[f64]]) -> Vec<Vec<f64>> {
    let mut points = vec![Vec::new()];
    for axis in axes.iter().filter(|axis| !axis.is_empty()) {
        let extended = |point: &Vec<f64>| -> Vec<Vec<f64>> {
            axis.iter().map(|&value| [point.as_slice(), &[value]].concat()).collect()
        };
        points = points.iter().flat_map(extended).collect();
    }
    points
}

/// The place of a real number between 0 and 1.
fn logistic(u: f64) -> f64 {
    1.0 / (1.0 + (-u).exp())
}

/// The best parameters of one form on `y`, which is centred and of size about one.
fn estimate(y: &[f64], form: Form) -> Candidate {
    let parts = form.parts();
    let n = real(y.len());
    let cost = |point: &[f64]| {
        let s = form.smoothing(point);
        if !is_admissible(s, parts) {
            return f64::INFINITY;
        }
        n * concentrated(y, s, parts).0.max(f64::MIN_POSITIVE).ln()
    };
    let best = search(cost, form.starts());
    let smoothing = form.smoothing(&best);
    let (_, states) = concentrated(y, smoothing, parts);
    let aicc = cost(&best) + penalty(n, form);
    Candidate { form, smoothing, states, aicc }
}

/// The lowest point found from the most promising start of each region.
fn search(cost: impl Fn(&[f64]) -> f64, regions: Vec<Vec<Vec<f64>>>) -> Vec<f64> {
    let lowest = |points: Vec<Vec<f64>>| {
        let looked = points.into_iter().map(|point| (cost(&point), point));
        let best = looked.min_by(|a, b| a.0.total_cmp(&b.0));
        best.expect("every form has a region and every region a point").1
    };
    let found = regions.into_iter().map(|starts| minimise(&cost, &lowest(starts), 1.0)).collect();
    lowest(found)
}

/// 2k + 2k(k+1)/(n−k−1): what `AICc` adds for the parameters of `form` on `n` months.
fn penalty(n: f64, form: Form) -> f64 {
    let k = real(form.parameters());
    2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0)
}

impl State {
    /// Takes in `y` and returns the one-step error.
    fn filter(&mut self, t: usize, y: f64, s: &Smoothing) -> f64 {
        let error = y - self.expected(t, s);
        self.advance(t, error, s);
        error
    }

    fn expected(&self, t: usize, s: &Smoothing) -> f64 {
        self.level + s.phi * self.trend + self.season[t % 12]
    }

    fn advance(&mut self, t: usize, error: f64, s: &Smoothing) {
        self.level += s.phi * self.trend + s.alpha * error;
        self.trend = s.phi * self.trend + s.beta * error;
        self.season[t % 12] += s.gamma * error;
    }
}

impl FittedEts {
    /// Fits the forms of `spec` and keeps the one with the least `AICc`.
    pub(super) fn fit(spec: &EtsSpec, history: &Series) -> Result<Self> {
        let n = history.values.len();
        let centre = mean(&history.values);
        let size = mean(&history.values.iter().map(|y| (y - centre).abs()).collect::<Vec<_>>());
        let size = if size > 0.0 { size } else { 1.0 };
        let y: Vec<f64> = history.values.iter().map(|y| (y - centre) / size).collect();
        let candidates = spec.forms(n).into_iter().map(|form| estimate(&y, form));
        let best = candidates.min_by(|a, b| a.aicc.total_cmp(&b.aicc)).ok_or_else(|| {
            Error::input(format!("{n} months are too few for an ETS model")).advice("use a rule")
        })?;
        let [level, trend, season @ ..] = best.states.map(|state| state * size);
        let initial = State { level: level + centre, trend, season };
        Ok(Self::filtered(best.form, best.smoothing, history, initial))
    }

    /// The same parameters and initial states on new months.
    pub(super) fn refilter(&self, series: &Series) -> Result<Self> {
        let history = from_start(series, self.start)?;
        Ok(Self::filtered(self.form, self.smoothing, &history, self.initial))
    }

    fn filtered(form: Form, smoothing: Smoothing, history: &Series, initial: State) -> Self {
        let mut state = initial;
        let months = history.iter().enumerate();
        let errors: Vec<f64> = months.map(|(t, (_, y))| state.filter(t, y, &smoothing)).collect();
        let sse = errors.iter().map(|error| error * error).sum();
        let residuals = Residuals::new(history.start, errors, mean(&history.values))
            .widened(form.parameters() - 1);
        let (start, months) = (history.start, history.values.len());
        Self { form, smoothing, start, initial, months, state, residuals, sse }
    }

    /// The form in the usual letters: `ETS(A,Ad,A)`.
    #[must_use]
    pub fn form(&self) -> String {
        let trend = match self.form.trend {
            Trend::None => "N",
            Trend::Additive => "A",
            Trend::Damped => "Ad",
        };
        let season = if self.form.season == Season::Additive { "A" } else { "N" };
        format!("ETS(A,{trend},{season})")
    }

    /// The smoothing parameters.
    #[must_use]
    pub fn smoothing(&self) -> Smoothing {
        self.smoothing
    }

    /// n ln Σe² + 2k + 2k(k+1)/(n−k−1), on the scale of R's `forecast`.
    #[must_use]
    pub fn aicc(&self) -> f64 {
        let n = real(self.months);
        n * self.sse.ln() + penalty(n, self.form)
    }

    /// The standard deviation of a one-step error in euros: Σe²/(n−k+1), its root.
    #[must_use]
    pub fn sigma(&self) -> f64 {
        let free = self.months + 1 - self.form.parameters();
        (self.sse / real(free)).sqrt()
    }
}

impl Member for FittedEts {
    fn end(&self) -> Month {
        self.start + crate::units::Months::of(self.months)
    }

    fn residuals(&self) -> &Residuals {
        &self.residuals
    }

    fn run(&self, rows: &mut Array2<f64>, _: &super::Context) {
        for mut row in rows.rows_mut() {
            let mut state = self.state;
            for (k, shock) in row.iter_mut().enumerate() {
                let t = self.months + k;
                let expected = state.expected(t, &self.smoothing);
                state.advance(t, *shock, &self.smoothing);
                *shock += expected;
            }
        }
    }
}
