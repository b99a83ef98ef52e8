//! Section 5: what people said beside rules, the budget and the model, and whether they were too high.

use super::words::{self, LUCK_RULE, Luck, off};
use super::{TestedFacts, bias, figures_of, section};
use crate::backtest::{Ladder, RULES, Rung, Step};
use crate::report::bars::{self, Bar, Room, Way};
use crate::report::canvas::{Alt, twice};
use crate::report::markup::{head, head_text};
use crate::report::text;
use crate::units::{Cents, Level, Measure};
use maud::{Markup, html};

pub(super) fn render(facts: &TestedFacts) -> Markup {
    let ladders = facts.ladders.iter().filter(|ladder| ladder.measure == Measure::Lasten);
    let ladders: Vec<&Ladder> =
        ladders.filter(|ladder| matches!(ladder.level, Level::Totaal | Level::Wet)).collect();
    let mut reports: Vec<&str> = ladders.iter().map(|ladder| ladder.report.as_str()).collect();
    reports.dedup();
    let of = |report: &str| -> Vec<&Ladder> {
        ladders.iter().copied().filter(|ladder| ladder.report == report).collect()
    };
    section(
        "waarde",
        "Zat het model dichterbij dan de begroting en de beleidsrapportages?",
        &html! {
            @if reports.is_empty() {
                p {
                    "Er zijn geen beleidsrapportages ingelezen over hele jaren die voorbij zijn. Deze vergelijking is daarom leeg. "
                    "Lever ze aan als bron " code { "human_forecast" } "."
                }
            } @else {
                p { (answer(&reports.iter().filter_map(|report| of(report).first().copied()).collect::<Vec<_>>())) }
                p {
                    "Elke trap is een voorspelling van dezelfde jaren, met wat er vóór de rapportage bekend was: vuistregels, "
                    "de begroting, ons model, de rapportage zelf, en model en rapportage samen."
                }
                @for (at, report) in (1..).zip(&reports) { (one(at, report, &of(report))) }
                (notes(&ladders))
            }
        },
    )
}

/// Beside how many reports the model lies nearer, and which reports are on one side for sure.
fn answer(ladders: &[&Ladder]) -> Markup {
    let wapes = |ladder: &&Ladder| {
        Some((rung(ladder, Step::Model)?.wape, rung(ladder, Step::Report)?.wape))
    };
    let compared: Vec<(f64, f64)> = ladders.iter().filter_map(wapes).collect();
    let nearer = compared.iter().filter(|(model, report)| model < report).count();
    let sure = ladders.iter().filter(|ladder| bias::luck(&ladder.bias) == Luck::Rare);
    let named = |ladder: &&Ladder| format!("de {} {}", ladder.report, off(ladder.bias.mean));
    let named: Vec<String> = sure.map(named).collect();
    html! {
        @if !compared.is_empty() {
            "Ons model zat dichterbij dan " (nearer) " van de " (text::counted(compared.len(), "soort rapportage", "soorten rapportages"))
            ". "
        }
        @if named.is_empty() { "Dat rapportages te hoog of te laag zijn, is niet bewezen." }
        @else { "Gemiddeld was " strong { (text::list(&named)) } ", en dat is zelden toeval." }
    }
}

/// All about one report. The total comes first, and what it says of bias counts.
fn one(at: usize, report: &str, ladders: &[&Ladder]) -> Markup {
    html! {
        h3 { (text::capital(report)) }
        @if let Some(ladder) = ladders.first() {
            (nearest(ladder))
            (bias::verdict(report, &ladder.bias))
            (figure(at, ladders))
            (bias::proof(at, report, ladder))
        }
    }
}

fn rung(ladder: &Ladder, step: Step) -> Option<&Rung> {
    ladder.rungs.iter().find(|rung| rung.step == step)
}

/// The report beside the model and the budget.
fn nearest(ladder: &Ladder) -> Markup {
    let said = |step: Step| rung(ladder, step).map(|rung| text::percent(rung.wape));
    let (report, model) = (rung(ladder, Step::Report), rung(ladder, Step::Model));
    let best = ladder.rungs.iter().min_by(|a, b| a.wape.total_cmp(&b.wape));
    html! {
        @if let (Some(report), Some(model), Some(best)) = (report, model, best) {
            p {
                strong {
                    @if model.wape < report.wape { "Ons model zat dichterbij dan de rapportage: " }
                    @else { "De rapportage zat minstens even dichtbij als ons model: " }
                }
                "ons model " (text::percent(model.wape)) ", de rapportage " (text::percent(report.wape))
                @if let Some(budget) = said(Step::Begroting) { ", de begroting " (budget) }
                " (" (words::level(ladder.level)) "). Het dichtst bij de uitkomst kwam: "
                (step_name(best.step)) ", met " (text::percent(best.wape)) "."
            }
        } @else {
            p { "Er is te weinig bekend om ons model met deze rapportage te vergelijken." }
        }
    }
}

/// How a step is called.
fn step_name(step: Step) -> &'static str {
    match step {
        Step::Rule(at) => words::model(RULES[at].name()),
        Step::Begroting => "de begroting",
        Step::Model => "ons model",
        Step::Report => "de rapportage",
        Step::Unbiased => "rapportage, bijgesteld",
        Step::Together => "model en rapportage",
        Step::TogetherUnbiased => "model en bijgesteld",
    }
}

