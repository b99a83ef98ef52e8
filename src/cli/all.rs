//! `prognose run --all`: the monthly job of every workspace below a folder.

use super::run::{Made, Run, month};
use super::summary::thousands;
use super::{guarded, talk};
use crate::checks::Severity;
use crate::error::{Error, Result};
use crate::outlook::YearRow;
use crate::units::{Level, Measure, harmless};
use crate::workspace::{CONFIG, Choices, write_all};
use rayon::ThreadPoolBuilder;
use serde_json::{Number, Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The table of what became of each, beside the workspaces or in the folder of `--out`.
const OVERVIEW: &str = "overzicht.csv";
const HEADER: [&str; 12] = [
    "map",
    "gemeente",
    "as_of",
    "begroting",
    "verwacht",
    "p10",
    "p90",
    "afwijking",
    "v_n",
    "kans_nadeel",
    "waarschuwingen",
    "fout",
];
/// What of it can be counted with.
const NUMBERS: [&str; 7] =
    ["begroting", "verwacht", "p10", "p90", "afwijking", "kans_nadeel", "waarschuwingen"];

/// What became of one workspace.
struct Became {
    /// Relative to the folder that was asked for.
    folder: String,
    made: Result<Row>,
}

/// The headline of one: the lasten of the current year, all together.
struct Row {
    name: String,
    as_of: String,
    total: Option<YearRow>,
    warnings: usize,
}

pub(super) fn run(asked: &Run) -> Result<()> {
    let common = &asked.making.common;
    let root = &common.workspace;
    let into = common.out.as_ref().unwrap_or(root);
    let folders = workspaces(root)?;
    if folders.is_empty() {
        return Err(Error::input(format!("no folder below {} holds {CONFIG}", root.display()))
            .advice("name a folder of workspaces, or make some with `prognose synth DIR --municipalities 3`"));
    }
    // Before the runs too: nobody should wait for a country to hear it.
    refuse_foreign(&into.join(OVERVIEW))?;
    let choices = |folder: &Path| Choices {
        out: common.out.as_ref().map(|out| out.join(folder)),
        ..common.choices()
    };
    let bar = talk::bar(folders.len(), "workspaces");
    let job = |folder: &PathBuf| {
        let made = guarded(|| talk::hushed(|| month(asked, &root.join(folder), &choices(folder))));
        bar.inc(1);
        Became { folder: folder.display().to_string(), made: made.map(Row::of) }
    };
    let became = in_parallel(&folders, &job)?;
    bar.finish_and_clear();
    let kept = keep(into, csv(&became));
    let printed = talk::print(&if common.json { as_json(&became) } else { table(&became) });
    // The exit code is that of the first: what could not be written weighs more than what was refused.
    let errors = [kept, printed, failed(became)].into_iter().filter_map(Result::err);
    Error::all(errors.collect()).map_or(Ok(()), Err)
}

/// Writes the overview, but not over a file that somebody else made.
fn keep(folder: &Path, overview: Vec<u8>) -> Result<()> {
    refuse_foreign(&folder.join(OVERVIEW))?;
    write_all(folder, &[(OVERVIEW.to_owned(), overview)])
}

/// Refuses to take the place of what is no overview of ours, also when it can not be read.
fn refuse_foreign(path: &Path) -> Result<()> {
    let header = format!("{}\n", HEADER.join(","));
    let ours = || fs::read(path).is_ok_and(|bytes| bytes.starts_with(header.as_bytes()));
    // A pipe would be waited for.
    if !path.exists() || path.is_file() && ours() {
        return Ok(());
    }
    Err(Error::input("is no overview of ours, and stays as it is")
        .file(path.display().to_string())
        .advice("give the file another name, or write elsewhere with --out"))
}

/// The workspaces below a folder, sorted; those within a workspace are its own affair.
fn workspaces(root: &Path) -> Result<Vec<PathBuf>> {
    if !root.is_dir() {
        return Err(Error::input("is no folder")
            .file(root.display().to_string())
            .advice("name the folder that your workspaces are in"));
    }
    let (mut found, mut open) = (Vec::new(), vec![PathBuf::new()]);
    while let Some(folder) = open.pop() {
        let path = root.join(&folder);
        if path.join(CONFIG).is_file() {
            found.push(folder);
            continue;
        }
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            // What can not be looked into may hold a workspace: its name is told with those that fail.
            Err(_) if folder != Path::new("") => {
                found.push(folder);
                continue;
            }
            Err(error) => return Err(Error::io(&path, &error)),
        };
        for entry in entries.flatten() {
            let (name, kind) = (entry.file_name(), entry.file_type());
            // A link may lead back to where we came from: only one to a workspace itself is followed.
            let is_folder = kind.is_ok_and(|kind| kind.is_dir()) || links_to_one(&entry.path());
            if is_folder && !name.to_string_lossy().starts_with('.') {
                open.push(folder.join(name));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a path is a link to a workspace.
fn links_to_one(path: &Path) -> bool {
    path.is_symlink() && path.join(CONFIG).is_file()
}

/// Does each job once, as many at a time as there are threads; what is over goes into the jobs themselves. One
/// thread per job keeps both its memory and its waiting apart from the others.
fn in_parallel<J: Sync, T: Send>(jobs: &[J], work: &(dyn Fn(&J) -> T + Sync)) -> Result<Vec<T>> {
    let threads = rayon::current_num_threads();
    let at_once = threads.min(jobs.len());
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let pools =
        (0..at_once).map(|_| ThreadPoolBuilder::new().num_threads(threads / at_once).build());
    let pools = pools
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(|error| Error::input(format!("no threads can be started: {error}")))?;
    std::thread::scope(|scope| {
        for pool in &pools {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(at) else { break };
                    let made = pool.install(|| work(job));
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((at, made));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, made)| made).collect())
}

impl Row {
    fn of(Made { job, findings, prognosis }: Made) -> Self {
        let year = job.as_of.year();
        let headline = |row: &YearRow| {
            (row.year, row.node.level, row.measure) == (year, Level::Totaal, Measure::Lasten)
        };
        Self {
            name: job.config.organisation.name.clone(),
            as_of: job.as_of.to_string(),
            total: prognosis.outlook.years.into_iter().find(headline),
            warnings: findings.iter().filter(|f| f.severity == Severity::Warning).count(),
        }
    }

    /// The cells of [`HEADER`] from the name of the municipality to the warnings.
    fn cells(&self) -> [String; 10] {
        let text = |cell: Option<String>| cell.unwrap_or_default();
        let total = self.total.as_ref();
        [
            self.name.clone(),
            self.as_of.clone(),
            text(total.and_then(|row| row.budget).map(|cents| cents.to_string())),
            text(total.map(|row| row.expected.to_string())),
            text(total.map(|row| row.quantiles.p10().to_string())),
            text(total.map(|row| row.quantiles.p90().to_string())),
            text(total.and_then(YearRow::deviation).map(|cents| cents.to_string())),
            text(total.and_then(YearRow::v_n).map(|v_n| v_n.to_string())),
            text(total.and_then(|row| row.chance_of_disadvantage).map(|c| format!("{c:.4}"))),
            self.warnings.to_string(),
        ]
    }
}

impl Became {
    /// The cells of [`HEADER`].
    fn record(&self) -> Vec<String> {
        let (cells, fault) = match &self.made {
            Ok(row) => (row.cells(), String::new()),
            Err(error) => (<[String; 10]>::default(), error.to_string()),
        };
        [self.folder.clone()].into_iter().chain(cells).chain([fault]).collect()
    }
}

fn csv(became: &[Became]) -> Vec<u8> {
    const IN_MEMORY: &str = "memory takes every record, and each is as long as the header";
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).expect(IN_MEMORY);
    for one in became {
        let record = one.record();
        let cells = record.iter().map(|cell| harmless(cell).into_owned());
        writer.write_record(cells).expect(IN_MEMORY);
    }
    writer.into_inner().expect(IN_MEMORY)
}

/// The same cells: numbers as numbers, and null where there is nothing.
fn as_json(became: &[Became]) -> String {
    let value = |name: &str, cell: &str| match cell.parse::<Number>() {
        _ if cell.is_empty() => Value::Null,
        Ok(number) if NUMBERS.contains(&name) => Value::Number(number),
        _ => json!(cell),
    };
    let one = |one: &Became| -> Value {
        let cells = HEADER.into_iter().zip(one.record());
        let cells = cells.map(|(name, cell)| (name.to_owned(), value(name, &cell)));
        cells.collect::<serde_json::Map<_, _>>().into()
    };
    format!("{}\n", Value::from(became.iter().map(one).collect::<Vec<_>>()))
}

/// One line per workspace, × € 1.000.
fn table(became: &[Became]) -> String {
    let header = [
        "map",
        "gemeente",
        "stand",
        "begroting",
        "verwacht",
        "80%-band",
        "afwijking",
        "kans op nadeel",
    ];
    let line = |one: &Became| {
        let Ok(Row { name, as_of, total, .. }) = &one.made else {
            return vec![one.folder.clone(), "niet gelukt".to_owned()];
        };
        let mut cells = vec![one.folder.clone(), name.clone(), as_of.clone()];
        if let Some(row) = total {
            let (p10, p90) = (row.quantiles.p10(), row.quantiles.p90());
            let deviation = row.deviation().zip(row.v_n());
            cells.extend([
                row.budget.map_or_else(|| "–".to_owned(), thousands),
                thousands(row.expected),
                format!("{} … {}", thousands(p10), thousands(p90)),
                deviation
                    .map_or_else(|| "–".to_owned(), |(a, v_n)| format!("{} {v_n}", thousands(a))),
                row.chance_of_disadvantage
                    .map_or_else(|| "–".to_owned(), |chance| format!("{:.0} %", 100.0 * chance)),
            ]);
        }
        cells
    };
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(became.iter().map(line));
    let done = became.iter().filter(|one| one.made.is_ok()).count();
    format!(
        "{}\n{done} of {} workspaces done (lasten, × € 1.000)\n",
        talk::table(&rows),
        became.len()
    )
}

/// The errors of those that failed, each with its folder.
fn failed(became: Vec<Became>) -> Result<()> {
    let errors = became.into_iter().filter_map(|one| {
        let error = one.made.err()?;
        talk::say(&format!("{}: {error}", one.folder));
        Some(error)
    });
    let errors: Vec<Error> = errors.collect();
    let count = errors.len();
    let told = |error: fn(String) -> Error| {
        let workspaces = if count == 1 { "workspace" } else { "workspaces" };
        error(format!("{count} {workspaces} failed; the others are done"))
            .advice("mend those, and run them again: what is done stays as it is")
    };
    match errors.iter().map(Error::exit_code).max() {
        None => Ok(()),
        Some(1) => Err(told(Error::gate)),
        Some(_) => Err(told(Error::input)),
    }
}
