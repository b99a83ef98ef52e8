//! `prognose archive`: the forecasts of record, and whether they are what was once written.

use super::summary::thousands;
use super::{Common, talk};
use crate::archive::{Chain, Entry, Kept};
use crate::error::Result;
use crate::report::opname;
use crate::workspace::{Job, Prognosis, archive_of};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

/// The forecasts that `run` and `forecast` kept in state/archive. Exit code 1 when one was changed, lost or added.
#[derive(Args, Debug)]
pub(super) struct Archive {
    /// The folder that holds prognose.toml
    #[arg(default_value = ".")]
    workspace: PathBuf,
    /// Give the list as JSON
    #[arg(long)]
    json: bool,
}

/// What commands take that make a forecast of record.
#[derive(Args, Debug)]
pub(super) struct Making {
    #[command(flatten)]
    pub(super) common: Common,
    /// Who answers for this forecast: a role, never a name [default: the one in prognose.toml]
    #[arg(long, value_name = "ROLE")]
    pub(super) by: Option<String>,
}

impl Archive {
    pub(super) fn run(&self) -> Result<()> {
        let chain = archive_of(&self.workspace)?;
        talk::print(&if self.json { as_json(&chain) } else { list(&chain) })?;
        chain.verify()
    }
}

/// Keeps a forecast, and says under which number.
pub(super) fn keep(job: &Job, prognosis: &Prognosis, maker: &str) -> Result<()> {
    talk::say(&match job.archive(prognosis, maker)? {
        Kept::New { file, number, sha256 } => {
            format!("kept: state/archive/{file}, number {number}, sha256 {sha256}")
        }
        Kept::Before(number) => {
            format!("kept before: number {number} of state/archive is the same")
        }
    });
    Ok(())
}

fn list(chain: &Chain) -> String {
    let stranger = |name: &String| format!("{name}: hoort hier niet, mag weg\n");
    let strangers = chain.strangers.iter().map(stranger).collect::<Vec<_>>().concat();
    if chain.entries.is_empty() && chain.faults.is_empty() {
        return "No forecasts of record yet: `prognose run` and `prognose forecast` keep what they make.\n".to_owned() + &strangers;
    }
    let header =
        ["as of", "nummer", "opname", "verwacht × € 1.000", "definitie", "bestand", "door"];
    let mut lines = vec![header.map(str::to_owned).to_vec()];
    lines.extend(chain.entries.iter().map(line));
    let verdict = match chain.faults.len() {
        0 => "The chain is whole: nothing was changed, lost or added.\n".to_owned(),
        n => format!("The chain is NOT whole: {n} faults.\n"),
    };
    talk::table(&lines) + &verdict + &strangers
}

fn line(entry: &Entry) -> Vec<String> {
    let record = &entry.record;
    vec![
        record.as_of.to_string(),
        entry.number.to_string(),
        opname(record.is_of_record()).to_owned(),
        record.headline().map_or_else(|| "–".to_owned(), thousands),
        record.made.definition.version()[..8].to_owned(),
        entry.file.clone(),
        record.made.by.clone(),
    ]
}

fn as_json(chain: &Chain) -> String {
    let entry = |entry: &Entry| {
        let record = &entry.record;
        json!({
            "as_of": record.as_of,
            "nummer": entry.number,
            "opname": opname(record.is_of_record()),
            "verwacht": record.headline().map(crate::units::Cents::euros),
            "definitie": record.made.definition.version(),
            "bestand": entry.file,
            "sha256": entry.sha256,
            "door": record.made.by,
        })
    };
    let entries: Vec<Value> = chain.entries.iter().map(entry).collect();
    format!(
        "{}\n",
        json!({ "records": entries, "faults": chain.faults, "strangers": chain.strangers })
    )
}
