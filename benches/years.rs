//! How good are the year totals at every level, and how wide are their bands? Lasten, baten and saldo
//! of products, acts and all together: the year that runs at 3, 6 and 9 known months, and the four years after it.
//!
//! `cargo bench --bench years` measures on 50 made-up towns, whose truth is what their generator
//! knows. `-- --towns N` asks for fewer; `-- --quick`, `-- --test` and `cargo test --benches` take every
//! step once. The towns have a seed that nothing was tuned on. Same options, same bytes.
//!
//! The champion stands beside the simple rules, whose bands are those of their own paths. For the years
//! ahead a rule has no band worth the name: there the champion stands alone.

mod mode;
mod towns;

use clap::Parser;
use mode::Mode;
use prognose::backtest::{Forecasted, Score, Split, Yardstick, against_best, scores};
use prognose::calendar::{Event, Prices};
use prognose::forecast::{Bands, Books, Draws, simulate};
use prognose::model::{Rule, Spec, fit_all};
use prognose::outlook::judged;
use prognose::panel::{Bridge, Panel};
use prognose::synth::{self, Town};
use prognose::units::{Cents, Level, Measure, Month, Side};
use rayon::prelude::*;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use towns::{against, of_year, policy, print, say};

#[derive(Parser, Debug)]
struct Asked {
    #[command(flatten)]
    mode: Mode,
    /// The number of made-up towns
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=999))]
    towns: u32,
    /// The seed of the towns: another one than any model was tried on
    #[arg(long, default_value_t = 83_417)]
    seed: u64,
    /// Write every row to this file as well
    #[arg(long)]
    rows: Option<std::path::PathBuf>,
    /// Tell of this only
    #[arg(long)]
    only: Option<Part>,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The year that runs
    Now,
    /// The years after it
    Ahead,
    /// Bridges after new codes
    Bridges,
}

/// The years that are judged together, and those that no forecast can know (half a year without usual
/// care; new codes for a third of the lines).
const YEARS: [i32; 5] = [2021, 2022, 2023, 2024, 2026];
const APART: [i32; 2] = [2020, 2025];
/// The months known at the origins.
const KNOWN: [u32; 3] = [3, 6, 9];
/// The origins of the years ahead, and how many years they tell.
const AHEAD_FROM: [(i32, u32); 6] =
    [(2019, 10), (2020, 10), (2021, 4), (2021, 10), (2022, 4), (2022, 10)];
const AHEAD: i32 = 4;
/// The origins after new codes, and the lump sum that came with them.
const BROKEN: [(i32, u32); 3] = [(2025, 3), (2025, 6), (2026, 4)];
/// The towns that the break is tried on.
const BROKEN_TOWNS: u32 = 20;
const LEVELS: [Level; 3] = [Level::Product, Level::Wet, Level::Totaal];

fn main() {
    let asked = Asked::parse();
    let quick = asked.mode.is_quick();
    let towns = if quick { 1 } else { asked.towns };
    let wanted = |part| asked.only.is_none_or(|only| only == part);
    let years: Vec<i32> = if quick { vec![2024] } else { YEARS.into_iter().chain(APART).collect() };
    let years = if wanted(Part::Now) { years } else { Vec::new() };
    let far: &[(i32, u32)] = match (wanted(Part::Ahead), quick) {
        (false, _) => &[],
        (true, true) => &AHEAD_FROM[5..],
        (true, false) => &AHEAD_FROM,
    };
    let draws = Draws { count: if quick { 50 } else { 500 }, seed: 1 };
    let done = AtomicUsize::new(0);
    let of_town = |number: u32| {
        let rows = town(number, asked.seed, &years, far, draws);
        say(&format!("town {} of {towns}", done.fetch_add(1, Ordering::Relaxed) + 1));
        rows
    };
    let bridged = |number: u32| {
        let town = synth::municipality(number, asked.seed);
        broken(&town, draws).into_iter().map(move |row| (number, row)).collect::<Vec<_>>()
    };
    if wanted(Part::Bridges) {
        let bridged: Vec<_> =
            (1..=towns.min(BROKEN_TOWNS)).into_par_iter().flat_map_iter(bridged).collect();
        print(&tell_broken(&bridged));
    }
    let rows: Vec<Forecasted> = (1..=towns).into_par_iter().flat_map_iter(of_town).collect();
    if let Some(path) = &asked.rows {
        std::fs::write(path, prognose::report::backtest_forecasts_table(&rows).csv)
            .expect("the file can be written");
    }
    let (now, ahead): (Vec<Forecasted>, Vec<Forecasted>) =
        rows.into_iter().partition(|row| row.year == row.origin.year());
    let (apart, usual): (Vec<_>, Vec<_>) =
        now.into_iter().partition(|row| APART.contains(&row.year));
    print(&format!("Year totals of {towns} made-up towns\n"));
    print(&table("The year that runs: 2021–2024 and 2026", &usual));
    for year in APART {
        let of_year: Vec<Forecasted> =
            apart.iter().filter(|row| row.year == year).cloned().collect();
        print(&table(&year.to_string(), &of_year));
    }
    for years in 1..=AHEAD {
        let far: Vec<Forecasted> =
            ahead.iter().filter(|row| row.year - row.origin.year() == years).cloned().collect();
        print(&table(&format!("{years} year(s) ahead"), &far));
    }
}

