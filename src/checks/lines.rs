//! Rules on the months of one line.

use super::months::{silent, spans};
use super::rules::{Facts, Odd, largest_first, listed};
use crate::panel::{Bridge, Diagonal, LateLine, Series};
use crate::units::{Cents, LineId, Month, Months, euro, maand};
use std::collections::BTreeMap;

/// What lies further back than this is history: nobody can mend it any more.
const RECENT: Months = Months(24);
/// A model of the year's pattern needs two of every month.
const ENOUGH: Months = Months(24);
/// A jump is a change of more than this many robust standard deviations.
const SIGMAS: f64 = 5.0;
/// From so many changes on each is compared with the same month of other years (three at least).
const SEASONAL: usize = 48;
/// A line that is flat to the cent has no spread; less than this share of its level is no jump.
const FLAT: f64 = 0.02;
/// The median absolute deviation times this estimates the standard deviation of normal noise.
const MAD_TO_SIGMA: f64 = 1.4826;
/// A line is quiet for at least so long before it counts as stopped.
const QUIET: usize = 3;

/// A line's settled months from its first to its last money.
struct Life<'a> {
    line: &'a LineId,
    used: Series,
    /// Settled months after the last money.
    quiet: usize,
}

/// A line that is below zero in most recent months.
pub(super) fn negative_line(facts: &Facts) -> Vec<Odd> {
    let odd = |life: Life| {
        let recent = life.recent(facts.as_of);
        let below = recent.iter().filter(|(_, value)| *value < 0.0).count();
        let total = total(&recent);
        let message = format!(
            "{}: in {below} van de {} maanden is het totaal negatief, samen {}. Controleer het teken: \
             zijn baten negatief geboekt, zet dan baten_sign = -1 bij de bron.",
            life.line,
            recent.len(),
            euro(total),
        );
        (2 * below > recent.len()).then(|| (total, Odd::general(euro(total), message)))
    };
    largest_first(lives(facts).filter_map(odd).collect())
}

/// Lines on which the last month booked much more or less on earlier months than is usual.
pub(super) fn invoices_unusual(facts: &Facts) -> Vec<Odd> {
    let odd = |(line, late): (&LineId, &LateLine)| {
        let newest = late.newest.filter(Diagonal::surprising)?;
        let (booked, expected) =
            (Cents::from_euros(newest.booked), Cents::from_euros(newest.expected));
        let word = if booked > expected { "meer" } else { "minder" };
        let message = format!(
            "{line}: in {} is over eerdere zorgmaanden {} geboekt, waar {} gebruikelijk was: opvallend \
             {word}. Loopt de facturering achter, of is er juist ingehaald? Vraag het na; tot dan telt \
             de gebruikelijke vertraging.",
            maand(facts.as_of),
            euro(booked),
            euro(expected),
        );
        Some((booked - expected, Odd::general(euro(booked - expected), message)))
    };
    largest_first(facts.panel.late.lines.iter().filter_map(odd).collect())
}

/// Recent months with the other sign than the line has in at least nine of ten months.
pub(super) fn sign_flip(facts: &Facts) -> Vec<Odd> {
    let odd = |life: Life| {
        let values = &life.used.values;
        let below = values.iter().filter(|value| **value < 0.0).count();
        let sign = if 2 * below > values.len() { -1.0 } else { 1.0 };
        let flipped = |value: f64| value * sign < 0.0;
        let rare = 10 * values.iter().filter(|value| flipped(**value)).count() <= values.len();
        let mut months = life.recent(facts.as_of);
        months.retain(|(_, value)| flipped(*value));
        let total = total(&months);
        let message = format!(
            "{}: in {} is het totaal {}, met het omgekeerde teken van de andere maanden. Controleer of \
             het een creditnota of correctie is die bij een andere maand hoort.",
            life.line,
            words(&months),
            euro(total),
        );
        (rare && !months.is_empty()).then(|| (total, Odd::general(euro(total), message)))
    };
    largest_first(lives(facts).filter_map(odd).collect())
}

