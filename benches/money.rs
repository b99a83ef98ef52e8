//! How good is the year total? The champion against every rule and single member, at 3, 6 and 9
//! known months, with the coverage of its bands.
//!
//! `cargo bench --bench money` measures on two English councils (when their data stands beside the
//! project) and on made-up towns, whole and cut to ten lines. `-- --towns N --years N` asks for
//! more or fewer; `-- --quick`, `-- --test` and `cargo test --benches` take every step once.
//!
//! Truth of a made-up town is what its generator knows; of a council what was paid. The towns have
//! a seed that nothing was tuned on. Same options, same bytes.

mod mode;
mod towns;

use clap::Parser;
use mode::Mode;
use prognose::backtest::{
    Comparison, Forecasted, Origins, Replay, Score, Split, Yardstick, against_best, replay, scores,
};
use prognose::calendar::{Event, Prices};
use prognose::forecast::{Books, Draws};
use prognose::ledger::{Ledger, Origin, Posting, PostingKind};
use prognose::model::Spec;
use prognose::outlook::NodeName;
use prognose::panel::Series;
use prognose::synth::{self, Town};
use prognose::units::{Cents, Level, LineId, Measure, Month, Side, Wet};
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use towns::{against, policy, print, say};

#[derive(Parser, Debug)]
struct Asked {
    #[command(flatten)]
    mode: Mode,
    /// The number of made-up towns
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=999))]
    towns: u32,
    /// The number of years per town, the last one 2026
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(i32).range(1..=8))]
    years: i32,
}

/// The seed of the towns: not that of the demo, on which the models may have been tried.
const SEED: u64 = 30_511;
/// The last year of a town that is judged: its ledger runs through October.
const LAST_YEAR: i32 = 2026;
/// The year in which a third of the lines got new codes, which no model foresees: judged apart, or
/// its errors would drown all others.
const BREAK: i32 = 2025;
/// The size of the small panels.
const FEW: usize = 10;
/// The levels that are judged.
const LEVELS: [Level; 3] = [Level::Product, Level::Wet, Level::Totaal];
/// The months known at the origins.
const KNOWN: [u32; 3] = [3, 6, 9];
/// Where the data of the councils may stand: it is no part of the project.
const COUNCILS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/council/monthly_series.csv");

fn main() {
    let asked = Asked::parse();
    let quick = asked.mode.is_quick();
    let (towns, years) = if quick { (1, 1) } else { (asked.towns, asked.years) };
    let draws = Draws { count: if quick { 50 } else { 500 }, seed: 1 };
    print("The total of lasten of a year, as forecast at the end of month 3, 6 and 9\n");
    if !quick {
        councils(draws);
    }
    made_up(towns, LAST_YEAR - years + 1..=LAST_YEAR, draws);
}

/// Forecasts beside the outcomes, each with what it shares its luck with.
#[derive(Default)]
struct Tried {
    groups: Vec<i32>,
    rows: Vec<Forecasted>,
}

impl Tried {
    fn extend(&mut self, group: i32, rows: Vec<Forecasted>) {
        self.groups.extend(rows.iter().map(|_| group));
        self.rows.extend(rows);
    }

    fn only(&self, keep: impl Fn(&Forecasted) -> bool) -> Self {
        let kept = self.pairs().filter(|&(_, row)| keep(row));
        let (groups, rows) = kept.map(|(group, row)| (group, row.clone())).unzip();
        Self { groups, rows }
    }

    fn pairs(&self) -> impl Iterator<Item = (i32, &Forecasted)> {
        self.groups.iter().copied().zip(&self.rows)
    }
}

// The councils.

/// A row of the council data: what was paid in a month.
#[derive(Deserialize)]
struct Paid {
    council: String,
    domain: String,
    month: Month,
    amount_gbp: f64,
}

