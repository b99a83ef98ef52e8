//! A made-up municipality with known truth, at any size.
//!
//! The specification is frozen in the guide (`src/guide/synth.md`): same seed, same bytes.
//! [`demo`] and [`municipality`] make one in memory; [`files`] gives it as a workspace, with the
//! truth in a folder of its own that no command reads; [`Town::ledger`] skips the files.

mod amounts;
mod booking;
mod delay;
mod files;
mod lines;
mod people;
mod prices;
mod random;
#[cfg(test)]
mod tests;
mod town;

pub use files::{files, policy, prices};
pub use people::{Budget, Report};

use crate::ledger::{BudgetRow, HumanForecast, Ledger, Origin, Posting, PostingKind, Scope};
use crate::panel::Series;
use crate::units::{Cents, LineId, Month};
use amounts::Life;
use lines::{Product, Trait};
use random::Random;
use std::collections::BTreeMap;
use town::{Desk, Profile};

/// The code of what happens to all lines.
const EVERY: &str = "*";

/// The number of the frozen specification.
pub const SPECIFICATION: u32 = 1;
/// The frozen seed of the demo and of the numbered municipalities.
pub const SEED: u64 = 20_161;

/// The first service month.
fn start() -> Month {
    at(2016, 1)
}

/// The last service month the truth knows.
fn end() -> Month {
    at(2030, 12)
}

/// The last booking month in the ledger.
fn last_booked() -> Month {
    at(2026, 10)
}

/// The municipality of the demo, Voorbeeldstad.
#[must_use]
pub fn demo(seed: u64) -> Town {
    build(&Profile::demo(seed), usize::MAX)
}

/// Municipality `number`, counted from 1: its size, noise and mix are drawn.
#[must_use]
pub fn municipality(number: u32, seed: u64) -> Town {
    municipality_of(number, seed, usize::MAX)
}

/// The same with at most so many of its lines, spread over the table: what they cost stays what it was.
#[must_use]
pub fn municipality_of(number: u32, seed: u64, lines: usize) -> Town {
    build(&Profile::numbered(number, seed), lines)
}

/// A made-up municipality: what the ledger shows, and what is true.
#[derive(Debug)]
pub struct Town {
    /// Its name, which says that it is made up.
    pub name: String,
    /// Its code, of no real municipality.
    pub code: String,
    /// The seed it was made with.
    pub seed: u64,
    /// The lines with their truth, sorted by code.
    pub lines: Vec<Line>,
    /// The books, in order of booking.
    pub entries: Vec<Entry>,
    /// The budgets, all versions.
    pub budgets: Vec<Budget>,
    /// The interim reports.
    pub reports: Vec<Report>,
    /// What happened to which line.
    pub events: Vec<Event>,
}

/// A line and its truth, through 2030-12.
#[derive(Debug)]
pub struct Line {
    /// The product code in the ledger.
    pub code: &'static str,
    /// The line the line table gives it.
    pub id: LineId,
    /// The first service month.
    pub first: Month,
    /// The last service month.
    pub last: Month,
    /// Per month from `first`, what it truly cost in the end.
    pub truth: Vec<Cents>,
    /// Per month from `first`, what was to be expected, without noise and outliers, in euros.
    pub expected: Vec<f64>,
    product: &'static Product,
}

/// One row of the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Place in [`Town::lines`].
    pub line: usize,
    /// Regular, accrual or closing.
    pub kind: PostingKind,
    /// The service month.
    pub service: Month,
    /// The booking year.
    pub year: i32,
    /// The booking period: 1 to 12, or 13 for the closing period.
    pub period: u32,
    /// Positive on its own side.
    pub amount: Cents,
}

/// Something that happened, for the truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The code of the line; `*` for all.
    pub code: &'static str,
    /// What happened, in Dutch.
    pub kind: &'static str,
    /// From this month on, or in it.
    pub month: Month,
    /// How large: the step in logs, the factor of a delay, or the share of a month's bookings.
    pub size: f64,
}

impl Line {
    /// The last month the line table holds its code valid, if it ends.
    fn valid_through(&self) -> Option<Month> {
        let ends = |t: &Trait| matches!(t, Trait::Ends(..) | Trait::Recode);
        self.product.traits.iter().any(ends).then_some(self.last)
    }
}

impl Event {
    fn of(product: &Product, kind: &'static str, month: Month, size: f64) -> Self {
        Self { code: product.code, kind, month, size }
    }

    fn shared(kind: &'static str, month: Month, size: f64) -> Self {
        Self { code: EVERY, kind, month, size }
    }
}

impl Entry {
    fn invoice(line: usize, service: Month, booked: Month, amount: Cents) -> Self {
        let (year, period) = (booked.year(), booked.of_year());
        Self { line, kind: PostingKind::Regular, service, year, period, amount }
    }

    /// The month it becomes known: the closing period in March of the next year.
    #[must_use]
    pub fn known(&self) -> Month {
        if self.period > 12 { at(self.year + 1, 3) } else { at(self.year, self.period) }
    }
}

impl Town {
    /// The same books with so many rows per invoice, to test speed: the cents stay the same.
    #[must_use]
    pub fn with_rows(mut self, rows: usize) -> Self {
        let mut random = Random::new(self.seed, &[&self.name, "*", "rows"]);
        let divide = |entry: Entry| {
            let whole = entry.kind == PostingKind::Accrual;
            let amounts = divided(entry.amount, if whole { 1 } else { rows }, &mut random);
            amounts.into_iter().map(move |amount| Entry { amount, ..entry })
        };
        self.entries = self.entries.into_iter().flat_map(divide).collect();
        self
    }

