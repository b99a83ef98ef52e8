//! The model card: what the model is for, under which requirements it is used, and what is known of it.

use super::card_quality::{limits, quality, requirements, signals};
use super::declared::Status;
use super::facts::AccountFacts;
use super::{page as around, pair, to_fill_in, told};
use crate::model::Spec;
use crate::report::markup::{folded, head_text, path, section_of, table};
use crate::report::shell::Kind::{Asks, Describes};
use crate::report::shell::Section;
use crate::report::text;
use maud::{Markup, html};
use std::collections::BTreeMap;

#[rustfmt::skip]
const SECTIONS: [Section; 9] = [
    Section { id: "kern", title: "Kern", kinds: &[Describes] },
    Section { id: "doel", title: "Waarvoor wel en waarvoor niet", kinds: &[Describes] },
    Section { id: "eisen", title: "De eisen van de afdeling", kinds: &[Describes, Asks] },
    Section { id: "gegevens", title: "Gebruikte gegevens", kinds: &[Describes] },
    Section { id: "werking", title: "Hoe het rekent", kinds: &[Describes] },
    Section { id: "kwaliteit", title: "Gemeten kwaliteit", kinds: &[Describes] },
    Section { id: "grenzen", title: "Bekende grenzen", kinds: &[Describes] },
    Section { id: "signalen", title: "Open signalen", kinds: &[Describes, Asks] },
    Section { id: "beheer", title: "Beheer", kinds: &[Describes] },
];

pub(super) fn page(facts: &AccountFacts) -> String {
    let sections = html! {
        (core(facts))
        (purpose())
        (section("eisen", "Waarop nam de afdeling het model over, en geldt dat nog?", &requirements(facts)))
        (data(facts))
        (working(facts))
        (section("kwaliteit", "Hoe ver zat het model ernaast?", &quality(facts)))
        (section("grenzen", "Wanneer moet u het model niet geloven?", &limits(facts)))
        (section("signalen", "Welke veranderingen vragen om een antwoord?", &signals(facts)))
        (care(facts))
    };
    around(facts, "Modelkaart", &SECTIONS, &sections)
}

pub(super) fn section(id: &str, question: &str, body: &Markup) -> Markup {
    section_of(&SECTIONS, id, question, body)
}

fn core(facts: &AccountFacts) -> Markup {
    let declared = facts.declared;
    let missing = declared.missing();
    section(
        "kern",
        "Wat is dit model, en wie staat ervoor?",
        &html! {
            p { strong { (standing(facts)) } }
            dl.par {
                (pair("Wat het doet", &html! {
                    "Elke maand schat het wat Wmo en Jeugd dit jaar en de jaren daarna kosten, en hoe zeker dat is."
                }))
                (pair("Eigenaar", &told(facts.model_owner)))
                (pair("Status", &html! { (declared.status.word()) }))
                (pair("Sinds", &since(facts)))
                (pair("Vastgesteld door", &html! {
                    @if declared.status == Status::Concept { "nog niemand" } @else { (told(&declared.adopted_by)) }
                }))
                (pair("Vragen aan", &told(&declared.contact_email)))
                (pair("Model", &html! { code { (facts.provenance.spec) } ", geleerd tot en met " (text::month(learned(facts))) }))
            }
            @if !missing.is_empty() {
                p.noot { "Nog in te vullen bij " code { "[account]" } " in " code { "prognose.toml" } ": "
                    @for (at, missing) in missing.iter().enumerate() { @if at > 0 { ", " } code { (missing.key) } } "." }
            }
        },
    )
}

/// The sentence that the page opens with.
fn standing(facts: &AccountFacts) -> &'static str {
    match facts.declared.status {
        Status::Concept => "Dit model is een concept: de afdeling heeft het nog niet vastgesteld.",
        Status::Adopted => "De afdeling heeft dit model vastgesteld.",
        Status::Retired => "Dit model is niet meer in gebruik.",
    }
}

fn since(facts: &AccountFacts) -> Markup {
    match facts.declared.status_since {
        Some(month) => html! { (text::month(month)) },
        None if facts.declared.status == Status::Concept => html! { "–" },
        None => to_fill_in(),
    }
}

