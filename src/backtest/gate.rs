//! The gate: what a backtest must show before a change is taken in.

use super::{CHAMPION, Score, Split, Target};
use crate::error::{Error, Result};
use crate::outlook::NodeName;
use crate::units::{Level, Measure};
use serde::Deserialize;
use std::fmt;

/// `gate.toml`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Its rules; all must hold.
    #[serde(rename = "rule", default)]
    pub rules: Vec<GateRule>,
}

/// One rule. At least one of `max_ratio` (with `against`), `min` and `max` must be given.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateRule {
    /// What is measured.
    pub metric: Metric,
    /// Years or months.
    #[serde(default = "year")]
    pub target: Target,
    /// The level.
    pub level: Level,
    /// Lasten, baten or saldo.
    #[serde(default = "lasten")]
    pub measure: Measure,
    /// The model that is judged.
    #[serde(default = "champion")]
    pub model: String,
    /// Only years of which so many months were known.
    pub months_known: Option<u32>,
    /// Only months so far ahead.
    pub horizon: Option<u32>,
    /// The model it is compared with.
    pub against: Option<String>,
    /// The highest ratio to `against`.
    pub max_ratio: Option<f64>,
    /// The least value.
    pub min: Option<f64>,
    /// The highest value.
    pub max: Option<f64>,
    /// Judge every node of the level, so that the worst one decides.
    #[serde(default)]
    pub worst_line: bool,
    /// With `worst_line`: pass over nodes that hold less than this part of the money of the level.
    #[serde(default)]
    pub least_share: f64,
}

/// What a rule can measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Metric {
    /// Σ|error| ÷ Σ|outcome|.
    Wape,
    /// The mean absolute scaled error.
    Mase,
    /// The root mean square scaled error.
    Rmsse,
    /// Σ error ÷ Σ|outcome|.
    Bias,
    /// The pinball loss, as a part of outcomes.
    Pinball,
    /// The continuous ranked probability score, as a part of outcomes.
    Crps,
    /// The weighted interval score, as a part of outcomes.
    Wis,
    /// The mean scaled interval score at 95 %.
    Msis,
    /// The share inside the band of 80 %.
    Coverage80,
    /// The share inside the band of 95 %.
    Coverage95,
}

/// What became of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The rule, in words.
    pub rule: String,
    /// What was found; `None` when there was nothing to judge.
    pub found: Option<f64>,
    /// The forecasts it rests on.
    pub count: usize,
    /// The worst node, of a rule on every node.
    pub line: Option<NodeName>,
    /// Whether it holds.
    pub passed: bool,
}

fn year() -> Target {
    Target::Jaar
}

fn lasten() -> Measure {
    Measure::Lasten
}

fn champion() -> String {
    CHAMPION.to_owned()
}

impl GateRule {
    /// Refuses a rule that can not fail.
    ///
    /// # Errors
    /// No limit, a ratio without a model to compare with, or the other way round.
    pub fn check(&self) -> Result<()> {
        let wrong = |what: &str, advice: &str| Err(Error::input(what).advice(advice));
        if self.against.is_some() != self.max_ratio.is_some() {
            return wrong(
                "against and max_ratio go together",
                "name a model, as in against = \"seizoensnaief\", and the highest ratio to it",
            );
        }
        if self.max_ratio.or(self.min).or(self.max).is_none() {
            return wrong("a rule without a limit can not fail", "give max_ratio, min or max");
        }
        if self.months_known.is_some() && self.horizon.is_some() {
            return wrong(
                "months_known is about years and horizon about months",
                "give one of them",
            );
        }
        if self.worst_line && (self.months_known.is_some() || self.horizon.is_some()) {
            return wrong(
                "a line is judged over all its forecasts",
                "leave out worst_line, or months_known and horizon",
            );
        }
        if self.against.is_some() && (self.min.is_some() || self.max.is_some()) {
            return wrong(
                "a rule is about a ratio or about a value",
                "write two rules: one with against and max_ratio, one with min and max",
            );
        }
        let covers = matches!(self.metric, Metric::Coverage80 | Metric::Coverage95);
        if self.against.is_some() && covers {
            return wrong("more coverage is not better", "give min and max instead of against");
        }
        Ok(())
    }

    /// Judges the rule on the scores of a backtest.
    #[must_use]
    pub fn judge(&self, scores: &[Score]) -> Verdict {
        let ours = scores.iter().filter(|score| self.asks(score, &self.model));
        let ours: Vec<&Score> = ours.collect();
        let money = |score: &Score| score.size * real(score.count);
        let all: f64 = ours.iter().map(|score| money(score)).sum();
        // A line without outcomes has no relative error.
        let large = |score: &&&Score| {
            !self.worst_line || score.size > 0.0 && money(score) >= self.least_share * all
        };
        let judged = ours.iter().filter(large).map(|score| (self.value(score, scores), *score));
        let worst = judged.min_by(|a, b| self.room(a.0).total_cmp(&self.room(b.0)));
        let found = worst.and_then(|(found, _)| found);
        Verdict {
            rule: self.to_string(),
            found,
            count: worst.map_or(0, |(_, score)| score.count),
            line: worst.and_then(|(_, score)| match &score.split {
                Split::Line(node) => Some(node.clone()),
                _ => None,
            }),
            passed: found.is_some() && self.room(found) >= 0.0,
        }
    }

