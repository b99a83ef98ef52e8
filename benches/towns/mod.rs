//! Made-up towns and what is true of them.

use prognose::backtest::Forecasted;
use prognose::calendar::{Agenda, Event, Prices};
use prognose::outlook::NodeName;
use prognose::panel::Series;
use prognose::synth::{self, Town};
use prognose::units::{Cents, LineId, Month};
use std::collections::BTreeMap;

/// The events of `beleid.toml`.
pub(crate) fn policy(town: &Town) -> Vec<Event> {
    let agenda: Agenda = toml::from_str(&synth::policy(town)).expect("the policy file is TOML");
    agenda.events
}

/// The tariffs of `prijzen.toml`.
#[allow(dead_code, reason = "a bench without tariffs shares this file")]
pub(crate) fn prices(town: &Town) -> Prices {
    toml::from_str(&synth::prices(town)).expect("the price file is TOML")
}

/// What the lines truly cost and brought in.
pub(crate) fn truth(town: &Town) -> BTreeMap<LineId, Series> {
    town.truth()
}

/// The forecast beside what is true, whatever has been booked of it by now.
pub(crate) fn against(truth: &BTreeMap<LineId, Series>, row: Forecasted) -> Forecasted {
    let lines = truth.iter().filter(|(line, _)| holds(&row.node, line));
    let weight = |line: &LineId| f64::from(row.measure.weight(line.side));
    let euros: f64 = lines.map(|(line, series)| weight(line) * of_year(series, row.year)).sum();
    Forecasted { actual: Cents::from_euros(euros), settled: true, ..row }
}

/// Whether a line lies below a node.
pub(crate) fn holds(node: &NodeName, line: &LineId) -> bool {
    node.wet.is_none_or(|wet| wet == line.wet)
        && node.taakveld.as_ref().is_none_or(|taakveld| *taakveld == line.taakveld)
        && node.product.as_ref().is_none_or(|product| *product == line.product)
}

/// The euros of one year.
pub(crate) fn of_year(series: &Series, year: i32) -> f64 {
    let months = Month::january(year).through(Month::december(year));
    months.filter_map(|month| series.get(month)).sum()
}
