//! `prognose.toml`, `beleid.toml`, `prijzen.toml` and `gate.toml`: parsed once into options that can not be wrong.

use super::champion::Champion;
use super::notes;
use super::peers::PeersOptions;
use crate::backtest::{Gate, GateRule};
use crate::calendar::{Agenda, Entry, Event, Prices};
use crate::checks::Severities;
use crate::error::{Error, Result};
use crate::forecast::PolicyChoice;
use crate::ledger::{
    Closing, Content, Files, LedgerOptions, Lines, Privacy, Source, plain, refuse_climbing,
    refuse_leading_out, refuse_person,
};
use crate::model::Spec;
use crate::notes::Norm;
use crate::outlook::NamedQuantile;
use crate::panel::Bridge;
use crate::report::Declared;
use crate::units::harmless;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// The name of the file that makes a folder a workspace.
pub const CONFIG: &str = "prognose.toml";
/// The champion's specification, reviewed like code.
const CHAMPION: &str = include_str!("../../models/kampioen.toml");

/// Everything `prognose.toml` says.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whose prognosis it is.
    pub organisation: Organisation,
    /// The sources, the line table, closing periods and privacy.
    pub ledger: LedgerOptions,
    /// How far ahead and how many draws.
    pub forecast: ForecastOptions,
    /// Severities of findings.
    pub checks: ChecksOptions,
    /// When the organisation acts, and who.
    pub norms: Vec<Norm>,
    /// What the organisation says of its algorithm.
    pub account: Declared,
    /// The published figures of all municipalities, if any.
    pub peers: Option<PeersOptions>,
}

/// The file as it stands: the ledger's parts are tables of their own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    organisation: Organisation,
    source: Vec<Source>,
    lines: Lines,
    #[serde(default)]
    closing: Closing,
    #[serde(default)]
    forecast: ForecastOptions,
    #[serde(default)]
    privacy: Privacy,
    #[serde(default)]
    checks: ChecksOptions,
    #[serde(default)]
    norm: Vec<Norm>,
    #[serde(default)]
    account: Declared,
    peers: Option<PeersOptions>,
}

impl From<ConfigFile> for Config {
    fn from(file: ConfigFile) -> Self {
        let ConfigFile { source, lines, closing, privacy, .. } = file;
        Self {
            organisation: file.organisation,
            ledger: LedgerOptions { sources: source, lines, closing, privacy },
            forecast: file.forecast,
            checks: file.checks,
            norms: file.norm,
            account: file.account,
            peers: file.peers,
        }
    }
}

/// `[organisation]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// The name, for the report.
    pub name: String,
    /// The CBS code, for instance `GM0164`.
    #[serde(default)]
    pub code: String,
    /// The role that answers for the model.
    pub model_owner: String,
}

/// `[forecast]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ForecastOptions {
    /// Years after the current one, 0 to 10.
    pub years_ahead: i32,
    /// The levels of the bands people ask for; the files always hold all quantiles.
    pub levels: Vec<f64>,
    /// The number of draws, 100 to 100,000.
    pub draws: usize,
    /// The seed of the draws.
    pub seed: u64,
    /// Which scenario rows are inside `verwacht`.
    pub policy: PolicyChoice,
    /// Amounts to go by beside the middle one, each with a name: `[[forecast.quantile]]`.
    #[serde(rename = "quantile")]
    pub quantiles: Vec<NamedQuantile>,
    /// So many of the youngest months, 0 to 12, teach the models nothing: for books that do not tell
    /// for which month an invoice is.
    pub drop_months: usize,
}

impl Default for ForecastOptions {
    fn default() -> Self {
        Self {
            years_ahead: 4,
            levels: vec![0.5, 0.8, 0.95],
            draws: 2000,
            seed: 1,
            policy: PolicyChoice::Decided,
            quantiles: Vec::new(),
            drop_months: 0,
        }
    }
}

/// `[checks]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChecksOptions {
    /// Severity per finding code.
    pub severity: Severities,
}

/// Reads `prognose.toml`, and gives its text as well.
///
/// # Errors
/// When it is absent, no TOML, or holds an option that can not be used.
pub(super) fn read(files: &Files) -> Result<(Config, String)> {
    let text = text_in(files, CONFIG)?;
    let config = Config::from(parse::<ConfigFile>(CONFIG, &text)?);
    validate_organisation(&config.organisation)?;
    config.forecast.validate()?;
    validate_lines(&config.ledger.lines)?;
    validate_paths(&config)?;
    notes::check_norms(&config.norms, &text)?;
    config.account.check()?;
    refuse_person(&config.organisation.model_owner, "[organisation] model_owner")
        .map_err(|error| error.file(CONFIG))?;
    Ok((config, text))
}

