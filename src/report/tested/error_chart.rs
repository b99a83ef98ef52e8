//! The chart of errors at several moments: the champion and a few rules, one line each.

use crate::report::canvas::{
    Alt, BASELINE, Canvas, MUTED, REALISED, Screen, Spot, Type, WHITE, drawing, ornament,
};
use crate::report::frame::{Frame, Label};
use crate::report::scale::{Axis, Ticks, Unit};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Parts of the outcome are shown in per cent.
const PERCENT: Unit = Unit { euros: 1.0, name: "misser in % van de uitkomst" };
/// The room for the longest name of a rule.
const NAMES: f64 = 152.0;
/// Half the size of a mark.
const MARK: f64 = 4.0;

/// The error of one model at every moment, in per cent.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) mark: Mark,
    pub(super) errors: Vec<Option<f64>>,
}

/// What marks a line, without colour: a rule has the same mark in every chart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    Ours,
    /// Its place among all rules.
    Rule(usize),
}

/// The first line is ours; `moments` names the places across and `across` says what they are.
pub(super) fn draw(
    moments: &[String],
    across: &str,
    lines: &[Line],
    screen: Screen,
    alt: &Alt,
) -> Markup {
    let frame = Frame::with_room(screen, NAMES);
    let (left, right) = frame.across();
    let last = f64::from(u16::try_from(moments.len().saturating_sub(1)).unwrap_or(u16::MAX));
    let x = Axis::new((0.0, last), (left + 14.0, right - 6.0));
    let high =
        lines.iter().flat_map(|line| &line.errors).flatten().fold(0.1, |a: f64, b| a.max(*b));
    let y = Axis::new((0.0, high * 1.06), frame.upwards());
    drawing(screen, frame.size(), alt, |canvas| {
        let ticks = Ticks::within(0.0, high * 1.06, 5.0);
        canvas.text((0.0, 10.0), PERCENT.name, Type::axis());
        frame.grid(canvas, &y, PERCENT, &ticks, |tick| ticks.label(tick));
        for (at, moment) in moments.iter().enumerate() {
            let spot = (x.at(place(at)), frame.bottom + 14.0);
            canvas.text(spot, moment, Type::axis().centred());
        }
        canvas.text((right + 15.0, frame.bottom + 14.0), across, Type::axis());
        let mut labels = Vec::new();
        // Ours last, so that it lies on top.
        for line in lines.iter().rev() {
            let spot = |(at, error): (usize, &Option<f64>)| {
                error.map(|error| (x.at(place(at)), y.at(error)))
            };
            let spots: Vec<Spot> = line.errors.iter().enumerate().filter_map(spot).collect();
            stroke(canvas, line.mark, &spots);
            labels.extend(label(line));
        }
        frame.labels(canvas, &y, labels);
    })
}

fn place(at: usize) -> f64 {
    f64::from(u16::try_from(at).unwrap_or(u16::MAX))
}

/// Ours is one thick line; rules are dashed.
fn stroke(canvas: &Canvas, mark: Mark, spots: &[Spot]) {
    match mark {
        Mark::Ours => canvas.line(spots, REALISED, 2.8),
        Mark::Rule(_) => canvas.line(spots, BASELINE, 1.3),
    }
    for &spot in spots {
        draw_mark(canvas, mark, spot);
    }
}

fn draw_mark(canvas: &Canvas, mark: Mark, (x, y): Spot) {
    let Mark::Rule(rule) = mark else { return canvas.disc((x, y), MARK + 0.5, REALISED) };
    let square = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
    let triangle = [(0.0, -1.2), (1.2, 1.0), (-1.2, 1.0), (0.0, -1.2)];
    let diamond = [(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)];
    let shape = match rule {
        0 | 1 => square,
        2 | 3 => triangle,
        4 | 5 => diamond,
        _ => {
            canvas.disc((x, y), MARK, WHITE);
            return canvas.ring((x, y), MARK, MUTED, 1.6);
        }
    };
    let mut spots: Vec<Spot> = shape.map(|(a, b)| (x + a * MARK, y + b * MARK)).to_vec();
    canvas.area(&spots, if rule.is_multiple_of(2) { MUTED } else { WHITE });
    spots.push(spots[0]);
    canvas.line(&spots, MUTED, 1.6);
}

fn label(line: &Line) -> Option<Label> {
    let value = line.errors.iter().rev().find_map(|error| *error)?;
    let text = line.name.clone();
    Some(match line.mark {
        Mark::Ours => Label::bold(text, value, REALISED),
        Mark::Rule(_) => Label::plain(text, value, MUTED),
    })
}

/// The marks of all lines in a figure, each once.
pub(super) fn legend(lines: &[Line]) -> Markup {
    let marks: BTreeMap<Mark, &str> =
        lines.iter().map(|line| (line.mark, line.name.as_str())).collect();
    let key = |mark| {
        ornament("sleutel", (26.0, 14.0), move |canvas| {
            stroke(canvas, mark, &[(13.0, 7.0)]);
        })
    };
    html! { ul.leg { @for (mark, name) in marks { li { (key(mark)) (name) } } } }
}
