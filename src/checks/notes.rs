//! A rule on the remarks and norms of the department.

use super::rules::{Facts, Odd};
use crate::calendar::Pattern;
use crate::error::Place;
use crate::ledger::BudgetRow;

/// Remarks and norms that name no line with postings or a budget.
pub(super) fn without_line(facts: &Facts) -> Vec<Odd> {
    let budgeted: Vec<_> = facts.ledger.budgets.iter().filter_map(BudgetRow::leaf).collect();
    let covered = |text: &String| {
        let pattern = Pattern::of(text);
        facts.ledger.lines.iter().chain(&budgeted).any(|line| pattern.covers(line))
    };
    let odd = |(place, text): &(Place, String)| {
        let message = "Deze opmerking of norm hoort bij geen enkele regel en komt dus nergens terug. Controleer het \
             taakveld of de productnaam; voor baten hoort er /baten achter.";
        Odd::at(place.clone(), text.clone(), message)
    };
    facts.named.iter().filter(|(_, text)| !covered(text)).map(odd).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, found};
    use super::*;

    #[test]
    fn a_remark_on_no_line_is_told_with_its_place() {
        let mut sample = Sample::new().with("Hulp", &[10; 30]);
        let at = |row| Place { file: "duiding.toml".into(), row: Some(row), ..Place::default() };
        let texts = ["Hulp", "Wmo", "totaal", "6.711", "Hlup", "Hulp/baten"];
        sample.named = (1..).zip(texts).map(|(row, text)| (at(row), text.to_owned())).collect();
        let found = found(&sample, "note-without-line");
        let told: Vec<_> = found.iter().map(|f| (f.place.row, &*f.value)).collect();
        assert_eq!(told, [(Some(5), "Hlup"), (Some(6), "Hulp/baten")]);
    }
}
