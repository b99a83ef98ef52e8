//! The one place that looks at a clock: for the manifest.

use crate::calendar::timestamp;
use crate::error::{Error, Result};
use std::time::{SystemTime, UNIX_EPOCH};

/// The moment of making for `manifest.json`: `SOURCE_DATE_EPOCH` when set, else now.
///
/// # Errors
/// When `SOURCE_DATE_EPOCH` is no number of seconds.
#[expect(clippy::disallowed_methods, reason = "the manifest states when it was made")]
pub fn made_at() -> Result<String> {
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text.parse().ok(),
        Err(_) => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|age| i64::try_from(age.as_secs()).ok()),
    };
    seconds.and_then(timestamp).ok_or_else(|| {
        Error::input("SOURCE_DATE_EPOCH is no number of seconds")
            .advice("unset it, or set it to seconds since 1970")
    })
}
