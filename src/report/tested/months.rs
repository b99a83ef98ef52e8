//! Section 2: the error by months known, and by months ahead.

use super::error_chart::{self, Line, Mark};
use super::{TestedFacts, figures_of, rules, section, words};
use crate::backtest::{CHAMPION, Score, Split, Target};
use crate::report::canvas::{Alt, twice};
use crate::report::markup::{head, head_text};
use crate::report::text;
use crate::units::Level;
use maud::{Markup, html};

/// So many rules stand beside the champion, the best ones.
const RULES: usize = 3;
/// In this order the charts stand beside each other.
const LEVELS: [Level; 2] = [Level::Wet, Level::Totaal];

pub(super) fn render(facts: &TestedFacts) -> Markup {
    section(
        "maanden",
        "Hoe ver zitten we ernaast als er meer of minder maanden bekend zijn?",
        &html! {
            @match facts.main_level() {
                None => p { "Er zijn geen jaren nagespeeld." },
                Some(level) => {
                    p { (by_known(facts, level)) }
                    (figure(facts, "bekend", "Jaaruitkomst, naar het aantal maanden dat bekend was", Target::Jaar))
                    (by_horizon(facts, level))
                    (figure(facts, "vooruit", "Eén maand, naar hoe ver die vooruit ligt", Target::Maand))
                }
            }
            p.noot {
                "De misser is de afstand tussen voorspelling en uitkomst, opgeteld en gedeeld door de uitkomsten. Getekend "
                "zijn ons model en de drie vuistregels met de kleinste misser. Weinig verschil: minder dan een vijfde. "
                "Wat de vuistregels doen, staat bij " a href="#modellen" { "de modellen" } "."
            }
        },
    )
}

fn moments(split: &Split) -> bool {
    matches!(split, Split::MonthsKnown(_) | Split::Horizon(_))
}

fn months(score: &Score) -> u32 {
    match score.split {
        Split::MonthsKnown(months) | Split::Horizon(months) => months,
        _ => 0,
    }
}

/// Whether more months bring the outcome nearer, and how often we beat every rule.
fn by_known(facts: &TestedFacts, level: Level) -> Markup {
    let ours = facts.ours(Target::Jaar, level, moments);
    let [first, .., last] = ours.as_slice() else {
        return html! { "Er is op één moment in het jaar voorspeld." };
    };
    let won = ours.iter().filter(|score| {
        let rules = facts.rules(Target::Jaar, level, &score.split);
        rules.first().is_none_or(|rule| score.wape < rule.wape)
    });
    let moment = |score: &Score| {
        format!(
            "Met {} bekend zat ons model er {} naast",
            text::counted(usize::try_from(months(score)).unwrap_or(0), "maand", "maanden"),
            text::percent(score.wape)
        )
    };
    let verdict = if last.wape < 0.8 * first.wape {
        "Meer maanden brengen de voorspelling dus dichterbij."
    } else if last.wape > first.wape {
        "Meer maanden brachten de voorspelling hier niet dichterbij."
    } else {
        "Meer maanden maken hier weinig verschil."
    };
    html! {
        (moment(first)) ", met " (months(last)) " maanden " (text::percent(last.wape)) " (" (words::level(level)) "). "
        strong { (verdict) } " Op " (won.count()) " van de " (text::counted(ours.len(), "moment", "momenten"))
        " zat ons model dichterbij dan elke vuistregel."
    }
}

fn by_horizon(facts: &TestedFacts, level: Level) -> Markup {
    let ours = facts.ours(Target::Maand, level, moments);
    let ahead = |score: &Score| match months(score) {
        1 => "de volgende maand".to_owned(),
        months => format!("een maand die {months} maanden vooruit ligt"),
    };
    html! {
        @if let [first, .., last] = ours.as_slice() {
            p {
                "Ook losse maanden zijn voorspeld. Voor " (ahead(first)) " is de misser "
                (text::percent(first.wape)) ", voor " (ahead(last)) " " (text::percent(last.wape)) " ("
                (words::level(level)) ")."
            }
        }
    }
}

