//! What every bench of our own is told on the command line.

use clap::Args;

/// Whether to measure, or to try every step once on something tiny.
#[derive(Args, Debug)]
pub(crate) struct Mode {
    /// Try every step once on something tiny
    #[arg(long)]
    quick: bool,
    /// The same
    #[arg(long)]
    test: bool,
    /// What `cargo bench` says: measure
    #[arg(long, hide = true)]
    bench: bool,
}

impl Mode {
    /// Whether figures do not matter: only `cargo bench` says `--bench`, and the others take that
    /// back.
    pub(crate) fn is_quick(&self) -> bool {
        self.quick || self.test || !self.bench
    }
}
