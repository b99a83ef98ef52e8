//! Section 4: the products with the largest errors in euros, and the hardest years.

use super::{TestedFacts, figures_of, section, words};
use crate::backtest::{Score, Split, Target};
use crate::outlook::NodeName;
use crate::report::bars::{self, Bar, Room, Way};
use crate::report::canvas::{Alt, twice};
use crate::report::facts::{act_name, node_name};
use crate::report::markup::{figures, head, head_text};
use crate::report::text;
use crate::units::{Cents, Level};
use maud::{Markup, html};

/// So many products are named.
const NAMED: usize = 10;

pub(super) fn render(facts: &TestedFacts) -> Markup {
    let mut lines =
        facts.ours(Target::Jaar, Level::Product, |split| matches!(split, Split::Line(_)));
    lines.sort_by(|a, b| b.mae.total_cmp(&a.mae));
    lines.truncate(NAMED);
    section(
        "waar",
        "Welke producten en welke jaren waren het moeilijkst?",
        &html! {
            @if lines.is_empty() { p { "Er zijn geen producten nagespeeld." } }
            @else {
                p { (answer(&lines)) }
                (figure(&lines))
            }
            @if let Some(level) = facts.main_level() { (years(facts, level)) }
            p.noot { "Te hoog of te laag: als minstens de helft van de misser naar die kant gaat. Anders is het wisselend." }
        },
    )
}

fn node(score: &Score) -> Option<&NodeName> {
    match &score.split {
        Split::Line(node) => Some(node),
        _ => None,
    }
}

fn name(score: &Score) -> String {
    node(score).map(node_name).unwrap_or_default()
}

fn way(score: &Score) -> Way {
    Way::of(score.bias, score.wape)
}

fn answer(lines: &[&Score]) -> Markup {
    let one = |score: &Score| {
        format!(
            "{} ({}, gemeten over {}, {})",
            name(score),
            text::euros(Cents::from_euros(score.mae)),
            text::counted(score.years, "jaar", "jaren"),
            words::side(way(score))
        )
    };
    let named: Vec<String> = lines.iter().take(3).map(|score| one(score)).collect();
    html! {
        "In euro's zaten wij er het verst naast bij " strong { (text::list(&named)) } ". Het bedrag is de misser van een "
        "gemiddelde voorspelling. Kijk bij deze producten eerst of er iets bekend is dat het model niet weet."
    }
}

fn figure(lines: &[&Score]) -> Markup {
    let bar = |score: &&Score| Bar {
        name: name(score),
        size: score.mae / 1e3,
        said: text::thousands(Cents::from_euros(score.mae)),
        way: way(score),
        bold: false,
    };
    let bars: Vec<Bar> = lines.iter().map(bar).collect();
    let told = |bar: &Bar| format!("{}: {} duizend euro, {}.", bar.name, bar.said, bar.way.word());
    let alt = Alt {
        id: "missers".into(),
        title: format!(
            "De grootste missers: {}",
            text::counted(lines.len(), "product", "producten")
        ),
        description: bars.iter().map(told).collect::<Vec<_>>().join(" "),
    };
    html! {
        figure aria-labelledby="missers-kop" {
            figcaption id="missers-kop" {
                strong { (alt.title) }
                span { "Lasten. De gemiddelde misser van een jaaruitkomst, zonder op plus of min te letten." }
            }
            (twice(|screen| bars::draw("duizend euro per jaar", &bars, screen, Room::Whole, &alt)))
            (bars::legend())
            (line_table(lines))
        }
    }
}

fn line_table(lines: &[&Score]) -> Markup {
    let mut heads = vec![head_text("Product"), head_text("Wet")];
    heads.extend(["Misser × € 1.000", "Misser", "Jaren"].map(head));
    heads.push(head_text("Kant"));
    let body = html! {
        @for score in lines {
            tr {
                th scope="row" { (name(score)) }
                td.t { (act_name(node(score).and_then(|node| node.wet))) }
                td { (text::thousands(Cents::from_euros(score.mae))) }
                td { (text::percent(score.wape)) }
                td { (text::count(score.years)) }
                td.t { (way(score).word()) }
            }
        }
    };
    figures(
        "missers-tabel",
        "Producten met de grootste misser",
        "Lasten · jaaruitkomsten",
        &heads,
        &body,
    )
}

