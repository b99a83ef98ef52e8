//! The chart of past months: booked then, expected then with its band, and what it became.

use super::canvas::{
    Alt, BAND80, Canvas, EDGE, GRID, INK, LAST_YEAR, REALISED, Screen, Type, drawing,
};
use super::frame::Frame;
use super::scale::{Axis, Ticks, Unit, span};
use super::text;
use crate::backtest::LookBack;
use crate::units::Cents;
use maud::Markup;

/// Months between two labels on the axis.
const LABELLED: usize = 6;

/// One column a month.
pub(super) fn draw(rows: &[&LookBack], screen: Screen, alt: &Alt) -> Markup {
    let frame = Frame::unlabelled(screen);
    let amounts =
        rows.iter().flat_map(|row| [row.booked, row.expected, row.p10, row.p90, row.became]);
    let (low, high) = span(amounts.map(Cents::euros));
    let unit = Unit::of(high.max(-low));
    let count = f64::from(u16::try_from(rows.len()).unwrap_or(u16::MAX));
    let x = Axis::new((-0.5, count - 0.5), frame.across());
    let y = Axis::new((low, high), frame.upwards());
    let half = (x.at(1.0) - x.at(0.0)) * 0.32;
    drawing(screen, frame.size(), alt, |canvas| {
        let ticks = Ticks::within(low / unit.euros, high / unit.euros, 5.0);
        canvas.text((0.0, 10.0), &format!("{} per maand", unit.name), Type::axis());
        frame.grid(canvas, &y, unit, &ticks, |tick| ticks.label(tick));
        for (at, row) in (0_u16..).zip(rows) {
            let x = x.at(f64::from(at));
            if row.month.index() % LABELLED == 0 {
                label(canvas, &frame, x, row);
            }
            column(canvas, &y, (x, half), row);
        }
    })
}

/// The month below its column.
fn label(canvas: &Canvas, frame: &Frame, x: f64, row: &LookBack) {
    let month = row.month;
    canvas.line(&[(x, frame.top), (x, frame.bottom + 4.0)], GRID, 1.0);
    canvas.text((x, frame.bottom + 14.0), &text::month_and_year(month), Type::axis().centred());
}

/// Every part has a shape of its own, so that it can be told apart without colour.
fn column(canvas: &Canvas, y: &Axis, (x, half): (f64, f64), row: &LookBack) {
    let at = |amount: Cents| y.at(amount.euros());
    let (low, high) = ((x - half, at(row.p10)), (x + half, at(row.p90)));
    canvas.block(low, high, BAND80);
    canvas.outline(low, high, EDGE, 1.0);
    let expected = at(row.expected);
    canvas.line(&[(x - half, expected), (x + half, expected)], REALISED, 2.0);
    let booked = at(row.booked);
    canvas.block((x - 2.5, booked - 2.5), (x + 2.5, booked + 2.5), LAST_YEAR);
    if row.settled {
        canvas.disc((x, at(row.became)), 3.0, INK);
    } else {
        canvas.ring((x, at(row.became)), 3.0, INK, 1.4);
    }
}
