//! The charts of bands: how often they held with limits, and where outcomes fell.

use crate::report::canvas::{
    Alt, BAND50, BASELINE, Canvas, EDGE, GRID, INK, REALISED, Screen, Type, drawing, ornament,
};
use crate::report::frame::Frame;
use crate::report::scale::{Axis, Ticks, Unit};
use crate::report::text;
use crate::score::Coverage;
use maud::{Markup, html};

/// Above the first row.
const HEAD: f64 = 40.0;

/// How often one band held.
pub(super) struct Held {
    /// What it is about.
    pub(super) name: String,
    /// So many of so many.
    pub(super) said: String,
    /// The share that is meant to lie inside.
    pub(super) meant: f64,
    /// What was found.
    pub(super) coverage: Coverage,
}

/// Where things stand on one screen, in pixels.
struct Layout {
    width: f64,
    plot: (f64, f64),
    row: f64,
    /// How far below the top of its row a name and a streak stand.
    name: f64,
    streak: f64,
}

impl Layout {
    fn of(screen: Screen) -> Self {
        match screen {
            Screen::Wide => {
                Self { width: 820.0, plot: (190.0, 680.0), row: 26.0, name: 13.0, streak: 13.0 }
            }
            Screen::Narrow => {
                Self { width: 336.0, plot: (10.0, 316.0), row: 44.0, name: 11.0, streak: 29.0 }
            }
        }
    }
}

/// A streak between the limits, a dot at what was found and a stroke at what was meant.
pub(super) fn held(helds: &[Held], screen: Screen, alt: &Alt) -> Markup {
    let layout = Layout::of(screen);
    let lowest = helds.iter().map(|held| held.coverage.low).fold(0.6, f64::min);
    let x = Axis::new(((lowest * 10.0).floor() / 10.0, 1.0), layout.plot);
    let count = f64::from(u16::try_from(helds.len()).unwrap_or(u16::MAX));
    let bottom = HEAD + layout.row * count;
    drawing(screen, (layout.width, bottom + 4.0), alt, |canvas| {
        canvas.text((0.0, 10.0), "deel van de uitkomsten in de band", Type::axis());
        for &tick in &Ticks::within(lowest, 1.0, 5.0).values {
            canvas.line(&[(x.at(tick), HEAD - 4.0), (x.at(tick), bottom)], GRID, 1.0);
            let label = format!("{}%", text::decimals(100.0 * tick, 0));
            canvas.text((x.at(tick), HEAD - 12.0), &label, Type::axis().centred());
        }
        for (held, at) in helds.iter().zip((0_u16..).map(f64::from)) {
            let top = HEAD + layout.row * at;
            canvas.text((0.0, top + layout.name), &held.name, Type::new(INK));
            let said = (layout.width, top + layout.name);
            canvas.text(said, &held.said, Type::new(INK).right());
            streak(canvas, held, &x, top + layout.streak);
        }
    })
}

fn streak(canvas: &Canvas, held: &Held, x: &Axis, y: f64) {
    let Coverage { share, low, high } = held.coverage;
    canvas.line(&[(x.at(low), y), (x.at(high), y)], EDGE, 2.5);
    for end in [low, high] {
        canvas.line(&[(x.at(end), y - 4.0), (x.at(end), y + 4.0)], EDGE, 2.0);
    }
    canvas.disc((x.at(share), y), 4.5, REALISED);
    canvas.line(&[(x.at(held.meant), y - 9.0), (x.at(held.meant), y + 9.0)], INK, 2.4);
}

/// What the marks mean.
pub(super) fn legend() -> Markup {
    let key = |draw: fn(&Canvas)| ornament("sleutel", (26.0, 14.0), draw);
    html! {
        ul.leg {
            li { (key(|canvas| canvas.disc((13.0, 7.0), 4.5, REALISED))) "zo vaak lag de uitkomst in de band" }
            li { (key(|canvas| canvas.line(&[(13.0, 0.0), (13.0, 14.0)], INK, 2.4))) "zo vaak is bedoeld" }
            li { (key(|canvas| canvas.line(&[(1.0, 7.0), (25.0, 7.0)], EDGE, 2.5))) "hierbij past de telling" }
        }
    }
}

/// The axis of shares.
const PERCENT: Unit = Unit { euros: 1.0, name: "% van de uitkomsten" };

/// The shares of ten equally likely compartments.
pub(super) fn tenths(bins: &[f64; 10], screen: Screen, alt: &Alt) -> Markup {
    let frame = Frame::unlabelled(screen);
    let high = bins.iter().fold(0.2, |a: f64, &b| a.max(b)) * 108.0;
    let x = Axis::new((0.0, 10.0), frame.across());
    let y = Axis::new((0.0, high), frame.upwards());
    let (left, right) = frame.across();
    drawing(screen, frame.size(), alt, |canvas| {
        let ticks = Ticks::within(0.0, high, 5.0);
        canvas.text((0.0, 10.0), PERCENT.name, Type::axis());
        frame.grid(canvas, &y, PERCENT, &ticks, |tick| ticks.label(tick));
        for (&share, at) in bins.iter().zip((0_u8..).map(f64::from)) {
            let (low, high) = (x.at(at + 0.12), x.at(at + 0.88));
            canvas.block((low, y.at(100.0 * share)), (high, frame.bottom), BAND50);
            canvas.outline((low, y.at(100.0 * share)), (high, frame.bottom), EDGE, 1.0);
            let name = text::decimals(at + 1.0, 0);
            canvas.text((x.at(at + 0.5), frame.bottom + 14.0), &name, Type::axis().centred());
        }
        canvas.line(&[(left, y.at(10.0)), (right, y.at(10.0))], BASELINE, 1.8);
    })
}
