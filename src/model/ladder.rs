//! What becomes of a model when a line is too short or too odd for it.

use super::{Rule, Spec};
use crate::panel::Series;
use crate::units::Months;

/// A line that shows no money for so many months has ended; one that shows the same money for as
/// long is constant.
const ENDED: usize = 12;
/// The months that show whether a line is intermittent, and whose mean it then gets.
const RECENT: usize = 24;

/// The model that is fitted in the end, on which months, and why if not the one asked for.
pub(super) struct Step {
    pub(super) spec: Spec,
    pub(super) history: Series,
    pub(super) reason: Option<String>,
}

/// Finds the rung of `spec` for `series`. A simple rule is taken as it is.
pub(super) fn step(spec: &Spec, series: &Series) -> Step {
    let settled = series.learnable();
    if settled.values.is_empty() {
        return provisional_only(series);
    }
    let history = without_leading_zeros(&settled);
    match spec {
        Spec::Rule { rule } => short_rule(*rule, history),
        _ => odd(&history).unwrap_or_else(|| short(spec, history)),
    }
}

fn rung(rule: Rule, history: Series, reason: impl Into<String>) -> Step {
    Step { spec: Spec::Rule { rule }, history, reason: Some(reason.into()) }
}

/// There is no month to learn from: the provisional months stand in as far as they can be completed,
/// moved to before the first month so that they are forecast and not taken as known.
fn provisional_only(series: &Series) -> Step {
    let start = series.start - Months::of(series.values.len());
    let history = Series::settled(start, series.values.clone());
    rung(Rule::Mean, history, "nog geen afgesloten maanden: gemiddelde van de voorlopige maanden")
}

/// A line starts at its first money; of a line without any the last year is kept.
fn without_leading_zeros(series: &Series) -> Series {
    let n = series.values.len();
    let zeros = series.values.iter().take_while(|&&value| value == 0.0).count();
    let skip = if zeros == n { n.saturating_sub(ENDED) } else { zeros };
    tail(series, n - skip)
}

fn tail(series: &Series, months: usize) -> Series {
    let skip = series.values.len().saturating_sub(months);
    Series::settled(series.start + Months::of(skip), series.values[skip..].to_vec())
}

/// Lines on which only a simple rule makes sense.
#[expect(clippy::float_cmp, reason = "the same cents give the same euros")]
fn odd(history: &Series) -> Option<Step> {
    let recent = tail(history, RECENT);
    let no_money = |series: &Series| series.values.iter().all(|&value| value == 0.0);
    if no_money(history) {
        return Some(rung(Rule::Naive, history.clone(), "nog geen bedragen: blijft nul"));
    }
    if no_money(&tail(history, ENDED)) && history.values.len() > ENDED {
        let reason = "al twaalf maanden geen bedragen: blijft nul";
        return Some(rung(Rule::Naive, tail(history, ENDED), reason));
    }
    let constant = history.values.iter().all(|value| *value == history.values[0]);
    if constant && history.values.len() >= ENDED {
        return Some(rung(Rule::Naive, history.clone(), "elke maand hetzelfde bedrag"));
    }
    if is_intermittent(&recent.values) {
        let reason = "vaker geen dan wel een bedrag: gemiddelde van de laatste 24 maanden";
        return Some(rung(Rule::Mean, recent, reason));
    }
    None
}

/// More than half of the months are empty, and not the same months every year (as with quarterly
/// payments, which a seasonal model follows).
fn is_intermittent(recent: &[f64]) -> bool {
    let zeros = recent.iter().filter(|&&value| value == 0.0).count();
    let alike = |(a, b): &(&f64, &f64)| (**a == 0.0) == (**b == 0.0);
    let repeated = recent.iter().zip(recent.iter().skip(12)).filter(alike).count();
    2 * zeros > recent.len() && repeated < 11
}

/// A rule says itself what it does with a short line.
fn short_rule(rule: Rule, history: Series) -> Step {
    let n = history.values.len();
    let reason = (n < rule.needs()).then(|| too_short(rule.name(), n));
    Step { spec: Spec::Rule { rule }, history, reason }
}

/// The model if the length allows it, or the mean.
fn short(spec: &Spec, history: Series) -> Step {
    let n = history.values.len();
    if n < spec.needs() {
        let reason = too_short(spec.name(), n) + ": gemiddelde";
        return rung(Rule::Mean, history, reason);
    }
    Step { spec: spec.clone(), history, reason: None }
}

