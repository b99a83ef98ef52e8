//! The page of a backtest: how far off the model was, and whether its bands held.

mod bands;
mod bands_chart;
mod bias;
mod core;
mod error_chart;
#[cfg(test)]
mod example;
mod method;
mod models;
mod months;
mod value;
mod weak;
pub(super) mod words;

use super::shell::Kind::{Asks, Describes, Explains};
use super::shell::{Contents, Section, Shell};
use super::text;
use crate::backtest::{CHAMPION, Ladder, Pit, Score, Split, Target, Verdict, Versus};
use crate::model::Rule;
use crate::units::{Level, Measure, Month};
use maud::{Markup, html};

/// The sections in order. The last one is there when a gate was asked for.
#[rustfmt::skip]
const SECTIONS: [Section; 8] = [
    Section { id: "kern", title: "Kernboodschap", kinds: &[Describes] },
    Section { id: "maanden", title: "Wordt het beter in de loop van het jaar?", kinds: &[Describes] },
    Section { id: "banden", title: "Kunt u de banden geloven?", kinds: &[Describes] },
    Section { id: "waar", title: "Waar zitten we ernaast?", kinds: &[Describes, Explains] },
    Section { id: "waarde", title: "Voegt het iets toe?", kinds: &[Describes] },
    Section { id: "modellen", title: "Naast elk ander model", kinds: &[Describes] },
    Section { id: "werkwijze", title: "Hoe dit is gemaakt", kinds: &[Describes] },
    Section { id: "eisen", title: "De afgesproken eisen", kinds: &[Asks] },
];

/// What the page of a backtest is made of.
#[derive(Clone, Copy, Debug)]
pub struct TestedFacts<'a> {
    /// Whose money it is.
    pub organisation: &'a str,
    /// Who answers for the model; may be empty.
    pub model_owner: &'a str,
    /// Whether no amount is real.
    pub made_up: bool,
    /// What came true is read off here.
    pub as_of: Month,
    /// The version of the program.
    pub version: &'a str,
    /// The months that were replayed, in order.
    pub origins: &'a [Month],
    /// The paths of every forecast.
    pub draws: usize,
    /// The scores.
    pub scores: &'a [Score],
    /// The champion against every other model.
    pub versus: &'a [Versus],
    /// Where outcomes fell in the forecasts of the champion.
    pub pits: &'a [Pit],
    /// What people said, beside the other steps of the ladder.
    pub ladders: &'a [Ladder],
    /// What the gate found; empty when it was not asked for.
    pub verdicts: &'a [Verdict],
}

/// The page of a backtest, in HTML that needs nothing beside itself; it links to the files of the backtest.
#[must_use]
pub fn backtest_html(facts: &TestedFacts<'_>) -> String {
    let shell = Shell {
        title: "Hoe goed waren de prognoses?",
        organisation: facts.organisation,
        model_owner: facts.model_owner,
        as_of: facts.as_of,
        made_up: facts.made_up,
        version: facts.version,
        up: None,
        meta: facts.meta(),
        contents: facts.contents(),
    };
    shell.page(&html! {
        (core::render(facts))
        (months::render(facts))
        (bands::render(facts))
        (weak::render(facts))
        (value::render(facts))
        (models::versus(facts))
        (method::render(facts))
        @if !facts.verdicts.is_empty() { (models::gate(facts)) }
    })
}

/// A section of this page.
fn section(id: &str, question: &str, body: &Markup) -> Markup {
    super::markup::section_of(&SECTIONS, id, question, body)
}

/// The figures of one of several drawings in a figure. `id` is that of the drawing.
fn figures_of(
    id: &str,
    which: &str,
    title: &str,
    note: &str,
    head: &[Markup],
    body: &Markup,
) -> Markup {
    let table = super::markup::table(&format!("{id}-tabel"), title, note, head, body);
    super::markup::folded(&format!("Cijfers bij deze figuur: {which}"), false, &table)
}

/// The names of the simple rules.
fn rules() -> [&'static str; 7] {
    Rule::ALL.map(Rule::name)
}

