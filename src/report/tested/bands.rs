//! Section 3: how often outcomes lay inside the bands, and where in the forecast they fell.

use super::bands_chart::{self, Held};
use super::words::{Fit, cases};
use super::{TestedFacts, section, words};
use crate::backtest::{Pit, Score, Target};
use crate::report::canvas::{Alt, twice};
use crate::report::markup::{figures, head, head_text};
use crate::report::text;
use crate::score::Coverage;
use crate::units::{Level, Measure};
use maud::{Markup, html};

/// From few outcomes to many.
const LEVELS: [Level; 5] =
    [Level::Totaal, Level::Wet, Level::Taakveld, Level::Product, Level::Brug];

pub(super) fn render(facts: &TestedFacts) -> Markup {
    let scores: Vec<&Score> = LEVELS.iter().filter_map(|&level| facts.years(level)).collect();
    section(
        "banden",
        "Liggen de uitkomsten zo vaak in de band als de band belooft?",
        &html! {
            @if scores.is_empty() { p { "Er zijn geen banden om te toetsen." } }
            @else {
                (verdict(&scores, "80%", 0.8, |score| score.coverage80))
                (verdict(&scores, "95%", 0.95, |score| score.coverage95))
                (figure(&scores))
                p.noot {
                    "De strepen zijn grenzen van 95%: een band die echt zo vaak klopt, geeft zo'n telling nog net. De grenzen "
                    "doen alsof alle uitkomsten los van elkaar staan. Uitkomsten van hetzelfde jaar hangen samen. De echte "
                    "grenzen liggen dus verder uit elkaar, vooral bij taakvelden en producten."
                }
                (places(facts))
            }
        },
    )
}

/// The levels at which a band is too narrow, too broad, or as it should be for all we know.
fn verdict(scores: &[&Score], name: &str, meant: f64, of: fn(&Score) -> Coverage) -> Markup {
    let named = |fit: Fit| -> Option<String> {
        let kept = scores.iter().filter(|score| Fit::of(of(score), meant) == fit);
        let names: Vec<String> = kept.map(|score| words::parts(score.level).to_owned()).collect();
        (!names.is_empty()).then(|| text::list(&names))
    };
    html! {
        p {
            @if let Some(names) = named(Fit::Narrow) { "De " (name) "-band lijkt te smal voor " strong { (names) } ". Reken daar met meer onzekerheid. " }
            @if let Some(names) = named(Fit::Broad) { "De " (name) "-band lijkt te breed voor " strong { (names) } ". De uitkomst ligt daar meestal dichterbij dan de band zegt. " }
            @if let Some(names) = named(Fit::Right) { "Wat wij zagen past bij een eerlijke " (name) "-band voor " strong { (names) } "." }
        }
    }
}

fn figure(scores: &[&Score]) -> Markup {
    let helds: Vec<Held> = scores.iter().flat_map(|score| held(score)).collect();
    let told = |held: &Held| format!("{}: {}.", held.name, held.said);
    let alt = Alt {
        id: "dekking".into(),
        title: "Hoe vaak lag de jaaruitkomst in de band?".into(),
        description: helds.iter().map(told).collect::<Vec<_>>().join(" "),
    };
    html! {
        figure aria-labelledby="dekking-kop" {
            figcaption id="dekking-kop" {
                strong { (alt.title) }
                span { "Lasten. Ligt het staande streepje binnen de liggende streep, dan past de telling bij de belofte." }
            }
            (twice(|screen| bands_chart::held(&helds, screen, &alt)))
            (bands_chart::legend())
            (table(scores))
        }
    }
}

/// The bands of 80 and 95 % at one level.
fn held(score: &Score) -> [Held; 2] {
    [(0.8, score.coverage80), (0.95, score.coverage95)].map(|(meant, coverage)| Held {
        name: format!(
            "{}, {}%-band",
            text::capital(words::level(score.level)),
            text::decimals(100.0 * meant, 0)
        ),
        said: format!(
            "{} van de {}",
            text::count(cases(coverage.share, score.count)),
            text::count(score.count)
        ),
        meant,
        coverage,
    })
}

fn table(scores: &[&Score]) -> Markup {
    let heads = ["Uitkomsten", "In de band", "Bedoeld", "Deel", "Grenzen"];
    let heads: Vec<Markup> =
        std::iter::once(head_text("Band")).chain(heads.into_iter().map(head)).collect();
    let body = html! {
        @for score in scores {
            @for held in held(score) {
                tr {
                    th scope="row" { (held.name) }
                    td { (text::count(score.count)) }
                    td { (text::count(cases(held.coverage.share, score.count))) }
                    td { (text::count(cases(held.meant, score.count))) }
                    td { (text::percent(held.coverage.share)) }
                    td { (text::percent(held.coverage.low)) "\u{a0}–\u{a0}" (text::percent(held.coverage.high)) }
                }
            }
        }
    };
    figures(
        "dekking-tabel",
        "Jaaruitkomsten in de band",
        "Lasten · exacte grenzen van 95%",
        &heads,
        &body,
    )
}

