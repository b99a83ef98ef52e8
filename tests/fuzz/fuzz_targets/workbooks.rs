#![no_main]

#[path = "../doors.rs"]
mod doors;

libfuzzer_sys::fuzz_target!(init: doors::tell_panics(), |data: &[u8]| doors::open("workbooks", data));
