//! The likelihood of an additive-error model, with the initial states found exactly.
//!
//! For given smoothing parameters every one-step error is linear in the initial states: e = a + Σ rⱼxⱼ,
//! where a runs from zero states and rⱼ is the response to a unit of initial state j. All obey the same recursion, and the states that give the least Σe² follow
//! from the normal equations; the search is left with at most four smoothing parameters. A season
//! first works in its own month, so its response is that of the first season, moved: four
//! recursions do for all.

use super::Smoothing;

/// Which parts a model has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) trend: bool,
    pub(super) season: bool,
}

/// A pivot this much smaller than it was says that the state makes no difference.
const NO_DIFFERENCE: f64 = 1e-10;

/// Least Σe² over the initial states, and those states: level, trend, twelve seasons.
pub(super) fn concentrated(y: &[f64], s: Smoothing, parts: Parts) -> (f64, [f64; 14]) {
    let responses = Responses::new(y, s, parts);
    let mut states = [0.0; 14];
    if parts.season {
        let (sse, x) = solve(responses.seasonal_gram());
        states[..13].copy_from_slice(&x[..13]);
        states[13] = -x[2..13].iter().sum::<f64>();
        (sse, states)
    } else {
        let (sse, x) = solve(responses.plain_gram());
        states[..2].copy_from_slice(&x[..2]);
        (sse, states)
    }
}

/// The one-step errors from zero states but for a unit of one, with twelve zeros after each.
struct Responses {
    level: Vec<f64>,
    trend: Vec<f64>,
    /// From zero states, with the series as input.
    series: Vec<f64>,
    /// To the season of the first month.
    season: Vec<f64>,
}

impl Responses {
    fn new(y: &[f64], s: Smoothing, parts: Parts) -> Self {
        let unit = |wanted: bool| f64::from(u8::from(wanted));
        let mut level = [1.0, 0.0, 0.0, 0.0];
        let mut trend = [0.0, unit(parts.trend), 0.0, 0.0];
        let mut season = [[0.0; 4]; 12];
        season[0][3] = unit(parts.season);
        let mut errors: [Vec<f64>; 4] = std::array::from_fn(|_| vec![0.0; y.len() + 12]);
        for (t, &y) in y.iter().enumerate() {
            let now = &mut season[t % 12];
            let input = [0.0, 0.0, y, 0.0];
            for k in 0..4 {
                trend[k] *= s.phi;
                level[k] += trend[k];
                let error = input[k] - level[k] - now[k];
                level[k] += s.alpha * error;
                trend[k] += s.beta * error;
                now[k] += s.gamma * error;
                errors[k][t] = error;
            }
        }
        let [level, trend, series, season] = errors;
        Self { level, trend, series, season }
    }

    /// Inner products of level, trend and series.
    fn plain_gram(&self) -> [[f64; 3]; 3] {
        let lanes = [&self.level, &self.trend, &self.series];
        lanes.map(|left| lanes.map(|right| left.iter().zip(right).map(|(a, b)| a * b).sum()))
    }

    /// Inner products of level, trend, the eleven free seasons (the twelfth is minus their sum)
    /// and series.
    fn seasonal_gram(&self) -> [[f64; 14]; 14] {
        let plain = self.plain_gram();
        let crossed = [&self.level, &self.trend, &self.series].map(|lane| self.moved(lane));
        let seasons = self.season_gram();
        let mut gram = [[0.0; 14]; 14];
        let place = [0, 1, 13];
        for (a, &row) in place.iter().enumerate() {
            for (b, &column) in place.iter().enumerate() {
                gram[row][column] = plain[a][b];
            }
            for k in 0..11 {
                gram[row][2 + k] = crossed[a][k] - crossed[a][11];
                gram[2 + k][row] = gram[row][2 + k];
            }
        }
        for i in 0..11 {
            for j in 0..11 {
                gram[2 + i][2 + j] =
                    seasons[i][j] - seasons[i][11] - seasons[11][j] + seasons[11][11];
            }
        }
        gram
    }

    /// Inner products of `lane` with the response to each of the twelve seasons.
    fn moved(&self, lane: &[f64]) -> [f64; 12] {
        let mut sums = [0.0; 12];
        for (&season, ahead) in self.season.iter().zip(lane.windows(12)) {
            for (sum, value) in sums.iter_mut().zip(ahead) {
                *sum += season * value;
            }
        }
        sums
    }

    /// Inner products of the responses to the twelve seasons. Those of seasons i and j that are
    /// both one month later miss one product at the end.
    fn season_gram(&self) -> [[f64; 12]; 12] {
        let last = self.season.len() - 13;
        let mut gram = [[0.0; 12]; 12];
        gram[0] = self.moved(&self.season);
        for i in 1..12 {
            gram[i][0] = gram[0][i];
            for j in 1..12 {
                let missed = self.season[last + 1 - i] * self.season[last + 1 - j];
                gram[i][j] = gram[i - 1][j - 1] - missed;
            }
        }
        gram
    }
}

