use clx_store::{ArtifactId, JobId, RecordingId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Page;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

impl JobState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|state| state.as_str() == name)
    }

    /// Nothing more will happen unless someone retries it.
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// 0..=1.
    pub fraction: f32,
    pub stage: String,
}

/// Why a job failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFault {
    /// Stable code: `params`, `input`, `failed`, `worker_lost`.
    pub code: String,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    pub id: JobId,
    /// Id of the catalogue, or `recording.ingest`, or `report.create`.
    pub analysis: String,
    pub recording: Option<RecordingId>,
    pub params: Value,
    pub state: JobState,
    pub progress: Progress,
    /// How often it was started.
    pub attempt: u32,
    pub max_attempts: u32,
    pub error: Option<JobFault>,
    pub artifacts: Vec<Artifact>,
    pub created_at_ms: i64,
    pub started_at_ms: Option<i64>,
    pub finished_at_ms: Option<i64>,
}

/// A file that a job made.
#[derive(Clone, Debug, PartialEq)]
pub struct Artifact {
    pub id: ArtifactId,
    pub job: JobId,
    pub name: String,
    pub media_type: String,
    pub size_bytes: u64,
    pub sha256: String,
    pub duration_s: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SubmitJob {
    pub analysis: String,
    pub recording: Option<RecordingId>,
    /// Finished jobs whose results are the input.
    pub results: Vec<JobId>,
    /// `Value::Null` for every default.
    pub params: Value,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobFilter {
    pub state: Option<JobState>,
    pub recording: Option<RecordingId>,
    pub page: Page,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReportFormat {
    Pdf,
    Xlsx,
}

/// A document of finished results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReport {
    /// All latest results of this recording, if `jobs` is empty.
    pub recording: Option<RecordingId>,
    pub jobs: Vec<JobId>,
    pub format: ReportFormat,
    /// Language tag: `en`.
    pub lang: String,
    pub title: Option<String>,
}
