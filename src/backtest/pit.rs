//! Where outcomes fell in the forecasts of the champion: as often in every tenth, if its draws are honest.

use super::{CHAMPION, Forecasted, Target};
use crate::score::pit_histogram;
use crate::units::{Level, Measure};
use std::collections::BTreeMap;

/// Where the outcomes of one level fell.
#[derive(Clone, Debug, PartialEq)]
pub struct Pit {
    /// Years or months.
    pub target: Target,
    /// The level.
    pub level: Level,
    /// Lasten, baten or saldo.
    pub measure: Measure,
    /// The outcomes.
    pub count: usize,
    /// The share of outcomes in each tenth of the draws, from low to high.
    pub bins: [f64; 10],
}

impl Pit {
    /// The share in the lowest and the highest tenth together: above .2 when bands are too narrow.
    #[must_use]
    pub fn outer(&self) -> f64 {
        self.bins[0] + self.bins[9]
    }

    /// The share in the lower half: above .5 when forecasts are too high.
    #[must_use]
    pub fn lower(&self) -> f64 {
        self.bins[..5].iter().sum()
    }
}

/// The places of outcomes in the forecasts of the champion, per target, level and measure; forecasts whose draws
/// were not judged are left out.
#[must_use]
pub fn pits(rows: &[Forecasted]) -> Vec<Pit> {
    let mut groups: BTreeMap<(Target, Level, Measure), Vec<(f64, f64)>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.settled && row.model == CHAMPION) {
        let Some(judged) = row.judged else { continue };
        groups.entry((row.target(), row.node.level, row.measure)).or_default().push(judged.place);
    }
    let pit = |((target, level, measure), places): (_, Vec<(f64, f64)>)| Pit {
        target,
        level,
        measure,
        count: places.len(),
        bins: pit_histogram(&places),
    };
    groups.into_iter().map(pit).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Judged;
    use super::super::tests::forecast;
    use super::*;

    #[test]
    fn places_of_the_champion_are_counted_by_tenths() {
        let at = |model: &str, place: f64| Forecasted {
            judged: Some(Judged { crps: 0.0, place: (place, place), scale: None }),
            ..forecast(model, "2020-03", 100, 100)
        };
        let rows = [
            at(CHAMPION, 0.05),
            at(CHAMPION, 0.35),
            at(CHAMPION, 0.95),
            at(CHAMPION, 0.99),
            at("tempo", 0.5),
            forecast(CHAMPION, "2020-06", 100, 100),
        ];
        let found = pits(&rows);
        assert_eq!((found.len(), found[0].count), (1, 4));
        // A quarter in the first and the fourth tenth, half in the last.
        for (bin, share) in found[0].bins.into_iter().enumerate() {
            let expected = [0.25, 0.0, 0.0, 0.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5][bin];
            assert!((share - expected).abs() < 1e-12, "{found:?}");
        }
        assert!((found[0].outer() - 0.75).abs() < 1e-12 && (found[0].lower() - 0.5).abs() < 1e-12);
    }
}
