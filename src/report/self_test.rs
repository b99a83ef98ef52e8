//! The page "Zo toets je het zelf": how the department goes over the reliability itself, with files and a pencil.

use super::facts::{Facts, act_name};
use super::hedgehog::inside;
use super::markup::{head, head_text, table};
use super::shell::Kind::{Asks, Describes};
use super::shell::{Section, Shell};
use super::{self_test_limits as limits, text};
use crate::backtest::{Held, LookBack, Reliability, Tally, Told, Trust};
use crate::units::{Cents, Wet};
use maud::{Markup, html};

/// Where the page goes in the output folder.
pub(super) const PATH: &str = "report/toets-het-zelf.html";

#[rustfmt::skip]
const SECTIONS: [Section; 5] = [
    Section { id: "kern", title: "Wat je nagaat", kinds: &[Describes] },
    Section { id: "maand", title: "Elke maand: klopte een maand van toen?", kinds: &[Describes] },
    Section { id: "bewaard", title: "Elke maand: staat er nog wat wij zeiden?", kinds: &[Describes] },
    Section { id: "jaar", title: "Elk jaar: klopte de prognose van het jaar?", kinds: &[Describes] },
    Section { id: "zorgen", title: "Wanneer is er reden tot zorg?", kinds: &[Asks] },
];

pub(super) fn page(facts: &Facts) -> String {
    let shell = Shell {
        title: "Zo toets je het zelf",
        organisation: facts.organisation,
        model_owner: facts.model_owner,
        as_of: facts.outlook.as_of,
        made_up: facts.made_up,
        version: &facts.provenance.version,
        up: Some(("../report.html#betrouwbaar", "Terug naar het maandbericht")),
        meta: html! { span { "geboekt tot en met " b { (text::month(facts.outlook.as_of)) } } },
        contents: &SECTIONS,
    };
    shell.page(
        &html! { (idea()) (month(facts)) (record(facts)) (year(facts)) (limits::render(facts)) },
    )
}

/// A section of this page.
pub(super) fn section(id: &str, question: &str, body: &Markup) -> Markup {
    super::markup::section_of(&SECTIONS, id, question, body)
}

fn idea() -> Markup {
    section(
        "kern",
        "Mag je de bedragen en de banden geloven? Dat kun je zelf tellen.",
        &html! {
            p {
                "Een prognose noemt een bedrag en een band. De band heet goed als de uitkomst er 8 van de 10 keer in valt. Je hebt "
                "drie dingen nodig: wat er toen gezegd is, wat het werd, en een potlood. Kennis van statistiek is niet nodig."
            }
            ol {
                li { "Zoek op wat er toen verwacht werd, met de lage en de hoge kant van de band." }
                li { "Zoek op wat het werd." }
                li { "Ligt de uitkomst tussen laag en hoog? Zet een streepje bij ‘raak’. Anders bij ‘mis’." }
                li { "Tel de streepjes. Vergelijk ze met de telling in dit rapport." }
            }
            p {
                "Alle bestanden staan in de map van dit rapport. In Excel open je het makkelijkst " code { "report.xlsx" } ": daar staan "
                "dezelfde cijfers op de bladen Terugblik en Betrouwbaarheid. In de CSV-bestanden staat een komma tussen de kolommen "
                "en een punt waar je een komma verwacht."
            }
        },
    )
}

/// The act to show by: the first one of the report that was looked back on.
fn example<'a>(facts: &Facts<'a>) -> Option<(&'a Tally, &'a LookBack)> {
    let of = |wet: Option<Wet>| {
        let tally = facts.hindsight.tallies.iter().find(|tally| tally.wet == wet)?;
        let mut settled = facts.hindsight.rows.iter().filter(|row| row.wet == wet && row.settled);
        Some((tally, settled.next_back()?))
    };
    facts.acts().iter().find_map(|row| of(row.node.wet))
}

