//! The one place where benches look at a clock: to measure is what they are
//! for.

#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

use std::time::Instant;

/// How often a second Linux counts CPU time for programs, on every platform it runs on.
const TICKS: f64 = 100.0;

/// CPU time of this process where the system tells it, or else the time on the wall.
pub(crate) struct Clock {
    cpu: Option<f64>,
    wall: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { cpu: cpu_seconds(), wall: Instant::now() }
    }

    pub(crate) fn seconds(&self) -> f64 {
        let cpu = self.cpu.and_then(|start| Some(cpu_seconds()? - start));
        cpu.unwrap_or_else(|| self.wall.elapsed().as_secs_f64())
    }

    /// What is counted.
    pub(crate) fn kind(&self) -> &'static str {
        if self.cpu.is_some() { "CPU seconds" } else { "seconds on the wall" }
    }
}

/// User and system time of all threads: fields 14 and 15 of `/proc/self/stat`, the 12th and 13th
/// after the name in brackets.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields = stat.rsplit_once(')')?.1.split_whitespace();
    let ticks: Vec<f64> = fields.skip(11).take(2).flat_map(str::parse).collect();
    (ticks.len() == 2).then(|| ticks.iter().sum::<f64>() / TICKS)
}
