//! Rules on the taakvelden of the line table: does each exist in the months that hold its money?

use super::rules::{Facts, Odd, largest_first, listed};
use crate::taakveld::{BridgeLevel, Refusal, Scheme, code_of, cross, find, schemes_of};
use crate::units::{Cents, LineId, Side, euro};
use std::collections::{BTreeMap, BTreeSet};

/// The chapters of the social domain that the tables hold: a code below them that is in no scheme is a typing error.
const CHAPTERS: [&str; 5] = ["6.2", "6.6", "6.7", "6.8", "6.9"];

/// A taakveld whose money lies in a scheme that does not have it.
struct Stray<'a> {
    taakveld: &'a str,
    own: Scheme,
    /// The scheme of the months.
    then: Scheme,
    lines: Vec<&'a LineId>,
    amount: Cents,
}

/// Money under a taakveld that did not exist in its months, and that no code can be followed to: one finding per
/// taakveld and scheme. A bridge over both schemes answers it.
pub(super) fn not_mappable(facts: &Facts) -> Vec<Odd> {
    let odd = |stray: Stray| {
        let Err(Refusal::Redivided { level, .. }) = cross(stray.taakveld, stray.own, stray.then)
        else {
            return None;
        };
        let open = stray.lines.iter().any(|line| !is_bridged(facts, line, level, stray.then));
        let message = format!(
            "{} hoort bij de indeling {}, maar {} staat op maanden van de indeling {}. Deze zorg is toen opnieuw \
             verdeeld: één op één overzetten kan niet. Per product loopt de reeks door; vergelijk de jaren niet per \
             taakveld, maar met een brug: [[lines.bridge]] {}.",
            stray.taakveld,
            stray.own,
            euro(stray.amount),
            stray.then,
            level.as_toml(),
        );
        open.then(|| (stray.amount, Odd::general(stray.taakveld, message)))
    };
    largest_first(strays(facts).into_iter().filter_map(odd).collect())
}

/// Money under a taakveld of another scheme that can be followed, or that is new: one finding per pair of schemes.
pub(super) fn other_scheme(facts: &Facts) -> Vec<Odd> {
    let mut pairs: BTreeMap<(Scheme, Scheme), Vec<Stray>> = BTreeMap::new();
    for stray in strays(facts) {
        pairs.entry((stray.own, stray.then)).or_default().push(stray);
    }
    let odd = |((own, then), mut strays): ((Scheme, Scheme), Vec<Stray>)| {
        strays.sort_by_key(|stray| (-stray.amount.abs().0, stray.taakveld));
        let total: Cents = strays.iter().map(|stray| stray.amount).sum();
        let names: Vec<String> = strays.iter().filter_map(name_then).collect();
        let message = format!(
            "Op maanden van de indeling {then} staan taakvelden van de indeling {own}: {}. Dat mag, en het houdt reeksen \
             heel. Legt u de cijfers naast die van het CBS, gebruik dan de codes van toen.",
            listed(&names),
        );
        (!names.is_empty()).then(|| (total, Odd::general(then.to_string(), message)))
    };
    largest_first(pairs.into_iter().filter_map(odd).collect())
}

/// `6.711 (toen 6.71a)`; none for what can not be followed.
fn name_then(stray: &Stray) -> Option<String> {
    let then = match cross(stray.taakveld, stray.own, stray.then) {
        Ok(crossing) => crossing.codes(),
        Err(Refusal::Alone { .. }) => "geen eigen taakveld".to_owned(),
        Err(_) => return None,
    };
    Some(format!("{} (toen {then})", stray.taakveld))
}

/// Taakvelden of the social domain that are in no scheme.
pub(super) fn unknown(facts: &Facts) -> Vec<Odd> {
    let lines = facts.ledger.lines.iter();
    let codes: BTreeSet<&str> = lines.map(|line| line.taakveld.as_str()).collect();
    let odd = |taakveld: &&str| {
        let code = code_of(taakveld)?;
        let ours = CHAPTERS.iter().any(|chapter| code.starts_with(chapter));
        let message = format!(
            "{taakveld} staat in geen enkele indeling van Iv3, van nu of van eerder. Controleer de schrijfwijze in de \
             indeling: een taakveld bepaalt onder welk deel van het rapport het geld komt."
        );
        (ours && schemes_of(&code).is_empty()).then(|| Odd::general(code, message))
    };
    codes.iter().filter_map(odd).collect()
}

/// Every taakveld with money in a scheme that does not have it, by taakveld and scheme. Where several schemes have it,
/// it belongs to the one nearest in time.
fn strays<'a>(facts: &Facts<'a>) -> Vec<Stray<'a>> {
    let mut found: BTreeMap<(&str, Scheme), Stray> = BTreeMap::new();
    for ((line, then), amount) in sums(facts) {
        let taakveld = line.taakveld.as_str();
        if find(then, taakveld).is_some() {
            continue;
        }
        let nearest = |own: &Scheme| (*own as i32 - then as i32).abs();
        let Some(own) = schemes_of(taakveld).into_iter().min_by_key(nearest) else { continue };
        let new = || Stray { taakveld, own, then, lines: Vec::new(), amount: Cents::ZERO };
        let stray = found.entry((taakveld, then)).or_insert_with(new);
        stray.amount += amount;
        stray.lines.push(line);
    }
    found.into_values().collect()
}

