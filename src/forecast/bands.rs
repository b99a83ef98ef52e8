//! How wide the band of a year total is.
//!
//! ```text
//! ln ŝ = β · [v, v·u, √u]        the size of ln(outcome ÷ expected); v the features of a line, u the
//!                                part of the year to come
//! outcome = expected · exp(ŝ · width of its kind · z)
//! ```
//!
//! What replays got wrong teaches, over all lines, each held to shipped values as far as replays are
//! few: β by ridge regression of ln(|error| + .002); the width of each kind of line; the shape of z,
//! its spread by the number of lines and its place by lines and dates, since one year moves all lines;
//! and ρ, the part of z that lines have in common, by the number of dates. The recipe has the form of that in
//! LATE.md of the design notes (steps 6 to 9); the kinds, the dates and the shipped values are our
//! own, learned on made-up municipalities (the guide says which).
//!
//! Of a year that lies `k` years further the size is √(ŝ² + (.025 k)²), with ŝ of a year of which nothing is
//! known; replays of this very month of earlier years say how much wider or narrower than that.

use super::expect::Prospect;
use super::numbers::real;
use super::replays::{FEATURES, Features, Kind, Replay, features, replays, replays_ahead};
use crate::calendar::Event;
use crate::error::Result;
use crate::model::{FittedModel, Shape, Spec, ridge};
use crate::panel::Panel;
use crate::units::{LineId, Months, Side};
use std::collections::{BTreeMap, BTreeSet};

const COEFFICIENTS: usize = 2 * FEATURES + 1;
const KINDS: usize = Kind::ALL.len();

// Shipped values.
const SIZE: [f64; COEFFICIENTS] = [
    -1.478, 0.713, -0.021, 0.151, -0.091, 0.123, -0.339, 0.434, -0.251, -0.069, -0.058, 0.078,
    0.096, 0.282, 0.167,
];
const WIDTHS: [f64; KINDS] = [0.20, 1.04, 0.99, 1.34, 0.65, 2.3];
const SHAPE: Shape = Shape([-3.54, -1.79, 0.0, 2.14, 4.61]);
/// Where its middle lies with late invoices: a level that moves is seen late in months that are not
/// complete. Without them there is no reason to expect more than is expected.
const MIDDLE: f64 = 0.54;
/// The same where tariffs are known: a step in January is then no move of the level.
const MIDDLE_OF_VOLUMES: f64 = 0.1;
/// ρ when the whole year is known, and what it grows by when nothing is; below it where tariffs are
/// known, for there a band is narrower and what lines share a larger part of it.
const COMMON: (f64, f64) = (0.015, 0.09);
const COMMON_OF_VOLUMES: (f64, f64) = (0.05, 0.05);

/// What a line grows otherwise than expected adds to its size with every year ahead; half of it where a
/// contract fixes the amount.
const GROWTH: f64 = 0.025;
/// Growth goes on longer than a damped trend has it.
const MIDDLE_AHEAD: f64 = 0.3;
/// The weight of that, in dates.
const AHEAD_WEIGHT: f64 = 10.0;

// The weights of what is shipped: of β and its intercept, of a width in lines and in errors, of the spread of z in
// lines, of its place in dates beside that, of ρ in dates.
const PENALTY: (f64, f64) = (200.0, 10.0);
const WIDTH_WEIGHT: f64 = 2.0;
const WIDTH_ERRORS: f64 = 10.0;
const SPREAD_WEIGHT: f64 = 15.0;
const PLACE_WEIGHT: f64 = 10.0;
const COMMON_WEIGHT: f64 = 60.0;
/// Models of earlier years had less history, and erred more than those of today will: on 110 made-up
/// towns the middle 80 % of what replays found held 83 % of what came.
const PAST: f64 = 0.96;
/// Of 450 new lines on 30 made-up towns the errors after 2, 3, 4, 6 and 9 months were 27, 17, 12, 4 and
/// 1.3 times what their features told.
const YOUTH: (f64, f64) = (60.0, 0.42);
/// How far a mean may lie above what is expected.
const LARGEST_LIFT: f64 = 1.03;
/// Added to an error before its logarithm is taken.
const OFFSET: f64 = 0.002;
/// Lines may not be sure beyond reason.
const NARROWEST: f64 = 0.05;
/// What one line says of what lines have in common: at most so many.
const LARGEST: f64 = 4.0;

