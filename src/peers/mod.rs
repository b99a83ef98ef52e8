//! The published plan of one closed year beside what it became, of every municipality, and the place of our own.
//!
//! It is about plans and outcomes, and says nothing of a model. Which taakvelden an act holds are the levels of
//! [`crate::taakveld`], so any year can be compared with itself. [`crate::guide::peers`] has the figures of 2023.

mod group;

pub use group::Group;

use crate::error::{Error, Result};
use crate::ledger::{Municipality, Published};
use crate::taakveld::BridgeLevel;
use crate::units::{Cents, Wet, closest};
use std::collections::BTreeMap;

/// A municipality counts for an act when it budgeted and spent at least this: with less, a delivery is missing or
/// the money stands with another municipality.
pub const LEAST: Cents = Cents(50_000_000);
/// So many municipalities of nearly our size are named.
const NEAREST: usize = 8;

/// A year, with our own place in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Peers {
    /// The year that both files are about.
    pub year: i32,
    /// Our own name, as the files have it.
    pub own: String,
    /// Wmo, Jeugd, and both together.
    pub acts: Vec<Act>,
}

/// One act.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// The act; `None` for both together.
    pub wet: Option<Wet>,
    /// Every municipality, those that do not count included, from the largest overspending to the largest saving.
    pub municipalities: Vec<Peer>,
    /// Those that count.
    pub all: Group,
    /// Those of them in the class of our size; our own included when it counts.
    pub like: Group,
    /// Our own rank from the largest overspending on, from 1; `None` when our own does not count.
    pub rank: Option<usize>,
}

/// What one municipality planned for an act, and what it became.
#[derive(Clone, Debug, PartialEq)]
pub struct Peer {
    /// Its name.
    pub name: String,
    /// The class of its size, as the files have it.
    pub size: String,
    /// Its inhabitants.
    pub inhabitants: u32,
    /// The lasten in the budget of the year.
    pub budget: Cents,
    /// The lasten in the accounts of the year.
    pub accounts: Cents,
    /// Whether it is our own.
    pub own: bool,
}

impl Peer {
    /// Whether both amounts are large enough to be compared.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.budget >= LEAST && self.accounts >= LEAST
    }

    /// (accounts − budget) ÷ budget: above 0 more was spent than planned.
    #[must_use]
    pub fn error(&self) -> f64 {
        (self.accounts - self.budget).euros() / self.budget.euros()
    }
}

impl Peers {
    /// Compares the budgets of a year with its accounts. `organisation` is our own name, with or without `Gemeente` before it.
    ///
    /// # Errors
    /// When no municipality of both files has that name; the error names the closest.
    pub fn of(
        year: i32,
        organisation: &str,
        budget: &Published,
        accounts: &Published,
    ) -> Result<Self> {
        let (planned, spent) = (by_name(budget)?, by_name(accounts)?);
        let bare = bare(organisation);
        let own = bare.to_lowercase();
        let missing = [(budget, &planned), (accounts, &spent)]
            .into_iter()
            .find(|(_, of)| !of.contains_key(&own));
        if let Some((file, towns)) = missing {
            return Err(unknown(bare, &file.file, towns));
        }
        let acts = [Some(Wet::Wmo), Some(Wet::Jeugd), None];
        let acts = acts.map(|wet| Act::of(wet, &own, &planned, &spent)).into();
        Ok(Self { year, own: spent[&own].0.to_owned(), acts })
    }
}

/// The name of an organisation without `Gemeente` before it.
fn bare(organisation: &str) -> &str {
    let name = organisation.trim();
    match name.split_once(' ') {
        Some((word, name)) if word.eq_ignore_ascii_case("gemeente") => name.trim(),
        _ => name,
    }
}

/// The municipalities of a file and how it writes them, by name in lower case: the file of another year may write
/// other capitals.
type Towns<'a> = BTreeMap<String, (&'a str, &'a Municipality)>;

