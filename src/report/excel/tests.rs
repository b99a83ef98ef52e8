use super::*;
use crate::report::{basis_tables, columns_table, example, forecast_table, outlook_table};
use std::collections::BTreeSet;

fn tables(facts: &Facts) -> Vec<Table> {
    let outlook = facts.outlook;
    let mut tables = vec![
        outlook_table(&outlook.years, outlook.as_of),
        forecast_table(&outlook.months, outlook.as_of),
        columns_table(),
    ];
    tables.extend(basis_tables(facts));
    tables
}

#[test]
fn the_same_tables_give_the_same_bytes() {
    let example = example::example();
    let facts = example.facts();
    let bytes = workbook(&facts, &tables(&facts)).unwrap();
    assert_eq!(bytes, workbook(&facts, &tables(&facts)).unwrap());
    assert!(bytes.starts_with(b"PK"));
    assert!(workbook(&facts, &[]).is_ok());
}

#[test]
fn this_year_and_later_years_are_all_years() {
    let example = example::example();
    let facts = example.facts();
    let table = outlook_table(&facts.outlook.years, facts.outlook.as_of);
    let count = |rows: Rows| {
        let as_of = facts.outlook.as_of;
        table.records().iter().filter(|record| rows.hold(&table, record, as_of)).count()
    };
    let this_year = facts.outlook.years.iter().filter(|row| row.year == 2026).count();
    assert_eq!((count(Rows::ThisYear), count(Rows::All)), (this_year, facts.outlook.years.len()));
    assert_eq!(count(Rows::ThisYear) + count(Rows::LaterYears), count(Rows::All));
}

#[test]
fn names_of_sheets_and_cells_are_what_excel_takes() {
    let sheets: BTreeSet<&str> = SHEETS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(sheets.len(), SHEETS.len());
    assert!(
        sheets.iter().all(|name| name.len() < 32 && !name.contains(['/', '\'', ':', '[', '*']))
    );

    let example = example::example();
    let facts = example.facts();
    let table = outlook_table(&facts.outlook.years, facts.outlook.as_of);
    let sheet = Sheet::new("Dit jaar", "", &table, |record| {
        Rows::ThisYear.hold(&table, record, facts.outlook.as_of)
    });
    let named = names::of(&[sheet]);
    // The first row is the total of lasten; `begroting` is the eighth column, `verwacht` the thirteenth.
    let cell = |name: &str| named.iter().find(|(known, _)| known == name).unwrap().1.clone();
    assert_eq!(cell("begroting_totaal_lasten"), "='Dit jaar'!$H$2");
    assert_eq!(cell("verwacht_totaal_lasten"), "='Dit jaar'!$M$2");
    assert!(named.iter().any(|(name, _)| name == "verwacht_wmo_lasten"));
    let unique: BTreeSet<&String> = named.iter().map(|(name, _)| name).collect();
    assert_eq!(unique.len(), named.len());
}
