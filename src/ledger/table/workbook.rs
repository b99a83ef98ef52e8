//! XLSX: the cells of one sheet as canonical text.

use super::peek::Peek;
use super::{Builder, Distinct, Table, joined, no_header, zipped};
use crate::error::{Error, Place, Result};
use crate::ledger::options::Source;
use crate::ledger::problems::Problems;
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a sheet of Excel holds.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;
/// Bytes in a cell: 32,767 characters of at most four.
const LONGEST: usize = 4 * 32_767;
/// Rows times columns of a table, and of a sheet that is only looked at. A full workbook may not unpack to so many; a
/// header far to the right makes them of nearly nothing.
const CELLS: usize = 1 << 26;
const PEEKED: usize = 1 << 25;

const SAVE: &str = "open it in a spreadsheet program and save it again as .xlsx";

/// Reads a sheet, the first unless named. The header is the row of the source, or the first that holds
/// anything.
pub(super) fn read(bytes: &[u8], source: &Source, at: &Place) -> Result<Table> {
    checked(bytes, at, || cells(bytes, source, at))
}

/// Reads a workbook whose sizes were looked at. calamine counts rows and columns without a limit, and stops the
/// program when a number is too large.
fn checked<T>(bytes: &[u8], at: &Place, read: impl FnOnce() -> Result<T>) -> Result<T> {
    zipped::check(bytes, at)?;
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(broken("its contents contradict each other", at)))
}

fn broken(why: &str, at: &Place) -> Error {
    Error::input(format!("is not a readable XLSX workbook ({why})")).at(at.clone()).advice(SAVE)
}

/// Refuses a sheet of few cells in very many rows and columns.
fn fits(rows: usize, columns: usize, most: usize, at: &Place) -> Result<()> {
    if rows.saturating_mul(columns) <= most {
        return Ok(());
    }
    let what = format!("{rows} rows of {columns} columns are more than {most} cells");
    Err(Error::input(what).at(at.clone()).advice(
        "empty the cells that stand far to the right of the table, or keep only the columns that are needed",
    ))
}

fn cells(bytes: &[u8], source: &Source, at: &Place) -> Result<Table> {
    let broken = |error: calamine::XlsxError| broken(&error.to_string(), at);
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let name = sheet_name(&book.sheet_names(), source.sheet.as_deref(), at)?;
    let at = Place { sheet: name.clone(), ..at.clone() };
    let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
    let mut grid = Grid::new(&at, source.layout.header);
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let (text, number) = canonical(cell.get_value());
        if row >= ROWS || column >= COLUMNS || text.len() > LONGEST {
            let what = format!(
                "a cell lies outside {ROWS} rows and {COLUMNS} columns, or holds more than 32767 characters"
            );
            return Err(Error::input(what).at(at).advice("no spreadsheet program saves such a cell; save the rows as CSV, or ask where the file came from"));
        }
        if !text.trim().is_empty() {
            grid.push(row + 1, column, text, number);
        }
    }
    grid.finish(&name)
}

/// The first rows that hold anything of every sheet, as many as `count` says, as cells from the first column on.
pub(super) fn first_rows(
    bytes: &[u8],
    count: impl Fn(&str) -> usize,
    at: &Place,
) -> Result<Vec<Peek>> {
    checked(bytes, at, || first_of_each(bytes, count, at))
}

fn first_of_each(bytes: &[u8], count: impl Fn(&str) -> usize, at: &Place) -> Result<Vec<Peek>> {
    let broken = |error: calamine::XlsxError| broken(&error.to_string(), at);
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let mut sheets = Vec::new();
    for sheet in book.sheet_names() {
        let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
        let at = Place { sheet: sheet.clone(), ..at.clone() };
        let (count, mut width) = (count(&sheet), 0);
        let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (row, column) = cell.get_position();
            let (text, _) = canonical(cell.get_value());
            if text.trim().is_empty() || column >= COLUMNS {
                continue;
            }
            if rows.last().is_none_or(|(last, _)| *last != row + 1) {
                if rows.len() == count {
                    break;
                }
                rows.push((row + 1, Vec::new()));
            }
            width = width.max(column as usize + 1);
            fits(rows.len(), width, PEEKED, &at)?;
            let cells = rows.last_mut().map(|(_, cells)| cells).expect("a row was pushed");
            cells.resize(cells.len().max(column as usize + 1), String::new());
            cells[column as usize] = text;
        }
        sheets.push(Peek { sheet, rows });
    }
    Ok(sheets)
}

fn sheet_name(names: &[String], wanted: Option<&str>, at: &Place) -> Result<String> {
    let found = names.iter().find(|name| wanted.is_none_or(|wanted| *name == wanted));
    found.cloned().ok_or_else(|| {
        let what =
            wanted.map_or("has no sheet".to_owned(), |wanted| format!("has no sheet {wanted:?}"));
        Error::input(what)
            .at(at.clone())
            .advice(format!("set sheet to one of: {}", names.join(", ")))
    })
}

