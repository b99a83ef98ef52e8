//! The likelihood of a form, with its slopes for every parameter and initial state.
//!
//! For additive errors e = y − μ the criterion (minus twice the log-likelihood, but for constants)
//! is n ln Σe²; for multiplicative errors r = y/μ − 1 it is n ln Σr² + 2 Σ ln μ. The slopes of μ run
//! along with the recursion. With x the slopes of μ (or of ln μ) both criteria look near a point
//! like n/Σe² times the least squares of z on x, where z = e, or z = r(1+r) − Σr²/n (Fisher
//! scoring).

use super::admissible::is_admissible;
use super::form::{ErrorKind, Form, Season};
use super::point::{
    ALPHA, GAMMA, HIGHEST, LEVEL, LOWEST, SEASON, beta_at, has_season, has_trend, shares,
    smoothing, state,
};
use super::state::{Smoothing, State};
use crate::model::optimum::Local;
use crate::model::real;

/// A mean, level or season this small next to the size of the series is not allowed in a
/// multiplicative model, which divides by it.
const SMALLEST: f64 = 1e-9;
/// The Σe² per month, next to the size of the series, of a fit as exact as rounding allows.
const EXACT: f64 = 1e-24;

/// The criterion of `form` on `y`, of size about one, at a point, with its slopes there.
pub(super) fn look<const K: usize>(y: &[f64], form: Form, p: &[f64; K]) -> Local<K> {
    let mut run = Run::<K>::new(form, p);
    if !is_admissible(run.smoothing, form.parts()) {
        return Sums::forbidden();
    }
    let mut sums = Sums::new();
    for months in y.chunks(12) {
        let mut year = Year::new();
        for (month, &y) in months.iter().enumerate() {
            let step = run.step(month, y);
            if form.errors == ErrorKind::Multiplicative && !step.divides() {
                return Sums::forbidden();
            }
            let slopes = run.advance(month, &step);
            year.set(month, form.errors, y, step.mean, slopes);
        }
        sums.add(&year);
    }
    sums.local(real(y.len()), form.errors)
}

/// One month of the recursion with q = ℓ + φb: its mean, and what level and season take up.
struct Step {
    base: f64,
    mean: f64,
    level_error: f64,
    season_error: f64,
    /// The slopes of the mean for q and s.
    mean_by: [f64; 2],
    /// Minus the slope of the level's error for s, and of the season's error for q.
    cross: [f64; 2],
}

impl Step {
    fn new(season: Season, y: f64, q: f64, s: f64) -> Self {
        let (base, error) = (q, y - q - s);
        match season {
            Season::None => {
                let (mean_by, cross) = ([1.0, 0.0], [0.0, 0.0]);
                Self { base, mean: q, level_error: y - q, season_error: 0.0, mean_by, cross }
            }
            Season::Additive => {
                let (mean_by, cross) = ([1.0, 1.0], [1.0, 1.0]);
                Self { base, mean: q + s, level_error: error, season_error: error, mean_by, cross }
            }
            Season::Multiplicative => {
                let (level, factor) = (y / s, y / q);
                let (mean_by, cross) = ([s, q], [level / s, factor / q]);
                let (level_error, season_error) = (level - q, factor - s);
                Self { base, mean: q * s, level_error, season_error, mean_by, cross }
            }
        }
    }

    /// Whether a multiplicative model can divide by its mean and by what that is made of.
    fn divides(&self) -> bool {
        let [s, q] = self.mean_by;
        self.mean > SMALLEST && self.base > 0.0 && (s > SMALLEST && (q > SMALLEST || q == 0.0))
    }
}

/// Where the recursion is, and how fast each coordinate moves it.
struct Run<const K: usize> {
    season_kind: Season,
    smoothing: Smoothing,
    /// The shares of β and γ in the room that α leaves them.
    shares: (f64, f64),
    state: State,
    level: [f64; K],
    trend: [f64; K],
    season: [[f64; K]; 12],
}