/// All sections speak of lasten; the rest is in the files.
impl<'a> TestedFacts<'a> {
    fn contents(&self) -> &'static Contents {
        let gate = usize::from(self.verdicts.is_empty());
        &SECTIONS[..SECTIONS.len() - gate]
    }

    fn meta(&self) -> Markup {
        html! {
            span { "uitkomsten zoals geboekt tot en met " b { (text::month(self.as_of)) } }
            @if let [first, .., last] = self.origins {
                span { "nagespeeld van " b { (text::month(*first)) } " tot en met " b { (text::month(*last)) } }
            }
        }
    }

    /// The scores at one level, every model and split.
    fn at(&self, target: Target, level: Level) -> impl Iterator<Item = &'a Score> {
        let asked = (target, level, Measure::Lasten);
        self.scores.iter().filter(move |score| (score.target, score.level, score.measure) == asked)
    }

    fn score(&self, target: Target, level: Level, model: &str, split: &Split) -> Option<&'a Score> {
        self.at(target, level).find(|score| score.model == model && score.split == *split)
    }

    /// The champion over all years, at a level.
    fn years(&self, level: Level) -> Option<&'a Score> {
        self.score(Target::Jaar, level, CHAMPION, &Split::All)
    }

    /// The champion in every split that is `kept`, in order.
    fn ours(&self, target: Target, level: Level, kept: fn(&Split) -> bool) -> Vec<&'a Score> {
        let ours = self.at(target, level).filter(|score| score.model == CHAMPION);
        let mut ours: Vec<&Score> = ours.filter(|score| kept(&score.split)).collect();
        ours.sort_by(|a, b| a.split.cmp(&b.split));
        ours
    }

    /// The simple rules in a split, the best first.
    fn rules(&self, target: Target, level: Level, split: &Split) -> Vec<&'a Score> {
        let in_split = self.at(target, level).filter(|score| score.split == *split);
        let mut found: Vec<&Score> =
            in_split.filter(|score| rules().contains(&score.model.as_str())).collect();
        found.sort_by(|a, b| a.wape.total_cmp(&b.wape));
        found
    }

    /// The champion beside the other models over years, at a level.
    fn beside(&self, level: Level) -> Vec<&'a Versus> {
        let asked = (Target::Jaar, level, Measure::Lasten);
        self.versus.iter().filter(|row| (row.target, row.level, row.measure) == asked).collect()
    }

    /// The level that a page about years speaks of first: acts, or all together when there are none.
    fn main_level(&self) -> Option<Level> {
        [Level::Wet, Level::Totaal].into_iter().find(|&level| self.years(level).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::example::Example;
    use super::*;
    use crate::report::sound::{assert_drawn_inside, assert_sound};

    pub(super) const FILES: [&str; 5] = [
        "forecasts.csv",
        "scores.csv",
        "vergelijking.csv",
        "toegevoegde_waarde.csv",
        "rapportages.csv",
    ];

    fn assert_page(page: &str) {
        assert_sound(page, &FILES);
        assert_drawn_inside(page);
        for drawing in page.split("<svg").skip(1) {
            let head = drawing.split_once('>').unwrap().0;
            assert!(head.contains("aria-hidden") || head.contains("role=\"img\""), "{head}");
        }
    }

    #[test]
    fn is_one_sound_page() {
        let example = Example::new(0.02, 6);
        let page = backtest_html(&example.facts());
        assert_page(&page);
        for Section { title, .. } in SECTIONS {
            assert!(page.contains(title), "{title}");
        }
        assert!(page.contains("Verzonnen cijfers."));
        let without = TestedFacts { verdicts: &[], made_up: false, ..example.facts() };
        let page = backtest_html(&without);
        assert_page(&page);
        assert!(!page.contains("De afgesproken eisen") && !page.contains("Verzonnen cijfers"));
    }

    #[test]
    fn speaks_dutch_without_jargon() {
        // Rules of a gate hold the names of the files, which its small print explains.
        let example = Example::new(0.02, 6);
        let facts = TestedFacts { verdicts: &[], ..example.facts() };
        let page = backtest_html(&facts).to_lowercase();
        let texts: Vec<&str> = page
            .split("</style>")
            .nth(1)
            .unwrap()
            .split('<')
            .filter_map(|part| part.split_once('>'))
            .map(|(_, text)| text)
            .collect();
        let text = format!(" {} ", texts.join(" "));
        for word in
            [" the ", " and ", " with ", " years", " forecast ", " model's ", " gate ", "origin "]
        {
            assert!(!text.contains(word), "{word}");
        }
        for word in ["wape", "crps", "pinball", "mase"] {
            assert!(!text.contains(word), "{word}");
        }
    }

    #[test]
    fn nothing_at_all_is_a_page_too() {
        let example = Example::new(0.02, 6);
        let empty = TestedFacts {
            origins: &[],
            scores: &[],
            versus: &[],
            pits: &[],
            ladders: &[],
            verdicts: &[],
            ..example.facts()
        };
        let page = backtest_html(&empty);
        assert_page(&page);
        assert!(page.contains("Er is nog geen definitieve uitkomst van lasten"));
    }

    #[test]
    fn one_year_and_one_act_will_do() {
        let example = Example::new(-0.02, 1);
        let page = backtest_html(&example.facts());
        assert_page(&page);
        assert!(page.contains("1\u{a0}jaar"));
    }

    #[test]
    fn escapes_hostile_names() {
        let mut example = Example::new(0.02, 3);
        let evil = "<script>alert('x')</script>";
        for score in &mut example.scores {
            if let Split::Line(node) = &mut score.split {
                node.product = node.product.as_ref().map(|name| format!("{name}{evil}"));
            }
        }
        example.ladders.iter_mut().for_each(|ladder| ladder.report = evil.into());
        let facts = TestedFacts { organisation: evil, model_owner: evil, ..example.facts() };
        let page = backtest_html(&facts);
        assert!(!page.contains("<script"));
    }
}
