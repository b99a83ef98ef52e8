//! How the year total of one line is made, step by step: postings, late invoices, the parts of the model, the
//! rest. Every step is an amount in cents, and the steps add up.

use super::types::{MonthRow, NodeName, Outlook, YearRow};
use crate::calendar::Event;
use crate::ledger::{Ledger, Posting, PostingKind};
use crate::model::{Context, FittedModel, shared_growth};
use crate::panel::Panel;
use crate::units::{Cents, Level, LineId, Measure, Month, Months, Side};
use std::collections::BTreeMap;

/// How the total of the year of the as-of month is made of one leaf line.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// The line.
    pub line: LineId,
    /// The row of `outlook.csv` that is explained.
    pub year: YearRow,
    /// What the ledger files hold of the year, sorted by file; together what is booked.
    pub files: Vec<FileShare>,
    /// The twelve months of the year.
    pub months: Vec<ExplainedMonth>,
    /// The share of a month that is usually booked when it is 0, 1, 2, … months old; none where months do not
    /// wait for invoices.
    pub paid: Vec<f64>,
    /// The months that the model learned from; 0 without a model.
    pub learned: usize,
    /// What the parts of the model say of the months after the as-of month.
    pub parts: Vec<ExplainedPart>,
    /// From the blend of these parts to `to_come`.
    pub steps: Steps,
}

/// What one ledger file holds of a line and year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileShare {
    /// The file, relative to the workspace.
    pub file: String,
    /// The postings.
    pub postings: usize,
    /// Their sum.
    pub amount: Cents,
}

/// One month of an explained year.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedMonth {
    /// What is booked on it.
    pub booked: Cents,
    /// The mean less what is booked: late invoices through the as-of month, the expectation after it.
    pub still: Cents,
    /// The month itself: mean, band, and whether it is settled.
    pub row: MonthRow,
}

/// One part of the blend.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedPart {
    /// The model that says it.
    pub name: &'static str,
    /// Its weight; together 1.
    pub weight: f64,
    /// What it says of the months to come, without policy and in the tariff of the base.
    pub amount: Cents,
}

/// `blend + events + tariff + rest − booked_ahead = to_come`, to the cent; all about the months after the as-of
/// month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Σ weight · part.
    pub blend: Cents,
    /// Known events of the past that were taken out of the history, put back.
    pub events: Cents,
    /// Tariffs.
    pub tariff: Cents,
    /// What open months say of the months to come, bridges, and the paths, whose mean lies above the middle.
    pub rest: Cents,
    /// Booked already on months to come.
    pub booked_ahead: Cents,
}

/// Explains every leaf that has something to say in the year of the as-of month, in the order of `outlook`.
#[must_use]
pub fn explained(
    panel: &Panel,
    ledger: &Ledger,
    models: &BTreeMap<LineId, FittedModel>,
    events: &[Event],
    outlook: &Outlook,
) -> Vec<Explained> {
    let growth = shared_growth(panel);
    let year = outlook.as_of.year();
    let leaves = outlook
        .years
        .iter()
        .filter(|row| row.year == year)
        .filter_map(|row| Some((leaf(row)?, row)));
    let explain = |(line, row): (LineId, &YearRow)| {
        let months = months(panel, outlook, &line, row);
        let late = panel.late.of(&line).filter(|late| late.pattern.is_delayed());
        let (parts, mut steps) = models.get(&line).map_or_else(Default::default, |model| {
            let context = Context::new(events, &line, panel.as_of).growing(&growth);
            said(panel, &line, model, &context)
        });
        steps.booked_ahead = months
            .iter()
            .filter(|month| month.row.month > panel.as_of)
            .map(|month| month.booked)
            .sum();
        steps.rest = row.to_come + steps.booked_ahead - steps.blend - steps.events - steps.tariff;
        Explained {
            files: files(ledger, &line, year, panel.as_of),
            months,
            paid: late.map(|late| late.pattern.paid.clone()).unwrap_or_default(),
            learned: if parts.is_empty() {
                0
            } else {
                panel.series[&line].learnable().values.len()
            },
            parts,
            steps,
            year: row.clone(),
            line,
        }
    };
    leaves.map(explain).collect()
}

/// The line of a row that is one.
fn leaf(row: &YearRow) -> Option<LineId> {
    let NodeName { level: Level::Product, wet, taakveld, product } = &row.node else { return None };
    let side = match row.measure {
        Measure::Lasten => Side::Lasten,
        Measure::Baten => Side::Baten,
        Measure::Saldo => return None,
    };
    Some(LineId { wet: (*wet)?, taakveld: taakveld.clone()?, product: product.clone()?, side })
}

fn months(panel: &Panel, outlook: &Outlook, line: &LineId, row: &YearRow) -> Vec<ExplainedMonth> {
    let of_year = outlook.months.iter().filter(|month| {
        month.month.year() == row.year && month.measure == row.measure && month.node == row.node
    });
    let month = |of: &MonthRow| {
        let booked = panel.booked.get(line).map_or(Cents::ZERO, |booked| booked.get(of.month));
        ExplainedMonth { booked, still: of.mean - booked, row: of.clone() }
    };
    of_year.map(month).collect()
}

/// What a model says of the rest of the year, part by part, and the steps that can be told apart.
fn said(
    panel: &Panel,
    line: &LineId,
    model: &FittedModel,
    context: &Context,
) -> (Vec<ExplainedPart>, Steps) {
    let (next, last) = (panel.as_of + Months(1), Month::december(panel.as_of.year()));
    let months = model.end().through(last).len();
    let skip = (next - model.end()).count();
    let sum = |values: &[f64]| values.iter().skip(skip).sum::<f64>();
    let parts = model.parts(months, context);
    let blend: f64 = parts.iter().map(|part| part.weight * sum(&part.ahead)).sum();
    let mean = model.mean(months, context);
    let tariff = panel.indices.get(line).map_or(0.0, |index| {
        let dear = |(month, euros): (Month, &f64)| euros * (index.at(month) - 1.0);
        next.through(last).zip(mean.iter().skip(skip)).map(dear).sum()
    });
    let cents = Cents::from_euros;
    let steps = Steps {
        blend: cents(blend),
        events: cents(sum(&mean) - blend),
        tariff: cents(tariff),
        ..Steps::default()
    };
    let part = |part: crate::model::Part| ExplainedPart {
        name: part.name,
        weight: part.weight,
        amount: cents(sum(&part.ahead)),
    };
    (parts.into_iter().map(part).collect(), steps)
}

/// The postings that make up what is booked, per file.
fn files(ledger: &Ledger, line: &LineId, year: i32, as_of: Month) -> Vec<FileShare> {
    let of = |posting: &&Posting| {
        posting.service.year() == year
            && posting.booked <= as_of
            && posting.kind != PostingKind::Accrual
            && ledger.lines[posting.line as usize] == *line
    };
    let mut shares: BTreeMap<&str, (usize, Cents)> = BTreeMap::new();
    for posting in ledger.postings.iter().filter(of) {
        let (postings, amount) =
            shares.entry(&ledger.files[posting.origin.file as usize].file).or_default();
        *postings += 1;
        *amount += posting.amount;
    }
    let share = |(file, (postings, amount)): (&str, _)| FileShare {
        file: file.to_owned(),
        postings,
        amount,
    };
    shares.into_iter().map(share).collect()
}
