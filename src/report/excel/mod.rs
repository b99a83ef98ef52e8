//! `report.xlsx`: the data sets for those who keep Excel, one tidy sheet each, with a guide to read them
//! and charts that point at their cells.

mod figures;
mod names;
mod reader;
mod sheet;

use super::facts::Facts;
use super::table::Table;
use crate::error::{Error, Result};
use crate::units::Month;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use sheet::Sheet;

/// Which rows of a data set a sheet holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rows {
    All,
    /// Those of the year of the as-of month.
    ThisYear,
    LaterYears,
}

/// The sheets in order: their name, their data set and its rows, and what they tell.
const SHEETS: [(&str, &str, Rows, &str); 24] = [
    ("Dit jaar", "outlook", Rows::ThisYear, "Waar het jaar eindigt, met begroting en banden."),
    ("Latere jaren", "outlook", Rows::LaterYears, "Hetzelfde voor de jaren hierna."),
    ("Van jaar op jaar", "meerjaren", Rows::All, "Hoe elk jaar volgt uit het jaar ervoor."),
    ("Maanden", "forecast", Rows::All, "Alle maanden, geboekt en verwacht."),
    ("Verloop", "verloop", Rows::All, "Dit jaar opgeteld vanaf januari, per wet."),
    ("Nog te ontvangen", "late", Rows::All, "Facturen die nog komen, naar ouderdom."),
    ("Sinds vorige maand", "verschil", Rows::All, "Waarom de prognose anders is dan toen."),
    ("Beleid", "beleid", Rows::All, "Wat nieuw beleid per jaar doet."),
    ("Behoedzaam", "voorzichtig", Rows::All, "De bedragen die de organisatie zelf een naam gaf."),
    ("Uitleg", "uitleg", Rows::All, "Hoe elk jaarbedrag is gemaakt, stap voor stap."),
    ("Duiding", "duiding", Rows::All, "Vragen, uitleg, besluiten en acties van de afdeling."),
    ("Signalen", "drift", Rows::All, "Elke toets op verandering, ook zonder signaal."),
    ("Bevindingen", "findings", Rows::All, "Wat opviel in de gegevens."),
    ("Terugblik", "hindsight", Rows::All, "Wat wij van elke maand dachten, en wat het werd."),
    ("Terugblik samen", "terugblik", Rows::All, "Hoe goed die schattingen waren."),
    ("Betrouwbaarheid", "betrouwbaarheid", Rows::All, "Nagespeelde prognoses van eerdere jaren."),
    ("Toets", "toets", Rows::All, "Hoe vaak de band klopte, en hoe ver wij ernaast zaten."),
    ("Regels", "regels", Rows::All, "Het model van elke regel."),
    ("Grondslag", "grondslag", Rows::All, "Waar de cijfers op rusten."),
    ("Aansluiting", "aansluiting", Rows::All, "De aansluiting met het grootboek."),
    ("Gemeenten", "peers", Rows::All, "Begroting en rekening van elke gemeente in één jaar."),
    ("Gemeenten samen", "peers_samen", Rows::All, "Hoe begrotingen van gemeenten uitkwamen."),
    ("Bestanden", "bestanden", Rows::All, "Welke bestanden zijn gelezen."),
    ("Kolommen", "kolommen", Rows::All, "Wat elke kolom betekent."),
];

/// `report.xlsx`. A data set that has no sheet in it is left out, and so is a sheet without its data set.
/// The same tables give the same bytes: it says of no clock when it was made.
///
/// # Errors
/// When the workbook can not be written.
pub fn workbook(facts: &Facts, tables: &[Table]) -> Result<Vec<u8>> {
    let as_of = facts.outlook.as_of;
    let of = |&(name, table, rows, about): &(&'static str, &str, Rows, &'static str)| {
        let table = tables.iter().find(|known| known.layout.name == table)?;
        Some(Sheet::new(name, about, table, |record| rows.hold(table, record, as_of)))
    };
    let sheets: Vec<Sheet> = SHEETS.iter().filter_map(of).collect();
    write(facts, &sheets)
        .map_err(|error| Error::input(format!("report.xlsx can not be written: {error}")))
}

impl Rows {
    fn hold(self, table: &Table, record: &csv::StringRecord, as_of: Month) -> bool {
        let year = || {
            let at = table.layout.columns().position(|column| column == "jaar");
            at.is_some_and(|at| record[at] == as_of.year().to_string())
        };
        match self {
            Self::All => true,
            Self::ThisYear => year(),
            Self::LaterYears => !year(),
        }
    }
}

fn write(facts: &Facts, sheets: &[Sheet]) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&properties(facts)?);
    reader::write(book.add_worksheet(), facts, sheets)?;
    figures::write(book.add_worksheet(), facts, sheets)?;
    for sheet in sheets {
        sheet.write(book.add_worksheet())?;
    }
    for (name, cell) in names::of(sheets) {
        book.define_name(name, &cell)?;
    }
    book.save_to_buffer()
}

/// The month of what is known stands in for the moment of making, which no result depends on.
fn properties(facts: &Facts) -> std::result::Result<DocProperties, XlsxError> {
    let made = first_day(facts.outlook.as_of)?;
    Ok(DocProperties::new()
        .set_title(format!("Prognose Wmo en Jeugd {}", facts.year()))
        .set_subject(format!("Bekend tot en met {}", facts.outlook.as_of))
        .set_author(facts.organisation)
        .set_manager(facts.model_owner)
        .set_creation_datetime(&made))
}

fn first_day(month: Month) -> std::result::Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(month.year()).unwrap_or(u16::MAX);
    let of_year = u8::try_from(month.of_year()).unwrap_or(u8::MAX);
    ExcelDateTime::from_ymd(year, of_year, 1)
}

#[cfg(test)]
mod tests;
