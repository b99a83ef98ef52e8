//! House rules that the compiler does not know: who may import whom, which library lives where, and
//! that the guide, the golden folders and the data say what is there.
//!
//! Each rule is a function that lists faults; beside the test that wants none stands one that shows
//! it a bad example, because a check that can not fail is no check.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

#[expect(dead_code, clippy::print_stdout, reason = "Cargo runs it; its fingerprint is tested here")]
#[path = "../.ci/build.rs"]
mod build;

const MAP: &str = include_str!("../src/guide/map.md");

/// One row of the map in the guide.
#[derive(Debug, PartialEq)]
struct Room {
    row: u32,
    /// As it stands in `src/`, a folder with its slash.
    entry: String,
    libraries: Vec<String>,
}

/// One source file.
struct Source {
    /// Relative to `src/`, with `/`.
    path: String,
    /// Without comments.
    code: String,
}

impl Room {
    fn name(&self) -> &str {
        self.entry.trim_end_matches('/').trim_end_matches(".rs")
    }

    fn holds(&self, source: &Source) -> bool {
        source.path == self.entry
            || self.entry.ends_with('/') && source.path.starts_with(&self.entry)
    }
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            code: text.lines().map(uncommented).collect::<Vec<_>>().join("\n"),
        }
    }

    /// How many `super::` lead from the file to the root of the crate.
    fn depth(&self) -> usize {
        let parts = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        parts.split('/').count()
    }
}

fn uncommented(line: &str) -> &str {
    let comment = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with(':'));
    comment.map_or(line, |(at, _)| &line[..at])
}

/// The rooms of a map: the table rows that start with a number.
fn rooms(map: &str) -> Vec<Room> {
    let room = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let row = cells.first()?.parse().ok()?;
        Some(Room { row, entry: quoted(cells.get(1)?).pop()?, libraries: quoted(cells.get(3)?) })
    };
    map.lines().filter_map(room).collect()
}

/// What stands between backquotes.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Every file below `folder`, relative to it and sorted.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("a folder that opens lists its entries").path();
        let name =
            path.file_name().and_then(|name| name.to_str()).expect("names are UTF-8").to_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|below| format!("{name}/{below}")));
        } else {
            found.push(name);
        }
    }
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let read = |path: String| {
        Source::new(&path, &fs::read_to_string(src.join(&path)).expect("a source file can be read"))
    };
    let rust = |path: &String| Path::new(path).extension().is_some_and(|end| end == "rs");
    files(&src).into_iter().filter(rust).map(read).collect()
}

/// The names that follow `path` in the code: one, or the first names of a group in braces.
fn names_after(code: &str, path: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(path) {
        let inside_word =
            code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        let rest = code[at + path.len()..].trim_start();
        match rest.strip_prefix('{') {
            _ if inside_word => {}
            Some(group) => names.extend(top_of_group(group)),
            None => names.extend(first_word(rest)),
        }
    }
    names
}

/// The first word of each item of a group, up to the brace that closes it.
fn top_of_group(group: &str) -> Vec<String> {
    let (mut depth, mut item, mut names) = (0, String::new(), Vec::new());
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => names.extend(first_word(&std::mem::take(&mut item))),
            '{' => depth += 1,
            '}' => depth -= 1,
            c if depth == 0 => item.push(c),
            _ => {}
        }
    }
    names.extend(first_word(&item));
    names
}

fn first_word(text: &str) -> Option<String> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

/// The rooms that a file imports from, by any path.
fn imports(source: &Source, rooms: &[Room]) -> BTreeSet<String> {
    let up = "super::".repeat(source.depth());
    let from_root = ["crate::", "prognose::", &up, &format!("super::{up}")];
    let mut names: BTreeSet<String> =
        from_root.iter().flat_map(|path| names_after(&source.code, path)).collect();
    names.retain(|name| rooms.iter().any(|room| room.name() == name));
    names
}

/// Imports from a room on the same row or a row below.
fn import_faults(rooms: &[Room], sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        let Some(here) = rooms.iter().find(|room| room.holds(source)) else { continue };
        for name in imports(source, rooms) {
            let from = rooms.iter().find(|room| room.name() == name).expect("imports are rooms");
            if from.row >= here.row && from != here {
                let (path, row) = (&source.path, here.row);
                faults.push(format!("{path} (row {row}) imports {name} (row {})", from.row));
            }
        }
    }
    faults
}

