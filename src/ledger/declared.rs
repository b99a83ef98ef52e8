//! What was declared, and how it divides money over the months of the care.
//!
//! A ledger without service months says what was booked, not for which month. Declarations say for
//! which months care was declared in the same booking month; their mix divides the ledger's money.
//! Their own amounts are never added to anything.

use super::types::{Counted, Declarations, DeclaredLine};
use crate::units::{Cents, LineId, Month, Months};
use std::collections::BTreeMap;
use std::ops::AddAssign;

/// The usual mix is that of so many booking months with declarations, the youngest: a year, so that
/// every month of the year with its habits is in it once.
const USUAL: usize = 12;

/// What was declared, by the number of the leaf.
#[derive(Debug, Default)]
pub(super) struct Declared {
    lines: BTreeMap<u32, Line>,
}

/// One leaf: what was declared, and what became of the ledger's rows.
#[derive(Debug, Default)]
struct Line {
    rows: usize,
    /// Per booking month the cents of each service month.
    months: BTreeMap<Month, BTreeMap<Month, Cents>>,
    /// Booking months of the ledger without service months, and those of them with declarations.
    undated: usize,
    covered: usize,
    by_usual: Counted,
    kept: Counted,
}

/// Shares of service months, oldest first; all are positive.
pub(super) type Shares = Vec<(Month, Cents)>;

/// Which service months the money of a booking month belongs to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mix {
    /// As declared in the month itself.
    Month(Shares),
    /// Nothing was declared in the month: as is usual by age.
    Usual(Shares),
    /// Nothing was declared by then.
    Unknown,
}

impl Declared {
    pub(super) fn add(&mut self, line: u32, booked: Month, service: Month, amount: Cents) {
        let line = self.lines.entry(line).or_default();
        line.rows += 1;
        *line.months.entry(booked).or_default().entry(service).or_default() += amount;
    }

    /// The mix of a booking month. It knows nothing that was declared later, so that what is known
    /// as of a month stays as it is.
    pub(super) fn mix(&self, line: u32, booked: Month) -> Mix {
        let Some(line) = self.lines.get(&line) else { return Mix::Unknown };
        let own = line.months.get(&booked).map(shares).unwrap_or_default();
        if !own.is_empty() {
            return Mix::Month(own);
        }
        let earlier = line.months.range(..booked).rev();
        let earlier = earlier.map(|(&month, cells)| (month, shares(cells)));
        let mut ages: BTreeMap<Months, Cents> = BTreeMap::new();
        for (month, shares) in earlier.filter(|(_, shares)| !shares.is_empty()).take(USUAL) {
            for (service, amount) in shares {
                *ages.entry(month - service).or_default() += amount;
            }
        }
        let usual: Shares =
            ages.into_iter().rev().map(|(age, amount)| (booked - age, amount)).collect();
        if usual.is_empty() { Mix::Unknown } else { Mix::Usual(usual) }
    }

    /// Counts what became of the ledger's rows of one line and booking month.
    pub(super) fn count(&mut self, line: u32, mix: &Mix, rows: Counted) {
        let Some(line) = self.lines.get_mut(&line) else { return };
        line.undated += 1;
        match mix {
            Mix::Month(_) => line.covered += 1,
            Mix::Usual(_) => line.by_usual += rows,
            Mix::Unknown => line.kept += rows,
        }
    }

    /// The account per line, in the order of the lines.
    pub(super) fn finish(self, leaves: &BTreeMap<LineId, u32>) -> Vec<DeclaredLine> {
        let of = |(line, number): (&LineId, &u32)| {
            let Line { rows, undated, covered, by_usual, kept, .. } = self.lines.get(number)?;
            let (line, rows, months, covered) = (line.clone(), *rows, *undated, *covered);
            Some(DeclaredLine { line, rows, months, covered, by_usual: *by_usual, kept: *kept })
        };
        leaves.iter().filter_map(of).collect()
    }
}

impl Mix {
    /// The shares; none when nothing was declared by then.
    pub(super) fn shares(&self) -> &[(Month, Cents)] {
        match self {
            Self::Month(shares) | Self::Usual(shares) => shares,
            Self::Unknown => &[],
        }
    }
}

impl Declarations {
    /// Where rows of such a mix are counted.
    pub(super) fn counted(&mut self, mix: &Mix) -> &mut Counted {
        match mix {
            Mix::Month(_) => &mut self.by_month,
            Mix::Usual(_) => &mut self.by_usual,
            Mix::Unknown => &mut self.kept,
        }
    }
}

impl AddAssign for Counted {
    fn add_assign(&mut self, other: Self) {
        self.rows += other.rows;
        self.amount += other.amount;
    }
}

/// The positive cells of a booking month. None when they do not outweigh the negative ones: a month
/// of corrections says nothing about the months of the care.
fn shares(cells: &BTreeMap<Month, Cents>) -> Shares {
    let total: Cents = cells.values().sum();
    let positive = cells.iter().filter(|&(_, &amount)| total > Cents::ZERO && amount > Cents::ZERO);
    positive.map(|(&month, &amount)| (month, amount)).collect()
}

