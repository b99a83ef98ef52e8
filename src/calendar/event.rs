//! Policy events (*beleid*): what the organisation decided, announced or assumes, as data.

use crate::error::{Error, Result};
use crate::units::{LineId, Month, Side, Wet};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// The monthly persistence of a temporary change once it fades (METHODS §3: δ = .7 is usual).
const FADING: f64 = 0.7;

/// The events of `beleid.toml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agenda {
    /// In the order of the file.
    #[serde(default, rename = "event")]
    pub events: Vec<Event>,
}

/// One change of policy, with what it may cost and since when that is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Unique name.
    pub id: String,
    /// What the reader sees.
    pub title: String,
    /// The first month of the effect.
    pub date: Month,
    /// The month in which it became known; before it the event does not exist.
    pub known_from: Month,
    /// The lines it concerns: `[wet/]pattern[/side]`, where the pattern is a taakveld (`6.21`), the
    /// start of one (`6.71*`) or a product. Without a side: lasten.
    pub scope: Vec<String>,
    /// How the effect runs in time.
    pub form: Form,
    /// Months to full effect for a ramp, months of full effect for a pulse or temporary change;
    /// one when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// How certain it is.
    pub status: Status,
    /// The low estimate of the full effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<Amount>,
    /// The central estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub central: Option<Amount>,
    /// The high estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<Amount>,
    /// The chance that it goes ahead, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Who answers for the estimate: a role.
    #[serde(default)]
    pub owner: String,
    /// Where it can be read.
    #[serde(default)]
    pub source: String,
}

/// How the effect of an event runs in time (METHODS §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// At once and for good.
    Step,
    /// Growing evenly to its full size.
    Ramp,
    /// There and gone.
    Pulse,
    /// There, then fading.
    Temporary,
    /// Another way of invoicing; a step to the models.
    Billing,
    /// Another place in the chart of accounts; a step to the models.
    Recode,
}

/// How certain an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It has happened.
    Past,
    /// Decided by the council or the state.
    Decided,
    /// Announced but not decided.
    Announced,
    /// Our own assumption.
    Assumed,
}

/// The size of an effect. Reads from a number (EUR per year) or a text such as `"2,5 %"`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
pub enum Amount {
    /// Euros per year; a saving is negative.
    EuroPerYear(f64),
    /// Per cent of the line's own level.
    Percent(f64),
}

/// An amount as it stands in a file.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Number(f64),
    Text(String),
}

impl TryFrom<Written> for Amount {
    type Error = String;
    fn try_from(written: Written) -> Result<Self, String> {
        let amount = match &written {
            Written::Number(euros) => Some(Self::EuroPerYear(*euros)),
            Written::Text(text) => text
                .strip_suffix('%')
                .and_then(|number| number.trim().replace(',', ".").parse().ok())
                .map(Self::Percent),
        };
        let finite = amount.filter(|amount| match amount {
            Self::EuroPerYear(value) | Self::Percent(value) => value.is_finite(),
        });
        let shown = || match written {
            Written::Number(number) => number.to_string(),
            Written::Text(text) => format!("{text:?}"),
        };
        finite.ok_or_else(|| {
            format!("{} is not an amount; write euros per year as a number, or \"2.5 %\"", shown())
        })
    }
}

impl From<Amount> for Written {
    fn from(amount: Amount) -> Self {
        match amount {
            Amount::EuroPerYear(euros) => Self::Number(euros),
            Amount::Percent(percent) => Self::Text(format!("{percent} %")),
        }
    }
}

impl Event {
    /// Refuses an event whose parts can not be true together.
    ///
    /// # Errors
    /// A probability outside 0 to 1, no scope, or zero months.
    pub fn check(&self) -> Result<()> {
        let refuse = |what: &str, advice: &str| {
            Err(Error::input(format!("event {:?}: {what}", self.id)).advice(advice))
        };
        if self.probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            return refuse("the probability is not between 0 and 1", "write 0.8 for 80 %");
        }
        if self.scope.is_empty() {
            return refuse("the scope is empty", "name the lines, as in scope = [\"Wmo/6.71*\"]");
        }
        if self.months == Some(0) {
            return refuse("months is 0", "leave it out or write 1 or more");
        }
        Ok(())
    }

    /// Whether the event was known at the end of `as_of`.
    #[must_use]
    pub fn is_known(&self, as_of: Month) -> bool {
        self.known_from <= as_of
    }

    /// Whether the event concerns `line`.
    #[must_use]
    pub fn covers(&self, line: &LineId) -> bool {
        self.scope.iter().any(|pattern| covers(pattern, line))
    }

    /// The share of the full effect that works in `month`: 0 before the event, 1 at full effect.
    ///
    /// With T the date and L the months: step 1[t ≥ T]; ramp min(1, (t−T+1)/L); pulse
    /// 1[T ≤ t < T+L]; temporary the same and then δ^(t−T−L+1), which for L = 1 is 1/(1−δB) on a
    /// pulse (METHODS §3).
    #[must_use]
    pub fn regressor(&self, month: Month) -> f64 {
        let since = f64::from((month - self.date).0);
        let length = f64::from(self.months.unwrap_or(1).max(1));
        if since < 0.0 {
            return 0.0;
        }
        match self.form {
            Form::Step | Form::Billing | Form::Recode => 1.0,
            Form::Ramp => ((since + 1.0) / length).min(1.0),
            Form::Pulse => f64::from(u8::from(since < length)),
            Form::Temporary => FADING.powf((since - length + 1.0).max(0.0)),
        }
    }
}

