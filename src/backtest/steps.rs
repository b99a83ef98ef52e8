//! What each past month was expected to cost one month before, line by line: what drift is told from.

use super::past::past_months;
use crate::error::Result;
use crate::forecast::Books;
use crate::model::Spec;
use crate::panel::{Forecast, Panel};
use crate::units::{LineId, Month, Months};
use ndarray::Axis;
use serde::{Deserialize, Serialize};

/// The first origin has at least so many months behind it.
pub const KNOWN: Months = Months(24);

/// What one line was expected to cost in one month, as of the month before. Euros of the day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OneStep {
    /// The line.
    pub line: LineId,
    /// The month it is about.
    pub month: Month,
    /// The mean.
    pub mean: f64,
    /// The low end of the 80 % band.
    pub p10: f64,
    /// The high end.
    pub p90: f64,
    /// Whether it was kept when it was made; if not, it was made now with what was known then.
    pub recorded: bool,
}

/// What was expected of the month after each origin. `after_each` is called when an origin is done. An
/// origin before the first posting gives nothing.
///
/// # Errors
/// When a model can not be fitted at all.
pub fn one_steps(
    books: Books<'_>,
    spec: &Spec,
    origins: &[Month],
    seed: u64,
    after_each: &(dyn Fn() + Sync),
) -> Result<Vec<OneStep>> {
    let months = past_months(books, spec, origins, seed, after_each)?;
    Ok(months.into_iter().flat_map(|past| past.steps).collect())
}

/// What was expected of a month for which paths were drawn.
pub(super) fn steps_of(forecast: &Forecast, month: Month) -> Vec<OneStep> {
    (0..forecast.leaves.len()).map(|leaf| step(forecast, leaf, month)).collect()
}

fn step(forecast: &Forecast, leaf: usize, month: Month) -> OneStep {
    let line = &forecast.leaves[leaf];
    let column = (month - forecast.paths.start).count();
    let paths = forecast.paths.values.index_axis(Axis(0), leaf);
    let mut draws = paths.column(column).to_vec();
    if let Some(policy) = forecast.policy(line) {
        draws.iter_mut().zip(policy.column(column)).for_each(|(draw, policy)| *draw += policy);
    }
    draws.sort_unstable_by(f64::total_cmp);
    let tenth = draws.len() / 10;
    OneStep {
        line: line.clone(),
        month,
        mean: mean(&draws),
        p10: draws[tenth],
        p90: draws[draws.len() - 1 - tenth],
        recorded: false,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of draws")]
fn mean(draws: &[f64]) -> f64 {
    draws.iter().sum::<f64>() / draws.len() as f64
}

/// The origins of the last `count` months that can be looked back on from the as-of month of `panel`.
#[must_use]
pub fn origins_before(panel: &Panel, count: usize) -> Vec<Month> {
    let first = (panel.first() + KNOWN - Months(1)).max(panel.as_of - Months::of(count));
    first.through(panel.as_of - Months(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Prices;
    use crate::ledger::Ledger;
    use crate::synth;

    fn steps(ledger: &Ledger, origins: &[Month]) -> Vec<OneStep> {
        let prices = Prices::default();
        let books = Books { ledger, events: &[], prices: &prices, drop_months: 0 };
        one_steps(books, &Spec::Kampioen, origins, 1, &|| ()).unwrap()
    }

    #[test]
    fn nothing_booked_later_changes_what_was_expected() {
        let clean = synth::municipality(1, 5).ledger();
        let origin = clean.last_booked().unwrap() - Months(9);
        let mut poisoned = clean.clone();
        for posting in poisoned.postings.iter_mut().filter(|posting| posting.booked > origin) {
            posting.amount = posting.amount + posting.amount;
        }
        let (ours, theirs) = (steps(&clean, &[origin]), steps(&poisoned, &[origin]));
        assert!(ours.len() > 30 && ours == theirs);
        let after = [origin + Months(4)];
        assert_ne!(steps(&clean, &after), steps(&poisoned, &after));
        assert!(ours.iter().all(|step| step.month == origin + Months(1)));
        assert!(ours.iter().all(|step| step.p10 <= step.p90));
    }

    #[test]
    fn origins_have_two_years_behind_them() {
        let ledger = synth::municipality(1, 5).ledger();
        let panel = ledger.panel(Month::january(2018) + Months(5));
        // The ledger begins in 2016-01: 2017-12 is the first origin.
        let found = origins_before(&panel, 99);
        assert_eq!(found.first(), Some(&Month::december(2017)));
        assert_eq!(found.len(), 6);
        assert_eq!(origins_before(&panel, 2).len(), 2);
    }
}
