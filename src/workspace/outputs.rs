//! Which files each verb writes, as bytes.

use super::backtest::Tested;
use super::drift::drift_table;
use super::job::{Job, Prognosis};
use super::notes::NOTES;
use super::write::{Output, made_before};
use crate::archive::Scored;
use crate::backtest::{Hindsight, Trust, Verdict, pits};
use crate::checks::Finding;
use crate::error::{Error, Result};
use crate::notes::Note;
use crate::outlook::{Outlook, Passed, passed};
use crate::panel::Series;
use crate::peers::Peers;
use crate::report::{self, Facts, LineNote, Manifest, Provenance, Public, Table, TestedFacts};
use crate::units::{LineId, Month, sha256};
use std::collections::BTreeSet;
use std::path::Path;

/// The version of the program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The page of a backtest, in the output folder.
const BACKTEST_PAGE: &str = "backtest/backtest.html";
/// What marks made-up figures in the name of an organisation.
pub(super) const MADE_UP: &str = "(verzonnen)";

/// Both forms of each data set: CSV and Parquet.
pub(super) fn written(tables: Vec<Table>) -> Result<Vec<Output>> {
    let files: Vec<_> = tables.into_iter().map(Table::files).collect::<Result<_>>()?;
    Ok(files.into_iter().flatten().collect())
}

/// The data set `findings`.
///
/// # Errors
/// When its Parquet file can not be made.
pub fn check_files(findings: &[Finding]) -> Result<Vec<Output>> {
    written(vec![report::findings_table(findings)])
}

/// The data sets `beleid`, `forecast`, `late`, `meerjaren`, `outlook` and `voorzichtig`.
///
/// # Errors
/// When a Parquet file can not be made.
pub fn forecast_files(job: &Job, prognosis: &Prognosis) -> Result<Vec<Output>> {
    written(forecast_tables(job, prognosis))
}

fn forecast_tables(job: &Job, prognosis: &Prognosis) -> Vec<Table> {
    let Outlook { as_of, years, months, late, policy, steps, named, .. } = &prognosis.outlook;
    let as_of = *as_of;
    vec![
        report::policy_table(policy, &job.events, as_of),
        report::forecast_table(months, as_of),
        report::late_table(late, as_of),
        report::steps_table(steps, as_of),
        report::outlook_table(years, as_of),
        report::named_table(years, named, as_of),
    ]
}

/// `report.html`, its pages, `report.xlsx`, with the feature `pdf` `report.pdf`, and the data sets that no other command
/// writes: `duiding`, `hindsight`, `uitleg`, `verschil`, with `[peers]` `peers` and `peers_samen`, those of [`report::trust_tables`] and [`report::basis_tables`] and `kolommen`, which
/// describes every column.
///
/// # Errors
/// When a model can not be fitted at all, or the PDF or a Parquet file can not be made.
pub fn report_files(job: &Job, prognosis: &Prognosis, findings: &[Finding]) -> Result<Vec<Output>> {
    let material = Material::of(job, prognosis)?;
    let facts = material.facts(job, prognosis, findings);
    let mut tables = vec![
        report::remarks_table(facts.notes, job.as_of),
        report::hindsight_table(facts.hindsight, job.as_of),
        report::explained_table(facts.explained, job.as_of),
        report::changes_table(facts.changes, job.as_of),
    ];
    tables.extend(report::trust_tables(facts.trust, job.as_of));
    tables.extend(report::basis_tables(&facts));
    tables.extend(facts.peers.into_iter().flat_map(|peers| report::peer_tables(peers, job.as_of)));
    tables.push(report::columns_table());
    let mut sheets = forecast_tables(job, prognosis);
    sheets.extend([report::findings_table(findings), drift_table(job, &prognosis.drifted)]);
    sheets.extend(tables.iter().cloned());
    let mut files = written(tables)?;
    files.push(("report.xlsx".into(), report::workbook(&facts, &sheets)?));
    files.extend(documents(&facts)?);
    Ok(files)
}

/// What people read: the pages and, with the feature `pdf`, the same as one document.
#[cfg_attr(
    not(feature = "pdf"),
    expect(clippy::unnecessary_wraps, reason = "only the PDF can not be made")
)]
fn documents(facts: &Facts<'_>) -> Result<Vec<Output>> {
    let pages = report::pages(facts);
    let mut files: Vec<Output> = Vec::new();
    #[cfg(feature = "pdf")]
    files.push(("report.pdf".into(), report::pdf(&pages)?));
    files.extend(pages.into_iter().map(|(name, html)| (name, html.into_bytes())));
    Ok(files)
}

/// The report for everybody, below `openbaar/`, and what it leaves out.
///
/// # Errors
/// As [`report_files`].
pub fn public_files(
    job: &Job,
    prognosis: &Prognosis,
    findings: &[Finding],
) -> Result<(Vec<Output>, Public)> {
    let material = Material::of(job, prognosis)?;
    let facts = material.facts(job, prognosis, findings);
    let public = Public::of(&facts, &job.ledger.not_public);
    let files = documents(&public.facts(&facts))?.into_iter();
    let files = files.map(|(name, bytes)| (format!("openbaar/{name}"), bytes)).collect();
    Ok((files, public))
}

