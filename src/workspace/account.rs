//! The account of a workspace: what its pages are told, and what the last backtest found, kept for them.

use super::backtest::Tested;
use super::champion::file_name;
use super::config;
use super::job::{Job, Prognosis};
use super::outputs::{MADE_UP, VERSION, line_notes, provenance};
use super::write::{Output, kept};
use crate::archive::Tally;
use crate::backtest::{CHAMPION, Gate, GateRule, Score, Split, Target};
use crate::checks::{Basis, Criterion, Finding, basis, dated_percent};
use crate::error::{Error, Result};
use crate::model::Rule;
use crate::report::{
    self, AccountFacts, Fault, LastTest, ModelsInUse, Quality, Requirement, account_pages,
};
use crate::units::{Level, Measure, Month, sha256};

/// The file in `state/` that holds what the last backtest found.
const KEPT: &str = "backtest.json";
/// The levels a model card speaks of.
const LEVELS: [Level; 3] = [Level::Totaal, Level::Wet, Level::Product];

/// The files of the account, and what stands in the way.
#[derive(Debug)]
pub struct Account {
    /// `account/modelkaart.html`, `account/dossier.html`, `account/basis-op-orde.html` and
    /// `account/algoritmeregister.json`.
    pub files: Vec<Output>,
    /// Why the Algoritmeregister would not take the entry yet.
    pub faults: Vec<Fault>,
    /// Whether the basis is in order.
    pub basis: Vec<Criterion>,
    /// The as-of month of the backtest that the model card tells of.
    pub tested: Option<Month>,
}

/// Makes the files of the account. `tallies` are those of the forecasts of record.
///
/// # Errors
/// When the requirements of the department can not be read.
pub fn account(
    job: &Job,
    prognosis: &Prognosis,
    findings: &[Finding],
    tallies: &[Tally],
) -> Result<Account> {
    let config = &job.config;
    let basis = basis(&Basis {
        known: &job.known,
        findings,
        first: job.panel.first(),
        as_of: job.as_of,
        model_owner: &config.organisation.model_owner,
        data_owner: &config.account.data_owner,
        process_owner: &config.account.process_owner,
    });
    let criteria = job.criteria()?.map(|(_, sha256)| sha256);
    let last_test = job.last_test();
    let facts = AccountFacts {
        organisation: &config.organisation.name,
        model_owner: &config.organisation.model_owner,
        made_up: config.organisation.name.contains(MADE_UP),
        as_of: job.as_of,
        first: job.panel.first(),
        declared: &config.account,
        provenance: &provenance(job, prognosis),
        models: &models(prognosis),
        lines: &line_notes(job, prognosis),
        files: &job.known.files,
        dated_percent: dated_percent(&job.known),
        bands: &prognosis.bands,
        drift: &prognosis.drifted.tests,
        regimes: &prognosis.drifted.regimes,
        findings,
        basis: &basis,
        criteria: criteria.as_deref(),
        last_test: last_test.as_ref(),
        tallies,
    };
    let (name, entry, faults) = report::register(&facts);
    let pages = account_pages(&facts).into_iter().map(|(name, page)| (name, page.into_bytes()));
    let files = std::iter::once((name, entry)).chain(pages).collect();
    Ok(Account { files, faults, tested: last_test.map(|test| test.as_of), basis })
}

/// By what made the forecast and not by the pointer, which moves only after a run has written its files: so the same
/// month run twice says the same.
fn models(prognosis: &Prognosis) -> ModelsInUse {
    let Prognosis { spec, trained_through, models, .. } = prognosis;
    ModelsInUse {
        file: file_name(spec, *trained_through, models),
        spec: spec.clone(),
        sha256: models.clone(),
    }
}

impl Job {
    /// The requirements of the department with their SHA-256; `None` when the workspace has no such file.
    ///
    /// # Errors
    /// When it holds a rule that can not be used.
    pub fn criteria(&self) -> Result<Option<(Gate, String)>> {
        let name = self.config.account.criteria_file();
        if !self.files.has(name) {
            return Ok(None);
        }
        let text = config::text_in(&self.files, name)?;
        let gate = config::gate_of(&self.files.path(name).display().to_string(), &text)?;
        Ok(Some((gate, sha256(text.as_bytes()))))
    }

