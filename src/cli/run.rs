//! `prognose run`: the monthly job.

use super::archive::{Making, keep};
use super::drift::drifted;
use super::score::scored;
use super::{finish, refuse_denied, summary, talk};
use crate::error::Result;
use crate::workspace::{Job, check_files, drift_files, forecast_files, report_files};

pub(super) fn run(making: &Making) -> Result<()> {
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
    let mut files = check_files(&findings);
    files.extend(forecast_files(&job, &prognosis)?);
    files.extend(drift_files(&job, &prognosis.drifted));
    files.extend(scored(&job)?);
    files.extend(report_files(&job, &prognosis, &job.hindsight(&prognosis)?, &findings));
    finish(&job, "run", files)?;
    job.save_models(&saved)?;
    keep(&job, &prognosis, &maker)?;
    if common.json {
        return talk::print(&summary::json(&job, &findings, Some(&prognosis))?);
    }
    talk::print(&summary::outlook(&job, &prognosis))
}
