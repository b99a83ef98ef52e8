//! One sheet: rows of a data set as an Excel table, each column by its kind.

use super::super::dictionary::Kind;
use super::super::table::{Layout, Table};
use super::first_day;
use csv::StringRecord;
use rust_xlsxwriter::{Format, Table as ExcelTable, TableColumn, TableStyle, Worksheet, XlsxError};

/// Excel holds no longer text in a cell.
const LONGEST: usize = 32_767;
/// A wider column hides the ones beside it.
const WIDEST: usize = 60;

pub(super) struct Sheet {
    pub(super) name: &'static str,
    /// What it tells, for the guide.
    pub(super) about: &'static str,
    pub(super) layout: Layout,
    pub(super) records: Vec<StringRecord>,
}

impl Sheet {
    pub(super) fn new(
        name: &'static str,
        about: &'static str,
        table: &Table,
        keep: impl Fn(&StringRecord) -> bool,
    ) -> Self {
        let records = table.records().into_iter().filter(keep).collect();
        Self { name, about, layout: table.layout, records }
    }

    /// Where a column stands.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.layout.columns().position(|column| column == name)
    }

    /// The field of a record; empty when there is no such column.
    pub(super) fn field<'a>(&self, record: &'a StringRecord, name: &str) -> &'a str {
        self.column(name).map_or("", |at| &record[at])
    }

    pub(super) fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(self.name)?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        let header = Format::new().set_bold().set_text_wrap();
        for (at, (column, kind)) in (0..).zip(self.layout.columns().zip(self.layout.kinds())) {
            sheet.write_string_with_format(0, at, column, &header)?;
            self.write_column(sheet, at, kind)?;
        }
        self.table(sheet)
    }

    fn write_column(&self, sheet: &mut Worksheet, at: u16, kind: Kind) -> Result<(), XlsxError> {
        let format = format(kind);
        let mut widest = self.layout.columns().nth(at.into()).map_or(0, str::len) + 3;
        for (row, record) in (1..).zip(&self.records) {
            let field = &record[at.into()];
            widest = widest.max(field.chars().count() + 2);
            write(sheet, row, at, field, kind, &format)?;
        }
        sheet.set_column_width(at, u16::try_from(widest.min(WIDEST)).unwrap_or(u16::MAX))?;
        Ok(())
    }

    /// The rows as a table with filters; Excel knows none without rows.
    fn table(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        if self.records.is_empty() {
            return Ok(());
        }
        let columns: Vec<_> =
            self.layout.columns().map(|name| TableColumn::new().set_header(name)).collect();
        let table = ExcelTable::new()
            .set_name(format!("t_{}", self.name.to_lowercase().replace(' ', "_")))
            .set_style(TableStyle::Light1)
            .set_columns(&columns)
            .set_alt_text(self.about);
        let last = u16::try_from(columns.len() - 1).unwrap_or(u16::MAX);
        sheet.add_table(0, 0, cell(self.records.len()), last, &table)?;
        Ok(())
    }
}

/// A row or column number.
pub(super) fn cell(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// How the values of a column are shown. A minus is seen without colour; Excel shows the marks between
/// digits as its language has them.
fn format(kind: Kind) -> Format {
    let format = Format::new();
    match kind {
        Kind::Text | Kind::YesNo | Kind::Number => format,
        Kind::Month => format.set_num_format("yyyy-mm"),
        Kind::Year | Kind::Count => format.set_num_format("0"),
        Kind::Euros => format.set_num_format("#,##0.00"),
        Kind::Share => format.set_num_format("0.0%"),
    }
}

/// One field. Text is written as text whatever it starts with, so that no cell becomes a formula.
fn write(
    sheet: &mut Worksheet,
    row: u32,
    at: u16,
    field: &str,
    kind: Kind,
    format: &Format,
) -> Result<(), XlsxError> {
    if field.is_empty() {
        return Ok(());
    }
    if kind == Kind::Month
        && let Ok(month) = field.parse()
    {
        sheet.write_datetime_with_format(row, at, first_day(month)?, format)?;
    } else if kind.is_number()
        && let Ok(number) = field.parse::<f64>()
    {
        sheet.write_number_with_format(row, at, number, format)?;
    } else {
        let text: String = field.chars().take(LONGEST).collect();
        sheet.write_string(row, at, text)?;
    }
    Ok(())
}