fn by_name(file: &Published) -> Result<Towns<'_>> {
    let mut towns = Towns::new();
    for (name, one) in &file.municipalities {
        if let Some((other, _)) = towns.insert(name.to_lowercase(), (name, one)) {
            return Err(Error::input(format!("has both {other:?} and {name:?}"))
                .file(&file.file)
                .advice("write a municipality in one way in all its rows"));
        }
    }
    Ok(towns)
}

fn unknown(name: &str, file: &str, towns: &Towns) -> Error {
    let meant = closest(name, towns.values().map(|(name, _)| *name)).unwrap_or_default();
    Error::input(format!("has no municipality {name:?}; did you mean {meant:?}?"))
        .file(file)
        .advice(format!("write it under [peers], as in name = {meant:?}"))
}

/// The level that holds the care of an act.
fn level(wet: Wet) -> &'static BridgeLevel {
    let name = if wet == Wet::Jeugd { "Jeugd totaal" } else { "Wmo maatwerk" };
    BridgeLevel::named(name).expect("data/taakvelden-bruggen.csv has both")
}

/// The lasten of an act, or of both.
fn lasten(wet: Option<Wet>, municipality: Option<&(&str, &Municipality)>) -> Cents {
    let acts = wet.map_or_else(|| vec![Wet::Wmo, Wet::Jeugd], |wet| vec![wet]);
    let held = |code: &str| acts.iter().any(|&wet| level(wet).holds(code));
    let all = municipality.into_iter().flat_map(|(_, one)| &one.lasten);
    all.filter(|(code, _)| held(code)).map(|(_, amount)| *amount).sum()
}

impl Act {
    fn of(wet: Option<Wet>, own: &str, planned: &Towns, spent: &Towns) -> Self {
        let known: BTreeMap<_, _> = planned.iter().chain(spent).collect();
        let peer = |(key, (name, one)): (&String, &(&str, &Municipality))| Peer {
            name: (*name).to_owned(),
            size: one.size.clone(),
            inhabitants: one.inhabitants,
            budget: lasten(wet, planned.get(key)),
            accounts: lasten(wet, spent.get(key)),
            own: key == own,
        };
        let mut municipalities: Vec<Peer> = known.into_iter().map(peer).collect();
        // Those that do not count come last; names break ties.
        municipalities.sort_by(|a, b| {
            let worst = |peer: &Peer| if peer.counts() { peer.error() } else { f64::NEG_INFINITY };
            worst(b).total_cmp(&worst(a)).then_with(|| a.name.cmp(&b.name))
        });
        let size = municipalities.iter().find(|peer| peer.own).map(|peer| peer.size.clone());
        let counted = || municipalities.iter().filter(|peer| peer.counts());
        let like = counted().filter(|peer| Some(&peer.size) == size.as_ref());
        let rank = counted().position(|peer| peer.own).map(|before| before + 1);
        Self { wet, all: Group::of(counted()), like: Group::of(like), rank, municipalities }
    }

    /// Those that count, in the order of [`Act::municipalities`].
    pub fn counted(&self) -> impl Iterator<Item = &Peer> {
        self.municipalities.iter().filter(|peer| peer.counts())
    }

    /// Our own, whether it counts or not.
    #[must_use]
    pub fn own(&self) -> Option<&Peer> {
        self.municipalities.iter().find(|peer| peer.own)
    }

    /// The municipalities that count and are nearest to ours in inhabitants, from small to large; not our own.
    #[must_use]
    pub fn nearest(&self) -> Vec<&Peer> {
        let people = self.own().map_or(0, |own| own.inhabitants);
        let mut others: Vec<&Peer> = self.counted().filter(|peer| !peer.own).collect();
        others.sort_by_key(|peer| (peer.inhabitants.abs_diff(people), &peer.name));
        others.truncate(NEAREST);
        others.sort_by_key(|peer| (peer.inhabitants, &peer.name));
        others
    }
}

#[cfg(test)]
mod tests;
