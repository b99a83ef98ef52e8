//! A small ledger for the tests of the rules.

use super::{Facts, Finding, Severities, check};
use crate::calendar::{Event, Prices};
use crate::error::Place;
use crate::ledger::{Ledger, Origin, Posting, PostingKind, SourceFile, Sum};
use crate::panel::{Booked, Bridge, Late, Panel, Series};
use crate::units::{Cents, LineId, Month, Months, Side, Wet};
use std::collections::BTreeMap;

/// A ledger of one file that maps service months, and the month up to which it is known.
pub(super) struct Sample {
    pub(super) ledger: Ledger,
    pub(super) as_of: Month,
    pub(super) years_ahead: i32,
    pub(super) bridges: Vec<Bridge>,
    pub(super) prices: Prices,
    pub(super) events: Vec<Event>,
    pub(super) named: Vec<(Place, String)>,
}

/// January 2020 is month 0.
pub(super) fn month(at: usize) -> Month {
    Month::january(2020) + Months::of(at)
}

pub(super) fn line(product: &str, side: Side) -> LineId {
    LineId { wet: Wet::Wmo, taakveld: "6.711".into(), product: product.into(), side }
}

/// The findings of one rule.
pub(super) fn found(sample: &Sample, code: &str) -> Vec<Finding> {
    sample.findings().into_iter().filter(|finding| finding.code == code).collect()
}

impl Sample {
    pub(super) fn new() -> Self {
        let file = SourceFile {
            file: "grootboek.csv".into(),
            sheet: String::new(),
            sha256: String::new(),
            rows: 0,
            duplicate_of: None,
            ignored_columns: Vec::new(),
            skipped: 0,
        };
        let ledger = Ledger { files: vec![file], has_service_months: true, ..Ledger::default() };
        let (bridges, prices, events) = (Vec::new(), Prices::default(), Vec::new());
        Self { ledger, as_of: month(0), years_ahead: 4, bridges, prices, events, named: Vec::new() }
    }

    /// A line of lasten with these euros per month from month 0 on, booked in the month itself.
    pub(super) fn with(mut self, product: &str, euros: &[i32]) -> Self {
        for (at, &euros) in euros.iter().enumerate() {
            let amount = Cents(i64::from(euros) * 100);
            if euros != 0 {
                self = self.posted(product, month(at), month(at), amount);
            }
        }
        self.as_of = self.as_of.max(month(euros.len().max(1) - 1));
        self
    }

    pub(super) fn findings(&self) -> Vec<Finding> {
        let (panel, sums) = (panel(&self.ledger, self.as_of), self.ledger.sums());
        check(&self.facts(&panel, &sums), &Severities::default())
    }

    /// What rules look at, with a panel that need not be the ledger's.
    pub(super) fn facts<'a>(&'a self, panel: &'a Panel, sums: &'a [Sum]) -> Facts<'a> {
        Facts {
            ledger: &self.ledger,
            sums,
            panel,
            as_of: self.as_of,
            years_ahead: self.years_ahead,
            bridges: &self.bridges,
            prices: &self.prices,
            events: &self.events,
            named: &self.named,
        }
    }

    /// One posting more, on the next row.
    pub(super) fn posted(
        mut self,
        product: &str,
        service: Month,
        booked: Month,
        amount: Cents,
    ) -> Self {
        let line = line(product, Side::Lasten);
        let at = self.ledger.lines.iter().position(|known| *known == line).unwrap_or_else(|| {
            self.ledger.lines.push(line);
            self.ledger.lines.len() - 1
        });
        let row = u32::try_from(self.ledger.postings.len()).unwrap() + 2;
        self.ledger.postings.push(Posting {
            line: u32::try_from(at).unwrap(),
            kind: PostingKind::Regular,
            service,
            booked,
            amount,
            origin: Origin { file: 0, row },
        });
        self
    }
}

/// The panel of the ledger's regular postings, all months settled.
fn panel(ledger: &Ledger, as_of: Month) -> Panel {
    let months = |end: fn(&Posting) -> Month| ledger.postings.iter().map(end);
    let first = months(|posting| posting.service).min().unwrap_or(as_of).min(as_of);
    let last = months(|posting| posting.service).max().unwrap_or(as_of).max(as_of);
    let mut panel = Panel {
        as_of,
        series: BTreeMap::new(),
        booked: BTreeMap::new(),
        ended: BTreeMap::new(),
        late: Late::default(),
        indices: BTreeMap::new(),
    };
    for (at, line) in ledger.lines.iter().enumerate() {
        let cents: Vec<Cents> =
            first.through(last).map(|month| sum(ledger, at, month, as_of)).collect();
        let values = cents.iter().map(|cents| cents.euros()).collect();
        let series = Series::settled(first, values).before(as_of + Months(1));
        panel.series.insert(line.clone(), series);
        panel.booked.insert(line.clone(), Booked { start: first, cents });
    }
    panel
}

fn sum(ledger: &Ledger, line: usize, service: Month, as_of: Month) -> Cents {
    let counts = |posting: &&Posting| {
        posting.line as usize == line
            && posting.service == service
            && posting.booked <= as_of
            && posting.kind != PostingKind::Accrual
    };
    ledger.postings.iter().filter(counts).map(|posting| posting.amount).sum()
}
