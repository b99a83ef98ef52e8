//! The lines of a made-up municipality: what care, on which taakveld, how financed, how large.

use crate::units::{Side, Wet};
use Form::{Cak, LumpSum, Pgb, Prepaid, Pxq, Sparse, Trajectory};
use Rhythm::{Clinic, Flat, Home, School, Stay, Travel};
use Trait::{
    Curve, Ends, Moving, PoolJeugd, PoolWmo, Recode, Residence, Signed, Starts, Subscription,
    ToLump,
};

/// How care is paid for; decides noise and delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// Price times volume (*inspanningsgericht*).
    Pxq,
    /// Per trajectory (*outputgericht*).
    Trajectory,
    /// A fixed amount (*taakgericht*).
    LumpSum,
    /// A subsidy, paid a quarter ahead.
    Prepaid,
    /// Few cases.
    Sparse,
    /// Personal budgets: funded ahead, settled later.
    Pgb,
    /// Own contributions, by way of the CAK.
    Cak,
}

/// The season of a care form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rhythm {
    Flat,
    Home,
    School,
    Clinic,
    Travel,
    Stay,
}

/// What is particular to a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Trait {
    /// The season moves.
    Moving,
    /// A slow S-curve.
    Curve,
    /// Under the abonnementstarief: volume grows from 2019 on, own contributions fall.
    Subscription,
    /// Steps at the woonplaatsbeginsel.
    Residence,
    /// Ends at the new Jeugd contracts of 2025.
    Recode,
    /// Takes this share of what ended in 2025.
    PoolJeugd(f64),
    /// Moves into the lump sum of 2025.
    ToLump,
    /// That lump sum.
    PoolWmo,
    /// May be negative.
    Signed,
    /// The first year.
    Starts(i32),
    /// The last year and month.
    Ends(i32, u32),
}

/// A line of the table.
#[derive(Debug)]
pub(super) struct Product {
    /// The code in the ledger.
    pub(super) code: &'static str,
    /// The name.
    pub(super) name: &'static str,
    pub(super) wet: Wet,
    pub(super) side: Side,
    /// The taakveld through 2022, in 2023 and 2024, and from 2025.
    pub(super) taakveld: [&'static str; 3],
    /// The yearly amount of the anchor year, in thousands of euros.
    pub(super) level: f64,
    /// Yearly growth of the volume.
    pub(super) growth: f64,
    pub(super) form: Form,
    pub(super) rhythm: Rhythm,
    pub(super) traits: &'static [Trait],
}

impl Product {
    /// Whether the line has `wanted`.
    pub(super) fn is(&self, wanted: Trait) -> bool {
        self.traits.contains(&wanted)
    }

    /// The taakveld in force in `year`.
    pub(super) fn taakveld_in(&self, year: i32) -> &'static str {
        self.taakveld[usize::from(year > 2022) + usize::from(year > 2024)]
    }

    /// The taakveld of the line table: that of 2025, but for Jeugd that ended before it.
    pub(super) fn taakveld(&self) -> &'static str {
        self.taakveld[if self.is(Recode) { 1 } else { 2 }]
    }
}

