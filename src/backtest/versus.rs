//! The champion against every other model, origin by origin.

use super::{CHAMPION, Forecasted, Split, Target};
use crate::outlook::NodeName;
use crate::score::{Test, diebold_mariano};
use crate::units::{Level, Measure, Month};
use std::collections::{BTreeMap, BTreeSet};

/// The champion beside one other model, on the same forecasts.
#[derive(Clone, Debug, PartialEq)]
pub struct Versus {
    /// Years or months.
    pub target: Target,
    /// The level.
    pub level: Level,
    /// Lasten, baten or saldo.
    pub measure: Measure,
    /// All years, or months so far ahead.
    pub split: Split,
    /// The other model.
    pub against: String,
    /// The origins.
    pub origins: usize,
    /// The weighted interval score of the champion, as a part of the size of outcomes.
    pub champion: f64,
    /// That of the other.
    pub other: f64,
    /// Whether the difference can be luck: of years with the year as what is counted, of months with the
    /// origin.
    pub test: Option<Test>,
    /// The nodes that both forecast.
    pub nodes: usize,
    /// The nodes of which the champion has the lower score.
    pub better: usize,
}

impl Versus {
    /// The score of the champion over that of the other: below 1 when the champion is better.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.champion / self.other.max(f64::MIN_POSITIVE)
    }
}

type Group<'a> = (Target, Level, Measure, Split, &'a str);

/// The scores of two models on what both forecast.
#[derive(Default)]
struct Pair {
    /// Per origin the scores of both, and the size of outcomes.
    origins: BTreeMap<Month, [f64; 3]>,
    /// Per node the scores of both.
    nodes: BTreeMap<NodeName, [f64; 2]>,
}

/// The champion beside every other model, per target, level and measure; months per horizon.
#[must_use]
pub fn versus(rows: &[Forecasted]) -> Vec<Versus> {
    let ours: BTreeMap<_, &Forecasted> =
        rows.iter().filter(|row| row.model == CHAMPION).map(|row| (key(row), row)).collect();
    let mut pairs: BTreeMap<Group<'_>, Pair> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.settled && row.model != CHAMPION) {
        let Some(champion) = ours.get(&key(row)) else { continue };
        let split = if row.month.is_some() { Split::Horizon(row.horizon()) } else { Split::All };
        let group = (row.target(), row.node.level, row.measure, split, row.model.as_str());
        pairs.entry(group).or_default().add(champion.wis(), row);
    }
    pairs.into_iter().map(|(group, pair)| pair.versus(group)).collect()
}

/// What was forecast, by whichever model.
fn key(row: &Forecasted) -> (Month, i32, Option<Month>, &NodeName, Measure) {
    (row.origin, row.year, row.month, &row.node, row.measure)
}

impl Pair {
    fn add(&mut self, champion: f64, other: &Forecasted) {
        let scores = [champion, other.wis()];
        let origin = self.origins.entry(other.origin).or_default();
        let node = self.nodes.entry(other.node.clone()).or_default();
        for (at, score) in scores.into_iter().enumerate() {
            origin[at] += score;
            node[at] += score;
        }
        origin[2] += other.actual.euros().abs();
    }

    fn versus(self, (target, level, measure, split, against): Group<'_>) -> Versus {
        let sum = |at: usize| self.origins.values().map(|sums| sums[at]).sum::<f64>();
        let size = sum(2).max(f64::MIN_POSITIVE);
        let part = |[ours, theirs, size]: [f64; 3]| (ours - theirs) / size.max(f64::MIN_POSITIVE);
        let differences: BTreeMap<Month, f64> =
            self.origins.iter().map(|(&origin, &sums)| (origin, part(sums))).collect();
        let ahead = match split {
            Split::Horizon(ahead) => ahead.cast_signed(),
            _ => 0,
        };
        let test = luck(&differences, ahead);
        let better = self.nodes.values().filter(|[ours, theirs]| ours < theirs).count();
        Versus {
            target,
            level,
            measure,
            split,
            against: against.to_owned(),
            origins: differences.len(),
            champion: sum(0) / size,
            other: sum(1) / size,
            test,
            nodes: self.nodes.len(),
            better,
        }
    }
}

/// Whether the differences of origins can be luck. Origins of one year share its total, so of years it is their
/// means that are tested; months `ahead` overlap with origins that lie closer.
pub(super) fn luck(differences: &BTreeMap<Month, f64>, ahead: i32) -> Option<Test> {
    if ahead > 0 {
        let values: Vec<f64> = differences.values().copied().collect();
        return diebold_mariano(&values, together(differences.keys(), ahead));
    }
    let mut years: BTreeMap<i32, (f64, f64)> = BTreeMap::new();
    for (origin, difference) in differences {
        let year = years.entry(origin.year()).or_default();
        *year = (year.0 + difference, year.1 + 1.0);
    }
    let means: Vec<f64> = years.values().map(|(sum, count)| sum / count).collect();
    diebold_mariano(&means, 1)
}

/// How many origins in a row lie less than so many months apart.
fn together<'a>(origins: impl Iterator<Item = &'a Month>, ahead: i32) -> usize {
    let origins: BTreeSet<Month> = origins.copied().collect();
    let near = |first: Month| {
        origins.range(first..).take_while(|&&other| (other - first).0 < ahead).count()
    };
    origins.iter().map(|&first| near(first)).max().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::super::tests::forecast;
    use super::*;

    #[test]
    fn pairs_what_both_forecast() {
        // Our bands are the mean itself: the score of 1 euro off is 1 (½ + .25·4 + .1·10·… over 3½), so is twice as
        // much of 2 off.
        let mut rows = Vec::new();
        for (month, off) in [("2020-03", 1), ("2020-06", 2), ("2021-03", 1), ("2022-06", 1)] {
            rows.push(forecast(CHAMPION, month, 100 + off, 100));
            rows.push(forecast("tempo", month, 100 - 2 * off, 100));
        }
        rows.push(forecast("tempo", "2021-09", 100, 100));
        let found = versus(&rows);
        assert_eq!((found.len(), found[0].origins, found[0].nodes, found[0].better), (1, 4, 1, 1));
        assert!((found[0].ratio() - 0.5).abs() < 1e-12, "{found:?}");
        // Three years, with means of 1.5, 1 and 1 times the same.
        let test = found[0].test.unwrap();
        assert!(test.count == 3 && test.low < 0.02, "{found:?}");
        assert_eq!(versus(&rows[..4])[0].test, None);
    }

    #[test]
    fn origins_hang_together_by_what_lies_between() {
        let months = ["2020-03", "2020-06", "2020-09", "2021-03"].map(|m| m.parse().unwrap());
        assert_eq!(together(months.iter(), 3), 1);
        assert_eq!(together(months.iter(), 12), 3);
    }
}
