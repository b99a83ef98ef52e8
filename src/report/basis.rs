//! What the report shows besides years and months, as data sets: the course of the year, how well past
//! months were foreseen, the model of each line, and what all of it rests on.

use super::datasets::optional;
use super::facts::{Facts, LineNote};
use super::table::{Layout, Table};
use crate::backtest::Tally;
use crate::drift::{Regime, Why};
use crate::forecast::widening;
use crate::ledger::{Reconciliation, SourceFile};
use crate::outlook::Cumulative;
use crate::units::{Cents, Level, Measure, Month, Months, Wet};

pub(super) const COURSE: Layout = Layout {
    name: "verloop",
    header: "as_of,maand,niveau,wet,soort,voorlopig,geboekt,verwacht,p10,p25,p75,p90,vorig_jaar,\
        begroting,begroting_tot_dan_toe",
};
pub(super) const TALLIES: Layout = Layout {
    name: "terugblik",
    header: "as_of,niveau,wet,soort,maanden,binnen_band,geboekt_toen,geboekt_na_3_maanden,misser",
};
pub(super) const LINES: Layout = Layout {
    name: "regels",
    header: "as_of,wet,taakveld,product,soort,model,reden,voorlopig_vanaf,regime_sinds,\
        regime_maanden,regime_door,band_breder",
};
pub(super) const BASIS: Layout =
    Layout { name: "grondslag", header: "as_of,onderdeel,jaar,waarde" };
pub(super) const FILES: Layout =
    Layout { name: "bestanden", header: "as_of,bestand,blad,rijen,sha256,dubbel_van,niet_bekeken" };
pub(super) const RECONCILIATION: Layout = Layout {
    name: "aansluiting",
    header: "as_of,bestand,soort,regels,gelezen,ingedeeld,niet_ingedeeld,transitorisch,weggelaten,\
        vervangen,geweigerd",
};

/// `verloop.csv`, `terugblik.csv`, `regels.csv`, `grondslag.csv`, `bestanden.csv` and `aansluiting.csv`.
#[must_use]
pub fn basis_tables(facts: &Facts) -> Vec<Table> {
    let as_of = facts.outlook.as_of;
    let course = facts.outlook.cumulative.iter().flat_map(|course| course_records(course, as_of));
    let tallies = facts.hindsight.tallies.iter().map(|tally| tally_record(tally, as_of));
    let lines = facts.lines.iter().map(|note| line_record(note, facts.regimes, as_of));
    let files = facts.files.iter().map(|file| file_record(file, as_of));
    let account = facts.reconciliation.iter().map(|row| account_record(row, as_of));
    vec![
        Table::new(COURSE, course),
        Table::new(TALLIES, tallies),
        Table::new(LINES, lines),
        Table::new(BASIS, basis_records(facts).into_iter()),
        Table::new(FILES, files.chain(other_records(facts))),
        Table::new(RECONCILIATION, account),
    ]
}

/// The fields of an act or of all together: level, act and lasten.
fn act(wet: Option<Wet>) -> [String; 3] {
    let level = if wet.is_some() { Level::Wet } else { Level::Totaal };
    [level.to_string(), optional(wet), Measure::Lasten.to_string()]
}

fn yes(is: bool) -> String {
    if is { "ja" } else { "nee" }.to_owned()
}

fn share(part: f64) -> String {
    format!("{part:.4}")
}

/// Twelve running totals; the budget until then is spread evenly over the year.
fn course_records(course: &Cumulative, as_of: Month) -> Vec<Vec<String>> {
    let amount = |euros: f64| Cents::from_euros(euros).to_string();
    let record = |(at, number): (usize, i32)| {
        let month = Month::january(course.year) + Months(number - 1);
        let mut record = vec![as_of.to_string(), month.to_string()];
        record.extend(act(course.wet));
        record.push(yes(at >= course.first_open));
        record.push(optional(course.booked.get(at).copied().map(amount)));
        let sums = [&course.mean, &course.p10, &course.p25, &course.p75, &course.p90];
        record.extend(sums.map(|sum| amount(sum[at])));
        record.push(optional(course.last_year.map(|year| amount(year[at]))));
        let until = course.budget.map(|budget| budget * f64::from(number) / 12.0);
        record.extend([course.budget, until].map(|euros| optional(euros.map(amount))));
        record
    };
    (0..12).zip(1..).map(record).collect()
}

fn tally_record(tally: &Tally, as_of: Month) -> Vec<String> {
    let mut record = vec![as_of.to_string()];
    record.extend(act(tally.wet));
    record.extend([tally.months, tally.inside].map(|count| count.to_string()));
    record.extend([tally.booked, tally.booked_later, tally.error].map(share));
    record
}

