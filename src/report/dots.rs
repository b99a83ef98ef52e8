//! The figure of ten equally likely outcomes per act.

use super::canvas::{
    Alt, Canvas, GRID, INK, NADEEL, REALISED, Screen, Spot, Type, VOORDEEL, WHITE, drawing,
    ornament, text_width, twice,
};
use super::chance::{Chance, DOTS};
use super::facts::{act_name, act_subject};
use super::markup::{Gap, figures, head, head_text};
use super::scale::{Axis, Ticks, Unit, apart, span};
use super::text;
use crate::outlook::{Quantiles, YearRow};
use maud::{Markup, html};

/// The radius of a dot, and how far apart dots stand, in pixels.
const RADIUS: f64 = 7.0;
const PITCH: f64 = 16.0;
/// A dot stays so far from the line of the budget.
const SIDE: f64 = RADIUS + 3.0;
/// The dots of a full column.
const FULL: usize = 4;

/// One act in the figure: differences with its budget, in euros.
struct Row {
    name: String,
    /// Expectation and budget in words.
    figures: (String, String),
    chance: Chance,
    /// From low to high; empty for a fixed amount.
    dots: [f64; DOTS],
    expected: f64,
    low: f64,
    high: f64,
}

/// The figure for the acts that have a budget; nothing when none has.
pub(super) fn figure(acts: &[&YearRow], year: i32) -> Markup {
    let rows: Vec<Row> = acts.iter().filter_map(|row| Row::new(row)).collect();
    let alt =
        Alt { id: "stippen".into(), title: title(acts, year), description: description(&rows) };
    html! {
        @if !rows.is_empty() {
            figure aria-labelledby="stippen-kop" {
                figcaption id="stippen-kop" {
                    strong { (alt.title) }
                    span {
                        "Tien stippen, elk even waarschijnlijk. Rechts van de lijn: meer dan begroot."
                    }
                }
                (twice(|screen| draw(&rows, screen, &alt)))
                (legend())
                (table(acts))
            }
        }
    }
}

/// The finding: the act that lies furthest from its budget, or else all together.
fn title(acts: &[&YearRow], year: i32) -> String {
    let gap = |row: &&YearRow| Gap::of(row).map(|gap| (row.node.wet, gap));
    let single: Vec<_> = acts.iter().filter(|row| row.node.wet.is_some()).filter_map(gap).collect();
    let furthest = single.iter().copied().max_by_key(|(_, gap)| gap.size);
    let Some((wet, gap)) = furthest.or_else(|| acts.iter().find_map(gap)) else {
        return format!("Eind {year} is het verschil met de begroting nihil");
    };
    let (name, size) = (act_subject(wet), text::euros(gap.size));
    let way = if gap.above { "boven" } else { "onder" };
    if single.len() > 1 {
        format!("{name} wijkt eind {year} het meest af: {size} {way} de begroting")
    } else {
        format!("{name} komt eind {year} naar verwachting {size} {way} de begroting uit")
    }
}

fn description(rows: &[Row]) -> String {
    let one = |row: &Row| {
        format!(
            "{}: {}, {}, {}.",
            row.name,
            row.figures.0,
            row.figures.1,
            row.verdict(" stippen boven de begroting")
        )
    };
    rows.iter().map(one).collect::<Vec<_>>().join(" ")
}

impl Row {
    fn new(row: &YearRow) -> Option<Self> {
        let budget = row.budget?;
        let chance = Chance::of(row)?;
        let unit = Unit::of(row.expected.euros().abs());
        let amount = |euros: f64| text::decimals(euros / unit.euros, unit.places());
        let figures = (
            format!("verwacht {} {}", amount(row.expected.euros()), unit.name),
            format!("begroot {} {}", amount(budget.euros()), unit.name),
        );
        let difference = |euros: f64| euros - budget.euros();
        Some(Self {
            name: act_name(row.node.wet),
            figures,
            chance,
            dots: std::array::from_fn(|k| difference(quantile(&row.quantiles, level(k)))),
            expected: difference(row.expected.euros()),
            low: difference(row.quantiles.p10().euros()),
            high: difference(row.quantiles.p90().euros()),
        })
    }

    /// How many dots lie above the budget.
    fn count(&self) -> String {
        match self.chance {
            Chance::Fixed => "vast bedrag".to_owned(),
            chance => format!("{} van de {DOTS}", chance.dots()),
        }
    }

    /// The same with what it counts.
    fn verdict(&self, counted: &str) -> String {
        let counted = if self.chance == Chance::Fixed { "" } else { counted };
        self.count() + counted
    }

