//! How the lines of the made-up municipality were made, for the tests of this room.

use crate::outlook::{
    Explained, ExplainedMonth, ExplainedPart, FileShare, MonthRow, Outlook, Steps, YearRow,
};
use crate::units::{Cents, Level, LineId, Measure, Month, Months, Side};

/// One per product of the current year, lasten and baten.
pub(super) fn explained(outlook: &Outlook) -> Vec<Explained> {
    let of_year = outlook.years.iter().filter(|row| row.year == outlook.as_of.year());
    let leaves = of_year.filter(|row| row.node.level == Level::Product);
    leaves.filter(|row| row.measure != Measure::Saldo).map(|row| explain(outlook, row)).collect()
}

fn explain(outlook: &Outlook, year: &YearRow) -> Explained {
    let node = &year.node;
    let line = LineId {
        wet: node.wet.unwrap(),
        taakveld: node.taakveld.clone().unwrap(),
        product: node.product.clone().unwrap(),
        side: if year.measure == Measure::Lasten { Side::Lasten } else { Side::Baten },
    };
    let rows = outlook.months.iter().filter(|row| {
        row.month.year() == year.year && row.measure == year.measure && row.node == *node
    });
    let month =
        |row: &MonthRow| ExplainedMonth { booked: Cents::ZERO, still: row.mean, row: row.clone() };
    let blend = Cents(year.to_come.0 - 300);
    let part = |name, weight| ExplainedPart { name, weight, amount: blend };
    Explained {
        files: vec![FileShare { file: "grootboek.csv".into(), postings: 12, amount: year.booked }],
        months: rows.map(month).collect(),
        paid: vec![0.4, 0.9, 1.0],
        learned: (outlook.as_of + Months(1) - Month::january(2020)).count(),
        parts: vec![part("dot", 0.75), part("theta", 0.25)],
        steps: Steps {
            blend,
            events: Cents(100),
            tariff: Cents(150),
            rest: Cents(50),
            booked_ahead: Cents::ZERO,
        },
        year: year.clone(),
        line,
    }
}