/// The folders in a workspace that the program writes to by itself.
const OWN: [&str; 4] = ["out", "state", "state/models", "state/archive"];

/// Where `prognose.toml` of the workspace in `root` is.
///
/// # Errors
/// When it is absent: `root` is no workspace; or when a folder of the program's own leads out of it.
pub(super) fn path_in(root: &Path) -> Result<PathBuf> {
    let path = root.join(CONFIG);
    if path.is_file() {
        OWN.iter().try_for_each(|name| refuse_leading_out(root, &root.join(name)))?;
        return Ok(path);
    }
    let what = format!("{} is no workspace: it has no {CONFIG}", root.display());
    Err(Error::input(what)
        .advice("name a folder that has one, or make one with `prognose init DIR`"))
}

/// Reads the policy events, if the workspace names a file of them, and gives its text as well.
///
/// # Errors
/// When the file is absent or no list of events.
pub(super) fn policy(files: &Files, file: Option<&str>) -> Result<(Vec<Event>, Option<String>)> {
    let Some(file) = file else { return Ok((Vec::new(), None)) };
    let text = text_in(files, file)?;
    let agenda: Agenda = parse(file, &text)?;
    let places: Places = parse(file, &text)?;
    let twice = |at: usize, event: &Event| {
        let same = agenda.events[..at].iter().any(|other| other.id == event.id);
        let what = format!("two events have the id {:?}", event.id);
        same.then(|| Error::input(what).advice("give each [[event]] an id of its own"))
    };
    let faults = agenda.events.iter().enumerate().flat_map(|(at, event)| {
        let found = event.check().err().into_iter().chain(twice(at, event));
        let place = row(&text, &places.event[at].span());
        found.map(move |error| error.file(file).row(place))
    });
    match Error::all(faults.collect()) {
        Some(error) => Err(error),
        None => Ok((agenda.events, Some(text))),
    }
}

/// Reads the price indices, if the workspace names a file of them, and gives its text as well.
///
/// # Errors
/// When the file is absent or no table of indices that can be used.
pub(super) fn prices(files: &Files, file: Option<&str>) -> Result<(Prices, Option<String>)> {
    let Some(file) = file else { return Ok((Prices::default(), None)) };
    let text = text_in(files, file)?;
    let prices: Prices = parse(file, &text)?;
    let places: Places = parse(file, &text)?;
    let faults = prices.faults().into_iter().map(|(entry, error)| {
        let entry = match entry {
            Entry::Index(at) => &places.index[at],
            Entry::Weight(at) => &places.weight[at],
        };
        error.file(file).row(row(&text, &entry.span()))
    });
    match Error::all(faults.collect()) {
        Some(error) => Err(error),
        None => Ok((prices, Some(text))),
    }
}

/// Reads the rules of a gate from `file`, which is looked for in the current folder and then in the workspace.
///
/// # Errors
/// When it is absent, or holds a rule that can not be used.
pub(super) fn gate(root: &Path, file: &Path) -> Result<Gate> {
    let path = if file.is_file() { file.to_owned() } else { root.join(file) };
    gate_of(&path.display().to_string(), &text_of(&path)?)
}

pub(super) fn gate_of(name: &str, text: &str) -> Result<Gate> {
    let gate: Gate = parse(name, text)?;
    let places: Places = parse(name, text)?;
    let rules = gate.rules.iter().zip(&places.rule);
    let fault = |(rule, place): (&GateRule, &Spanned<IgnoredAny>)| {
        rule.check().err().map(|error| error.file(name).row(row(text, &place.span())))
    };
    match Error::all(rules.filter_map(fault).collect()) {
        Some(error) => Err(error),
        None if gate.rules.is_empty() => Err(Error::input("a gate without rules lets all through")
            .file(name)
            .advice("add a [[rule]], as in the file that `prognose init DIR` writes")),
        None => Ok(gate),
    }
}

/// The files in TOML that people write, as `prognose init` and the guide call them.
pub const TEXTS: [&str; 6] =
    [CONFIG, "beleid.toml", "prijzen.toml", "gate.toml", notes::NOTES, "champion.toml"];

/// Reads the text of one of [`TEXTS`] as the commands do, and keeps nothing: for who writes such a file by a program.
///
/// # Errors
/// As the command that reads the file; also when `name` is none of them.
pub fn check_text(name: &str, text: &str) -> Result<()> {
    let content = Content::Bytes(text.as_bytes().to_vec());
    let files = Files::from_iter([(name.to_owned(), content)]);
    match TEXTS.iter().position(|known| *known == name) {
        Some(0) => read(&files).map(|_| ()),
        Some(1) => policy(&files, Some(name)).map(|_| ()),
        Some(2) => prices(&files, Some(name)).map(|_| ()),
        Some(3) => gate_of(name, text).map(|_| ()),
        Some(4) => notes::read(&files).map(|_| ()),
        Some(5) => Champion::of(name, text).map(|_| ()),
        _ => Err(Error::input(format!("{name:?} is no file of a workspace"))
            .advice(format!("name one of {}", TEXTS.join(", ")))),
    }
}

