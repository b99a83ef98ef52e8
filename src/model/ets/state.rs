//! The states, and how a month moves them.

use super::form::{ErrorKind, Form, Season};
use serde::{Deserialize, Serialize};

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
pub(super) struct State {
    pub(super) level: f64,
    pub(super) trend: f64,
    pub(super) season: [f64; 12],
}

/// What keeps a multiplicative model, which divides by its own mean, away from nothing and from
/// the sky. A guard for lines that collapse, not statistics: nothing is said between the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Range {
    lowest: f64,
    highest: f64,
}

/// The bounds as shares of the smallest and the largest month seen.
const LOWEST_SHARE: f64 = 1e-3;
const HIGHEST_SHARE: f64 = 100.0;
/// The least factor of a season.
const LEAST_SEASON: f64 = 1e-6;

impl Range {
    pub(super) fn of(values: &[f64]) -> Self {
        let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let lowest = lowest.max(f64::MIN_POSITIVE) * LOWEST_SHARE;
        Self { lowest: lowest.max(f64::MIN_POSITIVE), highest: highest * HIGHEST_SHARE }
    }

    fn clamp(self, value: f64) -> f64 {
        value.max(self.lowest).min(self.highest)
    }
}

/// The rules by which a fitted model moves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Law {
    pub(super) form: Form,
    pub(super) smoothing: Smoothing,
    pub(super) range: Range,
}

impl State {
    /// Takes in `y` and returns what was expected with the error: in euros, or as a share.
    pub(super) fn filter(&mut self, t: usize, y: f64, law: &Law) -> (f64, f64) {
        let mean = self.mean(t, law);
        self.advance(t, y - mean, law);
        match law.form.errors {
            ErrorKind::Additive => (mean, y - mean),
            ErrorKind::Multiplicative => (mean, y / mean - 1.0),
        }
    }

    /// What a month becomes after `shock`: an error in euros, or a share.
    pub(super) fn draw(&mut self, t: usize, shock: f64, law: &Law) -> f64 {
        let mean = self.mean(t, law);
        let y = match law.form.errors {
            ErrorKind::Additive => mean + shock,
            ErrorKind::Multiplicative => law.range.clamp(mean * (1.0 + shock)),
        };
        self.advance(t, y - mean, law);
        y
    }

    /// Level and trend a month on.
    fn base(&self, law: &Law) -> f64 {
        let base = self.level + law.smoothing.phi * self.trend;
        match law.form.errors {
            ErrorKind::Multiplicative => law.range.clamp(base),
            ErrorKind::Additive => base,
        }
    }

    fn mean(&self, t: usize, law: &Law) -> f64 {
        let (base, season) = (self.base(law), self.season[t % 12]);
        let mean = match law.form.season {
            Season::Multiplicative => base * season,
            Season::Additive => base + season,
            Season::None => base,
        };
        match law.form.errors {
            ErrorKind::Multiplicative => law.range.clamp(mean),
            ErrorKind::Additive => mean,
        }
    }

    fn advance(&mut self, t: usize, error: f64, law: &Law) {
        let Smoothing { alpha, beta, gamma, phi } = law.smoothing;
        let base = self.base(law);
        let season = &mut self.season[t % 12];
        let mut of_level = error;
        match law.form.season {
            Season::None => {}
            Season::Additive => *season += gamma * error,
            Season::Multiplicative => {
                of_level = error / *season;
                *season = (*season + gamma * error / base).max(LEAST_SEASON);
            }
        }
        self.level = base + alpha * of_level;
        self.trend = phi * self.trend + beta * of_level;
    }
}

#[cfg(test)]
mod tests {
    use super::super::form::Trend;
    use super::*;

    fn law(errors: ErrorKind, season: Season) -> Law {
        let form = Form { errors, trend: Trend::Additive, season };
        let smoothing = Smoothing { alpha: 0.5, beta: 0.25, gamma: 0.1, phi: 1.0 };
        Law { form, smoothing, range: Range::of(&[100.0, 200.0]) }
    }

    fn start(season: f64) -> State {
        State { level: 90.0, trend: 10.0, season: [season; 12] }
    }

    #[test]
    fn moves_by_an_error_in_euros() {
        let mut state = start(20.0);
        let law = law(ErrorKind::Additive, Season::Additive);
        // 90 + 10 + 20; the error of 40 moves level, trend and season by a half, a quarter, a tenth.
        assert_eq!(state.filter(0, 160.0, &law), (120.0, 40.0));
        assert_eq!((state.level, state.trend, state.season[0]), (120.0, 20.0, 24.0));
    }

    #[test]
    fn moves_by_an_error_as_a_share() {
        let mut state = start(2.0);
        let law = law(ErrorKind::Multiplicative, Season::Multiplicative);
        // (90 + 10)·2; 40 too much is 20 in the level's own size and .4 in the season's.
        let (mean, share) = state.filter(0, 240.0, &law);
        assert!((mean - 200.0).abs() < 1e-12 && (share - 0.2).abs() < 1e-12);
        assert!((state.level - 110.0).abs() < 1e-12 && (state.trend - 15.0).abs() < 1e-12);
        assert!((state.season[0] - 2.04).abs() < 1e-12);
    }

    #[test]
    fn draws_what_it_filters() {
        for law in [
            law(ErrorKind::Additive, Season::Additive),
            law(ErrorKind::Multiplicative, Season::Multiplicative),
        ] {
            let (mut drawn, mut filtered) = (start(1.0), start(1.0));
            let y = drawn.draw(3, 0.1, &law);
            assert!((filtered.filter(3, y, &law).1 - 0.1).abs() < 1e-12);
            assert_eq!(drawn, filtered);
        }
    }

    #[test]
    fn keeps_a_multiplicative_model_between_nothing_and_the_sky() {
        let law = law(ErrorKind::Multiplicative, Season::None);
        let (mut falling, mut rising) = (start(0.0), start(0.0));
        for month in 0..60 {
            assert!(falling.draw(month, -0.99, &law) >= 0.1);
            assert!(rising.draw(month, 9.0, &law) <= 20_000.0);
        }
    }
}
