//! What a report says of its own reliability: the year totals that were replayed, per act, beside what came true, and
//! beside what a rule of thumb, the budget and people said of the same years.

use super::beside::{Beside, beside};
use super::value::{Said, real};
use super::{CHAMPION, Forecasted, Ladder, Replayed};
use crate::ledger::Ledger;
use crate::model::Spec;
use crate::outlook::{NodeName, budgets_of};
use crate::score::{Coverage, coverage, fewest};
use crate::units::{Cents, Level, Measure, Month, Wet};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What the band is meant to hold.
const MEANT: f64 = 0.8;

/// The test of one model on the past of one workspace, as a report needs it. Lasten only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reliability {
    /// What came true is what was known at the end of this month; nothing later is used.
    pub as_of: Month,
    /// The model.
    pub spec: Spec,
    /// The months that were replayed, in order.
    pub origins: Vec<Month>,
    /// All together first, then each act.
    pub acts: Vec<Tried>,
    /// Whether reports of people are on one side, each by its name.
    pub leans: Vec<Lean>,
}

/// What a report may say of its reliability.
#[derive(Clone, Debug, PartialEq)]
pub enum Trust {
    /// The model was tested, with nothing that the report can not know.
    Tested(Reliability),
    /// There is too little history; a test is possible from the end of this month on.
    TooYoung(Month),
    /// It was not tested.
    Never,
    /// The test that was kept knows what was booked through this month, which is later than the report may know.
    Newer(Month),
    /// The test that was kept is of another model.
    Other,
}

/// The test of one act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// The act; `None` for all together.
    pub wet: Option<Wet>,
    /// What was said of each year at each origin, in the order of the origins.
    pub told: Vec<Told>,
    /// How often the band held; `None` when no year is final.
    pub held: Option<Held>,
    /// The model beside others, on years that are final; by months known.
    pub beside: Vec<Beside>,
}

/// One forecast of a past year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// What was known then is what was booked by the end of this month.
    pub origin: Month,
    /// The year.
    pub year: i32,
    /// What it was expected to become.
    pub expected: Cents,
    /// The low end of the 80 % band.
    pub p10: Cents,
    /// The high end.
    pub p90: Cents,
    /// What it became.
    pub became: Cents,
    /// Whether that is final.
    pub settled: bool,
    /// The budget in force then, if there was one.
    pub budget: Option<Cents>,
}

/// How often outcomes lay in the 80 % band.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Forecasts whose outcome lay in the band.
    pub inside: usize,
    /// Forecasts of years that are final.
    pub forecasts: usize,
    /// Those years. What happened in one of them happened to all its forecasts, so years are what counts.
    pub years: usize,
    /// As large a part of the years as of the forecasts lay in the band, rounded.
    pub of_years: usize,
    /// What that many of the years prove: exact limits of 95 %.
    pub limits: Coverage,
    /// The fewest of the years that may lie in a band that is right; with fewer it is too narrow.
    pub fewest: usize,
}

/// Whether a report of people is on one side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lean {
    /// Its name.
    pub report: String,
    /// All together; or the acts, over which errors are averaged, where nobody spoke of all together.
    pub level: Level,
    /// The years.
    pub years: usize,
    /// The mean over the years of (forecast − outcome) ÷ outcome.
    pub mean: f64,
    /// The years in which it lay on the side of that mean.
    pub same_side: usize,
    /// Whether its interval of 90 % leaves out nought.
    pub sure: bool,
}

/// The budget of lasten in force at an origin, of acts and of all together.
pub type Budgets = BTreeMap<(Month, Option<Wet>), Cents>;

impl Replayed<'_> {
    /// What was budgeted at each origin for the year that it forecasts.
    #[must_use]
    pub fn budgets(&self, ledger: &Ledger, origins: &[Month]) -> Budgets {
        let at = |&origin: &Month| {
            let known = ledger.budgets_as_of(origin);
            let found = budgets_of(&self.panel(origin), &[], &known, super::year_of(origin));
            let ours = found.into_iter().filter(|((node, measure), _)| is_act(node, *measure));
            ours.map(|((node, _), amount)| ((origin, node.wet), amount)).collect::<Vec<_>>()
        };
        origins.par_iter().flat_map_iter(at).collect()
    }
}

