//! What the report is told. It adds nothing to it: it sorts, rounds and puts it into words.

use super::text;
use crate::backtest::{Hindsight, Trust};
use crate::calendar::Event;
use crate::checks::Finding;
use crate::drift::{Regime, Tested};
use crate::forecast::{Bands, PolicyChoice};
use crate::ledger::{Reconciliation, SourceFile};
use crate::notes::Note;
use crate::outlook::{
    ChangeRow, Cumulative, Explained, LateRow, NodeName, Outlook, Passed, YearRow,
};
use crate::peers::Peers;
use crate::units::{Cents, Level, LineId, Measure, Month, UNCLASSIFIED, Wet};

/// Everything a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The name of the organisation, for instance `Gemeente Hengelo`.
    pub organisation: &'a str,
    /// Its code, for instance `GM0164`; may be empty.
    pub code: &'a str,
    /// The role that owns the model, for instance `afdeling Ondersteuning & Zorg`.
    pub model_owner: &'a str,
    /// Whether the figures are made up; a banner says so.
    pub made_up: bool,
    /// The prognosis.
    pub outlook: &'a Outlook,
    /// The findings, in the order to show them within a severity.
    pub findings: &'a [Finding],
    /// What became of the money, per ledger file and side.
    pub reconciliation: &'a [Reconciliation],
    /// The files that were read.
    pub files: &'a [SourceFile],
    /// The model of each leaf line.
    pub lines: &'a [LineNote],
    /// How the figures were made.
    pub provenance: &'a Provenance,
    /// Whether the ledger knows service months; if not, the booking month stands in.
    pub has_service_months: bool,
    /// What the width of the bands rests on.
    pub bands: &'a Bands,
    /// What past months were thought to become, and what they became.
    pub hindsight: &'a Hindsight,
    /// How the year total of each line is made.
    pub explained: &'a [Explained],
    /// What a test on earlier years says of the model.
    pub trust: &'a Trust,
    /// Whether the page of a whole backtest lies beside the report.
    pub backtest_page: bool,
    /// Why the prognosis is another than a month ago; empty when nothing is known of that month.
    pub changes: &'a [ChangeRow],
    /// What was tested for change, flagged or not.
    pub drift: &'a [Tested],
    /// Since when each line is what it is.
    pub regimes: &'a [Regime],
    /// In the report for everybody, how many lines are left out since they are not public.
    pub withheld: Option<usize>,
    /// The policy events, those not known yet included.
    pub events: &'a [Event],
    /// Which scenario rows are inside what is expected.
    pub policy: PolicyChoice,
    /// The remarks of the department that stood at the as-of month.
    pub notes: &'a [Note],
    /// What passes a norm of the organisation.
    pub passed: &'a [Passed],
    /// Plan and outcome of all municipalities in one closed year, if known.
    pub peers: Option<&'a Peers>,
}

/// The model of one leaf line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineNote {
    /// The line.
    pub line: LineId,
    /// The name of the model in use.
    pub model: String,
    /// Why it is not the model asked for, in Dutch, if so.
    pub reason: Option<String>,
    /// From this month on invoices are still to come.
    pub provisional_from: Option<Month>,
}

/// How the figures were made, for whoever wants to make them again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The version of the program.
    pub version: String,
    /// The seed of the draws.
    pub seed: u64,
    /// The number of draws.
    pub draws: usize,
    /// The name of the model specification.
    pub spec: String,
    /// The last month the models learned from, if known.
    pub trained_through: Option<Month>,
    /// The last month in which anything was booked, if any.
    pub last_observed: Option<Month>,
    /// Inputs beside the files of [`Facts::files`], such as the line table: name and SHA-256 in hex.
    pub other_inputs: Vec<(String, String)>,
}

impl<'a> Facts<'a> {
    /// Whether it is the report for everybody.
    pub(super) fn is_public(&self) -> bool {
        self.withheld.is_some()
    }

    /// The current year: that of the as-of month.
    pub(super) fn year(&self) -> i32 {
        self.outlook.as_of.year()
    }

    /// The years of the horizon, ascending.
    pub(super) fn horizon(&self) -> Vec<i32> {
        let mut years: Vec<i32> = self.outlook.years.iter().map(|row| row.year).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// The rows of a level and measure in a year that hold anything: by act, and within an act as
    /// given.
    pub(super) fn rows(&self, year: i32, level: Level, measure: Measure) -> Vec<&'a YearRow> {
        let rows = self.outlook.years.iter();
        let mut rows: Vec<&YearRow> = rows
            .filter(|row| row.year == year && row.node.level == level && row.measure == measure)
            .filter(|row| !is_empty(row))
            .collect();
        rows.sort_by_key(|row| row.node.wet);
        rows
    }

