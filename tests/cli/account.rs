//! `prognose account`: the pages, the entry for the register, and what is still to be filled in.

use crate::support::{Ran, Workdir, prognose};
use prognose::report::faults;
use serde_json::{Map, Value};

const OUT: &str = "out/2025-08/account";

fn summary(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stdout))
}

fn entry(dir: &Workdir) -> Map<String, Value> {
    serde_json::from_str(&dir.read(&format!("{OUT}/algoritmeregister.json"))).unwrap()
}

fn declare(dir: &Workdir, block: &str) {
    let toml = dir.read("prognose.toml");
    let toml = toml.split("\n[account]").next().unwrap();
    dir.write("prognose.toml", &format!("{toml}\n[account]\n{block}"));
}

#[test]
fn writes_the_account_and_lists_what_is_missing() {
    let dir = Workdir::small();
    let ran = dir.run("account", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for told in [
        "contact_email (the register asks for it)",
        "publication_category (the register asks for it)",
        "  data_owner\n",
        "los eerst op",
        "prognose backtest",
    ] {
        assert!(ran.stdout.contains(told), "{told} in {}", ran.stdout);
    }
    let manifest = dir.read("out/2025-08/manifest.json");
    for name in ["modelkaart.html", "dossier.html", "basis-op-orde.html", "algoritmeregister.json"]
    {
        assert!(dir.path().join(OUT).join(name).is_file(), "{name}");
        assert!(manifest.contains(&format!("\"account/{name}\"")), "{name}");
    }
    let missing: Vec<String> = faults(&entry(&dir))
        .into_iter()
        .filter(|fault| fault.missing)
        .map(|fault| fault.field)
        .collect();
    assert_eq!(missing, ["contact_email", "publication_category"]);
    assert!(dir.read(&format!("{OUT}/modelkaart.html")).contains("Nog niet teruggetoetst."));
}

#[test]
fn what_is_declared_is_in_the_entry_and_the_same_bytes_come_back() {
    let dir = Workdir::small();
    declare(
        &dir,
        "status = \"vastgesteld\"\nstatus_since = \"2025-03\"\nadopted_by = \"hoofd afdeling\"\nbegin = \"2025-01\"\n\
         data_owner = \"team Data\"\nprocess_owner = \"team Control\"\ncontact_email = \"algoritmes@klein.example\"\n\
         publication_category = \"Overige algoritmes\"\n",
    );
    let ran = dir.run("account", &["--json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let summary = summary(&ran);
    assert_eq!(summary["missing_required"], Value::Array(Vec::new()), "{summary}");
    // Without service months late invoices can not be expected; all else holds.
    assert_eq!(summary["basis"]["fails"], 1, "{summary}");
    assert_eq!(summary["basis"]["undeclared"], 0, "{summary}");
    let entry = entry(&dir);
    assert_eq!(faults(&entry), []);
    assert_eq!(
        (entry["status"].as_str(), entry["begin_date"].as_str()),
        (Some("In gebruik"), Some("2025-01"))
    );
    let first = dir.hashes("out");
    assert_eq!(dir.run("account", &["--json"]).code, 0);
    assert_eq!(dir.hashes("out"), first);
}

#[test]
fn a_person_and_what_the_register_does_not_take_are_refused_by_key() {
    let dir = Workdir::small();
    let long = format!("tags = \"{}\"\n", "x".repeat(2501));
    for (block, code, told) in [
        ("contact_email = \"j.jansen@klein.nl\"\n", 1, "[account] contact_email looks like"),
        ("data_owner = \"jan@klein.nl\"\n", 1, "[account] data_owner looks like"),
        (long.as_str(), 2, "[account] tags: is 2501 characters long"),
        ("status = \"klaar\"\n", 2, "klaar"),
        (
            "publication_category = \"Geen\"\n",
            2,
            "[account] publication_category: \"Geen\" is not known",
        ),
        ("eigenaar = \"x\"\n", 2, "eigenaar"),
    ] {
        declare(&dir, block);
        let ran = dir.run("account", &[]);
        assert_eq!(ran.code, code, "{block}: {}", ran.stderr);
        assert!(
            ran.stderr.contains(told) && ran.stderr.contains("prognose.toml"),
            "{told} in {}",
            ran.stderr
        );
        assert!(!ran.stderr.contains("jansen"), "{}", ran.stderr);
    }
}

#[test]
fn the_requirements_of_the_department_are_told_once_they_were_tested() {
    let dir = Workdir::small();
    dir.write(
        "gate.toml",
        "[[rule]]\nmetric = \"wape\"\nlevel = \"totaal\"\nmax = 9.0\n[[rule]]\nmetric = \"wape\"\nlevel = \"wet\"\nmax = 0.0\n",
    );
    let card = |more: &[&str]| {
        let ran = dir.run("account", more);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        dir.read(&format!("{OUT}/modelkaart.html"))
    };
    assert!(card(&[]).contains("Dit model is er nog niet aan getoetst."));
    let ran = dir.run("backtest", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let page = card(&[]);
    assert!(
        page.contains("1 van de 2\u{a0}eisen is nu niet gehaald.")
            && !page.contains("Nog niet teruggetoetst.")
    );
    // A month before the backtest did not know it, and an earlier backtest does not take its place.
    assert_eq!(dir.run("account", &["--as-of", "2025-06"]).code, 0);
    assert!(dir.read("out/2025-06/account/modelkaart.html").contains("Nog niet teruggetoetst."));
    let kept = dir.read("state/backtest.json");
    let ran = dir.run("backtest", &["--as-of", "2025-06"]);
    assert!(ran.code == 0 && ran.stderr.contains("a later backtest is kept"), "{}", ran.stderr);
    assert_eq!(dir.read("state/backtest.json"), kept);
    dir.edit("gate.toml", "9.0", "8.0");
    assert!(card(&[]).contains("Na de laatste toets zijn zij gewijzigd."));
    dir.edit("gate.toml", "max = 8.0", "");
    let ran = dir.run("account", &[]);
    assert!(ran.code == 2 && ran.stderr.contains("gate.toml, row 1"), "{}", ran.stderr);
}

/// Every command of the guide, on the demo.
#[test]
fn the_commands_of_the_guide_can_be_run() {
    let dir = crate::demo::copy_of_demo();
    let guide = include_str!("../../src/guide/account.md");
    let block = guide.split("```").find(|block| block.starts_with("sh\n")).unwrap();
    let commands = block.lines().skip(1).filter_map(|line| line.split('#').next());
    let folder = dir.path().to_str().unwrap();
    for command in commands.map(str::trim).filter(|command| !command.is_empty()) {
        let words: Vec<&str> = command
            .split(' ')
            .skip(1)
            .map(|word| if word == "data/demo" { folder } else { word })
            .collect();
        let ran = prognose(&words);
        assert_eq!(ran.code, 0, "{command}: {}", ran.stderr);
    }
    let text = dir.read("out/2026-10/account/algoritmeregister.json");
    let entry: Map<String, Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(faults(&entry), []);
    assert_eq!(entry["organization"], "Voorbeeldstad (verzonnen)");
}

/// The block that `init` writes as a comment, without its hashes, is taken.
#[test]
fn the_block_of_the_template_can_be_used() {
    let folder = Workdir::empty();
    let new = folder.path().join("nieuw");
    assert_eq!(prognose(&["init", new.to_str().unwrap()]).code, 0);
    let template = std::fs::read_to_string(new.join("prognose.toml")).unwrap();
    let block = template.split("# [account]\n").nth(1).unwrap();
    // An address that is to be filled in is no address yet.
    let filled = block
        .lines()
        .map(|line| line.trim_start_matches("# ").replace("https://…", "https://klein.nl/x"));
    let dir = Workdir::small();
    declare(&dir, &filled.collect::<Vec<_>>().join("\n"));
    let ran = dir.run("account", &["--json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // The months of its going out of use are not asked of an algorithm that is a concept.
    assert_eq!(summary(&ran)["missing"], Value::Array(Vec::new()), "{}", ran.stdout);
}
