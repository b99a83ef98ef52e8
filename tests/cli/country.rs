//! Many municipalities: `run --all`, and the worker driven by Apache Spark.

use crate::support::{Workdir, prognose, rows};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder with so many made-up municipalities of a few lines.
fn country(count: usize) -> Workdir {
    let dir = Workdir::empty();
    let folder = dir.path().join("land");
    let count = count.to_string();
    let ran =
        prognose(&["synth", folder.to_str().unwrap(), "--municipalities", &count, "--lines", "6"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    dir
}

fn run_all(dir: &Workdir, more: &[&str]) -> crate::support::Ran {
    let land = dir.path().join("land");
    prognose(&[&["run", land.to_str().unwrap(), "--all", "--no-backtest"], more].concat())
}

#[test]
fn all_runs_every_workspace_and_one_that_fails_stops_no_other() {
    let dir = country(3);
    dir.edit("land/S002/prognose.toml", "indeling.csv", "indelin.csv");
    let ran = run_all(&dir, &[]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stdout.contains("2 of 3 workspaces done"), "{}", ran.stdout);
    assert!(ran.stdout.contains("S002") && ran.stdout.contains("niet gelukt"), "{}", ran.stdout);
    assert!(ran.stderr.contains("S002: indelin.csv: matches no file"), "{}", ran.stderr);
    assert!(ran.stderr.contains("1 workspace failed"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("written:"), "one line for each, not one for each file");
    let overview = rows(&dir.read("land/overzicht.csv"));
    assert_eq!(overview.len(), 3);
    assert_eq!((overview[0]["map"].as_str(), overview[0]["fout"].as_str()), ("S001", ""));
    assert!(overview[1]["fout"].contains("indelin.csv") && overview[1]["verwacht"].is_empty());
    let total = |folder: &str| {
        let outlook = rows(&dir.read(&format!("land/{folder}/out/2026-10/outlook.csv")));
        let headline = |row: &&BTreeMap<String, String>| {
            (&*row["jaar"], &*row["niveau"], &*row["soort"]) == ("2026", "totaal", "lasten")
        };
        outlook.iter().find(headline).unwrap()["verwacht"].clone()
    };
    assert_eq!(overview[0]["verwacht"], total("S001"));
    assert_eq!(overview[2]["verwacht"], total("S003"));
    // What a workspace makes among others is what it makes alone.
    let land = dir.hashes("land/S001/out");
    let alone = dir.path().join("alleen");
    let s001 = dir.path().join("land/S001");
    let ran = prognose(&[
        "run",
        s001.to_str().unwrap(),
        "--no-backtest",
        "--out",
        alone.to_str().unwrap(),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for (name, hash) in dir.hashes("alleen") {
        assert!(name == "manifest.json" || land[&format!("2026-10/{name}")] == hash, "{name}");
    }
}

#[test]
fn all_writes_elsewhere_and_as_json_when_asked() {
    let dir = country(2);
    let out = dir.path().join("uit");
    let ran = run_all(&dir, &["--out", out.to_str().unwrap(), "--json", "--as-of", "2026-06"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told: Vec<BTreeMap<String, Value>> = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((told.len(), told[1]["as_of"].as_str()), (2, Some("2026-06")));
    for name in ["begroting", "verwacht", "p10", "p90", "afwijking", "kans_nadeel"] {
        assert!(told[1][name].is_f64(), "{name}: {}", told[1][name]);
    }
    assert!(told[1]["waarschuwingen"].is_u64() && told[1]["fout"].is_null(), "{}", ran.stdout);
    assert!(out.join("S002/report.html").is_file() && out.join("overzicht.csv").is_file());
    assert!(!dir.path().join("land/S002/out").exists());
    let none = Workdir::empty();
    let ran = none.run("run", &["--all"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("holds prognose.toml"), "{}", ran.stderr);
    let nowhere = prognose(&["run", none.path().join("nergens").to_str().unwrap(), "--all"]);
    assert_eq!(nowhere.code, 2);
    assert!(
        nowhere.stderr.contains("the folder that your workspaces are in"),
        "{}",
        nowhere.stderr
    );
}

#[test]
fn all_leaves_a_table_of_somebody_else_as_it_is_and_says_so_first() {
    let dir = country(1);
    // As Excel saves it: no UTF-8.
    let theirs = b"map;gemeente;be\xebindigd\r\n".as_slice();
    dir.write_bytes("land/overzicht.csv", theirs);
    let ran = run_all(&dir, &[]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("overzicht.csv: is no overview of ours"), "{}", ran.stderr);
    assert_eq!(fs::read(dir.path().join("land/overzicht.csv")).unwrap(), theirs);
    assert!(!dir.path().join("land/S001/out").exists(), "told before the runs");
}

/// A workspace with a pipe in it that nobody fills fails, and the others are done.
#[cfg(unix)]
#[test]
fn all_waits_for_no_pipe() {
    let dir = country(2);
    let pipe = dir.path().join("land/S001/grootboek/2025.csv");
    fs::remove_file(&pipe).unwrap();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let ran = run_all(&dir, &[]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("grootboek/2025.csv: is no file"), "{}", ran.stderr);
    assert!(ran.stdout.contains("1 of 2 workspaces done"), "{}", ran.stdout);
}

/// What can not be told on a full stdout still stands in the overview, and stderr tells what failed.
#[cfg(target_os = "linux")]
#[test]
fn all_loses_no_failure_when_stdout_is_full() {
    let dir = country(2);
    dir.edit("land/S002/prognose.toml", "indeling.csv", "indelin.csv");
    let land = dir.path().join("land");
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut run = Command::new(env!("CARGO_BIN_EXE_prognose"));
    run.args(["run", land.to_str().unwrap(), "--all", "--no-backtest"]).stdout(full);
    let ran = run.output().unwrap();
    let stderr = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2), "{stderr}");
    for word in ["S002: indelin.csv", "stdout: No space left", "1 workspace failed"] {
        assert!(stderr.contains(word), "no {word} in {stderr}");
    }
    assert_eq!(rows(&dir.read("land/overzicht.csv")).len(), 2);
}

#[test]
fn a_worker_refuses_what_is_no_stream() {
    let ran = prognose(&["worker"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("stdin: is no Arrow IPC stream"), "{}", ran.stderr);
}

/// The Python with Spark in it: what CI installed, or the one that the environment names.
fn python() -> Option<PathBuf> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/spark/bin/python3");
    let python = std::env::var_os("PROGNOSE_SPARK_PYTHON").map_or(installed, PathBuf::from);
    let ready = |module: &str| {
        let ran = Command::new(&python).args(["-c", &format!("import {module}")]).output();
        ran.is_ok_and(|ran| ran.status.success())
    };
    let java = Command::new("java").arg("-version").output().is_ok_and(|ran| ran.status.success());
    (java && ready("pyspark")).then_some(python)
}

/// Writes what Spark left as the `outlook.csv` of each municipality, below the folder in its second argument.
const AS_CSV: &str = r#"
import csv, pathlib, sys
import pyarrow.parquet as pq
files = {}
for part in sorted(pathlib.Path(sys.argv[1]).glob("*.parquet")):
    table = pq.read_table(part)
    for row in table.to_pylist():
        town, fault = row.pop("gemeente"), row.pop("fout")
        assert fault is None, fault
        if town not in files:
            folder = pathlib.Path(sys.argv[2]) / town
            folder.mkdir(parents=True)
            files[town] = csv.writer(open(folder / "outlook.csv", "w", newline=""), lineterminator="\n")
            files[town].writerow(row.keys())
        files[town].writerow(["" if cell is None else cell for cell in row.values()])
"#;

#[test]
fn spark_gives_twenty_municipalities_the_bytes_that_one_machine_gives_them() {
    let Some(python) = python() else {
        eprintln!("SKIPPED: no PySpark with Java; `.ci/spark` installs it");
        return;
    };
    let dir = country(20);
    // Windows does not mind case, so exports come in capitals.
    let budget = |name: &str| dir.path().join("land/S002").join(name);
    fs::rename(budget("begroting.csv"), budget("BEGROTING.CSV")).unwrap();
    dir.edit("land/S002/prognose.toml", "begroting.csv", "BEGROTING.CSV");
    assert_eq!(run_all(&dir, &[]).code, 0);
    let place = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let call = |arguments: &[&str]| {
        let ran = Command::new(&python).args(arguments).current_dir(dir.path()).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/notebooks/spark.py");
    call(&[script, &place("land"), &place("spark"), env!("CARGO_BIN_EXE_prognose")]);
    call(&["-c", AS_CSV, &place("spark"), &place("csv")]);
    let towns = fs::read_dir(dir.path().join("csv")).unwrap().count();
    assert_eq!(towns, 20);
    for town in (1..=20).map(|number| format!("S{number:03}")) {
        let ours = dir.read(&format!("land/{town}/out/2026-10/outlook.csv"));
        assert!(ours.lines().count() > 50);
        assert_eq!(dir.read(&format!("csv/{town}/outlook.csv")), ours, "{town}");
    }
}
