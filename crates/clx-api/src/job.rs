use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A piece of work and how far it has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    #[schema(example = "job_01k9zq3v8efb5rj6m1t0yx7c2d")]
    pub id: String,
    #[schema(example = "eeg.overview")]
    pub analysis: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub recording_id: Option<String>,
    pub params: Value,
    pub state: JobState,
    pub progress: Progress,
    /// How often it was started.
    #[schema(minimum = 0)]
    pub attempt: u32,
    #[schema(minimum = 1)]
    pub max_attempts: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<JobError>,
    pub artifacts: Vec<Artifact>,
    #[schema(format = DateTime)]
    pub created_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime)]
    pub started_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime)]
    pub finished_at: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    /// 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    pub fraction: f32,
    /// What is being done, in a word or two.
    pub stage: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct JobError {
    pub code: String,
    pub message: String,
}

/// A file that a job made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Artifact {
    #[schema(example = "art_01k9zq3v8efb5rj6m1t0yx7c2d")]
    pub id: String,
    pub job_id: String,
    #[schema(example = "track.flac")]
    pub name: String,
    pub media_type: String,
    #[schema(minimum = 0)]
    pub size_bytes: u64,
    pub sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub duration_s: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateJob {
    /// Id of an entry of the catalogue.
    #[schema(example = "eeg.overview", max_length = 100)]
    pub analysis: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording_id: Option<String>,
    /// Finished jobs whose results are the input.
    #[serde(default)]
    #[schema(max_items = 16)]
    pub result_job_ids: Vec<String>,
    /// Described by `params_schema` of the analysis; left out, its defaults apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub params: Option<serde_json::Map<String, Value>>,
}
