//! `duiding.toml`: the remarks of the department, read, added to and answered without touching what a person wrote
//! there; and the norms of `prognose.toml`.

use super::config::{CONFIG, parse, row, text_in, text_of};
use super::job::Job;
use super::write::write_all;
use crate::archive::exclusive;
use crate::calendar::Pattern;
use crate::error::{Error, Place, Result};
use crate::ledger::{BudgetRow, Files, Ledger};
use crate::notes::{Answer, Norm, Note, Notebook, Written, known};
use crate::units::{LineId, Month, sha256};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use std::fs;
use toml::Spanned;

/// The name of the file; a workspace without it has no remarks.
pub const NOTES: &str = "duiding.toml";
/// What a new file starts with.
const HEADER: &str = "# Opmerkingen van de afdeling bij de prognose. Vul aan met de hand of met `prognose note`.\n\
    # Noem rollen, nooit namen. Wat open staat, komt in elk volgend rapport terug.\n";

/// The remarks of a workspace.
#[derive(Clone, Debug, Default)]
pub struct Remarks {
    /// All of them, in the order of the file.
    pub notes: Vec<Note>,
    /// SHA-256 of the file, if there is one.
    pub sha256: Option<String>,
}

/// Where remarks and norms stand.
#[derive(Deserialize)]
struct Places {
    #[serde(default)]
    note: Vec<Spanned<BTreeMap<String, Spanned<IgnoredAny>>>>,
    #[serde(default)]
    norm: Vec<Spanned<IgnoredAny>>,
}

/// Reads the remarks of a workspace; none without the file.
///
/// # Errors
/// When the file can not be read, or holds a remark that can not be used or looks like personal data.
pub(super) fn read(files: &Files) -> Result<Remarks> {
    if !files.has(NOTES) {
        return Ok(Remarks::default());
    }
    let text = text_in(files, NOTES)?;
    Ok(Remarks { notes: notes_of(&text)?, sha256: Some(sha256(text.as_bytes())) })
}

fn notes_of(text: &str) -> Result<Vec<Note>> {
    let book: Notebook = parse(NOTES, text)?;
    let places: Places = parse(NOTES, text)?;
    let (mut notes, mut faults) = (Vec::<Note>::new(), Vec::new());
    for (at, (written, place)) in book.notes.iter().zip(&places.note).enumerate() {
        let row = row(text, &place.span());
        match written.check(at + 1, row) {
            Ok(note) => match notes.iter().find(|other| other.id == note.id) {
                Some(other) => faults.push(twice(&note, other)),
                None => notes.push(note),
            },
            Err(error) => faults.push(placed(error, row)),
        }
    }
    Error::all(faults).map_or(Ok(notes), Err)
}

/// The same error with file and row; the column is already there.
fn placed(error: Error, row: usize) -> Error {
    error.file(NOTES).row(row)
}

fn twice(note: &Note, other: &Note) -> Error {
    let what = format!("the id {:?} is also that of the remark in row {}", note.id, other.row);
    placed(Error::input(what), note.row).column("id").advice("give each [[note]] an id of its own")
}

/// Refuses norms that can not be used.
pub(super) fn check_norms(norms: &[Norm], text: &str) -> Result<()> {
    let places: Places = parse(CONFIG, text)?;
    let fault = |(norm, place): (&Norm, &Spanned<IgnoredAny>)| {
        norm.check().err().map(|error| error.file(CONFIG).row(row(text, &place.span())))
    };
    Error::all(norms.iter().zip(&places.norm).filter_map(fault).collect()).map_or(Ok(()), Err)
}

/// What remarks and norms name, each with its place, for the check whether there is such a line.
pub(super) fn named(notes: &[Note], norms: &[Norm]) -> Vec<(Place, String)> {
    let at = |file: &str, row| Place { file: file.to_owned(), row, ..Place::default() };
    let notes = notes.iter().map(|note| (at(NOTES, Some(note.row)), note.line.clone()));
    let lines = norms.iter().flat_map(|norm| &norm.lines);
    notes.chain(lines.map(|line| (at(CONFIG, None), line.clone()))).collect()
}

/// The lines that something can be said of: those with postings or a budget.
fn lines(ledger: &Ledger) -> impl Iterator<Item = LineId> + '_ {
    ledger.lines.iter().cloned().chain(ledger.budgets.iter().filter_map(BudgetRow::leaf))
}

