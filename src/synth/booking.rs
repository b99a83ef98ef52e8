//! From true amounts to entries in the books: invoices, credit notes, closing entries, accruals.

use super::amounts::{EXTRA_COSTS, Life, guaranteed};
use super::delay::{Delay, OLDEST, Shares};
use super::lines::Form;
use super::random::Random;
use super::town::{Desk, Profile, delayed};
use super::{Entry, Event, at};
use crate::ledger::PostingKind;
use crate::units::{Cents, Month, Months};

/// Everything that is ever booked for `life`, the line at `place` of the municipality.
pub(super) fn entries(
    profile: &Profile,
    place: usize,
    life: &Life,
    desk: &Desk,
    events: &mut Vec<Event>,
) -> Vec<Entry> {
    let delay = Delay::new(profile, life);
    if !delayed(life.product) {
        return punctual(profile, place, life, &delay);
    }
    events.extend(delay.event(life));
    let mut entries = invoices(profile, place, life, &delay, desk);
    close(&mut profile.random(life.product.code, "closing"), &mut entries);
    entries.extend(settled(place, life));
    let accruals = accruals(profile, place, life, &entries);
    entries.extend(accruals);
    entries
}

/// Forms whose delay is a rule, not a pattern.
fn punctual(profile: &Profile, place: usize, life: &Life, delay: &Delay) -> Vec<Entry> {
    let mut random = profile.random(life.product.code, "ages");
    let entry = |service, booked, amount| Entry::invoice(place, service, booked, amount);
    let of_month = |(service, &amount): (Month, &Cents)| match life.product.form {
        Form::Cak => own_contributions(place, service, amount),
        Form::Pgb => personal_budget(place, service, amount, &mut random),
        Form::Sparse => {
            let age = random.place(&delay.pattern(service));
            vec![entry(service, service + Months::of(age), amount)]
        }
        Form::Prepaid => {
            let quarter = at(service.year(), service.of_year() - (service.of_year() - 1) % 3);
            vec![entry(service, quarter, amount)]
        }
        Form::LumpSum | Form::Pxq | Form::Trajectory => vec![entry(service, service, amount)],
    };
    life.months()
        .zip(&life.amounts)
        .flat_map(of_month)
        .filter(|entry| entry.amount != Cents::ZERO)
        .collect()
}

/// By way of the CAK: one to three months later. Those of early 2020 were billed late.
fn own_contributions(place: usize, service: Month, amount: Cents) -> Vec<Entry> {
    if at(2020, 1) <= service && service <= at(2020, 3) {
        return vec![Entry::invoice(place, service, at(2020, 6), amount)];
    }
    let parts = [0.2, 0.1].map(|share| Cents::from_euros(share * amount.euros()));
    let main = amount - parts[0] - parts[1];
    let cells = [(1, parts[0]), (2, main), (3, parts[1])];
    cells.map(|(age, part)| Entry::invoice(place, service, service + Months(age), part)).into()
}

/// Funded in full at once; what was not spent comes back in May of the next year.
fn personal_budget(place: usize, service: Month, amount: Cents, random: &mut Random) -> Vec<Entry> {
    let funded = Cents::from_euros(amount.euros() / (1.0 - random.between(0.04, 0.10)));
    vec![
        Entry::invoice(place, service, service, funded),
        Entry::invoice(place, service, at(service.year() + 1, 5), amount - funded),
    ]
}

/// The invoices and credit notes of a line with a delay pattern.
fn invoices(
    profile: &Profile,
    place: usize,
    life: &Life,
    delay: &Delay,
    desk: &Desk,
) -> Vec<Entry> {
    let mut shares = profile.random(life.product.code, "shares");
    let mut credits = profile.random(life.product.code, "credit notes");
    let mut entries = Vec::new();
    for (service, &amount) in life.months().zip(&life.amounts) {
        let drawn = shares.dirichlet(&delay.pattern(service), delay.concentration());
        let drawn = Shares::try_from(drawn).expect("as many shares as ages");
        let extra =
            if guaranteed(life.product, service) { EXTRA_COSTS / (1.0 + EXTRA_COSTS) } else { 0.0 };
        let extra = Cents::from_euros(extra * amount.euros());
        let mut cells = cells(amount - extra, &delay.slip(drawn, service, desk));
        cells[8] += extra;
        let credit = over_invoice(&mut credits, &mut cells, amount);
        let cells = cells.into_iter().enumerate().chain(credit);
        let booked = cells.filter(|cell| cell.1 != Cents::ZERO);
        entries
            .extend(booked.map(|(age, part)| {
                Entry::invoice(place, service, service + Months::of(age), part)
            }));
    }
    entries
}

