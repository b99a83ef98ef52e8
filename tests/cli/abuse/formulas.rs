//! Texts that a spreadsheet program would calculate: in names refused, elsewhere shown as text.

use crate::support::Workdir;
use std::path::Path;

/// Each with what is shown of it.
const EVIL: [(&str, &str); 7] = [
    ("=1+1", "'=1+1"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("-2+3", "'-2+3"),
    ("+x", "'+x"),
    ("=HYPERLINK(\"http://x.example\")", "'=HYPERLINK(\"http://x.example\")"),
    ("x;=1+1", "x;'=1+1"),
    ("x;\"=1+1;y", "x;\"'=1+1;y"),
];

/// Every field of a CSV file below a folder that would be calculated.
fn calculated(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(calculated(&path));
        } else if path.extension().is_some_and(|end| end == "csv") {
            // A Dutch Excel divides at semicolons, whatever the quotes say.
            for delimiter in *b",;" {
                let evil = cells(&path, delimiter).into_iter().filter(|cell| is_formula(cell));
                found.extend(evil.map(|cell| format!("{}: {cell}", path.display())));
            }
        }
    }
    found
}

fn cells(path: &Path, delimiter: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).flexible(true).delimiter(delimiter);
    let records: Vec<_> = reader.from_path(path).unwrap().records().map(Result::unwrap).collect();
    let fields = records.iter().flat_map(csv::StringRecord::iter);
    fields.flat_map(|field| field.split([';', '\n', '\r'])).map(str::to_owned).collect()
}

fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t']) && cell.parse::<f64>().is_err()
}

#[test]
fn no_text_in_a_data_set_is_calculated() {
    for (evil, shown) in EVIL {
        let dir = Workdir::small();
        // A code that is in no line table comes back in the findings; a remark in its own data set.
        let row = format!("2025-08;\"{}\";lasten;5,00;x\n", evil.replace('"', "\"\""));
        let ledger = dir.read("grootboek.csv") + &row;
        dir.write("grootboek.csv", &ledger);
        let text = serde_json::to_string(evil).unwrap();
        dir.write("duiding.toml", &format!(
            "[[note]]\nid = \"1\"\nline = \"Hulp\"\nmonth = \"2025-08\"\nmade = \"2025-08\"\ntext = {text}\nkind = \"duiding\"\nrole = \"afdeling\"\nstatus = \"open\"\n"
        ));
        let ran = dir.run("run", &["--no-backtest"]);
        assert_eq!(ran.code, 0, "{evil}: {}", ran.stderr);
        assert_eq!(calculated(&dir.path().join("out")), Vec::<String>::new());
        let quoted = shown.replace('"', "\"\"");
        for name in ["findings", "duiding"] {
            let text = dir.read(&format!("out/2025-08/{name}.csv"));
            assert!(text.contains(&quoted), "{name}.csv has no {shown}:\n{text}");
        }
    }
}

/// A name is a key in every data set, so it is not changed on its way out.
#[test]
fn a_name_that_is_calculated_is_refused_where_it_is_read() {
    for (evil, _) in EVIL {
        let dir = Workdir::small();
        dir.edit("indeling.csv", "Hulp", &format!("\"{}\"", evil.replace('"', "\"\"")));
        let ran = dir.run("check", &[]);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        for word in ["indeling.csv, row 2, column product", "a formula", "what to do"] {
            assert!(ran.stderr.contains(word), "{evil}: no {word:?} in {}", ran.stderr);
        }
        let name = serde_json::to_string(evil).unwrap();
        for (from, to) in [
            (
                "[forecast]",
                format!("[[lines.bridge]]\nname = {name}\nlines = [\"6.7*\"]\n[forecast]"),
            ),
            (
                "draws = 200",
                format!("draws = 200\n[[forecast.quantile]]\nname = {name}\nshort = 3\nover = 1"),
            ),
        ] {
            let dir = Workdir::small();
            dir.edit("prognose.toml", from, &to);
            let ran = dir.run("check", &[]);
            assert_eq!(ran.code, 2, "{evil}: {}", ran.stderr);
            assert!(ran.stderr.contains("prognose.toml"), "{}", ran.stderr);
        }
    }
}

#[test]
fn a_number_with_a_sign_is_a_fine_name() {
    let dir = Workdir::small();
    dir.edit("indeling.csv", "Hulp", "+65");
    let ran = dir.run("check", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}
