//! The three smoothers against R's `forecast` and statsforecast, on the series of the ETS test.

use ndarray::Axis;
use prognose::model::{Context, FittedModel, Smooth, SmoothParameters, Spec, fit, innovations};
use prognose::panel::{Innovations, Series};
use prognose::units::{Month, Months};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Our Σe² may be higher by this share: Brent stops a millionth short of the largest α.
const WORSE: f64 = 1e-5;
/// That of the damped trend by this: its five parameters have more than one valley.
const WORSE_DAMPED: f64 = 1e-3;
/// So much a parameter outside our range may gain: α = .9999 where ours ends at .99.
const OUTSIDE: f64 = 0.02;
/// Both find the same α of `theta` when Σe² differ less, and then points differ by less than this
/// share of a one-step deviation.
const SAME_THETA: f64 = 1e-6;
const SAME_THETA_POINT: f64 = 1e-3;
/// The half slope is a sum that both take: 12 digits are written.
const SAME_DRIFT: f64 = 1e-9;
/// statsforecast stops its search of `dot` at differences of 1e-4; where Σe² differ less than this
/// it is the same fit,
const SAME_DOT: f64 = 5e-5;
/// and R's of the damped trend stops earlier still.
const SAME_DAMPED: f64 = 1.5e-3;
/// Then points differ by less than this share of a one-step deviation, because the sum of squares
/// is flat at its lowest,
const SAME_POINT: f64 = 0.1;
/// and α, β and 1/θ by less than this.
const SAME_PARAMETER: f64 = 0.02;
/// With α in a range of its own, or least squares of other errors, points are still this near.
const NEAR_POINT: f64 = 0.25;
/// The deviations of drawn paths and computed intervals differ by less than this share: three
/// standard errors of 4,000 draws are 3.4 %, and near fits differ by the rest.
const SAME_WIDTH: f64 = 0.06;
/// Here the search of the damped trend ends in another valley than R's, whose Σe² is half as high.
const OTHER_VALLEY: &str = "mauna_loa";
/// The first errors that `dot` leaves out.
const SKIPPED: usize = 3;

/// What another program found for one series.
struct Expected {
    series: String,
    numbers: BTreeMap<String, f64>,
}

impl Expected {
    fn points(&self) -> impl Iterator<Item = f64> {
        (1..=18).map(|h| self.numbers[&format!("h{h}")])
    }
}

fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let text = fs::read_to_string(golden.join(file)).unwrap();
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

fn expected(file: &str) -> Vec<Expected> {
    let number = |(name, text): (&String, &String)| Some((name.clone(), text.parse().ok()?));
    let one = |row: BTreeMap<String, String>| Expected {
        series: row["series"].clone(),
        numbers: row.iter().filter_map(number).collect(),
    };
    rows(&format!("smoothers/{file}")).into_iter().map(one).collect()
}

/// From the first money on, as a model takes them.
fn series() -> BTreeMap<String, Series> {
    let mut all: BTreeMap<String, Series> = BTreeMap::new();
    for row in rows("ets/series.csv") {
        let empty = || Series::settled(Month::january(2010), Vec::new());
        let series = all.entry(row["series"].clone()).or_insert_with(empty);
        let y: f64 = row["y"].parse().unwrap();
        if y != 0.0 || !series.values.is_empty() {
            series.values.push(y);
        }
    }
    all
}

/// Our fit on the values as they are, beside what another program found.
struct Pair {
    what: String,
    model: FittedModel,
    ours: SmoothParameters,
    theirs: Expected,
    /// Our Σe² ÷ theirs − 1.
    higher: f64,
    /// The largest difference between points, in our one-step deviations.
    apart: f64,
    months: usize,
}

impl Pair {
    fn new(smoother: Smooth, theirs: Expected, series: &Series) -> Self {
        let spec = Spec::Smooth { smoother, as_they_are: true };
        let model = fit(&spec, series, &Context::default()).unwrap();
        let ours = model.as_smooth().unwrap();
        let errors = errors(smoother, &ours, &series.values);
        let squares: f64 = errors.iter().map(|error| error * error).sum();
        let deviation = (squares / real(errors.len())).sqrt();
        let points = model.mean(18, &Context::default());
        let apart = points.iter().zip(theirs.points()).map(|(a, b)| (a - b).abs() / deviation);
        Self {
            what: format!("{} {}", smoother.name(), theirs.series),
            ours,
            higher: squares / theirs.numbers["squares"] - 1.0,
            apart: apart.fold(0.0, f64::max),
            months: series.values.len(),
            theirs,
            model,
        }
    }

