//! The fingerprint of bytes.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// SHA-256 in hex.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    let mut hash = Hash::default();
    hash.add(bytes);
    hash.finish()
}

/// SHA-256 of what comes in parts.
#[derive(Clone, Debug, Default)]
pub struct Hash(Sha256);

impl Hash {
    /// Adds the next part.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all parts, in hex.
    ///
    /// # Panics
    /// Never: a string takes all that is written.
    #[must_use]
    pub fn finish(self) -> String {
        self.0.finalize().iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a string takes all that is written");
            text
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_in_hex() {
        // SHA-256 of nothing, as published by NIST.
        assert!(sha256(b"").starts_with("e3b0c44298fc1c14"));
        let mut parts = Hash::default();
        for part in ["a", "", "bc"] {
            parts.add(part.as_bytes());
        }
        assert_eq!(parts.finish(), sha256(b"abc"));
    }
}
