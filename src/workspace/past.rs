//! Past months that were replayed before. What was known then does not change, so a replay is good for as long
//! as the books of then and all that it rests on are what they were; most of a monthly run would go into
//! making the same ones again.

use super::job::Job;
use super::outputs::VERSION;
use super::write::{kept, write_all};
use crate::backtest::{OneStep, PastMonth, past_months};
use crate::error::Result;
use crate::outlook::MonthRow;
use crate::units::{Month, sha256};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The file in `state/` that holds them.
const KEPT: &str = "past.json";
/// So many months are kept: more than are ever looked back on at once, so that earlier as-of months find theirs.
const MOST: usize = 120;

/// A replay, but for what is booked, which the ledger tells.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// SHA-256 of all that it rests on.
    key: String,
    steps: Vec<OneStep>,
    thoughts: Vec<MonthRow>,
}

impl Job {
    /// Replays `months`; what was replayed before on the same books comes from `state/`. `after_each` is called for each
    /// that is made.
    ///
    /// # Errors
    /// When a model can not be fitted at all.
    pub(super) fn past_months(
        &self,
        months: &[Month],
        after_each: &(dyn Fn() + Sync),
    ) -> Result<Vec<PastMonth>> {
        let keys = self.keys();
        let mut kept = self.kept_past();
        // Months after the as-of month are not asked for; they wait for a command that knows their books.
        kept.retain(|month, kept| *month > self.as_of || keys.get(month) == Some(&kept.key));
        let lacking: Vec<Month> =
            months.iter().filter(|month| !kept.contains_key(month)).copied().collect();
        let (spec, seed) = (&self.champion.spec, self.draws.seed);
        for past in past_months(self.books(), spec, &lacking, seed, after_each)? {
            // A month before the first posting rests on nothing, and is nothing.
            let key = keys.get(&past.month).cloned().unwrap_or_default();
            let PastMonth { month, steps, thoughts, .. } = past;
            kept.insert(month, Kept { key, steps, thoughts });
        }
        let past = |month: &Month| {
            let Kept { steps, thoughts, .. } = kept[month].clone();
            PastMonth { month: *month, steps, thoughts, booked: self.known.panel(*month).booked }
        };
        let made = months.iter().map(past).collect();
        if !lacking.is_empty() {
            self.keep_past(kept);
        }
        Ok(made)
    }

    /// Per month everything that a replay of it rests on, as a hash: the program and its options, the line table, policy and
    /// prices, and what was booked by then.
    fn keys(&self) -> BTreeMap<Month, String> {
        let mut booked: BTreeMap<Month, String> = BTreeMap::new();
        for posting in &self.known.postings {
            let line = &self.known.lines[posting.line as usize];
            let (service, cents) = (posting.service, posting.amount.0);
            writeln!(
                booked.entry(posting.booked).or_default(),
                "{line} {:?} {service} {cents}",
                posting.kind
            )
            .expect("a string takes all text");
        }
        let mut key = sha256(
            format!(
                "{VERSION} {} {:?} {} {} {} {:?} {:?}",
                env!("PROGNOSE_SOURCE"),
                self.champion.spec,
                self.draws.seed,
                self.known.line_table,
                self.known.has_service_months,
                self.known.declarations.since,
                self.other_inputs,
            )
            .as_bytes(),
        );
        let Some(&first) = booked.keys().next() else { return BTreeMap::new() };
        let of = |month: Month| {
            let text = booked.get(&month).map_or("", String::as_str);
            key = sha256(format!("{key} {text}").as_bytes());
            (month, key.clone())
        };
        first.through(self.as_of).map(of).collect()
    }

    /// What can not be read is made again.
    fn kept_past(&self) -> BTreeMap<Month, Kept> {
        kept(&self.files, KEPT).unwrap_or_default()
    }

    /// Keeps the last months. It only spares the next command some time, and where `state/` can not be written, keeping the
    /// models says so.
    fn keep_past(&self, mut kept: BTreeMap<Month, Kept>) {
        while kept.len() > MOST {
            kept.pop_first();
        }
        let Some(root) = self.files.folder() else { return };
        if let Ok(bytes) = serde_json::to_vec(&kept) {
            let _ = write_all(&root.join("state"), &[(KEPT.to_owned(), bytes)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::job::Choices;
    use super::*;
    use crate::synth;
    use std::fs;
    use std::path::Path;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// The replays of two months, and how many of them were made now.
    fn replayed(root: &Path) -> (Vec<PastMonth>, usize) {
        let job = Job::read(root, &Choices::default()).unwrap();
        let months = ["2026-03", "2026-08"].map(|month| month.parse().unwrap());
        let made = AtomicUsize::new(0);
        let count = || {
            made.fetch_add(1, Ordering::Relaxed);
        };
        let past = job.past_months(&months, &count).unwrap();
        (past, made.into_inner())
    }

    /// Adds a row to the ledger of 2026, booked in `period`.
    fn book(root: &Path, period: u32) {
        let path = root.join("grootboek/2026.csv");
        let mut text = fs::read_to_string(&path).unwrap();
        let row = text.lines().last().unwrap().splitn(3, ';').nth(2).unwrap().to_owned();
        writeln!(text, "2026;{period};{row}").unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn a_month_is_replayed_again_when_its_own_books_change_and_only_then() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write_all(root, &synth::files(&synth::municipality_of(1, 5, 4))).unwrap();
        let (first, made) = replayed(root);
        assert_eq!(made, 2);
        assert_eq!(replayed(root), (first.clone(), 0));
        book(root, 9);
        assert_eq!(
            replayed(root),
            (first.clone(), 0),
            "nothing booked later changes what was known"
        );
        book(root, 5);
        let (second, made) = replayed(root);
        assert_eq!((made, &second[0]), (1, &first[0]));
        assert_ne!(second[1], first[1]);
        let prices = fs::read_to_string(root.join("prijzen.toml")).unwrap();
        fs::write(root.join("prijzen.toml"), prices + "\n").unwrap();
        assert_eq!(replayed(root).1, 2, "all that a forecast rests on counts");
        fs::write(root.join("state").join(KEPT), "{").unwrap();
        assert_eq!(replayed(root).1, 2, "what can not be read is made again");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_is_not_read() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let root = folder.path();
        write_all(root, &synth::files(&synth::municipality_of(1, 5, 4))).unwrap();
        replayed(root);
        let kept = root.join("state").join(KEPT);
        let moved = other.path().join(KEPT);
        fs::copy(&kept, &moved).unwrap();
        fs::remove_file(&kept).unwrap();
        std::os::unix::fs::symlink(&moved, &kept).unwrap();
        assert_eq!(replayed(root).1, 2);
    }
}
