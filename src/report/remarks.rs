//! What the department itself says: open questions first, then actions, decisions and explanations; and what it said
//! of a signal.

use super::facts::Facts;
use super::markup::{folded, section};
use super::text;
use crate::drift::Tested;
use crate::notes::{Kind, Note, explanation};
use crate::units::Month;
use maud::{Markup, html};

pub(super) fn render(facts: &Facts) -> Markup {
    let question = "Wat weten wij zelf van deze cijfers, en wie doet wat?";
    if facts.is_public() {
        let not_here = "Vragen, duiding, besluiten en acties van de afdeling staan niet in deze openbare versie.";
        return section("duiding", question, &html! { p { (not_here) } });
    }
    let notes = sorted(facts);
    section(
        "duiding",
        question,
        &html! {
            p { (verdict(&notes, facts.outlook.as_of)) }
            @for kind in Kind::ALL { (group(facts, kind, &notes)) }
            (closed(facts, &notes))
            p.noot {
                "Wat open staat, komt in elk volgend rapport terug. Vastleggen en beantwoorden kan met "
                code { "prognose note" } " of in " code { "duiding.toml" } ". Alles staat ook in " code { "duiding.csv" }
                ". Wij noemen rollen en geen namen."
            }
        },
    )
}

/// What is late first, then what is due first, then as it was written.
fn sorted<'a>(facts: &Facts<'a>) -> Vec<&'a Note> {
    let mut notes: Vec<&Note> = facts.notes.iter().collect();
    notes.sort_by_key(|note| (note.due.is_none(), note.due, note.made));
    notes
}

fn verdict(notes: &[&Note], as_of: Month) -> String {
    if notes.is_empty() {
        return "Er is nog niets vastgelegd: geen vraag, actie, besluit of duiding.".into();
    }
    let open = |kind| notes.iter().filter(|note| note.is_open() && note.kind == kind).count();
    let (questions, actions) = (open(Kind::Question), open(Kind::Action));
    let asked = match (questions, actions) {
        (0, 0) => "Er staat geen vraag of actie open.".to_owned(),
        _ => format!(
            "Open: {} en {}.",
            text::counted(questions, "vraag", "vragen"),
            text::counted(actions, "actie", "acties")
        ),
    };
    let late = match notes.iter().filter(|note| note.is_overdue(as_of)).count() {
        0 => String::new(),
        1 => " Eén daarvan is te laat.".to_owned(),
        late => format!(" Daarvan zijn er {} te laat.", text::count(late)),
    };
    asked + &late
}

fn group(facts: &Facts, kind: Kind, notes: &[&Note]) -> Markup {
    let open: Vec<&&Note> =
        notes.iter().filter(|note| note.is_open() && note.kind == kind).collect();
    let title = match kind {
        Kind::Question => "Open vragen",
        Kind::Action => "Open acties",
        Kind::Decision => "Besluiten",
        Kind::Explanation => "Duiding",
    };
    html! {
        @if !open.is_empty() {
            h3 { (title) }
            ul.duiding { @for note in open { (item(facts, note)) } }
        }
    }
}

/// What was closed in the year of the report.
fn closed(facts: &Facts, notes: &[&Note]) -> Markup {
    let year = facts.year();
    let closed = notes.iter().filter(|note| note.closed.is_some_and(|month| month.year() == year));
    let closed: Vec<&&Note> = closed.collect();
    let title = format!("Gesloten in {year} ({})", text::count(closed.len()));
    html! {
        @if !closed.is_empty() {
            (folded(&title, true, &html! { ul.duiding { @for note in closed { (item(facts, note)) } } }))
        }
    }
}

fn item(facts: &Facts, note: &Note) -> Markup {
    let Note { id, line, month, role, owner, .. } = note;
    html! {
        li {
            b { @if !note.is_open() { (text::capital(note.kind.name())) ": " } (note.text) }
            span { (place(line)) ", over " (text::month(*month)) ". Van " (role) ", " (text::month(note.made)) " " small { "(nr. " (id) ")" } "." }
            @if note.is_open() && (note.due.is_some() || owner != role) {
                span {
                    "Voor " (owner) @if let Some(due) = note.due { ", uiterlijk " (text::month(due)) } "."
                    @if note.is_overdue(facts.outlook.as_of) { " " strong { "Te laat." } }
                }
            }
            @if let Some(answer) = &note.answer {
                span { "Antwoord van " (answer.role) ", " (text::month(answer.month)) ": " (answer.text) }
            } @else if let Some(closed) = note.closed {
                span { "Gesloten in " (text::month(closed)) "." }
            }
            @if !note.follow_up.is_empty() { span { "Vervolg: " (note.follow_up) } }
        }
    }
}

/// What a remark is about, as its writer named it.
fn place(line: &str) -> String {
    if line.eq_ignore_ascii_case("totaal") { "Alles samen".into() } else { line.to_owned() }
}

/// The remark that explains a signal, if there is one.
pub(super) fn answer_to<'a>(facts: &Facts<'a>, test: &Tested) -> Option<&'a Note> {
    explanation(facts.notes, test.line.as_ref(), test.since)
}

