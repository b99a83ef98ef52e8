//! The chart of the years ahead: expectation, band, budget, and what it would be without new policy.

use super::canvas::{
    Alt, BASELINE, Canvas, EDGE, INK, REALISED, Screen, Spot, Type, UNTESTED, drawing, ornament,
    twice,
};
use super::facts::act_name;
use super::frame::{Axes, Frame, Label};
use super::scale::{Axis, Ticks, Unit, span};
use super::text;
use crate::outlook::YearRow;
use crate::units::Cents;
use maud::{Markup, html};
use plotters::style::RGBColor;

/// The chart of each act, all together last.
pub(super) fn figure(acts: &[Vec<&YearRow>]) -> Markup {
    html! {
        figure aria-labelledby="meerjaren-figuur" {
            figcaption id="meerjaren-figuur" {
                strong { (title(acts)) }
                span { "Lasten per jaar. Elke figuur heeft een eigen schaal, die niet bij nul begint." }
            }
            div.twee {
                @for rows in acts.iter().filter(|rows| rows.len() > 1) {
                    div {
                        h3 { (act_name(rows[0].node.wet)) }
                        @let alt = alt(rows);
                        (twice(|screen| draw(rows, screen, &alt)))
                    }
                }
            }
            (legend(acts))
        }
    }
}

/// Whether new policy shows in any of the years.
fn has_policy(rows: &[&YearRow]) -> bool {
    rows.iter().any(|row| text::in_thousands(row.policy) != 0)
}

/// What would be expected without new policy.
fn baseline(row: &YearRow) -> Cents {
    row.expected - row.policy
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
        let without = if has_policy(rows) {
            format!(", zonder nieuw beleid {}", text::euros(baseline(row)))
        } else {
            String::new()
        };
        format!(
            "{}: verwacht {}{without}, 80%-band {} tot {}, {budget}.",
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
    let baselines = rows.iter().filter(|_| has_policy(rows)).map(|row| baseline(row));
    let (low, high) = span(bounds.chain(budgets).chain(baselines).map(Cents::euros));
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
        if has_policy(self.rows) {
            let without: Vec<Spot> = self
                .rows
                .iter()
                .enumerate()
                .map(|(at, row)| self.spot(at, baseline(row)))
                .collect();
            canvas.line(&without, BASELINE, 1.4);
        }
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
        if has_policy(self.rows) {
            let without = baseline(last);
            labels.push(Label::plain(said("basis", without), without.euros(), BASELINE));
        }
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
            @if acts.iter().any(|rows| has_policy(rows)) { li { (stroke(BASELINE, 1.4)) "basis: zonder nieuw beleid" } }
            @if budgeted { li { (stroke(INK, 1.8)) "begroting, waar bekend" } }
            li { (band) "80%-band; zie hierboven waarop die rust" }
        }
    }
}
