//! Wrong inputs: the right exit code, a message that tells where, what and what to do, and nothing
//! lost.

use crate::support::{Ran, Workdir, small_ledger};

/// A wrong input: its name, what makes it wrong, the exit code and what the message must tell.
type Case = (&'static str, fn(&Workdir), i32, &'static [&'static str]);

/// Things the program may never repeat.
const PERSONAL: [&str; 6] =
    ["111222333", "999990019", "NL91ABNA0417164300", "jan@voorbeeld.nl", "7511 AB", "1948-03-12"];

const CASES: &[Case] = &[
    (
        "missing column",
        |dir| dir.edit("grootboek.csv", "bedrag", "bedragje"),
        2,
        &["grootboek.csv", "bedrag"],
    ),
    (
        "bad number in row 17",
        |dir| row_17(dir, ";12,3x;"),
        2,
        &["grootboek.csv", "row 17", "bedrag", "12,3x", "what to do"],
    ),
    ("mixed decimals", |dir| row_17(dir, ";1,234.56;"), 2, &["row 17", "bedrag", "1,234.56"]),
    ("three decimals", |dir| row_17(dir, ";12,345;"), 2, &["row 17", "12,345"]),
    ("no amount", |dir| row_17(dir, ";;"), 2, &["row 17", "bedrag"]),
    (
        "an amount beyond all sums",
        |dir| row_17(dir, ";99999999999999,00;"),
        2,
        &["row 17", "99999999999999"],
    ),
    (
        "month 13",
        |dir| dir.edit("grootboek.csv", "2021-03;", "2021-13;"),
        2,
        &["grootboek.csv", "row", "boekmaand", "2021-13"],
    ),
    (
        "a word for a month",
        |dir| dir.edit("grootboek.csv", "2021-03;", "maart;"),
        2,
        &["boekmaand", "maart"],
    ),
    (
        "a side that is none",
        |dir| dir.edit("grootboek.csv", "lasten", "lusten"),
        2,
        &["row 2", "soort", "lusten"],
    ),
    (
        "a ragged row",
        |dir| dir.edit("grootboek.csv", ";Hulp\n", "\n"),
        2,
        &["grootboek.csv", "row 2"],
    ),
    (
        "a name that steers a terminal",
        |dir| dir.edit("prognose.toml", "Gemeente Klein", "Gemeente\\u001b[2JKlein"),
        2,
        &["prognose.toml", "[organisation] name", "Gemeente\\u{1b}[2JKlein", "what to do"],
    ),
    ("an empty file", |dir| dir.write("grootboek.csv", ""), 2, &["grootboek.csv", "empty"]),
    ("only a header", |dir| dir.write("grootboek.csv", &small_ledger(0)), 2, &["what to do"]),
    ("a truncated workbook", truncated_workbook, 2, &["grootboek.xlsx"]),
    (
        "text named parquet",
        |dir| renamed(dir, "grootboek.parquet", b"no parquet at all"),
        2,
        &["grootboek.parquet"],
    ),
    (
        "an unknown kind of file",
        |dir| renamed(dir, "grootboek.pdf", b"%PDF"),
        2,
        &["grootboek.pdf", ".csv"],
    ),
    (
        "a folder for a file",
        |dir| dir.edit("prognose.toml", "grootboek.csv", "state"),
        2,
        &["state"],
    ),
    ("a file that can not be read", dangling, 2, &["grootboek.csv"]),
    (
        "no file at all",
        |dir| dir.edit("prognose.toml", "grootboek.csv", "boek/*.csv"),
        2,
        &["boek/*.csv"],
    ),
    (
        "an extract without a month in its name",
        |dir| {
            dir.edit("prognose.toml", "grootboek.csv\"", "grootboek.csv\"\nsnapshots = true");
        },
        2,
        &["grootboek.csv", "\"grootboek\" has no month", "grootboek-2026-03.csv", "what to do"],
    ),
    (
        "an extract without any month in its rows",
        |dir| {
            extract(dir);
            dir.edit("stand-2025-08.csv", "2020-01;", ";");
        },
        2,
        &["stand-2025-08.csv", "row 2", "boekmaand", "the cell is empty", "what to do"],
    ),
    (
        "a budget of extracts",
        |dir| {
            dir.edit("prognose.toml", "begroting.csv\"", "begroting.csv\"\nsnapshots = true");
        },
        2,
        &["prognose.toml", "snapshots = true belongs to a source of kind ledger only"],
    ),
    (
        "an extract without months",
        |dir| {
            extract(dir);
            dir.edit("prognose.toml", "service = \"boekmaand\"\n", "");
        },
        2,
        &["prognose.toml", "\"service\"", "snapshots without \"booked\" need it"],
    ),
    (
        "declarations without a service month",
        |dir| {
            let budget = "kind = \"budget\"\nfiles = \"begroting.csv\"";
            dir.edit("prognose.toml", budget, "kind = \"declarations\"\nfiles = \"d.csv\"");
            dir.edit("prognose.toml", "year = \"jaar\"", "booked = \"maand\"");
        },
        2,
        &["prognose.toml", "misses \"service\"", "for which month care was given"],
    ),
    (
        "a bad amount that was declared",
        |dir| {
            let declared = Workdir::declared();
            dir.write("prognose.toml", &declared.read("prognose.toml"));
            dir.write("declaraties.csv", &declared.read("declaraties.csv"));
            dir.edit("declaraties.csv", "30,00", "30,0x");
        },
        2,
        &["declaraties.csv", "row 2", "bedrag", "30,0x", "what to do"],
    ),
    (
        "another encoding",
        |dir| {
            dir.write_bytes("grootboek.csv", b"boekmaand;product;soort;bedrag;omschrijving\n2024-01;4401;lasten;1,00;ge\xebscaleerd\n");
        },
        2,
        &["grootboek.csv", "row 2", "encoding"],
    ),
    (
        "overlapping lines",
        |dir| {
            dir.write("indeling.csv", "code,geldig_van,geldig_tot,wet,taakveld,product\n4401,,2024-12,Wmo,6.711,Hulp\n4401,2024-06,,Wmo,6.712,Hulp\n");
        },
        2,
        &["indeling.csv", "4401", "row 3"],
    ),
    (
        "a wet that is none",
        |dir| dir.edit("indeling.csv", "Wmo", "Wlz"),
        2,
        &["indeling.csv", "row 2", "Wlz", "Jeugd"],
    ),
    (
        "no line table",
        |dir| dir.edit("prognose.toml", "indeling.csv", "lijnen.csv"),
        2,
        &["lijnen.csv"],
    ),
    (
        "an unknown key",
        |dir| dir.edit("prognose.toml", "draws", "drows"),
        2,
        &["prognose.toml", "row 33", "drows"],
    ),
    ("no TOML", |dir| dir.edit("prognose.toml", "[lines]", "[lines"), 2, &["prognose.toml", "row"]),
    (
        "too few draws",
        |dir| dir.edit("prognose.toml", "draws = 200", "draws = 2"),
        2,
        &["prognose.toml", "draws", "100"],
    ),
    (
        "more months dropped than a year has",
        |dir| {
            dir.edit("prognose.toml", "[forecast]", "[forecast]\ndrop_months = 13");
        },
        2,
        &["prognose.toml", "drop_months", "13", "0 to 12"],
    ),
    (
        "an unknown finding",
        |dir| {
            dir.edit(
                "prognose.toml",
                "[forecast]",
                "[checks]\nseverity = { \"line-stop\" = \"info\" }\n[forecast]",
            );
        },
        2,
        &["line-stop", "line-stops"],
    ),
    (
        "a policy month 13",
        |dir| {
            policy(dir, "2025-13");
        },
        2,
        &["beleid.toml", "2025-13"],
    ),
    (
        "prices that are not there",
        |dir| dir.edit("prognose.toml", "[lines]", "[lines]\nprices = \"prijs.toml\""),
        2,
        &["prijs.toml", "what to do"],
    ),
    (
        "a word for a price",
        |dir| prices(dir, "4.18", "\"vier\""),
        2,
        &["prijzen.toml", "row 6", "vier", "what to do"],
    ),
    (
        "a price key that is none",
        |dir| prices(dir, "provisional", "voorlopig"),
        2,
        &["prijzen.toml", "row 6", "voorlopig"],
    ),
    (
        "a price that can not be",
        |dir| prices(dir, "4.18", "418"),
        2,
        &["prijzen.toml", "row 3", "index \"OVA\" of 2025", "418", "what to do"],
    ),
    (
        "the same price twice",
        |dir| prices(dir, "year = 2026", "year = 2025"),
        2,
        &["prijzen.toml", "row 8", "index \"OVA\" of 2025", "twice"],
    ),
    (
        "a weight of an index that is not there",
        |dir| prices(dir, "ova = 0.9", "ovo = 0.9"),
        2,
        &["prijzen.toml", "row 13", "[\"*\"]", "\"ovo\""],
    ),
    (
        "a word for a weight",
        |dir| prices(dir, "ova = 0.9", "ova = \"negen\""),
        2,
        &["prijzen.toml", "row", "negen"],
    ),
    (
        "a policy event without a scope",
        |dir| {
            policy(dir, "2025-01");
            dir.edit("beleid.toml", "[\"Wmo\"]", "[]");
        },
        2,
        &["beleid.toml", "row 1", "scope is empty"],
    ),
    (
        "a policy estimate that does not ascend",
        |dir| {
            policy(dir, "2025-01");
            dir.edit("beleid.toml", "owner", "low = -6\ncentral = -8\nhigh = -10\nowner");
        },
        2,
        &["beleid.toml", "row 1", "low -6, central -8 and high -10 do not ascend", "what to do"],
    ),
    (
        "a policy estimate of two kinds",
        |dir| {
            policy(dir, "2025-01");
            dir.edit("beleid.toml", "owner", "low = 100\nhigh = \"5 %\"\nowner");
        },
        2,
        &["beleid.toml", "row 1", "not of one kind", "what to do"],
    ),
    (
        "a chance in per cent",
        |dir| {
            policy(dir, "2025-01");
            dir.edit("beleid.toml", "owner", "probability = 80\nowner");
        },
        2,
        &["beleid.toml", "row 1", "probability 80", "write 0.8 for 80 %"],
    ),
    (
        "two policy events with one id",
        |dir| {
            policy(dir, "2025-01");
            let text = dir.read("beleid.toml");
            dir.write("beleid.toml", &format!("{text}{text}"));
        },
        2,
        &["beleid.toml", "row 11", "two events have the id \"a\"", "what to do"],
    ),
    (
        "a named amount that costs nothing",
        |dir| {
            let text = dir.read("prognose.toml");
            let named = "[[forecast.quantile]]\nname = \"behoedzaam\"\nshort = 0\n";
            dir.write("prognose.toml", &format!("{text}\n{named}"));
        },
        2,
        &["prognose.toml", "behoedzaam", "short = 0", "what to do"],
    ),
    (
        "a budget year that is none",
        |dir| dir.edit("begroting.csv", "2025;", "25;"),
        2,
        &["begroting.csv", "row 2", "jaar", "25"],
    ),
    ("a column of BSNs", |dir| personal(dir, "bsn", "111222333"), 1, &["grootboek.csv", "bsn"]),
    (
        "BSNs under another name",
        |dir| personal(dir, "kenmerk", "111222333|123456782|999990019"),
        1,
        &["grootboek.csv", "kenmerk"],
    ),
    (
        "a bank account",
        |dir| personal(dir, "opmerking", "NL91ABNA0417164300"),
        1,
        &["grootboek.csv", "opmerking"],
    ),
    ("an e-mail address", |dir| personal(dir, "opmerking", "jan@voorbeeld.nl"), 1, &["opmerking"]),
    ("a postcode", |dir| personal(dir, "opmerking", "wonend 7511 AB Enschede"), 1, &["opmerking"]),
    ("dates of birth", |dir| personal(dir, "geboortedatum", "1948-03-12"), 1, &["geboortedatum"]),
    ("names of people", |dir| personal(dir, "clientnaam", "iemand"), 1, &["clientnaam"]),
    ("neighbourhoods", |dir| personal(dir, "wijk", "Noord"), 1, &["wijk"]),
    ("incomes of people", |dir| personal(dir, "inkomen", "2000"), 1, &["inkomen"]),
    (
        "a denied finding",
        |dir| {
            control_total(dir);
        },
        1,
        &["control-total-differs", "controle.csv", "[checks]"],
    ),
    (
        "broken workspace",
        |dir| std::fs::remove_file(dir.path().join("prognose.toml")).unwrap(),
        2,
        &["prognose.toml", "prognose init"],
    ),
];

#[test]
fn each_wrong_input_is_told_and_nothing_is_lost() {
    let good = Workdir::small();
    let out = good.path().join("out").to_str().unwrap().to_owned();
    assert_eq!(good.run("run", &["--no-backtest", "--out", &out]).code, 0);
    let before = good.hashes("out");
    for (name, spoil, code, told) in CASES {
        let dir = Workdir::small();
        std::fs::create_dir(dir.path().join("state")).unwrap();
        spoil(&dir);
        let ran = dir.run("run", &["--no-backtest", "--out", &out]);
        tells(name, &ran, *code, told);
        assert_eq!(good.hashes("out"), before, "{name}: earlier output changed");
    }
}

fn tells(name: &str, ran: &Ran, code: i32, told: &[&str]) {
    assert_eq!(ran.code, code, "{name}:\n{}", ran.stderr);
    for word in told {
        assert!(ran.stderr.contains(word), "{name}: no {word:?} in\n{}", ran.stderr);
    }
    for value in PERSONAL {
        assert!(
            !ran.stderr.contains(value) && !ran.stdout.contains(value),
            "{name} repeats {value}"
        );
    }
}

#[test]
fn short_history_is_no_error() {
    for months in [1, 2, 5, 11, 13, 22] {
        let dir = Workdir::small();
        dir.write("grootboek.csv", &small_ledger(months));
        let ran = dir.run("run", &["--out", dir.path().join("out").to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{months} months:\n{}", ran.stderr);
        assert!(dir.read("out/findings.csv").contains("short-history"), "{months} months");
        assert!(dir.read("out/outlook.csv").lines().count() > 5, "{months} months");
    }
}

#[test]
fn months_and_folders_on_the_command_line_are_checked() {
    let dir = Workdir::small();
    for (arguments, told) in [
        (["--as-of", "2026-13"], "2026-13"),
        (["--as-of", "2031-01"], "2025-08"),
        (["--out", "prognose.toml/out"], "prognose.toml/out"),
        (["--seed", "x"], "x"),
    ] {
        let out = dir.path().join(arguments[1]).to_str().unwrap().to_owned();
        let value = if arguments[0] == "--out" { out.as_str() } else { arguments[1] };
        let ran = dir.run("run", &[arguments[0], value]);
        assert_eq!(ran.code, 2, "{arguments:?}:\n{}", ran.stderr);
        assert!(ran.stderr.contains(told), "{arguments:?}:\n{}", ran.stderr);
    }
}

#[test]
fn broken_saved_models_are_told() {
    let dir = Workdir::small();
    let file = "kampioen-2025-07-00000000.json";
    dir.write(
        "state/models/champion.toml",
        &format!("current = \"{file}\"\n[spec]\nmodel = \"kampioen\"\n"),
    );
    dir.write(&format!("state/models/{file}"), "{\"schema\": 1, \"lines\": [");
    let ran = dir.run("forecast", &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains(file) && ran.stderr.contains("train"), "{}", ran.stderr);
    dir.write(
        "state/models/champion.toml",
        "current = \"../../grootboek.csv\"\n[spec]\nmodel = \"kampioen\"\n",
    );
    let ran = dir.run("forecast", &[]);
    assert!(ran.code == 2 && ran.stderr.contains("no name of saved models"), "{}", ran.stderr);
}

/// Puts `cell` (with its semicolons) for the amount of row 17.
fn row_17(dir: &Workdir, cell: &str) {
    let text = dir.read("grootboek.csv");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let fields: Vec<&str> = lines[16].split(';').collect();
    lines[16] = format!("{};{};{}{cell}{}", fields[0], fields[1], fields[2], fields[4]);
    dir.write("grootboek.csv", &(lines.join("\n") + "\n"));
}

/// Adds a column to the ledger, one of the `|`-parted values in every row.
fn personal(dir: &Workdir, header: &str, values: &str) {
    let values: Vec<&str> = values.split('|').collect();
    let text = dir.read("grootboek.csv");
    let lines = text.lines().enumerate().map(|(at, line)| match at {
        0 => format!("{line};{header}\n"),
        _ => format!("{line};{}\n", values[at % values.len()]),
    });
    dir.write("grootboek.csv", &lines.collect::<String>());
}

/// Makes the ledger an extract without booking months.
fn extract(dir: &Workdir) {
    let text = dir.read("grootboek.csv");
    renamed(dir, "stand-2025-08.csv", text.as_bytes());
    dir.edit("prognose.toml", "2025-08.csv\"", "2025-08.csv\"\nsnapshots = true");
    dir.edit("prognose.toml", "booked = \"boekmaand\"", "service = \"boekmaand\"");
}

fn renamed(dir: &Workdir, name: &str, bytes: &[u8]) {
    dir.edit("prognose.toml", "grootboek.csv", name);
    dir.write_bytes(name, bytes);
}

fn truncated_workbook(dir: &Workdir) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, header) in ["boekmaand", "product", "soort", "bedrag"].iter().enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), *header).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    renamed(dir, "grootboek.xlsx", &bytes[..bytes.len() / 2]);
}

