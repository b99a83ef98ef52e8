//! Declarations that give service months, and snapshots that replace one another.

use super::*;
use crate::units::Months;
use std::collections::BTreeMap;

/// A posting without its origin, its line by name.
type Bare = (String, PostingKind, Month, Month, Cents);

fn bare(ledger: &Ledger) -> Vec<Bare> {
    let of = |p: &Posting| {
        (ledger.lines[p.line as usize].to_string(), p.kind, p.service, p.booked, p.amount)
    };
    ledger.postings.iter().map(of).collect()
}

/// Taakveld, service month, booking month and cents of each posting.
fn shown(ledger: &Ledger) -> Vec<String> {
    let of = |p: &Posting| {
        let taakveld = &ledger.lines[p.line as usize].taakveld;
        format!("{taakveld} {} {} {}", p.service, p.booked, p.amount)
    };
    ledger.postings.iter().map(of).collect()
}

fn adds_up(row: &Reconciliation) -> bool {
    let counted = row.mapped + row.unmapped + row.accruals + row.left_out;
    row.read == counted + row.superseded + row.refused
}

fn declarations() -> Value {
    json!({
        "kind": "declarations", "files": "declaraties*.csv", "delimiter": ";", "decimal": ",",
        "columns": {"booked": "b", "service": "s", "code": "c", "amount": "a"}
    })
}

const BOOKED: [(&str, &str); 3] = [("booked", "boekmaand"), ("code", "code"), ("amount", "bedrag")];

/// A ledger of booking months with declarations, each file whole.
fn divided(ledger: &str, declared: &str) -> Ledger {
    let ledger = format!("boekmaand;code;bedrag\n{ledger}");
    let declared = format!("b;s;c;a\n{declared}");
    let files = [("grootboek.csv", ledger.as_bytes()), ("declaraties.csv", declared.as_bytes())];
    try_read(&[ledger_source(&BOOKED, &json!({})), declarations()], &files).unwrap()
}

/// In January 3 : 1 was declared for December and January, so 10.01 is 7.5075 and 2.5025: the cent that
/// is left goes to December. In February nothing was declared: the same ages, 1 and 0 months.
#[test]
fn declarations_divide_the_money_of_a_booking_month() {
    let ledger = divided(
        "2025-12;W1;5\n2026-01;W1;10,01\n2026-01;W1;-4\n2026-02;W1;8\n2026-02;X9;1\n",
        "2026-01;2025-12;W1;300\n2026-01;2026-01;W1;100\n2026-01;2026-01;X8;7\n",
    );
    assert_eq!(
        shown(&ledger),
        [
            "6.711 2025-12 2025-12 5.00",
            "6.711 2025-12 2026-01 -3.00",
            "6.711 2025-12 2026-01 7.51",
            "6.711 2026-01 2026-01 -1.00",
            "6.711 2026-01 2026-01 2.50",
            "6.711 2026-01 2026-02 6.00",
            "6.711 2026-02 2026-02 2.00",
            "niet ingedeeld 2026-02 2026-02 1.00",
        ]
    );
    let told = &ledger.declarations;
    let counted = |rows, cents| Counted { rows, amount: Cents(cents) };
    assert_eq!(
        (told.rows, told.by_month, told.by_usual, told.kept),
        (3, counted(2, 601), counted(1, 800), counted(2, 600))
    );
    let line = &told.lines[0];
    assert_eq!((told.lines.len(), line.rows, line.months, line.covered), (1, 2, 3, 1));
    assert_eq!((&*told.unknown[0].code, told.unknown[0].first.row), ("X8", 4));
    let account = &ledger.reconciliation[0];
    assert_eq!((account.mapped, account.unmapped), (Cents(1901), Cents(100)));
    assert!(ledger.has_service_months && !ledger.as_of(month("2025-12")).has_service_months);
    assert!(ledger.as_of(month("2026-01")).has_service_months);
}

#[test]
fn a_part_is_on_the_line_of_its_own_month() {
    // J1 is on 6.72a through 2024 and on 6.751 from then on.
    let ledger = divided("2025-01;J1;10\n", "2025-01;2024-12;J1;1\n2025-01;2025-01;J1;4\n");
    assert_eq!(shown(&ledger), ["6.72a 2024-12 2025-01 2.00", "6.751 2025-01 2025-01 8.00"]);
    assert_eq!(ledger.reconciliation[0].mapped, Cents(1000));
}

