//! Which files each verb writes, as bytes.

use super::backtest::Tested;
use super::job::{Job, Prognosis};
use super::write::Output;
use crate::archive::Scored;
use crate::backtest::{Hindsight, Verdict, pits};
use crate::checks::Finding;
use crate::error::{Error, Result};
use crate::outlook::Outlook;
use crate::panel::Series;
use crate::report::{self, Facts, LineNote, Manifest, Provenance, TestedFacts};
use crate::units::{LineId, Month, sha256};
use std::collections::BTreeSet;
use std::path::Path;

/// The version of the program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// What marks made-up figures in the name of an organisation.
const MADE_UP: &str = "(verzonnen)";

/// `findings.csv`.
#[must_use]
pub fn check_files(findings: &[Finding]) -> Vec<Output> {
    vec![("findings.csv".into(), report::findings_csv(findings))]
}

/// `beleid.csv`, `forecast.csv`, `forecast.parquet`, `late.csv`, `meerjaren.csv`, `outlook.csv` and
/// `voorzichtig.csv`.
///
/// # Errors
/// When the Parquet file can not be made.
pub fn forecast_files(job: &Job, prognosis: &Prognosis) -> Result<Vec<Output>> {
    let Outlook { as_of, years, months, late, policy, steps, named, .. } = &prognosis.outlook;
    let as_of = *as_of;
    Ok(vec![
        ("beleid.csv".into(), report::policy_csv(policy, &job.events, as_of)),
        ("forecast.csv".into(), report::forecast_csv(months, as_of)),
        ("forecast.parquet".into(), report::forecast_parquet(months, as_of)?),
        ("late.csv".into(), report::late_csv(late, as_of)),
        ("meerjaren.csv".into(), report::steps_csv(steps, as_of)),
        ("outlook.csv".into(), report::outlook_csv(years, as_of)),
        ("voorzichtig.csv".into(), report::named_csv(years, named, as_of)),
    ])
}

/// `hindsight.csv`, `report.html` and `verschil.csv`.
#[must_use]
pub fn report_files(
    job: &Job,
    prognosis: &Prognosis,
    hindsight: &Hindsight,
    findings: &[Finding],
) -> Vec<Output> {
    let organisation = &job.config.organisation;
    let facts = Facts {
        organisation: &organisation.name,
        code: &organisation.code,
        model_owner: &organisation.model_owner,
        made_up: organisation.name.contains(MADE_UP),
        outlook: &prognosis.outlook,
        findings,
        reconciliation: &job.known.reconciliation,
        files: &job.known.files,
        lines: &line_notes(job, prognosis),
        provenance: &provenance(job, prognosis),
        has_service_months: job.known.has_service_months,
        bands: &prognosis.bands,
        hindsight,
        changes: &prognosis.changes,
        drift: &prognosis.drifted.tests,
        regimes: &prognosis.drifted.regimes,
        events: &job.events,
        policy: job.config.forecast.policy,
    };
    vec![
        ("hindsight.csv".into(), report::hindsight_csv(hindsight, job.as_of)),
        ("report.html".into(), report::html(&facts).into_bytes()),
        ("verschil.csv".into(), report::changes_csv(&prognosis.changes, job.as_of)),
    ]
}

fn line_notes(job: &Job, prognosis: &Prognosis) -> Vec<LineNote> {
    let forecast = &prognosis.forecast;
    let provisional_from = |line: &LineId| {
        job.panel.series.get(line).and_then(|series: &Series| series.provisional_from)
    };
    let note = |(at, line): (usize, &LineId)| LineNote {
        line: line.clone(),
        model: forecast.models[at].clone(),
        reason: forecast.reasons[at].clone(),
        provisional_from: provisional_from(line),
    };
    forecast.leaves.iter().enumerate().map(note).collect()
}

