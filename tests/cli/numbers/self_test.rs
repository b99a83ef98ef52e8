//! The tables of the page that tells how to go over the reliability. That a reader finds the rows of its examples
//! is tested in `reliable.rs`, on a run with a test on earlier years.

use super::data::DataSets;
use super::others::act;
use crate::dutch::{cents, exact, whole};
use crate::html::Shown;

/// One row of what was looked back on, column by column.
pub(super) fn example(shown: &Shown, data: &DataSets) {
    let found = data.table("hindsight").iter().any(|found| {
        let mut columns = shown.rows.iter().map(|row| (&row[1], &row[2]));
        found["status"] == "definitief"
            && columns.all(|(name, said)| exact(cents(&found[name])) == *said)
    });
    assert!(found && shown.rows.len() == 4, "hindsight.csv has no {:?}", shown.rows);
}

/// How many months were right per act, and with how few there is reason to worry.
pub(super) fn limits(shown: &Shown, data: &DataSets) {
    for row in &shown.rows {
        let (name, what) = row[0].rsplit_once(", ").unwrap();
        assert_eq!(what, "maanden", "this run has no test on earlier years");
        let found = data.row("terugblik", &[("wet", act(name))]);
        let [months, inside] = ["maanden", "binnen_band"].map(|n| found[n].parse::<u32>().unwrap());
        let fewest = fewest(months);
        let few = if inside < fewest { ": te weinig" } else { "" };
        let all =
            format!("{} {}", whole(months.into()), if months == 1 { "maand" } else { "maanden" });
        let worry = if fewest == 0 {
            format!("nog te weinig: {all}")
        } else {
            format!("minder dan {} van {all}", whole(fewest.into()))
        };
        let hits = format!("{} van de {}{few}", whole(inside.into()), whole(months.into()));
        assert_eq!(row[1..], [hits, worry], "{}", row[0]);
    }
}

/// The fewest hits that are not rare, one in forty or less, when each of `count` has a chance of 8 in 10.
fn fewest(count: u32) -> u32 {
    let mut chance = 0.2_f64.powi(count.try_into().unwrap());
    let mut below = 0.0;
    for hits in 0..count {
        below += chance;
        if below >= 0.025 {
            return hits;
        }
        chance *= f64::from(count - hits) / f64::from(hits + 1) * 4.0;
    }
    count
}
