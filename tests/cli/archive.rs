//! Forecasts of record: kept, verified, scored on the definition of then; champions that come and go.

use crate::support::{Workdir, rows, small_ledger, small_month};
use prognose::archive::{Definition, Kept, Made, Record, SCHEMA, keep, read};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const ARCHIVE: &str = "state/archive";

/// The names of the records in the workspace.
fn records(dir: &Workdir) -> Vec<String> {
    let names = dir.hashes(ARCHIVE).into_keys();
    names.filter(|name| Path::new(name).extension().is_some_and(|end| end == "json")).collect()
}

/// The small workspace with only so many months booked.
fn booked(months: u32) -> Workdir {
    let dir = Workdir::small();
    dir.write("grootboek.csv", &small_ledger(months));
    dir
}

#[test]
fn a_run_keeps_its_forecast_once_and_the_list_shows_it() {
    let dir = Workdir::small();
    let none = dir.run("archive", &[]);
    assert!(
        none.code == 0 && none.stdout.contains("No forecasts of record yet"),
        "{}",
        none.stdout
    );
    let ran = dir.run("run", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("kept: state/archive/2025-08-") && ran.stderr.contains("number 1"));
    let before = dir.hashes(".");
    // The forecast of the same month, whichever command makes it.
    for command in ["run", "forecast"] {
        let again = dir.run(command, &[]);
        assert!(again.stderr.contains("kept before: number 1"), "{}", again.stderr);
    }
    assert_eq!(dir.hashes(ARCHIVE), before_of(&before, ARCHIVE));
    assert_eq!(dir.hashes("state/models"), before_of(&before, "state/models"));
    let twin = Workdir::small();
    assert_eq!(twin.run("run", &[]).code, 0);
    assert_eq!(twin.hashes("state"), dir.hashes("state"), "no moment and no place is kept");
    dir.write(&format!("{ARCHIVE}/Thumbs.db"), "x");
    dir.run("forecast", &["--as-of", "2025-06"]);
    let list = dir.run("archive", &[]);
    assert_eq!(list.code, 0, "{}", list.stderr);
    let lines: Vec<&str> = list.stdout.lines().collect();
    assert!(lines[1].starts_with("2025-08") && lines[1].contains("van toen"), "{}", list.stdout);
    assert!(lines[2].starts_with("2025-06") && lines[2].contains("achteraf"), "{}", list.stdout);
    assert!(lines[1].ends_with("afdeling Ondersteuning & Zorg"));
    assert!(lines[3].contains("The chain is whole"));
    assert_eq!(lines[4], "Thumbs.db: hoort hier niet, mag weg");
    let json: serde_json::Value =
        serde_json::from_str(&dir.run("archive", &["--json"]).stdout).unwrap();
    assert_eq!(
        (&json["records"][1]["nummer"], &json["faults"]),
        (&2.into(), &serde_json::json!([]))
    );
    fs::remove_file(dir.path().join("prognose.toml")).unwrap();
    let nowhere = dir.run("archive", &[]);
    assert!(nowhere.code == 2 && nowhere.stderr.contains("is no workspace"), "{}", nowhere.stderr);
}

fn before_of(all: &BTreeMap<String, String>, folder: &str) -> BTreeMap<String, String> {
    let within = |name: &String| {
        name.trim_start_matches("./").strip_prefix(folder)?.strip_prefix('/').map(str::to_owned)
    };
    all.iter().filter_map(|(name, hash)| Some((within(name)?, hash.clone()))).collect()
}

#[test]
fn what_was_tampered_with_is_named_and_nothing_is_added() {
    let dir = Workdir::small();
    dir.run("forecast", &["--as-of", "2025-06"]);
    dir.run("forecast", &["--as-of", "2025-07"]);
    let name = format!("{ARCHIVE}/{}", records(&dir)[0]);
    dir.edit(&name, "[0,2025,", "[0,2026,");
    let told = dir.run("archive", &[]);
    assert!(told.code == 1 && told.stderr.contains(&records(&dir)[0]), "{}", told.stderr);
    assert!(told.stdout.contains("NOT whole") && told.stderr.contains("was changed"));
    let ran = dir.run("forecast", &[]);
    assert!(ran.code == 1 && ran.stderr.contains("was changed"), "{}", ran.stderr);
    assert!(dir.read("out/2025-08/outlook.csv").len() > 100, "the forecast itself is there");
    assert_eq!(records(&dir).len(), 2);
    assert_eq!(dir.run("score", &[]).code, 1);
}

