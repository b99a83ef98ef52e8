//! What all municipalities published of one year: one row per municipality and taakveld, in thousands of euros.

use super::options::Source;
use super::parse::{self, Bad, Cell};
use super::problems::Problems;
use super::table::{self, Column, Table};
use crate::error::{Error, Place, Result};
use crate::taakveld::code_of;
use crate::units::Cents;
use std::collections::BTreeMap;
use std::io::Cursor;

/// The budgets or the accounts of one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The path as the workspace names it.
    pub file: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// By name.
    pub municipalities: BTreeMap<String, Municipality>,
}

/// What one municipality published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Municipality {
    /// The class of its size, as the file has it: `50000tot100000inwoners`.
    pub size: String,
    /// The inhabitants that the file tells.
    pub inhabitants: u32,
    /// The lasten of the social domain by code of taakveld, for instance `6.71a`.
    pub lasten: BTreeMap<String, Cents>,
}

/// The row that is the sum of all others.
const TOTAL: &str = "Nederland";
/// The chapter of the social domain.
const CHAPTER: &str = "6.";
/// Amounts are in thousands of euros: the power of ten.
const PLACES: usize = 3;
/// A mark of the CBS for what was not delivered, read as an amount; other negative amounts are real.
const MISSING: Cents = Cents(-9_999_800_000);

/// The columns, found by header.
struct Columns<'a> {
    name: &'a Column,
    taakveld: &'a Column,
    lasten: &'a Column,
    size: &'a Column,
    inhabitants: &'a Column,
}

impl Published {
    /// Reads a file whose first row has, among others, the headers `Gemeenten`, `Taakveld`, `Lasten`, `Gemeentegrootte` and
    /// `Inwonertal`. The row `Nederland`, which sums the others, is left out.
    ///
    /// # Errors
    /// When a column is missing, a cell can not be read, a municipality has a taakveld twice, or only the total is there.
    pub fn of_bytes(file: &str, bytes: &[u8]) -> Result<Self> {
        let at = Place { file: file.to_owned(), ..Place::default() };
        let (table, sha256) = table::open(&mut Cursor::new(bytes), &Source::line_table(file), &at)?;
        let columns = Columns::of(&table, &at)?;
        let municipalities = columns.read(&table, &at)?;
        if municipalities.is_empty() {
            return Err(Error::input(format!("holds no municipality but the total {TOTAL:?}"))
                .at(at)
                .advice("take the file with a row per municipality and taakveld"));
        }
        Ok(Self { file: file.to_owned(), sha256, municipalities })
    }
}

impl<'a> Columns<'a> {
    fn of(table: &'a Table, at: &Place) -> Result<Self> {
        let find = |header: &str| {
            let mut columns = table.columns.iter();
            columns.find(|column| column.header.eq_ignore_ascii_case(header)).ok_or_else(|| {
                let there: Vec<&str> = table.columns.iter().map(|one| &*one.header).collect();
                Error::input(format!("has no column {header:?}; it has {}", there.join(", ")))
                    .at(at.clone())
                    .advice("take the table of Iv3 figures per municipality and taakveld")
            })
        };
        Ok(Self {
            name: find("Gemeenten")?,
            taakveld: find("Taakveld")?,
            lasten: find("Lasten")?,
            size: find("Gemeentegrootte")?,
            inhabitants: find("Inwonertal")?,
        })
    }

    fn read(&self, table: &Table, at: &Place) -> Result<BTreeMap<String, Municipality>> {
        let mut found = BTreeMap::new();
        let mut problems = Problems::default();
        let is_total = |&row: &usize| self.name.text(row).eq_ignore_ascii_case(TOTAL);
        for row in (0..table.rows.len()).filter(|row| !is_total(row)) {
            if let Err((column, bad)) = self.add(&mut found, row) {
                let row = Some(table.rows[row] as usize);
                let place = Place { row, column: column.header.clone(), ..at.clone() };
                problems.add(|| Error::input(bad.what).at(place).advice(bad.advice));
            }
        }
        problems.finish().map(|()| found)
    }

