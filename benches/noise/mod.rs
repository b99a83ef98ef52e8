//! Series of errors whose truth is known, and what the tests of drift make of them.

use prognose::drift::{LEAST, REFERENCE, changes, effect, watch};
use prognose::score::coverage;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// The months of a test of an event.
const WINDOW: usize = 72;
/// A share that the guide states, and what it must be.
pub(crate) struct Promise {
    what: String,
    found: usize,
    count: usize,
    wanted: Option<RangeInclusive<f64>>,
}

impl Promise {
    fn share(&self) -> f64 {
        coverage(self.found, self.count).share
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.wanted.as_ref().is_none_or(|wanted| wanted.contains(&self.share()))
    }
}

/// What is drawn, and whether it is found.
struct Case {
    what: String,
    wanted: Option<RangeInclusive<f64>>,
    found: Box<dyn Fn(&mut Pcg64) -> bool + Sync>,
}

/// Every promise, on so many series each.
pub(crate) fn promises(count: usize, seed: u64) -> Vec<Promise> {
    let cases = monitored().into_iter().chain(at_events()).chain(in_levels());
    let tried = |(place, Case { what, wanted, found }): (usize, Case)| {
        let of = |&series: &usize| {
            let stream = ((place as u64) << 32 | series as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            found(&mut Pcg64::seed_from_u64(seed ^ stream))
        };
        let found = (0..count).into_par_iter().filter(of).count();
        Promise { what, found, count, wanted }
    };
    cases.enumerate().map(tried).collect()
}

/// False flags of the monitor, and true ones.
fn monitored() -> Vec<Case> {
    let least = || Some(0.0..=0.035);
    let quiet = [
        (REFERENCE, 0.0, 12, least()),
        (REFERENCE, 0.3, 12, least()),
        (REFERENCE, 0.6, 12, None),
        (LEAST, 0.3, 12, least()),
        (REFERENCE, 0.3, 60, None),
    ];
    let falsely = quiet.map(|(reference, rho, months, wanted)| Case {
        what: format!("B flags falsely within {months} months: AR {rho}, told from {reference}"),
        wanted,
        found: Box::new(move |random| {
            alarms(&errors(random, reference + months, rho), reference, 0)
        }),
    });
    let steps = [
        (2.0, 0.0, 6, Some(0.85..=1.0)),
        (2.0, 0.0, 12, None),
        (2.0, 0.3, 6, None),
        (2.0, 0.3, 12, None),
        (1.0, 0.0, 6, None),
        (1.0, 0.0, 12, None),
        (3.0, 0.3, 6, None),
    ];
    let seen = steps.map(|(size, rho, months, wanted)| Case {
        what: format!("B sees a step of {size}σ within {months} months: AR {rho}"),
        wanted,
        found: Box::new(move |random| {
            let before = REFERENCE + 12;
            let mut errors = errors(random, before + months, rho);
            errors[before..].iter_mut().for_each(|error| *error += size);
            alarms(&errors, REFERENCE, 12)
        }),
    });
    falsely.into_iter().chain(seen).collect()
}

/// The test of an event, without a step and with the smallest that it should find.
fn at_events() -> Vec<Case> {
    let of = |after: usize| {
        let none = [0.0, 0.3, 0.6].map(|rho: f64| Case {
            what: format!("A finds a step at 5 % where none is: {after} months after, AR {rho}"),
            wanted: (rho > 0.0).then_some(0.04..=0.09),
            found: Box::new(move |random| chance(random, after, rho, 0.0) < 0.05),
        });
        let size = smallest(after);
        let some = Case {
            what: format!("A finds a step of {size}σ: {after} months after, AR 0.3"),
            wanted: None,
            found: Box::new(move |random| chance(random, after, 0.3, size) < 0.05),
        };
        none.into_iter().chain([some])
    };
    [6, 12].into_iter().flat_map(of).collect()
}

/// The yearly look, without a break and with one.
fn in_levels() -> Vec<Case> {
    let none = [0.0, 0.3, 0.6].map(|rho| Case {
        what: format!("C breaks a history of 96 months without a break: AR {rho}"),
        wanted: None,
        found: Box::new(move |random| is_broken(random, rho, 0.0)),
    });
    let some = [2.0, 3.0].map(|size| Case {
        what: format!("C sees a step of {size}σ 24 months from the end of 96: AR 0.3"),
        wanted: None,
        found: Box::new(move |random| is_broken(random, 0.3, size)),
    });
    none.into_iter().chain(some).collect()
}

/// What a promise came to.
pub(crate) fn table(promises: &[Promise]) -> String {
    let mut text = String::from("Drift: shares of drawn series, with exact 95 % limits\n\n");
    for promise in promises {
        let limits = coverage(promise.found, promise.count);
        let [share, low, high] = [limits.share, limits.low, limits.high].map(|x| 100.0 * x);
        let wanted = promise.wanted.as_ref().map_or_else(String::new, |wanted| {
            let [low, high] = [wanted.start(), wanted.end()].map(|x| 100.0 * x);
            let word = if promise.is_kept() { "kept" } else { "NOT KEPT" };
            format!("  {word}: {low:.1} to {high:.1}")
        });
        writeln!(text, "{:<74}{share:>6.2} % [{low:.2}, {high:.2}]{wanted}", promise.what)
            .expect("a string takes text");
    }
    text
}

fn normal(random: &mut Pcg64) -> f64 {
    let (u, v): (f64, f64) = (random.random(), random.random());
    (-2.0 * (1.0 - u).ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

/// Errors with a standard deviation of 1 that remember `rho` of the month before.
fn errors(random: &mut Pcg64, months: usize, rho: f64) -> Vec<f64> {
    let mut last = normal(random);
    let mut errors = vec![last];
    while errors.len() < months {
        last = rho * last + (1.0 - rho * rho).sqrt() * normal(random);
        errors.push(last);
    }
    errors
}

/// Whether the monitor alarms from month `from` after the reference on.
fn alarms(errors: &[f64], reference: usize, from: usize) -> bool {
    let alarms = watch(errors, &[], reference, 0.0).expect("errors vary");
    alarms.iter().any(|alarm| alarm.at >= reference + from)
}

/// The chance that the test gives a step of `size` in the last `after` months.
fn chance(random: &mut Pcg64, after: usize, rho: f64, size: f64) -> f64 {
    let step: Vec<f64> = (0..WINDOW).map(|t| f64::from(u8::from(t + after >= WINDOW))).collect();
    let errors = errors(random, WINDOW, rho).into_iter().enumerate();
    let month = |(t, error): (usize, f64)| season(t) + size * step[t] + error;
    effect(&errors.map(month).collect::<Vec<_>>(), &step, &[]).expect("errors vary").chance
}

fn season(t: usize) -> f64 {
    0.02 * real(t) + (std::f64::consts::TAU * real(t) / 12.0).sin()
}

/// METHODS §2 of the design notes, in standard deviations: AR .3, 72 months.
fn smallest(after: usize) -> f64 {
    if after == 6 { 1.8 } else { 1.5 }
}

/// Whether a history with a step of `size` two years before its end is broken.
fn is_broken(random: &mut Pcg64, rho: f64, size: f64) -> bool {
    let level = |t: usize| if t >= 72 { size } else { 0.0 };
    let errors = errors(random, 96, rho).into_iter().enumerate();
    let values: Vec<f64> = errors.map(|(t, error)| season(t) + level(t) + error).collect();
    !changes(&values, 0.0).expect("96 months are enough").is_empty()
}

/// A count as a real number.
#[expect(clippy::cast_precision_loss, reason = "counts of months, series and flags")]
pub(crate) fn real(count: usize) -> f64 {
    count as f64
}
