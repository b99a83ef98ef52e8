//! The hedgehog: what was expected of each past year as its months became known, with the band, and what it became.

use super::canvas::{
    Alt, BAND80, BASELINE, Canvas, EDGE, GRID, INK, PROVISIONAL, REALISED, Screen, Spot, Type,
    WHITE, drawing, ornament, text_width, twice,
};
use super::frame::{Axes, Frame};
use super::markup::{folded, head, head_text, table};
use super::reliable::{act_subject, name};
use super::scale::{Axis, Ticks, Unit, span};
use super::text;
use crate::backtest::{Told, Tried};
use crate::units::Cents;
use maud::{Markup, html};

pub(super) fn figure(acts: &[&Tried]) -> Markup {
    html! {
        figure aria-labelledby="egel-kop" {
            figcaption id="egel-kop" {
                strong { (title(acts)) }
                span {
                    "Elke stip is wat wij van het jaar verwachtten, met de cijfers tot en met die maand. Elke figuur heeft een eigen "
                    "schaal, die niet bij nul begint."
                }
            }
            div.twee {
                @for tried in acts {
                    div {
                        h3 { (name(tried)) }
                        @let alt = alt(tried);
                        (twice(|screen| draw(tried, screen, &alt)))
                    }
                }
            }
            (legend(acts))
            @for tried in acts { (figures(tried)) }
        }
    }
}

/// The finding: of all together, or else of the only act.
fn title(acts: &[&Tried]) -> String {
    match acts.last().and_then(|tried| Some((tried.wet, tried.held.as_ref()?))) {
        Some((wet, held)) => format!(
            "{}: {} van de {} keer viel de uitkomst binnen de band",
            text::capital(&act_subject(wet)),
            text::count(held.inside),
            text::count(held.forecasts)
        ),
        None => "Nog geen jaar is definitief".to_owned(),
    }
}

/// The forecasts of each year, in order.
fn years(tried: &Tried) -> Vec<&[Told]> {
    tried.told.chunk_by(|a, b| a.year == b.year).collect()
}

fn id(tried: &Tried) -> String {
    format!("egel-{}", name(tried).to_lowercase())
}

fn alt(tried: &Tried) -> Alt {
    let year = |told: &&[Told]| {
        let expected: Vec<String> = told
            .iter()
            .map(|one| {
                format!(
                    "{} eind {}",
                    text::euros(one.expected),
                    text::month_name(one.origin.index())
                )
            })
            .collect();
        let [first, ..] = told else { return String::new() };
        format!(
            "{}: verwacht {}; geworden {}.",
            first.year,
            text::list(&expected),
            text::euros(first.became)
        )
    };
    Alt {
        id: id(tried),
        title: format!("{}: wat wij van eerdere jaren verwachtten, en wat het werd", name(tried)),
        description: years(tried).iter().map(year).collect::<Vec<_>>().join(" "),
    }
}

/// One place of equal width a year; the months of the year lie in it from left to right.
fn draw(tried: &Tried, screen: Screen, alt: &Alt) -> Markup {
    let frame = Frame::unlabelled(screen);
    let years = years(tried);
    let amounts = tried.told.iter().flat_map(|told| {
        [told.expected, told.p10, told.p90, told.became].into_iter().chain(told.budget)
    });
    let (low, high) = span(amounts.map(Cents::euros));
    let unit = Unit::of(high.max(-low));
    let count = f64::from(u16::try_from(years.len()).unwrap_or(u16::MAX));
    let axes = Axes {
        x: Axis::new((0.0, count), frame.across()),
        y: Axis::new((low, high), frame.upwards()),
    };
    drawing(screen, frame.size(), alt, |canvas| {
        let ticks = Ticks::within(low / unit.euros, high / unit.euros, 5.0);
        canvas.text((0.0, 10.0), &format!("{} per jaar", unit.name), Type::axis());
        frame.grid(canvas, &axes.y, unit, &ticks, |tick| ticks.label(tick));
        let every = labelled_every(axes.x.at(1.0) - axes.x.at(0.0));
        for (at, told) in (0_u16..).zip(&years) {
            let left = f64::from(at);
            let middle = axes.x.at(left + 0.5);
            if at > 0 {
                let edge = axes.x.at(left);
                canvas.line(&[(edge, frame.top), (edge, frame.bottom)], GRID, 1.0);
            }
            if usize::from(at) % every == 0 {
                let said = told[0].year.to_string();
                canvas.text((middle, frame.bottom + 14.0), &said, Type::axis().centred());
            }
            spine(canvas, &axes, left, told);
        }
    })
}

/// Every year has its number below it, or only each second or third where that would run together.
fn labelled_every(width: f64) -> usize {
    let fits = |every: &u16| f64::from(*every) * width > text_width("2020 ");
    (1..100).find(fits).unwrap_or(100).into()
}

