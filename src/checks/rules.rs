//! The list of rules and the one way to run them.

use super::{
    Finding, Severities, Severity, budgets, files, lines, months, notes, policy, postings, prices,
    sources, taakvelden,
};
use crate::calendar::{Event, Prices};
use crate::error::Place;
use crate::ledger::{Ledger, Posting, PostingKind, Sum};
use crate::panel::{Bridge, Panel};
use crate::units::{Cents, LineId, Month, grouped};
use rayon::prelude::*;
use std::cmp::Reverse;

/// One rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The unique kebab-case name of its findings.
    pub code: &'static str,
    /// How serious its findings are, unless the workspace says otherwise.
    pub severity: Severity,
    /// What it looks for.
    pub meaning: &'static str,
    find: fn(&Facts) -> Vec<Odd>,
}

/// What rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The whole ledger.
    pub ledger: &'a Ledger,
    /// Its sums.
    pub sums: &'a [Sum],
    /// That ledger as known at the as-of month, in euros of the day.
    pub panel: &'a Panel,
    /// The as-of month.
    pub as_of: Month,
    /// The number of years after that of the as-of month that are forecast.
    pub years_ahead: i32,
    /// The bridges of the workspace.
    pub bridges: &'a [Bridge],
    /// Its price table.
    pub prices: &'a Prices,
    /// Its policy events.
    pub events: &'a [Event],
    /// What remarks and norms name, each with its place.
    pub named: &'a [(Place, String)],
}

/// What a rule found: a finding that has no code and severity yet.
pub(super) struct Odd {
    pub(super) place: Place,
    pub(super) value: String,
    pub(super) message: String,
}

/// So many findings of one rule are listed; the rest is counted.
const LISTED: usize = 25;

/// Every rule, in the order in which findings of one severity are listed.
pub const RULES: &[Rule] = {
    use Severity::{Info, Warning};
    &[
        rule("duplicate-file", Warning, "the same file was read before", files::duplicate_file),
        rule("control-total-differs", Warning, "not the stated total", budgets::control_total),
        rule("missing-months", Warning, "a month without bookings", months::missing_months),
        rule("partial-month", Warning, "a half month at an end", months::partial_month),
        rule("future-month", Warning, "service a year after booking", postings::future_month),
        rule("service-long-ago", Warning, "service 5 years earlier", postings::service_long_ago),
        rule(
            "booked-before-service",
            Warning,
            "rarely paid ahead",
            postings::booked_before_service,
        ),
        rule("duplicate-rows", Warning, "equal rows in a file", postings::duplicate_rows),
        rule("unmapped-code", Warning, "a code without a line", postings::unmapped_code),
        rule(
            "declared-code-unknown",
            Warning,
            "a declared code without a line",
            sources::declared_code_unknown,
        ),
        rule(
            "declarations-partial",
            Warning,
            "months without declarations",
            sources::declarations_partial,
        ),
        rule("snapshot-revised", Warning, "over 2 % revised", sources::snapshot_revised),
        rule("negative-line", Warning, "a line below zero", lines::negative_line),
        rule("sign-flip", Warning, "a month of the other sign", lines::sign_flip),
        rule("jump", Warning, "a jump of over 5 robust sigmas", lines::jump),
        rule("invoices-unusual", Warning, "an odd month of late bookings", lines::invoices_unusual),
        rule("empty-months", Warning, "a hole inside a line", lines::empty_months),
        rule("line-stops", Warning, "money that ends", lines::line_stops),
        rule("short-history", Warning, "less than two years", lines::short_history),
        rule("no-budget", Warning, "spend without a budget", budgets::no_budget),
        rule("budget-without-line", Warning, "budget of no line", budgets::budget_without_line),
        rule(
            "taakveld-not-mappable",
            Warning,
            "a taakveld of other years",
            taakvelden::not_mappable,
        ),
        rule("taakveld-unknown", Warning, "a taakveld of no scheme", taakvelden::unknown),
        rule("bridge-empty", Warning, "a bridge without lines", lines::bridge_empty),
        rule("prices-missing", Warning, "a year without its index", prices::missing),
        rule("prices-without-line", Warning, "prices of no line", prices::without_line),
        rule("policy-overdue", Warning, "did it go ahead?", policy::overdue),
        rule("policy-without-line", Warning, "policy of no line", policy::without_line),
        rule("note-without-line", Warning, "a remark or norm of no line", notes::without_line),
        rule("line-starts", Info, "a line that is new", lines::line_starts),
        rule(
            "taakveld-other-scheme",
            Info,
            "taakvelden numbered otherwise then",
            taakvelden::other_scheme,
        ),
        rule("budget-ends", Info, "the last budgeted year", budgets::budget_ends),
        rule("prices-not-final", Info, "last year's index not final", prices::not_final),
        rule(
            "service-months-absent",
            Info,
            "no service months known",
            files::service_months_absent,
        ),
        rule(
            "service-month-missing",
            Info,
            "rows without a service month",
            files::service_month_missing,
        ),
        rule(
            "declarations-used",
            Info,
            "service months by declarations",
            sources::declarations_used,
        ),
        rule("declarations-ignored", Info, "declarations not used", sources::declarations_ignored),
        rule("snapshot-changes", Info, "a snapshot that revises", sources::snapshot_changes),
        rule("booked-after-as-of", Info, "booked later: not known", postings::booked_after_as_of),
        rule("closing-periods", Info, "booked in period 13 and up", postings::closing_periods),
        rule("opening-period", Info, "period 0, left out", files::opening_period),
        rule("accruals-apart", Info, "accruals, kept apart", files::accruals_apart),
        rule("ignored-columns", Info, "columns the guard skipped", files::ignored_columns),
    ]
};

