//! `prognose explain`: how one number is made, from postings to total.

use super::forecast::prognosis;
use super::talk::{self, table};
use super::{Common, summary::thousands};
use crate::calendar::Pattern;
use crate::error::{Error, Result};
use crate::outlook::{Explained, ExplainedMonth, ExplainedPart, Status};
use crate::units::{Cents, Level, LineId, Side};
use crate::workspace::{Job, Prognosis};
use clap::Args;
use serde_json::json;

/// Postings, late invoices, the parts of the model and their weights, the band, and the totals it is part of. A
/// pattern that several lines match, such as Wmo/6.71*, lists them with their sum.
#[derive(Args, Debug)]
pub(super) struct Explain {
    /// A product, a taakveld or a line: "Hulp bij het huishouden", Wmo/6.711, "Jeugd/6.752/Begeleiding/lasten"
    line: String,
    #[command(flatten)]
    common: Common,
}

impl Explain {
    pub(super) fn run(&self) -> Result<()> {
        let job = Job::read(&self.common.workspace, &self.common.choices())?;
        let prognosis = prognosis(&job)?;
        let found: Vec<&Explained> =
            prognosis.explained.iter().filter(|one| named(&self.line, &one.line)).collect();
        let text = match found.as_slice() {
            [] => return Err(self.unknown(&prognosis)),
            _ if self.common.json => json_of(&found),
            [one] => whole(&job, &prognosis, one),
            several => sum(several),
        };
        talk::print(&text)
    }

    fn unknown(&self, prognosis: &Prognosis) -> Error {
        let year = prognosis.outlook.as_of.year();
        let names: Vec<String> = prognosis.explained.iter().map(|one| path(&one.line)).collect();
        let what = format!("no line with anything in {year} is called {:?}", self.line);
        Error::input(what).advice(format!("name one of these:\n    {}", names.join("\n    ")))
    }
}

/// `Wmo/6.711/Hulp bij het huishouden/lasten`.
fn path(line: &LineId) -> String {
    let LineId { wet, taakveld, product, side } = line;
    format!("{wet}/{taakveld}/{product}/{side}")
}

