//! Section 1: where the year ends, how sure that is, and what to know before using it.

use super::chance::Chance;
use super::dots;
use super::facts::{Facts, act_name, row_name};
use super::markup::{Gap, link, section};
use super::{named, norms, reliable, text};
use crate::checks::Severity;
use crate::forecast::Bands;
use crate::outlook::YearRow;
use crate::units::{Cents, Level, Measure};
use maud::{Markup, html};

/// All lines share the luck of a year, so a band learned from fewer years than this can still be far off.
const MANY_YEARS: usize = 10;

pub(super) fn render(facts: &Facts) -> Markup {
    let acts = facts.acts();
    section(
        "kern",
        "Waar eindigt dit jaar, en hoe zeker is dat?",
        &html! {
            @if acts.is_empty() { p { "Er zijn geen lasten in " (facts.year()) "." } }
            div.kern { @for row in &acts { (card(facts, row)) } }
            (small(facts))
            (saldo(facts))
            (named::sentences(facts))
            (dots::figure(&acts, facts.year()))
            (know_first(facts))
        },
    )
}

/// The expectation of one act in a few sentences.
fn card(facts: &Facts, row: &YearRow) -> Markup {
    html! {
        div {
            h3 { (act_name(row.node.wet)) }
            p.groot { "Naar verwachting " (text::euros(row.expected)) "." }
            p { (against_budget(row)) }
            @if let Some(chance) = Chance::of(row) { p { (chance_sentence(row, chance)) } }
            (named::short(facts, row))
        }
    }
}

/// The gap with the budget as a sentence.
pub(super) fn against_budget(row: &YearRow) -> Markup {
    html! {
        @match (row.budget, Gap::of(row)) {
            (None, _) => { "Voor " (row.year) " is geen begroting bekend." }
            (_, None) => { "Dat is gelijk aan de begroting." }
            (_, Some(gap)) => {
                "Dat is " (gap.marked()) " dan begroot (" (gap.word()) ",\u{a0}" (gap.letter) ")."
            }
        }
    }
}

fn chance_sentence(row: &YearRow, chance: Chance) -> Markup {
    let against = row.v_n() == Some('V') && !matches!(chance, Chance::Below1Of20);
    html! {
        @match chance.words() {
            Some(words) => { strong { (words) } " wordt het " @if against { "toch " } "meer dan begroot." }
            None => "Dit is een vast bedrag.",
        }
    }
}

/// Acts too small for a card, so that the parts still make the whole.
fn small(facts: &Facts) -> Markup {
    let acts = facts.small_acts();
    let named =
        |row: &&YearRow| format!("{} {}", text::euros(row.expected), act_name(row.node.wet));
    html! {
        @if !acts.is_empty() {
            p { "In het geheel zit ook " (text::list(&acts.iter().map(named).collect::<Vec<_>>())) ", zonder begroting." }
        }
    }
}

/// Income and the balance, if there is income.
fn saldo(facts: &Facts) -> Markup {
    let income = facts.total(facts.year(), Measure::Baten);
    let balance = facts.total(facts.year(), Measure::Saldo);
    html! {
        @if let (Some(income), Some(balance)) = (income, balance) {
            p {
                "De baten komen uit op " (text::euros(income.expected)) ". Lasten min baten: "
                strong { (text::euros(balance.expected)) } ". " (against_budget(balance))
            }
        }
    }
}

/// The few caveats the figures themselves call for.
fn know_first(facts: &Facts) -> Markup {
    let points = [
        incredible(facts),
        norms::point(facts),
        late(facts),
        Some(untested(facts)),
        oddities(facts),
        policy(facts),
    ];
    let points: Vec<Markup> = points.into_iter().flatten().collect();
    html! {
        @if !points.is_empty() {
            div.weet {
                h3 { "Weet dit voordat u de cijfers gebruikt" }
                ul { @for point in &points { li { (point) } } }
            }
        }
    }
}

/// Expectations outside their own 95 % band: a few absurd draws carry the mean.
fn incredible(facts: &Facts) -> Option<Markup> {
    let rows = facts.outlook.years.iter().filter(|row| row.measure == Measure::Lasten);
    let outside = rows.filter(|row| row.node.level == Level::Taakveld).filter(|row| {
        let [low, .., high] = row.quantiles.0;
        // Rounding may part a fixed amount from its band by a cent.
        text::in_thousands(low - row.expected) > 0 || text::in_thousands(row.expected - high) > 0
    });
    let mut named: Vec<String> =
        outside.map(|row| format!("{} in {}", row_name(row), row.year)).collect();
    let more = named.len().saturating_sub(3);
    named.truncate(3);
    (!named.is_empty()).then(|| html! {
        strong { "Gebruik niet alle bedragen." } " De prognose ligt buiten haar eigen 95%-band bij "
        (text::list(&named)) @if more > 0 { ", en nog " (text::count(more)) " keer" }
        ". Dat wijst op een fout in het model."
    })
}

