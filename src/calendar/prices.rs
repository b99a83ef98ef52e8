//! Price indices: what wages and prices did per year, and which lines follow them by how much.

use super::Tariff;
use super::scope::covers;
use crate::error::Error;
use crate::units::{LineId, Month, Months};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A rate beyond so many per cent in a year is a typing error.
const ABSURD: f64 = 25.0;
/// A provisional figure comes so many months before its year, in October, unless it says otherwise.
const AHEAD: Months = Months(3);
/// Weights may miss their sum by so much, which is rounding.
const ROUNDING: f64 = 1e-9;

/// The content of `prijzen.toml`. Nothing in it has a value of its own: no table, no tariffs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// The figures, in the order of the file.
    #[serde(default, rename = "index")]
    pub figures: Vec<Figure>,
    /// Who follows them; the first that covers a line counts.
    #[serde(default, rename = "weight")]
    pub weights: Vec<Weight>,
}

/// What one index did in one year, in per cent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// The name of the index, with or without capitals.
    pub name: String,
    /// The year.
    pub year: i32,
    /// The figure that is paid in the year itself.
    pub provisional: f64,
    /// What it turned out to be; the difference is corrected in the year after.
    #[serde(default, rename = "final", skip_serializing_if = "Option::is_none")]
    pub settled: Option<f64>,
    /// Since when the provisional figure is known; October of the year before when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_from: Option<Month>,
    /// Since when the final figure is known; January of the year after when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_from: Option<Month>,
    /// The least that the figure may turn out to be, as long as it is not final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// Which part of each index the tariffs of some lines follow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weight {
    /// The lines, written as the scope of an event: `[wet/]pattern[/side]`.
    pub lines: Vec<String>,
    /// Per index its part, 0 to 1. Parts may add up to less than 1: a contract may follow half of an
    /// index. With nothing but zeros the lines have no tariff.
    #[serde(flatten)]
    pub parts: BTreeMap<String, f64>,
}

/// Where a fault is: the place of a figure or a weight among its own kind in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A figure.
    Index(usize),
    /// A weight.
    Weight(usize),
}

impl Prices {
    /// What is wrong with the table, at most one fault per entry: a year twice or left out, a rate that
    /// is no rate, dates or ranges that can not be, a weight of nothing, of no line or of an index
    /// without figures.
    #[must_use]
    pub fn faults(&self) -> Vec<(Entry, Error)> {
        let figures = (0..self.figures.len()).filter_map(|at| {
            let Figure { name, year, .. } = &self.figures[at];
            let (what, advice) = self.figure_fault(at)?;
            let error = Error::input(format!("index {name:?} of {year}: {what}")).advice(advice);
            Some((Entry::Index(at), error))
        });
        let weights = self.weights.iter().enumerate().filter_map(|(at, weight)| {
            let (what, advice) = self.weight_fault(weight)?;
            let error = Error::input(format!("weight of {:?}: {what}", weight.lines));
            Some((Entry::Weight(at), error.advice(advice)))
        });
        figures.chain(weights).collect()
    }

    fn figure_fault(&self, at: usize) -> Option<(String, &'static str)> {
        let figure = &self.figures[at];
        let years =
            || self.figures.iter().filter(|other| other.is_of(&figure.name)).map(|f| f.year);
        let before = self.figures[..at].iter().filter(|other| other.is_of(&figure.name));
        if before.clone().any(|other| other.year == figure.year) {
            return Some(("it is given twice".into(), "keep one of the two"));
        }
        if years().any(|year| year < figure.year) && !years().any(|year| year == figure.year - 1) {
            let what = format!("{} is left out, while an earlier year is there", figure.year - 1);
            return Some((what, "add that year, since tariffs are built up year by year"));
        }
        if self.weights.is_empty() && at == 0 {
            let advice = "add [[weight]] with lines = [\"*\"] and a part for each index";
            return Some(("no weight says which lines follow it".into(), advice));
        }
        figure.fault()
    }

