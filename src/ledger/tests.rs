//! Whole workspaces: files in, ledger or error out.

use super::*;
use crate::error::Error;
use crate::units::{Cents, LineId, Month, Side, Wet};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::Path;

mod layout;
mod proposals;
mod sources;

const LINES: &str = "code,geldig_van,geldig_tot,wet,taakveld,product\n\
    W1,,,Wmo,6.711,Huishoudelijke hulp\n\
    J1,,2024-12,Jeugd,6.72a,Ambulant\n\
    J1,2025-01,,Jeugd,6.751,Ambulant\n";

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// A ledger source over `columns` (our name and theirs), and more keys.
fn ledger_source(columns: &[(&str, &str)], more: &Value) -> Value {
    let mut source =
        json!({"kind": "ledger", "files": "grootboek*.csv", "delimiter": ";", "decimal": ","});
    source["columns"] =
        columns.iter().map(|(ours, theirs)| ((*ours).to_owned(), json!(theirs))).collect();
    more.as_object().unwrap().iter().for_each(|(key, value)| source[key] = value.clone());
    source
}

const PLAIN: [(&str, &str); 5] = [
    ("booked", "boekmaand"),
    ("service", "maand"),
    ("code", "code"),
    ("side", "soort"),
    ("amount", "bedrag"),
];
const PLAIN_HEADER: &str = "boekmaand;maand;code;soort;bedrag\n";

fn try_read(sources: &[Value], files: &[(&str, &[u8])]) -> Result<Ledger, Error> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("indeling.csv"), LINES).unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    read_in(folder.path(), sources)
}

fn read_in(root: &Path, sources: &[Value]) -> Result<Ledger, Error> {
    let options = json!({"source": sources, "lines": {"table": "indeling.csv"}});
    Ledger::read(&Files::in_folder(root), &serde_json::from_value(options).unwrap())
}

fn plain(rows: &str) -> Result<Ledger, String> {
    let text = format!("{PLAIN_HEADER}{rows}");
    try_read(&[ledger_source(&PLAIN, &json!({}))], &[("grootboek.csv", text.as_bytes())])
        .map_err(|e| e.to_string())
}

fn budget(more: &Value) -> Value {
    let mut source =
        json!({"kind": "budget", "files": "begroting.csv", "delimiter": ";", "decimal": ","});
    more.as_object().unwrap().iter().for_each(|(key, value)| source[key] = value.clone());
    source
}

/// Reads a plain ledger and one other file.
fn beside(source: Value, file: &str, text: &str) -> Result<Ledger, String> {
    let ledger = format!("{PLAIN_HEADER}2026-01;2026-01;W1;L;1\n");
    let files = [("grootboek.csv", ledger.as_bytes()), (file, text.as_bytes())];
    try_read(&[ledger_source(&PLAIN, &json!({})), source], &files)
        .map_err(|error| error.to_string())
}

/// Every column a ledger may map.
const COLUMNS: [(&str, &str); 7] = [
    ("booked_year", "jaar"),
    ("booked_period", "periode"),
    ("service", "maand"),
    ("code", "code"),
    ("side", "soort"),
    ("amount", "bedrag"),
    ("kind", "boekingssoort"),
];

/// Two years with every kind of row.
fn mixed() -> Ledger {
    let text = "jaar;periode;maand;code;soort;boekingssoort;bedrag\n\
        2024;0;2024-01;W1;lasten;regulier;1.000,00\n\
        2024;3;2024-02;W1;lasten;regulier;100,10\n\
        2024;4;;W1;Lasten;Regulier;1,00\n\
        2024;12;2024-12;W1;L;transitorisch;50,00\n\
        2024;13;2024-06;J1;L;regulier;7,00\n\
        2024;13;2024-12;W1;L;transitorisch;2,00\n\
        2025;1;2025-01;J1;L;;9,00\n\
        2025;1;2025-01;X9;B;regulier;-3,00\n";
    let source = ledger_source(
        &COLUMNS,
        &json!({
            "baten_sign": -1, "kinds": {"regulier": "regular", "transitorisch": "accrual"}
        }),
    );
    try_read(&[source], &[("grootboek.csv", text.as_bytes())]).unwrap()
}

