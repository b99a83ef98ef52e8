//! The account that an organisation owes of its algorithm: the model card, the draft entry of the
//! Algoritmeregister, the dossier for the ethics board, and whether the basis is in order.
//!
//! Each page tells what is a fact of the program and what only the organisation can fill in. None of them judges: a
//! person does.

mod basis;
mod card;
mod card_quality;
mod declared;
mod ethics;
#[cfg(test)]
mod example;
mod facts;
mod limits;
mod measures;
mod principles;
mod privacy;
mod register;
mod rules;
mod topics;

pub use declared::{Declared, Link, Missing, Status};
pub use facts::{AccountFacts, LastTest, ModelsInUse, Quality, Requirement};
pub use register::register;
pub use rules::{Fault, faults};

use super::shell::{Contents, Shell};
use super::text;
use maud::{Markup, html};

/// The pages of the account: where each goes in the output folder, and what it says.
#[must_use]
pub fn account_pages(facts: &AccountFacts<'_>) -> Vec<(String, String)> {
    let pages = [
        ("modelkaart", card::page(facts)),
        ("dossier", topics::page(facts)),
        ("basis-op-orde", basis::page(facts)),
    ];
    pages.map(|(name, page)| (format!("account/{name}.html"), page)).into()
}

/// A page of the account around its sections, of which the first has the id `kern`.
fn page(facts: &AccountFacts, title: &str, contents: &Contents, sections: &Markup) -> String {
    let shell = Shell {
        title,
        organisation: facts.organisation,
        model_owner: facts.model_owner,
        as_of: facts.as_of,
        made_up: facts.made_up,
        version: &facts.provenance.version,
        up: None,
        meta: html! {
            span { "geboekt tot en met " b { (text::month(facts.as_of)) } }
            span { "prognose " b { (facts.provenance.version) } }
        },
        contents,
    };
    shell.page(sections)
}

/// A term and what is said of it, in a list of such pairs.
fn pair(term: &str, said: &Markup) -> Markup {
    html! { dt { (term) } dd { (said) } }
}

/// What the organisation said, or that it has yet to.
fn told(said: &str) -> Markup {
    html! { @if said.trim().is_empty() { (to_fill_in()) } @else { (said) } }
}

/// The mark of what only the organisation can tell.
fn to_fill_in() -> Markup {
    html! { span.merk { "nog in te vullen" } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sound::assert_sound;

    /// The words of a piece of a page, without its markup.
    fn words(piece: &str) -> String {
        let parts =
            piece.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
        parts.collect::<Vec<_>>().join(" ")
    }

    /// The paragraphs and the points of lists, of which the sentences have full stops.
    fn paragraphs(page: &str) -> Vec<String> {
        let inside = |(open, close): (&str, &str)| -> Vec<String> {
            let parts = page.split(open).skip(1);
            parts.filter_map(|rest| Some(words(rest.split_once(close)?.0))).collect()
        };
        [("<p>", "</p>"), ("<li>", "</li>")].into_iter().flat_map(inside).collect()
    }

    #[test]
    fn every_page_is_sound_filled_in_or_not() {
        for example in [example::filled(), example::bare()] {
            for (name, page) in account_pages(&example.facts()) {
                assert_sound(
                    &page,
                    &[
                        "modelkaart.html",
                        "dossier.html",
                        "basis-op-orde.html",
                        "algoritmeregister.json",
                    ],
                );
                assert!(page.contains("id=\"kern\"") && name.starts_with("account/"), "{name}");
            }
        }
    }

    #[test]
    fn it_speaks_dutch_in_short_sentences() {
        for (name, page) in account_pages(&example::filled().facts()) {
            let body = page.split("</style>").nth(1).unwrap();
            let text = format!(" {} ", words(body).to_lowercase());
            for word in [" the ", " and ", " with ", " gate ", " forecast "] {
                assert!(!text.contains(word), "{word} in {name}");
            }
            let said = paragraphs(body).join(" ");
            let (sentences, length) =
                (said.matches(['.', '?']).count(), said.split_whitespace().count());
            assert!(length <= 15 * sentences, "{name}: {length} words in {sentences} sentences");
        }
    }
}
