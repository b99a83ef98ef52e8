//! Policy, years ahead, causes and a named amount for the made-up municipality of `example.rs`.

use super::example::as_of;
use crate::calendar::{Amount, Event, Form, Status};
use crate::outlook::{
    ChangeRow, NamedQuantile, NodeName, Outlook, PolicyRow, Quantiles, StepRow, YearRow,
};
use crate::units::{Cents, Level, Measure, Month, Months, Wet};

/// The products of taakveld 6.60 that the two decided rows are about.
const DECIDED: [&str; 2] = ["Vervoer", "Woningaanpassing"];

pub(super) fn named() -> Vec<NamedQuantile> {
    vec![NamedQuantile { name: "behoedzaam".into(), short: 3.0, over: 1.0 }]
}

/// Two decided, two that are not, one without an amount and one that nobody knows of yet.
pub(super) fn events() -> Vec<Event> {
    let event = |id: &str, title: &str, date: Month, form, status| Event {
        id: id.into(),
        title: title.into(),
        known_from: Month::january(2026),
        status,
        central: Some(Amount::EuroPerYear(1.0)),
        owner: "inkoop".into(),
        source: "Collegebesluit".into(),
        ..Event::made_up(form, date, None)
    };
    let next = Month::january(2027);
    let draagkracht = "Eigen bijdrage naar draagkracht";
    vec![
        event("vervoer", "Nieuw contract vervoer", next, Form::Step, Status::Decided),
        event("inhaal", "Inhaalactie woningaanpassing", next, Form::Pulse, Status::Decided),
        event("draagkracht", draagkracht, next, Form::Ramp, Status::Announced),
        event("wonen", "Nieuwe inkoop wonen", Month::january(2028), Form::Step, Status::Assumed),
        Event {
            central: None,
            ..event("advies", "Tweede advies", next, Form::Step, Status::Announced)
        },
        Event {
            known_from: as_of() + Months(1),
            ..event("later", "Later bekend", next, Form::Step, Status::Decided)
        },
    ]
}

/// Puts the decided rows into the years, names an amount, and adds policy and steps.
pub(super) fn complete(outlook: &mut Outlook) {
    for row in &mut outlook.years {
        let policy = decided(&row.node, row.measure, row.year);
        row.policy = policy;
        row.expected += policy;
        row.quantiles = Quantiles(row.quantiles.0.map(|amount| amount + policy));
        let at = if row.measure == Measure::Baten { 3 } else { 5 };
        row.named = vec![row.quantiles.0[at]];
    }
    outlook.named = named();
    outlook.policy = policy();
    outlook.steps = outlook.years.iter().filter_map(|row| step(row, &outlook.years)).collect();
}

fn decided(node: &NodeName, measure: Measure, year: i32) -> Cents {
    let within = |product: &str| match node.level {
        Level::Totaal => true,
        Level::Wet => node.wet == Some(Wet::Wmo),
        Level::Taakveld => node.taakveld.as_deref() == Some("6.60"),
        Level::Product => node.product.as_deref() == Some(product),
        Level::Brug => node.product.as_deref() == Some("Wmo maatwerk en toegang"),
    };
    let counts = year > 2026 && measure != Measure::Baten;
    // One stays, one passes after 2027.
    let effects = DECIDED.into_iter().zip([-140e3, if year == 2027 { 90e3 } else { 0.0 }]);
    let counts = effects.filter(|(product, _)| counts && within(product));
    counts.map(|(_, euros)| Cents::from_euros(euros)).sum()
}

fn policy() -> Vec<PolicyRow> {
    let row = |event: &str, inside, year, measure: Measure, goes: f64, euros: f64| PolicyRow {
        event: event.into(),
        inside,
        year,
        measure,
        goes,
        expected: Cents::from_euros(goes * euros),
        when_it_goes: Cents::from_euros(euros),
        p10: Cents::from_euros(euros - 0.3 * euros.abs()),
        p90: Cents::from_euros(euros + 0.3 * euros.abs()),
    };
    let mut rows = Vec::new();
    for measure in [Measure::Lasten, Measure::Saldo] {
        rows.extend((2027..=2030).map(|year| row("vervoer", true, year, measure, 1.0, -140e3)));
        rows.push(row("inhaal", true, 2027, measure, 1.0, 90e3));
        rows.extend((2028..=2030).map(|year| row("wonen", false, year, measure, 0.5, 60e3)));
    }
    for (measure, euros) in
        [(Measure::Lasten, -500e3), (Measure::Baten, 900e3), (Measure::Saldo, -1400e3)]
    {
        rows.extend(
            (2027..=2030).map(|year| row("draagkracht", false, year, measure, 0.597, euros)),
        );
    }
    rows
}

/// From one year to the next: 0,5 % once, 0,8 % all year, 3 % price, the rest volume.
fn step(row: &YearRow, years: &[YearRow]) -> Option<StepRow> {
    let same = |before: &&YearRow| {
        before.year == row.year - 1 && before.node == row.node && before.measure == row.measure
    };
    let before = years.iter().find(same)?;
    let (previous, baseline) = (before.expected - before.policy, row.expected - row.policy);
    let share = |share: f64, counts: bool| {
        if counts { Cents::from_euros(share * previous.euros()) } else { Cents::ZERO }
    };
    let first = row.year == 2027;
    let (one_offs, full_year, price) =
        (share(-0.005, first), share(0.008, first), share(0.03, true));
    let once = row.policy - decided(&row.node, row.measure, 2028);
    Some(StepRow {
        node: row.node.clone(),
        measure: row.measure,
        year: row.year,
        previous,
        one_offs,
        full_year,
        volume: baseline - previous - one_offs - full_year - price,
        price,
        baseline,
        policy: row.policy,
        lasting: row.policy - once,
        expected: row.expected,
    })
}

/// Per product, as shares of what is expected: a costly month, a little late, tariffs of Jeugd and
/// the models; above it their sums.
pub(super) fn changes(years: &[YearRow]) -> Vec<ChangeRow> {
    let now: Vec<&YearRow> = years.iter().filter(|row| row.year == 2026).collect();
    let above = |row: &&&YearRow| row.node.level != Level::Brug;
    let mut rows: Vec<ChangeRow> = now.iter().filter(above).map(|row| change(row, &now)).collect();
    rows.retain(|row| row.before != row.after);
    rows
}

fn change(row: &YearRow, years: &[&YearRow]) -> ChangeRow {
    let holds = |part: &&&YearRow| {
        let product = |node: &NodeName| (node.wet, node.taakveld.clone(), node.product.clone());
        part.node.level == Level::Product
            && part.measure == row.measure
            && match row.node.level {
                Level::Totaal => true,
                Level::Wet => part.node.wet == row.node.wet,
                Level::Taakveld => part.node.taakveld == row.node.taakveld,
                Level::Product | Level::Brug => product(&part.node) == product(&row.node),
            }
    };
    let mut causes = [Cents::ZERO; 6];
    for part in years.iter().filter(holds) {
        let price = if part.node.wet == Some(Wet::Jeugd) { 0.002 } else { 0.0 };
        let shares = [0.0, 0.0, price, 0.006, -0.002, 0.0005];
        for (sum, share) in causes.iter_mut().zip(shares) {
            *sum += Cents::from_euros(share * part.expected.euros());
        }
    }
    ChangeRow {
        node: row.node.clone(),
        measure: row.measure,
        year: row.year,
        before: row.expected - causes.iter().copied().sum(),
        causes,
        after: row.expected,
    }
}
