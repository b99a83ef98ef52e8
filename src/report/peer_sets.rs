//! `peers.csv` and `peers_samen.csv`: plan and outcome of every municipality in one closed year, and of all together.

use super::datasets::optional;
use super::table::{Layout, Table};
use crate::peers::{Act, Group, Peer, Peers};
use crate::units::{Level, Month, Wet};

pub(super) const MUNICIPALITIES: Layout = Layout {
    name: "peers",
    header: "as_of,jaar,niveau,wet,gemeente,gemeentegrootte,inwoners,begroting,rekening,afwijking,telt_mee,eigen",
};
pub(super) const TOGETHER: Layout = Layout {
    name: "peers_samen",
    header: "as_of,jaar,niveau,wet,groep,aantal,begroting,rekening,afwijking,mediaan,p10,p90,misser,meer_uitgegeven,plaats",
};

/// `peers`, one row per act and municipality, and `peers_samen`, one per act and group.
#[must_use]
pub fn peer_tables(peers: &Peers, as_of: Month) -> [Table; 2] {
    let start = |wet: Option<Wet>| {
        let level = if wet.is_some() { Level::Wet } else { Level::Totaal };
        vec![as_of.to_string(), peers.year.to_string(), level.to_string(), optional(wet)]
    };
    let each = |act: &Act| {
        let records = act.municipalities.iter().map(|peer| [start(act.wet), municipality(peer)]);
        records.map(|parts| parts.concat()).collect::<Vec<_>>()
    };
    let groups = |act: &Act| {
        let rank = optional(act.rank);
        let own = act.own().map_or("", |own| own.size.as_str());
        [("alle", &act.all, rank), (own, &act.like, String::new())]
            .map(|(name, group, rank)| [start(act.wet), together(name, group, rank)].concat())
    };
    [
        Table::new(MUNICIPALITIES, peers.acts.iter().flat_map(each)),
        Table::new(TOGETHER, peers.acts.iter().flat_map(groups)),
    ]
}

fn municipality(peer: &Peer) -> Vec<String> {
    let Peer { name, size, inhabitants, budget, accounts, own } = peer;
    let yes = |is: bool| if is { "ja" } else { "nee" }.to_owned();
    vec![
        name.clone(),
        size.clone(),
        inhabitants.to_string(),
        budget.to_string(),
        accounts.to_string(),
        optional(peer.counts().then(|| share(peer.error()))),
        yes(peer.counts()),
        yes(*own),
    ]
}

fn together(name: &str, group: &Group, rank: String) -> Vec<String> {
    let Group { count, budget, accounts, error, median, p10, p90, mean_abs, over } = group;
    let mut record = vec![name.to_owned(), count.to_string()];
    record.extend([budget, accounts].map(ToString::to_string));
    record.extend([error, median, p10, p90, mean_abs].map(|&value| share(value)));
    record.extend([over.to_string(), rank]);
    record
}

fn share(value: f64) -> String {
    format!("{value:.6}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{example, peers_example};

    #[test]
    fn both_tables_hold_what_was_compared() {
        let peers = peers_example::peers();
        let [each, together] = peer_tables(&peers, example::as_of());
        let text = |table: Table| String::from_utf8(table.csv).unwrap();
        let (each, together) = (text(each), text(together));
        assert_eq!(each.lines().count(), 1 + 3 * peers.acts[0].municipalities.len());
        assert_eq!(together.lines().count(), 1 + 3 * 2);
        let own = "2026-10,2023,wet,Jeugd,Voorbeeldstad,50000tot100000inwoners,80000,\
                   32000000.00,35200000.00,0.100000,ja,ja";
        assert!(each.lines().any(|line| line == own), "{each}");
        let all = &peers.acts[1].all;
        let start = format!("2026-10,2023,wet,Jeugd,alle,{},", all.count);
        let line = together.lines().find(|line| line.starts_with(&start)).unwrap();
        assert!(
            line.ends_with(&format!(",{},{}", all.over, peers.acts[1].rank.unwrap())),
            "{line}"
        );
    }
}
