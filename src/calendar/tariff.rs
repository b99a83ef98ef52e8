//! What tariffs do, from the price table, as it was known at a month.

use super::prices::{Figure, Weight};
use crate::units::Month;
use std::ops::Range;

/// The tariff of some lines, year by year, as known at a month (the rule of VNG for Wmo and Jeugd
/// contracts: the provisional figure of the year, and the correction of last year's).
///
/// ```text
/// r_y = Σ w·provisional_y          c_y = Σ w·(final_y − provisional_y), 0 while final_y is not known
/// step_y = r_y + c_{y−1}           index_y = index_{y−1}·(1 + step_y), from January of y on
/// ```
///
/// After the last year whose figures are known its rate is assumed to go on. The index is 1 before the
/// first year of the table at whatever month one asks, so that models learned last month fit this
/// month's; earlier years added to the table later do move it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tariff {
    /// The first year that has a step.
    first: i32,
    /// The first year whose rate is assumed.
    assumed_from: i32,
    /// The steps of `first` through `assumed_from`, as fractions.
    steps: Vec<f64>,
    /// The index of the same years.
    levels: Vec<f64>,
    /// The step of every year after those.
    on: f64,
    /// The first year that had not begun.
    next: i32,
    /// The uncertainty of `next` and later years; the last goes on.
    unsure: Vec<f64>,
}

impl Tariff {
    /// `None` when the weight follows nothing, or when no year was known at the end of `as_of`.
    pub(super) fn new(figures: &[Figure], weight: &Weight, as_of: Month) -> Option<Self> {
        let known = Known { figures, weight, as_of };
        let first = known.first_year()?;
        let last = figures.iter().map(|figure| figure.year).max()?;
        let rates: Vec<f64> = (first..=last).map_while(|year| known.rate(year)).collect();
        let assumed_from = first + i32::try_from(rates.len()).ok()?;
        let on = *rates.last()?;
        let corrections = (first..=assumed_from).map(|year| known.correction(year - 1));
        let steps: Vec<f64> =
            rates.iter().chain([&on]).zip(corrections).map(|(rate, more)| rate + more).collect();
        let up = |level: &mut f64, step: &f64| {
            *level *= 1.0 + step;
            Some(*level)
        };
        let levels = steps.iter().scan(1.0, up).collect();
        let next = as_of.year() + 1;
        let mut tariff = Self { first, assumed_from, steps, levels, on, next, unsure: Vec::new() };
        let variances = known.variances(first..assumed_from, &rates);
        let logs = (next..).zip(variances).map(|(y, var)| var.sqrt() / (1.0 + tariff.step(y)));
        tariff.unsure = logs.collect();
        Some(tariff)
    }

    /// The index in `month`.
    #[must_use]
    pub fn at(&self, month: Month) -> f64 {
        let Ok(at) = usize::try_from(month.year() - self.first) else { return 1.0 };
        let on = || {
            let last = self.levels.last().copied().unwrap_or(1.0);
            last * (1.0 + self.on).powi(month.year() - self.assumed_from)
        };
        self.levels.get(at).copied().unwrap_or_else(on)
    }

    /// The step in January of `year`, as a fraction; 0 before the table.
    #[must_use]
    pub fn step(&self, year: i32) -> f64 {
        let Ok(at) = usize::try_from(year - self.first) else { return 0.0 };
        self.steps.get(at).copied().unwrap_or(self.on)
    }

    /// The first year whose rate is not from the table.
    #[must_use]
    pub fn assumed_from(&self) -> i32 {
        self.assumed_from
    }

    /// How unsure the step of `year` is: the standard deviation of its logarithm, for steps that are
    /// drawn independently of each other, year after year. 0 for a year that has begun, since the books
    /// show what was paid, and for a step that is known.
    ///
    /// A correction to come is as large as past ones were (root mean square over the years whose final
    /// figure is known), or as the range of the year allows. An assumed rate misses by as much as the same
    /// assumption would have missed in the past; a range in the table stands in for that.
    #[must_use]
    pub fn uncertainty(&self, year: i32) -> f64 {
        let Ok(at) = usize::try_from(year - self.next) else { return 0.0 };
        self.unsure.get(at).or(self.unsure.last()).copied().unwrap_or(0.0)
    }
}

/// The figures that one weight follows, as known at the end of a month. Rates are fractions.
struct Known<'a> {
    figures: &'a [Figure],
    weight: &'a Weight,
    as_of: Month,
}

