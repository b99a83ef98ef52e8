//! The tables with a row per part of the municipality.

use super::data::{Cell, DataSets, Node, Row, YEAR, gap, same};
use crate::dutch::{cents, change, hundredths, thousands};
use crate::html::Shown;

/// The heads of the tables of years and what stands below them.
const YEARS: [(&str, Cell); 10] = [
    ("Begroting", Cell::Thousands("begroting")),
    ("Geboekt", Cell::Thousands("geboekt")),
    ("Nog te ontvangen", Cell::Thousands("nog_te_ontvangen")),
    ("Nog te komen", Cell::Thousands("nog_te_komen")),
    ("Beleid", Cell::Thousands("beleid")),
    ("Prognose", Cell::Thousands("verwacht")),
    ("Afwijking in beeld", Cell::Drawing),
    ("Afwijking", Cell::Gap),
    ("80%-band", Cell::Band("p10", "p90")),
    ("Kans op nadeel", Cell::Chance),
];
const LATE: [(&str, Cell); 9] = [
    ("Nog te ontvangen", Cell::Thousands("nog_te_ontvangen")),
    ("80%-band", Cell::Band("p10", "p90")),
    ("0–2", Cell::Thousands("0-2")),
    ("3–5", Cell::Thousands("3-5")),
    ("6–11", Cell::Thousands("6-11")),
    ("12 maanden", Cell::Thousands("12+")),
    ("Waarvan eerdere jaren", Cell::Thousands("waarvan_eerdere_jaren")),
    ("Deel van", Cell::Percent("deel")),
    ("Oudste open maand", Cell::Month("oudste_maand")),
];
const STEPS: [(&str, Cell); 7] = [
    ("Basis", Cell::Thousands("vorig_jaar")),
    ("Eenmalig", Cell::Change("eenmalig")),
    ("Doorwerking", Cell::Change("doorwerking")),
    ("Volume", Cell::Change("volume")),
    ("Tarieven", Cell::Change("prijs")),
    ("Nieuw beleid", Cell::Change("beleid")),
    ("Verwacht", Cell::Thousands("verwacht")),
];
const CHANGES: [(&str, Cell); 9] = [
    ("Vorige maand", Cell::Thousands("vorige_maand")),
    ("Indeling", Cell::Change("indeling")),
    ("Beleid", Cell::Change("beleid")),
    ("Tarieven", Cell::Change("prijs")),
    ("Nieuwe maand", Cell::Change("realisatie")),
    ("Late facturen", Cell::Change("nakomend")),
    ("Modellen", Cell::Change("model")),
    ("Nu", Cell::Thousands("nu")),
    ("Verschil", Cell::Change("verschil")),
];

/// The cells under the heads of a table, by the start of each head.
pub(super) fn cells(shown: &Shown, known: &[(&str, Cell)]) -> Vec<Cell> {
    let of = |head: &String| {
        let found = known.iter().find(|(start, _)| head.starts_with(start));
        found.unwrap_or_else(|| panic!("{}: nobody knows the column {head}", shown.id)).1
    };
    shown.heads[1..].iter().map(of).collect()
}

/// Where in a table we are: names of parts stand below those of what they are part of.
pub(super) struct Place<'a> {
    data: &'a DataSets,
    node: Node,
}

impl<'a> Place<'a> {
    /// `producten-wmo-lasten` is about the act and the measure in its id; else the rows say it.
    pub(super) fn new(shown: &Shown, data: &'a DataSets) -> Self {
        let mut node = Node { measure: "lasten".to_owned(), ..Node::default() };
        for part in shown.id.split('-') {
            match part {
                "wmo" => "Wmo".clone_into(&mut node.wet),
                "jeugd" => "Jeugd".clone_into(&mut node.wet),
                "gezamenlijk" => "Gezamenlijk".clone_into(&mut node.wet),
                "lasten" | "baten" => part.clone_into(&mut node.measure),
                _ => {}
            }
        }
        Self { data, node }
    }

    /// The part that a row is about, from its name.
    pub(super) fn go_to(&mut self, name: &str) -> Node {
        let mut name = name;
        for measure in ["lasten", "baten", "saldo"] {
            if let Some(rest) = name.strip_suffix(&format!(", {measure}")) {
                name = rest;
                measure.clone_into(&mut self.node.measure);
            }
        }
        let measure = match name {
            "Lasten samen" | "Samen" => "lasten",
            "Baten samen" => "baten",
            "Saldo (lasten min baten)" => "saldo",
            _ => return self.below(name),
        };
        self.node =
            Node { level: "totaal".to_owned(), measure: measure.to_owned(), ..Node::default() };
        self.node.clone()
    }

