//! A made-up municipality for the tests of this room.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_truncation,
    reason = "small counts of months and draws"
)]

use super::facts::{Facts, LineNote, Provenance};
use super::{example_explained, example_plans, peers_example, reliable_example};
use crate::backtest::{Hindsight, LookBack, Tally, Trust};
use crate::calendar::Event;
use crate::checks::{Finding, Severity};
use crate::error::Place;
use crate::forecast::{Bands, PolicyChoice};
use crate::ledger::{Reconciliation, SourceFile};
use crate::outlook::{
    ChangeRow, Cumulative, Explained, LatePart, LateRow, MonthRow, NodeName, Outlook, Quantiles,
    Status, YearRow,
};
use crate::panel::{Bridge, Hierarchy, Node};
use crate::peers::Peers;
use crate::units::{Cents, Level, LineId, Measure, Month, Months, Side, Wet};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

const DRAWS: usize = 200;
const MONTHS: usize = 72;
const OPEN: usize = 19;

/// Taakveld, product, level per year × € 1.000, budget as a share of it, relative spread.
const LINES: [(&str, &str, f64, f64, f64); 44] = [
    ("6.21", "Basisondersteuning (vaste opdracht)", 15900.0, 1.0, 0.0),
    ("6.21", "Toegang, eigen uitvoering", 1700.0, 1.03, 0.05),
    ("6.60", "Hulpmiddelen", 1700.0, 0.96, 0.10),
    ("6.60", "Vervoer", 1790.0, 1.08, 0.10),
    ("6.60", "Woningaanpassing", 790.0, 0.90, 0.25),
    ("6.711", "Hulp bij het huishouden basis", 9330.0, 1.01, 0.08),
    ("6.711", "Hulp bij het huishouden plus", 3000.0, 1.02, 0.10),
    ("6.712", "Begeleiding individueel basis", 320.0, 1.0, 0.3),
    ("6.712", "Begeleiding individueel speciaal", 210.0, 0.8, 0.3),
    ("6.712", "Begeleiding groep", 150.0, 1.3, 0.3),
    ("6.713", "Dagbesteding basis", 640.0, 1.02, 0.15),
    ("6.713", "Dagbesteding zwaar", 450.0, 1.05, 0.15),
    ("6.713", "Vervoer dagbesteding", 95.0, 1.0, 0.2),
    ("6.714", "Kortdurend verblijf", 65.0, 1.5, 0.4),
    ("6.791", "Persoonsgebonden budget Wmo", 1230.0, 1.06, 0.06),
    ("6.811", "Beschermd wonen intramuraal", 2800.0, 1.0, 0.08),
    ("6.811", "Beschermd thuis", 900.0, 0.97, 0.12),
    ("6.812", "Maatschappelijke opvang", 1100.0, 1.0, 0.0),
    ("6.812", "Vrouwenopvang", 700.0, 1.0, 0.05),
    ("6.91", "Coördinatie Wmo", 250.0, 1.0, 0.02),
    ("6.22", "Toegang jeugd", 2600.0, 1.0, 0.03),
    ("6.22", "Praktijkondersteuner jeugd", 480.0, 0.9, 0.08),
    ("6.751", "Begeleiding", 4720.0, 0.97, 0.08),
    ("6.751", "Behandeling", 1760.0, 1.02, 0.12),
    ("6.751", "Dyslexiezorg", 420.0, 1.1, 0.2),
    ("6.752", "Begeleiding", 6330.0, 0.96, 0.10),
    ("6.752", "Behandeling jeugd-ggz", 9080.0, 0.91, 0.15),
    ("6.752", "Dagbehandeling", 1870.0, 1.02, 0.15),
    ("6.752", "Vaktherapie", 240.0, 1.0, 0.3),
    ("6.753", "Landelijk specialistisch", 610.0, 0.9, 0.3),
    ("6.761", "Logeren", 300.0, 1.0, 0.25),
    ("6.762", "Pleegzorg", 2310.0, 1.02, 0.05),
    ("6.762", "Gezinsgericht", 3400.0, 0.93, 0.06),
    ("6.762", "Verblijf in een groep", 5240.0, 0.92, 0.12),
    ("6.762", "Crisisverblijf", 610.0, 0.95, 0.35),
    ("6.763", "Gesloten en zeer specialistisch", 1390.0, 1.08, 0.2),
    ("6.763", "Verblijf jeugd-ggz landelijk", 720.0, 1.0, 0.3),
    ("6.792", "Persoonsgebonden budget Jeugd", 1270.0, 1.06, 0.06),
    ("6.821", "Voogdij", 1400.0, 0.98, 0.08),
    ("6.821", "Ondertoezichtstelling", 1360.0, 0.98, 0.10),
    ("6.822", "Jeugdreclassering", 470.0, 1.06, 0.12),
    ("6.92", "Coördinatie Jeugd", 310.0, 0.0, 0.02),
    ("6.72a", "Begeleiding individueel", 0.0, 0.0, 0.0),
    ("6.71b", "Begeleiding", 0.0, 0.0, 0.0),
];

