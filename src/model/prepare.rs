//! What a series goes through before a smoother sees it: logarithms, outliers pulled in, and
//! seasonal indices taken out.
//!
//! ```text
//! x = ln(y + shift) − b · surplus of working days    levels when a line has large negatives
//! x ← x pulled to within 6 robust deviations of its running median (after plain indices)
//! f_k = mean of x − trend over the years, weighted .85 per year of age, centred, shrunk by W
//! W = min(1, 1.25 · 9/11 · V / max(T, V))            V variance of an index, T of all indices
//! a = x − f
//! ```
//!
//! The trend is first a 2×12 moving average, then a local line through x − f. Shrinkage after
//! James and Stein, as Miller and Williams (2003) apply it to seasonal factors; there is no test
//! of seasonality, because shrinkage takes its place. Every constant was measured on the M1 and
//! M3 development files; the guide says what each is worth.

use super::{mean, mean_of, real};
use crate::calendar::working_day_surplus;
use crate::units::{Month, Months};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// The months of a year, and the length of a season.
pub(super) const YEAR: usize = 12;
/// A year and a quarter: the first length at which some months are seen twice.
const NEEDS_SEASON: usize = YEAR + 3;
/// Two years and a month: the first length at which a moving average leaves every month once.
const NEEDS_AVERAGE: usize = 2 * YEAR + 1;
/// Below three years a working day can not be told from chance.
const NEEDS_WORKING_DAYS: usize = 3 * YEAR;
/// The t² below which what a working day brings is not proven.
const PROVEN: f64 = 4.0;
/// Care that is paid per day doubles when the days do: a gain of 1. More than twice that is chance.
const LARGEST_GAIN: f64 = 2.0;
/// Below a year an outlier can not be told.
const NEEDS_CLIPPING: usize = YEAR;
/// Robust deviations from the running median at which a value is cut.
const LIMIT: f64 = 6.0;
/// The reach of the running median on either side.
const MEDIAN_REACH: usize = 4;
/// The reach of the local line on either side.
const LINE_REACH: usize = 12;
/// What a year of age leaves of the weight of a seasonal deviation.
const RECENCY: f64 = 0.85;
/// How much stronger than James and Stein the indices are shrunk.
const EXTRA_SHRINKAGE: f64 = 1.25;
/// (m − 3)/(m − 1) for m = 12 indices.
const JAMES_STEIN: f64 = 9.0 / 11.0;
/// With no year seen twice nothing tells how far to shrink.
const UNKNOWN_SHRINKAGE: f64 = 0.5;
/// Zeros are lifted by this share of the mean size before a logarithm is taken.
const LIFT: f64 = 0.25;
/// A line whose lowest month lies this share of its mean size below zero stays on levels.
const DEEP: f64 = -0.5;
/// How many times the largest month a forecast may be.
const BEYOND: f64 = 10.0;
/// The standard deviation of a normal variable per median absolute deviation.
const ROBUST: f64 = 1.4826;

/// On which scale a line is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Scale {
    /// ln(y + shift).
    Log {
        /// 0 for a positive line.
        shift: f64,
    },
    /// y itself.
    Level,
}

/// What is taken out of a line: its scale, what a working day brings, and its season.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Preparation {
    pub(super) scale: Scale,
    /// The change of x per [`working_day_surplus`].
    working_days: f64,
    /// f per month of the year, January first.
    season: [f64; YEAR],
}

impl Scale {
    /// The scale for `values`.
    pub(super) fn of(values: &[f64]) -> Self {
        let size = size(values);
        let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
        if values.is_empty() || size == 0.0 || lowest < DEEP * size {
            return Self::Level;
        }
        Self::Log { shift: if lowest > 0.0 { 0.0 } else { LIFT * size - lowest } }
    }

    /// From euros. What lies so low that it has no logarithm counts as a hundredth of the shift.
    pub(super) fn apply(self, y: f64) -> f64 {
        match self {
            Self::Log { shift } => (y + shift).max(0.01 * shift.max(f64::MIN_POSITIVE)).ln(),
            Self::Level => y,
        }
    }

    /// What a difference of 1 stands for: a ratio on logarithms, the mean size of `values` on levels.
    pub(super) fn unit(self, values: &[f64]) -> f64 {
        match self {
            Self::Log { .. } => 1.0,
            Self::Level => size(values).max(f64::MIN_POSITIVE),
        }
    }

