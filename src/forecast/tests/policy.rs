//! Scenario rows, tariffs and bridges.

use super::*;
use crate::calendar::{Amount, Event, Form, Status};
use crate::panel::Layer;

/// Not to happen before 2022, decided, on the first line.
fn announced(form: Form, months: Option<u32>, central: Amount) -> Event {
    Event {
        known_from: Month::january(2021),
        status: Status::Decided,
        scope: vec!["Wmo/0".into()],
        central: Some(central),
        ..Event::made_up(form, Month::new(2022, 3).unwrap(), months)
    }
}

fn ahead(panel: &Panel, events: &[Event]) -> Forecast {
    let fitted = fit_all(panel, &Spec::Kampioen, events).unwrap();
    let bands = Bands::learn(panel, &Spec::Kampioen, &fitted.models, events, 1).unwrap();
    let (last, draws) = (Month::december(2022), Draws { count: 200, seed: 1 });
    let mut found = simulate(panel, &fitted, Some(&bands), events, &[], last, draws).unwrap();
    found.layers = layers(panel, &found, events, PolicyChoice::All, 1);
    found
}

/// The mean of what a layer does to a line, per month of the paths.
fn means(layer: &Layer, line: &LineId) -> Vec<f64> {
    layer.effects[line].columns().into_iter().map(|draws| draws.mean().unwrap()).collect()
}

#[test]
fn a_row_changes_its_lines_from_its_date_on_and_nothing_else() {
    let ledger = ledger(3, &[50, 30, 20], 1);
    let panel = books(&ledger).as_of(as_of());
    let event = announced(Form::Ramp, Some(2), Amount::Percent(-10.0));
    let (with, without) = (ahead(&panel, std::slice::from_ref(&event)), ahead(&panel, &[]));
    // The baseline is the same to the bit, and the row is a layer of its own.
    assert_eq!(with.paths, without.paths);
    assert!(without.layers.is_empty());
    let [layer] = with.layers.as_slice() else { panic!("one row, one layer") };
    assert_eq!(layer.effects.keys().collect::<Vec<_>>(), [&ledger.lines[0]]);
    let paths = with.paths.values.index_axis(Axis(0), 0);
    for (at, effect) in layer.effects[&ledger.lines[0]].columns().into_iter().enumerate() {
        let month = with.paths.start + Months::of(at);
        let share = match (month - event.date).0 {
            ..0 => 0.0,
            0 => -0.05,
            _ => -0.1,
        };
        for (effect, path) in effect.iter().zip(paths.column(at)) {
            assert!((effect - share * path).abs() < 1e-9 * path.abs());
        }
    }
}

#[test]
fn euros_are_shared_out_and_chances_hold_for_all_lines() {
    let ledger = ledger(2, &[100], 1);
    let panel = books(&ledger).as_of(as_of());
    let mut event = announced(Form::Step, None, Amount::EuroPerYear(1200.0));
    event.scope = vec!["Wmo".into()];
    event.probability = Some(0.25);
    let found = ahead(&panel, &[event]);
    let [layer] = found.layers.as_slice() else { panic!("one row, one layer") };
    assert_eq!(layer.goes.iter().filter(|goes| **goes).count(), 50);
    let of = |line: usize| means(layer, &ledger.lines[line]);
    let months = of(0)
        .into_iter()
        .zip(of(1))
        .skip((Month::new(2022, 3).unwrap() - found.paths.start).count());
    for (first, second) in months {
        // A quarter of a hundred euros a month.
        assert!((first + second - 25.0).abs() < 1e-9 && first > 0.0 && second > 0.0);
    }
    let effects = ledger.lines.iter().map(|line| &layer.effects[line]);
    for effect in effects {
        for (row, goes) in effect.rows().into_iter().zip(&layer.goes) {
            assert_eq!(row.iter().any(|&euros| euros != 0.0), *goes);
        }
    }
}

#[test]
fn no_row_takes_more_than_there_is() {
    let ledger = ledger(1, &[100], 1);
    let panel = books(&ledger).as_of(as_of());
    let found = ahead(&panel, &[announced(Form::Step, None, Amount::EuroPerYear(-1e9))]);
    let paths = found.paths.values.index_axis(Axis(0), 0);
    let left = &paths + &found.layers[0].effects[&ledger.lines[0]];
    assert!(left.iter().all(|&euros| euros >= 0.0));
}

#[test]
fn a_row_at_work_is_in_the_books_or_in_the_layer_never_in_both() {
    // Care that doubled in May 2021, as was decided: the baseline is the half of it.
    let mut ledger = ledger(1, &[100], 1);
    let from = Month::new(2021, 5).unwrap();
    for posting in ledger.postings.iter_mut().filter(|posting| posting.service >= from) {
        posting.amount = posting.amount.times(2);
    }
    let event = Event {
        central: Some(Amount::Percent(100.0)),
        scope: vec!["Wmo/0".into()],
        ..Event::made_up(Form::Step, from, None)
    };
    let events = [event];
    let books = Books { events: &events, ..books(&ledger) };
    let panel = books.as_of(as_of());
    let found = ahead(&panel, &events);
    let line = &ledger.lines[0];
    let months = found.paths.start.through(Month::december(2022));
    let baseline = found.paths.values.index_axis(Axis(0), 0);
    let added = means(&found.layers[0], line);
    for ((month, draws), added) in months.zip(baseline.columns()).zip(added) {
        let mean = draws.mean().unwrap();
        assert!((added / mean - 1.0).abs() < 1e-9, "{month}: {added} beside {mean}");
    }
    // Twelve months later the models know, and the row has lapsed.
    assert!(!events[0].is_scenario(from + Months(12)) && events[0].is_scenario(from + Months(11)));
}

