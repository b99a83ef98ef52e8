//! What the pages of the account are told.

use super::declared::Declared;
use crate::archive::Tally;
use crate::checks::{Criterion, Finding};
use crate::drift::{Regime, Tested};
use crate::forecast::Bands;
use crate::ledger::SourceFile;
use crate::model::Spec;
use crate::report::facts::{LineNote, Provenance};
use crate::units::{Level, Month};
use serde::{Deserialize, Serialize};

/// Everything the account is made of.
#[derive(Clone, Copy, Debug)]
pub struct AccountFacts<'a> {
    /// The name of the organisation.
    pub organisation: &'a str,
    /// The role that owns the model; may be empty.
    pub model_owner: &'a str,
    /// Whether no figure is real.
    pub made_up: bool,
    /// What is known.
    pub as_of: Month,
    /// The first month of any line.
    pub first: Month,
    /// What the organisation says of it.
    pub declared: &'a Declared,
    /// How the figures were made.
    pub provenance: &'a Provenance,
    /// The models in use.
    pub models: &'a ModelsInUse,
    /// The model of each leaf line.
    pub lines: &'a [LineNote],
    /// The files that were read.
    pub files: &'a [SourceFile],
    /// The part of the rows with a service month, in whole per cent; `None` when the ledger knows none.
    pub dated_percent: Option<usize>,
    /// What the width of the bands rests on.
    pub bands: &'a Bands,
    /// What was tested for change, flagged or not.
    pub drift: &'a [Tested],
    /// Since when each line is what it is.
    pub regimes: &'a [Regime],
    /// The findings.
    pub findings: &'a [Finding],
    /// Whether the basis is in order.
    pub basis: &'a [Criterion],
    /// SHA-256 of the requirements of the department as they are now; `None` without them.
    pub criteria: Option<&'a str>,
    /// What the last backtest found; `None` when there was none of this model.
    pub last_test: Option<&'a LastTest>,
    /// How well forecasts of record foresaw year totals that are final by now.
    pub tallies: &'a [Tally],
}

/// The trained models and how to get back to earlier ones.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelsInUse {
    /// What they are.
    pub spec: Spec,
    /// Their file in `state/models`.
    pub file: String,
    /// SHA-256 of the models that this was made with.
    pub sha256: String,
}

/// What a backtest found, kept in `state/backtest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastTest {
    /// What came true was read off here.
    pub as_of: Month,
    /// The version of the program.
    pub version: String,
    /// The model that was tested.
    pub spec: Spec,
    /// The months it stood in, in order.
    pub origins: Vec<Month>,
    /// SHA-256 of the requirements of the department; `None` without them.
    pub criteria: Option<String>,
    /// What became of each requirement.
    pub requirements: Vec<Requirement>,
    /// Year totals of lasten.
    pub quality: Vec<Quality>,
}

/// A requirement of the department and whether it held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// The rule, in words.
    pub rule: String,
    /// What was found; `None` when there was nothing to judge.
    pub found: Option<f64>,
    /// The forecasts it rests on.
    pub count: usize,
    /// Whether it held; `None` when a model that it names was not replayed.
    pub passed: Option<bool>,
}

/// How well year totals of lasten were foreseen at one level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quality {
    /// The level.
    pub level: Level,
    /// The months of the year that were known; all together when `None`.
    pub months_known: Option<u32>,
    /// The forecasts.
    pub count: usize,
    /// The years they are about.
    pub years: usize,
    /// Σ|error| ÷ Σ|outcome|.
    pub wape: f64,
    /// The outcomes inside the 80 % band.
    pub inside80: usize,
    /// The best rule of thumb on the same forecasts, and its error.
    pub best_rule: Option<(String, f64)>,
}

impl AccountFacts<'_> {
    /// The lines the model does not know yet.
    pub(super) fn new_lines(&self) -> usize {
        self.regimes.iter().filter(|regime| regime.is_new()).count()
    }

    /// The rows that were read.
    pub(super) fn rows(&self) -> usize {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// The last test, when it is about the requirements as they are now.
    pub(super) fn judged(&self) -> Option<&LastTest> {
        self.last_test.filter(|test| test.criteria.as_deref() == self.criteria)
    }
}
