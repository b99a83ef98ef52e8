//! The frame of a line chart: where the lines run, the grid, and the labels at their right ends.

use super::canvas::{Canvas, GRID, Screen, Spot, Type};
use super::scale::{Axis, Ticks, Unit, apart};
use plotters::style::RGBColor;

/// The part of a drawing where the lines run, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    width: f64,
    height: f64,
    left: f64,
    /// Where the lines end; the labels stand right of it.
    pub(super) right: f64,
    /// The height of the highest value.
    pub(super) top: f64,
    /// The height of the lowest value.
    pub(super) bottom: f64,
}

/// The two axes of a chart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axes {
    /// Across.
    pub(super) x: Axis,
    /// Upwards.
    pub(super) y: Axis,
}

/// A label at the right end of a line.
pub(super) struct Label {
    text: String,
    value: f64,
    kind: Type,
    leader: RGBColor,
}

/// Between two labels, at least.
const GAP: f64 = 16.0;

impl Label {
    /// A label in bold.
    pub(super) fn bold(text: String, value: f64, colour: RGBColor) -> Self {
        Self { text, value, kind: Type::new(colour).bold(), leader: colour }
    }

    /// A label of less weight.
    pub(super) fn plain(text: String, value: f64, colour: RGBColor) -> Self {
        Self { text, value, kind: Type::new(colour), leader: colour }
    }
}

impl Frame {
    /// The frame of half the page, or of a telephone.
    pub(super) fn of(screen: Screen) -> Self {
        let (width, room) = match screen {
            Screen::Wide => (440.0, 136.0),
            Screen::Narrow => (336.0, 132.0),
        };
        Self { width, height: 296.0, left: 38.0, right: width - room, top: 46.0, bottom: 268.0 }
    }

    /// The same without room for labels at the right.
    pub(super) fn unlabelled(screen: Screen) -> Self {
        Self::with_room(screen, 8.0)
    }

    /// The same with so many pixels for labels at the right.
    pub(super) fn with_room(screen: Screen, room: f64) -> Self {
        let frame = Self::of(screen);
        Self { right: frame.width - room, ..frame }
    }

    /// The size of the drawing.
    pub(super) fn size(&self) -> Spot {
        (self.width, self.height)
    }

    /// The pixels of the first and the last place across.
    pub(super) fn across(&self) -> (f64, f64) {
        (self.left, self.right)
    }

    /// The pixels of the lowest and the highest value.
    pub(super) fn upwards(&self) -> (f64, f64) {
        (self.bottom, self.top)
    }

    /// A line and a label for each tick.
    pub(super) fn grid(
        &self,
        canvas: &Canvas,
        y: &Axis,
        unit: Unit,
        ticks: &Ticks,
        label: impl Fn(f64) -> String,
    ) {
        for &tick in &ticks.values {
            let height = y.at(tick * unit.euros);
            canvas.line(&[(self.left, height), (self.right, height)], GRID, 1.0);
            canvas.text((self.left - 7.0, height), &label(tick), Type::axis().right());
        }
    }

    /// Labels at the right ends of lines, moved apart, each led to its value. Returns the height of
    /// the lowest.
    pub(super) fn labels(&self, canvas: &Canvas, y: &Axis, mut labels: Vec<Label>) -> f64 {
        labels.sort_by(|a, b| b.value.total_cmp(&a.value));
        let wanted: Vec<f64> = labels.iter().map(|label| y.at(label.value)).collect();
        let heights = apart(&wanted, GAP);
        for ((label, &from), &to) in labels.iter().zip(&wanted).zip(&heights) {
            canvas.line(&[(self.right + 2.0, from), (self.right + 12.0, to)], label.leader, 1.0);
            canvas.text((self.right + 15.0, to), &label.text, label.kind);
        }
        heights.last().copied().unwrap_or(self.top)
    }
}
