//! What is proposed of files that were once read to a wrong sum without a word.

use super::*;

/// The proposal for one file, and all its notes as one text.
fn look(file: &str, text: &str) -> (Proposal, String) {
    let proposal = propose(file, text.as_bytes(), "meerdam").unwrap();
    let notes = proposal.notes.join("\n");
    (proposal, notes)
}

/// Year, side and cents.
fn sums(proposal: &Proposal) -> Vec<(i32, Side, i64)> {
    proposal.sums.iter().map(|(&(year, side), cents)| (year, side, cents.0)).collect()
}

/// The sums of a file that reads without a problem, and its notes.
fn told(file: &str, text: &str) -> (Vec<(i32, Side, i64)>, String) {
    let (proposal, notes) = look(file, text);
    assert!(proposal.problem.is_none(), "{file}: {:?}\n{}", proposal.problem, proposal.sources);
    (sums(&proposal), notes)
}

#[track_caller]
fn says(notes: &str, expected: &str) {
    assert!(notes.contains(expected), "no {expected:?} in\n{notes}");
}

#[test]
fn a_pattern_of_extracts_takes_those_of_months_to_come() {
    let extract = |months: &[u32]| {
        let row = |month: &u32| format!("2025{month:02};2025{month:02};HH;1,00\n");
        let rows: String = months.iter().map(row).collect();
        look("b.csv", &format!("Boekmaand;Prestatiemaand;Product;Bedrag\n{rows}")).0
    };
    for (names, expected) in [
        (["b/boek-2025-03.csv", "b/boek-2025-04.csv"], "b/boek*.csv"),
        (["b/boek_202509.csv", "b/boek_202510.csv"], "b/boek*.csv"),
        (["b/2025-03 boek.csv", "b/2025-04 boek.csv"], "b/* boek.csv"),
    ] {
        let [one, two] = names.map(str::to_owned);
        let mut both = [(one, extract(&[1, 2])), (two, extract(&[1, 2, 3]))];
        extracts(&mut both);
        says(&both[0].1.sources, &format!("files = \"{expected}\"\nsnapshots = true"));
    }
}

#[test]
fn a_budget_is_read_from_the_columns_of_its_own_year() {
    let (lasten, baten) = (Side::Lasten, Side::Baten);
    for (file, text, expected, note) in [
        (
            "begroting-2027.csv",
            "Product;Rekening 2025 lasten;Rekening 2025 baten;Begroting 2026 lasten;Begroting 2026 baten;\
             Begroting 2027 lasten;Begroting 2027 baten\nHH;100;10;200;20;300;30\n",
            vec![(2027, lasten, 30_000), (2027, baten, 3_000)],
            "\"Begroting 2027 lasten\" and \"Begroting 2027 baten\" are read as the amounts, not \"Rekening 2025 lasten\"",
        ),
        (
            "realisatie-2026.csv",
            "Taakveld;Lasten 2025;Baten 2025;Lasten 2026;Baten 2026\n6.711;100;10;200;20\n",
            vec![(2026, lasten, 20_000), (2026, baten, 2_000)],
            "not \"Lasten 2025\", \"Baten 2025\"",
        ),
        (
            "begroting-2027.csv",
            "Product;Begroting 2026;Begroting 2027\nHH;100;200\n",
            vec![(2027, lasten, 20_000)],
            "\"Begroting 2027\" is read as the amount, not \"Begroting 2026\"",
        ),
        (
            "begroting-2026.csv",
            "Product;Lasten primitief;Baten primitief;Lasten na wijziging\nHH;100;10;200\n",
            vec![(2026, lasten, 10_000), (2026, baten, 1_000)],
            "not \"Lasten na wijziging\"",
        ),
        (
            "boek.csv",
            "Boekmaand;Product;Bedrag lasten;Bedrag baten;Bedrag\n2025-01;HH;100;10;90\n",
            vec![(2025, lasten, 10_000), (2025, baten, 1_000)],
            "are read as the amounts, not \"Bedrag\"",
        ),
    ] {
        let (sums, notes) = told(file, text);
        assert_eq!(sums, expected, "{text}");
        says(&notes, note);
    }
}

