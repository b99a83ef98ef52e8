//! The generator against its specification.

use super::*;
use crate::units::{Months, Side, Wet};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn demo() -> Town {
    super::demo(SEED)
}

/// Thousands of euros per service year of the true lasten that `keep` holds.
fn total(town: &Town, year: i32, keep: impl Fn(&Line) -> bool) -> f64 {
    let of_year = |line: &Line| -> f64 {
        let months = line.first.through(line.last).zip(&line.truth);
        months.filter(|(month, _)| month.year() == year).map(|(_, cents)| cents.euros()).sum()
    };
    town.lines.iter().filter(|line| keep(line)).map(of_year).sum::<f64>() / 1000.0
}

fn lasten(wet: Wet) -> impl Fn(&Line) -> bool {
    move |line| line.id.wet == wet && line.id.side == Side::Lasten
}

/// Wmo maatwerk: 6.6 and 6.71.
fn maatwerk(line: &Line) -> bool {
    let taakveld = line.product.taakveld[1];
    line.id.side == Side::Lasten && (taakveld.starts_with("6.6") || taakveld.starts_with("6.71"))
}

/// The sum of the regular and closing entries of a line and service month.
fn booked(town: &Town) -> BTreeMap<(usize, Month), Cents> {
    let mut sums = BTreeMap::new();
    for entry in town.entries.iter().filter(|entry| entry.kind != PostingKind::Accrual) {
        *sums.entry((entry.line, entry.service)).or_insert(Cents::ZERO) += entry.amount;
    }
    sums
}

#[test]
fn same_seed_same_bytes() {
    assert_eq!(files(&demo()), files(&demo()));
    assert_ne!(files(&demo()), files(&super::demo(2)));
}

#[test]
fn levels_lie_near_the_published_ones() {
    // CBS Iv3, Hengelo, lasten 2023 × € 1.000, and the budget of 2025 for what moved.
    let town = demo();
    let near = |found: f64, published: f64| {
        assert!((found / published - 1.0).abs() < 0.10, "{found} for {published}");
    };
    near(total(&town, 2023, maatwerk), 27_974.0);
    near(
        total(&town, 2023, |l| lasten(Wet::Jeugd)(l) && !l.id.taakveld.starts_with("6.2")),
        35_723.0,
    );
    near(
        total(&town, 2023, |l| l.product.taakveld[1] == "6.2" && l.id.side == Side::Lasten),
        9_129.0,
    );
    near(total(&town, 2025, maatwerk), 17_727.0);
    near(total(&town, 2025, |l| l.id.taakveld == "6.21"), 17_204.0);
    near(total(&town, 2023, |l| l.code == "WB10"), 1_003.0);
}

#[test]
fn the_triple_break_moves_money_but_loses_none() {
    let town = demo();
    let bridge = |line: &Line| maatwerk(line) || line.id.taakveld == "6.21";
    let growth = total(&town, 2025, bridge) / total(&town, 2024, bridge);
    assert!((0.95..1.12).contains(&growth), "{growth}");
    let broken = total(&town, 2025, maatwerk) / total(&town, 2024, maatwerk);
    assert!(broken < 0.7, "{broken}");
}

#[test]
fn accruals_come_back() {
    let town = demo();
    let mut net: BTreeMap<usize, Cents> = BTreeMap::new();
    let accruals = town.entries.iter().filter(|entry| entry.kind == PostingKind::Accrual);
    let mut count = 0;
    for entry in accruals {
        *net.entry(entry.line).or_default() += entry.amount;
        count += 1;
    }
    assert!(count > 400 && net.values().all(|&net| net == Cents::ZERO));
    assert!(town.entries.iter().any(|e| e.kind == PostingKind::Accrual && e.period == 13));
}

#[test]
fn every_code_stands_in_the_line_table_at_its_service_month() {
    let town = demo();
    assert!(town.entries.iter().all(|entry| {
        let line = &town.lines[entry.line];
        line.first <= entry.service && entry.service <= line.last
    }));
    let files: BTreeMap<String, Vec<u8>> = files(&town).into_iter().collect();
    let table = String::from_utf8(files["indeling.csv"].clone()).unwrap();
    let codes: Vec<&str> =
        table.lines().skip(1).map(|row| row.split(',').next().unwrap()).collect();
    let unique: BTreeSet<&str> = codes.iter().copied().collect();
    assert_eq!((codes.len(), unique.len()), (town.lines.len(), town.lines.len()));
    for (path, bytes) in files.iter().filter(|(path, _)| path.starts_with("grootboek/")) {
        let text = std::str::from_utf8(bytes).unwrap();
        assert!(
            text.lines().skip(1).all(|row| unique.contains(row.split(';').nth(3).unwrap())),
            "{path}"
        );
    }
}

