//! Output files are written whole or not at all.

use crate::archive::replace;
use crate::error::{Error, Result};
use crate::ledger::{Files, refuse_leading_out};
use serde::de::DeserializeOwned;
use std::fs;
use std::path::Path;

/// A file to write: its name within the folder and its bytes.
pub type Output = (String, Vec<u8>);

/// Writes files into `folder`, which is made when absent. Each appears whole or not at all: a
/// temporary file beside it, synced, then renamed over it. A file that already holds the same
/// bytes is left alone, so that running twice changes nothing.
///
/// # Errors
/// When the folder or a file can not be written, or a link in the folder leads out of it; files before it in the
/// list are then in place.
pub fn write_all(folder: &Path, files: &[Output]) -> Result<()> {
    for (name, bytes) in files {
        write(folder, &folder.join(name), bytes)?;
    }
    Ok(())
}

fn write(root: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
    if made_before(path).is_some_and(|old| old == bytes) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| Error::io(folder, &error))?;
    refuse_leading_out(root, folder)?;
    replace(folder, path, bytes).map_err(|error| Error::io(path, &error))
}

/// What an earlier command wrote, if anything. What is no file is as good as absent: a pipe would be waited for.
pub(super) fn made_before(path: &Path) -> Option<Vec<u8>> {
    path.is_file().then(|| fs::read(path).ok()).flatten()
}

/// What an earlier command left in `state/`. What can not be read, or stands elsewhere, is as good as absent.
pub(super) fn kept<T: DeserializeOwned>(files: &Files, name: &str) -> Option<T> {
    serde_json::from_slice(&files.bytes(&format!("state/{name}")).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_whole_files_and_leaves_equal_ones_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/outlook.csv");
        let files = |text: &str| [("deep/outlook.csv".to_owned(), text.as_bytes().to_vec())];
        write_all(folder.path(), &files("a")).unwrap();
        let first = fs::metadata(&path).unwrap().modified().unwrap();
        write_all(folder.path(), &files("a")).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), first);
        write_all(folder.path(), &files("b")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "b");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_in_the_way_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("report.html")).unwrap();
        let files = [("report.html".to_owned(), b"x".to_vec())];
        let error = write_all(folder.path(), &files).unwrap_err();
        assert!(error.to_string().contains("report.html"), "{error}");
    }
}
