//! `prognose backtest`: what would each model have said, and what came true?

use super::talk::{self, table};
use super::{Common, finish};
use crate::backtest::{Comparison, Origins, Score, against_best_rule, scores};
use crate::error::Result;
use crate::model::{Rule, Spec};
use crate::units::{Level, Measure, Month};
use crate::workspace::{Job, backtest_files};
use clap::Args;
use serde_json::json;

/// Year totals at the end of months 3, 6 and 9 of every earlier year with 36 months of history.
#[derive(Args, Debug)]
pub(super) struct Backtest {
    #[command(flatten)]
    common: Common,
    /// The first origin
    #[arg(long, value_name = "YYYY-MM", value_parser = super::month)]
    from: Option<Month>,
    /// The last origin
    #[arg(long, value_name = "YYYY-MM", value_parser = super::month)]
    to: Option<Month>,
    /// An origin every so many months, instead of months 3, 6 and 9
    #[arg(long, value_name = "MONTHS", value_parser = clap::value_parser!(u32).range(1..))]
    every: Option<u32>,
}

impl Backtest {
    pub(super) fn run(&self) -> Result<()> {
        let job = Job::read(&self.common.workspace, &self.common.choices())?;
        let origins = job.origins(Origins { from: self.from, to: self.to, every: self.every })?;
        let bar = talk::bar(origins.len(), "origins");
        let rows = job.backtest(&Spec::all(), &origins, &|| bar.inc(1))?;
        bar.finish_and_clear();
        let scores = scores(&rows);
        let champion = Spec::default().name();
        let rules = Rule::ALL.map(Rule::name);
        let verdict = against_best_rule(&rows, champion, &rules, Level::Wet, Measure::Lasten);
        finish(&job, "backtest", backtest_files(&rows, &scores))?;
        if self.common.json {
            let origins: Vec<String> = origins.iter().map(Month::to_string).collect();
            return talk::print(&format!(
                "{}\n",
                json!({ "origins": origins, "forecasts": rows.len() })
            ));
        }
        talk::print(
            &(wape_table(&scores) + &verdict.map(|verdict| sentence(&verdict)).unwrap_or_default()),
        )
    }
}

/// WAPE of the year total of lasten per wet, by months known.
fn wape_table(scores: &[Score]) -> String {
    let ours = |score: &&Score| score.level == Level::Wet && score.measure == Measure::Lasten;
    let of_wet: Vec<&Score> = scores.iter().filter(ours).collect();
    let mut months: Vec<u32> = of_wet.iter().filter_map(|score| score.months_known).collect();
    months.sort_unstable();
    months.dedup();
    let mut lines = vec![header(&months)];
    for whole in of_wet.iter().filter(|score| score.months_known.is_none()) {
        let at = |month: &u32| {
            of_wet
                .iter()
                .find(|score| score.model == whole.model && score.months_known == Some(*month))
        };
        let cells = months
            .iter()
            .map(|month| at(month).map_or_else(|| "–".to_owned(), |score| percent(score.wape)));
        let coverage = format!(
            "{} [{} {}]",
            percent(whole.coverage80),
            percent(whole.coverage80_limits.0),
            percent(whole.coverage80_limits.1)
        );
        let tail = [percent(whole.bias), coverage, whole.count.to_string()];
        lines.push(std::iter::once(whole.model.clone()).chain(cells).chain(tail).collect());
    }
    format!(
        "Error of the year total, lasten per wet (WAPE, %), by months known:\n{}",
        table(&lines)
    )
}

fn header(months: &[u32]) -> Vec<String> {
    let months = months.iter().map(|month| format!("{month} mnd"));
    let tail = ["bias", "in 80%-band [95% limits]", "n"].map(str::to_owned);
    std::iter::once("model".to_owned()).chain(months).chain(tail).collect()
}

fn percent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

fn sentence(verdict: &Comparison) -> String {
    let Comparison { rule, champion, best, interval, groups: years, .. } = verdict;
    format!(
        "Mean over the months: kampioen {}, best simple rule ({rule}) {}; difference {:+.1} [{:+.1}, {:+.1}] points, \
         90 % interval over {years} years drawn whole.\n",
        percent(*champion),
        percent(*best),
        100.0 * (champion - best),
        100.0 * interval.0,
        100.0 * interval.1,
    )
}