/// Two councils of two acts each, by calendar year.
fn councils(draws: Draws) {
    let Ok(mut reader) = csv::Reader::from_path(COUNCILS) else {
        print("\nSKIPPED: the council data is not there (../shared/data/council)\n");
        return;
    };
    let mut ledgers: BTreeMap<String, Ledger> = BTreeMap::new();
    for paid in reader.deserialize() {
        let paid: Paid = paid.expect("the council data has its columns");
        pay(ledgers.entry(paid.council.clone()).or_insert_with(council), &paid);
    }
    let mut tried = Tried::default();
    for ledger in ledgers.values_mut() {
        ledger.postings.sort_by_key(|posting| (posting.line, posting.service));
        for row in replayed(ledger, &[], &origins_of(ledger), draws) {
            tried.extend(row.year, vec![row]);
        }
    }
    tell("Two councils, adult care and children's services", &tried, &[Level::Wet], "years");
}

/// A council before anything was paid.
fn council() -> Ledger {
    let line = |wet, taakveld: &str| LineId {
        wet,
        taakveld: taakveld.to_owned(),
        product: wet.to_string(),
        side: Side::Lasten,
    };
    Ledger { lines: vec![line(Wet::Wmo, "6.71"), line(Wet::Jeugd, "6.72")], ..Ledger::default() }
}

fn pay(ledger: &mut Ledger, paid: &Paid) {
    ledger.postings.push(Posting {
        line: u32::from(paid.domain != "adult_social_care"),
        kind: PostingKind::Regular,
        service: paid.month,
        booked: paid.month,
        amount: Cents::from_euros(paid.amount_gbp),
        origin: Origin { file: 0, row: 0 },
    });
}

fn origins_of(ledger: &Ledger) -> Vec<Month> {
    let booked = || ledger.postings.iter().map(|posting| posting.booked);
    let months = booked().min().zip(booked().max());
    let (first, last) = months.expect("a council paid something");
    Origins::default().months(first, last).expect("a council has years of history")
}

// The made-up towns.

/// The years that are judged.
type Years = std::ops::RangeInclusive<i32>;

/// What one town gave.
struct OfTown {
    /// The number of its lines.
    lines: usize,
    /// All its lines together.
    whole: Vec<Forecasted>,
    /// Ten of them, forecast alone.
    few: Vec<Forecasted>,
    /// The same ten products, forecast among the others.
    few_among_all: Vec<Forecasted>,
}

/// Towns with all their lines, and with ten.
fn made_up(towns: u32, years: Years, draws: Draws) {
    let done = AtomicUsize::new(0);
    let of_town = |number: u32| {
        let found = town(number, &years, draws);
        say(&format!("town {} of {towns}", done.fetch_add(1, Ordering::Relaxed) + 1));
        found
    };
    let all: Vec<OfTown> = (1..=towns).into_par_iter().map(of_town).collect();
    let lines = || all.iter().map(|town| town.lines);
    let (least, most) = (lines().min().unwrap_or(0), lines().max().unwrap_or(0));
    let (mut whole, mut few, mut among) = <(Tried, Tried, Tried)>::default();
    for (town, found) in (1..).zip(all) {
        whole.extend(town, found.whole);
        few.extend(town, found.few);
        among.extend(town, found.few_among_all);
    }
    let usual = |tried: &Tried| tried.only(|row| row.year != BREAK);
    let broken = whole.only(|row| row.year == BREAK);
    let span = format!("{towns} made-up towns of {least} to {most} lines");
    tell(&span, &usual(&whole), &LEVELS, "towns");
    tell(&format!("{span}, in the year of new codes"), &broken, &LEVELS, "towns");
    tell(&format!("{towns} made-up towns of {FEW} lines"), &usual(&few), &LEVELS, "towns");
    let same = format!("{towns} made-up towns, the same {FEW} lines among all others");
    tell(&same, &usual(&among), &[Level::Product], "towns");
}

fn town(number: u32, years: &Years, draws: Draws) -> OfTown {
    let town = synth::municipality(number, SEED);
    let events = policy(&town);
    let origins: Vec<Month> = years.clone().flat_map(known_months).collect();
    let ledger = town.ledger();
    let chosen = some_lines(&town, number, years);
    let tested = |ledger: &Ledger| {
        let mut truth = town.truth();
        truth.retain(|line, _| ledger.lines.contains(line));
        let rows = replayed(ledger, &events, &origins, draws);
        rows.into_iter().map(|row| against(&truth, row)).collect::<Vec<_>>()
    };
    let whole = tested(&ledger);
    let names: BTreeSet<_> = chosen.iter().map(product_of).collect();
    let of_few = |row: &&Forecasted| names.contains(&place_of(&row.node));
    OfTown {
        lines: ledger.lines.len(),
        few: tested(&cut(&ledger, &chosen)),
        few_among_all: whole.iter().filter(of_few).cloned().collect(),
        whole,
    }
}

