//! The made-up index table and the tariffs that follow from it.

/// What wages (OVA) and prices (ppc) did in a year, in percent. The final figure of the running year
/// and later is known to nobody yet.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) year: i32,
    pub(super) ova: [f64; 2],
    pub(super) ppc: [f64; 2],
}

/// The share of wages in a tariff; the rest follows prices.
pub(super) const WAGES: f64 = 0.9;
/// The last year whose final figures are published.
pub(super) const FINAL_THROUGH: i32 = 2025;
/// The last year whose provisional figures are published.
pub(super) const PROVISIONAL_THROUGH: i32 = 2027;

const fn index(year: i32, ova: [f64; 2], ppc: [f64; 2]) -> Index {
    Index { year, ova, ppc }
}

/// Provisional and final, per year.
pub(super) const INDICES: [Index; 15] = [
    index(2016, [1.40, 1.62], [0.60, 0.42]),
    index(2017, [1.68, 1.96], [1.30, 1.36]),
    index(2018, [2.42, 2.64], [1.44, 1.62]),
    index(2019, [3.02, 3.22], [1.50, 1.72]),
    index(2020, [3.12, 3.28], [1.48, 1.20]),
    index(2021, [2.08, 2.02], [1.42, 2.16]),
    index(2022, [1.72, 2.74], [1.76, 4.90]),
    index(2023, [4.74, 6.36], [4.87, 7.02]),
    index(2024, [4.94, 6.00], [2.51, 3.10]),
    index(2025, [4.18, 4.62], [1.82, 2.44]),
    index(2026, [4.06, 4.20], [2.04, 2.10]),
    index(2027, [3.42, 3.30], [1.96, 2.00]),
    index(2028, [3.10, 3.20], [1.90, 1.90]),
    index(2029, [2.90, 2.90], [1.90, 1.90]),
    index(2030, [2.80, 2.80], [1.90, 1.90]),
];

/// The step of the tariffs in January of `year`, as a fraction: the provisional rate of the year plus
/// the correction of the year before.
pub(super) fn step(year: i32) -> f64 {
    let rate = |index: &Index, at: usize| WAGES * index.ova[at] + (1.0 - WAGES) * index.ppc[at];
    let of = |year| INDICES.iter().find(|index| index.year == year);
    let provisional = of(year).map_or(0.0, |index| rate(index, 0));
    let correction = of(year - 1).map_or(0.0, |index| rate(index, 1) - rate(index, 0));
    (provisional + correction) / 100.0
}

/// The log of the tariff of `year`, where 2016 is 0.
pub(super) fn log_tariff(year: i32) -> f64 {
    (2017..=year).map(|year| step(year).ln_1p()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrects_last_years_rate() {
        // 2024: .9·4.94 + .1·2.51 = 4.697; correction .9·(6.36 − 4.74) + .1·(7.02 − 4.87) = 1.673.
        assert!((step(2024) - 0.0637).abs() < 1e-12);
        assert!((log_tariff(2018) - (step(2017).ln_1p() + step(2018).ln_1p())).abs() < 1e-15);
    }
}
