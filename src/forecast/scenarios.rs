//! Announced policy that no model has seen: sizes from a table, drawn on top of the baseline, each row
//! a layer of its own (METHODS §3 of the design notes).
//!
//! ```text
//! effect = goes · size · r_t                     size: triangular from low to high, most often central
//!   per cent:        of the path of each line, after the rows before it
//!   euros per year:  a twelfth, over the lines in scope as their expected months are large
//! ```
//!
//! One size and one chance per draw hold for all lines of a row. They come from the seed and the name of
//! the row alone, so a row to come moves neither the baseline nor the luck of another row.

use super::indices::share;
use super::numbers::{mean, real};
use crate::calendar::{Event, Size};
use crate::model::shuffled;
use crate::panel::{Forecast, Layer, Panel};
use crate::units::{LineId, Month, Months, sha256};
use ndarray::{Array2, Axis, ShapeBuilder};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which scenario rows are inside what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PolicyChoice {
    /// None.
    None,
    /// Those that are decided.
    Decided,
    /// All of them.
    All,
}

impl PolicyChoice {
    /// What is at work is in the books, whatever is chosen for what is to come.
    fn holds(self, event: &Event, as_of: Month) -> bool {
        match self {
            _ if event.date <= as_of => true,
            Self::None => false,
            Self::Decided => event.is_certain(),
            Self::All => true,
        }
    }
}

/// The layers of the rows known at the as-of month: first those inside what is expected, by date, each
/// on the paths with those before it; then every other, alone on all of those.
#[must_use]
pub fn layers(
    panel: &Panel,
    forecast: &Forecast,
    events: &[Event],
    choice: PolicyChoice,
    seed: u64,
) -> Vec<Layer> {
    let months = forecast.paths.values.len_of(Axis(2));
    let end = forecast.paths.start + Months::of(months);
    let as_of = panel.as_of;
    let works =
        |event: &&Event| event.is_known(as_of) && event.is_scenario(as_of) && event.date < end;
    let mut events: Vec<&Event> = events.iter().filter(works).collect();
    events.sort_by_key(|event| (!choice.holds(event, as_of), event.date, &event.id));
    let baseline = |(at, line)| (line, forecast.paths.values.index_axis(Axis(0), at).to_owned());
    let touched = |(_, line): &(usize, &LineId)| events.iter().any(|event| event.covers(line));
    let mut paths: Paths =
        forecast.leaves.iter().enumerate().filter(touched).map(baseline).collect();
    let draws = forecast.paths.values.len_of(Axis(1));
    let mut layers = Vec::new();
    for event in events {
        let row = Row::new(event, panel, forecast.paths.start, draws, seed);
        let layer = row.layer(&paths, choice.holds(event, as_of));
        for (line, effect) in layer.effects.iter().filter(|_| layer.inside) {
            if let Some(paths) = paths.get_mut(line) {
                *paths += effect;
            }
        }
        layers.push(layer);
    }
    layers
}

/// Draw × month of the lines that rows touch.
type Paths<'a> = BTreeMap<&'a LineId, Array2<f64>>;

/// One row of the table, its size drawn.
struct Row<'a> {
    event: &'a Event,
    panel: &'a Panel,
    /// The first month of the paths.
    start: Month,
    /// Per draw the full effect, as a share of a path or in euros per month for all lines together;
    /// `None` where it does not go ahead.
    sizes: Vec<Option<f64>>,
    relative: bool,
}

impl<'a> Row<'a> {
    fn new(event: &'a Event, panel: &'a Panel, start: Month, draws: usize, seed: u64) -> Self {
        if event.date <= panel.as_of {
            // At work: what the books say of it is in the baseline, which leaves no doubt of its own.
            let sizes = vec![Some(share(event, panel)); draws];
            return Self { event, panel, start, sizes, relative: true };
        }
        let size = event.size();
        let relative = size.is_some_and(|size| size.percent);
        let unit = if relative { 0.01 } else { 1.0 / 12.0 };
        let chance = event.probability.unwrap_or(1.0);
        let seed = seed ^ seed_of(&event.id);
        let (goes, places) = (uniforms(draws, seed), uniforms(draws, !seed));
        let draw = |(goes, place): (f64, f64)| {
            Some(unit * triangular(size?, place)).filter(|_| goes < chance)
        };
        let sizes = goes.into_iter().zip(places).map(draw).collect();
        Self { event, panel, start, sizes, relative }
    }

