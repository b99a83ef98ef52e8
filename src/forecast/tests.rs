use super::*;
use crate::calendar::Prices;
use crate::ledger::{Ledger, Origin, Posting, PostingKind};
use crate::model::{Spec, fit_all};
use crate::panel::{Late, Series};
use crate::units::{Cents, Side, Wet};
use proptest::prelude::*;
use std::sync::LazyLock;

mod policy;

/// Six years of lines with a season and some noise, each month booked over `shares` of its
/// age, in hundredths.
fn ledger(lines: u32, shares: &[i64], scale: i64) -> Ledger {
    let mut ledger = Ledger { has_service_months: true, ..Ledger::default() };
    for line in 0..lines {
        let product = line.to_string();
        let taakveld = "6.711".to_owned();
        ledger.lines.push(LineId { wet: Wet::Wmo, taakveld, product, side: Side::Lasten });
        let mut noise = i64::from(line) + 7;
        for (t, service) in (0..).zip(Month::january(2016).through(Month::december(2021))) {
            noise = (noise * 1103 + 377) % 1009;
            let season = i64::try_from(service.index()).unwrap() * 300;
            let amount = scale * (100_000 + season + t * 150 + noise * 12);
            for (age, share) in (0..).zip(shares) {
                ledger.postings.push(Posting {
                    line,
                    kind: PostingKind::Regular,
                    service,
                    booked: service + Months(age),
                    amount: Cents(amount / 100 * share),
                    origin: Origin { file: 0, row: 2 },
                });
            }
        }
    }
    ledger.postings.sort_by_key(|posting| (posting.line, posting.service, posting.booked));
    ledger
}

fn as_of() -> Month {
    Month::new(2021, 8).unwrap()
}

static NO_PRICES: LazyLock<Prices> = LazyLock::new(Prices::default);

fn books(ledger: &Ledger) -> Books<'_> {
    Books { ledger, events: &[], prices: &NO_PRICES, drop_months: 0 }
}

fn forecast(panel: &Panel, banded: bool) -> Forecast {
    let fitted = fit_all(panel, &Spec::Kampioen, &[]).unwrap();
    let bands = Bands::learn(panel, &Spec::Kampioen, &fitted.models, &[], 0).unwrap();
    let draws = Draws { count: 200, seed: 1 };
    let last = Month::december(2021);
    simulate(panel, &fitted, banded.then_some(&bands), &[], &[], last, draws).unwrap()
}

/// The year totals of the first leaf in ascending order.
fn totals(panel: &Panel, forecast: &Forecast) -> Vec<f64> {
    let series = panel.series.values().next().unwrap();
    let settled = Month::january(2021).through(forecast.paths.start - Months(1));
    let settled: f64 = settled.filter_map(|month| series.get(month)).sum();
    let skip = (Month::january(2021) - forecast.paths.start).count();
    let paths = forecast.paths.values.index_axis(Axis(0), 0);
    let total = |row: ndarray::ArrayView1<f64>| settled + row.iter().skip(skip).sum::<f64>();
    let mut totals: Vec<f64> = paths.rows().into_iter().map(total).collect();
    totals.sort_unstable_by(f64::total_cmp);
    totals
}

#[test]
fn a_complete_ledger_is_left_as_it_is() {
    let ledger = ledger(3, &[100], 1);
    let panel = books(&ledger).as_of(as_of());
    let plain = ledger.panel(as_of());
    assert_eq!(panel.series, plain.series);
    let without = Panel { late: Late::default(), ..panel.clone() };
    assert_eq!(forecast(&panel, false).paths, forecast(&without, false).paths);
}

