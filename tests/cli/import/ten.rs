//! Ten files as systems export them. They were written before the program could propose anything, and
//! stay as they are: what `init --from` makes of them is measured, not tuned.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::fmt::Write as _;

/// A file, the folder it is proposed for and what must be read of it.
pub(super) struct Example {
    pub(super) name: &'static str,
    pub(super) folder: &'static str,
    pub(super) bytes: Vec<u8>,
    /// Year, side and cents, sorted.
    pub(super) sums: Vec<(i32, &'static str, i64)>,
}

const PRODUCTS: [(&str, &str, &str); 4] = [
    ("4401", "Hulp bij het huishouden", "6.711"),
    ("4402", "Begeleiding", "6.712"),
    ("4501", "Jeugdhulp ambulant regionaal", "6.752"),
    ("4502", "Pleegzorg", "6.762"),
];

/// What is booked of a product in month `k` from January of the first year on.
fn cents(product: usize, k: usize) -> i64 {
    let at = i64::try_from(product * 977 + k * 7919 % 97).unwrap();
    4_500_037 + 331_300 * at % 2_900_000 + 1_111 * i64::try_from(k).unwrap()
}

fn total(products: std::ops::Range<usize>, months: std::ops::Range<usize>) -> i64 {
    products.map(|p| months.clone().map(|k| cents(p, k)).sum::<i64>()).sum()
}

/// `1.234,56` or `1234,56`, as Dutch programs write.
fn dutch(cents: i64, groups: bool) -> String {
    let whole = (cents.abs() / 100).to_string();
    let parts: Vec<&str> = whole
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap())
        .collect();
    let whole = if groups { parts.join(".") } else { whole.clone() };
    format!("{}{whole},{:02}", if cents < 0 { "-" } else { "" }, cents.abs() % 100)
}

fn point(cents: i64) -> String {
    dutch(cents, false).replace(',', ".")
}

pub(super) fn ten() -> Vec<Example> {
    vec![
        wide_with_titles(),
        key2(),
        merged_header(),
        debit_credit(),
        negative_baten(),
        iv3_json(),
        iv3_csv(),
        yyyymm(),
        several_amounts(),
        english(),
    ]
}

/// A column per month below two titles and an empty row, totals at the right and at the foot.
fn wide_with_titles() -> Example {
    let mut text = format!(
        "\u{feff}Gemeente Meerdam - realisatie sociaal domein{0}\nBoekjaar 2025, bedragen in euro{0}\n{0}\n",
        ";".repeat(15)
    );
    text += "Kostenplaats;Omschrijving;Taakveld;jan-25;feb-25;mrt-25;apr-25;mei-25;jun-25;jul-25;aug-25;\
             sep-25;okt-25;nov-25;dec-25;Totaal\n";
    for (p, (code, name, taakveld)) in PRODUCTS.iter().enumerate() {
        write!(text, "{code};{name};{taakveld}").unwrap();
        // The books run through October; of one product nothing came in February.
        for k in 0..12 {
            let cell =
                if k > 9 || (p == 3 && k == 1) { String::new() } else { dutch(cents(p, k), true) };
            write!(text, ";{cell}").unwrap();
        }
        writeln!(
            text,
            ";{}",
            dutch(total(p..p + 1, 0..10) - if p == 3 { cents(3, 1) } else { 0 }, true)
        )
        .unwrap();
    }
    let column = |k: usize| total(0..4, k..k + 1) - if k == 1 { cents(3, 1) } else { 0 };
    text += "Totaal;;";
    for k in 0..12 {
        write!(text, ";{}", if k > 9 { "0,00".to_owned() } else { dutch(column(k), true) })
            .unwrap();
    }
    let all = (0..10).map(column).sum();
    writeln!(text, ";{}", dutch(all, true)).unwrap();
    Example {
        name: "realisatie-per-maand.csv",
        folder: "sociaal",
        bytes: text.into_bytes(),
        sums: vec![(2025, "lasten", all)],
    }
}

