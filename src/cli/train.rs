//! `prognose train`: fit the models and keep them.

use super::{Common, talk};
use crate::error::Result;
use crate::workspace::Job;

pub(super) fn run(common: &Common) -> Result<()> {
    let job = Job::read(&common.workspace, &common.choices())?;
    let saved = job.train()?;
    job.save_models(&saved)?;
    let path = job.models_path();
    if common.json {
        let lines = saved.lines.len();
        return talk::print(&format!(
            "{}\n",
            serde_json::json!({ "trained_through": saved.trained_through, "lines": lines })
        ));
    }
    talk::print(&format!(
        "{} lines trained through {}\n",
        saved.lines.len(),
        saved.trained_through
    ))?;
    talk::say(&format!("written: {}", path.display()));
    Ok(())
}