fn known_months(year: i32) -> impl Iterator<Item = Month> {
    KNOWN.into_iter().filter_map(move |month| Month::new(year, month))
}

/// Lines of lasten that cost something in `years`, drawn by the number of the town.
fn some_lines(town: &Town, number: u32, years: &Years) -> BTreeSet<LineId> {
    let (first, last) = (Month::january(*years.start()), Month::december(*years.end()));
    let alive = |(line, series): &(&LineId, &Series)| {
        line.side == Side::Lasten && series.start <= last && series.end() > first
    };
    let truth = town.truth();
    let lines: Vec<&LineId> = truth.iter().filter(alive).map(|(line, _)| line).collect();
    let mut random = Pcg64Mcg::seed_from_u64(SEED + u64::from(number));
    let drawn = rand::seq::index::sample(&mut random, lines.len(), FEW.min(lines.len()));
    drawn.into_iter().map(|at| lines[at].clone()).collect()
}

/// The same books with no other lines than `kept`.
fn cut(ledger: &Ledger, kept: &BTreeSet<LineId>) -> Ledger {
    let lines: Vec<LineId> = kept.iter().cloned().collect();
    let place = |line: u32| lines.binary_search(&ledger.lines[line as usize]).ok();
    let posting = |posting: &Posting| {
        let line = place(posting.line)?.try_into().expect("ten lines can be counted");
        Some(Posting { line, ..*posting })
    };
    let mut valid_through = ledger.valid_through.clone();
    valid_through.retain(|line, _| kept.contains(line));
    Ledger {
        postings: ledger.postings.iter().filter_map(posting).collect(),
        has_service_months: ledger.has_service_months,
        valid_through,
        lines,
        ..Ledger::default()
    }
}

type Place = (Option<Wet>, Option<String>, Option<String>);

fn product_of(line: &LineId) -> Place {
    (Some(line.wet), Some(line.taakveld.clone()), Some(line.product.clone()))
}

fn place_of(node: &NodeName) -> Place {
    (node.wet, node.taakveld.clone(), node.product.clone())
}

// Both.

/// Every model at every origin, lasten of the levels that are judged.
fn replayed(ledger: &Ledger, events: &[Event], origins: &[Month], draws: Draws) -> Vec<Forecasted> {
    let latest = ledger.last_booked().expect("there are postings");
    let books = Books { ledger, events, prices: &Prices::default(), drop_months: 0 };
    let asked = Replay {
        books,
        latest,
        bridges: &[],
        young: &BTreeMap::new(),
        champion: &Spec::Kampioen,
        challenger: None,
        others: &Spec::all(),
        reconciled: true,
        horizons: &[],
        draws,
    };
    let mut rows = replay(asked, origins, &|| ()).expect("made-up and paid money can be fitted");
    rows.retain(|row| row.measure == Measure::Lasten && LEVELS.contains(&row.node.level));
    rows
}

/// The tables of one data set.
fn tell(title: &str, tried: &Tried, levels: &[Level], groups: &str) {
    let years: BTreeSet<String> = tried.rows.iter().map(|row| row.year.to_string()).collect();
    let years = Vec::from_iter(years).join(", ");
    for &level in levels {
        let of_level = tried.only(|row| row.node.level == level);
        if of_level.rows.is_empty() {
            continue;
        }
        let mut text = format!("\n## {title}, per {level} ({years})\n\n");
        text += &methods(&scores(&of_level.rows));
        text += &versus(&of_level, groups);
        print(&text);
    }
}

