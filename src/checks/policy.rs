//! Rules on policy events.

use super::rules::{Facts, Odd, listed};
use crate::calendar::{Event, Status};
use crate::ledger::BudgetRow;
use crate::units::{LineId, Month, Months, maand};
use std::collections::BTreeSet;

/// So many months after its date an estimate lapses, and so does the question what became of it.
const LAPSES: Months = Months(12);

/// Announced or assumed policy with an amount whose date passed in the last year, while nobody said
/// whether it went ahead. Its amount no longer counts.
pub(super) fn overdue(facts: &Facts) -> Vec<Odd> {
    let odd = |event: &Event| {
        let status = if event.status == Status::Announced { "announced" } else { "assumed" };
        let message = format!(
            "‘{}’ zou ingaan in {}, maar heeft nog status = \"{status}\". Het bedrag telt daarom niet meer \
             mee. Zeg in beleid.toml of het is doorgegaan: zet de status op \"past\" of \"decided\", of haal \
             het weg.",
            event.title,
            maand(event.date),
        );
        Odd::general(event.id.clone(), message)
    };
    known(facts).filter(|event| is_overdue(event, facts.as_of)).map(odd).collect()
}

fn is_overdue(event: &Event, as_of: Month) -> bool {
    let passed = event.date <= as_of && as_of < event.date + LAPSES;
    passed && !event.is_certain() && event.size().is_some()
}

/// Events whose scope holds no line with postings and no leaf with a budget.
pub(super) fn without_line(facts: &Facts) -> Vec<Odd> {
    let numbers: BTreeSet<u32> = facts.known_sums().map(|sum| sum.line).collect();
    let posted = numbers.into_iter().map(|line| facts.ledger.lines[line as usize].clone());
    let budgeted = facts.ledger.budgets.iter().filter_map(BudgetRow::leaf);
    let lines: Vec<LineId> = posted.chain(budgeted).collect();
    let covers = |event: &Event| lines.iter().any(|line| event.covers(line));
    let odd = |event: &Event| {
        let message = format!(
            "‘{}’ in beleid.toml hoort bij geen enkele regel en doet dus niets ({}). Controleer de taakvelden \
             en productnamen; voor baten hoort er /baten achter.",
            event.title,
            listed(&event.scope),
        );
        Odd::general(event.id.clone(), message)
    };
    known(facts).filter(|event| !covers(event)).map(odd).collect()
}

/// The events known at the as-of month.
fn known<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a Event> {
    let as_of = facts.as_of;
    facts.events.iter().filter(move |event| event.is_known(as_of))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, found, line, month};
    use super::*;
    use crate::calendar::{Amount, Form};
    use crate::ledger::{Origin, Scope};
    use crate::units::{Cents, Side, Wet};

    /// An announced saving on the line of the sample from month 6 on.
    fn event() -> Event {
        Event {
            known_from: month(0),
            scope: vec!["Wmo/Hulp".into()],
            status: Status::Announced,
            central: Some(Amount::EuroPerYear(-1000.0)),
            ..Event::made_up(Form::Step, month(6), None)
        }
    }

    /// The values found when so many months of `Hulp` are booked.
    fn values(months: usize, event: Event, code: &str) -> Vec<String> {
        let mut sample = Sample::new().with("Hulp", &vec![10; months]);
        sample.events = vec![event];
        found(&sample, code).into_iter().map(|finding| finding.value).collect()
    }

    #[test]
    fn asks_what_became_of_policy_whose_date_passed() {
        let overdue = |months, event| values(months, event, "policy-overdue");
        // Month 6 is the seventh; from the nineteenth on it is a year ago.
        assert!(overdue(6, event()).is_empty());
        assert_eq!(overdue(7, event()), ["e"]);
        assert_eq!(overdue(18, Event { status: Status::Assumed, ..event() }), ["e"]);
        assert!(overdue(19, event()).is_empty());
        assert!(overdue(7, Event { status: Status::Decided, ..event() }).is_empty());
        assert!(overdue(7, Event { central: None, ..event() }).is_empty());
        assert!(overdue(7, Event { known_from: month(7), ..event() }).is_empty());
    }

    #[test]
    fn a_scope_without_lines_is_told() {
        let of = |scope: &str| {
            values(3, Event { scope: vec![scope.into()], ..event() }, "policy-without-line")
        };
        assert!(of("Wmo/Hulp").is_empty() && of("6.71*").is_empty());
        assert_eq!(of("Wmo/Hulpp"), ["e"]);
        assert_eq!(of("Wmo/Hulp/baten"), ["e"]);
        let unknown = Event { known_from: month(9), scope: vec!["x".into()], ..event() };
        assert!(values(3, unknown, "policy-without-line").is_empty());
    }

    #[test]
    fn a_budget_is_a_line_too() {
        let mut sample = Sample::new().with("Hulp", &[10; 3]);
        sample.events = vec![Event { scope: vec!["Nieuw".into()], ..event() }];
        sample.ledger.lines.push(line("Nieuw", Side::Lasten));
        assert_eq!(found(&sample, "policy-without-line").len(), 1, "the line table holds it only");
        sample.ledger.budgets.push(BudgetRow {
            year: 2020,
            scope: Scope {
                wet: Some(Wet::Wmo),
                taakveld: Some("6.711".into()),
                product: Some("Nieuw".into()),
            },
            side: Side::Lasten,
            amount: Cents(100),
            version: String::new(),
            adopted: month(0),
            origin: Origin { file: 0, row: 2 },
        });
        assert!(found(&sample, "policy-without-line").is_empty());
    }
}