/// Semicolons, decimal comma, windows-1252, year and period, creditors beside each booking; an opening
/// period that is left out and a closing period.
fn key2() -> Example {
    let mut text = String::from(
        "Administratie;Boekjaar;Periode;Kostenplaats;Omschrijving kostenplaats;Kostensoort;Taakveld;\
         Crediteurnr;Crediteur;Factuurnr;Factuurdatum;Omschrijving;Bedrag\r\n",
    );
    let names = ["Thuiszorg Meerdam BV", "De Cliëntgids", "Jeugdpartners", "Pleegzorg Oost"];
    for year in 0..2 {
        for period in 0..14_usize {
            for (p, (code, name, taakveld)) in PRODUCTS.iter().enumerate() {
                let month = period.clamp(1, 12);
                write!(
                    text,
                    "100;{0};{period};{code};{name};438010;{taakveld};{1};{2};F{0}-{3:05};{4:02}-{month:02}-{0};\
                     Declaratie {5};{6}\r\n",
                    2024 + year,
                    210_034 + p * 11,
                    names[p],
                    period * 7 + p,
                    3 + p * 5,
                    if p == 1 { "cliëntondersteuning" } else { name },
                    dutch(cents(p, year * 12 + period), false),
                )
                .unwrap();
            }
        }
    }
    Example {
        name: "Key2Fin_mutaties_export.csv",
        folder: "zorg",
        bytes: windows_1252(&text),
        sums: vec![(2024, "lasten", total(0..4, 1..14)), (2025, "lasten", total(0..4, 13..26))],
    }
}

/// The text in windows-1252: one byte per letter.
fn windows_1252(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
}

/// A workbook with a title and a header of two rows with merged cells; lasten and baten are columns of
/// their own, of which one is empty.
fn merged_header() -> Example {
    let (mut book, plain) = (Workbook::new(), Format::new());
    let sheet = book.add_worksheet().set_name("Boekingen").unwrap();
    sheet.write(0, 0, "Uitnutting zorgproducten 2024 en 2025").unwrap();
    for (from, to, text) in [(0, 1, "Product"), (2, 3, "Maand"), (4, 5, "Bedrag")] {
        sheet.merge_range(2, from, 2, to, text, &plain).unwrap();
    }
    for (at, text) in (0..).zip(["code", "naam", "boeking", "prestatie", "lasten", "baten"]) {
        sheet.write(3, at, text).unwrap();
    }
    let date = Format::new().set_num_format("mm-yyyy");
    let mut row = 4;
    let mut sums = [[0, 0], [0, 0]];
    for k in 0..24_usize {
        for (p, (code, name, _)) in PRODUCTS.iter().enumerate() {
            let year = 2024 + u16::try_from(k / 12).unwrap();
            let month = u8::try_from(k % 12 + 1).unwrap();
            sheet.write(row, 0, code.parse::<u32>().unwrap()).unwrap();
            sheet.write(row, 1, *name).unwrap();
            let day = ExcelDateTime::from_ymd(year, month, 1).unwrap();
            sheet.write_with_format(row, 2, &day, &date).unwrap();
            let served = k.saturating_sub(p % 2);
            let (year, month) = (2024 + served / 12, u8::try_from(served % 12 + 1).unwrap());
            let day = ExcelDateTime::from_ymd(u16::try_from(year).unwrap(), month, 1).unwrap();
            sheet.write_with_format(row, 3, &day, &date).unwrap();
            // The first product has an own contribution every third month.
            let is_income = p == 0 && k % 3 == 2;
            let amount = if is_income { cents(p, k) / 10 } else { cents(p, k) };
            let euros = point(amount).parse::<f64>().unwrap();
            sheet.write(row, if is_income { 5 } else { 4 }, euros).unwrap();
            sums[year - 2024][usize::from(is_income)] += amount;
            row += 1;
        }
    }
    Example {
        name: "Uitnutting.xlsx",
        folder: "uitnutting",
        bytes: book.save_to_buffer().unwrap(),
        sums: vec![
            (2024, "baten", sums[0][1]),
            (2024, "lasten", sums[0][0]),
            (2025, "baten", sums[1][1]),
            (2025, "lasten", sums[1][0]),
        ],
    }
}

/// Debit and credit beside each other, a date per booking, two kinds of codes.
fn debit_credit() -> Example {
    let mut text = String::from(
        "Boekstuk;Boekdatum;Grootboekrekening;Kostenplaats;Omschrijving;Debet;Credit\n",
    );
    let mut sum = 0;
    for k in 0..12_usize {
        for (p, (code, name, _)) in PRODUCTS.iter().enumerate() {
            let amount = cents(p, k);
            writeln!(
                text,
                "M{k:03}{p};28-{:02}-2025;443100;{code};{name};{};",
                k + 1,
                dutch(amount, true)
            )
            .unwrap();
            sum += amount;
            if (k + p) % 5 == 0 {
                let back = amount / 7;
                writeln!(
                    text,
                    "C{k:03}{p};28-{:02}-2025;443100;{code};Creditnota {name};0,00;{}",
                    k + 1,
                    dutch(back, true)
                )
                .unwrap();
                sum -= back;
            }
        }
    }
    Example {
        name: "journaal 2025.csv",
        folder: "journaal",
        bytes: text.into_bytes(),
        sums: vec![(2025, "lasten", sum)],
    }
}

