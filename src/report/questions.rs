//! Section 8: questions for the meeting, each from a fact in the figures.

use super::chance::Chance;
use super::facts::{Facts, act_name, lacks_budget, node_name, row_name};
use super::markup::{Gap, link, section};
use super::{norms, remarks, signals, text};
use crate::outlook::YearRow;
use crate::units::{Cents, Level, Measure};
use maud::{Markup, html};

/// A question with the fact that calls for it.
struct Question {
    ask: String,
    whom: &'static str,
    fact: String,
    /// The id of the section that shows it.
    section: &'static str,
}

pub(super) fn render(facts: &Facts) -> Markup {
    let rules: [fn(&Facts) -> Option<Question>; 12] = [
        disadvantage,
        advantage,
        prudence,
        widest,
        late,
        unclassified,
        signal,
        stopped,
        started,
        jumped,
        no_budget,
        later_years,
    ];
    let norms = norms::questions(facts)
        .into_iter()
        .map(|(ask, whom, fact)| item(&ask, &whom, &fact, "onderdelen"));
    let asked = rules.iter().filter_map(|rule| rule(facts));
    let asked =
        asked.map(|question| item(&question.ask, question.whom, &question.fact, question.section));
    let questions: Vec<Markup> = norms.chain(asked).collect();
    section(
        "vragen",
        "Wat moeten we samen bespreken?",
        &html! {
            @if questions.is_empty() {
                p { "De cijfers van deze maand roepen geen vragen op." }
            } @else {
                ol.gv { @for question in &questions { (question) } }
                (norms::agreed(facts))
            }
        },
    )
}

fn item(ask: &str, whom: &str, fact: &str, section: &str) -> Markup {
    html! {
        li {
            b { (ask) }
            span { "Voor " (whom) ". " (fact) " Zie " (link(section)) "." }
        }
    }
}

/// The taakvelden of this year with a gap on one side, the largest first.
fn gaps<'a>(facts: &Facts<'a>, bad: bool) -> Vec<(&'a YearRow, Gap)> {
    let rows = facts.rows(facts.year(), Level::Taakveld, Measure::Lasten).into_iter();
    let mut gaps: Vec<_> = rows.filter_map(|row| Some((row, Gap::of(row)?))).collect();
    gaps.retain(|(_, gap)| gap.is_bad() == bad);
    gaps.sort_by_key(|(_, gap)| std::cmp::Reverse(gap.size));
    gaps
}

/// The product with the largest gap on the same side, as a sentence.
fn product_behind(facts: &Facts, row: &YearRow, gap: Gap) -> String {
    let products = facts.products(row);
    let several = products.len() > 1;
    let behind = products.into_iter().filter_map(|product| Some((product, Gap::of(product)?)));
    let behind = behind
        .filter(|(_, part)| several && part.letter == gap.letter)
        .max_by_key(|(_, part)| part.size);
    behind.map_or_else(String::new, |(product, part)| {
        format!(" Het meest bij {}: {}.", row_name(product), text::euros(part.size))
    })
}

fn disadvantage(facts: &Facts) -> Option<Question> {
    let (row, gap) = *gaps(facts, true).first()?;
    let chance = Chance::of(row).and_then(Chance::words);
    let chance = chance.map_or_else(String::new, |words| format!(" {words} is er een nadeel."));
    Some(Question {
        ask: format!(
            "Waardoor komt {} naar verwachting {} boven de begroting uit?",
            row_name(row),
            text::euros(gap.size)
        ),
        whom: "de budgethouder",
        fact: format!(
            "Dit is het grootste nadeel van alle taakvelden.{chance}{}",
            product_behind(facts, row, gap)
        ),
        section: "onderdelen",
    })
}

fn advantage(facts: &Facts) -> Option<Question> {
    let (row, gap) = *gaps(facts, false).first()?;
    Some(Question {
        ask: format!(
            "Blijft het voordeel van {} bij {} bestaan?",
            text::euros(gap.size),
            row_name(row)
        ),
        whom: "de budgethouder",
        fact: format!(
            "Dit is het grootste voordeel van alle taakvelden.{}",
            product_behind(facts, row, gap)
        ),
        section: "onderdelen",
    })
}

