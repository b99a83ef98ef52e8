//! Many municipalities as one stream: postings in, outlook rows out, as Arrow IPC streams. Nothing is kept
//! between two municipalities and nothing is read from disk, so a cluster may start as many of these as it
//! likes.
//!
//! A row of the stream is a posting or a whole small file of its municipality:
//!
//! | column | holds |
//! |---|---|
//! | `gemeente` | whose row it is; the rows of a municipality stand together |
//! | `bestand` | the file it comes from, as `prognose.toml` of the municipality names it |
//! | `tekst` | the whole of that file, as text or as bytes: `prognose.toml`, the line table, budgets, and ledgers too |
//! | the others | for postings in rows: the columns of their file, as text, under its headers |
//!
//! So the mapping of columns, the guard against personal data and the checks are those of a workspace on
//! disk, and so are the numbers.

mod outlook;
mod postings;

use crate::checks::refuse_denied;
use crate::error::{Error, Result};
use crate::report::{Table, outlook_table};
use crate::units::Month;
use crate::workspace::{Choices, Job};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::ArrowError;
use postings::{Columns, Town, Towns};
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// What was answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// The municipalities in the stream.
    pub towns: usize,
    /// Those that could not be forecast; each has one row that says why.
    pub failed: usize,
}

/// Reads municipalities from `input` and writes the outlook of each to `output` as soon as it is made:
/// `gemeente`, `fout`, and the columns of `outlook.csv` with the very text of its cells, nothing where a
/// cell is empty. The models are trained on what the stream brings; `as_of` is the last booked month of each unless
/// given, and `seed` that of its `prognose.toml`.
///
/// # Errors
/// When the stream is no such stream, or can not be read or written. What is wrong with one municipality is a row
/// with `fout` filled in, and the others go on.
pub fn serve(
    input: impl Read,
    output: impl Write,
    as_of: Option<Month>,
    seed: Option<u64>,
) -> Result<Served> {
    let choices = Choices { as_of, seed, out: None };
    let reader = StreamReader::try_new(input, None).map_err(|error| unread(&error))?;
    let columns = Columns::of(&reader.schema())?;
    let mut writer =
        StreamWriter::try_new(output, &outlook::schema()).map_err(|e| unwritten(&e))?;
    let mut served = Served::default();
    let mut answer = |town: Town| -> Result<()> {
        let (name, made) = forecast(town, &choices);
        served.towns += 1;
        served.failed += usize::from(made.is_err());
        writer.write(&outlook::batch(&name, &made)).map_err(|error| unwritten(&error))
    };
    let mut towns = Towns::new(&columns);
    for batch in reader {
        let batch = batch.map_err(|error| unread(&error))?;
        for town in towns.take(&batch)? {
            answer(town)?;
        }
    }
    if let Some(town) = towns.last() {
        answer(town)?;
    }
    writer.finish().map_err(|error| unwritten(&error))?;
    Ok(served)
}

/// The outlook of a municipality, or why there is none.
fn forecast(town: Town, choices: &Choices) -> (String, Result<Table>) {
    let name = town.name.clone();
    // A mistake of ours in one municipality must not take the others with it.
    let made = catch_unwind(AssertUnwindSafe(|| -> Result<Table> {
        let job = Job::in_memory(town.files()?, choices)?;
        refuse_denied(&job.findings())?;
        let prognosis = job.stateless()?;
        Ok(outlook_table(&prognosis.outlook.years, job.as_of))
    }));
    let mistake = |_| {
        Err(Error::input("a mistake in prognose itself, not in your data")
            .advice("forecast this municipality with `prognose run`, and report what it says"))
    };
    (name, made.unwrap_or_else(mistake))
}

fn unread(error: &ArrowError) -> Error {
    Error::input(format!("is no Arrow IPC stream that can be read ({error})"))
        .file("stdin")
        .advice("write it with pyarrow.ipc.new_stream or another writer of Arrow IPC streams, without compression")
}

fn unwritten(error: &ArrowError) -> Error {
    match error {
        ArrowError::IoError(_, error) => Error::io(Path::new("stdout"), error),
        other => Error::input(format!("the outlook can not be written ({other})")).file("stdout"),
    }
}

#[cfg(test)]
mod tests;
