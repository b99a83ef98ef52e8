//! The files other programs read: `outlook.csv`, `forecast.csv`, `late.csv`, `hindsight.csv` and
//! `findings.csv`, each with its Parquet file.

use super::table::{Layout, Table};
use crate::backtest::{Hindsight, LookBack};
use crate::checks::{Finding, Severity};
use crate::outlook::{LatePart, LateRow, MonthRow, NodeName, Status, YearRow};
use crate::units::{Cents, Level, Measure, Month};

/// The columns of `outlook.csv`.
pub const OUTLOOK: Layout = Layout {
    name: "outlook",
    header: "as_of,jaar,niveau,wet,taakveld,product,soort,begroting,geboekt,\
    nog_te_ontvangen,nog_te_komen,beleid,verwacht,p025,p05,p10,p25,p50,p75,p90,p95,p975,\
    afwijking,v_n,kans_nadeel,model",
};
pub(super) const FORECAST: Layout = Layout {
    name: "forecast",
    header: "as_of,maand,status,niveau,wet,taakveld,product,soort,gemiddelde,\
    p025,p05,p10,p25,p50,p75,p90,p95,p975,model",
};
pub(super) const LATE: Layout = Layout {
    name: "late",
    header: "as_of,niveau,wet,taakveld,product,soort,leeftijd,oudste_maand,geboekt,\
    nog_te_ontvangen,waarvan_eerdere_jaren,p10,p90",
};
pub(super) const HINDSIGHT: Layout = Layout {
    name: "hindsight",
    header: "as_of,maand,niveau,wet,soort,geboekt_toen,geboekt_na_3_maanden,\
    verwacht_toen,p10,p90,geboekt_nu,geworden,status",
};
/// All ages together, in `late.csv`.
const ALL_AGES: &str = "alle";
pub(super) const FINDINGS: Layout =
    Layout { name: "findings", header: "code,ernst,bestand,blad,rij,kolom,waarde,melding" };

/// `outlook.csv`: one row per year total, in the order given.
#[must_use]
pub fn outlook_table(rows: &[YearRow], as_of: Month) -> Table {
    Table::new(OUTLOOK, rows.iter().map(|row| outlook_record(row, as_of)))
}

/// `forecast.csv`: one row per month, in the order given.
#[must_use]
pub fn forecast_table(rows: &[MonthRow], as_of: Month) -> Table {
    Table::new(FORECAST, rows.iter().map(|row| forecast_record(row, as_of)))
}

/// `late.csv`: the invoices still to be received, per node and measure, five rows each: by age in
/// months (`leeftijd`: 0-2, 3-5, 6-11, 12+) and all together (`alle`).
///
/// `oudste_maand` is the oldest month that waits for invoices; `geboekt` is what is booked on the open
/// months, `nog_te_ontvangen` what is expected on top of it, with `waarvan_eerdere_jaren` the part
/// about years before that of the as-of month, and `p10` and `p90` its band.
#[must_use]
pub fn late_table(rows: &[LateRow], as_of: Month) -> Table {
    let records = |row: &LateRow| {
        let parts = LateRow::AGES.into_iter().zip(row.by_age).chain([(ALL_AGES, row.total)]);
        parts.map(|(age, part)| late_record(row, age, part, as_of)).collect::<Vec<_>>()
    };
    Table::new(LATE, rows.iter().flat_map(records))
}

/// `hindsight.csv`: the lasten of past months, of all together and of each act: what was booked at
/// the end of the month and three months later, what it was expected to become (`verwacht_toen`, with
/// `p10` and `p90`), what is booked by now and what it became (`geworden`), which is `voorlopig` as
/// long as more than 1 % of it is an estimate.
#[must_use]
pub fn hindsight_table(hindsight: &Hindsight, as_of: Month) -> Table {
    Table::new(HINDSIGHT, hindsight.rows.iter().map(|row| hindsight_record(row, as_of)))
}