/// One row of the table; `level` in thousands of euros, `growth` in percent.
#[expect(clippy::too_many_arguments, reason = "a row of a table, read by column")]
const fn row(
    code: &'static str,
    name: &'static str,
    taakveld: [&'static str; 3],
    level: f64,
    growth: f64,
    form: Form,
    rhythm: Rhythm,
    traits: &'static [Trait],
) -> Product {
    let wet = match code.as_bytes()[0] {
        b'W' => Wet::Wmo,
        b'J' => Wet::Jeugd,
        _ => Wet::Gezamenlijk,
    };
    let side = match code.as_bytes()[1] {
        b'B' => Side::Baten,
        _ => Side::Lasten,
    };
    Product { code, name, wet, side, taakveld, level, growth: growth / 100.0, form, rhythm, traits }
}

const AIDS: [&str; 3] = ["6.6", "6.6", "6.60"];
const HOME: [&str; 3] = ["6.71", "6.71a", "6.711"];
const GUIDANCE: [&str; 3] = ["6.71", "6.71b", "6.712"];
const DAY: [&str; 3] = ["6.71", "6.71c", "6.713"];
const OTHER: [&str; 3] = ["6.71", "6.71d", "6.714"];
const SHELTERED: [&str; 3] = ["6.81", "6.81a", "6.811"];
const SHELTER: [&str; 3] = ["6.81", "6.81b", "6.812"];
const J_GUIDANCE: [&str; 3] = ["6.72", "6.72a", "6.752"];
const J_TREATMENT: [&str; 3] = ["6.72", "6.72b", "6.752"];
const J_DAY: [&str; 3] = ["6.72", "6.72c", "6.752"];
const J_OTHER: [&str; 3] = ["6.72", "6.72d", "6.751"];
const J_STAY: [&str; 3] = ["6.73", "6.73c", "6.762"];
const J_CLINIC: [&str; 3] = ["6.74", "6.74a", "6.752"];
const J_CRISIS: [&str; 3] = ["6.74", "6.74b", "6.762"];
const LOCAL: [&str; 3] = ["6.751"; 3];
const REGIONAL: [&str; 3] = ["6.752"; 3];
const NATIONAL: [&str; 3] = ["6.753"; 3];
const STAY_LOCAL: [&str; 3] = ["6.761"; 3];
const STAY_REGIONAL: [&str; 3] = ["6.762"; 3];
const STAY_NATIONAL: [&str; 3] = ["6.763"; 3];

/// The table. Code: W Wmo, J Jeugd, G shared, then B for income; JN are the Jeugd products of 2025.
#[rustfmt::skip]
pub(super) const PRODUCTS: &[Product] = &[
    row("W110", "Rolstoelen", AIDS, 560.0, 1.5, Pxq, Flat, &[]),
    row("W120", "Vervoersvoorzieningen", AIDS, 820.0, 1.0, Pxq, Flat, &[]),
    row("W130", "Woonvoorzieningen", AIDS, 900.0, 0.5, Trajectory, Flat, &[]),
    row("W140", "Collectief vervoer", AIDS, 1250.0, 0.0, Pxq, Travel, &[Moving]),
    row("W150", "Overige hulpmiddelen", AIDS, 211.0, 0.0, Sparse, Flat, &[]),
    row("W210", "Hulp bij het huishouden", HOME, 8150.0, 1.0, Pxq, Home, &[Subscription]),
    row("W220", "Hulp bij het huishouden plus", HOME, 3219.0, 1.5, Pxq, Home, &[Subscription]),
    row("W230", "Was- en strijkservice", HOME, 240.0, -3.0, Pxq, Flat, &[Ends(2021, 6)]),
    row("W240", "Huishoudelijke hulp toelage", HOME, 900.0, 0.0, Pxq, Home, &[Ends(2017, 12)]),
    row("W310", "Begeleiding individueel basis", GUIDANCE, 4700.0, 2.0, Pxq, Home, &[ToLump]),
    row("W320", "Begeleiding individueel plus", GUIDANCE, 3100.0, 3.0, Trajectory, Home, &[ToLump]),
    row("W330", "Begeleiding groep", GUIDANCE, 2100.0, 1.0, Pxq, Home, &[ToLump, Moving]),
    row("W340", "Kortdurend verblijf", GUIDANCE, 180.0, -1.0, Sparse, Flat, &[]),
    row("W410", "Dagbesteding ouderen", DAY, 1450.0, 0.5, Pxq, Home, &[ToLump]),
    row("W420", "Dagbesteding arbeidsmatig", DAY, 968.0, 0.5, Pxq, Home, &[ToLump]),
    row("W510", "Overige maatwerkarrangementen", OTHER, 120.0, 0.0, Sparse, Flat, &[Signed]),
    row("W610", "PGB Wmo", ["6.71", "6.71b", "6.791"], 546.0, -4.0, Pgb, Flat, &[]),
    row("W710", "Beschermd wonen", SHELTERED, 600.0, 2.0, Pxq, Stay, &[]),
    row("W720", "Maatschappelijke opvang", SHELTER, 700.0, 2.0, Prepaid, Flat, &[]),
    row("W730", "Vrouwenopvang", SHELTER, 294.0, 1.0, Prepaid, Flat, &[]),
    row("W810", "Toegang Wmo", ["6.2", "6.2", "6.21"], 4100.0, 1.0, LumpSum, Flat, &[]),
    row("W820", "Basisondersteuning Wmo", ["6.21"; 3], 0.0, 1.0, LumpSum, Flat, &[Starts(2025), PoolWmo]),
    row("WB10", "Eigen bijdragen Wmo", HOME, 1003.0, 1.0, Cak, Flat, &[Subscription]),
    row("WB20", "Eigen bijdragen beschermd wonen", SHELTERED, 850.0, 0.5, Cak, Flat, &[]),
    row("WB30", "Overige baten Wmo", AIDS, 40.0, 0.0, Sparse, Flat, &[]),
    row("J110", "Begeleiding individueel", J_GUIDANCE, 3300.0, 3.0, Pxq, School, &[Recode]),
    row("J120", "Begeleiding groep", J_GUIDANCE, 1049.0, 1.0, Pxq, School, &[Recode, Moving]),
    row("J210", "Behandeling individueel", J_TREATMENT, 3900.0, 3.0, Trajectory, Clinic, &[Recode]),
    row("J220", "Behandeling gezin", J_TREATMENT, 1638.0, 2.0, Trajectory, Clinic, &[Recode, Curve]),
    row("J310", "Dagbehandeling", J_DAY, 2833.0, 1.0, Pxq, School, &[Recode]),
    row("J410", "Vervoer jeugd", J_OTHER, 600.0, 1.0, Pxq, School, &[Recode]),
    row("J420", "Dyslexiezorg", J_OTHER, 942.0, 3.0, Trajectory, School, &[Recode, Moving]),
    row("J510", "Pleegzorg", ["6.73", "6.73a", "6.762"], 2009.0, 0.5, Pxq, Stay, &[Recode, Residence]),
    row("J520", "Gezinsgericht", ["6.73", "6.73b", "6.761"], 1176.0, 2.0, Pxq, Stay, &[Recode, Residence]),
    row("J530", "Residentieel verblijf", J_STAY, 4700.0, 1.0, Pxq, Stay, &[Recode, Residence]),
    row("J540", "Kamertraining", J_STAY, 1573.0, 2.0, Pxq, Stay, &[Recode, Residence]),
    row("J610", "Jeugd-ggz specialistisch", J_CLINIC, 5200.0, 2.0, Trajectory, Clinic, &[Recode]),
    row("J620", "Jeugd-ggz basis", J_CLINIC, 1535.0, 0.0, Trajectory, Clinic, &[Recode, Curve]),
    row("J630", "Crisiszorg", J_CRISIS, 820.0, 2.0, Pxq, Flat, &[Recode]),
    row("J640", "Landelijk ingekochte zorg", J_CRISIS, 602.0, 0.0, Trajectory, Flat, &[Recode]),
    row("J650", "Gesloten plaatsing", ["6.74", "6.74c", "6.762"], 600.0, -3.0, Sparse, Flat, &[Recode, Residence]),
    row("J710", "Jeugdbescherming", ["6.82", "6.82a", "6.821"], 2863.0, 1.0, Pxq, Stay, &[]),
    row("J720", "Jeugdreclassering", ["6.82", "6.82b", "6.822"], 383.0, 0.5, Pxq, Stay, &[]),
    row("J810", "PGB Jeugd", ["6.72", "6.72a", "6.792"], 350.0, -9.0, Pgb, Flat, &[]),
    row("JN10", "Ambulant lokaal", LOCAL, 0.0, 2.0, Pxq, School, &[Starts(2025), PoolJeugd(0.04)]),
    row("JN20", "Ambulante begeleiding regionaal", REGIONAL, 0.0, 2.0, Pxq, School, &[Starts(2025), PoolJeugd(0.13)]),
    row("JN21", "Ambulante behandeling regionaal", REGIONAL, 0.0, 2.5, Trajectory, Clinic, &[Starts(2025), PoolJeugd(0.13)]),
    row("JN22", "Ggz regionaal", REGIONAL, 0.0, 2.0, Trajectory, Clinic, &[Starts(2025), PoolJeugd(0.15)]),
    row("JN23", "Dagbehandeling regionaal", REGIONAL, 0.0, 1.0, Pxq, School, &[Starts(2025), PoolJeugd(0.07)]),
    row("JN24", "Dyslexiezorg regionaal", REGIONAL, 0.0, 2.0, Trajectory, School, &[Starts(2025), PoolJeugd(0.025)]),
    row("JN30", "Ambulant landelijk", NATIONAL, 0.0, 0.0, Trajectory, Clinic, &[Starts(2025), PoolJeugd(0.015)]),
    row("JN40", "Verblijf lokaal", STAY_LOCAL, 0.0, 1.0, Pxq, Stay, &[Starts(2025), PoolJeugd(0.045)]),
    row("JN50", "Pleegzorg regionaal", STAY_REGIONAL, 0.0, 0.5, Pxq, Stay, &[Starts(2025), PoolJeugd(0.065)]),
    row("JN51", "Verblijf met behandeling regionaal", STAY_REGIONAL, 0.0, 1.5, Pxq, Stay, &[Starts(2025), PoolJeugd(0.17)]),
    row("JN52", "Wonen regionaal", STAY_REGIONAL, 0.0, 2.0, Pxq, Stay, &[Starts(2025), PoolJeugd(0.06)]),
    row("JN53", "Crisis en gesloten regionaal", STAY_REGIONAL, 0.0, 1.0, Pxq, Flat, &[Starts(2025), PoolJeugd(0.038)]),
    row("JN60", "Verblijf landelijk", STAY_NATIONAL, 0.0, 0.0, Sparse, Flat, &[Starts(2025), PoolJeugd(0.002)]),
    row("J910", "Toegang Jeugd", ["6.2", "6.2", "6.22"], 4100.0, 1.0, LumpSum, Flat, &[]),
    row("J920", "Basisondersteuning jeugd", ["6.22"; 3], 0.0, 1.0, LumpSum, Flat, &[Starts(2025), PoolJeugd(0.06)]),
    row("JB10", "Overige baten Jeugd", J_OTHER, 120.0, 0.0, Sparse, Flat, &[]),
    row("G110", "Toegang integraal", ["6.2", "6.2", "6.23"], 929.0, 1.0, LumpSum, Flat, &[]),
    row("G210", "Coördinatie en beleid Wmo", ["6.91"; 3], 820.0, 0.0, LumpSum, Flat, &[Starts(2025)]),
    row("G220", "Coördinatie en beleid Jeugd", ["6.92"; 3], 2045.0, 0.0, LumpSum, Flat, &[Starts(2025)]),
    row("GB10", "Regionale bijdragen", ["6.2", "6.2", "6.23"], 180.0, 0.0, Prepaid, Flat, &[]),
];

/// Log season (× .01) per month and the power of the working days.
pub(super) fn rhythm(rhythm: Rhythm) -> ([f64; 12], f64) {
    match rhythm {
        Flat => ([0.0; 12], 0.0),
        Home => ([1.0, 0.0, 1.0, 0.0, -1.0, 0.0, -4.0, -6.0, 2.0, 3.0, 3.0, -2.0], 0.6),
        School => ([5.0, -1.0, 7.0, 2.0, 0.0, 6.0, -10.0, -32.0, 6.0, 5.0, 10.0, -5.0], 0.8),
        Clinic => ([6.0, 2.0, 5.0, 0.0, -2.0, 3.0, -5.0, -12.0, 2.0, 3.0, 5.0, -8.0], 0.7),
        Travel => ([4.0, 2.0, 1.0, -1.0, -2.0, -3.0, -6.0, -5.0, 2.0, 3.0, 4.0, 2.0], 0.5),
        Stay => ([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 2.0], 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_shares_add_up() {
        let codes: BTreeSet<&str> = PRODUCTS.iter().map(|product| product.code).collect();
        assert_eq!(codes.len(), PRODUCTS.len());
        let share = |t: &Trait| {
            if let PoolJeugd(share) = t { *share } else { 0.0 }
        };
        let sum: f64 = PRODUCTS.iter().flat_map(|product| product.traits).map(share).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{sum}");
    }

    #[test]
    fn levels_are_those_of_the_accounts_of_2023() {
        // CBS Iv3, Hengelo, × € 1.000: 6.6 3.741 + 6.71 24.233 = 27.974; Jeugd 35.723; toegang 9.129.
        let lasten = |wet: Wet, keep: fn(&Product) -> bool| -> f64 {
            let of = |p: &&Product| p.wet == wet && p.side == Side::Lasten && keep(p);
            PRODUCTS.iter().filter(of).map(|p| p.level).sum()
        };
        let ended = |p: &Product| p.traits.iter().any(|t| matches!(t, Ends(..)));
        assert!(!ended(&PRODUCTS[0]));
        let wmo = lasten(Wet::Wmo, |p| {
            p.taakveld[1].starts_with("6.6") || p.taakveld[1].starts_with("6.71")
        });
        assert!((wmo - 240.0 - 900.0 - 27_974.0).abs() < 500.0, "{wmo}");
        let jeugd = lasten(Wet::Jeugd, |p| p.taakveld[1] != "6.2");
        assert!((jeugd - 35_723.0).abs() < 500.0, "{jeugd}");
        let access: f64 = PRODUCTS
            .iter()
            .filter(|p| p.taakveld[1] == "6.2" && p.side == Side::Lasten)
            .map(|p| p.level)
            .sum();
        assert!((access - 9_129.0).abs() < 1.0, "{access}");
    }
}
