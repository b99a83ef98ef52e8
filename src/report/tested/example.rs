//! A made-up backtest for tests: the champion is off by a given share, rules by more, and reports are too high.

use super::TestedFacts;
use crate::backtest::{
    self, CHAMPION, Forecasted, Judged, Ladder, Pit, Said, Score, Step, Verdict, Versus, pits,
    scores, versus,
};
use crate::outlook::{NodeName, Quantiles};
use crate::units::{Cents, Level, Measure, Month, Months, Wet};

/// The other models, each so many times as far off.
const OTHERS: [(&str, f64); 6] = [
    ("uitputtingsprofiel", 2.0),
    ("seizoensnaief", 3.0),
    ("tempo", 1.5),
    ("vorig-jaar", 4.0),
    ("gedempte-trend", 1.2),
    ("kampioen-mint", 0.9),
];

/// What a page is made of.
pub(super) struct Example {
    pub(super) origins: Vec<Month>,
    pub(super) scores: Vec<Score>,
    pub(super) versus: Vec<Versus>,
    pub(super) pits: Vec<Pit>,
    pub(super) ladders: Vec<Ladder>,
    pub(super) verdicts: Vec<Verdict>,
}

impl Example {
    /// So many years from 2019 on, forecast at the end of months 3, 6 and 9.
    pub(super) fn new(off: f64, years: i32) -> Self {
        let months = (2019..2019 + years)
            .flat_map(|year| [3, 6, 9].map(|month| Month::new(year, month).unwrap()));
        let origins: Vec<Month> = months.collect();
        let mut rows = Vec::new();
        for &origin in &origins {
            for (node, size) in nodes() {
                rows.extend(forecasts(origin, &node, size, CHAMPION, off));
                for (model, times) in OTHERS {
                    rows.extend(forecasts(origin, &node, size, model, off * times));
                }
            }
        }
        Self {
            origins,
            scores: scores(&rows),
            versus: versus(&rows),
            pits: pits(&rows),
            ladders: ladders(&[0.05, 0.04, 0.06, 0.05, 0.03, 0.07]),
            verdicts: verdicts(),
        }
    }

    pub(super) fn facts(&self) -> TestedFacts<'_> {
        TestedFacts {
            organisation: "Gemeente Voorbeeld (verzonnen)",
            model_owner: "team",
            made_up: true,
            as_of: Month::new(2026, 10).unwrap(),
            version: "0.0.0",
            origins: &self.origins,
            draws: 1000,
            scores: &self.scores,
            versus: &self.versus,
            pits: &self.pits,
            ladders: &self.ladders,
            verdicts: &self.verdicts,
        }
    }
}

fn node(level: Level, wet: Option<Wet>, taakveld: Option<&str>, product: Option<&str>) -> NodeName {
    let owned = |part: Option<&str>| part.map(str::to_owned);
    NodeName { level, wet, taakveld: owned(taakveld), product: owned(product) }
}

/// Every node with its outcome in euros.
fn nodes() -> Vec<(NodeName, f64)> {
    let (wmo, jeugd) = (Some(Wet::Wmo), Some(Wet::Jeugd));
    vec![
        (node(Level::Totaal, None, None, None), 5e6),
        (node(Level::Wet, wmo, None, None), 2e6),
        (node(Level::Wet, jeugd, None, None), 3e6),
        (node(Level::Taakveld, wmo, Some("6.71a"), None), 2e6),
        (node(Level::Product, wmo, Some("6.71a"), Some("Hulp bij het huishouden")), 2e6),
        (node(Level::Product, jeugd, Some("6.763"), Some(LONG)), 3e6),
    ]
}

const LONG: &str = "Jeugdhulp met verblijf, landelijk ingekocht en langer dan een jaar";

/// A forecast of the year and of months ahead, `off` as a part of the outcome; its band is 2 % wide on each side.
fn forecasts(origin: Month, node: &NodeName, size: f64, model: &str, off: f64) -> Vec<Forecasted> {
    let year = origin.year();
    // A little luck of its own in every year, so that nothing is exactly the same.
    let luck = 1.0 + 0.01 * f64::from(year % 3);
    let row = |month: Option<Month>, size: f64| {
        let mean = size * (1.0 + off * luck);
        let step = [-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0];
        Forecasted {
            origin,
            year: month.map_or(year, Month::year),
            month,
            node: node.clone(),
            measure: Measure::Lasten,
            model: model.to_owned(),
            mean: Cents::from_euros(mean),
            quantiles: Quantiles(step.map(|step| Cents::from_euros(mean + step * 0.01 * size))),
            actual: Cents::from_euros(size),
            settled: true,
            judged: Some(Judged { crps: 1.0, place: (0.4, 0.4), scale: None }),
        }
    };
    let months = [1, 3, 6, 12].map(|ahead| row(Some(origin + Months(ahead)), size / 12.0));
    std::iter::once(row(None, size)).chain(months).collect()
}

/// The ladders of a report that was so much too high in years from 2019 on.
pub(super) fn ladders(offs: &[f64]) -> Vec<Ladder> {
    let years = (2019..).zip(offs);
    let said = |(year, &off): (i32, &f64)| {
        let row = |step, share: f64| Said {
            report: "1e beleidsrapportage".into(),
            made: Month::new(year, 5).unwrap(),
            origin: Month::new(year, 4).unwrap(),
            year,
            node: node(Level::Totaal, None, None, None),
            measure: Measure::Lasten,
            step,
            amount: Cents::from_euros(5e6 * (1.0 + share)),
            actual: Cents::from_euros(5e6),
            before: Some(Cents::from_euros(4.8e6)),
            earlier: std::collections::BTreeMap::new(),
            place: (step == Step::Report).then_some(0.9),
        };
        [
            row(Step::Rule(0), -0.03),
            row(Step::Begroting, 0.08),
            row(Step::Model, 0.001),
            row(Step::Report, off),
            row(Step::Together, off / 2.0),
        ]
    };
    backtest::ladders(&years.flat_map(said).collect::<Vec<_>>())
}

fn verdicts() -> Vec<Verdict> {
    let verdict = |rule: &str, found, passed| Verdict {
        rule: rule.to_owned(),
        found,
        count: 18,
        line: None,
        passed,
    };
    vec![
        verdict("coverage80 kampioen, jaar per wet, lasten ≥ 0.72", Some(0.8), true),
        verdict("wape kampioen / tempo, jaar per brug, lasten ≤ 0.95", None, false),
    ]
}