#[test]
fn a_person_does_not_answer_for_a_forecast() {
    let dir = Workdir::small();
    let refused = dir.run("forecast", &["--by", "j.jansen@klein.nl"]);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("--by looks like an e-mail") && !refused.stderr.contains("jansen")
    );
    assert_eq!(dir.run("forecast", &["--by", "concerncontroller"]).code, 0);
    assert!(dir.run("archive", &[]).stdout.contains("concerncontroller"));
}

#[test]
fn score_sets_a_forecast_beside_what_came_true_on_its_own_definition() {
    let dir = booked(54);
    let empty = dir.run("score", &[]);
    assert!(empty.code == 0 && empty.stdout.contains("Nothing to score"), "{}", empty.stderr);
    assert_eq!(dir.run("forecast", &[]).code, 0);
    dir.write("grootboek.csv", &small_ledger(68));
    let ran = dir.run("score", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("van toen") && ran.stdout.contains("maanden bekend"),
        "{}",
        ran.stdout
    );
    let text = dir.read("out/2025-08/score.csv");
    let of = |level: &'static str| {
        let scored = rows(&text);
        scored.into_iter().filter(move |row| row["niveau"] == level).collect::<Vec<_>>()
    };
    let product = of("product");
    let of_wmo = |row: &&BTreeMap<String, String>| row["doel"] == "jaar" && row["wet"] == "Wmo";
    let years: Vec<_> = product.iter().filter(of_wmo).collect();
    let told = |row: &BTreeMap<String, String>| {
        ["periode", "horizon", "wet", "werkelijk_status"].map(|column| row[column].clone())
    };
    // As of 2024-06; 2024 is over by 2025-08, and 2025 runs.
    assert_eq!(told(years[0]), ["2024", "6", "Wmo", "definitief"].map(str::to_owned));
    assert_eq!(told(years[1]), ["2025", "18", "Wmo", "loopt"].map(str::to_owned));
    assert!(years[1]["fout"].is_empty() && years[1]["binnen80"].is_empty());
    let euros = |row: &BTreeMap<String, String>, column: &str| row[column].parse::<f64>().unwrap();
    // What is booked on 4401 in 2024: 12 months of 100 000 + 200 k + 150 · ((7919 k) mod 97) and .50.
    let booked: u32 = (48..60).map(|k| 100_000 + 200 * k + 150 * ((k * 7919) % 97)).sum();
    assert!((euros(years[0], "werkelijk") - f64::from(booked) - 6.0).abs() < 1e-6);
    let error = euros(years[0], "verwacht") - euros(years[0], "werkelijk");
    assert!((euros(years[0], "fout") - error).abs() < 0.006);
    // Lasten and saldo of two lines.
    assert_eq!(product.iter().filter(|row| row["doel"] == "maand").count(), 2 * 2 * 14);

    // A code moves to another taakveld, and a bridge comes: the forecast of then is scored as before.
    dir.edit("indeling.csv", "4401,,,Wmo,6.711,Hulp", "4401,,,Wmo,6.712,Huishouding");
    dir.edit(
        "prognose.toml",
        "[forecast]",
        "[[lines.bridge]]\nname = \"Alles\"\nlines = [\"6*\"]\n\n[forecast]",
    );
    assert_eq!(dir.run("score", &[]).code, 0);
    assert_eq!(dir.read("out/2025-08/score.csv"), text);
    // One made now stands on the definition of now.
    assert_eq!(dir.run("forecast", &["--as-of", "2025-03"]).code, 0);
    assert_eq!(dir.run("score", &[]).code, 0);
    let both = dir.read("out/2025-08/score.csv");
    assert!(both.starts_with(&text));
    let newer: Vec<_> = rows(&both).into_iter().filter(|row| row["nummer"] == "2").collect();
    assert!(newer.iter().all(|row| row["opname"] == "achteraf" && row["taakveld"] != "6.711"));
    assert!(newer.iter().any(|row| row["product"] == "Huishouding" && !row["fout"].is_empty()));
    assert!(newer.iter().any(|row| row["niveau"] == "brug"));
}

