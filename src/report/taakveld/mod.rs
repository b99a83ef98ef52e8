//! A page per taakveld: its products, its months, the years after, its signals, and how each amount is made.

mod months;
mod months_chart;
mod origin;

use super::chance::Chance;
use super::facts::{Facts, row_name};
use super::markup::{Gap, head, head_text, section_of, table};
use super::shell::Kind::{Describes, Expects, Explains};
use super::shell::{Section, Shell};
use super::{horizon, signals, text, year};
use crate::outlook::{NodeName, YearRow};
use crate::units::{Level, LineId, Measure};
use maud::{Markup, html};

/// The sections in order.
#[rustfmt::skip]
const SECTIONS: [Section; 6] = [
    Section { id: "kern", title: "Uitkomst", kinds: &[Expects] },
    Section { id: "producten", title: "Producten", kinds: &[Expects] },
    Section { id: "maanden", title: "Per maand", kinds: &[Describes, Expects] },
    Section { id: "jaren", title: "De jaren hierna", kinds: &[Expects] },
    Section { id: "signalen", title: "Signalen", kinds: &[Describes, Explains] },
    Section { id: "herkomst", title: "Hoe komt elk bedrag tot stand?", kinds: &[Explains] },
];

/// The way back, from a page in `report/`.
const UP: &str = "../report.html";

/// One taakveld of the year.
pub(super) struct Taakveld<'a> {
    node: &'a NodeName,
    /// Lasten, baten and saldo of the year, as far as they hold anything.
    pub(super) rows: Vec<&'a YearRow>,
    /// Where its page goes in the output folder.
    pub(super) path: String,
}

/// The taakvelden with a page, in reading order.
pub(super) fn all<'a>(facts: &Facts<'a>) -> Vec<Taakveld<'a>> {
    let mut found: Vec<Taakveld> = Vec::new();
    let of_year = facts.outlook.years.iter().filter(|row| row.year == facts.year());
    for row in
        of_year.filter(|row| row.node.level == Level::Taakveld && !super::facts::is_empty(row))
    {
        if let Some(taakveld) = found.iter_mut().find(|taakveld| *taakveld.node == row.node) {
            taakveld.rows.push(row);
            continue;
        }
        let name = file_name(&row.node);
        let same = found.iter().filter(|other| file_name(other.node) == name).count();
        let name = if same == 0 { name } else { format!("{name}-{}", same + 1) };
        let path = format!("report/{name}.html");
        found.push(Taakveld { node: &row.node, rows: vec![row], path });
    }
    found
}

/// Where the page of the taakveld of a row is, seen from the output folder.
pub(super) fn path_of(facts: &Facts, row: &YearRow) -> Option<String> {
    all(facts).into_iter().find(|taakveld| *taakveld.node == row.node).map(|taakveld| taakveld.path)
}

/// `wmo-6.711`: what a code may hold beside letters, digits and points is not for the name of a file.
fn file_name(node: &NodeName) -> String {
    let wet = node.wet.map(|wet| wet.to_string()).unwrap_or_default();
    let plain = |letter: char| match letter {
        letter if letter.is_ascii_alphanumeric() || letter == '.' => letter.to_ascii_lowercase(),
        _ => '-',
    };
    format!("{wet}-{}", node.taakveld.as_deref().unwrap_or_default()).chars().map(plain).collect()
}

/// The page of one taakveld.
pub(super) fn page(facts: &Facts, taakveld: &Taakveld) -> String {
    let shell = Shell {
        title: &format!("{}, {}", row_name(taakveld.rows[0]), facts.year()),
        organisation: facts.organisation,
        model_owner: facts.model_owner,
        as_of: facts.outlook.as_of,
        made_up: facts.made_up,
        version: &facts.provenance.version,
        up: Some((UP, "Terug naar het maandbericht")),
        meta: html! { span { "geboekt tot en met " b { (text::month(facts.outlook.as_of)) } } },
        contents: &SECTIONS,
    };
    shell.page(&html! {
        (outcome(facts, taakveld))
        (products(facts, taakveld))
        (months::render(facts, taakveld))
        (years(facts, taakveld))
        (changed(facts, taakveld))
        (origin::render(facts, taakveld))
    })
}

fn section(id: &str, question: &str, body: &Markup) -> Markup {
    section_of(&SECTIONS, id, question, body)
}

fn outcome(facts: &Facts, taakveld: &Taakveld) -> Markup {
    let measure = |row: &&'_ YearRow| html! { (text::capital(&row.measure.to_string())) };
    let measures: Vec<_> = taakveld.rows.iter().map(|row| (*row, measure(row), "som")).collect();
    section(
        "kern",
        "Waar komt dit taakveld dit jaar uit, en hoe zeker is dat?",
        &html! {
            @for row in &taakveld.rows {
                @if row.measure != Measure::Saldo { p { (sentence(row)) } }
            }
            (year::table_of(facts, "uitkomst-tabel", "Uitkomst van het jaar", &measures))
        },
    )
}

/// `Wij verwachten € 8,6 miljoen aan lasten. Dat is … meer dan begroot (nadeel, N). In 9 van de 10 gevallen …`
fn sentence(row: &YearRow) -> Markup {
    let side = match row.measure {
        Measure::Baten => "onder",
        _ => "boven",
    };
    html! {
        "Wij verwachten " strong { (text::euros(row.expected)) } " aan " (row.measure) ". "
        @match Gap::of(row) {
            Some(gap) => {
                "Dat is " (gap.marked()) " dan begroot (" (gap.word()) ", " (gap.letter) "). "
                @if let Some(words) = Chance::of(row).and_then(Chance::words) {
                    (words) " komen de " (row.measure) " " (side) " de begroting uit. "
                }
            }
            None if row.budget.is_none() => { "Een begroting is niet bekend. " }
            None => { "Dat is wat is begroot. " }
        }
        @let [low, high] = [row.quantiles.p10(), row.quantiles.p90()].map(text::euros);
        @if low == high { "Dat ligt vrijwel vast." }
        @else { "In 8 van de 10 gevallen wordt het tussen " (low) " en " (high) "." }
    }
}

