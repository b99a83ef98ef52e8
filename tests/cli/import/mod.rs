//! Files as they come: what `init --from` proposes, and what it refuses.

mod doubts;
mod kinds;
mod ten;

use crate::support::{Ran, Workdir, prognose, rows};
use std::collections::BTreeMap;
use ten::{Example, ten};

/// Runs `init FOLDER --from FILE…` on files that stand in a folder of their own.
fn init(dir: &Workdir, folder: &str, files: &[(&str, &[u8])]) -> Ran {
    let made = dir.path().join(folder);
    let mut arguments = vec!["init".to_owned(), made.display().to_string()];
    for (name, bytes) in files {
        dir.write_bytes(&format!("van/{name}"), bytes);
        arguments.push("--from".to_owned());
        arguments.push(dir.path().join("van").join(name).display().to_string());
    }
    prognose(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Year, side and cents, as the preview says.
fn told(ran: &Ran) -> Vec<(i32, String, i64)> {
    let lines = ran.stdout.lines().skip_while(|line| !line.starts_with("in all")).skip(1);
    let sum = |line: &str| {
        let mut words = line.split_whitespace();
        let (year, side, amount) = (words.next()?, words.next()?, words.next()?);
        let cents = amount.replace('.', "").parse().ok()?;
        Some((year.parse().ok()?, side.to_owned(), cents))
    };
    let mut sums: Vec<(i32, String, i64)> = lines.map_while(sum).collect();
    sums.sort();
    sums
}

/// Whether what was proposed reads without an edit to what the file holds, and what was said.
fn is_right(example: &Example) -> (bool, String) {
    let dir = Workdir::empty();
    let ran = init(&dir, example.folder, &[(example.name, &example.bytes)]);
    let expected: Vec<(i32, String, i64)> =
        example.sums.iter().map(|&(year, side, cents)| (year, side.to_owned(), cents)).collect();
    let toml = std::fs::read_to_string(dir.path().join(example.folder).join("prognose.toml"));
    let toml = toml.unwrap_or_default();
    let said =
        format!("{}\n{}\n{}{toml}\nexpected {expected:?}", example.name, ran.stdout, ran.stderr);
    if ran.code != 0 || told(&ran) != expected {
        return (false, said);
    }
    let folder = dir.path().join(example.folder);
    if !toml.contains("kind = \"ledger\"") {
        // A budget alone is no workspace: it is read beside a ledger of its taakvelden.
        let lines = std::fs::read_to_string(folder.join("indeling.csv")).unwrap();
        let code = lines.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
        let ledger = "[[source]]\nkind = \"ledger\"\nfiles = \"boeken.csv\"\n[source.columns]\n\
                      booked = \"m\"\ncode = \"c\"\namount = \"a\"\n\n[lines]";
        std::fs::write(folder.join("boeken.csv"), format!("m,c,a\n2025-01,{code},1\n")).unwrap();
        std::fs::write(folder.join("prognose.toml"), toml.replace("[lines]", ledger)).unwrap();
    }
    let checked = prognose(&["check", folder.to_str().unwrap()]);
    (checked.code == 0, format!("{said}\n{}", checked.stderr))
}

#[test]
fn what_is_proposed_is_right_for_at_least_eight_of_ten_files() {
    let tried: Vec<(bool, String)> = ten().iter().map(is_right).collect();
    let right = tried.iter().filter(|(right, _)| *right).count();
    let wrong: Vec<&str> =
        tried.iter().filter(|(right, _)| !right).map(|(_, said)| said.as_str()).collect();
    eprintln!("{right} of {} proposals read without an edit", tried.len());
    assert!(right >= 8, "{right} right; wrong:\n{}", wrong.join("\n=====\n"));
}

#[test]
fn personal_data_is_refused_before_anything_is_written_or_shown() {
    for (name, text) in [
        (
            "a.csv",
            "Boekmaand;Product;Crediteur IBAN;Bedrag\n2025-01;4401;NL91ABNA0417164300;1,00\n",
        ),
        (
            "b.csv",
            "Titel;;;\n\nBoekmaand;Product;Omschrijving;Bedrag\n2025-01;4401;x@y.example;1,00\n",
        ),
        ("c.csv", "Boekmaand;Product;BSN;Bedrag\n2025-01;4401;;1,00\n"),
    ] {
        let dir = Workdir::empty();
        let ran = init(&dir, "nieuw", &[(name, text.as_bytes())]);
        assert_eq!(ran.code, 1, "{name}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.is_empty() && ran.stderr.contains("looks like"), "{}", ran.stderr);
        assert!(
            !ran.stderr.contains("NL91") && !ran.stderr.contains("y.example"),
            "{}",
            ran.stderr
        );
        assert!(!dir.path().join("nieuw").exists());
    }
}

#[test]
fn what_can_not_be_seen_is_said_with_the_key_to_set() {
    let towns =
        "Gemeenten;Taakveld;Baten;Lasten\nAalwijk;6.71a Hulp;1.0;2.0\nMeerdam;6.71a Hulp;1.0;2.0\n";
    let iv3 = |periode: u32| {
        format!(
            r#"{{"metadata": {{"overheidsnummer": "0164", "boekjaar": 2025, "periode": {periode}}},
            "data": {{"lasten": [{{"taakveld": "6.711", "categorie": "1.1", "bedrag": 5}}], "baten": []}}}}"#
        )
    };
    let (quarter, none) = (iv3(2), iv3(6));
    for (name, text, code, said) in [
        ("x_2024_begroting.csv", towns, 0, "write it under [source.only]"),
        ("lijst.csv", "een;twee\n1;2\n", 2, "no row looks like a header"),
        ("begroting.csv", "Taakveld;Bedrag\n6.711;5\n", 2, "the name of the file has no year"),
        ("iv3.json", none.as_str(), 2, "is Iv3 of period 6, which is none"),
        ("iv3.json", quarter.as_str(), 0, "next: read"),
        ("iv3.json", "{}", 2, "is not Iv3 in JSON"),
        ("boek.pdf", "x", 2, "is not a kind of file"),
        (
            "boek.csv",
            "boekmaand;product;bedrag\n2025-01;4401;1\n",
            0,
            "1 of 1 codes have no taakveld",
        ),
        (
            "boek.csv",
            "boekmaand;product;bedrag\n2025-01;4401;1\n",
            0,
            "no column says for which month the care",
        ),
        ("leeg.csv", "", 2, "leeg.csv"),
    ] {
        let dir = Workdir::empty();
        let ran = init(&dir, "ergens", &[(name, text.as_bytes())]);
        assert_eq!(ran.code, code, "{name}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(said), "{name}: no {said:?} in {}", ran.stderr);
    }
}

#[test]
fn a_ledger_and_a_budget_are_one_workspace_that_runs() {
    let examples = ten();
    let of = |name: &str| examples.iter().find(|example| example.name.contains(name)).unwrap();
    let (ledger, budget) = (of("Key2"), of("begroting_2026"));
    let dir = Workdir::empty();
    let ran = init(&dir, "zorg", &[(ledger.name, &ledger.bytes), (budget.name, &budget.bytes)]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let toml = dir.read("zorg/prognose.toml");
    assert!(
        toml.contains("name = \"Gemeente Meerdam\"") && toml.contains("code = \"GM0999\""),
        "{toml}"
    );
    let table = rows(&dir.read("zorg/indeling.csv"));
    let lines: BTreeMap<&str, &str> =
        table.iter().map(|row| (row["code"].as_str(), row["taakveld"].as_str())).collect();
    // A taakveld of the ledger needs no row of its own for the budget.
    assert_eq!((lines["4401"], lines.get("6.711"), lines["6.821"]), ("6.711", None, "6.821"));
    let folder = dir.path().join("zorg");
    let checked = prognose(&["check", folder.to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    let again = init(&dir, "zorg", &[(ledger.name, &ledger.bytes)]);
    assert!(again.code == 2 && again.stderr.contains("is not empty"), "{}", again.stderr);
}

/// What the demo is made of, each file by itself: nothing was proposed of these when the ten were.
#[test]
fn the_files_of_the_demo_are_seen_for_what_they_are() {
    for (name, header, kind, keys) in [
        (
            "a.csv",
            "jaar;product;soort;bedrag;versie;vastgesteld\n2025;4401;L;7,00;eerste;2024-11\n",
            "budget",
            "adopted = ",
        ),
        (
            "b.csv",
            "jaar;soort;bedrag\n2025;lasten;7,00\n2025;baten;1,00\n",
            "control_total",
            "side = \"soort\"",
        ),
        (
            "c.csv",
            "jaar;wet;soort;bedrag;gemaakt;rapport\n2025;Wmo;lasten;7,00;2025-05;1e\n",
            "human_forecast",
            "wet = ",
        ),
        (
            "d.csv",
            "jaar,taakveld,baten_x1000,lasten_x1000\n2025,6.711,1.5,7.0\n",
            "control_total",
            "unit = 1000",
        ),
        (
            "e.csv",
            "boekmaand;product;soort;boekingssoort;bedrag\n2025-01;4401;lasten;afsluiting;7,00\n\
            2025-01;4401;lasten;transitorisch;9,00\n",
            "ledger",
            "afsluiting = \"closing\"",
        ),
    ] {
        let dir = Workdir::empty();
        let ran = init(&dir, "nieuw", &[(name, header.as_bytes())]);
        let toml = dir.read("nieuw/prognose.toml");
        assert!(toml.contains(&format!("kind = \"{kind}\"")) && toml.contains(keys), "{toml}");
        let lasten: Vec<i64> = told(&ran)
            .into_iter()
            .filter(|(_, side, _)| side == "lasten")
            .map(|sum| sum.2)
            .collect();
        assert_eq!(lasten, [if name == "d.csv" { 700_000 } else { 700 }], "{}", ran.stdout);
    }
}