#[test]
fn every_cent_has_its_place() {
    let ledger = mixed();
    let lasten = &ledger.reconciliation[0];
    assert_eq!(
        [
            lasten.read,
            lasten.mapped,
            lasten.accruals,
            lasten.left_out,
            lasten.unmapped,
            lasten.refused
        ],
        [116_910, 11_710, 5_200, 100_000, 0, 0].map(Cents)
    );
    let baten = &ledger.reconciliation[1];
    assert_eq!(
        (baten.side, baten.rows, baten.read, baten.unmapped),
        (Some(Side::Baten), 1, Cents(300), Cents(300))
    );
    assert_eq!(ledger.unmapped[0].code, "X9");
    assert_eq!((ledger.unmapped[0].amount, ledger.unmapped[0].first.row), (Cents(-300), 9));
    assert_eq!((ledger.has_service_months, ledger.rows_without_service), (true, 1));
}

#[test]
fn closing_entries_stand_in_december() {
    let ledger = mixed();
    let closing =
        ledger.postings.iter().find(|posting| posting.kind == PostingKind::Closing).unwrap();
    // Period 13 of 2024: service December, known from March 2025, and in 2024 still on the old line.
    assert_eq!((closing.service, closing.booked), (month("2024-12"), month("2025-03")));
    assert_eq!(ledger.lines[closing.line as usize].taakveld, "6.72a");
    let panel = ledger.panel(month("2025-03"));
    let lines: Vec<String> = panel.series.keys().map(LineId::to_string).collect();
    assert_eq!(
        lines,
        [
            "Wmo / 6.711 / Huishoudelijke hulp / lasten",
            "Jeugd / 6.72a / Ambulant / lasten",
            "Jeugd / 6.751 / Ambulant / lasten",
            "Gezamenlijk / niet ingedeeld / niet ingedeeld / baten",
        ]
    );
    assert_eq!(ledger.files[1].rows, 8);
}

#[test]
fn a_booking_date_wins_over_the_closing_rule() {
    let columns = [
        ("booked", "datum"),
        ("booked_year", "jaar"),
        ("booked_period", "periode"),
        ("code", "code"),
        ("amount", "bedrag"),
    ];
    let text = "datum;jaar;periode;code;bedrag\n15-02-2025;2024;13;W1;5\n;2024;14;W1;6\n03-04-2024;2024;3;W1;7\n";
    let ledger =
        try_read(&[ledger_source(&columns, &json!({}))], &[("grootboek.csv", text.as_bytes())])
            .unwrap();
    let known: Vec<(String, String)> =
        ledger.postings.iter().map(|p| (p.service.to_string(), p.booked.to_string())).collect();
    let expected = [("2024-03", "2024-04"), ("2024-12", "2025-02"), ("2024-12", "2025-03")];
    assert_eq!(known, expected.map(|(service, booked)| (service.to_owned(), booked.to_owned())));
    assert!(!ledger.has_service_months);
}

#[test]
fn service_may_be_year_and_period() {
    let columns = [
        ("booked", "boekmaand"),
        ("service_year", "jaar"),
        ("service_period", "periode"),
        ("code", "code"),
        ("amount", "bedrag"),
    ];
    let read = |row: &str| {
        let text = format!("boekmaand;jaar;periode;code;bedrag\n202503;{row};W1;5\n");
        try_read(&[ledger_source(&columns, &json!({}))], &[("grootboek.csv", text.as_bytes())])
            .map(|ledger| ledger.postings[0].service.to_string())
            .map_err(|error| error.to_string())
    };
    assert_eq!(read("2025;2"), Ok("2025-02".into()));
    assert_eq!(read("2024;13"), Ok("2024-12".into()));
    assert_eq!(read(";"), Ok("2025-03".into()));
    assert!(read("2025;").unwrap_err().contains("but not both"));
    assert!(read("2025;0").unwrap_err().contains("not a service period"));
}

#[test]
fn the_same_bytes_count_once() {
    let text = format!(
        "{PLAIN_HEADER}2025-01;2025-01;W1;L;10\n2025-01;2025-01;W1;L;10\n2025-01;2025-01;W1;L;11\n"
    );
    let files = [("grootboek_a.csv", text.as_bytes()), ("grootboek_b.csv", text.as_bytes())];
    let ledger = try_read(&[ledger_source(&PLAIN, &json!({}))], &files).unwrap();
    assert_eq!(ledger.postings.len(), 3);
    assert_eq!(ledger.files[2].duplicate_of.as_deref(), Some("grootboek_a.csv"));
    assert_eq!(
        (ledger.reconciliation[1].read, ledger.reconciliation[1].refused),
        (Cents(3100), Cents(3100))
    );
    let repeated = &ledger.duplicates[..];
    assert_eq!(
        (repeated.len(), repeated[0].row.row, repeated[0].of.row, repeated[0].amount),
        (1, 3, 2, Cents(1000))
    );
}

