//! The page around the sections.

use super::facts::Facts;
use super::markup::SECTIONS;
use super::{account, changes, core, course, horizon, late, quality, questions, text, year};
use crate::units::{Level, Measure, Wet};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The look of the page; its file says what hangs on a colour.
const STYLE: &str = include_str!("style.css");

/// The report as one page of HTML that needs nothing beside itself.
#[must_use]
pub fn html(facts: &Facts) -> String {
    let title = title(facts);
    let page = html! {
        (DOCTYPE)
        html lang="nl" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                title { (title) ", " (text::month(facts.outlook.as_of)) " – " (facts.organisation) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.naar href="#kern" { "Naar de inhoud" }
                (patterns())
                @if facts.made_up { p.demo { b { "Verzonnen cijfers." } " Geen bedrag in dit rapport is echt." } }
                div.blad {
                    (heading(facts, &title))
                    div.raster { (contents()) main { (sections(facts)) } }
                    (footer(facts))
                }
            }
        }
    };
    page.into_string()
}

/// `Prognose Wmo en Jeugd 2026`; what both share is named only when it stands alone.
fn title(facts: &Facts) -> String {
    let rows = facts.rows(facts.year(), Level::Wet, Measure::Lasten);
    let mut acts: Vec<Wet> = rows.iter().filter_map(|row| row.node.wet).collect();
    if acts.len() > 1 {
        acts.retain(|&wet| wet != Wet::Gezamenlijk);
    }
    let acts: Vec<String> = acts.iter().map(ToString::to_string).collect();
    let words = ["Prognose".to_owned(), text::list(&acts), facts.year().to_string()];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The hatching that the style sheet refers to.
fn patterns() -> Markup {
    html! {
        svg.patronen aria-hidden="true" width="0" height="0" {
            defs {
                pattern id="arcering" patternUnits="userSpaceOnUse" width="50" height="50" patternTransform="rotate(45)" {
                    rect width="14" height="50" fill="#0b4f7a" {}
                }
                pattern id="bleek" patternUnits="userSpaceOnUse" width="60" height="60" patternTransform="rotate(45)" {
                    rect width="60" height="60" fill="#f3f8fb" {}
                    rect width="10" height="60" fill="#9dbdd0" {}
                }
            }
        }
    }
}

fn heading(facts: &Facts, title: &str) -> Markup {
    let now = facts.outlook.as_of;
    html! {
        header.kop {
            p.org { (facts.organisation) @if !facts.model_owner.is_empty() { " · " (facts.model_owner) } }
            h1 { (title) }
            p.meta {
                span { "geboekt tot en met " b { (text::month(now)) } }
                @if let Some(last) = facts.provenance.last_observed.filter(|&last| last != now) {
                    span { "laatste boeking in " b { (text::month(last)) } }
                }
            }
        }
    }
}

fn contents() -> Markup {
    html! {
        nav.inh aria-label="Inhoud" {
            div {
                h2 { "Inhoud" }
                ol { @for (id, title) in SECTIONS { li { a href={ "#" (id) } { (title) } } } }
            }
        }
    }
}

fn sections(facts: &Facts) -> Markup {
    html! {
        (core::render(facts))
        (year::render(facts))
        (changes::render(facts))
        (course::render(facts))
        (late::render(facts))
        (horizon::render(facts))
        (quality::render(facts))
        (questions::render(facts))
        (account::render(facts))
    }
}

fn footer(facts: &Facts) -> Markup {
    html! {
        footer {
            p {
                @if facts.made_up { b { "Verzonnen cijfers. " } }
                (facts.organisation) ", stand " (text::month(facts.outlook.as_of)) ". Gemaakt met prognose "
                (facts.provenance.version) "."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::Hindsight;
    use crate::forecast::Bands;
    use crate::outlook::Outlook;
    use crate::report::chance::Chance;
    use crate::report::example::{self, Example};
    use crate::units::{Cents, Month, Months};
    use std::collections::BTreeSet;

    /// The values of an attribute, in order.
    fn values<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
        let start = format!(" {name}=\"");
        page.split(&start)
            .skip(1)
            .filter_map(|rest| rest.split_once('"'))
            .map(|(value, _)| value)
            .collect()
    }

    /// Every element is closed, in order; attributes hold no `<` or `>`.
    fn assert_balanced(page: &str) {
        const VOID: [&str; 2] = ["meta", "wbr"];
        let mut open: Vec<&str> = Vec::new();
        let body = page.strip_prefix("<!DOCTYPE html>").unwrap();
        for tag in body.split('<').skip(1).map(|rest| rest.split_once('>').unwrap().0) {
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name), "in {open:?}");
            } else if !tag.ends_with('/') {
                let name = tag.split([' ', '\n']).next().unwrap();
                open.extend(Some(name).filter(|name| !VOID.contains(name)));
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }

    fn assert_sound(page: &str) {
        assert_balanced(page);
        for outside in ["<script", "http:", "https:", " src=", "@import", "javascript:"] {
            assert!(!page.contains(outside), "{outside}");
        }
        let ids = values(page, "id");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "ids are unique");
        let links = values(page, "href").into_iter().map(|link| link.strip_prefix('#').unwrap());
        let labels = values(page, "aria-labelledby").into_iter().flat_map(str::split_whitespace);
        for target in links.chain(labels) {
            assert!(unique.contains(target), "{target}");
        }
        assert!(!page.contains("NaN") && !page.contains("inf "), "no number is missing");
    }

    fn page(change: impl FnOnce(&mut Example)) -> String {
        let mut example = example::example();
        change(&mut example);
        html(&example.facts())
    }

    #[test]
    fn is_one_sound_page() {
        let page = page(|_| ());
        assert_sound(&page);
        assert!(page.contains("<title>Prognose Wmo en Jeugd 2026, oktober 2026"));
        assert!(page.contains("Verzonnen cijfers."));
        for (_, title) in SECTIONS {
            assert!(page.contains(title), "{title}");
        }
        for drawing in page.split("<svg").skip(1) {
            let head = drawing.split_once('>').unwrap().0;
            assert!(head.contains("aria-hidden") || head.contains("role=\"img\""), "{head}");
        }
    }

    #[test]
    fn shows_the_rows_as_given() {
        let example = example::example();
        let page = html(&example.facts());
        for measure in [Measure::Lasten, Measure::Saldo] {
            let row = example.facts().total(2026, measure).unwrap();
            let parts = [row.booked, row.to_receive, row.to_come].map(text::thousands);
            let cells = format!(
                "<td>{}</td><td>{}</td><td>{}</td><td>{}</td><td><b>{}</b><small",
                text::thousands(row.budget.unwrap()),
                parts[0],
                parts[1],
                parts[2],
                text::thousands(row.expected)
            );
            assert!(page.contains(&cells), "{cells}");
        }
        let account = &example.reconciliation[0];
        for amount in
            [account.read, account.mapped, account.unmapped, account.accruals, account.left_out]
        {
            assert!(page.contains(&format!("<td>{}</td>", text::exact(amount))));
        }
    }

    #[test]
    fn shows_what_is_late_as_given() {
        let example = example::example();
        let page = html(&example.facts());
        let rows = example.facts().late(Level::Wet, Measure::Lasten);
        assert_eq!(rows.len(), 3);
        for row in rows {
            let ages = row.by_age.map(|part| text::thousands(part.to_receive));
            let total = row.total;
            let cells = format!(
                "<td><b>{}</b></td><td>{}</td><td>{}</td><td>{}</td>",
                text::thousands(total.to_receive),
                text::band(total.p10, total.p90),
                ages.join("</td><td>"),
                text::thousands(total.of_earlier_years),
            );
            assert!(page.contains(&cells), "{cells}");
        }
        assert!(page.contains("<td>aug\u{a0}2025</td>"));
    }

    #[test]
    fn tells_provisional_months_apart_without_colour() {
        let page = page(|_| ());
        // Three of the running year in each of three tables, three of the last 24 in each look back.
        assert_eq!(page.matches("<tr class=\"voorlopig\">").count(), 3 * 3 + 3 * 3);
        assert!(page.contains("augustus (voorlopig)"));
        let drawing = |id: &str| {
            let rest = page.split(&format!("id=\"{id}-breed-d\"")).nth(1).unwrap();
            rest.split("</svg>").next().unwrap()
        };
        let look_back = drawing("terugblik-wmo");
        assert_eq!(look_back.matches("<circle").count(), 24);
        assert_eq!(look_back.matches("fill=\"none\" stroke=\"#16242E\"").count(), 3);
        let course = drawing("verloop-wmo-som");
        assert!(course.contains("fill=\"#EEF2F5\"") && course.contains("stroke=\"#0B4F7D\""));
        assert!(page.contains("Samen: 20 van de 21 maanden kwamen uit binnen de band van toen"));
    }

    #[test]
    fn says_what_the_bands_rest_on() {
        let learned = page(|_| ());
        assert!(
            learned
                .contains("De banden rusten op 90\u{a0}eerdere voorspellingen uit 3\u{a0}jaren.")
        );
        assert!(learned.contains("op 12\u{a0}momenten"));
        assert!(learned.contains("Zo weinig jaren zeggen nog niet veel"));
        let old = page(|example| example.bands.years = 10);
        assert!(old.contains("uit 10\u{a0}jaren.") && !old.contains("Zo weinig jaren"));
        let shipped = page(|example| example.bands = Bands::shipped(10, true, false));
        assert!(shipped.contains("De banden rusten nog niet op eigen ervaring."));
    }

    #[test]
    fn dots_and_sentence_agree() {
        let example = example::example();
        let page = html(&example.facts());
        let drawing =
            page.split("id=\"stippen-breed-d\"").nth(1).unwrap().split("</svg>").next().unwrap();
        let acts = example.facts().acts();
        let said: usize = acts.iter().filter_map(|row| Chance::of(row)).map(Chance::dots).sum();
        assert_eq!(acts.len(), 3);
        assert_eq!(drawing.matches("<circle").count(), 30);
        let bad = |circle: &&str| circle.split("/>").next().unwrap().contains("fill=\"#9C3A06\"");
        assert_eq!(drawing.split("<circle").skip(1).filter(bad).count(), said);
    }

    #[test]
    fn escapes_hostile_names() {
        let evil = "<script>alert('x')</script>\"><img src=x onerror=y>";
        let mut example = example::example();
        for row in &mut example.outlook.years {
            for part in [&mut row.node.product, &mut row.node.taakveld].into_iter().flatten() {
                *part = format!("{part}{evil}");
            }
        }
        example.findings[0].message = evil.into();
        example.findings[1].place.file = evil.into();
        example.files[0].file = evil.into();
        example.reconciliation[0].file = evil.into();
        example.lines[0].reason = Some(evil.into());
        example.provenance.spec = evil.into();
        let facts = Facts { organisation: evil, model_owner: evil, code: evil, ..example.facts() };
        let page = html(&facts);
        assert_balanced(&page);
        assert!(!page.contains("<script") && !page.contains("<img"));
        assert!(page.contains("&lt;script&gt;"));
    }

    #[test]
    fn says_that_a_budget_is_missing() {
        let page = page(|example| {
            for row in &mut example.outlook.years {
                row.budget = None;
                row.chance_of_disadvantage = None;
            }
            example.outlook.cumulative.iter_mut().for_each(|course| course.budget = None);
        });
        assert_sound(&page);
        assert!(page.contains("Voor 2026 is geen begroting bekend."));
        assert!(
            page.contains("Voor 2026 tot en met 2030 is geen begroting van het geheel bekend.")
        );
        assert!(!page.contains("van de 10 stippen") && !page.contains("dan begroot (nadeel"));
    }

    #[test]
    fn speaks_of_the_booking_month_when_there_is_no_other() {
        let mut example = example::example();
        example.lines.iter_mut().for_each(|note| note.provisional_from = None);
        example.outlook.late.clear();
        example.hindsight = Hindsight::default();
        let page = html(&Facts { has_service_months: false, made_up: false, ..example.facts() });
        assert!(page.contains("De boekmaand staat daarvoor in de plaats"));
        assert!(page.contains("De aanvulling van late facturen staat uit."));
        assert!(page.contains("<code>drop_months = 3</code>"));
        assert!(!page.contains("Verzonnen cijfers"));
    }

    #[test]
    fn any_month_and_any_act_will_do() {
        for month in [0, 10, 11] {
            let page = page(|example| {
                example.outlook.as_of = Month::january(2026) + Months(month);
                for course in &mut example.outlook.cumulative {
                    let months = usize::try_from(month).unwrap() + 1;
                    course.booked = course.mean[..months].to_vec();
                    course.first_open = months;
                }
                example.outlook.years.retain(|row| row.node.wet != Some(Wet::Wmo));
                example.outlook.cumulative.retain(|course| course.wet != Some(Wet::Wmo));
            });
            assert_sound(&page);
        }
    }

    #[test]
    fn nothing_at_all_is_a_page_too() {
        let as_of = example::as_of();
        let empty = Outlook {
            as_of,
            years: Vec::new(),
            months: Vec::new(),
            cumulative: Vec::new(),
            late: Vec::new(),
            policy: Vec::new(),
            steps: Vec::new(),
            named: Vec::new(),
        };
        let page = page(|example| {
            example.outlook = empty;
            example.hindsight = Hindsight::default();
            example.findings.clear();
            example.reconciliation.clear();
            example.files.clear();
            example.lines.clear();
            example.provenance.last_observed = None;
        });
        assert_sound(&page);
        assert!(page.contains("<h1>Prognose 2026</h1>"));
        assert!(page.contains("Er zijn geen lasten in 2026."));
    }

    #[test]
    fn an_expectation_outside_its_band_is_told() {
        let calm = page(|_| ());
        assert!(!calm.contains("buiten haar eigen 95%-band"));
        let page = page(|example| {
            let years = &mut example.outlook.years;
            let row = years.iter_mut().find(|row| row.node.level == Level::Taakveld).unwrap();
            row.expected = row.quantiles.0[8] + Cents(50_000);
        });
        assert!(page.contains("buiten haar eigen 95%-band bij"));
    }

    #[test]
    fn a_cent_that_got_lost_is_told() {
        let page = page(|example| example.reconciliation[0].mapped += Cents(1));
        assert!(page.contains("De aansluiting klopt niet: er is €\u{a0}0,01 verschil."));
    }
}
