//! `prognose drift` on the demo, whose truth is known: what it finds, and that it finds it again.

use crate::demo::copy_of_demo;
use crate::support::{Workdir, rows};
use std::collections::BTreeMap;
use std::process::Command;

type Row = BTreeMap<String, String>;

const FILE: &str = "out/2026-10/drift.csv";

fn flags<'a>(rows: &'a [Row], tier: &str) -> Vec<&'a Row> {
    rows.iter().filter(|row| row["toets"] == tier && row["status"] == "signaal").collect()
}

#[test]
fn finds_what_happened_to_the_demo_and_says_what_to_do() {
    let dir = copy_of_demo();
    let ran = dir.run("drift", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("model kent deze situatie niet"), "{}", ran.stdout);
    assert!(dir.read("out/2026-10/manifest.json").contains("\"drift.csv\""));
    let rows = rows(&dir.read(FILE));
    // Begeleiding and dagbesteding moved into the lump sum of basisondersteuning in January 2025.
    let moved = ["6.712", "6.713"];
    let lump: Vec<&Row> = flags(&rows, "A")
        .into_iter()
        .filter(|row| moved.contains(&row["taakveld"].as_str()))
        .collect();
    assert_eq!(lump.len(), 5, "{lump:#?}");
    for row in lump {
        assert_eq!((row["sinds"].as_str(), row["maanden"].as_str()), ("2025-01", "12"));
        let euros = |name: &str| row[name].parse::<f64>().unwrap();
        assert!(euros("per_jaar") < 12.0 * -60_000.0 && euros("p_gecorrigeerd") < 0.001);
        assert!((euros("per_jaar") - 12.0 * euros("per_maand")).abs() < 0.07);
        assert!(euros("kleinst_zichtbaar") > 0.0);
    }
    // Without being told, the monitor sees three of them within months, and the level of W320, which the truth
    // moves in October 2025.
    let monitor = flags(&rows, "B");
    let of = |product: &str| monitor.iter().filter(|row| row["product"] == product).count();
    for product in ["Begeleiding groep", "Dagbesteding arbeidsmatig", "Dagbesteding ouderen"] {
        assert_eq!(of(product), 1, "{product}: {monitor:#?}");
    }
    assert_eq!((of("Begeleiding individueel plus"), monitor.len()), (2, 5), "{monitor:#?}");
    for row in &rows {
        assert!(["signaal", "geen signaal", "te vroeg"].contains(&row["status"].as_str()));
        assert!(!row["wat_te_doen"].is_empty() && row["as_of"] == "2026-10");
        let new = row["regime_maanden"].parse::<i32>().is_ok_and(|months| months < 24);
        assert_eq!(new, row["regime"] == "model kent deze situatie niet", "{row:?}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let dir = copy_of_demo();
    let bytes = |threads: &str| {
        let folder = dir.path().to_str().unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_prognose"));
        let ran = program.args(["drift", folder]).env("RAYON_NUM_THREADS", threads).output();
        assert!(ran.unwrap().status.success());
        dir.read(FILE)
    };
    assert_eq!(bytes("1"), bytes("3"));
}

#[test]
fn a_short_ledger_is_too_early_for_most_and_json_counts() {
    let dir = Workdir::small();
    // A folder in its place: what was found can not be kept, and is told all the same.
    std::fs::create_dir_all(dir.path().join("state/drift.json")).unwrap();
    let ran = dir.run("drift", &["--as-of", "2021-06", "--json"]);
    assert!(
        ran.code == 0 && ran.stderr.contains("remark: what was found is not kept"),
        "{}",
        ran.stderr
    );
    let summary: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(summary["flags"], 0, "{summary}");
    let rows = rows(&dir.read("out/2021-06/drift.csv"));
    assert!(rows.iter().all(|row| row["status"] == "te vroeg"), "{rows:?}");
}
