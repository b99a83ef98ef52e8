//! Numbers, months and lists in Dutch words. Rounds and formats; decides nothing.

use crate::units::{Cents, MAANDEN, Month, grouped};

pub(super) use crate::units::{exact, maand as month};

/// The true minus sign.
const MINUS: char = '\u{2212}';
/// A space at which no line breaks.
const NBSP: char = '\u{a0}';
/// Cents in a thousand euros.
const THOUSAND: i64 = 100_000;
/// Cents in a million euros.
const MILLION: i64 = 100_000_000;

/// `oktober`.
pub(super) fn month_name(index: usize) -> &'static str {
    MAANDEN[index]
}

/// `okt`.
pub(super) fn month_short(index: usize) -> &'static str {
    // Only March is not shortened to its first three letters.
    if index == 2 { "mrt" } else { &MAANDEN[index][..3] }
}

/// `okt 2026`.
pub(super) fn month_and_year(month: Month) -> String {
    format!("{}{NBSP}{}", month_short(month.index()), month.year())
}

/// A whole number with points between the thousands: `−1.234.567`.
pub(super) fn whole(number: i64) -> String {
    let text = grouped(number.unsigned_abs());
    if number < 0 { format!("{MINUS}{text}") } else { text }
}

/// A number of things as a whole number.
pub(super) fn count(number: usize) -> String {
    whole(i64::try_from(number).unwrap_or(i64::MAX))
}

/// In whole thousands of euros: `39.000` for 39 million.
pub(super) fn thousands(amount: Cents) -> String {
    whole(in_thousands(amount))
}

/// Thousands of euros, half away from zero.
pub(super) fn in_thousands(amount: Cents) -> i64 {
    rounded(amount.0, THOUSAND)
}

/// A band in thousands of euros, rounded to tens unless it is too narrow for that. A dash beside a
/// minus would be hard to read.
pub(super) fn band(low: Cents, high: Cents) -> String {
    let step = if high.0 - low.0 < 50 * THOUSAND { THOUSAND } else { 10 * THOUSAND };
    let side = |amount: Cents| whole(rounded(amount.0, step) * (step / THOUSAND));
    let to = if low < Cents::ZERO { "tot" } else { "–" };
    format!("{}{NBSP}{to}{NBSP}{}", side(low), side(high))
}

/// For a sentence, no more precise than it needs: `€ 1,2 miljoen`, `€ 270.000`, `€ 8.000`, `€ 612`.
pub(super) fn euros(amount: Cents) -> String {
    let to = |step: i64| format!("€{NBSP}{}", whole(rounded(amount.0, step) * (step / 100)));
    match amount.0.abs() {
        size if size >= MILLION - 5 * THOUSAND => {
            format!("€{NBSP}{}{NBSP}miljoen", decimals(amount.euros() / 1e6, 1))
        }
        size if size >= 100 * THOUSAND => to(10 * THOUSAND),
        size if size >= THOUSAND => to(THOUSAND),
        _ => to(100),
    }
}

/// A number with so many decimals, a comma and a true minus.
pub(super) fn decimals(number: f64, places: usize) -> String {
    let text = format!("{:.places$}", number.abs());
    let (integer, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let integer = integer.parse().map_or_else(|_| integer.to_owned(), whole);
    let negative = number < 0.0 && text.chars().any(|digit| ('1'..='9').contains(&digit));
    let sign = if negative { MINUS.to_string() } else { String::new() };
    if fraction.is_empty() {
        format!("{sign}{integer}")
    } else {
        format!("{sign}{integer},{fraction}")
    }
}

/// The same with a plus in front of what is above zero, for a difference.
pub(super) fn signed(number: f64, places: usize) -> String {
    let text = decimals(number, places);
    let positive =
        !text.starts_with(MINUS) && text.chars().any(|digit| ('1'..='9').contains(&digit));
    if positive { format!("+{text}") } else { text }
}

/// A difference in a sentence: `€ 270.000 meer`.
pub(super) fn more_or_less(amount: Cents) -> String {
    let way = if amount < Cents::ZERO { "minder" } else { "meer" };
    format!("{}{NBSP}{way}", euros(amount.abs()))
}

/// A difference in whole thousands of euros: `+40`, `−15`, and `–` for none that shows.
pub(super) fn change(amount: Cents) -> String {
    match in_thousands(amount) {
        0 => "–".to_owned(),
        size if size > 0 => format!("+{}", whole(size)),
        size => whole(size),
    }
}

/// A share as a percentage: `3,4%`.
pub(super) fn percent(share: f64) -> String {
    decimals(100.0 * share, 1) + "%"
}

/// A word with a capital.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `a`, `a en b`, `a, b en c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} en {last}", first.join(", ")),
    }
}

