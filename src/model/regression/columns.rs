//! The columns of the regression: what each measures in a month.

use super::{Cycle, RegressionSpec, Slope};
use crate::calendar::working_days;
use crate::model::{Context, real};
use crate::panel::Series;
use crate::units::{Month, Months};
use serde::{Deserialize, Serialize};
use std::f64::consts::TAU;

/// A policy event is estimated once it has worked so long: what a first look at it takes (METHODS
/// §2, tier A).
const EVENT_MONTHS: i32 = 3;
/// An event is known to have happened, so it is shrunk less. Of .25, .5, .75 and 1
/// the value at which steps of 0 to 7 deviations of the errors are found with the least bias.
const EVENT_BURDEN: f64 = 0.75;
/// Many lines follow no working days, so they must show clearly: of 1 and 3, 3 gave the smaller
/// error on all files.
const DAYS_BURDEN: f64 = 3.0;
/// φ of the damped trend. Of .8 and .9, .8 gave the smaller error on all files.
const DAMPING: f64 = 0.8;
/// Level shifts further back than so many are not sought: their months hardly weigh any more.
const SHIFTS: usize = 10;
/// Lags leave at least so many months to learn from.
const LEARNED: usize = 12;

/// What a column of the regression measures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Regressor {
    /// The level when all else is 0.
    Level,
    /// Months since the start.
    Trend,
    /// Whether it is this month of the year, 0 for January.
    Month(usize),
    /// The sine of so many waves a year.
    Sine(u32),
    /// The cosine of so many waves a year.
    Cosine(u32),
    /// Working days in the month.
    WorkingDays,
    /// What was seen so many months before.
    Lag(usize),
    /// 1 from this month on: a lasting shift without a known cause.
    Shift(Month),
    /// A policy event by its id. One that is no longer known has no effect.
    Event(String),
}

/// A moment at which a column is asked for its value.
pub(super) struct Moment<'a> {
    /// Months since the start of the series.
    pub(super) t: usize,
    /// The start of the series.
    pub(super) start: Month,
    /// Months of history, after which the trend may bend.
    pub(super) n: usize,
    /// What was seen just before `t`, as far back as the lags ask, on the scale of the model.
    pub(super) seen: &'a [f64],
}

impl Moment<'_> {
    fn month(&self) -> Month {
        self.start + Months::of(self.t)
    }

    /// Months since the start; after the history they slow down by φ a month.
    fn trend(&self, slope: Slope) -> f64 {
        let (last, ahead) = (real(self.n.max(1) - 1), real((self.t + 1).saturating_sub(self.n)));
        match slope {
            Slope::Damped if ahead > 0.0 => {
                last + DAMPING * (1.0 - DAMPING.powf(ahead)) / (1.0 - DAMPING)
            }
            Slope::Held => real(self.t).min(last),
            _ => real(self.t),
        }
    }
}

impl Regressor {
    /// Its value at a moment.
    pub(super) fn at(&self, moment: &Moment, slope: Slope, context: &Context) -> f64 {
        let month = moment.month();
        let angle = |waves: &u32| TAU * f64::from(*waves) * real(month.index()) / 12.0;
        match self {
            Self::Level => 1.0,
            Self::Trend => moment.trend(slope),
            Self::Month(index) => f64::from(u8::from(month.index() == *index)),
            Self::Sine(waves) => angle(waves).sin(),
            Self::Cosine(waves) => angle(waves).cos(),
            Self::WorkingDays => f64::from(working_days(month)),
            Self::Lag(lag) => moment.seen[moment.seen.len() - lag],
            Self::Shift(from) => f64::from(u8::from(month >= *from)),
            Self::Event(id) => {
                let event = context.events.iter().find(|event| event.id == *id);
                event.map_or(0.0, |event| event.regressor(month))
            }
        }
    }

    /// How many months it looks back at the values themselves.
    pub(super) fn back(&self) -> usize {
        if let Self::Lag(lag) = self { *lag } else { 0 }
    }

