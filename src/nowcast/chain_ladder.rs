//! The chain ladder with its standard errors, and what a prior makes of it.

use super::links::{Link, shares};
use crate::panel::RunOff;
use crate::units::Month;

/// What is booked and what is still to come, in euros.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Booked so far.
    pub latest: f64,
    /// All that will be booked.
    pub ultimate: f64,
    /// Of `ultimate`: the root of its mean squared error, by process and by estimated links.
    pub standard_error: f64,
}

impl Estimate {
    /// Still to come; below zero when more will be credited than invoiced.
    #[must_use]
    pub fn reserve(&self) -> f64 {
        self.ultimate - self.latest
    }
}

/// One service month, completed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Completed {
    /// The service month.
    pub month: Month,
    /// *p*, the share that stands at the age it has reached, by the links; above 1 when credit notes
    /// are still to come.
    pub share: f64,
    /// By the links alone.
    pub estimate: Estimate,
}

impl Completed {
    /// What is still to come by Bornhuetter and Ferguson, (1 − *p*)·*U₀*, when `prior` = *U₀* euros
    /// were expected before any was booked (1972, "The actuary and IBNR", Proceedings of the Casualty
    /// Actuarial Society 59, pages 181–195).
    #[must_use]
    pub fn bornhuetter_ferguson(&self, prior: f64) -> f64 {
        (1.0 - self.share) * prior
    }

    /// What is still to come by Benktander: the same with what Bornhuetter and Ferguson expect
    /// as the prior. In all it is *p* parts chain ladder and 1 − *p* parts theirs (Mack 2000,
    /// "Credible claims reserves: the Benktander method", ASTIN Bulletin 30, pages 333–347).
    #[must_use]
    pub fn benktander(&self, prior: f64) -> f64 {
        self.bornhuetter_ferguson(self.estimate.latest + self.bornhuetter_ferguson(prior))
    }
}

/// All service months, completed.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainLadder {
    /// Oldest first; months still to come are left out.
    pub months: Vec<Completed>,
    /// Their sum. Its standard error knows that all share the estimated links.
    pub total: Estimate,
}

/// Completes every service month by the links it still has to pass, one from each age to the next; a
/// link after those is a tail, which all months pass.
///
/// The mean squared error is the recursion of Mack (1999) from age to age: a month with
/// *C* euros and the error *v* comes to *fC* with *f*²*v* + *σ*²|*C*| + *C*²·s.e.(*f*)², and all months
/// that pass the link together to the same with their sum in the last term. It asks nothing of
/// the shape: several months of the last age, or none, are as good as a triangle.
#[must_use]
pub fn chain_ladder(run_off: &RunOff, links: &[Link]) -> ChainLadder {
    let mut months: Vec<Passing> =
        (0..run_off.rows()).filter_map(|row| Passing::new(run_off, row)).collect();
    let mut variance = 0.0;
    for (age, link) in links.iter().enumerate() {
        let squared = |x: f64| x * x;
        let (mut euros, mut process) = (0.0, 0.0);
        for month in months.iter_mut().filter(|month| month.age <= age) {
            let own = squared(link.sigma) * month.euros.abs();
            euros += month.euros;
            process += own;
            month.variance = squared(link.factor) * month.variance
                + own
                + squared(month.euros * link.standard_error);
            month.euros *= link.factor;
        }
        variance = squared(link.factor) * variance + process + squared(euros * link.standard_error);
    }
    let shares = shares(links);
    let months: Vec<_> = months.iter().map(|month| month.completed(&shares)).collect();
    let total = Estimate {
        latest: months.iter().map(|month| month.estimate.latest).sum(),
        ultimate: months.iter().map(|month| month.estimate.ultimate).sum(),
        standard_error: variance.sqrt(),
    };
    ChainLadder { months, total }
}

/// A service month on its way from the age it has reached.
struct Passing {
    month: Month,
    age: usize,
    latest: f64,
    euros: f64,
    variance: f64,
}

impl Passing {
    fn new(run_off: &RunOff, row: usize) -> Option<Self> {
        let (age, latest) = (run_off.age(row)?, run_off.latest(row));
        Some(Self { month: run_off.month(row), age, latest, euros: latest, variance: 0.0 })
    }

    fn completed(&self, shares: &[f64]) -> Completed {
        let estimate = Estimate {
            latest: self.latest,
            ultimate: self.euros,
            standard_error: self.variance.sqrt(),
        };
        Completed { month: self.month, share: shares[self.age], estimate }
    }
}

#[cfg(test)]
mod tests {
    use super::super::links::{SigmaRule, links};
    use super::*;
    use crate::units::Months;
    use ndarray::{Array2, array};
    use proptest::prelude::*;

    const RULES: [SigmaRule; 2] = [SigmaRule::Mack, SigmaRule::LogLinear];

    fn run_off(cumulative: Array2<f64>, as_of: i32) -> RunOff {
        let start = Month::january(2024);
        RunOff { start, cumulative, as_of: start + Months(as_of) }
    }

    fn completed(run_off: &RunOff, rule: SigmaRule) -> ChainLadder {
        chain_ladder(run_off, &links(run_off, None, rule))
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
    }