#[test]
fn two_runs_at_once_wait_for_each_other() {
    let dir = &Workdir::small();
    assert_eq!(dir.run("train", &[]).code, 0);
    std::thread::scope(|scope| {
        let runs: Vec<_> = ["11", "12", "13", "14"]
            .into_iter()
            .map(|seed| {
                let out = dir.path().join(seed).display().to_string();
                scope.spawn(move || dir.run("forecast", &["--seed", seed, "--out", &out]))
            })
            .collect();
        for run in runs {
            let ran = run.join().unwrap();
            assert_eq!(ran.code, 0, "{}", ran.stderr);
        }
    });
    assert_eq!((records(dir).len(), dir.run("archive", &[]).code), (4, 0));
}

#[test]
fn the_pointer_follows_training_and_goes_back_in_one_command() {
    let dir = Workdir::small();
    let none = dir.run("train", &["--rollback"]);
    assert!(none.code == 2 && none.stderr.contains("no earlier champion"), "{}", none.stderr);
    for month in ["2025-06", "2025-07"] {
        assert_eq!(dir.run("train", &["--as-of", month]).code, 0);
    }
    let pointer = dir.read("state/models/champion.toml");
    assert!(pointer.starts_with("current = \"kampioen-2025-07-"), "{pointer}");
    // A look at the past teaches nothing new.
    assert_eq!(dir.run("train", &["--as-of", "2025-05"]).code, 0);
    assert_eq!(dir.read("state/models/champion.toml"), pointer);
    let back = dir.run("train", &["--rollback"]);
    assert!(back.stdout.starts_with("in use again: kampioen-2025-06-"), "{}", back.stdout);
    assert!(dir.read("state/models/champion.toml").starts_with("current = \"kampioen-2025-06-"));
    assert!(dir.run("forecast", &[]).stderr.contains("trained through 2025-06"));
    let log = rows(&dir.read("state/models/log.csv"));
    let told: Vec<_> =
        log.iter().map(|row| (row["as_of"].as_str(), row["what"].as_str())).collect();
    assert_eq!(told, [("2025-06", "refit"), ("2025-07", "refit"), ("2025-08", "rolled back")]);
    assert!(log[2]["from"].starts_with("kampioen-2025-07-") && log[2]["to"] == log[0]["to"]);
}

