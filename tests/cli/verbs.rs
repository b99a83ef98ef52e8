//! The other commands, on a small workspace.

use crate::support::{Workdir, prognose, prognose_with, rows};
use prognose::backtest::Origins;
use prognose::workspace::{Choices, Job};

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
    assert_eq!(dir.run("run", &["--no-backtest"]).code, 0);
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
    let ran = dir.run("run", &["--no-backtest"]);
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
    let page = dir.read("out/2025-08/backtest/backtest.html");
    assert!(page.contains("Hoe goed waren de prognoses?") && page.contains("Hielden de banden?"));
    let none = dir.run("backtest", &["--from", "2025-03"]);
    assert!(none.code == 2 && none.stderr.contains("2025-03"), "{}", none.stderr);
}

#[test]
fn the_monthly_job_scores_what_was_said_in_earlier_months() {
    let dir = Workdir::small();
    assert_eq!(dir.run("run", &["--no-backtest", "--as-of", "2025-07"]).code, 0);
    assert!(!dir.path().join("out/2025-07/score.csv").exists());
    for _ in 0..2 {
        assert_eq!(dir.run("run", &["--no-backtest"]).code, 0);
        let scored = rows(&dir.read("out/2025-08/score.csv"));
        assert!(scored.iter().any(|row| row["as_of"] == "2025-07" && row["periode"] == "2025-08"));
        assert!(scored.iter().all(|row| row["as_of"] == "2025-07"));
    }
}

