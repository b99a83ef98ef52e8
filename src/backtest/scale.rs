//! What errors are compared with: how far a month, or a year, usually lies from the one a year before
//! it, as known at the origin (the denominator of MASE, Hyndman and Koehler 2006).

use crate::outlook::NodeName;
use crate::panel::{Bridge, Hierarchy, Node, Panel};
use crate::units::{Measure, Month};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const YEAR: usize = 12;

/// The errors of "as a year ago" in the history of an origin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Their mean size, in euros.
    pub absolute: f64,
    /// The mean of their squares.
    pub square: f64,
}

/// The scales of every node at one origin.
pub(super) struct Scales {
    /// Of months and of twelve months together.
    of: BTreeMap<(NodeName, Measure), [Option<Scale>; 2]>,
}

impl Scales {
    pub(super) fn new(panel: &Panel, bridges: &[Bridge]) -> Self {
        let panel = panel.in_euros_of_the_day();
        let tree = Hierarchy::new(panel.series.keys().cloned(), bridges);
        let parts = tree.nodes.iter().flat_map(|node| Measure::ALL.map(|measure| (node, measure)));
        let of = |(node, measure): (&Node, Measure)| {
            let months = summed(&panel, &tree, node, measure);
            let years: Vec<f64> = months.windows(YEAR).map(|year| year.iter().sum()).collect();
            ((NodeName::of(node), measure), [scale(&months), scale(&years)])
        };
        Self { of: parts.map(of).collect() }
    }

    pub(super) fn of(&self, node: &(NodeName, Measure), whole_year: bool) -> Option<Scale> {
        self.of.get(node).and_then(|scales| scales[usize::from(whole_year)])
    }
}

/// The months of a node, from the first of any of its lines through the as-of month.
fn summed(panel: &Panel, tree: &Hierarchy, node: &Node, measure: Measure) -> Vec<f64> {
    let leaves: Vec<(usize, i8)> = node.weighted(&tree.leaves, measure).collect();
    let series = |leaf: usize| &panel.series[&tree.leaves[leaf]];
    let start: Option<Month> = leaves.iter().map(|&(leaf, _)| series(leaf).start).min();
    let Some(start) = start else { return Vec::new() };
    let mut sums = vec![0.0; start.through(panel.as_of).len()];
    for (leaf, weight) in leaves {
        let from = (series(leaf).start - start).count();
        let values = series(leaf).values.iter();
        sums.iter_mut().skip(from).zip(values).for_each(|(sum, x)| *sum += x * f64::from(weight));
    }
    sums
}

#[expect(clippy::cast_precision_loss, reason = "counts of months are small")]
fn scale(values: &[f64]) -> Option<Scale> {
    let errors: Vec<f64> =
        values.iter().skip(YEAR).zip(values).map(|(now, then)| now - then).collect();
    let mean = |of: fn(&f64) -> f64| errors.iter().map(of).sum::<f64>() / errors.len() as f64;
    let scale =
        || Scale { absolute: mean(|error| error.abs()), square: mean(|error| error * error) };
    (!errors.is_empty()).then(scale).filter(|scale| scale.absolute > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_that_of_the_same_month_a_year_ago() {
        // Twelve months of 10, then 13 and 6: errors 3 and −4.
        let values = [&[10.0; 12][..], &[13.0, 6.0]].concat();
        let found = scale(&values).unwrap();
        assert!((found.absolute - 3.5).abs() < 1e-12 && (found.square - 12.5).abs() < 1e-12);
        assert_eq!(scale(&values[..12]), None);
        assert_eq!(scale(&[5.0; 30]), None);
    }
}
