//! The numerical optimum: of a curve by argmin, of squares by a loop of our own, for argmin keeps so much
//! account of each step that it costs as much as the step.

use argmin::core::{CostFunction, Executor};
use argmin::solver::brent::BrentOpt;

/// Steps after which a search between two points stops anyway.
const STEPS: u64 = 400;
/// How closely Brent's method finds a point.
const CLOSE: f64 = 1e-6;

struct Curve<F>(F);

impl<F: Fn(f64) -> f64> CostFunction for Curve<F> {
    type Param = f64;
    type Output = f64;
    fn cost(&self, at: &f64) -> Result<f64, argmin::core::Error> {
        Ok((self.0)(*at))
    }
}

/// The lowest point of `cost` between `low` and `high` by Brent (1973).
pub(super) fn minimise_between(cost: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let solver = BrentOpt::new(low, high).set_tolerance(f64::EPSILON.sqrt(), CLOSE);
    let found = Executor::new(Curve(cost), solver)
        .configure(|state| state.max_iters(STEPS))
        .timer(false)
        .run();
    found.ok().and_then(|result| result.state.best_param).unwrap_or(f64::midpoint(low, high))
}

/// A cost near a point p: cost(p + δ) ≈ cost − scale (rᵀδ − ½ δᵀGδ), with G the Gram matrix of the
/// slopes of the fit and r their products with the errors.
#[derive(Clone, Debug)]
pub(super) struct Local<const K: usize> {
    pub(super) cost: f64,
    pub(super) scale: f64,
    pub(super) gram: [[f64; K]; K],
    pub(super) pull: [f64; K],
}

/// Where a search may go, and when it ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search<const K: usize> {
    /// The lowest and highest value of each parameter; equal for one that stays where it is.
    pub(super) bounds: [(f64, f64); K],
    /// It ends when a step promises to lower the cost by less than this,
    pub(super) enough: f64,
    /// or when even `hope` times what it promises without damping leaves the cost above
    /// `hopeless`,
    pub(super) hope: f64,
    pub(super) hopeless: f64,
    /// or after so many steps.
    pub(super) steps: u32,
}

/// The first damping. A step that keeps less of its promise than `FALSE` makes it larger, one that
/// keeps more than `TRUE` smaller.
const DAMPING: f64 = 1e-3;
const STIFFER: f64 = 8.0;
const LOOSER: f64 = 0.1;
const TRUE: f64 = 0.75;
const FALSE: f64 = 0.25;
/// A share of the diagonal, and a number, that keep directions without slope solvable.
const RIDGE: f64 = 1e-12;
const TINY: f64 = 1e-200;

impl<const K: usize> Local<K> {
    /// How much a step would lower the cost if the cost were what it seems from here.
    fn promise(&self, step: &[f64; K]) -> f64 {
        let bent = |k: usize| {
            let row: f64 = self.gram[k].iter().zip(step).map(|(g, s)| g * s).sum();
            step[k] * (self.pull[k] - 0.5 * row)
        };
        self.scale * (0..K).map(bent).sum::<f64>()
    }

    /// The damped step: (G + damping·diag G) δ = r, where a parameter that would leave its bounds
    /// goes up to them and the others follow.
    fn step(&self, from: &[f64; K], bounds: &[(f64, f64); K], damping: f64) -> [f64; K] {
        let mut fixed: [Option<f64>; K] = std::array::from_fn(|k| {
            let (low, high) = bounds[k];
            let out =
                (from[k] <= low && self.pull[k] <= 0.0) || (from[k] >= high && self.pull[k] >= 0.0);
            (low >= high || out).then_some(0.0)
        });
        loop {
            let step = self.solve(&fixed, damping);
            let mut inside = true;
            for k in 0..K {
                let (low, high) = bounds[k];
                let to = from[k] + step[k];
                if fixed[k].is_none() && !(low..=high).contains(&to) {
                    fixed[k] = Some(to.max(low).min(high) - from[k]);
                    inside = false;
                }
            }
            if inside {
                return step;
            }
        }
    }