pub(super) fn as_of() -> Month {
    Month::january(2026) + Months(9)
}

/// A year row of `euros`, budget 5 % lower, with a band of 10 % either side.
pub(super) fn row(level: Level, wet: Option<Wet>, measure: Measure, euros: f64) -> YearRow {
    let cents = Cents::from_euros(euros);
    let shares = [0.85, 0.88, 0.90, 0.96, 1.0, 1.04, 1.10, 1.12, 1.15];
    YearRow {
        year: 2026,
        node: NodeName { level, wet, taakveld: None, product: None },
        measure,
        budget: Some(Cents::from_euros(euros * 0.95)),
        booked: cents,
        to_receive: Cents::ZERO,
        to_come: Cents::ZERO,
        policy: Cents::ZERO,
        expected: cents,
        quantiles: Quantiles(shares.map(|share| Cents::from_euros(euros * share))),
        named: Vec::new(),
        chance_of_disadvantage: Some(0.8),
        model: "som".into(),
    }
}

struct World {
    tree: Hierarchy,
    /// Leaf × draw × month from January 2025 on, euros.
    paths: Vec<Vec<[f64; MONTHS]>>,
    booked: Vec<[f64; MONTHS]>,
    budgets: Vec<f64>,
}

fn leaves() -> Vec<(LineId, f64, f64, f64)> {
    let wet = |code: &str| match &code[..4] {
        "6.22" | "6.72" | "6.75" | "6.76" | "6.82" | "6.92" => Wet::Jeugd,
        _ if code == "6.792" => Wet::Jeugd,
        _ => Wet::Wmo,
    };
    let line = |taakveld: &str, product: &str, side| LineId {
        wet: wet(taakveld),
        taakveld: taakveld.into(),
        product: product.into(),
        side,
    };
    let mut leaves: Vec<_> = LINES
        .iter()
        .map(|&(code, product, level, share, spread)| {
            (line(code, product, Side::Lasten), level * 1e3, share, spread)
        })
        .collect();
    leaves.push((line("6.711", "Eigen bijdragen", Side::Baten), 1_135e3, 1.04, 0.06));
    leaves.push((line("6.811", "Eigen bijdragen beschermd wonen", Side::Baten), 240e3, 1.0, 0.1));
    leaves.push((LineId::unclassified(Side::Lasten), 84e3, 0.0, 0.5));
    leaves.sort_by(|a, b| a.0.cmp(&b.0));
    leaves
}

