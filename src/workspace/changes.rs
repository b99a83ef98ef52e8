//! What changed since a month ago.

use super::job::{Job, Prognosis};
use crate::calendar::Event;
use crate::error::Result;
use crate::forecast::Bands;
use crate::model::{FittedPanel, fit_all};
use crate::outlook::{ChangeRow, Stage, Stages, changes};
use crate::units::{Month, Months};

impl Job {
    /// Why the prognosis is another than a month ago. That of a month ago is made anew from what was
    /// known then, so it holds no change of the program or of the options. Nothing when the ledger did not
    /// reach so far.
    ///
    /// # Errors
    /// When a model can not be fitted at all.
    pub fn changes(&self, prognosis: &Prognosis) -> Result<Vec<ChangeRow>> {
        let spec = self.champion.spec.clone();
        let panel = self.books().as_of(self.as_of - Months(1));
        if panel.series.is_empty() {
            return Ok(Vec::new());
        }
        let fitted = fit_all(&panel, &spec, &self.events)?;
        let bands = Bands::learn(
            &panel,
            &spec,
            &fitted.models,
            &self.events,
            self.config.forecast.years_ahead,
        )?;
        let bands = prognosis.drifted.widened(bands, panel.as_of);
        let before = self.paths(&panel, &fitted, &bands)?;
        let mut with_policy = before.clone();
        with_policy.layers = self.layers(&panel, &before, &self.known_since(panel.as_of));
        let FittedPanel { models, calibration } = fitted;
        let models = self.current(&spec, &models.iter().collect())?;
        let models = FittedPanel { models, calibration };
        let with_books = self.paths(&self.panel, &models, &prognosis.bands)?;
        let of = |panel, forecast| Stage { panel, forecast };
        let stages = Stages {
            before: of(&panel, &before),
            with_policy: of(&panel, &with_policy),
            with_books: of(&self.panel, &with_books),
            after: of(&self.panel, &prognosis.forecast),
        };
        let years = self.as_of.year()..=self.as_of.year() + self.config.forecast.years_ahead;
        Ok(changes(stages, &self.config.ledger.lines.bridges, years))
    }

    /// The events as if all that is known today had been known at the end of `as_of`; what is known only
    /// since it works is not, for the books of then are not divided by it.
    fn known_since(&self, as_of: Month) -> Vec<Event> {
        let known = |event: &&Event| {
            event.is_known(self.as_of) && (event.is_known(as_of) || event.date > as_of)
        };
        let earlier =
            |event: &Event| Event { known_from: event.known_from.min(as_of), ..event.clone() };
        self.events.iter().filter(known).map(earlier).collect()
    }
}