/// The ladders of a report, the total beside the acts.
fn figure(at: usize, ladders: &[&Ladder]) -> Markup {
    let id = format!("trap-{at}");
    let drawn = || ladders.iter().filter(|ladder| !ladder.rungs.is_empty());
    html! {
        @if drawn().count() > 0 {
            figure aria-labelledby={ (id) "-kop" } {
                figcaption id={ (id) "-kop" } {
                    strong { "Hoe ver zat elke trap ernaast?" }
                    span { "Lasten van het jaar. Hoe korter de balk, hoe beter. Alle trappen gaan over dezelfde jaren." }
                }
                div.twee {
                    @for ladder in drawn() {
                        div { h4 { (text::capital(words::level(ladder.level))) } (chart(&id, ladder)) }
                    }
                }
                (bars::legend())
                @for ladder in drawn() { (rung_table(&id, ladder)) }
            }
        }
    }
}

fn chart(id: &str, ladder: &Ladder) -> Markup {
    let bar = |rung: &Rung| Bar {
        name: step_name(rung.step).to_owned(),
        size: 100.0 * rung.wape,
        said: text::percent(rung.wape),
        way: Way::of(rung.bias, rung.wape),
        bold: matches!(rung.step, Step::Model | Step::Report),
    };
    let bars: Vec<Bar> = ladder.rungs.iter().map(bar).collect();
    let told =
        |bar: &Bar| format!("{}: {}, {}.", text::capital(&bar.name), bar.said, bar.way.word());
    let alt = Alt {
        id: format!("{id}-{}", ladder.level),
        title: format!("Misser per trap, {}", words::level(ladder.level)),
        description: bars.iter().map(told).collect::<Vec<_>>().join(" "),
    };
    twice(|screen| bars::draw("% van de uitkomst", &bars, screen, Room::Half, &alt))
}

fn rung_table(id: &str, ladder: &Ladder) -> Markup {
    let heads =
        ["Misser × € 1.000", "Misser", "Te hoog (+) of te laag (−)", "Beter dan een jaar terug"];
    let heads: Vec<Markup> =
        std::iter::once(head_text("Trap")).chain(heads.into_iter().map(head)).collect();
    let body = html! {
        @for rung in &ladder.rungs {
            tr.som[rung.step == Step::Report] {
                th scope="row" { (text::capital(step_name(rung.step))) }
                td { (text::thousands(Cents::from_euros(rung.mae))) }
                td { (text::percent(rung.wape)) }
                td { (text::signed(100.0 * rung.bias, 1)) "%" }
                td { @if rung.step == Step::Rule(0) { "–" } @else { (text::count(rung.better)) " van " (text::count(rung.count)) } }
            }
        }
    };
    let title = format!("Trappen, {}", words::level(ladder.level));
    let years = ladder.rungs.first().map_or(0, |rung| rung.years);
    let note = format!("Lasten · {}", text::counted(years, "jaar", "jaren"));
    figures_of(
        &format!("{id}-{}", ladder.level),
        words::level(ladder.level),
        &title,
        &note,
        &heads,
        &body,
    )
}

/// What the words and the corrected steps mean.
fn notes(ladders: &[&Ladder]) -> Markup {
    let corrected = ladders.iter().any(|ladder| rung(ladder, Step::Unbiased).is_some());
    html! {
        p.noot {
            (LUCK_RULE) " De slotzin volgt de zwakste van de twee tellingen."
            @if corrected {
                " Bijgesteld: de rapportage, gecorrigeerd met wat zij in eerdere jaren gemiddeld te hoog of te laag was, voor "
                "zover dat toen bekend was. Jaren waarin een trap nog niets kon zeggen, blijven in alle trappen weg."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::{Example, ladders};
    use super::*;

    fn page(offs: &[f64]) -> String {
        let mut example = Example::new(0.02, 6);
        example.ladders = ladders(offs);
        render(&example.facts()).into_string()
    }

    #[test]
    fn too_high_too_low_and_nothing_proven() {
        let high = page(&[0.05, 0.04, 0.06, 0.05, 0.03, 0.07]);
        assert!(high.contains("In 6 van de 6\u{a0}jaren was zij te hoog."), "{high}");
        assert!(high.contains("Dat is zelden toeval: de rapportage is te hoog."));
        assert!(high.contains("Ons model zat dichterbij dan de rapportage"));
        let low = page(&[-0.05, -0.04, -0.06, -0.05, -0.03, -0.07]);
        assert!(low.contains("gemiddeld <strong>5,0% te laag</strong>"));
        assert!(low.contains("de rapportage is te laag."));
        let none = page(&[0.05, -0.04, 0.03, -0.05, 0.02, -0.01]);
        assert!(none.contains("Bewezen is er niets"));
        assert!(none.contains("te laag en"));
    }

    #[test]
    fn few_years_are_only_a_hint() {
        let page = page(&[0.05, 0.04, 0.06, 0.05, 0.03]);
        // 2/2⁵ is 6 of 100.
        assert!(page.contains("in 6 van de 100 keer"));
        assert!(
            page.contains("maar het kan toeval zijn")
                && page.contains("nooit meer zijn dan een aanwijzing")
        );
    }

    #[test]
    fn without_reports_it_says_so() {
        assert!(page(&[]).contains("Er zijn geen beleidsrapportages ingelezen"));
    }
}