/// What is still to be received, and from which month on.
fn late(facts: &Facts) -> Option<Markup> {
    if !facts.has_service_months {
        return Some(html! {
            strong { "Late facturen worden niet aangevuld." } " Alleen de boekmaand is bekend, niet de maand van de "
            "zorg. Zie " (link("facturen")) " voor wat u kunt doen."
        });
    }
    let late = facts.late(Level::Totaal, Measure::Lasten).first()?.total.to_receive;
    let from = facts.provisional_from();
    Some(html! {
        strong { "Er komt naar schatting nog " (text::euros(late)) " aan facturen." }
        " Ze gaan over zorg tot en met " (text::month(facts.outlook.as_of)) "."
        @if let Some(from) = from { " De maanden vanaf " (text::month(from)) " zijn daarom voorlopig." }
        " Zie " (link("verloop")) " en " (link("facturen")) "."
    })
}

/// What is odd about the data.
fn oddities(facts: &Facts) -> Option<Markup> {
    let serious =
        facts.findings.iter().filter(|finding| finding.severity >= Severity::Warning).count();
    let amount = facts.unclassified();
    (serious > 0 || amount != Cents::ZERO).then(|| html! {
        @if serious > 0 { strong { (text::counted(serious, "bevinding vraagt", "bevindingen vragen")) " aandacht. " } }
        @if amount != Cents::ZERO {
            "Van dit jaar is " (text::euros(amount)) " nog niet ingedeeld; dat telt wel mee in het totaal. "
        }
        "Zie " (link("datakwaliteit")) "."
    })
}

/// What the width of the bands rests on.
fn untested(facts: &Facts) -> Markup {
    let Bands { errors, dates, years, .. } = facts.bands;
    let held = reliable::widest(facts);
    html! {
        @if *errors == 0 {
            strong { "De banden rusten nog niet op eigen ervaring." }
            " Er zijn te weinig maanden om eerdere voorspellingen na te spelen. Hoe breed een band is, hebben wij "
            "van verzonnen gemeenten geleerd."
        } @else {
            strong {
                "De banden rusten op " (text::counted(*errors, "eerdere voorspelling", "eerdere voorspellingen"))
                " uit " (text::counted(*years, "jaar", "jaren")) "."
            }
            " Die zijn nagespeeld op " (text::counted(*dates, "moment", "momenten")) " in het verleden."
            @if *years < MANY_YEARS { " Zo weinig jaren zeggen nog niet veel: één bijzonder jaar telt dan zwaar." }
            @if held.is_none() { " Of er ook echt 8 van de 10 uitkomsten in vallen, is alleen bij verzonnen gemeenten getoetst." }
        }
        @if let Some((name, held)) = held {
            " Op eerdere jaren van onszelf klopte de band van " (name) " "
            (text::count(held.inside)) " van de " (text::count(held.forecasts)) " keer; zie " (link("betrouwbaar")) "."
        } @else { " Zie " (link("verantwoording")) "." }
    }
}

/// How much new policy is in the expectation of this year.
fn policy(facts: &Facts) -> Option<Markup> {
    facts.total(facts.year(), Measure::Saldo)?;
    let part = |measure: Measure| {
        let amount = facts.total(facts.year(), measure)?.policy;
        let shows = text::in_thousands(amount) != 0;
        shows.then(|| format!("{} {measure}", text::more_or_less(amount)))
    };
    let parts: Vec<String> =
        [Measure::Lasten, Measure::Baten].into_iter().filter_map(part).collect();
    Some(html! {
        @if parts.is_empty() {
            strong { "Voor " (facts.year()) " is geen nieuw beleid meegerekend." }
            " Weet u van een maatregel die dit jaar nog ingaat? Bespreek die apart."
        } @else {
            strong { "In de verwachting zit nieuw beleid: " (text::list(&parts)) "." }
        }
        @if !facts.outlook.policy.is_empty() { " Wat nieuw beleid doet, staat in " (link("meerjaren")) "." }
    })
}
