//! Free text that people write: beside what a column may hold, telephone numbers, dates of birth and names with
//! a form of address.

use super::value::{self, Group};
use super::{BEFORE_BOOKING, LONG_AGO, Personal, parse, refuse_person};
use crate::error::{Error, Result};
use crate::units::{MAANDEN, Month};

/// Forms of address that hardly stand without a name.
const SHORT: [&str; 3] = ["dhr", "mevr", "mej"];
/// The same in full, and what may follow when no person is meant.
const IN_FULL: [&str; 3] = ["mevrouw", "meneer", "mejuffrouw"];
const NO_NAME: [&str; 4] = ["en", "of", "is", "zijn"];
/// Words that are a form of address only before a capital.
const BEFORE_CAPITAL: [&str; 4] = ["mw", "heer", "fam", "familie"];
/// Words between a form of address and a name, as in `de heer van den Berg`.
const BETWEEN: [&str; 6] = ["van", "de", "den", "der", "ten", "ter"];
/// Words that tell that what follows is about one person.
const TELLING: [&str; 7] = [
    "bsn",
    "geboortedatum",
    "cliëntnummer",
    "clientnummer",
    "burgerservicenummer",
    "telefoonnummer",
    "dossiernummer",
];
/// Refuses a text that people wrote in `year` when it holds what looks like a person's data. A name without a form
/// of address can not be told from other words: the guide asks for roles.
///
/// # Errors
/// What [`refuse_person`] refuses, a telephone number, a date long before `year` or after *geboren*, a name after a
/// form of address, or a word such as *geboortedatum*.
pub fn refuse_personal_text(text: &str, what: &str, year: i32) -> Result<()> {
    let refuse = |found: &str| {
        Err(Error::personal_data(format!("{what} looks like {found}")).advice(
            "leave out whom it is about: write what happens to the money, and name people by their role",
        ))
    };
    if refuse_person(text, what).is_err() {
        let found = value::kind([text].into_iter()).unwrap_or(Personal::Bsn);
        return refuse(&found.to_string());
    }
    if holds_telephone(&without_dates(text, year)) {
        return refuse("a telephone number");
    }
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .collect();
    let long_ago = |at: usize| date_at(&words[at..]).is_some_and(|date| is_long_ago(date, year));
    if (0..words.len()).any(|at| long_ago(at) || tells_birth(&words[at..], year)) {
        return refuse(&Personal::BirthDate.to_string());
    }
    if holds_name(text) {
        return refuse(&Personal::Name.to_string());
    }
    Ok(())
}

/// A word in small letters without what stands around it.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// A word that is a date in figures, with `-` between them.
fn figures(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_ascii_digit()).replace(['/', '.'], "-")
}

/// The number of a month, in full or short: `okt`.
fn month_of(word: &str) -> Option<usize> {
    let name = bare(word);
    let is_it = |month: &&str| name.len() >= 3 && month.starts_with(&name);
    if name == "mrt" { Some(3) } else { MAANDEN.iter().position(is_it).map(|at| at + 1) }
}

/// The date that these words start with: `13-05-1961`, `13 mei 1961`.
fn date_at(words: &[&str]) -> Option<(Month, u32)> {
    let date = figures(words.first()?);
    let in_words = || {
        let (month, year) = (month_of(words.get(1)?)?, bare(words.get(2)?));
        parse::date(&format!("{year}-{month:02}-{date:0>2}"))
    };
    let (month, day) = parse::date(&date).or_else(in_words)?;
    // The ends of time stand for "no date".
    Some((month, day.filter(|_| month.year() > 1900)?))
}

/// A date of birth lies long before the text; decisions lie near. Contracts and acts start and end with a month,
/// so those dates must lie longer ago.
fn is_long_ago((month, day): (Month, u32), year: i32) -> bool {
    let is_last = || parse::date(&format!("{month}-{:02}", day + 1)).is_none();
    let least = if day == 1 || is_last() { LONG_AGO } else { BEFORE_BOOKING };
    year - month.year() > least
}

