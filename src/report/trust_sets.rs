//! `betrouwbaarheid.csv` and `toets.csv`: what a test on earlier years says of the model, as the section on reliability
//! tells it. Both are empty when there is no test that the report may use.

use super::datasets::optional;
use super::table::{Layout, Table};
use crate::backtest::{Against, Beside, Lean, Told, Tried, Trust};
use crate::units::{Level, Measure, Month, Wet};

pub(super) const TOLD: Layout = Layout {
    name: "betrouwbaarheid",
    header: "as_of,origin,jaar,niveau,wet,soort,begroting,verwacht,p10,p90,werkelijk,werkelijk_status",
};
pub(super) const TRIED: Layout =
    Layout { name: "toets", header: "as_of,niveau,wet,gegeven,naast,maanden,jaren,aantal,waarde" };

/// `betrouwbaarheid` and `toets`. The first has one row per replayed year total; the second one figure a row, and
/// `gegeven` says which.
#[must_use]
pub fn trust_tables(trust: &Trust, as_of: Month) -> [Table; 2] {
    let (acts, leans) = match trust {
        Trust::Tested(test) => (test.acts.as_slice(), test.leans.as_slice()),
        _ => (&[][..], &[][..]),
    };
    let told = |tried: &Tried| {
        let wet = tried.wet;
        tried.told.iter().map(move |told| told_record(told, wet, as_of)).collect::<Vec<_>>()
    };
    let figures = acts.iter().flat_map(|tried| tried_records(tried, as_of));
    let figures = figures.chain(leans.iter().flat_map(|lean| lean_records(lean, as_of)));
    [Table::new(TOLD, acts.iter().flat_map(told)), Table::new(TRIED, figures)]
}

fn level(wet: Option<Wet>) -> Level {
    if wet.is_some() { Level::Wet } else { Level::Totaal }
}

fn told_record(told: &Told, wet: Option<Wet>, as_of: Month) -> Vec<String> {
    let Told { origin, year, expected, p10, p90, became, settled, budget } = told;
    let status = if *settled { "definitief" } else { "voorlopig" };
    let mut record = vec![as_of.to_string(), origin.to_string(), year.to_string()];
    record.extend([level(wet).to_string(), optional(wet), Measure::Lasten.to_string()]);
    record.push(optional(*budget));
    record.extend([expected, p10, p90, became].map(ToString::to_string));
    record.push(status.to_owned());
    record
}

/// One figure: what it is, beside whom, with how many months known, over how many years, of how many.
struct Figure<'a> {
    what: &'a str,
    beside: &'a str,
    months: Option<u32>,
    years: usize,
    count: Option<usize>,
    value: String,
}

impl Figure<'_> {
    fn record(self, level: Level, wet: Option<Wet>, as_of: Month) -> Vec<String> {
        let Self { what, beside, months, years, count, value } = self;
        let mut record = vec![as_of.to_string(), level.to_string(), optional(wet)];
        record.extend([what.to_owned(), beside.to_owned(), optional(months), years.to_string()]);
        record.extend([optional(count), value]);
        record
    }
}

fn tried_records(tried: &Tried, as_of: Month) -> Vec<Vec<String>> {
    let held = tried.held.iter().flat_map(|held| {
        let figure = |what, count, value: usize| Figure {
            what,
            beside: "",
            months: None,
            years: held.years,
            count,
            value: value.to_string(),
        };
        [
            figure("binnen_band", Some(held.forecasts), held.inside),
            figure("jaren_binnen_band", None, held.of_years),
            figure("minstens", None, held.fewest),
        ]
    });
    let beside = tried.beside.iter().flat_map(beside_figures);
    held.chain(beside).map(|figure| figure.record(level(tried.wet), tried.wet, as_of)).collect()
}

fn beside_figures(beside: &Beside) -> [Figure<'_>; 3] {
    let name = match &beside.against {
        Against::Vuistregel(name) | Against::Rapportage(name) => name.as_str(),
        Against::Begroting => "begroting",
    };
    let figure = |what, value| Figure {
        what,
        beside: name,
        months: Some(beside.months),
        years: beside.years,
        count: None,
        value,
    };
    [
        figure("misser", format!("{:.6}", beside.ours)),
        figure("misser_ander", format!("{:.6}", beside.theirs)),
        figure("dichterbij", beside.nearer.to_string()),
    ]
}

fn lean_records(lean: &Lean, as_of: Month) -> [Vec<String>; 2] {
    let figure = |what, value| Figure {
        what,
        beside: lean.report.as_str(),
        months: None,
        years: lean.years,
        count: None,
        value,
    };
    [
        figure("scheef", format!("{:.6}", lean.mean)),
        figure("zelfde_kant", lean.same_side.to_string()),
    ]
    .map(|figure| figure.record(lean.level, None, as_of))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{example, reliable_example};

    #[test]
    fn a_lean_over_acts_is_not_of_all_together() {
        let mut lean = reliable_example::tested().leans.remove(0);
        let level = |lean: &Lean| lean_records(lean, "2026-10".parse().unwrap())[0][1].clone();
        assert_eq!(level(&lean), "totaal");
        lean.level = Level::Wet;
        assert_eq!(level(&lean), "wet");
    }

    fn rows(table: &Table) -> Vec<String> {
        let text = String::from_utf8(table.csv.clone()).unwrap();
        text.lines().skip(1).map(str::to_owned).collect()
    }

    #[test]
    fn both_tables_hold_what_the_test_says() {
        let test = reliable_example::tested();
        let [told, tried] = trust_tables(&Trust::Tested(test.clone()), example::as_of());
        let (told, tried) = (rows(&told), rows(&tried));
        // Three acts, six years, three months of each.
        assert_eq!(told.len(), 54);
        assert_eq!(told.len(), test.acts.iter().map(|act| act.told.len()).sum::<usize>());
        // 2 % too high in March 2020, in a band of 3 % on each side; the budget was 3 % too high.
        let first = "2026-10,2020-03,2020,totaal,,lasten,72100000.00,71400000.00,69300000.00,73500000.00,70000000.00,definitief";
        assert!(told.contains(&first.to_owned()), "{told:?}");
        for figure in [
            "2026-10,totaal,,binnen_band,,,6,18,17",
            "2026-10,totaal,,zelfde_kant,1e beleidsrapportage,,6,,6",
            // The rule that was lucky in March: 0.1 % off.
            "2026-10,wet,Wmo,misser_ander,seizoensnaief,3,6,,0.001000",
        ] {
            assert!(tried.contains(&figure.to_owned()), "{figure} in {tried:?}");
        }
        let figures =
            test.acts.iter().map(|act| 3 * (usize::from(act.held.is_some()) + act.beside.len()));
        assert_eq!(tried.len(), figures.sum::<usize>() + 2 * test.leans.len());
    }

    #[test]
    fn without_a_test_both_are_empty() {
        let tables = trust_tables(&Trust::Never, example::as_of());
        assert!(tables.iter().all(|table| rows(table).is_empty()));
    }
}