impl<const K: usize> Run<K> {
    fn new(form: Form, p: &[f64; K]) -> Self {
        let mut run = Self {
            season_kind: form.season,
            smoothing: smoothing(p),
            shares: shares(p),
            state: state(form, p),
            level: [0.0; K],
            trend: [0.0; K],
            season: [[0.0; K]; 12],
        };
        run.level[LEVEL] = 1.0;
        if has_trend(K) && form.parts().trend {
            run.trend[beta_at(K) + 2] = 1.0;
        }
        if has_season(K) {
            for month in 0..11 {
                run.season[month][SEASON + month] = 1.0;
                run.season[11][SEASON + month] = -1.0;
            }
        }
        run
    }

    fn step(&self, month: usize, y: f64) -> Step {
        let base = self.state.level + self.smoothing.phi * self.state.trend;
        Step::new(self.season_kind, y, base, self.state.season[month])
    }

    /// Moves the states and all slopes a month on, and returns the slopes of the mean.
    fn advance(&mut self, month: usize, step: &Step) -> [f64; K] {
        let Smoothing { alpha, beta, gamma, phi } = self.smoothing;
        if has_trend(K) {
            self.trend[beta_at(K) + 1] += self.state.trend / phi;
        }
        let mut slopes = [0.0; K];
        let season = &mut self.season[month];
        for k in 0..K {
            let trend = phi * self.trend[k];
            let base = self.level[k] + trend;
            slopes[k] = step.mean_by[0] * base + step.mean_by[1] * season[k];
            let error = base + step.cross[0] * season[k];
            self.level[k] = base - alpha * error;
            self.trend[k] = trend - beta * error;
            season[k] -= gamma * (season[k] + step.cross[1] * base);
        }
        self.take(month, step);
        slopes
    }

    /// Moves the states, and the slopes for the smoothing parameters by what these take up.
    fn take(&mut self, month: usize, step: &Step) {
        let Smoothing { alpha, beta, gamma, phi } = self.smoothing;
        let (of_beta, of_gamma) = self.shares;
        let (level_error, season_error) = (step.level_error, step.season_error);
        self.state.level = step.base + alpha * level_error;
        self.level[ALPHA] += level_error;
        if has_trend(K) {
            self.state.trend = phi * self.state.trend + beta * level_error;
            self.trend[ALPHA] += of_beta * level_error;
            self.trend[beta_at(K)] += (alpha - LOWEST) * level_error;
        }
        if has_season(K) {
            self.state.season[month] += gamma * season_error;
            self.season[month][ALPHA] -= of_gamma * season_error;
            self.season[month][GAMMA] += (HIGHEST - alpha) * season_error;
        }
    }
}

/// The errors of twelve months, z and its slopes x; zero for a month that is not there.
struct Year<const K: usize> {
    squares: f64,
    product: f64,
    z: [f64; 12],
    x: [[f64; K]; 12],
}

impl<const K: usize> Year<K> {
    fn new() -> Self {
        Self { squares: 0.0, product: 1.0, z: [0.0; 12], x: [[0.0; K]; 12] }
    }

    fn set(&mut self, month: usize, errors: ErrorKind, y: f64, mean: f64, slopes: [f64; K]) {
        let (mut error, mut one) = (y - mean, 1.0);
        self.z[month] = error;
        if errors == ErrorKind::Multiplicative {
            one = 1.0 / mean;
            error *= one;
            self.z[month] = error * (1.0 + error);
            self.product *= mean;
        }
        self.squares += error * error;
        self.x[month] = slopes.map(|slope| slope * one);
    }
}

/// Sums over the months.
struct Sums<const K: usize> {
    squares: f64,
    logs: f64,
    gram: [[f64; K]; K],
    /// Σxz but for the constant in z.
    pull: [f64; K],
    slopes: [f64; K],
}

impl<const K: usize> Sums<K> {
    /// The half of the rows whose sums left of `MIDDLE` are known from the rows above them.
    const MIDDLE: usize = K / 4 * 2;

    fn new() -> Self {
        Self { squares: 0.0, logs: 0.0, gram: [[0.0; K]; K], pull: [0.0; K], slopes: [0.0; K] }
    }

