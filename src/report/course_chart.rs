//! The two charts of an act through the year: the running total, and its difference from an evenly
//! spread budget, where the band can be seen.

use super::canvas::{
    Alt, BAND50, BAND80, Canvas, EDGE, EXPECTED, INK, LAST_YEAR, LATE, NOW, PROVISIONAL, REALISED,
    SHADE, Screen, Spot, Type, drawing, text_width,
};
use super::frame::{Axes, Frame, Label};
use super::scale::{Axis, Ticks, Unit, span};
use super::text;
use crate::outlook::Cumulative;
use maud::Markup;

/// What months that wait for invoices are called.
const PROVISIONAL_NAME: &str = "voorlopig";

/// The running totals of one act in euros, from nought on 1 January to the end of December: thirteen
/// values, or fewer for what is booked.
#[derive(Clone, Debug)]
pub(super) struct Course {
    booked: Vec<f64>,
    mean: Vec<f64>,
    p10: Vec<f64>,
    p25: Vec<f64>,
    p75: Vec<f64>,
    p90: Vec<f64>,
    /// Last year's, if known.
    pub(super) last_year: Option<Vec<f64>>,
    /// The budget of the whole year, if known.
    pub(super) budget: Option<f64>,
    /// How many months are settled, and how many lie behind us.
    settled: usize,
    now: usize,
}

impl Course {
    /// The course of an act as of month `now` (0 to 11).
    pub(super) fn new(cumulative: &Cumulative, now: usize) -> Self {
        let from_nought =
            |values: &[f64]| std::iter::once(0.0).chain(values.iter().copied()).collect();
        Self {
            booked: from_nought(&cumulative.booked),
            mean: from_nought(&cumulative.mean),
            p10: from_nought(&cumulative.p10),
            p25: from_nought(&cumulative.p25),
            p75: from_nought(&cumulative.p75),
            p90: from_nought(&cumulative.p90),
            last_year: cumulative.last_year.as_ref().map(|values| from_nought(values)),
            budget: cumulative.budget,
            settled: cumulative.first_open.min(12),
            now: now + 1,
        }
    }

    /// Whether some months behind us still wait for invoices.
    pub(super) fn has_late(&self) -> bool {
        self.settled < self.now
    }

    /// The same, less an evenly spread budget.
    fn against_budget(&self) -> Self {
        let budget = self.budget.unwrap_or_default();
        let less = |values: &[f64]| -> Vec<f64> {
            (0..)
                .map(f64::from)
                .zip(values)
                .map(|(month, value)| value - budget * month / 12.0)
                .collect()
        };
        Self {
            booked: less(&self.booked),
            mean: less(&self.mean),
            p10: less(&self.p10),
            p25: less(&self.p25),
            p75: less(&self.p75),
            p90: less(&self.p90),
            last_year: self.last_year.as_ref().map(|values| less(values)),
            budget: self.budget,
            ..*self
        }
    }

    fn values(&self) -> impl Iterator<Item = f64> + '_ {
        let last = self.last_year.iter().flatten();
        self.booked.iter().chain(&self.mean).chain(&self.p10).chain(&self.p90).chain(last).copied()
    }
}

/// The running total with its band, the budget and last year.
pub(super) fn running(course: &Course, screen: Screen, alt: &Alt) -> Markup {
    let frame = Frame::of(screen);
    let (_, high) = span(course.values().chain(course.budget));
    let low = course.values().fold(0.0, f64::min);
    let plot = Plot::new(frame, (low, high));
    drawing(screen, frame.size(), alt, |canvas| {
        canvas.text(
            (0.0, 10.0),
            &format!("{}, opgeteld vanaf januari", plot.unit.name),
            Type::axis(),
        );
        plot.shade(canvas, course);
        plot.grid(canvas, Ticks::label);
        plot.lines(canvas, course);
        if let Some(budget) = course.budget {
            plot.level(canvas, budget);
        }
        plot.now(canvas, course);
        let lowest = frame.labels(canvas, &plot.axes.y, plot.running_labels(course));
        plot.booked_right(canvas, course, lowest);
    })
}

