//! How wide the bands should have been in earlier years.
//!
//! At the same month of each of the last three years the model is fitted on what was known then and
//! its 80 % band of each product's year total is laid beside what that year became. The factor is the
//! one that would have held 80 % of those outcomes: the ⌈(n+1)·0.8⌉-th smallest |outcome − mean| ÷
//! half the band (METHODS §4, conformal for the sum), pooled over products and years, and shrunk to 1
//! with weight n ÷ (n + 20) in logs since few years stand behind it.

use super::year_ahead;
use crate::calendar::Event;
use crate::error::Result;
use crate::forecast::Draws;
use crate::ledger::Ledger;
use crate::model::Spec;
use crate::nowcast::panel_as_of;
use crate::outlook::YearRow;
use crate::panel::Panel;
use crate::units::{Level, LineId, Measure, Month, Months, Side};

/// The spread of the paths relative to the models' own errors, and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// What the distance of each path from the mean is multiplied by.
    pub factor: f64,
    /// The number of year totals of products it was learned from.
    pub errors: usize,
    /// The number of different years among them: how many independent outcomes there are.
    pub years: usize,
}

const YEARS_BACK: i32 = 3;
/// A replay needs two years of history.
const HISTORY: Months = Months(24);
/// The weight of a factor of 1, in year totals.
const SHRINKAGE: f64 = 20.0;
/// A factor outside these says that something else is wrong.
const LIMITS: (f64, f64) = (0.5, 5.0);
/// Enough for an 80 % band; only its width is used.
const DRAWS: Draws = Draws { count: 400, seed: 1, spread: 1.0 };

/// Learns the spread from the years before `as_of`, with nothing that was booked later.
///
/// # Errors
/// When a model can not be fitted at all.
pub fn calibrate(
    ledger: &Ledger,
    events: &[Event],
    spec: &Spec,
    as_of: Month,
) -> Result<Calibration> {
    let now = panel_as_of(ledger, as_of);
    let mut distances = Vec::new();
    let mut years = 0;
    for back in 1..=YEARS_BACK {
        let then = panel_as_of(ledger, as_of - Months(12 * back));
        if then.as_of - then.first() < HISTORY {
            continue;
        }
        let rows = year_ahead(&then, spec, events, &[], DRAWS)?;
        let before = distances.len();
        distances.extend(rows.iter().filter_map(|row| distance(row, &now)));
        years += usize::from(distances.len() > before);
    }
    Ok(Calibration { factor: factor(&mut distances), errors: distances.len(), years })
}

/// |outcome − mean| ÷ half the 80 % band of one product's year; `None` above the products, when the
/// year is not settled yet, or when there was no band.
fn distance(row: &YearRow, now: &Panel) -> Option<f64> {
    let side = match (row.node.level, row.measure) {
        (Level::Product, Measure::Lasten) => Side::Lasten,
        (Level::Product, Measure::Baten) => Side::Baten,
        _ => return None,
    };
    let line = LineId {
        wet: row.node.wet?,
        taakveld: row.node.taakveld.clone()?,
        product: row.node.product.clone()?,
        side,
    };
    let (first, last) = (Month::january(row.year), Month::december(row.year));
    let open_from = now.series.get(&line)?.provisional_from.unwrap_or(now.as_of + Months(1));
    let half = (row.quantiles.p90() - row.quantiles.p10()).euros() / 2.0;
    let error = (now.booked.get(&line)?.sum(first, last) - row.expected).abs().euros();
    (last < open_from && half > 0.0).then(|| error / half)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank among some hundreds of errors"
)]
fn factor(distances: &mut [f64]) -> f64 {
    distances.sort_unstable_by(f64::total_cmp);
    let n = distances.len() as f64;
    let rank = ((n + 1.0) * 0.8).ceil() as usize;
    let Some(&raw) = distances.get(rank.saturating_sub(1)) else { return 1.0 };
    let shrunk = (raw.max(f64::MIN_POSITIVE).ln() * n / (n + SHRINKAGE)).exp();
    shrunk.clamp(LIMITS.0, LIMITS.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_four_of_five_errors_shrunk_to_one() {
        // Rank ⌈10 · .8⌉ = 8 of 1 … 9 quarters: 2; exp(ln 2 · 9/29).
        let mut distances: Vec<f64> = (1..=9).map(|k| f64::from(k) / 4.0).collect();
        assert!((factor(&mut distances) - (2.0_f64.ln() * 9.0 / 29.0).exp()).abs() < 1e-12);
        assert!((factor(&mut []) - 1.0).abs() < 1e-12);
        assert!((factor(&mut [0.1, 0.2]) - 1.0).abs() < 1e-12, "two errors hold no 80 % rank");
    }
}