/// The text of a cell and whether it is a number: dates as `2026-10-31`, numbers in the shortest
/// form that is exact.
fn canonical(cell: &DataRef<'_>) -> (String, bool) {
    match cell {
        DataRef::Int(number) => (number.to_string(), true),
        DataRef::Float(number) => (number.to_string(), true),
        DataRef::DateTime(date) if date.is_datetime() => (day(date), false),
        DataRef::DateTime(duration) => (duration.as_f64().to_string(), true),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            (text.clone(), false)
        }
        DataRef::SharedString(text) => ((*text).to_owned(), false),
        DataRef::Bool(yes) => (yes.to_string(), false),
        DataRef::Error(error) => (error.to_string(), false),
        DataRef::Empty => (String::new(), false),
    }
}

fn day(date: &ExcelDateTime) -> String {
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}

/// One filled cell of the row at hand.
struct Filled {
    column: u32,
    text: String,
    number: bool,
}

/// Puts a stream of filled cells, row after row, into a table.
struct Grid<'a> {
    at: &'a Place,
    row: u32,
    cells: Vec<Filled>,
    /// The rows of the header; `None`: the first that holds anything.
    header: Option<(u32, u32)>,
    /// The upper of two rows of the header.
    upper: Vec<Filled>,
    /// The column in which the header starts, and the table, once the header is known.
    table: Option<(u32, Builder)>,
    stray: Problems,
}

impl<'a> Grid<'a> {
    fn new(at: &'a Place, header: Option<(u32, u32)>) -> Self {
        let (cells, upper) = (Vec::new(), Vec::new());
        Self { at, row: 0, cells, header, upper, table: None, stray: Problems::default() }
    }

    /// Takes a row above the first posting: a title, or the header.
    fn head(&mut self, cells: Vec<Filled>) {
        match self.header {
            Some((first, last)) if self.row == first && last > first => self.upper = cells,
            Some((_, last)) if self.row != last => {}
            _ => {
                let upper = std::mem::take(&mut self.upper);
                let all = || upper.iter().chain(&cells).map(|cell| cell.column);
                let (Some(start), Some(end)) = (all().min(), all().max()) else { return };
                let texts = |cells: &[Filled]| {
                    let mut texts = vec![String::new(); (end - start + 1) as usize];
                    for cell in cells {
                        texts[(cell.column - start) as usize].clone_from(&cell.text);
                    }
                    texts
                };
                let headers = joined(texts(&upper), &texts(&cells));
                self.table = Some((start, Builder::new(headers.iter().map(String::as_str))));
            }
        }
    }

    fn push(&mut self, row: u32, column: u32, text: String, number: bool) {
        if row != self.row {
            self.end_row();
            self.row = row;
        }
        self.cells.push(Filled { column, text, number });
    }

    fn end_row(&mut self) {
        let mut cells = std::mem::take(&mut self.cells);
        cells.sort_by_key(|cell| cell.column);
        let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return };
        if cells.windows(2).any(|pair| pair[0].column == pair[1].column) {
            return self.refuse("has two cells in one place", SAVE);
        }
        match &mut self.table {
            None => self.head(cells),
            Some((start, builder)) => {
                let width = u32::try_from(builder.columns.len()).unwrap_or(u32::MAX);
                if first.column < *start || last.column - *start >= width {
                    let what = "has a filled cell outside the columns of the header";
                    return self.refuse(what, "give the column a header, or empty the cell");
                }
                fill(builder, *start, &cells);
                builder.row(self.row);
            }
        }
    }

    /// Tells what is wrong with the row at hand.
    fn refuse(&mut self, what: &str, advice: &str) {
        let place = Place { row: Some(self.row as usize), ..self.at.clone() };
        self.stray.add(|| Error::input(what).at(place).advice(advice));
    }

    fn finish(mut self, name: &str) -> Result<Table> {
        self.end_row();
        self.stray.finish()?;
        let missing =
            self.header.map(|(first, last)| if self.upper.is_empty() { first } else { last });
        let empty = || match missing {
            Some(row) => no_header(row, self.at),
            None => Error::input("the sheet is empty")
                .at(self.at.clone())
                .advice("name the sheet with sheet = \"…\""),
        };
        let (_, mut builder) = self.table.ok_or_else(empty)?;
        let rows = builder.rows.len();
        fits(rows, builder.columns.len(), CELLS, self.at)?;
        builder.columns.iter_mut().for_each(|column| pad(column, rows));
        Ok(builder.finish(name))
    }
}

/// Fills a row. The empty cells of a column come when it has another filled one, so that they cost nothing in a
/// table that turns out too large.
fn fill(builder: &mut Builder, start: u32, cells: &[Filled]) {
    let rows = builder.rows.len();
    for cell in cells {
        let column = &mut builder.columns[(cell.column - start) as usize];
        pad(column, rows);
        column.push(&cell.text, cell.number);
    }
}

