//! The months of a taakveld: last year, this year and what is still to come.

use super::months_chart::{self, Months};
use super::{Taakveld, section};
use crate::outlook::{MonthRow, Status};
use crate::report::canvas::{Alt, twice};
use crate::report::facts::{Facts, row_name};
use crate::report::markup::{figures, head, head_text};
use crate::report::text;
use crate::units::Measure;
use maud::{Markup, html};

pub(super) fn render(facts: &Facts, taakveld: &Taakveld) -> Markup {
    let rows: Vec<&MonthRow> = facts
        .outlook
        .months
        .iter()
        .filter(|row| row.month.year() <= facts.year() && row.measure == Measure::Lasten)
        .filter(|row| row.node == *taakveld.node)
        .collect();
    section(
        "maanden",
        "Wat kostte elke maand, en wat komt er nog?",
        &html! {
            @if rows.is_empty() { p { "Hier zijn geen lasten." } } @else { (figure(taakveld, &rows)) }
        },
    )
}

fn figure(taakveld: &Taakveld, rows: &[&MonthRow]) -> Markup {
    let alt = Alt {
        id: "maanden-figuur".into(),
        title: format!("Lasten per maand van {}", row_name(taakveld.rows[0])),
        description: described(rows),
    };
    let months = Months::new(rows);
    let body = html! { @for row in rows { (line(row)) } };
    let heads = [head_text("Maand"), head("Bedrag"), head("80%-band"), head_text("Status")];
    html! {
        figure aria-labelledby="maanden-figuur-kop" {
            figcaption id="maanden-figuur-kop" {
                strong { "Lasten per maand van de zorg" }
                span { "Doorgetrokken is geboekt, gestippeld voorlopig, gestreept verwacht. Het vlak is de 80%-band." }
            }
            div.twee { div { (twice(|screen| months_chart::draw(&months, screen, &alt))) } }
            (figures("maanden-tabel", "Lasten per maand", "Bedragen × € 1.000", &heads, &body))
        }
    }
}

fn described(rows: &[&MonthRow]) -> String {
    let said = |row: &MonthRow| format!("{}: {}", text::month(row.month), text::euros(row.mean));
    match rows {
        [first, .., last] => format!("{}. {}.", said(first), said(last)),
        rows => rows.iter().map(|row| said(row) + ".").collect(),
    }
}

fn line(row: &MonthRow) -> Markup {
    let status = match row.status {
        Status::Gerealiseerd => "gerealiseerd",
        Status::Voorlopig => "voorlopig",
        Status::Verwacht => "verwacht",
    };
    html! {
        tr class=[(row.status == Status::Voorlopig).then_some("voorlopig")] {
            th scope="row" { (text::month(row.month)) }
            td { (text::thousands(row.mean)) }
            td {
                @if row.status == Status::Gerealiseerd { "–" }
                @else { (text::band(row.quantiles.p10(), row.quantiles.p90())) }
            }
            td.t { (status) }
        }
    }
}
