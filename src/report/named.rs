//! Amounts with a name: what to budget when a euro short weighs more than a euro over.

use super::facts::Facts;
use super::text;
use crate::outlook::{NamedQuantile, YearRow};
use crate::units::{Cents, Measure};
use maud::{Markup, html};

/// One sentence per name about the lasten of all together this year.
pub(super) fn sentences(facts: &Facts) -> Markup {
    let total = facts.total(facts.year(), Measure::Lasten);
    html! {
        @for (named, amount) in total.into_iter().flat_map(|row| of(facts, row)) {
            p {
                (weighing(named)) ", begroot " strong { (text::euros(amount)) } " aan lasten ("
                (named.name) ", " (share(named)) ")."
            }
        }
    }
}

/// `Behoedzaam: € 40,9 miljoen.` per name, for a card.
pub(super) fn short(facts: &Facts, row: &YearRow) -> Markup {
    html! {
        @for (named, amount) in of(facts, row) {
            p { (text::capital(&named.name)) ": " (text::euros(amount)) "." }
        }
    }
}

/// What stands below the expectation in a table: `, daaronder behoedzaam (75%)`.
pub(super) fn title(facts: &Facts) -> String {
    let name = |named: &NamedQuantile| format!("{} ({})", named.name, share(named));
    let names: Vec<String> = facts.outlook.named.iter().map(name).collect();
    if names.is_empty() { String::new() } else { format!(", daaronder {}", text::list(&names)) }
}

/// The amounts of a row in a cell, in the order of the title.
pub(super) fn below(row: &YearRow) -> Markup {
    html! { @for &amount in &row.named { small.onder { (text::thousands(amount)) } } }
}

/// What the names mean in a table.
pub(super) fn reading(facts: &Facts) -> Markup {
    html! {
        @for named in &facts.outlook.named {
            " " b { (text::capital(&named.name)) ": " } "in " (share(named)) " van de gevallen komen de lasten lager uit, "
            "en de baten hoger."
        }
    }
}

/// The names with their amounts in a row.
fn of<'a>(
    facts: &Facts<'a>,
    row: &'a YearRow,
) -> impl Iterator<Item = (&'a NamedQuantile, Cents)> + use<'a> {
    facts.outlook.named.iter().zip(row.named.iter().copied())
}

/// How a name weighs short against over: `Wie 3 keer zo zwaar tilt aan te weinig als aan te veel`.
fn weighing(named: &NamedQuantile) -> String {
    let (more, less, times) = if named.short >= named.over {
        ("te weinig", "te veel", named.short / named.over)
    } else {
        ("te veel", "te weinig", named.over / named.short)
    };
    // At most one decimal, and none for a whole number.
    let tenths = text::decimals(times, 1);
    let times = tenths.strip_suffix(",0").unwrap_or(&tenths);
    match times {
        "1" => format!("Wie even zwaar tilt aan {more} als aan {less}"),
        times => format!("Wie {times} keer zo zwaar tilt aan {more} als aan {less}"),
    }
}

fn share(named: &NamedQuantile) -> String {
    text::decimals(100.0 * named.share(), 0) + "%"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;

    fn named(short: f64, over: f64) -> NamedQuantile {
        NamedQuantile { name: "behoedzaam".into(), short, over }
    }

    #[test]
    fn says_how_short_and_over_weigh() {
        assert_eq!(
            weighing(&named(3.0, 1.0)),
            "Wie 3 keer zo zwaar tilt aan te weinig als aan te veel"
        );
        assert_eq!(
            weighing(&named(1.0, 2.5)),
            "Wie 2,5 keer zo zwaar tilt aan te veel als aan te weinig"
        );
        assert_eq!(weighing(&named(2.0, 2.0)), "Wie even zwaar tilt aan te weinig als aan te veel");
        // 2/3.
        assert_eq!(share(&named(2.0, 1.0)), "67%");
    }

    #[test]
    fn names_the_amount_of_the_whole() {
        let example = example::example();
        let facts = example.facts();
        let amount = text::euros(facts.total(2026, Measure::Lasten).unwrap().named[0]);
        let said = sentences(&facts).into_string();
        assert!(said.contains(&format!(
            "te veel, begroot <strong>{amount}</strong> aan lasten (behoedzaam, 75%)."
        )));
        assert_eq!(title(&facts), ", daaronder behoedzaam (75%)");
    }

    #[test]
    fn without_names_nothing_is_said() {
        let mut example = example::example();
        example.outlook.named.clear();
        let facts = example.facts();
        assert_eq!(
            (sentences(&facts).into_string(), reading(&facts).into_string()),
            Default::default()
        );
    }
}
