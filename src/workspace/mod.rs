//! Parses the TOML files into each room's checked options, knows where files go, and holds the
//! verbs that tie the rooms together.

mod account;
mod archived;
mod backtest;
mod challenge;
mod champion;
mod changes;
mod clock;
mod config;
mod drift;
mod job;
mod notes;
mod outputs;
mod past;
mod peers;
mod reliability;
mod stateless;
mod write;

pub use account::{Account, account};
pub use archived::archive_of;
pub use backtest::Tested;
pub use champion::{Champion, Earlier};
pub use clock::made_at;
pub use config::{
    CONFIG, Config, ForecastOptions, Organisation, TEXTS, champion, check_text, named_spec,
};
pub use drift::{Drifted, drift_files};
pub use job::{Choices, Job, Prognosis};
pub use notes::{NOTES, Remarks};
pub use outputs::{
    backtest_files, check_files, forecast_files, manifest, public_files, report_files, score_files,
};
pub use peers::{PeerFigures, PeersOptions};
pub use write::{Output, write_all};