/// The bands of year totals of which so many months are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Bands {
    /// The months of the year that are known, 0 to 11.
    pub known: u32,
    /// The part of the variance that all lines have in common.
    pub common: f64,
    /// The errors they rest on.
    pub errors: usize,
    /// The dates that were replayed.
    pub dates: usize,
    /// The different calendar years that the replayed twelve months end in: dates of one year share
    /// its luck.
    pub years: usize,
    size: [f64; COEFFICIENTS],
    widths: [f64; KINDS],
    pub(super) shape: Shape,
    /// The years after the one that is banded.
    pub ahead: Vec<Ahead>,
    /// What the width of a line in a young regime is multiplied by.
    pub(super) wider: BTreeMap<LineId, f64>,
}

/// The bands of a year after the one that is banded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ahead {
    /// What its size is multiplied by.
    width: f64,
    /// The dates that were replayed: as many different years have passed since.
    pub dates: usize,
}

/// The band of one year of one line.
pub(super) struct Year {
    /// Which year.
    pub(super) of: i32,
    /// What z is multiplied by.
    pub(super) size: f64,
    /// ρ: the part of its luck that a line shares with others.
    pub(super) common: f64,
    /// z at the quantiles.
    pub(super) shape: Shape,
    /// The mean lies above the expectation as far as the shape is skewed, but by no more than this: on
    /// rough lines it is all tail, and of young ones the skew is not known.
    pub(super) largest_lift: f64,
}

impl Bands {
    /// The bands that are shipped, for a year of which `known` months are known, with `late` invoices or
    /// without, and with known `tariffs` or without.
    #[must_use]
    pub fn shipped(known: u32, late: bool, tariffs: bool) -> Self {
        let common = if tariffs { COMMON_OF_VOLUMES } else { COMMON };
        let middle = match (late, tariffs) {
            (false, _) => 0.0,
            (true, false) => MIDDLE,
            (true, true) => MIDDLE_OF_VOLUMES,
        };
        Self {
            known,
            common: common.0 + common.1 * to_come(known),
            errors: 0,
            dates: 0,
            years: 0,
            size: SIZE,
            widths: WIDTHS,
            shape: Shape(SHAPE.0.map(|z| z + middle)),
            ahead: Vec::new(),
            wider: BTreeMap::new(),
        }
    }

    /// The bands for the year that the month after the as-of month lies in, learned from what
    /// forecasts of earlier months got wrong; `models` are those of today.
    ///
    /// # Errors
    /// When a line can not be fitted at all.
    pub fn learn(
        panel: &Panel,
        spec: &Spec,
        models: &BTreeMap<LineId, FittedModel>,
        events: &[Event],
        years_ahead: i32,
    ) -> Result<Self> {
        let known = panel.as_of.of_year() % 12;
        let dates = replays(panel, spec, models, events, known)?;
        let late = panel.late.lines.values().any(|late| late.pattern.is_delayed());
        let mut bands = Self::shipped(known, late, panel.has_tariffs()).taught(&dates);
        for (years, dates) in (1..).zip(&replays_ahead(panel, spec, models, events, years_ahead)?) {
            bands.ahead.push(bands.further(years, dates));
        }
        Ok(bands)
    }

    /// The band of a later year, from what forecasts of such years got wrong.
    fn further(&self, years: usize, dates: &[Vec<Replay>]) -> Ahead {
        let score =
            |replay: &Replay| replay.error / self.size_ahead(&replay.features, replay.kind, years);
        let mut scores: Vec<f64> = dates.iter().flatten().map(score).collect();
        let dates = dates.iter().filter(|replays| !replays.is_empty()).count();
        let weight = real(dates) / (real(dates) + AHEAD_WEIGHT);
        let own = (Shape::of(&mut scores).width() / SHAPE.width()).max(NARROWEST);
        let width = if scores.is_empty() { 1.0 } else { own.powf(weight) };
        Ahead { width, dates }
    }

    /// The size of so many years after a year of which nothing is known.
    fn size_ahead(&self, features: &Features, kind: Kind, years: usize) -> f64 {
        let of_a_year = size_at(&SIZE, features, 1.0) * self.widths[kind as usize];
        let growth = if kind == Kind::Fixed { 0.5 * GROWTH } else { GROWTH };
        of_a_year.hypot(growth * real(years))
    }

    /// The bands of a line, from the year that the month after the as-of month lies in through `last`.
    pub(super) fn years(
        &self,
        panel: &Panel,
        line: &LineId,
        prospect: &Prospect,
        surer: f64,
        last: i32,
    ) -> Vec<Year> {
        // What moves care moves what clients pay for it less, and later.
        let shared = |common: f64| if line.side == Side::Lasten { common } else { 0.0 };
        let first = (panel.as_of + Months(1)).year();
        let series = &panel.series[line];
        let (features, kind) = (features(series, prospect), Kind::of(panel, line, prospect));
        let youth = youth(series.values.len());
        let largest_lift = if youth > 1.0 { 1.0 } else { LARGEST_LIFT };
        let surer = surer * self.wider.get(line).copied().unwrap_or(1.0);
        let whole = |years| self.size_ahead(&features, kind, years) * youth;
        let mut years = vec![Year {
            of: first,
            size: surer * self.size(panel, line, prospect),
            common: shared(self.common),
            shape: self.shape,
            largest_lift,
        }];
        years.extend((1..).zip(&self.ahead).zip(first + 1..=last).map(|((years, ahead), of)| {
            Year {
                of,
                size: surer * whole(years) * ahead.width,
                common: shared(COMMON_OF_VOLUMES.0 + COMMON_OF_VOLUMES.1),
                shape: Shape(SHAPE.0.map(|z| z + MIDDLE_AHEAD)),
                largest_lift,
            }
        }));
        years
    }

