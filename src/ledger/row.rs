//! A row of a ledger file whose line is known, on its way to a posting.

use super::codes::Codes;
use super::postings::{Entry, Time};
use super::types::{Origin, Posting, PostingKind};
use crate::units::{Cents, Month, Side};

/// A row of a ledger file, or the difference between two snapshots of one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) code: u32,
    /// The leaf of the code at the service month.
    pub(super) line: u32,
    /// Whether the line table knows the code then.
    pub(super) mapped: bool,
    pub(super) side: Side,
    pub(super) kind: PostingKind,
    pub(super) amount: Cents,
    pub(super) time: Time,
    /// The file has no service months: declarations may tell.
    pub(super) undated: bool,
    /// The month whose declarations divide the row: that of its booking, also for a difference that
    /// became known later, so that what is taken back is divided as it was.
    pub(super) declared: Month,
    pub(super) origin: Origin,
}

impl Row {
    /// A row of a file that has service months.
    pub(super) fn new(codes: &Codes, code: u32, entry: &Entry, time: Time, origin: Origin) -> Self {
        let Entry { side, kind, amount, .. } = *entry;
        let line = codes.line(code, time.service, side);
        Self {
            code,
            line: line.unwrap_or_else(|| codes.unclassified(code, side)),
            mapped: line.is_some(),
            side,
            kind,
            amount,
            time,
            undated: false,
            declared: time.booked,
            origin,
        }
    }

    pub(super) fn posting(&self) -> Posting {
        let Time { service, booked, .. } = self.time;
        let Self { line, kind, amount, origin, .. } = *self;
        Posting { line, kind, service, booked, amount, origin }
    }
}
