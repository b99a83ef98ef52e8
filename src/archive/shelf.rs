//! The folder of the archive: one writer at a time, and nothing half done.

use super::chain::{Chain, Entry, Head, is_name, names, wrapped};
use super::record::Record;
use super::whole::{UNFINISHED, add, clear, replace};
use crate::error::{Error, Result};
use crate::units::sha256;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;

const HEAD: &str = "HEAD";
const LOCK: &str = ".lock";

/// What became of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is a new file of the chain.
    New {
        /// Its name.
        file: String,
        /// Its number.
        number: u64,
        /// SHA-256 of the file, which vouches for all files before it.
        sha256: String,
    },
    /// The last forecast of the month, which has this number, is the same.
    Before(u64),
}

/// Adds a record to the archive in `folder`, which is made when absent. Waits for other runs that do the
/// same; a kill at any moment loses nothing, and the next run removes what it left. What was said before but is
/// not the last word on its month is kept anew, so that the last one kept is always the one that counts.
///
/// # Errors
/// When the archive is not what was once written, or can not be written to.
pub fn keep(folder: &Path, record: &Record) -> Result<Kept> {
    fs::create_dir_all(folder).map_err(|error| Error::io(folder, &error))?;
    let _lock = exclusive(folder)?;
    let io = |error: std::io::Error| Error::io(folder, &error);
    clear(folder).map_err(io)?;
    let chain = walk(folder)?;
    chain.verify()?;
    let newest = chain.head();
    // Before anything is added, so that HEAD is never two files behind.
    if let Some(head) = newest.as_ref().filter(|_| chain.lags) {
        write_head(folder, head)?;
    }
    let content = serde_json::to_string(record)
        .map_err(|error| Error::input(format!("the forecast can not be kept: {error}")))?;
    let same = |entry: &&Entry| names(record.as_of, &content, entry.number).contains(&entry.file);
    let last_word = chain.entries.iter().rfind(|entry| entry.record.as_of == record.as_of);
    if let Some(same) = last_word.filter(same) {
        return Ok(Kept::Before(same.number));
    }
    let (last, previous) = newest.map_or((0, String::new()), |head| (head.number, head.sha256));
    let [plain, numbered] = names(record.as_of, &content, last + 1);
    let taken = chain.entries.iter().any(|entry| entry.file == plain);
    let file = if taken { numbered } else { plain };
    let bytes = wrapped(last + 1, &previous, &content).into_bytes();
    add(folder, &folder.join(&file), &bytes).map_err(io)?;
    let head = Head { number: last + 1, sha256: sha256(&bytes) };
    write_head(folder, &head)?;
    Ok(Kept::New { file, number: head.number, sha256: head.sha256 })
}

/// Reads and checks the archive in `folder`; empty when there is none.
///
/// # Errors
/// When it can not be read. What is wrong with it stands in [`Chain::faults`].
pub fn read(folder: &Path) -> Result<Chain> {
    if !folder.is_dir() {
        return Ok(Chain::default());
    }
    // A folder that was copied without this file has no writer to wait for.
    let lock = File::open(folder.join(LOCK)).ok();
    if let Some(lock) = &lock {
        lock.lock_shared().map_err(|error| Error::io(folder, &error))?;
    }
    walk(folder)
}

/// Keeps other runs out of `folder` until the value is dropped, or the process ends in whatever way.
///
/// # Errors
/// When the file of the lock can not be opened.
pub fn exclusive(folder: &Path) -> Result<File> {
    let path = folder.join(LOCK);
    let open = match File::options().write(true).create_new(true).open(&path) {
        // In a shared folder it may be a colleague's: a lock asks no more than to read it.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => File::open(&path),
        made => made,
    };
    open.and_then(|file| file.lock().map(|()| file)).map_err(|error| Error::io(&path, &error))
}

fn walk(folder: &Path) -> Result<Chain> {
    let io = |error: std::io::Error| Error::io(folder, &error);
    let (mut files, mut links, mut strangers) = (Vec::new(), Vec::new(), Vec::new());
    let mut head = None;
    for entry in fs::read_dir(folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == LOCK || name.starts_with(UNFINISHED) {
            continue;
        }
        if name != HEAD && !is_name(&name) {
            strangers.push(name);
        } else if entry.file_type().map_err(io)?.is_file() {
            let path = entry.path();
            let bytes = fs::read(&path).map_err(|error| Error::io(&path, &error))?;
            if name == HEAD { head = Some(bytes) } else { files.push((name, bytes)) }
        } else {
            // It may lead anywhere.
            links.push(format!(
                "{name} is no file but a link or a folder: it was put in the place of one"
            ));
        }
    }
    files.sort();
    links.sort();
    strangers.sort();
    let mut chain = Chain::of(files, head.as_deref());
    chain.faults.extend(links);
    chain.strangers = strangers;
    Ok(chain)
}

fn write_head(folder: &Path, head: &Head) -> Result<()> {
    let path = folder.join(HEAD);
    let text = serde_json::to_string(head).map_err(|error| Error::input(error.to_string()))?;
    replace(folder, &path, (text + "\n").as_bytes()).map_err(|error| Error::io(&path, &error))
}
