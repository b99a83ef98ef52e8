//! How each amount of a taakveld is made: from postings, late invoices and the parts of the model to the total.

use super::{Taakveld, section};
use crate::outlook::{Explained, ExplainedMonth, Status};
use crate::report::facts::{Facts, act_name, row_name};
use crate::report::markup::{folded, head, head_text, path, table};
use crate::report::text;
use crate::units::{Cents, Level, Side};
use maud::{Markup, html};

pub(super) fn render(facts: &Facts, taakveld: &Taakveld) -> Markup {
    let here = facts.explained.iter().filter(|one| taakveld.holds(&one.line));
    let blended = here.clone().any(|one| one.parts.len() > 1);
    section(
        "herkomst",
        "Uit welke stappen bestaat elk bedrag, van boeking tot totaal?",
        &html! {
            @if blended { p {
                "Het model mengt vier delen. " i { "dot" } " en " i { "theta" } " gaan uit van het niveau van nu en een deel van "
                "de lange trend. " i { "gedempte-trend" } " volgt de trend van nu, die langzaam uitdooft. " i { "recent-niveau" }
                " is het gemiddelde van de laatste maanden. Hoe grilliger de regel, hoe zwaarder dat laatste telt."
            } }
            @for (at, one) in (1..).zip(here) { (explanation(facts, at, one)) }
        },
    )
}

fn explanation(facts: &Facts, at: usize, one: &Explained) -> Markup {
    let Explained { line, year, .. } = one;
    let name = match line.side {
        Side::Lasten => line.product.clone(),
        Side::Baten => format!("{}, baten", line.product),
    };
    let heading = format!("{name}: {}", text::euros(year.expected));
    folded(
        &heading,
        true,
        &html! {
            (steps(facts, &format!("stappen-{at}"), &name, one))
            (months(&format!("maanden-{at}"), &name, one))
            (usual(one))
        },
    )
}

fn steps(facts: &Facts, id: &str, name: &str, one: &Explained) -> Markup {
    let Explained { year, files, parts, steps, .. } = one;
    let part = |name: &Markup, weight: &str, amount: Cents| {
        html! { tr { th scope="row" { (name) } td { (weight) } td { (text::exact(amount)) } td {} } }
    };
    let sum = |name: &str, amount: Cents| {
        html! { tr.som { th scope="row" { (name) } td {} td {} td { (text::exact(amount)) } } }
    };
    let body = html! {
        @for file in files {
            (part(&html! { (path(&file.file)) " (" (text::counted(file.postings, "boeking", "boekingen")) ")" }, "", file.amount))
        }
        (sum("Geboekt", year.booked))
        (sum("Nog te ontvangen", year.to_receive))
        @for one in parts {
            (part(&html! { "Deel " i { (one.name) } }, &text::decimals(one.weight, 3), one.amount))
        }
        (part(&html! { "Gewogen gemiddelde" }, "", steps.blend))
        (part(&html! { "Bekende gebeurtenissen" }, "", steps.events))
        (part(&html! { "Tarieven" }, "", steps.tariff))
        (part(&html! { "Open maanden, bruggen en trekkingen" }, "", steps.rest))
        (part(&html! { "Al vooruit geboekt" }, "", -steps.booked_ahead))
        (sum("Nog te komen", year.to_come))
        (sum("Beleid", year.policy))
        (sum("Prognose", year.expected))
        @for row in above(facts, one) { (sum(&format!("deel van: {}", row.0), row.1)) }
    };
    let heads = [head_text("Stap"), head("Gewicht"), head("Deel"), head("Som")];
    let note = if steps.tariff == Cents::ZERO {
        "Bedragen in euro. De delen van het model gaan over de maanden die nog komen."
    } else {
        "Bedragen in euro. De delen van het model gaan over de maanden die nog komen, in de prijzen waarin het model rekent. \
         Tarieven brengen ze naar die van nu."
    };
    table(id, &format!("{name}: van boeking tot prognose"), note, &heads, &body)
}

/// The totals that a line is part of.
fn above(facts: &Facts, one: &Explained) -> Vec<(String, Cents)> {
    let levels = [Level::Taakveld, Level::Wet, Level::Totaal];
    let row = |level| {
        let rows = facts.rows(facts.year(), level, one.year.measure).into_iter();
        let mut rows = rows.filter(|row| {
            row.node.wet.is_none_or(|wet| wet == one.line.wet)
                && row.node.taakveld.as_ref().is_none_or(|taakveld| *taakveld == one.line.taakveld)
        });
        rows.next().map(|row| match level {
            Level::Totaal => ("alles samen".to_owned(), row.expected),
            Level::Wet => (act_name(row.node.wet), row.expected),
            _ => (row_name(row), row.expected),
        })
    };
    levels.into_iter().filter_map(row).collect()
}

fn months(id: &str, name: &str, one: &Explained) -> Markup {
    let heads = [
        head_text("Maand"),
        head("Geboekt"),
        head("Nog te verwachten"),
        head("Samen"),
        head("80%-band, laag"),
        head("80%-band, hoog"),
    ];
    let month = |ExplainedMonth { booked, still, row }: &ExplainedMonth| {
        html! {
            tr class=[(row.status == Status::Voorlopig).then_some("voorlopig")] {
                th scope="row" { (text::month_name(row.month.index())) }
                td { (text::exact(*booked)) }
                td { (text::exact(*still)) }
                td { (text::exact(row.mean)) }
                td { (text::exact(row.quantiles.p10())) }
                td { (text::exact(row.quantiles.p90())) }
            }
        }
    };
    let body = html! { @for one in &one.months { (month(one)) } };
    table(id, &format!("{name}: per maand"), "Bedragen in euro. Schuin: voorlopig.", &heads, &body)
}

/// How invoices usually come in, and what the model learned from.
fn usual(one: &Explained) -> Markup {
    let shares: Vec<String> = one
        .paid
        .iter()
        .take(4)
        .map(|&share| format!("{} van de 100 euro", text::decimals(100.0 * share, 0)))
        .collect();
    html! {
        p.noot {
            @if !shares.is_empty() {
                "Gewoonlijk is van een maand al geboekt, in de maand zelf en telkens een maand later: " (text::list(&shares)) ". "
            }
            @match one.learned {
                0 => "Er is geen model: de regel heeft geen boekingen om van te leren.",
                months => { "Het model (" (one.year.model) ") leerde van " (text::counted(months, "maand", "maanden")) "." }
            }
        }
    }
}
