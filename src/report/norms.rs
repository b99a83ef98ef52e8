//! What passes the norm that the organisation set: marked where it stands, and brought to the table.

use super::facts::{Facts, node_name};
use super::markup::{head_text, link, table};
use super::text;
use crate::notes::Norm;
use crate::outlook::{Passed, YearRow};
use crate::units::Measure;
use maud::{Markup, html};

/// So many are named in the core message and asked about.
const NAMED: usize = 3;

/// The mark of a row that passes its norm: a sign and words, and who acts.
pub(super) fn mark(passed: &[Passed], row: &YearRow) -> Markup {
    let found = passed.iter().find(|it| it.node == row.node && it.measure == row.measure);
    html! {
        @if let Some(passed) = found {
            small.onder { b { span aria-hidden="true" { "▲" } "\u{a0}boven\u{a0}norm" } ", voor " (passed.norm.who) }
        }
    }
}

/// What the mark means, when there is one.
pub(super) fn reading(passed: &[Passed]) -> Markup {
    html! {
        @if !passed.is_empty() {
            " ‘Boven norm’: het verwachte nadeel is groter dan de afgesproken norm. Wie dan iets doet, staat erbij. Wat is afgesproken, staat in " (link("vragen")) "."
        }
    }
}

/// For the core message.
pub(super) fn point(facts: &Facts) -> Option<Markup> {
    let largest = largest(facts);
    let more = facts.passed.len().saturating_sub(NAMED);
    let with_size =
        |passed: &&Passed| format!("{} ({})", name(passed), text::euros(passed.disadvantage));
    let names: Vec<String> = largest.iter().take(NAMED).map(with_size).collect();
    let count = text::counted(facts.passed.len(), "onderdeel", "onderdelen");
    (!names.is_empty()).then(|| html! {
        strong { "Bij " (count) " is het verwachte nadeel groter dan de norm." } " Het gaat om " (text::list(&names))
        @if more > 0 { ", en nog " (text::count(more)) } ". Zie " (link("vragen")) "."
    })
}

/// What to ask about each: the question, for whom, and the fact.
pub(super) fn questions(facts: &Facts) -> Vec<(String, String, String)> {
    let question = |passed: &Passed| {
        let Norm { who, act, .. } = &passed.norm;
        let fact = format!(
            "Het verwachte nadeel is {}; de norm is {}. Afspraak: {}",
            text::euros(passed.disadvantage),
            limit(&passed.norm),
            stopped(act),
        );
        (format!("Wat doen we aan het verwachte nadeel bij {}?", name(passed)), who.clone(), fact)
    };
    largest(facts).into_iter().take(NAMED).map(question).collect()
}

/// All of them with who acts and how, when the questions leave some out.
pub(super) fn agreed(facts: &Facts) -> Markup {
    let head = ["Onderdeel", "Nadeel", "Norm", "Wie", "Afspraak"].map(head_text);
    let body = html! {
        @for passed in largest(facts) {
            tr {
                th scope="row" { (name(passed)) }
                td.t { (text::euros(passed.disadvantage)) }
                td.t { (limit(&passed.norm)) }
                td.t { (passed.norm.who) }
                td.t { (stopped(&passed.norm.act)) }
            }
        }
    };
    html! {
        @if facts.passed.len() > NAMED {
            (table("normen-tabel", "Wie iets doet bij elke norm die is overschreden", "", &head, &body))
        }
    }
}

fn largest<'a>(facts: &Facts<'a>) -> Vec<&'a Passed> {
    let mut passed: Vec<&Passed> = facts.passed.iter().collect();
    passed.sort_by_key(|passed| std::cmp::Reverse(passed.disadvantage));
    passed
}

fn name(passed: &Passed) -> String {
    let side = if passed.measure == Measure::Baten { ", baten" } else { "" };
    node_name(&passed.node) + side
}

/// `5% van de begroting`, `€ 100.000`.
fn limit(norm: &Norm) -> String {
    match (norm.above, norm.euros) {
        (Some(share), _) => {
            let percent = text::percent(share);
            format!("{} van de begroting", percent.replace(",0%", "%"))
        }
        (None, euros) => text::euros(crate::units::Cents::from_euros(euros.unwrap_or_default())),
    }
}

/// A sentence with its stop.
fn stopped(sentence: &str) -> String {
    let sentence = sentence.trim();
    if sentence.ends_with(['.', '!', '?']) { sentence.to_owned() } else { format!("{sentence}.") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook::passed;
    use crate::report::example::example;

    #[test]
    fn each_norm_that_is_passed_says_who_acts_and_how() {
        let example = example();
        let one = passed(&[Norm::made_up("Jeugd/6.7*")], &example.outlook.years, 2026).remove(0);
        let by = |who: &str, euros: f64| {
            let norm = Norm { who: who.into(), act: format!("Bel {who}"), ..one.norm.clone() };
            Passed { norm, disadvantage: crate::units::Cents::from_euros(euros), ..one.clone() }
        };
        let mut passed = vec![by("a", 4e5), by("b", 3e5), by("c", 2e5), by("dekker", 1e5)];
        let page = |passed: &[Passed]| {
            let facts = Facts { passed, ..example.facts() };
            crate::report::questions::render(&facts).into_string()
        };
        let html = page(&passed);
        assert!(html.contains(">dekker</td>") && html.contains(">Bel dekker.</td>"), "{html}");
        assert_eq!(html.matches("<tr>").count(), 5);
        passed.pop();
        assert!(!page(&passed).contains("normen-tabel"));
        let row = example.outlook.years.iter().find(|row| row.node == one.node).unwrap();
        assert!(mark(&passed, row).into_string().contains("voor a"));
    }

    #[test]
    fn a_row_above_its_norm_is_marked_named_and_asked_about() {
        let example = example();
        let norms = [Norm::made_up("Jeugd/6.7*")];
        let passed = passed(&norms, &example.outlook.years, 2026);
        assert!(!passed.is_empty());
        let facts = Facts { passed: &passed, ..example.facts() };
        let said = point(&facts).unwrap().into_string();
        assert!(said.contains("groter dan de norm"), "{said}");
        let asked = questions(&facts);
        assert_eq!(asked.len(), passed.len().min(NAMED));
        assert_eq!(asked[0].1, "de controller");
        assert!(
            asked[0].2.contains("de norm is 5% van de begroting. Afspraak: Bespreek dit"),
            "{asked:?}"
        );
        let html = crate::report::page::pages(&facts).remove(0).1;
        // A taakveld stands in two tables: that of the whole and that of its products.
        assert_eq!(html.matches("boven\u{a0}norm").count(), 2 * passed.len());
        let without = crate::report::page::pages(&example.facts()).remove(0).1;
        assert!(!without.contains("norm is") && !without.contains("Boven norm"));
        assert!(agreed(&example.facts()).into_string().is_empty());
        assert!(point(&example.facts()).is_none() && questions(&example.facts()).is_empty());
    }
}
