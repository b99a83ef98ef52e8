//! Measures of the Algoritmekader, and where each is in the program. Codes and subjects as in the repository
//! `MinBZK/Algoritmekader`; the words are ours.

use crate::report::markup::{head_text, table};
use maud::{Markup, html};

/// A measure: its code, what it asks, where it is in the program, and what is left to the organisation.
struct Measure {
    code: &'static str,
    asks: &'static str,
    done: &'static str,
    ask: &'static str,
}

#[rustfmt::skip]
const MEASURES: [Measure; 10] = [
    Measure { code: "7-mon-05", asks: "Let op veranderingen in de data en beoordeel dan de uitkomsten.",
        done: "prognose drift toetst elke maand elke regel; signalen staan in drift.csv en het rapport (src/drift).",
        ask: "Wie beantwoordt een signaal, en wanneer?" },
    Measure { code: "5-ver-02", asks: "Toets hoe nauwkeurig het is.",
        done: "prognose backtest speelt eerdere jaren na; prognose score legt bewaarde prognoses naast de uitkomst (src/backtest, src/archive).",
        ask: "Welke misser is aanvaardbaar? Leg dat vast in gate.toml." },
    Measure { code: "5-ver-06", asks: "Toets hoe betrouwbaar het is in verschillende situaties.",
        done: "Metingen op verzonnen gemeenten met bekende waarheid; de handleiding noemt cijfers en opdrachten (benches, src/guide).",
        ask: "Geldt dat ook voor uw boeken? Kijk naar de eigen terugtoets." },
    Measure { code: "2-owp-13", asks: "Houd het zo eenvoudig mogelijk.",
        done: "Elk model staat naast vuistregels op dezelfde momenten; wat niet loont, is weggelaten (src/guide/models.md).",
        ask: "Is een vuistregel voor u genoeg?" },
    Measure { code: "3-dat-11", asks: "Controleer de invoer op misleiding.",
        done: "Deels. De wacht, de controles en de aansluiting tot op de cent zien fouten (src/checks). Een boeking die bewust onjuist is, ziet het programma niet.",
        ask: "Wie keurt de aangeleverde bestanden goed?" },
    Measure { code: "4-owk-04", asks: "Leg vast wie wanneer toegang had tot data en code.",
        done: "Deels. Het legt vast welke invoer is gelezen en waarom een model wisselde (manifest.json, state/models/log.csv). Toegang legt het niet vast.",
        ask: "Waar houdt u bij wie in de werkmap kan?" },
    Measure { code: "4-owk-07", asks: "Zorg dat een uitkomst te herhalen is.",
        done: "Dezelfde invoer geeft dezelfde bytes; tests bewaken dat. Het manifest noemt invoer, instellingen en zaad.",
        ask: "Bewaart u de invoer zo lang als het rapport?" },
    Measure { code: "4-owk-11", asks: "Beschrijf en onderbouw de keuze voor model en parameters.",
        done: "De handleiding geeft formule, keuze en meting van elk model (src/guide/models.md); zie ook de modelkaart.",
        ask: "" },
    Measure { code: "6-imp-03", asks: "Richt menselijke controle in.",
        done: "Het besluit niets. Het rapport stelt vragen; een ander model komt pas in gebruik als iemand de toets start en het wint.",
        ask: "Wie bespreekt het rapport, en wat kan die persoon tegenhouden?" },
    Measure { code: "6-imp-04", asks: "Publiceer in het Algoritmeregister.",
        done: "prognose account schrijft een concept en toetst het aan de regels van de publicatiestandaard 1.0.",
        ask: "Wie keurt het goed en levert het aan?" },
];

pub(super) fn body() -> Markup {
    let heads =
        ["Maatregel", "Wat zij vraagt", "Waar in het programma", "In te vullen"].map(head_text);
    let body = html! {
        @for measure in &MEASURES {
            tr {
                th scope="row" { (measure.code) }
                td.t { (measure.asks) }
                td.t { (measure.done) }
                td.t { @if measure.ask.is_empty() { "–" } @else { (measure.ask) } }
            }
        }
    };
    html! {
        p { "Het Algoritmekader van het ministerie van BZK noemt maatregelen. Deze raken het programma." }
        p.schuif { "Schuif de tabel opzij voor alle kolommen." }
        (table("maatregelen-tabel", "Maatregelen", "", &heads, &body))
        p {
            span.merk { "In te vullen" } " Het kader noemt ook vereisten over informatiebeveiliging, openbaarheid, archief, zorgvuldig bestuur en "
            "gegevensbescherming. Of daaraan is voldaan, beoordeelt de organisatie."
        }
    }
}