impl Config {
    /// Reads `prognose.toml`.
    ///
    /// # Errors
    /// When it is absent, no TOML, or holds an option that can not be used.
    pub fn read(files: &Files) -> Result<Self> {
        read(files).map(|(config, _)| config)
    }
}

/// Where the entries of `beleid.toml`, `prijzen.toml` and `gate.toml` stand, for messages.
#[derive(Deserialize)]
struct Places {
    #[serde(default)]
    event: Vec<Spanned<IgnoredAny>>,
    #[serde(default)]
    index: Vec<Spanned<IgnoredAny>>,
    #[serde(default)]
    weight: Vec<Spanned<IgnoredAny>>,
    #[serde(default)]
    rule: Vec<Spanned<IgnoredAny>>,
}

/// The champion that the program brings, in use until a workspace points to another.
///
/// # Panics
/// Never: a test reads the specification.
#[must_use]
pub fn champion() -> Spec {
    toml::from_str(CHAMPION).expect("models/kampioen.toml is read by a test")
}

/// The specification with this name in a backtest, or in this TOML file, as `models/kampioen.toml` is one.
///
/// # Errors
/// When it is neither, or can not work.
pub fn named_spec(name: &str) -> Result<Spec> {
    if let Some(spec) = Spec::all().into_iter().find(|spec| spec.name() == name) {
        return Ok(spec);
    }
    let path = Path::new(name);
    if !path.is_file() && path.extension().is_none() {
        let known: Vec<&str> = Spec::all().iter().map(Spec::name).collect();
        return Err(Error::input(format!("{name:?} is no model and no file")).advice(format!(
            "name a TOML file with a specification, or one of: {}",
            known.join(", ")
        )));
    }
    let spec: Spec = parse(name, &text_of(path)?)?;
    spec.check().map_err(|error| error.file(name))?;
    Ok(spec)
}

pub(super) fn text_of(path: &Path) -> Result<String> {
    decoded(std::fs::read(path).map_err(|error| Error::io(path, &error))?, path)
}

/// The text of a file of a workspace.
pub(super) fn text_in(files: &Files, name: &str) -> Result<String> {
    decoded(files.bytes(name)?, &files.path(name))
}

fn decoded(bytes: Vec<u8>, path: &Path) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| {
        Error::input("is not valid UTF-8")
            .file(path.display().to_string())
            .advice("save it as UTF-8")
    })
}

/// Every file that the workspace names lies below its folder.
fn validate_paths(Config { ledger, peers, account, .. }: &Config) -> Result<()> {
    let Lines { table, policy, prices, .. } = &ledger.lines;
    let files = ledger.sources.iter().map(|source| &source.files);
    let paths = files.chain([table]).chain(policy).chain(prices);
    let peers = peers.iter().flat_map(|peers| [&peers.budget, &peers.accounts]);
    let paths = paths.chain(peers).map(String::as_str).chain([account.criteria_file()]);
    let faults = paths.filter_map(|path| refuse_climbing(path).err()).collect();
    Error::all(faults).map_or(Ok(()), Err)
}

/// The organisation stands on terminals and in tables.
fn validate_organisation(organisation: &Organisation) -> Result<()> {
    let Organisation { name, code, model_owner } = organisation;
    for (key, value) in [("name", name), ("code", code), ("model_owner", model_owner)] {
        if plain(value) != *value {
            let what = format!(
                "[organisation] {key} = {value:?} has a line break or another sign in it that is no letter"
            );
            return Err(Error::input(what).file(CONFIG).advice("write it on one line"));
        }
    }
    Ok(())
}

fn validate_lines(lines: &Lines) -> Result<()> {
    let wrong = |what: String, advice: &str| Err(Error::input(what).file(CONFIG).advice(advice));
    if lines.table.trim().is_empty() {
        return wrong(
            "[lines] table is empty".into(),
            "name the line table, as in \"indeling.csv\"",
        );
    }
    for (at, bridge) in lines.bridges.iter().enumerate() {
        let same = |other: &Bridge| other.name.eq_ignore_ascii_case(&bridge.name);
        if lines.bridges[..at].iter().any(same) {
            let what = format!("two bridges are named {:?}", bridge.name);
            return wrong(what, "give each [[lines.bridge]] a name of its own");
        }
        if harmless(&bridge.name) != bridge.name {
            let what = format!("bridge {:?} is a formula to a spreadsheet program", bridge.name);
            return wrong(what, "begin the name with a letter or digit");
        }
        if bridge.lines.is_empty() {
            let what = format!("bridge {:?} holds no lines", bridge.name);
            return wrong(what, "name taakvelden, patterns such as \"6.71*\", or products");
        }
    }
    Ok(())
}

