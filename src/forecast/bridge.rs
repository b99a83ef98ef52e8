//! Where the chart of accounts moved: a bridge has the history that its new lines lack.
//!
//! ```text
//! L = Σ L_i                            what the lines of one side of a bridge are expected to come to
//! V = (1 − ρ) Σ v_i + ρ (Σ √v_i)²      how unsure that is; v_i = (ŝ_i L_i)², as bands have it
//! w = V / (V + V_B)                    B and V_B: the same of the bridge, forecast as one line
//! L_i ← L_i + w · c_i / V · (B − L)    c_i = (1 − ρ) v_i + ρ √v_i Σ √v_j, month by month
//! ```
//!
//! Least squares with one constraint (`MinT` of Wickramasuriya et al. 2019 with this covariance): lines
//! that are known well hardly move, and a bridge that knows no more than its lines moves nothing. It is
//! done only while a line is younger than a year: on made-up towns older ones knew better themselves.

use super::bands::Bands;
use super::expect::Prospect;
use super::filter::{Expected, slip_today};
use super::known::bridged;
use crate::calendar::{Event, Form};
use crate::error::Result;
use crate::model::{Context, Spec, fit, pace, shared_growth};
use crate::panel::{Bridge, Panel, Series};
use crate::units::{LineId, Month, Months, Side, Wet};
use std::collections::BTreeMap;

/// A line of fewer months is young; a bridge that is to help it has more.
const YOUNG: usize = 12;
const OLD: usize = 48;

/// What bridges taught of lines: the factor that is left of their ŝ.
pub(super) type Surer = BTreeMap<LineId, f64>;

/// Moves what is expected of lines to what their bridges say.
pub(super) fn share_out(
    panel: &Panel,
    prospects: &mut BTreeMap<LineId, Prospect>,
    bridges: &[Bridge],
    bands: &Bands,
    events: &[Event],
    last: Month,
) -> Result<Surer> {
    let mut surer = Surer::new();
    let slip = slip_today(panel, prospects);
    for (bridge, side) in bridges.iter().flat_map(|b| [(b, Side::Lasten), (b, Side::Baten)]) {
        let held = |line: &&LineId| line.side == side && bridge.holds(line);
        let lines: Vec<LineId> = panel.series.keys().filter(held).cloned().collect();
        if !moved(panel, &lines) {
            continue;
        }
        let Some(whole) = Whole::of(panel, &bridge.name, side, &lines, events, slip, last)? else {
            continue;
        };
        whole.share_out(panel, &lines, prospects, bands, &mut surer);
    }
    Ok(surer)
}

/// Whether a line is young while the bridge is old.
fn moved(panel: &Panel, lines: &[LineId]) -> bool {
    let young = |line: &&LineId| {
        !panel.ended.contains_key(*line) && panel.series[*line].values.len() < YOUNG
    };
    let oldest = lines.iter().map(|line| panel.series[line].values.len()).max();
    lines.iter().any(|line| young(&line)) && oldest.is_some_and(|months| months >= OLD)
}

/// One side of a bridge, forecast as one line.
struct Whole {
    panel: Panel,
    name: LineId,
    prospect: Prospect,
}

impl Whole {
    fn of(
        panel: &Panel,
        bridge: &str,
        side: Side,
        lines: &[LineId],
        events: &[Event],
        slip: f64,
        last: Month,
    ) -> Result<Option<Self>> {
        let name = LineId {
            wet: Wet::Gezamenlijk,
            taakveld: String::new(),
            product: bridge.to_owned(),
            side,
        };
        let Some(whole) = bridged(panel, &name, lines) else { return Ok(None) };
        let series = &whole.series[&name];
        let growth = shared_growth(panel);
        let context = Context { events: shared(panel, lines, events), ..Context::default() };
        let context = context.growing(&growth);
        let model = fit(&Spec::Kampioen, series, &context)?;
        let prior = model.mean(model.end().through(last).len(), &context);
        let mut expected = Expected::new(model.end(), prior);
        let pace = pace(&series.learnable());
        if let Some(late) = whole.late.of(&name) {
            expected.filter(late, pace, slip);
        }
        Ok(Some(Self { panel: whole, name, prospect: Prospect { expected, pace } }))
    }