fn month(facts: &Facts) -> Markup {
    section(
        "maand",
        "Aan het eind van een maand is nog niet alles binnen. Hoe goed schatten wij wat nog kwam?",
        &html! {
            @match example(facts) {
                None => p {
                    "Nog geen maand is definitief, of het grootboek kent geen maand van de zorg. Dan is hier niets te tellen."
                },
                Some((tally, row)) => {
                    p { "Open " code { "hindsight.csv" } " en neem deze regel als voorbeeld:" }
                    (places(&[("maand", row.month.to_string()), ("niveau", level(row.wet)), ("wet", wet(row.wet))]))
                    (compared(&[
                        ("Toen verwacht", "verwacht_toen", row.expected),
                        ("Lage kant van de band", "p10", row.p10),
                        ("Hoge kant van de band", "p90", row.p90),
                        ("Wat het werd", "geworden", row.became),
                    ], "maand"))
                    p { (hit((row.p10..=row.p90).contains(&row.became), row.became, (row.p10, row.p90))) }
                    p {
                        "Doe dit voor alle regels van " (act_name(row.wet)) " met " code { "definitief" } " in de kolom "
                        code { "status" } ". Je komt dan uit op " strong { (text::count(tally.inside)) " keer raak van de "
                        (text::count(tally.months)) } "."
                    }
                },
            }
        },
    )
}

/// Whom to ask.
pub(super) fn owner<'a>(facts: &Facts<'a>) -> &'a str {
    if facts.model_owner.is_empty() { "de eigenaar van het model" } else { facts.model_owner }
}

fn record(facts: &Facts) -> Markup {
    let owner = owner(facts);
    section(
        "bewaard",
        "Een prognose die achteraf verandert, is niet te toetsen. Daarom bewaren wij elke prognose.",
        &html! {
            p { "Vraag " (owner) " om deze twee opdrachten, of geef ze zelf in de map van de gemeente." }
            dl.par {
                dt { code { "prognose archive" } }
                dd {
                    "Laat zien welke prognoses bewaard zijn, en of er iets veranderd of weg is. De laatste regel hoort te zijn: "
                    code { (WHOLE) }
                }
                dt { code { "prognose score" } }
                dd {
                    "Legt elke bewaarde prognose naast wat het werd, in " code { "score.csv" } ". Kijk naar "
                    code { "verwacht" } ", " code { "p10" } ", " code { "p90" } " en " code { "werkelijk" } ". In de kolom "
                    code { "binnen80" } " staat ja of nee. Tel alleen de regels met " code { "definitief" } " in "
                    code { "werkelijk_status" } "."
                }
            }
        },
    )
}

/// The last line of `prognose archive` when all is well.
const WHOLE: &str = "The chain is whole: nothing was changed, lost or added.";

/// What a test on earlier years can be shown by: the last year that is final, of the first act of the report.
fn year_example<'a>(
    facts: &Facts<'a>,
) -> Option<(&'a Reliability, Option<Wet>, &'a Held, &'a Told)> {
    let Trust::Tested(kept) = facts.trust else { return None };
    let of = |wet: Option<Wet>| {
        let tried = kept.acts.iter().find(|tried| tried.wet == wet)?;
        let last = tried.told.iter().filter(|told| told.settled).map(|told| told.year).max()?;
        let told = tried.told.iter().find(|told| told.year == last)?;
        Some((kept, wet, tried.held.as_ref()?, told))
    };
    facts.acts().iter().find_map(|row| of(row.node.wet))
}

fn year(facts: &Facts) -> Markup {
    section(
        "jaar",
        "Hadden wij in eerdere jaren gelijk, met wat er toen bekend was?",
        &html! {
            @match year_example(facts) {
                None => p { "Hier valt nog niet te tellen. In het rapport staat waarom." },
                Some((kept, wet, held, told)) => (year_steps(kept, wet, held, told)),
            }
        },
    )
}

fn year_steps(kept: &Reliability, act: Option<Wet>, held: &Held, told: &Told) -> Markup {
    let period = told.year.to_string();
    html! {
        p { "Speel de eerdere jaren na. Dat duurt een paar minuten:" }
        p { code { "prognose backtest --as-of " (kept.as_of) } }
        p {
            "De opdracht noemt de bestanden die zij schreef. In de map " code { "backtest" } " staat " code { "backtest.html" }
            ", met de uitleg. Open " code { "forecasts.csv" } " en neem deze regel als voorbeeld:"
        }
        (places(&[
            ("origin", told.origin.to_string()),
            ("doel", "jaar".to_owned()),
            ("periode", period),
            ("niveau", level(act)),
            ("wet", wet(act)),
            ("soort", "lasten".to_owned()),
            ("model", crate::backtest::CHAMPION.to_owned()),
        ]))
        (compared(&[
            ("Toen verwacht", "gemiddelde", told.expected),
            ("Lage kant van de band", "p10", told.p10),
            ("Hoge kant van de band", "p90", told.p90),
            ("Wat het werd", "werkelijk", told.became),
        ], "jaar"))
        p { (hit(told.inside(), told.became, (told.p10, told.p90))) " In het rapport staat bij deze prognose in de kolom ‘In de band’: " (inside(told)) "." }
        p {
            "Doe dit voor alle regels van " (act_name(act)) " met " code { "definitief" } " in de kolom " code { "werkelijk_status" }
            ". Je komt dan uit op " strong { (text::count(held.inside)) " keer raak van de " (text::count(held.forecasts)) } ", over "
            (text::counted(held.years, "jaar", "jaren")) "."
        }
    }
}

