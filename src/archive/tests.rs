//! The chain of a folder, and records beside what came true.

use super::*;
use crate::outlook::{NodeName, Quantiles};
use crate::panel::{Booked, Bridge, Late, LateLine, Panel, Pattern, RunOff, Series};
use crate::units::{Cents, Level, LineId, Measure, Month, Side, Wet};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn made(latest_booked: &str) -> Made {
    Made {
        version: "0.1.0".into(),
        latest_booked: month(latest_booked),
        definition: Definition {
            lines: "code,geldig_van,geldig_tot,wet,taakveld,product\n".into(),
            bridges: vec![Bridge { name: "Alles".into(), lines: vec!["6*".into()] }],
        },
        spec: serde_json::json!({ "model": "a model of then" }),
        models: "ab".into(),
        inputs: "cd".into(),
        options: serde_json::json!({ "levels": [0.1, 0.8], "draws": 200 }),
        seed: 1,
        draws: 200,
        by: "afdeling".into(),
    }
}

fn part(level: Level, wet: Option<Wet>, product: Option<&str>) -> Part {
    let taakveld = product.filter(|_| level == Level::Product).map(|_| "6.7".to_owned());
    let node = NodeName { level, wet, taakveld, product: product.map(str::to_owned) };
    Part { node, measure: Measure::Lasten }
}

/// The whole of 2025 and two months, for Wmo.
fn record(as_of: &str, latest_booked: &str, euros: i64) -> Record {
    let cents = Cents(100 * euros);
    let quantiles = Quantiles([0, 1, 2, 3, 4, 5, 6, 7, 8].map(|k| Cents(cents.0 + 100 * (k - 4))));
    Record {
        schema: SCHEMA,
        as_of: month(as_of),
        made: made(latest_booked),
        scenarios: Vec::new(),
        parts: vec![part(Level::Wet, Some(Wet::Wmo), None), part(Level::Brug, None, Some("Alles"))],
        years: vec![
            YearFigures { part: 0, year: 2025, budget: Some(Cents(7)), expected: cents, quantiles },
            YearFigures { part: 1, year: 2026, budget: None, expected: cents, quantiles },
        ],
        months: vec![
            MonthFigures { part: 0, ahead: 1, mean: cents, quantiles },
            MonthFigures { part: 0, ahead: 9, mean: cents, quantiles },
        ],
    }
}

/// A folder with three records, of 2025-01 to 2025-03, and their names.
fn three() -> (tempfile::TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    for as_of in ["2025-01", "2025-02", "2025-03"] {
        match keep(folder.path(), &record(as_of, as_of, 10)).unwrap() {
            Kept::New { file, number, .. } => {
                names.push(file);
                assert_eq!(number, names.len() as u64);
            }
            Kept::Before(number) => panic!("{number} is new"),
        }
    }
    (folder, names)
}

fn told(folder: &Path) -> String {
    read(folder).unwrap().faults.join("\n")
}

#[test]
fn a_record_comes_back_and_is_kept_once() {
    let (folder, names) = three();
    let chain = read(folder.path()).unwrap();
    assert_eq!(chain.faults, Vec::<String>::new());
    assert!(chain.verify().is_ok());
    assert_eq!(
        chain.entries.iter().map(|entry| &entry.file).collect::<Vec<_>>(),
        names.iter().collect::<Vec<_>>()
    );
    assert_eq!(chain.entries[1].record, record("2025-02", "2025-02", 10));
    let again = keep(folder.path(), &record("2025-02", "2025-02", 10)).unwrap();
    assert_eq!(again, Kept::Before(2));
    assert_eq!(read(folder.path()).unwrap(), chain);
    let text = fs::read_to_string(folder.path().join(&names[0])).unwrap();
    assert!(text.starts_with(
        "{\"number\":1,\"previous\":\"\",\"content\":{\"schema\":1,\"as_of\":\"2025-01\","
    ));
    assert!(text.contains("[0,2025,7,1000,[600,700,800,900,1000,1100,1200,1300,1400]]"), "{text}");
    assert!(read(&folder.path().join("none")).unwrap().entries.is_empty());
}