fn world() -> World {
    let mut random = Pcg64::seed_from_u64(7);
    let mut noise = move || (0..6).map(|_| random.random::<f64>()).sum::<f64>() - 3.0;
    let leaves = leaves();
    let common: Vec<[f64; MONTHS]> = (0..DRAWS).map(|_| walk(&mut noise)).collect();
    let (mut paths, mut booked) = (Vec::new(), Vec::new());
    for (line, level, _, spread) in &leaves {
        let monthly = |month: usize| {
            let season = 1.0 + 0.03 * (month as f64 * 0.52).sin();
            level / 12.0 * season * 1.04_f64.powf((month as f64 - 18.0) / 12.0)
        };
        let past: Vec<f64> =
            (0..MONTHS).map(|m| monthly(m) * (1.0 + spread * 0.4 * noise())).collect();
        let share = |month: usize| match 21_usize.saturating_sub(month) {
            _ if *spread < 0.03 || line.side == Side::Baten => 1.0,
            0 => 0.55,
            1 => 0.88,
            2 => 0.97,
            _ => 1.0,
        };
        booked.push(std::array::from_fn(|m| if m > 21 { 0.0 } else { past[m] * share(m) }));
        let draw = |shock: &[f64; MONTHS], own: [f64; MONTHS]| {
            std::array::from_fn(|m| match m {
                _ if m < OPEN => past[m],
                _ if m <= 21 => {
                    past[m] * (1.0 + (1.0 - share(m)) * (0.3 * own[m] + 0.12 * shock[m]))
                }
                _ => monthly(m) * (1.0 + spread * (1.5 * shock[m] + own[m])).max(0.0),
            })
        };
        paths.push(common.iter().map(|shock| draw(shock, walk(&mut noise))).collect());
    }
    let bridges = [
        Bridge {
            name: "Wmo maatwerk en toegang".into(),
            lines: ["6.60", "6.71*", "6.21"].map(String::from).into(),
        },
        Bridge {
            name: "Jeugdhulp totaal".into(),
            lines: ["6.75*", "6.76*", "6.792"].map(String::from).into(),
        },
    ];
    let budgets = leaves.iter().map(|leaf| leaf.1 * leaf.2).collect();
    World {
        tree: Hierarchy::new(leaves.into_iter().map(|leaf| leaf.0), &bridges),
        paths,
        booked,
        budgets,
    }
}

/// A slow random walk that starts at the first open month.
fn walk(noise: &mut impl FnMut() -> f64) -> [f64; MONTHS] {
    let mut level = 0.0;
    std::array::from_fn(|m| {
        level = if m < OPEN { 0.0 } else { level * 0.98 + 0.45 * noise() };
        level + if m < OPEN { 0.0 } else { 0.4 * noise() }
    })
}

fn sum(world: &World, node: &Node, measure: Measure, value: impl Fn(usize) -> f64) -> f64 {
    node.weighted(&world.tree.leaves, measure)
        .map(|(leaf, weight)| f64::from(weight) * value(leaf))
        .sum()
}

fn quantiles(mut draws: Vec<f64>) -> (f64, [f64; 9]) {
    draws.sort_by(f64::total_cmp);
    let mean = draws.iter().sum::<f64>() / DRAWS as f64;
    (mean, Quantiles::LEVELS.map(|level| draws[(level * (DRAWS - 1) as f64).round() as usize]))
}

