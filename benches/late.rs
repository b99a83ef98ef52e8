//! How good is the year total while invoices are still to come? The forecast that completes them
//! against four other ways to treat the last months, at 4, 8 and 10 known months, with the coverage of its bands
//! at every level.
//!
//! `cargo bench --bench late` measures on 200 made-up towns, whose truth is what their generator
//! knows. `-- --towns N` asks for fewer; `-- --quick`, `-- --test` and `cargo test --benches` take every step
//! once. The towns have a seed that nothing was tuned on. Same options, same bytes.
//!
//! Every way has the same champion for the months to come. They differ in what they make of the months that
//! are behind: face value; dropped and forecast anew, the last three; completed to a point by the chain
//! ladder (volume weighted, the last 36 months); completed by Bornhuetter and Ferguson, whose prior is the champion
//! on all but the last three.

mod mode;
mod towns;

use clap::Parser;
use mode::Mode;
use prognose::backtest::{Forecasted, Score, Split, scores};
use prognose::calendar::{Event, Prices};
use prognose::forecast::{Bands, Books, Draws, simulate};
use prognose::model::{Context, Spec, fit, fit_all, shared_growth};
use prognose::nowcast::{ChainLadder, SigmaRule, chain_ladder, links};
use prognose::outlook::{NodeName, Quantiles, judged};
use prognose::panel::{Panel, Series};
use prognose::synth;
use prognose::units::{Cents, Level, LineId, Measure, Month, Months, Side};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use towns::{against, policy, print, say};

#[derive(Parser, Debug)]
struct Asked {
    #[command(flatten)]
    mode: Mode,
    /// The number of made-up towns
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=999))]
    towns: u32,
    /// The seed of the towns: another one than any model was tried on
    #[arg(long, default_value_t = 62_011)]
    seed: u64,
}

/// The years that are judged together.
const YEARS: [i32; 5] = [2021, 2022, 2023, 2024, 2026];
/// Years that no forecast can know: half a year without usual care, and new codes for a third of the
/// lines. They are judged apart.
const APART: [i32; 2] = [2020, 2025];
/// The months known at the origins.
const KNOWN: [u32; 3] = [4, 8, 10];
/// The levels that are judged.
const LEVELS: [Level; 3] = [Level::Product, Level::Wet, Level::Totaal];
/// The months that are dropped, and those that Bornhuetter and Ferguson do without.
const YOUNGEST: Months = Months(3);
/// The service months that a link of the chain ladder rests on.
const WINDOW: usize = 36;
/// The ways, ours first.
const WAYS: [&str; 5] = ["ours", "drop three", "face value", "chain ladder", "Bornhuetter–F."];

fn main() {
    let asked = Asked::parse();
    let quick = asked.mode.is_quick();
    let towns = if quick { 1 } else { asked.towns };
    let years: Vec<i32> = if quick { vec![2024] } else { YEARS.into_iter().chain(APART).collect() };
    let draws = Draws { count: if quick { 50 } else { 500 }, seed: 1 };
    let done = AtomicUsize::new(0);
    let of_town = |number: u32| {
        let rows = town(number, asked.seed, &years, draws);
        say(&format!("town {} of {towns}", done.fetch_add(1, Ordering::Relaxed) + 1));
        rows
    };
    let rows: Vec<Forecasted> = (1..=towns).into_par_iter().flat_map_iter(of_town).collect();
    let usual: Vec<Forecasted> =
        rows.iter().filter(|row| !APART.contains(&row.year)).cloned().collect();
    print(&format!("The total of lasten of a year, {towns} made-up towns\n"));
    print(&points(&usual));
    print(&bands("2021–2024 and 2026", &usual));
    for year in &years {
        let of_year: Vec<Forecasted> =
            rows.iter().filter(|row| row.year == *year).cloned().collect();
        print(&bands(&year.to_string(), &of_year));
    }
}

/// Every way at every origin of one town.
fn town(number: u32, seed: u64, years: &[i32], draws: Draws) -> Vec<Forecasted> {
    let town = synth::municipality(number, seed);
    let (events, ledger, truth) = (policy(&town), town.ledger(), town.truth());
    let books =
        Books { ledger: &ledger, events: &events, prices: &Prices::default(), drop_months: 0 };
    let origins = years.iter().flat_map(|&year| KNOWN.map(|month| Month::new(year, month)));
    let at = |origin: Month| {
        let panel = books.as_of(origin);
        let mut rows = completed(&panel, &events, draws);
        for (way, panel) in others(&panel, &events) {
            rows.extend(point(way, &panel, &events));
        }
        rows.into_iter().map(|row| against(&truth, row)).collect::<Vec<_>>()
    };
    origins.flatten().flat_map(at).collect()
}

