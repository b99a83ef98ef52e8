//! `prognose note`: what the department says of the figures.

use super::{month, talk};
use crate::error::{Error, Result};
use crate::notes::{Answer, Kind, Note, Status, Written};
use crate::units::Month;
use crate::workspace::{Choices, Job, NOTES};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  prognose note demo --line Dyslexiezorg --kind vraag --text \"Waarom stijgt dit?\" --role controller
  prognose note demo --line 6.762 --kind actie --due 2026-12 --text \"Vraag een raming\" --role inkoop
  prognose note demo --list                       what is open, with the id of each
  prognose note demo --answer 2026-10-1 --text \"Het tarief steeg\" --role inkoop

A line is a product, a taakveld (6.711, Jeugd/6.76*), an act or totaal; /baten behind it for income.
Name roles, never people: what looks like personal data is refused.";

/// Adds a remark to duiding.toml, answers one, or lists them. Each report carries what is open into the next.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Remark {
    /// The folder that holds prognose.toml
    #[arg(default_value = ".")]
    workspace: PathBuf,
    /// What it is about: a product, a taakveld, an act or totaal
    #[arg(long, requires_all = ["kind", "text", "role"])]
    line: Option<String>,
    /// vraag, duiding, besluit or actie
    #[arg(long, requires = "line")]
    kind: Option<Kind>,
    /// What it says
    #[arg(long)]
    text: Option<String>,
    /// The role that says it, never a name
    #[arg(long)]
    role: Option<String>,
    /// The month it is about, no later than the month it is written in [default: that month]
    #[arg(long, value_name = "YYYY-MM", value_parser = month, requires = "line")]
    month: Option<Month>,
    /// The month in which it should be done, no earlier than the month it is written in
    #[arg(long, value_name = "YYYY-MM", value_parser = month, requires = "line")]
    due: Option<Month>,
    /// The role that must answer or act [default: the one that says it]
    #[arg(long, value_name = "ROLE", requires = "line")]
    owner: Option<String>,
    /// open or gesloten [default: open]
    #[arg(long, value_parser = status, requires = "line")]
    status: Option<Status>,
    /// Answer the remark with this id and close it
    #[arg(long, value_name = "ID", conflicts_with = "line", requires_all = ["text", "role"])]
    answer: Option<String>,
    /// What comes of it: the next step, or the id of another remark
    #[arg(long, value_name = "TEXT", requires = "text")]
    follow_up: Option<String>,
    /// List the remarks
    #[arg(long, conflicts_with_all = ["line", "answer", "text", "role"])]
    list: bool,
    /// The month it is written in, and the month of the list [default: the last booked month]
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    as_of: Option<Month>,
    /// Give the remarks as JSON
    #[arg(long)]
    json: bool,
}

fn status(text: &str) -> std::result::Result<Status, String> {
    match text {
        "open" => Ok(Status::Open),
        "gesloten" => Ok(Status::Closed),
        _ => Err(format!("{text:?} is no status; use open or gesloten")),
    }
}

impl Remark {
    pub(super) fn run(&self) -> Result<()> {
        let choices = Choices { as_of: self.as_of, ..Choices::default() };
        let job = Job::read(&self.workspace, &choices)?;
        if self.list {
            let notes = job.notes();
            return talk::print(&if self.json { as_json(&notes) } else { list(&notes, job.as_of) });
        }
        let note = self.written(&job)?;
        talk::say(&format!("written: {}", job.root.join(NOTES).display()));
        talk::print(&if self.json {
            as_json(std::slice::from_ref(&note))
        } else {
            format!("{}\n", note.id)
        })
    }

    /// What was added or answered.
    fn written(&self, job: &Job) -> Result<Note> {
        let one_line = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (text, role) = (self.text.as_ref().map(one_line), self.role.as_ref().map(one_line));
        match (&self.line, self.kind, &self.answer, text, role) {
            (Some(line), Some(kind), None, Some(text), Some(role)) => job.add_note(&Written {
                id: None,
                line: line.clone(),
                month: self.month.unwrap_or(job.as_of),
                made: Some(job.as_of),
                kind,
                text,
                role,
                owner: self.owner.clone(),
                due: self.due,
                status: self.status,
                answer: None,
                answered_by: None,
                answered: (self.status == Some(Status::Closed)).then_some(job.as_of),
                follow_up: self.follow_up.clone(),
            }),
            (None, _, Some(id), Some(text), Some(role)) => {
                let answer = Answer { text, role, month: job.as_of };
                job.answer_note(id, &answer, self.follow_up.as_deref())
            }
            _ => Err(Error::input("nothing to write")
                .advice("give --line, --answer or --list; `prognose note --help` has examples")),
        }
    }
}

/// What is open first, by kind; then what is closed.
fn list(notes: &[Note], as_of: Month) -> String {
    if notes.is_empty() {
        return format!("No remarks through {as_of}: `prognose note --line …` adds one.\n");
    }
    let mut sorted: Vec<&Note> = notes.iter().collect();
    sorted.sort_by_key(|note| (!note.is_open(), note.kind, note.made));
    let line = |note: &Note| {
        let due = note.due.map_or_else(String::new, |due| format!(", uiterlijk {due}"));
        let late = if note.is_overdue(as_of) { ", TE LAAT" } else { "" };
        let state = note.closed.map_or("open".to_owned(), |closed| format!("gesloten {closed}"));
        let answer = note.answer.as_ref().map_or_else(String::new, |answer| {
            format!("  antwoord: {} ({}, {})\n", answer.text, answer.role, answer.month)
        });
        let Note { id, kind, line, month, text, owner, .. } = note;
        format!("{id}  {kind}, {state}{due}{late}: {line}, {month}\n  {text} ({owner})\n{answer}")
    };
    sorted.into_iter().map(line).collect()
}

fn as_json(notes: &[Note]) -> String {
    let value = |note: &Note| -> Value {
        json!({
            "id": note.id,
            "line": note.line,
            "month": note.month,
            "made": note.made,
            "kind": note.kind,
            "text": note.text,
            "role": note.role,
            "owner": note.owner,
            "due": note.due,
            "closed": note.closed,
            "answer": note.answer.as_ref().map(|answer| &answer.text),
            "answered_by": note.answer.as_ref().map(|answer| &answer.role),
            "answered": note.answer.as_ref().map(|answer| answer.month),
            "follow_up": note.follow_up,
        })
    };
    format!("{}\n", Value::Array(notes.iter().map(value).collect()))
}
