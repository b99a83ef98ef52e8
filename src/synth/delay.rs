//! When an amount is booked: the delay pattern of a line and the slips of the calendar.

use super::amounts::Life;
use super::lines::{Form, Trait};
use super::town::{Desk, Profile, delayed};
use super::{Event, at};
use crate::units::{Month, Months};

/// The oldest an invoice gets, in months.
pub(super) const OLDEST: usize = 15;
/// The share of a month that is booked at each age from 0 on.
pub(super) type Shares = [f64; OLDEST + 1];

/// How the invoices of one line come in.
#[derive(Debug)]
pub(super) struct Delay {
    form: Form,
    recoded: bool,
    /// The mean of the delay after the first month.
    mean: f64,
    /// From which service month, times what.
    change: Option<(Month, f64)>,
    concentration: f64,
    sensitivity: f64,
}

impl Delay {
    pub(super) fn new(profile: &Profile, life: &Life) -> Self {
        let product = life.product;
        let town = profile.random("*", "delay").normal(0.0, 0.15);
        let own = profile.random(product.code, "delay").normal(0.0, 0.20);
        Self {
            form: product.form,
            recoded: product.traits.iter().any(|t| matches!(t, Trait::PoolJeugd(_))),
            mean: shape(product.form).1 * (town + own).exp(),
            change: change(profile, life),
            concentration: if profile.noisy { 40.0 } else { 120.0 },
            sensitivity: profile.random(product.code, "sensitivity").between(0.6, 1.4),
        }
    }

    /// The change of pattern, for the truth.
    pub(super) fn event(&self, life: &Life) -> Option<Event> {
        self.change.map(|(month, factor)| {
            Event::of(life.product, "betaalpatroon verandert", month, factor)
        })
    }

    /// The pattern of a service month, before chance and calendar.
    pub(super) fn pattern(&self, service: Month) -> Shares {
        let (at_once, _, size) = shape(self.form);
        let mut mean = self.mean;
        if let Some((_, factor)) = self.change.filter(|change| service >= change.0) {
            mean *= factor;
        }
        let within = |first: Month, last: Month| first <= service && service <= last;
        if self.form == Form::Pxq {
            mean *= if service >= at(2021, 1) { 0.8 } else { 1.0 };
            mean *= if within(at(2020, 3), at(2020, 6)) { 1.6 } else { 1.0 };
        }
        if self.recoded && within(at(2025, 1), at(2025, 6)) {
            mean *= 1.5;
        }
        let mut shares = [0.0; OLDEST + 1];
        shares[0] = at_once;
        for (share, later) in shares[1..].iter_mut().zip(negative_binomial(mean, size)) {
            *share = (1.0 - at_once) * later;
        }
        shares
    }

    /// What the calendar of the desk makes of `shares`, age by age.
    pub(super) fn slip(&self, mut shares: Shares, service: Month, desk: &Desk) -> Shares {
        for age in 0..OLDEST {
            let booked = service + Months::of(age);
            let late = self.slow(booked, desk) * shares[age];
            shares[age] -= late;
            shares[age + 1] += late;
            let early = self.early(service, booked, desk);
            for next in age + 1..=(age + 3).min(OLDEST) {
                let pulled = early * shares[next];
                shares[next] -= pulled;
                shares[age] += pulled;
            }
        }
        shares
    }

    fn slow(&self, booked: Month, desk: &Desk) -> f64 {
        let start_up = self.recoded && at(2025, 1) <= booked && booked <= at(2025, 5);
        let extra = if start_up { 0.35 } else { 0.0 };
        (self.sensitivity * (desk.slow(booked) + extra)).min(0.9)
    }

    fn early(&self, service: Month, booked: Month, desk: &Desk) -> f64 {
        let cut_off = booked.of_year() == 1 && service.year() < booked.year();
        let january = if cut_off { 0.35 } else { 0.0 };
        (self.sensitivity * desk.catch_up(booked).max(january)).min(0.9)
    }

    /// The concentration of a month's shares around the pattern.
    pub(super) fn concentration(&self) -> f64 {
        self.concentration
    }
}

/// The share at age 0, and mean and size of the negative binomial after it.
fn shape(form: Form) -> (f64, f64, f64) {
    match form {
        Form::Trajectory => (0.04, 3.2, 2.5),
        _ => (0.15, 0.7, 2.0),
    }
}

fn change(profile: &Profile, life: &Life) -> Option<(Month, f64)> {
    let mut random = profile.random(life.product.code, "delay change");
    let comes = random.chance(0.25);
    let month = at(2018, 1) + Months::of(random.below(102));
    let factor = (random.sign(0.5) * random.between(0.35, 0.70)).exp();
    let within = life.first < month && month <= life.last;
    (comes && within && delayed(life.product)).then_some((month, factor))
}

/// The negative binomial of `mean` and `size` over 0 to 14, made to add up to 1.
fn negative_binomial(mean: f64, size: f64) -> [f64; OLDEST] {
    let mut share = (size / (size + mean)).powf(size);
    let mut shares = [0.0; OLDEST];
    for (k, place) in (0..).zip(&mut shares) {
        *place = share;
        share *= (f64::from(k) + size) / (f64::from(k) + 1.0) * mean / (size + mean);
    }
    let sum: f64 = shares.iter().sum();
    shares.map(|share| share / sum)
}

#[cfg(test)]
mod tests {
    use super::super::amounts::lives;
    use super::*;

    #[test]
    fn has_the_mean_it_is_given() {
        // Size 1 is the geometric: mean 1 gives 1/2, 1/4, 1/8 … (the tail after 15 is 2^−15).
        let shares = negative_binomial(1.0, 1.0);
        assert!((shares[0] - 0.5).abs() < 1e-4 && (shares[2] - 0.125).abs() < 1e-4);
        let mean: f64 = (0..).zip(negative_binomial(0.7, 2.0)).map(|(k, p)| f64::from(k) * p).sum();
        assert!((mean - 0.7).abs() < 1e-4, "{mean}");
    }

    #[test]
    fn slipping_moves_money_but_loses_none() {
        let profile = Profile::demo(1);
        let life = &lives(&profile, &mut Vec::new())[0];
        let (delay, desk) = (Delay::new(&profile, life), Desk::new(&profile));
        for service in at(2016, 1).through(at(2026, 12)) {
            let shares = delay.slip(delay.pattern(service), service, &desk);
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!(shares.iter().all(|&share| share >= -1e-15));
        }
    }
}
