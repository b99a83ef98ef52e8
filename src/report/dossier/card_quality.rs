//! The parts of the model card that rest on measurements: requirements, quality, limits and signals.

use super::facts::{AccountFacts, LastTest, Quality};
use super::limits;
use crate::archive::Tally;
use crate::drift::Tested;
use crate::report::markup::{head, head_text, table};
use crate::report::tested::words;
use crate::report::text;
use crate::units::Level;
use maud::{Markup, html};

/// The requirements of the department, and whether they hold now.
pub(super) fn requirements(facts: &AccountFacts) -> Markup {
    let file = facts.declared.criteria_file();
    if facts.criteria.is_none() {
        return html! {
            p { strong { "Er zijn nog geen eisen afgesproken." } " De werkmap heeft geen " code { (file) } "." }
            p { code { "prognose init" } " schrijft een voorbeeld met uitleg. De afdeling kiest de eisen zelf." }
        };
    }
    if let Some(test) = facts.judged() {
        return judged(file, test);
    }
    html! {
        p { strong { "Nog niet getoetst." } " De eisen staan in " code { (file) } ". "
            @if facts.last_test.is_some() { "Na de laatste toets zijn zij gewijzigd." }
            @else { "Dit model is er nog niet aan getoetst." } }
        p { "Toets met " code { "prognose backtest" } "." }
    }
}

fn judged(file: &str, test: &LastTest) -> Markup {
    let heads = [head_text("Eis"), head("Gevonden"), head("Voorspellingen"), head_text("Gehaald")];
    let body = html! {
        @for requirement in &test.requirements {
            tr {
                th scope="row" { (requirement.rule) }
                td { (requirement.found.map_or_else(|| "niets".to_owned(), |found| text::decimals(found, 3))) }
                td { (text::count(requirement.count)) }
                td.t { @match requirement.passed { Some(true) => "ja", Some(false) => { b { "nee" } }, None => "niet getoetst" } }
            }
        }
    };
    html! {
        p {
            strong { (held(test)) }
            " Getoetst met de uitkomsten tot en met " (text::month(test.as_of)) "."
            @if test.requirements.iter().any(|requirement| requirement.passed.is_none()) {
                " Een model dat een eis noemt, was niet nagespeeld. " code { "prognose backtest" } " speelt elk model na."
            }
        }
        (table("eisen-tabel", "De eisen van de afdeling", "Namen zoals in de bestanden van de terugtoets", &heads, &body))
        p.noot { "De eisen staan in " code { (file) } ". De handleiding legt de namen uit." }
    }
}

/// Whether the requirements hold, and of how many that is not known.
fn held(test: &LastTest) -> String {
    let all = text::counted(test.requirements.len(), "eis", "eisen");
    let count = |passed| test.requirements.iter().filter(|each| each.passed == passed).count();
    let of = |count: usize| {
        format!("{} van de {all} {}", text::count(count), if count == 1 { "is" } else { "zijn" })
    };
    let failed = match (count(Some(false)), count(Some(true)), count(None)) {
        (0, _, 0) => return "Alle eisen zijn nu gehaald.".to_owned(),
        (0, 0, _) => String::new(),
        (0, ..) => "Wat is getoetst, is gehaald. ".to_owned(),
        (failed, ..) => format!("{} nu niet gehaald. ", of(failed)),
    };
    match count(None) {
        0 => failed.trim_end().to_owned(),
        untested => format!("{failed}{} niet getoetst.", of(untested)),
    }
}

/// What the last backtest and the forecasts of record show.
pub(super) fn quality(facts: &AccountFacts) -> Markup {
    html! {
        @match facts.last_test {
            Some(test) => { (backtest(test)) }
            None => {
                p { strong { "Nog niet teruggetoetst." } " Van dit model is geen terugtoets bewaard. Maak er een met " code { "prognose backtest" } "." }
            }
        }
        h3 { "Prognoses van toen" }
        (record(facts.tallies))
    }
}

fn backtest(test: &LastTest) -> Markup {
    let heads = [
        head_text("Jaartotaal van lasten"),
        head("Maanden bekend"),
        head("Gemiddeld ernaast"),
        head("Beste vuistregel"),
        head("In de 80%-band"),
        head("Jaren"),
    ];
    let body = html! { @for row in &test.quality { (quality_row(row)) } };
    html! {
        p {
            "Teruggetoetst op " (text::counted(test.origins.len(), "moment", "momenten"))
            @if let [first, .., last] = test.origins.as_slice() { ", van " (text::month(*first)) " tot en met " (text::month(*last)) }
            ", met de uitkomsten tot en met " (text::month(test.as_of)) " en prognose " (test.version) "."
        }
        p.schuif { "Schuif de tabel opzij voor alle kolommen." }
        (table("kwaliteit-tabel", "Zo ver zaten wij ernaast", "Misser als deel van de uitkomst · wat in één jaar gebeurt, treft alle voorspellingen van dat jaar", &heads, &body))
    }
}