fn products(facts: &Facts, taakveld: &Taakveld) -> Markup {
    let rows = || taakveld.rows.iter().filter(|row| row.measure != Measure::Saldo);
    section(
        "producten",
        "Welke producten zorgen voor het verschil?",
        &html! {
            @for above in rows() {
                @let id = format!("producten-{}", above.measure);
                @let title = format!("Producten, {}", above.measure);
                (year::table_of(facts, &id, &title, &parts(facts, above)))
            }
        },
    )
}

/// The products of a row, and the row itself below them.
fn parts<'a>(facts: &Facts<'a>, above: &'a YearRow) -> Vec<(&'a YearRow, Markup, &'static str)> {
    let products = facts.products(above).into_iter();
    let product = |row: &'a YearRow| (row, html! { (row_name(row)) }, "");
    products.map(product).chain([(above, html! { "Samen" }, "som")]).collect()
}

fn years(facts: &Facts, taakveld: &Taakveld) -> Markup {
    let measures = taakveld.rows.iter().map(|row| row.measure);
    section(
        "jaren",
        "Waar gaat het heen?",
        &html! {
            (horizon::status(facts, &facts.horizon()))
            @for measure in measures.filter(|&measure| measure != Measure::Saldo) {
                (years_of(facts, taakveld, measure))
            }
        },
    )
}

fn years_of(facts: &Facts, taakveld: &Taakveld, measure: Measure) -> Markup {
    let of = |year: i32| {
        let mut rows = facts.outlook.years.iter();
        rows.find(|row| row.year == year && row.measure == measure && row.node == *taakveld.node)
    };
    let heads = [
        head_text("Jaar"),
        head("Begroting"),
        head("Prognose"),
        head("80%-band"),
        head("Afwijking"),
        head("Waarvan beleid"),
    ];
    let body = html! {
        @for row in facts.horizon().into_iter().filter_map(of) {
            tr {
                th scope="row" { (row.year) }
                td { (row.budget.map_or_else(|| "geen".to_owned(), text::thousands)) }
                td { b { (text::thousands(row.expected)) } }
                td { (text::band(row.quantiles.p10(), row.quantiles.p90())) }
                td { (Gap::cell(Gap::of(row))) }
                td { (text::thousands(row.policy)) }
            }
        }
    };
    let (id, title) =
        (format!("jaren-{measure}"), format!("{} per jaar", text::capital(&measure.to_string())));
    table(&id, &title, "Bedragen × € 1.000", &heads, &body)
}

fn changed(facts: &Facts, taakveld: &Taakveld) -> Markup {
    let here: Vec<_> = signals::signals(facts)
        .into_iter()
        .filter(|test| test.line.as_ref().is_some_and(|line| taakveld.holds(line)))
        .collect();
    section(
        "signalen",
        "Is hier iets veranderd sinds het model leerde?",
        &html! {
            @if here.is_empty() {
                p { "Er is hier geen signaal." }
            } @else {
                p { "Een signaal zegt dat iets groter is dan toeval meestal geeft. Het zegt niet waardoor." }
                (signals::table(facts, "signalen-tabel", "Signalen bij dit taakveld", &here))
            }
        },
    )
}

impl Taakveld<'_> {
    fn holds(&self, line: &LineId) -> bool {
        self.node.wet == Some(line.wet) && self.node.taakveld.as_ref() == Some(&line.taakveld)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sound::{assert_linked, assert_sound};
    use crate::report::{example, pages};

    #[test]
    fn every_taakveld_has_a_sound_page_that_the_report_leads_to() {
        let example = example::example();
        let pages = pages(&example.facts());
        let report = &pages[0].1;
        assert_linked(&pages);
        let of_taakvelden: Vec<&(String, String)> =
            pages.iter().filter(|(path, _)| path.starts_with("report/wmo-")).collect();
        assert!(of_taakvelden.len() > 5);
        for (path, page) in of_taakvelden {
            assert_sound(page, &[]);
            assert!(report.contains(&format!("href=\"{path}\"")), "{path}");
        }
    }

    #[test]
    fn names_of_files_hold_nothing_odd_and_differ() {
        let mut example = example::example();
        for row in &mut example.outlook.years {
            if let Some(code) = &mut row.node.taakveld {
                *code = code.replace("6.71", "6/..\\71");
            }
        }
        let facts = example.facts();
        let mut paths: Vec<String> = all(&facts).into_iter().map(|one| one.path).collect();
        let all = paths.len();
        let plain = |path: &String| {
            let name = path.strip_prefix("report/").unwrap();
            !name.contains(['/', '\\'])
        };
        assert!(paths.iter().all(plain), "{paths:?}");
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), all);
    }

    #[test]
    fn tells_each_step_of_each_product() {
        let example = example::example();
        let pages = pages(&example.facts());
        let one = &example.explained[0];
        let facts = example.facts();
        let here = all(&facts).into_iter().find(|taakveld| taakveld.holds(&one.line)).unwrap().path;
        let (_, page) = pages.iter().find(|(path, _)| *path == here).unwrap();
        for amount in [one.year.booked, one.steps.blend, one.year.to_come, one.year.expected] {
            assert!(page.contains(&format!("<td>{}</td>", text::exact(amount))), "{amount}");
        }
    }
}
