//! The tables with a row per month, act, cause, signal, measure, line or file.

use super::data::{Cell, DataSets, Row, YEAR, cases, has, same};
use super::nodes::cells;
use crate::dutch::{self, band, cents, change, exact, thousands, whole};
use crate::html::Shown;

const COURSE: [(&str, Cell); 5] = [
    ("Geboekt", Cell::Thousands("geboekt")),
    ("Verwacht", Cell::Thousands("verwacht")),
    ("80%-band", Cell::Band("p10", "p90")),
    ("50%-band", Cell::Band("p25", "p75")),
    ("Vorig jaar", Cell::Thousands("vorig_jaar")),
];
const HINDSIGHT: [(&str, Cell); 7] = [
    ("Toen geboekt", Cell::Thousands("geboekt_toen")),
    ("Drie maanden later", Cell::Thousands("geboekt_na_3_maanden")),
    ("Toen verwacht", Cell::Thousands("verwacht_toen")),
    ("80%-band", Cell::Band("p10", "p90")),
    ("Nu geboekt", Cell::Thousands("geboekt_nu")),
    ("Geworden", Cell::Thousands("geworden")),
    ("Stand", Cell::Text("status")),
];
const TALLIES: [(&str, Cell); 5] = [
    ("Definitieve maanden", Cell::Count("maanden")),
    ("Binnen de band", Cell::Count("binnen_band")),
    ("Toen geboekt", Cell::Percent("geboekt_toen")),
    ("Drie maanden later", Cell::Percent("geboekt_na_3_maanden")),
    ("Zoveel zaten wij ernaast", Cell::Percent("misser")),
];

/// The column `wet` of what a word of a table calls an act; nothing for all together.
pub(super) fn act(word: &str) -> &'static str {
    match word.to_lowercase().as_str() {
        "wmo" => "Wmo",
        "jeugd" => "Jeugd",
        "gezamenlijk" => "Gezamenlijk",
        "samen" => "",
        _ => panic!("{word} is no act"),
    }
}

/// The rows of an act, in the order of the data set, beside those of the table.
fn months<'a>(shown: &Shown, data: &'a DataSets, table: &str) -> Vec<&'a Row> {
    let wet = act(shown.id.split('-').nth(1).unwrap());
    let rows: Vec<&Row> = data.table(table).iter().filter(|row| row["wet"] == wet).collect();
    assert_eq!(rows.len(), shown.rows.len(), "{}", shown.id);
    rows
}

pub(super) fn course(shown: &Shown, data: &DataSets) {
    let cells = cells(shown, &COURSE);
    for (row, found) in shown.rows.iter().zip(months(shown, data, "verloop")) {
        let provisional = found["voorlopig"] == "ja" && !found["geboekt"].is_empty();
        let name = dutch::month_name(&found["maand"]);
        let name = if provisional { format!("{name} (voorlopig)") } else { name.to_owned() };
        assert_eq!(row[0], name, "{}", shown.id);
        let said = |cell: &Cell| match cell {
            Cell::Band(..) if found["voorlopig"] == "nee" => "–".to_owned(),
            _ => cell.says(found),
        };
        same(&shown.id, row, &cells.iter().map(said).collect::<Vec<_>>());
    }
}

pub(super) fn hindsight(shown: &Shown, data: &DataSets) {
    let cells = cells(shown, &HINDSIGHT);
    for (row, found) in shown.rows.iter().zip(months(shown, data, "hindsight")) {
        assert_eq!(row[0], dutch::month(&found["maand"]), "{}", shown.id);
        same(&shown.id, row, &cells.iter().map(|cell| cell.says(found)).collect::<Vec<_>>());
    }
}

pub(super) fn tallies(shown: &Shown, data: &DataSets) {
    let cells = cells(shown, &TALLIES);
    for row in &shown.rows {
        let found = data.row("terugblik", &[("wet", act(&row[0]))]);
        same(&shown.id, row, &cells.iter().map(|cell| cell.says(found)).collect::<Vec<_>>());
    }
}

