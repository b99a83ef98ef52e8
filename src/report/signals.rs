//! What changed under the model: flags, and lines in a situation that the model does not know yet.

use super::facts::Facts;
use super::markup::{self, folded, head, head_text, section};
use super::{remarks, text};
use crate::drift::{Regime, Status, Tested, Tier, Why};
use crate::forecast::{NEEDED, widening};
use crate::units::{LineId, Months, Side};
use maud::{Markup, html};

/// Flags that are shown unfolded, the largest first.
const SHOWN: usize = 8;
/// Flags on one line that began so near each other tell of the same change.
const SAME: Months = Months(4);
const YEAR: Months = Months(12);

pub(super) fn render(facts: &Facts) -> Markup {
    let signals = signals(facts);
    let new = young(facts);
    section(
        "signalen",
        "Is de wereld veranderd sinds het model leerde?",
        &html! {
            p { (verdict(facts, &signals)) }
            @if !signals.is_empty() {
                p {
                    "Een signaal zegt: dit is groter dan wat toeval meestal geeft. Het zegt niet waardoor. Ook zonder verandering komt er in een "
                    "jaar wel eens een signaal. Zoek dus eerst de oorzaak. Stel plannen pas daarna bij."
                }
                (tables(facts, &signals))
            }
            (unknown(facts, &new))
            (account(facts))
        },
    )
}

/// The changes that were flagged, the largest first: of flags on one line that began together the one that
/// says most.
pub(super) fn signals<'a>(facts: &Facts<'a>) -> Vec<&'a Tested> {
    let mut kept: Vec<&Tested> = Vec::new();
    // Tiers in their order: a known event explains more than a level does, and that more than a band.
    for tier in Tier::ALL {
        for test in facts.drift.iter().filter(|test| test.is_flag() && test.tier == tier) {
            // Bands of a line that changed in the year they are about say the same again.
            let (near, any_way) = match test.tier {
                Tier::Bands => (YEAR, true),
                _ => (SAME, false),
            };
            let way = |test: &Tested| test.per_month.map(f64::is_sign_positive);
            let same = |other: &&Tested| {
                let apart = other.since.zip(test.since).map(|(a, b)| (a - b).0.abs());
                let together = apart.is_some_and(|apart| apart <= near.0);
                let told = other.tier != Tier::Invoices && (any_way || way(other) == way(test));
                other.line == test.line && told && together
            };
            if test.tier == Tier::Invoices || !kept.iter().any(same) {
                kept.push(test);
            }
        }
    }
    let size = |test: &Tested| test.per_year().or(test.per_month).map_or(0.0, f64::abs);
    kept.sort_by(|a, b| size(b).total_cmp(&size(a)));
    kept
}

fn verdict(facts: &Facts, signals: &[&Tested]) -> String {
    let Some(first) = signals.first() else {
        return if facts.drift.iter().all(|test| test.status == Status::Early) {
            "Er is nog te weinig geschiedenis om te toetsen.".into()
        } else {
            "Er is geen signaal: wat er gebeurde past bij wat het model leerde.".into()
        };
    };
    let mut lines: Vec<&LineId> = signals.iter().filter_map(|test| test.line.as_ref()).collect();
    lines.sort_unstable();
    lines.dedup();
    let on = match lines.len() {
        0 => "alle producten samen".to_owned(),
        count => text::counted(count, "product", "producten"),
    };
    let count = text::counted(signals.len(), "signaal", "signalen");
    let largest = first.line.as_ref().map_or_else(String::new, |line| {
        format!(" Het grootste: {}, {}{}.", line.product, seen(first), since(first))
    });
    let are = if signals.len() == 1 { "is" } else { "zijn" };
    let open = signals.iter().filter(|test| remarks::answer_to(facts, test).is_none()).count();
    let open = match open {
        _ if facts.is_public() => String::new(),
        0 => " Op elk signaal is een antwoord vastgelegd.".to_owned(),
        _ if open == signals.len() => " Er is nog geen antwoord vastgelegd.".to_owned(),
        open => format!(" Zonder antwoord: {}.", text::count(open)),
    };
    format!("Er {are} {count} van de laatste twee jaar, bij {on}.{largest}{open}")
}

/// What a test saw, in a few words.
pub(super) fn seen(test: &Tested) -> &'static str {
    let more = test.per_month.is_some_and(|euros| euros > 0.0);
    match (test.tier, more) {
        (Tier::Event, true) => "meer sinds een bekende gebeurtenis",
        (Tier::Event, false) => "minder sinds een bekende gebeurtenis",
        (Tier::Monitor, true) => "steeds meer dan verwacht",
        (Tier::Monitor, false) => "steeds minder dan verwacht",
        (Tier::Yearly, true) => "een hoger niveau",
        (Tier::Yearly, false) => "een lager niveau",
        (Tier::Invoices, true) => "meer facturen over eerdere maanden dan gewoon",
        (Tier::Invoices, false) => "minder facturen over eerdere maanden dan gewoon",
        (Tier::Bands, _) => "te vaak buiten de band",
    }
}

