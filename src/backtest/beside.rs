//! The model beside the best rule of thumb, the budget and reports of people: on the same years, with as much known.

use super::Forecasted;
use super::reliability::{Told, months_known};
use super::value::{Said, Step};
use crate::model::Rule;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What the model is compared with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Against {
    /// The rule of thumb that came nearest over these years, by its name.
    Vuistregel(String),
    /// The budget in force.
    Begroting,
    /// A report of people, by its name.
    Rapportage(String),
}

/// The model beside one other on the same years, with the same months known. Errors are Σ|error| ÷ Σ|outcome|.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// The months of the year that were known.
    pub months: u32,
    /// The other.
    pub against: Against,
    /// The years.
    pub years: usize,
    /// The error of the model.
    pub ours: f64,
    /// The error of the other.
    pub theirs: f64,
    /// In how many of the years the model lay nearer.
    pub nearer: usize,
}

impl Beside {
    /// Whether the other came nearer.
    #[must_use]
    pub fn beaten(&self) -> bool {
        self.theirs < self.ours
    }
}

/// What both said of one year, and what came true: errors of the model and of the other, and the size of the outcome.
type Pair = (f64, f64, f64);

/// The model beside the best rule, the budget and every report, where at least one year is final.
pub(super) fn beside(told: &[Told], rows: &[&Forecasted], said: &[&Said]) -> Vec<Beside> {
    let months: BTreeSet<u32> = told.iter().map(Told::months_known).collect();
    let mut found: Vec<Beside> = Vec::new();
    for &known in &months {
        let ours: Vec<&Told> =
            told.iter().filter(|told| told.settled && told.months_known() == known).collect();
        found.extend(best_rule(known, &ours, rows));
        let budgeted = ours.iter().filter_map(|told| {
            let budget = told.budget?;
            Some((told.error(), (budget - told.became).euros(), told.became.euros()))
        });
        found.extend(compared(known, Against::Begroting, &budgeted.collect::<Vec<_>>()));
    }
    found.extend(reports(said));
    found.sort_by(|a, b| (a.months, &a.against).cmp(&(b.months, &b.against)));
    found
}

/// The rule with the smallest error: chosen afterwards, so that the model has the strongest of them against it.
fn best_rule(known: u32, ours: &[&Told], rows: &[&Forecasted]) -> Option<Beside> {
    let of_rule = |rule: Rule| {
        let pair = |told: &&Told| {
            let same = |row: &&&Forecasted| row.origin == told.origin && row.model == rule.name();
            Some((told.error(), rows.iter().find(same)?.error(), told.became.euros()))
        };
        let pairs: Vec<Pair> = ours.iter().filter_map(pair).collect();
        compared(known, Against::Vuistregel(rule.name().to_owned()), &pairs)
    };
    let rules = Rule::ALL.into_iter().filter_map(of_rule);
    rules.min_by(|a, b| a.theirs.total_cmp(&b.theirs))
}

/// The model beside reports of people, each with what was known a month before it was made.
fn reports(said: &[&Said]) -> Vec<Beside> {
    let mut pairs: BTreeMap<(u32, &str), Vec<Pair>> = BTreeMap::new();
    for report in said.iter().filter(|row| row.step == Step::Report) {
        let model = said.iter().find(|row| {
            row.step == Step::Model
                && (row.made, row.year, &row.report) == (report.made, report.year, &report.report)
        });
        let Some(model) = model else { continue };
        let error = |row: &Said| (row.amount - row.actual).euros();
        let pair = (error(model), error(report), report.actual.euros());
        pairs.entry((months_known(report.origin), &report.report)).or_default().push(pair);
    }
    let of = |((known, report), pairs): ((u32, &str), Vec<Pair>)| {
        compared(known, Against::Rapportage(report.to_owned()), &pairs)
    };
    pairs.into_iter().filter_map(of).collect()
}

/// `None` of nothing, or of outcomes that are all nil.
fn compared(months: u32, against: Against, pairs: &[Pair]) -> Option<Beside> {
    let sum = |of: fn(&Pair) -> f64| pairs.iter().map(of).sum::<f64>();
    let size = sum(|pair| pair.2.abs());
    (size > 0.0).then(|| Beside {
        months,
        against,
        years: pairs.len(),
        ours: sum(|pair| pair.0.abs()) / size,
        theirs: sum(|pair| pair.1.abs()) / size,
        nearer: pairs.iter().filter(|pair| pair.0.abs() < pair.1.abs()).count(),
    })
}
