//! The champion beside every other model, and what the gate found.

use super::words::{self, LUCK_RULE, Luck, of_hundred};
use super::{TestedFacts, section};
use crate::backtest::{Verdict, Versus};
use crate::report::facts::node_name;
use crate::report::markup::{folded, head, head_text, table};
use crate::report::text;
use crate::units::Level;
use maud::{Markup, html};

/// From the whole to its parts.
const LEVELS: [Level; 3] = [Level::Totaal, Level::Wet, Level::Product];

pub(super) fn versus(facts: &TestedFacts) -> Markup {
    let levels: Vec<(Level, Vec<&Versus>)> =
        LEVELS.into_iter().map(|level| (level, facts.beside(level))).collect();
    let any = levels.iter().any(|(_, rows)| !rows.is_empty());
    section(
        "modellen",
        "Is er een model dat het beter doet?",
        &html! {
            @if !any { p { "Er zijn geen andere modellen nagespeeld." } }
            @else {
                @for (level, rows) in levels.iter().filter(|(_, rows)| !rows.is_empty()) { p { (answer(*level, rows)) } }
                p.schuif { "Schuif de tabel opzij voor alle kolommen." }
                (versus_table(&levels))
                p.noot {
                    "De score kijkt naar de voorspelling en haar banden samen, als deel van de uitkomst (weighted interval score). "
                    "Lager is beter. Verhouding: onder 1,00 is ons model beter. Zo vaak toeval: zo vaak zou het verschil minstens "
                    "zo groot zijn als beide modellen even goed waren (toets van Diebold en Mariano). " (LUCK_RULE)
                    " Bij veel modellen is er altijd wel één die door geluk afwijkt."
                }
                (explained(&levels))
            }
        },
    )
}

/// How many models do worse, and of how many that is rarely luck.
fn answer(level: Level, rows: &[&Versus]) -> Markup {
    let rare = |row: &&&Versus| row.test.is_some_and(|test| Luck::of(test.two_sided) == Luck::Rare);
    let worse: Vec<&&Versus> = rows.iter().filter(|row| row.ratio() < 1.0).collect();
    let better: Vec<&&Versus> = rows.iter().filter(|row| row.ratio() > 1.0).collect();
    let named: Vec<String> =
        better.iter().map(|row| words::model(&row.against).to_owned()).collect();
    let sure: Vec<String> = better
        .iter()
        .copied()
        .filter(|row| rare(row))
        .map(|row| words::model(&row.against).to_owned())
        .collect();
    html! {
        strong { (text::capital(words::level(level))) } ": ons model had de betere score tegen " (worse.len()) " van de "
        (text::counted(rows.len(), "ander model", "andere modellen")) ". " (certain(worse.iter().copied().filter(rare).count())) " "
        @if !named.is_empty() {
            "Beter was: " (text::list(&named)) ". "
            @if sure.is_empty() { "Dat verschil kan toeval zijn." } @else { "Zelden toeval is dat bij: " (text::list(&sure)) "." }
        }
    }
}

fn certain(count: usize) -> String {
    match count {
        0 => "Bij geen daarvan is toeval uitgesloten.".to_owned(),
        count => format!("Bij {count} daarvan is dat zelden toeval."),
    }
}

fn versus_table(levels: &[(Level, Vec<&Versus>)]) -> Markup {
    let heads = [
        "Ons model",
        "Ander model",
        "Verhouding",
        "Zo vaak toeval, van de 100",
        "Onderdelen waar wij beter zijn",
    ];
    let heads: Vec<Markup> =
        std::iter::once(head_text("Tegen")).chain(heads.into_iter().map(head)).collect();
    let body = html! {
        @for (level, rows) in levels.iter().filter(|(_, rows)| !rows.is_empty()) {
            tr.tussen { th colspan="6" scope="colgroup" { (text::capital(words::level(*level))) } }
            @for row in rows {
                tr {
                    th scope="row" { (text::capital(words::model(&row.against))) }
                    td { (small_percent(row.champion)) }
                    td { (small_percent(row.other)) }
                    td { b { (text::decimals(row.ratio(), 2)) } }
                    td { (row.test.map_or_else(|| "–".to_owned(), |test| of_hundred(test.two_sided))) }
                    td { (text::count(row.better)) " van " (text::count(row.nodes)) }
                }
            }
        }
    };
    table(
        "modellen-tabel",
        "Ons model naast elk ander",
        "Lasten · jaaruitkomsten · score als deel van de uitkomst",
        &heads,
        &body,
    )
}

