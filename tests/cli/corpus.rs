//! What the fuzzer started from and found: every parser still answers all of it, and what is nearly the same.
//! `.ci/fuzz` looks further.

#[path = "../fuzz/doors.rs"]
mod doors;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use std::fs;
use std::path::Path;

/// Changed copies of each input. The test that is ignored makes so many times more.
const CHANGED: usize = 20;
const MORE: usize = 100;

/// The name of a file and its bytes.
type Input = (String, Vec<u8>);

/// The name of each target with its inputs, each with its name, in order.
fn corpus() -> Vec<(String, Vec<Input>)> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    let targets = names(&fuzz.join("fuzz_targets"));
    let target = |file: &String| {
        let target = file.strip_suffix(".rs").unwrap().to_owned();
        let folder = fuzz.join("corpus").join(&target);
        let input = |name: String| (name.clone(), fs::read(folder.join(name)).unwrap());
        (target, names(&folder).into_iter().map(input).collect())
    };
    targets.iter().map(target).collect()
}

fn answers(target: &str, input: &str, bytes: &[u8]) {
    let ended = std::panic::catch_unwind(|| doors::open(target, bytes));
    assert!(ended.is_ok(), "{target} panics on {input}: {}", String::from_utf8_lossy(bytes));
}

/// Bytes changed, taken out, doubled or mixed with those of another input, at a few places.
fn changed(bytes: &[u8], other: &[u8], random: &mut Pcg64Mcg) -> Vec<u8> {
    const TELLING: &[u8] = b"%\0\xff\"'<>&;,.-0129|\n\r{}[]=/\\ eE";
    let mut bytes = bytes.to_vec();
    for _ in 0..random.random_range(1..6) {
        let at = random.random_range(0..=bytes.len());
        let end = (at + random.random_range(0..12)).min(bytes.len());
        match random.random_range(0..5) {
            0 => bytes.insert(at, TELLING[random.random_range(0..TELLING.len())]),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let again = bytes[at..end].repeat(3);
                bytes.splice(at..at, again).for_each(drop);
            }
            3 if at < bytes.len() => bytes[at] ^= 1 << random.random_range(0..8),
            _ => {
                let from = random.random_range(0..=other.len());
                let until = (from + random.random_range(0..40)).min(other.len());
                bytes.splice(at..end, other[from..until].iter().copied()).for_each(drop);
            }
        }
    }
    bytes
}

fn answers_changed(rounds: usize, seed: u64) {
    for (target, inputs) in corpus() {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        for (name, bytes) in &inputs {
            for _ in 0..rounds {
                let other = &inputs[random.random_range(0..inputs.len())].1;
                answers(&target, name, &changed(bytes, other, &mut random));
            }
        }
    }
}

#[test]
fn every_parser_answers_the_whole_corpus() {
    for (target, inputs) in corpus() {
        assert!(inputs.len() >= 12, "{target} has a corpus of {}", inputs.len());
        for (name, bytes) in &inputs {
            answers(&target, name, bytes);
        }
    }
}

#[test]
fn every_parser_answers_what_is_nearly_the_corpus() {
    answers_changed(CHANGED, 8);
}

#[test]
#[ignore = "minutes, for who has no fuzzer"]
fn every_parser_answers_much_that_is_nearly_the_corpus() {
    answers_changed(CHANGED * MORE, 9);
}
