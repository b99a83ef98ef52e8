//! A first look at the smoothing parameters, on a grid.
//!
//! The likelihood often has a peak where trend or season stand still and another where they move,
//! so the grid has regions, and the best point of each is a start. The regions with a trend are
//! laid around the best points without.

use super::admissible::is_admissible;
use super::form::{Parts, Trend};
use super::linear::concentrated;
use super::point::{HIGHEST, LOWEST};
use super::state::Smoothing;

/// Values of α without a season, by region, and with one.
const ALPHAS: [&[f64]; 3] = [&[0.01, 0.04], &[0.1, 0.3], &[0.6, 0.95]];
const SEASONAL_ALPHAS: [f64; 4] = [0.05, 0.25, 0.6, 0.95];
/// Shares of β and γ, in the room that α leaves them, at which trend and season stand still, and
/// at which they move.
const STILL: &[f64] = &[0.01];
const MOVING: &[f64] = &[0.3, 0.9];
/// Values of φ.
const PHIS: [f64; 2] = [0.85, 0.97];
/// A moving trend takes over from the level: its α is also tried this much smaller.
const SMALLER: f64 = 0.4;

/// A point of the grid with its Σe² and initial states: level, trend and twelve seasons.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coarse {
    pub(super) smoothing: Smoothing,
    pub(super) squares: f64,
    pub(super) states: [f64; 14],
}

/// The best points of a series without and with a trend, as far as they are known.
pub(super) struct Grid<'a> {
    y: &'a [f64],
    season: bool,
    still: Vec<Coarse>,
}

impl<'a> Grid<'a> {
    pub(super) fn new(y: &'a [f64], season: bool) -> Self {
        let mut grid = Self { y, season, still: Vec::new() };
        let none = |&alpha: &f64, gamma: f64| Smoothing { alpha, beta: 0.0, gamma, phi: 1.0 };
        let with = |share: f64| {
            let gamma = move |alpha: &f64| LOWEST + share * (HIGHEST - alpha);
            SEASONAL_ALPHAS.iter().map(move |alpha| none(alpha, gamma(alpha)))
        };
        grid.still = if season {
            let regions =
                [STILL, MOVING].map(|shares| shares.iter().flat_map(|&share| with(share)));
            regions.into_iter().map(|region| grid.lowest(region)).collect()
        } else {
            let plain = |alphas: &&[f64]| grid.lowest(alphas.iter().map(|alpha| none(alpha, 0.0)));
            ALPHAS.iter().map(plain).collect()
        };
        grid
    }

    /// The best point of each region for such a trend.
    pub(super) fn starts(&self, trend: Trend) -> Vec<Coarse> {
        let phis: &[f64] = match trend {
            Trend::None => return self.still.clone(),
            Trend::Additive => &[1.0],
            Trend::Damped => &PHIS,
        };
        let mut starts = Vec::new();
        for still in &self.still {
            starts.extend(phis.iter().map(|&phi| self.around(still, &[1.0], STILL, &[phi])));
            starts.push(self.around(still, &[1.0, SMALLER], MOVING, &phis[phis.len() - 1..]));
        }
        starts
    }

    /// The lowest of the points with a trend around one without.
    fn around(&self, still: &Coarse, alphas: &[f64], betas: &[f64], phis: &[f64]) -> Coarse {
        let Smoothing { alpha, gamma, .. } = still.smoothing;
        let parts = Parts { trend: true, season: self.season };
        let with = |factor: f64, mut share: f64, phi: f64| loop {
            let alpha = factor * alpha;
            let beta = LOWEST + share * (alpha - LOWEST);
            let smoothing = Smoothing { alpha, beta, gamma, phi };
            if is_admissible(smoothing, parts) {
                return smoothing;
            }
            share *= 0.5;
        };
        let pairs =
            alphas.iter().flat_map(|&factor| betas.iter().map(move |&share| (factor, share)));
        let points =
            pairs.flat_map(|(factor, share)| phis.iter().map(move |&phi| with(factor, share, phi)));
        self.lowest(points)
    }

    fn lowest(&self, points: impl Iterator<Item = Smoothing>) -> Coarse {
        let mut scratch = Vec::new();
        let looked = points.map(|smoothing| {
            let parts = Parts { trend: smoothing.beta > 0.0, season: self.season };
            let (squares, states) = concentrated(self.y, smoothing, parts, &mut scratch);
            Coarse { smoothing, squares, states }
        });
        let lowest = looked.min_by(|a, b| a.squares.total_cmp(&b.squares));
        lowest.expect("every region has a point")
    }
}
