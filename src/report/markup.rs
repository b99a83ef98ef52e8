//! Pieces of HTML that every section uses.

use crate::outlook::YearRow;
use crate::report::shell::Kind::{Asks, Compares, Describes, Expects, Explains};
use crate::report::shell::{Contents, Section, kinds};
use crate::report::text;
use crate::units::Cents;
use maud::{Markup, html};

/// The sections of the report in order.
#[rustfmt::skip]
pub(super) const SECTIONS: [Section; 12] = [
    Section { id: "kern", title: "Kernboodschap", kinds: &[Expects] },
    Section { id: "onderdelen", title: "Jaaruitkomst per onderdeel", kinds: &[Expects] },
    Section { id: "veranderd", title: "Wat is er veranderd sinds vorige maand?", kinds: &[Explains] },
    Section { id: "signalen", title: "Signalen", kinds: &[Describes, Explains] },
    Section { id: "duiding", title: "Duiding en acties", kinds: &[Explains, Asks] },
    Section { id: "verloop", title: "Verloop door het jaar", kinds: &[Describes, Expects] },
    Section { id: "facturen", title: "Nog te ontvangen facturen", kinds: &[Expects] },
    Section { id: "betrouwbaar", title: "Hoe betrouwbaar is deze prognose?", kinds: &[Describes] },
    Section { id: "meerjaren", title: "Meerjarenbeeld", kinds: &[Expects, Compares] },
    Section { id: "datakwaliteit", title: "Datakwaliteit", kinds: &[Describes] },
    Section { id: "vragen", title: "Gespreksvragen", kinds: &[Asks] },
    Section { id: "verantwoording", title: "Verantwoording", kinds: &[Describes] },
];

/// The same with the section that is there only when a workspace names the figures of other municipalities.
pub(super) const WITH_PEERS: [Section; 13] = {
    let mut all =
        [Section { id: "plaats", title: "Waar staan wij?", kinds: &[Describes, Asks] }; 13];
    let mut at = 0;
    while at < SECTIONS.len() {
        all[at] = SECTIONS[at];
        at += 1;
    }
    all
};

/// A section by its id, with its number.
fn numbered(contents: &'static Contents, id: &str) -> (usize, &'static Section) {
    let known = (1..).zip(contents).find(|(_, section)| section.id == id);
    known.expect("every section is in the contents of its page")
}

/// A section of the report by its id, with the question it answers.
pub(super) fn section(id: &str, question: &str, body: &Markup) -> Markup {
    section_of(&SECTIONS, id, question, body)
}

/// The same of any page.
pub(super) fn section_of(
    contents: &'static Contents,
    id: &str,
    question: &str,
    body: &Markup,
) -> Markup {
    let (number, section) = numbered(contents, id);
    html! {
        section id=(id) aria-labelledby={ (id) "-kop" } {
            h2 id={ (id) "-kop" } { span.nr { (number) } " " (section.title) }
            p.vraag { (kinds(section.kinds)) (question) }
            (body)
        }
    }
}

/// A link to a section: `onderdeel 2`.
pub(super) fn link(id: &str) -> Markup {
    html! { a href={ "#" (id) } { "onderdeel " (numbered(&SECTIONS, id).0) } }
}

/// A table that scrolls sideways on a small screen. `id` is unique in the page.
pub(super) fn table(id: &str, title: &str, note: &str, head: &[Markup], body: &Markup) -> Markup {
    html! {
        div.rol role="region" tabindex="0" aria-labelledby=(id) {
            table {
                caption id=(id) {
                    span { (title) @if !note.is_empty() { small { (note) } } }
                }
                thead { tr { @for cell in head { (cell) } } }
                tbody { (body) }
            }
        }
    }
}

/// The heading of a column of numbers.
pub(super) fn head(title: &str) -> Markup {
    html! { th scope="col" { (title) } }
}

/// The heading of a column of text.
pub(super) fn head_text(title: &str) -> Markup {
    html! { th.l scope="col" { (title) } }
}

/// A part that stays folded until asked for. A `printed` one is open on paper.
pub(super) fn folded(title: &str, printed: bool, body: &Markup) -> Markup {
    html! {
        details.druk[printed].cijfers[!printed] { summary { (title) } (body) }
    }
}

/// The figures of a drawing.
pub(super) fn figures(id: &str, title: &str, note: &str, head: &[Markup], body: &Markup) -> Markup {
    folded("Cijfers bij deze figuur", false, &table(id, title, note, head, body))
}

/// A path that may break after its slashes.
pub(super) fn path(path: &str) -> Markup {
    html! { @for part in path.split_inclusive('/') { (part) wbr; } }
}

/// `N` or `V` in its colour.
pub(super) fn letter(letter: char) -> Markup {
    html! { span class=(letter) { (letter) } }
}

/// How far a year total lies from its budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    /// The size, without sign.
    pub(super) size: Cents,
    /// Whether it is above the budget.
    pub(super) above: bool,
    /// `N` or `V`.
    pub(super) letter: char,
}

impl Gap {
    /// The gap of a row; `None` without a budget, or when it is nil in thousands of euros.
    pub(super) fn of(row: &YearRow) -> Option<Self> {
        let (gap, letter) = (row.deviation()?, row.v_n()?);
        let some = text::in_thousands(gap) != 0;
        some.then(|| Self { size: gap.abs(), above: gap > Cents::ZERO, letter })
    }

    /// Whether it is a disadvantage.
    pub(super) fn is_bad(self) -> bool {
        self.letter == 'N'
    }

    /// `nadeel` or `voordeel`.
    pub(super) fn word(self) -> &'static str {
        if self.is_bad() { "nadeel" } else { "voordeel" }
    }

    /// `€ 1,6 miljoen meer` in its colour.
    pub(super) fn marked(self) -> Markup {
        let way = if self.above { "meer" } else { "minder" };
        html! { strong class={ "bij " (self.letter) } { (text::euros(self.size)) "\u{a0}" (way) } }
    }

    /// For a cell of a table × € 1.000.
    pub(super) fn cell(gap: Option<Self>) -> Markup {
        html! {
            @match gap {
                Some(gap) => { (text::thousands(gap.size)) "\u{a0}" (letter(gap.letter)) }
                None => "–",
            }
        }
    }
}