    /// Links 2 (σ² 4, standard error ½) and 1¼ (none). The first month is complete. The second passes
    /// the last link: 8 → 10. The third, 4 → 8 → 10, has 4·4 + (4·½)² = 20 at the first and
    /// 1.25²·20 = 31.25 at the last. The fourth is still to come.
    #[test]
    fn every_month_passes_the_links_it_still_has() {
        let links = [Link::tail(2.0, 2.0, 0.5), Link::tail(1.25, 0.0, 0.0)];
        let cumulative = array![[5., 6., 7.], [3., 8., 8.], [4., 4., 4.], [0., 0., 0.]];
        let run_off = run_off(cumulative, 2);
        let found = chain_ladder(&run_off, &links);
        let ultimates = [7.0, 10.0, 10.0];
        let errors = [0.0, 0.0, 31.25_f64.sqrt()];
        assert_eq!(found.months.len(), 3);
        for (month, (ultimate, error)) in found.months.iter().zip(ultimates.into_iter().zip(errors))
        {
            close(month.estimate.ultimate, ultimate);
            close(month.estimate.standard_error, error);
        }
        assert_eq!(found.months[2].month, Month::january(2024) + Months(2));
        close(found.total.reserve(), 8.0);
        close(found.total.standard_error, 31.25_f64.sqrt());

        // A tail of 1.1 (σ² 1, standard error .1) is passed by all: 7, 10, 10.
        let tail = [&links[..], &[Link::tail(1.1, 1.0, 0.1)]].concat();
        let found = chain_ladder(&run_off, &tail);
        close(found.months[0].estimate.ultimate, 7.7);
        close(found.months[0].estimate.standard_error, (7.0 + 0.49_f64).sqrt());
        let total: f64 = 1.21 * 31.25 + 27.0 + 2.7 * 2.7;
        close(found.total.standard_error, total.sqrt());
    }

    /// Half stands: chain ladder 4 ÷ ½ = 8, a prior of 12 leaves 6 and then (4 + 6) ÷ 2 = 5.
    #[test]
    fn a_prior_decides_what_is_not_booked_yet() {
        let run_off = run_off(array![[4.0, 4.0]], 0);
        let month = chain_ladder(&run_off, &[Link::tail(2.0, 0.0, 0.0)]).months[0];
        close(month.share, 0.5);
        close(month.bornhuetter_ferguson(12.0), 6.0);
        close(month.benktander(12.0), 5.0);
        let mixed = 0.5 * month.estimate.ultimate + 0.5 * (4.0 + 6.0);
        close(month.estimate.latest + month.benktander(12.0), mixed);
    }

    /// Invoices and credit notes, some months without any, up to 12 months by 6 ages, as known
    /// before or after the last month.
    fn odd() -> impl Strategy<Value = RunOff> {
        let euros = prop_oneof![2 => Just(0.0), 6 => 0.0..1e6, 1 => -1e5..0.0];
        let shape = (1..12_usize, 1..6_usize, 0..14);
        shape.prop_flat_map(move |(rows, ages, as_of)| {
            proptest::collection::vec(euros.clone(), rows * ages).prop_map(move |cells| {
                let mut cells = Array2::from_shape_vec((rows, ages), cells).unwrap();
                cells.rows_mut().into_iter().for_each(|mut row| {
                    row.iter_mut().fold(0.0, |sum, cell| {
                        *cell += sum;
                        *cell
                    });
                });
                let whole = run_off(cells, 100);
                whole.back_to(whole.start + Months(as_of))
            })
        })
    }

    proptest! {
        #[test]
        fn scales_with_the_money_and_is_always_a_number(run_off in odd(), factor in 0.01..100.0_f64) {
            let scaled = RunOff { cumulative: &run_off.cumulative * factor, ..run_off.clone() };
            for rule in RULES {
                let (one, other) = (completed(&run_off, rule), completed(&scaled, rule));
                prop_assert!(one.months.iter().all(|month| month.benktander(1e4).is_finite()));
                let estimates = one.months.iter().map(|month| month.estimate).chain([one.total]);
                let others = other.months.iter().map(|month| month.estimate).chain([other.total]);
                for (one, other) in estimates.zip(others) {
                    let near = |a: f64, b: f64| (factor * a - b).abs() <= 1e-6 * b.abs() + 1e-6;
                    prop_assert!(near(one.reserve(), other.reserve()), "{one:?} {other:?}");
                    prop_assert!(near(one.standard_error, other.standard_error), "{one:?} {other:?}");
                }
            }
        }

        #[test]
        fn nothing_is_to_come_when_all_is_known(run_off in odd()) {
            let known = RunOff { as_of: run_off.start + Months(100), ..run_off };
            for month in completed(&known, SigmaRule::Mack).months {
                prop_assert_eq!((month.estimate.reserve(), month.estimate.standard_error), (0.0, 0.0));
            }
        }

        #[test]
        fn nothing_comes_of_nothing(run_off in odd(), row in 0..12_usize) {
            let mut run_off = run_off;
            let row = row.min(run_off.rows().saturating_sub(1));
            prop_assume!(run_off.age(row).is_some());
            run_off.cumulative.row_mut(row).fill(0.0);
            let empty = completed(&run_off, SigmaRule::LogLinear).months[row].estimate;
            prop_assert_eq!((empty.ultimate, empty.standard_error), (0.0, 0.0));
        }
    }
}