fn quality_row(row: &Quality) -> Markup {
    html! {
        tr {
            th scope="row" { (level(row.level)) }
            td { (row.months_known.map_or_else(|| "alle".to_owned(), |months| months.to_string())) }
            td { (text::percent(row.wape)) }
            td { @match &row.best_rule { Some((rule, wape)) => { (text::percent(*wape)) span.onder { (words::model(rule)) } } None => "–" } }
            td { (text::count(row.inside80)) " van " (text::count(row.count)) }
            td { (row.years) }
        }
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Totaal => "Samen",
        Level::Wet => "Per wet",
        Level::Taakveld => "Per taakveld",
        Level::Product => "Per product",
        Level::Brug => "Per brug",
    }
}

fn record(tallies: &[Tally]) -> Markup {
    let of_record: Vec<&Tally> = tallies.iter().filter(|tally| tally.of_record).collect();
    let heads = [head_text("Maanden bekend"), head("Jaartotalen"), head("Gemiddeld ernaast")];
    let body = html! {
        @for tally in &of_record {
            tr { th scope="row" { (tally.months_known) } td { (text::count(tally.count)) } td { (text::percent(tally.wape)) } }
        }
    };
    html! {
        @if of_record.is_empty() {
            p { "Van geen prognose die toen is bewaard, is de uitkomst al definitief." }
        } @else {
            p { "Dit zeiden wij toen, naast wat het werd: jaartotalen van lasten per wet." }
            (table("toen-tabel", "Prognoses van toen", "Alleen definitieve uitkomsten", &heads, &body))
        }
    }
}

/// What was measured where the model is weak.
pub(super) fn limits(facts: &AccountFacts) -> Markup {
    let heads = ["Situatie", "Gemeten", "Wat u dan doet"].map(head_text);
    let body = html! {
        @for limit in limits::ALL {
            tr { th scope="row" { (limit.what) } td.t { (limit.measured) } td.t { (limit.advice) } }
        }
    };
    let new = facts.new_lines();
    html! {
        p {
            "Nu " @if new == 1 { "is er 1 regel" } @else { "zijn er " (text::count(new)) " regels" }
            " van de " (text::count(facts.regimes.len())) " waarvan het model de situatie niet kent."
        }
        (table("grenzen-tabel", "Waar het model zwak is", "Gemeten bij verzonnen gemeenten; de handleiding noemt de opdrachten", &heads, &body))
        p.noot { "Echte boeken geven andere cijfers. Daarom telt de eigen terugtoets zwaarder dan deze tabel." }
    }
}

/// The signals that are shown now.
pub(super) fn signals(facts: &AccountFacts) -> Markup {
    let flags: Vec<&Tested> = facts.drift.iter().filter(|test| test.is_flag()).collect();
    let heads = ["Regel", "Toets", "Sinds"].map(head_text);
    let body = html! {
        @for test in &flags {
            tr {
                th scope="row" { (test.line.as_ref().map_or_else(|| "alle regels".to_owned(), ToString::to_string)) }
                td.t { (test.tier.letter()) ", " (test.tier.name()) }
                td.t { (test.since.map_or_else(|| "–".to_owned(), text::month)) }
            }
        }
    };
    html! {
        @if flags.is_empty() {
            p { "Er zijn geen signalen." }
        } @else {
            p {
                "Er " @if flags.len() == 1 { "is 1 signaal" } @else { "zijn " (text::count(flags.len())) " signalen" }
                ". Een signaal is een vraag aan mensen. Het verandert het model niet."
            }
            (table("signalen-tabel", "Signalen van deze maand", "", &heads, &body))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    #[test]
    fn requirements_are_told_as_they_stand() {
        let mut example = example::filled();
        let said = |example: &example::Example| requirements(&example.facts()).into_string();
        assert!(
            said(&example).contains("1 van de 2\u{a0}eisen is nu niet gehaald."),
            "{}",
            said(&example)
        );
        let passed = |example: &mut example::Example, passed: [Option<bool>; 2]| {
            let requirements = &mut example.last_test.as_mut().unwrap().requirements;
            requirements.iter_mut().zip(passed).for_each(|(each, passed)| each.passed = passed);
        };
        passed(&mut example, [Some(false); 2]);
        assert!(said(&example).contains("2 van de 2\u{a0}eisen zijn nu niet gehaald."));
        // A requirement about a model that was not replayed is not called failed.
        passed(&mut example, [Some(true), None]);
        let untested = said(&example);
        assert!(
            untested
                .contains("Wat is getoetst, is gehaald. 1 van de 2\u{a0}eisen is niet getoetst.")
        );
        assert!(untested.contains(">niet getoetst</td>") && !untested.contains("<b>nee</b>"));
        passed(&mut example, [Some(true); 2]);
        assert!(said(&example).contains("Alle eisen zijn nu gehaald."));
        example.criteria = Some("other".into());
        assert!(said(&example).contains("Na de laatste toets zijn zij gewijzigd."));
        example.last_test = None;
        assert!(said(&example).contains("Dit model is er nog niet aan getoetst."));
        example.criteria = None;
        assert!(said(&example).contains("Er zijn nog geen eisen afgesproken."));
    }

    #[test]
    fn quality_is_shown_as_given() {
        let example = example::filled();
        let said = quality(&example.facts()).into_string();
        for told in ["2,5%", "5,7%", "17 van 21", "tempo tot nu toe"] {
            assert!(said.contains(told), "{told} in {said}");
        }
        assert!(
            quality(&example::bare().facts()).into_string().contains("Nog niet teruggetoetst.")
        );
    }
}
