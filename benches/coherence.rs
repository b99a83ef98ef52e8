//! Do year totals get better when sums are forecast as well, and the lines moved to agree with them? The
//! champion whose lines are added up against the same reconciled (`MinT` with a shrunk covariance, path by path).
//!
//! `cargo bench --bench coherence` measures on 20 made-up towns, whose truth is what their generator
//! knows. `-- --towns N` asks for another number; `-- --quick`, `-- --test` and `cargo test --benches` take every
//! step once. The towns have a seed that nothing was tuned on. Same options, same bytes.
//!
//! Both stand twice: as their paths are, which shows what reconciliation does to means and spread; and with
//! the bands of the year, the same for both, as a backtest and a report have them.

mod mode;
mod towns;

use clap::Parser;
use mode::Mode;
use prognose::backtest::{Forecasted, Score, Split, Yardstick, against_best, scores};
use prognose::calendar::{Event, Prices};
use prognose::forecast::{Bands, Books, Draws, simulate, simulate_reconciled};
use prognose::model::{Spec, fit_all};
use prognose::outlook::judged;
use prognose::panel::{Forecast, Panel};
use prognose::synth;
use prognose::units::{Cents, Level, Measure, Month};
use rayon::prelude::*;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use towns::{against, policy, print, say};

#[derive(Parser, Debug)]
struct Asked {
    #[command(flatten)]
    mode: Mode,
    /// The number of made-up towns
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=999))]
    towns: u32,
    /// The seed of the towns: another one than any model was tried on
    #[arg(long, default_value_t = 71_011)]
    seed: u64,
}

/// The years that are judged together.
const YEARS: [i32; 3] = [2022, 2023, 2024];
/// A third of the lines gets new codes in this year: sums go on where lines do not. It is judged apart.
const APART: i32 = 2025;
/// The months known at the origins.
const KNOWN: [u32; 2] = [4, 8];
const LEVELS: [Level; 4] = [Level::Product, Level::Taakveld, Level::Wet, Level::Totaal];
/// The ways: added up and reconciled, without bands and with.
const WAYS: [(&str, &str); 2] =
    [("added up", "reconciled"), ("added up, bands", "reconciled, bands")];

fn main() {
    let asked = Asked::parse();
    let quick = asked.mode.is_quick();
    let towns = if quick { 1 } else { asked.towns };
    let years: Vec<i32> =
        if quick { vec![2024] } else { YEARS.into_iter().chain([APART]).collect() };
    let draws = Draws { count: if quick { 50 } else { 500 }, seed: 1 };
    let done = AtomicUsize::new(0);
    let of_town = |number: u32| {
        let rows = town(number, asked.seed, &years, draws);
        say(&format!("town {} of {towns}", done.fetch_add(1, Ordering::Relaxed) + 1));
        rows.into_iter().map(move |row| (number, row))
    };
    let rows: Vec<(u32, Forecasted)> = (1..=towns).into_par_iter().flat_map_iter(of_town).collect();
    let (apart, usual): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, row)| row.year == APART);
    print(&format!("The total of lasten of a year, {towns} made-up towns\n"));
    for (title, rows) in [("2022–2024", usual), ("2025", apart)] {
        if rows.is_empty() {
            continue;
        }
        for (ours, other) in WAYS {
            print(&table(title, &rows, ours, other));
        }
    }
}

/// Both ways at every origin of one town.
fn town(number: u32, seed: u64, years: &[i32], draws: Draws) -> Vec<Forecasted> {
    let town = synth::municipality(number, seed);
    let (events, ledger, truth) = (policy(&town), town.ledger(), town.truth());
    let books =
        Books { ledger: &ledger, events: &events, prices: &Prices::default(), drop_months: 0 };
    let origins = years
        .iter()
        .flat_map(|&year| KNOWN.map(|month| Month::new(year, month).expect("months are 1 to 12")));
    let told = |origin| told(&books.as_of(origin), &events, draws);
    origins.flat_map(told).map(|row| against(&truth, row)).collect()
}

/// The year as of the month of `panel`.
fn told(panel: &Panel, events: &[Event], draws: Draws) -> Vec<Forecasted> {
    const FITS: &str = "made-up money can be fitted";
    let fitted = fit_all(panel, &Spec::Kampioen, events).expect(FITS);
    let learned = Bands::learn(panel, &Spec::Kampioen, &fitted.models, events, 0).expect(FITS);
    let last = Month::december(panel.as_of.year());
    let mut rows = Vec::new();
    for (bands, (ours, other)) in [None, Some(&learned)].into_iter().zip(WAYS) {
        let added = simulate(panel, &fitted, bands, events, &[], last, draws).expect(FITS);
        let agreed =
            simulate_reconciled(panel, &fitted, bands, events, &[], last, draws).expect(FITS);
        rows.extend(totals(panel, &added, ours));
        rows.extend(totals(panel, &agreed, other));
    }
    rows
}

/// The year totals of lasten of one way.
fn totals(panel: &Panel, forecast: &Forecast, way: &str) -> Vec<Forecasted> {
    let year = panel.as_of.year();
    let span = (Month::january(year), Month::december(year));
    judged(panel, forecast, &[], &[span], |drawn| {
        let asked = drawn.measure == Measure::Lasten && LEVELS.contains(&drawn.node.level);
        asked.then(|| Forecasted::new(panel.as_of, way, &drawn, Cents::ZERO))
    })
}

/// Errors and scores of two ways, and the error of the second over that of the first.
fn table(title: &str, rows: &[(u32, Forecasted)], ours: &str, other: &str) -> String {
    let plain: Vec<Forecasted> = rows.iter().map(|(_, row)| row.clone()).collect();
    let scores = scores(&plain);
    let mut text = format!(
        "\n## {title}: {ours} | {other}\n\nerror, bias and WIS in % of the euros; ratio: error of the second ÷ the first, \
         with the 90 % interval, towns drawn whole\n\n{:<14}{:>16}{:>16}{:>16}{:>16}{:>8}  ratio\n",
        "", "error", "bias", "WIS", "in 80 %", "n"
    );
    for level in LEVELS {
        for month in KNOWN {
            let of = |way: &str| found(&scores, level, way, month);
            let (Some(first), Some(second)) = (of(ours), of(other)) else { continue };
            let pair = |of: &dyn Fn(&Score) -> f64| {
                format!("{:>9.2}{:>7.2}", 100.0 * of(first), 100.0 * of(second))
            };
            let asked = rows
                .iter()
                .filter(|(_, row)| row.node.level == level && row.months_known() == month);
            let paired = against_best(
                asked.map(|(town, row)| (*town, row)),
                other,
                &[ours],
                Yardstick::Wape,
            )
            .expect("both ways are there");
            let (low, high) = paired.ratio_interval;
            writeln!(
                text,
                "{:<14}{}{}{}{}{:>8}  {:.3} [{low:.3}, {high:.3}]",
                format!("{level} {month}"),
                pair(&|score| score.wape),
                pair(&|score| score.bias),
                pair(&|score| score.wis),
                pair(&|score| score.coverage80.share),
                first.count,
                paired.ratio(),
            )
            .expect("a string takes text");
        }
    }
    text
}

fn found<'a>(scores: &'a [Score], level: Level, way: &str, month: u32) -> Option<&'a Score> {
    let asked = |score: &&Score| {
        score.level == level && score.model == way && score.split == Split::MonthsKnown(month)
    };
    scores.iter().find(asked)
}
