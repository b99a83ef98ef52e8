//! The tables of the pages of one taakveld: their ids are the same on every page, so that the page and the
//! caption say what they are about.

use super::data::{Cell, DataSets, Node, Row, YEAR, has, same};
use super::nodes::{self, cells};
use super::others;
use crate::dutch::{self, band, cents, decimals, exact, thousands};
use crate::html::Shown;

/// The years of a taakveld.
const YEARS: [(&str, Cell); 5] = [
    ("Begroting", Cell::Thousands("begroting")),
    ("Prognose", Cell::Thousands("verwacht")),
    ("80%-band", Cell::Band("p10", "p90")),
    ("Afwijking", Cell::Gap),
    ("Waarvan beleid", Cell::Thousands("beleid")),
];

/// The taakveld that a page is about: `report/jeugd-6.752.html`.
pub(super) fn of(page: &str) -> Option<Node> {
    let name = page.strip_prefix("report/")?.strip_suffix(".html")?;
    let (wet, code) = name.split_once('-')?;
    let wet = ["Wmo", "Jeugd", "Gezamenlijk"].into_iter().find(|act| act.to_lowercase() == wet)?;
    let (level, wet, taakveld) = ("taakveld".to_owned(), wet.to_owned(), code.to_owned());
    Some(Node { level, wet, taakveld, measure: "lasten".to_owned(), ..Node::default() })
}

/// Compares a table of the page of a taakveld with its data set.
pub(super) fn walk(shown: &Shown, data: &DataSets, here: &Node) {
    match shown.id.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "uitkomst-tabel" => outcome(shown, data, here),
        "producten-lasten" => products(shown, data, here, "lasten"),
        "producten-baten" => products(shown, data, here, "baten"),
        "maanden-tabel" => months(shown, data, here),
        "jaren-lasten" | "jaren-baten" => {
            let measure = shown.id.trim_start_matches("jaren-").to_owned();
            years(shown, data, &Node { measure, ..here.clone() });
        }
        "signalen-tabel" => signals(shown, data, here),
        "stappen-" => steps(shown, data, here),
        "maanden-" => months_of_line(shown, data, here),
        other => panic!("{}: nobody walks table {other}", here.taakveld),
    }
}

/// A row per measure.
fn outcome(shown: &Shown, data: &DataSets, here: &Node) {
    let of = |name: &str| Node { measure: name.to_lowercase(), ..here.clone() };
    nodes::years_of(shown, data, of);
    let rows = data.table("outlook").iter().filter(|row| {
        has(row, &[("jaar", YEAR), ("niveau", "taakveld"), ("wet", &here.wet)])
            && row["taakveld"] == here.taakveld
    });
    assert!(shown.rows.len() <= rows.count(), "{}", here.taakveld);
}

/// The products, and the taakveld itself below them.
fn products(shown: &Shown, data: &DataSets, here: &Node, measure: &str) {
    let above = Node { measure: measure.to_owned(), ..here.clone() };
    nodes::years_of(shown, data, |name| match name {
        "Samen" => above.clone(),
        product => Node { level: "product".into(), product: product.into(), ..above.clone() },
    });
    assert_eq!(shown.rows.last().unwrap()[0], "Samen");
}

/// Every month of last year and this one.
fn months(shown: &Shown, data: &DataSets, here: &Node) {
    let keys = [("niveau", "taakveld"), ("wet", here.wet.as_str()), ("taakveld", &here.taakveld)];
    let rows = data
        .table("forecast")
        .iter()
        .filter(|row| has(row, &keys) && row["soort"] == "lasten" && row["maand"][..4] <= *YEAR);
    let said = |row: &Row| {
        let sure = row["status"] == "gerealiseerd";
        let wide =
            if sure { "–".to_owned() } else { band(cents(&row["p10"]), cents(&row["p90"])) };
        let amount = thousands(cents(&row["gemiddelde"]));
        vec![dutch::month(&row["maand"]), amount, wide, row["status"].clone()]
    };
    assert_eq!(shown.rows, rows.map(said).collect::<Vec<_>>(), "{}", here.taakveld);
}

/// Every year that is looked ahead to.
fn years(shown: &Shown, data: &DataSets, here: &Node) {
    let cells = cells(shown, &YEARS);
    let known = data.table("meerjaren").iter().map(|row| row["jaar"].as_str());
    let last = known.max().unwrap();
    assert_eq!(shown.rows.last().unwrap()[0], last, "{}", here.taakveld);
    for row in &shown.rows {
        let found = data.of("outlook", here, &[("jaar", &row[0])]);
        same(&shown.id, row, &cells.iter().map(|cell| cell.says(found)).collect::<Vec<_>>());
    }
}

/// Signals of this taakveld and no other.
fn signals(shown: &Shown, data: &DataSets, here: &Node) {
    let code = format!(" ({}", here.taakveld);
    assert!(shown.rows.iter().all(|row| row[0].contains(&code)), "{:?}", shown.rows);
    others::signals(shown, data);
}

/// The product that a caption is about: `Ggz regionaal: per maand`, or `Eigen bijdragen, baten: per maand`.
fn line(shown: &Shown, here: &Node) -> Node {
    let (name, _) = shown.title.rsplit_once(": ").unwrap();
    let (product, measure) = match name.strip_suffix(", baten") {
        Some(product) => (product, "baten"),
        None => (name, "lasten"),
    };
    let (level, product, measure) = ("product".to_owned(), product.to_owned(), measure.to_owned());
    Node { level, product, measure, ..here.clone() }
}

