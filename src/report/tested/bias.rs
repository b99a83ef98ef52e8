//! Whether a report is too high or too low, in words and with its tests.

use super::words::{self, Luck, between, of_hundred, off, often};
use crate::backtest::{Bias, Ladder};
use crate::report::markup::{folded, head, head_text, table};
use crate::report::text;
use maud::{Markup, html};

/// With fewer years a count of sides can never be rarer than 5 in 100: 2 ÷ 2⁵ is .06.
const ENOUGH: usize = 6;

/// Whether the report is too high or too low, and how sure that is.
pub(super) fn verdict(report: &str, bias: &Bias) -> Markup {
    let (above, count) = (bias.sign.statistic, bias.sign.count);
    let way = if bias.mean < 0.0 { "te laag" } else { "te hoog" };
    html! {
        p {
            "De " (report) " kwam in " (text::counted(bias.years, "jaar", "jaren")) " gemiddeld " strong { (off(bias.mean)) }
            " uit. "
            @if let Some(interval) = bias.interval {
                "Met 90% zekerheid ligt het echte gemiddelde " (between(interval)) ". "
            }
            "In " (text::decimals(above, 0)) " van de " (text::counted(count, "jaar", "jaren")) " was zij te hoog. Door toeval "
            "komt zo'n scheve telling " (often(bias.sign.two_sided)) " voor. Telt ook de grootte mee, dan "
            (often(bias.ranks.two_sided)) ". "
            strong {
                @match luck(bias) {
                    Luck::Rare => { "Dat is zelden toeval: de rapportage is " (way) "." }
                    Luck::Possible => { "Dat wijst op " (way) ", maar het kan toeval zijn." }
                    Luck::Common => "Bewezen is er niets: het kan heel goed toeval zijn.",
                }
            }
            @if count < ENOUGH { " Met zo weinig jaren kan zo'n telling nooit meer zijn dan een aanwijzing." }
        }
        @if let Some(place) = bias.place { p { (placed(place)) } }
    }
}

/// The weaker of both counts decides.
pub(super) fn luck(bias: &Bias) -> Luck {
    Luck::of(bias.sign.two_sided).max(Luck::of(bias.ranks.two_sided))
}

/// Where the report lay in the band of the model.
fn placed(place: f64) -> Markup {
    let lower = if place >= 0.975 {
        "meer dan 97".to_owned()
    } else if place <= 0.025 {
        "minder dan 3".to_owned()
    } else {
        text::decimals(100.0 * place, 0)
    };
    html! {
        "Volgens ons model van toen zou de uitkomst in " (lower) " van de 100 gevallen lager zijn dan de rapportage "
        "(het midden van alle jaren). Bij een rapportage die in het midden mikt is dat 50."
    }
}

/// The tests behind the sentence, folded.
pub(super) fn proof(at: usize, report: &str, ladder: &Ladder) -> Markup {
    let bias = &ladder.bias;
    let heads = [head_text("Toets"), head_text("Gevonden"), head("Zo vaak toeval, van de 100")];
    let row = |name: &str, found: &str, chance: f64| {
        html! { tr { th scope="row" { (name) } td.t { (found) } td { (of_hundred(chance)) } } }
    };
    let above = format!("{} van de {} jaren te hoog", bias.sign.statistic, bias.sign.count);
    let body = html! {
        (row("Telling van de kanten (tekentoets)", &above, bias.sign.two_sided))
        (row("Kanten en groottes (Wilcoxon)", &off(bias.mean), bias.ranks.two_sided))
        @if let Some(found) = bias.efficiency {
            @let said = format!("1% hoger geraamd: {}% hogere uitkomst", text::decimals(found.slope, 2));
            (row("Volgt de uitkomst de raming één op één? (Mincer-Zarnowitz)", &said, found.chance))
        }
    };
    let title = format!("Hoe zeker is het? {}", text::capital(report));
    let note = format!("Lasten, {} · jaren tellen één keer mee", words::level(ladder.level));
    folded(
        "De toetsen hierachter",
        false,
        &table(&format!("trap-{at}-toetsen"), &title, &note, &heads, &body),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_beyond_the_quantiles_is_a_bound() {
        assert!(placed(0.975).into_string().contains("in meer dan 97 van de 100"));
        assert!(placed(0.025).into_string().contains("in minder dan 3 van de 100"));
        assert!(placed(0.86).into_string().contains("in 86 van de 100"));
    }
}