    /// The row of all lines together.
    pub(super) fn total(&self, year: i32, measure: Measure) -> Option<&'a YearRow> {
        self.rows(year, Level::Totaal, measure).first().copied()
    }

    /// The row of one act; of all together for `None`.
    pub(super) fn act(&self, year: i32, wet: Option<Wet>, measure: Measure) -> Option<&'a YearRow> {
        match wet {
            None => self.total(year, measure),
            Some(_) => {
                self.rows(year, Level::Wet, measure).into_iter().find(|row| row.node.wet == wet)
            }
        }
    }

    /// The taakvelden of an act that hold anything.
    pub(super) fn taakvelden(&self, year: i32, wet: Wet, measure: Measure) -> Vec<&'a YearRow> {
        let rows = self.rows(year, Level::Taakveld, measure).into_iter();
        rows.filter(|row| row.node.wet == Some(wet)).collect()
    }

    /// The products of a taakveld that hold anything.
    pub(super) fn products(&self, above: &YearRow) -> Vec<&'a YearRow> {
        let rows = self.rows(above.year, Level::Product, above.measure).into_iter();
        rows.filter(|row| {
            row.node.wet == above.node.wet && row.node.taakveld == above.node.taakveld
        })
        .collect()
    }

    /// The acts that deserve a picture of their own, each with its row of lasten this year; all
    /// together last when that is something else.
    pub(super) fn acts(&self) -> Vec<&'a YearRow> {
        let total = self.total(self.year(), Measure::Lasten);
        let (small, mut acts) = self.split_acts();
        if acts.len() + small.len() != 1 {
            acts.extend(total);
        }
        acts
    }

    /// The acts without a budget and with less than a hundredth of the lasten: they stand in the
    /// tables only.
    pub(super) fn small_acts(&self) -> Vec<&'a YearRow> {
        self.split_acts().0
    }

    fn split_acts(&self) -> (Vec<&'a YearRow>, Vec<&'a YearRow>) {
        let total =
            self.total(self.year(), Measure::Lasten).map_or(Cents::ZERO, |row| row.expected);
        let small = |row: &&YearRow| row.budget.is_none() && row.expected.abs().0 * 100 < total.0;
        self.rows(self.year(), Level::Wet, Measure::Lasten).into_iter().partition(small)
    }

    /// The running totals of the same acts, all together last.
    pub(super) fn courses(&self) -> Vec<&'a Cumulative> {
        let course =
            |row: &&YearRow| self.outlook.cumulative.iter().find(|c| c.wet == row.node.wet);
        self.acts().iter().filter_map(course).collect()
    }

    /// What is booked this year on codes that the line table does not know: its size, lasten and
    /// baten together.
    pub(super) fn unclassified(&self) -> Cents {
        let booked = |measure| {
            let rows = self.rows(self.year(), Level::Taakveld, measure).into_iter();
            rows.filter(|row| is_unclassified(row)).map(|row| row.booked.abs()).sum::<Cents>()
        };
        booked(Measure::Lasten) + booked(Measure::Baten)
    }

    /// What is still to be received on a level, by act; rows that show as nought are left out.
    pub(super) fn late(&self, level: Level, measure: Measure) -> Vec<&'a LateRow> {
        let shows = |row: &&LateRow| {
            let amounts = [row.total.to_receive, row.total.p10, row.total.p90];
            amounts.into_iter().any(|amount| text::in_thousands(amount) != 0)
        };
        let rows = self.outlook.late.iter();
        let mut rows: Vec<&LateRow> = rows
            .filter(|row| row.node.level == level && row.measure == measure)
            .filter(shows)
            .collect();
        rows.sort_by_key(|row| row.node.wet);
        rows
    }

    /// The first provisional month over all lines.
    pub(super) fn provisional_from(&self) -> Option<Month> {
        self.lines.iter().filter_map(|note| note.provisional_from).min()
    }
}

/// Whether a row holds nothing at all, such as a taakveld of an earlier scheme.
pub(super) fn is_empty(row: &YearRow) -> bool {
    let amounts = [row.booked, row.to_receive, row.to_come, row.policy, row.expected];
    row.budget.unwrap_or_default() == Cents::ZERO
        && amounts.iter().chain(&row.quantiles.0).all(|&amount| amount == Cents::ZERO)
}

/// Whether a row holds the money that no line claims.
fn is_unclassified(row: &YearRow) -> bool {
    row.node.taakveld.as_deref() == Some(UNCLASSIFIED)
}

/// Whether a row should have a budget and has none.
pub(super) fn lacks_budget(row: &YearRow) -> bool {
    row.budget.is_none() && !is_unclassified(row)
}

/// How the rows of all together are called in a table, by measure.
pub(super) const SUMS: [(Measure, &str); 3] = [
    (Measure::Lasten, "Lasten samen"),
    (Measure::Baten, "Baten samen"),
    (Measure::Saldo, "Saldo (lasten min baten)"),
];

