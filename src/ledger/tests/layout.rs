//! Files that are not one amount a row below a header in the first row.

use super::*;
use std::fmt::Write as _;

/// A ledger source of `grootboek*.csv` with these columns and more keys.
fn source(columns: &[(&str, &str)], more: &Value) -> Value {
    ledger_source(columns, more)
}

fn read_one(source: &Value, text: &str) -> Result<Ledger, String> {
    read_named("grootboek.csv", source, text)
}

fn read_named(name: &str, source: &Value, text: &str) -> Result<Ledger, String> {
    let mut source = source.clone();
    source["files"] = json!(name);
    try_read(&[source], &[(name, text.as_bytes())]).map_err(|error| error.to_string())
}

/// Booked month, service month, side and cents of every posting.
fn shown(ledger: &Ledger) -> Vec<String> {
    let mut shown: Vec<String> = ledger
        .postings
        .iter()
        .map(|p| {
            let side = ledger.lines[p.line as usize].side;
            format!("{} {} {side} {}", p.booked, p.service, p.amount)
        })
        .collect();
    shown.sort();
    shown
}

fn adds_up(ledger: &Ledger) {
    for account in &ledger.reconciliation {
        assert_eq!(account.difference(), Cents::ZERO, "{account:?}");
    }
}

const WIDE: &str = "Realisatie 2025;;;;;\n;;;;;\ncode;product;taakveld;jan-25;feb-25;Totaal\n\
    W1;Hulp;6.711;1.000,00;-5,00;995,00\nJ1;Jeugd;6.751;;20,50;20,50\nTotaal;;;1.000,00;15,50;1.015,50\n";

#[test]
fn a_column_per_month_below_titles() {
    let wide = source(
        &[("code", "code")],
        &json!({"header": 3, "wide": "booked", "leave_out": ["totaal*"]}),
    );
    let ledger = read_one(&wide, WIDE).unwrap();
    assert_eq!(
        shown(&ledger),
        [
            "2025-01 2025-01 lasten 1000.00",
            "2025-02 2025-02 lasten -5.00",
            "2025-02 2025-02 lasten 20.50"
        ]
    );
    let account = &ledger.reconciliation[0];
    let (read, mapped, left_out) = (Cents(203_100), Cents(101_550), Cents(101_550));
    assert_eq!(
        (account.read, account.mapped, account.left_out, account.rows),
        (read, mapped, left_out, 5)
    );
    assert_eq!(ledger.postings.iter().map(|p| p.origin.row).max(), Some(5));
    adds_up(&ledger);
}

#[test]
fn the_year_of_a_period_stands_in_the_row_the_source_or_the_name() {
    let periods = "jaar;code;P01;Periode 2;P13\n2024;W1;1;2;3\n";
    let expected = [
        "2024-01 2024-01 lasten 1.00",
        "2024-02 2024-02 lasten 2.00",
        "2025-03 2024-12 lasten 3.00",
    ];
    let wide = json!({"wide": "booked"});
    let by_row = source(&[("code", "code"), ("booked_year", "jaar")], &wide);
    assert_eq!(shown(&read_one(&by_row, periods).unwrap()), expected);
    let fixed =
        source(&[("code", "code")], &json!({"wide": "booked", "fixed": {"booked_year": "2024"}}));
    assert_eq!(shown(&read_one(&fixed, periods).unwrap()), expected);
    let bare = source(&[("code", "code")], &wide);
    assert_eq!(shown(&read_named("boeken 2024 v2.csv", &bare, periods).unwrap()), expected);
    let own = "code;2024P01;2024P02;2024P13\nW1;1;2;3\n";
    assert_eq!(shown(&read_one(&bare, own).unwrap()), expected);
    for (name, source, text, told) in [
        ("grootboek.csv", &bare, periods, "write booked_year = \"2025\" under [source.fixed]"),
        ("2023-2024.csv", &bare, periods, "the name of the file has not one"),
        ("grootboek.csv", &by_row, "jaar;code;jan-25\n2024;W1;1\n", "have their year already"),
        (
            "grootboek.csv",
            &bare,
            "code;jan-25;feb\nW1;1;2\n",
            "some months in the header have a year",
        ),
        (
            "grootboek.csv",
            &bare,
            "code;jan-25;2025-01\nW1;1;2\n",
            "column 2025-01: the header is the same",
        ),
        (
            "grootboek.csv",
            &bare,
            "code;bedrag\nW1;1\n",
            "no column is a month; it has: code, bedrag",
        ),
        (
            "grootboek.csv",
            &bare,
            "code;jan-25;feb-25\nW1;1;n.v.t.\n",
            "row 2, column feb-25: \"n.v.t.\" is not",
        ),
    ] {
        let message = read_named(name, source, text).unwrap_err();
        assert!(message.contains(told) && message.contains("what to do"), "{message}");
    }
}