/// A row per cause, a column per measure.
pub(super) fn changes(shown: &Shown, data: &DataSets) {
    for row in &shown.rows {
        let of = |measure: &String| {
            let measure = measure.to_lowercase();
            let keys = [("niveau", "totaal"), ("soort", &measure), ("jaar", YEAR)];
            let found = data.row("verschil", &keys);
            match row[0].as_str() {
                "Vorige maand" => thousands(cents(&found["vorige_maand"])),
                "Nu" => thousands(cents(&found["nu"])),
                "Tarieven" => change(cents(&found["prijs"])),
                "Nieuwe maand" => change(cents(&found["realisatie"])),
                "Late facturen" => change(cents(&found["nakomend"])),
                "Modellen" => change(cents(&found["model"])),
                other => change(cents(&found[&other.to_lowercase()])),
            }
        };
        same(&shown.id, row, &shown.heads[1..].iter().map(of).collect::<Vec<_>>());
    }
}

/// The product, taakveld and measure in `Product (6.71, baten)`.
fn line(name: &str) -> (String, String, &'static str) {
    let (product, rest) = name.rsplit_once(" (").unwrap();
    let rest = rest.trim_end_matches(')');
    let (taakveld, measure) = match rest.split_once(", baten") {
        Some((taakveld, _)) => (taakveld, "baten"),
        None => (rest, "lasten"),
    };
    (product.to_owned(), taakveld.to_owned(), measure)
}

/// No more precise than the estimate is.
fn estimate(field: &str) -> String {
    if field.is_empty() {
        return "–".to_owned();
    }
    let amount = cents(field);
    let step = if amount.abs() < 1_000_000 { 10_000 } else { 100_000 };
    match dutch::steps(amount, step) * (step / 100) {
        up if up > 0 => format!("+{}", whole(up)),
        down => whole(down),
    }
}

/// Each signal is a test that was made; a line may have more than one.
pub(super) fn signals(shown: &Shown, data: &DataSets) {
    let titles = |id: &str| {
        let known = data.table("beleid").iter().find(|row| row["gebeurtenis"] == id);
        known.map(|row| row["titel"].clone())
    };
    for row in &shown.rows {
        let (product, taakveld, measure) = line(&row[0]);
        let keys = [("product", product.as_str()), ("taakveld", &taakveld), ("soort", measure)];
        let tests = data.table("drift").iter().filter(|test| has(test, &keys));
        let since = |test: &Row| Cell::Month("sinds").says(test);
        let found = tests.into_iter().any(|test| {
            let numbers = [since(test), estimate(&test["per_maand"]), estimate(&test["per_jaar"])];
            let event = &test["gebeurtenis"];
            // Of an event that brings nothing new the data sets hold the name, not the title.
            let named = if event.is_empty() {
                row[5] == "–"
            } else {
                titles(event).is_none_or(|t| t == row[5])
            };
            let done = row[6] == test["wat_te_doen"] && is_answer(data, test, &row[7]);
            row[2..5] == numbers && named && done
        });
        assert!(found, "table {}: drift.csv has no {row:?}", shown.id);
    }
}

/// Since when a signal is open, or by whom it was answered and when.
fn is_answer(data: &DataSets, test: &Row, said: &str) -> bool {
    let seen = if test["gezien"].is_empty() { "sinds" } else { "gezien" };
    let open = format!("Nog niet beantwoord, open sinds {}.", Cell::Month(seen).says(test));
    let answered = |note: &Row| {
        let question = note["soort"] == "vraag" && !note["antwoord"].is_empty();
        let columns =
            if question { ["antwoord_van", "antwoord_maand"] } else { ["rol", "gemaakt"] };
        let [role, month] = columns.map(|name| &note[name]);
        said.starts_with(&format!("Beantwoord door {role} in {}", dutch::month_short(month)))
    };
    said.starts_with(&open) || data.table("duiding").iter().any(answered)
}

pub(super) fn regimes(shown: &Shown, data: &DataSets) {
    for row in &shown.rows {
        let (product, taakveld, measure) = line(&row[0]);
        let found = data
            .row("regels", &[("product", &product), ("taakveld", &taakveld), ("soort", measure)]);
        let wider = &found["band_breder"];
        let wider = if wider.is_empty() {
            "–".to_owned()
        } else {
            format!("× {}", dutch::decimals(wider.parse().unwrap(), 2))
        };
        let said =
            [Cell::Month("regime_sinds"), Cell::Count("regime_maanden")].map(|c| c.says(found));
        assert_eq!((&row[1..3], &row[4]), (&said[..], &wider), "table {}, {}", shown.id, row[0]);
    }
}

