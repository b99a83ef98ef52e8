//! One test and what it found.

use crate::units::{LineId, Month};
use serde::{Deserialize, Serialize};

/// What a test looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tier {
    /// A: a step at an event whose date is known.
    Event,
    /// B: one-step errors, summed month after month.
    Monitor,
    /// C: changes of level in the whole history, once a year.
    Yearly,
    /// D: what the newest month booked on earlier ones.
    Invoices,
    /// E: whether outcomes lie inside their bands.
    Bands,
}

/// What came of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Status {
    /// Something changed.
    Signal,
    /// Nothing that can be seen.
    Quiet,
    /// Too little is known to test.
    Early,
}

/// One test, flagged or not. Amounts are euros of the day per month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tested {
    /// What it looks at.
    pub tier: Tier,
    /// The line; `None` for all together.
    pub line: Option<LineId>,
    /// What came of it.
    pub status: Status,
    /// The months it rests on.
    pub months: usize,
    /// The first month of the change, or of the event.
    pub since: Option<Month>,
    /// The month in which it could first be seen.
    pub seen: Option<Month>,
    /// How large it is.
    pub per_month: Option<f64>,
    /// Whether it comes back every month; if not, the amount is all there is.
    pub lasting: bool,
    /// The size in standard deviations or standard errors.
    pub z: Option<f64>,
    /// The chance of it when nothing changed.
    pub chance: Option<f64>,
    /// The same, given all tests of this kind and month (Benjamini and Hochberg).
    pub adjusted: Option<f64>,
    /// The smallest change that would be seen with a chance of 80 %.
    pub smallest: Option<f64>,
    /// The event it tests, or may belong to: its id.
    pub event: Option<String>,
}

impl Tier {
    /// All, in the order of the rows.
    pub const ALL: [Self; 5] =
        [Self::Event, Self::Monitor, Self::Yearly, Self::Invoices, Self::Bands];

    /// Its letter.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::Event => "A",
            Self::Monitor => "B",
            Self::Yearly => "C",
            Self::Invoices => "D",
            Self::Bands => "E",
        }
    }

    /// What it looks at, in Dutch.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Event => "bekende gebeurtenis",
            Self::Monitor => "prognosefouten",
            Self::Yearly => "niveau van jaren",
            Self::Invoices => "late facturen",
            Self::Bands => "bandbreedte",
        }
    }
}

impl Status {
    /// In Dutch.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Signal => "signaal",
            Self::Quiet => "geen signaal",
            Self::Early => "te vroeg",
        }
    }
}

impl Tested {
    /// A test of which nothing is known yet but the months it rests on.
    pub(super) fn new(tier: Tier, line: Option<&LineId>, months: usize) -> Self {
        Self {
            tier,
            line: line.cloned(),
            status: Status::Early,
            months,
            since: None,
            seen: None,
            per_month: None,
            lasting: true,
            z: None,
            chance: None,
            adjusted: None,
            smallest: None,
            event: None,
        }
    }

    /// Whether something changed.
    #[must_use]
    pub fn is_flag(&self) -> bool {
        self.status == Status::Signal
    }

    /// How large it is in a year, when it lasts.
    #[must_use]
    pub fn per_year(&self) -> Option<f64> {
        self.per_month.filter(|_| self.lasting).map(|euros| 12.0 * euros)
    }

    /// What it asks of people, in Dutch.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match (self.status, self.tier) {
            (Status::Early, Tier::Event) => "Volg de lijn: getoetst wordt na 6 en na 12 maanden.",
            (Status::Early, _) => "Niets: er zijn nog te weinig maanden om te toetsen.",
            (Status::Quiet, Tier::Event) => {
                "Niets: een kleiner effect dan het kleinst zichtbare kan er wel zijn."
            }
            (Status::Quiet, _) => "Niets.",
            (Status::Signal, Tier::Event) => {
                "Ga na of de gebeurtenis dit verklaart en of het blijft; pas begroting en beleid.toml aan."
            }
            (Status::Signal, Tier::Monitor) => {
                "Vraag inkoop en administratie wat hier speelt; zet de oorzaak in beleid.toml en train opnieuw."
            }
            (Status::Signal, Tier::Yearly) => {
                "Zoek de oorzaak van het nieuwe niveau en zet haar in beleid.toml."
            }
            (Status::Signal, Tier::Invoices) => {
                "Vraag de administratie naar inhaal of vertraging voordat u het jaarbedrag bijstelt."
            }
            (Status::Signal, Tier::Bands) => {
                "Reken hier met een ruimere band, en zoek wat deze lijn onrustig maakt."
            }
        }
    }
}

/// Gives each test its chance among all of them, and flags those that are rare enough.
pub(super) fn judge(tests: &mut [Tested], most: f64) {
    let chances: Vec<f64> = tests.iter().filter_map(|test| test.chance).collect();
    let adjusted = crate::score::benjamini_hochberg(&chances);
    let told = tests.iter_mut().filter(|test| test.chance.is_some());
    for (test, adjusted) in told.zip(adjusted) {
        test.adjusted = Some(adjusted);
        test.status = if adjusted <= most { Status::Signal } else { Status::Quiet };
    }
}
