//! Sums forecast beside their lines, and the lines moved to agree with them: the challenger of adding
//! lines up.
//!
//! The total, every act and every taakveld, lasten and baten apart, have a champion of their own on the
//! sum of their lines, drawn on the same past months as those. In every draw and month [`Reconciliation`] moves the
//! lines; every sum is then that of its lines, as it is without. What was booked by the as-of month stays
//! as it is, and so do lines that ended.

use super::mint::{Reconciliation, shrunk_covariance};
use super::numbers::mean;
use super::{Bands, Draws, Stage, WARM_UP};
use crate::calendar::Event;
use crate::error::Result;
use crate::model::{Context, FittedModel, FittedPanel, MEMORY, Spec, fit};
use crate::panel::{Bridge, Forecast, Hierarchy, Panel, Series};
use crate::units::{Level, LineId, Measure, Month, Months};
use ndarray::{Array2, Axis};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The levels whose sums are forecast, and the sides they are forecast of.
const LEVELS: [Level; 3] = [Level::Totaal, Level::Wet, Level::Taakveld];
const SIDES: [Measure; 2] = [Measure::Lasten, Measure::Baten];
/// With fewer months of errors nothing is known of how they move together.
const FEWEST: usize = 12;

/// The same as [`super::simulate`], with all lines reconciled with forecasts of their sums (`MinT` with a
/// shrunk covariance, path by path).
///
/// With `bands`, the year of each line lies around its reconciled mean and is as wide, relatively, as it
/// would be without. With less than two years of history lines are left as they are.
///
/// # Errors
/// When a sum can not be fitted, or a model can not be brought up to date with its series.
pub fn simulate_reconciled(
    panel: &Panel,
    fitted: &FittedPanel,
    bands: Option<&Bands>,
    events: &[Event],
    bridges: &[Bridge],
    last: Month,
    draws: Draws,
) -> Result<Forecast> {
    let mut stage = Stage::new(panel, fitted, bands, events, bridges, last, draws)?;
    let mut leaves = stage.drawn();
    for (line, paths) in stage.lines.iter().zip(&mut leaves) {
        stage.known(line).stop_where_it_ended(paths, stage.shared.start);
    }
    let sums =
        sums(&stage.lines, &panel.ended).into_par_iter().map(|lines| Sum::fit(&stage, lines));
    let sums: Vec<Sum> = sums.collect::<Result<_>>()?;
    if let Some(errors) = errors(&stage, &sums)? {
        let above = Array2::from_shape_fn((sums.len(), leaves.len()), |(sum, line)| {
            f64::from(u8::from(sums[sum].lines.contains(&line)))
        });
        let agreement = Reconciliation::new(above, &shrunk_covariance(&errors).0)?;
        let paths: Vec<Array2<f64>> = sums.par_iter().map(|sum| sum.simulate(&stage)).collect();
        stage.agree(&mut leaves, &paths, &agreement);
    }
    Ok(stage.forecast(leaves, bands))
}

/// The lines of every sum, by their places: those of more than one line, not all of which ended, and each
/// set of lines once.
fn sums(lines: &[&LineId], ended: &BTreeMap<LineId, Month>) -> Vec<Vec<usize>> {
    let tree = Hierarchy::new(lines.iter().map(|&line| line.clone()), &[]);
    let goes_on = |&at: &usize| !ended.contains_key(lines[at]);
    let mut sums: Vec<Vec<usize>> = Vec::new();
    for node in tree.nodes.iter().filter(|node| LEVELS.contains(&node.level)) {
        for side in SIDES {
            let parts: Vec<usize> = node.weighted(&tree.leaves, side).map(|(at, _)| at).collect();
            if parts.len() > 1 && parts.iter().any(goes_on) && !sums.contains(&parts) {
                sums.push(parts);
            }
        }
    }
    sums
}

/// A sum of lines and its model.
struct Sum {
    lines: Vec<usize>,
    series: Series,
    model: FittedModel,
}

impl Sum {
    fn fit(stage: &Stage, lines: Vec<usize>) -> Result<Self> {
        let series = stage.sum(&lines);
        let model = fit(&Spec::Kampioen, &series, &stage.context_of(&lines))?;
        Ok(Self { lines, series, model })
    }

    /// Draw × month, from the month after the as-of month on.
    fn simulate(&self, stage: &Stage) -> Array2<f64> {
        self.model.simulate(&stage.shared, &stage.context_of(&self.lines))
    }
}

