//! `[account]`: what the organisation says of its algorithm. The program can know none of it.

use super::register;
use super::rules;
use crate::error::{Error, Result};
use crate::ledger::refuse_person;
use crate::units::Month;
use serde::{Deserialize, Serialize};

/// Where the table stands.
const FILE: &str = "prognose.toml";

/// `[account]`; every key may be left out, and then stands in the pages as not filled in.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Declared {
    /// Whether the department took the model over.
    pub status: Status,
    /// Since which month.
    pub status_since: Option<Month>,
    /// The role that took it over.
    pub adopted_by: String,
    /// The role that answers for the data.
    pub data_owner: String,
    /// The role that answers for the process.
    pub process_owner: String,
    /// A functional e-mail address or a web page for questions.
    pub contact_email: String,
    /// The page for the public.
    pub website: String,
    /// An earlier registration elsewhere.
    pub url: String,
    /// The month in which it came into use.
    pub begin: Option<Month>,
    /// The month in which it went out of use.
    pub end: Option<Month>,
    /// The law behind the process, in words.
    pub lawful_basis: String,
    /// The same as links.
    pub laws: Vec<Link>,
    /// The public part of the register of processing.
    pub process_index_url: String,
    /// Words to find it by, with commas between them.
    pub tags: String,
    /// Themes of the register; those of money and care when left out.
    pub category: Vec<String>,
    /// How much it touches people, by the guidance of the register.
    pub publication_category: String,
    /// Who delivers it; `Intern ontwikkeld` when nobody does.
    pub provider: String,
    /// Where its source is.
    pub publiccode: String,
    /// The number of the algorithm in a register of the organisation.
    pub source_id: String,
    /// Why assessments of impact were made or not.
    pub impact_assessments: String,
    /// Assessments that were made.
    pub assessments: Vec<Link>,
    /// Public descriptions of the data.
    pub sources: Vec<Link>,
    /// The file with the requirements under which the department took the model over; `gate.toml` when left out.
    pub criteria: String,
}

/// Whether the department took the model over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Status {
    /// Not yet.
    #[default]
    #[serde(rename = "concept")]
    Concept,
    /// It did.
    #[serde(rename = "vastgesteld")]
    Adopted,
    /// It stopped using it.
    #[serde(rename = "buiten gebruik")]
    Retired,
}

/// A title and where it leads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What it is.
    pub title: String,
    /// Where it is: a web page.
    #[serde(default)]
    pub link: String,
}

/// A key of `[account]` that is not filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The key.
    pub key: &'static str,
    /// Whether the register refuses an entry without it.
    pub required: bool,
}

impl Status {
    /// In a sentence of the model card.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Concept => "concept",
            Self::Adopted => "vastgesteld",
            Self::Retired => "buiten gebruik",
        }
    }

    /// As the register calls it.
    pub(super) fn in_register(self) -> &'static str {
        match self {
            Self::Concept => "In ontwikkeling",
            Self::Adopted => "In gebruik",
            Self::Retired => "Buiten gebruik",
        }
    }
}

impl Declared {
    /// The file with the requirements of the department.
    #[must_use]
    pub fn criteria_file(&self) -> &str {
        if self.criteria.is_empty() { "gate.toml" } else { &self.criteria }
    }

    /// Refuses a role or an address that looks like a person's, and what the register would not take.
    ///
    /// # Errors
    /// Each names the key and what to do.
    pub fn check(&self) -> Result<()> {
        let roles = [
            ("adopted_by", &self.adopted_by),
            ("data_owner", &self.data_owner),
            ("process_owner", &self.process_owner),
        ];
        let mut errors: Vec<Error> = roles
            .into_iter()
            .filter_map(|(key, role)| refuse_person(role, &format!("[account] {key}")).err())
            .collect();
        let texts = [
            ("lawful_basis", &self.lawful_basis),
            ("provider", &self.provider),
            ("impact_assessments", &self.impact_assessments),
            ("tags", &self.tags),
        ];
        let titles = self.laws.iter().chain(&self.assessments).chain(&self.sources);
        let titles = titles.map(|link| ("title", &link.title));
        let person =
            |(key, text): (&str, &String)| refuse_person(text, &format!("[account] {key}")).err();
        errors.extend(texts.into_iter().chain(titles).filter_map(person));
        errors.extend(personal_address(&self.contact_email));
        let entry = register::declared(self);
        let faults = rules::faults(&entry).into_iter().filter(|fault| !fault.missing);
        errors.extend(faults.map(|fault| {
            let what = format!("[account] {}: {}", key_of(&fault.field), fault.what);
            Error::input(what).advice(fault.advice)
        }));
        let errors = errors.into_iter().map(|error| error.file(FILE)).collect();
        Error::all(errors).map_or(Ok(()), Err)
    }

