//! The values that a text may show, by the parts and months that it names.

use super::data::{DataSets, Row, YEAR};
use crate::dutch::{self, cents, percent, steps, whole};
use std::collections::BTreeSet;

/// The rows that a text can be about: the total and the parts that it names, of this year and the years
/// that it names, lasten unless it says otherwise, and of a course only where it stands and ends. A text that
/// starts with the code of a taakveld stands on its page: it is about that one and its products.
fn named<'a>(data: &'a DataSets, table: &str, text: &str) -> Vec<&'a Row> {
    let code = text.split(' ').next().filter(|code| !code.is_empty() && data.has_taakveld(code));
    let inside =
        |row: &Row| code.is_none_or(|code| row.get("taakveld").is_some_and(|own| own == code));
    let part = |row: &Row| match row["niveau"].as_str() {
        "totaal" => true,
        "wet" => text.contains(row["wet"].as_str()),
        "taakveld" => text.contains(&format!("{} ", row["taakveld"])),
        _ => text.contains(row["product"].as_str()),
    };
    let year = |row: &Row| row.get("jaar").is_none_or(|year| year == YEAR || text.contains(year));
    let measure = |row: &Row| match row["soort"].as_str() {
        "lasten" => true,
        "saldo" => text.contains("min baten"),
        measure => text.contains(measure),
    };
    let month = |row: &Row| {
        table != "verloop" || row["maand"] == row["as_of"] || row["maand"].ends_with("-12")
    };
    let about = |row: &&Row| inside(row) && part(row) && year(row) && measure(row) && month(row);
    data.table(table).iter().filter(about).collect()
}

/// The amounts that a text may speak of, in cents.
pub(super) fn amounts(data: &DataSets, text: &str) -> BTreeSet<i64> {
    let mut found = BTreeSet::new();
    let all = ["outlook", "verschil", "meerjaren", "late"];
    let others: [&[&str]; 4] = [
        &[
            "begroting",
            "geboekt",
            "verwacht",
            "p10",
            "p75",
            "p90",
            "afwijking",
            "beleid",
            "nog_te_ontvangen",
        ],
        &["vorige_maand", "indeling", "beleid", "prijs", "realisatie", "nakomend", "model", "nu"],
        &[
            "vorig_jaar",
            "eenmalig",
            "doorwerking",
            "volume",
            "prijs",
            "basislijn",
            "beleid",
            "verwacht",
        ],
        &["nog_te_ontvangen", "p10", "p90", "waarvan_eerdere_jaren"],
    ];
    for (table, columns) in all.iter().zip(others) {
        for row in named(data, table, text) {
            let known = columns.iter().filter(|column| !row[**column].is_empty());
            found.extend(known.map(|column| cents(&row[*column])));
        }
    }
    found.extend(derived(data, text));
    found.extend(signals(data, text));
    found.extend(months(data, text));
    found
}

/// Months of last year and this one that a text names, of a taakveld that it names.
fn months(data: &DataSets, text: &str) -> Vec<i64> {
    let year: i32 = YEAR.parse().unwrap();
    let all = (year - 1..=year).flat_map(|year| (1..=12).map(move |at| format!("{year}-{at:02}")));
    let asked: BTreeSet<String> = all.filter(|at| text.contains(&dutch::month(at))).collect();
    if asked.is_empty() {
        return Vec::new();
    }
    let about = |row: &&Row| {
        asked.contains(&row["maand"])
            && row["niveau"] == "taakveld"
            && row["soort"] == "lasten"
            && text.contains(&format!("{} ", row["taakveld"]))
    };
    data.table("forecast").iter().filter(about).map(|row| cents(&row["gemiddelde"])).collect()
}

/// The band of a month that a text lays beside what it became, to the cent.
fn looked_back(data: &DataSets, text: &str) -> Vec<String> {
    let amounts =
        |row: &Row| ["geworden", "p10", "p90"].map(|name| dutch::exact(cents(&row[name])));
    let known = data.table("hindsight").iter().filter(|row| row["status"] == "definitief");
    known.map(amounts).filter(|[became, ..]| text.contains(became)).flatten().collect()
}

