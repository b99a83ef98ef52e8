//! Prognoses with honest bands for municipal Wmo and Jeugd spending, from financial series only.
//!
//! The types that matter: a [`ledger::Ledger`] of postings becomes a [`panel::Panel`] of monthly
//! series as known at a month; [`model::fit_all`] fits a model to each line; [`forecast::simulate`]
//! draws joint futures of all lines; [`outlook::outlook`] reads the year totals off them, against the
//! budget. [`workspace::Job`] ties this together for a folder with a `prognose.toml`:
//!
//! ```
//! use prognose::units::{Level, Measure};
//! use prognose::workspace::{Choices, Job};
//!
//! let job = Job::read("data/demo".as_ref(), &Choices::default())?;
//! let models = job.train()?;
//! let prognosis = job.prognosis(&models, job.drifted(&|_| ())?)?;
//! let total = |row: &&prognose::outlook::YearRow| {
//!     (row.year, row.node.level, row.measure) == (2026, Level::Totaal, Measure::Lasten)
//! };
//! let row = prognosis.outlook.years.iter().find(total).expect("the demo has lasten in 2026");
//! println!("{} expected, {} to {} in 8 of 10", row.expected, row.quantiles.p10(), row.quantiles.p90());
//! assert!(row.booked < row.expected);
//! # Ok::<(), prognose::error::Error>(())
//! ```
//!
//! How the rooms hang together stands in the [`guide`].

pub mod archive;
pub mod backtest;
pub mod calendar;
pub mod checks;
pub mod cli;
pub mod drift;
pub mod error;
pub mod forecast;
pub mod guide;
pub mod ledger;
pub mod model;
pub mod notes;
pub mod nowcast;
pub mod outlook;
pub mod panel;
pub mod peers;
pub mod report;
pub mod score;
pub mod synth;
pub mod taakveld;
pub mod units;
pub mod worker;
pub mod workspace;
