//! What somebody probably meant.

/// The name that is spelled most like `meant`, the first of equals; `None` when there are no names.
#[must_use]
pub fn closest<'a>(meant: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names.into_iter().min_by_key(|name| distance(name, meant))
}

/// The least number of letters to put in, take out or change to make `a` into `b` (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
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
    }

    #[test]
    fn the_closest_is_the_first_of_equals() {
        assert_eq!(closest("Hengeloo", ["Almelo", "Hengelo", "Hellevoet"]), Some("Hengelo"));
        assert_eq!(closest("x", ["a", "b"]), Some("a"));
        assert_eq!(closest("x", []), None);
    }
}
