//! What a forecast adds: the ladder from rules of thumb through the budget and the model to what people
//! said, all of the same year totals and with what was known at the same month.

use super::truth::Completed;
use super::{CHAMPION, Forecasted, HISTORY, Replayed, year_of};
use crate::error::Result;
use crate::ledger::{HumanForecast, Ledger, Scope};
use crate::model::{Rule, Spec};
use crate::outlook::{NodeName, Quantiles, budgets_of};
use crate::units::{Cents, Level, Measure, Month, Months, Side, Wet};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The rules on the ladder, from the bottom up.
pub const RULES: [Rule; 3] = [Rule::SeasonalNaive, Rule::RunRate, Rule::Uitputtingsprofiel];
/// What a report has learned of its bias weighs as much as this many years of no bias.
const DOUBT: f64 = 3.0;

/// A step of the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A rule of thumb.
    Rule(usize),
    /// The budget in force.
    Begroting,
    /// The champion.
    Model,
    /// The report.
    Report,
    /// The report less what it was usually too high in earlier years.
    Unbiased,
    /// The mean of model and report.
    Together,
    /// The mean of the model and the report without its bias.
    TogetherUnbiased,
}

/// One step's forecast of one year total.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The name of the report.
    pub report: String,
    /// The month in which the report was made.
    pub made: Month,
    /// What the other steps knew: the books at the end of the month before.
    pub origin: Month,
    /// The year.
    pub year: i32,
    /// What it is about.
    pub node: NodeName,
    /// Lasten or baten.
    pub measure: Measure,
    /// Which step.
    pub step: Step,
    /// The forecast.
    pub amount: Cents,
    /// What came true.
    pub actual: Cents,
    /// What came true a year earlier, if that is known.
    pub before: Option<Cents>,
    /// Of a report: what was known of each earlier year at the origin, late invoices expected.
    pub earlier: BTreeMap<i32, f64>,
    /// Of a report: where it lay in the band of the model of then, as a chance from 0 to 1.
    pub place: Option<f64>,
}

/// Every step's forecast of what people forecast, as far as the year is complete; with a history of less than
/// three years only what people said. `replayed` compares the champion with [`RULES`].
///
/// # Errors
/// When a model can not be fitted at all.
pub fn said(replayed: &Replayed<'_>, ledger: &Ledger, latest: Month) -> Result<Vec<Said>> {
    let complete = |human: &&HumanForecast| Month::december(human.year) <= latest;
    let mut reports: BTreeMap<Month, Vec<&HumanForecast>> = BTreeMap::new();
    for human in ledger.human_forecasts.iter().filter(complete) {
        reports.entry(human.made).or_default().push(human);
    }
    let years: BTreeSet<i32> = ledger.human_forecasts.iter().map(|human| human.year).collect();
    let of = |(&made, humans): (&Month, &Vec<&HumanForecast>)| {
        of_report(replayed, ledger, made, humans, &years)
    };
    let reports: Vec<(&Month, &Vec<&HumanForecast>)> = reports.iter().collect();
    let said: Vec<Vec<Said>> = reports.into_par_iter().map(of).collect::<Result<_>>()?;
    let mut said = said.concat();
    unbias(&mut said);
    Ok(said)
}

