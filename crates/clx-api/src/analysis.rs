use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// One entry of the catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Analysis {
    #[schema(example = "eeg.overview")]
    pub id: String,
    pub title: String,
    pub summary: String,
    pub input: InputKind,
    /// Price of one run.
    #[schema(minimum = 0)]
    pub credits: u32,
    /// JSON Schema of `params` of a job.
    pub params_schema: Value,
    /// JSON Schema of `output` of a result.
    pub output_schema: Value,
    pub example_params: Value,
}

/// What an analysis works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum InputKind {
    /// A recording of channels, such as an EEG.
    Recording,
    Audio,
    /// The results of finished jobs.
    Results,
}

/// The stored result of a finished job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ResultEnvelope {
    pub analysis: String,
    /// Version of the software that computed it.
    pub version: String,
    pub params: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub input: Option<ResultInput>,
    /// Described by `output_schema` of the analysis.
    pub output: Value,
}

/// The content a result was computed from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ResultInput {
    pub name: String,
    pub sha256: String,
    #[schema(minimum = 0)]
    pub size_bytes: u64,
    pub format: String,
}

/// A picture of a result; fetch it as `/plots/{name}.svg` or `.png`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Plot {
    #[schema(example = "psd")]
    pub name: String,
    pub title: String,
}
