use std::collections::BTreeMap;

use clx_signal::Finding;
use clx_store::{JobId, RecordingId};
use serde::{Deserialize, Serialize};

use crate::Page;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordingKind {
    Eeg,
    Audio,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordingState {
    /// Its header and samples are being read.
    Processing,
    Ready,
    Failed,
}

/// A channel as the wire shows it; for sound one entry per audio channel, kind `audio`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    pub name: String,
    pub label: String,
    pub kind: String,
    /// `V`, or the unit the file names; empty for sound (full scale at ±1).
    pub unit: String,
    pub rate_hz: f64,
    pub n_samples: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<[f64; 2]>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    pub id: RecordingId,
    pub title: String,
    pub filename: String,
    /// Absent until the content has been read.
    pub kind: Option<RecordingKind>,
    pub format: Option<String>,
    pub media_type: String,
    pub size_bytes: u64,
    /// Of the content as stored, which is after de-identification.
    pub sha256: String,
    pub duration_s: Option<f64>,
    pub state: RecordingState,
    pub error: Option<String>,
    pub synthetic: bool,
    pub channels: Vec<Channel>,
    pub start: Option<String>,
    pub findings: Vec<Finding>,
    /// Latest succeeded job of each analysis.
    pub results: BTreeMap<String, JobId>,
    pub created_at_ms: i64,
    /// Strong entity tag without quotes.
    pub etag: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewRecording {
    pub filename: String,
    /// The file's name without its ending if absent.
    pub title: Option<String>,
    /// Keep name, birth date and the like in the file's header instead of blanking them.
    pub keep_identity: bool,
    /// Made by our own generator.
    pub synthetic: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordingFilter {
    /// Part of the title or the file's name, in any case.
    pub q: Option<String>,
    pub page: Page,
}