#[test]
fn service_months_of_the_ledger_stand_above_declarations() {
    let text = format!("{PLAIN_HEADER}2026-02;2026-01;W1;L;10\n2026-02;;W1;L;10\n");
    let declared = "b;s;c;a\n2026-02;2025-01;W1;3\n";
    let files = [("grootboek.csv", text.as_bytes()), ("declaraties.csv", declared.as_bytes())];
    // A copy of the declarations counts once.
    let copy = [files[0], files[1], ("declaraties_b.csv", declared.as_bytes())];
    let ledger = try_read(&[declarations(), ledger_source(&PLAIN, &json!({}))], &copy).unwrap();
    assert_eq!(shown(&ledger), ["6.711 2026-01 2026-02 10.00", "6.711 2026-02 2026-02 10.00"]);
    assert_eq!((ledger.declarations.rows, ledger.declarations.lines[0].months), (1, 0));
    assert_eq!((ledger.rows_without_service, ledger.declarations.since), (1, None));
}

#[test]
fn sources_that_can_not_be_meant_are_told() {
    let read = |source: Value| {
        serde_json::from_value::<Source>(source).map(|_| ()).unwrap_err().to_string()
    };
    let mut bare = declarations();
    bare["columns"] = json!({"booked": "b", "code": "c", "amount": "a"});
    assert!(read(bare).contains("misses \"service\""));
    let mut dated = declarations();
    dated["snapshots"] = json!(true);
    assert!(read(dated).contains("snapshots = true belongs to a source of kind ledger"));
    let columns = [("code", "code"), ("amount", "bedrag")];
    let message = read(ledger_source(&columns, &json!({"snapshots": true})));
    assert!(message.contains("snapshots without \"booked\" need it"), "{message}");
}

const STATES: [(&str, &str); 4] =
    [("service", "maand"), ("code", "code"), ("kind", "soort"), ("amount", "bedrag")];

/// Snapshots without booking months: name and rows.
fn snapshots(files: &[(&str, &str)]) -> Result<Ledger, String> {
    let files: Vec<(&str, String)> = files
        .iter()
        .map(|&(name, rows)| (name, format!("maand;code;soort;bedrag\n{rows}")))
        .collect();
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    try_read(&[ledger_source(&STATES, &json!({"snapshots": true}))], &files)
        .map_err(|error| error.to_string())
}

/// Three snapshots; the last is of two files.
fn three() -> Ledger {
    snapshots(&[
        ("grootboek-2025-01.csv", "2025-01;W1;;60\n2025-01;W1;;40\n2025-01;X9;;7\n"),
        ("grootboek-2025-02.csv", "2025-01;W1;;110\n2025-02;W1;;90\n2025-02;W1;accrual;5\n"),
        ("grootboek-202503-a.csv", "2025-01;W1;;105\n2025-02;W1;;90\n"),
        ("grootboek-202503-b.csv", "2025-03;W1;;80\n2025-02;W1;accrual;5\n"),
    ])
    .unwrap()
}

#[test]
fn what_a_snapshot_adds_or_takes_back_is_known_from_its_month() {
    let ledger = three();
    assert_eq!(
        shown(&ledger),
        [
            "6.711 2025-01 2025-01 100.00",
            "6.711 2025-01 2025-02 10.00",
            "6.711 2025-01 2025-03 -5.00",
            "6.711 2025-02 2025-02 90.00",
            "6.711 2025-02 2025-02 5.00",
            "6.711 2025-03 2025-03 80.00",
            "niet ingedeeld 2025-01 2025-01 7.00",
            "niet ingedeeld 2025-01 2025-02 -7.00",
        ]
    );
    assert_eq!(ledger.postings[4].kind, PostingKind::Accrual);
    assert!(ledger.has_service_months);
    // The first row of a cell; of one that vanished the row where it stood.
    let origin = |at: usize| ledger.place(ledger.postings[at].origin).to_string();
    assert_eq!(origin(0), "grootboek-2025-01.csv, row 2");
    assert_eq!(origin(2), "grootboek-202503-a.csv, row 2");
    assert_eq!(origin(7), "grootboek-2025-01.csv, row 4");
}

#[test]
fn only_the_last_snapshot_counts_in_the_account() {
    let ledger = three();
    let amounts =
        |row: &Reconciliation| [row.read, row.mapped, row.accruals, row.superseded].map(|c| c.0);
    let account: Vec<[i64; 4]> = ledger.reconciliation.iter().map(amounts).collect();
    assert_eq!(
        account,
        [
            [10_700, 0, 0, 10_700],
            [20_500, 0, 0, 20_500],
            [19_500, 19_500, 0, 0],
            [8_500, 8_000, 500, 0]
        ]
    );
    assert!(ledger.reconciliation.iter().all(adds_up));
}