    /// The keys that are not filled in, in the order of the pages. Those that only say when an algorithm ended are
    /// asked of one that did.
    #[must_use]
    pub fn missing(&self) -> Vec<Missing> {
        let adopted = self.status != Status::Concept;
        let keys = [
            ("status_since", adopted && self.status_since.is_none()),
            ("adopted_by", adopted && self.adopted_by.is_empty()),
            ("data_owner", self.data_owner.is_empty()),
            ("process_owner", self.process_owner.is_empty()),
            ("contact_email", self.contact_email.is_empty()),
            ("website", self.website.is_empty()),
            ("url", self.url.is_empty()),
            ("begin", adopted && self.begin.is_none()),
            ("end", self.status == Status::Retired && self.end.is_none()),
            ("lawful_basis", self.lawful_basis.is_empty()),
            ("laws", self.laws.is_empty()),
            ("process_index_url", self.process_index_url.is_empty()),
            ("publication_category", self.publication_category.is_empty()),
            ("provider", self.provider.is_empty()),
            ("publiccode", self.publiccode.is_empty()),
            ("source_id", self.source_id.is_empty()),
            ("impact_assessments", self.impact_assessments.is_empty()),
            ("assessments", self.assessments.is_empty()),
            ("sources", self.sources.is_empty()),
        ];
        let missing = |(key, absent): (&'static str, bool)| {
            absent.then(|| Missing { key, required: rules::is_required(field_of(key)) })
        };
        keys.into_iter().filter_map(missing).collect()
    }
}

/// Keys that have another name than their field in the register.
const NAMES: [(&str, &str); 6] = [
    ("begin", "begin_date"),
    ("end", "end_date"),
    ("laws", "lawful_basis_grouping"),
    ("impact_assessments", "impacttoetsen"),
    ("assessments", "impacttoetsen_grouping"),
    ("sources", "source_data_grouping"),
];

fn field_of(key: &str) -> &str {
    NAMES.iter().find(|(known, _)| *known == key).map_or(key, |(_, field)| field)
}

/// The key that fills a field of the register.
pub(super) fn key_of(field: &str) -> &str {
    NAMES.iter().find(|(_, known)| *known == field).map_or(field, |(key, _)| key)
}

/// A point or an underscore before the `@` is how addresses of persons look (`j.jansen@`). A name written as one
/// word can not be told from a function: the guide asks for a function.
fn personal_address(contact: &str) -> Option<Error> {
    let (name, _) = contact.split_once('@')?;
    name.contains(['.', '_']).then(|| {
        Error::personal_data("[account] contact_email looks like the address of a person")
            .advice("name a functional address without a point or underscore before the @, as in algoritmes@, or a web page")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(contact: &str) -> Declared {
        Declared { contact_email: contact.into(), ..Declared::default() }
    }

    #[test]
    fn an_address_is_of_a_function() {
        for contact in
            ["algoritmes@gemeente.nl", "sociaal-domein@gemeente.nl", "https://gemeente.nl/vraag"]
        {
            assert!(with(contact).check().is_ok(), "{contact}");
        }
        for contact in ["j.jansen@gemeente.nl", "jan_jansen@gemeente.nl"] {
            let error = with(contact).check().unwrap_err();
            assert!(error.is_personal_data() && !error.to_string().contains("jansen"), "{error}");
        }
        let error = with("bel ons").check().unwrap_err().to_string();
        assert!(error.contains("[account] contact_email") && error.contains("https://"), "{error}");
    }

    #[test]
    fn a_role_is_no_person_and_a_key_is_named() {
        let declared = Declared { data_owner: "jan@gemeente.nl".into(), ..Declared::default() };
        let error = declared.check().unwrap_err().to_string();
        assert!(error.contains("[account] data_owner looks like an e-mail address"), "{error}");
        let declared = Declared {
            tags: "x".repeat(2501),
            category: vec!["Geld".into()],
            laws: vec![Link { title: "Wet".into(), link: "wetten.nl".into() }],
            ..Declared::default()
        };
        let error = declared.check().unwrap_err().to_string();
        for told in [
            "[account] tags: is 2501 characters",
            "[account] category: \"Geld\"",
            "[account] laws: ",
        ] {
            assert!(error.contains(told), "{told} in {error}");
        }
    }

    #[test]
    fn what_is_not_filled_in_is_told() {
        let missing = Declared::default().missing();
        let required: Vec<&str> =
            missing.iter().filter(|missing| missing.required).map(|missing| missing.key).collect();
        assert_eq!(required, ["contact_email", "publication_category"]);
        assert!(
            !missing.iter().any(|missing| ["begin", "end", "adopted_by"].contains(&missing.key))
        );
        let retired = Declared { status: Status::Retired, ..with("info@gemeente.nl") };
        let keys: Vec<&str> = retired.missing().iter().map(|missing| missing.key).collect();
        assert!(keys.contains(&"end") && keys.contains(&"adopted_by"), "{keys:?}");
        assert!(!keys.contains(&"contact_email"));
    }
}