/// All steps beside the reports of one month.
fn of_report(
    replayed: &Replayed<'_>,
    ledger: &Ledger,
    made: Month,
    humans: &[&HumanForecast],
    years: &BTreeSet<i32>,
) -> Result<Vec<Said>> {
    let origin = made - Months(1);
    let long = origin + Months(1) >= replayed.first() + HISTORY;
    let rows = if long { replayed.at(origin)? } else { Vec::new() };
    let panel = replayed.panel(origin);
    let year = year_of(origin);
    let budgets = budgets_of(&panel, &[], &ledger.budgets_as_of(origin), year);
    let completed = Completed::new(&panel);
    let mut said = Vec::new();
    for (human, node, measure, amount) in stated(replayed, humans) {
        let Some(actual) = replayed.outcome(&node, measure, human.year) else { continue };
        let before = replayed.outcome(&node, measure, human.year - 1);
        let about = |row: &&Forecasted| {
            (row.year, &row.node, row.measure) == (human.year, &node, measure)
                && row.month.is_none()
        };
        let find = |model: &str| rows.iter().filter(about).find(|row| row.model == model);
        let model = find(CHAMPION);
        // A rule that is champion itself stands under that name.
        let of_rule = |rule| match replayed.asked.champion {
            Spec::Rule { rule: champion } if *champion == rule => model,
            _ => find(rule.name()),
        };
        let rules = RULES.into_iter().enumerate();
        let mut steps: Vec<(Step, Cents)> =
            rules.filter_map(|(at, rule)| Some((Step::Rule(at), of_rule(rule)?.mean))).collect();
        let budget = budgets.get(&(node.clone(), measure)).filter(|_| human.year == year);
        steps.extend(budget.map(|&budget| (Step::Begroting, budget)));
        steps.extend(model.map(|row| (Step::Model, row.mean)));
        steps.push((Step::Report, amount));
        steps.extend(model.map(|row| (Step::Together, middle(row.mean, amount))));
        let known = |&year: &i32| Some((year, completed.year(&node, measure, year)?));
        let earlier: BTreeMap<i32, f64> = years.range(..human.year).filter_map(known).collect();
        said.extend(steps.into_iter().map(|(step, said)| Said {
            report: human.name.clone(),
            made,
            origin,
            year: human.year,
            node: node.clone(),
            measure,
            step,
            amount: said,
            actual,
            before,
            earlier: if step == Step::Report { earlier.clone() } else { BTreeMap::new() },
            place: model.filter(|_| step == Step::Report).map(|row| place(&row.quantiles, amount)),
        }));
    }
    Ok(said)
}

/// A forecast of one act.
type Of<'a> = (&'a HumanForecast, Wet);

/// What people stated, each with its node; where they spoke of every act, of all together as well.
fn stated<'a>(
    replayed: &Replayed<'_>,
    humans: &[&'a HumanForecast],
) -> Vec<(&'a HumanForecast, NodeName, Measure, Cents)> {
    let measure = |side| if side == Side::Lasten { Measure::Lasten } else { Measure::Baten };
    let mut stated = Vec::new();
    let mut acts: BTreeMap<(&str, i32, Side), Vec<Of<'_>>> = BTreeMap::new();
    for &human in humans {
        stated.push((human, node_of(&human.scope), measure(human.side), human.amount));
        let Scope { wet: Some(wet), taakveld: None, product: None } = human.scope else { continue };
        acts.entry((&human.name, human.year, human.side)).or_default().push((human, wet));
    }
    for ((_, year, side), said) in acts {
        let told: BTreeSet<Wet> = said.iter().map(|&(_, wet)| wet).collect();
        let total = NodeName { level: Level::Totaal, wet: None, taakveld: None, product: None };
        if told.len() == said.len() && replayed.acts(measure(side), year).is_subset(&told) {
            let amount = said.iter().map(|(human, _)| human.amount).sum();
            stated.push((said[0].0, total, measure(side), amount));
        }
    }
    stated
}

fn node_of(scope: &Scope) -> NodeName {
    let level = match (scope.wet, &scope.taakveld, &scope.product) {
        (_, _, Some(_)) => Level::Product,
        (_, Some(_), None) => Level::Taakveld,
        (Some(_), None, None) => Level::Wet,
        (None, None, None) => Level::Totaal,
    };
    let Scope { wet, taakveld, product } = scope.clone();
    NodeName { level, wet, taakveld, product }
}

