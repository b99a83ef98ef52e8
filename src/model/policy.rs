//! What policy events did to a line, and a shift that no event explains, estimated and taken out
//! before anything else is learned.
//!
//! ```text
//! x'_t = x_t − Σ effect · (r_t − r_∞)      r: the regressor of the event, r_∞ what it ends at
//! ```
//!
//! So the months before a step are moved to the new level, and the months of a pulse to the level
//! around it; a forecast puts back what an event still does. An effect is the least-squares slope
//! of the seasonally adjusted months on r, within 18 months of the start; it is shrunk by
//! max(0, 1 − 16/t²), with an error for autocorrelated months, so that an event that shows little
//! moves nothing.
//!
//! What is left may still shift: the last 36 months are split where the distances from the median of
//! each part are least. Where the split saves 70 % of the distances and is at most a year old, the
//! months before it move by the difference of the medians. Weaker signs were tried and do not pay.

use super::prepare::{Preparation, Scale, median, middle};
use super::{Context, mean, real};
use crate::calendar::Event;
use crate::panel::Series;
use crate::units::{Month, Months};
use serde::{Deserialize, Serialize};

/// An effect is estimated from this many months on either side of the start of an event.
const AROUND: i32 = 18;
/// The months that an event must have worked, and those that must be known before it.
const WORKED: i32 = 3;
const BEFORE: i32 = 12;
/// The t² below which an effect is not proven.
const PROVEN: f64 = 16.0;
/// Where a shift is looked for, the least months on either side, and its greatest age.
const LOOKED_AT: usize = 36;
const LEAST: usize = 4;
const YOUNG: usize = 12;
/// The share of the distances that a shift must explain.
const EXPLAINED: f64 = 0.7;
/// The months before a shift that show what it came from.
const CAME_FROM: usize = 18;
/// How much larger the variance of a slope is when months are correlated by .3: (1 + .3)/(1 − .3).
const CORRELATED: f64 = 1.86;

/// The effects of the events that a line has seen, on its scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Effects {
    scale: Scale,
    /// Effects by the id of the event.
    events: Vec<(String, f64)>,
    /// The first month after a shift that no event explains, and its size.
    shift: Option<(Month, f64)>,
}

/// A line without the effects of events, and prepared.
pub(super) struct Clean {
    pub(super) effects: Effects,
    pub(super) history: Series,
    pub(super) preparation: Preparation,
    pub(super) prepared: Vec<f64>,
}

impl Effects {
    /// Estimates what the events of `context` did to `history`, the earliest first, and takes it out.
    pub(super) fn learn(history: &Series, context: &Context) -> Clean {
        let scale = Scale::of(&history.values);
        let none = Self { scale, events: Vec::new(), shift: None };
        let mut clean = none.clean(history, context);
        let mut events: Vec<&Event> =
            context.events.iter().copied().filter(|event| has_shown(event, history)).collect();
        events.sort_by_key(|event| event.date);
        for event in events {
            let effect = effect(event, clean.history.start, &clean.prepared);
            if effect != 0.0 {
                clean.effects.events.push((event.id.clone(), effect));
                clean = clean.effects.clean(history, context);
            }
        }
        if let Some((at, by)) = shift(&clean.prepared) {
            clean.effects.shift = Some((clean.history.start + Months::of(at), by));
            clean = clean.effects.clean(history, context);
        }
        clean
    }

    fn clean(self, history: &Series, context: &Context) -> Clean {
        let history = self.without(history, context);
        let (preparation, prepared) = Preparation::learn(&history.values, history.start);
        Clean { effects: self, history, preparation, prepared }
    }

    /// `history` as it would have been at the level that the events lead to.
    pub(super) fn without(&self, history: &Series, context: &Context) -> Series {
        if self.events.is_empty() && self.shift.is_none() {
            return history.clone();
        }
        let shifted = |month| match self.shift {
            Some((from, by)) if month < from => by,
            _ => 0.0,
        };
        let move_back = |(month, y)| self.moved(y, shifted(month) - self.at(month, context));
        Series::settled(history.start, history.iter().map(move_back).collect())
    }

    /// What the events still do to `y` in `month`.
    pub(super) fn put_back(&self, month: Month, y: f64, context: &Context) -> f64 {
        if self.events.is_empty() { y } else { self.moved(y, self.at(month, context)) }
    }

    fn moved(&self, y: f64, by: f64) -> f64 {
        if by == 0.0 { y } else { self.scale.restore(self.scale.apply(y) + by) }
    }

    /// Σ effect · (r − r_∞). An event that is no longer known has no effect.
    fn at(&self, month: Month, context: &Context) -> f64 {
        let one = |(id, effect): &(String, f64)| {
            let event = context.events.iter().find(|event| event.id == *id)?;
            Some(effect * (event.regressor(month) - ends_at(event)))
        };
        self.events.iter().filter_map(one).sum()
    }
}

/// Whether the months before and since an event are there to see what it did.
fn has_shown(event: &Event, history: &Series) -> bool {
    (event.date - history.start).0 >= BEFORE && (history.end() - event.date).0 >= WORKED
}

fn ends_at(event: &Event) -> f64 {
    if event.form.lasts() { 1.0 } else { 0.0 }
}

