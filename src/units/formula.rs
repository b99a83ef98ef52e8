//! Text that a spreadsheet program would calculate instead of show.

use std::borrow::Cow;

/// What a formula, or a command to another program, starts with. A tab or carriage return is dropped by some
/// programs, which then see what stands behind it; the last four are wide forms that some programs take for the
/// narrow ones. Source: OWASP, "CSV Injection".
const STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Behind these a program may begin another cell, also inside quotes: a Dutch Excel divides a file with commas at
/// semicolons.
const BREAKS: [char; 4] = [';', '\t', '\n', '\r'];

/// The text with an apostrophe wherever a spreadsheet program would begin a formula, which makes the program
/// show it. Any other text, and a number with its sign, is given as it is.
#[must_use]
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(STARTS) || is_number(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for letter in text.chars() {
        if begins && STARTS.contains(&letter) {
            shown.push('\'');
        }
        shown.push(letter);
        // A quote at the start of a cell is taken off.
        begins = BREAKS.contains(&letter) || begins && letter == '"';
    }
    if shown.len() == text.len() { Cow::Borrowed(text) } else { Cow::Owned(shown) }
}

/// A sign and what amounts are written with; nothing in it can be calculated.
fn is_number(text: &str) -> bool {
    let part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '%' | '€');
    text.strip_prefix(['+', '-']).is_some_and(|rest| rest.chars().all(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_formula_is_shown_and_a_number_stays() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
            ("＝1+1", "'＝1+1"),
            ("\t=1", "'\t'=1"),
            ("a;=1+1", "a;'=1+1"),
            ("a;\"=1+1;b", "a;\"'=1+1;b"),
            ("\"=1+1\"", "\"'=1+1\""),
            ("a \"-5 %\"", "a \"-5 %\""),
            ("regel\n+x", "regel\n'+x"),
            ("a; -5 % dan toen", "a; -5 % dan toen"),
            ("-1.234,56", "-1.234,56"),
            ("+31", "+31"),
            ("-", "-"),
            ("Jeugd -18", "Jeugd -18"),
            ("6.71*", "6.71*"),
            ("", ""),
        ] {
            assert_eq!(harmless(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn once_is_enough(text in "[-=+@;,a1\t\r\n '\"]{0,12}") {
            let once = harmless(&text).into_owned();
            let twice = harmless(&once);
            prop_assert_eq!(&*twice, once.as_str());
            prop_assert_eq!(once.replace('\'', ""), text.replace('\'', ""));
        }
    }
}