#[test]
fn a_file_with_two_columns_of_amounts_is_read_for_each() {
    let text = b"maand;code;zorg;beheer\n2025-01;W1;10;3\n";
    let of = |amount| {
        ledger_source(&[("booked", "maand"), ("code", "code"), ("amount", amount)], &json!({}))
    };
    let sources = [of("zorg"), of("beheer"), of("zorg")];
    let ledger = try_read(&sources, &[("grootboek.csv", text)]).unwrap();
    let amounts: Vec<Cents> = ledger.postings.iter().map(|posting| posting.amount).collect();
    assert_eq!(amounts, [Cents(300), Cents(1000)]);
    assert_eq!(ledger.files[3].duplicate_of.as_deref(), Some("grootboek.csv"));
}

#[test]
fn lines_without_postings_stand_too() {
    let ledger = plain("2025-01;2025-01;W1;B;10\n").unwrap();
    let names: Vec<String> = ledger.lines.iter().map(LineId::to_string).collect();
    assert_eq!(
        names,
        [
            "Wmo / 6.711 / Huishoudelijke hulp / baten",
            "Jeugd / 6.72a / Ambulant / lasten",
            "Jeugd / 6.751 / Ambulant / lasten",
        ]
    );
}

#[test]
fn a_line_ends_with_its_last_code() {
    let ledger = plain("2025-01;2024-11;J1;B;10\n2025-01;2025-01;X9;L;1\n").unwrap();
    // J1 is on 6.72a through December 2024 and open on 6.751; the other lines never end.
    let ended: Vec<String> =
        ledger.valid_through.iter().map(|(line, last)| format!("{line} {last}")).collect();
    assert_eq!(ended, ["Jeugd / 6.72a / Ambulant / baten 2024-12"]);
    assert_eq!(ledger.panel(month("2025-01")).ended, ledger.valid_through);
    assert!(ledger.panel(month("2024-12")).ended.is_empty());
}

#[test]
fn all_bad_cells_are_told_at_once() {
    let message =
        plain("2025-01;2025-13;W1;L;1\n2025-01;;W1;L;12x\n2025-01;2025-01;W1;uit;1\n").unwrap_err();
    assert!(
        message.contains("grootboek.csv, row 2, column maand: \"2025-13\" is not a month"),
        "{message}"
    );
    assert!(
        message.contains("grootboek.csv, row 3, column bedrag: \"12x\" is not an amount"),
        "{message}"
    );
    assert!(
        message.contains("grootboek.csv, row 4, column soort: \"uit\" is neither lasten nor baten"),
        "{message}"
    );
    let many = plain(&"2025-01;2025-01;W1;L;x\n".repeat(25)).unwrap_err();
    assert!(many.ends_with("… and 5 more"), "{many}");
}

#[test]
fn missing_columns_and_files_are_told() {
    let header = "boekmaand;maand;code;srt;bedrg\n2025-01;2025-01;W1;L;1\n";
    let source = || [ledger_source(&PLAIN, &json!({}))];
    let message =
        try_read(&source(), &[("grootboek.csv", header.as_bytes())]).unwrap_err().to_string();
    assert!(message.contains(
        "has no column \"bedrag\" for \"amount\"; it has: boekmaand, maand, code, srt, bedrg"
    ));
    assert!(message.contains("did you mean \"bedrg\"?"), "{message}");
    assert!(message.contains("has no column \"soort\""), "{message}");
    let message = try_read(&source(), &[]).unwrap_err().to_string();
    assert_eq!(message.lines().next(), Some("grootboek*.csv: matches no file"));
    let twice = "boekmaand;maand;code;soort;bedrag;bedrag\n2025-01;2025-01;W1;L;1;2\n";
    let message =
        try_read(&source(), &[("grootboek.csv", twice.as_bytes())]).unwrap_err().to_string();
    assert!(message.contains("the column \"bedrag\" stands 2 times in the header"), "{message}");
    let message = try_read(&[budget(&json!({}))], &[]).unwrap_err().to_string();
    assert!(message.starts_with("prognose.toml: there is no source of kind ledger"), "{message}");
}