    pub(super) fn is_logarithmic(self) -> bool {
        matches!(self, Self::Log { .. })
    }

    /// The mean of `values` in euros, above which the shift lies.
    pub(super) fn average(self, values: &[f64]) -> f64 {
        match self {
            Self::Log { shift } => mean(values) + shift,
            Self::Level => mean(values),
        }
    }

    /// How far `now` lies above `then`, both above the shift: ln(now ÷ then), or now − then.
    pub(super) fn apart(self, now: f64, then: f64) -> f64 {
        match self {
            Self::Log { .. } => (now.max(f64::MIN_POSITIVE) / then.max(f64::MIN_POSITIVE)).ln(),
            Self::Level => now - then,
        }
    }

    /// Back to euros.
    pub(super) fn restore(self, x: f64) -> f64 {
        match self {
            Self::Log { shift } => x.clamp(-700.0, 700.0).exp() - shift,
            Self::Level => x,
        }
    }
}

impl Preparation {
    /// Learns what to take out of `values`, and gives them prepared.
    pub(super) fn learn(values: &[f64], start: Month) -> (Self, Vec<f64>) {
        let scale = Scale::of(values);
        let plain = Self { scale, working_days: 0.0, season: [0.0; YEAR] };
        let (learned, a) = plain.with_season(values, start);
        let working_days = working_day_gain(&a, start);
        if working_days == 0.0 {
            return (learned, a);
        }
        Self { working_days, ..plain }.with_season(values, start)
    }

    /// Nothing but the values themselves.
    pub(super) fn none() -> Self {
        Self { scale: Scale::Level, working_days: 0.0, season: [0.0; YEAR] }
    }

    /// The same with the season of `values`, and the values prepared.
    fn with_season(self, values: &[f64], start: Month) -> (Self, Vec<f64>) {
        let phase = start.index();
        let x = clipped(&self.on_scale(values, start), phase);
        let season = indices(&x, phase);
        (Self { season, ..self }, without(&x, &season, phase))
    }

    /// The values prepared with what was learned before.
    pub(super) fn prepare(&self, values: &[f64], start: Month) -> Vec<f64> {
        let phase = start.index();
        without(&clipped(&self.on_scale(values, start), phase), &self.season, phase)
    }

    /// Prepared, but with outliers as they are.
    pub(super) fn unclipped(&self, values: &[f64], start: Month) -> Vec<f64> {
        without(&self.on_scale(values, start), &self.season, start.index())
    }

    fn on_scale(&self, values: &[f64], start: Month) -> Vec<f64> {
        let days = |t: usize| self.working_days * working_day_surplus(start + Months::of(t));
        values.iter().enumerate().map(|(t, &y)| self.scale.apply(y) - days(t)).collect()
    }

    /// A prepared value of `month`, back in euros.
    pub(super) fn restore(&self, month: Month, a: f64) -> f64 {
        let days = self.working_days * working_day_surplus(month);
        self.scale.restore(a + self.season[month.index()] + days)
    }
}

/// What a surplus of working days adds, from changes against changes: b · max(0, 1 − 4/t²), so that
/// a weak effect counts for little and an unproven one for nothing.
fn working_day_gain(a: &[f64], start: Month) -> f64 {
    if a.len() < NEEDS_WORKING_DAYS {
        return 0.0;
    }
    let surplus: Vec<f64> =
        (0..a.len()).map(|t| working_day_surplus(start + Months::of(t))).collect();
    let pairs: Vec<(f64, f64)> = changes(&surplus).zip(changes(a)).collect();
    let squares: f64 = pairs.iter().map(|(days, _)| days * days).sum();
    if squares < 1e-9 {
        return 0.0;
    }
    let gain = pairs.iter().map(|(days, change)| days * change).sum::<f64>() / squares;
    let left: f64 = pairs.iter().map(|(days, change)| (change - gain * days).powi(2)).sum();
    let variance = left / real(a.len() - 3) / squares;
    let proven = gain * gain - PROVEN * variance;
    if proven > 0.0 { (proven / gain).clamp(-LARGEST_GAIN, LARGEST_GAIN) } else { 0.0 }
}

/// No forecast goes further than this: ten times the largest month.
pub(super) fn ceiling(values: &[f64]) -> f64 {
    BEYOND * values.iter().fold(0.0, |most: f64, y| most.max(y.abs()))
}

