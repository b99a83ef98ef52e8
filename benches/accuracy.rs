//! How good every model is on collections of monthly series: points, bands and twelve-month totals.
//!
//! `cargo bench --bench accuracy -- FILE… [--out DIR] [--threads N]` takes files with
//! `unique_id,split,t,year,month,y`, fits on the train part and forecasts the test part. With
//! `--out` it writes `<file stem>.forecasts.csv` (`unique_id,method,h,mean,lo80,hi80,lo95,hi95`) and
//! `<file stem>.totals.csv` (`unique_id,method,mean,lo80,hi80,lo95,hi95`, the sum of h 1 … 12 inside
//! the paths). Without a file it takes made-up series.
//!
//! sMAPE = mean of 200·|y−f|/(|y|+|f|). MASE: absolute errors over the in-sample error of the
//! seasonal naive rule. OWA: the mean of both, each relative to Naive2 (naive on seasonally adjusted
//! data, where the autocorrelation at twelve months proves a season). MSIS: the mean interval score
//! over the same scale; of totals over the mean in-sample difference of twelve-month sums a year
//! apart.

mod mode;
mod outside;

use clap::Parser;
use mode::Mode;
use outside::Clock;
use prognose::model::{Calibration, Context, FittedModel, Spec, calibrate, fit, innovations};
use prognose::panel::{Innovations, Series};
use prognose::score::interval_score;
use prognose::units::{Month, Months};
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

#[derive(Parser, Debug)]
struct Asked {
    #[command(flatten)]
    mode: Mode,
    /// Files with the columns `unique_id,split,t,year,month,y`; made-up series without
    files: Vec<PathBuf>,
    /// Where to write the forecasts
    #[arg(long)]
    out: Option<PathBuf>,
    /// How many threads to use; all by default
    #[arg(long)]
    threads: Option<usize>,
    /// Cut the train part to its last months
    #[arg(long)]
    last: Option<usize>,
}

const YEAR: usize = 12;
const DRAWS: usize = 1000;
const SEED: u64 = 1;
/// The months whose errors are drawn, as in the monthly job.
const MEMORY: usize = 60;
/// The probabilities of the bounds: 80 % and 95 %.
const BOUNDS: [f64; 4] = [0.1, 0.9, 0.025, 0.975];

/// One series of a collection.
struct Case {
    id: String,
    train: Series,
    test: Vec<f64>,
}

/// A mean with its bounds, as [`BOUNDS`].
struct Band {
    mean: f64,
    bounds: [f64; 4],
}

/// What a method says of one series.
struct Said {
    months: Vec<Band>,
    total: Band,
}

fn main() {
    let asked = Asked::parse();
    let threads = asked.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    pool.expect("no thread was started before");
    if asked.files.is_empty() {
        let few = if asked.mode.is_quick() { 4 } else { 40 };
        tell("made-up series", &made_up(few), None);
    }
    for file in &asked.files {
        let cases = cut(read(file), asked.last);
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let out = asked.out.as_ref().map(|folder| (folder.as_path(), stem.as_str()));
        tell(&file.display().to_string(), &cases, out);
    }
}

/// Every method on `cases`, its scores printed and its forecasts written.
fn tell(what: &str, cases: &[Case], out: Option<(&Path, &str)>) {
    let kind = Clock::start().kind();
    print(&format!("\n{what}: {} series; speed in {kind}\n{}", cases.len(), Scores::HEAD));
    let naive: Vec<Vec<f64>> = cases.iter().map(naive2).collect();
    let naive = Scores::of(cases, &naive.into_iter().map(Said::point).collect::<Vec<_>>());
    let shared = shared(cases);
    let mut forecasts = String::from("unique_id,method,h,mean,lo80,hi80,lo95,hi95\n");
    let mut totals = String::from("unique_id,method,mean,lo80,hi80,lo95,hi95\n");
    for spec in Spec::all() {
        let clock = Clock::start();
        let said = forecast(cases, &spec, &shared);
        let seconds = clock.seconds();
        print(&Scores::of(cases, &said).row(spec.name(), &naive, cases.len(), seconds));
        for (case, said) in cases.iter().zip(&said) {
            said.write(&case.id, spec.name(), &mut forecasts, &mut totals);
        }
    }
    if let Some((folder, stem)) = out {
        std::fs::create_dir_all(folder).expect("the output folder can be made");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.join(format!("{stem}.{name}.csv")), text)
                .expect("the output folder takes files");
        };
        write("forecasts", &forecasts);
        write("totals", &totals);
    }
}