/// Income as negative amounts.
fn negative_baten() -> Example {
    let mut text = String::from("boekmaand;prestatiemaand;product;soort;bedrag\n");
    let mut sums = [0, 0];
    for k in 0..12_usize {
        for (p, (code, ..)) in PRODUCTS.iter().enumerate() {
            let month = format!("2025-{:02}", k + 1);
            let served = format!("2025-{:02}", k.saturating_sub(p % 2) + 1);
            writeln!(text, "{month};{served};{code};Lasten;{}", dutch(cents(p, k), false)).unwrap();
            sums[1] += cents(p, k);
            if p < 2 {
                let income = cents(p, k) / 12;
                writeln!(text, "{month};{month};{code};Baten;{}", dutch(-income, false)).unwrap();
                sums[0] += income;
            }
        }
    }
    Example {
        name: "boekingen.csv",
        folder: "boekingen",
        bytes: text.into_bytes(),
        sums: vec![(2025, "baten", sums[0]), (2025, "lasten", sums[1])],
    }
}

/// The budget as it goes to CBS. The contact is a function. Amounts in whole euros; of each taakveld
/// several categories; taakvelden of other policy and balance rows beside them.
fn iv3_json() -> Example {
    let (mut lasten, mut baten, mut sums) = (Vec::new(), Vec::new(), [0, 0]);
    for (at, taakveld) in [
        "0.1", "0.4", "6.1", "6.21", "6.22", "6.3", "6.60", "6.711", "6.712", "6.751", "6.762",
        "6.821", "6.92", "7.4",
    ]
    .into_iter()
    .enumerate()
    {
        let ours = ["6.21", "6.22", "6.60", "6.711", "6.712", "6.751", "6.762", "6.821", "6.92"]
            .contains(&taakveld);
        for (c, categorie) in ["1.1", "3.8", "4.3.1"].into_iter().enumerate() {
            let euros = cents(at, c) / 10;
            lasten.push(format!(
                r#"{{"taakveld": "{taakveld}", "categorie": "{categorie}", "bedrag": {euros}}}"#
            ));
            sums[1] += if ours { euros * 100 } else { 0 };
        }
        if at % 3 == 1 {
            let euros = cents(at, 9) / 300;
            baten.push(format!(
                r#"{{"taakveld": "{taakveld}", "categorie": "3.7", "bedrag": {euros}}}"#
            ));
            sums[0] += if ours { euros * 100 } else { 0 };
        }
    }
    let text = format!(
        r#"{{
  "metadata": {{"overheidslaag": "Gemeente", "overheidsnummer": "0999", "overheidsnaam": "Meerdam",
    "boekjaar": 2026, "periode": 0, "status": "Begroting", "datum": "2025-11-14T00:00:00+01:00",
    "details_openbaar": true, "financieel_pakket": "Key2Financiën", "export_software": "Key2Financiën"}},
  "contact": {{"naam": "Team Financiën", "telefoon": "", "email": "iv3@meerdam.example"}},
  "data": {{
    "lasten": [{}],
    "balans_lasten": [{{"balanscode": "A111", "categorie": "7.1", "bedrag": 51000}}],
    "baten": [{}],
    "balans_baten": [{{"balanscode": "A111", "categorie": "7.1", "bedrag": 12000}}],
    "balans_standen": [{{"balanscode": "A111", "standper": "ultimo", "bedrag": 912000}}],
    "kengetallen": [{{"kengetal": "fk.1", "verslagperiode": "Beg_2026", "waarde": "61"}}],
    "beleidsindicatoren": []
  }}
}}
"#,
        lasten.join(", "),
        baten.join(", ")
    );
    Example {
        name: "Iv3_begroting_2026.json",
        folder: "iv3",
        bytes: text.into_bytes(),
        sums: vec![(2026, "baten", sums[0]), (2026, "lasten", sums[1])],
    }
}