#[test]
fn totals_of_a_budget_are_left_out() {
    let text = "Product;Bedrag\nHH;150000\nBegeleiding;200000\nTotaal;350000\n";
    let (proposal, notes) = look("begroting-2026.csv", text);
    assert_eq!(sums(&proposal), [(2026, Side::Lasten, 35_000_000)], "{}", proposal.sources);
    says(&notes, "rows like Totaal* add up others and are left out");
    let codes: Vec<&str> = proposal.codes.iter().map(|code| &*code.code).collect();
    assert_eq!(codes, ["Begeleiding", "HH"]);
    let text = "Taakveld;Bedrag\n6.711;1\n6.712;2\nTotaal;3\n";
    let (proposal, _) = look("begroting-2026.csv", text);
    assert_eq!(sums(&proposal), [(2026, Side::Lasten, 300)]);
    says(&proposal.sources, "taakveld = \"Taakveld\"");
}

#[test]
fn a_taakveld_that_may_add_up_others_is_told() {
    let text = "Taakveld;Bedrag\n6.7 Maatwerk;3\n6.71 Wmo;3\n6.711 HH;1\n6.712 Beg;2\n";
    let (_, notes) = told("begroting-2026.csv", text);
    says(&notes, "\"6.7 Maatwerk\", \"6.71 Wmo\"");
    says(&notes, "leave_out");
    // Of another year it is another scheme.
    let text = "Jaar;Taakveld;Bedrag;Versie\n2022;6.71;3;a\n2023;6.71a;1;a\n2023;6.71b;2;a\n";
    let (_, notes) = told("begroting.csv", text);
    assert!(!notes.contains("leave_out"), "{notes}");
}

#[test]
fn closing_columns_with_their_year_are_read() {
    let text = "Product;2025P01;2025P02;2025P12;2025P13\nHH;1;2;3;4\n";
    assert_eq!(told("boek.csv", text).0, [(2025, Side::Lasten, 1_000)]);
}

#[test]
fn numbers_of_accounts_are_no_money() {
    let text = "Boekmaand;Product;Debetrekening;Creditrekening;Bedrag\n2025-01;HH;4401;1600;7,00\n";
    assert_eq!(told("boek.csv", text).0, [(2025, Side::Lasten, 700)]);
}

#[test]
fn thousands_are_seen_in_the_header_of_a_ledger() {
    for (header, row, expected) in [
        ("Bedrag x 1.000", "7", vec![(2025, Side::Lasten, 700_000)]),
        ("Debet x 1.000;Credit x 1.000", "7;2", vec![(2025, Side::Lasten, 500_000)]),
        (
            "Lasten x 1.000;Baten x 1.000",
            "7;2",
            vec![(2025, Side::Lasten, 700_000), (2025, Side::Baten, 200_000)],
        ),
    ] {
        let text = format!("Boekmaand;Product;{header}\n2025-01;HH;{row}\n");
        assert_eq!(told("boek.csv", &text).0, expected, "{header}");
    }
}

#[test]
fn a_ledger_of_several_municipalities_is_not_added_up_in_silence() {
    let text = |ours: &str| {
        format!(
            "Gemeente;Boekmaand;Product;Bedrag\n{ours};2025-01;HH;7,00\nZuiddrecht;2025-01;HH;9,00\n"
        )
    };
    let (sums, notes) = told("boek.csv", &text("Meerdam"));
    assert_eq!(sums, [(2025, Side::Lasten, 700)]);
    says(&notes, "\"Meerdam\"");
    let (sums, notes) = told("boek.csv", &text("Aalwijk"));
    assert_eq!(sums, [(2025, Side::Lasten, 1_600)]);
    says(&notes, "[source.only]");
    let (_, notes) = told("boek.csv", &text("Zuiddrecht"));
    assert!(!notes.contains("municipalities"), "{notes}");
}

#[test]
fn quarters_are_no_rows_that_add_up() {
    let text = |first: &str, last: &str| {
        format!("jaar;kwartaal;taakveld;bedrag\n2025;{first};6.711;100\n2025;{last};6.711;400\n")
    };
    let (proposal, notes) = look("realisatie.csv", &text("1", "4"));
    assert_eq!(sums(&proposal), [(2025, Side::Lasten, 40_000)]);
    says(&proposal.sources, "quarter = \"kwartaal\"");
    says(&notes, "from January through its end");
    says(&told("realisatie.csv", &text("K1", "K4")).1, "holds quarters that can not be read");
}

