//! From amounts to places on a drawing: units, axes with round ticks, labels that do not overlap.

use crate::report::text;

/// The unit of an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Unit {
    /// Euros in one.
    pub(super) euros: f64,
    /// Its name on an axis.
    pub(super) name: &'static str,
}

impl Unit {
    /// Millions, unless the largest amount on the axis is too small for that.
    pub(super) fn of(largest: f64) -> Self {
        if largest >= 1e6 {
            Self { euros: 1e6, name: "miljoen euro" }
        } else {
            Self { euros: 1e3, name: "duizend euro" }
        }
    }

    /// The decimals of a value beside a line: one for millions, none for thousands.
    pub(super) fn places(self) -> usize {
        usize::from(self.euros >= 1e6)
    }
}

/// A straight axis from values to pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    values: (f64, f64),
    pixels: (f64, f64),
}

impl Axis {
    /// An axis that puts the first value at the first pixel and the second at the second.
    pub(super) fn new(values: (f64, f64), pixels: (f64, f64)) -> Self {
        Self { values, pixels }
    }

    /// The pixel of a value; the first pixel when the axis has no length.
    pub(super) fn at(&self, value: f64) -> f64 {
        let length = self.values.1 - self.values.0;
        let share = if length == 0.0 { 0.0 } else { (value - self.values.0) / length };
        self.pixels.0 + share * (self.pixels.1 - self.pixels.0)
    }
}

/// Round values for an axis, and the decimals to write them with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ticks {
    /// From low to high.
    pub(super) values: Vec<f64>,
    /// Decimals.
    pub(super) places: usize,
}

impl Ticks {
    /// About `wanted` ticks (a quarter more at most) at steps of 1, 2 or 5 times a power of ten, within `low` and `high`.
    pub(super) fn within(low: f64, high: f64, wanted: f64) -> Self {
        let raw = ((high - low) / wanted).max(1e-6);
        let power = 10f64.powf(raw.log10().floor());
        let steps = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power);
        let step = steps.into_iter().find(|&step| step >= raw * 0.8).unwrap_or(steps[3]);
        let first = (low / step - 1e-9).ceil() * step;
        let ticks = (0..100).map(|k| first + f64::from(k) * step);
        let values = ticks.take_while(|&tick| tick <= high + step * 1e-9).collect();
        // The first number of decimals that can write the step.
        let exact = |places: &usize| {
            step * 10f64.powf(f64::from(u8::try_from(*places).unwrap_or(0))) > 0.999
        };
        Self { values, places: (0..7).find(exact).unwrap_or(6) }
    }

    /// A tick as its label.
    pub(super) fn label(&self, value: f64) -> String {
        if value == 0.0 { "0".to_owned() } else { text::decimals(value, self.places) }
    }

    /// A tick of a difference as its label, with its sign.
    pub(super) fn signed(&self, value: f64) -> String {
        if value == 0.0 { "0".to_owned() } else { text::signed(value, self.places) }
    }
}

/// The lowest and highest of values, with some room; around zero when there are none.
pub(super) fn span(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values
        .into_iter()
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
    if low > high {
        return (-1.0, 1.0);
    }
    let room = ((high - low) * 0.06).max(high.abs().max(low.abs()) * 1e-3).max(1e-3);
    (low - room, high + room)
}

/// Moves heights apart until each is at least `gap` from the next, as little as possible, and
/// keeps their order. Works on the heights sorted from top to bottom.
pub(super) fn apart(heights: &[f64], gap: f64) -> Vec<f64> {
    // Clusters of labels that touch: the sum of what each wants for the first, and their number.
    let mut clusters: Vec<(f64, f64)> = Vec::new();
    for &height in heights {
        clusters.push((height, 1.0));
        while let [.., (above, n), (below, m)] = clusters[..] {
            if below / m - above / n >= gap * n {
                break;
            }
            clusters.truncate(clusters.len() - 2);
            clusters.push((above + below - gap * n * m, n + m));
        }
    }
    let spread = |(sum, n): (f64, f64)| {
        (0..).map(f64::from).take_while(move |&k| k < n).map(move |k| sum / n + k * gap)
    };
    clusters.into_iter().flat_map(spread).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        let ticks = Ticks::within(-0.9, 3.2, 5.0);
        assert_eq!((ticks.values, ticks.places), (vec![0.0, 1.0, 2.0, 3.0], 0));
        let ticks = Ticks::within(0.0, 0.23, 5.0);
        assert_eq!(ticks.label(ticks.values[1]), "0,05");
        assert_eq!(Ticks::within(0.0, 0.0, 4.0).values, [0.0]);
        assert_eq!(ticks.signed(0.1), "+0,10");
    }

    #[test]
    fn labels_keep_their_distance() {
        // 10 and 12 share the middle 11, so they go to 3 and 19.
        assert_eq!(apart(&[10.0, 12.0], 16.0), [3.0, 19.0]);
        assert_eq!(apart(&[10.0, 50.0], 16.0), [10.0, 50.0]);
        // Three at one height spread around it.
        assert_eq!(apart(&[40.0, 40.0, 40.0], 16.0), [24.0, 40.0, 56.0]);
        assert_eq!(apart(&[], 16.0), [0.0; 0]);
    }

    #[test]
    fn an_axis_is_straight() {
        let axis = Axis::new((0.0, 10.0), (100.0, 0.0));
        assert_eq!((axis.at(0.0), axis.at(2.5), axis.at(10.0)), (100.0, 75.0, 0.0));
        assert_eq!(span([]), (-1.0, 1.0));
        assert_eq!(span([f64::NAN, 0.0, 1.0]), (-0.06, 1.06));
    }
}
