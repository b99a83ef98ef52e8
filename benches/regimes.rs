//! How much wider must the band of a line be that is in a young regime?
//!
//! `cargo bench --bench regimes` replays made-up towns as of March, June and September of 2021 to 2026, tests
//! each for drift with what was known then, and sets the year totals of lasten per product beside the truth: by
//! the known months of the regime of the line, how many lay inside the 80 % band, what the band had to be
//! multiplied by to hold 80 %, and how many lie inside once it is widened by the rule of the program.
//! `-- --quick`, `-- --test` and `cargo test --benches` take every step once. Same options, same bytes.

mod mode;
#[expect(dead_code, reason = "totals of nodes are of no use here")]
mod towns;

use clap::Parser;
use mode::Mode;
use prognose::backtest::{KNOWN, OneStep, one_steps};
use prognose::calendar::{Event, Prices};
use prognose::drift::{Facts, REFERENCE, Regime, WATCHED, Why, drift, regimes};
use prognose::forecast::{Bands, Books, Draws, PolicyChoice, layers, simulate, widening};
use prognose::model::{Spec, fit_all};
use prognose::outlook::{Drawn, judged};
use prognose::synth::{self, Town};
use prognose::units::{Level, LineId, Measure, Month, Months, Side};
use rayon::prelude::*;
use std::fmt::Write as _;
use towns::{of_year, policy, print, say};

#[derive(Parser, Debug)]
struct Asked {
    #[command(flatten)]
    mode: Mode,
    /// The number of made-up towns
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=999))]
    towns: u32,
    /// The seed of the towns
    #[arg(long, default_value_t = 64_007)]
    seed: u64,
}

const FIRST_YEAR: i32 = 2021;
const LAST_YEAR: i32 = 2026;
/// The known months of a regime, up to which the rows of the table run.
const GROUPS: [i32; 6] = [3, 6, 9, 12, 18, 23];

/// One year total of a line: the months of its regime, and how far the outcome lay from the middle of the band, in
/// half widths of it.
struct Outcome {
    months: Months,
    young: bool,
    away: f64,
}

fn main() {
    let asked = Asked::parse();
    let quick = asked.mode.is_quick();
    let (towns, first) = if quick { (1, LAST_YEAR) } else { (asked.towns, FIRST_YEAR) };
    let mut outcomes = Vec::new();
    for number in 1..=towns {
        outcomes.extend(of_town(&synth::municipality(number, asked.seed), first));
        say(&format!("town {number} of {towns}"));
    }
    print(&table(&outcomes));
}

fn of_town(town: &Town, first_year: i32) -> Vec<Outcome> {
    let (events, ledger) = (policy(town), town.ledger());
    let prices: Prices = toml::from_str(&synth::prices(town)).expect("the price table is TOML");
    let books = Books { ledger: &ledger, events: &events, prices: &prices, drop_months: 0 };
    let origins: Vec<Month> = (first_year..=LAST_YEAR)
        .flat_map(|year| [3, 6, 9].map(|month| Month::january(year) + Months(month - 1)))
        .collect();
    let last = origins[origins.len() - 1];
    let start = books.as_of(last).first() + KNOWN - Months(1);
    let earliest = start.max(origins[0] - Months::of(REFERENCE + WATCHED));
    let looks: Vec<Month> = earliest.through(last - Months(1)).collect();
    let steps = one_steps(books, &Spec::Kampioen, &looks, 1, &|| ()).expect("money can be fitted");
    let of = |&origin: &Month| at(town, books, &events, &steps, origin);
    origins.par_iter().flat_map_iter(of).collect()
}

