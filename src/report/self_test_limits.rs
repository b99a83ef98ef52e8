//! When a count is reason to worry: how few hits a band that is right would rarely have.

use super::facts::{Facts, act_name};
use super::markup::{head, head_text, table};
use super::self_test::{owner, section};
use super::text;
use crate::backtest::Trust;
use crate::units::Wet;
use maud::{Markup, html};

/// One count with the fewest hits that still fit a band that is right.
struct Count {
    what: String,
    all: String,
    hits: String,
    enough: bool,
    fewest: usize,
}

/// The last section of the page.
pub(super) fn render(facts: &Facts) -> Markup {
    let counts = counts(facts);
    let owner = owner(facts);
    section(
        "zorgen",
        "Een enkele misser hoort erbij: 2 van de 10. Te veel missers niet.",
        &html! {
            @if counts.is_empty() { p { "Er is nog te weinig geteld voor een grens. Tot die tijd is elke misser iets om over te praten." } }
            @else {
                (limits(&counts))
                p.noot {
                    "De grens is zo gekozen: een goede band komt daar zelden onder, hooguit 1 van de 40 keer. Van jaren tellen "
                    "hele jaren: zo'n groot deel van de jaren als er van de prognoses raak was, afgerond. Prognoses van hetzelfde jaar zijn "
                    "geen losse bewijzen."
                }
            }
            p { "Maak je ook zorgen, en vraag om uitleg, in deze gevallen:" }
            ul {
                li { "de missers liggen allemaal aan dezelfde kant: steeds te hoog of steeds te laag;" }
                li { "de laatste paar maanden na elkaar zijn mis;" }
                li { "het rapport zegt dat een vuistregel of de begroting beter was;" }
                li { code { "prognose archive" } " noemt een bestand dat veranderd of weg is." }
            }
            p { "Met je vragen kun je terecht bij " strong { (owner) } ". Neem je telling mee." }
        },
    )
}

fn counts(facts: &Facts) -> Vec<Count> {
    let months = |wet: Option<Wet>| {
        let tally = facts.hindsight.tallies.iter().find(|tally| tally.wet == wet)?;
        Some(Count {
            what: format!("{}, maanden", act_name(wet)),
            all: text::counted(tally.months, "maand", "maanden"),
            hits: format!("{} van de {}", text::count(tally.inside), text::count(tally.months)),
            enough: tally.inside >= tally.fewest,
            fewest: tally.fewest,
        })
    };
    let years = |wet: Option<Wet>| {
        let Trust::Tested(kept) = facts.trust else { return None };
        let held = kept.acts.iter().find(|tried| tried.wet == wet)?.held.as_ref()?;
        Some(Count {
            what: format!("{}, jaren", act_name(wet)),
            all: text::counted(held.years, "jaar", "jaren"),
            hits: format!(
                "{} van de {} (van de prognoses: {} van de {})",
                text::count(held.of_years),
                text::count(held.years),
                text::count(held.inside),
                text::count(held.forecasts)
            ),
            enough: held.of_years >= held.fewest,
            fewest: held.fewest,
        })
    };
    let acts = facts.acts();
    let both = acts.iter().flat_map(|row| [months(row.node.wet), years(row.node.wet)]);
    both.flatten().collect()
}

fn limits(counts: &[Count]) -> Markup {
    let heads = [head_text("Wat je telt"), head("Raak, nu"), head("Reden tot zorg bij")];
    let body = html! {
        @for Count { what, all, hits, enough, fewest } in counts {
            tr {
                th scope="row" { (what) }
                td { (hits) @if !enough { ": " strong { "te weinig" } } }
                td { @if *fewest > 0 { "minder dan " (text::count(*fewest)) " van " (all) } @else { "nog te weinig: " (all) } }
            }
        }
    };
    table("grenzen", "Hoeveel raak is te weinig?", "", &heads, &body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;

    #[test]
    fn a_count_below_its_limit_is_told() {
        let mut example = example::example();
        let said = |example: &example::Example| render(&example.facts()).into_string();
        assert!(!said(&example).contains("te weinig</strong>"));
        example.hindsight.tallies[1].inside = 12;
        let said = said(&example);
        assert!(said.contains("<td>12 van de 21: <strong>te weinig</strong></td>"), "{said}");
    }
}