impl Known<'_> {
    /// The first year in which every index has a figure, known or not, so that it is the same at any
    /// month.
    fn first_year(&self) -> Option<i32> {
        let first = |name| {
            self.figures.iter().filter(|figure| figure.is_of(name)).map(|figure| figure.year).min()
        };
        let firsts: Option<Vec<i32>> =
            self.weight.followed().map(|(name, _)| first(name)).collect();
        firsts?.into_iter().max()
    }

    /// Per index that counts its part and what was known of `year`.
    fn of_year(&self, year: i32) -> impl Iterator<Item = (f64, Option<&Figure>)> {
        self.weight.followed().map(move |(name, part)| {
            let mut known = self.figures.iter().filter(|figure| figure.is_known(self.as_of));
            (part / 100.0, known.find(|figure| figure.year == year && figure.is_of(name)))
        })
    }

    /// Σ w·provisional, when all are known.
    fn rate(&self, year: i32) -> Option<f64> {
        self.of_year(year).map(|(part, figure)| Some(part * figure?.provisional)).sum()
    }

    /// Σ w·(final − provisional) over the indices whose final figure is known.
    fn correction(&self, year: i32) -> f64 {
        self.revisions(year).flatten().sum()
    }

    /// The same, when all are known.
    fn revision(&self, year: i32) -> Option<f64> {
        self.revisions(year).sum()
    }

    fn revisions(&self, year: i32) -> impl Iterator<Item = Option<f64>> {
        self.of_year(year).map(|(part, figure)| {
            let figure = figure?;
            Some(part * (figure.settled_by(self.as_of)? - figure.provisional))
        })
    }

    /// The variance of the triangle between low and high with its top at the provisional figure, when the
    /// table gives a range for the year. The indices are taken to err the same way.
    fn range(&self, year: i32) -> Option<f64> {
        let (mut low, mut top, mut high, mut given) = (0.0, 0.0, 0.0, false);
        for (part, figure) in self.of_year(year) {
            let figure = figure?;
            low += part * figure.low.unwrap_or(figure.provisional);
            top += part * figure.provisional;
            high += part * figure.high.unwrap_or(figure.provisional);
            given |= figure.low.is_some() || figure.high.is_some();
        }
        let (below, above) = (top - low, high - top);
        given.then_some((below * below + below * above + above * above) / 18.0)
    }

    /// The variance of the step of each year after that of the as-of month, until it goes on the same;
    /// `years` are those with known `rates`.
    fn variances(&self, years: Range<i32>, rates: &[f64]) -> Vec<f64> {
        let (begun, assumed_from) = (self.as_of.year(), years.end);
        let past = years.filter_map(|year| self.revision(year));
        let usual = mean(past.map(|revision| revision.powi(2)));
        let misses = misses(rates);
        let rate = |year: i32| match usize::try_from(year - assumed_from) {
            Ok(ahead) => misses[ahead.min(misses.len() - 1)],
            Err(_) => self.range(year).unwrap_or(0.0),
        };
        let correction = |year: i32| match self.revision(year) {
            Some(_) => 0.0,
            None if year <= begun => self.range(year).unwrap_or(usual),
            None => usual,
        };
        let last = assumed_from.max(begun + 1) + i32::try_from(misses.len()).unwrap_or(0);
        (begun + 1..=last).map(|year| rate(year) + correction(year - 1)).collect()
    }
}

/// What each further year adds to the variance of the level when the last rate goes on: the same is
/// tried after every known year, and the mean square of what the steps since then miss together is taken.
///
/// ```text
/// E_h = mean over y of (Σ_{k≤h} (r_{y+k} − r_y))²       added_h = max(E_h − E_{h−1}, added_{h−1})
/// ```
///
/// A further year never adds less: whether rates return to their mean or wander, what they add grows. Half
/// of the known years are looked ahead, so that each mean has as many terms as years ahead at least.
/// Of one year alone nothing can be tried; it is as unsure as it is large.
fn misses(rates: &[f64]) -> Vec<f64> {
    if let [rate] = rates {
        return vec![rate.powi(2)];
    }
    let missed = |span: &[f64]| span.iter().map(|rate| rate - span[0]).sum::<f64>().powi(2);
    let added = |(reached, before): &mut (f64, f64), ahead: usize| {
        let added = (mean(rates.windows(ahead + 1).map(missed)) - *reached).max(*before);
        (*reached, *before) = (*reached + added, added);
        Some(added)
    };
    (1..=rates.len() / 2).scan((0.0, 0.0), added).collect()
}