fn learned(facts: &AccountFacts) -> crate::units::Month {
    facts.provenance.trained_through.unwrap_or(facts.as_of)
}

fn purpose() -> Markup {
    section(
        "doel",
        "Wat mag u eraan vragen?",
        &html! {
            h3 { "Wel" }
            ul {
                li { "Een verwachting van lasten, baten en saldo, per product, taakveld, wet en samen." }
                li { "De kans dat een bedrag boven of onder de begroting uitkomt." }
                li { "Een signaal dat een reeks is veranderd, als vraag aan mensen." }
                li { "Een vergelijking van keuzes die de gemeente zelf invult als beleid." }
            }
            h3 { "Niet" }
            ul {
                li { "Een uitspraak over een inwoner, een gezin of een buurt. Het kent die niet." }
                li { "Een besluit over hulp, een beschikking of een aanbieder." }
                li { "Een oorzaak. Boekingen laten zien dat iets verandert, niet waarom." }
                li { "Een oordeel over het werk van mensen." }
            }
        },
    )
}

fn data(facts: &AccountFacts) -> Markup {
    let heads = ["Bestand", "Rijen", "SHA-256"].map(head_text);
    let sheet =
        |sheet: &str| if sheet.is_empty() { String::new() } else { format!(", blad {sheet}") };
    let body = html! {
        @for file in facts.files {
            tr { th scope="row" { (path(&file.file)) (sheet(&file.sheet)) } td.t { (text::count(file.rows)) } td.t { code { (file.sha256) } } }
        }
        @for (name, hash) in &facts.provenance.other_inputs {
            tr { th scope="row" { (path(name)) } td.t { "–" } td.t { code { (hash) } } }
        }
    };
    section(
        "gegevens",
        "Waar leert het van?",
        &html! {
            p {
                "Het leert van " (text::counted(facts.lines.len(), "regel", "regels")) ", met maanden van "
                (text::month(facts.first)) " tot en met " (text::month(facts.as_of)) ". Gelezen zijn "
                (text::counted(facts.files.len(), "bestand", "bestanden")) " met " (text::counted(facts.rows(), "rij", "rijen")) ". "
                @match facts.dated_percent {
                    Some(100) => "De maand van de zorg is bekend.",
                    Some(share) => { "Van " (share) "% van de rijen is de maand van de zorg bekend. Bij de andere staat de boekmaand daarvoor in de plaats." },
                    None => "De maand van de zorg is niet bekend: de boekmaand staat daarvoor in de plaats.",
                }
            }
            p { "Of de gegevens goed genoeg zijn, staat op " a href="basis-op-orde.html" { "basis op orde" } "." }
            (folded("Gelezen bestanden met hun vingerafdruk", true, &table("invoer", "Gelezen bestanden", "", &heads, &body)))
        },
    )
}

fn working(facts: &AccountFacts) -> Markup {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for note in facts.lines {
        *counts.entry(&note.model).or_default() += 1;
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(model, &n)| format!("{model} ({})", text::counted(n, "regel", "regels")))
        .collect();
    let specification = serde_json::to_string(&facts.models.spec).unwrap_or_default();
    section(
        "werking",
        "Hoe komt een bedrag tot stand?",
        &html! {
            p { (in_words(&facts.models.spec)) }
            p { "Maanden waarover nog facturen komen, tellen mee voor zover zij te vertrouwen zijn." }
            p {
                "Daarna trekt het programma " (text::count(facts.provenance.draws)) " mogelijke toekomsten, voor alle regels samen. "
                "Een totaal is in elke toekomst de som van zijn regels."
            }
            h3 { "Onzekerheid" }
            (uncertainty(facts))
            h3 { "Instellingen" }
            dl.par {
                (pair("Specificatie", &html! { code { (specification) } }))
                (pair("In gebruik", &html! { @if counts.is_empty() { "geen regels" } @else { (text::list(&counts)) } }))
                (pair("Trekkingen", &html! { (text::count(facts.provenance.draws)) ", zaad " (facts.provenance.seed) }))
                (pair("Zelflerend", &html! {
                    "Nee. De methode ligt vast. Elke maand worden haar parameters opnieuw geschat op de nieuwe maanden."
                }))
            }
        },
    )
}