    /// Whether it stays on one side of its mean for long.
    pub(super) fn is_slow(&self) -> bool {
        matches!(self, Self::Level | Self::Trend | Self::Shift(_) | Self::Event(_))
    }

    /// How many times heavier the penalty is than on other columns.
    pub(super) fn burden(&self, spec: &RegressionSpec) -> f64 {
        match self {
            Self::Shift(_) => spec.shift_burden,
            Self::Event(_) => EVENT_BURDEN,
            Self::WorkingDays => DAYS_BURDEN,
            _ => 1.0,
        }
    }
}

/// All regressors of a series, events only once they have worked a while.
pub(super) fn regressors(
    spec: &RegressionSpec,
    history: &Series,
    context: &Context,
) -> Vec<Regressor> {
    let n = history.values.len();
    let trend = (spec.trend != Slope::None).then_some(Regressor::Trend);
    let days = spec.working_days.then_some(Regressor::WorkingDays);
    let lags = spec.lags.iter().filter(|&&lag| lag + LEARNED <= n).map(|&lag| Regressor::Lag(lag));
    let events = worked(spec, history, context);
    let fixed = trend.into_iter().chain(days).chain(cycle(spec.season)).chain(lags);
    fixed.chain(shifts(spec.shifts, history)).chain(events).collect()
}

fn worked(
    spec: &RegressionSpec,
    history: &Series,
    context: &Context,
) -> impl Iterator<Item = Regressor> {
    let end = history.end();
    let asked = context.events.iter().filter(move |_| spec.events);
    let worked = asked.filter(move |event| (end - event.date).0 >= EVENT_MONTHS);
    worked.map(|event| Regressor::Event(event.id.clone()))
}

/// The columns of the season. The sixth sine is 0 in every month.
fn cycle(season: Cycle) -> Vec<Regressor> {
    match season {
        Cycle::None => Vec::new(),
        Cycle::Months => (0..12).map(Regressor::Month).collect(),
        Cycle::Waves(most) => (1..=most)
            .flat_map(|waves| [Regressor::Sine(waves), Regressor::Cosine(waves)])
            .filter(|wave| *wave != Regressor::Sine(6))
            .collect(),
    }
}

/// A possible shift every so many months, counted back from the end; none when `apart` is 0.
fn shifts(apart: usize, history: &Series) -> impl Iterator<Item = Regressor> {
    let most = history.values.len().checked_div(apart).unwrap_or(0).saturating_sub(1).min(SHIFTS);
    let end = history.end();
    (1..=most).map(move |k| Regressor::Shift(end - Months::of(k * apart)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trend(slope: Slope) -> [f64; 4] {
        let start = Month::january(2025);
        [1, 2, 3, 4].map(|t| {
            let moment = Moment { t, start, n: 3, seen: &[] };
            Regressor::Trend.at(&moment, slope, &Context::default())
        })
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "small whole numbers are exact")]
    fn bends_the_trend_after_the_history() {
        assert_eq!(trend(Slope::Straight), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(trend(Slope::Held), [1.0, 2.0, 2.0, 2.0]);
        // After month 2: .8, and .8 + .64 = 1.44.
        let damped = trend(Slope::Damped);
        assert_eq!(damped[..2], [1.0, 2.0]);
        assert!((damped[2] - 2.8).abs() < 1e-12 && (damped[3] - 3.44).abs() < 1e-12);
    }

    #[test]
    fn makes_a_full_season_of_eleven_waves_and_a_shift_every_half_year() {
        assert_eq!(cycle(Cycle::Waves(6)).len(), 11);
        let history = Series::settled(Month::january(2025), vec![0.0; 24]);
        let found: Vec<Regressor> = shifts(6, &history).collect();
        let from = |text: &str| Regressor::Shift(text.parse().unwrap());
        assert_eq!(found, [from("2026-07"), from("2026-01"), from("2025-07")]);
        assert_eq!(shifts(0, &history).count(), 0);
    }
}
