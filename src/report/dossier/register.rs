//! The draft of the entry in the Algoritmeregister, as JSON by the names of its publication standard.

use super::declared::{Declared, Link};
use super::facts::AccountFacts;
use super::rules::{Fault, faults, names};
use crate::model::Spec;
use crate::report::text;
use serde_json::{Map, Value, json};

/// Where it stands in the output folder.
const FILE: &str = "account/algoritmeregister.json";
/// The themes when the organisation names none.
const THEMES: [&str; 2] = ["Overheidsfinanciën", "Zorg en gezondheid"];
/// The words to find it by when the organisation names none.
const TAGS: &str = "Wmo, Jeugdwet, prognose, begroting, sociaal domein, tijdreeksen";

/// The file with its name, and why the register would not take it yet.
///
/// # Panics
/// Never: all keys are strings.
#[must_use]
pub fn register(facts: &AccountFacts<'_>) -> (String, Vec<u8>, Vec<Fault>) {
    let entry = entry(facts);
    let faults = faults(&entry);
    let mut bytes = serde_json::to_vec_pretty(&entry).expect("all keys of an entry are strings");
    bytes.push(b'\n');
    (FILE.to_owned(), bytes, faults)
}

/// What the organisation fills in; nothing of it is there when left out.
pub(super) fn declared(declared: &Declared) -> Map<String, Value> {
    let texts = [
        ("contact_email", &declared.contact_email),
        ("website", &declared.website),
        ("url", &declared.url),
        ("lawful_basis", &declared.lawful_basis),
        ("process_index_url", &declared.process_index_url),
        ("publication_category", &declared.publication_category),
        ("provider", &declared.provider),
        ("publiccode", &declared.publiccode),
        ("source_id", &declared.source_id),
        ("tags", &declared.tags),
        ("impacttoetsen", &declared.impact_assessments),
    ];
    let filled = texts.into_iter().filter(|(_, text)| !text.trim().is_empty());
    let mut entry: Map<String, Value> =
        filled.map(|(field, text)| (field.to_owned(), json!(text))).collect();
    for (field, month) in [("begin_date", declared.begin), ("end_date", declared.end)] {
        entry.extend(month.map(|month| (field.to_owned(), json!(month))));
    }
    let links: [(&str, &[Link]); 3] = [
        ("lawful_basis_grouping", &declared.laws),
        ("impacttoetsen_grouping", &declared.assessments),
        ("source_data_grouping", &declared.sources),
    ];
    let given = links.into_iter().filter(|(_, links)| !links.is_empty());
    entry.extend(given.map(|(field, links)| (field.to_owned(), json!(links))));
    if !declared.category.is_empty() {
        entry.insert("category".to_owned(), json!(declared.category));
    }
    entry
}

/// Every field of the standard; `null` where the organisation has yet to fill it in.
fn entry(facts: &AccountFacts) -> Map<String, Value> {
    let mut entry: Map<String, Value> =
        names().map(|name| (name.to_owned(), Value::Null)).collect();
    let ours = json!({
        "name": "Prognose van de uitgaven aan Wmo en Jeugd",
        "description_short": "Dit programma schat elke maand wat de zorg uit de Wmo en de Jeugdwet dit jaar en de jaren \
            daarna kost. Het gebruikt alleen financiële gegevens en zegt hoe zeker een schatting is. Het gaat nooit over \
            één persoon en neemt geen besluiten.",
        "organization": facts.organisation,
        "category": THEMES,
        "status": facts.declared.status.in_register(),
        "goal": GOAL,
        "proportionality": PROPORTIONALITY,
        "human_intervention": HUMAN,
        "risks": RISKS,
        "impacttoetsen": ASSESSMENTS,
        "source_data": source_data(facts),
        "methods_and_models": method(facts),
        "lang": "nld",
        "standard_version": "1.0",
        "tags": TAGS,
    });
    if let Value::Object(ours) = ours {
        entry.extend(ours);
    }
    entry.extend(declared(facts.declared));
    entry
}

const GOAL: &str = "Het doel is op tijd weten of het geld voor Wmo en Jeugd genoeg is. De afdeling ziet wat er wordt verwacht, hoe \
    zeker dat is, waar het vandaan komt en welke vragen er zijn. Inwoners en bedrijven komen niet met het programma in aanraking. \
    Het bepaalt niet of iemand hulp krijgt, en ook niet hoeveel. Een uitkomst kan wel een besluit van mensen over geld beïnvloeden.";

const PROPORTIONALITY: &str = "Zonder prognose ziet de gemeente een tekort pas laat. De prognose gebruikt daarvoor alleen bedragen per \
    product en maand. Gegevens over personen zijn niet nodig, en het programma weigert bestanden die daarop lijken. Andere manieren \
    zijn een vuistregel, zoals vorig jaar, of een schatting door mensen. Het programma kan zijn model met die manieren vergelijken op \
    dezelfde momenten in het verleden, en zegt het ook als het model niet beter is.";

const HUMAN: &str = "Mensen lezen het rapport, bespreken de vragen en nemen de besluiten. Het programma neemt geen besluit en voert er \
    geen uit. Signalen vragen aandacht; ze kiezen geen ander model. Een ander model komt alleen in gebruik als het aantoonbaar beter is \
    en iemand die toets start. Teruggaan naar het vorige model kan met één opdracht. De begroting en het beleid voert de gemeente zelf in.";

