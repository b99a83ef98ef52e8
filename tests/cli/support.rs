//! Temporary workspaces and the program run on them.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder that disappears with the value.
pub(crate) struct Workdir {
    folder: tempfile::TempDir,
}

/// What a run of the program left.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workdir {
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A workspace of two codes, five years and a budget, booked through 2025-08.
    pub(crate) fn small() -> Self {
        let dir = Self::empty();
        dir.write("prognose.toml", SMALL);
        dir.write("indeling.csv", "code,geldig_van,geldig_tot,wet,taakveld,product\n4401,,,Wmo,6.711,Hulp\n4501,,,Jeugd,6.752,Ambulant\n");
        dir.write("grootboek.csv", &small_ledger(68));
        dir.write(
            "begroting.csv",
            "jaar;product;soort;bedrag\n2025;4401;lasten;1300000,00\n2025;4501;lasten;2500000,00\n",
        );
        dir
    }

    /// The small workspace with declarations beside its ledger: three of four euros were declared for
    /// the month before.
    pub(crate) fn declared() -> Self {
        let dir = Self::small();
        dir.edit("prognose.toml", "[lines]", DECLARED);
        let mut text = String::from("declaratiemaand;prestatiemaand;product;bedrag\n");
        for k in 1..68 {
            for code in [4401, 4501] {
                let (before, month) = (small_month(k - 1), small_month(k));
                write!(text, "{month};{before};{code};30,00\n{month};{month};{code};10,00\n")
                    .unwrap();
            }
        }
        dir.write("declaraties.csv", &text);
        dir
    }

    /// The small workspace with three extracts of the whole ledger, without booking months: 66, 67 and 68
    /// months of care, and in the last of them a correction of 1.000 on the first.
    pub(crate) fn extracts() -> Self {
        let dir = Self::small();
        std::fs::remove_file(dir.path().join("grootboek.csv")).unwrap();
        dir.edit(
            "prognose.toml",
            "files = \"grootboek.csv\"",
            "files = \"standen/*.csv\"\nsnapshots = true",
        );
        dir.edit("prognose.toml", "booked = \"boekmaand\"", "service = \"boekmaand\"");
        for months in 66..69 {
            let first = if months == 68 { ";99000,50" } else { ";100000,50" };
            let text = small_ledger(months).replacen(";100000,50", first, 1);
            dir.write(&format!("standen/stand-{}.csv", small_month(months - 1)), &text);
        }
        dir
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        self.write_bytes(name, text.as_bytes());
    }

    pub(crate) fn write_bytes(&self, name: &str, bytes: &[u8]) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Replaces the first `from` in a file, which must be there.
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no {from:?}");
        self.write(name, &text.replacen(from, to, 1));
    }

    /// Runs `prognose COMMAND` on this folder with more arguments.
    pub(crate) fn run(&self, command: &str, more: &[&str]) -> Ran {
        let folder = self.path().to_str().unwrap();
        prognose(&[&[command, folder], more].concat())
    }

    /// Every file below `name` with the hash of its bytes.
    pub(crate) fn hashes(&self, name: &str) -> BTreeMap<String, String> {
        hashes(&self.path().join(name))
    }
}

/// Runs the program. It must never panic, whatever it is given.
pub(crate) fn prognose(arguments: &[&str]) -> Ran {
    prognose_with(arguments, &[])
}

/// The same with more in its environment.
pub(crate) fn prognose_with(arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    let mut program = Command::new(env!("CARGO_BIN_EXE_prognose"));
    program.args(arguments).env("SOURCE_DATE_EPOCH", "1790000000");
    let output = program.envs(environment.iter().copied()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let ran = Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    };
    assert!(
        !ran.stderr.contains("panicked") && !ran.stderr.contains("mistake in prognose"),
        "{arguments:?} panicked:\n{}",
        ran.stderr
    );
    ran
}

pub(crate) fn hashes(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if let Ok(bytes) = fs::read(&path) {
            let name = path.strip_prefix(folder).unwrap().display().to_string();
            found.insert(name, format!("{:x?}", Sha256::digest(bytes)));
        }
    }
    found
}

/// The rows of a CSV file as maps from header to value.
pub(crate) fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// Month `k` from 2020-01 on.
pub(crate) fn small_month(k: u32) -> String {
    format!("{}-{:02}", 2020 + k / 12, k % 12 + 1)
}

/// So many months from 2020-01 on, two codes each, the same numbers every time.
pub(crate) fn small_ledger(months: u32) -> String {
    let mut text = String::from("boekmaand;product;soort;bedrag;omschrijving\n");
    for k in 0..months {
        let month = small_month(k);
        let wave = (k * 7919) % 97;
        writeln!(text, "{month};4401;lasten;{},50;Hulp", 100_000 + 200 * k + 150 * wave).unwrap();
        writeln!(text, "{month};4501;lasten;{},25;Ambulant", 200_000 + 300 * k + 450 * wave)
            .unwrap();
    }
    text
}

const DECLARED: &str = r#"[[source]]
kind = "declarations"
files = "declaraties.csv"
delimiter = ";"
decimal = ","
[source.columns]
booked = "declaratiemaand"
service = "prestatiemaand"
code = "product"
amount = "bedrag"

[lines]"#;

const SMALL: &str = r#"
[organisation]
name = "Gemeente Klein"
code = "GM0001"
model_owner = "afdeling Ondersteuning & Zorg"

[[source]]
kind = "ledger"
files = "grootboek.csv"
delimiter = ";"
decimal = ","
[source.columns]
booked = "boekmaand"
code = "product"
side = "soort"
amount = "bedrag"

[[source]]
kind = "budget"
files = "begroting.csv"
delimiter = ";"
decimal = ","
[source.columns]
year = "jaar"
code = "product"
side = "soort"
amount = "bedrag"

[lines]
table = "indeling.csv"

[forecast]
draws = 200
"#;