/// Recent months that differ from the month before by more than five robust standard deviations.
pub(super) fn jump(facts: &Facts) -> Vec<Odd> {
    let odd = |life: &Life| {
        let used = &life.used;
        let recent = |at: &usize| used.start + Months::of(*at) > facts.as_of - RECENT;
        let jumps = jumps(&used.values).into_iter().filter(|(at, _)| recent(at));
        jumps.map(|(at, sigmas)| jumped(life, at, sigmas)).collect::<Vec<_>>()
    };
    let long = |life: &Life| life.used.values.len() >= ENOUGH.count() && life.is_monthly();
    largest_first(lives(facts).filter(long).flat_map(|life| odd(&life)).collect())
}

fn jumped(life: &Life, at: usize, sigmas: f64) -> (Cents, Odd) {
    let amount = |at: usize| Cents::from_euros(life.used.values[at]);
    let month = life.used.start + Months::of(at);
    let message = format!(
        "{}: van {} in {} naar {} in {}, {} keer de gewone schommeling. Zoek de oorzaak; is het \
         beleid, zet het dan in de beleidskalender.",
        life.line,
        euro(amount(at - 1)),
        maand(month - Months(1)),
        euro(amount(at)),
        maand(month),
        format!("{sigmas:.1}").replace('.', ","),
    );
    (amount(at) - amount(at - 1), Odd::general(month.to_string(), message))
}

/// The places where a value differs from the one before by more than [`SIGMAS`], and by how many:
/// both the change itself and what is unusual about it must be that large. The way back from a peak
/// is not a second jump.
fn jumps(values: &[f64]) -> Vec<(usize, f64)> {
    let changes: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let unusual = unusual(&changes);
    let spread = MAD_TO_SIGMA * median(unusual.iter().map(|change| change.abs()).collect());
    let level = median(values.iter().map(|value| value.abs()).collect());
    let sigma = spread.max(FLAT * level);
    let sigmas = |at: usize| changes[at].abs().min(unusual[at].abs()) / sigma;
    let mut jumps: Vec<(usize, f64)> = Vec::new();
    for at in (0..changes.len()).filter(|at| sigmas(*at) > SIGMAS) {
        let back = |&(last, _): &(usize, f64)| last == at && unusual[at - 1] * unusual[at] < 0.0;
        if !jumps.last().is_some_and(back) {
            jumps.push((at + 1, sigmas(at)));
        }
    }
    jumps
}

/// Changes less the usual change: the median of the same month of *other* years, so that a month is
/// not compared with itself; of all changes in a short series.
fn unusual(changes: &[f64]) -> Vec<f64> {
    let seasonal = changes.len() >= SEASONAL;
    let usual = |at: usize| {
        let others =
            (0..changes.len()).filter(|other| !seasonal || other % 12 == at % 12 && *other != at);
        median(others.map(|other| changes[other]).collect())
    };
    (0..changes.len()).map(|at| changes[at] - usual(at)).collect()
}

/// The middle value, or the mean of the middle two; 0 of nothing.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    if n == 0 { 0.0 } else { f64::midpoint(values[(n - 1) / 2], values[n / 2]) }
}

/// Empty months inside a line that has money in at least three of four months.
pub(super) fn empty_months(facts: &Facts) -> Vec<Odd> {
    let silent = silent(facts);
    let odd = |life: Life| {
        let empty =
            life.used.iter().filter(|(month, value)| *value == 0.0 && !silent.contains(month));
        let empty: Vec<Month> = empty.map(|(month, _)| month).collect();
        let message = format!(
            "{}: geen bedrag in {}, terwijl er in de meeste maanden wel een is. Controleer of er een \
             factuur of een bestand ontbreekt.",
            life.line,
            listed(&spans(&empty)),
        );
        let size = Cents::from_euros(median(life.used.values.clone()));
        let value = empty.first().map(Month::to_string);
        value.filter(|_| life.is_monthly()).map(|value| (size, Odd::general(value, message)))
    };
    largest_first(lives(facts).filter_map(odd).collect())
}