    /// The solution by elimination, with some of the step given.
    fn solve(&self, fixed: &[Option<f64>; K], damping: f64) -> [f64; K] {
        let mut gram = self.gram;
        let mut rest = self.pull;
        for i in 0..K {
            if let Some(given) = fixed[i] {
                for k in 0..K {
                    rest[k] -= gram[i][k] * given;
                    gram[k][i] = 0.0;
                }
                gram[i] = [0.0; K];
                rest[i] = given;
            }
            gram[i][i] = fixed[i].map_or((1.0 + damping) * gram[i][i], |_| 1.0);
        }
        eliminated(gram, rest)
    }
}

/// The solution of Gx = r for a G that is positive, or nearly: a pivot that is lost to rounding
/// becomes a small one.
pub(super) fn eliminated<const K: usize>(mut gram: [[f64; K]; K], mut rest: [f64; K]) -> [f64; K] {
    let diagonal: [f64; K] = std::array::from_fn(|k| gram[k][k]);
    for k in 0..K {
        gram[k][k] = gram[k][k].max(RIDGE * diagonal[k] + TINY);
        let pivot = gram[k];
        for row in k + 1..K {
            if pivot[row] != 0.0 {
                let share = pivot[row] / pivot[k];
                for column in row..K {
                    gram[row][column] -= share * pivot[column];
                }
                rest[row] -= share * rest[k];
            }
        }
    }
    for k in (0..K).rev() {
        let known: f64 = (k + 1..K).map(|column| gram[k][column] * rest[column]).sum();
        rest[k] = (rest[k] - known) / gram[k][k];
    }
    rest
}

/// The lowest point of a cost near `start`, and its cost, by Levenberg (1944) and Marquardt (1963) within
/// bounds. `look` tells the cost and its slopes.
pub(super) fn descend<const K: usize>(
    look: impl Fn(&[f64; K]) -> Local<K>,
    start: [f64; K],
    search: Search<K>,
) -> ([f64; K], f64) {
    let (mut at, mut here, mut damping) = (start, look(&start), DAMPING);
    for _ in 0..search.steps {
        let step = here.step(&at, &search.bounds, damping);
        let promise = here.promise(&step);
        let possible = search.hope * (1.0 + damping) * promise;
        let hopeful = here.cost - possible < search.hopeless;
        if promise.is_nan() || promise < search.enough || !hopeful {
            break;
        }
        let to = std::array::from_fn(|k| {
            let (low, high) = search.bounds[k];
            (at[k] + step[k]).max(low).min(high)
        });
        let there = look(&to);
        // A cost that is not a number counts as an infinite one.
        let kept = ((here.cost - there.cost) / promise).max(f64::NEG_INFINITY);
        if kept > TRUE {
            damping *= LOOSER;
        } else if kept < FALSE {
            damping *= STIFFER;
        }
        if there.cost < here.cost {
            (at, here) = (to, there);
        }
    }
    (at, here.cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_curve() {
        let found = minimise_between(|x| (x - 2.0).powi(2).exp(), 0.0, 5.0);
        assert!((found - 2.0).abs() < 1e-5, "{found}");
    }

    /// Errors 2 − x and 10(y − x²): lowest at (2, 4); with x at most 1 at (1, 1).
    fn valley(&[x, y]: &[f64; 2]) -> Local<2> {
        let errors = [2.0 - x, 10.0 * (y - x * x)];
        let slopes = [[1.0, 20.0 * x], [0.0, -10.0]];
        let product = |a: [f64; 2], b: [f64; 2]| a[0] * b[0] + a[1] * b[1];
        Local {
            cost: product(errors, errors),
            scale: 2.0,
            gram: slopes.map(|a| slopes.map(|b| product(a, b))),
            pull: slopes.map(|a| product(a, errors)),
        }
    }

    #[test]
    fn follows_a_valley_up_to_its_bounds() {
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        let within =
            |x| Search { bounds: [x, free], enough: 1e-9, hope: 1.0, hopeless: 1e9, steps: 100 };
        let (found, cost) = descend(valley, [-1.0, 3.0], within(free));
        assert!((found[0] - 2.0).abs() < 1e-4 && (found[1] - 4.0).abs() < 1e-3 && cost < 1e-8);
        let (found, cost) = descend(valley, [-1.0, 3.0], within((-5.0, 1.0)));
        assert!((found[0] - 1.0).abs() < 1e-9 && (found[1] - 1.0).abs() < 1e-4, "{found:?}");
        assert!((cost - 1.0).abs() < 1e-6);
    }
}