/// Lasten of an act or of all together.
fn is_act(node: &NodeName, measure: Measure) -> bool {
    measure == Measure::Lasten && matches!(node.level, Level::Totaal | Level::Wet)
}

/// The test of each act, all together first, from the forecasts of a backtest and what people said.
#[must_use]
pub fn tried(rows: &[Forecasted], budgets: &Budgets, said: &[Said]) -> Vec<Tried> {
    let years = rows.iter().filter(|row| row.month.is_none() && is_act(&row.node, row.measure));
    let mut acts: BTreeMap<Option<Wet>, Vec<&Forecasted>> = BTreeMap::new();
    for row in years {
        acts.entry(row.node.wet).or_default().push(row);
    }
    let act = |(wet, rows): (Option<Wet>, Vec<&Forecasted>)| {
        let told = told(&rows, budgets);
        let said = said.iter().filter(|row| is_act(&row.node, row.measure) && row.node.wet == wet);
        Tried {
            wet,
            held: held(&told),
            beside: beside(&told, &rows, &said.collect::<Vec<_>>()),
            told,
        }
    };
    acts.into_iter().map(act).collect()
}

/// What the champion said, in the order of the origins.
fn told(rows: &[&Forecasted], budgets: &Budgets) -> Vec<Told> {
    let told = |row: &&Forecasted| Told {
        origin: row.origin,
        year: row.year,
        expected: row.mean,
        p10: row.quantiles.p10(),
        p90: row.quantiles.p90(),
        became: row.actual,
        settled: row.settled,
        budget: budgets.get(&(row.origin, row.node.wet)).copied(),
    };
    let mut all: Vec<Told> = rows.iter().filter(|row| row.model == CHAMPION).map(told).collect();
    all.sort_by_key(|told| told.origin);
    all
}

impl Told {
    /// Whether the outcome lies in the band.
    #[must_use]
    pub fn inside(&self) -> bool {
        (self.p10..=self.p90).contains(&self.became)
    }

    /// The months of the year that were known.
    #[must_use]
    pub fn months_known(&self) -> u32 {
        months_known(self.origin)
    }

    pub(super) fn error(&self) -> f64 {
        (self.expected - self.became).euros()
    }
}

/// At the end of December nothing is known of the year that follows.
pub(super) fn months_known(origin: Month) -> u32 {
    origin.of_year() % 12
}

fn held(told: &[Told]) -> Option<Held> {
    let settled: Vec<&Told> = told.iter().filter(|told| told.settled).collect();
    let years: BTreeSet<i32> = settled.iter().map(|told| told.year).collect();
    let inside = settled.iter().filter(|told| told.inside()).count();
    let (forecasts, years) = (settled.len(), years.len());
    if forecasts == 0 {
        return None;
    }
    let of_years = (2 * inside * years + forecasts) / (2 * forecasts);
    let (limits, fewest) = (coverage(of_years, years), fewest(years, MEANT));
    Some(Held { inside, forecasts, years, of_years, limits, fewest })
}

/// Whether reports are on one side: of all together, or of acts where nobody spoke of all together.
#[must_use]
pub fn leans(ladders: &[Ladder]) -> Vec<Lean> {
    let at = |level: Level| {
        let ours =
            move |ladder: &&Ladder| (ladder.level, ladder.measure) == (level, Measure::Lasten);
        ladders.iter().filter(ours).filter(|ladder| ladder.bias.years > 0).collect::<Vec<_>>()
    };
    let found = [Level::Totaal, Level::Wet].map(at);
    let found = found.into_iter().find(|ladders| !ladders.is_empty()).unwrap_or_default();
    found.into_iter().map(lean).collect()
}

