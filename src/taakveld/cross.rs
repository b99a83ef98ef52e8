//! From a taakveld of one scheme to those of another.

use super::level::{BridgeLevel, levels};
use super::table::{Scheme, code_of, find, schemes_of};
use crate::units::Month;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

const SOURCE: &str = include_str!("../../data/taakvelden-overgang.csv");

/// What a taakveld is to one of another scheme. Ordered: the later, the less can be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The same care, under another code or name at most.
    Same,
    /// The target is one of its parts: only a finer code of one's own tells which.
    Split,
    /// The target holds it and more.
    Merged,
    /// The care was divided anew: no code tells where an amount went.
    Redivided,
}

/// A taakveld to which money crosses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its code.
    pub code: String,
    /// What it is to the taakveld one comes from.
    pub relation: Relation,
}

/// Where the money of a taakveld stands in another scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// The taakveld one comes from.
    pub code: String,
    /// The taakvelden it goes to, by code.
    pub targets: Vec<Target>,
    /// The level at which both schemes can be compared.
    pub level: &'static BridgeLevel,
}

/// Why money can not be followed from one scheme to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The scheme one comes from does not have it.
    Unknown {
        /// What was asked for, as it was written.
        code: String,
        /// The scheme.
        scheme: Scheme,
    },
    /// It has no counterpart: it is new, and the table knows not where its money stood.
    Alone {
        /// The taakveld.
        code: String,
        /// The scheme that has nothing like it.
        to: Scheme,
        /// The level that holds it.
        level: &'static BridgeLevel,
    },
    /// Its care was divided anew.
    Redivided {
        /// The taakveld.
        code: String,
        /// The scheme that divides otherwise.
        to: Scheme,
        /// The level at which both can be compared.
        level: &'static BridgeLevel,
    },
}

/// One row of the table.
struct Step {
    from: Month,
    old: String,
    new: String,
    relation: Relation,
    level: &'static BridgeLevel,
}

static STEPS: LazyLock<Vec<Step>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(SOURCE.as_bytes());
    let records =
        reader.records().map(|record| record.expect("data/taakvelden-overgang.csv is CSV"));
    let step = |record: csv::StringRecord| Step {
        from: record[0].parse().expect("a crossing holds from a month"),
        old: record[1].to_owned(),
        new: record[2].to_owned(),
        relation: Relation::named(&record[3]).expect("a crossing has a relation"),
        level: BridgeLevel::named(&record[4]).expect("a crossing has a level"),
    };
    records.map(step).collect()
});

impl Relation {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "zelfde" => Self::Same,
            "gesplitst" => Self::Split,
            "samengevoegd" => Self::Merged,
            "herverdeeld" => Self::Redivided,
            _ => return None,
        })
    }

    /// The same relation, looked at from the other side.
    fn back(self) -> Self {
        match self {
            Self::Split => Self::Merged,
            Self::Merged => Self::Split,
            same => same,
        }
    }

    /// One relation after another. A part of what was merged, and the reverse, can not be followed.
    fn then(self, next: Self) -> Self {
        match (self, next) {
            (Self::Split, Self::Merged) | (Self::Merged, Self::Split) => Self::Redivided,
            (one, other) => one.max(other),
        }
    }
}

impl Step {
    /// The relation from the scheme `from` on, forwards or back; the other code.
    fn leads(&self, code: &str, (from, to): (Scheme, Scheme)) -> Option<(&str, Relation)> {
        let at = Scheme::of(self.from);
        match () {
            () if at == to && from < to && self.old == code => Some((&self.new, self.relation)),
            () if at == from && to < from && self.new == code => {
                Some((&self.old, self.relation.back()))
            }
            () => None,
        }
    }
}