#[test]
fn completes_what_waits_for_invoices() {
    let (late, whole) = (ledger(3, &[50, 30, 20], 1), ledger(3, &[100], 1));
    let panel = books(&late).as_of(as_of());
    let series = panel.series.values().next().unwrap();
    assert_eq!(series.provisional_from, Some(as_of() - Months(1)));
    // No month differs from the pattern, so nothing is too thin to learn from.
    assert_eq!(series.thin_from, None);
    for (completed, true_value) in
        series.values.iter().zip(&whole.panel(as_of()).series[&late.lines[0]].values)
    {
        assert!((completed / true_value - 1.0).abs() < 1e-6, "{completed} {true_value}");
    }
    let (found, wanted) =
        (totals(&panel, &forecast(&panel, true)), forecast(&books(&whole).as_of(as_of()), true));
    let wanted = totals(&books(&whole).as_of(as_of()), &wanted);
    assert!((found[100] / wanted[100] - 1.0).abs() < 0.01, "{} {}", found[100], wanted[100]);
}

#[test]
fn what_was_known_then_can_be_told_from_the_panel() {
    let ledger = ledger(3, &[50, 30, 20], 1);
    let then = Month::new(2020, 3).unwrap();
    let back = known::back_to(&books(&ledger).as_of(as_of()), then, &[]);
    let straight = books(&ledger).as_of(then);
    assert_eq!((back.series, back.late), (straight.series, straight.late));
}

#[test]
fn late_in_the_year_the_years_after_are_left_where_they_are() {
    let ledger = ledger(3, &[50, 30, 20], 1);
    let panel = books(&ledger).as_of(Month::new(2021, 11).unwrap());
    let fitted = fit_all(&panel, &Spec::Kampioen, &[]).unwrap();
    let next = |bands: Option<&Bands>| {
        let (last, draws) = (Month::december(2022), Draws { count: 500, seed: 1 });
        let paths = simulate(&panel, &fitted, bands, &[], &[], last, draws).unwrap().paths;
        let skip = (Month::january(2022) - paths.start).count();
        paths.values.slice_axis(Axis(2), ndarray::Slice::from(skip..)).mean().unwrap()
    };
    let ratio = next(Some(&Bands::shipped(11, true, false))) / next(None);
    assert!((ratio - 1.0).abs() < 0.02, "{ratio}");
}

#[test]
fn what_is_booked_on_a_line_that_revives_does_not_vanish() {
    let mut ledger = ledger(1, &[100], 1);
    let asleep = Month::january(2019);
    ledger.postings.retain(|posting| posting.service < asleep || posting.service == as_of());
    let panel = books(&ledger).as_of(as_of());
    let paths = forecast(&panel, true).paths;
    let booked = panel.booked.values().next().unwrap().get(as_of()).euros();
    let at = (as_of() - paths.start).count();
    // The month may be settled, and then it does not stand among the paths.
    let months = paths.values.index_axis(Axis(0), 0);
    let draws = months.columns().into_iter().nth(at).filter(|_| paths.start <= as_of());
    assert!(draws.is_none_or(|draws| draws.iter().all(|&euros| euros >= booked - 1e-6)));
    assert!(booked > 0.0);
}

#[test]
fn a_replay_drops_the_months_that_the_forecast_drops() {
    let ledger = ledger(2, &[50, 30, 20], 1);
    let books = Books { drop_months: 4, ..books(&ledger) };
    let then = Month::new(2020, 3).unwrap();
    let back = known::back_to(&books.as_of(as_of()), then, &[]);
    assert_eq!(back.series, books.as_of(then).series);
}

#[test]
fn months_that_are_dropped_teach_nothing_and_stay_at_least_what_is_booked() {
    let ledger = Ledger { has_service_months: false, ..ledger(2, &[100], 1) };
    let panel = Books { drop_months: 3, ..books(&ledger) }.as_of(as_of());
    let series = panel.series.values().next().unwrap();
    assert_eq!(series.learnable().end(), as_of() - Months(2));
    let paths = forecast(&panel, true).paths;
    assert_eq!(paths.start, as_of() - Months(2));
    for (month, column) in paths.start.through(as_of()).zip(paths.values.axis_iter(Axis(2))) {
        let booked = series.get(month).unwrap();
        assert!(column.row(0).iter().all(|&euros| euros >= booked - 1e-6), "{month}");
    }
}

