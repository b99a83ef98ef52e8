//! All tests together, on small lines.

use super::{Facts, Regime, Status, Tested, Tier, Why, drift, regimes};
use crate::backtest::OneStep;
use crate::calendar::{Event, Form};
use crate::panel::{Booked, Diagonal, Late, LateLine, Panel, Pattern, RunOff, Series};
use crate::units::{LineId, Month, Months, Side, Wet};
use ndarray::Array2;
use std::collections::BTreeMap;

/// A line of lasten.
pub(super) fn line(product: &str) -> LineId {
    LineId { wet: Wet::Wmo, taakveld: "6.711".into(), product: product.into(), side: Side::Lasten }
}

/// A panel of lines from January 2020 on, all settled.
pub(super) fn panel(lines: &[(&LineId, &[f64])]) -> Panel {
    let start = Month::january(2020);
    let series =
        |(id, values): &(&LineId, &[f64])| ((*id).clone(), Series::settled(start, values.to_vec()));
    let months = lines.iter().map(|(_, values)| values.len()).max().unwrap_or(1);
    Panel {
        as_of: start + Months::of(months) - Months(1),
        series: lines.iter().map(series).collect(),
        booked: BTreeMap::<LineId, Booked>::new(),
        ended: BTreeMap::new(),
        late: Late::default(),
        indices: BTreeMap::new(),
    }
}

/// Between −1 and 1, the same every time.
fn noise(t: usize, of: f64) -> f64 {
    ((super::real(t) + 1.0) * of).sin() * 43_758.545_3 % 1.0
}

/// So many months around 1,000, 3 % up or down, and `factor` times that from `from` on.
fn money(months: usize, from: usize, factor: f64, of: f64) -> Vec<f64> {
    let level = |t: usize| if t >= from { 1000.0 * factor } else { 1000.0 };
    (0..months).map(|t| level(t) * (1.0 + 0.03 * noise(t, of))).collect()
}

/// 1,000 was expected of every month from the 13th on, give or take 3 %.
fn steps(panel: &Panel) -> Vec<OneStep> {
    let of = |(id, series): (&LineId, &Series)| {
        let step = |(month, _): (Month, f64)| OneStep {
            line: id.clone(),
            month,
            mean: 1000.0,
            p10: 970.0,
            p90: 1030.0,
            recorded: false,
        };
        series.iter().skip(12).map(step).collect::<Vec<_>>()
    };
    panel.series.iter().flat_map(of).collect()
}

fn of<'a>(tests: &'a [Tested], tier: Tier, id: &LineId) -> Vec<&'a Tested> {
    tests.iter().filter(|test| test.tier == tier && test.line.as_ref() == Some(id)).collect()
}

#[test]
fn a_step_is_seen_by_every_test_that_can_see_it() {
    let (moved, still) = (line("moved"), line("still"));
    // 84 months: 2020-01 through 2026-12; a fifth more from 2026-03 on.
    let values = [money(84, 74, 1.2, 12.9898), money(84, 84, 1.0, 39.425)];
    let panel = panel(&[(&moved, &values[0]), (&still, &values[1])]);
    let date = Month::january(2020) + Months(74);
    let event = Event { id: "contract".into(), ..Event::made_up(Form::Step, date, None) };
    let (events, steps) = ([event], steps(&panel));
    let facts = Facts { panel: &panel, events: &events, steps: &steps };
    let tests = drift(&facts);
    for tier in [Tier::Event, Tier::Monitor, Tier::Yearly] {
        let (found, none) = (of(&tests, tier, &moved)[0], of(&tests, tier, &still)[0]);
        assert_eq!(
            (found.status, none.status),
            (Status::Signal, Status::Quiet),
            "{found:?} {none:?}"
        );
        assert!((found.since.unwrap() - date).0.abs() <= 1, "{found:?}");
        assert!((150.0..250.0).contains(&found.per_month.unwrap()), "{found:?}");
        assert!((found.per_year().unwrap() / found.per_month.unwrap() - 12.0).abs() < 1e-9);
        assert_eq!(found.event.as_deref(), Some("contract"));
    }
    let bands = of(&tests, Tier::Bands, &moved)[0];
    assert_eq!((bands.status, bands.months), (Status::Signal, 12), "{bands:?}");
    // Ten of twelve outside a band of 80 %.
    assert!(bands.chance.unwrap() < 1e-4, "{bands:?}");
    let known = regimes(&facts, &tests);
    assert_eq!((known[0].months, known[0].is_new()), (Months(10), true), "{known:?}");
    // The event covers both lines: both are new to the model.
    assert_eq!(known[1].why, Why::Event("contract".into()));
}