#[test]
fn a_changed_file_is_named() {
    for (at, from, to) in [
        // A figure; the role; the number; other spaces, which mean the same.
        (1, "[0,2025,7,1000,", "[0,2025,7,1001,"),
        (2, "afdeling", "afdelink"),
        (0, "\"content\":{", "\"content\": {"),
        (1, "}\n", "}"),
    ] {
        let (folder, names) = three();
        let path = folder.path().join(&names[at]);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from));
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let told = told(folder.path());
        assert_eq!(
            told,
            format!("{} was changed or cut off: it is not what its name says", names[at])
        );
        let error = keep(folder.path(), &record("2025-04", "2025-04", 10)).unwrap_err();
        assert!(error.exit_code() == 1 && error.to_string().contains(&names[at]), "{error}");
    }
    let (folder, names) = three();
    let path = folder.path().join(&names[1]);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, &text[..text.len() / 2]).unwrap();
    let told = told(folder.path());
    assert!(told.starts_with(&format!("{} was changed or cut off", names[1])), "{told}");
}

#[test]
fn every_byte_counts() {
    let (folder, names) = three();
    let bytes = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let files: Vec<(String, Vec<u8>)> =
        names.iter().map(|name| (name.clone(), bytes(name))).collect();
    let head = bytes("HEAD");
    assert!(chain::Chain::of(files.clone(), Some(&head)).faults.is_empty());
    for at in 0..files.len() {
        for byte in 0..files[at].1.len() {
            let mut changed = files.clone();
            changed[at].1[byte] ^= 1;
            let chain = chain::Chain::of(changed, Some(&head));
            assert!(chain.verify().is_err(), "byte {byte} of {}", names[at]);
        }
    }
}

