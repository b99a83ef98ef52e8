use super::*;
use crate::ledger::Files;
use crate::synth;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use std::sync::Arc;

const COLUMNS: [&str; 11] = [
    "gemeente",
    "bestand",
    "tekst",
    "boekjaar",
    "periode",
    "prestatiemaand",
    "product",
    "taakveld",
    "soort",
    "boekingssoort",
    "bedrag",
];

type Line = Vec<Option<String>>;

/// A town of a few lines as rows of the stream, under a name of its own.
fn lines(number: u32) -> Vec<Line> {
    let name = format!("S{number:03}");
    let town = synth::municipality_of(number, 5, 4);
    let mut lines = Vec::new();
    for (file, bytes) in synth::files(&town) {
        let text = String::from_utf8(bytes).unwrap();
        let cell = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        if file.starts_with("grootboek/") {
            for row in text.lines().skip(1) {
                let mut line: Line = vec![Some(name.clone()), Some(file.clone()), None];
                line.extend(row.split(';').map(cell));
                lines.push(line);
            }
        } else {
            let mut line: Line = vec![None; COLUMNS.len()];
            line[..3].clone_from_slice(&[Some(name.clone()), Some(file), Some(text)]);
            lines.push(line);
        }
    }
    lines
}

/// The rows as a stream of batches of so many.
fn stream(lines: &[Line], per_batch: usize) -> Vec<u8> {
    let fields: Vec<Field> =
        COLUMNS.iter().map(|name| Field::new(*name, DataType::Utf8, true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let mut writer = StreamWriter::try_new(Vec::new(), &schema).unwrap();
    for lines in lines.chunks(per_batch) {
        let column = |at: usize| -> ArrayRef {
            Arc::new(lines.iter().map(|line| line[at].as_deref()).collect::<StringArray>())
        };
        let columns = (0..COLUMNS.len()).map(column).collect();
        writer.write(&RecordBatch::try_new(schema.clone(), columns).unwrap()).unwrap();
    }
    writer.into_inner().unwrap()
}

/// Per row of the answer the municipality, the fault, and the cells of `outlook.csv`.
fn answers(input: &[u8]) -> Result<(Served, Vec<Vec<String>>)> {
    let mut output = Vec::new();
    let served = serve(input, &mut output, None, None)?;
    let mut rows = Vec::new();
    for batch in StreamReader::try_new(output.as_slice(), None).unwrap() {
        let batch = batch.unwrap();
        let cell = |row: usize, at: usize| {
            let column = batch.column(at).as_string::<i32>();
            if column.is_valid(row) { column.value(row).to_owned() } else { String::new() }
        };
        rows.extend(
            (0..batch.num_rows())
                .map(|row| (0..batch.num_columns()).map(|at| cell(row, at)).collect::<Vec<_>>()),
        );
    }
    Ok((served, rows))
}

fn told(input: &[u8]) -> String {
    answers(input).unwrap_err().to_string()
}

/// What a workspace in memory, made of the same files, comes to.
fn expected(number: u32) -> Vec<Vec<String>> {
    let files: Files = synth::files(&synth::municipality_of(number, 5, 4))
        .into_iter()
        .map(|(name, bytes)| (name, crate::ledger::Content::Bytes(bytes)))
        .collect();
    let job = Job::in_memory(files, &Choices::default()).unwrap();
    let table = outlook_table(&job.stateless().unwrap().outlook.years, job.as_of);
    let own = [format!("S{number:03}"), String::new()];
    let row = |record: &csv::StringRecord| {
        own.iter().map(String::as_str).chain(record).map(str::to_owned).collect()
    };
    table.records().iter().map(row).collect()
}

#[test]
fn a_stream_gives_what_files_give_wherever_its_batches_end() {
    let mut lines = lines(1);
    let (whole, rows) = answers(&stream(&lines, usize::MAX)).unwrap();
    assert_eq!((whole, &rows), (Served { towns: 1, failed: 0 }, &expected(1)));
    // Rows come in any order out of a cluster.
    lines.reverse();
    assert_eq!(answers(&stream(&lines, 700)).unwrap().1, rows);
}

#[test]
fn one_that_fails_does_not_stop_the_others() {
    let (mut first, second) = (lines(1), lines(2));
    let amount = first.iter_mut().find(|line| line[10].is_some()).unwrap();
    amount[10] = Some("veel".to_owned());
    let (served, rows) = answers(&stream(&[first, second].concat(), 1000)).unwrap();
    assert_eq!(served, Served { towns: 2, failed: 1 });
    assert_eq!(rows[0][0], "S001");
    assert!(rows[0][1].contains("\"veel\" is not an amount"), "{}", rows[0][1]);
    assert_eq!(rows[1..], expected(2));
}

/// What is wrong with the first of two municipalities, of which the second is answered all the same.
fn fault(first: &[Line]) -> String {
    let (served, rows) = answers(&stream(&[first, &lines(2)].concat(), 1000)).unwrap();
    assert_eq!(served, Served { towns: 2, failed: 1 });
    rows[0][1].clone()
}

#[test]
fn what_is_wrong_with_the_rows_of_one_is_told_of_that_one() {
    let first = lines(1);
    assert!(fault(&[&first[..], &first[..1]].concat()).contains("comes twice"));
    let mut nameless = first.clone();
    nameless[0][1] = None;
    assert!(fault(&nameless).contains("names no bestand"));
    let mut both = first.clone();
    let ledger = both.iter().find(|line| line[10].is_some()).unwrap()[1].clone();
    let mut whole: Line = vec![None; COLUMNS.len()];
    whole[..3].clone_from_slice(&[Some("S001".into()), ledger, Some("x".into())]);
    both.push(whole);
    assert!(fault(&both).contains("both whole and in rows"));
}

#[test]
fn the_same_rows_in_another_order_are_the_same_file() {
    let mut lines = lines(1);
    let file = |line: &Line, name: &str| line[1].as_deref() == Some(name) && line[10].is_some();
    let mut copy: Vec<Line> =
        lines.iter().filter(|line| file(line, "grootboek/2025.csv")).cloned().collect();
    for line in &mut copy {
        line[1] = Some("grootboek/kopie.csv".to_owned());
    }
    copy.reverse();
    lines.extend(copy);
    assert_eq!(answers(&stream(&lines, 1000)).unwrap().1, expected(1), "a copy counts once");
}

#[test]
fn says_what_is_wrong_with_a_stream() {
    let (first, second) = (lines(1), lines(2));
    let apart = [&first[..3], &second[..3], &first[3..]].concat();
    assert!(told(&stream(&apart, 100)).contains("\"S001\" do not stand together"));
    let mut nameless = first.clone();
    nameless[0][0] = None;
    assert!(told(&stream(&nameless, 100)).contains("names no gemeente"));
    assert!(told(b"bedrag;maand").contains("no Arrow IPC stream"));
    let whole = stream(&first, 100);
    assert!(told(&whole[..whole.len() / 2]).contains("no Arrow IPC stream"));
    let numbers = Arc::new(Schema::new(vec![
        Field::new("gemeente", DataType::Utf8, true),
        Field::new("bestand", DataType::Utf8, true),
        Field::new("bedrag", DataType::Int64, true),
    ]));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(vec!["a"])),
        Arc::new(StringArray::from(vec!["b"])),
        Arc::new(Int64Array::from(vec![1])),
    ];
    let mut writer = StreamWriter::try_new(Vec::new(), &numbers).unwrap();
    writer.write(&RecordBatch::try_new(numbers, columns).unwrap()).unwrap();
    assert!(told(&writer.into_inner().unwrap()).contains("column bedrag: holds Int64, not text"));
}

#[test]
fn an_empty_stream_tells_the_columns() {
    assert_eq!(answers(&stream(&[], 1)).unwrap().0, Served::default());
    let names: Vec<String> = outlook::schema().fields().iter().map(|f| f.name().clone()).collect();
    assert_eq!(names[..4], ["gemeente", "fout", "as_of", "jaar"]);
}