    /// The spots of the dots, each on the side of the budget that the chance puts it on, and
    /// whether that is the side of the disadvantage.
    fn spots(&self, axis: &Axis) -> Vec<(Spot, bool)> {
        if self.chance == Chance::Fixed {
            return Vec::new();
        }
        let (zero, across) = (axis.at(0.0), self.dots.map(|dot| axis.at(dot)));
        let (good, bad) = across.split_at(DOTS - self.chance.dots());
        let (good, bad) = (stacked(good), stacked(bad));
        let over = good.last().map_or(0.0, |&(x, _)| (x - zero + SIDE).max(0.0));
        let under = bad.first().map_or(0.0, |&(x, _)| (zero + SIDE - x).max(0.0));
        let good = good.into_iter().map(|(x, y)| ((x - over, y), false));
        good.chain(bad.into_iter().map(|(x, y)| ((x + under, y), true))).collect()
    }
}

/// Puts dots that would touch on top of each other, and starts another column when one is full.
fn stacked(across: &[f64]) -> Vec<Spot> {
    let mut columns: Vec<(f64, usize)> = Vec::new();
    for &x in across {
        match columns.last_mut() {
            Some((first, dots)) if x < *first + PITCH && *dots < FULL => *dots += 1,
            _ => columns.push((x, 1)),
        }
    }
    let places: Vec<f64> = columns.iter().map(|column| column.0).collect();
    let column = |(x, (_, dots)): (f64, &(f64, usize))| {
        (0..*dots).map(move |dot| (x, -PITCH * f64::from(u8::try_from(dot).unwrap_or(0))))
    };
    apart(&places, PITCH).into_iter().zip(&columns).flat_map(column).collect()
}

/// The probability of a dot: 5, 15 … 95 %.
fn level(dot: usize) -> f64 {
    (f64::from(u8::try_from(dot).unwrap_or(u8::MAX)) + 0.5) / 10.0
}

/// A quantile between those given, on a straight line; only for the place of a dot.
fn quantile(quantiles: &Quantiles, level: f64) -> f64 {
    let points = Quantiles::LEVELS.iter().zip(&quantiles.0).map(|(&p, value)| (p, value.euros()));
    let points: Vec<(f64, f64)> = points.collect();
    let pair = points.windows(2).find(|pair| level <= pair[1].0).unwrap_or(&points[7..]);
    let share = (level - pair[0].0) / (pair[1].0 - pair[0].0);
    pair[0].1 + share.clamp(0.0, 1.0) * (pair[1].1 - pair[0].1)
}

/// Where things stand on one screen, in pixels.
struct Layout {
    width: f64,
    plot: (f64, f64),
    /// Above the dots of a row, and the whole row without stacked dots.
    above: f64,
    row: f64,
    head: f64,
}

impl Layout {
    fn of(screen: Screen) -> Self {
        match screen {
            Screen::Wide => {
                Self { width: 820.0, plot: (190.0, 590.0), above: 26.0, row: 70.0, head: 40.0 }
            }
            Screen::Narrow => {
                Self { width: 336.0, plot: (14.0, 322.0), above: 64.0, row: 104.0, head: 40.0 }
            }
        }
    }
}

fn draw(rows: &[Row], screen: Screen, alt: &Alt) -> Markup {
    let layout = Layout::of(screen);
    let values = rows.iter().flat_map(|row| row.dots.into_iter().chain([row.low, row.high, 0.0]));
    let (low, high) = span(values);
    let unit = Unit::of(high.max(-low));
    let (left, right) = layout.plot;
    let axis = Axis::new((low, high), (left + RADIUS, right - RADIUS));
    let placed: Vec<(&Row, Vec<(Spot, bool)>)> =
        rows.iter().map(|row| (row, row.spots(&axis))).collect();
    let height = |spots: &[(Spot, bool)]| layout.row + tallest(spots);
    let bottom = layout.head + placed.iter().map(|(_, spots)| height(spots)).sum::<f64>();
    drawing(screen, (layout.width, bottom + 42.0), alt, |canvas| {
        let ticks = Ticks::within(low / unit.euros, high / unit.euros, 5.0);
        grid(canvas, &axis, (&ticks, unit), layout.plot, (layout.head, bottom));
        let mut top = layout.head;
        for (row, spots) in &placed {
            row_text(canvas, row, screen, (layout.width, top));
            row_dots(canvas, row, spots, &axis, top + layout.above + tallest(spots));
            top += height(spots);
            if top < bottom {
                canvas.line(&[(0.0, top), (layout.width, top)], GRID, 1.0);
            }
        }
    })
}

/// How much room stacked dots take.
fn tallest(spots: &[(Spot, bool)]) -> f64 {
    spots.iter().map(|((_, y), _)| -y).fold(0.0, f64::max)
}

fn grid(
    canvas: &Canvas,
    axis: &Axis,
    (ticks, unit): (&Ticks, Unit),
    (left, right): (f64, f64),
    (top, bottom): (f64, f64),
) {
    for &tick in &ticks.values {
        let x = axis.at(tick * unit.euros);
        canvas.line(&[(x, top), (x, bottom)], GRID, 1.0);
        canvas.text((x, bottom + 14.0), &ticks.signed(tick), Type::axis().centred());
    }
    let zero = axis.at(0.0);
    canvas.line(&[(zero, top - 16.0), (zero, bottom)], INK, 1.8);
    canvas.text((zero, top - 24.0), "begroting", Type::new(INK).bold().centred());
    side_text(canvas, "meer (N) →", zero, right, top - 6.0);
    side_text(canvas, "← minder (V)", zero, left, top - 6.0);
    let caption = format!("verschil met de begroting, {}", unit.name);
    canvas.text((f64::midpoint(left, right), bottom + 31.0), &caption, Type::axis().centred());
}

