//! Charts that point at cells: the year outcome beside the budget, and the course of the year with its
//! band.

use super::super::facts::{Facts, act_name};
use super::sheet::{Sheet, cell};
use crate::outlook::YearRow;
use crate::units::{Cents, Level, Measure};
use rust_xlsxwriter::{
    Chart, ChartErrorBars, ChartErrorBarsType, ChartFormat, ChartLegendPosition, ChartLine,
    ChartLineDashType, ChartRange, ChartSolidFill, ChartType, Color, Format, Worksheet, XlsxError,
};

const NAME: &str = "Figuren";
const HEADS: [&str; 7] =
    ["Wet (lasten)", "Begroting", "Verwacht", "p10", "p90", "Tot p10", "Tot p90"];
const DARK: Color = Color::RGB(0x0B_4F7A);
const INK: Color = Color::RGB(0x16_242E);
const GREY: Color = Color::RGB(0x6A_757E);
/// Rows that a chart takes on the sheet.
const TALL: u32 = 22;

pub(super) fn write(
    sheet: &mut Worksheet,
    facts: &Facts,
    sheets: &[Sheet],
) -> Result<(), XlsxError> {
    sheet.set_name(NAME)?;
    sheet.set_column_width(0, 24)?.set_column_range_width(1, 6, 17)?;
    let acts = acts(facts);
    table(sheet, &acts)?;
    let mut row = cell(acts.len()) + 3;
    if !acts.is_empty() {
        sheet.insert_chart(row, 0, &outcome(facts.year(), cell(acts.len())))?;
        row += TALL;
    }
    if let Some(course) = sheets.iter().find(|sheet| sheet.name == "Verloop") {
        for (at, (name, first)) in courses(course).into_iter().enumerate() {
            let column = if at % 2 == 0 { 0 } else { 7 };
            sheet.insert_chart(
                row + cell(at / 2) * TALL,
                column,
                &line_chart(course, &name, first),
            )?;
        }
    }
    Ok(())
}

/// The acts and all together, of which the year is expected to come to something.
fn acts<'a>(facts: &Facts<'a>) -> Vec<&'a YearRow> {
    let of = |level| facts.rows(facts.year(), level, Measure::Lasten);
    of(Level::Wet).into_iter().chain(of(Level::Totaal)).collect()
}

fn table(sheet: &mut Worksheet, acts: &[&YearRow]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let euros = Format::new().set_num_format("#,##0.00");
    for (at, head) in (0..).zip(HEADS) {
        sheet.write_string_with_format(0, at, head, &bold)?;
    }
    for (at, act) in (1..).zip(acts) {
        let (expected, p10, p90) = (act.expected, act.quantiles.p10(), act.quantiles.p90());
        sheet.write_string(at, 0, act_name(act.node.wet))?;
        let amounts = [act.budget, Some(expected), Some(p10), Some(p90)];
        let arms =
            [Some((expected - p10).max(Cents::ZERO)), Some((p90 - expected).max(Cents::ZERO))];
        for (column, amount) in (1..).zip(amounts.into_iter().chain(arms)) {
            if let Some(amount) = amount {
                sheet.write_number_with_format(at, column, amount.euros(), &euros)?;
            }
        }
    }
    Ok(())
}

/// Bars of the budget, hollow, and of the outcome, filled, with its 80 % band.
fn outcome(year: i32, last: u32) -> Chart {
    let range = |column: u16| (NAME, 1, column, last, column);
    let mut chart = Chart::new(ChartType::Column);
    chart.title().set_name(&format!("Lasten {year}: begroting en verwachting met 80%-band"));
    let hollow = ChartFormat::new()
        .set_solid_fill(ChartSolidFill::new().set_color(Color::White))
        .set_border(ChartLine::new().set_color(INK).set_width(1.5))
        .clone();
    let filled = ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(DARK)).clone();
    let arms = ChartErrorBars::new()
        .set_type(ChartErrorBarsType::Custom(
            ChartRange::new_from_range(NAME, 1, 6, last, 6),
            ChartRange::new_from_range(NAME, 1, 5, last, 5),
        ))
        .clone();
    for (column, mut look) in [(1, hollow), (2, filled)] {
        let series = chart.add_series();
        series
            .set_name((NAME, 0, column))
            .set_categories(range(0))
            .set_values(range(column))
            .set_format(&mut look);
        if column == 2 {
            series.set_y_error_bars(&arms);
        }
    }
    finished(chart, "Staven per wet: de begroting open, de verwachting gevuld met haar 80%-band.")
}

/// The acts of the sheet of the course, each with the row on which its twelve months begin.
fn courses(sheet: &Sheet) -> Vec<(String, u32)> {
    let starts = (1..)
        .zip(&sheet.records)
        .filter(|(_, record)| sheet.field(record, "maand").ends_with("-01"));
    let named = |record| match sheet.field(record, "wet") {
        "" => "Samen".to_owned(),
        wet => wet.to_owned(),
    };
    starts.map(|(row, record)| (named(record), row)).collect()
}

/// Running totals: each line has a dash of its own, so that colour is not needed.
fn line_chart(sheet: &Sheet, name: &str, first: u32) -> Chart {
    use ChartLineDashType::{Dash, DashDot, LongDash, RoundDot, Solid};
    let lines = [
        ("geboekt", Solid, DARK, 3.0),
        ("verwacht", Dash, DARK, 2.0),
        ("p10", RoundDot, DARK, 1.25),
        ("p90", RoundDot, DARK, 1.25),
        ("begroting_tot_dan_toe", LongDash, INK, 1.5),
        ("vorig_jaar", DashDot, GREY, 1.5),
    ];
    let at = |name: &str| sheet.column(name).and_then(|at| u16::try_from(at).ok());
    let range = |column: u16| (sheet.name, first, column, first + 11, column);
    let mut chart = Chart::new(ChartType::Line);
    chart
        .title()
        .set_name(&format!("{name}: lasten opgeteld vanaf januari, 80%-band van p10 tot p90"));
    for (column, dash, color, width) in lines {
        let (Some(months), Some(column)) = (at("maand"), at(column)) else { continue };
        let mut line = ChartLine::new();
        line.set_color(color).set_width(width).set_dash_type(dash);
        let series = chart.add_series();
        series.set_name((sheet.name, 0, column)).set_categories(range(months));
        series.set_values(range(column)).set_format(ChartFormat::new().set_line(&line));
    }
    chart.x_axis().set_num_format("mmm");
    finished(
        chart,
        &format!("Lijnen: de lasten van {name} per maand opgeteld, geboekt en verwacht."),
    )
}

fn finished(mut chart: Chart, about: &str) -> Chart {
    chart.set_alt_text(about).set_width(760).set_height(420);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.y_axis().set_num_format("#,##0");
    chart
}