/// February lacks the 7 and March takes back 5; the late 10 of February is no revision.
#[test]
fn revisions_are_counted() {
    let ledger = three();
    let told = ledger
        .snapshots
        .iter()
        .map(|told| (told.month.to_string(), told.total.0, told.revised_cells, told.revised.0));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ("2025-01".into(), 10_700, 0, 0),
            ("2025-02".into(), 20_500, 1, 700),
            ("2025-03".into(), 28_000, 1, 500),
        ]
    );
    assert_eq!(ledger.snapshots[2].files, [3, 4]);
}

#[test]
fn a_booking_month_stands_unless_the_snapshot_before_held_it() {
    let columns =
        [("booked", "boekmaand"), ("service", "maand"), ("code", "code"), ("amount", "bedrag")];
    let header = "boekmaand;maand;code;bedrag\n";
    let one = format!("{header}2024-12;2024-11;W1;1\n2025-01;2025-01;W1;2\n2025-09;2025-01;W1;4\n");
    let two = format!(
        "{header}2024-12;2024-11;W1;1\n2025-01;2025-01;W1;3\n2025-02;2025-01;W1;8\n2025-09;2025-01;W1;4\n"
    );
    let files =
        [("grootboek-2025-01.csv", one.as_bytes()), ("grootboek-2025-03.csv", two.as_bytes())];
    let ledger = try_read(&[ledger_source(&columns, &json!({"snapshots": true}))], &files).unwrap();
    assert_eq!(
        shown(&ledger),
        [
            "6.711 2024-11 2024-12 1.00",
            "6.711 2025-01 2025-01 2.00",
            "6.711 2025-01 2025-01 4.00",
            "6.711 2025-01 2025-02 8.00",
            "6.711 2025-01 2025-03 1.00",
        ]
    );
    assert_eq!((ledger.snapshots[1].revised_cells, ledger.snapshots[1].revised), (1, Cents(100)));
}

/// 10 booked in January is divided 1 : 1. The second snapshot takes it back in March, when 0 : 1 was
/// declared: it is taken back from where it stood.
#[test]
fn what_is_taken_back_is_divided_as_it_was() {
    let header = "boekmaand;code;bedrag\n";
    let (one, two) = (format!("{header}2025-01;W1;10\n"), format!("{header}2025-03;W1;6\n"));
    let declared = "b;s;c;a\n2025-01;2024-12;W1;1\n2025-01;2025-01;W1;1\n2025-03;2025-03;W1;1\n";
    let files = [
        ("grootboek-2025-01.csv", one.as_bytes()),
        ("grootboek-2025-03.csv", two.as_bytes()),
        ("declaraties.csv", declared.as_bytes()),
    ];
    let source = ledger_source(&BOOKED, &json!({"snapshots": true}));
    let ledger = try_read(&[source, declarations()], &files).unwrap();
    assert_eq!(
        shown(&ledger),
        [
            "6.711 2024-12 2025-01 5.00",
            "6.711 2024-12 2025-03 -5.00",
            "6.711 2025-01 2025-01 5.00",
            "6.711 2025-01 2025-03 -5.00",
            "6.711 2025-03 2025-03 6.00",
        ]
    );
}

#[test]
fn two_snapshots_may_be_the_same_and_a_copy_counts_once() {
    let row = "2025-01;W1;;60\n2025-01;W1;;60\n";
    let ledger = snapshots(&[
        ("grootboek-2025-01.csv", row),
        ("grootboek-2025-02.csv", row),
        ("grootboek-2025-02b.csv", row),
    ])
    .unwrap();
    assert_eq!(shown(&ledger), ["6.711 2025-01 2025-01 120.00"]);
    let refused: Vec<Cents> = ledger.reconciliation.iter().map(|row| row.refused).collect();
    assert_eq!(refused, [0, 0, 12_000].map(Cents));
    // Only the last snapshot lists its repeated rows.
    assert_eq!((ledger.duplicates.len(), ledger.duplicates[0].row.file), (1, 2));
}