/// Differences that a sentence makes of two values: with last month, this year, the budget until then,
/// policy, and what is booked ahead.
fn derived(data: &DataSets, text: &str) -> Vec<i64> {
    let mut found = Vec::new();
    for row in named(data, "verschil", text) {
        found.push(cents(&row["nu"]) - cents(&row["vorige_maand"]));
    }
    for row in named(data, "outlook", text) {
        let node = ["niveau", "wet", "taakveld", "product", "soort"].map(|n| (n, row[n].as_str()));
        let now = data.row("outlook", &[&node[..], &[("jaar", YEAR)]].concat());
        found.push(cents(&row["verwacht"]) - cents(&now["verwacht"]));
        found.push(cents(&row["verwacht"]) - cents(&row["beleid"]));
    }

    for row in named(data, "verloop", text) {
        let budget = |column: &str| Some(&row[column]).filter(|b| !b.is_empty()).map(|b| cents(b));
        for column in ["geboekt", "verwacht", "p10", "p90", "vorig_jaar"] {
            if row[column].is_empty() {
                continue;
            }
            let amount = cents(&row[column]);
            found.push(amount);
            let budgets = ["begroting", "begroting_tot_dan_toe"].map(budget);
            found.extend(budgets.into_iter().flatten().map(|budget| amount - budget));
        }
        let keys =
            [("niveau", row["niveau"].as_str()), ("wet", &row["wet"]), ("soort", &row["soort"])];
        if row["maand"] == row["as_of"] {
            let year = data.row("outlook", &[&keys[..], &[("jaar", YEAR)]].concat());
            found.push(cents(&year["geboekt"]) - cents(&row["geboekt"]));
        }
    }
    found
}

/// What the tests and findings that a text speaks of say.
fn signals(data: &DataSets, text: &str) -> Vec<i64> {
    let tests = data.table("drift").iter().filter(|test| {
        !test["product"].is_empty()
            && text.contains(&test["product"])
            && !test["per_jaar"].is_empty()
    });
    let yearly = tests.flat_map(|test| [cents(&test["per_maand"]), cents(&test["per_jaar"])]);
    let findings = data.table("findings").iter().flat_map(|row| {
        let parts =
            row["melding"].split("€\u{a0}").skip(1).map(|part| part.split([' ', ';']).next());
        let digits = |part: &str| {
            let kept: String = part.chars().filter(|c| c.is_ascii_digit() || *c == ',').collect();
            let (euros, cents) = kept.split_once(',')?;
            Some(euros.parse::<i64>().ok()? * 100 + cents.get(..2)?.parse::<i64>().ok()?)
        };
        parts.flatten().filter_map(digits).collect::<Vec<_>>()
    });
    yearly.chain(findings).collect()
}

/// Every way in which the report writes an amount outside a table, the sign beside it.
pub(super) fn forms(amount: i64) -> Vec<String> {
    let size = amount.abs();
    let million = dutch::decimals(dutch::hundredths(size) / 1e6, 1);
    let to = |step: i64| whole(steps(size, step) * (step / 100));
    let sentence = match size {
        size if size >= 99_500_000 => format!("{million} miljoen"),
        size if size >= 10_000_000 => to(1_000_000),
        size if size >= 100_000 => to(100_000),
        _ => to(100),
    };
    vec![
        format!("€ {sentence}"),
        format!("€ {}", to(100)),
        // A question cuts the cents off an amount of a finding.
        format!("€ {}", whole(size / 100)),
        format!("€ {}", dutch::exact(size)),
        format!("{million} miljoen"),
        million,
        dutch::thousands(size),
    ]
}

/// The shares of the acts that a text names, and chances in words.
pub(super) fn shares(data: &DataSets, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for row in data.table("terugblik").iter().filter(|row| text.contains(&row["wet"])) {
        let names = ["geboekt_toen", "geboekt_na_3_maanden", "misser"];
        found.extend(names.map(|name| percent(row[name].parse().unwrap())));
    }
    let messages = data.table("findings").iter().map(|row| row["melding"].as_str());
    let times = messages.filter_map(|said| said.split(" keer").next()?.rsplit(' ').next());
    found.extend(times.map(str::to_owned));
    let common = data.row("grondslag", &[("onderdeel", "gezamenlijke onzekerheid")]);
    found.push(percent(common["waarde"].parse().unwrap()));
    let product = |row: &&Row| row["stap"] == "binnen" && text.contains(row["product"].as_str());
    let first = |row: &&Row| row["onderdeel"].parse::<usize>().unwrap() < 4;
    if text.contains("van de 100 euro") {
        let usual = data.table("uitleg").iter().filter(product).filter(first);
        let hundred = |row: &Row| 100.0 * row["gewicht"].parse::<f64>().unwrap();
        found.extend(usual.map(|row| dutch::decimals(hundred(row), 0)));
    }
    found.extend(looked_back(data, text));
    if text.contains("kolom maand: ") {
        found.extend(data.table("hindsight").iter().map(|row| row["maand"].clone()));
    }
    for row in named(data, "outlook", text).into_iter().filter(|row| row["jaar"] == YEAR) {
        if let Ok(share) = row["kans_nadeel"].parse::<f64>() {
            let tenths = (share * 10.0).round();
            // Nought and ten are dots of a chance below 1 or above 19 in 20.
            found.push(
                if share < 0.05 {
                    0.0
                } else if share >= 0.95 {
                    10.0
                } else {
                    tenths.clamp(1.0, 9.0)
                }
                .to_string(),
            );
        }
    }
    found
}