#[test]
fn a_lost_file_is_told_also_the_newest() {
    let (folder, names) = three();
    fs::remove_file(folder.path().join(&names[1])).unwrap();
    assert_eq!(told(folder.path()), format!("number 2 is lost: {} comes after it", names[2]));
    let (folder, names) = three();
    fs::remove_file(folder.path().join(&names[2])).unwrap();
    let lost = "has lost its newest files: HEAD knows number 3, and the newest here is number 2";
    assert_eq!(told(folder.path()), lost);
    for name in &names[..2] {
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    assert!(told(folder.path()).contains("the newest here is number 0"));
    let (folder, names) = three();
    fs::remove_file(folder.path().join(&names[0])).unwrap();
    fs::remove_file(folder.path().join(&names[1])).unwrap();
    assert!(told(folder.path()).starts_with("numbers 1 through 2 are lost"));
    let (folder, _) = three();
    fs::remove_file(folder.path().join("HEAD")).unwrap();
    assert!(told(folder.path()).contains("has lost its file HEAD"));
    fs::write(folder.path().join("HEAD"), "{}").unwrap();
    assert!(told(folder.path()).contains("can not be read"));
}

#[test]
fn what_was_added_renamed_or_forked_is_told() {
    let (folder, names) = three();
    // What a file manager leaves, or a copy under another name, is no damage.
    let copy = format!("{} (1).json", names[0].trim_end_matches(".json"));
    fs::copy(folder.path().join(&names[0]), folder.path().join(&copy)).unwrap();
    fs::write(folder.path().join("Thumbs.db"), "x").unwrap();
    fs::create_dir(folder.path().join(".DS_Store")).unwrap();
    let chain = read(folder.path()).unwrap();
    assert!(chain.verify().is_ok() && chain.entries.len() == 3, "{chain:?}");
    assert_eq!(chain.strangers, [".DS_Store".to_owned(), copy, "Thumbs.db".to_owned()]);
    assert!(matches!(
        keep(folder.path(), &record("2025-04", "2025-04", 10)).unwrap(),
        Kept::New { number: 4, .. }
    ));
    let (folder, names) = three();
    fs::rename(folder.path().join(&names[0]), folder.path().join("2025-01-0123456789abcdef.json"))
        .unwrap();
    assert!(told(folder.path()).starts_with("2025-01-0123456789abcdef.json was changed"));

    // Another archive that goes on from the same first file.
    let (folder, names) = three();
    let other = tempfile::tempdir().unwrap();
    for (as_of, euros) in
        [("2025-01", 10), ("2025-02", 11), ("2025-03", 12), ("2025-04", 13), ("2025-05", 14)]
    {
        keep(other.path(), &record(as_of, as_of, euros)).unwrap();
    }
    let others = read(other.path()).unwrap().entries;
    let copy = |at: usize| {
        fs::copy(other.path().join(&others[at].file), folder.path().join(&others[at].file))
            .unwrap();
    };
    copy(1);
    let forked = told(folder.path());
    assert!(
        forked.starts_with("is forked: 2025-02-") && forked.ends_with("are both number 2"),
        "{forked}"
    );
    // One number in the place of another: what follows was made after another file.
    fs::remove_file(folder.path().join(&names[1])).unwrap();
    let replaced = told(folder.path());
    let expected = format!("{} is not the file that {} was made after", others[1].file, names[2]);
    assert!(replaced.starts_with(&expected), "{replaced}");
    let (folder, names) = three();
    fs::copy(other.path().join(&others[4].file), folder.path().join(&others[4].file)).unwrap();
    let told = told(folder.path());
    assert!(
        told.contains("number 4 is lost") && told.contains("HEAD knows 3: files were added"),
        "{told}"
    );
    assert!(!told.contains(&names[0]));
}

#[test]
fn a_run_that_was_stopped_before_its_last_step_is_no_loss() {
    let folder = tempfile::tempdir().unwrap();
    let head = folder.path().join("HEAD");
    let mut heads = Vec::new();
    for as_of in ["2025-01", "2025-02", "2025-03"] {
        keep(folder.path(), &record(as_of, as_of, 10)).unwrap();
        heads.push(fs::read_to_string(&head).unwrap());
    }
    fs::write(folder.path().join(".prognose-x"), "half").unwrap();
    fs::write(&head, &heads[1]).unwrap();
    assert_eq!(told(folder.path()), "");
    assert_eq!(keep(folder.path(), &record("2025-03", "2025-03", 10)).unwrap(), Kept::Before(3));
    assert_eq!(fs::read_to_string(&head).unwrap(), heads[2]);
    assert!(!folder.path().join(".prognose-x").exists());
    fs::write(&head, &heads[0]).unwrap();
    assert!(told(folder.path()).contains("an older HEAD was put back"));
    let first = tempfile::tempdir().unwrap();
    keep(first.path(), &record("2025-01", "2025-01", 10)).unwrap();
    fs::remove_file(first.path().join("HEAD")).unwrap();
    assert_eq!(told(first.path()), "");
}

#[cfg(unix)]
#[test]
fn a_link_is_never_followed() {
    let (folder, names) = three();
    let path = folder.path().join(&names[2]);
    let outside = tempfile::tempdir().unwrap();
    let moved = outside.path().join("x");
    fs::rename(&path, &moved).unwrap();
    std::os::unix::fs::symlink(&moved, &path).unwrap();
    let link = format!("{} is no file but a link", names[2]);
    assert!(told(folder.path()).contains(&link), "{}", told(folder.path()));
}

/// What counts is what was kept last, also when the input went back to what it was.
#[test]
fn what_is_said_anew_is_kept_anew() {
    let folder = tempfile::tempdir().unwrap();
    let keep = |euros| keep(folder.path(), &record("2025-01", "2025-01", euros)).unwrap();
    let number = |kept: Kept| match kept {
        Kept::New { number, .. } => (true, number),
        Kept::Before(number) => (false, number),
    };
    let found: Vec<(bool, u64)> = [10, 11, 10, 10, 11].map(|euros| number(keep(euros))).to_vec();
    assert_eq!(found, [(true, 1), (true, 2), (true, 3), (false, 3), (true, 4)]);
    let chain = read(folder.path()).unwrap();
    assert!(chain.verify().is_ok(), "{:?}", chain.faults);
    let files: Vec<&str> = chain.entries.iter().map(|entry| entry.file.as_str()).collect();
    for (first, anew) in [(0, 2), (1, 3)] {
        let stem = files[first].trim_end_matches(".json");
        assert_eq!(files[anew], format!("{stem}-{}.json", anew + 1));
    }
    // A number that is not its own is a renaming.
    let other = files[2].replace("-3.json", "-5.json");
    fs::rename(folder.path().join(files[2]), folder.path().join(&other)).unwrap();
    assert!(told(folder.path()).starts_with(&format!("{other} was changed")));
    for name in ["2025-01-0123456789abcdef-07.json", "2025-01-0123456789abcdef-x.json"] {
        assert!(!chain::is_name(name));
    }
}

/// As root the mode does not matter; the test is for who is not.
#[cfg(unix)]
#[test]
fn the_lock_of_a_colleague_need_only_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, _) = three();
    let lock = folder.path().join(".lock");
    fs::set_permissions(&lock, fs::Permissions::from_mode(0o444)).unwrap();
    let kept = keep(folder.path(), &record("2025-04", "2025-04", 10)).unwrap();
    assert!(matches!(kept, Kept::New { number: 4, .. }));
}

