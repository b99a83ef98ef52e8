//! The line table: which code is which line, and when.

use super::files::Files;
use super::options::{Field, Privacy, Source};
use super::parse;
use super::problems::Problems;
use super::sheet::Sheet;
use super::types::{Scope, SourceFile};
use crate::error::{Error, Result};
use crate::units::{LineId, Month, Side, Wet, harmless};
use std::collections::{BTreeMap, BTreeSet};

/// Codes with the months in which they are valid and the line they are then.
#[derive(Debug)]
pub(super) struct LineTable {
    pub(super) file: SourceFile,
    codes: BTreeMap<String, Vec<Valid>>,
    /// Lines that are marked as not public, as lasten.
    not_public: BTreeSet<LineId>,
}

/// A code in the months `from` through `to`, both included.
#[derive(Clone, Debug)]
pub(super) struct Valid {
    from: Month,
    to: Month,
    row: usize,
    /// The line; its side is lasten until a posting says otherwise.
    pub(super) line: LineId,
}

/// The header of the table as text.
const HEADER: [&str; 6] = ["code", "geldig_van", "geldig_tot", "wet", "taakveld", "product"];
/// The name of a table that is no file any more.
const KEPT: &str = "indeling.csv";

impl LineTable {
    /// Reads and checks the line table.
    pub(super) fn read(files: &Files, table: &str, privacy: &Privacy) -> Result<Self> {
        let names = files.matching(table)?;
        let [name] = names.as_slice() else {
            let what = format!("matches {} files", names.len());
            return Err(Error::input(what).file(table).advice("name one line table under [lines]"));
        };
        let sheet = Sheet::open(files, name.clone(), &Source::line_table(table), privacy)?;
        check_names(&sheet)?;
        Self::of(sheet)
    }

    /// Reads what [`LineTable::text`] gave.
    pub(super) fn of_text(text: &str) -> Result<Self> {
        let source = Source::line_table(KEPT);
        Self::of(Sheet::of_bytes(KEPT.into(), text.as_bytes(), &source, &Privacy::default())?)
    }

    fn of(sheet: Sheet) -> Result<Self> {
        let mut codes: BTreeMap<String, Vec<Valid>> = BTreeMap::new();
        let mut problems = Problems::default();
        let mut not_public = BTreeSet::new();
        for Row { code, valid, public } in rows(&sheet, &mut problems) {
            if !public {
                not_public.insert(valid.line.clone());
            }
            codes.entry(code).or_default().push(valid);
        }
        for (code, valid) in &mut codes {
            valid.sort_by_key(|valid| (valid.from, valid.row));
            overlaps(code, valid, &sheet, &mut problems);
        }
        problems.finish()?;
        Ok(Self { file: sheet.file, codes, not_public })
    }

    /// The table as CSV: sorted by code and month, and nothing else than what divides money over lines. So
    /// two files that mean the same are the same text.
    pub(super) fn text(&self) -> String {
        const IN_MEMORY: &str = "memory takes every row, and each is as long as the header";
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(HEADER).expect(IN_MEMORY);
        for (code, valid) in
            self.codes.iter().flat_map(|(code, all)| all.iter().map(move |v| (code, v)))
        {
            let LineId { wet, taakveld, product, .. } = &valid.line;
            let month = |month: Month, end: Month| (month != end).then(|| month.to_string());
            let from = month(valid.from, start()).unwrap_or_default();
            let to = month(valid.to, open()).unwrap_or_default();
            let row = [code, &from, &to, &wet.to_string(), taakveld, product];
            writer.write_record(row).expect(IN_MEMORY);
        }
        let bytes = writer.into_inner().expect(IN_MEMORY);
        String::from_utf8(bytes).expect("what was written is text")
    }

    /// All that is known of a code, in order of time.
    pub(super) fn find(&self, code: &str) -> &[Valid] {
        self.codes.get(code).map_or(&[], Vec::as_slice)
    }

    /// Every line of the table, as lasten.
    pub(super) fn lines(&self) -> impl Iterator<Item = &LineId> {
        self.codes.values().flatten().map(|valid| &valid.line)
    }

