//! Payments of councils, each series looked at month by month as it came.

use crate::noise::real;
use crate::watched::{Flagged, watch};
use prognose::backtest::KNOWN;
use prognose::calendar::Prices;
use prognose::drift::{LEAST, Tier};
use prognose::forecast::Books;
use prognose::ledger::{Ledger, Origin, Posting, PostingKind};
use prognose::units::{Cents, LineId, Month, Months, Side, Wet};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// A series with fewer months is too short for any test but that of an event.
const SHORTEST: usize = 61;

type Row = BTreeMap<String, String>;

/// Every flag of the monitor and of the yearly look, in the order in which they were shown. First and last
/// months of a series are partial and left out.
pub(crate) fn flags(file: &Path) -> String {
    let mut text = String::from("council, series, test, shown, since, per month, share, z\n");
    for (name, months) in series(file) {
        if months.len() < SHORTEST {
            continue;
        }
        let ledger = ledger(&months);
        let (start, end) = (months[0].0, months[months.len() - 1].0);
        // Two years to fit on, three to know what is usual.
        let first = start + KNOWN + Months::of(LEAST);
        let looks: Vec<Month> = first.through(end).collect();
        if looks.is_empty() {
            continue;
        }
        let prices = Prices::default();
        let books = Books { ledger: &ledger, events: &[], prices: &prices, drop_months: 0 };
        let watched = watch(books, &looks);
        let own = |flag: &&Flagged| matches!(flag.test.tier, Tier::Monitor | Tier::Yearly);
        for flag in watched.flags.iter().filter(own) {
            line(&mut text, &name, &months, flag);
        }
        writeln!(text, "{name}: looked at from {first} through {end}")
            .expect("a string takes text");
    }
    text
}

fn line(text: &mut String, name: &str, months: &[(Month, Cents)], flag: &Flagged) {
    let (Some(since), Some(euros)) = (flag.test.since, flag.test.per_month) else { return };
    let before: Vec<f64> = months
        .iter()
        .filter(|(month, _)| *month < since && *month >= since - Months(12))
        .map(|(_, amount)| amount.euros())
        .collect();
    let usual = before.iter().sum::<f64>() / real(before.len().max(1));
    writeln!(
        text,
        "{name}, {}, {}, {since}, {euros:.0}, {:+.0} %, {}",
        flag.test.tier.letter(),
        flag.shown,
        100.0 * euros / usual,
        flag.test.z.map_or_else(String::new, |z| format!("{z:.1}")),
    )
    .expect("a string takes text");
}

/// The months of every series of the file, without the first and the last.
fn series(file: &Path) -> Vec<(String, Vec<(Month, Cents)>)> {
    let mut sums: BTreeMap<String, BTreeMap<Month, f64>> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(file).expect("the file of the councils can be read");
    for row in reader.deserialize() {
        let row: Row = row.expect("the file of the councils is CSV");
        let field = |names: [&str; 2]| {
            let found = names.iter().find_map(|name| row.get(*name));
            found.expect("the file of the councils has this column").clone()
        };
        let name = format!("{}, {}", row["council"], field(["domain", "organisational_unit"]));
        let month = field(["month", "payment_month"]).parse().expect("a month");
        let amount: f64 = row["amount_gbp"].parse().expect("an amount");
        *sums.entry(name).or_default().entry(month).or_default() += amount;
    }
    let inner = |months: BTreeMap<Month, f64>| -> Vec<(Month, Cents)> {
        let count = months.len();
        let inner = months.into_iter().take(count.max(1) - 1).skip(1);
        inner.map(|(month, amount)| (month, Cents::from_euros(amount))).collect()
    };
    sums.into_iter().map(|(name, months)| (name, inner(months))).collect()
}

fn ledger(months: &[(Month, Cents)]) -> Ledger {
    let line = LineId {
        wet: Wet::Wmo,
        taakveld: "6.71".into(),
        product: "betalingen".into(),
        side: Side::Lasten,
    };
    let posting = |&(month, amount): &(Month, Cents)| Posting {
        line: 0,
        kind: PostingKind::Regular,
        service: month,
        booked: month,
        amount,
        origin: Origin { file: 0, row: 0 },
    };
    Ledger {
        lines: vec![line],
        postings: months.iter().map(posting).collect(),
        ..Ledger::default()
    }
}
