//! What is known of late invoices at the end of the as-of month.

use super::RunOff;
use crate::units::LineId;
use std::collections::BTreeMap;

/// The late invoices of all lines; none when no source says for which month an invoice is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Late {
    /// How much of what is usually booked in the as-of month was put off, before it is seen.
    pub slip: Slip,
    /// Per line how its invoices come in.
    pub lines: BTreeMap<LineId, LateLine>,
    /// So many of the youngest months teach the models nothing, by choice of the workspace.
    pub dropped: usize,
}

/// The share of a month's bookings that slips to the next month, as a normal guess.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Slip {
    /// The guess.
    pub mean: f64,
    /// Its variance.
    pub variance: f64,
}

/// The late invoices of one line.
#[derive(Clone, Debug, PartialEq)]
pub struct LateLine {
    /// What came in, and when.
    pub run_off: RunOff,
    /// What that teaches.
    pub pattern: Pattern,
    /// What the as-of month booked on earlier months, beside what was to be expected; `None` with too
    /// little history.
    pub newest: Option<Diagonal>,
}

/// What one month booked on earlier service months.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diagonal {
    /// Euros booked on them.
    pub booked: f64,
    /// Euros expected by their links.
    pub expected: f64,
    /// `booked` less `expected`, in standard deviations.
    pub z: f64,
}

/// How the invoices of a line usually come in, by the age of a service month.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// The share of a month's money that is booked at each age; 1 at the end. Above 1 where money
    /// comes back later.
    pub paid: Vec<f64>,
    /// The mean square of ln(booked ÷ (paid · final)) at each age.
    pub error: Vec<f64>,
    /// Added to both before the logarithm is taken; 0 for a line that has money in every month.
    pub lift: f64,
}

impl Late {
    /// The run-off of a line, if its months are known.
    #[must_use]
    pub fn of(&self, line: &LineId) -> Option<&LateLine> {
        self.lines.get(line)
    }
}

impl Diagonal {
    /// A booking month is surprising beyond so many standard deviations.
    const LIMIT: f64 = 3.0;

    /// Whether providers invoiced otherwise than they did: a catch-up, a delay, a change of
    /// contract. Of made-up ordinary months, with 14 to 72 rows, .3 to 1.1 % were.
    #[must_use]
    pub fn surprising(&self) -> bool {
        self.z.abs() > Self::LIMIT
    }
}

impl Pattern {
    /// So close to 1 the share that is booked counts as all.
    const DONE: f64 = 0.005;
    /// A line of which less is booked within the month itself has late invoices.
    pub const DELAYED: f64 = 0.97;

    /// The age from which on everything is booked.
    #[must_use]
    pub fn done(&self) -> usize {
        let open = |share: &f64| (share - 1.0).abs() > Self::DONE;
        self.paid.iter().rposition(open).map_or(0, |age| age + 1)
    }

    /// The least that a month of this `age` ends at when `booked` euros are in: all of it, but for what
    /// will come back. A month to come has a negative age.
    #[must_use]
    pub fn least(&self, booked: f64, age: i32) -> f64 {
        let paid = usize::try_from(age).ok().and_then(|age| self.paid.get(age));
        booked / paid.copied().unwrap_or(1.0).max(1.0)
    }

    /// The mean delay in months: Σ (1 − paid).
    #[must_use]
    pub fn delay(&self) -> f64 {
        self.paid.iter().map(|share| 1.0 - share).sum()
    }

    /// Whether invoices come later than their own month.
    #[must_use]
    pub fn is_delayed(&self) -> bool {
        self.paid[0] < Self::DELAYED
    }
}
