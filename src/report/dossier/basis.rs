//! *Basis op orde*: may a prognosis be built on this data? Criterion by criterion; a person decides.

use super::facts::AccountFacts;
use super::page as around;
use crate::checks::{Criterion, Finding, Severity, Standing};
use crate::report::markup::{head_text, section_of, table};
use crate::report::shell::Kind::{Asks, Describes};
use crate::report::shell::Section;
use crate::report::text;
use maud::{Markup, html};

#[rustfmt::skip]
const SECTIONS: [Section; 3] = [
    Section { id: "kern", title: "Kern", kinds: &[Describes, Asks] },
    Section { id: "criteria", title: "De criteria", kinds: &[Describes] },
    Section { id: "nakijken", title: "Om na te kijken", kinds: &[Describes, Asks] },
];

pub(super) fn page(facts: &AccountFacts) -> String {
    let sections = html! {
        (section("kern", "Mag op deze gegevens een prognose worden gebouwd?", &core(facts.basis)))
        (section("criteria", "Wat is gevraagd, en wat is gevonden?", &criteria(facts.basis)))
        (section("nakijken", "Wat vonden de controles?", &findings(facts.findings)))
    };
    around(facts, "Basis op orde", &SECTIONS, &sections)
}

fn section(id: &str, question: &str, body: &Markup) -> Markup {
    section_of(&SECTIONS, id, question, body)
}

fn core(basis: &[Criterion]) -> Markup {
    let open: Vec<&Criterion> =
        basis.iter().filter(|criterion| criterion.standing != Standing::Holds).collect();
    html! {
        @if open.is_empty() {
            p { strong { "Niets staat in de weg." } " Alle " (text::counted(basis.len(), "criterium geldt", "criteria gelden")) "." }
        } @else {
            p { strong { "Los eerst op:" } }
            ul { @for criterion in &open { li { (criterion.asked) " Dit " (word(criterion.standing)) ". " (criterion.todo) } } }
        }
        p { "Een mens beslist of wij doorgaan. Dit blad somt op wat daarvoor nodig is." }
    }
}

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Holds => "geldt",
        Standing::Fails => "geldt niet",
        Standing::Undeclared => "is niet opgegeven",
    }
}

fn criteria(basis: &[Criterion]) -> Markup {
    let heads = ["Criterium", "Gevonden", "Oordeel", "Wat te doen"].map(head_text);
    let body = html! {
        @for criterion in basis {
            tr {
                th scope="row" { (criterion.asked) }
                td.t { (criterion.found) }
                td.t { b { (word(criterion.standing)) } }
                td.t { @if criterion.standing == Standing::Holds { "–" } @else { (criterion.todo) } }
            }
        }
    };
    html! {
        p.schuif { "Schuif de tabel opzij voor alle kolommen." }
        (table("criteria-tabel", "Criteria", "", &heads, &body))
    }
}

/// What is denied or to be looked at; what is good to know stands in the report.
fn findings(findings: &[Finding]) -> Markup {
    let mut shown: Vec<&Finding> =
        findings.iter().filter(|finding| finding.severity > Severity::Info).collect();
    shown.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let info = findings.len() - shown.len();
    let heads = ["Melding", "Ernst", "Waarde", "Code"].map(head_text);
    let body = html! {
        @for finding in &shown {
            tr {
                td.t { (finding.message) }
                td.t { @if finding.severity == Severity::Denied { b { "afgekeurd" } } @else { "om na te kijken" } }
                td.t { (finding.value.parse().map_or_else(|_| finding.value.clone(), text::month)) }
                td.t { code { (finding.code) } }
            }
        }
    };
    html! {
        @if shown.is_empty() {
            p { "De controles keurden niets af en vroegen nergens aandacht voor." }
        } @else {
            div.bevindingen { (table("bevindingen-tabel", "Bevindingen", "", &heads, &body)) }
        }
        p {
            "Ter informatie " @if info == 1 { "is er nog 1 melding" } @else { "zijn er nog " (text::count(info)) " meldingen" }
            ". Die staan in het rapport en in " code { "findings.csv" } "."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    #[test]
    fn says_what_stands_in_the_way_and_who_decides() {
        let page = page(&example::bare().facts());
        assert!(page.contains("Los eerst op:") && page.contains("Een mens beslist"));
        for told in ["Dit geldt niet", "Dit is niet opgegeven", "Vul data_owner in"] {
            assert!(page.contains(told), "{told}");
        }
        let fine = core(&example::filled().basis).into_string();
        assert!(
            fine.contains("Niets staat in de weg.") && !fine.contains("Los eerst op"),
            "{fine}"
        );
    }
}
