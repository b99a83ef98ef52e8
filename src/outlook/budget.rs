//! The budget of a node.

use crate::ledger::BudgetRow;
use crate::panel::{Hierarchy, Node};
use crate::units::{Cents, Level, LineId, Measure, Side};

/// The budget of a node and measure for `year`; `None` when there is none.
///
/// A budget may be given per product, taakveld or wet. The coarsest row inside the node counts and
/// hides the finer rows it contains, so that nothing counts twice. A saldo has a budget only when
/// every side of the node has one.
pub(super) fn of(
    budgets: &[&BudgetRow],
    tree: &Hierarchy,
    node: &Node,
    measure: Measure,
    year: i32,
) -> Option<Cents> {
    let side = |side| of_side(budgets, tree, node, side, year);
    match measure {
        Measure::Lasten => side(Side::Lasten),
        Measure::Baten => side(Side::Baten),
        Measure::Saldo => {
            let needed = |which| node.leaves.iter().any(|&leaf| tree.leaves[leaf].side == which);
            let part = |which| side(which).or_else(|| (!needed(which)).then_some(Cents::ZERO));
            Some(part(Side::Lasten)? - part(Side::Baten)?)
        }
    }
}

/// Whether any budget of the year speaks of the line.
pub(super) fn covers(budgets: &[&BudgetRow], line: &LineId, year: i32) -> bool {
    let speaks =
        |row: &BudgetRow| row.year == year && row.side == line.side && row.scope.holds(line);
    budgets.iter().copied().any(speaks)
}

fn of_side(
    budgets: &[&BudgetRow],
    tree: &Hierarchy,
    node: &Node,
    side: Side,
    year: i32,
) -> Option<Cents> {
    let mut inside: Vec<&BudgetRow> = budgets
        .iter()
        .copied()
        .filter(|row| row.year == year && row.side == side && lies_in(row, tree, node))
        .collect();
    inside.sort_by_key(|row| depth(row));
    let mut counted: Vec<&BudgetRow> = Vec::new();
    for row in inside {
        if !counted.iter().any(|coarse| contains(coarse, row)) {
            counted.push(row);
        }
    }
    (!counted.is_empty()).then(|| counted.iter().map(|row| row.amount).sum())
}

/// Whether all a row speaks of lies in the node. In the tree the names decide, so that a budget
/// without any posting still counts in the totals; in a bridge the leaves do.
fn lies_in(row: &BudgetRow, tree: &Hierarchy, node: &Node) -> bool {
    let scope = &row.scope;
    let same = |ours: Option<&String>, theirs: &Option<String>| {
        ours.is_none_or(|name| theirs.as_ref() == Some(name))
    };
    if node.level != Level::Brug {
        return node.wet.is_none_or(|wet| scope.wet == Some(wet))
            && same(node.taakveld.as_ref(), &scope.taakveld)
            && same(node.product.as_ref(), &scope.product);
    }
    let mut held =
        (0..tree.leaves.len()).filter(|&leaf| scope.holds(&tree.leaves[leaf])).peekable();
    held.peek().is_some() && held.all(|leaf| node.leaves.binary_search(&leaf).is_ok())
}

fn depth(row: &BudgetRow) -> usize {
    let scope = &row.scope;
    usize::from(scope.wet.is_some())
        + usize::from(scope.taakveld.is_some())
        + usize::from(scope.product.is_some())
}

/// Whether `coarse` speaks of everything `fine` speaks of, and more.
fn contains(coarse: &BudgetRow, fine: &BudgetRow) -> bool {
    let covers = |outer: &Option<String>, inner: &Option<String>| outer.is_none() || outer == inner;
    (coarse.scope.wet.is_none() || coarse.scope.wet == fine.scope.wet)
        && covers(&coarse.scope.taakveld, &fine.scope.taakveld)
        && covers(&coarse.scope.product, &fine.scope.product)
        && depth(coarse) < depth(fine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Origin, Scope};
    use crate::panel::Bridge;
    use crate::units::{LineId, Month, Wet};

    fn line(wet: Wet, taakveld: &str, product: &str, side: Side) -> LineId {
        LineId { wet, taakveld: taakveld.into(), product: product.into(), side }
    }

    fn row(
        wet: Wet,
        taakveld: Option<&str>,
        product: Option<&str>,
        side: Side,
        amount: i64,
    ) -> BudgetRow {
        BudgetRow {
            year: 2026,
            scope: Scope {
                wet: Some(wet),
                taakveld: taakveld.map(str::to_owned),
                product: product.map(str::to_owned),
            },
            side,
            amount: Cents(amount),
            version: "primitief".into(),
            adopted: Month::january(2026),
            origin: Origin { file: 0, row: 2 },
        }
    }

    #[test]
    fn the_coarsest_row_counts_once() {
        let leaves = [
            line(Wet::Wmo, "6.60", "Rolstoelen", Side::Lasten),
            line(Wet::Wmo, "6.711", "Hulp", Side::Lasten),
            line(Wet::Wmo, "6.711", "Eigen bijdragen", Side::Baten),
        ];
        let bridges = [Bridge { name: "Maatwerk".into(), lines: vec!["6.71*".into()] }];
        let tree = Hierarchy::new(leaves, &bridges);
        let rows = [
            row(Wet::Wmo, Some("6.711"), None, Side::Lasten, 100),
            row(Wet::Wmo, Some("6.711"), Some("Hulp"), Side::Lasten, 90),
            row(Wet::Wmo, Some("6.60"), Some("Rolstoelen"), Side::Lasten, 10),
        ];
        let rows: Vec<&BudgetRow> = rows.iter().collect();
        let of = |node: &Node, measure| super::of(&rows, &tree, node, measure, 2026);
        let find = |level, name: &str| {
            let named = |node: &&Node| {
                node.level == level
                    && (name.is_empty()
                        || node.product.as_deref() == Some(name)
                        || node.taakveld.as_deref() == Some(name))
            };
            tree.nodes.iter().find(named).unwrap()
        };
        assert_eq!(of(find(Level::Totaal, ""), Measure::Lasten), Some(Cents(110)));
        assert_eq!(of(find(Level::Taakveld, "6.711"), Measure::Lasten), Some(Cents(100)));
        assert_eq!(of(find(Level::Product, "Hulp"), Measure::Lasten), Some(Cents(90)));
        assert_eq!(of(find(Level::Brug, "Maatwerk"), Measure::Lasten), Some(Cents(100)));
        // The baten of 6.711 have no budget, so its saldo has none.
        assert_eq!(of(find(Level::Taakveld, "6.711"), Measure::Saldo), None);
        assert_eq!(of(find(Level::Taakveld, "6.60"), Measure::Saldo), Some(Cents(10)));
    }
}
