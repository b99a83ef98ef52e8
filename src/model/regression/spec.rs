//! The options of the regression.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// The options of the regression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RegressionSpec {
    /// λ, on standardised columns and values.
    pub penalty: f64,
    /// κ, the share of the penalty on |w|, 0 to 1.
    pub l1_ratio: f64,
    /// μ: what a month weighs against the month after it, above 0 to 1.
    pub memory: f64,
    /// Whether a line without months near or below zero is explained on the scale of ln.
    pub logarithm: bool,
    /// The trend.
    pub trend: Slope,
    /// The season.
    pub season: Cycle,
    /// Whether working days count.
    pub working_days: bool,
    /// Whether policy events that have worked three months count.
    pub events: bool,
    /// A shift of the level is possible every so many months; 0 for none.
    pub shifts: usize,
    /// How many times heavier the penalty is on such a shift, above 0.
    pub shift_burden: f64,
    /// Earlier months that count, such as 1 or 12 back.
    pub lags: Vec<usize>,
}

/// How a trend runs on after the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slope {
    /// There is no trend.
    None,
    /// Straight on.
    Straight,
    /// Less every month.
    Damped,
    /// Not at all: it stays where it ended.
    Held,
}

/// What stands for the season.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cycle {
    /// There is no season.
    None,
    /// A column per month of the year.
    Months,
    /// So many waves a year and fewer, a sine and a cosine each, 1 to 6.
    Waves(u32),
}

impl Default for RegressionSpec {
    /// Of what was tried the least error on year totals (guide, chapter *models*).
    fn default() -> Self {
        Self {
            penalty: 0.03,
            l1_ratio: 0.5,
            memory: 0.96,
            logarithm: true,
            trend: Slope::Damped,
            season: Cycle::Waves(6),
            working_days: true,
            events: true,
            shifts: 6,
            shift_burden: 3.0,
            lags: Vec::new(),
        }
    }
}

impl RegressionSpec {
    pub(in crate::model) fn check(&self) -> Result<()> {
        let waves = match self.season {
            Cycle::Waves(waves) => waves,
            Cycle::None | Cycle::Months => 1,
        };
        let lag = self.lags.iter().find(|&&lag| lag == 0).copied();
        let wrong = [
            (!(0.0..f64::INFINITY).contains(&self.penalty))
                .then(|| (format!("penalty {}", self.penalty), "a number of 0 or more")),
            (!(0.0..=1.0).contains(&self.l1_ratio))
                .then(|| (format!("l1_ratio {}", self.l1_ratio), "a number from 0 to 1")),
            (!(self.memory > 0.0 && self.memory <= 1.0))
                .then(|| (format!("memory {}", self.memory), "a number above 0, at most 1")),
            (!(self.shift_burden > 0.0 && self.shift_burden.is_finite()))
                .then(|| (format!("shift_burden {}", self.shift_burden), "a number above 0")),
            (!(1..=6).contains(&waves)).then(|| (format!("waves {waves}"), "a number from 1 to 6")),
            lag.map(|lag| (format!("lag {lag}"), "a number of 1 or more")),
        ];
        wrong.into_iter().flatten().next().map_or(Ok(()), |(what, write)| {
            Err(Error::input(format!("{what} of the regression")).advice(format!("write {write}")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_options_that_can_not_work() {
        let refused = |text: &str| {
            let spec: RegressionSpec = serde_json::from_str(text).unwrap();
            spec.check().unwrap_err().to_string()
        };
        assert!(refused(r#"{"memory": 0.0}"#).contains("memory 0 of the regression"));
        assert!(refused(r#"{"season": {"waves": 7}}"#).contains("write a number from 1 to 6"));
        assert!(refused(r#"{"lags": [12, 0]}"#).contains("lag 0"));
        assert!(refused(r#"{"shift_burden": 0.0}"#).contains("shift_burden"));
        assert!(refused(r#"{"l1_ratio": 1.5}"#).contains("l1_ratio"));
        assert!(RegressionSpec::default().check().is_ok());
    }
}
