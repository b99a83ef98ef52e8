//! What a group of municipalities has in common.

use super::Peer;
use crate::units::Cents;

/// How the plans of a group came out. Errors are shares of the budget.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// How many municipalities.
    pub count: usize,
    /// Their budgets together.
    pub budget: Cents,
    /// Their accounts together.
    pub accounts: Cents,
    /// The error of the sums.
    pub error: f64,
    /// The middle one of their errors.
    pub median: f64,
    /// A tenth of the errors lie below this.
    pub p10: f64,
    /// A tenth lie above this.
    pub p90: f64,
    /// The mean of the errors without their signs.
    pub mean_abs: f64,
    /// How many spent more than planned.
    pub over: usize,
}

impl Group {
    /// The group of these municipalities, all of which count.
    pub(super) fn of<'a>(peers: impl Iterator<Item = &'a Peer>) -> Self {
        let (mut errors, mut budget, mut accounts) = (Vec::new(), Cents::ZERO, Cents::ZERO);
        for peer in peers {
            errors.push(peer.error());
            budget += peer.budget;
            accounts += peer.accounts;
        }
        if errors.is_empty() {
            return Self::default();
        }
        errors.sort_by(f64::total_cmp);
        Self {
            count: errors.len(),
            budget,
            accounts,
            error: (accounts - budget).euros() / budget.euros(),
            median: quantile(&errors, 5),
            p10: quantile(&errors, 1),
            p90: quantile(&errors, 9),
            mean_abs: mean(errors.iter().map(|error| error.abs())),
            over: errors.iter().filter(|error| **error > 0.0).count(),
        }
    }
}

/// The quantile at a number of tenths (1 to 9) of sorted values: the first value with more than that share at or below
/// it, or the middle of two when the share is met exactly (type 2 of Hyndman and Fan 1996); 0 without values.
fn quantile(sorted: &[f64], tenths: usize) -> f64 {
    let at = sorted.len() * tenths;
    match (sorted.get(at / 10), at % 10) {
        (Some(&value), 0) => f64::midpoint(sorted[at / 10 - 1], value),
        (Some(&value), _) => value,
        (None, _) => 0.0,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of municipalities are small")]
fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quantiles_are_values_or_the_middle_of_two() {
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        let of = |values: &[f64]| [1, 5, 9].map(|tenths| quantile(values, tenths).to_string());
        // 10 × .1 = 1 exactly: between the first and the second.
        assert_eq!(of(&ten), ["1.5", "5.5", "9.5"]);
        // 7 × .1 = .7: the first; 7 × .9 = 6.3: the seventh.
        assert_eq!(of(&ten[..7]), ["1", "4", "7"]);
        assert_eq!(
            (of(&ten[..1]), of(&[])),
            (["1"; 3].map(String::from), ["0"; 3].map(String::from))
        );
    }

    proptest! {
        #[test]
        fn quantiles_are_in_order_and_within(mut values in prop::collection::vec(-5.0..5.0, 1..40)) {
            values.sort_by(f64::total_cmp);
            let found: Vec<f64> = (1..10).map(|tenths| quantile(&values, tenths)).collect();
            prop_assert!(found.is_sorted());
            prop_assert!(values[0] <= found[0] && found[8] <= values[values.len() - 1]);
        }
    }
}
