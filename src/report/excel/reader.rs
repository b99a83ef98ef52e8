//! The first sheet: what the workbook is, how to read it, and what stands where.

use super::super::facts::Facts;
use super::super::text;
use super::sheet::Sheet;
use rust_xlsxwriter::{Format, Url, Worksheet, XlsxError};

pub(super) fn write(
    sheet: &mut Worksheet,
    facts: &Facts,
    sheets: &[Sheet],
) -> Result<(), XlsxError> {
    sheet.set_name("Leeswijzer")?.set_screen_gridlines(false);
    sheet.set_column_width(0, 24)?.set_column_width(1, 90)?;
    let bold = Format::new().set_bold();
    let title = Format::new().set_bold().set_font_size(16);
    let wrapped = Format::new().set_text_wrap().set_align(rust_xlsxwriter::FormatAlign::Top);
    sheet.write_string_with_format(
        0,
        0,
        format!("Prognose Wmo en Jeugd {}", facts.year()),
        &title,
    )?;
    let mut row = 1;
    for (term, said) in about(facts).into_iter().chain(rules(facts)) {
        sheet.write_string_with_format(row, 0, term, &bold)?;
        sheet.write_string_with_format(row, 1, said, &wrapped)?;
        row += 1;
    }
    row += 1;
    sheet.write_string_with_format(row, 0, "Bladen", &bold)?;
    let figures = ("Figuren", "De uitkomst per wet en het verloop, als grafieken.".to_owned());
    let count = |sheet: &Sheet| text::counted(sheet.records.len(), "rij", "rijen");
    let data = |sheet: &Sheet| {
        let said = format!("{} ({}, uit {}.csv)", sheet.about, count(sheet), sheet.layout.name);
        (sheet.name, said)
    };
    for (name, said) in std::iter::once(figures).chain(sheets.iter().map(data)) {
        row += 1;
        sheet.write_url(row, 0, Url::new(format!("internal:'{name}'!A1")).set_text(name))?;
        sheet.write_string_with_format(row, 1, said, &wrapped)?;
    }
    Ok(())
}

/// Whose figures these are, and what they know.
fn about(facts: &Facts) -> Vec<(&'static str, String)> {
    let mut said = vec![("Organisatie", facts.organisation.to_owned())];
    if facts.made_up {
        said.push(("Let op", "Verzonnen cijfers. Geen bedrag in dit bestand is echt.".to_owned()));
    }
    if !facts.model_owner.is_empty() {
        said.push(("Eigenaar van het model", facts.model_owner.to_owned()));
    }
    let known = text::month(facts.outlook.as_of);
    said.push(("Stand", format!("Wat tot en met {known} geboekt was, en niets van daarna.")));
    said
}

/// How to read the sheets.
fn rules(facts: &Facts) -> Vec<(&'static str, String)> {
    let year = if facts.has_service_months {
        "Het jaar van de zorg: een bedrag telt in de maand waarin de zorg is geleverd."
    } else {
        "Het jaar waarin is geboekt; het grootboek kent geen maand van de zorg."
    };
    let pairs = [
        (
            "Bedragen",
            "In euro's. Lasten en baten zijn allebei positief. Saldo is lasten min baten.",
        ),
        ("Het jaar", year),
        ("80%-band", "De uitkomst ligt in 8 van de 10 gevallen tussen p10 en p90."),
        ("Tel banden niet op", "De band van een totaal is uit de totalen zelf bepaald."),
        ("Niveaus", "Elke tabel heeft totalen en delen onder elkaar. Kies eerst één niveau."),
        ("Nadeel (N)", "Meer lasten of saldo, of minder baten dan begroot. Anders voordeel (V)."),
        ("Voorlopig", "Een maand waarover nog facturen kunnen komen."),
        (
            "Namen",
            "Vaste bedragen hebben een naam, zoals verwacht_totaal_lasten. Zie Namen beheren.",
        ),
        (
            "Gelijk aan",
            "Elk blad toont het CSV-bestand dat er hieronder achter staat, of een deel van de rijen.",
        ),
    ];
    pairs.map(|(term, said)| (term, said.to_owned())).into()
}