fn line_record(note: &LineNote, regimes: &[Regime], as_of: Month) -> Vec<String> {
    let line = &note.line;
    let regime = regimes.iter().find(|regime| regime.line == *line);
    let wider = regime.filter(|regime| regime.is_new() && regime.why != Why::Start);
    vec![
        as_of.to_string(),
        line.wet.to_string(),
        line.taakveld.clone(),
        line.product.clone(),
        line.side.to_string(),
        note.model.clone(),
        optional(note.reason.as_ref()),
        optional(note.provisional_from),
        optional(regime.map(|regime| regime.since)),
        optional(regime.map(|regime| regime.months.0)),
        optional(regime.map(|regime| &regime.why)),
        optional(wider.map(|regime| share(widening(regime.months)))),
    ]
}

/// What the figures rest on, one number a row; the year where it is about one.
fn basis_records(facts: &Facts) -> Vec<Vec<String>> {
    let as_of = facts.outlook.as_of;
    let (bands, made) = (facts.bands, facts.provenance);
    let record = |name: &str, year: Option<i32>, value: String| {
        vec![as_of.to_string(), name.to_owned(), optional(year), value]
    };
    let whole = [
        ("zaad", made.seed.to_string()),
        ("trekkingen", made.draws.to_string()),
        ("eerdere voorspellingen", bands.errors.to_string()),
        ("nagespeelde momenten", bands.dates.to_string()),
        ("jaren in de band", bands.years.to_string()),
        ("maanden bekend", bands.known.to_string()),
        ("gezamenlijke onzekerheid", share(bands.common)),
    ];
    let ahead = facts.horizon().into_iter().filter(|&year| year > facts.year()).zip(&bands.ahead);
    let ahead =
        ahead.map(|(year, ahead)| record("jaren met missers", Some(year), ahead.dates.to_string()));
    whole.into_iter().map(|(name, value)| record(name, None, value)).chain(ahead).collect()
}

fn file_record(file: &SourceFile, as_of: Month) -> Vec<String> {
    vec![
        as_of.to_string(),
        file.file.clone(),
        file.sheet.clone(),
        file.rows.to_string(),
        file.sha256.clone(),
        optional(file.duplicate_of.as_ref()),
        file.ignored_columns.join("; "),
    ]
}

/// Inputs that are no table, such as `prognose.toml`.
fn other_records(facts: &Facts) -> impl Iterator<Item = Vec<String>> {
    let as_of = facts.outlook.as_of.to_string();
    facts.provenance.other_inputs.iter().map(move |(name, sha256)| {
        let mut record = vec![as_of.clone(), name.clone(), String::new(), String::new()];
        record.extend([sha256.clone(), String::new(), String::new()]);
        record
    })
}

fn account_record(row: &Reconciliation, as_of: Month) -> Vec<String> {
    let mut record = vec![as_of.to_string(), row.file.clone()];
    record.extend([optional(row.side), row.rows.to_string()]);
    let parts = [row.read, row.mapped, row.unmapped, row.accruals];
    let kept_out = [row.left_out, row.superseded, row.refused];
    record.extend(parts.iter().chain(&kept_out).map(Cents::to_string));
    record
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;

    fn lines(name: &str) -> Vec<String> {
        let tables = basis_tables(&example::example().facts());
        let table = tables.into_iter().find(|table| table.layout.name == name).unwrap();
        String::from_utf8(table.csv).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_course_is_twelve_running_totals_per_act() {
        let example = example::example();
        let course = &example.outlook.cumulative[0];
        let rows = lines("verloop");
        assert_eq!(rows.len(), 12 * example.outlook.cumulative.len() + 1);
        let january: Vec<&str> = rows[1].split(',').collect();
        assert_eq!(january[1], "2026-01");
        assert_eq!(january[7], Cents::from_euros(course.mean[0]).to_string());
        let december: Vec<&str> = rows[12].split(',').collect();
        // Not booked yet, still open, and the budget of twelve months is that of the year.
        assert_eq!((december[1], december[5], december[6]), ("2026-12", "ja", ""));
        assert_eq!(december[13], december[14]);
    }

    #[test]
    fn what_it_rests_on_is_told() {
        let example = example::example();
        let rows = lines("grondslag");
        assert_eq!(rows[2], format!("2026-10,trekkingen,,{}", example.provenance.draws));
        assert_eq!(lines("regels").len(), example.lines.len() + 1);
        assert_eq!(lines("terugblik").len(), example.hindsight.tallies.len() + 1);
        let inputs = example.files.len() + example.provenance.other_inputs.len();
        assert_eq!(lines("bestanden").len(), inputs + 1);
        let read = example.reconciliation[0].read.to_string();
        assert!(lines("aansluiting")[1].contains(&read));
    }
}
