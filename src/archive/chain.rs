//! The chain of records: each file holds the fingerprint of the one before it, `HEAD` that of the newest.
//!
//! A file is `{"number":n,"previous":"…","content":…}`: `content` is the record, and its fingerprint is part
//! of the name; `previous` is the fingerprint of the whole file before it.

use super::record::{Record, SCHEMA};
use crate::error::Error;
use crate::units::{Month, sha256};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How much of the fingerprint of the content stands in a name.
const SHOWN: usize = 16;

/// A record with its place in the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name in the folder.
    pub file: String,
    /// 1 for the first.
    pub number: u64,
    /// SHA-256 of the file.
    pub sha256: String,
    /// What it holds.
    pub record: Record,
}

/// All records of a folder, and whether they are what was once written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chain {
    /// The records that can be read, by number.
    pub entries: Vec<Entry>,
    /// What was changed, lost or added, in plain words with the name of the file; none when all is well.
    pub faults: Vec<String>,
    /// Names of what lies beside the records and is none of the archive, such as what a file manager leaves.
    pub strangers: Vec<String>,
    /// The newest file is not in `HEAD`: a run was stopped between the two.
    pub(super) lags: bool,
}

/// The newest file of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub(super) number: u64,
    pub(super) sha256: String,
}

/// A whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrapped<Content> {
    number: u64,
    previous: String,
    content: Content,
}

/// The part of a record that every version has.
#[derive(Deserialize)]
struct Versioned {
    schema: u32,
}

/// What the chain says of a file, sound or not.
struct Link {
    file: String,
    number: u64,
    previous: String,
    sha256: String,
    /// Whether it is what its name says.
    sound: bool,
}

impl Chain {
    /// The chain of files, each with its name and bytes, and of `HEAD` when there is one.
    #[must_use]
    pub fn of(files: Vec<(String, Vec<u8>)>, head: Option<&[u8]>) -> Self {
        let head: Option<Head> = head.and_then(|bytes| serde_json::from_slice(bytes).ok());
        let (mut links, mut chain) = (Vec::new(), Self::default());
        for (file, bytes) in files {
            match opened(&file, &bytes) {
                Ok((previous, entry)) => {
                    links.push(Link {
                        file,
                        number: entry.number,
                        previous,
                        sha256: entry.sha256.clone(),
                        sound: true,
                    });
                    chain.entries.push(entry);
                }
                Err(fault) => {
                    chain.faults.push(format!("{file} {fault}"));
                    links.extend(broken(file, &bytes));
                }
            }
        }
        let mut by_number: BTreeMap<u64, Vec<&Link>> = BTreeMap::new();
        for link in &links {
            by_number.entry(link.number).or_default().push(link);
        }
        chain.faults.extend(faults(&by_number));
        match head_fault(&by_number, head.as_ref()) {
            Ok(lags) => chain.lags = lags,
            Err(fault) => chain.faults.push(fault),
        }
        chain.entries.sort_by_key(|entry| entry.number);
        chain
    }

    /// An error when something was changed, lost or added.
    ///
    /// # Errors
    /// With every fault that was found.
    pub fn verify(&self) -> Result<(), Error> {
        let advice = "put the archive back from a backup; when there is none, move the folder aside to keep \
                      it, and the next run begins a new one";
        let told = |fault: &String| Error::gate(format!("the archive: {fault}")).advice(advice);
        Error::all(self.faults.iter().map(told).collect()).map_or(Ok(()), Err)
    }

    /// The newest file.
    pub(super) fn head(&self) -> Option<Head> {
        let newest = self.entries.last()?;
        Some(Head { number: newest.number, sha256: newest.sha256.clone() })
    }
}

/// The names that the file of a record with this JSON and number can have. The plain one is given first; the
/// one with the number is for content that was kept before and is said anew.
pub(super) fn names(as_of: Month, content: &str, number: u64) -> [String; 2] {
    let stem = format!("{as_of}-{}", &sha256(content.as_bytes())[..SHOWN]);
    [format!("{stem}.json"), format!("{stem}-{number}.json")]
}

