//! The other commands, on a small workspace.

use crate::support::{Workdir, prognose, rows};

#[test]
fn check_lists_findings_and_accounts_for_every_cent() {
    let dir = Workdir::small();
    let ran = dir.run("check", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("grootboek.csv") && ran.stdout.contains("service-months-absent"),
        "{}",
        ran.stdout
    );
    assert!(
        dir.read("out/2025-08/findings.csv")
            .starts_with("code,ernst,bestand,blad,rij,kolom,waarde,melding\n")
    );
}

#[test]
fn train_keeps_models_that_a_later_month_uses() {
    let dir = Workdir::small();
    assert_eq!(dir.run("train", &["--as-of", "2025-07"]).code, 0);
    let ran = dir.run("forecast", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("trained through 2025-07"), "{}", ran.stderr);
    let earlier = dir.run("forecast", &["--as-of", "2025-06"]);
    assert!(
        earlier.stderr.contains("training 2 lines"),
        "models that know more are not used: {}",
        earlier.stderr
    );
}

#[test]
fn report_stands_alone() {
    let dir = Workdir::small();
    assert_eq!(dir.run("report", &[]).code, 0);
    let html = dir.read("out/2025-08/report.html");
    assert!(
        html.starts_with("<!DOCTYPE html>")
            && !html.contains("<script")
            && !html.contains("http://")
            && !html.contains("https://")
    );
}

#[test]
fn json_gives_the_summary() {
    let dir = Workdir::small();
    for command in ["check", "forecast", "run"] {
        let ran = dir.run(command, &["--json"]);
        let summary: serde_json::Value = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|e| panic!("{command}: {e}\n{}", ran.stdout));
        assert_eq!((&summary["as_of"], &summary["lines"]), (&"2025-08".into(), &2.into()));
    }
}

#[test]
fn backtest_compares_every_model_on_equal_origins() {
    let dir = Workdir::small();
    let ran = dir.run("backtest", &["--from", "2023-01", "--every", "5"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let forecasts = rows(&dir.read("out/2025-08/backtest/forecasts.csv"));
    let of = |model: &str| forecasts.iter().filter(|row| row["model"] == model).count();
    assert!(
        of("kampioen") > 0 && of("kampioen") == of("seizoensnaief"),
        "{} {}",
        of("kampioen"),
        of("seizoensnaief")
    );
    let origins: std::collections::BTreeSet<&str> =
        forecasts.iter().map(|row| row["origin"].as_str()).collect();
    assert_eq!(
        origins.into_iter().collect::<Vec<_>>(),
        ["2023-01", "2023-06", "2023-11", "2024-04", "2024-09"]
    );
    let none = dir.run("backtest", &["--from", "2025-03"]);
    assert!(none.code == 2 && none.stderr.contains("2025-03"), "{}", none.stderr);
}

#[test]
fn nothing_booked_after_an_origin_changes_its_forecast() {
    let forecasts = |dir: &Workdir| {
        assert_eq!(dir.run("backtest", &[]).code, 0);
        let mut rows = rows(&dir.read("out/2025-08/backtest/forecasts.csv"));
        rows.retain(|row| row["origin"].as_str() <= "2023-06");
        for row in &mut rows {
            row.remove("werkelijk");
        }
        rows
    };
    let clean = Workdir::small();
    let poisoned = Workdir::small();
    let text =
        poisoned.read("grootboek.csv").replace("2023-07;4401;lasten;", "2023-07;4401;lasten;9");
    poisoned.write("grootboek.csv", &text.replace("2024-02;4501;lasten;", "2024-02;4501;lasten;-"));
    let (ours, theirs) = (forecasts(&clean), forecasts(&poisoned));
    assert!(ours.len() > 100);
    assert_eq!(ours, theirs);
}

#[test]
fn init_makes_a_workspace_to_fill_in() {
    let dir = Workdir::empty();
    let made = dir.path().join("nieuw");
    assert_eq!(prognose(&["init", made.to_str().unwrap()]).code, 0);
    let checked = prognose(&["check", made.to_str().unwrap()]);
    assert!(checked.code == 2 && checked.stderr.contains("grootboek/*.csv"), "{}", checked.stderr);
}

#[test]
fn synth_makes_workspaces_that_run() {
    let dir = Workdir::empty();
    let made = dir.path().join("land");
    assert_eq!(prognose(&["synth", made.to_str().unwrap(), "--municipalities", "2"]).code, 0);
    let ran = prognose(&["run", made.join("S002").to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}
