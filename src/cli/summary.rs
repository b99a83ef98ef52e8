//! The results on stdout.

use super::talk::table;
use crate::checks::{Finding, Severity};
use crate::error::{Error, Result};
use crate::ledger::Reconciliation;
use crate::outlook::{NamedQuantile, YearRow};
use crate::units::{Cents, Level};
use crate::workspace::{Job, Prognosis};
use serde_json::{Map, Value, json};

/// So many findings are shown by a run; `check` shows all.
const SHOWN: usize = 10;

/// What became of every cent, per file and side.
pub(super) fn reconciliation(job: &Job) -> String {
    let rows = &job.ledger.reconciliation;
    let header = [
        "bestand",
        "soort",
        "rijen",
        "gelezen",
        "ingedeeld",
        "niet ingedeeld",
        "transitorisch",
        "weggelaten",
        "vervangen",
        "geweigerd",
    ];
    let mut lines = vec![header.map(str::to_owned).to_vec()];
    lines.extend(rows.iter().map(account));
    lines.push(account(&total(rows)));
    format!("What became of every cent (euro):\n{}\n", table(&lines))
}

fn account(row: &Reconciliation) -> Vec<String> {
    let side = row.side.map_or_else(String::new, |side| side.to_string());
    let Reconciliation { read, mapped, unmapped, accruals, left_out, superseded, refused, .. } =
        *row;
    let amounts = [read, mapped, unmapped, accruals, left_out, superseded, refused];
    [row.file.clone(), side, row.rows.to_string()]
        .into_iter()
        .chain(amounts.map(|cents| cents.to_string()))
        .collect()
}

fn total(rows: &[Reconciliation]) -> Reconciliation {
    rows.iter().fold(
        Reconciliation { file: "samen".into(), ..Reconciliation::default() },
        |mut sum, row| {
            sum.rows += row.rows;
            for (sum, amount) in [
                (&mut sum.read, row.read),
                (&mut sum.mapped, row.mapped),
                (&mut sum.unmapped, row.unmapped),
                (&mut sum.accruals, row.accruals),
                (&mut sum.left_out, row.left_out),
                (&mut sum.superseded, row.superseded),
                (&mut sum.refused, row.refused),
            ] {
                *sum += amount;
            }
            sum
        },
    )
}

/// The findings, gravest first; a run shows the first ten.
pub(super) fn findings(findings: &[Finding], all: bool) -> String {
    let mut sorted: Vec<&Finding> =
        findings.iter().filter(|finding| all || finding.severity > Severity::Info).collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let shown = if all { sorted.len() } else { SHOWN };
    let line = |finding: &&Finding| {
        format!("  {} {}: {}\n", name(finding.severity), finding.code, finding.message)
    };
    let lines: String = sorted.iter().take(shown).map(line).collect();
    let counts = [Severity::Denied, Severity::Warning, Severity::Info].map(|severity| {
        format!(
            "{} {}",
            findings.iter().filter(|finding| finding.severity == severity).count(),
            name(severity)
        )
    });
    let more = match sorted.len().saturating_sub(shown) {
        0 => String::new(),
        n => format!("  … {n} more in findings.csv\n"),
    };
    format!("Findings: {}\n{lines}{more}\n", counts.join(", "))
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Denied => "denied",
    }
}

/// The current year per total, act and bridge, × € 1.000.
pub(super) fn outlook(job: &Job, prognosis: &Prognosis) -> String {
    let header = [
        "onderdeel",
        "soort",
        "begroting",
        "geboekt",
        "nog te ontvangen",
        "nog te komen",
        "verwacht",
        "80%-band",
        "afwijking",
        "kans op nadeel",
    ];
    let mut lines = vec![header.map(str::to_owned).to_vec()];
    lines.extend(headline_rows(job, prognosis).map(line));
    format!(
        "{}, as of {}, year {} (× € 1.000):\n{}{}",
        job.config.organisation.name,
        job.as_of,
        job.as_of.year(),
        table(&lines),
        named(job, prognosis)
    )
}