fn year_row(world: &World, node: &Node, measure: Measure, year: i32) -> YearRow {
    let months = (year - 2025) as usize * 12..(year - 2024) as usize * 12;
    let part = |leaf: usize, draw: usize, until: usize| -> f64 {
        world.paths[leaf][draw][months.clone()]
            .iter()
            .zip(months.clone())
            .filter(|(_, m)| *m <= until)
            .map(|(v, _)| v)
            .sum()
    };
    let totals = |until| {
        (0..DRAWS)
            .map(|draw| sum(world, node, measure, |leaf| part(leaf, draw, until)))
            .collect::<Vec<_>>()
    };
    let booked = sum(world, node, measure, |leaf| world.booked[leaf][months.clone()].iter().sum());
    let (expected, points) = quantiles(totals(MONTHS));
    let (known, _) = quantiles(totals(21));
    let growth = 1.025_f64.powi(year - 2026);
    let budget = sum(world, node, measure, |leaf| world.budgets[leaf]) * growth;
    let bad = totals(MONTHS)
        .iter()
        .filter(|&&t| if measure == Measure::Baten { t < budget } else { t > budget })
        .count();
    let cents = Cents::from_euros;
    let budget = (budget > 0.0 && year < 2029).then(|| cents(budget));
    YearRow {
        year,
        node: NodeName {
            level: node.level,
            wet: node.wet,
            taakveld: node.taakveld.clone(),
            product: node.product.clone(),
        },
        measure,
        budget,
        booked: cents(booked),
        to_receive: cents(known) - cents(booked),
        to_come: cents(expected) - cents(known),
        policy: Cents::ZERO,
        expected: cents(expected),
        quantiles: Quantiles(points.map(cents)),
        named: Vec::new(),
        chance_of_disadvantage: budget.map(|_| bad as f64 / DRAWS as f64),
        model: if node.level == Level::Product { "kampioen".into() } else { "som".into() },
    }
}

fn month_rows(world: &World, node: &Node) -> Vec<MonthRow> {
    let row = |m: usize| {
        let (mean, points) = quantiles(
            (0..DRAWS)
                .map(|d| sum(world, node, Measure::Lasten, |leaf| world.paths[leaf][d][m]))
                .collect(),
        );
        MonthRow {
            month: Month::january(2025) + Months::of(m),
            status: if m < OPEN {
                Status::Gerealiseerd
            } else if m <= 21 {
                Status::Voorlopig
            } else {
                Status::Verwacht
            },
            node: NodeName {
                level: node.level,
                wet: node.wet,
                taakveld: node.taakveld.clone(),
                product: node.product.clone(),
            },
            measure: Measure::Lasten,
            mean: Cents::from_euros(mean),
            quantiles: Quantiles(points.map(Cents::from_euros)),
            model: "som".into(),
        }
    };
    (0..24).map(row).collect()
}

fn course(world: &World, node: &Node) -> Cumulative {
    let through = |first: usize, k: usize, value: &dyn Fn(usize, usize) -> f64| {
        sum(world, node, Measure::Lasten, |leaf| (first..=first + k).map(|m| value(leaf, m)).sum())
    };
    let months: [(f64, [f64; 9]); 12] = std::array::from_fn(|k| {
        quantiles((0..DRAWS).map(|d| through(12, k, &|leaf, m| world.paths[leaf][d][m])).collect())
    });
    Cumulative {
        wet: node.wet,
        year: 2026,
        booked: (0..10).map(|k| through(12, k, &|leaf, m| world.booked[leaf][m])).collect(),
        first_open: OPEN - 12,
        mean: months.map(|m| m.0),
        p10: months.map(|m| m.1[2]),
        p25: months.map(|m| m.1[3]),
        p75: months.map(|m| m.1[5]),
        p90: months.map(|m| m.1[6]),
        last_year: Some(std::array::from_fn(|k| through(0, k, &|leaf, m| world.paths[leaf][0][m]))),
        budget: Some(sum(world, node, Measure::Lasten, |leaf| world.budgets[leaf]))
            .filter(|&b| b > 0.0),
    }
}

/// A prognosis of a made-up municipality as of October 2026.
pub(super) fn outlook() -> Outlook {
    let world = world();
    let nodes = &world.tree.nodes;
    let mut years = Vec::new();
    for node in nodes {
        for measure in Measure::ALL {
            years.extend((2026..=2030).map(|year| year_row(&world, node, measure, year)));
        }
    }
    let above = |level: Level| nodes.iter().filter(move |node| node.level == level);
    let mut outlook = Outlook {
        as_of: as_of(),
        months: above(Level::Wet).flat_map(|node| month_rows(&world, node)).collect(),
        cumulative: above(Level::Totaal)
            .chain(above(Level::Wet))
            .map(|node| course(&world, node))
            .collect(),
        late: late(&years),
        years,
        policy: Vec::new(),
        steps: Vec::new(),
        named: Vec::new(),
    };
    example_plans::complete(&mut outlook);
    outlook
}

