//! Iv3 in JSON, as municipalities deliver it to CBS: one row per amount of lasten and baten.
//!
//! Shape: `iv3_data_schema_v2_1_1.json` of CBS (`statistiekcbs/iv3_definities`). The balance and the
//! indicators are no lasten or baten of a year and are left aside; so is the contact, who is a person.

use super::{Builder, Table};
use crate::error::{Error, Place, Result};
use serde::Deserialize;
use serde_json::{Number, Value};

/// The columns of the table, in order.
const HEADERS: [&str; 10] = [
    "overheidslaag",
    "overheidsnummer",
    "overheidsnaam",
    "boekjaar",
    "periode",
    "status",
    "kant",
    "taakveld",
    "categorie",
    "bedrag",
];

#[derive(Deserialize)]
struct Delivery {
    metadata: Metadata,
    data: Data,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    overheidslaag: String,
    overheidsnummer: Value,
    #[serde(default)]
    overheidsnaam: String,
    boekjaar: Value,
    periode: Value,
    #[serde(default)]
    status: String,
}

#[derive(Deserialize)]
struct Data {
    lasten: Vec<Amount>,
    baten: Vec<Amount>,
}

#[derive(Deserialize)]
struct Amount {
    taakveld: String,
    categorie: String,
    bedrag: Number,
}

/// Reads a delivery. Its amounts are numbered as rows below a header: lasten first, from row 2 on.
pub(super) fn read(bytes: &[u8], at: &Place) -> Result<Table> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Delivery { metadata, data } = serde_json::from_slice(bytes).map_err(|error| {
        Error::input(format!("is not Iv3 in JSON ({error})")).at(at.clone()).advice(
            "it needs metadata (overheidsnummer, boekjaar, periode) and data with lasten and baten, each a list \
             of taakveld, categorie and bedrag; save other files as .csv",
        )
    })?;
    let said = [
        metadata.overheidslaag,
        word(&metadata.overheidsnummer),
        metadata.overheidsnaam,
        word(&metadata.boekjaar),
        word(&metadata.periode),
        metadata.status,
    ];
    let mut builder = Builder::new(HEADERS);
    let lasten = data.lasten.iter().map(|amount| ("lasten", amount));
    let sides = lasten.chain(data.baten.iter().map(|amount| ("baten", amount)));
    for (row, (side, amount)) in (2..).zip(sides) {
        builder.row(row);
        let euros = amount.bedrag.to_string();
        let texts = said.iter().map(String::as_str);
        let texts = texts.chain([side, &amount.taakveld, &amount.categorie]);
        let cells = texts.map(|text| (text, false)).chain([(euros.as_str(), true)]);
        cells
            .zip(&mut builder.columns)
            .for_each(|((text, number), column)| column.push(text, number));
    }
    Ok(builder.finish(""))
}

/// A year or a number, which some programs write as a text.
fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(lasten: &str) -> String {
        format!(
            r#"{{"metadata": {{"overheidsnummer": "0164", "boekjaar": 2025, "periode": 4}}, "contact": {{}},
            "data": {{"lasten": [{lasten}], "baten": [{{"taakveld": "6.711", "categorie": "3.7", "bedrag": 12.5,
            "details": {{}}}}], "balans_lasten": [], "balans_standen": [{{"bedrag": 1}}]}}}}"#
        )
    }

    fn try_read(text: &str) -> Result<Table, String> {
        let at = Place { file: "iv3.json".into(), ..Place::default() };
        read(text.as_bytes(), &at).map_err(|error| error.to_string())
    }

    #[test]
    fn every_amount_is_a_row_with_what_the_delivery_says() {
        let table =
            try_read(&delivery(r#"{"taakveld": "6.60", "categorie": "4.3.1", "bedrag": -7}"#))
                .unwrap();
        let row = |row| table.columns.iter().map(|column| column.text(row)).collect::<Vec<_>>();
        assert_eq!(table.rows, [2, 3]);
        assert_eq!(row(0), ["", "0164", "", "2025", "4", "", "lasten", "6.60", "4.3.1", "-7"]);
        assert_eq!(row(1)[6..], ["baten", "6.711", "3.7", "12.5"]);
        assert!(table.columns[9].values.iter().all(|value| value.number));
    }

    #[test]
    fn another_shape_is_told() {
        for (text, told) in [
            ("[]", "is not Iv3 in JSON"),
            ("{\"metadata\": {}}", "missing field `overheidsnummer`"),
            (
                &delivery(r#"{"taakveld": "6.60", "categorie": "1.1", "bedrag": "7"}"#),
                "invalid type: string",
            ),
            (&delivery(r#"{"categorie": "1.1", "bedrag": 7}"#), "missing field `taakveld`"),
            ("{", "EOF"),
        ] {
            let message = try_read(text).unwrap_err();
            assert!(
                message.starts_with("iv3.json: is not Iv3 in JSON") && message.contains(told),
                "{message}"
            );
        }
    }
}