    fn asks(&self, score: &Score, model: &str) -> bool {
        let split = match &score.split {
            Split::Line(_) => self.worst_line,
            split => !self.worst_line && *split == self.split(),
        };
        split
            && score.model == model
            && (score.target, score.level, score.measure) == (self.target, self.level, self.measure)
    }

    fn split(&self) -> Split {
        match (self.months_known, self.horizon) {
            (Some(months), _) => Split::MonthsKnown(months),
            (_, Some(ahead)) => Split::Horizon(ahead),
            _ => Split::All,
        }
    }

    /// The metric, or its ratio to that of the other model on the same forecasts.
    fn value(&self, score: &Score, scores: &[Score]) -> Option<f64> {
        let ours = self.metric.of(score)?;
        let Some(against) = &self.against else { return Some(ours) };
        let same = |other: &&Score| self.asks(other, against) && other.split == score.split;
        let theirs = self.metric.of(scores.iter().find(same)?)?;
        // A bias may have either sign: it is its size that counts.
        (theirs.abs() > 0.0).then(|| ours.abs() / theirs.abs())
    }

    /// How far a value lies from its nearest limit; below 0 outside, lowest when there is none.
    fn room(&self, value: Option<f64>) -> f64 {
        let Some(value) = value else { return f64::NEG_INFINITY };
        let above = [self.max_ratio, self.max].into_iter().flatten().map(|limit| limit - value);
        above.chain(self.min.map(|limit| value - limit)).fold(f64::INFINITY, f64::min)
    }
}

impl Metric {
    fn of(self, score: &Score) -> Option<f64> {
        match self {
            Self::Wape => Some(score.wape),
            Self::Mase => score.mase,
            Self::Rmsse => score.rmsse,
            Self::Bias => Some(score.bias),
            Self::Pinball => Some(score.pinball),
            Self::Crps => score.crps,
            Self::Wis => Some(score.wis),
            Self::Msis => score.msis,
            Self::Coverage80 => Some(score.coverage80.share),
            Self::Coverage95 => Some(score.coverage95.share),
        }
    }
}

impl fmt::Display for GateRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { metric, target, level, measure, model, .. } = self;
        let metric = format!("{metric:?}").to_lowercase();
        write!(f, "{metric} {model}")?;
        if let Some(against) = &self.against {
            write!(f, " / {against}")?;
        }
        write!(f, ", {target} per {level}, {measure}")?;
        match self.split() {
            Split::MonthsKnown(months) => write!(f, ", {months} mnd bekend")?,
            Split::Horizon(ahead) => write!(f, ", {ahead} mnd vooruit")?,
            _ => {}
        }
        if self.worst_line {
            write!(f, ", slechtste regel")?;
        }
        for (name, limit) in [("≥", self.min), ("≤", self.max), ("≤", self.max_ratio)] {
            if let Some(limit) = limit {
                write!(f, " {name} {limit}")?;
            }
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of forecasts are small")]
fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::super::{scores, tests::forecast};
    use super::*;

    fn judged(rule: &str) -> Verdict {
        let mut rows = Vec::new();
        for month in ["2020-03", "2020-06"] {
            rows.push(forecast(CHAMPION, month, 105, 100));
            rows.push(forecast("tempo", month, 110, 100));
        }
        let rule: GateRule = serde_json::from_str(rule).unwrap();
        rule.check().unwrap();
        rule.judge(&scores(&rows))
    }

    #[test]
    fn a_ratio_a_limit_and_nothing_to_judge() {
        let ratio = r#"{"metric":"wape","level":"totaal","against":"tempo","max_ratio":"#;
        let found = judged(&format!("{ratio}0.6}}"));
        assert!(found.passed && (found.found.unwrap() - 0.5).abs() < 1e-12, "{found:?}");
        assert!(!judged(&format!("{ratio}0.4}}")).passed);
        let found = judged(r#"{"metric":"bias","level":"totaal","max":0.04}"#);
        assert!(!found.passed && (found.found.unwrap() - 0.05).abs() < 1e-12);
        assert_eq!(found.rule, "bias kampioen, jaar per totaal, lasten ≤ 0.04");
        let found = judged(r#"{"metric":"wape","level":"wet","max":1.0}"#);
        assert_eq!((found.found, found.passed), (None, false));
        let found = judged(r#"{"metric":"wape","level":"totaal","months_known":6,"max":1.0}"#);
        assert_eq!((found.count, found.passed), (1, true));
    }

    #[test]
    fn a_rule_that_can_not_fail_is_refused() {
        for (text, told) in [
            (r#"{"metric":"wape","level":"wet"}"#, "without a limit"),
            (r#"{"metric":"wape","level":"wet","max_ratio":1.0}"#, "go together"),
            (r#"{"metric":"wape","level":"wet","max":1.0,"months_known":3,"horizon":1}"#, "about"),
            (r#"{"metric":"wape","level":"wet","max":1,"worst_line":true,"horizon":1}"#, "all its"),
            (
                r#"{"metric":"bias","level":"wet","max":1,"against":"t","max_ratio":1}"#,
                "a ratio or",
            ),
            (r#"{"metric":"coverage80","level":"wet","against":"t","max_ratio":1}"#, "not better"),
        ] {
            let rule: GateRule = serde_json::from_str(text).unwrap();
            assert!(rule.check().unwrap_err().to_string().contains(told), "{text}");
        }
    }
}