/// Raises the first booking now and then, and gives the credit note that undoes it, with its age.
fn over_invoice(
    random: &mut Random,
    cells: &mut [Cents; OLDEST + 1],
    amount: Cents,
) -> Option<(usize, Cents)> {
    let (comes, part) = (random.chance(0.06), random.between(0.01, 0.05));
    let later = 2 + random.below(8);
    let first = cells.iter().position(|&cell| cell != Cents::ZERO)?;
    let extra = Cents::from_euros(part * amount.euros());
    if !comes {
        return None;
    }
    cells[first] += extra;
    Some((first + later, -extra))
}

/// Divides `amount` over the ages, to the cent; small bookings wait for the next.
fn cells(amount: Cents, shares: &Shares) -> [Cents; OLDEST + 1] {
    let mut cells = shares.map(|share| Cents::from_euros(share * amount.euros()));
    let rest = amount - cells.iter().sum::<Cents>();
    let largest = (0..=OLDEST).max_by(|&a, &b| shares[a].total_cmp(&shares[b])).unwrap_or(0);
    cells[largest] += rest;
    gathered(cells, Cents::from_euros(amount.euros().abs() * SMALL_PART).max(SMALL))
}

/// A smaller part of its month, and a smaller amount, waits for the next booking.
const SMALL_PART: f64 = 0.006;
const SMALL: Cents = Cents(25_000);

fn gathered(mut cells: [Cents; OLDEST + 1], least: Cents) -> [Cents; OLDEST + 1] {
    let mut waiting = Cents::ZERO;
    let mut latest = 1;
    for (age, cell) in cells.iter_mut().enumerate() {
        waiting += std::mem::take(cell);
        if waiting.abs() >= least {
            *cell = std::mem::take(&mut waiting);
            latest = age;
        }
    }
    cells[latest] += waiting;
    cells
}

/// Puts half of what came in early in the year for December into the closing period, on half of the lines.
fn close(random: &mut Random, entries: &mut [Entry]) {
    if random.chance(0.5) {
        return;
    }
    let early = |entry: &&mut Entry| {
        entry.service.of_year() == 12 && entry.year == entry.service.year() + 1 && entry.period <= 3
    };
    for entry in entries.iter_mut().filter(early) {
        if random.chance(0.5) {
            *entry =
                Entry { kind: PostingKind::Closing, year: entry.year - 1, period: 13, ..*entry };
        }
    }
}

/// The yearly settlements, in the closing period.
fn settled(place: usize, life: &Life) -> impl Iterator<Item = Entry> {
    life.settlements.iter().map(move |(&year, &amount)| Entry {
        line: place,
        kind: PostingKind::Closing,
        service: Month::december(year),
        year,
        period: 13,
        amount,
    })
}

/// Each December the estimate of what is still to come for the year, and in January its reversal.
fn accruals(profile: &Profile, place: usize, life: &Life, entries: &[Entry]) -> Vec<Entry> {
    let mut random = profile.random(life.product.code, "accruals");
    let split = random.chance(0.2);
    let mut accruals = Vec::new();
    let years = life.first.year()..=life.last.year();
    for december in years.map(Month::december).filter(|december| *december <= life.last) {
        let year = december.year();
        let to_come = entries.iter().filter(|e| e.service.year() == year && e.known() > december);
        let open =
            to_come.map(|e| e.amount).sum::<Cents>().euros() * random.normal(0.02, 0.10).exp();
        let open = hundreds(open);
        let later = if split { hundreds(0.3 * open.euros()) } else { Cents::ZERO };
        let entry = |year, period, amount| Entry {
            line: place,
            kind: PostingKind::Accrual,
            service: december,
            year,
            period,
            amount,
        };
        accruals.extend([
            entry(year, 12, open - later),
            entry(year, 13, later),
            entry(year + 1, 1, -open),
        ]);
    }
    accruals.retain(|accrual| accrual.amount != Cents::ZERO);
    accruals
}

/// Rounded to hundreds of euros, as an estimate is.
fn hundreds(euros: f64) -> Cents {
    Cents::from_euros((euros / 100.0).round() * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_bookings_wait() {
        let mut cells = [Cents::ZERO; OLDEST + 1];
        (cells[0], cells[2], cells[3], cells[9]) = (Cents(3), Cents(9), Cents(4), Cents(2));
        // At least 10: 3 waits, 3 + 9 is booked at age 2, 4 + 2 never suffices and joins it.
        let gathered = gathered(cells, Cents(10));
        assert_eq!(gathered[2], Cents(18));
        assert_eq!(gathered.iter().sum::<Cents>(), Cents(18));
    }
}
