//! The true amount of each service month: level, growth, prices, season, breaks and noise.

use super::lines::{Form, PRODUCTS, Product, Rhythm, Trait, rhythm};
use super::town::{Act, Profile, SHOCK, delayed, walk};
use super::{Event, end, start};
use super::{at, prices};
use crate::calendar::working_days;
use crate::units::{Cents, Month, Months, Side, Wet};
use std::collections::BTreeMap;

/// The true life of a line.
#[derive(Debug)]
pub(super) struct Life {
    pub(super) product: &'static Product,
    pub(super) first: Month,
    pub(super) last: Month,
    /// Per month from `first`, what was to be expected, in euros.
    pub(super) expected: Vec<f64>,
    /// Per month from `first`, what it cost, without the settlements.
    pub(super) amounts: Vec<Cents>,
    /// Per year, what was settled with the suppliers afterwards.
    pub(super) settlements: BTreeMap<i32, Cents>,
}

impl Life {
    /// The months of the line.
    pub(super) fn months(&self) -> impl ExactSizeIterator<Item = Month> + use<> {
        self.first.through(self.last)
    }

    /// What `month` truly cost, settlements included.
    pub(super) fn truth(&self, month: Month) -> Cents {
        let settled = self.settlements.get(&month.year()).filter(|_| month.of_year() == 12);
        let amount = (month >= self.first).then(|| self.amounts.get((month - self.first).count()));
        amount.flatten().copied().unwrap_or_default() + settled.copied().unwrap_or_default()
    }

    /// What was to be expected of `year`, in euros.
    pub(super) fn expected_in(&self, year: i32) -> f64 {
        let of_year = self.months().zip(&self.expected).filter(|(month, _)| month.year() == year);
        of_year.map(|(_, euros)| euros).sum()
    }

    /// What `year` truly cost.
    pub(super) fn total(&self, year: i32) -> Cents {
        Month::january(year).through(Month::december(year)).map(|month| self.truth(month)).sum()
    }
}

/// What the lines of a municipality share.
struct World<'a> {
    profile: &'a Profile,
    acts: BTreeMap<Wet, Act>,
    /// The step of the woonplaatsbeginsel.
    residence: f64,
    /// From 2027, the log effect on volume and on own contributions.
    means_test: Option<(f64, f64)>,
}

impl<'a> World<'a> {
    fn new(profile: &'a Profile, events: &mut Vec<Event>) -> Self {
        let acts = [Wet::Wmo, Wet::Jeugd, Wet::Gezamenlijk];
        let residence = profile.random("*", "residence").normal(0.0, 0.10);
        let mut random = profile.random("*", "means test");
        let (comes, volume) = (random.chance(0.6), -random.between(0.04, 0.10));
        let means_test = comes.then(|| (volume, random.between(1.6, 2.2).ln()));
        events.push(Event::shared("woonplaatsbeginsel", at(2022, 1), residence));
        if let Some((volume, income)) = means_test {
            events.push(Event::shared(
                "eigen bijdrage naar draagkracht: volume",
                at(2027, 1),
                volume,
            ));
            events.push(Event::shared(
                "eigen bijdrage naar draagkracht: baten",
                at(2027, 1),
                income,
            ));
        }
        let acts = acts.map(|wet| (wet, Act::new(profile, wet))).into();
        Self { profile, acts, residence, means_test }
    }
}

/// All lines of a municipality; those that follow up others after them.
pub(super) fn lives(profile: &Profile, events: &mut Vec<Event>) -> Vec<Life> {
    let world = World::new(profile, events);
    let follows =
        |p: &&Product| p.traits.iter().any(|t| matches!(t, Trait::PoolJeugd(_) | Trait::PoolWmo));
    let first = PRODUCTS.iter().filter(|p| !follows(p));
    let mut lives: Vec<Life> = first
        .map(|product| life(&world, product, product.level * 1000.0 * profile.size, events))
        .collect();
    let ended = |which: Trait| -> f64 {
        lives.iter().filter(|life| life.product.is(which)).map(|life| life.expected_in(2024)).sum()
    };
    let index = 1.0 + prices::step(2025);
    let (jeugd, wmo) =
        (ended(Trait::Recode) * index * 1.03, ended(Trait::ToLump) * index * 0.97 * 1.02);
    for product in PRODUCTS.iter().filter(follows) {
        let share = product.traits.iter().find_map(|t| match t {
            Trait::PoolJeugd(share) => Some(share * jeugd),
            Trait::PoolWmo => profile.lump.then_some(wmo),
            _ => None,
        });
        lives.extend(share.map(|level| life(&world, product, level, events)));
    }
    lives.sort_by_key(|life| life.product.code);
    lives
}