fn too_short(what: &str, months: usize) -> String {
    let unit = if months == 1 { "maand" } else { "maanden" };
    format!("te kort voor {what} ({months} {unit})")
}

#[cfg(test)]
mod tests {
    use super::super::tests::money;
    use super::super::{Context, fit, real};
    use super::*;
    use crate::units::Month;

    /// The name, the reason and a year of forecasts of the champion on `values` from 2020 on.
    fn champion(values: Vec<f64>) -> (&'static str, String, Vec<f64>) {
        let series = Series::settled(Month::january(2020), values);
        let model = fit(&Spec::default(), &series, &Context::default()).unwrap();
        let reason = model.reason().unwrap_or_default().to_owned();
        (model.name(), reason, model.mean(12, &Context::default()))
    }

    #[test]
    fn climbs_with_the_length() {
        let rungs = [
            (1, "gemiddelde", "te kort voor kampioen (1 maand): gemiddelde"),
            (5, "gemiddelde", "te kort voor kampioen (5 maanden): gemiddelde"),
            (11, "gemiddelde", "te kort voor kampioen (11 maanden): gemiddelde"),
            (12, "gemiddelde", "te kort voor kampioen (12 maanden): gemiddelde"),
            (13, "kampioen", ""),
            (22, "kampioen", ""),
            (36, "kampioen", ""),
        ];
        for (n, name, why) in rungs {
            let (found, reason, ahead) = champion(money(n).values);
            assert_eq!((found, reason.as_str()), (name, why));
            assert!(ahead.iter().all(|x| (50.0..200.0).contains(x)), "{n}: {ahead:?}");
        }
        let ets = Spec::Ets(super::super::EtsSpec::default());
        let model = fit(&ets, &money(9), &Context::default()).unwrap();
        assert_eq!(
            (model.name(), model.reason()),
            ("gemiddelde", Some("te kort voor ets (9 maanden): gemiddelde"))
        );
    }

    #[test]
    fn keeps_odd_lines_simple() {
        let (name, reason, ahead) = champion(vec![0.0; 40]);
        assert_eq!((name, reason.as_str()), ("naief", "nog geen bedragen: blijft nul"));
        assert_eq!(ahead, [0.0; 12]);
        let ended = [vec![100.0; 30], vec![0.0; 12]].concat();
        let (name, reason, ahead) = champion(ended);
        assert_eq!((name, ahead), ("naief", vec![0.0; 12]), "{reason}");
        let (_, reason, ahead) = champion(vec![80.0; 40]);
        assert_eq!((reason.as_str(), ahead), ("elke maand hetzelfde bedrag", vec![80.0; 12]));
        // 90 three times in 24 months: 11.25 a month.
        let now_and_then = |t: usize| if [0, 26, 33, 40].contains(&t) { 90.0 } else { 0.0 };
        let (name, _, ahead) = champion((0..48).map(now_and_then).collect());
        assert_eq!((name, ahead), ("gemiddelde", vec![11.25; 12]));
    }

    #[test]
    fn follows_quarterly_payments_and_starts_at_the_first_money() {
        let quarterly = |t: usize| if t.is_multiple_of(3) { 300.0 + real(t % 7) } else { 0.0 };
        let (name, reason, ahead) = champion((0..48).map(quarterly).collect());
        assert_eq!((name, reason.as_str()), ("kampioen", ""));
        assert!(ahead[0] > 200.0 && ahead[1] < 100.0, "{ahead:?}");
        let late = [vec![0.0; 24], money(30).values].concat();
        let (_, _, ahead) = champion(late);
        assert!(ahead.iter().all(|x| (50.0..200.0).contains(x)), "{ahead:?}");
    }

    #[test]
    fn takes_provisional_months_when_there_are_no_others() {
        let start = Month::january(2020);
        let mut series = Series::settled(start, vec![60.0, 30.0]);
        series.thin_from = Some(start);
        let model = fit(&Spec::default(), &series, &Context::default()).unwrap();
        assert_eq!((model.end(), model.mean(2, &Context::default())), (start, vec![45.0; 2]));
        assert!(model.reason().unwrap().starts_with("nog geen afgesloten maanden"));
    }
}