/// Fenced libraries that are used in a room that does not name them.
fn fence_faults(rooms: &[Room], sources: &[Source]) -> Vec<String> {
    let fenced: BTreeSet<&String> = rooms.iter().flat_map(|room| &room.libraries).collect();
    let mut faults = Vec::new();
    for source in sources {
        let here = rooms.iter().find(|room| room.holds(source));
        for library in &fenced {
            let allowed = here.is_some_and(|room| room.libraries.contains(library));
            if !allowed && uses(&source.code, library) {
                faults.push(format!("{} uses {library}", source.path));
            }
        }
    }
    faults
}

/// Whether the code names the library in a path or a `use`.
fn uses(code: &str, library: &str) -> bool {
    code.match_indices(library).any(|(at, _)| {
        let before = &code[..at];
        let inside_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let own_path =
            before.ends_with("::") && !before.trim_end_matches("::").ends_with([' ', '\n']);
        let rest = &code[at + library.len()..];
        let path = rest.starts_with("::");
        let whole = before.ends_with("use ") && rest.starts_with([';', ' ']);
        !inside_word && !own_path && (path || whole)
    })
}

/// Rooms of the map that are not there, and entries of the tree that are not on the map.
fn map_faults(rooms: &[Room], tree: &BTreeSet<String>) -> Vec<String> {
    let mapped: BTreeSet<String> = rooms.iter().map(|room| room.entry.clone()).collect();
    let gone = mapped.difference(tree).map(|entry| format!("{entry} is on the map, not in src"));
    let unmapped =
        tree.difference(&mapped).map(|entry| format!("{entry} is in src, not on the map"));
    gone.chain(unmapped).collect()
}

/// Dependencies that the map neither fences nor calls free, and those that no source file uses.
fn library_faults(map: &str, manifest: &str, sources: &[Source]) -> Vec<String> {
    #[derive(Deserialize)]
    struct Manifest {
        dependencies: BTreeMap<String, toml::Value>,
    }
    let manifest: Manifest = toml::from_str(manifest).expect("Cargo.toml is TOML");
    let named = |start: &str| {
        let paragraph = map.split("\n\n").find(|paragraph| paragraph.starts_with(start));
        quoted(paragraph.unwrap_or_default()).into_iter().collect::<BTreeSet<_>>()
    };
    let mut known = named("Common tongue");
    known.extend(rooms(map).into_iter().flat_map(|room| room.libraries));
    let used = |name: &str| sources.iter().any(|source| uses(&source.code, name));
    let mut faults: Vec<String> = known
        .iter()
        .filter(|name| !used(name))
        .map(|name| format!("no room uses {name}"))
        .collect();

    known.extend(named("For their features only"));
    let there: BTreeSet<String> =
        manifest.dependencies.keys().map(|name| name.replace('-', "_")).collect();
    faults.extend(there.difference(&known).map(|name| format!("{name} is not on the map")));
    faults.extend(known.difference(&there).map(|name| format!("{name} is not in Cargo.toml")));
    faults
}

/// Pages of the guide that its module does not show.
fn guide_faults(files: &[String], module: &str) -> Vec<String> {
    let page = |file: &&String| Path::new(file).extension().is_some_and(|end| end == "md");
    let hidden = |file: &&String| !module.contains(&format!("include_str!(\"{file}\")"));
    files.iter().filter(page).filter(hidden).map(|file| format!("{file} is not shown")).collect()
}

/// Folders below `golden` that do not say where their numbers come from.
fn golden_faults(golden: &Path) -> Vec<String> {
    let files = files(golden);
    let folders: BTreeSet<&str> =
        files.iter().filter_map(|file| Some(file.rsplit_once('/')?.0)).collect();
    let silent = |folder: &&str| !files.contains(&format!("{folder}/SOURCE.md"));
    folders.into_iter().filter(silent).map(|folder| format!("{folder} has no SOURCE.md")).collect()
}

/// `data/MANIFEST.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    #[serde(default)]
    set: Vec<DataSet>,
}

/// Files from one source, each with its SHA-256.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DataSet {
    source: String,
    licence: String,
    date: String,
    files: BTreeMap<String, String>,
}

