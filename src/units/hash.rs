//! The fingerprint of bytes.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// SHA-256 in hex.
///
/// # Panics
/// Never: a string takes all that is written.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all that is written");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_in_hex() {
        // SHA-256 of nothing, as published by NIST.
        assert!(sha256(b"").starts_with("e3b0c44298fc1c14"));
    }
}
