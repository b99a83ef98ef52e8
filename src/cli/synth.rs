//! `prognose synth`: made-up municipalities with known truth.

use super::talk;
use crate::error::{Error, Result};
use crate::synth;
use crate::workspace::write_all;
use clap::Args;
use std::path::{Path, PathBuf};

/// Every figure is made up. What is true stands apart in waarheid/, which no command reads.
#[derive(Args, Debug)]
pub(super) struct Synth {
    /// The folder to make; it must be empty or absent
    dir: PathBuf,
    /// Make so many municipalities, each in a folder of its own (S001, S002, …)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=999))]
    municipalities: Option<u32>,
    /// Give each at most so many lines [default: all, some 64]
    #[arg(long, value_name = "N", requires = "municipalities", value_parser = clap::value_parser!(u16).range(1..))]
    lines: Option<u16>,
    /// The seed: the same seed makes the same bytes [default: that of the demo]
    #[arg(long, default_value_t = synth::SEED, hide_default_value = true)]
    seed: u64,
}

impl Synth {
    pub(super) fn run(&self) -> Result<()> {
        must_be_free(&self.dir)?;
        let Some(count) = self.municipalities else {
            write_all(&self.dir, &synth::files(&synth::demo(self.seed)))?;
            return talk::print(&format!("{}\n", self.dir.display()));
        };
        let bar = talk::bar(count as usize, "municipalities");
        for number in 1..=count {
            let lines = self.lines.map_or(usize::MAX, usize::from);
            let town = synth::municipality_of(number, self.seed, lines);
            write_all(&self.dir.join(format!("S{number:03}")), &synth::files(&town))?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        talk::print(&format!("{} ({count} municipalities)\n", self.dir.display()))
    }
}

/// Nothing of a user is overwritten.
pub(super) fn must_be_free(dir: &Path) -> Result<()> {
    let used =
        dir.is_file() || std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if used {
        let what = format!("{} is not empty", dir.display());
        return Err(
            Error::input(what).advice("name a folder that does not exist yet; nothing was changed")
        );
    }
    Ok(())
}