/// Files of `data` that the manifest does not name by source, licence, date and hash, and the
/// reverse. What a run writes (`out/`, `state/`) is no data.
fn data_faults(data: &Path) -> Vec<String> {
    let text = fs::read_to_string(data.join("MANIFEST.toml")).unwrap_or_default();
    let manifest: Manifest = match toml::from_str(&text) {
        Ok(manifest) => manifest,
        Err(error) => return vec![format!("MANIFEST.toml: {error}")],
    };
    let mut faults = Vec::new();
    let mut stated = BTreeMap::new();
    for set in manifest.set {
        if [&set.source, &set.licence, &set.date].iter().any(|text| text.trim().is_empty()) {
            faults.push(format!("a set lacks its source, licence or date: {:?}", set.files.keys()));
        }
        let names = set.files.keys().cloned().collect::<BTreeSet<_>>();
        let twice = names.iter().filter(|name| stated.contains_key(*name));
        faults.extend(twice.map(|name| format!("{name} is in two sets")));
        stated.extend(set.files);
    }
    let made = |path: &String| path.split('/').any(|part| part == "out" || part == "state");
    let there = files(data).into_iter().filter(|path| !made(path) && path != "MANIFEST.toml");
    for path in there {
        let hash = sha256(&fs::read(data.join(&path)).expect("a data file can be read"));
        if stated.remove(&path).as_ref() != Some(&hash) {
            faults.push(format!("MANIFEST.toml should say: \"{path}\" = \"{hash}\""));
        }
    }
    faults
        .extend(stated.into_keys().map(|path| format!("{path} is in MANIFEST.toml, not in data")));
    faults
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

const HOUSE: &str = "
| row | room | holds | fenced libraries |
|---|---|---|---|
| 0 | `units/` | months | |
| 1 | `panel/` | series | |
| 1 | `calendar/` | days | `jiff` |
| 2 | `ledger/` | files | `polars` |
| 3 | `main.rs` | the program | |

Common tongue: `serde`
`rand_pcg`.

For their features only: `either`.
";

#[test]
fn imports_go_up() {
    none(&import_faults(&rooms(MAP), &sources()));
}

#[test]
fn an_import_that_goes_down_or_sideways_is_seen() {
    let fault =
        |path: &str, code: &str| import_faults(&rooms(HOUSE), &[Source::new(path, code)]).len();
    for (path, code) in [
        ("panel/mod.rs", "use crate::ledger::Ledger;"),
        ("panel/series.rs", "use crate::calendar::workdays;"),
        ("panel/series.rs", "use crate::{units::Month, ledger::{self, Ledger}};"),
        ("panel/series.rs", "fn f() { crate::ledger::read() }"),
        ("panel/series.rs", "mod tests { use crate::ledger::Ledger; }"),
        ("panel/series.rs", "use super::super::ledger::Ledger;"),
        ("panel/mod.rs", "use super::ledger::Ledger;"),
        ("panel/mod.rs", "mod tests { use super::super::ledger::Ledger; }"),
        ("panel/mod.rs", "use crate::\n    ledger::Ledger;"),
        ("ledger/table/text.rs", "use prognose::main;"),
        ("units/month.rs", "let url = \"https://x\"; crate::panel::new()"),
    ] {
        assert_eq!(fault(path, code), 1, "{path}: {code}");
    }
    for (path, code) in [
        ("ledger/mod.rs", "use crate::panel::Panel; use crate::units::Month;"),
        ("panel/mod.rs", "use crate::panel::series::Series; use super::panel::x;"),
        ("panel/mod.rs", "/// See [`crate::ledger`].\nstruct A; // crate::ledger::x"),
        (
            "panel/series.rs",
            "use super::ledger; use my_crate::ledger::x; use other::crate::ledger::y;",
        ),
        ("main.rs", "prognose::ledger::main()"),
    ] {
        assert_eq!(fault(path, code), 0, "{path}: {code}");
    }
}

#[test]
fn fenced_libraries_stay_in_their_room() {
    none(&fence_faults(&rooms(MAP), &sources()));
}

#[test]
fn a_library_over_the_fence_is_seen() {
    let fault =
        |path: &str, code: &str| fence_faults(&rooms(HOUSE), &[Source::new(path, code)]).len();
    for code in
        ["use polars::prelude::*;", "polars::read()", "use polars as p;", "use ::polars::x;"]
    {
        assert_eq!(fault("panel/mod.rs", code), 1, "{code}");
        assert_eq!(fault("lib.rs", code), 1, "{code}");
        assert_eq!(fault("ledger/table/text.rs", code), 0, "{code}");
    }
    for code in
        ["// polars::read()", "my_polars::read()", "let polars = 1;", "use crate::polars::x;"]
    {
        assert_eq!(fault("panel/mod.rs", code), 0, "{code}");
    }
}

#[test]
fn the_map_is_the_tree() {
    let first = |path: String| match path.split_once('/') {
        Some((folder, _)) => format!("{folder}/"),
        None => path,
    };
    let tree = files(&root().join("src")).into_iter().map(first).filter(|entry| entry != "lib.rs");
    none(&map_faults(&rooms(MAP), &tree.collect()));
}

#[test]
fn a_map_that_is_not_the_tree_is_seen() {
    let tree = ["units/", "panel/", "calendar/", "main.rs", "attic/"].map(str::to_owned).into();
    let faults = map_faults(&rooms(HOUSE), &tree);
    assert_eq!(faults, ["ledger/ is on the map, not in src", "attic/ is in src, not on the map"]);
}

#[test]
fn the_guide_shows_its_pages() {
    none(&guide_faults(&files(&root().join("src/guide")), include_str!("../src/guide/mod.rs")));
    let faults = guide_faults(&["a.md".to_owned(), "b.md".to_owned()], "include_str!(\"a.md\")");
    assert_eq!(faults, ["b.md is not shown"]);
}

#[test]
fn every_library_is_on_the_map() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml can be read");
    none(&library_faults(MAP, &manifest, &sources()));
}