/// The charts of both levels with their figures.
fn figure(facts: &TestedFacts, id: &str, title: &str, target: Target) -> Markup {
    let levels: Vec<Level> = LEVELS
        .into_iter()
        .filter(|&level| !facts.ours(target, level, moments).is_empty())
        .collect();
    html! {
        @if !levels.is_empty() {
            figure aria-labelledby={ (id) "-kop" } {
                figcaption id={ (id) "-kop" } {
                    strong { (title) }
                    span { "Lasten. Hoe lager de lijn, hoe beter." }
                }
                div.twee {
                    @for &level in &levels {
                        div {
                            h3 { (text::capital(words::level(level))) }
                            (chart(facts, id, target, level))
                        }
                    }
                }
                (error_chart::legend(&levels.iter().flat_map(|&level| lines(facts, target, level)).collect::<Vec<_>>()))
                @for &level in &levels { (table(facts, id, target, level)) }
            }
        }
    }
}

fn names(ours: &[&Score]) -> Vec<String> {
    ours.iter().map(|score| months(score).to_string()).collect()
}

/// What the moments are.
fn across(target: Target) -> &'static str {
    match target {
        Target::Jaar => "maanden bekend",
        Target::Maand => "maanden vooruit",
    }
}

/// The errors of a model at the moments of the champion.
fn errors(facts: &TestedFacts, level: Level, model: &str, ours: &[&Score]) -> Vec<Option<f64>> {
    let at = |moment: &&Score| facts.score(moment.target, level, model, &moment.split);
    ours.iter().map(|moment| at(moment).map(|score| score.wape)).collect()
}

/// The champion and the best rules.
fn lines(facts: &TestedFacts, target: Target, level: Level) -> Vec<Line> {
    let ours = facts.ours(target, level, moments);
    let best = facts.rules(target, level, &Split::All);
    let models =
        std::iter::once(CHAMPION).chain(best.iter().take(RULES).map(|score| score.model.as_str()));
    let percents = |model: &str| {
        let errors = errors(facts, level, model, &ours).into_iter();
        errors.map(|error| error.map(|error| 100.0 * error)).collect()
    };
    let line = |model: &str| Line {
        name: words::model(model).to_owned(),
        mark: rules().iter().position(|rule| *rule == model).map_or(Mark::Ours, Mark::Rule),
        errors: percents(model),
    };
    models.map(line).collect()
}

fn chart(facts: &TestedFacts, id: &str, target: Target, level: Level) -> Markup {
    let lines = lines(facts, target, level);
    let names = names(&facts.ours(target, level, moments));
    let told = |line: &Line| told(&names, across(target), line);
    let alt = Alt {
        id: format!("{id}-{level}"),
        title: format!("Misser van ons model en de beste vuistregels, {}", words::level(level)),
        description: lines.iter().map(told).collect::<Vec<_>>().join(" "),
    };
    twice(|screen| error_chart::draw(&names, across(target), &lines, screen, &alt))
}

fn told(names: &[String], across: &str, line: &Line) -> String {
    let at = |(name, error): (&String, &Option<f64>)| {
        error.map(|error| format!("{} bij {name} {across}", text::percent(error / 100.0)))
    };
    let told: Vec<String> = names.iter().zip(&line.errors).filter_map(at).collect();
    format!("{}: {}.", text::capital(&line.name), text::list(&told))
}

fn table(facts: &TestedFacts, id: &str, target: Target, level: Level) -> Markup {
    let ours = facts.ours(target, level, moments);
    let rules = facts.rules(target, level, &Split::All);
    let models = std::iter::once(CHAMPION).chain(rules.iter().map(|score| score.model.as_str()));
    let mut heads = vec![head_text("Model")];
    heads.extend(names(&ours).iter().map(|name| head(name)));
    let body = html! {
        @for model in models {
            tr.som[model == CHAMPION] {
                th scope="row" { (text::capital(words::model(model))) }
                @for error in errors(facts, level, model, &ours) { td { (error.map_or_else(|| "–".to_owned(), text::percent)) } }
            }
        }
    };
    let title = format!("Misser {}", words::level(level));
    let note = format!("Lasten · deel van de uitkomst · kolommen: {}", across(target));
    figures_of(&format!("{id}-{level}"), words::level(level), &title, &note, &heads, &body)
}
