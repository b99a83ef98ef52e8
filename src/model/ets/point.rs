//! A form's parameters and initial states as a point in a box.
//!
//! In place of β and γ stand their shares of the room that α leaves them (0 to α, 0 to 1 − α), so
//! that every parameter has bounds of its own. The parts a form lacks keep still: a form without
//! season is searched in 2 or 6 coordinates, one with a season in 14 or 18.

use super::form::{Form, Season, Trend};
use super::state::{Smoothing, State};

/// The range of α; the other smoothing parameters keep the same distance from their bounds.
pub(super) const LOWEST: f64 = 1e-4;
pub(super) const HIGHEST: f64 = 1.0 - LOWEST;
/// The range of φ. Above it the damping can not be told from none (Hyndman et al. 2008, §2.3.1).
pub(super) const DAMPING: (f64, f64) = (0.8, 0.98);

/// Where in a point α and the level stand, the share of γ and the first eleven seasons.
pub(super) const ALPHA: usize = 0;
pub(super) const LEVEL: usize = 1;
pub(super) const GAMMA: usize = 2;
pub(super) const SEASON: usize = 3;

/// Where the share of β stands, followed by φ and the trend: after what the season takes.
pub(super) const fn beta_at(k: usize) -> usize {
    if has_season(k) { 14 } else { 2 }
}

/// Whether points of `k` coordinates have a season.
pub(super) const fn has_season(k: usize) -> bool {
    k >= 14
}

/// Whether points of `k` coordinates have a trend.
pub(super) const fn has_trend(k: usize) -> bool {
    k == 6 || k == 18
}

/// The shares of β and γ at a point, 0 where there is none.
pub(super) fn shares<const K: usize>(p: &[f64; K]) -> (f64, f64) {
    let beta = if has_trend(K) { p[beta_at(K)] } else { 0.0 };
    (beta, if has_season(K) { p[GAMMA] } else { 0.0 })
}

/// The smoothing parameters at a point.
pub(super) fn smoothing<const K: usize>(p: &[f64; K]) -> Smoothing {
    let (of_beta, of_gamma) = shares(p);
    let alpha = p[ALPHA];
    let beta = if has_trend(K) { LOWEST + of_beta * (alpha - LOWEST) } else { 0.0 };
    let gamma = if has_season(K) { LOWEST + of_gamma * (HIGHEST - alpha) } else { 0.0 };
    let phi = if has_trend(K) { p[beta_at(K) + 1] } else { 1.0 };
    Smoothing { alpha, beta, gamma, phi }
}

/// The initial states at a point. The twelfth season completes the others to 0, or to a mean of 1.
pub(super) fn state<const K: usize>(form: Form, p: &[f64; K]) -> State {
    let mut season = [0.0; 12];
    if has_season(K) {
        season[..11].copy_from_slice(&p[SEASON..SEASON + 11]);
        let total = if form.season == Season::Multiplicative { 12.0 } else { 0.0 };
        season[11] = total - season[..11].iter().sum::<f64>();
    }
    let trend = if has_trend(K) { p[beta_at(K) + 2] } else { 0.0 };
    State { level: p[LEVEL], trend, season }
}

/// The point of some parameters and states.
pub(super) fn point<const K: usize>(s: Smoothing, state: &State) -> [f64; K] {
    let mut p = [0.0; K];
    p[ALPHA] = s.alpha.clamp(LOWEST, HIGHEST);
    p[LEVEL] = state.level;
    let share = |part: f64, room: f64| ((part - LOWEST) / room.max(LOWEST)).clamp(0.0, 1.0);
    if has_season(K) {
        p[GAMMA] = share(s.gamma, HIGHEST - s.alpha);
        p[SEASON..SEASON + 11].copy_from_slice(&state.season[..11]);
    }
    if has_trend(K) {
        let at = beta_at(K);
        p[at] = share(s.beta, s.alpha - LOWEST);
        p[at + 1] = s.phi;
        p[at + 2] = state.trend;
    }
    p
}

/// The lowest and highest value of each coordinate; equal for one that keeps still.
pub(super) fn bounds<const K: usize>(form: Form) -> [(f64, f64); K] {
    let mut bounds = [(f64::NEG_INFINITY, f64::INFINITY); K];
    bounds[ALPHA] = (LOWEST, HIGHEST);
    if has_season(K) {
        bounds[GAMMA] = (0.0, 1.0);
    }
    if has_trend(K) {
        let at = beta_at(K);
        bounds[at] = (0.0, 1.0);
        bounds[at + 1] = if form.trend == Trend::Damped { DAMPING } else { (1.0, 1.0) };
        bounds[at + 3..].fill((0.0, 0.0));
    }
    bounds
}
