//! Section 4: how the year went so far, and what is still to come.

use super::canvas::{
    Alt, BAND50, BAND80, Canvas, EDGE, EXPECTED, INK, LAST_YEAR, LATE, PROVISIONAL, REALISED,
    SHADE, ornament, twice,
};
use super::course_chart::{self, Course};
use super::facts::{Facts, act_name, act_subject};
use super::markup::{figures, head, head_text, link, section};
use super::text;
use crate::outlook::Cumulative;
use crate::units::{Cents, Measure};
use maud::{Markup, html};

pub(super) fn render(facts: &Facts) -> Markup {
    section(
        "verloop",
        "Hoe kwam het tot hier, en wat komt er nog?",
        &html! {
            (introduction(facts))
            @for course in facts.courses() { (figure(facts, course)) }
        },
    )
}

fn introduction(facts: &Facts) -> Markup {
    let now = text::month(facts.outlook.as_of);
    html! {
        @match facts.provisional_from() {
            Some(from) if from < facts.outlook.as_of => p {
                "De maanden " (text::month(from)) " tot en met " (now) " zijn " strong { "voorlopig" }
                ": er worden nog facturen over verwacht. Zij hebben een grijze achtergrond en een gestippelde lijn. Het "
                "gearceerde vlak is de schatting van wat nog komt; zie " (link("facturen")) "."
            },
            Some(_) => p {
                "De maand " (now) " is " strong { "voorlopig" }
                ": er worden nog facturen over verwacht. Zij heeft een grijze achtergrond en een gestippelde lijn. Het "
                "gearceerde vlak is de schatting van wat nog komt; zie " (link("facturen")) "."
            },
            None if !facts.has_service_months => p {
                "De aanvulling van late facturen staat uit; zie " (link("facturen")) ". De laatste maanden kunnen te laag zijn."
            },
            None => p { "De boekingen tot en met " (now) " tellen als definitief." },
        }
    }
}

fn figure(facts: &Facts, cumulative: &Cumulative) -> Markup {
    let id = match cumulative.wet {
        Some(wet) => format!("verloop-{}", wet.to_string().to_lowercase()),
        None => "verloop-samen".to_owned(),
    };
    let name = act_name(cumulative.wet);
    let now = facts.outlook.as_of.index();
    let course = Course::new(cumulative, now);
    let finding = title(cumulative);
    let alt = |part: &str, title: String, description: String| Alt {
        id: format!("{id}-{part}"),
        title,
        description,
    };
    let running =
        alt("som", format!("{name}: lasten opgeteld vanaf januari"), describe(cumulative, now));
    let against =
        alt("verschil", format!("{name}: verschil met de begroting"), describe_gap(cumulative));
    html! {
        h3 { (name) }
        figure aria-labelledby={ (id) "-kop" } {
            figcaption id={ (id) "-kop" } {
                strong { (finding) }
                span { (caption(cumulative)) (ahead(facts, cumulative).unwrap_or_default()) }
            }
            div.twee {
                div { (twice(|screen| course_chart::running(&course, screen, &running))) }
                @if course.budget.is_some() {
                    div { (twice(|screen| course_chart::against_budget(&course, screen, &against))) }
                }
            }
            (legend(&course))
            (table(cumulative, &id, now))
        }
    }
}

/// The finding of one act.
fn title(cumulative: &Cumulative) -> String {
    let name = act_subject(cumulative.wet);
    let end = cumulative.mean[11];
    let Some(budget) = cumulative.budget else {
        let end = text::euros(Cents::from_euros(end));
        return format!("{name} eindigt naar verwachting op {end}; er is geen begroting bekend");
    };
    let gap = Cents::from_euros(end - budget);
    match text::in_thousands(gap) {
        0 => format!("{name} eindigt naar verwachting op de begroting"),
        above => {
            let way = if above > 0 { "boven" } else { "onder" };
            format!("{name} eindigt naar verwachting {} {way} de begroting", text::euros(gap.abs()))
        }
    }
}

fn caption(cumulative: &Cumulative) -> &'static str {
    if cumulative.budget.is_some() {
        "Eerst de lasten opgeteld, daarna het verschil met de begroting tot dan toe. Die is hier gelijk over \
         twaalf maanden verdeeld."
    } else {
        "De lasten opgeteld vanaf januari."
    }
}

/// Money booked for months to come stands in the tables, not in the line; say so where it shows.
fn ahead(facts: &Facts, cumulative: &Cumulative) -> Option<String> {
    let act = facts.act(cumulative.year, cumulative.wet, Measure::Lasten)?;
    let ahead = act.booked - Cents::from_euros(*cumulative.booked.last()?);
    (text::in_thousands(ahead) > 0).then(|| {
        format!(
            " Voor latere maanden is al {} geboekt; dat telt niet mee in de lijn ‘geboekt’.",
            text::euros(ahead)
        )
    })
}