    /// What a reader of the files would know, without the files: postings, budgets and reports.
    /// The row of an origin is the place in [`Town::entries`].
    ///
    /// # Panics
    /// Never: every line is in the list it is looked up in.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        let mut lines: Vec<LineId> = self.lines.iter().map(|line| line.id.clone()).collect();
        lines.sort();
        lines.dedup();
        let place = |id: &LineId| lines.binary_search(id).expect("every line is in the list");
        let places: Vec<usize> = self.lines.iter().map(|line| place(&line.id)).collect();
        let posting = |(row, entry): (usize, &Entry)| Posting {
            line: number(places[entry.line]),
            kind: entry.kind,
            service: entry.service,
            booked: entry.known(),
            amount: entry.amount,
            origin: origin(row),
        };
        let mut postings: Vec<Posting> = self.entries.iter().enumerate().map(posting).collect();
        postings.sort_by_key(|p| (p.line, p.service, p.booked, p.kind, p.amount, p.origin));
        Ledger {
            lines,
            postings,
            has_service_months: true,
            valid_through: self.valid_through(),
            budgets: self.budget_rows(),
            human_forecasts: self.reports.iter().map(human_forecast).collect(),
            ..Ledger::default()
        }
    }

    fn valid_through(&self) -> BTreeMap<LineId, Month> {
        self.lines
            .iter()
            .filter_map(|line| Some((line.id.clone(), line.valid_through()?)))
            .collect()
    }

    fn budget_rows(&self) -> Vec<BudgetRow> {
        let row = |(row, budget): (usize, &Budget)| BudgetRow {
            year: budget.year,
            scope: scope(&self.lines[budget.line].id),
            side: self.lines[budget.line].id.side,
            amount: budget.amount,
            version: budget.version.to_owned(),
            adopted: budget.adopted,
            origin: origin(row),
        };
        self.budgets.iter().enumerate().map(row).collect()
    }

    /// What every line truly cost per service month, in euros, through 2030-12.
    #[must_use]
    pub fn truth(&self) -> BTreeMap<LineId, Series> {
        let series = |line: &Line| {
            let euros = line.truth.iter().map(|cents| cents.euros()).collect();
            (line.id.clone(), Series::settled(line.first, euros))
        };
        self.lines.iter().map(series).collect()
    }
}

fn scope(id: &LineId) -> Scope {
    Scope {
        wet: Some(id.wet),
        taakveld: Some(id.taakveld.clone()),
        product: Some(id.product.clone()),
    }
}

fn human_forecast(report: &Report) -> HumanForecast {
    HumanForecast {
        year: report.year,
        scope: Scope { wet: Some(report.wet), ..Scope::default() },
        side: report.side,
        amount: report.amount,
        made: report.made,
        name: report.name.to_owned(),
    }
}

fn origin(row: usize) -> Origin {
    Origin { file: 0, row: number(row) }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a municipality has less than 2^32 rows")
}

fn build(profile: &Profile, most_lines: usize) -> Town {
    let mut events = Vec::new();
    let lives = spread(amounts::lives(profile, &mut events), most_lines);
    let kept = |code: &str| lives.iter().any(|life| life.product.code == code);
    events.retain(|event| event.code == EVERY || kept(event.code));
    let desk = Desk::new(profile);
    events.extend(desk.events());
    let booked =
        |(line, life): (usize, &Life)| booking::entries(profile, line, life, &desk, &mut events);
    let mut entries: Vec<Entry> = lives.iter().enumerate().flat_map(booked).collect();
    entries.retain(|entry| entry.known() <= last_booked());
    entries.sort_by_key(|e| (e.year, e.period, e.line, e.service, e.kind, e.amount));
    let mut reports = people::reports(profile, &lives);
    let mut budgets = people::budgets(profile, &lives, &reports);
    reports.retain(|report| report.made <= last_booked());
    budgets.retain(|budget| budget.adopted <= last_booked());
    events.sort_by(|a, b| (a.code, a.month, a.kind).cmp(&(b.code, b.month, b.kind)));
    Town {
        name: profile.name.clone(),
        code: profile.code.clone(),
        seed: profile.seed,
        entries,
        lines: lives.into_iter().map(line).collect(),
        budgets,
        reports,
        events,
    }
}

/// At most so many, as far apart as can be.
fn spread(lives: Vec<Life>, most: usize) -> Vec<Life> {
    let all = lives.len();
    let kept = |at: &usize| most >= all || (at + 1) * most / all > at * most / all;
    lives.into_iter().enumerate().filter(|(at, _)| kept(at)).map(|(_, life)| life).collect()
}

fn line(life: Life) -> Line {
    let product = life.product;
    Line {
        code: product.code,
        id: LineId {
            wet: product.wet,
            taakveld: product.taakveld().to_owned(),
            product: product.name.to_owned(),
            side: product.side,
        },
        first: life.first,
        last: life.last,
        truth: life.months().map(|month| life.truth(month)).collect(),
        expected: life.expected,
        product,
    }
}

/// `amount` in so many unequal `parts`, the last one taking what is left.
fn divided(amount: Cents, parts: usize, random: &mut Random) -> Vec<Cents> {
    let weights: Vec<f64> = (0..parts).map(|_| random.between(0.2, 1.8)).collect();
    let sum: f64 = weights.iter().sum();
    let part = |weight: &f64| Cents::from_euros(amount.euros() * weight / sum);
    let mut amounts: Vec<Cents> = weights.iter().skip(1).map(part).collect();
    amounts.push(amount - amounts.iter().sum::<Cents>());
    amounts
}

/// A month of the specification, which names only months that exist.
fn at(year: i32, month: u32) -> Month {
    Month::new(year, month).expect("the specification names months that exist")
}
