//! `prognose train`: fit the models and keep them; another model only when it wins.

use super::{Common, talk};
use crate::backtest::Criterion;
use crate::error::{Error, Result};
use crate::model::Spec;
use crate::workspace::{Job, named_spec};
use clap::Args;
use serde_json::{Value, json};

/// Fits the models in use on the newest months and keeps them in state/models.
#[derive(Args, Debug)]
pub(super) struct Train {
    #[command(flatten)]
    common: Common,
    /// Let this model replace the champion if it passes the gate: a name as in backtest, or a TOML file
    #[arg(long, value_name = "FILE|NAME")]
    challenger: Option<String>,
    /// Go back to the models that were in use before
    #[arg(long, conflicts_with = "challenger")]
    rollback: bool,
}

impl Train {
    pub(super) fn run(&self) -> Result<()> {
        let job = Job::read(&self.common.workspace, &self.common.choices())?;
        match &self.challenger {
            Some(name) => self.challenge(&job, &named_spec(name)?),
            None if self.rollback => self.roll_back(&job),
            None => self.train(&job),
        }
    }

    fn train(&self, job: &Job) -> Result<()> {
        let saved = job.train()?;
        let in_use = job.save_models(&saved)?;
        let (lines, through) = (saved.lines.len(), saved.trained_through);
        talk::print(&if self.common.json {
            format!("{}\n", json!({ "trained_through": through, "lines": lines }))
        } else {
            format!("{lines} lines trained through {through}\n")
        })?;
        talk::say(&format!("in use: state/models/{in_use}"));
        Ok(())
    }

    /// The pointer moves only when every criterion holds; if not, that is a failed gate.
    fn challenge(&self, job: &Job, challenger: &Spec) -> Result<()> {
        let origins = job.challenge_origins()?;
        let bar = talk::bar(origins.len(), "origins");
        let criteria = job.challenge(challenger, &origins, &|| bar.inc(1))?;
        bar.finish_and_clear();
        let names = (job.champion.spec.name(), challenger.name());
        talk::print(&if self.common.json { as_json(&criteria) } else { told(names, &criteria) })?;
        let failed: Vec<&Criterion> = criteria.iter().filter(|each| !each.passed).collect();
        let why =
            |each: &&Criterion| format!("{}: {}, asked {}", each.what, each.found, each.asked);
        if failed.is_empty() {
            let why: Vec<String> = criteria.iter().map(|each| why(&each)).collect();
            let file = job.crown(&job.train_as(challenger)?, &why.join("; "))?;
            talk::say(&format!("{} is the champion now: state/models/{file}", names.1));
            return Ok(());
        }
        let why = failed.iter().map(why).collect::<Vec<_>>().join("; ");
        job.stay(challenger, &why)?;
        Err(Error::gate(format!("the champion stays: {} does not pass the gate ({why})", names.1))
            .advice("nothing changed; state/models/log.csv says why"))
    }

    fn roll_back(&self, job: &Job) -> Result<()> {
        let champion = job.roll_back()?;
        let (file, model) = (champion.shown(), champion.spec.name());
        let left = champion.earlier.len();
        talk::print(&if self.common.json {
            format!("{}\n", json!({ "current": file, "model": model, "earlier": left }))
        } else {
            format!("in use again: {file} ({model}); {left} earlier to go back to\n")
        })
    }
}

fn told((champion, challenger): (&str, &str), criteria: &[Criterion]) -> String {
    let mut lines = vec![["criterion", "asked", "found", "passed"].map(str::to_owned).to_vec()];
    lines.extend(criteria.iter().map(|each| {
        let passed = if each.passed { "yes" } else { "NO" };
        vec![each.what.clone(), each.asked.clone(), each.found.clone(), passed.to_owned()]
    }));
    format!(
        "Challenger {challenger} against champion {champion}, year totals per line:\n{}",
        talk::table(&lines)
    )
}

fn as_json(criteria: &[Criterion]) -> String {
    let one = |each: &Criterion| json!({ "what": each.what, "asked": each.asked, "found": each.found, "passed": each.passed });
    let criteria: Vec<Value> = criteria.iter().map(one).collect();
    format!("{}\n", json!({ "criteria": criteria }))
}
