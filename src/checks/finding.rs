//! What a finding is.

use crate::error::{Error, Place, Result};
use serde::{Deserialize, Serialize};

/// How serious a finding is. `Denied` makes the program end with exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Look at it before using the figures.
    Warning,
    /// Not acceptable: the run fails.
    Denied,
}

/// Odd data, with its place, the value and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The unique kebab-case name of the rule, for instance `line-stops`.
    pub code: &'static str,
    /// How serious, after the workspace's own choice.
    pub severity: Severity,
    /// Where it stands. For a line instead of a row, `file` is empty.
    pub place: Place,
    /// The value that stood out.
    pub value: String,
    /// What is odd and what to do, in plain Dutch, since the report shows it.
    pub message: String,
}

/// An error when findings are denied: nothing may be made of this data.
///
/// # Errors
/// Names every denied finding.
pub fn refuse_denied(findings: &[Finding]) -> Result<()> {
    let denied = findings.iter().filter(|finding| finding.severity == Severity::Denied);
    let error = |finding: &Finding| {
        Error::gate(format!("denied: {} {}: {}", finding.code, finding.value, finding.message))
            .at(finding.place.clone())
            .advice("mend the data, or change its severity under [checks] in prognose.toml")
    };
    Error::all(denied.map(error).collect()).map_or(Ok(()), Err)
}
