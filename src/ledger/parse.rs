//! Cells to months, years, periods and amounts. Each distinct text of a column is parsed once.

use super::table::Value;
use crate::units::{Cents, Month, Side};

/// Why a cell can not be used, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bad {
    pub(super) what: String,
    pub(super) advice: String,
}

pub(super) fn bad(what: impl Into<String>, advice: impl Into<String>) -> Bad {
    Bad { what: what.into(), advice: advice.into() }
}

/// The parse of a cell.
pub(super) type Cell<T> = Result<T, Bad>;

const EMPTY: &str = "the cell is empty";

/// A month in any form: `2026-10`, `202610`, `2026-10-31`, `31-10-2026`, `31/10/2026`, `31.10.2026`, `20261031`,
/// the dates with or without a time after them.
pub(super) fn month(text: &str) -> Cell<Month> {
    if text.is_empty() {
        return Err(bad(EMPTY, "fill in the month, for instance 2026-10"));
    }
    let advice = "write 2026-10, 202610, 2026-10-31 or 31-10-2026; map year and period columns for closing periods";
    date(text)
        .map(|(month, _)| month)
        .ok_or_else(|| bad(format!("{text:?} is not a month"), advice))
}

/// A month, or nothing in an empty cell.
pub(super) fn optional_month(text: &str) -> Cell<Option<Month>> {
    if text.is_empty() { Ok(None) } else { month(text).map(Some) }
}

/// The month and, when the text has one, the day.
pub(super) fn date(text: &str) -> Option<(Month, Option<u32>)> {
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    let is_time = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '+' | '-' | 'Z');
    let timed = time.is_empty() || (time.contains(':') && time.chars().all(is_time));
    let mark = date.find(['-', '/', '.']).map_or('-', |at| char::from(date.as_bytes()[at]));
    let parts: Vec<&str> = date.split(mark).collect();
    if !timed || !parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    match (parts.as_slice(), parts.iter().map(|part| part.len()).collect::<Vec<_>>().as_slice()) {
        // Slashes and points stand in dates with the day first only.
        ([day, month, year], [1 | 2, 1 | 2, 4]) => on(year, month, Some(day)),
        _ if mark != '-' => None,
        ([year, month], [4, 2]) => on(year, month, None),
        ([year, month, day], [4, 2, 2]) => on(year, month, Some(day)),
        ([all], [6]) => on(&all[..4], &all[4..], None),
        ([all], [8]) => on(&all[..4], &all[4..6], Some(&all[6..])),
        _ => None,
    }
}

fn on(year: &str, month: &str, day: Option<&str>) -> Option<(Month, Option<u32>)> {
    let month = Month::new(year.parse().ok()?, month.parse().ok()?)?;
    let day = day.map(|day| day.parse().ok().filter(|&day| day >= 1 && day <= month.days()));
    day.map_or(Some((month, None)), |day| Some((month, Some(day?))))
}

/// A year, 1900 to 2200.
pub(super) fn year(text: &str) -> Cell<i32> {
    let year = text.parse().ok().filter(|&year| Month::new(year, 1).is_some());
    year.ok_or_else(|| bad(quoted(text, "is not a year"), "write four digits, for instance 2026"))
}

/// A booking period: 0 opening, 1 to 12 a month, 13 and up closing.
pub(super) fn period(text: &str) -> Cell<u32> {
    let period = text.parse().ok().filter(|&period| period <= 99);
    period.ok_or_else(|| {
        bad(quoted(text, "is not a period"), "write 0 (opening), 1 to 12, or 13 and up (closing)")
    })
}

/// A month of the year, 1 to 12, or nothing in an empty cell.
pub(super) fn optional_month_of_year(text: &str) -> Cell<Option<u32>> {
    optional_part(text, 12, "month")
}

/// A quarter, 1 to 4, or nothing in an empty cell.
pub(super) fn optional_quarter(text: &str) -> Cell<Option<u32>> {
    optional_part(text, 4, "quarter")
}

