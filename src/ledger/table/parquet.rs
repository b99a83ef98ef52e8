//! Parquet: every column as text, through polars.

use super::{Builder, Distinct, Table};
use crate::error::{Error, Place, Result};
use polars::prelude::{
    DataFrame, DataType, ParquetReader, PolarsError, PolarsResult, SerReader, Series,
};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// More rows than a country books in ten years, and a limit to what a small file can unpack to.
const ROWS: usize = 50_000_000;
const BYTES: usize = 8 << 30;

/// Reads a Parquet file. Rows are numbered as if a header stood in row 1.
pub(super) fn read(bytes: &[u8], at: &Place) -> Result<Table> {
    let broken = |why: &str| {
        Error::input(format!("is not a readable Parquet file ({why})"))
            .at(at.clone())
            .advice("write it again with the program that made it")
    };
    // Polars panics on some damaged files instead of returning an error.
    let frame = catch_unwind(AssertUnwindSafe(|| frame(bytes)))
        .map_err(|_| broken("its contents contradict each other"))?
        .map_err(|error| broken(&first_line(&error)))?
        .ok_or_else(|| {
            Error::input(format!("says that it holds more than {ROWS} rows or {BYTES} bytes"))
                .at(at.clone())
                .advice("write it in parts, or ask where it came from")
        })?;
    let mut builder = Builder::new(frame.columns().iter().map(|column| column.name().as_str()));
    for (column, distinct) in frame.columns().iter().zip(&mut builder.columns) {
        let series = column.as_materialized_series();
        push(series, distinct).map_err(|error| {
            Error::input(format!(
                "the type {} can not be read ({})",
                series.dtype(),
                first_line(&error)
            ))
            .at(Place { column: series.name().to_string(), ..at.clone() })
            .advice("write the column as text, number or date")
        })?;
    }
    (2..).take(frame.height()).for_each(|row| builder.row(row));
    Ok(builder.finish(""))
}

/// All of the file; `None` when it says beforehand that it is too much.
fn frame(bytes: &[u8]) -> PolarsResult<Option<DataFrame>> {
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let groups = &reader.get_metadata()?.row_groups;
    let (rows, size) = groups.iter().fold((0_usize, 0_usize), |(rows, size), group| {
        (rows.saturating_add(group.num_rows()), size.saturating_add(group.total_byte_size()))
    });
    if rows > ROWS || size > BYTES { Ok(None) } else { reader.finish().map(Some) }
}

fn first_line(error: &PolarsError) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

fn push(series: &Series, column: &mut Distinct) -> Result<(), PolarsError> {
    let number = series.dtype().is_numeric();
    // A 32-bit float has its own shortest text; as a 64-bit one it would gain digits nobody wrote.
    match series.dtype() {
        DataType::Float64 => {
            series.f64()?.iter().for_each(|cell| column.push(&shown(cell), number));
        }
        DataType::Float32 => {
            series.f32()?.iter().for_each(|cell| column.push(&shown(cell), number));
        }
        _ => {
            let texts = series.cast(&DataType::String)?;
            texts.str()?.iter().for_each(|cell| column.push(cell.unwrap_or(""), number));
        }
    }
    Ok(())
}

fn shown(cell: Option<impl ToString>) -> String {
    cell.map(|number| number.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, ParquetWriter, TimeUnit};

    fn write(columns: Vec<Column>) -> Vec<u8> {
        let mut frame = DataFrame::new_infer_height(columns).unwrap();
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
        bytes
    }

    fn texts(column: Series) -> Vec<String> {
        let table = read(&write(vec![column.into_column()]), &Place::default()).unwrap();
        (0..table.rows.len()).map(|row| table.columns[0].text(row).to_owned()).collect()
    }

    #[test]
    fn every_type_becomes_text() {
        let name = || "x".into();
        assert_eq!(texts(Series::new(name(), [Some("a"), None])), ["a", ""]);
        assert_eq!(texts(Series::new(name(), [1_i64, -20])), ["1", "-20"]);
        assert_eq!(texts(Series::new(name(), [0.1, 12_345_678.9])), ["0.1", "12345678.9"]);
        assert_eq!(texts(Series::new(name(), [0.1_f32])), ["0.1"]);
        // 2026-10-31 is day 20757 since 1970-01-01.
        let days = Series::new(name(), [20_757_i32]);
        assert_eq!(texts(days.cast(&DataType::Date).unwrap()), ["2026-10-31"]);
        let moments = Series::new(name(), [20_757_i64 * 86_400_000]);
        let moments = moments.cast(&DataType::Datetime(TimeUnit::Milliseconds, None)).unwrap();
        assert!(texts(moments)[0].starts_with("2026-10-31 00:00:00"));
        let decimals = Series::new(name(), ["1234.50"]).cast(&DataType::Decimal(12, 2)).unwrap();
        assert_eq!(texts(decimals), ["1234.50"]);
    }

    #[test]
    fn refuses_what_is_no_parquet() {
        let whole = write(vec![Series::new("x".into(), [1_i64, 2, 3]).into_column()]);
        for part in [4, whole.len() / 2, whole.len() - 1] {
            let at = Place { file: "a.parquet".into(), ..Place::default() };
            let message = read(&whole[..part], &at).unwrap_err().to_string();
            assert!(message.starts_with("a.parquet: is not a readable Parquet file"), "{message}");
        }
    }
}