fn span(product: &Product) -> (Month, Month) {
    product.traits.iter().fold((start(), end()), |(first, last), t| match *t {
        Trait::Starts(year) => (Month::january(year), last),
        Trait::Ends(year, month) => (first, at(year, month)),
        Trait::Recode => (first, at(2024, 12)),
        _ => (first, last),
    })
}

/// A line whose anchor year costs about `level` euros.
fn life(world: &World, product: &'static Product, level: f64, events: &mut Vec<Event>) -> Life {
    let profile = world.profile;
    let (first, last) = span(product);
    let pooled = product.level == 0.0;
    let mix = if pooled { 0.0 } else { profile.mix };
    let level = level * profile.random(product.code, "mix").normal(0.0, mix).exp();
    let path = log_path(world, product, (first, last), events);
    let anchor = anchor(&path, first, last);
    let season = season(profile, product);
    let sign = if product.is(Trait::Signed) { 0.5 } else { 1.0 };
    let months = first.through(last);
    let expected: Vec<f64> = months
        .zip(&path)
        .map(|(month, log)| sign * level / 12.0 * (log - anchor).exp() * season(month))
        .collect();
    let amounts = match product.form {
        Form::Sparse => sparse(profile, product, &expected, sign),
        _ => noisy(world, product, level, first, &expected, events),
    };
    let mut life = Life { product, first, last, expected, amounts, settlements: BTreeMap::new() };
    life.settlements = settlements(profile, &life);
    life
}

/// The log of the mean of exp(path) over the anchor year: 2023, or what is nearest to it.
fn anchor(path: &[f64], first: Month, last: Month) -> f64 {
    let start = Month::january(2023).min(last - Months(11)).max(first);
    let year = &path[(start - first).count()..][..12];
    (year.iter().map(|log| log.exp()).sum::<f64>() / 12.0).ln()
}

/// Everything that moves the level, in logs.
fn log_path(
    world: &World,
    product: &Product,
    span: (Month, Month),
    events: &mut Vec<Event>,
) -> Vec<f64> {
    let profile = world.profile;
    let act = &world.acts[&product.wet];
    let own_growth = profile.random(product.code, "growth").normal(0.0, 0.015);
    let growth = (product.growth + act.growth + own_growth).ln_1p();
    let wander = walk(&mut profile.random(product.code, "wander"), wander_sd(product.form));
    let steps = steps(world, product, span, events);
    let curve = curve(profile, product, events);
    let fixed = fixed(product);
    let shared = if fixed { 0.0 } else { 1.0 };
    let at_month = |month: Month| {
        let t = (month - start()).count();
        let since = if fixed { Month::january(month.year()) } else { month };
        let bent = years(at(2026, 1), since).max(0.0) * act.bend;
        let price =
            if product.side == Side::Lasten { prices::log_tariff(month.year()) } else { 0.0 };
        let stepped: f64 = steps.iter().filter(|step| step.0 <= month).map(|step| step.1).sum();
        growth * years(start(), since)
            + bent
            + price
            + wander[t]
            + shared * act.wander[t]
            + stepped
            + curve(month)
    };
    span.0.through(span.1).map(at_month).collect()
}

/// Whether the contract fixes the amount of a year.
fn fixed(product: &Product) -> bool {
    matches!(product.form, Form::LumpSum | Form::Prepaid)
}

fn wander_sd(form: Form) -> f64 {
    match form {
        Form::Pxq | Form::Pgb => 0.006,
        Form::Trajectory => 0.008,
        Form::Sparse => 0.010,
        Form::Cak => 0.004,
        Form::LumpSum | Form::Prepaid => 0.0,
    }
}

/// The years from `from` to `to`; negative when earlier.
fn years(from: Month, to: Month) -> f64 {
    f64::from((to - from).0) / 12.0
}

/// The permanent steps of a line: from which month, how large in logs.
fn steps(
    world: &World,
    product: &Product,
    span: (Month, Month),
    events: &mut Vec<Event>,
) -> Vec<(Month, f64)> {
    let mut steps = shift(world.profile, product);
    steps.retain(|step| span.0 < step.0 && step.0 <= span.1);
    events
        .extend(steps.iter().map(|&(month, size)| Event::of(product, "niveausprong", month, size)));
    steps.extend(contract_steps(world.profile, product));
    steps.extend(policy_steps(world, product));
    steps
}

