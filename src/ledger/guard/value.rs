//! Values that look like personal data, alone or inside a longer text.

use super::Personal;
use std::collections::{BTreeSet, HashSet};

/// Whether the texts of a column hold BSNs; the rule and its false alarms are stated in the module
/// above.
pub(super) fn hold_bsns<'a>(texts: impl Iterator<Item = &'a str>) -> bool {
    let mut numbers = HashSet::new();
    let mut named = false;
    for text in texts {
        let found = nine_digits(text);
        named |= found.iter().any(|&number| passes_eleven_test(number)) && names_bsn(text);
        numbers.extend(found);
    }
    let passing = numbers.iter().filter(|&&number| passes_eleven_test(number)).count();
    named || is_no_chance(passing, numbers.len())
}

/// Whether a text holds a number that passes the eleven test, in one piece or in groups.
pub(super) fn has_bsn(text: &str) -> bool {
    nine_digits(text).into_iter().chain(nine_in_groups(text)).any(passes_eleven_test)
}

/// Digits in a row inside a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group<'a> {
    /// What stands between the digits before and these.
    pub before: &'a str,
    pub digits: &'a str,
    /// The rest of the text.
    pub after: &'a str,
}

/// The digits of a text, in order.
pub(super) fn groups(text: &str) -> Vec<Group<'_>> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, tail) = rest.split_at(start);
        let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let (digits, after) = tail.split_at(end);
        found.push(Group { before, digits, after });
        rest = after;
    }
    found
}

/// `123 456 782` and `1234.56.782` inside a text: three or four groups with the same sign between them. Amounts
/// are none.
fn nine_in_groups(text: &str) -> Vec<u32> {
    let groups = groups(text);
    let windows = (3..=4).flat_map(|size| groups.windows(size));
    windows.filter(|part| is_parted(part) && !is_amount(part)).filter_map(joined_nine).collect()
}

fn joined_nine(part: &[Group]) -> Option<u32> {
    let joined: String = part.iter().map(|group| group.digits).collect();
    (joined.len() == 9).then(|| joined.parse().ok())?
}

fn is_parted(part: &[Group]) -> bool {
    let sign = part[1].before;
    (sign.trim().is_empty() || [".", "-", "/"].contains(&sign))
        && part[1..].iter().all(|group| group.before == sign)
        && part.iter().all(|group| (2..=4).contains(&group.digits.len()))
}

/// With the sign of the euro, its word or decimals.
fn is_amount(part: &[Group]) -> bool {
    let after = part[part.len() - 1].after;
    let decimals = after
        .strip_prefix(',')
        .is_some_and(|cents| cents.starts_with(|c: char| c.is_ascii_digit()));
    decimals || part[0].before.trim_end().ends_with('€') || after.trim_start().starts_with("euro")
}

fn names_bsn(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains("burgerservice")
        || lower.split(|c: char| !c.is_alphabetic()).any(|word| word == "bsn")
}

/// At least half pass, and so many would by chance in fewer than one of a thousand columns.
fn is_no_chance(passing: usize, of: usize) -> bool {
    passing * 2 >= of && (if of > 20 { true } else { tail(passing, of) < 0.001 })
}

/// P(X ≥ k) of the binomial distribution with `n` trials and chance 1/11.
fn tail(k: usize, n: usize) -> f64 {
    let mut term = (10.0_f64 / 11.0).powi(i32::try_from(n).unwrap_or(i32::MAX));
    let mut below = 0.0;
    for j in 0..k {
        below += term;
        // C(n, j+1) p^(j+1) q^(n-j-1) from the term before it; p / q = 1/10.
        #[expect(clippy::cast_precision_loss, reason = "at most twenty")]
        let step = (n - j) as f64 / (j + 1) as f64 / 10.0;
        term *= step;
    }
    1.0 - below
}

