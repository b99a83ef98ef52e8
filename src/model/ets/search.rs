//! The best form with its best parameters.
//!
//! A coarse look comes first ([`Grid`]), with the initial states found exactly: for multiplicative
//! errors on the logarithms of the series, whose errors are nearly shares. The starts it gives for
//! all forms are followed downhill, the most promising first, until it is plain that they can not
//! win.

use super::coarse::{Coarse, Grid};
use super::form::{ErrorKind, Form, Parts, Season};
use super::likelihood::look;
use super::point::{bounds, point, smoothing, state};
use super::state::{Smoothing, State};
use crate::model::optimum::{Search, descend};
use crate::model::{mean, real};

/// A promised gain in the criterion too small to go on for.
const ENOUGH: f64 = 1e-3;
/// A start of a form with a season this much above the best is not followed.
const FAR: f64 = 40.0;
/// Times what a step promises that a start may still gain; more where steps cost little. Following
/// every start to its end instead lowers the `AICc` by more than .01 in 11 of 714 M3 series, by 4 at
/// most, and takes four times as long.
const HOPE: f64 = 4.0;
const PLAIN_HOPE: f64 = 10.0;
/// Steps after which a search stops anyway.
const STEPS: u32 = 60;
/// Times that trend and season are halved where a multiplicative model would start below zero.
const CALMER: usize = 12;

/// A form with its parameters and initial states, while the forms are compared.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) form: Form,
    pub(super) smoothing: Smoothing,
    pub(super) initial: State,
    pub(super) aicc: f64,
}

/// 2k + 2k(k+1)/(n−k−1): what `AICc` adds for the parameters of `form` on `n` months.
pub(super) fn penalty(n: f64, form: Form) -> f64 {
    let k = real(form.parameters());
    2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0)
}

/// The best of `forms` on `values`.
pub(super) fn best(values: &[f64], forms: &[Form]) -> Option<Candidate> {
    let size = size(values);
    let y: Vec<f64> = values.iter().map(|value| value / size).collect();
    let mut starts = starts(&y, forms);
    starts.sort_by(|a, b| a.aicc.total_cmp(&b.aicc));
    let mut best: Option<Candidate> = None;
    for start in &starts {
        let lowest = best.as_ref().map_or(f64::INFINITY, |best| best.aicc);
        if start.form.is_known() && start.aicc > lowest + FAR {
            continue;
        }
        let found = follow(&y, start, lowest);
        if best.is_none() || found.aicc < lowest {
            best = Some(found);
        }
    }
    best.map(|best| best.scaled(size))
}

/// The mean size of the months, 1 for nothing.
fn size(values: &[f64]) -> f64 {
    let size = values.iter().map(|y| y.abs()).sum::<f64>() / real(values.len());
    if size > 0.0 { size } else { 1.0 }
}

impl Candidate {
    fn scaled(mut self, size: f64) -> Self {
        self.initial.level *= size;
        self.initial.trend *= size;
        if self.form.season == Season::Additive {
            self.initial.season = self.initial.season.map(|season| season * size);
        }
        self
    }
}

/// Downhill from `start`, unless it can not come below an `AICc` of `lowest`.
fn follow(y: &[f64], start: &Candidate, lowest: f64) -> Candidate {
    match start.form.parts() {
        Parts { trend: false, season: false } => followed::<2>(y, start, lowest),
        Parts { trend: true, season: false } => followed::<6>(y, start, lowest),
        Parts { trend: false, season: true } => followed::<14>(y, start, lowest),
        Parts { trend: true, season: true } => followed::<18>(y, start, lowest),
    }
}

fn followed<const K: usize>(y: &[f64], start: &Candidate, lowest: f64) -> Candidate {
    let form = start.form;
    let penalty = penalty(real(y.len()), form);
    let hopeless = lowest - penalty;
    let hope = if form.parts().season { HOPE } else { PLAIN_HOPE };
    let search = Search { bounds: bounds(form), enough: ENOUGH, hope, hopeless, steps: STEPS };
    let mut initial = start.initial;
    for _ in 0..CALMER {
        let from = point(start.smoothing, &initial);
        let (p, cost) = descend(|p| look::<K>(y, form, p), from, search);
        if cost.is_finite() {
            let (smoothing, initial) = (smoothing(&p), state(form, &p));
            return Candidate { form, smoothing, initial, aicc: cost + penalty };
        }
        initial = initial.calmer(form.season);
    }
    Candidate { aicc: f64::INFINITY, ..start.clone() }
}

/// The series, or its logarithms, with mean zero; and that mean.
struct Centred {
    logs: bool,
    values: Vec<f64>,
    centre: f64,
}

impl Centred {
    fn new(y: &[f64], logs: bool) -> Self {
        let mut values: Vec<f64> = if logs { y.iter().map(|y| y.ln()).collect() } else { y.into() };
        let centre = mean(&values);
        for value in &mut values {
            *value -= centre;
        }
        Self { logs, values, centre }
    }
}

