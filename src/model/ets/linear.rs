//! The likelihood of additive errors, with the initial states found exactly.
//!
//! For given smoothing parameters every one-step error is linear in the initial states:
//! e = a + Σ rⱼxⱼ, where a runs from zero states and rⱼ is the response to a unit of initial state
//! j. All obey the same recursion, and the states that give the least Σe² follow from the normal
//! equations. A season first works in its own month, so its response is that of the first season,
//! moved: four recursions do for all.

use super::form::Parts;
use super::state::Smoothing;

/// A pivot this much smaller than it was says that the state makes no difference.
const NO_DIFFERENCE: f64 = 1e-10;

/// Least Σe² over the initial states, and those states: level, trend, twelve seasons. `scratch`
/// is room to work in.
pub(super) fn concentrated(
    y: &[f64],
    s: Smoothing,
    parts: Parts,
    scratch: &mut Vec<Errors>,
) -> (f64, [f64; 14]) {
    let gram = respond(y, s, parts, scratch);
    let mut states = [0.0; 14];
    if parts.season {
        let (sse, x) = solve(seasonal_gram(&gram, scratch));
        states[..13].copy_from_slice(&x[..13]);
        states[13] = -x[2..13].iter().sum::<f64>();
        (sse, states)
    } else {
        let plain = [LEVEL, TREND, SERIES];
        let (sse, x) = solve(plain.map(|row| plain.map(|column| gram[row][column])));
        states[..2].copy_from_slice(&x[..2]);
        (sse, states)
    }
}

/// The errors of one month from zero states but for a unit of one: of the level, the trend and
/// the season of the first month, and from zero states with the series as input.
pub(super) type Errors = [f64; 4];
const LEVEL: usize = 0;
const TREND: usize = 1;
const SERIES: usize = 2;
const SEASON: usize = 3;

/// The inner products of the four lanes of errors. Where there is a season the errors themselves
/// come in `all`, with twelve months of zeros after them.
fn respond(y: &[f64], s: Smoothing, parts: Parts, all: &mut Vec<Errors>) -> [Errors; 4] {
    let unit = |wanted: bool| f64::from(u8::from(wanted));
    let mut level = [1.0, 0.0, 0.0, 0.0];
    let mut trend = [0.0, unit(parts.trend), 0.0, 0.0];
    let mut season = [[0.0; 4]; 12];
    season[0][SEASON] = unit(parts.season);
    let mut gram = [[0.0; 4]; 4];
    all.clear();
    for year in y.chunks(12) {
        for (&y, now) in year.iter().zip(&mut season) {
            let input = [0.0, 0.0, y, 0.0];
            let mut errors = [0.0; 4];
            for k in 0..4 {
                trend[k] *= s.phi;
                level[k] += trend[k];
                errors[k] = input[k] - level[k] - now[k];
                level[k] += s.alpha * errors[k];
                trend[k] += s.beta * errors[k];
                now[k] += s.gamma * errors[k];
            }
            for row in 0..4 {
                for column in 0..4 {
                    gram[row][column] += errors[row] * errors[column];
                }
            }
            if parts.season {
                all.push(errors);
            }
        }
    }
    all.extend([[0.0; 4]; 12]);
    gram
}

/// Inner products of level, trend, the eleven free seasons (the twelfth is minus their sum) and
/// series.
fn seasonal_gram(plain: &[Errors; 4], all: &[Errors]) -> [[f64; 14]; 14] {
    let crossed = moved(all);
    let seasons = season_gram(&crossed.map(|sums| sums[SEASON]), all);
    let mut gram = [[0.0; 14]; 14];
    let place = [(LEVEL, 0), (TREND, 1), (SERIES, 13)];
    for (a, row) in place {
        for (b, column) in place {
            gram[row][column] = plain[a][b];
        }
        for k in 0..11 {
            gram[row][2 + k] = crossed[k][a] - crossed[11][a];
            gram[2 + k][row] = gram[row][2 + k];
        }
    }
    for i in 0..11 {
        for j in 0..11 {
            gram[2 + i][2 + j] = seasons[i][j] - seasons[i][11] - seasons[11][j] + seasons[11][11];
        }
    }
    gram
}

/// Inner products of each lane with the response to each of the twelve seasons.
fn moved(all: &[Errors]) -> [Errors; 12] {
    let mut sums = [[0.0; 4]; 12];
    for block in [0, 4, 8] {
        let mut four = [[0.0; 4]; 4];
        for (first, ahead) in all.iter().zip(all[block..].windows(4)) {
            for (sum, errors) in four.iter_mut().zip(ahead) {
                for k in 0..4 {
                    sum[k] += first[SEASON] * errors[k];
                }
            }
        }
        sums[block..block + 4].copy_from_slice(&four);
    }
    sums
}

/// Inner products of the responses to the twelve seasons, from those with the first. Those of
/// seasons i and j that are both one month later miss one product at the end.
fn season_gram(first: &[f64; 12], all: &[Errors]) -> [[f64; 12]; 12] {
    let last = all.len() - 13;
    let mut gram = [[0.0; 12]; 12];
    gram[0] = *first;
    for i in 1..12 {
        gram[i][0] = gram[0][i];
        for j in 1..12 {
            let missed = all[last + 1 - i][SEASON] * all[last + 1 - j][SEASON];
            gram[i][j] = gram[i - 1][j - 1] - missed;
        }
    }
    gram
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

#[cfg(test)]
mod tests {
    use super::*;

    const TREND: Parts = Parts { trend: true, season: false };

    #[test]
    fn fits_a_line_exactly() {
        let y: Vec<f64> = (0..10).map(|t| 3.0 + 2.0 * f64::from(t)).collect();
        let s = Smoothing { alpha: 0.3, beta: 0.1, gamma: 0.0, phi: 1.0 };
        let (sse, states) = concentrated(&y, s, TREND, &mut Vec::new());
        // Before the first month: level 1, trend 2.
        assert!(sse < 1e-10 && (states[0] - 1.0).abs() < 1e-9 && (states[1] - 2.0).abs() < 1e-9);
    }

    #[test]
    fn finds_the_mean_where_nothing_is_smoothed() {
        let s = Smoothing { alpha: 0.0, beta: 0.0, gamma: 0.0, phi: 1.0 };
        let none = Parts { trend: false, season: false };
        // Σ(y−2)² of 1, 2, 3.
        let (sse, states) = concentrated(&[1.0, 2.0, 3.0], s, none, &mut Vec::new());
        assert!((sse - 2.0).abs() < 1e-12 && (states[0] - 2.0).abs() < 1e-12);
    }

    #[test]
    fn fits_a_season_exactly() {
        let season = |t: usize| if t % 12 == 5 { 11.0 } else { -1.0 };
        let y: Vec<f64> = (0..36).map(|t| 7.0 + season(t)).collect();
        let s = Smoothing { alpha: 0.2, beta: 0.05, gamma: 0.1, phi: 0.9 };
        let (sse, states) =
            concentrated(&y, s, Parts { trend: true, season: true }, &mut Vec::new());
        assert!(sse < 1e-16 && (states[0] - 7.0).abs() < 1e-6, "{sse} {states:?}");
        assert!((states[2 + 5] - 11.0).abs() < 1e-6);
    }
}
