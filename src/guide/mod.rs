//! The guide: how the program is built and why, as pages of this documentation.

/// The rooms of the house, what may import what, and what is deliberately absent.
pub mod map {
    #![doc = include_str!("map.md")]
}

/// Every finding: what it means and what to do about it.
pub mod findings {
    #![doc = include_str!("findings.md")]
}

/// The models: each equation first, when it is used and what it can not do; how the champion was
/// chosen.
#[expect(clippy::doc_markdown, reason = "formulas stand in the text as they are read")]
pub mod models {
    #![doc = include_str!("models.md")]
}

/// Files as they come: how each kind is read, and what `init --from` makes of a file.
pub mod files {
    #![doc = include_str!("files.md")]
}

/// Late invoices: what the books teach about them, and what that does to the forecast and its bands.
pub mod late {
    #![doc = include_str!("late.md")]
}

/// The year end at every level, bridges, policy, prices, and the years after.
pub mod years {
    #![doc = include_str!("years.md")]
}

/// Backtests: what is known at an origin, the scores, the gate for CI, and what reports of people add.
pub mod backtest {
    #![doc = include_str!("backtest.md")]
}

/// The report: who reads what, how a number is explained, and what everybody may see.
pub mod report {
    #![doc = include_str!("report.md")]
}

/// Forecasts of record and what came true of them; how another model comes into use.
pub mod record {
    #![doc = include_str!("record.md")]
}

/// The account the organisation owes of its algorithm: model card, register entry, dossier, go or no go.
pub mod account {
    #![doc = include_str!("account.md")]
}

/// Whether the world has changed under the model: five tests, what a flag asks of people, and what was measured.
pub mod drift {
    #![doc = include_str!("drift.md")]
}

/// The month: who reads what, how a signal becomes a question, a decision or an action, and how it is closed.
pub mod month {
    #![doc = include_str!("month.md")]
}

/// The data sets beside the report: how to load them in Power BI, Cognos and Excel, and what never changes.
pub mod data {
    #![doc = include_str!("data.md")]
}

/// Many municipalities: every workspace below a folder, a cluster, and what it costs.
pub mod country {
    #![doc = include_str!("country.md")]
}

/// The taakvelden of Iv3 in three schemes, what became of which, and where years can be compared.
pub mod taakvelden {
    #![doc = include_str!("taakvelden.md")]
}

/// Plan against outcome of every municipality, as published, and our place among them.
pub mod peers {
    #![doc = include_str!("peers.md")]
}

/// Installing: from source, as a Debian package, as one file; completions and manual.
pub mod install {
    #![doc = include_str!("install.md")]
}

/// Abuse: what is defended against hostile files and failing machines, and how that was tried.
pub mod abuse {
    #![doc = include_str!("abuse.md")]
}

/// Reading ten million postings: how it is done, and how long it takes beside polars.
pub mod speed {
    #![doc = include_str!("speed.md")]
}

/// The made-up municipality: what it holds, and why.
#[expect(clippy::doc_markdown, reason = "formulas stand in the text as they are read")]
pub mod synth {
    #![doc = include_str!("synth.md")]
}
