//! What each past month was thought to become at its own end, and what it became: the test of how
//! late invoices are completed.
//!
//! Every month is replayed with what was booked by its end, models fitted anew. Nothing is told that
//! came later.

use super::past::PastMonth;
use crate::outlook::{MonthRow, month_totals};
use crate::panel::{Booked, Forecast, Panel};
use crate::score::fewest;
use crate::units::{Cents, LineId, Month, Months, Side, Wet};
use std::collections::BTreeMap;

/// So many past months are looked back on.
const BACK: Months = Months(24);
/// A look back needs so many months before it.
const KNOWN: Months = Months(24);
/// What is booked later is shown after so many months.
const LATER: Months = Months(3);
/// A month of which at most this part is still estimated counts as final.
const FINAL: f64 = 0.01;
/// What the band is meant to hold.
const MEANT: f64 = 0.8;

/// The lasten of one past month: what was thought of it at its end, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct LookBack {
    /// The service month; what was known then is what was booked by its end.
    pub month: Month,
    /// The act; `None` for all together.
    pub wet: Option<Wet>,
    /// Booked at the end of the month.
    pub booked: Cents,
    /// Booked three months later; `None` when that is still to come.
    pub booked_later: Option<Cents>,
    /// What it was expected to become.
    pub expected: Cents,
    /// The low end of the 80 % band of then.
    pub p10: Cents,
    /// The high end.
    pub p90: Cents,
    /// Booked by now.
    pub booked_now: Cents,
    /// What it became: what is booked by now, and what is still expected.
    pub became: Cents,
    /// Whether that is final: at most 1 % of it is still an estimate.
    pub settled: bool,
}

/// How well the months that are final by now were foreseen.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// The act; `None` for all together.
    pub wet: Option<Wet>,
    /// The months that are final.
    pub months: usize,
    /// How many of them lie within the band of then.
    pub inside: usize,
    /// The fewest that may lie within a band that is right; with fewer it is too narrow.
    pub fewest: usize,
    /// The sum of absolute errors of what was expected ÷ the sum of what became.
    pub error: f64,
    /// The part of what became that was booked at the end of the month.
    pub booked: f64,
    /// The part that was booked three months later, or by now where that is still to come.
    pub booked_later: f64,
}

/// A look back on the past months.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hindsight {
    /// All together first, then each act; the months in order.
    pub rows: Vec<LookBack>,
    /// The same order, without acts of which nothing is final.
    pub tallies: Vec<Tally>,
}

/// The months that can be looked back on from the as-of month of `panel`: the last 24 before it. None when no
/// source gives service months.
#[must_use]
pub fn looked_back_on(panel: &Panel) -> Vec<Month> {
    if panel.late.lines.is_empty() {
        return Vec::new();
    }
    let first = (panel.first() + KNOWN - Months(1)).max(panel.as_of - BACK);
    first.through(panel.as_of - Months(1)).collect()
}

/// Looks back on those months, in order, from the as-of month of `panel`, whose forecast by now is
/// `now`.
#[must_use]
pub fn hindsight(past: &[&PastMonth], (panel, now): (&Panel, &Forecast)) -> Hindsight {
    let later = |month: Month| {
        let at = past.iter().map(|then| (then.month, &then.booked));
        let mut at = at.chain([(panel.as_of, &panel.booked)]);
        at.find(|(as_of, _)| *as_of == month + LATER).map(|(_, books)| books)
    };
    let months: Vec<Month> = past.iter().map(|then| then.month).collect();
    let all_became = month_totals(panel, now, &months);
    let mut rows = Vec::new();
    for then in past {
        let month = then.month;
        for thought in &then.thoughts {
            let wet = thought.node.wet;
            let of = |row: &&MonthRow| row.month == month && row.node.wet == wet;
            let Some(became) = all_became.iter().find(of) else { continue };
            let booked_now = booked(&panel.booked, wet, month);
            let open = (became.mean - booked_now).euros().abs();
            rows.push(LookBack {
                month,
                wet,
                booked: booked(&then.booked, wet, month),
                booked_later: later(month).map(|books| booked(books, wet, month)),
                expected: thought.mean,
                p10: thought.quantiles.p10(),
                p90: thought.quantiles.p90(),
                booked_now,
                became: became.mean,
                settled: open <= FINAL * became.mean.euros().abs(),
            });
        }
    }
    rows.sort_by_key(|row| (row.wet, row.month));
    let tallies = rows.chunk_by(|a, b| a.wet == b.wet).filter_map(tally).collect();
    Hindsight { rows, tallies }
}

/// The lasten of a month that are booked, of one act or of all together.
fn booked(books: &BTreeMap<LineId, Booked>, wet: Option<Wet>, month: Month) -> Cents {
    let of = books.iter().filter(|(line, _)| line.side == Side::Lasten);
    of.filter(|(line, _)| wet.is_none_or(|wet| wet == line.wet))
        .map(|(_, booked)| booked.get(month))
        .sum()
}