/// The largest flag that nobody explained yet: who knows what changed?
fn signal(facts: &Facts) -> Option<Question> {
    let mut open = signals::signals(facts);
    open.retain(|test| remarks::answer_to(facts, test).is_none());
    let test = *open.first()?;
    let line = test.line.as_ref()?;
    let since =
        test.since.map_or_else(String::new, |month| format!(" sinds {}", text::month(month)));
    let amount = test.per_year().map_or_else(String::new, |euros| {
        format!(" Dat is ongeveer {} per jaar.", text::more_or_less(Cents::from_euros(euros)))
    });
    Some(Question {
        ask: format!("Wat speelt er{since} bij {}?", line.product),
        whom: "inkoop",
        fact: format!(
            "Wij zien daar: {}.{amount} Het model weet niet waardoor.{}",
            signals::seen(test),
            waiting(open.len() - 1)
        ),
        section: "signalen",
    })
}

/// That more flags wait for an answer.
fn waiting(more: usize) -> String {
    match more {
        0 => String::new(),
        1 => " Nog 1 ander signaal wacht op een antwoord.".to_owned(),
        more => format!(" Nog {} andere signalen wachten op een antwoord.", text::count(more)),
    }
}

/// The act with the largest disadvantage: which amount to count on.
fn prudence(facts: &Facts) -> Option<Question> {
    let acts = facts.rows(facts.year(), Level::Wet, Measure::Lasten).into_iter();
    let acts = acts.filter_map(|row| Some((row, Gap::of(row)?))).filter(|(_, gap)| gap.is_bad());
    let (row, _) = acts.max_by_key(|(_, gap)| gap.size)?;
    Some(Question {
        ask: format!(
            "Rekenen we voor {} met de verwachting of met een voorzichtiger bedrag?",
            act_name(row.node.wet)
        ),
        whom: "de manager en de controller",
        fact: format!(
            "De verwachting is {}. Met {} is er in 3 van de 4 gevallen genoeg, met {} in 9 van de 10.",
            text::euros(row.expected),
            text::euros(row.quantiles.p75()),
            text::euros(row.quantiles.p90()),
        ),
        section: "kern",
    })
}

/// The taakveld with the widest band, when that is over a tenth of its expectation.
fn widest(facts: &Facts) -> Option<Question> {
    let rows = facts.rows(facts.year(), Level::Taakveld, Measure::Lasten).into_iter();
    let width = |row: &YearRow| row.quantiles.p90() - row.quantiles.p10();
    let row = rows.max_by_key(|row| width(row))?;
    (width(row).0.abs() * 10 > row.expected.0.abs()).then(|| Question {
        ask: format!("Wat weten we over {} dat niet in de boekingen staat?", row_name(row)),
        whom: "toegang en inkoop",
        fact: format!(
            "De prognose is hier het minst zeker: de 80%-band loopt van {} tot {}.",
            text::euros(row.quantiles.p10()),
            text::euros(row.quantiles.p90()),
        ),
        section: "onderdelen",
    })
}

fn late(facts: &Facts) -> Option<Question> {
    let total = facts.late(Level::Totaal, Measure::Lasten).first()?.total.to_receive;
    let rows = facts.late(Level::Taakveld, Measure::Lasten).into_iter();
    let most = rows.max_by_key(|row| row.total.to_receive)?;
    (text::in_thousands(total) > 0).then(|| Question {
        ask: format!(
            "Welke grote facturen tot en met {} zijn nog onderweg?",
            text::month(facts.outlook.as_of)
        ),
        whom: "contractmanagement",
        fact: format!(
            "Geschat is {} aan nog te ontvangen facturen, het meest bij {}: {}.",
            text::euros(total),
            node_name(&most.node),
            text::euros(most.total.to_receive),
        ),
        section: "facturen",
    })
}