/// One year: its band, what was expected, the budget and the outcome.
fn spine(canvas: &Canvas, axes: &Axes, left: f64, told: &[Told]) {
    let x = |told: &Told| axes.x.at(left + f64::from(told.months_known()) / 12.0);
    let line = |of: fn(&Told) -> Cents| -> Vec<Spot> {
        told.iter().map(|told| (x(told), axes.y.at(of(told).euros()))).collect()
    };
    let (low, high, expected) =
        (line(|told| told.p10), line(|told| told.p90), line(|told| told.expected));
    let across = |amount: Cents| {
        [0.08, 0.92].map(|part| (axes.x.at(left + part), axes.y.at(amount.euros())))
    };
    let band: Vec<Spot> = high.iter().chain(low.iter().rev()).copied().collect();
    canvas.area(&band, BAND80);
    for (&low, &high) in low.iter().zip(&high) {
        canvas.line(&[low, high], EDGE, 1.0);
    }
    canvas.line(&low, EDGE, 1.0);
    canvas.line(&high, EDGE, 1.0);
    if let Some(budget) = told.iter().find_map(|told| told.budget) {
        canvas.line(&across(budget), BASELINE, 1.6);
    }
    let colour = if told[0].settled { INK } else { PROVISIONAL };
    canvas.line(&across(told[0].became), colour, 3.0);
    canvas.line(&expected, REALISED, 1.4);
    for (told, &spot) in told.iter().zip(&expected) {
        dot(canvas, spot, told.inside());
    }
}

/// Full when the outcome lay in the band, hollow when it did not.
fn dot(canvas: &Canvas, spot: Spot, inside: bool) {
    canvas.disc(spot, 3.6, REALISED);
    if !inside {
        canvas.disc(spot, 2.2, WHITE);
    }
}

fn legend(acts: &[&Tried]) -> Markup {
    let key = |draw: fn(&Canvas)| ornament("sleutel", (26.0, 14.0), draw);
    let told = || acts.iter().flat_map(|tried| &tried.told);
    html! {
        ul.leg {
            li {
                (key(|canvas| {
                    canvas.block((1.0, 2.0), (25.0, 12.0), BAND80);
                    canvas.outline((1.0, 2.0), (25.0, 12.0), EDGE, 1.0);
                }))
                "80%-band"
            }
            li { (key(|canvas| dot(canvas, (13.0, 7.0), true))) "verwacht; de uitkomst viel in de band" }
            @if told().any(|told| !told.inside()) {
                li { (key(|canvas| dot(canvas, (13.0, 7.0), false))) "verwacht; de uitkomst viel erbuiten" }
            }
            li { (key(|canvas| canvas.line(&[(0.0, 7.0), (26.0, 7.0)], INK, 3.0))) "wat het werd" }
            @if told().any(|told| !told.settled) {
                li { (key(|canvas| canvas.line(&[(0.0, 7.0), (26.0, 7.0)], PROVISIONAL, 3.0))) "wat het werd, voorlopig" }
            }
            @if told().any(|told| told.budget.is_some()) {
                li { (key(|canvas| canvas.line(&[(0.0, 7.0), (26.0, 7.0)], BASELINE, 1.6))) "begroting" }
            }
        }
    }
}

fn figures(tried: &Tried) -> Markup {
    let heads = ["Verwacht", "80%-band", "Begroting van toen", "Geworden"];
    let mut heads: Vec<Markup> =
        std::iter::once(head_text("Cijfers tot en met")).chain(heads.map(head)).collect();
    heads.push(head_text("In de band"));
    let body = html! {
        @for told in &tried.told {
            tr.voorlopig[!told.settled] {
                th scope="row" { (text::month(told.origin)) }
                td { (text::thousands(told.expected)) }
                td { (text::band(told.p10, told.p90)) }
                td { (told.budget.map_or_else(|| "–".to_owned(), text::thousands)) }
                td { b { (text::thousands(told.became)) } }
                td.t { (inside(told)) }
            }
        }
    };
    let title = format!("{}: wat wij van eerdere jaren verwachtten, en wat het werd", name(tried));
    let note = "Lasten × € 1.000 · voorlopig: er komen nog facturen";
    let table = table(&format!("{}-cijfers", id(tried)), &title, note, &heads, &body);
    folded(&format!("Cijfers bij deze figuur: {}", name(tried)), false, &table)
}

/// Whether the outcome lay in the band, when it is final.
pub(super) fn inside(told: &Told) -> &'static str {
    match (told.settled, told.inside()) {
        (false, _) => "voorlopig",
        (true, true) => "ja",
        (true, false) => "nee",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::reliable_example::tested;
    use crate::report::sound::assert_drawn_inside;

    #[test]
    fn every_forecast_has_a_dot_and_a_row() {
        let kept = tested();
        let acts: Vec<&Tried> = kept.acts.iter().collect();
        let page = figure(&acts).into_string();
        assert_drawn_inside(&page);
        let wide = page.split("id=\"egel-wmo-breed-d\"").nth(1).unwrap();
        let wide = wide.split("</svg>").next().unwrap();
        // Eighteen dots, one of them hollow: a white one on top.
        assert_eq!(wide.matches("<circle").count(), 19);
        assert_eq!(page.matches("<td class=\"t\">nee</td>").count(), 3);
        assert_eq!(page.matches("<td class=\"t\">ja</td>").count(), 3 * 17);
        assert!(page.contains("2020: verwacht €\u{a0}30,6\u{a0}miljoen eind maart, "), "{page}");
    }

    #[test]
    fn the_title_is_the_finding_and_short() {
        let kept = tested();
        let acts: Vec<&Tried> = kept.acts.iter().collect();
        let said = title(&acts[..1]);
        assert_eq!(said, "Het geheel: 17 van de 18 keer viel de uitkomst binnen de band");
        assert!(said.split_whitespace().count() <= 15);
    }

    #[test]
    fn years_are_labelled_as_close_as_they_can_be_read() {
        assert_eq!([60.0, 30.0, 10.0].map(labelled_every), [1, 2, 4]);
    }
}
