//! The monthly report in Dutch, and the files other programs read. Computes nothing: it sorts,
//! rounds and puts into words what it is told.

mod account;
mod backtests;
mod canvas;
mod chance;
mod core;
mod course;
mod course_chart;
mod datasets;
mod dots;
#[cfg(test)]
mod example;
mod facts;
mod frame;
mod hindsight;
mod hindsight_chart;
mod horizon;
mod late;
mod manifest;
mod markup;
mod page;
mod quality;
mod questions;
mod scale;
mod text;
mod year;

pub use backtests::{backtest_forecasts_csv, backtest_scores_csv};
pub use datasets::{
    findings_csv, forecast_csv, forecast_parquet, hindsight_csv, late_csv, outlook_csv,
};
pub use facts::{Facts, LineNote, Provenance};
pub use manifest::Manifest;
pub use page::html;