#[test]
fn snapshots_without_a_month_are_told() {
    let message = snapshots(&[
        ("grootboek-maart.csv", "2025-01;W1;;1\n"),
        ("grootboek-2025-02.csv", ";W1;;1\n"),
    ])
    .unwrap_err();
    assert!(
        message.contains("grootboek-maart.csv: \"grootboek-maart\" has no month in it"),
        "{message}"
    );
    assert!(message.contains("as in grootboek-2026-03.csv"), "{message}");
    assert!(
        message.contains("grootboek-2025-02.csv, row 2, column maand: the cell is empty"),
        "{message}"
    );
    let personal = "2025-01;W1;;1\n".repeat(3).replace(";;1", ";;1;123456782");
    let text = format!("maand;code;soort;bedrag;bsn\n{personal}");
    let files = [("grootboek-2025-01.csv", text.as_bytes())];
    let source = ledger_source(&STATES, &json!({"snapshots": true}));
    assert!(try_read(&[source], &files).unwrap_err().is_personal_data());
}

#[test]
fn a_control_total_is_for_all_snapshots_together() {
    let read = |row: &str| {
        let ledger = "maand;code;soort;bedrag\n2025-01;W1;;60\n";
        let total = format!("year,amount,file\n{row}\n");
        let files =
            [("grootboek-2025-01.csv", ledger.as_bytes()), ("controle.csv", total.as_bytes())];
        let control = json!({"kind": "control_total", "files": "controle.csv"});
        try_read(&[ledger_source(&STATES, &json!({"snapshots": true})), control], &files)
            .map(|ledger| ledger.controls.len())
            .map_err(|error| error.to_string())
    };
    assert_eq!(read("2025,60,"), Ok(1));
    let message = read("2025,60,grootboek-2025-01.csv").unwrap_err();
    assert!(
        message.contains("controle.csv, row 2: \"grootboek-2025-01.csv\" is a snapshot"),
        "{message}"
    );
}

/// A row of a ledger or of declarations: booking month, months before it, code and cents.
type Booked = (i32, i32, usize, i64);

fn booked_row() -> impl Strategy<Value = Booked> {
    (0..20_i32, 0..6_i32, 0..3_usize, -100_000..1_000_000_i64)
}

fn at(month: i32) -> Month {
    Month::january(2024) + Months(month)
}

fn code(code: usize) -> &'static str {
    ["W1", "J1", "X9"][code]
}

fn euros(cents: i64) -> String {
    Cents(cents).to_string().replace('.', ",")
}

fn ledger_rows(rows: &[Booked], through: i32) -> String {
    let known = rows.iter().filter(|row| row.0 <= through);
    let line = |&(b, _, c, cents): &Booked| format!("{};{};{}\n", at(b), code(c), euros(cents));
    known.map(line).collect()
}

fn declared_rows(rows: &[Booked], through: i32) -> String {
    let line = |&(b, age, c, cents): &Booked| {
        format!("{};{};{};{}\n", at(b), at(b - age), code(c), euros(cents))
    };
    rows.iter().filter(|row| row.0 <= through).map(line).collect()
}

/// A row of a snapshot: service month, booking month, code, whether an accrual, and cents.
type Stated = (i32, i32, usize, bool, i64);

fn stated_rows() -> impl Strategy<Value = Vec<Stated>> {
    let cents = prop::sample::select(vec![-500, 0, 700, 700, 1_200]);
    prop::collection::vec((0..4_i32, 0..14_i32, 0..3_usize, any::<bool>(), cents), 1..12)
}

/// Reads the snapshots of months 2, 4, 6, … with or without booking months.
fn read_states(states: &[Vec<Stated>], has_booked: bool) -> Ledger {
    let row = |&(service, booked, c, accrual, cents): &Stated| {
        let kind = if accrual { "accrual" } else { "" };
        format!("{};{};{};{kind};{}\n", at(service), at(booked), code(c), euros(cents))
    };
    let files: Vec<(String, String)> = (1..)
        .zip(states)
        .map(|(k, rows)| {
            let rows: String = rows.iter().map(row).collect();
            let header = "maand;boekmaand;code;soort;bedrag\n";
            (format!("grootboek-{}.csv", at(2 * k)), format!("{header}{rows}"))
        })
        .collect();
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let mut columns = STATES.to_vec();
    columns.extend(has_booked.then_some(("booked", "boekmaand")));
    try_read(&[ledger_source(&columns, &json!({"snapshots": true}))], &files).unwrap()
}

