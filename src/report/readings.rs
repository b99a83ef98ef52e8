//! Three readings of the same figures, each for another reader.

use super::facts::{Facts, act_name, row_name};
use super::markup::link;
use super::taakveld;
use maud::{Markup, html};

/// Where each reader goes on.
pub(super) fn render(facts: &Facts) -> Markup {
    html! {
        nav.lezen aria-label="Drie manieren van lezen" {
            h2 { "Dezelfde cijfers, drie manieren van lezen" }
            dl.par {
                dt { "Strategisch" }
                dd { "Wetten en jaren: " (link("kern")) " en " (link("meerjaren")) "." }
                dt { "Tactisch" }
                dd { "Taakvelden, signalen en vragen: " (link("onderdelen")) ", " (link("signalen")) " en " (link("vragen")) "." }
                dt { "Operationeel" }
                dd {
                    "Producten en boekingen: een pagina per taakveld."
                    (pages(facts))
                }
            }
        }
    }
}

fn pages(facts: &Facts) -> Markup {
    let all = taakveld::all(facts);
    html! {
        @if !all.is_empty() {
            details.cijfers {
                summary { "Kies een taakveld" }
                ul.kolommen {
                    @for one in &all {
                        li { a href=(one.path) { (act_name(one.rows[0].node.wet)) ": " (row_name(one.rows[0])) } }
                    }
                }
            }
        }
    }
}
