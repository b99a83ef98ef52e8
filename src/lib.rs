//! Prognoses with honest bands for municipal Wmo and Jeugd spending, from financial series only.

pub mod error;
pub mod panel;
pub mod units;
