//! Which models are in use: `state/models/champion.toml` points, and `log.csv` says why it was moved.

use super::config::{champion as shipped, parse, text_of};
use super::job::Job;
use super::write::write_all;
use crate::archive::exclusive;
use crate::error::{Error, Result};
use crate::ledger::refuse_leading_out;
use crate::model::{SavedModels, Spec};
use crate::units::{Month, sha256};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

const POINTER: &str = "champion.toml";
const LOG: &str = "log.csv";
/// What helps when the pointer can not be read, by whichever command.
const ANEW: &str = "put it back as it was, or remove it: the next train makes it anew for the champion \
                    that the program brings";
const COLUMNS: [&str; 5] = ["as_of", "what", "from", "to", "why"];

/// The models in use, and those that were in use before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Champion {
    /// The file of the trained models; `None` before the first training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// What is trained every month.
    pub spec: Spec,
    /// What was in use before, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Earlier>,
}

/// Models that were in use before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// Their file; `None` when they were never trained here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What was trained.
    pub spec: Spec,
}

/// Why the pointer is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why<'a> {
    Routine,
    Won(&'a str),
}

/// What a row of the log tells, beside the as-of month.
struct Told<'a> {
    what: &'a str,
    from: &'a str,
    to: &'a str,
    why: &'a str,
}

impl Champion {
    /// The one that the program brings.
    pub(super) fn of_the_program() -> Self {
        Self { current: None, spec: shipped(), earlier: Vec::new() }
    }

    /// The champion of the workspace in `root`: what its pointer says, or the one that the program brings.
    ///
    /// # Errors
    /// When the pointer can not be read, or points out of its folder.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let path = folder(root).join(POINTER);
        if !path.is_file() {
            return Ok(Self::of_the_program());
        }
        refuse_leading_out(root, &path)?;
        Self::of(&path.display().to_string(), &text_of(&path)?)
    }

    /// The same from the text of the pointer.
    pub(super) fn of(name: &str, text: &str) -> Result<Self> {
        let champion: Self = parse(name, text).map_err(|error| error.advice(ANEW))?;
        let earlier = champion.earlier.iter().filter_map(|earlier| earlier.file.as_ref());
        if let Some(file) = champion.current.iter().chain(earlier).find(|file| !is_plain(file)) {
            return Err(Error::input(format!("{file:?} is no name of saved models"))
                .file(name)
                .advice(ANEW));
        }
        champion.spec.check().map_err(|error| error.file(name).advice(ANEW))?;
        Ok(champion)
    }

    /// An error when another champion was chosen since the gate was run against `judged`.
    fn still(&self, judged: &Self) -> Result<()> {
        if self.spec == judged.spec {
            return Ok(());
        }
        let what = format!(
            "the champion is {} by now, and the challenger won from {}",
            self.shown(),
            judged.shown()
        );
        Err(Error::input(what).advice("nothing changed; run the challenge again"))
    }

    /// Points to other models; what was in use before is kept for a way back.
    fn point(&mut self, file: String, spec: &Spec) {
        let before = Earlier {
            file: self.current.replace(file),
            spec: std::mem::replace(&mut self.spec, spec.clone()),
        };
        // The first training of the champion has nothing before it.
        if before.file.is_some() || before.spec != self.spec {
            self.earlier.push(before);
        }
    }

    /// The file in use, or the name of what is yet to be trained.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.current.as_deref().unwrap_or(self.spec.name())
    }
}

impl Job {
    /// The trained models of the champion, when there are any that know nothing later than the as-of
    /// month. Models of this very month are used only when the input is still the same.
    ///
    /// # Errors
    /// When the file exists and can not be read as models.
    pub fn saved_models(&self) -> Result<Option<SavedModels>> {
        let usable = |saved: &SavedModels| {
            saved.spec == self.champion.spec
                && saved.usable_for(self.as_of).is_ok()
                && (saved.trained_through < self.as_of || saved.input_hash == self.input_hash())
        };
        Ok(on_disk(&self.root, &self.champion)?.filter(usable))
    }

    /// Keeps trained models and points to them, unless those in use know more (a look at the past
    /// teaches nothing new) or another champion was chosen meanwhile. Gives what is in use: the name of a file in
    /// `state/models`.
    ///
    /// # Errors
    /// When they can not be written.
    pub fn save_models(&self, saved: &SavedModels) -> Result<String> {
        self.point_to(saved, Why::Routine)
    }