impl Stage<'_> {
    /// What the lines cost together through the as-of month. A line that began later cost nothing
    /// before; a month that waits for invoices costs what is expected of it with what is booked.
    fn sum(&self, lines: &[usize]) -> Series {
        let known: Vec<_> = lines.iter().map(|&line| self.known(self.lines[line])).collect();
        let starts = known.iter().map(|known| known.series.start);
        let start = starts.min().unwrap_or(self.panel.as_of);
        let month = |month: Month| known.iter().map(|known| known.so_far(month)).sum();
        Series::settled(start, start.through(self.panel.as_of).map(month).collect())
    }

    /// What is known beside the history of a sum: the events of any of its lines, and random numbers of
    /// its own.
    fn context_of(&self, lines: &[usize]) -> Context<'_> {
        let mut all = lines.iter().map(|&line| self.context(self.lines[line]));
        let mut context = all.next().unwrap_or_default();
        for line in all {
            context.stream ^= line.stream;
            for event in line.events {
                if !context.events.iter().any(|known| known.id == event.id) {
                    context.events.push(event);
                }
            }
        }
        context
    }

    /// Moves the draws of every month after the as-of month to where they agree with those of the sums, and
    /// what is expected of the lines along with them.
    fn agree(
        &mut self,
        leaves: &mut [Array2<f64>],
        sums: &[Array2<f64>],
        agreement: &Reconciliation,
    ) {
        let (draws, months) = self.shared.dates.dim();
        let ahead = (self.panel.as_of + Months(1) - self.shared.start).count();
        for at in ahead..months {
            let before = rows(leaves, at, draws);
            let mut parts = before.clone();
            agreement.reconcile(&rows(sums, at - ahead, draws), &mut parts);
            for (node, line) in self.lines.iter().enumerate() {
                let mut moved = parts.row_mut(node);
                if self.fitted.models[*line].is_nonnegative() {
                    moved.mapv_inplace(|euros| euros.max(0.0));
                }
                leaves[node].column_mut(at).assign(&moved);
                let by = mean(moved.iter().zip(before.row(node)).map(|(now, then)| now - then));
                if let Some(prospect) = self.prospects.get_mut(*line) {
                    prospect.expected.add(self.shared.start + Months::of(at), by);
                }
            }
        }
    }
}

/// The draws of one month: node × draw.
fn rows(paths: &[Array2<f64>], at: usize, draws: usize) -> Array2<f64> {
    let mut rows = Array2::zeros((paths.len(), draws));
    for (mut row, paths) in rows.axis_iter_mut(Axis(0)).zip(paths) {
        row.assign(&paths.column(at));
    }
    rows
}

/// The one-step errors of the sums and then the lines, node × month; `None` when there are too few
/// months. A line that ended errs no more.
fn errors(stage: &Stage, sums: &[Sum]) -> Result<Option<Array2<f64>>> {
    let panel = stage.panel;
    let first = (panel.first() + WARM_UP).max(panel.as_of + Months(1) - MEMORY);
    let months: Vec<Month> = first.through(panel.as_of).collect();
    if months.len() < FEWEST {
        return Ok(None);
    }
    let of_sum = |sum: &Sum| sum.model.errors(&sum.series, &stage.context_of(&sum.lines));
    let of_line = |line: &LineId| {
        if panel.ended.contains_key(line) {
            return Ok(Series::settled(first, vec![0.0; months.len()]));
        }
        stage.fitted.models[line].errors(&panel.series[line], &stage.context(line))
    };
    let all = sums.iter().map(of_sum).chain(stage.lines.iter().map(|&line| of_line(line)));
    let all: Vec<Series> = all.collect::<Result<_>>()?;
    let cell = |(node, at): (usize, usize)| all[node].get(months[at]).unwrap_or(f64::NAN);
    Ok(Some(Array2::from_shape_fn((all.len(), months.len()), cell)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Side, Wet};
    use std::collections::BTreeSet;

    fn line(wet: Wet, taakveld: &str, product: &str, side: Side) -> LineId {
        LineId { wet, taakveld: taakveld.into(), product: product.into(), side }
    }

    #[test]
    fn sums_hold_two_lines_or_more_of_one_side_and_stand_once() {
        let all = [
            line(Wet::Wmo, "6.711", "a", Side::Lasten),
            line(Wet::Wmo, "6.711", "a", Side::Baten),
            line(Wet::Wmo, "6.711", "b", Side::Lasten),
            line(Wet::Wmo, "6.712", "c", Side::Lasten),
            line(Wet::Jeugd, "6.72", "d", Side::Lasten),
            line(Wet::Jeugd, "6.72", "e", Side::Lasten),
        ];
        let mut lines: Vec<&LineId> = all.iter().collect();
        lines.sort();
        let named = |ended: &BTreeMap<LineId, Month>| -> BTreeSet<String> {
            let names = |sum: Vec<usize>| -> String {
                let names: BTreeSet<&str> = sum.iter().map(|&at| &*lines[at].product).collect();
                names.into_iter().collect()
            };
            sums(&lines, ended).into_iter().map(names).collect()
        };
        assert_eq!(sums(&lines, &BTreeMap::new()).len(), 4);
        // The total, both acts and a taakveld; the only taakveld of an act is that act, and there is one
        // line of baten.
        let wanted = ["ab", "abc", "abcde", "de"].map(str::to_owned);
        assert_eq!(named(&BTreeMap::new()), BTreeSet::from(wanted));
        let gone = [&all[4], &all[5]].map(|line| (line.clone(), Month::january(2020)));
        assert!(!named(&BTreeMap::from(gone)).contains("de"), "all lines of an act ended");
    }
}
