//! What was known at a month: late invoices laid out, and the months that wait for them completed as
//! far as they can be.

use super::indices::{divide, indices};
use crate::calendar::{Event, Form, Prices};
use crate::ledger::Ledger;
use crate::model::pace;
use crate::nowcast::{late, run_offs};
use crate::panel::{Late, LateLine, Panel, RunOff, Series};
use crate::units::{LineId, Month, Months};
use std::collections::BTreeMap;

/// A month whose completion errs by more than this part of what the line moves by itself teaches a
/// model nothing; at most so many months are left out (LATE.md of the design notes, step 4).
const THIN: f64 = 0.3;
const MOST: usize = 9;
/// The youngest months say little of how a line moves.
const YOUNGEST: Months = Months(3);

/// The books, and what is known beside them.
#[derive(Clone, Copy, Debug)]
pub struct Books<'a> {
    /// The ledger, later bookings included.
    pub ledger: &'a Ledger,
    /// All policy events.
    pub events: &'a [Event],
    /// What tariffs do; none when empty.
    pub prices: &'a Prices,
    /// So many of the youngest months teach the models nothing, completed or not.
    pub drop_months: usize,
}

impl Books<'_> {
    /// What was known of every line at the end of `as_of`: what is booked, which months still wait
    /// for invoices, and those months as far as they can be completed. Tariffs, and policy of less than a
    /// year, are taken out of the series.
    #[must_use]
    pub fn as_of(&self, as_of: Month) -> Panel {
        let mut run_offs = run_offs(self.ledger, as_of);
        let mut panel = self.ledger.panel(as_of);
        panel.indices = indices(&panel, self.prices, self.events);
        divide(&mut panel, &mut run_offs);
        completed(panel, run_offs, self.events, self.drop_months)
    }
}

/// The panel as it was known at the end of an earlier month.
pub(super) fn back_to(panel: &Panel, as_of: Month, events: &[Event]) -> Panel {
    let lines = panel.late.lines.iter().filter(|(_, late)| late.run_off.start <= as_of);
    let run_offs: BTreeMap<LineId, RunOff> =
        lines.map(|(line, late)| (line.clone(), late.run_off.back_to(as_of))).collect();
    let series = panel.series.iter().filter(|(_, series)| series.start <= as_of);
    let series = series.map(|(line, series)| {
        let start = series.start;
        let known = run_offs.get(line).map_or_else(
            || Series::settled(start, series.before(as_of + Months(1)).values),
            |run_off| Series::settled(start, booked(run_off, start)),
        );
        (line.clone(), known)
    });
    let ended = panel.ended.iter().filter(|&(_, &last)| last < as_of);
    let then = Panel {
        as_of,
        series: series.collect(),
        booked: BTreeMap::new(),
        ended: ended.map(|(line, &last)| (line.clone(), last)).collect(),
        late: Late::default(),
        indices: panel.indices.clone(),
    };
    completed(then, run_offs, events, panel.late.dropped)
}

/// Lines as one, under a name of its own, with the late invoices of all; `None` when they do not add up.
pub(super) fn bridged(panel: &Panel, name: &LineId, lines: &[LineId]) -> Option<Panel> {
    let start = lines.iter().map(|line| panel.series[line].start).min()?;
    let late = lines.iter().filter(|line| panel.late.of(line).is_some()).count();
    let tariffs = lines.iter().filter(|line| panel.indices.contains_key(*line)).count();
    // Unlike things do not add up.
    if [late, tariffs].into_iter().any(|some| some != 0 && some != lines.len()) {
        return None;
    }
    let mut values = vec![0.0; start.through(panel.as_of).len()];
    let mut run_off: Option<RunOff> = None;
    for line in lines {
        let (series, late) = (&panel.series[line], panel.late.of(line));
        let known =
            late.map_or_else(|| series.values.clone(), |late| booked(&late.run_off, series.start));
        let from = (series.start - start).count();
        values.iter_mut().skip(from).zip(known).for_each(|(sum, value)| *sum += value);
        if let Some(late) = late {
            run_off = Some(match run_off {
                Some(sum) => sum.plus(&late.run_off),
                None => late.run_off.clone(),
            });
        }
    }
    let run_offs = run_off.map(|run_off| (name.clone(), run_off)).into_iter().collect();
    let whole = Panel {
        as_of: panel.as_of,
        series: [(name.clone(), Series::settled(start, values))].into(),
        booked: BTreeMap::new(),
        ended: BTreeMap::new(),
        late: Late::default(),
        indices: BTreeMap::new(),
    };
    Some(completed(whole, run_offs, &[], panel.late.dropped))
}

/// The latest amounts from `start` on.
fn booked(run_off: &RunOff, start: Month) -> Vec<f64> {
    let skip = (start - run_off.start).count();
    (skip..run_off.rows()).map(|row| run_off.latest(row)).collect()
}

fn completed(
    mut panel: Panel,
    run_offs: BTreeMap<LineId, RunOff>,
    events: &[Event],
    dropped: usize,
) -> Panel {
    let changed = |line: &LineId| {
        let changes = events.iter().filter(|event| {
            event.form == Form::Billing
                && event.is_known(panel.as_of)
                && event.date <= panel.as_of
                && event.covers(line)
        });
        changes.map(|event| event.date).max()
    };
    panel.late = late(run_offs, panel.as_of, &changed);
    for (line, series) in &mut panel.series {
        if let Some(late) = panel.late.of(line) {
            complete(series, late, panel.as_of);
        }
        if dropped > 0 {
            let youngest = (panel.as_of + Months(1) - Months::of(dropped)).max(series.start);
            let earlier = |from: Option<Month>| Some(from.map_or(youngest, |m| m.min(youngest)));
            series.thin_from = earlier(series.thin_from);
            series.provisional_from = earlier(series.provisional_from);
        }
    }
    panel.late.dropped = dropped;
    panel
}

/// Completes the months that wait for money, and marks those of which too little is known.
fn complete(series: &mut Series, late: &LateLine, as_of: Month) {
    let pattern = &late.pattern;
    let open = pattern.done().min(series.values.len());
    if open == 0 {
        return;
    }
    let youngest = |ages: usize| as_of + Months(1) - Months::of(ages);
    series.provisional_from = Some(youngest(open));
    let last = series.values.iter_mut().rev();
    last.zip(&pattern.paid[..open]).for_each(|(value, paid)| *value /= paid);
    let moves = pace(&series.before(as_of + Months(1) - YOUNGEST)).error;
    let unsure = |error: &&f64| **error > (THIN * moves).powi(2);
    let thin = pattern.error[..open].iter().take(MOST).filter(unsure).count();
    series.thin_from = (thin > 0).then(|| youngest(thin));
    if thin >= series.values.len() {
        // A new line has nothing but thin months: together they say more than each.
        let paid: f64 = pattern.paid.iter().take(series.values.len()).sum();
        let booked = (0..late.run_off.rows()).map(|row| late.run_off.latest(row)).sum::<f64>();
        series.values.fill(booked / paid);
    }
}
