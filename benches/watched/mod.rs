//! A ledger looked at month by month, as the program would have done.

use crate::noise::real;
use crate::towns::{policy, say};
use prognose::backtest::{KNOWN, OneStep, one_steps};
use prognose::calendar::{Event, Prices};
use prognose::drift::{Facts, LEAST, REFERENCE, Status, Tested, Tier, WATCHED, drift};
use prognose::forecast::Books;
use prognose::model::Spec;
use prognose::panel::Panel;
use prognose::synth::{self, Town};
use prognose::units::{LineId, Month, Months};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Flags of one line and kind that began so near each other are one.
const SAME: Months = Months(3);
/// What may be behind a flag lies at most so long before it, or so short after.
const BEHIND: (Months, Months) = (Months(12), Months(3));
/// A step is seen by a flag that comes within so many months.
const SEEN: Months = Months(12);

/// A flag, and the month it was first shown.
#[derive(Debug, Clone)]
pub(crate) struct Flagged {
    pub(crate) shown: Month,
    pub(crate) test: Tested,
}

/// What was flagged, month after month.
pub(crate) struct Watch {
    pub(crate) flags: Vec<Flagged>,
    pub(crate) steps: Vec<OneStep>,
    /// The months of all lines that the monitor tested.
    pub(crate) tested: usize,
    /// Outcomes inside their 80 % band, and all, as seen in the last month.
    pub(crate) inside: (usize, usize),
    /// What is known in the last month, in euros of the day.
    pub(crate) last: Panel,
}

/// Looks at the books every month of `months`.
pub(crate) fn watch(books: Books<'_>, months: &[Month]) -> Watch {
    let events = books.events;
    let (first, last) = (months[0], months[months.len() - 1]);
    let panel = books.as_of(last).in_euros_of_the_day();
    let earliest = (panel.first() + KNOWN - Months(1)).max(first - Months::of(REFERENCE + WATCHED));
    let origins: Vec<Month> = earliest.through(last - Months(1)).collect();
    let steps =
        one_steps(books, &Spec::Kampioen, &origins, 1, &|| ()).expect("money can be fitted");
    let look = |&month: &Month| {
        let panel = books.as_of(month);
        let known: Vec<OneStep> =
            steps.iter().filter(|step| step.month <= month).cloned().collect();
        (month, drift(&Facts { panel: &panel, events, steps: &known }))
    };
    let looks: Vec<(Month, Vec<Tested>)> = months.par_iter().map(look).collect();
    let monitored = |test: &&Tested| test.tier == Tier::Monitor && test.status != Status::Early;
    let tested = looks.iter().map(|(_, tests)| tests.iter().filter(monitored).count()).sum();
    let inside = inside(&panel, &steps);
    Watch { flags: distinct(looks), steps, tested, inside, last: panel }
}

/// Each flag once, in the month it was first shown.
fn distinct(looks: Vec<(Month, Vec<Tested>)>) -> Vec<Flagged> {
    let mut flags: Vec<Flagged> = Vec::new();
    for (shown, tests) in looks {
        for test in tests.into_iter().filter(Tested::is_flag) {
            let same = |flag: &Flagged| {
                let apart = flag.test.since.zip(test.since).map(|(a, b)| (a - b).0.abs());
                flag.test.line == test.line
                    && flag.test.tier == test.tier
                    && apart.is_none_or(|apart| apart <= SAME.0)
            };
            if !flags.iter().any(same) {
                flags.push(Flagged { shown, test });
            }
        }
    }
    flags
}

fn inside(panel: &Panel, steps: &[OneStep]) -> (usize, usize) {
    let outcome = |step: &&OneStep| panel.series.get(&step.line)?.learnable().get(step.month);
    let told: Vec<bool> = steps
        .iter()
        .filter_map(|step| Some((step, outcome(&step)?)))
        .filter(|(step, outcome)| *outcome != 0.0 || step.p90 > step.p10)
        .map(|(step, outcome)| (step.p10..=step.p90).contains(&outcome))
        .collect();
    (told.iter().filter(|inside| **inside).count(), told.len())
}

/// A true step of a line.
struct Step {
    /// In standard deviations of the errors of the three years before it.
    size: f64,
    /// Months from its first month to the flag; `None` when none came in time.
    delay: Option<i32>,
}

/// What was found in all towns.
#[derive(Default)]
struct Found {
    /// Per test: flags, and those without a cause.
    flags: BTreeMap<Tier, (usize, usize)>,
    tested: usize,
    inside: (usize, usize),
    steps: Vec<Step>,
}

