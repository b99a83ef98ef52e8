//! The dossier for the ethics board: the facts that the program has, and the questions that only the organisation
//! can answer.

use super::facts::AccountFacts;
use super::{ethics, measures, page as around, principles, privacy};
use crate::report::markup::section_of;
use crate::report::shell::Kind::{Asks, Describes};
use crate::report::shell::Section;
use maud::{Markup, html};

#[rustfmt::skip]
const SECTIONS: [Section; 6] = [
    Section { id: "kern", title: "Kern", kinds: &[Describes, Asks] },
    Section { id: "deda", title: "Ethische vragen (DEDA)", kinds: &[Describes, Asks] },
    Section { id: "dpia", title: "Pre-scan DPIA", kinds: &[Describes, Asks] },
    Section { id: "wacht", title: "De wacht tegen persoonsgegevens", kinds: &[Describes] },
    Section { id: "principes", title: "Principes voor de digitale samenleving", kinds: &[Describes, Asks] },
    Section { id: "algoritmekader", title: "Maatregelen uit het Algoritmekader", kinds: &[Describes, Asks] },
];

pub(super) fn page(facts: &AccountFacts) -> String {
    let sections = html! {
        (section("kern", "Wat is dit, en wie moet er iets mee?", &core()))
        (section("deda", "Welke ethische vragen horen erbij?", &ethics::body(facts)))
        (section("dpia", "Welke feiten zijn er voor de functionaris gegevensbescherming?", &privacy::scan(facts)))
        (section("wacht", "Wat weigert het programma, en wat ziet het niet?", &privacy::guard(facts)))
        (section("principes", "Hoe verhoudt het zich tot de afspraken van gemeenten?", &principles::body()))
        (section("algoritmekader", "Waar zit elke maatregel in het programma?", &measures::body()))
    };
    around(facts, "Dossier voor de ethische toets", &SECTIONS, &sections)
}

fn section(id: &str, question: &str, body: &Markup) -> Markup {
    section_of(&SECTIONS, id, question, body)
}

fn core() -> Markup {
    html! {
        p { strong { "Dit dossier geeft feiten. Het oordeel is aan mensen." } }
        p { "Wat bij " b { "Feit" } " staat, doet het programma aantoonbaar. Wat bij " (ask_mark()) " staat, weet alleen de organisatie." }
        p {
            "Lees ernaast de " a href="modelkaart.html" { "modelkaart" } ", " a href="basis-op-orde.html" { "basis op orde" }
            " en het concept voor het register, " a href="algoritmeregister.json" { code { "algoritmeregister.json" } } "."
        }
    }
}

fn ask_mark() -> Markup {
    html! { span.merk { "In te vullen" } }
}

/// A subject: what is a fact of the program, and what the organisation must answer.
pub(super) struct Topic {
    /// What it is about.
    pub(super) title: &'static str,
    /// What the program does.
    pub(super) fact: String,
    /// What only the organisation can tell.
    pub(super) ask: &'static str,
}

/// Subjects with a heading each.
pub(super) fn topics(topics: &[Topic]) -> Markup {
    html! {
        @for topic in topics {
            h3 { (topic.title) }
            p { b { "Feit" } " " (topic.fact) }
            @if !topic.ask.is_empty() { p { (ask_mark()) " " (topic.ask) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    #[test]
    fn facts_and_questions_are_told_apart_and_nobody_is_judged() {
        let page = page(&example::filled().facts());
        assert!(page.contains("Het oordeel is aan de functionaris gegevensbescherming."));
        let count = |what: &str| page.matches(what).count();
        assert!(count("<b>Feit</b>") >= 20 && count("In te vullen") >= 20);
        // What was not read is not quoted.
        assert!(page.contains("zes principes") && page.contains("niet ingezien"));
        for code in [
            "7-mon-05", "5-ver-02", "5-ver-06", "2-owp-13", "3-dat-11", "4-owk-04", "4-owk-07",
            "4-owk-11", "6-imp-03", "6-imp-04",
        ] {
            assert!(page.contains(code), "{code}");
        }
    }
}
