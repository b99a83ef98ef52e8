//! Section 1: how far off, better than a simple rule, do the bands hold, too high or too low.

use super::words::{self, Fit, LUCK_RULE, Luck, cases, off, often};
use super::{TestedFacts, section};
use crate::backtest::{Score, Split, Target, Versus};
use crate::report::bars::Way;
use crate::report::text;
use crate::units::{Cents, Level};
use maud::{Markup, html};

/// All parts share the luck of a year, so fewer years than this prove little.
const MANY_YEARS: usize = 10;

pub(super) fn render(facts: &TestedFacts) -> Markup {
    let body = match facts.main_level().and_then(|level| facts.years(level)) {
        None => html! { p { "Er is nog geen definitieve uitkomst van lasten om aan te toetsen." } },
        Some(score) => html! {
            p { (opening(facts, score)) }
            div.kern {
                div { h3 { "Hoe ver zaten we ernaast?" } (distance(facts, score)) }
                div { h3 { "Beter dan een vuistregel?" } (against_rule(facts, score)) }
                div { h3 { "Hielden de banden?" } (band(score)) }
                div { h3 { "Te hoog of te laag?" } (side(facts, score)) }
            }
            (know_first(facts, score))
            p.noot { (LUCK_RULE) " De vuistregel is achteraf uitgekozen: vooraf wist niemand welke de beste zou zijn." }
        },
    };
    section("kern", "Hoe ver zaten we ernaast, en mag u de banden geloven?", &body)
}

/// What was done, in two sentences.
fn opening(facts: &TestedFacts, score: &Score) -> Markup {
    html! {
        "Wij zijn " (text::counted(facts.origins.len(), "keer", "keer")) " teruggegaan in de tijd, in "
        (text::counted(score.years, "jaar", "jaren")) ". Met alleen wat er toen bekend was hebben wij opnieuw voorspeld "
        "waar de lasten van dat jaar zouden eindigen. Dit is wat daarvan uitkwam."
    }
}

fn distance(facts: &TestedFacts, score: &Score) -> Markup {
    let total = facts.years(Level::Totaal).filter(|_| score.level != Level::Totaal);
    html! {
        p.groot { "Gemiddeld " (text::percent(score.wape)) "." }
        p { "Dat is " (text::euros(Cents::from_euros(score.mae))) @if score.level == Level::Wet { " per wet" } " per jaar." }
        @if let Some(total) = total {
            p { "Van alles samen " (text::percent(total.wape)) ", of " (text::euros(Cents::from_euros(total.mae))) "." }
        }
    }
}

/// The champion beside the best simple rule.
fn against_rule(facts: &TestedFacts, score: &Score) -> Markup {
    let rules = facts.rules(Target::Jaar, score.level, &Split::All);
    let Some(rule) = rules.first() else {
        return html! { p { "Er is geen vuistregel mee vergeleken." } };
    };
    let test = facts.beside(score.level).into_iter().find(|row| row.against == rule.model);
    let better = score.wape < rule.wape;
    html! {
        p.groot { @if better { "Ja, ons model zat dichterbij." } @else { "Nee, een vuistregel zat even dichtbij of dichterbij." } }
        p {
            "De beste vuistregel (" (words::model(&rule.model)) ") zat er " (text::percent(rule.wape)) " naast, ons model "
            (text::percent(score.wape)) "."
        }
        @if let Some(test) = test { p { (luck(test, better)) } }
    }
}

/// Whether the difference can be luck, judged on whole bands.
fn luck(versus: &Versus, better: bool) -> Markup {
    let agrees = (versus.ratio() < 1.0) == better;
    html! {
        @if !agrees { "Met de band erbij geoordeeld is het andersom. " }
        @match versus.test {
            Some(test) => {
                "Zijn ze even goed, dan is het verschil " (often(test.two_sided)) " zo groot. "
                strong { (Luck::of(test.two_sided).sentence()) }
            }
            None => "Voor een uitspraak over toeval is er te weinig.",
        }
    }
}

/// How often the outcome lay in the 80 % band, with its exact limits.
fn band(score: &Score) -> Markup {
    let held = score.coverage80;
    let per_hundred = |share: f64| text::decimals(100.0 * share, 0);
    let verdict = match Fit::of(held, 0.8) {
        Fit::Narrow => "De band lijkt te smal: reken met meer onzekerheid.",
        Fit::Broad => "De band lijkt te breed: de onzekerheid is kleiner.",
        Fit::Right => "De bedoelde 80 valt daarbinnen.",
    };
    html! {
        p.groot {
            (text::count(cases(held.share, score.count))) " van de " (text::count(score.count))
            " jaaruitkomsten lagen in de 80%-band."
        }
        p { "Bedoeld is " (text::count(cases(0.8, score.count))) "." }
        p {
            "Dat past bij een band die tussen de " (per_hundred(held.low)) " en de " (per_hundred(held.high))
            " van de 100 keer klopt. " strong { (verdict) }
        }
        p {
            "In de 95%-band lagen er " (text::count(cases(score.coverage95.share, score.count))) "; bedoeld is "
            (text::count(cases(0.95, score.count))) "."
        }
    }
}

