//! A line as the tests of its level see it.

use super::mean;
use crate::model::one_offs;
use crate::panel::{Panel, Series};
use crate::units::{LineId, Month, Months};

/// What a change is measured against: the level of so many months before it.
const BEFORE: Months = Months(12);

/// The months a line can be learned from, and the scale on which its changes are told.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Volume: tariffs are divided out, policy is not, and months that stand out are pulled in.
    volume: Series,
    /// Logarithms where every month is above 0; else shares of the usual size of a month.
    logs: bool,
    /// The usual size of a month.
    size: f64,
    /// Euros of the day per unit of volume at the as-of month.
    tariff: f64,
}

impl Line {
    /// `None` for a line without money.
    pub(super) fn of(panel: &Panel, id: &LineId) -> Option<Self> {
        let mut volume = panel.series.get(id)?.learnable();
        for (month, beyond) in one_offs(&volume) {
            let at = (month - volume.start).count();
            volume.values[at] -= beyond;
        }
        let index = panel.indices.get(id);
        if let Some(index) = index {
            let months = volume.start.through(panel.as_of);
            let policy = months.map(|month| index.at(month) / index.tariff(month));
            volume.values.iter_mut().zip(policy).for_each(|(value, policy)| *value *= policy);
        }
        let size = mean(&volume.values.iter().map(|value| value.abs()).collect::<Vec<_>>());
        let logs = volume.values.iter().all(|value| *value > 0.0);
        let tariff = index.map_or(1.0, |index| index.tariff(panel.as_of));
        (size > 0.0).then_some(Self { volume, logs, size, tariff })
    }

    /// The first month.
    pub(super) fn start(&self) -> Month {
        self.volume.start
    }

    /// The month after the last.
    pub(super) fn end(&self) -> Month {
        self.volume.end()
    }

    /// The scaled values of `first` up to, not including, `end`.
    pub(super) fn scaled(&self, first: Month, end: Month) -> Vec<f64> {
        let scale = |value: f64| if self.logs { value.ln() } else { value / self.size };
        let months = first.through(end - Months(1));
        months.filter_map(|month| self.volume.get(month)).map(scale).collect()
    }

    /// A change of the scaled values from `since` on, in euros of the day per month.
    pub(super) fn euros(&self, change: f64, since: Month) -> f64 {
        if !self.logs {
            return change * self.size * self.tariff;
        }
        let before = self.volume.before(since);
        let year = before.values.len().saturating_sub(BEFORE.count());
        change.exp_m1() * mean(&before.values[year..]) * self.tariff
    }
}

/// The variance of what is uncertain about the outcome of `month` itself, as a share of it.
pub(super) fn unsure(panel: &Panel, id: &LineId, month: Month) -> f64 {
    let age = usize::try_from((panel.as_of - month).0).ok();
    let late = panel.late.of(id);
    late.zip(age).and_then(|(late, age)| late.pattern.error.get(age).copied()).unwrap_or(0.0)
}

/// What a month came to, in euros of the day.
pub(super) fn outcome(panel: &Panel, id: &LineId, month: Month) -> Option<f64> {
    let value = panel.series.get(id)?.get(month)?;
    Some(value * panel.indices.get(id).map_or(1.0, |index| index.at(month)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::tests::{line, panel};

    #[test]
    fn changes_are_told_in_euros_of_what_was_before() {
        let id = line("a");
        let start = Month::january(2020);
        let values = vec![100.0; 20];
        let found = Line::of(&panel(&[(&id, &values)]), &id).unwrap();
        // 10 % of 100.
        assert!((found.euros(1.1_f64.ln(), start + Months(14)) - 10.0).abs() < 1e-9);
        assert!((found.scaled(start, start + Months(2))[1] - 100.0_f64.ln()).abs() < 1e-12);
        let mut some = values;
        some[3] = 0.0;
        let found = Line::of(&panel(&[(&id, &some)]), &id).unwrap();
        // The mean is 95; half of that.
        assert!((found.euros(0.5, start) - 47.5).abs() < 1e-9);
        assert!(Line::of(&panel(&[(&id, &[0.0; 9])]), &id).is_none());
    }
}
