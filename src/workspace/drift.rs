//! Whether the world has changed under the model; kept, since the forecast of the same month asks again.

use super::archived::archive_of;
use super::job::Job;
use super::outputs::written;
use super::write::{Output, kept, write_all};
use crate::archive::{MonthFigures, Record};
use crate::backtest::{OneStep, PastMonth, Young, one_steps, origins_before};
use crate::drift::{Facts, REFERENCE, Regime, Tested, WATCHED, Why, drift, regimes};
use crate::error::{Error, Result};
use crate::forecast::{Bands, NEEDED};
use crate::report::{self, Table};
use crate::units::{Cents, Level, LineId, Measure, Month, Months, Side, sha256};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The file in `state/` that holds what was found last.
const KEPT: &str = "drift.json";

/// More months than any ledger holds.
const EVER: usize = 1200;

/// Every test of the month, and since when each line is what it is now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drifted {
    /// SHA-256 of all that it depends on.
    pub key: String,
    /// One per test made, flagged or not.
    pub tests: Vec<Tested>,
    /// One per line that still brings something new.
    pub regimes: Vec<Regime>,
    /// The past months that were replayed for it, which a look back needs too; none when it was kept.
    #[serde(skip)]
    pub past: Vec<PastMonth>,
}

impl Job {
    /// Tests whether anything changed. What was found before in the same input is taken from `state/`.
    ///
    /// # Errors
    /// When a model can not be fitted at all, or the archive can not be read.
    pub fn drifted(&self, after_each: &(dyn Fn(usize) + Sync)) -> Result<Drifted> {
        let recorded = self.recorded()?;
        match self.kept_drift(&self.key_of_drift(&recorded)) {
            Some(found) => Ok(found),
            None => self.drifted_since(recorded, after_each),
        }
    }

    /// Tests whether anything changed, beside the month that each of the `recorded` forecasts was made for.
    pub(super) fn drifted_since(
        &self,
        recorded: Vec<OneStep>,
        after_each: &(dyn Fn(usize) + Sync),
    ) -> Result<Drifted> {
        let key = self.key_of_drift(&recorded);
        let known: BTreeSet<Month> = recorded.iter().map(|step| step.month - Months(1)).collect();
        let mut origins = origins_before(&self.panel, REFERENCE + WATCHED);
        origins.retain(|origin| !known.contains(origin));
        let past = self.past_months(&origins, &|| after_each(origins.len()))?;
        let steps = past.iter().flat_map(|month| month.steps.iter().cloned());
        let steps: Vec<OneStep> = steps.chain(recorded).collect();
        let facts = Facts { panel: &self.panel, events: &self.events, steps: &steps };
        let tests = drift(&facts);
        Ok(Drifted { key, regimes: regimes(&facts, &tests), tests, past })
    }

    /// The lines in a young regime at each of `origins`, by what was known then. Forecasts of record are left
    /// out: they were made with other versions.
    ///
    /// # Errors
    /// When a model can not be fitted at all.
    pub(super) fn young(&self, origins: &BTreeSet<Month>) -> Result<Young> {
        let (books, spec, seed) = (self.books(), &self.champion.spec, self.draws.seed);
        let mut looks = origins_before(&self.panel, EVER);
        looks.retain(|look| origins.last().is_some_and(|last| look < last));
        let steps = one_steps(books, spec, &looks, seed, &|| ())?;
        let at = |&origin: &Month| {
            let panel = books.as_of(origin);
            let known = steps.iter().filter(|step| step.month <= origin);
            let steps: Vec<OneStep> = known.cloned().collect();
            let facts = Facts { panel: &panel, events: &self.events, steps: &steps };
            (origin, young(&regimes(&facts, &drift(&facts)), origin))
        };
        Ok(origins.par_iter().map(at).collect())
    }

    /// What forecasts of record expected of the month after them, on the line table in force now; of an as-of
    /// month with several the last.
    fn recorded(&self) -> Result<Vec<OneStep>> {
        let chain = archive_of(&self.root)?;
        // A chain that is not whole proves nothing: its months are made again, so that the month itself can be
        // forecast. That it is not whole is an error where the forecast is kept.
        if !chain.faults.is_empty() {
            return Ok(Vec::new());
        }
        let records = chain.entries.into_iter().map(|entry| entry.record);
        let of_then = records.filter(|record| record.as_of < self.as_of);
        Ok(next_months(of_then, &self.ledger.line_table))
    }

    /// Everything that what is found depends on, as a hash.
    fn key_of_drift(&self, recorded: &[OneStep]) -> String {
        let text = format!(
            "{} {} {} {} {:?} {} {recorded:?}",
            env!("CARGO_PKG_VERSION"),
            env!("PROGNOSE_SOURCE"),
            self.input_hash(),
            self.as_of,
            self.champion.spec,
            self.draws.seed,
        );
        sha256(text.as_bytes())
    }

    fn kept_drift(&self, key: &str) -> Option<Drifted> {
        kept(&self.files, KEPT).filter(|kept: &Drifted| kept.key == key)
    }

