//! Ledger → monthly panel per leaf line, and the ledger as it was known at a month.

use super::types::{BudgetRow, Ledger, Posting, PostingKind, Scope};
use crate::panel::{Booked, Late, Panel, Series};
use crate::units::{Cents, LineId, Month, Side};
use rayon::prelude::*;
use std::collections::BTreeMap;

impl Ledger {
    /// What was known at the end of `month`: postings booked, budgets adopted and forecasts made by
    /// then. The account of what was read (reconciliation, unmapped codes, duplicates) stays that of
    /// all that was read.
    #[must_use]
    pub fn as_of(&self, month: Month) -> Self {
        let mut known = self.clone();
        known.postings.retain(|posting| posting.booked <= month);
        known.has_service_months = self.has_service_months_as_of(month);
        known.budgets.retain(|row| row.adopted <= month);
        known.human_forecasts.retain(|row| row.made <= month);
        known
    }

    /// Whether service months were known at the end of `month`: those that declarations give count from
    /// the first booking month that was divided.
    #[must_use]
    pub fn has_service_months_as_of(&self, month: Month) -> bool {
        self.has_service_months && self.declarations.since.is_none_or(|since| since <= month)
    }

    /// The regular and closing entries booked through `as_of`, per leaf and service month.
    ///
    /// A line starts at its first service month with an amount that is not nil. Its `series` runs
    /// through `as_of` with 0 in empty months; it leaves out the months before the first booking of
    /// the ledger, since their earlier invoices are missing, and is absent when nothing is left.
    /// `booked` has every month, also those after `as_of`. Accruals are left out. `provisional_from` is `None`:
    /// which months are still incomplete is not for the ledger to say.
    #[must_use]
    pub fn panel(&self, as_of: Month) -> Panel {
        let mut panel = Panel {
            as_of,
            series: BTreeMap::new(),
            booked: BTreeMap::new(),
            ended: self.ended(as_of),
            late: Late::default(),
            indices: BTreeMap::new(),
        };
        let first = self.postings.par_iter().map(|posting| posting.booked).min().unwrap_or(as_of);
        let of_lines = self.postings.par_chunk_by(|a, b| a.line == b.line);
        let sums =
            of_lines.filter_map(|postings| Some((postings[0].line, booked(postings, as_of)?)));
        for (line, booked) in sums.collect::<Vec<_>>() {
            let line = &self.lines[line as usize];
            if let Some(series) = series(&booked, first, as_of) {
                panel.series.insert(line.clone(), series);
            }
            panel.booked.insert(line.clone(), booked);
        }
        panel
    }

    /// The lines whose codes ended before `as_of`.
    fn ended(&self, as_of: Month) -> BTreeMap<LineId, Month> {
        let ended = self.valid_through.iter().filter(|&(_, &last)| last < as_of);
        ended.map(|(line, &last)| (line.clone(), last)).collect()
    }

    /// The budgets in force at the end of `month`: of each year, scope and side the version adopted
    /// last.
    #[must_use]
    pub fn budgets_as_of(&self, month: Month) -> Vec<&BudgetRow> {
        let mut latest: BTreeMap<(i32, &Scope, Side), &BudgetRow> = BTreeMap::new();
        for row in self.budgets.iter().filter(|row| row.adopted <= month) {
            let held = latest.entry((row.year, &row.scope, row.side)).or_insert(row);
            if held.adopted < row.adopted {
                *held = row;
            }
        }
        latest.into_values().collect()
    }
}

/// The sums per service month of one line, whose postings are sorted by service month.
fn booked(postings: &[Posting], as_of: Month) -> Option<Booked> {
    let counts =
        |posting: &&Posting| posting.booked <= as_of && posting.kind != PostingKind::Accrual;
    let mut counted = postings
        .iter()
        .filter(counts)
        .skip_while(|posting| posting.amount == Cents::ZERO)
        .peekable();
    let start = counted.peek()?.service;
    let mut cents = Vec::new();
    for posting in counted {
        cents.resize((posting.service - start).count() + 1, Cents::ZERO);
        if let Some(last) = cents.last_mut() {
            *last += posting.amount;
        }
    }
    Some(Booked { start, cents })
}

