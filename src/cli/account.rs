//! `prognose account`: the account that the organisation owes of its algorithm.

use super::forecast::prognosis;
use super::score::scored;
use super::{Common, finish, talk};
use crate::archive::tally;
use crate::checks::Standing;
use crate::error::{Error, Result};
use crate::report::{Fault, Missing};
use crate::workspace::{Account, Job, account};
use serde_json::json;

pub(super) fn run(common: &Common) -> Result<()> {
    let job = Job::read(&common.workspace, &common.choices())?;
    let prognosis = prognosis(&job)?;
    let rows = scored(&job)?.unwrap_or_default();
    let mut made = account(&job, &prognosis, &job.findings(), &tally(&rows))?;
    finish(&job, "account", std::mem::take(&mut made.files))?;
    let missing = job.config.account.missing();
    talk::print(&if common.json { as_json(&job, &made, &missing) } else { told(&made, &missing) })?;
    refuse(&made.faults)
}

/// An error when the register would not take what is there, so that the exit code is 1. What is yet to be filled in is
/// no fault of a draft.
fn refuse(faults: &[Fault]) -> Result<()> {
    let wrong = faults.iter().filter(|fault| !fault.missing);
    let error = |fault: &Fault| {
        Error::gate(format!("the register would not take {}: it {}", fault.field, fault.what))
            .advice(fault.advice.clone())
    };
    Error::all(wrong.map(error).collect()).map_or(Ok(()), Err)
}

fn as_json(job: &Job, made: &Account, missing: &[Missing]) -> String {
    let keys = |required: bool| -> Vec<&str> {
        let asked = missing.iter().filter(|missing| missing.required == required);
        asked.map(|missing| missing.key).collect()
    };
    let count =
        |standing| made.basis.iter().filter(|criterion| criterion.standing == standing).count();
    let summary = json!({
        "as_of": job.as_of,
        "out": job.out.join("account"),
        "tested": made.tested,
        "missing_required": keys(true),
        "missing": keys(false),
        "faults": made.faults.iter().filter(|fault| !fault.missing).map(|fault| &fault.field).collect::<Vec<_>>(),
        "basis": {
            "holds": count(Standing::Holds),
            "fails": count(Standing::Fails),
            "undeclared": count(Standing::Undeclared),
        },
    });
    format!("{summary}\n")
}

fn told(made: &Account, missing: &[Missing]) -> String {
    let mut text = match missing.len() {
        0 => "Nothing is left to fill in under [account].\n".to_owned(),
        _ => "Still to be filled in under [account] in prognose.toml:\n".to_owned(),
    };
    let line = |missing: &Missing| {
        let asked = if missing.required { " (the register asks for it)" } else { "" };
        format!("  {}{asked}\n", missing.key)
    };
    text.extend(missing.iter().map(line));
    let open = made.basis.iter().filter(|criterion| criterion.standing != Standing::Holds);
    let open: Vec<String> =
        open.map(|criterion| format!("  {} {}\n", criterion.asked, criterion.todo)).collect();
    text += if open.is_empty() {
        "Basis op orde: niets staat in de weg. Een mens beslist.\n"
    } else {
        "Basis op orde: los eerst op:\n"
    };
    text.extend(open);
    text += "Tested: ";
    text += &made.tested.map_or_else(
        || "not yet; run `prognose backtest`, and then this again.\n".to_owned(),
        |month| format!("the model card tells of the backtest as of {month}.\n"),
    );
    text
}
