//! A `[[source]]` while it is proposed: options for the reader, and text for a person.

use crate::error::{Error, Result};
use crate::ledger::options::{Field, Source};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// One key with what it was proposed for.
#[derive(Clone, Debug)]
struct Key {
    table: &'static str,
    name: String,
    value: Value,
    why: String,
}

/// A source: its keys in the order of writing.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    keys: Vec<Key>,
}

/// The tables of a source, in the order of writing; the keys of a source itself stand first.
const TABLES: [&str; 6] = ["", "columns", "fixed", "only", "sides", "kinds"];

impl Draft {
    /// Sets a key of the source itself.
    pub(super) fn set(&mut self, name: &str, value: Value, why: &str) {
        self.put("", name, value, why);
    }

    /// Sets a key of one of its tables.
    pub(super) fn put(&mut self, table: &'static str, name: &str, value: Value, why: &str) {
        self.keys.retain(|key| (key.table, key.name.as_str()) != (table, name));
        let (name, why) = (name.to_owned(), why.to_owned());
        self.keys.push(Key { table, name, value, why });
    }

    /// Maps a field to a column.
    pub(super) fn column(&mut self, field: Field, header: &str, why: &str) {
        self.put("columns", field.name(), json!(header), why);
    }

    /// The same with another text for every row.
    pub(super) fn fixed(&mut self, field: Field, text: &str, why: &str) {
        self.put("fixed", field.name(), json!(text), why);
    }

    /// Whether a column has a meaning already.
    pub(super) fn names(&self, header: &str) -> bool {
        let is_column = |key: &Key| key.table == "columns" && key.value == header;
        self.keys.iter().any(|key| is_column(key) || (key.table == "only" && key.name == header))
    }

    /// The options as the reader takes them.
    pub(super) fn source(&self) -> Result<Source> {
        let mut whole = Map::new();
        for key in &self.keys {
            if key.table.is_empty() {
                whole.insert(key.name.clone(), key.value.clone());
            } else {
                let table = whole.entry(key.table).or_insert_with(|| json!({}));
                table[&key.name] = key.value.clone();
            }
        }
        serde_json::from_value(Value::Object(whole)).map_err(|error| {
            Error::input(format!("what is proposed can not be read yet ({error})"))
                .advice("complete this [[source]] in prognose.toml")
        })
    }

    /// The options as they stand in `prognose.toml`.
    pub(super) fn toml(&self) -> String {
        let mut text = String::from("[[source]]\n");
        for table in TABLES {
            let keys: Vec<&Key> = self.keys.iter().filter(|key| key.table == table).collect();
            if !table.is_empty() && !keys.is_empty() {
                writeln!(text, "[source.{table}]").expect("a string takes every text");
            }
            for Key { name, value, why, .. } in keys {
                let line = format!("{} = {}", bare(name), toml(value));
                let comment =
                    if why.is_empty() { String::new() } else { format!("# {}", plain(why)) };
                writeln!(text, "{}", format!("{line:<46} {comment}").trim_end())
                    .expect("a string takes every text");
            }
        }
        text
    }
}

/// A text on one line: whatever a cell holds, it ends no comment and steers no terminal.
#[must_use]
pub fn plain(text: &str) -> String {
    // Line and paragraph separators are no control characters; neither are marks that turn the direction of a text.
    let is_odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if is_odd(c) { ' ' } else { c }).collect()
}

/// A key, in quotes when it is more than a word.
fn bare(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(is_bare) { name.to_owned() } else { quoted(name) }
}

fn toml(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(values) => {
            format!("[{}]", values.iter().map(toml).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// A basic string of TOML: what JSON escapes is escaped alike.
pub(super) fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_options_are_the_same() {
        let mut draft = Draft::default();
        draft.set("kind", json!("ledger"), "");
        draft.set("files", json!("a \"b\".csv"), "");
        draft.column(Field::Booked, "maand", "a month in each row");
        draft.column(Field::Code, "code", "");
        draft.column(Field::Amount, "bedrag", "");
        draft.put("only", "Gemeente naam", json!(["x", "y"]), "");
        assert_eq!(
            draft.toml(),
            "[[source]]\nkind = \"ledger\"\nfiles = \"a \\\"b\\\".csv\"\n[source.columns]\n\
             booked = \"maand\"                               # a month in each row\n\
             code = \"code\"\namount = \"bedrag\"\n[source.only]\n\"Gemeente naam\" = [\"x\", \"y\"]\n"
        );
        assert!(draft.source().is_ok());
        draft.set("unit", json!(1), "x\nseed = 1\r\u{85}\u{2028}y");
        assert!(draft.toml().contains("# x seed = 1   y\n"), "{}", draft.toml());
        assert!(Draft::default().source().is_err());
    }
}
