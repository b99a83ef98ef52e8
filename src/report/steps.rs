//! From this year to the next, in section 6: what happened once, what works all year, volume, price
//! and policy.

use super::facts::{Facts, SUMS, act_name};
use super::markup::{head, head_text, table};
use super::{drivers, text};
use crate::outlook::StepRow;
use crate::units::{Cents, Level, Measure};
use maud::{Markup, html};

pub(super) fn render(facts: &Facts) -> Markup {
    let (from, to) = (facts.year(), facts.year() + 1);
    let total = rows(facts, Level::Totaal, Measure::Lasten);
    html! {
        @if let Some(row) = total.first() {
            h3 { "Van " (from) " naar " (to) }
            p { (told(row, facts.total(from, Measure::Lasten).map_or(Cents::ZERO, |row| row.policy))) }
            p.schuif { "Schuif de tabel opzij voor alle kolommen." }
            (step_table(facts))
            (reading(from, to))
        }
    }
}

/// The steps to next year of a level and measure that show anything, by act.
fn rows<'a>(facts: &Facts<'a>, level: Level, measure: Measure) -> Vec<&'a StepRow> {
    let next = facts.year() + 1;
    let shows = |row: &&StepRow| {
        [row.previous, row.expected].iter().any(|sum| text::in_thousands(*sum) != 0)
    };
    let of = |row: &&StepRow| {
        row.year == next && row.node.level == level && row.measure == measure && shows(row)
    };
    let mut rows: Vec<&StepRow> = facts.outlook.steps.iter().filter(of).collect();
    rows.sort_by_key(|row| row.node.wet);
    rows
}

/// From what to what, and why; `policy` is that of this year.
fn told(row: &StepRow, policy: Cents) -> Markup {
    let (from, to) = (row.previous + policy, row.expected);
    let way = match text::in_thousands(to - from) {
        0 => "blijven de lasten gelijk",
        change if change > 0 => "stijgen de lasten",
        _ => "dalen de lasten",
    };
    let care = if row.volume < Cents::ZERO { "minder zorg" } else { "meer zorg" };
    let tariffs = if row.price < Cents::ZERO { "lagere tarieven" } else { "hogere tarieven" };
    let parts = vec![
        ("wat eenmalig was".to_owned(), row.one_offs),
        (format!("wat in {} veranderde en daarna het hele jaar telt", row.year - 1), row.full_year),
        (care.to_owned(), row.volume),
        (tariffs.to_owned(), row.price),
        ("nieuw beleid".to_owned(), row.policy - policy),
    ];
    html! {
        "Van " (row.year - 1) " naar " (row.year) " " strong { (way) } ": van " (text::euros(from)) " naar "
        (text::euros(to)) ". " (drivers::told(parts, to - from))
    }
}

fn step_table(facts: &Facts) -> Markup {
    let (from, to) = (facts.year(), facts.year() + 1);
    let has_policy =
        facts.outlook.steps.iter().any(|row| row.year == to && row.policy != Cents::ZERO);
    let mut titles = vec![
        format!("Basis {from}"),
        "Eenmalig".to_owned(),
        "Doorwerking".to_owned(),
        "Volume".to_owned(),
        "Tarieven".to_owned(),
    ];
    titles.extend(has_policy.then(|| "Nieuw beleid".to_owned()));
    titles.push(format!("Verwacht {to}"));
    let heads: Vec<Markup> = std::iter::once(head_text("Onderdeel"))
        .chain(titles.iter().map(|title| head(title)))
        .collect();
    let body = html! {
        @for (measure, sum) in SUMS {
            @if measure != Measure::Saldo {
                @for act in rows(facts, Level::Wet, measure) {
                    (line(act, &format!("{}, {measure}", act_name(act.node.wet)), "", has_policy))
                }
            }
            @for row in rows(facts, Level::Totaal, measure) { (line(row, sum, "som", has_policy)) }
        }
    };
    let title = format!("Hoe {to} volgt uit {from}");
    table("stap-tabel", &title, "Bedragen × € 1.000", &heads, &body)
}

fn line(row: &StepRow, name: &str, class: &str, has_policy: bool) -> Markup {
    html! {
        tr class=(class) {
            th scope="row" { (name) }
            td { (text::thousands(row.previous)) }
            @for amount in [row.one_offs, row.full_year, row.volume, row.price] { td { (text::change(amount)) } }
            @if has_policy { td { (text::change(row.policy)) } }
            td { b { (text::thousands(row.expected)) } }
        }
    }
}

fn reading(from: i32, to: i32) -> Markup {
    html! {
        p.noot {
            b { "Zo leest u de tabel. " }
            b { "Basis: " } "de prognose van " (from) " zonder nieuw beleid. "
            b { "Eenmalig: " } "uitschieters in " (from) " die niet terugkomen. "
            b { "Doorwerking: " } "wat in de loop van " (from) " veranderde en in " (to) " het hele jaar telt. "
            b { "Volume: " } "meer of minder zorg. "
            b { "Tarieven: " } "indexering; bij regels zonder indexcijfers zit die in het volume. "
            "Door afronding kan een optelling 1 verschillen."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;

    #[test]
    fn shows_the_steps_as_given() {
        let example = example::example();
        let page = render(&example.facts()).into_string();
        let facts = example.facts();
        let row = rows(&facts, Level::Totaal, Measure::Lasten)[0];
        let amounts = [row.one_offs, row.full_year, row.volume, row.price, row.policy];
        let cells: Vec<String> =
            amounts.iter().map(|amount| format!("<td>{}</td>", text::change(*amount))).collect();
        let (from, to) = (text::thousands(row.previous), text::thousands(row.expected));
        let line = format!("<td>{from}</td>{}<td><b>{to}</b></td>", cells.concat());
        assert!(page.contains(&line), "{line}");
        assert!(page.contains("Van 2026 naar 2027 <strong>stijgen de lasten</strong>: van"));
        assert!(page.contains("hogere tarieven ("));
    }

    #[test]
    fn without_later_years_there_is_nothing_to_show() {
        let mut example = example::example();
        example.outlook.steps.clear();
        assert_eq!(render(&example.facts()).into_string(), "");
    }

    #[test]
    fn policy_of_this_year_is_part_of_where_it_starts() {
        let example = example::example();
        let facts = example.facts();
        let mut row = rows(&facts, Level::Totaal, Measure::Lasten)[0].clone();
        // 1.000 − 100 of policy this year; 900 + 50 of price − 100 of the same policy next year.
        (row.previous, row.price, row.policy) =
            (Cents(100_000_000), Cents(5_000_000), Cents(-10_000_000));
        (row.one_offs, row.full_year, row.volume) = (Cents::ZERO, Cents::ZERO, Cents::ZERO);
        row.expected = Cents(95_000_000);
        let said = told(&row, Cents(-10_000_000)).into_string().replace('\u{a0}', " ");
        assert_eq!(
            said,
            "Van 2026 naar 2027 <strong>stijgen de lasten</strong>: van € 900.000 naar € 950.000. Dat komt \
             vooral door <strong>hogere tarieven (€ 50.000 meer)</strong>."
        );
    }
}