/// Lines that had money for a year or more and then none for longer than ever before: one finding
/// per month, for a recode stops many lines at once.
pub(super) fn line_stops(facts: &Facts) -> Vec<Odd> {
    let stopped = |life: &Life| {
        life.used.values.len() >= 12 && life.quiet >= QUIET.max(life.longest_hole() + 1)
    };
    let last = |life: &Life| life.used.end() - Months(1);
    let recent = lives(facts).filter(|life| stopped(life) && last(life) > facts.as_of - RECENT);
    by_month(recent, last, |month, lines, total| {
        format!(
            "Na {} komt er geen bedrag meer op {lines}; in het jaar daarvoor was dat samen {total}. Is \
             de zorg gestopt, zet het in de beleidskalender. Loopt zij onder een andere code door, pas \
             dan de indeling aan of maak een brug ([[lines.bridge]]).",
            maand(month),
        )
    })
}

/// Lines whose first money came in the last two years, while the ledger is older: one finding per
/// month.
pub(super) fn line_starts(facts: &Facts) -> Vec<Odd> {
    let first = lives(facts).map(|life| life.used.start).min().unwrap_or(facts.as_of);
    let from = (first + Months(12)).max(facts.as_of - RECENT + Months(1));
    let new = lives(facts).filter(|life| life.used.start >= from);
    by_month(
        new,
        |life| life.used.start,
        |month, lines, total| {
            format!(
                "Vanaf {} staat er voor het eerst een bedrag op {lines}; in het laatste jaar samen {total}. \
             Is het dezelfde zorg onder een andere code, maak dan een brug ([[lines.bridge]]).",
                maand(month),
            )
        },
    )
}

/// Lines in use with fewer settled months than a model of the year's pattern needs: one finding per
/// first month.
pub(super) fn short_history(facts: &Facts) -> Vec<Odd> {
    let short = |life: &Life| life.used.values.len() + life.quiet < ENOUGH.count();
    let young = lives(facts).filter(|life| short(life) && life.quiet < 12);
    by_month(
        young,
        |life| life.used.start,
        |month, lines, total| {
            format!(
                "Pas vanaf {} is er een bedrag op {lines} (in het laatste jaar samen {total}): minder dan \
             {} maanden. Het model kent het jaarpatroon nog niet en valt terug op een eenvoudiger \
             regel. Lever oudere jaren aan, of lees het bedrag op een hoger niveau.",
                maand(month),
                ENOUGH.0,
            )
        },
    )
}

/// One finding per month, with the lines of that month and their money of the last year, the month
/// with the most money first.
fn by_month<'a>(
    members: impl Iterator<Item = Life<'a>>,
    month: fn(&Life) -> Month,
    message: fn(Month, String, String) -> String,
) -> Vec<Odd> {
    let mut groups: BTreeMap<Month, Vec<Life>> = BTreeMap::new();
    for life in members {
        groups.entry(month(&life)).or_default().push(life);
    }
    let odd = |(month, mut group): (Month, Vec<Life>)| {
        group.sort_by_key(|life| -life.last_year().abs().0);
        let total: Cents = group.iter().map(Life::last_year).sum();
        let lines: Vec<&LineId> = group.iter().map(|life| life.line).collect();
        let subject = match lines.as_slice() {
            [line] => format!("de regel {line}"),
            lines => format!("{} regels ({})", lines.len(), listed(lines)),
        };
        (total, Odd::general(month.to_string(), message(month, subject, euro(total))))
    };
    largest_first(groups.into_iter().map(odd).collect())
}

/// Every line with money in its settled months.
fn lives<'a>(facts: &Facts<'a>) -> impl Iterator<Item = Life<'a>> {
    facts.panel.series.iter().filter_map(|(line, series)| Life::of(line, &series.complete()))
}

impl<'a> Life<'a> {
    fn of(line: &'a LineId, settled: &Series) -> Option<Self> {
        let used = |value: &f64| *value != 0.0;
        let first = settled.values.iter().position(used)?;
        let last = settled.values.iter().rposition(used)?;
        let start = settled.start + Months::of(first);
        Some(Self {
            line,
            used: Series::settled(start, settled.values[first..=last].to_vec()),
            quiet: settled.values.len() - 1 - last,
        })
    }

