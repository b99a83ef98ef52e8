//! Parses the TOML files into each room's checked options, knows where files go, and holds the
//! verbs that tie the rooms together.

mod changes;
mod clock;
mod config;
mod job;
mod outputs;
mod write;

pub use clock::made_at;
pub use config::{CONFIG, Config, ForecastOptions, Organisation, champion};
pub use job::{Choices, Job, Prognosis};
pub use outputs::{backtest_files, check_files, forecast_files, manifest, report_files};
pub use write::{Output, write_all};