/// The mean; 0 of nothing.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, n), value| (sum + value, n + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::super::Prices;
    use super::super::prices::tests::{figure, line, vng, weight};
    use super::*;
    use crate::units::Months;
    use proptest::prelude::*;

    fn at(month: &str) -> Month {
        month.parse().unwrap()
    }

    fn tariff(prices: &Prices, as_of: &str) -> Tariff {
        prices.of(&line(), at(as_of)).unwrap()
    }

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    }

    /// One index that is followed whole.
    fn alone(rates: &[f64], finals: &[f64]) -> Prices {
        let figures = rates.iter().enumerate().map(|(at, &rate)| {
            figure("ova", 2021 + Months::of(at).0, rate, finals.get(at).copied())
        });
        Prices { figures: figures.collect(), weights: vec![weight(&["*"], &[("ova", 1.0)])] }
    }

    #[test]
    fn corrects_last_years_rate() {
        // 2023: .9·4.74 + .1·4.87 = 4.753, nothing before it to correct.
        // 2024: .9·4.94 + .1·2.51 = 4.697; correction .9·1.62 + .1·2.15 = 1.673.
        // 2025: .9·4.18 + .1·1.82 = 3.944; correction .9·1.06 + .1·.59 = 1.013 (VNG: 4.96 %).
        let tariff = tariff(&vng(), "2026-03");
        [0.0, 0.04753, 0.0637, 0.04957].into_iter().zip(2022..).for_each(|(step, year)| {
            near(tariff.step(year), step);
        });
        near(tariff.at(at("2022-12")), 1.0);
        near(tariff.at(at("2023-01")), 1.04753);
        near(tariff.at(at("2025-12")), 1.04753 * 1.0637 * 1.04957);
    }

    #[test]
    fn counts_what_was_known() {
        // The provisional figure of 2024 is known from October 2023, the final one of 2023 from 2024 on.
        near(tariff(&vng(), "2023-09").step(2024), 0.04753);
        near(tariff(&vng(), "2023-10").step(2024), 0.04697);
        near(tariff(&vng(), "2024-01").step(2024), 0.0637);
        assert_eq!(vng().of(&line(), at("2022-09")), None);
        let mut late = vng();
        late.figures[1].known_from = Some(at("2024-02"));
        assert_eq!(tariff(&late, "2024-01").assumed_from(), 2024);
        assert_eq!(tariff(&late, "2024-02").assumed_from(), 2025);
        late.figures[0].final_from = Some(at("2024-05"));
        // Of ppc alone: .1·(7.02 − 4.87).
        near(tariff(&late, "2024-04").step(2024), 0.04697 + 0.00215);
        near(tariff(&late, "2024-05").step(2024), 0.0637);
    }

    #[test]
    fn the_last_rate_goes_on() {
        // As of 2025 the rate of 2026 is that of 2025, 3.944, and nothing is corrected.
        let tariff = tariff(&vng(), "2025-06");
        assert_eq!(tariff.assumed_from(), 2026);
        near(tariff.step(2026), 0.03944);
        near(tariff.step(2040), 0.03944);
        near(tariff.at(at("2028-05")), tariff.at(at("2025-05")) * 1.03944_f64.powi(3));
        // Corrections 1.673 and 1.013, rates that change by −.056 and −.753: √(1.9125 + .2851).
        assert!((tariff.uncertainty(2026) * 103.944 - 1.4824).abs() < 1e-4);
        // A final figure that is known before the next provisional one is corrected all the same.
        let old = alone(&[3.0, 2.0], &[3.5, 2.25]);
        near(super::tests::tariff(&old, "2023-06").step(2023), 0.0225);
        near(super::tests::tariff(&old, "2023-06").step(2024), 0.02);
    }

    #[test]
    fn is_as_unsure_as_the_past() {
        // Rates 1, 2, 4, 3: one year ahead 1, 2, −1 are missed: mean square 2. Two years ahead:
        // 1 + 3 = 4 and 2 + 1 = 3: mean square 12.5, of which 10.5 is new. Corrections 1 and 2: 2.5.
        let prices = alone(&[1.0, 2.0, 4.0, 3.0], &[2.0, 4.0]);
        let log = |variance: f64, step: f64| variance.sqrt() / (100.0 + step);
        let then = tariff(&prices, "2024-06");
        assert_eq!(then.assumed_from(), 2025);
        near(then.uncertainty(2024), 0.0);
        near(then.uncertainty(2025), log(2.0 + 2.5, 3.0));
        near(then.uncertainty(2026), log(10.5 + 2.5, 3.0));
        near(then.uncertainty(2031), log(10.5 + 2.5, 3.0));
        // Rates 1, 2, 1, 2 miss 1 one year ahead and no more over two: still the second year adds 1.
        let wave = tariff(&alone(&[1.0, 2.0, 1.0, 2.0], &[]), "2024-06");
        near(wave.uncertainty(2025), log(1.0, 2.0));
        near(wave.uncertainty(2026), log(1.0, 2.0));
        // In October 2023 the rate of 2024 is known, but not the correction of 2023.
        let before = tariff(&prices, "2023-10");
        near(before.uncertainty(2023), 0.0);
        near(before.uncertainty(2024), log(2.5, 3.0));
    }

    #[test]
    fn one_year_alone_is_as_unsure_as_it_is_large() {
        let prices = alone(&[3.0], &[]);
        near(tariff(&prices, "2021-06").uncertainty(2022), 0.03 / 1.03);
        // A contract with the same step every year is certain.
        near(tariff(&alone(&[2.0, 2.0, 2.0], &[]), "2023-06").uncertainty(2025), 0.0);
    }

    #[test]
    fn a_range_stands_in_for_the_past() {
        let mut prices = alone(&[1.0, 2.0, 4.0, 3.0], &[2.0, 4.0]);
        let this_year = &mut prices.figures[2];
        (this_year.low, this_year.high) = (Some(3.0), Some(6.0));
        let next_year = &mut prices.figures[3];
        (next_year.low, next_year.known_from) = (Some(0.0), Some(at("2023-03")));
        let tariff = tariff(&prices, "2023-06");
        // This year: below 1, above 2: (1 + 2 + 4)/18. Next year: below 3, above 0: 9/18.
        near(tariff.uncertainty(2024), (0.5_f64 + 7.0 / 18.0).sqrt() / 103.0);
        // The year after is assumed, and next year's range says nothing of its correction.
        near(tariff.uncertainty(2025), (2.0_f64 + 2.5).sqrt() / 103.0);
    }

    fn tables() -> impl Strategy<Value = Prices> {
        let rates =
            proptest::collection::vec((-25.0..25.0, proptest::option::of(-25.0..25.0)), 1..9);
        let weights = (0.0..0.5, 0.0..0.5);
        (rates.clone(), rates, 2015..2020, weights).prop_map(|(ova, ppc, first, weights)| {
            let of = |name: &'static str, rates: Vec<(f64, Option<f64>)>| {
                (first..).zip(rates).map(move |(year, (rate, end))| figure(name, year, rate, end))
            };
            let figures = of("OVA", ova).chain(of("ppc", ppc)).collect();
            let weight = weight(&["*"], &[("ova", weights.0), ("ppc", weights.1)]);
            Prices { figures, weights: vec![weight] }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn is_positive_and_adds_up(prices in tables(), as_of in 0..240) {
            prop_assert!(prices.faults().is_empty());
            let as_of = Month::january(2012) + Months(as_of);
            let Some(tariff) = prices.of(&line(), as_of) else { return Ok(()) };
            for year in 2010..2045 {
                let (before, now) = (Month::december(year - 1), Month::january(year));
                prop_assert!(tariff.at(now) > 0.0);
                let stepped = tariff.at(before) * (1.0 + tariff.step(year));
                prop_assert!((tariff.at(now) / stepped - 1.0).abs() < 1e-12);
                prop_assert!(tariff.uncertainty(year).is_finite() && tariff.uncertainty(year) >= 0.0);
            }
        }

        /// Whoever asks later sees the same past, as long as figures come when they usually do.
        #[test]
        fn the_past_stays(prices in tables(), as_of in 0..120, later in 0..120) {
            let as_of = Month::january(2014) + Months(as_of);
            let (then, now) = (prices.of(&line(), as_of), prices.of(&line(), as_of + Months(later)));
            if let Some(then) = then.filter(|then| then.assumed_from() > as_of.year()) {
                prop_assert!((then.at(as_of) - now.unwrap().at(as_of)).abs() < 1e-12);
            }
        }

        /// After all dates the table itself is left: Σ w·provisional and the corrections.
        #[test]
        fn in_the_end_all_counts(prices in tables()) {
            let Some(tariff) = prices.of(&line(), Month::january(2040)) else { return Ok(()) };
            let parts = &prices.weights[0].parts;
            for year in prices.figures[0].year..tariff.assumed_from() {
                let sum = |of: fn(&Figure) -> f64, year: i32| -> f64 {
                    let rows = prices.figures.iter().filter(|figure| figure.year == year);
                    rows.map(|row| parts[&row.name.to_lowercase()] * of(row) / 100.0).sum()
                };
                let revision = |figure: &Figure| {
                    figure.settled.map_or(0.0, |settled| settled - figure.provisional)
                };
                let whole = sum(|figure| figure.provisional, year) + sum(revision, year - 1);
                prop_assert!((tariff.step(year) - whole).abs() < 1e-12);
            }
        }
    }
}
