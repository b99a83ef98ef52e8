//! Section 3: why the prognosis is another than a month ago.

use super::facts::{Facts, act_name, node_name};
use super::markup::{figures, folded, head, head_text, section, table};
use super::year::slug;
use super::{drivers, text, waterfall};
use crate::outlook::{Cause, ChangeRow};
use crate::units::{Cents, Level, Measure, Month, Months, Wet};
use maud::{Markup, html};

pub(super) fn render(facts: &Facts) -> Markup {
    let total = rows(facts, Level::Totaal, Measure::Lasten).first().copied();
    section(
        "veranderd",
        "Waarom verwachten wij iets anders dan een maand geleden?",
        &html! {
            @if facts.changes.is_empty() {
                p { "Van een maand geleden is geen prognose bekend, dus er is niets om mee te vergelijken." }
            } @else {
                @match total {
                    Some(row) => { (told(row, facts.outlook.as_of)) (figure(facts, row)) }
                    None => p { "De lasten van " (facts.year()) " komen even hoog uit als wij een maand geleden dachten." },
                }
                (act_tables(facts))
                (reading(facts))
            }
        },
    )
}

/// The rows of a level and measure in the current year, by act.
fn rows<'a>(facts: &Facts<'a>, level: Level, measure: Measure) -> Vec<&'a ChangeRow> {
    let of = |row: &&ChangeRow| {
        row.year == facts.year() && row.node.level == level && row.measure == measure
    };
    let mut rows: Vec<&ChangeRow> = facts.changes.iter().filter(of).collect();
    rows.sort_by_key(|row| row.node.wet);
    rows
}

/// What happened to all together, and by what.
fn told(row: &ChangeRow, as_of: Month) -> Markup {
    let named = Cause::ALL.into_iter().zip(row.causes);
    let causes = named.map(|(cause, amount)| (phrase(cause, as_of), amount)).collect();
    html! {
        p { (amounts(row)) }
        p { (drivers::told(causes, row.after - row.before)) }
    }
}

/// `De lasten van 2026 komen € 270.000 hoger uit dan wij een maand geleden dachten`.
fn amounts(row: &ChangeRow) -> Markup {
    let (before, after) = (text::euros(row.before), text::euros(row.after));
    html! {
        "De lasten van " (row.year) " komen naar verwachting " strong { (compared(row)) } " uit dan wij een maand geleden dachten"
        @if before != after { ": " (after) " in plaats van " (before) }
        "."
    }
}

/// `€ 270.000 hoger`, or `even hoog`.
fn compared(row: &ChangeRow) -> String {
    let change = row.after - row.before;
    match text::in_thousands(change) {
        0 => "nauwelijks anders".to_owned(),
        size => {
            let way = if size > 0 { "hoger" } else { "lager" };
            format!("{}\u{a0}{way}", text::euros(change.abs()))
        }
    }
}

/// A cause inside a sentence.
fn phrase(cause: Cause, as_of: Month) -> String {
    match cause {
        Cause::Indeling => "regels die erbij kwamen of wegvielen".to_owned(),
        Cause::Beleid => "beleid dat bekend werd, veranderde of verviel".to_owned(),
        Cause::Prijs => "tarieven die bekend werden".to_owned(),
        Cause::Realisatie => format!("de cijfers van {}", text::month(as_of)),
        Cause::Nakomend => "nagekomen facturen over eerdere maanden".to_owned(),
        Cause::Model => "modellen die opnieuw leerden".to_owned(),
    }
}

/// A cause beside a bar or above a column.
pub(super) fn label(cause: Cause) -> &'static str {
    match cause {
        Cause::Indeling => "Indeling",
        Cause::Beleid => "Beleid",
        Cause::Prijs => "Tarieven",
        Cause::Realisatie => "Nieuwe maand",
        Cause::Nakomend => "Late facturen",
        Cause::Model => "Modellen",
    }
}

fn figure(facts: &Facts, row: &ChangeRow) -> Markup {
    let title = format!(
        "De verwachte lasten van {} zijn {} dan een maand geleden",
        row.year,
        compared(row)
    );
    let shown: Vec<(Cause, Cents)> = Cause::ALL
        .into_iter()
        .zip(row.causes)
        .filter(|(_, amount)| text::in_thousands(*amount) != 0)
        .collect();
    html! {
        @if !shown.is_empty() {
            figure aria-labelledby="veranderd-titel" {
                figcaption id="veranderd-titel" {
                    strong { (title) }
                    span { "Alles samen. Elke balk begint waar de vorige eindigt; de lijn is de prognose van vorige maand." }
                }
                (waterfall::chart(row, &shown, &title))
                (total_table(facts))
            }
        }
    }
}

/// The same figures, for lasten, baten and saldo.
fn total_table(facts: &Facts) -> Markup {
    let totals: Vec<&ChangeRow> =
        Measure::ALL.into_iter().flat_map(|measure| rows(facts, Level::Totaal, measure)).collect();
    let heads: Vec<Markup> = std::iter::once(head_text("Oorzaak"))
        .chain(totals.iter().map(|row| head(&text::capital(&row.measure.to_string()))))
        .collect();
    let body = html! {
        tr.act { th scope="row" { "Vorige maand" } @for row in &totals { td { (text::thousands(row.before)) } } }
        @for (at, cause) in Cause::ALL.into_iter().enumerate() {
            tr { th scope="row" { (label(cause)) } @for row in &totals { td { (text::change(row.causes[at])) } } }
        }
        tr.som { th scope="row" { "Nu" } @for row in &totals { td { (text::thousands(row.after)) } } }
    };
    let title = format!("Prognose {} van vorige maand naar nu", facts.year());
    figures("veranderd-tabel", &title, "Alles samen · bedragen × € 1.000", &heads, &body)
}

