use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::Analysis;

/// A result with everything needed to make it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultEnvelope {
    /// Id of the analysis, such as `eeg.overview`.
    pub analysis: String,
    /// Version of the software that computed it.
    pub version: String,
    /// Parameters as used, defaults filled in.
    pub params: Value,
    /// The file it was computed from; absent for analyses of results or of nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<InputRef>,
    pub output: Value,
}

/// Which bytes a result was computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRef {
    pub name: String,
    pub sha256: String,
    pub size_bytes: u64,
    pub format: String,
}

impl ResultEnvelope {
    /// Wraps `output`, computed by this version of the software.
    pub fn new(analysis: &Analysis, params: Value, input: Option<InputRef>, output: Value) -> Self {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Self { analysis: analysis.id.to_owned(), version, params, input, output }
    }

    /// SHA-256 over the hash of the input, the analysis, its parameters and the version: results of
    /// equal provenance have equal figures. Absent input is the empty text.
    pub fn provenance(&self) -> String {
        let input = self.input.as_ref().map_or("", |input| &input.sha256);
        let parts = [input, &self.analysis, &self.version, &self.params.to_string()];
        hex::encode(Sha256::digest(parts.join("\n")))
    }

    /// The command that makes this result again from the same file; parameters that have their
    /// default are left out.
    ///
    /// ```
    /// use clx_analysis::{ResultEnvelope, find};
    /// let analysis = find("eeg.overview").unwrap();
    /// let params = serde_json::json!({"reference": "average", "line_hz": null});
    /// let result = ResultEnvelope::new(analysis, params, None, serde_json::Value::Null);
    /// assert_eq!(result.command(), r#"clisonix run eeg.overview --params '{"reference":"average"}'"#);
    /// ```
    pub fn command(&self) -> String {
        let mut command = format!("clisonix run {}", self.analysis);
        if let Some(input) = &self.input {
            command.push_str(&format!(" {}", quoted(&input.name)));
        }
        let nothing = Value::Object(Map::new());
        let defaults = crate::find(&self.analysis).and_then(|a| a.check_params(&nothing).ok());
        let chosen = difference(&self.params, &defaults.unwrap_or(nothing.clone()));
        if chosen != nothing {
            command.push_str(&format!(" --params {}", quoted(&chosen.to_string())));
        }
        command
    }
}

/// What of `params` is not in `defaults`.
fn difference(params: &Value, defaults: &Value) -> Value {
    let (Value::Object(params), Value::Object(defaults)) = (params, defaults) else {
        return params.clone();
    };
    let mut chosen = Map::new();
    for (name, value) in params.iter().filter(|(name, value)| defaults.get(*name) != Some(*value)) {
        let default = defaults.get(name).unwrap_or(&Value::Null);
        chosen.insert(name.clone(), difference(value, default));
    }
    Value::Object(chosen)
}

/// In single quotes where a shell would read more than a word.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-+/".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
