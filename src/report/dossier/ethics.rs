//! The subjects of De Ethische Data Assistent (Utrecht Data School), in words of our own.

use super::facts::AccountFacts;
use super::topics::{Topic, topics};
use crate::report::text;
use maud::{Markup, html};

pub(super) fn body(facts: &AccountFacts) -> Markup {
    html! {
        p {
            "De Ethische Data Assistent (DEDA) is een werkvorm van de Utrecht Data School. De onderwerpen staan hier in eigen woorden. "
            "Leg bij het gesprek het werkblad zelf ernaast."
        }
        (topics(&about_data(facts)))
        (topics(&about_people(facts)))
    }
}

fn topic(title: &'static str, fact: impl Into<String>, ask: &'static str) -> Topic {
    Topic { title, fact: fact.into(), ask }
}

fn about_data(facts: &AccountFacts) -> [Topic; 5] {
    let read = format!(
        "Het leest {} met {}. Dat zijn boekingen, een indeling en wat de gemeente verder aanlevert. Elk bestand staat met zijn \
         vingerafdruk op de modelkaart.",
        text::counted(facts.files.len(), "bestand", "bestanden"),
        text::counted(facts.rows(), "rij", "rijen")
    );
    [
        topic(
            "Het algoritme",
            "Het model rekent met bekende statistische methoden. De handleiding geeft elke formule. De terugtoets zet het naast \
             vuistregels, en zegt het ook als een vuistregel beter is.",
            "Wie legt een uitkomst uit aan college en raad? Wie mag haar tegenspreken?",
        ),
        topic(
            "De bron",
            read,
            "Waarvoor zijn deze gegevens ooit vastgelegd? Past dit gebruik daarbij?",
        ),
        topic(
            "Herleidbaarheid",
            "Een regel is een product met een bedrag per maand. Personen, huishoudens en buurten hebben geen plaats in het \
             programma. Een regel met weinig cliënten kan toch iets over een persoon zeggen.",
            "Welke regels zijn zo klein? Wie beoordeelt dat voordat een rapport openbaar wordt?",
        ),
        topic(
            "Hoe het wordt getoond",
            "Een verwachting heeft een band. Een kans staat er als een aantal keren. Nadeel en voordeel hebben een letter, niet \
             alleen een kleur.",
            "Begrijpen de lezers het rapport? Is dat met hen getoetst?",
        ),
        topic(
            "Toegang en bewaren",
            "Het programma leest en schrijft in de werkmap en maakt geen verbinding met internet. Het bewaart elke prognose en elk \
             model, tot iemand ze weghaalt.",
            "Wie kan bij de werkmap? Hoe lang bewaart u wat erin staat?",
        ),
    ]
}

fn about_people(facts: &AccountFacts) -> [Topic; 6] {
    let owners =
        |role: &str| if role.is_empty() { "niet opgegeven".to_owned() } else { role.to_owned() };
    let answers = format!(
        "Eigenaar van het model: {}. Van de gegevens: {}. Van het proces: {}.",
        owners(facts.model_owner),
        owners(&facts.declared.data_owner),
        owners(&facts.declared.process_owner)
    );
    [
        topic(
            "Verantwoordelijkheid",
            answers,
            "Wie besluit op basis van de prognose? Wie grijpt in als zij niet klopt?",
        ),
        topic(
            "Uitleg en openheid",
            "Het manifest noemt de invoer van elke verwachting, met vingerafdrukken. Die van de modellen staat op de modelkaart. Dit \
             dossier en het concept voor het register zijn er ook.",
            "Wat maakt u openbaar, waar en wanneer? Waar kan iemand vragen stellen?",
        ),
        topic(
            "Privacy",
            "Een wacht kijkt naar elke kolom van elk bronbestand en weigert wat op persoonsgegevens lijkt. Wat zij niet ziet, staat \
             hieronder.",
            "Heeft de functionaris gegevensbescherming de pre-scan gezien?",
        ),
        topic(
            "Vooringenomenheid",
            "Het model kent geen kenmerken van mensen. Het leert wel van uitgaven uit het verleden. Wat toen te weinig werd uitgegeven, \
             gaat in de verwachting verder.",
            "Waar was er in het verleden te weinig hulp, of een wachtlijst? Zegt het rapport dat erbij?",
        ),
        topic(
            "Gevolgen voor mensen",
            "Het bepaalt niet wie hulp krijgt. Een verwachting kan wel leiden tot een besluit over geld.",
            "Welke groepen raakt zo'n besluit? Hoe worden zij gehoord?",
        ),
        topic(
            "Fouten herstellen",
            "Een verwachting wordt later naast de uitkomst gelegd. Teruggaan naar een eerder model kan met één opdracht.",
            "Wie kijkt elk jaar of het model nog deugt, en wie zet het stil als dat nodig is?",
        ),
    ]
}