#[test]
fn the_year_gets_the_band_of_the_line() {
    let ledger = ledger(4, &[50, 30, 20], 1);
    let panel = books(&ledger).as_of(as_of());
    let fitted = fit_all(&panel, &Spec::Kampioen, &[]).unwrap();
    let bands = Bands::shipped(8, true, false);
    let draws = Draws { count: 200, seed: 1 };
    let last = Month::december(2021);
    let found = simulate(&panel, &fitted, Some(&bands), &[], &[], last, draws).unwrap();
    let prospects = expect(&panel, &fitted.models, &[], last);
    let (line, prospect) = prospects.iter().next().unwrap();
    let series = &panel.series[line];
    let mean = prospect.total(series, Month::january(2021), last);
    let size = bands.size(&panel, line, prospect);
    let totals = totals(&panel, &found);
    for (at, normal) in crate::model::normal_quantiles(200).into_iter().enumerate() {
        let wanted = mean * (size * bands.shape.at(normal)).exp();
        assert!((totals[at] / wanted - 1.0).abs() < 1e-9, "{at}: {} {wanted}", totals[at]);
    }
}

#[test]
fn lines_share_a_part_of_their_luck() {
    let ledger = ledger(2, &[100], 1);
    let panel = books(&ledger).as_of(as_of());
    let fitted = fit_all(&panel, &Spec::Kampioen, &[]).unwrap();
    let last = Month::december(2021);
    let together = |common: f64| {
        let mut bands = Bands::shipped(8, true, false);
        bands.common = common;
        let draws = Draws { count: 1000, seed: 1 };
        let paths = simulate(&panel, &fitted, Some(&bands), &[], &[], last, draws).unwrap().paths;
        let sums = |leaf: usize| -> Vec<f64> {
            let rows = paths.values.index_axis(Axis(0), leaf);
            rows.rows().into_iter().map(|row| row.sum().ln()).collect()
        };
        correlation(&sums(0), &sums(1))
    };
    assert!(together(0.0).abs() < 0.1 && (together(0.5) - 0.5).abs() < 0.1);
}

/// The paths of a panel whose lines are added up, and of the same reconciled.
fn both(panel: &Panel, banded: bool) -> [Forecast; 2] {
    let fitted = fit_all(panel, &Spec::Kampioen, &[]).unwrap();
    let bands = banded.then(|| Bands::shipped(8, true, false));
    let (last, draws) = (Month::december(2021), Draws { count: 200, seed: 1 });
    let added = simulate(panel, &fitted, bands.as_ref(), &[], &[], last, draws).unwrap();
    [added, simulate_reconciled(panel, &fitted, bands.as_ref(), &[], &[], last, draws).unwrap()]
}

#[test]
fn reconciled_lines_lie_nearer_to_the_forecast_of_their_sum() {
    let ledger = ledger(6, &[100], 1);
    let panel = books(&ledger).as_of(as_of());
    let values = panel.series.values();
    let sum = |month: Month| values.clone().filter_map(|series| series.get(month)).sum::<f64>();
    let months = panel.first().through(panel.as_of).map(sum).collect();
    let total = Series::settled(panel.first(), months);
    let model = crate::model::fit(&Spec::Kampioen, &total, &crate::model::Context::default());
    let direct: f64 = model.unwrap().mean(4, &crate::model::Context::default()).iter().sum();
    let [added, agreed] = both(&panel, false).map(|forecast| forecast.paths.values.sum() / 200.0);
    assert!((direct - added).abs() > 1.0, "{direct} {added}");
    assert!((direct - agreed).abs() < (direct - added).abs(), "{direct} {added} {agreed}");
}

#[test]
fn reconciled_or_not_what_is_known_stays() {
    let ledger = ledger(4, &[50, 30, 20], 1);
    let mut panel = books(&ledger).as_of(as_of());
    let ended = panel.series.keys().next().unwrap().clone();
    panel.ended.insert(ended, Month::new(2021, 5).unwrap());
    let [added, agreed] = both(&panel, false).map(|forecast| forecast.paths);
    let ahead = ndarray::Slice::from((as_of() + Months(1) - agreed.start).count()..);
    let known = ndarray::Slice::from(..ahead.start);
    let months = |paths: &Paths, of| paths.values.slice_axis(Axis(2), of).to_owned();
    assert_eq!(months(&added, known), months(&agreed, known));
    assert_ne!(months(&added, ahead), months(&agreed, ahead));
    assert!(agreed.values.iter().all(|&euros| euros >= 0.0));
    let silent = months(&agreed, ahead).index_axis(Axis(0), 0).to_owned();
    assert!(silent.iter().all(|&euros| euros == 0.0), "{silent}");
}