#[test]
fn a_layout_of_later_is_told_as_such() {
    let (folder, names) = three();
    let path = folder.path().join(&names[2]);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"schema\":1,", "\"schema\":2,\"more\":0,")).unwrap();
    let told = told(folder.path());
    assert!(
        told.contains(&format!("{} has layout 2, and this program reads up to 1", names[2])),
        "{told}"
    );
}

fn line(product: &str, side: Side) -> LineId {
    LineId { wet: Wet::Wmo, taakveld: "6.7".into(), product: product.into(), side }
}

fn truth(as_of: &str, open_from: Option<&str>, paid: f64) -> Truth {
    truth_of(&panel(as_of, open_from, paid))
}

fn truth_of(panel: &Panel) -> Truth {
    Truth::new(panel, &made("2025-01").definition.bridges)
}

/// Two lines of Wmo: 1 and 2 euros in each month of 2025, known at the end of `as_of`.
fn panel(as_of: &str, open_from: Option<&str>, paid: f64) -> Panel {
    let as_of = month(as_of);
    let start = Month::january(2025);
    let months = start.through(as_of).len();
    let mut panel = Panel {
        as_of,
        series: BTreeMap::new(),
        booked: BTreeMap::new(),
        ended: BTreeMap::new(),
        late: Late::default(),
        indices: BTreeMap::new(),
    };
    for (product, cents) in [("A", 100), ("B", 200)] {
        let line = line(product, Side::Lasten);
        let mut series = Series::settled(start, vec![Cents(cents).euros(); months]);
        if product == "B" {
            series.provisional_from = open_from.map(month);
            let open = series
                .iter()
                .filter(|(m, _)| series.provisional_from.is_some_and(|from| *m >= from))
                .count();
            series.values.iter_mut().rev().take(open).for_each(|value| *value /= paid);
            let run_off = RunOff { start, as_of, cumulative: ndarray::Array2::zeros((1, 2)) };
            let pattern = Pattern { paid: vec![paid, 1.0], error: vec![0.0; 2], lift: 0.0 };
            panel.late.lines.insert(line.clone(), LateLine { run_off, pattern, newest: None });
        }
        panel.series.insert(line.clone(), series);
        panel.booked.insert(line, Booked { start, cents: vec![Cents(cents); months] });
    }
    panel
}

fn entry(as_of: &str, latest_booked: &str, euros: i64) -> Entry {
    let record = record(as_of, latest_booked, euros);
    Entry { file: String::new(), number: 1, sha256: String::new(), record }
}

#[test]
fn figures_stand_beside_what_came_true() {
    // 12 months of 3 euros; 2 ahead of as-of 2025-03 is not there: 1 and 9 are, of 3 euros each.
    let rows = beside(&entry("2025-03", "2025-03", 38), &truth("2025-12", None, 1.0));
    let told = |row: &Scored| (row.target, row.horizon(), row.actual, row.error(), row.inside80());
    assert_eq!(
        rows.iter().map(told).collect::<Vec<_>>(),
        [
            (Target::Year(2025), 9, Cents(3600), Some(Cents(200)), Some(true)),
            (Target::Month(month("2025-04")), 1, Cents(300), Some(Cents(3500)), Some(false)),
            (Target::Month(month("2025-12")), 9, Cents(300), Some(Cents(3500)), Some(false)),
        ]
    );
    assert!(rows.iter().all(|row| row.of_record && row.standing == Standing::Definitief));
    // In the year after, the bridge is compared too: it runs, and the month 2026-01 is no target.
    let rows = beside(&entry("2025-03", "2025-04", 38), &truth("2026-02", None, 1.0));
    let running = rows.iter().find(|row| row.target == Target::Year(2026)).unwrap();
    assert_eq!(
        (running.standing, running.actual, running.error()),
        (Standing::Loopt, Cents(600), None)
    );
    assert!(!running.of_record && running.node.level == Level::Brug);
}