/// Eliminates all lanes but the last from the Gram matrix: what is left there is Σe². Returns it
/// with the states.
fn solve<const L: usize>(mut gram: [[f64; L]; L]) -> (f64, [f64; L]) {
    let full: [f64; L] = std::array::from_fn(|k| gram[k][k]);
    let free = |k: usize, gram: &[[f64; L]; L]| gram[k][k] > NO_DIFFERENCE * full[k];
    for k in 0..L - 1 {
        if free(k, &gram) {
            let pivot = gram[k];
            for row in k + 1..L {
                let share = pivot[row] / pivot[k];
                for column in row..L {
                    gram[row][column] -= share * pivot[column];
                }
            }
        }
    }
    let mut x = [0.0; L];
    for k in (0..L - 1).rev().filter(|&k| free(k, &gram)) {
        let rest: f64 = (k + 1..L - 1).map(|column| gram[k][column] * x[column]).sum();
        x[k] = -(gram[k][L - 1] + rest) / gram[k][k];
    }
    (gram[L - 1][L - 1].max(0.0), x)
}

/// Whether the recursion forgets its start. Written as a moving average of its errors the model is
/// (1−φB)(1−B¹²) y = θ(B) e with θ(B) = (1−φB)(1−B¹²) + αB(1−φB)S + φβB·S + γB¹²(1−φB) and
/// S = 1 + B + … + B¹¹; it forgets when all roots of θ lie outside the unit circle (Hyndman et al.
/// 2008, chapter 10). Without both trend and season the ranges of the parameters are enough.
pub(super) fn is_admissible(s: Smoothing, parts: Parts) -> bool {
    if !(parts.trend && parts.season) {
        return true;
    }
    let Smoothing { alpha, beta, gamma, phi } = s;
    let middle = alpha + phi * beta - alpha * phi;
    let mut theta = [middle; 14];
    theta[0] = 1.0;
    theta[1] = alpha + phi * beta - phi;
    theta[12] = middle + gamma - 1.0;
    theta[13] = phi * (1.0 - alpha - gamma);
    is_stable(&mut theta)
}

/// Whether all roots of Σ cₖ Bᵏ (c₀ = 1) lie outside the unit circle, by the Schur–Cohn test: step
/// the degree down, and every last coefficient on the way is below one.
fn is_stable(polynomial: &mut [f64; 14]) -> bool {
    for degree in (1..14).rev() {
        let last = polynomial[degree];
        if last.abs() >= 1.0 {
            return false;
        }
        let reversed: [f64; 14] =
            std::array::from_fn(|k| if k <= degree { polynomial[degree - k] } else { 0.0 });
        for k in 0..degree {
            polynomial[k] = (polynomial[k] - last * reversed[k]) / (1.0 - last * last);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREND: Parts = Parts { trend: true, season: false };

    #[test]
    fn fits_a_line_exactly() {
        let y: Vec<f64> = (0..10).map(|t| 3.0 + 2.0 * f64::from(t)).collect();
        let s = Smoothing { alpha: 0.3, beta: 0.1, gamma: 0.0, phi: 1.0 };
        let (sse, states) = concentrated(&y, s, TREND);
        // Before the first month: level 1, trend 2.
        assert!(sse < 1e-10 && (states[0] - 1.0).abs() < 1e-9 && (states[1] - 2.0).abs() < 1e-9);
    }

    #[test]
    fn finds_the_mean_where_nothing_is_smoothed() {
        let s = Smoothing { alpha: 0.0, beta: 0.0, gamma: 0.0, phi: 1.0 };
        let none = Parts { trend: false, season: false };
        // Σ(y−2)² of 1, 2, 3.
        let (sse, states) = concentrated(&[1.0, 2.0, 3.0], s, none);
        assert!((sse - 2.0).abs() < 1e-12 && (states[0] - 2.0).abs() < 1e-12);
    }

    #[test]
    fn fits_a_season_exactly() {
        let season = |t: usize| if t % 12 == 5 { 11.0 } else { -1.0 };
        let y: Vec<f64> = (0..36).map(|t| 7.0 + season(t)).collect();
        let s = Smoothing { alpha: 0.2, beta: 0.05, gamma: 0.1, phi: 0.9 };
        let (sse, states) = concentrated(&y, s, Parts { trend: true, season: true });
        assert!(sse < 1e-16 && (states[0] - 7.0).abs() < 1e-6, "{sse} {states:?}");
        assert!((states[2 + 5] - 11.0).abs() < 1e-6);
    }

    #[test]
    fn knows_what_is_admissible() {
        let both = Parts { trend: true, season: true };
        let with =
            |alpha, beta, gamma, phi| is_admissible(Smoothing { alpha, beta, gamma, phi }, both);
        // The largest eigenvalue of the recursion, by numpy: .9967, 1.0043, .9966, 1.0110.
        assert!(with(0.3, 0.001, 0.1, 1.0));
        assert!(!with(0.5, 0.45, 0.1, 1.0));
        assert!(with(0.2, 0.19, 0.05, 0.98));
        assert!(!with(0.5, 0.49, 0.3, 0.97));
    }
}
