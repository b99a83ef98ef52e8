//! The README's main job on the demo: every figure adds up, and the same seed gives the same bytes.

use crate::support::{Ran, Workdir, hashes, prognose, rows};
use prognose::calendar::Agenda;
use prognose::ledger::Ledger;
use prognose::synth;
use prognose::workspace::{Choices, Job};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

type Row = BTreeMap<String, String>;

/// One run of the demo serves all tests of this module.
pub(crate) fn demo() -> &'static (Workdir, Ran) {
    static DEMO: OnceLock<(Workdir, Ran)> = OnceLock::new();
    DEMO.get_or_init(|| {
        let dir = copy_of_demo();
        let ran = dir.run("run", &["--no-backtest"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        (dir, ran)
    })
}

pub(crate) fn copy_of_demo() -> Workdir {
    let dir = Workdir::empty();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    for name in
        hashes(&demo).keys().filter(|name| !name.starts_with("out") && !name.starts_with("state"))
    {
        dir.write_bytes(name, &std::fs::read(demo.join(name)).unwrap());
    }
    dir
}

pub(crate) const OUT: &str = "out/2026-10";

fn outlook() -> Vec<Row> {
    rows(&demo().0.read(&format!("{OUT}/outlook.csv")))
}

/// Cents of an amount with two decimals.
fn cents(text: &str) -> i64 {
    let (euros, cents) =
        text.split_once('.').unwrap_or_else(|| panic!("{text} has no two decimals"));
    let size =
        euros.trim_start_matches('-').parse::<i64>().unwrap() * 100 + cents.parse::<i64>().unwrap();
    if text.starts_with('-') { -size } else { size }
}

#[test]
fn writes_every_file_of_the_contract() {
    let (dir, _) = demo();
    let sets = [
        "aansluiting",
        "beleid",
        "bestanden",
        "betrouwbaarheid",
        "drift",
        "duiding",
        "findings",
        "forecast",
        "grondslag",
        "hindsight",
        "kolommen",
        "late",
        "meerjaren",
        "outlook",
        "regels",
        "terugblik",
        "toets",
        "uitleg",
        "verloop",
        "verschil",
        "voorzichtig",
    ];
    let mut files: Vec<String> =
        sets.iter().flat_map(|set| [format!("{set}.csv"), format!("{set}.parquet")]).collect();
    let account =
        ["algoritmeregister.json", "basis-op-orde.html", "dossier.html", "modelkaart.html"];
    files.extend(account.map(|name| format!("account/{name}")));
    files.extend(["manifest.json", "report.html", "report.xlsx"].map(str::to_owned));
    files.sort();
    let written: Vec<String> = dir.hashes(OUT).into_keys().collect();
    let (pages, others): (Vec<String>, Vec<String>) =
        written.into_iter().partition(|name| name.starts_with("report/"));
    assert_eq!(others, files);
    assert!(
        pages.contains(&"report/toets-het-zelf.html".to_owned()) && pages.len() > 10,
        "{pages:?}"
    );
    let kinds: Vec<_> = rows(&dir.read(&format!("{OUT}/kolommen.csv")));
    for set in sets {
        let header = dir.read(&format!("{OUT}/{set}.csv")).lines().next().unwrap().to_owned();
        let described = kinds.iter().filter(|row| row["tabel"] == set).map(|row| &*row["kolom"]);
        assert_eq!(described.collect::<Vec<_>>().join(","), header);
    }
    let report = dir.read(&format!("{OUT}/report.html"));
    assert!(report.contains("verzonnen") && report.contains("Voorbeeldstad"));
}

#[test]
fn every_row_and_every_level_adds_up() {
    let rows = outlook();
    let additive = ["geboekt", "nog_te_ontvangen", "nog_te_komen", "beleid", "verwacht"];
    for row in &rows {
        let parts: i64 = additive[..4].iter().map(|name| cents(&row[*name])).sum();
        assert_eq!(parts, cents(&row["verwacht"]), "{row:?}");
        let quantiles: Vec<i64> = ["p025", "p05", "p10", "p25", "p50", "p75", "p90", "p95", "p975"]
            .iter()
            .map(|p| cents(&row[*p]))
            .collect();
        assert!(quantiles.is_sorted(), "{row:?}");
    }
    for name in additive {
        let leaves = sums(&rows, name, &["product"], |row| {
            vec![row["wet"].clone(), row["taakveld"].clone()]
        });
        assert_eq!(
            leaves,
            sums(&rows, name, &["taakveld"], |row| vec![
                row["wet"].clone(),
                row["taakveld"].clone()
            ]),
            "{name}"
        );
        let acts = sums(&rows, name, &["product"], |row| vec![row["wet"].clone()]);
        assert_eq!(acts, sums(&rows, name, &["wet"], |row| vec![row["wet"].clone()]), "{name}");
        assert_eq!(
            sums(&rows, name, &["wet"], |_| vec![]),
            sums(&rows, name, &["totaal"], |_| vec![]),
            "{name}"
        );
    }
}

#[test]
fn the_band_of_the_total_is_narrower_than_those_of_its_lines_together() {
    let width = |row: &Row| cents(&row["p90"]) - cents(&row["p10"]);
    for year in 2026..=2030 {
        let of = |level: &str| -> i64 {
            let rows = outlook();
            let rows = rows.iter().filter(|row| {
                row["jaar"] == year.to_string()
                    && row["niveau"] == level
                    && row["soort"] == "lasten"
            });
            rows.map(width).sum()
        };
        let (total, lines) = (of("totaal"), of("product"));
        assert!(0 < total && total < lines, "{year}: {total} {lines}");
    }
}

#[test]
fn what_is_late_adds_up_and_agrees_with_the_year() {
    let late = rows(&demo().0.read(&format!("{OUT}/late.csv")));
    let node =
        |row: &Row| ["niveau", "wet", "taakveld", "product", "soort"].map(|n| row[n].clone());
    let this_year: BTreeMap<[String; 5], i64> = outlook()
        .iter()
        .filter(|row| row["jaar"] == "2026" && cents(&row["nog_te_ontvangen"]) != 0)
        .map(|row| (node(row), cents(&row["nog_te_ontvangen"])))
        .collect();
    let mut found = BTreeMap::new();
    for rows in late.chunks(5) {
        let (ages, all) = rows.split_at(4);
        let names: Vec<&str> = rows.iter().map(|row| row["leeftijd"].as_str()).collect();
        assert_eq!(names, ["0-2", "3-5", "6-11", "12+", "alle"]);
        for name in ["geboekt", "nog_te_ontvangen", "waarvan_eerdere_jaren"] {
            let sum: i64 = ages.iter().map(|row| cents(&row[name])).sum();
            assert_eq!(sum, cents(&all[0][name]), "{name} {all:?}");
        }
        let of_earlier_years = cents(&all[0]["waarvan_eerdere_jaren"]);
        found.insert(node(&all[0]), cents(&all[0]["nog_te_ontvangen"]) - of_earlier_years);
    }
    found.retain(|_, sum| *sum != 0);
    assert!(found.len() > 50);
    assert_eq!(found, this_year);
}

#[test]
fn later_years_follow_from_the_one_before_and_agree_with_the_outlook() {
    let steps = rows(&demo().0.read(&format!("{OUT}/meerjaren.csv")));
    let key = |row: &Row| {
        ["jaar", "niveau", "wet", "taakveld", "product", "soort"].map(|name| row[name].clone())
    };
    let expected: BTreeMap<[String; 6], i64> =
        outlook().iter().map(|row| (key(row), cents(&row["verwacht"]))).collect();
    let later = expected.keys().filter(|key| key[0].as_str() > "2026").count();
    assert_eq!(steps.len(), later);
    for row in &steps {
        let sum = |names: &[&str]| names.iter().map(|name| cents(&row[*name])).sum::<i64>();
        let baseline = sum(&["vorig_jaar", "eenmalig", "doorwerking", "volume", "prijs"]);
        assert_eq!(baseline, cents(&row["basislijn"]), "{row:?}");
        assert_eq!(sum(&["basislijn", "beleid"]), expected[&key(row)], "{row:?}");
        assert_eq!(cents(&row["verwacht"]), expected[&key(row)], "{row:?}");
    }
}

#[test]
fn policy_is_inside_what_is_expected_when_it_is_decided() {
    let policy = rows(&demo().0.read(&format!("{OUT}/beleid.csv")));
    assert!(policy.iter().any(|row| row["gebeurtenis"] == "collectief-vervoer-2027"));
    for row in &policy {
        let decided = ["besloten", "ingegaan"].contains(&row["status"].as_str());
        assert_eq!(row["in_verwacht"], if decided { "ja" } else { "nee" }, "{row:?}");
        assert!(!row["titel"].is_empty() && row["vanaf"].as_str() >= "2026", "{row:?}");
    }
    let named = demo().0.read(&format!("{OUT}/voorzichtig.csv"));
    assert_eq!(named, "as_of,jaar,niveau,wet,taakveld,product,soort,naam,kans,bedrag\n");
}

#[test]
fn what_changed_leads_from_a_month_ago_to_now_to_the_cent() {
    let changes = rows(&demo().0.read(&format!("{OUT}/verschil.csv")));
    let key = |row: &Row| {
        ["jaar", "niveau", "wet", "taakveld", "product", "soort"].map(|name| row[name].clone())
    };
    let expected: BTreeMap<[String; 6], i64> =
        outlook().iter().map(|row| (key(row), cents(&row["verwacht"]))).collect();
    assert!(changes.len() > 500);
    for row in &changes {
        let causes = ["indeling", "beleid", "prijs", "realisatie", "nakomend", "model"];
        let sum: i64 = causes.iter().map(|name| cents(&row[*name])).sum();
        assert_eq!(cents(&row["vorige_maand"]) + sum, cents(&row["nu"]), "{row:?}");
        assert_eq!(cents(&row["nu"]), expected[&key(row)], "{row:?}");
    }
}

const PLAN: &str = r#"
[[event]]
id = "eigen-bijdrage-per-1-1-2027"
title = "Eigen bijdrage per 1-1-2027"
date = "2027-01"
known_from = "2026-09"
scope = ["Wmo/Hulp bij het huishouden"]
form = "step"
status = "decided"
low = "-9 %"
central = "-5 %"
high = "-2 %"
"#;

#[test]
fn a_scenario_row_changes_only_its_scope_from_its_date_on_and_leaves_no_trace() {
    let dir = copy_of_demo();
    let agenda = dir.read("beleid.toml");
    dir.write("beleid.toml", &(agenda.clone() + PLAN));
    assert_eq!(dir.run("forecast", &[]).code, 0);
    let untouched =
        ["begroting", "geboekt", "nog_te_ontvangen", "nog_te_komen", "model", "as_of", "jaar"];
    let (before, after) = (outlook(), rows(&dir.read(&format!("{OUT}/outlook.csv"))));
    let mut changed = 0;
    for (before, after) in before.iter().zip(&after).filter(|(before, after)| before != after) {
        let inside = match after["niveau"].as_str() {
            "totaal" => true,
            "wet" => after["wet"] == "Wmo",
            "taakveld" => after["taakveld"] == "6.711",
            "brug" => after["product"] == "Wmo maatwerk en toegang",
            _ => after["product"] == "Hulp bij het huishouden",
        };
        assert!(inside && after["jaar"].as_str() >= "2027" && after["soort"] != "baten");
        assert!(untouched.iter().all(|name| before[*name] == after[*name]), "{after:?}");
        let more = |name: &str| cents(&after[name]) - cents(&before[name]);
        assert!(more("beleid") < 0 && more("beleid") == more("verwacht"), "{after:?}");
        changed += 1;
    }
    // Total, act, taakveld, bridge and product, lasten and saldo, four years.
    assert_eq!(changed, 5 * 2 * 4);
    let months = rows(&dir.read(&format!("{OUT}/forecast.csv")));
    let of_before = rows(&demo().0.read(&format!("{OUT}/forecast.csv")));
    let differ = months.iter().zip(&of_before).filter(|(after, before)| after != before);
    assert!(differ.map(|(after, _)| after["maand"].as_str()).all(|month| month >= "2027-01"));
    let policy = rows(&dir.read(&format!("{OUT}/beleid.csv")));
    let of_plan = |row: &&Row| row["gebeurtenis"] == "eigen-bijdrage-per-1-1-2027";
    assert_eq!(policy.iter().filter(of_plan).count(), 2 * 4, "lasten and saldo, four years");
    dir.write("beleid.toml", &agenda);
    assert_eq!(dir.run("forecast", &[]).code, 0);
    for name in ["outlook.csv", "forecast.csv", "forecast.parquet", "beleid.csv", "meerjaren.csv"] {
        assert_eq!(dir.hashes(OUT)[name], demo().0.hashes(OUT)[name], "{name}");
    }
}

#[test]
fn looks_back_on_two_years() {
    let rows = rows(&demo().0.read(&format!("{OUT}/hindsight.csv")));
    let total: Vec<&Row> = rows.iter().filter(|row| row["niveau"] == "totaal").collect();
    let months: Vec<&str> = total.iter().map(|row| row["maand"].as_str()).collect();
    assert_eq!((months.len(), months[0], months[23]), (24, "2024-10", "2026-09"));
    assert!(total[..12].iter().all(|row| row["status"] == "definitief"), "{total:?}");
    assert_eq!(total[23]["status"], "voorlopig");
    assert_eq!(total[23]["geboekt_na_3_maanden"], "");
    let miss = |column: &str| -> i64 {
        let last = total[..12].iter().map(|row| cents(&row[column]) - cents(&row["geworden"]));
        last.map(i64::abs).sum()
    };
    assert!(2 * miss("verwacht_toen") < miss("geboekt_toen"));
}

/// Cents of a column per year, measure and group, without empty sums.
fn sums(
    rows: &[Row],
    column: &str,
    levels: &[&str],
    group: fn(&Row) -> Vec<String>,
) -> BTreeMap<Vec<String>, i64> {
    let mut sums = BTreeMap::new();
    for row in rows.iter().filter(|row| levels.contains(&row["niveau"].as_str())) {
        let mut key = vec![row["jaar"].clone(), row["soort"].clone()];
        key.extend(group(row));
        *sums.entry(key).or_insert(0) += cents(&row[column]);
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// Cents per service year and side that are booked by `as_of`, read off the demo's own files:
/// period 13 is known from March of the next year, and its service month is December.
fn booked_by(dir: &Workdir, as_of: &str) -> BTreeMap<(String, String), i64> {
    let mut booked = BTreeMap::new();
    for file in dir.hashes("grootboek").keys() {
        for line in dir.read(&format!("grootboek/{file}")).lines().skip(1) {
            let fields: Vec<&str> = line.split(';').collect();
            let year: i32 = fields[0].parse().unwrap();
            let closing = fields[1] == "13";
            let known = if closing {
                format!("{}-03", year + 1)
            } else {
                format!("{year}-{:0>2}", fields[1])
            };
            let service = if closing { fields[0] } else { &fields[2][..4] };
            if known.as_str() <= as_of && fields[6] != "transitorisch" {
                let key = (service.to_owned(), fields[5].to_owned());
                *booked.entry(key).or_insert(0) += cents(&fields[7].replace(',', "."));
            }
        }
    }
    booked
}

#[test]
fn at_every_month_what_is_booked_equals_the_ledger_to_the_cent() {
    let dir = copy_of_demo();
    // The first months, one month of a year, the break of 2025 and both sides of a new year.
    for as_of in ["2016-03", "2017-01", "2025-01", "2025-03", "2025-12", "2026-01", "2026-10"] {
        let ran = dir.run("forecast", &["--as-of", as_of]);
        assert_eq!(ran.code, 0, "{as_of}:\n{}", ran.stderr);
        let rows = rows(&dir.read(&format!("out/{as_of}/outlook.csv")));
        let booked = booked_by(&dir, as_of);
        for row in rows.iter().filter(|row| row["niveau"] == "totaal" && row["soort"] != "saldo") {
            let known = booked.get(&(row["jaar"].clone(), row["soort"].clone()));
            assert_eq!(cents(&row["geboekt"]), known.copied().unwrap_or(0), "{as_of} {row:?}");
            let width = cents(&row["p90"]) - cents(&row["p10"]);
            let open = row["jaar"].as_str() > &as_of[..4];
            assert!(width > 0 || !open, "a year ahead without a band: {as_of} {row:?}");
        }
    }
}

#[test]
fn a_recoded_line_does_not_count_beside_its_successor() {
    let dir = copy_of_demo();
    let year = |as_of: &str| {
        assert_eq!(dir.run("forecast", &["--as-of", as_of]).code, 0);
        let rows = rows(&dir.read(&format!("out/{as_of}/outlook.csv")));
        let total = |row: &&Row| {
            row["niveau"] == "totaal" && row["soort"] == "lasten" && row["jaar"] == "2025"
        };
        cents(&rows.iter().find(total).unwrap()["verwacht"])
    };
    // At the end of June the year is 5 % near to what it is at its own end, not a third too high.
    let (june, december) = (year("2025-06"), year("2025-12"));
    assert!((june - december).abs() * 100 < december * 5, "{june} {december}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let (first, _) = demo();
    let second = copy_of_demo();
    assert_eq!(second.run("run", &["--no-backtest"]).code, 0);
    assert_eq!(first.hashes(OUT), second.hashes(OUT));
    assert_eq!(second.run("run", &["--no-backtest"]).code, 0);
    assert_eq!(first.hashes(OUT), second.hashes(OUT), "the second run of a month changes nothing");
    assert_eq!(second.run("forecast", &[]).code, 0);
    let same = |name: &str| first.hashes(OUT)[name] == second.hashes(OUT)[name];
    assert!(
        same("outlook.csv") && same("forecast.csv"),
        "saved models give the figures of fresh ones"
    );
    let other = second.path().join("other");
    assert_eq!(
        second.run("run", &["--no-backtest", "--seed", "2", "--out", other.to_str().unwrap()]).code,
        0
    );
    let (ours, theirs) = (first.hashes(OUT), second.hashes("other"));
    for name in ["outlook.csv", "forecast.csv", "forecast.parquet", "manifest.json"] {
        assert_ne!(ours[name], theirs[name], "{name}");
    }
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let turned = copy_of_demo();
    let text = turned.read("grootboek/2025.csv");
    let (header, rest) = text.split_once('\n').unwrap();
    let mut lines: Vec<&str> = rest.lines().collect();
    lines.reverse();
    turned.write("grootboek/2025.csv", &format!("{header}\n{}\n", lines.join("\n")));
    assert_eq!(turned.run("forecast", &[]).code, 0);
    assert_eq!(turned.hashes(OUT)["outlook.csv"], demo().0.hashes(OUT)["outlook.csv"]);
}

#[test]
fn nothing_booked_after_the_as_of_month_changes_a_figure() {
    let clean = copy_of_demo();
    let poisoned = copy_of_demo();
    let text = poisoned.read("grootboek/2026.csv");
    let poison = text
        .lines()
        .skip(1)
        .filter(|line| line.split(';').nth(1).unwrap().parse::<u32>().unwrap() > 6);
    let more: String =
        poison.map(|line| format!("{line}9\n").replace(',', "9,").replace("9\n", "\n")).collect();
    poisoned.write("grootboek/2026.csv", &(text + &more));
    for dir in [&clean, &poisoned] {
        assert_eq!(dir.run("run", &["--no-backtest", "--as-of", "2026-06"]).code, 0);
    }
    let (ours, theirs) = (clean.hashes("out/2026-06"), poisoned.hashes("out/2026-06"));
    for name in ["outlook.csv", "forecast.csv", "forecast.parquet", "late.csv", "hindsight.csv"] {
        assert_eq!(ours[name], theirs[name], "{name}");
    }
}

#[test]
fn accounts_for_every_cent_on_the_terminal() {
    let (_, ran) = demo();
    let line = ran.stdout.lines().find(|line| line.starts_with("samen")).unwrap();
    let amounts: Vec<i64> =
        line.split_whitespace().filter(|word| word.contains('.')).map(cents).collect();
    let [read, parts @ ..] = amounts.as_slice() else { panic!("{line}") };
    assert_eq!(*read, parts.iter().sum::<i64>(), "{line}");
}

#[test]
fn the_town_itself_knows_what_its_files_say() {
    let town = synth::demo(synth::SEED);
    let (made, job) = (town.ledger(), Job::read(demo().0.path(), &Choices::default()).unwrap());
    let postings = |ledger: &Ledger| -> Vec<_> {
        ledger.postings.iter().map(|p| (p.line, p.service, p.booked, p.kind, p.amount)).collect()
    };
    assert_eq!(made.lines, job.ledger.lines);
    assert_eq!(made.valid_through, job.ledger.valid_through);
    assert_eq!(postings(&made), postings(&job.ledger));
    let policy: Agenda = toml::from_str(&synth::policy(&town)).unwrap();
    assert_eq!(policy.events, job.events);
}

#[test]
fn init_demo_makes_the_demo() {
    let dir = Workdir::empty();
    let made: PathBuf = dir.path().join("made");
    assert_eq!(prognose(&["init", made.to_str().unwrap(), "--demo"]).code, 0);
    let again = prognose(&["init", made.to_str().unwrap(), "--demo"]);
    assert_eq!(again.code, 2, "a folder in use is left alone");
    assert_eq!(hashes(&made), copy_of_demo().hashes("."));
}