/// The error of each year, of the level that counts most and of all together.
fn years(facts: &TestedFacts, main: Level) -> Markup {
    let worst = of_years(facts, main).into_iter().max_by(|a, b| a.wape.total_cmp(&b.wape));
    let levels: Vec<Level> =
        if main == Level::Totaal { vec![main] } else { vec![main, Level::Totaal] };
    html! {
        h3 { "Welke jaren waren moeilijk?" }
        @if let Some(worst) = worst {
            p {
                "Het verst ernaast zaten wij in " strong { (year(worst)) } ": " (text::percent(worst.wape)) " ("
                (words::level(main)) "), " (words::side(way(worst))) "."
            }
        }
        figure aria-labelledby="jaren-kop" {
            figcaption id="jaren-kop" {
                strong { "Misser per jaar" }
                span { "Lasten. Alle voorspellingen van dat jaar samen." }
            }
            div.twee {
                @for &level in &levels {
                    div { h4 { (text::capital(words::level(level))) } (year_chart(facts, level)) }
                }
            }
            (bars::legend())
            @for &level in &levels { (year_table(facts, level)) }
        }
    }
}

fn of_years<'a>(facts: &TestedFacts<'a>, level: Level) -> Vec<&'a Score> {
    facts.ours(Target::Jaar, level, |split| matches!(split, Split::Year(_)))
}

fn year_chart(facts: &TestedFacts, level: Level) -> Markup {
    let bar = |score: &Score| Bar {
        name: year(score),
        size: 100.0 * score.wape,
        said: text::percent(score.wape),
        way: way(score),
        bold: false,
    };
    let bars: Vec<Bar> = of_years(facts, level).into_iter().map(bar).collect();
    let told = |bar: &Bar| format!("{}: {}, {}.", bar.name, bar.said, bar.way.word());
    let alt = Alt {
        id: format!("jaren-{level}"),
        title: format!("Misser per jaar, {}", words::level(level)),
        description: bars.iter().map(told).collect::<Vec<_>>().join(" "),
    };
    twice(|screen| bars::draw("% van de uitkomst", &bars, screen, Room::Half, &alt))
}

fn year(score: &Score) -> String {
    match score.split {
        Split::Year(year) => year.to_string(),
        _ => String::new(),
    }
}

/// Every year beside the best simple rule of that year.
fn year_table(facts: &TestedFacts, level: Level) -> Markup {
    let mut heads = vec![head_text("Jaar"), head("Ons model"), head("Beste vuistregel")];
    heads.push(head_text("Kant"));
    let all = facts.rules(Target::Jaar, level, &Split::All);
    let best = all.first().map(|rule| rule.model.as_str());
    let rule =
        |score: &Score| best.and_then(|best| facts.score(Target::Jaar, level, best, &score.split));
    let body = html! {
        @for score in of_years(facts, level) {
            tr {
                th scope="row" { (year(score)) }
                td { (text::percent(score.wape)) }
                td { (rule(score).map_or_else(|| "–".to_owned(), |rule| text::percent(rule.wape))) }
                td.t { (way(score).word()) }
            }
        }
    };
    let note = format!(
        "Lasten · deel van de uitkomst · de vuistregel die over alle jaren het best was: {}",
        best.map_or("geen", words::model)
    );
    let title = format!("Misser per jaar, {}", words::level(level));
    figures_of(&format!("jaren-{level}"), words::level(level), &title, &note, &heads, &body)
}

#[cfg(test)]
mod tests {
    use super::super::example::Example;
    use super::*;

    #[test]
    fn names_the_largest_error_with_its_side() {
        // The large product is 6 % of 3 million too high, which is more than any other.
        let page = render(&Example::new(0.06, 6).facts()).into_string();
        assert!(
            page.contains("het verst naast bij <strong>Jeugdhulp met verblijf, landelijk"),
            "{page}"
        );
        assert!(page.contains("meestal te hoog"));
        let page = render(&Example::new(-0.06, 6).facts()).into_string();
        assert!(page.contains("meestal te laag"));
    }
}