/// The months `first` through `as_of`, from the first that is not nil.
fn series(booked: &Booked, first: Month, as_of: Month) -> Option<Series> {
    let mut months = booked.start.max(first).through(as_of);
    let start = months.find(|&month| booked.get(month) != Cents::ZERO)?;
    let values = start.through(as_of).map(|month| booked.get(month).euros()).collect();
    Some(Series::settled(start, values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{HumanForecast, Origin};

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    fn posting(service: &str, booked: &str, cents: i64, kind: PostingKind) -> Posting {
        Posting {
            line: 0,
            kind,
            service: month(service),
            booked: month(booked),
            amount: Cents(cents),
            origin: Origin { file: 0, row: 2 },
        }
    }

    fn ledger(postings: Vec<Posting>) -> Ledger {
        Ledger { lines: vec![LineId::unclassified(Side::Lasten)], postings, ..Ledger::default() }
    }

    #[test]
    fn a_panel_knows_only_what_was_booked() {
        use PostingKind::{Accrual, Closing, Regular};
        let ledger = ledger(vec![
            posting("2025-01", "2025-01", 0, Regular),
            posting("2025-02", "2025-02", 100, Regular),
            posting("2025-02", "2025-05", 50, Regular),
            posting("2025-04", "2025-04", 7, Accrual),
            posting("2025-04", "2025-04", 30, Closing),
            posting("2025-06", "2025-03", 20, Regular),
        ]);
        let panel = ledger.panel(month("2025-04"));
        let line = &ledger.lines[0];
        assert_eq!(panel.series[line], Series::settled(month("2025-02"), vec![1.0, 0.0, 0.3]));
        let cents = [100, 0, 30, 0, 20].map(Cents).to_vec();
        assert_eq!(panel.booked[line], Booked { start: month("2025-02"), cents });
        assert_eq!(panel, ledger.as_of(month("2025-04")).panel(month("2025-04")));
        assert!(ledger.panel(month("2025-01")).booked.is_empty());
    }

    #[test]
    fn months_before_the_books_are_no_evidence() {
        use PostingKind::Regular;
        let mut ledger = ledger(vec![
            posting("2015-03", "2025-01", 5, Regular),
            posting("2025-02", "2025-02", 100, Regular),
        ]);
        let panel = ledger.panel(month("2025-03"));
        let line = &ledger.lines[0];
        assert_eq!(panel.series[line], Series::settled(month("2025-02"), vec![1.0, 0.0]));
        assert_eq!(panel.booked[line].start, month("2015-03"));
        ledger.postings.pop();
        assert!(ledger.panel(month("2025-03")).series.is_empty());
    }

    #[test]
    fn booked_ahead_only_gives_no_series() {
        let ledger = ledger(vec![posting("2025-03", "2025-01", 5, PostingKind::Regular)]);
        let panel = ledger.panel(month("2025-01"));
        assert!(panel.series.is_empty());
        assert_eq!(panel.booked[&ledger.lines[0]].get(month("2025-03")), Cents(5));
    }

    #[test]
    fn the_last_adopted_budget_is_in_force() {
        let row = |adopted: &str, cents| BudgetRow {
            year: 2026,
            scope: Scope::default(),
            side: Side::Lasten,
            amount: Cents(cents),
            version: String::new(),
            adopted: month(adopted),
            origin: Origin { file: 0, row: 2 },
        };
        let human = HumanForecast {
            year: 2026,
            scope: Scope::default(),
            side: Side::Lasten,
            amount: Cents(3),
            made: month("2026-05"),
            name: "1e".into(),
        };
        let ledger = Ledger {
            budgets: vec![row("2026-07", 2), row("2026-01", 1)],
            human_forecasts: vec![human],
            ..Ledger::default()
        };
        let amounts = |at: &str| {
            ledger.budgets_as_of(month(at)).iter().map(|row| row.amount.0).collect::<Vec<_>>()
        };
        assert_eq!(
            (amounts("2025-12"), amounts("2026-06"), amounts("2026-07")),
            (vec![], vec![1], vec![2])
        );
        assert_eq!(ledger.as_of(month("2026-06")).budgets.len(), 1);
        assert_eq!(ledger.as_of(month("2026-04")).human_forecasts.len(), 0);
    }
}
