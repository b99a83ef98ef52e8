//! Made-up towns and what is true of them.

use prognose::backtest::Forecasted;
use prognose::calendar::{Agenda, Event};
use prognose::outlook::NodeName;
use prognose::panel::Series;
use prognose::synth::{self, Town};
use prognose::units::{Cents, LineId, Month};
use std::collections::BTreeMap;
use std::io::Write as _;

/// The events of `beleid.toml`.
pub(crate) fn policy(town: &Town) -> Vec<Event> {
    let agenda: Agenda = toml::from_str(&synth::policy(town)).expect("the policy file is TOML");
    agenda.events
}

/// The forecast beside what is true, whatever has been booked of it by now.
pub(crate) fn against(truth: &BTreeMap<LineId, Series>, row: Forecasted) -> Forecasted {
    let lines = truth.iter().filter(|(line, _)| holds(&row.node, line));
    let weight = |line: &LineId| f64::from(row.measure.weight(line.side));
    let euros: f64 = lines.map(|(line, series)| weight(line) * of_year(series, row.year)).sum();
    // What the draws said was said of another outcome.
    Forecasted { actual: Cents::from_euros(euros), settled: true, judged: None, ..row }
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

/// Writes a result to stdout.
pub(crate) fn print(text: &str) {
    std::io::stdout().write_all(text.as_bytes()).expect("stdout can be written to");
}

/// Writes a line to stderr. When even that fails there is nobody left to tell.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
