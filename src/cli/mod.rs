//! The commands: parse, call, exit code. Results go to stdout, talk and progress to stderr.

mod account;
mod all;
mod archive;
mod backtest;
mod check;
mod drift;
mod explain;
mod forecast;
mod init;
mod note;
mod proposed;
mod report;
mod run;
mod score;
mod shell;
mod stop;
mod summary;
mod synth;
mod talk;
mod train;
mod worker;

use crate::error::{Error, Result};
use crate::units::Month;
use crate::workspace::{Choices, Job, Output, made_at, manifest, write_all};
use clap::{Args, Parser, Subcommand};
use std::any::Any;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Prognoses with honest bands for municipal Wmo and Jeugd spending, from financial series only.
#[derive(Parser, Debug)]
#[command(version = VERSION, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// The version and, when built from a Git work tree, the commit and its day.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), env!("PROGNOSE_COMMIT"));

const EXAMPLES: &str = "\
Examples:
  prognose init demo --demo                 a made-up municipality to play with
  prognose init hengelo --from export.csv   look at a file and propose how to read it
  prognose run demo                         the monthly job: checks, models, prognosis and report
  prognose run demo --as-of 2026-06         the same with what was known at the end of June 2026
  prognose explain Wmo/6.711 demo           how is this number made?
  prognose backtest demo                    what would the models have said in earlier years?

A workspace is a folder with prognose.toml; it says where the ledger, the line table and the budget are.
Exit codes: 0 fine; 1 a denied finding, personal data or a failed gate; 2 could not run.";

#[derive(Subcommand, Debug)]
enum Command {
    /// Make a workspace: one to fill in, the demo, or one proposed from your files
    ///
    /// Without --from: fill in prognose.toml and indeling.csv, put the ledger in grootboek/, and run `prognose check`.
    Init(init::Init),
    /// Read everything, account for every cent and list what is odd
    Check(Common),
    /// Fit the models and keep them in state/models
    Train(train::Train),
    /// Forecast the months and the year totals; trains when there is no usable saved model
    Forecast(archive::Making),
    /// Replay earlier years: what would each model have said, and what came true?
    Backtest(backtest::Backtest),
    /// Set the forecasts that were kept beside what came true
    Score(Common),
    /// List the forecasts that were kept, and check that none was changed or lost
    Archive(archive::Archive),
    /// Has the world changed under the model? Every test, flagged or not
    Drift(Common),
    /// How is one number made? From postings to total
    Explain(explain::Explain),
    /// Say what lies behind the figures: ask, explain, decide, act, answer
    Note(note::Remark),
    /// Write the account of the algorithm: model card, register entry, dossier, go or no go
    Account(Common),
    /// Write the report of a run
    Report(report::Report),
    /// The monthly job: check, train, forecast and report
    Run(run::Run),
    /// Make made-up municipalities with known truth
    Synth(synth::Synth),
    /// Postings in, outlook out, as Arrow IPC streams: for clusters
    ///
    /// Reads postings of many municipalities from stdin and writes their outlook rows to stdout, both as Arrow IPC
    /// streams, and keeps nothing: what a cluster starts on each of its machines. The guide (page "country") names the
    /// columns and drives it from Apache Spark. A municipality that fails is a row and no exit code.
    Worker(worker::Worker),
    /// Print what a shell needs to complete commands and options
    ///
    /// What it prints goes into a file that the shell reads.
    Completions(shell::Completions),
    /// Write the manual pages
    ///
    /// One page for the program and one for each command: prognose.1, prognose-run.1 and so on.
    Man(shell::Manual),
}

/// What all commands on a workspace take.
#[derive(Args, Debug)]
struct Common {
    /// The folder that holds prognose.toml
    #[arg(default_value = ".")]
    workspace: PathBuf,
    /// Use only what was booked by the end of this month, as in 2026-10 [default: the last booked month]
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    as_of: Option<Month>,
    /// Write here [default: WORKSPACE/out/<as-of>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Seed of the draws: the same seed gives the same bytes [default: the one in prognose.toml]
    #[arg(long)]
    seed: Option<u64>,
    /// Give the summary as JSON
    #[arg(long)]
    json: bool,
}

impl Common {
    fn choices(&self) -> Choices {
        Choices { as_of: self.as_of, out: self.out.clone(), seed: self.seed }
    }
}

fn month(text: &str) -> std::result::Result<Month, String> {
    text.parse()
}

/// Runs the program on the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    // A panic is a mistake of ours: no stack of frames helps the user, but the place helps us.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        places().insert(said(panic.payload()), place);
    }));
    stop::between_files_only();
    match guarded(|| dispatch(Cli::parse().command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            talk::say(&format!("error: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

/// What `work` gives; a panic in it becomes an error.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    std::panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let what = said(&*panic);
        let place = places().get(&what).map(|place| format!(" ({place})")).unwrap_or_default();
        let what = format!("a mistake in prognose itself, not in your data: {what}{place}");
        Err(Error::input(what).advice("report this line with the command you gave"))
    })
}

/// The words of a panic.
fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref().cloned()).unwrap_or_default()
}

/// Where panics came from, by their words: only the hook knows the place, and other threads may panic before it is
/// told. A panic that a room caught is no mistake and is never told.
fn places() -> MutexGuard<'static, BTreeMap<String, String>> {
    static PLACES: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
    PLACES.lock().unwrap_or_else(PoisonError::into_inner)
}

fn dispatch(command: Command) -> Result<()> {
    match command {
        Command::Init(init) => init.run(),
        Command::Check(common) => check::run(&common),
        Command::Train(train) => train.run(),
        Command::Forecast(making) => forecast::run(&making),
        Command::Backtest(backtest) => backtest.run(),
        Command::Score(common) => score::run(&common),
        Command::Account(common) => account::run(&common),
        Command::Archive(archive) => archive.run(),
        Command::Drift(common) => drift::run(&common),
        Command::Explain(explain) => explain.run(),
        Command::Report(report) => report.run(),
        Command::Note(remark) => remark.run(),
        Command::Run(asked) => run::run(&asked),
        Command::Synth(synth) => synth.run(),
        Command::Worker(worker) => worker.run(),
        Command::Completions(completions) => completions.run(),
        Command::Man(manual) => manual.run(),
    }
}

/// Writes the files of a command with the manifest beside them, and says where.
fn finish(job: &Job, command: &str, mut files: Vec<Output>) -> Result<()> {
    files.push(manifest(job, command, &files, &made_at()?)?);
    write_all(&job.out, &files)?;
    for (name, _) in &files {
        talk::say(&format!("written: {}", job.out.join(name).display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_panic_is_told_with_its_own_words() {
        let told = |work: fn() -> Result<()>| guarded(work).unwrap_err().to_string();
        assert!(told(|| panic!("geen regels")).contains("your data: geen regels"));
        assert!(told(|| panic!("regel {}", 7)).contains("your data: regel 7"));
    }
}
