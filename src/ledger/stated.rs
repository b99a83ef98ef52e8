//! What people stated per year: budgets, forecasts and control totals.

use super::crossing;
use super::lines::LineTable;
use super::options::{Field, Source};
use super::parse::{self, Cell};
use super::problems::Problems;
use super::sheet::{Parsed, Sheet};
use super::types::{BudgetRow, ControlTotal, HumanForecast, Origin, Scope};
use crate::error::{Error, Result};
use crate::taakveld::code_of;
use crate::units::{Cents, Month, Side, Wet};
use std::collections::{BTreeMap, BTreeSet};

const NAMES: [Field; 3] = [Field::Wet, Field::Taakveld, Field::Product];

const NO_LINE: &str = "add it to the line table, or take the row out";

/// A row of any such file: an amount for a year, part and side.
struct Stated {
    row: usize,
    year: i32,
    scope: Scope,
    side: Side,
    amount: Cents,
}

/// Budgets while they are read: of each year, part and side the versions in reading order.
#[derive(Default)]
pub(super) struct Budgets {
    versions: BTreeMap<(i32, Scope, Side), Vec<BudgetRow>>,
}

impl Budgets {
    /// Adds the rows of a file. Rows of one version add up.
    pub(super) fn read(
        &mut self,
        file: u32,
        sheet: &Sheet,
        source: &Source,
        lines: &LineTable,
    ) -> Result<()> {
        let mut problems = Problems::default();
        let adopted = sheet.parsed(Field::Adopted, parse::optional_month);
        names_a_line(sheet)?;
        for stated in rows(sheet, source, lines, &mut problems) {
            let month = if adopted.is_some() {
                sheet.take(adopted.as_ref(), stated.row, &mut problems)
            } else {
                Some(None)
            };
            let Some(month) = month else { continue };
            let version = sheet.text(Field::Version, stated.row).to_owned();
            let (row, place) = (stated.row, sheet.place(Some(stated.row)));
            if let Err(error) = self.add(stated, version, month, origin(file, sheet, row)) {
                problems.add(|| error.at(place));
            }
        }
        problems.finish()
    }

    fn add(
        &mut self,
        stated: Stated,
        version: String,
        adopted: Option<Month>,
        origin: Origin,
    ) -> Result<()> {
        let Stated { year, scope, side, amount, .. } = stated;
        let rows = self.versions.entry((year, scope.clone(), side)).or_default();
        if adopted.is_none() && rows.first().is_some_and(|first| first.version != version) {
            let what = format!(
                "version {version:?} of {year} is not the first and has no month in which it was adopted"
            );
            return Err(Error::input(what)
                .advice("fill in the column adopted (vastgesteld), for instance 2026-07"));
        }
        let adopted = adopted.unwrap_or(Month::january(year));
        if let Some(same) = rows.iter_mut().find(|row| row.version == version) {
            if same.adopted != adopted {
                let what = format!(
                    "version {version:?} of {year} was adopted in {} and in {adopted}",
                    same.adopted
                );
                return Err(Error::input(what)
                    .advice("give all rows of a version one month, or each month its version"));
            }
            same.amount += amount;
        } else if let Some(other) = rows.iter().find(|row| row.adopted == adopted) {
            let what = format!(
                "versions {:?} and {version:?} of {year} were both adopted in {adopted}",
                other.version
            );
            return Err(Error::input(what).advice("fill in the month in which each was adopted"));
        } else {
            rows.push(BudgetRow { year, scope, side, amount, version, adopted, origin });
        }
        Ok(())
    }

    /// All versions, by year, part, side and month.
    pub(super) fn finish(self) -> Vec<BudgetRow> {
        let mut rows: Vec<BudgetRow> = self.versions.into_values().flatten().collect();
        rows.sort_by(|a, b| {
            (a.year, &a.scope, a.side, a.adopted).cmp(&(b.year, &b.scope, b.side, b.adopted))
        });
        rows
    }
}

/// Adds the forecasts of a file; rows of one forecast for the same year, part and side add up.
pub(super) fn human_forecasts(
    all: &mut Vec<HumanForecast>,
    sheet: &Sheet,
    source: &Source,
    lines: &LineTable,
) -> Result<()> {
    let mut problems = Problems::default();
    let made = sheet.parsed(Field::Made, parse::month);
    names_a_line(sheet)?;
    for Stated { row, year, scope, side, amount } in rows(sheet, source, lines, &mut problems) {
        let Some(made) = sheet.take(made.as_ref(), row, &mut problems) else { continue };
        let name = sheet.text(Field::Name, row).to_owned();
        let new = HumanForecast { year, scope, side, amount, made, name };
        let same = |old: &&mut HumanForecast| HumanForecast { amount, ..(**old).clone() } == new;
        match all.iter_mut().find(same) {
            Some(old) => old.amount += amount,
            None => all.push(new),
        }
    }
    problems.finish()
}

