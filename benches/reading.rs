//! Ten million postings: read, mapped, checked and summed, beside the same in polars for Python.
//!
//! `cargo bench --bench reading` makes up a ledger of 10,000,000 rows in 10 yearly files and, three times in
//! turn, reads it here and with `reading.py`, each in a process of its own: seconds on the wall and of the
//! CPU, and the most memory held. `-- --rows N --files N` takes another size; `-- --make DIR` only writes the
//! files and `-- --read DIR` only reads them here, as a profiler wants it. Python is `python3`, or what
//! `PROGNOSE_PYTHON` names; without it or without polars only our own figures are given.
//!
//! Both sides give the sums per line, month of care and booking month, to the cent; they must be the same.

mod mode;
mod outside;
mod spent;

use clap::Parser;
use mode::Mode;
use outside::Clock;
use prognose::calendar::Prices;
use prognose::checks::{self, Facts, Severities};
use prognose::ledger::{Files, Ledger, LedgerOptions, Posting};
use prognose::units::{Cents, Month};
use rayon::prelude::*;
use spent::{Meter, Spent};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Parser, Debug)]
struct Asked {
    #[command(flatten)]
    mode: Mode,
    /// Rows in all files together
    #[arg(long, default_value_t = 10_000_000)]
    rows: usize,
    /// Files; ten years are divided over them
    #[arg(long, default_value_t = 10)]
    files: usize,
    /// Passes of each side
    #[arg(long, default_value_t = 3)]
    times: usize,
    /// Only write the files, in this folder
    #[arg(long)]
    make: Option<PathBuf>,
    /// Only read the files in this folder, here
    #[arg(long)]
    read: Option<PathBuf>,
}

/// The script that measures the other side.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/reading.py");
const OPTIONS: &str = r#"{
    "source": [{
        "kind": "ledger", "files": "grootboek/*.csv", "delimiter": ";", "decimal": ",",
        "columns": {
            "booked_year": "boekjaar", "booked_period": "periode", "service": "prestatiemaand",
            "code": "product", "side": "soort", "kind": "boekingssoort", "amount": "bedrag"
        },
        "kinds": {"regulier": "regular", "transitorisch": "accrual"}
    }],
    "lines": {"table": "indeling.csv"}
}"#;
const FIRST_YEAR: usize = 2016;
const YEARS: usize = 10;
const MONTHS: usize = YEARS * 12;
const CODES: usize = 200;

fn main() {
    let asked = Asked::parse();
    if let Some(folder) = &asked.read {
        print(&told(&read(folder)));
        return;
    }
    let rows = if asked.mode.is_quick() && asked.make.is_none() { 5000 } else { asked.rows };
    let kept = tempfile::tempdir().expect("the system gives a temporary folder");
    let folder = asked.make.as_deref().unwrap_or(kept.path());
    make(folder, rows, asked.files).expect("a new folder takes files");
    if asked.make.is_none() && asked.mode.is_quick() {
        let Reading { groups, .. } = read(folder);
        print(&format!("{rows} rows read: {groups} sums\n"));
    } else if asked.make.is_none() {
        compare(folder, &asked);
    }
}

/// What a pass found and cost.
#[derive(Clone, Copy, Debug)]
struct Reading {
    /// Sums per line, month of care and booking month.
    groups: usize,
    /// Of their sizes, so that no order and no sign can hide a difference.
    cents: i64,
    spent: Spent,
}

/// One pass of ours.
fn read(folder: &Path) -> Reading {
    let meter = Meter::start();
    let options: LedgerOptions = serde_json::from_str(OPTIONS).expect("the options are right");
    let ledger =
        Ledger::read(&Files::in_folder(folder), &options).expect("what was made up can be read");
    let as_of = ledger.last_booked().expect("there are postings");
    let facts = Facts {
        ledger: &ledger,
        sums: &ledger.sums(),
        panel: &ledger.panel(as_of),
        as_of,
        years_ahead: 0,
        bridges: &[],
        prices: &Prices::default(),
        events: &[],
        named: &[],
    };
    let findings = checks::check(&facts, &Severities::default());
    assert!(
        findings.iter().all(|finding| finding.code != "unmapped-code"),
        "every code has a line"
    );
    let key = |posting: &Posting| (posting.line, posting.service, posting.booked);
    let sums: Vec<((u32, Month, Month), Cents)> = ledger
        .postings
        .par_chunk_by(|a, b| key(a) == key(b))
        .map(|alike| (key(&alike[0]), alike.iter().map(|posting| posting.amount).sum()))
        .collect();
    let cents = sums.iter().map(|(_, sum)| sum.abs().0).sum();
    Reading { groups: sums.len(), cents, spent: meter.spent() }
}

