//! Facts for a pre-scan DPIA, and what the guard in `ledger/guard` does and does not see. No legal claim.

use super::facts::AccountFacts;
use super::topics::{Topic, topics};
use crate::report::markup::{head_text, table};
use crate::report::text;
use maud::{Markup, html};

/// The nine criteria of the European supervisors (WP 248), which the Autoriteit Persoonsgegevens refers to.
pub(super) fn scan(facts: &AccountFacts) -> Markup {
    html! {
        p {
            "De Europese toezichthouders noemen negen criteria voor een hoog risico. De Autoriteit Persoonsgegevens verwijst ernaar. "
            "Hieronder staat per criterium wat het programma doet."
        }
        (topics(&first_five(facts)))
        (topics(&last_four()))
        p { strong { "Het oordeel is aan de functionaris gegevensbescherming." } " Dit is geen juridisch advies." }
    }
}

fn topic(title: &'static str, fact: impl Into<String>, ask: &'static str) -> Topic {
    Topic { title, fact: fact.into(), ask }
}

fn first_five(facts: &AccountFacts) -> [Topic; 5] {
    let rows = format!(
        "Het leest {}. Dat zijn bedragen. Het is gemaakt om er geen gegevens over personen in te lezen.",
        text::counted(facts.rows(), "rij", "rijen")
    );
    [
        topic(
            "1. Mensen beoordelen of een score geven",
            "Het programma kent geen personen. Het beoordeelt reeksen van bedragen.",
            "",
        ),
        topic(
            "2. Automatisch besluiten met gevolgen",
            "Het neemt geen besluiten. Het schrijft een rapport en bestanden.",
            "Leest altijd een mens het rapport voordat er iets gebeurt?",
        ),
        topic(
            "3. Mensen stelselmatig volgen",
            "Het volgt bedragen per maand. Het volgt geen mensen en geen plaatsen.",
            "",
        ),
        topic(
            "4. Gevoelige gegevens",
            "Een regel hoort bij een product van Wmo of Jeugd. De wacht weigert wat op persoonsgegevens lijkt. Een bedrag over heel \
             weinig cliënten kan toch iets over een persoon verraden.",
            "Zijn er regels met zo weinig cliënten? Staan er namen in omschrijvingen van het grootboek?",
        ),
        topic("5. Verwerken op grote schaal", rows, "Klopt dat voor uw bestanden?"),
    ]
}

fn last_four() -> [Topic; 4] {
    [
        topic(
            "6. Gegevens koppelen",
            "Het legt boekingen naast de indeling, de begroting en wat verder is aangeleverd. Aan bestanden over personen koppelt het niets.",
            "",
        ),
        topic(
            "7. Kwetsbare mensen",
            "Wmo en Jeugd gaan over kwetsbare mensen. Het programma heeft van hen geen gegevens nodig.",
            "Raakt een besluit op basis van de prognose hen indirect?",
        ),
        topic(
            "8. Nieuwe techniek",
            "Het zijn bekende statistische methoden voor tijdreeksen. Er zit geen taalmodel in.",
            "",
        ),
        topic(
            "9. Een recht of dienst onthouden",
            "Het bepaalt niet wie hulp krijgt, en niet hoeveel.",
            "Kan een lage verwachting leiden tot minder hulp? Wie bewaakt dat?",
        ),
    ]
}

/// What is refused, and how it is seen.
const REFUSED: [(&str, &str); 9] = [
    ("Burgerservicenummer", "naam van de kolom; getallen die de elfproef doorstaan"),
    ("Bankrekening (IBAN)", "naam van de kolom; één geldig nummer is genoeg, ook in een tekst"),
    ("E-mailadres", "naam van de kolom; één adres is genoeg, ook in een tekst"),
    ("Postcode", "naam van de kolom; waarden van vier cijfers en twee letters"),
    ("Geboortedatum", "naam van de kolom; datums die ver vóór de boeking liggen"),
    ("Naam of nummer van een persoon", "naam van de kolom"),
    ("Wijk of buurt", "naam van de kolom; codes van het CBS"),
    ("Leeftijd", "naam van de kolom"),
    ("Inkomen van een persoon", "naam van de kolom"),
];

pub(super) fn guard(facts: &AccountFacts) -> Markup {
    let heads = ["Wat zij weigert", "Hoe zij het ziet"].map(head_text);
    let body =
        html! { @for (what, how) in REFUSED { tr { th scope="row" { (what) } td.t { (how) } } } };
    html! {
        p {
            "De wacht kijkt naar elke kolom, ook naar kolommen die niet worden gebruikt. Een bestand waarin zij iets ziet wordt in zijn "
            "geheel geweigerd. De melding noemt bestand en kolom en herhaalt nooit een waarde."
        }
        (table("wacht-tabel", "Wat de wacht weigert", "Code: src/ledger/guard", &heads, &body))
        h3 { "Wat zij niet ziet" }
        ul {
            li { "Namen van personen in een vrije tekst. Een naam is niet van een ander woord te onderscheiden." }
            li { "Teksten in de bestanden met instellingen, beleid en prijzen. Zet daar geen namen in." }
            li { "Een bedrag dat door een klein aantal cliënten herleidbaar is." }
            li { "Kolommen die zij op verzoek overslaat. Een BSN weigert zij ook daar." }
        }
        (ignored(facts))
        p { "Van een rij blijven alleen regel, soort, twee maanden, bedrag en vindplaats over. Andere kolommen bewaart het programma niet." }
    }
}

fn ignored(facts: &AccountFacts) -> Markup {
    let files = facts.files.iter().filter(|file| !file.ignored_columns.is_empty());
    let named: Vec<String> =
        files.map(|file| format!("{} ({})", file.file, file.ignored_columns.join(", "))).collect();
    html! {
        @if named.is_empty() { p { "Nu slaat zij geen kolom over." } }
        @else { p { "Nu slaat zij op verzoek over: " (text::list(&named)) "." } }
    }
}
