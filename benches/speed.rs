//! How many series a CPU second, beside what a user would otherwise take: statsforecast, in one
//! run, on the same series, one thread each.
//!
//! `cargo bench --bench speed` takes made-up lines; `-- FILE…` takes the train part of files with
//! `unique_id,split,t,year,month,y`. Python is `python3`, or what `PROGNOSE_PYTHON` names; without
//! it or without statsforecast only our own figures are given. `-- --quick`, `-- --test` and `cargo
//! test --benches` try a handful of lines, without Python.

mod mode;
mod outside;

use clap::Parser;
use mode::Mode;
use outside::Clock;
use prognose::forecast::{Draws, simulate};
use prognose::model::{EtsSpec, Spec, fit_all};
use prognose::panel::{Booked, Late, Panel, Series};
use prognose::synth;
use prognose::units::{Cents, LineId, Month, Months, Side, Wet};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Parser, Debug)]
struct Asked {
    #[command(flatten)]
    mode: Mode,
    /// Benchmark files to take the series from, instead of made-up lines
    files: Vec<PathBuf>,
}

/// The months that are forecast.
const HORIZON: Months = Months(12);
/// A method is tried again until it has taken so many CPU seconds.
const LEAST_SECONDS: f64 = 2.0;
/// The number of made-up lines.
const SERIES: usize = 60;
/// The script that measures the other side.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/speed.py");
/// The seed of the made-up lines.
const SEED: u64 = 30_511;

/// Euros per month of every series, by name.
type AllSeries = BTreeMap<String, Vec<f64>>;

/// How long one pass over all series took.
struct Timed {
    method: String,
    seconds: f64,
}

fn main() {
    let asked = Asked::parse();
    one_thread();
    if asked.mode.is_quick() {
        let few: AllSeries = made_up().into_iter().take(5).collect();
        print(&format!("{} series: {} methods tried\n", few.len(), ours(&few, 0.0).len()));
        return;
    }
    if asked.files.is_empty() {
        tell("made-up lines", &made_up());
    }
    for file in &asked.files {
        tell(&file.display().to_string(), &train_part(file));
    }
}

/// All work of ours happens on this thread.
fn one_thread() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    pool.build_global().expect("no thread was started before");
}

/// Lines of two towns, the youngest 60 to 120 months of each.
fn made_up() -> AllSeries {
    let last: Month = "2026-10".parse().expect("a month");
    let until = move |(line, series): (LineId, Series)| (line, series.before(last).values);
    let of_town = |number: u32| {
        let lines = synth::municipality(number, SEED).truth().into_iter().map(until);
        lines.map(move |(line, values)| (format!("{number} {line}"), values))
    };
    let long = (1..=2).flat_map(of_town).filter(|(_, values)| values.len() >= 60);
    let youngest = |(at, (name, mut values)): (usize, (String, Vec<f64>))| {
        let months = (60 + at * 7 % 61).min(values.len());
        (name, values.split_off(values.len() - months))
    };
    long.take(SERIES).enumerate().map(youngest).collect()
}

/// A row of a benchmark file.
#[derive(Deserialize)]
struct Row {
    unique_id: String,
    split: String,
    y: f64,
}

fn train_part(file: &Path) -> AllSeries {
    let mut reader = csv::Reader::from_path(file).expect("the file named can be read");
    let mut all = AllSeries::new();
    for row in reader.deserialize() {
        let row: Row = row.expect("the file has the columns unique_id, split and y");
        if row.split == "train" {
            all.entry(row.unique_id).or_default().push(row.y);
        }
    }
    all
}

/// Both sides on the same series.
fn tell(what: &str, all: &AllSeries) {
    let months = || all.values().map(Vec::len);
    let (least, most) = (months().min().unwrap_or(0), months().max().unwrap_or(0));
    print(&format!(
        "\n{what}: {} series of {least} to {most} months, {} ahead, one thread, {}\n\n",
        all.len(),
        HORIZON.0,
        Clock::start().kind()
    ));
    let ours = ours(all, LEAST_SECONDS);
    print(&table(&ours, all.len()));
    match theirs(all) {
        Ok(theirs) => {
            print(&table(&theirs, all.len()));
            print(&ratios(&ours, &theirs));
        }
        Err(why) => print(&format!("SKIPPED: statsforecast was not measured: {why}\n")),
    }
}