#[cfg(test)]
impl Event {
    /// A past event on every line, known from its start.
    pub(crate) fn made_up(form: Form, date: Month, months: Option<u32>) -> Self {
        Self {
            id: "e".into(),
            title: "E".into(),
            date,
            known_from: date,
            scope: vec!["*".into()],
            form,
            months,
            status: Status::Past,
            low: None,
            central: None,
            high: None,
            probability: None,
            owner: String::new(),
            source: String::new(),
        }
    }
}

/// Whether `[wet/]pattern[/side]` covers `line`; a product may itself hold a slash.
fn covers(pattern: &str, line: &LineId) -> bool {
    let (first, after) = pattern.split_once('/').unwrap_or((pattern, "*"));
    let (wet, rest) = match Wet::from_str(first) {
        Ok(wet) => (Some(wet), after),
        Err(_) => (None, pattern),
    };
    let (body, side) = match rest.rsplit_once('/').map(|(body, end)| (body, Side::from_str(end))) {
        Some((body, Ok(side))) => (body, side),
        _ => (rest, Side::Lasten),
    };
    let named = match body.strip_suffix('*') {
        Some(start) => line.taakveld.starts_with(start),
        None => line.taakveld == body || line.product.eq_ignore_ascii_case(body),
    };
    named && wet.is_none_or(|wet| wet == line.wet) && side == line.side
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Months;

    fn event(form: Form, months: Option<u32>) -> Event {
        let known_from = Month::january(2024);
        let scope = vec!["Wmo/6.71*".into()];
        Event { known_from, scope, ..Event::made_up(form, Month::january(2025), months) }
    }

    fn line(wet: Wet, taakveld: &str, product: &str, side: Side) -> LineId {
        LineId { wet, taakveld: taakveld.into(), product: product.into(), side }
    }

    #[test]
    fn runs_by_its_form() {
        let from = Month::january(2025) - Months(1);
        let run = |form, months| -> Vec<f64> {
            let event = event(form, months);
            from.through(from + Months(4)).map(|month| event.regressor(month)).collect()
        };
        assert_eq!(run(Form::Step, None), [0.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(run(Form::Ramp, Some(4)), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(run(Form::Pulse, Some(2)), [0.0, 1.0, 1.0, 0.0, 0.0]);
        assert_eq!(run(Form::Temporary, None), [0.0, 1.0, 0.7, 0.7 * 0.7, 0.7_f64.powi(3)]);
    }

    #[test]
    fn covers_by_wet_taakveld_product_and_side() {
        let help = line(Wet::Wmo, "6.711", "Hulp", Side::Lasten);
        let income = line(Wet::Wmo, "6.711", "Hulp", Side::Baten);
        let youth = line(Wet::Jeugd, "6.714", "Dag/nacht", Side::Lasten);
        let covered = |pattern: &str| [&help, &income, &youth].map(|line| covers(pattern, line));
        assert_eq!(covered("Wmo/6.71*"), [true, false, false]);
        assert_eq!(covered("6.71*"), [true, false, true]);
        assert_eq!(covered("Wmo"), [true, false, false]);
        assert_eq!(covered("Wmo/hulp/baten"), [false, true, false]);
        assert_eq!(covered("dag/nacht"), [false, false, true]);
        assert_eq!(covered("Jeugd/dag/nacht/lasten"), [false, false, true]);
    }

    #[test]
    fn reads_amounts_and_refuses_what_it_does_not_know() {
        let read = |text: &str| serde_json::from_str::<Amount>(text);
        assert_eq!(read("-120000").unwrap(), Amount::EuroPerYear(-120_000.0));
        assert_eq!(read("\"2,5 %\"").unwrap(), Amount::Percent(2.5));
        assert!(read("\"veel\"").unwrap_err().to_string().contains("\"veel\" is not an amount"));
        let text = serde_json::to_string(&event(Form::Step, None)).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event(Form::Step, None));
        assert!(serde_json::from_str::<Event>(&text.replace("\"owner\"", "\"ouner\"")).is_err());
        assert!(Event { probability: Some(80.0), ..event(Form::Step, None) }.check().is_err());
    }
}
