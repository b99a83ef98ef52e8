//! Section 7: whether the figures can be trusted: every cent accounted for, every finding shown.

use super::facts::Facts;
use super::markup::{folded, head, head_text, path, section, table};
use super::text;
use crate::checks::{Finding, Severity};
use crate::error::Place;
use crate::ledger::Reconciliation;
use crate::units::Cents;
use maud::{Markup, html};

/// More findings of one severity than this are folded away.
const OPEN: usize = 10;

pub(super) fn render(facts: &Facts) -> Markup {
    section(
        "datakwaliteit",
        "Kunnen we op de cijfers vertrouwen?",
        &html! {
            (agreement(facts.reconciliation))
            (reconciliation(facts.reconciliation))
            (ignored(facts))
            h3 { "Bevindingen" }
            (summary(facts.findings))
            @for severity in [Severity::Denied, Severity::Warning, Severity::Info] {
                (findings(facts.findings, severity))
            }
        },
    )
}

/// The files whose money is not all accounted for.
fn unaccounted(rows: &[Reconciliation]) -> Vec<String> {
    rows.iter().filter(|row| row.difference() != Cents::ZERO).map(|row| row.file.clone()).collect()
}

fn agreement(rows: &[Reconciliation]) -> Markup {
    let count: usize = rows.iter().map(|row| row.rows).sum();
    let gap: Cents = rows.iter().map(|row| row.difference().abs()).sum();
    html! {
        @if rows.is_empty() {
            p { "Er is geen grootboek gelezen." }
        } @else if gap == Cents::ZERO {
            p {
                strong { "De aansluiting klopt tot op de cent." } " Van de " (text::counted(count, "regel", "regels"))
                " uit het grootboek is elk bedrag terug te vinden."
            }
        } @else {
            p {
                strong { "De aansluiting klopt niet: er is €\u{a0}" (text::exact(gap)) " verschil." }
                " Gebruik de cijfers niet voordat dat is opgelost. Het gaat om " (text::list(&unaccounted(rows))) "."
            }
        }
    }
}

fn reconciliation(rows: &[Reconciliation]) -> Markup {
    let heads = [
        "Regels",
        "Gelezen",
        "Ingedeeld",
        "Niet ingedeeld",
        "Transitorisch",
        "Weggelaten",
        "Vervangen",
        "Geweigerd",
    ];
    let heads: Vec<Markup> =
        std::iter::once(head_text("Bestand")).chain(heads.into_iter().map(head)).collect();
    let body = html! {
        @for row in rows {
            (account(&html! { (path(&row.file)) @if let Some(side) = row.side { " (" (side) ")" } }, row, ""))
        }
        @if rows.len() > 1 { (account(&html! { "Samen" }, &total(rows), "som")) }
    };
    let note = "Bedragen in euro · gelezen = ingedeeld + niet ingedeeld + transitorisch + weggelaten + vervangen + geweigerd";
    html! {
        @if !rows.is_empty() {
            p.schuif { "Schuif de tabel opzij voor alle kolommen." }
            (table("aansluiting", "Aansluiting met het grootboek", note, &heads, &body))
            p.noot {
                b { "Transitorisch: " } "schattingen van facturen rond de jaargrens en hun tegenboeking; de echte "
                "facturen staan ook in het grootboek. " b { "Weggelaten: " } "de openingsperiode. " b { "Vervangen: " }
                "een stand waar een latere stand voor in de plaats kwam. " b { "Geweigerd: " } "een bestand dat al eerder gelezen was."
            }
        }
    }
}

fn account(name: &Markup, row: &Reconciliation, class: &str) -> Markup {
    let Reconciliation { read, mapped, unmapped, accruals, left_out, superseded, refused, .. } =
        *row;
    let amounts = [read, mapped, unmapped, accruals, left_out, superseded, refused];
    html! {
        tr class=(class) {
            th scope="row" { (name) }
            td { (text::count(row.rows)) }
            @for amount in amounts { td { (text::exact(amount)) } }
        }
    }
}

/// The sum of all rows. Lasten and baten add up as positive amounts: this counts what was read, not
/// what was spent.
fn total(rows: &[Reconciliation]) -> Reconciliation {
    let sum = |part: fn(&Reconciliation) -> Cents| rows.iter().map(part).sum();
    Reconciliation {
        rows: rows.iter().map(|row| row.rows).sum(),
        read: sum(|row| row.read),
        mapped: sum(|row| row.mapped),
        unmapped: sum(|row| row.unmapped),
        accruals: sum(|row| row.accruals),
        left_out: sum(|row| row.left_out),
        superseded: sum(|row| row.superseded),
        refused: sum(|row| row.refused),
        ..Reconciliation::default()
    }
}

/// The columns that were not looked at, because the workspace said so.
fn ignored(facts: &Facts) -> Markup {
    let columns = |columns: &[String]| {
        text::list(&columns.iter().map(|c| format!("‘{c}’")).collect::<Vec<_>>())
    };
    html! {
        @for file in facts.files.iter().filter(|file| !file.ignored_columns.is_empty()) {
            p {
                "In " code { (file.file) } " is op verzoek niet gekeken naar " (columns(&file.ignored_columns)) "."
            }
        }
    }
}

fn summary(findings: &[Finding]) -> Markup {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let parts: Vec<String> = [
        (count(Severity::Denied), "afgekeurd"),
        (count(Severity::Warning), "om na te kijken"),
        (count(Severity::Info), "ter informatie"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, name)| format!("{} {name}", text::count(count)))
    .collect();
    html! {
        @if parts.is_empty() {
            p { "De controles leverden niets op." }
        } @else {
            p { "De controles leverden " (text::counted(findings.len(), "bevinding", "bevindingen")) " op: " (text::list(&parts)) "." }
        }
    }
}

fn findings(findings: &[Finding], severity: Severity) -> Markup {
    let (id, name) = match severity {
        Severity::Denied => ("afgekeurd", "Afgekeurd"),
        Severity::Warning => ("nakijken", "Om na te kijken"),
        Severity::Info => ("informatie", "Ter informatie"),
    };
    let chosen: Vec<&Finding> =
        findings.iter().filter(|finding| finding.severity == severity).collect();
    let heads = ["Melding", "Waarde", "Plaats", "Code"].map(head_text);
    let body = html! { @for finding in &chosen { (row(finding)) } };
    let table = table(&format!("bevindingen-{id}"), name, "", &heads, &body);
    html! {
        @if chosen.len() > OPEN || (severity == Severity::Info && !chosen.is_empty()) {
            (folded(&format!("{name} ({})", text::count(chosen.len())), true, &html! { div.bevindingen { (table) } }))
        } @else if !chosen.is_empty() {
            div.bevindingen { (table) }
        }
    }
}

fn row(finding: &Finding) -> Markup {
    html! {
        tr {
            td.t { (finding.message) }
            td.t { (value(&finding.value)) }
            td.t { (place(&finding.place)) }
            td.t { code { (finding.code) } }
        }
    }
}

/// The value that stood out; a month in words.
fn value(value: &str) -> String {
    value.parse().map_or_else(|_| value.to_owned(), text::month)
}

/// A place in Dutch: `grootboek.csv, blad 1, rij 17, kolom bedrag`.
fn place(place: &Place) -> String {
    let named = |word: &str, part: &str| (!part.is_empty()).then(|| format!("{word}{part}"));
    let row = place.row.map(text::count).unwrap_or_default();
    let parts = [
        named("", &place.file),
        named("blad ", &place.sheet),
        named("rij ", &row),
        named("kolom ", &place.column),
    ];
    let said = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if said.is_empty() { "–".to_owned() } else { said }
}
