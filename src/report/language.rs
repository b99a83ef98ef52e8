//! How the report reads: short sentences, Dutch words, Dutch numbers.

use super::{example, pages};

/// What a reader sees of a piece of a page: its text, blocks apart, without drawings.
fn text(page: &str) -> String {
    let page = page.split_once("<body>").map_or(page, |(_, body)| body);
    let mut text = String::new();
    let mut skipped: Option<&str> = None;
    for part in page.split('<').skip(1) {
        let (tag, said) = part.split_once('>').unwrap();
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        match skipped {
            Some(until) if tag.starts_with('/') && name == until => skipped = None,
            None if ["svg", "code", "table"].contains(&name) && !tag.starts_with('/') => {
                skipped = Some(name);
            }
            _ => {}
        }
        if ["p", "li", "h1", "h2", "h3", "dt", "dd", "summary", "figcaption"].contains(&name) {
            text.push('\n');
        }
        if skipped.is_none() {
            text += said;
        }
    }
    text.replace("&amp;", "&").replace('\u{a0}', " ").replace('\u{ad}', "")
}

/// The sentences of a text: pieces of a line that end with a stop.
fn sentences(text: &str) -> Vec<&str> {
    let of_line = |line: &'_ str| line.ends_with(['.', '?', '!']);
    let lines = text.lines().map(str::trim).filter(|line| of_line(line));
    lines.flat_map(|line| line.split(". ")).collect()
}

#[test]
fn the_core_message_is_told_in_short_sentences() {
    let example = example::example();
    let page = &pages(&example.facts())[0].1;
    let core =
        page.split("<section id=\"kern\"").nth(1).unwrap().split("</section>").next().unwrap();
    let core = text(&format!("<body>{core}"));
    let sentences = sentences(&core);
    let words = |sentence: &&str| sentence.split_whitespace().count();
    let all: usize = sentences.iter().map(words).sum();
    assert!(sentences.len() > 20, "{sentences:?}");
    assert!(all <= 15 * sentences.len(), "{all} words in {} sentences", sentences.len());
    assert!(sentences.iter().all(|sentence| words(sentence) <= 30), "{sentences:?}");
}

#[test]
fn no_page_speaks_english() {
    const ENGLISH: [&str; 17] = [
        "the", "and", "with", "from", "year", "month", "forecast", "expected", "none", "true",
        "false", "warning", "error", "regular", "settled", "booked", "draws",
    ];
    let example = example::example();
    for (path, page) in pages(&example.facts()) {
        let text = text(&page).to_lowercase();
        let words = || text.split(|letter: char| !letter.is_alphanumeric());
        for word in ENGLISH {
            assert!(words().all(|said| said != word), "{path}: {word}");
        }
    }
}

#[test]
fn numbers_have_points_between_thousands_and_a_comma_before_decimals() {
    let example = example::example();
    for (path, page) in pages(&example.facts()) {
        for cell in page.split("<td>").skip(1) {
            let cell = cell.split('<').next().unwrap();
            let number = cell.trim_start_matches(['−', '+', '€', '\u{a0}']);
            if number.is_empty() || !number.starts_with(|first: char| first.is_ascii_digit()) {
                continue;
            }
            let number = number.split(['\u{a0}', ' ', '%']).next().unwrap();
            assert!(is_dutch(number), "{path}: {cell}");
        }
    }
}

/// `1.234.567,89`: groups of three behind points, then decimals behind a comma.
fn is_dutch(number: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, decimals) = number.split_once(',').unwrap_or((number, "0"));
    let mut groups = whole.split('.');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let short = if rest.is_empty() { first.len() <= 4 } else { first.len() <= 3 };
    short
        && digits(first)
        && digits(decimals)
        && rest.iter().all(|group| group.len() == 3 && digits(group))
}