/// Our own way.
fn completed(panel: &Panel, events: &[Event], draws: Draws) -> Vec<Forecasted> {
    let fitted = fit_all(panel, &Spec::Kampioen, events).expect("made-up money can be fitted");
    let bands = Bands::learn(panel, &Spec::Kampioen, &fitted.models, events, 0)
        .expect("made-up money can be fitted");
    let year = panel.as_of.year();
    let forecast =
        simulate(panel, &fitted, Some(&bands), events, &[], Month::december(year), draws)
            .expect("fitted models can be simulated");
    let span = (Month::january(year), Month::december(year));
    judged(panel, &forecast, &[], &[span], |drawn| {
        let asked = drawn.measure == Measure::Lasten && LEVELS.contains(&drawn.node.level);
        asked.then(|| Forecasted::new(panel.as_of, WAYS[0], &drawn, Cents::ZERO))
    })
}

/// The other ways, each as a panel whose months are as that way makes them.
fn others<'a>(panel: &Panel, events: &[Event]) -> Vec<(&'a str, Panel)> {
    let mut face = panel.clone();
    for (line, series) in &mut face.series {
        let months = series.start.through(panel.as_of);
        let booked = months.map(|month| panel.booked[line].get(month).euros()).collect();
        *series = Series::settled(series.start, booked);
    }
    let dropped = without_youngest(&face);
    let ladders: BTreeMap<&LineId, ChainLadder> = panel
        .late
        .lines
        .iter()
        .map(|(line, late)| {
            let links = links(&late.run_off, Some(WINDOW), SigmaRule::Mack);
            (line, chain_ladder(&late.run_off, &links))
        })
        .collect();
    let mut ladder = face.clone();
    for (line, series) in &mut ladder.series {
        for month in &ladders[line].months {
            set(series, month.month, month.estimate.ultimate);
        }
    }
    let priors = means(&without_youngest(&ladder), events);
    let mut blended = face.clone();
    for (line, series) in &mut blended.series {
        let prior = |month: Month| {
            let (end, ahead) = &priors[line];
            let at = usize::try_from((month - *end).0).ok();
            at.map_or_else(|| ladder.series[line].get(month), |at| ahead.get(at).copied())
        };
        for month in &ladders[line].months {
            let rest = month.bornhuetter_ferguson(prior(month.month).unwrap_or(0.0));
            set(series, month.month, month.estimate.latest + rest);
        }
    }
    vec![(WAYS[1], dropped), (WAYS[2], face), (WAYS[3], ladder), (WAYS[4], blended)]
}

fn set(series: &mut Series, month: Month, euros: f64) {
    let at = usize::try_from((month - series.start).0).ok();
    if let Some(value) = at.and_then(|at| series.values.get_mut(at)) {
        *value = euros;
    }
}

fn without_youngest(panel: &Panel) -> Panel {
    let mut panel = panel.clone();
    let from = panel.as_of + Months(1) - YOUNGEST;
    panel.series.values_mut().for_each(|series| series.thin_from = Some(from));
    panel
}

/// The first month that the champion tells of each line, and what it says through December.
fn means(panel: &Panel, events: &[Event]) -> BTreeMap<LineId, (Month, Vec<f64>)> {
    let growth = shared_growth(panel);
    let last = Month::december(panel.as_of.year());
    let of = |(line, series): (&LineId, &Series)| {
        let context = Context::new(events, line, panel.as_of).growing(&growth);
        let model = fit(&Spec::Kampioen, series, &context).expect("made-up money can be fitted");
        let ahead = model.mean(model.end().through(last).len(), &context);
        (line.clone(), (model.end(), ahead))
    };
    panel.series.iter().map(of).collect()
}

