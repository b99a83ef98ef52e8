//! `prognose score`: forecasts of record beside what came true.

use super::{Common, finish, talk};
use crate::archive::{Scored, Standing, Tally, tally};
use crate::error::Result;
use crate::report::opname;
use crate::workspace::{Job, archive_of, score_files};
use serde_json::{Value, json};

pub(super) fn run(common: &Common) -> Result<()> {
    let job = Job::read(&common.workspace, &common.choices())?;
    let rows = job.score(&archive_of(&job.root)?)?;
    finish(&job, "score", score_files(&rows)?)?;
    let tallies = tally(&rows);
    talk::print(&if common.json { as_json(&rows, &tallies) } else { told(&rows, &tallies) })
}

/// Forecasts of earlier months beside what came true, when there are any. What is wrong with the archive is told when the
/// forecast of this month is kept.
pub(super) fn scored(job: &Job) -> Result<Option<Vec<Scored>>> {
    let mut chain = archive_of(&job.root)?;
    chain.entries.retain(|entry| entry.record.as_of < job.as_of);
    if chain.entries.is_empty() || chain.verify().is_err() {
        return Ok(None);
    }
    job.score(&chain).map(Some)
}

fn told(rows: &[Scored], tallies: &[Tally]) -> String {
    if rows.is_empty() {
        return "Nothing to score: no forecast of record is about a period that is over or runs.\n\
                `prognose run` and `prognose forecast` keep what they make.\n"
            .into();
    }
    let running = rows.iter().filter(|row| row.standing == Standing::Loopt).count();
    let provisional = rows.iter().filter(|row| row.standing == Standing::Voorlopig).count();
    let waiting = format!(
        "Of {} figures {running} still run and {provisional} wait for invoices.\n",
        rows.len()
    );
    if tallies.is_empty() {
        return format!("No year total is final yet.\n{waiting}");
    }
    let header =
        ["opname", "maanden bekend", "n", "fout (WAPE, %)", "bias (%)", "in 80%-band [95% limits]"];
    let mut lines = vec![header.map(str::to_owned).to_vec()];
    lines.extend(tallies.iter().map(line));
    format!("Year totals of lasten per wet that are final:\n{}{waiting}", talk::table(&lines))
}

fn line(tally: &Tally) -> Vec<String> {
    let percent = |share: f64| format!("{:.1}", 100.0 * share);
    let coverage = tally.coverage80;
    vec![
        opname(tally.of_record).to_owned(),
        tally.months_known.to_string(),
        tally.count.to_string(),
        percent(tally.wape),
        percent(tally.bias),
        format!(
            "{} [{} {}]",
            percent(coverage.share),
            percent(coverage.low),
            percent(coverage.high)
        ),
    ]
}

fn as_json(rows: &[Scored], tallies: &[Tally]) -> String {
    let one = |tally: &Tally| {
        json!({
            "opname": opname(tally.of_record),
            "maanden_bekend": tally.months_known,
            "aantal": tally.count,
            "wape": tally.wape,
            "bias": tally.bias,
            "dekking80": tally.coverage80.share,
            "dekking80_laag": tally.coverage80.low,
            "dekking80_hoog": tally.coverage80.high,
        })
    };
    let tallies: Vec<Value> = tallies.iter().map(one).collect();
    format!("{}\n", json!({ "rows": rows.len(), "tallies": tallies }))
}
