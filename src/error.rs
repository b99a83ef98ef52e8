//! The one error of the program: we can not go on, and this is where, why and what to do.

use std::fmt;
use std::path::Path;

/// A result whose error tells the reader what to do.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the program can not go on: one or more problems, each with its place and advice.
///
/// Odd but usable data is no error; it becomes a finding (see [`crate::checks`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    problems: Vec<Problem>,
    unlisted: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Input,
    PersonalData,
    Gate,
    Io,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Problem {
    place: Place,
    what: String,
    advice: String,
}

/// Where in the input something stands. Empty parts are left out when printed.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, as the user named it.
    pub file: String,
    /// The sheet of a workbook.
    pub sheet: String,
    /// The row as a person counts it in the file: the header is row 1.
    pub row: Option<usize>,
    /// The header of the column.
    pub column: String,
}

/// So many problems are listed; the rest is counted.
const LISTED: usize = 20;

impl Error {
    fn new(kind: Kind, what: impl Into<String>) -> Self {
        let problem = Problem { place: Place::default(), what: what.into(), advice: String::new() };
        Self { kind, problems: vec![problem], unlisted: 0 }
    }

    /// Input or options that can not be used.
    #[must_use]
    pub fn input(what: impl Into<String>) -> Self {
        Self::new(Kind::Input, what)
    }

    /// A file that holds what looks like personal data. `what` never repeats a value.
    #[must_use]
    pub fn personal_data(what: impl Into<String>) -> Self {
        Self::new(Kind::PersonalData, what)
    }

    /// A denied finding or a failed gate.
    #[must_use]
    pub fn gate(what: impl Into<String>) -> Self {
        Self::new(Kind::Gate, what)
    }

    /// A file or folder that the operating system would not read or write.
    #[must_use]
    pub fn io(path: &Path, error: &std::io::Error) -> Self {
        Self::new(Kind::Io, error.to_string())
            .file(path.display().to_string())
            .advice("check that it exists and that you may read or write it")
    }

    /// Joins problems into one error that lists the first twenty; `None` when there are none.
    #[must_use]
    pub fn all(errors: Vec<Self>) -> Option<Self> {
        errors.into_iter().reduce(|mut whole, more| {
            whole.problems.extend(more.problems);
            whole.unlisted += more.unlisted + whole.problems.len().saturating_sub(LISTED);
            whole.problems.truncate(LISTED);
            whole
        })
    }

    /// Adds so many problems that are counted but not listed.
    #[must_use]
    pub fn and_more(mut self, count: usize) -> Self {
        self.unlisted += count;
        self
    }

    /// Names the place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.last().place = place;
        self
    }

    /// Names the file.
    #[must_use]
    pub fn file(mut self, file: impl Into<String>) -> Self {
        self.last().place.file = file.into();
        self
    }

    /// Names the row, counted as a person does: the header is row 1.
    #[must_use]
    pub fn row(mut self, row: usize) -> Self {
        self.last().place.row = Some(row);
        self
    }

    /// Names the column by its header.
    #[must_use]
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.last().place.column = column.into();
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.last().advice = advice.into();
        self
    }

    fn last(&mut self) -> &mut Problem {
        self.problems.last_mut().expect("an error has at least one problem")
    }

    /// Whether the input holds what looks like personal data.
    #[must_use]
    pub fn is_personal_data(&self) -> bool {
        self.kind == Kind::PersonalData
    }

    /// The exit code of the program: 1 for denied input or a failed gate, 2 when it could not run.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self.kind {
            Kind::PersonalData | Kind::Gate => 1,
            Kind::Input | Kind::Io => 2,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = self.row.map(|row| format!("row {row}")).unwrap_or_default();
        let named = |word: &str, text: &str| match text {
            "" => String::new(),
            text => format!("{word} {text}"),
        };
        let parts =
            [self.file.clone(), named("sheet", &self.sheet), row, named("column", &self.column)];
        f.write_str(
            &parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", "),
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place != Place::default() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.what)?;
        if !self.advice.is_empty() {
            write!(f, "\n  what to do: {}", self.advice)?;
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.problems.iter().map(Problem::to_string).collect();
        f.write_str(&lines.join("\n"))?;
        if self.unlisted > 0 {
            write!(f, "\n… and {} more", self.unlisted)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_place_value_and_advice() {
        let error = Error::input("\"12,3x\" is not an amount")
            .file("grootboek.csv")
            .row(17)
            .column("bedrag")
            .advice("write 12,30");
        assert_eq!(
            error.to_string(),
            "grootboek.csv, row 17, column bedrag: \"12,3x\" is not an amount\n  what to do: write 12,30"
        );
    }

    #[test]
    fn lists_twenty_and_counts_the_rest() {
        let errors = (0..25).map(|n| Error::input(format!("problem {n}"))).collect();
        let text = Error::all(errors).unwrap().to_string();
        assert!(text.ends_with("problem 19\n… and 5 more"), "{text}");
    }
}
