//! One workspace, read as of one month.

use super::champion::Champion;
use super::config::{self, Config, ForecastOptions};
use super::drift::Drifted;
use super::notes::{self, Remarks};
use super::peers::{self, PeerFigures};
use crate::backtest::{Hindsight, PastMonth, hindsight, looked_back_on};
use crate::calendar::{Event, Prices};
use crate::checks::{self, Finding};
use crate::error::{Error, Result};
use crate::forecast::{Bands, Books, Draws, layers, simulate};
use crate::ledger::{Files, Ledger, refuse_leading_out};
use crate::model::{
    Context, FittedModel, FittedPanel, SCHEMA, SavedLine, SavedModels, Spec, fit, fit_all,
    shared_growth,
};
use crate::outlook::{ChangeRow, Explained, Outlook, explained, outlook};
use crate::panel::{Forecast, Layer, Panel, Series};
use crate::units::{LineId, Month, sha256};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the caller chose over the workspace's own options.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// The as-of month; the last booked month when `None`.
    pub as_of: Option<Month>,
    /// The output folder; `out/<as-of>` in the workspace when `None`.
    pub out: Option<PathBuf>,
    /// The seed of the draws.
    pub seed: Option<u64>,
}

/// A workspace that was read: everything known as of a month, ready for the verbs.
#[derive(Debug)]
pub struct Job {
    /// The folder; empty for a workspace in memory, which has no state and no output.
    pub root: PathBuf,
    /// Its files.
    pub files: Files,
    /// What `prognose.toml` says.
    pub config: Config,
    /// The whole ledger, later bookings included: for what came true.
    pub ledger: Ledger,
    /// What was known at `as_of`.
    pub known: Ledger,
    /// The panel of it, provisional months marked.
    pub panel: Panel,
    /// All policy events.
    pub events: Vec<Event>,
    /// What tariffs do.
    pub prices: Prices,
    /// The as-of month.
    pub as_of: Month,
    /// Where output goes.
    pub out: PathBuf,
    /// How paths are drawn.
    pub draws: Draws,
    /// The models in use.
    pub champion: Champion,
    /// What the department says of the figures; it moves none of them.
    pub remarks: Remarks,
    /// What all municipalities published of one year; it moves no figure.
    pub peers: Option<PeerFigures>,
    /// Inputs that are no source: name and SHA-256.
    pub other_inputs: Vec<(String, String)>,
}

/// The forecast and what it means for the years.
#[derive(Debug)]
pub struct Prognosis {
    /// The last month the models were fitted on.
    pub trained_through: Month,
    /// SHA-256 of the models.
    pub models: String,
    /// What they are.
    pub spec: Spec,
    /// How wide the bands are, and what that rests on.
    pub bands: Bands,
    /// The joint paths.
    pub forecast: Forecast,
    /// Year totals, months and running totals.
    pub outlook: Outlook,
    /// What changed under the model.
    pub drifted: Drifted,
    /// How the year total of each line is made.
    pub explained: Vec<Explained>,
    /// Why it is another than a month ago.
    pub changes: Vec<ChangeRow>,
}

impl Job {
    /// Reads the workspace in `root`.
    ///
    /// # Errors
    /// When a file can not be read or used, holds what looks like personal data, or when the as-of
    /// month lies outside what was booked.
    pub fn read(root: &Path, choices: &Choices) -> Result<Self> {
        config::path_in(root)?;
        let files = Files::in_folder(root);
        let job = Self::of(root, files, Champion::read(root)?, choices)?;
        // A folder that the caller names may be anywhere.
        if choices.out.is_none() {
            refuse_leading_out(root, &job.out)?;
        }
        Ok(Self { peers: peers::read(&job.files, &job.config)?, ..job })
    }

