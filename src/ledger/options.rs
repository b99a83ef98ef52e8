//! What a workspace says about its files, checked once when it is read.

use super::layout::{self, Header, Layout, Names};
use super::parse::{self, Cell};
use super::table::Value;
use super::types::PostingKind;
use crate::panel::Bridge;
use crate::units::{Cents, Side};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The parts of `prognose.toml` that speak of files: `[[source]]`, `[lines]`, `[closing]` and
/// `[privacy]`. The workspace parses the file and hands the parts over.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerOptions {
    /// The files to read, in order.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
    /// The line table and what belongs to it.
    pub lines: Lines,
    /// The rule for closing periods.
    #[serde(default)]
    pub closing: Closing,
    /// What the guard against personal data may skip.
    #[serde(default)]
    pub privacy: Privacy,
}

/// `[lines]`: which code is which line, and the tables beside it. Paths are relative to the
/// workspace.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// The line table: `code,geldig_van,geldig_tot,wet,taakveld,product`.
    pub table: String,
    /// The policy events, if any; not read by this room.
    pub policy: Option<String>,
    /// The price indices, if any; not read by this room.
    pub prices: Option<String>,
    /// The named bridges.
    #[serde(default, rename = "bridge")]
    pub bridges: Vec<Bridge>,
}

/// `[closing]`: when bookings in period 13 and up became known, if no booking date says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "RawClosing")]
pub struct Closing {
    /// Month of the next year, 1 to 12.
    pub(super) booked: i32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClosing {
    booked: String,
}

impl Default for Closing {
    fn default() -> Self {
        Self { booked: 3 }
    }
}

impl TryFrom<RawClosing> for Closing {
    type Error = String;
    fn try_from(raw: RawClosing) -> Result<Self, String> {
        let booked = raw.booked.parse().ok().filter(|month| (1..=12).contains(month));
        let wrong =
            || format!("closing.booked = {:?} is not a month; write \"01\" to \"12\"", raw.booked);
        Ok(Self { booked: booked.ok_or_else(wrong)? })
    }
}

/// `[privacy]`: the columns the guard may skip.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    /// Headers of unmapped columns. A column of BSNs is never skipped.
    #[serde(default)]
    pub ignore_columns: Vec<String>,
}

/// What a source holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Postings; those of all ledger sources add up.
    Ledger,
    /// Declarations of providers: they divide the postings of a ledger without service months over the
    /// months of the care, and are never added.
    Declarations,
    /// Budgets per year.
    Budget,
    /// Forecasts made by people.
    HumanForecast,
    /// Totals the ledger must add up to.
    ControlTotal,
    /// The line table; not a source of its own.
    #[serde(skip)]
    Lines,
}

