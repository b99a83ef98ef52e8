//! `uitleg.csv`: the steps from postings to the year total of every line.

use super::table::{Layout, Table};
use crate::outlook::{Explained, Steps};
use crate::units::{Cents, Month};

pub(super) const EXPLAINED: Layout = Layout {
    name: "uitleg",
    header: "as_of,jaar,wet,taakveld,product,soort,stap,onderdeel,maand,aantal,gewicht,bedrag",
};

/// `uitleg.csv`, long form. `stap` says what a row is:
///
/// - `boeking`: `aantal` postings of the ledger file `onderdeel`, together `geboekt`;
/// - `maand_geboekt` and `maand_verwacht`: what is booked on `maand`, and what is still expected of it;
/// - `binnen`: the share (`gewicht`) of a month that is usually booked when it is `onderdeel` months old;
/// - `geleerd`: from how many months (`aantal`) the model `onderdeel` learned; no row without a model;
/// - `model`: what the part `onderdeel` says of the months after the as-of month, with its weight;
/// - `optelling`: the steps from the weighted parts to `nog_te_komen`, which they add up to.
#[must_use]
pub fn explained_table(lines: &[Explained], as_of: Month) -> Table {
    let records = |one: &Explained| {
        let line = &one.line;
        let head = [
            as_of.to_string(),
            one.year.year.to_string(),
            line.wet.to_string(),
            line.taakveld.clone(),
            line.product.clone(),
            line.side.to_string(),
        ];
        steps(one).into_iter().map(move |step| head.iter().cloned().chain(step).collect())
    };
    Table::new(EXPLAINED, lines.iter().flat_map(records))
}

/// `stap`, `onderdeel`, `maand`, `aantal`, `gewicht` and `bedrag`.
fn steps(one: &Explained) -> Vec<[String; 6]> {
    let none = String::new;
    let files = one.files.iter().map(|file| {
        let count = file.postings.to_string();
        ["boeking".into(), file.file.clone(), none(), count, none(), file.amount.to_string()]
    });
    let months = one.months.iter().flat_map(|month| {
        let row = |step: &str, amount: Cents| {
            let at = month.row.month.to_string();
            [step.into(), none(), at, none(), none(), amount.to_string()]
        };
        [row("maand_geboekt", month.booked), row("maand_verwacht", month.still)]
    });
    let usual = one.paid.iter().enumerate().map(|(age, share)| {
        ["binnen".into(), age.to_string(), none(), none(), format!("{share:.4}"), none()]
    });
    let learned = (one.learned > 0).then(|| {
        let (model, months) = (one.year.model.clone(), one.learned.to_string());
        ["geleerd".into(), model, none(), months, none(), none()]
    });
    let parts = one.parts.iter().map(|part| {
        let weight = format!("{:.4}", part.weight);
        ["model".into(), part.name.into(), none(), none(), weight, part.amount.to_string()]
    });
    let Steps { blend, events, tariff, rest, booked_ahead } = one.steps;
    let sum = [
        ("gewogen_gemiddelde", blend),
        ("gebeurtenissen", events),
        ("tarieven", tariff),
        ("overig", rest),
        ("vooruit_geboekt", -booked_ahead),
    ];
    let sum = sum.into_iter().map(|(name, amount)| {
        ["optelling".into(), name.into(), none(), none(), none(), amount.to_string()]
    });
    files.chain(months).chain(usual).chain(learned).chain(parts).chain(sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;

    #[test]
    fn the_steps_of_a_line_add_up() {
        let example = example::example();
        let one = &example.explained[0];
        let text = explained_table(std::slice::from_ref(one), example::as_of()).csv;
        let text = String::from_utf8(text).unwrap();
        let sum = |step: &str| {
            let rows = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
            let rows = rows.filter(|cells| cells[6] == step);
            rows.map(|cells| Cents::from_euros(cells[11].parse().unwrap())).sum::<Cents>()
        };
        assert_eq!(sum("boeking"), one.year.booked);
        assert_eq!(sum("optelling"), one.year.to_come);
    }
}