fn unclassified(facts: &Facts) -> Option<Question> {
    let amount = facts.unclassified();
    let codes = facts.findings.iter().filter(|finding| finding.code == "unmapped-code").count();
    let said = match codes {
        0 => "De code ontbreekt in de indeling.".to_owned(),
        1 => "Er is 1 bevinding over een code die in de indeling ontbreekt.".to_owned(),
        n => format!(
            "Er zijn {} bevindingen over codes die in de indeling ontbreken.",
            text::count(n)
        ),
    };
    (amount != Cents::ZERO).then(|| Question {
        ask: format!("Bij welke regel hoort de {} die nog niet is ingedeeld?", text::euros(amount)),
        whom: "het gegevensbeheer",
        fact: said,
        section: "datakwaliteit",
    })
}

fn stopped(facts: &Facts) -> Option<Question> {
    from_finding(
        facts,
        "line-stops",
        "Klopt het dat hier niets meer wordt geboekt?",
        "de budgethouder",
    )
}

fn started(facts: &Facts) -> Option<Question> {
    from_finding(
        facts,
        "line-starts",
        "Is dit nieuwe zorg, of bestaande zorg onder een andere code?",
        "de budgethouder",
    )
}

fn jumped(facts: &Facts) -> Option<Question> {
    from_finding(facts, "jump", "Wat verklaart deze sprong?", "de budgethouder")
}

/// A question about the first finding of a rule, which is the largest.
fn from_finding(facts: &Facts, code: &str, ask: &str, whom: &'static str) -> Option<Question> {
    let mut found = facts.findings.iter().filter(|finding| finding.code == code);
    let first = found.next()?;
    let more = match found.count() {
        0 => String::new(),
        more => format!(
            " En nog {}.",
            text::counted(more, "soortgelijke bevinding", "soortgelijke bevindingen")
        ),
    };
    let fact = format!("{}.{more}", first_sentence(&first.message));
    Some(Question { ask: ask.to_owned(), whom, fact, section: "datakwaliteit" })
}

/// The first sentence of a message without its stop, its list between brackets and its cents: the
/// whole stands with the findings.
fn first_sentence(message: &str) -> String {
    let (sentence, _) = message.split_once(". ").unwrap_or((message.trim_end_matches('.'), ""));
    let bare = match (sentence.find(" ("), sentence.rfind(')')) {
        (Some(open), Some(close)) if open < close => {
            sentence[..open].to_owned() + &sentence[close + 1..]
        }
        _ => sentence.to_owned(),
    };
    let mut parts = bare.split(',');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 2 && whole.ends_with(|last: char| last.is_ascii_digit()) {
            whole += &part[2..];
        } else {
            whole.push(',');
            whole += part;
        }
    }
    whole
}

fn no_budget(facts: &Facts) -> Option<Question> {
    let rows = facts.rows(facts.year(), Level::Taakveld, Measure::Lasten).into_iter();
    let missing: Vec<&YearRow> = rows.filter(|row| lacks_budget(row)).collect();
    let names: Vec<String> = missing.iter().map(|row| row_name(row)).collect();
    let total: Cents = missing.iter().map(|row| row.expected).sum();
    (!names.is_empty()).then(|| Question {
        ask: format!("Welke begroting hoort bij {}?", text::list(&names)),
        whom: "de controller",
        fact: format!(
            "Verwacht wordt {}, maar een begroting voor {} is niet bekend.",
            text::euros(total),
            facts.year()
        ),
        section: "onderdelen",
    })
}

fn later_years(facts: &Facts) -> Option<Question> {
    let missing: Vec<i32> = facts
        .horizon()
        .into_iter()
        .filter(|&year| facts.total(year, Measure::Lasten).is_some_and(|row| row.budget.is_none()))
        .collect();
    (!missing.is_empty()).then(|| Question {
        ask: format!("Met welke begroting vergelijken we {}?", text::years(&missing)),
        whom: "de controller",
        fact: "Zonder begroting is er een prognose, maar geen afwijking.".to_owned(),
        section: "meerjaren",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_one_plain_sentence() {
        let message = "Na juni komt er niets meer op 2 regels (a; b (c)); eerder was dat samen € 1.234,56, \
                       12,2 keer zoveel. Zoek het uit.";
        assert_eq!(
            first_sentence(message),
            "Na juni komt er niets meer op 2 regels; eerder was dat samen € 1.234, 12,2 keer zoveel"
        );
        assert_eq!(first_sentence("Kort."), "Kort");
        assert_eq!(first_sentence(""), "");
    }
}
