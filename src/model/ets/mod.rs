//! Exponential smoothing (ETS), after Hyndman, Koehler, Ord and Snyder (2008).
//!
//! With level ℓ, trend b, a season s of twelve months and q = ℓ_{t−1} + φ b_{t−1}, an additive
//! error e or a multiplicative one r:
//!
//! ```text
//! season     none               additive            multiplicative
//! mean       μ = q              μ = q + s_{t−12}    μ = q s_{t−12}
//! month      y = μ + e, or y = μ (1 + r), where e = μ r
//! level      ℓ_t = q + α e      ℓ_t = q + α e       ℓ_t = q + α e / s_{t−12}
//! trend      b_t = φ b_{t−1} + (β/α)(ℓ_t − q)
//! season                        s_t = s_{t−12} + γ e   s_t = s_{t−12} + γ e / q
//! ```
//!
//! No trend: b = 0; additive: φ = 1; damped: .8 ≤ φ ≤ .98. Ranges: 0 < α < 1, 0 < β < α,
//! 0 < γ < 1 − α, and the recursion forgets its start. The form is chosen by the least `AICc` =
//! L + 2k + 2k(k+1)/(n−k−1), where L is n ln Σe² for additive errors and n ln Σr² + 2 Σ ln μ for
//! multiplicative ones, and k counts smoothing parameters, initial states and the variance.

mod admissible;
mod coarse;
mod form;
mod likelihood;
mod linear;
mod point;
mod search;
mod state;

use super::residuals::Residuals;
use super::{Member, from_start, mean, real};
use crate::error::{Error, Result};
use crate::panel::Series;
use crate::units::Month;
pub use form::{ErrorKind, EtsSpec, Season, Trend};
use ndarray::Array2;
use search::{best, penalty};
use serde::{Deserialize, Serialize};
pub use state::Smoothing;
use state::{Law, Range, State};

/// The months below which no ETS model is tried.
pub(super) const NEEDS: usize = 10;
/// The months below which no season is tried: two of each.
const NEEDS_SEASON: usize = 24;

/// An ETS model with its parameters and states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FittedEts {
    law: Law,
    start: Month,
    initial: State,
    months: usize,
    state: State,
    /// In euros, or as shares of what was expected.
    residuals: Residuals,
    squares: f64,
    logs: f64,
}

impl FittedEts {
    /// Fits the forms of `spec` and keeps the one with the least `AICc`.
    pub(super) fn fit(spec: &EtsSpec, history: &Series) -> Result<Self> {
        let n = history.values.len();
        let positive = history.values.iter().all(|&y| y > 0.0);
        let best = best(&history.values, &spec.forms(n, positive)).ok_or_else(|| {
            Error::input(format!("{n} months are too few for an ETS model")).advice("use a rule")
        })?;
        let range = Range::of(&history.values);
        let law = Law { form: best.form, smoothing: best.smoothing, range };
        Ok(Self::filtered(law, history, best.initial))
    }

    /// The same parameters and initial states on new months.
    pub(super) fn refilter(&self, series: &Series) -> Result<Self> {
        let history = from_start(series, self.start)?;
        Ok(Self::filtered(self.law, &history, self.initial))
    }

    fn filtered(law: Law, history: &Series, initial: State) -> Self {
        let mut state = initial;
        let months = history.iter().enumerate();
        let (means, errors): (Vec<f64>, Vec<f64>) =
            months.map(|(t, (_, y))| state.filter(t, y, &law)).unzip();
        let squares = errors.iter().map(|error| error * error).sum();
        let logs = means.iter().map(|mean| mean.ln()).sum();
        let (level, logs) = match law.form.errors {
            ErrorKind::Additive => (mean(&history.values), 0.0),
            ErrorKind::Multiplicative => (1.0, logs),
        };
        let residuals =
            Residuals::new(history.start, errors, level).widened(law.form.parameters() - 1);
        let (start, months) = (history.start, history.values.len());
        Self { law, start, initial, months, state, residuals, squares, logs }
    }

    /// The form in the usual letters: `ETS(A,Ad,A)`.
    #[must_use]
    pub fn form(&self) -> String {
        self.law.form.letters()
    }

    /// The smoothing parameters.
    #[must_use]
    pub fn smoothing(&self) -> Smoothing {
        self.law.smoothing
    }

    /// The log-likelihood but for constants, on the scale of R's `forecast`: −½ n ln Σe², or
    /// −½ n ln Σe² − Σ ln μ with errors as shares.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        -0.5 * real(self.months) * self.squares.ln() - self.logs
    }

    /// −2 log-likelihood + 2k + 2k(k+1)/(n−k−1), on the scale of R's `forecast`.
    #[must_use]
    pub fn aicc(&self) -> f64 {
        penalty(real(self.months), self.law.form) - 2.0 * self.log_likelihood()
    }

    /// The standard deviation of a one-step error, in euros or as a share: Σe²/(n−k+1), its root.
    #[must_use]
    pub fn sigma(&self) -> f64 {
        let free = self.months + 1 - self.law.form.parameters();
        (self.squares / real(free)).sqrt()
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
                *shock = state.draw(self.months + k, *shock, &self.law);
            }
        }
    }
}
