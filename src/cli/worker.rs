//! `prognose worker`: postings in, outlook out, as Arrow IPC streams.

use super::{month, talk};
use crate::error::Result;
use crate::units::Month;
use crate::worker::serve;
use clap::Args;
use std::io::{BufReader, BufWriter};

/// How the worker looks at what it is given.
#[derive(Args, Debug)]
pub(super) struct Worker {
    /// Use only what was booked by the end of this month, as in 2026-10 [default: the last booked month of each]
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    as_of: Option<Month>,
    /// Seed of the draws [default: the one in each prognose.toml]
    #[arg(long)]
    seed: Option<u64>,
}

impl Worker {
    pub(super) fn run(&self) -> Result<()> {
        let (input, output) = (std::io::stdin().lock(), std::io::stdout().lock());
        let served = serve(BufReader::new(input), BufWriter::new(output), self.as_of, self.seed)?;
        talk::say(&format!("{} municipalities, {} failed", served.towns, served.failed));
        Ok(())
    }
}
