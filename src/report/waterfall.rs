//! The chart from the prognosis of a month ago to that of today, one bar per cause.

use super::canvas::{
    Alt, Canvas, EDGE, GRID, INK, NOW, Screen, Spot, Type, drawing, ornament, text_width, twice,
};
use super::changes::label;
use super::scale::{Axis, Ticks, Unit, span};
use super::text;
use crate::outlook::{Cause, ChangeRow};
use crate::units::Cents;
use maud::{Markup, html};

/// The unit of the chart: changes are small beside the whole.
const UNIT: Unit = Unit { euros: 1e3, name: "duizend euro" };
/// The height of a row and of its bar, in pixels.
const ROW: f64 = 30.0;
const BAR: f64 = 16.0;
/// Above the first row.
const HEAD: f64 = 44.0;

/// One bar: from where to where, in euros above the prognosis of a month ago.
struct Bar {
    name: &'static str,
    from: f64,
    to: f64,
    said: String,
    whole: bool,
}

/// The chart with its legend, for the causes that show.
pub(super) fn chart(row: &ChangeRow, shown: &[(Cause, Cents)], title: &str) -> Markup {
    let bars = bars(row, shown);
    let alt = Alt {
        id: "veranderd-figuur".into(),
        title: title.to_owned(),
        description: description(row, shown),
    };
    html! {
        (twice(|screen| draw(&bars, screen, &alt)))
        (legend())
    }
}

fn bars(row: &ChangeRow, shown: &[(Cause, Cents)]) -> Vec<Bar> {
    let whole = |name, to: f64, amount| Bar {
        name,
        from: 0.0,
        to,
        said: text::thousands(amount),
        whole: true,
    };
    let mut at = 0.0;
    let cause = |&(cause, amount): &(Cause, Cents)| {
        let from = at;
        at += amount.euros();
        Bar { name: label(cause), from, to: at, said: text::change(amount), whole: false }
    };
    let causes: Vec<Bar> = shown.iter().map(cause).collect();
    let mut bars = vec![whole("Vorige maand", 0.0, row.before)];
    bars.extend(causes);
    bars.push(whole("Nu", (row.after - row.before).euros(), row.after));
    bars
}

fn description(row: &ChangeRow, shown: &[(Cause, Cents)]) -> String {
    let one = |(cause, amount): &(Cause, Cents)| {
        format!("{}: {}.", label(*cause), text::more_or_less(*amount))
    };
    let causes: Vec<String> = shown.iter().map(one).collect();
    format!(
        "Vorige maand: {}. {} Nu: {}.",
        text::euros(row.before),
        causes.join(" "),
        text::euros(row.after)
    )
}

/// Where things stand on one screen, in pixels.
struct Layout {
    width: f64,
    plot: (f64, f64),
}

impl Layout {
    /// Right of the plot there is room for an amount.
    fn of(screen: Screen) -> Self {
        match screen {
            Screen::Wide => Self { width: 820.0, plot: (130.0, 730.0) },
            Screen::Narrow => Self { width: 336.0, plot: (108.0, 278.0) },
        }
    }
}

fn draw(bars: &[Bar], screen: Screen, alt: &Alt) -> Markup {
    let layout = Layout::of(screen);
    let (low, high) = span(bars.iter().flat_map(|bar| [bar.from, bar.to]));
    let axis = Axis::new((low, high), layout.plot);
    let count = f64::from(u8::try_from(bars.len()).unwrap_or(u8::MAX));
    let bottom = HEAD + ROW * count;
    drawing(screen, (layout.width, bottom + 4.0), alt, |canvas| {
        let name = format!("{} meer (+) of minder (−)", UNIT.name);
        canvas.text((0.0, 10.0), &name, Type::axis());
        let wanted = if screen == Screen::Wide { 6.0 } else { 3.0 };
        let ticks = Ticks::within(low / UNIT.euros, high / UNIT.euros, wanted);
        for &tick in &ticks.values {
            let x = axis.at(tick * UNIT.euros);
            canvas.line(&[(x, HEAD - 4.0), (x, bottom)], GRID, 1.0);
            canvas.text((x, HEAD - 14.0), &ticks.signed(tick), Type::axis().centred());
        }
        canvas.line(&[(axis.at(0.0), HEAD - 4.0), (axis.at(0.0), bottom)], INK, 1.4);
        let middles = (0_u8..).map(|at| HEAD + ROW * (f64::from(at) + 0.5));
        for (bar, middle) in bars.iter().zip(middles) {
            draw_bar(canvas, bar, &axis, middle, &layout);
        }
    })
}