fn optional_part(text: &str, count: u32, name: &str) -> Cell<Option<u32>> {
    if text.is_empty() {
        return Ok(None);
    }
    let part = text.parse().ok().filter(|part| (1..=count).contains(part));
    let wrong =
        || bad(format!("{text:?} is not a {name} of the year"), format!("write 1 to {count}"));
    part.map(Some).ok_or_else(wrong)
}

/// Lasten or baten, in full or by the first letter.
pub(super) fn side(text: &str) -> Cell<Side> {
    match text.to_lowercase().as_str() {
        "lasten" | "l" => Ok(Side::Lasten),
        "baten" | "b" => Ok(Side::Baten),
        _ => Err(bad(
            quoted(text, "is neither lasten nor baten"),
            "write lasten or baten, or L or B",
        )),
    }
}

fn quoted(text: &str, what: &str) -> String {
    if text.is_empty() { EMPTY.to_owned() } else { format!("{text:?} {what}") }
}

/// An amount with `decimal` as its decimal mark, in units of ten to the power of `places`, exact to the cent.
/// A number of a workbook or a Parquet file has no mark of its own and is read as it is.
pub(super) fn amount(value: &Value, decimal: char, places: usize) -> Cell<Cents> {
    let text = &*value.text;
    if text.is_empty() {
        return Err(bad(EMPTY, "fill in the amount; write 0 when there is none"));
    }
    let parsed =
        if value.number { of_number(text, places) } else { of_text(text, decimal, places) };
    parsed.map_err(|wrong| wrong.explain(text, decimal, places, value.number))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Shape,
    Fraction,
    Size,
}

impl Wrong {
    fn explain(self, text: &str, decimal: char, places: usize, number: bool) -> Bad {
        let other = if decimal == ',' { '.' } else { ',' };
        let fits_other = !number && of_text(text, other, places).is_ok();
        let hint =
            format!("set decimal = \"{other}\" for this source if the whole file is written so");
        match self {
            Self::Fraction if fits_other => {
                bad(format!("{text:?} has more than two decimals"), hint)
            }
            Self::Fraction => {
                bad(format!("{text:?} has more than two decimals"), "round to cents in the source")
            }
            Self::Size => bad(
                format!("{text:?} is more than {} euros", Cents::LIMIT),
                "check the amount; split it over rows if it is right",
            ),
            Self::Shape if fits_other => {
                bad(format!("{text:?} is not an amount with decimal mark \"{decimal}\""), hint)
            }
            Self::Shape => bad(
                format!("{text:?} is not an amount"),
                format!("write it in digits, for instance 1234{decimal}56"),
            ),
        }
    }
}

fn of_number(text: &str, places: usize) -> Result<Cents, Wrong> {
    let number: f64 =
        text.parse().ok().filter(|number: &f64| number.is_finite()).ok_or(Wrong::Shape)?;
    let euros = (0..places).fold(number, |euros, _| euros * 10.0);
    if euros.abs() > Cents::LIMIT.euros() {
        return Err(Wrong::Size);
    }
    let cents = Cents::from_euros(euros);
    // A binary number may miss the decimal one by its last bits, at most 1e-6 euro at the limit.
    if (cents.euros() - euros).abs() > 1e-6 { Err(Wrong::Fraction) } else { Ok(cents) }
}

fn of_text(text: &str, decimal: char, places: usize) -> Result<Cents, Wrong> {
    let (negative, body) = without_sign(text).ok_or(Wrong::Shape)?;
    let (whole, fraction) = match body.split_once(decimal) {
        Some((_, "")) => return Err(Wrong::Shape),
        Some(parts) => parts,
        None => (body, ""),
    };
    let thousands = if decimal == ',' { '.' } else { ',' };
    let whole = without_groups(whole, thousands).ok_or(Wrong::Shape)?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) || (whole.is_empty() && fraction.is_empty()) {
        return Err(Wrong::Shape);
    }
    let fraction = fraction.trim_end_matches('0');
    let width = 2 + places;
    if fraction.len() > width {
        return Err(Wrong::Fraction);
    }
    let cents: i64 = format!("{whole}{fraction:0<width$}").parse().map_err(|_| Wrong::Size)?;
    if cents > Cents::LIMIT.0 {
        Err(Wrong::Size)
    } else {
        Ok(Cents(if negative { -cents } else { cents }))
    }
}