fn since(test: &Tested) -> String {
    let month = test.since.filter(|_| test.tier != Tier::Invoices && test.tier != Tier::Event);
    month.map_or_else(String::new, |month| format!(" sinds {}", text::month(month)))
}

fn tables(facts: &Facts, signals: &[&Tested]) -> Markup {
    let (first, rest) = signals.split_at(signals.len().min(SHOWN));
    html! {
        p.schuif { "Schuif de tabel opzij voor alle kolommen." }
        (table(facts, "signalen-tabel", "De grootste signalen", first))
        @if !rest.is_empty() {
            (folded(
                &format!("Nog {}", text::counted(rest.len(), "signaal", "signalen")),
                false,
                &table(facts, "signalen-meer", "De andere signalen", rest),
            ))
        }
    }
}

/// Signals below each other.
pub(super) fn table(facts: &Facts, id: &str, title: &str, signals: &[&Tested]) -> Markup {
    let heads = [
        head_text("Product"),
        head_text("Wat zien we?"),
        head("Sinds"),
        head("Per maand"),
        head("Per jaar"),
        head_text("Hoort misschien bij"),
        head_text("Wat te doen?"),
    ];
    let answered = (!facts.is_public()).then(|| head_text("Antwoord"));
    let heads: Vec<Markup> = heads.into_iter().chain(answered).collect();
    let answer = |test: &Tested| remarks::answer_to(facts, test);
    let told = |at: usize| signals[..at].iter().any(|other| answer(other) == answer(signals[at]));
    let body = html! {
        @for (at, test) in signals.iter().enumerate() { (row(facts, test, told(at))) }
    };
    markup::table(id, title, "Bedragen in euro's van nu; plus is meer dan ervoor", &heads, &body)
}

fn row(facts: &Facts, test: &Tested, told: bool) -> Markup {
    let amount = |euros: Option<f64>| euros.map_or_else(|| "–".to_owned(), rounded);
    html! {
        tr {
            th scope="row" { (test.line.as_ref().map_or_else(|| "Alles samen".to_owned(), name)) }
            td.t { (text::capital(seen(test))) }
            td { (test.since.map_or_else(|| "–".to_owned(), text::month_and_year)) }
            td { (amount(test.per_month)) }
            td { (amount(test.per_year())) }
            td.t { (event(facts, test.event.as_deref())) }
            td.t { (test.advice()) }
            @if !facts.is_public() { td.t { (remarks::said_of(facts, test, told)) } }
        }
    }
}

/// The product, and that it is income where it is.
fn name(line: &LineId) -> String {
    match line.side {
        Side::Lasten => format!("{} ({})", line.product, line.taakveld),
        Side::Baten => format!("{} ({}, baten)", line.product, line.taakveld),
    }
}

/// The title of an event.
fn event(facts: &Facts, id: Option<&str>) -> String {
    let Some(id) = id else { return "–".to_owned() };
    let known = facts.events.iter().find(|event| event.id == id);
    known.map_or_else(|| id.to_owned(), |event| event.title.clone())
}

/// An estimate with a sign, no more precise than it is.
fn rounded(euros: f64) -> String {
    let step = if euros.abs() < 10_000.0 { 100.0 } else { 1000.0 };
    text::signed(step * (euros / step).round(), 0)
}

/// The lines that the model does not know long enough, the youngest first.
fn young<'a>(facts: &Facts<'a>) -> Vec<&'a Regime> {
    let mut new: Vec<&Regime> = facts.regimes.iter().filter(|regime| regime.is_new()).collect();
    new.sort_by_key(|regime| (regime.months, &regime.line));
    new
}

fn unknown(facts: &Facts, new: &[&Regime]) -> Markup {
    if new.is_empty() {
        return html! {};
    }
    html! {
        h3 { "Model kent deze situatie niet" }
        p {
            "Bij " (text::counted(new.len(), "product", "producten")) " van de " (text::count(facts.regimes.len()))
            " kent het model de situatie van nu korter dan " (NEEDED.0) " maanden. Het product is nieuw, er kwam een nieuw "
            "contract of een andere manier van betalen, of het niveau sprong. Wat het model eerder leerde geldt daar "
            "minder. " (wider(new))
        }
        (folded("Welke producten, en hoeveel breder?", false, &regimes(facts, new)))
    }
}

/// Of how many of them the band is wider.
fn wider(new: &[&Regime]) -> String {
    match new.iter().filter(|regime| regime.why != Why::Start).count() {
        0 => String::new(),
        count if count == new.len() => "De band is daar breder getekend.".into(),
        count => format!("Bij {} daarvan is de band breder getekend.", text::count(count)),
    }
}

