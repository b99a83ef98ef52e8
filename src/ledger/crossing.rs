//! What to do about a taakveld that people state and the line table does not have: it may be of another scheme.

use super::lines::LineTable;
use crate::taakveld::{Crossing, Refusal, Scheme, code_of, cross, schemes_of};
use std::collections::BTreeMap;

/// The advice, when the taakveld is known in any scheme and the line table has something of its kind.
pub(super) fn advice(taakveld: &str, lines: &LineTable) -> Option<String> {
    let spelled = lines.lines().map(|line| line.taakveld.as_str());
    let ours: BTreeMap<String, &str> =
        spelled.filter_map(|text| Some((code_of(text)?, text))).collect();
    let code = code_of(taakveld)?;
    if let Some(same) = ours.get(&code) {
        return Some(format!("the line table spells it {same:?}: write that"));
    }
    let ways = schemes_of(&code).into_iter().flat_map(|from| Scheme::ALL.map(|to| (from, to)));
    let found: Vec<_> = ways.map(|(from, to)| cross(&code, from, to)).collect();
    let held = |crossing: &Crossing| crossing.targets.iter().find_map(|to| ours.get(&to.code));
    let scheme = "in the scheme that the line table uses";
    let across = found.iter().flatten().find_map(|crossing| Some((crossing, *held(crossing)?)));
    if let Some((crossing, ours)) = across {
        return Some(if crossing.is_one_to_one() {
            format!("{code} is {ours} {scheme}: write that")
        } else {
            format!("{code} goes with {} {scheme}: state the amount for those", crossing.codes())
        });
    }
    found.into_iter().find_map(|one| match one {
        Err(Refusal::Redivided { code, level, .. }) if ours.keys().any(|ours| level.holds(ours)) => {
            Some(format!(
                "{code} was divided anew and goes with no single taakveld of the line table: state the amount for \
                 the whole act, and compare years by the bridge {:?}",
                level.name
            ))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(taakveld: &str, table: &[&str]) -> Option<String> {
        let row = |(at, taakveld): (usize, &&str)| format!("{at},,,Jeugd,{taakveld},P{at}\n");
        let rows: String = table.iter().enumerate().map(row).collect();
        let text = format!("code,geldig_van,geldig_tot,wet,taakveld,product\n{rows}");
        advice(taakveld, &LineTable::of_text(&text).unwrap())
    }

    #[test]
    fn a_taakveld_of_another_scheme_is_told_by_its_number_there() {
        let advice = said("6.71A", &["6.711", "6.751"]).unwrap();
        assert_eq!(advice, "6.71a is 6.711 in the scheme that the line table uses: write that");
        let parts = said("6.71", &["6.711", "6.712"]).unwrap();
        assert!(parts.starts_with("6.71 goes with 6.711, 6.712, 6.713, 6.714 in the"), "{parts}");
        let spelled = said("6.71a Hulp bij het huishouden", &["6.71A"]).unwrap();
        assert_eq!(spelled, "the line table spells it \"6.71A\": write that");
        let named = said("6.71a", &["6.711 Hulp bij het huishouden (WMO)"]).unwrap();
        assert!(
            named.starts_with("6.71a is 6.711 Hulp bij het huishouden (WMO) in the"),
            "{named}"
        );
    }

    #[test]
    fn youth_has_no_single_number_and_a_word_no_advice() {
        let youth = said("6.72a", &["6.751", "6.711"]).unwrap();
        assert!(youth.contains("divided anew") && youth.contains("\"Jeugd totaal\""), "{youth}");
        // Nothing of Jeugd to go with.
        assert_eq!(said("6.72a", &["6.711"]), None);
        for word in ["Hulp", "6.3", "6.755"] {
            assert_eq!(said(word, &["6.751"]), None, "{word}");
        }
    }
}
