//! Which lines a row of the calendar or the price table is about.

use crate::units::{LineId, Side, Wet};
use std::str::FromStr;

/// Whether `[wet/]pattern[/side]` covers `line`; a product may itself hold a slash.
pub(super) fn covers(pattern: &str, line: &LineId) -> bool {
    let (first, after) = pattern.split_once('/').unwrap_or((pattern, "*"));
    let (wet, rest) = match Wet::from_str(first) {
        Ok(wet) => (Some(wet), after),
        Err(_) => (None, pattern),
    };
    let (body, side) = match rest.rsplit_once('/').map(|(body, end)| (body, Side::from_str(end))) {
        Some((body, Ok(side))) => (body, side),
        _ => (rest, Side::Lasten),
    };
    let named = match body.strip_suffix('*') {
        Some(start) => line.taakveld.starts_with(start),
        None => line.taakveld == body || line.product.eq_ignore_ascii_case(body),
    };
    named && wet.is_none_or(|wet| wet == line.wet) && side == line.side
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(wet: Wet, taakveld: &str, product: &str, side: Side) -> LineId {
        LineId { wet, taakveld: taakveld.into(), product: product.into(), side }
    }

    #[test]
    fn covers_by_wet_taakveld_product_and_side() {
        let help = line(Wet::Wmo, "6.711", "Hulp", Side::Lasten);
        let income = line(Wet::Wmo, "6.711", "Hulp", Side::Baten);
        let youth = line(Wet::Jeugd, "6.714", "Dag/nacht", Side::Lasten);
        let covered = |pattern: &str| [&help, &income, &youth].map(|line| covers(pattern, line));
        assert_eq!(covered("Wmo/6.71*"), [true, false, false]);
        assert_eq!(covered("6.71*"), [true, false, true]);
        assert_eq!(covered("Wmo"), [true, false, false]);
        assert_eq!(covered("Wmo/hulp/baten"), [false, true, false]);
        assert_eq!(covered("dag/nacht"), [false, false, true]);
        assert_eq!(covered("Jeugd/dag/nacht/lasten"), [false, false, true]);
    }
}
