//! Rules on where service months come from: declarations, and snapshots that revise one another.

use super::rules::{Facts, Odd, largest_first, listed, rijen};
use crate::ledger::{Counted, DeclaredLine, Snapshot, UnmappedCode};
use crate::units::{euro, maand};

/// More than this part of a snapshot revised is worth a look: one fiftieth.
const MUCH: i64 = 50;

/// What declarations did for the rows of the ledger that have no service month.
pub(super) fn declarations_used(facts: &Facts) -> Vec<Odd> {
    let declarations = &facts.ledger.declarations;
    let divided = declarations.by_month.rows + declarations.by_usual.rows;
    if divided == 0 {
        return Vec::new();
    }
    let message = format!(
        "Het grootboek noemt hier de prestatiemaand niet; de declaraties ({}) wel. Verdeeld over \
         prestatiemaanden zoals in dezelfde maand is gedeclareerd: {}. Zoals het op de regel \
         gebruikelijk is, omdat in die maand niets is gedeclareerd: {}. Op de boekmaand gebleven: {}. \
         De bedragen van de declaraties zelf tellen nergens mee.",
        rijen(declarations.rows),
        counted(declarations.by_month),
        counted(declarations.by_usual),
        counted(declarations.kept),
    );
    vec![Odd::general(rijen(divided), message)]
}

/// Lines of which some booking months have no declarations.
pub(super) fn declarations_partial(facts: &Facts) -> Vec<Odd> {
    let odd = |line: &DeclaredLine| {
        let DeclaredLine { months, covered, by_usual, kept, .. } = *line;
        let message = format!(
            "{}: voor {covered} van de {months} boekmaanden zijn er declaraties. In de andere is \
             verdeeld zoals gebruikelijk ({}) of bleef de boekmaand staan ({}), zodat maanden minder \
             goed vergelijkbaar zijn. Lever de ontbrekende declaraties aan als ze er zijn.",
            line.line,
            counted(by_usual),
            counted(kept),
        );
        let odd = Odd::general(format!("{covered} van {months}"), message);
        (covered < months).then_some((by_usual.amount + kept.amount, odd))
    };
    largest_first(facts.ledger.declarations.lines.iter().filter_map(odd).collect())
}

/// Lines whose declarations are not used.
pub(super) fn declarations_ignored(facts: &Facts) -> Vec<Odd> {
    let ledger = facts.ledger;
    let lines = ledger.declarations.lines.iter().filter(|line| line.months == 0);
    let booked = |line: &&DeclaredLine| {
        let at = ledger.lines.binary_search(&line.line);
        at.is_ok_and(|at| ledger.postings.iter().any(|posting| posting.line as usize == at))
    };
    let (dated, idle): (Vec<&DeclaredLine>, Vec<_>) = lines.partition(booked);
    let odd = |lines: Vec<&DeclaredLine>, why: &str| {
        let names: Vec<String> = lines.iter().map(|line| line.line.to_string()).collect();
        let rows = rijen(lines.iter().map(|line| line.rows).sum());
        let message = format!("{why}: {}.", listed(&names));
        (!lines.is_empty()).then(|| Odd::general(rows, message))
    };
    let dated = odd(
        dated,
        "De declaraties van deze regels zijn niet gebruikt, want hun prestatiemaanden staan in het \
         grootboek zelf",
    );
    let idle = odd(
        idle,
        "De declaraties van deze regels zijn niet gebruikt, want op deze regels is niets geboekt. \
         Controleer of de codes bij dezelfde regel horen als in het grootboek",
    );
    dated.into_iter().chain(idle).collect()
}

/// Declared codes that are not in the line table.
pub(super) fn declared_code_unknown(facts: &Facts) -> Vec<Odd> {
    let odd = |unknown: &UnmappedCode| {
        let message = format!(
            "Code {} van de declaraties staat niet in de indeling voor de boekmaand of de maand van de \
             zorg: {}. Ze zeggen nu niets over prestatiemaanden. Voeg de code toe aan de indeling of \
             verruim de geldigheid.",
            unknown.code,
            rijen(unknown.rows),
        );
        let place = facts.ledger.place(unknown.first);
        (unknown.amount, Odd::at(place, unknown.code.clone(), message))
    };
    largest_first(facts.ledger.declarations.unknown.iter().map(odd).collect())
}

/// Snapshots that took back or told anew little of what was told before.
pub(super) fn snapshot_changes(facts: &Facts) -> Vec<Odd> {
    revisions(facts, |snapshot| snapshot.revised_cells > 0 && !is_much(snapshot), "")
}

/// Snapshots that revised much.
pub(super) fn snapshot_revised(facts: &Facts) -> Vec<Odd> {
    let advice = " Dat is meer dan 2 %. Ga na wat er is overgeboekt. Bevat het bestand alleen het \
                  lopende boekjaar, geef dan elk boekjaar een eigen [[source]].";
    revisions(facts, is_much, advice)
}

