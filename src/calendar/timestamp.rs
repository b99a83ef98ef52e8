//! A moment as text, for the manifest.

use jiff::Timestamp;

/// The moment so many seconds after the start of 1970, as in `2026-11-05T07:15:00Z`; `None` when it
/// lies outside the years a calendar holds.
#[must_use]
pub fn timestamp(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds).ok().map(|moment| moment.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_in_universal_time() {
        assert_eq!(timestamp(86_400).as_deref(), Some("1970-01-02T00:00:00Z"));
        assert_eq!(timestamp(i64::MAX), None);
    }
}