#[test]
fn one_line_and_a_short_history_have_nothing_to_agree_with() {
    let one = ledger(1, &[100], 1);
    let [added, agreed] = both(&books(&one).as_of(as_of()), true);
    assert_eq!(added, agreed);
    let mut short = ledger(3, &[100], 1);
    short.postings.retain(|posting| posting.service >= Month::new(2020, 1).unwrap());
    let [added, agreed] = both(&books(&short).as_of(as_of()), true);
    assert_eq!(added, agreed);
}

#[test]
fn the_band_of_the_year_moves_with_reconciliation_and_stays_as_wide() {
    let ledger = ledger(5, &[50, 30, 20], 1);
    let panel = books(&ledger).as_of(as_of());
    let [plain, moved] = both(&panel, false).map(|forecast| totals(&panel, &forecast));
    let [added, agreed] = both(&panel, true).map(|forecast| totals(&panel, &forecast));
    let mean = |totals: &[f64]| totals.iter().sum::<f64>() / 200.0;
    let (wanted, found) = (mean(&moved) - mean(&plain), mean(&agreed) - mean(&added));
    assert!(wanted.abs() > 1.0 && (found / wanted - 1.0).abs() < 0.05, "{wanted} {found}");
    let width = |totals: &[f64]| (totals[180] / totals[20]).ln();
    assert!((width(&agreed) / width(&added) - 1.0).abs() < 1e-9);
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.iter().map(|_| 1.0).sum::<f64>();
    let (ma, mb) = (mean(a), mean(b));
    let product = |x: &[f64], mx: f64, y: &[f64], my: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum()
    };
    product(a, ma, b, mb) / (product(a, ma, a, ma) * product(b, mb, b, mb)).sqrt()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    /// Ten times the money is ten times the forecast, and what is booked later changes nothing.
    #[test]
    fn scales_and_looks_at_nothing_later(first in 20_i64..70, factor in 2_i64..9) {
        let shares = [first, 80 - first, 20];
        let (one, many) = (ledger(3, &shares, 100), ledger(3, &shares, 100 * factor));
        let (a, b) = (books(&one).as_of(as_of()), books(&many).as_of(as_of()));
        let (a, b) = (totals(&a, &forecast(&a, true)), totals(&b, &forecast(&b, true)));
        for (a, b) in a.iter().zip(&b) {
            let ratio = b / a;
            #[expect(clippy::cast_precision_loss, reason = "a small factor")]
            let wanted = factor as f64;
            prop_assert!((ratio / wanted - 1.0).abs() < 1e-6, "{ratio}");
        }
        let mut poisoned = one.clone();
        poisoned.postings.iter_mut().filter(|p| p.booked > as_of()).for_each(|p| p.amount = Cents(1));
        let panel = books(&poisoned).as_of(as_of());
        prop_assert_eq!(totals(&panel, &forecast(&panel, true)), a);
    }
}

#[test]
fn months_that_are_asked_for_are_as_in_the_whole() {
    let panel = books(&ledger(3, &[40, 30, 20, 10], 1)).as_of(as_of());
    let fitted = fit_all(&panel, &Spec::Kampioen, &[]).unwrap();
    let draws = Draws { count: 50, seed: 1 };
    let next = as_of() + Months(1);
    let whole = simulate(&panel, &fitted, None, &[], &[], as_of() + Months(3), draws).unwrap();
    let asked = simulate_months(&panel, &fitted, &[], as_of()..=next, draws).unwrap();
    assert!(panel.open_from() < as_of());
    let of = |forecast: &Forecast, month: Month| {
        let at = (month - forecast.paths.start).count();
        forecast.paths.values.index_axis(Axis(2), at).to_owned()
    };
    for month in [as_of(), next] {
        assert_eq!(of(&asked, month), of(&whole, month));
    }
}
