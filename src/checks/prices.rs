//! Rules on the price table.

use super::rules::{Facts, Odd, listed};
use crate::calendar::Weight;

/// The month, counted from 1, from which next year's provisional figures are known.
const OCTOBER: u32 = 10;

/// Years whose provisional figure should be known by now, and is not.
pub(super) fn missing(facts: &Facts) -> Vec<Odd> {
    let year = facts.as_of.year();
    let due = year..=year + i32::from(facts.as_of.of_year() >= OCTOBER);
    let odd = |year: i32| {
        let names = facts.prices.missing(year, facts.as_of);
        let message = format!(
            "Voor {year} is er geen voorlopig indexcijfer van {}. Zolang dat er niet is, gaat het laatst \
             bekende cijfer door. Vul prijzen.toml aan.",
            listed(&names),
        );
        (!names.is_empty()).then(|| Odd::general(year.to_string(), message))
    };
    due.filter_map(odd).collect()
}

/// Indices whose final figure of last year is not known, so that nothing is corrected.
pub(super) fn not_final(facts: &Facts) -> Vec<Odd> {
    let last = facts.as_of.year() - 1;
    let names = facts.prices.not_final(last, facts.as_of);
    let message = format!(
        "Het indexcijfer over {last} van {} is nog niet definitief. De tarieven van dit jaar zijn daarom \
         gerekend zonder de correctie over {last}. Vul het aan in prijzen.toml (final) zodra het er is.",
        listed(&names),
    );
    if names.is_empty() { Vec::new() } else { vec![Odd::general(last.to_string(), message)] }
}

/// Weights that no line follows.
pub(super) fn without_line(facts: &Facts) -> Vec<Odd> {
    let weights = &facts.prices.weights;
    let first = |line| weights.iter().position(|weight| weight.covers(line));
    let mut used = vec![false; weights.len()];
    facts.ledger.lines.iter().filter_map(first).for_each(|at| used[at] = true);
    let odd = |(weight, _): (&Weight, bool)| {
        let lines = listed(&weight.lines);
        let message = format!(
            "Het gewicht van {lines} in prijzen.toml hoort bij geen enkele regel, of eerdere gewichten gaan voor. \
             Controleer de taakvelden en productnamen; voor baten hoort er /baten achter."
        );
        Odd::general(lines, message)
    };
    weights.iter().zip(used).filter(|(_, used)| !used).map(odd).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, found};
    use crate::calendar::{Figure, Prices, Weight};
    use std::collections::BTreeMap;

    fn figure(year: i32, settled: Option<f64>) -> Figure {
        Figure {
            name: "OVA".into(),
            year,
            provisional: 3.0,
            settled,
            known_from: None,
            final_from: None,
            low: None,
            high: None,
        }
    }

    fn weight(lines: &str) -> Weight {
        let parts = BTreeMap::from([("ova".to_owned(), 0.9)]);
        Weight { lines: vec![lines.into()], parts }
    }

    /// A line from January 2020 on, with figures of 2019 and 2020.
    fn sample(months: usize, settled: Option<f64>) -> Sample {
        let mut sample = Sample::new().with("Hulp", &vec![10; months]);
        sample.prices = Prices {
            figures: vec![figure(2019, settled), figure(2020, None)],
            weights: vec![weight("*")],
        };
        sample
    }

    fn values(sample: &Sample, code: &str) -> Vec<String> {
        found(sample, code).into_iter().map(|finding| finding.value).collect()
    }

    #[test]
    fn asks_for_figures_that_should_be_known() {
        assert!(values(&sample(9, None), "prices-missing").is_empty());
        assert_eq!(values(&sample(10, None), "prices-missing"), ["2021"]);
        assert_eq!(values(&sample(22, None), "prices-missing"), ["2021", "2022"]);
        assert!(found(&sample(10, None), "prices-missing")[0].message.contains("van OVA."));
        assert_eq!(values(&sample(9, None), "prices-not-final"), ["2019"]);
        assert!(values(&sample(9, Some(3.2)), "prices-not-final").is_empty());
        assert!(found(&Sample::new().with("Hulp", &[10; 9]), "prices-missing").is_empty());
    }

    #[test]
    fn a_weight_needs_a_line_of_its_own() {
        let mut sample = sample(6, None);
        assert!(values(&sample, "prices-without-line").is_empty());
        sample.prices.weights.insert(0, weight("6.17*"));
        assert_eq!(values(&sample, "prices-without-line"), ["6.17*"]);
        sample.prices.weights.swap(0, 1);
        sample.prices.weights[1] = weight("Hulp");
        assert_eq!(values(&sample, "prices-without-line"), ["Hulp"]);
    }
}
