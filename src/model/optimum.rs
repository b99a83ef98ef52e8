//! The numerical optimum, by argmin.

use argmin::core::{CostFunction, Executor};
use argmin::solver::neldermead::NelderMead;

/// Steps after which the search stops anyway.
const STEPS: u64 = 400;
/// The spread of the costs in the simplex at which it is small enough.
const TOLERANCE: f64 = 1e-4;

struct Cost<F>(F);

impl<F: Fn(&[f64]) -> f64> CostFunction for Cost<F> {
    type Param = Vec<f64>;
    type Output = f64;
    fn cost(&self, at: &Vec<f64>) -> Result<f64, argmin::core::Error> {
        Ok((self.0)(at))
    }
}

/// The lowest point of `cost` near `start` by Nelder and Mead (1965), whose first simplex has
/// edges `step`. A cost may be infinite where a point is not allowed, but not at `start`.
pub(super) fn minimise(cost: impl Fn(&[f64]) -> f64, start: &[f64], step: f64) -> Vec<f64> {
    let moved = |k: usize| {
        let mut point = start.to_vec();
        point[k] += step;
        point
    };
    let simplex = std::iter::once(start.to_vec()).chain((0..start.len()).map(moved)).collect();
    let found = NelderMead::new(simplex).with_sd_tolerance(TOLERANCE).and_then(|solver| {
        Executor::new(Cost(cost), solver)
            .configure(|state| state.max_iters(STEPS))
            .timer(false)
            .run()
    });
    found.ok().and_then(|result| result.state.best_param).unwrap_or_else(|| start.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_bowl_with_a_wall() {
        let cost = |x: &[f64]| {
            if x[0] > 2.5 { f64::INFINITY } else { (x[0] - 2.0).powi(2) + (x[1] + 1.0).powi(2) }
        };
        let found = minimise(cost, &[0.0, 0.0], 1.0);
        assert!((found[0] - 2.0).abs() < 1e-2 && (found[1] + 1.0).abs() < 1e-2, "{found:?}");
    }
}
