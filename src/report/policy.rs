//! The policy part of section 6: what each scenario row does to the years, and which are expected.

use super::chance::Chance;
use super::facts::Facts;
use super::markup::{head, head_text, table};
use super::text;
use super::year_sets::status;
use crate::calendar::Event;
use crate::forecast::PolicyChoice;
use crate::outlook::{PolicyRow, YearRow};
use crate::units::Measure;
use maud::{Markup, html};
use std::collections::BTreeSet;

pub(super) fn render(facts: &Facts) -> Markup {
    let lines = lines(facts);
    html! {
        h3 { "Nieuw beleid" }
        @if lines.is_empty() {
            p { "Er is geen beleid met een bedrag bekend dat nog moet ingaan of net is ingegaan." }
        } @else {
            p { (inside(facts, &lines)) (layer(facts)) }
            p.schuif { "Schuif de tabel opzij voor alle kolommen." }
            (lines_table(facts, &lines))
        }
        (without_amount(facts))
    }
}

/// What one scenario row does to lasten or baten, over the years.
struct Line<'a> {
    event: &'a Event,
    measure: Measure,
    rows: Vec<&'a PolicyRow>,
}

/// Each scenario row and side, in the order given.
fn lines<'a>(facts: &Facts<'a>) -> Vec<Line<'a>> {
    let mut lines: Vec<Line> = Vec::new();
    for row in facts.outlook.policy.iter().filter(|row| row.measure != Measure::Saldo) {
        let same = |line: &&mut Line| line.event.id == row.event && line.measure == row.measure;
        if let Some(line) = lines.iter_mut().find(same) {
            line.rows.push(row);
        } else if let Some(event) = facts.events.iter().find(|event| event.id == row.event) {
            lines.push(Line { event, measure: row.measure, rows: vec![row] });
        }
    }
    lines
}

impl Line<'_> {
    fn inside(&self) -> bool {
        self.rows.iter().any(|row| row.inside)
    }

    fn row(&self, year: i32) -> Option<&PolicyRow> {
        self.rows.iter().copied().find(|row| row.year == year)
    }
}

/// Which rows are expected, by the choice of the organisation and by what is there.
fn inside(facts: &Facts, lines: &[Line]) -> Markup {
    let ids = lines.iter().map(|line| (&line.event.id, line.inside()));
    let all = ids.clone().map(|(id, _)| id).collect::<BTreeSet<_>>().len();
    let inside = ids.filter(|(_, inside)| *inside).collect::<BTreeSet<_>>().len();
    html! {
        @match facts.policy {
            PolicyChoice::None => {
                strong { "Nieuw beleid zit niet in de verwachting." } " Zo is het ingesteld. Alleen wat al ingegaan is, telt mee. De "
                "rest van wat hieronder staat, komt er nog bij."
            }
            PolicyChoice::Decided => {
                strong { "Beleid zit alleen in de verwachting als het besloten of al ingegaan is." }
                @if inside == all {
                    " Dat geldt voor alles hieronder."
                } @else {
                    " Dat geldt voor " (text::count(inside)) " van de " (text::count(all)) " maatregelen. De rest staat "
                    "hieronder, maar telt niet mee."
                }
            }
            PolicyChoice::All => {
                strong { "Al het beleid hieronder zit in de verwachting" } ", ook wat nog niet besloten is: elk bedrag telt mee "
                "naar de kans dat het doorgaat."
            }
        }
    }
}

/// How much of what is expected is new policy, in the first and the last year that hold any.
fn layer(facts: &Facts) -> Markup {
    let of = |measure: Measure| {
        let row = |year: i32| facts.total(year, measure);
        let rows = facts.horizon().into_iter().filter_map(row);
        let shows: Vec<_> = rows.filter(|row| text::in_thousands(row.policy) != 0).collect();
        let said =
            |row: &YearRow| format!("{} {measure} in {}", text::more_or_less(row.policy), row.year);
        match shows.as_slice() {
            [] => None,
            [one] => Some(said(one)),
            [first, .., last] => Some(format!("{} en {}", said(first), said(last))),
        }
    };
    let parts: Vec<String> = [Measure::Lasten, Measure::Baten].into_iter().filter_map(of).collect();
    html! {
        @if !parts.is_empty() { " Het gevolg: " (parts.join("; ")) "." }
    }
}

