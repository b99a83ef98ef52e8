//! Each way of laying out a file on three or more files, wrong ones included: read in a workspace, or told.

use crate::support::Workdir;

/// Codes of the files below, and the taakvelden of Iv3.
const LINES: &str = "code,geldig_van,geldig_tot,wet,taakveld,product\n4401,,,Wmo,6.711,Hulp\n\
    4501,,,Jeugd,6.751,Ambulant\n4402,,2024-12,Wmo,6.71a,Hulp oud\n";

/// What is expected: rows, read, mapped and left out of all files together; or what is told.
enum Expected {
    Account([&'static str; 4]),
    Told(&'static str),
}
use Expected::{Account, Told};

/// Runs `check` on a workspace of these sources and files.
fn check(sources: &str, files: &[(&str, &str)], expected: &Expected) {
    let dir = Workdir::empty();
    dir.write("indeling.csv", LINES);
    let head = "[organisation]\nname = \"Gemeente Meerdam\"\nmodel_owner = \"team Zorg\"\n\n";
    dir.write("prognose.toml", &format!("{head}{sources}\n[lines]\ntable = \"indeling.csv\"\n"));
    for (name, text) in files {
        dir.write(name, text);
    }
    let ran = dir.run("check", &[]);
    match expected {
        Account(account) => {
            assert_eq!(ran.code, 0, "{sources}\n{}", ran.stderr);
            let all = ran.stdout.lines().find(|line| line.starts_with("samen")).unwrap();
            let words: Vec<&str> = all.split_whitespace().collect();
            assert_eq!(
                [words[1], words[2], words[3], words[6]],
                *account,
                "{sources}\n{}",
                ran.stdout
            );
        }
        Told(told) => {
            assert_eq!(ran.code, 2, "{sources}\n{}", ran.stdout);
            assert!(ran.stderr.contains(told), "no {told:?} in {}", ran.stderr);
            assert!(ran.stderr.contains("what to do"), "{}", ran.stderr);
        }
    }
}

/// A ledger source of `boek*.csv` with semicolons and decimal commas.
fn ledger(keys: &str, columns: &str) -> String {
    format!(
        "[[source]]\nkind = \"ledger\"\nfiles = \"boek*.csv\"\ndelimiter = \";\"\ndecimal = \",\"\n{keys}\n\
         [source.columns]\n{columns}\n"
    )
}

#[test]
fn wide_exports() {
    let wide = |keys: &str| ledger(&format!("wide = \"booked\"\n{keys}"), "code = \"code\"");
    let account = Account(["3", "35.50", "35.50", "0.00"]);
    check(&wide(""), &[("boek.csv", "code;2025-01;2025-02\n4401;10;-\n4501;5,50;20\n")], &account);
    let words = "code;januari;februari;Totaal\n4401;10;;10\n4501;5,50;20;25,50\n";
    check(&wide(""), &[("boek 2025.csv", words)], &account);
    let totals = "code;P01;P02\n4401;10;0,00\n4501;5,50;20\nTotaal;15,50;20\n";
    let fixed = "leave_out = [\"Totaal*\"]\nfixed = { booked_year = \"2025\" }";
    check(&wide(fixed), &[("boek.csv", totals)], &Account(["5", "71.00", "35.50", "35.50"]));
    check(&wide(""), &[("boek.csv", totals)], &Told("the months in the header have no year"));
    check(&wide(""), &[("boek.csv", "code;bedrag\n4401;1\n")], &Told("no column is a month"));
    let bad = "code;2025-01;2025-02\n4401;10;tien\n";
    check(&wide(""), &[("boek.csv", bad)], &Told("boek.csv, row 2, column 2025-02: \"tien\""));
}

#[test]
fn titles_above_the_header() {
    let source =
        |keys: &str| ledger(keys, "booked = \"maand\"\ncode = \"code\"\namount = \"bedrag\"");
    let titled = "Grootboek\n\n;;Meerdam\nmaand;code;bedrag\n2025-01;4401;7,00\n";
    let account = Account(["1", "7.00", "7.00", "0.00"]);
    check(&source("header = 4"), &[("boek.csv", titled)], &account);
    let plain = "maand;code;bedrag\n2025-01;4401;7,00\n";
    check(&source(""), &[("boek.csv", plain)], &account);
    check(
        &source(""),
        &[("boek.csv", titled)],
        &Told("row 4 looks like the header: set header = 4"),
    );
    check(&source("header = 4"), &[("boek.csv", plain)], &Told("row 1 looks like the header"));
    check(
        &source("header = [4, 6]"),
        &[("boek.csv", titled)],
        &Told("rows that follow each other"),
    );
}

#[test]
fn key2_exports_of_years_with_changing_columns() {
    let source = ledger(
        "encoding = \"utf-8\"\nleave_out = [\"Eindtotaal\"]",
        "booked_year = \"Boekjaar\"\nbooked_period = [\"Periode\", \"Boekperiode\"]\ncode = \"Kostenplaats\"\n\
         amount = \"Debet\"\ncredit = \"Credit\"",
    );
    let old = "Boekjaar;Periode;Kostenplaats;Crediteur;Debet;Credit\n2024;0;4402;;50;\n2024;1;4402;Thuiszorg Meerdam BV;100,25;\n\
        2024;13;4402;;;0,25\n";
    let new = "Boekjaar;Boekperiode;Kostenplaats;Debet;Credit;Btw\n2025;1;4401;30;;0\n;;Eindtotaal;30;0;\n";
    let files = [("boek24.csv", old), ("boek25.csv", new)];
    // 50 of the opening period and 30 of the total are left out.
    check(&source, &files, &Account(["5", "210.00", "130.00", "80.00"]));
    let both = "Boekjaar;Periode;Boekperiode;Kostenplaats;Debet;Credit\n2025;1;1;4401;30;\n";
    check(&source, &[("boek.csv", both)], &Told("has both \"Periode\" and \"Boekperiode\""));
    let none = "Boekjaar;Maandnr;Kostenplaats;Debet;Credit\n2025;1;4401;30;\n";
    check(&source, &[("boek.csv", none)], &Told("has no column \"Periode\" or \"Boekperiode\""));
    let latin = "Boekjaar;Periode;Kostenplaats;Debet;Credit\n2025;1;4401;€ 3x0;\n";
    check(&source, &[("boek.csv", latin)], &Told("column Debet: \"€ 3x0\" is not an amount"));
}

/// A ledger, and a second source beside it.
fn beside(source: &str, file: &str, text: &str, expected: &Expected) {
    let sources = format!(
        "{}\n{source}",
        ledger("", "booked = \"maand\"\ncode = \"code\"\namount = \"bedrag\"")
    );
    let books = "maand;code;bedrag\n2024-01;4402;5\n2025-01;4401;7\n2025-02;4501;8\n";
    check(&sources, &[("boek.csv", books), (file, text)], expected);
}

fn iv3(periode: u32, lasten: &str) -> String {
    format!(
        r#"{{"metadata": {{"overheidslaag": "Gemeente", "overheidsnummer": "0999", "overheidsnaam": "Meerdam",
        "boekjaar": 2025, "periode": {periode}, "status": "Begroting"}}, "contact": {{"naam": "Team Financiën"}},
        "data": {{"lasten": [{lasten}], "balans_lasten": [], "baten": [], "balans_baten": [], "balans_standen": []}}}}"#
    )
}

