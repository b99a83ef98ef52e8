//! The monthly report in Dutch, and the files other programs read. Computes nothing: it sorts,
//! rounds and puts into words what it is told.

mod account;
mod backtests;
mod bars;
mod canvas;
mod chance;
mod changes;
mod core;
mod course;
mod course_chart;
mod datasets;
mod dots;
mod drift;
mod drivers;
#[cfg(test)]
mod example;
#[cfg(test)]
mod example_plans;
mod facts;
mod frame;
mod hindsight;
mod hindsight_chart;
mod horizon;
mod horizon_chart;
mod late;
mod manifest;
mod markup;
mod named;
mod page;
mod plan;
mod policy;
mod quality;
mod questions;
mod scale;
mod scored;
mod shell;
mod signals;
#[cfg(test)]
mod sound;
mod steps;
mod tested;
mod text;
mod waterfall;
mod year;
mod year_sets;

pub use backtests::{
    backtest_biases_csv, backtest_forecasts_csv, backtest_ladders_csv, backtest_said_csv,
    backtest_scores_csv, backtest_versus_csv,
};
pub use datasets::{
    findings_csv, forecast_csv, forecast_parquet, hindsight_csv, late_csv, outlook_csv,
};
pub use drift::drift_csv;
pub use facts::{Facts, LineNote, Provenance};
pub use manifest::Manifest;
pub use page::html;
pub use scored::{opname, score_csv};
pub use tested::{TestedFacts, backtest_html};
pub use year_sets::{changes_csv, named_csv, policy_csv, steps_csv};
