//! Joint simulated futures.

use crate::units::{LineId, Month};
use ndarray::{Array2, Array3};
use std::collections::BTreeMap;

/// The shared randomness of a set of draws: for all lines and models the same.
///
/// Every draw walks through past months in blocks; a model adds its own residual of the month
/// drawn. So what moved together in the past moves together in the draws, and sums inside a draw
/// are coherent.
#[derive(Clone, Debug, PartialEq)]
pub struct Innovations {
    /// The first month that is simulated.
    pub start: Month,
    /// The past month whose residual is drawn, per draw (row) and future month (column).
    pub dates: Array2<Month>,
    /// A seed per draw, for what a line can not take from a shared month.
    pub seeds: Vec<u64>,
    /// Standard normal numbers, per draw and future month, that all lines share.
    pub common: Array2<f64>,
    /// The same, of which each line takes the rows in an order of its own.
    pub own: Array2<f64>,
}

impl Innovations {
    /// A seed for what a year does to all lines alike.
    #[must_use]
    pub fn seed_of_year(&self, year: i32) -> u64 {
        self.seeds.first().copied().unwrap_or(0) ^ u64::from(year.unsigned_abs()).rotate_left(32)
    }
}

/// Simulated euros per leaf, draw and month.
#[derive(Clone, Debug, PartialEq)]
pub struct Paths {
    /// The month of the first column.
    pub start: Month,
    /// Leaf × draw × month.
    pub values: Array3<f64>,
}

/// The joint forecast of all leaf lines. Months that are settled hold their value in every draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The leaves, sorted, as the first axis of `paths`.
    pub leaves: Vec<LineId>,
    /// The draws.
    pub paths: Paths,
    /// Per leaf, the name of the model that made it.
    pub models: Vec<String>,
    /// Per leaf, why the model is not the one asked for, if so.
    pub reasons: Vec<Option<String>>,
    /// What scenario rows add to the paths, in the order in which they work.
    pub layers: Vec<Layer>,
}

/// What one scenario row adds to the paths of the lines in its scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The id of the event.
    pub event: String,
    /// Whether it is inside what is expected. If not, it is told beside it.
    pub inside: bool,
    /// Whether its effect stays (*structureel*).
    pub lasting: bool,
    /// Per draw, whether it goes ahead.
    pub goes: Vec<bool>,
    /// Per line, draw × month of the paths: euros.
    pub effects: BTreeMap<LineId, Array2<f64>>,
}

impl Forecast {
    /// What the layers inside add to a line, draw × month; `None` for a line in no scope.
    #[must_use]
    pub fn policy(&self, line: &LineId) -> Option<Array2<f64>> {
        let inside = self.layers.iter().filter(|layer| layer.inside);
        inside.filter_map(|layer| layer.effects.get(line)).fold(None, |sum, effect| match sum {
            Some(sum) => Some(sum + effect),
            None => Some(effect.clone()),
        })
    }
}
