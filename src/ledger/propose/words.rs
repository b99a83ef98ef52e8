//! What headers usually mean: words of exports of municipal systems, Dutch and English.

use crate::taakveld::{Scheme, code_of, find};
use crate::units::{Side, Wet};

/// What a header says its column holds, with a weight: the heaviest column that holds such values wins.
pub(super) type Words = &'static [(&'static str, i32)];

pub(super) const BOOKED: Words = &[
    ("boekmaand", 9),
    ("boekingsmaand", 9),
    ("boekdatum", 8),
    ("boekingsdatum", 8),
    ("posting", 8),
    ("boeking", 8),
    ("boekperiode", 8),
    ("declaratiemaand", 5),
    ("periode", 4),
    ("period", 4),
    ("maand", 4),
    ("month", 4),
    ("datum", 2),
    ("date", 2),
    ("factuur", -4),
    ("invoice", -4),
    ("verval", -9),
    ("mutatie", 1),
];

pub(super) const SERVICE: Words = &[
    ("prestatie", 9),
    ("zorgmaand", 9),
    ("zorgperiode", 9),
    ("leveringsmaand", 8),
    ("leverperiode", 8),
    ("service", 8),
    ("behandelmaand", 7),
    ("dienstmaand", 7),
];

pub(super) const BOOKED_YEAR: Words =
    &[("boekjaar", 9), ("boekingsjaar", 9), ("fiscal", 8), ("jaar", 5), ("year", 5)];

pub(super) const BOOKED_PERIOD: Words = &[
    ("boekperiode", 9),
    ("boekingsperiode", 9),
    ("periode", 6),
    ("period", 6),
    ("maand", 4),
    ("month", 4),
    ("prestatie", -9),
    ("zorg", -9),
];

pub(super) const CODE: Words = &[
    ("productcode", 9),
    ("product", 8),
    ("kostenplaats", 7),
    ("kostendrager", 6),
    ("cost", 6),
    ("activiteit", 5),
    ("code", 4),
    ("taakveld", 3),
    ("grootboek", 2),
    ("rekening", 2),
    ("account", 2),
    ("omschrijving", -9),
    ("naam", -9),
    ("description", -9),
    ("name", -9),
    ("crediteur", -9),
    ("debiteur", -9),
    ("leverancier", -9),
    ("factuur", -9),
    ("kostensoort", -3),
];

pub(super) const NAME: Words = &[
    ("productnaam", 9),
    ("omschrijving", 5),
    ("naam", 5),
    ("description", 5),
    ("name", 4),
    ("crediteur", -9),
    ("debiteur", -9),
    ("leverancier", -9),
    ("gemeente", -9),
];

pub(super) const TAAKVELD: Words = &[("taakveld", 9)];

pub(super) const AMOUNT: Words = &[
    ("bedrag", 6),
    ("amount", 6),
    ("werkelijk", 7),
    ("realisatie", 7),
    ("gerealiseerd", 7),
    ("excl", 3),
    ("net", 2),
    ("netto", 2),
    ("saldo", 4),
    ("euro", 4),
    ("eur", 4),
    ("kosten", 3),
    ("lasten", 6),
    ("baten", 6),
    ("incl", -3),
    ("btw", -2),
    ("vat", -2),
    ("begroting", -7),
    ("begroot", -9),
    ("budget", -7),
    ("raming", -7),
    ("verplichting", -9),
    ("restant", -9),
    ("cumulatief", -9),
    ("totaal", -3),
    ("aantal", -9),
    ("tarief", -9),
    ("uren", -9),
    ("inwonertal", -9),
    ("salarissen", -9),
];

pub(super) const DEBIT: Words = &[("debet", 9), ("debit", 9), ("rekening", -9), ("account", -9)];
pub(super) const CREDIT: Words =
    &[("credit", 9), ("creditor", -9), ("crediteur", -9), ("rekening", -9), ("account", -9)];
pub(super) const SIDE: Words = &[
    ("l/b", 9),
    ("lasten/baten", 9),
    ("soort", 6),
    ("kant", 6),
    ("type", 5),
    ("side", 5),
    ("lb", 5),
];
pub(super) const QUARTER: Words = &[("kwartaal", 9), ("quarter", 9)];
pub(super) const WET: Words = &[("wet", 9)];
pub(super) const VERSION: Words = &[("versie", 9), ("version", 9)];
pub(super) const ADOPTED: Words = &[("vastgesteld", 9), ("adopted", 9)];
pub(super) const MADE: Words = &[("gemaakt", 9), ("opgesteld", 8), ("made", 8)];
pub(super) const REPORT: Words = &[
    ("rapport", 9),
    ("rapportage", 9),
    ("bestuursrapportage", 9),
    ("report", 8),
    ("naam", 5),
    ("name", 4),
];
pub(super) const TOWN: Words = &[("gemeente", 9), ("gemeenten", 9), ("gemeentenaam", 9)];
/// Words of budgets, in names of files and columns.
const BUDGET: [&str; 4] = ["begroting", "budget", "raming", "begroot"];

