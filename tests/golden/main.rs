//! Our models against other programs' numbers; where those come from stands in `SOURCE.md` beside
//! them.

#![expect(clippy::unwrap_used, reason = "a test that can not read its numbers must fail")]

mod drift;
mod ets;
mod mint;
mod regression;
mod run_off;
mod scores;
mod smoothers;
