//! `prognose check`: read everything, account for every cent, list what is odd.

use super::{Common, finish, summary, talk};
use crate::checks::refuse_denied;
use crate::error::Result;
use crate::workspace::{Job, check_files};

pub(super) fn run(common: &Common) -> Result<()> {
    let job = Job::read(&common.workspace, &common.choices())?;
    let findings = job.findings();
    finish(&job, "check", check_files(&findings)?)?;
    if common.json {
        talk::print(&summary::json(&job, &findings, None)?)?;
    } else {
        talk::print(&summary::reconciliation(&job))?;
        talk::print(&summary::findings(&findings, true))?;
    }
    refuse_denied(&findings)
}