/// `geboren op 13 mei`, `geb. 13-05-61`, `geboren in 2012`; and not `meer kinderen geboren dan in 2025`.
fn tells_birth(words: &[&str], year: i32) -> bool {
    let rest: Vec<&str> =
        words[1..].iter().copied().skip_while(|word| ["op", "in"].contains(word)).collect();
    let Some(next) = rest.first().filter(|_| ["geboren", "geb"].contains(&&*bare(words[0]))) else {
        return false;
    };
    let in_figures = next.starts_with(|c: char| c.is_ascii_digit());
    let day_of_month = in_figures && rest.get(1).is_some_and(|word| month_of(word).is_some());
    let long_ago = |born: i32| born > 1900 && year - born > BEFORE_BOOKING;
    month_of(next).is_some()
        || day_of_month
        || (in_figures && next.contains(['-', '/']))
        || bare(next).parse().is_ok_and(long_ago)
}

/// `mevr. Jansen`, `Mevr.Jansen`, `de heer van den Berg`, `cliënt A`, and words that tell.
fn holds_name(text: &str) -> bool {
    let spaced = text.replace('.', ". ");
    let words: Vec<&str> = spaced
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '/'))
        .filter(|word| word.contains(char::is_alphanumeric))
        .collect();
    (0..words.len()).any(|at| {
        let after = words[at + 1..].iter().find(|next| !BETWEEN.contains(*next));
        TELLING.contains(&&*bare(words[at])) || after.is_some_and(|next| is_named(words[at], next))
    })
}

/// Whether `next` is the name of a person after this word.
fn is_named(word: &str, next: &str) -> bool {
    let (address, capital) = (bare(word), next.starts_with(char::is_uppercase));
    let address = &*address;
    // `MW` is social work, `mw.` a form of address.
    let is_social_work = word == "MW";
    let is_initial = capital && bare(next).chars().count() == 1;
    SHORT.contains(&address)
        || (IN_FULL.contains(&address) && !NO_NAME.contains(&&*bare(next)))
        || (BEFORE_CAPITAL.contains(&address) && capital && !is_social_work)
        || (["cliënt", "client"].contains(&address) && is_initial)
}

/// The text with a letter in the place of each date and month, so that their digits are no part of a number.
fn without_dates(text: &str, year: i32) -> String {
    let word = |word| if is_calendar(word, year) { "x" } else { word };
    text.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

/// `01-01-2026`, `2026-01`, `01-2026`, and near the text `01-01-26`.
fn is_calendar(word: &str, year: i32) -> bool {
    let date = figures(word);
    let parts: Vec<&str> = date.split('-').collect();
    let (full, near) = match parts.as_slice() {
        [month, of] if of.len() == 4 => (format!("{of}-{month:0>2}"), false),
        [day, month, short] if short.len() == 2 && day.len() < 4 => {
            (format!("{day}-{month}-20{short}"), true)
        }
        [_, _] | [_, _, _] => (date, false),
        _ => return false,
    };
    let far = if near { BEFORE_BOOKING } else { 100 };
    parse::date(&full).is_some_and(|(month, _)| (month.year() - year).abs() <= far)
}

/// Ten digits from 0 on, or +31 and nine: in one piece or in groups, as people write them. Amounts and years do
/// not start with 0.
fn holds_telephone(text: &str) -> bool {
    let groups = value::groups(text);
    (0..groups.len()).any(|at| starts_telephone(&groups[at..], at == 0))
}

fn starts_telephone(groups: &[Group], is_first: bool) -> bool {
    let Group { before, digits, .. } = groups[0];
    let is_inside = !is_first && [".", ",", "-", "/"].contains(&before);
    if is_inside || (digits.len() < 2 && !before.ends_with('+')) {
        return false;
    }
    let joins = |group: &&Group| {
        group.before.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '(' | ')' | '.' | '/'))
    };
    let mut joined = if before.ends_with('+') { format!("+{digits}") } else { digits.to_owned() };
    let more = groups[1..].iter().take_while(joins).map(|group| group.digits);
    is_telephone(&joined)
        || more.into_iter().any(|digits| {
            joined += digits;
            is_telephone(&joined)
        })
}