/// Every origin of one town.
fn town(
    number: u32,
    seed: u64,
    years: &[i32],
    far: &[(i32, u32)],
    draws: Draws,
) -> Vec<Forecasted> {
    let town = synth::municipality(number, seed);
    let (events, ledger, truth) = (policy(&town), town.ledger(), town.truth());
    let prices = prices(&town);
    let books = Books { ledger: &ledger, events: &events, prices: &prices, drop_months: 0 };
    let mut rows = Vec::new();
    for origin in years.iter().flat_map(|&year| KNOWN.map(|month| month_of(year, month))) {
        let panel = books.as_of(origin);
        let year = origin.year();
        rows.extend(told(&panel, &Spec::Kampioen, &events, year..=year, draws));
        for rule in Rule::ALL {
            rows.extend(told(&panel, &Spec::Rule { rule }, &events, year..=year, draws));
        }
    }
    for &(year, month) in far {
        let panel = books.as_of(month_of(year, month));
        rows.extend(told(&panel, &Spec::Kampioen, &events, year + 1..=year + AHEAD, draws));
    }
    rows.into_iter().map(|row| against(&truth, row)).collect()
}

/// The tariffs of `prijzen.toml`.
fn prices(town: &Town) -> Prices {
    toml::from_str(&synth::prices(town)).expect("the price file is TOML")
}

fn month_of(year: i32, month: u32) -> Month {
    Month::new(year, month).expect("months are 1 to 12")
}

/// The totals of years as a model tells them; the champion has the bands it can learn.
fn told(
    panel: &Panel,
    spec: &Spec,
    events: &[Event],
    years: std::ops::RangeInclusive<i32>,
    draws: Draws,
) -> Vec<Forecasted> {
    let fitted = fit_all(panel, spec, events).expect("made-up money can be fitted");
    let bands = (*spec == Spec::Kampioen).then(|| {
        Bands::learn(panel, spec, &fitted.models, events, years.end() - panel.as_of.year())
            .expect("made-up money can be fitted")
    });
    let forecast =
        simulate(panel, &fitted, bands.as_ref(), events, &[], Month::december(*years.end()), draws)
            .expect("fitted models can be simulated");
    let spans: Vec<(Month, Month)> =
        years.map(|year| (Month::january(year), Month::december(year))).collect();
    judged(panel, &forecast, &[], &spans, |drawn| {
        let asked = LEVELS.contains(&drawn.node.level);
        asked.then(|| Forecasted::new(panel.as_of, spec.name(), &drawn, Cents::ZERO))
    })
}

/// What the bridges of a town come to after new codes and a lump sum, in three ways: with the history of
/// the bridge, as a sum of lines that have only their own, and by the run rate of every line.
fn broken(town: &Town, draws: Draws) -> Vec<Forecasted> {
    let (events, ledger, truth) = (policy(town), town.ledger(), town.truth());
    let prices = prices(town);
    let books = Books { ledger: &ledger, events: &events, prices: &prices, drop_months: 0 };
    let bridges = bridges();
    let mut rows = Vec::new();
    for origin in BROKEN.map(|(year, month)| month_of(year, month)) {
        let panel = books.as_of(origin);
        let naive = Spec::Rule { rule: Rule::RunRate };
        for (way, spec, with) in [
            ("bridge", Spec::Kampioen, &bridges[..]),
            ("lines", Spec::Kampioen, &[]),
            ("run rate", naive, &[]),
        ] {
            let fitted = fit_all(&panel, &spec, &events).expect("made-up money can be fitted");
            let bands = (spec == Spec::Kampioen).then(|| {
                Bands::learn(&panel, &spec, &fitted.models, &events, 0)
                    .expect("made-up money can be fitted")
            });
            let last = Month::december(origin.year());
            let forecast = simulate(&panel, &fitted, bands.as_ref(), &events, with, last, draws)
                .expect("fitted models can be simulated");
            let span = (Month::january(origin.year()), last);
            rows.extend(judged(&panel, &forecast, &bridges, &[span], |drawn| {
                let named = |bridge: &&Bridge| Some(&bridge.name) == drawn.node.product.as_ref();
                let lasten = drawn.measure == Measure::Lasten;
                let bridge = bridges.iter().filter(|_| lasten).find(named)?;
                let held = truth
                    .iter()
                    .filter(|(line, _)| line.side == Side::Lasten && bridge.holds(line));
                let actual = held.map(|(_, series)| of_year(series, origin.year())).sum();
                Some(Forecasted::new(origin, way, &drawn, Cents::from_euros(actual)))
            }));
        }
    }
    rows
}

