//! Where service months come from: declarations, and dated extracts of the whole ledger.

use crate::support::{Workdir, rows};

/// The findings of `check`, code and message.
fn findings(dir: &Workdir, as_of: &str) -> Vec<(String, String)> {
    let ran = dir.run("check", &["--as-of", as_of]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let found = rows(&dir.read(&format!("out/{as_of}/findings.csv")));
    found.into_iter().map(|row| (row["code"].clone(), row["melding"].clone())).collect()
}

fn told<'a>(findings: &'a [(String, String)], code: &str) -> Vec<&'a str> {
    findings.iter().filter(|found| found.0 == code).map(|found| &*found.1).collect()
}

#[test]
fn declarations_give_a_ledger_its_service_months() {
    let dir = Workdir::declared();
    let found = findings(&dir, "2025-08");
    let used = told(&found, "declarations-used");
    assert_eq!(used.len(), 1, "{found:?}");
    // 67 of 68 booking months of two lines were declared; the first months keep theirs.
    for part in
        ["(268 rijen)", "is gedeclareerd: 134 rijen", "gebleven: 2 rijen, €\u{a0}300.000,75"]
    {
        assert!(used[0].contains(part), "no {part:?} in {}", used[0]);
    }
    assert!(told(&found, "service-months-absent").is_empty());
    assert_eq!(told(&found, "declarations-partial").len(), 2);

    let ran = dir.run("run", &["--no-backtest"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // Three quarters of August's money is for July: August waits for that of September.
    let months = rows(&dir.read("out/2025-08/forecast.csv"));
    let status = |month: &str| {
        let row = months.iter().find(|row| row["maand"] == month && row["niveau"] == "totaal");
        row.map(|row| row["status"].clone()).unwrap_or_default()
    };
    assert_eq!((&*status("2025-07"), &*status("2025-08")), ("gerealiseerd", "voorlopig"));
}

#[test]
fn declarations_beside_service_months_are_told() {
    let dir = Workdir::declared();
    dir.edit(
        "prognose.toml",
        "booked = \"boekmaand\"",
        "booked = \"boekmaand\"\nservice = \"boekmaand\"",
    );
    dir.edit("declaraties.csv", "4401", "9999");
    let found = findings(&dir, "2025-08");
    assert!(told(&found, "declarations-used").is_empty());
    assert!(told(&found, "declarations-ignored")[0].contains("Hulp"), "{found:?}");
    assert!(told(&found, "declared-code-unknown")[0].contains("9999"), "{found:?}");
}

#[test]
fn extracts_show_what_was_known_then() {
    let dir = Workdir::extracts();
    let ran = dir.run("check", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("vervangen"), "{}", ran.stdout);
    // The account of every extract but the last is set apart as replaced.
    let account = |file: &str| -> Vec<String> {
        let line = ran.stdout.lines().find(|line| line.contains(file)).unwrap();
        line.split_whitespace().map(str::to_owned).collect()
    };
    let (early, last) = (account("stand-2025-06.csv"), account("stand-2025-08.csv"));
    assert_eq!((&early[3], &*early[4], &*last[8]), (&early[8], "0.00", "0.00"), "{early:?}");
    assert_eq!(last[3], last[4], "{last:?}");

    let found = findings(&dir, "2025-08");
    let changes = told(&found, "snapshot-changes");
    assert_eq!(changes.len(), 1, "{found:?}");
    assert!(
        changes[0].contains("augustus 2025") && changes[0].contains("€\u{a0}1.000,00"),
        "{}",
        changes[0]
    );
    dir.edit("standen/stand-2025-07.csv", ";200000,25", ";2000000,25");
    let found = findings(&dir, "2025-08");
    assert!(told(&found, "snapshot-revised")[0].contains("[[source]]"), "{found:?}");
}

/// A later extract changes nothing that was known before it.
#[test]
fn a_later_extract_leaves_earlier_outlooks_as_they_were() {
    let outlook = |dir: &Workdir| {
        let ran = dir.run("forecast", &["--as-of", "2025-07"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        dir.read("out/2025-07/outlook.csv")
    };
    let whole = Workdir::extracts();
    let earlier = Workdir::extracts();
    std::fs::remove_file(earlier.path().join("standen/stand-2025-08.csv")).unwrap();
    assert_eq!(outlook(&whole), outlook(&earlier));
}