/// The same lines as a difference from an evenly spread budget.
pub(super) fn against_budget(course: &Course, screen: Screen, alt: &Alt) -> Markup {
    let frame = Frame::of(screen);
    let course = course.against_budget();
    let plot = Plot::new(frame, span(course.values()));
    drawing(screen, frame.size(), alt, |canvas| {
        let name = format!("{}, meer (+) of minder (−) dan begroot", plot.unit.name);
        canvas.text((0.0, 10.0), &name, Type::axis());
        plot.shade(canvas, &course);
        plot.grid(canvas, Ticks::signed);
        plot.level(canvas, 0.0);
        plot.lines(canvas, &course);
        plot.now(canvas, &course);
        frame.labels(canvas, &plot.axes.y, plot.gap_labels(&course));
        plot.booked_beside(canvas, &course);
    })
}

/// One of the two charts: its frame, axes and unit.
struct Plot {
    frame: Frame,
    axes: Axes,
    unit: Unit,
    ticks: Ticks,
}

impl Plot {
    fn new(frame: Frame, (low, high): Spot) -> Self {
        let unit = Unit::of(high.max(-low));
        let axes = Axes {
            x: Axis::new((0.0, 12.0), frame.across()),
            y: Axis::new((low, high), frame.upwards()),
        };
        Self { frame, axes, unit, ticks: Ticks::within(low / unit.euros, high / unit.euros, 5.0) }
    }

    fn spot(&self, month: usize, value: f64) -> Spot {
        (self.axes.x.at(f64::from(u8::try_from(month).unwrap_or(u8::MAX))), self.axes.y.at(value))
    }

    /// The line through `values` from month `first` through `last`, both counted from nought.
    fn path(&self, values: &[f64], first: usize, last: usize) -> Vec<Spot> {
        (first..=last)
            .filter_map(|month| values.get(month).map(|&value| self.spot(month, value)))
            .collect()
    }

    /// The area between two lines.
    fn between(&self, (low, high): (&[f64], &[f64]), first: usize, last: usize) -> Vec<Spot> {
        let back = self.path(low, first, last).into_iter().rev();
        self.path(high, first, last).into_iter().chain(back).collect()
    }

    fn grid(&self, canvas: &Canvas, label: impl Fn(&Ticks, f64) -> String) {
        self.frame
            .grid(canvas, &self.axes.y, self.unit, &self.ticks, |tick| label(&self.ticks, tick));
        for month in (0..12).step_by(2).chain([11]).filter(|&month| month != 10) {
            let (x, _) = self.spot(month, 0.0);
            let (next, _) = self.spot(month + 1, 0.0);
            let middle = (f64::midpoint(x, next), self.frame.bottom + 14.0);
            canvas.text(middle, text::month_short(month), Type::axis().centred());
        }
    }

    /// Sets the months that wait for invoices apart, also without colour.
    fn shade(&self, canvas: &Canvas, course: &Course) {
        if !course.has_late() {
            return;
        }
        let ((from, _), (to, _)) = (self.spot(course.settled, 0.0), self.spot(course.now, 0.0));
        canvas.block((from, self.frame.top), (to, self.frame.bottom), SHADE);
        // Beside it stands which month it is now.
        if to - from > 2.4 * text_width(PROVISIONAL_NAME) {
            canvas.text((from, self.frame.top - 10.0), PROVISIONAL_NAME, Type::axis());
        }
    }

    fn level(&self, canvas: &Canvas, value: f64) {
        canvas.line(&[self.spot(0, value), self.spot(12, value)], INK, 1.8);
    }

    fn lines(&self, canvas: &Canvas, course: &Course) {
        let open = course.settled;
        let band = self.between((&course.p10, &course.p90), open, 12);
        if band.len() > 2 {
            canvas.area(&band, BAND80);
            canvas.area(&self.between((&course.p25, &course.p75), open, 12), BAND50);
            canvas.line(&self.path(&course.p90, open, 12), EDGE, 1.0);
            canvas.line(&self.path(&course.p10, open, 12), EDGE, 1.0);
        }
        if let Some(last_year) = &course.last_year {
            canvas.line(&self.path(last_year, 0, 12), LAST_YEAR, 1.6);
        }
        if course.has_late() {
            canvas.area(&self.between((&course.booked, &course.mean), open, course.now), LATE);
        }
        canvas.line(&self.path(&course.mean, open, 12), EXPECTED, 2.0);
        let settled = open.min(course.now);
        canvas.line(&self.path(&course.booked, 0, settled), REALISED, 3.0);
        canvas.line(&self.path(&course.booked, settled, course.now), PROVISIONAL, 3.0);
    }