/// Made-up towns: what was flagged without a cause, and how late true steps were seen.
pub(crate) fn towns(count: u32, seed: u64, quick: bool) -> String {
    let mut found = Found::default();
    for number in 1..=count {
        let town = synth::municipality(number, seed);
        let (events, ledger) = (policy(&town), town.ledger());
        let prices: Prices = toml::from_str(&synth::prices(&town)).expect("the price file is TOML");
        let books = Books { ledger: &ledger, events: &events, prices: &prices, drop_months: 0 };
        let last = ledger.last_booked().expect("a town has money");
        let first = if quick { last - Months(2) } else { Month::january(2021) };
        let watched = watch(books, &first.through(last).collect::<Vec<_>>());
        for flag in &watched.flags {
            let (all, without) = found.flags.entry(flag.test.tier).or_default();
            *all += 1;
            *without += usize::from(!has_cause(&town, &events, flag));
        }
        found.tested += watched.tested;
        found.inside.0 += watched.inside.0;
        found.inside.1 += watched.inside.1;
        found.steps.extend(true_steps(&town, &watched, first, last));
        say(&format!("town {number} of {count}"));
    }
    let title = format!("\n{count} made-up towns, month by month\n\n");
    title + &flags(&found) + &delays(&found.steps)
}

fn flags(found: &Found) -> String {
    let years = real(found.tested) / 12.0;
    let (inside, all) = found.inside;
    let mut text = format!(
        "one-step outcomes inside their 80 % band: {:.1} % of {all}\nline-years of the monitor: {years:.0}\n",
        100.0 * real(inside) / real(all.max(1)),
    );
    for (tier, (all, without)) in &found.flags {
        let share = 100.0 * real(*without) / years.max(1.0);
        let letter = tier.letter();
        writeln!(
            text,
            "{letter}: {all} flags, {without} without a cause, {share:.1} per 100 line-years"
        )
        .expect("a string takes text");
    }
    text
}

/// Whether anything in the truth of a line or in the policy of its town may be behind a flag. A month in which all
/// is booked late or early is a cause of unusual invoices only.
fn has_cause(town: &Town, events: &[Event], flag: &Flagged) -> bool {
    let (Some(line), Some(since)) = (&flag.test.line, flag.test.since) else { return true };
    let near = |month: Month| month >= since - BEHIND.0 && month <= since + BEHIND.1;
    let codes: Vec<&str> =
        town.lines.iter().filter(|own| own.id == *line).map(|own| own.code).collect();
    let desk = |event: &synth::Event| event.code == "*" && flag.test.tier == Tier::Invoices;
    let told =
        |event: &synth::Event| near(event.month) && (codes.contains(&event.code) || desk(event));
    // What grows for years is behind what is flagged in them.
    let slow = |event: &synth::Event| {
        event.kind == "trage S-curve"
            && codes.contains(&event.code)
            && event.month <= since + Months(24)
            && event.month >= since - Months(36)
    };
    town.events.iter().any(|event| told(event) || slow(event))
        || events.iter().any(|event| event.covers(line) && near(event.date))
}

fn true_steps(town: &Town, watched: &Watch, first: Month, last: Month) -> Vec<Step> {
    let steps = town.events.iter().filter(|event| {
        event.kind == "niveausprong" && event.month >= first && event.month <= last - SEEN
    });
    let step = |event: &synth::Event| {
        let line = town.lines.iter().find(|line| line.code == event.code)?;
        let spread = spread(watched, &line.id, event.month)?;
        let seen = |flag: &&Flagged| {
            flag.test.tier == Tier::Monitor
                && flag.test.line.as_ref() == Some(&line.id)
                && flag.shown >= event.month
                && flag.shown <= event.month + SEEN
                && flag.test.since.is_some_and(|since| since >= event.month - SAME)
        };
        let flag = watched.flags.iter().find(seen);
        let delay = flag.map(|flag| (flag.shown - event.month).0 + 1);
        Some(Step { size: event.size.abs() / spread, delay })
    };
    steps.filter_map(step).collect()
}

/// The standard deviation of the errors of the three years before `month`; `None` with fewer.
fn spread(watched: &Watch, line: &LineId, month: Month) -> Option<f64> {
    let series = watched.last.series.get(line)?;
    let before = month - Months::of(LEAST);
    let errors: Vec<f64> = watched
        .steps
        .iter()
        .filter(|step| step.line == *line && step.month >= before && step.month < month)
        .filter_map(|step| Some((series.get(step.month)? / step.mean).ln()))
        .filter(|error| error.is_finite())
        .collect();
    if errors.len() < LEAST {
        return None;
    }
    let n = real(errors.len());
    let mean = errors.iter().sum::<f64>() / n;
    Some((errors.iter().map(|error| (error - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}

fn delays(steps: &[Step]) -> String {
    let mut text =
        String::from("\ntrue steps, by size in standard deviations of a one-step error\n\n");
    for (low, high) in [(0.0, 1.0), (1.0, 2.0), (2.0, 3.0), (3.0, 5.0), (5.0, f64::INFINITY)] {
        let own: Vec<&Step> =
            steps.iter().filter(|step| step.size >= low && step.size < high).collect();
        let within = |months: i32| {
            own.iter().filter(|step| step.delay.is_some_and(|delay| delay <= months)).count()
        };
        let mut delays: Vec<i32> = own.iter().filter_map(|step| step.delay).collect();
        delays.sort_unstable();
        let median = delays.get(delays.len() / 2).map_or("–".to_owned(), i32::to_string);
        writeln!(
            text,
            "{low:>3} to {high:<4} {:>4} steps: {:>3} within 6 months, {:>3} within 13; median {median} months",
            own.len(),
            within(6),
            within(13),
        )
        .expect("a string takes text");
    }
    text
}