/// The mean absolute value.
pub(super) fn size(values: &[f64]) -> f64 {
    mean_of(values.iter().map(|y| y.abs()))
}

fn changes(values: &[f64]) -> impl Iterator<Item = f64> + '_ {
    values.windows(2).map(|pair| pair[1] - pair[0])
}

fn without(x: &[f64], season: &[f64; YEAR], phase: usize) -> Vec<f64> {
    x.iter().enumerate().map(|(t, x)| x - season[(t + phase) % YEAR]).collect()
}

/// Pulls values in to within [`LIMIT`] robust deviations of the running median of what plain
/// indices leave; the last months too.
fn clipped(x: &[f64], phase: usize) -> Vec<f64> {
    if x.len() < NEEDS_CLIPPING {
        return x.to_vec();
    }
    let plain = plain_indices(x, phase);
    let a = without(x, &plain, phase);
    let middle = running_median(&a);
    let distances: Vec<f64> = a.iter().zip(&middle).map(|(a, m)| (a - m).abs()).collect();
    let limit = LIMIT * ROBUST * median(&mut distances.clone());
    if limit == 0.0 {
        return x.to_vec();
    }
    let held =
        |t: usize| middle[t] + (a[t] - middle[t]).clamp(-limit, limit) + plain[(t + phase) % YEAR];
    (0..x.len()).map(|t| if distances[t] > limit { held(t) } else { x[t] }).collect()
}

/// Indices without recency or extra shrinkage, from the moving average alone.
fn plain_indices(x: &[f64], phase: usize) -> [f64; YEAR] {
    if x.len() < NEEDS_AVERAGE {
        return [0.0; YEAR];
    }
    seasonal_means(&deviations(x, &moving_average(x)), phase + YEAR / 2, 1.0, 1.0)
}

/// The indices of a series, by month of the year; 0 when it is too short.
fn indices(x: &[f64], phase: usize) -> [f64; YEAR] {
    if x.len() < NEEDS_SEASON {
        return [0.0; YEAR];
    }
    if x.len() < NEEDS_AVERAGE {
        return seasonal_means(&without_slope(x), phase, 1.0, EXTRA_SHRINKAGE);
    }
    let rough = deviations(x, &moving_average(x));
    let first = seasonal_means(&rough, phase + YEAR / 2, RECENCY, EXTRA_SHRINKAGE);
    let trend = local_line(&without(x, &first, phase));
    seasonal_means(&deviations(x, &trend), phase, RECENCY, EXTRA_SHRINKAGE)
}

/// x − trend, where the trend may leave out as many months at the start as at the end.
fn deviations(x: &[f64], trend: &[f64]) -> Vec<f64> {
    let skip = (x.len() - trend.len()) / 2;
    x[skip..].iter().zip(trend).map(|(x, trend)| x - trend).collect()
}

/// Less than two years: the slope is the mean change over a year, which no season touches.
fn without_slope(x: &[f64]) -> Vec<f64> {
    let over_a_year: Vec<f64> = x[YEAR..].iter().zip(x).map(|(now, then)| now - then).collect();
    let slope = mean(&over_a_year) / real(YEAR);
    x.iter().enumerate().map(|(t, x)| x - slope * real(t)).collect()
}

/// Means per month of the year of deviations from a trend, the first of which falls in month
/// `phase`; weighted by `recency` per year of age, centred and shrunk.
fn seasonal_means(deviations: &[f64], phase: usize, recency: f64, extra: f64) -> [f64; YEAR] {
    let fade = recency.powf(1.0 / real(YEAR));
    let mut sums = [Sums::default(); YEAR];
    let mut weight = 1.0;
    for (t, &deviation) in deviations.iter().enumerate().rev() {
        sums[(t + phase) % YEAR].add(deviation, weight);
        weight *= fade;
    }
    let mut season = sums.map(|sums| sums.mean());
    let centre = mean(&season);
    for f in &mut season {
        *f -= centre;
    }
    let left = 1.0 - shrinkage(&sums, &season, extra);
    season.map(|f| left * f)
}