const fn rule(
    code: &'static str,
    severity: Severity,
    meaning: &'static str,
    find: fn(&Facts) -> Vec<Odd>,
) -> Rule {
    Rule { code, severity, meaning, find }
}

/// Runs every rule.
///
/// The worst findings come first; within one severity they follow the order of [`RULES`], and
/// within a rule the largest comes first. Of one rule at most 25 are listed, then one counts the
/// rest.
#[must_use]
pub fn check(facts: &Facts, severities: &Severities) -> Vec<Finding> {
    let run = |rule: &Rule| {
        let severity = severities.of(rule);
        let named = |odd| named(rule.code, severity, odd);
        capped((rule.find)(facts)).into_iter().map(named).collect::<Vec<_>>()
    };
    let mut findings: Vec<Finding> = RULES.par_iter().flat_map_iter(run).collect();
    findings.sort_by_key(|finding| Reverse(finding.severity));
    findings
}

fn counts(booked: Month, kind: PostingKind, as_of: Month) -> bool {
    booked <= as_of && kind != PostingKind::Accrual
}

fn named(code: &'static str, severity: Severity, odd: Odd) -> Finding {
    let Odd { place, value, message } = odd;
    Finding { code, severity, place, value, message }
}

fn capped(mut odd: Vec<Odd>) -> Vec<Odd> {
    let more = odd.len().saturating_sub(LISTED);
    if more > 0 {
        odd.truncate(LISTED);
        let message = format!(
            "Nog {more} bevindingen van deze soort zijn niet getoond. Los eerst de getoonde op: dat \
             zijn de grootste."
        );
        odd.push(Odd { place: Place::default(), value: more.to_string(), message });
    }
    odd
}

impl<'a> Facts<'a> {
    /// The postings booked through the as-of month that count in a service month.
    pub(super) fn known(&self) -> impl Iterator<Item = &'a Posting> {
        let as_of = self.as_of;
        let known = move |posting: &&Posting| counts(posting.booked, posting.kind, as_of);
        self.ledger.postings.iter().filter(known)
    }

    /// The sums of [`Facts::known`].
    pub(super) fn known_sums(&self) -> impl Iterator<Item = &'a Sum> {
        let as_of = self.as_of;
        self.sums.iter().filter(move |sum| counts(sum.booked, sum.kind, as_of))
    }

    /// The name of the line of a posting.
    pub(super) fn line(&self, posting: &Posting) -> &'a LineId {
        &self.ledger.lines[posting.line as usize]
    }
}