/// What one method says of every case: fitted on each alone, its bands learned over all.
fn forecast(cases: &[Case], spec: &Spec, shared: &BTreeMap<Past, Innovations>) -> Vec<Said> {
    let fitted: Vec<FittedModel> = cases
        .par_iter()
        .map(|case| fit(spec, &case.train, &Context::default()).expect("a series can be fitted"))
        .collect();
    let calibration = if *spec == Spec::default() {
        let lines: Vec<_> = cases.iter().map(|case| (&case.train, Context::default())).collect();
        calibrate(&lines)
    } else {
        Calibration::default()
    };
    let say = |(at, (case, model)): (usize, (&Case, &FittedModel))| {
        let stream = (at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let context = Context { stream, ..Context::default() }.calibrated(&calibration);
        Said::new(model, case, &shared[&past(case)], &context)
    };
    cases.par_iter().zip(&fitted).enumerate().map(say).collect()
}

/// The past a case draws from, and its months to forecast.
type Past = (Month, Month, usize);

fn past(case: &Case) -> Past {
    let n = case.train.values.len();
    let months = n.saturating_sub(YEAR).clamp(YEAR, MEMORY);
    let end = case.train.end();
    (end - Months::of(months), end, case.test.len().max(YEAR))
}

/// Shared draws per past: series that end together are drawn together.
fn shared(cases: &[Case]) -> BTreeMap<Past, Innovations> {
    let draw = |(first, end, months): Past| innovations(end, months, DRAWS, SEED, first..end);
    let pasts: std::collections::BTreeSet<Past> = cases.iter().map(past).collect();
    pasts.into_iter().map(|past| (past, draw(past))).collect()
}

impl Said {
    fn new(model: &FittedModel, case: &Case, shared: &Innovations, context: &Context) -> Self {
        let paths = model.simulate(shared, context);
        let point = model.mean(paths.ncols(), context);
        let months = point.iter().zip(paths.columns()).take(case.test.len());
        let months = months.map(|(&mean, draws)| Band::new(mean, draws.to_vec())).collect();
        let sums = paths.rows().into_iter().map(|row| row.iter().take(YEAR).sum()).collect();
        Self { months, total: Band::new(point[..YEAR].iter().sum(), sums) }
    }

    /// Points without bands.
    fn point(points: Vec<f64>) -> Self {
        let alone = |mean: f64| Band { mean, bounds: [mean; 4] };
        let total = points.iter().take(YEAR).sum();
        Self { months: points.into_iter().map(alone).collect(), total: alone(total) }
    }

    fn write(&self, id: &str, method: &str, forecasts: &mut String, totals: &mut String) {
        for (h, band) in self.months.iter().enumerate() {
            writeln!(forecasts, "{id},{method},{},{}", h + 1, band.fields()).expect("memory");
        }
        writeln!(totals, "{id},{method},{}", self.total.fields()).expect("memory");
    }
}

impl Band {
    fn new(mean: f64, mut draws: Vec<f64>) -> Self {
        draws.sort_unstable_by(f64::total_cmp);
        Self { mean, bounds: BOUNDS.map(|p| quantile(&draws, p)) }
    }

    fn fields(&self) -> String {
        let [lo80, hi80, lo95, hi95] = self.bounds;
        format!("{},{lo80},{hi80},{lo95},{hi95}", self.mean)
    }

    /// Whether the 80 % and the 95 % band hold `y`, and their interval scores.
    fn score(&self, y: f64) -> [f64; 4] {
        let [lo80, hi80, lo95, hi95] = self.bounds;
        let holds = |low: f64, high: f64| f64::from(u8::from(low <= y && y <= high));
        let score80 = interval_score(y, 0.2, lo80, hi80);
        let score95 = interval_score(y, 0.05, lo95, hi95);
        [holds(lo80, hi80), holds(lo95, hi95), score80, score95]
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place among the draws"
)]
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let place = p * (sorted.len() - 1) as f64;
    let at = place as usize;
    let next = sorted[(at + 1).min(sorted.len() - 1)];
    sorted[at] + (place - at as f64) * (next - sorted[at])
}