#[test]
fn a_period_is_final_when_little_is_still_to_come() {
    use Standing::{Definitief, Voorlopig};
    let standing = |paid| {
        let rows =
            beside(&entry("2025-03", "2025-03", 38), &truth("2025-12", Some("2025-12"), paid));
        rows.iter().map(|row| row.standing).collect::<Vec<_>>()
    };
    // Of 2 euros of B in December half is in: 2 more on 38 of the year, and on 5 of the month.
    assert_eq!(standing(0.5), [Voorlopig, Definitief, Voorlopig]);
    // A tenth more, .22 on 36.22: .6 % of the year, but 6.9 % of the month.
    assert_eq!(standing(0.9), [Definitief, Definitief, Voorlopig]);
}

/// Of lasten of 12 and baten of 24 euros in 2025 two more of each are to be received.
#[test]
fn baten_to_come_do_not_make_up_for_lasten_to_come() {
    let mut panel = panel("2025-12", Some("2025-12"), 0.5);
    let (a, b) = (line("A", Side::Lasten), line("B", Side::Lasten));
    let baten = line("B", Side::Baten);
    let (series, booked) = (panel.series.remove(&b).unwrap(), panel.booked.remove(&b).unwrap());
    panel.series.insert(baten.clone(), series);
    panel.booked.insert(baten.clone(), booked);
    let late = panel.late.lines.remove(&b).unwrap();
    panel.late.lines.insert(a.clone(), late.clone());
    panel.late.lines.insert(baten, late);
    let lasten = panel.series.get_mut(&a).unwrap();
    lasten.provisional_from = Some(month("2025-12"));
    *lasten.values.last_mut().unwrap() = 3.0;
    let mut entry = entry("2025-03", "2025-03", 38);
    entry.record.parts[0].measure = Measure::Saldo;
    // 2 + 2 of 14 + 26 is a tenth, and their difference is nil.
    let year = &beside(&entry, &truth_of(&panel))[0];
    assert_eq!((year.actual, year.standing), (Cents(-1200), Standing::Voorlopig));
}

#[test]
fn what_the_data_no_longer_hold_is_not_scored_and_lost_lines_are_never_final() {
    let mut panel = panel("2025-12", None, 1.0);
    for series in panel.series.values_mut() {
        *series = Series::settled(month("2025-04"), series.values[3..].to_vec());
    }
    let rows = beside(&entry("2025-03", "2025-03", 38), &truth_of(&panel));
    let targets: Vec<Target> = rows.iter().map(|row| row.target).collect();
    assert_eq!(targets, [Target::Month(month("2025-04")), Target::Month(month("2025-12"))]);
    let mut lost = entry("2025-03", "2025-03", 38);
    lost.record.parts[0].node.wet = Some(Wet::Jeugd);
    let rows = beside(&lost, &truth("2025-12", None, 1.0));
    assert_eq!(rows.len(), 3);
    let nothing = |row: &Scored| (row.actual, row.standing) == (Cents::ZERO, Standing::Voorlopig);
    assert!(rows.iter().all(nothing), "{rows:?}");
}

#[test]
fn the_tally_counts_final_years_and_the_last_of_a_month() {
    let truth = truth("2025-12", None, 1.0);
    let mut rows = beside(&entry("2025-03", "2025-03", 30), &truth);
    let mut last = entry("2025-03", "2025-03", 39);
    last.number = 2;
    rows.extend(beside(&last, &truth));
    rows.extend(beside(&entry("2025-03", "2025-12", 37), &truth));
    let tallies = tally(&rows);
    // 39 against 36: 3 too high, outside 37 … 41; afterwards 37 against 36, inside 35 … 39.
    let told: Vec<_> = tallies.iter().map(|t| (t.of_record, t.months_known, t.count)).collect();
    assert_eq!(told, [(true, 3, 1), (false, 3, 1)]);
    assert!((tallies[0].bias - 3.0 / 36.0).abs() < 1e-12 && tallies[0].coverage80.share < 0.5);
    assert!((tallies[1].wape - 1.0 / 36.0).abs() < 1e-12 && tallies[1].coverage80.share > 0.5);
}