fn describe(cumulative: &Cumulative, now: usize) -> String {
    let amount = |euros: f64| text::euros(Cents::from_euros(euros));
    let booked = cumulative.booked.last().copied().unwrap_or_default();
    let budget =
        cumulative.budget.map(|budget| format!(" Begroot voor het jaar: {}.", amount(budget)));
    let last = cumulative.last_year.map(|last| format!(" Vorig jaar: {}.", amount(last[11])));
    format!(
        "Geboekt tot en met {}: {}. Verwacht in december: {}, met een 80%-band van {} tot {}.{}{}",
        text::month_name(now),
        amount(booked),
        amount(cumulative.mean[11]),
        amount(cumulative.p10[11]),
        amount(cumulative.p90[11]),
        budget.unwrap_or_default(),
        last.unwrap_or_default(),
    )
}

fn describe_gap(cumulative: &Cumulative) -> String {
    let budget = cumulative.budget.unwrap_or_default();
    let gap = |euros: f64| text::euros(Cents::from_euros(euros - budget));
    format!(
        "Verschil met de begroting in december: verwacht {}, met een 80%-band van {} tot {}.",
        gap(cumulative.mean[11]),
        gap(cumulative.p10[11]),
        gap(cumulative.p90[11]),
    )
}

/// The keys of what is drawn, and of nothing else.
fn legend(course: &Course) -> Markup {
    let stroke = |colour, width| {
        ornament("sleutel", (26.0, 14.0), move |canvas: &Canvas| {
            canvas.line(&[(0.0, 7.0), (26.0, 7.0)], colour, width);
        })
    };
    let block = |colour, edge| {
        ornament("sleutel", (26.0, 14.0), move |canvas: &Canvas| {
            canvas.block((1.0, 2.0), (25.0, 12.0), colour);
            canvas.outline((1.0, 2.0), (25.0, 12.0), edge, 1.0);
        })
    };
    let provisional = ornament("sleutel", (26.0, 14.0), |canvas: &Canvas| {
        canvas.block((0.0, 0.0), (26.0, 14.0), SHADE);
        canvas.line(&[(0.0, 7.0), (26.0, 7.0)], PROVISIONAL, 3.0);
    });
    html! {
        ul.leg {
            li { (stroke(REALISED, 3.0)) "geboekt" }
            @if course.has_late() {
                li { (provisional) "geboekt, voorlopige maanden" }
                li { (block(LATE, REALISED)) "nog te ontvangen (schatting)" }
            }
            li { (stroke(EXPECTED, 2.0)) "verwacht" }
            li { (block(BAND50, BAND50)) "helft van de uitkomsten" }
            li { (block(BAND80, EDGE)) "8 van de 10 uitkomsten" }
            @if course.budget.is_some() { li { (stroke(INK, 1.8)) "begroting" } }
            @if course.last_year.is_some() { li { (stroke(LAST_YEAR, 1.8)) "vorig jaar" } }
        }
    }
}

fn table(cumulative: &Cumulative, id: &str, now: usize) -> Markup {
    let amount = |euros: f64| text::thousands(Cents::from_euros(euros));
    let mut heads = vec![head_text("Tot en met")];
    heads.extend(["Geboekt", "Verwacht", "80%-band", "50%-band"].map(head));
    heads.extend(cumulative.last_year.map(|_| head("Vorig jaar")));
    let band = |low: f64, high: f64| text::band(Cents::from_euros(low), Cents::from_euros(high));
    let body = html! {
        @for month in 0..12 {
            @let settled = month < cumulative.first_open;
            @let provisional = !settled && month <= now;
            tr.voorlopig[provisional] {
                th scope="row" { (text::month_name(month)) @if provisional { " (voorlopig)" } }
                td { (cumulative.booked.get(month).map_or_else(|| "–".to_owned(), |&euros| amount(euros))) }
                td { (amount(cumulative.mean[month])) }
                @if settled {
                    td { "–" } td { "–" }
                } @else {
                    td { (band(cumulative.p10[month], cumulative.p90[month])) }
                    td { (band(cumulative.p25[month], cumulative.p75[month])) }
                }
                @if let Some(last) = cumulative.last_year { td { (amount(last[month])) } }
            }
        }
    };
    let title =
        format!("{}, lasten opgeteld vanaf januari {}", act_name(cumulative.wet), cumulative.year);
    let note = match cumulative.budget {
        Some(budget) => format!("Bedragen × € 1.000 · begroting voor het jaar {}", amount(budget)),
        None => "Bedragen × € 1.000 · er is geen begroting bekend".to_owned(),
    };
    figures(&format!("{id}-tabel"), &title, &note, &heads, &body)
}
