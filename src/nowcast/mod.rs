//! Which recent months are not yet known, because invoices are still to come.
//!
//! For now the youngest months of a line are set aside, as many as its invoices usually take
//! ([`usual_delay`]). Nothing here looks at a posting booked after the as-of month.

mod chain_ladder;
mod diagonal;
mod links;
mod over_dispersed;

pub use chain_ladder::{ChainLadder, Completed, Estimate, chain_ladder};
pub use diagonal::{Diagonal, diagonal};
pub use links::{Link, SigmaRule, links, shares, tail_factor};
pub use over_dispersed::{OverDispersed, over_dispersed};

use crate::ledger::{Ledger, Posting, PostingKind};
use crate::panel::Panel;
use crate::units::{Cents, LineId, Month, Months};
use std::collections::BTreeMap;

/// The least delay of a line with too little history to tell: new care may well be invoiced slowly.
const DEFAULT: usize = 3;
/// The longest delay; what comes later still is left to the completion of late invoices.
const LONGEST: usize = 11;
/// A service month of this age counts as finished.
const FINISHED: Months = Months(12);
/// So many finished service months are looked at, the youngest.
const LOOKED_AT: Months = Months(24);
/// With fewer finished service months the delay is at least [`DEFAULT`].
const ENOUGH: usize = 12;
/// A month is known once at most so many per cent of its money still moves.
const OPEN: i64 = 3;

/// Per line, how many of the youngest service months are not yet known at the end of `as_of`: 0
/// when invoices come within the month itself, at most 11, and at least 3 with fewer than 12 finished service
/// months. Lines without a known posting are left out.
///
/// The delay is the least *k* such that, over the last 24 service months *i* that are at least 12
/// months old, Σ|C*ᵢₖ* − C*ᵢ*| ≤ 3 % of Σ|C*ᵢ*|, there and at every longer delay. C*ᵢₖ* are the
/// cents booked within *k* months after the service month, C*ᵢ* all that is booked by `as_of`. The
/// absolute value keeps a credit note from cancelling an invoice that came late. Months from before
/// the first booking are no evidence: their early invoices are missing. Accruals do not count.
#[must_use]
pub fn usual_delay(ledger: &Ledger, as_of: Month) -> BTreeMap<LineId, usize> {
    let counts =
        |posting: &&Posting| posting.kind != PostingKind::Accrual && posting.booked <= as_of;
    let postings = || ledger.postings.iter().filter(counts);
    let Some(books) = postings().map(|posting| posting.booked).min() else {
        return BTreeMap::new();
    };
    let last = as_of - FINISHED;
    let first = books.max(last - LOOKED_AT + Months(1));
    let mut lines = vec![Triangle::default(); ledger.lines.len()];
    for posting in postings() {
        lines[posting.line as usize].add(posting, first, last);
    }
    let delays = ledger.lines.iter().zip(lines).filter_map(|(line, triangle)| {
        let start = triangle.start?.max(first);
        let enough = start.through(last).len() >= ENOUGH;
        Some((line.clone(), triangle.delay().max(if enough { 0 } else { DEFAULT })))
    });
    delays.collect()
}

/// What was known of every line at the end of `as_of`, its open months marked.
#[must_use]
pub fn panel_as_of(ledger: &Ledger, as_of: Month) -> Panel {
    let mut panel = ledger.panel(as_of);
    mark_provisional(&mut panel, ledger);
    panel
}

/// Marks the months of each line that are not yet known. Does nothing when no source gives service
/// months: the booking month stands in for it, and that is always complete.
fn mark_provisional(panel: &mut Panel, ledger: &Ledger) {
    if !ledger.has_service_months {
        return;
    }
    let as_of = panel.as_of;
    for (line, delay) in usual_delay(ledger, as_of) {
        let open = Months::of(delay);
        if let Some(series) = panel.series.get_mut(&line).filter(|_| delay > 0) {
            series.provisional_from = Some(as_of - open + Months(1));
        }
    }
}

/// The run-off of one line.
#[derive(Clone, Default)]
struct Triangle {
    /// The first service month of the line.
    start: Option<Month>,
    /// Cents per finished service month and delay; the last delay is [`LONGEST`] + 1 and longer.
    rows: BTreeMap<Month, [Cents; LONGEST + 2]>,
}

impl Triangle {
    fn add(&mut self, posting: &Posting, first: Month, last: Month) {
        let service = posting.service;
        self.start = Some(self.start.map_or(service, |start| start.min(service)));
        if service >= first && service <= last {
            let delay = (posting.booked - service).count().min(LONGEST + 1);
            self.rows.entry(service).or_default()[delay] += posting.amount;
        }
    }