/// A whole is dark, more is filled and less is hollow: to be told apart without colour.
fn draw_bar(canvas: &Canvas, bar: &Bar, axis: &Axis, middle: f64, layout: &Layout) {
    let kind = Type::new(INK);
    canvas.text((0.0, middle), bar.name, if bar.whole { kind.bold() } else { kind });
    let (from, to) = (axis.at(bar.from), axis.at(bar.to));
    let corners: (Spot, Spot) = ((from, middle - BAR / 2.0), (to, middle + BAR / 2.0));
    match (bar.whole, bar.to >= bar.from) {
        // Nought has no width of its own.
        (true, _) if (to - from).abs() < 3.0 => {
            canvas.block((from - 1.5, corners.0.1), (from + 1.5, corners.1.1), INK);
        }
        (true, _) => canvas.block(corners.0, corners.1, INK),
        (false, true) => canvas.block(corners.0, corners.1, EDGE),
        (false, false) => canvas.outline(corners.0, corners.1, EDGE, 1.5),
    }
    if bar.name != "Nu" {
        canvas.line(&[(to, middle + BAR / 2.0), (to, middle + ROW - BAR / 2.0)], NOW, 1.2);
    }
    let (left, right) = (from.min(to), from.max(to));
    let kind = if bar.whole { kind.bold() } else { kind };
    if right + 8.0 + text_width(&bar.said) > layout.width {
        canvas.text((left - 8.0, middle), &bar.said, kind.right());
    } else {
        canvas.text((right + 8.0, middle), &bar.said, kind);
    }
}

fn legend() -> Markup {
    let key = |draw: fn(&Canvas)| ornament("sleutel", (26.0, 14.0), draw);
    html! {
        ul.leg {
            li { (key(|canvas| canvas.block((1.0, 2.0), (25.0, 12.0), EDGE))) "maakt de prognose hoger" }
            li { (key(|canvas| canvas.outline((1.0, 2.0), (25.0, 12.0), EDGE, 1.5))) "maakt haar lager" }
            li { (key(|canvas| canvas.block((1.0, 2.0), (25.0, 12.0), INK))) "de prognose, × € 1.000" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;
    use crate::units::{Level, Measure};

    #[test]
    fn each_bar_starts_where_the_last_one_ends() {
        let euros = Cents::from_euros;
        let row = ChangeRow {
            node: example::row(Level::Totaal, None, Measure::Lasten, 0.0).node,
            measure: Measure::Lasten,
            year: 2026,
            before: euros(100e3),
            causes: [0.0, 0.0, 0.0, 40e3, -15e3, 0.0].map(euros),
            after: euros(125e3),
        };
        let shown = [(Cause::Realisatie, row.causes[3]), (Cause::Nakomend, row.causes[4])];
        let bars = bars(&row, &shown);
        let places: Vec<(f64, f64)> = bars.iter().map(|bar| (bar.from, bar.to)).collect();
        assert_eq!(places, [(0.0, 0.0), (0.0, 40e3), (40e3, 25e3), (0.0, 25e3)]);
        let said: Vec<&str> = bars.iter().map(|bar| bar.said.as_str()).collect();
        assert_eq!(said, ["100", "+40", "−15", "125"]);
        assert_eq!(
            description(&row, &shown),
            "Vorige maand: €\u{a0}100.000. Nieuwe maand: €\u{a0}40.000\u{a0}meer. Late facturen: \
             €\u{a0}15.000\u{a0}minder. Nu: €\u{a0}130.000."
        );
        let drawn = chart(&row, &shown, "T").into_string();
        // The one cause that adds, on each screen, and its key.
        assert_eq!(drawn.matches("fill=\"#2F7099\"").count(), 2 + 1);
    }
}