    pub(super) fn of(
        root: &Path,
        files: Files,
        champion: Champion,
        choices: &Choices,
    ) -> Result<Self> {
        let (config, config_text) = config::read(&files)?;
        let policy_file = config.ledger.lines.policy.clone();
        let (events, policy) = config::policy(&files, policy_file.as_deref())?;
        let prices_file = config.ledger.lines.prices.clone();
        let (prices, price_table) = config::prices(&files, prices_file.as_deref())?;
        let ledger = Ledger::read(&files, &config.ledger)?;
        let as_of = as_of_month(&ledger, choices.as_of)?;
        let known = ledger.as_of(as_of);
        let drop_months = config.forecast.drop_months;
        let panel =
            Books { ledger: &known, events: &events, prices: &prices, drop_months }.as_of(as_of);
        let texts = [
            Some((config::CONFIG.to_owned(), config_text)),
            policy_file.zip(policy),
            prices_file.zip(price_table),
        ];
        let other_inputs = texts
            .into_iter()
            .flatten()
            .map(|(name, text)| (name, sha256(text.as_bytes())))
            .collect();
        Ok(Self {
            out: choices.out.clone().unwrap_or_else(|| root.join("out").join(as_of.to_string())),
            draws: Draws {
                count: config.forecast.draws,
                seed: choices.seed.unwrap_or(config.forecast.seed),
            },
            champion,
            remarks: notes::read(&files)?,
            peers: None,
            root: root.to_owned(),
            files,
            config,
            ledger,
            known,
            panel,
            events,
            prices,
            as_of,
            other_inputs,
        })
    }

