//! Tests of drift against nlme, and against published breaks and run lengths.

use prognose::drift::{ALLOWANCE, Cost, LIMIT, breaks, cusum, regress};
use prognose::score::f_above;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Both seek the top of one likelihood, which is flat there: *ρ* is known to 1e-4, and what follows from it
/// accordingly.
const SAME_RHO: f64 = 2e-4;
const SAME: f64 = 2e-4;

type Row = BTreeMap<String, String>;

fn rows(path: &Path) -> Vec<Row> {
    let text = fs::read_to_string(path).unwrap();
    csv::Reader::from_reader(text.as_bytes()).into_deserialize().map(Result::unwrap).collect()
}

fn golden(file: &str) -> Vec<Row> {
    rows(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/drift").join(file))
}

/// A column of a case.
fn column(columns: &[Row], case: &str, name: &str) -> Vec<f64> {
    let own = columns.iter().filter(|row| row["case"] == case && row["column"] == name);
    own.map(|row| row["value"].parse().unwrap()).collect()
}

#[test]
fn regressions_agree_with_nlme() {
    let (expected, columns) = (golden("expected_r.csv"), golden("columns.csv"));
    let cases: BTreeSet<&str> = expected.iter().map(|row| row["case"].as_str()).collect();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let wanted: Vec<&Row> = expected.iter().filter(|row| row["case"] == case).collect();
        let design: Vec<Vec<f64>> =
            wanted.iter().map(|row| column(&columns, case, &row["column"])).collect();
        let found = regress(&column(&columns, case, "y"), &design).unwrap();
        let number = |row: &Row, name: &str| -> f64 { row[name].parse().unwrap() };
        let rho = number(wanted[0], "rho");
        assert!((found.rho - rho).abs() < SAME_RHO, "{case}: {} {rho}", found.rho);
        for (at, row) in wanted.into_iter().enumerate() {
            let (ours, error) = (found.coefficients[at], found.errors[at]);
            let (coefficient, its_error) = (number(row, "coefficient"), number(row, "error"));
            // Of a coefficient near nil the error is the measure.
            assert!(
                (ours - coefficient).abs() < SAME * its_error.max(coefficient.abs()),
                "{row:?} {ours}"
            );
            assert!((error / its_error - 1.0).abs() < SAME, "{row:?} {error}");
        }
    }
}

#[test]
fn steps_lie_near_the_published_ones() {
    // Maximum likelihood, from the design notes: Nile −249.075 (32.804), drivers −.2411 (.0415).
    let columns = golden("columns.csv");
    let step = |case: &str, names: &[&str]| {
        let design: Vec<Vec<f64>> = names.iter().map(|name| column(&columns, case, name)).collect();
        let found = regress(&column(&columns, case, "y"), &design).unwrap();
        (found.coefficients[0], found.errors[0])
    };
    let (nile, error) = step("nile", &["step", "level"]);
    assert!((nile + 249.075).abs() < 0.01 * 32.804 && (error / 32.804 - 1.0).abs() < 0.05);
    let names: Vec<String> = (1..=12).map(|month| format!("m{month}")).collect();
    let names: Vec<&str> = ["step"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let (drivers, error) = step("drivers_dummies", &names);
    assert!((drivers + 0.2411).abs() < 0.5 * 0.0415 && (error / 0.0415 - 1.0).abs() < 0.05);
}

#[test]
fn the_nile_breaks_where_it_is_known_to() {
    let nile = column(&golden("columns.csv"), "nile", "y");
    let cost = Cost::new(&nile);
    let (whole, apart) = (cost.of(0, 100), cost.of(0, 28) + cost.of(28, 100));
    assert_eq!((whole.round(), apart.round()), (2_835_157.0, 1_597_457.0));
    let best = (1..100).min_by(|&a, &b| {
        let of = |at| cost.of(0, at) + cost.of(at, 100);
        of(a).total_cmp(&of(b))
    });
    assert_eq!(best, Some(28));
    let f = (whole - apart) / (apart / 98.0);
    assert!((f - 75.93).abs() < 0.005, "{f}");
    assert!((f_above(f, 1.0, 98.0) / 7.44e-14 - 1.0).abs() < 0.01);
    // One break pays for itself, a second does not: 4·σ²·ln 100 with σ² of the stretches.
    assert_eq!(breaks(&nile, 4.0 * apart / 98.0 * 100.0_f64.ln()), [28]);
}

/// How long sums of normal numbers with this mean run until they alarm, on average: one side by the Markov
/// chain of Brook and Evans (1972), both by 1/L = 1/L⁺ + 1/L⁻.
fn run_length(mean: f64, limit: f64) -> f64 {
    1.0 / (1.0 / one_sided(mean, limit) + 1.0 / one_sided(-mean, limit))
}

fn one_sided(mean: f64, limit: f64) -> f64 {
    const STATES: usize = 200;
    let width = 2.0 * limit / (2.0 * real(STATES) - 1.0);
    let below = |x: f64| prognose::score::normal_below(x + ALLOWANCE - mean);
    let step = |from: usize, to: usize| {
        let moved = (real(to) - real(from)) * width;
        let up = below(moved + width / 2.0);
        if to == 0 { up } else { up - below(moved - width / 2.0) }
    };
    // (I − Q)·L = 1, by Gauss.
    let mut rows: Vec<Vec<f64>> = (0..STATES)
        .map(|i| {
            let cells = (0..STATES).map(|j| f64::from(u8::from(i == j)) - step(i, j));
            cells.chain([1.0]).collect()
        })
        .collect();
    for i in 0..STATES {
        let pivot = rows[i][i];
        rows[i].iter_mut().for_each(|cell| *cell /= pivot);
        let done = rows[i].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(j, _)| *j != i) {
            let factor = row[i];
            row.iter_mut().zip(&done).for_each(|(cell, done)| *cell -= factor * done);
        }
    }
    rows[0][STATES]
}

#[test]
fn run_lengths_are_those_of_the_tables() {
    for (mean, limit, wanted) in [
        (0.0, 4.0, 168.0),
        (1.0, 4.0, 8.38),
        (0.0, 5.0, 465.0),
        (1.0, 5.0, 10.38),
        (0.0, LIMIT, 1276.0),
        (1.0, LIMIT, 12.37),
        (2.0, LIMIT, 4.68),
    ] {
        let found = run_length(mean, limit);
        assert!((found / wanted - 1.0).abs() < 0.005, "{mean} {limit}: {found} {wanted}");
    }
}

/// Our sums on 200,000 numbers run as long as the chain says.
#[test]
fn our_sums_run_as_long_as_the_chain_says() {
    // A linear congruential generator of full period 2^32 (Numerical Recipes), made normal by Box and Muller.
    let mut state: u32 = 20_161;
    let mut draw = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(state) + 0.5) / 4_294_967_296.0
    };
    let mut normal = || (-2.0 * draw().ln()).sqrt() * (std::f64::consts::TAU * draw()).cos();
    let z: Vec<f64> = (0..200_000).map(|_| normal()).collect();
    let alarms = real(cusum(&z, ALLOWANCE, 4.0).len());
    // 200,000 ÷ 168 = 1,190 alarms, give or take √1,190 = 34.5.
    assert!((alarms - 1190.0).abs() < 3.0 * 34.5, "{alarms}");
}

#[expect(clippy::cast_precision_loss, reason = "counts of states and alarms")]
fn real(count: usize) -> f64 {
    count as f64
}
