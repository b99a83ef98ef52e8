//! A made-up account for tests: one with everything filled in, and one of a workspace that has just begun.

use super::declared::{Declared, Link, Status};
use super::facts::{AccountFacts, LastTest, ModelsInUse, Quality, Requirement};
use crate::archive::Tally;
use crate::checks::{Criterion, Standing};
use crate::drift::{Regime, Tested};
use crate::model::Spec;
use crate::report::example::{self, Example as Report};
use crate::score::coverage;
use crate::units::{Level, Month, Months};

pub(super) struct Example {
    pub(super) organisation: String,
    pub(super) declared: Declared,
    pub(super) basis: Vec<Criterion>,
    pub(super) criteria: Option<String>,
    pub(super) last_test: Option<LastTest>,
    tallies: Vec<Tally>,
    drift: Vec<Tested>,
    regimes: Vec<Regime>,
    models: ModelsInUse,
    report: Report,
}

impl Example {
    pub(super) fn facts(&self) -> AccountFacts<'_> {
        AccountFacts {
            organisation: &self.organisation,
            model_owner: "afdeling Ondersteuning & Zorg",
            made_up: true,
            as_of: self.report.outlook.as_of,
            first: Month::january(2020),
            declared: &self.declared,
            provenance: &self.report.provenance,
            models: &self.models,
            lines: &self.report.lines,
            files: &self.report.files,
            dated_percent: Some(100),
            bands: &self.report.bands,
            drift: &self.drift,
            regimes: &self.regimes,
            findings: &self.report.findings,
            basis: &self.basis,
            criteria: self.criteria.as_deref(),
            last_test: self.last_test.as_ref(),
            tallies: &self.tallies,
        }
    }
}

/// Nothing declared, nothing tested.
pub(super) fn bare() -> Example {
    Example {
        organisation: "Gemeente Voorbeeld (verzonnen)".into(),
        declared: Declared::default(),
        basis: criteria([Standing::Fails, Standing::Undeclared]),
        criteria: None,
        last_test: None,
        tallies: Vec::new(),
        drift: Vec::new(),
        regimes: Vec::new(),
        models: ModelsInUse {
            spec: Spec::default(),
            file: "kampioen-2026-10-733befb9.json".into(),
            sha256: "733befb9".repeat(8),
        },
        report: example::example(),
    }
}

/// All that can be said and shown.
pub(super) fn filled() -> Example {
    let as_of = Month::january(2026) + Months(9);
    Example {
        declared: declared(),
        basis: criteria([Standing::Holds; 2]),
        criteria: Some("ab".into()),
        last_test: Some(last_test(as_of)),
        tallies: vec![Tally {
            of_record: true,
            months_known: 6,
            count: 4,
            wape: 0.031,
            bias: 0.01,
            coverage80: coverage(3, 4),
        }],
        ..bare()
    }
}

fn declared() -> Declared {
    let link =
        |title: &str| Link { title: title.into(), link: "https://voorbeeldstad.example/x".into() };
    Declared {
        status: Status::Adopted,
        status_since: Some(Month::january(2026) + Months(2)),
        adopted_by: "hoofd afdeling Ondersteuning & Zorg".into(),
        data_owner: "team Financiën".into(),
        process_owner: "team Planning en control".into(),
        contact_email: "algoritmes@voorbeeldstad.example".into(),
        begin: Some(Month::january(2026)),
        lawful_basis: "De gemeente stelt elk jaar een begroting vast (Gemeentewet).".into(),
        laws: vec![link("Gemeentewet")],
        publication_category: "Overige algoritmes".into(),
        provider: "Intern ontwikkeld".into(),
        ..Declared::default()
    }
}

fn criteria(standings: [Standing; 2]) -> Vec<Criterion> {
    let asked =
        |asked, todo, standing| Criterion { asked, found: "gevonden".into(), standing, todo };
    vec![
        asked("Er is een begroting voor dit jaar.", "Lever de begroting aan.", standings[0]),
        asked("Er is een eigenaar van de gegevens.", "Vul data_owner in.", standings[1]),
    ]
}

fn last_test(as_of: Month) -> LastTest {
    let requirement =
        |rule: &str, found, passed| Requirement { rule: rule.into(), found, count: 21, passed };
    let quality = |level, months_known| Quality {
        level,
        months_known,
        count: 21,
        years: 7,
        wape: 0.025,
        inside80: 17,
        best_rule: Some(("tempo".into(), 0.057)),
    };
    LastTest {
        as_of,
        version: "0.1.0".into(),
        spec: Spec::default(),
        origins: vec![Month::january(2019), Month::january(2025)],
        criteria: Some("ab".into()),
        requirements: vec![
            requirement(
                "wape kampioen / seizoensnaief, jaar per wet, lasten ≤ 0.95",
                Some(0.31),
                Some(true),
            ),
            requirement("coverage80 kampioen, jaar per product, lasten ≥ 0.65", None, Some(false)),
        ],
        quality: vec![quality(Level::Totaal, None), quality(Level::Wet, Some(3))],
    }
}