/// The money of each line in each scheme, known at the as-of month, lasten minus baten; none where nothing was posted.
fn sums<'a>(facts: &Facts<'a>) -> Vec<((&'a LineId, Scheme), Cents)> {
    let lines = &facts.ledger.lines;
    let mut sums = vec![[None; Scheme::ALL.len()]; lines.len()];
    for known in facts.known_sums() {
        let sign = if lines[known.line as usize].side == Side::Lasten { 1 } else { -1 };
        let sum = &mut sums[known.line as usize][Scheme::of(known.service) as usize];
        *sum = Some(sum.unwrap_or(Cents::ZERO) + Cents(sign * known.amount.0));
    }
    let of_line = |(line, sums): (&'a LineId, [Option<Cents>; Scheme::ALL.len()])| {
        Scheme::ALL.into_iter().zip(sums).filter_map(move |(then, sum)| Some(((line, then), sum?)))
    };
    lines.iter().zip(sums).flat_map(of_line).collect()
}

/// Whether a bridge of the workspace holds the line beside a line of the same level that is of the other scheme.
fn is_bridged(facts: &Facts, line: &LineId, level: &BridgeLevel, then: Scheme) -> bool {
    let of_then =
        |other: &&LineId| level.holds(&other.taakveld) && find(then, &other.taakveld).is_some();
    let others: Vec<&LineId> = facts.ledger.lines.iter().filter(of_then).collect();
    let joins = |bridge: &&crate::panel::Bridge| {
        bridge.holds(line) && (others.is_empty() || others.iter().any(|other| bridge.holds(other)))
    };
    facts.bridges.iter().any(|bridge| joins(&bridge))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, found, line};
    use super::*;
    use crate::panel::Bridge;
    use crate::units::{Months, Wet};

    /// Five years of ten euros a month from January 2020 on, so through December 2024.
    fn sample(taakveld: &str, months: usize) -> Sample {
        let mut sample = Sample::new().with("Hulp", &vec![10; months]);
        sample.ledger.lines[0].taakveld = taakveld.into();
        sample
    }

    fn youth() -> Sample {
        let mut sample = sample("6.751", 60);
        sample.ledger.lines[0].wet = Wet::Jeugd;
        sample
    }

    #[test]
    fn youth_of_2025_on_earlier_months_asks_for_a_bridge() {
        let mut sample = youth();
        let findings = found(&sample, "taakveld-not-mappable");
        // 24 months of 2023 and 2024, 36 of the years before.
        let messages: Vec<&str> = findings.iter().map(|finding| &*finding.message).collect();
        assert_eq!(messages.len(), 2, "{messages:?}");
        assert!(
            messages[0].contains("€\u{a0}360,00 staat op maanden van de indeling tot en met 2022")
        );
        assert!(
            messages[1].contains("€\u{a0}240,00 staat op maanden van de indeling 2023 en 2024")
        );
        assert!(
            messages[0].contains("name = \"Jeugd totaal\", lines = [\"6.72*\""),
            "{}",
            messages[0]
        );
        assert!(found(&sample, "taakveld-other-scheme").is_empty());
        sample.bridges = vec![Bridge { name: "Jeugd".into(), lines: vec!["6.75*".into()] }];
        assert!(found(&sample, "taakveld-not-mappable").is_empty());
        // With lines of the other scheme the bridge must hold one of those too.
        let old = LineId { wet: Wet::Jeugd, taakveld: "6.72a".into(), ..line("Oud", Side::Lasten) };
        sample.ledger.lines.push(old);
        assert_eq!(found(&sample, "taakveld-not-mappable").len(), 1);
        sample.bridges[0].lines.push("6.72*".into());
        assert!(found(&sample, "taakveld-not-mappable").is_empty());
    }

    #[test]
    fn youth_of_2023_on_later_months_is_told_as_well() {
        let findings = found(&sample("6.73a", 61), "taakveld-not-mappable");
        assert_eq!(findings.len(), 1);
        assert!(findings[0].message.contains("indeling vanaf 2025"), "{}", findings[0].message);
    }

    #[test]
    fn a_number_of_another_year_may_be_used() {
        let findings = found(&sample("6.711", 60), "taakveld-other-scheme");
        let messages: Vec<&str> = findings.iter().map(|finding| &*finding.message).collect();
        assert_eq!(messages.len(), 2);
        assert!(messages[0].contains("6.711 (toen 6.71)"), "{}", messages[0]);
        assert!(messages[1].contains("6.711 (toen 6.71a)"), "{}", messages[1]);
        assert!(
            found(&sample("6.71b", 36), "taakveld-other-scheme")[0].message.contains("(toen 6.71)")
        );
        let new = found(&sample("6.791", 60), "taakveld-other-scheme");
        assert!(new[0].message.contains("6.791 (toen geen eigen taakveld)"));
    }

    #[test]
    fn what_belongs_to_its_months_or_to_no_scheme_of_ours_is_fine() {
        for (taakveld, months) in [("6.6", 60), ("6.2", 60), ("6.72", 36), ("6.3", 60), ("Wmo", 60)]
        {
            let codes = ["taakveld-not-mappable", "taakveld-other-scheme", "taakveld-unknown"];
            let sample = sample(taakveld, months);
            assert!(codes.iter().all(|code| found(&sample, code).is_empty()), "{taakveld}");
        }
        // Money that is not known yet is no money.
        let mut later = sample("6.72a", 60);
        let first = later.ledger.postings[0].service;
        later.ledger.postings.retain(|posting| posting.service > first + Months(35));
        assert!(found(&later, "taakveld-other-scheme").is_empty());
    }

    #[test]
    fn a_typing_error_is_told() {
        for (taakveld, told) in [("6.755", 1), ("6.71e", 1), ("6.7", 1), ("6.5", 0), ("4.2", 0)] {
            assert_eq!(found(&sample(taakveld, 3), "taakveld-unknown").len(), told, "{taakveld}");
        }
    }
}
