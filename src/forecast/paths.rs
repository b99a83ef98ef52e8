//! The paths of one line: what its model draws, moved to what late invoices say, and as wide as the
//! band of the year is.

use super::bands::Year;
use super::expect::Prospect;
use super::filter::Expected;
use super::numbers::{self, mean};
use super::replays::FAR;
use crate::model::{Context, FittedModel, shuffled};
use crate::panel::{Booked, Index, Innovations, LateLine, Pattern, Series};
use crate::units::{Month, Months};
use ndarray::{Array2, ArrayViewMut1, Axis, ShapeBuilder, Slice};

/// How alike the luck of one year and the next is.
const STAYS: f64 = 0.7;

/// What is known of one line.
pub(super) struct Known<'a> {
    pub(super) series: &'a Series,
    pub(super) booked: &'a Booked,
    /// What the series is multiplied by to get euros of the day, in which is booked.
    pub(super) index: Option<&'a Index>,
    pub(super) ended: Option<Month>,
    pub(super) late: Option<&'a LateLine>,
    pub(super) prospect: &'a Prospect,
    /// The standard normal quantiles, one for each draw.
    pub(super) normals: &'a [f64],
}

impl Known<'_> {
    /// Draw × month from the start of `shared`, in the unit of the series: what the model draws, moved to
    /// what late invoices say.
    pub(super) fn drawn(
        &self,
        model: &FittedModel,
        shared: &Innovations,
        context: &Context,
    ) -> Array2<f64> {
        let start = self.prospect.expected.start;
        // The draws of a month lie side by side: all that follows goes month by month.
        let mut paths = Array2::zeros(shared.dates.dim().f());
        let seen = shared.start.through(start - Months(1)).enumerate();
        for (at, month) in seen.filter(|(_, month)| context.asks_for(*month)) {
            self.complete(month, paths.column_mut(at), shared, context.stream);
        }
        let mut simulated = model.simulate(shared, context);
        for (at, column) in simulated.columns_mut().into_iter().enumerate() {
            if context.asks_for(start + Months::of(at)) {
                take_in(&self.prospect.expected, at, column);
            }
        }
        let seen = (start - shared.start).count();
        paths.slice_axis_mut(Axis(1), Slice::from(seen..)).assign(&simulated);
        paths
    }

    /// What was drawn, as wide as the band of the year is, held to what is booked, in euros of the day.
    pub(super) fn finished(
        &self,
        mut paths: Array2<f64>,
        years: &[Year],
        shared: &Innovations,
        stream: u64,
    ) -> Array2<f64> {
        if let [year, later @ ..] = years
            && self.ended.is_none()
        {
            self.spread(&mut paths, year, shared, stream);
            for year in later {
                self.stretch(&mut paths, year, shared, stream);
            }
        }
        self.to_euros_of_the_day(&mut paths, shared);
        self.hold_above_booked(&mut paths, shared.start);
        self.stop_where_it_ended(&mut paths, shared.start);
        paths
    }

    /// What a month through the as-of month cost, or is expected to have, in the unit of the series.
    pub(super) fn so_far(&self, month: Month) -> f64 {
        if self.ended.is_some_and(|ended| month > ended) {
            self.booked.get(month).euros() / self.index.map_or(1.0, |index| index.at(month))
        } else {
            self.prospect.total(self.series, month, month)
        }
    }

    /// Gives every month its tariff. A tariff that is not certain yet is drawn, for all lines alike.
    fn to_euros_of_the_day(&self, paths: &mut Array2<f64>, shared: &Innovations) {
        let Some(index) = self.index else { return };
        let mut drift = vec![0.0; paths.nrows()];
        let mut grown = vec![1.0; paths.nrows()];
        let mut year = shared.start.year() - 1;
        for (at, mut column) in paths.columns_mut().into_iter().enumerate() {
            let month = shared.start + Months::of(at);
            while year < month.year() {
                year += 1;
                if let Some(size) = index.unsure.get(&year) {
                    let luck = shuffled(self.normals.to_vec(), shared.seed_of_year(year));
                    // Half the variance is taken off, so that the mean stays what it was.
                    let step = |luck| size * luck - 0.5 * size * size;
                    drift.iter_mut().zip(luck).for_each(|(sum, luck)| *sum += step(luck));
                    grown = drift.iter().map(|drift| drift.exp()).collect();
                }
            }
            let worth = index.at(month);
            column.iter_mut().zip(&grown).for_each(|(x, grown)| *x *= worth * grown);
        }
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
        let factors: Vec<f64> = self
            .luck(shared, 0.0, stream.wrapping_add(back as u64))
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
        let (totals, open) = (sums(paths, place(first), end), sums(paths, from, end));
        let mut places = vec![(0, 1.0); totals.len()];
        for ((draw, path), target) in in_order(&self.luck(shared, year.common, stream))
            .into_iter()
            .zip(in_order(&totals))
            .zip(self.targets(mean, year))
        {
            let rest = target - settled - (totals[path] - open[path]);
            let factor = if open[path] > 0.0 { (rest / open[path]).max(0.0) } else { 1.0 };
            places[draw] = (path, factor);
        }
        for (at, mut column) in paths.columns_mut().into_iter().enumerate() {
            let before = column.to_vec();
            let within = (from..end).contains(&at);
            for (euros, (path, factor)) in column.iter_mut().zip(&places) {
                *euros = if within { before[*path] * factor } else { before[*path] };
            }
        }
    }

    /// Gives a later year its band. A draw that was lucky in the year before is likely so again, and its
    /// path keeps its course.
    fn stretch(&self, paths: &mut Array2<f64>, year: &Year, shared: &Innovations, stream: u64) {
        let (first, last) = (Month::january(year.of), Month::december(year.of));
        let mean = self.prospect.total(self.series, first, last);
        let (from, end) = ((first - shared.start).count(), (last - shared.start).count() + 1);
        if mean <= 0.0 || end > paths.ncols() {
            return;
        }
        let before = self.luck(shared, year.common, stream);
        let seed = shared.seed_of_year(year.of);
        let all = shuffled(self.normals.to_vec(), !seed);
        let new = self.blended(all, year.common, stream ^ seed);
        let both = |(before, new)| STAYS * before + (1.0 - STAYS * STAYS).sqrt() * new;
        let luck: Vec<f64> = before.into_iter().zip(new).map(both).collect();
        let mut factors = sums(paths, from, end);
        for (draw, target) in in_order(&luck).into_iter().zip(self.targets(mean, year)) {
            let total = factors[draw];
            factors[draw] = if total > 0.0 { target / total } else { 1.0 };
        }
        for mut column in paths.columns_mut().into_iter().take(end).skip(from) {
            column.iter_mut().zip(&factors).for_each(|(euros, factor)| *euros *= factor);
        }
    }

    /// After the last month of its codes a line brings nothing but what is booked on it: its
    /// successor has a line of its own.
    pub(super) fn stop_where_it_ended(&self, paths: &mut Array2<f64>, first: Month) {
        for (at, mut column) in paths.columns_mut().into_iter().enumerate() {
            let month = first + Months::of(at);
            if self.ended.is_some_and(|ended| month > ended) {
                column.fill(self.booked.get(month).euros());
            }
        }
    }

    /// The year total at each quantile, the lowest first.
    fn targets(&self, mean: f64, year: &Year) -> Vec<f64> {
        let at = |&normal: &f64| mean * (year.size * year.shape.at(normal)).clamp(-FAR, FAR).exp();
        let targets: Vec<f64> = self.normals.iter().map(at).collect();
        let lift = numbers::mean(targets.iter().copied()) / mean;
        let held = lift.min(year.largest_lift) / lift;
        targets.into_iter().map(|target| held * target).collect()
    }

    /// A standard normal number per draw, of whose variance a part `common` is the same for all lines.
    fn luck(&self, shared: &Innovations, common: f64, stream: u64) -> Vec<f64> {
        let seed = stream ^ shared.seeds.first().copied().unwrap_or(0);
        self.blended(shared.common.column(0).to_vec(), common, seed)
    }

    /// The same with luck of its own, of which a part `common` is `all`.
    fn blended(&self, all: Vec<f64>, common: f64, seed: u64) -> Vec<f64> {
        let own = shuffled(self.normals.to_vec(), seed);
        let (with_all, alone) = (common.sqrt(), (1.0 - common).sqrt());
        all.into_iter().zip(own).map(|(all, own)| with_all * all + alone * own).collect()
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

/// What each draw comes to in the months `from` to `end`.
fn sums(paths: &Array2<f64>, from: usize, end: usize) -> Vec<f64> {
    let mut months = paths.columns().into_iter().take(end).skip(from);
    let mut sums = months.next().map_or_else(|| vec![0.0; paths.nrows()], |first| first.to_vec());
    for month in months {
        sums.iter_mut().zip(month).for_each(|(sum, euros)| *sum += euros);
    }
    sums
}

/// The places of values in ascending order.
fn in_order(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<(f64, usize)> = values.iter().copied().zip(0..).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    order.into_iter().map(|(_, place)| place).collect()
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