#[test]
fn a_folder_and_an_unknown_kind_are_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("indeling.csv"), LINES).unwrap();
    std::fs::create_dir(folder.path().join("grootboek")).unwrap();
    let read = |files: &str| {
        read_in(folder.path(), &[ledger_source(&PLAIN, &json!({"files": files}))])
            .unwrap_err()
            .to_string()
    };
    assert!(read("grootboek").starts_with(
        "grootboek: is a folder\n  what to do: name the files in it, as in \"grootboek/*.csv\""
    ));
    assert!(read("grootboek/*.csv").starts_with("grootboek/*.csv: matches no file"));
    assert!(read("[").starts_with("[: is not a file pattern"));
    assert!(read("indeling.csv").contains("the header is a single column"));
}

#[test]
fn personal_data_stands_above_other_errors() {
    let bad = format!("{PLAIN_HEADER}2025-01;2025-13;W1;L;1\n");
    let personal = "boekmaand;maand;code;soort;bedrag;bsn\n2025-01;2025-13;W1;L;1;123456782\n";
    let files = [("grootboek_a.csv", bad.as_bytes()), ("grootboek_b.csv", personal.as_bytes())];
    let error = try_read(&[ledger_source(&PLAIN, &json!({}))], &files).unwrap_err();
    let text = error.to_string();
    assert!(error.is_personal_data() && text.starts_with("grootboek_b.csv, column bsn"), "{text}");
    assert!(!text.contains("grootboek_a") && !text.contains("123456782"), "{text}");
}

#[test]
fn an_unknown_kind_names_the_accepted_ones() {
    let columns = [("booked", "maand"), ("code", "code"), ("amount", "bedrag"), ("kind", "soort")];
    let source = ledger_source(&columns, &json!({"kinds": {"Transitorisch": "accrual"}}));
    let text = "maand;code;bedrag;soort\n2025-01;W1;1;TRANSITORISCH\n2025-01;W1;1;raar\n";
    let message =
        try_read(&[source], &[("grootboek.csv", text.as_bytes())]).unwrap_err().to_string();
    assert!(
        message.contains("row 3, column soort: \"raar\" is not a kind of posting"),
        "{message}"
    );
    assert!(message.contains("use one of: transitorisch, regular, accrual, closing"), "{message}");
}

#[test]
fn workbooks_and_parquet_hold_numbers() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("Blad1").unwrap();
    for (column, header) in (0..).zip(["boekmaand", "maand", "code", "soort", "bedrag"]) {
        sheet.write(0, column, header).unwrap();
    }
    sheet.write(1, 0, 202_501).unwrap();
    sheet.write(1, 1, "2025-01").unwrap();
    sheet.write(1, 2, "W1").unwrap();
    sheet.write(1, 3, "L").unwrap();
    sheet.write(1, 4, 1.25).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let source = ledger_source(&PLAIN, &json!({"files": "grootboek.xlsx"}));
    let ledger = try_read(&[source], &[("grootboek.xlsx", &bytes)]).unwrap();
    assert_eq!(ledger.postings[0].amount, Cents(125));
    assert_eq!(ledger.reconciliation[0].file, "grootboek.xlsx#Blad1");
    assert_eq!(
        ledger.place(ledger.postings[0].origin).to_string(),
        "grootboek.xlsx, sheet Blad1, row 2"
    );
}

#[test]
fn declarations_are_checked_and_not_counted() {
    let source = json!({
        "kind": "declarations", "files": "declaraties.csv",
        "columns": {"booked": "b", "service": "s", "code": "c", "amount": "a"}
    });
    let ledger =
        beside(source.clone(), "declaraties.csv", "b,s,c,a\n2025-01,2025-01,W1,5\n").unwrap();
    assert_eq!(
        (ledger.postings.len(), ledger.reconciliation.len(), ledger.files[2].rows),
        (1, 1, 1)
    );
    assert!(
        beside(source, "declaraties.csv", "b,s,c,a\n2025-01,2025-01,W1,x\n")
            .unwrap_err()
            .contains("\"x\" is not an amount")
    );
}

#[test]
fn budgets_add_up_within_a_version() {
    let text = "year;code;side;amount;version;adopted\n\
        2026;J1;L;10;primitief;\n2026;J1;L;5,50;primitief;\n2026;J1;L;20;gewijzigd;2026-07\n2024;J1;L;1;primitief;2023-11\n";
    let ledger = beside(budget(&json!({})), "begroting.csv", text).unwrap();
    let rows: Vec<(i32, Option<&str>, i64, String)> = ledger
        .budgets
        .iter()
        .map(|row| (row.year, row.scope.taakveld.as_deref(), row.amount.0, row.adopted.to_string()))
        .collect();
    assert_eq!(
        rows,
        [
            (2024, Some("6.72a"), 100, "2023-11".into()),
            (2026, Some("6.751"), 1550, "2026-01".into()),
            (2026, Some("6.751"), 2000, "2026-07".into()),
        ]
    );
    assert_eq!(ledger.budgets_as_of(month("2026-06"))[1].version, "primitief");
}

