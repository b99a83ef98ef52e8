//! A chart of errors: one bar each, whose filling says on which side they lie.

use super::canvas::{
    Alt, Canvas, EDGE, GRID, INK, Screen, Spot, Type, UNTESTED, drawing, ornament, text_width,
};
use super::scale::{Axis, Ticks};
use maud::{Markup, html};

/// On which side errors lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Too high, at least half of the error.
    High,
    /// Too low, at least half of the error.
    Low,
    /// Now this, now that.
    Mixed,
}

impl Way {
    /// The side of a bias, both as parts of the outcome: one way, when at least half of the error goes there.
    pub(super) fn of(bias: f64, error: f64) -> Self {
        match () {
            () if bias.abs() < 0.5 * error || error <= 0.0 => Self::Mixed,
            () if bias > 0.0 => Self::High,
            () => Self::Low,
        }
    }

    /// For a cell of a table.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::High => "te hoog",
            Self::Low => "te laag",
            Self::Mixed => "wisselend",
        }
    }
}

/// One bar.
pub(super) struct Bar {
    /// What it is about.
    pub(super) name: String,
    /// How long it is, from 0, in the unit of the chart.
    pub(super) size: f64,
    /// The same in words.
    pub(super) said: String,
    /// The side.
    pub(super) way: Way,
    /// Whether it is the one that the chart is about.
    pub(super) bold: bool,
}

/// How much of the page a chart takes on a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// All of it, for long names.
    Whole,
    /// Half, beside another.
    Half,
}

/// The height of a bar in pixels, and the room above the first row.
const BAR: f64 = 15.0;
const HEAD: f64 = 40.0;
/// Beside the plot there is room for what a bar says.
const SAID: f64 = 64.0;

/// Where things stand on one screen, in pixels.
struct Layout {
    width: f64,
    plot: (f64, f64),
    row: f64,
    /// The room for a name, and whether it stands above its bar.
    name: f64,
    above: bool,
}

impl Layout {
    fn of(screen: Screen, room: Room) -> Self {
        let beside = |width: f64, name: f64| {
            let plot = (name + 10.0, width - SAID);
            Layout { width, plot, row: 28.0, name, above: false }
        };
        match (screen, room) {
            (Screen::Narrow, _) => Self {
                width: 336.0,
                plot: (4.0, 336.0 - SAID),
                row: 42.0,
                name: 336.0,
                above: true,
            },
            (Screen::Wide, Room::Whole) => beside(820.0, 330.0),
            (Screen::Wide, Room::Half) => beside(440.0, 180.0),
        }
    }
}

/// The bars below each other; `axis` says what is measured and in which unit.
pub(super) fn draw(axis: &str, bars: &[Bar], screen: Screen, room: Room, alt: &Alt) -> Markup {
    let layout = Layout::of(screen, room);
    let high = bars.iter().map(|bar| bar.size).fold(f64::MIN_POSITIVE, f64::max);
    let x = Axis::new((0.0, high), layout.plot);
    let count = f64::from(u16::try_from(bars.len()).unwrap_or(u16::MAX));
    let bottom = HEAD + layout.row * count;
    drawing(screen, (layout.width, bottom + 4.0), alt, |canvas| {
        canvas.text((0.0, 10.0), axis, Type::axis());
        let wanted = if room == Room::Whole && screen == Screen::Wide { 6.0 } else { 4.0 };
        let ticks = Ticks::within(0.0, high, wanted);
        for &tick in &ticks.values {
            let at = x.at(tick);
            canvas.line(&[(at, HEAD - 4.0), (at, bottom)], GRID, 1.0);
            canvas.text((at, HEAD - 12.0), &ticks.label(tick), Type::axis().centred());
        }
        // Names above their bars would cross this line.
        if !layout.above {
            canvas.line(&[(x.at(0.0), HEAD - 4.0), (x.at(0.0), bottom)], INK, 1.4);
        }
        for (bar, at) in bars.iter().zip((0_u16..).map(f64::from)) {
            draw_bar(canvas, bar, &x, HEAD + layout.row * at, &layout);
        }
    })
}

fn draw_bar(canvas: &Canvas, bar: &Bar, x: &Axis, top: f64, layout: &Layout) {
    let weigh = |kind: Type| if bar.bold { kind.bold() } else { kind };
    let middle = if layout.above { top + 29.0 } else { top + layout.row / 2.0 };
    let name = fitted(&bar.name, layout.name);
    let height = if layout.above { top + 11.0 } else { middle };
    canvas.text((0.0, height), &name, weigh(Type::new(INK)));
    let end = x.at(bar.size).max(x.at(0.0) + 1.5);
    block(canvas, (x.at(0.0), middle - BAR / 2.0), (end, middle + BAR / 2.0), bar.way);
    canvas.text((end + 7.0, middle), &bar.said, weigh(Type::new(INK)));
}

/// Too high is filled, too low is hollow and both is hatched: to be told apart without colour.
fn block(canvas: &Canvas, low: Spot, high: Spot, way: Way) {
    match way {
        Way::High => canvas.block(low, high, EDGE),
        Way::Low => {}
        Way::Mixed => canvas.block(low, high, UNTESTED),
    }
    canvas.outline(low, high, EDGE, 1.5);
}

/// A name cut down to its room; the table beside a chart has it whole.
fn fitted(name: &str, room: f64) -> String {
    if text_width(name) <= room {
        return name.to_owned();
    }
    let mut cut: String = name.to_owned();
    while text_width(&cut) + text_width("…") > room && cut.pop().is_some() {}
    cut.trim_end().to_owned() + "…"
}

/// What the fillings of these bars mean.
pub(super) fn legend() -> Markup {
    let key = |way: Way| {
        ornament("sleutel", (26.0, 14.0), move |canvas| {
            block(canvas, (1.0, 2.0), (25.0, 12.0), way);
        })
    };
    html! {
        ul.leg {
            li { (key(Way::High)) "vooral te hoog voorspeld" }
            li { (key(Way::Low)) "vooral te laag" }
            li { (key(Way::Mixed)) "wisselend" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_takes_half_of_the_error() {
        assert_eq!(Way::of(0.02, 0.04), Way::High);
        assert_eq!(Way::of(-0.04, 0.04), Way::Low);
        assert_eq!(Way::of(-0.01, 0.04), Way::Mixed);
        assert_eq!(Way::of(0.0, 0.0), Way::Mixed);
    }

    #[test]
    fn a_long_name_is_cut_to_its_room() {
        assert_eq!(fitted("Pleegzorg", 100.0), "Pleegzorg");
        let cut = fitted("Jeugdhulp crisis, landelijk en ggz-verblijf", 100.0);
        assert!(cut.ends_with('…') && text_width(&cut) <= 100.0, "{cut}");
    }
}
