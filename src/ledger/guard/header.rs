//! Headers that tell what a column holds, by whole words.

use super::Personal;

/// What the header says the column holds. `transactions`: a bare *naam* is the name of a party.
pub(super) fn kind(header: &str, transactions: bool) -> Option<Personal> {
    let words = words(header);
    let any = |test: &dyn Fn(&str) -> bool| words.iter().any(|word| test(word));
    let pair = |first: &str, second: &str| words.windows(2).any(|two| two == [first, second]);
    let edges = |word: &str, mark: &str| word.starts_with(mark) || word.ends_with(mark);
    let tests: [(Personal, bool); 9] = [
        (
            Personal::Bsn,
            any(&|word| {
                edges(word, "bsn") || has(word, &["burgerservice", "sofinummer", "sofinr"])
            }),
        ),
        (Personal::Iban, any(&|word| edges(word, "iban") || word.contains("bankrekening"))),
        (Personal::Email, pair("e", "mail") || any(&|word| has(word, &["email", "mailadres"]))),
        (Personal::BirthDate, pair("geb", "datum") || any(&is_birth)),
        (
            Personal::Postcode,
            any(&|word| has(word, &["postcode", "zipcode"]) || ["pc4", "pc6"].contains(&word)),
        ),
        (Personal::Name, is_person(&words) || (transactions && is_bare_name(&words))),
        (Personal::Neighbourhood, !pair("wijk", "team") && !pair("buurt", "team") && any(&is_area)),
        (Personal::Age, any(&|word| word.contains("leeftijd") || word == "age")),
        (Personal::Income, any(&is_income)),
    ];
    tests.into_iter().find_map(|(what, tells)| tells.then_some(what))
}

/// The words of a header in lower case without accents; a capital after a small letter starts one.
fn words(header: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut small = false;
    for letter in header.chars().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)) {
        if small && letter.is_uppercase() {
            spaced.push(' ');
        }
        small = letter.is_lowercase();
        spaced.extend(letter.to_lowercase().map(plain));
    }
    spaced
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn plain(letter: char) -> char {
    match letter {
        'á' | 'à' | 'ä' | 'â' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' => 'o',
        'ú' | 'ù' | 'ü' | 'û' => 'u',
        other => other,
    }
}

fn has(word: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| word.contains(part))
}

fn is_birth(word: &str) -> bool {
    let birth = has(word, &["geboorte", "birth", "gebdat"]) || word == "dob";
    birth && !word.contains("geboortezorg")
}

/// Words for one person or household. Their plurals are counts and do not tell.
const PERSONS: [&str; 18] = [
    "client",
    "burger",
    "inwoner",
    "jeugdige",
    "patient",
    "deelnemer",
    "zorgvrager",
    "persoon",
    "persoons",
    "contactpersoon",
    "medewerker",
    "werknemer",
    "huishouden",
    "huishoud",
    "gezin",
    "gezins",
    "citizen",
    "person",
];
/// What may follow such a word for it to stay that of one person.
const LABELS: [&str; 11] =
    ["", "nummer", "nr", "no", "id", "naam", "namen", "name", "code", "kenmerk", "sleutel"];
/// Words that make a header an amount or a count over persons.
const COUNTS: [&str; 9] =
    ["aantal", "aantallen", "per", "gemiddeld", "gemiddelde", "kosten", "bedrag", "totaal", "uren"];
const NAMES: [&str; 12] = [
    "voornaam",
    "voornamen",
    "achternaam",
    "roepnaam",
    "geslachtsnaam",
    "familienaam",
    "voorletter",
    "initialen",
    "tussenvoegsel",
    "surname",
    "firstname",
    "lastname",
];

fn is_person(words: &[String]) -> bool {
    let counted = words.iter().any(|word| COUNTS.contains(&word.as_str()));
    let person = |word: &str| labelled(word, &PERSONS);
    words.iter().any(|word| has(word, &NAMES) || (!counted && person(word)))
}

fn labelled(word: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| word.strip_prefix(start).is_some_and(|label| LABELS.contains(&label)))
}

fn is_bare_name(words: &[String]) -> bool {
    matches!(words, [word] if ["naam", "namen", "name", "fullname"].contains(&word.as_str()))
        || words.windows(2).any(|two| two == ["volledige", "naam"])
}

fn is_area(word: &str) -> bool {
    labelled(word, &["wijk", "buurt", "neighbourhood"])
}

fn is_income(word: &str) -> bool {
    let class = word.strip_prefix("inkomens");
    word.ends_with("inkomen")
        || class.is_some_and(|class| has(class, &["groep", "klasse", "categorie", "niveau"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_personal_headers() {
        use Personal::{Age, BirthDate, Bsn, Email, Iban, Income, Name, Neighbourhood, Postcode};
        for (header, expected) in [
            ("BSN", Bsn),
            ("bsn_nr", Bsn),
            ("clientBSN", Bsn),
            ("Burgerservicenummer", Bsn),
            ("BSN-client", Bsn),
            ("IBAN", Iban),
            ("leverancier_iban", Iban),
            ("bankrekeningnummer", Iban),
            ("e-mail", Email),
            ("Emailadres", Email),
            ("E-mailadres", Email),
            ("geboortedatum", BirthDate),
            ("Geb.datum", BirthDate),
            ("geboortejaar", BirthDate),
            ("Postcode", Postcode),
            ("PC4", Postcode),
            ("postcode_client", Postcode),
            ("naam", Name),
            ("Achternaam", Name),
            ("voornaam", Name),
            ("clientnaam", Name),
            ("Cliënt", Name),
            ("clie\u{308}ntnummer", Name),
            ("naam cliënt", Name),
            ("ClientId", Name),
            ("persoonsnummer", Name),
            ("Volledige naam", Name),
            ("medewerker", Name),
            ("wijk", Neighbourhood),
            ("Buurtcode", Neighbourhood),
            ("wijknaam", Neighbourhood),
            ("leeftijd", Age),
            ("Leeftijdscategorie", Age),
            ("inkomen", Income),
            ("gezinsinkomen", Income),
            ("inkomensklasse", Income),
        ] {
            assert_eq!(kind(header, true), Some(expected), "{header}");
        }
    }

    #[test]
    fn does_not_cry_wolf() {
        for header in [
            "bedrag",
            "grootboekrekening",
            "rekeningnummer",
            "kostenplaats",
            "afwijking",
            "wijkteam",
            "Wijk-team",
            "buurtteam",
            "inkomsten",
            "baten",
            "inkomensregelingen",
            "productnaam",
            "naam product",
            "leveranciersnaam",
            "aantal cliënten",
            "kosten per client",
            "inwonertal",
            "inwoners",
            "cliënten",
            "cliëntondersteuning",
            "persoonsgebonden budget",
            "geboortezorg",
            "kind",
            "omschrijving",
            "factuurnummer",
            "burgerparticipatie",
            "page",
            "crediteur",
            "e",
            "mailing",
            "boekmaand",
            "Stedelijkheid",
            "",
        ] {
            assert_eq!(kind(header, true), None, "{header}");
        }
        assert_eq!(kind("naam", false), None);
    }
}
