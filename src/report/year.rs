//! Section 2: which parts make the difference with the budget this year.

use super::canvas::{Canvas, INK, NADEEL, VOORDEEL, ornament};
use super::chance::Chance;
use super::facts::{Facts, act_name, is_empty, lacks_budget, row_name};
use super::markup::{Gap, folded, head, head_text, section, table};
use super::scale::{Axis, span};
use super::{named, norms, taakveld, text};
use crate::outlook::{Passed, YearRow};
use crate::units::{Cents, Level, Measure, Wet};
use maud::{Markup, html};

pub(super) fn render(facts: &Facts) -> Markup {
    let grid = Grid::new(facts);
    section(
        "onderdelen",
        "Welke onderdelen zorgen voor het verschil?",
        &html! {
            @for row in facts.rows(facts.year(), Level::Wet, Measure::Lasten) { (explain(facts, row)) }
            (without_budget(facts))
            p.schuif { "Schuif de tabel opzij voor alle kolommen." }
            (main_table(facts, &grid))
            @for row in facts.rows(facts.year(), Level::Wet, Measure::Lasten) { (products(facts, row, &grid)) }
            @for row in facts.rows(facts.year(), Level::Wet, Measure::Baten) { (products(facts, row, &grid)) }
            (reading(facts))
        },
    )
}

/// Where the gap of an act comes from: its largest taakvelden on the same side, and the largest on
/// the other side.
fn explain(facts: &Facts, act: &YearRow) -> Markup {
    let (Some(wet), Some(gap)) = (act.node.wet, Gap::of(act)) else { return html! {} };
    let mut parts: Vec<(String, Gap)> = facts
        .taakvelden(facts.year(), wet, Measure::Lasten)
        .into_iter()
        .filter_map(|row| Some((row_name(row), Gap::of(row)?)))
        .collect();
    parts.sort_by_key(|(_, part)| std::cmp::Reverse(part.size));
    let named = |(name, part): &(String, Gap)| format!("{name} ({})", text::euros(part.size));
    let (same, other): (Vec<_>, Vec<_>) =
        parts.iter().partition(|(_, part)| part.letter == gap.letter);
    let same: Vec<String> = same.into_iter().take(2).map(named).collect();
    html! {
        @if !same.is_empty() {
            p {
                "Bij " (act_name(Some(wet))) " zit het " (gap.word()) " vooral in " strong { (text::list(&same)) } "."
                @if let Some(first) = other.first().filter(|(_, part)| part.size.0 * 4 > gap.size.0) {
                    " Het grootste " (first.1.word()) " zit in " (named(first)) "."
                }
            }
        }
    }
}

/// Says for which taakvelden no budget is known, instead of showing nought.
fn without_budget(facts: &Facts) -> Markup {
    let rows = facts.rows(facts.year(), Level::Taakveld, Measure::Lasten);
    let missing: Vec<String> =
        rows.into_iter().filter(|row| lacks_budget(row)).map(row_name).collect();
    html! {
        @if !missing.is_empty() {
            p {
                "Voor " (facts.year()) " is geen begroting bekend van " (text::list(&missing))
                ". Daar staat in de tabel ‘geen’."
            }
        }
    }
}

/// What all tables of the section share.
struct Grid<'a> {
    heads: Vec<Markup>,
    passed: &'a [Passed],
    has_policy: bool,
    axis: Axis,
}

/// What stands below the title of such a table.
const NOTE: &str = "Bedragen × € 1.000 · N = nadeel, V = voordeel";
/// The drawing of a gap in a cell, in pixels.
const CELL: (f64, f64) = (88.0, 20.0);

impl<'a> Grid<'a> {
    fn new(facts: &Facts<'a>) -> Self {
        Self::of(facts, facts.outlook.years.iter().filter(|row| row.year == facts.year()))
    }

    /// The same for some rows, drawn on a scale of their own.
    fn of<'b>(facts: &Facts<'a>, rows: impl Iterator<Item = &'b YearRow>) -> Self {
        let rows: Vec<&YearRow> = rows.collect();
        let edges = rows.iter().filter_map(|row| against_budget(row)).flatten();
        let (low, high) = span(edges.chain([0.0]));
        let has_policy = rows.iter().any(|row| row.policy != Cents::ZERO);
        let axis = Axis::new((low, high), (3.0, CELL.0 - 3.0));
        Self { heads: heads(facts, has_policy), passed: facts.passed, has_policy, axis }
    }

    fn columns(&self) -> usize {
        self.heads.len()
    }
}