#[test]
fn euros_at_work_are_compared_with_a_whole_year() {
    let ledger = ledger(1, &[100], 1);
    let panel = ledger.panel(as_of());
    let months = |year: i32| {
        let booked = &panel.booked[&ledger.lines[0]];
        booked.sum(Month::january(year), Month::december(year)).euros()
    };
    let share = |date: Month| {
        let event = Event {
            central: Some(Amount::EuroPerYear(1200.0)),
            scope: vec!["Wmo/0".into()],
            ..Event::made_up(Form::Step, date, None)
        };
        crate::forecast::indices::share(&event, &panel)
    };
    assert!((share(Month::january(2021)) - 1200.0 / months(2020)).abs() < 1e-12);
    // Half a year of books counts double; less is nothing to compare with.
    let half: f64 = {
        let booked = &panel.booked[&ledger.lines[0]];
        booked.sum(Month::january(2016), Month::new(2016, 6).unwrap()).euros()
    };
    assert!((share(Month::new(2016, 7).unwrap()) - 1200.0 / (2.0 * half)).abs() < 1e-12);
    assert!(share(Month::new(2016, 4).unwrap()).abs() < 1e-12);
}

/// A rate of 5 % a year, known in time.
fn five_percent() -> Prices {
    let figure =
        |year| serde_json::json!({ "name": "OVA", "year": year, "provisional": 5.0, "final": 5.0 });
    let table = serde_json::json!({
        "index": (2016..=2023).map(figure).collect::<Vec<_>>(),
        "weight": [{ "lines": ["*"], "ova": 1.0 }],
    });
    serde_json::from_value(table).unwrap()
}

#[test]
fn a_tariff_that_is_known_is_no_surprise_in_january() {
    let mut ledger = ledger(3, &[100], 1);
    for posting in &mut ledger.postings {
        let tariff = 1.05_f64.powi(posting.service.year() - 2016);
        posting.amount = Cents::from_euros(posting.amount.euros() * tariff);
    }
    let prices = five_percent();
    let told = Books { prices: &prices, ..books(&ledger) }.as_of(Month::december(2020));
    // What is learned from is volume, and what is booked are euros of the day.
    let untold = books(&ledger).as_of(Month::december(2020));
    let (line, month) = (&ledger.lines[0], Month::december(2020));
    let volume = untold.series[line].get(month).unwrap() / 1.05_f64.powi(5);
    assert!((told.series[line].get(month).unwrap() / volume - 1.0).abs() < 1e-9);
    assert_eq!(told.in_euros_of_the_day().booked, untold.booked);
    let of_2021 = |panel: &Panel| forecast(panel, false).paths.values.sum();
    let booked: Cents = ledger
        .panel(Month::december(2021))
        .booked
        .values()
        .map(|b| b.sum(Month::january(2021), Month::december(2021)))
        .sum();
    let error = |panel: &Panel| (of_2021(panel) / 200.0 / booked.euros() - 1.0).abs();
    assert!(
        error(&told) < 0.02 && error(&told) < error(&untold),
        "{} {}",
        error(&told),
        error(&untold)
    );
}

/// Two lines, the second under a new code since 2021.
fn recoded() -> Ledger {
    let mut ledger = ledger(2, &[50, 30, 20], 1);
    let new = LineId { product: "2".into(), ..ledger.lines[1].clone() };
    ledger.lines.push(new);
    let from = Month::january(2021);
    for posting in
        ledger.postings.iter_mut().filter(|posting| posting.line == 1 && posting.service >= from)
    {
        posting.line = 2;
    }
    ledger.postings.sort_by_key(|posting| (posting.line, posting.service, posting.booked));
    ledger.valid_through.insert(ledger.lines[1].clone(), Month::december(2020));
    ledger
}

#[test]
fn a_bridge_knows_what_a_new_code_can_not() {
    let (ledger, whole) = (recoded(), super::ledger(2, &[100], 1));
    let panel = books(&ledger).as_of(Month::new(2021, 3).unwrap());
    let fitted = fit_all(&panel, &Spec::Kampioen, &[]).unwrap();
    let bands = Bands::learn(&panel, &Spec::Kampioen, &fitted.models, &[], 0).unwrap();
    let (last, draws) = (Month::december(2021), Draws { count: 200, seed: 1 });
    let bridge = Bridge { name: "samen".into(), lines: vec!["6.71*".into()] };
    let total = |bridges: &[Bridge]| {
        let found = simulate(&panel, &fitted, Some(&bands), &[], bridges, last, draws).unwrap();
        found.paths.values.sum() / 200.0
    };
    let truth = whole.panel(last);
    let open = panel.open_from();
    let truth: Cents = truth.booked.values().map(|booked| booked.sum(open, last)).sum();
    let error = |total: f64| (total / truth.euros() - 1.0).abs();
    let (with, without) = (error(total(&[bridge])), error(total(&[])));
    assert!(with < 0.05 && with < without, "{with} {without}");
}