fn provenance(job: &Job, prognosis: &Prognosis) -> Provenance {
    Provenance {
        version: VERSION.into(),
        seed: job.draws.seed,
        draws: job.draws.count,
        spec: prognosis.spec.name().into(),
        trained_through: Some(prognosis.trained_through),
        last_observed: job.known.last_booked(),
        other_inputs: job.other_inputs.clone(),
    }
}

/// `score.csv`.
#[must_use]
pub fn score_files(rows: &[Scored]) -> Vec<Output> {
    vec![("score.csv".into(), report::score_csv(rows))]
}

/// The files below `backtest/`: `backtest.html`, `forecasts.csv`, `rapportages.csv`, `scores.csv`,
/// `toegevoegde_waarde.csv`, `vergelijking.csv` and `vertekening.csv`. `verdicts` are those of the gate; none when it was not asked for.
#[must_use]
pub fn backtest_files(job: &Job, tested: &Tested, verdicts: &[Verdict]) -> Vec<Output> {
    vec![
        ("backtest/backtest.html".into(), backtest_page(job, tested, verdicts).into_bytes()),
        ("backtest/forecasts.csv".into(), report::backtest_forecasts_csv(&tested.rows)),
        ("backtest/rapportages.csv".into(), report::backtest_said_csv(&tested.said)),
        ("backtest/scores.csv".into(), report::backtest_scores_csv(&tested.scores)),
        ("backtest/toegevoegde_waarde.csv".into(), report::backtest_ladders_csv(&tested.ladders)),
        ("backtest/vergelijking.csv".into(), report::backtest_versus_csv(&tested.versus)),
        ("backtest/vertekening.csv".into(), report::backtest_biases_csv(&tested.ladders)),
    ]
}

fn backtest_page(job: &Job, tested: &Tested, verdicts: &[Verdict]) -> String {
    let organisation = &job.config.organisation;
    let origins: BTreeSet<Month> = tested.rows.iter().map(|row| row.origin).collect();
    report::backtest_html(&TestedFacts {
        organisation: &organisation.name,
        model_owner: &organisation.model_owner,
        made_up: organisation.name.contains(MADE_UP),
        as_of: job.as_of,
        version: VERSION,
        origins: &origins.into_iter().collect::<Vec<_>>(),
        draws: job.backtest_draws().count,
        scores: &tested.scores,
        versus: &tested.versus,
        pits: &pits(&tested.rows),
        ladders: &tested.ladders,
        verdicts,
    })
}

/// `manifest.json`, beside the files of a run.
///
/// What an earlier command wrote from the same input and options stays listed, and a manifest that
/// would differ only in the moment of making is kept, so that running the same month twice changes
/// nothing.
///
/// # Errors
/// When the options can not be written as JSON.
pub fn manifest(job: &Job, command: &str, outputs: &[Output], made_at: &str) -> Result<Output> {
    let options = serde_json::to_value(&job.config.forecast)
        .map_err(|error| Error::input(error.to_string()))?;
    let hashed = |(name, bytes): &Output| (name.clone(), sha256(bytes));
    let mut now = Manifest {
        version: VERSION.into(),
        command: command.into(),
        as_of: job.as_of,
        seed: job.draws.seed,
        options,
        inputs: job.inputs().into_iter().collect(),
        outputs: outputs.iter().map(hashed).collect(),
        made_at: made_at.into(),
    };
    if let Some(before) = manifest_before(&job.out.join(MANIFEST)) {
        carry_over(&mut now, before);
    }
    Ok((MANIFEST.into(), now.json()))
}

const MANIFEST: &str = "manifest.json";

fn manifest_before(path: &Path) -> Option<Manifest> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

fn carry_over(now: &mut Manifest, before: Manifest) {
    let source = |manifest: &Manifest| {
        (manifest.version.clone(), manifest.seed, manifest.options.clone(), manifest.inputs.clone())
    };
    if source(now) != source(&before) {
        return;
    }
    for (name, hash) in &before.outputs {
        now.outputs.entry(name.clone()).or_insert_with(|| hash.clone());
    }
    if now.outputs == before.outputs && now.command == before.command {
        now.made_at = before.made_at;
    }
}