/// Whether a signal is answered and by whom, with the other remarks on its line since it began. What the answer
/// says is left out when it was `told` before.
pub(super) fn said_of(facts: &Facts, test: &Tested, told: bool) -> Markup {
    let answer = answer_to(facts, test);
    let since = |note: &&Note| test.since.is_none_or(|since| note.month >= since);
    let here = facts.notes.iter().filter(|note| note.is_about(test.line.as_ref()));
    let others = here.filter(since).filter(|note| Some(*note) != answer);
    html! {
        @match answer {
            Some(note) => (answered(note, told)),
            None => {
                b { "Nog niet beantwoord" }
                @if let Some(month) = test.seen.or(test.since) { ", open sinds " (text::month_and_year(month)) }
                "."
            }
        }
        @for note in others {
            span.onder {
                (text::capital(note.kind.name())) " (" (note.role) ", " (text::month_and_year(note.made)) "): " (note.text)
            }
        }
    }
}

fn answered(note: &Note, told: bool) -> Markup {
    let (said, role, month) = match &note.answer {
        Some(answer) if note.kind == Kind::Question => (&answer.text, &answer.role, answer.month),
        _ => (&note.text, &note.role, note.made),
    };
    html! {
        "Beantwoord door " (role) " in " (text::month_and_year(month))
        @if told { ", zie hierboven (nr.\u{a0}" (note.id) ")." } @else { ": " (said) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::{Status, Tier};
    use crate::notes::Answer;
    use crate::report::example::example;
    use crate::units::{LineId, Months, Side, Wet};

    fn october() -> Month {
        Month::january(2026) + Months(9)
    }

    fn note(kind: Kind, change: impl FnOnce(&mut Note)) -> Note {
        let mut note = Note::made_up(kind, "Hulp", october());
        change(&mut note);
        note
    }

    fn page(notes: &[Note]) -> String {
        let example = example();
        render(&Facts { notes, ..example.facts() }).into_string()
    }

    #[test]
    fn open_questions_come_first_and_what_is_late_is_said_in_words() {
        let notes = [
            note(Kind::Explanation, |note| note.text = "Tarief.".into()),
            note(Kind::Action, |note| {
                note.due = Some(october() - Months(1));
                note.owner = "inkoop".into();
            }),
            note(Kind::Question, |note| note.text = "Waarom <b>meer</b>?".into()),
            note(Kind::Decision, |note| note.closed = Some(october())),
            note(Kind::Decision, |note| {
                note.closed = Some(october() - Months(12));
                note.text = "Vorig jaar.".into();
            }),
        ];
        let html = page(&notes);
        assert!(
            html.contains("Open: 1\u{a0}vraag en 1\u{a0}actie. Eén daarvan is te laat."),
            "{html}"
        );
        assert!(
            html.contains("Voor inkoop, uiterlijk september 2026. <strong>Te laat.</strong>"),
            "{html}"
        );
        assert!(html.contains("Gesloten in 2026 (1)") && !html.contains("Vorig jaar."), "{html}");
        assert!(html.contains("Waarom &lt;b&gt;meer"), "{html}");
        let at = |text: &str| html.find(text).unwrap();
        assert!(at("Open vragen") < at("Open acties") && at("Open acties") < at("<h3>Duiding"));
        assert!(page(&[]).contains("Er is nog niets vastgelegd"));
    }

    #[test]
    fn a_signal_says_who_answered_or_since_when_it_waits() {
        let line = LineId {
            wet: Wet::Wmo,
            taakveld: "6.711".into(),
            product: "Hulp".into(),
            side: Side::Lasten,
        };
        let since = october() - Months(5);
        let test = Tested {
            tier: Tier::Monitor,
            line: Some(line),
            status: Status::Signal,
            months: 60,
            since: Some(since),
            seen: Some(since + Months(2)),
            per_month: Some(1000.0),
            lasting: true,
            z: None,
            chance: None,
            adjusted: None,
            smallest: None,
            event: None,
        };
        let example = example();
        let said = |notes: &[Note]| {
            said_of(&Facts { notes, ..example.facts() }, &test, false).into_string()
        };
        assert!(said(&[]).contains("Nog niet beantwoord</b>, open sinds jul\u{a0}2026"));
        let mut asked = note(Kind::Question, |note| note.text = "Wat is dit?".into());
        let html = said(std::slice::from_ref(&asked));
        assert!(
            html.contains("Nog niet")
                && html.contains("Vraag (controller, okt\u{a0}2026): Wat is dit?"),
            "{html}"
        );
        asked.answer =
            Some(Answer { text: "Tarief.".into(), role: "inkoop".into(), month: october() });
        let html = said(std::slice::from_ref(&asked));
        assert!(html.contains("Beantwoord door inkoop in okt\u{a0}2026: Tarief."), "{html}");
        let facts = Facts { notes: &[asked], ..example.facts() };
        let again = said_of(&facts, &test, true).into_string();
        assert!(again.contains("zie hierboven") && !again.contains("Tarief."), "{again}");
        let old = note(Kind::Explanation, |note| note.month = since - Months(1));
        assert!(said(&[old]).contains("Nog niet"));
    }
}
