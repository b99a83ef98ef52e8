//! The files of a backtest: every forecast beside what came true, the scores, the champion against
//! every other model, and what people said.

use super::datasets::{node_fields, optional};
use super::table::{Layout, Table};
use crate::backtest::{Forecasted, Ladder, RULES, Said, Score, Split, Step, Target, Versus};
use crate::outlook::NodeName;
use crate::units::{Cents, Level};

pub(super) const FORECASTS: Layout = Layout {
    name: "backtest/forecasts",
    header: "origin,doel,periode,horizon,niveau,wet,taakveld,product,soort,model,\
    gemiddelde,p025,p05,p10,p25,p50,p75,p90,p95,p975,werkelijk,werkelijk_status",
};
pub(super) const SCORES: Layout = Layout {
    name: "backtest/scores",
    header: "doel,niveau,soort,model,uitsplitsing,waarde,wet,taakveld,product,aantal,jaren,\
    mae,wape,mase,rmsse,bias,pinball,crps,wis,msis,dekking80,dekking80_laag,dekking80_hoog,dekking95,\
    dekking95_laag,dekking95_hoog",
};
pub(super) const VERSUS: Layout = Layout {
    name: "backtest/vergelijking",
    header: "doel,niveau,soort,horizon,tegen,oorsprongen,wis_kampioen,wis_tegen,verhouding,dm,\
    p_tweezijdig,p_kampioen_beter,onderdelen,onderdelen_beter",
};
pub(super) const SAID: Layout = Layout {
    name: "backtest/rapportages",
    header: "rapport,gemaakt,origin,jaar,niveau,wet,taakveld,product,soort,trede,bedrag,werkelijk,\
    fout,plaats_in_band",
};
pub(super) const LADDERS: Layout = Layout {
    name: "backtest/toegevoegde_waarde",
    header: "rapport,niveau,soort,trede,aantal,jaren,mae,wape,bias,beter_dan_seizoensnaief",
};

pub(super) const BIASES: Layout = Layout {
    name: "backtest/vertekening",
    header: "rapport,niveau,soort,jaren,te_hoog,gemiddeld,laag90,hoog90,p_teken,p_rangen,mz_a,mz_b,mz_p,\
    plaats_in_band",
};

/// `backtest/forecasts.csv`: one row per origin, target, node, measure and model.
#[must_use]
pub fn backtest_forecasts_table(rows: &[Forecasted]) -> Table {
    Table::new(FORECASTS, rows.iter().map(forecast_record))
}

/// `backtest/scores.csv`: `mae` in euros; WAPE, bias, pinball, CRPS and WIS as shares of outcomes; the others
/// scaled by "as a year ago"; coverage of the bands with its exact 95 % limits. `uitsplitsing` says what
/// `waarde` is: `alles`, `maanden_bekend`, `horizon`, `jaar`, or `regel`, which is named in the columns behind it.
#[must_use]
pub fn backtest_scores_table(scores: &[Score]) -> Table {
    Table::new(SCORES, scores.iter().map(score_record))
}

/// `backtest/vergelijking.csv`: the champion beside every other model on the same forecasts; `dm` is the
/// statistic of Diebold and Mariano, below 0 where the champion is better.
#[must_use]
pub fn backtest_versus_table(rows: &[Versus]) -> Table {
    Table::new(VERSUS, rows.iter().map(versus_record))
}

/// `backtest/rapportages.csv`: what every step of the ladder said of what people forecast.
#[must_use]
pub fn backtest_said_table(said: &[Said]) -> Table {
    Table::new(SAID, said.iter().map(said_record))
}

/// `backtest/toegevoegde_waarde.csv`: the ladders, on the forecasts that all steps made.
#[must_use]
pub fn backtest_ladders_table(ladders: &[Ladder]) -> Table {
    Table::new(LADDERS, ladders.iter().flat_map(ladder_records))
}

/// `backtest/vertekening.csv`: whether each report is too high, over its years: mean error as a share of the outcome with
/// its 90 % interval, chances of the sign test and of signed ranks, the regression of outcomes on reports (`mz_`), and the
/// middle of where it lay in the band of the model.
#[must_use]
pub fn backtest_biases_table(ladders: &[Ladder]) -> Table {
    Table::new(BIASES, ladders.iter().map(bias_record))
}

/// The name of a step of the ladder.
pub(super) fn step_name(step: Step) -> &'static str {
    match step {
        Step::Rule(at) => RULES[at].name(),
        Step::Begroting => "begroting",
        Step::Model => "kampioen",
        Step::Report => "rapport",
        Step::Unbiased => "rapport zonder vertekening",
        Step::Together => "kampioen en rapport",
        Step::TogetherUnbiased => "kampioen en rapport zonder vertekening",
    }
}

fn forecast_record(row: &Forecasted) -> Vec<String> {
    let period = row.month.map_or_else(|| row.year.to_string(), |month| month.to_string());
    let mut record =
        vec![row.origin.to_string(), row.target().to_string(), period, row.horizon().to_string()];
    record.extend(node_fields(&row.node));
    record.extend([row.measure.to_string(), row.model.clone(), row.mean.to_string()]);
    record.extend(row.quantiles.0.iter().map(Cents::to_string));
    let status = if row.settled { "definitief" } else { "voorlopig" };
    record.extend([row.actual.to_string(), status.to_owned()]);
    record
}