/// Scores differ in their second decimal.
fn small_percent(share: f64) -> String {
    text::decimals(100.0 * share, 2) + "%"
}

/// What each other model does.
fn explained(levels: &[(Level, Vec<&Versus>)]) -> Markup {
    let mut names: Vec<&str> =
        levels.iter().flat_map(|(_, rows)| rows).map(|row| row.against.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let list = html! {
        dl.par {
            @for name in names {
                dt { (text::capital(words::model(name))) }
                dd { (words::explained(name)) " (" code { (name) } ")" }
            }
        }
    };
    folded("Wat deze modellen doen", true, &list)
}

/// What was asked of the model, and whether it holds.
pub(super) fn gate(facts: &TestedFacts) -> Markup {
    let passed = facts.verdicts.iter().filter(|verdict| verdict.passed).count();
    let heads = [head_text("Eis"), head("Gevonden"), head("Voorspellingen"), head_text("Gehaald")];
    let body = html! {
        @for verdict in facts.verdicts {
            tr {
                th scope="row" { (verdict.rule) }
                td { (verdict.found.map_or_else(|| "niets".to_owned(), |found| text::decimals(found, 3))) }
                td { (text::count(verdict.count)) }
                td.t { (outcome(verdict)) }
            }
        }
    };
    section(
        "eisen",
        "Voldoet het model aan wat vooraf is afgesproken?",
        &html! {
            p {
                @if passed == facts.verdicts.len() { strong { "Ja, alle eisen zijn gehaald." } }
                @else {
                    strong { "Nee, " (text::count(facts.verdicts.len() - passed)) " van de " (text::counted(facts.verdicts.len(), "eis", "eisen")) " niet gehaald." }
                    " Zet een ander model pas in gebruik als duidelijk is waarom."
                }
            }
            p.schuif { "Schuif de tabel opzij voor alle kolommen." }
            (table("eisen-tabel", "De eisen uit gate.toml", "Een eis waarvoor niets te meten was is niet gehaald", &heads, &body))
            p.noot {
                "In de eisen staan de namen uit de bestanden. " code { "wape" } ": de misser als deel van de uitkomst. "
                code { "bias" } ": te hoog (+) of te laag (−), als deel van de uitkomst. " code { "coverage80" }
                ": het deel van de uitkomsten in de 80%-band. " code { "wis" } " en " code { "crps" }
                ": de score van voorspelling en band samen. Een / betekent: gedeeld door dat van een ander model."
            }
        },
    )
}

fn outcome(verdict: &Verdict) -> Markup {
    html! {
        @if verdict.passed { "ja" } @else { b { "nee" } }
        @if let Some(node) = &verdict.line { span.onder { "slechtste: " (node_name(node)) } }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::Example;
    use super::*;

    #[test]
    fn counts_what_is_better_and_what_is_rarely_luck() {
        let example = Example::new(0.02, 6);
        let facts = example.facts();
        let mut rows: Vec<Versus> = facts.beside(Level::Wet).into_iter().cloned().collect();
        rows.truncate(2);
        let test = |chance| {
            Some(crate::score::Test { statistic: 0.0, count: 18, two_sided: chance, low: 0.5 })
        };
        (rows[0].champion, rows[0].other, rows[0].test) = (0.01, 0.02, test(0.01));
        (rows[1].champion, rows[1].other, rows[1].test) = (0.02, 0.01, test(0.3));
        let said = answer(Level::Wet, &rows.iter().collect::<Vec<_>>()).into_string();
        assert!(
            said.contains(
                "tegen 1 van de 2\u{a0}andere modellen. Bij 1 daarvan is dat zelden toeval."
            ),
            "{said}"
        );
        assert!(said.contains("Beter was: ") && said.contains("Dat verschil kan toeval zijn."));
        rows[1].test = test(0.01);
        let said = answer(Level::Wet, &rows.iter().collect::<Vec<_>>()).into_string();
        assert!(said.contains("Zelden toeval is dat bij: "));
    }

    #[test]
    fn a_rule_that_fails_is_told() {
        let example = Example::new(0.02, 6);
        let page = gate(&example.facts()).into_string();
        assert!(page.contains("Nee, 1 van de 2\u{a0}eisen niet gehaald."));
        assert!(page.contains("<td>niets</td>"));
        let passed = [Verdict { passed: true, ..example.verdicts[0].clone() }];
        let page = gate(&TestedFacts { verdicts: &passed, ..example.facts() }).into_string();
        assert!(page.contains("Ja, alle eisen zijn gehaald."));
    }
}
