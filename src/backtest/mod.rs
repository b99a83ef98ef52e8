//! Rolling origins: what each model would have said then, against what came true.
//!
//! At every origin only what was known then is used: postings booked, budgets adopted and policy
//! events announced by that month; models are fitted anew and late invoices treated as they would
//! have been.

mod beside;
mod challenge;
mod compare;
mod forecasted;
mod gate;
mod hindsight;
mod ladder;
mod origins;
mod past;
mod pit;
mod reliability;
mod scale;
mod scores;
mod steps;
#[cfg(test)]
mod tests;
mod truth;
mod value;
mod versus;

use crate::error::Result;
use crate::forecast::{Bands, Books, Draws, PolicyChoice, layers, simulate, simulate_reconciled};
use crate::model::{FittedPanel, Spec, fit_all};
use crate::outlook::{Drawn, NodeName, judged};
use crate::panel::{Bridge, Forecast, Panel};
use crate::units::{Cents, Level, LineId, Measure, Month, Months, Wet};
use rayon::prelude::*;
use scale::Scales;
use std::collections::{BTreeMap, BTreeSet};
use truth::Truth;

pub use beside::{Against, Beside};
pub use challenge::{Criterion, challenge};
pub use compare::{Comparison, Yardstick, against_best, against_best_rule};
pub use forecasted::{Forecasted, Judged};
pub use gate::{Gate, GateRule, Metric, Verdict};
pub use hindsight::{Hindsight, LookBack, Tally, hindsight, looked_back_on};
pub use ladder::{Bias, Ladder, Rung, ladders};
pub use origins::{HISTORY, Origins, testable_from};
pub use past::{PastMonth, past_months};
pub use pit::{Pit, pits};
pub use reliability::{Budgets, Held, Lean, Reliability, Told, Tried, Trust, leans, tried};
pub use scale::Scale;
pub use scores::{Score, Split, Target, scores};
pub use steps::{KNOWN, OneStep, one_steps, origins_before};
pub use value::{RULES, Said, Step, said};
pub use versus::{Versus, versus};

/// The name in every row of the champion, whatever model it is.
pub const CHAMPION: &str = "kampioen";
/// The model that wants to be champion.
pub const CHALLENGER: &str = "uitdager";
/// The champion with its lines moved to agree with forecasts of their sums: in no forecast.
pub const RECONCILED: &str = "kampioen-mint";
/// The blend that is shipped, where another model is champion.
const BLEND: &str = "mengsel";

/// What a backtest replays.
#[derive(Clone, Copy, Debug)]
pub struct Replay<'a> {
    /// The books on the latest vintage, and all policy events; each origin sees what it could know.
    pub books: Books<'a>,
    /// The latest as-of month: what came true is read off here.
    pub latest: Month,
    /// The bridges of the workspace.
    pub bridges: &'a [Bridge],
    /// Per origin the lines in a young regime, with its known months: their bands are wider.
    pub young: &'a Young,
    /// The model in use.
    pub champion: &'a Spec,
    /// The model that wants its place.
    pub challenger: Option<&'a Spec>,
    /// The models to compare them with.
    pub others: &'a [Spec],
    /// Whether the champion is also judged with its lines reconciled ([`RECONCILED`]).
    pub reconciled: bool,
    /// The months ahead that are judged beside the year; none for the year alone.
    pub horizons: &'a [Months],
    /// How the paths are drawn.
    pub draws: Draws,
}

/// Per origin, lines in a young regime with its known months.
pub type Young = BTreeMap<Month, Vec<(LineId, Months)>>;

/// The months ahead that a backtest judges: the next, a quarter, half a year and a year.
pub const HORIZONS: [Months; 4] = [Months(1), Months(3), Months(6), Months(12)];

/// A replay that is ready to stand at its origins.
#[derive(Debug)]
pub struct Replayed<'a> {
    asked: Replay<'a>,
    truth: Truth,
}

/// Replays every origin with every model; `after_each` is called when an origin is done.
///
/// # Errors
/// When a model can not be fitted at all.
pub fn replay(
    asked: Replay<'_>,
    origins: &[Month],
    after_each: &(dyn Fn() + Sync),
) -> Result<Vec<Forecasted>> {
    let replayed = Replayed::new(asked);
    let at = |&origin: &Month| {
        let rows = replayed.at(origin);
        after_each();
        rows
    };
    let rows: Vec<Vec<Forecasted>> = origins.par_iter().map(at).collect::<Result<_>>()?;
    Ok(rows.concat())
}

impl<'a> Replayed<'a> {
    /// Reads off what came true.
    #[must_use]
    pub fn new(asked: Replay<'a>) -> Self {
        Self { truth: Truth::new(&asked), asked }
    }

    /// The first month of the books.
    fn first(&self) -> Month {
        self.truth.first()
    }

    /// What was known at the end of `origin`.
    fn panel(&self, origin: Month) -> Panel {
        self.asked.books.as_of(origin)
    }

    /// What came true of a year; `None` for what is not there or not final.
    fn outcome(&self, node: &NodeName, measure: Measure, year: i32) -> Option<Cents> {
        self.truth.year(node, measure, year)
    }