/// How to find a row: column and value.
fn places(places: &[(&str, String)]) -> Markup {
    html! {
        ul { @for (column, value) in places { li { "kolom " code { (column) } ": " @if value.is_empty() { "leeg" } @else { strong { (value) } } } } }
    }
}

/// What to read off.
fn compared(amounts: &[(&str, &str, Cents)], id: &str) -> Markup {
    let heads = [head_text("Wat"), head_text("Kolom"), head("Euro")];
    let body = html! {
        @for (what, column, amount) in amounts {
            tr { th scope="row" { (what) } td.t { code { (column) } } td { (text::exact(*amount)) } }
        }
    };
    let title = format!("Dit staat er bij het voorbeeld van een {id}");
    table(&format!("voorbeeld-{id}"), &title, "", &heads, &body)
}

/// Whether it was a hit, with the sum to check it by.
fn hit(inside: bool, became: Cents, (low, high): (Cents, Cents)) -> Markup {
    html! {
        @if inside {
            strong { "Raak." } " " (text::exact(became)) " ligt tussen " (text::exact(low)) " en " (text::exact(high)) "."
        } @else if became < low {
            strong { "Mis." } " " (text::exact(became)) " is lager dan " (text::exact(low)) "."
        } @else {
            strong { "Mis." } " " (text::exact(became)) " is hoger dan " (text::exact(high)) "."
        }
    }
}

/// The word of the column `niveau`.
fn level(wet: Option<Wet>) -> String {
    if wet.is_some() { "wet" } else { "totaal" }.to_owned()
}

fn wet(wet: Option<Wet>) -> String {
    wet.map(|wet| wet.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::Hindsight;
    use crate::report::example;
    use crate::report::sound::assert_sound;

    const REPORT: [&str; 1] = ["../report.html#betrouwbaar"];

    #[test]
    fn shows_an_example_of_this_run_that_can_be_gone_over() {
        let example = example::example();
        let page = page(&example.facts());
        assert_sound(&page, &REPORT);
        // Four months back 3.4 million came of Wmo, of which 3.23 was expected.
        for words in [
            "kolom <code>maand</code>: <strong>2026-06</strong>",
            "<td class=\"t\"><code>verwacht_toen</code></td><td>3.230.000,00</td>",
            "<strong>Raak.</strong> 3.400.000,00 ligt tussen 3.060.000,00 en 3.468.000,00.",
            "20 keer raak van de 21",
            "<code>prognose backtest --as-of 2026-02</code>",
            "kolom <code>origin</code>: <strong>2025-03</strong>",
            "17 keer raak van de 18",
            "minder dan 13 van 21\u{a0}maanden",
            "afdeling Ondersteuning &amp; Zorg",
        ] {
            assert!(page.contains(words), "{words} in {page}");
        }
    }

    #[test]
    fn without_anything_to_count_it_says_so() {
        let mut example = example::example();
        example.hindsight = Hindsight::default();
        let never = Trust::Never;
        let page = page(&Facts { trust: &never, model_owner: "", ..example.facts() });
        assert_sound(&page, &REPORT);
        assert!(
            page.contains("Nog geen maand is definitief") && page.contains("Hier valt nog niet")
        );
        assert!(
            page.contains("Er is nog te weinig geteld") && page.contains("eigenaar van het model")
        );
    }

    #[test]
    fn a_miss_says_on_which_side() {
        let said = |became| hit(false, Cents(became), (Cents(100), Cents(200))).into_string();
        assert!(said(50).contains("0,50 is lager dan 1,00"));
        assert!(said(250).contains("2,50 is hoger dan 2,00"));
    }
}