/// The sums per line, kind and service month that are not nil.
fn sums(ledger: &Ledger) -> BTreeMap<(String, PostingKind, Month), Cents> {
    let mut sums = BTreeMap::new();
    for (line, kind, service, _, amount) in bare(ledger) {
        *sums.entry((line, kind, service)).or_insert(Cents::ZERO) += amount;
    }
    sums.retain(|_, sum| *sum != Cents::ZERO);
    sums
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn division_keeps_every_cent_and_no_order_matters(
        (rows, shuffled) in prop::collection::vec(booked_row(), 1..25).prop_flat_map(|rows| {
            (Just(rows.clone()), Just(rows).prop_shuffle())
        }),
        (declared, mixed) in prop::collection::vec(booked_row(), 1..25).prop_flat_map(|rows| {
            (Just(rows.clone()), Just(rows).prop_shuffle())
        }),
    ) {
        let ledger = divided(&ledger_rows(&rows, 20), &declared_rows(&declared, 20));
        let mut per_row: BTreeMap<u32, Cents> = BTreeMap::new();
        for posting in &ledger.postings {
            *per_row.entry(posting.origin.row).or_default() += posting.amount;
        }
        let written: BTreeMap<u32, Cents> = (2..).zip(rows.iter().map(|row| Cents(row.3))).collect();
        prop_assert_eq!(per_row, written);
        prop_assert!(ledger.reconciliation.iter().all(adds_up));
        let counted: Cents = ledger.reconciliation.iter().map(|row| row.mapped + row.unmapped).sum();
        let panel = ledger.panel(month("2030-01"));
        prop_assert_eq!(panel.booked.values().flat_map(|booked| &booked.cents).sum::<Cents>(), counted);
        let told = &ledger.declarations;
        prop_assert_eq!(told.by_month.amount + told.by_usual.amount + told.kept.amount, counted);
        prop_assert_eq!(told.by_month.rows + told.by_usual.rows + told.kept.rows, rows.len());
        let other = divided(&ledger_rows(&shuffled, 20), &declared_rows(&mixed, 20));
        prop_assert_eq!(bare(&ledger), bare(&other));
        prop_assert_eq!(&ledger.declarations.lines, &other.declarations.lines);
    }

    #[test]
    fn later_declarations_change_nothing_that_was_known(
        rows in prop::collection::vec(booked_row(), 1..25),
        declared in prop::collection::vec(booked_row(), 0..25),
        through in 0..20_i32,
    ) {
        prop_assume!(rows.iter().any(|row| row.0 <= through));
        prop_assume!(declared.iter().any(|row| row.0 <= through));
        let whole = divided(&ledger_rows(&rows, 20), &declared_rows(&declared, 20));
        let then = divided(&ledger_rows(&rows, through), &declared_rows(&declared, through));
        let known = whole.as_of(at(through));
        prop_assert_eq!(bare(&known), bare(&then));
        prop_assert_eq!(known.has_service_months, then.has_service_months);
    }

    #[test]
    fn the_ledger_as_of_a_snapshot_is_that_snapshot(
        states in prop::collection::vec(stated_rows(), 1..5),
        has_booked in any::<bool>(),
    ) {
        let ledger = read_states(&states, has_booked);
        for (k, state) in (1..).zip(&states) {
            let known = ledger.as_of(at(2 * k));
            // One file on its own is one snapshot: its rows as they are.
            let alone = read_states(std::slice::from_ref(state), has_booked);
            prop_assert_eq!(sums(&known), sums(&alone));
            // And what came later changes nothing.
            let earlier = read_states(&states[..usize::try_from(k).unwrap()], has_booked);
            prop_assert_eq!(bare(&known), bare(&earlier));
        }
        prop_assert!(ledger.reconciliation.iter().all(adds_up));
        let count = |part: fn(&Reconciliation) -> Cents| ledger.reconciliation.iter().map(part).sum();
        let posted = |accruals: bool| ledger.postings.iter()
            .filter(|posting| (posting.kind == PostingKind::Accrual) == accruals)
            .map(|posting| posting.amount)
            .sum::<Cents>();
        prop_assert_eq!(posted(false), count(|row| row.mapped + row.unmapped));
        prop_assert_eq!(posted(true), count(|row| row.accruals));
    }

    #[test]
    fn the_order_of_snapshot_rows_does_not_matter(
        (rows, shuffled) in stated_rows().prop_flat_map(|rows| {
            (Just(rows.clone()), Just(rows).prop_shuffle())
        }),
        other in stated_rows(),
        has_booked in any::<bool>(),
    ) {
        let one = read_states(&[other.clone(), rows], has_booked);
        let two = read_states(&[other, shuffled], has_booked);
        prop_assert_eq!(bare(&one), bare(&two));
        prop_assert_eq!(one.snapshots, two.snapshots);
    }
}
