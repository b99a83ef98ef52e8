//! What the models need not explain: tariffs that are known, and policy that has worked for less than a
//! year. Both are divided out of the books before anything is learned.

use crate::calendar::{Event, Prices, Tariff};
use crate::panel::{Index, Panel, RunOff, Series};
use crate::units::{Cents, LineId, Month, Months};
use std::collections::BTreeMap;

/// Years after the as-of month that an index tells: more than anybody forecasts.
const HORIZON: i32 = 11;
/// A line is not divided by less, or what is left of it would decide everything.
const LEAST: f64 = 0.05;
/// An amount in euros does not make a line larger than so many times what it was, and needs so many
/// months before it to be compared with.
const MOST: f64 = 1.0;
const ENOUGH: Months = Months(6);

/// The index of every line of a panel in euros of the day that has a tariff or such policy.
pub(super) fn indices(panel: &Panel, prices: &Prices, events: &[Event]) -> BTreeMap<LineId, Index> {
    let as_of = panel.as_of;
    let at_work: Vec<(&Event, f64)> = events
        .iter()
        .filter(|event| event.is_known(as_of) && event.is_scenario(as_of) && event.date <= as_of)
        .map(|event| (event, share(event, panel)))
        .collect();
    let last = Month::december(as_of.year() + HORIZON);
    let index = |line: &LineId, start: Month| {
        let tariff = prices.of(line, as_of);
        let here: Vec<_> = at_work.iter().filter(|(event, _)| event.covers(line)).collect();
        if tariff.is_none() && here.is_empty() {
            return None;
        }
        let at = |month| tariff.as_ref().map_or(1.0, |tariff: &Tariff| tariff.at(month));
        let change = |month| {
            let factors = here.iter().map(|(event, share)| 1.0 + share * event.regressor(month));
            factors.product::<f64>().max(LEAST)
        };
        let unsure = |tariff: &Tariff| {
            let years = as_of.year()..=last.year();
            years
                .map(|year| (year, tariff.uncertainty(year)))
                .filter(|(_, size)| *size > 0.0)
                .collect()
        };
        Some(Index {
            start,
            tariff: start.through(last).map(at).collect(),
            policy: start.through(as_of).map(change).collect(),
            unsure: tariff.as_ref().map(unsure).unwrap_or_default(),
        })
    };
    let of = |(line, series): (&LineId, &Series)| Some((line.clone(), index(line, series.start)?));
    panel.series.iter().filter_map(of).collect()
}

/// The full effect of an event at work, as a share of what its lines cost in the year before it.
pub(super) fn share(event: &Event, panel: &Panel) -> f64 {
    let Some(size) = event.size() else { return 0.0 };
    if size.percent {
        return (size.central / 100.0).max(LEAST - 1.0);
    }
    let (first, last) = (event.date - Months(12), event.date - Months(1));
    let known = event.date - panel.first().max(first);
    let lines = panel.booked.iter().filter(|(line, _)| event.covers(line));
    let before: Cents = lines.map(|(_, booked)| booked.sum(first, last)).sum();
    if before <= Cents::ZERO || known < ENOUGH {
        return 0.0;
    }
    let of_a_year = before.euros() * 12.0 / f64::from(known.0);
    (size.central / of_a_year).clamp(LEAST - 1.0, MOST)
}

/// Takes the indices of the panel out of its series and of run-offs.
pub(super) fn divide(panel: &mut Panel, run_offs: &mut BTreeMap<LineId, RunOff>) {
    for (line, index) in &panel.indices {
        if let Some(series) = panel.series.get_mut(line) {
            let months = series.start.through(panel.as_of);
            months.zip(&mut series.values).for_each(|(month, value)| *value /= index.at(month));
        }
        if let Some(run_off) = run_offs.get_mut(line) {
            for (row, mut cells) in run_off.cumulative.rows_mut().into_iter().enumerate() {
                cells /= index.at(run_off.start + Months::of(row));
            }
        }
    }
}
