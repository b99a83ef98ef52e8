//! A record beside what came true, on the definition that was in force when it was made.

use super::chain::Entry;
use super::record::{MonthFigures, Part, Record};
use crate::outlook::{NodeName, Quantiles};
use crate::panel::{Bridge, Hierarchy, Panel};
use crate::score::{self, Coverage};
use crate::units::{Cents, Level, LineId, Measure, Month, Months};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A period of which at most this part is still estimated counts as final.
const FINAL: f64 = 0.01;

/// One figure of a record, and what came true.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The as-of month of the forecast.
    pub as_of: Month,
    /// The number of the record.
    pub number: u64,
    /// Whether it was made when nothing later was known.
    pub of_record: bool,
    /// What was forecast.
    pub target: Target,
    /// The node, on the definition of then.
    pub node: NodeName,
    /// Lasten, baten or saldo.
    pub measure: Measure,
    /// The mean.
    pub expected: Cents,
    /// The quantiles.
    pub quantiles: Quantiles,
    /// The budget known then, of a year.
    pub budget: Option<Cents>,
    /// What is booked by now.
    pub actual: Cents,
    /// How final that is.
    pub standing: Standing,
}

/// A period that was forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A year of service.
    Year(i32),
    /// A service month.
    Month(Month),
}

/// How final an outcome is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// At most 1 % is still to be received, whatever its sign.
    Definitief,
    /// The period is over; more than 1 % is still to be received, or the lines that were expected are not there.
    Voorlopig,
    /// The period is not over.
    Loopt,
}

/// How well the year totals of lasten per act were foreseen with so many months known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tally {
    /// Forecasts of record, or those made afterwards.
    pub of_record: bool,
    /// The months of the year that were known.
    pub months_known: u32,
    /// The year totals that are final.
    pub count: usize,
    /// Sum of absolute errors over the sum of outcomes.
    pub wape: f64,
    /// Sum of errors (forecast − outcome) over the sum of outcomes.
    pub bias: f64,
    /// The share of outcomes inside the 80 % band, with exact 95 % limits as if they were independent.
    pub coverage80: Coverage,
}

/// What came true, on one definition.
#[derive(Debug)]
pub struct Truth {
    as_of: Month,
    tree: Hierarchy,
    /// Per leaf of the tree that waits for invoices: the first such month, and whether it is known how much is
    /// still to come.
    open: Vec<Option<(Month, bool)>>,
    /// The leaves of each part with their weights.
    parts: BTreeMap<(NodeName, Measure), Vec<(usize, i8)>>,
    panel: Panel,
}

impl Scored {
    /// The months from the as-of month to the end of the period.
    #[must_use]
    pub fn horizon(&self) -> i32 {
        (self.target.last() - self.as_of).0
    }

    /// Forecast less outcome; `None` as long as the period runs.
    #[must_use]
    pub fn error(&self) -> Option<Cents> {
        (self.standing != Standing::Loopt).then(|| self.expected - self.actual)
    }

    /// Whether the outcome lies within the 80 % band; `None` as long as the period runs.
    #[must_use]
    pub fn inside80(&self) -> Option<bool> {
        let band = self.quantiles.p10()..=self.quantiles.p90();
        (self.standing != Standing::Loopt).then(|| band.contains(&self.actual))
    }
}

impl Target {
    fn first(self) -> Month {
        match self {
            Self::Year(year) => Month::january(year),
            Self::Month(month) => month,
        }
    }

    fn last(self) -> Month {
        match self {
            Self::Year(year) => Month::december(year),
            Self::Month(month) => month,
        }
    }
}

impl Truth {
    /// What came true by the month of `panel`, which stands on the definition with these bridges.
    #[must_use]
    pub fn new(panel: &Panel, bridges: &[Bridge]) -> Self {
        let tree = Hierarchy::new(panel.booked.keys().cloned(), bridges);
        let panel = panel.in_euros_of_the_day();
        let open = tree.leaves.iter().map(|line| open(&panel, line)).collect();
        let parts = tree.nodes.iter().flat_map(|node| Measure::ALL.map(|measure| (node, measure)));
        let weighted = parts.map(|(node, measure)| {
            ((NodeName::of(node), measure), node.weighted(&tree.leaves, measure).collect())
        });
        let parts = weighted.collect();
        Self { as_of: panel.as_of, open, parts, tree, panel }
    }

    /// What is booked on the leaves of a part, and how final that is. A part that holds no leaf any more has
    /// nothing booked.
    fn of(&self, part: &Part, target: Target) -> (Cents, Standing) {
        let key = (part.node.clone(), part.measure);
        let leaves = self.parts.get(&key).map_or(&[][..], Vec::as_slice);
        let (first, last) = (target.first(), target.last());
        let booked = |&(leaf, weight): &(usize, i8)| {
            self.panel.booked[&self.tree.leaves[leaf]].sum(first, last).times(weight)
        };
        let actual = leaves.iter().map(booked).sum();
        (actual, self.standing(leaves, first, last))
    }