#[test]
fn finished_months_hold_the_truth_to_the_cent() {
    // The oldest invoice is 15 months old, its credit note 9 more: 2024 is finished in 2026-10.
    for town in [demo(), municipality(7, SEED)] {
        let booked = booked(&town);
        for (place, line) in town.lines.iter().enumerate() {
            let finished = line.first.through(line.last).zip(&line.truth);
            for (month, &truth) in finished.filter(|(month, _)| *month <= at(2024, 9)) {
                let sum = booked.get(&(place, month)).copied().unwrap_or_default();
                assert_eq!(sum, truth, "{} {month}", line.code);
            }
        }
    }
}

#[test]
fn recent_months_are_not_complete() {
    let town = demo();
    let booked = booked(&town);
    let share = |month: Month| {
        let late = |(place, line): (usize, &Line)| {
            let alive = line.first <= month && month <= line.last && town::delayed(line.product);
            let truth = alive.then(|| line.truth[(month - line.first).count()])?;
            Some((booked.get(&(place, month)).copied().unwrap_or_default(), truth))
        };
        let sums: Vec<(Cents, Cents)> = town.lines.iter().enumerate().filter_map(late).collect();
        sums.iter().map(|s| s.0).sum::<Cents>().euros()
            / sums.iter().map(|s| s.1).sum::<Cents>().euros()
    };
    let shares: Vec<f64> = (0..6).map(|age| share(at(2026, 10) - Months(age))).collect();
    assert!(shares[0] < 0.25 && shares[5] > 0.75 && shares[5] < 1.0, "{shares:?}");
}

#[test]
fn rows_are_as_many_as_asked() {
    let (plain, parted) = (demo(), demo().with_rows(4));
    let accruals = plain.entries.iter().filter(|e| e.kind == PostingKind::Accrual).count();
    assert!((25_000..45_000).contains(&plain.entries.len()), "{}", plain.entries.len());
    assert_eq!(parted.entries.len(), 4 * (plain.entries.len() - accruals) + accruals);
    assert_eq!(booked(&plain), booked(&parted));
    let alive =
        |month: Month| plain.lines.iter().filter(|l| l.first <= month && month <= l.last).count();
    assert!((40..=60).contains(&alive(at(2020, 1))) && (40..=60).contains(&alive(at(2026, 1))));
}

#[test]
fn delays_have_the_mean_of_the_specification() {
    // Without slips; the rule of January pulls the oldest a little forward, small bookings wait.
    let mut means: BTreeMap<lines::Form, Vec<f64>> = BTreeMap::new();
    for number in 1..=30 {
        let profile = Profile::numbered(number, SEED);
        let desk = Desk::quiet();
        for life in amounts::lives(&profile, &mut Vec::new()) {
            if !town::delayed(life.product) || life.first > start() {
                continue;
            }
            let entries = booking::entries(&profile, 0, &life, &desk, &mut Vec::new());
            means.entry(life.product.form).or_default().push(mean_delay(&entries));
        }
    }
    let mean = |form| mean(&means[&form]);
    // P×Q .85·(1 + .7·E[e^N]) with E[e^N] = e^{(.15² + .20²)/2} = 1.032; trajectory .96·(1 + 3.2·1.032).
    let (pxq, trajectory) = (mean(lines::Form::Pxq), mean(lines::Form::Trajectory));
    assert!((pxq / 1.464 - 1.0).abs() < 0.06, "{pxq}");
    assert!((trajectory / 4.130 - 1.0).abs() < 0.08, "{trajectory}");
}

#[expect(clippy::cast_precision_loss, reason = "a small count")]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The mean age, weighted by amount, of the invoices on service months 2016-01 to 2017-12.
fn mean_delay(entries: &[Entry]) -> f64 {
    let early = |entry: &&Entry| entry.kind == PostingKind::Regular && entry.service < at(2018, 1);
    let weighed = |entry: &Entry| {
        (f64::from((entry.known() - entry.service).0) * entry.amount.euros(), entry.amount.euros())
    };
    let sums =
        entries.iter().filter(early).map(weighed).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
    sums.0 / sums.1
}

