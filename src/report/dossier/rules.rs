//! What the Algoritmeregister takes: its fields, their lengths and the values it knows, kept as data.

use serde::Deserialize;
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// Publication standard 1.0; `data/MANIFEST.toml` says where it comes from.
static STANDARD: LazyLock<Standard> = LazyLock::new(|| {
    let text = include_str!("../../../data/algoritmeregister-1.0.json");
    serde_json::from_str(text).expect("the rules are read by a test")
});

#[derive(Deserialize)]
struct Standard {
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    required: bool,
    #[serde(flatten)]
    rule: Rule,
}

/// What a field may hold. Lengths count characters.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Rule {
    Text { max: usize, form: Option<Form> },
    Choice { values: Vec<String> },
    List { max_items: usize, values: Vec<String> },
    Links { title: Option<usize>, link: usize, link_required: bool },
}

/// What a text must look like.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    Month,
    Https,
    Contact,
}

/// Why the register would not take an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field.
    pub field: String,
    /// What is wrong with it.
    pub what: String,
    /// What to do about it.
    pub advice: String,
    /// Whether it is merely not there.
    pub missing: bool,
}

/// Whether the register refuses an entry without this field.
pub(super) fn is_required(name: &str) -> bool {
    STANDARD.fields.iter().any(|field| field.name == name && field.required)
}

/// The names of all fields, in the order of the standard.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    STANDARD.fields.iter().map(|field| field.name.as_str())
}

/// Why the register would not take this entry; nothing when it would. What is `null` or empty is not there.
#[must_use]
pub fn faults(entry: &Map<String, Value>) -> Vec<Fault> {
    let unknown = entry.keys().filter(|key| names().all(|name| name != *key));
    let mut faults: Vec<Fault> =
        unknown.map(|key| fault(key, "is no field of the standard", "leave it out")).collect();
    for field in &STANDARD.fields {
        match entry.get(&field.name).filter(|value| !is_empty(value)) {
            None if field.required => {
                faults.push(Fault {
                    missing: true,
                    ..fault(&field.name, "is not there, and the register asks for it", "fill it in")
                });
            }
            None => {}
            Some(value) => {
                let wrong = field.rule.wrong(value);
                faults.extend(wrong.map(|(what, advice)| fault(&field.name, &what, &advice)));
            }
        }
    }
    faults
}

fn fault(field: &str, what: &str, advice: &str) -> Fault {
    Fault { field: field.into(), what: what.into(), advice: advice.into(), missing: false }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// What is wrong, and what to do about it.
type Wrong = Option<(String, String)>;

impl Rule {
    fn wrong(&self, value: &Value) -> Wrong {
        match (self, value) {
            (Self::Text { max, form }, Value::String(text)) => {
                too_long(text, *max).or_else(|| form.and_then(|form| form.wrong(text)))
            }
            (Self::Choice { values }, Value::String(text)) => not_one_of(text, values),
            (Self::List { max_items, values }, Value::Array(items)) => {
                if items.len() > *max_items {
                    let what = format!("holds {} values", items.len());
                    return Some((what, format!("keep at most {max_items}")));
                }
                let not_known = |item: &Value| not_one_of(item.as_str().unwrap_or(""), values);
                items.iter().find_map(not_known)
            }
            (Self::Links { title, link, link_required }, Value::Array(items)) => {
                items.iter().find_map(|item| wrong_link(item, *title, *link, *link_required))
            }
            _ => Some(("is of another type".into(), "write a text, or a list of texts".into())),
        }
    }
}

impl Form {
    fn wrong(self, text: &str) -> Wrong {
        let (holds, advice) = match self {
            Self::Month => (is_month(text), "write a month, as in 2026-10"),
            Self::Https => (is_page(text), "start with https://"),
            Self::Contact => (
                is_page(text) || is_address(text),
                "name a functional e-mail address, or a web page that starts with https://",
            ),
        };
        (!holds).then(|| (format!("{text:?} can not be used"), advice.to_owned()))
    }
}

fn is_month(text: &str) -> bool {
    text.len() == 7 && text.parse::<crate::units::Month>().is_ok()
}

fn is_page(text: &str) -> bool {
    text.strip_prefix("https://").is_some_and(|rest| rest.contains('.') && !rest.contains(' '))
}

fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !text.contains(' '))
}

