//! The numbers outside tables: each must be a value of the parts that its sentence names.

use super::counts::counts;
use super::data::DataSets;
use super::values::{amounts, forms, shares};
use crate::dutch;
use crate::html;
use std::collections::{BTreeMap, BTreeSet};

/// What starts and ends a piece of text of its own.
const BLOCKS: [&str; 14] = [
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "dt",
    "dd",
    "summary",
    "caption",
    "title",
    "desc",
    "text",
    "figcaption",
];

/// Numbers that are no result: what a band is, how chances are put, how a rule reads.
const RULES: [(&str, &str); 28] = [
    ("van de 100 euro", "how the share of a month that is in is put"),
    ("80%", "the name of a band"),
    ("50%", "the name of a band"),
    ("95%", "the name of a band"),
    ("8 van de 10", "what the 80% band means"),
    ("1 van de 10", "what lies outside it"),
    ("in 8 van de 10", "what the 80% band means"),
    ("19 van de 20", "how a high chance is put"),
    ("1 van de 20", "how a low chance is put"),
    ("3 van de 4", "what p75 means"),
    ("9 van de 10", "what p90 means"),
    ("van de 10 stippen", "how many dots there are"),
    ("van de 10", "how many dots there are"),
    ("meer dan 1%", "when a month is final"),
    ("1 van de 40", "when a count is rare"),
    ("2 van de 10", "what lies outside the 80% band"),
    ("binnen80", "the name of a column"),
    ("p10, p90", "the names of columns"),
    ("× € 1.000", "the unit of a table"),
    ("1 verschillen", "what rounding can do"),
    ("1 + 1,5", "how a band is widened"),
    ("24 maanden", "how long a model must know a line, and how far we look back"),
    ("0 maanden oud", "the age of the newest month"),
    ("18+", "the name of a taakveld"),
    ("18−", "the name of a taakveld"),
    ("prognose 0.1.0", "the version of the program"),
    ("GM0000", "the code of the organisation"),
    ("€ 1.000", "the unit of a table"),
];

/// The pieces of text of a page, tables left out, each with what the headings above it say, and below a
/// `summary` that too, where `folded` texts are about it.
fn blocks(page: &str, folded: bool) -> Vec<(String, String, bool)> {
    let page = html::without(page, "<style", "</style>");
    let captions = page.replace("<thead", "</thead><thead");
    let page = html::without(&captions, "<thead", "</table>");
    // A label in a drawing is about the parts that the drawing as a whole names.
    let mut drawings = html::parts(&page, "<svg", "</svg>").into_iter().map(drawn);
    let (mut found, mut above, mut drawing) = (Vec::new(), String::new(), None);
    let (mut open, mut heading) = (String::new(), String::new());
    for piece in page.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap();
        if name == "svg" {
            drawing = if tag.starts_with('/') { None } else { drawings.next() };
        }
        if BLOCKS.contains(&name) || ["div", "section", "svg", "details"].contains(&name) {
            let said = html::text(&open);
            if tag.starts_with("/h2") || tag.starts_with("/h3") || tag.starts_with("/h4") {
                above.clone_from(&said);
                heading.clone_from(&said);
            }
            if folded && tag.starts_with("/summary") {
                above = format!("{heading} {said}");
            }
            if said.chars().any(|letter| letter.is_ascii_digit()) {
                let about = drawing.clone().unwrap_or_else(|| above.clone());
                found.push((said, about, drawing.is_some() && name == "text"));
            }
            open.clear();
        }
        open.push_str(text);
    }
    found
}

/// All that a drawing says.
fn drawn(svg: &str) -> String {
    html::text(&svg[svg.find('>').map_or(0, |at| at + 1)..].replace("</", " </"))
}

/// The numbers of a text, each with what stands right before and behind it.
fn tokens(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let number = |word: &str| word.chars().any(|c| c.is_ascii_digit());
    let trimmed = |word: &str| {
        let end = |c: char| !(c.is_ascii_digit() || c == '%');
        let start = |c: char| !c.is_ascii_digit();
        word.trim_end_matches(end).trim_start_matches(start).to_owned()
    };
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| number(word)) {
        let mut token = trimmed(word);
        if at > 0 && words[at - 1].ends_with('€') {
            token = format!("€ {token}");
        }
        let next =
            words.get(at + 1).map_or("", |word| word.trim_matches([',', '.', ':', ';', ')']));
        if next == "miljoen" {
            token.push_str(" miljoen");
        }
        found.push(token);
    }
    found
}