#[test]
fn budgets_that_contradict_are_told() {
    for (rows, expected) in [
        (
            "2026;J1;L;1;a;\n2026;J1;L;1;b;",
            "row 3: version \"b\" of 2026 is not the first and has no month",
        ),
        (
            "2026;J1;L;1;a;2026-02\n2026;J1;L;1;a;2026-03",
            "row 3: version \"a\" of 2026 was adopted in 2026-02 and in 2026-03",
        ),
        (
            "2026;J1;L;1;a;2026-02\n2026;J1;L;1;b;2026-02",
            "row 3: versions \"a\" and \"b\" of 2026 were both adopted in 2026-02",
        ),
        ("2026;X9;L;1;a;", "row 2, column code: code \"X9\" is not in the line table in 2026"),
        ("26;J1;L;1;a;", "row 2, column year: \"26\" is not a year"),
    ] {
        let text = format!("year;code;side;amount;version;adopted\n{rows}\n");
        let message = beside(budget(&json!({})), "begroting.csv", &text).unwrap_err();
        assert!(message.contains(expected), "{message}");
    }
    let message =
        beside(budget(&json!({})), "begroting.csv", "year;side;amount\n2026;L;1\n").unwrap_err();
    assert!(message.contains("has no column that says what the amounts are for"), "{message}");
    let message = beside(budget(&json!({})), "begroting.csv", "year;taakveld;amount\n2026;6.9;1\n")
        .unwrap_err();
    assert!(message.contains("column taakveld: no line of the line table is \"6.9\""), "{message}");
}

#[test]
fn names_get_the_wet_and_taakveld_they_stand_under() {
    let scope = |row: &str| {
        let text = format!("year;wet;taakveld;product;amount\n{row};1\n");
        let ledger = beside(budget(&json!({})), "begroting.csv", &text)?;
        let Scope { wet, taakveld, product } = ledger.budgets[0].scope.clone();
        Ok::<_, String>((wet, taakveld.unwrap_or_default(), product.unwrap_or_default()))
    };
    let of = |wet, taakveld: &str, product: &str| Ok((wet, taakveld.into(), product.into()));
    assert_eq!(scope("2026;;6.711;"), of(Some(Wet::Wmo), "6.711", ""));
    // The product moved to another taakveld in 2025.
    assert_eq!(scope("2024;;;Ambulant"), of(Some(Wet::Jeugd), "6.72a", "Ambulant"));
    assert_eq!(scope("2026;;;Ambulant"), of(Some(Wet::Jeugd), "6.751", "Ambulant"));
    assert_eq!(scope("2026;Jeugd;;"), of(Some(Wet::Jeugd), "", ""));
    assert_eq!(scope("2026;;;"), of(None, "", ""));
}

#[test]
fn human_forecasts_and_controls() {
    let human = json!({
        "kind": "human_forecast", "files": "rapportages.csv",
        "columns": {"year": "jaar", "made": "gemaakt", "name": "naam"}
    });
    let text = "jaar,wet,side,amount,gemaakt,naam\n2026,Jeugd,lasten,100,2026-05,1e beleidsrapportage\n2026,Jeugd,lasten,50,2026-05,1e beleidsrapportage\n";
    let ledger = beside(human, "rapportages.csv", text).unwrap();
    let forecast = &ledger.human_forecasts[0];
    assert_eq!(
        (ledger.human_forecasts.len(), forecast.amount, forecast.scope.wet),
        (1, Cents(15_000), Some(Wet::Jeugd))
    );
    let control = json!({"kind": "control_total", "files": "controle.csv"});
    let text = "year,month,side,amount,file\n2026,1,L,1,grootboek.csv\n2026,,L,2,\n";
    let ledger = beside(control.clone(), "controle.csv", text).unwrap();
    let first = &ledger.controls[0];
    assert_eq!(
        (first.month, first.of_file.as_deref(), ledger.controls[1].month),
        (Some(1), Some("grootboek.csv"), None)
    );
    let message =
        beside(control, "controle.csv", "year,amount,file\n2026,1,groot.csv\n").unwrap_err();
    assert!(
        message.contains("controle.csv, row 2: \"groot.csv\" is not a file that was read"),
        "{message}"
    );
}

