use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{SampleRate, SignalError};

/// What a channel measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChannelKind {
    Eeg,
    Eog,
    Ecg,
    Emg,
    Resp,
    /// Trigger or status channel.
    Stim,
    Misc,
}

/// The unit of a channel's samples.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// The file said V, mV, uV or nV; samples were scaled to volts.
    Volt,
    /// Any other unit, kept as the file wrote it and not scaled.
    Other(String),
}

/// Description of one channel, without its samples.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelInfo {
    /// Clean unique name: `EEG Fp1-Ref` becomes `Fp1`, duplicates get a `-1`, `-2` suffix.
    pub name: String,
    /// Label as the file has it.
    pub label: String,
    pub kind: ChannelKind,
    pub unit: Unit,
    pub rate: SampleRate,
    pub n_samples: u64,
}

/// A marked instant or span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Annotation {
    /// Seconds from the first sample.
    pub onset_s: f64,
    /// Seconds; absent when the file gives none.
    pub duration_s: Option<f64>,
    pub text: String,
    /// The channel it belongs to, where the file says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
}

/// A span of recording time without samples (EDF+D).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// Seconds of sample time (gap removed) at which the interruption happened.
    pub at_s: f64,
    /// Length of the interruption, seconds.
    pub duration_s: f64,
}

/// What is known of a recording before its samples are read.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordingHeader {
    pub channels: Vec<ChannelInfo>,
    /// Seconds of samples, gaps not counted.
    pub duration_s: f64,
    /// Start of the recording as the file has it: `2009-12-10T12:44:02.123456`, no time zone.
    pub start: Option<String>,
    pub gaps: Vec<Gap>,
}

/// Samples of one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    pub info: ChannelInfo,
    pub samples: Vec<f32>,
}

/// A stretch of every picked channel, in time order; channels may differ in rate and so in length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// Seconds from the first sample of the recording.
    pub tmin_s: f64,
    /// `samples[i]` belongs to the i-th picked channel; SI unit of that channel.
    pub samples: Vec<Vec<f32>>,
}

/// A whole recording in memory.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Recording {
    pub channels: Vec<Channel>,
    pub annotations: Vec<Annotation>,
    pub gaps: Vec<Gap>,
}

impl Recording {
    /// Index of the channel called `name`.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.channels.iter().position(|c| c.info.name == name)
    }

    /// Indices of the channels of one kind.
    pub fn picks(&self, kind: ChannelKind) -> Vec<usize> {
        (0..self.channels.len()).filter(|&i| self.channels[i].info.kind == kind).collect()
    }

    /// Seconds of the longest channel.
    pub fn duration_s(&self) -> f64 {
        self.channels.iter().map(|c| c.info.rate.seconds(c.samples.len())).fold(0.0, f64::max)
    }

    /// Fails on the first sample that is NaN or infinite.
    ///
    /// # Errors
    /// [`SignalError::NotFinite`] naming channel and index.
    pub fn check_finite(&self) -> Result<(), SignalError> {
        for channel in &self.channels {
            if let Some(index) = channel.samples.iter().position(|x| !x.is_finite()) {
                return Err(SignalError::NotFinite { channel: channel.info.name.clone(), index });
            }
        }
        Ok(())
    }
}
