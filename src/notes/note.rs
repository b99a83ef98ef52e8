//! A remark, what it is about and whether it still asks for something.

use crate::calendar::Pattern;
use crate::units::{Level, LineId, Month};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a remark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// Something that somebody must find out.
    #[serde(rename = "vraag")]
    Question,
    /// Something that somebody must do.
    #[serde(rename = "actie")]
    Action,
    /// What was decided.
    #[serde(rename = "besluit")]
    Decision,
    /// What lies behind the figures.
    #[serde(rename = "duiding")]
    Explanation,
}

/// A remark of the department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What others call it.
    pub id: String,
    /// The row of `duiding.toml` where it starts.
    pub row: usize,
    /// What it is about, a pattern of lines.
    pub line: String,
    /// The month it is about.
    pub month: Month,
    /// The month it was written in.
    pub made: Month,
    /// What it is.
    pub kind: Kind,
    /// What it says.
    pub text: String,
    /// The role that wrote it.
    pub role: String,
    /// The role that must answer or act.
    pub owner: String,
    /// The month in which it should be done.
    pub due: Option<Month>,
    /// The month in which it was closed, if it was.
    pub closed: Option<Month>,
    /// What was answered or done.
    pub answer: Option<Answer>,
    /// What comes of it; empty when nobody said.
    pub follow_up: String,
}

/// What was answered to a remark, or done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What it says.
    pub text: String,
    /// The role that gave it.
    pub role: String,
    /// The month in which it was given.
    pub month: Month,
}

impl Kind {
    /// In the order in which people should see them.
    pub const ALL: [Self; 4] = [Self::Question, Self::Action, Self::Decision, Self::Explanation];

    /// As `duiding.toml` calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Question => "vraag",
            Self::Action => "actie",
            Self::Decision => "besluit",
            Self::Explanation => "duiding",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Kind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|kind| kind.name() == text);
        known.ok_or_else(|| format!("{text:?} is no kind; use vraag, duiding, besluit or actie"))
    }
}

impl Note {
    /// Whether it still asks for something.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// Whether it is open while the month in which it should be done is over.
    #[must_use]
    pub fn is_overdue(&self, as_of: Month) -> bool {
        self.is_open() && self.due.is_some_and(|due| due < as_of)
    }

    /// Whether it is about `line` itself: its product or its taakveld, and not just its act. `None` is all lines
    /// together.
    #[must_use]
    pub fn is_about(&self, line: Option<&LineId>) -> bool {
        let pattern = Pattern::of(&self.line);
        match line {
            None => pattern.is_total(),
            Some(line) => matches!(pattern.level(line), Some(Level::Taakveld | Level::Product)),
        }
    }

    /// Whether it says what lies behind the figures: an explanation, a decision, or a question with its answer.
    #[must_use]
    pub fn explains(&self) -> bool {
        match self.kind {
            Kind::Explanation | Kind::Decision => true,
            Kind::Question => self.answer.is_some(),
            Kind::Action => false,
        }
    }
}

/// The remarks that stood at the end of `as_of`, as they stood: what was answered or closed later is still open.
#[must_use]
pub fn known(notes: &[Note], as_of: Month) -> Vec<Note> {
    let then = |note: &Note| {
        let answer = note.answer.clone().filter(|answer| answer.month <= as_of);
        let later = note.answer.is_some() && answer.is_none();
        Note {
            closed: note.closed.filter(|&closed| closed <= as_of),
            // What comes of it is said with the answer.
            follow_up: if later { String::new() } else { note.follow_up.clone() },
            answer,
            ..note.clone()
        }
    };
    notes.iter().filter(|note| note.made <= as_of).map(then).collect()
}

/// The first remark that says what lies behind a change of `line` that began in `since`. Without one the change
/// stays a question.
#[must_use]
pub fn explanation<'a>(
    notes: &'a [Note],
    line: Option<&LineId>,
    since: Option<Month>,
) -> Option<&'a Note> {
    let after = |note: &&Note| since.is_none_or(|since| note.month >= since);
    let told = notes.iter().filter(|note| note.explains() && note.is_about(line));
    told.filter(after).min_by_key(|note| note.made)
}

#[cfg(test)]
impl Note {
    /// A remark of the controller on a line, written in the month it is about.
    pub(crate) fn made_up(kind: Kind, line: &str, month: Month) -> Self {
        Self {
            id: format!("{month}-1"),
            row: 1,
            line: line.into(),
            month,
            made: month,
            kind,
            text: "Er kwam een nieuw contract.".into(),
            role: "controller".into(),
            owner: "controller".into(),
            due: None,
            closed: None,
            answer: None,
            follow_up: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Months, Side, Wet};

    fn line() -> LineId {
        LineId {
            wet: Wet::Wmo,
            taakveld: "6.711".into(),
            product: "Hulp".into(),
            side: Side::Lasten,
        }
    }

    #[test]
    fn a_change_stays_open_until_somebody_explains_it() {
        let since = Month::january(2026);
        let of = |kind, pattern, month| [Note::made_up(kind, pattern, month)];
        let told = |notes: &[Note]| explanation(notes, Some(&line()), Some(since)).is_some();
        assert!(told(&of(Kind::Explanation, "Hulp", since)));
        assert!(told(&of(Kind::Decision, "Wmo/6.71*", since + Months(3))));
        for (kind, pattern, month) in [
            (Kind::Explanation, "Hulp", since - Months(1)),
            (Kind::Question, "Hulp", since),
            (Kind::Action, "Hulp", since),
            (Kind::Explanation, "Wmo", since),
            (Kind::Explanation, "totaal", since),
            (Kind::Explanation, "Hulp/baten", since),
        ] {
            assert!(!told(&of(kind, pattern, month)), "{kind} {pattern} {month}");
        }
        let [mut asked] = of(Kind::Question, "Hulp", since);
        asked.answer = Some(Answer { text: "Tarief.".into(), role: "inkoop".into(), month: since });
        assert!(told(&[asked]));
        let whole = of(Kind::Explanation, "totaal", since);
        assert!(explanation(&whole, None, None).is_some());
    }

    #[test]
    fn a_report_knows_what_was_known_then() {
        let asked = Month::january(2026);
        let mut note = Note::made_up(Kind::Question, "Hulp", asked);
        note.due = Some(asked + Months(1));
        note.closed = Some(asked + Months(3));
        note.answer = Some(Answer {
            text: "Tarief.".into(),
            role: "inkoop".into(),
            month: asked + Months(3),
        });
        note.follow_up = "Zie 2026-04-1.".into();
        let notes = [note];
        assert!(known(&notes, asked - Months(1)).is_empty());
        let then = &known(&notes, asked + Months(2))[0];
        assert!(then.is_open() && then.answer.is_none() && then.follow_up.is_empty());
        assert!(then.is_overdue(asked + Months(2)) && !then.is_overdue(asked + Months(1)));
        assert_eq!(known(&notes, asked + Months(3)), notes);
    }
}
