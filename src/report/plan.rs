//! The years ahead in the form of a *meerjarenbegroting*, in section 6: lasten, baten and saldo per
//! taakveld and year, with the part of new policy that stays (*structureel*) and the part that passes
//! (*incidenteel*).

use super::facts::{Facts, SUMS, act_name, node_name};
use super::markup::{Gap, folded, head, head_text, table};
use super::text;
use super::year::slug;
use crate::outlook::{NodeName, StepRow, YearRow};
use crate::units::{Cents, Level, Measure, Wet};
use maud::{Markup, html};

const NOTE: &str =
    "Verwachting × € 1.000, daaronder de afwijking van de begroting waar die bekend is";

pub(super) fn render(facts: &Facts) -> Markup {
    let plan = Plan::new(facts);
    html! {
        @if let Some(last) = plan.years.last() {
            h3 { "Raming in de vorm van de meerjarenbegroting" }
            p.schuif { "Schuif de tabel opzij voor alle kolommen." }
            (whole(&plan, *last))
            @for act in plan.acts() { (per_taakveld(&plan, act)) }
        }
    }
}

/// One node and measure over the years.
struct Line<'a> {
    node: &'a NodeName,
    measure: Measure,
    rows: Vec<&'a StepRow>,
}

/// The steps of the later years, put beside each other.
struct Plan<'a> {
    facts: &'a Facts<'a>,
    years: Vec<i32>,
    lines: Vec<Line<'a>>,
}

impl<'a> Plan<'a> {
    fn new(facts: &'a Facts<'a>) -> Self {
        let mut lines: Vec<Line> = Vec::new();
        for row in &facts.outlook.steps {
            match lines.last_mut() {
                Some(line) if line.node == &row.node && line.measure == row.measure => {
                    line.rows.push(row);
                }
                _ => lines.push(Line { node: &row.node, measure: row.measure, rows: vec![row] }),
            }
        }
        lines.retain(|line| line.rows.iter().any(|row| text::in_thousands(row.expected) != 0));
        let first = lines.first();
        let years = first.map(|line| line.rows.iter().map(|row| row.year).collect());
        Self { facts, years: years.unwrap_or_default(), lines }
    }

    fn acts(&self) -> Vec<Wet> {
        let mut acts: Vec<Wet> = self.lines.iter().filter_map(|line| line.node.wet).collect();
        acts.sort_unstable();
        acts.dedup();
        acts
    }

    /// The lines of a level and measure, by act.
    fn of(&self, level: Level, measure: Measure) -> Vec<&Line<'a>> {
        let fits = |line: &&Line| line.node.level == level && line.measure == measure;
        let mut lines: Vec<&Line> = self.lines.iter().filter(fits).collect();
        lines.sort_by_key(|line| line.node.wet);
        lines
    }

    /// The same of one act.
    fn within(&self, wet: Wet, level: Level, measure: Measure) -> Vec<&Line<'a>> {
        let mut lines = self.of(level, measure);
        lines.retain(|line| line.node.wet == Some(wet));
        lines
    }

    fn heads(&self) -> Vec<Markup> {
        let years = self.years.iter().map(|year| head(&year.to_string()));
        std::iter::once(head_text("Onderdeel")).chain(years).collect()
    }

    /// A line, and below it what new policy in it stays and passes.
    fn line(&self, line: &Line, name: &str, class: &str) -> Markup {
        html! {
            tr class=(class) {
                th scope="row" { (name) }
                @for row in &line.rows { td { (text::thousands(row.expected)) (self.gap(row)) } }
            }
            (part(line, "waarvan structureel beleid (S)", |row| row.lasting))
            (part(line, "waarvan incidenteel beleid (I)", |row| row.policy - row.lasting))
        }
    }

    fn gap(&self, step: &StepRow) -> Markup {
        let same = |row: &&YearRow| {
            row.year == step.year && row.node == step.node && row.measure == step.measure
        };
        let row = self.facts.outlook.years.iter().find(same);
        html! {
            @if let Some(row) = row.filter(|row| row.budget.is_some()) {
                small.onder { (Gap::cell(Gap::of(row))) }
            }
        }
    }
}