fn too_long(text: &str, max: usize) -> Wrong {
    let length = text.chars().count();
    (length > max).then(|| (format!("is {length} characters long"), format!("write at most {max}")))
}

fn not_one_of(text: &str, values: &[String]) -> Wrong {
    let known = values.iter().any(|value| value == text);
    (!known).then(|| (format!("{text:?} is not known"), format!("use {}", values.join(", "))))
}

fn wrong_link(item: &Value, title: Option<usize>, link: usize, required: bool) -> Wrong {
    let part = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or("");
    if part("title").is_empty() {
        return Some(("has a link without a title".into(), "give each a title".into()));
    }
    let url = part("link");
    if url.is_empty() {
        let what = format!("{:?} has no link", part("title"));
        return required.then(|| (what, "give it a link that starts with https://".into()));
    }
    title
        .and_then(|max| too_long(part("title"), max))
        .or_else(|| too_long(url, link))
        .or_else(|| Form::Https.wrong(url))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(change: Value) -> Vec<(String, String)> {
        let mut entry = json!({
            "name": "n", "description_short": "d", "organization": "o", "status": "In gebruik",
            "contact_email": "info@gemeente.nl", "publication_category": "Overige algoritmes", "lang": "nld",
        });
        let Value::Object(change) = change else { panic!("an object") };
        entry.as_object_mut().unwrap().extend(change);
        let faults = faults(entry.as_object().unwrap());
        faults.into_iter().map(|fault| (fault.field, fault.what)).collect()
    }

    #[test]
    fn the_standard_has_its_fields_once() {
        assert_eq!(names().count(), 29);
        let unique: std::collections::BTreeSet<&str> = names().collect();
        assert_eq!(unique.len(), 29);
        let required: Vec<&str> = names().filter(|name| is_required(name)).collect();
        assert_eq!(
            required,
            [
                "name",
                "description_short",
                "organization",
                "status",
                "contact_email",
                "publication_category",
                "lang"
            ]
        );
    }

    #[test]
    fn an_entry_with_what_is_asked_will_do() {
        assert_eq!(told(json!({})), []);
        assert_eq!(told(json!({ "begin_date": null, "tags": "", "category": [] })), []);
        assert_eq!(
            told(json!({ "contact_email": "https://gemeente.nl/vragen", "begin_date": "2026-01" })),
            []
        );
    }

    #[test]
    fn each_fault_names_its_field() {
        let long = |length: usize| "é".repeat(length);
        for (change, field, what) in [
            (json!({ "name": long(101) }), "name", "is 101 characters long"),
            (
                json!({ "description_short": long(351) }),
                "description_short",
                "is 351 characters long",
            ),
            (json!({ "status": "in gebruik" }), "status", "\"in gebruik\" is not known"),
            (json!({ "lang": "NLD" }), "lang", "\"NLD\" is not known"),
            (json!({ "lang": "" }), "lang", "is not there, and the register asks for it"),
            (json!({ "begin_date": "2026-13" }), "begin_date", "\"2026-13\" can not be used"),
            (json!({ "website": "http://x.nl" }), "website", "\"http://x.nl\" can not be used"),
            (json!({ "category": ["Geld"] }), "category", "\"Geld\" is not known"),
            (
                json!({ "category": ["Werk", "Recht", "Wonen", "Verkeer"] }),
                "category",
                "holds 4 values",
            ),
            (json!({ "tags": ["a"] }), "tags", "is of another type"),
            (
                json!({ "lawful_basis_grouping": [{ "title": "Wet" }] }),
                "lawful_basis_grouping",
                "\"Wet\" has no link",
            ),
            (
                json!({ "impacttoetsen_grouping": [{ "link": "https://x.nl" }] }),
                "impacttoetsen_grouping",
                "has a link without a title",
            ),
            (json!({ "onbekend": "x" }), "onbekend", "is no field of the standard"),
        ] {
            assert_eq!(told(change), [(field.to_owned(), what.to_owned())]);
        }
        assert_eq!(
            told(json!({ "name": long(100), "impacttoetsen_grouping": [{ "title": "IAMA" }] })),
            []
        );
    }
}