    /// Keeps what was found for the next command on the same input.
    ///
    /// # Errors
    /// When it can not be written.
    pub fn keep_drift(&self, found: &Drifted) -> Result<()> {
        let bytes = serde_json::to_vec(found).map_err(|error| Error::input(error.to_string()))?;
        write_all(&self.root.join("state"), &[(KEPT.to_owned(), bytes)])
    }
}

/// What forecasts of record on this line table expected of the month after them; of an as-of month with several
/// the last. Bridges are sums of lines, and move none.
fn next_months(records: impl Iterator<Item = Record>, lines: &str) -> Vec<OneStep> {
    let ours = |record: &Record| record.is_of_record() && record.made.definition.lines == lines;
    let last: BTreeMap<Month, Record> =
        records.filter(ours).map(|record| (record.as_of, record)).collect();
    last.values().flat_map(next_month).collect()
}

/// The expectations of a record for its next month, per line that something was expected of.
fn next_month(record: &Record) -> Vec<OneStep> {
    let ahead = record.months.iter().filter(|figures| figures.ahead == 1);
    let step = |figures: &MonthFigures| {
        let quantiles = &figures.quantiles;
        if [figures.mean, quantiles.p10(), quantiles.p90()].iter().all(|&said| said == Cents::ZERO)
        {
            return None;
        }
        let part = &record.parts[figures.part];
        let side = match part.measure {
            Measure::Lasten => Side::Lasten,
            Measure::Baten => Side::Baten,
            Measure::Saldo => return None,
        };
        let node = Some(&part.node).filter(|node| node.level == Level::Product)?;
        Some(OneStep {
            line: LineId {
                wet: node.wet?,
                taakveld: node.taakveld.clone()?,
                product: node.product.clone()?,
                side,
            },
            month: record.as_of + Months(1),
            mean: figures.mean.euros(),
            p10: quantiles.p10().euros(),
            p90: quantiles.p90().euros(),
            recorded: true,
        })
    };
    ahead.filter_map(step).collect()
}

impl Drifted {
    /// Bands as they were at the end of `as_of`, wider for lines whose model did not know their situation for
    /// long then.
    pub(super) fn widened(&self, bands: Bands, as_of: Month) -> Bands {
        bands.widened(young(&self.regimes, as_of))
    }
}

/// The lines in a young regime at the end of `as_of`, with its known months. A line that is itself young has a
/// width of its own.
fn young(regimes: &[Regime], as_of: Month) -> Vec<(LineId, Months)> {
    let known = |regime: &Regime| as_of + Months(1) - regime.since;
    let asked =
        |regime: &&Regime| regime.why != Why::Start && (Months(1)..NEEDED).contains(&known(regime));
    let of = |regime: &Regime| (regime.line.clone(), known(regime));
    regimes.iter().filter(asked).map(of).collect()
}

/// The data set `drift`.
///
/// # Errors
/// When its Parquet file can not be made.
pub fn drift_files(job: &Job, drifted: &Drifted) -> Result<Vec<Output>> {
    written(vec![drift_table(job, drifted)])
}

pub(super) fn drift_table(job: &Job, drifted: &Drifted) -> Table {
    report::drift_table(&drifted.tests, &drifted.regimes, job.as_of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{Definition, Made, Part, SCHEMA};
    use crate::outlook::{NodeName, Quantiles};
    use crate::panel::Bridge;
    use crate::units::Wet;

    fn record(lines: &str, means: &[i64]) -> Record {
        let product = |at: usize| NodeName {
            level: Level::Product,
            wet: Some(Wet::Wmo),
            taakveld: Some("6.711".into()),
            product: Some(format!("{at}")),
        };
        let part = |at| Part { node: product(at), measure: Measure::Lasten };
        let month = |(part, mean): (usize, &i64)| MonthFigures {
            part,
            ahead: 1,
            mean: Cents(*mean),
            quantiles: Quantiles([Cents(*mean); 9]),
        };
        let as_of = Month::january(2026);
        let bridges = vec![Bridge { name: "Alles".into(), lines: vec!["6*".into()] }];
        let made = Made {
            version: String::new(),
            latest_booked: as_of,
            definition: Definition { lines: lines.into(), bridges },
            spec: serde_json::Value::Null,
            models: String::new(),
            inputs: String::new(),
            options: serde_json::Value::Null,
            seed: 1,
            draws: 1,
            by: String::new(),
        };
        Record {
            schema: SCHEMA,
            as_of,
            made,
            scenarios: Vec::new(),
            parts: (0..means.len()).map(part).collect(),
            years: Vec::new(),
            months: means.iter().enumerate().map(month).collect(),
        }
    }

    /// The last on the same lines, whatever its bridges; a line of which nothing was expected is left out.
    #[test]
    fn the_last_record_on_the_lines_of_now_says_what_was_expected() {
        let records = [record("a", &[100, 0]), record("a", &[0, 250]), record("b", &[700, 700])];
        let steps = next_months(records.into_iter(), "a");
        let told: Vec<(&str, f64)> =
            steps.iter().map(|step| (step.line.product.as_str(), step.mean)).collect();
        assert_eq!(told, [("1", 2.5)]);
    }
}
