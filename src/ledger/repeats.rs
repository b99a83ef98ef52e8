//! Rows of one file that are the same in every column in use.

use super::sheet::Sheet;
use super::table::Column;
use rayon::prelude::*;

/// The lower half of a mark is the row, the upper half a hash of its cells.
const ROW: u64 = 0xffff_ffff;
/// So many of the first bits of a hash tell of which part it is.
const PART: u32 = 2;

/// Rows that repeat an earlier one, each with the first of its like, in order.
pub(super) fn repeats(sheet: &Sheet) -> Vec<(usize, usize)> {
    let columns = sheet.mapped();
    let rows = sheet.table.rows.len();
    let marks: Vec<u64> =
        (0..rows).into_par_iter().with_min_len(1 << 12).map(|row| mark(&columns, row)).collect();
    let mut marks = perhaps_twice(&marks);
    marks.sort_unstable();
    let alike = marks.chunk_by(|a, b| a & !ROW == b & !ROW).filter(|marks| marks.len() > 1);
    let mut found: Vec<(usize, usize)> =
        alike.flat_map(|marks| of_one_hash(&columns, marks)).collect();
    found.sort_unstable();
    found
}

/// Leaves out most rows that have no like, since sorting is dear: those that are alone in their place, of
/// eight for each row. Each part of the hashes has places of its own, so that they stay near at hand.
fn perhaps_twice(marks: &[u64]) -> Vec<u64> {
    let parts = (0..1_u64 << PART).into_par_iter();
    parts.flat_map_iter(|part| perhaps_twice_in(marks, part)).collect()
}

fn perhaps_twice_in(marks: &[u64], part: u64) -> Vec<u64> {
    let places = ((marks.len() >> PART) + 1).next_power_of_two() * 8;
    let shift = u64::BITS - places.trailing_zeros();
    let place = |mark: u64| {
        // The hash alone: the row must not tell alike rows apart.
        let at = ((mark & !ROW) << PART) >> shift;
        (usize::try_from(at / 64).unwrap_or(0), 1_u64 << (at % 64))
    };
    let (mut once, mut twice) = (vec![0_u64; places / 64 + 1], vec![0_u64; places / 64 + 1]);
    let of_part = || marks.iter().copied().filter(|mark| mark >> (u64::BITS - PART) == part);
    for mark in of_part() {
        let (word, bit) = place(mark);
        twice[word] |= once[word] & bit;
        once[word] |= bit;
    }
    let is_twice = |&mark: &u64| {
        let (word, bit) = place(mark);
        twice[word] & bit != 0
    };
    of_part().filter(is_twice).collect()
}

/// The hash of a row (FNV-1a over whole cells) and the row itself.
fn mark(columns: &[&Column], row: usize) -> u64 {
    let hash = columns.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, column| {
        (hash ^ u64::from(column.cells[row])).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
    });
    hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) & !ROW | row as u64
}

/// Rows of one hash, in order, need not be the same.
fn of_one_hash(columns: &[&Column], marks: &[u64]) -> Vec<(usize, usize)> {
    let same = |a: usize, b: usize| columns.iter().all(|column| column.cells[a] == column.cells[b]);
    let mut firsts: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for row in marks.iter().filter_map(|mark| usize::try_from(mark & ROW).ok()) {
        match firsts.iter().find(|&&first| same(row, first)) {
            Some(&first) => found.push((row, first)),
            None => firsts.push(row),
        }
    }
    found
}
