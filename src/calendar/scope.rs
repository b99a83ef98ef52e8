//! Which lines a row of the calendar or the price table is about.

use crate::units::{Level, LineId, Side, Wet};
use std::str::FromStr;

/// The word for all lines together.
const ALL: &str = "totaal";

/// Which lines a text names: `[wet/]pattern[/side]`, where the pattern is a taakveld (`6.21`), the start of one
/// (`6.71*`), a product or `totaal`. Without a side: lasten. A product may itself hold a slash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern<'a> {
    wet: Option<Wet>,
    body: &'a str,
    side: Side,
}

impl<'a> Pattern<'a> {
    /// Reads a pattern; every text is one.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let (first, after) = text.split_once('/').unwrap_or((text, "*"));
        let (wet, rest) = match Wet::from_str(first) {
            Ok(wet) => (Some(wet), after),
            Err(_) => (None, text),
        };
        let (body, side) =
            match rest.rsplit_once('/').map(|(body, end)| (body, Side::from_str(end))) {
                Some((body, Ok(side))) => (body, side),
                _ => (rest, Side::Lasten),
            };
        let body = if wet.is_none() && body.eq_ignore_ascii_case(ALL) { "*" } else { body };
        Self { wet, body, side }
    }

    /// Whether it covers `line`.
    #[must_use]
    pub fn covers(&self, line: &LineId) -> bool {
        (self.names_taakveld(&line.taakveld) || line.product.eq_ignore_ascii_case(self.body))
            && self.wet.is_none_or(|wet| wet == line.wet)
            && self.side == line.side
    }

    /// Whether it names all lines of a side together.
    #[must_use]
    pub fn is_total(&self) -> bool {
        self.body == "*" && self.wet.is_none()
    }

    /// As what it names `line`: by its product, by its taakveld, by its act or with all others; `None` when it
    /// does not cover it.
    #[must_use]
    pub fn level(&self, line: &LineId) -> Option<Level> {
        let level = match (self.body, self.wet) {
            ("*", None) => Level::Totaal,
            ("*", Some(_)) => Level::Wet,
            _ if self.names_taakveld(&line.taakveld) => Level::Taakveld,
            _ => Level::Product,
        };
        self.covers(line).then_some(level)
    }

    fn names_taakveld(&self, taakveld: &str) -> bool {
        match self.body.strip_suffix('*') {
            Some(start) => taakveld.starts_with(start),
            None => taakveld == self.body,
        }
    }
}

/// Whether `[wet/]pattern[/side]` covers `line`.
pub(super) fn covers(pattern: &str, line: &LineId) -> bool {
    Pattern::of(pattern).covers(line)
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
        assert_eq!(covered("totaal"), [true, false, true]);
        assert_eq!(covered("Totaal/baten"), [false, true, false]);
    }

    #[test]
    fn names_a_line_at_a_level() {
        let help = line(Wet::Wmo, "6.711", "Hulp", Side::Lasten);
        let level = |pattern: &str| Pattern::of(pattern).level(&help);
        assert_eq!(level("totaal"), Some(Level::Totaal));
        assert_eq!(level("Wmo"), Some(Level::Wet));
        assert_eq!(
            (level("Wmo/6.71*"), level("6.711")),
            (Some(Level::Taakveld), Some(Level::Taakveld))
        );
        assert_eq!(
            (level("wmo/hulp"), level("Hulp/lasten")),
            (Some(Level::Product), Some(Level::Product))
        );
        assert_eq!([level("Jeugd"), level("Wmo/*/baten"), level("6.712")], [None, None, None]);
    }
}
