//! What earlier forecasts of twelve months got wrong, late invoices and all.
//!
//! The whole procedure is replayed as of earlier months, with what was booked by then only, each time
//! for the twelve months of which as many were known as now are of the year. Only dates count
//! whose months to come hold as many Januaries as those of the year do: prices and contracts
//! step in January, and a year of which January is known has that behind it.

use super::expect::{Prospect, expect, refit};
use super::known::back_to;
use super::numbers::{mean, real};
use crate::calendar::Event;
use crate::error::Result;
use crate::model::{FittedModel, Spec};
use crate::panel::{Panel, Series};
use crate::units::{LineId, Month, Months, Side};
use std::collections::BTreeMap;

/// How far back is looked, in months.
const BACK: i32 = 36;
/// Months between two dates; fewer early in the year, when few months of a year will do.
const STEP: u32 = 3;
const STEP_EARLY: u32 = 2;
const EARLY: u32 = 6;
/// The months of history that a line needs.
const HISTORY: usize = 40;
/// Twelve-month sums that lie so many months back say how much a year differs from the one before.
const SUMS: usize = 49;
const YEAR: usize = 12;
const RECENT: usize = 24;
/// A logarithm beyond this is another kind of change.
pub(super) const FAR: f64 = 1.5;
/// A month without money is lifted by this share of the mean month where logarithms are taken.
const LIFT: f64 = 0.25;

/// What is known of the size of errors of a line.
pub(super) const FEATURES: usize = 7;
/// 1, ln s, ln α, ½ ln(Σ w V / 144), ln of how much a year differs from the one before, ln of how much
/// a month does, ln of the length of history.
pub(super) type Features = [f64; FEATURES];

/// A line of which bands are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Invoices come within the month and hardly differ: a lump sum.
    Fixed,
    /// Most come within some months.
    Quick,
    /// Later than that.
    Slow,
    /// Months that hardly resemble each other: few cases.
    Lumpy,
    /// What clients pay: bills that follow care, by rules.
    Contributions,
    /// Income that comes now and then: grants, settlements.
    Grants,
}

impl Kind {
    pub(super) const ALL: [Self; 6] =
        [Self::Fixed, Self::Quick, Self::Slow, Self::Lumpy, Self::Contributions, Self::Grants];
    /// The mean delay in months of a quick and of a slow line.
    const QUICK: f64 = 0.3;
    const SLOW: f64 = 2.3;
    /// The one-step error of a lumpy line, and the largest of a fixed one.
    const LUMPY: f64 = 0.5;
    const STILL: f64 = 0.03;

    pub(super) fn of(panel: &Panel, line: &LineId, prospect: &Prospect) -> Self {
        let delay = panel.late.of(line).map_or(0.0, |late| late.pattern.delay());
        let baten = line.side == Side::Baten;
        if prospect.pace.error > Self::LUMPY {
            if baten { Self::Grants } else { Self::Lumpy }
        } else if delay.abs() < Self::QUICK && prospect.pace.error < Self::STILL {
            Self::Fixed
        } else if baten {
            Self::Contributions
        } else if delay < Self::SLOW {
            Self::Quick
        } else {
            Self::Slow
        }
    }
}

/// What one forecast of one line got wrong.
#[derive(Clone, Debug)]
pub(super) struct Replay {
    pub(super) line: LineId,
    pub(super) kind: Kind,
    /// The calendar year that its twelve months end in.
    pub(super) year: i32,
    pub(super) features: Features,
    /// ln(what it became ÷ what was expected).
    pub(super) error: f64,
}

/// Per date what the forecasts of then got wrong, for a year of which `known` months are known.
pub(super) fn replays(
    panel: &Panel,
    spec: &Spec,
    models: &BTreeMap<LineId, FittedModel>,
    events: &[Event],
    known: u32,
) -> Result<Vec<Vec<Replay>>> {
    let ahead = Months(12 - known.cast_signed());
    let now = expect(panel, models, events, panel.as_of);
    let mut near = models.clone();
    let mut dates = Vec::new();
    for then in dates_of(panel, known) {
        let past = back_to(panel, then, events);
        near = refit(&past, spec, events, &near)?;
        let last = then + ahead;
        let prospects = expect(&past, &near, events, last);
        dates.push(errors_of(panel, &now, &past, &prospects, events, last));
    }
    Ok(dates)
}

/// Per year after the one that is banded, and per date, what forecasts of it got wrong: as of this very
/// month of earlier years, as far as there is history and the year has passed.
pub(super) fn replays_ahead(
    panel: &Panel,
    spec: &Spec,
    models: &BTreeMap<LineId, FittedModel>,
    events: &[Event],
    years: i32,
) -> Result<Vec<Vec<Vec<Replay>>>> {
    let mut ahead = vec![Vec::new(); usize::try_from(years).unwrap_or(0)];
    if ahead.is_empty() {
        return Ok(ahead);
    }
    let now = expect(panel, models, events, panel.as_of);
    let mut near = models.clone();
    let earliest = panel.first() + Months::of(HISTORY) - Months(1);
    let dates = (1..).map(|back| panel.as_of - Months(12 * back));
    for then in dates.take_while(|then| *then >= earliest) {
        let past = back_to(panel, then, events);
        near = refit(&past, spec, events, &near)?;
        let year = (then + Months(1)).year();
        let prospects = expect(&past, &near, events, Month::december(year + years));
        for (ahead, year) in ahead.iter_mut().zip(year + 1..) {
            if Month::december(year) <= panel.as_of {
                ahead.push(errors_of(
                    panel,
                    &now,
                    &past,
                    &prospects,
                    events,
                    Month::december(year),
                ));
            }
        }
    }
    Ok(ahead)
}