    fn add(&mut self, year: &Year<K>) {
        self.squares += year.squares;
        self.logs += year.product.ln();
        for (x, z) in year.x.iter().zip(year.z) {
            for (k, x) in x.iter().enumerate() {
                self.pull[k] += x * z;
                self.slopes[k] += x;
            }
        }
        for row in 0..Self::MIDDLE {
            let mut sums = self.gram[row];
            for x in &year.x {
                for k in 0..K {
                    sums[k] += x[row] * x[k];
                }
            }
            self.gram[row] = sums;
        }
        for row in Self::MIDDLE..K {
            let mut sums = self.gram[row];
            for x in &year.x {
                for k in Self::MIDDLE..K {
                    sums[k] += x[row] * x[k];
                }
            }
            self.gram[row] = sums;
        }
    }

    fn local(mut self, n: f64, errors: ErrorKind) -> Local<K> {
        let squares = self.squares.max(EXACT * n);
        if errors == ErrorKind::Multiplicative {
            for (pull, slope) in self.pull.iter_mut().zip(self.slopes) {
                *pull -= squares / n * slope;
            }
        }
        for row in Self::MIDDLE..K {
            for k in 0..Self::MIDDLE {
                self.gram[row][k] = self.gram[k][row];
            }
        }
        let cost = n * squares.ln() + 2.0 * self.logs;
        Local { cost, scale: 2.0 * n / squares, gram: self.gram, pull: self.pull }
    }

    fn forbidden() -> Local<K> {
        Local { cost: f64::INFINITY, scale: 0.0, gram: [[0.0; K]; K], pull: [0.0; K] }
    }
}

#[cfg(test)]
mod tests {
    use super::super::form::{EtsSpec, Parts};
    use super::super::point::point;
    use super::*;

    fn money() -> Vec<f64> {
        let value =
            |t: u32| 1.0 + 0.1 * f64::from(t * 17 % 29) / 29.0 + 0.2 * f64::from(t % 12) / 12.0;
        (0..40).map(value).collect()
    }

    /// A point away from its bounds, with seasons of less than a tenth.
    fn some<const K: usize>(form: Form) -> [f64; K] {
        let usual = if form.season == Season::Multiplicative { 1.0 } else { 0.0 };
        let season = std::array::from_fn(|k| usual + 0.01 * real(k) - 0.055);
        let s = Smoothing { alpha: 0.3, beta: 0.05, gamma: 0.2, phi: 0.9 };
        point(s, &State { level: 1.1, trend: 0.01, season })
    }

    /// The largest difference between the slopes told and those measured.
    fn off<const K: usize>(form: Form) -> f64 {
        let (y, p) = (money(), some::<K>(form));
        let at = |k: usize, by: f64| {
            let mut p = p;
            p[k] += by;
            look(&y, form, &p).cost
        };
        let here = look(&y, form, &p);
        let moves = |k: usize| (at(k, 1e-6) - at(k, -1e-6)) / 2e-6 + here.scale * here.pull[k];
        let coordinates = if has_trend(K) { beta_at(K) + 3 } else { K };
        (0..coordinates).map(|k| moves(k).abs()).fold(0.0, f64::max)
    }

    #[test]
    fn tells_the_slopes_of_every_form() {
        for form in EtsSpec::default().forms(40, true) {
            let off = match form.parts() {
                Parts { trend: false, season: false } => off::<2>(form),
                Parts { trend: true, season: false } => off::<6>(form),
                Parts { trend: false, season: true } => off::<14>(form),
                Parts { trend: true, season: true } => off::<18>(form),
            };
            assert!(off < 1e-3, "{}: {off}", form.letters());
        }
    }

    #[test]
    fn tells_the_criterion_of_a_level_with_shares() {
        let (errors, trend, season) =
            (ErrorKind::Multiplicative, super::super::Trend::None, Season::None);
        // Level 2: shares ½ and, from level 2 + ½·1 = 2½, −1/5; 2 ln(.25 + .04) + 2 (ln 2 + ln 2½).
        let found = look(&[3.0, 2.0], Form { errors, trend, season }, &[0.5, 2.0]);
        assert!((found.cost - (2.0 * 0.29_f64.ln() + 2.0 * 5.0_f64.ln())).abs() < 1e-12);
    }
}