/// One row per method.
fn methods(scores: &[Score]) -> String {
    let above = format!("{:<22}{:^27}  {:>6}\n", "", "WAPE, %", "rel.");
    let header = format!(
        "{:<22}{:>6}{:>7}{:>7}{:>7}{:>8}{:>8}{:>7}{:>7}{:>8}{:>8}\n",
        "known months", 3, 6, 9, "mean", "error %", "bias %", "in 80", "in 95", "WIS %", "n"
    );
    let rows = Spec::all().into_iter().map(|spec| method(spec.name(), scores));
    [above, header].into_iter().chain(rows).chain([covered(scores)]).collect()
}

/// The errors of one method, over each number of months known and over all together.
fn method(name: &str, scores: &[Score]) -> String {
    let Some(all) = found(scores, name, None) else { return String::new() };
    let [three, six, nine] = KNOWN
        .map(|month| found(scores, name, Some(month)).map_or(f64::NAN, |score| 100.0 * score.wape));
    let mean = (three + six + nine) / 3.0;
    let (relative, bias, wis) = (100.0 * all.relative, 100.0 * all.bias, 100.0 * all.wis);
    let (band80, band95, n) = (all.coverage80.share, all.coverage95.share, all.count);
    format!(
        "{name:<22}{three:>6.2}{six:>7.2}{nine:>7.2}{mean:>7.2}{relative:>8.2}{bias:>+8.2}\
         {band80:>7.3}{band95:>7.3}{wis:>8.2}{n:>8}\n"
    )
}

fn found<'a>(scores: &'a [Score], model: &str, months: Option<u32>) -> Option<&'a Score> {
    let split = months.map_or(Split::All, Split::MonthsKnown);
    scores.iter().find(|score| score.model == model && score.split == split)
}

/// What the bands of the champion held at each number of months known.
fn covered(scores: &[Score]) -> String {
    let champion = Spec::default();
    let at = |month| found(scores, champion.name(), Some(month));
    let held =
        |score: &Score| format!("{:.3} / {:.3}", score.coverage80.share, score.coverage95.share);
    let held: Vec<String> = KNOWN.into_iter().filter_map(at).map(held).collect();
    format!("\n{} in its bands of 80 / 95 %: {}\n", champion.name(), held.join(", "))
}

/// The champion against the best of all others, by both yardsticks.
fn versus(tried: &Tried, groups: &str) -> String {
    [(Yardstick::Wape, "WAPE"), (Yardstick::Relative, "mean relative error")]
        .map(|(yardstick, name)| versus_by(yardstick, name, tried, groups).unwrap_or_default())
        .concat()
}

/// The best other is chosen on all months known together, and is the same in every row.
fn versus_by(yardstick: Yardstick, name: &str, tried: &Tried, groups: &str) -> Option<String> {
    let (specs, champion) = (Spec::all(), Spec::default().name());
    let others: Vec<&str> = specs.iter().map(Spec::name).filter(|&name| name != champion).collect();
    let all = against_best(tried.pairs(), champion, &others, yardstick)?;
    let title = format!(
        "\n{champion} ÷ {} (the best other), {name}; 90 % interval, {} {groups} drawn whole\n",
        all.rule, all.groups
    );
    let rows = parts(tried).into_iter().filter_map(|(part, tried)| {
        let compared = against_best(tried.pairs(), champion, &[&all.rule], yardstick)?;
        Some(ratio(&part, &compared))
    });
    Some([title, ratio("3, 6 and 9 months", &all)].into_iter().chain(rows).collect())
}

/// Per number of months known; per year too when the groups are something else.
fn parts(tried: &Tried) -> Vec<(String, Tried)> {
    let by_months = KNOWN
        .map(|month| (format!("{month} months"), tried.only(|row| row.months_known() == month)));
    let own_groups = tried.pairs().any(|(group, row)| group != row.year);
    let years: BTreeSet<i32> =
        tried.rows.iter().map(|row| row.year).filter(|_| own_groups).collect();
    let by_year = years.into_iter().map(|year| (year.to_string(), year));
    let by_year = by_year.map(|(name, year)| (name, tried.only(|row| row.year == year)));
    by_months.into_iter().chain(by_year).collect()
}

fn ratio(name: &str, found: &Comparison) -> String {
    let (low, high) = found.ratio_interval;
    format!("{name:<22}{:>6.3} [{low:.3}, {high:.3}]\n", found.ratio())
}