/// Adds the reports without the bias of their earlier years: *F*·(1 − *b*·*n*/(*n* + 3)), with *b* the mean of (*F* −
/// *A*) ÷ *F* over the *n* earlier years of the same report, node and measure (METHODS §5 of the design notes), *A* as it
/// was known when the report was made. The first two years teach too little.
fn unbias(said: &mut Vec<Said>) {
    let mut more = Vec::new();
    let reports = || said.iter().filter(|row| row.step == Step::Report);
    for row in reports() {
        let same = |other: &&Said| {
            other.year < row.year
                && (&other.report, &other.node, other.measure)
                    == (&row.report, &row.node, row.measure)
                && other.amount != Cents::ZERO
        };
        // What was known of their outcomes when this report was made.
        let error = |other: &Said| {
            let actual = row.earlier.get(&other.year)?;
            Some((other.amount.euros() - actual) / other.amount.euros())
        };
        let errors: Vec<f64> = reports().filter(same).filter_map(error).collect();
        if errors.len() < 2 {
            continue;
        }
        let n = real(errors.len());
        let lower = 1.0 - errors.iter().sum::<f64>() / n * n / (n + DOUBT);
        let amount = Cents::from_euros(row.amount.euros() * lower);
        more.push(Said { step: Step::Unbiased, amount, place: None, ..row.clone() });
        let model = said.iter().find(|other| {
            other.step == Step::Model
                && (other.made, &other.node, other.measure, other.year, &other.report)
                    == (row.made, &row.node, row.measure, row.year, &row.report)
        });
        more.extend(model.map(|model| Said {
            step: Step::TogetherUnbiased,
            amount: middle(model.amount, amount),
            ..model.clone()
        }));
    }
    said.extend(more);
    said.sort_by(|a, b| {
        (a.made, &a.report, &a.node, a.measure, a.year, a.step)
            .cmp(&(b.made, &b.report, &b.node, b.measure, b.year, b.step))
    });
}

fn middle(a: Cents, b: Cents) -> Cents {
    Cents::from_euros(f64::midpoint(a.euros(), b.euros()))
}

/// The chance below an amount, between the quantiles that hold it; the outermost quantile beyond them.
fn place(quantiles: &Quantiles, amount: Cents) -> f64 {
    let (values, levels) = (quantiles.0.map(Cents::euros), Quantiles::LEVELS);
    let amount = amount.euros();
    let above = values.partition_point(|&value| value < amount);
    match above {
        0 => levels[0],
        9 => levels[8],
        at => {
            let part = (amount - values[at - 1]) / (values[at] - values[at - 1]);
            levels[at - 1] + part * (levels[at] - levels[at - 1])
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of years are small")]
pub(super) fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn row(year: i32, step: Step, amount: i64, actual: i64) -> Said {
        Said {
            report: "1e".into(),
            made: Month::new(year, 5).unwrap(),
            origin: Month::new(year, 4).unwrap(),
            year,
            node: NodeName { level: Level::Totaal, wet: None, taakveld: None, product: None },
            measure: Measure::Lasten,
            step,
            amount: Cents(amount),
            actual: Cents(actual),
            before: Some(Cents(90)),
            earlier: (2020..year).map(|year| (year, 1.0)).collect(),
            place: (step == Step::Report).then_some(0.8),
        }
    }

    pub(in crate::backtest) fn years() -> Vec<Said> {
        let of = |year| {
            [
                row(year, Step::Rule(0), 90, 100),
                row(year, Step::Model, 98, 100),
                row(year, Step::Report, 104 + i64::from(year - 2020), 100),
            ]
        };
        (2020..2025).flat_map(of).collect()
    }

    #[test]
    fn a_report_is_corrected_by_its_earlier_years_only() {
        let mut said = years();
        unbias(&mut said);
        let corrected: Vec<&Said> = said.iter().filter(|row| row.step == Step::Unbiased).collect();
        assert_eq!(corrected.iter().map(|row| row.year).collect::<Vec<_>>(), [2022, 2023, 2024]);
        // Of 2020 and 2021: (4/104 + 5/105)/2 · 2/5 lower.
        let lower = 1.0 - f64::midpoint(4.0 / 104.0, 5.0 / 105.0) * 2.0 / 5.0;
        assert_eq!(corrected[0].amount, Cents::from_euros(1.06 * lower));
        let together = said.iter().filter(|row| row.step == Step::TogetherUnbiased).count();
        assert_eq!(together, 3);
    }

    #[test]
    fn places_lie_between_quantiles() {
        let quantiles = Quantiles([10, 20, 30, 40, 50, 60, 70, 80, 90].map(Cents));
        assert!((place(&quantiles, Cents(65)) - 0.825).abs() < 1e-12);
        assert!((place(&quantiles, Cents(5)) - 0.025).abs() < 1e-12);
        assert!((place(&quantiles, Cents(95)) - 0.975).abs() < 1e-12);
        let flat = Quantiles([Cents(7); 9]);
        assert!(place(&flat, Cents(7)).is_finite());
    }
}
