//! A drawing surface on plotters' SVG backend, and what all charts share.
//!
//! Plotters draws on whole units, so a canvas counts in tenths of a pixel. What SVG can do and
//! plotters can not (dashes, hatching, a halo round text) hangs on the colour in `style.css`, which
//! is why some roles have a colour of their own that looks the same.

use maud::{Markup, PreEscaped, html};
use plotters::coord::Shift;
use plotters::prelude::{
    Circle, Color, DrawingArea, FontDesc, FontFamily, FontStyle, IntoDrawingArea, PathElement,
    Polygon, RGBColor, SVGBackend, TextStyle,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Text, budget.
pub(super) const INK: RGBColor = RGBColor(0x16, 0x24, 0x2e);
/// Realised.
pub(super) const REALISED: RGBColor = RGBColor(0x0b, 0x4f, 0x7a);
/// Expected; the style sheet dashes it.
pub(super) const EXPECTED: RGBColor = RGBColor(0x0b, 0x4f, 0x7b);
/// Booked in a month that waits for invoices; the style sheet dots it.
pub(super) const PROVISIONAL: RGBColor = RGBColor(0x0b, 0x4f, 0x7d);
/// Behind months that wait for invoices.
pub(super) const SHADE: RGBColor = RGBColor(0xee, 0xf2, 0xf5);
/// Late invoices; the style sheet hatches it.
pub(super) const LATE: RGBColor = RGBColor(0x0b, 0x4f, 0x7c);
/// The 80 % band.
pub(super) const BAND80: RGBColor = RGBColor(0xcf, 0xe1, 0xec);
/// The 50 % band.
pub(super) const BAND50: RGBColor = RGBColor(0x8d, 0xb8, 0xd3);
/// A band that was not tested; the style sheet hatches it palely.
pub(super) const UNTESTED: RGBColor = RGBColor(0xcf, 0xe1, 0xed);
/// The edge of a band.
pub(super) const EDGE: RGBColor = RGBColor(0x2f, 0x70, 0x99);
/// Last year; the style sheet dashes it.
pub(super) const LAST_YEAR: RGBColor = RGBColor(0x6a, 0x75, 0x7e);
/// Nadeel, always filled.
pub(super) const NADEEL: RGBColor = RGBColor(0x9c, 0x3a, 0x06);
/// Voordeel, always hollow.
pub(super) const VOORDEEL: RGBColor = RGBColor(0x0a, 0x62, 0x70);
/// What would be without new policy; the style sheet dashes it.
pub(super) const BASELINE: RGBColor = RGBColor(0x51, 0x60, 0x6c);
/// Small text.
pub(super) const MUTED: RGBColor = RGBColor(0x51, 0x60, 0x6b);
/// Grid lines.
pub(super) const GRID: RGBColor = RGBColor(0xd9, 0xdf, 0xe3);
/// The line that says where we are now; the style sheet dots it.
pub(super) const NOW: RGBColor = RGBColor(0x8a, 0x96, 0x9f);

/// Paper.
pub(super) const WHITE: RGBColor = RGBColor(0xff, 0xff, 0xff);

/// Units of the canvas per pixel.
const TENTHS: f64 = 10.0;
/// Plotters writes a font's size divided by this.
const FONT_RATIO: f64 = 1.24;
/// The shape of the text we draw: an average letter is so wide, in its size.
const LETTER: f64 = 0.56;

/// A place on the canvas, in pixels from the top left.
pub(super) type Spot = (f64, f64);

/// Which screens a drawing is for; the style sheet shows one of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Screen {
    /// A desk, or print.
    Wide,
    /// A telephone.
    Narrow,
}

/// What a drawing tells who can not see it.
#[derive(Clone, Debug)]
pub(super) struct Alt {
    /// Unique in the page.
    pub(super) id: String,
    /// The finding.
    pub(super) title: String,
    /// What is drawn, with its main figures.
    pub(super) description: String,
}

/// A drawing in the making.
pub(super) struct Canvas<'a> {
    root: DrawingArea<SVGBackend<'a>, Shift>,
}

/// How a text stands: its colour, size in pixels, weight and side.
#[derive(Clone, Copy)]
pub(super) struct Type {
    colour: RGBColor,
    size: f64,
    bold: bool,
    side: HPos,
}

impl Type {
    /// Text of 13 pixels that starts at its spot.
    pub(super) fn new(colour: RGBColor) -> Self {
        Self { colour, size: 13.0, bold: false, side: HPos::Left }
    }
    /// Muted text of 12 pixels, for axes.
    pub(super) fn axis() -> Self {
        Self { size: 12.0, ..Self::new(MUTED) }
    }
    /// Makes it bold.
    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
    /// Makes it end at its spot.
    pub(super) fn right(self) -> Self {
        Self { side: HPos::Right, ..self }
    }
    /// Puts it in the middle of its spot.
    pub(super) fn centred(self) -> Self {
        Self { side: HPos::Center, ..self }
    }
    /// Another size.
    pub(super) fn sized(self, size: f64) -> Self {
        Self { size, ..self }
    }
}

