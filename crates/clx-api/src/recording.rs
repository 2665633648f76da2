use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A file that was handed over, and what is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Recording {
    #[schema(example = "rec_01k9zq3v8efb5rj6m1t0yx7c2d")]
    pub id: String,
    pub title: String,
    /// Name of the file as it was sent.
    pub filename: String,
    /// Absent until the content has been read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kind: Option<RecordingKind>,
    /// Short name of the format, such as `edf+c` or `flac`; absent until the content has been read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub format: Option<String>,
    pub media_type: String,
    #[schema(minimum = 0)]
    pub size_bytes: u64,
    /// Lower-case hexadecimal digest of the content as stored.
    #[schema(example = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    pub sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub duration_s: Option<f64>,
    pub state: RecordingState,
    /// Why the content could not be read; only in state `failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<String>,
    /// Made by our own generator and not measured on anyone.
    pub synthetic: bool,
    pub channels: Vec<Channel>,
    /// Start as the file has it, without a time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "2009-12-10T12:44:02.123456")]
    pub start: Option<String>,
    pub findings: Vec<Finding>,
    /// Latest finished job of each analysis: analysis id to job id.
    #[schema(example = json!({"eeg.overview": "job_01k9zq3v8efb5rj6m1t0yx7c2d"}))]
    pub results: BTreeMap<String, String>,
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Version of this resource; send it back in `If-Match`.
    pub etag: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RecordingKind {
    Eeg,
    Audio,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RecordingState {
    /// Its header and samples are being read.
    Processing,
    Ready,
    Failed,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Channel {
    /// Clean unique name, such as `Fp1`.
    pub name: String,
    /// Label as the file has it, such as `EEG Fp1-Ref`.
    pub label: String,
    /// `eeg`, `eog`, `ecg`, `emg`, `resp`, `stim`, `misc` or `audio`.
    pub kind: String,
    /// Unit of the samples the signal endpoint returns: `V`, or the unit the file names.
    pub unit: String,
    pub rate_hz: f64,
    #[schema(minimum = 0)]
    pub n_samples: u64,
    /// Position on the unit head: x to the right ear, y to the nose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub position: Option<[f64; 2]>,
}

/// Something observed in the input that a reader of a result should know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    #[schema(example = "channel.flat")]
    pub code: String,
    pub severity: Severity,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub channel: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tmin_s: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tmax_s: Option<f64>,
}

/// How much a finding matters for trusting the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    Warning,
    Problem,
}

/// A marked instant or span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Annotation {
    /// Seconds from the first sample.
    pub onset_s: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub duration_s: Option<f64>,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub channel: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateRecording {
    /// Printable characters, not only spaces.
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )]
    pub title: String,
}
