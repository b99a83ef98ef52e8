//! The test on earlier years that a report speaks of: when it is made, when it is used, and whether a reader can go
//! over it with the files and commands that the page names.

use crate::support::{Workdir, rows};
use std::collections::{BTreeMap, BTreeSet};

const KEPT: &str = "state/reliability.json";
const FOR_CARD: &str = "state/backtest.json";
const CARD: &str = "out/2025-08/account/modelkaart.html";
const REPORT: &str = "out/2025-08/report.html";
const PAGE: &str = "out/2025-08/report/toets-het-zelf.html";
const TALK: &str = "testing the model on earlier years";

fn ran(dir: &Workdir, command: &str, more: &[&str]) -> String {
    let ran = dir.run(command, more);
    assert_eq!(ran.code, 0, "{command} {more:?}:\n{}", ran.stderr);
    ran.stderr
}

#[test]
fn the_first_run_of_a_year_tests_the_model_and_the_next_does_not() {
    let dir = Workdir::small();
    assert!(ran(&dir, "run", &[]).contains(TALK));
    let report = dir.read(REPORT);
    // March, June and September of 2023 and 2024, both with three years behind them.
    assert!(report.contains("6\u{a0}prognoses over maar 2\u{a0}jaren"), "{report}");
    assert!(report.contains("Bij Wmo klopte de band"));
    assert!(!dir.path().join("out/2025-08/backtest").exists(), "no part is left behind");
    let (kept, out) = (dir.read(KEPT), dir.hashes("out"));
    assert!(!ran(&dir, "run", &[]).contains(TALK));
    assert_eq!((dir.read(KEPT), dir.hashes("out")), (kept.clone(), out));
    // A whole backtest finds the same, and the report then points to its page.
    let twin = Workdir::small();
    ran(&twin, "backtest", &[]);
    assert_eq!(twin.read(KEPT), kept);
    ran(&twin, "report", &[]);
    assert!(twin.read(REPORT).contains("href=\"backtest/backtest.html\""));
    // A look at other months than the page tells to replay does not take its place, in neither file.
    let card = twin.read(FOR_CARD);
    for other in [["--from", "2024-01"], ["--every", "1"]] {
        assert!(ran(&twin, "backtest", &other).contains("is not kept for the report"));
        assert_eq!((twin.read(KEPT), twin.read(FOR_CARD)), (kept.clone(), card.clone()));
    }
}

#[test]
fn a_quick_look_is_no_test_and_both_files_are_of_one() {
    let dir = Workdir::small();
    dir.write(
        "gate.toml",
        "[[rule]]\nmetric = \"wape\"\nlevel = \"totaal\"\nagainst = \"ets\"\nmax_ratio = 9.0\n",
    );
    ran(&dir, "backtest", &["--from", "2024-01"]);
    assert!(!dir.path().join(KEPT).exists() && !dir.path().join(FOR_CARD).exists());
    assert!(ran(&dir, "run", &[]).contains(TALK));
    // A run replays rules of thumb only, and says nothing of other models.
    assert!(dir.read(CARD).contains("1 van de 1\u{a0}eis is niet getoetst."));
    let kept = dir.read(KEPT);
    std::fs::remove_file(dir.path().join(FOR_CARD)).unwrap();
    assert!(ran(&dir, "run", &[]).contains(TALK));
    assert_eq!(dir.read(KEPT), kept);
    assert!(!dir.read(CARD).contains("Nog niet teruggetoetst."));
}

#[test]
fn a_look_at_the_past_leaves_the_later_test() {
    let dir = Workdir::small();
    ran(&dir, "run", &[]);
    let kept = || (dir.read(KEPT), dir.read(FOR_CARD));
    let before = (kept(), dir.read(REPORT));
    assert!(!ran(&dir, "run", &["--as-of", "2025-06"]).contains(TALK));
    assert!(
        dir.read("out/2025-06/report.html").contains("kent boekingen tot en met augustus 2025")
    );
    ran(&dir, "backtest", &["--as-of", "2025-06"]);
    ran(&dir, "report", &[]);
    assert_eq!((kept(), dir.read(REPORT)), before);
}

#[test]
fn a_test_that_can_not_be_used_is_not_and_the_report_says_why() {
    let dir = Workdir::small();
    assert!(!ran(&dir, "run", &["--no-backtest"]).contains(TALK));
    assert!(!dir.path().join(KEPT).exists());
    assert!(dir.read(REPORT).contains("nog niet getoetst op eerdere jaren"));
    ran(&dir, "backtest", &[]);
    ran(&dir, "report", &["--as-of", "2025-06"]);
    let report = dir.read("out/2025-06/report.html");
    assert!(report.contains("kent boekingen tot en met augustus 2025"));
    assert!(report.contains("prognose backtest --as-of 2025-06"));
    dir.write("state/models/champion.toml", "[spec]\nmodel = \"ets\"\n");
    ran(&dir, "report", &[]);
    assert!(dir.read(REPORT).contains("gaat over een ander model"));
}

