//! The rows of a ledger file, many at once: a stretch of them is read by itself, and stretches are put together
//! in their order, so that nothing depends on the number of threads.

use super::codes::Codes;
use super::options::Field;
use super::postings::Columns;
use super::problems::Problems;
use super::row::Row;
use super::sheet::Sheet;
use super::stated::origin;
use super::types::{Posting, PostingKind, Reconciliation};
use rayon::prelude::*;
use std::ops::Range;

/// The rows of a stretch: so few that the memory for it is used again for the next.
const LENGTH: usize = 1 << 11;
/// So many stretches are read before they are put together, to hold little twice.
const AT_ONCE: usize = 64;

/// A file whose rows are to be read.
pub(super) struct Rows<'a> {
    pub(super) file: u32,
    pub(super) sheet: &'a Sheet,
    pub(super) columns: &'a Columns<'a>,
    /// The number of each distinct code of the file.
    pub(super) numbers: &'a [u32],
    /// The file was read before.
    pub(super) refused: bool,
    /// The file is a snapshot: its rows are no postings yet.
    pub(super) snapshot: bool,
}

/// What a stretch of rows comes to.
#[derive(Default)]
pub(super) struct Stretch {
    /// Rows that are postings as they stand.
    pub(super) postings: Vec<Posting>,
    /// Rows that need more: of a snapshot, without a service month, or without a line.
    pub(super) rows: Vec<Row>,
    /// The account, lasten and then baten.
    pub(super) tallies: [Reconciliation; 2],
    /// Of the postings, those without a service month in a file that has them.
    pub(super) assumed: usize,
    pub(super) problems: Problems,
}

impl Rows<'_> {
    /// Reads all rows; gives the stretches in order, those that were read while the next are read.
    pub(super) fn read(&self, codes: &Codes, mut take: impl FnMut(Stretch) + Send) {
        let rows = self.sheet.table.rows.len();
        let starts: Vec<usize> = (0..rows).step_by(LENGTH).collect();
        let stretch = |&start: &usize| self.stretch(codes, start..rows.min(start + LENGTH));
        let mut made: Vec<Stretch> = Vec::new();
        for starts in starts.chunks(AT_ONCE) {
            let next = || starts.par_iter().map(stretch).collect();
            made = rayon::join(|| made.into_iter().for_each(&mut take), next).1;
        }
        made.into_iter().for_each(take);
    }

    fn stretch(&self, codes: &Codes, rows: Range<usize>) -> Stretch {
        let postings = Vec::with_capacity(rows.len());
        let mut stretch = Stretch { postings, ..Stretch::default() };
        for at in rows {
            self.row(codes, at, &mut stretch);
        }
        stretch
    }

    fn row(&self, codes: &Codes, at: usize, stretch: &mut Stretch) {
        let Some(entry) = self.columns.entry(at, &mut stretch.problems) else { return };
        let tally = &mut stretch.tallies[entry.side as usize];
        tally.rows += 1;
        tally.read += entry.amount;
        let time = match entry.time {
            _ if self.refused => return tally.refused += entry.amount,
            None => return tally.left_out += entry.amount,
            Some(time) => time,
        };
        let code = self.numbers[self.sheet.cell(Field::Code, at)];
        let row = Row::new(codes, code, &entry, time, origin(self.file, self.sheet, at));
        let undated = !self.columns.has_service() && row.kind == PostingKind::Regular;
        *tally.bucket(row.kind, row.mapped) += entry.amount;
        if undated || self.snapshot || !row.mapped {
            stretch.rows.push(Row { undated, ..row });
        } else {
            stretch.assumed += usize::from(time.assumed);
            stretch.postings.push(row.posting());
        }
    }
}