    /// How far a parameter is from theirs.
    fn off(&self, name: &str, ours: f64) -> f64 {
        (ours - self.theirs.numbers[name]).abs()
    }
}

fn pairs(smoother: Smooth, file: &str) -> Vec<Pair> {
    let all = series();
    let pairs: Vec<Pair> = expected(file)
        .into_iter()
        .map(|theirs| {
            let series = &all[&theirs.series];
            Pair::new(smoother, theirs, series)
        })
        .collect();
    assert_eq!(pairs.len(), all.len(), "a series is not compared");
    pairs
}

#[expect(clippy::cast_precision_loss, reason = "counts of months are small")]
fn real(count: usize) -> f64 {
    count as f64
}

/// The one-step errors that are made least, straight from the published equations.
fn errors(smoother: Smooth, found: &SmoothParameters, y: &[f64]) -> Vec<f64> {
    let (mut level, mut trend, mut faded) = (found.level, found.trend, 1.0);
    let one = |t: usize| {
        let expected = match smoother {
            Smooth::Dot => {
                let (intercept, slope) = line(&y[..t]);
                let summed = (1.0 - faded * (1.0 - found.alpha)) / found.alpha;
                level + (1.0 - 1.0 / found.theta) * (faded * intercept + summed * slope)
            }
            Smooth::Theta => level,
            Smooth::Damped => level + found.phi * trend,
        };
        let error = y[t] - expected;
        level = match smoother {
            Smooth::Damped => expected + found.alpha * error,
            Smooth::Dot | Smooth::Theta => level + found.alpha * (y[t] - level),
        };
        trend = found.phi * trend + found.beta * error;
        faded *= 1.0 - found.alpha;
        error
    };
    let errors = (0..y.len()).map(one);
    errors.skip(if smoother == Smooth::Dot { SKIPPED } else { 0 }).collect()
}

/// Intercept and slope of the least-squares line through y₁, y₂, …
fn line(y: &[f64]) -> (f64, f64) {
    let n = real(y.len().max(1));
    let (middle, centre) = (f64::midpoint(n, 1.0), y.iter().sum::<f64>() / n);
    let away = |t: usize| real(t + 1) - middle;
    let products: f64 = y.iter().enumerate().map(|(t, y)| away(t) * (y - centre)).sum();
    let squares: f64 = (0..y.len()).map(|t| away(t).powi(2)).sum();
    let slope = if squares > 0.0 { products / squares } else { 0.0 };
    (centre - slope * middle, slope)
}

#[test]
fn dot_is_at_least_as_close_as_in_statsforecast() {
    let (mut same, mut inside) = (0, 0);
    for pair in pairs(Smooth::Dot, "expected_dot_statsforecast.csv") {
        let (what, higher) = (&pair.what, pair.higher);
        let reaches = pair.theirs.numbers["theta"] <= 1000.0;
        inside += usize::from(reaches);
        let allowed = if reaches { WORSE } else { OUTSIDE };
        assert!(higher < allowed, "{what}: Σe² {higher:e} higher");
        assert!(pair.apart < NEAR_POINT, "{what}: points {} apart", pair.apart);
        if higher.abs() < SAME_DOT {
            same += 1;
            assert!(pair.apart < SAME_POINT, "{what}: points {} apart", pair.apart);
            assert!(pair.off("alpha", pair.ours.alpha) < SAME_PARAMETER, "{what}: α");
            let weight = 1.0 / pair.ours.theta - 1.0 / pair.theirs.numbers["theta"];
            assert!(weight.abs() < SAME_PARAMETER, "{what}: θ");
        }
    }
    assert!(same >= 12 && inside >= 36, "only {same} are the same, and {inside} within our range");
}