/// What the year rows wait for, most of it young, and a little of last year.
fn late(years: &[YearRow]) -> Vec<LateRow> {
    let waits = |row: &&YearRow| row.year == 2026 && row.to_receive != Cents::ZERO;
    let row = |row: &YearRow| {
        let part = |share: f64, earlier: f64| {
            let euros = row.to_receive.euros();
            LatePart {
                booked: Cents::from_euros(row.booked.euros() * 0.25),
                to_receive: Cents::from_euros(euros * (share + earlier)),
                of_earlier_years: Cents::from_euros(euros * earlier),
                p10: Cents::from_euros(0.8 * euros * share),
                p90: Cents::from_euros(1.3 * euros * share),
            }
        };
        LateRow {
            node: row.node.clone(),
            measure: row.measure,
            oldest: Month::january(2025) + Months(7),
            total: part(1.0, 0.04),
            by_age: [part(0.8, 0.0), part(0.15, 0.0), part(0.05, 0.0), part(0.0, 0.04)],
            share_of_year: Some(row.to_receive.euros() / row.expected.euros()),
        }
    };
    years.iter().filter(waits).map(row).collect()
}

/// A look back of 24 months: three quarters booked then, five per cent too low, the last three not
/// final.
fn hindsight() -> Hindsight {
    let cents = Cents::from_euros;
    let row = |wet: Option<Wet>, back: i32| {
        let became = if wet.is_some() { 3e6 } else { 6e6 } + 1e5 * f64::from(back % 5);
        LookBack {
            month: as_of() - Months(back),
            wet,
            booked: cents(0.75 * became),
            booked_later: (back >= 3).then(|| cents(0.95 * became)),
            expected: cents(0.95 * became),
            p10: cents(0.9 * became),
            p90: cents(if back == 7 { 0.97 } else { 1.02 } * became),
            booked_now: cents(if back > 3 { 1.0 } else { 0.9 } * became),
            became: cents(became),
            settled: back > 3,
        }
    };
    let acts = [None, Some(Wet::Wmo), Some(Wet::Jeugd)];
    let tally = |wet| Tally {
        wet,
        months: 21,
        inside: 20,
        fewest: 13,
        error: 0.05,
        booked: 0.75,
        booked_later: 0.95,
    };
    Hindsight {
        rows: acts.iter().flat_map(|&wet| (1..=24).rev().map(move |back| row(wet, back))).collect(),
        tallies: acts.map(tally).into(),
    }
}

/// Bands that rest on ninety errors at a dozen moments of three years.
fn bands() -> Bands {
    let mut bands = Bands::shipped(10, true, false);
    (bands.errors, bands.dates, bands.years) = (90, 12, 3);
    bands
}

/// Everything a report needs, owned.
pub(super) struct Example {
    pub(super) outlook: Outlook,
    pub(super) findings: Vec<Finding>,
    pub(super) reconciliation: Vec<Reconciliation>,
    pub(super) files: Vec<SourceFile>,
    pub(super) lines: Vec<LineNote>,
    pub(super) provenance: Provenance,
    pub(super) bands: Bands,
    pub(super) hindsight: Hindsight,
    pub(super) explained: Vec<Explained>,
    pub(super) trust: Trust,
    pub(super) changes: Vec<ChangeRow>,
    pub(super) events: Vec<Event>,
    pub(super) peers: Peers,
}

fn finding(
    code: &'static str,
    severity: Severity,
    row: Option<usize>,
    value: &str,
    message: &str,
) -> Finding {
    let place = match row {
        Some(_) => Place {
            file: "grootboek/2026.csv".into(),
            row,
            column: "bedrag".into(),
            ..Place::default()
        },
        None => Place::default(),
    };
    Finding { code, severity, place, value: value.into(), message: message.into() }
}

