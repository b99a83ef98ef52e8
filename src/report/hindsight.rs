//! What we thought of past months at their end, and what they became.

use super::canvas::{Alt, BAND80, Canvas, EDGE, INK, LAST_YEAR, REALISED, ornament, twice};
use super::facts::{Facts, act_name};
use super::hindsight_chart;
use super::markup::{self, folded, head, head_text};
use super::text;
use crate::backtest::{Hindsight, LookBack, Tally};
use crate::units::Wet;
use maud::{Markup, html};

/// The look back of one act.
struct Act<'a> {
    name: String,
    id: String,
    rows: Vec<&'a LookBack>,
    tally: Option<&'a Tally>,
}

/// Nothing when there is nothing to look back on.
pub(super) fn render(facts: &Facts) -> Markup {
    let acts = facts.acts().into_iter().map(|row| Act::of(facts.hindsight, row.node.wet));
    let acts: Vec<Act> = acts.filter(Act::waits).collect();
    html! {
        @if !acts.is_empty() {
            h3 { "Wat dachten we toen, en wat werd het?" }
            p {
                "Wij hebben elke maand nagespeeld. Wat hadden wij aan het eind van die maand verwacht, met alleen de "
                "facturen die toen geboekt waren? En wat werd het? Zo ziet u of u op de schatting kunt bouwen."
            }
            (verdict(&acts))
            (figure(&acts))
        }
    }
}

impl<'a> Act<'a> {
    fn of(hindsight: &'a Hindsight, wet: Option<Wet>) -> Self {
        let name = act_name(wet);
        Self {
            id: format!("terugblik-{}", name.to_lowercase()),
            rows: hindsight.rows.iter().filter(|row| row.wet == wet).collect(),
            tally: hindsight.tallies.iter().find(|tally| tally.wet == wet),
            name,
        }
    }

    /// Whether any invoice came late.
    fn waits(&self) -> bool {
        self.rows.iter().any(|row| row.booked != row.became)
    }

    fn alt(&self) -> Alt {
        let said = self.tally.map_or_else(String::new, |tally| {
            format!(
                " {} van de {} definitieve maanden lagen binnen de band.",
                text::count(tally.inside),
                text::count(tally.months)
            )
        });
        Alt {
            id: self.id.clone(),
            title: format!("{}: per maand wat wij toen dachten en wat het werd", self.name),
            description: format!(
                "Voor {} maanden: geboekt aan het eind van de maand, verwacht met 80%-band, en geworden.{said}",
                text::count(self.rows.len())
            ),
        }
    }
}

/// How well the months were foreseen that are final by now.
fn verdict(acts: &[Act]) -> Markup {
    let heads = [
        "Definitieve maanden",
        "Binnen de band van toen",
        "Toen geboekt",
        "Drie maanden later geboekt",
        "Zoveel zaten wij ernaast",
    ];
    let heads: Vec<Markup> =
        std::iter::once(head_text("Onderdeel")).chain(heads.map(head)).collect();
    let body = html! {
        @for act in acts {
            tr {
                th scope="row" { (act.name) }
                @match act.tally {
                    None => td colspan="5" { "nog geen enkele maand is definitief" },
                    Some(tally) => {
                        td { (text::count(tally.months)) }
                        td { b { (text::count(tally.inside)) } }
                        td { (text::percent(tally.booked)) }
                        td { (text::percent(tally.booked_later)) }
                        td { (text::percent(tally.error)) }
                    }
                }
            }
        }
    };
    html! {
        p.schuif { "Schuif de tabel opzij voor alle kolommen." }
        (markup::table("terugblik-tabel", "Hoe goed was de schatting?", NOTE, &heads, &body))
        p.noot {
            "Bedoeld is dat 8 van de 10 maanden binnen de band vallen. Ligt een reeks maanden na elkaar ernaast, dan "
            "zijn er vaak nieuwe codes, contracten of afspraken gekomen. Eén losse misser is eerder een late of dubbele "
            "factuur."
        }
    }
}

const NOTE: &str = "Lasten · wat geboekt was en onze misser, als deel van wat het werd";

fn figure(acts: &[Act]) -> Markup {
    html! {
        figure aria-labelledby="terugblik-kop" {
            figcaption id="terugblik-kop" {
                strong { (title(acts)) }
                span { "Lasten per maand van de zorg. Elke figuur heeft een eigen schaal, die niet bij nul begint." }
            }
            div.twee {
                @for act in acts {
                    div {
                        h4 { (act.name) }
                        @let alt = act.alt();
                        (twice(|screen| hindsight_chart::draw(&act.rows, screen, &alt)))
                    }
                }
            }
            (legend(acts))
            @for act in acts { (table(act)) }
        }
    }
}

/// The finding: of all together, or else of the only act.
fn title(acts: &[Act]) -> String {
    match acts.last().and_then(|act| Some((act, act.tally?))) {
        Some((act, tally)) => format!(
            "{}: {} van de {} maanden kwamen uit binnen de band van toen",
            act.name,
            text::count(tally.inside),
            text::count(tally.months)
        ),
        None => "Nog geen maand is definitief".to_owned(),
    }
}

fn legend(acts: &[Act]) -> Markup {
    let key = |draw: fn(&Canvas)| ornament("sleutel", (26.0, 14.0), draw);
    let open = acts.iter().flat_map(|act| &act.rows).any(|row| !row.settled);
    html! {
        ul.leg {
            li { (key(|canvas| canvas.block((10.0, 4.5), (15.0, 9.5), LAST_YEAR))) "toen geboekt" }
            li {
                (key(|canvas| {
                    canvas.block((8.0, 1.0), (18.0, 13.0), BAND80);
                    canvas.outline((8.0, 1.0), (18.0, 13.0), EDGE, 1.0);
                    canvas.line(&[(8.0, 7.0), (18.0, 7.0)], REALISED, 2.0);
                }))
                "toen verwacht, met 80%-band"
            }
            li { (key(|canvas| canvas.disc((13.0, 7.0), 3.5, INK))) "geworden" }
            @if open { li { (key(|canvas| canvas.ring((13.0, 7.0), 3.5, INK, 1.5))) "geworden, voorlopig: er komt nog iets bij" } }
        }
    }
}

fn table(act: &Act) -> Markup {
    let heads = [
        "Toen geboekt",
        "Drie maanden later",
        "Toen verwacht",
        "80%-band",
        "Nu geboekt",
        "Geworden",
    ];
    let mut heads: Vec<Markup> =
        std::iter::once(head_text("Maand")).chain(heads.map(head)).collect();
    heads.push(head_text("Stand"));
    let body = html! {
        @for row in &act.rows {
            tr.voorlopig[!row.settled] {
                th scope="row" { (text::month(row.month)) }
                td { (text::thousands(row.booked)) }
                td { (row.booked_later.map_or_else(|| "–".to_owned(), text::thousands)) }
                td { (text::thousands(row.expected)) }
                td { (text::band(row.p10, row.p90)) }
                td { (text::thousands(row.booked_now)) }
                td { b { (text::thousands(row.became)) } }
                td.t { @if row.settled { "definitief" } @else { "voorlopig" } }
            }
        }
    };
    let title = format!("{}: wat dachten we toen, en wat werd het?", act.name);
    let note = "Lasten × € 1.000 · voorlopig: meer dan 1% is nog een schatting";
    let table = markup::table(&format!("{}-cijfers", act.id), &title, note, &heads, &body);
    folded(&format!("Cijfers bij deze figuur: {}", act.name), false, &table)
}
