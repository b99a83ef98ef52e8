//! `prognose drift`: has the world changed under the model?

use super::talk::{self, table};
use super::{Common, finish};
use crate::drift::{Status, Tested, Tier};
use crate::error::Result;
use crate::forecast::NEEDED;
use crate::units::Cents;
use crate::workspace::{Drifted, Job, drift_files};
use serde_json::json;

pub(super) fn run(common: &Common) -> Result<()> {
    let job = Job::read(&common.workspace, &common.choices())?;
    let drifted = drifted(&job)?;
    finish(&job, "drift", drift_files(&job, &drifted)?)?;
    if common.json {
        let flags = drifted.tests.iter().filter(|test| test.is_flag()).count();
        let summary = json!({ "as_of": job.as_of, "tests": drifted.tests.len(), "flags": flags });
        return talk::print(&format!("{summary}\n"));
    }
    talk::print(&text(&drifted))
}

/// Tests whether anything changed, with a bar for the months that are looked back on.
pub(super) fn drifted(job: &Job) -> Result<Drifted> {
    let bar = talk::bar(0, "months");
    let drifted = job.drifted(&|all| {
        bar.set_length(all as u64);
        bar.inc(1);
    });
    bar.finish_and_clear();
    let drifted = drifted?;
    // It only spares the next command some time.
    if let Err(error) = job.keep_drift(&drifted) {
        talk::say(&format!(
            "remark: what was found is not kept, so the next command looks again: {error}"
        ));
    }
    Ok(drifted)
}

/// The counts of each test, the flags, and the lines whose model has seen too little.
fn text(drifted: &Drifted) -> String {
    let Drifted { tests, regimes, .. } = drifted;
    let new = regimes.iter().filter(|regime| regime.is_new()).count();
    format!(
        "{}\n{}\n{new} van {} lijnen: model kent deze situatie niet (korter dan {} maanden bekend).\n",
        counts(tests),
        flags(tests),
        regimes.len(),
        NEEDED.0
    )
}

fn counts(tests: &[Tested]) -> String {
    let header = ["toets", "gedaan", "signaal", "te vroeg"].map(str::to_owned).to_vec();
    let row = |tier: Tier| {
        let count = |status: Option<Status>| {
            let own = tests.iter().filter(|test| test.tier == tier);
            own.filter(|test| status.is_none_or(|status| status == test.status)).count().to_string()
        };
        let name = format!("{} {}", tier.letter(), tier.name());
        vec![name, count(None), count(Some(Status::Signal)), count(Some(Status::Early))]
    };
    table(&std::iter::once(header).chain(Tier::ALL.map(row)).collect::<Vec<_>>())
}

fn flags(tests: &[Tested]) -> String {
    let header =
        ["signaal", "toets", "sinds", "€ per maand", "€ per jaar", "zekerheid", "gebeurtenis"];
    let flagged = tests.iter().filter(|test| test.is_flag()).map(flag);
    let rows: Vec<Vec<String>> =
        std::iter::once(header.map(str::to_owned).to_vec()).chain(flagged).collect();
    if rows.len() == 1 { "Geen signalen.\n".to_owned() } else { table(&rows) }
}

fn flag(test: &Tested) -> Vec<String> {
    let line = test.line.as_ref().map_or_else(|| "alle lijnen".to_owned(), ToString::to_string);
    let since = test.since.map_or_else(String::new, |month| month.to_string());
    let euros = |euros: Option<f64>| {
        euros.map_or_else(String::new, |euros| Cents::from_euros(euros.round()).to_string())
    };
    let sure = match (test.adjusted.or(test.chance), test.z) {
        (Some(chance), _) => format!("p {chance:.3}"),
        (None, Some(z)) => format!("z {z:.1}"),
        (None, None) => String::new(),
    };
    let event = test.event.clone().unwrap_or_default();
    let (month, year) = (euros(test.per_month), euros(test.per_year()));
    vec![line, test.tier.letter().to_owned(), since, month, year, sure, event]
}
