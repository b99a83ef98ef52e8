//! Section 5: the years ahead. Shows the direction; says which bands nobody tested.

use super::canvas::{
    Alt, Canvas, EDGE, INK, REALISED, Screen, Spot, Type, UNTESTED, drawing, ornament, twice,
};
use super::facts::{Facts, act_name, act_subject, row_name};
use super::frame::{Axes, Frame, Label};
use super::markup::{Gap, figures, folded, head, head_text, section, table};
use super::scale::{Axis, Ticks, Unit, span};
use super::text;
use crate::outlook::YearRow;
use crate::units::{Cents, Level, Measure, Wet};
use maud::{Markup, html};
use plotters::style::RGBColor;

pub(super) fn render(facts: &Facts) -> Markup {
    let years = facts.horizon();
    let acts: Vec<Vec<&YearRow>> =
        facts.acts().iter().map(|act| across(facts, &years, act.node.wet)).collect();
    section(
        5,
        "Waar gaat het heen in de jaren hierna?",
        &html! {
            @if years.len() < 2 {
                p { "Er is alleen voor " (facts.year()) " een prognose gemaakt." }
            } @else {
                (status(&years))
                @for rows in &acts { (direction(rows)) }
                (missing(facts, &years))
                (figure(&acts))
                (act_table(&acts, &years))
                (taakveld_table(facts, &years))
            }
        },
    )
}

/// The rows of one act, or of all together, over the years.
fn across<'a>(facts: &Facts<'a>, years: &[i32], wet: Option<Wet>) -> Vec<&'a YearRow> {
    years.iter().filter_map(|&year| facts.act(year, wet, Measure::Lasten)).collect()
}

fn status(years: &[i32]) -> Markup {
    html! {
        p {
            span.merk { "niet getoetst" } " De banden van " (text::years(&years[1..]))
            " zijn nog niet vergeleken met uitkomsten van eerdere jaren. Lees er een richting in, geen bedrag."
        }
    }
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

fn figure(acts: &[Vec<&YearRow>]) -> Markup {
    html! {
        figure aria-labelledby="meerjaren-figuur" {
            figcaption id="meerjaren-figuur" {
                strong { (title(acts)) }
                span { "Lasten per jaar. Elke figuur heeft een eigen schaal, die niet bij nul begint." }
            }
            div.twee {
                @for rows in acts.iter().filter(|rows| rows.len() > 1) {
                    div {
                        h4 { (act_name(rows[0].node.wet)) }
                        @let alt = alt(rows);
                        (twice(|screen| draw(rows, screen, &alt)))
                    }
                }
            }
            (legend(acts))
        }
    }
}

/// The finding: what happens to all together.
fn title(acts: &[Vec<&YearRow>]) -> String {
    match acts.last().map(Vec::as_slice) {
        Some([first, .., last]) => {
            let change = text::euros((last.expected - first.expected).abs());
            let way = if last.expected > first.expected { "meer" } else { "minder" };
            format!("In {} naar verwachting {change} {way} lasten dan in {}", last.year, first.year)
        }
        _ => "Lasten per jaar".to_owned(),
    }
}

fn alt(rows: &[&YearRow]) -> Alt {
    let name = act_name(rows[0].node.wet);
    let one = |row: &&YearRow| {
        let budget = row.budget.map_or_else(
            || "geen begroting".to_owned(),
            |budget| format!("begroting {}", text::euros(budget)),
        );
        format!(
            "{}: verwacht {}, 80%-band {} tot {}, {budget}.",
            row.year,
            text::euros(row.expected),
            text::euros(row.quantiles.p10()),
            text::euros(row.quantiles.p90()),
        )
    };
    Alt {
        id: format!("meerjaren-{}", name.to_lowercase()),
        title: format!(
            "{name}: lasten van {} tot en met {}",
            rows[0].year,
            rows[rows.len() - 1].year
        ),
        description: rows.iter().map(one).collect::<Vec<_>>().join(" "),
    }
}

/// The chart of one act.
struct Plot<'a> {
    rows: &'a [&'a YearRow],
    frame: Frame,
    axes: Axes,
    unit: Unit,
}

fn draw(rows: &[&YearRow], screen: Screen, alt: &Alt) -> Markup {
    let frame = Frame::of(screen);
    let bounds =
        rows.iter().flat_map(|row| [row.quantiles.p10(), row.quantiles.p90(), row.expected]);
    let budgets = rows.iter().filter_map(|row| row.budget);
    let (low, high) = span(bounds.chain(budgets).map(Cents::euros));
    let unit = Unit::of(high.max(-low));
    let (left, right) = frame.across();
    let last = f64::from(u8::try_from(rows.len() - 1).unwrap_or(u8::MAX));
    let x = Axis::new((0.0, last), (left + 14.0, right - 2.0));
    let plot =
        Plot { rows, frame, axes: Axes { x, y: Axis::new((low, high), frame.upwards()) }, unit };
    drawing(screen, frame.size(), alt, |canvas| {
        let ticks = Ticks::within(low / unit.euros, high / unit.euros, 5.0);
        canvas.text((0.0, 10.0), &format!("{} per jaar", unit.name), Type::axis());
        frame.grid(canvas, &plot.axes.y, unit, &ticks, |tick| ticks.label(tick));
        plot.band(canvas, UNTESTED);
        plot.lines(canvas);
        frame.labels(canvas, &plot.axes.y, plot.labels());
    })
}

