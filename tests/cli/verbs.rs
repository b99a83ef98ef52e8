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
fn without_service_months_completion_is_off_and_says_so() {
    let dir = Workdir::small();
    assert_eq!(dir.run("run", &[]).code, 0);
    let html = dir.read("out/2025-08/report.html");
    assert!(html.contains("De aanvulling van late facturen staat uit."));
    assert!(html.contains("drop_months = 3"));
    for name in ["late.csv", "hindsight.csv"] {
        let text = dir.read(&format!("out/2025-08/{name}"));
        assert!(text.starts_with("as_of,") && text.lines().count() == 1, "{name}: {text}");
    }
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
fn an_amount_with_a_name_is_shown_everywhere() {
    let dir = Workdir::small();
    let toml = dir.read("prognose.toml");
    let named = "[[forecast.quantile]]\nname = \"behoedzaam\"\nshort = 3\n";
    dir.write("prognose.toml", &format!("{toml}\n{named}"));
    let ran = dir.run("run", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let line = ran.stdout.lines().last().unwrap();
    assert!(line.starts_with("behoedzaam (75 %): lasten "), "{line}");
    assert!(dir.read("out/2025-08/report.html").contains("(behoedzaam, 75%)"));
    let amounts = rows(&dir.read("out/2025-08/voorzichtig.csv"));
    let years = rows(&dir.read("out/2025-08/outlook.csv"));
    assert_eq!(amounts.len(), years.len());
    // Of a named 75 % it is the column of that share that tells it.
    for (amount, year) in amounts.iter().zip(&years) {
        let column = if amount["soort"] == "baten" { "p25" } else { "p75" };
        assert_eq!(amount["bedrag"], year[column], "{amount:?}");
    }
    let ran = dir.run("forecast", &["--json"]);
    let summary: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let total = &summary["outlook"][0];
    assert_eq!(total["voorzichtig"]["behoedzaam"]["kans"], 0.75);
    assert!(total["voorzichtig"]["behoedzaam"]["bedrag"].as_f64() > total["p10"].as_f64());
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
    assert_eq!(of("kampioen-mint"), of("kampioen"));
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
fn books_without_service_months_work_say_so_and_can_drop_months() {
    let whole = Workdir::small();
    let ran = whole.run("run", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report = whole.read("out/2025-08/report.html");
    assert!(report.contains("staat uit") && report.contains("drop_months = 3"));
    let status = |dir: &Workdir, month: &str| -> Vec<String> {
        let mut months = rows(&dir.read("out/2025-08/forecast.csv"));
        months.retain(|row| row["maand"] == month && row["niveau"] == "product");
        months.into_iter().map(|row| row["status"].clone()).collect()
    };
    assert!(status(&whole, "2025-08").iter().all(|status| status == "gerealiseerd"));
    // The last three months say 1 euro each: a ledger that is far from complete.
    let incomplete = Workdir::small();
    let mut ledger = incomplete.read("grootboek.csv");
    for month in ["2025-06", "2025-07", "2025-08"] {
        let lines = ledger.lines().map(|line| match line.split_once(';') {
            Some((first, rest)) if first == month => {
                format!("{month};{};lasten;1,00;x\n", rest.split(';').next().unwrap())
            }
            _ => format!("{line}\n"),
        });
        ledger = lines.collect();
    }
    incomplete.write("grootboek.csv", &ledger);
    incomplete.edit("prognose.toml", "[forecast]", "[forecast]\ndrop_months = 3");
    assert_eq!(incomplete.run("run", &[]).code, 0);
    assert!(status(&incomplete, "2025-06").iter().all(|status| status == "voorlopig"));
    let total = |dir: &Workdir| -> f64 {
        let rows = rows(&dir.read("out/2025-08/outlook.csv"));
        let row = rows.iter().find(|row| row["niveau"] == "totaal" && row["jaar"] == "2025");
        row.unwrap()["verwacht"].parse().unwrap()
    };
    assert!((total(&incomplete) / total(&whole) - 1.0).abs() < 0.1);
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
