//! Tells `prognose --version` of which commit it was built.
//!
//! Only when the folder is a Git work tree of its own: an archive of the source, also one unpacked inside another
//! repository, gives a program that names its version and no commit. `--version` and the manual page
//! show it, and what is kept in `state/` to spare time is made again by another program. No report depends on it.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=.ci/build.rs");
    let own = git(&["rev-parse", "--show-toplevel"]).filter(|top| is_here(top));
    let commit = own.and_then(|_| git(&["log", "-1", "--abbrev=7", "--format= (%h %cs)"]));
    println!("cargo::rustc-env=PROGNOSE_COMMIT={}", commit.as_deref().unwrap_or_default());
    if commit.is_some() {
        watch_head();
    }
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