#[test]
fn wide_snapshots_are_known_from_the_month_in_their_name() {
    let wide = source(
        &[("code", "code")],
        &json!({"files": "stand-*.csv", "wide": "service", "snapshots": true}),
    );
    let files: [(&str, &[u8]); 2] = [
        ("stand-2025-01.csv", b"code;januari;februari\nW1;100;\n"),
        ("stand-2025-02.csv", b"code;januari;februari\nW1;130;90\n"),
    ];
    let ledger = try_read(&[wide], &files).unwrap();
    assert_eq!(
        shown(&ledger),
        [
            "2025-01 2025-01 lasten 100.00",
            "2025-02 2025-01 lasten 30.00",
            "2025-02 2025-02 lasten 90.00"
        ]
    );
    assert!(ledger.has_service_months);
    adds_up(&ledger);
}

#[test]
fn years_with_other_columns_are_one_source() {
    let columns = json!({"files": "grootboek*.csv", "columns": {
        "booked": "maand", "code": ["code", "product"], "amount": ["bedrag", "Bedrag excl. btw"]}});
    let source = ledger_source(&[], &columns);
    let files: [(&str, &[u8]); 2] = [
        ("grootboek24.csv", b"maand;code;bedrag\n2024-01;W1;1\n"),
        ("grootboek25.csv", b"maand;product;Bedrag excl. btw\n2025-01;W1;2\n"),
    ];
    let ledger = try_read(std::slice::from_ref(&source), &files).unwrap();
    assert_eq!(shown(&ledger), ["2024-01 2024-01 lasten 1.00", "2025-01 2025-01 lasten 2.00"]);
    let both =
        read_one(&source, "maand;code;bedrag;Bedrag excl. btw\n2024-01;W1;1;2\n").unwrap_err();
    assert!(both.contains("has both \"bedrag\" and \"Bedrag excl. btw\" for \"amount\""), "{both}");
    let none = read_one(&source, "maand;code;btw\n2024-01;W1;1\n").unwrap_err();
    assert!(
        none.contains("has no column \"bedrag\" or \"Bedrag excl. btw\" for \"amount\""),
        "{none}"
    );
}

#[test]
fn debit_and_credit_are_one_amount() {
    let columns =
        [("booked", "maand"), ("code", "code"), ("amount", "Debet"), ("credit", "Credit")];
    let source = source(&columns, &json!({}));
    let text = "maand;code;Debet;Credit\n2025-01;W1;100,00;0,00\n2025-01;W1;;30,25\n2025-02;W1;5;5\n2025-03;W1;;\n";
    let ledger = read_one(&source, text).unwrap();
    let amounts: Vec<&str> = vec![
        "2025-01 2025-01 lasten -30.25",
        "2025-01 2025-01 lasten 100.00",
        "2025-02 2025-02 lasten -5.00",
        "2025-02 2025-02 lasten 5.00",
    ];
    assert_eq!(shown(&ledger), amounts);
    let message = read_one(&source, "maand;code;Debet;Credit\n2025-01;W1;1;x\n").unwrap_err();
    assert!(message.contains("row 2, column Credit: \"x\" is not an amount"), "{message}");
}

