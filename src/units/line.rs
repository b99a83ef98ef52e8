//! What is forecast: lines, their side and their place in the hierarchy.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The taakveld and product under which money stands whose code is not in the line table.
pub const UNCLASSIFIED: &str = "niet ingedeeld";

/// The act (*wet*) a line belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Wet {
    /// Wet maatschappelijke ondersteuning 2015.
    Wmo,
    /// Jeugdwet.
    Jeugd,
    /// Shared by both acts, or not known.
    Gezamenlijk,
}

/// Expenditure or income. Both are positive amounts; a credit note is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Expenditure.
    Lasten,
    /// Income.
    Baten,
}

/// What a figure of an output row measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Expenditure.
    Lasten,
    /// Income.
    Baten,
    /// Expenditure minus income.
    Saldo,
}

/// A level of the hierarchy, from the whole to the leaf, and beside it the named bridges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// All lines together.
    Totaal,
    /// One act.
    Wet,
    /// One taakveld of an act.
    Taakveld,
    /// One product: the leaf.
    Product,
    /// A named set of lines that may cross acts.
    Brug,
}

/// The name of a leaf line: what is forecast.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LineId {
    /// The act.
    pub wet: Wet,
    /// The Iv3 taakveld, for instance `6.71a`.
    pub taakveld: String,
    /// The product within the taakveld.
    pub product: String,
    /// Expenditure or income.
    pub side: Side,
}

impl LineId {
    /// The line of `side` that keeps the money whose code the line table does not know.
    #[must_use]
    pub fn unclassified(side: Side) -> Self {
        Self {
            wet: Wet::Gezamenlijk,
            taakveld: UNCLASSIFIED.to_owned(),
            product: UNCLASSIFIED.to_owned(),
            side,
        }
    }
}

impl fmt::Display for LineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { wet, taakveld, product, side } = self;
        f.pad(&format!("{wet} / {taakveld} / {product} / {side}"))
    }
}

impl Measure {
    /// In the order of reading.
    pub const ALL: [Self; 3] = [Self::Lasten, Self::Baten, Self::Saldo];

    /// The weight of a leaf of `side` in this measure: 1, 0 or −1.
    #[must_use]
    pub fn weight(self, side: Side) -> i8 {
        match (self, side) {
            (Self::Lasten | Self::Saldo, Side::Lasten) | (Self::Baten, Side::Baten) => 1,
            (Self::Saldo, Side::Baten) => -1,
            (Self::Lasten, Side::Baten) | (Self::Baten, Side::Lasten) => 0,
        }
    }
}

/// Writes the Dutch names the files use, and reads them back with or without capitals.
macro_rules! named {
    ($type:ident, $what:literal, $($variant:ident = $name:literal),+) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(Self::$variant => $name),+ })
            }
        }
        impl FromStr for $type {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                $(if text.eq_ignore_ascii_case($name) { return Ok(Self::$variant); })+
                Err(format!("{text:?} is not a {}; use one of: {}", $what, [$($name),+].join(", ")))
            }
        }
    };
}
named!(Wet, "wet", Wmo = "Wmo", Jeugd = "Jeugd", Gezamenlijk = "Gezamenlijk");
named!(Side, "side", Lasten = "lasten", Baten = "baten");
named!(Measure, "soort", Lasten = "lasten", Baten = "baten", Saldo = "saldo");
named!(
    Level,
    "niveau",
    Totaal = "totaal",
    Wet = "wet",
    Taakveld = "taakveld",
    Product = "product",
    Brug = "brug"
);
