//! Policy events (*beleid*): what the organisation decided, announced or assumes, as data.

use super::scope::covers;
use crate::error::{Error, Result};
use crate::units::{LineId, Month, Months};
use serde::{Deserialize, Serialize};

/// The monthly persistence of a temporary change once it fades (METHODS §3: δ = .7 is usual).
const FADING: f64 = 0.7;
/// So many months after its date an estimate lapses.
const LAPSES: i32 = 12;

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

impl Form {
    /// Whether the effect stays (*structureel*) or passes (*incidenteel*).
    #[must_use]
    pub fn lasts(self) -> bool {
        !matches!(self, Self::Pulse | Self::Temporary)
    }
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

/// The full effect of an event, from the estimates that are given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// The low end.
    pub low: f64,
    /// What is most likely.
    pub central: f64,
    /// The high end.
    pub high: f64,
    /// Whether they are per cent of a line's own level; else euros per year for all lines together.
    pub percent: bool,
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
        if let Some(p) = self.probability.filter(|p| !(0.0..=1.0).contains(p)) {
            let what = format!("the probability {p} is not between 0 and 1");
            return refuse(&what, "write 0.8 for 80 %");
        }
        if self.scope.is_empty() {
            return refuse("the scope is empty", "name the lines, as in scope = [\"Wmo/6.71*\"]");
        }
        if self.months == Some(0) {
            return refuse("months is 0", "leave it out or write 1 or more");
        }
        let given = [self.low, self.central, self.high].into_iter().flatten();
        let (percents, euros): (Vec<Amount>, Vec<Amount>) =
            given.partition(|amount| matches!(amount, Amount::Percent(_)));
        if !percents.is_empty() && !euros.is_empty() {
            let advice = "write low, central and high all as euros per year, or all as \"5 %\"";
            return refuse("low, central and high are not of one kind", advice);
        }
        match self.size() {
            Some(Size { low, central, high, .. }) if low > central || central > high => {
                let what = format!("low {low}, central {central} and high {high} do not ascend");
                refuse(&what, "a saving of 10 to 6 % is low = \"-10 %\", high = \"-6 %\"")
            }
            Some(size) if size.percent && size.low < -100.0 => {
                let what = format!("low = {} % takes away more than there is", size.low);
                refuse(&what, "write \"-100 %\" at the least")
            }
            _ => Ok(()),
        }
    }

    /// The full effect; `None` when no amount is given. An end that is not given is the one next to
    /// it; a centre that is not given lies in the middle.
    #[must_use]
    pub fn size(&self) -> Option<Size> {
        let value = |amount: Option<Amount>| match amount? {
            Amount::EuroPerYear(value) | Amount::Percent(value) => Some(value),
        };
        let (low, central, high) = (value(self.low), value(self.central), value(self.high));
        let ends = low.zip(high).map(|(low, high)| f64::midpoint(low, high));
        let centre = central.or(ends).or(low).or(high)?;
        let percent = [self.low, self.central, self.high]
            .iter()
            .any(|amount| matches!(amount, Some(Amount::Percent(_))));
        Some(Size {
            low: low.unwrap_or(centre),
            central: centre,
            high: high.unwrap_or(centre),
            percent,
        })
    }

    /// Whether it has happened or is decided.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        matches!(self.status, Status::Past | Status::Decided)
    }

    /// Whether its estimate stands in for what the books do not tell yet: to come, or at work for less
    /// than twelve months (METHODS §3 of the design notes). Later the models estimate it; what was
    /// only announced when its date passed is left to them as well.
    #[must_use]
    pub fn is_scenario(&self, as_of: Month) -> bool {
        self.size().is_some()
            && (as_of < self.date || (self.is_certain() && as_of < self.date + Months(LAPSES)))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn event(form: Form, months: Option<u32>) -> Event {
        let known_from = Month::january(2024);
        let scope = vec!["Wmo/6.71*".into()];
        Event { known_from, scope, ..Event::made_up(form, Month::january(2025), months) }
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