/// `findings.csv`: one row per finding, in the order given.
#[must_use]
pub fn findings_table(findings: &[Finding]) -> Table {
    Table::new(FINDINGS, findings.iter().map(finding_record))
}

fn outlook_record(row: &YearRow, as_of: Month) -> Vec<String> {
    let mut record = vec![as_of.to_string(), row.year.to_string()];
    record.extend(node_fields(&row.node));
    record.extend([row.measure.to_string(), optional(row.budget)]);
    let parts = [row.booked, row.to_receive, row.to_come, row.policy, row.expected];
    record.extend(parts.iter().chain(&row.quantiles.0).map(Cents::to_string));
    let chance = row.chance_of_disadvantage.map(|chance| format!("{chance:.4}"));
    record.extend([
        optional(row.deviation()),
        optional(row.v_n()),
        optional(chance),
        row.model.clone(),
    ]);
    record
}

fn forecast_record(row: &MonthRow, as_of: Month) -> Vec<String> {
    let mut record = vec![as_of.to_string(), row.month.to_string(), status(row.status).to_owned()];
    record.extend(node_fields(&row.node));
    record.extend([row.measure.to_string(), row.mean.to_string()]);
    record.extend(row.quantiles.0.iter().map(Cents::to_string));
    record.push(row.model.clone());
    record
}

fn late_record(row: &LateRow, age: &str, part: LatePart, as_of: Month) -> Vec<String> {
    let mut record = vec![as_of.to_string()];
    record.extend(node_fields(&row.node));
    record.extend([row.measure.to_string(), age.to_owned(), row.oldest.to_string()]);
    let amounts = [part.booked, part.to_receive, part.of_earlier_years, part.p10, part.p90];
    record.extend(amounts.iter().map(Cents::to_string));
    record
}

fn hindsight_record(row: &LookBack, as_of: Month) -> Vec<String> {
    let level = if row.wet.is_some() { Level::Wet } else { Level::Totaal };
    let mut record = vec![as_of.to_string(), row.month.to_string(), level.to_string()];
    record.extend([optional(row.wet), Measure::Lasten.to_string()]);
    record.extend([row.booked.to_string(), optional(row.booked_later)]);
    let amounts = [row.expected, row.p10, row.p90, row.booked_now, row.became];
    record.extend(amounts.iter().map(Cents::to_string));
    record.push(if row.settled { "definitief" } else { "voorlopig" }.to_owned());
    record
}

fn finding_record(finding: &Finding) -> Vec<String> {
    let place = &finding.place;
    vec![
        finding.code.to_owned(),
        severity(finding.severity).to_owned(),
        place.file.clone(),
        place.sheet.clone(),
        optional(place.row),
        place.column.clone(),
        finding.value.clone(),
        finding.message.clone(),
    ]
}

/// Level, act, taakveld and product; empty above its own level.
pub(super) fn node_fields(node: &NodeName) -> [String; 4] {
    let named = |part: &Option<String>| part.clone().unwrap_or_default();
    [node.level.to_string(), optional(node.wet), named(&node.taakveld), named(&node.product)]
}

pub(super) fn optional(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Gerealiseerd => "gerealiseerd",
        Status::Voorlopig => "voorlopig",
        Status::Verwacht => "verwacht",
    }
}