    /// The last month in which any code is valid for the line of either side; `None` when it is open
    /// or no line of the table.
    pub(super) fn valid_through(&self, line: &LineId) -> Option<Month> {
        let line = LineId { side: Side::Lasten, ..line.clone() };
        let of_line = self.codes.values().flatten().filter(|valid| valid.line == line);
        of_line.map(|valid| valid.to).max().filter(|&last| last < open())
    }

    /// Whether the line, of either side, may be told to the public: no code of it is marked `nee`.
    pub(super) fn is_public(&self, line: &LineId) -> bool {
        !self.not_public.contains(&LineId { side: Side::Lasten, ..line.clone() })
    }

    /// The scopes that names may mean in a year: with the wet of the lines they stand on, and for a
    /// product their taakveld. None when no line has these names.
    pub(super) fn meant(&self, part: &Scope, year: i32) -> BTreeSet<Scope> {
        let all = || self.codes.values().flatten().filter(|valid| part.holds(&valid.line));
        let below_wet = part.taakveld.is_some() || part.product.is_some();
        let filled = |valid: &Valid| Scope {
            wet: part.wet.or_else(|| below_wet.then_some(valid.line.wet)),
            taakveld: part
                .product
                .as_ref()
                .map_or_else(|| part.taakveld.clone(), |_| Some(valid.line.taakveld.clone())),
            product: part.product.clone(),
        };
        let of_year: BTreeSet<Scope> =
            all().filter(|valid| valid.meets(year)).map(filled).collect();
        if of_year.is_empty() { all().map(filled).collect() } else { of_year }
    }

    /// The leaf of a code in a year: as valid in January, or else the first of the year.
    pub(super) fn scope(&self, code: &str, year: i32) -> Option<Scope> {
        let valid = self.find(code).iter().find(|valid| valid.meets(year))?;
        let LineId { wet, taakveld, product, .. } = valid.line.clone();
        Some(Scope { wet: Some(wet), taakveld: Some(taakveld), product: Some(product) })
    }
}

impl Valid {
    /// Whether any month of the year is among these.
    fn meets(&self, year: i32) -> bool {
        self.from <= Month::december(year) && Month::january(year) <= self.to
    }
}

/// The start of a code without a start.
fn start() -> Month {
    Month::january(i32::MIN)
}

/// The end of a code without an end.
fn open() -> Month {
    Month::december(i32::MAX)
}

/// The validity that holds in a month.
pub(super) fn at(valid: &[Valid], month: Month) -> Option<usize> {
    valid.iter().position(|valid| valid.from <= month && month <= valid.to)
}

/// Names are keys in every file that is written, so they are not changed there to be harmless in a spreadsheet
/// program: they must be so from the start.
fn check_names(sheet: &Sheet) -> Result<()> {
    let mut problems = Problems::default();
    for row in 0..sheet.table.rows.len() {
        for field in [Field::Taakveld, Field::Product] {
            let name = sheet.text(field, row);
            if harmless(name) != name {
                problems.add(|| {
                    problem(
                        sheet,
                        row,
                        field,
                        format!("{name:?} is a formula to a spreadsheet program"),
                    )
                    .advice("begin the name with a letter or digit, as in \"Jeugd -18\"")
                });
            }
        }
    }
    problems.finish()
}

/// One row of the table.
struct Row {
    code: String,
    valid: Valid,
    public: bool,
}

fn rows(sheet: &Sheet, problems: &mut Problems) -> Vec<Row> {
    let wets = sheet.parsed(Field::Wet, wet);
    let from = sheet.parsed(Field::ValidFrom, parse::optional_month);
    let to = sheet.parsed(Field::ValidTo, parse::optional_month);
    let publics = sheet.parsed(Field::Public, public);
    let mut rows = Vec::new();
    for row in 0..sheet.table.rows.len() {
        let mut filled = |field| filled(sheet, field, row, problems);
        let names = (filled(Field::Code), filled(Field::Taakveld), filled(Field::Product));
        let wet = sheet.take(wets.as_ref(), row, problems);
        let from = sheet.take(from.as_ref(), row, problems);
        let to = sheet.take(to.as_ref(), row, problems);
        let public = match &publics {
            Some(column) => sheet.take(Some(column), row, problems),
            None => Some(true),
        };
        let (Some(from), Some(to), Some(wet), Some(public)) = (from, to, wet, public) else {
            continue;
        };
        let (Some(code), Some(taakveld), Some(product)) = names else { continue };
        let line = LineId { wet, taakveld, product, side: Side::Lasten };
        let valid = Valid { from: from.unwrap_or(start()), to: to.unwrap_or(open()), row, line };
        if valid.to < valid.from {
            let what = format!("ends in {} before it starts in {}", valid.to, valid.from);
            problems.add(|| {
                problem(sheet, row, Field::ValidTo, what)
                    .advice("both months are included; empty is open")
            });
        } else {
            rows.push(Row { code, valid, public });
        }
    }
    rows
}

