//! One forecast beside what came true.

use super::Scale;
use crate::outlook::{Drawn, NodeName, Quantiles};
use crate::units::{Cents, Measure, Month};
use serde::{Deserialize, Serialize};

/// One forecast of a year total or of a month, and what came true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecasted {
    /// The as-of month of the forecast.
    pub origin: Month,
    /// The year that was forecast, or that the month lies in.
    pub year: i32,
    /// The month that was forecast; `None` for the total of the year.
    pub month: Option<Month>,
    /// What it is about.
    pub node: NodeName,
    /// Lasten, baten or saldo.
    pub measure: Measure,
    /// The model.
    pub model: String,
    /// The mean.
    pub mean: Cents,
    /// The quantiles.
    pub quantiles: Quantiles,
    /// What came true, on the latest vintage.
    pub actual: Cents,
    /// Whether the actual is final; if not, invoices are still to come.
    pub settled: bool,
    /// What only the draws can tell; `None` when they were not judged.
    pub judged: Option<Judged>,
}

/// What the draws of a forecast say of the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The continuous ranked probability score, in euros.
    pub crps: f64,
    /// The shares of draws below the outcome, and at most it.
    pub place: (f64, f64),
    /// How far a year or month usually lies from the one a year before it; `None` with too little
    /// history.
    pub scale: Option<Scale>,
}

impl Forecasted {
    /// What was `drawn` by `model` at `origin`, of which `actual` came true for good; the draws are not judged.
    #[must_use]
    pub fn new(origin: Month, model: &str, drawn: &Drawn<'_>, actual: Cents) -> Self {
        Self {
            origin,
            year: drawn.first.year(),
            month: (drawn.first == drawn.last).then_some(drawn.first),
            node: drawn.node.clone(),
            measure: drawn.measure,
            model: model.to_owned(),
            mean: drawn.mean,
            quantiles: drawn.quantiles(),
            actual,
            settled: true,
            judged: None,
        }
    }

    /// The months of the year that were known at the origin.
    #[must_use]
    pub fn months_known(&self) -> u32 {
        self.origin.of_year()
    }

    /// The months from the origin to the last month that was forecast.
    #[must_use]
    pub fn horizon(&self) -> u32 {
        let last = self.month.unwrap_or(Month::december(self.year));
        (last - self.origin).0.unsigned_abs()
    }

    /// Whether anything was forecast, or happened.
    pub(super) fn says_something(&self) -> bool {
        let quantiles = self.quantiles.0.iter();
        self.actual != Cents::ZERO || quantiles.into_iter().any(|&quantile| quantile != Cents::ZERO)
    }

    /// The forecast less what came true, in euros.
    #[must_use]
    pub fn error(&self) -> f64 {
        (self.mean - self.actual).euros()
    }
}