/// The months of one act that are final, together; `None` when there are none, or nothing became of
/// them.
fn tally(rows: &[LookBack]) -> Option<Tally> {
    let settled: Vec<&LookBack> = rows.iter().filter(|row| row.settled).collect();
    let sum = |part: fn(&LookBack) -> f64| settled.iter().map(|row| part(row)).sum::<f64>();
    let became = sum(|row| row.became.euros());
    let share = |part: f64| part / became;
    (became > 0.0).then(|| Tally {
        wet: rows[0].wet,
        months: settled.len(),
        inside: settled.iter().filter(|row| (row.p10..=row.p90).contains(&row.became)).count(),
        fewest: fewest(settled.len(), MEANT),
        error: share(sum(|row| (row.expected - row.became).euros().abs())),
        booked: share(sum(|row| row.booked.euros())),
        booked_later: share(sum(|row| row.booked_later.unwrap_or(row.booked_now).euros())),
    })
}

#[cfg(test)]
mod tests {
    use super::super::past::past_months;
    use super::*;
    use crate::calendar::Prices;
    use crate::forecast::{Books, Draws, simulate};
    use crate::ledger::Ledger;
    use crate::model::{Spec, fit_all};
    use crate::synth;

    fn look_back(ledger: &Ledger, as_of: Month) -> Hindsight {
        let (spec, books) = (
            Spec::Kampioen,
            Books { ledger, events: &[], prices: &Prices::default(), drop_months: 0 },
        );
        let panel = books.as_of(as_of);
        let fitted = fit_all(&panel, &spec, books.events).unwrap();
        let draws = Draws { count: 200, seed: 1 };
        let now = simulate(&panel, &fitted, None, books.events, &[], as_of, draws).unwrap();
        let then = past_months(books, &spec, &looked_back_on(&panel), 1, &|| ()).unwrap();
        hindsight(&then.iter().collect::<Vec<_>>(), (&panel, &now))
    }

    #[test]
    fn nothing_booked_later_changes_what_was_thought() {
        let clean = synth::municipality(1, 5).ledger();
        let as_of = clean.last_booked().unwrap();
        let cut = as_of - Months(9);
        let mut poisoned = clean.clone();
        for posting in poisoned.postings.iter_mut().filter(|posting| posting.booked > cut) {
            posting.amount = posting.amount + posting.amount;
        }
        let (ours, theirs) = (look_back(&clean, as_of), look_back(&poisoned, as_of));
        let thoughts = |of: &Hindsight| -> Vec<(Option<Wet>, Month, [Cents; 4])> {
            let then = of.rows.iter().filter(|row| row.month <= cut);
            then.map(|row| (row.wet, row.month, [row.booked, row.expected, row.p10, row.p90]))
                .collect()
        };
        assert!(thoughts(&ours).len() >= 30, "{ours:?}");
        assert_eq!(thoughts(&ours), thoughts(&theirs));
        assert_ne!(ours, theirs);
    }

    #[test]
    fn completion_comes_nearer_than_what_is_booked() {
        let ledger = synth::municipality(1, 5).ledger();
        let found = look_back(&ledger, ledger.last_booked().unwrap());
        assert_eq!(found.rows.iter().filter(|row| row.wet.is_none()).count(), 24);
        let total = &found.tallies[0];
        assert!(total.wet.is_none() && total.months > 6, "{total:?}");
        assert!(total.error < 0.5 * (1.0 - total.booked), "{total:?}");
        assert!(total.booked < total.booked_later && total.booked_later < 1.05, "{total:?}");
    }

    #[test]
    fn nothing_is_late_without_service_months() {
        let mut ledger = synth::municipality(1, 5).ledger();
        ledger.has_service_months = false;
        assert_eq!(look_back(&ledger, ledger.last_booked().unwrap()), Hindsight::default());
    }

    #[test]
    fn only_final_months_count() {
        let row = |expected: i64, became: i64, settled: bool| LookBack {
            month: Month::january(2025),
            wet: None,
            booked: Cents(50),
            booked_later: None,
            expected: Cents(expected),
            p10: Cents(90),
            p90: Cents(110),
            booked_now: Cents(became),
            became: Cents(became),
            settled,
        };
        let found = tally(&[row(100, 110, true), row(100, 90, true), row(100, 500, false)]);
        let found = found.unwrap();
        assert_eq!((found.months, found.inside), (2, 2));
        // Errors 10 and 10 on 200; 100 booked then.
        assert!((found.error - 0.1).abs() < 1e-12 && (found.booked - 0.5).abs() < 1e-12);
        assert_eq!(tally(&[row(100, 100, false)]), None);
    }
}
