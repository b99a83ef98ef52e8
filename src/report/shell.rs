//! The page around the sections, of every page that is written.

use super::text;
use crate::units::Month;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The look of the page; its file says what hangs on a colour.
const STYLE: &str = include_str!("style.css");

/// The sections of a page in order.
pub(super) type Contents = [Section];

/// A section of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Section {
    /// Where a link goes to.
    pub(super) id: &'static str,
    /// Its title.
    pub(super) title: &'static str,
    /// What it does with the figures.
    pub(super) kinds: &'static [Kind],
}

/// What a section does with the figures; deciding is left to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It tells what was.
    Describes,
    /// It tells what may lie behind it.
    Explains,
    /// It tells what is expected.
    Expects,
    /// It compares choices.
    Compares,
    /// It asks people.
    Asks,
}

impl Kind {
    /// `voorspellend`.
    fn word(self) -> &'static str {
        match self {
            Self::Describes => "beschrijvend",
            Self::Explains => "verklarend",
            Self::Expects => "voorspellend",
            Self::Compares => "scenario",
            Self::Asks => "een mens beslist",
        }
    }
}

/// The label of a section that tells what it does with the figures.
pub(super) fn kinds(kinds: &[Kind]) -> Markup {
    html! { @for kind in kinds { span.soort { (kind.word()) } " " } }
}

/// What stands around the sections.
pub(super) struct Shell<'a> {
    /// The title of the page.
    pub(super) title: &'a str,
    /// Whose money it is.
    pub(super) organisation: &'a str,
    /// Who answers for the model; may be empty.
    pub(super) model_owner: &'a str,
    /// What is known.
    pub(super) as_of: Month,
    /// Whether no amount is real.
    pub(super) made_up: bool,
    /// The version of the program.
    pub(super) version: &'a str,
    /// The page it belongs to and what the way back is called; none for a page that stands alone.
    pub(super) up: Option<(&'a str, &'a str)>,
    /// The facts below the title.
    pub(super) meta: Markup,
    /// The sections.
    pub(super) contents: &'a Contents,
}

impl Shell<'_> {
    /// The whole page, which needs nothing beside itself.
    pub(super) fn page(&self, sections: &Markup) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="nl" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width,initial-scale=1";
                    title { (self.title) ", " (text::month(self.as_of)) " – " (self.organisation) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a.naar href="#kern" { "Naar de inhoud" }
                    (patterns())
                    @if self.made_up {
                        aside.demo aria-label="Waarschuwing" { b { "Verzonnen cijfers." } " Geen bedrag in dit rapport is echt." }
                    }
                    div.blad {
                        (self.heading())
                        div.raster { (self.navigation()) main { (sections) } }
                        (self.footer())
                    }
                }
            }
        };
        page.into_string()
    }

    fn heading(&self) -> Markup {
        html! {
            header.kop {
                p.org { (self.organisation) @if !self.model_owner.is_empty() { " · " (self.model_owner) } }
                @if let Some((page, name)) = self.up { p { a href=(page) { (name) } } }
                h1 { (self.title) }
                p.meta { (self.meta) }
            }
        }
    }

    fn navigation(&self) -> Markup {
        html! {
            nav.inh aria-label="Inhoud" {
                div {
                    h2 { "Inhoud" }
                    ol { @for Section { id, title, .. } in self.contents { li { a href={ "#" (id) } { (title) } } } }
                }
            }
        }
    }

    fn footer(&self) -> Markup {
        html! {
            footer {
                p {
                    @if self.made_up { b { "Verzonnen cijfers. " } }
                    (self.organisation) ", stand " (text::month(self.as_of)) ". Gemaakt met prognose "
                    (self.version) "."
                }
            }
        }
    }
}

/// The hatching that the style sheet refers to.
fn patterns() -> Markup {
    html! {
        svg.patronen aria-hidden="true" width="0" height="0" {
            defs {
                pattern id="arcering" patternUnits="userSpaceOnUse" width="50" height="50" patternTransform="rotate(45)" {
                    rect width="14" height="50" fill="#0b4f7a" {}
                }
                pattern id="bleek" patternUnits="userSpaceOnUse" width="60" height="60" patternTransform="rotate(45)" {
                    rect width="60" height="60" fill="#f3f8fb" {}
                    rect width="10" height="60" fill="#9dbdd0" {}
                }
            }
        }
    }
}
