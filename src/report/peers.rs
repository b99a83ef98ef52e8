//! The last section, when a workspace names the figures: our plan of a closed year and its outcome, among all municipalities.

use super::facts::{Facts, act_name};
use super::markup::{WITH_PEERS, folded, head, head_text, section_of, table};
use super::{peers_chart, text};
use crate::peers::{Act, Group, LEAST, Peer, Peers};
use maud::{Markup, html};
use std::cmp::Ordering;

pub(super) fn render(facts: &Facts) -> Markup {
    facts.peers.map_or_else(Markup::default, of)
}

fn of(peers: &Peers) -> Markup {
    let year = peers.year;
    let question =
        format!("Hoe kwam onze begroting van {year} uit, naast die van andere gemeenten?");
    section_of(
        &WITH_PEERS,
        "plaats",
        &question,
        &html! {
            (introduction(peers))
            ul { @for act in &peers.acts { li { (verdict(act, &peers.own)) } } }
            (caution())
            (peers_chart::figure(peers))
            h3 { "De cijfers" }
            p.schuif { "Schuif de tabel opzij voor alle kolommen." }
            (summary(peers))
            (neighbours(peers))
            (questions(peers))
        },
    )
}

fn introduction(peers: &Peers) -> Markup {
    // Those that are compared; the files hold more.
    let all = peers.acts.last().map_or(0, |act| act.all.count);
    html! {
        p {
            "Dit gaat niet over dit jaar, en niet over ons model. Het gaat over één afgesloten jaar: " (peers.year) ". Van "
            (text::counted(all, "gemeente", "gemeenten")) " ligt hier de begroting naast de jaarrekening. Die cijfers leverden zij "
            "zelf aan het CBS (Iv3). Het zijn lasten; baten tellen niet mee. Wmo is hier maatwerk (6.6, 6.71 en pgb), Jeugd is jeugdhulp, "
            "jeugdbescherming en jeugdreclassering (6.72 tot en met 6.76, 6.82 en pgb). Toegang, opvang en beschermd wonen tellen niet mee."
        }
    }
}

/// What became of our plan, and how usual that is.
fn verdict(act: &Act, own: &str) -> Markup {
    let (Some(rank), Some(peer)) = (act.rank, act.own()) else {
        return html! {
            strong { (name(act)) ": " (own) " telt niet mee." } " De begroting of de rekening is kleiner dan " (text::euros(LEAST)) "."
        };
    };
    let others = act.all.count - 1;
    html! {
        strong { (name(act)) ": " (spent(peer.error())) "." }
        " Bij de middelste gemeente was het " (way(act.all.median)) ". Bij " (text::count(rank - 1)) " van de "
        (text::count(others)) " andere gemeenten viel het hoger uit. " (usual(peer.error(), &act.all))
    }
}

/// `wij gaven 11,1% meer uit dan begroot`
fn spent(error: f64) -> String {
    match sign(error) {
        Ordering::Equal => "wij gaven uit wat begroot was".to_owned(),
        _ => format!("wij gaven {} uit dan begroot", way(error)),
    }
}

/// `11,1% meer`
fn way(error: f64) -> String {
    match sign(error) {
        Ordering::Greater => format!("{}\u{a0}meer", text::percent(error)),
        Ordering::Less => format!("{}\u{a0}minder", text::percent(-error)),
        Ordering::Equal => "gelijk aan de begroting".to_owned(),
    }
}

/// The sign of what is shown.
fn sign(error: f64) -> Ordering {
    // Nought and minus nought are the same here.
    ((1000.0 * error).round() + 0.0).total_cmp(&0.0)
}

/// Whether an error lies where eight of ten lie.
fn usual(error: f64, all: &Group) -> String {
    let range =
        format!("8 van de 10 gemeenten liggen tussen {} en {}", signed(all.p10), signed(all.p90));
    if (all.p10..=all.p90).contains(&error) {
        format!("Dat is niet uitzonderlijk: {range}.")
    } else {
        format!("Dat is uitzonderlijk: {range}.")
    }
}