/// W: the share of the indices that chance explains.
fn shrinkage(sums: &[Sums; YEAR], season: &[f64; YEAR], extra: f64) -> f64 {
    let seen = || sums.iter().filter(|sums| sums.count > 0.0);
    let freedom: f64 = seen().map(|sums| sums.count - 1.0).sum();
    if freedom <= 0.0 {
        return UNKNOWN_SHRINKAGE;
    }
    let effective = seen().map(Sums::effective).sum::<f64>() / real(YEAR);
    let of_one = seen().map(Sums::scatter).sum::<f64>() / freedom / effective;
    let of_all = season.iter().map(|f| f * f).sum::<f64>() / real(YEAR - 1);
    let larger = of_all.max(of_one);
    if larger > 0.0 { (extra * JAMES_STEIN * of_one / larger).min(1.0) } else { 1.0 }
}

/// Weighted sums of the deviations of one month of the year.
#[derive(Clone, Copy, Default)]
struct Sums {
    count: f64,
    weight: f64,
    weight2: f64,
    value: f64,
    plain: f64,
    plain2: f64,
}

impl Sums {
    fn add(&mut self, deviation: f64, weight: f64) {
        self.count += 1.0;
        self.weight += weight;
        self.weight2 += weight * weight;
        self.value += weight * deviation;
        self.plain += deviation;
        self.plain2 += deviation * deviation;
    }

    fn mean(&self) -> f64 {
        if self.count > 0.0 { self.value / self.weight } else { 0.0 }
    }

    /// How many equal observations the weighted mean is worth.
    fn effective(&self) -> f64 {
        self.weight * self.weight / self.weight2
    }

    /// Σ(deviation − weighted mean)².
    fn scatter(&self) -> f64 {
        let mean = self.mean();
        (self.plain2 - 2.0 * mean * self.plain + self.count * mean * mean).max(0.0)
    }
}

/// The 2×12 moving average, from the seventh value to the seventh but last.
fn moving_average(x: &[f64]) -> Vec<f64> {
    let one = |window: &[f64]| {
        let inner: f64 = window[1..YEAR].iter().sum();
        (inner + 0.5 * (window[0] + window[YEAR])) / real(YEAR)
    };
    x.windows(YEAR + 1).map(one).collect()
}

/// The median of each value and four neighbours on either side, fewer at the ends.
fn running_median(a: &[f64]) -> Vec<f64> {
    let around = |t: usize| &a[t.saturating_sub(MEDIAN_REACH)..(t + MEDIAN_REACH + 1).min(a.len())];
    let middle = |t: usize| match around(t) {
        nine if nine.len() > 2 * MEDIAN_REACH => middle_of_nine(nine),
        fewer => median(&mut fewer.to_vec()),
    };
    (0..a.len()).map(middle).collect()
}

/// The median of nine: the middle of the highest low, the middle middle and the lowest high of three triples. It
/// has no branches, and is asked for most of all.
fn middle_of_nine(values: &[f64]) -> f64 {
    let [a, b, c] = [0, 3, 6].map(|k| triple(values[k], values[k + 1], values[k + 2]));
    let [lows, middles, highs] = [0, 1, 2].map(|k| triple(a[k], b[k], c[k]));
    triple(lows[2], middles[1], highs[0])[1]
}

/// Three values in order.
fn triple(a: f64, b: f64, c: f64) -> [f64; 3] {
    let ordered = |a: f64, b: f64| if b < a { (b, a) } else { (a, b) };
    let (a, b) = ordered(a, b);
    let (b, c) = ordered(b, c);
    let (a, b) = ordered(a, b);
    [a, b, c]
}

/// The middle value, or the mean of the middle two; 0 for nothing. Moves `values` about.
pub(super) fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let half = values.len() / 2;
    let even = values.len().is_multiple_of(2);
    let (below, &mut upper, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    let lower = below.iter().copied().max_by(f64::total_cmp);
    lower.filter(|_| even).map_or(upper, |lower| f64::midpoint(lower, upper))
}

/// The same of values that are sorted.
pub(super) fn middle(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    match sorted.get(half) {
        None => 0.0,
        Some(&upper) if sorted.len().is_multiple_of(2) => f64::midpoint(sorted[half - 1], upper),
        Some(&upper) => upper,
    }
}

