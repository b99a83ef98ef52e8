//! The first rows of a file as they would be read, and what they add up to.

use super::Proposal;
use crate::error::Result;
use crate::ledger::options::{Closing, Field, Source};
use crate::ledger::parse;
use crate::ledger::postings::{Columns, Entry};
use crate::ledger::problems::Problems;
use crate::ledger::sheet::Sheet;
use crate::ledger::types::PostingKind;
use crate::units::{Cents, Side};
use std::collections::BTreeMap;

/// So many rows are shown of a source.
const ROWS: usize = 5;

/// A row as it would be read; empty where the file tells nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewRow {
    /// The month of booking, or the year of a budget.
    pub booked: String,
    /// The month of the care.
    pub service: String,
    /// The code, or the taakveld of a budget.
    pub code: String,
    /// Lasten or baten.
    pub side: Side,
    /// The amount, positive on its own side.
    pub amount: Cents,
}

/// Adds the rows and sums of one source.
pub(super) fn add(sheet: &Sheet, source: &Source, proposal: &mut Proposal) -> Result<()> {
    if source.kind().is_transactions() {
        postings(sheet, source, proposal)
    } else {
        stated(sheet, source, proposal)
    }
}

fn postings(sheet: &Sheet, source: &Source, proposal: &mut Proposal) -> Result<()> {
    let columns = Columns::new(sheet, source, Closing::default(), None);
    let mut problems = Problems::default();
    let mut shown = 0;
    for row in 0..sheet.table.rows.len() {
        let Some(Entry { side, amount, kind, time }) = columns.entry(row, &mut problems) else {
            continue;
        };
        // Accruals never count in a month of care.
        let Some(time) = time.filter(|_| kind != PostingKind::Accrual) else { continue };
        *proposal.sums.entry((time.service.year(), side)).or_default() += amount;
        let (first, last) = proposal.booked.unwrap_or((time.booked, time.booked));
        proposal.booked = Some((first.min(time.booked), last.max(time.booked)));
        if shown < ROWS {
            let service =
                if columns.has_service() { time.service.to_string() } else { String::new() };
            let code = sheet.text(Field::Code, row).to_owned();
            proposal.rows.push(PreviewRow {
                booked: time.booked.to_string(),
                service,
                code,
                side,
                amount,
            });
            shown += 1;
        }
    }
    problems.finish()
}

fn stated(sheet: &Sheet, source: &Source, proposal: &mut Proposal) -> Result<()> {
    let mut problems = Problems::default();
    let year = sheet.parsed(Field::Year, parse::year);
    let side = sheet.parsed(Field::Side, |text| source.side(text));
    let amount = sheet.parsed_values(Field::Amount, |value| source.amount(value));
    let quarter = sheet.parsed(Field::Quarter, parse::optional_quarter);
    let mut sums: BTreeMap<(i32, Side), BTreeMap<u32, Cents>> = BTreeMap::new();
    let mut shown = 0;
    for row in 0..sheet.table.rows.len() {
        let year = sheet.take(year.as_ref(), row, &mut problems);
        let amount = sheet.take(amount.as_ref(), row, &mut problems);
        let side = match &side {
            Some(side) => sheet.take(Some(side), row, &mut problems),
            None => Some(Side::Lasten),
        };
        let (Some(year), Some(amount), Some(side)) = (year, amount, side) else { continue };
        let flips = source.flips_baten && side == Side::Baten;
        let amount = if flips { -amount } else { amount };
        let quarter = quarter.as_ref().map(|quarter| sheet.take(Some(quarter), row, &mut problems));
        let quarter = quarter.flatten().flatten().unwrap_or(u32::MAX);
        *sums.entry((year, side)).or_default().entry(quarter).or_default() += amount;
        if shown < ROWS {
            let texts =
                [Field::Code, Field::Taakveld, Field::Product].map(|field| sheet.text(field, row));
            let code =
                texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned();
            let (booked, service) = (year.to_string(), String::new());
            proposal.rows.push(PreviewRow { booked, service, code, side, amount });
            shown += 1;
        }
    }
    for (year_and_side, by_quarter) in sums {
        // A quarter holds those before it.
        let last = by_quarter.into_values().next_back().unwrap_or_default();
        *proposal.sums.entry(year_and_side).or_default() += last;
    }
    problems.finish()
}