/// A measure is known by its title and whether it is about lasten or baten.
pub(super) fn policy(shown: &Shown, data: &DataSets) {
    for row in &shown.rows {
        let of_row =
            |found: &&Row| row[0].starts_with(&format!("{} {} ·", found["titel"], found["soort"]));
        let rows: Vec<&Row> = data.table("beleid").iter().filter(of_row).collect();
        let first = rows.first().unwrap_or_else(|| panic!("beleid.csv has no {}", row[0]));
        for (head, cell) in shown.heads.iter().zip(row).skip(1) {
            let said = match head.as_str() {
                "Vanaf" => dutch::month_short(&first["vanaf"]),
                "Status" => first["status"].clone(),
                "Kans dat het doorgaat" => match first["kans"].parse().unwrap() {
                    share if share >= 1.0 => "zeker".to_owned(),
                    share => cases(share),
                },
                "In de verwachting" => first["in_verwacht"].clone(),
                year => rows.iter().find(|found| found["jaar"] == year).map_or(
                    "–".to_owned(),
                    |found| {
                        let [mid, low, high] =
                            ["als_het_doorgaat", "p10", "p90"].map(|n| cents(&found[n]));
                        format!("{} {}", change(mid), band(low, high))
                    },
                ),
            };
            assert_eq!(*cell, said, "{}, {head}", row[0]);
        }
    }
}

const ACCOUNT: [&str; 7] = [
    "gelezen",
    "ingedeeld",
    "niet_ingedeeld",
    "transitorisch",
    "weggelaten",
    "vervangen",
    "geweigerd",
];

/// To the cent, and the sum of all files below them.
pub(super) fn reconciliation(shown: &Shown, data: &DataSets) {
    let rows = data.table("aansluiting");
    let mut sums = vec![rows.iter().map(|row| row["regels"].parse::<i64>().unwrap()).sum::<i64>()];
    sums.extend(ACCOUNT.map(|name| rows.iter().map(|row| cents(&row[name])).sum::<i64>()));
    let said = |numbers: &[i64]| {
        let amounts = numbers[1..].iter().map(|&amount| exact(amount));
        std::iter::once(whole(numbers[0])).chain(amounts).collect::<Vec<_>>()
    };
    assert_eq!(shown.rows.len(), rows.len() + 1);
    for (row, found) in shown.rows.iter().zip(rows) {
        let name = format!("{} ({})", found["bestand"], found["soort"]);
        assert_eq!(row[0], name);
        let mut numbers = vec![found["regels"].parse().unwrap()];
        numbers.extend(ACCOUNT.map(|name| cents(&found[name])));
        same(&shown.id, row, &said(&numbers));
    }
    same(&shown.id, shown.rows.last().unwrap(), &said(&sums));
}

pub(super) fn findings(shown: &Shown, data: &DataSets) {
    let severity = match shown.id.as_str() {
        "bevindingen-afgekeurd" => "denied",
        "bevindingen-nakijken" => "warning",
        _ => "info",
    };
    let found = data.table("findings").iter().filter(|row| row["ernst"] == severity);
    let of = |row: &Row| (row["melding"].replace('\u{a0}', " "), row["code"].clone());
    let found: Vec<_> = found.map(of).collect();
    let here: Vec<_> = shown.rows.iter().map(|row| (row[0].clone(), row[3].clone())).collect();
    assert_eq!(here, found, "table {}", shown.id);
}

pub(super) fn models(shown: &Shown, data: &DataSets) {
    let said = |row: &Row| {
        let line = [&row["wet"], &row["taakveld"], &row["product"], &row["soort"]];
        let line = line.map(String::as_str).join(" / ");
        let from = &row["voorlopig_vanaf"];
        let from = if from.is_empty() { "–".to_owned() } else { dutch::month(from) };
        vec![line, row["model"].clone(), Cell::Text("reden").says(row), from]
    };
    assert_eq!(shown.rows, data.table("regels").iter().map(said).collect::<Vec<_>>());
}

/// The files that were read with their number of rows and fingerprint.
pub(super) fn inputs(shown: &Shown, data: &DataSets) {
    for row in &shown.rows {
        let found = data.row("bestanden", &[("bestand", &row[0])]);
        assert_eq!(row[1..3], [Cell::Count("rijen").says(found), found["sha256"].clone()]);
    }
}