    /// What is odd about the data.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let facts = checks::Facts {
            ledger: &self.ledger,
            sums: &self.ledger.sums(),
            panel: &self.panel.in_euros_of_the_day(),
            as_of: self.as_of,
            years_ahead: self.config.forecast.years_ahead,
            bridges: &self.config.ledger.lines.bridges,
            prices: &self.prices,
            events: &self.events,
            named: &notes::named(&self.notes(), &self.config.norms),
        };
        checks::check(&facts, &self.config.checks.severity)
    }

    /// Fits the champion on every line.
    ///
    /// # Errors
    /// When a model can not be fitted at all.
    pub fn train(&self) -> Result<SavedModels> {
        self.train_as(&self.champion.spec)
    }

    /// Fits any specification on every line.
    ///
    /// # Errors
    /// When a model can not be fitted at all.
    pub fn train_as(&self, spec: &Spec) -> Result<SavedModels> {
        let spec = spec.clone();
        let FittedPanel { models, calibration } = fit_all(&self.panel, &spec, &self.events)?;
        Ok(SavedModels {
            schema: SCHEMA,
            trained_through: self.as_of,
            input_hash: self.input_hash(),
            spec,
            calibration,
            lines: models.into_iter().map(|(line, model)| SavedLine { line, model }).collect(),
        })
    }

    /// Forecasts with `saved`, brought up to date with every month known; a line it does not hold
    /// is fitted now. Bands are wider where `drifted` says that a line is in a young regime.
    ///
    /// # Errors
    /// When a model can not be brought up to date.
    pub fn prognosis(&self, saved: &SavedModels, drifted: Drifted) -> Result<Prognosis> {
        let known = saved.lines.iter().map(|kept| (&kept.line, &kept.model)).collect();
        let models = self.current(&saved.spec, &known)?;
        let bands = Bands::learn(
            &self.panel,
            &saved.spec,
            &models,
            &self.events,
            self.config.forecast.years_ahead,
        )?;
        let bands = drifted.widened(bands, self.as_of);
        let fitted = FittedPanel { models, calibration: saved.calibration.clone() };
        let forecast = self.paths(&self.panel, &fitted, &bands)?;
        let budgets = self.known.budgets_as_of(self.as_of);
        let bridges = &self.config.ledger.lines.bridges;
        let ForecastOptions { quantiles, years_ahead, .. } = &self.config.forecast;
        let outlook = outlook(&self.panel, &forecast, bridges, &budgets, quantiles, *years_ahead);
        let explained = explained(&self.panel, &self.known, &fitted.models, &self.events, &outlook);
        Ok(Prognosis {
            trained_through: saved.trained_through,
            models: sha256(saved.to_json()?.as_bytes()),
            spec: saved.spec.clone(),
            bands,
            forecast,
            outlook,
            drifted,
            explained,
            changes: Vec::new(),
        })
    }

    /// Joint paths through the last year of the horizon, scenario rows laid on top.
    pub(super) fn paths(
        &self,
        panel: &Panel,
        fitted: &FittedPanel,
        bands: &Bands,
    ) -> Result<Forecast> {
        let last = Month::december(self.as_of.year() + self.config.forecast.years_ahead);
        let bridges = &self.config.ledger.lines.bridges;
        let mut forecast =
            simulate(panel, fitted, Some(bands), &self.events, bridges, last, self.draws)?;
        forecast.layers = self.layers(panel, &forecast, &self.events);
        Ok(forecast)
    }

    /// The scenario rows known at the as-of month of `panel`.
    pub(super) fn layers(
        &self,
        panel: &Panel,
        forecast: &Forecast,
        events: &[Event],
    ) -> Vec<Layer> {
        layers(panel, forecast, events, self.config.forecast.policy, self.draws.seed)
    }

    /// Models brought up to date with every settled month; a line they do not hold is fitted.
    pub(super) fn current(
        &self,
        spec: &Spec,
        known: &BTreeMap<&LineId, &FittedModel>,
    ) -> Result<BTreeMap<LineId, FittedModel>> {
        let growth = shared_growth(&self.panel);
        let bring = |(line, series): (&LineId, &Series)| {
            let context = Context::new(&self.events, line, self.as_of).growing(&growth);
            let model = match known.get(line) {
                // A model that began outside the months known now can only be made anew.
                Some(model) => match model.refilter(series, &context) {
                    Ok(model) => model,
                    Err(_) => fit(spec, series, &context)?,
                },
                None => fit(spec, series, &context)?,
            };
            Ok((line.clone(), model))
        };
        self.panel.series.par_iter().map(bring).collect()
    }

    /// What was known at the as-of month, to look at from earlier months.
    #[must_use]
    pub fn books(&self) -> Books<'_> {
        let drop_months = self.config.forecast.drop_months;
        Books { ledger: &self.known, events: &self.events, prices: &self.prices, drop_months }
    }

    /// Looks back on the past months: what was thought of them, and what they became.
    ///
    /// # Errors
    /// When a model can not be fitted at all.
    pub fn hindsight(&self, prognosis: &Prognosis) -> Result<Hindsight> {
        let then = &prognosis.drifted.past;
        let mut months = looked_back_on(&self.panel);
        let made = then.iter().filter(|past| months.contains(&past.month));
        let made: Vec<&PastMonth> = made.collect();
        months.retain(|month| made.iter().all(|past| past.month != *month));
        let lacking = self.past_months(&months, &|| ())?;
        let mut all: Vec<&PastMonth> = made.into_iter().chain(&lacking).collect();
        all.sort_by_key(|past| past.month);
        Ok(hindsight(&all, (&self.panel, &prognosis.forecast)))
    }

    /// One hash over the content of every input, in order.
    #[must_use]
    pub fn input_hash(&self) -> String {
        let lines = self.inputs().into_iter().map(|(name, sha)| name + " " + &sha + "\n");
        sha256(lines.collect::<String>().as_bytes())
    }

    /// Every input with its SHA-256, in order.
    #[must_use]
    pub fn inputs(&self) -> Vec<(String, String)> {
        let files = self.ledger.files.iter().map(|file| (file.file.clone(), file.sha256.clone()));
        files.chain(self.other_inputs.iter().cloned()).collect()
    }
}

fn as_of_month(ledger: &Ledger, asked: Option<Month>) -> Result<Month> {
    let first = ledger.postings.iter().map(|posting| posting.booked).min();
    let (Some(first), Some(last)) = (first, ledger.last_booked()) else {
        let advice = "check the files of the ledger sources in prognose.toml";
        return Err(Error::input("the ledger holds no posting").advice(advice));
    };
    match asked {
        Some(month) if month < first || month > last => {
            let what = format!(
                "--as-of {month} lies outside the ledger, which is booked from {first} through {last}"
            );
            Err(Error::input(what)
                .advice("choose a month within it, or add the files of the months since"))
        }
        Some(month) => Ok(month),
        None => Ok(last),
    }
}
