//! The rows that leave the program.

use crate::panel::Node;
use crate::units::{Cents, Level, Measure, Month, Months, Wet};
use serde::{Deserialize, Serialize};

/// The quantiles of every output row: 2.5, 5, 10, 25, 50, 75, 90, 95 and 97.5 %, in that order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Quantiles(pub [Cents; 9]);

impl Quantiles {
    /// The probabilities, in the order of the values.
    pub const LEVELS: [f64; 9] = [0.025, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.975];
    /// The column names of the output files.
    pub const NAMES: [&'static str; 9] =
        ["p025", "p05", "p10", "p25", "p50", "p75", "p90", "p95", "p975"];

    /// The 10 % quantile, the low end of the 80 % band.
    #[must_use]
    pub fn p10(&self) -> Cents {
        self.0[2]
    }
    /// The 25 % quantile, the low end of the 50 % band.
    #[must_use]
    pub fn p25(&self) -> Cents {
        self.0[3]
    }
    /// The 75 % quantile.
    #[must_use]
    pub fn p75(&self) -> Cents {
        self.0[5]
    }
    /// The 90 % quantile.
    #[must_use]
    pub fn p90(&self) -> Cents {
        self.0[6]
    }
}

/// What a year total is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NodeName {
    /// The level.
    pub level: Level,
    /// The act, below the total.
    pub wet: Option<Wet>,
    /// The taakveld, for a taakveld or product.
    pub taakveld: Option<String>,
    /// The product, or the name of a bridge.
    pub product: Option<String>,
}

impl NodeName {
    /// The name of a node of the hierarchy.
    #[must_use]
    pub fn of(node: &Node) -> Self {
        Self {
            level: node.level,
            wet: node.wet,
            taakveld: node.taakveld.clone(),
            product: node.product.clone(),
        }
    }
}

/// One row of `outlook.csv`: a year total of one node and measure.
///
/// `expected = booked + to_receive + to_come + policy`, to the cent; all additive columns are sums
/// of leaves rounded to cents.
#[derive(Clone, Debug, PartialEq)]
pub struct YearRow {
    /// The year of service.
    pub year: i32,
    /// What it is about.
    pub node: NodeName,
    /// Lasten, baten or saldo.
    pub measure: Measure,
    /// The budget known at the as-of month; `None` when there is none for the year.
    pub budget: Option<Cents>,
    /// Booked by the as-of month for this service year.
    pub booked: Cents,
    /// Late invoices expected for service months through the as-of month.
    pub to_receive: Cents,
    /// Service months after the as-of month, without what is booked ahead.
    pub to_come: Cents,
    /// Scenario rows inside `expected`.
    pub policy: Cents,
    /// The mean over the draws.
    pub expected: Cents,
    /// Quantiles of the sum inside each draw.
    pub quantiles: Quantiles,
    /// The amounts that the organisation named, in the order of [`Outlook::named`].
    pub named: Vec<Cents>,
    /// The share of draws on the side of a disadvantage; `None` without a budget.
    pub chance_of_disadvantage: Option<f64>,
    /// The model of a leaf; `som` above it.
    pub model: String,
}

impl YearRow {
    /// Expected minus budget.
    #[must_use]
    pub fn deviation(&self) -> Option<Cents> {
        self.budget.map(|budget| self.expected - budget)
    }

    /// `N` (nadeel) when lasten or saldo lie above the budget or baten below it, else `V`.
    #[must_use]
    pub fn v_n(&self) -> Option<char> {
        self.deviation().map(|deviation| {
            let bad = if self.measure == Measure::Baten { -deviation } else { deviation };
            if bad > Cents::ZERO { 'N' } else { 'V' }
        })
    }
}

/// A quantile with a name: the amount that is right to budget when a euro short costs so many times a
/// euro over (METHODS §5 of the design notes: c/(c + 1)).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedQuantile {
    /// How the organisation calls it.
    pub name: String,
    /// What a euro short costs.
    pub short: f64,
    /// What a euro over costs.
    #[serde(default = "one")]
    pub over: f64,
}