    fn taught(mut self, dates: &[Vec<Replay>]) -> Self {
        let all: Vec<&Replay> = dates.iter().flatten().collect();
        self.errors = all.len();
        self.dates = dates.iter().filter(|replays| !replays.is_empty()).count();
        self.years = all.iter().map(|replay| replay.year).collect::<BTreeSet<_>>().len();
        if all.is_empty() {
            return self;
        }
        self.learn_size(&all);
        self.learn_widths(&all);
        self.learn_shape(&all);
        self.learn_common(dates);
        self
    }

    fn learn_size(&mut self, all: &[&Replay]) {
        let row = |replay: &&Replay| {
            (row(&replay.features, to_come(self.known)), (replay.error.abs() + OFFSET).ln())
        };
        let rows: Vec<_> = all.iter().map(row).collect();
        let penalty = std::array::from_fn(|k| if k == 0 { PENALTY.1 } else { PENALTY.0 });
        self.size = ridge(&rows, &SIZE, &penalty);
    }

    fn learn_widths(&mut self, all: &[&Replay]) {
        let scores = |keep: &dyn Fn(&Replay) -> bool| {
            let kept = all.iter().filter(|replay| keep(replay));
            kept.map(|replay| replay.error / self.size_of(&replay.features)).collect::<Vec<f64>>()
        };
        let width = |keep: &dyn Fn(&Replay) -> bool| Shape::of(&mut scores(keep)).width();
        let whole = width(&|_| true);
        let widths = Kind::ALL.map(|kind| {
            let alike = || all.iter().filter(|replay| replay.kind == kind);
            let (lines, errors) = (lines(alike()), real(alike().count()));
            let own = (width(&|replay| replay.kind == kind) / whole).max(NARROWEST);
            let weight = lines / (lines + WIDTH_WEIGHT) * errors / (errors + WIDTH_ERRORS);
            (weight, own)
        });
        for (shipped, (weight, own)) in self.widths.iter_mut().zip(widths) {
            if whole > 0.0 && weight > 0.0 {
                *shipped = own.powf(weight) * shipped.powf(1.0 - weight);
            }
        }
    }

    fn learn_shape(&mut self, all: &[&Replay]) {
        let own = self.shape_of(all.iter().copied());
        let weight = lines(all.iter()) / (lines(all.iter()) + SPREAD_WEIGHT);
        let place = weight * real(self.dates) / (real(self.dates) + PLACE_WEIGHT);
        let middle = place * own.middle() + (1.0 - place) * self.shape.middle();
        let around = |shape: Shape, k: usize| shape.0[k] - shape.middle();
        self.shape = Shape(std::array::from_fn(|k| {
            middle + weight * PAST * around(own, k) + (1.0 - weight) * around(SHAPE, k)
        }));
    }

    /// The shape of the z of replays.
    fn shape_of<'a>(&self, replays: impl Iterator<Item = &'a Replay>) -> Shape {
        Shape::of(&mut replays.map(|replay| self.score(replay)).collect::<Vec<_>>())
    }

    /// ρ: the mean product of the z of two lines at one date, over their mean square.
    fn learn_common(&mut self, dates: &[Vec<Replay>]) {
        let middle = self.shape_of(dates.iter().flatten()).middle();
        let (mut shared, mut own) = (0.0, 0.0);
        for replays in dates.iter().filter(|replays| replays.len() > 1) {
            let score = |replay: &Replay| (self.score(replay) - middle).clamp(-LARGEST, LARGEST);
            let scores: Vec<f64> = replays.iter().map(score).collect();
            let sum: f64 = scores.iter().sum();
            let squares: f64 = scores.iter().map(|score| score * score).sum();
            let n = real(scores.len());
            shared += (sum * sum - squares) / (n * (n - 1.0));
            own += squares / n;
        }
        if own > 0.0 {
            let found = (shared / own).clamp(0.0, 1.0);
            let dates = real(self.dates);
            self.common = (dates * found + COMMON_WEIGHT * self.common) / (dates + COMMON_WEIGHT);
        }
    }

    /// z of a replay.
    fn score(&self, replay: &Replay) -> f64 {
        replay.error / self.size_of(&replay.features) / self.widths[replay.kind as usize]
    }

    /// ŝ times the width of its kind, and more for a line of which next to nothing is known.
    pub(super) fn size(&self, panel: &Panel, line: &LineId, prospect: &Prospect) -> f64 {
        let series = &panel.series[line];
        let features = features(series, prospect);
        let kind = Kind::of(panel, line, prospect) as usize;
        self.size_of(&features) * self.widths[kind] * youth(series.values.len())
    }

    fn size_of(&self, features: &Features) -> f64 {
        size_at(&self.size, features, to_come(self.known))
    }
}