fn regimes(facts: &Facts, new: &[&Regime]) -> Markup {
    let heads = [
        head_text("Product"),
        head("Sinds"),
        head("Maanden bekend"),
        head_text("Begon met"),
        head("Band breder"),
    ];
    let wider = |regime: &Regime| match regime.why {
        Why::Start => "–".to_owned(),
        _ => format!("× {}", text::decimals(widening(regime.months), 2)),
    };
    let body = html! {
        @for regime in new {
            tr {
                th scope="row" { (name(&regime.line)) }
                td { (text::month_and_year(regime.since)) }
                td { (regime.months.0) }
                td.t { (began(facts, regime)) }
                td { (wider(regime)) }
            }
        }
    };
    let note = "De band wordt 1 + 1,5 ÷ maanden keer zo breed. De band van een nieuw product volgt al uit zijn leeftijd.";
    markup::table("regimes", "Model kent deze situatie niet", note, &heads, &body)
}

fn began(facts: &Facts, regime: &Regime) -> String {
    let first = facts.regimes.iter().map(|regime| regime.since).min();
    match &regime.why {
        Why::Start if first == Some(regime.since) => "de gegevens beginnen hier".to_owned(),
        Why::Start => "het product zelf is nieuw".to_owned(),
        Why::Event(id) => event(facts, Some(id)),
        Why::Flag(_) => "een signaal".to_owned(),
    }
}

/// What was tested.
fn account(facts: &Facts) -> Markup {
    let count = |tier| {
        let made = facts.drift.iter();
        let made = made.filter(|test| test.tier == tier && test.status != Status::Early);
        text::count(made.count())
    };
    html! {
        p.noot {
            "Getoetst: " (count(Tier::Event)) " keer een bekende gebeurtenis, " (count(Tier::Monitor)) " reeksen prognosefouten, "
            (count(Tier::Yearly)) " niveaus door de jaren, " (count(Tier::Invoices)) " keer de late facturen en " (count(Tier::Bands))
            " banden."
            @if !facts.is_public() { " Alle toetsen staan in " code { "drift.csv" } ", ook die zonder signaal." }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example::example;
    use crate::units::Month;

    fn flag(tier: Tier, product: &str, per_month: f64, since: &str) -> Tested {
        let line = LineId {
            wet: crate::units::Wet::Wmo,
            taakveld: "6.711".into(),
            product: product.into(),
            side: Side::Lasten,
        };
        Tested {
            tier,
            line: Some(line),
            status: Status::Signal,
            months: 60,
            since: since.parse().ok(),
            seen: None,
            per_month: Some(per_month),
            lasting: tier != Tier::Invoices,
            z: None,
            chance: None,
            adjusted: None,
            smallest: None,
            event: None,
        }
    }

    fn page(drift: &[Tested], regimes: &[Regime]) -> String {
        let example = example();
        render(&Facts { drift, regimes, ..example.facts() }).into_string()
    }

    #[test]
    fn a_change_is_told_once_and_the_largest_first() {
        let flags = [
            flag(Tier::Event, "Hulp", -1000.0, "2025-01"),
            flag(Tier::Monitor, "Hulp", -900.0, "2024-11"),
            flag(Tier::Bands, "Hulp", 0.0, "2025-09"),
            flag(Tier::Monitor, "Vervoer", 25_400.0, "2025-06"),
            flag(Tier::Invoices, "Hulp", 500.0, "2026-10"),
        ];
        let example = example();
        let facts = Facts { drift: &flags, ..example.facts() };
        let kept: Vec<Tier> = signals(&facts).iter().map(|test| test.tier).collect();
        assert_eq!(kept, [Tier::Monitor, Tier::Event, Tier::Invoices]);
        let html = page(&flags, &[]);
        assert!(
            html.contains("Er zijn 3\u{a0}signalen van de laatste twee jaar, bij 2\u{a0}producten"),
            "{html}"
        );
        assert!(html.contains("Vervoer, steeds meer dan verwacht sinds juni 2025."), "{html}");
        // A month of 25.400, and twelve of them.
        assert!(html.contains("+25.000") && html.contains("+305.000"), "{html}");
    }

    #[test]
    fn without_flags_it_says_so() {
        let early = Tested { status: Status::Early, ..flag(Tier::Monitor, "Hulp", 0.0, "2025-01") };
        assert!(page(std::slice::from_ref(&early), &[]).contains("te weinig geschiedenis"));
        let quiet = Tested { status: Status::Quiet, ..early };
        let html = page(&[quiet], &[]);
        assert!(
            html.contains("geen signaal") && !html.contains("kent deze situatie niet"),
            "{html}"
        );
    }

    #[test]
    fn young_regimes_are_marked_with_what_that_does() {
        let line = flag(Tier::Event, "Hulp", 0.0, "2025-01").line.unwrap();
        let regime = |months: i32, why| Regime {
            line: line.clone(),
            since: Month::january(2026),
            months: Months(months),
            why,
        };
        let regimes = [regime(10, Why::Flag(Tier::Monitor)), regime(30, Why::Start)];
        let html = page(&[], &regimes);
        assert!(html.contains("Bij 1\u{a0}product van de 2 "), "{html}");
        assert!(
            html.contains("Model kent deze situatie niet") && html.contains("× 1,15"),
            "{html}"
        );
    }
}
