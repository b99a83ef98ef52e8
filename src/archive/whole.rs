//! A file appears whole or not at all.

use std::fs::{self, File};
use std::io::{Result, Write};
use std::path::Path;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tempfile::NamedTempFile;

/// What the names of files that are being written start with.
pub(super) const UNFINISHED: &str = ".prognose-";

/// Read by who writes a file, and written by who ends the program.
static WRITING: RwLock<()> = RwLock::new(());

/// Waits until no file is half written; none is begun as long as the value lives.
pub fn between_files() -> RwLockWriteGuard<'static, ()> {
    WRITING.write().unwrap_or_else(PoisonError::into_inner)
}

fn writing() -> RwLockReadGuard<'static, ()> {
    WRITING.read().unwrap_or_else(PoisonError::into_inner)
}

/// Writes `bytes` to `path`, over what is there: a temporary file in `folder`, synced, then renamed.
///
/// # Errors
/// When the operating system will not write; `path` is then as it was.
pub fn replace(folder: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
    let _whole = writing();
    unfinished(folder, bytes)?.persist(path)?;
    lasting(folder)
}

/// The same, but never over what is there.
pub(super) fn add(folder: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
    let _whole = writing();
    unfinished(folder, bytes)?.persist_noclobber(path)?;
    lasting(folder)
}

/// Removes what runs that were stopped half-way left; the caller holds the lock of the folder.
pub(super) fn clear(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn unfinished(folder: &Path, bytes: &[u8]) -> Result<NamedTempFile> {
    let mut file =
        readable(&mut tempfile::Builder::new()).prefix(UNFINISHED).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The rename itself lasts only when the folder is on disk too.
fn lasting(folder: &Path) -> Result<()> {
    File::open(folder)?.sync_all()
}

/// Temporary files are private by default; a report is for colleagues too, as the umask allows.
#[cfg(unix)]
fn readable<'a, 'b, 'c>(
    builder: &'a mut tempfile::Builder<'b, 'c>,
) -> &'a mut tempfile::Builder<'b, 'c> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn readable<'a, 'b, 'c>(
    builder: &'a mut tempfile::Builder<'b, 'c>,
) -> &'a mut tempfile::Builder<'b, 'c> {
    builder
}