#[test]
fn only_our_rows_count_and_two_sources_may_share_a_file() {
    let plain = [("booked", "maand"), ("code", "code"), ("amount", "bedrag")];
    let of = |kind: &str, side: &str| {
        source(
            &plain,
            &json!({"files": "grootboek.csv", "only": {"soort": kind}, "fixed": {"side": side}}),
        )
    };
    let text = b"maand;code;soort;bedrag\n2025-01;W1;Kosten;10\n2025-01;W1;Opbrengst;4\n2025-01;W1;Budget;99\n";
    let files: [(&str, &[u8]); 1] = [("grootboek.csv", text)];
    let ledger = try_read(&[of("Kosten", "lasten"), of("opbreng*", "baten")], &files);
    // A pattern may hold the other value, so that the same rows could count twice.
    assert!(ledger.unwrap().files[2].duplicate_of.is_some());
    let ledger = try_read(&[of("Kosten", "lasten"), of("Opbrengst", "baten")], &files).unwrap();
    assert_eq!(shown(&ledger), ["2025-01 2025-01 baten 4.00", "2025-01 2025-01 lasten 10.00"]);
    assert_eq!((ledger.files[1].rows, ledger.files[1].skipped), (3, 2));
    let none = try_read(&[of("Lasten", "lasten")], &files).unwrap_err().to_string();
    assert!(
        none.contains("column soort: no row has Lasten; it holds, for instance: Kosten"),
        "{none}"
    );
    let column = source(&plain, &json!({"only": {"srt": "x"}}));
    let none = try_read(&[column], &files).unwrap_err().to_string();
    assert!(none.contains("has no column \"srt\" for [source.only]"), "{none}");
}

/// The money of two sources on one file, and whether the second was refused as a copy.
fn read_by_two(first: &Value, second: &Value) -> (String, bool) {
    let text = b"maand;code;product;soort;gemeente;bedrag;Debet;Credit\n\
        2025-01;W1;J1;lasten;Hengelo;10;10;0\n2025-01;J1;W1;baten;Almelo;4;4;0\n";
    let sources = [first.clone(), second.clone()];
    let ledger = try_read(&sources, &[("grootboek.csv", text)]).unwrap();
    let sum: Cents = ledger.postings.iter().map(|posting| posting.amount).sum();
    (sum.to_string(), ledger.files[2].duplicate_of.is_some())
}

#[test]
fn a_column_of_money_counts_once_however_two_sources_read_it() {
    let of = |columns: &[(&str, &str)], more: Value| {
        source(&[&[("booked", "maand")], columns].concat(), &more)
    };
    let columns = [("code", "code"), ("amount", "bedrag")];
    let plain = of(&columns, json!({}));
    let debit = of(&[("code", "code"), ("amount", "Debet")], json!({}));
    let balance = of(&[("code", "code"), ("amount", "Debet"), ("credit", "Credit")], json!({}));
    let by_product = of(&[("code", "product"), ("amount", "bedrag")], json!({}));
    let with_side = of(&[columns[0], columns[1], ("side", "soort")], json!({}));
    let lasten = of(&columns, json!({"fixed": {"side": "lasten"}}));
    let town = |name: &str| of(&columns, json!({"only": {"gemeente": name}}));
    for (first, second, expected) in [
        (&plain, &by_product, ("14.00", true)),
        (&plain, &lasten, ("14.00", true)),
        (&plain, &with_side, ("14.00", true)),
        (&town("Hengelo"), &town("hengelo"), ("10.00", true)),
        (&balance, &debit, ("14.00", true)),
        (&debit, &balance, ("14.00", true)),
        // Really apart: other money, or other rows.
        (&plain, &balance, ("28.00", false)),
        (&town("Hengelo"), &town("almelo"), ("14.00", false)),
    ] {
        let (sum, refused) = read_by_two(first, second);
        assert_eq!((&*sum, refused), expected, "{first} {second}");
    }
}

#[test]
fn a_month_of_a_wide_file_counts_once() {
    let text = b"code;soort;jan-25;feb-25\nW1;lasten;1;2\nJ1;lasten;4;8\n";
    let wide = |column: &str| source(&[("code", column)], &json!({"wide": "booked"}));
    let files: [(&str, &[u8]); 1] = [("grootboek.csv", text)];
    let ledger = try_read(&[wide("code"), wide("soort")], &files).unwrap();
    assert!(ledger.files[2].duplicate_of.is_some());
    assert_eq!(ledger.postings.iter().map(|posting| posting.amount).sum::<Cents>(), Cents(1500));
}

