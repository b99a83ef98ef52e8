//! `prognose run`: the monthly job, of one workspace or of all below a folder.

use super::archive::{Making, keep};
use super::backtest::retest;
use super::drift::drifted;
use super::report::tell_of_pdf;
use super::score::scored;
use super::{all, finish, summary, talk};
use crate::archive::tally;
use crate::checks::{Finding, refuse_denied};
use crate::error::Result;
use crate::workspace::{
    Choices, Job, Prognosis, account, check_files, drift_files, forecast_files, report_files,
    score_files,
};
use clap::Args;
use std::path::Path;

/// What the monthly job takes.
#[derive(Args, Debug)]
pub(super) struct Run {
    #[command(flatten)]
    pub(super) making: Making,
    /// Leave the model untested on earlier years when it was not tested this year yet; the report says so
    #[arg(long)]
    pub(super) no_backtest: bool,
    /// Run every workspace below the folder. One that fails does not stop the others; what became of each
    /// is shown in the end and stands in overzicht.csv. With --out DIR each writes to a folder of its own in DIR
    #[arg(long)]
    all: bool,
}

/// What the monthly job made.
pub(super) struct Made {
    pub(super) job: Job,
    pub(super) findings: Vec<Finding>,
    pub(super) prognosis: Prognosis,
}

pub(super) fn run(asked: &Run) -> Result<()> {
    let common = &asked.making.common;
    if asked.all {
        return all::run(asked);
    }
    let Made { job, findings, prognosis } = month(asked, &common.workspace, &common.choices())?;
    if common.json {
        return talk::print(&summary::json(&job, &findings, Some(&prognosis))?);
    }
    talk::print(&summary::outlook(&job, &prognosis))
}

/// The monthly job of one workspace.
pub(super) fn month(asked: &Run, workspace: &Path, choices: &Choices) -> Result<Made> {
    let Making { common, by } = &asked.making;
    let job = Job::read(workspace, choices)?;
    let maker = job.maker(by.as_deref())?;
    let findings = job.findings();
    if !common.json {
        talk::print(&summary::reconciliation(&job))?;
        talk::print(&summary::findings(&findings, refuse_denied(&findings).is_err()))?;
    }
    refuse_denied(&findings)?;
    talk::say(&format!("training {} lines", job.panel.series.len()));
    let saved = job.train()?;
    let mut prognosis = job.prognosis(&saved, drifted(&job)?)?;
    prognosis.changes = job.changes(&prognosis)?;
    if !asked.no_backtest {
        retest(&job)?;
    }
    let mut files = check_files(&findings)?;
    files.extend(forecast_files(&job, &prognosis)?);
    files.extend(drift_files(&job, &prognosis.drifted)?);
    let rows = scored(&job)?;
    if let Some(rows) = &rows {
        files.extend(score_files(rows)?);
    }
    files.extend(report_files(&job, &prognosis, &findings)?);
    files.extend(account(&job, &prognosis, &findings, &tally(&rows.unwrap_or_default()))?.files);
    finish(&job, "run", files)?;
    tell_of_pdf();
    job.save_models(&saved)?;
    keep(&job, &prognosis, &maker)?;
    Ok(Made { job, findings, prognosis })
}