#[test]
fn people_err_as_specified() {
    let mut first = Vec::new();
    let mut errors: BTreeMap<Wet, Vec<f64>> = BTreeMap::new();
    for number in 1..=50 {
        let town = municipality(number, SEED);
        for report in
            town.reports.iter().filter(|r| r.side == Side::Lasten && r.made.of_year() == 5)
        {
            let truth = 1000.0 * total(&town, report.year, lasten(report.wet));
            first.push(report.amount.euros() / truth - 1.0);
            let primitive = town.budgets.iter().filter(|b| {
                b.version == "primitief"
                    && b.year == report.year
                    && lasten(report.wet)(&town.lines[b.line])
            });
            let budget = primitive.map(|b| b.amount).sum::<Cents>().euros();
            if budget > 0.0 {
                errors.entry(report.wet).or_default().push(truth / budget - 1.0);
            }
        }
    }
    let bias = mean(&first);
    let squares: Vec<f64> = first.iter().map(|e| (e - bias).powi(2)).collect();
    let sd = mean(&squares).sqrt();
    assert!((bias - 0.040).abs() < 0.004 && (sd - 0.0352).abs() < 0.004, "{bias} {sd}");
    // Budgets of 2023 (CBS Iv3): median +1.8 %, p10 −11.6, p90 +15.2 for Wmo; +11.6, −5.9, +34.1 for Jeugd. Its mean
    // absolute errors (11.8 and 18.8 %) hold extreme municipalities that our normals do not have.
    for (wet, median, absolute) in [(Wet::Wmo, 0.018, 0.09), (Wet::Jeugd, 0.116, 0.15)] {
        let errors = errors.get_mut(&wet).unwrap();
        errors.sort_by(f64::total_cmp);
        let n = errors.len();
        let sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
        let mean_absolute = mean(&sizes);
        assert!((errors[n / 2] - median).abs() < 0.03, "{wet} {}", errors[n / 2]);
        assert!((mean_absolute - absolute).abs() < 0.03, "{wet} {mean_absolute}");
    }
}

#[test]
fn the_ledger_holds_the_entries() {
    let town = demo();
    let ledger = town.ledger();
    assert_eq!(ledger.last_booked(), Some(at(2026, 10)));
    assert_eq!(ledger.postings.len(), town.entries.len());
    let sum = |amounts: &mut dyn Iterator<Item = Cents>| amounts.sum::<Cents>();
    assert_eq!(
        sum(&mut ledger.postings.iter().map(|p| p.amount)),
        sum(&mut town.entries.iter().map(|e| e.amount))
    );
    assert_eq!(town.truth().len(), ledger.lines.len());
}

/// The folder of the demo in this repository.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo")
}

/// `data/MANIFEST.toml` for the demo: source, licence, date and the hash of each file.
fn manifest(files: &[(String, Vec<u8>)]) -> String {
    let hash = |bytes: &[u8]| {
        let hex = |text, byte| format!("{text}{byte:02x}");
        Sha256::digest(bytes).iter().fold(String::new(), hex)
    };
    let row =
        |(path, bytes): &(String, Vec<u8>)| format!("\"demo/{path}\" = \"{}\"\n", hash(bytes));
    format!(
        "[[set]]\nsource = \"made up by prognose synth, specification {SPECIFICATION}, seed {SEED}\"\n\
         licence = \"CC0-1.0\"\ndate = \"2026-11-23\"\n[set.files]\n{}",
        files.iter().map(row).collect::<String>()
    )
}

#[test]
fn the_demo_is_what_the_generator_makes() {
    let files = files(&demo());
    assert!(files.iter().map(|file| file.1.len()).sum::<usize>() < 3_000_000);
    for (path, bytes) in &files {
        assert!(std::fs::read(folder().join(path)).unwrap() == *bytes, "data/demo/{path} differs");
    }
    let stands = std::fs::read_to_string(folder().join("../MANIFEST.toml")).unwrap();
    assert!(stands.contains(&manifest(&files)), "data/MANIFEST.toml differs");
}

#[test]
#[ignore = "writes data/demo and its manifest; run it only when the specification gets a new number"]
fn writes_the_demo() {
    let files = files(&demo());
    for (path, bytes) in &files {
        let path = folder().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    // Another set in the manifest stands after the demo's and is kept.
    let list = folder().join("../MANIFEST.toml");
    let stands = std::fs::read_to_string(&list).unwrap_or_default();
    let others = stands.split_inclusive("[[set]]").skip(2).collect::<String>();
    let others = if others.is_empty() { others } else { format!("\n[[set]]{others}") };
    std::fs::write(list, manifest(&files) + &others).unwrap();
}
