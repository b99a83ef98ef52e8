//! The over-dispersed Poisson model: the chain ladder as a regression, with its analytic error.

use super::links::{Link, SigmaRule, links, real};
use crate::panel::RunOff;
use ndarray::ArrayView1;

/// How far the total of a run-off can be off when bookings vary in proportion to their size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverDispersed {
    /// *φ*, in euros: a booking of *μ* has the variance *φμ*.
    pub dispersion: f64,
    /// The root of the mean squared error of what is still to come in all months, in euros.
    pub prediction_error: f64,
}

/// The quasi-Poisson model with a level per service month and a share per age, whose estimates are
/// those of the chain ladder on all rows: *φ* = Σ(*x* − *μ*)² ÷ *μ* ÷ (*n* − *p*) over the known cells, and
/// the prediction error of the total reserve after England and Verrall (1999), "Analytic and
/// bootstrap estimates of prediction errors in claims reserving", Insurance: Mathematics and
/// Economics 25, pages 281–293.
///
/// `None` when a fitted cell is not above zero, when no month has reached the last age, or when no
/// more cells are known than are estimated: credit notes, empty months and ages without money are
/// beyond this model, not beyond [`chain_ladder`](super::chain_ladder()).
#[must_use]
pub fn over_dispersed(run_off: &RunOff) -> Option<OverDispersed> {
    let reached = (0..run_off.rows()).take_while(|&row| run_off.age(row).is_some());
    let known: Vec<_> = reached.map(|row| run_off.known(row)).collect();
    let links = links(run_off, None, SigmaRule::Mack);
    let fitted = |known: &ArrayView1<'_, f64>| Fitted::new(*known, &links);
    let months: Vec<Fitted> = known.iter().map(fitted).collect::<Option<_>>()?;
    let cells: usize = known.iter().map(ArrayView1::len).sum();
    let freedom = cells.checked_sub(months.len() + links.len()).filter(|&free| free > 0)?;
    let sum = |of: fn(&Fitted) -> f64| months.iter().map(of).sum::<f64>();
    let dispersion = sum(|month| month.misfit) / real(freedom);

    // The likelihood falls apart into the latest amount of each month and one binomial share 1/f
    // per age. So their information is diagonal, and the error of the total a sum of squares.
    let of_levels = sum(|month| month.reserve.powi(2) / month.latest);
    let mut of_ages = 0.0;
    for (age, link) in links.iter().enumerate() {
        let passing = months.iter().filter(|month| month.age <= age);
        let ultimate: f64 = passing.map(|month| month.latest + month.reserve).sum();
        let told: f64 =
            known.iter().filter(|known| known.len() > age + 1).map(|known| known[age]).sum();
        of_ages += ultimate.powi(2) * (link.factor - 1.0) / link.factor / told;
    }
    let variance = dispersion * (sum(|month| month.reserve) + of_levels + of_ages);
    let complete = known.first()?.len() == run_off.cumulative.ncols();
    complete.then_some(OverDispersed { dispersion, prediction_error: variance.sqrt() })
}

/// A service month in the model.
struct Fitted {
    age: usize,
    latest: f64,
    reserve: f64,
    /// Σ(*x* − *μ*)² ÷ *μ* over its known cells.
    misfit: f64,
}

impl Fitted {
    /// From the latest amount back along the links; `None` when a fitted cell is not above zero.
    fn new(known: ArrayView1<'_, f64>, links: &[Link]) -> Option<Self> {
        let age = known.len() - 1;
        let (latest, mut upto, mut misfit) = (known[age], known[age], 0.0);
        for at in (0..=age).rev() {
            let before =
                if at > 0 { (upto / links[at - 1].factor, known[at - 1]) } else { (0.0, 0.0) };
            let (fitted, booked) = (upto - before.0, known[at] - before.1);
            if fitted.is_nan() || fitted <= 0.0 {
                return None;
            }
            misfit += (booked - fitted).powi(2) / fitted;
            upto = before.0;
        }
        let growth: f64 = links[age..].iter().map(|link| link.factor).product();
        Some(Self { age, latest, reserve: latest * (growth - 1.0), misfit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Month, Months};
    use ndarray::{Array2, array};

    fn triangle(cumulative: Array2<f64>) -> RunOff {
        let start = Month::january(2024);
        let as_of = start + Months::of(cumulative.nrows()) - Months(1);
        RunOff { start, cumulative, as_of }
    }

    /// f₀ = 36 ÷ 16 = 9/4 and f₁ = 27 ÷ 24 = 9/8. Fitted are 32/3, 40/3, 3 where 8, 16, 3 are
    /// booked, 16/3, 20/3 where 8, 4 are, and 4: misfit 2/3 + 8/15 + 4/3 + 16/15 = 18/5, over 6 − 5
    /// cells. Reserves: 12 ÷ 8 = 3/2 and 4·(81/32 − 1) = 49/8, in all 61/8. Levels:
    /// (3/2)² ÷ 12 + (49/8)² ÷ 4; ages: (81/8)²·(5/9) ÷ 16 and (27/2 + 81/8)²·(1/9) ÷ 24.
    #[test]
    fn the_error_of_a_small_triangle() {
        let cumulative = array![[8., 24., 27.], [8., 12., 12.], [4., 4., 4.]];
        let found = over_dispersed(&triangle(cumulative)).unwrap();
        let levels = 2.25 / 12.0 + 6.125_f64.powi(2) / 4.0;
        let ages = 10.125_f64.powi(2) * 5.0 / 9.0 / 16.0 + 23.625_f64.powi(2) / 9.0 / 24.0;
        let error = (3.6 * (7.625 + levels + ages)).sqrt();
        assert!((found.dispersion - 3.6).abs() < 1e-12, "{found:?}");
        assert!((found.prediction_error - error).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn says_nothing_beyond_the_model() {
        let positive = array![[8., 24., 27.], [8., 12., 12.], [4., 4., 4.]];
        let mut credit = positive.clone();
        credit[[0, 2]] = 20.0;
        let mut empty = positive.clone();
        empty.row_mut(1).fill(0.0);
        assert_eq!(over_dispersed(&triangle(credit)), None);
        assert_eq!(over_dispersed(&triangle(empty)), None);
        let mut young = triangle(Array2::from_shape_fn((4, 4), |(_, age)| real(age + 1)));
        assert!(over_dispersed(&young).is_some());
        young.cumulative = Array2::from_shape_fn((4, 5), |(_, age)| real(age + 1));
        assert_eq!(over_dispersed(&young), None);
        let small = array![[8., 24.], [8., 8.]];
        assert_eq!(over_dispersed(&triangle(small)), None);
    }
}
