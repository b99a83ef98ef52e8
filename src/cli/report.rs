//! `prognose report`: the report people read.

use super::forecast::prognosis;
use super::{Common, finish, talk};
use crate::error::{Error, Result};
use crate::workspace::{Job, public_files, report_files};
use clap::Args;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// report.html, which stands alone, and a page per taakveld in report/.
#[derive(Args, Debug)]
pub(super) struct Report {
    #[command(flatten)]
    common: Common,
    /// The report for everybody, in openbaar/: without lines that say `nee` in the column `openbaar` of the line
    /// table. They still count in their taakveld
    #[arg(long)]
    public: bool,
}

impl Report {
    pub(super) fn run(&self) -> Result<()> {
        let job = Job::read(&self.common.workspace, &self.common.choices())?;
        let mut prognosis = prognosis(&job)?;
        prognosis.changes = job.changes(&prognosis)?;
        let findings = job.findings();
        if !self.public {
            finish(&job, "report", report_files(&job, &prognosis, &findings)?)?;
            tell_of_pdf();
            return talk::print(&format!("{}\n", job.out.join("report.html").display()));
        }
        let (files, public) = public_files(&job, &prognosis, &findings)?;
        for line in &public.withheld {
            talk::say(&if public.alone.contains(line) {
                format!(
                    "NOT hidden: {line} is all of its taakveld, and the total of the taakveld is told"
                )
            } else if job.ledger.not_public.contains(line) {
                format!("left out: {line} (not public)")
            } else {
                format!("left out: {line} (it would give away the one beside it)")
            });
        }
        // What an earlier run told may not be public any more.
        forget_public(&job.out.join("openbaar"))?;
        finish(&job, "report", files)?;
        talk::print(&format!("{}\n", job.out.join("openbaar/report.html").display()))
    }
}

/// Removes the public report of an earlier run.
fn forget_public(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io(folder, &error)),
        _ => Ok(()),
    }
}

/// How to get the PDF, when the program was built without it.
pub(super) fn tell_of_pdf() {
    if !cfg!(feature = "pdf") {
        talk::say(
            "report.pdf was not written: a program built with `--features pdf` writes it, as the packages are",
        );
    }
}
