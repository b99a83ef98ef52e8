//! The published figures of all municipalities beside our own: what the report shows of them, and what is refused.

use crate::support::{Workdir, rows};
use std::path::Path;

const PEERS: &str = "[peers]\nyear = 2023\nbudget = \"iv3/begroting.csv\"\naccounts = \"iv3/rekening.csv\"\nname = \"Adorp\"\n\n[lines]";

/// The small workspace with a budget and accounts of three made-up municipalities.
fn workspace() -> Workdir {
    let dir = Workdir::small();
    dir.edit("prognose.toml", "[lines]", PEERS);
    std::fs::create_dir(dir.path().join("iv3")).unwrap();
    dir.write(
        "iv3/begroting.csv",
        &published(&[("Adorp", 4000), ("Beestad", 6000), ("Celdam", 5000)]),
    );
    dir.write(
        "iv3/rekening.csv",
        &published(&[("Adorp", 4400), ("Beestad", 6060), ("Celdam", 4900)]),
    );
    dir
}

/// Wmo and twice as much Jeugd, × € 1.000.
fn published(municipalities: &[(&str, u32)]) -> String {
    let row = |&(name, wmo): &(&str, u32)| {
        format!(
            "{name};6.71a Huishoudelijke hulp (WMO);0.0;{wmo}.0;20000tot50000inwoners;30000\n\
             {name};6.72b Jeugdhulp behandeling;0.0;{}.0;20000tot50000inwoners;30000\n",
            2 * wmo
        )
    };
    let rows: String = municipalities.iter().map(row).collect();
    format!(
        "Gemeenten;Taakveld;Baten;Lasten;Gemeentegrootte;Inwonertal\n{rows}Nederland;6.71a x;0.0;1.0;;90000\n"
    )
}

#[test]
fn the_report_shows_our_place_and_the_data_set_all() {
    let dir = workspace();
    let ran = dir.run("run", &["--no-backtest"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report = dir.read("out/2025-08/report.html");
    for words in
        ["Waar staan wij?", "Wmo: wij gaven 10,0%\u{a0}meer uit dan begroot", "Adorp +10,0%"]
    {
        assert!(report.contains(words), "{words}");
    }
    let peers = rows(&dir.read("out/2025-08/peers.csv"));
    assert_eq!(peers.len(), 3 * 3);
    let own: Vec<_> = peers.iter().filter(|row| row["eigen"] == "ja").collect();
    assert_eq!(own.len(), 3);
    assert_eq!(
        (&*own[0]["wet"], &*own[0]["begroting"], &*own[0]["afwijking"]),
        ("Wmo", "4000000.00", "0.100000")
    );
    let together = rows(&dir.read("out/2025-08/peers_samen.csv"));
    let all = together.iter().find(|row| row["wet"] == "Jeugd" && row["groep"] == "alle").unwrap();
    assert_eq!((&*all["aantal"], &*all["mediaan"], &*all["plaats"]), ("3", "0.010000", "1"));
    let manifest = dir.read("out/2025-08/manifest.json");
    assert!(manifest.contains("iv3/begroting.csv") && manifest.contains("iv3/rekening.csv"));
    assert!(report.contains("iv3/<wbr>rekening.csv"), "the inputs stand in the account");
}

#[test]
fn the_accounts_of_a_year_are_not_known_within_it() {
    let dir = workspace();
    let ran = dir.run("run", &["--no-backtest", "--as-of", "2023-10"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!dir.read("out/2023-10/report.html").contains("Waar staan wij?"));
    assert!(!dir.path().join("out/2023-10/peers.csv").exists());
}

#[test]
fn wrong_figures_are_refused_with_their_place() {
    type Change = fn(&Workdir);
    let cases: [(Change, &[&str]); 6] = [
        (
            |dir| dir.edit("iv3/begroting.csv", ";Lasten;", ";Bedrag;"),
            &["iv3/begroting.csv", "has no column \"Lasten\""],
        ),
        (
            |dir| dir.edit("prognose.toml", "\"Adorp\"", "\"Adrop\""),
            &["iv3/begroting.csv", "\"Adrop\"; did you mean \"Adorp\"?"],
        ),
        (
            |dir| dir.write("iv3/rekening.csv", &published(&[])),
            &["iv3/rekening.csv", "no municipality but the total"],
        ),
        (
            |dir| dir.write("iv3/rekening.csv", &published(&[("Adorp", 1), ("Adorp", 1)])),
            &["iv3/rekening.csv, row 4, column Taakveld", "6.71a twice"],
        ),
        (|dir| dir.edit("prognose.toml", "iv3/rekening.csv", "iv3/weg.csv"), &["weg.csv"]),
        (|dir| dir.edit("prognose.toml", "year = 2023", "jaar = 2023"), &["prognose.toml", "jaar"]),
    ];
    for (change, told) in cases {
        let dir = workspace();
        change(&dir);
        let ran = dir.run("check", &[]);
        assert_eq!(ran.code, 2, "{told:?}: {}", ran.stderr);
        for part in told {
            assert!(ran.stderr.contains(part), "{part} in {}", ran.stderr);
        }
    }
}

#[test]
fn a_budget_for_a_taakveld_of_another_scheme_is_told_its_number() {
    let dir = Workdir::small();
    dir.edit(
        "prognose.toml",
        "code = \"product\"\nside = \"soort\"\namount = \"bedrag\"\n\n[lines]",
        "taakveld = \"product\"\nside = \"soort\"\namount = \"bedrag\"\n\n[lines]",
    );
    dir.edit("begroting.csv", "4401", "6.71a");
    dir.edit("begroting.csv", "4501", "6.72a");
    let ran = dir.run("check", &[]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for part in ["row 2", "6.71a is 6.711", "row 3", "6.72a was divided anew", "\"Jeugd totaal\""] {
        assert!(ran.stderr.contains(part), "{part} in {}", ran.stderr);
    }
}

/// What all municipalities delivered over 2023. It is no part of the project: without it this test says so and passes.
#[test]
fn hengelo_among_all_municipalities() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/iv3");
    let read =
        |name: &str| std::fs::read_to_string(folder.join(format!("gemeenten_2023_{name}.csv")));
    let (Ok(budget), Ok(accounts)) = (read("begroting"), read("jaarrekening")) else {
        eprintln!("SKIPPED: the Iv3 figures are not there (../shared/data/iv3)");
        return;
    };
    let dir = workspace();
    dir.edit("prognose.toml", "\"Adorp\"", "\"Hengelo\"");
    dir.write("iv3/begroting.csv", &budget);
    dir.write("iv3/rekening.csv", &accounts);
    let ran = dir.run("run", &["--no-backtest"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report = dir.read("out/2025-08/report.html");
    for words in [
        "Jeugd: wij gaven 11,1%\u{a0}meer uit dan begroot",
        "Wmo: wij gaven 1,8%\u{a0}minder uit dan begroot",
        "Van 338\u{a0}gemeenten",
    ] {
        assert!(report.contains(words), "{words}");
    }
    assert_eq!(rows(&dir.read("out/2025-08/peers.csv")).len(), 3 * 342);
}
