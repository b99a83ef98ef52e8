use super::*;
use std::path::Path;

const HEADER: &str = "Gemeenten;Taakveld;Baten;Lasten;Gemeentegrootte;Inwonertal\n";

/// A file of municipalities with their size, inhabitants, Wmo and Jeugd × € 1.000. Amounts lie on several taakvelden, and a total
/// row stands in it.
fn published(rows: &[(&str, &str, u32, u32, u32)]) -> Published {
    let row = |&(name, size, people, wmo, jeugd): &(&str, &str, u32, u32, u32)| {
        let line = |taakveld: &str, amount: u32| {
            format!("{name};{taakveld};0.0;{amount}.0;{size};{people}\n")
        };
        [
            line("6.6 Maatwerkvoorziening (WMO)", wmo / 2),
            line("6.71a Huishoudelijke hulp (WMO)", wmo - wmo / 2),
            line("6.72c Jeugdhulp dagbesteding", jeugd / 2),
            line("6.82b Jeugdreclassering", jeugd - jeugd / 2),
            line("6.2 Wijkteams", 7777),
            line("6.81a Beschermd wonen (WMO)", 7777),
        ]
        .concat()
    };
    let rows: String = rows.iter().map(row).collect();
    let total = "Nederland;6.6 Maatwerkvoorziening (WMO);0;1;;1\n";
    Published::of_bytes("iv3.csv", format!("{HEADER}{rows}{total}").as_bytes()).unwrap()
}

fn small() -> Result<Peers> {
    let budget = published(&[
        ("Adorp", "klein", 900, 1000, 2000),
        ("Beestad", "groot", 5000, 4000, 8000),
        ("Celdam", "klein", 800, 2000, 0),
        ("Delburg", "klein", 1000, 1000, 1000),
    ]);
    let accounts = published(&[
        ("Adorp", "klein", 900, 1100, 2500),
        ("Beestad", "groot", 5000, 3600, 8800),
        ("Celdam", "klein", 800, 2000, 1500),
        ("Delburg", "klein", 1000, 1300, 1100),
    ]);
    Peers::of(2023, "gemeente adorp", &budget, &accounts)
}

#[test]
fn each_municipality_is_compared_with_its_own_plan() {
    let peers = small().unwrap();
    assert_eq!((peers.year, &*peers.own), (2023, "Adorp"));
    let [wmo, jeugd, both] = &peers.acts[..] else { panic!() };
    let errors =
        |act: &Act| act.counted().map(|peer| (peer.name.clone(), peer.error())).collect::<Vec<_>>();
    // 300 of 1000, 100 of 1000, 0 of 2000 and −400 of 4000.
    let expected = [("Delburg", 0.3), ("Adorp", 0.1), ("Celdam", 0.0), ("Beestad", -0.1)];
    for ((name, error), (of, by)) in errors(wmo).iter().zip(expected) {
        assert!(name == of && (error - by).abs() < 1e-12, "{name} {error}");
    }
    assert_eq!((wmo.rank, jeugd.rank, both.rank), (Some(2), Some(1), Some(2)));
    // 8000 budgeted and 8000 spent; the middle of .0 and .1; two of four above.
    let Group { count, error, median, mean_abs, over, .. } = wmo.all;
    assert_eq!((count, over), (4, 2));
    assert!(
        error.abs() < 1e-12 && (median - 0.05).abs() < 1e-12 && (mean_abs - 0.125).abs() < 1e-12
    );
    // Celdam budgeted nothing for Jeugd: it does not count there, and stands last.
    assert_eq!((jeugd.all.count, jeugd.like.count), (3, 2));
    assert_eq!(jeugd.municipalities.last().unwrap().name, "Celdam");
    assert_eq!(both.all.count, 4);
    assert_eq!(wmo.all.budget, Cents(800_000_000));
}

#[test]
fn the_nearest_are_those_of_nearly_our_size() {
    let peers = small().unwrap();
    let names = |act: &Act| act.nearest().iter().map(|peer| peer.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&peers.acts[0]), ["Celdam", "Delburg", "Beestad"]);
    assert_eq!(names(&peers.acts[1]), ["Delburg", "Beestad"]);
    assert_eq!(peers.acts[0].own().unwrap().inhabitants, 900);
}

