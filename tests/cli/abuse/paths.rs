//! A workspace reads and writes below its own folder.

use crate::support::{Workdir, hashes};
use std::os::unix::fs::symlink;

/// Two folders side by side: the workspace and what it may not reach.
fn beside() -> (Workdir, tempfile::TempDir) {
    let (dir, other) = (Workdir::small(), tempfile::tempdir().unwrap());
    for name in ["grootboek.csv", "indeling.csv"] {
        std::fs::copy(dir.path().join(name), other.path().join(name)).unwrap();
    }
    std::fs::write(other.path().join("leeg.toml"), "").unwrap();
    (dir, other)
}

fn refused(dir: &Workdir, words: &[&str]) {
    let ran = dir.run("run", &["--no-backtest"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for word in words.iter().chain(&["leads out of the workspace", "what to do: copy"]) {
        assert!(ran.stderr.contains(word), "no {word:?} in {}", ran.stderr);
    }
}

const PEERS: &str = "[peers]\nyear = 2023\n";

#[test]
fn a_path_that_climbs_or_is_absolute_is_refused() {
    let (_, other) = beside();
    let name = other.path().file_name().unwrap().to_str().unwrap();
    let whole = other.path().to_str().unwrap();
    for folder in [whole.to_owned(), format!("../{name}"), format!("x/../../{name}")] {
        for (from, to) in [
            ("files = \"grootboek.csv\"", format!("files = \"{folder}/*.csv\"")),
            ("files = \"begroting.csv\"", format!("files = \"{folder}/grootboek.csv\"")),
            ("table = \"indeling.csv\"", format!("table = \"{folder}/indeling.csv\"")),
            ("[lines]", format!("[lines]\npolicy = \"{folder}/leeg.toml\"")),
            ("[lines]", format!("[lines]\nprices = \"{folder}/leeg.toml\"")),
            (
                "[lines]",
                format!("{PEERS}budget = \"{folder}/er-niet.csv\"\naccounts = \"r.csv\"\n[lines]"),
            ),
            (
                "[lines]",
                format!("{PEERS}budget = \"b.csv\"\naccounts = \"{folder}/er-niet.csv\"\n[lines]"),
            ),
            ("[lines]", format!("[account]\ncriteria = \"{folder}/leeg.toml\"\n[lines]")),
        ] {
            let dir = Workdir::small();
            dir.edit("prognose.toml", from, &to);
            refused(&dir, &[&folder]);
            assert!(!dir.path().join("out").exists());
        }
    }
}

#[test]
fn a_link_that_leads_out_is_refused() {
    for name in ["grootboek.csv", "indeling.csv", "prognose.toml", "duiding.toml", "gate.toml"] {
        let (dir, other) = beside();
        let real = other.path().join(name);
        let _ = std::fs::rename(dir.path().join(name), &real);
        std::fs::write(&real, std::fs::read(&real).unwrap_or_default()).unwrap();
        symlink(&real, dir.path().join(name)).unwrap();
        refused(&dir, &[name]);
    }
    let (dir, other) = beside();
    symlink(other.path(), dir.path().join("boek")).unwrap();
    dir.edit("prognose.toml", "grootboek.csv", "boek/grootboek.csv");
    refused(&dir, &["boek/grootboek.csv"]);
    let (dir, other) = beside();
    std::fs::create_dir_all(dir.path().join("state/models")).unwrap();
    symlink(other.path().join("leeg.toml"), dir.path().join("state/models/champion.toml")).unwrap();
    refused(&dir, &["state/models/champion.toml"]);
}

#[test]
fn nothing_is_written_through_a_link() {
    for name in
        ["out", "out/2025-08", "out/2025-08/report", "state", "state/models", "state/archive"]
    {
        let (dir, other) = beside();
        let before = hashes(other.path());
        let link = dir.path().join(name);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(other.path(), link).unwrap();
        refused(&dir, &[name]);
        assert_eq!(hashes(other.path()), before, "{name}");
    }
}

/// Links within the workspace, a workspace behind a link and a folder that the caller names are fine.
#[test]
fn what_stays_inside_or_was_asked_for_is_fine() {
    let (dir, other) = beside();
    std::fs::rename(dir.path().join("grootboek.csv"), dir.path().join("echt.csv")).unwrap();
    symlink("echt.csv", dir.path().join("grootboek.csv")).unwrap();
    let link = other.path().join("ruimte");
    symlink(dir.path(), &link).unwrap();
    let out = other.path().join("uit");
    let ran = crate::support::prognose(&[
        "run",
        link.to_str().unwrap(),
        "--no-backtest",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(out.join("outlook.csv").is_file());
}