    fn share_out(
        &self,
        panel: &Panel,
        lines: &[LineId],
        prospects: &mut BTreeMap<LineId, Prospect>,
        bands: &Bands,
        surer: &mut Surer,
    ) {
        let parts = parts(panel, lines, prospects, bands);
        let variance: f64 = parts.iter().map(|part| part.with_sum).sum();
        if variance <= 0.0 {
            return;
        }
        let own = euros(&self.panel, &self.name, &self.prospect, bands).powi(2);
        let weight = variance / (variance + own);
        let Expected { start, mean, .. } = &self.prospect.expected;
        for (at, whole) in mean.iter().enumerate() {
            let month = *start + Months::of(at);
            let gap = weight * (whole - known(panel, lines, prospects, month));
            let open = |part: &&Part| prospects[part.line].expected.at(month).is_some();
            let moving: Vec<&Part> = parts.iter().filter(open).collect();
            let all: f64 = moving.iter().map(|part| part.with_sum).sum();
            for part in moving {
                if let Some(prospect) = prospects.get_mut(part.line).filter(|_| all > 0.0) {
                    prospect.expected.add(month, gap * part.with_sum / all);
                }
            }
        }
        for Part { line, size, with_sum } in parts.into_iter().filter(|part| part.size > 0.0) {
            let left = 1.0 - weight * (with_sum / size).powi(2) / variance;
            *surer.entry(line.clone()).or_insert(1.0) *= left.clamp(0.0, 1.0).sqrt();
        }
    }
}

/// A line that goes on.
struct Part<'a> {
    line: &'a LineId,
    /// √v in euros.
    size: f64,
    /// c.
    with_sum: f64,
}

fn parts<'a>(
    panel: &Panel,
    lines: &'a [LineId],
    prospects: &BTreeMap<LineId, Prospect>,
    bands: &Bands,
) -> Vec<Part<'a>> {
    let goes_on = lines.iter().filter(|line| !panel.ended.contains_key(*line));
    let sized = goes_on.map(|line| (line, euros(panel, line, &prospects[line], bands)));
    let sized: Vec<(&LineId, f64)> = sized.collect();
    let (all, rho) = (sized.iter().map(|(_, size)| size).sum::<f64>(), bands.common);
    let part =
        |(line, size)| Part { line, size, with_sum: (1.0 - rho) * size * size + rho * size * all };
    sized.into_iter().map(part).collect()
}

/// How unsure the year that the month after the as-of month lies in is, in euros.
fn euros(panel: &Panel, line: &LineId, prospect: &Prospect, bands: &Bands) -> f64 {
    let year = (panel.as_of + Months(1)).year();
    let total = prospect.total(&panel.series[line], Month::january(year), Month::december(year));
    (bands.size(panel, line, prospect) * total).abs()
}

/// What all lines come to in a month, as far as it is known or expected.
fn known(
    panel: &Panel,
    lines: &[LineId],
    prospects: &BTreeMap<LineId, Prospect>,
    month: Month,
) -> f64 {
    let of = |line: &LineId| {
        if panel.ended.get(line).is_some_and(|&ended| month > ended) {
            return 0.0;
        }
        let series: &Series = &panel.series[line];
        prospects[line].expected.at(month).or_else(|| series.get(month)).unwrap_or(0.0)
    };
    lines.iter().map(of).sum()
}

/// The events that move every line of a bridge that was there; new codes move none of its money.
fn shared<'a>(panel: &Panel, lines: &[LineId], events: &'a [Event]) -> Vec<&'a Event> {
    let all = |event: &&Event| {
        let there = lines.iter().filter(|line| panel.series[*line].start < event.date);
        event.form != Form::Recode
            && event.is_known(panel.as_of)
            && !event.is_scenario(panel.as_of)
            && there.fold(None, |all, line| Some(all.unwrap_or(true) && event.covers(line)))
                == Some(true)
    };
    events.iter().filter(all).collect()
}
