//! A challenger against the champion of a workspace.

use super::job::Job;
use crate::backtest::{Criterion, Origins, Replay, challenge, replay};
use crate::error::{Error, Result};
use crate::model::Spec;
use crate::units::Month;

impl Job {
    /// The months in which a challenger is compared: every month that has history enough and a year that is
    /// complete.
    ///
    /// # Errors
    /// When there are none, or the as-of month is not the last that was booked: a look at the past may not choose
    /// the model of today.
    pub fn challenge_origins(&self) -> Result<Vec<Month>> {
        if let Some(last) = self.ledger.last_booked().filter(|last| *last > self.as_of) {
            let what = format!(
                "a challenger is judged on all months: --as-of {} lies before {last}, the last that was booked",
                self.as_of
            );
            return Err(Error::input(what).advice(
                "leave out --as-of; `prognose backtest` compares models as of an earlier month",
            ));
        }
        self.origins(Origins { every: Some(1), ..Origins::default() })
    }

    /// What a challenger must show to replace the champion, and what it showed: both are replayed at
    /// `origins`, with bands that each could have learned then.
    ///
    /// # Errors
    /// When the challenger is the champion, or a model can not be fitted at all.
    pub fn challenge(
        &self,
        challenger: &Spec,
        origins: &[Month],
        after_each: &(dyn Fn() + Sync),
    ) -> Result<Vec<Criterion>> {
        if *challenger == self.champion.spec {
            return Err(Error::input(format!("{} is the champion already", challenger.name()))
                .advice("train without --challenger refits it on the newest months"));
        }
        let young = self.young(&origins.iter().copied().collect())?;
        let year = Replay { horizons: &[], ..self.replay(&self.champion.spec, &[], &young) };
        let asked = Replay { challenger: Some(challenger), ..year };
        Ok(challenge(&replay(asked, origins, after_each)?))
    }
}