/// One folded table per act, of its taakvelden.
fn act_tables(facts: &Facts) -> Markup {
    let mut acts: Vec<Wet> = facts
        .changes
        .iter()
        .filter(|row| row.year == facts.year() && row.node.level == Level::Wet)
        .filter_map(|row| row.node.wet)
        .collect();
    acts.sort_unstable();
    acts.dedup();
    html! { @for wet in acts { (act_table(facts, wet)) } }
}

fn act_table(facts: &Facts, wet: Wet) -> Markup {
    let of = |level, measure| {
        let mut rows = rows(facts, level, measure);
        rows.retain(|row| row.node.wet == Some(wet));
        rows
    };
    let titles = Cause::ALL.map(label);
    let heads: Vec<Markup> = [head_text("Onderdeel"), head("Vorige maand")]
        .into_iter()
        .chain(titles.into_iter().chain(["Nu", "Verschil"]).map(head))
        .collect();
    let body = html! {
        @for measure in [Measure::Lasten, Measure::Baten] {
            @for act in of(Level::Wet, measure) {
                (line(act, &format!("{}, {measure}", act_name(Some(wet))), "act"))
                @for part in of(Level::Taakveld, measure) { (line(part, &node_name(&part.node), "")) }
            }
        }
    };
    let name = format!("{}: van vorige maand naar nu, per taakveld", act_name(Some(wet)));
    let id = format!("veranderd-{}", slug(wet));
    folded(&name, true, &table(&id, &name, "Bedragen × € 1.000", &heads, &body))
}

fn line(row: &ChangeRow, name: &str, class: &str) -> Markup {
    html! {
        tr class=(class) {
            th scope="row" { (name) }
            td { (text::thousands(row.before)) }
            @for amount in row.causes { td { (text::change(amount)) } }
            td { b { (text::thousands(row.after)) } }
            td { (text::change(row.after - row.before)) }
        }
    }
}

fn reading(facts: &Facts) -> Markup {
    let now = text::month(facts.outlook.as_of);
    let before = text::month(facts.outlook.as_of - Months(1));
    html! {
        p.noot {
            b { "Zo leest u de oorzaken. " }
            "De prognose van " (before) " is opnieuw gemaakt met wat toen bekend was; daarna verandert er één ding tegelijk. "
            b { "Indeling: " } "regels die erbij kwamen of wegvielen. "
            b { "Beleid: " } "maatregelen die bekend werden, veranderden of vervielen. "
            b { "Tarieven: " } "indexcijfers die bekend werden. "
            b { "Nieuwe maand: " } "wat " (now) " kostte naast wat wij verwachtten, en wat dat zegt over de maanden erna. "
            b { "Late facturen: " } "eerdere maanden waarover meer of minder binnenkwam dan gedacht. "
            b { "Modellen: " } "wat de modellen er deze maand bij leerden. "
            "Door afronding kan een optelling 1 verschillen."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;

    fn rendered(changes: &[ChangeRow]) -> String {
        let example = example::example();
        render(&Facts { changes, ..example.facts() }).into_string()
    }

    fn row(causes: [i64; 6]) -> ChangeRow {
        let causes = causes.map(|thousands| Cents(thousands * 100_000));
        let before = Cents::from_euros(80e6);
        ChangeRow {
            node: example::row(Level::Totaal, None, Measure::Lasten, 0.0).node,
            measure: Measure::Lasten,
            year: 2026,
            before,
            causes,
            after: before + causes.iter().copied().sum(),
        }
    }

    #[test]
    fn tells_the_change_and_its_causes() {
        // 10 + 0 + 150 + 400 − 140 + 30 = 450.
        let page = rendered(&[row([10, 0, 150, 400, -140, 30])]);
        assert!(page.contains("<strong>€\u{a0}450.000\u{a0}hoger</strong> uit dan"));
        assert!(page.contains("€\u{a0}80,5\u{a0}miljoen in plaats van €\u{a0}80,0\u{a0}miljoen."));
        assert!(page.contains(
            "door <strong>de cijfers van oktober 2026 (€\u{a0}400.000\u{a0}meer) en tarieven die \
             bekend werden (€\u{a0}150.000\u{a0}meer)</strong>."
        ));
        let still = rendered(&[row([0, 0, 0, 400, -400, 0])]);
        assert!(still.contains("<strong>nauwelijks anders</strong> uit dan wij"));
    }

    #[test]
    fn an_unknown_month_and_an_equal_one_are_told() {
        assert!(rendered(&[]).contains("Van een maand geleden is geen prognose bekend"));
        let other_year = ChangeRow { year: 2027, ..row([0, 0, 0, 1, 0, 0]) };
        assert!(rendered(&[other_year]).contains("even hoog uit"));
    }

    #[test]
    fn tables_show_the_rows_as_given() {
        let example = example::example();
        let page = rendered(&example.changes);
        let act = example.changes.iter().find(|row| row.node.wet == Some(Wet::Jeugd)).unwrap();
        let causes = act.causes.map(text::change).join("</td><td>");
        let before = text::thousands(act.before);
        let cells = format!("<td>{before}</td><td>{causes}</td><td><b>");
        assert!(page.contains(&cells), "{cells}");
    }
}