/// Fills a column with empty cells up to so many rows.
fn pad(column: &mut Distinct, rows: usize) {
    if column.cells.len() < rows {
        let empty = column.look_up("", false);
        column.cells.resize(rows, empty);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime as Day, Format, Workbook};

    fn at() -> Place {
        Place { file: "a.xlsx".into(), ..Place::default() }
    }

    fn source() -> Source {
        Source::line_table("a.xlsx")
    }

    fn texts(table: &Table) -> Vec<Vec<&str>> {
        (0..table.rows.len())
            .map(|row| table.columns.iter().map(|column| column.text(row)).collect())
            .collect()
    }

    fn book() -> Vec<u8> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("Boekingen").unwrap();
        for (column, header) in (1..).zip(["maand", "code", "bedrag"]) {
            sheet.write(1, column, header).unwrap();
        }
        let date = Format::new().set_num_format("dd-mm-yyyy");
        sheet.write_with_format(2, 1, Day::from_ymd(2026, 10, 31).unwrap(), &date).unwrap();
        sheet.write(2, 2, 6.71).unwrap();
        sheet.write(2, 3, 1234.5).unwrap();
        sheet.write(4, 1, 202_610).unwrap();
        sheet.write(4, 3, "1.234").unwrap();
        book.add_worksheet().set_name("Leeg").unwrap();
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn turns_every_cell_into_text() {
        let table = read(&book(), &source(), &at()).unwrap();
        assert_eq!((table.sheet.as_str(), table.rows.as_slice()), ("Boekingen", [3, 5].as_slice()));
        assert_eq!(texts(&table), [["2026-10-31", "6.71", "1234.5"], ["202610", "", "1.234"]]);
        let amounts = &table.columns[2].values;
        assert_eq!((amounts[0].number, amounts[1].number), (true, false));
    }

    #[test]
    fn titles_stand_above_a_header_of_two_rows() {
        let (mut book, plain) = (Workbook::new(), Format::new());
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "Uitnutting").unwrap();
        sheet.write(3, 1, "code").unwrap();
        sheet.merge_range(2, 2, 2, 3, "Bedrag", &plain).unwrap();
        sheet.write(3, 2, "lasten").unwrap();
        sheet.write(3, 3, "baten").unwrap();
        sheet.write(5, 2, 7).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let with = |header| {
            let layout = crate::ledger::layout::Layout { header, ..Default::default() };
            read(&bytes, &Source { layout, ..source() }, &at())
        };
        let table = with(Some((3, 4))).unwrap();
        let headers: Vec<&str> = table.columns.iter().map(|c| c.header.as_str()).collect();
        assert_eq!(headers, ["code", "Bedrag lasten", "Bedrag baten"]);
        assert_eq!(
            (table.rows.as_slice(), texts(&table)),
            ([6].as_slice(), vec![vec!["", "7", ""]])
        );
        for (header, row) in [((5, 5), 5), ((4, 5), 5), ((9, 9), 9)] {
            let message = with(Some(header)).unwrap_err().to_string();
            assert!(message.contains(&format!("row {row}: the header is to stand")), "{message}");
        }
        assert_eq!(first_rows(&bytes, |_| 2, &at()).unwrap()[0].rows.len(), 2);
    }

    #[test]
    fn refuses_a_wrong_sheet_and_a_truncated_book() {
        let message = |bytes: &[u8], sheet: Option<&str>| {
            let source = Source { sheet: sheet.map(str::to_owned), ..source() };
            read(bytes, &source, &at()).unwrap_err().to_string()
        };
        let text = message(&book(), Some("Blad9"));
        assert!(text.ends_with("set sheet to one of: Boekingen, Leeg"), "{text}");
        assert!(
            message(&book(), Some("Leeg")).starts_with("a.xlsx, sheet Leeg: the sheet is empty")
        );
        let whole = book();
        for part in [10, whole.len() / 3, whole.len() / 2, whole.len() - 30] {
            let text = message(&whole[..part], None);
            assert!(text.starts_with("a.xlsx: is not a readable XLSX workbook"), "{text}");
        }
    }

    /// 16,384 columns of which three are filled: far more cells than the file has bytes.
    #[test]
    fn few_cells_in_many_columns_are_refused() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (column, header) in [(0, "code"), (1, "bedrag"), (16_383, "x")] {
            sheet.write(0, column, header).unwrap();
        }
        for row in 1..=5_000 {
            sheet.write(row, 1, row).unwrap().write(row, 16_383, 1).unwrap();
        }
        let bytes = book.save_to_buffer().unwrap();
        let text = read(&bytes, &source(), &at()).unwrap_err().to_string();
        let told = "a.xlsx, sheet Sheet1: 5000 rows of 16384 columns are more than 67108864 cells";
        assert!(text.starts_with(told), "{text}");
        let text = first_rows(&bytes, |_| usize::MAX, &at()).unwrap_err().to_string();
        assert!(text.contains("sheet Sheet1: 2049 rows of 16384 columns"), "{text}");
        assert_eq!(first_rows(&bytes, |_| 40, &at()).unwrap()[0].rows.len(), 40);
    }

    #[test]
    fn refuses_a_cell_without_header() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "a").unwrap();
        sheet.write(1, 0, "1").unwrap();
        sheet.write(2, 1, "2").unwrap();
        let text = read(&book.save_to_buffer().unwrap(), &source(), &at()).unwrap_err().to_string();
        assert!(
            text.starts_with("a.xlsx, sheet Sheet1, row 3: has a filled cell outside"),
            "{text}"
        );
    }
}
