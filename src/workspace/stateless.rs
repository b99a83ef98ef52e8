//! The forecast of a workspace in memory.

use super::champion::Champion;
use super::job::{Choices, Job, Prognosis};
use crate::error::Result;
use crate::ledger::Files;
use std::path::Path;

impl Job {
    /// Reads a workspace in memory. It has no state: the models are those that the program brings.
    ///
    /// # Errors
    /// As [`Job::read`].
    pub fn in_memory(files: Files, choices: &Choices) -> Result<Self> {
        Self::of(Path::new(""), files, Champion::of_the_program(), choices)
    }

    /// The forecast that `prognose run` makes where nothing was kept before: trained now, and
    /// nothing written.
    ///
    /// # Errors
    /// When a model can not be fitted at all.
    pub fn stateless(&self) -> Result<Prognosis> {
        let saved = self.train()?;
        self.prognosis(&saved, self.drifted_since(Vec::new(), &|_| ())?)
    }
}