/// How an act is called where a sentence speaks of it.
pub(super) fn act_subject(wet: Option<Wet>) -> String {
    wet.map_or_else(|| "Het geheel".to_owned(), |wet| wet.to_string())
}

/// How an act is called in a heading; `None` is all together.
pub(super) fn act_name(wet: Option<Wet>) -> String {
    wet.map_or_else(|| "Samen".to_owned(), |wet| wet.to_string())
}

/// How a row is called in a table or sentence.
pub(super) fn row_name(row: &YearRow) -> String {
    node_name(&row.node)
}

/// How a node is called in a table or sentence.
pub(super) fn node_name(node: &NodeName) -> String {
    let named = |part: &Option<String>| part.clone().unwrap_or_default();
    match node.level {
        Level::Totaal | Level::Wet => act_name(node.wet),
        Level::Taakveld => taakveld_name(&named(&node.taakveld)),
        Level::Product | Level::Brug => named(&node.product),
    }
}

/// A taakveld code with its name in the Iv3 scheme of 2025 on or of 2023–2024, if it has one there.
fn taakveld_name(code: &str) -> String {
    match TAAKVELDEN.iter().find(|(known, _)| *known == code) {
        Some((_, name)) => format!("{code} {name}"),
        None => code.to_owned(),
    }
}

/// Iv3 taakvelden of the social domain, from the Iv3-informatievoorschriften 2023 and 2025, with soft
/// hyphens in long words.
const TAAKVELDEN: [(&str, &str); 46] = [
    ("6.2", "Toegang en eerstelijns\u{ad}voorzieningen"),
    ("6.21", "Toegang en eerstelijns\u{ad}voorzieningen Wmo"),
    ("6.22", "Toegang en eerstelijns\u{ad}voorzieningen Jeugd"),
    ("6.23", "Toegang en eerstelijns\u{ad}voorzieningen integraal"),
    ("6.6", "Maatwerk\u{ad}voorzieningen"),
    ("6.60", "Hulpmiddelen en diensten"),
    ("6.71", "Maatwerk\u{ad}dienstverlening 18+"),
    ("6.71a", "Hulp bij het huishouden"),
    ("6.71b", "Begeleiding"),
    ("6.71c", "Dagbesteding"),
    ("6.71d", "Overige maatwerk\u{ad}arrangementen"),
    ("6.711", "Hulp bij het huishouden"),
    ("6.712", "Begeleiding"),
    ("6.713", "Dagbesteding"),
    ("6.714", "Overige maatwerk\u{ad}arrangementen"),
    ("6.72", "Maatwerk\u{ad}dienstverlening 18−"),
    ("6.72a", "Jeugdhulp begeleiding"),
    ("6.72b", "Jeugdhulp behandeling"),
    ("6.72c", "Jeugdhulp dagbesteding"),
    ("6.72d", "Jeugdhulp zonder verblijf overig"),
    ("6.73a", "Pleegzorg"),
    ("6.73b", "Gezinsgericht"),
    ("6.73c", "Jeugdhulp met verblijf overig"),
    ("6.74a", "Jeugdhulp behandeling ggz zonder verblijf"),
    ("6.74b", "Jeugdhulp crisis, landelijk en ggz-verblijf"),
    ("6.74c", "Gesloten plaatsing"),
    ("6.751", "Jeugdhulp ambulant lokaal"),
    ("6.752", "Jeugdhulp ambulant regionaal"),
    ("6.753", "Jeugdhulp ambulant landelijk"),
    ("6.761", "Jeugdhulp met verblijf lokaal"),
    ("6.762", "Jeugdhulp met verblijf regionaal"),
    ("6.763", "Jeugdhulp met verblijf landelijk"),
    ("6.791", "Pgb Wmo"),
    ("6.792", "Pgb Jeugd"),
    ("6.81", "Geëscaleerde zorg 18+"),
    ("6.81a", "Beschermd wonen"),
    ("6.81b", "Maatschappelijke en vrouwenopvang"),
    ("6.811", "Beschermd wonen"),
    ("6.812", "Maatschappelijke en vrouwenopvang"),
    ("6.82", "Geëscaleerde zorg 18−"),
    ("6.82a", "Jeugd\u{ad}bescherming"),
    ("6.82b", "Jeugd\u{ad}reclassering"),
    ("6.821", "Jeugd\u{ad}bescherming"),
    ("6.822", "Jeugd\u{ad}reclassering"),
    ("6.91", "Coördinatie en beleid Wmo"),
    ("6.92", "Coördinatie en beleid Jeugd"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taakveld::{all, schemes_of};

    #[test]
    fn every_taakveld_of_every_scheme_has_a_name() {
        let named = |code: &str| TAAKVELDEN.iter().any(|(known, _)| *known == code);
        assert!(all().iter().all(|one| named(&one.code)));
        assert!(TAAKVELDEN.iter().all(|(code, _)| !schemes_of(code).is_empty()));
    }
}