/// ŝ by the coefficients `size`, with a part `u` of the year to come.
fn size_at(size: &[f64; COEFFICIENTS], features: &Features, u: f64) -> f64 {
    let row = row(features, u);
    row.iter().zip(size).map(|(x, b)| x * b).sum::<f64>().clamp(-9.0, 1.0).exp()
}

fn row(features: &Features, u: f64) -> [f64; COEFFICIENTS] {
    std::array::from_fn(|k| match k.checked_sub(FEATURES) {
        None => features[k],
        Some(k) if k < FEATURES => features[k] * u,
        Some(_) => u.sqrt(),
    })
}

/// How much further off a line of so many months is than its features tell: replays know no such
/// lines.
fn youth(months: usize) -> f64 {
    (YOUTH.0 * (-YOUTH.1 * real(months)).exp()).max(1.0)
}

/// u.
fn to_come(known: u32) -> f64 {
    f64::from(12 - known) / 12.0
}

/// The number of different lines.
fn lines<'a>(replays: impl Iterator<Item = &'a &'a Replay>) -> f64 {
    real(replays.map(|replay| &replay.line).collect::<BTreeSet<_>>().len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Side, Wet};

    fn replay(line: usize, kind: Kind, error: f64) -> Replay {
        let product = line.to_string();
        let line = LineId { wet: Wet::Wmo, taakveld: "6.711".into(), product, side: Side::Lasten };
        Replay { line, kind, year: 2020, features: [1.0, -3.0, -1.0, -5.0, -3.0, -2.5, 0.0], error }
    }

    /// Forty dates of ten lines whose errors are spread like `scale` times −2, −1, …, 2.
    fn dates(scale: f64, together: bool) -> Vec<Vec<Replay>> {
        let error = |date: usize, line: usize| {
            let place = if together { date * 3 } else { date * 3 + line * 7 + date * line };
            scale * (real(place % 5) - 2.0)
        };
        let of = |date| (0..10).map(|line| replay(line, Kind::Quick, error(date, line))).collect();
        (0..40).map(of).collect()
    }

    #[test]
    fn without_replays_the_bands_are_those_that_are_shipped() {
        assert_eq!(Bands::shipped(4, true, false).taught(&[]), Bands::shipped(4, true, false));
        assert_eq!(
            Bands::shipped(4, true, false).taught(&[vec![]]),
            Bands::shipped(4, true, false)
        );
        let ordered = |bands: &Bands| bands.shape.0.is_sorted();
        assert!(
            ordered(&Bands::shipped(0, true, false))
                && ordered(&Bands::shipped(4, true, false).taught(&dates(0.1, false)))
        );
    }

    #[test]
    fn larger_errors_make_wider_bands() {
        let width = |scale| {
            let bands = Bands::shipped(4, true, false).taught(&dates(scale, false));
            let size = bands.size_of(&replay(0, Kind::Quick, 0.0).features);
            size * bands.widths[Kind::Quick as usize]
                * (bands.shape.at(1.281_552) - bands.shape.at(-1.281_552))
        };
        assert!(width(0.1) > 2.0 * width(0.02), "{} {}", width(0.1), width(0.02));
        // A kind of which nothing was replayed keeps its width.
        let taught = Bands::shipped(4, true, false).taught(&dates(0.1, false));
        assert!((taught.widths[Kind::Slow as usize] - WIDTHS[2]).abs() < 1e-12);
        assert_eq!((taught.errors, taught.dates, taught.years), (400, 40, 1));
    }

    #[test]
    fn lines_that_err_together_share_more() {
        let common =
            |together| Bands::shipped(4, true, false).taught(&dates(0.05, together)).common;
        let (alone, together) = (common(false), common(true));
        // Forty dates that say 1 beside sixty that say what is shipped.
        let shipped = Bands::shipped(4, true, false).common;
        assert!((together - (40.0 + 60.0 * shipped) / 100.0).abs() < 1e-9, "{together}");
        assert!(alone < together / 2.0, "{alone} {together}");
    }
}