#[test]
fn the_demo_adds_up_to_its_control_totals() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    let source = |kind: &str, files: &str, columns: Value| json!({"kind": kind, "files": files, "delimiter": ";", "decimal": ",", "columns": columns});
    let mut grootboek = source(
        "ledger",
        "grootboek/*.csv",
        json!({
            "booked_year": "boekjaar", "booked_period": "periode", "service": "prestatiemaand",
            "code": "product", "side": "soort", "kind": "boekingssoort", "amount": "bedrag"
        }),
    );
    grootboek["kinds"] =
        json!({"regulier": "regular", "transitorisch": "accrual", "afsluiting": "closing"});
    let totals = json!({"year": "jaar", "side": "soort", "amount": "bedrag"});
    let ledger =
        read_in(&root, &[grootboek, source("control_total", "controletotalen.csv", totals)])
            .unwrap();
    assert!(ledger.controls.len() > 10);
    let panel = ledger.panel(month("2030-12"));
    for total in &ledger.controls {
        let (first, last) = (Month::january(total.year), Month::december(total.year));
        let lines = panel.booked.iter().filter(|(line, _)| line.side == total.side);
        let booked: Cents = lines.map(|(_, booked)| booked.sum(first, last)).sum();
        assert_eq!(booked, total.amount, "{} {}", total.year, total.side);
    }
}

/// One row of a made-up ledger: year, period, service month, code, side, kind and cents.
type Row = (i32, u32, u32, usize, bool, bool, i64);

fn text_of(rows: &[Row]) -> String {
    let line = |&(year, period, service, code, baten, accrual, cents): &Row| {
        let (code, side) = (["W1", "J1", "X9"][code], if baten { "B" } else { "L" });
        let kind = if accrual { "accrual" } else { "" };
        let amount = Cents(cents).to_string().replace('.', ",");
        format!("{year};{period};{year}-{service:02};{code};{side};{kind};{amount}\n")
    };
    let rows: String = rows.iter().map(line).collect();
    format!("jaar;periode;maand;code;soort;boekingssoort;bedrag\n{rows}")
}

fn read_rows(rows: &[Row], copies: usize) -> Ledger {
    let text = text_of(rows);
    let names: Vec<String> = (0..copies).map(|copy| format!("grootboek{copy}.csv")).collect();
    let files: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), text.as_bytes())).collect();
    try_read(&[ledger_source(&COLUMNS, &json!({}))], &files).unwrap()
}

fn row() -> impl Strategy<Value = Row> {
    let amount = -100_000_000..100_000_000_i64;
    (2023..2027, 0..16_u32, 1..13_u32, 0..3_usize, any::<bool>(), any::<bool>(), amount)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn cents_in_are_cents_accounted_for(rows in prop::collection::vec(row(), 1..40), copies in 1..3_usize) {
        let ledger = read_rows(&rows, copies);
        let mut read = Cents::ZERO;
        for row in &ledger.reconciliation {
            let parts = [row.mapped, row.unmapped, row.accruals, row.left_out, row.refused];
            prop_assert_eq!(row.read, parts.iter().sum::<Cents>());
            read += row.read;
        }
        let written: i64 = rows.iter().map(|row| row.6).sum();
        prop_assert_eq!(read, Cents(written * i64::try_from(copies).unwrap()));
        let panel = ledger.panel(month("2030-01"));
        let booked: Cents = panel.booked.values().flat_map(|booked| &booked.cents).sum();
        prop_assert_eq!(booked, ledger.reconciliation.iter().map(|row| row.mapped + row.unmapped).sum());
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        (rows, shuffled) in prop::collection::vec(row(), 1..40).prop_flat_map(|rows| {
            (Just(rows.clone()), Just(rows).prop_shuffle())
        }),
        as_of in 0..60_i32,
    ) {
        let as_of = Month::january(2023) + crate::units::Months(as_of);
        let (one, other) = (read_rows(&rows, 1), read_rows(&shuffled, 1));
        prop_assert_eq!(one.panel(as_of), other.panel(as_of));
        prop_assert_eq!(one.panel(as_of), one.as_of(as_of).panel(as_of));
        let bare = |ledger: &Ledger| -> Vec<_> {
            ledger.postings.iter().map(|p| (p.line, p.service, p.booked, p.kind, p.amount)).collect()
        };
        prop_assert_eq!(bare(&one), bare(&other));
        prop_assert_eq!(one.reconciliation, other.reconciliation);
    }
}
