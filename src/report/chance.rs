//! How a chance is put: always as a count of cases, never as a word.

use crate::outlook::YearRow;
use crate::report::text;

/// The chance of a disadvantage as the reader sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chance {
    /// A fixed amount that equals its budget: there is no chance to speak of.
    Fixed,
    /// At least 0.95.
    Above19Of20,
    /// Below 0.05.
    Below1Of20,
    /// So many cases out of ten, 1 to 9.
    Tenths(u8),
}

/// The number of dots of a figure; each stands for one case out of ten.
pub(super) const DOTS: usize = 10;

impl Chance {
    /// The chance of a year total; `None` without a budget.
    pub(super) fn of(row: &YearRow) -> Option<Self> {
        let level = row.deviation()?;
        let width = (row.quantiles.p90() - row.quantiles.p10()).euros();
        let fixed = text::in_thousands(level) == 0 && width < 0.01 * row.expected.euros().abs();
        if fixed { Some(Self::Fixed) } else { row.chance_of_disadvantage.map(Self::from_share) }
    }

    /// The chance that goes with a share of draws, 0 to 1.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "held within 1 to 9"
    )]
    pub(super) fn from_share(share: f64) -> Self {
        if share >= 0.95 {
            Self::Above19Of20
        } else if share < 0.05 {
            Self::Below1Of20
        } else {
            Self::Tenths((share * 10.0).round().clamp(1.0, 9.0) as u8)
        }
    }

    /// For the start of a sentence: `In 9 van de 10 gevallen`.
    pub(super) fn words(self) -> Option<String> {
        match self {
            Self::Fixed => None,
            Self::Above19Of20 => Some("In meer dan 19 van de 20 gevallen".to_owned()),
            Self::Below1Of20 => Some("In minder dan 1 van de 20 gevallen".to_owned()),
            Self::Tenths(n) => Some(format!("In {n} van de 10 gevallen")),
        }
    }

    /// For a cell of a table.
    pub(super) fn cell(self) -> String {
        match self {
            Self::Fixed => "vast bedrag".to_owned(),
            Self::Above19Of20 => ">\u{a0}19\u{a0}van\u{a0}20".to_owned(),
            Self::Below1Of20 => "<\u{a0}1\u{a0}van\u{a0}20".to_owned(),
            Self::Tenths(n) => format!("{n}\u{a0}van\u{a0}10"),
        }
    }

    /// How many of the dots lie on the side of the disadvantage.
    pub(super) fn dots(self) -> usize {
        match self {
            Self::Fixed | Self::Below1Of20 => 0,
            Self::Above19Of20 => DOTS,
            Self::Tenths(n) => usize::from(n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook::Quantiles;
    use crate::report::example;
    use crate::units::{Cents, Level, Measure, Wet};

    #[test]
    fn follows_the_rule_at_its_edges() {
        let of = Chance::from_share;
        assert_eq!(of(0.0), Chance::Below1Of20);
        assert_eq!(of(0.049), Chance::Below1Of20);
        assert_eq!(of(0.05), Chance::Tenths(1));
        assert_eq!(of(0.149), Chance::Tenths(1));
        assert_eq!(of(0.15), Chance::Tenths(2));
        assert_eq!(of(0.949), Chance::Tenths(9));
        assert_eq!(of(0.95), Chance::Above19Of20);
        assert_eq!(of(0.951), Chance::Above19Of20);
        assert_eq!(of(1.0).words().unwrap(), "In meer dan 19 van de 20 gevallen");
        assert_eq!(of(0.42).words().unwrap(), "In 4 van de 10 gevallen");
    }

    #[test]
    fn a_narrow_band_on_the_budget_is_a_fixed_amount() {
        let mut row = example::row(Level::Product, Some(Wet::Wmo), Measure::Lasten, 1e6);
        assert_eq!(Chance::of(&row), Some(Chance::Tenths(8)));
        row.budget = Some(row.expected + Cents(49_999));
        assert_eq!(Chance::of(&row), Some(Chance::Tenths(8)), "a wide band");
        row.quantiles = Quantiles([row.expected; 9]);
        assert_eq!(Chance::of(&row), Some(Chance::Fixed), "a gap below 500 euros");
        row.budget = Some(row.expected + Cents(50_000));
        assert_eq!(Chance::of(&row), Some(Chance::Tenths(8)), "a gap of 500 euros");
        row.budget = None;
        assert_eq!(Chance::of(&row), None);
    }

    #[test]
    fn dots_and_sentence_agree() {
        for thousandth in 0..=1000 {
            let chance = Chance::from_share(f64::from(thousandth) / 1000.0);
            let words = chance.words().unwrap();
            let said = match chance {
                Chance::Tenths(_) => words.split(' ').nth(1).unwrap().parse().unwrap(),
                Chance::Above19Of20 => 10,
                Chance::Below1Of20 | Chance::Fixed => 0,
            };
            assert_eq!(chance.dots(), said, "{words}");
        }
    }
}