    /// The acts that have money of a year.
    fn acts(&self, measure: Measure, year: i32) -> BTreeSet<Wet> {
        let act = |&wet: &Wet| NodeName {
            level: Level::Wet,
            wet: Some(wet),
            taakveld: None,
            product: None,
        };
        let has = |wet: &Wet| {
            self.truth.year(&act(wet), measure, year).is_some_and(|total| total != Cents::ZERO)
        };
        [Wet::Wmo, Wet::Jeugd, Wet::Gezamenlijk].into_iter().filter(has).collect()
    }

    /// What every model would have said at the end of `origin`, beside what came true.
    ///
    /// # Errors
    /// When a model can not be fitted at all.
    pub fn at(&self, origin: Month) -> Result<Vec<Forecasted>> {
        let Replay { books, champion, challenger, others, bridges, reconciled, .. } = self.asked;
        let stand = Stand { replayed: self, panel: &books.as_of(origin), year: year_of(origin) };
        let scales = Scales::new(stand.panel, bridges);
        let mut rows: Vec<Forecasted> = Vec::new();
        let mut judge = |name: &str, forecast: Forecast| {
            rows.extend(stand.judged(name, forecast, &scales));
        };
        for spec in others.iter().filter(|&spec| spec != champion) {
            let name = if *spec == Spec::Kampioen { BLEND } else { spec.name() };
            judge(name, stand.plain(spec)?);
        }
        let Banded { fitted, bands } = stand.banded(champion)?;
        judge(CHAMPION, stand.added(&fitted, &bands)?);
        if reconciled {
            judge(RECONCILED, stand.agreed(&fitted, &bands)?);
        }
        if let Some(challenger) = challenger {
            let Banded { fitted, bands } = stand.banded(challenger)?;
            judge(CHALLENGER, stand.added(&fitted, &bands)?);
        }
        Ok(telling(rows))
    }
}

/// Without what nobody forecast and did not happen: a line that ended and stays silent proves nothing. One model that
/// speaks keeps the others, so that all are judged on the same.
fn telling(mut rows: Vec<Forecasted>) -> Vec<Forecasted> {
    let key = |row: &Forecasted| (row.month, row.node.clone(), row.measure);
    let told: BTreeSet<_> = rows.iter().filter(|row| row.says_something()).map(key).collect();
    rows.retain(|row| told.contains(&key(row)));
    rows
}

/// A fitted model with its bands.
struct Banded {
    fitted: FittedPanel,
    bands: Bands,
}

/// One origin of a replay.
struct Stand<'a> {
    replayed: &'a Replayed<'a>,
    panel: &'a Panel,
    /// The year that the month after the origin lies in.
    year: i32,
}

impl Stand<'_> {
    /// The last month that is judged.
    fn last(&self) -> Month {
        let horizons = self.replayed.asked.horizons.iter();
        let furthest = horizons.map(|&ahead| self.panel.as_of + ahead).max();
        furthest.map_or(Month::december(self.year), |month| month.max(Month::december(self.year)))
    }

    /// A model as it is.
    fn plain(&self, spec: &Spec) -> Result<Forecast> {
        let Replay { books, bridges, draws, .. } = self.replayed.asked;
        let fitted = fit_all(self.panel, spec, books.events)?;
        simulate(self.panel, &fitted, None, books.events, bridges, self.last(), draws)
    }

    /// A model with the bands of what it could have learned about them then.
    fn banded(&self, spec: &Spec) -> Result<Banded> {
        let (panel, events) = (self.panel, self.replayed.asked.books.events);
        let fitted = fit_all(panel, spec, events)?;
        let bands = Bands::learn(panel, spec, &fitted.models, events, 0)?;
        let young = self.replayed.asked.young.get(&panel.as_of).cloned().unwrap_or_default();
        Ok(Banded { bands: bands.widened(young), fitted })
    }

    /// Its lines added up.
    fn added(&self, fitted: &FittedPanel, bands: &Bands) -> Result<Forecast> {
        let Replay { books, bridges, draws, .. } = self.replayed.asked;
        simulate(self.panel, fitted, Some(bands), books.events, bridges, self.last(), draws)
    }

    /// Its lines reconciled with their sums.
    fn agreed(&self, fitted: &FittedPanel, bands: &Bands) -> Result<Forecast> {
        let Replay { books, bridges, draws, .. } = self.replayed.asked;
        let (panel, events, last) = (self.panel, books.events, self.last());
        simulate_reconciled(panel, fitted, Some(bands), events, bridges, last, draws)
    }

    /// The total of the year, and months ahead, beside what came true.
    fn judged(&self, name: &str, mut forecast: Forecast, scales: &Scales) -> Vec<Forecasted> {
        let Replay { books, bridges, horizons, draws, latest, .. } = self.replayed.asked;
        let origin = self.panel.as_of;
        // What is decided belongs to the forecast: policy at work is not in the series any more.
        let policy = PolicyChoice::Decided;
        forecast.layers = layers(self.panel, &forecast, books.events, policy, draws.seed);
        let months = horizons.iter().map(|&ahead| origin + ahead).filter(|&month| month <= latest);
        let year = (Month::january(self.year), Month::december(self.year));
        let spans: Vec<(Month, Month)> =
            std::iter::once(year).chain(months.map(|month| (month, month))).collect();
        let beside = |drawn: Drawn<'_>| self.replayed.truth.beside(origin, name, &drawn, scales);
        judged(self.panel, &forecast, bridges, &spans, beside)
    }
}

/// The year that the month after an origin lies in.
fn year_of(origin: Month) -> i32 {
    (origin + Months(1)).year()
}
