//! A strip of dots per act: each dot is a municipality, where its accounts came out beside its budget.

use super::canvas::{
    Alt, BAND80, Canvas, EDGE, GRID, INK, LAST_YEAR, Screen, Spot, Type, WHITE, drawing, ornament,
    text_width, twice,
};
use super::peers::{name, signed};
use super::scale::{Axis, Ticks};
use crate::peers::{Act, Peer, Peers};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Where things stand on one screen, in pixels.
struct Layout {
    width: f64,
    /// How far apart dots stand, and their radius.
    pitch: f64,
    radius: f64,
    /// The room for the name of a strip and what is usual.
    head: f64,
}

/// The room for our own label, for the band and below it.
const LABEL: f64 = 22.0;
const BAND: f64 = 12.0;
const BELOW: f64 = 26.0;
/// The room beside the first and last dots.
const SIDE: f64 = 14.0;

impl Layout {
    fn of(screen: Screen) -> Self {
        match screen {
            Screen::Wide => Self { width: 820.0, pitch: 6.0, radius: 2.6, head: 30.0 },
            Screen::Narrow => Self { width: 336.0, pitch: 4.4, radius: 1.9, head: 46.0 },
        }
    }
}

/// One strip: its dots in columns, and how many lie outside the picture on each side.
struct Strip<'a> {
    act: &'a Act,
    /// The spots of dots: across, and upwards from the base.
    dots: Vec<Spot>,
    outside: [usize; 2],
}

impl<'a> Strip<'a> {
    fn new(act: &'a Act, x: &Axis, (low, high): (f64, f64), layout: &Layout) -> Self {
        let mut columns: BTreeMap<i64, u16> = BTreeMap::new();
        let mut outside = [0, 0];
        let mut dots = Vec::new();
        for error in act.counted().filter(|peer| !peer.own).map(Peer::error) {
            if !(low..=high).contains(&error) {
                outside[usize::from(error > high)] += 1;
                continue;
            }
            let column = column(x.at(error), layout.pitch);
            let in_column = columns.entry(column.0).or_default();
            dots.push((column.1, (f64::from(*in_column) + 0.5) * layout.pitch));
            *in_column += 1;
        }
        Self { act, dots, outside }
    }

    fn height(&self) -> f64 {
        self.dots.iter().map(|dot| dot.1).fold(20.0, f64::max)
    }
}

/// The number and the place of the column that holds a place.
#[expect(clippy::cast_possible_truncation, reason = "a drawing has few columns")]
fn column(place: f64, pitch: f64) -> (i64, f64) {
    let number = (place / pitch).round();
    (number as i64, number * pitch)
}

/// The figure; nothing when no municipality counts.
pub(super) fn figure(peers: &Peers) -> Markup {
    let acts: Vec<&Act> =
        peers.acts.iter().filter(|act| act.wet.is_some() && act.all.count > 0).collect();
    let title = format!("Rekening naast begroting in {}, per gemeente", peers.year);
    let alt = Alt {
        id: "plaats-stippen".into(),
        title: title.clone(),
        description: described(&acts, &peers.own),
    };
    html! {
        @if !acts.is_empty() {
            figure aria-labelledby="plaats-figuur" {
                figcaption id="plaats-figuur" {
                    strong { (title) }
                    span { "Elke stip is een gemeente. Rechts van de lijn: meer uitgegeven dan begroot." }
                }
                (twice(|screen| draw(&acts, &peers.own, screen, &alt)))
                (legend(&peers.own))
            }
        }
    }
}

