//! Section 9: how this was made, from what, and what the words mean.

use super::facts::{Facts, LineNote};
use super::markup::{folded, head_text, link, path, section, table};
use super::{reliable, text};
use crate::forecast::Bands;
use maud::{Markup, html};
use std::collections::BTreeMap;

pub(super) fn render(facts: &Facts) -> Markup {
    section(
        "verantwoording",
        "Hoe is dit gemaakt, en waarvan?",
        &html! {
            dl.par {
                (origin(facts))
                (method(facts))
                (program(facts))
            }
            h3 { "Woorden in dit rapport" }
            (words())
            (models(facts.lines))
            (inputs(facts))
        },
    )
}

fn pair(term: &str, description: &Markup) -> Markup {
    html! { dt { (term) } dd { (description) } }
}

fn origin(facts: &Facts) -> Markup {
    let code = if facts.code.is_empty() { String::new() } else { format!(" ({})", facts.code) };
    let last = facts.provenance.last_observed;
    html! {
        (pair("Organisatie", &html! { (facts.organisation) (code) }))
        @if !facts.model_owner.is_empty() { (pair("Eigenaar van het model", &html! { (facts.model_owner) })) }
        (pair("Stand", &html! { "Wat tot en met " (text::month(facts.outlook.as_of)) " geboekt was, en niets van daarna." }))
        @match last {
            Some(last) => { (pair("Laatste boeking", &html! { (text::month(last)) })) }
            None => { (pair("Laatste boeking", &html! { "Er zijn geen boekingen." })) }
        }
        (pair("Het jaar", &html! { @if facts.has_service_months {
            "Het jaar van de zorg: een bedrag telt in de maand waarin de zorg is geleverd, ook als de factuur later komt."
        } @else {
            "Het grootboek kent geen maand van de zorg. De boekmaand staat daarvoor in de plaats: een bedrag telt in "
            "het jaar waarin het is geboekt. De aanvulling van late facturen staat uit; zie " (link("facturen")) "."
        } }))
    }
}

/// How the number is made, in four sentences.
fn method(facts: &Facts) -> Markup {
    let draws = text::count(facts.provenance.draws);
    let learned = facts.provenance.trained_through.unwrap_or(facts.outlook.as_of);
    html! {
        (pair("Zo is het getal gemaakt", &html! {
            "Per regel leert een model uit de maandbedragen tot en met " (text::month(learned)) ". "
            "Daarmee zijn " (draws) " mogelijke toekomsten doorgerekend, voor alle regels tegelijk. "
            "De prognose is het gemiddelde daarvan; de 80%-band laat de laagste en de hoogste tiende weg. "
            "Een totaal is in elke toekomst de som van zijn regels, dus de bedragen tellen op. De banden niet."
        }))
        (pair("De banden", &bands(facts)))
        (pair("Tekens", &html! {
            "Lasten en baten zijn allebei positief, een creditnota is negatief. Saldo is lasten min baten. Afwijking "
            "is prognose min begroting. Nadeel (N): meer lasten of saldo, of minder baten dan begroot; anders "
            "voordeel (V)."
        }))
    }
}

/// What the bands rest on, and where they were tested.
fn bands(facts: &Facts) -> Markup {
    let Bands { errors, dates, years, known, common, .. } = facts.bands;
    html! {
        @if *errors == 0 {
            "Hoe breed een band is, is van verzonnen gemeenten geleerd: er zijn hier te weinig maanden om eerdere "
            "voorspellingen na te spelen. "
        } @else {
            "De banden van dit jaar rusten op " (text::counted(*errors, "eerdere voorspelling", "eerdere voorspellingen"))
            " van losse regels, op " (text::counted(*dates, "moment", "momenten"))
            " in het verleden. Ze gaan over " (text::counted(*years, "verschillend jaar", "verschillende jaren"))
            "; fouten uit één jaar lijken op elkaar, dus tel vooral de jaren. Telkens kenden wij van een jaar " (text::counted(*known as usize, "maand", "maanden"))
            ", en is wat wij verwachtten vergeleken met wat het werd. Waar dat weinig zegt, telt mee wat van verzonnen "
            "gemeenten is geleerd. "
        }
        (text::percent(*common)) " van de onzekerheid van een regel treft alle regels tegelijk. "
        @if reliable::widest(facts).is_some() {
            "Of de banden van wet en totaal kloppen, is op eerdere jaren van onszelf getoetst; zie " (link("betrouwbaar"))
            ". Bij verzonnen gemeenten zijn ook die van producten getoetst; de cijfers staan in de handleiding. "
        } @else {
            "Of de banden van product, wet en totaal kloppen, is alleen bij verzonnen gemeenten getoetst; de cijfers staan "
            "in de handleiding. "
        }
        "De banden van latere jaren rusten op weinig jaren."
    }
}