/// The year totals of one way, as points: a line whose codes ended brings what is booked.
fn point(way: &str, panel: &Panel, events: &[Event]) -> Vec<Forecasted> {
    let year = panel.as_of.year();
    let months = || Month::january(year).through(Month::december(year));
    let mut sums: BTreeMap<(Level, Option<String>), (NodeName, f64)> = BTreeMap::new();
    for (line, (end, ahead)) in means(panel, events) {
        let (series, ended) = (&panel.series[&line], panel.ended.get(&line));
        let of_month = |month: Month| match usize::try_from((month - end).0) {
            _ if ended.is_some_and(|&ended| month > ended) => {
                panel.booked[&line].get(month).euros()
            }
            Ok(at) => ahead[at],
            Err(_) => series.get(month).unwrap_or(0.0),
        };
        let total: f64 = months().map(of_month).sum();
        for (key, node) in LEVELS.into_iter().map(|level| node(level, &line)) {
            if line.side == Side::Lasten {
                sums.entry(key).or_insert((node, 0.0)).1 += total;
            }
        }
    }
    let row = |(node, euros): (NodeName, f64)| Forecasted {
        origin: panel.as_of,
        year,
        month: None,
        node,
        measure: Measure::Lasten,
        model: way.to_owned(),
        mean: Cents::from_euros(euros),
        quantiles: Quantiles([Cents::from_euros(euros); 9]),
        actual: Cents::ZERO,
        settled: true,
        judged: None,
    };
    sums.into_values().map(row).collect()
}

/// The node of a level that a line is part of, and its key.
fn node(level: Level, line: &LineId) -> ((Level, Option<String>), NodeName) {
    let (wet, product) = (level != Level::Totaal, level == Level::Product);
    let node = NodeName {
        level,
        wet: wet.then_some(line.wet),
        taakveld: product.then(|| line.taakveld.clone()),
        product: product.then(|| line.product.clone()),
    };
    let name = match level {
        Level::Totaal => None,
        Level::Wet => Some(line.wet.to_string()),
        _ => Some(line.to_string()),
    };
    ((level, name), node)
}

/// Errors of every way, and ours over theirs.
fn points(rows: &[Forecasted]) -> String {
    let scores = scores(rows);
    let mut text = String::new();
    for level in LEVELS {
        writeln!(
            text,
            "\n## Points per {level}: mean absolute error in % of the euros, bias in %, ours ÷ theirs\n\n\
             {:<16}{:>8}{:>8}{:>8}{:>10}{:>8}{:>8}{:>10}{:>8}{:>8}",
            "known months", 4, 8, 10, "bias 4", 8, 10, "ratio 4", 8, 10
        )
        .expect("a string takes text");
        for way in WAYS {
            let of = |month| found(&scores, level, way, Some(month));
            let ours = |month| found(&scores, level, WAYS[0], Some(month));
            let error = |score: Option<&Score>| score.map_or(f64::NAN, |score| 100.0 * score.wape);
            let bias = |score: Option<&Score>| score.map_or(f64::NAN, |score| 100.0 * score.bias);
            let errors = KNOWN.map(|month| format!("{:>8.2}", error(of(month)))).concat();
            let biases = KNOWN.map(|month| format!("{:>+8.2}", bias(of(month)))).concat();
            let ratios =
                KNOWN.map(|month| format!("{:>8.3}", error(ours(month)) / error(of(month))));
            writeln!(text, "{way:<16}{errors}  {biases}  {}", ratios.concat())
                .expect("a string takes text");
        }
    }
    text
}

fn found<'a>(
    scores: &'a [Score],
    level: Level,
    way: &str,
    month: Option<u32>,
) -> Option<&'a Score> {
    let split = month.map_or(Split::All, Split::MonthsKnown);
    let asked = |score: &&Score| score.level == level && score.model == way && score.split == split;
    scores.iter().find(asked)
}

/// What our bands held.
fn bands(title: &str, rows: &[Forecasted]) -> String {
    let scores = scores(rows);
    let mut text = format!(
        "\n## Bands, {title}: the share inside, and the weighted interval score in % of the euros\n\n\
         {:<18}{:>8}{:>8}{:>8}{:>8}\n",
        "", "80 %", "95 %", "WIS", "n"
    );
    for level in LEVELS {
        for month in KNOWN.map(Some).into_iter().chain([None]) {
            let Some(score) = found(&scores, level, WAYS[0], month) else { continue };
            let when = month.map_or_else(|| "all".to_owned(), |month| month.to_string());
            writeln!(
                text,
                "{:<18}{:>8.3}{:>8.3}{:>8.2}{:>8}",
                format!("{level} {when}"),
                score.coverage80.share,
                score.coverage95.share,
                100.0 * score.wis,
                score.count
            )
            .expect("a string takes text");
        }
    }
    text
}
