//! Section 5: the invoices still to be received, and how well earlier months were foreseen.

use super::facts::{Facts, SUMS, act_name, node_name};
use super::hindsight;
use super::markup::{folded, head, head_text, section, table};
use super::text;
use super::year::slug;
use crate::outlook::{LatePart, LateRow};
use crate::units::{Cents, Level, Measure, Wet};
use maud::{Markup, html};

pub(super) fn render(facts: &Facts) -> Markup {
    section(
        "facturen",
        "Welke facturen komen nog, en zagen we dat eerder goed?",
        &html! {
            @if !facts.has_service_months {
                (switched_off())
            } @else if facts.outlook.late.is_empty() {
                p { "Over de maanden tot en met " (text::month(facts.outlook.as_of)) " verwachten wij geen facturen meer." }
            } @else {
                (introduction(facts))
                (tables(facts))
            }
            (hindsight::render(facts))
        },
    )
}

/// Without service months nobody can tell what is late; say so, and what can be done.
fn switched_off() -> Markup {
    html! {
        p {
            strong { "De aanvulling van late facturen staat uit." }
            " Het grootboek zegt niet over welke maand een factuur gaat. Daarom weten wij niet wat er nog "
            "binnenkomt, en staat hier geen tabel. De laatste maanden kunnen te laag zijn."
        }
        p { "Er zijn twee manieren om dat op te lossen:" }
        ul {
            li { "Lever in het grootboek de maand van de zorg mee. Zet de naam van die kolom bij " code { "service" }
                " onder " code { "[source.columns]" } " in " code { "prognose.toml" } ". Dat is het beste." }
            li { "Laat de laatste drie maanden niet meetellen. Zet daarvoor " code { "drop_months = 3" }
                " onder " code { "[forecast]" } " in " code { "prognose.toml" } ". Het model leert dan alleen van de maanden "
                "daarvoor, en schat de laatste drie." }
        }
    }
}

fn introduction(facts: &Facts) -> Markup {
    let now = text::month(facts.outlook.as_of);
    let rows = facts.late(Level::Totaal, Measure::Lasten);
    html! {
        @match rows.first() {
            None => p { "Er komen naar schatting bijna geen facturen meer over de maanden tot en met " (now) "." },
            Some(LateRow { total, .. }) => p {
                "Wij verwachten nog " strong { (text::euros(total.to_receive)) } " aan facturen over zorg tot en met "
                (now) ". In 8 van de 10 gevallen wordt het tussen " (text::euros(total.p10)) " en "
                (text::euros(total.p90)) "."
                @if text::in_thousands(total.of_earlier_years) != 0 {
                    " Daarvan gaat " (text::euros(total.of_earlier_years)) " over eerdere jaren; dat telt niet mee in de "
                    "uitkomst van " (facts.year()) "."
                }
            },
        }
    }
}

/// What all tables of the section share.
struct Grid {
    heads: Vec<Markup>,
    earlier_years: bool,
}

impl Grid {
    fn new(facts: &Facts) -> Self {
        let of_earlier_years = |row: &LateRow| text::in_thousands(row.total.of_earlier_years) != 0;
        let earlier_years = facts.outlook.late.iter().any(of_earlier_years);
        let mut heads = vec![head_text("Onderdeel"), head("Nog te ontvangen"), head("80%-band")];
        let ages =
            ["0–2 maanden oud", "3–5 maanden oud", "6–11 maanden oud", "12 maanden of ouder"];
        heads.extend(ages.map(head));
        heads.extend(earlier_years.then(|| head("Waarvan eerdere jaren")));
        heads.push(head(&format!("Deel van {}", facts.year())));
        heads.push(head("Oudste open maand"));
        Self { heads, earlier_years }
    }
}

fn line(row: &LateRow, name: &str, class: &str, grid: &Grid) -> Markup {
    let LatePart { to_receive, of_earlier_years, p10, p90, .. } = row.total;
    html! {
        tr class=(class) {
            th scope="row" { (name) }
            td { b { (text::thousands(to_receive)) } }
            td { (text::band(p10, p90)) }
            @for part in row.by_age { td { (text::thousands(part.to_receive)) } }
            @if grid.earlier_years { td { (text::thousands(of_earlier_years)) } }
            td { (row.share_of_year.map_or_else(|| "–".to_owned(), text::percent)) }
            td { (text::month_and_year(row.oldest)) }
        }
    }
}

fn tables(facts: &Facts) -> Markup {
    let grid = Grid::new(facts);
    let acts = |measure| facts.late(Level::Wet, measure);
    let body = html! {
        @for act in acts(Measure::Lasten) {
            (line(act, &format!("{}, lasten", node_name(&act.node)), "act", &grid))
            @for part in taakvelden(facts, act) { (line(part, &node_name(&part.node), "", &grid)) }
        }
        @for act in acts(Measure::Baten) {
            (line(act, &format!("{}, baten", node_name(&act.node)), "", &grid))
        }
        @for (measure, name) in SUMS {
            @for row in facts.late(Level::Totaal, measure) { (line(row, name, "som", &grid)) }
        }
    };
    let title =
        format!("Nog te ontvangen facturen tot en met {}", text::month(facts.outlook.as_of));
    html! {
        p.schuif { "Schuif de tabel opzij voor alle kolommen." }
        (table("facturen-tabel", &title, NOTE, &grid.heads, &body))
        @for measure in [Measure::Lasten, Measure::Baten] {
            @for act in acts(measure) { (products(facts, act, &grid)) }
        }
        (reading(facts))
    }
}

const NOTE: &str = "Bedragen × € 1.000 · naar ouderdom van de maand waarin de zorg is geleverd";

fn taakvelden<'a>(facts: &Facts<'a>, act: &LateRow) -> Vec<&'a LateRow> {
    let mut rows = facts.late(Level::Taakveld, act.measure);
    rows.retain(|row| row.node.wet == act.node.wet);
    rows
}

/// The lines of an act, below their taakvelden.
fn products(facts: &Facts, act: &LateRow, grid: &Grid) -> Markup {
    let Some(wet): Option<Wet> = act.node.wet else { return html! {} };
    let lines = facts.late(Level::Product, act.measure);
    let lines: Vec<&LateRow> = lines.into_iter().filter(|row| row.node.wet == Some(wet)).collect();
    let body = html! {
        @for part in taakvelden(facts, act) {
            (line(part, &node_name(&part.node), "act", grid))
            @for row in lines.iter().filter(|row| row.node.taakveld == part.node.taakveld) {
                (line(row, &node_name(&row.node), "cat", grid))
            }
        }
    };
    let name = format!("{}, {} per product: nog te ontvangen", act_name(Some(wet)), act.measure);
    let heading = format!("{name} ({})", text::counted(lines.len(), "regel", "regels"));
    let id = format!("facturen-{}-{}", slug(wet), act.measure);
    folded(&heading, true, &table(&id, &name, NOTE, &grid.heads, &body))
}

fn reading(facts: &Facts) -> Markup {
    let negative = facts.outlook.late.iter().any(|row| row.total.to_receive < Cents::ZERO);
    html! {
        p.noot {
            b { "Zo leest u de tabel. " }
            "De maand " (text::month(facts.outlook.as_of)) " is 0 maanden oud. Het deel van " (facts.year())
            " is wat er over dat jaar nog binnenkomt, gedeeld door de prognose van dat jaar. Alle maanden vanaf de "
            "oudste open maand zijn voorlopig. Regels zonder bedrag staan er niet bij. Tel banden niet op."
            @if negative { " Een bedrag onder nul is geld dat naar verwachting terugkomt." }
        }
    }
}
