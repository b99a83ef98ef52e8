//! A workspace whose every text is an attack on the page that shows it.

use crate::support::Workdir;
use std::collections::BTreeSet;
use std::path::Path;

const EVIL: &str = "<script>x()</script>\"'><img src=x onerror=y()><svg/onload=z()>&lt;&amp;</td></title>]]>--><!--";
const GOOD: &str = "gewoon";

/// The elements of a page and the attributes of each: what a browser makes of it.
fn marks(page: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let raw = name == "style" || name == "script";
        found.insert(name.clone());
        let mut attribute = String::new();
        loop {
            let Some(next) = rest.chars().next() else { return found };
            rest = &rest[next.len_utf8()..];
            match next {
                '"' | '\'' => rest = rest.split_once(next).map_or("", |(_, after)| after),
                c if c.is_whitespace() || matches!(c, '=' | '>' | '/') => {
                    if !attribute.is_empty() {
                        found.insert(format!("{name} {}", std::mem::take(&mut attribute)));
                    }
                    if c == '>' {
                        break;
                    }
                }
                c => attribute.push(c),
            }
        }
        if raw {
            let end = format!("</{name}");
            rest = rest.find(&end).map_or("", |at| &rest[at..]);
        }
    }
    found
}

fn pages(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|end| end == "html") {
            found.push(std::fs::read_to_string(path).unwrap());
        }
    }
    found
}

/// The small workspace with `text` in every place that takes one.
fn told(text: &str) -> Workdir {
    let dir = Workdir::small();
    let quoted = serde_json::to_string(text).unwrap();
    let csv = text.replace('"', "\"\"");
    for (from, to) in [
        ("\"Gemeente Klein\"", quoted.clone()),
        ("\"GM0001\"", quoted.clone()),
        (
            "[forecast]",
            format!("[[lines.bridge]]\nname = {quoted}\nlines = [\"6.7*\"]\n\n[forecast]"),
        ),
        (
            "draws = 200",
            format!(
                "draws = 200\n[[forecast.quantile]]\nname = {quoted}\nshort = 3.0\nover = 1.0\n[[norm]]\nlines = [\"Hulp\"]\neuros = 0.0\nwho = {quoted}\nact = {quoted}"
            ),
        ),
        (
            "table = \"indeling.csv\"",
            "table = \"indeling.csv\"\npolicy = \"beleid.toml\"".to_owned(),
        ),
    ] {
        dir.edit("prognose.toml", from, &to);
    }
    dir.edit("indeling.csv", "Hulp", &format!("\"{csv}\""));
    let ledger = dir.read("grootboek.csv");
    dir.write("grootboek.csv", &format!("{ledger}2025-08;\"{csv}\";lasten;5,00;x\n"));
    dir.write("beleid.toml", &format!(
        "[[event]]\nid = {quoted}\ntitle = {quoted}\ndate = \"2025-10\"\nknown_from = \"2025-01\"\nscope = [\"Wmo/6.71*\"]\nform = \"step\"\nstatus = \"decided\"\ncentral = 1000.0\nowner = {quoted}\nsource = {quoted}\n"
    ));
    dir.write("duiding.toml", &format!(
        "[[note]]\nid = {quoted}\nline = \"6.711\"\nmonth = \"2025-08\"\nmade = \"2025-08\"\ntext = {quoted}\nkind = \"vraag\"\nrole = {quoted}\nstatus = \"open\"\n"
    ));
    dir
}

#[test]
fn no_text_becomes_part_of_a_page() {
    let made = |text: &str| {
        let dir = told(text);
        let ran = dir.run("run", &["--no-backtest"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        pages(&dir.path().join("out"))
    };
    let (good, evil) = (made(GOOD), made(EVIL));
    assert_eq!(good.len(), evil.len());
    let known: BTreeSet<String> = good.iter().flat_map(|page| marks(page)).collect();
    let strange: BTreeSet<String> = evil.iter().flat_map(|page| marks(page)).collect();
    let strange: Vec<&String> = strange.difference(&known).collect();
    assert!(strange.is_empty(), "made of texts: {strange:?}");
    let shown = evil.iter().filter(|page| page.contains("&lt;script&gt;x()")).count();
    assert!(shown > evil.len() / 2, "the text stands on {shown} of {} pages", evil.len());
    assert!(!evil.iter().any(|page| page.contains("<script>x()")));
}

#[test]
fn marks_see_what_a_browser_sees() {
    let seen = marks("<p class=\"a>b\" hidden>x</p><style>a<b</style><img src=x onerror=y>");
    let expected = ["/p", "/style", "img", "img onerror", "img src", "img x", "img y", "p"];
    for mark in expected.iter().chain(&["p class", "p hidden", "style"]) {
        assert!(seen.contains(*mark), "no {mark} in {seen:?}");
    }
}
