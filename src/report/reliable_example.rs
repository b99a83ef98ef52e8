//! A made-up test on earlier years: six of them, one outside its band in March, a rule that is better for Wmo in
//! March, and a report that is always too high.

use crate::backtest::{
    Budgets, CHAMPION, Forecasted, Reliability, Said, Step, ladders, leans, tried,
};
use crate::model::Spec;
use crate::outlook::{NodeName, Quantiles};
use crate::units::{Cents, Level, Measure, Month, Wet};

/// The acts, each with its lasten in 2020.
const ACTS: [(Option<Wet>, f64); 3] =
    [(None, 70e6), (Some(Wet::Wmo), 30e6), (Some(Wet::Jeugd), 40e6)];

pub(super) fn tested() -> Reliability {
    let months = (2020..2026).flat_map(|year| [3, 6, 9].map(|month| Month::new(year, month)));
    let origins: Vec<Month> = months.map(Option::unwrap).collect();
    let mut rows = Vec::new();
    let mut budgets = Budgets::new();
    for &origin in &origins {
        for (wet, size) in ACTS {
            rows.push(forecast(origin, wet, size, CHAMPION, off(origin)));
            let lucky = wet == Some(Wet::Wmo) && origin.of_year() == 3;
            let rule = if lucky { 0.001 } else { 0.05 };
            rows.push(forecast(origin, wet, size, "seizoensnaief", rule));
            budgets.insert((origin, wet), grown(size, origin.year(), 0.03));
        }
    }
    let said = said();
    Reliability {
        as_of: Month::new(2026, 2).unwrap(),
        spec: Spec::Kampioen,
        acts: tried(&rows, &budgets, &said),
        leans: leans(&ladders(&said)),
        origins,
    }
}

/// How far off the model was: less and less in the course of a year, to either side by turns; far in 2022.
fn off(origin: Month) -> f64 {
    let side = if origin.year() % 2 == 0 { 1.0 } else { -1.0 };
    let far = if origin.year() == 2022 { 2.0 } else { 1.0 };
    side * far * 0.06 / f64::from(origin.of_year())
}

fn grown(size: f64, year: i32, off: f64) -> Cents {
    Cents::from_euros(size * (1.0 + 0.03 * f64::from(year - 2020)) * (1.0 + off))
}

fn node(wet: Option<Wet>) -> NodeName {
    let level = if wet.is_some() { Level::Wet } else { Level::Totaal };
    NodeName { level, wet, taakveld: None, product: None }
}

/// A forecast with an 80 % band of 3 % on each side.
fn forecast(origin: Month, wet: Option<Wet>, size: f64, model: &str, off: f64) -> Forecasted {
    let year = origin.year();
    let shares = [-0.05, -0.04, -0.03, -0.01, 0.0, 0.01, 0.03, 0.04, 0.05];
    Forecasted {
        origin,
        year,
        month: None,
        node: node(wet),
        measure: Measure::Lasten,
        model: model.to_owned(),
        mean: grown(size, year, off),
        quantiles: Quantiles(shares.map(|share| grown(size, year, off + share))),
        actual: grown(size, year, 0.0),
        settled: true,
        judged: None,
    }
}

/// A report of May that is 4 to 6 % too high.
fn said() -> Vec<Said> {
    let of = |(year, (wet, size)): (i32, (Option<Wet>, f64))| {
        let row = move |step, off| Said {
            report: "1e beleidsrapportage".into(),
            made: Month::new(year, 5).unwrap(),
            origin: Month::new(year, 4).unwrap(),
            year,
            node: node(wet),
            measure: Measure::Lasten,
            step,
            amount: grown(size, year, off),
            actual: grown(size, year, 0.0),
            before: None,
            earlier: std::collections::BTreeMap::new(),
            place: None,
        };
        [
            row(Step::Rule(0), 0.05),
            row(Step::Model, 0.01),
            row(Step::Report, 0.05 + 0.01 * f64::from(year % 3 - 1)),
        ]
    };
    let years = (2020..2026).flat_map(|year| ACTS.map(|act| (year, act)));
    let mut said: Vec<Said> = years.flat_map(of).collect();
    said.sort_by_key(|row| (row.made, row.step));
    said
}

#[test]
fn counts_are_those_of_the_example() {
    let found = tested();
    let all = &found.acts[0];
    let held = all.held.as_ref().unwrap();
    // Off 2, 1 and 0.7 % in a band of 3 %; in 2022 4 % in March.
    assert_eq!((held.inside, held.forecasts, held.years), (17, 18, 6));
    assert_eq!(found.acts[1].beside.iter().filter(|beside| beside.beaten()).count(), 1);
    assert_eq!(found.leans.len(), 1);
    assert_eq!((found.leans[0].same_side, found.leans[0].years, found.leans[0].sure), (6, 6, true));
}