pub(super) fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        let place = error.span().map(|span| row(text, &span));
        let problem = Error::input(error.message().to_owned())
            .file(file)
            .advice("`prognose init DIR` writes a template with a word on every key");
        match place {
            Some(line) => problem.row(line),
            None => problem,
        }
    })
}

/// The row in which a span of a text starts.
pub(super) fn row(text: &str, span: &Range<usize>) -> usize {
    text[..span.start].matches('\n').count() + 1
}

impl ForecastOptions {
    fn validate(&self) -> Result<()> {
        let wrong = |key: &str, value: String, range: &str| {
            Error::input(format!("{key} = {value} is out of range"))
                .file(CONFIG)
                .advice(format!("use {range}"))
        };
        if !(0..=10).contains(&self.years_ahead) {
            return Err(wrong("[forecast] years_ahead", self.years_ahead.to_string(), "0 to 10"));
        }
        if self.drop_months > 12 {
            return Err(wrong("[forecast] drop_months", self.drop_months.to_string(), "0 to 12"));
        }
        if !(100..=100_000).contains(&self.draws) {
            return Err(wrong("[forecast] draws", self.draws.to_string(), "100 to 100000"));
        }
        let costs = |named: &&NamedQuantile| {
            let sound = |cost: f64| cost > 0.0 && cost.is_finite();
            let name = named.name.trim();
            !sound(named.short) || !sound(named.over) || name.is_empty() || harmless(name) != name
        };
        if let Some(named) = self.quantiles.iter().find(costs) {
            let value = format!(
                "{{ name = {:?}, short = {}, over = {} }}",
                named.name, named.short, named.over
            );
            let use_ =
                "a name, and costs above 0, as in name = \"behoedzaam\", short = 3, over = 1";
            return Err(wrong("[[forecast.quantile]]", value, use_));
        }
        for (at, named) in self.quantiles.iter().enumerate() {
            if self.quantiles[..at].iter().any(|other| other.name == named.name) {
                let value = format!("{:?} twice", named.name);
                return Err(wrong(
                    "[[forecast.quantile]] name",
                    value,
                    "a name of its own for each",
                ));
            }
        }
        match self.levels.iter().find(|level| !(0.0..1.0).contains(*level)) {
            Some(level) => Err(wrong(
                "[forecast] levels",
                level.to_string(),
                "shares below 1, as in [0.5, 0.8, 0.95]",
            )),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_specification_has_a_name_or_a_file() {
        assert_eq!(named_spec("ets").unwrap().name(), "ets");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("uitdager.toml");
        std::fs::write(&path, "model = \"gladstrijker\"\nsmoother = \"theta\"\n").unwrap();
        assert_eq!(named_spec(path.to_str().unwrap()).unwrap().name(), "theta");
        for (text, told) in [("nix", "no model and no file"), ("x/y.toml", "x/y.toml")] {
            let error = named_spec(text).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
    }

    #[test]
    fn the_champion_is_the_models_own_default() {
        assert_eq!(champion(), Spec::default());
    }

    #[test]
    fn the_reference_calendar_can_be_used_as_it_is() {
        let text = include_str!("../../data/beleidskalender.toml");
        let agenda: Agenda = toml::from_str(text).unwrap();
        let ids: BTreeSet<&str> = agenda.events.iter().map(|event| event.id.as_str()).collect();
        assert_eq!(ids.len(), agenda.events.len());
        for event in &agenda.events {
            event.check().unwrap();
            assert!(event.size().is_none(), "{} has an amount", event.id);
            assert!(event.known_from <= event.date, "{} is known after it began", event.id);
            assert!(!event.source.is_empty(), "{} has no source", event.id);
        }
    }

    #[test]
    fn the_prices_of_the_demo_and_the_guide_can_be_used() {
        let guide = include_str!("../guide/years.md").split("```").nth(1).unwrap();
        let demo = include_str!("../../data/demo/prijzen.toml");
        for (text, sizes) in [(demo, (24, 1)), (guide.strip_prefix("toml").unwrap(), (2, 2))] {
            let prices: Prices = toml::from_str(text).unwrap();
            assert!(prices.faults().is_empty());
            assert_eq!((prices.figures.len(), prices.weights.len()), sizes);
        }
    }
}