fn heads(facts: &Facts, has_policy: bool) -> Vec<Markup> {
    let now = facts.outlook.as_of.index();
    let until = format!("t/m\u{a0}{}", text::month_short(now));
    let ahead = match now {
        11 => "Nog te komen".to_owned(),
        10 => "Nog te komen dec".to_owned(),
        _ => format!("Nog te komen {}\u{2060}–\u{2060}dec", text::month_short(now + 1)),
    };
    let mut titles = vec![
        "Begroting".to_owned(),
        format!("Geboekt {until}"),
        format!("Nog te ontvangen {until}"),
        ahead,
    ];
    titles.extend(has_policy.then(|| "Beleid".to_owned()));
    titles.push(format!("Prognose{}", named::title(facts)));
    let last = ["Afwijking", "Afwijking in beeld, met 80%-band", "80%-band", "Kans op nadeel"];
    titles.extend(last.map(str::to_owned));
    std::iter::once(head_text("Onderdeel")).chain(titles.iter().map(|title| head(title))).collect()
}

/// Expectation and the ends of the 80 % band against the budget in euros, a disadvantage positive.
fn against_budget(row: &YearRow) -> Option<[f64; 3]> {
    let budget = row.budget?;
    let sign = if row.measure == Measure::Baten { -1.0 } else { 1.0 };
    let against = |amount: Cents| sign * (amount - budget).euros();
    Some([row.expected, row.quantiles.p10(), row.quantiles.p90()].map(against))
}

/// A table of such rows of the current year, on another page.
pub(super) fn table_of(
    facts: &Facts,
    id: &str,
    title: &str,
    rows: &[(&YearRow, Markup, &str)],
) -> Markup {
    let grid = Grid::of(facts, rows.iter().map(|(row, ..)| *row));
    let body = html! { @for (row, name, class) in rows { (line(row, name, class, &grid)) } };
    html! {
        p.schuif { "Schuif de tabel opzij voor alle kolommen." }
        (table(id, title, NOTE, &grid.heads, &body))
    }
}

/// One row of a table, in the class that sets its weight.
fn line(row: &YearRow, name: &Markup, class: &str, grid: &Grid) -> Markup {
    html! {
        tr class=(class) {
            th scope="row" { (name) }
            td { @match row.budget {
                Some(budget) => { (text::thousands(budget)) }
                None => { span.geen { "geen" } }
            } }
            td { (text::thousands(row.booked)) }
            td { (text::thousands(row.to_receive)) }
            td { (text::thousands(row.to_come)) }
            @if grid.has_policy { td { (text::thousands(row.policy)) } }
            td { b { (text::thousands(row.expected)) } (named::below(row)) }
            td { (Gap::cell(Gap::of(row))) (norms::mark(grid.passed, row)) }
            td { (bar(row, grid)) }
            td { (text::band(row.quantiles.p10(), row.quantiles.p90())) }
            td { (Chance::of(row).map_or_else(|| "–".to_owned(), Chance::cell)) }
        }
    }
}

fn bar(row: &YearRow, grid: &Grid) -> Markup {
    html! {
        @if let Some(edges) = against_budget(row) {
            (ornament("gat", CELL, |canvas| draw_bar(canvas, edges.map(|edge| grid.axis.at(edge)), grid.axis.at(0.0))))
        }
    }
}

fn draw_bar(canvas: &Canvas, [expected, low, high]: [f64; 3], zero: f64) {
    let (top, middle, bottom) = (5.0, 10.0, 15.0);
    if expected >= zero {
        canvas.block((zero, top), (expected, bottom), NADEEL);
    } else {
        canvas.outline((expected, top), (zero, bottom), VOORDEEL, 1.5);
    }
    canvas.line(&[(low, middle), (high, middle)], INK, 1.2);
    for end in [low, high] {
        canvas.line(&[(end, middle - 3.0), (end, middle + 3.0)], INK, 1.2);
    }
    canvas.line(&[(zero, 0.0), (zero, 20.0)], INK, 1.4);
}

