//! Rows of a ledger file to entries: what, when, which side.

use super::options::{Closing, Field, Source};
use super::parse::{self, Cell};
use super::problems::Problems;
use super::sheet::{Parsed, Sheet};
use super::types::PostingKind;
use crate::error::Error;
use crate::units::{Cents, Month, Months, Side};

/// A row of a ledger file before its line is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) side: Side,
    pub(super) amount: Cents,
    pub(super) kind: PostingKind,
    /// `None` for the opening period, which is left out.
    pub(super) time: Option<Time>,
}

/// When the care was given and when it became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) service: Month,
    pub(super) booked: Month,
    /// The file has service months, but this row has none: its booking month stands in.
    pub(super) assumed: bool,
}

/// The booking of a row: the month it became known, and the month of its period.
#[derive(Clone, Copy)]
enum Booking {
    Opening,
    In { known: Month, period: Month, closing: bool },
}

/// The parsed columns of a ledger file.
pub(super) struct Columns<'a> {
    sheet: &'a Sheet,
    closing: Closing,
    /// The month of the snapshot that the file is.
    snapshot: Option<Month>,
    flips_baten: bool,
    booked: Option<Parsed<'a, Option<Month>>>,
    booked_year: Option<Parsed<'a, i32>>,
    booked_period: Option<Parsed<'a, u32>>,
    service: Option<Parsed<'a, Option<Month>>>,
    service_year: Option<Parsed<'a, Option<i32>>>,
    service_period: Option<Parsed<'a, Option<u32>>>,
    side: Option<Parsed<'a, Side>>,
    amount: Option<Parsed<'a, Cents>>,
    kind: Option<Parsed<'a, PostingKind>>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(
        sheet: &'a Sheet,
        source: &Source,
        closing: Closing,
        snapshot: Option<Month>,
    ) -> Self {
        // Beside a period a booking date may be empty; alone it may not.
        let booked: fn(&str) -> Cell<Option<Month>> = if sheet.has(Field::BookedYear) {
            parse::optional_month
        } else {
            |text| parse::month(text).map(Some)
        };
        // Without a booking month there is none that stands in for an empty service month.
        let alone = !sheet.has(Field::Booked) && !sheet.has(Field::BookedYear);
        let service: fn(&str) -> Cell<Option<Month>> =
            if alone { |text| parse::month(text).map(Some) } else { parse::optional_month };
        let filled = |text: &str| alone || !text.is_empty();
        Self {
            sheet,
            closing,
            snapshot,
            flips_baten: source.flips_baten,
            booked: sheet.parsed(Field::Booked, booked),
            booked_year: sheet.parsed(Field::BookedYear, parse::year),
            booked_period: sheet.parsed(Field::BookedPeriod, parse::period),
            service: sheet.parsed(Field::Service, service),
            service_year: sheet.parsed(Field::ServiceYear, |text| {
                filled(text).then(|| parse::year(text)).transpose()
            }),
            service_period: sheet.parsed(Field::ServicePeriod, |text| {
                filled(text).then(|| service_period(text)).transpose()
            }),
            side: sheet.parsed(Field::Side, |text| source.side(text)),
            amount: sheet.parsed_values(Field::Amount, |value| source.amount(value)),
            kind: sheet.parsed(Field::Kind, |text| kind(text, source)),
        }
    }

    /// Whether the file says in which month the care was given.
    pub(super) fn has_service(&self) -> bool {
        self.service.is_some() || self.service_year.is_some()
    }

    /// Whether the file says in which month a row was booked.
    pub(super) fn has_booked(&self) -> bool {
        self.booked.is_some() || self.booked_year.is_some()
    }

    /// A row; its bad cells become problems.
    pub(super) fn entry(&self, row: usize, problems: &mut Problems) -> Option<Entry> {
        let sheet = self.sheet;
        let amount = sheet.amount(self.amount.as_ref(), row, problems);
        let side = if self.side.is_some() {
            sheet.take(self.side.as_ref(), row, problems)
        } else {
            Some(Side::Lasten)
        };
        let kind = if self.kind.is_some() {
            sheet.take(self.kind.as_ref(), row, problems)
        } else {
            Some(PostingKind::Regular)
        };
        let time = self.time(row, problems);
        let (side, (time, closes)) = (side?, time?);
        let kind = kind.map(|kind| {
            if closes && kind == PostingKind::Regular { PostingKind::Closing } else { kind }
        })?;
        let amount = amount
            .map(|amount| if self.flips_baten && side == Side::Baten { -amount } else { amount })?;
        Some(Entry { side, amount, kind, time })
    }

    /// The time of a row, and whether it is booked in a closing period. The service month of such a
    /// row is December, whatever else it says.
    fn time(&self, row: usize, problems: &mut Problems) -> Option<(Option<Time>, bool)> {
        let (booked, period, closing) = match self.booking(row, problems)? {
            Booking::Opening => return Some((None, false)),
            Booking::In { known, period, closing } => (known, period, closing),
        };
        let (service, assumed) =
            if closing { (period, false) } else { self.service(row, period, problems)? };
        Some((Some(Time { service, booked, assumed }), closing))
    }

    fn booking(&self, row: usize, problems: &mut Problems) -> Option<Booking> {
        if let Some(month) = self.snapshot.filter(|_| !self.has_booked()) {
            return Some(Booking::In { known: month, period: month, closing: false });
        }
        let date = match &self.booked {
            Some(booked) => self.sheet.take(Some(booked), row, problems)?,
            None => None,
        };
        if self.booked_year.is_none() {
            return date.map(|date| Booking::In { known: date, period: date, closing: false });
        }
        let year = self.sheet.take(self.booked_year.as_ref(), row, problems);
        let period = self.sheet.take(self.booked_period.as_ref(), row, problems);
        let (year, period) = (year?, period?);
        let december = Month::december(year);
        Some(match period {
            0 => Booking::Opening,
            1..=12 => {
                let period = Month::new(year, period)?;
                Booking::In { known: date.unwrap_or(period), period, closing: false }
            }
            _ => {
                let known = date.unwrap_or(december + Months(self.closing.booked));
                Booking::In { known, period: december, closing: true }
            }
        })
    }

    /// The service month, and whether it is assumed: a row that states none has that of its booking.
    fn service(&self, row: usize, booked: Month, problems: &mut Problems) -> Option<(Month, bool)> {
        if !self.has_service() {
            return Some((booked, false));
        }
        let stated = match &self.service {
            Some(service) => self.sheet.take(Some(service), row, problems)?,
            None => self.service_period(row, problems)?,
        };
        Some((stated.unwrap_or(booked), stated.is_none()))
    }

    #[expect(clippy::option_option, reason = "a bad cell and an empty one are not the same")]
    fn service_period(&self, row: usize, problems: &mut Problems) -> Option<Option<Month>> {
        let year = self.sheet.take(self.service_year.as_ref(), row, problems);
        let period = self.sheet.take(self.service_period.as_ref(), row, problems);
        match (year?, period?) {
            (Some(year), Some(period)) => Some(Month::new(year, period)),
            (None, None) => Some(None),
            _ => {
                problems.add(|| {
                    Error::input("has a service year or a service period, but not both")
                        .at(self.sheet.place(Some(row)))
                        .advice("fill in both, or leave both empty")
                });
                None
            }
        }
    }
}

/// A period of care: 1 to 12; the closing periods stand for December.
fn service_period(text: &str) -> Cell<u32> {
    match parse::period(text)? {
        0 => Err(parse::bad("\"0\" is not a service period", "write 1 to 12")),
        period => Ok(period.min(12)),
    }
}

/// The kind by `[source.kinds]`, or by our own words. An empty cell is regular.
fn kind(text: &str, source: &Source) -> Cell<PostingKind> {
    let value = text.to_lowercase();
    let own = match value.as_str() {
        "" | "regular" => Some(PostingKind::Regular),
        "accrual" => Some(PostingKind::Accrual),
        "closing" => Some(PostingKind::Closing),
        _ => None,
    };
    source.kinds.get(&value).copied().or(own).ok_or_else(|| {
        let known: Vec<&str> = source
            .kinds
            .keys()
            .map(String::as_str)
            .chain(["regular", "accrual", "closing"])
            .collect();
        let advice = format!("use one of: {}; or add it under [source.kinds]", known.join(", "));
        parse::bad(format!("{text:?} is not a kind of posting"), advice)
    })
}