/// Both sides in turn, and their ratio.
fn compare(folder: &Path, asked: &Asked) {
    let Asked { rows, files, .. } = asked;
    print(&format!(
        "{rows} rows in {files} files; time on the wall, and {}\n\n",
        Clock::start().kind()
    ));
    let own = std::env::current_exe().expect("the system knows this program");
    let mut passes: [Vec<Reading>; 2] = [Vec::new(), Vec::new()];
    for _ in 0..asked.times {
        let ours = pass(Command::new(&own).arg("--read").arg(folder)).expect("this program runs");
        print(&line("prognose", &ours));
        passes[0].push(ours);
        match pass(Command::new(python()).arg(SCRIPT).arg(folder)) {
            Ok(theirs) => {
                print(&line("polars", &theirs));
                assert_eq!((ours.groups, ours.cents), (theirs.groups, theirs.cents), "equal sums");
                passes[1].push(theirs);
            }
            Err(why) => print(&format!("SKIPPED: polars was not measured: {why}\n")),
        }
    }
    if let [Some(ours), Some(theirs)] = passes.each_ref().map(|passes| median(passes)) {
        print(&format!("\nprognose ÷ polars, medians on the wall: {:.2}\n", ours / theirs));
    }
}

fn median(passes: &[Reading]) -> Option<f64> {
    let mut walls: Vec<f64> = passes.iter().map(|pass| pass.spent.wall).collect();
    walls.sort_by(f64::total_cmp);
    walls.get(walls.len() / 2).copied()
}

/// One pass in a process of its own.
fn pass(command: &mut Command) -> Result<Reading, String> {
    let ran = command.output().map_err(|error| error.to_string())?;
    if !ran.status.success() {
        let told = String::from_utf8_lossy(&ran.stderr);
        return Err(told.lines().last().unwrap_or("no word").to_owned());
    }
    let told = String::from_utf8_lossy(&ran.stdout);
    understood(&told).ok_or_else(|| format!("it said {told:?}"))
}

/// What one process tells the other: sums, cents, seconds on the wall, CPU seconds, megabytes.
fn told(Reading { groups, cents, spent: Spent { wall, cpu, peak } }: &Reading) -> String {
    format!("{groups} {cents} {wall} {cpu} {peak}\n")
}

fn understood(told: &str) -> Option<Reading> {
    let mut words = told.split_whitespace();
    let (groups, cents) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    let mut number = || words.next()?.parse().ok();
    let spent = Spent { wall: number()?, cpu: number()?, peak: number()? };
    Some(Reading { groups, cents, spent })
}

fn line(who: &str, Reading { spent: Spent { wall, cpu, peak }, .. }: &Reading) -> String {
    format!("{who:<10}{wall:>8.2} s on the wall{cpu:>8.2} s{peak:>8.0} MB\n")
}

/// Writes the ledger and its line table.
fn make(folder: &Path, rows: usize, files: usize) -> std::io::Result<()> {
    std::fs::create_dir_all(folder.join("grootboek"))?;
    std::fs::write(folder.join("indeling.csv"), line_table())?;
    let mut chance = Chance(1);
    for file in 0..files {
        let name = folder.join(format!("grootboek/deel{file:02}.csv"));
        let mut out = BufWriter::new(std::fs::File::create(name)?);
        out.write_all(
            b"boekjaar;periode;prestatiemaand;product;taakveld;soort;boekingssoort;bedrag\n",
        )?;
        for row in rows * file / files..rows * (file + 1) / files {
            posting(&mut out, row * MONTHS / rows, &mut chance)?;
        }
        out.flush()?;
    }
    Ok(())
}

/// Every tenth code is another product from 2021 on.
fn line_table() -> String {
    let rows = (0..CODES).map(|code| {
        let (wet, taakveld) = if code < CODES / 2 { ("Wmo", "6.711") } else { ("Jeugd", "6.721") };
        let product = |name: &str| format!("{wet},{taakveld},{name} {code}\n");
        if code % 10 == 0 {
            let (before, after) = (product("Product"), product("Nieuw product"));
            format!("K{code:03},,2020-12,{before}K{code:03},2021-01,,{after}")
        } else {
            format!("K{code:03},,,{}", product("Product"))
        }
    });
    let header = "code,geldig_van,geldig_tot,wet,taakveld,product\n";
    std::iter::once(header.to_owned()).chain(rows).collect()
}

/// A row that is booked in the `month`-th month, for care of that month or the nine before it.
fn posting(
    out: &mut impl std::io::Write,
    month: usize,
    chance: &mut Chance,
) -> std::io::Result<()> {
    let on = |month: usize| (FIRST_YEAR + month / 12, month % 12 + 1);
    let (year, period) = on(month);
    let (service_year, service) = on(month.saturating_sub(chance.below(4) * chance.below(4)));
    let code = chance.below(CODES);
    let taakveld = if code < CODES / 2 { "6.711" } else { "6.721" };
    let side = if code % 20 == 19 { "baten" } else { "lasten" };
    let kind = if chance.below(50) == 0 { "transitorisch" } else { "regulier" };
    let sign = if chance.below(30) == 0 { "-" } else { "" };
    let (euros, cents) = (chance.below(10_000) * chance.below(10), chance.below(100));
    writeln!(
        out,
        "{year};{period};{service_year}-{service:02};K{code:03};{taakveld};{side};{kind};{sign}{euros},{cents:02}"
    )
}

/// Numbers without a pattern that matters (Knuth's multiplier), the same on every machine.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % bound
    }
}

/// Writes a result to stdout.
fn print(text: &str) {
    std::io::stdout().write_all(text.as_bytes()).expect("stdout can be written to");
}

/// The Python to use.
#[expect(clippy::disallowed_methods, reason = "a bench is told its Python")]
fn python() -> String {
    std::env::var("PROGNOSE_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}
