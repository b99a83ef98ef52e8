//! The report: its title and its sections.

use super::facts::Facts;
use super::markup::{SECTIONS, WITH_PEERS};
use super::shell::Shell;
use super::{
    account, changes, core, course, horizon, late, peers, quality, questions, readings, reliable,
    remarks, self_test, signals, taakveld, text, year,
};
use crate::units::{Level, Measure, Wet};
use maud::{Markup, html};

/// The report as pages of HTML: where each goes in the output folder, and what it says. The first is
/// `report.html`, which stands alone; the others lie in `report/` and are linked from it.
#[must_use]
pub fn pages(facts: &Facts) -> Vec<(String, String)> {
    let taakvelden = taakveld::all(facts);
    let of = |one: taakveld::Taakveld| (one.path.clone(), taakveld::page(facts, &one));
    // It is about files that only the department has.
    let self_test =
        (!facts.is_public()).then(|| (self_test::PATH.to_owned(), self_test::page(facts)));
    std::iter::once(("report.html".to_owned(), summary(facts)))
        .chain(self_test)
        .chain(taakvelden.into_iter().map(of))
        .collect()
}

/// The page that stands alone.
fn summary(facts: &Facts) -> String {
    let shell = Shell {
        title: &title(facts),
        organisation: facts.organisation,
        model_owner: facts.model_owner,
        as_of: facts.outlook.as_of,
        made_up: facts.made_up,
        version: &facts.provenance.version,
        up: None,
        meta: meta(facts),
        contents: if facts.peers.is_some() { &WITH_PEERS } else { &SECTIONS },
    };
    shell.page(&sections(facts))
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

fn meta(facts: &Facts) -> Markup {
    let now = facts.outlook.as_of;
    html! {
        span { "geboekt tot en met " b { (text::month(now)) } }
        @if let Some(last) = facts.provenance.last_observed.filter(|&last| last != now) {
            span { "laatste boeking in " b { (text::month(last)) } }
        }
    }
}

fn sections(facts: &Facts) -> Markup {
    html! {
        (core::render(facts))
        (readings::render(facts))
        (year::render(facts))
        (changes::render(facts))
        (signals::render(facts))
        (remarks::render(facts))
        (course::render(facts))
        (late::render(facts))
        (reliable::render(facts))
        (horizon::render(facts))
        (quality::render(facts))
        (questions::render(facts))
        (account::render(facts))
        (peers::render(facts))
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
    use crate::report::sound::{assert_balanced, assert_sound};
    use crate::units::{Cents, Month, Months};

    const PAGES: [&str; 1] = [self_test::PATH];

    fn page(change: impl FnOnce(&mut Example)) -> String {
        let mut example = example::example();
        change(&mut example);
        summary(&example.facts())
    }

    #[test]
    fn is_one_sound_page() {
        let page = page(|_| ());
        assert_sound(&page, &PAGES);
        assert!(page.contains("<title>Prognose Wmo en Jeugd 2026, oktober 2026"));
        assert!(page.contains("Verzonnen cijfers."));
        for section in SECTIONS {
            assert!(page.contains(section.title), "{}", section.title);
        }
        for drawing in page.split("<svg").skip(1) {
            let head = drawing.split_once('>').unwrap().0;
            assert!(head.contains("aria-hidden") || head.contains("role=\"img\""), "{head}");
        }
    }

    #[test]
    fn shows_the_rows_as_given() {
        let example = example::example();
        let page = summary(&example.facts());
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
        let page = summary(&example.facts());
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
        let page = summary(&example.facts());
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
        let page = summary(&facts);
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
        assert_sound(&page, &PAGES);
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
        let page = summary(&Facts { has_service_months: false, made_up: false, ..example.facts() });
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
            assert_sound(&page, &PAGES);
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
        assert_sound(&page, &PAGES);
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
