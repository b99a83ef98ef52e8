//! Running totals of the current year, for the chart.

use super::leaf::MonthOf;
use super::types::Cumulative;
use super::{View, budget, mean, months_of};
use crate::panel::Node;
use crate::score::interpolated;
use crate::units::{Level, Measure, Month};

/// The running total of lasten for all together and for each act that has lasten.
pub(super) fn running_totals(view: &View<'_>) -> Vec<Cumulative> {
    let nodes =
        view.tree.nodes.iter().filter(|node| matches!(node.level, Level::Totaal | Level::Wet));
    nodes
        .filter(|node| !leaves(view, node).is_empty())
        .map(|node| running_total(view, node))
        .collect()
}

fn leaves(view: &View<'_>, node: &Node) -> Vec<usize> {
    node.weighted(&view.tree.leaves, Measure::Lasten).map(|(leaf, _)| leaf).collect()
}

fn running_total(view: &View<'_>, node: &Node) -> Cumulative {
    let year = view.as_of.year();
    let leaves = leaves(view, node);
    let mut sum = view.leaves.no_draws();
    let mut bands = [[0.0; 12]; 5];
    for (at, month) in months_of(year).enumerate() {
        for &leaf in &leaves {
            match view.leaves.month(leaf, month) {
                MonthOf::Settled(cents) => sum.iter_mut().for_each(|total| *total += cents.euros()),
                MonthOf::Open { paths, .. } => {
                    sum.iter_mut().zip(paths).for_each(|(total, x)| *total += x);
                }
            }
        }
        let values = mean_and_band(&sum);
        bands.iter_mut().zip(values).for_each(|(band, value)| band[at] = value);
    }
    let [mean, p10, p25, p75, p90] = bands;
    Cumulative {
        wet: node.wet,
        year,
        booked: booked(view, &leaves, year),
        first_open: first_open(view, &leaves, year),
        mean,
        p10,
        p25,
        p75,
        p90,
        last_year: last_year(view, &leaves, year - 1),
        budget: budget::of(view.budgets, view.tree, node, Measure::Lasten, year)
            .map(crate::units::Cents::euros),
    }
}

fn mean_and_band(draws: &[f64]) -> [f64; 5] {
    let mut sorted = draws.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |level| interpolated(&sorted, level);
    [mean(draws.iter()), at(0.10), at(0.25), at(0.75), at(0.90)]
}

fn booked(view: &View<'_>, leaves: &[usize], year: i32) -> Vec<f64> {
    let mut total = 0.0;
    months_of(year)
        .take_while(|&month| month <= view.as_of)
        .map(|month| {
            total +=
                leaves.iter().map(|&leaf| view.leaves.booked(leaf, month).euros()).sum::<f64>();
            total
        })
        .collect()
}

/// The first month of the year, 0 to 11, that some line still has open; 12 when all are settled.
fn first_open(view: &View<'_>, leaves: &[usize], year: i32) -> usize {
    let open = |month: Month| {
        leaves.iter().any(|&leaf| matches!(view.leaves.month(leaf, month), MonthOf::Open { .. }))
    };
    months_of(year).take_while(|&month| !open(month)).count()
}

fn last_year(view: &View<'_>, leaves: &[usize], year: i32) -> Option<[f64; 12]> {
    let mut total = 0.0;
    let mut sums = [0.0; 12];
    for (at, month) in months_of(year).enumerate() {
        total += leaves.iter().map(|&leaf| view.leaves.booked(leaf, month).euros()).sum::<f64>();
        sums[at] = total;
    }
    (view.leaves.first_booked() <= Month::january(year)).then_some(sums)
}