#[test]
fn an_unknown_municipality_is_guessed() {
    let file = published(&[("Hengelo", "groot", 9, 1, 1), ("Almelo", "groot", 9, 1, 1)]);
    let error = Peers::of(2023, "Gemeente Hengeloo", &file, &file).unwrap_err().to_string();
    assert!(
        error.starts_with("iv3.csv: has no municipality \"Hengeloo\"; did you mean \"Hengelo\"?"),
        "{error}"
    );
    assert!(error.contains("name = \"Hengelo\""), "{error}");
    // Less than half a million: it is there, and does not count.
    let peers = Peers::of(2023, "Hengelo", &file, &file).unwrap();
    assert!(peers.acts.iter().all(|act| act.rank.is_none() && act.own().is_some()));
    assert_eq!(peers.acts[0].all, Group::default());
}

#[test]
fn a_municipality_of_one_file_only_does_not_count() {
    let budget = published(&[("Adorp", "k", 9, 1000, 1000), ("Oud", "k", 9, 1000, 1000)]);
    let accounts = published(&[("Adorp", "k", 9, 1000, 1000), ("Nieuw", "k", 9, 1000, 1000)]);
    let peers = Peers::of(2023, "Adorp", &budget, &accounts).unwrap();
    assert_eq!((peers.acts[0].municipalities.len(), peers.acts[0].all.count), (3, 1));
    assert!(Peers::of(2023, "Oud", &budget, &accounts).is_err());
}

#[test]
fn capitals_do_not_tell_municipalities_apart() {
    let budget = published(&[("Adorp", "k", 9, 1000, 1000), ("'s-Beestad", "k", 9, 1000, 1000)]);
    let accounts = published(&[("ADORP", "k", 9, 1100, 900), ("'S-BEESTAD", "k", 9, 1000, 1000)]);
    let peers = Peers::of(2023, "adorp", &budget, &accounts).unwrap();
    let wmo = &peers.acts[0];
    assert_eq!((&*peers.own, wmo.municipalities.len(), wmo.all.count), ("ADORP", 2, 2));
    assert_eq!((wmo.rank, wmo.own().unwrap().counts()), (Some(1), true));
    let both = published(&[("Adorp", "k", 9, 1000, 1000), ("ADORP", "k", 9, 1000, 1000)]);
    let message = Peers::of(2023, "adorp", &budget, &both).unwrap_err().to_string();
    assert!(message.starts_with("iv3.csv: has both \"ADORP\" and \"Adorp\""), "{message}");
}

/// The figures that all municipalities delivered over 2023, to the printed digit. They are no part of the project: without
/// them this test says so and passes.
#[test]
fn the_published_figures_of_2023_are_reproduced() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/iv3");
    let read = |name: &str| {
        let file = format!("gemeenten_2023_{name}.csv");
        std::fs::read(folder.join(&file))
            .ok()
            .map(|bytes| Published::of_bytes(&file, &bytes).unwrap())
    };
    let (Some(budget), Some(accounts)) = (read("begroting"), read("jaarrekening")) else {
        eprintln!("SKIPPED: the Iv3 figures are not there (../shared/data/iv3)");
        return;
    };
    let peers = Peers::of(2023, "Gemeente Hengelo", &budget, &accounts).unwrap();
    let printed = |act: &Act| {
        let Group { count, error, median, p10, p90, mean_abs, .. } = act.all;
        let own = act.own().unwrap().error();
        let figures = [error, median, p10, p90, mean_abs, own];
        (count, figures.map(|share| format!("{:+.1}", 100.0 * share)).join(" "))
    };
    let found: Vec<(usize, String)> = peers.acts.iter().map(printed).collect();
    assert_eq!(found[0], (336, "-0.7 +1.8 -11.6 +15.2 +11.8 -1.8".to_owned()));
    assert_eq!(found[1], (333, "+14.1 +11.6 -5.9 +34.1 +18.8 +11.1".to_owned()));
    assert_eq!(found[2], (338, "+7.6 +6.3 -4.6 +21.8 +13.7 +5.0".to_owned()));
    let youth = &peers.acts[1];
    assert_eq!(youth.municipalities.len(), 342);
    // 81 % overspent; 5,46 and 6,22 billion.
    assert_eq!((100 * youth.all.over + 166) / 333, 81);
    let billions =
        [youth.all.budget, youth.all.accounts].map(|c| format!("{:.2}", c.euros() / 1e9));
    assert_eq!(billions, ["5.46", "6.22"]);
}
