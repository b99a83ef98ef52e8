//! What the ledger holds: postings with their origin, budgets, forecasts by people, control totals
//! and the account of every cent that was read.

use crate::error::Place;
use crate::units::{Cents, LineId, Month, Months, Side, Wet};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The kind of a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PostingKind {
    /// An invoice, a payment or income.
    Regular,
    /// A *transitorische post*: the year-end estimate of invoices to come, or its reversal. The
    /// real invoices are in the ledger too, so it never counts in a service month.
    Accrual,
    /// An entry of a closing period (13 and up); its service month is December.
    Closing,
}

/// Where a posting was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// Index into [`Ledger::files`].
    pub file: u32,
    /// The row as a person counts it: the header is row 1.
    pub row: u32,
}

/// One amount in the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Index into [`Ledger::lines`].
    pub line: u32,
    /// What kind of entry.
    pub kind: PostingKind,
    /// The month of the care (*prestatiemaand*).
    pub service: Month,
    /// The month it became known (*boekmaand*).
    pub booked: Month,
    /// The amount, positive on its own side; a credit note is negative.
    pub amount: Cents,
    /// Where it was read.
    pub origin: Origin,
}

/// One file, or one sheet of a workbook, that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceFile {
    /// The path relative to the workspace, with `/`.
    pub file: String,
    /// The sheet; empty for other files.
    pub sheet: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// The rows read, without the header.
    pub rows: usize,
    /// The file of the same bytes that was read before it, if any; then this one is refused.
    pub duplicate_of: Option<String>,
    /// Unmapped columns that the privacy guard was told to skip, by header.
    pub ignored_columns: Vec<String>,
    /// Rows that `[source.only]` does not keep, and rows without a figure; they are in no account.
    pub skipped: usize,
}

/// What became of the money of one ledger file, to the cent, lasten and baten apart:
/// `read = mapped + unmapped + accruals + left_out + superseded + refused`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reconciliation {
    /// The file, and the sheet after a `#` for a workbook.
    pub file: String,
    /// `lasten` or `baten`; `None` only by default.
    pub side: Option<Side>,
    /// Rows of this side.
    pub rows: usize,
    /// All that was read.
    pub read: Cents,
    /// On a line of the line table: regular and closing entries.
    pub mapped: Cents,
    /// On the line *niet ingedeeld*.
    pub unmapped: Cents,
    /// Accruals and their reversals, kept out of the service months.
    pub accruals: Cents,
    /// The opening period (0), left out by rule, and the rows that `leave_out` names.
    pub left_out: Cents,
    /// The whole of a snapshot that a later one replaced: only the last snapshot of a source counts
    /// in the end. What each added or took back is known as of its month all the same.
    pub superseded: Cents,
    /// The whole file was refused, because the same file was read before.
    pub refused: Cents,
}

/// A code that is not in the line table at its service month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmappedCode {
    /// The code as it stands in the file.
    pub code: String,
    /// Its rows.
    pub rows: usize,
    /// Its money, lasten minus baten.
    pub amount: Cents,
    /// The first row that has it.
    pub first: Origin,
}

/// Rows and their money; lasten and baten both count as positive amounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// The rows.
    pub rows: usize,
    /// Their sum.
    pub amount: Cents,
}

/// What declarations did for the rows of ledger files without service months. The declared amounts
/// themselves are added to nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declarations {
    /// The rows of declarations that were read.
    pub rows: usize,
    /// Ledger rows divided over service months as was declared in their booking month.
    pub by_month: Counted,
    /// Ledger rows divided as was usual by age over the last 12 booking months with declarations,
    /// because nothing was declared in their own.
    pub by_usual: Counted,
    /// Ledger rows of which the booking month stays the service month: nothing had been declared for
    /// their line by then, or they have no line.
    pub kept: Counted,
    /// Where no ledger source has service months, the first booking month of which a row was divided.
    pub since: Option<Month>,
    /// Each line that was declared, sorted.
    pub lines: Vec<DeclaredLine>,
    /// Declared codes that are not in the line table.
    pub unknown: Vec<UnmappedCode>,
}

/// The declarations of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredLine {
    /// The line, by the code in the booking month.
    pub line: LineId,
    /// The rows of declarations.
    pub rows: usize,
    /// The booking months of its ledger rows without a service month; with none of those the
    /// declarations are not used.
    pub months: usize,
    /// How many of those have declarations of their own.
    pub covered: usize,
    /// The ledger rows of the other months that were divided as was usual.
    pub by_usual: Counted,
    /// The ledger rows of the other months that keep their booking month.
    pub kept: Counted,
}