#[test]
fn thousands_missing_figures_and_own_words_for_sides() {
    let columns = [("booked", "maand"), ("code", "code"), ("side", "soort"), ("amount", "bedrag")];
    let more = json!({"unit": 1000, "missing": ["-99998", ".", ""], "sides": {"Uitgaven": "lasten", "inkomsten": "baten"}});
    let text = "maand;code;soort;bedrag\n2025-01;W1;uitgaven;1,5\n2025-01;W1;Inkomsten;0,0125\n\
        2025-02;W1;Uitgaven;-99998\n2025-02;W1;Uitgaven;.\n2025-02;W1;Uitgaven;\n2025-02;W1;Uitgaven;-99999\n";
    let ledger = read_one(&source(&columns, &more), text).unwrap();
    assert_eq!(
        shown(&ledger),
        [
            "2025-01 2025-01 baten 12.50",
            "2025-01 2025-01 lasten 1500.00",
            "2025-02 2025-02 lasten -99999000.00"
        ]
    );
    assert_eq!(ledger.files[1].skipped, 3);
}

#[test]
fn a_header_in_another_row_is_guessed() {
    let source = source(&[("booked", "maand"), ("code", "code"), ("amount", "bedrag")], &json!({}));
    let text = "Grootboek;;;\nper maand;;;\n\nmaand;code;bedrag;tekst\n2025-01;W1;1;a\n";
    let message = read_one(&source, text).unwrap_err();
    assert!(
        message.contains("row 1: is not the header") && message.contains("set header = 4 for"),
        "{message}"
    );
    let mut titled = source.clone();
    titled["header"] = json!(4);
    assert_eq!(shown(&read_one(&titled, text).unwrap()).len(), 1);
    // A header that is only misspelled is told as before.
    let message = read_one(&source, "maand;code;bedrg\n2025-01;W1;1\n").unwrap_err();
    assert!(message.contains("did you mean \"bedrg\""), "{message}");
}

#[test]
fn the_guard_looks_before_rows_are_left_out() {
    let source = source(
        &[("booked", "maand"), ("code", "code"), ("amount", "bedrag")],
        &json!({"only": {"gemeente": "Ons"}, "leave_out": ["Totaal*"]}),
    );
    let text = "maand;code;gemeente;tekst;bedrag\n2025-01;W1;Ons;a;1\n2025-01;W1;Ander;x@y.example;1\n\
        2025-01;Totaal;Ons;NL91ABNA0417164300;1\n";
    let message = read_one(&source, text).unwrap_err();
    assert!(message.contains("column tekst: looks like an e-mail address"), "{message}");
}

const IV3: &str = r#"{"metadata": {"overheidsnummer": "0164", "boekjaar": 2026, "periode": 0}, "contact": {},
    "data": {"lasten": [{"taakveld": "6.711", "categorie": "3.8", "bedrag": 100},
    {"taakveld": "6.711", "categorie": "1.1", "bedrag": 20}, {"taakveld": "0.1", "categorie": "1.1", "bedrag": 9}],
    "baten": [{"taakveld": "6.711", "categorie": "3.7", "bedrag": 7}]}}"#;

#[test]
fn iv3_is_a_budget_or_a_control_total() {
    let columns =
        json!({"year": "boekjaar", "taakveld": "taakveld", "side": "kant", "amount": "bedrag"});
    let iv3 = |kind: &str, more: &Value| {
        let mut source = json!({"kind": kind, "files": "iv3.json", "columns": columns});
        more.as_object().unwrap().iter().for_each(|(key, value)| source[key] = value.clone());
        beside(source, "iv3.json", IV3)
    };
    let ours = json!({"only": {"taakveld": "6.*"}});
    let ledger = iv3("budget", &ours).unwrap();
    let found: Vec<_> = ledger.budgets.iter().map(|b| (b.year, b.side, b.amount)).collect();
    assert_eq!(found, [(2026, Side::Lasten, Cents(12_000)), (2026, Side::Baten, Cents(700))]);
    let ledger = iv3("control_total", &ours).unwrap();
    let found: Vec<_> = ledger.controls.iter().map(|c| (c.year, c.side, c.amount)).collect();
    assert_eq!(found, [(2026, Side::Lasten, Cents(12_000)), (2026, Side::Baten, Cents(700))]);
    let message = iv3("budget", &json!({})).unwrap_err();
    assert!(
        message.contains("iv3.json, row 4, column taakveld: no line of the line table is"),
        "{message}"
    );
}