/// The bridges of the demo.
fn bridges() -> Vec<Bridge> {
    let bridge = |name: &str, lines: &[&str]| Bridge {
        name: name.to_owned(),
        lines: lines.iter().map(|&line| line.to_owned()).collect(),
    };
    vec![
        bridge("Wmo maatwerk en toegang", &["6.6*", "6.71*", "6.791", "6.21"]),
        bridge(
            "Jeugdhulp totaal",
            &["6.72*", "6.73*", "6.74*", "6.75*", "6.76*", "6.792", "6.82*", "6.22"],
        ),
    ]
}

/// Errors on the bridges, and the ratio with its interval over towns.
fn tell_broken(rows: &[(u32, Forecasted)]) -> String {
    let mut text = format!(
        "\n## Bridges after the break of 2025\n\n{:<12}{:<12}{:>8}{:>8}{:>8}{:>8}\n",
        "as of", "way", "error %", "bias %", "80 %", "WIS %"
    );
    for (year, month) in BROKEN {
        let origin = month_of(year, month);
        let here: Vec<_> = rows.iter().filter(|(_, row)| row.origin == origin).cloned().collect();
        let all: Vec<Forecasted> = here.iter().map(|(_, row)| row.clone()).collect();
        for score in scores(&all).into_iter().filter(|score| score.split == Split::All) {
            writeln!(
                text,
                "{:<12}{:<12}{:>8.2}{:>+8.2}{:>8.3}{:>8.2}",
                origin.to_string(),
                score.model,
                100.0 * score.wape,
                100.0 * score.bias,
                score.coverage80.share,
                100.0 * score.wis
            )
            .expect("a string takes text");
        }
        for other in ["lines", "run rate"] {
            let by_town = here.iter().map(|(town, row)| (*town, row));
            let Some(found) = against_best(by_town, "bridge", &[other], Yardstick::Wape) else {
                continue;
            };
            let (low, high) = found.ratio_interval;
            writeln!(
                text,
                "  bridge ÷ {other}: {:.3} ({low:.3}–{high:.3}, 90 % over {} towns)",
                found.ratio(),
                found.groups
            )
            .expect("a string takes text");
        }
    }
    text
}

/// Error, bias, coverage and score of the champion, and the best score of a rule.
fn table(title: &str, rows: &[Forecasted]) -> String {
    let scores: Vec<Score> = scores(rows).into_iter().filter(|s| s.split == Split::All).collect();
    let mut text = format!(
        "\n## {title}\n\n{:<18}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}  {}\n",
        "", "error %", "bias %", "80 %", "95 %", "WIS %", "n", "best WIS of a rule"
    );
    for level in LEVELS {
        for measure in Measure::ALL {
            let here = |s: &&Score| s.level == level && s.measure == measure;
            let Some(ours) = scores.iter().filter(here).find(|s| s.model == "kampioen") else {
                continue;
            };
            let best = scores
                .iter()
                .filter(here)
                .filter(|s| s.model != "kampioen")
                .min_by(|a, b| a.wis.total_cmp(&b.wis));
            let best =
                best.map_or_else(String::new, |s| format!("{:.2} {}", 100.0 * s.wis, s.model));
            writeln!(
                text,
                "{:<18}{:>8.2}{:>+8.2}{:>8.3}{:>8.3}{:>8.2}{:>8}  {best}",
                format!("{level} {measure}"),
                100.0 * ours.wape,
                100.0 * ours.bias,
                ours.coverage80.share,
                ours.coverage95.share,
                100.0 * ours.wis,
                ours.count
            )
            .expect("a string takes text");
        }
    }
    text
}
