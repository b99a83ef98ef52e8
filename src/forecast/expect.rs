//! What is expected of every line, month by month, before anything is drawn.

use super::filter::{Expected, slip_today};
use crate::calendar::Event;
use crate::error::Result;
use crate::model::{Context, FittedModel, Pace, Spec, fit_near, pace, shared_growth};
use crate::panel::{Panel, Series};
use crate::units::{LineId, Month, Months};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What is expected of one line, and the pace it rests on.
#[derive(Clone, Debug)]
pub(super) struct Prospect {
    pub(super) expected: Expected,
    pub(super) pace: Pace,
}

impl Prospect {
    /// What the line cost or is expected to cost from `first` through `last`; `series` holds the
    /// months its model has seen.
    pub(super) fn total(&self, series: &Series, first: Month, last: Month) -> f64 {
        let known = first.through(last.min(self.expected.start - Months(1)));
        let known: f64 = known.filter_map(|month| series.get(month)).sum();
        known + self.expected.sum(first, last)
    }
}

/// Every line of the panel through `last`, its provisional months taken in.
pub(super) fn expect(
    panel: &Panel,
    models: &BTreeMap<LineId, FittedModel>,
    events: &[Event],
    last: Month,
) -> BTreeMap<LineId, Prospect> {
    let growth = shared_growth(panel);
    let alone = |(line, series): (&LineId, &Series)| {
        let model = &models[line];
        let context = Context::new(events, line, panel.as_of).growing(&growth);
        let prior = model.mean(model.end().through(last).len(), &context);
        let expected = Expected::new(model.end(), prior);
        (line.clone(), Prospect { expected, pace: pace(&series.learnable()) })
    };
    let mut prospects: BTreeMap<LineId, Prospect> = panel.series.par_iter().map(alone).collect();
    let slip = slip_today(panel, &prospects);
    for (line, prospect) in &mut prospects {
        if let Some(late) = panel.late.of(line) {
            prospect.expected.filter(late, prospect.pace, slip);
        }
    }
    prospects
}

/// Fits every line anew, near models of a month close by.
pub(super) fn refit(
    panel: &Panel,
    spec: &Spec,
    events: &[Event],
    near: &BTreeMap<LineId, FittedModel>,
) -> Result<BTreeMap<LineId, FittedModel>> {
    let growth = shared_growth(panel);
    let one = |(line, series): (&LineId, &Series)| {
        let context = Context::new(events, line, panel.as_of).growing(&growth);
        Ok((line.clone(), fit_near(spec, series, &context, near.get(line))?))
    };
    panel.series.par_iter().map(one).collect()
}
