//! Which rows of a year pass the norm that the organisation set for them.

use super::types::{NodeName, YearRow};
use crate::notes::Norm;
use crate::units::{Cents, LineId, Measure, Side, Wet};

/// A year total whose expected disadvantage passes a norm.
#[derive(Clone, Debug, PartialEq)]
pub struct Passed {
    /// What it is about.
    pub node: NodeName,
    /// Lasten or baten.
    pub measure: Measure,
    /// The expected disadvantage, above zero.
    pub disadvantage: Cents,
    /// The norm: of several the first.
    pub norm: Norm,
}

/// The rows of `year` that pass a norm, in the order given. A row without a budget passes none, and neither does a
/// balance: its two sides have norms of their own.
#[must_use]
pub fn passed(norms: &[Norm], years: &[YearRow], year: i32) -> Vec<Passed> {
    let rows = years.iter().filter(|row| row.year == year);
    rows.filter_map(|row| passed_by(norms, row)).collect()
}

fn passed_by(norms: &[Norm], row: &YearRow) -> Option<Passed> {
    let (line, budget, gap) = (line_of(row)?, row.budget?, row.deviation()?);
    let disadvantage = if row.measure == Measure::Baten { Cents::ZERO - gap } else { gap };
    let passes = |norm: &&Norm| {
        norm.is_for(&line, row.node.level)
            && norm.is_passed(disadvantage, budget, row.chance_of_disadvantage)
    };
    let norm = norms.iter().find(passes)?.clone();
    Some(Passed { node: row.node.clone(), measure: row.measure, disadvantage, norm })
}

/// A row as the line that stands for it, for patterns; none for a balance.
fn line_of(row: &YearRow) -> Option<LineId> {
    let side = match row.measure {
        Measure::Lasten => Side::Lasten,
        Measure::Baten => Side::Baten,
        Measure::Saldo => return None,
    };
    let name = |name: &Option<String>| name.clone().unwrap_or_default();
    let NodeName { wet, taakveld, product, .. } = &row.node;
    let wet = wet.unwrap_or(Wet::Gezamenlijk);
    Some(LineId { wet, taakveld: name(taakveld), product: name(product), side })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook::Quantiles;
    use crate::units::Level;

    fn row(level: Level, measure: Measure, budget: f64, expected: f64) -> YearRow {
        let part = |from: Level, name: &str| (level >= from).then(|| name.to_owned());
        let cents = Cents::from_euros(expected);
        YearRow {
            year: 2026,
            node: NodeName {
                level,
                wet: (level >= Level::Wet).then_some(Wet::Jeugd),
                taakveld: part(Level::Taakveld, "6.762"),
                product: part(Level::Product, "Pleegzorg"),
            },
            measure,
            budget: Some(Cents::from_euros(budget)),
            booked: cents,
            to_receive: Cents::ZERO,
            to_come: Cents::ZERO,
            policy: Cents::ZERO,
            expected: cents,
            quantiles: Quantiles::default(),
            named: Vec::new(),
            chance_of_disadvantage: Some(0.9),
            model: "som".into(),
        }
    }

    #[test]
    fn marks_the_rows_that_are_named_on_their_bad_side() {
        let rows = [
            row(Level::Wet, Measure::Lasten, 100.0, 200.0),
            row(Level::Taakveld, Measure::Lasten, 100.0, 106.0),
            row(Level::Taakveld, Measure::Saldo, 100.0, 106.0),
            row(Level::Product, Measure::Lasten, 100.0, 106.0),
            row(Level::Taakveld, Measure::Baten, 100.0, 90.0),
        ];
        let of = |norms: &[Norm]| {
            let found = passed(norms, &rows, 2026).into_iter();
            found.map(|passed| (passed.node.level, passed.measure)).collect::<Vec<_>>()
        };
        let lasten = (Level::Taakveld, Measure::Lasten);
        assert_eq!(of(&[Norm::made_up("Jeugd/6.76*")]), [lasten]);
        assert_eq!(of(&[Norm::made_up("6.762/baten")]), [(Level::Taakveld, Measure::Baten)]);
        assert_eq!(
            of(&[Norm::made_up("Wmo"), Norm::made_up("Jeugd")]),
            [(Level::Wet, Measure::Lasten)]
        );
        assert_eq!(of(&[]), []);
        let found = passed(&[Norm::made_up("6.762"), Norm::made_up("6.76*")], &rows, 2026);
        assert_eq!((found.len(), found[0].disadvantage), (1, Cents::from_euros(6.0)));
        assert_eq!(found[0].norm.lines, ["6.762"]);
        assert!(passed(&[Norm::made_up("6.762")], &rows, 2027).is_empty());
    }
}