impl Odd {
    /// About the whole of the data, or about a line that the message names.
    pub(super) fn general(value: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: Place::default(), value: value.into(), message: message.into() }
    }

    /// About a place in a file.
    pub(super) fn at(place: Place, value: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place, value: value.into(), message: message.into() }
    }
}

/// Puts the findings about the most money first.
pub(super) fn largest_first(mut weighed: Vec<(Cents, Odd)>) -> Vec<Odd> {
    weighed.sort_by_key(|(amount, _)| Reverse(amount.abs()));
    weighed.into_iter().map(|(_, odd)| odd).collect()
}

/// Names the first five and counts the rest.
pub(super) fn listed<T: ToString>(items: &[T]) -> String {
    let mut names: Vec<String> = items.iter().take(5).map(T::to_string).collect();
    if items.len() > 5 {
        names.push(format!("en nog {}", items.len() - 5));
    }
    names.join("; ")
}

/// A number of rows in words.
pub(super) fn rijen(count: usize) -> String {
    format!("{} {}", grouped(count as u64), if count == 1 { "rij" } else { "rijen" })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, found};
    use super::*;

    #[test]
    fn the_codes_are_these() {
        let codes: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
        assert_eq!(
            codes.join(" "),
            "duplicate-file control-total-differs missing-months partial-month future-month \
             service-long-ago booked-before-service duplicate-rows unmapped-code declared-code-unknown declarations-partial snapshot-revised negative-line \
             sign-flip jump invoices-unusual empty-months line-stops short-history no-budget budget-without-line \
             taakveld-not-mappable taakveld-unknown bridge-empty prices-missing prices-without-line policy-overdue policy-without-line note-without-line line-starts taakveld-other-scheme budget-ends prices-not-final service-months-absent service-month-missing declarations-used declarations-ignored snapshot-changes booked-after-as-of closing-periods \
             opening-period accruals-apart ignored-columns"
        );
        let mut unique = codes.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), codes.len());
        let kebab = |code: &&str| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        assert!(codes.iter().all(kebab));
    }

    #[test]
    fn the_guide_explains_every_code_and_no_other() {
        let guide = include_str!("../guide/findings.md");
        let sections: Vec<&str> = guide.split("\n## ").skip(1).collect();
        let heading = |rule: &Rule| {
            let severity = format!("{:?}", rule.severity).to_lowercase();
            format!("`{}` ({severity})", rule.code)
        };
        let explained: Vec<&str> = sections.iter().filter_map(|s| s.lines().next()).collect();
        assert_eq!(explained, RULES.iter().map(heading).collect::<Vec<_>>());
        assert!(sections.iter().all(|section| section.lines().count() > 2), "a paragraph each");
    }

    #[test]
    fn the_worst_come_first_and_floods_are_capped() {
        let mut sample = Sample::new();
        for at in 0..30 {
            let far = Month::january(2030) + crate::units::Months(at);
            sample = sample.posted("Hulp", far, Month::january(2020), Cents(100 + i64::from(at)));
        }
        let findings = found(&sample, "future-month");
        assert_eq!(findings.len(), LISTED + 1);
        assert_eq!(findings[0].value, "2032-06");
        assert_eq!((&*findings[LISTED].value, findings[LISTED].severity), ("5", Severity::Warning));
        let all = sample.findings();
        assert!(all.is_sorted_by_key(|finding| Reverse(finding.severity)));
    }

    #[test]
    fn an_empty_ledger_does_not_panic() {
        assert!(Sample::new().findings().iter().all(|finding| finding.severity < Severity::Denied));
    }
}
