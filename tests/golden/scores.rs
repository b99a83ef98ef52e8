//! Tests of forecasts against R's.

use prognose::score::{diebold_mariano, efficiency, sign_test, signed_ranks};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Ten digits are written.
const SAME: f64 = 1e-8;

fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/scores");
    let text = fs::read_to_string(golden.join(file)).unwrap();
    csv::Reader::from_reader(text.as_bytes()).into_deserialize().map(Result::unwrap).collect()
}

/// The numbers of a case.
fn of(case: &str, column: &str) -> Vec<f64> {
    let rows = rows("numbers.csv").into_iter().filter(|row| row["case"] == case);
    rows.map(|row| row[column].parse().unwrap()).collect()
}

fn same(case: &str, found: f64, expected: &str) {
    let expected: f64 = expected.parse().unwrap();
    assert!((found - expected).abs() < SAME * (1.0 + expected.abs()), "{case}: {found} {expected}");
}

#[test]
fn tests_equal_those_of_r() {
    let expected = rows("expected.csv");
    assert_eq!(expected.len(), 21);
    for row in expected {
        let (case, statistic, p, low) = (&row["case"], &row["statistic"], &row["p"], &row["low"]);
        let x = of(case, "x");
        let test = match row["test"].as_str() {
            "dm" => diebold_mariano(&x, case.split('-').nth(1).unwrap().parse().unwrap()).unwrap(),
            "sign" => sign_test(&x),
            "ranks" => signed_ranks(&x),
            _ => {
                let groups = of(case, "group").into_iter().map(f64::to_bits);
                let pairs: Vec<(u64, f64, f64)> =
                    groups.zip(of(case, "f")).zip(x).map(|((group, f), x)| (group, f, x)).collect();
                let found = efficiency(&pairs).unwrap();
                same(case, found.intercept, statistic);
                same(case, found.slope, p);
                same(case, found.chance, low);
                continue;
            }
        };
        same(case, test.statistic, statistic);
        same(case, test.two_sided, p);
        same(case, test.low, low);
    }
}
