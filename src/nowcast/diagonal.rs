//! Whether the bookings of one month are what the run-off lets one expect.

use super::links::{SigmaRule, links};
use crate::panel::{Diagonal, RunOff};
use crate::units::Months;

/// Expectations come from at least so many earlier months that had one month of late bookings: a
/// year, so that every month of the year is in them.
const LEAST: usize = 12;
/// And from at most so many, the youngest: three years (METHODS §1).
const WINDOW: usize = 36;
/// A standard deviation of less than a cent is rounding.
const CENT: f64 = 0.01;

/// The newest diagonal of a run-off, what its last month booked on earlier service months, beside
/// what was to be expected without it: *z* = Σ(*Cₖ₊₁* − *fₖCₖ*) ÷ √Σ*σₖ*²|*Cₖ*|, with links from before that
/// month. A shock to the diagonal moves all service months together, so one sum sees it before
/// any link does. Months past the last age are left out.
///
/// `None` with fewer than twelve earlier service months to learn from, and when those never varied.
#[must_use]
pub fn diagonal(run_off: &RunOff) -> Option<Diagonal> {
    let before = run_off.back_to(run_off.as_of - Months(1));
    let told = (0..before.rows()).filter(|&row| before.age(row) > Some(0)).count();
    if told < LEAST {
        return None;
    }
    let links = links(&before, Some(WINDOW), SigmaRule::Mack);
    let (mut booked, mut expected, mut variance) = (0.0, 0.0, 0.0);
    for row in 0..before.rows() {
        let (old, new) = (before.latest(row), run_off.latest(row));
        // There is no link past the last age.
        if let Some(link) = before.age(row).and_then(|age| links.get(age)) {
            booked += new - old;
            expected += (link.factor - 1.0) * old;
            variance += link.sigma.powi(2) * old.abs();
        }
    }
    let deviation = variance.sqrt();
    let z = (booked - expected) / deviation;
    (deviation >= CENT).then_some(Diagonal { booked, expected, z })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Month;
    use ndarray::Array2;

    /// By turns 100 → 140 and 100 → 160 at age 1, and a quarter of what stands more at age 2, in
    /// which the last month booked `factor` times as much.
    fn run_off(rows: usize, factor: f64) -> RunOff {
        let start = Month::january(2022);
        let first = |row: usize| if row.is_multiple_of(2) { 140.0 } else { 160.0 };
        let mut cumulative = Array2::from_shape_fn((rows, 3), |(row, age)| match age {
            0 => 100.0,
            1 => first(row),
            _ => 1.25 * first(row),
        });
        let (last, older) = (rows - 2, rows - 3);
        let later = 100.0 + factor * (first(last) - 100.0);
        cumulative[[last, 1]] = later;
        cumulative[[last, 2]] = later;
        cumulative[[older, 2]] = (1.0 + 0.25 * factor) * first(older);
        cumulative.row_mut(rows - 1).fill(100.0);
        RunOff { start, cumulative, as_of: start + Months::of(rows) - Months(1) }
    }

    /// The links know 20 months: f₀ = 1.5, σ₀² = 20·10² ÷ 100 ÷ 19 and f₁ = 1.25, σ₁ = 0. So
    /// ½·100 + ¼·160 = 90 is expected, and 40 + 40 booked.
    #[test]
    fn a_catch_up_is_surprising_and_an_ordinary_month_is_not() {
        let deviation = (2000.0 / 19.0_f64).sqrt();
        for (factor, booked, surprising) in
            [(1.0, 80.0, false), (2.0, 160.0, true), (0.0, 0.0, true)]
        {
            let found = diagonal(&run_off(22, factor)).unwrap();
            assert!((found.booked - booked).abs() < 1e-9, "{found:?}");
            assert!((found.expected - 90.0).abs() < 1e-9, "{found:?}");
            assert!((found.z - (booked - 90.0) / deviation).abs() < 1e-9, "{found:?}");
            assert_eq!(found.surprising(), surprising, "{found:?}");
        }
    }

    /// The second link of 57 months that have told of it begins with the 22nd.
    #[test]
    fn asks_for_a_year_and_forgets_after_three() {
        assert_eq!(diagonal(&run_off(13, 1.0)), None);
        assert!(diagonal(&run_off(14, 1.0)).is_some());
        let long = run_off(60, 1.0);
        let mut wild = long.clone();
        wild.cumulative.row_mut(20).fill(9e9);
        assert_eq!(diagonal(&wild), diagonal(&long));
        wild.cumulative.row_mut(21).fill(9e9);
        assert_ne!(diagonal(&wild), diagonal(&long));
    }

    #[test]
    fn says_nothing_of_a_line_that_never_varied() {
        let mut flat = run_off(22, 1.0);
        flat.cumulative.fill(100.0);
        assert_eq!(diagonal(&flat), None);
    }
}