/// Roughly how wide a text of 13 pixels is.
#[expect(clippy::cast_precision_loss, reason = "labels are short")]
pub(super) fn text_width(text: &str) -> f64 {
    text.chars().count() as f64 * LETTER * 13.0
}

/// Draws twice, for a desk and for a telephone.
pub(super) fn twice(draw: impl Fn(Screen) -> Markup) -> Markup {
    html! { (draw(Screen::Wide)) (draw(Screen::Narrow)) }
}

/// One drawing of `size` pixels with a name and a description for who can not see it.
pub(super) fn drawing(screen: Screen, size: Spot, alt: &Alt, draw: impl FnOnce(&Canvas)) -> Markup {
    let (class, id) = match screen {
        Screen::Wide => ("breed", format!("{}-breed", alt.id)),
        Screen::Narrow => ("smal", format!("{}-smal", alt.id)),
    };
    html! {
        svg class=(class) viewBox=(view_box(size)) paint-order="stroke" role="img" aria-labelledby=(format!("{id}-t {id}-d")) {
            title id=(format!("{id}-t")) { (alt.title) }
            desc id=(format!("{id}-d")) { (alt.description) }
            (shapes(size, draw))
        }
    }
}

/// A drawing that only repeats figures beside it, so it is hidden from who can not see it.
pub(super) fn ornament(class: &str, size: Spot, draw: impl FnOnce(&Canvas)) -> Markup {
    html! {
        svg class=(class) viewBox=(view_box(size)) aria-hidden="true" { (shapes(size, draw)) }
    }
}

fn view_box((width, height): Spot) -> String {
    format!("0 0 {} {}", width * TENTHS, height * TENTHS)
}

/// The shapes of a drawing, without plotters' own `svg` element around them.
fn shapes((width, height): Spot, draw: impl FnOnce(&Canvas)) -> PreEscaped<String> {
    let mut svg = String::new();
    let (width, height) = (unit(width).unsigned_abs(), unit(height).unsigned_abs());
    let canvas =
        Canvas { root: SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area() };
    draw(&canvas);
    drop(canvas);
    let inside = svg.split_once('>').map_or("", |(_, rest)| rest);
    PreEscaped(inside.trim().trim_end_matches("</svg>").to_owned())
}

#[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and drawings are small")]
fn unit(pixels: f64) -> i32 {
    (pixels * TENTHS).round() as i32
}

fn place((x, y): Spot) -> (i32, i32) {
    (unit(x), unit(y))
}

/// Plotters' drawing returns a result for the sake of files and screens.
const IN_MEMORY: &str = "a string in memory takes every drawing";

impl Canvas<'_> {
    /// A line through spots.
    pub(super) fn line(&self, spots: &[Spot], colour: RGBColor, width: f64) {
        let style = colour.stroke_width(unit(width).unsigned_abs());
        self.root.draw(&PathElement::new(places(spots), style)).expect(IN_MEMORY);
    }

    /// A filled shape.
    pub(super) fn area(&self, spots: &[Spot], colour: RGBColor) {
        self.root.draw(&Polygon::new(places(spots), colour.filled())).expect(IN_MEMORY);
    }

    /// A filled box between two opposite corners.
    pub(super) fn block(&self, (x0, y0): Spot, (x1, y1): Spot, colour: RGBColor) {
        self.area(&[(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour);
    }

    /// The outline of a box between two opposite corners.
    pub(super) fn outline(&self, (x0, y0): Spot, (x1, y1): Spot, colour: RGBColor, width: f64) {
        self.line(&[(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], colour, width);
    }

    /// A filled disc.
    pub(super) fn disc(&self, centre: Spot, radius: f64, colour: RGBColor) {
        self.root
            .draw(&Circle::new(place(centre), unit(radius), colour.filled()))
            .expect(IN_MEMORY);
    }

    /// A hollow ring.
    pub(super) fn ring(&self, centre: Spot, radius: f64, colour: RGBColor, width: f64) {
        let style = colour.stroke_width(unit(width).unsigned_abs());
        self.root.draw(&Circle::new(place(centre), unit(radius), style)).expect(IN_MEMORY);
    }

    /// A text whose middle lies at the height of the spot.
    pub(super) fn text(&self, spot: Spot, text: &str, kind: Type) {
        let weight = if kind.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::SansSerif, kind.size * TENTHS * FONT_RATIO, weight);
        let style =
            TextStyle::from(font).color(&kind.colour).pos(Pos::new(kind.side, VPos::Center));
        self.root.draw_text(text, &style, place(spot)).expect(IN_MEMORY);
    }
}

fn places(spots: &[Spot]) -> Vec<(i32, i32)> {
    spots.iter().copied().map(place).collect()
}