/// The numbers of nine digits in a text, or the whole text when it is nine digits in groups. Digits
/// of a longer number or of one with decimals are none.
fn nine_digits(text: &str) -> Vec<u32> {
    let whole =
        [".0", ",0", ".00", ",00"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    if let Some(number) = grouped_number(whole) {
        return vec![number];
    }
    if text.len() < 9 {
        return Vec::new();
    }
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let words = text.split(|c| !is_part(c)).map(|word| word.trim_matches(['.', ',']));
    words.filter(|word| word.len() == 9).filter_map(|word| digits(word)?.parse().ok()).collect()
}

fn digits(word: &str) -> Option<&str> {
    word.bytes().all(|b| b.is_ascii_digit()).then_some(word)
}

/// `123456782`, `123 456 782`, `1234.56.782`: groups of at least two digits, nine in all.
fn grouped_number(text: &str) -> Option<u32> {
    if !(9..=12).contains(&text.len())
        || !text.bytes().all(|b| b.is_ascii_digit() || b" .-".contains(&b))
    {
        return None;
    }
    let groups: Vec<&str> = text.split([' ', '.', '-']).collect();
    let joined = groups.concat();
    (joined.len() == 9 && groups.iter().all(|group| group.len() >= 2))
        .then(|| joined.parse().ok())?
}

/// The eleven test of the BSN: 9·d1 + 8·d2 + … + 2·d8 − d9 is a multiple of 11.
fn passes_eleven_test(number: u32) -> bool {
    let mut rest = number / 10;
    let mut sum = -i64::from(number % 10);
    for weight in 2..=9 {
        sum += weight * i64::from(rest % 10);
        rest /= 10;
    }
    number != 0 && sum % 11 == 0
}

/// What the texts of a column look like, apart from BSNs and birth dates.
pub(super) fn kind<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Personal> {
    let mut pairs = BTreeSet::new();
    for text in texts.filter(|text| text.len() >= 6) {
        if has_email(text) {
            return Some(Personal::Email);
        }
        if has_iban(text) {
            return Some(Personal::Iban);
        }
        if is_area_code(text) {
            return Some(Personal::Neighbourhood);
        }
        match postcode(text) {
            Some(Hint::Telling) => return Some(Personal::Postcode),
            Some(Hint::Half(pair)) => pairs.extend([pair]),
            None => {}
        }
    }
    (pairs.len() >= 3).then_some(Personal::Postcode)
}

fn has_email(text: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%');
    text.match_indices('@').any(|(at, _)| {
        let domain = text[at + 1..]
            .split(|c: char| !c.is_alphanumeric() && c != '.' && c != '-')
            .next()
            .unwrap_or("");
        let (host, end) = domain.trim_end_matches(['.', '-']).rsplit_once('.').unwrap_or_default();
        text[..at].ends_with(is_name)
            && !host.is_empty()
            && end.len() >= 2
            && end.chars().all(char::is_alphabetic)
    })
}

/// A CBS code of a district or neighbourhood: `WK016400`, `BU01640101`.
fn is_area_code(text: &str) -> bool {
    let code = text.strip_prefix("WK").filter(|code| code.len() == 6);
    let code = code.or_else(|| text.strip_prefix("BU").filter(|code| code.len() == 8));
    code.is_some_and(|code| code.bytes().all(|b| b.is_ascii_digit()))
}

/// The length of an IBAN per country (SWIFT IBAN Registry).
const IBAN_LENGTHS: [(&[u8; 2], usize); 35] = [
    (b"NL", 18),
    (b"BE", 16),
    (b"DE", 22),
    (b"FR", 27),
    (b"GB", 22),
    (b"ES", 24),
    (b"IT", 27),
    (b"PL", 28),
    (b"AT", 20),
    (b"CH", 21),
    (b"LU", 20),
    (b"IE", 22),
    (b"PT", 25),
    (b"DK", 18),
    (b"SE", 24),
    (b"NO", 15),
    (b"FI", 18),
    (b"CZ", 24),
    (b"HU", 28),
    (b"RO", 24),
    (b"BG", 22),
    (b"GR", 27),
    (b"HR", 21),
    (b"SI", 19),
    (b"SK", 24),
    (b"EE", 20),
    (b"LV", 21),
    (b"LT", 20),
    (b"CY", 28),
    (b"MT", 31),
    (b"TR", 26),
    (b"LI", 21),
    (b"MC", 27),
    (b"SM", 27),
    (b"IS", 26),
];

fn has_iban(text: &str) -> bool {
    let bytes = text.as_bytes();
    let starts = bytes.windows(4).enumerate().filter(|&(at, four)| {
        four[..2].iter().all(u8::is_ascii_alphabetic)
            && four[2..].iter().all(u8::is_ascii_digit)
            && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric())
    });
    starts.into_iter().any(|(at, _)| is_iban(&bytes[at..]))
}

/// Whether the text starts with an IBAN that ends there as a word, in one piece or in fours.
fn is_iban(text: &[u8]) -> bool {
    let country = [text[0].to_ascii_uppercase(), text[1].to_ascii_uppercase()];
    let Some(&(_, length)) = IBAN_LENGTHS.iter().find(|(name, _)| **name == country) else {
        return false;
    };
    let mut iban = Vec::with_capacity(length);
    let mut rest = text.iter().copied().peekable();
    while iban.len() < length {
        if !iban.is_empty() && iban.len() % 4 == 0 {
            rest.next_if(|&b| b == b' ' || b == b'.');
        }
        match rest.next_if(u8::is_ascii_alphanumeric) {
            Some(letter) => iban.push(letter.to_ascii_uppercase()),
            None => return false,
        }
    }
    rest.peek().is_none_or(|b| !b.is_ascii_alphanumeric()) && remainder_97(&iban) == 1
}