impl Plot<'_> {
    fn spot(&self, at: usize, value: Cents) -> Spot {
        (
            self.axes.x.at(f64::from(u8::try_from(at).unwrap_or(u8::MAX))),
            self.axes.y.at(value.euros()),
        )
    }

    /// The 80 % band over the years, in the colour of its standing.
    fn band(&self, canvas: &Canvas, colour: RGBColor) {
        let edge = |end: fn(&YearRow) -> Cents| -> Vec<Spot> {
            self.rows.iter().enumerate().map(|(at, row)| self.spot(at, end(row))).collect()
        };
        let (low, high) = (edge(|row| row.quantiles.p10()), edge(|row| row.quantiles.p90()));
        let around: Vec<Spot> = high.iter().chain(low.iter().rev()).copied().collect();
        canvas.area(&around, colour);
        canvas.line(&high, EDGE, 1.0);
        canvas.line(&low, EDGE, 1.0);
    }

    fn lines(&self, canvas: &Canvas) {
        let expected: Vec<Spot> =
            self.rows.iter().enumerate().map(|(at, row)| self.spot(at, row.expected)).collect();
        canvas.line(&expected, REALISED, 2.5);
        for &spot in &expected {
            canvas.disc(spot, 4.0, REALISED);
        }
        let budgets: Vec<Spot> = (0..self.rows.len())
            .filter_map(|at| self.rows[at].budget.map(|budget| self.spot(at, budget)))
            .collect();
        canvas.line(&budgets, INK, 1.8);
        for &(x, y) in &budgets {
            canvas.block((x - 3.5, y - 3.5), (x + 3.5, y + 3.5), INK);
        }
        for (at, row) in self.rows.iter().enumerate() {
            let (x, _) = self.spot(at, row.expected);
            canvas.text(
                (x, self.frame.bottom + 14.0),
                &row.year.to_string(),
                Type::axis().centred(),
            );
        }
    }

    fn labels(&self) -> Vec<Label> {
        let Some(last) = self.rows.last() else { return Vec::new() };
        let said = |name: &str, value: Cents| {
            format!(
                "{name} {}",
                text::decimals(value.euros() / self.unit.euros, self.unit.places())
            )
        };
        let (low, high) = (last.quantiles.p10(), last.quantiles.p90());
        let mut labels = vec![
            Label::plain(said("hoog", high), high.euros(), EDGE),
            Label::bold(said("verwacht", last.expected), last.expected.euros(), REALISED),
            Label::plain(said("laag", low), low.euros(), EDGE),
        ];
        labels.extend(
            last.budget.map(|budget| Label::bold(said("begroting", budget), budget.euros(), INK)),
        );
        labels
    }
}

fn legend(acts: &[Vec<&YearRow>]) -> Markup {
    let band = ornament("sleutel", (26.0, 14.0), |canvas| {
        canvas.block((1.0, 2.0), (25.0, 12.0), UNTESTED);
        canvas.outline((1.0, 2.0), (25.0, 12.0), EDGE, 1.0);
    });
    let stroke = |colour, width| {
        ornament("sleutel", (26.0, 14.0), move |canvas: &Canvas| {
            canvas.line(&[(0.0, 7.0), (26.0, 7.0)], colour, width);
        })
    };
    let budgeted = acts.iter().flatten().any(|row| row.budget.is_some());
    html! {
        ul.leg {
            li { (stroke(REALISED, 2.5)) "verwacht" }
            @if budgeted { li { (stroke(INK, 1.8)) "begroting, waar bekend" } }
            li { (band) "80%-band, niet getoetst" }
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

/// Expectation and gap per taakveld and year.
fn taakveld_table(facts: &Facts, years: &[i32]) -> Markup {
    let rows = |year: i32| facts.rows(year, Level::Taakveld, Measure::Lasten);
    let mut nodes: Vec<&YearRow> = Vec::new();
    for row in years.iter().flat_map(|&year| rows(year)) {
        if !nodes.iter().any(|known| known.node == row.node) {
            nodes.push(row);
        }
    }
    nodes.sort_by(|a, b| a.node.cmp(&b.node));
    let find = |node: &YearRow, year: i32| rows(year).into_iter().find(|row| row.node == node.node);
    let body = html! {
        @for (at, node) in nodes.iter().enumerate() {
            @if at == 0 || nodes[at - 1].node.wet != node.node.wet {
                tr.tussen { th scope="colgroup" colspan=(years.len() + 1) { (act_name(node.node.wet)) } }
            }
            tr {
                th scope="row" { (row_name(node)) }
                @for &year in years { td { (taakveld_cell(find(node, year))) } }
            }
        }
    };
    let note = "Prognose, daaronder de afwijking van de begroting · bedragen × € 1.000";
    let table =
        table("meerjaren-taakvelden", "Lasten per taakveld en jaar", note, &heads(years), &body);
    folded(&format!("Meerjarenbeeld per taakveld ({} taakvelden)", nodes.len()), true, &table)
}

fn taakveld_cell(row: Option<&YearRow>) -> Markup {
    html! {
        @match row {
            Some(row) => {
                (text::thousands(row.expected))
                small.onder { @if row.budget.is_none() { "geen begroting" } @else { (Gap::cell(Gap::of(row))) } }
            }
            None => "–",
        }
    }
}

fn heads(years: &[i32]) -> Vec<Markup> {
    std::iter::once(head_text("Onderdeel"))
        .chain(years.iter().map(|year| head(&year.to_string())))
        .collect()
}