fn lines_table(facts: &Facts, lines: &[Line]) -> Markup {
    let works = |year: &i32| lines.iter().any(|line| line.row(*year).is_some());
    let years: Vec<i32> = facts.horizon().into_iter().filter(works).collect();
    let heads: Vec<Markup> = [head_text("Maatregel")]
        .into_iter()
        .chain(["Vanaf", "Status", "Kans dat het doorgaat"].map(head_text))
        .chain(years.iter().map(|year| head(&year.to_string())))
        .chain([head_text("In de verwachting")])
        .collect();
    let body = html! {
        @for line in lines {
            tr {
                th scope="row" { (line.event.title) small.onder { (origin(line)) } }
                td.t { (text::month_and_year(line.event.date)) }
                td.t { (status(line.event.status)) }
                td.t { (chance(line)) }
                @for &year in &years { td { (cell(line, year)) } }
                td.t { @if line.inside() { "ja" } @else { "nee" } }
            }
        }
    };
    let note = "Als het doorgaat: meer (+) of minder (−) per jaar, daaronder de 80%-band · van dit jaar alleen de maanden die nog komen · bedragen × € 1.000";
    table("beleid-tabel", "Wat nieuw beleid per jaar doet", note, &heads, &body)
}

/// On which side it works, and who says so.
fn origin(line: &Line) -> String {
    let Event { owner, source, .. } = line.event;
    let parts = [line.measure.to_string(), owner.clone(), source.clone()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn chance(line: &Line) -> String {
    match line.rows.first() {
        Some(row) if row.goes < 1.0 => Chance::from_share(row.goes).cell(),
        _ if !line.event.is_certain() && line.event.probability.is_none() => {
            "niet opgegeven".to_owned()
        }
        _ => "zeker".to_owned(),
    }
}

fn cell(line: &Line, year: i32) -> Markup {
    html! {
        @match line.row(year) {
            Some(row) => { (text::change(row.when_it_goes)) small.onder { (text::band(row.p10, row.p90)) } }
            None => "–",
        }
    }
}

/// Policy to come of which nobody knows what it costs.
fn without_amount(facts: &Facts) -> Markup {
    let as_of = facts.outlook.as_of;
    let open =
        |event: &&Event| event.is_known(as_of) && event.date > as_of && event.size().is_none();
    let said = |event: &Event| format!("{} (vanaf {})", event.title, text::month(event.date));
    let names: Vec<String> = facts.events.iter().filter(open).map(said).collect();
    html! {
        @if !names.is_empty() {
            p { "Zonder bedrag, en dus nergens meegerekend: " (text::list(&names)) "." }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example::{self, Example};

    fn rendered(policy: PolicyChoice, change: impl FnOnce(&mut Example)) -> String {
        let mut example = example::example();
        change(&mut example);
        render(&Facts { policy, ..example.facts() }).into_string()
    }

    #[test]
    fn says_which_rows_are_expected() {
        let decided = rendered(PolicyChoice::Decided, |_| ());
        assert!(decided.contains("Dat geldt voor 2 van de 4 maatregelen."));
        assert!(decided.contains("De rest staat hieronder, maar telt niet mee."));
        // −140.000 of transport and 90.000 once.
        assert!(decided.contains(
            "€\u{a0}50.000\u{a0}minder lasten in 2027 en €\u{a0}140.000\u{a0}minder lasten in 2030."
        ));
        assert!(rendered(PolicyChoice::None, |_| ()).contains("zit niet in de verwachting"));
        assert!(rendered(PolicyChoice::All, |_| ()).contains("naar de kans dat het doorgaat"));
        let none = rendered(PolicyChoice::Decided, |example| example.outlook.policy.clear());
        assert!(none.contains("Er is geen beleid met een bedrag bekend"));
    }

    #[test]
    fn shows_a_row_as_given() {
        let page = rendered(PolicyChoice::Decided, |_| ());
        assert!(page.contains(
            "<td class=\"t\">jan\u{a0}2027</td><td class=\"t\">besloten</td><td class=\"t\">zeker</td>\
             <td>−140<small class=\"onder\">−180\u{a0}tot\u{a0}−100</small></td>"
        ));
        assert!(
            page.contains(
                "<td class=\"t\">aangekondigd</td><td class=\"t\">6\u{a0}van\u{a0}10</td>"
            )
        );
        assert!(page.contains("<small class=\"onder\">baten · inkoop · Collegebesluit</small>"));
        assert_eq!(page.matches("<td class=\"t\">ja</td>").count(), 2);
        assert_eq!(page.matches("<td class=\"t\">nee</td>").count(), 3);
    }

    #[test]
    fn names_policy_without_an_amount_unless_nobody_knows_of_it() {
        let page = rendered(PolicyChoice::Decided, |_| ());
        assert!(page.contains("nergens meegerekend: Tweede advies (vanaf januari 2027)."));
        assert!(!page.contains("Later bekend"));
    }
}
