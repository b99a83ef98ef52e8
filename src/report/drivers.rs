//! Which parts make a change, in a sentence or two.

use super::text;
use crate::units::Cents;
use maud::{Markup, html};
use std::cmp::Reverse;

/// A part on the other side is named when it is more than this part of the change: a quarter.
const NAMED: i64 = 4;

/// Names the two largest parts that go the way of `change`, and the largest that goes the other way
/// when it matters. Parts that do not show in thousands of euros are left out.
pub(super) fn told(mut parts: Vec<(String, Cents)>, change: Cents) -> Markup {
    parts.retain(|(_, amount)| text::in_thousands(*amount) != 0);
    parts.sort_by_key(|(_, amount)| Reverse(amount.abs()));
    let (up, down): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|(_, amount)| *amount > Cents::ZERO);
    let (same, other) = if change > Cents::ZERO { (up, down) } else { (down, up) };
    let nil = text::in_thousands(change) == 0;
    let matters = |part: Option<&(String, Cents)>| {
        part.filter(|(_, amount)| amount.abs().0 * NAMED > change.abs().0).map(named)
    };
    let other = matters(other.first());
    let first: Vec<String> = same.iter().take(if nil { 1 } else { 2 }).map(named).collect();
    html! {
        @match (nil, first.is_empty(), other) {
            (true, false, Some(other)) => {
                "Wat erbij kwam en wat eraf ging, valt tegen elkaar weg: " (first[0]) " en " (other) "."
            }
            (false, false, other) => {
                "Dat komt vooral door " strong { (text::list(&first)) } "."
                @if let Some(other) = other { " De andere kant op werkt: " (other) "." }
            }
            _ => {}
        }
    }
}

fn named((name, amount): &(String, Cents)) -> String {
    format!("{name} ({})", text::more_or_less(*amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(parts: &[(&str, i64)]) -> String {
        let parts: Vec<(String, Cents)> =
            parts.iter().map(|(name, k)| ((*name).to_owned(), Cents(k * 100_000))).collect();
        let change = parts.iter().map(|(_, amount)| *amount).sum();
        told(parts, change).into_string().replace('\u{a0}', " ")
    }

    #[test]
    fn names_the_largest_on_both_sides() {
        // 400 + 150 + 30 − 140 = 440, and 140 is more than a quarter of it.
        assert_eq!(
            said(&[("a", 30), ("b", 400), ("c", 150), ("d", -140)]),
            "Dat komt vooral door <strong>b (€ 400.000 meer) en c (€ 150.000 meer)</strong>. De andere \
             kant op werkt: d (€ 140.000 minder)."
        );
    }

    #[test]
    fn a_small_part_on_the_other_side_is_not_named() {
        assert_eq!(
            said(&[("a", -400), ("b", 20)]),
            "Dat komt vooral door <strong>a (€ 400.000 minder)</strong>."
        );
    }

    #[test]
    fn parts_that_cancel_are_told() {
        assert_eq!(
            said(&[("a", 400), ("b", -400)]),
            "Wat erbij kwam en wat eraf ging, valt tegen elkaar weg: b (€ 400.000 minder) en a \
             (€ 400.000 meer)."
        );
        assert_eq!(said(&[]), "");
    }
}