fn one() -> f64 {
    1.0
}

impl NamedQuantile {
    /// The share of outcomes that lie below the amount for lasten or saldo, and above it for baten:
    /// income is short when it is less.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.short / (self.short + self.over)
    }

    /// The probability below the amount.
    #[must_use]
    pub fn level(&self, measure: Measure) -> f64 {
        if measure == Measure::Baten { 1.0 - self.share() } else { self.share() }
    }
}

/// What one scenario row does to the months of a year after the as-of month, over all lines in its scope.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyRow {
    /// The id of the event.
    pub event: String,
    /// Whether it is inside what is expected.
    pub inside: bool,
    /// The year.
    pub year: i32,
    /// Lasten, baten or saldo.
    pub measure: Measure,
    /// The share of draws in which it goes ahead.
    pub goes: f64,
    /// The mean over all draws.
    pub expected: Cents,
    /// The mean over the draws in which it goes ahead.
    pub when_it_goes: Cents,
    /// The 10 % quantile of those.
    pub p10: Cents,
    /// The 90 % quantile.
    pub p90: Cents,
}

/// One row of the multi-year table: how a year follows from the one before it. To the cent
/// `previous + one_offs + full_year + volume + price = baseline` and `baseline + policy = expected`.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRow {
    /// What it is about.
    pub node: NodeName,
    /// Lasten, baten or saldo.
    pub measure: Measure,
    /// The year, after that of the as-of month.
    pub year: i32,
    /// What the year before is expected to come to, without scenario rows.
    pub previous: Cents,
    /// What happened once in the year of the as-of month, taken off: months far from their neighbours. Nil in
    /// later years.
    pub one_offs: Cents,
    /// What changed during the year of the as-of month works all year long in the next. Nil in later
    /// years.
    pub full_year: Cents,
    /// More or less care. Nil where only one year is told: it is then part of `full_year`.
    pub volume: Cents,
    /// Tariffs; nil for a line without.
    pub price: Cents,
    /// All of these together.
    pub baseline: Cents,
    /// Scenario rows inside `expected`.
    pub policy: Cents,
    /// The part of `policy` that stays (*structureel*): steps and ramps. The rest passes
    /// (*incidenteel*).
    pub lasting: Cents,
    /// What the year is expected to come to.
    pub expected: Cents,
}

/// Why the prognosis of a year is another than a month ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// Lines that came or went.
    Indeling,
    /// Scenario rows that became known, changed or lapsed.
    Beleid,
    /// Tariffs that became known.
    Prijs,
    /// The month that was new: what it cost beside what was expected of it, and what that says of the
    /// months to come.
    Realisatie,
    /// Earlier months whose late invoices came in otherwise.
    Nakomend,
    /// The models learned anew.
    Model,
}

/// The prognosis of one year, beside that of a month ago. The causes add up to the difference to the
/// cent.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeRow {
    /// What it is about.
    pub node: NodeName,
    /// Lasten, baten or saldo.
    pub measure: Measure,
    /// The year.
    pub year: i32,
    /// What was expected a month ago.
    pub before: Cents,
    /// What each cause did, in the order of [`Cause::ALL`].
    pub causes: [Cents; 6],
    /// What is expected now.
    pub after: Cents,
}

impl Cause {
    /// In the order of reading.
    pub const ALL: [Self; 6] =
        [Self::Indeling, Self::Beleid, Self::Prijs, Self::Realisatie, Self::Nakomend, Self::Model];
}

/// Whether a month is settled, waits for invoices, or lies ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// All invoices are in.
    Gerealiseerd,
    /// Invoices are still expected.
    Voorlopig,
    /// In the future.
    Verwacht,
}

