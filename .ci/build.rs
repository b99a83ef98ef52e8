//! Tells the program of what it was built: `prognose --version` of which commit, and what is kept in `state/` of
//! which source.
//!
//! The commit only when the folder is a Git work tree of its own: an archive of the source, also one unpacked inside
//! another repository, gives a program that names its version and no commit. The source always, also with changes that
//! are in no commit: what is kept to spare time is made again by another program. No report depends on either.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=.ci/build.rs");
    let own = git(&["rev-parse", "--show-toplevel"]).filter(|top| is_here(top));
    let commit = own.and_then(|_| git(&["log", "-1", "--abbrev=7", "--format= (%h %cs)"]));
    println!("cargo::rustc-env=PROGNOSE_COMMIT={}", commit.as_deref().unwrap_or_default());
    if commit.is_some() {
        watch_head();
    }
    let files = sources(Path::new(""));
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    println!("cargo::rustc-env=PROGNOSE_SOURCE={:016x}", fingerprint(Path::new(""), &files));
}

/// What the program is made of, below `root`, sorted. A run writes below `data/demo`, and the guide is text for people:
/// neither may ask for another build.
pub(crate) fn sources(root: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::from("Cargo.lock")];
    let mut open = ["src", "models", "data"].map(PathBuf::from).to_vec();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(root.join(&folder)).into_iter().flatten().flatten() {
            let path = folder.join(entry.file_name());
            if !root.join(&path).is_dir() {
                found.push(path);
            } else if !["src/guide", "data/demo"].map(Path::new).contains(&path.as_path()) {
                open.push(path);
            }
        }
    }
    // A file that is absent may not be named: Cargo would run this for every build.
    found.retain(|file| root.join(file).is_file());
    found.sort();
    found
}

/// FNV-1a of the names and contents: no secret, and the same on every machine and with every compiler.
pub(crate) fn fingerprint(root: &Path, files: &[PathBuf]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    files.iter().fold(0xcbf2_9ce4_8422_2325, |hash, file| {
        let bytes = std::fs::read(root.join(file)).unwrap_or_default();
        let name = file.display().to_string();
        [name.as_bytes(), &[0], &bytes, &[0]].into_iter().flatten().fold(hash, step)
    })
}

/// The first of these changes when another branch is checked out, the other two with each commit. A file that is
/// absent may not be named: Cargo would run this for every build.
fn watch_head() {
    let branch = git(&["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD", "logs/HEAD"].into_iter().chain(branch.as_deref()) {
        let path = git(&["rev-parse", "--git-path", name]).filter(|path| Path::new(path).is_file());
        if let Some(path) = path {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}

fn is_here(top: &str) -> bool {
    let real = |path: &str| Path::new(path).canonicalize().ok();
    real(top).is_some() && real(top) == real(env!("CARGO_MANIFEST_DIR"))
}

/// What Git says, without the line end; `None` when there is no Git or it has no answer.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim_end().to_owned())
}
