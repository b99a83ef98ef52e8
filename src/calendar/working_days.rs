//! Working days by the Dutch holiday rule.

use crate::units::{Month, Months};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use std::sync::LazyLock;

/// The years whose surpluses are kept; outside them a month has none.
const KEPT: std::ops::RangeInclusive<i32> = 1950..=2100;
/// The years that make a usual month: one cycle of weekdays.
const CYCLE: std::ops::RangeInclusive<i32> = 2001..=2028;

/// The number of working days (*werkdagen*) in `month`: Monday to Friday without the holidays on
/// which the Netherlands is generally off.
///
/// Those are New Year's Day, Easter Monday, Koningsdag, Ascension Day, Whit Monday, 25 and 26
/// December, and Bevrijdingsdag in lustrum years. Good Friday is not among them: it is an ordinary
/// working day unless an agreement says otherwise.
///
/// # Panics
/// Never: a month lies in a year that the calendar knows.
#[must_use]
pub fn working_days(month: Month) -> u32 {
    let first = day(month.year(), month.of_year(), 1);
    let off = holidays(month.year());
    let works = |date: &Date| !is_weekend(*date) && !off.contains(date);
    let count = first
        .series(1.day())
        .take_while(|date| date.month() == first.month())
        .filter(works)
        .count();
    u32::try_from(count).expect("a month has at most 31 days")
}

/// How many more working days `month` has than that month of the year usually has, as a logarithm:
/// ln(days) less its mean over 28 years. 0 before 1950 and after 2100.
#[must_use]
pub fn working_day_surplus(month: Month) -> f64 {
    static SURPLUS: LazyLock<Vec<f64>> = LazyLock::new(surpluses);
    let first = Month::january(*KEPT.start());
    let at = usize::try_from((month - first).0).ok();
    at.and_then(|at| SURPLUS.get(at)).copied().unwrap_or(0.0)
}

fn surpluses() -> Vec<f64> {
    let size = |month: Month| f64::from(working_days(month)).ln();
    let usual: [f64; 12] = std::array::from_fn(|index| {
        let same = CYCLE.map(|year| Month::january(year) + Months::of(index));
        let (sum, count) = same.fold((0.0, 0.0), |(sum, n), month| (sum + size(month), n + 1.0));
        sum / count
    });
    let months = Month::january(*KEPT.start()).through(Month::december(*KEPT.end()));
    months.map(|month| size(month) - usual[month.index()]).collect()
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The holidays of `year`; two may fall on one day (Ascension Day 2005 was Bevrijdingsdag).
fn holidays(year: i32) -> Vec<Date> {
    let easter = easter(year);
    let mut off = vec![
        day(year, 1, 1),
        easter + 1.day(),
        kings_day(year),
        easter + 39.days(),
        easter + 50.days(),
        day(year, 12, 25),
        day(year, 12, 26),
    ];
    if year % 5 == 0 {
        off.push(day(year, 5, 5));
    }
    off
}

/// Koningsdag: 27 April since 2014, before that Koninginnedag on 30 April; the day before when
/// that is a Sunday.
fn kings_day(year: i32) -> Date {
    let date = day(year, 4, if year < 2014 { 30 } else { 27 });
    if date.weekday() == Weekday::Sunday { date - 1.day() } else { date }
}

/// Easter Sunday by the anonymous Gregorian algorithm; the letters are those of J. Meeus,
/// *Astronomical Algorithms* (1991), chapter 8.
#[expect(clippy::many_single_char_names, reason = "the letters of the source")]
fn easter(year: i32) -> Date {
    let a = year % 19;
    let (b, c) = (year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    day(year, (n / 31).unsigned_abs(), (n % 31).unsigned_abs() + 1)
}

fn day(year: i32, month: u32, day: u32) -> Date {
    let year = i16::try_from(year).expect("a month lies in a year of four digits");
    let part = |n: u32| i8::try_from(n).expect("a month and a day are below 32");
    Date::new(year, part(month), part(day)).expect("the rule names days that exist")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_a_month_with_the_same_month_of_other_years() {
        // January 2026 has 21 working days; of 2001 to 2028 a January has 20 to 22.
        let surplus = working_day_surplus("2026-01".parse().unwrap());
        assert!((-0.08..0.08).contains(&surplus), "{surplus}");
        let januaries: f64 = CYCLE.map(|year| working_day_surplus(Month::january(year))).sum();
        assert!(januaries.abs() < 1e-12 && working_day_surplus(Month::january(2150)) == 0.0);
    }

    fn of(year: i32) -> Vec<u32> {
        Month::january(year).through(Month::december(year)).map(working_days).collect()
    }

    #[test]
    fn finds_easter() {
        let dates = [
            (2000, 4, 23),
            (2008, 3, 23),
            (2019, 4, 21),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2038, 4, 25),
        ];
        for (year, month, date) in dates {
            assert_eq!(easter(year), day(year, month, date));
        }
    }

    #[test]
    fn moves_the_kings_birthday_off_a_sunday() {
        assert_eq!(kings_day(2014), day(2014, 4, 26));
        assert_eq!(kings_day(2026), day(2026, 4, 27));
        assert_eq!(kings_day(2006), day(2006, 4, 29));
        assert_eq!(kings_day(2013), day(2013, 4, 30));
    }

    #[test]
    fn counts_the_year_2026() {
        // Weekdays 22 20 22 22 21 22 23 21 22 22 21 23. Off: Thu 1 Jan, Mon 6 and 27 Apr,
        // Thu 14 and Mon 25 May, Fri 25 Dec (26 is a Saturday).
        assert_eq!(of(2026), [21, 20, 22, 20, 19, 22, 23, 21, 22, 22, 21, 22]);
    }

    #[test]
    fn takes_liberation_day_off_in_lustrum_years_only() {
        // May 2025: 22 weekdays, off Mon 5 and Thu 29 May; May 2024: 23, off Thu 9 and Mon 20 May.
        assert_eq!((of(2025)[4], of(2024)[4]), (20, 21));
        // May 2005: 22 weekdays; Thu 5 May is both Ascension and Liberation Day; Mon 16 May.
        assert_eq!(of(2005)[4], 20);
    }
}
