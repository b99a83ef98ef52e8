//! `prognose run`: the monthly job.

use super::archive::{Making, keep};
use super::backtest::retest;
use super::drift::drifted;
use super::report::tell_of_pdf;
use super::score::scored;
use super::{finish, refuse_denied, summary, talk};
use crate::archive::tally;
use crate::error::Result;
use crate::workspace::{
    Job, account, check_files, drift_files, forecast_files, report_files, score_files,
};
use clap::Args;

/// What the monthly job takes.
#[derive(Args, Debug)]
pub(super) struct Run {
    #[command(flatten)]
    making: Making,
    /// Leave the model untested on earlier years when it was not tested this year yet; the report says so
    #[arg(long)]
    no_backtest: bool,
}

pub(super) fn run(Run { making, no_backtest }: &Run) -> Result<()> {
    let common = &making.common;
    let job = Job::read(&common.workspace, &common.choices())?;
    let maker = job.maker(making.by.as_deref())?;
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
    if !no_backtest {
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
    if common.json {
        return talk::print(&summary::json(&job, &findings, Some(&prognosis))?);
    }
    talk::print(&summary::outlook(&job, &prognosis))
}
