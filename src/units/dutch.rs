//! Amounts and months as a Dutch reader writes them.

use super::{Cents, Month};

/// The months from January on.
pub const MAANDEN: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];

/// An amount in full: `€ 1.234,56`, with a non-breaking space.
#[must_use]
pub fn euro(amount: Cents) -> String {
    format!("€\u{a0}{}", exact(amount))
}

/// An amount to the cent without the currency: `−1.234,56`, with a true minus sign.
#[must_use]
pub fn exact(amount: Cents) -> String {
    let cents = amount.0.unsigned_abs();
    let sign = if amount < Cents::ZERO { "−" } else { "" };
    format!("{sign}{},{:02}", grouped(cents / 100), cents % 100)
}

/// A whole number with points between the thousands: `1.234.567`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// A month in words: `mei 2026`.
#[must_use]
pub fn maand(month: Month) -> String {
    format!("{} {}", MAANDEN[month.index()], month.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_as_the_dutch_do() {
        assert_eq!(euro(Cents(123_456_789)), "€\u{a0}1.234.567,89");
        assert_eq!(euro(Cents(-5)), "€\u{a0}−0,05");
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(1_000), "1.000");
        assert_eq!(maand(Month::january(2026)), "januari 2026");
    }
}