/// Means over the series of a collection.
struct Scores {
    smape: f64,
    mase: f64,
    /// Coverage at 80 and 95 %, MSIS at 80 and 95 %.
    bands: [f64; 4],
    total_error: f64,
    total_bands: [f64; 4],
}

impl Scores {
    const HEAD: &str = "\
method               sMAPE   MASE    OWA   cov80  cov95  MSIS80  MSIS95 | total %  cov80  cov95  MSIS80  MSIS95 | series per s\n";

    /// Series whose history or future says nothing (no change over a year, less than a year of
    /// test) are left out of the figures that need it.
    fn of(cases: &[Case], said: &[Said]) -> Self {
        let pairs = || cases.iter().zip(said);
        let of_months = pairs().filter_map(|(case, said)| month_scores(case, said));
        let [smape, mase, bands @ ..] = mean_of(of_months.collect());
        let of_totals = pairs().filter_map(|(case, said)| total_scores(case, said));
        let [total_error, total_bands @ ..] = mean_of(of_totals.collect());
        Self { smape, mase, bands, total_error, total_bands }
    }

    #[expect(clippy::cast_precision_loss, reason = "thousands of series")]
    fn row(&self, method: &str, naive: &Self, series: usize, seconds: f64) -> String {
        let owa = f64::midpoint(self.smape / naive.smape, self.mase / naive.mase);
        let bands = |[hit80, hit95, score80, score95]: [f64; 4]| {
            format!("{hit80:>8.3}{hit95:>7.3}{score80:>8.3}{score95:>8.3}")
        };
        let Self { smape, mase, total_error, .. } = self;
        let (months, totals) = (bands(self.bands), bands(self.total_bands));
        let speed = series as f64 / seconds.max(0.01);
        format!(
            "{method:<20}{smape:>6.3}{mase:>7.3}{owa:>7.4}{months} |{total_error:>8.3}{totals} |{speed:>10.0}\n"
        )
    }
}

/// sMAPE, MASE, coverage and MSIS of one series; `None` where the seasonal naive rule is never wrong.
fn month_scores(case: &Case, said: &Said) -> Option<[f64; 6]> {
    let scale = mean_change(&case.train.values);
    let of_month = |(band, &y): (&Band, &f64)| {
        let size = y.abs() + band.mean.abs();
        let smape = if size > 0.0 { 200.0 * (y - band.mean).abs() / size } else { 0.0 };
        let [hit80, hit95, score80, score95] = band.score(y);
        [smape, (y - band.mean).abs() / scale, hit80, hit95, score80 / scale, score95 / scale]
    };
    (scale > 0.0).then(|| mean_of(said.months.iter().zip(&case.test).map(of_month).collect()))
}

/// The absolute error in %, coverage and MSIS of the sum of the first twelve months.
fn total_scores(case: &Case, said: &Said) -> Option<[f64; 5]> {
    let sums: Vec<f64> = case.train.values.windows(YEAR).map(|year| year.iter().sum()).collect();
    let scale = mean_change(&sums);
    let outcome: f64 = case.test.get(..YEAR)?.iter().sum();
    let [hit80, hit95, score80, score95] = said.total.score(outcome);
    let error = 100.0 * (said.total.mean - outcome).abs() / outcome.abs();
    (scale > 0.0 && outcome != 0.0).then_some([
        error,
        hit80,
        hit95,
        score80 / scale,
        score95 / scale,
    ])
}

/// The mean absolute change over a year.
#[expect(clippy::cast_precision_loss, reason = "hundreds of months")]
fn mean_change(values: &[f64]) -> f64 {
    let changes = values.iter().skip(YEAR).zip(values).map(|(now, then)| (now - then).abs());
    changes.sum::<f64>() / values.len().saturating_sub(YEAR).max(1) as f64
}

#[expect(clippy::cast_precision_loss, reason = "thousands of series")]
fn mean_of<const K: usize>(rows: Vec<[f64; K]>) -> [f64; K] {
    let count = rows.len().max(1) as f64;
    let add = |sums: [f64; K], row: [f64; K]| std::array::from_fn(|k| sums[k] + row[k]);
    rows.into_iter().fold([0.0; K], add).map(|sum| sum / count)
}

