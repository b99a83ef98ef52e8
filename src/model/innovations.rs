//! The shared randomness of a set of draws: blocks of past months.

use super::normal::normal_quantiles;
use crate::panel::Innovations;
use crate::units::{Month, Months};
use ndarray::{Array2, ShapeBuilder};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::ops::Range;

/// Errors older than so many months are not drawn: how a line moved long ago says little.
pub const MEMORY: Months = Months(60);

/// What sets the two kinds of normal numbers apart.
const COMMON: u64 = 0x636F_6D6D_6F6E;
const OWN: u64 = 0x006F_776E;

/// Draws past months in moving blocks for `months` months from `start` on.
///
/// Each draw joins blocks of `n^{1/3}` consecutive months (4 or 5 for six to ten years; METHODS
/// §4) taken at random from the `n` months of `past` (its end not included). A draw depends on
/// `seed` and its own number only.
#[must_use]
pub fn innovations(
    start: Month,
    months: usize,
    draws: usize,
    seed: u64,
    past: Range<Month>,
) -> Innovations {
    let n = (past.end - past.start).count().max(1);
    let length = block_length(n);
    let mut dates = Array2::from_elem((draws, months).f(), past.start);
    let mut seeds = Vec::with_capacity(draws);
    for (draw, mut row) in dates.rows_mut().into_iter().enumerate() {
        let mut rng = Pcg64::seed_from_u64(mixed(seed ^ mixed(draw as u64)));
        seeds.push(rng.random());
        let mut first = 0;
        for (k, date) in row.iter_mut().enumerate() {
            if k % length == 0 {
                first = rng.random_range(0..=n - length);
            }
            *date = past.start + Months::of(first + k % length);
        }
    }
    let normals = |salt: u64| stratified_normals(draws, months, mixed(seed ^ salt));
    Innovations { start, dates, seeds, common: normals(COMMON), own: normals(OWN) }
}

/// Standard normal numbers whose columns each hold the same quantiles, in random order: every
/// month is spread exactly, however few the draws.
fn stratified_normals(draws: usize, months: usize, seed: u64) -> Array2<f64> {
    let mut rng = Pcg64::seed_from_u64(seed);
    let mut normals = Array2::zeros((draws, months).f());
    let mut column = normal_quantiles(draws);
    for mut month in normals.columns_mut() {
        shuffle(&mut column, &mut rng);
        month.iter_mut().zip(&column).for_each(|(cell, &value)| *cell = value);
    }
    normals
}

/// The same values in an order that depends on `seed`.
#[must_use]
pub fn shuffled(mut values: Vec<f64>, seed: u64) -> Vec<f64> {
    shuffle(&mut values, &mut Pcg64::seed_from_u64(seed));
    values
}

fn shuffle(values: &mut [f64], rng: &mut Pcg64) {
    for last in (1..values.len()).rev() {
        values.swap(last, rng.random_range(0..=last));
    }
}

/// The cube root of `n`, rounded, at least 1 and at most `n`.
fn block_length(n: usize) -> usize {
    (1..=n).find(|k| (2 * k + 1).pow(3) > 8 * n).unwrap_or(1)
}

/// A well mixed number for `x`: the finaliser of `SplitMix64` (Steele, Lea and Flood 2014).
pub(super) fn mixed(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_through_the_past_in_blocks() {
        assert_eq!([1, 8, 64, 120].map(block_length), [1, 2, 4, 5]);
        let past = Month::january(2016)..Month::january(2022);
        let drawn = innovations(Month::january(2022), 10, 200, 7, past.clone());
        let again = innovations(Month::january(2022), 10, 100, 7, past.clone());
        assert!(drawn.dates.rows().into_iter().take(100).eq(again.dates.rows()));
        assert!(drawn.dates.iter().all(|date| past.contains(date)));
        for row in drawn.dates.rows() {
            assert_eq!([row[3] - row[0], row[7] - row[4]], [Months(3), Months(3)]);
        }
        let other = innovations(Month::january(2022), 10, 200, 8, past);
        assert_ne!(drawn.dates, other.dates);
    }

    #[test]
    fn stands_one_month_of_past_or_none() {
        let january = Month::january(2022);
        for past in [january..january + Months(1), january..january] {
            let drawn = innovations(january, 3, 2, 1, past);
            assert!(drawn.dates.iter().all(|&date| date == january));
        }
    }
}