fn wet(text: &str) -> parse::Cell<Wet> {
    text.parse().map_err(|_| {
        parse::bad(format!("{text:?} is not a wet"), "write Wmo, Jeugd or Gezamenlijk")
    })
}

/// Whether a line may be told to the public; it may when nothing is said.
fn public(text: &str) -> parse::Cell<bool> {
    match text.to_lowercase().as_str() {
        "" | "ja" => Ok(true),
        "nee" => Ok(false),
        _ => Err(parse::bad(
            format!("{text:?} does not say whether the line is public"),
            "write ja or nee; nothing is ja",
        )),
    }
}

fn filled(sheet: &Sheet, field: Field, row: usize, problems: &mut Problems) -> Option<String> {
    let text = sheet.text(field, row);
    if text.is_empty() {
        problems.add(|| {
            problem(sheet, row, field, "the cell is empty")
                .advice("fill it in, or take the row out")
        });
    }
    (!text.is_empty()).then(|| text.to_owned())
}

fn problem(sheet: &Sheet, row: usize, field: Field, what: impl Into<String>) -> Error {
    Error::input(what).at(sheet.cell_place(field, row))
}

fn overlaps(code: &str, valid: &[Valid], sheet: &Sheet, problems: &mut Problems) {
    // Sorted by start, so a row that overlaps any earlier one overlaps the one that ends last.
    let mut longest: Option<&Valid> = None;
    for next in valid {
        if let Some(before) = longest.filter(|before| next.from <= before.to) {
            let rows = [before.row, next.row].map(|row| sheet.table.rows[row]);
            let what = format!(
                "code {code:?} is valid twice in {}: in row {} and in row {}",
                next.from.max(before.from),
                rows[0],
                rows[1]
            );
            problems.add(|| {
                problem(sheet, next.row, Field::ValidFrom, what)
                    .advice("let the earlier row end the month before the later one starts")
            });
        }
        if longest.is_none_or(|before| next.to > before.to) {
            longest = Some(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<LineTable, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("indeling.csv"), text).unwrap();
        LineTable::read(&Files::in_folder(folder.path()), "indeling.csv", &Privacy::default())
            .map_err(|error| error.to_string())
    }

    const HEADER: &str = "code,geldig_van,geldig_tot,wet,taakveld,product\n";

    #[test]
    fn finds_the_line_of_a_month() {
        let table =
            read(&format!("{HEADER}J1,,2024-12,Jeugd,6.72a,Oud\nJ1,2025-01,,jeugd,6.751,Nieuw\n"))
                .unwrap();
        let valid = table.find("J1");
        let product = |month: &str| {
            at(valid, month.parse().unwrap()).map(|at| valid[at].line.product.as_str())
        };
        assert_eq!((product("2024-12"), product("2025-01")), (Some("Oud"), Some("Nieuw")));
        assert_eq!(table.scope("J1", 2024).unwrap().product.as_deref(), Some("Oud"));
        assert!(table.find("X").is_empty());
    }

    #[test]
    fn a_semicolon_and_extra_columns_do() {
        let text = "code;geldig_van;geldig_tot;wet;taakveld;product;openbaar\nW1;2024-03;2024-05;Wmo;6.71;Hulp;ja\n";
        let table = read(text).unwrap();
        let valid = table.find("W1");
        assert_eq!(at(valid, "2024-02".parse().unwrap()), None);
        assert_eq!(at(valid, "2024-05".parse().unwrap()), Some(0));
        assert_eq!(table.scope("W1", 2024).unwrap().wet, Some(Wet::Wmo));
        assert_eq!(table.scope("W1", 2025), None);
    }

    #[test]
    fn a_line_is_not_public_when_one_of_its_codes_says_so() {
        let text = "code,geldig_van,geldig_tot,wet,taakveld,product,openbaar\n\
                    A,,,Wmo,6.7,Hulp,ja\nB,,,Wmo,6.7,Hulp,nee\nC,,,Wmo,6.7,Zorg,\n";
        let table = read(text).unwrap();
        let public = |product: &str, side| {
            table.is_public(&LineId {
                wet: Wet::Wmo,
                taakveld: "6.7".into(),
                product: product.into(),
                side,
            })
        };
        assert_eq!(
            [
                public("Hulp", Side::Lasten),
                public("Hulp", Side::Baten),
                public("Zorg", Side::Lasten)
            ],
            [false, false, true]
        );
        let message = read(&text.replace("nee", "misschien")).unwrap_err();
        assert!(
            message.starts_with("indeling.csv, row 3, column openbaar: \"misschien\""),
            "{message}"
        );
    }

    #[test]
    fn the_text_is_the_same_for_tables_that_mean_the_same() {
        let one =
            read(&format!("{HEADER}W1,,,Wmo,6.71,\"Hulp, thuis\"\nJ1,2025-01,,Jeugd,6.7,B\n"));
        let other = "taakveld;code;wet;product;geldig_van;geldig_tot;noot\n6.7;J1;jeugd;B;2025-01;;x\n\
                     6.71;W1;Wmo;Hulp, thuis;;;y\n";
        let text = one.unwrap().text();
        assert_eq!(text, read(other).unwrap().text());
        let rows = "J1,2025-01,,Jeugd,6.7,B\nW1,,,Wmo,6.71,\"Hulp, thuis\"\n";
        assert_eq!(text, format!("{HEADER}{rows}"));
        assert_eq!(LineTable::of_text(&text).unwrap().text(), text);
    }

    #[test]
    fn a_name_on_two_lines_may_be_either() {
        let table = read(&format!("{HEADER}A,,,Jeugd,6.7,Hulp\nB,,,Wmo,6.7,Hulp\n")).unwrap();
        let meant = |wet, product: Option<&str>| {
            let taakveld = product.is_none().then(|| "6.7".to_owned());
            table.meant(&Scope { wet, taakveld, product: product.map(Into::into) }, 2025)
        };
        assert_eq!((meant(None, None).len(), meant(None, Some("Hulp")).len()), (2, 2));
        let sure = meant(Some(Wet::Wmo), Some("Hulp")).pop_first().unwrap();
        assert_eq!((sure.wet, sure.taakveld.as_deref()), (Some(Wet::Wmo), Some("6.7")));
        assert_eq!(table.meant(&Scope::default(), 2025).pop_first(), Some(Scope::default()));
        assert!(meant(None, Some("Zorg")).is_empty());
    }

    #[test]
    fn refuses_overlap_and_names_both_rows() {
        let message =
            read(&format!("{HEADER}J1,,,Jeugd,6.7,A\nX,,,Wmo,6.2,B\nJ1,2025-01,,Jeugd,6.7,C\n"))
                .unwrap_err();
        assert!(
            message.starts_with("indeling.csv, row 4, column geldig_van: code \"J1\" is valid twice in 2025-01: in row 2 and in row 4"),
            "{message}"
        );
    }

    #[test]
    fn refuses_bad_rows() {
        for (row, expected) in [
            ("J1,2025-02,2025-01,Jeugd,6.7,A", "ends in 2025-01 before it starts in 2025-02"),
            ("J1,2025-13,,Jeugd,6.7,A", "row 2, column geldig_van: \"2025-13\" is not a month"),
            ("J1,,,Jeugdwet,6.7,A", "row 2, column wet: \"Jeugdwet\" is not a wet"),
            ("J1,,,Jeugd,,A", "row 2, column taakveld: the cell is empty"),
        ] {
            let message = read(&format!("{HEADER}{row}\n")).unwrap_err();
            assert!(message.contains(expected), "{message}");
        }
        assert!(read(HEADER).unwrap_err().contains("has a header but no rows"));
        assert!(
            read("code,wet,taakveld,product\nJ1,Wmo,1,A\n")
                .unwrap_err()
                .contains("has no column \"geldig_van\"")
        );
    }
}
