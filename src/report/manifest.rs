//! `manifest.json`: how a run was made and what it read and wrote.

use crate::units::Month;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The account of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the program.
    pub version: String,
    /// The command, for instance `run`.
    pub command: String,
    /// What was known: postings booked through this month.
    pub as_of: Month,
    /// The seed of the draws.
    pub seed: u64,
    /// The options in force.
    pub options: Value,
    /// SHA-256 in hex of every file that was read, by its path relative to the workspace.
    pub inputs: BTreeMap<String, String>,
    /// SHA-256 in hex of every file that was written, by its path relative to the output folder.
    pub outputs: BTreeMap<String, String>,
    /// When it was made; the only moment in any output.
    pub made_at: String,
}

impl Manifest {
    /// The file, with its keys in a fixed order and a line end at the end.
    ///
    /// # Panics
    /// Never: all keys are strings.
    #[must_use]
    pub fn json(&self) -> Vec<u8> {
        let mut bytes =
            serde_json::to_vec_pretty(self).expect("all keys of a manifest are strings");
        bytes.push(b'\n');
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_in_a_fixed_order() {
        let hashes =
            |names: [&str; 2]| names.map(|name| (name.to_owned(), "00ff".to_owned())).into();
        let manifest = Manifest {
            version: "0.1.0".into(),
            command: "run".into(),
            as_of: "2026-10".parse().unwrap(),
            seed: 1,
            options: serde_json::json!({ "draws": 2000 }),
            inputs: hashes(["b.csv", "a.csv"]),
            outputs: hashes(["report.html", "outlook.csv"]),
            made_at: "2026-11-05T07:15:00Z".into(),
        };
        let text = String::from_utf8(manifest.json()).unwrap();
        let keys = [
            "version",
            "command",
            "as_of",
            "seed",
            "options",
            "inputs",
            "a.csv",
            "b.csv",
            "outputs",
            "outlook.csv",
            "report.html",
            "made_at",
        ];
        let places: Vec<usize> =
            keys.iter().map(|key| text.find(&format!("\"{key}\"")).unwrap()).collect();
        assert!(places.is_sorted(), "{text}");
        assert!(text.ends_with("}\n"));
    }
}