    fn weight_fault(&self, weight: &Weight) -> Option<(String, &'static str)> {
        let share = "write the part of each index as a share, as in ova = 0.9";
        if weight.lines.is_empty() {
            return Some(("it names no lines".into(), "write lines = [\"*\"] for all lasten"));
        }
        if weight.parts.is_empty() {
            return Some(("it follows no index".into(), share));
        }
        let named =
            |name: &str| weight.parts.keys().filter(|key| key.eq_ignore_ascii_case(name)).count();
        for (name, part) in &weight.parts {
            if !self.figures.iter().any(|figure| figure.is_of(name)) {
                let advice = "add its figures as [[index]], or correct the name";
                return Some((format!("there are no figures of {name:?}"), advice));
            }
            if named(name) > 1 {
                return Some((format!("{name:?} is given twice"), "keep one of the two"));
            }
            if !(0.0..=1.0).contains(part) {
                return Some((format!("{name} = {part} is not between 0 and 1"), share));
            }
        }
        let sum: f64 = weight.parts.values().sum();
        let what = || (format!("its parts add up to {sum}, which is more than 1"), share);
        (sum > 1.0 + ROUNDING).then(what)
    }

    /// The tariff of `line` as far as it was known at the end of `as_of`; `None` when it follows no
    /// index, or when nothing was known yet.
    #[must_use]
    pub fn of(&self, line: &LineId, as_of: Month) -> Option<Tariff> {
        let weight = self.weights.iter().find(|weight| weight.covers(line))?;
        Tariff::new(&self.figures, weight, as_of)
    }

    /// The indices that some lines follow and whose provisional figure of `year` was not known at the
    /// end of `as_of`.
    #[must_use]
    pub fn missing(&self, year: i32, as_of: Month) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for Figure { name, .. } in &self.figures {
            let mut figures = self.figures.iter().filter(|figure| figure.is_of(name));
            let there = figures.any(|figure| figure.year == year && figure.is_known(as_of));
            let told = names.iter().any(|told| told.eq_ignore_ascii_case(name));
            if self.is_followed(name) && !there && !told {
                names.push(name);
            }
        }
        names
    }

    /// The indices that some lines follow and of which only the provisional figure of `year` was known
    /// at the end of `as_of`.
    #[must_use]
    pub fn not_final(&self, year: i32, as_of: Month) -> Vec<&str> {
        let open = |figure: &&Figure| {
            figure.year == year
                && figure.is_known(as_of)
                && figure.settled_by(as_of).is_none()
                && self.is_followed(&figure.name)
        };
        self.figures.iter().filter(open).map(|figure| figure.name.as_str()).collect()
    }

    fn is_followed(&self, name: &str) -> bool {
        let mut followed = self.weights.iter().flat_map(Weight::followed);
        followed.any(|(index, _)| index.eq_ignore_ascii_case(name))
    }
}

impl Weight {
    /// Whether it is about `line`.
    #[must_use]
    pub fn covers(&self, line: &LineId) -> bool {
        self.lines.iter().any(|pattern| covers(pattern, line))
    }

    /// Each index that counts, with its part.
    pub(super) fn followed(&self) -> impl Iterator<Item = (&str, f64)> {
        let parts = self.parts.iter().map(|(name, part)| (name.as_str(), *part));
        parts.filter(|(_, part)| *part != 0.0)
    }
}

