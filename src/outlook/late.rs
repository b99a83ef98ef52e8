//! What is still to be received of months behind us: what the open months come to inside each draw,
//! less what is booked on them, by age.

use super::leaf::MonthOf;
use super::types::{LatePart, LateRow, NodeName, YearRow};
use super::{View, add, quantile};
use crate::panel::Node;
use crate::units::{Cents, Measure, Month};

/// What some open months come to.
struct Part {
    booked: Cents,
    to_receive: Cents,
    of_earlier_years: Cents,
    draws: Vec<f64>,
}

/// What a node made of `leaves` waits for; `None` when nothing is open or nothing is expected. `year` is its row of
/// the as-of year.
pub(super) fn row(
    view: &View<'_>,
    (node, measure): (&Node, Measure),
    leaves: &[(usize, i8)],
    year: &YearRow,
) -> Option<LateRow> {
    let open = |&&(leaf, _): &&(usize, i8)| view.leaves.open_from(leaf) <= view.as_of;
    let leaves = leaves.iter().filter(open);
    let oldest = leaves.clone().map(|&(leaf, _)| view.leaves.open_from(leaf)).min()?;
    let mut ages = LateRow::FROM_AGE.map(|_| Part::new(view));
    for &(leaf, weight) in leaves {
        for month in view.leaves.open_from(leaf).through(view.as_of) {
            ages[group(view.as_of, month)].take(view, leaf, weight, month);
        }
    }
    let mut total = Part::new(view);
    for part in &ages {
        total.add(part);
    }
    let total = total.finish();
    let this_year = (total.to_receive - total.of_earlier_years).euros();
    let expected = year.expected.euros();
    let says_something = [total.to_receive, total.p10, total.p90].iter().any(|&c| c != Cents::ZERO);
    says_something.then(|| LateRow {
        node: NodeName::of(node),
        measure,
        oldest,
        total,
        by_age: ages.map(Part::finish),
        share_of_year: (expected != 0.0).then(|| this_year / expected),
    })
}

/// The age group of a month.
fn group(as_of: Month, month: Month) -> usize {
    let age = as_of - month;
    LateRow::FROM_AGE.iter().rposition(|&from| age >= from).unwrap_or(0)
}

impl Part {
    fn new(view: &View<'_>) -> Self {
        Self {
            booked: Cents::ZERO,
            to_receive: Cents::ZERO,
            of_earlier_years: Cents::ZERO,
            draws: view.leaves.no_draws(),
        }
    }

    /// Takes in one open month of a leaf.
    fn take(&mut self, view: &View<'_>, leaf: usize, weight: i8, month: Month) {
        let open = view.leaves.month(leaf, month);
        let booked = view.leaves.booked(leaf, month).times(weight);
        let rest = open.mean().times(weight) - booked;
        self.booked += booked;
        self.to_receive += rest;
        if month.year() < view.as_of.year() {
            self.of_earlier_years += rest;
        }
        if let MonthOf::Open { paths, .. } = open {
            let rest = paths.iter().map(|x| x * f64::from(weight) - booked.euros());
            self.draws.iter_mut().zip(rest).for_each(|(sum, x)| *sum += x);
        }
    }

    fn add(&mut self, other: &Self) {
        self.booked += other.booked;
        self.to_receive += other.to_receive;
        self.of_earlier_years += other.of_earlier_years;
        add(&mut self.draws, &other.draws, 1);
    }

