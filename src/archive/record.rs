//! One forecast of record: its figures, how it was made and on which definition.

use crate::outlook::{NodeName, Outlook, Quantiles};
use crate::panel::Bridge;
use crate::units::{Cents, Level, Measure, Month, sha256};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The version of the layout below; a later one can not be read by this program.
pub const SCHEMA: u32 = 1;

/// A forecast as it was made. It holds no moment: the same input gives the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// [`SCHEMA`] when written.
    pub schema: u32,
    /// What was used: postings booked through this month.
    pub as_of: Month,
    /// How it was made.
    pub made: Made,
    /// The scenario rows inside what is expected, by id.
    pub scenarios: Vec<String>,
    /// What the figures below are about.
    pub parts: Vec<Part>,
    /// Year totals: every part and year of the horizon.
    pub years: Vec<YearFigures>,
    /// The months from the one after `as_of` through December of the next year.
    pub months: Vec<MonthFigures>,
}

/// How a forecast was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// The version of the program.
    pub version: String,
    /// The last booking month that the whole ledger held. Later than the as-of month means that the
    /// forecast was made afterwards, when more could be known.
    pub latest_booked: Month,
    /// Which code was which line.
    pub definition: Definition,
    /// The specification of the models. Only kept to be looked at: a model that got another name since does not
    /// make a record unreadable.
    pub spec: Value,
    /// SHA-256 of the trained models.
    pub models: String,
    /// SHA-256 over all input files.
    pub inputs: String,
    /// The forecast options in force.
    pub options: Value,
    /// The seed of the draws.
    pub seed: u64,
    /// The number of draws.
    pub draws: usize,
    /// The role that answers for it; never a person.
    pub by: String,
}

/// Which code was which line, and which lines the bridges held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The line table as [`crate::ledger::Ledger::line_table`] has it.
    pub lines: String,
    /// The bridges.
    pub bridges: Vec<Bridge>,
}

/// A node and a measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The node.
    pub node: NodeName,
    /// Lasten, baten or saldo.
    pub measure: Measure,
}

/// The total of one year; in the file `[part, year, budget, expected, [quantiles]]`, in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "YearTuple", into = "YearTuple")]
pub struct YearFigures {
    /// Index into [`Record::parts`].
    pub part: usize,
    /// The year of service.
    pub year: i32,
    /// The budget known then.
    pub budget: Option<Cents>,
    /// The mean.
    pub expected: Cents,
    /// The quantiles.
    pub quantiles: Quantiles,
}

/// One month; in the file `[part, months after the as-of month, mean, [quantiles]]`, in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "MonthTuple", into = "MonthTuple")]
pub struct MonthFigures {
    /// Index into [`Record::parts`].
    pub part: usize,
    /// The number of months after the as-of month, 1 for the next.
    pub ahead: i32,
    /// The mean.
    pub mean: Cents,
    /// The quantiles.
    pub quantiles: Quantiles,
}

type YearTuple = (usize, i32, Option<Cents>, Cents, Quantiles);
type MonthTuple = (usize, i32, Cents, Quantiles);

impl From<YearTuple> for YearFigures {
    fn from((part, year, budget, expected, quantiles): YearTuple) -> Self {
        Self { part, year, budget, expected, quantiles }
    }
}

impl From<YearFigures> for YearTuple {
    fn from(year: YearFigures) -> Self {
        (year.part, year.year, year.budget, year.expected, year.quantiles)
    }
}

impl From<MonthTuple> for MonthFigures {
    fn from((part, ahead, mean, quantiles): MonthTuple) -> Self {
        Self { part, ahead, mean, quantiles }
    }
}

impl From<MonthFigures> for MonthTuple {
    fn from(month: MonthFigures) -> Self {
        (month.part, month.ahead, month.mean, month.quantiles)
    }
}

impl Definition {
    /// Its version: SHA-256, the same for line tables that mean the same.
    ///
    /// # Panics
    /// Never: text can always be written as JSON.
    #[must_use]
    pub fn version(&self) -> String {
        sha256(&serde_json::to_vec(self).expect("text can always be written as JSON"))
    }
}

impl Record {
    /// The record of an outlook.
    #[must_use]
    pub fn new(outlook: &Outlook, made: Made) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        let mut places: BTreeMap<(NodeName, Measure), usize> = BTreeMap::new();
        let mut place = |node: &NodeName, measure: Measure| {
            *places.entry((node.clone(), measure)).or_insert_with(|| {
                parts.push(Part { node: node.clone(), measure });
                parts.len() - 1
            })
        };
        let as_of = outlook.as_of;
        let last = Month::december(as_of.year() + 1);
        let years = outlook.years.iter().map(|row| YearFigures {
            part: place(&row.node, row.measure),
            year: row.year,
            budget: row.budget,
            expected: row.expected,
            quantiles: row.quantiles,
        });
        let years = years.collect();
        let ahead = outlook.months.iter().filter(|row| row.month > as_of && row.month <= last);
        let months = ahead.map(|row| MonthFigures {
            part: place(&row.node, row.measure),
            ahead: (row.month - as_of).0,
            mean: row.mean,
            quantiles: row.quantiles,
        });
        let months = months.collect();
        let mut scenarios: Vec<String> = Vec::new();
        for row in outlook.policy.iter().filter(|row| row.inside) {
            if !scenarios.contains(&row.event) {
                scenarios.push(row.event.clone());
            }
        }
        Self { schema: SCHEMA, as_of, made, scenarios, parts, years, months }
    }

    /// Whether it was made when nothing later was known: a forecast of record (*van toen*). If not, it was
    /// made afterwards (*achteraf*).
    #[must_use]
    pub fn is_of_record(&self) -> bool {
        self.made.latest_booked <= self.as_of
    }

    /// What lasten of all lines together were expected to come to in the as-of year; `None` when there were none.
    #[must_use]
    pub fn headline(&self) -> Option<Cents> {
        let is_total =
            |part: &Part| part.node.level == Level::Totaal && part.measure == Measure::Lasten;
        let ours = |year: &&YearFigures| {
            year.year == self.as_of.year() && is_total(&self.parts[year.part])
        };
        self.years.iter().find(ours).map(|year| year.expected)
    }

    /// Whether every figure is about a part that is there.
    pub(super) fn is_whole(&self) -> bool {
        let years = self.years.iter().map(|figures| figures.part);
        let months = self.months.iter().map(|figures| figures.part);
        years.chain(months).all(|part| part < self.parts.len())
    }
}