    fn below(&mut self, name: &str) -> Node {
        let code = name.split(' ').next().unwrap();
        if ["Wmo", "Jeugd", "Gezamenlijk"].contains(&name) {
            self.node = Node {
                level: "wet".to_owned(),
                wet: name.to_owned(),
                measure: self.node.measure.clone(),
                ..Node::default()
            };
        } else if self.data.has_taakveld(code) {
            "taakveld".clone_into(&mut self.node.level);
            code.clone_into(&mut self.node.taakveld);
            self.node.product = String::new();
        } else if self.node.taakveld.is_empty() {
            let measure = "lasten".to_owned();
            let level = "brug".to_owned();
            return Node { level, product: name.to_owned(), measure, ..Node::default() };
        } else {
            "product".clone_into(&mut self.node.level);
            name.clone_into(&mut self.node.product);
        }
        self.node.clone()
    }
}

fn walk(shown: &Shown, data: &DataSets, known: &[(&str, Cell)], of: impl Fn(&Node) -> Row) {
    let cells = cells(shown, known);
    let mut place = Place::new(shown, data);
    // A row of one cell is a heading between rows.
    for row in shown.rows.iter().filter(|row| row.len() > 1) {
        let found = of(&place.go_to(&row[0]));
        let said: Vec<String> = cells.iter().map(|cell| cell.says(&found)).collect();
        same(&shown.id, row, &said);
    }
}

/// The same table with rows that are named in another way.
pub(super) fn years_of(shown: &Shown, data: &DataSets, node: impl Fn(&str) -> Node) {
    let cells = cells(shown, &YEARS);
    for row in &shown.rows {
        let found = data.of("outlook", &node(&row[0]), &[("jaar", YEAR)]);
        same(&shown.id, row, &cells.iter().map(|cell| cell.says(found)).collect::<Vec<_>>());
    }
}

pub(super) fn years(shown: &Shown, data: &DataSets) {
    walk(shown, data, &YEARS, |node| data.of("outlook", node, &[("jaar", YEAR)]).clone());
}

pub(super) fn changes(shown: &Shown, data: &DataSets) {
    walk(shown, data, &CHANGES, |node| {
        let mut row = data.of("verschil", node, &[("jaar", YEAR)]).clone();
        let gap = cents(&row["nu"]) - cents(&row["vorige_maand"]);
        row.insert("verschil".to_owned(), amount(gap));
        row
    });
}

pub(super) fn steps(shown: &Shown, data: &DataSets) {
    walk(shown, data, &STEPS, |node| data.of("meerjaren", node, &[("jaar", "2027")]).clone());
}

/// The row of all ages, with each age and the part of the year beside it.
pub(super) fn late(shown: &Shown, data: &DataSets) {
    walk(shown, data, &LATE, |node| {
        let mut row = data.of("late", node, &[("leeftijd", "alle")]).clone();
        for age in ["0-2", "3-5", "6-11", "12+"] {
            let part = data.of("late", node, &[("leeftijd", age)]);
            row.insert(age.to_owned(), part["nog_te_ontvangen"].clone());
        }
        let year = data.of("outlook", node, &[("jaar", YEAR)]);
        let share =
            hundredths(cents(&year["nog_te_ontvangen"])) / hundredths(cents(&year["verwacht"]));
        row.insert("deel".to_owned(), share.to_string());
        row
    });
}

/// Cents as a data set writes them.
fn amount(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

/// Four rows per act, a column per year.
pub(super) fn horizon(shown: &Shown, data: &DataSets) {
    let mut place = Place::new(shown, data);
    let mut node = Node::default();
    for row in &shown.rows {
        if let Some(act) = row[0].strip_suffix(", prognose") {
            node = place.go_to(act);
        }
        let cell = match row[0].as_str() {
            "begroting" => Cell::Thousands("begroting"),
            "afwijking" => Cell::Gap,
            "80%-band" => Cell::Band("p10", "p90"),
            _ => Cell::Thousands("verwacht"),
        };
        let of = |year: &String| cell.says(data.of("outlook", &node, &[("jaar", year)]));
        same(&shown.id, row, &shown.heads[1..].iter().map(of).collect::<Vec<_>>());
    }
}

/// Expected with the gap below it, a column per year; policy that stays or passes in rows of its own.
pub(super) fn plan(shown: &Shown, data: &DataSets) {
    let mut place = Place::new(shown, data);
    let mut node = Node::default();
    for row in &shown.rows {
        let part = row[0].strip_prefix("waarvan ");
        if part.is_none() {
            node = place.go_to(&row[0]);
        }
        let of = |year: &String| {
            let step = data.of("meerjaren", &node, &[("jaar", year)]);
            let (policy, lasting) = (cents(&step["beleid"]), cents(&step["waarvan_structureel"]));
            match part {
                Some(part) if part.starts_with("structureel") => change(lasting),
                Some(_) => change(policy - lasting),
                None => {
                    let year = data.of("outlook", &node, &[("jaar", year)]);
                    let said = thousands(cents(&year["verwacht"]));
                    if year["begroting"].is_empty() {
                        said
                    } else {
                        format!("{said} {}", gap(year))
                    }
                }
            }
        };
        same(&shown.id, row, &shown.heads[1..].iter().map(of).collect::<Vec<_>>());
    }
}
