//! `prognose report`: the report people read.

use super::forecast::prognosis;
use super::{Common, finish, talk};
use crate::error::Result;
use crate::workspace::{Job, report_files};

pub(super) fn run(common: &Common) -> Result<()> {
    let job = Job::read(&common.workspace, &common.choices())?;
    let mut prognosis = prognosis(&job)?;
    prognosis.changes = job.changes(&prognosis)?;
    let hindsight = job.hindsight(&prognosis)?;
    finish(&job, "report", report_files(&job, &prognosis, &hindsight, &job.findings()))?;
    talk::print(&format!("{}\n", job.out.join("report.html").display()))
}