/// The origins that are done lie in the output folder until all are; what the program says of a part shows
/// whether it was taken from there.
#[test]
fn a_backtest_that_was_stopped_goes_on_where_it_was() {
    let asked = ["--from", "2023-01", "--every", "5"];
    let clean = Workdir::small();
    assert_eq!(clean.run("backtest", &asked).code, 0);
    let whole = clean.hashes("out/2025-08/backtest");
    assert!(!clean.path().join("out/2025-08/backtest/.klaar").exists());

    let stopped = Workdir::small();
    let job = Job::read(stopped.path(), &Choices::default()).unwrap();
    let every = Origins { from: "2023-01".parse().ok(), to: None, every: Some(5) };
    let origins = job.origins(every).unwrap();
    job.backtest(&origins[..3], &|| ()).unwrap();
    let mut parts: Vec<_> = std::fs::read_dir(stopped.path().join("out/2025-08/backtest/.klaar"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    parts.sort();
    assert_eq!(parts.len(), 3);
    // One is only half there, as after a power cut that lost what was written.
    let text = std::fs::read(&parts[1]).unwrap();
    std::fs::write(&parts[1], &text[..text.len() / 2]).unwrap();
    assert_eq!(stopped.run("backtest", &asked).code, 0);
    assert_eq!(stopped.hashes("out/2025-08/backtest"), whole);

    // A part is really used: another model name in it comes out.
    job.backtest(&origins[..1], &|| ()).unwrap();
    let text = std::fs::read_to_string(&parts[0]).unwrap();
    std::fs::write(&parts[0], text.replace("\"tempo\"", "\"van eerder\"")).unwrap();
    assert_eq!(stopped.run("backtest", &asked).code, 0);
    assert!(stopped.read("out/2025-08/backtest/forecasts.csv").contains("van eerder"));
    // With another seed it is of no use.
    assert_eq!(stopped.run("backtest", &[&asked[..], &["--seed", "2"]].concat()).code, 0);
    assert!(!stopped.read("out/2025-08/backtest/forecasts.csv").contains("van eerder"));
}

#[test]
fn a_backtest_is_the_same_on_any_number_of_threads() {
    let hashes = |threads: &str| {
        let dir = Workdir::small();
        let folder = dir.path().to_str().unwrap();
        let asked = ["backtest", folder, "--from", "2023-01"];
        let ran = prognose_with(&asked, &[("RAYON_NUM_THREADS", threads)]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        dir.hashes("out/2025-08/backtest")
    };
    assert_eq!(hashes("1"), hashes("3"));
}

#[test]
fn a_gate_that_does_not_hold_ends_with_one_and_says_what_failed() {
    let dir = Workdir::small();
    let rule = "[[rule]]\nmetric = \"wape\"\nlevel = \"wet\"\n";
    dir.write("gate.toml", &format!("{rule}max = 0.5\n{rule}max = 0.0\n"));
    let gated = |dir: &Workdir| dir.run("backtest", &["--from", "2024-01", "--gate", "gate.toml"]);
    let ran = gated(&dir);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("yes") && ran.stdout.contains("NO"), "{}", ran.stdout);
    assert!(ran.stderr.contains("wape kampioen, jaar per wet, lasten ≤ 0;"), "{}", ran.stderr);
    assert!(dir.path().join("out/2025-08/backtest/scores.csv").is_file());
    dir.write("gate.toml", &format!("{rule}max = 0.5\n"));
    assert_eq!(gated(&dir).code, 0);
    for (text, told) in [
        (rule.to_owned(), "gate.toml, row 1: a rule without a limit"),
        (rule.replace("wape", "mape") + "max = 1\n", "gate.toml, row 2"),
        (String::new(), "a gate without rules"),
    ] {
        dir.write("gate.toml", &text);
        let ran = gated(&dir);
        assert!(ran.code == 2 && ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
}

/// The workflows of the guide for GitHub and GitLab: their commands on a workspace with the gate that `init` writes.
#[test]
fn the_workflows_of_the_guide_can_be_run() {
    let guide = include_str!("../../src/guide/backtest.md");
    let workflows: Vec<&str> =
        guide.split("```").filter(|block| block.starts_with("yaml\n")).collect();
    let made = Workdir::empty();
    let new = made.path().join("nieuw");
    assert_eq!(prognose(&["init", new.to_str().unwrap()]).code, 0);
    let dir = Workdir::small();
    dir.write("gate.toml", &std::fs::read_to_string(new.join("gate.toml")).unwrap());
    let folder = dir.path().to_str().unwrap().to_owned();
    let out = dir.path().join("uitkomst").to_str().unwrap().to_owned();
    let mut ran = 0;
    for line in workflows.iter().flat_map(|block| block.lines()) {
        let command = line.trim().trim_start_matches("- ").trim_start_matches("run: ");
        let Some(arguments) = command.strip_prefix("prognose ") else { continue };
        let place = |word: &str| match word {
            "gemeente" => folder.clone(),
            "uitkomst" => out.clone(),
            word => word.to_owned(),
        };
        let arguments: Vec<String> = arguments.split(' ').map(place).collect();
        let ran_one = prognose(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        // Whether so small a workspace passes is not the question.
        assert!(ran_one.code < 2, "{command}: {}", ran_one.stderr);
        ran += 1;
    }
    assert_eq!((workflows.len(), ran), (2, 4));
    assert!(dir.path().join("uitkomst/backtest/backtest.html").is_file());
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

/// A report of people on two years, and what every step of the ladder said of the same.
#[test]
fn a_later_budget_and_later_bookings_change_no_step_of_the_ladder() {
    let source = "[[source]]\nkind = \"human_forecast\"\nfiles = \"rapport.csv\"\ndelimiter = \";\"\n[source.columns]\n\
        year = \"jaar\"\nwet = \"wet\"\nside = \"soort\"\namount = \"bedrag\"\nmade = \"gemaakt\"\nname = \"rapport\"\n\n[lines]";
    let budget = |dir: &Workdir, later: &str| {
        let row = |year, version, adopted, amount| {
            format!(
                "{year};4401;lasten;{amount},00;{version};{adopted}\n{year};4501;lasten;{amount},00;{version};{adopted}\n"
            )
        };
        let first = [
            row(2023, "primitief", "2022-11", 1_300_000),
            row(2024, "primitief", "2023-11", 1_400_000),
        ];
        dir.write(
            "begroting.csv",
            &format!("jaar;product;soort;bedrag;versie;vastgesteld\n{}{later}", first.concat()),
        );
    };
    let steps = |dir: &Workdir| {
        let ran = dir.run("backtest", &["--from", "2024-06"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let mut rows = rows(&dir.read("out/2025-08/backtest/rapportages.csv"));
        for row in &mut rows {
            row.retain(|column, _| column != "werkelijk" && column != "fout");
        }
        rows
    };
    let made = || {
        let dir = Workdir::small();
        dir.edit("prognose.toml", "[lines]", source);
        dir.edit("prognose.toml", "files = \"begroting.csv\"\ndelimiter = \";\"\ndecimal = \",\"\n[source.columns]",
            "files = \"begroting.csv\"\ndelimiter = \";\"\ndecimal = \",\"\n[source.columns]\nversion = \"versie\"\nadopted = \"vastgesteld\"");
        let row = |(year, wet)| format!("{year};{wet};lasten;2000000;{year}-05;1e rapport\n");
        let rows = [(2023, "Wmo"), (2023, "Jeugd"), (2024, "Wmo"), (2024, "Jeugd")].map(row);
        dir.write(
            "rapport.csv",
            &("jaar;wet;soort;bedrag;gemaakt;rapport\n".to_owned() + &rows.concat()),
        );
        budget(&dir, "");
        dir
    };
    let clean = made();
    let ours = steps(&clean);
    let of = |step: &str| ours.iter().filter(|row| row["trede"] == step).count();
    // Two acts and all together, in two years.
    let all = ["seizoensnaief", "tempo", "uitputtingsprofiel", "begroting", "kampioen", "rapport"];
    assert_eq!(all.map(of), [6; 6], "{ours:?}");
    let poisoned = made();
    budget(
        &poisoned,
        "2024;4401;lasten;9000000,00;gewijzigd;2024-05\n2023;4501;lasten;9000000,00;gewijzigd;2023-05\n",
    );
    let text = poisoned.read("grootboek.csv");
    poisoned.write("grootboek.csv", &text.replace("2024-05;4401;lasten;", "2024-05;4401;lasten;9"));
    assert_eq!(ours, steps(&poisoned));
}

#[test]
fn books_without_service_months_work_say_so_and_can_drop_months() {
    let whole = Workdir::small();
    let ran = whole.run("run", &["--no-backtest"]);
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
    assert_eq!(incomplete.run("run", &["--no-backtest"]).code, 0);
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
    let ran = prognose(&["run", made.join("S002").to_str().unwrap(), "--no-backtest"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}
