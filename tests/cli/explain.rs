//! One number explained.

use crate::support::{Workdir, prognose};
use serde_json::Value;

fn explain(dir: &Workdir, line: &str, more: &[&str]) -> crate::support::Ran {
    prognose(&[&["explain", line, dir.path().to_str().unwrap()], more].concat())
}

#[test]
fn a_line_is_told_from_postings_to_total() {
    let dir = Workdir::small();
    let ran = explain(&dir, "hulp", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for word in [
        "Wmo/6.711/Hulp/lasten, 2025",
        "1. boekingen",
        "grootboek.csv",
        "2. maanden",
        "3. model",
        "gewogen gemiddelde",
        "4. jaar",
        "80%-band",
        "5. deel van",
        "totaal",
    ] {
        assert!(ran.stdout.contains(word), "no {word} in\n{}", ran.stdout);
    }
}

#[test]
fn the_steps_add_up_to_the_cent() {
    let dir = Workdir::small();
    for as_of in ["2025-08", "2024-12", "2025-01"] {
        let ran = explain(&dir, "Jeugd", &["--as-of", as_of, "--json"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let lines: Value = serde_json::from_str(&ran.stdout).unwrap();
        for line in lines.as_array().unwrap() {
            let cents = |value: &Value| (value.as_f64().unwrap() * 100.0).round();
            let sum = |names: &[&str]| names.iter().map(|name| cents(&line[*name])).sum::<f64>();
            let parts = ["geboekt", "nog_te_ontvangen", "nog_te_komen", "beleid"];
            assert!((sum(&parts) - sum(&["verwacht"])).abs() < 0.5, "{line}");
            let steps = ["mengsel", "gebeurtenissen", "tarieven", "overig"];
            let to_come = sum(&steps) - sum(&["vooruit_geboekt"]);
            assert!((to_come - sum(&["nog_te_komen"])).abs() < 0.5, "{line}");
            let weights = line["delen"]
                .as_array()
                .unwrap()
                .iter()
                .map(|part| part["gewicht"].as_f64().unwrap());
            assert!((weights.sum::<f64>() - 1.0).abs() < 1e-9, "{line}");
            let months = line["maanden"].as_array().unwrap();
            assert_eq!(months.len(), 12);
            let booked: f64 = months.iter().map(|month| cents(&month["geboekt"])).sum();
            assert!((booked - sum(&["geboekt"])).abs() < 0.5, "{line}");
        }
    }
}

#[test]
fn a_pattern_lists_its_lines_and_an_unknown_one_what_there_is() {
    let dir = Workdir::small();
    let several = explain(&dir, "6.7*", &[]);
    assert_eq!(several.code, 0, "{}", several.stderr);
    assert!(several.stdout.contains("2 regels, 2025") && several.stdout.contains("lasten samen"));
    let unknown = explain(&dir, "6.99", &[]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.stderr.contains("\"6.99\"") && unknown.stderr.contains("Wmo/6.711/Hulp/lasten")
    );
}