fn described(acts: &[&Act], own: &str) -> String {
    let one = |act: &&Act| {
        let ours = act.rank.and(act.own()).map(|peer| format!(" {own}: {}.", signed(peer.error())));
        format!(
            "{}: {} gemeenten; {}.{}",
            name(act),
            act.all.count,
            usual(act),
            ours.unwrap_or_default()
        )
    };
    acts.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// `middelste +11,6%, 8 van de 10 tussen −5,9% en +34,1%`
fn usual(act: &Act) -> String {
    let all = &act.all;
    format!(
        "middelste {}, 8 van de 10 tussen {} en {}",
        signed(all.median),
        signed(all.p10),
        signed(all.p90)
    )
}

/// From the lowest to the highest error of the picture: where eight of ten lie and half as much on both sides, and our own.
fn range(acts: &[&Act]) -> (f64, f64) {
    let bands = acts.iter().flat_map(|act| {
        let room = (act.all.p90 - act.all.p10).max(0.02) / 2.0;
        [act.all.p10 - room, act.all.p90 + room]
    });
    let own = acts.iter().filter_map(|act| Some(act.rank.and(act.own())?.error()));
    let values = bands.chain(own.flat_map(|error| [error - 0.01, error + 0.01])).chain([0.0]);
    values.fold((0.0, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)))
}

fn draw(acts: &[&Act], own: &str, screen: Screen, alt: &Alt) -> Markup {
    let layout = Layout::of(screen);
    let (low, high) = range(acts);
    let x = Axis::new((low, high), (SIDE, layout.width - SIDE));
    let strips: Vec<Strip> =
        acts.iter().map(|act| Strip::new(act, &x, (low, high), &layout)).collect();
    let height = |strip: &Strip| layout.head + LABEL + strip.height() + BAND + BELOW;
    let whole: f64 = strips.iter().map(height).sum();
    drawing(screen, (layout.width, whole + 18.0), alt, |canvas| {
        let mut top = 0.0;
        for strip in &strips {
            let base = top + layout.head + LABEL + strip.height() + layout.pitch / 2.0;
            grid(
                canvas,
                &x,
                (low, high),
                (top + layout.head + LABEL - 4.0, base + BAND + 4.0),
                screen,
            );
            heading(canvas, strip, top, screen, &layout);
            dots(canvas, strip, base, &x, &layout);
            if let Some(peer) = strip.act.rank.and(strip.act.own()) {
                ours(
                    canvas,
                    (own, peer),
                    x.at(peer.error()),
                    (top + layout.head + 10.0, base),
                    &layout,
                );
            }
            top += height(strip);
        }
        let said = "verschil met de begroting";
        canvas.text((layout.width / 2.0, whole + 10.0), said, Type::axis().centred());
    })
}

fn grid(canvas: &Canvas, x: &Axis, (low, high): (f64, f64), (top, bottom): Spot, screen: Screen) {
    let wanted = if screen == Screen::Wide { 8.0 } else { 4.0 };
    for &tick in &Ticks::within(100.0 * low, 100.0 * high, wanted).values {
        let at = x.at(tick / 100.0);
        let (colour, width) = if tick == 0.0 { (INK, 1.8) } else { (GRID, 1.0) };
        canvas.line(&[(at, top), (at, bottom)], colour, width);
        let label = super::text::signed(tick, 0) + "%";
        if at > text_width(&label) / 2.0 && at + text_width(&label) / 2.0 < x.at(high) + SIDE {
            canvas.text((at, bottom + 10.0), &label, Type::axis().centred());
        }
    }
}

fn heading(canvas: &Canvas, strip: &Strip, top: f64, screen: Screen, layout: &Layout) {
    let named = name(strip.act);
    canvas.text((0.0, top + 10.0), &named, Type::new(INK).bold().sized(15.0));
    let (said, muted) = (usual(strip.act), Type::axis());
    match screen {
        Screen::Wide => canvas.text((layout.width, top + 10.0), &said, muted.right()),
        Screen::Narrow => canvas.text((0.0, top + 28.0), &said, muted.sized(11.0)),
    }
}