fn is_much(snapshot: &Snapshot) -> bool {
    i128::from(snapshot.revised.0) * i128::from(MUCH) > i128::from(snapshot.total.0)
}

fn revisions(facts: &Facts, wanted: fn(&Snapshot) -> bool, advice: &str) -> Vec<Odd> {
    let odd = |snapshot: &Snapshot| {
        let place = facts.ledger.file_place(*snapshot.files.first()?);
        let revised = euro(snapshot.revised);
        let message = format!(
            "De stand van {} wijzigt {revised} aan bedragen die in de vorige stand al vastlagen, in \
             {}, op een omvang van {}. De wijziging telt vanaf deze maand.{advice}",
            maand(snapshot.month),
            match snapshot.revised_cells {
                1 => "1 maandbedrag".to_owned(),
                count => format!("{count} maandbedragen"),
            },
            euro(snapshot.total),
        );
        Some((snapshot.revised, Odd::at(place, revised, message)))
    };
    let snapshots = facts.ledger.snapshots.iter().filter(|snapshot| wanted(snapshot));
    largest_first(snapshots.filter_map(odd).collect())
}

fn counted(part: Counted) -> String {
    match part {
        Counted { rows: 0, .. } => "niets".to_owned(),
        Counted { rows, amount } => format!("{}, {}", rijen(rows), euro(amount)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{Sample, found, line, month};
    use super::*;
    use crate::ledger::{Declarations, Origin};
    use crate::units::{Cents, Side};

    fn counted(rows: usize, cents: i64) -> Counted {
        Counted { rows, amount: Cents(cents) }
    }

    fn declared(product: &str, months: usize, covered: usize) -> DeclaredLine {
        let (by_usual, kept) = (counted(0, 0), counted(2, 500));
        DeclaredLine { line: line(product, Side::Lasten), rows: 9, months, covered, by_usual, kept }
    }

    fn sample() -> Sample {
        let mut sample = Sample::new().with("Hulp", &[100; 3]);
        sample.ledger.declarations = Declarations {
            rows: 1200,
            by_month: counted(8, 123_400),
            kept: counted(2, 500),
            lines: vec![
                declared("Begeleiding", 0, 0),
                declared("Dag", 9, 4),
                declared("Hulp", 0, 0),
            ],
            unknown: vec![UnmappedCode {
                code: "K1".into(),
                rows: 1,
                amount: Cents(5),
                first: Origin { file: 0, row: 17 },
            }],
            ..Declarations::default()
        };
        sample
    }

    #[test]
    fn tells_what_declarations_did() {
        assert!(found(&Sample::new(), "declarations-used").is_empty());
        let used = found(&sample(), "declarations-used");
        assert_eq!((used.len(), &*used[0].value), (1, "8 rijen"));
        for part in ["(1.200 rijen)", "8 rijen, €\u{a0}1.234,00", "niets", "2 rijen, €\u{a0}5,00"]
        {
            assert!(used[0].message.contains(part), "{}", used[0].message);
        }
    }

    #[test]
    fn tells_which_declarations_fall_short() {
        let partial = found(&sample(), "declarations-partial");
        assert_eq!((partial.len(), &*partial[0].value), (1, "4 van 9"));
        let unknown = found(&sample(), "declared-code-unknown");
        assert_eq!((unknown.len(), unknown[0].place.row, &*unknown[0].value), (1, Some(17), "K1"));
        let ignored = found(&sample(), "declarations-ignored");
        let names = ["Hulp", "Begeleiding"];
        assert_eq!(ignored.len(), 2);
        assert!(ignored.iter().zip(names).all(|(finding, name)| finding.message.contains(name)));
    }

    /// 2 % of €10.000 is €200.
    #[test]
    fn a_revision_of_over_two_per_cent_is_a_warning() {
        let mut sample = Sample::new();
        let snapshot = |at, revised_cells, revised| Snapshot {
            files: vec![0],
            month: month(at),
            total: Cents(1_000_000),
            revised_cells,
            revised: Cents(revised),
        };
        sample.ledger.snapshots =
            vec![snapshot(0, 0, 0), snapshot(1, 1, 20_000), snapshot(2, 3, 20_001)];
        let (changes, revised) =
            (found(&sample, "snapshot-changes"), found(&sample, "snapshot-revised"));
        assert_eq!((changes.len(), &*changes[0].value), (1, "€\u{a0}200,00"));
        assert!(
            changes[0].message.contains("februari 2020") && changes[0].message.contains("1 maand")
        );
        assert_eq!((revised.len(), &*revised[0].place.file), (1, "grootboek.csv"));
        assert!(revised[0].message.contains("maart 2020"), "{}", revised[0].message);
    }
}