    fn delay(&self) -> usize {
        let moved = |from: usize| {
            let later = |row: &[Cents; LONGEST + 2]| row[from..].iter().sum::<Cents>().abs();
            self.rows.values().map(later).sum::<Cents>()
        };
        // What still moves after delay k is the sum of the later columns.
        let open = |k: &usize| 100 * moved(k + 1).0 > OPEN * moved(0).0;
        (0..LONGEST).rev().find(open).map_or(0, |k| k + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Origin;
    use crate::panel::Series;
    use crate::units::{Side, Wet};

    fn line(product: &str) -> LineId {
        LineId {
            wet: Wet::Wmo,
            taakveld: "6.711".into(),
            product: product.into(),
            side: Side::Lasten,
        }
    }

    fn posting(line: u32, service: Month, delay: i32, cents: i64) -> Posting {
        Posting {
            line,
            kind: PostingKind::Regular,
            service,
            booked: service + Months(delay),
            amount: Cents(cents),
            origin: Origin { file: 0, row: 2 },
        }
    }

    /// Four years of months, each booked with these delays and amounts.
    fn ledger(lines: &[&[(i32, i64)]]) -> Ledger {
        let mut ledger = Ledger { has_service_months: true, ..Ledger::default() };
        for (at, pattern) in (0..).zip(lines) {
            ledger.lines.push(line(&at.to_string()));
            for month in Month::january(2020).through(Month::december(2023)) {
                let one = |&(delay, cents): &(i32, i64)| posting(at, month, delay, cents);
                ledger.postings.extend(pattern.iter().map(one));
            }
        }
        ledger
    }

    fn delays(ledger: &Ledger, as_of: Month) -> Vec<usize> {
        usual_delay(ledger, as_of).into_values().collect()
    }

    #[test]
    fn recovers_a_known_delay() {
        let as_of = Month::december(2023);
        let ledger = ledger(&[
            &[(0, 100)],                    // at once
            &[(-2, 100)],                   // ahead
            &[(0, 50), (1, 47), (5, 3)],    // 97 % within 1
            &[(0, 50), (1, 46), (5, 4)],    // 96 % within 1, all within 5
            &[(4, 100)],                    // everything after 4
            &[(0, 90), (12, 10)],           // later than the longest
            &[(0, 100), (3, -20)],          // a credit note moves it until 3
            &[(0, 100), (2, -50), (3, 50)], // money that moves and comes back
        ]);
        assert_eq!(delays(&ledger, as_of), [0, 0, 1, 5, 4, 11, 3, 3]);
    }

    #[test]
    fn takes_the_default_for_a_short_history() {
        // Finished at the end of 2021-11: 2020-01 through 2020-11, eleven months; then twelve.
        let ledger = ledger(&[&[(1, 100)]]);
        assert_eq!(delays(&ledger, "2021-11".parse().unwrap()), [3]);
        // The first booking is in 2020-02, so 2020-01 is no evidence.
        assert_eq!(delays(&ledger, Month::december(2021)), [3]);
        assert_eq!(delays(&ledger, Month::january(2022)), [1]);
    }

    #[test]
    fn a_new_line_that_is_invoiced_slowly_waits_longer_than_the_default() {
        let ledger = ledger(&[&[(5, 100)]]);
        assert_eq!(delays(&ledger, "2021-11".parse().unwrap()), [5]);
    }

    #[test]
    fn looks_at_nothing_booked_later_and_at_no_accruals() {
        let as_of = Month::december(2022);
        let clean = ledger(&[&[(1, 100)]]);
        let mut poisoned = clean.clone();
        for month in Month::january(2020).through(Month::december(2021)) {
            poisoned
                .postings
                .push(Posting { booked: Month::january(2023), ..posting(0, month, 0, 900) });
            poisoned
                .postings
                .push(Posting { kind: PostingKind::Accrual, ..posting(0, month, 2, 900) });
        }
        assert_eq!(usual_delay(&poisoned, as_of), usual_delay(&clean, as_of));
    }

    #[test]
    fn marks_the_youngest_months() {
        let mut ledger = ledger(&[&[(0, 100)], &[(2, 100)]]);
        let (start, as_of) = (Month::january(2020), Month::december(2023));
        let flat = Series::settled(start, vec![1.0; 48]);
        let series = ledger.lines.iter().map(|line| (line.clone(), flat.clone())).collect();
        let panel = Panel { as_of, series, booked: BTreeMap::new(), ended: BTreeMap::new() };
        let marked = |ledger: &Ledger| {
            let mut panel = panel.clone();
            mark_provisional(&mut panel, ledger);
            panel.series.into_values().map(|series| series.provisional_from).collect::<Vec<_>>()
        };
        assert_eq!(marked(&ledger), [None, Some("2023-11".parse().unwrap())]);
        ledger.has_service_months = false;
        assert_eq!(marked(&ledger), [None, None]);
    }
}