/// Where the money of a taakveld of the scheme `from` stands in the scheme `to`.
///
/// # Errors
/// A [`Refusal`] when `from` has no such taakveld, when `to` has nothing like it, or when its care was divided anew between
/// the two, as youth care was in 2025.
pub fn cross(code: &str, from: Scheme, to: Scheme) -> Result<Crossing, Refusal> {
    let unknown = || Refusal::Unknown { code: code.to_owned(), scheme: from };
    let known = find(from, code).ok_or_else(unknown)?;
    let code = known.code.clone();
    let mut reached: BTreeMap<String, Relation> = BTreeMap::from([(code.clone(), Relation::Same)]);
    for hop in hops(from, to) {
        reached = next(&reached, hop);
    }
    let level = level_of(&code);
    if reached.is_empty() {
        return Err(Refusal::Alone { code, to, level });
    }
    if reached.values().any(|&relation| relation == Relation::Redivided) {
        return Err(Refusal::Redivided { code, to, level });
    }
    let targets = reached.into_iter().map(|(code, relation)| Target { code, relation }).collect();
    Ok(Crossing { code, targets, level })
}

/// The level that the table names for a taakveld or, when it names none, the one that holds it.
fn level_of(code: &str) -> &'static BridgeLevel {
    let step = STEPS.iter().find(|step| step.old == code || step.new == code);
    let held = || levels().iter().find(|level| level.holds(code));
    step.map(|step| step.level).or_else(held).expect("every taakveld has a level, says a test")
}

