//! Exact money.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// An exact amount in euro cents. Prints as euros with a point and two decimals: `-1234.56`.
///
/// Readers accept at most [`Cents::LIMIT`] a row, so sums of millions of rows stay within range.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Cents(pub i64);

impl Cents {
    /// No money.
    pub const ZERO: Self = Self(0);
    /// The largest amount of one row, in absolute value: ten billion euros.
    pub const LIMIT: Self = Self(1_000_000_000_000);

    /// The amount in euros, for estimates.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "amounts lie far below 2^53 cents")]
    pub fn euros(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// Euros rounded to the nearest cent; 0 when `euros` is no number. An estimate beyond ten
    /// trillion euros is held there, so that sums of estimates stay within range too.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "held within the range just before")]
    pub fn from_euros(euros: f64) -> Self {
        const BOUND: f64 = 1e15;
        Self((euros * 100.0).round().clamp(-BOUND, BOUND) as i64)
    }

    /// The amount times a weight of −1, 0 or 1.
    #[must_use]
    pub fn times(self, weight: i8) -> Self {
        Self(self.0 * i64::from(weight))
    }

    /// The amount without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }
}

impl Add for Cents {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Cents {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Cents {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Cents {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Cents {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl<'a> Sum<&'a Self> for Cents {
    fn sum<I: Iterator<Item = &'a Self>>(amounts: I) -> Self {
        amounts.copied().sum()
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", cents / 100, cents % 100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_rounds() {
        assert_eq!(Cents(-5).to_string(), "-0.05");
        assert_eq!(Cents(123_456).to_string(), "1234.56");
        assert_eq!(Cents::from_euros(-0.125), Cents(-13));
        assert_eq!(Cents::from_euros(f64::NAN), Cents::ZERO);
        assert_eq!([Cents(1), Cents(2)].iter().sum::<Cents>(), Cents(3));
    }
}
