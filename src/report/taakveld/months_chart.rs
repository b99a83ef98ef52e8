//! The line of months of a taakveld, with the band of what is not settled.

use crate::outlook::{MonthRow, Status};
use crate::report::canvas::{
    Alt, BAND80, Canvas, EDGE, EXPECTED, PROVISIONAL, REALISED, Screen, Spot, Type, drawing,
};
use crate::report::frame::Frame;
use crate::report::scale::{Axis, Ticks, Unit, span};
use crate::report::text;
use crate::units::Month;
use maud::Markup;

/// Months in a row, in euros.
pub(super) struct Months {
    first: Month,
    mean: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
    /// How many months are settled, and how many lie behind us.
    settled: usize,
    known: usize,
}

impl Months {
    /// From rows in order, without gaps and at least one.
    pub(super) fn new(rows: &[&MonthRow]) -> Self {
        let euros = |of: fn(&MonthRow) -> f64| rows.iter().map(|row| of(row)).collect();
        let before =
            |status: &[Status]| rows.iter().take_while(|row| status.contains(&row.status)).count();
        Self {
            first: rows[0].month,
            mean: euros(|row| row.mean.euros()),
            low: euros(|row| row.quantiles.p10().euros()),
            high: euros(|row| row.quantiles.p90().euros()),
            settled: before(&[Status::Gerealiseerd]),
            known: before(&[Status::Gerealiseerd, Status::Voorlopig]),
        }
    }
}

/// The chart of half a page, or of a telephone.
pub(super) fn draw(months: &Months, screen: Screen, alt: &Alt) -> Markup {
    let frame = Frame::unlabelled(screen);
    let (low, high) =
        span(months.mean.iter().chain(&months.low).chain(&months.high).copied().chain([0.0]));
    let unit = Unit::of(high.max(-low));
    let ticks = Ticks::within(low / unit.euros, high / unit.euros, 5.0);
    let last = f64::from(u8::try_from(months.mean.len() - 1).unwrap_or(u8::MAX));
    let plot = Plot {
        months,
        x: Axis::new((0.0, last), frame.across()),
        y: Axis::new((low, high), frame.upwards()),
    };
    drawing(screen, frame.size(), alt, |canvas| {
        canvas.text((0.0, 10.0), &format!("{} per maand", unit.name), Type::axis());
        frame.grid(canvas, &plot.y, unit, &ticks, |tick| ticks.label(tick));
        plot.years(canvas, &frame);
        plot.lines(canvas);
    })
}

struct Plot<'a> {
    months: &'a Months,
    x: Axis,
    y: Axis,
}

impl Plot<'_> {
    fn path(&self, values: &[f64], from: usize, end: usize) -> Vec<Spot> {
        let end = end.min(values.len());
        let spot = |at: usize| {
            (self.x.at(f64::from(u8::try_from(at).unwrap_or(u8::MAX))), self.y.at(values[at]))
        };
        (from..end).map(spot).collect()
    }

    fn lines(&self, canvas: &Canvas) {
        let Months { mean, low, high, settled, known, .. } = self.months;
        // Each line begins at the last month of the one before it, so that they meet.
        let joined = |from: usize| from.saturating_sub(1);
        let all = mean.len();
        let (above, below) =
            (self.path(high, joined(*settled), all), self.path(low, joined(*settled), all));
        if above.len() > 1 {
            let around: Vec<Spot> =
                above.iter().copied().chain(below.iter().rev().copied()).collect();
            canvas.area(&around, BAND80);
            canvas.line(&above, EDGE, 1.0);
            canvas.line(&below, EDGE, 1.0);
        }
        canvas.line(&self.path(mean, joined(*known), all), EXPECTED, 2.0);
        canvas.line(&self.path(mean, joined(*settled), *known), PROVISIONAL, 3.0);
        canvas.line(&self.path(mean, 0, *settled), REALISED, 3.0);
    }

    /// The name of every third month below its place, and the year below January.
    fn years(&self, canvas: &Canvas, frame: &Frame) {
        let months = self
            .months
            .first
            .through(self.months.first + crate::units::Months::of(self.months.mean.len() - 1));
        for (at, month) in months.enumerate().filter(|(_, month)| month.index() % 3 == 0) {
            let x = self.x.at(f64::from(u8::try_from(at).unwrap_or(u8::MAX)));
            let name = text::month_short(month.index());
            canvas.text((x, frame.bottom + 12.0), name, Type::axis().centred());
            if month.index() == 0 {
                canvas.text(
                    (x, frame.bottom + 25.0),
                    &month.year().to_string(),
                    Type::axis().centred(),
                );
            }
        }
    }
}
