//! `[peers]`: the published figures of all municipalities, for the section that lays our plan and outcome beside theirs.

use super::config::{CONFIG, Config};
use crate::error::{Error, Result};
use crate::ledger::{Files, Published};
use crate::peers::Peers;
use crate::units::Month;
use serde::Deserialize;

/// `[peers]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeersOptions {
    /// The year that both files are about.
    pub year: i32,
    /// The file with the budgets, relative to the workspace.
    pub budget: String,
    /// The file with the accounts.
    pub accounts: String,
    /// Our name in the files, when it is not that of the organisation.
    pub name: Option<String>,
}

/// What was read, and the files it was read from. They are inputs of the report, and of no forecast.
#[derive(Clone, Debug)]
pub struct PeerFigures {
    /// The comparison.
    pub peers: Peers,
    /// Name and SHA-256 of each file.
    pub inputs: Vec<(String, String)>,
}

/// Reads and compares, when the workspace asks for it.
///
/// # Errors
/// When a file can not be read or used, or does not have our municipality.
pub(super) fn read(files: &Files, config: &Config) -> Result<Option<PeerFigures>> {
    let Some(PeersOptions { year, budget, accounts, name }) = &config.peers else {
        return Ok(None);
    };
    if Month::new(*year, 1).is_none() {
        return Err(Error::input(format!("[peers] year = {year} is no year"))
            .file(CONFIG)
            .advice("write the year of the accounts, for instance 2023"));
    }
    let published = |file: &str| Published::of_bytes(file, &files.bytes(file)?);
    let (budget, accounts) = (published(budget)?, published(accounts)?);
    let name = name.as_deref().unwrap_or(&config.organisation.name);
    let peers = Peers::of(*year, name, &budget, &accounts)?;
    let inputs = [budget, accounts].map(|file| (file.file, file.sha256)).into();
    Ok(Some(PeerFigures { peers, inputs }))
}