fn shift(profile: &Profile, product: &Product) -> Vec<(Month, f64)> {
    let mut random = profile.random(product.code, "shift");
    let comes = random.chance(0.45);
    let month = at(2017, 1) + Months::of(random.below(156));
    let size = random.sign(0.5) * random.between(0.10, 0.35);
    if comes && !fixed(product) { vec![(month, size)] } else { Vec::new() }
}

fn contract_steps(profile: &Profile, product: &Product) -> Vec<(Month, f64)> {
    if !fixed(product) {
        return Vec::new();
    }
    let mut random = profile.random(product.code, "contract");
    let draws = (2017..=2030).map(|year| (year, random.chance(0.25), random.between(-0.04, 0.06)));
    draws.filter(|draw| draw.1).map(|(year, _, size)| (Month::january(year), size)).collect()
}

fn policy_steps(world: &World, product: &Product) -> Vec<(Month, f64)> {
    let mut steps = Vec::new();
    let subscription = product.is(Trait::Subscription);
    let income = product.form == Form::Cak;
    if subscription && income {
        steps.push((at(2019, 1), 0.42_f64.ln()));
    }
    if product.is(Trait::Residence) {
        let own = world.profile.random(product.code, "residence").normal(0.0, 0.04);
        steps.push((at(2022, 1), world.residence + own));
    }
    if product.is(Trait::ToLump) && world.profile.lump {
        let halve = 0.5_f64.ln();
        steps.extend([(at(2025, 1), 0.12_f64.ln()), (at(2025, 2), halve), (at(2025, 3), halve)]);
    }
    if product.code == NEW_CONTRACT.0 {
        steps.push((at(2027, 1), NEW_CONTRACT.1.ln()));
    }
    if let Some((volume, baten)) = world.means_test.filter(|_| subscription) {
        steps.push((at(2027, 1), if income { baten } else { volume }));
    }
    steps
}

/// A contract decided on in 2026 for 2027: the line, and the part of the price that stays.
const NEW_CONTRACT: (&str, f64) = ("W140", 0.92);

/// The slow curves: a line's own, and the growth after the abonnementstarief.
fn curve(
    profile: &Profile,
    product: &Product,
    events: &mut Vec<Event>,
) -> impl Fn(Month) -> f64 + use<> {
    let mut random = profile.random(product.code, "curve");
    let drawn = if product.is(Trait::Curve) {
        let mid = at(2020, 1) + Months::of(random.below(48));
        Some((mid, random.between(0.5, 0.9), random.between(8.0, 14.0)))
    } else if product.is(Trait::Subscription) && product.form == Form::Pxq {
        Some((at(2019, 10), random.between(0.15, 0.35), 5.0))
    } else {
        None
    };
    events.extend(drawn.map(|(mid, size, _)| Event::of(product, "trage S-curve", mid, size)));
    let abrupt = product.is(Trait::Subscription);
    move |month| {
        drawn.map_or(0.0, |(mid, size, scale)| {
            let before = abrupt && month < at(2019, 1);
            let x = f64::from((month - mid).0) / scale;
            if before { 0.0 } else { (size / (1.0 + (-x).exp())).ln_1p() }
        })
    }
}

/// The factor of a month within its year: season, working days, temporary measures.
fn season(profile: &Profile, product: &'static Product) -> impl Fn(Month) -> f64 + use<> {
    let (template, power) = rhythm(product.rhythm);
    let amplitude = profile.random(product.code, "amplitude").between(0.7, 1.3);
    let mut random = profile.random(product.code, "moving");
    let ends = (random.between(0.4, 0.8), random.between(1.3, 1.8));
    move |month| {
        if guaranteed(product, month) {
            return temporary(product, month) * (1.0 + EXTRA_COSTS);
        }
        let (mut size, mut slide) = (amplitude, 0.0);
        if product.is(Trait::Moving) {
            size *= ends.0 + (ends.1 - ends.0) * years(start(), month) / 15.0;
            slide = (years(at(2019, 1), month) / 6.0).clamp(0.0, 1.0);
        }
        let log = |m: usize| {
            0.01 * size * ((1.0 - slide) * template[m % 12] + slide * template[(m + 1) % 12])
        };
        let mean = (0..12).map(|m| log(m).exp()).sum::<f64>() / 12.0;
        log(month.index()).exp() / mean
            * days(product.rhythm, power, month)
            * temporary(product, month)
    }
}

fn days(rhythm: Rhythm, power: f64, month: Month) -> f64 {
    match rhythm {
        Rhythm::Stay => f64::from(month.days()) / 30.4,
        Rhythm::Flat => 1.0,
        _ => (f64::from(working_days(month)) / 21.0).powf(power),
    }
}

/// What was paid extra, afterwards, for costs during the omzetgarantie.
pub(super) const EXTRA_COSTS: f64 = 0.02;