/// Naive2: the last value, seasonally adjusted and put back.
fn naive2(case: &Case) -> Vec<f64> {
    let y = &case.train.values;
    let n = y.len();
    let season = if is_seasonal(y) { multiplicative_indices(y) } else { [1.0; YEAR] };
    let level = y.last().map_or(0.0, |last| last / season[(n - 1) % YEAR]);
    (0..case.test.len().max(YEAR)).map(|h| level * season[(n + h) % YEAR]).collect()
}

/// Whether `|acf₁₂| > 1.645·√((1 + 2Σ_{k<12} acf_k²)/n)`, on three years or more.
#[expect(clippy::cast_precision_loss, reason = "hundreds of months")]
fn is_seasonal(y: &[f64]) -> bool {
    let mean = y.iter().sum::<f64>() / y.len().max(1) as f64;
    let product = |k: usize| -> f64 {
        y.iter().skip(k).zip(y).map(|(now, then)| (now - mean) * (then - mean)).sum()
    };
    let acf = |k: usize| product(k) / product(0);
    let limit = 1.0 + 2.0 * (1..YEAR).map(|k| acf(k).powi(2)).sum::<f64>();
    y.len() >= 3 * YEAR && acf(YEAR).abs() > 1.645 * (limit / y.len() as f64).sqrt()
}

/// Classical multiplicative indices by place in the year of the series.
#[expect(clippy::cast_precision_loss, reason = "hundreds of months")]
fn multiplicative_indices(y: &[f64]) -> [f64; YEAR] {
    let mut ratios: [Vec<f64>; YEAR] = Default::default();
    for (t, window) in y.windows(YEAR + 1).enumerate() {
        let ends = f64::midpoint(window[0], window[YEAR]);
        let average = (window[1..YEAR].iter().sum::<f64>() + ends) / YEAR as f64;
        ratios[(t + YEAR / 2) % YEAR].push(window[YEAR / 2] / average);
    }
    let means = ratios.map(|ratios| ratios.iter().sum::<f64>() / ratios.len().max(1) as f64);
    let level = means.iter().sum::<f64>() / YEAR as f64;
    means.map(|mean| mean / level)
}

/// A row of a benchmark file.
#[derive(Deserialize)]
struct Row {
    unique_id: String,
    split: String,
    year: i32,
    month: u32,
    y: f64,
}

fn read(file: &Path) -> Vec<Case> {
    let mut reader = csv::Reader::from_path(file).expect("the file named can be read");
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    for row in reader.deserialize() {
        let Row { unique_id, split, year, month, y } =
            row.expect("the file has the columns unique_id, split, year, month and y");
        let first = Month::new(year, month).unwrap_or(Month::january(2000));
        let case = cases.entry(unique_id).or_insert_with_key(|id| Case {
            id: id.clone(),
            train: Series::settled(first, Vec::new()),
            test: Vec::new(),
        });
        if split == "train" { case.train.values.push(y) } else { case.test.push(y) }
    }
    cases.into_values().collect()
}

/// The last months of each train part.
fn cut(cases: Vec<Case>, last: Option<usize>) -> Vec<Case> {
    let Some(last) = last else { return cases };
    let shorten = |mut case: Case| {
        let skip = case.train.values.len().saturating_sub(last);
        let values = case.train.values.split_off(skip);
        case.train = Series::settled(case.train.start + Months::of(skip), values);
        case
    };
    cases.into_iter().map(shorten).collect()
}

/// Made-up series of 40 to 120 months, with a year and a half to forecast.
fn made_up(count: u32) -> Vec<Case> {
    let value = |seed: u32, t: u32| {
        let (at, kind) = (f64::from(t), f64::from(seed % 7));
        let season = (at / 12.0 * std::f64::consts::TAU + kind).sin();
        let noise = f64::from((t * 37 + seed * 101) % 61) - 30.0;
        1000.0 + kind * at + 10.0 * kind * season * at.sqrt() + (1.0 + kind) * noise
    };
    let case = |seed: u32| {
        let months = 40 + seed * 13 % 81;
        let all: Vec<f64> = (0..months + 18).map(|t| value(seed, t)).collect();
        let (train, test) = all.split_at(months as usize);
        let train = Series::settled(Month::january(2015), train.to_vec());
        Case { id: format!("reeks {seed}"), train, test: test.to_vec() }
    };
    (1..=count).map(case).collect()
}

/// Writes a result to stdout.
fn print(text: &str) {
    std::io::stdout().write_all(text.as_bytes()).expect("stdout can be written to");
}
