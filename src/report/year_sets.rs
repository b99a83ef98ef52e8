//! The files other programs read about policy, the years ahead, what changed and amounts with a name:
//! `beleid.csv`, `meerjaren.csv`, `verschil.csv` and `voorzichtig.csv`, written like those of
//! `datasets.rs`.

use super::datasets::{node_fields, optional};
use super::table::{Layout, Table};
use crate::calendar::{Event, Form, Status};
use crate::outlook::{ChangeRow, NamedQuantile, NodeName, PolicyRow, StepRow, YearRow};
use crate::units::{Cents, Measure, Month};

pub(super) const POLICY: Layout = Layout {
    name: "beleid",
    header: "as_of,jaar,gebeurtenis,titel,status,vanaf,vorm,soort,in_verwacht,kans,\
    verwacht,als_het_doorgaat,p10,p90,eigenaar,bron",
};
pub(super) const STEPS: Layout = Layout {
    name: "meerjaren",
    header: "as_of,jaar,niveau,wet,taakveld,product,soort,vorig_jaar,eenmalig,\
    doorwerking,volume,prijs,basislijn,beleid,waarvan_structureel,verwacht",
};
pub(super) const CHANGES: Layout = Layout {
    name: "verschil",
    header: "as_of,jaar,niveau,wet,taakveld,product,soort,vorige_maand,indeling,\
    beleid,prijs,realisatie,nakomend,model,nu",
};
pub(super) const NAMED: Layout = Layout {
    name: "voorzichtig",
    header: "as_of,jaar,niveau,wet,taakveld,product,soort,naam,kans,bedrag",
};

/// `beleid.csv`: what each scenario row does to a year, in the order given; `kans` is the share of
/// draws in which it goes ahead, `verwacht` the mean over all of them. What the row is comes from the
/// event of that name.
#[must_use]
pub fn policy_table(rows: &[PolicyRow], events: &[Event], as_of: Month) -> Table {
    let record = |row: &PolicyRow| {
        let event = events.iter().find(|event| event.id == row.event);
        policy_record(row, event, as_of)
    };
    Table::new(POLICY, rows.iter().map(record))
}

/// `meerjaren.csv`: how each later year follows from the one before it, in the order given:
/// `vorig_jaar + eenmalig + doorwerking + volume + prijs = basislijn`, and with `beleid` `verwacht`.
#[must_use]
pub fn steps_table(rows: &[StepRow], as_of: Month) -> Table {
    let record = |row: &StepRow| {
        let amounts = [row.previous, row.one_offs, row.full_year, row.volume, row.price];
        let sums = [row.baseline, row.policy, row.lasting, row.expected];
        let mut record = place(as_of, row.year, &row.node, row.measure);
        record.extend(amounts.iter().chain(&sums).map(Cents::to_string));
        record
    };
    Table::new(STEPS, rows.iter().map(record))
}

/// `verschil.csv`: the prognosis of each year beside that of a month ago, in the order given:
/// `vorige_maand`, the causes between and `nu`.
#[must_use]
pub fn changes_table(rows: &[ChangeRow], as_of: Month) -> Table {
    let record = |row: &ChangeRow| {
        let mut record = place(as_of, row.year, &row.node, row.measure);
        let amounts = std::iter::once(&row.before).chain(&row.causes).chain([&row.after]);
        record.extend(amounts.map(Cents::to_string));
        record
    };
    Table::new(CHANGES, rows.iter().map(record))
}

/// `voorzichtig.csv`: the amounts that the organisation named, one row per year total and name;
/// `kans` is the probability of less. Without names it holds its header only.
#[must_use]
pub fn named_table(rows: &[YearRow], named: &[NamedQuantile], as_of: Month) -> Table {
    let records = rows.iter().flat_map(|row| {
        named.iter().zip(&row.named).map(move |(named, amount)| {
            let mut record = place(as_of, row.year, &row.node, row.measure);
            let chance = format!("{:.4}", named.level(row.measure));
            record.extend([named.name.clone(), chance, amount.to_string()]);
            record
        })
    });
    Table::new(NAMED, records)
}

/// The fields with which every row of a node starts.
fn place(as_of: Month, year: i32, node: &NodeName, measure: Measure) -> Vec<String> {
    let mut record = vec![as_of.to_string(), year.to_string()];
    record.extend(node_fields(node));
    record.push(measure.to_string());
    record
}

fn policy_record(row: &PolicyRow, event: Option<&Event>, as_of: Month) -> Vec<String> {
    let of = |field: fn(&Event) -> &str| event.map(field).unwrap_or_default().to_owned();
    let inside = if row.inside { "ja" } else { "nee" };
    let mut record = vec![as_of.to_string(), row.year.to_string(), row.event.clone()];
    record.extend([of(|event| &event.title), of(|event| status(event.status))]);
    record.extend([optional(event.map(|event| event.date)), of(|event| form(event.form))]);
    record.extend([row.measure.to_string(), inside.to_owned(), format!("{:.4}", row.goes)]);
    let amounts = [row.expected, row.when_it_goes, row.p10, row.p90];
    record.extend(amounts.iter().map(Cents::to_string));
    record.extend([of(|event| &event.owner), of(|event| &event.source)]);
    record
}

