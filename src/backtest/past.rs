//! Past months made again, each with what was booked by its end and models fitted anew: what was thought of the
//! month itself, for a look back, and what was expected of the one after it, for drift.

use super::steps::{OneStep, steps_of};
use crate::error::Result;
use crate::forecast::{Books, Draws, PolicyChoice, layers, simulate_months};
use crate::model::{Spec, fit_all};
use crate::outlook::{MonthRow, month_totals};
use crate::panel::Booked;
use crate::units::{LineId, Month, Months};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Enough for a band of 80 %.
const DRAWS: usize = 400;

/// One past month, as it was at its own end.
#[derive(Clone, Debug, PartialEq)]
pub struct PastMonth {
    /// The month; what was known then is what was booked by its end.
    pub month: Month,
    /// What each line was expected to cost in the month after it.
    pub steps: Vec<OneStep>,
    /// What the month was thought to become: its lasten, of all together and of each act.
    pub thoughts: Vec<MonthRow>,
    /// Per line, what was booked.
    pub booked: BTreeMap<LineId, Booked>,
}

/// Replays `months`; `after_each` is called when one is done. A month before the first posting is empty.
///
/// # Errors
/// When a model can not be fitted at all.
pub fn past_months(
    books: Books<'_>,
    spec: &Spec,
    months: &[Month],
    seed: u64,
    after_each: &(dyn Fn() + Sync),
) -> Result<Vec<PastMonth>> {
    let of = |&month: &Month| {
        let past = past_month(books, spec, month, seed);
        after_each();
        past
    };
    months.par_iter().map(of).collect()
}

fn past_month(books: Books<'_>, spec: &Spec, month: Month, seed: u64) -> Result<PastMonth> {
    let panel = books.as_of(month);
    if panel.series.is_empty() {
        let booked = panel.booked;
        return Ok(PastMonth { month, steps: Vec::new(), thoughts: Vec::new(), booked });
    }
    let next = month + Months(1);
    let fitted = fit_all(&panel, spec, books.events)?;
    let draws = Draws { count: DRAWS, seed };
    let mut forecast = simulate_months(&panel, &fitted, books.events, month..=next, draws)?;
    let thoughts = month_totals(&panel, &forecast, &[month]);
    // What is decided belongs to the forecast: policy at work is not in the series any more.
    forecast.layers = layers(&panel, &forecast, books.events, PolicyChoice::Decided, seed);
    Ok(PastMonth { month, steps: steps_of(&forecast, next), thoughts, booked: panel.booked })
}