fn is_telephone(digits: &str) -> bool {
    let national = digits.strip_prefix("+31").or_else(|| digits.strip_prefix("0031"));
    match national {
        Some(rest) => rest.trim_start_matches('0').len() == 9,
        None => digits.len() == 10 && digits.starts_with('0') && !digits.starts_with("00"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refuses_what_is_about_one_person_and_never_repeats_it() {
        for (text, word) in [
            ("bel 06-12345678 even", "telephone"),
            ("via 053 123 45 67", "telephone"),
            ("via +31 6 12345678", "telephone"),
            ("mail jan@voorbeeld.nl", "e-mail"),
            ("rekening NL91ABNA0417164300", "IBAN"),
            ("gaat over 123456782", "BSN"),
            ("casus van 13-05-1961 loopt", "birth date"),
            ("woont op 7551 AB", "postcode"),
            ("afgestemd met mevr. Jansen", "person"),
            ("volgens de heer van den Berg", "person"),
            ("kind geboren in mei", "birth date"),
            ("jongen geboren op 13 mei", "birth date"),
            ("geb. 13 mei 1961", "birth date"),
            ("geb.13 mrt. 1961", "birth date"),
            ("geb. 13-05-24", "birth date"),
            ("casus 13.05.2014", "birth date"),
            ("casus van 01-05-1961", "birth date"),
            ("gaat over 1234.56.782 dus", "BSN"),
            ("123 456 782 loopt af", "BSN"),
            ("bel 06.12.34.56.78", "telephone"),
            ("bel 06/12345678", "telephone"),
            ("bel 06-12345678 10 uur", "telephone"),
            ("tel.(053) 123 45 67", "telephone"),
            ("Mevr.Jansen belde", "person"),
            ("overleg met mevrouw jansen", "person"),
            ("dhr/mevr jansen", "person"),
            ("volgens Mw Jansen", "person"),
            ("volgens mw. Jansen", "person"),
            ("dossier 12345 van cliënt A.", "person"),
        ] {
            let error = refuse_personal_text(text, "the text", 2026).unwrap_err();
            assert!(error.is_personal_data());
            let told = error.to_string();
            assert!(told.contains(word) && !told.contains(text), "{text}: {told}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,60}") {
            let _ = refuse_personal_text(&text, "the text", 2026);
        }

        #[test]
        fn a_mobile_number_is_seen_however_it_is_parted(
            digits in "[0-9]{8}", part in "[ -]?", before in "[a-z ]{0,9}",
        ) {
            let text = format!("{before}: 06{part}{}{part}{}.", &digits[..4], &digits[4..]);
            prop_assert!(refuse_personal_text(&text, "the text", 2026).is_err());
        }
    }

    #[test]
    fn lets_through_what_the_department_writes() {
        for text in [
            "Tarief verhoogd per 1 januari 2026; € 1.234.567,89 extra, zie raadsbesluit 2025-117.",
            "Besluit van 12-05-2026: 0,5 fte erbij op 6.712.",
            "De heer en mevrouw zijn woorden, geen namen.",
            "In 2025 en 2026 liep 4401 op van 100.000 naar 120.000 (20%).",
            "Vraag bij inkoop: waarom stijgt Begeleiding groep?",
            "Per 01-01-2026 10% hoger tarief",
            "Tarief per 01-01-2026 15 euro hoger, per 01-01-27 nog 1.000 euro.",
            "Vanaf 01-2026 1000 euro per maand; tussen 1.000 - 1.000.000 euro.",
            "MW Wijkteam neemt dit over",
            "Minder kinderen geboren dan gedacht",
            "Minder kinderen geboren in 2026, ook in mei.",
            "Contract uit 01-01-2019 loopt af op 31-12-2026.",
            "Sinds de Jeugdwet van 1 januari 2015 en tot 31 mei 2018.",
            "Per cliënt 1.200 euro; cliënt en familie betalen niets.",
            "",
        ] {
            refuse_personal_text(text, "the text", 2026).unwrap();
        }
    }
}