#[test]
fn a_library_that_is_not_on_the_map_is_seen() {
    let names = ["serde", "rand-pcg", "jiff", "either", "left-pad"];
    let manifest = names.map(|name| format!("{name} = \"1\"\n")).concat();
    let code = "use serde::Serialize; fn f() { rand_pcg::new(); polars::read() }";
    let sources = [Source::new("lib.rs", code)];
    let faults = library_faults(HOUSE, &format!("[dependencies]\n{manifest}"), &sources);
    let expected =
        ["no room uses jiff", "left_pad is not on the map", "polars is not in Cargo.toml"];
    assert_eq!(faults, expected);
}

#[test]
fn golden_numbers_have_a_source() {
    none(&golden_faults(&root().join("tests/golden")));
}

#[test]
fn data_is_what_its_manifest_says() {
    let data = root().join("data");
    if data.exists() {
        none(&data_faults(&data));
    }
}

/// What the user fixed, and what a crate needs beside it.
const TOP: [&str; 13] = [
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "benches",
    "data",
    "deny.toml",
    "models",
    "notebooks",
    "src",
    "target",
    "tests",
];

#[test]
fn nothing_stands_at_the_top_that_was_not_agreed() {
    let entries = fs::read_dir(root()).expect("the project can be listed");
    let names = entries.map(|entry| entry.expect("it lists its entries").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    let strange: Vec<String> =
        names.filter(|name| !name.starts_with('.') && !TOP.contains(&name.as_str())).collect();
    none(&strange);
}

#[test]
fn a_golden_folder_without_a_source_and_changed_data_are_seen() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("the path has a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    };
    write("ets/expected.csv", "1");
    write("ets/SOURCE.md", "R");
    assert_eq!(golden_faults(folder.path()), Vec::<String>::new());
    write("mack/expected.csv", "1");
    assert_eq!(golden_faults(folder.path()), ["mack has no SOURCE.md"]);

    let (one, two) = (sha256(b"1"), sha256(b"R"));
    let set = format!(
        "[[set]]\nsource = \"x\"\nlicence = \"CC0-1.0\"\ndate = \"2026-10\"\n[set.files]\n\
         \"ets/expected.csv\" = \"{one}\"\n\"ets/SOURCE.md\" = \"{two}\"\n"
    );
    write("MANIFEST.toml", &format!("{set}\"mack/expected.csv\" = \"{one}\"\n"));
    write("demo/out/forecast.csv", "made by a run");
    assert_eq!(data_faults(folder.path()), Vec::<String>::new());
    write("mack/expected.csv", "2");
    assert_eq!(data_faults(folder.path()).len(), 1, "a changed file");
    write("MANIFEST.toml", &format!("{set}\"gone.csv\" = \"{one}\"\n"));
    assert_eq!(data_faults(folder.path()).len(), 2, "a file without hash, a hash without file");
    write("MANIFEST.toml", &set.replace("CC0-1.0", " "));
    assert_eq!(data_faults(folder.path()).len(), 2, "no licence, and a file without hash");
}

#[test]
fn the_fingerprint_of_the_source_is_of_all_that_makes_the_program() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("the path has a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    };
    let now = || build::fingerprint(folder.path(), &build::sources(folder.path()));
    let ours = ["Cargo.lock", "data/taakvelden.csv", "models/kampioen.toml", "src/model/ets.rs"];
    for path in ours {
        write(path, "1");
    }
    assert_eq!(build::sources(folder.path()), ours.map(PathBuf::from));
    let mut seen = BTreeSet::from([now()]);
    for path in ours {
        write(path, "2");
        assert!(seen.insert(now()), "{path} is left out");
    }
    write("src/model/theta.rs", "");
    assert!(seen.insert(now()), "a file more");
    for path in ["src/guide/map.md", "data/demo/out/2026-10/forecast.csv", "README.md"] {
        write(path, "1");
        assert!(!seen.insert(now()), "{path} makes no other program");
    }
}
