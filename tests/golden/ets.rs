//! `ets` against R's `forecast` and statsforecast.

use ndarray::Axis;
use prognose::model::{
    Context, ErrorKind, EtsSpec, FittedModel, Season, Spec, Trend, fit, innovations,
};
use prognose::panel::{Innovations, Series};
use prognose::units::{Month, Months};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Our `AICc` may be higher than another program's by so much: the tolerance of our search.
const WORSE_AICC: f64 = 0.01;
/// Fits whose `AICc` differ less are the same fit, and then:
const SAME_AICC: f64 = 0.05;
/// points differ by less than this share of the one-step deviation,
const SAME_POINT: f64 = 0.1;
/// and the one-step deviations by less than this share.
const SAME_SIGMA: f64 = 0.001;
/// Where the `AICc` differ even less the parameters are the same too,
const IDENTIFIED_AICC: f64 = 0.001;
/// up to this.
const SAME_PARAMETER: f64 = 0.02;
/// The widths of drawn and computed intervals differ by less than this share.
const SAME_WIDTH: f64 = 0.08;

/// Series without a trend that a form leaves in its errors: we take the mean of the errors out of
/// the draws, R does not out of its intervals.
const WIDTHS: [&str; 9] = [
    "level",
    "walk",
    "saturating",
    "season_level",
    "season_trend",
    "steps",
    "shift",
    "millions",
    "negative",
];

/// What another program found for one series and one form.
struct Expected {
    series: String,
    asked: String,
    form: String,
    aicc: f64,
    likelihood: f64,
    sigma: f64,
    /// α, β, γ and φ, where the form has them.
    parameters: Vec<Option<f64>>,
    points: Vec<f64>,
}

impl Expected {
    fn of(record: &csv::StringRecord) -> Self {
        Self {
            series: record[0].to_owned(),
            asked: record[1].to_owned(),
            form: record[2].to_owned(),
            aicc: record[3].parse().unwrap(),
            likelihood: record[4].parse().unwrap(),
            sigma: record[5].parse().unwrap(),
            parameters: record.iter().skip(6).take(4).map(|field| field.parse().ok()).collect(),
            points: numbers(record, 10),
        }
    }
}

fn records(file: &str) -> Vec<csv::StringRecord> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/ets").join(file);
    let text = fs::read_to_string(path).unwrap();
    csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
}

fn series() -> BTreeMap<String, Series> {
    let mut all: BTreeMap<String, Series> = BTreeMap::new();
    for record in records("series.csv") {
        let empty = || Series::settled(Month::january(2010), Vec::new());
        let series = all.entry(record[0].to_owned()).or_insert_with(empty);
        series.values.push(record[2].parse().unwrap());
    }
    all
}

fn numbers(record: &csv::StringRecord, from: usize) -> Vec<f64> {
    record.iter().skip(from).map(|field| field.parse().unwrap()).collect()
}

/// What R found for the forms asked for one by one, or by its own choice.
fn from_r(automatic: bool) -> Vec<Expected> {
    let all = records("expected_r.csv").iter().map(Expected::of).collect::<Vec<_>>();
    all.into_iter().filter(|expected| (expected.asked == "auto") == automatic).collect()
}

/// The options that leave one form: letters such as `MAdN`.
fn spec(form: &str) -> EtsSpec {
    let (errors, rest) = form.split_at(1);
    let (trend, season) = rest.split_at(rest.len() - 1);
    let errors = if errors == "M" { ErrorKind::Multiplicative } else { ErrorKind::Additive };
    let trend = match trend {
        "Ad" => Trend::Damped,
        "A" => Trend::Additive,
        _ => Trend::None,
    };
    let season = match season {
        "A" => Season::Additive,
        "M" => Season::Multiplicative,
        _ => Season::None,
    };
    EtsSpec { errors: vec![errors], trends: vec![trend], seasons: vec![season] }
}

fn fitted(spec: EtsSpec, series: &Series) -> FittedModel {
    fit(&Spec::Ets(spec), series, &Context::default()).unwrap()
}

fn letters(form: &str) -> String {
    form.trim_start_matches("ETS").chars().filter(char::is_ascii_alphabetic).collect()
}

/// The largest difference between points in one-step deviations; ours stop at zero for a line that
/// never was below, and with multiplicative errors a deviation is a share of the point.
fn apart(ours: &[f64], expected: &Expected, series: &Series) -> f64 {
    let lowest = if series.values.iter().all(|&y| y >= 0.0) { 0.0 } else { f64::MIN };
    let relative = expected.form.starts_with('M');
    let deviation = |point: f64| expected.sigma * if relative { point.abs() } else { 1.0 };
    let differences = ours
        .iter()
        .zip(&expected.points)
        .map(|(a, b)| (a - b.max(lowest)).abs() / deviation(b.max(lowest)));
    differences.fold(0.0, f64::max)
}

