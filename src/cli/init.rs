//! `prognose init`: a workspace to fill in, the demo, or one proposed from files.

use super::proposed;
use super::synth::must_be_free;
use super::talk;
use crate::error::Result;
use crate::synth;
use crate::workspace::write_all;
use clap::Args;
use std::path::PathBuf;

/// The workspace to fill in, with a word on every key.
const TEMPLATE: &str = include_str!("template/prognose.toml");
const GATE: &str = include_str!("template/gate.toml");
const REMARKS: &str = include_str!("template/duiding.toml");
const LINE_TABLE: &str = include_str!("template/indeling.csv");

/// What a workspace is made of.
#[derive(Args, Debug)]
pub(super) struct Init {
    /// The folder to make; it must be empty or absent
    dir: PathBuf,
    /// Make the demo: a made-up municipality, ready to run
    #[arg(long, conflicts_with = "from")]
    demo: bool,
    /// Look at this file, propose how to read it and show the first rows; repeat it for more files
    #[arg(long, value_name = "FILE")]
    from: Vec<PathBuf>,
}

impl Init {
    pub(super) fn run(&self) -> Result<()> {
        must_be_free(&self.dir)?;
        if !self.from.is_empty() {
            return self.propose();
        }
        let files = if self.demo { synth::files(&synth::demo(synth::SEED)) } else { template() };
        write_all(&self.dir, &files)?;
        let next = if self.demo { "run" } else { "check" };
        talk::say(&format!("next: prognose {next} {}", self.dir.display()));
        talk::print(&format!("{}\n", self.dir.display()))
    }

    /// Writes a workspace that holds copies of the files, and shows how they will be read.
    fn propose(&self) -> Result<()> {
        let proposed = proposed::look(&self.dir, &self.from)?;
        write_all(&self.dir, &proposed.files)?;
        talk::print(&proposed.preview())?;
        proposed.tell();
        talk::say(&format!(
            "next: read {0}/prognose.toml, then prognose check {0}",
            self.dir.display()
        ));
        talk::print(&format!("{}\n", self.dir.display()))
    }
}

fn template() -> Vec<(String, Vec<u8>)> {
    vec![
        ("duiding.toml".to_owned(), REMARKS.as_bytes().to_vec()),
        ("gate.toml".to_owned(), GATE.as_bytes().to_vec()),
        ("prognose.toml".to_owned(), TEMPLATE.as_bytes().to_vec()),
        ("indeling.csv".to_owned(), LINE_TABLE.as_bytes().to_vec()),
    ]
}
