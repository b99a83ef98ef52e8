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

use super::expect::Prospect;
use super::numbers::real;
use super::replays::{FEATURES, Features, Kind, Replay, features, replays};
use crate::calendar::Event;
use crate::error::Result;
use crate::model::{FittedModel, Shape, Spec, ridge};
use crate::panel::Panel;
use crate::units::LineId;
use std::collections::{BTreeMap, BTreeSet};

const COEFFICIENTS: usize = 2 * FEATURES + 1;
const KINDS: usize = Kind::ALL.len();

// Shipped values.
const SIZE: [f64; COEFFICIENTS] = [
    -1.478, 0.713, -0.021, 0.151, -0.091, 0.123, -0.339, 0.434, -0.251, -0.069, -0.058, 0.078,
    0.096, 0.282, 0.167,
];
const WIDTHS: [f64; KINDS] = [0.20, 1.04, 0.99, 1.34];
const SHAPE: Shape = Shape([-3.54, -1.79, 0.0, 2.14, 4.61]);
/// Where its middle lies with late invoices: a level that moves is seen late in months that are not
/// complete. Without them there is no reason to expect more than is expected.
const MIDDLE: f64 = 0.54;
/// ρ when the whole year is known, and what it grows by when nothing is.
const COMMON: (f64, f64) = (0.015, 0.09);

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
    size: [f64; COEFFICIENTS],
    widths: [f64; KINDS],
    shape: Shape,
}

impl Bands {
    /// The bands that are shipped, for a year of which `known` months are known, with `late` invoices or
    /// without.
    #[must_use]
    pub fn shipped(known: u32, late: bool) -> Self {
        let middle = if late { MIDDLE } else { 0.0 };
        Self {
            known,
            common: COMMON.0 + COMMON.1 * to_come(known),
            errors: 0,
            dates: 0,
            size: SIZE,
            widths: WIDTHS,
            shape: Shape(SHAPE.0.map(|z| z + middle)),
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
    ) -> Result<Self> {
        let known = panel.as_of.of_year() % 12;
        let dates = replays(panel, spec, models, events, known)?;
        let late = panel.late.lines.values().any(|late| late.pattern.is_delayed());
        Ok(Self::shipped(known, late).taught(&dates))
    }

    fn taught(mut self, dates: &[Vec<Replay>]) -> Self {
        let all: Vec<&Replay> = dates.iter().flatten().collect();
        self.errors = all.len();
        self.dates = dates.iter().filter(|replays| !replays.is_empty()).count();
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
        let row =
            |replay: &&Replay| (self.row(&replay.features), (replay.error.abs() + OFFSET).ln());
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

    /// ŝ times the width of its kind.
    pub(super) fn size(&self, panel: &Panel, line: &LineId, prospect: &Prospect) -> f64 {
        let features = features(&panel.series[line], prospect);
        self.size_of(&features) * self.widths[Kind::of(panel, line, prospect) as usize]
    }

    fn size_of(&self, features: &Features) -> f64 {
        let row = self.row(features);
        row.iter().zip(&self.size).map(|(x, b)| x * b).sum::<f64>().clamp(-9.0, 1.0).exp()
    }

    fn row(&self, features: &Features) -> [f64; COEFFICIENTS] {
        let u = to_come(self.known);
        std::array::from_fn(|k| match k.checked_sub(FEATURES) {
            None => features[k],
            Some(k) if k < FEATURES => features[k] * u,
            Some(_) => u.sqrt(),
        })
    }

    /// z at a standard normal quantile.
    pub(super) fn at(&self, normal: f64) -> f64 {
        self.shape.at(normal)
    }
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
        Replay { line, kind, features: [1.0, -3.0, -1.0, -5.0, -3.0, -2.5, 0.0], error }
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
        assert_eq!(Bands::shipped(4, true).taught(&[]), Bands::shipped(4, true));
        assert_eq!(Bands::shipped(4, true).taught(&[vec![]]), Bands::shipped(4, true));
        let ordered = |bands: &Bands| bands.shape.0.is_sorted();
        assert!(
            ordered(&Bands::shipped(0, true))
                && ordered(&Bands::shipped(4, true).taught(&dates(0.1, false)))
        );
    }

    #[test]
    fn larger_errors_make_wider_bands() {
        let width = |scale| {
            let bands = Bands::shipped(4, true).taught(&dates(scale, false));
            let size = bands.size_of(&replay(0, Kind::Quick, 0.0).features);
            size * bands.widths[Kind::Quick as usize] * (bands.at(1.281_552) - bands.at(-1.281_552))
        };
        assert!(width(0.1) > 2.0 * width(0.02), "{} {}", width(0.1), width(0.02));
        // A kind of which nothing was replayed keeps its width.
        let taught = Bands::shipped(4, true).taught(&dates(0.1, false));
        assert!((taught.widths[Kind::Slow as usize] - WIDTHS[2]).abs() < 1e-12);
        assert_eq!((taught.errors, taught.dates), (400, 40));
    }

    #[test]
    fn lines_that_err_together_share_more() {
        let common = |together| Bands::shipped(4, true).taught(&dates(0.05, together)).common;
        let (alone, together) = (common(false), common(true));
        // Forty dates that say 1 beside sixty that say what is shipped.
        let shipped = Bands::shipped(4, true).common;
        assert!((together - (40.0 + 60.0 * shipped) / 100.0).abs() < 1e-9, "{together}");
        assert!(alone < together / 2.0, "{alone} {together}");
    }
}