/// A line per amount with a name: what it is for all together.
fn named(job: &Job, prognosis: &Prognosis) -> String {
    let totals: Vec<&YearRow> =
        headline_rows(job, prognosis).filter(|row| row.node.level == Level::Totaal).collect();
    let line = |(at, named): (usize, &NamedQuantile)| {
        let amounts =
            totals.iter().map(|row| format!("{} {}", row.measure, thousands(row.named[at])));
        let amounts = amounts.collect::<Vec<_>>().join(", ");
        format!("{} ({:.0} %): {amounts}\n", named.name, 100.0 * named.share())
    };
    prognosis.outlook.named.iter().enumerate().map(line).collect()
}

fn headline_rows<'a>(
    job: &Job,
    prognosis: &'a Prognosis,
) -> impl Iterator<Item = &'a YearRow> + use<'a> {
    let year = job.as_of.year();
    let wanted = move |row: &&YearRow| {
        row.year == year && matches!(row.node.level, Level::Totaal | Level::Wet | Level::Brug)
    };
    prognosis.outlook.years.iter().filter(wanted)
}

fn line(row: &YearRow) -> Vec<String> {
    let deviation = row
        .deviation()
        .zip(row.v_n())
        .map_or_else(|| "–".to_owned(), |(amount, v_n)| format!("{} {v_n}", thousands(amount)));
    let chance = row
        .chance_of_disadvantage
        .map_or_else(|| "–".to_owned(), |chance| format!("{:.0} %", 100.0 * chance));
    let band = format!("{} … {}", thousands(row.quantiles.p10()), thousands(row.quantiles.p90()));
    vec![
        row_name(row),
        row.measure.to_string(),
        row.budget.map_or_else(|| "–".to_owned(), thousands),
        thousands(row.booked),
        thousands(row.to_receive),
        thousands(row.to_come),
        thousands(row.expected),
        band,
        deviation,
        chance,
    ]
}

fn row_name(row: &YearRow) -> String {
    let wet = row.node.wet.map(|wet| wet.to_string());
    row.node.product.clone().or(wet).unwrap_or_else(|| row.node.level.to_string())
}

pub(super) fn thousands(amount: Cents) -> String {
    format!("{:.0}", amount.euros() / 1000.0)
}

/// The same as JSON, amounts in euros.
pub(super) fn json(
    job: &Job,
    findings: &[Finding],
    prognosis: Option<&Prognosis>,
) -> Result<String> {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let account = total(&job.ledger.reconciliation);
    let years: Vec<Value> = prognosis
        .map(|prognosis| {
            let named = &prognosis.outlook.named;
            headline_rows(job, prognosis).map(|row| json_row(row, named)).collect()
        })
        .unwrap_or_default();
    let summary = json!({
        "as_of": job.as_of,
        "out": job.out,
        "lines": job.panel.series.len(),
        "read": account.read.euros(),
        "unmapped": account.unmapped.euros(),
        "findings": { "info": count(Severity::Info), "warning": count(Severity::Warning), "denied": count(Severity::Denied) },
        "outlook": years,
    });
    serde_json::to_string_pretty(&summary)
        .map(|text| text + "\n")
        .map_err(|error| Error::input(error.to_string()))
}

fn json_row(row: &YearRow, named: &[NamedQuantile]) -> Value {
    let amount = |(named, amount): (&NamedQuantile, &Cents)| {
        let amount = json!({ "kans": named.level(row.measure), "bedrag": amount.euros() });
        (named.name.clone(), amount)
    };
    let named: Map<String, Value> = named.iter().zip(&row.named).map(amount).collect();
    json!({
        "jaar": row.year,
        "niveau": row.node.level,
        "wet": row.node.wet,
        "product": row.node.product,
        "soort": row.measure,
        "begroting": row.budget.map(Cents::euros),
        "geboekt": row.booked.euros(),
        "verwacht": row.expected.euros(),
        "p10": row.quantiles.p10().euros(),
        "p90": row.quantiles.p90().euros(),
        "kans_nadeel": row.chance_of_disadvantage,
        "voorzichtig": named,
    })
}