#[test]
fn baten_below_zero_are_turned_wherever_they_stand() {
    let expected = [(2026, Side::Lasten, 900), (2026, Side::Baten, 200)];
    for (file, text) in [
        ("begroting-2026.csv", "Product;Lasten;Baten\nHH;9;-2\n"),
        ("begroting-2026.csv", "Product;Soort;Bedrag\nHH;lasten;9\nHH;baten;-2\n"),
        ("boek.csv", "Boekmaand;Product;Lasten;Baten\n2026-01;HH;9;-2\n"),
    ] {
        let (proposal, notes) = look(file, text);
        assert_eq!(sums(&proposal), expected, "{text}{}", proposal.sources);
        says(&notes, "baten are negative in the file");
        assert_eq!(proposal.sources.matches("baten_sign = -1").count(), 1, "{}", proposal.sources);
    }
}

#[test]
fn codes_that_look_like_a_taakveld_stay_codes() {
    let text = "Boekmaand;Kostenplaats;Bedrag\n2025-01;1.01;5\n2025-01;6.711;5\n";
    let codes: Vec<(String, bool)> =
        look("boek.csv", text).0.codes.iter().map(|c| (c.code.clone(), c.is_known())).collect();
    assert_eq!(codes, [("1.01".to_owned(), false), ("6.711".to_owned(), true)]);
    let text = "Boekmaand;Kostenplaats;Taakveld;Bedrag\n2025-01;1;0.4;5\n2025-01;2;6.711;5\n";
    assert_eq!(look("boek.csv", text).0.codes.len(), 1);
}

#[test]
fn rows_of_iv3_that_are_kept_out_are_told() {
    let text = r#"{"metadata": {"overheidsnummer": "0999", "boekjaar": 2025, "periode": 5},
        "data": {"lasten": [{"taakveld": "6.711", "categorie": "1.1", "bedrag": 5},
        {"taakveld": "0.4", "categorie": "1.1", "bedrag": 7}], "baten": []}}"#;
    says(
        &told("iv3.json", text).1,
        "1 rows with another taakveld than those of Wmo and Jeugd, 7.00,",
    );
    let (_, notes) = told("begroting-2026.csv", "Taakveld;Bedrag\n6.7 Alles;1\n");
    assert!(!notes.contains("0 rows"), "{notes}");
    let text = "Taakveld;Bedrag\n6.7 Alles;1\n;2\n";
    let (_, notes) = told("begroting-2026.csv", text);
    says(&notes, "1 rows without a taakveld, 2.00, are kept out");
    assert!(!notes.contains("0 rows"), "{notes}");
}

#[test]
fn a_budget_without_a_side_is_told() {
    let told = |header: &str| told("begroting-2026.csv", &format!("Product;{header}\nHH;1\n")).1;
    says(&told("Bedrag"), "no column tells lasten from baten");
    assert!(!told("Lasten").contains("no column tells lasten"));
}

#[test]
fn what_is_no_source_yet_keeps_its_notes() {
    let (proposal, notes) = look("boek.csv", "Boekmaand;Bedrag\n2025-01;7,00\n");
    says(&notes, "no column looks like a product");
    says(&proposal.sources, "amount = \"Bedrag\"");
    let problem = proposal.problem.unwrap().to_string();
    assert!(problem.starts_with("boek.csv: ") && problem.contains("prognose.toml"), "{problem}");
    let text = "Boekmaand;Bedrag;Opmerking\n2025-01;7,00;mail j@x.example\n";
    assert!(propose("boek.csv", text.as_bytes(), "").unwrap_err().is_personal_data());
}

#[test]
fn a_product_beside_its_wet_is_a_name() {
    let text = "Jaar;Wet;Product;Bedrag\n2026;Wmo;Begeleiding;5\n2026;Jeugd;Begeleiding;6\n";
    let (proposal, _) = look("begroting.csv", text);
    assert!(proposal.problem.is_none(), "{:?}", proposal.problem);
    says(&proposal.sources, "product = \"Product\"");
    assert_eq!(sums(&proposal), [(2026, Side::Lasten, 1_100)]);
    let text = "Jaar;Wet;Kostenplaats;Bedrag\n2026;Wmo;4401;5\n";
    let (proposal, _) = look("begroting.csv", text);
    assert!(proposal.problem.is_none(), "{:?}", proposal.problem);
    says(&proposal.sources, "code = \"Kostenplaats\"");
}
