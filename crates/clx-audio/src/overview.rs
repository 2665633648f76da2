//! The overview of a piece of sound: what a musician or engineer asks first.

use clx_signal::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Result of the audio overview. Times are seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AudioOverview {
    pub duration_s: f64,
    pub rate_hz: f64,
    pub n_channels: usize,
    pub loudness: Loudness,
    /// Absent when no pulse was found.
    pub tempo: Option<Tempo>,
    /// Beat times.
    pub beats_s: Vec<f64>,
    /// Absent when the sound has no stable pitch content.
    pub key: Option<Key>,
    /// Descriptors over time, all on the grid `hop_s`.
    pub descriptors: Descriptors,
    pub dynamics: Dynamics,
    pub segments: Vec<Segment>,
    pub findings: Vec<Finding>,
}

/// EBU R128 / ITU-R BS.1770-4.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Loudness {
    /// Absent for silence.
    pub integrated_lufs: Option<f64>,
    pub range_lu: Option<f64>,
    pub true_peak_dbtp: Option<f64>,
    pub sample_peak_dbfs: Option<f64>,
    /// Short-term loudness each second; absent where silent.
    pub short_term_lufs: Vec<Option<f64>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tempo {
    pub bpm: f64,
    /// 0..=1, share of the pulse's salience that supports this tempo among the candidates.
    pub confidence: f64,
    /// Ranked alternatives, best first, this tempo included.
    pub candidates: Vec<TempoCandidate>,
    /// Standard deviation of inter-beat intervals over their mean.
    pub variability: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TempoCandidate {
    pub bpm: f64,
    pub salience: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Key {
    /// `C`, `C#`, ... `B`.
    pub tonic: String,
    pub mode: Mode,
    /// Correlation with the best profile, -1..=1.
    pub strength: f64,
    /// Best minus second-best correlation.
    pub margin: f64,
    /// Deviation of the tuning from A4 = 440 Hz, cents.
    pub tuning_cents: f64,
    /// Mean chroma, C first, sums to 1.
    pub chroma: [f64; 12],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    Major,
    Minor,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Descriptors {
    pub hop_s: f64,
    pub centroid_hz: Vec<f32>,
    pub bandwidth_hz: Vec<f32>,
    pub rolloff_hz: Vec<f32>,
    pub flatness: Vec<f32>,
    pub flux: Vec<f32>,
    pub rms_dbfs: Vec<f32>,
    pub zero_crossing_rate: Vec<f32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dynamics {
    /// Peak over RMS of the whole, dB.
    pub crest_db: Option<f64>,
    /// 95th minus 10th percentile of the frame level above silence, dB.
    pub level_range_db: Option<f64>,
    /// Share of frames below -60 dBFS, 0..=1.
    pub silence_share: f64,
    /// Share of samples at full scale in runs of three or more, 0..=1.
    pub clipped_share: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Segment {
    pub tmin_s: f64,
    pub tmax_s: f64,
    /// Segments that sound alike share a letter.
    pub label: String,
}