/// `+11,1%`, with a true minus.
pub(super) fn signed(share: f64) -> String {
    text::signed(100.0 * share, 1) + "%"
}

fn caution() -> Markup {
    html! {
        p {
            strong { "Let op:" } " een klein verschil is niet vanzelf goed, en een groot verschil niet vanzelf fout. De ene gemeente begroot "
            "ruim, de andere krap. En niet elke gemeente boekt dezelfde zorg op hetzelfde taakveld. Een gemeente telt mee als begroting en "
            "rekening elk minstens " (text::euros(LEAST)) " zijn. Bij minder kan een levering ontbreken."
        }
    }
}

/// How an act is called here: what it holds is less than the whole act.
pub(super) fn name(act: &Act) -> String {
    act_name(act.wet)
}

fn summary(peers: &Peers) -> Markup {
    let heads = [
        "Begroting",
        "Rekening",
        "Verschil",
        "Plaats",
        "Middelste",
        "8 van de 10",
        "Gemiddeld ernaast",
        "Nederland",
    ];
    let heads: Vec<Markup> =
        std::iter::once(head_text("Onderdeel")).chain(heads.map(head)).collect();
    let row = |act: &Act| {
        let own = act.own().filter(|peer| peer.counts());
        let amounts = own.map(|peer| [peer.budget, peer.accounts].map(text::thousands));
        let amounts = amounts.unwrap_or_else(|| ["–", "–"].map(str::to_owned));
        html! {
            tr {
                th scope="row" { (name(act)) }
                @for amount in &amounts { td { (amount) } }
                td { b { (own.map_or_else(|| "–".to_owned(), |peer| signed(peer.error()))) } }
                td { (act.rank.map_or_else(|| "–".to_owned(), |rank| format!("{rank}\u{a0}van\u{a0}{}", act.all.count))) }
                td { (signed(act.all.median)) }
                td { (signed(act.all.p10)) " tot " (signed(act.all.p90)) }
                td { (text::percent(act.all.mean_abs)) }
                td { (signed(act.all.error)) }
            }
        }
    };
    let title = format!("{} en alle gemeenten, {}", peers.own, peers.year);
    let note = "Lasten × € 1.000 · verschil: rekening min begroting, als deel van de begroting · plaats 1 is de grootste overschrijding";
    table("plaats-tabel", &title, note, &heads, &html! { @for act in &peers.acts { (row(act)) } })
}

/// Those of nearly our size, with each act.
fn neighbours(peers: &Peers) -> Markup {
    let Some(both) = peers.acts.last() else { return Markup::default() };
    let near = both.nearest();
    let names = peers.acts.iter().map(name);
    let heads: Vec<Markup> = [head_text("Gemeente"), head("Inwoners")]
        .into_iter()
        .chain(names.map(|name| head(&name)))
        .collect();
    let cell = |act: &Act, of: &str| {
        let peer = act.counted().find(|peer| peer.name == of);
        peer.map_or_else(|| "–".to_owned(), |peer| signed(peer.error()))
    };
    let row = |peer: &Peer| {
        html! {
            tr {
                th scope="row" { (peer.name) }
                td { (text::whole(peer.inhabitants.into())) }
                @for act in &peers.acts { td { (cell(act, &peer.name)) } }
            }
        }
    };
    let class = |act: &Act| match act.like.count {
        0 => "–".to_owned(),
        _ => signed(act.like.median),
    };
    let body = html! {
        @for peer in near.iter().copied().chain(both.own()) { (row(peer)) }
        tr {
            th scope="row" { "Middelste van onze klasse" }
            td { "–" }
            @for act in &peers.acts { td { (class(act)) } }
        }
    };
    let title = format!("Gemeenten van bijna onze grootte, {}", peers.year);
    let note = format!(
        "Verschil van rekening en begroting, als deel van de begroting · onze klasse telt {}",
        text::counted(both.like.count, "gemeente", "gemeenten")
    );
    folded(&title, true, &table("plaats-buren", &title, &note, &heads, &body))
}