    /// Makes the challenger champion; `why` goes into the log. Gives the name of its file.
    ///
    /// # Errors
    /// When another champion was chosen since the workspace was read, or it can not be written.
    pub fn crown(&self, saved: &SavedModels, why: &str) -> Result<String> {
        self.point_to(saved, Why::Won(why))
    }

    fn point_to(&self, saved: &SavedModels, why: Why<'_>) -> Result<String> {
        let folder = folder(&self.root);
        fs::create_dir_all(&folder).map_err(|error| Error::io(&folder, &error))?;
        let _lock = exclusive(&folder)?;
        let mut champion = Champion::read(&self.root)?;
        if why != Why::Routine {
            champion.still(&self.champion)?;
        }
        let newer = |old: &SavedModels| old.trained_through > saved.trained_through;
        let knows_more =
            || on_disk(&self.root, &champion).is_ok_and(|old| old.is_some_and(|old| newer(&old)));
        let stays = why == Why::Routine && (champion.spec != saved.spec || knows_more());
        let text = saved.to_json()?;
        let file = name_of(saved, &text);
        if stays || champion.current.as_ref() == Some(&file) {
            return Ok(champion.shown().to_owned());
        }
        write_all(&folder, &[(file.clone(), text.into_bytes())])?;
        let told = match why {
            Why::Routine => Told {
                what: "refit",
                from: champion.shown(),
                to: &file,
                why: "the same specification on the newest months",
            },
            Why::Won(why) => {
                Told { what: "challenger won", from: champion.shown(), to: &file, why }
            }
        };
        log(&folder, self.as_of, &told)?;
        champion.point(file, &saved.spec);
        write_pointer(&folder, &champion)?;
        Ok(champion.shown().to_owned())
    }

    /// Writes down that the champion stays, and why.
    ///
    /// # Errors
    /// When the log can not be written.
    pub fn stay(&self, challenger: &Spec, why: &str) -> Result<()> {
        let folder = folder(&self.root);
        fs::create_dir_all(&folder).map_err(|error| Error::io(&folder, &error))?;
        let _lock = exclusive(&folder)?;
        let champion = Champion::read(&self.root)?;
        let (from, to) = (champion.shown(), challenger.name());
        log(&folder, self.as_of, &Told { what: "challenger refused", from, to, why })
    }

    /// Points back to what was in use before, one step, and gives what is in use now.
    ///
    /// # Errors
    /// When nothing was in use before.
    pub fn roll_back(&self) -> Result<Champion> {
        let folder = folder(&self.root);
        let nothing = || {
            Error::input("there is no earlier champion to go back to")
                .file(folder.join(POINTER).display().to_string())
                .advice("train first; every set of models that was in use is kept")
        };
        if !folder.is_dir() {
            return Err(nothing());
        }
        let _lock = exclusive(&folder)?;
        let before = Champion::read(&self.root)?;
        let mut champion = before.clone();
        let Earlier { file, spec } = champion.earlier.pop().ok_or_else(nothing)?;
        (champion.current, champion.spec) = (file, spec);
        let told = Told {
            what: "rolled back",
            from: before.shown(),
            to: champion.shown(),
            why: "train --rollback",
        };
        log(&folder, self.as_of, &told)?;
        write_pointer(&folder, &champion)?;
        Ok(champion)
    }
}

fn folder(root: &Path) -> PathBuf {
    root.join("state").join("models")
}

/// Whether a file can lie nowhere but in the folder itself.
fn is_plain(file: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let json = Path::new(file).extension().is_some_and(|end| end == "json");
    json && !file.starts_with('.') && file.chars().all(plain)
}

/// `kampioen-2026-10-1f2e3d4c.json`: what it is, through when it was trained, and the start of its hash.
fn name_of(saved: &SavedModels, text: &str) -> String {
    file_name(&saved.spec, saved.trained_through, &sha256(text.as_bytes()))
}

/// The same from the SHA-256 of the models.
pub(super) fn file_name(spec: &Spec, trained_through: Month, sha256: &str) -> String {
    format!("{}-{trained_through}-{}.json", spec.name(), &sha256[..8])
}

fn on_disk(root: &Path, champion: &Champion) -> Result<Option<SavedModels>> {
    let Some(path) = champion.current.as_ref().map(|file| folder(root).join(file)) else {
        return Ok(None);
    };
    // Without the file the models are trained anew.
    if !path.is_file() {
        return Ok(None);
    }
    refuse_leading_out(root, &path)?;
    let text = fs::read_to_string(&path).map_err(|error| Error::io(&path, &error))?;
    SavedModels::from_json(&text, &path.display().to_string()).map(Some)
}

