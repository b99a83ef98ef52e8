//! Prognoses with honest bands for municipal Wmo and Jeugd spending, from financial series only.

pub mod backtest;
pub mod calendar;
pub mod checks;
pub mod error;
pub mod forecast;
pub mod ledger;
pub mod model;
pub mod nowcast;
pub mod outlook;
pub mod panel;
pub mod report;
pub mod score;
pub mod synth;
pub mod units;