/// How certain policy is, as the reader calls it.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Past => "ingegaan",
        Status::Decided => "besloten",
        Status::Announced => "aangekondigd",
        Status::Assumed => "aanname",
    }
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Step => "ineens",
        Form::Ramp => "geleidelijk",
        Form::Pulse => "eenmalig",
        Form::Temporary => "tijdelijk",
        Form::Billing => "facturering",
        Form::Recode => "indeling",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook::Cause;
    use crate::report::example;
    use crate::units::Level;

    fn lines(bytes: &[u8]) -> Vec<&str> {
        std::str::from_utf8(bytes).unwrap().lines().collect()
    }

    fn node() -> NodeName {
        example::row(Level::Totaal, None, Measure::Lasten, 0.0).node
    }

    #[test]
    fn policy_tells_the_row_and_its_event() {
        let example = example::example();
        let row = PolicyRow {
            event: "vervoer".into(),
            inside: true,
            year: 2027,
            measure: Measure::Lasten,
            goes: 1.0,
            expected: Cents(-14_000_050),
            when_it_goes: Cents(-14_000_050),
            p10: Cents(-18_000_000),
            p90: Cents(-10_000_000),
        };
        let unknown = PolicyRow { event: "?".into(), inside: false, goes: 0.59876, ..row.clone() };
        let bytes = policy_table(&[row, unknown], &example.events, example::as_of()).csv;
        assert_eq!(
            lines(&bytes),
            [
                "as_of,jaar,gebeurtenis,titel,status,vanaf,vorm,soort,in_verwacht,kans,verwacht,\
                 als_het_doorgaat,p10,p90,eigenaar,bron",
                "2026-10,2027,vervoer,Nieuw contract vervoer,besloten,2027-01,ineens,lasten,ja,\
                 1.0000,-140000.50,-140000.50,-180000.00,-100000.00,inkoop,Collegebesluit",
                "2026-10,2027,?,,,,,lasten,nee,0.5988,-140000.50,-140000.50,-180000.00,-100000.00,,",
            ]
        );
    }

    #[test]
    fn steps_add_up_from_left_to_right() {
        // 100 − 1 + 2 + 3 + 4 = 108; 108 − 8 = 100.
        let row = StepRow {
            node: node(),
            measure: Measure::Saldo,
            year: 2027,
            previous: Cents(10_000),
            one_offs: Cents(-100),
            full_year: Cents(200),
            volume: Cents(300),
            price: Cents(400),
            baseline: Cents(10_800),
            policy: Cents(-800),
            lasting: Cents(-500),
            expected: Cents(10_000),
        };
        let bytes = steps_table(&[row], example::as_of()).csv;
        assert_eq!(
            lines(&bytes),
            [
                "as_of,jaar,niveau,wet,taakveld,product,soort,vorig_jaar,eenmalig,doorwerking,volume,\
                 prijs,basislijn,beleid,waarvan_structureel,verwacht",
                "2026-10,2027,totaal,,,,saldo,100.00,-1.00,2.00,3.00,4.00,108.00,-8.00,-5.00,100.00",
            ]
        );
    }

    #[test]
    fn changes_keep_the_order_of_causes() {
        let names = Cause::ALL.map(|cause| serde_json::to_value(cause).unwrap());
        let names = names.map(|name| name.as_str().unwrap().to_owned());
        assert!(CHANGES.header.ends_with(&format!(",vorige_maand,{},nu", names.join(","))));
        let row = ChangeRow {
            node: node(),
            measure: Measure::Lasten,
            year: 2026,
            before: Cents(1_000),
            causes: [1, 20, 300, -4, -50, 6].map(Cents),
            after: Cents(1_273),
        };
        let bytes = changes_table(&[row], example::as_of()).csv;
        assert_eq!(
            lines(&bytes)[1],
            "2026-10,2026,totaal,,,,lasten,10.00,0.01,0.20,3.00,-0.04,-0.50,0.06,12.73"
        );
    }

    #[test]
    fn named_turns_the_chance_round_for_income() {
        let named = |name: &str, short, over| NamedQuantile { name: name.into(), short, over };
        let of = |measure| YearRow {
            named: vec![Cents(100), Cents(200)],
            ..example::row(Level::Totaal, None, measure, 1.0)
        };
        let chosen = [named("behoedzaam", 3.0, 1.0), named("ruim", 9.0, 1.0)];
        let rows = [of(Measure::Lasten), of(Measure::Baten)];
        let bytes = named_table(&rows, &chosen, example::as_of()).csv;
        assert_eq!(
            lines(&bytes),
            [
                "as_of,jaar,niveau,wet,taakveld,product,soort,naam,kans,bedrag",
                "2026-10,2026,totaal,,,,lasten,behoedzaam,0.7500,1.00",
                "2026-10,2026,totaal,,,,lasten,ruim,0.9000,2.00",
                "2026-10,2026,totaal,,,,baten,behoedzaam,0.2500,1.00",
                "2026-10,2026,totaal,,,,baten,ruim,0.1000,2.00",
            ]
        );
        assert_eq!(lines(&named_table(&rows, &[], example::as_of()).csv).len(), 1);
    }
}