#[test]
fn nothing_booked_after_the_as_of_month_changes_the_test() {
    let clean = Workdir::small();
    let poisoned = Workdir::small();
    let text = poisoned.read("grootboek.csv");
    let more = |line: &str| match line.split_once(";lasten;") {
        Some((start, rest)) if start > "2025-03;9" => format!("{start};lasten;9{rest}\n"),
        _ => format!("{line}\n"),
    };
    poisoned.write("grootboek.csv", &text.lines().map(more).collect::<String>());
    for dir in [&clean, &poisoned] {
        ran(dir, "run", &["--as-of", "2025-03"]);
    }
    assert_eq!(clean.read(KEPT), poisoned.read(KEPT));
    assert!(clean.read("out/2025-03/report.html").contains("klopte de band"));
}

#[test]
fn a_short_history_says_from_when_it_can_be_tested() {
    let dir = Workdir::small();
    dir.write("grootboek.csv", &crate::support::small_ledger(40));
    assert!(!ran(&dir, "run", &[]).contains(TALK));
    let report = dir.read("out/2023-04/report.html");
    assert!(report.contains("vanaf het eind van <strong>december 2023</strong>"), "{report}");
}

/// The text between two marks, each time.
fn between<'a>(page: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    page.split(start).skip(1).filter_map(|rest| Some(rest.split_once(end)?.0)).collect()
}

/// An amount as the page writes it, in the way of a file: `1.234,50` is `1234.50`.
fn in_file(text: &str) -> String {
    text.replace('.', "").replace(',', ".")
}

/// The rows that fit the places that the page names after `from`, and the amounts that it says stand there.
fn shown(page: &str, from: &str) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let part = page.split(from).nth(1).unwrap().split("</table>").next().unwrap();
    let item = |item: &&str| {
        let column = between(item, "<code>", "</code>")[0].to_owned();
        (column, between(item, "<strong>", "</strong>").first().copied().unwrap_or("").to_owned())
    };
    let places = between(part, "<li>", "</li>").iter().map(item).collect();
    let amount = |row: &&str| {
        let column = between(row, "<code>", "</code>");
        Some(((*column.first()?).to_owned(), in_file(between(row, "<td>", "</td>")[0])))
    };
    let amounts = between(part, "<tr>", "</tr>").iter().filter_map(amount).collect();
    (places, amounts)
}

/// What the page says of a file is what stands there, and who counts comes to the same.
fn assert_counts(page: &str, from: &str, file: &str, (status, became): (&str, &str)) {
    let (places, amounts) = shown(page, from);
    let fits = |row: &BTreeMap<String, String>, but: &[&str]| {
        places.iter().all(|(column, value)| but.contains(&column.as_str()) || row[column] == *value)
    };
    let rows = rows(file);
    let found: Vec<_> = rows.iter().filter(|row| fits(row, &[])).collect();
    let [found] = found[..] else { panic!("{} rows for {places:?}", found.len()) };
    assert_eq!(amounts.len(), 4);
    for (column, amount) in &amounts {
        assert_eq!(found[column], *amount, "{column}");
    }
    let all = |row: &&BTreeMap<String, String>| {
        fits(row, &["maand", "origin", "periode"]) && row[status] == "definitief"
    };
    let all: Vec<_> = rows.iter().filter(all).collect();
    let number = |row: &BTreeMap<String, String>, name: &str| row[name].parse::<f64>().unwrap();
    let hit = |row: &&&BTreeMap<String, String>| {
        let became = number(row, became);
        number(row, "p10") <= became && became <= number(row, "p90")
    };
    let hits = all.iter().filter(hit).count();
    let told = format!("{hits} keer raak van de {}<", all.len());
    let rest = page.split(from).nth(1).unwrap();
    assert!(rest.contains(&told), "{told}");
}

#[test]
fn a_reader_can_go_over_it_with_the_files_and_commands_of_the_page() {
    let dir = Workdir::declared();
    ran(&dir, "run", &[]);
    let page = dir.read(PAGE);
    let commands: BTreeSet<&str> =
        between(&page, "<code>prognose ", "</code>").into_iter().collect();
    assert_eq!(
        commands.iter().copied().collect::<Vec<_>>(),
        ["archive", "backtest --as-of 2025-08", "score"]
    );
    for command in commands {
        let words: Vec<&str> = command.split(' ').collect();
        let ran = dir.run(words[0], &words[1..]);
        assert_eq!(ran.code, 0, "{command}:\n{}", ran.stderr);
        if command == "archive" {
            let last = ran.stdout.lines().last().unwrap();
            assert!(page.contains(&format!("<code>{last}</code>")), "{last}");
        }
    }
    let hindsight = dir.read("out/2025-08/hindsight.csv");
    assert_counts(&page, "<code>hindsight.csv</code>", &hindsight, ("status", "geworden"));
    let tested = dir.read("out/2025-08/backtest/forecasts.csv");
    assert_counts(&page, "<code>forecasts.csv</code>", &tested, ("werkelijk_status", "werkelijk"));
}