/// The names a workspace uses for its own choice of severities.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Denied => "denied",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;
    use crate::report::example;
    use crate::units::{Level, Measure, Wet};

    fn lines(bytes: &[u8]) -> Vec<&str> {
        std::str::from_utf8(bytes).unwrap().lines().collect()
    }

    #[test]
    fn outlook_keeps_the_contract() {
        let outlook = example::outlook();
        let bytes = outlook_table(&outlook.years, outlook.as_of).csv;
        let lines = lines(&bytes);
        assert_eq!(
            lines[0],
            "as_of,jaar,niveau,wet,taakveld,product,soort,begroting,geboekt,nog_te_ontvangen,\
             nog_te_komen,beleid,verwacht,p025,p05,p10,p25,p50,p75,p90,p95,p975,afwijking,v_n,\
             kans_nadeel,model"
        );
        assert_eq!(lines.len(), outlook.years.len() + 1);
    }

    #[test]
    fn outlook_writes_amounts_chances_and_gaps() {
        let mut row = example::row(Level::Wet, Some(Wet::Jeugd), Measure::Lasten, 1000.0);
        row.budget = Some(Cents(95_050));
        row.chance_of_disadvantage = Some(0.83333);
        let bytes = outlook_table(&[row.clone()], example::as_of()).csv;
        // Expected 1000 against 950.50: a deviation of 49.50.
        assert!(lines(&bytes)[1].starts_with("2026-10,2026,wet,Jeugd,,,lasten,950.50,"));
        assert!(lines(&bytes)[1].ends_with(",49.50,N,0.8333,som"));
        row.budget = None;
        row.chance_of_disadvantage = None;
        let bytes = outlook_table(&[row], example::as_of()).csv;
        assert!(lines(&bytes)[1].contains(",lasten,,") && lines(&bytes)[1].ends_with(",,,,som"));
    }

    #[test]
    fn forecast_keeps_the_contract() {
        let outlook = example::outlook();
        let bytes = forecast_table(&outlook.months, outlook.as_of).csv;
        assert_eq!(
            lines(&bytes)[0],
            "as_of,maand,status,niveau,wet,taakveld,product,soort,gemiddelde,p025,p05,p10,p25,p50,\
             p75,p90,p95,p975,model"
        );
        assert_eq!(lines(&bytes).len(), outlook.months.len() + 1);
    }

    #[test]
    fn late_writes_every_age_and_all() {
        let outlook = example::outlook();
        let bytes = late_table(&outlook.late, outlook.as_of).csv;
        let lines = lines(&bytes);
        assert_eq!(
            lines[0],
            "as_of,niveau,wet,taakveld,product,soort,leeftijd,oudste_maand,geboekt,\
             nog_te_ontvangen,waarvan_eerdere_jaren,p10,p90"
        );
        assert_eq!(lines.len(), 5 * outlook.late.len() + 1);
        assert!(lines[1].starts_with("2026-10,totaal,,,,lasten,0-2,2025-08,"));
        assert!(lines[5].starts_with("2026-10,totaal,,,,lasten,alle,2025-08,"));
    }

    #[test]
    fn hindsight_leaves_open_what_is_still_to_come() {
        let hindsight = example::example().hindsight;
        let bytes = hindsight_table(&hindsight, example::as_of()).csv;
        let lines = lines(&bytes);
        assert_eq!(
            lines[0],
            "as_of,maand,niveau,wet,soort,geboekt_toen,geboekt_na_3_maanden,verwacht_toen,p10,p90,\
             geboekt_nu,geworden,status"
        );
        assert_eq!(
            lines[1],
            "2026-10,2024-10,totaal,,lasten,4800000.00,6080000.00,6080000.00,5760000.00,6528000.00,\
             6400000.00,6400000.00,definitief"
        );
        assert_eq!(
            lines[24],
            "2026-10,2026-09,totaal,,lasten,4575000.00,,5795000.00,5490000.00,6222000.00,\
             5490000.00,6100000.00,voorlopig"
        );
        assert!(lines[25].starts_with("2026-10,2024-10,wet,Wmo,lasten,"));
    }

    #[test]
    fn findings_keep_the_contract_and_quote_commas() {
        let finding = Finding {
            code: "line-stops",
            severity: Severity::Warning,
            place: Place { file: "a.csv".into(), row: Some(7), ..Place::default() },
            value: "1,5".into(),
            message: "zegt \"stop\"".into(),
        };
        let bytes = findings_table(&[finding]).csv;
        assert_eq!(lines(&bytes)[0], "code,ernst,bestand,blad,rij,kolom,waarde,melding");
        assert_eq!(lines(&bytes)[1], "line-stops,warning,a.csv,,7,,\"1,5\",\"zegt \"\"stop\"\"\"");
    }
}