impl Job {
    /// The remarks that stood at the end of the as-of month.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        known(&self.remarks.notes, self.as_of)
    }

    /// Adds a remark at the end of `duiding.toml`, which is made when absent. It is written in the as-of month
    /// and named after it.
    ///
    /// # Errors
    /// When it can not be used, names no line, or the file can not be written; the file is then as it was.
    pub fn add_note(&self, written: &Written) -> Result<Note> {
        let pattern = Pattern::of(written.line.trim());
        if !lines(&self.ledger).any(|line| pattern.covers(&line)) {
            let what = format!("{:?} is no line of this workspace", written.line);
            return Err(Error::input(what).advice(
                "name a product, a taakveld such as 6.711 or Jeugd/6.76*, an act or totaal; /baten after it for income",
            ));
        }
        self.edit(|text, notes| {
            let made = written.made.unwrap_or(self.as_of);
            let id = written.id.clone().unwrap_or_else(|| free_id(notes, made));
            let new = Written { id: Some(id.clone()), made: Some(made), ..written.clone() };
            new.check(notes.len() + 1, 0)?;
            let block = toml::to_string(&Notebook { notes: vec![new] })
                .map_err(|error| Error::input(error.to_string()))?;
            let before = if text.is_empty() { HEADER } else { text.trim_end() };
            Ok((format!("{}\n\n{block}", before.trim_end()), id))
        })
    }

    /// Writes down what was answered or done, and closes the remark.
    ///
    /// # Errors
    /// When there is no such remark, it is closed or has an answer already, or the file can not be written; the
    /// file is then as it was.
    pub fn answer_note(&self, id: &str, answer: &Answer, follow_up: Option<&str>) -> Result<Note> {
        self.edit(|text, notes| Ok((answered(text, notes, id, answer, follow_up)?, id.to_owned())))
    }

    /// Changes `duiding.toml`, one writer at a time, and gives the remark that was added or changed. What is
    /// written is read back first: all other remarks must be what they were.
    fn edit(&self, change: impl FnOnce(&str, &[Note]) -> Result<(String, String)>) -> Result<Note> {
        let (state, path) = (self.root.join("state"), self.root.join(NOTES));
        fs::create_dir_all(&state).map_err(|error| Error::io(&state, &error))?;
        let _lock = exclusive(&state)?;
        let text = if path.is_file() { text_of(&path)? } else { String::new() };
        let before = notes_of(&text)?;
        let (new, id) = change(&text, &before)?;
        let advice = "write each remark under a [[note]] of its own, as `prognose note` does";
        let after = notes_of(&new).map_err(|error| error.advice(advice))?;
        let bare = |note: &Note| Note { row: 0, ..note.clone() };
        let others = |notes: &[Note]| {
            notes.iter().filter(|note| note.id != id).map(bare).collect::<Vec<_>>()
        };
        let changed = after.iter().find(|note| note.id == id).cloned();
        let Some(changed) = changed.filter(|_| others(&before) == others(&after)) else {
            return Err(Error::input("can not be changed here").file(NOTES).advice(advice));
        };
        let line_ends = if text.contains("\r\n") {
            new.replace("\r\n", "\n").replace('\n', "\r\n")
        } else {
            new
        };
        write_all(&self.root, &[(NOTES.to_owned(), line_ends.into_bytes())])?;
        Ok(changed)
    }
}

/// `2026-10-1`: the month and the first number that is free.
fn free_id(notes: &[Note], made: Month) -> String {
    let taken = |id: &String| notes.iter().any(|note| note.id == *id);
    let ids = (1..=notes.len() + 1).map(|number| format!("{made}-{number}"));
    ids.into_iter().find(|id| !taken(id)).unwrap_or_else(|| format!("{made}-0"))
}

