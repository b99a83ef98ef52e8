//! Amounts that a cell holds by itself.
//!
//! Nearly every amount of a ledger is another text, so keeping each text once costs more than it saves. An
//! amount as most systems write it fits in the index that would name its text. Two texts have the same
//! such cell only when they are the same text, so equal rows stay equal; all other forms are kept as texts.

use crate::units::Cents;

/// Set in a cell that is an amount and no index.
const WRITTEN: u32 = 1 << 31;
const NEGATIVE: u32 = 1 << 30;
/// Of the size, in cents: amounts up to 10,737,418.23 euros.
const SIZE: u32 = NEGATIVE - 1;
/// The most digits before the mark.
const DIGITS: usize = 8;

/// The cell of an amount that is written as `-1234,56`: perhaps a minus, digits without needless zeros, the
/// mark and two digits. `None` for every other form, and for `-0,00`.
pub(super) fn written(text: &str, mark: u8) -> Option<u32> {
    let bytes = text.as_bytes();
    let (negative, size) = match bytes {
        [b'-', size @ ..] => (NEGATIVE, size),
        size => (0, size),
    };
    let (whole, fraction) = size.split_at_checked(size.len().checked_sub(3)?)?;
    let is_short = (1..=DIGITS).contains(&whole.len()) && (whole[0] != b'0' || whole.len() == 1);
    if fraction[0] != mark || !is_short {
        return None;
    }
    let digits = whole.iter().chain(&fraction[1..]);
    let cents = digits.into_iter().try_fold(0_u32, |sum, digit| {
        digit.is_ascii_digit().then(|| sum.checked_mul(10)?.checked_add(u32::from(digit - b'0')))?
    })?;
    let fits = cents <= SIZE && (cents > 0 || negative == 0);
    fits.then_some(WRITTEN | negative | cents)
}

/// The amount that a cell holds by itself.
pub(in crate::ledger) fn held(cell: u32) -> Option<Cents> {
    let size = i64::from(cell & SIZE);
    (cell & WRITTEN != 0).then_some(Cents(if cell & NEGATIVE == 0 { size } else { -size }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::parse;
    use crate::ledger::table::Value;
    use proptest::prelude::*;

    #[test]
    fn holds_what_is_written_in_one_way_only() {
        for (text, cents) in [
            ("0,00", 0),
            ("0,05", 5),
            ("-0,05", -5),
            ("1234,56", 123_456),
            ("-10737418,23", -1_073_741_823),
        ] {
            assert_eq!(written(text, b',').and_then(held), Some(Cents(cents)), "{text}");
        }
        for text in [
            "",
            "-",
            ",00",
            "-0,00",
            "00,00",
            "01,00",
            "1",
            "1,5",
            "1,500",
            "1.50",
            "1,5x",
            "x,50",
            "--1,50",
            "+1,50",
            "10737418,24",
            "99999999,99",
            "123456789,00",
            "é,50",
            "1,é",
        ] {
            assert_eq!(written(text, b','), None, "{text}");
        }
        assert_eq!(held(7), None);
    }

    proptest! {
        #[test]
        fn says_what_the_parser_says(text in "-?[0-9]{0,9}[,.]?[0-9]{0,3}") {
            if let Some(cell) = written(&text, b',') {
                let value = Value { text: text.as_str().into(), number: false };
                prop_assert_eq!(Ok(held(cell).unwrap()), parse::amount(&value, ',', 0));
                prop_assert_eq!(held(cell).unwrap().to_string().replace('.', ","), text);
            }
        }
    }
}
