//! Where the table of a file begins: its delimiter, sheet and header.

use super::words;
use crate::error::{Place, Result};
use crate::ledger::options::Source;
use crate::ledger::parse;
use crate::ledger::table::heads;
use crate::ledger::table::peek::{self, Peek};
use crate::units::Cents;

/// The header that was found.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) delimiter: u8,
    pub(super) sheet: String,
    /// The other sheets of the workbook.
    pub(super) others: Vec<String>,
    pub(super) first: u32,
    pub(super) last: u32,
    /// Whether rows stand above it.
    pub(super) titles: bool,
    /// The texts in those rows.
    pub(super) above: Vec<String>,
}

/// Finds the header of a CSV file or a workbook: the row with most words that headers are made of.
pub(super) fn start(bytes: &[u8], source: &Source, at: &Place) -> Result<Option<Start>> {
    let mut best: Option<(usize, Start)> = None;
    for delimiter in [b';', b',', b'\t', b'|'] {
        let peeks = peek::peek(bytes, source, delimiter, at)?;
        for peek in &peeks {
            let Some((score, mut start)) = header(peek) else { continue };
            start.delimiter = delimiter;
            let others = peeks.iter().filter(|other| other.sheet != peek.sheet);
            start.others = others.map(|other| format!("{:?}", other.sheet)).collect();
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, start));
            }
        }
    }
    Ok(best.map(|(_, start)| start))
}

/// The header of a sheet and how many of its cells are known words.
fn header(peek: &Peek) -> Option<(usize, Start)> {
    let counted = peek.rows.iter().enumerate().map(|(at, (_, cells))| (known(cells), at));
    let best = counted.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let (score, at) = best.filter(|(score, _)| *score >= 2)?;
    let row = |at: usize| peek.rows[at].0;
    let pair = |upper: usize| {
        let (upper, lower) = (peek.rows.get(upper)?, peek.rows.get(upper + 1)?);
        (lower.0 == upper.0 + 1 && is_upper(&upper.1, &lower.1)).then_some((upper.0, lower.0))
    };
    let (first, last) =
        at.checked_sub(1).and_then(pair).or_else(|| pair(at)).unwrap_or_else(|| (row(at), row(at)));
    let titles = first != row(0);
    let sheet = peek.sheet.clone();
    let above = peek.rows.iter().take_while(|(row, _)| *row < first);
    let above = above.flat_map(|(_, cells)| cells.iter().cloned()).collect();
    Some((score, Start { delimiter: b';', sheet, others: Vec::new(), first, last, titles, above }))
}

/// The row in which the header of a sheet seems to stand.
pub(super) fn header_of(peek: &Peek) -> Option<u32> {
    header(peek).map(|(_, start)| start.first)
}

/// How many cells of a row are words that headers are made of. A cell with a figure is none, so that rows
/// of data and long titles lose.
fn known(cells: &[String]) -> usize {
    let is_head = |cell: &&String| {
        let month = heads::month(cell).is_some() && cell.trim().parse::<u32>().is_err();
        month || (words::is_known(cell) && !is_figure(cell))
    };
    cells.iter().filter(is_head).count()
}

/// Whether a row is the upper of two rows of a header: some names with gaps behind them, and below it
/// more names and no figure.
fn is_upper(upper: &[String], lower: &[String]) -> bool {
    let filled = |cells: &[String]| cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let texts = lower.iter().all(|cell| !is_figure(cell));
    filled(upper) >= 2
        && filled(upper) < filled(lower)
        && texts
        && known(upper) >= 1
        && upper.iter().all(|cell| !is_figure(cell))
}

fn is_figure(cell: &str) -> bool {
    let amount = |mark| {
        let value = crate::ledger::table::Value { text: cell.trim().into(), number: false };
        parse::amount(&value, mark, 0).map_or(Cents::ZERO, Cents::abs) != Cents::ZERO
    };
    parse::date(cell.trim()).is_some_and(|(_, day)| day.is_some()) || amount(',') || amount('.')
}
