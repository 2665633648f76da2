use serde::{Deserialize, Serialize};
use serde_json::Value;

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
}
