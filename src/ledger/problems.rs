//! Bad cells of one file, collected so that a person can mend them all at once.

use crate::error::{Error, Result};

/// As many as an [`Error`] lists; the rest is counted and never built.
const LISTED: usize = 20;

/// What is wrong in a file: the first twenty in full, the rest as a count.
#[derive(Debug, Default)]
pub(super) struct Problems {
    listed: Vec<Error>,
    more: usize,
}

impl Problems {
    /// Adds a problem; `error` is made only when it will be listed.
    pub(super) fn add(&mut self, error: impl FnOnce() -> Error) {
        if self.listed.len() < LISTED {
            self.listed.push(error());
        } else {
            self.more += 1;
        }
    }

    /// Puts those of later rows behind these.
    pub(super) fn append(&mut self, later: Self) {
        later.listed.into_iter().for_each(|error| self.add(|| error));
        self.more += later.more;
    }

    /// All problems as one error, if there are any.
    pub(super) fn finish(self) -> Result<()> {
        match Error::all(self.listed) {
            Some(error) => Err(error.and_more(self.more)),
            None => Ok(()),
        }
    }
}