fn main_table(facts: &Facts, grid: &Grid) -> Markup {
    let year = facts.year();
    let total = |measure| facts.total(year, measure);
    let bridges = |measure| facts.rows(year, Level::Brug, measure);
    let body = html! {
        @for act in facts.rows(year, Level::Wet, Measure::Lasten) {
            (line(act, &html! { (row_name(act)) ", lasten" }, "act", grid))
            @for part in act.node.wet.map(|wet| facts.taakvelden(year, wet, Measure::Lasten)).unwrap_or_default() {
                (line(part, &linked(facts, part), "", grid))
            }
        }
        @if let Some(row) = total(Measure::Lasten) { (line(row, &html! { "Lasten samen" }, "som", grid)) }
        @for act in facts.rows(year, Level::Wet, Measure::Baten) {
            (line(act, &html! { (row_name(act)) ", baten" }, "", grid))
        }
        @if let Some(row) = total(Measure::Baten) { (line(row, &html! { "Baten samen" }, "som", grid)) }
        @if let Some(row) = total(Measure::Saldo) { (line(row, &html! { "Saldo (lasten min baten)" }, "som", grid)) }
        @if !bridges(Measure::Lasten).is_empty() {
            tr.tussen { th scope="colgroup" colspan=(grid.columns()) { "Bruggen: vaste groepen regels, lasten" } }
            @for row in bridges(Measure::Lasten) { (line(row, &html! { (row_name(row)) }, "", grid)) }
        }
    };
    table(
        "onderdelen-tabel",
        &format!("Jaaruitkomst {year} per wet en taakveld"),
        NOTE,
        &grid.heads,
        &body,
    )
}

/// The products of an act, below their taakvelden.
fn products(facts: &Facts, act: &YearRow, grid: &Grid) -> Markup {
    let Some(wet) = act.node.wet else { return html! {} };
    let parts: Vec<(&YearRow, Vec<&YearRow>)> = facts
        .taakvelden(facts.year(), wet, act.measure)
        .into_iter()
        .map(|part| (part, facts.products(part)))
        .collect();
    let lines: usize = parts.iter().map(|(_, products)| products.len()).sum();
    let body = html! {
        @for (part, products) in &parts {
            (line(part, &linked(facts, part), "act", grid))
            @for product in products { (line(product, &html! { (row_name(product)) }, "cat", grid)) }
        }
    };
    let name = format!("{}, {} per product", act_name(Some(wet)), act.measure);
    let id = format!("producten-{}-{}", slug(wet), act.measure);
    let heading = format!("{name} ({})", text::counted(lines, "regel", "regels"));
    folded(&heading, true, &table(&id, &name, "Bedragen × € 1.000", &grid.heads, &body))
}

/// The name of a taakveld, leading to its page.
fn linked(facts: &Facts, row: &YearRow) -> Markup {
    let name = row_name(row);
    html! {
        @if let Some(path) = taakveld::path_of(facts, row) { a href=(path) { (name) } }
        @else { (name) }
    }
}

/// The name of an act in an id.
pub(super) fn slug(wet: Wet) -> String {
    wet.to_string().to_lowercase()
}

fn reading(facts: &Facts) -> Markup {
    let year = facts.outlook.years.iter().filter(|row| row.year == facts.year());
    let left_out = year
        .filter(|row| row.node.level == Level::Product && row.measure == Measure::Saldo)
        .filter(|row| is_empty(row))
        .count();
    let policy = facts.outlook.years.iter().any(|row| row.policy != Cents::ZERO);
    html! {
        p.noot {
            b { "Zo leest u de tabel. " }
            "Geboekt, nog te ontvangen" @if policy { ", nog te komen en beleid" } @else { " en nog te komen" }
            " vormen samen de prognose; door afronding kan een optelling 1 verschillen. Een balk naar rechts is "
            "nadeel, een open balk naar links is voordeel, de dunne lijn is de 80%-band. Alle rijen hebben "
            "dezelfde schaal. Tel banden niet op: de band van een totaal is uit de totalen zelf bepaald."
            (named::reading(facts))
            @if let Some(withheld) = facts.withheld.filter(|&withheld| withheld > 0) {
                " Niet apart getoond: " (text::counted(withheld, "product", "producten"))
                " met bedragen die te herleiden kunnen zijn tot een persoon. Ze tellen wel mee in hun taakveld."
            }
            (norms::reading(facts.passed))
            @if left_out > 0 {
                " Weggelaten: " (text::counted(left_out, "regel", "regels")) " zonder bedrag en zonder begroting in "
                (facts.year()) "."
            }
        }
    }
}