/// What the specification does, in plain words.
fn in_words(spec: &Spec) -> Markup {
    match spec {
        Spec::Kampioen => html! {
            "Per regel kijken drie gladstrijkers vooruit: dynamische Theta, Theta en een gedempte trend. Hun gemiddelde wordt gemengd "
            "met een vlak recent niveau van 9 en 12 maanden. Dat niveau telt zwaarder als een regel grillig of kort is. "
            "Seizoen, werkdagen en bekend beleid gaan er vooraf uit en komen er daarna weer in. Korte en lege regels krijgen een eenvoudiger rekenregel."
        },
        other => {
            html! { "In gebruik is " code { (other.name()) } ", een ander model dan het meegeleverde mengsel. De handleiding legt het uit." }
        }
    }
}

fn uncertainty(facts: &AccountFacts) -> Markup {
    let bands = facts.bands;
    html! {
        p {
            "Hoe breed een band is, volgt uit wat eerdere voorspellingen misten. "
            @if bands.errors == 0 {
                "Hier zijn daarvoor te weinig maanden. De breedte is van verzonnen gemeenten geleerd."
            } @else {
                "Hier zijn dat " (text::counted(bands.errors, "fout", "fouten")) " op " (text::counted(bands.dates, "moment", "momenten"))
                ", over " (text::counted(bands.years, "jaar", "jaren")) ". Waar dat weinig zegt, telt mee wat van verzonnen gemeenten is geleerd."
            }
        }
        p { "Een regel waarvan de situatie nieuw is, krijgt een bredere band." }
        p { "De onzekerheid heeft drie lagen: toeval, facturen die nog komen, en beleid. Beleid is een laag op de prognose en geen deel van een model." }
    }
}

fn care(facts: &AccountFacts) -> Markup {
    let models = facts.models;
    section(
        "beheer",
        "Hoe houdt u het bij, en hoe gaat u terug?",
        &html! {
            dl.par {
                (pair("Programma", &html! { "prognose " (facts.provenance.version) }))
                (pair("Modellen", &html! { code { (models.file) } }))
                (pair("Vingerafdruk", &html! { code { (models.sha256) } }))
                (pair("Opnieuw leren", &html! { code { "prognose train" } ". Ook " code { "prognose run" } " doet dat, elke maand." }))
                (pair("Ander model", &html! {
                    code { "prognose train --challenger" } ". Het komt alleen in gebruik als het de toets wint."
                }))
                (pair("Teruggaan", &html! {
                    code { "prognose train --rollback" } ". Elke eerdere stand blijft bewaard in " code { "state/models" } "."
                }))
                (pair("Logboek", &html! { code { "state/models/log.csv" } " zegt van elke wissel waarom." }))
                (pair("Bewaard", &html! { code { "state/archive" } " bewaart elke prognose; wijziging en verlies worden zichtbaar." }))
                (pair("Vragen aan", &told(&facts.declared.contact_email)))
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    #[test]
    fn tells_who_took_it_over_and_since_when() {
        let card = page(&example::filled().facts());
        for told in [
            "De afdeling heeft dit model vastgesteld.",
            "maart 2026",
            "hoofd afdeling Ondersteuning &amp; Zorg",
            "algoritmes@voorbeeldstad.example",
        ] {
            assert!(card.contains(told), "{told}");
        }
        let card = page(&example::bare().facts());
        assert!(card.contains("Dit model is een concept") && card.contains("nog in te vullen"));
        assert!(card.contains("<code>contact_email</code>"));
    }

    #[test]
    fn rows_without_a_month_of_care_are_told() {
        let example = example::filled();
        let said =
            |dated_percent| data(&AccountFacts { dated_percent, ..example.facts() }).into_string();
        assert!(said(Some(100)).contains(" De maand van de zorg is bekend."));
        assert!(said(Some(10)).contains("Van 10% van de rijen is de maand van de zorg bekend."));
        assert!(said(None).contains("De maand van de zorg is niet bekend"));
    }

    #[test]
    fn another_model_is_not_called_the_blend() {
        let ets = Spec::all().into_iter().find(|spec| spec.name() == "ets").unwrap();
        let said = in_words(&ets).into_string();
        assert!(said.contains("<code>ets</code>") && !said.contains("gladstrijkers"), "{said}");
    }
}
