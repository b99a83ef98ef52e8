//! What work costs: time on the wall, CPU time and memory.

#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

use crate::outside::Clock;
use std::time::Instant;

/// Counts from its start.
pub(crate) struct Meter {
    wall: Instant,
    cpu: Clock,
}

/// What was counted: seconds, and megabytes (10⁶ bytes) at the highest; 0 where the system does not tell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spent {
    pub(crate) wall: f64,
    pub(crate) cpu: f64,
    pub(crate) peak: f64,
}

impl Meter {
    pub(crate) fn start() -> Self {
        Self { wall: Instant::now(), cpu: Clock::start() }
    }

    pub(crate) fn spent(&self) -> Spent {
        let wall = self.wall.elapsed().as_secs_f64();
        Spent { wall, cpu: self.cpu.seconds(), peak: peak().unwrap_or(0.0) }
    }
}

/// The most memory this process ever held (`VmHWM`, in kB of 1024 bytes).
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}