/// The slope of `a` on the regressor of the event, as far as it is proven.
fn effect(event: &Event, start: Month, a: &[f64]) -> f64 {
    let months = a.iter().enumerate().map(|(t, a)| (start + Months::of(t), a));
    let near = |(month, _): &(Month, &f64)| (*month - event.date).0.abs() <= AROUND;
    let (r, a): (Vec<f64>, Vec<f64>) =
        months.filter(near).map(|(month, a)| (event.regressor(month), a)).unzip();
    let (centre_r, centre_a) = (mean(&r), mean(&a));
    let squares: f64 = r.iter().map(|r| (r - centre_r).powi(2)).sum();
    if squares < 1e-9 {
        return 0.0;
    }
    let pairs = || r.iter().zip(&a).map(|(r, a)| (r - centre_r, a - centre_a));
    let slope = pairs().map(|(r, a)| r * a).sum::<f64>() / squares;
    let left: f64 = pairs().map(|(r, a)| (a - slope * r).powi(2)).sum();
    let variance = CORRELATED * left / real(r.len().max(4) - 2) / squares;
    let proven = slope * slope - PROVEN * variance;
    if proven > 0.0 { proven / slope } else { 0.0 }
}

/// A young shift that explains most of what the last months do: its first month, and its size.
fn shift(a: &[f64]) -> Option<(usize, f64)> {
    let first = a.len() - a.len().min(LOOKED_AT);
    let recent = &a[first..];
    let (before, since) = (medians(recent.iter()), medians(recent.iter().rev()));
    let cost = |at: usize| {
        let (before, since) = (before[at - 1], since[recent.len() - at - 1]);
        distances(&recent[..at], before) + distances(&recent[at..], since)
    };
    let splits = LEAST..(recent.len() + 1).saturating_sub(LEAST);
    let (at, left) = splits.map(|at| (at, cost(at))).min_by(|x, y| x.1.total_cmp(&y.1))?;
    let whole = distances(recent, *before.last()?);
    if left > (1.0 - EXPLAINED) * whole || recent.len() - at > YOUNG {
        return None;
    }
    let came_from = &a[(first + at).saturating_sub(CAME_FROM)..first + at];
    let by = since[recent.len() - at - 1] - median(&mut came_from.to_vec());
    Some((first + at, by)).filter(|_| whole > 0.0)
}

/// The median of the first value, of the first two, and so on.
fn medians<'a>(values: impl Iterator<Item = &'a f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = Vec::with_capacity(LOOKED_AT);
    let median = |&value: &f64| {
        let place = sorted.partition_point(|other| other.total_cmp(&value).is_lt());
        sorted.insert(place, value);
        middle(&sorted)
    };
    values.map(median).collect()
}

/// Σ|value − median|.
fn distances(values: &[f64], median: f64) -> f64 {
    values.iter().map(|value| (value - median).abs()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Form;

    fn event(form: Form, at: i32, months: Option<u32>) -> Event {
        Event::made_up(form, Month::january(2016) + Months(at), months)
    }

    /// Four years of about 100 a month, times 3 where the event works.
    fn history(event: &Event) -> Series {
        let start = Month::january(2016);
        let value = |t: usize| {
            let works = event.regressor(start + Months::of(t));
            (100.0 + real(t * 7 % 5)) * 3.0_f64.powf(works)
        };
        Series::settled(start, (0..48).map(value).collect())
    }

    #[test]
    fn moves_the_past_to_where_an_event_leads() {
        for form in [Form::Step, Form::Billing, Form::Recode] {
            let event = event(form, 36, None);
            let context = Context { events: vec![&event], ..Context::default() };
            let history = history(&event);
            let clean = Effects::learn(&history, &context).history;
            assert!(clean.values.iter().all(|y| (280.0..330.0).contains(y)), "{:?}", clean.values);
            let known_no_more =
                Effects::learn(&history, &context).effects.without(&history, &Context::default());
            assert_eq!(known_no_more.values.len(), 48);
        }
    }

    #[test]
    fn takes_a_pulse_out_and_knows_when_it_is_over() {
        let event = event(Form::Pulse, 44, Some(6));
        let context = Context { events: vec![&event], ..Context::default() };
        let history = history(&event);
        let Clean { effects, history: clean, .. } = Effects::learn(&history, &context);
        // Six months prove most of it.
        assert!(clean.values.iter().all(|y| (95.0..135.0).contains(y)), "{:?}", clean.values);
        let back = |t: usize| effects.put_back(history.start + Months::of(t), 100.0, &context);
        assert!(back(49) > 220.0 && (back(50) - 100.0).abs() < 1e-9, "{}", back(49));
    }

    #[test]
    fn sees_a_collapse_that_no_event_explains() {
        let known = event(Form::Step, 40, None);
        let history = history(&known);
        let Clean { effects, history: clean, .. } = Effects::learn(&history, &Context::default());
        assert!(clean.values.iter().all(|y| (280.0..330.0).contains(y)), "{:?}", clean.values);
        assert_eq!(effects.shift.unwrap().0, known.date);
    }

    #[test]
    fn leaves_alone_what_shows_nothing() {
        let event = event(Form::Step, 30, None);
        let context = Context { events: vec![&event], ..Context::default() };
        let quiet = Series::settled(
            Month::january(2016),
            (0..48).map(|t| 100.0 + real(t * 7 % 5)).collect(),
        );
        assert_eq!(Effects::learn(&quiet, &context).history, quiet);
    }
}