    /// Amounts count whatever their sign: baten that are still to come do not make up for lasten that are.
    fn standing(&self, leaves: &[(usize, i8)], first: Month, last: Month) -> Standing {
        if last > self.as_of {
            return Standing::Loopt;
        }
        let (mut open, mut all, mut known) = (0.0, 0.0, !leaves.is_empty());
        for &(leaf, _) in leaves {
            let booked = self.panel.booked[&self.tree.leaves[leaf]].sum(first, last).euros();
            let waits = self.open[leaf].filter(|(from, _)| *from <= last);
            let to_receive =
                waits.map_or(0.0, |(from, _)| self.to_receive(leaf, from.max(first), last));
            open += to_receive.abs();
            all += (booked + to_receive).abs();
            known &= waits.is_none_or(|(_, known)| known);
        }
        if known && open <= FINAL * all { Standing::Definitief } else { Standing::Voorlopig }
    }

    /// Euros that months of a leaf are completed with.
    fn to_receive(&self, leaf: usize, first: Month, last: Month) -> f64 {
        let line = &self.tree.leaves[leaf];
        let (series, booked) = (&self.panel.series[line], &self.panel.booked[line]);
        let open = |month| series.get(month).map(|whole| whole - booked.get(month).euros());
        first.through(last).filter_map(open).sum()
    }
}

fn open(panel: &Panel, line: &LineId) -> Option<(Month, bool)> {
    let from = panel.series.get(line)?.provisional_from?;
    Some((from, panel.late.of(line).is_some() && panel.late.dropped == 0))
}

/// Every figure of a record of which something came true by the month of `truth`: years that are over or run,
/// and months that are over. A part in which nothing was expected and nothing happened proves nothing
/// and is left out; so is a period that begins before the data of `truth`, which no longer hold what came of it.
#[must_use]
pub fn beside(entry: &Entry, truth: &Truth) -> Vec<Scored> {
    let Entry { number, record, .. } = entry;
    let row = |part: usize, target: Target, budget, expected, quantiles| {
        if target.first() < truth.panel.first() {
            return None;
        }
        let part = &record.parts[part];
        let (actual, standing) = truth.of(part, target);
        Some(Scored {
            as_of: record.as_of,
            number: *number,
            of_record: record.is_of_record(),
            target,
            node: part.node.clone(),
            measure: part.measure,
            expected,
            quantiles,
            budget,
            actual,
            standing,
        })
    };
    let years = record.years.iter().filter(|year| year.year <= truth.as_of.year());
    let years = years.map(|y| row(y.part, Target::Year(y.year), y.budget, y.expected, y.quantiles));
    let months = ahead(record, truth.as_of)
        .map(|(month, m)| row(m.part, Target::Month(month), None, m.mean, m.quantiles));
    years.chain(months).flatten().filter(says_something).collect()
}

fn ahead(record: &Record, as_of: Month) -> impl Iterator<Item = (Month, &MonthFigures)> {
    let dated = record.months.iter().map(|figures| (record.as_of + Months(figures.ahead), figures));
    dated.filter(move |(month, _)| *month <= as_of)
}

fn says_something(row: &Scored) -> bool {
    let zero = Cents::ZERO;
    row.actual != zero || row.expected != zero || row.quantiles.0.iter().any(|&q| q != zero)
}

/// How well the total of the year that ran was foreseen, by months known: lasten per act, years that are final.
/// Of forecasts that were made several times as of one month, the last counts.
#[must_use]
pub fn tally(rows: &[Scored]) -> Vec<Tally> {
    let mut last: BTreeMap<(bool, Month), u64> = BTreeMap::new();
    for row in rows {
        let number = last.entry((row.of_record, row.as_of)).or_default();
        *number = row.number.max(*number);
    }
    // Forecasts of record first.
    let mut groups: BTreeMap<(Reverse<bool>, u32), Vec<&Scored>> = BTreeMap::new();
    let counts = |row: &&Scored| {
        row.node.level == Level::Wet
            && row.measure == Measure::Lasten
            && row.standing == Standing::Definitief
            && row.target == Target::Year(row.as_of.year())
            && last[&(row.of_record, row.as_of)] == row.number
    };
    for row in rows.iter().filter(counts) {
        groups.entry((Reverse(row.of_record), row.as_of.of_year())).or_default().push(row);
    }
    groups.into_iter().map(tally_of).collect()
}

fn tally_of(((of_record, months_known), rows): ((Reverse<bool>, u32), Vec<&Scored>)) -> Tally {
    let forecasts: Vec<f64> = rows.iter().map(|row| row.expected.euros()).collect();
    let outcomes: Vec<f64> = rows.iter().map(|row| row.actual.euros()).collect();
    let inside = rows.iter().filter(|row| row.inside80() == Some(true)).count();
    Tally {
        of_record: of_record.0,
        months_known,
        count: rows.len(),
        wape: score::wape(&forecasts, &outcomes),
        bias: score::bias(&forecasts, &outcomes),
        coverage80: score::coverage(inside, rows.len()),
    }
}