    /// The line that parts what is behind us from what lies ahead.
    fn now(&self, canvas: &Canvas, course: &Course) {
        let (x, _) = self.spot(course.now, 0.0);
        canvas.line(&[(x, self.frame.top - 14.0), (x, self.frame.bottom)], NOW, 1.2);
        let said = format!("nu: t/m {}", text::month_short(course.now - 1));
        self.beside(canvas, (x, self.frame.top - 10.0), &said, Type::axis());
    }

    fn running_labels(&self, course: &Course) -> Vec<Label> {
        let said =
            |name: &str, value: f64| format!("{name} {}", self.amount(value, text::decimals));
        let mut labels =
            vec![Label::bold(said("verwacht", course.mean[12]), course.mean[12], REALISED)];
        labels.extend(
            course.budget.map(|budget| Label::bold(said("begroting", budget), budget, INK)),
        );
        let last = course.last_year.as_ref().map(|values| values[12]);
        labels.extend(last.map(|value| Label::plain(said("vorig jaar", value), value, LAST_YEAR)));
        labels
    }

    fn gap_labels(&self, course: &Course) -> Vec<Label> {
        let said = |name: &str, value: f64| format!("{name} {}", self.amount(value, text::signed));
        let end = |name: &str, values: &[f64]| (said(name, values[12]), values[12]);
        let plain = |(text, value), colour| Label::plain(text, value, colour);
        let (expected, mean) = end("verwacht", &course.mean);
        let mut labels = vec![
            plain(end("hoog", &course.p90), EDGE),
            Label::bold(expected, mean, REALISED),
            plain(end("laag", &course.p10), EDGE),
            Label::bold("begroting".to_owned(), 0.0, INK),
        ];
        labels.extend(
            course.last_year.as_ref().map(|values| plain(end("vorig jaar", values), LAST_YEAR)),
        );
        labels
    }

    fn amount(&self, value: f64, write: fn(f64, usize) -> String) -> String {
        write(value / self.unit.euros, self.unit.places())
    }

    /// What is booked, below and right of the end of its line, and below the labels where it would
    /// run into them.
    fn booked_right(&self, canvas: &Canvas, course: &Course, lowest: f64) {
        let Some((x, y, value)) = self.booked_end(course) else { return };
        canvas.disc((x, y), 4.0, REALISED);
        let said = format!("geboekt {}", self.amount(value, text::decimals));
        let meets = x + 8.0 + text_width(&said) > self.frame.right;
        let height = if meets { (y + 20.0).max(lowest + 18.0) } else { y + 20.0 };
        let height = height.min(self.frame.bottom - 8.0);
        canvas.text((x + 10.0, height), &said, Type::new(REALISED).bold());
    }

    /// What is booked, beside the end of its line.
    fn booked_beside(&self, canvas: &Canvas, course: &Course) {
        let Some((x, y, value)) = self.booked_end(course) else { return };
        canvas.disc((x, y), 4.0, REALISED);
        let said = format!("geboekt {}", self.amount(value, text::signed));
        self.beside(canvas, (x, y), &said, Type::new(REALISED).bold());
    }

    /// A text left of a spot, or right of it where there is no room.
    fn beside(&self, canvas: &Canvas, (x, y): Spot, said: &str, kind: Type) {
        if x > self.frame.across().0 + text_width(said) {
            canvas.text((x - 9.0, y), said, kind.right());
        } else {
            canvas.text((x + 9.0, y), said, kind);
        }
    }

    fn booked_end(&self, course: &Course) -> Option<(f64, f64, f64)> {
        let value = *course.booked.get(course.now)?;
        let (x, y) = self.spot(course.now, value);
        Some((x, y, value))
    }
}
