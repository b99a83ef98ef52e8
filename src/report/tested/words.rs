//! Names and chances in plain words.

use crate::backtest::{CHALLENGER, CHAMPION, RECONCILED};
use crate::report::bars::Way;
use crate::report::text;
use crate::score::Coverage;
use crate::units::Level;

/// A chance below this is rarely luck, and one from the other on says nothing.
const RARE: f64 = 0.05;
const COMMON: f64 = 0.2;

/// What a chance of luck comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Luck {
    /// Below 5 in 100.
    Rare,
    /// Below 20 in 100.
    Possible,
    /// Anything else.
    Common,
}

impl Luck {
    pub(super) fn of(chance: f64) -> Self {
        match () {
            () if chance < RARE => Self::Rare,
            () if chance < COMMON => Self::Possible,
            () => Self::Common,
        }
    }

    /// After the chance itself.
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::Rare => "Dat is zelden toeval.",
            Self::Possible => "Dat kan toeval zijn.",
            Self::Common => "Dat kan heel goed toeval zijn.",
        }
    }
}

/// Whether a band holds as often as it promises, by its exact limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Fit {
    /// It holds less often, even at its upper limit.
    Narrow,
    /// It holds more often, even at its lower limit.
    Broad,
    /// For all we know.
    Right,
}

impl Fit {
    pub(in crate::report) fn of(found: Coverage, meant: f64) -> Self {
        match () {
            () if found.high < meant => Self::Narrow,
            () if found.low > meant => Self::Broad,
            () => Self::Right,
        }
    }
}

/// The rule behind [`Luck`], for small print.
pub(super) const LUCK_RULE: &str = "Zo kiezen wij de woorden: minder dan 5 van de 100 keer is zelden toeval, tot 20 \
    van de 100 kan het toeval zijn, en daarboven kan het heel goed toeval zijn.";

/// `in 18 van de 100 keer`.
pub(super) fn often(chance: f64) -> String {
    if chance < 0.01 {
        return "in minder dan 1 van de 100 keer".to_owned();
    }
    format!("in {} van de 100 keer", text::decimals(100.0 * chance, 0))
}

/// A chance in a cell: so many of 100.
pub(super) fn of_hundred(chance: f64) -> String {
    if chance < 0.01 { "< 1".to_owned() } else { text::decimals(100.0 * chance, 0) }
}

/// The number of cases that a share of so many is.
#[expect(clippy::cast_precision_loss, reason = "counts of outcomes are small")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
pub(super) fn cases(share: f64, count: usize) -> usize {
    (share * count as f64).round() as usize
}

/// How a model is called; the name in the files where there is no plainer one.
pub(in crate::report) fn model(name: &str) -> &str {
    match name {
        CHAMPION => "ons model",
        CHALLENGER => "de uitdager",
        RECONCILED => "ons afgestemde model",
        "naief" => "laatste maand",
        "seizoensnaief" => "een jaar terug",
        "gemiddelde" => "lang gemiddelde",
        "drift" => "zelfde groei",
        "tempo" => "tempo tot nu toe",
        "vorig-jaar" => "vorig jaar",
        "gedempte-trend" => "gedempte trend",
        name => name,
    }
}

/// What a model does, in a line.
pub(super) fn explained(name: &str) -> &'static str {
    match name {
        CHALLENGER => "het model dat de plaats van ons model wil innemen",
        RECONCILED => "ons model, waarbij regels en sommen op elkaar zijn afgestemd",
        "naief" => "elke maand is gelijk aan de laatste",
        "seizoensnaief" => "elke maand is gelijk aan dezelfde maand een jaar eerder",
        "gemiddelde" => "elke maand is het gemiddelde van alle maanden tot nu toe",
        "drift" => "de gemiddelde groei van de hele reeks gaat door",
        "tempo" => "de rest van het jaar gaat in het tempo van de maanden tot nu toe",
        "uitputtingsprofiel" => {
            "het jaar is verdeeld over de maanden zoals in de drie jaren ervoor"
        }
        "vorig-jaar" => "het hele vorige kalenderjaar nog een keer",
        "mengsel" => "het meegeleverde mengsel van modellen",
        "ets" => "niveau, groei en seizoen, waarbij recente maanden zwaarder tellen",
        "regressie" => "groei, seizoen, werkdagen en beleid",
        "theta" => "halve groei op een niveau dat recente maanden volgt",
        "gedempte-trend" => "een groei die langzaam uitdooft",
        "dot" => "een groei die sterker of zwakker kan worden, naar wat het best paste",
        _ => "",
    }
}

/// What figures are about, in a heading or between brackets.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Totaal => "alles samen",
        Level::Wet => "per wet",
        Level::Taakveld => "per taakveld",
        Level::Product => "per product",
        Level::Brug => "per brug",
    }
}

/// The parts of a level, in a sentence.
pub(super) fn parts(level: Level) -> &'static str {
    match level {
        Level::Totaal => "alles samen",
        Level::Wet => "de wetten",
        Level::Taakveld => "de taakvelden",
        Level::Product => "de producten",
        Level::Brug => "de bruggen",
    }
}

/// `5,2% te hoog`.
pub(super) fn off(bias: f64) -> String {
    let way = if bias < 0.0 { "te laag" } else { "te hoog" };
    format!("{} {way}", text::percent(bias.abs()))
}

/// An interval of a bias: `tussen 2,0% te laag en 6,1% te hoog`.
pub(super) fn between((low, high): (f64, f64)) -> String {
    let size = |bias: f64| text::percent(bias.abs());
    if low >= 0.0 {
        format!("tussen {} en {} te hoog", size(low), size(high))
    } else if high <= 0.0 {
        format!("tussen {} en {} te laag", size(high), size(low))
    } else {
        format!("tussen {} en {}", off(low), off(high))
    }
}

/// The side of an error in a sentence.
pub(super) fn side(way: Way) -> &'static str {
    match way {
        Way::High => "meestal te hoog",
        Way::Low => "meestal te laag",
        Way::Mixed => "dan weer te hoog, dan weer te laag",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_counts_of_a_hundred() {
        assert_eq!(often(0.004), "in minder dan 1 van de 100 keer");
        assert_eq!(often(0.1817), "in 18 van de 100 keer");
        assert_eq!(of_hundred(0.0099), "< 1");
        let found = [0.049, 0.05, 0.199, 0.2].map(Luck::of);
        assert_eq!(found, [Luck::Rare, Luck::Possible, Luck::Possible, Luck::Common]);
        assert_eq!(cases(44.0 / 63.0, 63), 44);
    }

    #[test]
    fn biases_say_their_side() {
        assert_eq!(off(-0.012), "1,2% te laag");
        assert_eq!(between((0.031, 0.073)), "tussen 3,1% en 7,3% te hoog");
        assert_eq!(between((-0.05, -0.02)), "tussen 2,0% en 5,0% te laag");
        assert_eq!(between((-0.02, 0.061)), "tussen 2,0% te laag en 6,1% te hoog");
    }
}