/// The control totals of a file; rows for the same thing add up, as the categories of an Iv3 taakveld do.
pub(super) fn controls(
    file: u32,
    sheet: &Sheet,
    source: &Source,
    lines: &LineTable,
) -> Result<Vec<ControlTotal>> {
    let mut problems = Problems::default();
    let month = sheet.parsed(Field::Month, parse::optional_month_of_year);
    let quarter = sheet.parsed(Field::Quarter, parse::optional_quarter);
    let mut totals: Vec<ControlTotal> = Vec::new();
    let mut places = BTreeMap::new();
    for Stated { row, year, scope, side, amount } in rows(sheet, source, lines, &mut problems) {
        let mut part = |column: Option<&Parsed<'_, Option<u32>>>| match column {
            Some(column) => sheet.take(Some(column), row, &mut problems),
            None => Some(None),
        };
        let (Some(month), Some(quarter)) = (part(month.as_ref()), part(quarter.as_ref())) else {
            continue;
        };
        if month.is_some() && quarter.is_some() {
            problems.add(|| {
                Error::input("is for a month and for a quarter")
                    .at(sheet.place(Some(row)))
                    .advice("leave one of the two empty")
            });
            continue;
        }
        let of_file = Some(sheet.text(Field::File, row).to_owned()).filter(|name| !name.is_empty());
        let key = (year, month, quarter, side, scope.clone(), of_file.clone());
        let at = *places.entry(key).or_insert(totals.len());
        if let Some(total) = totals.get_mut(at) {
            total.amount += amount;
            continue;
        }
        let origin = origin(file, sheet, row);
        totals.push(ControlTotal { year, month, quarter, side, scope, of_file, amount, origin });
    }
    problems.finish().map(|()| totals)
}

pub(super) fn origin(file: u32, sheet: &Sheet, row: usize) -> Origin {
    Origin { file, row: sheet.table.rows[row] }
}

fn names_a_line(sheet: &Sheet) -> Result<()> {
    if sheet.has(Field::Code) || NAMES.iter().any(|&field| sheet.has(field)) {
        return Ok(());
    }
    Err(Error::input("has no column that says what the amounts are for")
        .at(sheet.place(None))
        .advice("map code, or wet, taakveld or product under [source.columns]"))
}

fn rows(sheet: &Sheet, source: &Source, lines: &LineTable, problems: &mut Problems) -> Vec<Stated> {
    let year = sheet.parsed(Field::Year, parse::year);
    let side = sheet.parsed(Field::Side, |text| source.side(text));
    let amount = sheet.parsed_values(Field::Amount, |value| source.amount(value));
    let wet = sheet.parsed(Field::Wet, optional_wet);
    let mut rows = Vec::new();
    for row in 0..sheet.table.rows.len() {
        let year = sheet.take(year.as_ref(), row, problems);
        let amount = sheet.take(amount.as_ref(), row, problems);
        let side = if side.is_some() {
            sheet.take(side.as_ref(), row, problems)
        } else {
            Some(Side::Lasten)
        };
        let scope = year.and_then(|year| scope(sheet, lines, wet.as_ref(), row, year, problems));
        let (Some(year), Some(amount), Some(side), Some(scope)) = (year, amount, side, scope)
        else {
            continue;
        };
        let flips = source.flips_baten && side == Side::Baten;
        rows.push(Stated { row, year, scope, side, amount: if flips { -amount } else { amount } });
    }
    rows
}

/// What a row is for. Its code, or else its names, must be in the line table: a budget on a name
/// nobody books on would count nowhere. Names get the wet and the taakveld they stand under, without
/// which they would count in the total only.
fn scope(
    sheet: &Sheet,
    lines: &LineTable,
    wet: Option<&Parsed<'_, Option<Wet>>>,
    row: usize,
    year: i32,
    problems: &mut Problems,
) -> Option<Scope> {
    if sheet.has(Field::Code) {
        let code = sheet.text(Field::Code, row);
        let scope = lines.scope(code, year);
        if scope.is_none() {
            let place = sheet.cell_place(Field::Code, row);
            problems.add(|| {
                Error::input(format!("code {code:?} is not in the line table in {year}"))
                    .at(place)
                    .advice(NO_LINE)
            });
        }
        return scope;
    }
    let wet = if wet.is_some() { sheet.take(wet, row, problems)? } else { None };
    let name = |field| Some(sheet.text(field, row).to_owned()).filter(|name| !name.is_empty());
    let part = Scope { wet, taakveld: name(Field::Taakveld), product: name(Field::Product) };
    let mut meant = lines.meant(&part, year);
    let code = part.taakveld.as_deref().and_then(code_of);
    if let Some(code) = code.filter(|_| meant.is_empty()) {
        // A name may stand behind the code.
        meant = lines.meant(&Scope { taakveld: Some(code), ..part }, year);
    }
    if meant.len() == 1 {
        return meant.pop_first();
    }
    let filled: Vec<(Field, &str)> = NAMES
        .map(|field| (field, sheet.text(field, row)))
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let names = filled.iter().map(|(_, text)| *text).collect::<Vec<_>>().join(" / ");
    let place = filled.last().map(|(field, _)| sheet.cell_place(*field, row));
    let place = place.unwrap_or_else(|| sheet.place(Some(row)));
    let advice = part.taakveld.as_deref().and_then(|taakveld| crossing::advice(taakveld, lines));
    problems.add(|| unclear(&names, &meant, advice).at(place));
    None
}

/// The error for names that mean no line, or more than one thing.
fn unclear(names: &str, meant: &BTreeSet<Scope>, advice: Option<String>) -> Error {
    if meant.is_empty() {
        let advice = advice.unwrap_or_else(|| NO_LINE.to_owned());
        return Error::input(format!("no line of the line table is {names:?}")).advice(advice);
    }
    let full = |scope: &Scope| {
        let wet = scope.wet.map(|wet| wet.to_string());
        let parts = [wet, scope.taakveld.clone(), scope.product.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" / ")
    };
    let candidates = meant.iter().map(full).collect::<Vec<_>>().join(", or ");
    Error::input(format!("{names:?} may be {candidates}"))
        .advice("name the wet too, and for a product its taakveld")
}

fn optional_wet(text: &str) -> Cell<Option<Wet>> {
    let wrong = |_| parse::bad(format!("{text:?} is not a wet"), "write Wmo, Jeugd or Gezamenlijk");
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(wrong) }
}
