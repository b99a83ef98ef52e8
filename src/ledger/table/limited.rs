//! A reader that gives up on a record without end.

use std::io::{Error, Read, Result};

/// The longest record of a CSV file, in bytes. A record is kept in memory as a whole, and a quote that opens and
/// never closes makes one of all the rest.
pub(super) const LONGEST: usize = 1 << 20;

/// Reads no more than was granted.
#[derive(Debug)]
pub(super) struct Limited<R> {
    inner: R,
    left: usize,
}

impl<R> Limited<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, left: LONGEST }
    }

    /// Grants another record.
    pub(super) fn grant(&mut self) {
        self.left = LONGEST;
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.left == 0 {
            return Err(Error::other(format!("a record of more than {LONGEST} bytes")));
        }
        let room = buffer.len().min(self.left);
        let count = self.inner.read(&mut buffer[..room])?;
        self.left -= count;
        Ok(count)
    }
}