/// The remainder of an IBAN after division by 97, its first four letters put behind (ISO 13616).
fn remainder_97(iban: &[u8]) -> u32 {
    iban[4..].iter().chain(&iban[..4]).fold(0, |rest, &letter| match letter {
        b'0'..=b'9' => (rest * 10 + u32::from(letter - b'0')) % 97,
        _ => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
    })
}

/// How much a text says about a postcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hint {
    Telling,
    /// Only together with others; the pair of letters.
    Half([u8; 2]),
}

/// Pairs of capitals that stand behind a number as a word, unit or legal form, and the three that
/// no postcode has.
const NOT_POSTCODE: [&str; 58] = [
    "AF", "AL", "BV", "BO", "CM", "CT", "CV", "DD", "DG", "EN", "ER", "EU", "FU", "GB", "GR", "HA",
    "HH", "HO", "IN", "IS", "JR", "JW", "KG", "KM", "KW", "MB", "MD", "ML", "MM", "MN", "NO", "NR",
    "NV", "OF", "OM", "OP", "OZ", "PD", "PG", "PJ", "PM", "PO", "PP", "PR", "PU", "PW", "SA", "SD",
    "SS", "ST", "TE", "TM", "UR", "VO", "VV", "WE", "WK", "ZN",
];

fn postcode(text: &str) -> Option<Hint> {
    let bytes = text.as_bytes();
    let whole = text.to_uppercase();
    if let Some(hint) = postcode_at(whole.as_bytes(), 0).filter(|_| text.len() <= 7) {
        return Some(if is_year(bytes) { hint.1 } else { Hint::Telling });
    }
    let hints = (0..bytes.len().saturating_sub(5)).filter(|&at| is_word_start(bytes, at));
    let mut found = hints.filter_map(|at| postcode_at(bytes, at).map(|hint| (at, hint)));
    let first = found.next()?;
    let telling = |&(at, (spaced, _)): &(usize, (bool, Hint))| spaced && !is_year(&bytes[at..]);
    Some(if telling(&first) || found.any(|hit| telling(&hit)) { Hint::Telling } else { first.1.1 })
}

fn is_word_start(bytes: &[u8], at: usize) -> bool {
    at == 0
        || !(bytes[at - 1].is_ascii_alphanumeric()
            || bytes[at - 1] >= 0x80
            || b".,-".contains(&bytes[at - 1]))
}

fn is_year(bytes: &[u8]) -> bool {
    bytes.starts_with(b"19") || bytes.starts_with(b"20")
}

