//! What somebody probably meant.

/// The name that is spelled most like `meant`, the first of equals; `None` when there are no names.
#[must_use]
pub fn closest<'a>(meant: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names.into_iter().min_by_key(|name| distance(name, meant))
}

/// The same, when at most a third as many letters differ as `meant` has.
#[must_use]
pub fn near<'a>(meant: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    closest(meant, names).filter(|name| distance(name, meant) * 3 <= meant.chars().count())
}

/// The least number of letters to put in, take out or change to make `a` into `b` (Levenshtein). Capitals do not
/// matter.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let mut above: Vec<usize> = (0..=b.chars().count()).collect();
    for (row, from) in a.chars().enumerate() {
        let mut here = vec![row + 1];
        for (at, to) in b.chars().enumerate() {
            let change = above[at] + usize::from(from != to);
            here.push(change.min(above[at + 1] + 1).min(here[at] + 1));
        }
        above = here;
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_changes() {
        assert_eq!(distance("jump", "jumps"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kat", "mat"), 1);
        assert_eq!(distance("Bedrag", "BEDRG"), 1);
    }

    #[test]
    fn the_closest_is_the_first_of_equals() {
        assert_eq!(closest("Hengeloo", ["Almelo", "Hengelo", "Hellevoet"]), Some("Hengelo"));
        assert_eq!(closest("x", ["a", "b"]), Some("a"));
        assert_eq!(closest("x", []), None);
    }

    #[test]
    fn what_is_near_is_spelled_nearly_alike() {
        assert_eq!(near("bedrag", ["maand", "BEDRAG", "code"]), Some("BEDRAG"));
        assert_eq!(near("bedrag", ["maand", "code"]), None);
    }
}
