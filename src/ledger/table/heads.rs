//! Headers that are a month, a period or a year.

use crate::ledger::parse;
use crate::units::{MAANDEN, Month};

/// What the header of a column of amounts says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::ledger) enum Head {
    /// A month with its year.
    Month(Month),
    /// A period of a year that stands elsewhere: 1 to 12 a month, 0 opening, 13 and up closing.
    Period(u32),
    /// A period of this year that is no month: 0 opens it, 13 and up close it.
    Closing(i32, u32),
}

/// The months in English that differ from Dutch in their first three letters or in full.
const ENGLISH: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words before the number of a period.
const PERIOD: [&str; 7] = ["p", "per", "periode", "period", "maand", "mnd", "m"];

/// `2025-01`, `202501`, `jan-25`, `jan 2025`, `januari`, `2025P01`, `01-2025`, `2025P13`, `Periode 1`, `P01`, `1`;
/// `None` for anything else.
pub(in crate::ledger) fn month(header: &str) -> Option<Head> {
    if let Some((month, _)) = parse::date(header.trim()) {
        return Some(Head::Month(month));
    }
    let parts = parts(header)?;
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts.as_slice() {
        [word] if named(word).is_some() => named(word).map(Head::Period),
        [number] => number.parse().ok().filter(|n| (1..=12).contains(n)).map(Head::Period),
        [word, number] if PERIOD.contains(word) => period(number).map(Head::Period),
        [word, number] if named(word).is_some() => in_year(number, named(word)?),
        [number, word] if named(word).is_some() => in_year(number, named(word)?),
        [year, number] if year.len() == 4 => in_year(year, number.parse().ok()?),
        [number, year] if year.len() == 4 => in_year(year, number.parse().ok()?),
        [year, word, number] if year.len() == 4 && PERIOD.contains(word) => {
            let period = period(number)?;
            let closing = || Some(Head::Closing(parse::year(year).ok()?, period));
            in_year(year, period).or_else(closing)
        }
        _ => None,
    }
}

/// `2025` or `jaar 2025`. A header with another word, as *rekening 2023*, says what kind of figure it
/// is as well, and is none.
pub(in crate::ledger) fn year(header: &str) -> Option<i32> {
    let parts = parts(header)?;
    let year = match parts.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [year] => *year,
        ["jaar" | "boekjaar" | "year", year] => year,
        _ => return None,
    };
    parse::year(year).ok().filter(|_| year.len() == 4)
}

/// The year in the name of a file: its only number of four digits that is a year.
pub(in crate::ledger) fn year_in_name(file: &str) -> Option<i32> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let numbers = name.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4);
    let mut years = numbers.filter_map(|digits| parse::year(digits).ok());
    years.next().filter(|_| years.next().is_none())
}

/// The words and numbers of a header, in lower case; `None` when it holds other signs.
fn parts(header: &str) -> Option<Vec<String>> {
    let mut parts: Vec<String> = Vec::new();
    let mut kind = None;
    for letter in header.trim().chars() {
        let next = if letter.is_ascii_digit() {
            Some(true)
        } else if letter.is_alphabetic() {
            Some(false)
        } else if letter.is_whitespace() || "-_/.'’".contains(letter) {
            None
        } else {
            return None;
        };
        match (next, parts.last_mut()) {
            (Some(_), Some(part)) if next == kind => part.extend(letter.to_lowercase()),
            (Some(_), _) => parts.push(letter.to_lowercase().collect()),
            (None, _) => {}
        }
        kind = next;
    }
    Some(parts)
}

/// The month of a word: in full, or at least three letters of it.
fn named(word: &str) -> Option<u32> {
    let is = |month: &str| word.len() >= 3 && month.starts_with(word);
    let found = MAANDEN.iter().zip(ENGLISH).position(|(dutch, english)| is(dutch) || is(english));
    let short = match word {
        "mrt" => Some(2),
        _ => found,
    };
    short.and_then(|at| u32::try_from(at + 1).ok())
}

fn period(number: &str) -> Option<u32> {
    number.parse().ok().filter(|&period| number.len() <= 2 && period <= 16)
}

/// A month of a year in two or four digits.
fn in_year(year: &str, month: u32) -> Option<Head> {
    let year = match year.len() {
        2 => 2000 + year.parse::<i32>().ok()?,
        4 => year.parse().ok()?,
        _ => return None,
    };
    Month::new(year, month).map(Head::Month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_months_and_periods() {
        let october = Some(Head::Month(Month::new(2025, 10).unwrap()));
        for header in [
            "2025-10",
            "202510",
            "okt-25",
            "okt 2025",
            "Oktober 2025",
            "2025 okt",
            "2025P10",
            "2025-P10",
            "10-2025",
            "2025/10",
            "2025-10-01",
            "oct-25",
            " okt'25 ",
            "okt. 2025",
        ] {
            assert_eq!(month(header), october, "{header}");
        }
        for (header, expected) in [
            ("januari", 1),
            ("Mrt", 3),
            ("maart", 3),
            ("mei", 5),
            ("May", 5),
            ("sept", 9),
            ("P01", 1),
            ("Periode 13", 13),
            ("periode 0", 0),
            ("12", 12),
            ("Maand 7", 7),
            ("dec.", 12),
        ] {
            assert_eq!(month(header), Some(Head::Period(expected)), "{header}");
        }
        for (header, expected) in [("2025P13", 13), ("2025-P00", 0), ("2025 periode 14", 14)] {
            assert_eq!(month(header), Some(Head::Closing(2025, expected)), "{header}");
        }
        for header in [
            "",
            "2025P17",
            "Totaal",
            "13",
            "0",
            "2025",
            "Totaal 2025",
            "bedrag 2025-10",
            "ja",
            "product 4",
            "P99",
            "Kwartaal 1",
            "4401",
            "okt-2",
            "jan (€)",
            "2025-13",
            "decentraal",
        ] {
            assert_eq!(month(header), None, "{header}");
        }
    }

    #[test]
    fn reads_bare_years_and_the_year_of_a_file() {
        assert_eq!((year("2025"), year("Jaar 2026")), (Some(2025), Some(2026)));
        assert_eq!((year("Rekening 2023"), year("25"), year("4401 ")), (None, None, None));
        assert_eq!(year_in_name("iv3/2023/gemeenten_2024_begroting.csv"), Some(2024));
        assert_eq!(year_in_name("stand-2025-03.csv"), Some(2025));
        assert_eq!((year_in_name("2024-2025.csv"), year_in_name("x202503.csv")), (None, None));
    }
}