/// Takes off one sign (before, behind, or as parentheses) and one euro mark.
pub(super) fn without_sign(text: &str) -> Option<(bool, &str)> {
    let in_body = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let (first, last) = (text.find(in_body)?, text.rfind(in_body)?);
    let around = |part: &str| part.replace("EUR", "€").split_whitespace().collect::<String>();
    let (before, behind) = (around(&text[..first]), around(&text[last + 1..]));
    if before.matches('€').count() + behind.matches('€').count() > 1 {
        return None;
    }
    let negative = match (before.replace('€', "").as_str(), behind.replace('€', "").as_str()) {
        ("" | "+", "") => false,
        ("-" | "−", "") | ("", "-" | "−") | ("(", ")") => true,
        _ => return None,
    };
    Some((negative, &text[first..=last]))
}

/// The digits of a whole number whose thousands marks, if any, are all the same and stand in
/// well-formed groups of three.
fn without_groups(text: &str, thousands: char) -> Option<String> {
    let Some(mark) = text.chars().find(|c| !c.is_ascii_digit()) else {
        return Some(text.to_owned());
    };
    if mark != thousands && !mark.is_whitespace() && !matches!(mark, '\'' | '’') {
        return None;
    }
    let groups: Vec<&str> = text.split(mark).collect();
    let well_formed = groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_digit()))
        && (1..=3).contains(&groups[0].len())
        && !groups[0].starts_with('0')
        && groups[1..].iter().all(|group| group.len() == 3);
    well_formed.then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(text: &str, decimal: char) -> Cell<Cents> {
        amount(&Value { text: text.into(), number: false }, decimal, 0)
    }

    fn number(text: &str) -> Cell<Cents> {
        amount(&Value { text: text.into(), number: true }, ',', 0)
    }

    #[test]
    fn months_in_every_form() {
        let october = Month::new(2026, 10).unwrap();
        for form in [
            "2026-10",
            "202610",
            "2026-10-31",
            "31-10-2026",
            "1-10-2026",
            "31/10/2026",
            "31.10.2026",
            "1/10/2026 00:00",
            "20261031",
            "2026-10-31 00:00:00",
            "2026-10-31T00:00:00.000",
        ] {
            assert_eq!(month(form), Ok(october), "{form}");
        }
        for wrong in [
            "2026-13",
            "202613",
            "2026-1",
            "31-02-2026",
            "2026-10-32",
            "20261301",
            "46326",
            "okt 2026",
            "10/2026",
            "10/31/2026",
            "2026/10/31",
            "2026.10",
            "2026.10.31",
            "31/10-2026",
            "31/10/26",
            "",
            "2026-10 x",
            "2026--10",
            "-",
            "1826-10",
        ] {
            assert!(month(wrong).is_err(), "{wrong}");
        }
        assert_eq!(month("29-02-2024"), Ok(Month::new(2024, 2).unwrap()));
        assert!(month("29-02-2100").is_err());
    }

    #[test]
    fn amounts_with_comma() {
        for (form, cents) in [
            ("1234,56", 123_456),
            ("1.234,56", 123_456),
            ("1.234", 123_400),
            ("12,5", 1_250),
            ("12,3400", 1_234),
            ("-12,30", -1_230),
            ("12,30-", -1_230),
            ("(12,30)", -1_230),
            ("−5", -500),
            ("€ 5", 500),
            ("€ -5,00", -500),
            ("- € 5,00", -500),
            ("5,00 EUR", 500),
            ("+5", 500),
            (",50", 50),
            ("0", 0),
            ("1.234.567,89", 123_456_789),
            ("1 234 567,89", 123_456_789),
            ("1\u{a0}234,5", 123_450),
            ("0012", 1_200),
            ("10000000000", Cents::LIMIT.0),
        ] {
            assert_eq!(text(form, ','), Ok(Cents(cents)), "{form}");
        }
        for wrong in [
            "1,234.56",
            "1234.56",
            "12.34",
            "0.123",
            "1.2345",
            "12,",
            "12,-",
            "--5",
            "-5-",
            "(5",
            "(-5)",
            "€ € 5",
            "12,3x",
            "1E+05",
            "",
            ".",
            ",",
            "-",
            "1.234.56",
            "1 234.567",
            "5 %",
            "NaN",
        ] {
            assert!(text(wrong, ',').is_err(), "{wrong}");
        }
    }

    #[test]
    fn tells_what_is_wrong_with_an_amount() {
        let message = |form: &str, decimal| {
            let bad = text(form, decimal).unwrap_err();
            format!("{}; {}", bad.what, bad.advice)
        };
        assert!(message("1,234.56", ',').starts_with(
            "\"1,234.56\" is not an amount with decimal mark \",\"; set decimal = \".\""
        ));
        assert!(
            message("12.345", '.')
                .starts_with("\"12.345\" has more than two decimals; set decimal = \",\"")
        );
        assert!(message("12,345", ',').contains("set decimal = \".\""));
        assert!(message("12.3456", '.').ends_with("round to cents in the source"));
        assert!(message("12,3x", ',').ends_with("for instance 1234,56"));
        assert!(message("10000000000,01", ',').contains("more than 10000000000.00 euros"));
        assert!(message("99999999999999999999", ',').contains("more than"));
    }

    #[test]
    fn numbers_have_a_point_whatever_the_mark() {
        assert_eq!(number("1.25"), Ok(Cents(125)));
        assert_eq!(number("1234567.8900000001"), Ok(Cents(123_456_789)));
        assert_eq!(number("-0.1"), Ok(Cents(-10)));
        for wrong in ["12.345", "NaN", "1e300", "inf"] {
            assert!(number(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn thousands_are_exact() {
        let text = |text: &str, number| amount(&Value { text: text.into(), number }, ',', 3);
        assert_eq!(text("21832,0", false), Ok(Cents(2_183_200_000)));
        assert_eq!(text("-0,12345", false), Ok(Cents(-12_345)));
        assert_eq!(text("0.1", true), Ok(Cents(10_000)));
        assert!(text("0,123456", false).is_err() && text("99999999999", false).is_err());
    }

    #[test]
    fn sides_periods_and_years() {
        assert_eq!(side("l"), Ok(Side::Lasten));
        assert_eq!(side("BATEN"), Ok(Side::Baten));
        assert!(side("uitgaven").is_err());
        assert_eq!((period("0"), period("013")), (Ok(0), Ok(13)));
        assert!(period("-1").is_err());
        assert_eq!(year("2026"), Ok(2026));
        assert_eq!(year("").unwrap_err().what, EMPTY);
        assert!(year("26").is_err());
    }

    fn grouped(whole: u64, mark: &str) -> String {
        let digits = whole.to_string();
        let groups: Vec<&str> =
            digits.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap()).collect();
        groups.join(mark)
    }

    proptest! {
        #[test]
        fn amounts_read_back(cents in -Cents::LIMIT.0..=Cents::LIMIT.0) {
            let plain = Cents(cents).to_string();
            prop_assert_eq!(text(&plain, '.'), Ok(Cents(cents)));
            prop_assert_eq!(text(&plain.replace('.', ","), ','), Ok(Cents(cents)));
            prop_assert_eq!(number(&plain), Ok(Cents(cents)));
            prop_assert_eq!(number(&Cents(cents).euros().to_string()), Ok(Cents(cents)));
            let size = cents.unsigned_abs();
            let dutch = format!("{},{:02}", grouped(size / 100, "."), size % 100);
            prop_assert_eq!(text(&dutch, ','), Ok(Cents(cents.abs())));
            prop_assert_eq!(text(&format!("({dutch})"), ','), Ok(Cents(-cents.abs())));
        }

        #[test]
        fn months_read_back(year in 1900..=2200_i32, of_year in 1..=12_u32, day in 1..=28_u32) {
            let expected = Month::new(year, of_year).unwrap();
            for form in [
                expected.to_string(),
                format!("{year}{of_year:02}"),
                format!("{expected}-{day:02}"),
                format!("{day:02}-{of_year:02}-{year}"),
                format!("{year}{of_year:02}{day:02}"),
            ] {
                prop_assert_eq!(month(&form), Ok(expected));
            }
        }
    }
}