/// A part of the policy in a line, when any of it shows.
fn part(line: &Line, name: &str, amount: fn(&StepRow) -> Cents) -> Markup {
    let shown: Vec<String> = line.rows.iter().map(|row| text::change(amount(row))).collect();
    html! {
        @if line.rows.iter().any(|row| text::in_thousands(amount(row)) != 0) {
            tr.cat { th scope="row" { (name) } @for amount in &shown { td { (amount) } } }
        }
    }
}

/// All acts: lasten, baten and saldo.
fn whole(plan: &Plan, last: i32) -> Markup {
    let body = html! {
        @for (measure, sum) in SUMS {
            @if measure != Measure::Saldo {
                @for act in plan.of(Level::Wet, measure) {
                    (plan.line(act, &format!("{}, {measure}", act_name(act.node.wet)), ""))
                }
            }
            @for total in plan.of(Level::Totaal, measure) { (plan.line(total, sum, "som")) }
        }
    };
    let title = format!("Lasten, baten en saldo van {} tot en met {last}", plan.years[0]);
    table("raming-samen", &title, NOTE, &plan.heads(), &body)
}

/// The taakvelden of an act; the saldo only of those that have income.
fn per_taakveld(plan: &Plan, wet: Wet) -> Markup {
    let income: Vec<&NodeName> =
        plan.within(wet, Level::Taakveld, Measure::Baten).iter().map(|line| line.node).collect();
    let parts = |measure| {
        let mut parts = plan.within(wet, Level::Taakveld, measure);
        parts.retain(|line| measure != Measure::Saldo || income.contains(&line.node));
        parts
    };
    let body = html! {
        @for measure in Measure::ALL {
            @for part in parts(measure) {
                (plan.line(part, &format!("{}, {measure}", node_name(part.node)), ""))
            }
            @for act in plan.within(wet, Level::Wet, measure) {
                (plan.line(act, &format!("{}, {measure}", act_name(Some(wet))), "act"))
            }
        }
    };
    let name = format!("Raming {} per taakveld", act_name(Some(wet)));
    let id = format!("raming-{}", slug(wet));
    folded(&name, true, &table(&id, &name, NOTE, &plan.heads(), &body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;

    #[test]
    fn puts_years_beside_each_other_as_given() {
        let example = example::example();
        let page = render(&example.facts()).into_string();
        let facts = example.facts();
        for measure in Measure::ALL {
            let cells = (2027..=2030).map(|year| {
                let row = facts.total(year, measure).unwrap();
                let gap = Gap::cell(Gap::of(row)).into_string();
                let below = row
                    .budget
                    .map_or_else(String::new, |_| format!("<small class=\"onder\">{gap}</small>"));
                format!("<td>{}{below}</td>", text::thousands(row.expected))
            });
            let cells: String = cells.collect();
            assert!(page.contains(&cells), "{cells}");
        }
        assert_eq!(page.matches("<table>").count(), 4, "all together and three acts");
    }

    #[test]
    fn parts_what_stays_from_what_passes() {
        let page = render(&example::example().facts()).into_string();
        // Transport −140 each year, the catch-up +90 in 2027 only.
        let stays =
            "structureel beleid (S)</th><td>−140</td><td>−140</td><td>−140</td><td>−140</td>";
        let passes = "incidenteel beleid (I)</th><td>+90</td><td>–</td><td>–</td><td>–</td>";
        // Wmo and the total by lasten, the saldo of all; Wmo by lasten and saldo, taakveld 6.60.
        assert_eq!(page.matches(stays).count(), 6);
        assert_eq!(page.matches(passes).count(), 6);
    }

    #[test]
    fn only_taakvelden_with_income_have_a_saldo() {
        let page = render(&example::example().facts()).into_string();
        assert!(page.contains("6.711 Hulp bij het huishouden, saldo"));
        assert!(!page.contains("6.60 Hulpmiddelen en diensten, saldo"));
    }

    #[test]
    fn without_later_years_there_is_nothing_to_show() {
        let mut example = example::example();
        example.outlook.steps.clear();
        assert_eq!(render(&example.facts()).into_string(), "");
    }
}
