//! Reconciliation against hierarchicalforecast, and against the printed numbers of the design notes.

use ndarray::{Array1, Array2, Axis};
use prognose::forecast::{Reconciliation, shrunk_covariance};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Twelve digits are written; the package adds 2e-8 to standard deviations and to Σ r².
const SAME: f64 = 1e-7;

fn rows(file: &str, case: &str) -> Vec<BTreeMap<String, String>> {
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/mint");
    let text = fs::read_to_string(golden.join(file)).unwrap();
    let rows = csv::Reader::from_reader(text.as_bytes()).into_deserialize();
    rows.map(Result::unwrap).filter(|row: &BTreeMap<_, _>| row["case"] == case).collect()
}

fn number<T: std::str::FromStr<Err: std::fmt::Debug>>(
    row: &BTreeMap<String, String>,
    name: &str,
) -> T {
    row[name].parse().unwrap()
}

/// Sum × part.
fn sums(case: &str) -> Array2<f64> {
    let rows = rows("parts.csv", case);
    let most = |name: &str| rows.iter().map(|row| number::<usize>(row, name)).max().unwrap() + 1;
    let mut sums = Array2::zeros((most("sum"), most("part")));
    for row in &rows {
        sums[(number(row, "sum"), number(row, "part"))] = 1.0;
    }
    sums
}

/// Node × month.
fn errors(case: &str) -> Array2<f64> {
    let rows = rows("errors.csv", case);
    let most = |name: &str| rows.iter().map(|row| number::<usize>(row, name)).max().unwrap() + 1;
    let mut errors = Array2::zeros((most("node"), most("month")));
    for row in &rows {
        errors[(number(row, "node"), number(row, "month"))] = number(row, "error");
    }
    errors
}

/// The covariance that a method of the package stands for.
fn covariance(method: &str, case: &str) -> Array2<f64> {
    let sums = sums(case);
    let nodes = sums.nrows() + sums.ncols();
    match method {
        "ols" => Array2::eye(nodes),
        "wls_struct" => {
            let mut parts = Array1::ones(nodes);
            for (sum, row) in sums.rows().into_iter().enumerate() {
                parts[sum] = row.sum();
            }
            Array2::from_diag(&parts)
        }
        _ => shrunk_covariance(&errors(case)).0,
    }
}

/// Every node after reconciliation, the sums first.
fn reconciled(method: &str, case: &str) -> Vec<f64> {
    let tree = sums(case);
    let base: Vec<f64> = rows("expected.csv", case).iter().map(|row| number(row, "base")).collect();
    let base = Array1::from_vec(base).insert_axis(Axis(1));
    let (above, below) = base.view().split_at(Axis(0), tree.nrows());
    let mut parts = below.to_owned();
    let found = Reconciliation::new(tree.clone(), &covariance(method, case)).unwrap();
    found.reconcile(&above.to_owned(), &mut parts);
    tree.dot(&parts).into_iter().chain(parts).collect()
}

#[test]
fn agrees_with_hierarchicalforecast() {
    for case in ["small", "town"] {
        for method in ["ols", "wls_struct", "mint_shrink"] {
            let expected = rows("expected.csv", case);
            for (found, row) in reconciled(method, case).into_iter().zip(&expected) {
                let wanted: f64 = number(row, method);
                assert!((found / wanted - 1.0).abs() < SAME, "{case} {method}: {found} {wanted}");
            }
        }
    }
}

#[test]
fn gives_the_printed_numbers() {
    let (_, lambda) = shrunk_covariance(&errors("small"));
    assert_eq!(format!("{lambda:.6}"), "0.165630");
    let printed = |method: &str, digits: usize| -> Vec<String> {
        reconciled(method, "small").iter().map(|euros| format!("{euros:.digits$}")).collect()
    };
    assert_eq!(printed("mint_shrink", 6), ["104.447575", "55.482651", "48.964924"]);
    assert_eq!(printed("ols", 4), ["102.3333", "52.6667", "49.6667"]);
    assert_eq!(printed("wls_struct", 2), ["103.50", "53.25", "50.25"]);
}