/// The places of outcomes, of acts and of products.
fn places(facts: &TestedFacts) -> Markup {
    let asked = |level: Level| {
        let key = (Target::Jaar, level, Measure::Lasten);
        facts.pits.iter().find(move |pit| (pit.target, pit.level, pit.measure) == key)
    };
    let pits: Vec<&Pit> = [Level::Wet, Level::Product].into_iter().filter_map(asked).collect();
    html! {
        @if !pits.is_empty() {
            h3 { "Waar in de voorspelling viel de uitkomst?" }
            p {
                "Elke voorspelling is verdeeld in tien vakken, van laag naar hoog. Elk vak had volgens het model evenveel kans. "
                "Is dat eerlijk, dan krijgt elk vak ongeveer een tiende van de uitkomsten en zijn de staven even hoog."
            }
            @for pit in &pits { p { (shape(pit)) } }
            figure aria-labelledby="vakken-kop" {
                figcaption id="vakken-kop" {
                    strong { "Per vak het deel van de jaaruitkomsten" }
                    span { "Lasten. Links: lager dan gedacht. Rechts: hoger dan gedacht. De stippellijn is een tiende." }
                }
                div.twee {
                    @for pit in &pits {
                        div {
                            h4 { (text::capital(words::level(pit.level))) ", " (text::count(pit.count)) " uitkomsten" }
                            (histogram(pit))
                        }
                    }
                }
                (places_table(&pits))
            }
        }
    }
}

/// Further from a half than this, one side is called too frequent.
const SKEWED: f64 = 0.1;

/// How often the outer tenths and the lower half were hit.
fn shape(pit: &Pit) -> Markup {
    let lean = pit.lower() - 0.5;
    html! {
        strong { (text::capital(words::level(pit.level))) } ": " (text::percent(pit.outer())) " van de uitkomsten viel in de twee "
        "buitenste vakken; bedoeld is 20%. " (text::percent(pit.lower())) " viel in de onderste helft; bedoeld is 50%. "
        @if lean > SKEWED { "Wij voorspelden dus vaker te hoog dan te laag." }
        @else if lean < -SKEWED { "Wij voorspelden dus vaker te laag dan te hoog." }
    }
}

fn histogram(pit: &Pit) -> Markup {
    let told: Vec<String> = pit.bins.iter().map(|&share| text::percent(share)).collect();
    let alt = Alt {
        id: format!("vakken-{}", pit.level),
        title: format!("Deel van de uitkomsten per vak, {}", words::level(pit.level)),
        description: format!("Van laag naar hoog: {}.", text::list(&told)),
    };
    twice(|screen| bands_chart::tenths(&pit.bins, screen, &alt))
}

fn places_table(pits: &[&Pit]) -> Markup {
    let mut heads = vec![head_text("Vak")];
    heads.extend(pits.iter().map(|pit| head(&text::capital(words::level(pit.level)))));
    let body = html! {
        @for bin in 0..10 {
            tr {
                th scope="row" { (bin + 1) @if bin == 0 { " (laagste)" } @else if bin == 9 { " (hoogste)" } }
                @for pit in pits { td { (text::percent(pit.bins[bin])) } }
            }
        }
    };
    figures(
        "vakken-tabel",
        "Deel van de uitkomsten per vak",
        "Lasten · jaaruitkomsten",
        &heads,
        &body,
    )
}

#[cfg(test)]
mod tests {
    use super::super::example::Example;
    use super::*;

    fn pit(bins: [f64; 10]) -> Pit {
        Pit { target: Target::Jaar, level: Level::Wet, measure: Measure::Lasten, count: 60, bins }
    }

    #[test]
    fn the_shape_is_put_in_words() {
        let flat = shape(&pit([0.1; 10])).into_string();
        assert!(flat.contains("20,0% van de uitkomsten") && flat.contains("50,0% viel"), "{flat}");
        assert!(!flat.contains("vaker"));
        let low = [0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05];
        assert!(shape(&pit(low)).into_string().contains("vaker te hoog dan te laag"));
        let high = [0.0, 0.05, 0.05, 0.1, 0.1, 0.3, 0.2, 0.1, 0.1, 0.0];
        assert!(shape(&pit(high)).into_string().contains("vaker te laag dan te hoog"));
    }

    #[test]
    fn levels_are_sorted_by_what_their_limits_say() {
        let example = Example::new(0.02, 6);
        let facts = example.facts();
        let levels = [Level::Wet, Level::Product];
        let mut scores: Vec<Score> =
            levels.iter().filter_map(|&level| facts.years(level)).cloned().collect();
        scores[0].coverage80 = Coverage { share: 0.5, low: 0.4, high: 0.6 };
        scores[1].coverage80 = Coverage { share: 0.8, low: 0.7, high: 0.9 };
        let scores: Vec<&Score> = scores.iter().collect();
        let said = verdict(&scores, "80%", 0.8, |score| score.coverage80).into_string();
        assert!(said.contains("te smal voor <strong>de wetten</strong>"), "{said}");
        assert!(said.contains("eerlijke 80%-band voor <strong>de producten</strong>"));
        assert!(!said.contains("te breed"));
    }
}