/// The text with the answer below the other keys of the remark.
fn answered(
    text: &str,
    notes: &[Note],
    id: &str,
    answer: &Answer,
    follow_up: Option<&str>,
) -> Result<String> {
    let refuse = |what: String, advice: &str| Err(Error::input(what).file(NOTES).advice(advice));
    let Some(at) = notes.iter().position(|note| note.id == id) else {
        return refuse(format!("there is no remark {id:?}"), "`prognose note --list` shows them");
    };
    if !notes[at].is_open() || notes[at].answer.is_some() {
        let advice = "add a new remark, or change this one in the file";
        return refuse(format!("remark {id:?} has an answer or is closed already"), advice);
    }
    let places: Places = parse(NOTES, text)?;
    let keys = places.note[at].get_ref();
    let quoted = |text: &str| toml::Value::String(text.trim().to_owned()).to_string();
    let status = keys.get("status").map(Spanned::span);
    let lines = [
        Some(format!("answer = {}\n", quoted(&answer.text))),
        Some(format!("answered_by = {}\n", quoted(&answer.role))),
        Some(format!("answered = \"{}\"\n", answer.month)),
        follow_up.map(|text| format!("follow_up = {}\n", quoted(text))),
        status.is_none().then(|| "status = \"gesloten\"\n".to_owned()),
    ];
    let lines: String = lines.into_iter().flatten().collect();
    let last = keys.values().map(|value| value.span().end).max().unwrap_or(text.len());
    let end = text[last..].find('\n').map_or(text.len(), |end| last + end + 1);
    let mut new = text.to_owned();
    let gap = if text[..end].ends_with('\n') { "" } else { "\n" };
    new.insert_str(end, &format!("{gap}{lines}"));
    if let Some(span) = status {
        new.replace_range(span, "\"gesloten\"");
    }
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOOK: &str = "# boven\n[[note]]  # eerste\nline = \"Wmo\"\nmonth = \"2026-01\"\nkind = \"vraag\"\n\
        text = \"Waarom?\"   # nog navragen\nrole = \"controller\"\n\n# tussen\n[[note]]\nid = \"b\"\nline = \"6.711\"\n\
        month = \"2026-02\"\nkind = \"actie\"\nstatus = \"open\" # volgen\ntext = '''Bel inkoop.'''\n\
        role = \"controller\"\ndue = \"2026-03\"";

    fn answer() -> Answer {
        Answer {
            text: "Door het \"tarief\".".into(),
            role: "inkoop".into(),
            month: "2026-03".parse().unwrap(),
        }
    }

    #[test]
    fn an_answer_leaves_the_rest_of_the_file_as_it_was() {
        let notes = notes_of(BOOK).unwrap();
        assert_eq!((&*notes[0].id, notes[0].row, &*notes[1].id), ("n1", 2, "b"));
        let first = answered(BOOK, &notes, "n1", &answer(), None).unwrap();
        let both =
            answered(&first, &notes_of(&first).unwrap(), "b", &answer(), Some("n1")).unwrap();
        for line in BOOK.lines().filter(|line| !line.starts_with("status")) {
            assert!(both.lines().any(|kept| kept == line), "{line} is gone from\n{both}");
        }
        assert!(both.contains("status = \"gesloten\" # volgen\n"), "{both}");
        let notes = notes_of(&both).unwrap();
        assert!(notes.iter().all(|note| !note.is_open() && note.answer == Some(answer())));
        assert_eq!(notes[1].follow_up, "n1");
        for id in ["n1", "x"] {
            answered(&both, &notes, id, &answer(), None).unwrap_err();
        }
    }

    proptest! {
        #[test]
        fn any_answer_comes_back_as_it_was_given(text in "[a-zé \"'#=\\[\\]\\\\]{0,40}") {
            let given = Answer { text: format!("x{text}").trim().to_owned(), ..answer() };
            let new = answered(BOOK, &notes_of(BOOK).unwrap(), "n1", &given, None).unwrap();
            let notes = notes_of(&new).unwrap();
            prop_assert_eq!(notes[0].answer.as_ref(), Some(&given));
        }
    }

    #[test]
    fn names_the_row_of_what_can_not_be_used() {
        let twice = BOOK.replace("[[note]]  # eerste", "[[note]]\nid = \"b\"");
        for (text, told) in [
            (
                twice,
                "duiding.toml, row 11, column id: the id \"b\" is also that of the remark in row 2",
            ),
            (BOOK.replace("Bel inkoop", "Bel 06-12345678"), "duiding.toml, row 10, column text"),
            (BOOK.replace("\"vraag\"", "\"klacht\""), "duiding.toml, row 5"),
            (BOOK.replace("2026-02", "2026-13"), "duiding.toml, row 13"),
            (BOOK.replace("due =", "deu ="), "duiding.toml, row 18"),
        ] {
            let error = notes_of(&text).unwrap_err().to_string();
            assert!(error.contains(told), "{told}: {error}");
        }
    }

    #[test]
    fn a_new_remark_gets_the_first_free_id() {
        let month = "2026-02".parse().unwrap();
        let mut notes = notes_of(BOOK).unwrap();
        notes[0].id = "2026-02-1".into();
        assert_eq!(free_id(&notes, month), "2026-02-2");
        assert_eq!(free_id(&[], month), "2026-02-1");
    }
}