/// The encoding of a CSV file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) enum Encoding {
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// Writes the fields once: the name in `[source.columns]` and the variant.
macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+) => {
        /// A column under our name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
        pub(super) enum Field { $($(#[$doc])* #[serde(rename = $name)] $variant),+ }

        impl Field {
            const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in `[source.columns]`.
            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}
fields!(
    Booked = "booked",
    BookedYear = "booked_year",
    BookedPeriod = "booked_period",
    Service = "service",
    ServiceYear = "service_year",
    ServicePeriod = "service_period",
    Code = "code",
    Side = "side",
    Amount = "amount",
    Kind = "kind",
    /// An amount that is taken off.
    Credit = "credit",
    Year = "year",
    Month = "month",
    Quarter = "quarter",
    Wet = "wet",
    Taakveld = "taakveld",
    Product = "product",
    Version = "version",
    Adopted = "adopted",
    Made = "made",
    Name = "name",
    File = "file",
    /// Of the line table.
    #[serde(skip)]
    ValidFrom = "geldig_van",
    /// Of the line table.
    #[serde(skip)]
    ValidTo = "geldig_tot",
    /// Of the line table.
    #[serde(skip)]
    Public = "openbaar"
);

/// One `[[source]]`: which files, how they are written and which column is what.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "RawSource")]
pub struct Source {
    pub(super) kind: SourceKind,
    /// The files: a path or a pattern, relative to the workspace.
    pub files: String,
    /// A comma unless the source says another; `None` in the line table: comma or semicolon, whichever its header has.
    pub(super) delimiter: Option<u8>,
    pub(super) decimal: char,
    pub(super) encoding: Encoding,
    pub(super) sheet: Option<String>,
    pub(super) flips_baten: bool,
    /// Every file holds the whole of the books at the end of the month in its name.
    pub(super) snapshots: bool,
    /// The headers a field may stand under.
    pub(super) columns: BTreeMap<Field, Vec<String>>,
    /// By the value in lower case.
    pub(super) kinds: BTreeMap<String, PostingKind>,
    /// By the value in lower case.
    pub(super) sides: BTreeMap<String, Side>,
    pub(super) layout: Layout,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSource {
    kind: SourceKind,
    files: String,
    #[serde(default = "comma")]
    delimiter: char,
    #[serde(default = "point")]
    decimal: char,
    #[serde(default)]
    encoding: Encoding,
    sheet: Option<String>,
    #[serde(default = "plus")]
    baten_sign: i8,
    #[serde(default)]
    snapshots: bool,
    #[serde(default)]
    columns: BTreeMap<Field, Names>,
    #[serde(default)]
    kinds: BTreeMap<String, PostingKind>,
    #[serde(default)]
    sides: BTreeMap<String, Side>,
    header: Option<Header>,
    #[serde(default)]
    fixed: BTreeMap<Field, String>,
    wide: Option<Field>,
    #[serde(default)]
    leave_out: Vec<String>,
    #[serde(default)]
    only: BTreeMap<String, Names>,
    #[serde(default = "one")]
    unit: u64,
    #[serde(default)]
    missing: BTreeSet<String>,
}

fn comma() -> char {
    ','
}

fn point() -> char {
    '.'
}

fn plus() -> i8 {
    1
}

fn one() -> u64 {
    1
}

/// The fields of a forecast by people.
const HUMAN_FORECAST: [Field; 11] = [
    Field::Year,
    Field::Code,
    Field::Wet,
    Field::Taakveld,
    Field::Product,
    Field::Side,
    Field::Amount,
    Field::Version,
    Field::Adopted,
    Field::Made,
    Field::Name,
];

/// The fields of the line table.
const LINE_TABLE: [Field; 7] = [
    Field::Code,
    Field::ValidFrom,
    Field::ValidTo,
    Field::Wet,
    Field::Taakveld,
    Field::Product,
    Field::Public,
];

impl SourceKind {
    /// The fields a source of this kind may map.
    pub(super) fn fields(self) -> &'static [Field] {
        use Field as F;
        match self {
            Self::Ledger | Self::Declarations => &Field::ALL[..11],
            // All that a forecast by people has, but when it was made and its name.
            Self::Budget => &HUMAN_FORECAST[..9],
            Self::HumanForecast => &HUMAN_FORECAST,
            Self::ControlTotal => &[
                F::Year,
                F::Month,
                F::Quarter,
                F::Wet,
                F::Taakveld,
                F::Product,
                F::Side,
                F::Amount,
                F::File,
            ],
            Self::Lines => &LINE_TABLE,
        }
    }

    /// The fields a file of this kind can not do without, beside those that are mapped.
    pub(super) fn required(self) -> &'static [Field] {
        match self {
            Self::Ledger | Self::Declarations => &[],
            Self::Budget | Self::ControlTotal => &[Field::Year, Field::Amount],
            Self::HumanForecast => &[Field::Year, Field::Amount, Field::Made, Field::Name],
            // All but whether it is public.
            Self::Lines => &LINE_TABLE[..6],
        }
    }

    /// Whether a row is a transaction, so that a column "naam" holds the name of a party.
    pub(super) fn is_transactions(self) -> bool {
        matches!(self, Self::Ledger | Self::Declarations)
    }
}

impl Source {
    /// The line table as a source.
    pub(super) fn line_table(path: &str) -> Self {
        Self {
            kind: SourceKind::Lines,
            files: path.to_owned(),
            delimiter: None,
            decimal: '.',
            encoding: Encoding::Utf8,
            sheet: None,
            flips_baten: false,
            snapshots: false,
            columns: BTreeMap::new(),
            kinds: BTreeMap::new(),
            sides: BTreeMap::new(),
            layout: Layout::default(),
        }
    }

    /// What the files hold.
    #[must_use]
    pub fn kind(&self) -> SourceKind {
        self.kind
    }

    /// Whether it reads the sheet of this name; without a name of its own it may be any.
    pub(super) fn reads(&self, sheet: &str) -> bool {
        self.sheet.as_ref().is_none_or(|own| own == sheet)
    }

    /// The headers each field is looked for under, in order. Tables other than transactions have columns of
    /// our own names unless mapped.
    pub(super) fn headers(&self) -> Vec<(Field, Vec<&str>)> {
        let own = |field: Field| (!self.kind.is_transactions()).then(|| vec![field.name()]);
        let headers = |&field: &Field| {
            let mapped = self.columns.get(&field);
            let mapped = mapped.map(|names| names.iter().map(|name| name.trim()).collect());
            mapped.or_else(|| own(field)).map(|headers| (field, headers))
        };
        let fields = self.kind.fields().iter().filter(|&field| !self.is_given(*field));
        fields.filter_map(headers).collect()
    }

    /// An amount as the source writes it.
    pub(super) fn amount(&self, value: &Value) -> Cell<Cents> {
        parse::amount(value, self.decimal, self.layout.places)
    }

    /// Lasten or baten by `[source.sides]`, or by our own words.
    pub(super) fn side(&self, text: &str) -> Cell<Side> {
        match self.sides.get(&text.to_lowercase()) {
            Some(&side) => Ok(side),
            None => parse::side(text).map_err(|bad| {
                let advice = format!("{}; or say what it is under [source.sides]", bad.advice);
                parse::bad(bad.what, advice)
            }),
        }
    }

    /// Whether a field has no column of its own: one text stands for it, or the headers of a wide file do.
    fn is_given(&self, field: Field) -> bool {
        let wide = self.layout.wide.is_some();
        self.layout.fixed.contains_key(&field)
            || (wide && (field == Field::Amount || self.layout.spread_fields().contains(&field)))
    }

    /// The header and the decimal mark of the amounts of transactions, when their column is nothing else and every row
    /// of the file is a posting as it stands.
    pub(super) fn amounts(&self) -> Option<(&str, u8)> {
        let names = self.columns.get(&Field::Amount).filter(|_| self.kind.is_transactions())?;
        let [header] = names.as_slice() else { return None };
        let as_it_stands = self.layout.is_plain()
            && self.layout.places == 0
            && !self.columns.contains_key(&Field::Credit);
        let others = self.columns.values().flatten();
        let once = others.filter(|other| other.trim() == header.trim()).count() == 1;
        let mark = u8::try_from(self.decimal).ok()?;
        (once && as_it_stands).then_some((header.trim(), mark))
    }

    /// Whether the file, or `[source.fixed]`, tells the field.
    fn maps(&self, field: Field) -> bool {
        self.columns.contains_key(&field) || self.is_given(field)
    }

    fn check(&self) -> Result<(), String> {
        if self.files.trim().is_empty() {
            return Err("files is empty; name the files, for instance \"grootboek/*.csv\"".into());
        }
        if let Some(field) = self.columns.keys().find(|field| !self.kind.fields().contains(field)) {
            let known: Vec<&str> = self.kind.fields().iter().map(|field| field.name()).collect();
            return Err(format!(
                "a source of this kind has no column {:?}; it has: {}",
                field.name(),
                known.join(", ")
            ));
        }
        if let Some((field, _)) = self.columns.iter().find(|(_, names)| names.is_empty()) {
            return Err(format!("[source.columns] {} names no column", field.name()));
        }
        self.layout.check(self.kind, &|field| self.columns.contains_key(&field))?;
        if self.snapshots && self.kind != SourceKind::Ledger {
            return Err("snapshots = true belongs to a source of kind ledger only".into());
        }
        if self.kind.is_transactions() { self.check_transactions() } else { self.check_scope() }
    }

    fn check_transactions(&self) -> Result<(), String> {
        use Field::{
            Amount, BookedPeriod, BookedYear, Code, Kind, Service, ServicePeriod, ServiceYear,
        };
        for field in [Code, Amount] {
            if !self.maps(field) {
                return Err(format!(
                    "[source.columns] misses {:?}; say which column holds it",
                    field.name()
                ));
            }
        }
        for (year, period) in [(BookedYear, BookedPeriod), (ServiceYear, ServicePeriod)] {
            // In a wide file the headers hold months with their year, or periods of the year of the row.
            let wide = self.layout.spread_fields().contains(&period);
            if !wide && self.maps(year) != self.maps(period) {
                return Err(format!(
                    "[source.columns] needs both {:?} and {:?}",
                    year.name(),
                    period.name()
                ));
            }
        }
        if self.columns.contains_key(&Service) && self.maps(ServiceYear) {
            return Err(
                "[source.columns] has both \"service\" and \"service_year\"; keep one".into()
            );
        }
        self.check_months()?;
        if !self.kinds.is_empty() && !self.maps(Kind) {
            return Err("[source.kinds] needs the column \"kind\" in [source.columns]".into());
        }
        Ok(())
    }

    /// Which months a source can not do without.
    fn check_months(&self) -> Result<(), String> {
        use Field::{Booked, BookedYear, Service, ServiceYear};
        let booked = self.maps(Booked) || self.maps(BookedYear);
        let service = self.maps(Service) || self.maps(ServiceYear);
        let service_or = "\"service\", or \"service_year\" and \"service_period\"";
        match self.kind {
            SourceKind::Declarations if !service => Err(format!(
                "[source.columns] misses {service_or}; declarations say for which month care was given"
            )),
            SourceKind::Ledger if self.snapshots && !booked && !service => Err(format!(
                "[source.columns] misses {service_or}; snapshots without \"booked\" need it"
            )),
            _ if booked || self.snapshots => Ok(()),
            _ => {
                Err("[source.columns] misses \"booked\", or \"booked_year\" and \"booked_period\""
                    .into())
            }
        }
    }

    fn check_scope(&self) -> Result<(), String> {
        use Field::{Code, Product, Taakveld, Wet};
        if self.maps(Code) && [Wet, Taakveld, Product].iter().any(|&field| self.maps(field)) {
            return Err("[source.columns] has both \"code\" and a name (wet, taakveld, product); keep one way".into());
        }
        if !self.kinds.is_empty() {
            return Err("[source.kinds] belongs to ledger and declarations only".into());
        }
        Ok(())
    }
}

impl TryFrom<RawSource> for Source {
    type Error = String;
    fn try_from(raw: RawSource) -> Result<Self, String> {
        if !raw.delimiter.is_ascii() || matches!(raw.delimiter, '"' | '\n' | '\r') {
            return Err(format!(
                "delimiter = {:?} can not be used; write \",\", \";\" or \"\\t\"",
                raw.delimiter
            ));
        }
        if !matches!(raw.decimal, ',' | '.') {
            return Err(format!(
                "decimal = {:?} can not be used; write \",\" or \".\"",
                raw.decimal
            ));
        }
        if raw.baten_sign.abs() != 1 {
            return Err(format!("baten_sign = {} can not be used; write 1 or -1", raw.baten_sign));
        }
        let layout = Layout {
            header: raw.header.map(TryInto::try_into).transpose()?,
            fixed: raw.fixed,
            wide: raw.wide,
            leave_out: raw.leave_out,
            only: raw.only.into_iter().map(|(column, names)| (column, names.list())).collect(),
            places: layout::places(raw.unit)?,
            missing: raw.missing.into_iter().map(|text| text.trim().to_owned()).collect(),
        };
        let source = Self {
            kind: raw.kind,
            files: raw.files,
            delimiter: u8::try_from(raw.delimiter).ok(),
            decimal: raw.decimal,
            encoding: raw.encoding,
            sheet: raw.sheet,
            flips_baten: raw.baten_sign == -1,
            snapshots: raw.snapshots,
            columns: raw.columns.into_iter().map(|(field, names)| (field, names.list())).collect(),
            kinds: by_lower_case(raw.kinds),
            sides: by_lower_case(raw.sides),
            layout,
        };
        source.check().map(|()| source)
    }
}

fn by_lower_case<T>(values: BTreeMap<String, T>) -> BTreeMap<String, T> {
    values.into_iter().map(|(value, meant)| (value.trim().to_lowercase(), meant)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Result<Source, String> {
        toml_like(text).and_then(|value| serde_json::from_value(value).map_err(|e| e.to_string()))
    }

    /// Options are written as JSON here: the TOML itself is the workspace's.
    fn toml_like(text: &str) -> Result<serde_json::Value, String> {
        serde_json::from_str(text).map_err(|e| e.to_string())
    }

    #[test]
    fn reads_a_ledger_source_with_its_defaults() {
        let text = r#"{"kind": "ledger", "files": "*.csv",
            "columns": {"booked": "boekmaand", "code": "product", "amount": "bedrag"}}"#;
        let source = source(text).unwrap();
        assert_eq!(
            (source.delimiter, source.decimal, source.flips_baten),
            (Some(b','), '.', false)
        );
        assert_eq!(
            source.headers(),
            [
                (Field::Booked, vec!["boekmaand"]),
                (Field::Code, vec!["product"]),
                (Field::Amount, vec!["bedrag"])
            ]
        );
    }

    #[test]
    fn refuses_what_can_not_be_meant() {
        let ledger = |columns: &str, more: &str| {
            source(&format!(
                r#"{{"kind": "ledger", "files": "a.csv", "columns": {{{columns}}} {more}}}"#
            ))
            .unwrap_err()
        };
        let full = r#""booked": "b", "code": "c", "amount": "a""#;
        for (columns, more, expected) in [
            (r#""booked": "b", "code": "c""#, "", "misses \"amount\""),
            (r#""code": "c", "amount": "a""#, "", "misses \"booked\""),
            (r#""booked_year": "b", "code": "c", "amount": "a""#, "", "needs both"),
            (r#""bookd": "b""#, "", "unknown variant `bookd`"),
            (
                r#""booked": "b", "code": "c", "amount": "a", "made": "m""#,
                "",
                "has no column \"made\"",
            ),
            (full, r#", "delimiter": "é""#, "delimiter"),
            (full, r#", "decimal": ";""#, "decimal"),
            (full, r#", "baten_sign": 0"#, "baten_sign"),
            (full, r#", "encoding": "latin""#, "unknown variant `latin`"),
            (full, r#", "kinds": {"t": "accrual"}"#, "needs the column \"kind\""),
            (full, r#", "filez": "x""#, "unknown field `filez`"),
            (full, r#", "header": [4, 6]"#, "follow each other"),
            (full, r#", "unit": 12"#, "unit = 12"),
            (full, r#", "wide": "service""#, "take \"amount\" out"),
            (full, r#", "wide": "year""#, "write \"booked\" or \"service\""),
            (full, r#", "fixed": {"amount": "1"}"#, "can not hold \"amount\""),
            (full, r#", "fixed": {"code": "1"}"#, "keep one"),
            (full, r#", "leave_out": ["*"]"#, "every row"),
            (full, r#", "only": {"soort": []}"#, "keeps no row"),
            (r#""booked": "b", "code": [], "amount": "a""#, "", "names no column"),
        ] {
            let message = ledger(columns, more);
            assert!(message.contains(expected), "{message} lacks {expected}");
        }
    }

    #[test]
    fn knows_the_closing_month() {
        let closing = |text: &str| serde_json::from_str::<Closing>(text).map_err(|e| e.to_string());
        assert_eq!(closing(r#"{"booked": "04"}"#), Ok(Closing { booked: 4 }));
        assert!(closing(r#"{"booked": "13"}"#).unwrap_err().contains("\"01\" to \"12\""));
        assert_eq!(Closing::default(), Closing { booked: 3 });
    }
}
