//! What a BrainSync track is asked to be.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The state a track leads towards. A convention of the field, not a proven effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    Relax,
    Focus,
    Sleep,
    Motivation,
    Creativity,
    Recovery,
}

/// How the target rate is put into the sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stimulus {
    /// Amplitude modulation of pads and noise; works on loudspeakers.
    #[default]
    Am,
    /// Two tones summed in both ears.
    Monaural,
    /// Gated tone pulses.
    Isochronic,
    /// One tone per ear; needs headphones.
    Binaural,
    /// The same sound without modulation, for blind self-tests.
    Sham,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    Major,
    Minor,
}

/// A musical key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MusicKey {
    /// Semitones above C, 0..=11.
    pub tonic: u8,
    pub scale: Scale,
}

/// One point of the modulation schedule; rates between points are interpolated linearly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Breakpoint {
    pub at_s: f64,
    pub rate_hz: f64,
    /// Modulation depth, 0..=1.
    pub depth: f64,
}

/// Everything that decides the track. The same brief gives the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Brief {
    pub mode: Mode,
    pub stimulus: Stimulus,
    pub key: MusicKey,
    /// Beats per minute, 40..=180.
    pub tempo_bpm: f64,
    /// Seconds, 10..=10800.
    pub duration_s: f64,
    /// Schedule of the modulation, at least one point, times ascending.
    pub schedule: Vec<Breakpoint>,
    /// Integrated loudness of the result, LUFS, -23..=-18.
    pub level_lufs: f64,
    pub seed: u64,
}