/// What a snapshot of a source changed in what the one before it told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its files, in reading order: indices into [`Ledger::files`].
    pub files: Vec<u32>,
    /// The month whose end it shows.
    pub month: Month,
    /// The size of what it holds: the sum of its cells without their signs. A cell is a line, a kind,
    /// a service month and, when the file has them, a booking month.
    pub total: Cents,
    /// The cells that were revised: of a booking month that the snapshot before it held in full; or,
    /// in files without booking months, cells that lost money, since late invoices only add.
    pub revised_cells: usize,
    /// The size of these revisions, without their signs.
    pub revised: Cents,
}

/// Rows of one file that are the same in every mapped column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateRow {
    /// The later row.
    pub row: Origin,
    /// The row it repeats.
    pub of: Origin,
    /// Its amount.
    pub amount: Cents,
}

/// What part of the hierarchy a budget, a forecast by people or a control total speaks of.
/// Parts that are `None` are not restricted.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// The act.
    pub wet: Option<Wet>,
    /// The taakveld.
    pub taakveld: Option<String>,
    /// The product.
    pub product: Option<String>,
}

/// One row of a budget source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetRow {
    /// The budget year.
    pub year: i32,
    /// What it is for: a leaf when the row named a code.
    pub scope: Scope,
    /// Lasten or baten.
    pub side: Side,
    /// The amount for the whole year.
    pub amount: Cents,
    /// The name of the version, for instance `primitief`.
    pub version: String,
    /// The month it became known. A later month replaces an earlier one for the same year, scope
    /// and side.
    pub adopted: Month,
    /// Where it was read.
    pub origin: Origin,
}

/// One row of a forecast made by people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HumanForecast {
    /// The year it is about.
    pub year: i32,
    /// What it is for.
    pub scope: Scope,
    /// Lasten or baten.
    pub side: Side,
    /// The year total they expected.
    pub amount: Cents,
    /// When it was made.
    pub made: Month,
    /// Its name, for instance `1e beleidsrapportage`.
    pub name: String,
}

/// A total that the ledger must add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlTotal {
    /// The year of service.
    pub year: i32,
    /// One service month; the whole year when `None`.
    pub month: Option<u32>,
    /// A quarter, as Iv3 has it: all that was booked from January of the year through its end, accruals too. Then
    /// the year is that of booking, and there is no month.
    pub quarter: Option<u32>,
    /// Lasten or baten.
    pub side: Side,
    /// The taakveld it is for; all when `None`.
    pub scope: Scope,
    /// The file it is for; all when `None`.
    pub of_file: Option<String>,
    /// The stated amount.
    pub amount: Cents,
    /// Where it was read.
    pub origin: Origin,
}

/// Everything that was read, with its account.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The files, in reading order (sorted by name within a source).
    pub files: Vec<SourceFile>,
    /// The line table as CSV, sorted: the same text for files that mean the same.
    pub line_table: String,
    /// Every leaf that has a posting or stands in the line table, sorted.
    pub lines: Vec<LineId>,
    /// Of each leaf whose codes all end, the last month in which any of them is valid.
    pub valid_through: BTreeMap<LineId, Month>,
    /// The leaves that the line table marks as not public: small enough to be traced to a person.
    pub not_public: BTreeSet<LineId>,
    /// All postings, accruals included, sorted by their fields so that file and row order do not
    /// matter.
    pub postings: Vec<Posting>,
    /// Whether any ledger source maps service months, or declarations gave them; if not, completion is
    /// off.
    pub has_service_months: bool,
    /// Postings without a service month in files that have them; the booking month stands in.
    pub rows_without_service: usize,
    /// What declarations did for ledger rows without service months.
    pub declarations: Declarations,
    /// The snapshots of sources that are read as such, per source in order of their months.
    pub snapshots: Vec<Snapshot>,
    /// One row per ledger file and side.
    pub reconciliation: Vec<Reconciliation>,
    /// Codes without a line.
    pub unmapped: Vec<UnmappedCode>,
    /// Repeated rows (kept: two equal invoices may be real).
    pub duplicates: Vec<DuplicateRow>,
    /// Budgets, all versions.
    pub budgets: Vec<BudgetRow>,
    /// Forecasts by people.
    pub human_forecasts: Vec<HumanForecast>,
    /// Control totals.
    pub controls: Vec<ControlTotal>,
}

impl Reconciliation {
    /// What is left of the money when all it was split into is taken off; nought when every cent is accounted for.
    #[must_use]
    pub fn difference(&self) -> Cents {
        let Self { read, mapped, unmapped, accruals, left_out, superseded, refused, .. } = *self;
        read - mapped - unmapped - accruals - left_out - superseded - refused
    }

    /// Adds the rows and the money of another part of the same file.
    pub(super) fn add(&mut self, more: &Self) {
        let Self { rows, read, mapped, unmapped, accruals, left_out, superseded, refused, .. } =
            *more;
        self.rows += rows;
        self.read += read;
        self.mapped += mapped;
        self.unmapped += unmapped;
        self.accruals += accruals;
        self.left_out += left_out;
        self.superseded += superseded;
        self.refused += refused;
    }