    /// Adds a row, or tells which column of it is wrong and why.
    fn add(
        &self,
        found: &mut BTreeMap<String, Municipality>,
        row: usize,
    ) -> Result<(), (&'a Column, Bad)> {
        let name = self.name.text(row);
        if name.is_empty() {
            return Err((self.name, parse::bad("the cell is empty", "fill in the municipality")));
        }
        let code = code(self.taakveld.text(row)).map_err(|bad| (self.taakveld, bad))?;
        let inhabitants = self.inhabitants;
        let people = number(inhabitants.text(row)).map_err(|bad| (inhabitants, bad))?;
        let municipality = found.entry(name.to_owned()).or_insert_with(|| Municipality {
            size: self.size.text(row).to_owned(),
            inhabitants: people,
            lasten: BTreeMap::new(),
        });
        if !code.starts_with(CHAPTER) {
            return Ok(());
        }
        let value = &self.lasten.values[self.lasten.cells[row] as usize];
        let amount = parse::amount(value, '.', PLACES).map_err(|bad| (self.lasten, bad))?;
        let what = || format!("{name:?} has taakveld {code} twice");
        let twice = amount != MISSING && municipality.lasten.insert(code.clone(), amount).is_some();
        if twice {
            return Err((self.taakveld, parse::bad(what(), "leave one of the two rows")));
        }
        Ok(())
    }
}

fn code(text: &str) -> Cell<String> {
    let what = || format!("{text:?} does not start with the code of a taakveld");
    code_of(text).ok_or_else(|| parse::bad(what(), "write for instance 6.71a, a name may follow"))
}

fn number(text: &str) -> Cell<u32> {
    let what = || format!("{text:?} is no number of inhabitants");
    text.parse().map_err(|_| parse::bad(what(), "write it in digits, for instance 82311"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "Gemeenten;Taakveld;Baten;Lasten;Gemeentegrootte;Inwonertal\n";

    fn read(rows: &str) -> Result<Published, String> {
        Published::of_bytes("iv3.csv", format!("{HEADER}{rows}").as_bytes())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn reads_thousands_and_leaves_the_total_out() {
        let read = read(
            "Adorp;6.71a Huishoudelijke hulp (WMO);3.0;12.5;klein;900\n\
             Adorp;6.82a Jeugdbescherming ;0.0;-2.0;klein;900\n\
             Adorp;0.1 Bestuur;0.0;;klein;900\n\
             Nederland;6.71a Huishoudelijke hulp (WMO);9.0;99.0;;1700\n\
             's-Beestad;6.6 Maatwerk;0.0;-99998;groot;800\n",
        );
        let all = read.unwrap().municipalities;
        assert_eq!(all.keys().collect::<Vec<_>>(), ["'s-Beestad", "Adorp"]);
        assert_eq!((&*all["Adorp"].size, all["Adorp"].inhabitants), ("klein", 900));
        let lasten: Vec<_> = all["Adorp"].lasten.iter().map(|(code, c)| (&**code, c.0)).collect();
        assert_eq!(lasten, [("6.71a", 1_250_000), ("6.82a", -200_000)]);
        assert!(all["'s-Beestad"].lasten.is_empty(), "not delivered");
    }

    #[test]
    fn tells_what_is_wrong_and_where() {
        for (rows, told) in [
            (
                "A;6.6 x;0;1;k;9\nA;6.6 y;0;1;k;9\n",
                "row 3, column Taakveld: \"A\" has taakveld 6.6 twice",
            ),
            ("A;6.6 x;0;een;k;9\n", "row 2, column Lasten: \"een\" is not an amount"),
            ("A;6.6 x;0;;k;9\n", "row 2, column Lasten: the cell is empty"),
            ("A;Wmo;0;1;k;9\n", "row 2, column Taakveld: \"Wmo\" does not start with the code"),
            ("A;6.6;0;1;k;veel\n", "row 2, column Inwonertal: \"veel\" is no number"),
            (";6.6;0;1;k;9\n", "row 2, column Gemeenten: the cell is empty"),
            ("A;6.6;0;1\n", "row 2: has 4 cells where the header has 6"),
            ("Nederland;6.6;0;1;k;9\n", "iv3.csv: holds no municipality but the total"),
        ] {
            let message = read(rows).unwrap_err();
            assert!(message.contains(told), "{message}");
            assert!(message.contains("what to do: "), "{message}");
        }
        let without = HEADER.replace("Inwonertal", "Inwoners") + "A;6.6;0;1;k;9\n";
        let message = Published::of_bytes("iv3.csv", without.as_bytes()).unwrap_err().to_string();
        assert!(
            message.starts_with("iv3.csv: has no column \"Inwonertal\"; it has Gemeenten, "),
            "{message}"
        );
    }
}
