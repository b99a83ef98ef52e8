use super::*;
use crate::ledger::Origin;
use crate::units::{Cents, Months, Side, Wet};

/// Shares of a month's money by age, in cents of 10,000.
type Shares<'a> = &'a [(i32, i64)];

fn line(product: &str) -> LineId {
    let (taakveld, product) = ("6.711".to_owned(), product.to_owned());
    LineId { wet: Wet::Wmo, taakveld, product, side: Side::Lasten }
}

fn posting(line: u32, service: Month, delay: i32, cents: i64) -> Posting {
    Posting {
        line,
        kind: PostingKind::Regular,
        service,
        booked: service + Months(delay),
        amount: Cents(cents),
        origin: Origin { file: 0, row: 2 },
    }
}

/// The service months 2016 through 2021, booked as `shares` says of line and month.
fn ledger<'a>(lines: u32, shares: impl Fn(u32, Month) -> Shares<'a>) -> Ledger {
    let mut ledger = Ledger { has_service_months: true, ..Ledger::default() };
    for at in 0..lines {
        ledger.lines.push(line(&at.to_string()));
        for month in Month::january(2016).through(Month::december(2021)) {
            let one = |&(delay, cents): &(i32, i64)| posting(at, month, delay, cents);
            ledger.postings.extend(shares(at, month).iter().map(one));
        }
    }
    ledger
}

fn as_of() -> Month {
    Month::december(2021)
}

fn known(ledger: &Ledger) -> Late {
    late(run_offs(ledger, as_of()), as_of(), &|_| None)
}

fn pattern(late: &Late, product: u32) -> &Pattern {
    &late.of(&line(&product.to_string())).unwrap().pattern
}

fn close(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() < 1e-9
}

const QUICK: Shares = &[(0, 5000), (1, 3000), (2, 2000)];

#[test]
fn finds_the_share_that_is_booked_at_each_age() {
    let late = known(&ledger(3, |at, _| match at {
        0 => QUICK,
        1 => &[(-2, 10_000)],           // ahead
        _ => &[(0, 10_700), (4, -700)], // money that comes back
    }));
    let quick = pattern(&late, 0);
    assert!(close(quick.paid[0], 0.5) && close(quick.paid[1], 0.8) && close(quick.paid[2], 1.0));
    assert_eq!((quick.done(), quick.is_delayed(), quick.lift), (2, true, 0.0));
    assert!(quick.error.iter().all(|&error| error < 1e-12), "no month differs: {:?}", quick.error);
    assert!(close(quick.delay(), 0.7));
    let prompt = pattern(&late, 1);
    assert_eq!((prompt.done(), prompt.paid[0].to_bits()), (0, 1.0_f64.to_bits()));
    let back = pattern(&late, 2);
    assert!(close(back.paid[0], 1.07) && !back.is_delayed());
    assert_eq!(back.done(), 4);
}

#[test]
fn a_line_with_empty_months_gets_the_ratio_of_sums() {
    let late = known(&ledger(1, |_, month| if month.index() % 2 == 0 { QUICK } else { &[] }));
    let pattern = pattern(&late, 0);
    assert!(close(pattern.paid[0], 0.5) && close(pattern.paid[1], 0.8));
    // Half of the months have nothing: a quarter of the mean month lies under each.
    assert!(close(pattern.lift, 0.25 * 50.0));
}

#[test]
fn looks_at_nothing_booked_later_and_at_no_accruals() {
    let clean = ledger(1, |_, _| QUICK);
    let mut poisoned = clean.clone();
    for month in Month::january(2016).through(as_of()) {
        poisoned
            .postings
            .push(Posting { booked: as_of() + Months(1), ..posting(0, month, 0, 900) });
        poisoned.postings.push(Posting { kind: PostingKind::Accrual, ..posting(0, month, 2, 900) });
    }
    assert_eq!(known(&poisoned), known(&clean));
    let unknown = Ledger { has_service_months: false, ..clean };
    assert_eq!(known(&unknown).lines.len(), 0);
}

#[test]
fn what_was_known_then_is_what_a_shorter_ledger_shows() {
    let ledger = ledger(2, |at, _| if at == 0 { QUICK } else { &[(3, 10_000)] });
    let then = Month::january(2020);
    let now = run_offs(&ledger, as_of());
    let back: BTreeMap<LineId, RunOff> =
        now.iter().map(|(line, run_off)| (line.clone(), run_off.back_to(then))).collect();
    assert_eq!(back, run_offs(&ledger, then));
}

/// In August `put_off` of what would be booked waits until September.
fn slow_august(month: Month) -> Shares<'static> {
    match month.index() {
        5 => &[(0, 5000), (1, 3000), (2, 1400), (3, 600)],
        6 => &[(0, 5000), (1, 2100), (2, 2900)],
        7 => &[(0, 3500), (1, 4500), (2, 2000)],
        _ => QUICK,
    }
}

#[test]
fn learns_that_august_is_slow() {
    let slow = ledger(3, |_, month| slow_august(month));
    let guess = |month: Month| {
        let then = Ledger { postings: slow.postings.clone(), ..slow.clone() };
        late(run_offs(&then, month), month, &|_| None).slip.mean
    };
    let august = guess(Month::new(2021, 8).unwrap());
    assert!((0.15..0.35).contains(&august), "{august}");
    let may = guess(Month::new(2021, 5).unwrap());
    assert!(may.abs() < 0.05, "{may}");
}

#[test]
fn a_slip_takes_from_the_youngest_bookings() {
    let paid = [0.5, 0.8, 1.0];
    assert!(close(slipped(&paid, 0, 0.4), 0.3));
    assert!(close(slipped(&paid, 1, 0.5), 0.65));
    // Never below three tenths of what is usual, and a catch-up adds.
    assert!(close(slipped(&paid, 0, 0.9), 0.15));
    assert!(close(slipped(&paid, 0, -0.2), 0.6));
}

#[test]
fn a_young_line_borrows_from_its_taakveld() {
    let start = Month::new(2021, 9).unwrap();
    let ledger = ledger(2, |at, month| if at == 1 && month < start { &[] } else { QUICK });
    let mut alone = ledger.clone();
    alone.lines[1].taakveld = "6.751".into();
    let late = known(&ledger);
    assert!(close(pattern(&late, 1).paid[0], 0.5));
    // Alone it knows the links it has seen, which here are all there are.
    let line = LineId { taakveld: "6.751".into(), ..line("1") };
    assert!(close(known(&alone).of(&line).unwrap().pattern.paid[0], 0.5));
    // Of no month does it know how far off its pattern is.
    assert!(pattern(&late, 1).error.iter().all(|&error| close(error, 0.25)));
}

#[test]
fn another_way_of_invoicing_starts_a_new_pattern() {
    let change = Month::january(2021);
    let slow: Shares = &[(1, 4000), (2, 6000)];
    let ledger = ledger(1, |_, month| if month < change { QUICK } else { slow });
    let changed = late(run_offs(&ledger, as_of()), as_of(), &|_| Some(change));
    let unaware = known(&ledger);
    // 11 new months say l = ∞ for age 0 (nothing is booked): no logarithm, so the old link stands;
    // from age 1 on the new pattern counts 11/12.
    let (new, old) = (pattern(&changed, 0).paid[1], pattern(&unaware, 0).paid[1]);
    assert!((new - 0.4).abs() < 0.01 && old > 0.43, "{new} {old}");
}