/// The starts of all forms.
fn starts(y: &[f64], forms: &[Form]) -> Vec<Candidate> {
    let mut starts = Vec::new();
    for logs in [false, true] {
        let mut forms: Vec<&Form> = forms.iter().filter(|form| form.in_logs() == logs).collect();
        if forms.is_empty() {
            continue;
        }
        forms.sort_by_key(|form| form.parts().season);
        let series = Centred::new(y, logs);
        for forms in forms.chunk_by(|a, b| a.parts().season == b.parts().season) {
            let grid = Grid::new(&series.values, forms[0].parts().season);
            starts.extend(forms.iter().flat_map(|&&form| series.starts(form, &grid)));
        }
    }
    starts
}

impl Form {
    /// Whether its first look is at the logarithms, which an additive season does not allow.
    fn in_logs(self) -> bool {
        self.errors == ErrorKind::Multiplicative && self.season != Season::Additive
    }

    /// Whether that look says how good the form is.
    fn is_known(self) -> bool {
        self.parts().season && (self.in_logs() || self.errors == ErrorKind::Additive)
    }
}

impl Centred {
    fn starts(&self, form: Form, grid: &Grid) -> Vec<Candidate> {
        grid.starts(form.trend).iter().map(|coarse| self.start(form, coarse)).collect()
    }

    /// The states as `form` has them: its errors say whether those of the logarithms are known.
    fn start(&self, form: Form, coarse: &Coarse) -> Candidate {
        let n = real(self.values.len());
        let [level, trend, season @ ..] = coarse.states;
        let mut initial = State { level: level + self.centre, trend, season };
        let mut aicc = n * coarse.squares.max(f64::MIN_POSITIVE).ln() + penalty(n, form);
        if self.logs {
            initial = initial.unlogged(form.season);
            aicc += 2.0 * n * self.centre;
        }
        Candidate { form, smoothing: coarse.smoothing, initial, aicc }
    }
}

impl State {
    /// With half the trend and season.
    fn calmer(self, season: Season) -> Self {
        let usual = if season == Season::Multiplicative { 1.0 } else { 0.0 };
        let season = self.season.map(|season| f64::midpoint(usual, season));
        Self { level: self.level, trend: 0.5 * self.trend, season }
    }

    /// From the states of the logarithms to those of the series.
    fn unlogged(self, season: Season) -> Self {
        let factors = self.season.map(f64::exp);
        let usual = mean(&factors);
        let level = self.level.exp() * usual;
        let season = match season {
            Season::Multiplicative => factors.map(|factor| factor / usual),
            Season::None | Season::Additive => [0.0; 12],
        };
        Self { level, trend: self.trend * level, season }
    }
}

#[cfg(test)]
mod tests {
    use super::super::form::{EtsSpec, Trend};
    use super::super::state::{Law, Range};
    use super::*;
    use crate::model::innovations::mixed;

    /// A line drawn by a form, with even errors up to `most`.
    fn drawn(law: &Law, mut state: State, most: f64) -> Vec<f64> {
        let error = |t: u32| {
            let drawn = u32::try_from(mixed(u64::from(t)) % 2001).unwrap();
            most * (f64::from(drawn) / 1000.0 - 1.0)
        };
        (0..240).zip(0..).map(|(month, t)| state.draw(month, error(t), law)).collect()
    }

    #[test]
    fn finds_the_parameters_a_line_was_drawn_by() {
        let (errors, season) = (ErrorKind::Multiplicative, Season::Multiplicative);
        let form = Form { errors, trend: Trend::None, season };
        let smoothing = Smoothing { alpha: 0.3, beta: 0.0, gamma: 0.1, phi: 1.0 };
        let law = Law { form, smoothing, range: Range::of(&[100.0, 900.0]) };
        let seasons = std::array::from_fn(|k| 0.78 + 0.04 * real(k));
        let state = State { level: 400.0, trend: 0.0, season: seasons };
        let found = best(&drawn(&law, state, 0.1), &[form]).unwrap();
        assert!((found.smoothing.alpha - 0.3).abs() < 0.1, "{:?}", found.smoothing);
        assert!((found.smoothing.gamma - 0.1).abs() < 0.1, "{:?}", found.smoothing);
        assert!((found.initial.season[11] - seasons[11]).abs() < 0.05);
        assert!((found.initial.level / 400.0 - 1.0).abs() < 0.1);
    }

    #[test]
    fn the_best_form_is_the_best_of_the_forms_alone() {
        let y: Vec<f64> = (0..72).map(|t| 100.0 + real(t) + real((t * 17) % 29)).collect();
        let forms = EtsSpec::default().forms(72, true);
        let alone = forms.iter().map(|&form| best(&y, &[form]).unwrap().aicc);
        let lowest = alone.fold(f64::INFINITY, f64::min);
        assert!(best(&y, &forms).unwrap().aicc < lowest + 0.01);
    }

    #[test]
    fn a_constant_line_is_a_level() {
        let forms = EtsSpec::default().forms(48, true);
        let found = best(&[7.0; 48], &forms).unwrap();
        assert!(found.form.parts() == Parts { trend: false, season: false });
        assert!((found.initial.level - 7.0).abs() < 1e-9);
    }
}