impl Figure {
    /// Whether it is a figure of the index `name`.
    pub(super) fn is_of(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Whether the provisional figure was known at the end of `as_of`.
    pub(super) fn is_known(&self, as_of: Month) -> bool {
        self.provisional_from() <= as_of
    }

    /// The final figure, when it was known at the end of `as_of`.
    pub(super) fn settled_by(&self, as_of: Month) -> Option<f64> {
        self.settled.filter(|_| self.settled_from() <= as_of)
    }

    fn provisional_from(&self) -> Month {
        self.known_from.unwrap_or(Month::january(self.year) - AHEAD)
    }

    fn settled_from(&self) -> Month {
        self.final_from.unwrap_or(Month::january(self.year + 1))
    }

    fn fault(&self) -> Option<(String, &'static str)> {
        if self.name.trim().is_empty() {
            return Some(("it has no name".into(), "write name = \"OVA\""));
        }
        if Month::new(self.year, 1).is_none() {
            return Some(("there is no such year".into(), "write it as in year = 2026"));
        }
        let rates = [Some(self.provisional), self.settled, self.low, self.high];
        if let Some(rate) =
            rates.into_iter().flatten().find(|rate| !(-ABSURD..=ABSURD).contains(rate))
        {
            let advice = "write per cent in a year, as in 4.18; figures beyond 25 are refused";
            return Some((format!("{rate} is no rate"), advice));
        }
        let (low, high) = (self.low.unwrap_or(-ABSURD), self.high.unwrap_or(ABSURD));
        if !(low..=high).contains(&self.provisional) {
            let advice = "the provisional figure lies between low and high";
            return Some(("low, provisional and high do not ascend".into(), advice));
        }
        let (known_from, final_from) = (self.provisional_from(), self.settled_from());
        let what = || format!("it is known from {known_from}, but final from {final_from}");
        (known_from > final_from).then(|| (what(), "correct known_from or final_from"))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::units::{Side, Wet};

    /// The figures of VNG for the years 2023 to 2025, as in the guide.
    pub(in crate::calendar) fn vng() -> Prices {
        let ova = [(2023, 4.74, Some(6.36)), (2024, 4.94, Some(6.00)), (2025, 4.18, None)];
        let ppc = [(2023, 4.87, Some(7.02)), (2024, 2.51, Some(3.10)), (2025, 1.82, None)];
        let of = |name: &str, years: [(i32, f64, Option<f64>); 3]| {
            years.map(|(year, provisional, settled)| figure(name, year, provisional, settled))
        };
        Prices {
            figures: [of("OVA", ova), of("ppc", ppc)].concat(),
            weights: vec![weight(&["*"], &[("ova", 0.9), ("ppc", 0.1)])],
        }
    }

    pub(in crate::calendar) fn figure(
        name: &str,
        year: i32,
        provisional: f64,
        settled: Option<f64>,
    ) -> Figure {
        let (known_from, final_from, low, high) = (None, None, None, None);
        Figure { name: name.into(), year, provisional, settled, known_from, final_from, low, high }
    }

    pub(in crate::calendar) fn weight(lines: &[&str], parts: &[(&str, f64)]) -> Weight {
        let parts = parts.iter().map(|(name, part)| ((*name).to_owned(), *part)).collect();
        Weight { lines: lines.iter().map(|line| (*line).to_owned()).collect(), parts }
    }

    pub(in crate::calendar) fn line() -> LineId {
        let (taakveld, product) = ("6.711".into(), "Hulp".into());
        LineId { wet: Wet::Wmo, taakveld, product, side: Side::Lasten }
    }

    fn told(spoil: impl Fn(&mut Prices)) -> Vec<String> {
        let mut prices = vng();
        spoil(&mut prices);
        prices.faults().into_iter().map(|(_, error)| error.to_string()).collect()
    }

    #[test]
    fn the_first_weight_that_covers_a_line_counts() {
        let mut prices = vng();
        let as_of = Month::january(2026);
        let step = |prices: &Prices| prices.of(&line(), as_of).map(|tariff| tariff.step(2023));
        prices.weights.insert(0, weight(&["Jeugd"], &[("ova", 1.0)]));
        assert!((step(&prices).unwrap() - 0.04753).abs() < 1e-12);
        prices.weights.insert(0, weight(&["Hulp"], &[("OVA", 0.5)]));
        // Half of 4.74.
        assert!((step(&prices).unwrap() - 0.0237).abs() < 1e-12);
        // Zero is a choice: no tariff.
        prices.weights.insert(0, weight(&["6.71*"], &[("ova", 0.0)]));
        assert_eq!(step(&prices), None);
        assert_eq!(vng().of(&LineId { side: Side::Baten, ..line() }, as_of), None);
        assert_eq!(Prices::default().of(&line(), as_of), None);
    }

    #[test]
    fn tells_what_is_missing_at_a_month() {
        let prices = vng();
        assert!(prices.missing(2025, Month::january(2025)).is_empty());
        assert_eq!(prices.missing(2026, Month::january(2026)), ["OVA", "ppc"]);
        // The final figure of 2024 is known from January 2025.
        assert_eq!(prices.not_final(2024, Month::december(2024)), ["OVA", "ppc"]);
        assert!(prices.not_final(2022, Month::december(2024)).is_empty());
        assert!(prices.not_final(2024, Month::january(2025)).is_empty());
        let alone =
            Prices { weights: vec![weight(&["*"], &[("ova", 0.5), ("ppc", 0.0)])], ..vng() };
        assert_eq!(alone.missing(2026, Month::january(2026)), ["OVA"]);
    }

    #[test]
    fn refuses_figures_that_can_not_be() {
        type Case = (fn(&mut Prices), &'static str);
        assert!(told(|_| ()).is_empty());
        let cases: [Case; 10] = [
            (
                |p| p.figures.push(figure("ova", 2023, 4.7, None)),
                "\"ova\" of 2023: it is given twice",
            ),
            (|p| drop(p.figures.remove(1)), "index \"OVA\" of 2025: 2024 is left out"),
            (|p| p.figures[0].provisional = 474.0, "index \"OVA\" of 2023: 474 is no rate"),
            (|p| p.figures[0].settled = Some(f64::NAN), "NaN is no rate"),
            (|p| p.figures[2].high = Some(4.0), "low, provisional and high do not ascend"),
            (|p| p.figures[2].low = Some(4.5), "low, provisional and high do not ascend"),
            (|p| p.figures[0].known_from = Some(Month::january(2025)), "but final from 2024-01"),
            (|p| p.figures.push(figure("cpi", 25, 2.0, None)), "there is no such year"),
            (|p| p.figures.push(figure(" ", 2025, 2.0, None)), "it has no name"),
            (|p| p.weights.clear(), "no weight says which lines follow it"),
        ];
        for (spoil, message) in cases {
            let told = told(spoil);
            assert!(told.len() == 1 && told[0].contains(message), "{message}: {told:?}");
        }
    }

    #[test]
    fn refuses_weights_that_can_not_be() {
        type Case<'a> = (&'a [&'a str], &'a [(&'a str, f64)], &'a str);
        let cases: [Case; 7] = [
            (&[], &[("ova", 0.9)], "it names no lines"),
            (&["*"], &[], "weight of [\"*\"]: it follows no index"),
            (&["*"], &[("cpi", 0.9)], "there are no figures of \"cpi\""),
            (&["*"], &[("OVA", 0.4), ("ova", 0.4)], "is given twice"),
            (&["*"], &[("ova", 90.0)], "ova = 90 is not between 0 and 1"),
            (&["*"], &[("ova", f64::NAN)], "ova = NaN is not between 0 and 1"),
            (&["*"], &[("ova", 0.9), ("ppc", 0.2)], "more than 1"),
        ];
        for (lines, parts, message) in cases {
            let told = told(|prices| prices.weights.push(weight(lines, parts)));
            assert!(told.len() == 1 && told[0].contains(message), "{message}: {told:?}");
        }
        // .7 + .2 + .1 is a hair off 1 as floating numbers go.
        assert!(told(|p| p.weights[0] = weight(&["*"], &[("ova", 0.9), ("ppc", 0.1)])).is_empty());
    }

    #[test]
    fn says_in_which_entry_a_fault_is() {
        let mut prices = vng();
        prices.figures[4].provisional = 99.0;
        prices.weights[0].lines.clear();
        let entries: Vec<Entry> = prices.faults().into_iter().map(|(entry, _)| entry).collect();
        assert_eq!(entries, [Entry::Index(4), Entry::Weight(0)]);
    }
}
