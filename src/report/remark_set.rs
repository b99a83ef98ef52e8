//! `duiding.csv`: the remarks of the department.

use super::table::{Layout, Table};
use crate::notes::Note;
use crate::units::Month;

pub(super) const REMARKS: Layout = Layout {
    name: "duiding",
    header: "as_of,id,regel,maand,gemaakt,soort,tekst,rol,eigenaar,uiterlijk,status,te_laat,gesloten,\
    antwoord,antwoord_van,antwoord_maand,vervolg",
};

/// `duiding.csv`: one row per remark that stood at the end of the as-of month, in the order of `duiding.toml`.
/// `te_laat` is `ja` when it is open after the month in which it should be done (`uiterlijk`).
#[must_use]
pub fn remarks_table(notes: &[Note], as_of: Month) -> Table {
    Table::new(REMARKS, notes.iter().map(|note| record(note, as_of)))
}

fn record(note: &Note, as_of: Month) -> Vec<String> {
    let month = |month: Option<Month>| month.map_or_else(String::new, |month| month.to_string());
    let answer = note.answer.as_ref();
    let of_answer =
        |field: fn(&crate::notes::Answer) -> String| answer.map_or_else(String::new, field);
    let late = if note.is_overdue(as_of) { "ja" } else { "nee" };
    let status = if note.is_open() { "open" } else { "gesloten" };
    vec![
        as_of.to_string(),
        note.id.clone(),
        note.line.clone(),
        note.month.to_string(),
        note.made.to_string(),
        note.kind.to_string(),
        note.text.clone(),
        note.role.clone(),
        note.owner.clone(),
        month(note.due),
        status.to_owned(),
        late.to_owned(),
        month(note.closed),
        of_answer(|answer| answer.text.clone()),
        of_answer(|answer| answer.role.clone()),
        of_answer(|answer| answer.month.to_string()),
        note.follow_up.clone(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notes::{Answer, Kind};
    use crate::units::Months;

    #[test]
    fn a_remark_is_one_row() {
        let month = Month::january(2026);
        let mut late = Note::made_up(Kind::Action, "Wmo/6.711", month);
        late.due = Some(month);
        let mut done = Note::made_up(Kind::Question, "Hulp", month);
        done.text = "Waarom, en sinds wanneer?".into();
        done.closed = Some(month);
        done.answer = Some(Answer { text: "Tarief.".into(), role: "inkoop".into(), month });
        let csv = String::from_utf8(remarks_table(&[late, done], month + Months(1)).csv).unwrap();
        let rows: Vec<&str> = csv.lines().skip(1).collect();
        assert_eq!(
            rows[0],
            "2026-02,2026-01-1,Wmo/6.711,2026-01,2026-01,actie,Er kwam een nieuw contract.,controller,controller,2026-01,open,ja,,,,,"
        );
        assert!(rows[1].ends_with("\"Waarom, en sinds wanneer?\",controller,controller,,gesloten,nee,2026-01,Tarief.,inkoop,2026-01,"));
    }
}
