//! Who a made-up municipality is, and what its lines share.

use super::lines::{Form, Product};
use super::random::Random;
use super::{Event, end, start};
use crate::units::{Month, Months, Wet};

/// The drawn character of a municipality.
#[derive(Debug)]
pub(super) struct Profile {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) seed: u64,
    /// Times the levels of the table.
    pub(super) size: f64,
    pub(super) noisy: bool,
    /// Standard deviation of the log level of a line.
    pub(super) mix: f64,
    /// Whether Wmo begeleiding moves to a lump sum in 2025.
    pub(super) lump: bool,
}

/// The code of the demo.
pub(super) const DEMO: &str = "GM0000";

impl Profile {
    /// Voorbeeldstad.
    pub(super) fn demo(seed: u64) -> Self {
        let name = "Voorbeeldstad (verzonnen)".to_owned();
        Self { name, code: DEMO.into(), seed, size: 1.0, noisy: false, mix: 0.0, lump: true }
    }

    /// Municipality number `number`, counted from 1.
    pub(super) fn numbered(number: u32, seed: u64) -> Self {
        let name = format!("Gemeente S{number:03} (verzonnen)");
        let random = |what| Random::new(seed, &[&name, "profile", what]);
        Self {
            code: format!("GM9{number:03}"),
            seed,
            size: random("size").between(0.15_f64.ln(), 3.0_f64.ln()).exp(),
            noisy: random("noisy").chance(0.5),
            mix: 0.25,
            lump: random("lump").chance(0.5),
            name,
        }
    }

    /// The stream of `mechanism` for the line or act `whose`.
    pub(super) fn random(&self, whose: &str, mechanism: &str) -> Random {
        Random::new(self.seed, &[&self.name, whose, mechanism])
    }
}

/// What the lines of one act share.
#[derive(Debug)]
pub(super) struct Act {
    /// Yearly growth on top of that of each line.
    pub(super) growth: f64,
    /// The change of growth from 2026 on.
    pub(super) bend: f64,
    /// Per month, the shared part of the level.
    pub(super) wander: Vec<f64>,
    /// Per month, the shared shock.
    pub(super) shock: Vec<f64>,
}

impl Act {
    pub(super) fn new(profile: &Profile, wet: Wet) -> Self {
        let name = wet.to_string();
        let bend = match wet {
            Wet::Wmo => 0.010,
            Wet::Jeugd => -0.020,
            Wet::Gezamenlijk => 0.0,
        };
        let shocks = &mut profile.random(&name, "shock");
        Self {
            growth: profile.random(&name, "growth").normal(0.0, 0.010),
            bend: profile.random(&name, "bend").normal(bend, 0.010),
            wander: walk(&mut profile.random(&name, "wander"), 0.0025),
            shock: start().through(end()).map(|_| shocks.normal(0.0, SHOCK)).collect(),
        }
    }
}

/// The standard deviation of the shock that the lines of an act share.
pub(super) const SHOCK: f64 = 0.008;

/// A random walk over all months.
pub(super) fn walk(random: &mut Random, sd: f64) -> Vec<f64> {
    let mut level = 0.0;
    let step = |_| {
        level += random.normal(0.0, sd);
        level
    };
    start().through(end()).map(step).collect()
}

/// Slow booking and catching up, per booking month, shared by all lines of a municipality.
#[derive(Debug)]
pub(super) struct Desk {
    slow: Vec<f64>,
    catch_up: Vec<f64>,
}

/// Bookings run on after the last service month, at most so many months.
pub(super) const AFTER: Months = Months(16);

impl Desk {
    pub(super) fn new(profile: &Profile) -> Self {
        let months = || start().through(end() + AFTER);
        let mut seasonal = profile.random("*", "slow season");
        let mut random = profile.random("*", "slow");
        let slow: Vec<f64> = months()
            .map(|month| {
                let usual = usual_slip(month) * seasonal.between(0.5, 1.5);
                let (odd, size) = (random.chance(0.07), random.between(0.20, 0.55));
                if usual == 0.0 && odd { size } else { usual }
            })
            .collect();
        let mut random = profile.random("*", "catch-up");
        let catches = months().zip(&slow).map(|(_, &slow)| {
            let (odd, size) = (random.chance(0.05), random.between(0.3, 0.7));
            if slow == 0.0 && odd { size } else { 0.0 }
        });
        Self { catch_up: catches.collect(), slow }
    }

    /// A desk that never slips.
    #[cfg(test)]
    pub(super) fn quiet() -> Self {
        Self { slow: Vec::new(), catch_up: Vec::new() }
    }

    /// The share of `month`'s bookings that slips to the next.
    pub(super) fn slow(&self, month: Month) -> f64 {
        self.slow.get((month - start()).count()).copied().unwrap_or(0.0)
    }

    /// The share of the next three months' bookings that is made in `month`.
    pub(super) fn catch_up(&self, month: Month) -> f64 {
        self.catch_up.get((month - start()).count()).copied().unwrap_or(0.0)
    }

    /// The odd months, for the truth.
    pub(super) fn events(&self) -> Vec<Event> {
        let named = |kind, sizes: &[f64], usual: fn(Month) -> f64| -> Vec<Event> {
            let odd = start().through(end() + AFTER).zip(sizes.iter().copied());
            odd.filter(|&(month, size)| size > 0.0 && usual(month) == 0.0)
                .map(|(month, size)| Event::shared(kind, month, size))
                .collect()
        };
        let mut events = named("trage boekmaand", &self.slow, usual_slip);
        events.extend(named("inhaalmaand", &self.catch_up, |_| 0.0));
        events
    }
}

/// What slips in a usual year: summer and the end of the year.
fn usual_slip(month: Month) -> f64 {
    match month.of_year() {
        7 => 0.08,
        8 => 0.30,
        12 => 0.22,
        _ => 0.0,
    }
}

/// Whether invoices of `product` come late, by a pattern that varies.
pub(super) fn delayed(product: &Product) -> bool {
    matches!(product.form, Form::Pxq | Form::Trajectory)
}