/// The rows of `uitleg` about a line, of one step.
fn explained<'a>(data: &'a DataSets, line: &Node, step: &str) -> Vec<&'a Row> {
    let Node { wet, taakveld, product, measure, .. } = line;
    let keys = [("wet", wet.as_str()), ("taakveld", taakveld), ("product", product)];
    let rows = data.table("uitleg").iter();
    rows.filter(|row| has(row, &keys) && row["soort"] == *measure && row["stap"] == step).collect()
}

/// The steps of the sum, in the words of the page.
const SUM: [(&str, &str); 5] = [
    ("gewogen_gemiddelde", "Gewogen gemiddelde"),
    ("gebeurtenissen", "Bekende gebeurtenissen"),
    ("tarieven", "Tarieven"),
    ("overig", "Open maanden, bruggen en trekkingen"),
    ("vooruit_geboekt", "Al vooruit geboekt"),
];

/// From postings to the year, and what it is part of: every row, in order.
fn steps(shown: &Shown, data: &DataSets, here: &Node) {
    let line = line(shown, here);
    let year = data.of("outlook", &line, &[("jaar", YEAR)]);
    let part = |name: String, row: &Row| {
        vec![name, row["gewicht"].clone(), exact(cents(&row["bedrag"])), String::new()]
    };
    let sum = |name: &str, row: &Row, column: &str| {
        vec![name.to_owned(), String::new(), String::new(), exact(cents(&row[column]))]
    };
    let mut said = Vec::new();
    for row in explained(data, &line, "boeking") {
        let postings = if row["aantal"] == "1" { "boeking" } else { "boekingen" };
        let count = dutch::whole(row["aantal"].parse().unwrap());
        said.push(part(format!("{} ({count} {postings})", row["onderdeel"]), row));
    }
    said.push(sum("Geboekt", year, "geboekt"));
    said.push(sum("Nog te ontvangen", year, "nog_te_ontvangen"));
    for row in explained(data, &line, "model") {
        said.push(part(format!("Deel {}", row["onderdeel"]), row));
    }
    let steps = explained(data, &line, "optelling");
    for (row, (step, name)) in steps.iter().zip(SUM) {
        assert_eq!(row["onderdeel"], step);
        said.push(part(name.to_owned(), row));
    }
    assert_eq!(steps.len(), SUM.len());
    said.push(sum("Nog te komen", year, "nog_te_komen"));
    said.push(sum("Beleid", year, "beleid"));
    said.push(sum("Prognose", year, "verwacht"));
    for (name, node) in above(&line) {
        let row = data.of("outlook", &node, &[("jaar", YEAR)]);
        said.push(sum(&format!("deel van: {name}"), row, "verwacht"));
    }
    assert_eq!(shown.rows.len(), said.len(), "{}", shown.title);
    for (row, said) in shown.rows.iter().zip(&said) {
        assert!(row[0].starts_with(&said[0]), "{}: {row:?} is not {said:?}", shown.title);
        assert_eq!(row[2..], said[2..], "{}: {}", shown.title, row[0]);
        assert!(is_weight(&row[1], &said[1]), "{}: {row:?} is not {said:?}", shown.title);
    }
}

/// What a line is part of, by the start of its name.
fn above(line: &Node) -> [(String, Node); 3] {
    let measure = line.measure.clone();
    let taakveld = Node { level: "taakveld".into(), product: String::new(), ..line.clone() };
    let wet = Node { level: "wet".into(), taakveld: String::new(), ..taakveld.clone() };
    let all = Node { level: "totaal".into(), measure, ..Node::default() };
    [
        (format!("{} ", line.taakveld), taakveld),
        (line.wet.clone(), wet),
        ("alles samen".to_owned(), all),
    ]
}

/// The page has three decimals of a weight and the data set four, both of what was not rounded before.
fn is_weight(shown: &str, field: &str) -> bool {
    let places = |weight: f64| decimals(weight, 3);
    match field.parse::<f64>() {
        Ok(weight) => shown == places(weight - 0.000_05) || shown == places(weight + 0.000_05),
        Err(_) => shown.is_empty() && field.is_empty(),
    }
}

/// The months of this year of one line, to the cent.
fn months_of_line(shown: &Shown, data: &DataSets, here: &Node) {
    let line = line(shown, here);
    let booked = explained(data, &line, "maand_geboekt");
    let still = explained(data, &line, "maand_verwacht");
    assert_eq!((shown.rows.len(), booked.len(), still.len()), (12, 12, 12), "{}", shown.title);
    for ((row, booked), still) in shown.rows.iter().zip(booked).zip(still) {
        let month = booked["maand"].as_str();
        assert_eq!((&row[0][..], month), (dutch::month_name(month), still["maand"].as_str()));
        let found = data.of("forecast", &line, &[("maand", month)]);
        let mut said = vec![exact(cents(&booked["bedrag"])), exact(cents(&still["bedrag"]))];
        said.extend(["gemiddelde", "p10", "p90"].map(|name| exact(cents(&found[name]))));
        same(&shown.title, row, &said);
    }
}