/// The band of eight in ten with the middle one, the dots above it, and how many lie outside.
fn dots(canvas: &Canvas, strip: &Strip, base: f64, x: &Axis, layout: &Layout) {
    let all = &strip.act.all;
    let (low, high) = ((x.at(all.p10), base + 3.0), (x.at(all.p90), base + BAND));
    canvas.block(low, high, BAND80);
    canvas.outline(low, high, EDGE, 1.0);
    for &(across, up) in &strip.dots {
        canvas.disc((across, base - up), layout.radius, LAST_YEAR);
    }
    middle(canvas, x.at(all.median), (base + 3.0, base + BAND));
    let [below, above] = strip.outside;
    // Beside the band, which leaves a quarter of the width free on both sides.
    let at = base + BAND / 2.0 + 1.0;
    if below > 0 {
        canvas.text((0.0, at), &format!("← nog {below}"), Type::axis());
    }
    if above > 0 {
        canvas.text((layout.width, at), &format!("nog {above} →"), Type::axis().right());
    }
}

/// The middle one: a line through the band on a foot, so that it is no line of the budget.
fn middle(canvas: &Canvas, at: f64, (top, bottom): (f64, f64)) {
    canvas.line(&[(at, top), (at, bottom)], INK, 2.4);
    canvas.area(&[(at - 4.0, bottom + 3.0), (at, bottom - 3.0), (at + 4.0, bottom + 3.0)], INK);
}

/// Our own: a diamond with a line to its name.
fn ours(canvas: &Canvas, (own, peer): (&str, &Peer), at: f64, (top, base): Spot, layout: &Layout) {
    let label = format!("{own} {}", signed(peer.error()));
    let half = text_width(&label) / 2.0 + 2.0;
    let middle = at.max(half).min((layout.width - half).max(half));
    canvas.text((middle, top), &label, Type::new(INK).bold().centred());
    canvas.line(&[(at, top + 9.0), (at, base - 8.0)], INK, 1.2);
    diamond(canvas, (at, base - 5.0), 8.0, WHITE);
    diamond(canvas, (at, base - 5.0), 6.5, INK);
}

fn diamond(canvas: &Canvas, (x, y): Spot, size: f64, colour: plotters::style::RGBColor) {
    canvas.area(&[(x - size, y), (x, y - size), (x + size, y), (x, y + size)], colour);
}

fn legend(own: &str) -> Markup {
    let key = |draw: fn(&Canvas)| ornament("sleutel", (26.0, 14.0), draw);
    html! {
        ul.leg {
            li { (key(|canvas| diamond(canvas, (13.0, 7.0), 6.5, INK))) (own) }
            li { (key(|canvas| canvas.disc((13.0, 7.0), 3.0, LAST_YEAR))) "een andere gemeente" }
            li {
                (key(|canvas| {
                    canvas.block((1.0, 3.0), (25.0, 11.0), BAND80);
                    canvas.outline((1.0, 3.0), (25.0, 11.0), EDGE, 1.0);
                }))
                "8 van de 10 gemeenten"
            }
            li { (key(|canvas| canvas.line(&[(13.0, 0.0), (13.0, 14.0)], INK, 1.8))) "precies zoals begroot" }
            li { (key(|canvas| middle(canvas, 13.0, (1.0, 10.0)))) "de middelste gemeente" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::peers_example;
    use crate::report::sound::assert_drawn_inside;

    #[test]
    fn every_municipality_is_a_dot_or_counted_outside() {
        let peers = peers_example::peers();
        let page = figure(&peers).into_string();
        assert_drawn_inside(&page);
        let wide = page.split("id=\"plaats-stippen-breed-d\"").nth(1).unwrap();
        let wide = wide.split("</svg>").next().unwrap();
        // Sixty others in each strip; one lies far outside for Jeugd.
        assert_eq!(wide.matches("<circle").count(), 2 * 60 - 1);
        assert!(wide.contains("nog 1 →"), "{wide}");
        assert!(page.contains("Jeugd: 61 gemeenten; middelste "), "{page}");
        assert!(page.contains("Voorbeeldstad: +10,0%."));
    }

    #[test]
    fn dots_of_one_place_stand_on_each_other() {
        assert_eq!(column(11.9, 6.0), (2, 12.0));
        assert_eq!(column(8.9, 6.0), (1, 6.0));
    }

    #[test]
    fn nobody_makes_no_figure() {
        let mut peers = peers_example::peers();
        peers.acts.clear();
        assert!(figure(&peers).into_string().is_empty());
    }
}
