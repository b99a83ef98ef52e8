//! The paths of one line: what its model draws, moved to what late invoices say, and as wide as the
//! band of the year is.

use super::bands::Bands;
use super::expect::Prospect;
use super::filter::Expected;
use super::numbers::{self, mean};
use super::replays::FAR;
use crate::model::{Context, FittedModel, normal_quantiles, shuffled};
use crate::panel::{Booked, Innovations, LateLine, Pattern, Series};
use crate::units::{Month, Months};
use ndarray::{Array2, ArrayViewMut1, Axis, Slice};

/// The mean lies above the expectation as far as the shape is skewed, but by no more than this: on
/// rough lines it is all tail.
const LARGEST_LIFT: f64 = 1.03;

/// What is known of one line.
pub(super) struct Known<'a> {
    pub(super) series: &'a Series,
    pub(super) booked: &'a Booked,
    pub(super) ended: Option<Month>,
    pub(super) late: Option<&'a LateLine>,
    pub(super) prospect: &'a Prospect,
}

/// The band of a year total.
pub(super) struct Year<'a> {
    /// Which year.
    pub(super) of: i32,
    pub(super) bands: &'a Bands,
    /// What z is multiplied by.
    pub(super) size: f64,
}

impl Known<'_> {
    /// Draw × month from the start of `shared`.
    pub(super) fn paths(
        &self,
        model: &FittedModel,
        year: Option<&Year>,
        shared: &Innovations,
        context: &Context,
    ) -> Array2<f64> {
        let start = self.prospect.expected.start;
        let mut paths = Array2::zeros(shared.dates.dim());
        for (at, month) in shared.start.through(start - Months(1)).enumerate() {
            self.complete(month, paths.column_mut(at), shared, context.stream);
        }
        let mut simulated = model.simulate(shared, context);
        for (at, column) in simulated.columns_mut().into_iter().enumerate() {
            take_in(&self.prospect.expected, at, column);
        }
        let seen = (start - shared.start).count();
        paths.slice_axis_mut(Axis(1), Slice::from(seen..)).assign(&simulated);
        if let Some(year) = year.filter(|_| self.ended.is_none()) {
            self.spread(&mut paths, year, shared, context.stream);
        }
        self.hold_above_booked(&mut paths, shared.start);
        self.stop_where_it_ended(&mut paths, shared.start);
        paths
    }

    /// The draws of a month that the model has seen: what it is, and as unsure as its completion.
    fn complete(
        &self,
        month: Month,
        mut draws: ArrayViewMut1<f64>,
        shared: &Innovations,
        stream: u64,
    ) {
        let euros = self.series.get(month).unwrap_or(0.0);
        draws.fill(euros);
        let open = self.series.provisional_from.is_some_and(|from| month >= from);
        let Some(Pattern { error, lift, .. }) =
            self.late.filter(|_| open).map(|late| &late.pattern)
        else {
            return;
        };
        let back = (self.as_of() - month).count();
        let size = error[back.min(error.len() - 1)].sqrt();
        let factors: Vec<f64> = luck(shared, 0.0, stream.wrapping_add(back as u64))
            .into_iter()
            .map(|normal| (size * normal).exp())
            .collect();
        let mean = mean(factors.iter().copied());
        for (euros, factor) in draws.iter_mut().zip(factors) {
            *euros = (*euros + lift) * factor / mean - lift;
        }
    }

    /// Gives the total of the year its band: in order of their totals the paths are laid along the
    /// quantiles of the band, in draws that share a part of their luck with other lines. A path keeps
    /// its course and is stretched as a whole from the first open month of the year on.
    fn spread(&self, paths: &mut Array2<f64>, year: &Year, shared: &Innovations, stream: u64) {
        let (first, last) = (Month::january(year.of), Month::december(year.of));
        let start = self.prospect.expected.start;
        let mean = self.prospect.total(self.series, first, last);
        let place = |month: Month| (month - shared.start).count();
        let (from, end) = (place(first.max(start)), place(last) + 1);
        if mean <= 0.0 || from >= end {
            return;
        }
        // Months of the year from before the paths start: the same in every draw.
        let settled: f64 = first
            .through(shared.start - Months(1))
            .filter_map(|month| self.series.get(month))
            .sum();
        let sums = |from: usize, end: usize| -> Vec<f64> {
            paths.rows().into_iter().map(|row| row.iter().take(end).skip(from).sum()).collect()
        };
        let (totals, open) = (sums(place(first), end), sums(from, end));
        let before = paths.clone();
        for ((draw, path), target) in in_order(&luck(shared, year.bands.common, stream))
            .into_iter()
            .zip(in_order(&totals))
            .zip(targets(mean, year, totals.len()))
        {
            let rest = target - settled - (totals[path] - open[path]);
            let factor = if open[path] > 0.0 { (rest / open[path]).max(0.0) } else { 1.0 };
            // A year that costs more is followed by years that do, as far as the whole of it goes.
            let whole = settled + totals[path];
            let after = if whole > 0.0 { target / whole } else { 1.0 };
            let mut row = paths.row_mut(draw);
            row.assign(&before.row(path));
            for (at, euros) in row.iter_mut().enumerate().skip(from) {
                *euros *= if at < end { factor } else { after };
            }
        }
    }

    /// After the last month of its codes a line brings nothing but what is booked on it: its
    /// successor has a line of its own.
    fn stop_where_it_ended(&self, paths: &mut Array2<f64>, first: Month) {
        for (at, mut column) in paths.columns_mut().into_iter().enumerate() {
            let month = first + Months::of(at);
            if self.ended.is_some_and(|ended| month > ended) {
                column.fill(self.booked.get(month).euros());
            }
        }
    }

    fn as_of(&self) -> Month {
        self.series.end() - Months(1)
    }

    /// What is booked stays booked, but for what its pattern says will come back.
    fn hold_above_booked(&self, paths: &mut Array2<f64>, first: Month) {
        for (at, mut column) in paths.columns_mut().into_iter().enumerate() {
            let month = first + Months::of(at);
            let booked = self.booked.get(month).euros();
            let least = match self.late {
                Some(late) => late.pattern.least(booked, (self.as_of() - month).0),
                None => booked,
            };
            if booked > 0.0 {
                column.mapv_inplace(|value| value.max(least));
            }
        }
    }
}