    /// Where the money of a row counts.
    pub(super) fn bucket(&mut self, kind: PostingKind, mapped: bool) -> &mut Cents {
        match kind {
            PostingKind::Accrual => &mut self.accruals,
            PostingKind::Regular | PostingKind::Closing if mapped => &mut self.mapped,
            PostingKind::Regular | PostingKind::Closing => &mut self.unmapped,
        }
    }

    /// Sets all that counted apart, because a later snapshot replaced the file.
    pub(super) fn supersede(&mut self) {
        for part in [&mut self.mapped, &mut self.unmapped, &mut self.accruals, &mut self.left_out] {
            self.superseded += std::mem::take(part);
        }
    }
}

impl Scope {
    /// Whether `line` lies within the scope.
    #[must_use]
    pub fn holds(&self, line: &LineId) -> bool {
        self.wet.is_none_or(|wet| wet == line.wet)
            && self.taakveld.as_ref().is_none_or(|taakveld| *taakveld == line.taakveld)
            && self.product.as_ref().is_none_or(|product| *product == line.product)
    }
}

impl BudgetRow {
    /// The leaf the row is for, when it names one.
    #[must_use]
    pub fn leaf(&self) -> Option<LineId> {
        let Scope { wet, taakveld, product } = self.scope.clone();
        Some(LineId { wet: wet?, taakveld: taakveld?, product: product?, side: self.side })
    }
}

/// The postings of one line, service month, booking month and kind together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The index of the line in [`Ledger::lines`].
    pub line: u32,
    /// The month of the care.
    pub service: Month,
    /// The month in which it became known.
    pub booked: Month,
    /// The kind of the postings.
    pub kind: PostingKind,
    /// The number of postings.
    pub rows: usize,
    /// Their amount.
    pub amount: Cents,
}

impl Ledger {
    /// The postings summed, in their order: far fewer where many are alike.
    #[must_use]
    pub fn sums(&self) -> Vec<Sum> {
        let key = |posting: &Posting| (posting.line, posting.service, posting.booked, posting.kind);
        let sum = |alike: &[Posting]| {
            let (line, service, booked, kind) = key(&alike[0]);
            let amount = alike.iter().map(|posting| posting.amount).sum();
            Sum { line, service, booked, kind, rows: alike.len(), amount }
        };
        self.postings.par_chunk_by(|a, b| key(a) == key(b)).map(sum).collect()
    }

    /// The place of a row, for a message.
    #[must_use]
    pub fn place(&self, origin: Origin) -> Place {
        Place { row: Some(origin.row as usize), ..self.file_place(origin.file) }
    }

    /// The place of a whole file, by its index into [`Ledger::files`].
    #[must_use]
    pub fn file_place(&self, file: u32) -> Place {
        let SourceFile { file, sheet, .. } = &self.files[file as usize];
        Place { file: file.clone(), sheet: sheet.clone(), ..Place::default() }
    }

    /// The last month of the books, `None` for an empty ledger. Only regular entries
    /// count: those of a closing period, accruals too, are known by rule from a month of the next
    /// year, which may lie in the future. Nor does a mistyped year: where more than a year of silence parts the bookings,
    /// the part with the most entries is the books.
    #[must_use]
    pub fn last_booked(&self) -> Option<Month> {
        let mut entries: BTreeMap<Month, usize> = BTreeMap::new();
        let alike = |a: &Posting, b: &Posting| (a.booked, a.kind) == (b.booked, b.kind);
        for postings in self.postings.chunk_by(alike) {
            if postings[0].kind == PostingKind::Regular {
                *entries.entry(postings[0].booked).or_default() += postings.len();
            }
        }
        let mut parts: Vec<(usize, Month)> = Vec::new();
        for (month, count) in entries {
            match parts.last_mut() {
                Some((sum, last)) if month - *last <= Months(12) => {
                    (*sum, *last) = (*sum + count, month);
                }
                _ => parts.push((count, month)),
            }
        }
        parts.into_iter().max().map(|(_, last)| last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posting(booked: &str, kind: PostingKind) -> Posting {
        let booked = booked.parse().unwrap();
        let origin = Origin { file: 0, row: 2 };
        Posting { line: 0, kind, service: booked, booked, amount: Cents(1), origin }
    }

    #[test]
    fn a_mistyped_year_and_a_closing_entry_are_not_the_end_of_the_books() {
        use PostingKind::{Accrual, Closing, Regular};
        let booked = [
            ("1925-10", Regular),
            ("2025-09", Regular),
            ("2025-10", Regular),
            ("2062-10", Regular),
            ("2026-03", Closing),
            ("2026-03", Accrual),
        ];
        let postings = booked.map(|(month, kind)| posting(month, kind)).to_vec();
        let ledger = Ledger { postings, ..Ledger::default() };
        assert_eq!(ledger.last_booked().unwrap().to_string(), "2025-10");
        assert_eq!(Ledger::default().last_booked(), None);
    }
}