/// The numbers of a page that no data set explains. All of a page is `about` one taakveld, where it has one.
pub(super) fn strange(page: &str, data: &DataSets, about: Option<&str>) -> Vec<String> {
    let (counts, names) = (counts(data), names(data));
    // The labels of one drawing have one text.
    let mut of_texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut found = Vec::new();
    let mut ticks: Vec<String> = Vec::new();
    for (said, above, drawn) in blocks(page, about.is_some()) {
        let here = if drawn { "" } else { said.as_str() };
        let context = format!("{} {above} {here} ", about.unwrap_or_default());
        let mut rest = without_history(&said, data);
        for name in &names {
            rest = rest.replace(name, "");
        }
        for (rule, _) in RULES {
            rest = rest.replace(rule, "");
        }
        for token in tokens(&rest) {
            let section = rest.contains(&format!("onderdeel {token}")) || is_heading(&said, &token);
            let year = token.len() == 4 && token.starts_with("20") && !token.contains(['.', ',']);
            if counts.contains(&token) || section || year {
                continue;
            }
            let known = of_texts.entry(context.clone()).or_insert_with_key(|text| {
                let amounts = amounts(data, text).into_iter().flat_map(forms);
                amounts.chain(shares(data, text)).collect()
            });
            if known.contains(&token) {
                continue;
            }
            if drawn && said.trim_start_matches(['+', '−']) == token {
                ticks.push(token);
            } else {
                found.push(format!("{token:?} in {said:?} (under {above:?})"));
            }
        }
    }
    found.extend(
        ticks.into_iter().filter(|tick| !is_round(tick)).map(|tick| format!("axis {tick}")),
    );
    found
}

/// How many sentences hold an amount, and in how many of them a wrong one is seen: each first amount
/// in millions is made 0,3 larger.
pub(super) fn seen(page: &str, data: &DataSets, about: Option<&str>) -> (usize, usize) {
    let (mut tried, mut seen) = (0, 0);
    for (said, above, _) in blocks(page, about.is_some()) {
        let Some((front, back)) = said.split_once("€ ") else { continue };
        let Some((number, rest)) = back.split_once(" miljoen") else { continue };
        let Ok(amount) = number.replace(',', ".").parse::<f64>() else { continue };
        let wrong = format!("<p>{front}€ {} miljoen{rest}</p>", dutch::decimals(amount + 0.3, 1));
        tried += 1;
        seen +=
            usize::from(!strange(&format!("<h3>{above}</h3>{wrong}<p>"), data, about).is_empty());
    }
    (tried, seen)
}

/// Leaves out how many months a model learned from, which must be so of some line.
fn without_history(said: &str, data: &DataSets) -> String {
    let Some((front, back)) = said.split_once(" leerde van ") else { return said.to_owned() };
    let (months, rest) = back.split_once(" maand").unwrap();
    let mut steps = data.table("uitleg").iter();
    assert!(steps.any(|row| row["stap"] == "geleerd" && row["aantal"] == months), "{said}");
    format!("{front} leerde van maand{rest}")
}

/// The number before the title of a section.
fn is_heading(said: &str, token: &str) -> bool {
    said.starts_with(&format!("{token} ")) && token.len() < 3
}

/// Marks of an axis are round: at most two digits that are not nought, or a half.
fn is_round(tick: &str) -> bool {
    let digits: String = tick.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').trim_end_matches('0').len() < 3
}

/// Names and words of people with numbers in them, the longest first: codes, products, measures, files and
/// remarks; and the month of a command.
fn names(data: &DataSets) -> Vec<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for row in data.table("outlook") {
        found.extend([row["taakveld"].clone(), row["product"].clone()]);
    }
    found.extend(data.table("bestanden").iter().map(|row| row["bestand"].clone()));
    found.extend(data.table("beleid").iter().map(|row| row["titel"].clone()));
    for note in data.table("duiding") {
        let columns = ["tekst", "antwoord", "vervolg", "regel", "id"];
        found.extend(columns.map(|column| note[column].clone()));
    }
    found.insert(format!("--as-of {}", data.table("outlook")[0]["as_of"]));
    let digits = |name: &String| name.chars().any(|c| c.is_ascii_digit());
    let mut found: Vec<String> = found.into_iter().filter(digits).collect();
    found.sort_by_key(|name| std::cmp::Reverse(name.len()));
    found
}