fn write_pointer(folder: &Path, champion: &Champion) -> Result<()> {
    let text = toml::to_string(champion).map_err(|error| Error::input(error.to_string()))?;
    write_all(folder, &[(POINTER.into(), text.into_bytes())])
}

/// Adds a row to the log. It is written before the pointer moves; a row that a stopped run left is not
/// repeated.
fn log(folder: &Path, as_of: Month, told: &Told<'_>) -> Result<()> {
    const IN_MEMORY: &str = "memory takes a row";
    let path = folder.join(LOG);
    let row = |fields: [&str; 5]| {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(fields).expect(IN_MEMORY);
        writer.into_inner().expect(IN_MEMORY)
    };
    let mut text = if path.is_file() {
        fs::read(&path).map_err(|error| Error::io(&path, &error))?
    } else {
        row(COLUMNS)
    };
    let new = row([&as_of.to_string(), told.what, told.from, told.to, told.why]);
    if !text.ends_with(&[b"\n", new.as_slice()].concat()) {
        text.extend(new);
    }
    write_all(folder, &[(LOG.into(), text)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pointer_comes_back_and_never_leaves_its_folder() {
        let root = tempfile::tempdir().unwrap();
        let models = folder(root.path());
        fs::create_dir_all(&models).unwrap();
        assert_eq!(Champion::read(root.path()).unwrap().spec, shipped());
        let ets = Spec::all().into_iter().find(|spec| spec.name() == "ets").unwrap();
        let mut champion = Champion::read(root.path()).unwrap();
        champion.point("kampioen-2025-08-00000000.json".into(), &shipped());
        assert!(champion.earlier.is_empty());
        let mut other = champion.clone();
        other.current = None;
        other.point("ets-2025-08-00000000.json".into(), &ets);
        assert_eq!(other.earlier, [Earlier { file: None, spec: shipped() }]);
        champion.point("ets-2025-08-00000000.json".into(), &ets);
        write_pointer(&models, &champion).unwrap();
        let back = Champion::read(root.path()).unwrap();
        assert_eq!(back, champion);
        assert_eq!((back.spec, back.earlier[0].spec.clone()), (ets, shipped()));
        for file in ["../../x.json", "/etc/x.json", "a\\\\x.json", ".x.json", "x.toml"] {
            let text = format!("current = \"{file}\"\n[spec]\nmodel = \"kampioen\"\n");
            fs::write(models.join(POINTER), text).unwrap();
            let error = Champion::read(root.path()).unwrap_err().to_string();
            assert!(
                error.contains("is no name of saved models") && error.contains(ANEW),
                "{error}"
            );
        }
        fs::write(models.join(POINTER), "[spec]\nmodel = \"onbekend\"\n").unwrap();
        assert!(Champion::read(root.path()).unwrap_err().to_string().contains(ANEW));
        fs::remove_file(models.join(POINTER)).unwrap();
        assert_eq!(Champion::read(root.path()).unwrap().current, None);
    }

    #[test]
    fn a_challenger_replaces_only_the_champion_it_won_from() {
        let of = |spec: Spec, file: &str| Champion {
            current: Some(file.to_owned()),
            spec,
            earlier: Vec::new(),
        };
        let ets = Spec::all().into_iter().find(|spec| spec.name() == "ets").unwrap();
        let judged = of(shipped(), "kampioen-2025-08-00000000.json");
        // A refit of the same is the same champion.
        assert!(of(shipped(), "kampioen-2025-09-00000000.json").still(&judged).is_ok());
        let error = of(ets, "ets-2025-08-00000000.json").still(&judged).unwrap_err().to_string();
        assert!(error.contains("the champion is ets-2025-08-00000000.json by now"), "{error}");
    }

    #[test]
    fn the_log_grows_by_a_row_and_quotes_what_must_be() {
        let folder = tempfile::tempdir().unwrap();
        let told = |why| Told { what: "refit", from: "", to: "b.json", why };
        let as_of = Month::january(2026);
        for why in ["new, and \"better\"", "new, and \"better\"", "other"] {
            log(folder.path(), as_of, &told(why)).unwrap();
        }
        assert_eq!(
            fs::read_to_string(folder.path().join(LOG)).unwrap(),
            "as_of,what,from,to,why\n2026-01,refit,,b.json,\"new, and \"\"better\"\"\"\n\
             2026-01,refit,,b.json,other\n"
        );
    }
}