#[test]
fn theta_is_that_of_r() {
    let mut same = 0;
    for pair in pairs(Smooth::Theta, "expected_theta_r.csv") {
        let (what, higher, alpha) = (&pair.what, pair.higher, pair.theirs.numbers["alpha"]);
        let drift = pair.off("drift", pair.ours.trend) / pair.ours.trend.abs();
        assert!(drift < SAME_DRIFT, "{what}: drift {drift:e} off");
        if (0.01..=0.99).contains(&alpha) {
            same += 1;
            assert!(higher.abs() < SAME_THETA, "{what}: Σe² {higher:e} higher");
            assert!(pair.apart < SAME_THETA_POINT, "{what}: points {} apart", pair.apart);
        } else {
            assert!(higher < OUTSIDE, "{what}: Σe² {higher:e} higher");
            assert!(pair.apart < SAME_POINT, "{what}: points {} apart", pair.apart);
        }
    }
    assert!(same >= 20, "only {same} have an α within our range");
}

/// statsforecast chooses the α that suits the smoothing and the line together, and none below .1;
/// where it is ours, so are the points.
#[test]
fn theta_is_that_of_statsforecast_where_alpha_is() {
    let mut same = 0;
    for pair in pairs(Smooth::Theta, "expected_theta_statsforecast.csv") {
        if pair.off("alpha", pair.ours.alpha) < SAME_PARAMETER {
            same += 1;
            assert!(pair.apart < SAME_POINT, "{}: points {} apart", pair.what, pair.apart);
        }
    }
    assert!(same >= 16, "only {same} have the same α");
}

#[test]
fn the_damped_trend_is_at_least_as_close_as_in_r() {
    let (mut same, mut compared) = (0, 0);
    for pair in pairs(Smooth::Damped, "expected_damped_r.csv") {
        let (what, higher) = (&pair.what, pair.higher);
        if pair.theirs.series == OTHER_VALLEY {
            assert!(higher > WORSE_DAMPED, "{what} is no exception any more");
            continue;
        }
        compared += 1;
        assert!(higher < WORSE_DAMPED, "{what}: Σe² {higher:e} higher");
        let found = &pair.theirs.numbers;
        let variance = found["squares"] / (real(pair.months) - 5.0);
        assert!((found["sigma"] / variance.sqrt() - 1.0).abs() < 1e-9, "{what}: R's deviation");
        if higher.abs() < SAME_DAMPED {
            same += 1;
            assert!(pair.apart < SAME_POINT, "{what}: points {} apart", pair.apart);
            assert!(pair.off("alpha", pair.ours.alpha) < SAME_PARAMETER, "{what}: α");
            assert!(pair.off("beta", pair.ours.beta) < SAME_PARAMETER, "{what}: β");
        }
    }
    assert!(compared >= 36 && same >= 8, "only {compared} compared, {same} the same");
}

/// Draws of a line's own errors only, in no order: none stands in the months of the series.
fn unordered(end: Month) -> Innovations {
    let mut shared = innovations(end, 18, 4000, 1, end - Months(1)..end);
    shared.dates.fill(Month::january(1990));
    shared
}

/// The half-widths of R's intervals at 80 and 95 % are 1.28 and 1.96 deviations, where an error has
/// Σe²/(n − 5). The errors we draw have Σe²/n.
#[test]
fn the_damped_trend_draws_as_wide_as_r_computes() {
    let fits = pairs(Smooth::Damped, "expected_damped_r.csv");
    let mut compared = 0;
    for row in expected("expected_widths_r.csv") {
        let pair = fits.iter().find(|pair| pair.theirs.series == row.series).unwrap();
        if pair.higher.abs() > SAME_DAMPED {
            continue;
        }
        compared += 1;
        let paths = pair.model.simulate(&unordered(pair.model.end()), &Context::default());
        let level = row.numbers["level"];
        let quantile = if level < 90.0 { 1.281_552 } else { 1.959_964 };
        let n = real(pair.months);
        let widened = quantile * (n / (n - 5.0)).sqrt();
        for (ours, theirs) in paths.std_axis(Axis(0), 1.0).iter().zip(row.points()) {
            let ratio = widened * ours / theirs;
            assert!((ratio - 1.0).abs() < SAME_WIDTH, "{} {level}: {ratio} of R's", pair.what);
        }
    }
    assert!(compared >= 16, "only {compared} widths are compared");
}
