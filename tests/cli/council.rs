//! Real money: two English councils, adult social care (≈ Wmo) and children's services (≈ Jeugd).
//!
//! The data is no part of the project. Without it these tests say so and pass.

use crate::support::{Workdir, rows};
use prognose::backtest::{Forecasted, Origins, against_best_rule};
use prognose::model::Rule;
use prognose::units::{Level, Measure, Wet};
use prognose::workspace::{Choices, Job};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const COUNCILS: [&str; 2] = ["leeds", "calderdale"];

/// Where the data stands, or a word that it does not.
fn data() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/council");
    let found = path.join("monthly_by_unit.csv").is_file().then_some(path);
    if found.is_none() {
        eprintln!("SKIPPED: the council data is not there (../shared/data/council)");
    }
    found
}

/// A workspace with the payments of one council by unit, the units mapped to one line per act.
fn workspace(council: &str, data: &Path) -> Workdir {
    let dir = Workdir::empty();
    dir.write("prognose.toml", CONFIG);
    let read = |name: &str| std::fs::read_to_string(data.join(name)).unwrap();
    let ours = |row: &BTreeMap<String, String>| row["council"] == council;
    let mut ledger = csv::Writer::from_writer(Vec::new());
    ledger.write_record(["payment_month", "organisational_unit", "amount_gbp"]).unwrap();
    for row in rows(&read("monthly_by_unit.csv")).into_iter().filter(ours) {
        ledger
            .write_record([&row["payment_month"], &row["organisational_unit"], &row["amount_gbp"]])
            .unwrap();
    }
    dir.write_bytes("grootboek.csv", &ledger.into_inner().unwrap());
    let units: BTreeMap<String, &str> = rows(&read("monthly_series.csv"))
        .into_iter()
        .filter(ours)
        .flat_map(|row| {
            let line = if row["domain"] == "adult_social_care" {
                "Wmo,6.71,Volwassenen"
            } else {
                "Jeugd,6.72,Jeugd"
            };
            row["units"].split('|').map(|unit| (unit.to_owned(), line)).collect::<Vec<_>>()
        })
        .collect();
    let mut lines = String::from("code,geldig_van,geldig_tot,wet,taakveld,product\n");
    for (unit, line) in units {
        writeln!(lines, "\"{unit}\",,,{line}").unwrap();
    }
    dir.write("indeling.csv", &lines);
    dir
}

const CONFIG: &str = r#"
[organisation]
name = "Council"
model_owner = "finance"
[[source]]
kind = "ledger"
files = "grootboek.csv"
[source.columns]
booked = "payment_month"
code = "organisational_unit"
amount = "amount_gbp"
[lines]
table = "indeling.csv"
[forecast]
draws = 500
"#;

#[test]
fn runs_as_of_june_2019_and_tells_what_is_partial() {
    let Some(data) = data() else { return };
    for council in COUNCILS {
        let dir = workspace(council, &data);
        let ran = dir.run("run", &["--no-backtest", "--as-of", "2019-06"]);
        assert_eq!(ran.code, 0, "{council}:\n{}", ran.stderr);
        let outlook = rows(&dir.read("out/2019-06/outlook.csv"));
        let total = |row: &&BTreeMap<String, String>| {
            row["jaar"] == "2019" && row["niveau"] == "totaal" && row["soort"] == "lasten"
        };
        let row = outlook.iter().find(total).unwrap();
        let amount = |name: &str| row[name].parse::<f64>().unwrap();
        assert!(
            amount("p10") < amount("verwacht") && amount("verwacht") < amount("p90"),
            "{row:?}"
        );
        assert!(amount("geboekt") > 0.0 && amount("nog_te_ontvangen") == 0.0, "{row:?}");
        assert!(
            std::fs::metadata(dir.path().join("out/2019-06/report.html")).unwrap().len() > 20_000
        );
        if council == "leeds" {
            assert!(
                dir.read("out/2019-06/findings.csv").contains("partial-month"),
                "2010-11 of Leeds is partial"
            );
        }
    }
}

#[test]
fn the_champion_is_no_worse_than_the_best_simple_rule() {
    let Some(data) = data() else { return };
    let replayed = |council: &str| -> Vec<Forecasted> {
        let dir = workspace(council, &data);
        let job = Job::read(dir.path(), &Choices::default()).unwrap();
        let origins = job.origins(Origins::default()).unwrap();
        job.backtest(&origins, &|| ()).unwrap().rows
    };
    let rows: Vec<Forecasted> = COUNCILS.iter().flat_map(|council| replayed(council)).collect();
    // Four series, as the peers were measured: a unit that ended in 2011 is on no line.
    let rows: Vec<Forecasted> =
        rows.into_iter().filter(|row| row.node.wet != Some(Wet::Gezamenlijk)).collect();
    let rules = Rule::ALL.map(Rule::name);
    let verdict =
        against_best_rule(&rows, "kampioen", &rules, Level::Wet, Measure::Lasten).unwrap();
    eprintln!("{verdict:#?}");
    assert!(verdict.champion <= verdict.best, "{verdict:?}");
}

#[test]
fn backtest_prints_the_error_by_months_known() {
    let Some(data) = data() else { return };
    let dir = workspace("leeds", &data);
    let ran = dir.run("backtest", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for word in ["3 mnd", "6 mnd", "9 mnd", "kampioen", "seizoensnaief", "90 % interval"] {
        assert!(ran.stdout.contains(word), "no {word} in\n{}", ran.stdout);
    }
    let forecasts = rows(&dir.read("out/2022-08/backtest/forecasts.csv"));
    assert!(forecasts.iter().all(|row| row["werkelijk_status"] == "definitief"));
    let targets: std::collections::BTreeSet<&str> =
        forecasts.iter().map(|row| row["doel"].as_str()).collect();
    assert_eq!(targets.into_iter().collect::<Vec<_>>(), ["jaar", "maand"]);
}

#[test]
fn the_step_of_leeds_adult_social_care_is_flagged_within_half_a_year() {
    let Some(data) = data() else { return };
    let dir = workspace("leeds", &data);
    // Units became Adults and Health in May 2017, and payments about 45 % more.
    let ran = dir.run("drift", &["--as-of", "2017-10"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let flags = rows(&dir.read("out/2017-10/drift.csv"));
    let flag = flags
        .iter()
        .find(|row| row["toets"] == "B" && row["wet"] == "Wmo" && row["status"] == "signaal");
    let flag = flag.unwrap_or_else(|| panic!("no flag: {flags:#?}"));
    assert_eq!(flag["sinds"], "2017-05");
    assert!(
        flag["gezien"].as_str() <= "2017-10" && flag["per_maand"].parse::<f64>().unwrap() > 2e6
    );
}
