//! `prognose forecast`: months and year totals, with the saved models when they may be used.

use super::archive::{Making, keep};
use super::drift::drifted;
use super::{finish, summary, talk};
use crate::error::Result;
use crate::workspace::{Job, Prognosis, forecast_files};

pub(super) fn run(making: &Making) -> Result<()> {
    let common = &making.common;
    let job = Job::read(&common.workspace, &common.choices())?;
    let maker = job.maker(making.by.as_deref())?;
    let prognosis = prognosis(&job)?;
    finish(&job, "forecast", forecast_files(&job, &prognosis)?)?;
    keep(&job, &prognosis, &maker)?;
    if common.json {
        return talk::print(&summary::json(&job, &[], Some(&prognosis))?);
    }
    talk::print(&summary::outlook(&job, &prognosis))
}

/// Forecasts with the saved models, or trains when there are none to use.
pub(super) fn prognosis(job: &Job) -> Result<Prognosis> {
    if let Some(saved) = job.saved_models()? {
        talk::say(&format!("using the models trained through {}", saved.trained_through));
        return job.prognosis(&saved, drifted(job)?);
    }
    talk::say(&format!("training {} lines", job.panel.series.len()));
    let saved = job.train()?;
    let prognosis = job.prognosis(&saved, drifted(job)?)?;
    job.save_models(&saved)?;
    Ok(prognosis)
}