#[test]
fn published_iv3_is_read_for_one_municipality() {
    let text = "Gemeenten;Taakveld;Baten;Lasten;Provincie\nAalwijk;6.711 Huishoudelijke hulp (WMO);1.0;9.0;X\n\
        Meerdam;6.711 Huishoudelijke hulp (WMO);2.0;31.5;X\nMeerdam;0.1 Bestuur;2.0;3.0;X\nNederland;6.711 Huish..;3.0;40.0;\n";
    let of = |amount: &str, side: &str| {
        json!({"kind": "budget", "files": "begroting.csv", "delimiter": ";", "unit": 1000,
            "columns": {"taakveld": "Taakveld", "amount": amount},
            "fixed": {"side": side, "year": "2025", "version": "primitief"},
            "only": {"Gemeenten": "Meerdam", "Taakveld": ["6.6*", "6.7*"]}})
    };
    let ledger = format!("{PLAIN_HEADER}2026-01;2026-01;W1;L;1\n");
    let files = [("grootboek.csv", ledger.as_bytes()), ("begroting.csv", text.as_bytes())];
    let sources = [ledger_source(&PLAIN, &json!({})), of("Lasten", "lasten"), of("Baten", "baten")];
    let ledger = try_read(&sources, &files).unwrap();
    let found: Vec<_> = ledger.budgets.iter().map(|b| (b.side, b.amount, &*b.version)).collect();
    assert_eq!(
        found,
        [(Side::Lasten, Cents(3_150_000), "primitief"), (Side::Baten, Cents(200_000), "primitief")]
    );
}

#[test]
fn a_budget_may_have_a_column_per_year() {
    let years = json!({"wide": "year", "columns": {"code": "code"}, "fixed": {"side": "L"}});
    let ledger =
        beside(budget(&years), "begroting.csv", "code;2026;Jaar 2027;rekening 2025\nW1;10;20;5\n")
            .unwrap();
    let found: Vec<_> = ledger.budgets.iter().map(|b| (b.year, b.amount)).collect();
    assert_eq!(found, [(2026, Cents(1_000)), (2027, Cents(2_000))]);
    let controls = json!({"kind": "control_total", "files": "totalen.csv", "delimiter": ";", "wide": "month",
        "fixed": {"side": "lasten"}});
    let ledger = beside(controls, "totalen.csv", "taakveld;2026-01;2026-02\n6.711;1;3\n").unwrap();
    let found: Vec<_> = ledger.controls.iter().map(|c| (c.year, c.month, c.amount)).collect();
    assert_eq!(found, [(2026, Some(1), Cents(100)), (2026, Some(2), Cents(300))]);
}

proptest! {
    /// The same amounts as columns of months and as rows are the same postings.
    #[test]
    fn wide_is_long(cells in prop::collection::vec(prop::collection::vec(-500_i64..500, 4), 1..5)) {
        let heads = ["2025-11", "2025-12", "2026-01", "2026-02"];
        let mut wide = format!("code;{}\n", heads.join(";"));
        let mut long = String::from("maand;code;bedrag\n");
        for row in &cells {
            let texts: Vec<String> = row.iter().map(ToString::to_string).collect();
            writeln!(wide, "W1;{}", texts.join(";")).unwrap();
            for (head, text) in heads.iter().zip(&texts).filter(|(_, text)| *text != "0") {
                writeln!(long, "{head};W1;{text}").unwrap();
            }
        }
        prop_assume!(cells.iter().flatten().any(|&cell| cell != 0));
        let spread = read_one(&source(&[("code", "code")], &json!({"wide": "booked"})), &wide).unwrap();
        let columns = [("booked", "maand"), ("code", "code"), ("amount", "bedrag")];
        let plain = read_one(&source(&columns, &json!({})), &long).unwrap();
        prop_assert_eq!(shown(&spread), shown(&plain));
        prop_assert_eq!(&spread.reconciliation, &plain.reconciliation);
    }
}
