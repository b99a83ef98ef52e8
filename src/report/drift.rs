//! `drift.csv`: every test of the month.

use super::table::{Layout, Table};
use crate::drift::{Regime, Tested};
use crate::units::{Cents, LineId, Month};

pub(super) const DRIFT: Layout = Layout {
    name: "drift",
    header: "as_of,toets,naam,niveau,wet,taakveld,product,soort,status,sinds,gezien,maanden,\
    per_maand,per_jaar,kleinst_zichtbaar,z,p,p_gecorrigeerd,gebeurtenis,regime_sinds,regime_maanden,\
    regime_door,regime,wat_te_doen",
};
/// What a line is called whose model has seen too little of what it is now.
const UNKNOWN: &str = "model kent deze situatie niet";

/// `drift.csv`: one row per test made, flagged or not, in the order given; the columns stand in the guide.
#[must_use]
pub fn drift_table(tests: &[Tested], regimes: &[Regime], as_of: Month) -> Table {
    let regime = |line: Option<&LineId>| regimes.iter().find(|regime| Some(&regime.line) == line);
    Table::new(DRIFT, tests.iter().map(|test| record(test, regime(test.line.as_ref()), as_of)))
}

fn record(test: &Tested, regime: Option<&Regime>, as_of: Month) -> Vec<String> {
    let mut record = vec![as_of.to_string()];
    record.extend([test.tier.letter(), test.tier.name()].map(str::to_owned));
    record.extend(place(test.line.as_ref()));
    record.extend([test.status.name().to_owned(), shown(test.since), shown(test.seen)]);
    record.push(test.months.to_string());
    let amounts = [test.per_month, test.per_year(), test.smallest];
    record.extend(amounts.map(|euros| shown(euros.map(Cents::from_euros))));
    record.push(test.z.map_or_else(String::new, |z| format!("{z:.2}")));
    let chances = [test.chance, test.adjusted];
    record.extend(chances.map(|p| p.map_or_else(String::new, |p| format!("{p:.6}"))));
    record.push(test.event.clone().unwrap_or_default());
    record.extend(regime_fields(regime));
    record.push(test.advice().to_owned());
    record
}

fn place(line: Option<&LineId>) -> [String; 5] {
    let Some(LineId { wet, taakveld, product, side }) = line else {
        return ["totaal", "", "", "", ""].map(str::to_owned);
    };
    ["product".into(), wet.to_string(), taakveld.clone(), product.clone(), side.to_string()]
}

fn regime_fields(regime: Option<&Regime>) -> [String; 4] {
    let Some(regime) = regime else { return Default::default() };
    let word = if regime.is_new() { UNKNOWN } else { "" };
    [regime.since.to_string(), regime.months.0.to_string(), regime.why.to_string(), word.to_owned()]
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::{Status, Tier, Why};
    use crate::units::{Months, Side, Wet};

    #[test]
    fn a_flag_is_one_row() {
        let month = Month::january(2026);
        let line = LineId {
            wet: Wet::Wmo,
            taakveld: "6.711".into(),
            product: "Hulp".into(),
            side: Side::Lasten,
        };
        let test = Tested {
            tier: Tier::Monitor,
            line: Some(line.clone()),
            status: Status::Signal,
            months: 72,
            since: Some(month),
            seen: Some(month + Months(3)),
            per_month: Some(-100.0),
            lasting: true,
            z: Some(-4.0),
            chance: None,
            adjusted: None,
            smallest: None,
            event: None,
        };
        let regime =
            Regime { line, since: month, months: Months(10), why: Why::Flag(Tier::Monitor) };
        let csv =
            String::from_utf8(drift_table(&[test], &[regime], month + Months(9)).csv).unwrap();
        let row = csv.lines().nth(1).unwrap();
        assert!(
            row.starts_with(
                "2026-10,B,prognosefouten,product,Wmo,6.711,Hulp,lasten,signaal,2026-01,2026-04,72,-100.00,-1200.00,,-4.00,,,,2026-01,10,signaal B,model kent deze situatie niet,Vraag"
            ),
            "{row}"
        );
    }
}