fn score_record(score: &Score) -> Vec<String> {
    let nothing = NodeName { level: Level::Totaal, wet: None, taakveld: None, product: None };
    let (split, value, node) = match &score.split {
        Split::All => ("alles", String::new(), &nothing),
        Split::MonthsKnown(months) => ("maanden_bekend", months.to_string(), &nothing),
        Split::Horizon(ahead) => ("horizon", ahead.to_string(), &nothing),
        Split::Year(year) => ("jaar", year.to_string(), &nothing),
        Split::Line(node) => ("regel", String::new(), node),
    };
    let mut record = vec![
        score.target.to_string(),
        score.level.to_string(),
        score.measure.to_string(),
        score.model.clone(),
        split.to_owned(),
        value,
    ];
    record.extend(node_fields(node).into_iter().skip(1));
    record.extend([score.count.to_string(), score.years.to_string(), format!("{:.2}", score.mae)]);
    let parts = [
        Some(score.wape),
        score.mase,
        score.rmsse,
        Some(score.bias),
        Some(score.pinball),
        score.crps,
        Some(score.wis),
        score.msis,
    ];
    record.extend(parts.map(|part| optional(part.map(share))));
    for held in [score.coverage80, score.coverage95] {
        record.extend([held.share, held.low, held.high].map(share));
    }
    record
}

fn versus_record(row: &Versus) -> Vec<String> {
    let ahead = match row.split {
        Split::Horizon(ahead) if row.target == Target::Maand => Some(ahead),
        _ => None,
    };
    let mut record = vec![
        row.target.to_string(),
        row.level.to_string(),
        row.measure.to_string(),
        optional(ahead),
        row.against.clone(),
        row.origins.to_string(),
    ];
    record.extend([row.champion, row.other, row.ratio()].map(share));
    let test = [
        row.test.map(|test| test.statistic),
        row.test.map(|test| test.two_sided),
        row.test.map(|test| test.low),
    ];
    record.extend(test.map(|value| optional(value.map(share))));
    record.extend([row.nodes.to_string(), row.better.to_string()]);
    record
}

fn said_record(said: &Said) -> Vec<String> {
    let mut record = vec![
        said.report.clone(),
        said.made.to_string(),
        said.origin.to_string(),
        said.year.to_string(),
    ];
    record.extend(node_fields(&said.node));
    record.extend([said.measure.to_string(), step_name(said.step).to_owned()]);
    record.extend(
        [said.amount, said.actual, said.amount - said.actual].map(|cents| cents.to_string()),
    );
    record.push(optional(said.place.map(share)));
    record
}

fn ladder_records(ladder: &Ladder) -> Vec<Vec<String>> {
    let record = |rung: &crate::backtest::Rung| {
        vec![
            ladder.report.clone(),
            ladder.level.to_string(),
            ladder.measure.to_string(),
            step_name(rung.step).to_owned(),
            rung.count.to_string(),
            rung.years.to_string(),
            format!("{:.2}", rung.mae),
            share(rung.wape),
            share(rung.bias),
            rung.better.to_string(),
        ]
    };
    ladder.rungs.iter().map(record).collect()
}

fn bias_record(ladder: &Ladder) -> Vec<String> {
    let bias = &ladder.bias;
    let mut record =
        vec![ladder.report.clone(), ladder.level.to_string(), ladder.measure.to_string()];
    record.extend([bias.years.to_string(), format!("{:.0}", bias.sign.statistic)]);
    let (low, high) = bias.interval.unzip();
    let efficient = bias.efficiency;
    let shares = [
        Some(bias.mean),
        low,
        high,
        Some(bias.sign.two_sided),
        Some(bias.ranks.two_sided),
        efficient.map(|found| found.intercept),
        efficient.map(|found| found.slope),
        efficient.map(|found| found.chance),
        bias.place,
    ];
    record.extend(shares.map(|value| optional(value.map(share))));
    record
}

fn share(value: f64) -> String {
    format!("{value:.4}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook::Quantiles;
    use crate::units::Measure;

    #[test]
    fn keep_the_contract() {
        let mut row = Forecasted {
            origin: "2019-06".parse().unwrap(),
            year: 2019,
            month: None,
            node: NodeName { level: Level::Totaal, wet: None, taakveld: None, product: None },
            measure: Measure::Lasten,
            model: "kampioen".into(),
            mean: Cents(150),
            quantiles: Quantiles([Cents(100); 9]),
            actual: Cents(175),
            settled: true,
            judged: None,
        };
        let text = |row: &Forecasted| {
            String::from_utf8(backtest_forecasts_table(std::slice::from_ref(row)).csv).unwrap()
        };
        let quantiles = "1.00,".repeat(9);
        assert_eq!(
            text(&row),
            "origin,doel,periode,horizon,niveau,wet,taakveld,product,soort,model,gemiddelde,\
             p025,p05,p10,p25,p50,p75,p90,p95,p975,werkelijk,werkelijk_status\n"
                .to_owned()
                + "2019-06,jaar,2019,6,totaal,,,,lasten,kampioen,1.50,"
                + &quantiles
                + "1.75,definitief\n"
        );
        row.month = Some("2019-09".parse().unwrap());
        assert!(text(&row).contains("\n2019-06,maand,2019-09,3,totaal,"));
    }
}
