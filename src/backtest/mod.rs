//! Rolling origins: what each model would have said then, against what came true.
//!
//! At every origin only what was known then is used: postings booked, budgets adopted and policy
//! events announced by that month; models are fitted anew and late invoices treated as they would
//! have been.

mod compare;
mod hindsight;
mod origins;
mod scores;

use crate::error::Result;
use crate::forecast::{Bands, Books, Draws, PolicyChoice, layers, simulate, simulate_reconciled};
use crate::model::{Spec, fit_all};
use crate::outlook::{NodeName, Quantiles, YearRow, year_totals};
use crate::panel::{Bridge, Forecast, Hierarchy, Panel};
use crate::units::{Cents, Measure, Month, Months};
use std::collections::BTreeMap;

pub use compare::{Comparison, Yardstick, against_best, against_best_rule};
pub use hindsight::{Hindsight, LookBack, Tally, hindsight};
pub use origins::{HISTORY, Origins};
pub use scores::{Score, scores};

/// The champion with its lines moved to agree with forecasts of their sums: a challenger, in no forecast.
pub const RECONCILED: &str = "kampioen-mint";

/// What a backtest replays.
#[derive(Debug)]
pub struct Replay<'a> {
    /// The books on the latest vintage, and all policy events; each origin sees what it could know.
    pub books: Books<'a>,
    /// The latest as-of month: what came true is read off here.
    pub latest: Month,
    /// The bridges of the workspace.
    pub bridges: &'a [Bridge],
    /// The models to compare.
    pub specs: &'a [Spec],
    /// How the paths are drawn.
    pub draws: Draws,
}

/// One forecast of a year total, and what came true.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecasted {
    /// The as-of month of the forecast.
    pub origin: Month,
    /// The year that was forecast.
    pub year: i32,
    /// What it is about.
    pub node: NodeName,
    /// Lasten, baten or saldo.
    pub measure: Measure,
    /// The model.
    pub model: String,
    /// The mean.
    pub mean: Cents,
    /// The quantiles.
    pub quantiles: Quantiles,
    /// What came true, on the latest vintage.
    pub actual: Cents,
    /// Whether the actual is final; if not, invoices are still to come.
    pub settled: bool,
}

impl Forecasted {
    /// The months of the year that were known at the origin.
    #[must_use]
    pub fn months_known(&self) -> u32 {
        self.origin.of_year()
    }

    /// Whether there was anything to forecast: a line that ended and stays silent proves nothing.
    fn says_something(&self) -> bool {
        self.actual != Cents::ZERO
            || self.quantiles.0.iter().any(|&quantile| quantile != Cents::ZERO)
    }

    /// The months from the origin to the end of the year.
    #[must_use]
    pub fn horizon(&self) -> u32 {
        12 - self.months_known()
    }
}

/// Replays every origin with every model; `after_each` is called when an origin is done.
///
/// # Errors
/// When a model can not be fitted at all.
pub fn replay(
    replay: &Replay<'_>,
    origins: &[Month],
    after_each: &dyn Fn(),
) -> Result<Vec<Forecasted>> {
    let truth = Truth::new(replay);
    let mut rows = Vec::new();
    for &origin in origins {
        let panel = replay.books.as_of(origin);
        for spec in replay.specs {
            for (model, totals) in forecast_year(replay, &panel, spec)? {
                let beside = totals.into_iter().map(|row| truth.beside(origin, model, row));
                rows.extend(beside.filter(Forecasted::says_something));
            }
        }
        after_each();
    }
    Ok(rows)
}

/// The total of the year that the month after the as-of month lies in, by the name of the model. The champion's
/// bands rest on what it could have learned about them then; its challenger has the same. The
/// others are shown as they are.
fn forecast_year(
    replay: &Replay<'_>,
    panel: &Panel,
    spec: &Spec,
) -> Result<Vec<(&'static str, Vec<YearRow>)>> {
    let (events, bridges) = (replay.books.events, replay.bridges);
    let year = (panel.as_of + Months(1)).year();
    let (last, draws) = (Month::december(year), replay.draws);
    let fitted = fit_all(panel, spec, events)?;
    // What is decided belongs to the forecast: policy at work is not in the series any more.
    let totals = |mut forecast: Forecast| {
        forecast.layers = layers(panel, &forecast, events, PolicyChoice::Decided, draws.seed);
        year_totals(panel, &forecast, bridges, year)
    };
    if *spec != Spec::Kampioen {
        let forecast = simulate(panel, &fitted, None, events, bridges, last, draws)?;
        return Ok(vec![(spec.name(), totals(forecast))]);
    }
    let bands = Bands::learn(panel, spec, &fitted.models, events, 0)?;
    let added = simulate(panel, &fitted, Some(&bands), events, bridges, last, draws)?;
    let agreed = simulate_reconciled(panel, &fitted, Some(&bands), events, bridges, last, draws)?;
    Ok(vec![(spec.name(), totals(added)), (RECONCILED, totals(agreed))])
}

/// What came true, on the latest vintage.
struct Truth {
    panel: Panel,
    /// The leaves below a node, by name: a line may have come after the origin.
    nodes: BTreeMap<(NodeName, Measure), Vec<(usize, i8)>>,
    tree: Hierarchy,
    /// Through this month every line is settled.
    settled_before: Month,
}

impl Truth {
    fn new(replay: &Replay<'_>) -> Self {
        let panel = replay.books.as_of(replay.latest);
        let tree = Hierarchy::new(panel.booked.keys().cloned(), replay.bridges);
        let parts = tree.nodes.iter().flat_map(|node| Measure::ALL.map(|measure| (node, measure)));
        let weighted = |(node, measure): (&crate::panel::Node, Measure)| {
            ((NodeName::of(node), measure), node.weighted(&tree.leaves, measure).collect())
        };
        let nodes = parts.map(weighted).collect();
        let settled_before = panel.open_from();
        Self { panel, nodes, tree, settled_before }
    }

    fn beside(&self, origin: Month, model: &str, row: YearRow) -> Forecasted {
        let leaves = self.nodes.get(&(row.node.clone(), row.measure));
        Forecasted {
            origin,
            year: row.year,
            actual: leaves.map_or(Cents::ZERO, |leaves| self.year_total(leaves, row.year)),
            settled: Month::december(row.year) < self.settled_before,
            node: row.node,
            measure: row.measure,
            model: model.to_owned(),
            mean: row.expected,
            quantiles: row.quantiles,
        }
    }

    fn year_total(&self, leaves: &[(usize, i8)], year: i32) -> Cents {
        let (first, last) = (Month::january(year), Month::december(year));
        leaves
            .iter()
            .map(|&(leaf, weight)| {
                self.panel.booked[&self.tree.leaves[leaf]].sum(first, last).times(weight)
            })
            .sum()
    }
}
