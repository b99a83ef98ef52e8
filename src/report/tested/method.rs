//! How the figures were made, and where they are.

use super::{TestedFacts, section};
use crate::report::text;
use crate::units::Month;
use maud::{Markup, html};

pub(super) fn render(facts: &TestedFacts) -> Markup {
    section(
        "werkwijze",
        "Wat is er precies gedaan, en waar staan de cijfers?",
        &html! {
            dl.par {
                dt { "Momenten" }
                dd { (moments(facts.origins)) }
                dt { "Wat toen bekend was" }
                dd {
                    "Alleen boekingen tot en met die maand, begrotingen die toen waren vastgesteld en beleid dat toen "
                    "bekend was. Elk model is op dat moment opnieuw gemaakt. Late facturen zijn geschat zoals dat toen ook "
                    "had gekund, en de banden zijn geleerd van nog eerdere jaren."
                }
                dt { "Uitkomst" }
                dd {
                    "De lasten van het jaar van de zorg, zoals geboekt tot en met " (text::month(facts.as_of)) ". Een jaar doet mee "
                    "als het helemaal voorbij is. Komt er later nog een factuur, dan verandert de uitkomst mee."
                }
                dt { "Trekkingen" }
                dd {
                    "Elke voorspelling bestaat uit " (text::count(facts.draws)) " mogelijke verlopen. Bij dezelfde invoer komen "
                    "er altijd dezelfde cijfers uit."
                }
                dt { "Toeval" }
                dd {
                    "De voorspellingen van één jaar hangen samen. De toets tussen modellen houdt daar rekening mee. De tellingen over "
                    "rapportages nemen elk jaar één keer. De grenzen om de banden doen dat niet: die gaan ervan uit dat "
                    "uitkomsten los van elkaar staan, en zijn daarom te gunstig."
                }
                dt { "Baten en saldo" }
                dd { "Deze pagina gaat over de lasten. De baten en het saldo staan in de bestanden." }
            }
            h3 { "Bestanden" }
            (files())
        },
    )
}

fn moments(origins: &[Month]) -> String {
    let [first, .., last] = origins else {
        return origins.first().map_or_else(|| "geen".to_owned(), |&month| text::month(month));
    };
    format!(
        "{}, van {} tot en met {}. Een moment doet mee als er drie jaar aan boekingen aan voorafging.",
        text::counted(origins.len(), "moment", "momenten"),
        text::month(*first),
        text::month(*last)
    )
}

fn files() -> Markup {
    let files = [
        ("forecasts.csv", "elke voorspelling naast de uitkomst"),
        ("scores.csv", "alle scores per model, niveau, product, jaar en moment"),
        ("vergelijking.csv", "ons model naast elk ander model"),
        ("rapportages.csv", "wat elke trap zei over de jaren van een rapportage"),
        ("toegevoegde_waarde.csv", "de trappen"),
    ];
    html! { ul { @for (name, what) in files { li { a href=(name) { (name) } ": " (what) } } } }
}
