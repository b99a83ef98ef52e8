//! The steps of the monthly job at the size of a municipality: half a million rows in the ledger,
//! 64 lines, ten years of months, 2,000 draws.
//!
//! `cargo bench --bench municipality` measures; `cargo test --release --benches` and
//! `cargo bench -- --test` take every step once, on the demo as it stands.

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use ndarray::Array2;
use prognose::forecast::simulate;
use prognose::ledger::Ledger;
use prognose::model::{Spec, fit_all};
use prognose::nowcast::{SigmaRule, chain_ladder, links};
use prognose::outlook::outlook;
use prognose::panel::RunOff;
use prognose::synth;
use prognose::units::{Month, Months};
use prognose::workspace::{
    Choices, Job, Output, check_files, forecast_files, report_files, write_all,
};
use std::hint::black_box;
use std::path::Path;

/// Rows per booking of the demo: 526,000 in all.
const ROWS: usize = 16;

fn main() {
    let folder = tempfile::tempdir().expect("the system gives a temporary folder");
    let town = synth::demo(synth::SEED).with_rows(if is_measuring() { ROWS } else { 1 });
    write_all(folder.path(), &synth::files(&town)).expect("a new folder takes files");
    let job = read(folder.path());

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("municipality");
    group.sample_size(10);
    ledger(&mut group, &job);
    fits(&mut group, &job);
    paths(&mut group, &job);
    run_offs(&mut group);
    whole_run(&mut group, folder.path());
    group.finish();
    criterion.final_summary();
}

/// Whether times are asked for: only `cargo bench` says `--bench`, and `--test` takes that back.
fn is_measuring() -> bool {
    let told = |flag: &str| std::env::args().any(|argument| argument == flag);
    told("--bench") && !told("--test")
}

fn read(folder: &Path) -> Job {
    Job::read(folder, &Choices::default()).expect("a made-up municipality can be read")
}

/// From files to the panel, and what is odd about them.
fn ledger(group: &mut BenchmarkGroup<WallTime>, job: &Job) {
    let rows = job.ledger.postings.len();
    group.throughput(Throughput::Elements(rows.try_into().expect("a ledger fits in memory")));
    group.bench_function("ledger read", |bench| {
        bench.iter(|| Ledger::read(&job.files, &job.config.ledger).expect("it was read before"));
    });
    group.bench_function("panel", |bench| bench.iter(|| job.books().as_of(job.as_of)));
    group.bench_function("checks", |bench| bench.iter(|| job.findings()));
}

/// Every model on all lines.
fn fits(group: &mut BenchmarkGroup<WallTime>, job: &Job) {
    group.throughput(lines(job));
    for spec in Spec::all() {
        group.bench_function(format!("fit {}", spec.name()), |bench| {
            bench.iter(|| fit_all(&job.panel, &spec, &job.events).expect("the demo can be fitted"));
        });
    }
}

/// From fitted models to joint paths, and from paths to year totals.
fn paths(group: &mut BenchmarkGroup<WallTime>, job: &Job) {
    let ahead = job.config.forecast.years_ahead;
    let last = Month::december(job.as_of.year() + ahead);
    let models =
        fit_all(&job.panel, &Spec::default(), &job.events).expect("the demo can be fitted");
    let draw = || {
        simulate(&job.panel, &models, None, &job.events, &[], last, job.draws)
            .expect("fitted models can be simulated")
    };
    let forecast = draw();
    let budgets = job.known.budgets_as_of(job.as_of);
    let bridges = &job.config.ledger.lines.bridges;
    group.throughput(lines(job));
    group.bench_function("simulate", |bench| bench.iter(draw));
    group.bench_function("outlook", |bench| {
        bench.iter(|| outlook(&job.panel, &forecast, bridges, &budgets, &[], black_box(ahead)));
    });
}

/// The chain ladder with its errors on 60 lines of 120 months and 36 ages.
fn run_offs(group: &mut BenchmarkGroup<WallTime>) {
    let lines: Vec<RunOff> = (1..=60).map(run_off).collect();
    group.throughput(Throughput::Elements(60));
    group.bench_function("chain ladder", |bench| {
        bench.iter(|| lines.iter().map(complete).sum::<f64>());
    });
}

fn complete(run_off: &RunOff) -> f64 {
    let links = links(run_off, None, SigmaRule::LogLinear);
    chain_ladder(run_off, &links).total.standard_error
}

/// Bookings that halve with age, a little uneven.
fn run_off(seed: u32) -> RunOff {
    let start = Month::january(2016);
    let uneven = |row: u32, age: u32| f64::from((seed * 31 + row * 17 + age * 7) % 29);
    let mut cumulative = Array2::zeros((120, 36));
    for (mut cells, row) in cumulative.rows_mut().into_iter().zip(0..) {
        let (mut booked, mut share) = (0.0, 1.0);
        for (cell, age) in cells.iter_mut().zip(0..) {
            booked += (1000.0 + uneven(row, age)) * share;
            share /= 2.0;
            *cell = booked;
        }
    }
    RunOff { start, cumulative, as_of: start + Months(119) }
}

fn lines(job: &Job) -> Throughput {
    Throughput::Elements(job.panel.series.len().try_into().expect("a municipality has few lines"))
}

/// `prognose run`, but for writing the files.
fn whole_run(group: &mut BenchmarkGroup<WallTime>, folder: &Path) {
    group.throughput(Throughput::Elements(1));
    group.bench_function("run", |bench| bench.iter(|| run(folder)));
}

fn run(folder: &Path) -> Vec<Output> {
    let job = read(folder);
    let findings = job.findings();
    let saved = job.train().expect("the demo can be fitted");
    let drifted = job.drifted(&|_| ()).expect("the demo can be fitted");
    let prognosis = job.prognosis(&saved, drifted).expect("fresh models can be used");
    let mut files = check_files(&findings).expect("findings fit in a Parquet file");
    files.extend(forecast_files(&job, &prognosis).expect("months fit in a Parquet file"));
    files.extend(report_files(&job, &prognosis, &findings).expect("the demo can be fitted"));
    files
}
