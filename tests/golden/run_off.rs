//! The chain ladder and its kin against the published tables and chainladder, on the triangles of
//! those tables. Years stand in for months: nothing here knows how long a period is.

use ndarray::{Array2, Axis, Slice};
use prognose::nowcast::{
    ChainLadder, Estimate, Link, SigmaRule, chain_ladder, links, over_dispersed, tail_factor,
};
use prognose::panel::RunOff;
use prognose::units::{Month, Months};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Twelve digits are written.
const SAME: f64 = 1e-9;
/// What the other side expected of every year of `gen_ins` before it began.
const PRIOR: f64 = 5_000_000.0;

fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/run_off");
    let text = fs::read_to_string(golden.join(file)).unwrap();
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

fn number(row: &BTreeMap<String, String>, name: &str) -> f64 {
    row[name].parse().unwrap()
}

/// A triangle whose last row is of the last month known.
fn triangle(name: &str) -> RunOff {
    let rows = rows(&format!("{name}.csv"));
    let cell = |(row, age): (usize, usize)| {
        let mut known = (0..=age).rev().map(|age| &rows[row][&format!("dev{}", age + 1)]);
        known.find_map(|text| text.parse::<f64>().ok()).unwrap()
    };
    let cumulative = Array2::from_shape_fn((rows.len(), rows[0].len() - 1), cell);
    let start = Month::january(2001);
    RunOff { start, as_of: start + Months::of(rows.len()) - Months(1), cumulative }
}

/// The triangle of a case, its window and its tail.
fn prepared(name: &str, case: &str) -> (RunOff, Option<usize>, Option<Link>) {
    let mut run_off = triangle(name);
    match case {
        "whole" => (run_off, None, None),
        "window 5" => (run_off, Some(5), None),
        "tail" => (run_off, None, Some(mortgage_tail())),
        "ages 7" => {
            run_off.cumulative =
                run_off.cumulative.slice_axis(Axis(1), Slice::from(..7)).to_owned();
            (run_off, None, None)
        }
        "rows 7" => {
            run_off.cumulative =
                run_off.cumulative.slice_axis(Axis(0), Slice::from(3..)).to_owned();
            run_off.start = run_off.start + Months(3);
            (run_off, None, None)
        }
        _ => panic!("{case} is no case"),
    }
}

fn completed(name: &str, case: &str, rule: SigmaRule) -> ChainLadder {
    let (run_off, window, tail) = prepared(name, case);
    let mut links = links(&run_off, window, rule);
    links.extend(tail);
    chain_ladder(&run_off, &links)
}

/// The one that Mack (1999) chooses for the mortgages.
fn mortgage_tail() -> Link {
    Link::tail(1.05, 71.0, 0.02)
}

#[track_caller]
fn same(what: &str, ours: f64, theirs: f64) {
    assert!((ours - theirs).abs() <= SAME * theirs.abs().max(1.0), "{what}: {ours}, not {theirs}");
}

#[test]
fn the_chain_ladder_is_that_of_chainladder() {
    let mut expected: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in rows("expected_mack.csv") {
        let key = ["triangle", "case", "rule"].map(|name| row[name].clone());
        expected.entry(key).or_default().push(row);
    }
    assert_eq!(expected.len(), 14);
    for ([name, case, rule], expected) in expected {
        let rule = if rule == "mack" { SigmaRule::Mack } else { SigmaRule::LogLinear };
        let ours = completed(&name, &case, rule);
        let estimates: Vec<Estimate> =
            ours.months.iter().map(|month| month.estimate).chain([ours.total]).collect();
        assert_eq!(estimates.len(), expected.len());
        for (ours, row) in estimates.iter().zip(expected) {
            let what = format!("{name} {case} {rule:?} {}", row["origin"]);
            same(&what, ours.reserve(), number(&row, "reserve"));
            same(&what, ours.standard_error, number(&row, "standard_error"));
        }
    }
}

/// Mack (1993), tables 2 and 3 in thousands; to the euro as every program since prints them.
#[test]
fn the_total_is_the_published_one() {
    let total = |name: &str, rule: SigmaRule| {
        let total = completed(name, "whole", rule).total;
        format!("{:.0} {:.2}", total.reserve(), total.standard_error)
    };
    assert_eq!(total("gen_ins", SigmaRule::Mack), "18680856 2447094.86");
    assert_eq!(total("gen_ins", SigmaRule::LogLinear), "18680856 2441364.13");
    assert_eq!(total("raa", SigmaRule::Mack), "52135 26909.01");
    assert_eq!(total("raa", SigmaRule::LogLinear), "52135 26880.74");
}

/// Mack (1999), table 1: factors, their standard errors and σ, with as many digits.
#[test]
fn the_links_of_the_mortgages_are_the_published_ones() {
    let factors = [11.10, 4.092, 1.708, 1.276, 1.139, 1.069, 1.026, 1.023, 1.05];
    let errors = [2.24, 0.517, 0.122, 0.051, 0.042, 0.023, 0.015, 0.012, 0.02];
    let sigmas = [1337.0, 988.5, 440.1, 207.0, 164.2, 74.60, 35.49, 16.89, 71.0];
    let mut links = links(&triangle("mortgage"), None, SigmaRule::Mack);
    links.push(mortgage_tail());
    assert_eq!(links.len(), factors.len());
    for (link, ((factor, error), sigma)) in
        links.iter().zip(factors.into_iter().zip(errors).zip(sigmas))
    {
        assert!((link.factor - factor).abs() <= 5e-4 * factor, "{link:?}");
        assert!((link.standard_error - error).abs() <= 5.01e-4 + 2e-3 * error, "{link:?}");
        assert!((link.sigma / sigma - 1.0).abs() <= 5e-4, "{link:?}");
    }
}

#[test]
fn a_prior_is_used_as_in_chainladder() {
    let months = completed("gen_ins", "whole", SigmaRule::Mack).months;
    let expected = rows("expected_prior.csv");
    assert_eq!(months.len(), expected.len());
    for (month, row) in months.iter().zip(expected) {
        let what = &row["origin"];
        same(what, month.bornhuetter_ferguson(PRIOR), number(&row, "bornhuetter_ferguson"));
        same(what, month.benktander(PRIOR), number(&row, "benktander"));
    }
}

#[test]
fn the_tail_and_the_poisson_errors_are_those_of_others() {
    for row in rows("expected_other.csv") {
        let name = &row["triangle"];
        let run_off = triangle(name);
        let found = over_dispersed(&run_off).unwrap();
        same(name, found.dispersion, number(&row, "dispersion"));
        same(name, found.prediction_error, number(&row, "prediction_error"));
        same(name, tail_factor(&links(&run_off, None, SigmaRule::Mack)), number(&row, "tail"));
    }
}