/// The year total at each quantile, the lowest first.
fn targets(mean: f64, year: &Year, draws: usize) -> Vec<f64> {
    let at = |normal: f64| mean * (year.size * year.bands.at(normal)).clamp(-FAR, FAR).exp();
    let targets: Vec<f64> = normal_quantiles(draws).into_iter().map(at).collect();
    let lift = numbers::mean(targets.iter().copied()) / mean;
    let held = lift.min(LARGEST_LIFT) / lift;
    targets.into_iter().map(|target| held * target).collect()
}

/// A standard normal number per draw, of whose variance a part `common` is the same for all lines.
fn luck(shared: &Innovations, common: f64, stream: u64) -> Vec<f64> {
    let draws = shared.seeds.len();
    let all = shared.common.column(0);
    let own =
        shuffled(normal_quantiles(draws), stream ^ shared.seeds.first().copied().unwrap_or(0));
    let (with_all, alone) = (common.sqrt(), (1.0 - common).sqrt());
    all.iter().zip(own).map(|(all, own)| with_all * all + alone * own).collect()
}

/// The places of values in ascending order.
fn in_order(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    order
}

/// Moves the draws of a month from what the model expects to what is expected with late invoices.
/// They lie as close together as if only the unknown part of the months so far were ahead.
fn take_in(expected: &Expected, at: usize, mut draws: ArrayViewMut1<f64>) {
    let (prior, mean, unknown) = (expected.prior[at], expected.mean[at], &expected.unknown[..=at]);
    let level = numbers::mean(unknown.iter().copied()).sqrt();
    let narrow = unknown[at].sqrt() * level;
    let centre = draws.mean().unwrap_or(prior);
    let lift = expected.lift;
    let (factor, further) = if prior + lift > 0.0 && mean + lift > 0.0 {
        ((mean + lift) / (prior + lift), 0.0)
    } else {
        (1.0, mean - prior)
    };
    draws.mapv_inplace(|value| {
        factor * (centre + narrow * (value - centre) + lift) - lift + further
    });
}
