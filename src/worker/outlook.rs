//! Outlook rows to batches.

use crate::error::Result;
use crate::report::{OUTLOOK, Table};
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use std::sync::Arc;

/// The columns that stand before those of `outlook.csv`.
const OWN: [&str; 2] = ["gemeente", "fout"];

/// What is written: every column is text, the first always filled.
pub(super) fn schema() -> Schema {
    let names = OWN.into_iter().chain(OUTLOOK.columns());
    let field = |(at, name): (usize, &str)| Field::new(name, DataType::Utf8, at > 0);
    Schema::new(names.enumerate().map(field).collect::<Vec<_>>())
}

/// The rows of one municipality; one that says what is wrong when there are none.
pub(super) fn batch(town: &str, made: &Result<Table>) -> RecordBatch {
    let (fault, records) = match made {
        Ok(table) => (None, table.records()),
        Err(error) => (Some(error.to_string()), Vec::new()),
    };
    let rows = records.len().max(usize::from(fault.is_some()));
    let column = |cells: StringArray| -> ArrayRef { Arc::new(cells) };
    let mut columns =
        vec![column(vec![Some(town); rows].into()), column(vec![fault.as_deref(); rows].into())];
    columns.extend((0..OUTLOOK.columns().count()).map(|at| {
        let cell = |row: usize| {
            records.get(row).and_then(|record| record.get(at)).filter(|cell| !cell.is_empty())
        };
        column((0..rows).map(cell).collect())
    }));
    RecordBatch::try_new(Arc::new(schema()), columns)
        .expect("every column is text and as long as the others")
}
