//! A disk that is full and a folder that can not be written: a clear error, and what was there is whole.

use crate::support::{Ran, Workdir, hashes, prognose};
use std::collections::BTreeMap;
use std::path::Path;
#[cfg(unix)]
use std::process::Command;

/// The small workspace after a run, with more money in its books than that run knew.
fn run_before() -> (Workdir, BTreeMap<String, String>) {
    let dir = Workdir::small();
    let ran = dir.run("run", &["--no-backtest"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let before = dir.hashes("out");
    let ledger = dir.read("grootboek.csv");
    dir.write("grootboek.csv", &(ledger + "2025-08;4401;lasten;123456,78;Hulp\n"));
    (dir, before)
}

/// Each file is what it was or what it should become; nothing else is left.
fn whole(dir: &Workdir, before: &BTreeMap<String, String>) -> usize {
    let after = dir.hashes("out");
    let fresh = Workdir::small();
    fresh.write("grootboek.csv", &dir.read("grootboek.csv"));
    assert_eq!(fresh.run("run", &["--no-backtest"]).code, 0);
    let new = fresh.hashes("out");
    for (name, hash) in &after {
        // The model of the run before stands in the new ones, so these may name another.
        let known = before.get(name) == Some(hash) || new.get(name) == Some(hash);
        assert!(known, "{name} is neither old nor new");
    }
    assert_eq!(after.len(), before.len(), "{:?}", after.keys());
    after.iter().filter(|(name, hash)| before.get(*name) != Some(hash)).count()
}

fn told(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for word in words.iter().chain(&["error:", "what to do"]) {
        assert!(ran.stderr.contains(word), "no {word:?} in {}", ran.stderr);
    }
}

/// No file can grow past the limit: the same calls fail as on a full disk, after a part was written.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_old_files_or_new_ones() {
    let (dir, before) = run_before();
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" run \"$1\" --no-backtest";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_prognose"), dir.path().to_str().unwrap()])
        .env("SOURCE_DATE_EPOCH", "1790000000")
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let ran = Ran { code: output.status.code().unwrap_or(-1), stdout: String::new(), stderr };
    told(&ran, &["File too large", "out/2025-08"]);
    let changed = whole(&dir, &before);
    assert!(changed > 0 && changed < before.len(), "{changed} files were written before it");
    let again = dir.run("run", &["--no-backtest"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_stdout_is_told() {
    let dir = Workdir::small();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_prognose"))
        .args(["check", dir.path().to_str().unwrap()])
        .stdout(full)
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("stdout: No space left"), "{stderr}");
}

#[test]
fn a_file_where_a_folder_should_be_is_told() {
    let (dir, before) = run_before();
    dir.write("vol", "");
    let out = dir.path().join("vol/uit");
    told(&dir.run("run", &["--no-backtest", "--out", out.to_str().unwrap()]), &["vol"]);
    assert_eq!(dir.hashes("out"), before);
    // And a folder where a file should be.
    std::fs::remove_file(dir.path().join("out/2025-08/outlook.csv")).unwrap();
    std::fs::create_dir(dir.path().join("out/2025-08/outlook.csv")).unwrap();
    told(&dir.run("run", &["--no-backtest"]), &["outlook.csv"]);
}

/// Runs the program as somebody else than root, whom the bits of a folder hold back.
#[cfg(unix)]
fn as_nobody(dir: &Path) -> Option<Ran> {
    let is_root = Command::new("id").arg("-u").output().ok()?.stdout == b"0\n";
    let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    let program = env!("CARGO_BIN_EXE_prognose");
    let can = || {
        let tried = Command::new("setpriv").args(nobody).args([program, "--version"]).output();
        tried.is_ok_and(|output| output.status.success())
    };
    if !is_root {
        return Some(prognose(&["run", dir.to_str()?, "--no-backtest"]));
    }
    if !can() {
        return None;
    }
    let mut command = Command::new("setpriv");
    let output = command.args(nobody).args([program, "run"]).arg(dir).arg("--no-backtest").output();
    let output = output.ok()?;
    let stderr = String::from_utf8(output.stderr).ok()?;
    Some(Ran { code: output.status.code()?, stdout: String::new(), stderr })
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_read_only_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, before) = run_before();
    let mode = |name: &str, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(dir.path().join(name), permissions).unwrap();
    };
    mode("", 0o755);
    mode("out/2025-08", 0o555);
    let ran = as_nobody(dir.path());
    mode("out/2025-08", 0o755);
    match ran {
        Some(ran) => told(&ran, &["out/2025-08", "Permission denied"]),
        None => eprintln!("skipped: root can write anywhere, and here can be nobody else"),
    }
    assert_eq!(dir.hashes("out"), before);
}

#[test]
fn hashes_see_a_half_file() {
    let dir = Workdir::empty();
    dir.write("out/.prognose-x", "half");
    assert_eq!(hashes(&dir.path().join("out")).len(), 1);
}
