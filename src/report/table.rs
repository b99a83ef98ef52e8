//! A data set that other programs read: as CSV, and as Parquet with types.

use super::dictionary::{Kind, kind};
use crate::error::{Error, Result};
use crate::units::{Month, Months, harmless};
use csv::StringRecord;
use polars::prelude::{Column, DataFrame, DataType, ParquetWriter, PolarsError, PolarsResult};
use std::borrow::Cow;

/// The name of a data set and its columns, joined by commas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The path of its files in the output folder, without the ending.
    pub name: &'static str,
    /// The first line of its CSV file.
    pub header: &'static str,
}

/// A data set. Its CSV file is what it is; every other form is read from that, so no two can differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it is called and which columns it has.
    pub layout: Layout,
    /// The CSV file: UTF-8, comma, decimal point, months as `2026-10`, euros with two decimals.
    pub csv: Vec<u8>,
}

impl Layout {
    /// The columns in order.
    pub fn columns(self) -> impl Iterator<Item = &'static str> {
        self.header.split(',')
    }

    /// What each column holds.
    pub(super) fn kinds(self) -> Vec<Kind> {
        self.columns().map(|column| kind(self.name, column)).collect()
    }
}

impl Table {
    /// A data set of records that are as long as the header.
    pub(super) fn new(layout: Layout, records: impl Iterator<Item = Vec<String>>) -> Self {
        const IN_MEMORY: &str = "memory takes every record, and each is as long as the header";
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(layout.columns()).expect(IN_MEMORY);
        let kinds = layout.kinds();
        for record in records {
            let fields = record.iter().zip(&kinds).map(|(field, kind)| match kind {
                // Names are refused where they are read, so only free text is ever changed.
                Kind::Text => harmless(field),
                _ => field.as_str().into(),
            });
            writer.write_record(fields.map(Cow::into_owned)).expect(IN_MEMORY);
        }
        Self { layout, csv: writer.into_inner().expect(IN_MEMORY) }
    }

    /// The records, without the header.
    ///
    /// # Panics
    /// Never: what was written can be read.
    #[must_use]
    pub fn records(&self) -> Vec<StringRecord> {
        let mut reader = csv::Reader::from_reader(self.csv.as_slice());
        reader.records().map(|record| record.expect("what was written can be read")).collect()
    }

    /// The Parquet file: the same columns in the same order, and nothing where the CSV file leaves a
    /// field empty. Euros, shares and other numbers are doubles, which hold every cent exactly;
    /// years and counts are integers; a month is the date of its first day, since tools for reports
    /// know how to group dates and not how to group `2026-10`. The same table gives the same bytes.
    ///
    /// # Errors
    /// When polars can not write the columns.
    pub fn parquet(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.frame()
            .and_then(|mut frame| {
                ParquetWriter::new(&mut bytes).set_parallel(false).finish(&mut frame)
            })
            .map_err(|error| {
                Error::input(format!("{}.parquet can not be written: {error}", self.layout.name))
            })?;
        Ok(bytes)
    }

    /// Both files: their names in the output folder and their bytes.
    ///
    /// # Errors
    /// When polars can not write the columns.
    pub fn files(self) -> Result<[(String, Vec<u8>); 2]> {
        let parquet = self.parquet()?;
        let named = |end: &str| format!("{}.{end}", self.layout.name);
        Ok([(named("csv"), self.csv), (named("parquet"), parquet)])
    }

    fn frame(&self) -> PolarsResult<DataFrame> {
        let records = self.records();
        let named = self.layout.columns().zip(self.layout.kinds());
        let columns = named.enumerate().map(|(at, (name, kind))| {
            let fields = records.iter().map(|record| Some(&record[at]).filter(|f| !f.is_empty()));
            column(name, kind, fields.collect())
        });
        DataFrame::new(records.len(), columns.collect::<PolarsResult<_>>()?)
    }
}

fn column(name: &str, kind: Kind, fields: Vec<Option<&str>>) -> PolarsResult<Column> {
    let name = name.into();
    match kind {
        Kind::Text | Kind::YesNo => Ok(Column::new(name, fields)),
        Kind::Month => {
            let months = fields.into_iter().map(|field| field.map(str::parse::<Month>).transpose());
            let days = months.map(|month| month.map(|month| month.map(first_day)));
            let days: Vec<Option<i32>> = days
                .collect::<std::result::Result<_, _>>()
                .map_err(|error| PolarsError::ComputeError(error.into()))?;
            Column::new(name, days).strict_cast(&DataType::Date)
        }
        Kind::Year | Kind::Count => Column::new(name, fields).strict_cast(&DataType::Int64),
        Kind::Euros | Kind::Share | Kind::Number => {
            Column::new(name, fields).strict_cast(&DataType::Float64)
        }
    }
}

/// The first day of a month, in days since 1970-01-01. From March on the months of a year have lengths that
/// repeat, with the leap day at the very end.
fn first_day(month: Month) -> i32 {
    let from_march = month - Months(2);
    let (year, month) = (from_march.year(), from_march.of_year().cast_signed() - 1);
    let days_before = (153 * month + 2) / 5;
    // 1 March of the year 0 lies 719,468 days before 1970-01-01.
    365 * year + year / 4 - year / 100 + year / 400 + days_before - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{columns_table, example, forecast_table, outlook_table, steps_table};
    use polars::prelude::{AnyValue, ParquetReader, PlSmallStr, SerReader};

    fn read(table: &Table) -> DataFrame {
        let bytes = table.parquet().unwrap();
        assert_eq!(bytes, table.parquet().unwrap(), "{}", table.layout.name);
        ParquetReader::new(std::io::Cursor::new(bytes)).finish().unwrap()
    }

    #[test]
    fn parquet_has_the_columns_of_the_csv_file_in_order() {
        let outlook = example::outlook();
        let tables = [
            forecast_table(&outlook.months, outlook.as_of),
            steps_table(&[], outlook.as_of),
            columns_table(),
        ];
        for table in tables {
            let frame = read(&table);
            let names: Vec<&str> =
                frame.get_column_names().into_iter().map(PlSmallStr::as_str).collect();
            assert_eq!(names.join(","), table.layout.header);
            assert_eq!(frame.height(), table.records().len());
        }
    }

    #[test]
    fn the_first_day_of_a_month_is_counted_from_1970() {
        let day = |month: &str| first_day(month.parse().unwrap());
        assert_eq!((day("1970-01"), day("1970-03"), day("1969-12")), (0, 59, -31));
        // 2000 has a leap day, 1900 and 2100 have none.
        assert_eq!(day("2000-03") - day("2000-02"), 29);
        assert_eq!((day("1900-03") - day("1900-02"), day("2100-03") - day("2100-02")), (28, 28));
    }

    #[test]
    fn parquet_has_types_and_nothing_where_a_field_is_empty() {
        let outlook = example::outlook();
        let table = outlook_table(&outlook.years, outlook.as_of);
        let frame = read(&table);
        let at = |column: &str| frame.column(column).unwrap().get(0).unwrap();
        // 2026-10-01 is 20,727 days after 1970-01-01: 56 years of 365 days, 14 leap days and 273 days.
        assert_eq!(at("as_of"), AnyValue::Date(56 * 365 + 14 + 273));
        assert_eq!(at("jaar"), AnyValue::Int64(2026));
        assert_eq!(at("wet"), AnyValue::Null);
        let expected = frame.column("verwacht").unwrap().f64().unwrap();
        for (at, row) in outlook.years.iter().enumerate() {
            assert_eq!(expected.get(at), Some(row.expected.euros()));
        }
    }
}