/// Whether `asked` is the path of a line, the beginning of one, or a pattern as in `beleid.toml`.
fn named(asked: &str, line: &LineId) -> bool {
    let parts: Vec<&str> = asked.split('/').map(str::trim).collect();
    let (asked, path) = (parts.join("/").to_lowercase(), path(line).to_lowercase());
    let begins =
        path.strip_prefix(&asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    begins || Pattern::of(&parts.join("/")).covers(line)
}

/// The lines of a pattern below each other, and their sum.
fn sum(lines: &[&Explained]) -> String {
    let header = ["regel", "geboekt", "nog te ontvangen", "nog te komen", "beleid", "verwacht"];
    let cells = |name: String, amounts: [Cents; 5]| {
        std::iter::once(name).chain(amounts.map(thousands)).collect::<Vec<_>>()
    };
    let amounts = |one: &Explained| {
        let row = &one.year;
        [row.booked, row.to_receive, row.to_come, row.policy, row.expected]
    };
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(lines.iter().map(|one| cells(path(&one.line), amounts(one))));
    for side in [Side::Lasten, Side::Baten] {
        let of_side = || lines.iter().filter(|one| one.line.side == side);
        if of_side().next().is_some() {
            let total = |at: usize| of_side().map(|one| amounts(one)[at]).sum::<Cents>();
            rows.push(cells(format!("{side} samen"), [0, 1, 2, 3, 4].map(total)));
        }
    }
    format!(
        "{} regels, {} (× € 1.000):\n{}Noem één regel om te zien hoe het bedrag is gemaakt.\n",
        lines.len(),
        lines[0].year.year,
        table(&rows)
    )
}

fn whole(job: &Job, prognosis: &Prognosis, one: &Explained) -> String {
    let title = format!(
        "{}, {}, stand {} (euro)\n",
        path(&one.line),
        one.year.year,
        prognosis.outlook.as_of
    );
    [title, postings(one), late(one), model(job, one), band(prognosis, one), above(prognosis, one)]
        .join("\n")
}

fn postings(one: &Explained) -> String {
    let mut rows = vec![["1. boekingen", "aantal", "bedrag"].map(str::to_owned).to_vec()];
    rows.extend(
        one.files.iter().map(|file| {
            vec![file.file.clone(), file.postings.to_string(), file.amount.to_string()]
        }),
    );
    let count: usize = one.files.iter().map(|file| file.postings).sum();
    rows.push(vec!["geboekt".into(), count.to_string(), one.year.booked.to_string()]);
    table(&rows)
}

fn late(one: &Explained) -> String {
    let header = ["2. maanden", "geboekt", "nog te verwachten", "samen", "80%-band", "status"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(one.months.iter().map(month));
    let usual: Vec<String> =
        one.paid.iter().take(6).map(|share| format!("{:.0} %", 100.0 * share)).collect();
    let usual = if usual.is_empty() {
        "Facturen van deze regel komen in hun eigen maand.\n".to_owned()
    } else {
        format!("Gewoonlijk binnen na 0, 1, 2, … maanden: {}.\n", usual.join(", "))
    };
    format!("{}{usual}", table(&rows))
}

fn month(month: &ExplainedMonth) -> Vec<String> {
    let ExplainedMonth { booked, still, row } = month;
    let status = match row.status {
        Status::Gerealiseerd => "gerealiseerd",
        Status::Voorlopig => "voorlopig",
        Status::Verwacht => "verwacht",
    };
    vec![
        row.month.to_string(),
        booked.to_string(),
        still.to_string(),
        row.mean.to_string(),
        format!("{} … {}", row.quantiles.p10(), row.quantiles.p90()),
        status.to_owned(),
    ]
}

fn model(job: &Job, one: &Explained) -> String {
    let rest = format!("maanden na {}", job.as_of);
    let mut rows = vec![vec!["3. model".to_owned(), "gewicht".into(), rest]];
    let part = |part: &ExplainedPart| {
        vec![part.name.to_owned(), format!("{:.3}", part.weight), part.amount.to_string()]
    };
    rows.extend(one.parts.iter().map(part));
    let steps = &one.steps;
    let named = [
        ("gewogen gemiddelde", steps.blend),
        ("bekende gebeurtenissen", steps.events),
        ("tarieven", steps.tariff),
        ("open maanden, bruggen en trekkingen", steps.rest),
        ("al vooruit geboekt", -steps.booked_ahead),
        ("nog te komen", one.year.to_come),
    ];
    rows.extend(named.map(|(name, amount)| vec![name.into(), String::new(), amount.to_string()]));
    let learned = match one.learned {
        0 => "Er is geen model: de regel heeft geen boekingen om van te leren.\n".to_owned(),
        months => format!("Model {}, geleerd van {months} maanden.\n", one.year.model),
    };
    let base = if steps.tariff == Cents::ZERO {
        ""
    } else {
        "De delen staan in de prijzen waarin het model rekent; tarieven brengen ze naar die van nu.\n"
    };
    format!("{}{learned}{base}", table(&rows))
}

fn band(prognosis: &Prognosis, one: &Explained) -> String {
    let (row, bands) = (&one.year, &prognosis.bands);
    let rows = [
        ("4. jaar", String::new()),
        ("geboekt", row.booked.to_string()),
        ("nog te ontvangen", row.to_receive.to_string()),
        ("nog te komen", row.to_come.to_string()),
        ("beleid", row.policy.to_string()),
        ("verwacht", row.expected.to_string()),
        ("80%-band", format!("{} … {}", row.quantiles.p10(), row.quantiles.p90())),
        ("95%-band", format!("{} … {}", row.quantiles.0[0], row.quantiles.0[8])),
        ("begroting", row.budget.map_or_else(|| "–".to_owned(), |budget| budget.to_string())),
    ];
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|(name, amount)| vec![name.to_owned(), amount]).collect();
    let rests = match bands.errors {
        0 => "De breedte is van verzonnen gemeenten geleerd: er is te weinig om na te spelen."
            .to_owned(),
        errors => {
            format!("De breedte rust op {errors} eerdere voorspellingen uit {} jaren.", bands.years)
        }
    };
    format!("{}{rests}\n", table(&rows))
}

/// The totals that the line is part of.
fn above(prognosis: &Prognosis, one: &Explained) -> String {
    let holds = |level: Level| {
        prognosis.outlook.years.iter().find(|row| {
            let node = &row.node;
            row.year == one.year.year
                && row.measure == one.year.measure
                && node.level == level
                && node.wet.is_none_or(|wet| wet == one.line.wet)
                && node.taakveld.as_ref().is_none_or(|taakveld| *taakveld == one.line.taakveld)
        })
    };
    let mut rows = vec![["5. deel van", "verwacht", "deze regel"].map(str::to_owned).to_vec()];
    for row in [Level::Taakveld, Level::Wet, Level::Totaal].into_iter().filter_map(holds) {
        let node = &row.node;
        let wet = node.wet.map(|wet| wet.to_string());
        let name = node.taakveld.clone().or(wet).unwrap_or_else(|| node.level.to_string());
        let share = 100.0 * one.year.expected.euros() / row.expected.euros();
        let share = if share.is_finite() { format!("{share:.1} %") } else { "–".to_owned() };
        rows.push(vec![name, row.expected.to_string(), share]);
    }
    table(&rows)
}

fn json_of(lines: &[&Explained]) -> String {
    let month = |month: &ExplainedMonth| {
        json!({
            "maand": month.row.month,
            "geboekt": month.booked.euros(),
            "nog_te_verwachten": month.still.euros(),
            "verwacht": month.row.mean.euros(),
        })
    };
    let part = |part: &ExplainedPart| json!({ "naam": part.name, "gewicht": part.weight, "bedrag": part.amount.euros() });
    let line = |one: &&Explained| {
        let (row, steps) = (&one.year, &one.steps);
        json!({
            "regel": path(&one.line),
            "jaar": row.year,
            "geboekt": row.booked.euros(),
            "nog_te_ontvangen": row.to_receive.euros(),
            "nog_te_komen": row.to_come.euros(),
            "beleid": row.policy.euros(),
            "verwacht": row.expected.euros(),
            "p10": row.quantiles.p10().euros(),
            "p90": row.quantiles.p90().euros(),
            "maanden": one.months.iter().map(month).collect::<Vec<_>>(),
            "model": row.model,
            "delen": one.parts.iter().map(part).collect::<Vec<_>>(),
            "mengsel": steps.blend.euros(),
            "gebeurtenissen": steps.events.euros(),
            "tarieven": steps.tariff.euros(),
            "overig": steps.rest.euros(),
            "vooruit_geboekt": steps.booked_ahead.euros(),
        })
    };
    format!("{:#}\n", json!(lines.iter().map(line).collect::<Vec<_>>()))
}
