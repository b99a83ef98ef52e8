//! The Principles for the digital society (VNG), point by point. The five of 2019 as they stand on
//! livingineu.nl/tools/principes-voor-de-digitale-samenleving; the six of 2022 were not read, and the page says so.

use crate::report::markup::{head_text, table};
use maud::{Markup, html};

/// A principle: which data is used for it, which is not and by which guard, and what the organisation must answer.
struct Principle {
    name: &'static str,
    used: &'static str,
    not_used: &'static str,
    ask: &'static str,
}

const PRINCIPLES: [Principle; 5] = [
    Principle {
        name: "Van maatschappelijke waarde",
        used: "Boekingen, om op tijd te weten of het geld voor zorg genoeg is.",
        not_used: "Niets uit de openbare ruimte: geen sensor, camera of locatie. Het programma leest alleen de bestanden die prognose.toml noemt (src/ledger).",
        ask: "Welk maatschappelijk belang dient deze prognose, en wie stelde dat vast?",
    },
    Principle {
        name: "Rechten over data geregeld",
        used: "Gegevens uit de eigen administratie van de gemeente.",
        not_used: "Gegevens over inwoners. De wacht weigert wat daarop lijkt (src/ledger/guard).",
        ask: "Zijn er afspraken met aanbieders of een regio over hun gegevens?",
    },
    Principle {
        name: "Toegankelijke en veilige digitale infrastructuur",
        used: "Open bestanden: CSV, Parquet, JSON en HTML. De broncode heeft een open licentie.",
        not_used: "Geen verbinding met internet en geen dienst van een ander. De lijst van bibliotheken wordt bij elke wijziging getoetst op licentie en herkomst (deny.toml).",
        ask: "Wie beheert de computer en de werkmap, en wie mag erbij?",
    },
    Principle {
        name: "Partijen verbonden",
        used: "Wat de gemeente zelf aanlevert, ook schattingen van mensen.",
        not_used: "Namen van aanbieders zijn niet nodig. Een kolom daarmee wordt niet gebruikt (src/ledger/sheet.rs).",
        ask: "Hoe worden aanbieders, cliëntenraad en adviesraad betrokken bij wat u ermee doet?",
    },
    Principle {
        name: "Transparantie centraal",
        used: "De invoer van elke verwachting, met een vingerafdruk in manifest.json. Die van de modellen staat op de modelkaart.",
        not_used: "Geen verborgen invoer: klok, ongestuurd toeval en omgeving tellen niet mee in een uitkomst (src/guide/map.md).",
        ask: "Publiceert u in het Algoritmeregister, en waar vindt een inwoner uitleg?",
    },
];

pub(super) fn body() -> Markup {
    let heads =
        ["Principe (2019)", "Welke gegevens wel", "Welke niet, en waardoor", "In te vullen"]
            .map(head_text);
    let body = html! {
        @for principle in &PRINCIPLES {
            tr {
                th scope="row" { (principle.name) }
                td.t { (principle.used) }
                td.t { (principle.not_used) }
                td.t { (principle.ask) }
            }
        }
    };
    html! {
        p {
            "Gemeenten stelden in 2019 vijf principes vast, over gegevens in de openbare ruimte. Dit programma verzamelt daar niets. "
            "De punten zijn toch nagelopen."
        }
        p.schuif { "Schuif de tabel opzij voor alle kolommen." }
        (table("principes-tabel", "De vijf principes van 2019", "", &heads, &body))
        p {
            "In december 2022 stelden gemeenten een nieuwe versie vast, met zes principes. De tekst daarvan is voor dit dossier niet ingezien. "
            "Bekend is dat zij de democratische besluitvorming vooropzet en biometrie voorlopig uitsluit. Biometrie zit niet in dit programma."
        }
        p { span.merk { "In te vullen" } " Leg de zes principes van 2022 ernaast. Is de raad in positie gebracht?" }
    }
}