/// What a report is told beside the prognosis, owned.
struct Material {
    hindsight: Hindsight,
    lines: Vec<LineNote>,
    provenance: Provenance,
    trust: Trust,
    notes: Vec<Note>,
    passed: Vec<Passed>,
}

impl Material {
    fn of(job: &Job, prognosis: &Prognosis) -> Result<Self> {
        Ok(Self {
            hindsight: job.hindsight(prognosis)?,
            lines: line_notes(job, prognosis),
            provenance: provenance(job, prognosis),
            trust: job.trust(),
            notes: job.notes(),
            passed: passed(&job.config.norms, &prognosis.outlook.years, job.as_of.year()),
        })
    }

    fn facts<'a>(
        &'a self,
        job: &'a Job,
        prognosis: &'a Prognosis,
        findings: &'a [Finding],
    ) -> Facts<'a> {
        let organisation = &job.config.organisation;
        Facts {
            organisation: &organisation.name,
            code: &organisation.code,
            model_owner: &organisation.model_owner,
            made_up: organisation.name.contains(MADE_UP),
            outlook: &prognosis.outlook,
            findings,
            reconciliation: &job.known.reconciliation,
            files: &job.known.files,
            lines: &self.lines,
            provenance: &self.provenance,
            has_service_months: job.known.has_service_months,
            bands: &prognosis.bands,
            hindsight: &self.hindsight,
            trust: &self.trust,
            backtest_page: job.out.join(BACKTEST_PAGE).is_file(),
            explained: &prognosis.explained,
            changes: &prognosis.changes,
            drift: &prognosis.drifted.tests,
            regimes: &prognosis.drifted.regimes,
            withheld: None,
            events: &job.events,
            policy: job.config.forecast.policy,
            notes: &self.notes,
            passed: &self.passed,
            peers: peers(job),
        }
    }
}

pub(super) fn line_notes(job: &Job, prognosis: &Prognosis) -> Vec<LineNote> {
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

pub(super) fn provenance(job: &Job, prognosis: &Prognosis) -> Provenance {
    Provenance {
        version: VERSION.into(),
        seed: job.draws.seed,
        draws: job.draws.count,
        spec: prognosis.spec.name().into(),
        trained_through: Some(prognosis.trained_through),
        last_observed: job.known.last_booked(),
        other_inputs: job.other_inputs.iter().cloned().chain(told_only(job)).collect(),
    }
}

/// The remarks and what other municipalities published, with their SHA-256: inputs of the report, and of no forecast.
fn told_only(job: &Job) -> impl Iterator<Item = (String, String)> {
    let notes = job.remarks.sha256.clone().map(|sha256| (NOTES.to_owned(), sha256));
    let peers = job.peers.iter().flat_map(|published| published.inputs.clone());
    notes.into_iter().chain(peers)
}

/// The comparison with other municipalities, once the accounts of its year can be known.
fn peers(job: &Job) -> Option<&Peers> {
    let read = job.peers.as_ref().map(|published| &published.peers);
    read.filter(|peers| peers.year < job.as_of.year())
}

/// The data set `score`.
///
/// # Errors
/// When its Parquet file can not be made.
pub fn score_files(rows: &[Scored]) -> Result<Vec<Output>> {
    written(vec![report::score_table(rows)])
}

/// The files below `backtest/`: `backtest.html` and the data sets `forecasts`, `rapportages`, `scores`,
/// `toegevoegde_waarde`, `vergelijking` and `vertekening`. `verdicts` are those of the gate; none when it was not asked for.
///
/// # Errors
/// When a Parquet file can not be made.
pub fn backtest_files(job: &Job, tested: &Tested, verdicts: &[Verdict]) -> Result<Vec<Output>> {
    let page = backtest_page(job, tested, verdicts).into_bytes();
    let mut files = vec![(BACKTEST_PAGE.into(), page)];
    files.extend(written(vec![
        report::backtest_forecasts_table(&tested.rows),
        report::backtest_said_table(&tested.said),
        report::backtest_scores_table(&tested.scores),
        report::backtest_ladders_table(&tested.ladders),
        report::backtest_versus_table(&tested.versus),
        report::backtest_biases_table(&tested.ladders),
    ])?);
    Ok(files)
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
        inputs: job.inputs().into_iter().chain(told_only(job)).collect(),
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
    serde_json::from_slice(&made_before(path)?).ok()
}

fn carry_over(now: &mut Manifest, before: Manifest) {
    let source = |manifest: &Manifest| {
        let mut inputs = manifest.inputs.clone();
        // Another remark makes no other forecast.
        inputs.remove(NOTES);
        (manifest.version.clone(), manifest.seed, manifest.options.clone(), inputs)
    };
    if source(now) != source(&before) {
        return;
    }
    for (name, hash) in &before.outputs {
        now.outputs.entry(name.clone()).or_insert_with(|| hash.clone());
    }
    let same = now.outputs == before.outputs && now.inputs == before.inputs;
    if same && now.command == before.command {
        now.made_at = before.made_at;
    }
}