/// Whether a record can have this name.
pub(super) fn is_name(file: &str) -> bool {
    let hex = |text: &str| {
        text.len() == SHOWN && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let plain = |stem: &str| {
        let parts = stem.rsplit_once('-');
        parts.is_some_and(|(month, hash)| month.parse::<Month>().is_ok() && hex(hash))
    };
    let is_number = |text: &str| text.parse::<u64>().is_ok_and(|n| n.to_string() == text);
    file.strip_suffix(".json").is_some_and(|stem| {
        let numbered = stem.rsplit_once('-').filter(|(_, number)| is_number(number));
        plain(stem) || numbered.is_some_and(|(stem, _)| plain(stem))
    })
}

/// The file of a record.
pub(super) fn wrapped(number: u64, previous: &str, content: &str) -> String {
    format!("{}{content}{CLOSING}", opening(number, previous))
}

fn opening(number: u64, previous: &str) -> String {
    format!("{{\"number\":{number},\"previous\":\"{previous}\",\"content\":")
}

const CLOSING: &str = "}\n";

/// What a file holds, with the fingerprint of the file before it; else what is wrong with it.
fn opened(file: &str, bytes: &[u8]) -> Result<(String, Entry), String> {
    const CHANGED: &str = "was changed or cut off: it is not what its name says";
    let whole: Wrapped<Record> = serde_json::from_slice(bytes).map_err(|_| {
        match serde_json::from_slice::<Wrapped<Versioned>>(bytes) {
            Ok(newer) if newer.content.schema > SCHEMA => format!(
                "has layout {}, and this program reads up to {SCHEMA}: use the version that wrote it",
                newer.content.schema
            ),
            _ => CHANGED.to_owned(),
        }
    })?;
    let Wrapped { number, previous, content: record } = whole;
    let text = std::str::from_utf8(bytes).ok();
    // The very bytes that were written: other spaces are another file.
    let content = text
        .and_then(|text| text.strip_prefix(&opening(number, &previous)))
        .and_then(|text| text.strip_suffix(CLOSING));
    let as_named = content
        .is_some_and(|content| names(record.as_of, content, number).iter().any(|own| own == file));
    if !as_named || !record.is_whole() {
        return Err(CHANGED.to_owned());
    }
    Ok((previous, Entry { file: file.to_owned(), number, sha256: sha256(bytes), record }))
}

/// The place of a file that is not what its name says, when it still tells.
fn broken(file: String, bytes: &[u8]) -> Option<Link> {
    let Wrapped { number, previous, content: IgnoredAny } = serde_json::from_slice(bytes).ok()?;
    Some(Link { file, number, previous, sha256: sha256(bytes), sound: false })
}

/// What is wrong between files.
fn faults(by_number: &BTreeMap<u64, Vec<&Link>>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut before: Option<(&u64, &Vec<&Link>)> = None;
    for (number, links) in by_number {
        let names =
            || links.iter().map(|link| link.file.as_str()).collect::<Vec<_>>().join(" and ");
        if links.len() > 1 {
            faults.push(format!("is forked: {} are both number {number}", names()));
        }
        let until = before.map_or(0, |(number, _)| *number);
        if *number > until.saturating_add(1) {
            let lost = match number - 1 - until {
                1 => format!("number {} is lost", until + 1),
                _ => format!("numbers {} through {} are lost", until + 1, number - 1),
            };
            faults.push(format!("{lost}: {} comes after it", names()));
        } else if let ([link], earlier) =
            (links.as_slice(), before.map(|(_, links)| links.as_slice()))
        {
            faults.extend(follows(link, earlier));
        }
        before = Some((number, links));
    }
    faults
}

/// Whether a file was made after the one before it.
fn follows(link: &Link, earlier: Option<&[&Link]>) -> Option<String> {
    let file = &link.file;
    match earlier {
        _ if !link.sound => None,
        None if link.number == 0 => Some(format!("{file} has no number: it was added")),
        None if !link.previous.is_empty() => {
            Some(format!("{file} says it is the first, but was made after another that is lost"))
        }
        Some([before]) if before.sound && before.sha256 != link.previous => Some(format!(
            "{} is not the file that {file} was made after: one of them was changed, replaced or added",
            before.file
        )),
        _ => None,
    }
}

/// Whether the newest file is still to be entered in `HEAD`, or what is wrong with it.
fn head_fault(by_number: &BTreeMap<u64, Vec<&Link>>, head: Option<&Head>) -> Result<bool, String> {
    let newest = by_number.last_key_value().map_or(0, |(number, _)| *number);
    let Some(head) = head else {
        return match newest {
            0 => Ok(false),
            // The very first run was stopped before its last step.
            1 => Ok(true),
            _ => Err("has lost its file HEAD, or it can not be read".to_owned()),
        };
    };
    let known = by_number.get(&head.number).map(Vec::as_slice);
    match (newest, known) {
        (newest, _) if newest < head.number => Err(format!(
            "has lost its newest files: HEAD knows number {}, and the newest here is number {newest}",
            head.number
        )),
        (newest, _) if newest > head.number.saturating_add(1) => Err(format!(
            "holds numbers up to {newest}, and HEAD knows {}: files were added, or an older HEAD was put back",
            head.number
        )),
        (_, Some([link])) if link.sound && link.sha256 != head.sha256 => Err(format!(
            "{} is another file than HEAD knows: it was changed or replaced",
            link.file
        )),
        _ => Ok(newest > head.number),
    }
}
