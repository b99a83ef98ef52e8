//! Ctrl-C and a request to stop, at any moment.

use crate::support::Workdir;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// So often a run is stopped while it writes.
const STOPS: usize = 8;

fn start(dir: &Workdir) -> Child {
    Command::new(env!("CARGO_BIN_EXE_prognose"))
        .args(["run", dir.path().to_str().unwrap(), "--no-backtest"])
        .env("SOURCE_DATE_EPOCH", "1790000000")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

#[test]
fn a_run_that_is_stopped_leaves_whole_files_and_no_lock() {
    let finished = Workdir::small();
    assert_eq!(finished.run("run", &["--no-backtest"]).code, 0);
    let whole = finished.hashes("out");
    let mut random = Pcg64Mcg::seed_from_u64(8);
    let mut halfway = 0;
    for stop in 0..STOPS {
        let (signal, code) = if stop % 2 == 0 { ("-INT", 130) } else { ("-TERM", 143) };
        let dir = Workdir::small();
        let mut run = start(&dir);
        while !dir.path().join("out").exists() && run.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_micros(random.random_range(0..30_000)));
        if run.try_wait().unwrap().is_some() {
            continue;
        }
        send(signal, &run);
        let ended = run.wait_with_output().unwrap();
        let stderr = String::from_utf8(ended.stderr).unwrap();
        // It may have been on its way out.
        assert!(
            matches!(ended.status.code(), Some(0)) || ended.status.code() == Some(code),
            "{stderr}"
        );
        let left = dir.hashes("out");
        for (name, hash) in &left {
            assert_eq!(whole.get(name), Some(hash), "{name} is half a file");
        }
        halfway += usize::from(!left.is_empty() && left.len() < whole.len());
        let again = dir.run("run", &["--no-backtest"]);
        assert_eq!(again.code, 0, "{}", again.stderr);
        assert_eq!(dir.hashes("out"), whole);
    }
    // Or the test would not have met the moments it is about.
    assert!(halfway > 0, "no run was stopped between two files");
    println!("{halfway} of {STOPS} runs were stopped between two files");
}

/// Before anything is written it ends at once, and says so.
#[test]
fn a_program_that_only_reads_stops_at_once() {
    // A stream that nobody fills: the program waits where it reads.
    let mut worker = Command::new(env!("CARGO_BIN_EXE_prognose"))
        .arg("worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _unfilled = worker.stdin.take();
    std::thread::sleep(Duration::from_millis(300));
    send("-INT", &worker);
    let ended = worker.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    assert!(String::from_utf8(ended.stderr).unwrap().contains("stopped"));
}
