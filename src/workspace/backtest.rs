//! The backtest of a workspace: every origin is kept when it is done, so that a run that was stopped goes
//! on where it was.

use super::config;
use super::job::Job;
use super::write::{made_before, write_all};
use crate::backtest::{
    Forecasted, Gate, HORIZONS, Ladder, Origins, RULES, Reliability, Replay, Replayed, Said, Score,
    Versus, Young, ladders, leans, said, scores, tried, versus,
};
use crate::error::{Error, Result};
use crate::forecast::Draws;
use crate::model::{Rule, Spec};
use crate::units::{Month, Months, sha256};
use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

/// Where origins that are done wait for the others, in the output folder.
const PARTS: &str = "backtest/.klaar";
/// Enough draws to judge a band by; more would only take longer.
const DRAWS: usize = 1000;

/// What a backtest found.
#[derive(Clone, Debug)]
pub struct Tested {
    /// Every forecast beside what came true.
    pub rows: Vec<Forecasted>,
    /// Their scores.
    pub scores: Vec<Score>,
    /// The champion against every other model.
    pub versus: Vec<Versus>,
    /// What people said, and what the steps of the ladder said of the same.
    pub said: Vec<Said>,
    /// The ladders.
    pub ladders: Vec<Ladder>,
    /// What a report needs of all this.
    pub reliability: Reliability,
}

impl Job {
    /// The months a backtest can stand in.
    ///
    /// # Errors
    /// When there are none.
    pub fn origins(&self, asked: Origins) -> Result<Vec<Month>> {
        asked.months(self.panel.first(), self.as_of)
    }

    /// Replays earlier years with every model, and what people forecast of them. An origin that an earlier
    /// run left behind is taken from there; `after_each` is told of each.
    ///
    /// # Errors
    /// When a model can not be fitted at all, or an origin can not be kept.
    pub fn backtest(&self, origins: &[Month], after_each: &(dyn Fn() + Sync)) -> Result<Tested> {
        self.beside(origins, &Spec::all(), true, after_each)
    }

    /// Replays earlier years at the usual origins with the model in use and the rules of thumb only: what a report and a
    /// model card need. Of these it gives what a whole backtest gives, sooner.
    ///
    /// # Errors
    /// As [`Job::backtest`]; also when no month can be an origin.
    pub fn retest(&self, after_each: &(dyn Fn() + Sync)) -> Result<Tested> {
        let rules = Rule::ALL.map(|rule| Spec::Rule { rule });
        let origins = self.origins(Origins::default())?;
        self.beside(&origins, &rules, false, after_each)
    }

    /// The champion beside `others`, and what people said.
    fn beside(
        &self,
        origins: &[Month],
        others: &[Spec],
        reconciled: bool,
        after_each: &(dyn Fn() + Sync),
    ) -> Result<Tested> {
        let reports = self.known.human_forecasts.iter().map(|human| human.made - Months(1));
        let young = self.young(&origins.iter().copied().chain(reports).collect())?;
        let asked = Replay { reconciled, ..self.replay(&self.champion.spec, others, &young) };
        let rows = self.replayed(origins, asked, after_each)?;
        let rules = RULES.map(|rule| Spec::Rule { rule });
        let asked = Replay { horizons: &[], ..self.replay(&self.champion.spec, &rules, &young) };
        let replayed = Replayed::new(asked);
        let said = said(&replayed, &self.known, self.as_of)?;
        let ladders = ladders(&said);
        let reliability = Reliability {
            as_of: self.as_of,
            spec: self.champion.spec.clone(),
            origins: origins.to_vec(),
            acts: tried(&rows, &replayed.budgets(&self.known, origins), &said),
            leans: leans(&ladders),
        };
        Ok(Tested {
            scores: scores(&rows),
            versus: versus(&rows),
            ladders,
            said,
            rows,
            reliability,
        })
    }

    fn replayed(
        &self,
        origins: &[Month],
        asked: Replay<'_>,
        after_each: &(dyn Fn() + Sync),
    ) -> Result<Vec<Forecasted>> {
        let key = self.key_of(&asked);
        let replayed = Replayed::new(asked);
        let at = |&origin: &Month| {
            let name = format!("{origin}-{key}.json");
            let rows = match self.part(&name) {
                Some(rows) => rows,
                None => self.keep(&name, replayed.at(origin)?)?,
            };
            after_each();
            Ok(rows)
        };
        let rows: Vec<Vec<Forecasted>> = origins.par_iter().map(at).collect::<Result<_>>()?;
        Ok(rows.concat())
    }

    /// The rules of a gate, from a file in the current folder or in the workspace.
    ///
    /// # Errors
    /// When the file is absent, or holds a rule that can not be used.
    pub fn gate(&self, file: &Path) -> Result<Gate> {
        config::gate(&self.root, file)
    }

    /// Forgets the origins that waited: the files of the backtest are written.
    ///
    /// # Errors
    /// When they can not be removed.
    pub fn forget_parts(&self) -> Result<()> {
        let folder = self.parts();
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::io(&folder, &error));
            }
            _ => {}
        }
        // A `run` writes nothing else there; where anything is, the folder stays.
        let _ = folder.parent().map(fs::remove_dir);
        Ok(())
    }

    pub(super) fn replay<'a>(
        &'a self,
        champion: &'a Spec,
        others: &'a [Spec],
        young: &'a Young,
    ) -> Replay<'a> {
        Replay {
            books: self.books(),
            latest: self.as_of,
            bridges: &self.config.ledger.lines.bridges,
            young,
            champion,
            challenger: None,
            others,
            reconciled: false,
            horizons: &HORIZONS,
            draws: self.backtest_draws(),
        }
    }

    /// How a backtest draws its paths.
    pub(super) fn backtest_draws(&self) -> Draws {
        Draws { count: self.draws.count.min(DRAWS), seed: self.draws.seed }
    }

    /// What an origin depends on beside its month, as a hash.
    fn key_of(&self, asked: &Replay<'_>) -> String {
        let text = format!(
            "{} {} {:?} {:?} {} {:?} {:?} {}",
            env!("CARGO_PKG_VERSION"),
            self.input_hash(),
            asked.champion,
            asked.others,
            asked.reconciled,
            asked.horizons,
            asked.draws,
            self.as_of,
        );
        sha256(text.as_bytes())[..16].to_owned()
    }

    fn parts(&self) -> PathBuf {
        self.out.join(PARTS)
    }

    /// What an earlier run left, when it is whole.
    fn part(&self, name: &str) -> Option<Vec<Forecasted>> {
        serde_json::from_slice(&made_before(&self.parts().join(name))?).ok()
    }

    fn keep(&self, name: &str, rows: Vec<Forecasted>) -> Result<Vec<Forecasted>> {
        let bytes = serde_json::to_vec(&rows).map_err(|error| Error::input(error.to_string()))?;
        write_all(&self.parts(), &[(name.to_owned(), bytes)])?;
        Ok(rows)
    }
}