/// The year totals of one origin beside the truth.
fn at(
    town: &Town,
    books: Books<'_>,
    events: &[Event],
    steps: &[OneStep],
    origin: Month,
) -> Vec<Outcome> {
    let panel = books.as_of(origin);
    let known: Vec<OneStep> = steps.iter().filter(|step| step.month <= origin).cloned().collect();
    let facts = Facts { panel: &panel, events, steps: &known };
    let regimes = regimes(&facts, &drift(&facts));
    let fitted = fit_all(&panel, &Spec::Kampioen, events).expect("money can be fitted");
    let bands = Bands::learn(&panel, &Spec::Kampioen, &fitted.models, events, 0)
        .expect("money can be fitted");
    let (year, draws) = (origin.year(), Draws { count: 500, seed: 1 });
    let span = (Month::january(year), Month::december(year));
    let mut forecast = simulate(&panel, &fitted, Some(&bands), events, &[], span.1, draws)
        .expect("fitted models can be simulated");
    forecast.layers = layers(&panel, &forecast, events, PolicyChoice::Decided, draws.seed);
    let truth = town.truth();
    judged(&panel, &forecast, &[], &[span], |drawn| {
        let line = lasten(&drawn)?;
        let regime = regimes.iter().find(|regime| regime.line == line)?;
        outcome(&drawn, regime, of_year(truth.get(&line)?, year))
    })
}

/// The line of a product's lasten.
fn lasten(drawn: &Drawn<'_>) -> Option<LineId> {
    let asked = drawn.node.level == Level::Product && drawn.measure == Measure::Lasten;
    let node = Some(drawn.node).filter(|_| asked)?;
    let (taakveld, product) = (node.taakveld.clone()?, node.product.clone()?);
    Some(LineId { wet: node.wet?, taakveld, product, side: Side::Lasten })
}

/// In logarithms; nothing where something is not above 0, or the band has no width.
fn outcome(drawn: &Drawn<'_>, regime: &Regime, actual: f64) -> Option<Outcome> {
    let quantiles = drawn.quantiles().0;
    let [low, middle, high] = [2, 4, 6].map(|at: usize| quantiles[at].euros());
    let half = (high / low).ln() / 2.0;
    let told = low > 0.0 && actual > 0.0 && half > 1e-6;
    told.then(|| Outcome {
        months: regime.months,
        young: regime.is_new() && regime.why != Why::Start,
        away: (actual / middle).ln().abs() / half,
    })
}

fn table(outcomes: &[Outcome]) -> String {
    let mut text = format!(
        "\nYear totals of lasten per product, by the known months of the regime of the line\n\n{:<16}{:>7}{:>9}{:>11}{:>9}\n",
        "months", "n", "inside", "wider", "by rule"
    );
    let mut from = 1;
    for to in GROUPS {
        let of = |outcome: &&Outcome| outcome.young && (from..=to).contains(&outcome.months.0);
        text += &row(&format!("{from} to {to}"), outcomes.iter().filter(of).collect());
        from = to + 1;
    }
    text += &row("all of these", outcomes.iter().filter(|outcome| outcome.young).collect());
    text + &row("all other lines", outcomes.iter().filter(|outcome| !outcome.young).collect())
}

/// How many lie inside, what the band had to be multiplied by to hold 80 %, and how many lie inside by the rule.
#[expect(clippy::cast_precision_loss, reason = "counts of year totals")]
fn row(name: &str, mut outcomes: Vec<&Outcome>) -> String {
    outcomes.sort_by(|a, b| a.away.total_cmp(&b.away));
    let n = outcomes.len();
    let inside = outcomes.iter().filter(|outcome| outcome.away <= 1.0).count();
    let wider = |outcome: &Outcome| if outcome.young { widening(outcome.months) } else { 1.0 };
    let ruled = outcomes.iter().filter(|outcome| outcome.away <= wider(outcome)).count();
    let needed = outcomes.get(n * 4 / 5).map_or(f64::NAN, |outcome| outcome.away);
    let share = |count: usize| count as f64 / n.max(1) as f64;
    let mut text = String::new();
    writeln!(text, "{name:<16}{n:>7}{:>9.3}{needed:>11.2}{:>9.3}", share(inside), share(ruled))
        .expect("a string takes text");
    text
}
