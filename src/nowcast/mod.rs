//! Late invoices: how the money of a service month comes in, and what that says about the months
//! that are not complete yet.
//!
//! [`run_offs`] lays the postings out by service month and age; [`late`] learns from them how
//! invoices of each line usually come in ([`crate::panel::Pattern`]) and how much of a month's bookings is put off
//! (slip, `slip.rs`). Nothing here looks at a posting booked after the as-of month.

mod chain_ladder;
mod diagonal;
mod links;
mod over_dispersed;
mod pattern;
mod slip;

pub use chain_ladder::{ChainLadder, Completed, Estimate, chain_ladder};
pub use diagonal::diagonal;
pub use links::{Link, SigmaRule, links, shares, tail_factor};
pub use over_dispersed::{OverDispersed, over_dispersed};
pub use slip::{AGES, share_booked, slipped};

use crate::ledger::{Ledger, Posting, PostingKind};
use crate::panel::{Late, LateLine, Pattern, RunOff};
use crate::units::{LineId, Month};
use ndarray::Array2;
use slip::Slips;
use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// The oldest age that is told apart: two years.
const OLDEST: usize = 24;

/// Per line, what of each service month was booked at which age, as known at the end of `as_of`.
/// Empty when no source gives service months. Accruals do not count. Months from before the first
/// booking are left out: their early invoices are missing.
#[must_use]
pub fn run_offs(ledger: &Ledger, as_of: Month) -> BTreeMap<LineId, RunOff> {
    let first = ledger.postings.iter().map(|posting| posting.booked).min();
    let (true, Some(first)) = (ledger.has_service_months_as_of(as_of), first) else {
        return BTreeMap::new();
    };
    let mut run_offs = BTreeMap::new();
    for postings in ledger.postings.chunk_by(|a, b| a.line == b.line) {
        let counts = |posting: &&Posting| {
            posting.kind != PostingKind::Accrual
                && posting.booked <= as_of
                && posting.service >= first
                && posting.service <= as_of
        };
        let Some(start) = postings.iter().find(counts).map(|posting| posting.service) else {
            continue;
        };
        let mut cells = Array2::zeros((start.through(as_of).len(), OLDEST + 1));
        for posting in postings.iter().filter(counts) {
            let age = (posting.booked - posting.service).count().min(OLDEST);
            cells[((posting.service - start).count(), age)] += posting.amount.euros();
        }
        for mut row in cells.rows_mut() {
            let mut sum = 0.0;
            row.iter_mut().for_each(|cell| {
                sum += *cell;
                *cell = sum;
            });
        }
        let line = ledger.lines[postings[0].line as usize].clone();
        run_offs.insert(line, RunOff { start, cumulative: cells, as_of });
    }
    run_offs
}

/// What `run_offs`, which share their as-of month, teach about the invoices still to come. `changed` gives
/// the month since which a line is invoiced another way, if that is known.
#[must_use]
pub fn late(
    run_offs: BTreeMap<LineId, RunOff>,
    as_of: Month,
    changed: &dyn Fn(&LineId) -> Option<Month>,
) -> Late {
    let paid = pattern::paid(&run_offs, changed);
    let since: Vec<Option<Month>> = run_offs.keys().map(changed).collect();
    let delayed = run_offs.values().zip(&paid).filter(|(_, paid)| paid[0] < Pattern::DELAYED);
    let delayed: Vec<(&RunOff, &[f64])> =
        delayed.map(|(run_off, paid)| (run_off, paid.as_slice())).collect();
    let slips = Slips::learn(&delayed, as_of);
    let lines =
        run_offs.into_iter().zip(paid).zip(since).map(|(((line, run_off), paid), since)| {
            let pattern = pattern::with_errors(&run_off, paid, since, &slips);
            let newest = diagonal(&run_off);
            (line, LateLine { run_off, pattern, newest })
        });
    Late { slip: slips.guess(as_of), lines: lines.collect(), dropped: 0 }
}