/// Each step from one scheme to the next, in the direction asked for.
fn hops(from: Scheme, to: Scheme) -> Vec<(Scheme, Scheme)> {
    let between = |one: &Scheme| (from.min(to)..=from.max(to)).contains(one);
    let mut path: Vec<Scheme> = Scheme::ALL.into_iter().filter(between).collect();
    if to < from {
        path.reverse();
    }
    path.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

fn next(reached: &BTreeMap<String, Relation>, hop: (Scheme, Scheme)) -> BTreeMap<String, Relation> {
    let mut further: BTreeMap<String, Relation> = BTreeMap::new();
    for (code, &so_far) in reached {
        for (other, relation) in STEPS.iter().filter_map(|step| step.leads(code, hop)) {
            let worst = further.entry(other.to_owned()).or_insert(Relation::Same);
            *worst = (*worst).max(so_far.then(relation));
        }
    }
    further
}

impl Crossing {
    /// Whether every amount can be followed: one target that is the same care.
    #[must_use]
    pub fn is_one_to_one(&self) -> bool {
        matches!(self.targets.as_slice(), [Target { relation: Relation::Same, .. }])
    }

    /// The codes of the targets: `6.71a, 6.71b`.
    #[must_use]
    pub fn codes(&self) -> String {
        let codes: Vec<&str> = self.targets.iter().map(|target| target.code.as_str()).collect();
        codes.join(", ")
    }
}

/// In Dutch, since findings and the report show it.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { code, scheme } => {
                write!(f, "{code:?} is geen taakveld van de indeling {scheme}.")?;
                let others = code_of(code).map(|code| schemes_of(&code)).unwrap_or_default();
                match others.first() {
                    Some(other) => write!(f, " Het hoort bij de indeling {other}."),
                    None => Ok(()),
                }
            }
            Self::Alone { code, to, level } => write!(
                f,
                "{code} heeft in de indeling {to} geen tegenhanger. Vergelijk op {:?}.",
                level.name
            ),
            Self::Redivided { code, to, level } => write!(
                f,
                "{code} is niet één op één over te zetten naar de indeling {to}: de zorg is toen \
                 opnieuw verdeeld. Vergelijk op {:?}.",
                level.name
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::all;
    use super::*;
    use Scheme::{Before2023, Of2023, Of2025};

    fn crossed(code: &str, from: Scheme, to: Scheme) -> (String, Option<Relation>, bool) {
        let crossing = cross(code, from, to).unwrap();
        let worst = crossing.targets.iter().map(|target| target.relation).max();
        (crossing.codes(), worst, crossing.is_one_to_one())
    }

    #[test]
    fn what_was_renumbered_is_followed() {
        let same = |codes: &str| (codes.to_owned(), Some(Relation::Same), true);
        assert_eq!(crossed("6.71A Hulp bij het huishouden", Of2023, Of2025), same("6.711"));
        assert_eq!(crossed("6.711", Of2025, Of2023), same("6.71a"));
        assert_eq!(crossed("6.6", Before2023, Of2025), same("6.60"));
        assert_eq!(crossed("6.82b", Of2023, Of2025), same("6.822"));
        assert_eq!(crossed("6.711", Of2025, Of2025), same("6.711"));
    }

    #[test]
    fn what_was_split_names_its_parts_and_back_its_whole() {
        let (split, merged) = (Some(Relation::Split), Some(Relation::Merged));
        let of = |codes: &str, relation| (codes.to_owned(), relation, false);
        assert_eq!(crossed("6.71", Before2023, Of2025), of("6.711, 6.712, 6.713, 6.714", split));
        assert_eq!(crossed("6.2", Of2023, Of2025), of("6.21, 6.22, 6.23", split));
        assert_eq!(crossed("6.712", Of2025, Before2023), of("6.71", merged));
        assert_eq!(crossed("6.73a", Of2023, Before2023), of("6.72", merged));
        assert_eq!(crossed("6.72", Before2023, Of2023).0.split(", ").count(), 10);
        assert_eq!(cross("6.2", Of2023, Of2025).unwrap().level.name, "Toegang en beleid");
    }

    #[test]
    fn youth_is_refused_across_2025_with_the_bridge_to_use() {
        let youth = |code: &str| {
            code.starts_with("6.72") || code.starts_with("6.73") || code.starts_with("6.74")
        };
        let old: Vec<&str> = all()
            .iter()
            .filter(|one| one.scheme == Of2023 && youth(&one.code))
            .map(|one| one.code.as_str())
            .collect();
        assert_eq!(old.len(), 10);
        let pairs = old.into_iter().map(|code| (code, Of2023, Of2025));
        let back = ["6.751", "6.763"].map(|code| (code, Of2025, Of2023));
        let far = [("6.72", Before2023, Of2025), ("6.761", Of2025, Before2023)];
        for (code, from, to) in pairs.chain(back).chain(far) {
            let refusal = cross(code, from, to).unwrap_err();
            let Refusal::Redivided { level, .. } = &refusal else { panic!("{refusal:?}") };
            assert_eq!(level.name, "Jeugd totaal");
            assert!(level.holds(code));
            assert!(refusal.to_string().contains("niet één op één"), "{refusal}");
        }
    }

    #[test]
    fn what_is_new_stands_alone() {
        for (code, level) in [("6.792", "Jeugd totaal"), ("6.91", "Toegang en beleid")] {
            let refusal = cross(code, Of2025, Of2023).unwrap_err();
            let Refusal::Alone { level: found, .. } = &refusal else { panic!("{refusal:?}") };
            assert_eq!(found.name, level);
        }
        let refusal = cross("6.751", Of2023, Of2025).unwrap_err().to_string();
        assert_eq!(
            refusal,
            "\"6.751\" is geen taakveld van de indeling 2023 en 2024. Het hoort bij de indeling vanaf 2025."
        );
        assert!(cross("6.3", Of2023, Of2025).is_err());
    }

    #[test]
    fn the_table_joins_what_there_is() {
        let mut pairs: Vec<_> =
            STEPS.iter().map(|step| (step.from, &step.old, &step.new)).collect();
        pairs.sort();
        pairs.dedup();
        assert_eq!(pairs.len(), STEPS.len());
        for step in STEPS.iter() {
            let before = Scheme::of(step.from - crate::units::Months(1));
            assert!(find(before, &step.old).is_some(), "{}", step.old);
            assert!(find(Scheme::of(step.from), &step.new).is_some(), "{}", step.new);
            assert!(step.level.holds(&step.old) && step.level.holds(&step.new), "{}", step.new);
        }
        // Nothing is lost on the way forward: every taakveld goes somewhere, or says why it can not.
        for one in all().iter().filter(|one| one.scheme != Of2025) {
            let found = cross(&one.code, one.scheme, Of2025);
            assert!(matches!(found, Ok(_) | Err(Refusal::Redivided { .. })), "{}", one.code);
        }
    }

    #[test]
    fn ways_that_cross_can_not_be_followed() {
        assert_eq!(Relation::Split.then(Relation::Merged), Relation::Redivided);
        assert_eq!(Relation::Merged.then(Relation::Split), Relation::Redivided);
        assert_eq!(Relation::Same.then(Relation::Split), Relation::Split);
        assert_eq!(Relation::named("anders"), None);
    }
}