fn program(facts: &Facts) -> Markup {
    let made = facts.provenance;
    html! {
        (pair("Programma", &html! {
            "prognose " (made.version) ", modelspecificatie " code { (made.spec) } ", zaad " (made.seed) ", "
            (text::count(made.draws)) " trekkingen"
        }))
        (pair("Meer verantwoording", &html! {
            "De modelkaart, het dossier, de toets ‘basis op orde’ en een concept voor het Algoritmeregister staan in de map "
            code { "account" } ". " code { "prognose account" } " schrijft ze."
        }))
        (pair("Gelezen", &html! {
            (text::counted(facts.files.len(), "bestand", "bestanden")) " met "
            (text::counted(facts.files.iter().map(|file| file.rows).sum(), "rij", "rijen"))
        }))
    }
}

fn words() -> Markup {
    html! {
        dl.par {
            (pair("80%-band", &html! {
                "De uitkomst ligt in 8 van de 10 gevallen tussen deze bedragen, in 1 van de 10 eronder en in 1 van de 10 erboven."
            }))
            (pair("Kans op nadeel", &html! { "Hoe vaak de uitkomst aan de kant van het nadeel ligt." }))
            (pair("Nog te ontvangen", &html! { "Schatting van facturen over maanden die voorbij zijn." }))
            (pair("Nog te komen", &html! { "Verwachting voor de maanden die nog moeten komen, zonder wat al vooruit is geboekt." }))
            (pair("Voorlopig", &html! { "Een maand waarover nog facturen kunnen komen. In figuren is zo'n maand gearceerd of gestippeld, in tabellen schuin gedrukt." }))
            (pair("Brug", &html! { "Een vaste groep regels die doorloopt als de indeling in taakvelden verandert." }))
        }
    }
}

/// The model of every line, and why it is not the one asked for.
fn models(lines: &[LineNote]) -> Markup {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for note in lines {
        *counts.entry(&note.model).or_default() += 1;
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(model, &n)| format!("{model} ({})", text::counted(n, "regel", "regels")))
        .collect();
    let heads = ["Regel", "Model", "Reden", "Voorlopig vanaf"].map(head_text);
    let body = html! {
        @for note in lines {
            tr {
                th scope="row" { (note.line) }
                td.t { (note.model) }
                td.t { (note.reason.as_deref().unwrap_or("–")) }
                td.t { (note.provisional_from.map_or_else(|| "–".to_owned(), text::month)) }
            }
        }
    };
    let table = table("modellen", "Model per regel", "", &heads, &body);
    html! {
        @if !lines.is_empty() {
            h3 { "Modellen" }
            p { "In gebruik: " (text::list(&counts)) "." }
            (folded(&format!("Model per regel ({})", text::counted(lines.len(), "regel", "regels")), true, &table))
        }
    }
}

/// What was read, with its fingerprint.
fn inputs(facts: &Facts) -> Markup {
    let sheet =
        |sheet: &str| if sheet.is_empty() { String::new() } else { format!(", blad {sheet}") };
    let heads = ["Bestand", "Rijen", "SHA-256"].map(head_text);
    let body = html! {
        @for file in facts.files {
            tr {
                th scope="row" { (path(&file.file)) (sheet(&file.sheet)) }
                td.t { (text::count(file.rows)) }
                td.t { code { (file.sha256) } }
            }
        }
        @for (name, hash) in &facts.provenance.other_inputs {
            tr { th scope="row" { (path(name)) } td.t { "–" } td.t { code { (hash) } } }
        }
    };
    folded(
        "Gelezen bestanden met hun vingerafdruk",
        true,
        &table("invoer", "Gelezen bestanden", "", &heads, &body),
    )
}
