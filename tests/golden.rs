//! Our models against other programs' numbers; where those come from stands in `SOURCE.md` beside
//! them.

#![expect(clippy::unwrap_used, reason = "a test that can not read its numbers must fail")]

use prognose::model::{Context, EtsSpec, FittedModel, Season, Spec, Trend, fit};
use prognose::panel::Series;
use prognose::units::Month;
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

/// What another program found for one series and one form.
struct Expected {
    series: String,
    asked: String,
    form: String,
    aicc: f64,
    sigma: f64,
    points: Vec<f64>,
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

fn from_r() -> Vec<Expected> {
    let row = |record: csv::StringRecord| Expected {
        series: record[0].to_owned(),
        asked: record[1].to_owned(),
        form: record[2].to_owned(),
        aicc: record[3].parse().unwrap(),
        sigma: record[4].parse().unwrap(),
        points: numbers(&record, 5),
    };
    records("expected_r.csv").into_iter().map(row).collect()
}

fn spec(asked: &str) -> EtsSpec {
    if asked == "auto" {
        return EtsSpec::default();
    }
    let trend = match asked {
        form if form.contains("Ad") => Trend::Damped,
        form if form.starts_with("AA") => Trend::Additive,
        _ => Trend::None,
    };
    let season = if asked.ends_with('A') { Season::Additive } else { Season::None };
    EtsSpec { trends: vec![trend], seasons: vec![season] }
}

fn fitted(series: &Series, asked: &str) -> FittedModel {
    fit(&Spec::Ets(spec(asked)), series, &Context::default()).unwrap()
}

fn letters(form: &str) -> String {
    form.trim_start_matches("ETS").chars().filter(char::is_ascii_alphabetic).collect()
}

/// The largest difference between points; ours stop at zero for a line that never was below.
fn apart(ours: &[f64], theirs: &[f64], series: &Series) -> f64 {
    let lowest = if series.values.iter().all(|&y| y >= 0.0) { 0.0 } else { f64::MIN };
    let differences = ours.iter().zip(theirs).map(|(a, b)| (a - b.max(lowest)).abs());
    differences.fold(0.0, f64::max)
}

#[test]
fn ets_is_at_least_as_likely_as_in_r() {
    let all = series();
    let mut same = 0;
    for expected in from_r().iter().filter(|expected| expected.asked != "auto") {
        let Expected { series, asked, aicc, sigma, points, .. } = expected;
        let model = fitted(&all[series], asked);
        let ets = model.as_ets().unwrap();
        let ours = ets.aicc();
        assert!(ours < aicc + WORSE_AICC, "{series} {asked}: AICc {ours}, R {aicc}");
        assert_eq!(letters(&ets.form()), *asked, "{series}");
        if (ours - aicc).abs() < SAME_AICC {
            same += 1;
            let found = apart(&model.mean(18, &Context::default()), points, &all[series]);
            assert!(found < SAME_POINT * sigma, "{series} {asked}: points {found} apart");
            assert!((ets.sigma() / sigma - 1.0).abs() < SAME_SIGMA, "{series} {asked}: sigma");
        }
    }
    assert!(same >= 20, "only {same} fits are the same: nothing is compared");
}

/// statsforecast allows β > α and γ > 1 − α, which R and we do not: such fits are not compared.
#[test]
fn ets_is_at_least_as_likely_as_in_statsforecast() {
    let all = series();
    let mut compared = 0;
    for record in records("expected_statsforecast.csv") {
        let (name, asked) = (&record[0], &record[1]);
        let [theirs, alpha, beta, gamma] = numbers(&record, 2).try_into().unwrap();
        let ours = fitted(&all[name], asked).as_ets().unwrap().aicc();
        if beta <= alpha && gamma <= 1.0 - alpha {
            compared += 1;
            assert!(ours < theirs + WORSE_AICC, "{name} {asked}: {ours}, statsforecast {theirs}");
        }
    }
    assert!(compared >= 100, "only {compared} fits are compared");
}

#[test]
fn ets_chooses_the_form_r_chooses_or_a_likelier_one() {
    let all = series();
    let mut agree = 0;
    for expected in from_r().iter().filter(|expected| expected.asked == "auto") {
        let model = fitted(&all[&expected.series], "auto");
        let ets = model.as_ets().unwrap();
        assert!(ets.aicc() < expected.aicc + WORSE_AICC, "{}", expected.series);
        agree += usize::from(letters(&ets.form()) == expected.form);
    }
    assert!(agree >= 17, "{agree} of 21 agree");
}