/// Divides an amount in proportion to `shares`, exact to the cent by the largest remainder: each
/// share is rounded to nil, and the cents that are left go to the largest fractions, of equal ones to
/// the oldest month. Months that get nothing are left out.
pub(super) fn divided(amount: Cents, shares: &[(Month, Cents)]) -> Shares {
    let total: i128 = shares.iter().map(|&(_, share)| i128::from(share.0)).sum();
    let exact = |&(_, share): &(Month, Cents)| i128::from(amount.0.abs()) * i128::from(share.0);
    let mut parts: Vec<i128> = shares.iter().map(|share| exact(share) / total).collect();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(exact(&shares[at]) % total));
    let left = i128::from(amount.0.abs()) - parts.iter().sum::<i128>();
    order.iter().zip(0..left).for_each(|(&at, _)| parts[at] += 1);
    let signed = |part: i128| {
        let part = i64::try_from(part).expect("a part is no larger than the whole");
        Cents(part * amount.0.signum())
    };
    let dated = shares.iter().zip(parts).map(|(&(month, _), part)| (month, signed(part)));
    dated.filter(|&(_, part)| part != Cents::ZERO).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn month(at: i32) -> Month {
        Month::january(2025) + Months(at)
    }

    fn mixed(shares: &[i64]) -> Shares {
        (0..).map(month).zip(shares.iter().copied().map(Cents)).collect()
    }

    /// 10 cents over 1 : 1 : 1 is 3⅓ each: 3, 3, 3 and one cent left, for the oldest. Over 5 : 3 : 1
    /// they are 5.56, 3.33 and 1.11: 5, 3, 1 and one cent left, for the fraction of .56.
    #[test]
    fn cents_left_go_to_the_largest_remainder() {
        assert_eq!(divided(Cents(10), &mixed(&[1, 1, 1])), mixed(&[4, 3, 3]));
        assert_eq!(divided(Cents(-10), &mixed(&[5, 3, 1])), mixed(&[-6, -3, -1]));
        assert_eq!(divided(Cents(1), &mixed(&[1, 9])), vec![(month(1), Cents(1))]);
        assert!(divided(Cents::ZERO, &mixed(&[1, 9])).is_empty());
    }

    /// In April (3) 30 was declared for March and 10 for January: ages 1 and 3. In May nothing.
    #[test]
    fn a_month_without_declarations_has_the_usual_ages() {
        let mut declared = Declared::default();
        declared.add(7, month(3), month(2), Cents(30));
        declared.add(7, month(3), month(0), Cents(10));
        declared.add(7, month(3), month(3), Cents(-5));
        declared.add(7, month(5), month(5), Cents(80));
        let of = |cells: &[(i32, i64)]| -> Shares {
            cells.iter().map(|&(at, cents)| (month(at), Cents(cents))).collect()
        };
        assert_eq!(declared.mix(7, month(3)), Mix::Month(of(&[(0, 10), (2, 30)])));
        assert_eq!(declared.mix(7, month(4)), Mix::Usual(of(&[(1, 10), (3, 30)])));
        assert_eq!(declared.mix(7, month(6)), Mix::Usual(of(&[(3, 10), (5, 30), (6, 80)])));
        assert_eq!(declared.mix(7, month(2)), Mix::Unknown);
        assert_eq!(declared.mix(8, month(3)), Mix::Unknown);
        // Corrections that outweigh what was declared are no mix.
        declared.add(7, month(5), month(4), Cents(-80));
        assert_eq!(declared.mix(7, month(5)), Mix::Usual(of(&[(2, 10), (4, 30)])));
    }

    #[test]
    fn the_usual_mix_is_of_the_last_twelve_months() {
        let mut declared = Declared::default();
        declared.add(0, month(0), month(-9), Cents(1));
        (1..13).for_each(|at| declared.add(0, month(at), month(at - 1), Cents(1)));
        assert_eq!(declared.mix(0, month(13)), Mix::Usual(vec![(month(12), Cents(12))]));
    }

    proptest! {
        #[test]
        fn no_cent_is_lost_and_no_part_is_off_by_a_cent(
            amount in -1_000_000_000_000..1_000_000_000_000_i64,
            shares in prop::collection::vec(1..1_000_000_000_000_i64, 1..20),
        ) {
            let shares = mixed(&shares);
            let parts = divided(Cents(amount), &shares);
            prop_assert_eq!(parts.iter().map(|&(_, part)| part).sum::<Cents>(), Cents(amount));
            let total: i128 = shares.iter().map(|&(_, share)| i128::from(share.0)).sum();
            for &(month, share) in &shares {
                let part = parts.iter().find(|part| part.0 == month).map_or(0, |part| part.1.0);
                let off = i128::from(part) * total - i128::from(amount) * i128::from(share.0);
                prop_assert!(off.abs() < total);
            }
        }
    }
}