#[test]
fn iv3_in_json() {
    let source = |kind: &str, only: &str| {
        format!(
            "[[source]]\nkind = \"{kind}\"\nfiles = \"iv3.json\"\n{only}\n[source.columns]\nyear = \"boekjaar\"\n\
             taakveld = \"taakveld\"\nside = \"kant\"\namount = \"bedrag\"\n"
        )
    };
    let row = |taakveld: &str, euros: &str| {
        format!(r#"{{"taakveld": "{taakveld}", "categorie": "3.8", "bedrag": {euros}}}"#)
    };
    let fine = Account(["3", "20.00", "20.00", "0.00"]);
    let ours = "only = { taakveld = [\"6.7*\"] }";
    let two = iv3(0, &[row("6.711", "3"), row("6.711", "4")].join(","));
    beside(&source("budget", ""), "iv3.json", &two, &fine);
    let more = iv3(5, &[row("6.711", "7"), row("0.1", "99")].join(","));
    beside(&source("control_total", ours), "iv3.json", &more, &fine);
    beside(
        &source("budget", ""),
        "iv3.json",
        &more,
        &Told("iv3.json, row 3, column taakveld: no line of the line table is"),
    );
    let unknown = iv3(0, &row("0.1", "1"));
    beside(&source("budget", ours), "iv3.json", &unknown, &Told("no row has 6.7*"));
    let text = iv3(0, &row("6.711", "\"vier\""));
    beside(&source("budget", ""), "iv3.json", &text, &Told("is not Iv3 in JSON"));
    beside(&source("budget", ""), "iv3.json", "[1, 2]", &Told("is not Iv3 in JSON"));
}

#[test]
fn iv3_of_cbs() {
    let source = |taakveld: &str, amount: &str, more: &str| {
        format!(
            "[[source]]\nkind = \"budget\"\nfiles = \"iv3.csv\"\ndelimiter = \";\"\nunit = 1000\n{more}\n\
             [source.columns]\ntaakveld = \"{taakveld}\"\namount = \"{amount}\"\n[source.fixed]\nside = \"lasten\"\n\
             year = \"2024\"\nversion = \"primitief\"\n"
        )
    };
    let fine = Account(["3", "20.00", "20.00", "0.00"]);
    let published = "Gemeenten;Taakveld;Baten;Lasten\nMeerdam;6.71a Huishoudelijke hulp (WM..;0.0;12.0\n\
        Meerdam;0.1 Bestuur;1.0;2.0\nNederland;6.71a Huishoudelijke hulp (WM..;5.0;999.0\n";
    let ours = "only = { Gemeenten = \"Meerdam\", Taakveld = \"6.7*\" }";
    beside(&source("Taakveld", "Lasten", ours), "iv3.csv", published, &fine);
    let elsewhere = "only = { Gemeenten = \"Meerdm\" }";
    let told = Told("no row has Meerdm; it holds, for instance: Meerdam, Nederland");
    beside(&source("Taakveld", "Lasten", elsewhere), "iv3.csv", published, &told);
    // Two columns of publication and a number that stands for no figure.
    let statline = "Gemeenten;Verslagsoort;Taakveld;k_1ePlaatsing_1;k_2ePlaatsing_2\nGM0999;2024X000;6.71a;11;12\n\
        GM0999;2024X000;6.711;5;-99998\nGM0999;2024X005;6.71a;10;10\n";
    let keys =
        "missing = [\"-99998\"]\nonly = { Gemeenten = \"GM0999\", Verslagsoort = \"2024X000\" }";
    beside(&source("Taakveld", "k_2ePlaatsing_2", keys), "iv3.csv", statline, &fine);
    let wrong = source("Taakveld", "Lasten", ours).replace("= 1000", "= 1500");
    beside(&wrong, "iv3.csv", published, &Told("unit = 1500 can not be used"));
}

#[test]
fn wide_extracts_by_the_month_in_their_name() {
    let source = ledger("snapshots = true\nwide = \"service\"", "code = \"code\"");
    let (first, second) = ("code;2025-01;2025-02\n4401;10;\n", "code;2025-01;2025-02\n4401;12;3\n");
    let files = [("boek-2025-01.csv", first), ("boek-2025-02.csv", second)];
    check(&source, &files, &Account(["3", "25.00", "15.00", "0.00"]));
    let periods = [
        ("boek-2025-01.csv", "code;P1;P2\n4401;10;\n"),
        ("boek-2025-02.csv", "code;P1;P2\n4401;12;3\n"),
    ];
    check(&source, &periods, &Account(["3", "25.00", "15.00", "0.00"]));
    check(&source, &[("boek-nieuw.csv", first)], &Told("has no month in it"));
}
