//! Fitted models on disk.

use super::{Calibration, FittedModel, Spec};
use crate::error::{Error, Result};
use crate::units::{LineId, Month};
use serde::{Deserialize, Serialize};

/// The version of the layout below; another one is refused.
pub const SCHEMA: u32 = 3;

/// The models of all lines, with what they were trained on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedModels {
    /// [`SCHEMA`] when written.
    pub schema: u32,
    /// Nothing that became known after this month was used.
    pub trained_through: Month,
    /// SHA-256 over the input, in hex.
    pub input_hash: String,
    /// What was asked for.
    pub spec: Spec,
    /// The bands that all lines taught together.
    pub calibration: Calibration,
    /// Per line, sorted.
    pub lines: Vec<SavedLine>,
}

/// One line's model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedLine {
    /// The line.
    pub line: LineId,
    /// Its model.
    pub model: FittedModel,
}

/// The part of the layout that every version has.
#[derive(Deserialize)]
struct Header {
    schema: u32,
}

impl SavedModels {
    /// As JSON.
    ///
    /// # Errors
    /// When a model holds a number that JSON can not write; no fitted model does.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self)
            .map(|text| text + "\n")
            .map_err(|error| Error::input(format!("the models can not be saved: {error}")))
    }

    /// Reads what [`SavedModels::to_json`] wrote; `file` is its name in messages.
    ///
    /// # Errors
    /// A truncated or changed file, or one of another version of the layout.
    pub fn from_json(text: &str, file: &str) -> Result<Self> {
        let broken = |error: serde_json::Error| {
            Error::input(format!("these are no saved models: {error}"))
                .file(file)
                .advice("delete the file and run train")
        };
        let header: Header = serde_json::from_str(text).map_err(broken)?;
        if header.schema != SCHEMA {
            let found = header.schema;
            return Err(Error::input(format!("saved models of layout {found}, not {SCHEMA}"))
                .file(file)
                .advice("run train with this version of the program"));
        }
        serde_json::from_str(text).map_err(broken)
    }

    /// Refuses models that know more than was known at the end of `as_of`.
    ///
    /// # Errors
    /// When they were trained through a later month.
    pub fn usable_for(&self, as_of: Month) -> Result<()> {
        if self.trained_through <= as_of {
            return Ok(());
        }
        let through = self.trained_through;
        Err(Error::input(format!("the saved models know {through}, later than {as_of}"))
            .advice(format!("run train with --as-of {as_of}")))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Context, fit, tests::money};
    use super::*;
    use crate::units::{Side, Wet};

    fn saved() -> SavedModels {
        let spec = Spec::default();
        let line = LineId {
            wet: Wet::Wmo,
            taakveld: "6.711".into(),
            product: "Hulp".into(),
            side: Side::Lasten,
        };
        let model = fit(&spec, &money(60), &Context::default()).unwrap();
        let lines = vec![SavedLine { line, model }];
        let trained_through = Month::december(2020);
        let (input_hash, calibration) = ("ab12".into(), Calibration::default());
        SavedModels { schema: SCHEMA, trained_through, input_hash, spec, calibration, lines }
    }

    #[test]
    fn comes_back_the_same_to_the_last_bit() {
        let saved = saved();
        let text = saved.to_json().unwrap();
        assert_eq!(SavedModels::from_json(&text, "models.json").unwrap(), saved);
    }

    #[test]
    fn refuses_what_it_can_not_use_and_says_why() {
        let text = saved().to_json().unwrap();
        let told = |text: &str| SavedModels::from_json(text, "m.json").unwrap_err().to_string();
        let old = told(&text.replacen(&format!("\"schema\": {SCHEMA}"), "\"schema\": 99", 1));
        assert!(old.contains("m.json: saved models of layout 99, not 3"), "{old}");
        let cut = told(&text[..text.len() / 2]);
        assert!(cut.contains("delete the file and run train"), "{cut}");
        assert!(told("{}").contains("missing field `schema`"));
        assert!(saved().usable_for(Month::december(2020)).is_ok());
        let early = saved().usable_for("2020-11".parse().unwrap()).unwrap_err().to_string();
        assert!(early.contains("know 2020-12, later than 2020-11"), "{early}");
    }
}