/// Whether `month` was paid flat (omzetgarantie).
pub(super) fn guaranteed(product: &Product, month: Month) -> bool {
    product.form == Form::Pxq && at(2020, 3) <= month && month <= at(2020, 6)
}

/// Factors that came and went.
fn temporary(product: &Product, month: Month) -> f64 {
    let within = |first: Month, last: Month| first <= month && month <= last;
    if product.form == Form::Cak {
        let waived = product.is(Trait::Subscription) && within(at(2020, 4), at(2020, 5));
        return four_weekly(month) * if waived { 0.2 } else { 1.0 };
    }
    let travels = product.rhythm == Rhythm::Travel && within(at(2020, 3), at(2021, 5));
    if travels { 0.85 } else { 1.0 }
}

/// Thirteen periods of four weeks a year through 2019, two of them in December.
fn four_weekly(month: Month) -> f64 {
    match (month.year(), month.of_year()) {
        (2020.., _) => 1.0,
        (_, 12) => 24.0 / 13.0,
        _ => 12.0 / 13.0,
    }
}

/// Few cells: now and then an amount.
fn sparse(profile: &Profile, product: &Product, expected: &[f64], sign: f64) -> Vec<Cents> {
    let mut random = profile.random(product.code, "sparse");
    let draw = |expected: &f64| {
        let (comes, size) = (random.chance(0.4), random.gamma(2.0) / 2.0);
        let signed = if sign < 1.0 { random.sign(0.75) } else { 1.0 };
        let euros = if comes { signed * expected / sign / 0.4 * size } else { 0.0 };
        Cents::from_euros(euros)
    };
    expected.iter().map(draw).collect()
}

/// The persistence of the noise.
const PERSISTENCE: f64 = 0.3;

/// Expectation times noise, shared shocks and outliers.
fn noisy(
    world: &World,
    product: &Product,
    level: f64,
    first: Month,
    expected: &[f64],
    events: &mut Vec<Event>,
) -> Vec<Cents> {
    let sd = noise_sd(world.profile, product, level);
    let shocked = delayed(product) || product.form == Form::Pgb;
    let shock_sd = if shocked { SHOCK } else { 0.0 };
    let act = &world.acts[&product.wet];
    let mut random = world.profile.random(product.code, "noise");
    let mut outliers = world.profile.random(product.code, "outlier");
    let mut noise = random.normal(0.0, sd);
    let mut draw = |(k, expected): (usize, &f64)| {
        let month = first + Months::of(k);
        noise =
            PERSISTENCE * noise + random.normal(0.0, sd * (1.0 - PERSISTENCE * PERSISTENCE).sqrt());
        let shock = if shocked { act.shock[(month - start()).count()] } else { 0.0 };
        let (odd, jump) =
            (outliers.chance(0.005), outliers.sign(0.7) * outliers.between(0.35, 0.9));
        if guaranteed(product, month) {
            return Cents::from_euros(*expected);
        }
        let outlier = if odd && delayed(product) { jump } else { 0.0 };
        if outlier != 0.0 {
            events.push(Event::of(product, "uitschieter", month, outlier));
        }
        let spread = f64::midpoint(sd * sd, shock_sd * shock_sd);
        Cents::from_euros(expected * (noise + shock - spread + outlier).exp())
    };
    expected.iter().enumerate().map(&mut draw).collect()
}

/// The monthly noise of a line of `level` euros a year: smaller lines are rougher.
fn noise_sd(profile: &Profile, product: &Product, level: f64) -> f64 {
    let sd = match product.form {
        Form::Pxq => 0.025,
        Form::Trajectory => 0.07,
        Form::Pgb => 0.012,
        Form::Cak => 0.03,
        Form::LumpSum | Form::Prepaid | Form::Sparse => 0.0,
    };
    let town = if profile.noisy { 1.5 } else { 1.0 };
    sd * town * (400_000.0 / level).powf(0.25).clamp(1.0, 2.5)
}

/// The yearly settlements of P×Q lines with their suppliers.
fn settlements(profile: &Profile, life: &Life) -> BTreeMap<i32, Cents> {
    let mut random = profile.random(life.product.code, "settlement");
    let years = life.first.year()..=life.last.year();
    let draws = years.map(|year| (year, random.chance(0.4), random.normal(0.0, 0.004)));
    let settles = |year: i32| life.product.form == Form::Pxq && Month::december(year) <= life.last;
    draws
        .filter(|&(year, comes, _)| comes && settles(year))
        .map(|(year, _, part)| (year, Cents::from_euros(life.total(year).euros() * part)))
        .collect()
}