/// w = (1 − (|u|/13)³)³ by u from −12 on, with w·u and w·u².
static TRICUBE: LazyLock<[[f64; 3]; 2 * LINE_REACH + 1]> = LazyLock::new(|| {
    std::array::from_fn(|k| {
        let u = real(k) - real(LINE_REACH);
        let w = (1.0 - (u.abs() / real(LINE_REACH + 1)).powi(3)).powi(3);
        [w, w * u, w * u * u]
    })
});

/// At every point the line through the values up to a year away, weighted by tricube.
pub(super) fn local_line(a: &[f64]) -> Vec<f64> {
    let weights: &[[f64; 3]; 2 * LINE_REACH + 1] = &TRICUBE;
    let total: f64 = weights.iter().map(|[w, ..]| w).sum();
    let inside = |t: usize| t >= LINE_REACH && t + LINE_REACH < a.len();
    let at = |t: usize| {
        if inside(t) {
            // The weights are even around the point, so the slope drops out.
            let window = &a[t - LINE_REACH..=t + LINE_REACH];
            return window.iter().zip(weights).map(|(a, [w, ..])| a * w).sum::<f64>() / total;
        }
        line_at(a, t, weights)
    };
    (0..a.len()).map(at).collect()
}

/// The line at `t` near an end.
fn line_at(a: &[f64], t: usize, weights: &[[f64; 3]]) -> f64 {
    let first = t.saturating_sub(LINE_REACH);
    let near = &a[first..(t + LINE_REACH + 1).min(a.len())];
    let (mut sw, mut sx, mut sy, mut sxx, mut sxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (a, [w, wu, wuu]) in near.iter().zip(&weights[first + LINE_REACH - t..]) {
        sw += w;
        sx += wu;
        sy += w * a;
        sxx += wuu;
        sxy += wu * a;
    }
    let determinant = sw * sxx - sx * sx;
    if determinant > 1e-12 { (sxx * sy - sx * sxy) / determinant } else { sy / sw }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// How far our sums may differ from those of numpy, which takes them in another order.
    const SAME: f64 = 1e-9;
    /// Where these come from stands in `SOURCE.md` beside them.
    const SERIES: &str = include_str!("../../tests/golden/ets/series.csv");
    const PREPARED: &str = include_str!("../../tests/golden/smoothers/expected_prepared.csv");

    /// The numbers of each series, from the third column on.
    fn rows(text: &str) -> BTreeMap<&str, Vec<Vec<f64>>> {
        let mut all: BTreeMap<&str, Vec<Vec<f64>>> = BTreeMap::new();
        for line in text.lines().skip(1) {
            let mut fields = line.split(',');
            let name = fields.next().unwrap();
            let numbers = fields.skip(1).map(|field| field.parse().unwrap()).collect();
            all.entry(name).or_default().push(numbers);
        }
        all
    }

    #[test]
    fn finds_the_middle_of_nine() {
        for seed in 1..200_u32 {
            let values: Vec<f64> =
                (1..10).map(|k| f64::from(seed.wrapping_mul(k * k + 7) % 23)).collect();
            let found = middle_of_nine(&values);
            assert_eq!(found.to_bits(), median(&mut values.clone()).to_bits(), "{values:?}");
        }
    }

    /// Nothing is taken out for working days here: not every line proves a gain, and the recipe has
    /// none. The first month is an April, whose season is then the recipe's first.
    #[test]
    fn prepares_as_the_recipe_does() {
        let (series, start) = (rows(SERIES), Month::january(2010) + Months(3));
        let mut compared = 0;
        for (name, expected) in rows(PREPARED) {
            let y: Vec<f64> = series[name].iter().map(|row| row[0]).collect();
            let scale = Scale::of(&y);
            let plain = Preparation { scale, ..Preparation::none() };
            let (learned, a) = plain.with_season(&y, start);
            assert_eq!((a.len(), y.len()), (expected.len(), expected.len()), "{name}");
            let unit = scale.unit(&y);
            for (t, row) in expected.iter().enumerate() {
                let season = learned.season[(start + Months::of(t)).index()];
                let apart = (a[t] - row[0]).abs().max((season - row[1]).abs()) / unit;
                assert!(apart < SAME, "{name} month {t}: {apart:e} apart");
            }
            if working_day_gain(&a, start) == 0.0 {
                compared += 1;
                assert_eq!(Preparation::learn(&y, start), (learned, a), "{name}");
            }
        }
        assert!(compared >= 6, "only {compared} have no gain of working days");
    }
}
