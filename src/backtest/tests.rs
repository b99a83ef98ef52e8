//! What tests of this room share, and that nothing known later changes what was forecast.

use super::*;
use crate::calendar::{Event, Prices};
use crate::ledger::{HumanForecast, Ledger, Scope};
use crate::model::Rule;
use crate::outlook::{NodeName, Quantiles};
use crate::synth;
use crate::units::{Cents, Level, Measure, Side, Wet};

/// A forecast of the lasten of all together at the end of `month`, in euros, with no band.
pub(super) fn forecast(model: &str, month: &str, mean: i64, actual: i64) -> Forecasted {
    let origin: Month = month.parse().unwrap();
    Forecasted {
        origin,
        year: origin.year(),
        month: None,
        node: NodeName { level: Level::Totaal, wet: None, taakveld: None, product: None },
        measure: Measure::Lasten,
        model: model.into(),
        mean: Cents(100 * mean),
        quantiles: Quantiles([Cents(100 * mean); 9]),
        actual: Cents(100 * actual),
        settled: true,
        judged: None,
    }
}

fn rows(ledger: &Ledger, events: &[Event], origin: Month) -> Vec<Forecasted> {
    let prices = Prices::default();
    let asked = Replay {
        books: Books { ledger, events, prices: &prices, drop_months: 0 },
        latest: ledger.last_booked().unwrap(),
        bridges: &[],
        young: &Young::new(),
        champion: &Spec::Kampioen,
        challenger: Some(&Spec::Rule { rule: Rule::RunRate }),
        others: &[Spec::Rule { rule: Rule::SeasonalNaive }],
        reconciled: true,
        horizons: &HORIZONS,
        draws: Draws { count: 100, seed: 1 },
    };
    replay(asked, &[origin], &|| ()).unwrap()
}

/// What was forecast, without what came true and what is made of it.
fn said(rows: &[Forecasted]) -> Vec<(NodeName, Measure, String, Option<Month>, Cents, Quantiles)> {
    let said = |row: &Forecasted| {
        let (node, model) = (row.node.clone(), row.model.clone());
        (node, row.measure, model, row.month, row.mean, row.quantiles)
    };
    rows.iter().map(said).collect()
}

#[test]
fn nothing_known_after_an_origin_changes_it() {
    let clean = synth::municipality(1, 5).ledger();
    let origin = clean.last_booked().unwrap() - Months(19);
    let mut poisoned = clean.clone();
    for posting in poisoned.postings.iter_mut().filter(|posting| posting.booked > origin) {
        posting.amount = posting.amount + posting.amount;
    }
    for budget in &mut poisoned.budgets {
        budget.amount = budget.amount + budget.amount;
    }
    let later = Event { known_from: origin + Months(1), ..serde_json::from_str(EVENT).unwrap() };
    let ours = rows(&clean, &[], origin);
    let theirs = rows(&poisoned, std::slice::from_ref(&later), origin);
    assert_eq!(said(&ours), said(&theirs));
    assert!(ours.iter().zip(&theirs).any(|(a, b)| a.actual != b.actual));
    let scales = |rows: &[Forecasted]| -> Vec<Option<Scale>> {
        rows.iter().map(|row| row.judged.unwrap().scale).collect()
    };
    assert_eq!(scales(&ours), scales(&theirs));
    // The same event, known in time, is no part of the forecast of then by accident.
    let known = Event { known_from: origin, ..later };
    assert_ne!(said(&ours), said(&rows(&clean, &[known], origin)));
}

/// Reports of five years; the correction of each rests on the outcomes of earlier ones as they were known then.
#[test]
fn nothing_known_later_changes_a_step_of_the_ladder() {
    let report = |year: i32| HumanForecast {
        year,
        scope: Scope { wet: Some(Wet::Wmo), taakveld: None, product: None },
        side: Side::Lasten,
        amount: Cents(2_000_000_000),
        made: Month::new(year, 5).unwrap(),
        name: "1e".into(),
    };
    let mut clean = synth::municipality(1, 5).ledger();
    clean.human_forecasts = (2020..2025).map(report).collect();
    let cut: Month = "2024-04".parse().unwrap();
    let mut poisoned = clean.clone();
    for posting in poisoned.postings.iter_mut().filter(|posting| posting.booked > cut) {
        posting.amount = posting.amount + posting.amount;
    }
    let steps = |ledger: &Ledger| -> Vec<(Month, Step, Cents)> {
        let prices = Prices::default();
        let (latest, rules) =
            (ledger.last_booked().unwrap(), RULES.map(|rule| Spec::Rule { rule }));
        let asked = Replay {
            books: Books { ledger, events: &[], prices: &prices, drop_months: 0 },
            latest,
            bridges: &[],
            young: &Young::new(),
            champion: &Spec::Kampioen,
            challenger: None,
            others: &rules,
            reconciled: true,
            horizons: &[],
            draws: Draws { count: 100, seed: 1 },
        };
        let said = super::said(&Replayed::new(asked), ledger, latest).unwrap();
        said.into_iter().map(|said| (said.made, said.step, said.amount)).collect()
    };
    let (ours, theirs) = (steps(&clean), steps(&poisoned));
    let last = |step| ours.iter().any(|(made, other, _)| made.year() == 2024 && *other == step);
    assert!(
        [Step::Model, Step::Unbiased, Step::TogetherUnbiased].into_iter().all(last),
        "{ours:?}"
    );
    assert_eq!(ours, theirs);
}

/// Of a half in the year of the origin.
const EVENT: &str = r#"{"id":"e","title":"e","date":"2021-01","known_from":"2020-01","scope":["Wmo","Jeugd"],
    "form":"step","status":"decided","central":"50 %"}"#;

#[test]
fn every_model_stands_at_the_same_origins_and_horizons() {
    let ledger = synth::municipality(1, 5).ledger();
    let origin = ledger.last_booked().unwrap() - Months(19);
    let rows = rows(&ledger, &[], origin);
    for model in [CHAMPION, CHALLENGER, RECONCILED, "seizoensnaief"] {
        let ahead = |month: &Option<Month>| {
            let of = |row: &&Forecasted| row.model == model && row.month == *month;
            rows.iter().filter(of).count()
        };
        let months: Vec<Option<Month>> =
            HORIZONS.iter().map(|&ahead| Some(origin + ahead)).chain([None]).collect();
        assert!(months.iter().map(ahead).all(|count| count > 3), "{model}");
    }
    // The total of the year is the sum of its acts, to the cent.
    let total = |level: Level| -> Cents {
        let of = |row: &&Forecasted| {
            row.model == CHAMPION
                && row.node.level == level
                && row.month.is_none()
                && row.measure == Measure::Lasten
        };
        rows.iter().filter(of).map(|row| row.mean).sum()
    };
    assert_eq!(total(Level::Totaal), total(Level::Wet));
}