/// What one side of the budget means, from the line towards `end`, if there is room for it.
fn side_text(canvas: &Canvas, text: &str, zero: f64, end: f64, y: f64) {
    let room = text_width(text) + 8.0 < (end - zero).abs() + RADIUS;
    match (room, end > zero) {
        (true, true) => canvas.text((zero + 8.0, y), text, Type::new(NADEEL)),
        (true, false) => canvas.text((zero - 8.0, y), text, Type::new(VOORDEEL).right()),
        (false, _) => {}
    }
}

/// The name, the figures and the count of one row.
fn row_text(canvas: &Canvas, row: &Row, screen: Screen, (width, top): Spot) {
    let name = Type::new(INK).bold().sized(15.0);
    let (expected, budget) = (&row.figures.0, &row.figures.1);
    match screen {
        Screen::Wide => {
            canvas.text((0.0, top + 20.0), &row.name, name);
            canvas.text((0.0, top + 38.0), expected, Type::axis());
            canvas.text((0.0, top + 54.0), budget, Type::axis());
            canvas.text((610.0, top + 20.0), &row.count(), name);
            if row.chance != Chance::Fixed {
                canvas.text((610.0, top + 38.0), "stippen boven de begroting", Type::axis());
            }
        }
        Screen::Narrow => {
            canvas.text((0.0, top + 17.0), &row.name, name);
            canvas.text(
                (width, top + 17.0),
                &row.verdict(" erboven"),
                Type::new(INK).bold().right(),
            );
            canvas.text((0.0, top + 36.0), &format!("{expected}, {budget}"), Type::axis());
        }
    }
}

/// The dots of one row on `y`, and under them the expectation in its 80 % band.
fn row_dots(canvas: &Canvas, row: &Row, spots: &[(Spot, bool)], axis: &Axis, y: f64) {
    for &((x, up), bad) in spots {
        if bad {
            canvas.disc((x, y + up), RADIUS, NADEEL);
        } else {
            canvas.ring((x, y + up), RADIUS - 1.0, VOORDEEL, 2.0);
        }
    }
    let under = y + 18.0;
    let (low, high) = (axis.at(row.low), axis.at(row.high));
    canvas.line(&[(low, under), (high, under)], REALISED, 2.5);
    for end in [low, high] {
        canvas.line(&[(end, under - 5.0), (end, under + 5.0)], REALISED, 2.0);
    }
    diamond(canvas, (axis.at(row.expected), under));
}

/// The mark of the expectation.
fn diamond(canvas: &Canvas, (x, y): Spot) {
    let corners = [(x - 7.0, y), (x, y - 7.0), (x + 7.0, y), (x, y + 7.0), (x - 7.0, y)];
    canvas.area(&corners[..4], WHITE);
    canvas.line(&corners, REALISED, 2.0);
}

fn legend() -> Markup {
    let dot = ornament("sleutel", (26.0, 14.0), |canvas| canvas.disc((13.0, 7.0), 6.0, NADEEL));
    let ring =
        ornament("sleutel", (26.0, 14.0), |canvas| canvas.ring((13.0, 7.0), 5.0, VOORDEEL, 2.0));
    let band = ornament("sleutel", (26.0, 14.0), |canvas| {
        canvas.line(&[(0.0, 7.0), (26.0, 7.0)], REALISED, 2.5);
        diamond(canvas, (13.0, 7.0));
    });
    html! {
        ul.leg {
            li { (dot) "meer dan begroot" }
            li { (ring) "minder dan begroot" }
            li { (band) "verwachting en 80%-band: 8 van de 10 uitkomsten liggen hierin" }
        }
    }
}

fn table(acts: &[&YearRow]) -> Markup {
    let heads = ["Begroting", "Prognose", "Afwijking", "80%-band", "Kans op nadeel"];
    let heads: Vec<Markup> =
        std::iter::once(head_text("Wet")).chain(heads.into_iter().map(head)).collect();
    let body = html! {
        @for row in acts {
            tr {
                th scope="row" { (act_name(row.node.wet)) }
                td { (row.budget.map_or_else(|| "geen".to_owned(), text::thousands)) }
                td { (text::thousands(row.expected)) }
                td { (Gap::cell(Gap::of(row))) }
                td { (text::band(row.quantiles.p10(), row.quantiles.p90())) }
                td { (Chance::of(row).map_or_else(|| "–".to_owned(), Chance::cell)) }
            }
        }
    };
    figures("stippen-tabel", "Lasten per wet", "Bedragen × € 1.000", &heads, &body)
}
