//! Total → wet → taakveld → product, and the named bridges beside it.

use crate::units::{Level, LineId, Measure, Wet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A named set of lines, which may cross acts: a level where history is continuous when the chart
/// of accounts moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bridge {
    /// The name shown.
    pub name: String,
    /// Taakvelden (`6.21`), taakveld patterns (`6.71*`) or product names.
    pub lines: Vec<String>,
}

/// A place in the hierarchy and the leaves below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The level.
    pub level: Level,
    /// The act, below the total.
    pub wet: Option<Wet>,
    /// The taakveld, for a taakveld or product.
    pub taakveld: Option<String>,
    /// The product, or the name of a bridge.
    pub product: Option<String>,
    /// Indices into [`Hierarchy::leaves`], ascending.
    pub leaves: Vec<usize>,
}

/// The leaf lines in order and every node above them, the total first and the bridges last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hierarchy {
    /// The leaves, sorted.
    pub leaves: Vec<LineId>,
    /// The nodes in reading order: each above its parts.
    pub nodes: Vec<Node>,
}

impl Bridge {
    /// Whether `line` belongs to the bridge.
    #[must_use]
    pub fn holds(&self, line: &LineId) -> bool {
        self.lines.iter().any(|pattern| covers(pattern, line))
    }
}

/// Whether a taakveld, a taakveld pattern ending in `*` or a product name covers `line`.
#[must_use]
pub fn covers(pattern: &str, line: &LineId) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => line.taakveld.starts_with(start),
        None => line.taakveld == pattern || line.product.eq_ignore_ascii_case(pattern),
    }
}

impl Hierarchy {
    /// Builds every node over `leaves`; a bridge without leaves is left out.
    #[must_use]
    pub fn new(leaves: impl IntoIterator<Item = LineId>, bridges: &[Bridge]) -> Self {
        let mut leaves: Vec<LineId> = leaves.into_iter().collect();
        leaves.sort();
        leaves.dedup();
        // The key sorts a node before its parts: a shorter key comes first.
        let mut nodes: BTreeMap<Vec<&str>, Node> = BTreeMap::new();
        let wet_names: Vec<String> = leaves.iter().map(|line| line.wet.to_string()).collect();
        for (at, line) in leaves.iter().enumerate() {
            let path = [wet_names[at].as_str(), &line.taakveld, &line.product];
            for depth in 0..=3 {
                let node = nodes.entry(path[..depth].to_vec()).or_insert_with(|| Node {
                    level: [Level::Totaal, Level::Wet, Level::Taakveld, Level::Product][depth],
                    wet: (depth > 0).then_some(line.wet),
                    taakveld: (depth > 1).then(|| line.taakveld.clone()),
                    product: (depth > 2).then(|| line.product.clone()),
                    leaves: Vec::new(),
                });
                node.leaves.push(at);
            }
        }
        let mut nodes: Vec<Node> = nodes.into_values().collect();
        nodes.extend(bridges.iter().map(|bridge| bridge_node(bridge, &leaves)));
        nodes.retain(|node| !node.leaves.is_empty());
        Self { leaves, nodes }
    }
}

fn bridge_node(bridge: &Bridge, leaves: &[LineId]) -> Node {
    let held = leaves.iter().enumerate().filter(|(_, line)| bridge.holds(line));
    Node {
        level: Level::Brug,
        wet: None,
        taakveld: None,
        product: Some(bridge.name.clone()),
        leaves: held.map(|(at, _)| at).collect(),
    }
}

impl Node {
    /// The leaves that count in `measure`, each with its weight (1 or −1).
    pub fn weighted<'a>(
        &'a self,
        leaves: &'a [LineId],
        measure: Measure,
    ) -> impl Iterator<Item = (usize, i8)> + 'a {
        let weight = move |at: usize| measure.weight(leaves[at].side);
        self.leaves.iter().map(move |&at| (at, weight(at))).filter(|&(_, weight)| weight != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Side;

    fn line(wet: Wet, taakveld: &str, product: &str, side: Side) -> LineId {
        LineId { wet, taakveld: taakveld.into(), product: product.into(), side }
    }

    #[test]
    fn stands_total_first_and_bridges_last() {
        use Level::{Brug, Product, Taakveld, Totaal, Wet as W};
        let leaves = [
            line(Wet::Wmo, "6.711", "Hulp", Side::Lasten),
            line(Wet::Wmo, "6.711", "Hulp", Side::Baten),
            line(Wet::Wmo, "6.21", "Toegang", Side::Lasten),
            line(Wet::Jeugd, "6.751", "Ambulant", Side::Lasten),
        ];
        let bridge = |name: &str, lines: &[&str]| Bridge {
            name: name.into(),
            lines: lines.iter().map(|&l| l.to_owned()).collect(),
        };
        let bridges = [bridge("Wmo en toegang", &["6.71*", "toegang"]), bridge("leeg", &["9"])];
        let tree = Hierarchy::new(leaves, &bridges);
        let levels: Vec<Level> = tree.nodes.iter().map(|node| node.level).collect();
        assert_eq!(
            levels,
            [Totaal, W, Taakveld, Product, W, Taakveld, Product, Taakveld, Product, Brug]
        );
        assert_eq!(tree.nodes[0].leaves, [0, 1, 2, 3]);
        let bridge = tree.nodes.last().unwrap();
        let saldo: i32 =
            bridge.weighted(&tree.leaves, Measure::Saldo).map(|(_, w)| i32::from(w)).sum();
        assert_eq!((bridge.leaves.len(), saldo), (3, 1));
    }
}
