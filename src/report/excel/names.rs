//! Names for the amounts that other workbooks refer to, such as `verwacht_totaal_lasten`.

use super::sheet::Sheet;
use rust_xlsxwriter::utility::row_col_to_cell_absolute;

/// The columns whose cells get a name.
const NAMED: [&str; 8] = [
    "begroting",
    "geboekt",
    "nog_te_ontvangen",
    "nog_te_komen",
    "verwacht",
    "p10",
    "p90",
    "afwijking",
];

/// Names and the cells they stand for: this year, of all together and of each act.
pub(super) fn of(sheets: &[Sheet]) -> Vec<(String, String)> {
    let Some(sheet) = sheets.iter().find(|sheet| sheet.name == "Dit jaar") else {
        return Vec::new();
    };
    let rows = (1..).zip(&sheet.records);
    rows.flat_map(|(row, record)| {
        let node = match sheet.field(record, "niveau") {
            "totaal" => Some("totaal".to_owned()),
            "wet" => Some(sheet.field(record, "wet").to_lowercase()),
            _ => None,
        };
        let known = NAMED.iter().filter(|name| !sheet.field(record, name).is_empty());
        let measure = sheet.field(record, "soort");
        let named = |node: String| {
            known
                .filter_map(move |name| {
                    let at = u16::try_from(sheet.column(name)?).ok()?;
                    let place = row_col_to_cell_absolute(row, at);
                    Some((format!("{name}_{node}_{measure}"), format!("='{}'!{place}", sheet.name)))
                })
                .collect::<Vec<_>>()
        };
        node.map(named).unwrap_or_default()
    })
    .collect()
}
