//! A made-up year of sixty made-up municipalities.

use crate::ledger::{Municipality, Published};
use crate::peers::Peers;
use crate::units::Cents;

/// Sixty municipalities, and one of 80.000 inhabitants that spent 10 % more on Jeugd than planned and 2 % less on Wmo.
pub(super) fn peers() -> Peers {
    let (budget, accounts) = (published(false), published(true));
    Peers::of(2023, "Gemeente Voorbeeldstad", &budget, &accounts).unwrap()
}

fn published(accounts: bool) -> Published {
    let own = ("Voorbeeldstad".to_owned(), municipality(80_000, accounts, -0.02, 0.10));
    let others = (0..60_u32).map(|at| {
        // Between 15 % below and 29 % above, in an order of no pattern; one far outside.
        let off = f64::from(at * 37 % 60) / 60.0;
        let far = if at == 7 { 4.0 } else { 0.0 };
        let one =
            municipality(12_000 + 2_500 * at, accounts, off * 0.3 - 0.15, off * 0.44 - 0.15 + far);
        (format!("Dorp {at:02}"), one)
    });
    let municipalities = others.chain([own]).collect();
    Published { file: "iv3.csv".into(), sha256: String::new(), municipalities }
}

fn municipality(inhabitants: u32, accounts: bool, wmo: f64, jeugd: f64) -> Municipality {
    let size =
        if inhabitants < 50_000 { "20000tot50000inwoners" } else { "50000tot100000inwoners" };
    let lasten = [("6.71a", 350.0, wmo), ("6.72b", 400.0, jeugd)].map(|(code, each, off)| {
        let euros = f64::from(inhabitants) * each * if accounts { 1.0 + off } else { 1.0 };
        (code.to_owned(), Cents::from_euros(euros.round()))
    });
    Municipality { size: size.into(), inhabitants, lasten: lasten.into() }
}
