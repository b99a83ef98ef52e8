//! `prognose run`: the monthly job.

use super::{Common, finish, refuse_denied, summary, talk};
use crate::error::Result;
use crate::workspace::{Job, check_files, forecast_files, report_files};

pub(super) fn run(common: &Common) -> Result<()> {
    let job = Job::read(&common.workspace, &common.choices())?;
    let findings = job.findings();
    if !common.json {
        talk::print(&summary::reconciliation(&job))?;
        talk::print(&summary::findings(&findings, refuse_denied(&findings).is_err()))?;
    }
    refuse_denied(&findings)?;
    talk::say(&format!("training {} lines", job.panel.series.len()));
    let saved = job.train()?;
    let mut prognosis = job.prognosis(&saved)?;
    prognosis.changes = job.changes(&prognosis)?;
    let mut files = check_files(&findings);
    files.extend(forecast_files(&job, &prognosis)?);
    files.extend(report_files(&job, &prognosis, &job.hindsight(&prognosis)?, &findings));
    finish(&job, "run", files)?;
    job.save_models(&saved)?;
    if common.json {
        return talk::print(&summary::json(&job, &findings, Some(&prognosis))?);
    }
    talk::print(&summary::outlook(&job, &prognosis))
}