/// Published Iv3 of all municipalities, in thousands: taakvelden with their names, some cut off.
fn iv3_csv() -> Example {
    let taakvelden = [
        "0.1 Bestuur",
        "6.1 Samenkracht en burgerparticipatie",
        "6.2 Toegang en eerstelijnsvoorzieningen",
        "6.3 Inkomensregelingen",
        "6.6 Maatwerkvoorzieningen (WMO)",
        "6.71a Huishoudelijke hulp (WMO)",
        "6.71b Begeleiding (WMO)",
        "6.72a Jeugdhulp begeleiding",
        "6.73c Jeugdhulp met verblijf overig",
        "6.74a Jeugdhulp behandeling GGZ zonde..",
        "6.82a Jeugdbescherming",
        "7.4 Milieubeheer",
    ];
    let mut text = String::from(
        "Gemeenten;Taakveld;L1.1 Salarissen en sociale lasten;Baten;Lasten;Provincie;Gemeentegrootte;\
         Inwonertal\n",
    );
    let mut sums = [0, 0];
    for (m, town) in ["Aalwijk", "Meerdam", "Nederland", "Zuidhoven"].into_iter().enumerate() {
        for (t, taakveld) in taakvelden.iter().enumerate() {
            let lasten = cents(m * 3 + t, m) / 20_000;
            let baten = if t % 2 == 0 { cents(t, m + 5) / 900_000 } else { 0 };
            let place =
                if town == "Nederland" { ";;" } else { "Overijssel;20000tot50000inwoners;31244" };
            writeln!(text, "{town};{taakveld};;{baten}.0;{lasten}.0;{place}").unwrap();
            if town == "Meerdam" && ![0, 1, 3, 11].contains(&t) {
                sums[0] += baten * 100_000;
                sums[1] += lasten * 100_000;
            }
        }
    }
    Example {
        name: "gemeenten_2024_begroting.csv",
        folder: "meerdam",
        bytes: text.into_bytes(),
        sums: vec![(2024, "baten", sums[0]), (2024, "lasten", sums[1])],
    }
}

/// Months as six digits, commas between the cells and a decimal point.
fn yyyymm() -> Example {
    let mut text = String::from("periode,productcode,productnaam,zorgperiode,aantal,bedrag\n");
    let mut sums = [0, 0];
    for k in 0..24_usize {
        for (p, (code, name, _)) in PRODUCTS.iter().enumerate() {
            let served = k.saturating_sub(p);
            let month = |k: usize| format!("{}{:02}", 2024 + k / 12, k % 12 + 1);
            writeln!(
                text,
                "{},{code},{name},{},{},{}",
                month(k),
                month(served),
                40 + p,
                point(cents(p, k))
            )
            .unwrap();
            sums[served / 12] += cents(p, k);
        }
    }
    Example {
        name: "zorgkosten.csv",
        folder: "zorgkosten",
        bytes: text.into_bytes(),
        sums: vec![(2024, "lasten", sums[0]), (2025, "lasten", sums[1])],
    }
}

/// A budget, an amount with and without btw, the btw, and what is still on order.
fn several_amounts() -> Example {
    let mut text = String::from(
        "Boekjaar;Boekperiode;Kostenplaats;Omschrijving;Taakveld;Begroting;Bedrag incl. btw;Btw;Bedrag excl. btw;Verplichting\n",
    );
    for k in 0..12_usize {
        for (p, (code, name, taakveld)) in PRODUCTS.iter().enumerate() {
            let net = cents(p, k);
            let btw = if p == 1 { net / 5 } else { 0 };
            writeln!(
                text,
                "2025;{};{code};{name};{taakveld};{};{};{};{};{}",
                k + 1,
                dutch(5_000_000, true),
                dutch(net + btw, true),
                dutch(btw, true),
                dutch(net, true),
                dutch(net / 4, true)
            )
            .unwrap();
        }
    }
    Example {
        name: "budgetbewaking.csv",
        folder: "budget",
        bytes: text.into_bytes(),
        sums: vec![(2025, "lasten", total(0..4, 0..12))],
    }
}

/// English headers and words, a date per booking, commas between thousands.
fn english() -> Example {
    let mut text = String::from(
        "Posting date,Service month,Cost centre,Description,Type,Net amount,Currency\n",
    );
    let mut sums = [0, 0];
    for k in 0..12_usize {
        for (p, (code, name, _)) in PRODUCTS.iter().enumerate() {
            let served = format!("2025-{:02}", k.saturating_sub(p % 2) + 1);
            let (kind, amount) = if p == 0 && k % 2 == 1 {
                ("Income", cents(p, k) / 9)
            } else {
                ("Expense", cents(p, k))
            };
            let shown = dutch(amount, true).replace('.', "'").replace(',', ".").replace('\'', ",");
            writeln!(text, "2025-{:02}-15,{served},{code},{name},{kind},\"{shown}\",EUR", k + 1)
                .unwrap();
            sums[usize::from(kind == "Expense")] += amount;
        }
    }
    Example {
        name: "ledger_extract.csv",
        folder: "extract",
        bytes: text.into_bytes(),
        sums: vec![(2025, "baten", sums[0]), (2025, "lasten", sums[1])],
    }
}