    /// What a backtest found, as the model card needs it, and its file in `state/`.
    ///
    /// # Errors
    /// When the requirements can not be read.
    pub(super) fn for_card(&self, tested: &Tested) -> Result<Output> {
        let (requirements, criteria) = match self.criteria()? {
            Some((gate, sha256)) => (judged(&gate, &tested.scores), Some(sha256)),
            None => (Vec::new(), None),
        };
        let found = &tested.reliability;
        let kept = LastTest {
            as_of: found.as_of,
            version: VERSION.to_owned(),
            spec: found.spec.clone(),
            origins: found.origins.clone(),
            criteria,
            requirements,
            quality: quality(&tested.scores),
        };
        let mut bytes =
            serde_json::to_vec_pretty(&kept).map_err(|error| Error::input(error.to_string()))?;
        bytes.push(b'\n');
        Ok((KEPT.to_owned(), bytes))
    }

    /// What the last backtest found, when it serves and knew nothing later than the as-of month.
    pub(super) fn last_test(&self) -> Option<LastTest> {
        self.kept_for_card().filter(|kept| kept.as_of <= self.as_of)
    }

    /// The test that is kept, when it serves; it may be a later one.
    pub(super) fn kept_for_card(&self) -> Option<LastTest> {
        // What another version left, or what is damaged, is made anew by the next backtest.
        kept(&self.files, KEPT)
            .filter(|kept: &LastTest| self.serves(&kept.spec, kept.as_of, &kept.origins))
    }
}

/// A rule about a model that was not replayed is not judged: nothing was found either way.
fn judged(gate: &Gate, scores: &[Score]) -> Vec<Requirement> {
    let replayed = |model: &String| scores.iter().any(|score| score.model == *model);
    let judge = |rule: &GateRule| {
        let verdict = rule.judge(scores);
        let tested = std::iter::once(&rule.model).chain(&rule.against).all(replayed);
        Requirement {
            rule: verdict.rule,
            found: verdict.found,
            count: verdict.count,
            passed: tested.then_some(verdict.passed),
        }
    };
    gate.rules.iter().map(judge).collect()
}

/// Year totals of lasten: all together, and by the months that were known.
fn quality(scores: &[Score]) -> Vec<Quality> {
    let ours = |level: Level| {
        let of_level = move |score: &&Score| asks(score, level) && score.model == CHAMPION;
        let mut ours: Vec<&Score> = scores.iter().filter(of_level).collect();
        ours.sort_by(|a, b| a.split.cmp(&b.split));
        ours
    };
    let row = |score: &&Score| {
        Some(Quality {
            level: score.level,
            months_known: match score.split {
                Split::All => None,
                Split::MonthsKnown(months) => Some(months),
                _ => return None,
            },
            count: score.count,
            years: score.years,
            wape: score.wape,
            inside80: cases(score),
            best_rule: best_rule(scores, score),
        })
    };
    LEVELS
        .into_iter()
        .flat_map(|level| ours(level).iter().filter_map(row).collect::<Vec<_>>())
        .collect()
}

fn asks(score: &Score, level: Level) -> bool {
    (score.target, score.level, score.measure) == (Target::Jaar, level, Measure::Lasten)
}

/// The rule of thumb with the least error on the same forecasts.
fn best_rule(scores: &[Score], ours: &Score) -> Option<(String, f64)> {
    let names = Rule::ALL.map(Rule::name);
    let same = |score: &&Score| {
        asks(score, ours.level)
            && score.split == ours.split
            && names.contains(&score.model.as_str())
    };
    let best = scores.iter().filter(same).min_by(|a, b| a.wape.total_cmp(&b.wape))?;
    Some((best.model.clone(), best.wape))
}

#[expect(clippy::cast_precision_loss, reason = "counts of outcomes are small")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
fn cases(score: &Score) -> usize {
    (score.coverage80.share * score.count as f64).round() as usize
}