#[test]
fn an_event_is_tested_after_six_and_after_twelve_months() {
    let id = line("a");
    let values = money(84, 84, 1.0, 12.9898);
    for (before, status, months) in [
        (3, Status::Early, 3),
        (6, Status::Quiet, 6),
        (11, Status::Quiet, 6),
        (20, Status::Quiet, 12),
    ] {
        let panel = panel(&[(&id, &values)]);
        let date = panel.as_of + Months(1) - Months(before);
        let events = [Event::made_up(Form::Step, date, None)];
        let found = drift(&Facts { panel: &panel, events: &events, steps: &[] });
        let found = of(&found, Tier::Event, &id)[0];
        assert_eq!((found.status, found.months), (status, months), "{found:?}");
        assert_eq!(found.smallest.is_some(), status == Status::Quiet);
    }
    let panel = panel(&[(&id, &values)]);
    let old = [Event::made_up(Form::Step, panel.as_of - Months(24), None)];
    assert!(
        of(&drift(&Facts { panel: &panel, events: &old, steps: &[] }), Tier::Event, &id).is_empty()
    );
}

#[test]
fn little_history_is_too_early_and_an_ended_line_is_not_tested() {
    let (young, ended) = (line("young"), line("ended"));
    let values = money(20, 20, 1.0, 12.9898);
    let mut panel = panel(&[(&young, &values), (&ended, &values)]);
    panel.ended.insert(ended.clone(), Month::january(2021));
    let steps = steps(&panel);
    let facts = Facts { panel: &panel, events: &[], steps: &steps };
    let tests = drift(&facts);
    assert!(tests.iter().all(|test| test.status == Status::Early), "{tests:?}");
    assert!(tests.iter().all(|test| test.line.as_ref() != Some(&ended)));
    let known = regimes(&facts, &tests);
    let wanted = Regime { line: young, since: panel.first(), months: Months(20), why: Why::Start };
    assert_eq!(known, [wanted]);
}

#[test]
fn a_fixed_amount_that_changes_is_seen_and_one_that_does_not_is_no_signal() {
    let ids = ["moved", "nearly fixed", "still", "nothing"].map(line);
    // A half more in the last twelve of 84 months; the second varies by a millionth before it.
    let moved = |t: usize| if t < 72 { 1000.0 } else { 1500.0 };
    let values: [Vec<f64>; 4] = [
        (0..84).map(moved).collect(),
        (0..84).map(|t| moved(t) * (1.0 + 1e-6 * noise(t, 12.9898))).collect(),
        vec![1000.0; 84],
        vec![0.0; 84],
    ];
    let lines: Vec<(&LineId, &[f64])> = ids.iter().zip(values.iter().map(Vec::as_slice)).collect();
    let panel = panel(&lines);
    let mut steps = steps(&panel);
    for step in steps.iter_mut().filter(|step| step.line == ids[3]) {
        (step.mean, step.p10, step.p90) = (0.0, 0.0, 0.0);
    }
    let tests = drift(&Facts { panel: &panel, events: &[], steps: &steps });
    for id in &ids[..2] {
        let found = of(&tests, Tier::Monitor, id)[0];
        assert_eq!((found.status, found.since), (Status::Signal, Some(panel.first() + Months(72))));
        assert!((found.per_month.unwrap() - 500.0).abs() < 1.0, "{found:?}");
    }
    for id in &ids[2..] {
        assert_eq!(of(&tests, Tier::Monitor, id)[0].status, Status::Quiet);
    }
}

#[test]
fn surprising_invoices_are_told_once_and_are_no_new_regime() {
    let id = line("a");
    let mut panel = panel(&[(&id, &money(84, 84, 1.0, 12.9898))]);
    let run_off =
        RunOff { start: panel.first(), cumulative: Array2::zeros((84, 3)), as_of: panel.as_of };
    let pattern = Pattern { paid: vec![1.0], error: vec![0.0], lift: 0.0 };
    let newest = Some(Diagonal { booked: 90.0, expected: 50.0, z: 4.0 });
    panel.late.lines.insert(id.clone(), LateLine { run_off, pattern, newest });
    let facts = Facts { panel: &panel, events: &[], steps: &[] };
    let tests = drift(&facts);
    let found = of(&tests, Tier::Invoices, &id)[0];
    assert!(found.is_flag() && found.per_year().is_none(), "{found:?}");
    assert!((found.per_month.unwrap() - 40.0).abs() < 1e-9);
    // 2·(1 − Φ(4)).
    assert!((found.chance.unwrap() - 6.334e-5).abs() < 1e-7);
    assert_eq!(regimes(&facts, &tests)[0].months, Months(84));
}
