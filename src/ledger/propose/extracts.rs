//! Files that are one export made at several dates: each holds the whole of the books, so they do not add up.

use super::Proposal;
use super::draft::quoted;
use crate::ledger::snapshots;
use crate::units::Month;

/// Makes one source with `snapshots = true` of ledgers that are read alike, have a month in their names, begin in one
/// month and end later the later they were made. Of others with months in common a note tells that they add up.
pub fn extracts(proposals: &mut [(String, Proposal)]) {
    let mut done = vec![false; proposals.len()];
    for first in 0..proposals.len() {
        let own = shape(&proposals[first].1);
        let alike: Vec<usize> = (first..proposals.len())
            .filter(|&at| {
                !done[at] && proposals[at].1.booked.is_some() && shape(&proposals[at].1) == own
            })
            .collect();
        if alike.first() != Some(&first) || alike.len() < 2 {
            continue;
        }
        for &at in &alike {
            done[at] = true;
        }
        if let Some(pattern) = pattern(proposals, &alike).filter(|_| are_dated(proposals, &alike)) {
            join(proposals, &alike, &pattern);
        } else if overlap(proposals, &alike) {
            let names: Vec<String> = alike.iter().map(|&at| proposals[at].0.clone()).collect();
            proposals[first].1.notes.push(format!(
                "{} have the same columns and months in common, and their amounts add up; when each is a whole extract, \
                 keep one source for all, name each file after its month (boek-2025-03.csv) and set snapshots = true",
                names.join(" and ")
            ));
        }
    }
}

/// The source without the name of its file.
fn shape(proposal: &Proposal) -> String {
    let lines = proposal.sources.lines().filter(|line| !line.starts_with("files = "));
    lines.collect::<Vec<_>>().join("\n")
}

fn are_dated(proposals: &[(String, Proposal)], alike: &[usize]) -> bool {
    let told = |&at: &usize| {
        let (first, last) = proposals[at].1.booked?;
        Some((snapshots::month_of(&proposals[at].0).ok()?, first, last))
    };
    let Some(mut told) = alike.iter().map(told).collect::<Option<Vec<_>>>() else { return false };
    told.sort_unstable();
    told.windows(2)
        .all(|pair| pair[0].0 < pair[1].0 && pair[0].1 == pair[1].1 && pair[0].2 <= pair[1].2)
}

fn overlap(proposals: &[(String, Proposal)], alike: &[usize]) -> bool {
    let mut spans: Vec<(Month, Month)> =
        alike.iter().filter_map(|&at| proposals[at].1.booked).collect();
    spans.sort_unstable();
    spans.windows(2).any(|pair| pair[1].0 <= pair[0].1)
}

/// A pattern of these files that no other is like.
fn pattern(proposals: &[(String, Proposal)], alike: &[usize]) -> Option<String> {
    let names: Vec<&str> = alike.iter().map(|&at| proposals[at].0.as_str()).collect();
    let one = names[0];
    let starts =
        |length: &usize| names.iter().all(|name| name.get(..*length) == one.get(..*length));
    let start = (0..one.len()).rev().filter(|&at| one.is_char_boundary(at)).find(starts)?;
    let ends = |at: &usize| names.iter().all(|name| name[start..].ends_with(&one[*at..]));
    let end = (start..=one.len()).filter(|&at| one.is_char_boundary(at)).find(ends)?;
    let escape = glob::Pattern::escape;
    // What months have in common by chance is not in the names of those to come.
    let of_month = |c: char| c.is_ascii_digit() || matches!(c, '-' | '_');
    let (before, behind) =
        (one[..start].trim_end_matches(of_month), one[end..].trim_start_matches(of_month));
    let text = format!("{}*{}", escape(before), escape(behind));
    let pattern = glob::Pattern::new(&text).ok()?;
    let taken = proposals.iter().filter(|(name, _)| pattern.matches(name)).count();
    (taken == alike.len()).then_some(text)
}

/// One source for all, in the place of the first.
fn join(proposals: &mut [(String, Proposal)], alike: &[usize], pattern: &str) {
    let files = format!("files = {}\nsnapshots = true", quoted(pattern));
    let (first, others) = (alike[0], &alike[1..]);
    let lines = proposals[first].1.sources.lines();
    let joined: Vec<&str> = lines
        .map(|line| if line.starts_with("files = ") { files.as_str() } else { line })
        .collect();
    proposals[first].1.sources = joined.join("\n") + "\n";
    proposals[first].1.notes.push(format!(
        "{} files are read as extracts of one ledger, each the whole of it at the end of the month in its name: what \
         they have in common counts once (key: snapshots)",
        alike.len()
    ));
    for &at in others {
        proposals[at].1.sources.clear();
        let note = format!("is read with {} as one source", proposals[first].0);
        proposals[at].1.notes = vec![note];
    }
}
