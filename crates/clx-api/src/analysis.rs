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
    /// The parameters in order, as a form shows them.
    pub params: Vec<Param>,
}

/// Name of a parameter for a reader.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Param {
    /// Where it stands in the object of all parameters.
    #[schema(example = json!(["line_hz"]))]
    pub path: Vec<String>,
    #[schema(example = "Mains frequency")]
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
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

/// The readable part of a result: single figures and tables, labelled in the language asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Sheet {
    pub measures: Vec<Measure>,
    pub tables: Vec<Table>,
}

/// One figure or word of a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Measure {
    #[schema(example = "Alpha peak: frequency")]
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Hz")]
    pub unit: Option<String>,
    /// `null` where it was not measured.
    pub value: Option<Cell>,
    /// Ends of the 95 % interval, in the same unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ci95: Option<[f64; 2]>,
}

/// Rows of one kind, such as channels, events or components.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Table {
    pub label: String,
    pub columns: Vec<Column>,
    /// At most 500 rows; the result has them all.
    pub rows: Vec<Vec<Option<Cell>>>,
    #[schema(minimum = 0)]
    pub n_rows: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Column {
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// A value of a sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Cell {
    Truth(bool),
    Number(f64),
    Text(String),
}