fn side(facts: &TestedFacts, score: &Score) -> Markup {
    let years = facts.ours(Target::Jaar, score.level, |split| matches!(split, Split::Year(_)));
    let above = years.iter().filter(|score| score.bias > 0.0).count();
    let words = match Way::of(score.bias, score.wape) {
        Way::Mixed => "Dan weer te hoog, dan weer te laag.".to_owned(),
        Way::High | Way::Low => format!("Gemiddeld {}.", off(score.bias)),
    };
    html! {
        p.groot { (words) }
        p {
            "In " (text::count(above)) " van de " (text::counted(years.len(), "jaar", "jaren")) " kwam de voorspelling "
            "gemiddeld te hoog uit. Over alle jaren samen is het " (off(score.bias)) "."
        }
    }
}

fn know_first(facts: &TestedFacts, score: &Score) -> Markup {
    let passed = facts.verdicts.iter().filter(|verdict| verdict.passed).count();
    let moments: Vec<&Score> =
        facts.ours(Target::Jaar, score.level, |split| matches!(split, Split::MonthsKnown(_)));
    html! {
        div.weet {
            h3 { "Weet dit voordat u de cijfers gebruikt" }
            ul {
                li { (weight(score.years)) }
                @if moments.len() > 1 {
                    li {
                        "Elk jaar is op " (text::count(moments.len())) " momenten voorspeld. Die momenten horen bij hetzelfde "
                        "jaar. Zij zijn dus geen los bewijs, en de echte onzekerheid is groter dan de grenzen hierboven."
                    }
                }
                @if !facts.verdicts.is_empty() {
                    li {
                        (text::count(passed)) " van de " (text::counted(facts.verdicts.len(), "afgesproken eis", "afgesproken eisen"))
                        " gehaald. Zie " a href="#eisen" { "de eisen" } "."
                    }
                }
            }
        }
    }
}

/// How much so many years can prove.
fn weight(years: usize) -> Markup {
    html! {
        "Achter deze cijfers " @if years == 1 { "staat " } @else { "staan " } b { (text::counted(years, "jaar", "jaren")) } ". "
        @if years < MANY_YEARS { "Dat is weinig: één vreemd jaar verandert het beeld." }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::Example;
    use super::super::*;

    fn page(change: impl FnOnce(&mut Example)) -> String {
        let mut example = Example::new(0.02, 6);
        change(&mut example);
        core::render(&example.facts()).into_string()
    }

    fn champion(example: &mut Example, change: impl Fn(&mut Score)) {
        let ours = example.scores.iter_mut().filter(|score| score.model == CHAMPION);
        ours.filter(|score| score.split == Split::All).for_each(change);
    }

    #[test]
    fn says_whether_a_rule_is_better() {
        assert!(page(|_| ()).contains("Ja, ons model zat dichterbij."));
        let worse = page(|example| champion(example, |score| score.wape = 0.5));
        assert!(worse.contains("Nee, een vuistregel zat even dichtbij of dichterbij."));
        assert!(worse.contains("Met de band erbij geoordeeld is het andersom."));
    }

    #[test]
    fn the_verdict_on_the_band_follows_its_limits() {
        let with = |share: f64, low: f64, high: f64| {
            page(|example| {
                champion(example, |score| {
                    score.count = 60;
                    score.coverage80 = crate::score::Coverage { share, low, high };
                });
            })
        };
        let right = with(0.7, 0.57, 0.81);
        assert!(right.contains("42 van de 60 jaaruitkomsten") && right.contains("Bedoeld is 48."));
        assert!(right.contains("De bedoelde 80 valt daarbinnen."));
        assert!(with(0.5, 0.37, 0.63).contains("De band lijkt te smal"));
        assert!(with(0.98, 0.91, 1.0).contains("De band lijkt te breed"));
    }

    #[test]
    fn few_years_are_told() {
        assert!(page(|_| ()).contains("Dat is weinig"));
        assert!(
            !page(|example| champion(example, |score| score.years = 10)).contains("Dat is weinig")
        );
    }
}
