//! Where the model is weak, as measured by this project's own benches; the pages of the guide that hold the figures
//! are named beside them.

/// A situation, what was measured in it, and what to do then.
pub(super) struct Limit {
    pub(super) what: &'static str,
    pub(super) measured: &'static str,
    pub(super) advice: &'static str,
}

pub(super) const ALL: [Limit; 7] = [
    // years.md, How wide; drift.md, Wider bands.
    Limit {
        what: "Een regel in haar eerste maanden",
        measured: "Met 2 bekende maanden 27 keer zo ver ernaast als haar kenmerken doen verwachten, met 6 maanden 4 keer.",
        advice: "Kijk naar het geheel waar de regel uit komt, met een brug.",
    },
    // late.md, Measured: the row of 2025.
    Limit {
        what: "Een jaar met nieuwe codes (zoals 2025)",
        measured: "Het totaal lag in 53 van de 100 gevallen in de 80%-band.",
        advice: "Maak een brug over oude en nieuwe codes.",
    },
    // late.md, Measured: the row of 2020.
    Limit {
        what: "Een jaar waarin de zorg stilvalt (zoals 2020)",
        measured: "Het totaal lag in 50 van de 100 gevallen in de 80%-band.",
        advice: "Vul de gebeurtenis in als beleid, en reken op een bredere band.",
    },
    // late.md, Measured: products, 4 and 10 months known.
    Limit {
        what: "De eerste rapportage van het jaar",
        measured: "Per product met 4 bekende maanden gemiddeld 4,4% ernaast, met 10 maanden 2,3%.",
        advice: "Besluit op de band, niet op het midden.",
    },
    // years.md, The years after.
    Limit {
        what: "Drie en vier jaar vooruit",
        measured: "Het totaal lag in 47 en 33 van de 100 gevallen in de 80%-band.",
        advice: "Lees het als richting, niet als bedrag.",
    },
    // drift.md, Measured: delays of B on twelve made-up towns, 2 to 5 standard deviations.
    Limit {
        what: "Een verandering die langzaam zichtbaar wordt",
        measured: "Van de 29 middelgrote stappen waren er 5 binnen 6 maanden gezien, en 19 binnen 13.",
        advice: "Meld wat u weet als beleid; wacht niet op een signaal.",
    },
    // drift.md, Measured: one-step bands.
    Limit {
        what: "De band van één maand van één regel",
        measured: "71 van de 100 uitkomsten lagen in de 80%-band.",
        advice: "Kijk naar jaren en totalen.",
    },
];