const RISKS: &str = "Een prognose kan fout zijn. Daarom heeft elke verwachting een bandbreedte, en wordt elke prognose bewaard en later naast de \
    uitkomst gelegd. De wereld kan veranderen. Daarom wordt elke maand getoetst of reeksen zijn veranderd. Gegevens kunnen onvolledig zijn. \
    Daarom wordt elke cent verantwoord en worden bevindingen getoond. Bestanden kunnen per ongeluk persoonsgegevens bevatten. Daarom kijkt een \
    wacht naar elke kolom en weigert zij wat daarop lijkt. Namen van personen in vrije tekst herkent zij niet. Kleine regels kunnen \
    herleidbaar zijn tot een aanbieder of een persoon. De gemeente beoordeelt dat voordat zij een rapport openbaar maakt.";

const ASSESSMENTS: &str = "Het programma is gemaakt om zonder persoonsgegevens te werken. De feiten voor een pre-scan DPIA staan in het dossier bij deze \
    registratie. Of een toets nodig is, beoordeelt de functionaris gegevensbescherming.";

fn source_data(facts: &AccountFacts) -> String {
    let months = match facts.dated_percent {
        Some(100) => {
            "Van elk bedrag is bekend in welke maand de zorg is geleverd en wanneer het is geboekt."
                .to_owned()
        }
        Some(share) => format!(
            "Van elk bedrag is bekend wanneer het is geboekt, en van {share}% van de rijen in welke maand de zorg is geleverd."
        ),
        None => "Van elk bedrag is bekend wanneer het is geboekt.".to_owned(),
    };
    format!(
        "Financiële boekingen van de gemeente voor Wmo en Jeugd: maand, product, lasten of baten, en bedrag. Daarnaast de indeling in \
         taakvelden, en voor zover aangeleverd de begroting, schattingen van mensen, controletotalen, prijsindexen en het eigen beleid. \
         Gelezen zijn {} met {}, met maanden van {} tot en met {}. {months} Er zijn geen gegevens over personen, huishoudens of buurten \
         nodig.",
        text::counted(facts.files.len(), "bestand", "bestanden"),
        text::counted(facts.rows(), "rij", "rijen"),
        text::month(facts.first),
        text::month(facts.as_of),
    )
    .replace('\u{a0}', " ")
}

fn method(facts: &AccountFacts) -> String {
    let made = facts.provenance;
    let model = match &facts.models.spec {
        Spec::Kampioen => {
            "Het model is een mengsel van drie gladstrijkers (dynamische Theta, Theta en een gedempte trend) en een vlak recent niveau, \
             dat zwaarder telt naarmate een regel grilliger of korter is. Seizoen, werkdagen en bekende beleidswijzigingen worden vooraf \
             geschat."
                .to_owned()
        }
        other => format!("Het model is {} (specificatie van dit programma).", other.name()),
    };
    format!(
        "Invoer: maandbedragen per regel. {model} Maanden waarover nog facturen komen worden aangevuld met wat eerdere facturen leren. \
         Daarna worden {} mogelijke toekomsten getrokken, voor alle regels samen. Een totaal is in elke trekking de som van zijn regels. \
         De bandbreedte rust op wat eerdere voorspellingen misten. Uitvoer: verwachting en kwantielen per maand en per jaar. \
         Zelflerend: nee. De methode ligt vast; elke maand worden haar parameters opnieuw geschat, nu tot en met {}. Dezelfde invoer geeft \
         dezelfde uitkomst. Programma prognose {}, specificatie {}.",
        text::count(made.draws),
        text::month(made.trained_through.unwrap_or(facts.as_of)),
        made.version,
        made.spec,
    )
}

#[cfg(test)]
mod tests {
    use super::super::declared::Status;
    use super::super::example;
    use super::*;

    #[test]
    fn a_filled_in_entry_is_taken() {
        let example = example::filled();
        let (name, bytes, faults) = register(&example.facts());
        assert_eq!((name.as_str(), faults), (FILE, Vec::new()));
        let entry: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(entry.as_object().unwrap().len(), names().count());
        assert_eq!(entry["status"], "In gebruik");
        assert_eq!(entry["begin_date"], "2026-01");
        assert_eq!(entry["category"][0], "Overheidsfinanciën");
        assert!(entry["end_date"].is_null());
    }

    #[test]
    fn what_is_missing_or_wrong_is_told_by_field() {
        let mut example = example::filled();
        example.declared = Declared { status: Status::Concept, ..Declared::default() };
        let told = |example: &example::Example| {
            let (_, _, faults) = register(&example.facts());
            faults.into_iter().map(|fault| (fault.field, fault.missing)).collect::<Vec<_>>()
        };
        let missing =
            ["contact_email", "publication_category"].map(|field| (field.to_owned(), true));
        assert_eq!(told(&example), missing);
        example.organisation = "Gemeente ".repeat(20);
        assert!(told(&example).contains(&("organization".to_owned(), false)));
    }

    #[test]
    fn sentences_are_short() {
        for text in [GOAL, PROPORTIONALITY, HUMAN, RISKS, ASSESSMENTS] {
            let sentences = text.matches(['.', ';']).count();
            assert!(text.split(' ').count() <= 15 * sentences, "{text}");
        }
    }
}