fn findings() -> Vec<Finding> {
    vec![
        finding(
            "line-stops",
            Severity::Warning,
            None,
            "Jeugd / 6.72a / Begeleiding individueel / lasten",
            "Sinds december 2024 staat er niets meer op deze regel. Klopt dat?",
        ),
        finding(
            "unmapped-code",
            Severity::Warning,
            Some(117),
            "641207",
            "Deze code staat niet in de indeling. Vul haar aan in indeling.csv.",
        ),
        finding(
            "credit-note",
            Severity::Info,
            Some(2044),
            "-61480.00",
            "Grote creditboeking. Kijk haar na.",
        ),
    ]
}

fn reconciliation() -> Vec<Reconciliation> {
    let row = |year: i32, side, read: i64| Reconciliation {
        file: format!("grootboek/{year}.csv"),
        side: Some(side),
        rows: 4_312,
        read: Cents(read + 8_400_012),
        mapped: Cents(read - 125_000_050),
        unmapped: Cents(8_400_012),
        accruals: Cents(120_000_000),
        left_out: Cents(5_000_050),
        superseded: Cents(0),
        refused: Cents(0),
    };
    (2024..=2026)
        .flat_map(|year| {
            [row(year, Side::Lasten, 8_012_345_678), row(year, Side::Baten, 212_345_678)]
        })
        .collect()
}

pub(super) fn example() -> Example {
    let outlook = outlook();
    let hash = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
    let file = |year: i32| SourceFile {
        file: format!("grootboek/{year}.csv"),
        sheet: String::new(),
        sha256: hash.into(),
        rows: 8_624,
        duplicate_of: None,
        ignored_columns: if year == 2026 { vec!["leverancier".into()] } else { Vec::new() },
        skipped: 0,
    };
    let note = |(line, _, _, spread): (LineId, f64, f64, f64)| LineNote {
        reason: (spread == 0.0)
            .then(|| "te weinig maanden voor het gevraagde model (8, nodig 24)".to_owned()),
        model: if spread == 0.0 { "gemiddelde".into() } else { "kampioen".into() },
        provisional_from: (spread >= 0.03 && line.side == Side::Lasten)
            .then(|| Month::january(2026) + Months(7)),
        line,
    };
    Example {
        explained: example_explained::explained(&outlook),
        changes: example_plans::changes(&outlook.years),
        events: example_plans::events(),
        peers: peers_example::peers(),
        outlook,
        findings: findings(),
        reconciliation: reconciliation(),
        files: (2024..=2026).map(file).collect(),
        lines: leaves().into_iter().map(note).collect(),
        provenance: Provenance {
            version: "0.1.0".into(),
            seed: 1,
            draws: 2000,
            spec: "kampioen".into(),
            trained_through: Some(as_of()),
            last_observed: Some(as_of()),
            other_inputs: vec![("indeling.csv".into(), hash.into())],
        },
        bands: bands(),
        hindsight: hindsight(),
        trust: Trust::Tested(reliable_example::tested()),
    }
}

impl Example {
    pub(super) fn facts(&self) -> Facts<'_> {
        Facts {
            organisation: "Voorbeeldstad (verzonnen)",
            code: "GM0000",
            model_owner: "afdeling Ondersteuning & Zorg",
            made_up: true,
            outlook: &self.outlook,
            findings: &self.findings,
            reconciliation: &self.reconciliation,
            files: &self.files,
            lines: &self.lines,
            provenance: &self.provenance,
            has_service_months: true,
            bands: &self.bands,
            hindsight: &self.hindsight,
            explained: &self.explained,
            trust: &self.trust,
            backtest_page: false,
            changes: &self.changes,
            drift: &[],
            regimes: &[],
            withheld: None,
            events: &self.events,
            policy: PolicyChoice::Decided,
            notes: &[],
            passed: &[],
            peers: Some(&self.peers),
        }
    }
}
