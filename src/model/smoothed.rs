//! One smoother as a model of its own: prepared, smoothed and put back.

use super::prepare::{Preparation, ceiling};
use super::residuals::Residuals;
use super::smooth::{Smooth, SmoothParameters, Smoother};
use super::{Context, Member, from_start};
use crate::error::Result;
use crate::panel::Series;
use crate::units::{Month, Months};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// The months below which a smoother is not tried: a year, and a month that is seen twice. On less
/// its trend is chance.
pub(super) const NEEDS: usize = 13;

/// A smoother of one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FittedSmooth {
    pub(super) smooth: Smooth,
    start: Month,
    end: Month,
    preparation: Preparation,
    /// Before the first month, to take up new ones later.
    fitted: Smoother,
    /// After the last month.
    now: Smoother,
    residuals: Residuals,
    /// The prepared values that a path keeps within.
    reach: (f64, f64),
    /// The euros that it keeps within, on either side of 0.
    ceiling: f64,
}

/// A path strays from the values seen at most so many times their range: the trend of a smoother
/// can feed on a run of shocks.
const STRAY: f64 = 3.0;

impl FittedSmooth {
    /// Fits on prepared values, or on the values as they are.
    pub(super) fn fit(smooth: Smooth, as_they_are: bool, history: &Series) -> Self {
        let (preparation, a) = if as_they_are {
            (Preparation::none(), history.values.clone())
        } else {
            Preparation::learn(&history.values, history.start)
        };
        let fitted = Smoother::fit(smooth, &a);
        Self::filtered(smooth, preparation, fitted, history, &a)
    }

    /// The same parameters on new months.
    pub(super) fn refilter(&self, series: &Series) -> Result<Self> {
        let history = from_start(series, self.start)?;
        let a = self.preparation.prepare(&history.values, history.start);
        Ok(Self::filtered(self.smooth, self.preparation, self.fitted.clone(), &history, &a))
    }

    /// What was found; `None` for a line that never moved.
    pub(super) fn parameters(&self) -> Option<SmoothParameters> {
        self.fitted.parameters()
    }

    fn filtered(
        smooth: Smooth,
        preparation: Preparation,
        fitted: Smoother,
        history: &Series,
        a: &[f64],
    ) -> Self {
        let mut now = fitted.clone();
        let errors = now.filter(a);
        let level = preparation.scale.unit(&history.values);
        let residuals = Residuals::new(history.start, errors, level);
        let low = a.iter().copied().fold(f64::INFINITY, f64::min);
        let high = a.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let reach = (low - STRAY * (high - low), high + STRAY * (high - low));
        let (start, end, ceiling) = (history.start, history.end(), ceiling(&history.values));
        Self { smooth, start, end, preparation, fitted, now, residuals, reach, ceiling }
    }
}

impl Member for FittedSmooth {
    fn end(&self) -> Month {
        self.end
    }

    fn residuals(&self) -> &Residuals {
        &self.residuals
    }

    fn run(&self, rows: &mut Array2<f64>, _: &Context) {
        for mut row in rows.rows_mut() {
            let mut state = self.now.clone();
            for (k, cell) in row.iter_mut().enumerate() {
                let a = (state.expected() + *cell).max(self.reach.0).min(self.reach.1);
                state.observe(a);
                let euros = self.preparation.restore(self.end + Months::of(k), a);
                *cell = euros.max(-self.ceiling).min(self.ceiling);
            }
        }
    }
}