/// The largest difference between parameters that both have.
fn parameters_apart(model: &FittedModel, expected: &Expected) -> f64 {
    let found = model.as_ets().unwrap().smoothing();
    let ours = [found.alpha, found.beta, found.gamma, found.phi];
    let both = ours.iter().zip(&expected.parameters);
    both.filter_map(|(a, b)| b.map(|b| (a - b).abs())).fold(0.0, f64::max)
}

#[test]
fn ets_is_at_least_as_likely_as_in_r() {
    let all = series();
    let (mut same, mut identified) = (0, 0);
    for expected in from_r(false) {
        let series = &all[&expected.series];
        let model = fitted(spec(&expected.asked), series);
        let ets = model.as_ets().unwrap();
        let what = format!("{} {}", expected.series, expected.asked);
        let higher = ets.aicc() - expected.aicc;
        assert!(higher < WORSE_AICC, "{what}: AICc {}, R {}", ets.aicc(), expected.aicc);
        assert_eq!(letters(&ets.form()), expected.asked, "{what}");
        if higher.abs() < SAME_AICC {
            same += 1;
            let points = apart(&model.mean(18, &Context::default()), &expected, series);
            assert!(points < SAME_POINT, "{what}: points {points} deviations apart");
            assert!((ets.sigma() / expected.sigma - 1.0).abs() < SAME_SIGMA, "{what}: sigma");
            let likelihood = ets.log_likelihood() - expected.likelihood;
            assert!(likelihood.abs() < SAME_AICC, "{what}: log-likelihood");
        }
        if higher.abs() < IDENTIFIED_AICC {
            identified += 1;
            let parameters = parameters_apart(&model, &expected);
            assert!(parameters < SAME_PARAMETER, "{what}: parameters {parameters} apart");
        }
    }
    assert!(same >= 60 && identified >= 50, "only {same} and {identified} fits are the same");
}

/// statsforecast allows β > α and γ > 1 − α, which R and we do not: such fits are not compared.
#[test]
fn ets_is_at_least_as_likely_as_in_statsforecast() {
    let all = series();
    let mut compared = 0;
    for record in records("expected_statsforecast.csv") {
        let (name, asked) = (&record[0], &record[1]);
        let [theirs, alpha, beta, gamma] = numbers(&record, 2).try_into().unwrap();
        let ours = fitted(spec(asked), &all[name]).as_ets().unwrap().aicc();
        if beta <= alpha && gamma <= 1.0 - alpha {
            compared += 1;
            assert!(ours < theirs + WORSE_AICC, "{name} {asked}: {ours}, statsforecast {theirs}");
        }
    }
    assert!(compared >= 400, "only {compared} fits are compared");
}

#[test]
fn ets_chooses_the_form_r_chooses_or_a_likelier_one() {
    let all = series();
    let mut agree = 0;
    for expected in from_r(true) {
        let model = fitted(EtsSpec::default(), &all[&expected.series]);
        let ets = model.as_ets().unwrap();
        let (ours, theirs) = (ets.aicc(), expected.aicc);
        assert!(ours < theirs + WORSE_AICC, "{}: {ours}, R {theirs}", expected.series);
        agree += usize::from(letters(&ets.form()) == expected.form);
    }
    assert!(agree >= 24, "{agree} of 37 agree");
}

/// Draws of a line's own errors only, in no order: none stands in the months of the series.
fn unordered(series: &Series, draws: usize) -> Innovations {
    let mut shared = innovations(series.end(), 18, draws, 1, series.start..series.end());
    shared.dates.fill(series.start - Months(1));
    shared
}

/// The half-widths of R's intervals at 80 and 95 % are 1.28 and 1.96 deviations; those of our draws
/// are compared, where R and we found the same fit.
#[test]
fn ets_draws_as_wide_as_r_computes() {
    let (all, fits) = (series(), from_r(false));
    let mut compared = 0;
    for record in records("intervals_r.csv") {
        let (name, asked) = (&record[0], &record[1]);
        let found = |fit: &&Expected| fit.series == *name && fit.asked == *asked;
        let theirs = fits.iter().find(found).unwrap().aicc;
        let model = fitted(spec(asked), &all[name]);
        if !WIDTHS.contains(&name) || (model.as_ets().unwrap().aicc() - theirs).abs() > SAME_AICC {
            continue;
        }
        compared += 1;
        let paths = model.simulate(&unordered(&all[name], 4000), &Context::default());
        let quantile = if &record[2] == "80" { 1.281_552 } else { 1.959_964 };
        let ours = paths.std_axis(Axis(0), 1.0).mapv_into(|deviation| quantile * deviation);
        for (ours, theirs) in ours.iter().zip(numbers(&record, 3)) {
            assert!((ours / theirs - 1.0).abs() < SAME_WIDTH, "{name} {asked}: {ours}, R {theirs}");
        }
    }
    assert!(compared >= 16, "only {compared} widths are compared");
}