/// One row of `forecast.csv`: a month of one node and measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonthRow {
    /// The service month.
    pub month: Month,
    /// Settled, provisional or expected.
    pub status: Status,
    /// What it is about.
    pub node: NodeName,
    /// Lasten, baten or saldo.
    pub measure: Measure,
    /// The mean over the draws; the amount itself when settled.
    pub mean: Cents,
    /// Quantiles of the sum inside each draw.
    pub quantiles: Quantiles,
    /// The model of a leaf; `som` above it.
    pub model: String,
}

/// What is still to be received of some open months: months through the as-of month that wait for
/// invoices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct LatePart {
    /// Booked on those months.
    pub booked: Cents,
    /// The mean of what they come to, less what is booked: a sum of leaves and months, each rounded
    /// to cents.
    pub to_receive: Cents,
    /// The part of `to_receive` that is about earlier years than that of the as-of month. The rest is
    /// the `to_receive` of the year.
    pub of_earlier_years: Cents,
    /// The 10 % quantile of what is to be received, from the sum inside each draw.
    pub p10: Cents,
    /// The 90 % quantile.
    pub p90: Cents,
}

/// One row of the invoices still to be received: one node and measure.
#[derive(Clone, Debug, PartialEq)]
pub struct LateRow {
    /// What it is about.
    pub node: NodeName,
    /// Lasten, baten or saldo.
    pub measure: Measure,
    /// The oldest month that waits for invoices.
    pub oldest: Month,
    /// All open months together.
    pub total: LatePart,
    /// The same by age, as [`LateRow::AGES`] names them.
    pub by_age: [LatePart; 4],
    /// What is to be received of the as-of year, as a share of what that year is expected to become;
    /// `None` when that is nil.
    pub share_of_year: Option<f64>,
}

impl LateRow {
    /// The age in months at which each group starts; the as-of month itself has age 0.
    pub const FROM_AGE: [Months; 4] = [Months(0), Months(3), Months(6), Months(12)];
    /// The names of the groups, in months.
    pub const AGES: [&'static str; 4] = ["0-2", "3-5", "6-11", "12+"];
}

/// The running total of the current year for one act, for the chart: twelve values each.
#[derive(Clone, Debug, PartialEq)]
pub struct Cumulative {
    /// The act; `None` for all together.
    pub wet: Option<Wet>,
    /// The year.
    pub year: i32,
    /// Booked so far per service month, running total in euros through the as-of month.
    pub booked: Vec<f64>,
    /// The first month of the year (0 to 11) that is not settled; 12 when all are.
    pub first_open: usize,
    /// Mean running total.
    pub mean: [f64; 12],
    /// 10 % quantile of the running total inside each draw.
    pub p10: [f64; 12],
    /// 25 % quantile.
    pub p25: [f64; 12],
    /// 75 % quantile.
    pub p75: [f64; 12],
    /// 90 % quantile.
    pub p90: [f64; 12],
    /// The running total of last year; `None` when the ledger does not hold the whole year.
    pub last_year: Option<[f64; 12]>,
    /// The budget for the year, in euros.
    pub budget: Option<f64>,
}

/// The whole prognosis as of one month.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// What was known: postings booked through this month.
    pub as_of: Month,
    /// Year totals: every node × measure × year of the horizon, in reading order.
    pub years: Vec<YearRow>,
    /// Months: every node × measure from the first month of last year on.
    pub months: Vec<MonthRow>,
    /// Running totals of lasten for each act and for all together.
    pub cumulative: Vec<Cumulative>,
    /// What is still to be received: every node × measure that waits for invoices, in reading order.
    pub late: Vec<LateRow>,
    /// What scenario rows do, in the order in which they work.
    pub policy: Vec<PolicyRow>,
    /// How each year follows from the one before it: every node × measure × later year, in reading order.
    pub steps: Vec<StepRow>,
    /// The quantiles that the organisation named.
    pub named: Vec<NamedQuantile>,
}