    fn finish(mut self) -> LatePart {
        let quantiles = quantile::of(&mut self.draws);
        LatePart {
            booked: self.booked,
            to_receive: self.to_receive,
            of_earlier_years: self.of_earlier_years,
            p10: quantiles.p10(),
            p90: quantiles.p90(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook::{Outlook, outlook};
    use crate::panel::{Booked, Forecast, Late, Panel, Paths, Series};
    use crate::units::{Level, LineId, Months, Side, Wet};
    use ndarray::{Array3, Axis, array};
    use std::collections::BTreeMap;

    fn line(product: &str) -> LineId {
        LineId {
            wet: Wet::Wmo,
            taakveld: "6.711".into(),
            product: product.into(),
            side: Side::Lasten,
        }
    }

    /// As of February 2026, two lines and three draws from November on. `Hulp` is open from November,
    /// `Zorg` in February only, and takes back in every draw what `Hulp` does more.
    fn example() -> Outlook {
        let start = Month::january(2025) + Months(10);
        let euros = |values: &[i64]| values.iter().map(|&euros| Cents(100 * euros)).collect();
        let mut panel = Panel {
            as_of: start + Months(3),
            series: BTreeMap::new(),
            booked: BTreeMap::new(),
            ended: BTreeMap::new(),
            late: Late::default(),
            indices: BTreeMap::new(),
        };
        for (name, open, booked) in [("Hulp", 0, [10, 20, 30, 0]), ("Zorg", 3, [9, 9, 9, 0])] {
            let mut series = Series::settled(start, vec![1.0; 4]);
            series.provisional_from = Some(start + Months(open));
            panel.series.insert(line(name), series);
            panel.booked.insert(line(name), Booked { start, cents: euros(&booked) });
        }
        let mut values = Array3::zeros((2, 3, 4));
        let hulp =
            array![[12.0, 20.0, 30.0, 40.0], [12.0, 22.0, 40.0, 50.0], [12.0, 24.0, 50.0, 60.0]];
        let zorg = array![[9.0, 9.0, 9.0, 60.0], [9.0, 9.0, 9.0, 50.0], [9.0, 9.0, 9.0, 40.0]];
        values.index_axis_mut(Axis(0), 0).assign(&hulp);
        values.index_axis_mut(Axis(0), 1).assign(&zorg);
        let forecast = Forecast {
            leaves: vec![line("Hulp"), line("Zorg")],
            paths: Paths { start, values },
            models: vec![String::new(); 2],
            reasons: vec![None; 2],
            layers: Vec::new(),
        };
        outlook(&panel, &forecast, &[], &[], &[], 0)
    }

    fn find<'a>(outlook: &'a Outlook, level: Level, product: &str) -> &'a LateRow {
        let named = |row: &&LateRow| {
            row.node.level == level && row.node.product.as_deref().unwrap_or_default() == product
        };
        outlook.late.iter().filter(|row| row.measure == Measure::Lasten).find(named).unwrap()
    }

    #[test]
    fn a_line_waits_by_age_and_year() {
        let outlook = example();
        let row = find(&outlook, Level::Product, "Hulp");
        // Means 12, 22, 40 and 50 on 10, 20, 30 and 0 booked; November is three months old.
        let to_receive = row.by_age.map(|part| part.to_receive.0);
        assert_eq!(to_receive, [6_200, 200, 0, 0]);
        assert_eq!((row.total.to_receive, row.total.booked), (Cents(6_400), Cents(6_000)));
        assert_eq!(row.total.of_earlier_years, Cents(400));
        // Sums 42, 64 and 86: .2 and .8 of the way between.
        assert_eq!((row.total.p10, row.total.p90), (Cents(4_640), Cents(8_160)));
        assert_eq!(row.oldest, Month::january(2025) + Months(10));
    }

    #[test]
    fn a_total_is_a_sum_inside_each_draw() {
        let outlook = example();
        let total = find(&outlook, Level::Totaal, "");
        // 42 + 60, 64 + 50 and 86 + 40: narrower than the bounds added up.
        assert_eq!((total.total.p10, total.total.p90), (Cents(10_440), Cents(12_360)));
        let parts: Cents = ["Hulp", "Zorg"]
            .map(|name| find(&outlook, Level::Product, name).total.to_receive)
            .into_iter()
            .sum();
        assert_eq!(total.total.to_receive, parts);
    }

    #[test]
    fn agrees_with_the_year_to_the_cent() {
        let outlook = example();
        for row in &outlook.late {
            let same = |year: &&YearRow| year.node == row.node && year.measure == row.measure;
            let year = outlook.years.iter().find(same).unwrap();
            let this_year = row.total.to_receive - row.total.of_earlier_years;
            assert_eq!(this_year, year.to_receive, "{row:?}");
            assert_eq!(row.share_of_year, Some(this_year.euros() / year.expected.euros()));
        }
    }
}
