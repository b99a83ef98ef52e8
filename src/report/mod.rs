//! The monthly report in Dutch, and the files other programs read. Computes nothing: it sorts,
//! rounds and puts into words what it is told.

mod account;
mod backtests;
mod bars;
mod basis;
mod canvas;
mod chance;
mod changes;
mod core;
mod course;
mod course_chart;
mod datasets;
mod dictionary;
mod dossier;
mod dots;
mod drift;
mod drivers;
#[cfg(test)]
mod example;
#[cfg(test)]
mod example_explained;
#[cfg(test)]
mod example_plans;
mod excel;
mod explained;
mod facts;
mod frame;
mod hedgehog;
mod hindsight;
mod hindsight_chart;
mod horizon;
mod horizon_chart;
#[cfg(test)]
mod language;
mod late;
mod manifest;
mod markup;
mod named;
mod norms;
mod page;
#[cfg(any(test, feature = "pdf"))]
mod pdf;
mod peer_sets;
mod peers;
mod peers_chart;
#[cfg(test)]
mod peers_example;
mod plan;
mod policy;
mod public;
mod quality;
mod questions;
mod readings;
mod reliable;
#[cfg(test)]
mod reliable_example;
mod reliable_table;
mod remark_set;
mod remarks;
mod scale;
mod scored;
mod self_test;
mod self_test_limits;
mod shell;
mod signals;
#[cfg(test)]
mod sound;
mod steps;
mod taakveld;
mod table;
mod tested;
mod text;
mod trust_sets;
mod waterfall;
mod year;
mod year_sets;

pub use backtests::{
    backtest_biases_table, backtest_forecasts_table, backtest_ladders_table, backtest_said_table,
    backtest_scores_table, backtest_versus_table,
};
pub use basis::basis_tables;
pub use datasets::{
    OUTLOOK, findings_table, forecast_table, hindsight_table, late_table, outlook_table,
};
pub use dictionary::columns_table;
pub use dossier::{
    AccountFacts, Declared, Fault, LastTest, Link, Missing, ModelsInUse, Quality, Requirement,
    Status, account_pages, faults, register,
};
pub use drift::drift_table;
pub use excel::workbook;
pub use explained::explained_table;
pub use facts::{Facts, LineNote, Provenance};
pub use manifest::Manifest;
pub use page::pages;
#[cfg(feature = "pdf")]
pub use pdf::pdf;
pub use peer_sets::peer_tables;
pub use public::Public;
pub use remark_set::remarks_table;
pub use scored::{opname, score_table};
pub use table::{Layout, Table};
pub use tested::{TestedFacts, backtest_html};
pub use trust_sets::trust_tables;
pub use year_sets::{changes_table, named_table, policy_table, steps_table};