/// Our models: the fit, and the fit with paths for bands.
fn ours(all: &AllSeries, least: f64) -> Vec<Timed> {
    let panel = panel(all);
    let mut timed = Vec::new();
    for spec in [Spec::Ets(EtsSpec::default()), Spec::default()] {
        let fit = || fit_all(&panel, &spec, &[]).expect("the series can be fitted");
        let until = panel.as_of + HORIZON;
        let draws = Draws { count: 2000, seed: 1 };
        let paths = || {
            simulate(&panel, &fit(), None, &[], &[], until, draws)
                .expect("fitted models can be simulated")
        };
        let name = spec.name();
        timed.push(Timed { method: format!("{name}, fit"), seconds: seconds(fit, least) });
        let method = format!("{name}, fit and 2,000 paths");
        timed.push(Timed { method, seconds: seconds(paths, least) });
    }
    timed
}

/// CPU seconds of one call of `work`, after one that does not count.
fn seconds<T>(work: impl Fn() -> T, least: f64) -> f64 {
    black_box(work());
    let clock = Clock::start();
    let mut calls = 0.0;
    loop {
        black_box(work());
        calls += 1.0;
        let passed = clock.seconds();
        if passed >= least {
            return passed / calls;
        }
    }
}

/// The series side by side, all ending in the same month: what month that is does not matter to the
/// speed.
fn panel(all: &AllSeries) -> Panel {
    let as_of = Month::december(2025);
    let mut panel = Panel {
        as_of,
        series: BTreeMap::new(),
        booked: BTreeMap::new(),
        ended: BTreeMap::new(),
        late: Late::default(),
        indices: BTreeMap::new(),
    };
    for (name, values) in all {
        let line = LineId {
            wet: Wet::Gezamenlijk,
            taakveld: String::new(),
            product: name.clone(),
            side: Side::Lasten,
        };
        let start = as_of + Months(1) - Months::of(values.len());
        let cents = values.iter().map(|&euros| Cents::from_euros(euros)).collect();
        panel.booked.insert(line.clone(), Booked { start, cents });
        panel.series.insert(line, Series::settled(start, values.clone()));
    }
    panel
}

/// What statsforecast takes, or why that is not known.
fn theirs(all: &AllSeries) -> Result<Vec<Timed>, String> {
    let mut file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    file.write_all(as_csv(all).as_bytes()).map_err(|error| error.to_string())?;
    let python = python();
    let ran = Command::new(&python)
        .arg(SCRIPT)
        .arg(file.path())
        .envs(["OMP_NUM_THREADS", "NUMBA_NUM_THREADS"].map(|name| (name, "1")))
        .output()
        .map_err(|error| format!("{python}: {error}"))?;
    if !ran.status.success() {
        let told = String::from_utf8_lossy(&ran.stderr);
        return Err(format!("{python}: {}", told.lines().last().unwrap_or("no word")));
    }
    String::from_utf8_lossy(&ran.stdout).lines().map(measured).collect()
}

fn as_csv(all: &AllSeries) -> String {
    let rows = all.values().enumerate().flat_map(|(at, values)| {
        values.iter().enumerate().map(move |(t, value)| format!("{at},{t},{value}\n"))
    });
    std::iter::once("unique_id,t,y\n".to_owned()).chain(rows).collect()
}

/// A line of the script: method, series, seconds.
fn measured(line: &str) -> Result<Timed, String> {
    let mut parts = line.split(',');
    let method = parts.next().unwrap_or_default().to_owned();
    let seconds = parts.nth(1).and_then(|seconds| seconds.parse().ok());
    Ok(Timed { method, seconds: seconds.ok_or_else(|| format!("it said {line:?}"))? })
}

#[expect(clippy::cast_precision_loss, reason = "thousands of series at most")]
fn table(timed: &[Timed], series: usize) -> String {
    let row = |timed: &Timed| {
        format!("{:<44}{:>10.1} series a second\n", timed.method, series as f64 / timed.seconds)
    };
    timed.iter().map(row).collect()
}

/// How many times faster each of ours is than each of theirs.
fn ratios(ours: &[Timed], theirs: &[Timed]) -> String {
    let pairs = ours.iter().flat_map(|our| theirs.iter().map(move |their| (our, their)));
    let row = |(our, their): (&Timed, &Timed)| {
        let ratio = their.seconds / our.seconds;
        format!("{:<30} ÷ {:<44}{ratio:>8.2}\n", our.method, their.method)
    };
    std::iter::once("\nOur speed ÷ theirs:\n".to_owned()).chain(pairs.map(row)).collect()
}

/// Writes a result to stdout.
fn print(text: &str) {
    std::io::stdout().write_all(text.as_bytes()).expect("stdout can be written to");
}

/// The Python to use.
#[expect(clippy::disallowed_methods, reason = "a bench is told its Python")]
fn python() -> String {
    std::env::var("PROGNOSE_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}
