//! The growth that the lines of a municipality share: prices, demand and policy move them all, and
//! one line alone is too lumpy to show by how much.
//!
//! ```text
//! g = (N − 4)/(N + 6) · median over N lines of ln(last twelve months ÷ the twelve before) ÷ 12
//! ```
//!
//! The yearly growth of a line deviates by about .1 from that of the others, and shared growth by .03
//! from none: with N lines the median deserves about N/(N + 10). Four lines or fewer show nothing that
//! they do not show alone.

use super::prepare::median;
use super::real;
use crate::panel::{Panel, Series};

/// Two years.
const SPAN: usize = 24;
/// How far back growth is told: as far as calibration looks.
const BACK: usize = 36;
/// So many lines show nothing together; and the weight of no growth, in lines.
const FEW: f64 = 4.0;
const STILL: f64 = 10.0;

/// g per month as it could be seen 0, 1, 2, … months ago, each line to its own last settled month.
#[must_use]
pub fn shared_growth(panel: &Panel) -> Vec<f64> {
    let goes_on = panel.series.iter().filter(|(line, _)| !panel.ended.contains_key(line));
    let settled: Vec<Series> = goes_on.map(|(_, series)| series.learnable()).collect();
    (0..=BACK).map(|back| growth(&settled, back)).collect()
}

fn growth(lines: &[Series], back: usize) -> f64 {
    let mut all: Vec<f64> = lines.iter().filter_map(|line| of_line(line, back)).collect();
    let telling = (real(all.len()) - FEW).max(0.0);
    telling / (telling + STILL) * median(&mut all) / 12.0
}

/// ln(last twelve ÷ the twelve before) of a line with money in both, `back` months ago.
fn of_line(line: &Series, back: usize) -> Option<f64> {
    let end = line.values.len().checked_sub(back)?;
    let (before, last) = line.values.get(end.checked_sub(SPAN)?..end)?.split_at(SPAN / 2);
    let (before, last): (f64, f64) = (before.iter().sum(), last.iter().sum());
    (before > 0.0 && last > 0.0).then(|| (last / before).ln())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Month;

    #[test]
    fn is_the_middle_of_the_lines_held_to_none() {
        let line = |before: f64, last: f64| {
            let values = [vec![before; 12], vec![last; 12]].concat();
            Series::settled(Month::january(2020), values)
        };
        // Once ln 1.1 and five times ln 1.2: two telling lines beside ten of no growth.
        let mut lines = vec![line(100.0, 110.0), line(0.0, 9.0)];
        lines.extend((0..5).map(|_| line(50.0, 60.0)));
        let expected = 2.0 / 12.0 * 1.2_f64.ln() / 12.0;
        assert!((growth(&lines, 0) - expected).abs() < 1e-12);
        assert!(growth(&lines, 1).abs() < 1e-12, "less than two years");
    }
}
