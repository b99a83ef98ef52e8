//! Section 7: whether the model was right before, and whether it does better than simpler ways.

use super::facts::{Facts, act_name};
use super::markup::section;
use super::tested::words::Fit;
use super::{hedgehog, reliable_table, self_test, text};
use crate::backtest::{Held, Lean, Reliability, Tried, Trust};
use crate::units::{Level, Wet};
use maud::{Markup, html};

/// What the band is meant to hold.
const MEANT: f64 = 0.8;
/// With fewer years than this one odd year weighs heavily.
const MANY_YEARS: usize = 10;

pub(super) fn render(facts: &Facts) -> Markup {
    let acts = tested(facts);
    section(
        "betrouwbaar",
        "Hadden wij eerder gelijk? En gaat het beter dan met een eenvoudige regel?",
        &html! {
            @match facts.trust {
                Trust::Tested(kept) if !acts.is_empty() => {
                    (introduction(kept))
                    (verdicts(&acts))
                    (hedgehog::figure(&acts))
                    (reliable_table::render(&acts))
                    (leans(&kept.leans))
                },
                trust => p { (why_not(facts, trust)) },
            }
            (more(facts))
        },
    )
}

/// The tests of the acts that have a picture of their own, in their order.
fn tested<'a>(facts: &Facts<'a>) -> Vec<&'a Tried> {
    let Trust::Tested(kept) = facts.trust else { return Vec::new() };
    let of = |wet: Option<Wet>| kept.acts.iter().find(|tried| tried.wet == wet);
    facts.acts().iter().filter_map(|row| of(row.node.wet)).collect()
}

/// How often the band of the last act held, which is all together unless there is but one, and how that act is called.
pub(super) fn widest(facts: &Facts) -> Option<(String, Held)> {
    let tried = *tested(facts).last()?;
    Some((act_subject(tried.wet), tried.held.clone()?))
}

/// How an act is called in the middle of a sentence.
pub(super) fn act_subject(wet: Option<Wet>) -> String {
    wet.map_or_else(|| "het geheel".to_owned(), |wet| wet.to_string())
}

fn introduction(kept: &Reliability) -> Markup {
    html! {
        p {
            "De 80%-band hoort ongeveer 8 van de 10 keer te kloppen. Wij hebben dat nagespeeld. "
            (text::count(kept.origins.len())) " keer stonden wij in een maand van vroeger, met alleen wat toen bekend was. Wat "
            "verwachtten wij van dat jaar, en wat werd het? Voor wat het werd tellen de boekingen tot en met "
            (text::month(kept.as_of)) "."
        }
    }
}

/// One sentence an act, and how much they are worth.
fn verdicts(acts: &[&Tried]) -> Markup {
    let told = acts.iter().filter_map(|tried| Some((tried, tried.held.as_ref()?)));
    let told: Vec<(&&Tried, &Held)> = told.collect();
    html! {
        @if told.is_empty() { p { "Nog geen enkel jaar is definitief. Daarom is er nog niets te tellen." } }
        @else { ul { @for (tried, held) in &told { li { (verdict(tried.wet, held)) } } } }
        @if let Some((_, held)) = told.last() { (caution(held)) }
    }
}

/// `Bij Jeugd klopte de band 17 van de 21 keer: dat past.`
fn verdict(wet: Option<Wet>, held: &Held) -> Markup {
    html! {
        strong {
            "Bij " (act_subject(wet)) " klopte de band " (text::count(held.inside)) " van de "
            (text::count(held.forecasts)) " keer"
        }
        ": " (judged(held))
    }
}

/// What a count says, by one rule: the limits of that part of the years.
fn judged(held: &Held) -> String {
    let few = 10 * held.inside < 8 * held.forecasts;
    match Fit::of(held.limits, MEANT) {
        Fit::Narrow => "die band is te smal. Reken met meer onzekerheid.".to_owned(),
        Fit::Broad => "die band is aan de ruime kant.".to_owned(),
        Fit::Right if few => format!(
            "dat is minder dan bedoeld. Over {} kan het toeval zijn.",
            text::counted(held.years, "jaar", "jaren")
        ),
        Fit::Right => "dat past.".to_owned(),
    }
}

/// How little a few years prove, and the rule behind the words.
fn caution(held: &Held) -> Markup {
    let years = text::counted(held.years, "jaar", "jaren");
    html! {
        p {
            @if held.years < MANY_YEARS {
                strong { "Let op:" } " het zijn " (text::counted(held.forecasts, "prognose", "prognoses")) " over maar " (years)
                ". Dat is weinig om zeker te zijn. "
            }
            "Prognoses van hetzelfde jaar lijken op elkaar: wat in dat jaar gebeurde, raakte ze allemaal. Daarom oordelen wij per jaar. "
            @if held.fewest > 0 {
                "Van " (years) " noemen wij een band pas te smal als minder dan " (text::count(held.fewest)) " jaren kloppen."
            } @else {
                "Met " (years) " is nog niet te zeggen of een band te smal is."
            }
        }
    }
}

/// Whether people are usually too high or too low.
fn leans(leans: &[Lean]) -> Markup {
    html! {
        @for lean in leans {
            p {
                "De " (lean.report) " was " @if lean.level == Level::Wet { "per wet " } "gemiddeld " strong { (text::percent(lean.mean.abs())) " " (way(lean)) } ", in "
                (text::count(lean.same_side)) " van de " (text::counted(lean.years, "jaar", "jaren")) ". "
                @if lean.sure { "Dat is een vaste kant: reken erop bij het lezen van de volgende." }
                @else { "Dat kan toeval zijn: de fouten lopen te ver uiteen om van een vaste kant te spreken." }
            }
        }
    }
}

