//! A workspace reads and writes below its own folder, wherever its files or links point.

use crate::error::{Error, Result};
use std::path::{Component, Path};

const ADVICE: &str = "copy the file into the workspace, or mount its folder there";

/// Refuses a path in `prognose.toml` that is absolute or climbs out of the workspace.
///
/// # Errors
/// When it does; `path` is named as it was written.
pub fn refuse_climbing(path: &str) -> Result<()> {
    let stays = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    // A backslash divides a path on Windows only, and there Windows sees it.
    if Path::new(path).components().all(stays) {
        return Ok(());
    }
    Err(Error::input("leads out of the workspace").file(path).advice(ADVICE))
}

/// Refuses a file or folder that a link puts outside the workspace in `root`. What does not exist leads nowhere.
///
/// # Errors
/// When it does, or the folder of the workspace can not be found.
pub fn refuse_leading_out(root: &Path, path: &Path) -> Result<()> {
    let home = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let home = home.canonicalize().map_err(|error| Error::io(root, &error))?;
    match path.canonicalize() {
        Ok(real) if !real.starts_with(&home) => {
            let what = format!("is a link that leads out of the workspace, to {}", real.display());
            Err(Error::input(what).file(path.display().to_string()).advice(ADVICE))
        }
        _ => Ok(()),
    }
}

/// Refuses what can not be read as a file of the workspace in `root`: what a link puts outside it, and what is no file,
/// such as a pipe that nobody may ever fill. A folder, and what does not exist, are left to the reader.
///
/// # Errors
/// When it is one of these.
pub(super) fn refuse_unreadable(root: &Path, path: &Path) -> Result<()> {
    refuse_leading_out(root, path)?;
    if !path.exists() || path.is_file() || path.is_dir() {
        return Ok(());
    }
    Err(Error::input("is no file but a pipe or a device")
        .file(path.display().to_string())
        .advice("copy what it gives into a file in the workspace"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_the_workspace() {
        for path in ["grootboek/*.csv", "./a.csv", "a..b/c.csv", "..csv"] {
            assert!(refuse_climbing(path).is_ok(), "{path}");
        }
        for path in ["../a.csv", "a/../../b.csv", "/etc/passwd", "a/..", "..", "/"] {
            let error = refuse_climbing(path).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{path}: leads out")), "{error}");
            assert!(error.contains("what to do: copy"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let (root, pipe) = (folder.path(), folder.path().join("grootboek.csv"));
        assert!(refuse_unreadable(root, &pipe).is_ok(), "what is absent is told by its reader");
        let _listener = std::os::unix::net::UnixListener::bind(&pipe).unwrap();
        let error = refuse_unreadable(root, &pipe).unwrap_err().to_string();
        assert!(error.contains("grootboek.csv: is no file"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_below_the_workspace() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("ruimte");
        std::fs::create_dir_all(root.join("in")).unwrap();
        std::fs::write(folder.path().join("geheim.csv"), "x").unwrap();
        let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, root.join(name)).unwrap();
        link("../geheim.csv", "uit.csv");
        link("in", "binnen");
        link("nergens", "los");
        for name in ["in", "binnen", "los", "er-niet"] {
            assert!(refuse_leading_out(&root, &root.join(name)).is_ok(), "{name}");
        }
        let error = refuse_leading_out(&root, &root.join("uit.csv")).unwrap_err().to_string();
        assert!(
            error.contains("uit.csv: is a link that leads out") && error.contains("geheim.csv")
        );
    }
}
