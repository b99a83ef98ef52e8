//! `prognose backtest`: what would each model have said, and what came true?

use super::talk::{self, table};
use super::{Common, finish};
use crate::backtest::{
    Bias, CHAMPION, Comparison, Gate, Ladder, Origins, Score, Split, Target, Verdict,
    against_best_rule,
};
use crate::error::{Error, Result};
use crate::model::Rule;
use crate::units::{Level, Measure, Month};
use crate::workspace::{Job, Tested, backtest_files};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Year totals and months ahead as of the end of months 3, 6 and 9 of every earlier year with 36 months of
/// history. A run that was stopped goes on where it was.
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
    /// Rules that must hold, as in gate.toml; exit code 1 when one does not
    #[arg(long, value_name = "FILE")]
    gate: Option<PathBuf>,
}

impl Backtest {
    pub(super) fn run(&self) -> Result<()> {
        let job = Job::read(&self.common.workspace, &self.common.choices())?;
        // A gate that can not be read is told before the long work.
        let gate = self.gate.as_deref().map(|file| job.gate(file)).transpose()?;
        job.criteria()?;
        let origins = job.origins(Origins { from: self.from, to: self.to, every: self.every })?;
        let bar = talk::bar(origins.len(), "origins");
        let tested = job.backtest(&origins, &|| bar.inc(1))?;
        bar.finish_and_clear();
        let verdicts = gate.map(|gate| judged(&gate, &tested.scores)).unwrap_or_default();
        finish(&job, "backtest", backtest_files(&job, &tested, &verdicts)?)?;
        let not_kept = job.keep_test(&tested)?;
        job.forget_parts()?;
        if let Some(why) = not_kept {
            talk::say(&format!(
                "remark: this backtest is not kept for the report and the model card: {why}"
            ));
        }
        if self.common.json {
            talk::print(&format!("{}\n", summary(&origins, &tested, &verdicts)))?;
        } else {
            talk::print(&told(&tested, &verdicts))?;
        }
        refuse(&verdicts)
    }
}

/// Tests the model on earlier years where the report or the model card would lack it: in the first run of a calendar
/// year, and of another model.
pub(super) fn retest(job: &Job) -> Result<()> {
    if !job.lacks_test() {
        return Ok(());
    }
    talk::say(
        "testing the model on earlier years; the first run of a year takes longer for it, and so does the first of another \
         model (--no-backtest skips it)",
    );
    let bar = talk::bar(job.origins(Origins::default())?.len(), "origins");
    let found = job.retest(&|| bar.inc(1))?;
    bar.finish_and_clear();
    job.keep_test(&found)?;
    job.forget_parts()
}

fn judged(gate: &Gate, scores: &[Score]) -> Vec<Verdict> {
    gate.rules.iter().map(|rule| rule.judge(scores)).collect()
}

/// An error when a rule does not hold, so that the exit code is 1.
fn refuse(verdicts: &[Verdict]) -> Result<()> {
    let failed = verdicts.iter().filter(|verdict| !verdict.passed);
    let error = |verdict: &Verdict| {
        let found =
            verdict.found.map_or("nothing to judge".to_owned(), |found| format!("{found:.4}"));
        Error::gate(format!("the gate does not hold: {}; found {found}", verdict.rule))
            .advice("look at backtest/scores.csv; change the model or, with a reason, the rule")
    };
    Error::all(failed.map(error).collect()).map_or(Ok(()), Err)
}

fn summary(origins: &[Month], tested: &Tested, verdicts: &[Verdict]) -> Value {
    let origins: Vec<String> = origins.iter().map(Month::to_string).collect();
    let rule = |verdict: &Verdict| {
        let Verdict { rule, found, count, passed, .. } = verdict;
        json!({ "rule": rule, "found": found, "count": count, "passed": passed })
    };
    let rules: Vec<Value> = verdicts.iter().map(rule).collect();
    json!({ "origins": origins, "forecasts": tested.rows.len(), "gate": rules })
}

fn told(tested: &Tested, verdicts: &[Verdict]) -> String {
    let rules = Rule::ALL.map(Rule::name);
    let (wet, lasten) = (Level::Wet, Measure::Lasten);
    let verdict = against_best_rule(&tested.rows, CHAMPION, &rules, wet, lasten);
    let mut text = wape_table(&tested.scores);
    text += &verdict.map(|verdict| sentence(&verdict)).unwrap_or_default();
    let of_total =
        |ladder: &&Ladder| ladder.level == Level::Totaal && ladder.measure == Measure::Lasten;
    text.extend(tested.ladders.iter().filter(of_total).map(report));
    if !verdicts.is_empty() {
        text += &gate_table(verdicts);
    }
    text
}

/// WAPE of the year total of lasten per wet, by months known.
fn wape_table(scores: &[Score]) -> String {
    let ours = |score: &&Score| {
        (score.target, score.level, score.measure) == (Target::Jaar, Level::Wet, Measure::Lasten)
    };
    let of_wet: Vec<&Score> = scores.iter().filter(ours).collect();
    let known = |score: &&Score| match score.split {
        Split::MonthsKnown(months) => Some(months),
        _ => None,
    };
    let mut months: Vec<u32> = of_wet.iter().filter_map(known).collect();
    months.sort_unstable();
    months.dedup();
    let mut lines = vec![header(&months)];
    for whole in of_wet.iter().filter(|score| score.split == Split::All) {
        let at = |month: &u32| {
            let split = Split::MonthsKnown(*month);
            of_wet.iter().find(|score| score.model == whole.model && score.split == split)
        };
        let cells = months
            .iter()
            .map(|month| at(month).map_or_else(|| "–".to_owned(), |score| percent(score.wape)));
        let held = whole.coverage80;
        let coverage =
            format!("{} [{} {}]", percent(held.share), percent(held.low), percent(held.high));
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

/// Whether a report is too high, and how sure that is.
fn report(ladder: &Ladder) -> String {
    let Bias { years, mean, interval, sign, ranks, place, .. } = &ladder.bias;
    let interval = interval.map_or_else(String::new, |(low, high)| {
        format!(", 90 % interval {:+.1} to {:+.1}", 100.0 * low, 100.0 * high)
    });
    let place = place.map_or_else(String::new, |place| {
        format!(
            "; its middle place in the band of the model is the {:.0} % quantile",
            100.0 * place
        )
    });
    format!(
        "{}: on average {:+.1} % off (lasten, total{interval}), too high in {:.0} of {years} years; chance of errors so uneven by luck: \
         {:.4} (sign test), {:.4} (signed ranks){place}.\n",
        ladder.report,
        100.0 * mean,
        sign.statistic,
        sign.two_sided,
        ranks.two_sided,
    )
}

fn gate_table(verdicts: &[Verdict]) -> String {
    let heads = ["rule", "found", "n", "worst", "holds"].map(str::to_owned).to_vec();
    let line = |verdict: &Verdict| {
        let line = verdict.line.as_ref().map(|node| {
            let parts =
                [&node.taakveld, &node.product].map(|part| part.clone().unwrap_or_default());
            parts.join(" ")
        });
        vec![
            verdict.rule.clone(),
            verdict.found.map_or_else(|| "–".to_owned(), |found| format!("{found:.4}")),
            verdict.count.to_string(),
            line.unwrap_or_default(),
            if verdict.passed { "yes" } else { "NO" }.to_owned(),
        ]
    };
    let lines: Vec<Vec<String>> = std::iter::once(heads).chain(verdicts.iter().map(line)).collect();
    format!("\nThe gate:\n{}", table(&lines))
}
