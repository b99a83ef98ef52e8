//! The files of a backtest: every forecast beside what came true, and the scores.

use super::datasets::{node_fields, optional, table};
use crate::backtest::{Forecasted, Score};
use crate::units::Cents;

const FORECASTS: &str = "origin,doel,periode,horizon,niveau,wet,taakveld,product,soort,model,\
    gemiddelde,p025,p05,p10,p25,p50,p75,p90,p95,p975,werkelijk,werkelijk_status";
const SCORES: &str = "doel,niveau,soort,model,maanden_bekend,aantal,jaren,wape,bias,dekking80,\
    dekking80_laag,dekking80_hoog,wis";

/// `backtest/forecasts.csv`: one row per origin, node, measure and model.
#[must_use]
pub fn backtest_forecasts_csv(rows: &[Forecasted]) -> Vec<u8> {
    table(FORECASTS, rows.iter().map(forecast_record))
}

/// `backtest/scores.csv`: shares of the outcome (WAPE, bias, WIS) and coverage of the 80 % band with
/// its 95 % limits; `maanden_bekend` is empty for all origins together.
#[must_use]
pub fn backtest_scores_csv(scores: &[Score]) -> Vec<u8> {
    table(SCORES, scores.iter().map(score_record))
}

fn forecast_record(row: &Forecasted) -> Vec<String> {
    let target = [
        row.origin.to_string(),
        "jaar".to_owned(),
        row.year.to_string(),
        row.horizon().to_string(),
    ];
    let mut record = target.to_vec();
    record.extend(node_fields(&row.node));
    record.extend([row.measure.to_string(), row.model.clone(), row.mean.to_string()]);
    record.extend(row.quantiles.0.iter().map(Cents::to_string));
    let status = if row.settled { "definitief" } else { "voorlopig" };
    record.extend([row.actual.to_string(), status.to_owned()]);
    record
}

fn score_record(score: &Score) -> Vec<String> {
    let (low, high) = score.coverage80_limits;
    let mut record = vec![
        "jaar".to_owned(),
        score.level.to_string(),
        score.measure.to_string(),
        score.model.clone(),
    ];
    record.extend([optional(score.months_known), score.count.to_string(), score.years.to_string()]);
    record.extend(
        [score.wape, score.bias, score.coverage80, low, high, score.wis]
            .map(|share| format!("{share:.4}")),
    );
    record
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook::{NodeName, Quantiles};
    use crate::units::{Level, Measure};

    #[test]
    fn keep_the_contract() {
        let row = Forecasted {
            origin: "2019-06".parse().unwrap(),
            year: 2019,
            node: NodeName { level: Level::Totaal, wet: None, taakveld: None, product: None },
            measure: Measure::Lasten,
            model: "kampioen".into(),
            mean: Cents(150),
            quantiles: Quantiles([Cents(100); 9]),
            actual: Cents(175),
            settled: true,
        };
        let text = String::from_utf8(backtest_forecasts_csv(&[row])).unwrap();
        let quantiles = "1.00,".repeat(9);
        assert_eq!(
            text,
            "origin,doel,periode,horizon,niveau,wet,taakveld,product,soort,model,gemiddelde,\
             p025,p05,p10,p25,p50,p75,p90,p95,p975,werkelijk,werkelijk_status\n"
                .to_owned()
                + "2019-06,jaar,2019,6,totaal,,,,lasten,kampioen,1.50,"
                + &quantiles
                + "1.75,definitief\n"
        );
    }
}