fn way(lean: &Lean) -> &'static str {
    if lean.mean < 0.0 { "te laag" } else { "te hoog" }
}

/// Why there is no test, and what to do.
fn why_not(facts: &Facts, trust: &Trust) -> Markup {
    let as_of = facts.outlook.as_of;
    html! {
        @match trust {
            Trust::Tested(_) => "De bewaarde toets gaat over andere onderdelen dan dit rapport. Maak haar opnieuw met " ,
            Trust::TooYoung(from) => {
                "Dit model is nog niet te toetsen op eerdere jaren: daarvoor is de geschiedenis te kort. Het kan vanaf het eind van "
                strong { (text::month(*from)) } ". Tot dan rust het oordeel over de banden op verzonnen gemeenten."
            },
            Trust::Never => "Dit model is nog niet getoetst op eerdere jaren. Dat doet ",
            Trust::Newer(kept) => {
                "De bewaarde toets kent boekingen tot en met " (text::month(*kept)) ". Dat is later dan dit rapport mag weten. Zij "
                "telt hier daarom niet, en blijft bewaard. Een toets voor deze maand staat in backtest/backtest.html, na "
            },
            Trust::Other => "De bewaarde toets gaat over een ander model dan dit rapport. Dit model toetst ",
        }
        @if !matches!(trust, Trust::TooYoung(_)) { code { "prognose backtest --as-of " (as_of) } "." }
    }
}

fn more(facts: &Facts) -> Markup {
    html! {
        p {
            @if facts.backtest_page { "Elk onderdeel en elk ander model staat in " a href="backtest/backtest.html" { "de hele toets" } ". " }
            @if !facts.is_public() { "Wilt u het zelf nagaan? " a href=(self_test::PATH) { "Zo toets je het zelf" } " laat stap voor stap zien hoe." }
        }
    }
}

/// How an act is called in a heading.
pub(super) fn name(tried: &Tried) -> String {
    act_name(tried.wet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;
    use crate::score::coverage;
    use crate::units::Month;

    fn held(inside: usize, forecasts: usize, of_years: usize, years: usize) -> Held {
        let limits = coverage(of_years, years);
        Held { inside, forecasts, years, of_years, limits, fewest: 3 }
    }

    #[test]
    fn words_for_coverage_follow_the_limits_of_years() {
        let said = |inside, forecasts, of_years, years| {
            verdict(Some(Wet::Jeugd), &held(inside, forecasts, of_years, years)).into_string()
        };
        assert_eq!(
            said(17, 21, 6, 7),
            "<strong>Bij Jeugd klopte de band 17 van de 21 keer</strong>: dat past."
        );
        assert!(
            said(13, 21, 4, 7).contains("minder dan bedoeld. Over 7\u{a0}jaren kan het toeval")
        );
        assert!(said(7, 21, 2, 7).contains("die band is te smal"));
        assert!(said(60, 60, 20, 20).contains("aan de ruime kant"));
        let few = caution(&held(17, 21, 6, 7)).into_string();
        assert!(few.contains("21\u{a0}prognoses over maar 7\u{a0}jaren"), "{few}");
        assert!(few.contains("minder dan 3 jaren kloppen"));
        assert!(!caution(&held(30, 36, 10, 12)).into_string().contains("Let op"));
        let one = Held { fewest: 0, ..held(1, 3, 0, 1) };
        assert!(caution(&one).into_string().contains("nog niet te zeggen"));
    }

    #[test]
    fn tells_what_was_found() {
        let example = example::example();
        let said = render(&example.facts()).into_string();
        for words in [
            "Bij Jeugd klopte de band 17 van de 18 keer",
            "boekingen tot en met februari 2026",
            "Voor Wmo was de vuistregel in maart beter.",
            "De 1e beleidsrapportage was gemiddeld <strong>5,0% te hoog</strong>, in 6 van de 6\u{a0}jaren",
            "href=\"report/toets-het-zelf.html\"",
        ] {
            assert!(said.contains(words), "{words} in {said}");
        }
        assert!(!said.contains("backtest/backtest.html"));
        let facts = Facts { backtest_page: true, ..example.facts() };
        assert!(render(&facts).into_string().contains("href=\"backtest/backtest.html\""));
    }

    #[test]
    fn a_lean_over_acts_says_so() {
        let Trust::Tested(mut kept) = example::example().trust else { panic!() };
        kept.leans[0].level = Level::Wet;
        assert!(leans(&kept.leans).into_string().contains("was per wet gemiddeld <strong>5,0%"));
    }

    #[test]
    fn says_why_there_is_no_test_and_what_to_do() {
        let example = example::example();
        let later = Month::january(2027);
        for (trust, words) in [
            (Trust::Never, "nog niet getoetst op eerdere jaren"),
            (Trust::Newer(later), "kent boekingen tot en met januari 2027"),
            (Trust::Other, "een ander model"),
        ] {
            let said = render(&Facts { trust: &trust, ..example.facts() }).into_string();
            assert!(said.contains(words) && said.contains("prognose backtest --as-of 2026-10"));
            assert!(!said.contains("<figure"));
        }
        let young = Trust::TooYoung(later);
        let said = render(&Facts { trust: &young, ..example.facts() }).into_string();
        assert!(said.contains("vanaf het eind van <strong>januari 2027</strong>"), "{said}");
        assert!(!said.contains("prognose backtest"));
    }
}
