//! How wide the bands should have been in earlier years.
//!
//! At the same month of each of the last three years the model is fitted on what was known then and
//! its 80 % band of each product's year total is laid beside what that year became. With
//! z = |outcome − mean| ÷ half the band, whose mean is .62 where a normal band is right, the factor is
//!
//! ```text
//! g = (Σ min(z, 4 · .62) + 20 · .62) ÷ ((n + 20) · .62)
//! ```
//!
//! pooled over products and years. The cap keeps a year of new codes from making every band
//! endless, and 20 shipped totals hold a young panel near 1 (MONEY.md of the design notes). Only
//! lines that had the champion count: a line too young for it is wide already.

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
pub struct Widening {
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
const SHIPPED: f64 = 20.0;
/// The mean distance of a normal variable from its mean, in halves of its 80 % band: √(2/π) ÷ 1.2816.
const USUAL: f64 = 0.622_6;
/// A distance counts for at most so many usual ones.
const CAP: f64 = 4.0;
/// Enough for an 80 % band; only its width is used.
const DRAWS: Draws = Draws { count: 400, seed: 1 };

/// Learns the spread from the years before `as_of`, with nothing that was booked later.
///
/// # Errors
/// When a model can not be fitted at all.
pub fn widening(ledger: &Ledger, events: &[Event], spec: &Spec, as_of: Month) -> Result<Widening> {
    let now = panel_as_of(ledger, as_of);
    let mut distances = Vec::new();
    let mut years = 0;
    for back in 1..=YEARS_BACK {
        let then = panel_as_of(ledger, as_of - Months(12 * back));
        if then.as_of - then.first() < HISTORY {
            continue;
        }
        let rows = year_ahead(&then, spec, events, &[], DRAWS, 1.0)?;
        let before = distances.len();
        let ours = rows.iter().filter(|row| row.model == spec.name());
        distances.extend(ours.filter_map(|row| distance(row, &now)));
        years += usize::from(distances.len() > before);
    }
    Ok(Widening { factor: factor(&distances), errors: distances.len(), years })
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

#[expect(clippy::cast_precision_loss, reason = "some hundreds of errors")]
fn factor(distances: &[f64]) -> f64 {
    let capped = distances.iter().map(|distance| distance.min(CAP * USUAL));
    (capped.sum::<f64>() / USUAL + SHIPPED) / (distances.len() as f64 + SHIPPED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_mean_distance_held_to_one() {
        assert!((factor(&[]) - 1.0).abs() < 1e-12);
        // Twenty distances twice as far as usual, beside as many shipped ones: (40 + 20) ÷ 40.
        assert!((factor(&[2.0 * USUAL; 20]) - 1.5).abs() < 1e-12);
        // One that is endless counts for four: (4 + 20) ÷ 21.
        assert!((factor(&[1e9]) - 24.0 / 21.0).abs() < 1e-12);
    }
}