    /// Whether at least three of four months hold money: then an empty month is odd.
    fn is_monthly(&self) -> bool {
        let empty = self.used.values.iter().filter(|value| **value == 0.0).count();
        4 * empty <= self.used.values.len()
    }

    /// The most empty months in a row.
    fn longest_hole(&self) -> usize {
        let holes = self.used.values.split(|value| *value != 0.0);
        holes.map(<[f64]>::len).max().unwrap_or(0)
    }

    /// The months with money of the last two years.
    fn recent(&self, as_of: Month) -> Vec<(Month, f64)> {
        let recent = |(month, value): &(Month, f64)| *month > as_of - RECENT && *value != 0.0;
        self.used.iter().filter(recent).collect()
    }

    /// The money of the last twelve months in use.
    fn last_year(&self) -> Cents {
        Cents::from_euros(self.used.values.iter().rev().take(12).sum())
    }
}

fn total(months: &[(Month, f64)]) -> Cents {
    Cents::from_euros(months.iter().map(|(_, value)| value).sum())
}

fn words(months: &[(Month, f64)]) -> String {
    listed(&spans(&months.iter().map(|(month, _)| *month).collect::<Vec<_>>()))
}

/// Bridges that hold no line of the ledger, mostly by a typing error in a pattern.
pub(super) fn bridge_empty(facts: &Facts) -> Vec<Odd> {
    let empty = |bridge: &&Bridge| !facts.ledger.lines.iter().any(|line| bridge.holds(line));
    let odd = |bridge: &Bridge| {
        let message = format!(
            "De brug {} ({}) omvat geen enkele regel en staat dus niet in het overzicht. Controleer de \
             taakvelden en productnamen in prognose.toml.",
            bridge.name,
            listed(&bridge.lines),
        );
        Odd::general(bridge.name.clone(), message)
    };
    facts.bridges.iter().filter(empty).map(odd).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, found, line, month};
    use super::*;
    use crate::panel::{Pattern, RunOff};
    use crate::units::Side;
    use ndarray::array;

    /// 1000 and 1010 in turn.
    fn calm(months: usize) -> Vec<i32> {
        [1000, 1010].into_iter().cycle().take(months).collect()
    }

    fn one(values: &[i32], code: &str) -> Vec<String> {
        let findings = found(&Sample::new().with("Hulp", values), code);
        findings.into_iter().map(|finding| finding.value).collect()
    }

    #[test]
    fn sees_a_jump_once_and_only_when_recent() {
        let mut values = calm(60);
        values[50] = 2000;
        assert_eq!(one(&values, "jump"), [month(50).to_string()]);
        values[50] = 1010;
        values[20] = 2000;
        assert!(one(&values, "jump").is_empty());
        // A step is seen as well, in a history too short for the year's pattern.
        let mut values = calm(30);
        values[25..].fill(1500);
        assert_eq!(one(&values, "jump"), [month(25).to_string()]);
        assert!(one(&values[2..25], "jump").is_empty());
    }

    #[test]
    fn tells_of_an_odd_month_of_late_bookings() {
        let sample = Sample::new();
        let as_of = month(30);
        let mut panel = sample.ledger.panel(as_of);
        for (product, z) in [("Hulp", 3.5), ("Dag", -2.9), ("Rit", -4.0)] {
            let run_off = RunOff { start: as_of, cumulative: array![[1.0]], as_of };
            let pattern = Pattern { paid: vec![1.0], error: vec![0.0], lift: 0.0 };
            let newest = Some(Diagonal { booked: 100.0 + z, expected: 100.0, z });
            let line = line(product, Side::Lasten);
            panel.late.lines.insert(line, LateLine { run_off, pattern, newest });
        }
        let facts = Facts { as_of, ..sample.facts(&panel, &[]) };
        let found: Vec<String> =
            invoices_unusual(&facts).into_iter().map(|odd| odd.value).collect();
        assert_eq!(found, [euro(Cents(-400)), euro(Cents(350))]);
    }

    #[test]
    fn a_yearly_peak_or_a_flat_line_is_no_jump() {
        let season: Vec<i32> =
            (0..60).map(|at| if at % 12 == 11 { 3000 } else { 1000 + at % 5 }).collect();
        assert!(one(&season, "jump").is_empty());
        // 5 sigmas of 2 % of the level are 10 %.
        let mut flat = vec![1000; 60];
        flat[48..].fill(1090);
        assert!(one(&flat, "jump").is_empty());
        flat[48..].fill(1110);
        assert_eq!(one(&flat, "jump"), [month(48).to_string()]);
    }

    #[test]
    fn compares_a_month_with_other_years() {
        // One up each month, but twelve more in the last.
        let mut changes = vec![1.0; 48];
        changes[47] = 13.0;
        let unusual = unusual(&changes);
        assert!((unusual[47] - 12.0).abs() < 1e-9, "{unusual:?}");
        assert!(unusual[..47].iter().all(|change| change.abs() < 1e-9), "{unusual:?}");
    }

    #[test]
    fn a_peak_that_stays_away_is_no_jump() {
        let mut season = [1000, 1001, 1002].repeat(20);
        for december in [11, 23, 35] {
            season[december] = 3000;
        }
        assert!(one(&season, "jump").is_empty());
    }

    #[test]
    fn sees_holes_only_where_money_is_usual() {
        assert_eq!(one(&[5, 5, 0, 5, 5, 5, 0, 5, 5, 5], "empty-months"), Vec::<String>::new());
        // Another line has money then, so the ledger itself is whole.
        let holes = [5, 5, 0, 5, 5, 5, 0, 5, 5, 5];
        let sample = Sample::new().with("Hulp", &holes).with("Dag", &[7; 10]);
        assert_eq!(found(&sample, "empty-months")[0].value, "2020-03");
        let quarters = Sample::new().with("Hulp", &[5, 0, 0, 5, 0, 0, 5]).with("Dag", &[7; 10]);
        assert!(found(&quarters, "empty-months").is_empty());
    }

    #[test]
    fn sees_signs() {
        let mut values = calm(24);
        values[20] = -30;
        assert_eq!(one(&values, "sign-flip"), ["€\u{a0}−30,00"]);
        assert!(one(&values, "negative-line").is_empty());
        assert_eq!(one(&[-5; 12], "negative-line"), ["€\u{a0}−60,00"]);
        assert!(one(&[-5; 12], "sign-flip").is_empty());
    }

    #[test]
    fn a_line_stops_when_it_is_quiet_longer_than_ever() {
        let (mut stops, mut quarters) = (calm(24), [9, 0, 0].repeat(8));
        stops[21..].fill(0);
        quarters[23] = 0;
        let sample =
            Sample::new().with("Hulp", &stops).with("Kwartaal", &quarters).with("Dag", &calm(24));
        let findings = found(&sample, "line-stops");
        assert_eq!((findings.len(), &*findings[0].value), (1, "2021-09"));
        assert!(findings[0].message.contains("de regel Wmo / 6.711 / Hulp / lasten"));
    }

    #[test]
    fn lines_that_start_together_are_one_finding() {
        let mut young = vec![0; 30];
        young.extend(calm(10));
        let sample =
            Sample::new().with("Dag", &calm(40)).with("Nieuw", &young).with("Nieuwer", &young);
        for code in ["line-starts", "short-history"] {
            let findings = found(&sample, code);
            assert_eq!((findings.len(), &*findings[0].value), (1, "2022-07"), "{code}");
            assert!(findings[0].message.contains("2 regels"), "{}", findings[0].message);
        }
        assert!(found(&Sample::new().with("Dag", &calm(40)), "short-history").is_empty());
        assert_eq!(one(&calm(1), "short-history"), ["2020-01"]);
    }

    #[test]
    fn a_bridge_needs_a_line() {
        let mut sample = Sample::new().with("Hulp", &[10; 6]);
        let bridge =
            |name: &str, line: &str| Bridge { name: name.into(), lines: vec![line.into()] };
        sample.bridges = vec![bridge("Thuis", "6.71*"), bridge("Weg", "6.17*")];
        let findings = found(&sample, "bridge-empty");
        assert_eq!((findings.len(), &*findings[0].value), (1, "Weg"));
    }
}