/// Whether four digits, perhaps a space, and two capitals stand here as a word; with a space or not.
fn postcode_at(bytes: &[u8], at: usize) -> Option<(bool, Hint)> {
    let (number, rest) = bytes.get(at..)?.split_at_checked(4)?;
    let spaced = rest.first() == Some(&b' ');
    let rest = &rest[usize::from(spaced)..];
    let pair: [u8; 2] = rest.get(..2)?.try_into().ok()?;
    let ends = rest.get(2).is_none_or(|&b| !b.is_ascii_alphanumeric() && b < 0x80);
    let digits = number[0] != b'0' && number.iter().all(u8::is_ascii_digit);
    let letters = pair.iter().all(u8::is_ascii_uppercase)
        && !NOT_POSTCODE.iter().any(|&common| common.as_bytes() == pair.as_slice());
    (digits && letters && ends).then_some((spaced, Hint::Half(pair)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<Personal> {
        kind([text].into_iter())
    }

    /// The first `count` numbers from `start` that pass (or fail) the eleven test.
    fn numbers(start: u32, pass: bool, count: usize) -> Vec<String> {
        (start..)
            .filter(|&n| passes_eleven_test(n) == pass)
            .take(count)
            .map(|n| n.to_string())
            .collect()
    }

    fn bsns(pass: usize, fail: usize) -> bool {
        let texts = [numbers(123_456_700, true, pass), numbers(234_567_000, false, fail)].concat();
        hold_bsns(texts.iter().map(String::as_str))
    }

    #[test]
    fn the_eleven_test_by_hand() {
        // 9·1+8·2+7·3+6·4+5·5+4·6+3·7+2·8−2 = 154 = 14·11.
        assert!(passes_eleven_test(123_456_782));
        assert!(!passes_eleven_test(123_456_789));
        assert!(!passes_eleven_test(0));
        let passing = (100_000_000..100_110_000).filter(|&n| passes_eleven_test(n)).count();
        assert_eq!(passing, 10_000);
    }

    #[test]
    fn chance_by_hand() {
        // 3 of 3: (1/11)³; 1 of 2: 1 − (10/11)².
        assert!((tail(3, 3) - 1.0 / 1331.0).abs() < 1e-12);
        assert!((tail(1, 2) - 21.0 / 121.0).abs() < 1e-12);
    }

    #[test]
    fn bsns_need_more_than_chance() {
        for (pass, fail) in [(3, 0), (4, 1), (6, 4), (11, 10), (500, 500)] {
            assert!(bsns(pass, fail), "{pass} pass, {fail} fail");
        }
        for (pass, fail) in
            [(0, 0), (1, 0), (2, 0), (3, 1), (1, 10), (5, 5), (100, 900), (499, 501)]
        {
            assert!(!bsns(pass, fail), "{pass} pass, {fail} fail");
        }
        let invoices: Vec<String> = (202_400_000_u32..202_405_000).map(|n| n.to_string()).collect();
        assert!(!hold_bsns(invoices.iter().map(String::as_str)));
    }

    #[test]
    fn random_numbers_rarely_look_like_bsns() {
        // 20,000 columns of 1 to 40 random numbers; by the rule fewer than one of a thousand trips.
        let mut state = 1_u64;
        let mut number = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % 900_000_000 + 100_000_000).to_string()
        };
        let mut trips = 0;
        for column in 0..20_000 {
            let numbers: Vec<String> = (0..=column % 40).map(|_| number()).collect();
            trips += usize::from(hold_bsns(numbers.iter().map(String::as_str)));
        }
        assert!(trips <= 20, "{trips}");
    }

    #[test]
    fn bsns_in_groups_and_in_texts() {
        assert_eq!(nine_digits("1234.56.782"), [123_456_782]);
        assert_eq!(nine_digits("123 456 782"), [123_456_782]);
        assert_eq!(nine_digits("123456782.0"), [123_456_782]);
        assert_eq!(nine_digits("zorg 123456782, jan"), [123_456_782]);
        assert_eq!(nine_digits("BSN123456782"), [123_456_782]);
        for text in ["123456782,50", "1234567820", "31-10-2026", "1.234.567,89", "12.345.678,90"] {
            assert!(nine_digits(text).is_empty(), "{text}");
        }
        assert!(hold_bsns(["hulp aan BSN: 123456782"].into_iter()));
        assert!(!hold_bsns(["factuur 123456782"].into_iter()));
    }

    #[test]
    fn a_bsn_in_groups_inside_a_text_is_no_amount() {
        for text in [
            "gaat over 1234.56.782 dus",
            "123 456 782 loopt af",
            "sinds 2025 123-456-782.",
            "zie 12/34/56/782",
        ] {
            assert!(has_bsn(text), "{text}");
        }
        for text in [
            "samen € 123.456.782 begroot",
            "samen 123.456.782,50 begroot",
            "samen 123.456.782 euro begroot",
            "van 123 456-782 naar 1.234.567",
            "gaat over 1234.56.783 dus",
            "per 01-01-2026 100 meer",
        ] {
            assert!(!has_bsn(text), "{text}");
        }
    }

    #[test]
    fn finds_addresses_and_accounts() {
        for text in ["jan@voorbeeld.nl", "mail naar j.de-vries@zorg.voorbeeld.nl.", "<a@b.nl>"] {
            assert_eq!(one(text), Some(Personal::Email), "{text}");
        }
        // The published example of a Dutch IBAN, and the Belgian and German ones.
        for text in [
            "NL91ABNA0417164300",
            "nl91 abna 0417 1643 00",
            "betaald op NL91ABNA0417164300, dank",
            "BE68 5390 0754 7034",
            "DE89370400440532013000",
        ] {
            assert_eq!(one(text), Some(Personal::Iban), "{text}");
        }
        for text in [
            "3 @ 45.00",
            "x@12.50",
            "@home",
            "NL92ABNA0417164300",
            "NL91ABNA04171643001",
            "NL2024 0001 begroting",
            "DE12 is een regel tekst",
            "AB12345678901234567",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
        assert_eq!(one("BU01640101"), Some(Personal::Neighbourhood));
        assert_eq!(one("WK2024"), None);
    }

    #[test]
    fn finds_postcodes_and_leaves_years_and_units() {
        for text in ["7551 AB", "7551AB", "7551 ab", "vervoer naar 7551 AB Hengelo", "(7551 AB)"] {
            assert_eq!(one(text), Some(Personal::Postcode), "{text}");
        }
        for text in [
            "2024 WMO",
            "2025 EN 2026",
            "2024 NL",
            "Zorg 2000 BV",
            "1250 PM",
            "EUR 1500 KM",
            "7551ABC",
            "17551 AB",
            "0123 AB",
            "6.7551 AB",
            "7551 Ab tekst",
            "regel 7551AB tekst",
            "2024 is een jaar",
            "1234 SS",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
        let years = ["inzet 2024 NL", "inzet 2025 QX", "inzet 2026 TK"];
        assert_eq!(kind(years[..2].iter().copied()), None);
        assert_eq!(kind(years.into_iter()), Some(Personal::Postcode));
    }
}