    fn layer(&self, paths: &Paths, inside: bool) -> Layer {
        let scope: Vec<_> = paths.iter().filter(|(line, _)| self.event.covers(line)).collect();
        let portions = portions(&scope);
        let effect = |((line, paths), portions): (&(&&LineId, &Array2<f64>), Vec<f64>)| {
            ((**line).clone(), self.effect(line, paths, &portions))
        };
        Layer {
            event: self.event.id.clone(),
            inside,
            lasting: self.event.form.lasts(),
            goes: self.sizes.iter().map(Option::is_some).collect(),
            effects: scope.iter().zip(portions).map(effect).collect(),
        }
    }

    /// What the row does to one line: never below what is booked, never through nil.
    fn effect(&self, line: &LineId, paths: &Array2<f64>, portions: &[f64]) -> Array2<f64> {
        let mut effect = Array2::zeros(paths.dim().f());
        for (at, mut column) in effect.columns_mut().into_iter().enumerate() {
            let month = self.start + Months::of(at);
            let works = self.event.regressor(month);
            if month <= self.panel.as_of || works == 0.0 {
                continue;
            }
            let booked =
                self.panel.booked.get(line).map_or(0.0, |booked| booked.get(month).euros());
            let floor = booked.max(0.0);
            for (draw, euros) in column.iter_mut().enumerate() {
                let path = paths[(draw, at)];
                let of = if self.relative { path } else { portions[at] };
                let full = works * of * self.sizes[draw].unwrap_or(0.0);
                *euros = if path >= 0.0 { full.max(floor.min(path) - path) } else { full };
            }
        }
        effect
    }
}

/// Per line in scope and month, its part of what the lines in scope are expected to come to; even parts
/// where that is nothing.
fn portions(scope: &[(&&LineId, &Array2<f64>)]) -> Vec<Vec<f64>> {
    let means: Vec<Vec<f64>> = scope
        .iter()
        .map(|(_, paths)| {
            paths.columns().into_iter().map(|draws| mean(draws.iter().copied()).max(0.0)).collect()
        })
        .collect();
    let months = means.first().map_or(0, Vec::len);
    let sums: Vec<f64> = (0..months).map(|at| means.iter().map(|line| line[at]).sum()).collect();
    let even = 1.0 / real(scope.len().max(1));
    let portion = |(mean, sum): (&f64, &f64)| if *sum > 0.0 { mean / sum } else { even };
    means.iter().map(|line| line.iter().zip(&sums).map(portion).collect()).collect()
}

/// The middles of as many equal parts of 0 to 1, in an order that depends on `seed`.
fn uniforms(draws: usize, seed: u64) -> Vec<f64> {
    shuffled((0..draws).map(|draw| (real(draw) + 0.5) / real(draws)).collect(), seed)
}

/// A quantile of the triangular distribution.
fn triangular(size: Size, place: f64) -> f64 {
    let Size { low, central, high, .. } = size;
    let (whole, below) = (high - low, central - low);
    if place * whole <= below {
        low + (place * whole * below).sqrt()
    } else {
        high - ((1.0 - place) * whole * (high - central)).sqrt()
    }
}

/// A number that belongs to a name.
fn seed_of(name: &str) -> u64 {
    sha256(name.as_bytes())
        .bytes()
        .take(16)
        .fold(0, |seed, digit| seed << 4 | u64::from(char::from(digit).to_digit(16).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_triangle_has_its_ends_its_peak_and_its_mean() {
        let size = Size { low: -10.0, central: -8.0, high: -2.0, percent: true };
        assert!((triangular(size, 0.0) + 10.0).abs() < 1e-12);
        // A quarter of the triangle lies left of −8: (−8 + 10)/(−2 + 10).
        assert!((triangular(size, 0.25) + 8.0).abs() < 1e-12);
        assert!((triangular(size, 1.0) + 2.0).abs() < 1e-12);
        // The mean is a third of the three.
        let drawn = uniforms(4000, 1).into_iter().map(|place| triangular(size, place));
        assert!((mean(drawn) + 20.0 / 3.0).abs() < 1e-3);
        let point = Size { low: 5.0, central: 5.0, high: 5.0, percent: false };
        assert!((triangular(point, 0.3) - 5.0).abs() < 1e-12);
    }

    #[test]
    fn a_name_has_a_seed_of_its_own() {
        assert_eq!(seed_of("a"), seed_of("a"));
        assert_ne!(seed_of("a"), seed_of("b"));
    }
}
