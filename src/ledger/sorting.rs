//! Lines and postings in their order, by counting: ten million postings would take long to compare.

use super::lines::LineTable;
use super::types::{Ledger, Posting};
use crate::units::{LineId, Side};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Postings by the number of their leaf, as they come.
#[derive(Default)]
pub(super) struct Posted(Vec<Vec<Posting>>);

impl Extend<Posting> for Posted {
    fn extend<I: IntoIterator<Item = Posting>>(&mut self, postings: I) {
        for posting in postings {
            let leaf = posting.line as usize;
            if leaf >= self.0.len() {
                self.0.resize(leaf + 1, Vec::new());
            }
            self.0[leaf].push(posting);
        }
    }
}

/// Puts lines and postings in order: leaves with a posting, and each line of the table that has none.
pub(super) fn sort(
    ledger: &mut Ledger,
    mut posted: Posted,
    leaves: BTreeMap<LineId, u32>,
    table: &LineTable,
) {
    let take = |(line, leaf): (LineId, u32)| {
        let postings = posted.0.get_mut(leaf as usize).map(std::mem::take);
        Some((line, postings.filter(|postings| !postings.is_empty())?))
    };
    let used: BTreeMap<LineId, Vec<Posting>> = leaves.into_iter().filter_map(take).collect();
    let idle = |line: &&LineId| {
        !used.contains_key(line)
            && !used.contains_key(&LineId { side: Side::Baten, ..(*line).clone() })
    };
    let lines: BTreeSet<&LineId> = used.keys().chain(table.lines().filter(idle)).collect();
    ledger.lines = lines.into_iter().cloned().collect();
    ledger.postings = in_order(&ledger.lines, used);
}

/// The postings of all lines, line by line.
fn in_order(lines: &[LineId], used: BTreeMap<LineId, Vec<Posting>>) -> Vec<Posting> {
    let Some(&any) = used.values().flatten().next() else { return Vec::new() };
    // So that all threads make the memory ready, which takes longer than to fill it.
    let count = used.values().map(Vec::len).sum::<usize>();
    let mut all: Vec<Posting> = (0..count).into_par_iter().map(|_| any).collect();
    let mut rest = all.as_mut_slice();
    let part = |(line, postings): (LineId, Vec<Posting>)| {
        let (part, after) = std::mem::take(&mut rest).split_at_mut(postings.len());
        rest = after;
        let line = lines.binary_search(&line).expect("a line that is used is listed");
        (u32::try_from(line).expect("a ledger has fewer than 2^32 lines"), postings, part)
    };
    let parts: Vec<_> = used.into_iter().map(part).collect();
    parts.into_par_iter().for_each(|(line, postings, part)| sort_line(line, &postings, part));
    all
}

/// Sorts the postings of one line by all they hold, into `sorted`; first by months, of which there are few, so that
/// only those of the same month are compared.
fn sort_line(line: u32, postings: &[Posting], sorted: &mut [Posting]) {
    let services = || postings.iter().map(|posting| posting.service);
    let (Some(first), Some(last)) = (services().min(), services().max()) else { return };
    let month = |posting: &Posting| (posting.service - first).count();
    let mut places = vec![0; (last - first).count() + 1];
    for posting in postings {
        places[month(posting)] += 1;
    }
    let mut start = 0;
    for size in &mut places {
        start += std::mem::replace(size, start);
    }
    for posting in postings {
        let place = &mut places[month(posting)];
        sorted[*place] = Posting { line, ..*posting };
        *place += 1;
    }
    for postings in sorted.chunk_by_mut(|a, b| a.service == b.service) {
        postings.sort_unstable_by_key(|p| (p.booked, p.kind, p.amount, p.origin));
    }
}