#[test]
fn a_challenger_must_win_before_the_pointer_moves() {
    let dir = Workdir::small();
    let ran = dir.run("train", &["--challenger", "seizoensnaief"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    // 22 origins have 36 months before them, and those of 2024 are kept apart.
    assert!(
        ran.stdout.contains("common origins") && ran.stdout.contains("at least 24"),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("the champion stays"), "{}", ran.stderr);
    assert!(!Path::new(&dir.path().join("state/models/champion.toml")).exists());
    let log = rows(&dir.read("state/models/log.csv"));
    assert_eq!(
        (log[0]["what"].as_str(), log[0]["to"].as_str()),
        ("challenger refused", "seizoensnaief")
    );
    let same = dir.run("train", &["--challenger", "kampioen"]);
    assert!(same.code == 2 && same.stderr.contains("is the champion"), "{}", same.stderr);
    let past = dir.run("train", &["--challenger", "seizoensnaief", "--as-of", "2025-06"]);
    assert!(
        past.code == 2 && past.stderr.contains("2025-06 lies before 2025-08"),
        "{}",
        past.stderr
    );

    let dir = noisy();
    dir.write(
        "state/models/champion.toml",
        "[spec]\nmodel = \"vuistregel\"\nrule = \"seizoensnaief\"\n",
    );
    let ran = dir.run("train", &["--challenger", "kampioen"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    assert!(dir.read("state/models/champion.toml").starts_with("current = \"kampioen-2030-08-"));
    assert!(dir.run("forecast", &[]).stderr.contains("trained through 2030-08"));
    let log = rows(&dir.read("state/models/log.csv"));
    assert_eq!(
        (log[0]["what"].as_str(), log[0]["from"].as_str()),
        ("challenger won", "seizoensnaief")
    );
    assert!(log[0]["why"].contains("common origins: 66, asked at least 24"));
    let back = dir.run("train", &["--rollback"]);
    assert!(back.stdout.starts_with("in use again: seizoensnaief"), "{}", back.stdout);
    assert_eq!(dir.run("train", &[]).code, 0);
    assert!(
        dir.read("state/models/champion.toml").starts_with("current = \"seizoensnaief-2030-08-")
    );
}

/// Six codes whose levels wander, with noise, from 2020-01 through 2030-08: here the blend has much to win
/// from a rule that repeats last year.
fn noisy() -> Workdir {
    let dir = Workdir::small();
    let mut lines = String::from("code,geldig_van,geldig_tot,wet,taakveld,product\n");
    let mut ledger = String::from("boekmaand;product;soort;bedrag\n");
    let mut random = Pcg64Mcg::seed_from_u64(5);
    for code in 4401..4407 {
        writeln!(lines, "{code},,,Wmo,6.711,Hulp {code}").unwrap();
        let mut level = 200_000.0;
        for k in 0..128 {
            level *= 1.0 + random.random_range(-0.03..0.035);
            let amount = level * (1.0 + random.random_range(-0.06..0.06));
            writeln!(ledger, "{};{code};lasten;{amount:.0},00", small_month(k)).unwrap();
        }
    }
    dir.write("indeling.csv", &lines);
    dir.write("grootboek.csv", &ledger);
    dir.write("begroting.csv", "jaar;product;soort;bedrag\n2030;4401;lasten;1300000,00\n");
    dir
}

/// So often writers are killed, in archives of so many rounds each.
const KILLS: usize = 200;
const ROUNDS: usize = 20;
/// A writer that finds this file beside it keeps on keeping.
const GO: &str = "bewaar";

/// No test of its own: what is killed below. It keeps one record after another in the current folder and tells of
/// each that is kept.
#[test]
#[ignore = "a writer for the test that kills it"]
fn keeps_on_keeping() {
    if !Path::new(GO).exists() {
        return;
    }
    for number in 0.. {
        let record = record(u64::from(std::process::id()) << 32 | number);
        if let Kept::New { file, .. } = keep(Path::new("archief"), &record).unwrap() {
            println!("kept {file}");
        }
    }
}

fn record(seed: u64) -> Record {
    let made = Made {
        version: String::new(),
        latest_booked: "2025-01".parse().unwrap(),
        definition: Definition { lines: String::new(), bridges: Vec::new() },
        spec: serde_json::json!({ "model": "kampioen" }),
        models: String::new(),
        inputs: "x".repeat(4000),
        options: serde_json::Value::Null,
        seed,
        draws: 0,
        by: String::new(),
    };
    Record {
        schema: SCHEMA,
        as_of: "2025-01".parse().unwrap(),
        made,
        scenarios: Vec::new(),
        parts: Vec::new(),
        years: Vec::new(),
        months: Vec::new(),
    }
}

fn writer(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "archive::keeps_on_keeping", "--ignored", "--nocapture"])
        .current_dir(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Kills a writer, and gives what it said it had kept.
fn killed(mut writer: Child) -> Vec<String> {
    writer.kill().unwrap();
    let told = writer.wait_with_output().unwrap().stdout;
    let told = String::from_utf8_lossy(&told).into_owned();
    told.lines().filter_map(|line| line.strip_prefix("kept ")).map(str::to_owned).collect()
}

#[test]
fn two_writers_killed_at_any_moment_lose_nothing() {
    let mut random = Pcg64Mcg::seed_from_u64(9);
    let (mut kept, mut half_done) = (0, 0);
    for _ in 0..KILLS / ROUNDS {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(GO), "").unwrap();
        let archive = dir.path().join("archief");
        let mut promised: BTreeSet<String> = BTreeSet::new();
        for _ in 0..ROUNDS {
            let writers = [writer(dir.path()), writer(dir.path())];
            std::thread::sleep(Duration::from_micros(random.random_range(4_000..40_000)));
            promised.extend(writers.into_iter().flat_map(killed));
            let chain = read(&archive).unwrap();
            assert_eq!(chain.faults, Vec::<String>::new());
            let there: BTreeSet<String> =
                chain.entries.into_iter().map(|entry| entry.file).collect();
            assert!(promised.is_subset(&there), "lost {:?}", promised.difference(&there));
            let left = fs::read_dir(&archive).into_iter().flatten().filter(|entry| {
                entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".prognose-")
            });
            half_done += left.count();
        }
        kept += promised.len();
        // The next run goes on, and clears away what the killed ones left.
        keep(&archive, &record(0)).unwrap();
        let chain = read(&archive).unwrap();
        assert!(chain.faults.is_empty() && chain.entries.len() > promised.len());
        let names: Vec<_> =
            fs::read_dir(&archive).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names.len(), chain.entries.len() + 2, "records, HEAD and .lock: {names:?}");
    }
    // Or the test would not have met the moments it is about.
    assert!(kept > ROUNDS && half_done > 0, "{kept} kept, {half_done} stopped half-way");
    println!("{kept} kept, {half_done} stopped half-way");
}
