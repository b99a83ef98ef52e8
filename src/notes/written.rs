//! `duiding.toml` as it stands, and what makes a remark of it.

use super::note::{Answer, Kind, Note};
use crate::error::{Error, Result};
use crate::ledger::refuse_personal_text;
use crate::units::Month;
use serde::{Deserialize, Serialize};

/// A text that is longer is no remark but a paper.
const LONGEST: usize = 600;

/// The remarks of `duiding.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notebook {
    /// In the order of the file.
    #[serde(default, rename = "note")]
    pub notes: Vec<Written>,
}

/// One `[[note]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// What others call it; by default `n` and its place in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What it is about, as in the scope of `beleid.toml`: a product, a taakveld, an act or `totaal`.
    pub line: String,
    /// The month it is about, no later than `made`.
    pub month: Month,
    /// The month it was written in; by default the month it is about. An earlier report does not show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Month>,
    /// Question, explanation, decision or action.
    pub kind: Kind,
    /// What it says.
    pub text: String,
    /// The role that wrote it.
    pub role: String,
    /// The role that must answer or act; by default the one that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The month in which it should be done, no earlier than `made`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Month>,
    /// Open until it says otherwise or has an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// What was answered or done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The role that did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<String>,
    /// The month in which it was answered or closed: an earlier report must not know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Month>,
    /// What comes of it: the next step, or the id of another remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<String>,
}

/// Whether a remark still asks for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It is carried into the next report.
    #[serde(rename = "open")]
    Open,
    /// It is shown in the year in which it was closed, and no longer.
    #[serde(rename = "gesloten")]
    Closed,
}

impl Written {
    /// A remark that can not be wrong. `number` is its place in the file from 1 on, `row` where it starts.
    ///
    /// # Errors
    /// An empty or endless text, what looks like a person's data, months that can not be true together, an action
    /// without a month in which it is due, an answer without its role, or one that is answered or closed without
    /// the month in which that was.
    pub fn check(&self, number: usize, row: usize) -> Result<Note> {
        let made = self.made.unwrap_or(self.month);
        self.check_texts(made.year())?;
        self.check_months(made)?;
        let closed = self.check_answer(made)?;
        if self.kind == Kind::Action && self.due.is_none() {
            return Err(Error::input("an action without a month in which it is due")
                .column("due")
                .advice("add due = \"2026-12\", the month in which it should be done"));
        }
        let text = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
        let answer = self.answer.as_ref().zip(closed).map(|(answer, month)| Answer {
            text: answer.trim().to_owned(),
            role: text(&self.answered_by),
            month,
        });
        let role = self.role.trim().to_owned();
        Ok(Note {
            id: self.id.clone().unwrap_or_else(|| format!("n{number}")),
            row,
            line: self.line.trim().to_owned(),
            month: self.month,
            made,
            kind: self.kind,
            text: self.text.trim().to_owned(),
            owner: self
                .owner
                .as_ref()
                .map_or_else(|| role.clone(), |owner| owner.trim().to_owned()),
            role,
            due: self.due,
            closed: closed.filter(|_| self.status != Some(Status::Open)),
            answer,
            follow_up: text(&self.follow_up),
        })
    }

    fn check_texts(&self, year: i32) -> Result<()> {
        let texts = [
            ("id", self.id.as_ref()),
            ("line", Some(&self.line)),
            ("text", Some(&self.text)),
            ("role", Some(&self.role)),
            ("owner", self.owner.as_ref()),
            ("answer", self.answer.as_ref()),
            ("answered_by", self.answered_by.as_ref()),
            ("follow_up", self.follow_up.as_ref()),
        ];
        for (key, text) in texts.into_iter().filter_map(|(key, text)| Some((key, text?))) {
            if text.trim().is_empty() {
                let advice = format!("write something, or leave {key} out if it need not be there");
                return Err(Error::input("is empty").column(key).advice(advice));
            }
            let length = text.chars().count();
            if length > LONGEST {
                return Err(Error::input(format!(
                    "has {length} characters, {LONGEST} is the most"
                ))
                .column(key)
                .advice(
                    "write what matters for the figures, and name the paper that holds the rest",
                ));
            }
            refuse_personal_text(text, "the text", year).map_err(|error| error.column(key))?;
        }
        Ok(())
    }

