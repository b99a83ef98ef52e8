//! How often do the tests of drift cry wolf, and what do they see how soon?
//!
//! `cargo bench --bench drift` draws series of errors whose truth is known, and ends with an error when a promise
//! of the guide is not kept: false flags of the monitor, what it sees of two standard deviations, and how often
//! the test of an event is wrong. Then it has 12 made-up towns (`-- --towns N`) looked at month by month as the
//! program would have done: what was flagged without a cause, and how late each true step was seen.
//! `-- --quick`, `-- --test` and `cargo test --benches` take every step once. Same options, same bytes.
//!
//! `-- --councils FILE` reads `council,domain,month,amount_gbp,…` or `council,…,payment_month,organisational_unit,amount_gbp,…`
//! instead, looks at every series month by month as it came, and lists every flag.

mod councils;
mod mode;
mod noise;
#[expect(dead_code, reason = "no year totals here")]
mod towns;
mod watched;

use clap::Parser;
use mode::Mode;
use std::path::PathBuf;
use towns::print;

#[derive(Parser, Debug)]
struct Asked {
    #[command(flatten)]
    mode: Mode,
    /// The number of made-up towns
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(0..=999))]
    towns: u32,
    /// The seed of series and towns: another one than anything was tried on
    #[arg(long, default_value_t = 80_611)]
    seed: u64,
    /// Look at the payments of councils instead
    #[arg(long, value_name = "FILE")]
    councils: Option<PathBuf>,
}

fn main() {
    let asked = Asked::parse();
    if let Some(file) = &asked.councils {
        return print(&councils::flags(file));
    }
    let quick = asked.mode.is_quick();
    let promises = noise::promises(if quick { 40 } else { 20_000 }, asked.seed);
    print(&noise::table(&promises));
    let towns = if quick { 1 } else { asked.towns };
    if towns > 0 {
        print(&watched::towns(towns, asked.seed, quick));
    }
    let broken = promises.iter().filter(|promise| !promise.is_kept()).count();
    assert!(quick || broken == 0, "{broken} promises of the guide are not kept");
}