/// `1 regel`, `2 regels`.
pub(super) fn counted(number: usize, one: &str, more: &str) -> String {
    let word = if number == 1 { one } else { more };
    format!("{}{NBSP}{word}", count(number))
}

/// Years as words: `2028`, `2028 en 2030`, `2027 tot en met 2030`.
pub(super) fn years(years: &[i32]) -> String {
    match years {
        [first, .., last]
            if years.len() > 2 && usize::try_from(last - first) == Ok(years.len() - 1) =>
        {
            format!("{first} tot en met {last}")
        }
        _ => list(&years.iter().map(ToString::to_string).collect::<Vec<_>>()),
    }
}

/// Division rounded half away from zero.
fn rounded(number: i64, step: i64) -> i64 {
    let half = (number.abs() + step / 2) / step;
    if number < 0 { -half } else { half }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_dutch_numbers() {
        assert_eq!(whole(1_234_567), "1.234.567");
        assert_eq!(whole(-1_000), "−1.000");
        assert_eq!(whole(999), "999");
        assert_eq!(exact(Cents(123_456_789)), "1.234.567,89");
        assert_eq!(exact(Cents(-5)), "−0,05");
        assert_eq!(thousands(Cents::from_euros(39_000_499.0)), "39.000");
        assert_eq!(thousands(Cents::from_euros(-500.0)), "−1");
        assert_eq!(thousands(Cents::from_euros(-499.0)), "0");
        assert_eq!(decimals(-0.04, 1), "0,0");
        assert_eq!(decimals(1234.5, 1), "1.234,5");
        assert_eq!(signed(0.25, 2), "+0,25");
        assert_eq!(signed(-2.0, 0), "−2");
        assert_eq!(signed(0.0, 1), "0,0");
        assert_eq!(percent(0.0344), "3,4%");
        let changes = [1_234_500.0, -15_000.0, 499.0].map(|euros| change(Cents::from_euros(euros)));
        assert_eq!(changes, ["+1.235", "−15", "–"]);
    }

    #[test]
    fn writes_amounts_for_a_sentence() {
        assert_eq!(euros(Cents::from_euros(1_249_000.0)), "€\u{a0}1,2\u{a0}miljoen");
        assert_eq!(euros(Cents::from_euros(-40_600_000.0)), "€\u{a0}−40,6\u{a0}miljoen");
        assert_eq!(euros(Cents::from_euros(996_000.0)), "€\u{a0}1,0\u{a0}miljoen");
        assert_eq!(euros(Cents::from_euros(274_400.0)), "€\u{a0}270.000");
        assert_eq!(euros(Cents(61_249)), "€\u{a0}612");
        assert_eq!(more_or_less(Cents::from_euros(-274_400.0)), "€\u{a0}270.000\u{a0}minder");
    }

    #[test]
    fn rounds_bands_to_tens_of_thousands() {
        let euro = Cents::from_euros;
        assert_eq!(band(euro(39_355_000.0), euro(41_854_000.0)), "39.360\u{a0}–\u{a0}41.850");
        assert_eq!(band(euro(7_400.0), euro(8_600.0)), "7\u{a0}–\u{a0}9");
        assert_eq!(band(euro(-9_000.0), euro(-7_000.0)), "−9\u{a0}tot\u{a0}−7");
    }

    #[test]
    fn writes_months_lists_and_years() {
        assert_eq!(month("2026-10".parse().unwrap()), "oktober 2026");
        assert_eq!(month_and_year("2026-03".parse().unwrap()), "mrt\u{a0}2026");
        assert_eq!((month_short(2), month_short(9)), ("mrt", "okt"));
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b en c");
        assert_eq!(years(&[2027, 2028, 2029]), "2027 tot en met 2029");
        assert_eq!((capital("één"), capital("")), ("Één".to_owned(), String::new()));
        assert_eq!(years(&[2027, 2029]), "2027 en 2029");
        assert_eq!(counted(1, "regel", "regels"), "1\u{a0}regel");
    }
}
