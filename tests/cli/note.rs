//! `prognose note` and what the report does with remarks and norms.

use crate::support::{Ran, Workdir, prognose, rows};
use prognose::workspace::{Choices, Job};

const FILE: &str = "duiding.toml";

fn asked(dir: &Workdir, text: &str) -> Ran {
    dir.run("note", &["--line", "Hulp", "--kind", "vraag", "--role", "controller", "--text", text])
}

#[test]
fn a_question_is_carried_until_it_is_answered() {
    let dir = Workdir::small();
    let by_hand = "# van ons\n[[note]] # oud\nline = \"Wmo/6.711\"\nmonth = \"2025-06\"\nkind = \"actie\"\n\
        text = \"Bel inkoop.\"\nrole = \"controller\"\ndue = \"2025-07\"\n";
    dir.write(FILE, by_hand);
    let ran = asked(&dir, "Waarom stijgt dit?");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "2025-08-1\n"), "{}", ran.stderr);
    assert!(dir.read(FILE).starts_with(by_hand));
    let list = dir.run("note", &["--list"]).stdout;
    assert!(list.contains("n1  actie, open, uiterlijk 2025-07, TE LAAT: Wmo/6.711"), "{list}");
    assert_eq!(dir.run("report", &[]).code, 0);
    let page = dir.read("out/2025-08/report.html");
    assert!(page.contains("Open: 1\u{a0}vraag en 1\u{a0}actie. Eén daarvan is te laat."));
    let answer = ["--answer", "2025-08-1", "--text", "Het \"tarief\"", "--role", "inkoop"];
    let ran = dir.run("note", &[answer.as_slice(), &["--follow-up", "Begroting"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(dir.read(FILE).starts_with(by_hand));
    assert_eq!(dir.run("report", &[]).code, 0);
    let page = dir.read("out/2025-08/report.html");
    assert!(
        page.contains("Gesloten in 2025 (1)") && page.contains("Antwoord van inkoop"),
        "{page}"
    );
    let rows = rows(&dir.read("out/2025-08/duiding.csv"));
    let state = |at: usize| {
        (rows[at]["id"].as_str(), rows[at]["status"].as_str(), rows[at]["te_laat"].as_str())
    };
    assert_eq!((state(0), state(1)), (("n1", "open", "ja"), ("2025-08-1", "gesloten", "nee")));
    assert!(dir.read("out/2025-08/manifest.json").contains("\"duiding.toml\""));
    // What was written later was not known then.
    let then = dir.run("note", &["--list", "--as-of", "2025-07"]).stdout;
    assert!(then.contains("n1") && !then.contains("2025-08-1"), "{then}");
}

#[test]
fn remarks_move_no_figure_and_no_record() {
    let dir = Workdir::small();
    assert_eq!(dir.run("run", &[]).code, 0);
    let (outlook, kept) = (dir.read("out/2025-08/outlook.csv"), dir.hashes("state/archive"));
    asked(&dir, "Waarom?");
    assert_eq!(dir.run("run", &[]).code, 0);
    assert_eq!((dir.read("out/2025-08/outlook.csv"), dir.hashes("state/archive")), (outlook, kept));
}

#[test]
fn what_can_not_be_used_is_told_and_leaves_the_file_alone() {
    let dir = Workdir::small();
    assert_eq!(asked(&dir, "Eerste.").code, 0);
    let before = dir.read(FILE);
    let question = |line: &'static str, kind: &'static str, text: &'static str| {
        vec!["--line", line, "--kind", kind, "--role", "controller", "--text", text]
    };
    for (arguments, code, told) in [
        (question("Hulp", "vraag", "Bel 06-12345678"), 1, "telephone"),
        (
            question("Hulp", "vraag", "Volgens mevr. Jansen"),
            1,
            "column text: the text looks like a person",
        ),
        (question("Hlup", "vraag", "Waarom?"), 2, "\"Hlup\" is no line of this workspace"),
        (question("Hulp", "klacht", "Waarom?"), 2, "use vraag, duiding, besluit or actie"),
        (question("Hulp", "actie", "Bel."), 2, "without a month in which it is due"),
        (vec!["--answer", "x", "--text", "Ja", "--role", "inkoop"], 2, "there is no remark \"x\""),
        (vec!["--answer", "2025-08-1", "--text", "Ja"], 2, "--role"),
        (vec![], 2, "nothing to write"),
    ] {
        let ran = dir.run("note", &arguments);
        assert!(
            ran.code == code && ran.stderr.contains(told),
            "{told}: {} {}",
            ran.code,
            ran.stderr
        );
        assert_eq!(dir.read(FILE), before, "{told}");
    }
    dir.edit(FILE, "Eerste.", "Mail jan@voorbeeld.nl");
    let ran = dir.run("report", &[]);
    assert!(
        ran.code == 1 && ran.stderr.contains("duiding.toml, row 4, column text"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("voorbeeld.nl"));
}

#[test]
fn several_writers_lose_nothing() {
    let dir = Workdir::small();
    std::thread::scope(|scope| {
        for at in 0..6 {
            let dir = &dir;
            scope.spawn(move || assert_eq!(asked(dir, &format!("Vraag {at}?")).code, 0));
        }
    });
    let job = Job::read(dir.path(), &Choices::default()).unwrap();
    let notes = job.notes();
    assert_eq!(notes.len(), 6);
    assert!((0..6).all(|at| notes.iter().any(|note| note.text == format!("Vraag {at}?"))));
}

#[test]
fn a_remark_on_no_line_is_a_finding_and_stops_nothing() {
    let dir = Workdir::small();
    dir.write(FILE, "[[note]]\nline = \"Oud product\"\nmonth = \"2025-01\"\nkind = \"duiding\"\ntext = \"Weg.\"\nrole = \"inkoop\"\n");
    assert_eq!(dir.run("check", &[]).code, 0);
    let findings = rows(&dir.read("out/2025-08/findings.csv"));
    let found = findings.iter().find(|row| row["code"] == "note-without-line").unwrap();
    assert_eq!((found["bestand"].as_str(), found["rij"].as_str()), (FILE, "1"));
}

#[test]
fn a_norm_marks_what_passes_it() {
    let dir = Workdir::small();
    let norm = "[[norm]]\nlines = [\"Jeugd\", \"6.7*\"]\neuros = 1\nwho = \"de controller\"\nact = \"Zoek het uit\"\n";
    let config = dir.read("prognose.toml");
    dir.write("prognose.toml", &(config.clone() + norm));
    assert_eq!(dir.run("report", &[]).code, 0);
    let page = dir.read("out/2025-08/report.html");
    for words in
        ["boven\u{a0}norm", "groter dan de norm", "Voor de controller.", "Afspraak: Zoek het uit."]
    {
        assert!(page.contains(words), "{words}");
    }
    for (from, to, told) in [
        ("euros = 1", "euros = 1\nabove = 0.1", "one of the two"),
        ("de controller", "jan@voorbeeld.nl", "who looks like"),
    ] {
        dir.write("prognose.toml", &(config.clone() + &norm.replace(from, to)));
        let ran = dir.run("check", &[]);
        assert!(
            ran.stderr.contains("prognose.toml, row") && ran.stderr.contains(told),
            "{}",
            ran.stderr
        );
    }
}

/// The words of a command as a shell parts them.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    parts
        .flat_map(|(at, part)| match at % 2 {
            1 => vec![part.to_owned()],
            _ => part.split_whitespace().map(str::to_owned).collect(),
        })
        .collect()
}

#[test]
fn the_month_of_the_guide_can_be_run() {
    let guide = include_str!("../../src/guide/month.md");
    let dir = Workdir::small();
    let folder = dir.path().to_str().unwrap();
    let blocks = guide.split("```").filter_map(|block| block.strip_prefix("sh\n"));
    let mut ran = 0;
    for command in blocks.flat_map(str::lines) {
        let arguments = words(&command.replace("gemeente", folder));
        let arguments: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
        let made = prognose(&arguments);
        assert_eq!(made.code, 0, "{command}: {}", made.stderr);
        ran += 1;
    }
    assert_eq!(ran, 8);
    let page = dir.read("out/2025-08/report.html");
    assert!(page.contains("Open: 0\u{a0}vragen en 1\u{a0}actie."), "{page}");
    let norm = guide.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    dir.write("prognose.toml", &(dir.read("prognose.toml") + norm));
    assert_eq!(dir.run("check", &[]).code, 0);
}

#[test]
fn the_remarks_of_the_demo_and_of_init_can_be_used() {
    let dir = crate::demo::copy_of_demo();
    let list = dir.run("note", &["--list"]);
    assert!(
        list.code == 0
            && list.stdout.contains("2026-08-1  actie")
            && list.stdout.contains("TE LAAT"),
        "{}",
        list.stdout
    );
    let notes = Job::read(dir.path(), &Choices::default()).unwrap();
    assert!(notes.findings().iter().all(|finding| finding.code != "note-without-line"));
    let made = Workdir::empty();
    let new = made.path().join("nieuw");
    assert_eq!(prognose(&["init", new.to_str().unwrap()]).code, 0);
    let example = std::fs::read_to_string(new.join(FILE)).unwrap();
    let example: String = example
        .lines()
        .map(|line| line.strip_prefix("# ").unwrap_or(line).to_owned() + "\n")
        .collect();
    let (_, note) = example.split_once("[[note]]").unwrap();
    let small = Workdir::small();
    small.write(FILE, &format!("[[note]]{note}"));
    let list = small.run("note", &["--list", "--as-of", "2025-08"]);
    assert_eq!(list.code, 0, "{}", list.stderr);
}
