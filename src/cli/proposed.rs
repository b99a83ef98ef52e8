//! A workspace proposed from files: its texts, and what is told of it.

use super::talk;
use crate::error::{Error, Result};
use crate::ledger::{Proposal, ProposedCode, extracts, plain, propose};
use crate::units::Cents;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where the files are copied to.
const FOLDER: &str = "bronnen";
/// What stands behind the sources.
const REST: &str = "\
[lines]
table = \"indeling.csv\"                         # which code is which wet, taakveld and product, and when

[forecast]
years_ahead = 4
draws = 2000
seed = 1
policy = \"decided\"

# More keys, each with a word on it: make an empty workspace beside this one with `prognose init DIR`.
";

/// The files of the workspace and what was proposed for each source file.
pub(super) struct Proposed {
    pub(super) files: Vec<(String, Vec<u8>)>,
    proposals: Vec<(String, Proposal)>,
}

/// Looks at the files. Nothing is written: when one holds personal data there is no workspace.
pub(super) fn look(dir: &Path, from: &[PathBuf]) -> Result<Proposed> {
    let town = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (mut files, mut proposals, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    let mut names = BTreeSet::new();
    for path in from {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // It becomes a name in the workspace, and text in prognose.toml.
        if plain(&name) != name {
            return Err(Error::input(format!(
                "the name of the file {name:?} has a line break or another sign in it \
                                             that is no letter"
            ))
            .advice("give it a name of one line"));
        }
        if !names.insert(name.to_lowercase()) {
            return Err(Error::input(format!("two files are named {name:?}"))
                .advice("give them names of their own; they are copied into one folder"));
        }
        let mut bytes = std::fs::read(path).map_err(|error| Error::io(path, &error))?;
        let stored = format!("{FOLDER}/{name}");
        match propose(&stored, &bytes, &town) {
            Ok(mut proposal) => {
                bytes = proposal.copy.take().unwrap_or(bytes);
                proposals.push((stored.clone(), proposal));
            }
            Err(error) => errors.push(error),
        }
        files.push((stored, bytes));
    }
    if errors.iter().any(Error::is_personal_data) {
        errors.retain(Error::is_personal_data);
    }
    if let Some(error) = Error::all(errors) {
        return Err(error);
    }
    extracts(&mut proposals);
    files.push(("prognose.toml".to_owned(), config(&proposals).into_bytes()));
    files.push(("indeling.csv".to_owned(), line_table(&codes(&proposals))?));
    Ok(Proposed { files, proposals })
}

impl Proposed {
    /// The first rows and the sums of each file, for stdout.
    pub(super) fn preview(&self) -> String {
        self.proposals.iter().map(|(name, proposal)| preview(name, proposal)).collect()
    }

    /// What was seen, what was not and what to do, for stderr.
    pub(super) fn tell(&self) {
        for (name, proposal) in &self.proposals {
            proposal.notes.iter().for_each(|note| talk::say(&plain(&format!("{name}: {note}"))));
            if let Some(problem) = &proposal.problem {
                let lines = problem.to_string();
                lines.lines().enumerate().for_each(|(at, line)| {
                    talk::say(&plain(&if at == 0 {
                        format!("not right yet: {line}")
                    } else {
                        line.to_owned()
                    }));
                });
            }
        }
        let codes = codes(&self.proposals);
        let unknown = codes.iter().filter(|code| !code.is_known()).count();
        if unknown > 0 {
            talk::say(&format!(
                "{unknown} of {} codes have no taakveld in the files: fill in wet and taakveld in indeling.csv, where \
                 they stand as Gezamenlijk, niet ingedeeld",
                codes.len()
            ));
        }
        if !self.proposals.iter().any(|(_, proposal)| proposal.sources.contains("\"ledger\"")) {
            talk::say(
                "none of the files is a ledger, and a workspace needs one: add a [[source]] of kind ledger",
            );
        }
    }
}

fn config(proposals: &[(String, Proposal)]) -> String {
    let told = proposals.iter().filter_map(|(_, proposal)| proposal.organisation.clone());
    let (name, code) =
        told.reduce(|best, next| if best.1.is_empty() { next } else { best }).unwrap_or_default();
    let or = |text: String, other: &str| if text.is_empty() { other.to_owned() } else { text };
    let (name, code) = (or(name, "Gemeente …"), or(code, "GM0000"));
    let sources: Vec<String> = proposals
        .iter()
        .map(|(file, proposal)| {
            let notes: Vec<String> =
                proposal.notes.iter().map(|note| format!("# - {}\n", plain(note))).collect();
            format!("# What was seen in {}:\n{}{}", plain(file), notes.concat(), proposal.sources)
        })
        .collect();
    format!(
        "# Proposed by `prognose init --from`. Paths are relative to this folder.\n\n[organisation]\nname = {}\n\
         code = {}                                # CBS code\n\
         model_owner = \"afdeling Ondersteuning & Zorg\"  # a role, never a person\n\n{}\n{REST}",
        serde_json::Value::from(plain(&name)),
        serde_json::Value::from(plain(&code)),
        sources.join("\n")
    )
}

/// All codes, each once. A taakveld that a code of a ledger is on needs no row of its own.
fn codes(proposals: &[(String, Proposal)]) -> Vec<ProposedCode> {
    let mut all: Vec<ProposedCode> = Vec::new();
    let of_ledger = |code: &ProposedCode| code.code != code.taakveld;
    for own in [true, false] {
        for code in proposals.iter().flat_map(|(_, proposal)| &proposal.codes) {
            let held = all
                .iter()
                .any(|other| other.code == code.code || (!own && other.taakveld == code.taakveld));
            if of_ledger(code) == own && !held {
                all.push(code.clone());
            }
        }
    }
    all.sort();
    all
}

fn line_table(codes: &[ProposedCode]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let broken = |error: csv::Error| Error::input(error.to_string());
    let header = ["code", "geldig_van", "geldig_tot", "wet", "taakveld", "product"];
    writer.write_record(header).map_err(broken)?;
    for ProposedCode { code, wet, taakveld, product } in codes {
        let wet = wet.to_string();
        writer.write_record([code, "", "", &wet, taakveld, product]).map_err(broken)?;
    }
    writer.into_inner().map_err(|error| Error::input(error.to_string()))
}

fn preview(name: &str, proposal: &Proposal) -> String {
    let header = ["booked", "service", "code", "side", "amount"].map(str::to_owned);
    let rows = proposal.rows.iter().map(|row| {
        let amount = row.amount.to_string();
        vec![
            row.booked.clone(),
            row.service.clone(),
            plain(&row.code),
            row.side.to_string(),
            amount,
        ]
    });
    let rows: Vec<Vec<String>> = [header.to_vec()].into_iter().chain(rows).collect();
    let sum = |(&(year, side), &sum): (&(i32, _), &Cents)| {
        vec![format!("{year} {side}"), sum.to_string()]
    };
    let sums: Vec<Vec<String>> = proposal.sums.iter().map(sum).collect();
    format!("{name}, the first rows:\n{}in all:\n{}\n", talk::table(&rows), talk::table(&sums))
}