#[cfg(unix)]
fn dangling(dir: &Workdir) {
    let path = dir.path().join("grootboek.csv");
    std::fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink(dir.path().join("nowhere"), path).unwrap();
}

fn policy(dir: &Workdir, month: &str) {
    dir.edit(
        "prognose.toml",
        "table = \"indeling.csv\"",
        "table = \"indeling.csv\"\npolicy = \"beleid.toml\"",
    );
    dir.write("beleid.toml", &format!(
        "[[event]]\nid = \"a\"\ntitle = \"A\"\ndate = \"{month}\"\nknown_from = \"2024-01\"\nscope = [\"Wmo\"]\nform = \"step\"\nstatus = \"past\"\nowner = \"beleid\"\nsource = \"begroting\"\n"
    ));
}

fn prices(dir: &Workdir, right: &str, wrong: &str) {
    dir.edit("prognose.toml", "[lines]", "[lines]\nprices = \"prijzen.toml\"");
    let index =
        |year, rate| format!("[[index]]\nname = \"OVA\"\nyear = {year}\nprovisional = {rate}\n\n");
    let weight = "[[weight]]\nlines = [\"*\"]\nova = 0.9\n";
    let table = format!("# OVA\n\n{}{}{weight}", index(2025, "4.18"), index(2026, "4.06"));
    dir.write("prijzen.toml", &table);
    dir.edit("prijzen.toml", right, wrong);
}

fn control_total(dir: &Workdir) {
    dir.edit("prognose.toml", "[lines]", "[[source]]\nkind = \"control_total\"\nfiles = \"controle.csv\"\n[source.columns]\nyear = \"jaar\"\nside = \"soort\"\namount = \"bedrag\"\n[lines]");
    dir.edit(
        "prognose.toml",
        "[forecast]",
        "[checks]\nseverity = { \"control-total-differs\" = \"denied\" }\n[forecast]",
    );
    dir.write("controle.csv", "jaar,soort,bedrag\n2024,lasten,1.00\n");
}