fn questions(peers: &Peers) -> Markup {
    let size = |act: &&Act| act.own().map_or(0.0, |own| own.error().abs());
    let single = peers.acts.iter().filter(|act| act.wet.is_some() && act.rank.is_some());
    let Some(act) = single.max_by(|a, b| size(a).total_cmp(&size(b))) else {
        return Markup::default();
    };
    let own = act.own().map_or(0.0, Peer::error);
    let closest =
        act.nearest().into_iter().min_by(|a, b| a.error().abs().total_cmp(&b.error().abs()));
    html! {
        h3 { "Vragen" }
        ol.gv {
            li {
                b { "Waardoor viel " (name(act)) " in " (peers.year) " anders uit dan begroot?" }
                span { "Voor de controller. Het verschil was " (signed(own)) ": te krap of te ruim begroot, of meer of minder zorg dan gedacht?" }
            }
            @if let Some(peer) = closest {
                li {
                    b { "Hoe begrootte " (peer.name) " " (name(act)) " dat jaar?" }
                    span {
                        "Voor de controller. Van de gemeenten van bijna onze grootte kwam die het dichtst bij haar begroting uit: "
                        (signed(peer.error())) "."
                    }
                }
            }
            li {
                b { "Is de begroting van nu op dezelfde manier gemaakt?" }
                span { "Voor de budgethouder. Zo ja, dan zegt de fout van toen iets over nu." }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;
    use crate::report::peers_example;
    use crate::report::sound::assert_drawn_inside;

    #[test]
    fn tells_our_place_and_what_is_usual() {
        let page = of(&peers_example::peers()).into_string();
        assert_drawn_inside(&page);
        for words in [
            "<strong>Jeugd: wij gaven 10,0%\u{a0}meer uit dan begroot.</strong>",
            "<strong>Wmo: wij gaven 2,0%\u{a0}minder uit dan begroot.</strong>",
            "Dat is niet uitzonderlijk: 8 van de 10 gemeenten liggen tussen −",
            "Van 61\u{a0}gemeenten ligt hier de begroting naast de jaarrekening",
            "Waardoor viel Jeugd in 2023 anders uit dan begroot?",
            "<span class=\"nr\">13</span>",
        ] {
            assert!(page.contains(words), "{words} in {page}");
        }
    }

    #[test]
    fn those_that_do_not_count_are_not_counted() {
        let mut peers = peers_example::peers();
        for act in &mut peers.acts {
            act.all.count = 60;
            act.like = crate::peers::Group::default();
        }
        let page = of(&peers).into_string();
        assert!(page.contains("Van 60\u{a0}gemeenten ligt hier"), "{page}");
        let class = "Middelste van onze klasse</th><td>–</td><td>–</td><td>–</td><td>–</td>";
        assert!(page.contains(class), "{page}");
    }

    #[test]
    fn nothing_is_said_without_figures() {
        let example = example::example();
        assert!(render(&Facts { peers: None, ..example.facts() }).into_string().is_empty());
    }

    #[test]
    fn our_own_may_not_count() {
        let mut peers = peers_example::peers();
        for act in &mut peers.acts {
            act.rank = None;
            act.municipalities
                .iter_mut()
                .filter(|peer| peer.own)
                .for_each(|peer| peer.budget = LEAST - LEAST);
        }
        let page = of(&peers).into_string();
        assert!(page.contains("Voorbeeldstad telt niet mee."), "{page}");
        assert!(!page.contains("Vragen") && !page.contains("NaN") && !page.contains("inf"));
    }

    #[test]
    fn words_follow_what_is_shown() {
        assert_eq!(way(0.111), "11,1%\u{a0}meer");
        assert_eq!(way(-0.0004), "gelijk aan de begroting");
        assert_eq!(spent(0.0), "wij gaven uit wat begroot was");
        let all = Group { p10: -0.1, p90: 0.2, ..Group::default() };
        assert!(usual(0.3, &all).starts_with(
            "Dat is uitzonderlijk: 8 van de 10 gemeenten liggen tussen −10,0% en +20,0%"
        ));
    }
}
