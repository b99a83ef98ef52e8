//! `score.csv`: every forecast of record beside what came true.

use super::datasets::{node_fields, optional};
use super::table::{Layout, Table};
use crate::archive::{Scored, Standing, Target};
use crate::units::Cents;

pub(super) const SCORE: Layout = Layout {
    name: "score",
    header: "as_of,nummer,opname,doel,periode,horizon,niveau,wet,taakveld,product,soort,\
    verwacht,p10,p50,p90,begroting,werkelijk,werkelijk_status,fout,binnen80",
};

/// `score.csv`: one row per forecast of record, target, node and measure, in the order given; the columns stand
/// in the guide, chapter "record".
#[must_use]
pub fn score_table(rows: &[Scored]) -> Table {
    Table::new(SCORE, rows.iter().map(record))
}

/// How a forecast of record, or one made afterwards, is called.
#[must_use]
pub fn opname(of_record: bool) -> &'static str {
    if of_record { "van toen" } else { "achteraf" }
}

fn record(row: &Scored) -> Vec<String> {
    let (target, period) = match row.target {
        Target::Year(year) => ("jaar", year.to_string()),
        Target::Month(month) => ("maand", month.to_string()),
    };
    let mut record = vec![row.as_of.to_string(), row.number.to_string()];
    record.extend([opname(row.of_record), target].map(str::to_owned));
    record.extend([period, row.horizon().to_string()]);
    record.extend(node_fields(&row.node));
    let quantiles = row.quantiles.0;
    let amounts = [row.expected, row.quantiles.p10(), quantiles[4], row.quantiles.p90()];
    record.push(row.measure.to_string());
    record.extend(amounts.iter().map(Cents::to_string));
    let inside = row.inside80().map(|inside| if inside { "ja" } else { "nee" });
    record.extend([
        optional(row.budget),
        row.actual.to_string(),
        standing(row.standing).to_owned(),
        optional(row.error()),
        optional(inside),
    ]);
    record
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Definitief => "definitief",
        Standing::Voorlopig => "voorlopig",
        Standing::Loopt => "loopt",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook::{NodeName, Quantiles};
    use crate::units::{Level, Measure};

    #[test]
    fn writes_what_was_said_and_what_came_true() {
        let row = Scored {
            as_of: "2025-06".parse().unwrap(),
            number: 7,
            of_record: true,
            target: Target::Year(2025),
            node: NodeName { level: Level::Totaal, wet: None, taakveld: None, product: None },
            measure: Measure::Lasten,
            expected: Cents(1000),
            quantiles: Quantiles([1, 2, 900, 4, 1010, 6, 1100, 8, 9].map(Cents)),
            budget: Some(Cents(950)),
            actual: Cents(1150),
            standing: Standing::Voorlopig,
        };
        let running = Scored {
            target: Target::Month("2025-07".parse().unwrap()),
            standing: Standing::Loopt,
            of_record: false,
            budget: None,
            ..row.clone()
        };
        let text = String::from_utf8(score_table(&[row, running]).csv).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "as_of,nummer,opname,doel,periode,horizon,niveau,wet,taakveld,product,soort,verwacht,p10,p50,p90,\
             begroting,werkelijk,werkelijk_status,fout,binnen80"
        );
        let year =
            "2025-06,7,van toen,jaar,2025,6,totaal,,,,lasten,10.00,9.00,10.10,11.00,9.50,11.50,";
        assert_eq!(lines[1], format!("{year}voorlopig,-1.50,nee"));
        assert!(
            lines[2].starts_with("2025-06,7,achteraf,maand,2025-07,1,")
                && lines[2].ends_with(",loopt,,")
        );
    }
}