    fn check_months(&self, made: Month) -> Result<()> {
        let month = self.month;
        if month > made {
            let what = format!("is about {month}, after {made} in which it was written");
            return Err(Error::input(what).column("month").advice(
                "name the month in which it began; what is still to come stands in beleid.toml",
            ));
        }
        if let Some(due) = self.due.filter(|&due| due < made) {
            return Err(Error::input(format!("due in {due}, before it was written in {made}"))
                .column("due")
                .advice("name that month or a later one"));
        }
        Ok(())
    }

    /// The month in which it was answered or closed, if it was. Without that month it would be known before.
    fn check_answer(&self, made: Month) -> Result<Option<Month>> {
        if self.answer.is_some() && self.answered_by.is_none() {
            return Err(Error::input("an answer without the role that gave it")
                .column("answered_by")
                .advice("add answered_by = \"controller\", or the role that it was"));
        }
        if self.answer.is_none() && self.status != Some(Status::Closed) {
            return Ok(None);
        }
        let Some(answered) = self.answered else {
            return Err(Error::input("closed or answered without the month in which that was")
                .column("answered")
                .advice(
                    "add answered = \"2026-12\", the month in which it was closed or answered",
                ));
        };
        if answered < made {
            return Err(Error::input(format!(
                "answered in {answered}, before it was written in {made}"
            ))
            .column("answered")
            .advice("mend one of the two months"));
        }
        Ok(Some(answered))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(kind: Kind) -> Written {
        Written {
            id: None,
            line: "Wmo/6.711".into(),
            month: Month::january(2026),
            made: None,
            kind,
            text: "Waarom stijgt dit?".into(),
            role: "controller".into(),
            owner: None,
            due: None,
            status: None,
            answer: None,
            answered_by: None,
            answered: None,
            follow_up: None,
        }
    }

    #[test]
    fn what_is_left_out_has_a_meaning() {
        let note = written(Kind::Question).check(3, 17).unwrap();
        assert_eq!((&*note.id, note.row, &*note.owner), ("n3", 17, "controller"));
        assert_eq!((note.made, note.closed), (note.month, None));
        let answered = Written {
            answer: Some("Tarief".into()),
            answered_by: Some("inkoop".into()),
            answered: Some(Month::december(2026)),
            ..written(Kind::Question)
        };
        let note = answered.check(1, 1).unwrap();
        assert_eq!(note.closed, Some(Month::december(2026)));
        let partly = Written { status: Some(Status::Open), ..answered };
        assert_eq!(partly.check(1, 1).unwrap().closed, None);
        let by_hand = Written {
            status: Some(Status::Closed),
            answered: Some(Month::december(2026)),
            ..written(Kind::Decision)
        };
        let note = by_hand.check(1, 1).unwrap();
        assert_eq!((note.closed, note.answer), (Some(Month::december(2026)), None));
    }

    #[test]
    fn refuses_what_can_not_be_used() {
        let ok = || written(Kind::Question);
        let bad = [
            (Written { text: "  ".into(), ..ok() }, "column text: is empty"),
            (Written { text: "x".repeat(601), ..ok() }, "601 characters"),
            (
                Written { role: "mevr. Jansen".into(), ..ok() },
                "column role: the text looks like a person",
            ),
            (Written { text: "mail jan@voorbeeld.nl".into(), ..ok() }, "column text"),
            (Written { answer: Some("Ja".into()), ..ok() }, "without the role"),
            (
                Written {
                    status: Some(Status::Closed),
                    answered: Some(Month::january(2025)),
                    ..ok()
                },
                "before it was written",
            ),
            (
                Written { status: Some(Status::Closed), ..ok() },
                "column answered: closed or answered",
            ),
            (
                Written { answer: Some("Ja".into()), answered_by: Some("inkoop".into()), ..ok() },
                "column answered: closed or answered",
            ),
            (
                Written { made: Some(Month::january(2025)), ..ok() },
                "column month: is about 2026-01",
            ),
            (Written { due: Some(Month::january(2025)), ..ok() }, "column due: due in 2025-01"),
            (written(Kind::Action), "without a month in which it is due"),
        ];
        for (written, told) in bad {
            let error = written.check(1, 1).unwrap_err().to_string();
            assert!(error.contains(told) && error.contains("what to do"), "{told}: {error}");
        }
    }
}