fn lean(ladder: &Ladder) -> Lean {
    let bias = &ladder.bias;
    let high = (0..bias.sign.count).find(|&years| real(years) >= bias.sign.statistic);
    let high = high.unwrap_or(bias.sign.count);
    Lean {
        report: ladder.report.clone(),
        level: ladder.level,
        years: bias.years,
        mean: bias.mean,
        same_side: if bias.mean < 0.0 { bias.sign.count - high } else { high },
        sure: bias.interval.is_some_and(|(low, high)| low > 0.0 || high < 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Against;
    use super::super::tests::forecast;
    use super::*;

    fn row(model: &str, month: &str, mean: i64) -> Forecasted {
        forecast(model, month, mean, 100)
    }

    /// March of two years that are final and of one that is not, with bands of no width: 10 too high, right, and 50 too
    /// high. One rule is 5 and 4 off, another 4 and 20; the budget, of one year only, 1.
    fn example() -> Tried {
        let mut open = row(CHAMPION, "2022-03", 150);
        open.settled = false;
        let rows = [
            row(CHAMPION, "2021-03", 100),
            row(CHAMPION, "2020-03", 110),
            row("vorig-jaar", "2020-03", 105),
            row("vorig-jaar", "2021-03", 104),
            row("tempo", "2020-03", 104),
            row("tempo", "2021-03", 120),
            open,
        ];
        let budgets = Budgets::from([(("2021-03".parse().unwrap(), None), Cents(10_100))]);
        tried(&rows, &budgets, &[]).remove(0)
    }

    #[test]
    fn only_years_that_are_final_count() {
        let Tried { told, held, .. } = example();
        assert_eq!(told.iter().map(|told| told.year).collect::<Vec<_>>(), [2020, 2021, 2022]);
        let held = held.unwrap();
        assert_eq!((held.inside, held.forecasts, held.years, held.fewest), (1, 2, 2, 0));
        assert_eq!(held.limits, coverage(1, 2));
    }

    #[test]
    fn the_best_rule_and_the_budget_stand_beside_the_model_on_the_same_years() {
        let Tried { beside, .. } = example();
        let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
        let [rule, budget] = &beside[..] else { panic!("{beside:?}") };
        assert_eq!(rule.against, Against::Vuistregel("vorig-jaar".into()));
        assert!(close(rule.ours, 0.05) && close(rule.theirs, 0.045) && rule.beaten());
        assert_eq!((rule.months, rule.years, rule.nearer), (3, 2, 1));
        assert_eq!(budget.against, Against::Begroting);
        assert!(close(budget.ours, 0.0) && close(budget.theirs, 0.01) && !budget.beaten());
        assert_eq!((budget.years, budget.nearer), (1, 1));
    }

    #[test]
    fn a_count_of_forecasts_becomes_one_of_years() {
        let told = |month: &str, mean: i64| Told {
            origin: month.parse().unwrap(),
            year: 2020 + i32::from(month.starts_with("2021")),
            expected: Cents(mean),
            p10: Cents(mean - 1),
            p90: Cents(mean + 1),
            became: Cents(100),
            settled: true,
            budget: None,
        };
        // Three of five is 1.2 of two years, and four of five 1.6.
        let months = ["2020-03", "2020-06", "2020-09", "2021-03", "2021-06"];
        let of = |means: [i64; 5]| {
            let all: Vec<Told> =
                months.iter().zip(means).map(|(at, mean)| told(at, mean)).collect();
            held(&all).unwrap().of_years
        };
        assert_eq!(of([100, 100, 100, 90, 90]), 1);
        assert_eq!(of([100, 100, 100, 100, 90]), 2);
        assert_eq!(held(&[]), None);
    }

    /// 4 to 8 % too high in each of five years.
    #[test]
    fn a_report_that_is_always_too_high_is_told_with_its_years() {
        let found = leans(&super::super::ladders(&super::super::value::tests::years()));
        let [lean] = &found[..] else { panic!("{found:?}") };
        assert!((lean.mean - 0.06).abs() < 1e-12 && lean.sure);
        assert_eq!((lean.report.as_str(), lean.years, lean.same_side), ("1e", 5, 5));
    }
}
