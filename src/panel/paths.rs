//! Joint simulated futures.

use crate::units::{LineId, Month};
use ndarray::{Array2, Array3};

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
}
