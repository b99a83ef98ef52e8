//! What a euro of a series is worth in a month.

use crate::units::Month;
use std::collections::BTreeMap;

/// Euros of the day per unit of the series of a line: its tariff, times policy that the models can not
/// know yet. A series with an index holds amounts without both.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// The month of the first values.
    pub start: Month,
    /// The tariff per month, far ahead; the first and last go on before and after.
    pub tariff: Vec<f64>,
    /// What policy does to each month through the as-of month, as a factor; 1 in other months.
    pub policy: Vec<f64>,
    /// Per year whose tariff is not certain: the standard deviation of the logarithm of its step.
    pub unsure: BTreeMap<i32, f64>,
}

impl Index {
    /// Tariff and policy of `month`.
    #[must_use]
    pub fn at(&self, month: Month) -> f64 {
        let at = usize::try_from((month - self.start).0).ok();
        let policy = at.and_then(|at| self.policy.get(at)).copied().unwrap_or(1.0);
        self.tariff(month) * policy
    }

    /// The tariff of `month`; 1 when there is none.
    #[must_use]
    pub fn tariff(&self, month: Month) -> f64 {
        let at = usize::try_from((month - self.start).0).unwrap_or(0);
        self.tariff.get(at).or(self.tariff.last()).copied().unwrap_or(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Months;

    #[test]
    fn policy_works_through_the_last_month_it_is_given_for() {
        let start = Month::january(2025);
        let index = Index {
            start,
            tariff: vec![1.0, 1.05],
            policy: vec![1.0, 0.5],
            unsure: BTreeMap::new(),
        };
        let at = [-1, 0, 1, 2].map(|k| index.at(start + Months(k)));
        let wanted = [1.0, 1.0, 0.525, 1.05];
        assert!(
            at.into_iter().zip(wanted).all(|(at, wanted)| (at - wanted).abs() < 1e-12),
            "{at:?}"
        );
    }
}
