//! Months that stand out so far that they count as once.

use super::prepare::Preparation;
use crate::panel::Series;
use crate::units::Month;

/// What months hold beyond what their neighbours allow, in the unit of the series: what the models pull
/// in before they learn.
#[must_use]
pub fn one_offs(series: &Series) -> Vec<(Month, f64)> {
    let (preparation, _) = Preparation::learn(&series.values, series.start);
    let whole = preparation.unclipped(&series.values, series.start);
    let pulled_in = preparation.prepare(&series.values, series.start);
    let beyond = |((month, value), (whole, held)): ((Month, f64), (&f64, &f64))| {
        (whole - held).abs().gt(&1e-9).then(|| (month, value - preparation.restore(month, *held)))
    };
    series.iter().zip(whole.iter().zip(&pulled_in)).filter_map(beyond).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_out_counts() {
        let start = Month::january(2020);
        let mut series =
            Series::settled(start, (0..48).map(|t| 100.0 + f64::from(t * 7 % 5)).collect());
        assert!(one_offs(&series).is_empty());
        series.values[40] = 400.0;
        let found = one_offs(&series);
        assert_eq!(found.len(), 1);
        // 400 less a month as its neighbours are: 6 robust deviations above about 102.
        assert!(
            found[0].0 == start + crate::units::Months(40) && (250.0..300.0).contains(&found[0].1)
        );
    }
}
