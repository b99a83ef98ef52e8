//! Forecasts of record of a workspace: kept when they are made, scored when the truth is in.

use super::config::path_in;
use super::job::{Job, Prognosis};
use super::outputs::VERSION;
use crate::archive::{self, Chain, Definition, Kept, Made, Record, Scored, Truth};
use crate::error::{Error, Result};
use crate::forecast::Books;
use crate::ledger::{Ledger, refuse_person};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The forecasts of record of the workspace in `root`.
///
/// # Errors
/// When `root` is no workspace, or they can not be read.
pub fn archive_of(root: &Path) -> Result<Chain> {
    path_in(root)?;
    archive::read(&archive_folder(root))
}

fn archive_folder(root: &Path) -> PathBuf {
    root.join("state").join("archive")
}

impl Job {
    /// The role that answers for a forecast: `by`, or the one in `prognose.toml`.
    ///
    /// # Errors
    /// When it looks like a person's data, or is empty.
    pub fn maker(&self, by: Option<&str>) -> Result<String> {
        let role = by.unwrap_or(&self.config.organisation.model_owner).trim();
        let from = if by.is_some() { "--by" } else { "[organisation] model_owner" };
        refuse_person(role, from)?;
        if role.is_empty() {
            return Err(Error::input(format!("{from} is empty")).advice("name a role"));
        }
        Ok(role.to_owned())
    }

    /// Keeps a forecast, made `by` a role, unless the same was kept before.
    ///
    /// # Errors
    /// When the archive is not what was once written, or can not be written to.
    pub fn archive(&self, prognosis: &Prognosis, by: &str) -> Result<Kept> {
        let wrong = |error: serde_json::Error| Error::input(error.to_string());
        let made = Made {
            version: VERSION.to_owned(),
            latest_booked: self.ledger.last_booked().unwrap_or(self.as_of),
            definition: self.definition(),
            spec: serde_json::to_value(&prognosis.spec).map_err(wrong)?,
            models: prognosis.models.clone(),
            inputs: self.input_hash(),
            options: serde_json::to_value(&self.config.forecast).map_err(wrong)?,
            seed: self.draws.seed,
            draws: self.draws.count,
            by: by.to_owned(),
        };
        archive::keep(&archive_folder(&self.root), &Record::new(&prognosis.outlook, made))
    }

    pub(super) fn definition(&self) -> Definition {
        let bridges = self.config.ledger.lines.bridges.clone();
        Definition { lines: self.ledger.line_table.clone(), bridges }
    }

    /// Every forecast of record made as of the as-of month or earlier, beside what came true by then: on the
    /// line table and bridges that were in force when it was made, for which the postings are read once more.
    ///
    /// # Errors
    /// When the archive is not what was once written, or the postings can not be read again.
    pub fn score(&self, chain: &Chain) -> Result<Vec<Scored>> {
        chain.verify()?;
        let mut truths: BTreeMap<String, Truth> = BTreeMap::new();
        let mut rows = Vec::new();
        for entry in chain.entries.iter().filter(|entry| entry.record.as_of <= self.as_of) {
            let definition = &entry.record.made.definition;
            let version = definition.version();
            if !truths.contains_key(&version) {
                truths.insert(version.clone(), self.truth(definition)?);
            }
            rows.extend(archive::beside(entry, &truths[&version]));
        }
        Ok(rows)
    }

    fn truth(&self, definition: &Definition) -> Result<Truth> {
        if definition.lines == self.ledger.line_table {
            return Ok(Truth::new(&self.panel, &definition.bridges));
        }
        let options = &self.config.ledger;
        let ledger = Ledger::read_on_lines(&self.files, options, &definition.lines)?;
        let known = ledger.as_of(self.as_of);
        let books = Books { ledger: &known, ..self.books() };
        Ok(Truth::new(&books.as_of(self.as_of), &definition.bridges))
    }
}