/// What the forecasts of the twelve months through `last` got wrong.
fn errors_of(
    panel: &Panel,
    now: &BTreeMap<LineId, Prospect>,
    past: &Panel,
    prospects: &BTreeMap<LineId, Prospect>,
    events: &[Event],
    last: Month,
) -> Vec<Replay> {
    let first = last - Months(11);
    // The forecast of then had a scenario row on top, which is no part of what is replayed.
    let planned = |line: &LineId| {
        let then = past.as_of;
        let works = |event: &&Event| event.date <= last && event.covers(line);
        let known = |event: &Event| event.is_known(then) && event.is_scenario(then);
        events.iter().filter(works).any(known)
    };
    let replay = |(line, prospect): (&LineId, &Prospect)| {
        let series = past.series.get(line).filter(|series| series.values.len() >= HISTORY)?;
        let became = now[line].total(&panel.series[line], first, last);
        let error = (became / prospect.total(series, first, last)).ln();
        let ended = panel.ended.get(line).is_some_and(|&ended| ended < last);
        (error.abs() < FAR && !ended && !planned(line)).then(|| Replay {
            line: line.clone(),
            kind: Kind::of(past, line, prospect),
            year: last.year(),
            features: features(series, prospect),
            error,
        })
    };
    prospects.iter().filter_map(replay).collect()
}

/// The dates that are replayed, the latest first.
fn dates_of(panel: &Panel, known: u32) -> impl Iterator<Item = Month> {
    let ahead = Months(12 - known.cast_signed());
    let step = if known < EARLY { STEP_EARLY } else { STEP };
    let (as_of, first) = (panel.as_of, panel.first() + Months::of(HISTORY) - Months(1));
    let alike = move |then: &Month| match known {
        // A whole year ahead holds one January whenever it starts.
        0 => (as_of - *then).0.unsigned_abs().is_multiple_of(STEP),
        _ => then.of_year() <= known && (known - then.of_year()).is_multiple_of(step),
    };
    (ahead.0..=BACK)
        .map(move |back| as_of - Months(back))
        .filter(move |then| *then >= first)
        .filter(alike)
}

/// The features of a line with its prospect.
pub(super) fn features(series: &Series, prospect: &Prospect) -> Features {
    let y = series.learnable().values;
    let pace = prospect.pace;
    let lift =
        if y.iter().all(|&y| y > 0.0) { 0.0 } else { LIFT * mean(y.iter().map(|y| y.abs())) };
    let apart = |(&now, &then): (&f64, &f64)| {
        let logarithm = |y: f64| (y + lift).max(f64::MIN_POSITIVE).ln();
        (logarithm(now) - logarithm(then)).abs().min(FAR)
    };
    let sums: Vec<f64> = y.windows(YEAR).map(|year| year.iter().sum()).collect();
    let sums = &sums[sums.len().saturating_sub(SUMS)..];
    let years = mean(sums.iter().skip(YEAR).zip(sums).map(apart));
    let years = if sums.len() > YEAR { years + 0.003 } else { 3.0 * pace.error };
    let months: Vec<f64> = y.iter().skip(YEAR).zip(&y).map(apart).collect();
    let recent = &months[months.len().saturating_sub(RECENT)..];
    [
        1.0,
        pace.error.ln(),
        pace.weight.ln(),
        0.5 * (prospect.expected.completion / 144.0 + 1e-7).ln(),
        years.ln(),
        (mean(recent.iter().copied()) + 1e-3).ln(),
        (real(y.len().max(1)) / 90.0).ln(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::Late;

    /// A panel that began in 2016.
    fn panel(as_of: Month) -> Panel {
        let series = Series::settled(Month::january(2016), vec![1.0; 80]);
        let line = LineId {
            wet: crate::units::Wet::Wmo,
            taakveld: "6.711".into(),
            product: "Hulp".into(),
            side: Side::Lasten,
        };
        Panel {
            as_of,
            series: [(line, series)].into(),
            booked: BTreeMap::new(),
            ended: BTreeMap::new(),
            late: Late::default(),
            indices: BTreeMap::new(),
        }
    }

    fn dates(as_of: &str) -> Vec<String> {
        let panel = panel(as_of.parse().unwrap());
        dates_of(&panel, panel.as_of.of_year() % 12).map(|month| month.to_string()).collect()
    }

    #[test]
    fn only_dates_with_january_behind_them_teach_a_year_that_has() {
        // Eight months to come: from April at the latest, and no longer ago than three years.
        assert_eq!(
            dates("2022-04"),
            ["2021-04", "2021-02", "2020-04", "2020-02", "2019-04"],
            "April 2019 has 40 months of history at the earliest"
        );
        assert_eq!(dates("2021-10")[..4], ["2021-07", "2021-04", "2021-01", "2020-10"]);
        // In December nothing of the next year is known: any date will do.
        assert_eq!(dates("2021-12")[..3], ["2020-12", "2020-09", "2020-06"]);
        assert_eq!(dates("2019-06"), Vec::<String>::new());
    }
}