/// The weight of a header: its words and, for those of five letters and up, parts of words.
pub(super) fn weight(header: &str, words: Words) -> i32 {
    let header = header.to_lowercase();
    let is_sign = |c: char| !c.is_alphanumeric() && c != '/';
    let parts: Vec<&str> = header.split(is_sign).collect();
    let is = |word: &str| parts.contains(&word) || (word.len() >= 5 && header.contains(word));
    words.iter().filter(|(word, _)| is(word)).map(|(_, weight)| weight).sum()
}

/// Whether a header is a word of any of the lists.
pub(super) fn is_known(header: &str) -> bool {
    let all = [
        BOOKED,
        SERVICE,
        BOOKED_YEAR,
        BOOKED_PERIOD,
        CODE,
        NAME,
        TAAKVELD,
        AMOUNT,
        DEBIT,
        CREDIT,
        SIDE,
        QUARTER,
        TOWN,
        WET,
        VERSION,
        ADOPTED,
        MADE,
        REPORT,
    ];
    header.trim().len() <= 40 && all.iter().any(|words| weight(header, words) != 0)
}

/// Whether a header has this word, in any way of joining words.
pub(super) fn has_word(header: &str, word: &str) -> bool {
    header.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|part| part == word)
}

/// Whether the name of a file or column is one of a budget.
pub(super) fn is_planned(name: &str) -> bool {
    let name = name.to_lowercase();
    BUDGET.iter().any(|word| name.contains(word))
}

/// Whether a header says that amounts are in thousands.
pub(super) fn in_thousands(header: &str) -> bool {
    let header = header.to_lowercase().replace([' ', '\u{a0}', '.', '€'], "");
    let header = header.replace('×', "x").replace("euro", "").replace("eur", "");
    header.contains("x1000") || header.contains("dzd") || header.contains("duizend")
}

/// The side that a word other than our own means.
pub(super) fn side(word: &str) -> Option<Side> {
    match word.to_lowercase().as_str() {
        "expense" | "expenses" | "expenditure" | "cost" | "costs" | "kosten" | "uitgaven"
        | "uitgave" | "last" | "u" | "k" => Some(Side::Lasten),
        "income" | "revenue" | "revenues" | "opbrengst" | "opbrengsten" | "inkomsten"
        | "ontvangsten" | "bate" | "i" | "o" => Some(Side::Baten),
        _ => None,
    }
}

/// The act of a taakveld of any scheme; `None` when it is of neither act.
pub(super) fn wet(code: &str) -> Option<Wet> {
    Scheme::ALL.into_iter().rev().find_map(|scheme| find(scheme, code)).map(|found| found.wet)
}

/// Patterns that hold every taakveld of [`wet`] and no other.
pub(super) const OURS: [&str; 6] = ["6.2*", "6.6*", "6.7*", "6.8*", "6.91*", "6.92*"];

/// The code a text on a taakveld starts with, as in `6.71a Huishoudelijke hulp`. One figure stands before the point:
/// `4401.10` is a code of another kind.
pub(super) fn taakveld(text: &str) -> Option<String> {
    code_of(text).filter(|code| code.find('.') == Some(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_weigh_by_their_words() {
        assert!(weight("Bedrag excl. btw", AMOUNT) > weight("Bedrag incl. btw", AMOUNT));
        assert!(weight("Omschrijving kostenplaats", CODE) < 0);
        assert!(weight("Kostenplaats", CODE) > weight("Grootboekrekening", CODE));
        assert!(weight("Crediteurnr", CREDIT) <= 0);
        assert!(is_known("Boekdatum") && !is_known("4401") && !is_known(""));
    }

    #[test]
    fn headers_tell_sides_and_thousands() {
        assert!(has_word("lasten_x1000", "lasten") && !has_word("Omschrijving", "lasten"));
        assert!(in_thousands("Bedragen x € 1.000") && in_thousands("baten_x1000"));
        assert!(in_thousands("Bedragen x EUR 1.000") && in_thousands("(x 1.000 euro)"));
        assert!(!in_thousands("Bedrag 1000"));
    }

    #[test]
    fn taakvelden_tell_the_act() {
        for (code, expected) in [
            ("6.71a", Some(Wet::Wmo)),
            ("6.60", Some(Wet::Wmo)),
            ("6.792", Some(Wet::Jeugd)),
            ("6.22", Some(Wet::Jeugd)),
            ("6.2", Some(Wet::Gezamenlijk)),
            ("6.1", None),
            ("0.1", None),
        ] {
            assert_eq!(wet(code), expected, "{code}");
        }
        let code = |text: &str| taakveld(text).unwrap_or_default();
        assert_eq!(code("6.71a Huishoudelijke hulp (WMO)"), "6.71a");
        assert_eq!((&*code("6.711"), &*code("6.71A")), ("6.711", "6.71a"));
        assert_eq!(
            (taakveld("4401"), taakveld("1.234,56"), taakveld("4401.10")),
            (None, None, None)
        );
    }
}
