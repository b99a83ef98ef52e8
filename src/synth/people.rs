//! What people said beforehand: budgets and interim reports.

use super::amounts::Life;
use super::lines::Product;
use super::town::Profile;
use super::{at, prices};
use crate::units::{Cents, Month, Side, Wet};

/// One row of the budget.
#[derive(Debug, Clone)]
pub struct Budget {
    /// The budget year.
    pub year: i32,
    /// Place in [`super::Town::lines`].
    pub line: usize,
    /// For the whole year.
    pub amount: Cents,
    /// `primitief`, `gewijzigd` or `meerjarenraming`.
    pub version: &'static str,
    /// The month it became known.
    pub adopted: Month,
}

/// One figure of an interim report (*beleidsrapportage*).
#[derive(Debug, Clone)]
pub struct Report {
    /// The year it is about.
    pub year: i32,
    /// The act.
    pub wet: Wet,
    /// Lasten or baten.
    pub side: Side,
    /// The year total they expected.
    pub amount: Cents,
    /// When it was made.
    pub made: Month,
    /// Its name.
    pub name: &'static str,
}

/// The years with a budget of their own; after them comes the meerjarenraming.
const BUDGETS: std::ops::RangeInclusive<i32> = 2018..=2026;

/// First and second report: number, month, mean error, and the standard deviations of its shared and own part.
const REPORTS: [(&str, u32, f64, f64, f64); 2] = [
    ("1e beleidsrapportage", 5, 0.040, 0.020, 0.029),
    ("2e beleidsrapportage", 9, 0.015, 0.012, 0.016),
];

/// The interim reports of 2017 to 2026.
pub(super) fn reports(profile: &Profile, lives: &[Life]) -> Vec<Report> {
    let mut reports = Vec::new();
    for (name, month, mean, shared, own) in REPORTS {
        let mut year_error = profile.random("*", name);
        let mut own_error = profile.random("wet", name);
        for year in 2017..=*BUDGETS.end() {
            let year_error = year_error.normal(0.0, shared);
            for (wet, side) in groups() {
                let mean = if side == Side::Lasten { mean } else { 0.0 };
                let error = mean + year_error + own_error.normal(0.0, own);
                let true_total = total(lives, year, wet, side).euros();
                let amount = thousands(true_total * (1.0 + error));
                reports.push(Report { year, wet, side, amount, made: at(year, month), name });
            }
        }
    }
    // Nobody reports on an act of which a small town has no line.
    reports.retain(|report| lives.iter().any(|life| life.product.wet == report.wet));
    reports.sort_by_key(|report| (report.made, report.wet, report.side));
    reports
}

fn groups() -> impl Iterator<Item = (Wet, Side)> {
    let acts = [Wet::Wmo, Wet::Jeugd, Wet::Gezamenlijk];
    acts.into_iter().flat_map(|wet| [(wet, Side::Lasten), (wet, Side::Baten)])
}

fn in_group(product: &Product, wet: Wet, side: Side) -> bool {
    product.wet == wet && product.side == side
}

fn total(lives: &[Life], year: i32, wet: Wet, side: Side) -> Cents {
    let of_group = lives.iter().filter(|life| in_group(life.product, wet, side));
    of_group.map(|life| life.total(year)).sum()
}

/// All budgets: primitive, revised after the first report, and the meerjarenraming.
pub(super) fn budgets(profile: &Profile, lives: &[Life], reports: &[Report]) -> Vec<Budget> {
    let mut primitive = Vec::new();
    for (line, life) in lives.iter().enumerate() {
        let mut error = profile.random(life.product.code, "budget");
        for year in BUDGETS {
            let error = error.normal(0.0, 0.10);
            if life.first.year() <= year && year <= life.last.year() {
                let amount = primitive_budget(profile, life, year, error);
                let adopted = at(year - 1, 11);
                primitive.push(Budget { year, line, amount, version: "primitief", adopted });
            }
        }
    }
    let revised = revised(lives, &primitive, reports);
    let ahead = years_ahead(lives, &primitive);
    let mut budgets = [primitive, revised, ahead].concat();
    budgets.sort_by_key(|budget| (budget.adopted, budget.year, budget.line));
    budgets
}

fn primitive_budget(profile: &Profile, life: &Life, year: i32, error: f64) -> Cents {
    let lasten = life.product.side == Side::Lasten;
    let index = if lasten { prices::step(year).ln_1p() } else { 0.0 };
    let hope = if lasten { hope(profile, life.product.wet, year) } else { 0.0 };
    thousands(reference(life, year) * (index - hope + error).exp())
}

/// The savings hoped for in an act, in logs.
fn hope(profile: &Profile, wet: Wet, year: i32) -> f64 {
    let (mean, sd) = if wet == Wet::Jeugd { (0.10, 0.13) } else { (0.0, 0.09) };
    profile.random(&wet.to_string(), &format!("hope {year}")).normal(mean, sd)
}

/// What last year cost; where the world changes, what the coming year is expected to cost.
fn reference(life: &Life, year: i32) -> f64 {
    let (before, after) = (life.expected_in(year - 1), life.expected_in(year));
    let same = before > 0.0 && (after / before).ln().abs() <= 0.25;
    if same { life.total(year - 1).euros() } else { after / 1.05 }
}

/// The primitive budgets, moved 60 % of the way to the first report of their act and side.
fn revised(lives: &[Life], primitive: &[Budget], reports: &[Report]) -> Vec<Budget> {
    let mut revised = Vec::new();
    for report in reports.iter().filter(|report| report.name == REPORTS[0].0) {
        let of_group = |budget: &&Budget| {
            let product = lives[budget.line].product;
            budget.year == report.year && in_group(product, report.wet, report.side)
        };
        let group: Vec<&Budget> = primitive.iter().filter(of_group).collect();
        let budgeted = group.iter().map(|budget| budget.amount).sum::<Cents>().euros();
        let ratio = if budgeted > 0.0 { report.amount.euros() / budgeted } else { 1.0 };
        let factor = 1.0 + 0.6 * (ratio.clamp(0.5, 1.5) - 1.0);
        revised.extend(group.iter().map(|budget| Budget {
            amount: thousands(budget.amount.euros() * factor),
            version: "gewijzigd",
            adopted: at(report.year, 7),
            ..**budget
        }));
    }
    revised
}

/// Two percent a year on top of the last budget, for lines that are still alive.
fn years_ahead(lives: &[Life], primitive: &[Budget]) -> Vec<Budget> {
    let last = primitive.iter().filter(|budget| budget.year == *BUDGETS.end());
    let ahead = last.flat_map(|budget| {
        (1..=4).map(move |k| Budget {
            year: budget.year + k,
            amount: thousands(budget.amount.euros() * 1.02_f64.powi(k)),
            version: "meerjarenraming",
            ..*budget
        })
    });
    ahead.filter(|budget| budget.year <= lives[budget.line].last.year()).collect()
}

/// Rounded to thousands of euros.
fn thousands(euros: f64) -> Cents {
    Cents::from_euros((euros / 1000.0).round() * 1000.0)
}
