//! `regressie` against scikit-learn's elastic net, and a step with AR(1) errors against R.

use prognose::calendar::{Event, Form, Status};
use prognose::model::{Coefficient, Context, FittedModel, Spec, fit};
use prognose::panel::Series;
use prognose::units::Month;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

/// Weights and points differ from scikit-learn's by less than this share of the largest of their
/// kind,
const SAME: f64 = 2e-4;
/// and standard errors by less than this share.
const SAME_ERROR: f64 = 2e-3;
/// The effect of a step differs from that of maximum likelihood by less than this share of its
/// standard error,
const SAME_EFFECT: f64 = 0.1;
/// and the standard error by less than this share.
const SAME_EFFECT_ERROR: f64 = 0.1;

fn records(file: &str) -> Vec<csv::StringRecord> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/regression").join(file);
    let text = fs::read_to_string(path).unwrap();
    csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
}

fn series() -> BTreeMap<String, Series> {
    let mut all: BTreeMap<String, Series> = BTreeMap::new();
    for record in records("series.csv") {
        let empty = || Series::settled(Month::january(2014), Vec::new());
        let series = all.entry(record[0].to_owned()).or_insert_with(empty);
        series.values.push(record[2].parse().unwrap());
    }
    all
}

/// Series, first month of the step and options, with what scikit-learn finds: value and standard
/// error by quantity.
type Found = BTreeMap<String, (f64, Option<f64>)>;
fn expected() -> BTreeMap<[String; 3], Found> {
    let mut all: BTreeMap<[String; 3], Found> = BTreeMap::new();
    for record in records("expected.csv") {
        let case = [0, 1, 2].map(|k| record[k].to_owned());
        let found = (record[4].parse().unwrap(), record[5].parse().ok());
        all.entry(case).or_default().insert(record[3].to_owned(), found);
    }
    all
}

fn step(date: Month) -> Event {
    Event {
        id: "e".into(),
        title: "E".into(),
        date,
        known_from: date,
        scope: vec!["*".into()],
        form: Form::Step,
        months: None,
        status: Status::Past,
        low: None,
        central: None,
        high: None,
        probability: None,
        owner: String::new(),
        source: String::new(),
    }
}

/// The fitted case and the year after it.
fn fitted(series: &Series, event: &str, options: &str) -> (FittedModel, Vec<f64>) {
    let mut spec: serde_json::Value = serde_json::from_str(options).unwrap();
    spec["model"] = "regressie".into();
    let spec: Spec = serde_json::from_value(spec).unwrap();
    let event = event.parse().ok().map(step);
    let context = Context { events: event.iter().collect(), ..Context::default() };
    let model = fit(&spec, series, &context).unwrap();
    let ahead = model.mean(12, &context);
    (model, ahead)
}

/// The quantity of a weight as `make.py` writes it.
fn quantity(coefficient: &Coefficient) -> String {
    let text = serde_json::to_string(&coefficient.regressor).unwrap();
    text.replace(':', ": ")
}

/// The largest value of some quantities, without its sign.
fn largest(found: &Found, of: impl Fn(&str) -> bool) -> f64 {
    let chosen = found.iter().filter(|(quantity, _)| of(quantity));
    chosen.map(|(_, (value, _))| value.abs()).fold(0.0, f64::max)
}

#[test]
fn weights_and_points_are_those_of_scikit_learn() {
    let all = series();
    let cases = expected();
    assert!(cases.len() >= 20, "only {} cases", cases.len());
    for ([name, event, options], theirs) in cases {
        let (model, ahead) = fitted(&all[&name], &event, &options);
        let coefficients = model.coefficients();
        let size =
            largest(&theirs, |quantity| quantity != "\"level\"" && !quantity.starts_with("ahead"));
        for ours in &coefficients {
            let quantity = quantity(ours);
            let Some(&(weight, error)) = theirs.get(&quantity) else {
                assert!(ours.weight.abs() < SAME * size, "{name} {options}: {quantity} is extra");
                continue;
            };
            let apart = (ours.weight - weight).abs();
            let size = if quantity == "\"level\"" { weight.abs() } else { size };
            assert!(apart < SAME * size, "{name} {options}: {quantity} {apart} apart of {size}");
            let ratio = ours.standard_error / error.unwrap();
            assert!(
                (ratio - 1.0).abs() < SAME_ERROR,
                "{name} {options}: {quantity} error × {ratio}"
            );
        }
        let ours: BTreeSet<String> = coefficients.iter().map(quantity).collect();
        for (quantity, (weight, _)) in &theirs {
            let absent = !quantity.starts_with("ahead") && !ours.contains(quantity);
            assert!(!absent || weight.abs() < SAME * size, "{name} {options}: no {quantity}");
        }
        let size = largest(&theirs, |quantity| quantity.starts_with("ahead"));
        for (h, ours) in ahead.iter().enumerate() {
            let apart = (ours - theirs[&format!("ahead {}", h + 1)].0).abs();
            assert!(apart < SAME * size, "{name} {options}: month {h} {apart} apart of {size}");
        }
    }
}

/// R searches ρ, level and step together by maximum likelihood; we find ρ first.
#[test]
fn a_step_with_ar1_errors_is_that_of_r() {
    let all = series();
    let cases: Vec<[String; 3]> = expected().into_keys().collect();
    let records = records("expected_r.csv");
    assert_eq!(records.len(), 3);
    for record in records {
        let name = &record[0];
        let case = cases.iter().find(|case| case[0] == *name).unwrap();
        let (model, _) = fitted(&all[name], &case[1], &case[2]);
        let found = model.coefficients();
        let [weight, error]: [f64; 2] = [2, 3].map(|k| record[k].parse().unwrap());
        let apart = (found[1].weight - weight).abs() / error;
        assert!(apart < SAME_EFFECT, "{name}: {apart} standard errors apart");
        let ratio = found[1].standard_error / error;
        assert!((ratio - 1.0).abs() < SAME_EFFECT_ERROR, "{name}: standard error × {ratio}");
    }
}
