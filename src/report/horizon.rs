//! Section 6: the years ahead. Shows the direction; says which bands nobody tested.

use super::facts::{Facts, act_name, act_subject};
use super::markup::{Gap, figures, head, head_text, section};
use super::{horizon_chart, plan, policy, steps, text};
use crate::outlook::YearRow;
use crate::units::{Measure, Months, Wet};
use maud::{Markup, html};

pub(super) fn render(facts: &Facts) -> Markup {
    let years = facts.horizon();
    let acts: Vec<Vec<&YearRow>> =
        facts.acts().iter().map(|act| across(facts, &years, act.node.wet)).collect();
    section(
        "meerjaren",
        "Waar gaat het heen in de jaren hierna?",
        &html! {
            @if years.len() < 2 {
                p { "Er is alleen voor " (facts.year()) " een prognose gemaakt." }
            } @else {
                (status(facts, &years))
                @for rows in &acts { (direction(rows)) }
                (missing(facts, &years))
                (horizon_chart::figure(&acts))
                (act_table(&acts, &years))
                (steps::render(facts))
                (policy::render(facts))
                (plan::render(facts))
            }
        },
    )
}

/// The rows of one act, or of all together, over the years.
fn across<'a>(facts: &Facts<'a>, years: &[i32], wet: Option<Wet>) -> Vec<&'a YearRow> {
    years.iter().filter_map(|&year| facts.act(year, wet, Measure::Lasten)).collect()
}

/// What the bands of later years rest on: outcomes of earlier years, or nothing that anybody tested.
pub(super) fn status(facts: &Facts, years: &[i32]) -> Markup {
    let (tested, untested): (Vec<i32>, Vec<i32>) =
        years.iter().skip(1).partition(|&&year| behind(facts, year) >= ENOUGH);
    let outcomes: Vec<String> =
        tested.iter().map(|&year| behind(facts, year).to_string()).collect();
    html! {
        p {
            @if !tested.is_empty() {
                "De " (if tested.len() == 1 { "band" } else { "banden" }) " van " (text::years(&tested))
                " " (if tested.len() == 1 { "rust" } else { "rusten" }) " op de missers van eerdere jaren: "
                (text::list(&outcomes)) " jaren. Dat is weinig. "
            }
            @if !untested.is_empty() {
                span.merk { "niet getoetst" } " De " (if untested.len() == 1 { "band" } else { "banden" }) " van "
                (text::years(&untested)) " " (if untested.len() == 1 { "is" } else { "zijn" })
                " nog niet vergeleken met uitkomsten van eerdere jaren. "
            }
            "Lees er een richting in, geen bedrag."
        }
    }
}

/// Fewer outcomes than this test nothing.
const ENOUGH: usize = 3;

/// How many outcomes stand behind the band of a year.
fn behind(facts: &Facts, year: i32) -> usize {
    let banded = (facts.outlook.as_of + Months(1)).year();
    if year <= banded {
        return facts.bands.years;
    }
    let ahead = usize::try_from(year - banded - 1).ok().and_then(|at| facts.bands.ahead.get(at));
    ahead.map_or(0, |ahead| ahead.dates)
}

/// From the first year to the last in one sentence.
fn direction(rows: &[&YearRow]) -> Markup {
    let [first, .., last] = rows else { return html! {} };
    let name = act_subject(first.node.wet);
    let way = match text::in_thousands(last.expected - first.expected) {
        0 => "blijft gelijk",
        change if change > 0 => "stijgt",
        _ => "daalt",
    };
    let (from, to) = (text::euros(first.expected), text::euros(last.expected));
    html! {
        p {
            strong { (name) } " " (way) " van " (from) " in " (first.year) " naar " (to) " in " (last.year) "."
            @match Gap::of(last) {
                Some(gap) => { " In " (last.year) " is dat " (gap.marked()) " dan begroot (" (gap.letter) ")." }
                None => {}
            }
        }
    }
}

/// Says which years have no budget at all.
fn missing(facts: &Facts, years: &[i32]) -> Markup {
    let unbudgeted =
        |year: &i32| facts.total(*year, Measure::Lasten).is_some_and(|row| row.budget.is_none());
    let without: Vec<i32> = years.iter().copied().filter(|year| unbudgeted(year)).collect();
    html! {
        @if !without.is_empty() {
            p { "Voor " (text::years(&without)) " is geen begroting van het geheel bekend." }
        }
    }
}

/// Budget, expectation, gap and band per act and year.
fn act_table(acts: &[Vec<&YearRow>], years: &[i32]) -> Markup {
    let cell = |value: Option<String>| value.unwrap_or_else(|| "geen".to_owned());
    let band = |row: &YearRow| text::band(row.quantiles.p10(), row.quantiles.p90());
    let body = html! {
        @for rows in acts.iter().filter(|rows| !rows.is_empty()) {
            tr.act {
                th scope="row" { (act_name(rows[0].node.wet)) ", prognose" }
                @for row in rows { td { (text::thousands(row.expected)) } }
            }
            tr.cat { th scope="row" { "begroting" } @for row in rows { td { (cell(row.budget.map(text::thousands))) } } }
            tr.cat { th scope="row" { "afwijking" } @for row in rows { td { (Gap::cell(Gap::of(row))) } } }
            tr.cat { th scope="row" { "80%-band" } @for row in rows { td { (band(row)) } } }
        }
    };
    figures("meerjaren-tabel", "Lasten per wet en jaar", "Bedragen × € 1.000", &heads(years), &body)
}

fn heads(years: &[i32]) -> Vec<Markup> {
    std::iter::once(head_text("Onderdeel"))
        .chain(years.iter().map(|year| head(&year.to_string())))
        .collect()
}
